//! A room and what stands in it: plain shapes that a ray can meet.

use super::space::{Turn, V3, v};
use super::surface::{Light, Surface};

/// A shape in its thing's axes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A box between two corners.
    Block(V3, V3),
    /// An upright cylinder: the middle of its foot, radius, height.
    Post(V3, f32, f32),
    /// A ball: its middle and radius.
    Ball(V3, f32),
}

/// A shape made of something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) shape: Shape,
    pub(super) surface: Surface,
}

/// A thing that stands somewhere, turned somehow.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    at: V3,
    turn: Turn,
    parts: Vec<Part>,
    /// Around all parts, in the room's axes.
    low: V3,
    high: V3,
}

/// A side of the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// x = 0.
    Left,
    /// x = width.
    Right,
    /// z = depth.
    Far,
    /// z = 0.
    Near,
    /// y = 0.
    Floor,
    /// y = height.
    Ceiling,
}

/// Something on a side: from, to along it and up it, in metres.
#[derive(Clone, Copy, Debug)]
pub(super) struct Panel {
    pub(super) side: Side,
    pub(super) from: (f32, f32),
    pub(super) to: (f32, f32),
    pub(super) surface: Surface,
    /// An opening: what is seen lies this far behind the wall.
    pub(super) behind: f32,
}

/// A lamp or a window: light from an area.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    /// Its middle.
    pub(super) at: V3,
    /// Half of its extent, both ways.
    pub(super) half: (V3, V3),
    /// Where it shines.
    pub(super) facing: V3,
    /// How strongly, at one metre.
    pub(super) light: Light,
}

/// The room.
#[derive(Debug)]
pub(super) struct Room {
    /// Width, height, depth.
    pub(super) size: V3,
    pub(super) walls: Surface,
    pub(super) floor: Surface,
    pub(super) ceiling: Surface,
    pub(super) panels: Vec<Panel>,
    pub(super) things: Vec<Thing>,
    pub(super) sources: Vec<Source>,
    /// Light from everywhere.
    pub(super) ambient: Light,
}

/// What a ray meets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// How far away.
    pub(super) far: f32,
    pub(super) normal: V3,
    pub(super) surface: Surface,
    /// Where on the surface: from the corner of the part.
    pub(super) local: V3,
    local_normal: V3,
    size: (f32, f32),
    /// Whether it is the floor.
    pub(super) floor: bool,
}

impl Hit {
    /// Whether both are on one even surface.
    pub(super) fn is_beside(&self, other: &Hit) -> bool {
        self.normal.dot(other.normal) > 0.99
            && (self.far - other.far).abs() < 0.06 * self.far
            && self.floor == other.floor
    }

    /// The surface's colour there.
    pub(super) fn colour(&self) -> Light {
        self.surface.colour(self.local, self.local_normal, self.size)
    }
}

/// A hit of a shape in its own axes: distance, normal, local point, size of the face.
type Met = (f32, V3, V3, (f32, f32));

/// A hit with what was met.
type Found = (Met, Surface);

impl Thing {
    /// A thing of `parts` that stands at `at`, turned by `degrees` from facing away to the right.
    pub(super) fn new(at: V3, degrees: f32, parts: Vec<Part>) -> Self {
        let turn = Turn::degrees(degrees);
        let (mut low, mut high) = (v(1e9, 1e9, 1e9), v(-1e9, -1e9, -1e9));
        for part in &parts {
            let (from, to) = part.shape.bounds();
            for corner in 0..8 {
                let pick =
                    |bit: u32, from: f32, to: f32| if corner >> bit & 1 == 0 { from } else { to };
                let corner = v(pick(0, from.x, to.x), pick(1, from.y, to.y), pick(2, from.z, to.z));
                let corner = at + turn.out(corner);
                (low, high) = (low.min(corner), high.max(corner));
            }
        }
        Self { at, turn, parts, low, high }
    }

    /// The nearest part in the way of a ray, and the nearest pane before it. Neither is farther
    /// than `far`.
    fn meet(&self, ray: &Ray, far: f32) -> (Option<Hit>, Option<Hit>) {
        if !ray.comes_near(self.low, self.high, far) {
            return (None, None);
        }
        let own = ray.seen_from(self.at, self.turn);
        let (mut solid, mut pane): (Option<Found>, Option<Found>) = (None, None);
        for part in &self.parts {
            let best = if part.is_pane() { &mut pane } else { &mut solid };
            let limit = best.map_or(far, |(met, _)| met.0);
            if let Some(met) = part.shape.meet(&own, limit) {
                *best = Some((met, part.surface));
            }
        }
        let hit = |((far, normal, local, size), surface): Found| Hit {
            far,
            normal: self.turn.out(normal),
            surface,
            local,
            local_normal: normal,
            size,
            floor: false,
        };
        (solid.map(hit), pane.map(hit))
    }

