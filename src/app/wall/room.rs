//! The control room: ties what is received to what is shown.

mod kept;
mod painted;
mod recorded;
mod shown;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::Ui;

use self::shown::ShownDesk;
use super::coverage_page::CoveragePage;
use super::day_page::DayPage;
use super::front::Front;
use super::keeper::Keeper;
use super::replayer::{Replayer, What};
use super::sound::Loudspeaker;
use crate::app::clock_watch::ClockWatch;
use crate::app::demo::{self, Country};
use crate::app::duty::Duty;
use crate::app::ending::{Endings, STOP_WITHIN};
use crate::app::list_watch::ListWatch;
use crate::app::recording::{self, Recording};
use crate::app::report::{Report, Tile};
use crate::app::watcher::{Known, LOOK_EVERY, LOOKS_LATE, Watcher};
use crate::clock::{Clock, Mono};
use crate::health::alarms::Window;
use crate::health::{Assessment, State};
use crate::ingest::{Feed, Ingest, Sound};
use crate::journal::Journal;
use crate::metrics::{Board, Histogram, Server};
use crate::model::day::ElectionDay;
use crate::model::{FeedId, FeedKind, Station, StationId};
use crate::render::TilePicture;
use crate::text::Text;
use crate::ui::{self, Action, MaintenanceView, RecordingView, Scene, StationView, Tidings, Told};
use crate::wall::{Ringer, Standing, Tone, Wall};

/// The wall is painted at least this often: clocks and ages go on although no picture comes.
pub(super) const REPAINT_EVERY: Duration = LOOK_EVERY;

/// The figures are put on the board this often.
const PUBLISH_EVERY: Duration = Duration::from_secs(1);

/// A feed on screen. A feed that was replaced (its URL changed) has another address, and with it
/// another picture.
struct OnScreen {
    feed: Arc<Feed>,
    picture: Arc<TilePicture>,
    /// So many of its frames are in the figures.
    counted: u64,
}

/// Where the figures go, where somebody asked for them.
struct FigureDesk {
    board: Arc<Board>,
    /// Of what was painted, since its arrival.
    lateness: Histogram,
    next: Mono,
    /// Answers until it is dropped.
    _server: Server,
}

pub(super) struct ControlRoom {
    clock: Arc<dyn Clock>,
    day: Arc<ElectionDay>,
    wall: Wall,
    ingest: Ingest,
    lists: ListWatch,
    front: Front,
    on_screen: HashMap<FeedId, OnScreen>,
    /// What was asked of `ingest` last.
    demanded: BTreeSet<FeedId>,
    /// Since when that has been so, until all of its live feeds have a picture.
    turned: Option<Mono>,
    watcher: Watcher,
    /// When the window looked last.
    passed: Option<Mono>,
    duty: Duty,
    figures: Option<FigureDesk>,
    report: Option<Report>,
    keeper: Option<Keeper>,
    day_page: Option<DayPage>,
    /// What was kept last, or was not.
    told: Option<Told>,
    ringer: Ringer,
    speaker: Option<Loudspeaker>,
    /// Who was said to be at the desk, in this run or an earlier one.
    operator: Option<String>,
    recorded: recorded::Recorded,
    /// What was last known of it.
    recording_view: Option<Arc<RecordingView>>,
    shown: Option<ShownDesk>,
    coverage_page: Option<CoveragePage>,
    clock_watch: ClockWatch,
    replayer: Option<Replayer>,
}

impl ControlRoom {
    pub(super) fn new(
        clock: Arc<dyn Clock>,
        day: ElectionDay,
        wall: Wall,
        ingest: Ingest,
        lists: ListWatch,
        front: Front,
        duty: Duty,
    ) -> Self {
        Self {
            watcher: Watcher::new(Arc::clone(&clock)),
            clock,
            day: Arc::new(day),
            wall,
            ingest,
            lists,
            front,
            on_screen: HashMap::new(),
            demanded: BTreeSet::new(),
            turned: None,
            passed: None,
            duty,
            figures: None,
            report: None,
            keeper: None,
            day_page: None,
            told: None,
            ringer: Ringer::default(),
            speaker: None,
            operator: None,
            recorded: recorded::Recorded::default(),
            recording_view: None,
            shown: None,
            coverage_page: None,
            clock_watch: ClockWatch::default(),
            replayer: None,
        }
    }

    /// From now on alarms can be heard.
    pub(super) fn ring_with(&mut self, speaker: Loudspeaker) {
        self.speaker = Some(speaker);
    }

    /// Who was said to be at the desk when it was last used.
    pub(super) fn remember_operator(&mut self, said: Option<String>) {
        self.operator = said;
    }

