//! One feed: where its access units come in and where they go.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError};
use tokio::sync::watch;

use super::gop::GopCache;
use super::repeats::Repeats;
use super::sound::{Sound, SoundSide};
use super::tap::{ClockReading, Ears, Heard};
use super::totals::Spread;
use crate::clock::{Clock, Mono, lock};
use crate::config::secrets::FeedSource;
use crate::frame::{LUMA_HEIGHT, LUMA_WIDTH, Mailbox, Published, VideoFrame};
use crate::health::picture::{Sample, Suspicion};
use crate::health::{Assessment, Event, FeedHealth, Pulse, Trouble, Unit};
use crate::media::AccessUnit;
use crate::media::sound::SoundUnit;
use crate::model::FeedId;

/// How many units may wait for a feed's decoder beside those it joined with: about four seconds
/// at 60 frames/s.
const DECODE_QUEUE: usize = 256;

/// The largest coded picture that is kept or decoded, in bytes. A keyframe of the largest picture
/// that is shown has a tenth of this; whoever sends more wants our memory.
const MOST_UNIT_BYTES: usize = 8 << 20;

/// The small picture that is kept of a feed is at least this much younger than the one before it:
/// making one costs about as much as the rest of a look.
const SMALL_EVERY: Duration = Duration::from_secs(4);

/// What became of a feed's pictures, counted since it was added.
#[derive(Debug, Default)]
pub struct Counters {
    /// Access units that arrived.
    pub units: AtomicU64,
    /// Their bytes.
    pub bytes: AtomicU64,
    /// Sessions that began to play.
    pub starts: AtomicU64,
    /// Units that the decoder never saw: it was too far behind, or no keyframe had come yet.
    pub skipped: AtomicU64,
    /// Units that could not be decoded.
    pub damaged: AtomicU64,
    /// Pictures decoded for the screen.
    pub decoded: AtomicU64,
    /// Of these, replaced by a newer one before anybody fetched them.
    pub replaced: AtomicU64,
    /// Sessions and attempts that ended.
    pub losses: AtomicU64,
    /// From a unit's arrival until its picture was there to be painted.
    pub decode_lateness: Spread,
}

/// What a decoder gets: units, the first a keyframe.
pub(super) struct Join {
    /// Which of the feed's joins this is; an older one has nothing more to show.
    pub(super) number: u64,
    pub(super) units: Receiver<AccessUnit>,
    /// So many of the first units come from the cache: their pictures are older than now, so
    /// only the last one is worth showing.
    pub(super) cached: usize,
}

/// What people ask of a feed's session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Calls {
    /// How often a person has asked to try again now.
    pub(super) retries: u64,
    /// How often the feed came on screen.
    pub(super) shown: u64,
}

/// The units since a keyframe, to be looked at.
pub(super) struct Run {
    /// The first a keyframe.
    pub(super) units: Vec<AccessUnit>,
    /// So many there are; `units` may be fewer.
    pub(super) count: usize,
}

/// Who has looked at a feed's picture, and what it looked like.
#[derive(Debug, Default)]
struct Looks {
    /// When that was.
    last: Option<Mono>,
    /// Arrival of the newest picture that was looked at.
    newest: Option<Mono>,
    /// When the first keyframe arrived at which nobody has looked, nor at a later one.
    waiting: Option<Mono>,
    small: Option<Arc<VideoFrame>>,
}

struct Fanout {
    gop: GopCache,
    decoder: Option<Sender<AccessUnit>>,
    /// The decoder's queue overflowed: it gets nothing more until a keyframe.
    decoder_lost: bool,
}

/// A feed of the list: shared by its session, its decoder and the screen.
pub struct Feed {
    /// Where it comes from.
    pub source: FeedSource,
    /// Where its newest picture waits.
    pub mailbox: Arc<Mailbox>,
    /// What happened to its units.
    pub counters: Counters,
    /// What it has brought before, where a source can bring it again.
    pub(super) repeats: Arc<Repeats>,
    pub(super) sound: SoundSide,
    clock: Arc<dyn Clock>,
    health: Mutex<FeedHealth>,
    fanout: Mutex<Fanout>,
    screen: Mutex<ScreenSide>,
    /// A session plays.
    playing: AtomicBool,
    /// Somebody looks at it.
    on_screen: AtomicBool,
    looks: Mutex<Looks>,
    calls: watch::Sender<Calls>,
    ears: Ears,
}

