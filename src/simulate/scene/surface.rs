//! What things are made of: the colour of a surface at a point of it.

use super::space::V3;

/// Light or reflectance in linear RGB.
pub(super) type Light = V3;

/// A colour as designers write it, in linear light.
pub(super) fn rgb(hex: u32) -> Light {
    let part = |shift: u32| {
        let byte = (hex >> shift & 0xff) as f32;
        (byte / 255.0).powf(2.2)
    };
    V3 { x: part(16), y: part(8), z: part(0) }
}

/// What a thing is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Surface {
    /// One colour.
    Plain(Light),
    /// Square tiles of two colours with joints; the side in metres.
    Tiles(Light, Light, f32),
    /// Boards along x.
    Planks(Light),
    /// Speckled linoleum or stone.
    Stone(Light),
    /// Painted up to a height in metres, then another colour.
    TwoTone(Light, Light, f32),
    /// Wood with a grain along x.
    Wood(Light),
    /// Cloth in folds.
    Folds(Light),
    /// A notice board with sheets of paper on it, sheets by this seed.
    Notices(Light, u32),
    /// Rows of books, by this seed.
    Books(u32),
    /// A painting in a frame, by this seed.
    Painting(u32),
    /// Wooden floor of a sports hall with coloured lines.
    Court(Light),
    /// A child's rug: rings of colours.
    Rings(u32),
    /// Three stripes: blue, red, green.
    Flag,
    /// Gives light of its own.
    Lamp(Light),
    /// What is outside: sky above roofs and trees; brightness.
    Outside(f32),
    /// Sheets of paper heaped up.
    Papers,
    /// See-through: its tint and how much of it is seen.
    Glass(Light, f32),
}

/// An even value from 0 to 1 that belongs to a cell.
pub(super) fn hash(x: i32, y: i32, seed: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x85eb_ca6b)
        ^ (y as u32).wrapping_mul(0xc2b2_ae35)
        ^ seed.wrapping_mul(0x27d4_eb2f);
    h = (h ^ h >> 15).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ h >> 12).wrapping_mul(0x297a_2d39);
    ((h ^ h >> 15) & 0xffff) as f32 / 65535.0
}

/// Smooth noise from -1 to 1 whose features are one unit large.
pub(super) fn smooth_noise(x: f32, y: f32, seed: u32) -> f32 {
    let (cx, cy) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (ease(x - cx), ease(y - cy));
    let at = |dx: i32, dy: i32| hash(cx as i32 + dx, cy as i32 + dy, seed);
    let top = at(0, 0) + (at(1, 0) - at(0, 0)) * fx;
    let low = at(0, 1) + (at(1, 1) - at(0, 1)) * fx;
    (top + (low - top) * fy) * 2.0 - 1.0
}

/// The two coordinates along a face whose normal is `n`: upright faces give (along, up).
fn along(p: V3, n: V3) -> (f32, f32) {
    if n.y.abs() > 0.7 {
        (p.x, p.z)
    } else if n.x.abs() > 0.7 {
        (p.z, p.y)
    } else {
        (p.x, p.y)
    }
}

impl Surface {
    /// The colour at `p` of a face with normal `n`, both in the thing's own axes. `size`: the
    /// face's width and height where a picture fills it, and `p` is then from its corner.
    pub(super) fn colour(self, p: V3, n: V3, size: (f32, f32)) -> Light {
        let (u, w) = along(p, n);
        match self {
            Self::Plain(c) | Self::Lamp(c) | Self::Glass(c, _) => c,
            Self::Tiles(a, b, side) => tiles(a, b, u / side, w / side),
            Self::Planks(c) => planks(c, u, w),
            Self::Stone(c) => {
                c * (1.0
                    + 0.10 * smooth_noise(u * 9.0, w * 9.0, 3)
                    + 0.06 * smooth_noise(u * 2.0, w * 2.0, 4))
            }
            Self::TwoTone(low, high, at) => two_tone(low, high, at, u, p.y),
            Self::Wood(c) => c * (1.0 + 0.14 * smooth_noise(u * 3.0, w * 30.0, 5)),
            Self::Folds(c) => {
                c * (0.78 + 0.22 * (u * 34.0 + smooth_noise(u * 5.0, 0.0, 6) * 2.0).sin())
            }
            Self::Notices(board, seed) => notices(board, seed, u, w, size),
            Self::Books(seed) => books(seed, u, w),
            Self::Painting(seed) => painting(seed, u / size.0, w / size.1),
            Self::Court(c) => court(c, u, w),
            Self::Rings(seed) => rings(seed, u - size.0 / 2.0, w - size.1 / 2.0),
            Self::Flag => flag(u / size.0, w / size.1),
            Self::Outside(light) => outside(light, u, w / size.1),
            Self::Papers => {
                let tone = hash((u * 22.0) as i32, (w * 26.0) as i32, 8);
                rgb(0xf2f0ea) * (0.62 + 0.38 * tone)
            }
        }
    }
}

