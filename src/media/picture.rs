//! From FFmpeg's frame to ours, without copying where the format is one that `render` takes.

use ffmpeg_next as ffmpeg;
use ffmpeg_next::format::Pixel;
use ffmpeg_next::software::scaling;
use ffmpeg_next::util::color;

use super::decoder::DecodeError;
use crate::clock::{Mono, WallTime};
use crate::frame::{
    ColorInfo, MAX_HEIGHT, MAX_WIDTH, Matrix, Pixels, PlaneLayout, Range, Rotation, VideoFrame,
};

/// The times of the unit that a picture was coded in.
#[derive(Clone, Copy)]
pub(super) struct Stamp {
    pub(super) pts: i64,
    pub(super) arrived_at: Mono,
    pub(super) taken_at: WallTime,
}

/// Turns decoded pictures into [`VideoFrame`]s. Keeps the scaler that converts the rarer formats
/// (10 bit, 4:1:1, RGB) to 8-bit 4:2:0 or 4:4:4.
#[derive(Default)]
pub(super) struct Converter {
    scaler: Option<scaling::Context>,
}

// SAFETY: a scaler is plain memory of libswscale without thread affinity, and it is reached
// through `&mut Converter` only.
#[expect(unsafe_code, reason = "ffmpeg-next does not mark its scaler as movable")]
unsafe impl Send for Converter {}

/// The layout of the formats that go to the screen as they are, and whether the format's name
/// says full range.
fn layout(format: Pixel) -> Option<(PlaneLayout, bool)> {
    let planar = |x, y| PlaneLayout::Planar { chroma_shift_x: x, chroma_shift_y: y };
    Some(match format {
        Pixel::YUV420P => (planar(1, 1), false),
        Pixel::YUVJ420P => (planar(1, 1), true),
        Pixel::YUV422P => (planar(1, 0), false),
        Pixel::YUVJ422P => (planar(1, 0), true),
        Pixel::YUV444P => (planar(0, 0), false),
        Pixel::YUVJ444P => (planar(0, 0), true),
        Pixel::NV12 => (PlaneLayout::Nv12, false),
        Pixel::GRAY8 => (PlaneLayout::Gray, false),
        _ => return None,
    })
}

impl Converter {
    pub(super) fn frame(
        &mut self,
        picture: ffmpeg::frame::Video,
        stream_aspect: Option<(u32, u32)>,
        unit: Stamp,
    ) -> Result<VideoFrame, DecodeError> {
        let (width, height) = (picture.width(), picture.height());
        if width == 0 || height == 0 || width > MAX_WIDTH || height > MAX_HEIGHT {
            return Err(DecodeError::TooLarge { width, height });
        }
        let sample_aspect = known_aspect(&picture).or(stream_aspect).unwrap_or((1, 1));
        let rotation = rotation(&picture);
        let says_range = match picture.color_range() {
            color::Range::JPEG => Some(Range::Full),
            color::Range::MPEG => Some(Range::Limited),
            color::Range::Unspecified => None,
        };
        let mut says_matrix = matrix(picture.color_space());
        let (picture, layout, full_by_name) = match layout(picture.format()) {
            Some((layout, full)) if usable(&picture, layout) => (picture, layout, full),
            _ => {
                if picture.color_space() == color::Space::RGB {
                    // libswscale's default when it makes YUV from RGB.
                    says_matrix = Some(Matrix::Bt601);
                }
                let (converted, layout) = self.convert(&picture)?;
                (converted, layout, false)
            }
        };
        let range = says_range.or(full_by_name.then_some(Range::Full));
        Ok(VideoFrame {
            width,
            height,
            layout,
            color: ColorInfo::complete(says_matrix, range, width, height),
            sample_aspect,
            rotation,
            arrived_at: unit.arrived_at,
            taken_at: unit.taken_at,
            pts: unit.pts,
            pixels: Box::new(Decoded { picture, layout, width, height }),
        })
    }

    /// Converts to the nearest format that is taken, keeping the code range.
    fn convert(
        &mut self,
        picture: &ffmpeg::frame::Video,
    ) -> Result<(ffmpeg::frame::Video, PlaneLayout), DecodeError> {
        let target = Pixel::YUV420P;
        let (w, h, format) = (picture.width(), picture.height(), picture.format());
        let fits = self.scaler.as_ref().is_some_and(|s| {
            let input = s.input();
            (input.format, input.width, input.height) == (format, w, h)
        });
        if !fits {
            let flags = scaling::Flags::BILINEAR;
            let made = scaling::Context::get(format, w, h, target, w, h, flags);
            self.scaler = Some(made.map_err(DecodeError::Ffmpeg)?);
        }
        let Some(scaler) = &mut self.scaler else { return Err(DecodeError::OutOfMemory) };
        let mut converted = ffmpeg::frame::Video::empty();
        scaler.run(picture, &mut converted).map_err(DecodeError::Ffmpeg)?;
        Ok((converted, PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 }))
    }
}

