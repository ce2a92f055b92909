//! What there is to see before there is a station list: the demo, taking a list, opening a folder of
//! recordings, the language.
//!
//! [`show`] is a function of [`FirstRun`]; what is chosen it returns. Arrows and Tab move the
//! keyboard's focus, Enter and Space press, each card has its key, and everything can be clicked.
//! Called by `app`.

use std::path::PathBuf;

use eframe::egui::{
    Align2, CentralPanel, Frame, Id, Key, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::controls::{self, Button};
use super::field::{self, Field};
use super::{marks, theme};
use crate::clock::Mono;
use crate::health::State;
use crate::text::{Lang, Text};
use crate::tr;

/// What a person wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Choose a station list.
    Import,
    /// Look through this list, which was dropped on the window.
    ImportFile(PathBuf),
    /// Start the demo.
    Demo,
    /// See the recordings in this folder.
    Folder(PathBuf),
    /// Do not start it after all.
    StopDemo,
    /// This language, from now on.
    Language(Lang),
    /// Full screen on or off.
    ToggleFullScreen,
}

/// How far the demo is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum DemoState {
    /// Nobody has asked for it.
    #[default]
    NotAsked,
    /// It is being prepared.
    Starting {
        /// Since when.
        since: Mono,
        /// What it is doing, told to a person.
        doing: String,
    },
    /// It did not start, and why, told to a person.
    Failed(String),
}

/// The state of the screen.
#[derive(Default)]
pub struct FirstRun {
    /// The demo's.
    pub demo: DemoState,
    /// The folder that is being typed, while somebody does.
    folder: Option<String>,
    /// What became of the folder that was opened last, told to a person.
    pub told: Option<String>,
    /// Somebody has the keyboard.
    begun: bool,
    /// It goes back to the folder's card.
    from_folder: bool,
}

impl FirstRun {
    /// The screen is shown anew: the keyboard begins at the first card.
    pub fn begin(&mut self) {
        self.begun = false;
        self.folder = None;
    }
}

const CARD: eframe::egui::Vec2 = vec2(560.0, 300.0);
const GAP: f32 = 32.0;
const PAD: f32 = 32.0;
/// The program's name.
const NAME: f32 = 72.0;

fn card_id(key: &str) -> Id {
    Id::unique(("first run", key))
}

/// Each language's own name for itself.
fn own_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Az => "Azərbaycanca",
        Lang::En => "English",
        Lang::Ru => "Русский",
    }
}

/// Shows the screen.
pub fn show(ui: &mut Ui, state: &mut FirstRun, now: Mono, text: &Text) -> Vec<Choice> {
    let starting = matches!(state.demo, DemoState::Starting { .. });
    if state.folder.is_some() {
        field::keep_focus(ui, Some(folder_field()));
    }
    let mut choices = if state.folder.is_some() {
        in_folder(ui, state)
    } else {
        keys(ui, starting, text.lang(), state)
    };
    let dropped = ui.input(|i| i.raw.dropped_files.first().map(|f| f.path().to_owned()));
    if let (Some(file), false) = (dropped, starting) {
        choices.push(Choice::ImportFile(file));
    }
    CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
        let room = ui.max_rect();
        let middle = room.center();
        let top = middle.y - 380.0;
        let at = pos2(middle.x, top + 40.0);
        let font = theme::strong(NAME);
        ui.painter().text(at, Align2::CENTER_CENTER, "Pollwall", font, theme::TEXT);
        let (said, ink) = match &state.demo {
            DemoState::Starting { .. } => (tr!(text, "first-demo-starting"), theme::TEXT),
            _ => (tr!(text, "first-nothing-yet"), theme::FAINT),
        };
        let at = pos2(middle.x, top + 116.0);
        let font = theme::font(theme::LARGE);
        ui.painter().text(at, Align2::CENTER_CENTER, said, font, ink);
        let body = Rect::from_center_size(pos2(middle.x, top + 340.0), vec2(room.width(), CARD.y));
        if let DemoState::Starting { since, doing } = &state.demo {
            if progress(ui, body, doing, now.since(*since), text) {
                choices.push(Choice::StopDemo);
            }
        } else if let Some(typed) = state.folder.clone() {
            state.folder = Some(folder(ui, body, &typed, text));
        } else {
            choices.extend(cards(ui, body, text, &mut state.folder));
            if let Some(told) = &state.told {
                failed(ui, pos2(middle.x, body.bottom() + 60.0), told);
            }
            if let DemoState::Failed(why) = &state.demo {
                failed(ui, pos2(middle.x, body.bottom() + 60.0), why);
            }
        }
        choices.extend(languages(ui, pos2(middle.x, top + 640.0), text));
        let at = pos2(middle.x, top + 730.0);
        let font = theme::font(theme::BODY);
        let hint = tr!(text, "first-keys");
        ui.painter().text(at, Align2::CENTER_CENTER, hint, font, theme::FAINT);
    });
    if !state.begun && !starting && state.folder.is_none() {
        let card = if std::mem::take(&mut state.from_folder) { "O" } else { "I" };
        ui.memory_mut(|memory| memory.request_focus(card_id(card)));
        state.begun = true;
    }
    if !choices.is_empty() {
        ui.ctx().request_repaint();
    }
    choices
}

