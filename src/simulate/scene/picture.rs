//! A picture as encoders take it, and what a camera adds to what it sees: the sensor's noise, and
//! the name and the clock that it writes into the corner.

use fastrand::Rng;

use super::letters;

/// A picture in 4:2:0, limited range, without padding.
#[derive(Clone)]
pub(crate) struct Planes {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) y: Vec<u8>,
    pub(crate) u: Vec<u8>,
    pub(crate) v: Vec<u8>,
}

/// A colour in gamma-coded RGB, each 0 to 1.
pub(super) type Rgb = [f32; 3];

impl Planes {
    /// Black.
    pub(super) fn new(width: usize, height: usize) -> Self {
        let chroma = vec![128; width / 2 * (height / 2)];
        Self { width, height, y: vec![16; width * height], u: chroma.clone(), v: chroma }
    }

    /// Becomes the same as `other`, which is as large.
    pub(super) fn copy_from(&mut self, other: &Planes) {
        self.y.copy_from_slice(&other.y);
        self.u.copy_from_slice(&other.u);
        self.v.copy_from_slice(&other.v);
    }

    /// Takes the pixels of `rgb` (as large as this picture) from column and row `from` to before
    /// `to`; both are even.
    pub(super) fn convert(&mut self, rgb: &[Rgb], from: (usize, usize), to: (usize, usize)) {
        let wide = self.width >= 1280 || self.height > 576;
        for y in (from.1..to.1).step_by(2) {
            for x in (from.0..to.0).step_by(2) {
                let at = y * self.width + x;
                let four = [at, at + 1, at + self.width, at + self.width + 1];
                let mut mean = [0.0; 3];
                for at in four {
                    let pixel = rgb[at];
                    self.y[at] = luma(wide, pixel);
                    for (sum, part) in mean.iter_mut().zip(pixel) {
                        *sum += part * 0.25;
                    }
                }
                let (u, v) = chroma(wide, mean);
                let at = y / 2 * (self.width / 2) + x / 2;
                (self.u[at], self.v[at]) = (u, v);
            }
        }
    }

    /// Adds noise to luma.
    pub(super) fn add_noise(&mut self, noise: &Noise, number: u32) {
        let mut random = Rng::with_seed(u64::from(number) ^ 0x5eed);
        for row in self.y.chunks_exact_mut(self.width) {
            // Each row begins at another place of the noise, each picture anew.
            let from = random.usize(..noise.values.len() - row.len());
            for (pixel, add) in row.iter_mut().zip(&noise.values[from..]) {
                *pixel = pixel.saturating_add_signed(*add);
            }
        }
    }

    /// Writes `text` in white on a dark rim, its top left corner at `left` and `top` in the units
    /// of a picture 360 rows high.
    pub(super) fn write(&mut self, text: &str, left: f32, top: f32) {
        let scale = self.height as f32 / 360.0;
        let dot = (scale * 2.0).round().max(1.0) as usize;
        let (mut x, y) = ((left * scale) as usize, (top * scale) as usize);
        for letter in text.chars() {
            let rows = letters::rows(letter);
            self.dots(rows, x.saturating_sub(1), y.saturating_sub(1), dot, 30, 2);
            self.dots(rows, x, y, dot, 225, 0);
            x += dot * (letters::WIDTH + 1);
        }
    }

    /// The set dots of a letter as squares of `dot` pixels, `more` pixels larger.
    fn dots(
        &mut self,
        rows: [u8; letters::HEIGHT],
        x: usize,
        y: usize,
        dot: usize,
        luma: u8,
        more: usize,
    ) {
        for (row, bits) in rows.into_iter().enumerate() {
            for column in (0..letters::WIDTH).filter(|c| bits >> (letters::WIDTH - 1 - c) & 1 == 1)
            {
                for py in y + row * dot..y + (row + 1) * dot + more {
                    for px in x + column * dot..x + (column + 1) * dot + more {
                        if px < self.width && py < self.height {
                            self.y[py * self.width + px] = luma;
                            let at = py / 2 * (self.width / 2) + px / 2;
                            if let (Some(u), Some(v)) = (self.u.get_mut(at), self.v.get_mut(at)) {
                                (*u, *v) = (128, 128);
                            }
                        }
                    }
                }
            }
        }
    }
}

/// ITU-T H.273: Kr and Kb of BT.709 or BT.601. Players guess by size, as `render` does.
const fn weights(wide: bool) -> (f32, f32) {
    if wide { (0.2126, 0.0722) } else { (0.299, 0.114) }
}

fn luma(wide: bool, [r, g, b]: Rgb) -> u8 {
    let (kr, kb) = weights(wide);
    let y = kr * r + (1.0 - kr - kb) * g + kb * b;
    (16.5 + 219.0 * y.clamp(0.0, 1.0)) as u8
}

fn chroma(wide: bool, [r, g, b]: Rgb) -> (u8, u8) {
    let (kr, kb) = weights(wide);
    let y = kr * r + (1.0 - kr - kb) * g + kb * b;
    let part =
        |c: f32, k: f32| (128.5 + 224.0 * ((c - y) / (2.0 * (1.0 - k))).clamp(-0.5, 0.5)) as u8;
    (part(b, kb), part(r, kr))
}

/// A sensor's noise: values to draw from.
pub(super) struct Noise {
    values: Vec<i8>,
}

impl Noise {
    /// Noise with about this standard deviation in steps of luma.
    pub(super) fn new(seed: u64, width: usize, deviation: f32) -> Self {
        let mut random = Rng::with_seed(seed);
        let values = (0..width + 8192)
            .map(|_| {
                // The sum of twelve even values is nearly normal, with a deviation of one.
                let sum: f32 = (0..12).map(|_| random.f32()).sum::<f32>() - 6.0;
                (sum * deviation).round() as i8
            })
            .collect();
        Self { values }
    }
}
