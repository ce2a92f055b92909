//! How much may be said in the log: a thousand feeds that fall together are one event, and must
//! neither push everything else out of the log nor keep the disk busy.
//!
//! What is left out is counted, and the count is logged.

use std::sync::Mutex;
use std::time::Duration;

use crate::clock::{Clock, Mono, lock};

/// Lines that may be written at once; as many again become free in [`REFILL`].
const LINES: u32 = 100;

/// Ten lines a second in the long run: a day of the worst trouble fills the log's files in hours,
/// not in minutes, and a country's restart still shows its first hundred feeds.
const REFILL: Duration = Duration::from_secs(10);

#[derive(Debug)]
struct Budget {
    /// Lines that may be written now, as of `counted_at`.
    left: f64,
    counted_at: Mono,
    left_out: u64,
}

/// The budget of all feeds together.
#[derive(Debug)]
pub(super) struct LogBudget(Mutex<Budget>);

impl LogBudget {
    pub(super) fn new(clock: &dyn Clock) -> Self {
        let (left, counted_at) = (f64::from(LINES), clock.mono());
        Self(Mutex::new(Budget { left, counted_at, left_out: 0 }))
    }

    /// Whether a line may be written; counts it if not.
    pub(super) fn spend(&self, now: Mono) -> bool {
        let mut budget = lock(&self.0);
        let refill = now.since(budget.counted_at).as_secs_f64() / REFILL.as_secs_f64();
        budget.left = (budget.left + refill * f64::from(LINES)).min(f64::from(LINES));
        budget.counted_at = now;
        let affordable = budget.left >= 1.0;
        if affordable {
            budget.left -= 1.0;
        } else {
            budget.left_out += 1;
        }
        affordable
    }

    /// How many lines were left out since the last time this was asked.
    pub(super) fn take_left_out(&self) -> u64 {
        std::mem::take(&mut lock(&self.0).left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{FakeClock, WallTime};

    #[test]
    fn an_outage_of_a_thousand_feeds_is_a_hundred_lines_and_a_number() {
        let clock = FakeClock::at(WallTime::from_micros(0));
        let budget = LogBudget::new(&clock);
        let said = |lines: u32| (0..lines).filter(|_| budget.spend(clock.mono())).count();
        assert_eq!(said(3000), 100);
        assert_eq!(budget.take_left_out(), 2900);
        assert_eq!(budget.take_left_out(), 0);
        clock.advance(Duration::from_secs(1));
        assert_eq!(said(50), 10);
        clock.advance(Duration::from_secs(3600));
        assert_eq!(said(1000), 100, "a calm hour saves no more than that");
    }
}
