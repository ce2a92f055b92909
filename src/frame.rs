//! A decoded picture on its way from a worker to the screen, and the mailbox it waits in.
//!
//! No FFmpeg and no wgpu type: `media` fills frames, `render` uploads them, and neither needs to
//! know the other. Anyone may call this module.

mod luma;
mod mailbox;
mod small;

pub use luma::{LUMA_HEIGHT, LUMA_WIDTH, Luma};
pub use mailbox::{Mailbox, Published};
pub use small::{SMALL_PIXELS, SMALL_WIDTH, TINY_BYTES};

use std::fmt;
use std::sync::Arc;

use crate::clock::{Mono, WallTime};

/// The widest picture that is accepted, in pixels.
pub const MAX_WIDTH: u32 = 4096;

/// The tallest picture that is accepted, in pixels.
pub const MAX_HEIGHT: u32 = 2304;

/// How a frame's samples are spread over planes. All samples have 8 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaneLayout {
    /// Luma alone.
    Gray,
    /// Y, U and V in three planes; chroma is smaller by these powers of two
    /// (4:2:0 = (1, 1), 4:2:2 = (1, 0), 4:4:4 = (0, 0)).
    Planar {
        /// log2 of luma width over chroma width: 0 or 1.
        chroma_shift_x: u32,
        /// log2 of luma height over chroma height: 0 or 1.
        chroma_shift_y: u32,
    },
    /// Y in one plane, U and V interleaved in the other, chroma halved both ways.
    Nv12,
}

/// The size of one plane in texels, and how many bytes one texel has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaneSize {
    /// Texels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// 1, or 2 for NV12's chroma.
    pub bytes_per_texel: u32,
}

impl PlaneLayout {
    /// The planes of a picture of `width` × `height`, in order. Chroma sizes round up, as every
    /// codec does.
    pub fn planes(self, width: u32, height: u32) -> Vec<PlaneSize> {
        let plane = |sx: u32, sy: u32, bytes_per_texel| PlaneSize {
            width: width.div_ceil(1 << sx),
            height: height.div_ceil(1 << sy),
            bytes_per_texel,
        };
        match self {
            Self::Gray => vec![plane(0, 0, 1)],
            Self::Planar { chroma_shift_x: x, chroma_shift_y: y } => {
                vec![plane(0, 0, 1), plane(x, y, 1), plane(x, y, 1)]
            }
            Self::Nv12 => vec![plane(0, 0, 1), plane(1, 1, 2)],
        }
    }
}

/// The luma weights a YUV picture was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matrix {
    /// ITU-R BT.601: standard definition, and JPEG.
    Bt601,
    /// ITU-R BT.709: high definition.
    Bt709,
    /// ITU-R BT.2020, non-constant luminance.
    Bt2020,
}

impl Matrix {
    /// (Kr, Kb): the weight of red and of blue in luma. BT.601-7 §2.5.1, BT.709-6 §3.2,
    /// BT.2020-2 table 4.
    pub const fn kr_kb(self) -> (f32, f32) {
        match self {
            Self::Bt601 => (0.299, 0.114),
            Self::Bt709 => (0.2126, 0.0722),
            Self::Bt2020 => (0.2627, 0.0593),
        }
    }
}

/// Which code values are black and white.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range {
    /// Luma 16–235, chroma 16–240.
    Limited,
    /// 0–255.
    Full,
}

/// What is needed to turn a frame's samples into red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ColorInfo {
    /// Luma weights.
    pub matrix: Matrix,
    /// Code range.
    pub range: Range,
}

impl ColorInfo {
    /// What the stream says, completed by what players assume where it says nothing (x264 leaves
    /// both open, so this guess is the normal path): 1280 pixels wide or more, or more than 576
    /// lines, is BT.709, else BT.601; an unsaid range is limited.
    pub fn complete(matrix: Option<Matrix>, range: Option<Range>, width: u32, height: u32) -> Self {
        Self {
            matrix: matrix.unwrap_or(if width >= 1280 || height > 576 {
                Matrix::Bt709
            } else {
                Matrix::Bt601
            }),
            range: range.unwrap_or(Range::Limited),
        }
    }
}

/// Clockwise quarter turns to apply before showing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rotation {
    /// As decoded.
    #[default]
    None,
    /// A quarter turn clockwise.
    Quarter,
    /// Upside down.
    Half,
    /// A quarter turn anticlockwise.
    ThreeQuarters,
}

impl Rotation {
    /// Whether width and height change places.
    pub const fn swaps_sides(self) -> bool {
        matches!(self, Self::Quarter | Self::ThreeQuarters)
    }
}

