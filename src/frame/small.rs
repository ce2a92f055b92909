//! A picture made small, to be kept where a thousand of them are kept.

use std::sync::Arc;

use super::{PackedPixels, Pixels, PlaneLayout, VideoFrame};

/// A small picture is this wide at most, in pixels.
pub const SMALL_WIDTH: u32 = 320;

/// … and has so many pixels at most: with its chroma 60 kB, so that a thousand are 60 MB.
pub const SMALL_PIXELS: u32 = 40_000;

/// The same of a picture on the page of a day …
const TINY_WIDTH: u32 = 128;

/// … which has so many pixels: with its chroma [`TINY_BYTES`].
const TINY_PIXELS: u32 = 128 * 72;

/// So large is a picture on the page of a day at most.
pub const TINY_BYTES: usize = TINY_PIXELS as usize * 3 / 2;

/// The pixels of a frame that somebody else keeps as well.
struct Shared(Arc<VideoFrame>);

impl Pixels for Shared {
    fn plane(&self, index: usize) -> (&[u8], usize) {
        self.0.pixels.plane(index)
    }

    fn are_again(&self) -> bool {
        true
    }
}

/// One channel of a picture, as it lies in memory.
struct Channel<'a> {
    bytes: &'a [u8],
    stride: usize,
    /// From one value to the next.
    step: usize,
    width: usize,
    height: usize,
}

impl VideoFrame {
    /// The same picture of [`SMALL_WIDTH`] and [`SMALL_PIXELS`] at most, by averaging; one that is
    /// small already is copied. Its times and its shape on the screen stay what they are.
    pub fn small(&self) -> VideoFrame {
        self.within(SMALL_WIDTH, SMALL_PIXELS)
    }

    /// The same for the page of a day, of which there are several for each feed.
    pub fn tiny(&self) -> VideoFrame {
        self.within(TINY_WIDTH, TINY_PIXELS)
    }

    fn within(&self, widest: u32, most_pixels: u32) -> VideoFrame {
        let (width, height) = small_size((self.width, self.height), widest, most_pixels);
        let chroma = |shift_x: u32, shift_y: u32| {
            (
                self.width.div_ceil(1 << shift_x) as usize,
                self.height.div_ceil(1 << shift_y) as usize,
            )
        };
        let plane = |index: usize, (width, height): (usize, usize), offset: usize, step: usize| {
            let (bytes, stride) = self.pixels.plane(index);
            Channel { bytes: bytes.get(offset..).unwrap_or(&[]), stride, step, width, height }
        };
        let luma = plane(0, chroma(0, 0), 0, 1);
        let (layout, colors) = match self.layout {
            PlaneLayout::Gray => (PlaneLayout::Gray, None),
            PlaneLayout::Planar { chroma_shift_x: x, chroma_shift_y: y } => {
                let of = |index| plane(index, chroma(x, y), 0, 1);
                (PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 }, Some([of(1), of(2)]))
            }
            PlaneLayout::Nv12 => {
                let of = |offset| plane(1, chroma(1, 1), offset, 2);
                (PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 }, Some([of(0), of(1)]))
            }
        };
        let (w, h) = (width as usize, height as usize);
        let mut planes = vec![(averages(&luma, w, h), w)];
        for color in colors.iter().flatten() {
            let (w, h) = (w.div_ceil(2), h.div_ceil(2));
            planes.push((averages(color, w, h), w));
        }
        VideoFrame {
            width,
            height,
            layout,
            sample_aspect: aspect(self, width, height).unwrap_or(self.sample_aspect),
            pixels: Box::new(PackedPixels(planes)),
            ..*self
        }
    }

    /// The same frame once more, on the same pixels.
    pub fn again(self: &Arc<Self>) -> VideoFrame {
        VideoFrame { pixels: Box::new(Shared(Arc::clone(self))), ..**self }
    }
}

/// The largest size of the same shape within the bounds; even, where it is made smaller.
fn small_size((width, height): (u32, u32), widest: u32, most_pixels: u32) -> (u32, u32) {
    let (w, h) = (f64::from(width), f64::from(height));
    let by_area = (f64::from(most_pixels) / (w * h)).sqrt();
    let scale = by_area.min(f64::from(widest) / w);
    if scale >= 1.0 {
        return (width, height);
    }
    let even = |side: f64| ((side * scale) as u32 & !1).max(2);
    (even(w), even(h))
}

/// The aspect of a pixel with which the small picture has the shape of the large one.
fn aspect(of: &VideoFrame, width: u32, height: u32) -> Option<(u32, u32)> {
    let (n, d) = of.sample_aspect;
    let n = u64::from(n) * u64::from(of.width) * u64::from(height);
    let d = u64::from(d) * u64::from(of.height) * u64::from(width);
    let (mut a, mut b) = (n, d);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let by = a.max(1);
    Some((u32::try_from(n / by).ok()?, u32::try_from(d / by).ok()?))
}

