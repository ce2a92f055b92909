//! Asks now and then whether something keeps this machine's clock right.
//!
//! It costs a system call that waits for nothing (0116), and is asked by whoever looks anyway.

use std::time::Duration;

use crate::clock::{Mono, synchronised};
use crate::ui::ClockKept;

/// It is asked this often.
const ASK_EVERY: Duration = Duration::from_secs(10);

/// What the wall knows of its machine's clock.
#[derive(Debug)]
pub(super) struct ClockWatch {
    ask: fn() -> Option<bool>,
    asked: Option<Mono>,
    said: Option<bool>,
    /// Since when nobody has said anything.
    unknown_since: Option<Mono>,
    kept: ClockKept,
}

impl Default for ClockWatch {
    fn default() -> Self {
        Self::asking(|| synchronised().map(|clock| clock.is_synchronised))
    }
}

/// A system that does not say is not told at once: it may be about to.
const UNKNOWN_FROM: Duration = Duration::from_secs(5 * 60);

impl ClockWatch {
    fn asking(ask: fn() -> Option<bool>) -> Self {
        let kept = ClockKept::Right;
        Self { ask, asked: None, said: None, unknown_since: None, kept }
    }

    /// Asks when it is time.
    pub(super) fn look(&mut self, now: Mono) {
        if self.asked.is_some_and(|asked| now.since(asked) < ASK_EVERY) {
            return;
        }
        self.asked = Some(now);
        let said = (self.ask)();
        if said == Some(false) && self.said != said {
            log::warn!("no time service keeps this machine's clock right");
        }
        self.said = said;
        self.kept = match said {
            Some(true) => ClockKept::Right,
            Some(false) => ClockKept::NotRight,
            None => {
                let since = *self.unknown_since.get_or_insert(now);
                if now.since(since) < UNKNOWN_FROM { ClockKept::Right } else { ClockKept::Unknown }
            }
        };
        if said.is_some() {
            self.unknown_since = None;
        }
    }

    /// As it was said last.
    pub(super) fn kept(&self) -> ClockKept {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> Mono {
        Mono::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn a_clock_that_nobody_keeps_is_told_at_once_and_silence_after_minutes() {
        let mut watch = ClockWatch::asking(|| Some(false));
        watch.look(at(0));
        assert_eq!(watch.kept(), ClockKept::NotRight);
        watch.ask = || Some(true);
        watch.look(at(5));
        assert_eq!(watch.kept(), ClockKept::NotRight, "it is not asked all the time");
        watch.look(at(10));
        assert_eq!(watch.kept(), ClockKept::Right);
        watch.ask = || None;
        watch.look(at(20));
        watch.look(at(310));
        assert_eq!(watch.kept(), ClockKept::Right);
        watch.look(at(320));
        assert_eq!(watch.kept(), ClockKept::Unknown);
        watch.ask = || Some(true);
        watch.look(at(330));
        assert_eq!(watch.kept(), ClockKept::Right);
    }
}
