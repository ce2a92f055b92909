//! What cameras look at: the simulator's rooms, with which thresholds were chosen, and three other
//! worlds with nothing in common with them, with which they were only judged.

use pollwall::simulate::View;
use pollwall::simulate::clips::SCENES;

/// Pixels in a row of every picture of the corpus.
pub(crate) const WIDTH: usize = 320;
/// Rows.
pub(crate) const HEIGHT: usize = 180;

/// Draws luma, limited range, without noise.
pub(crate) trait Scene {
    fn paint(&mut self, seconds: f32, people: bool, into: &mut [u8]);
}

/// Which world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum World {
    /// The simulator's polling stations.
    Rooms,
    /// Rough walls, a few tables, round people who wander about.
    Blobs,
    /// A long corridor of black and white tiles under lamps.
    Corridor,
    /// A yard with a house, a tree in the wind and passers-by.
    Yard,
}

impl World {
    /// Seeds with the same number have the same scene.
    pub(crate) fn number(self, seed: u64) -> u64 {
        if self == Self::Rooms { seed % u64::from(SCENES) } else { seed }
    }

    pub(crate) fn scene(self, seed: u64) -> Box<dyn Scene> {
        let seed = self.number(seed);
        match self {
            Self::Rooms => Box::new(Room(View::new(seed as u8, WIDTH, HEIGHT))),
            Self::Blobs => Box::new(Blobs::new(seed)),
            Self::Corridor => Box::new(Corridor::new(seed)),
            Self::Yard => Box::new(Yard::new(seed)),
        }
    }
}

struct Room(View);

impl Scene for Room {
    fn paint(&mut self, seconds: f32, people: bool, into: &mut [u8]) {
        into.copy_from_slice(if people { self.0.with_people(seconds) } else { self.0.empty() });
    }
}

/// Value noise, -1 to 1.
pub(crate) fn value_noise(x: f32, y: f32, seed: u64) -> f32 {
    let (cx, cy) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (ease(x - cx), ease(y - cy));
    let at = |dx: i64, dy: i64| {
        let key =
            (cx as i64 + dx).wrapping_mul(0x9e37) ^ (cy as i64 + dy).wrapping_mul(0x85eb_ca77);
        fastrand::Rng::with_seed(seed ^ key as u64).f32() * 2.0 - 1.0
    };
    let top = at(0, 0) + (at(1, 0) - at(0, 0)) * fx;
    let low = at(0, 1) + (at(1, 1) - at(0, 1)) * fx;
    top + (low - top) * fy
}

fn tone(value: f32) -> u8 {
    value.clamp(16.0, 235.0) as u8
}

/// Darkens or brightens an ellipse.
fn ellipse(into: &mut [u8], middle: (f32, f32), half: (f32, f32), value: u8) {
    let rows =
        (middle.1 - half.1).max(0.0) as usize..((middle.1 + half.1).max(0.0) as usize).min(HEIGHT);
    for y in rows {
        let dy = (y as f32 - middle.1) / half.1;
        let reach = (1.0 - dy * dy).max(0.0).sqrt() * half.0;
        let from = (middle.0 - reach).max(0.0) as usize;
        let to = ((middle.0 + reach).max(0.0) as usize).min(WIDTH);
        if from < to {
            into[y * WIDTH + from..y * WIDTH + to].fill(value);
        }
    }
}

struct Blobs {
    still: Vec<u8>,
    people: Vec<[f32; 6]>,
}

impl Blobs {
    fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed ^ 0xb10b);
        let base = 70.0 + 70.0 * random.f32();
        let mut still = vec![0; WIDTH * HEIGHT];
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let (u, w) = (x as f32 / 40.0, y as f32 / 40.0);
                let rough =
                    30.0 * value_noise(u, w, seed) + 22.0 * value_noise(u * 4.0, w * 4.0, seed + 1);
                still[y * WIDTH + x] = tone(base + rough);
            }
        }
        for _ in 0..7 {
            let (left, top) = (random.usize(..WIDTH - 60), random.usize(40..HEIGHT - 40));
            let value = tone(base + 120.0 * (random.f32() - 0.5));
            for y in top..top + 12 + random.usize(..25) {
                still[y * WIDTH + left..y * WIDTH + left + 25 + random.usize(..3)].fill(value);
            }
        }
        let people =
            (0..3 + random.usize(..6)).map(|_| std::array::from_fn(|_| random.f32())).collect();
        Self { still, people }
    }
}

