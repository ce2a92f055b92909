//! The screens before and beside the wall: the first run, taking a station list. Ties what they ask
//! for to the disk, to the demo's cameras and to the window.

mod jobs;

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use eframe::egui::Ui;

use self::jobs::{Done, Jobs};
use super::replayer::{Replayer, What};
use super::waker::ScreenWaker;
use crate::app::args::SimulateArgs;
use crate::app::demo::{Country, Stop, Tell};
use crate::app::ending::Ending;
use crate::app::import::check::Candidate;
use crate::clock::{Mono, lock};
use crate::config::data::DataDir;
use crate::config::io_reason;
use crate::text::Text;
use crate::tr;
use crate::ui::first_run::{self, Choice, DemoState, FirstRun};
use crate::ui::import::{self, Ask, Import};
use crate::ui::{Action, Scene};

/// A list that was accepted is on the wall within this, or the wall is shown without it: the log
/// says why.
const SHOWN_WITHIN: Duration = Duration::from_secs(5);

/// Which screens there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Screens {
    /// None but the wall: nobody is there to choose anything, or nothing may be changed.
    Wall,
    /// The wall, and taking a list.
    Import,
    /// The first run, until there is a list.
    FirstRun,
}

pub(super) struct Front {
    screens: Screens,
    jobs: Jobs,
    first_run: FirstRun,
    import: Option<Import>,
    /// The list that was read last, if it can be taken.
    candidate: Option<Candidate>,
    /// The version of the wall's list; 0 for none.
    version: u32,
    /// The version that was accepted, until the wall has it, and since when.
    accepted: Option<(u32, Mono)>,
    demo: Option<Starting>,
    /// A demo that is to be shown once the window is closed.
    country: Option<Country>,
    replayer: Replayer,
}

/// A demo that is being prepared.
struct Starting {
    stop: Stop,
    doing: Arc<Mutex<String>>,
    since: Mono,
    done: Receiver<Result<Option<Country>, String>>,
    /// Disconnects when the preparation is over.
    ended: Receiver<Infallible>,
}

impl Front {
    /// `version`: of the list that the wall begins with; 0 for none.
    pub(super) fn new(
        screens: Screens,
        data: DataDir,
        version: u32,
        waker: Arc<ScreenWaker>,
    ) -> Self {
        Self {
            screens,
            replayer: Replayer::new(&data),
            jobs: Jobs::new(data, waker),
            first_run: FirstRun::default(),
            import: None,
            candidate: None,
            version,
            accepted: None,
            demo: None,
            country: None,
        }
    }

    /// The wall has a new list.
    pub(super) fn list_is(&mut self, version: u32) {
        self.version = version;
        if version > 0 && self.screens == Screens::FirstRun {
            self.screens = Screens::Import;
            // Nobody who has real stations on the wall wants made-up ones instead.
            if let Some(demo) = &self.demo {
                demo.stop.ask();
            }
        }
    }

    /// Opens the screen that takes a list, if it may be.
    pub(super) fn open_import(&mut self) {
        if self.screens != Screens::Wall && self.import.is_none() {
            self.import = Some(Import::new(home()));
        }
    }

    /// The demo that is to be shown next.
    pub(super) fn take_country(&mut self) -> Option<Country> {
        self.country.take()
    }

    /// Leaves a demo that is being prepared; its cameras end with it.
    pub(super) fn end(&mut self) -> Option<Ending> {
        let Starting { stop, done, ended, .. } = self.demo.take()?;
        stop.ask();
        drop(done);
        Some(Ending::new("demo", "its folder may be left behind", ended))
    }

    /// Whether a new list is worth looking for at once.
    pub(super) fn awaits_list(&self) -> bool {
        self.accepted.is_some()
    }

