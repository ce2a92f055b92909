//! How long to wait before the next attempt to connect.

use std::time::Duration;

/// Bounds of the wait.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The upper bound of the first wait; it doubles from attempt to attempt.
    pub first: Duration,
    /// The upper bound never exceeds this.
    pub most: Duration,
    /// A session that was healthy for this long starts the count anew.
    pub healthy: Duration,
    /// The upper bound for a feed on screen: what somebody looks at comes back before the rest of
    /// the country. One that comes on screen while it waits need not wait longer than this since
    /// its loss, once per coming: flipping through pages must not become a hail of attempts.
    pub shown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            most: Duration::from_secs(30),
            healthy: Duration::from_secs(60),
            shown: Duration::from_secs(5),
        }
    }
}

/// Exponential backoff with full jitter: the wait is drawn evenly from zero to a bound that
/// doubles, so that a thousand feeds that fall together do not come back together (Brooker,
/// "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
#[derive(Clone, Debug)]
pub(super) struct Backoff {
    limits: Limits,
    failures: u32,
}

impl Backoff {
    /// No failures yet.
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, failures: 0 }
    }

    /// The wait after an attempt or session that lasted `healthy_for` with pictures (zero when
    /// none came) of a feed that is on screen or not. `random` is an even draw from 0 to 1.
    pub(super) fn after_loss(
        &mut self,
        healthy_for: Duration,
        on_screen: bool,
        random: f64,
    ) -> Duration {
        if healthy_for >= self.limits.healthy {
            self.failures = 0;
        }
        let bound = self.limits.first.saturating_mul(2_u32.saturating_pow(self.failures));
        self.failures = self.failures.saturating_add(1);
        let most =
            if on_screen { self.limits.most.min(self.limits.shown) } else { self.limits.most };
        bound.min(most).mul_f64(random.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_the_limit_and_health_resets_it() {
        let mut b = Backoff::new(Limits::default());
        let bounds: Vec<u64> =
            (0..7).map(|_| b.after_loss(Duration::ZERO, false, 1.0).as_secs()).collect();
        assert_eq!(bounds, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(b.after_loss(Duration::from_secs(59), false, 1.0).as_secs(), 30);
        assert_eq!(b.after_loss(Duration::from_secs(60), false, 1.0).as_secs(), 1);
    }

    #[test]
    fn the_wait_is_drawn_from_the_whole_span() {
        let mut b = Backoff::new(Limits::default());
        assert_eq!(b.after_loss(Duration::ZERO, false, 0.0), Duration::ZERO);
        assert_eq!(b.after_loss(Duration::ZERO, false, 0.25), Duration::from_millis(500));
    }

    #[test]
    fn what_is_on_screen_waits_less_however_often_it_has_failed() {
        let mut b = Backoff::new(Limits::default());
        let mut bounds = |on_screen| {
            let wait = b.after_loss(Duration::ZERO, on_screen, 1.0);
            wait.as_secs()
        };
        assert_eq!([0; 5].map(|_| bounds(true)), [1, 2, 4, 5, 5]);
        assert_eq!(bounds(false), 30, "its failures count all the same");
        // Limits under which the screen would make it worse do not.
        let short = Limits { most: Duration::from_secs(2), ..Limits::default() };
        let mut b = Backoff::new(short);
        assert_eq!([0; 3].map(|_| b.after_loss(Duration::ZERO, true, 1.0).as_secs()), [1, 2, 2]);
    }

    #[test]
    fn a_century_of_failures_does_not_overflow() {
        let mut b = Backoff::new(Limits::default());
        for _ in 0..1000 {
            assert!(b.after_loss(Duration::ZERO, false, 1.0) <= Duration::from_secs(30));
        }
    }
}
