//! Keyframes of which neither a picture nor an error comes, look after look. Pure.
//!
//! What follows such a keyframe may make a picture of it, so that is decoded, too; but where nothing
//! comes of that either, it is not done at every look: a hundred units at one feed are a hundred
//! looks that others do not get.

use std::time::Duration;

use crate::clock::Mono;

/// What follows a keyframe is decoded again after this, when nothing has come of it …
const AGAIN_AFTER: Duration = Duration::from_secs(10);

/// … and each time after twice as long, up to this: a camera that is set otherwise begins another
/// session as a rule.
const AGAIN_AT_LAST: Duration = Duration::from_secs(600);

/// What is known of one feed's silence.
#[derive(Debug, Default)]
pub(super) struct Silence {
    /// Keyframes in a row.
    keys: u32,
    /// The longest run that was decoded in vain.
    units: usize,
    /// Until then no run of that length is.
    until: Mono,
    /// How long that is after the one before.
    waits: Duration,
}

impl Silence {
    /// One more keyframe has brought nothing; how many in a row these are.
    pub(super) fn again(&mut self) -> u32 {
        self.keys = self.keys.saturating_add(1);
        self.keys
    }

    /// Whether it is worth decoding a run of so many units, the keyframe among them: for the first
    /// time, after a while, or because twice as much has come as was ever tried.
    pub(super) fn is_worth(&self, units: usize, now: Mono) -> bool {
        units > 1 && (now >= self.until || units >= self.units.saturating_mul(2))
    }

    /// Nothing came of a run of so many units either.
    pub(super) fn followed(&mut self, units: usize, now: Mono) {
        self.units = self.units.max(units);
        self.waits = (self.waits * 2).clamp(AGAIN_AFTER, AGAIN_AT_LAST);
        self.until = now + self.waits;
    }
}

#[cfg(test)]
mod tests {
    use super::super::REFRESH_RUN;
    use super::*;

    #[test]
    fn what_follows_is_decoded_ever_more_rarely() {
        let mut silence = Silence::default();
        let mut decoded = Vec::new();
        for second in (0..3600).step_by(5) {
            let now = Mono::from_micros(second * 1_000_000);
            if silence.is_worth(REFRESH_RUN, now) {
                silence.followed(REFRESH_RUN, now);
                decoded.push(second);
            }
        }
        assert_eq!(decoded, [0, 10, 30, 70, 150, 310, 630, 1230, 1830, 2430, 3030]);
    }

    #[test]
    fn a_run_that_is_twice_as_long_is_worth_a_try_at_once() {
        let mut silence = Silence::default();
        let now = Mono::default();
        assert!(!silence.is_worth(1, now), "the keyframe alone was looked at");
        silence.followed(30, now);
        assert!(!silence.is_worth(59, now) && silence.is_worth(60, now));
        silence.followed(60, now);
        assert!(!silence.is_worth(119, now) && silence.is_worth(120, now));
    }
}