fn keys(ui: &Ui, starting: bool, lang: Lang, state: &mut FirstRun) -> Vec<Choice> {
    controls::ignore_held_enter(ui);
    let folder = &mut state.folder;
    controls::take_keys(ui, |key, repeat| match key {
        _ if repeat => None,
        Key::F | Key::F11 => Some(Choice::ToggleFullScreen),
        Key::L => Some(Choice::Language(next(lang))),
        Key::Escape if starting => Some(Choice::StopDemo),
        Key::I if !starting => Some(Choice::Import),
        Key::D if !starting => Some(Choice::Demo),
        Key::O if !starting => {
            *folder = Some(String::new());
            None
        }
        _ => None,
    })
}

fn next(lang: Lang) -> Lang {
    let at = Lang::ALL.iter().position(|l| *l == lang).unwrap_or(0);
    Lang::ALL[(at + 1) % Lang::ALL.len()]
}

/// Enter opens the folder that is typed, Escape leaves it.
fn in_folder(ui: &mut Ui, state: &mut FirstRun) -> Vec<Choice> {
    let pressed = controls::take_keys(ui, |key, repeat| match key {
        Key::Enter if !repeat => Some(true),
        Key::Escape => Some(false),
        _ => None,
    });
    let mut chosen = Vec::new();
    for opens in pressed {
        let Some(typed) = state.folder.take() else { break };
        let typed = typed.trim();
        if opens && !typed.is_empty() {
            chosen.push(Choice::Folder(typed.into()));
        }
        (state.begun, state.from_folder) = (false, true);
    }
    chosen
}

fn folder_field() -> Id {
    Id::unique("first run folder")
}

/// The field for a folder's path; what is in it now.
fn folder(ui: &mut Ui, body: Rect, typed: &str, text: &Text) -> String {
    let card = Rect::from_center_size(body.center(), vec2(2.0 * CARD.x + GAP, 210.0));
    ui.painter().rect_filled(card, 12.0, theme::PANEL);
    let (title, hint) = (tr!(text, "first-folder"), tr!(text, "first-folder-hint"));
    let at = card.min + vec2(PAD, PAD + 8.0);
    let font = theme::strong(theme::LARGE);
    ui.painter().text(at, Align2::LEFT_CENTER, title.as_ref(), font, theme::TEXT);
    let room =
        Rect::from_min_size(card.min + vec2(PAD, 84.0), vec2(card.width() - 2.0 * PAD, 60.0));
    let entry = Field { id: folder_field(), name: &title, hint: &hint, rows: 1 };
    let now = entry.show(ui, room, typed).unwrap_or_else(|| typed.to_owned());
    let at = pos2(card.left() + PAD, card.bottom() - 30.0);
    let (how, font) = (tr!(text, "first-folder-how"), theme::font(theme::SMALL));
    ui.painter().text(at, Align2::LEFT_CENTER, how, font, theme::FAINT);
    now
}

