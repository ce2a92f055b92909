//! When a picture is due that could have been had sooner.
//!
//! A file gives all of itself at once, and HLS a segment of some seconds at a time. Read like that,
//! a feed would be silent for seconds and then bring a hundred pictures, and nobody could tell a
//! live one from a dead one. So such a source is read at the pace of its own time stamps. Who is
//! late once is late from then on: the delay grows to what the worst gap between two segments needs
//! and stays there. Pure arithmetic; the caller waits.

use std::time::Duration;

use crate::clock::Mono;

/// Time stamps that go on from one picture to the next by more than this, or back, are another
/// timeline: a file that begins again, a server that was restarted, segments that were missed.
const JUMP: Duration = Duration::from_secs(10);

/// A source's timeline laid over ours.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// A moment of ours and the source's time then, in 1/90000 s.
    anchor: Option<(Mono, i64)>,
    last: i64,
}

impl Pace {
    /// When the picture with the decoding time `at` (1/90000 s) is due; never before `now`, and
    /// never later than ten seconds after it.
    pub(super) fn due(&mut self, at: Option<i64>, now: Mono) -> Mono {
        let Some(at) = at else { return now };
        let step = at.checked_sub(self.last).and_then(|step| u64::try_from(step).ok());
        let goes_on = step.is_some_and(|step| span(step) <= JUMP);
        self.last = at;
        let due = self.anchor.filter(|_| goes_on).and_then(|(moment, then)| {
            let due = moment + span(u64::try_from(at.checked_sub(then)?).ok()?);
            (now..=now + JUMP).contains(&due).then_some(due)
        });
        if due.is_none() {
            self.anchor = Some((now, at));
        }
        due.unwrap_or(now)
    }
}

fn span(ticks: u64) -> Duration {
    Duration::from_micros(ticks.saturating_mul(100) / 9)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ms(ms: i64) -> Mono {
        Mono::from_micros(ms * 1000)
    }

    /// The moments at which pictures 100 ms apart are due, when they can be had at `had_ms`.
    fn due(had_ms: &[i64]) -> Vec<i64> {
        let mut pace = Pace::default();
        let mut free = 0;
        let due = had_ms.iter().zip(0..).map(|(had, n)| {
            free = pace.due(Some(n * 9000), ms(free.max(*had))).as_micros() / 1000;
            free
        });
        due.collect()
    }

    #[test]
    fn segments_become_a_steady_stream() {
        assert_eq!(due(&[0; 5]), [0, 100, 200, 300, 400]);
        // The second segment comes 250 ms late; from then on there is that much in hand.
        assert_eq!(due(&[0, 0, 450, 450, 650, 650]), [0, 100, 450, 550, 650, 750]);
        assert_eq!(due(&[0, 0, 450, 450, 600, 600]), [0, 100, 450, 550, 650, 750]);
    }

    #[test]
    fn another_timeline_begins_at_once() {
        let mut pace = Pace::default();
        assert_eq!(pace.due(Some(0), ms(0)), ms(0));
        assert_eq!(pace.due(Some(90_000), ms(0)), ms(1000));
        assert_eq!(pace.due(Some(0), ms(1000)), ms(1000), "the file begins again");
        assert_eq!(pace.due(Some(9000), ms(1000)), ms(1100));
        assert_eq!(pace.due(Some(i64::MAX), ms(1100)), ms(1100));
        assert_eq!(pace.due(Some(i64::MIN), ms(1100)), ms(1100));
        assert_eq!(pace.due(None, ms(1200)), ms(1200));
    }

    proptest! {
        #[test]
        fn nothing_stalls_it(steps in prop::collection::vec((any::<i64>(), 0i64..20_000), 0..50)) {
            let mut pace = Pace::default();
            let mut now = 0;
            for (at, pause) in steps {
                now += pause;
                let due = pace.due(Some(at), ms(now));
                prop_assert!(due >= ms(now) && due.since(ms(now)) <= JUMP);
            }
        }
    }
}
