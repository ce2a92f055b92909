//! Receiving as `app` holds it: started, told what is wanted, asked what there is, and ended.
//!
//! Whatever is asked of it here is a message to the supervisor ([`super::supervisor`]), and blocks
//! nobody.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::Sender;

use super::beat::beat;
use super::feed::Feed;
use super::gate::Gate;
use super::hosts::Hosts;
use super::keeper::Shared;
use super::log_budget::LogBudget;
use super::logins::Book;
use super::names::Names;
use super::received::Received;
use super::roll::{Roll, Stopping};
use super::sampler::{Sampled, SamplerThread};
use super::supervisor::{SharedState, Supervisor};
use super::tap::{Ears, Tap, UnitSink};
use super::totals::Totals;
use super::{Limits, StartError, Waker};
use crate::clock::{Clock, lock};
use crate::config::secrets::FeedSource;
use crate::health::Pulse;
use crate::model::{FeedId, FeedKind, StationId};

/// Threads that carry all RTSP sessions.
const RUNTIME_THREADS: usize = 2;

/// Receives every feed of the list. Made by `app`, one per process.
pub struct Ingest {
    shared: Arc<SharedState>,
    gate: Arc<Gate>,
    /// Rings when `SharedState::fresh` or `shown` has changed; closed to end the supervisor.
    bell: Option<Sender<()>>,
    /// Looks at all feeds; `None` where one is studied.
    sampler: Option<SamplerThread>,
    runtime: Option<tokio::runtime::Runtime>,
    /// Known when everything has ended.
    stopping: Stopping,
}

impl Ingest {
    /// Starts receiving `sources`: of each station the sub feed if it has one, else the main feed;
    /// the other one only while it is shown.
    pub fn start(
        sources: Vec<FeedSource>,
        limits: Limits,
        clock: Arc<dyn Clock>,
        waker: Waker,
    ) -> Result<Self, StartError> {
        Self::start_showing(sources, BTreeSet::new(), limits, clock, waker)
    }

    /// Starts receiving `sources`, first of all those that are `shown` from the beginning.
    pub fn start_showing(
        sources: Vec<FeedSource>,
        shown: BTreeSet<FeedId>,
        limits: Limits,
        clock: Arc<dyn Clock>,
        waker: Waker,
    ) -> Result<Self, StartError> {
        Self::start_all(sources, shown, limits, clock, waker, Ears::default())
    }

    /// Starts receiving as [`Self::start_showing`] does; every unit is offered to `sink` too, and the
    /// feeds in `recorded` are received whoever looks ([`Self::record`]).
    pub fn start_recording(
        sources: Vec<FeedSource>,
        (shown, recorded): (BTreeSet<FeedId>, BTreeSet<FeedId>),
        limits: Limits,
        clock: Arc<dyn Clock>,
        waker: Waker,
        sink: Arc<dyn UnitSink>,
    ) -> Result<Self, StartError> {
        let ears = Ears { tap: None, sink: Some(sink) };
        let ingest = Self::start_all(sources, shown, limits, clock, waker, ears)?;
        ingest.record(recorded);
        Ok(ingest)
    }

    /// Starts receiving `source` alone, for somebody who studies it. Nothing is decoded.
    pub fn start_studying(
        source: FeedSource,
        limits: Limits,
        clock: Arc<dyn Clock>,
        tap: Tap,
    ) -> Result<Self, StartError> {
        let nobody: Waker = Arc::new(|| ());
        let ears = Ears { tap: Some(tap), sink: None };
        Self::start_all(vec![source], BTreeSet::new(), limits, clock, nobody, ears)
    }

