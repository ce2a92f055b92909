//! Recording, as the wall and `record` hold it: which stations are recorded, and how it goes.
//!
//! Units come from the receiving threads through [`Sink`] straight to the recorder; whoever holds
//! this only says what is wanted and asks how it is. Opening catalogue and volumes, and closing
//! them, is a thread's work ([`session`]): neither may hold up a look.

mod progress;
mod session;
mod sink;

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};

use crossbeam_channel::{Receiver, Sender, bounded};

use self::session::Keeper;
use self::sink::Sink;
use super::duty::journalled;
use super::ending::Ending;
use super::watcher::Known;
use crate::clock::{Clock, Mono, lock};
use crate::config::data::DataDir;
use crate::config::record::RecordConfig;
use crate::health::{State, Trouble};
use crate::ingest::{Ingest, UnitSink, Waker};
use crate::journal::{Entry, Event, Journal};
use crate::metrics;
use crate::model::day::ElectionDay;
use crate::model::{Chosen, FeedId, FeedKind, Station, StationId, StationList};
use crate::text::Text;
use crate::tr;

pub(super) use self::progress::{Phase, Progress, said};
pub(super) use self::session::CLOSE_WITHIN;

/// Refuses stations that nobody knows: a number that was typed wrongly must not go unrecorded without
/// a word.
///
/// # Errors
/// Some are not on the list.
pub(super) fn check(chosen: &Chosen, list: &StationList, text: &Text) -> anyhow::Result<()> {
    let unknown = chosen.unknown_to(list);
    if unknown.is_empty() {
        return Ok(());
    }
    let stations: Vec<String> = unknown.iter().map(StationId::to_string).collect();
    anyhow::bail!(tr!(text, "recording-no-station", stations = stations.join(", ")).into_owned())
}

/// Which feeds are recorded, and the thread that sees to it.
pub(super) struct Recording {
    clock: Arc<dyn Clock>,
    journal: Journal,
    /// Which of a station's feeds.
    kind: FeedKind,
    sink: Arc<Sink>,
    /// Whose; `None` while nothing is to be recorded.
    chosen: Option<Chosen>,
    list: Option<Arc<StationList>>,
    feeds: BTreeSet<FeedId>,
    /// `feeds` is other than the receiving side knows.
    changed: bool,
    /// The states of recorded feeds that nobody else watches, as they were last written down.
    states: HashMap<FeedId, (State, Option<Trouble>)>,
    progress: Arc<Mutex<Arc<Progress>>>,
    /// Wakes the thread; gone, it ends.
    bell: Sender<()>,
    ended: Receiver<Infallible>,
}

impl Recording {
    /// Begins with nothing to record, in the data folder that the caller owns.
    ///
    /// # Errors
    /// There is no thread.
    pub(super) fn start(
        data: &DataDir,
        day: ElectionDay,
        config: RecordConfig,
        journal: Journal,
        clock: Arc<dyn Clock>,
        waker: Waker,
    ) -> io::Result<Self> {
        let kind = config.record;
        let sink = Arc::new(Sink::new(config.audio.then_some(kind)));
        let progress = Arc::<Mutex<Arc<Progress>>>::default();
        // One place: whoever is woken looks at everything.
        let (bell, rung) = bounded(1);
        let (alive, ended) = bounded(0);
        let keeper = Keeper {
            data: data.clone(),
            day,
            config,
            journal: journal.clone(),
            clock: Arc::clone(&clock),
            sink: Arc::clone(&sink),
            progress: Arc::clone(&progress),
            waker,
        };
        std::thread::Builder::new().name("recording".into()).spawn(move || {
            keeper.run(&rung);
            drop::<Sender<Infallible>>(alive);
        })?;
        Ok(Self {
            clock,
            journal,
            kind,
            sink,
            chosen: None,
            list: None,
            feeds: BTreeSet::new(),
            changed: false,
            states: HashMap::new(),
            progress,
            bell,
            ended,
        })
    }

    /// What the receiving side gives every unit to.
    pub(super) fn sink(&self) -> Arc<dyn UnitSink> {
        Arc::<Sink>::clone(&self.sink)
    }

