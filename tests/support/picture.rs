//! Pictures as tests judge them: where each camera is on them, and whether it moves.
//!
//! The test cameras (`gst_rtsp_server.py`) are told apart by their colours: a flat ground, each
//! mount's its own, with a ball of the opposite hue on it.

use std::collections::BTreeMap;
use std::path::Path;

/// How far a channel may be off after coding and back.
const TOLERANCE: u8 = 9;

/// Pixels of a screen.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    rgb: Vec<[u8; 3]>,
}

/// Where a camera's picture is: the box around its ground, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
    /// Pixels of the ground's and of the ball's colour.
    ground: usize,
    ball: usize,
}

impl Picture {
    /// An XWD file of 24 bits in 32, as Xvfb keeps it (X11's XWDFile.h: big-endian words).
    pub(crate) fn from_xwd(bytes: &[u8]) -> Self {
        let word = |n: usize| {
            let four = bytes[4 * n..4 * n + 4].try_into().unwrap();
            u32::from_be_bytes(four) as usize
        };
        let [header, version, width, height] = [0, 1, 4, 5].map(word);
        let [byte_order, bits, stride, colours] = [7, 11, 12, 19].map(word);
        assert_eq!((version, byte_order, bits), (7, 0, 32), "an XWD file of Xvfb");
        let pixels = &bytes[header + 12 * colours..];
        let row = |y: usize| pixels[y * stride..y * stride + 4 * width].chunks_exact(4);
        let rgb = (0..height).flat_map(|y| row(y).map(|p| [p[2], p[1], p[0]])).collect();
        Self { width, height, rgb }
    }

    /// An RGBA PNG file.
    pub(crate) fn from_png(file: &Path) -> Self {
        let file = std::io::BufReader::new(std::fs::File::open(file).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        assert_eq!(info.color_type, png::ColorType::Rgba);
        let rgb = bytes.chunks_exact(4).map(|p| [p[0], p[1], p[2]]).collect();
        Self { width: info.width as usize, height: info.height as usize, rgb }
    }

    /// Writes it as a PPM file, for a person to look at.
    pub(crate) fn save(&self, file: &Path) {
        let mut bytes = format!("P6 {} {} 255\n", self.width, self.height).into_bytes();
        bytes.extend(self.rgb.iter().flatten());
        std::fs::write(file, bytes).unwrap();
    }

    /// The pixel in column `x` of row `y`.
    pub(crate) fn at(&self, x: usize, y: usize) -> [u8; 3] {
        self.rgb[y * self.width + x]
    }

    /// Where the cameras of these mounts (numbers in the order of the server's arguments) are. A
    /// camera counts when its ground fills at least a hundredth of the picture undimmed.
    pub(crate) fn cameras(&self, mounts: &[usize]) -> BTreeMap<usize, Place> {
        let grounds: Vec<_> = mounts.iter().map(|&n| (n, ground(n))).collect();
        let mut found = BTreeMap::new();
        for (index, pixel) in self.rgb.iter().enumerate() {
            let distance = |ground: [u8; 3]| (0..3).map(|i| ground[i].abs_diff(pixel[i])).max();
            let nearest = grounds.iter().min_by_key(|(_, ground)| distance(*ground));
            let Some(&(n, ground)) = nearest else { break };
            if distance(ground) > Some(TOLERANCE) {
                continue;
            }
            let (x, y) = (index % self.width, index / self.width);
            let place = found.entry(n).or_insert(Place {
                left: x,
                top: y,
                right: x,
                bottom: y,
                ground: 0,
                ball: 0,
            });
            place.left = place.left.min(x);
            place.right = place.right.max(x);
            place.bottom = y;
            place.ground += 1;
        }
        found.retain(|_, place| place.ground * 100 >= self.rgb.len());
        for (n, place) in &mut found {
            let pixels = place.pixels().map(|(x, y)| self.at(x, y));
            place.ball = pixels.filter(|p| near(*p, ball(*n), 24)).count();
        }
        found
    }

    /// The pixels of a place that differ clearly between two pictures.
    pub(crate) fn changed(&self, other: &Self, place: &Place) -> usize {
        place.pixels().filter(|&(x, y)| !near(self.at(x, y), other.at(x, y), 48)).count()
    }

    /// The share of the picture that a place takes, 0 to 1.
    pub(crate) fn share(&self, place: &Place) -> f64 {
        let (width, height) = (place.right - place.left + 1, place.bottom - place.top + 1);
        (width * height) as f64 / (self.width * self.height) as f64
    }
}

impl Place {
    /// Whether the ball is there too: a picture of colours, not a flat area.
    pub(crate) fn has_ball(&self) -> bool {
        self.ball * 400 > self.ground
    }

    fn pixels(&self) -> impl Iterator<Item = (usize, usize)> {
        let (left, right) = (self.left, self.right);
        (self.top..=self.bottom).flat_map(move |y| (left..=right).map(move |x| (x, y)))
    }
}

fn near(a: [u8; 3], b: [u8; 3], tolerance: u8) -> bool {
    (0..3).all(|i| a[i].abs_diff(b[i]) <= tolerance)
}

/// The ground of mount number `n`, as the server's script computes it.
fn ground(n: usize) -> [u8; 3] {
    hsv(n as f64 * 0.618, 0.45, 0.38)
}

/// The ball of mount number `n`.
fn ball(n: usize) -> [u8; 3] {
    hsv(n as f64 * 0.618 + 0.5, 0.75, 0.95)
}

/// Hue (1 is the whole circle), saturation and value to RGB.
fn hsv(hue: f64, saturation: f64, value: f64) -> [u8; 3] {
    [5.0, 3.0, 1.0].map(|n| {
        let k = (n + hue * 6.0).rem_euclid(6.0);
        let c = value * (1.0 - saturation * k.min(4.0 - k).clamp(0.0, 1.0));
        (c * 255.0).round() as u8
    })
}
