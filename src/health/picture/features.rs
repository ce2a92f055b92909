//! From small pictures to a few numbers: what a picture looks like by itself, and how it differs
//! from the one before. Keeps the pictures that are compared, and where a clock was found.

use std::collections::VecDeque;
use std::sync::Arc;

use super::clock::{ClockFinder, ClockSight};
use super::{Sample, limits};
use crate::clock::Mono;
use crate::frame::Luma;

/// How a picture differs from the one it is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// Boxes that differ so much that something has moved there.
    pub moved: u16,
    /// Boxes that differ at all.
    pub flicker: u16,
    /// The largest difference of a box.
    pub greatest: u8,
    /// By how much what did not move became brighter or darker, in steps of brightness.
    pub shift: f32,
}

/// What the decision knows about one picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features {
    /// When it was looked at.
    pub at: Mono,
    /// When it arrived.
    pub arrived_at: Mono,
    /// It is a keyframe.
    pub is_key: bool,
    /// Mean brightness between the margins, 0 to 255.
    pub mean: f32,
    /// Brightness that 2 % of the boxes between the margins are darker than.
    pub low: u8,
    /// Brightness that 0.5 % of them are brighter than: less than a lit sign over a door takes.
    pub high: u8,
    /// Edges in relation to brightness: the upper quartile over the picture's cells, in ‰.
    pub detail: f32,
    /// The difference to the picture before of the same kind, where there is one to compare with.
    pub change: Option<Change>,
    /// What a clock in the picture does.
    pub clock: ClockSight,
    /// Boxes that differ from that picture of the last [`limits::AGAIN_WITHIN`] which it is most
    /// like, be it that others came between: a coder goes to and fro between codings of what stands,
    /// and no sensor's noise comes again.
    pub least: Option<u16>,
}

impl Features {
    /// The very same small picture was seen within the last [`limits::AGAIN_WITHIN`].
    pub fn again(&self) -> bool {
        self.least == Some(0)
    }
}

/// Makes [`Features`] of the pictures of one feed.
#[derive(Debug, Default)]
pub struct Eye {
    key: Option<Seen>,
    other: Option<Seen>,
    clock: ClockFinder,
    /// The last pictures of the kind that was looked at last, but for the very last.
    recent: VecDeque<Seen>,
    is_key: bool,
}

#[derive(Clone, Debug)]
struct Seen {
    arrived_at: Mono,
    luma: Arc<Luma>,
}

impl Eye {
    /// Looks at a picture; `None` when it is too close to the one before to say anything, or no
    /// picture at all. Where the clock is may not be learnt while the picture may be frozen.
    pub fn look(&mut self, sample: Sample, may_learn: bool) -> Option<Features> {
        let luma = &sample.luma;
        let boxes = usize::from(luma.width) * usize::from(luma.height);
        if boxes == 0 || luma.data.len() != boxes {
            return None;
        }
        let before = if sample.is_key { &mut self.key } else { &mut self.other };
        let fits = |seen: &&Seen| (seen.luma.width, seen.luma.height) == (luma.width, luma.height);
        let compared = before.as_ref().filter(fits);
        if compared.is_some_and(|b| sample.arrived_at.since(b.arrived_at) < limits::LEAST_APART) {
            return None;
        }
        let mut change = None;
        let mut clock = self.clock.sight();
        if let Some(before) = compared {
            let made = difference(&before.luma, &sample.luma);
            clock = self.clock.compare(&before.luma, &sample.luma, &made, may_learn);
            change = Some(made);
        } else {
            self.clock.start(&sample.luma);
        }
        let is_recent =
            |seen: &&Seen| sample.arrived_at.since(seen.arrived_at) <= limits::AGAIN_WITHIN;
        let like = before.iter().chain(&self.recent).filter(fits).filter(is_recent);
        let least = like.map(|seen| flicker(&seen.luma, luma)).min();
        let tones = Tones::of(luma);
        let features = Features {
            at: sample.at,
            arrived_at: sample.arrived_at,
            is_key: sample.is_key,
            mean: tones.mean,
            low: tones.low,
            high: tones.high,
            detail: detail(luma, tones.mean),
            change,
            clock,
            least,
        };
        let seen = Seen { arrived_at: sample.arrived_at, luma: sample.luma };
        if self.is_key != sample.is_key {
            self.is_key = sample.is_key;
            self.recent.clear();
        }
        if let Some(seen) = before.replace(seen) {
            self.recent.push_back(seen);
        }
        if self.recent.len() >= limits::RECENT_KEPT {
            self.recent.pop_front();
        }
        Some(features)
    }

