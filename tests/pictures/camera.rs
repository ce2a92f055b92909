//! A camera over a scene: light, noise, what covers the lens, the clock it writes, and a real
//! encoder behind it.

use std::sync::Arc;

use pollwall::clock::{Mono, WallTime};
use pollwall::frame::{LUMA_HEIGHT, LUMA_WIDTH, Luma};
use pollwall::media::{
    AccessUnit, Codec, CodedPicture, Decoder, Encoder, EncoderSettings, RawPicture, StreamParams,
};

use super::scenes::{HEIGHT, Scene, WIDTH, World, value_noise};

/// What the light does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Light {
    /// Stays.
    Day,
    /// Falls by this share over the whole episode.
    Dusk(f32),
    /// The exposure jumps now and then.
    Steps,
    /// Is switched off at this moment; a sign over the door and what comes through a window remain.
    Off(f32),
}

/// What lies before the lens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cover {
    /// A hand: dark, with a soft shade, moving a little.
    Hand,
    /// A cloth: folds out of focus.
    Cloth,
    /// Something that puts all out of focus, as a film or drops on the lens.
    Blur,
    /// A plate: one tone.
    Plate,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    /// Nothing.
    Live,
    /// The lens is shut.
    Black,
    /// The lens is covered.
    Covered(Cover),
    /// The sensor's last picture again and again.
    Frozen,
    /// The encoder's last group again and again.
    Looped,
}

/// When there are people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum People {
    Always,
    Never,
    /// They leave at this moment.
    Until(f32),
}

/// One stretch of one camera's day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Episode {
    pub(crate) world: World,
    pub(crate) seed: u64,
    pub(crate) what: What,
    pub(crate) light: Light,
    /// Deviation of the sensor's noise in steps of luma; 0 for a picture made by a machine.
    pub(crate) noise: f32,
    pub(crate) people: People,
    /// The clock's size in pixels a dot, and whether it stands below.
    pub(crate) clock: Option<(usize, bool)>,
    pub(crate) fps: u32,
    pub(crate) group_s: u32,
    pub(crate) kbps: u32,
    /// The session, and with it the coder, begins anew.
    pub(crate) again_s: Option<u32>,
    /// When it begins to happen, when that ends, and when the episode does, in seconds.
    pub(crate) from_s: u32,
    pub(crate) to_s: u32,
    pub(crate) end_s: u32,
}

/// Digits, `:` and `-` in three by five dots, row by row from the highest bit.
const DOTS: [u16; 12] = [
    0b111_101_101_101_111,
    0b010_110_010_010_111,
    0b111_001_111_100_111,
    0b111_001_111_001_111,
    0b101_101_111_001_001,
    0b111_100_111_001_111,
    0b111_100_111_101_111,
    0b111_001_010_010_010,
    0b111_101_111_101_111,
    0b111_101_111_001_111,
    0b000_010_000_010_000,
    0b000_000_111_000_000,
];

fn write(y: &mut [u8], text: &str, dot: usize, left: usize, top: usize) {
    let mut x = left;
    for letter in text.bytes() {
        let bits = match letter {
            b'0'..=b'9' => DOTS[usize::from(letter - b'0')],
            b':' => DOTS[10],
            b'-' => DOTS[11],
            _ => 0,
        };
        for row in 0..5 * dot {
            for column in 0..3 * dot {
                if bits >> (14 - row / dot * 3 - column / dot) & 1 == 1 {
                    let at = (top + row) * WIDTH + x + column;
                    y[at] = 230;
                    y[at + WIDTH + 1] = 30;
                }
            }
        }
        x += 4 * dot;
    }
}

/// A coded picture as the program gets it: its size, and of a keyframe what it shows.
pub(crate) struct Coded {
    pub(crate) bytes: usize,
    /// A new session begins with it.
    pub(crate) is_new: bool,
    pub(crate) luma: Option<Arc<Luma>>,
}

struct Film<'a> {
    of: &'a Episode,
    scene: &'a mut dyn Scene,
    /// Noise to draw from: as usual, in the dark, and behind a closed lens.
    noises: [Vec<i8>; 3],
    cover: Vec<u8>,
}

