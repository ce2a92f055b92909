//! When the watchdog is told that all is well.

use std::time::Duration;

use crate::clock::Mono;
use crate::health::limits::PULSE_LATE;

/// Several pings fit into the watchdog's span: one that comes late, or not at all because the
/// receiving side was late at that moment, is no reason to be killed.
const PINGS_IN_SPAN: u32 = 3;

/// Asked after each look of the loop; a loop that is stuck does not ask, and nobody else pings.
#[derive(Debug)]
pub(super) struct Pings {
    every: Option<Duration>,
    last: Option<Mono>,
}

impl Pings {
    /// `span`: how long the watchdog waits; `None` where there is none.
    pub(super) fn new(span: Option<Duration>) -> Self {
        Self { every: span.map(|span| span / PINGS_IN_SPAN), last: None }
    }

    /// Whether to ping now. `beat`: when the receiving side last proved that it gets to run; while
    /// that is late, the loop may turn and nothing is watched all the same.
    pub(super) fn due(&mut self, now: Mono, beat: Mono) -> bool {
        let Some(every) = self.every else { return false };
        let waited = self.last.is_none_or(|last| now.since(last) >= every);
        let receives = now.since(beat) <= PULSE_LATE;
        let due = waited && receives;
        if due {
            self.last = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Mono {
        Mono::from_micros(ms * 1000)
    }

    /// The moments, in milliseconds, at which a loop pings that looks every 250 ms for half a
    /// minute, while the receiving side beats as `beat` says.
    fn pings(span_s: u64, beat: impl Fn(i64) -> i64) -> Vec<i64> {
        let mut pings = Pings::new(Some(Duration::from_secs(span_s)));
        (0..120).map(|n| n * 250).filter(|ms| pings.due(at(*ms), at(beat(*ms)))).collect()
    }

    #[test]
    fn a_healthy_loop_pings_three_times_a_span() {
        assert_eq!(pings(30, |now| now), [0, 10_000, 20_000]);
        assert_eq!(pings(9, |now| now - 100).len(), 10);
    }

    #[test]
    fn a_receiving_side_that_stands_still_stops_the_pings_although_the_loop_turns() {
        let stuck = pings(3, |now| now.min(5000));
        assert_eq!(stuck, [0, 1000, 2000, 3000, 4000, 5000, 6000]);
    }

    #[test]
    fn one_late_beat_costs_a_moment_and_no_ping() {
        let late = |now: i64| if (9000..10_500).contains(&now) { 8000 } else { now };
        assert_eq!(pings(30, late), [0, 10_500, 20_500]);
    }

    #[test]
    fn without_a_watchdog_nobody_pings() {
        let mut pings = Pings::new(None);
        assert!(!pings.due(at(0), at(0)) && !pings.due(at(3_600_000), at(3_600_000)));
    }
}
