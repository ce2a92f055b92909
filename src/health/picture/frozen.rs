//! Is a still picture stiller than a live one of this feed can be?

use std::collections::VecDeque;
use std::time::Duration;

use super::clock::ClockSight;
use super::features::Features;
use super::limits;
use super::sizes::Span;
use crate::clock::Mono;
use crate::frame::{LUMA_HEIGHT, LUMA_WIDTH};

/// One picture compared with the one before.
#[derive(Clone, Copy, Debug)]
struct Pair {
    at: Mono,
    /// When the earlier one arrived.
    before: Mono,
    is_key: bool,
    flicker: f32,
    /// Nothing moved from the one to the other, and the clock did not tick.
    is_still: bool,
    mean: Option<f32>,
    lively: Option<f32>,
    /// All groups between were the same to the byte.
    repeats: bool,
    /// … and the pictures, too; and there was something in the groups.
    loops: bool,
}

/// The last minutes of one feed, and what they make of it.
#[derive(Debug, Default)]
pub(super) struct Frozen {
    pairs: VecDeque<Pair>,
    last: Option<(Mono, f32)>,
    /// When the first picture of the session arrived.
    began: Option<Mono>,
    clock_stood: u32,
    since: Option<Mono>,
    suspect: bool,
    against: u32,
}

/// What is usual of a feed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usual {
    pub(super) flicker: Option<f32>,
    pub(super) mean: Option<f32>,
    lively: Option<f32>,
}

/// What the pictures of the last half minute have in common.
struct Window {
    flicker: f32,
    mean: Option<f32>,
    lively: Option<f32>,
    repeats: bool,
    loops: bool,
}

impl Frozen {
    /// Since when it is held to be frozen.
    pub(super) fn since(&self) -> Option<Mono> {
        self.since
    }

    pub(super) fn is_suspect(&self) -> bool {
        self.suspect && self.since.is_none()
    }

    pub(super) fn clock_stood(&self) -> u32 {
        self.clock_stood
    }

    /// What was seen before is not compared with any more.
    pub(super) fn forget(&mut self) {
        *self = Self { last: self.last, began: self.began, ..Self::default() };
    }

    /// A new session has begun.
    pub(super) fn session(&mut self) {
        *self = Self::default();
    }

    /// What this feed's pictures of the same kind usually are, before the last half minute.
    pub(super) fn usual(&self, f: &Features) -> Usual {
        let old = || {
            let is_old = |p: &&Pair| f.arrived_at.since(p.at) > limits::FROZEN_WINDOW;
            self.pairs.iter().filter(|p| p.is_key == f.is_key).filter(is_old)
        };
        if old().count() < limits::KNOWN_AFTER {
            return Usual::default();
        }
        Usual {
            // The lower quartile: a coder that has just begun, or much movement, adds to it.
            flicker: nth(old().map(|p| p.flicker), 4),
            mean: median(old().filter_map(|p| p.mean)),
            lively: median(old().filter_map(|p| p.lively)),
        }
    }