impl Film<'_> {
    /// Paints picture `number`.
    fn paint(&mut self, number: u32, y: &mut [u8]) {
        let of = self.of;
        let real = number as f32 / of.fps as f32;
        let happens = (of.from_s as f32..of.to_s as f32).contains(&real);
        let stands = happens && of.what == What::Frozen;
        let number = if stands { of.from_s * of.fps } else { number };
        let seconds = number as f32 / of.fps as f32;
        let black = happens && of.what == What::Black;
        let cover = match of.what {
            What::Covered(cover) if happens => Some(cover),
            _ => None,
        };
        match cover {
            Some(Cover::Blur) | None => {
                let people = match of.people {
                    People::Always => true,
                    People::Never => false,
                    People::Until(end) => seconds < end,
                };
                self.scene.paint(seconds + of.seed as f32 * 3.7, people, y);
            }
            Some(_) => y.copy_from_slice(&self.cover),
        }
        if cover == Some(Cover::Blur) {
            blur(y, 14);
            blur(y, 14);
        }
        let mut gain = self.gain(seconds);
        if cover == Some(Cover::Hand) {
            gain *= 1.0 + 0.03 * (seconds * 0.9).sin();
        }
        if black {
            gain = 0.0;
        }
        let dark = matches!(of.light, Light::Off(at) if seconds >= at);
        let noise = &self.noises[if black { 2 } else { usize::from(dark) }];
        let tones: Vec<u8> =
            (0..256).map(|v| (16.0 + (v as f32 - 16.0) * gain).clamp(16.0, 235.0) as u8).collect();
        for pixel in y.iter_mut() {
            *pixel = tones[usize::from(*pixel)];
        }
        if dark && !black && cover.is_none() {
            for row in 52..60 {
                y[row * WIDTH + 200..row * WIDTH + 222].fill(170);
            }
            for row in 60..130 {
                for x in 40..80 {
                    let at = row * WIDTH + x;
                    y[at] = y[at].saturating_add(14);
                }
            }
        }
        if of.noise > 0.0 {
            let mut random = fastrand::Rng::with_seed(of.seed << 20 ^ u64::from(number));
            for row in y.chunks_exact_mut(WIDTH) {
                let from = random.usize(..noise.len() - WIDTH);
                for (pixel, add) in row.iter_mut().zip(&noise[from..]) {
                    *pixel = pixel.saturating_add_signed(*add);
                }
            }
        }
        if let Some((dot, below)) = of.clock {
            let clock = 29_000 + of.seed as u32 * 61 + seconds as u32;
            let text = format!(
                "07-02-2024 {:02}:{:02}:{:02}",
                clock / 3600 % 24,
                clock / 60 % 60,
                clock % 60
            );
            write(y, &text, dot, 8, if below { HEIGHT - 8 - 5 * dot } else { 6 });
        }
    }

    fn gain(&self, seconds: f32) -> f32 {
        match self.of.light {
            Light::Day => 1.0,
            Light::Dusk(share) => 1.0 - share * seconds / self.of.end_s as f32,
            Light::Steps => {
                let step = (seconds / 37.0).floor();
                1.0 + 0.25 * value_noise(step * 7.3, 0.5, self.of.seed)
            }
            Light::Off(at) if seconds >= at => 0.06,
            Light::Off(_) => 1.0,
        }
    }
}

/// A box blur of this radius, both ways.
fn blur(y: &mut [u8], radius: usize) {
    let mut line = Vec::new();
    let mut pass = |at: &dyn Fn(usize) -> usize, n: usize, y: &mut [u8]| {
        line.clear();
        line.extend((0..n).map(|i| u32::from(y[at(i)])));
        for i in 0..n {
            let (a, b) = (i.saturating_sub(radius), (i + radius + 1).min(n));
            y[at(i)] = (line[a..b].iter().sum::<u32>() / (b - a) as u32) as u8;
        }
    };
    for row in 0..HEIGHT {
        pass(&|i| row * WIDTH + i, WIDTH, y);
    }
    for column in 0..WIDTH {
        pass(&|i| i * WIDTH + column, HEIGHT, y);
    }
}

fn cover(of: &Episode) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(of.seed ^ 0xc0e5);
    let base = 80.0 + 90.0 * random.f32();
    let mut y = vec![0; WIDTH * HEIGHT];
    for row in 0..HEIGHT {
        for x in 0..WIDTH {
            let (u, w) = (x as f32 / WIDTH as f32, row as f32 / HEIGHT as f32);
            let value = match of.what {
                What::Covered(Cover::Hand) => {
                    base * (0.8 + 0.3 * w + 0.15 * value_noise(u * 1.7, w * 1.7, of.seed))
                }
                What::Covered(Cover::Cloth) => base * (0.95 + 0.09 * (u * 19.0 + 3.0 * w).sin()),
                _ => base,
            };
            y[row * WIDTH + x] = value.clamp(16.0, 235.0) as u8;
        }
    }
    y
}

