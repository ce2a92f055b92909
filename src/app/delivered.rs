//! What every standing feed has brought, minute by minute, since the program began.
//!
//! In memory only, and bounded: a day of minutes of [`FeedMinute`], 11.5 MB for 1000 feeds.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::clock::{Mono, WallTime};
use crate::ingest::{Feed, Ingest};
use crate::model::{Station, StationId, StationList};
use crate::ui::Delivered;

const MINUTE: Duration = Duration::from_secs(60);

/// So many minutes are kept.
const KEPT: usize = 24 * 60;

/// One feed's minute.
#[derive(Clone, Copy, Debug, Default)]
struct FeedMinute {
    units: u32,
    bytes: u32,
}

/// A minute as it was: a look that comes late makes it longer.
#[derive(Clone, Copy, Debug)]
struct Minute {
    at: WallTime,
    lasted: Duration,
}

#[derive(Default)]
struct Log {
    /// Whose counters `units` and `bytes` are: a feed that was replaced counts from nought.
    feed: Weak<Feed>,
    units: u64,
    bytes: u64,
    /// As long as [`DeliveredLog::minutes`], or shorter where the feed is younger.
    minutes: VecDeque<FeedMinute>,
}

impl Log {
    fn push(&mut self, units: u64, bytes: u64) {
        let least = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        self.minutes.push_back(FeedMinute { units: least(units), bytes: least(bytes) });
        if self.minutes.len() > KEPT {
            self.minutes.pop_front();
        }
    }
}

/// Counts what comes.
pub(super) struct DeliveredLog {
    began: (Mono, WallTime),
    minutes: VecDeque<Minute>,
    logs: HashMap<StationId, Log>,
}

impl DeliveredLog {
    pub(super) fn new(now: Mono, wall: WallTime) -> Self {
        Self { began: (now, wall), minutes: VecDeque::new(), logs: HashMap::new() }
    }

    /// Takes the counters once a minute; else does nothing.
    pub(super) fn look(&mut self, now: Mono, wall: WallTime, list: &StationList, ingest: &Ingest) {
        if self.is_due(now) {
            let standing = |feed: &Arc<Feed>| {
                let id = feed.id();
                list.station(id.station).map(Station::standing_feed) == Some(id.kind)
            };
            self.take(now, wall, ingest.feeds().into_iter().filter(standing));
        }
    }

    fn is_due(&self, now: Mono) -> bool {
        now.since(self.began.0) >= MINUTE
    }

    fn take(&mut self, now: Mono, wall: WallTime, feeds: impl Iterator<Item = Arc<Feed>>) {
        let counted = feeds.map(|feed| {
            let of = |n: &std::sync::atomic::AtomicU64| n.load(Ordering::Relaxed);
            let (units, bytes) = (of(&feed.counters.units), of(&feed.counters.bytes));
            (feed.id().station, Arc::downgrade(&feed), units, bytes)
        });
        self.count(now, wall, counted);
    }

    fn count(
        &mut self,
        now: Mono,
        wall: WallTime,
        feeds: impl Iterator<Item = (StationId, Weak<Feed>, u64, u64)>,
    ) {
        let (began, at) = std::mem::replace(&mut self.began, (now, wall));
        self.minutes.push_back(Minute { at, lasted: now.since(began) });
        if self.minutes.len() > KEPT {
            self.minutes.pop_front();
        }
        let mut logs = std::mem::take(&mut self.logs);
        for (station, feed, units, bytes) in feeds {
            let mut log = logs.remove(&station).unwrap_or_default();
            let same = Weak::ptr_eq(&log.feed, &feed);
            let (before, bytes_before) = if same { (log.units, log.bytes) } else { (0, 0) };
            log.push(units.saturating_sub(before), bytes.saturating_sub(bytes_before));
            (log.feed, log.units, log.bytes) = (feed, units, bytes);
            self.logs.insert(station, log);
        }
        // What is left was not received: its day goes on without it, while it is remembered.
        for (station, mut log) in logs {
            log.push(0, 0);
            if log.minutes.iter().any(|minute| minute.units > 0) {
                self.logs.insert(station, log);
            }
        }
    }

    /// A station's minutes, in order; those that brought nothing are left out.
    pub(super) fn of(&self, station: StationId) -> Vec<Delivered> {
        let Some(log) = self.logs.get(&station) else { return Vec::new() };
        let younger = self.minutes.len().saturating_sub(log.minutes.len());
        let minutes = self.minutes.iter().skip(younger).zip(&log.minutes);
        let brought = minutes.filter(|(_, brought)| brought.units > 0);
        let rate = |(minute, brought): (&Minute, &FeedMinute)| {
            let seconds = minute.lasted.as_secs_f64().max(1e-3);
            Delivered {
                at: minute.at,
                frames_per_s: (f64::from(brought.units) / seconds) as f32,
                bits_per_s: (f64::from(brought.bytes) * 8.0 / seconds) as f32,
            }
        };
        brought.map(rate).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_counted_and_an_empty_one_is_missing() {
        let station = StationId::new(57, 12);
        let other = StationId::new(57, 13);
        let minute =
            |n: i64| (Mono::from_micros(n * 60_000_000), WallTime::from_micros(n * 60_000_000));
        let mut log = DeliveredLog::new(minute(0).0, minute(0).1);
        assert!(!log.is_due(Mono::from_micros(59_999_999)) && log.is_due(minute(1).0));
        let counts = [(900, 7_500_000), (900, 7_500_000), (1800, 15_000_000)];
        for (n, (units, bytes)) in (1..).zip(counts) {
            let (now, wall) = minute(n);
            // The other one is young: it is on the list from the third minute on.
            let young = (n == 3).then(|| (other, Weak::new(), 60, 60));
            let feeds = [(station, Weak::new(), units, bytes)].into_iter().chain(young);
            log.count(now, wall, feeds);
        }
        let found = log.of(station);
        let at: Vec<_> = found.iter().map(|d| d.at.as_micros() / 60_000_000).collect();
        assert_eq!(at, [0, 2], "the second minute brought nothing");
        assert!((found[1].frames_per_s - 15.0).abs() < 1e-3);
        assert!((found[1].bits_per_s - 1e6).abs() < 1.0);
        assert_eq!(log.of(other).iter().map(|d| d.at).collect::<Vec<_>>(), [minute(2).1]);
    }

    #[test]
    fn no_more_than_a_day_is_kept() {
        let station = StationId::new(1, 1);
        let mut log = DeliveredLog::new(Mono::default(), WallTime::default());
        for n in 1..=1500_i64 {
            let us = n * 60_000_000;
            let count = (station, Weak::new(), n as u64 * 600, n as u64);
            log.count(Mono::from_micros(us), WallTime::from_micros(us), std::iter::once(count));
        }
        let found = log.of(station);
        assert_eq!((found.len(), found[0].at.as_micros()), (KEPT, 60 * 60_000_000));
    }
}