/// The means over `width` × `height` boxes that cover a channel.
fn averages(of: &Channel<'_>, width: usize, height: usize) -> Vec<u8> {
    let edges: Vec<(usize, usize)> = (0..width).map(|n| span(n, width, of.width)).collect();
    let mut means = Vec::with_capacity(width * height);
    let mut sums = vec![0_u32; width];
    for row in 0..height {
        sums.fill(0);
        let (top, end) = span(row, height, of.height);
        for y in top..end {
            // A plane that is shorter than it says gives black; decoders never make one.
            let line = of.bytes.get(y * of.stride..).unwrap_or(&[]);
            for (sum, (from, to)) in sums.iter_mut().zip(&edges) {
                let part = line.get(from * of.step..line.len().min(to * of.step)).unwrap_or(&[]);
                // Nearly all planes have nothing in between, and this is most of the work.
                *sum += if of.step == 1 {
                    part.iter().map(|v| u32::from(*v)).sum::<u32>()
                } else {
                    part.iter().step_by(of.step).map(|v| u32::from(*v)).sum::<u32>()
                };
            }
        }
        let rows = end - top;
        means.extend(sums.iter().zip(&edges).map(|(sum, (from, to))| {
            let count = (rows * (to - from)) as u32;
            ((sum + count / 2) / count).min(255) as u8
        }));
    }
    means
}

/// Box `n` of `of` over `size` values; never empty.
fn span(n: usize, of: usize, size: usize) -> (usize, usize) {
    let from = (n * size / of).min(size.saturating_sub(1));
    (from, ((n + 1) * size / of).max(from + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Mono, WallTime};
    use crate::frame::{ColorInfo, Rotation};

    /// Every plane a ramp from left to right, with two bytes of padding a row.
    fn ramp(width: u32, height: u32, layout: PlaneLayout) -> VideoFrame {
        let planes = layout.planes(width, height);
        let pixels = planes.into_iter().map(|p| {
            let row = (p.width * p.bytes_per_texel) as usize;
            let line = (0..row + 2).map(|x| (x.min(row) * 200 / row) as u8);
            let line: Vec<u8> = line.collect();
            (line.repeat(p.height as usize), row + 2)
        });
        VideoFrame {
            width,
            height,
            layout,
            color: ColorInfo::complete(None, None, width, height),
            sample_aspect: (1, 1),
            rotation: Rotation::Quarter,
            arrived_at: Mono::from_micros(7),
            taken_at: WallTime::from_micros(8),
            pts: 9,
            pixels: Box::new(PackedPixels(pixels.collect())),
        }
    }

    fn planar(x: u32, y: u32) -> PlaneLayout {
        PlaneLayout::Planar { chroma_shift_x: x, chroma_shift_y: y }
    }

    #[test]
    fn every_size_and_layout_becomes_small_and_keeps_its_shape() {
        let layouts =
            [PlaneLayout::Gray, PlaneLayout::Nv12, planar(0, 0), planar(1, 0), planar(1, 1)];
        for (width, height) in [
            (16, 16),
            (640, 360),
            (641, 361),
            (704, 576),
            (1080, 1920),
            (3840, 2160),
            (4096, 2),
            (1, 1),
        ] {
            for layout in layouts {
                let large = ramp(width, height, layout);
                let small = large.small();
                assert!(small.width <= SMALL_WIDTH && small.width * small.height <= SMALL_PIXELS);
                let off = small.display_aspect() / large.display_aspect();
                assert!((0.999..1.001).contains(&off), "{width}×{height}: {off}");
                let mut bytes = 0;
                for (n, size) in
                    small.layout.planes(small.width, small.height).into_iter().enumerate()
                {
                    let (plane, stride) = small.pixels.plane(n);
                    assert_eq!(plane.len(), stride * size.height as usize);
                    bytes += plane.len();
                    let (first, last) = (plane[0], plane[size.width as usize - 1]);
                    assert!(size.width < 8 || (first < 30 && last > 170), "{first} {last}");
                }
                assert!(bytes <= 60_000, "{bytes}");
                assert_eq!((small.arrived_at, small.pts), (large.arrived_at, 9));
            }
        }
        assert_eq!(small_size((640, 360), SMALL_WIDTH, SMALL_PIXELS), (266, 150));
    }

    #[test]
    fn a_small_picture_stays_as_it_is() {
        let small = ramp(160, 96, planar(1, 1)).small();
        assert_eq!((small.width, small.height, small.sample_aspect), (160, 96, (1, 1)));
        let row = |x: usize| (x * 200 / 160) as u8;
        assert_eq!(small.pixels.plane(0).0[..160], (0..160).map(row).collect::<Vec<_>>());
    }

    #[test]
    fn a_frame_once_more_has_the_same_pixels() {
        let frame = Arc::new(ramp(16, 16, planar(1, 1)));
        let again = frame.again();
        assert_eq!(again.pixels.plane(2).0.as_ptr(), frame.pixels.plane(2).0.as_ptr());
        assert_eq!((again.width, again.arrived_at), (16, frame.arrived_at));
    }
}
