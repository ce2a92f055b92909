//! The control room: ties what is received to what is shown.

mod kept;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::Ui;

use super::front::Front;
use super::keeper::Keeper;
use super::list_watch::ListWatch;
use super::report::{Report, Totals};
use crate::app::demo::Country;
use crate::clock::{Clock, Mono};
use crate::health::State;
use crate::ingest::{Counters, Feed, Ingest, Sound};
use crate::model::day::ElectionDay;
use crate::model::{FeedId, FeedKind, Station};
use crate::render::TilePicture;
use crate::text::Text;
use crate::ui::{self, Action, Counts, Scene, StationView, Told};
use crate::wall::{Standing, Wall};

/// The wall is painted at least this often: clocks and ages go on although no picture comes.
pub(super) const REPAINT_EVERY: Duration = Duration::from_millis(250);

/// A screen whose passes are further apart shows the past.
const DRAWING_LATE: Duration = Duration::from_secs(1);

/// A feed on screen. A feed that was replaced (its URL changed) has another address, and with it
/// another picture.
struct OnScreen {
    feed: Arc<Feed>,
    picture: Arc<TilePicture>,
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
    /// When the last two passes began, the older first.
    passes: [Option<Mono>; 2],
    report: Option<Report>,
    keeper: Option<Keeper>,
    /// What was kept last, or was not.
    told: Option<Told>,
}

impl ControlRoom {
    pub(super) fn new(
        clock: Arc<dyn Clock>,
        day: ElectionDay,
        wall: Wall,
        ingest: Ingest,
        lists: ListWatch,
        front: Front,
        report: Option<Report>,
    ) -> Self {
        Self {
            clock,
            day: Arc::new(day),
            wall,
            ingest,
            lists,
            front,
            on_screen: HashMap::new(),
            demanded: BTreeSet::new(),
            turned: None,
            passes: [None; 2],
            report,
            keeper: None,
            told: None,
        }
    }

    /// From now on snapshots and notes are kept.
    pub(super) fn keep_with(&mut self, keeper: Keeper) {
        self.keeper = Some(keeper);
    }

    /// A turn while nobody can see the wall.
    pub(super) fn unseen(&mut self) {
        let scene = self.look();
        self.tell(&scene);
    }

    /// Takes a new list, and looks at every feed.
    fn look(&mut self) -> Scene {
        if self.front.awaits_list() {
            self.lists.look_now();
        }
        if let Some(loaded) = self.lists.fresh() {
            self.front.list_is(loaded.version);
            self.wall.set_list(Arc::new(loaded.list));
            self.ingest.replace(loaded.sources);
        }
        let now = self.clock.mono();
        self.passes = [self.passes[1], Some(now)];
        self.wall.tick(now);
        self.follow_demand();
        self.hear_of_kept();
        self.scene()
    }

    /// Prints what is known, where that was asked for.
    fn tell(&mut self, scene: &Scene) {
        if let Some(report) = &mut self.report {
            let page: Vec<_> = self.wall.page_stations().iter().map(|s| s.id).collect();
            report.tell(scene, &page, || totals(&self.ingest.feeds()));
        }
    }

