//! One feed: where its access units come in and where they go.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crossbeam_channel::{Receiver, Sender, TrySendError};

use super::gop::GopCache;
use crate::clock::{Clock, Mono, lock};
use crate::config::secrets::FeedSource;
use crate::frame::{Mailbox, Published, VideoFrame};
use crate::health::{Assessment, Event, FeedHealth, Pulse};
use crate::media::AccessUnit;
use crate::model::FeedId;

/// How many units may wait for a feed's decoder beside those it joined with: about four seconds
/// at 60 frames/s.
const DECODE_QUEUE: usize = 256;

/// What happened to a feed's units, counted since it was added.
#[derive(Debug, Default)]
pub struct Counters {
    /// Access units received.
    pub received: AtomicU64,
    /// Pictures handed to the screen.
    pub shown: AtomicU64,
    /// Pictures thrown away unseen because a newer one was there before anybody looked.
    pub replaced: AtomicU64,
    /// Units that the decoder never saw because it was too far behind.
    pub skipped: AtomicU64,
    /// Units that could not be decoded.
    pub damaged: AtomicU64,
    /// Sessions and attempts that ended.
    pub losses: AtomicU64,
}

/// What a decoder gets: units, the first a keyframe.
pub(super) struct Join {
    pub(super) units: Receiver<AccessUnit>,
    /// So many of the first units come from the cache: their pictures are older than now, so
    /// only the last one is worth showing.
    pub(super) cached: usize,
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
    clock: Arc<dyn Clock>,
    health: Mutex<FeedHealth>,
    fanout: Mutex<Fanout>,
    /// Arrival of the newest picture that went into the mailbox.
    published: Mutex<Option<Mono>>,
}

impl Feed {
    pub(super) fn new(source: FeedSource, clock: Arc<dyn Clock>, gop_bytes: usize) -> Arc<Self> {
        let health = FeedHealth::new(clock.mono());
        Arc::new(Self {
            source,
            mailbox: Arc::default(),
            counters: Counters::default(),
            clock,
            health: Mutex::new(health),
            published: Mutex::default(),
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

    /// When the access unit of the newest decoded picture arrived. A screen that shows an older
    /// one is late itself.
    pub fn newest_picture(&self) -> Option<Mono> {
        *lock(&self.published)
    }

    /// Hands a picture to the screen.
    pub(super) fn publish(&self, frame: VideoFrame) -> Published {
        *lock(&self.published) = Some(frame.arrived_at);
        self.counters.shown.fetch_add(1, Ordering::Relaxed);
        self.mailbox.publish(frame)
    }

    pub(super) fn observe(&self, event: Event) {
        lock(&self.health).observe(event, self.clock.mono());
    }

    /// Hands a unit to every consumer. Never waits: a consumer that is too slow loses units.
    pub(super) fn deliver(&self, unit: AccessUnit) {
        self.counters.received.fetch_add(1, Ordering::Relaxed);
        lock(&self.health).observe(Event::Unit, unit.arrived_at);
        let mut fanout = lock(&self.fanout);
        fanout.gop.push(&unit);
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
        fanout.decoder_lost = false;
        fanout.decoder = Some(to_decoder);
        // Whoever looks now has not seen what was decoded for somebody before.
        *lock(&self.published) = None;
        Join { units, cached }
    }

    /// Disconnects the decoder, which ends when it has worked off its queue.
    pub(super) fn leave(&self) {
        lock(&self.fanout).decoder = None;
        self.observe(Event::DecodeStopped);
    }
}
