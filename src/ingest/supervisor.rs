//! The thread that starts and stops sessions and decoders, and wakes the screen.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use tokio::task::AbortHandle;

use super::beat::beat;
use super::decode::DecodeThread;
use super::feed::Feed;
use super::gate::Gate;
use super::hosts::Hosts;
use super::keeper::{self, Shared};
use super::log_budget::LogBudget;
use super::logins::Book;
use super::names::Names;
use super::received::Received;
use super::sampler::{Sampled, SamplerThread};
use super::sound::{STANDING_AT_MOST, SoundThread};
use super::tap::{Ears, Tap, UnitSink};
use super::totals::Totals;
use super::{Limits, StartError, Waker};
use crate::clock::{Clock, Mono, lock};
use crate::config::secrets::FeedSource;
use crate::health::{Pulse, State};
use crate::model::{FeedId, FeedKind, StationId};

/// How often the supervisor looks at every feed: state changes are logged and shown this late at
/// most, and a picture that nobody fetched is announced again.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A decode thread that failed is started again after so many looks: what made it fail may still
/// be cached.
const RESTART_AFTER_LOOKS: u64 = 8;

/// How often the log says how much it leaves out.
const TELL_LEFT_OUT_EVERY: Duration = Duration::from_secs(1);

/// Threads that carry all RTSP sessions.
const RUNTIME_THREADS: usize = 2;

/// Receives every feed of the list. Made by `app`, one per process.
pub struct Ingest {
    shared: Arc<SharedState>,
    gate: Arc<Gate>,
    /// Rings when `SharedState::fresh` or `shown` has changed; closed to end the supervisor.
    bell: Option<Sender<()>>,
    supervisor: Option<JoinHandle<()>>,
    /// Looks at all feeds; `None` where one is studied.
    sampler: Option<SamplerThread>,
    runtime: Option<tokio::runtime::Runtime>,
    /// Disconnects when the last decode thread has ended.
    all_ended: Receiver<Infallible>,
}

/// What the supervisor and the screen both see.
struct SharedState {
    clock: Arc<dyn Clock>,
    /// Every feed that is received now. Written by the supervisor only.
    feeds: Received,
    /// A list that the supervisor has not taken yet.
    fresh: Mutex<Option<Vec<FeedSource>>>,
    /// What the screen wants to see. Written by the screen, read by the supervisor.
    shown: Mutex<BTreeSet<FeedId>>,
    /// What is received because it is recorded. Written by whoever records, read by the supervisor.
    recorded: Mutex<BTreeSet<FeedId>>,
    /// Whose sound is measured. Written by the screen, read by the supervisor.
    heard: Mutex<Option<FeedId>>,
    pulse: Arc<Mutex<Pulse>>,
    book: Arc<Book>,
    stop: AtomicBool,
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
        Self::start_all(
            vec![source],
            BTreeSet::new(),
            limits,
            clock,
            nobody,
            Ears { tap: Some(tap), sink: None },
        )
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
        let (alive, all_ended) = crossbeam_channel::bounded(0);
        let sampler = match &ears.tap {
            Some(_) => None,
            None => {
                let feeds = Arc::clone(&shared);
                let all = move || feeds.feeds.all();
                let started = SamplerThread::start(all, Arc::clone(&clock), alive.clone());
                Some(started.map_err(StartError::Threads)?)
            }
        };
        let mut supervisor = Supervisor {
            shared: Arc::clone(&shared),
            sessions: Shared {
                log: Arc::new(LogBudget::new(&*clock)),
                limits: Arc::new(limits),
                names: Names::default(),
                clock,
                gate: Arc::clone(&gate),
                book,
                hosts: Hosts::default(),
                alive: alive.clone(),
            },
            runtime: runtime.handle().clone(),
            waker,
            alive,
            ears,
            all: BTreeMap::new(),
            standing_mains: 0,
            running: BTreeMap::new(),
            states: BTreeMap::new(),
            looks: 0,
            told_left_out: Mono::default(),
        };
        supervisor.take_list(sources);
        // Only now, with everybody in line: what is on screen goes first.
        runtime.spawn(Arc::clone(&gate).run());
        let thread = std::thread::Builder::new()
            .name("supervisor".into())
            .spawn(move || supervisor.run(&rung))
            .map_err(StartError::Threads)?;
        Ok(Self {
            shared,
            gate,
            bell: Some(bell),
            supervisor: Some(thread),
            sampler,
            runtime: Some(runtime),
            all_ended,
        })
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
        let before = std::mem::replace(&mut *lock(&self.shared.recorded), feeds.clone());
        if before != feeds {
            self.ring();
        }
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

