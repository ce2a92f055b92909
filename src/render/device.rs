//! Losing the graphics device (driver reset, adapter unplugged, memory exhausted) and getting
//! another.
//!
//! eframe 0.37 cannot exchange the device of a running window, and a pass it paints on a lost one
//! panics as soon as there is something to paint (egui-wgpu: "Failed to create staging buffer").
//! So the wall closes the window and opens another in the same process; docs/decisions/0022 has
//! the measured sequence. What `app` does:
//!
//! 1. It calls [`keep_open`] and in there, for every window, `run_native` with a *new*
//!    `egui::Context` (an old one believes its fonts are on the adapter) and the same wall state.
//! 2. In the app creator: [`super::install`], then [`DeviceWatch::attach`].
//! 3. At the start of every pass, before anything is laid out: if [`DeviceWatch::lost`], it sends
//!    `ViewportCommand::Close` and **paints nothing** (an empty pass does not panic).
//!
//! [`super::TilePicture`]s are kept and show their last frame at once. Called by `app`.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use eframe::egui_wgpu::RenderState;

use crate::clock::{Clock, Mono, lock};

/// Says whether the device of one window was lost.
#[derive(Clone, Debug, Default)]
pub struct DeviceWatch {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The window got as far as having a device.
    attached: AtomicBool,
    /// Why the device was lost, in the driver's words; written from wgpu's callbacks.
    lost: Mutex<Option<String>>,
}

impl DeviceWatch {
    /// Watches the device of `state`. `wake` is called once, when it is lost, from whatever thread
    /// wgpu was called on, most often the window's own in the middle of a paint: it may ask for a
    /// repaint but must not paint or block.
    ///
    /// From here on, mistakes wgpu finds in our calls are logged instead of ending the process.
    pub fn attach(&self, state: &RenderState, wake: impl Fn() + Send + Sync + 'static) {
        self.shared.attached.store(true, Ordering::Release);
        let wake = Arc::new(wake);
        let (watch, woken) = (self.clone(), Arc::clone(&wake));
        state.device.set_device_lost_callback(move |reason, message| {
            watch.note_loss(format!("{reason:?} {message}").trim_end(), &*woken);
        });
        let watch = self.clone();
        let errors = AtomicU64::new(0);
        state.device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| match error {
            wgpu::Error::OutOfMemory { .. } => watch.note_loss("out of graphics memory", &*wake),
            other => {
                // The same mistake comes back with every pass: the 1st, 2nd, 4th, 8th… are told.
                let count = errors.fetch_add(1, Ordering::Relaxed) + 1;
                if count.is_power_of_two() {
                    log::error!("graphics error (number {count} since the window opened): {other}");
                }
            }
        }));
    }

    fn note_loss(&self, reason: &str, wake: &dyn Fn()) {
        let first = lock(&self.shared.lost).replace(reason.to_owned()).is_none();
        if first {
            log::error!("the graphics device is lost: {reason}");
            wake();
        }
    }

    /// Why the device was lost, in the driver's words, for the log; `None` while it works.
    pub fn lost(&self) -> Option<String> {
        lock(&self.shared.lost).clone()
    }

    fn is_attached(&self) -> bool {
        self.shared.attached.load(Ordering::Acquire)
    }
}

/// Loses the device of `state`, to rehearse what a driver's reset does. The watch is told before
/// this returns, as it is when a driver reports a loss by itself.
pub fn destroy(state: &RenderState) {
    state.device.destroy();
    // A destroyed device is reported as lost once what was submitted to it is done with.
    let done = wgpu::PollType::Wait { submission_index: None, timeout: Some(FIRST_WAIT) };
    if let Err(e) = state.device.poll(done) {
        log::debug!("after destroying the device: {e}");
    }
}

/// Why [`keep_open`] stopped although nobody closed the window.
#[derive(Debug, thiserror::Error)]
pub enum NotOpen<E> {
    /// The very first window could not be opened.
    #[error("the window cannot be opened: {0}")]
    First(E),
    /// A window was open once, its device was lost, and no other could be had in two minutes.
    #[error("the graphics device was lost and could not be had back ({why})")]
    GaveUp {
        /// What the last try ran into, in English, for the log.
        why: String,
    },
}

impl<E> NotOpen<E> {
    /// Always `Error`: nothing can be shown.
    pub const fn severity(&self) -> log::Level {
        log::Level::Error
    }

    /// Whether a new process may have better luck: some drivers recover only in one.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::GaveUp { .. })
    }
}

