//! The decode thread of one feed on screen: units in, the newest picture into the mailbox.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use crossbeam_channel::Sender;

use super::Waker;
use super::feed::{Feed, Join};
use crate::frame::Published;
use crate::health::{Event, Trouble};
use crate::media::{AccessUnit, DecodeError, Decoder};

/// So many keyframes in a row without a picture, and the stream is called undecodable instead of
/// damaged.
const HOPELESS_AFTER: u32 = 3;

/// A stream that brings no error either gets this many units more: a codec may hold back as many
/// pictures as it may reorder (16, H.264 A.3.1 and H.265 A.4.1), and one more for each thread.
const SILENT_UNITS: u32 = 32;

/// A running decode thread. Dropped, it tells the thread to end, which it does after the unit in
/// hand.
pub(super) struct DecodeThread {
    feed: Arc<Feed>,
    thread: JoinHandle<()>,
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
        // Linux shows 15 bytes of a thread's name.
        let thread = std::thread::Builder::new()
            .name(format!("dec {}", feed.id().station))
            .spawn(move || {
                run(&worker, &join, &waker);
                drop(alive);
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
        failure.note(feed, &unit, &outcome, newest.is_some());
        feed.observe(Event::Decoded { arrived_at: unit.arrived_at, picture: newest.is_some() });
        let Some(frame) = newest.filter(|_| to_catch_up == 0) else { continue };
        if feed.publish(join.number, frame) == Some(Published::Fresh) {
            waker();
        }
    }
}

/// Keeps apart a picture that was damaged on the way and a stream that can't be decoded at all.
#[derive(Default)]
struct Failure {
    keys_without_picture: u32,
    units_without_picture: u32,
    last: Option<Trouble>,
}

impl Failure {
    fn note(
        &mut self,
        feed: &Feed,
        unit: &AccessUnit,
        outcome: &Result<(), DecodeError>,
        picture: bool,
    ) {
        if let Err(e) = outcome {
            feed.counters.damaged.fetch_add(1, Ordering::Relaxed);
            if self.last.is_none() {
                log::warn!("{}: {e}; going on at the next keyframe", feed.id());
            }
            self.last = Some(trouble(e));
        }
        if picture {
            *self = Self::default();
            return;
        }
        self.units_without_picture = self.units_without_picture.saturating_add(1);
        if !unit.is_key {
            return;
        }
        self.keys_without_picture = self.keys_without_picture.saturating_add(1);
        let said = self.last.is_some() || self.units_without_picture > SILENT_UNITS;
        if said && self.keys_without_picture >= HOPELESS_AFTER {
            let why = self.last.clone().unwrap_or(Trouble::Undecodable);
            feed.observe(Event::DecodeFailed(why));
        }
    }
}

/// What it means to a person that a unit can't be decoded.
fn trouble(error: &DecodeError) -> Trouble {
    match error {
        DecodeError::NoDecoder(codec) => Trouble::UnsupportedCodec(format!("{codec:?}")),
        DecodeError::TooLarge { width, height } => {
            Trouble::TooLarge { width: *width, height: *height }
        }
        DecodeError::Ffmpeg(_) | DecodeError::OutOfMemory => Trouble::Undecodable,
    }
}

#[cfg(test)]
mod tests;