    fn start_all(
        sources: Vec<FeedSource>,
        shown: BTreeSet<FeedId>,
        limits: Limits,
        clock: Arc<dyn Clock>,
        waker: Waker,
        ears: Ears,
    ) -> Result<Self, StartError> {
        crate::media::init().map_err(StartError::Media)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(RUNTIME_THREADS)
            .thread_name("receive")
            .enable_all()
            .build()
            .map_err(StartError::Threads)?;
        let book = Arc::new(Book::default());
        let shared = Arc::new(SharedState {
            book: Arc::clone(&book),
            pulse: Arc::new(Mutex::new(Pulse::starting(clock.mono()))),
            clock: Arc::clone(&clock),
            feeds: Received::default(),
            fresh: Mutex::default(),
            shown: Mutex::new(shown),
            recorded: Mutex::default(),
            heard: Mutex::default(),
            stop: AtomicBool::new(false),
        });
        let gate = Gate::new(limits.gate.clone(), Arc::clone(&clock));
        runtime.spawn(beat(Arc::clone(&clock), Arc::clone(&shared.pulse)));
        let (bell, rung) = crossbeam_channel::bounded(1);
        let (roll, stopping) = Roll::begin();
        let sampler = match &ears.tap {
            Some(_) => None,
            None => {
                let feeds = Arc::clone(&shared);
                let all = move || feeds.feeds.all();
                let started = SamplerThread::start(all, Arc::clone(&clock), &roll);
                Some(started.map_err(StartError::Threads)?)
            }
        };
        let sessions = Shared {
            log: Arc::new(LogBudget::new(&*clock)),
            limits: Arc::new(limits),
            names: Names::default(),
            clock,
            gate: Arc::clone(&gate),
            book,
            hosts: Hosts::default(),
            roll,
        };
        let on = runtime.handle().clone();
        let mut supervisor = Supervisor::new(Arc::clone(&shared), sessions, on, waker, ears);
        supervisor.take_list(sources);
        // Only now, with everybody in line: what is on screen goes first.
        runtime.spawn(Arc::clone(&gate).run());
        supervisor.start(rung).map_err(StartError::Threads)?;
        Ok(Self { shared, gate, bell: Some(bell), sampler, runtime: Some(runtime), stopping })
    }

    /// Replaces the list. Feeds that are the same as before are not touched. Does not block.
    pub fn replace(&self, sources: Vec<FeedSource>) {
        *lock(&self.shared.fresh) = Some(sources);
        self.ring();
    }

    /// Says which feeds are on screen: these are decoded, the others are not. Does not block.
    pub fn show(&self, feeds: BTreeSet<FeedId>) {
        {
            let mut shown = lock(&self.shared.shown);
            if *shown == feeds {
                return;
            }
            // Who waits at the gate is called in the new order from now on.
            self.gate.prefer(&feeds);
            *shown = feeds;
        }
        self.ring();
    }

    /// Says which feeds are received although nobody looks, for the sake of recording. Does not block.
    pub fn record(&self, feeds: BTreeSet<FeedId>) {
        {
            let mut recorded = lock(&self.shared.recorded);
            if *recorded == feeds {
                return;
            }
            *recorded = feeds;
        }
        self.ring();
    }

    /// Says whose sound is measured; one feed's at most. Does not block.
    pub fn hear(&self, feed: Option<FeedId>) {
        let before = std::mem::replace(&mut *lock(&self.shared.heard), feed);
        if before != feed {
            self.ring();
        }
    }

    /// Tries a station's feeds again now: a person has seen to it, or wants to know. Feeds that
    /// bring pictures are left alone. Does not block.
    pub fn retry(&self, station: StationId) {
        for kind in [FeedKind::Main, FeedKind::Sub] {
            let id = FeedId { station, kind };
            self.shared.book.forgive(id);
            if let Some(feed) = self.feed(id) {
                feed.call_retry();
            }
        }
    }

    fn ring(&self) {
        // A bell that still rings has not been answered: the answer will see this change too.
        if let Some(bell) = &self.bell {
            let _ = bell.try_send(());
        }
    }

    /// A feed that is received now.
    pub fn feed(&self, id: FeedId) -> Option<Arc<Feed>> {
        self.shared.feeds.get(id)
    }

    /// Every feed that is received now, by number.
    pub fn feeds(&self) -> Vec<Arc<Feed>> {
        self.shared.feeds.all()
    }

    /// What became of everything that was received since the start.
    pub fn totals(&self) -> Totals {
        self.shared.feeds.totals()
    }

    /// What the sampler has done, where there is one.
    pub fn sampled(&self) -> Option<Sampled> {
        self.sampler.as_ref().map(|sampler| sampler.sampled(&self.shared.feeds.all()))
    }

    /// The receiving side's life signs.
    pub fn pulse(&self) -> Pulse {
        *lock(&self.shared.pulse)
    }

    /// Tells all sessions and threads to end, and does not wait for that.
    pub fn end(mut self) -> Stopping {
        self.tell();
        self.stopping.clone()
    }

    /// Ends all sessions and threads. Waits at most `within`; returns the names of what had not
    /// ended by then.
    pub fn stop(self, within: Duration) -> Vec<String> {
        self.end().wait(within)
    }

    fn tell(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        // Ends the supervisor, and it the sessions and decoders.
        self.bell = None;
        self.sampler = None;
        if let Some(runtime) = self.runtime.take() {
            // Not a plain drop: that would wait for look-ups of host names.
            runtime.shutdown_background();
        }
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.tell();
    }
}
