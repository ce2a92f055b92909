//! The thread that starts and stops sessions and decoders, and wakes the screen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use tokio::task::AbortHandle;

use super::Waker;
use super::decode::DecodeThread;
use super::feed::Feed;
use super::keeper::{self, Shared};
use super::logins::Book;
use super::received::Received;
use super::sound::{STANDING_AT_MOST, SoundThread};
use super::tap::Ears;
use crate::clock::{Clock, Mono, lock};
use crate::config::secrets::FeedSource;
use crate::health::{Pulse, State};
use crate::model::{FeedId, FeedKind};

/// How often the supervisor looks at every feed: state changes are logged and shown this late at
/// most, and a picture that nobody fetched is announced again.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A decode thread that failed is started again after so many looks: what made it fail may still
/// be cached.
const RESTART_AFTER_LOOKS: u64 = 8;

/// How often the log says how much it leaves out.
const TELL_LEFT_OUT_EVERY: Duration = Duration::from_secs(1);

/// What the supervisor and the screen both see.
pub(super) struct SharedState {
    pub(super) clock: Arc<dyn Clock>,
    /// Every feed that is received now. Written by the supervisor only.
    pub(super) feeds: Received,
    /// A list that the supervisor has not taken yet.
    pub(super) fresh: Mutex<Option<Vec<FeedSource>>>,
    /// What the screen wants to see. Written by the screen, read by the supervisor.
    pub(super) shown: Mutex<BTreeSet<FeedId>>,
    /// What is received because it is recorded. Written by whoever records, read by the supervisor.
    pub(super) recorded: Mutex<BTreeSet<FeedId>>,
    /// Whose sound is measured. Written by the screen, read by the supervisor.
    pub(super) heard: Mutex<Option<FeedId>>,
    pub(super) pulse: Arc<Mutex<Pulse>>,
    pub(super) book: Arc<Book>,
    pub(super) stop: AtomicBool,
}

struct Running {
    feed: Arc<Feed>,
    session: AbortHandle,
    decoder: Option<DecodeThread>,
    sound: Option<SoundThread>,
}

pub(super) struct Supervisor {
    shared: Arc<SharedState>,
    sessions: Shared,
    runtime: tokio::runtime::Handle,
    waker: Waker,
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
    /// One with no list yet.
    pub(super) fn new(
        shared: Arc<SharedState>,
        sessions: Shared,
        runtime: tokio::runtime::Handle,
        waker: Waker,
        ears: Ears,
    ) -> Self {
        Self {
            shared,
            sessions,
            runtime,
            waker,
            ears,
            all: BTreeMap::new(),
            standing_mains: 0,
            running: BTreeMap::new(),
            states: BTreeMap::new(),
            looks: 0,
            told_left_out: Mono::default(),
        }
    }

    /// Begins to listen to the bell; ends when that is taken away.
    pub(super) fn start(self, rung: Receiver<()>) -> std::io::Result<()> {
        let present = self.sessions.roll.enter("supervisor");
        let thread = std::thread::Builder::new().name("supervisor".into());
        thread.spawn(move || {
            self.run(&rung);
            drop(present);
        })?;
        Ok(())
    }

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

    /// Receives these from now on, and nothing else.
    pub(super) fn take_list(&mut self, sources: Vec<FeedSource>) {
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
                    match DecodeThread::start(&running.feed, &self.waker, &self.sessions.roll) {
                        Ok(decoder) => running.decoder = Some(decoder),
                        Err(e) => log::error!("{id}: cannot start a decode thread: {e}"),
                    }
                }
                (false, true) => running.decoder = None,
                _ => {}
            }
            match (heard == Some(*id), running.sound.is_some()) {
                (true, false) => match SoundThread::start(&running.feed, &self.sessions.roll) {
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