fn tiles(a: Light, b: Light, u: f32, w: f32) -> Light {
    let (cu, cw) = (u.floor(), w.floor());
    let (fu, fw) = (u - cu, w - cw);
    let even = (cu as i32 + cw as i32).rem_euclid(2) == 0;
    let shade = 0.96 + 0.08 * hash(cu as i32, cw as i32, 1);
    let joint = fu < 0.035 || fw < 0.035;
    (if even { a } else { b }) * if joint { 0.72 } else { shade }
}

fn planks(c: Light, u: f32, w: f32) -> Light {
    let row = (w / 0.11).floor();
    let shift = hash(row as i32, 0, 2) * 1.2;
    let board = ((u + shift) / 1.2).floor();
    let (fu, fw) = ((u + shift) / 1.2 - board, w / 0.11 - row);
    let joint = fw < 0.08 || fu < 0.006;
    let tone = 0.86 + 0.26 * hash(row as i32, board as i32, 7);
    c * (tone * (1.0 + 0.05 * smooth_noise(u * 5.0, w * 60.0, 9))) * if joint { 0.7 } else { 1.0 }
}

fn two_tone(low: Light, high: Light, at: f32, u: f32, y: f32) -> Light {
    let base = if y < 0.09 {
        low * 0.45
    } else if y < at {
        low
    } else if y < at + 0.025 {
        low * 0.6
    } else {
        high
    };
    base * (1.0 + 0.03 * smooth_noise(u * 1.3, y * 1.3, 10))
}

fn notices(board: Light, seed: u32, u: f32, w: f32, size: (f32, f32)) -> Light {
    let rim = 0.035;
    if u < rim || w < rim || u > size.0 - rim || w > size.1 - rim {
        return board * 0.35;
    }
    let (cu, cw) = ((u / 0.27).floor(), (w / 0.36).floor());
    let (fu, fw) = (u / 0.27 - cu, w / 0.36 - cw);
    let there = hash(cu as i32, cw as i32, seed) > 0.16;
    if !there || !(0.08..0.92).contains(&fu) || !(0.08..0.92).contains(&fw) {
        return board;
    }
    let tint = hash(cu as i32, cw as i32, seed + 1);
    let paper = if tint > 0.8 {
        rgb(0xf3e9b5)
    } else if tint < 0.15 {
        rgb(0xcfe0ee)
    } else {
        rgb(0xf4f3ee)
    };
    let line = (fw * 22.0).fract() < 0.45 && (0.18..0.84).contains(&fu) && fw < 0.72;
    let title = (0.76..0.85).contains(&fw) && (0.3..0.7).contains(&fu);
    paper
        * if title {
            0.35
        } else if line {
            0.66
        } else {
            1.0
        }
}

const COVERS: [u32; 8] =
    [0x7b3b2e, 0x2f4f6d, 0x3e5f3c, 0xb08b4a, 0x5c3f63, 0x8d8a80, 0xa33c3c, 0x2f3b46];