    /// What lies before a new session is not compared with.
    pub fn session(&mut self) {
        self.key = None;
        self.other = None;
        self.recent.clear();
    }
}

/// Boxes that differ.
fn flicker(before: &Luma, now: &Luma) -> u16 {
    // Small sums of bytes: many at once.
    let differ =
        |(a, b): (&[u8], &[u8])| a.iter().zip(b).map(|(a, b)| u8::from(a != b)).sum::<u8>();
    before.data.chunks(128).zip(now.data.chunks(128)).map(|pair| u16::from(differ(pair))).sum()
}

fn difference(before: &Luma, now: &Luma) -> Change {
    let mut change = Change::default();
    // What the light does shows where nothing moves; when it changes at once, all seems to move.
    let (mut calm, mut all) = (0_i32, 0_i32);
    for (a, b) in before.data.iter().zip(&now.data) {
        let (apart, step) = (a.abs_diff(*b), i32::from(*b) - i32::from(*a));
        change.flicker += u16::from(apart > 0);
        change.greatest = change.greatest.max(apart);
        all += step;
        if apart >= limits::MOVED {
            change.moved += 1;
        } else {
            calm += step;
        }
    }
    let (boxes, moved) = (now.data.len().max(1), usize::from(change.moved));
    let shift = if 2 * moved > boxes {
        all as f32 / boxes as f32
    } else {
        calm as f32 / (boxes - moved).max(1) as f32
    };
    change.shift = shift.abs();
    change
}

struct Tones {
    mean: f32,
    low: u8,
    high: u8,
}

impl Tones {
    /// Between the margins, where cameras don't write.
    fn of(luma: &Luma) -> Self {
        let (width, height) = (usize::from(luma.width).max(1), usize::from(luma.height));
        let margin = height * limits::MARGIN_PERCENT / 100;
        let inner = luma.data.get(margin * width..(height - margin) * width).unwrap_or(&[]);
        let mut counts = [0_u32; 256];
        let mut sum = 0_u64;
        for value in inner {
            counts[usize::from(*value)] += 1;
            sum += u64::from(*value);
        }
        let boxes = inner.len() as u32;
        Self {
            mean: sum as f32 / inner.len().max(1) as f32,
            low: nth(counts.iter().enumerate(), boxes / 50),
            high: nth(counts.iter().enumerate().rev(), boxes / 200),
        }
    }
}

/// The first brightness, in the order given, with more than `tail` boxes up to it.
fn nth<'a>(counts: impl Iterator<Item = (usize, &'a u32)>, tail: u32) -> u8 {
    let mut seen = 0;
    for (value, count) in counts {
        seen += count;
        if seen > tail {
            return value as u8;
        }
    }
    0
}

/// Mean absolute gradients in each cell of the picture, in ‰ of the picture's brightness; of the
/// cells the upper quartile: written lines fill fewer cells than that, and plain walls don't hide
/// the edges that there are.
fn detail(luma: &Luma, mean: f32) -> f32 {
    let (width, height) = (usize::from(luma.width), usize::from(luma.height));
    let (columns, rows) = limits::CELLS;
    if width < 2 * columns || height < 2 * rows || luma.data.len() < width * height {
        return 0.0;
    }
    let mut sums = vec![(0_u32, 0_u32); columns * rows];
    for y in 0..height - 1 {
        let line = &luma.data[y * width..(y + 1) * width];
        let below = &luma.data[(y + 1) * width..(y + 2) * width];
        for x in 0..width - 1 {
            let steps =
                u32::from(line[x].abs_diff(line[x + 1])) + u32::from(line[x].abs_diff(below[x]));
            let cell = &mut sums[y * rows / height * columns + x * columns / width];
            *cell = (cell.0 + steps, cell.1 + 1);
        }
    }
    let mut cells: Vec<f32> = sums.iter().map(|(sum, n)| *sum as f32 / *n.max(&1) as f32).collect();
    cells.sort_unstable_by(f32::total_cmp);
    let upper = cells[cells.len() * 3 / 4];
    1000.0 * upper / (mean + limits::DARK_GRAY)
}