    /// Ends all sessions and threads. Waits at most `within`; returns the names of what had not
    /// ended by then (it is left to the operating system).
    pub fn stop(mut self, within: Duration) -> Vec<String> {
        self.begin_stop();
        let deadline = self.shared.clock.mono() + within;
        // Nothing is ever sent: the wait ends with the last thread, or with the time.
        let left = deadline.since(self.shared.clock.mono());
        let ended = self.all_ended.recv_timeout(left) == Err(RecvTimeoutError::Disconnected);
        if ended { Vec::new() } else { vec!["decoders".to_owned()] }
    }

    fn begin_stop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        self.bell = None;
        self.sampler = None;
        if let Some(supervisor) = self.supervisor.take() {
            // It blocks on its bell only, and the bell has just been taken away.
            if supervisor.join().is_err() {
                log::error!("the supervisor had failed");
            }
        }
        if let Some(runtime) = self.runtime.take() {
            // Not a plain drop: that would wait for look-ups of host names.
            runtime.shutdown_background();
        }
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.begin_stop();
    }
}

struct Running {
    feed: Arc<Feed>,
    session: AbortHandle,
    decoder: Option<DecodeThread>,
    sound: Option<SoundThread>,
}

struct Supervisor {
    shared: Arc<SharedState>,
    sessions: Shared,
    runtime: tokio::runtime::Handle,
    waker: Waker,
    /// Held by every decode thread; see [`Ingest::stop`].
    alive: Sender<Infallible>,
    /// Given to every feed.
    ears: Ears,
    /// Every feed of the list, received or not.
    all: BTreeMap<FeedId, FeedSource>,
    /// Main feeds that are received all day, for want of a sub feed.
    standing_mains: usize,
    running: BTreeMap<FeedId, Running>,
    states: BTreeMap<FeedId, State>,
    /// Counts looks.
    looks: u64,
    told_left_out: Mono,
}

