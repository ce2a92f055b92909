//! Where units wait for the writer of a volume: bounded in bytes and in number, never waited for.
//!
//! What has been handed on is counted until it is written, so that the bound holds for all that the
//! recorder keeps. A feed that finds no room gets none until its next keyframe: what leans on a lost
//! unit is worth nothing, and one hole is better than many.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::segment::Ended;
use crate::clock::{Mono, lock};
use crate::media::AccessUnit;
use crate::media::sound::SoundUnit;
use crate::model::FeedId;

/// Units that may wait at most: ten seconds of 1000 feeds at 25 pictures a second.
const MOST_ITEMS: usize = 1 << 18;

/// What a unit takes beside its bytes.
const OVERHEAD: usize = 256;

/// Units of a feed that found no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// Arrival of the first.
    pub(super) from: Mono,
    /// Arrival of the first that found room again, or the moment it is told.
    pub(super) to: Mono,
    pub(super) units: u64,
    pub(super) bytes: u64,
}

/// What the writer is given, in order.
#[derive(Debug)]
pub(super) enum Item {
    /// A unit, and what was lost before it.
    Unit(FeedId, AccessUnit, Option<Lost>),
    /// A packet of sound.
    Sound(FeedId, SoundUnit),
    /// The feed is not recorded any more.
    End(FeedId, Ended),
}

#[derive(Default)]
struct Inner {
    items: VecDeque<Item>,
    /// Of all units that were handed in and are not written yet.
    bytes: usize,
    lost: HashMap<FeedId, Lost>,
    dropped: u64,
    urgent: bool,
    closed: bool,
}

/// Filled by receiving, emptied by one writer.
pub(super) struct Queue {
    inner: Mutex<Inner>,
    bell: Condvar,
    budget: usize,
}

/// What a unit counts for.
pub(super) fn cost(unit: &AccessUnit) -> usize {
    unit.data.len() + OVERHEAD
}

/// What a packet of sound counts for.
pub(super) fn cost_of_sound(unit: &SoundUnit) -> usize {
    unit.data.len() + OVERHEAD
}

impl Queue {
    pub(super) fn new(budget: usize) -> Self {
        Self { inner: Mutex::default(), bell: Condvar::new(), budget }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }

    /// Takes a unit, or counts it as lost.
    pub(super) fn offer(&self, feed: FeedId, unit: &AccessUnit) {
        let mut inner = self.lock();
        if inner.closed {
            return;
        }
        let fits = inner.bytes.saturating_add(cost(unit)) <= self.budget
            && inner.items.len() < MOST_ITEMS
            && (unit.is_key || !inner.lost.contains_key(&feed));
        if !fits {
            let at = unit.arrived_at;
            let new = Lost { from: at, to: at, units: 0, bytes: 0 };
            let lost = inner.lost.entry(feed).or_insert(new);
            lost.units += 1;
            lost.bytes += unit.data.len() as u64;
            inner.dropped += 1;
            return;
        }
        let lost = inner.lost.remove(&feed).map(|lost| Lost { to: unit.arrived_at, ..lost });
        inner.bytes += cost(unit);
        inner.items.push_back(Item::Unit(feed, unit.clone(), lost));
        // The writer looks by itself often enough; only a queue that fills up calls it.
        if inner.bytes > self.budget / 4 && !inner.urgent {
            inner.urgent = true;
            self.bell.notify_one();
        }
    }

    /// Takes a packet of sound. One that finds no room is let go: that pictures found none is told.
    pub(super) fn offer_sound(&self, feed: FeedId, unit: &SoundUnit) {
        let mut inner = self.lock();
        let fits = inner.bytes.saturating_add(cost_of_sound(unit)) <= self.budget
            && inner.items.len() < MOST_ITEMS
            && !inner.lost.contains_key(&feed);
        if fits && !inner.closed {
            inner.bytes += cost_of_sound(unit);
            inner.items.push_back(Item::Sound(feed, unit.clone()));
        }
    }

    /// Ends a feed after what waits of it.
    pub(super) fn end(&self, feed: FeedId, ended: Ended) {
        self.lock().items.push_back(Item::End(feed, ended));
    }