    /// Shows a screen instead of the wall; `None` where there is none to show. `writes`: somebody is
    /// writing on the wall, and what is dropped there meanwhile is let fall.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        scene: &Scene,
        writes: bool,
        text: &Arc<Text>,
    ) -> Option<Vec<Action>> {
        self.take_results(scene.now);
        let mut actions = Vec::new();
        self.follow_demo(&mut actions);
        if !writes {
            self.take_dropped(ui, text);
        }
        if self.import.is_some() {
            self.show_import(ui, scene, text);
        } else if self.screens == Screens::FirstRun {
            self.show_first_run(ui, scene.now, text, &mut actions);
        } else {
            return None;
        }
        Some(actions)
    }

    /// A file dropped on the wall itself.
    fn take_dropped(&mut self, ui: &Ui, text: &Arc<Text>) {
        let may = self.screens == Screens::Import && self.import.is_none();
        let dropped = ui.input(|i| i.raw.dropped_files.first().map(|f| f.path().to_owned()));
        if let (true, Some(file)) = (may, dropped) {
            self.begin_with(&file, text);
        }
    }

    fn begin_with(&mut self, file: &Path, text: &Arc<Text>) {
        let (import, ask) = Import::of_file(home(), file);
        self.import = Some(import);
        self.carry_out(ask, text);
    }

    fn show_import(&mut self, ui: &mut Ui, scene: &Scene, text: &Arc<Text>) {
        let Some(import) = &mut self.import else { return };
        let behind = (self.version > 0).then_some(scene);
        for ask in import::show(ui, import, behind, text) {
            self.carry_out(ask, text);
        }
    }

    fn carry_out(&mut self, ask: Ask, text: &Arc<Text>) {
        match ask {
            Ask::Look(folder) => self.jobs.look(folder, text),
            Ask::Read(file) => {
                self.candidate = None;
                self.jobs.read(file, text);
            }
            Ask::Accept => {
                if let Some(candidate) = self.candidate.take() {
                    self.jobs.accept(candidate, text);
                }
            }
            Ask::Close => {
                self.import = None;
                self.candidate = None;
                self.first_run.begin();
            }
        }
    }

    fn take_results(&mut self, now: Mono) {
        while let Some(done) = self.jobs.done() {
            let Some(import) = &mut self.import else {
                // Somebody has gone back to the wall while a list was being taken.
                match done {
                    Done::Accepted(Ok(version)) => self.accepted = Some((version, now)),
                    Done::Accepted(Err(said)) => log::error!("the list was not taken: {said}"),
                    _ => {}
                }
                continue;
            };
            match done {
                Done::Listed(listing) => import.listed(listing),
                Done::Folder(path) => import.was_folder(&path),
                Done::Read(file, result) => {
                    let (sheet, candidate) = match result {
                        Ok((sheet, candidate)) => (Ok(sheet), candidate),
                        Err(said) => (Err(said), None),
                    };
                    if import.was_read(&file, sheet) {
                        self.candidate = candidate.map(|c| *c);
                    }
                }
                Done::Accepted(Ok(version)) => self.accepted = Some((version, now)),
                Done::Accepted(Err(said)) => import.was_refused(said),
            }
        }
        if let Some((version, since)) = self.accepted
            && (self.version >= version || now.since(since) > SHOWN_WITHIN)
        {
            self.accepted = None;
            self.import = None;
            self.list_is(self.version.max(version));
        }
    }

    fn show_first_run(
        &mut self,
        ui: &mut Ui,
        now: Mono,
        text: &Arc<Text>,
        actions: &mut Vec<Action>,
    ) {
        self.hear_of_folders(text);
        if let Some(demo) = &self.demo {
            let doing = lock(&demo.doing).clone();
            self.first_run.demo = DemoState::Starting { since: demo.since, doing };
        }
        for choice in first_run::show(ui, &mut self.first_run, now, text) {
            match choice {
                Choice::Import => self.import = Some(Import::new(home())),
                // What is dropped may be either.
                Choice::ImportFile(file) if file.is_dir() => self.open_folder(&file, text),
                Choice::ImportFile(file) => self.begin_with(&file, text),
                Choice::Demo => self.start_demo(now, text),
                Choice::Folder(folder) => self.open_folder(&folder, text),
                Choice::StopDemo => {
                    if let Some(demo) = &self.demo {
                        demo.stop.ask();
                    }
                }
                Choice::Language(lang) => actions.push(Action::Language(lang)),
                Choice::ToggleFullScreen => actions.push(Action::ToggleFullScreen),
            }
        }
    }

    fn open_folder(&mut self, folder: &Path, text: &Text) {
        let opened = self.replayer.folder(folder, text.lang());
        self.first_run.told = opened
            .err()
            .map(|e| tr!(text, "first-folder-not", reason = io_reason(text, &e)).into_owned());
        self.first_run.begin();
    }

    /// Says that a folder was not opened after all.
    fn hear_of_folders(&mut self, text: &Text) {
        if let Some((What::Folder(folder), _)) = self.replayer.failed() {
            let folder = folder.display().to_string();
            let said = tr!(text, "first-folder-ended", folder = folder);
            self.first_run.told = Some(said.into_owned());
        }
    }

    fn start_demo(&mut self, now: Mono, text: &Arc<Text>) {
        if self.demo.is_some() {
            return;
        }
        let stations = SimulateArgs::default().stations;
        let stop = Stop::default();
        let doing = tr!(text, "demo-cameras", count = stations).into_owned();
        let doing = Arc::new(Mutex::new(doing));
        let (tells, stops) = (Arc::clone(&doing), stop.clone());
        let waker = Arc::clone(self.jobs.waker());
        let (result, done) = bounded(1);
        let (alive, ended) = bounded(0);
        let there = Arc::clone(text);
        let wake = Arc::clone(&waker);
        let tell: Tell = Arc::new(move |line: &str| {
            *lock(&tells) = line.to_owned();
            wake.wake();
        });
        let (last, begun) = (Arc::clone(&doing), lock(&doing).clone());
        let prepare = move || {
            let prepared = Country::prepare(stations, &there, &stops, Some(&tell));
            // What the cameras have said says more than that they have said it.
            let said = prepared.map_err(|failure| {
                let last = lock(&last).clone();
                if last == begun { failure.said } else { last }
            });
            // Nobody waits any more when the wall has been closed: then it ends here.
            if result.send(said).is_ok() {
                waker.wake();
            }
            drop::<Sender<Infallible>>(alive);
        };
        match std::thread::Builder::new().name("demo".to_owned()).spawn(prepare) {
            Ok(_) => self.demo = Some(Starting { stop, doing, since: now, done, ended }),
            Err(e) => self.first_run.demo = DemoState::Failed(e.to_string()),
        }
    }

    fn follow_demo(&mut self, actions: &mut Vec<Action>) {
        let Some(Ok(result)) = self.demo.as_ref().map(|demo| demo.done.try_recv()) else { return };
        self.demo = None;
        self.first_run.begin();
        self.first_run.demo = match result {
            Ok(Some(_)) if self.screens != Screens::FirstRun => DemoState::NotAsked,
            Ok(Some(country)) => {
                self.country = Some(country);
                actions.push(Action::Close);
                return;
            }
            Ok(None) => DemoState::NotAsked,
            Err(said) => {
                log::warn!("the demo did not start: {said}");
                DemoState::Failed(said)
            }
        };
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        // Where nobody has ended it properly.
        if let Some(demo) = &self.demo {
            demo.stop.ask();
        }
    }
}

/// Where looking for a list begins.
fn home() -> PathBuf {
    let folders = directories::UserDirs::new();
    let home = folders.map(|folders| folders.home_dir().to_owned());
    home.or_else(|| std::env::current_dir().ok()).unwrap_or_default()
}
