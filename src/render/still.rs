//! A frame as a still picture in memory: the same colours as on the adapter, computed here, at the
//! frame's own size.
//!
//! Chroma is repeated, not interpolated: nothing is in the still that was not in the frame. May
//! take some ten milliseconds for a large frame: not for the window's thread.

use super::color::yuv_to_rgb;
use crate::frame::{PlaneLayout, Rotation, VideoFrame};

/// Red, green and blue of every pixel, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Still {
    /// Pixels in a row, as the picture is to be seen (turned).
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Shape of a pixel, width over height.
    pub pixel_aspect: (u32, u32),
    /// Three bytes a pixel, gamma-encoded.
    pub rgb: Vec<u8>,
}

impl Still {
    /// The still of `frame`, turned as it is to be seen.
    pub fn of(frame: &VideoFrame) -> Self {
        let (w, h) = (frame.width, frame.height);
        let turned = frame.rotation.swaps_sides();
        let (width, height) = if turned { (h, w) } else { (w, h) };
        let (n, d) = frame.sample_aspect;
        let pixel_aspect = if turned { (d, n) } else { (n, d) };
        let rows = yuv_to_rgb(frame.color);
        let count = frame.layout.planes(w, h).len();
        let planes: Vec<_> = (0..count).map(|plane| frame.pixels.plane(plane)).collect();
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        for y in 0..height {
            for x in 0..width {
                let (sx, sy) = match frame.rotation {
                    Rotation::None => (x, y),
                    Rotation::Quarter => (y, h - 1 - x),
                    Rotation::Half => (w - 1 - x, h - 1 - y),
                    Rotation::ThreeQuarters => (w - 1 - y, x),
                };
                let [y, u, v] = codes(frame.layout, &planes, sx as usize, sy as usize);
                let value = |[ry, ru, rv, offset]: [f32; 4]| {
                    let value = ry * y + ru * u + rv * v + offset;
                    // A float beyond the range saturates.
                    (value * 255.0).round() as u8
                };
                rgb.extend(rows.map(value));
            }
        }
        Self { width, height, pixel_aspect, rgb }
    }
}

/// The code values at a pixel, from 0 to 1; of a frame with too few bytes what there is.
fn codes(layout: PlaneLayout, planes: &[(&[u8], usize)], x: usize, y: usize) -> [f32; 3] {
    let code = |plane: usize, x: usize, y: usize| {
        let at = planes.get(plane).and_then(|(bytes, stride)| bytes.get(y * stride + x));
        at.copied().unwrap_or_default()
    };
    let [luma, u, v] = match layout {
        PlaneLayout::Gray => [code(0, x, y), 128, 128],
        PlaneLayout::Planar { chroma_shift_x: a, chroma_shift_y: b } => {
            [code(0, x, y), code(1, x >> a, y >> b), code(2, x >> a, y >> b)]
        }
        PlaneLayout::Nv12 => {
            let at = x / 2 * 2;
            [code(0, x, y), code(1, at, y / 2), code(1, at + 1, y / 2)]
        }
    };
    [luma, u, v].map(|code| f32::from(code) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Mono, WallTime};
    use crate::frame::{ColorInfo, Matrix, PackedPixels, Range};

    fn frame(
        size: (u32, u32),
        layout: PlaneLayout,
        matrix: Matrix,
        planes: Vec<(Vec<u8>, usize)>,
    ) -> VideoFrame {
        VideoFrame {
            width: size.0,
            height: size.1,
            layout,
            color: ColorInfo { matrix, range: Range::Limited },
            sample_aspect: (4, 3),
            rotation: Rotation::None,
            arrived_at: Mono::default(),
            taken_at: WallTime::default(),
            pts: 0,
            pixels: Box::new(PackedPixels(planes)),
        }
    }

    fn close(got: &[u8], want: [u8; 3]) {
        let near = got.iter().zip(want).all(|(got, want)| got.abs_diff(want) <= 2);
        assert!(near && got.len() == 3, "{got:?} is not {want:?}");
    }

    #[test]
    fn red_is_red_in_every_layout() {
        let planar = PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 };
        let one = |codes: [u8; 3]| codes.map(|code| (vec![code; 4], 2)).to_vec();
        let still = Still::of(&frame((2, 2), planar, Matrix::Bt601, one([81, 90, 240])));
        assert_eq!((still.width, still.height, still.pixel_aspect), (2, 2, (4, 3)));
        for pixel in still.rgb.chunks(3) {
            close(pixel, [255, 0, 0]);
        }
        let still = Still::of(&frame((2, 2), planar, Matrix::Bt709, one([63, 102, 240])));
        close(&still.rgb[9..], [255, 0, 0]);
        let nv12 = vec![(vec![81; 4], 2), (vec![90, 240], 2)];
        close(
            &Still::of(&frame((2, 2), PlaneLayout::Nv12, Matrix::Bt601, nv12)).rgb[..3],
            [255, 0, 0],
        );
        let gray = vec![(vec![235, 16], 2)];
        let still = Still::of(&frame((2, 1), PlaneLayout::Gray, Matrix::Bt601, gray));
        close(&still.rgb[..3], [255, 255, 255]);
        close(&still.rgb[3..], [0, 0, 0]);
    }

    #[test]
    fn a_turned_frame_is_upright() {
        // White at the top left of 3×2, black elsewhere; rows are padded.
        let luma = vec![235, 16, 16, 99, 16, 16, 16, 99];
        let mut turned = frame((3, 2), PlaneLayout::Gray, Matrix::Bt601, vec![(luma, 4)]);
        let white = |frame: &VideoFrame| {
            let still = Still::of(frame);
            let at = still.rgb.chunks(3).position(|p| p[0] > 250).unwrap() as u32;
            ((still.width, still.height), (at % still.width, at / still.width))
        };
        assert_eq!(white(&turned), ((3, 2), (0, 0)));
        turned.rotation = Rotation::Quarter;
        assert_eq!(white(&turned), ((2, 3), (1, 0)), "clockwise: to the top right");
        turned.rotation = Rotation::Half;
        assert_eq!(white(&turned), ((3, 2), (2, 1)));
        turned.rotation = Rotation::ThreeQuarters;
        assert_eq!(white(&turned), ((2, 3), (0, 2)));
    }
}
