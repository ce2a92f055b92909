//! The recording's own civil time: the machine's clock, made never to go back.
//!
//! Segments are ordered by it, and a day is added up in it, so it must not repeat. When the clock is
//! set forward the timeline jumps with it (the hole is a gap with that cause). When it is set back
//! the timeline goes on, a little slower than time does, until the clock has come up to it; how far it
//! is ahead is written into every segment meanwhile, so that nothing of the true time is lost.
//! Pure; called by the recorder.

use std::time::Duration;

use super::limits::CLOCK_STEP_FROM;
use crate::clock::{Mono, WallTime};

/// Of each second on the way back to the clock, so many parts in [`PARTS`] are given up: a step of a
/// minute is worked off in ten minutes, and a picture still lasts nearly as long as it did.
const SLOWER: i64 = 1;
const PARTS: i64 = 10;

/// An earlier run that was further ahead than this had a clock that was plainly wrong. To go on from
/// there would carry its error through the whole day; its segments lie in days that are not ours.
const FLOOR_WITHIN: Duration = Duration::from_secs(12 * 3600);

/// The machine's clock was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// By how much, in microseconds; negative when it was set back.
    pub by_us: i64,
    /// What the timeline said just before.
    pub before: WallTime,
    /// What it says now; later than `before` only when the clock was set forward.
    pub after: WallTime,
}

/// Where an earlier run's timeline was when it was last heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// What it said.
    pub(super) utc: WallTime,
    /// How far it was ahead of the machine's clock.
    pub(super) ahead_us: i64,
    /// How long ago that is by the clock of the machine's start; `None` after another start.
    pub(super) passed: Option<Duration>,
}

/// After another start of a machine whose clock was set back meanwhile nobody knows how long it was
/// down. It is listed as this long: a gap, and not none.
const DOWN_AT_LEAST: Duration = Duration::from_secs(3);

impl Left {
    /// Where it would be now, when the machine's clock says `wall`, and by how much that was set while
    /// nobody looked, in microseconds.
    pub(super) fn now(&self, wall: WallTime) -> (WallTime, i64) {
        let by_clock_us = wall.as_micros() - (self.utc.as_micros() - self.ahead_us);
        let us = |d: Duration| i64::try_from(d.as_micros()).unwrap_or(i64::MAX);
        let (passed_us, set_by_us) = match self.passed {
            Some(passed) => (us(passed), by_clock_us.saturating_sub(us(passed))),
            // With nothing else to go by the clock is believed.
            None if by_clock_us >= 0 => (by_clock_us, 0),
            None => (us(DOWN_AT_LEAST), by_clock_us),
        };
        (WallTime::from_micros(self.utc.as_micros().saturating_add(passed_us)), set_by_us)
    }
}

/// Civil time that never goes back, against the monotonic clock.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The last moment it was held against the clock.
    at: Mono,
    /// What it said then.
    utc_us: i64,
    /// How far it was ahead of the clock then.
    ahead_us: i64,
}

impl Timeline {
    /// One that agrees with the clock now, or goes on from `not_before` (the newest moment that an
    /// earlier run has written down) if that is later, but by less than [`FLOOR_WITHIN`].
    pub fn new(mono: Mono, wall: WallTime, not_before: Option<WallTime>) -> Self {
        let near = |floor: &WallTime| *floor - FLOOR_WITHIN <= wall;
        let floor = not_before.filter(near).map_or(i64::MIN, WallTime::as_micros);
        let utc_us = wall.as_micros().max(floor);
        Self { at: mono, utc_us, ahead_us: utc_us.saturating_sub(wall.as_micros()) }
    }

    /// The one that said `utc` at `mono` and was so far ahead of the clock then.
    pub(super) const fn resumed(mono: Mono, utc: WallTime, ahead_us: i64) -> Self {
        Self { at: mono, utc_us: utc.as_micros(), ahead_us }
    }

    /// What it says at `mono`, which may lie before or after the last look at the clock.
    pub fn utc(&self, mono: Mono) -> WallTime {
        let passed = mono.as_micros().saturating_sub(self.at.as_micros());
        WallTime::from_micros(self.utc_us.saturating_add(passed - self.worked_off(passed)))
    }

    /// How far it is ahead of the machine's clock at `mono`, in microseconds.
    pub fn ahead_us(&self, mono: Mono) -> i64 {
        let passed = mono.as_micros().saturating_sub(self.at.as_micros());
        self.ahead_us - self.worked_off(passed)
    }

    /// Of what it is ahead, so much is worked off after `passed` microseconds; before the last look it
    /// was so much more, for what arrived then may be stamped only now.
    fn worked_off(&self, passed: i64) -> i64 {
        if self.ahead_us == 0 { 0 } else { (passed / PARTS * SLOWER).min(self.ahead_us) }
    }