    /// Who was said to be at the desk.
    pub(super) fn operator(&self) -> Option<&String> {
        self.operator.as_ref()
    }

    /// From now on what the wall shows is printed as well.
    pub(super) fn print_with(&mut self, report: Report) {
        self.report = Some(report);
    }

    /// From now on snapshots and notes are kept.
    pub(super) fn keep_with(&mut self, keeper: Keeper) {
        self.keeper = Some(keeper);
    }

    /// From now on there is something to see on the page of a station's day.
    pub(super) fn show_days_of(&mut self, page: DayPage) {
        self.day_page = Some(page);
    }

    /// From now on the figures go to this board, from which `server` answers.
    pub(super) fn publish_on(&mut self, board: Arc<Board>, server: Server) {
        let lateness = Histogram::of_seconds();
        self.figures =
            Some(FigureDesk { board, lateness, next: self.clock.mono(), _server: server });
    }

    /// From now on there is something to see on the page of coverage.
    pub(super) fn show_coverage_of(&mut self, page: CoveragePage) {
        self.coverage_page = Some(page);
    }

    /// From now on it is put down who was on the screen.
    pub(super) fn put_down_shown(&mut self, journal: Journal) {
        self.shown = Some(ShownDesk::new(journal, Arc::clone(&self.clock)));
    }

    fn goes_dark(&mut self) {
        if let Some(shown) = &mut self.shown {
            shown.dark();
        }
    }

    /// A turn while nobody can see the wall.
    pub(super) fn unseen(&mut self) {
        self.goes_dark();
        let (known, scene) = self.look(true);
        self.tell(&known, &scene);
    }

    /// A look in place of a window that does not look itself.
    pub(super) fn stand_in(&mut self) {
        // What is still on the screen, if anything is, is not the present any more.
        self.goes_dark();
        let (known, scene) = self.look(false);
        self.tell(&known, &scene);
    }

    /// Takes a new list, and looks at every feed. `passes`: it is the window that does, and it is
    /// late when it has not done so for long, whoever stood in for it.
    fn look(&mut self, passes: bool) -> (Known, Scene) {
        if self.front.awaits_list() {
            self.lists.look_now();
        }
        if let Some(loaded) = self.lists.fresh() {
            self.front.list_is(loaded.version);
            let (list, feeds) = (&loaded.list, loaded.sources.len());
            self.duty.configuration().list(loaded.version, list, feeds);
            self.wall.set_list(Arc::new(loaded.list));
            self.ingest.replace(loaded.sources);
        }
        self.count_painted();
        self.wall.tick(self.clock.mono());
        self.follow_demand();
        self.hear_of_kept();
        let mut known = self.watcher.look(self.wall.list(), &self.ingest);
        if passes {
            let before = self.passed.replace(known.now);
            known.machine_behind |= before.is_some_and(|b| known.now.since(b) > LOOKS_LATE);
        }
        self.look_at_recording(&known);
        self.duty.look(&mut known, self.wall.list(), &self.day);
        if self.ringer.look(known.now, self.duty.attention()) && self.wall.sounding().on {
            self.ring(self.wall.sounding().tone);
        }
        self.hear_of_silence(known.now);
        self.hear_of_replays(known.now);
        if let Some(page) = &mut self.day_page {
            let open = self.wall.history();
            page.look(&known, self.wall.list(), &self.ingest, &self.day, open);
        }
        if let Some(page) = &mut self.coverage_page {
            page.look(known.now, known.wall, &self.day, self.wall.coverage().is_some());
        }
        self.clock_watch.look(known.now);
        let scene = self.scene(&known);
        (known, scene)
    }

    /// Prints what is known and puts the figures on the board, where that was asked for.
    fn tell(&mut self, known: &Known, scene: &Scene) {
        if let Some(report) = &mut self.report {
            let page = self.wall.page_stations();
            let tile = |station: &Station| {
                let view = scene.stations.get(&station.id)?;
                Some(Tile::of(station.id, view, scene.now))
            };
            let tiles = || page.iter().filter_map(tile).collect();
            report.tell(known, &scene.list, || self.ingest.totals(), tiles);
        }
        let recording = self.recording_figures(known.now);
        if let Some(desk) = &mut self.figures
            && known.now >= desk.next
        {
            desk.next = known.now + PUBLISH_EVERY;
            let mut figures = self.watcher.figures(known, &scene.list, &self.ingest);
            self.duty.figures(&mut figures);
            figures.recording = recording;
            figures.paint_lateness = Some(desk.lateness.clone());
            desk.board.publish(figures);
        }
    }

