//! What stands still in a scene, drawn once: light, shadows and how far away everything is.

use super::camera::Camera;
use super::picture::Rgb;
use super::room::{Hit, Room, Source};
use super::space::{V3, v};
use super::surface::{Light, Surface};

/// The room without people.
pub(super) struct Still {
    pub(super) rgb: Vec<Rgb>,
    /// Along the camera's axis, in metres.
    pub(super) depth: Vec<f32>,
    /// Where shadows of people fall.
    pub(super) floor: Vec<bool>,
}

/// How a camera sees light: from linear light to gamma-coded colour, bright things rolling off
/// softly.
pub(super) struct Exposure {
    /// What it takes for white.
    tint: Light,
    /// The answer to light in even steps of its square root.
    table: Vec<f32>,
}

/// Steps of [`Exposure`]'s table.
const STEPS: usize = 1024;

/// Light beyond this is white.
const BRIGHTEST: f32 = 16.0;

impl Exposure {
    /// The more `gain`, the brighter.
    pub(super) fn new(gain: f32, tint: Light) -> Self {
        let table = (0..=STEPS).map(|step| {
            let root = step as f32 / STEPS as f32;
            let lit = 1.0 - (-root * root * BRIGHTEST * gain).exp();
            (lit * 1.06).min(1.0).powf(1.0 / 2.2)
        });
        Self { tint, table: table.collect() }
    }

    /// What the camera makes of this light.
    pub(super) fn see(&self, light: Light) -> Rgb {
        let part = |c: f32, tint: f32| {
            let root = (c * tint / BRIGHTEST).clamp(0.0, 1.0).sqrt() * STEPS as f32;
            let (step, rest) = ((root as usize).min(STEPS - 1), root.fract());
            let (low, high) = (self.table[step], self.table[step + 1]);
            low + (high - low) * rest
        };
        let tint = self.tint;
        [part(light.x, tint.x), part(light.y, tint.y), part(light.z, tint.z)]
    }
}

/// Rays for each pixel, in parts of it: two, which the lens's softness makes enough.
const RAYS: [(f32, f32); 2] = [(0.29, 0.69), (0.71, 0.31)];

/// Where on a light's area the shadow rays of a pixel end, in parts of half its extent; four
/// neighbours take turns, which makes shadows soft.
const SPOTS: [(f32, f32); 4] = [(-0.7, -0.45), (0.45, -0.7), (-0.45, 0.7), (0.7, 0.45)];

/// Draws the room.
pub(super) fn draw(
    room: &Room,
    camera: &Camera,
    exposure: &Exposure,
    size: (usize, usize),
) -> Still {
    let (width, height) = size;
    let mut still = Still {
        rgb: Vec::with_capacity(width * height),
        depth: Vec::with_capacity(width * height),
        floor: Vec::with_capacity(width * height),
    };
    let (mut above, mut row): (Vec<Met>, Vec<Met>) = (Vec::new(), Vec::with_capacity(width));
    for y in 0..height {
        row.clear();
        row.extend((0..width).map(|x| Met::at(room, camera, x, y)));
        for x in 0..width {
            let fall = vignette(x, y, size);
            still.rgb.push(pixel(&row, &above, x, exposure).map(|part| part * fall));
            still.depth.push(row[x].depth);
            still.floor.push(row[x].rays[0].0.floor);
        }
        std::mem::swap(&mut above, &mut row);
    }
    still
}

/// What a pixel's rays meet.
struct Met {
    /// The surface, the pane before it, and the light on the surface where it is not that on the
    /// first one's.
    rays: [(Hit, Option<Hit>, Option<Light>); 2],
    /// The light on the first ray's surface.
    light: Light,
    /// Along the camera's axis.
    depth: f32,
}

