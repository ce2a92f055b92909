//! Where a picture goes in its tile, to the pixel, and which source point each corner shows.

use eframe::egui::{Pos2, Rect, Vec2, vec2};

use crate::frame::{PlaneLayout, Range, Rotation};

/// The largest rectangle of `aspect` (width over height) inside `room`, in its middle. An aspect
/// that is no positive number gives `room` itself. In points; [`PixelRect::fitted`] places the
/// picture itself and rounds to pixels, so edges may differ from these by one pixel.
pub fn fit(room: Rect, aspect: f32) -> Rect {
    if !aspect.is_finite() || aspect <= 0.0 || !room.is_positive() {
        return room;
    }
    let size = vec2(room.width().min(room.height() * aspect), room.height());
    let size = vec2(size.x, (size.x / aspect).min(size.y));
    Rect::from_center_size(room.center(), size)
}

/// A rectangle of whole pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PixelRect {
    pub(super) min: Pos2,
    pub(super) size: Vec2,
}

impl PixelRect {
    /// The letterboxed place of a picture of `aspect` in `room` (points): every edge lies on a
    /// pixel's edge, bars of unequal size differ by one pixel, and nothing reaches outside the
    /// rounded room. `None` where the room has no pixel.
    pub(super) fn fitted(room: Rect, pixels_per_point: f32, aspect: f32) -> Option<Self> {
        let min = (room.min.to_vec2() * pixels_per_point).round();
        let room = (room.max.to_vec2() * pixels_per_point).round() - min;
        if !(room.x >= 1.0 && room.y >= 1.0 && room.is_finite() && min.is_finite()) {
            return None;
        }
        let size = if !aspect.is_finite() || aspect <= 0.0 {
            room
        } else if aspect * room.y <= room.x {
            vec2((aspect * room.y).round().max(1.0), room.y)
        } else {
            vec2(room.x, (room.x / aspect).round().max(1.0))
        };
        let size = size.min(room);
        Some(Self { min: (min + ((room - size) / 2.0).floor()).to_pos2(), size })
    }

    /// Left, top, right, bottom in normalised device coordinates of a target of `target` pixels.
    pub(super) fn to_ndc(self, target: [u32; 2]) -> [f32; 4] {
        let target = vec2(target[0] as f32, target[1] as f32);
        let max = self.min + self.size;
        let x = |px: f32| px / target.x * 2.0 - 1.0;
        let y = |px: f32| 1.0 - px / target.y * 2.0;
        [x(self.min.x), y(self.min.y), x(max.x), y(max.y)]
    }
}

/// For a point (x, y) of the tile, both from 0 to 1: source u = row 0 · (x, y, 1) and
/// v = row 1 · (x, y, 1). The fourth number of each row is padding.
pub(super) fn turn(rotation: Rotation) -> [[f32; 4]; 2] {
    match rotation {
        Rotation::None => [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]],
        Rotation::Quarter => [[0.0, 1.0, 0.0, 0.0], [-1.0, 0.0, 1.0, 0.0]],
        Rotation::Half => [[-1.0, 0.0, 1.0, 0.0], [0.0, -1.0, 1.0, 0.0]],
        Rotation::ThreeQuarters => [[0.0, -1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0]],
    }
}

/// A row of [`turn`] for a tile that shows only `part` of the picture.
pub(super) fn of_part([x, y, offset, pad]: [f32; 4], part: Rect) -> [f32; 4] {
    let offset = offset + x * part.left() + y * part.top();
    [x * part.width(), y * part.height(), offset, pad]
}

/// `part` where it is one of a picture, else all of the picture.
pub(super) fn sound_part(part: Rect) -> Rect {
    let sound = part.is_finite() && part.is_positive() && super::WHOLE.contains_rect(part);
    if sound { part } else { super::WHOLE }
}

/// From texture coordinates of luma to those of chroma: scale x, y and offset x, y.
///
/// The scale is not 1 where a size is odd: chroma then covers one luma sample more than there is.
/// The offset is the chroma's siting. ITU-T H.264 and H.265 (annex E, chroma_sample_loc_type 0)
/// put it level with the left one of its two luma samples, a quarter of a chroma sample from the
/// middle; JPEG (full range) puts it in the middle.
pub(super) fn chroma(layout: PlaneLayout, width: u32, height: u32, range: Range) -> [f32; 4] {
    let Some(plane) = layout.planes(width, height).get(1).copied() else {
        return [1.0, 1.0, 0.0, 0.0];
    };
    let (shift_x, shift_y) = match layout {
        PlaneLayout::Planar { chroma_shift_x, chroma_shift_y } => (chroma_shift_x, chroma_shift_y),
        PlaneLayout::Nv12 | PlaneLayout::Gray => (1, 1),
    };
    let scale = |luma: u32, chroma: u32, shift: u32| luma as f32 / (chroma << shift) as f32;
    let left = if shift_x == 1 && range == Range::Limited { 0.25 } else { 0.0 };
    [
        scale(width, plane.width, shift_x),
        scale(height, plane.height, shift_y),
        left / plane.width as f32,
        0.0,
    ]
}