    /// What was painted after the pass before this one was as late as that pass was.
    fn count_painted(&mut self) {
        let (Some(desk), Some(before)) = (&mut self.figures, self.watcher.looked()) else { return };
        for on in self.on_screen.values_mut() {
            let Some(shown) = on.picture.shown() else { continue };
            if let Some(late) = painted::lateness(&shown, &mut on.counted, before) {
                desk.lateness.observe(late.as_secs_f64());
            }
        }
    }

    /// One pass of the wall.
    pub(super) fn ui(&mut self, ui: &mut Ui, text: &Arc<Text>) -> Vec<Action> {
        let (known, scene) = self.look(true);
        self.tell_when_complete(&scene);
        let writes = self.wall.note().is_some() || self.wall.search().is_some();
        let actions = match self.front.ui(ui, &scene, writes, text) {
            Some(actions) => {
                self.goes_dark();
                actions
            }
            None => {
                let actions = ui::wall(ui, &mut self.wall, &scene, text);
                if let Some(shown) = &mut self.shown {
                    shown.look(self.wall.painted());
                }
                actions
            }
        };
        if let Some(words) = demo::gone() {
            ui::notice(ui, &words);
        }
        for action in &actions {
            match action {
                Action::Reconnect(station) => self.ingest.retry(*station),
                Action::Snapshot(station) => self.keep_picture(*station, &scene),
                Action::Replay(station) => self.replay(*station, &scene, text),
                Action::Import => self.front.open_import(),
                Action::Acknowledge { alarm, note } => self.duty.acknowledge(*alarm, note),
                Action::AcknowledgeAllEnded => self.duty.acknowledge_all_ended(),
                Action::Maintain { station, for_minutes, reason } => {
                    self.duty.maintain(*station, *for_minutes, reason);
                }
                Action::EndMaintenance(station) => self.duty.end_maintenance(*station),
                Action::Operator(who) => {
                    self.duty.set_operator(who.clone());
                    self.operator = Some(who.clone());
                }
                Action::Sound(tone) => self.ring(*tone),
                Action::ToggleRecording => self.toggle_recording(scene.now),
                Action::ToggleFullScreen | Action::Language(_) | Action::Close => {}
            }
        }
        self.keep_note(&scene);
        self.duty.configuration().layout(&self.wall.standing());
        let demand = self.wall.demand();
        if demand != self.demanded {
            self.turned = Some(scene.now);
            self.demanded.clone_from(&demand);
        }
        self.ingest.show(demand);
        self.ingest.hear(self.wall.heard());
        self.tell(&known, &scene);
        ui.ctx().request_repaint_after(REPAINT_EVERY);
        actions
    }

    fn ring(&self, tone: Tone) {
        if let Some(speaker) = &self.speaker {
            speaker.play(tone);
        }
    }

    /// Says once that alarms cannot be heard.
    fn hear_of_silence(&mut self, now: Mono) {
        if let Some(why) = self.speaker.as_mut().and_then(Loudspeaker::trouble) {
            let tidings = Tidings::NoSound(why);
            self.told = Some(Told { at: now, station: None, tidings, passing: false });
        }
    }

    /// From now on recordings can be seen again.
    pub(super) fn replay_with(&mut self, replayer: Replayer) {
        self.replayer = Some(replayer);
    }

    fn replay(&mut self, station: StationId, scene: &Scene, text: &Text) {
        let Some(replayer) = &mut self.replayer else { return };
        let tidings = replayer.open(station, scene.wall, text.lang());
        self.told = Some(Told { at: scene.now, station: Some(station), tidings, passing: false });
    }

    /// Says once that a replay did not come about.
    fn hear_of_replays(&mut self, now: Mono) {
        let failed = self.replayer.as_mut().and_then(Replayer::failed);
        if let Some((What::Station(station), tidings)) = failed {
            self.told = Some(Told { at: now, station: Some(station), tidings, passing: false });
        }
    }

    /// A demo that is to be shown once this is closed.
    pub(super) fn take_country(&mut self) -> Option<Country> {
        self.front.take_country()
    }

    /// Where the operator has settled.
    pub(super) fn standing(&self) -> Standing {
        self.wall.standing()
    }

    /// Keeps a picture for every feed in demand that is received, and for no other.
    fn follow_demand(&mut self) {
        let demand = self.wall.demand();
        self.on_screen.retain(|id, _| demand.contains(id));
        for id in demand {
            let Some(feed) = self.ingest.feed(id) else { continue };
            let same = self.on_screen.get(&id).is_some_and(|old| Arc::ptr_eq(&old.feed, &feed));
            if !same {
                let picture = TilePicture::new(Arc::clone(&feed.mailbox));
                self.on_screen.insert(id, OnScreen { feed, picture, counted: 0 });
            }
        }
    }

