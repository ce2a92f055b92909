//! A web camera: a wide pinhole whose lens bends straight lines a little.

use super::space::{V3, v};

/// Where it hangs and how it looks.
pub(super) struct Camera {
    at: V3,
    right: V3,
    up: V3,
    forward: V3,
    /// Half the picture's width at distance one.
    half_width: f32,
    /// Height over width.
    aspect: f32,
    /// How strongly the lens bends: a ray at the picture's left rim leaves as one at 1 + `bend`.
    bend: f32,
    width: f32,
}

impl Camera {
    /// A camera at `at` that looks at `target`, `degrees` wide, for pictures of `width × height`.
    pub(super) fn new(
        at: V3,
        target: V3,
        degrees: f32,
        bend: f32,
        (width, height): (usize, usize),
    ) -> Self {
        let forward = (target - at).unit();
        let right = v(0.0, 1.0, 0.0).cross(forward).unit();
        let up = forward.cross(right);
        let half_width = (degrees.to_radians() / 2.0).tan() / (1.0 + bend);
        let (width, height) = (width as f32, height as f32);
        Self { at, right, up, forward, half_width, aspect: height / width, bend, width }
    }

    pub(super) fn at(&self) -> V3 {
        self.at
    }

    /// The direction, of length one, that is seen at this column and row.
    pub(super) fn ray(&self, x: f32, y: f32) -> V3 {
        let across = x / self.width * 2.0 - 1.0;
        let down = y / self.width * 2.0 - self.aspect;
        let bent = self.half_width * (1.0 + self.bend * (across * across + down * down));
        (self.forward + self.right * (across * bent) - self.up * (down * bent)).unit()
    }

    /// How far along the camera's axis a point is.
    #[inline(always)]
    pub(super) fn depth(&self, point: V3) -> f32 {
        (point - self.at).dot(self.forward)
    }

    /// Column, row and depth of a point; `None` behind or very near the camera.
    pub(super) fn project(&self, point: V3) -> Option<(f32, f32, f32)> {
        let away = point - self.at;
        let depth = away.dot(self.forward);
        if depth < 0.3 {
            return None;
        }
        let across = away.dot(self.right) / (depth * self.half_width);
        let down = -away.dot(self.up) / (depth * self.half_width);
        let straight = (across * across + down * down).sqrt();
        // Newton's method for r + bend r³ = straight; four steps are exact to a hundredth pixel.
        let mut bent = straight;
        for _ in 0..4 {
            let slope = 1.0 + 3.0 * self.bend * bent * bent;
            bent -= (bent + self.bend * bent * bent * bent - straight) / slope;
        }
        let shrink = if straight > 1e-6 { bent / straight } else { 1.0 };
        let x = (across * shrink + 1.0) * 0.5 * self.width;
        let y = (down * shrink + self.aspect) * 0.5 * self.width;
        Some((x, y, depth))
    }

    /// A direction as the picture sees it: to the right, down, towards the eye.
    pub(super) fn seen(&self, d: V3) -> V3 {
        v(d.dot(self.right), -d.dot(self.up), -d.dot(self.forward))
    }

    /// How many pixels a metre is at this depth, in the middle of the picture.
    pub(super) fn pixels_per_metre(&self, depth: f32) -> f32 {
        self.width * 0.5 / (depth * self.half_width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_seen_where_its_ray_leaves() {
        let camera = Camera::new(v(0.2, 2.8, 0.2), v(4.0, 0.8, 4.0), 90.0, 0.12, (640, 360));
        for (x, y) in [(320.0, 180.0), (5.0, 7.0), (635.0, 350.0), (100.0, 300.0)] {
            let point = camera.at() + camera.ray(x, y) * 4.0;
            let (px, py, depth) = camera.project(point).unwrap();
            assert!((px - x).abs() < 0.05 && (py - y).abs() < 0.05, "{x} {y} → {px} {py}");
            assert!(depth > 1.0 && depth <= 4.0);
        }
        assert!(camera.project(v(-3.0, 3.0, -3.0)).is_none(), "behind the camera");
    }
}