    /// Whose feeds are recorded; `None` while nothing is.
    pub(super) fn chosen(&self) -> Option<&Chosen> {
        self.chosen.as_ref()
    }

    /// The feeds that are recorded, and so have to be received.
    pub(super) fn feeds(&self) -> &BTreeSet<FeedId> {
        &self.feeds
    }

    /// Records these from now on; with `None`, nothing.
    pub(super) fn choose(&mut self, chosen: Option<Chosen>) {
        if self.chosen == chosen {
            return;
        }
        let stations = match &chosen {
            Some(Chosen::These(these)) => Some(these.iter().map(StationId::to_string).collect()),
            Some(Chosen::All) | None => None,
        };
        let feed = self.kind.as_str().to_owned();
        let event = Event::Recording { on: chosen.is_some(), stations, feed };
        self.journal.record(Entry::now(&*self.clock, event));
        self.chosen = chosen;
        self.settle();
    }

    /// These are the stations from now on.
    pub(super) fn take_list(&mut self, list: &Arc<StationList>) {
        if self.list.as_ref().is_some_and(|present| Arc::ptr_eq(present, list)) {
            return;
        }
        self.list = Some(Arc::clone(list));
        self.settle();
    }

    fn settle(&mut self) {
        let feed = |station: &Station| {
            let other = match self.kind {
                FeedKind::Main => FeedKind::Sub,
                FeedKind::Sub => FeedKind::Main,
            };
            let kind = [self.kind, other].into_iter().find(|kind| station.url(*kind).is_some())?;
            Some(FeedId { station: station.id, kind })
        };
        let stations = self.list.iter().flat_map(|list| &list.stations);
        let chosen = stations.filter(|s| self.chosen.as_ref().is_some_and(|c| c.has(s.id)));
        let feeds: BTreeSet<FeedId> = chosen.filter_map(feed).collect();
        if feeds == self.feeds {
            return;
        }
        self.states.retain(|feed, _| feeds.contains(feed));
        self.sink.record(&feeds, self.clock.mono());
        self.feeds = feeds;
        self.changed = true;
        self.ring();
    }

    fn ring(&self) {
        // Full: it will look anyway.
        let _ = self.bell.try_send(());
    }

    /// Has the receiving side receive what is recorded, and writes down how those feeds do that are
    /// received for recording alone: of the others the look tells.
    pub(super) fn look(&mut self, known: &Known, list: &Arc<StationList>, ingest: &Ingest) {
        self.take_list(list);
        if std::mem::take(&mut self.changed) {
            ingest.record(self.feeds.clone());
        }
        let pulse = ingest.pulse();
        for id in &self.feeds {
            if list.station(id.station).is_none_or(|s| s.standing_feed() == id.kind) {
                continue;
            }
            let Some(feed) = ingest.feed(*id) else { continue };
            let now = feed.assess(known.now, pulse);
            let is = (now.state, now.trouble.clone());
            let was = self.states.get(id);
            if was == Some(&is) || (was.is_none() && now.state == State::Connecting) {
                continue;
            }
            let from = was.map_or(State::Connecting, |(state, _)| *state);
            let event = journalled::state(from, &now, known.now, known.wall);
            let (station, feed) = (Some(id.station), Some(id.kind));
            let entry = Entry { utc: known.wall, mono: known.now, station, feed, event };
            self.journal.record(entry);
            self.states.insert(*id, is);
        }
    }

    /// How it goes. Where nobody has been able to say for long, nothing is called safe.
    pub(super) fn progress(&self) -> Arc<Progress> {
        let mut told = lock(&self.progress);
        if let Some(stale) = told.gone_stale(self.clock.mono()) {
            *told = Arc::new(stale);
        }
        Arc::clone(&told)
    }

    /// The same for Prometheus; `None` while nothing is to be recorded.
    pub(super) fn figures(&self, now: Mono) -> Option<metrics::Recording> {
        self.chosen.as_ref()?;
        Some(self.progress().figures(self.feeds.len(), now))
    }

    /// Closes what is open. The receiving side is not told: it ends as well.
    pub(super) fn end(self) -> Ending {
        let Self { ended, bell, .. } = self;
        drop(bell);
        Ending::new("recording", "what was not yet on the disk is lost, 4 s at most", ended)
    }
}
