//! The one clock of a replay. Pure: it is told what time has passed.

use std::time::Duration;

use crate::clock::Mono;

/// The clock waits at most so long for a tile that is behind, then runs on (design, section 5).
pub const WAITS_AT_MOST: Duration = Duration::from_secs(2);

/// Longer turns than this are a machine that was suspended or a window that was hidden: nobody has
/// seen that time pass.
const LONGEST_TURN: Duration = Duration::from_secs(1);

/// Which moment of the recording all tiles show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaybackClock {
    at_us: i64,
    from_us: i64,
    to_us: i64,
    /// How many seconds of the recording pass in a second; above 0.
    speed: f64,
    reverse: bool,
    playing: bool,
    last: Option<Mono>,
    /// What of a microsecond is left over.
    rest: f64,
    /// How long it has waited since all were there.
    waited: Duration,
}

impl PlaybackClock {
    /// Stands at `at_us`, between `from_us` and `to_us`; microseconds of UTC.
    pub fn new(at_us: i64, from_us: i64, to_us: i64) -> Self {
        let to_us = to_us.max(from_us);
        Self {
            at_us: at_us.clamp(from_us, to_us),
            from_us,
            to_us,
            speed: 1.0,
            reverse: false,
            playing: false,
            last: None,
            rest: 0.0,
            waited: Duration::ZERO,
        }
    }

    /// The moment that is shown, in microseconds of UTC.
    pub const fn at_us(&self) -> i64 {
        self.at_us
    }

    /// Whether it runs.
    pub const fn is_playing(&self) -> bool {
        self.playing
    }

    /// Whether it runs, or would, towards the past.
    pub const fn is_reverse(&self) -> bool {
        self.reverse
    }

    /// How many seconds of the recording pass in a second.
    pub const fn speed(&self) -> f64 {
        self.speed
    }

    /// Whether it waits for somebody.
    pub fn is_waiting(&self) -> bool {
        self.playing && self.waited > Duration::ZERO && self.waited < WAITS_AT_MOST
    }

    /// Runs, or stands.
    pub fn play(&mut self, playing: bool) {
        self.playing = playing;
        self.waited = Duration::ZERO;
        self.rest = 0.0;
    }

    /// Seconds of the recording in a second; anything that is no speed is passed over.
    pub fn set_speed(&mut self, speed: f64) {
        if speed.is_finite() && speed > 0.0 {
            self.speed = speed;
            self.waited = Duration::ZERO;
        }
    }

    /// Towards the past, or the future.
    pub fn set_reverse(&mut self, reverse: bool) {
        self.reverse = reverse;
        self.waited = Duration::ZERO;
    }

    /// Goes to a moment.
    pub fn seek(&mut self, at_us: i64) {
        self.at_us = at_us.clamp(self.from_us, self.to_us);
        self.rest = 0.0;
        self.waited = Duration::ZERO;
    }

    /// The end has moved: something is still being written.
    pub fn reach_to(&mut self, to_us: i64) {
        self.to_us = self.to_us.max(to_us);
    }

    /// Time has passed up to `now`; `behind`: a tile does not have its picture yet.
    pub fn tick(&mut self, now: Mono, behind: bool) {
        let Some(last) = self.last.replace(now) else { return };
        if !self.playing {
            return;
        }
        let passed = now.since(last).min(LONGEST_TURN);
        if !behind {
            self.waited = Duration::ZERO;
        } else if self.waited < WAITS_AT_MOST {
            self.waited += passed;
            return;
        }
        let way = if self.reverse { -self.speed } else { self.speed };
        let step = passed.as_secs_f64() * 1e6 * way + self.rest;
        let whole = step.trunc();
        self.rest = step - whole;
        // Less than a second at the highest speed: far from any limit.
        let to = self.at_us.saturating_add(whole as i64);
        self.at_us = to.clamp(self.from_us, self.to_us);
        if to > self.to_us || to < self.from_us {
            self.play(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;

    fn at(ms: i64) -> Mono {
        Mono::from_micros(ms * 1000)
    }

    #[test]
    fn speeds_and_directions_add_up_exactly() {
        for (speed, reverse, want) in
            [(1.0, false, 10 * S), (0.25, false, 10 * S / 4), (64.0, true, -640 * S)]
        {
            let mut clock = PlaybackClock::new(0, -1000 * S, 1000 * S);
            clock.set_speed(speed);
            clock.set_reverse(reverse);
            clock.play(true);
            // In turns of a length that no speed divides.
            for turn in 0..=1429 {
                clock.tick(Mono::from_micros(turn * 7001.min(10 * S)), false);
            }
            let passed = 1429 * 7001;
            let want = i128::from(want) * i128::from(passed) / i128::from(10 * S);
            assert!((i128::from(clock.at_us()) - want).abs() <= 1, "{speed} {}", clock.at_us());
        }
    }

    #[test]
    fn it_waits_for_the_last_but_no_longer_than_it_may() {
        let mut clock = PlaybackClock::new(0, 0, 100 * S);
        clock.play(true);
        clock.tick(at(0), true);
        clock.tick(at(500), true);
        assert!(clock.at_us() == 0 && clock.is_waiting());
        clock.tick(at(1000), false);
        assert_eq!((clock.at_us(), clock.is_waiting()), (500_000, false));
        for ms in [1500, 2000, 2500, 3000] {
            clock.tick(at(ms), true);
            assert_eq!(clock.at_us(), 500_000, "{ms}");
        }
        clock.tick(at(3500), true);
        assert_eq!((clock.at_us(), clock.is_waiting()), (S, false), "it runs on");
        clock.tick(at(4000), false);
        clock.tick(at(4500), true);
        assert!(clock.is_waiting(), "all were there meanwhile");
    }

    #[test]
    fn it_stands_at_the_ends_and_passes_over_what_nobody_saw() {
        let mut clock = PlaybackClock::new(-5, 0, 2 * S);
        assert_eq!(clock.at_us(), 0);
        clock.play(true);
        clock.tick(at(0), false);
        clock.tick(at(3_600_000), false);
        assert_eq!(clock.at_us(), S, "an hour under a lid is no hour of the recording");
        clock.tick(at(3_600_900), false);
        clock.tick(at(3_601_900), false);
        assert_eq!((clock.at_us(), clock.is_playing()), (2 * S, false));
        clock.reach_to(3 * S);
        clock.play(true);
        clock.tick(at(3_602_400), false);
        assert_eq!(clock.at_us(), 2 * S + S / 2);
        clock.set_speed(f64::NAN);
        clock.set_speed(-1.0);
        assert_eq!(clock.speed(), 1.0);
        clock.seek(i64::MAX);
        assert_eq!(clock.at_us(), 3 * S);
    }
}