/// What the decoder that counts has given to the screen.
#[derive(Debug, Default)]
struct ScreenSide {
    /// Counts joins and leaves. What an earlier decoder still has in hand is not shown any more.
    join: u64,
    /// Arrival of the newest picture that went into the mailbox in this join.
    newest: Option<Mono>,
}

impl Feed {
    pub(super) fn new(
        source: FeedSource,
        clock: Arc<dyn Clock>,
        gop_bytes: usize,
        ears: Ears,
    ) -> Arc<Self> {
        let health = FeedHealth::new(clock.mono());
        Arc::new(Self {
            source,
            mailbox: Arc::default(),
            counters: Counters::default(),
            repeats: Arc::default(),
            sound: SoundSide::default(),
            clock,
            health: Mutex::new(health),
            screen: Mutex::default(),
            playing: AtomicBool::new(false),
            on_screen: AtomicBool::new(false),
            looks: Mutex::default(),
            calls: watch::Sender::default(),
            ears,
            fanout: Mutex::new(Fanout {
                gop: GopCache::new(gop_bytes),
                decoder: None,
                decoder_lost: false,
            }),
        })
    }

    /// Which feed it is.
    pub fn id(&self) -> FeedId {
        self.source.id
    }

    /// The verdict on it at `now`.
    pub fn assess(&self, now: Mono, pulse: Pulse) -> Assessment {
        lock(&self.health).assess(now, pulse)
    }

    /// Whether a session plays.
    pub fn is_playing(&self) -> bool {
        self.playing.load(Ordering::Relaxed)
    }

    /// What is known of its sound at `now`. A level is measured only while the feed is listened to
    /// ([`super::Ingest::hear`]).
    pub fn sound(&self, now: Mono) -> Sound {
        self.sound.at(now)
    }

    /// The present moment, for workers of this feed.
    pub(super) fn now(&self) -> Mono {
        self.clock.mono()
    }

    /// When the access unit of the newest decoded picture arrived. A screen that shows an older
    /// one is late itself.
    pub fn newest_picture(&self) -> Option<Mono> {
        lock(&self.screen).newest
    }

    /// Hands a picture of a join to the screen; `None` when somebody else has joined or nobody
    /// looks any more.
    pub(super) fn publish(&self, join: u64, frame: VideoFrame) -> Option<Published> {
        let mut screen = lock(&self.screen);
        if screen.join != join {
            return None;
        }
        screen.newest = Some(frame.arrived_at);
        self.counters.decode_lateness.count(self.clock.mono().since(frame.arrived_at));
        let published = self.mailbox.publish(frame);
        self.counters.decoded.fetch_add(1, Ordering::Relaxed);
        if published == Published::Replaced {
            self.counters.replaced.fetch_add(1, Ordering::Relaxed);
        }
        Some(published)
    }

    /// Whether this join is still the one that counts.
    pub(super) fn is_current(&self, join: u64) -> bool {
        lock(&self.screen).join == join
    }

    /// Begins another join, or none: what was decoded for somebody before is not shown to whoever
    /// looks next.
    fn next_join(&self) -> u64 {
        let mut screen = lock(&self.screen);
        screen.join += 1;
        screen.newest = None;
        drop(self.mailbox.take());
        screen.join
    }

    pub(super) fn observe(&self, event: Event) {
        let now = self.clock.mono();
        match &event {
            Event::Playing => {
                // What is left of the last session is not looked at any more.
                lock(&self.looks).waiting = None;
                self.playing.store(true, Ordering::Relaxed);
                self.counters.starts.fetch_add(1, Ordering::Relaxed);
                self.tell(|| Heard::Playing(now));
            }
            Event::Lost(trouble) => {
                self.playing.store(false, Ordering::Relaxed);
                self.tell(|| Heard::Lost(trouble.clone(), now));
            }
            _ => {}
        }
        lock(&self.health).observe(event, now);
    }