    /// Whether anything opaque lies in the way.
    fn shades(&self, ray: &Ray, far: f32) -> bool {
        if !ray.comes_near(self.low, self.high, far) {
            return false;
        }
        let own = ray.seen_from(self.at, self.turn);
        self.parts.iter().any(|part| {
            !part.is_pane()
                && !matches!(part.surface, Surface::Lamp(_))
                && part.shape.stops(&own, far)
        })
    }
}

impl Part {
    fn is_pane(&self) -> bool {
        matches!(self.surface, Surface::Glass(..))
    }
}

/// A ray with what is asked of it again and again.
struct Ray {
    from: V3,
    along: V3,
    /// One over each part of the direction.
    inverse: V3,
}

impl Ray {
    fn new(from: V3, along: V3) -> Self {
        Self { from, along, inverse: v(1.0 / along.x, 1.0 / along.y, 1.0 / along.z) }
    }

    fn seen_from(&self, at: V3, turn: Turn) -> Self {
        Self::new(turn.inward(self.from - at), turn.inward(self.along))
    }

    #[inline(always)]
    fn comes_near(&self, low: V3, high: V3, far: f32) -> bool {
        let (enter, leave) = slabs(low, high, self.from, self.inverse);
        enter <= leave && leave >= NEAR && enter <= far
    }
}

/// Hits nearer than this are the surface itself.
const NEAR: f32 = 1e-3;

/// Where a ray enters and leaves the space between two corners.
#[inline(always)]
fn slabs(low: V3, high: V3, from: V3, inverse: V3) -> (f32, f32) {
    let (x0, x1) = ((low.x - from.x) * inverse.x, (high.x - from.x) * inverse.x);
    let (y0, y1) = ((low.y - from.y) * inverse.y, (high.y - from.y) * inverse.y);
    let (z0, z1) = ((low.z - from.z) * inverse.z, (high.z - from.z) * inverse.z);
    let enter = x0.min(x1).max(y0.min(y1)).max(z0.min(z1));
    let leave = x0.max(x1).min(y0.max(y1)).min(z0.max(z1));
    (enter, leave)
}

impl Shape {
    fn bounds(&self) -> (V3, V3) {
        match *self {
            Self::Block(low, high) => (low, high),
            Self::Post(foot, r, h) => (foot - v(r, 0.0, r), foot + v(r, h, r)),
            Self::Ball(middle, r) => (middle - v(r, r, r), middle + v(r, r, r)),
        }
    }

    /// Whether it lies in the way, nearer than `far`.
    fn stops(&self, ray: &Ray, far: f32) -> bool {
        match *self {
            Self::Block(low, high) => ray.comes_near(low, high, far),
            _ => self.meet(ray, far).is_some(),
        }
    }

    fn meet(&self, ray: &Ray, far: f32) -> Option<Met> {
        let Ray { from, along: ray, inverse } = *ray;
        match *self {
            Self::Block(low, high) => {
                let (enter, leave) = slabs(low, high, from, inverse);
                let (t, inside) = if enter > NEAR { (enter, 1.0) } else { (leave, -1.0) };
                if enter > leave || t < NEAR || t > far {
                    return None;
                }
                let p = from + ray * t;
                let normal = face(p, low, high) * inside;
                Some((t, normal, p - low, face_size(normal, high - low)))
            }
            Self::Post(foot, r, h) => post(foot, r, h, from, ray, far),
            Self::Ball(middle, r) => {
                let away = from - middle;
                let (b, c) = (away.dot(ray), away.dot(away) - r * r);
                let root = b * b - c;
                let t = -b - root.max(0.0).sqrt();
                if root < 0.0 || t < NEAR || t > far {
                    return None;
                }
                let p = from + ray * t;
                Some((t, (p - middle).unit(), p - middle, (r, r)))
            }
        }
    }
}

fn post(foot: V3, r: f32, h: f32, from: V3, ray: V3, far: f32) -> Option<Met> {
    let away = from - foot;
    let a = ray.x * ray.x + ray.z * ray.z;
    let b = away.x * ray.x + away.z * ray.z;
    let root = b * b - a * (away.x * away.x + away.z * away.z - r * r);
    if root < 0.0 {
        return None;
    }
    let t = (-b - root.sqrt()) / a;
    let y = away.y + ray.y * t;
    if t > NEAR && t < far && (0.0..h).contains(&y) {
        let p = away + ray * t;
        return Some((t, v(p.x, 0.0, p.z) * (1.0 / r), p, (r, h)));
    }
    let t = (h - away.y) / ray.y;
    let p = away + ray * t;
    let on_top = t > NEAR && t < far && p.x * p.x + p.z * p.z < r * r;
    on_top.then_some((t, v(0.0, 1.0, 0.0), p, (r * 2.0, r * 2.0)))
}