/// Films and codes an episode, and decodes its keyframes.
pub(crate) fn film(of: &Episode, scene: &mut dyn Scene) -> Vec<Coded> {
    pollwall::media::init().unwrap();
    let mut random = fastrand::Rng::with_seed(of.seed ^ 0x9a55);
    let gauss: Vec<f32> =
        (0..9000).map(|_| (0..12).map(|_| random.f32()).sum::<f32>() - 6.0).collect();
    // Gain lifts the noise of a dark picture; a closed lens has the least.
    let noises = [1.0, 1.6, 0.5]
        .map(|share| gauss.iter().map(|g| (g * of.noise * share).round() as i8).collect());
    let mut film = Film { of, scene, noises, cover: cover(of) };
    let end = of.end_s * of.fps;
    let Some(again) = of.again_s.map(|at| at * of.fps) else {
        let mut coded = code(of, &mut film, 0..end);
        repeat(of, &mut coded);
        return decode(&coded);
    };
    let mut out = decode(&code(of, &mut film, 0..again));
    let first = out.len();
    out.extend(decode(&code(of, &mut film, again..end)));
    out[first].is_new = true;
    out
}

/// Codes these pictures with an encoder of their own.
fn code(of: &Episode, film: &mut Film<'_>, numbers: std::ops::Range<u32>) -> Vec<CodedPicture> {
    let mut encoder = Encoder::open(EncoderSettings {
        codec: Codec::H264,
        width: WIDTH as u32,
        height: HEIGHT as u32,
        frames_per_second: of.fps,
        bits_per_second: of.kbps * 1000,
        frames_per_group: of.fps * of.group_s,
    })
    .unwrap();
    let mut y = vec![0; WIDTH * HEIGHT];
    let c = vec![128; WIDTH * HEIGHT / 4];
    let mut coded: Vec<CodedPicture> = Vec::new();
    for number in numbers {
        film.paint(number, &mut y);
        let raw = RawPicture { y: &y, u: &c, v: &c };
        encoder.encode(raw, &mut |picture| coded.push(picture)).unwrap();
    }
    encoder.finish(&mut |picture| coded.push(picture)).unwrap();
    coded
}

/// The last whole group before it happens takes the place of all that follow.
fn repeat(of: &Episode, coded: &mut [CodedPicture]) {
    if of.what == What::Looped {
        let group = of.fps * of.group_s;
        let (from, to) = (of.from_s * of.fps / group * group, of.to_s * of.fps / group * group);
        for at in from..to {
            coded[at as usize] = coded[(from - group + (at - from) % group) as usize].clone();
        }
    }
}

fn decode(coded: &[CodedPicture]) -> Vec<Coded> {
    let params = Arc::new(StreamParams {
        codec: Codec::H264,
        extra_data: Vec::new(),
        width: WIDTH as u32,
        height: HEIGHT as u32,
        sample_aspect: None,
    });
    let is_set = |nal: &Arc<[u8]>| matches!(nal[0] & 0x1f, 7 | 8);
    let sets: Vec<_> = coded[0].nals.iter().filter(|nal| is_set(nal)).cloned().collect();
    let mut decoder = Decoder::default();
    let mut out = Vec::with_capacity(coded.len());
    for (number, picture) in coded.iter().enumerate() {
        let slices: Vec<_> = picture.nals.iter().filter(|n| matches!(n[0] & 0x1f, 1 | 5)).collect();
        let bytes = slices.iter().map(|nal| nal.len() + 4).sum();
        let mut luma = None;
        if picture.is_key {
            let data: Vec<u8> = sets
                .iter()
                .chain(slices)
                .flat_map(|nal| [0, 0, 0, 1].into_iter().chain(nal.iter().copied()))
                .collect();
            let unit = AccessUnit {
                params: Arc::clone(&params),
                data: data.into(),
                is_key: true,
                after_loss: false,
                pts: number as i64 * 9000,
                arrived_at: Mono::from_micros(number as i64),
                taken_at: WallTime::default(),
            };
            decoder
                .decode(&unit, &mut |f| luma = Some(Arc::new(f.luma(LUMA_WIDTH, LUMA_HEIGHT))))
                .unwrap();
            assert!(luma.is_some(), "a keyframe gives its picture at once");
        }
        out.push(Coded { bytes, is_new: false, luma });
    }
    out
}