    /// Logs how long it took, once, until every live feed on screen had a picture.
    fn tell_when_complete(&mut self, scene: &Scene) {
        let Some(turned) = self.turned else { return };
        let shown = |s: &&StationView| s.picture.is_some();
        let live = |s: &&StationView| s.assessment.state == State::Live;
        let views = || scene.stations.values().filter(shown).filter(live);
        if views().next().is_some() && views().all(|s| s.newest_picture.is_some()) {
            let took = scene.now.since(turned);
            log::debug!("{} pictures on screen after {} ms", views().count(), took.as_millis());
            self.turned = None;
        }
    }

    fn scene(&self, known: &Known) -> Scene {
        let list = self.wall.list();
        let view = |(station, assessment): &(StationId, Assessment)| {
            let kind = list.station(*station).map_or(FeedKind::Main, Station::standing_feed);
            let shown = self.picture(FeedId { station: *station, kind });
            let view = StationView {
                assessment: assessment.clone(),
                picture: shown.map(|s| Arc::clone(&s.picture)),
                newest_picture: shown.and_then(|s| s.feed.newest_picture()),
                feed: shown.map_or(kind, |s| s.feed.id().kind),
            };
            (*station, view)
        };
        let (now, stations) = (known.now, known.stations.iter().map(view).collect());
        let heard = self.wall.heard();
        let keeper = self.keeper.as_ref();
        let notes = keeper.zip(heard).map(|(keeper, id)| keeper.notes_of(id.station));
        Scene {
            now,
            wall: known.wall,
            list: Arc::clone(list),
            day: Arc::clone(&self.day),
            stations,
            counts: known.counts,
            machine_behind: known.machine_behind,
            sound: heard
                .map(|id| self.ingest.feed(id).map_or(Sound::Unknown, |feed| feed.sound(now))),
            notes: notes.unwrap_or_default(),
            told: self.told.clone(),
            attention: Arc::clone(self.duty.attention()),
            maintenance: self.duty.work_at(known.wall).map(at_work).collect(),
            history: self.day_page.as_ref().and_then(DayPage::history),
            coverage: self.coverage_page.as_ref().and_then(CoveragePage::report),
            clock: self.clock_watch.kept(),
            operator: self.duty.operator().to_owned(),
            recording: self.recording_view.clone(),
        }
    }

    /// The best picture there is of a station.
    fn picture(&self, standing: FeedId) -> Option<&OnScreen> {
        let of = |id| self.on_screen.get(&id);
        let small = of(standing);
        let main = of(FeedId { kind: FeedKind::Main, ..standing });
        match (main, small) {
            (Some(main), Some(small)) => {
                let takes = main_takes(main.feed.newest_picture(), small.feed.newest_picture());
                Some(if takes { main } else { small })
            }
            (main, small) => main.or(small),
        }
    }

    /// Tells everything that receives, reads or writes to end.
    pub(super) fn end(mut self) -> Endings {
        self.goes_dark();
        let demo = self.front.end();
        // The last lines are written while the rest ends.
        let recording = self.take_recording().map(Recording::end);
        let within = recording.as_ref().map_or(STOP_WITHIN, |_| recording::CLOSE_WITHIN);
        let report = self.report.map(Report::end);
        let keeper = self.keeper.map(Keeper::end);
        let day_page = self.day_page.map(DayPage::end);
        let coverage_page = self.coverage_page.map(CoveragePage::end);
        Endings {
            writers: keeper.into_iter().chain([self.lists.end()]).chain(recording).collect(),
            others: [report, day_page, coverage_page, demo, Some(self.duty.end())]
                .into_iter()
                .flatten()
                .collect(),
            receiving: self.ingest.end(),
            within,
        }
    }
}

/// Work at a station, as the screens show it.
fn at_work(window: &Window) -> (StationId, MaintenanceView) {
    let (who, reason) = (window.who.clone(), window.reason.clone());
    (window.station, MaintenanceView { until: window.until, who, reason })
}

/// Whether the main feed's picture takes the place of the standing feed's, by the arrival of the
/// newest decoded picture of each: as soon as it has one, and for as long as it is not clearly the
/// older of the two.
fn main_takes(main: Option<Mono>, standing: Option<Mono>) -> bool {
    main.is_some_and(|main| standing.is_none_or(|s| s.since(main) < Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use super::main_takes;
    use crate::clock::Mono;

    #[test]
    fn the_main_picture_is_taken_when_it_is_there_and_young() {
        let at = |ms: i64| Some(Mono::from_micros(ms * 1000));
        assert!(!main_takes(None, None) && !main_takes(None, at(5000)));
        assert!(main_takes(at(4500), at(5000)), "a keyframe decoded half a second ago");
        assert!(main_takes(at(5000), None));
        assert!(!main_takes(at(3000), at(5000)), "the main feed has stalled");
    }
}