impl Scene for Blobs {
    fn paint(&mut self, seconds: f32, people: bool, into: &mut [u8]) {
        into.copy_from_slice(&self.still);
        for [a, b, c, d, e, f] in self.people.iter().copied().filter(|_| people) {
            let walk = |slow: f32, from: f32| (seconds / (4.0 + 9.0 * slow) + 6.3 * from).sin();
            let x = WIDTH as f32 * (0.5 + 0.45 * walk(a, b));
            let y = HEIGHT as f32 * (0.55 + 0.25 * walk(c, d));
            ellipse(into, (x, y), (6.0 + 5.0 * e, 18.0 + 9.0 * e), tone(20.0 + 200.0 * f));
        }
    }
}

struct Corridor {
    still: Vec<u8>,
    walkers: Vec<[f32; 3]>,
}

impl Corridor {
    fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed ^ 0xc0dd);
        let (vx, vy) = (WIDTH as f32 * (0.4 + 0.2 * random.f32()), HEIGHT as f32 * 0.4);
        let mut still = vec![0; WIDTH * HEIGHT];
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let (dx, dy) = (x as f32 - vx, y as f32 - vy);
                let side = dx.abs() / WIDTH as f32 * 2.0;
                let slope = dy / HEIGHT as f32 * 2.6;
                let far = 1.0 / side.max(slope.abs()).max(0.06);
                let value = if slope.abs() > side && slope > 0.0 {
                    let tile = ((dx * far / 40.0).floor() as i32 + (far * 4.0).floor() as i32) & 1;
                    if tile == 0 { 40.0 } else { 200.0 }
                } else if slope.abs() > side {
                    if (far * 2.0).fract() < 0.3 { 235.0 } else { 150.0 }
                } else if (far * 1.5).fract() < 0.35 {
                    55.0
                } else {
                    175.0
                };
                still[y * WIDTH + x] = tone(value - far * 5.0);
            }
        }
        let walkers =
            (0..1 + random.usize(..3)).map(|_| std::array::from_fn(|_| random.f32())).collect();
        Self { still, walkers }
    }
}

impl Scene for Corridor {
    fn paint(&mut self, seconds: f32, people: bool, into: &mut [u8]) {
        into.copy_from_slice(&self.still);
        for [a, b, c] in self.walkers.iter().copied().filter(|_| people) {
            let near = 0.5 + 0.45 * (seconds / (5.0 + 6.0 * a) + 6.3 * b).sin();
            let size = 6.0 + 22.0 * near;
            let x = WIDTH as f32 * (0.35 + 0.3 * c);
            ellipse(
                into,
                (x, HEIGHT as f32 * (0.42 + 0.3 * near)),
                (size * 0.5, size * 1.6),
                tone(30.0 + 90.0 * c),
            );
        }
    }
}

struct Yard {
    still: Vec<u8>,
    seed: u64,
    tree: f32,
}

impl Yard {
    fn new(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed ^ 0x1a2d);
        let horizon = HEIGHT as f32 * (0.35 + 0.2 * random.f32());
        let (house, wide) = (random.usize(20..150), random.usize(70..140));
        let mut still = vec![0; WIDTH * HEIGHT];
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let height = y as f32;
                let ground = height > horizon;
                let value = if (house..house + wide).contains(&x)
                    && height > horizon * 0.4
                    && height < horizon + 20.0
                {
                    let pane = (x - house) % 22 > 12 && y % 24 > 12;
                    if pane { 60.0 } else { 165.0 }
                } else if ground {
                    95.0 + 25.0 * value_noise(x as f32 / 9.0, height / 4.0, seed)
                } else {
                    215.0 - 40.0 * height / horizon
                };
                still[y * WIDTH + x] = tone(value);
            }
        }
        Self { still, seed, tree: WIDTH as f32 * (0.6 + 0.3 * random.f32()) }
    }
}

impl Scene for Yard {
    fn paint(&mut self, seconds: f32, people: bool, into: &mut [u8]) {
        into.copy_from_slice(&self.still);
        let wind = if people { seconds } else { 0.0 };
        for leaf in 0..14 {
            let own = leaf as f32 * 2.4;
            let sway = 2.0 * (wind * 1.3 + own).sin();
            let (x, y) = (self.tree + 26.0 * own.cos() + sway, 60.0 + 30.0 * own.sin());
            ellipse(into, (x, y), (11.0, 9.0), 50 + (leaf * 5) as u8);
        }
        if people {
            for who in 0..3_u64 {
                let pace = 9.0 + 6.0 * value_noise(who as f32, 0.5, self.seed);
                let x = (seconds * pace + who as f32 * 140.0) % (WIDTH as f32 + 160.0) - 40.0;
                ellipse(into, (x, 125.0 + 12.0 * who as f32), (6.0, 19.0), 40 + 50 * who as u8);
            }
        }
    }
}