    /// Holds it against the machine's clock. Call it every second or so; an older moment than the
    /// last one is ignored.
    pub fn observe(&mut self, mono: Mono, wall: WallTime) -> Option<Step> {
        if mono < self.at {
            return None;
        }
        let before = self.utc(mono);
        let expected = before.as_micros().saturating_sub(self.ahead_us(mono));
        let by_us = wall.as_micros().saturating_sub(expected);
        self.at = mono;
        self.utc_us = before.as_micros().max(wall.as_micros());
        self.ahead_us = self.utc_us.saturating_sub(wall.as_micros());
        let told = Duration::from_micros(by_us.unsigned_abs()) >= CLOCK_STEP_FROM;
        told.then(|| Step { by_us, before, after: WallTime::from_micros(self.utc_us) })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn at(us: i64) -> Mono {
        Mono::from_micros(us)
    }

    const SECOND: i64 = 1_000_000;
    /// Some day in 2024.
    const DAY: i64 = 1_707_264_000 * SECOND;

    fn wall(us: i64) -> WallTime {
        WallTime::from_micros(DAY + us)
    }

    #[test]
    fn without_a_step_it_is_the_clock() {
        let mut line = Timeline::new(at(0), wall(0), None);
        assert_eq!(line.observe(at(5 * SECOND), wall(5 * SECOND)), None);
        assert_eq!(line.utc(at(7 * SECOND)), wall(7 * SECOND));
        assert_eq!(line.ahead_us(at(7 * SECOND)), 0);
    }

    #[test]
    fn set_forward_it_jumps_and_tells_both_sides() {
        let mut line = Timeline::new(at(0), wall(0), None);
        let step = line.observe(at(SECOND), wall(61 * SECOND)).unwrap();
        assert_eq!(step.by_us, 60 * SECOND);
        assert_eq!((step.before, step.after), (wall(SECOND), wall(61 * SECOND)));
        assert_eq!(line.utc(at(2 * SECOND)), wall(62 * SECOND));
    }

    #[test]
    fn set_back_it_goes_on_more_slowly_until_the_clock_is_there() {
        let mut line = Timeline::new(at(0), wall(0), None);
        let step = line.observe(at(60 * SECOND), wall(0)).unwrap();
        assert_eq!(
            (step.by_us, step.before, step.after),
            (-60 * SECOND, step.after, wall(60 * SECOND))
        );
        // One minute later: 54 s further, and six less ahead.
        assert_eq!(line.utc(at(120 * SECOND)), wall(114 * SECOND));
        assert_eq!(line.ahead_us(at(120 * SECOND)), 54 * SECOND);
        assert_eq!(line.observe(at(120 * SECOND), wall(60 * SECOND)), None, "told once");
        assert_eq!(line.utc(at(110 * SECOND)), wall(105 * SECOND), "as it was before that look");
        assert_eq!(line.utc(at(660 * SECOND)), wall(600 * SECOND));
        assert_eq!(
            line.utc(at(670 * SECOND)),
            wall(610 * SECOND),
            "and then it is the clock again"
        );
    }

    #[test]
    fn it_goes_on_from_what_an_earlier_run_has_written() {
        let line = Timeline::new(at(0), wall(0), Some(wall(30 * SECOND)));
        assert_eq!(line.utc(at(0)), wall(30 * SECOND));
        assert_eq!(line.ahead_us(at(0)), 30 * SECOND);
        assert_eq!(line.utc(at(300 * SECOND)), wall(300 * SECOND));
        let absurd = wall(13 * 3600 * SECOND);
        assert_eq!(Timeline::new(at(0), wall(0), Some(absurd)).utc(at(0)), wall(0));
    }

    #[test]
    fn the_time_in_which_nothing_ran_is_as_long_as_it_was() {
        let left = |ahead: i64, passed: Option<u64>| Left {
            utc: wall(600 * SECOND),
            ahead_us: ahead * SECOND,
            passed: passed.map(Duration::from_secs),
        };
        // Its clock was set back by a minute before it ended, half a minute ago.
        let now = wall((600 - 60 + 30) * SECOND);
        assert_eq!(left(60, Some(30)).now(now), (wall(630 * SECOND), 0));
        assert_eq!(left(60, None).now(now), (wall(630 * SECOND), 0), "also after another start");
        let (goes_on, _) = left(60, Some(30)).now(now);
        let line = Timeline::new(at(0), now, Some(goes_on));
        assert_eq!((line.utc(at(0)), line.ahead_us(at(0))), (wall(630 * SECOND), 60 * SECOND));
        // Set back, or forward, while nobody looked.
        assert_eq!(left(0, Some(30)).now(wall(0)), (wall(630 * SECOND), -630 * SECOND));
        assert_eq!(left(0, Some(30)).now(wall(700 * SECOND)), (wall(630 * SECOND), 70 * SECOND));
        // And the machine was started again: nobody knows for how long it was down.
        assert_eq!(left(0, None).now(wall(0)), (wall(603 * SECOND), -600 * SECOND));
    }

    proptest! {
        #[test]
        fn it_never_goes_back_and_says_how_far_it_is_off(
            looks in proptest::collection::vec((1i64..5 * SECOND, -200 * SECOND..200 * SECOND, 0u8..10), 1..200),
        ) {
            let (mut mono, mut set) = (0, 0);
            let mut line = Timeline::new(at(0), wall(0), None);
            let mut last = line.utc(at(0));
            for (passed, by, chance) in looks {
                let half = line.utc(at(mono + passed / 2));
                prop_assert!(half >= last);
                mono += passed;
                let stepped = chance == 0;
                if stepped {
                    set += by;
                }
                let step = line.observe(at(mono), wall(mono + set));
                let told = stepped && by.abs() >= 500_000;
                prop_assert_eq!(step.map(|step| step.by_us), told.then_some(by));
                let now = line.utc(at(mono));
                prop_assert!(now >= half);
                prop_assert_eq!(now.as_micros() - line.ahead_us(at(mono)), wall(mono + set).as_micros());
                prop_assert!(line.ahead_us(at(mono)) >= 0);
                last = now;
            }
        }
    }
}
