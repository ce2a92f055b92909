//! A picture as a few thousand mean brightnesses: what watching the picture works on.
//!
//! Each value is the mean over a box of the picture, so a sensor's noise nearly vanishes and what
//! remains is what a person would see from afar. Chroma is not looked at.

use super::{Range, VideoFrame};

/// The width at which pictures are watched. A digit of a clock in the picture of 640×360 is then
/// about one box wide, and 3,600 bytes a feed are kept easily.
pub const LUMA_WIDTH: u16 = 80;

/// The height at which pictures are watched, for pictures of 16:9.
pub const LUMA_HEIGHT: u16 = 45;

/// So many rows of a box are averaged at most; of larger boxes every second, third … row. Eight
/// rows by eight columns or more suppress noise enough, and a large picture costs no more than a
/// small one a row.
const ROWS_OF_A_BOX: usize = 8;

/// A small picture of brightness alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Luma {
    /// Values in a row.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// The rows one after the other: 0 black, 255 white, whatever range the stream has.
    pub data: Vec<u8>,
}

impl std::fmt::Debug for Luma {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Luma({}×{})", self.width, self.height)
    }
}

impl VideoFrame {
    /// The picture in `width` × `height` means (each at least 1), as it is coded: neither turned
    /// nor stretched. Where the picture is smaller than that, its pixels are repeated.
    pub fn luma(&self, width: u16, height: u16) -> Luma {
        let (columns, rows) = (usize::from(width.max(1)), usize::from(height.max(1)));
        let (from_w, from_h) = (self.width.max(1) as usize, self.height.max(1) as usize);
        let (bytes, stride) = self.pixels.plane(0);
        let edges: Vec<(usize, usize)> = (0..columns).map(|n| span(n, columns, from_w)).collect();
        let mut data = Vec::with_capacity(columns * rows);
        let mut sums = vec![0_u32; columns];
        for row in 0..rows {
            sums.fill(0);
            let (top, end) = span(row, rows, from_h);
            let step = (end - top).div_ceil(ROWS_OF_A_BOX);
            let mut taken = 0_u32;
            for y in (top..end).step_by(step) {
                // A plane shorter than it says gives black; decoders never make one.
                let line = bytes.get(y * stride..y * stride + from_w).unwrap_or(&[]);
                taken += 1;
                for (sum, (from, to)) in sums.iter_mut().zip(&edges) {
                    let part = line.get(*from..*to).unwrap_or(&[]);
                    *sum += part.iter().map(|v| u32::from(*v)).sum::<u32>();
                }
            }
            data.extend(sums.iter().zip(&edges).map(|(sum, (from, to))| {
                let count = taken * (to - from) as u32;
                mean(*sum, count, self.color.range)
            }));
        }
        Luma { width: columns as u16, height: rows as u16, data }
    }
}

/// Box `n` of `of` over `size` pixels; never empty.
fn span(n: usize, of: usize, size: usize) -> (usize, usize) {
    let from = (n * size / of).min(size - 1);
    (from, ((n + 1) * size / of).max(from + 1))
}

/// The rounded mean, limited range spread to the full one (ITU-R BT.601-7 §2.5.3: luma 16–235).
fn mean(sum: u32, count: u32, range: Range) -> u8 {
    let (sum, count) = (u64::from(sum), u64::from(count.max(1)));
    let value = match range {
        Range::Full => (2 * sum + count) / (2 * count),
        Range::Limited => {
            let above = sum.saturating_sub(16 * count);
            (2 * 255 * above + 219 * count) / (2 * 219 * count)
        }
    };
    value.min(255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Mono, WallTime};
    use crate::frame::{ColorInfo, Matrix, PackedPixels, PlaneLayout, Rotation};

    fn frame(size: (u32, u32), range: Range, stride: usize, y: Vec<u8>) -> VideoFrame {
        VideoFrame {
            width: size.0,
            height: size.1,
            layout: PlaneLayout::Gray,
            color: ColorInfo { matrix: Matrix::Bt601, range },
            sample_aspect: (1, 1),
            rotation: Rotation::None,
            arrived_at: Mono::default(),
            taken_at: WallTime::default(),
            pts: 0,
            pixels: Box::new(PackedPixels(vec![(y, stride)])),
        }
    }

    #[test]
    fn boxes_are_averaged_and_padding_is_not_looked_at() {
        // 4×2 with two bytes of padding a row.
        let y = vec![10, 20, 30, 40, 255, 255, 50, 60, 70, 80];
        let small = frame((4, 2), Range::Full, 6, y).luma(2, 1);
        assert_eq!((small.width, small.height, small.data), (2, 1, vec![35, 55]));
    }

    #[test]
    fn limited_range_is_spread() {
        let small = frame((3, 1), Range::Limited, 3, vec![16, 235, 5]).luma(3, 1);
        assert_eq!(small.data, [0, 255, 0]);
        let bright = frame((1, 1), Range::Limited, 1, vec![250]).luma(1, 1);
        assert_eq!(bright.data, [255]);
    }

    #[test]
    fn any_size_gives_the_size_asked_for() {
        for size in [(1, 1), (79, 44), (80, 45), (81, 46), (641, 361), (1920, 1080)] {
            let y = vec![77; (size.0 * size.1) as usize];
            let small = frame(size, Range::Full, size.0 as usize, y).luma(LUMA_WIDTH, LUMA_HEIGHT);
            assert!(small.data.len() == 3600 && small.data.iter().all(|v| *v == 77), "{size:?}");
        }
    }

    #[test]
    fn every_pixel_of_a_small_picture_counts_once() {
        // Boxes of unequal width (7 pixels in 3 boxes: 2, 2, 3).
        let small = frame((7, 1), Range::Full, 7, vec![2, 4, 6, 8, 10, 11, 12]).luma(3, 1);
        assert_eq!(small.data, [3, 7, 11]);
    }
}
