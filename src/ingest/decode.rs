//! The decode thread of one feed on screen: units in, the newest picture into the mailbox.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crossbeam_channel::Sender;

use super::Waker;
use super::feed::{Feed, Join};
use crate::frame::{Published, VideoFrame};
use crate::health::Event;
use crate::media::Decoder;

/// A running decode thread. Dropped, it tells the thread to end, which it does after the picture
/// in hand.
pub(super) struct DecodeThread {
    feed: Arc<Feed>,
}

impl DecodeThread {
    /// Starts decoding `feed`, from its cached keyframe on. The thread holds `alive` until its
    /// end.
    pub(super) fn start(
        feed: &Arc<Feed>,
        waker: &Waker,
        alive: Sender<Infallible>,
    ) -> std::io::Result<Self> {
        let (worker, waker) = (Arc::clone(feed), Arc::clone(waker));
        let join = feed.join();
        feed.observe(Event::DecodeStarted);
        let handle = Self { feed: Arc::clone(feed) };
        // Linux shows 15 bytes of a thread's name.
        std::thread::Builder::new().name(format!("dec {}", feed.id().station)).spawn(
            move || {
                run(&worker, &join, &waker);
                drop(alive);
            },
        )?;
        Ok(handle)
    }
}

impl Drop for DecodeThread {
    fn drop(&mut self) {
        self.feed.leave();
    }
}

fn run(feed: &Feed, join: &Join, waker: &Waker) {
    let mut decoder = Decoder::default();
    let mut to_catch_up = join.cached;
    let mut complained = false;
    while let Ok(unit) = join.units.recv() {
        to_catch_up = to_catch_up.saturating_sub(1);
        let mut newest = None;
        let outcome = decoder.decode(&unit, &mut |frame| newest = Some(frame));
        if let Err(e) = outcome {
            feed.counters.damaged.fetch_add(1, Ordering::Relaxed);
            if !complained {
                complained = true;
                log::warn!("{}: {e}; going on at the next keyframe", feed.id());
            }
        }
        if let (Some(frame), 0) = (newest, to_catch_up) {
            publish(feed, frame, waker);
        }
        feed.observe(Event::Decoded { arrived_at: unit.arrived_at });
    }
}

fn publish(feed: &Feed, frame: VideoFrame, waker: &Waker) {
    match feed.publish(frame) {
        Published::Fresh => waker(),
        Published::Replaced => {
            feed.counters.replaced.fetch_add(1, Ordering::Relaxed);
        }
    }
}