/// The outward normal of the face that a point lies on.
fn face(p: V3, low: V3, high: V3) -> V3 {
    let gaps = [
        ((p.x - low.x).abs(), v(-1.0, 0.0, 0.0)),
        ((p.x - high.x).abs(), v(1.0, 0.0, 0.0)),
        ((p.y - low.y).abs(), v(0.0, -1.0, 0.0)),
        ((p.y - high.y).abs(), v(0.0, 1.0, 0.0)),
        ((p.z - low.z).abs(), v(0.0, 0.0, -1.0)),
        ((p.z - high.z).abs(), v(0.0, 0.0, 1.0)),
    ];
    let mut best = gaps[0];
    for gap in gaps {
        if gap.0 < best.0 {
            best = gap;
        }
    }
    best.1
}

fn face_size(n: V3, size: V3) -> (f32, f32) {
    if n.y.abs() > 0.7 {
        (size.x, size.z)
    } else if n.x.abs() > 0.7 {
        (size.z, size.y)
    } else {
        (size.x, size.y)
    }
}

impl Room {
    /// The first thing or side that a ray from inside meets, and the pane before it, if any.
    pub(super) fn meet(&self, from: V3, along: V3) -> (Hit, Option<Hit>) {
        let ray = Ray::new(from, along);
        let (mut best, mut pane): (Hit, Option<Hit>) = (self.side(from, along), None);
        for thing in &self.things {
            let (solid, glass) = thing.meet(&ray, best.far);
            best = solid.unwrap_or(best);
            pane = glass.or(pane);
        }
        (best, pane.filter(|pane| pane.far < best.far))
    }

    /// Whether a thing stands between two points.
    pub(super) fn shaded(&self, from: V3, to: V3) -> bool {
        let away = to - from;
        let far = away.length();
        let ray = Ray::new(from, away * (1.0 / far));
        self.things.iter().any(|thing| thing.shades(&ray, far - 0.02))
    }

    /// Whether a point lies in a block of a thing.
    #[cfg(test)]
    pub(super) fn is_inside_a_thing(&self, p: V3) -> bool {
        self.things.iter().any(|thing| {
            let own = thing.turn.inward(p - thing.at);
            thing.parts.iter().any(|part| match part.shape {
                Shape::Block(low, high) => low.max(own) == own && high.min(own) == own,
                Shape::Post(foot, r, h) => {
                    let away = own - foot;
                    away.x.hypot(away.z) < r && (0.0..h).contains(&away.y)
                }
                Shape::Ball(..) => false,
            })
        })
    }

    /// The side of the room, or what is seen through it.
    fn side(&self, from: V3, ray: V3) -> Hit {
        let size = self.size;
        let reach = |from: f32, ray: f32, size: f32| {
            if ray > 0.0 {
                (size - from) / ray
            } else if ray < 0.0 {
                -from / ray
            } else {
                f32::MAX
            }
        };
        let (tx, ty, tz) = (
            reach(from.x, ray.x, size.x),
            reach(from.y, ray.y, size.y),
            reach(from.z, ray.z, size.z),
        );
        let (far, side) = if ty < tx && ty < tz {
            (ty, if ray.y > 0.0 { Side::Ceiling } else { Side::Floor })
        } else if tx < tz {
            (tx, if ray.x > 0.0 { Side::Right } else { Side::Left })
        } else {
            (tz, if ray.z > 0.0 { Side::Far } else { Side::Near })
        };
        let p = from + ray * far;
        let normal = match side {
            Side::Left => v(1.0, 0.0, 0.0),
            Side::Right => v(-1.0, 0.0, 0.0),
            Side::Near => v(0.0, 0.0, 1.0),
            Side::Far => v(0.0, 0.0, -1.0),
            Side::Floor => v(0.0, 1.0, 0.0),
            Side::Ceiling => v(0.0, -1.0, 0.0),
        };
        let hit = |surface, far, local, size| Hit {
            far,
            normal,
            surface,
            local,
            local_normal: normal,
            size,
            floor: side == Side::Floor,
        };
        let (across, up) = match side {
            Side::Left | Side::Right => (p.z, p.y),
            Side::Near | Side::Far => (p.x, p.y),
            Side::Floor | Side::Ceiling => (p.x, p.z),
        };
        for panel in self.panels.iter().rev().filter(|panel| panel.side == side) {
            let inside = (panel.from.0..panel.to.0).contains(&across)
                && (panel.from.1..panel.to.1).contains(&up);
            if !inside {
                continue;
            }
            // What is seen through an opening shifts with the place one looks from.
            let depth = panel.behind / ray.dot(-normal).max(0.15);
            let beyond = p + ray * depth;
            let local = match side {
                Side::Left | Side::Right => {
                    v(0.0, beyond.y - panel.from.1, beyond.z - panel.from.0)
                }
                Side::Near | Side::Far => v(beyond.x - panel.from.0, beyond.y - panel.from.1, 0.0),
                _ => v(beyond.x - panel.from.0, 0.0, beyond.z - panel.from.1),
            };
            let size = (panel.to.0 - panel.from.0, panel.to.1 - panel.from.1);
            return hit(panel.surface, far + depth, local, size);
        }
        let surface = match side {
            Side::Floor => self.floor,
            Side::Ceiling => self.ceiling,
            _ => self.walls,
        };
        hit(surface, far, p, (1.0, 1.0))
    }
}