impl Supervisor {
    fn run(mut self, rung: &Receiver<()>) {
        let mut next_look = self.shared.clock.mono() + LOOK_EVERY;
        loop {
            let wait = next_look.since(self.shared.clock.mono());
            match rung.recv_timeout(wait) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => {
                    self.look();
                    next_look = self.shared.clock.mono() + LOOK_EVERY;
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.shared.stop.load(Ordering::Acquire) {
                break;
            }
            let fresh = lock(&self.shared.fresh).take();
            match fresh {
                Some(sources) => self.take_list(sources),
                None => self.settle(),
            }
        }
        for id in self.running.keys().copied().collect::<Vec<_>>() {
            self.end(id);
        }
    }

    fn take_list(&mut self, sources: Vec<FeedSource>) {
        let new: BTreeMap<_, _> = sources.into_iter().map(|s| (s.id, s)).collect();
        let changed = |id: &FeedId| self.all.get(id) != new.get(id);
        let gone: Vec<_> = self.running.keys().filter(|id| changed(id)).copied().collect();
        for id in gone {
            self.end(id);
            self.states.remove(&id);
        }
        self.all = new;
        self.sessions.hosts.replace(self.all.values());
        let subs = self.all.keys().filter(|id| id.kind == FeedKind::Sub);
        let with_both =
            subs.filter(|id| self.all.contains_key(&FeedId { kind: FeedKind::Main, ..**id }));
        let mains = self.all.keys().filter(|id| id.kind == FeedKind::Main).count();
        self.standing_mains = mains - with_both.count();
        self.settle();
    }

    /// The feeds to receive: one of each station always, the others while they are shown or recorded.
    fn wanted(&self, shown: &BTreeSet<FeedId>) -> BTreeSet<FeedId> {
        let standing = |id: &FeedId| {
            let sub = FeedId { kind: FeedKind::Sub, ..*id };
            id.kind == FeedKind::Sub || !self.all.contains_key(&sub)
        };
        let recorded = lock(&self.shared.recorded);
        let wanted = |id: &FeedId| standing(id) || shown.contains(id) || recorded.contains(id);
        self.all.keys().filter(|id| wanted(id)).copied().collect()
    }

    /// Makes what runs equal to what is wanted.
    fn settle(&mut self) {
        let shown = lock(&self.shared.shown).clone();
        // First the order, then who lines up in it.
        self.sessions.gate.prefer(&shown);
        let heard = *lock(&self.shared.heard);
        let wanted = self.wanted(&shown);
        let idle: Vec<_> = self.running.keys().filter(|id| !wanted.contains(id)).copied().collect();
        for id in idle {
            self.end(id);
        }
        for id in wanted {
            if !self.running.contains_key(&id) {
                self.begin(id);
            }
        }
        for (id, running) in &mut self.running {
            match (shown.contains(id), running.decoder.is_some()) {
                (true, false) => {
                    match DecodeThread::start(&running.feed, &self.waker, self.alive.clone()) {
                        Ok(decoder) => running.decoder = Some(decoder),
                        Err(e) => log::error!("{id}: cannot start a decode thread: {e}"),
                    }
                }
                (false, true) => running.decoder = None,
                _ => {}
            }
            match (heard == Some(*id), running.sound.is_some()) {
                (true, false) => match SoundThread::start(&running.feed, self.alive.clone()) {
                    Ok(sound) => running.sound = Some(sound),
                    Err(e) => log::error!("{id}: cannot start a thread for sound: {e}"),
                },
                (false, true) => running.sound = None,
                _ => {}
            }
            match (shown.contains(id), running.feed.is_on_screen()) {
                (true, false) => running.feed.call_shown(),
                (false, true) => running.feed.call_hidden(),
                _ => {}
            }
        }
        (self.waker)();
    }

    fn begin(&mut self, id: FeedId) {
        let Some(source) = self.all.get(&id) else { return };
        let clock = Arc::clone(&self.shared.clock);
        let bytes = self.sessions.limits.gop_bytes;
        let feed = Feed::new(source.clone(), clock, bytes, self.ears.clone());
        if id.kind == FeedKind::Main && self.standing_mains > STANDING_AT_MOST {
            let sub = FeedId { kind: FeedKind::Sub, ..id };
            if !self.all.contains_key(&sub) {
                feed.sound.refuse();
            }
        }
        let session = self.runtime.spawn(keeper::keep(Arc::clone(&feed), self.sessions.clone()));
        self.shared.feeds.insert(Arc::clone(&feed));
        let session = session.abort_handle();
        self.running.insert(id, Running { feed, session, decoder: None, sound: None });
    }

    fn end(&mut self, id: FeedId) {
        self.shared.feeds.remove(id);
        if let Some(running) = self.running.remove(&id) {
            running.session.abort();
        }
    }

    /// Takes decode threads away that ended by themselves (a bug of ours or of the codec), and now
    /// and then starts the missing ones.
    fn mend_decoders(&mut self) {
        let mut missing = false;
        let shown = lock(&self.shared.shown).clone();
        for (id, running) in &mut self.running {
            if running.decoder.as_ref().is_some_and(DecodeThread::has_failed) {
                log::error!("{id}: the decode thread failed; starting another soon");
                running.decoder = None;
            }
            missing |= shown.contains(id) && running.decoder.is_none();
        }
        self.looks += 1;
        if missing && self.looks.is_multiple_of(RESTART_AFTER_LOOKS) {
            self.settle();
        }
    }

    /// Logs what changed, and wakes the screen for that and for pictures it has not fetched.
    fn look(&mut self) {
        self.mend_decoders();
        let now: Mono = self.shared.clock.mono();
        let pulse = *lock(&self.shared.pulse);
        let mut news = false;
        for (id, running) in &self.running {
            let verdict = running.feed.assess(now, pulse);
            let before = self.states.insert(*id, verdict.state);
            if before != Some(verdict.state) {
                news = true;
                if !self.sessions.log.spend(now) {
                    continue;
                }
                let url = &running.feed.source.shown_url;
                match verdict.trouble {
                    Some(why) => log::info!("{id} {:?} ({why:?}) {url}", verdict.state),
                    None => log::info!("{id} {:?} {url}", verdict.state),
                }
            }
            news |= running.decoder.is_some() && running.feed.mailbox.is_waiting();
        }
        self.tell_left_out(now);
        if news {
            (self.waker)();
        }
    }

    fn tell_left_out(&mut self, now: Mono) {
        if now.since(self.told_left_out) < TELL_LEFT_OUT_EVERY {
            return;
        }
        self.told_left_out = now;
        let left_out = self.sessions.log.take_left_out();
        if left_out > 0 {
            let mut counts: BTreeMap<State, usize> = BTreeMap::new();
            for state in self.states.values() {
                *counts.entry(*state).or_default() += 1;
            }
            log::info!("{left_out} lines about feeds were left out; now {counts:?}");
        }
    }
}