    /// One pass of the wall.
    pub(super) fn ui(&mut self, ui: &mut Ui, text: &Arc<Text>) -> Vec<Action> {
        let scene = self.look();
        self.tell_when_complete(&scene);
        let writes = self.wall.note().is_some() || self.wall.search().is_some();
        let actions = match self.front.ui(ui, &scene, writes, text) {
            Some(actions) => actions,
            None => ui::wall(ui, &mut self.wall, &scene, text),
        };
        for action in &actions {
            match action {
                Action::Reconnect(station) => self.ingest.retry(*station),
                Action::Snapshot(station) => self.keep_picture(*station, &scene),
                Action::Import => self.front.open_import(),
                Action::Acknowledge { .. }
                | Action::AcknowledgeAllEnded
                | Action::Maintain { .. }
                | Action::EndMaintenance(_)
                | Action::ToggleFullScreen
                | Action::Language(_)
                | Action::Close => {}
            }
        }
        self.keep_note(&scene);
        let demand = self.wall.demand();
        if demand != self.demanded {
            self.turned = Some(scene.now);
            self.demanded.clone_from(&demand);
        }
        self.ingest.show(demand);
        self.ingest.hear(self.wall.heard());
        self.tell(&scene);
        ui.ctx().request_repaint_after(REPAINT_EVERY);
        actions
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
                self.on_screen.insert(id, OnScreen { feed, picture });
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

    /// Passes should begin every [`REPAINT_EVERY`] at least.
    fn drawing_late(&self, now: Mono) -> bool {
        self.passes[0].is_some_and(|before| now.since(before) > DRAWING_LATE)
    }

    fn scene(&self) -> Scene {
        let (now, pulse) = (self.clock.mono(), self.ingest.pulse());
        let list = self.wall.list();
        let mut counts = Counts::default();
        let mut stations = HashMap::with_capacity(list.stations.len());
        for feed in self.ingest.feeds() {
            let id = feed.id();
            let standing = list.station(id.station).map(Station::standing_feed);
            if standing != Some(id.kind) {
                continue;
            }
            let assessment = feed.assess(now, pulse);
            counts.add(&assessment);
            let shown = self.picture(id);
            let newest_picture = shown.and_then(|s| s.feed.newest_picture());
            let picture = shown.map(|s| Arc::clone(&s.picture));
            let feed = shown.map_or(id.kind, |s| s.feed.id().kind);
            let view = StationView { assessment, picture, newest_picture, feed };
            stations.insert(id.station, view);
        }
        let heard = self.wall.heard();
        let keeper = self.keeper.as_ref();
        let notes = keeper.zip(heard).map(|(keeper, id)| keeper.notes_of(id.station));
        Scene {
            now,
            wall: self.clock.wall(),
            list: Arc::clone(list),
            day: Arc::clone(&self.day),
            stations,
            counts,
            machine_behind: pulse.is_behind(now) || self.drawing_late(now),
            sound: heard
                .map(|id| self.ingest.feed(id).map_or(Sound::Unknown, |feed| feed.sound(now))),
            notes: notes.unwrap_or_default(),
            told: self.told.clone(),
            attention: Arc::default(),
            maintenance: HashMap::new(),
            history: None,
            operator: String::new(),
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

    /// Ends everything that receives; the names of what did not end in time.
    pub(super) fn close(self, within: Duration) -> Vec<String> {
        drop(self.on_screen);
        drop(self.lists);
        drop(self.front);
        let deadline = self.clock.mono() + within;
        // The last lines are written while the rest ends; a pipe that nobody reads costs no more
        // than what is left of the time.
        let report = self.report.map(Report::close);
        if !self.keeper.is_none_or(|keeper| keeper.close(within / 2)) {
            log::warn!("a snapshot or note was still being written at the end");
        }
        let stragglers = self.ingest.stop(deadline.since(self.clock.mono()));
        if let Some(written) = report {
            written.wait(deadline.since(self.clock.mono()));
        }
        stragglers
    }
}

/// What became of all feeds' pictures.
fn totals(feeds: &[Arc<Feed>]) -> Totals {
    use std::sync::atomic::{AtomicU64, Ordering};
    let sum = |counter: fn(&Counters) -> &AtomicU64| -> u64 {
        feeds.iter().map(|feed| counter(&feed.counters).load(Ordering::Relaxed)).sum()
    };
    Totals {
        decoded: sum(|c| &c.decoded),
        replaced: sum(|c| &c.replaced),
        skipped: sum(|c| &c.skipped),
        damaged: sum(|c| &c.damaged),
        losses: sum(|c| &c.losses),
    }
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
