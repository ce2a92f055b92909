//! Taking a station list in the window: choose a file, look through what it holds and changes, take
//! it or leave it.
//!
//! Like the wall it is a function of what is known: [`Import`] holds what was typed and what came
//! back, [`show`] paints it and returns what is to be done as [`Ask`]s. It looks at no disk, so a
//! folder or a file that hangs holds up nobody. Called by `app`.

mod choose;
mod path;
mod sheet;
mod table;

use std::path::{Path, PathBuf};

use eframe::egui::{Align2, CentralPanel, Frame, Margin, Panel, Rect, Ui, pos2, vec2};

use super::scene::Scene;
use super::{theme, top_bar};
use crate::text::Text;
use crate::tr;

pub use path::{Entry, Listing};
pub use sheet::{Counts, Sheet};

/// Something to be done for this screen, off the thread that paints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Say what is in this folder: [`Import::listed`].
    Look(PathBuf),
    /// Read and check this file, or look into it if it is a folder: [`Import::was_read`].
    Read(PathBuf),
    /// Make the list of the file that was read last the present one.
    Accept,
    /// The screen is to go.
    Close,
}

/// Margin of the screen, in points.
const PAD: f32 = 32.0;
/// The room of the title, and of the buttons.
const HEAD: f32 = 84.0;
const FOOT: f32 = 88.0;

enum Stage {
    /// A file is being chosen.
    Choosing,
    /// This file is being read.
    Reading(PathBuf),
    /// This is what was in it.
    Looking(Box<Sheet>),
    /// It is being taken.
    Taking(Box<Sheet>),
}

/// Where in an import one is.
pub struct Import {
    home: PathBuf,
    typed: String,
    /// The text field's cursor is to go to its end.
    to_end: bool,
    listing: Listing,
    /// The folder whose listing was asked for last.
    asked: Option<PathBuf>,
    /// Which of the entries that match what is typed.
    chosen: Option<usize>,
    stage: Stage,
    /// Why the last thing that was asked for did not happen, told to a person.
    trouble: Option<String>,
    table: table::View,
}

impl Import {
    /// Begins in the folder `home`.
    pub fn new(home: PathBuf) -> Self {
        Self {
            typed: path::of_folder(&home),
            home,
            to_end: true,
            listing: Listing::default(),
            asked: None,
            chosen: None,
            stage: Stage::Choosing,
            trouble: None,
            table: table::View::default(),
        }
    }

    /// Begins with a file, as one that was dropped on the window.
    pub fn of_file(home: PathBuf, file: &Path) -> (Self, Ask) {
        let mut import = Self::new(home);
        let ask = import.read(file.to_owned());
        (import, ask)
    }

    /// What is in a folder that was asked for.
    pub fn listed(&mut self, listing: Listing) {
        if self.asked.as_ref() == Some(&listing.folder) {
            self.listing = listing;
            self.chosen = None;
        }
    }

    /// `file` turned out to be a folder.
    pub fn was_folder(&mut self, file: &Path) {
        if self.is_reading(file) {
            self.stage = Stage::Choosing;
            self.type_in(path::of_folder(file));
        }
    }

    /// What is in a file, or why it cannot be read. Whether anybody still wants to know.
    pub fn was_read(&mut self, file: &Path, result: Result<Sheet, String>) -> bool {
        if !self.is_reading(file) {
            return false;
        }
        self.table = table::View::default();
        match result {
            Ok(sheet) => {
                self.table.show_problems(sheet.counts.problems > 0);
                self.stage = Stage::Looking(Box::new(sheet));
            }
            Err(said) => {
                self.trouble = Some(said);
                self.stage = Stage::Choosing;
            }
        }
        true
    }

    /// The list was not taken, and why: the file has to be read again.
    pub fn was_refused(&mut self, said: String) {
        self.trouble = Some(said);
        self.stage = Stage::Choosing;
    }

    fn is_reading(&self, file: &Path) -> bool {
        matches!(&self.stage, Stage::Reading(path) if path == file)
    }

    /// Replaces what is typed.
    fn type_in(&mut self, typed: String) {
        self.typed = typed;
        self.to_end = true;
        self.chosen = None;
        self.trouble = None;
    }

    fn read(&mut self, file: PathBuf) -> Ask {
        self.type_in(file.display().to_string());
        self.stage = Stage::Reading(file.clone());
        Ask::Read(file)
    }

    /// One step back; closes the screen from its first page.
    fn back(&mut self) -> Option<Ask> {
        match self.stage {
            // A list that is being taken is taken, and the wall shows it when it is: but a disk that
            // hangs must not hide the wall.
            Stage::Choosing | Stage::Taking(_) => return Some(Ask::Close),
            Stage::Reading(_) | Stage::Looking(_) => self.stage = Stage::Choosing,
        }
        None
    }

    fn accept(&mut self) -> Option<Ask> {
        match std::mem::replace(&mut self.stage, Stage::Choosing) {
            Stage::Looking(sheet) if sheet.can_be_taken() => {
                self.stage = Stage::Taking(sheet);
                Some(Ask::Accept)
            }
            other => {
                self.stage = other;
                None
            }
        }
    }
}

/// Shows the screen; above it how the stations fare, where there is a wall behind it.
pub fn show(ui: &mut Ui, import: &mut Import, scene: Option<&Scene>, text: &Text) -> Vec<Ask> {
    let mut asks = Vec::new();
    let dropped = ui.input(|i| i.raw.dropped_files.first().map(|f| f.path().to_owned()));
    if let (Some(file), false) = (dropped, matches!(import.stage, Stage::Taking(_))) {
        asks.push(import.read(file));
    }
    let bar = |fill| Frame::new().fill(fill).inner_margin(Margin::symmetric(16, 0));
    if let Some(scene) = scene {
        Panel::top("top")
            .exact_size(64.0)
            .resizable(false)
            .show_separator_line(false)
            .frame(bar(theme::PANEL))
            .show(ui, |ui| top_bar::show(ui, None, scene, text, &mut Vec::new()));
    }
    CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
        let all = ui.max_rect().shrink2(vec2(PAD, 0.0));
        let head = Rect::from_min_size(all.min, vec2(all.width(), HEAD));
        let foot = Rect::from_min_max(pos2(all.left(), all.bottom() - FOOT), all.max);
        let body = Rect::from_min_max(head.left_bottom(), foot.right_top());
        title(ui, head, text);
        match &import.stage {
            Stage::Choosing | Stage::Reading(_) => {
                choose::show(ui, import, [head, body, foot], text, &mut asks);
            }
            Stage::Looking(_) | Stage::Taking(_) => {
                table::show(ui, import, [head, body, foot], text, &mut asks);
            }
        }
    });
    if !asks.is_empty() {
        ui.ctx().request_repaint();
    }
    asks
}

fn title(ui: &Ui, head: Rect, text: &Text) {
    let at = pos2(head.left(), head.center().y);
    let font = theme::strong(theme::LARGE);
    ui.painter().text(at, Align2::LEFT_CENTER, tr!(text, "import-title"), font, theme::TEXT);
}