fn cards(ui: &mut Ui, body: Rect, text: &Text, folder: &mut Option<String>) -> Vec<Choice> {
    let cards = [
        ("I", tr!(text, "first-import"), tr!(text, "first-import-what"), Some(Choice::Import)),
        ("D", tr!(text, "first-demo"), tr!(text, "first-demo-what"), Some(Choice::Demo)),
        ("O", tr!(text, "first-folder"), tr!(text, "first-folder-what"), None),
    ];
    let count = cards.len() as f32;
    let width = count * CARD.x + (count - 1.0) * GAP;
    let mut room = Rect::from_min_size(pos2(body.center().x - width / 2.0, body.top()), CARD);
    let mut chosen = Vec::new();
    for (key, title, what, choice) in cards {
        if card(ui, room, key, &title, &what) {
            match choice {
                Some(choice) => chosen.push(choice),
                None => *folder = Some(String::new()),
            }
        }
        room = room.translate(vec2(CARD.x + GAP, 0.0));
    }
    chosen
}

fn card(ui: &mut Ui, room: Rect, key: &str, title: &str, what: &str) -> bool {
    let response = ui.interact(room, card_id(key), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, title));
    let ground = if response.hovered() { theme::CHOSEN } else { theme::PANEL };
    let painter = ui.painter();
    painter.rect_filled(room, 12.0, ground);
    painter.rect_stroke(room, 12.0, (1.0, theme::HOVER), StrokeKind::Inside);
    controls::focus_ring(ui, room, &response);
    let icon = Rect::from_min_size(room.min + vec2(PAD, PAD), vec2(84.0, 56.0));
    match key {
        "D" => draw_wall(ui, icon),
        "O" => draw_day(ui, icon),
        _ => draw_list(ui, icon),
    }
    let font = theme::strong(theme::BODY);
    let label = painter.layout_no_wrap(key.to_owned(), font, theme::TEXT);
    let size = label.size() + vec2(22.0, 10.0);
    let cap = Rect::from_min_size(pos2(room.right() - PAD - size.x, room.top() + PAD), size);
    painter.rect_stroke(cap, 5.0, (1.5, theme::FAINT), StrokeKind::Inside);
    painter.galley(cap.min + vec2(11.0, 5.0), label, theme::TEXT);
    let width = room.width() - 2.0 * PAD;
    let title = controls::wrapped(title, theme::strong(theme::LARGE), theme::TEXT, (width, 2));
    let title = painter.layout_job(title);
    let at = pos2(room.left() + PAD, icon.bottom() + 24.0);
    let below = at.y + title.size().y + 10.0;
    painter.galley(at, title, theme::TEXT);
    let what = controls::wrapped(what, theme::font(theme::BODY), theme::FAINT, (width, 3));
    let what = painter.layout_job(what);
    painter.galley(pos2(room.left() + PAD, below), what, theme::FAINT);
    response.clicked()
}

/// A wall of small pictures, each in some state.
fn draw_wall(ui: &Ui, room: Rect) {
    let cell = vec2((room.width() - 12.0) / 3.0, (room.height() - 6.0) / 2.0);
    let states =
        [State::Live, State::Live, State::Stalled, State::Live, State::Offline, State::Live];
    for (at, state) in states.into_iter().enumerate() {
        let (column, line) = ((at % 3) as f32, (at / 3) as f32);
        let corner = room.min + vec2(column * (cell.x + 6.0), line * (cell.y + 6.0));
        ui.painter().rect_filled(Rect::from_min_size(corner, cell), 3.0, theme::state(state));
    }
}

