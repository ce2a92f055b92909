//! One feed's picture as the screen sees it: the reading side of its mailbox, and the last frame.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use crate::clock::{Mono, WallTime, lock};
use crate::frame::{Mailbox, VideoFrame};

/// About the frame that is now on screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// When its access unit arrived: the age of the picture counts from here.
    pub arrived_at: Mono,
    /// The same moment in civil time.
    pub taken_at: WallTime,
    /// Width in pixels, as decoded.
    pub width: u32,
    /// Height in pixels, as decoded.
    pub height: u32,
    /// Width over height as it is to be seen: pass it to [`super::fit`] to lay text on the picture.
    pub aspect: f32,
    /// Different frames painted since the picture was made.
    pub frames: u64,
    /// It was seen before, and is shown until a new one is there.
    pub again: bool,
}

/// Why a frame cannot be shown. The frame before it stays on screen, and with its `arrived_at`
/// says how old it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The adapter has no texture that large.
    #[error("the picture is {width}×{height} pixels; this graphics adapter takes {limit} a side")]
    TooLarge {
        /// Width of the refused frame in pixels.
        width: u32,
        /// Height of the refused frame in pixels.
        height: u32,
        /// The most the adapter takes, in pixels a side.
        limit: u32,
    },
    /// A plane's bytes do not match its size: a fault in the decoder, never in the stream.
    #[error("plane {plane} of a {width}×{height} picture has {bytes} bytes in rows of {stride}")]
    Malformed {
        /// Which plane, from 0.
        plane: usize,
        /// Width of the refused frame in pixels.
        width: u32,
        /// Height of the refused frame in pixels.
        height: u32,
        /// Bytes the plane has.
        bytes: usize,
        /// Bytes from one row to the next.
        stride: usize,
    },
}

impl Refused {
    /// Always `Error`: a tile shows an old picture, or none, although its feed delivers.
    pub const fn severity(self) -> log::Level {
        log::Level::Error
    }

    /// Whether the next frame may well be accepted; it is tried in any case.
    pub const fn is_retryable(self) -> bool {
        matches!(self, Self::Malformed { .. })
    }
}

/// One feed on screen. Shared between the screen, which says where it goes, and the paint pass,
/// which reads the mailbox; one picture may be painted in several places and windows.
///
/// The last frame is kept, so that its textures can be made again when the device is lost: a feed
/// that has stalled would else lose its last picture (docs/decisions/0021).
#[derive(Debug)]
pub struct TilePicture {
    /// Never used twice in a process, unlike an address.
    id: u64,
    mailbox: Arc<Mailbox>,
    /// Guards everything the paint pass changes and the screen reads. Taken on the window's thread
    /// only; a decoder knows the mailbox alone.
    state: Mutex<State>,
}

/// The newest frame accepted, and what became of it.
#[derive(Debug, Default)]
pub(super) struct State {
    frame: Option<Arc<VideoFrame>>,
    /// Counts the frames accepted; 0 while there is none.
    generation: u64,
    /// The newest generation that a texture has had.
    uploaded: u64,
    frames: u64,
    shown: Option<Shown>,
    refused: Option<Refused>,
}

impl TilePicture {
    /// A picture that will show what is put into `mailbox`.
    pub fn new(mailbox: Arc<Mailbox>) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self { id, mailbox, state: Mutex::default() })
    }

    /// What the textures of this picture are filed under.
    pub(super) const fn id(&self) -> u64 {
        self.id
    }

    /// About the frame on screen; `None` until one has been painted.
    pub fn shown(&self) -> Option<Shown> {
        lock(&self.state).shown
    }

    /// The frame on screen itself; `None` until one has been painted. Cheap: nothing is copied.
    pub fn frame(&self) -> Option<Arc<VideoFrame>> {
        let state = lock(&self.state);
        state.frame.clone().filter(|_| state.uploaded == state.generation)
    }

    /// Why the newest frame is not on screen, if it was refused.
    pub fn refused(&self) -> Option<Refused> {
        lock(&self.state).refused
    }

    /// Takes the newest frame out of the mailbox, unless textures of at most `limit` pixels a side
    /// cannot hold it. Called by the paint pass only.
    pub(super) fn refresh(&self, limit: u32) -> MutexGuard<'_, State> {
        let unread = self.mailbox.take();
        let mut state = lock(&self.state);
        if let Some(frame) = unread {
            state.accept(frame, limit);
        }
        state
    }
}

impl State {
    fn accept(&mut self, frame: VideoFrame, limit: u32) {
        let before = self.refused;
        self.refused = check(&frame, limit).err();
        match self.refused {
            None => {
                self.frame = Some(Arc::new(frame));
                self.generation += 1;
            }
            Some(reason) if before.is_none() => {
                log::log!(reason.severity(), "a frame is not shown: {reason}");
            }
            Some(_) => {}
        }
    }

    /// The frame to have in the texture, and its number.
    pub(super) fn newest(&self) -> Option<(&VideoFrame, u64)> {
        self.frame.as_deref().map(|frame| (frame, self.generation))
    }

