//! The decode thread of one feed on screen: units in, the newest picture into the mailbox.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::Waker;
use super::failure::Failure;
use super::feed::{Feed, Join};
use super::roll::Roll;
use crate::frame::Published;
use crate::health::Event;
use crate::media::Decoder;

/// What is on screen is watched on the frames it has anyway, this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A running decode thread. Dropped, it tells the thread to end, which it does after the unit in
/// hand.
pub(super) struct DecodeThread {
    feed: Arc<Feed>,
    thread: JoinHandle<()>,
}

impl DecodeThread {
    /// Starts decoding `feed`, from its cached keyframe on. The thread stands on `roll` until
    /// its end.
    pub(super) fn start(feed: &Arc<Feed>, waker: &Waker, roll: &Roll) -> std::io::Result<Self> {
        let (worker, waker) = (Arc::clone(feed), Arc::clone(waker));
        let join = feed.join();
        feed.observe(Event::DecodeStarted);
        // Linux shows 15 bytes of a thread's name.
        let name = format!("dec {}", feed.id().station);
        let present = roll.enter(&name);
        let thread = std::thread::Builder::new()
            .name(name)
            .spawn(move || {
                run(&worker, &join, &waker);
                drop(present);
            })
            .inspect_err(|_| feed.leave())?;
        Ok(Self { feed: Arc::clone(feed), thread })
    }

    /// The thread has ended although nobody told it to.
    pub(super) fn has_failed(&self) -> bool {
        self.thread.is_finished()
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
    let mut failure = Failure::default();
    while let Ok(unit) = join.units.recv() {
        // The queue of a decoder that nobody looks at any more is not worked off.
        if !feed.is_current(join.number) {
            break;
        }
        to_catch_up = to_catch_up.saturating_sub(1);
        let mut newest = None;
        let outcome = decoder.decode(&unit, &mut |frame| newest = Some(frame));
        failure.note(feed, unit.is_key, &outcome, newest.is_some());
        feed.observe(Event::Decoded { arrived_at: unit.arrived_at, picture: newest.is_some() });
        let Some(frame) = newest.filter(|_| to_catch_up == 0) else { continue };
        if feed.wants_look(LOOK_EVERY) {
            feed.looked(&frame, unit.is_key && frame.arrived_at == unit.arrived_at);
        }
        if feed.publish(join.number, frame) == Some(Published::Fresh) {
            waker();
        }
    }
}

#[cfg(test)]
mod tests;
