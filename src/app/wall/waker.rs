//! From worker threads to the screen: one wake per paint, however many pictures arrive.

use std::convert::Infallible;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use eframe::egui::{Context, ViewportId};

use crate::clock::lock;

/// Pictures that arrive within this are painted together.
const GATHER: Duration = Duration::from_millis(1);

/// Wakes whatever shows the wall at the moment: a window's context, or the off-screen loop.
pub(in crate::app) struct ScreenWaker {
    /// A wake is on its way and has not been answered by a paint.
    pending: AtomicBool,
    window: Mutex<Option<Context>>,
    bell: Sender<()>,
    rung: Receiver<()>,
    /// The wall is to end.
    ending: AtomicBool,
    /// Nothing is ever sent; dropped when the wall is to end.
    not_ending: Mutex<Option<Sender<Infallible>>>,
    ended: Receiver<Infallible>,
}

impl Default for ScreenWaker {
    fn default() -> Self {
        let (bell, rung) = bounded(1);
        let (not_ending, ended) = bounded(0);
        Self {
            pending: AtomicBool::new(false),
            window: Mutex::default(),
            bell,
            rung,
            ending: AtomicBool::new(false),
            not_ending: Mutex::new(Some(not_ending)),
            ended,
        }
    }
}

impl ScreenWaker {
    /// From now on this window is woken; `None` when it is gone.
    pub(in crate::app) fn set_window(&self, ctx: Option<Context>) {
        *lock(&self.window) = ctx;
        self.pending.store(false, Ordering::Release);
    }

    /// Asks for a paint. May be called from any thread; never blocks for long and never paints.
    pub(in crate::app) fn wake(&self) {
        if self.pending.swap(true, Ordering::AcqRel) {
            return;
        }
        let window = lock(&self.window).clone();
        match window {
            Some(ctx) => ctx.request_repaint_after_for(GATHER, ViewportId::ROOT),
            // A full bell has been rung already.
            None => drop(self.bell.try_send(())),
        }
    }

    /// Asks the wall to end, as closing its window does.
    pub(in crate::app) fn end(&self) {
        self.ending.store(true, Ordering::Release);
        *lock(&self.not_ending) = None;
        // A hidden window may owe an answer to the last wake for hours.
        self.pending.store(false, Ordering::Release);
        self.wake();
    }

    /// Without a window: waits for the whole span, unless the wall is to end; whether to go on.
    pub(in crate::app) fn pause(&self, span: Duration) -> bool {
        self.ended.recv_timeout(span) == Err(RecvTimeoutError::Timeout)
    }

    /// Whether the wall was asked to end.
    pub(in crate::app) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Acquire)
    }

    /// A paint begins: what arrives from here on needs another one.
    pub(in crate::app) fn painting(&self) {
        self.pending.store(false, Ordering::Release);
    }

    /// Off screen: waits for a wake, at most `most`.
    pub(in crate::app) fn wait(&self, most: Duration) {
        // Both outcomes, a wake and the end of the time, mean "paint now".
        let _ = self.rung.recv_timeout(most);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// Runs passes until egui wants no more of them by itself.
    fn settle(ctx: &Context) {
        for _ in 0..10 {
            let mut output = ctx.run_ui(eframe::egui::RawInput::default(), |_| {});
            output.textures_delta.clear();
            if output.viewport_output[&ViewportId::ROOT].repaint_delay == Duration::MAX {
                return;
            }
        }
        panic!("egui never comes to rest");
    }

    #[test]
    fn many_pictures_make_one_wake_until_the_next_paint() {
        let waker = ScreenWaker::default();
        let (ctx, asked) = (Context::default(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&asked);
        ctx.set_request_repaint_callback(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        settle(&ctx);
        asked.store(0, Ordering::SeqCst);
        waker.set_window(Some(ctx.clone()));
        for _ in 0..100 {
            waker.wake();
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        waker.painting();
        settle(&ctx);
        waker.wake();
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn the_end_is_heard_although_the_last_wake_was_not_answered() {
        let waker = ScreenWaker::default();
        let (ctx, asked) = (Context::default(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&asked);
        ctx.set_request_repaint_callback(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        settle(&ctx);
        waker.set_window(Some(ctx.clone()));
        waker.wake();
        settle(&ctx);
        asked.store(0, Ordering::SeqCst);
        waker.wake();
        assert_eq!(asked.load(Ordering::SeqCst), 0, "nobody has painted");
        waker.end();
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        assert!(!waker.pause(Duration::from_secs(3600)), "and nobody waits for a device");
    }

    #[test]
    fn without_a_window_the_bell_rings() {
        let waker = ScreenWaker::default();
        waker.wake();
        waker.wake();
        waker.wait(Duration::from_secs(3600));
        waker.painting();
        assert!(waker.rung.is_empty());
    }
}