    /// Notes that the newest frame is in a texture that is about to be painted.
    pub(super) fn note_uploaded(&mut self) {
        let Some(frame) = &self.frame else { return };
        if self.uploaded != self.generation {
            self.uploaded = self.generation;
            self.frames += 1;
        }
        self.shown = Some(Shown {
            arrived_at: frame.arrived_at,
            taken_at: frame.taken_at,
            width: frame.width,
            height: frame.height,
            aspect: frame.display_aspect(),
            frames: self.frames,
            again: frame.is_again(),
        });
    }
}

/// Whether every plane can be uploaded: wgpu would answer a mistake here with a panic.
fn check(frame: &VideoFrame, limit: u32) -> Result<(), Refused> {
    let (width, height) = (frame.width, frame.height);
    if width > limit || height > limit {
        return Err(Refused::TooLarge { width, height, limit });
    }
    for (plane, size) in frame.layout.planes(width, height).into_iter().enumerate() {
        let (bytes, stride) = frame.pixels.plane(plane);
        let row = size.width as usize * size.bytes_per_texel as usize;
        let enough = (size.height as usize)
            .checked_sub(1)
            .and_then(|rows| rows.checked_mul(stride))
            .and_then(|rows| rows.checked_add(row));
        let stride_fits = u32::try_from(stride).is_ok() && stride >= row && row > 0;
        if !stride_fits || enough.is_none_or(|enough| bytes.len() < enough) {
            return Err(Refused::Malformed { plane, width, height, bytes: bytes.len(), stride });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{ColorInfo, PackedPixels, PlaneLayout, Rotation};

    fn gray(width: u32, height: u32, bytes: usize, stride: usize) -> VideoFrame {
        VideoFrame {
            width,
            height,
            layout: PlaneLayout::Gray,
            color: ColorInfo::complete(None, None, width, height),
            sample_aspect: (1, 1),
            rotation: Rotation::None,
            arrived_at: Mono::from_micros(7),
            taken_at: WallTime::from_micros(8),
            pts: 9,
            pixels: Box::new(PackedPixels(vec![(vec![0; bytes], stride)])),
        }
    }

    #[test]
    fn a_frame_that_does_not_fit_leaves_the_one_before_it() {
        let mailbox = Arc::new(Mailbox::default());
        let picture = TilePicture::new(Arc::clone(&mailbox));
        assert_eq!(picture.shown(), None);
        mailbox.publish(gray(4, 2, 8, 4));
        picture.refresh(16).note_uploaded();
        assert_eq!(picture.shown().map(|s| (s.width, s.height, s.frames)), Some((4, 2, 1)));

        mailbox.publish(gray(17, 1, 17, 17));
        picture.refresh(16).note_uploaded();
        assert_eq!(picture.refused(), Some(Refused::TooLarge { width: 17, height: 1, limit: 16 }));
        assert_eq!(picture.shown().map(|s| (s.width, s.height, s.frames)), Some((4, 2, 1)));

        mailbox.publish(gray(8, 1, 8, 8));
        picture.refresh(16).note_uploaded();
        assert_eq!(picture.refused(), None);
        assert_eq!(picture.shown().map(|s| (s.width, s.frames)), Some((8, 2)));
    }

    #[test]
    fn planes_that_are_too_short_are_refused() {
        assert_eq!(check(&gray(5, 3, 8 * 2 + 5, 8), 16), Ok(()));
        for (bytes, stride) in [(8 * 2 + 4, 8), (100, 4), (0, 0), (5, usize::MAX)] {
            let got = check(&gray(5, 3, bytes, stride), 16);
            assert!(matches!(got, Err(Refused::Malformed { plane: 0, .. })), "{bytes} {stride}");
        }
        assert!(check(&gray(0, 3, 8, 8), 16).is_err());
        assert!(check(&gray(3, 0, 8, 8), 16).is_err());
    }

    #[test]
    fn a_picture_that_is_put_up_once_more_says_so_until_a_new_one_is_there() {
        let mailbox = Arc::new(Mailbox::default());
        let picture = TilePicture::new(Arc::clone(&mailbox));
        let small = Arc::new(gray(4, 2, 8, 4).small());
        mailbox.publish(small.again());
        picture.refresh(16).note_uploaded();
        let shown = picture.shown().unwrap();
        assert!(shown.again && shown.arrived_at == Mono::from_micros(7), "as old as it was");
        mailbox.publish(gray(4, 2, 8, 4));
        picture.refresh(16).note_uploaded();
        assert_eq!(picture.shown().map(|s| (s.again, s.frames)), Some((false, 2)));
    }

    #[test]
    fn painting_the_same_frame_again_is_not_another_frame() {
        let mailbox = Arc::new(Mailbox::default());
        let picture = TilePicture::new(Arc::clone(&mailbox));
        mailbox.publish(gray(1, 1, 1, 1));
        picture.refresh(16).note_uploaded();
        picture.refresh(16).note_uploaded();
        assert_eq!(picture.shown().map(|s| s.frames), Some(1));
    }
}
