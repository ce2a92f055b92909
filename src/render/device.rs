//! Losing the graphics device (driver reset, adapter unplugged, memory exhausted) and getting
//! another.
//!
//! eframe 0.37 cannot exchange the device of a running window, and the first pass it paints on a
//! lost one panics as soon as there is something to paint (egui-wgpu: "Failed to create staging
//! buffer"). So the wall closes the window and opens another: see docs/decisions/0022 for the
//! measured sequence. What `app` does:
//!
//! 1. In the app creator: `install(state)`, then [`DeviceWatch::attach`].
//! 2. At the start of every pass, before anything is laid out: if [`DeviceWatch::lost`], send
//!    `ViewportCommand::Close` and **paint nothing** (an empty pass does not panic).
//! 3. When `run_native` returns: if the watch says lost, ask [`Relaunch`] and call `run_native`
//!    again, in the same process and thread, with a *new* `egui::Context` (the old one believes
//!    its fonts are on an adapter) and the same wall state. [`super::TilePicture`]s are kept and
//!    show their last frame at once.
//!
//! Does not open windows and does not wait. Called by `app`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use eframe::egui_wgpu::RenderState;

use crate::clock::{Mono, lock};

/// Says whether one device was lost. A new one for every window opened.
#[derive(Clone, Debug)]
pub struct DeviceWatch {
    /// Why the device was lost, in the driver's words; written from wgpu's callbacks.
    lost: Arc<Mutex<Option<String>>>,
}

impl DeviceWatch {
    /// Watches the device of `state`. `wake` is called once, when it is lost, from whatever thread
    /// wgpu was called on, most often the window's own in the middle of a paint: it may ask for a
    /// repaint but must not paint or block.
    ///
    /// From here on, mistakes wgpu finds in our calls are logged instead of ending the process.
    pub fn attach(state: &RenderState, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let lost = Arc::new(Mutex::new(None));
        let wake = Arc::new(wake);
        let on_lost = {
            let lost = Arc::clone(&lost);
            move |reason: String| {
                let first = lock(&lost).replace(reason.clone()).is_none();
                if first {
                    log::error!("the graphics device is lost: {reason}");
                    wake();
                }
            }
        };
        let on_error = on_lost.clone();
        state.device.set_device_lost_callback(move |reason, message| {
            on_lost(format!("{reason:?} {message}").trim_end().to_owned());
        });
        let errors = AtomicU64::new(0);
        state.device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| match error {
            wgpu::Error::OutOfMemory { .. } => on_error("out of graphics memory".to_owned()),
            other => {
                // The same mistake comes back with every pass: the 1st, 2nd, 4th, 8th… are told.
                let count = errors.fetch_add(1, Ordering::Relaxed) + 1;
                if count.is_power_of_two() {
                    log::error!("graphics error (number {count} since the window opened): {other}");
                }
            }
        }));
        Self { lost }
    }

    /// Why the device was lost, in the driver's words, for the log; `None` while it works.
    pub fn lost(&self) -> Option<String> {
        lock(&self.lost).clone()
    }
}

/// The first wait before another try that follows a failed one.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest wait between tries: with it, "back within 5 s" leaves 3 s to open a window.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// A window that lived this long was a success: the next loss starts over without a wait.
const STABLE_AFTER: Duration = Duration::from_secs(10);
/// After so long without a window that lived, the process had better end, with an error, and be
/// restarted by whoever watches it: some drivers only recover in a new process.
const GIVE_UP_AFTER: Duration = Duration::from_secs(120);

/// When to open the next window after a loss or a failed start. Pure; times come from the caller.
#[derive(Clone, Copy, Debug, Default)]
pub struct Relaunch {
    failures: u32,
    failing_since: Option<Mono>,
}

impl Relaunch {
    /// The window opened at `opened` was lost, or could not be opened, at `now`. How long to wait
    /// before opening another, or `None` to give up.
    pub fn after_loss(&mut self, opened: Mono, now: Mono) -> Option<Duration> {
        if now.since(opened) >= STABLE_AFTER {
            *self = Self::default();
        }
        let since = *self.failing_since.get_or_insert(now);
        if now.since(since) >= GIVE_UP_AFTER {
            return None;
        }
        let doublings = self.failures.checked_sub(1);
        self.failures = self.failures.saturating_add(1);
        Some(doublings.map_or(Duration::ZERO, |n| {
            FIRST_WAIT.saturating_mul(1 << n.min(16)).min(LONGEST_WAIT)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Mono {
        Mono::from_micros(ms * 1000)
    }

    #[test]
    fn the_first_loss_is_mended_at_once_and_the_next_ones_with_patience() {
        let mut relaunch = Relaunch::default();
        let waits: Vec<_> = (0..6)
            .map(|n| relaunch.after_loss(at(n * 100), at(n * 100 + 50)).map(|d| d.as_millis()))
            .collect();
        assert_eq!(waits, [0, 250, 500, 1000, 2000, 2000].map(Some));
    }

    #[test]
    fn a_window_that_lived_makes_a_fresh_start() {
        let mut relaunch = Relaunch::default();
        relaunch.after_loss(at(0), at(10));
        relaunch.after_loss(at(20), at(30));
        assert_eq!(relaunch.after_loss(at(100), at(10_100)), Some(Duration::ZERO));
        assert_eq!(relaunch.after_loss(at(10_200), at(10_300)), Some(FIRST_WAIT));
    }

    #[test]
    fn two_minutes_of_failure_are_the_end() {
        let mut relaunch = Relaunch::default();
        let mut now = 0;
        while let Some(wait) = relaunch.after_loss(at(now), at(now + 100)) {
            now += 100 + i64::try_from(wait.as_millis()).unwrap();
            assert!(now < 130_000, "never gives up");
        }
        assert!(now >= 120_000, "gave up after {now} ms");
    }
}