    /// Nothing is taken any more; the writer is woken.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.bell.notify_all();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// All that waits, in order, after `wait` or when the queue fills up; and whether it is closed.
    pub(super) fn take(&self, wait: Duration) -> (VecDeque<Item>, bool) {
        let mut inner = self.lock();
        if !inner.urgent && !inner.closed {
            let waited = self.bell.wait_timeout_while(inner, wait, |i| !i.urgent && !i.closed);
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        inner.urgent = false;
        (std::mem::take(&mut inner.items), inner.closed)
    }

    /// So much of what was taken is written or given up.
    pub(super) fn release(&self, bytes: usize) {
        let mut inner = self.lock();
        inner.bytes = inner.bytes.saturating_sub(bytes);
    }

    /// Bytes that wait, and units that found no room so far.
    pub(super) fn level(&self) -> (usize, u64) {
        let inner = self.lock();
        (inner.bytes, inner.dropped)
    }

    /// What is being lost right now, told up to `now`; the rest is told later.
    pub(super) fn still_lost(&self, now: Mono, older_than: Duration) -> Vec<(FeedId, Lost)> {
        let mut inner = self.lock();
        let mut told = Vec::new();
        for (feed, lost) in &mut inner.lost {
            if now.since(lost.from) >= older_than && lost.units > 0 {
                told.push((*feed, Lost { to: now, ..*lost }));
                *lost = Lost { from: now, to: now, units: 0, bytes: 0 };
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::WallTime;
    use crate::media::{Codec, StreamParams};
    use crate::model::{FeedKind, StationId};

    fn feed(station: u32) -> FeedId {
        FeedId { station: StationId::new(1, station), kind: FeedKind::Main }
    }

    fn unit(at: i64, is_key: bool, bytes: usize) -> AccessUnit {
        let params = StreamParams {
            codec: Codec::H264,
            extra_data: Vec::new(),
            width: 0,
            height: 0,
            sample_aspect: None,
        };
        AccessUnit {
            params: Arc::new(params),
            data: vec![0; bytes].into(),
            is_key,
            after_loss: false,
            pts: 0,
            arrived_at: Mono::from_micros(at),
            taken_at: WallTime::from_micros(at),
        }
    }

    #[test]
    fn who_finds_no_room_gets_none_until_the_next_keyframe() {
        let queue = Queue::new(3 * (1000 + OVERHEAD));
        queue.offer(feed(1), &unit(1, true, 1000));
        queue.offer(feed(2), &unit(2, true, 1000));
        queue.offer(feed(1), &unit(3, false, 1000));
        queue.offer(feed(1), &unit(4, false, 1000));
        assert_eq!(queue.level(), (3 * (1000 + OVERHEAD), 1));
        let (items, closed) = queue.take(Duration::ZERO);
        assert_eq!((items.len(), closed), (3, false));
        queue.offer(feed(2), &unit(5, false, 10));
        assert_eq!(queue.level().1, 2, "taken is not written");
        queue.release(3 * (1000 + OVERHEAD));
        queue.offer(feed(1), &unit(6, false, 10));
        queue.offer(feed(1), &unit(7, true, 10));
        queue.offer(feed(1), &unit(8, false, 10));
        let (items, _) = queue.take(Duration::ZERO);
        let lost: Vec<_> = items
            .iter()
            .map(|item| match item {
                Item::Unit(_, unit, lost) => (unit.arrived_at.as_micros(), *lost),
                Item::Sound(..) | Item::End(..) => panic!("only pictures came"),
            })
            .collect();
        let (from, to) = (Mono::from_micros(4), Mono::from_micros(7));
        assert_eq!(lost, [(7, Some(Lost { from, to, units: 2, bytes: 1010 })), (8, None)]);
        // The other feed has had no keyframe yet.
        let later = Mono::from_micros(100);
        let told = queue.still_lost(later, Duration::from_micros(50));
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].0, told[0].1.to, told[0].1.units), (feed(2), later, 1));
        assert_eq!(queue.still_lost(later, Duration::ZERO), [], "told once");
    }

    #[test]
    fn a_closed_queue_takes_nothing_and_waits_for_nothing() {
        let queue = Queue::new(10_000);
        queue.offer(feed(1), &unit(1, true, 10));
        queue.close();
        queue.offer(feed(1), &unit(2, true, 10));
        let (items, closed) = queue.take(Duration::from_secs(1000));
        assert_eq!((items.len(), closed), (1, true));
    }
}
