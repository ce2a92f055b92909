//! Paints people into a picture of a room: behind what is nearer, lit as the room is, with a soft
//! shadow on the floor.

use std::ops::Range;

use super::camera::Camera;
use super::figure::Limb;
use super::picture::Rgb;
use super::room::Room;
use super::space::{V3, v};
use super::surface::Light;
use super::trace::{Exposure, Still};

/// A picture in the making, with the distance of each pixel.
pub(super) struct Canvas {
    size: (usize, usize),
    pub(super) rgb: Vec<Rgb>,
    depth: Vec<f32>,
    /// What was painted on since the last wipe, for each person.
    touched: Vec<Option<Area>>,
}

/// A part of the picture: its first column and row, and those behind its last.
pub(super) type Area = ((usize, usize), (usize, usize));

/// The light on somebody.
#[derive(Clone, Copy)]
pub(super) struct Lighting {
    ambient: Light,
    key: Light,
    /// Towards the strongest light.
    from: V3,
}

impl Lighting {
    /// At this point of the room, without shadows.
    pub(super) fn at(room: &Room, p: V3) -> Self {
        let (mut key, mut from) = (V3::default(), V3::default());
        for source in &room.sources {
            let away = source.at - p;
            let square = away.dot(away);
            let ray = away.unit();
            let share = (-ray.dot(source.facing)).max(0.0) / (0.6 + square);
            key = key + source.light * share;
            from = from + ray * (source.light.y * share);
        }
        Self { ambient: room.ambient, key, from: (from + v(0.0, 1e-3, 0.0)).unit() }
    }

    /// Where shadows fall.
    pub(super) fn away(&self) -> V3 {
        -self.from
    }
}

/// How many shades a limb has from its dark side to its bright one.
const SHADES: usize = 24;

/// Darkening right under somebody.
const SHADOW: f32 = 0.42;

/// How wide somebody's shadow is, in metres.
const SHADOW_RADIUS: f32 = 0.42;

impl Canvas {
    pub(super) fn new(still: &Still, size: (usize, usize)) -> Self {
        Self { size, rgb: still.rgb.clone(), depth: still.depth.clone(), touched: Vec::new() }
    }

    /// Takes everybody out of the picture again.
    pub(super) fn wipe(&mut self, still: &Still) {
        for (from, to) in self.touched.drain(..).flatten() {
            for y in from.1..to.1 {
                let row = y * self.size.0 + from.0..y * self.size.0 + to.0;
                self.rgb[row.clone()].copy_from_slice(&still.rgb[row.clone()]);
                self.depth[row.clone()].copy_from_slice(&still.depth[row]);
            }
        }
    }

    /// What was painted on since the last wipe.
    pub(super) fn touched(&self) -> impl Iterator<Item = Area> {
        self.touched.iter().flatten().copied()
    }

    /// Notes that `person` changes this part; `None` when it is outside of the picture.
    fn touch(
        &mut self,
        person: usize,
        (left, top): (f32, f32),
        (right, low): (f32, f32),
    ) -> Option<Area> {
        let clamp = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
        let (width, height) = self.size;
        let from = (clamp(left.floor() - 1.0, width) & !1, clamp(top.floor() - 1.0, height) & !1);
        let to = (
            clamp(right.ceil() + 2.0, width).next_multiple_of(2).min(width),
            clamp(low.ceil() + 2.0, height).next_multiple_of(2).min(height),
        );
        if from.0 >= to.0 || from.1 >= to.1 {
            return None;
        }
        if self.touched.len() <= person {
            self.touched.resize(person + 1, None);
        }
        let around = &mut self.touched[person];
        *around = Some(around.map_or((from, to), |(a, b)| {
            ((a.0.min(from.0), a.1.min(from.1)), (b.0.max(to.0), b.1.max(to.1)))
        }));
        Some((from, to))
    }