    /// A picture was looked at; `span` are the sizes since the one before.
    pub(super) fn look(&mut self, f: &Features, span: &Span) {
        let last = self.last.replace((f.arrived_at, f.mean));
        let began = *self.began.get_or_insert(f.arrived_at);
        let (Some(change), Some((before, mean))) = (f.change, last) else { return };
        let (dark, bright) = (mean.min(f.mean) + limits::DARK_GRAY, mean.max(f.mean));
        if bright > dark * limits::RELIT {
            // In another light another noise is usual.
            self.forget();
            return;
        }
        match f.clock {
            ClockSight::Stands => self.clock_stood += 1,
            ClockSight::None | ClockSight::Ticks => self.clock_stood = 0,
        }
        let is_shifted = change.shift >= limits::SHIFTED;
        let is_still =
            change.moved < limits::MOVED_BOXES && !is_shifted && f.clock != ClockSight::Ticks;
        let flicker = without_drift(f32::from(change.flicker), change.shift);
        let share = span.bytes as f32 / span.key_bytes.max(1) as f32;
        let usual = self.usual(f);
        if self.since.is_some() {
            let lively =
                flicker.zip(usual.flicker).is_some_and(|(now, u)| now > u * limits::FLICKER_BACK);
            self.against = if !is_still || lively { self.against + 1 } else { 0 };
            if self.against >= limits::ALIVE_SAMPLES {
                self.forget();
            }
            return;
        }
        if is_shifted {
            // The coder has to follow the light everywhere: that is nothing frozen.
            for pair in &mut self.pairs {
                pair.is_still = false;
            }
        }
        let Some(flicker) = flicker else {
            self.suspect = false;
            return;
        };
        let pair = Pair {
            at: f.arrived_at,
            before,
            is_key: f.is_key,
            flicker,
            is_still,
            mean: span.mean(),
            lively: span.liveliness(),
            repeats: span.repeats(),
            loops: span.repeats() && change.flicker == 0 && share > limits::LOOP_SHARE,
        };
        if f.arrived_at.since(began) < limits::WARM_UP {
            return;
        }
        self.push(pair);
        self.suspect = is_still
            && (pair.loops
                || self.clock_stood > 1
                || usual.flicker.is_some_and(|u| flicker <= u * limits::FLICKER_SUSPECT));
        if let Some(window) = self.window(f)
            && self.is_frozen(&window, &usual, f.clock)
        {
            self.since = Some(self.began(f, &usual));
            self.against = 0;
        }
    }

    fn push(&mut self, pair: Pair) {
        // At a suspect one looks more often; what is usual shall still reach back for minutes.
        let settled = |p: &Pair| pair.at.since(p.at) > limits::FROZEN_WINDOW;
        if self.pairs.len() == limits::PAIRS_KEPT {
            let crowded = self
                .pairs
                .iter()
                .zip(self.pairs.iter().skip(1))
                .position(|(a, b)| settled(b) && b.at.since(a.at) < limits::USUAL_APART);
            self.pairs.remove(crowded.unwrap_or(0));
        }
        self.pairs.push_back(pair);
    }

    /// The still pictures of the last half minute, when there are enough and they are all still.
    fn window(&self, f: &Features) -> Option<Window> {
        let recent = || {
            self.pairs
                .iter()
                .filter(|p| p.is_key == f.is_key)
                .filter(|p| f.arrived_at.since(p.at) <= limits::FROZEN_WINDOW)
        };
        // Backwards to the last movement.
        let still = || recent().rev().take_while(|p| p.is_still);
        let first = still().last()?;
        let long: Duration = f.arrived_at.since(first.before);
        if still().count() < limits::FROZEN_PAIRS || long < limits::FROZEN_AFTER {
            return None;
        }
        Some(Window {
            flicker: median(still().map(|p| p.flicker))?,
            mean: median(still().filter_map(|p| p.mean)),
            lively: median(still().filter_map(|p| p.lively)),
            repeats: still().all(|p| p.repeats),
            loops: still().all(|p| p.loops),
        })
    }

    fn is_frozen(&self, now: &Window, usual: &Usual, clock: ClockSight) -> bool {
        if now.loops {
            return true;
        }
        let Some(flicker) = usual.flicker else { return false };
        let less = |now: Option<f32>, usual: Option<f32>, share: f32| {
            now.zip(usual).is_some_and(|(now, usual)| now <= usual * share)
        };
        let sizes_are_less = now.repeats
            || less(now.mean, usual.mean, limits::SIZES_LESS)
            || less(now.lively, usual.lively, limits::LIVELY_LESS);
        let noisy = flicker >= limits::NOISY;
        let clock_stands = clock == ClockSight::Stands && self.clock_stood >= limits::CLOCK_STOOD;
        if clock_stands && sizes_are_less {
            return !noisy || now.flicker <= flicker * limits::FLICKER_LESS;
        }
        // Two pictures of a clip that begins again may be the very same while it goes on between.
        let may_be =
            sizes_are_less || now.flicker > 0.0 && less(now.mean, usual.mean, limits::SIZES_SAME);
        noisy && may_be && now.flicker <= flicker * limits::FLICKER_GONE
    }

