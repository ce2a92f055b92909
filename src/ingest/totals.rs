//! The sums of all feeds' counters, for reports and figures: they only ever grow, also when feeds
//! are taken off the list.

use std::ops::AddAssign;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::feed::Counters;

/// Where the steps of a [`Spread`] end, in milliseconds: from a picture's usual way to the screen
/// up to where nobody would call it live any more.
pub const SPREAD_MS: [u64; 9] = [10, 25, 50, 100, 250, 500, 1000, 2500, 10_000];

/// How a span of time was distributed, counted by any number of threads.
#[derive(Debug, Default)]
pub struct Spread {
    /// The last one is for all that is longer.
    steps: [AtomicU64; SPREAD_MS.len() + 1],
    sum_us: AtomicU64,
}

impl Spread {
    /// Counts one more.
    pub(super) fn count(&self, span: Duration) {
        let step = SPREAD_MS.iter().position(|ms| span <= Duration::from_millis(*ms));
        self.steps[step.unwrap_or(SPREAD_MS.len())].fetch_add(1, Ordering::Relaxed);
        let us = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    fn read(&self) -> SpreadSum {
        SpreadSum {
            steps: self.steps.each_ref().map(|step| step.load(Ordering::Relaxed)),
            sum_us: self.sum_us.load(Ordering::Relaxed),
        }
    }
}

/// What a [`Spread`] has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpreadSum {
    /// How many ended in each step, not in those before; the last one has no end.
    pub steps: [u64; SPREAD_MS.len() + 1],
    /// All spans together, in microseconds.
    pub sum_us: u64,
}

impl AddAssign for SpreadSum {
    fn add_assign(&mut self, more: Self) {
        for (step, more) in self.steps.iter_mut().zip(more.steps) {
            *step += more;
        }
        self.sum_us = self.sum_us.saturating_add(more.sum_us);
    }
}

/// What became of all feeds' sessions and pictures since receiving began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Access units that arrived.
    pub units: u64,
    /// Sessions that began to play.
    pub starts: u64,
    /// Sessions and attempts that ended.
    pub losses: u64,
    /// Pictures decoded for the screen.
    pub decoded: u64,
    /// Pictures that a newer one replaced before they were painted.
    pub replaced: u64,
    /// Units that a decoder never saw: it was too far behind, or no keyframe had come yet.
    pub skipped: u64,
    /// Units that could not be decoded.
    pub damaged: u64,
    /// From a unit's arrival until its picture was there to be painted.
    pub decode_lateness: SpreadSum,
}

impl AddAssign for Totals {
    fn add_assign(&mut self, more: Self) {
        self.units += more.units;
        self.starts += more.starts;
        self.losses += more.losses;
        self.decoded += more.decoded;
        self.replaced += more.replaced;
        self.skipped += more.skipped;
        self.damaged += more.damaged;
        self.decode_lateness += more.decode_lateness;
    }
}

impl Counters {
    /// One feed's share of the sums.
    pub fn read(&self) -> Totals {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Totals {
            units: of(&self.units),
            starts: of(&self.starts),
            losses: of(&self.losses),
            decoded: of(&self.decoded),
            replaced: of(&self.replaced),
            skipped: of(&self.skipped),
            damaged: of(&self.damaged),
            decode_lateness: self.decode_lateness.read(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_fall_into_the_step_that_they_do_not_exceed() {
        let spread = Spread::default();
        for ms in [0, 10, 11, 1000, 60_000] {
            spread.count(Duration::from_millis(ms));
        }
        let read = spread.read();
        assert_eq!(read.steps, [2, 1, 0, 0, 0, 0, 1, 0, 0, 1]);
        assert_eq!(read.sum_us, 61_021_000);
    }

    #[test]
    fn sums_add_up() {
        let counters = Counters::default();
        counters.units.store(7, Ordering::Relaxed);
        counters.decode_lateness.count(Duration::from_millis(20));
        let mut sum = counters.read();
        sum += counters.read();
        assert_eq!((sum.units, sum.decode_lateness.steps[1]), (14, 2));
        assert_eq!(sum.decode_lateness.sum_us, 40_000);
    }
}