fn books(seed: u32, u: f32, w: f32) -> Light {
    let shelf = (w / 0.34).floor();
    let fw = w / 0.34 - shelf;
    if fw < 0.08 {
        return rgb(0x8a6a47);
    }
    let place = (u / 0.045).floor();
    let tall = 0.62 + 0.3 * hash(place as i32, shelf as i32, seed);
    if fw > tall {
        return rgb(0x2e2620);
    }
    let cover = (hash(place as i32, shelf as i32, seed + 1) * 7.99) as usize;
    let spine = (u / 0.045).fract() < 0.12;
    rgb(COVERS[cover]) * if spine { 0.5 } else { 1.0 }
}

fn painting(seed: u32, u: f32, w: f32) -> Light {
    let rim = 0.07;
    if u < rim || w < rim || u > 1.0 - rim || w > 1.0 - rim {
        return rgb(0x8c6b32);
    }
    let hills = 0.38 + 0.12 * (u * 6.0 + hash(0, 0, seed) * 6.0).sin() + 0.05 * (u * 17.0).sin();
    let sky = rgb([0xa9c6dc, 0xe3c79b, 0xc5cfc8, 0xd9a08a][seed as usize % 4]);
    let land = rgb([0x5f7f4a, 0x8a6b3f, 0x4d6a70, 0x6d5a74][(seed as usize + 1) % 4]);
    if w > hills { sky * (0.75 + 0.4 * w) } else { land * (0.6 + w) }
}

fn court(c: Light, u: f32, w: f32) -> Light {
    let wood = planks(c, u, w);
    let near = |x: f32| x.abs() < 0.03;
    let ring = ((u - 7.0).powi(2) + (w - 5.5).powi(2)).sqrt() - 1.8;
    if near(ring) || near(w - 5.5) || near(u - 1.0) || near(w - 1.0) {
        rgb(0xf1efe6)
    } else if near(u - 3.2) || near(w - 8.3) {
        rgb(0x2d6fb0)
    } else if near(u - 11.0) || near(w - 3.0) {
        rgb(0xb5442e)
    } else {
        wood
    }
}

fn rings(seed: u32, u: f32, w: f32) -> Light {
    let r = (u * u + w * w).sqrt();
    let colours = [0xd9a441, 0x4f8fb5, 0xc95f4a, 0x6aa35d, 0xe6dcc3];
    rgb(colours[((r * 4.5) as usize + seed as usize) % 5])
}

fn flag(u: f32, w: f32) -> Light {
    // A crescent and a star on the middle stripe, as far as they can be seen from a ceiling.
    let (x, y) = ((u - 0.5) * 2.0, w - 0.5);
    let disc = |cx: f32, r: f32| (x - cx).powi(2) + y.powi(2) < r * r;
    if (disc(-0.06, 0.12) && !disc(-0.02, 0.095)) || disc(0.1, 0.035) {
        rgb(0xf7f7f5)
    } else if w > 2.0 / 3.0 {
        rgb(0x1f9bc9)
    } else if w > 1.0 / 3.0 {
        rgb(0xd0333c)
    } else {
        rgb(0x3f9c47)
    }
}

/// From below: a yard, trees, a house across the street, the sky.
fn outside(light: f32, u: f32, w: f32) -> Light {
    let trees =
        0.10 + 0.14 * smooth_noise(u * 2.3, 0.0, 12) + 0.04 * smooth_noise(u * 17.0, w * 9.0, 13);
    let house = (1.1..3.4).contains(&(u + 0.4).rem_euclid(5.0)) && w < 0.62;
    let sky = rgb(0xbfd8ee).towards(rgb(0xf4f7fa), (1.1 - w).clamp(0.0, 1.0));
    let seen = if w < -0.45 {
        rgb(0xb9b6ad) * 1.1
    } else if w < trees {
        rgb(0x7d9a68) * (1.0 + 0.3 * smooth_noise(u * 9.0, w * 14.0, 14))
    } else if house {
        let pane = (u * 2.2).fract() > 0.6 && (w * 4.5).rem_euclid(1.0) > 0.5;
        rgb(if pane { 0x7f8c98 } else { 0xd8c9ae }) * 1.25
    } else {
        sky * 1.7
    };
    seen * light
}