    /// Darkens the floor around `feet`.
    pub(super) fn shadow(
        &mut self,
        camera: &Camera,
        still: &Still,
        person: usize,
        feet: V3,
        away: V3,
    ) {
        let middle = v(feet.x, 0.0, feet.z) + v(away.x, 0.0, away.z) * 0.18;
        let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
        for (x, z) in [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)] {
            let corner = middle + v(x, 0.0, z) * (SHADOW_RADIUS * 1.1);
            let Some((px, py, _)) = camera.project(corner) else { return };
            low = (low.0.min(px), low.1.min(py));
            high = (high.0.max(px), high.1.max(py));
        }
        let Some((from, to)) = self.touch(person, low, high) else { return };
        for y in from.1..to.1 {
            for x in from.0..to.0 {
                let at = y * self.size.0 + x;
                if !still.floor[at] {
                    continue;
                }
                let ray = camera.ray(x as f32 + 0.5, y as f32 + 0.5);
                let floor = camera.at() + ray * (-camera.at().y / ray.y);
                let away = floor - middle;
                let square = away.dot(away) / (SHADOW_RADIUS * SHADOW_RADIUS);
                let share = 1.0 - SHADOW * (1.0 - square.min(1.0)).powi(2);
                self.rgb[at] = self.rgb[at].map(|c| c * share);
            }
        }
    }

    /// Paints a limb.
    pub(super) fn limb(&mut self, camera: &Camera, person: usize, limb: &Limb, shades: &Shades) {
        let Some(a) = camera.project(limb.ends.0) else { return };
        let Some(b) = camera.project(limb.ends.1) else { return };
        let radius = |metres: f32, depth: f32| metres * camera.pixels_per_metre(depth);
        let (ra, rb) = (radius(limb.radii.0, a.2), radius(limb.radii.1, b.2));
        let r = ra.max(rb);
        let area = self.touch(
            person,
            (a.0.min(b.0) - r, a.1.min(b.1) - r),
            (a.0.max(b.0) + r, a.1.max(b.1) + r),
        );
        let Some((from, to)) = area else { return };
        // The light as the picture sees it: to the right, down, towards the eye.
        let toward = camera.seen(shades.from);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let square = (dx * dx + dy * dy).max(1e-6);
        let reach = (r + 1.0) * square.sqrt();
        for y in from.1..to.1 {
            let py = y as f32 + 0.5 - a.1;
            for x in beside(from.0..to.0, a.0, py, (dx, dy), reach) {
                let px = x as f32 + 0.5 - a.0;
                let t = ((px * dx + py * dy) / square).clamp(0.0, 1.0);
                let (ox, oy) = (px - dx * t, py - dy * t);
                let r = ra + (rb - ra) * t;
                let square_gap = ox * ox + oy * oy;
                if square_gap > (r + 0.5) * (r + 0.5) {
                    continue;
                }
                let cover = (r - square_gap.sqrt() + 0.5).min(1.0);
                let (nx, ny) = (ox / r, oy / r);
                let nz = (1.0 - (nx * nx + ny * ny)).max(0.0).sqrt();
                let thick = limb.radii.0 + (limb.radii.1 - limb.radii.0) * t;
                let depth = a.2 + (b.2 - a.2) * t - nz * thick;
                let at = y * self.size.0 + x;
                if depth > self.depth[at] {
                    continue;
                }
                let facing = nx * toward.x + ny * toward.y + nz * toward.z;
                let shade = shades.table
                    [((facing * 0.5 + 0.5) * (SHADES - 1) as f32 + 0.5) as usize % SHADES];
                for (old, new) in self.rgb[at].iter_mut().zip(shade) {
                    *old += (new - *old) * cover;
                }
                if cover > 0.5 {
                    self.depth[at] = depth;
                }
            }
        }
    }
}

/// The columns of a row that come near enough to a line: `py` below its beginning, which lies at
/// column `left`; `reach` is the distance times the line's length.
fn beside(all: Range<usize>, left: f32, py: f32, (dx, dy): (f32, f32), reach: f32) -> Range<usize> {
    if dy.abs() < 1.0 {
        return all;
    }
    let (one, other) = ((py * dx - reach) / dy, (py * dx + reach) / dy);
    let from = (one.min(other) + left).max(0.0) as usize;
    let to = (one.max(other) + left + 1.0).max(0.0) as usize;
    all.start.max(from)..all.end.min(to)
}

/// What a colour looks like, from turned away from the light to turned to it.
pub(super) struct Shades {
    table: [Rgb; SHADES],
    /// Towards the light.
    from: V3,
}

impl Shades {
    pub(super) fn new(colour: Light, light: Lighting, exposure: &Exposure) -> Self {
        let table = std::array::from_fn(|step| {
            let facing = step as f32 / (SHADES - 1) as f32 * 2.0 - 1.0;
            // Light wraps around: what a room reflects comes from everywhere.
            let wrapped = ((facing + 0.35) / 1.35).max(0.0);
            let lit = light.ambient * (0.62 + 0.2 * facing) + light.key * wrapped;
            exposure.see(v(colour.x * lit.x, colour.y * lit.y, colour.z * lit.z))
        });
        Self { table, from: light.from }
    }
}
