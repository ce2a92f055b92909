//! How late what is on screen was painted.

use std::time::Duration;

use crate::clock::Mono;
use crate::render::Shown;

/// From the arrival of what is `shown` until it was `painted`. `None` where that says nothing: it is in
/// the figures already (`counted` so many frames), or it is the small picture of the last look at the
/// feed, which is as old as that look, and nobody has been late with it.
pub(super) fn lateness(shown: &Shown, counted: &mut u64, painted: Mono) -> Option<Duration> {
    if std::mem::replace(counted, shown.frames) == shown.frames || shown.again {
        return None;
    }
    Some(painted.since(shown.arrived_at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::WallTime;

    fn shown(frames: u64, arrived_ms: i64, again: bool) -> Shown {
        Shown {
            arrived_at: Mono::from_micros(arrived_ms * 1000),
            taken_at: WallTime::default(),
            width: 640,
            height: 360,
            aspect: 16.0 / 9.0,
            frames,
            again,
        }
    }

    #[test]
    fn each_new_picture_counts_once_and_a_small_one_of_an_earlier_look_never() {
        let mut counted = 0;
        let mut late = |shown: Shown, ms: i64| {
            lateness(&shown, &mut counted, Mono::from_micros(ms * 1000))
                .map(|late| late.as_millis())
        };
        // After a page flip: five seconds old, and painted at once.
        assert_eq!(late(shown(1, 1000, true), 6000), None);
        assert_eq!(late(shown(1, 1000, true), 6066), None);
        assert_eq!(late(shown(2, 6050, false), 6130), Some(80));
        assert_eq!(late(shown(2, 6050, false), 6200), None, "it is still the same");
        assert_eq!(late(shown(3, 6117, false), 6200), Some(83));
    }
}
