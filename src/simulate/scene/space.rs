//! Points and directions in a room, in metres: x to the right, y up, z away.

use std::ops::{Add, Mul, Neg, Sub};

/// A point or a direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct V3 {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) z: f32,
}

/// The point or direction of these coordinates.
#[inline(always)]
pub(super) const fn v(x: f32, y: f32, z: f32) -> V3 {
    V3 { x, y, z }
}

impl V3 {
    #[inline(always)]
    pub(super) fn dot(self, o: V3) -> f32 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    pub(super) fn cross(self, o: V3) -> V3 {
        v(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
    }

    #[inline(always)]
    pub(super) fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    /// The same direction with length one; one that has none stays.
    #[inline(always)]
    pub(super) fn unit(self) -> V3 {
        let length = self.length();
        if length > 1e-9 { self * (1.0 / length) } else { self }
    }

    /// The point between this (0) and `o` (1).
    pub(super) fn towards(self, o: V3, share: f32) -> V3 {
        self + (o - self) * share
    }

    pub(super) fn min(self, o: V3) -> V3 {
        v(self.x.min(o.x), self.y.min(o.y), self.z.min(o.z))
    }

    pub(super) fn max(self, o: V3) -> V3 {
        v(self.x.max(o.x), self.y.max(o.y), self.z.max(o.z))
    }
}

impl Add for V3 {
    type Output = V3;
    #[inline(always)]
    fn add(self, o: V3) -> V3 {
        v(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl Sub for V3 {
    type Output = V3;
    #[inline(always)]
    fn sub(self, o: V3) -> V3 {
        v(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

impl Neg for V3 {
    type Output = V3;
    #[inline(always)]
    fn neg(self) -> V3 {
        v(-self.x, -self.y, -self.z)
    }
}

impl Mul<f32> for V3 {
    type Output = V3;
    #[inline(always)]
    fn mul(self, k: f32) -> V3 {
        v(self.x * k, self.y * k, self.z * k)
    }
}

/// A turn about the vertical axis: the direction that the thing's own z axis has in the room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    sin: f32,
    cos: f32,
}

impl Turn {
    /// Turned by `degrees` from facing away (+z) to the right (+x).
    pub(super) fn degrees(degrees: f32) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self { sin, cos }
    }

    /// From the thing's axes to the room's.
    #[inline(always)]
    pub(super) fn out(self, p: V3) -> V3 {
        v(p.x * self.cos + p.z * self.sin, p.y, p.z * self.cos - p.x * self.sin)
    }

    /// From the room's axes to the thing's.
    #[inline(always)]
    pub(super) fn inward(self, p: V3) -> V3 {
        v(p.x * self.cos - p.z * self.sin, p.y, p.z * self.cos + p.x * self.sin)
    }
}
