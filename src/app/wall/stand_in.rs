//! Looks in place of the window for as long as that does not: while a lost graphics device is
//! replaced, while a window is being opened, while a driver hangs in the middle of a paint. What
//! must not wait for a screen are alarms, the journal, the figures and what is printed.
//!
//! A thread of its own beside the windows of one wall. It touches no window and paints nothing.

use std::convert::Infallible;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::app::watcher::LOOK_EVERY;
use crate::clock::{Clock, Mono};

/// After so long without a pass somebody else looks: long before looks count as late.
const STAND_IN_AFTER: Duration = Duration::from_millis(500);

/// When the window has passed last.
#[derive(Debug)]
pub(super) struct Passes(AtomicI64);

impl Passes {
    pub(super) fn from(now: Mono) -> Self {
        Self(AtomicI64::new(now.as_micros()))
    }

    /// The window has just looked.
    pub(super) fn passed(&self, now: Mono) {
        self.0.store(now.as_micros(), Ordering::Release);
    }

    fn since(&self, now: Mono) -> Duration {
        now.since(Mono::from_micros(self.0.load(Ordering::Acquire)))
    }
}

/// Looks whenever the window does not, until `ended` disconnects.
pub(super) fn stand_in(
    passes: &Passes,
    clock: &dyn Clock,
    ended: &Receiver<Infallible>,
    mut look: impl FnMut(),
) {
    let mut stands = false;
    while ended.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout) {
        let since = passes.since(clock.mono());
        let must = since >= STAND_IN_AFTER;
        if must != std::mem::replace(&mut stands, must) {
            log::debug!(
                "looks without the window: {must}, its last pass {} ms ago",
                since.as_millis()
            );
        }
        if must {
            look();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crossbeam_channel::bounded;

    use super::*;
    use crate::clock::{FakeClock, WallTime};

    #[test]
    fn somebody_looks_while_no_window_does() {
        let clock = Arc::new(FakeClock::at(WallTime::default()));
        let passes = Arc::new(Passes::from(clock.mono()));
        let (end, ended) = bounded(0);
        let (looks, looked) = bounded(0);
        let (there, on) = (Arc::clone(&clock), Arc::clone(&passes));
        let thread = std::thread::Builder::new().name("stand-in".into());
        let thread = thread
            .spawn(move || stand_in(&on, &*there, &ended, || looks.send(()).unwrap_or_default()))
            .unwrap();
        clock.advance(Duration::from_secs(5));
        // However often it is needed.
        for _ in 0..3 {
            looked.recv_timeout(Duration::from_secs(60)).unwrap();
        }
        drop::<crossbeam_channel::Sender<Infallible>>(end);
        drop(looked);
        thread.join().unwrap();
    }

    #[test]
    fn a_window_that_passes_is_left_alone() {
        let passes = Passes::from(Mono::from_micros(0));
        assert!(passes.since(Mono::from_micros(400_000)) < STAND_IN_AFTER);
        assert!(passes.since(Mono::from_micros(500_000)) >= STAND_IN_AFTER);
        passes.passed(Mono::from_micros(450_000));
        assert!(passes.since(Mono::from_micros(500_000)) < STAND_IN_AFTER);
    }
}