/// Days with their gaps.
fn draw_day(ui: &Ui, room: Rect) {
    for (line, gap) in [(0_u8, 0.6), (1, 1.0), (2, 0.25)] {
        let top = room.top() + f32::from(line) * 20.0;
        let bar = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), 14.0));
        ui.painter().rect_filled(bar, 0.0, theme::state(State::Live));
        if gap < 1.0 {
            let at = pos2(bar.left() + bar.width() * gap, bar.top());
            let hole = Rect::from_min_size(at, vec2(8.0, bar.height()));
            ui.painter().rect_filled(hole, 0.0, theme::state(State::Offline));
        }
    }
}

/// Rows with a mark before each.
fn draw_list(ui: &Ui, room: Rect) {
    for line in 0..4_u8 {
        let y = room.top() + 6.0 + f32::from(line) * 15.0;
        ui.painter().circle_filled(pos2(room.left() + 5.0, y), 4.0, theme::state(State::Live));
        let from = pos2(room.left() + 18.0, y);
        let to = pos2(room.right() - f32::from(line % 2) * 18.0, y);
        ui.painter().line_segment([from, to], (5.0, theme::FAINT));
    }
}

/// What the demo is doing, and for how long; whether it is to be left.
fn progress(
    ui: &mut Ui,
    body: Rect,
    doing: &str,
    elapsed: std::time::Duration,
    text: &Text,
) -> bool {
    let card = Rect::from_center_size(body.center(), vec2(2.0 * CARD.x + GAP, CARD.y));
    ui.painter().rect_filled(card, 12.0, theme::PANEL);
    let mark = Rect::from_min_size(card.min + vec2(PAD, PAD), vec2(40.0, 40.0));
    marks::hourglass(ui.painter(), mark, theme::BEHIND);
    let at = mark.right_center() + vec2(24.0, 0.0);
    let font = theme::strong(theme::LARGE);
    let counter = Text::counter(elapsed);
    ui.painter().text(at, Align2::LEFT_CENTER, counter, font, theme::TEXT);
    let width = card.width() - 2.0 * PAD;
    let job = controls::wrapped(doing, theme::font(theme::LARGE), theme::TEXT, (width, 3));
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(card.left() + PAD, mark.bottom() + 32.0), galley, theme::TEXT);
    let label = tr!(text, "first-demo-stop");
    let stop = Button::new("Esc", &label);
    let corner = card.right_bottom() - vec2(PAD, PAD + controls::HEIGHT);
    stop.show_left_of(ui, corner.x, corner.y).0.clicked()
}

fn failed(ui: &Ui, at: eframe::egui::Pos2, why: &str) {
    let width = 2.0 * CARD.x + GAP;
    let color = theme::state(State::Offline);
    let font = theme::font(theme::BODY);
    let job = controls::wrapped(why, font, theme::TEXT, (width - 48.0, 3));
    let galley = ui.painter().layout_job(job);
    let size = vec2(width, galley.size().y + 20.0);
    let plate = Rect::from_center_size(at, size);
    ui.painter().rect_filled(plate, 6.0, theme::PANEL);
    let edge = Rect::from_min_size(plate.min, vec2(6.0, plate.height()));
    ui.painter().rect_filled(edge, 0.0, color);
    ui.painter().galley(plate.min + vec2(24.0, 10.0), galley, theme::TEXT);
}

fn languages(ui: &mut Ui, at: eframe::egui::Pos2, text: &Text) -> Option<Choice> {
    let buttons = Lang::ALL
        .map(|lang| (lang, Button { on: lang == text.lang(), ..Button::new("", own_name(lang)) }));
    let widths: Vec<f32> = buttons.iter().map(|(_, b)| b.width(ui)).collect();
    let gap = 20.0;
    let total = widths.iter().sum::<f32>() + gap * (widths.len() as f32 - 1.0);
    let mut x = at.x - total / 2.0;
    let mut chosen = None;
    for ((lang, button), width) in buttons.iter().zip(&widths) {
        let corner = pos2(x, at.y - controls::HEIGHT / 2.0);
        let room = Rect::from_min_size(corner, vec2(*width, controls::HEIGHT));
        if button.show(ui, room).clicked() {
            chosen = Some(Choice::Language(*lang));
        }
        x += width + gap;
    }
    chosen
}