fn matrix(space: color::Space) -> Option<Matrix> {
    use color::Space;
    match space {
        // SMPTE 240M's weights (0.212, 0.087) are nearest to BT.709's.
        Space::BT709 | Space::SMPTE240M => Some(Matrix::Bt709),
        Space::BT470BG | Space::SMPTE170M | Space::FCC => Some(Matrix::Bt601),
        Space::BT2020NCL | Space::BT2020CL => Some(Matrix::Bt2020),
        _ => None,
    }
}

fn known_aspect(picture: &ffmpeg::frame::Video) -> Option<(u32, u32)> {
    let aspect = picture.aspect_ratio();
    let (n, d) =
        (u32::try_from(aspect.numerator()).ok()?, u32::try_from(aspect.denominator()).ok()?);
    // 1:0 and 0:1 mean "unknown"; a ratio beyond 10 is a broken header, not a camera.
    (n > 0 && d > 0 && n <= d.saturating_mul(10) && d <= n.saturating_mul(10)).then_some((n, d))
}

/// The turn that the stream asks for in its display orientation message. The matrix is nine
/// 32-bit numbers, of which the upper left 2×2 (16.16 fixed point) is the turn
/// (libavutil/display.h).
fn rotation(picture: &ffmpeg::frame::Video) -> Rotation {
    let Some(data) = picture.side_data(ffmpeg::frame::side_data::Type::DisplayMatrix) else {
        return Rotation::None;
    };
    let entry = |index: usize| {
        let bytes = data.data().get(index * 4..index * 4 + 4)?;
        Some(f64::from(i32::from_ne_bytes(bytes.try_into().ok()?)))
    };
    let (Some(a), Some(b)) = (entry(0), entry(1)) else { return Rotation::None };
    let quarters_clockwise = (b.atan2(a) / std::f64::consts::FRAC_PI_2).round();
    match (quarters_clockwise as i32).rem_euclid(4) {
        1 => Rotation::Quarter,
        2 => Rotation::Half,
        3 => Rotation::ThreeQuarters,
        _ => Rotation::None,
    }
}

/// Whether every plane is there and runs from top to bottom (FFmpeg may store pictures upside
/// down, with a negative stride).
#[expect(unsafe_code, reason = "AVFrame's planes have no checked accessor")]
fn usable(picture: &ffmpeg::frame::Video, layout: PlaneLayout) -> bool {
    let planes = layout.planes(picture.width(), picture.height());
    // SAFETY: `picture` owns a valid AVFrame; only its plain fields are read.
    let raw = unsafe { &*picture.as_ptr() };
    planes.iter().enumerate().all(|(i, plane)| {
        let row = (plane.width * plane.bytes_per_texel) as usize;
        !raw.data[i].is_null() && usize::try_from(raw.linesize[i]).is_ok_and(|s| s >= row)
    })
}

/// A decoded picture that still lives in FFmpeg's buffers; dropping it gives them back to their
/// pool.
struct Decoded {
    picture: ffmpeg::frame::Video,
    layout: PlaneLayout,
    width: u32,
    height: u32,
}

// SAFETY: the AVFrame's buffers are reference-counted with atomics, nobody writes to a picture
// once the decoder has given it out, and only shared reads go through `plane`.
#[expect(unsafe_code, reason = "frames move from decoder threads to the paint pass")]
unsafe impl Send for Decoded {}
// SAFETY: as above; `plane` only reads.
#[expect(unsafe_code, reason = "frames move from decoder threads to the paint pass")]
unsafe impl Sync for Decoded {}

impl Pixels for Decoded {
    #[expect(unsafe_code, reason = "AVFrame's planes have no checked accessor")]
    fn plane(&self, index: usize) -> (&[u8], usize) {
        let planes = self.layout.planes(self.width, self.height);
        let Some(plane) = planes.get(index) else { return (&[], 0) };
        // SAFETY: `usable` checked (or libswscale allocated) every plane of this layout: the
        // pointer is valid and the stride is at least a row, so `height - 1` strides and one row
        // lie inside the buffer that the frame keeps alive.
        unsafe {
            let raw = &*self.picture.as_ptr();
            let stride = raw.linesize[index] as usize;
            let row = (plane.width * plane.bytes_per_texel) as usize;
            let len = stride * (plane.height as usize - 1) + row;
            (std::slice::from_raw_parts(raw.data[index], len), stride)
        }
    }
}