/// Where the four luma samples of a shrunken picture lie around the middle of a pixel, in source
/// texture coordinates, when it is shown in `shown` pixels; `None` where one sample will do.
///
/// A bilinear sample averages two texels each way at best. Below half size it skips some; four
/// samples at a quarter of a screen pixel either side average all of them down to a quarter.
pub(super) fn spread(width: u32, height: u32, rotation: Rotation, shown: Vec2) -> Option<[f32; 2]> {
    let across = if rotation.swaps_sides() { vec2(shown.y, shown.x) } else { shown };
    let texels_per_pixel = vec2(width as f32, height as f32) / across;
    (texels_per_pixel.max_elem() > 2.0).then(|| [0.25 / across.x, 0.25 / across.y])
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    fn rect(x: f32, y: f32, w: f32, h: f32) -> Rect {
        Rect::from_min_size(pos2(x, y), vec2(w, h))
    }

    #[test]
    fn bars_go_where_the_picture_is_not() {
        assert_eq!(fit(rect(10.0, 20.0, 400.0, 100.0), 2.0), rect(110.0, 20.0, 200.0, 100.0));
        assert_eq!(fit(rect(0.0, 0.0, 100.0, 400.0), 2.0), rect(0.0, 175.0, 100.0, 50.0));
        assert_eq!(fit(rect(0.0, 0.0, 16.0, 9.0), 16.0 / 9.0), rect(0.0, 0.0, 16.0, 9.0));
        assert_eq!(fit(rect(0.0, 0.0, 5.0, 5.0), f32::NAN), rect(0.0, 0.0, 5.0, 5.0));
    }

    #[test]
    fn pictures_lie_on_whole_pixels_inside_their_room() {
        let place = |room, scale, aspect| PixelRect::fitted(room, scale, aspect).unwrap();
        let got = place(rect(10.3, 0.0, 100.0, 50.0), 1.0, 1.0);
        assert_eq!((got.min, got.size), (pos2(35.0, 0.0), vec2(50.0, 50.0)));
        let got = place(rect(1.0, 1.0, 100.0, 100.0), 1.5, 16.0 / 9.0);
        assert_eq!((got.min, got.size), (pos2(2.0, 35.0), vec2(150.0, 84.0)));
        assert!(got.min.y + got.size.y <= 152.0);
        assert_eq!(place(rect(0.0, 0.0, 8.0, 1.0), 1.0, 0.01).size, vec2(1.0, 1.0));
        assert_eq!(PixelRect::fitted(rect(0.0, 0.0, 0.4, 9.0), 1.0, 1.0), None);
        assert_eq!(PixelRect::fitted(Rect::NOTHING, 1.0, 1.0), None);
    }

    #[test]
    fn a_quarter_turn_clockwise_brings_the_bottom_left_to_the_top_left() {
        let source =
            |rotation, x: f32, y: f32| turn(rotation).map(|[a, b, c, _]| a * x + b * y + c);
        assert_eq!(source(Rotation::None, 0.25, 0.75), [0.25, 0.75]);
        assert_eq!(source(Rotation::Quarter, 0.0, 0.0), [0.0, 1.0]);
        assert_eq!(source(Rotation::Quarter, 1.0, 0.0), [0.0, 0.0]);
        assert_eq!(source(Rotation::Half, 0.0, 0.0), [1.0, 1.0]);
        assert_eq!(source(Rotation::ThreeQuarters, 0.0, 0.0), [1.0, 0.0]);
        assert_eq!(source(Rotation::ThreeQuarters, 0.0, 1.0), [0.0, 0.0]);
    }

    #[test]
    fn a_part_is_taken_of_the_picture_as_it_is_seen() {
        let part = rect(0.5, 0.25, 0.5, 0.5);
        let source = |rotation, x: f32, y: f32| {
            turn(rotation).map(|row| of_part(row, part)).map(|[a, b, c, _]| a * x + b * y + c)
        };
        assert_eq!(source(Rotation::None, 0.0, 0.0), [0.5, 0.25]);
        assert_eq!(source(Rotation::None, 1.0, 1.0), [1.0, 0.75]);
        // What is seen at (0.5, 0.25) of a picture that was turned clockwise.
        assert_eq!(source(Rotation::Quarter, 0.0, 0.0), [0.25, 0.5]);
        for broken in [Rect::NOTHING, Rect::NAN, rect(0.5, 0.5, 0.6, 0.5), rect(0.0, 0.0, 0.0, 1.0)]
        {
            assert_eq!(sound_part(broken), super::super::WHOLE);
        }
        assert_eq!(sound_part(part), part);
    }

    #[test]
    fn chroma_of_odd_pictures_is_not_stretched() {
        let [x, y, left, _] = chroma(PlaneLayout::Nv12, 5, 3, Range::Limited);
        assert_eq!((x, y), (5.0 / 6.0, 3.0 / 4.0));
        // The middle of luma sample 2 is the middle of chroma sample 1.
        assert!((2.5 / 5.0 * x + left - 1.5 / 3.0).abs() < 1e-6);
        let full = PlaneLayout::Planar { chroma_shift_x: 0, chroma_shift_y: 0 };
        assert_eq!(chroma(full, 5, 3, Range::Limited), [1.0, 1.0, 0.0, 0.0]);
        let jpeg = PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 };
        assert_eq!(chroma(jpeg, 4, 4, Range::Full), [1.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn four_samples_only_below_half_size() {
        assert_eq!(spread(640, 360, Rotation::None, vec2(320.0, 180.0)), None);
        let got = spread(640, 360, Rotation::None, vec2(160.0, 90.0));
        assert_eq!(got, Some([0.25 / 160.0, 0.25 / 90.0]));
        let got = spread(640, 360, Rotation::Quarter, vec2(90.0, 160.0));
        assert_eq!(got, Some([0.25 / 160.0, 0.25 / 90.0]));
    }
}