    /// Tells whoever studies this feed.
    pub(super) fn tell(&self, heard: impl FnOnce() -> Heard) {
        if let Some(tap) = &self.ears.tap {
            tap.tell(heard());
        }
    }

    /// The camera has told the time of its clock.
    pub(super) fn tell_clock(&self, reading: ClockReading) {
        if let Some(sink) = &self.ears.sink {
            sink.clock(self.id(), reading);
        }
        self.tell(|| Heard::Clock(reading));
    }

    /// Whether somebody records its sound.
    pub(super) fn wants_sound(&self) -> bool {
        self.ears.sink.as_ref().is_some_and(|sink| sink.wants_sound(self.id()))
    }

    /// Hands a packet of sound to whoever records.
    pub(super) fn deliver_sound(&self, unit: &SoundUnit) {
        if let Some(sink) = &self.ears.sink {
            sink.sound(self.id(), unit);
        }
    }

    /// Hands a unit to every consumer. Never waits: a consumer that is too slow loses units.
    pub(super) fn deliver(&self, unit: AccessUnit) {
        // Before anything is judged: a recording has what came, as it came.
        if let Some(sink) = &self.ears.sink {
            sink.offer(self.id(), &unit);
        }
        let too_large = unit.data.len() > MOST_UNIT_BYTES;
        self.counters.units.fetch_add(1, Ordering::Relaxed);
        self.counters.bytes.fetch_add(unit.data.len() as u64, Ordering::Relaxed);
        {
            let mut health = lock(&self.health);
            let told = Unit {
                bytes: unit.data.len(),
                is_key: unit.is_key && !too_large,
                after_loss: unit.after_loss,
            };
            health.observe(Event::Unit(told), unit.arrived_at);
            if too_large {
                // Until a picture comes out of another one.
                health.observe(Event::DecodeFailed(Trouble::Undecodable), unit.arrived_at);
            }
        }
        self.tell(|| Heard::Unit(unit.clone()));
        let mut fanout = lock(&self.fanout);
        if too_large {
            // It counts as having arrived, and as damaged; what leans on it is left out.
            self.counters.damaged.fetch_add(1, Ordering::Relaxed);
            fanout.gop.lose();
            fanout.decoder_lost = true;
            return;
        }
        fanout.gop.push(&unit);
        if unit.is_key {
            lock(&self.looks).waiting.get_or_insert(unit.arrived_at);
        }
        if fanout.decoder_lost && !unit.is_key {
            self.counters.skipped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let Some(decoder) = &fanout.decoder else { return };
        match decoder.try_send(unit) {
            Ok(()) => fanout.decoder_lost = false,
            Err(TrySendError::Full(_)) => {
                fanout.decoder_lost = true;
                self.counters.skipped.fetch_add(1, Ordering::Relaxed);
            }
            Err(TrySendError::Disconnected(_)) => fanout.decoder = None,
        }
    }

    /// Connects a decoder: it gets what is cached and then every unit, without a hole in between.
    pub(super) fn join(&self) -> Join {
        let mut fanout = lock(&self.fanout);
        let cached = fanout.gop.units();
        let (to_decoder, units) = crossbeam_channel::bounded(cached.len() + DECODE_QUEUE);
        // Room for all of them has just been made.
        let cached = cached.iter().filter(|u| to_decoder.try_send((*u).clone()).is_ok()).count();
        // After a hole in the cached run there is nothing to go on with until the next keyframe.
        fanout.decoder_lost = !fanout.gop.is_open();
        fanout.decoder = Some(to_decoder);
        let number = self.next_join();
        // Until the decoder has worked its way up to the newest picture, what was last seen. Its
        // time of arrival says how old it is, and it is not counted as the decoder's.
        if let Some(small) = self.thumbnail() {
            self.mailbox.publish(small.again());
        }
        Join { number, units, cached }
    }

    /// The newest small picture of this feed; its `arrived_at` says how old it is. One is made every
    /// few seconds, whether or not the feed is on screen.
    pub fn thumbnail(&self) -> Option<Arc<VideoFrame>> {
        lock(&self.looks).small.clone()
    }

    /// Whether nobody has looked at its picture for `every`.
    pub(super) fn wants_look(&self, every: Duration) -> bool {
        let now = self.clock.mono();
        lock(&self.looks).last.is_none_or(|last| now.since(last) >= every)
    }

    /// Arrival of the newest picture that was looked at.
    pub(super) fn newest_look(&self) -> Option<Mono> {
        lock(&self.looks).newest
    }

    /// The sampler has looked, and no picture came of it.
    pub(super) fn looked_in_vain(&self) {
        lock(&self.looks).waiting = None;
    }

    /// Since when a feed that plays has had a keyframe that nobody has looked at, in vain or not.
    /// One that brings no keyframes has nothing that could be looked at: what that means is
    /// `health`'s to say, and no look is late for it.
    pub(super) fn unseen_since(&self) -> Option<Mono> {
        lock(&self.looks).waiting.filter(|_| self.is_playing())
    }

    /// This was held of its picture by an earlier run of the program.
    pub fn remember(&self, suspicion: Suspicion) {
        lock(&self.health).remember(suspicion);
    }

    /// Whether its picture should be looked at more often than others', and when the first unit of
    /// its present session arrived.
    pub(super) fn standing(&self) -> (bool, Option<Mono>) {
        let health = lock(&self.health);
        (health.is_suspect(), health.first_in_session())
    }

    /// Watches a decoded picture. `is_key`: it was decoded from a keyframe.
    pub(super) fn looked(&self, frame: &VideoFrame, is_key: bool) {
        // The costly part is done without a lock: units go on arriving.
        let luma = Arc::new(frame.luma(LUMA_WIDTH, LUMA_HEIGHT));
        let (at, arrived_at) = (self.clock.mono(), frame.arrived_at);
        let aged = |small: &Arc<VideoFrame>| arrived_at.since(small.arrived_at) >= SMALL_EVERY;
        let small = self.thumbnail().as_ref().is_none_or(aged).then(|| Arc::new(frame.small()));
        lock(&self.health).sample(Sample { at, arrived_at, is_key, luma });
        let mut looks = lock(&self.looks);
        looks.last = Some(at);
        looks.newest = looks.newest.max(Some(arrived_at));
        looks.waiting = looks.waiting.filter(|first| *first > arrived_at);
        if small.is_some() {
            looks.small = small;
        }
    }

    /// Arrival of the newest keyframe.
    pub(super) fn newest_key(&self) -> Option<Mono> {
        lock(&self.fanout).gop.units().first().map(|key| key.arrived_at)
    }

    /// The newest keyframe and what came after it, `most` units in all at most.
    pub(super) fn newest_run(&self, most: usize) -> Run {
        let fanout = lock(&self.fanout);
        let units = fanout.gop.units();
        Run { units: units.iter().take(most).cloned().collect(), count: units.len() }
    }

    /// Hears what people ask from now on.
    pub(super) fn calls(&self) -> watch::Receiver<Calls> {
        self.calls.subscribe()
    }

    /// A person asks to try again now.
    pub(super) fn call_retry(&self) {
        self.sound.forgive();
        self.calls.send_modify(|calls| calls.retries += 1);
    }

    /// Whether it is on screen.
    pub(super) fn is_on_screen(&self) -> bool {
        self.on_screen.load(Ordering::Relaxed)
    }

    /// The feed has left the screen.
    pub(super) fn call_hidden(&self) {
        self.on_screen.store(false, Ordering::Relaxed);
    }

    /// The feed has come on screen.
    pub(super) fn call_shown(&self) {
        self.on_screen.store(true, Ordering::Relaxed);
        self.calls.send_modify(|calls| calls.shown += 1);
    }

    /// When the last unit of the present session arrived.
    pub(super) fn last_in_session(&self) -> Option<Mono> {
        lock(&self.health).last_in_session()
    }

    /// How long the feed may be silent.
    pub(super) fn patience(&self) -> Duration {
        lock(&self.health).patience()
    }

    /// Disconnects the decoder, which ends after the unit in hand.
    pub(super) fn leave(&self) {
        {
            let mut fanout = lock(&self.fanout);
            fanout.decoder = None;
            // Nobody misses what nobody looks at.
            fanout.decoder_lost = false;
        }
        self.next_join();
        self.observe(Event::DecodeStopped);
    }
}