impl Met {
    fn at(room: &Room, camera: &Camera, x: usize, y: usize) -> Self {
        let spot = SPOTS[(y & 1) * 2 + (x & 1)];
        let [one, other] = RAYS.map(|(dx, dy)| {
            let ray = camera.ray(x as f32 + dx, y as f32 + dy);
            let (hit, pane) = room.meet(camera.at(), ray);
            (hit, pane, camera.at() + ray * hit.far)
        });
        let own = light(room, one.2, one.0.normal, spot);
        // What lies side by side is lit alike.
        let apart = !other.0.is_beside(&one.0);
        let second = apart.then(|| light(room, other.2, other.0.normal, spot));
        let rays = [(one.0, one.1, None), (other.0, other.1, second)];
        Self { rays, light: own, depth: camera.depth(one.2) }
    }
}

/// A pixel's colour. Its light is the mean over two by two pixels, which took turns with the spots
/// that they asked; those of another surface do not count.
fn pixel(row: &[Met], above: &[Met], x: usize, exposure: &Exposure) -> Rgb {
    let own = &row[x];
    let (mut sum, mut count) = (own.light, 1.0);
    let left = x.checked_sub(1);
    let others = [left.and_then(|x| row.get(x)), above.get(x), left.and_then(|x| above.get(x))];
    for other in others.into_iter().flatten() {
        if other.rays[0].0.is_beside(&own.rays[0].0) {
            sum = sum + other.light;
            count += 1.0;
        }
    }
    let mean = sum * (1.0 / count);
    let seen = own.rays.map(|(hit, pane, light)| {
        let light = shade(&hit, light.unwrap_or(mean));
        // Each ray by itself, so that a bright window does not eat its frame.
        exposure.see(pane.map_or(light, |pane| through(&pane, light)))
    });
    std::array::from_fn(|part| (seen[0][part] + seen[1][part]) * 0.5)
}

/// Light as it comes through a pane.
fn through(front: &Hit, behind: Light) -> Light {
    match front.surface {
        Surface::Glass(tint, share) => behind * (1.0 - share) + tint * (share * 1.2),
        _ => behind,
    }
}

/// Cheap lenses darken towards the corners.
fn vignette(x: usize, y: usize, (width, height): (usize, usize)) -> f32 {
    let dx = x as f32 / width as f32 - 0.5;
    let dy = y as f32 / height as f32 - 0.5;
    1.0 - 0.28 * (dx * dx + dy * dy)
}

/// What is seen of a surface in this light.
fn shade(hit: &Hit, light: Light) -> Light {
    let colour = hit.colour();
    if matches!(hit.surface, Surface::Lamp(_) | Surface::Outside(_)) {
        return colour;
    }
    v(colour.x * light.x, colour.y * light.y, colour.z * light.z)
}

/// The light on a surface at a point.
fn light(room: &Room, p: V3, normal: V3, spot: (f32, f32)) -> Light {
    let mut light = room.ambient * (corners(room, p) * (0.95 - 0.05 * normal.y.abs()));
    for source in &room.sources {
        light = light + source.light * lit(room, source, p, normal, spot);
    }
    light
}

/// The share of a source's light that reaches a point, shadows included.
fn lit(room: &Room, source: &Source, p: V3, normal: V3, spot: (f32, f32)) -> f32 {
    let at = source.at + source.half.0 * spot.0 + source.half.1 * spot.1;
    let away = at - p;
    let square = away.dot(away);
    let ray = away * (1.0 / square.sqrt());
    let share = ray.dot(normal).max(0.0) * (-ray.dot(source.facing)).max(0.0) / (0.6 + square);
    // Too little to be seen is not worth a ray.
    if share * source.light.y > 0.006 && !room.shaded(p + normal * 0.004, at) { share } else { 0.0 }
}

/// How much of the light from everywhere reaches a point: less in corners and near the floor.
fn corners(room: &Room, p: V3) -> f32 {
    let size = room.size;
    let gaps = [p.x, size.x - p.x, p.z, size.z - p.z, p.y, size.y - p.y];
    let near = gaps.into_iter().filter(|gap| *gap < 1.2);
    near.fold(1.0, |share, gap| share * (1.0 - 0.22 * (-gap.max(0.0) / 0.28).exp()))
}
