//! Which part of the large picture is seen: pure, in fractions of the picture.
//!
//! Digital zoom shows nothing that the camera did not send; how far it goes is decision 0078.

/// The most that a picture is enlarged.
pub const MOST: f32 = 8.0;

/// A decoded pixel is never drawn larger than this, in points of the reference wall
/// (1920×1080): beyond it there is nothing left to see, only to guess at.
pub const POINTS_PER_PIXEL: f32 = 6.0;

/// One press of a key.
const STEP: f32 = 1.25;

/// One press of an arrow key, as a share of what is seen.
const PAN: f32 = 0.2;

/// The part of a picture that is seen, in fractions of its width and height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Of the left edge, from 0.
    pub left: f32,
    /// Of the upper edge, from 0.
    pub top: f32,
    /// Of both sides: 1 is all of the picture.
    pub side: f32,
}

impl Part {
    /// All of it.
    pub const WHOLE: Self = Self { left: 0.0, top: 0.0, side: 1.0 };
}

/// How far, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Zoom {
    factor: f32,
    /// The left upper corner of what is seen.
    corner: [f32; 2],
    /// The most for the picture that is shown now.
    most: f32,
}

impl Default for Zoom {
    fn default() -> Self {
        Self { factor: 1.0, corner: [0.0; 2], most: MOST }
    }
}

impl Zoom {
    pub(super) fn factor(&self) -> f32 {
        self.factor
    }

    pub(super) fn is_in(&self) -> bool {
        self.factor > 1.0
    }

    pub(super) fn part(&self) -> Part {
        Part { left: self.corner[0], top: self.corner[1], side: self.side() }
    }

    fn side(&self) -> f32 {
        1.0 / self.factor
    }

    /// The picture has other pixels now. What is seen keeps its middle.
    pub(super) fn set_most(&mut self, most: f32) {
        self.most = if most.is_finite() { most.clamp(1.0, MOST) } else { 1.0 };
        self.by(1.0, [0.5; 2]);
    }

    /// Enlarges by `by` around a point of what is seen, from (0, 0) at its left upper corner to
    /// (1, 1): what lies there stays there, unless the picture ends before.
    pub(super) fn by(&mut self, by: f32, at: [f32; 2]) {
        if !(by.is_finite() && by > 0.0) {
            return;
        }
        let before = self.side();
        self.factor = (self.factor * by).clamp(1.0, self.most);
        if self.factor < 1.005 {
            // The last step back is a whole one.
            self.factor = 1.0;
        }
        let after = self.side();
        let at = at.map(|a| if a.is_finite() { a.clamp(0.0, 1.0) } else { 0.5 });
        self.to([0, 1].map(|i| self.corner[i] + at[i] * (before - after)));
    }

    /// One step of a key, around the middle: closer (1) or back (-1).
    pub(super) fn step(&mut self, direction: i32) {
        self.by(STEP.powi(direction), [0.5; 2]);
    }

    /// Moves what is seen over the picture, in shares of what is seen.
    pub(super) fn pan(&mut self, by: [f32; 2]) {
        if by.iter().all(|b| b.is_finite()) {
            let side = self.side();
            self.to([0, 1].map(|i| self.corner[i] + by[i] * side));
        }
    }

    /// One press of an arrow key.
    pub(super) fn pan_step(&mut self, columns: i32, rows: i32) {
        self.pan([columns as f32 * PAN, rows as f32 * PAN]);
    }

    fn to(&mut self, corner: [f32; 2]) {
        let most = 1.0 - self.side();
        self.corner = corner.map(|c| c.clamp(0.0, most));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Deed {
        By(f32, [f32; 2]),
        Pan([f32; 2]),
        Most(f32),
    }

    fn deeds() -> impl Strategy<Value = Vec<Deed>> {
        let any = prop_oneof![-9.0_f32..9.0, Just(f32::NAN), Just(f32::INFINITY), Just(0.0)];
        let point = [any.clone(), any.clone()];
        let deed = prop_oneof![
            (any.clone(), point.clone()).prop_map(|(by, at)| Deed::By(by, at)),
            point.prop_map(Deed::Pan),
            any.prop_map(Deed::Most),
        ];
        prop::collection::vec(deed, 0..40)
    }

    /// Where a point of what is seen lies in the picture.
    fn source(zoom: &Zoom, at: [f32; 2]) -> [f32; 2] {
        let part = zoom.part();
        [part.left + at[0] * part.side, part.top + at[1] * part.side]
    }

    proptest! {
        #[test]
        fn what_is_seen_never_leaves_the_picture(deeds in deeds()) {
            let mut zoom = Zoom::default();
            for deed in deeds {
                match deed {
                    Deed::By(by, at) => zoom.by(by, at),
                    Deed::Pan(by) => zoom.pan(by),
                    Deed::Most(most) => zoom.set_most(most),
                }
                let part = zoom.part();
                prop_assert!((1.0..=zoom.most).contains(&zoom.factor()), "{zoom:?}");
                prop_assert!(part.left >= 0.0 && part.top >= 0.0, "{zoom:?}");
                prop_assert!(part.left + part.side <= 1.0 + 1e-6, "{zoom:?}");
                prop_assert!(part.top + part.side <= 1.0 + 1e-6, "{zoom:?}");
                prop_assert!(zoom.is_in() || part == Part::WHOLE, "{zoom:?}");
            }
        }

        #[test]
        fn what_lies_under_the_pointer_stays_there(
            x in 0.0_f32..=1.0, y in 0.0_f32..=1.0, by in prop::collection::vec(1.0_f32..1.6, 1..9),
        ) {
            let mut zoom = Zoom::default();
            let before = source(&zoom, [x, y]);
            for by in by {
                zoom.by(by, [x, y]);
                let now = source(&zoom, [x, y]);
                prop_assert!((now[0] - before[0]).abs() < 1e-4, "{zoom:?}");
                prop_assert!((now[1] - before[1]).abs() < 1e-4, "{zoom:?}");
            }
        }

        #[test]
        fn a_drag_moves_the_picture_with_the_pointer(dx in -0.2_f32..0.2, dy in -0.2_f32..0.2) {
            let mut zoom = Zoom::default();
            zoom.by(4.0, [0.5; 2]);
            let under = source(&zoom, [0.5, 0.5]);
            zoom.pan([-dx, -dy]);
            let now = source(&zoom, [0.5 + dx, 0.5 + dy]);
            prop_assert!((now[0] - under[0]).abs() < 1e-5 && (now[1] - under[1]).abs() < 1e-5);
        }
    }

    #[test]
    fn a_picture_with_fewer_pixels_is_enlarged_less() {
        let mut zoom = Zoom::default();
        zoom.by(8.0, [0.25, 0.75]);
        let middle = source(&zoom, [0.5; 2]);
        zoom.set_most(2.0);
        assert_eq!(zoom.factor(), 2.0);
        let now = source(&zoom, [0.5; 2]);
        assert!((now[0] - middle[0]).abs() < 1e-5 && (now[1] - middle[1]).abs() < 1e-5);
    }

    #[test]
    fn steps_of_keys_go_there_and_back() {
        let mut zoom = Zoom::default();
        zoom.step(1);
        zoom.step(1);
        zoom.pan_step(1, -1);
        zoom.step(-1);
        assert!(zoom.is_in());
        zoom.step(-1);
        assert_eq!(zoom, Zoom::default());
    }
}