/// The memory behind a frame. A decoder hands over its own buffers, so a picture is copied once
/// only: into the texture.
pub trait Pixels: Send + Sync {
    /// The bytes of plane `index` and the distance in bytes from one row to the next. The slice
    /// holds at least `stride * (height - 1) + width * bytes_per_texel` bytes.
    fn plane(&self, index: usize) -> (&[u8], usize);

    /// Whether they are put up once more until a new picture is there ([`VideoFrame::again`]).
    fn are_again(&self) -> bool {
        false
    }
}

/// One decoded picture.
pub struct VideoFrame {
    /// Visible width in pixels, at least 1.
    pub width: u32,
    /// Visible height in pixels, at least 1.
    pub height: u32,
    /// How `pixels` is organised.
    pub layout: PlaneLayout,
    /// How to read its samples.
    pub color: ColorInfo,
    /// Sample (pixel) aspect ratio, width over height; both at least 1.
    pub sample_aspect: (u32, u32),
    /// The turn to show it with.
    pub rotation: Rotation,
    /// When its access unit arrived: the age of the picture counts from here.
    pub arrived_at: Mono,
    /// The same moment in civil time: the time shown under a picture that has stopped.
    pub taken_at: WallTime,
    /// Presentation time in the stream's own clock, in 1/90000 s.
    pub pts: i64,
    /// The samples.
    pub pixels: Box<dyn Pixels>,
}

impl VideoFrame {
    /// Width over height as it is to be seen, sample aspect and rotation applied.
    pub fn display_aspect(&self) -> f32 {
        let (n, d) = self.sample_aspect;
        let aspect = self.width as f32 * n as f32 / (self.height as f32 * d as f32);
        if self.rotation.swaps_sides() { 1.0 / aspect } else { aspect }
    }

    /// The same picture once more, over the same memory: one that is kept can be shown again.
    pub fn shared(self: &Arc<Self>) -> Self {
        Self {
            width: self.width,
            height: self.height,
            layout: self.layout,
            color: self.color,
            sample_aspect: self.sample_aspect,
            rotation: self.rotation,
            arrived_at: self.arrived_at,
            taken_at: self.taken_at,
            pts: self.pts,
            pixels: Box::new(Shared(Arc::clone(self))),
        }
    }

    /// How much memory its samples take, in bytes.
    pub fn bytes(&self) -> usize {
        let planes = self.layout.planes(self.width, self.height);
        (0..planes.len()).map(|plane| self.pixels.plane(plane).0.len()).sum()
    }

    /// Whether it was put up once more, until a new picture is there: how late it is says nothing
    /// about decoding or painting.
    pub fn is_again(&self) -> bool {
        self.pixels.are_again()
    }
}

impl fmt::Debug for VideoFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VideoFrame")
            .field("size", &(self.width, self.height))
            .field("layout", &self.layout)
            .field("color", &self.color)
            .field("arrived_at", &self.arrived_at)
            .finish_non_exhaustive()
    }
}

/// The samples of a picture that somebody else keeps.
struct Shared(Arc<VideoFrame>);

impl Pixels for Shared {
    fn plane(&self, index: usize) -> (&[u8], usize) {
        self.0.pixels.plane(index)
    }

    fn are_again(&self) -> bool {
        self.0.pixels.are_again()
    }
}

/// Planes in ordinary memory, tightly packed: test pictures and converted ones.
pub struct PackedPixels(pub Vec<(Vec<u8>, usize)>);

impl Pixels for PackedPixels {
    fn plane(&self, index: usize) -> (&[u8], usize) {
        let (bytes, stride) = &self.0[index];
        (bytes, *stride)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_sizes_round_chroma_up() {
        let sizes: Vec<_> = PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 }
            .planes(5, 3)
            .into_iter()
            .map(|p| (p.width, p.height))
            .collect();
        assert_eq!(sizes, [(5, 3), (3, 2), (3, 2)]);
        assert_eq!(PlaneLayout::Nv12.planes(4, 4)[1].bytes_per_texel, 2);
        assert_eq!(PlaneLayout::Gray.planes(4, 4).len(), 1);
    }

    #[test]
    fn unspecified_colour_is_guessed_from_the_size() {
        let guess = |w, h| ColorInfo::complete(None, None, w, h).matrix;
        assert_eq!(guess(640, 360), Matrix::Bt601);
        assert_eq!(guess(720, 576), Matrix::Bt601);
        assert_eq!(guess(1280, 720), Matrix::Bt709);
        assert_eq!(guess(768, 577), Matrix::Bt709);
        let said = ColorInfo::complete(Some(Matrix::Bt601), Some(Range::Full), 1920, 1080);
        assert_eq!(said, ColorInfo { matrix: Matrix::Bt601, range: Range::Full });
    }
}
