//! One slot between a decoder and the screen: the newest picture wins.

use std::sync::Mutex;

use super::VideoFrame;
use crate::clock::lock;

/// What [`Mailbox::publish`] found in the slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// The slot was empty: the reader needs to be woken.
    Fresh,
    /// An unread picture was thrown away: the reader was woken for that one and has not come yet.
    Replaced,
}

/// A slot for one frame, written by one decoder and read by the paint pass.
#[derive(Debug, Default)]
pub struct Mailbox {
    slot: Mutex<Option<VideoFrame>>,
}

impl Mailbox {
    /// Puts a frame in, in place of any unread one.
    pub fn publish(&self, frame: VideoFrame) -> Published {
        let replaced = lock(&self.slot).replace(frame);
        // The old frame's buffers go back to their pool here, outside the lock.
        match replaced {
            Some(_) => Published::Replaced,
            None => Published::Fresh,
        }
    }

    /// Whether an unread frame waits.
    pub fn is_waiting(&self) -> bool {
        lock(&self.slot).is_some()
    }

    /// Takes the unread frame, if there is one.
    pub fn take(&self) -> Option<VideoFrame> {
        lock(&self.slot).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Mono, WallTime};
    use crate::frame::{ColorInfo, PackedPixels, PlaneLayout, Rotation};

    fn frame(arrived_us: i64) -> VideoFrame {
        VideoFrame {
            width: 1,
            height: 1,
            layout: PlaneLayout::Gray,
            color: ColorInfo::complete(None, None, 1, 1),
            sample_aspect: (1, 1),
            rotation: Rotation::None,
            arrived_at: Mono::from_micros(arrived_us),
            taken_at: WallTime::from_micros(0),
            pts: 0,
            pixels: Box::new(PackedPixels(vec![(vec![0], 1)])),
        }
    }

    #[test]
    fn the_newest_wins_and_says_whether_to_wake() {
        let mailbox = Mailbox::default();
        assert!(mailbox.take().is_none() && !mailbox.is_waiting());
        assert_eq!(mailbox.publish(frame(1)), Published::Fresh);
        assert_eq!(mailbox.publish(frame(2)), Published::Replaced);
        assert!(mailbox.is_waiting());
        assert_eq!(mailbox.take().unwrap().arrived_at, Mono::from_micros(2));
        assert_eq!(mailbox.publish(frame(3)), Published::Fresh);
    }
}