/// Runs windows one after the other, until one ends because somebody closed it.
///
/// `open` opens a window, attaches the watch to its device and returns when the window has ended.
/// `wait` waits before the next try and answers `false` where the program is to end instead, which
/// counts as closing. A panic inside `open` passes through, unless the device was lost by then: it
/// is lost in the middle of a pass at times, and egui-wgpu panics before the pass is over.
pub fn keep_open<E: std::fmt::Display>(
    clock: &dyn Clock,
    mut wait: impl FnMut(Duration) -> bool,
    mut open: impl FnMut(&DeviceWatch) -> Result<(), E>,
) -> Result<(), NotOpen<E>> {
    let mut relaunch = Relaunch::default();
    let mut was_open = false;
    let mut stillborn = 0;
    loop {
        let opened = clock.mono();
        let watch = DeviceWatch::default();
        let ended = catch_unwind(AssertUnwindSafe(|| open(&watch)));
        was_open |= watch.is_attached();
        let why = match (ended, watch.lost()) {
            (_, Some(why)) => why,
            (Err(panic), None) => resume_unwind(panic),
            (Ok(Ok(())), None) if watch.is_attached() => return Ok(()),
            (Ok(Ok(())), None) if stillborn < MOST_STILLBORN => {
                stillborn += 1;
                continue;
            }
            (Ok(Ok(())), None) => "the window closes before it opens".to_owned(),
            (Ok(Err(error)), None) if was_open => error.to_string(),
            (Ok(Err(error)), None) => return Err(NotOpen::First(error)),
        };
        let Some(pause) = relaunch.after_loss(opened, clock.mono()) else {
            return Err(NotOpen::GaveUp { why });
        };
        log::warn!("opening another window in {} ms: {why}", pause.as_millis());
        if !pause.is_zero() && !wait(pause) {
            return Ok(());
        }
    }
}

/// How many windows in a row may end before they open. winit keeps the news that a window is gone
/// which a panic left unread, and ends the next run with it; one such run was seen per panic.
const MOST_STILLBORN: u32 = 8;

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
struct Relaunch {
    failures: u32,
    failing_since: Option<Mono>,
}

impl Relaunch {
    /// The window opened at `opened` was lost, or could not be opened, at `now`. How long to wait
    /// before opening another, or `None` to give up.
    fn after_loss(&mut self, opened: Mono, now: Mono) -> Option<Duration> {
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
    use crate::clock::FakeClock;

    fn at(ms: i64) -> Mono {
        Mono::from_micros(ms * 1000)
    }

    /// What one fake window does after it has a device, or instead.
    enum Fate {
        Closed,
        Lost,
        LostMidPass,
        /// Ends at once, before it has a device.
        Stillborn,
        Fails,
        Breaks,
    }

    /// Runs windows of these fates, each living for 50 ms; what came of it, and the waits.
    fn live(fates: impl IntoIterator<Item = Fate>) -> (Result<(), NotOpen<String>>, Vec<u128>) {
        let clock = FakeClock::default();
        let mut fates = fates.into_iter();
        let mut waits = Vec::new();
        let wait = |pause: Duration| {
            clock.advance(pause);
            waits.push(pause.as_millis());
            true
        };
        let result = keep_open(&clock, wait, |watch| {
            clock.advance(Duration::from_millis(50));
            let fate = fates.next().expect("no more windows than fates");
            let opens = !matches!(fate, Fate::Stillborn | Fate::Fails);
            watch.shared.attached.store(opens, Ordering::Release);
            match fate {
                Fate::Closed | Fate::Stillborn => Ok(()),
                Fate::Fails => Err("no adapter".to_owned()),
                Fate::Lost => {
                    watch.note_loss("reset", &|| ());
                    Ok(())
                }
                Fate::LostMidPass => {
                    watch.note_loss("reset", &|| ());
                    panic!("Failed to create staging buffer");
                }
                Fate::Breaks => panic!("a bug"),
            }
        });
        (result, waits)
    }

    #[test]
    fn a_window_somebody_closed_stays_closed() {
        assert!(matches!(live([Fate::Closed]), (Ok(()), waits) if waits.is_empty()));
    }

    #[test]
    fn a_lost_window_comes_back_however_it_ended() {
        use Fate::{Closed, Fails, Lost, LostMidPass, Stillborn};
        let (result, waits) = live([Lost, Closed]);
        assert!(result.is_ok() && waits.is_empty());
        let (result, waits) = live([LostMidPass, Stillborn, Closed]);
        assert!(result.is_ok() && waits.is_empty());
        let (result, waits) = live([Lost, Fails, Fails, LostMidPass, Stillborn, Closed]);
        assert!(result.is_ok());
        assert_eq!(waits, [250, 500, 1000]);
    }

    #[test]
    fn a_window_that_never_opened_is_an_error_at_once() {
        let (result, waits) = live([Fate::Fails]);
        assert!(matches!(result, Err(NotOpen::First(why)) if why == "no adapter"));
        assert_eq!(waits.len(), 0);
    }

    #[test]
    fn a_device_that_stays_away_ends_the_run() {
        let fates = std::iter::once(Fate::Lost).chain(std::iter::repeat_with(|| Fate::Fails));
        let (result, waits) = live(fates);
        assert!(matches!(result, Err(NotOpen::GaveUp { why }) if why == "no adapter"));
        let waited: u128 = waits.iter().sum();
        assert!((110_000..125_000).contains(&waited), "{waited} ms");
    }

    #[test]
    #[should_panic(expected = "a bug")]
    fn a_bug_is_not_taken_for_a_lost_device() {
        let _ = live([Fate::Breaks]);
    }

    #[test]
    fn the_user_may_end_the_waiting() {
        let clock = FakeClock::default();
        let mut windows = 0;
        let result = keep_open(
            &clock,
            |_| false,
            |watch| {
                windows += 1;
                watch.note_loss("reset", &|| ());
                Ok::<(), String>(())
            },
        );
        assert!(result.is_ok());
        assert_eq!(windows, 2, "one that was lost, one that was opened at once");
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