    /// When the first of the pictures that are all the same arrived.
    fn began(&self, f: &Features, usual: &Usual) -> Mono {
        let least = usual.flicker.unwrap_or(0.0) * limits::FLICKER_SUSPECT;
        let same = |p: &&Pair| p.is_still && (p.flicker <= least || p.loops);
        let pairs = self.pairs.iter().filter(|p| p.is_key == f.is_key);
        pairs.rev().take_while(same).last().map_or(f.arrived_at, |p| p.before)
    }
}

/// How many boxes would have flickered if the light had not drifted by `shift`; `None` when that
/// cannot be told.
///
/// A box whose mean moved by d is rounded to another step with the chance min(1, |d|). With normal
/// noise z of deviation σ the share that flickers is 1 − E max(0, 1 − |shift + σz|): the σ that
/// explains what was seen is found, and the same taken without the shift. Without noise the share is
/// the mean shift itself, however it is spread over the picture, and nothing remains.
fn without_drift(flicker: f32, shift: f32) -> Option<f32> {
    const BOXES: f32 = LUMA_WIDTH as f32 * LUMA_HEIGHT as f32;
    // Noise much weaker than the drift hardly adds to what flickers: it is rather missed.
    const DOUBT: f32 = 0.01;
    if shift < 0.02 {
        return Some(flicker);
    }
    let seen = flicker / BOXES;
    if seen <= shift + DOUBT {
        // Of a drift beyond a half some noise makes fewer boxes flicker, not more.
        return (shift <= 0.5).then_some(0.0);
    }
    if shift >= limits::SHIFTED_MUCH {
        return None;
    }
    let share = |shift: f32, deviation: f32| {
        let stays: f32 =
            NORMAL.iter().map(|z| (1.0 - (shift + deviation * z).abs()).max(0.0)).sum();
        1.0 - stays / NORMAL.len() as f32
    };
    let (mut low, mut high) = (0.0_f32, 4.0_f32);
    for _ in 0..20 {
        let middle = 0.5 * (low + high);
        if share(shift, middle) < seen - DOUBT { low = middle } else { high = middle }
    }
    Some(BOXES * share(0.0, low).min(seen))
}

/// The middles of 16 equally likely parts of the normal distribution.
const NORMAL: [f32; 16] = [
    -1.863, -1.318, -1.010, -0.776, -0.579, -0.402, -0.237, -0.078, 0.078, 0.237, 0.402, 0.579,
    0.776, 1.010, 1.318, 1.863,
];

fn median(values: impl Iterator<Item = f32>) -> Option<f32> {
    nth(values, 2)
}

/// The value that one in `of` is below.
fn nth(values: impl Iterator<Item = f32>, of: usize) -> Option<f32> {
    let mut values: Vec<f32> = values.collect();
    let middle = values.len() / of;
    if values.is_empty() {
        return None;
    }
    let (_, value, _) = values.select_nth_unstable_by(middle, f32::total_cmp);
    Some(*value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drift_of_the_light_is_no_noise() {
        for shift in [0.1, 0.2, 0.3, 0.5] {
            assert_eq!(without_drift(3600.0 * shift, shift), Some(0.0), "{shift}");
            assert_eq!(without_drift(3600.0 * shift * 0.8, shift), Some(0.0), "{shift}");
        }
    }

    #[test]
    fn noise_under_a_drift_is_found_again() {
        // Of 3600 boxes with a deviation of 0.8, as made by chance.
        let mut random = fastrand::Rng::with_seed(3);
        let mut flicker = |shift: f32| {
            let mut normal = || (0..12).map(|_| random.f32()).sum::<f32>() - 6.0;
            let noise: Vec<f32> = (0..3600).map(|_| 0.8 * normal()).collect();
            let changed = noise.iter().map(|n| (random.f32(), n + shift));
            changed.filter(|(place, d)| (place + d).floor() != 0.0).count() as f32
        };
        let still = flicker(0.0);
        for shift in [0.1, 0.3, 0.5] {
            let found = without_drift(flicker(shift), shift).unwrap();
            assert!((found / still - 1.0).abs() < 0.08, "{shift}: {found} of {still}");
        }
        // As much light as noise: either could have done it.
        assert_eq!(without_drift(3600.0 * 0.7, 0.7), None);
        assert_eq!(without_drift(3600.0, 2.0), None);
    }
}
