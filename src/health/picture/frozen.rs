//! Is a still picture stiller than a live one of this feed can be?
//!
//! What is suspected is not learnt from: a standing picture would soon be what is usual. What is held
//! is let go by [`Held`] alone, and what a feed that nobody knows shows by standing is [`Rest`]'s.

use std::collections::VecDeque;
use std::time::Duration;

use super::clock::ClockSight;
use super::drift::without_drift;
use super::features::{Change, Features};
use super::held::{Held, Told};
use super::limits;
use super::rest::Rest;
use super::sizes::Span;
use crate::clock::Mono;

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
    /// It may be frozen: nothing is learnt from it.
    is_doubtful: bool,
    mean: Option<f32>,
    lively: Option<f32>,
    /// All groups between were the same to the byte.
    repeats: bool,
    /// … and the pictures, too; and there was something in the groups.
    loops: bool,
}

/// Since when pictures are suspected without a break.
#[derive(Clone, Copy, Debug)]
struct Doubt {
    /// The first picture that may be the standing one.
    began: Mono,
    /// Brightness at the first doubt.
    mean: f32,
    /// Looks in a row at which there was noise that does not rest.
    living: u32,
}

/// For how long the clock has stood.
#[derive(Clone, Copy, Debug, Default)]
struct ClockRun {
    /// Pictures in a row, and when the first of them arrived.
    stood: u32,
    since: Option<Mono>,
}

/// The last minutes of one feed, and what they make of it.
#[derive(Debug, Default)]
pub(super) struct Frozen {
    pairs: VecDeque<Pair>,
    last: Option<(Mono, f32)>,
    /// When the first picture of the session arrived.
    began: Option<Mono>,
    clock: ClockRun,
    doubt: Option<Doubt>,
    rest: Rest,
    held: Option<Held>,
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
    /// It flickers as evenly as noise does, and as nothing that a coder makes of one picture.
    is_even: bool,
    mean: Option<f32>,
    lively: Option<f32>,
    repeats: bool,
    loops: bool,
}

impl Frozen {
    /// Since when it is held to be frozen.
    pub(super) fn since(&self) -> Option<Mono> {
        self.held.as_ref().map(Held::since)
    }

    /// It was held to be frozen from then on by somebody who looked before. Of what was usual nothing is
    /// left: only what lives lets go of it.
    pub(super) fn remember(&mut self, since: Mono) {
        self.held.get_or_insert_with(|| Held::remembered(since));
    }

    /// Whether the next look should come soon. A doubt that is not decided after minutes will not be
    /// sooner for it.
    pub(super) fn is_suspect(&self) -> bool {
        let is_late = |at: Mono, from: Mono| at.since(from) > limits::DOUBT_HURRIES;
        match (&self.held, self.doubt, self.last) {
            (Some(held), ..) => held.stirs(),
            (None, Some(doubt), Some((at, _))) => !is_late(at, doubt.began),
            _ => false,
        }
    }

    /// It is held, or in doubt.
    pub(super) fn may_be(&self) -> bool {
        self.held.is_some() || self.doubt.is_some()
    }

    pub(super) fn clock_stood(&self) -> u32 {
        self.clock.stood
    }

    /// There is nothing in the picture that could move: what was seen before is not compared with
    /// what comes. How much noise this camera shows is still known.
    pub(super) fn forget(&mut self) {
        *self = Self { last: self.last, began: self.began, rest: self.rest, ..Self::default() };
    }

    /// A new session has begun. Its coder may be another one, so what was usual of the sizes and of
    /// what flickers has to be learnt anew. What stood stands until it is seen to move: cameras that
    /// hang come back as they were.
    pub(super) fn session(&mut self) {
        let mut held = self.held.take();
        if let Some(held) = &mut held {
            held.session();
        }
        *self = Self { rest: self.rest, held, clock: self.clock, ..Self::default() };
    }

    /// What this feed's pictures of the same kind usually are, before the last half minute.
    pub(super) fn usual(&self, f: &Features) -> Usual {
        if let Some(held) = &self.held {
            return held.usual();
        }
        let old = || {
            let is_old = |p: &&Pair| f.arrived_at.since(p.at) > limits::FROZEN_WINDOW;
            self.pairs.iter().filter(|p| p.is_key == f.is_key && !p.is_doubtful).filter(is_old)
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
        self.clock.look(f);
        let flicker = flicker(f, &change);
        let is_settled = f.arrived_at.since(began) >= limits::WARM_UP;
        if let Some(held) = &mut self.held {
            if held.is_over(f, &change, flicker, span, is_settled) {
                self.release();
            }
            return;
        }
        let (dark, bright) = (mean.min(f.mean) + limits::DARK_GRAY, mean.max(f.mean));
        if bright > dark * limits::RELIT {
            // In another light another noise is usual.
            let (rest, clock) = (self.rest.relit(), self.clock);
            *self = Self { last: self.last, began: self.began, rest, clock, ..Self::default() };
            return;
        }
        let usual = self.usual(f);
        let is_shifted = change.shift >= limits::SHIFTED;
        let is_still =
            change.moved < limits::MOVED_BOXES && !is_shifted && f.clock != ClockSight::Ticks;
        self.rest.look(f, before, is_still, flicker.filter(|_| is_settled));
        let has_drifted =
            self.doubt.is_some_and(|doubt| (doubt.mean - f.mean).abs() >= limits::DRIFTED);
        if is_shifted || has_drifted {
            // The coder has to follow the light everywhere: that is nothing frozen.
            for pair in &mut self.pairs {
                (pair.is_still, pair.is_doubtful) = (false, false);
            }
            self.doubt = None;
        }
        let Some(flicker) = flicker else {
            self.doubt = None;
            return;
        };
        if !is_settled {
            return;
        }
        let is_still = is_still && !has_drifted;
        let share = span.bytes as f32 / span.key_bytes.max(1) as f32;
        let loops = span.repeats() && change.flicker == 0 && share > limits::LOOP_SHARE;
        let is_less = usual.flicker.is_some_and(|u| flicker <= u * limits::FLICKER_SUSPECT);
        let is_doubtful =
            self.rest.is_odd(f) || is_still && (loops || self.clock.stood > 1 || is_less);
        self.doubt = is_doubtful
            .then(|| self.doubt.unwrap_or(Doubt { began: before, mean: f.mean, living: 0 }));
        self.push(Pair {
            at: f.arrived_at,
            before,
            is_key: f.is_key,
            flicker,
            is_still,
            is_doubtful,
            mean: span.mean(),
            lively: span.liveliness(),
            repeats: span.repeats(),
            loops,
        });
        self.decide(f, &change, usual);
    }

    fn decide(&mut self, f: &Features, change: &Change, usual: Usual) {
        let window = self.window(f);
        if window.as_ref().is_some_and(|window| window.is_even) {
            self.live_on();
        } else if let Some(doubt) = &mut self.doubt {
            doubt.living = 0;
        }
        let told = window.and_then(|window| self.is_frozen(&window, &usual));
        let began = self.doubt.map(|doubt| doubt.began);
        let (told, since) = match told {
            Some(told) => (told, began.unwrap_or(f.arrived_at)),
            None => match self.rest.stands(f) {
                Some(since) => (Told::Rest, since),
                None => return,
            },
        };
        // Where the clock told it, its standing began it.
        let since = if told == Told::Clock { self.clock.since.unwrap_or(since) } else { since };
        self.held = Some(Held::new(since, told, usual, f, change));
    }

    /// Noise that does not rest is alive, however much less of it there is, as when a crowd has left:
    /// in time that is usual.
    fn live_on(&mut self) {
        let Some(doubt) = &mut self.doubt else { return };
        doubt.living += 1;
        if doubt.living >= limits::LIVING_LOOKS as u32 {
            self.doubt = None;
            self.pairs.retain(|pair| pair.is_doubtful);
            self.pairs.iter_mut().for_each(|pair| pair.is_doubtful = false);
        }
    }

    /// It moves again. What is learnt from now on was seen to be alive; how much noise the camera
    /// shows when it lives is not forgotten.
    fn release(&mut self) {
        let Some(held) = self.held.take() else { return };
        let moved_only = held.told() == Told::Rest;
        let rest = self.rest.released(moved_only);
        *self = Self { last: self.last, began: self.began, rest, ..Self::default() };
    }

    fn push(&mut self, pair: Pair) {
        let settled = |p: &Pair| pair.at.since(p.at) > limits::FROZEN_WINDOW;
        // What may be frozen never becomes usual.
        self.pairs.retain(|p| !(p.is_doubtful && settled(p)));
        // At a suspect one looks more often; what is usual shall still reach back for minutes.
        if self.pairs.len() >= limits::PAIRS_KEPT {
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
            is_even: is_even(still().take(limits::FROZEN_PAIRS).map(|p| p.flicker)),
            mean: median(still().filter_map(|p| p.mean)),
            lively: median(still().filter_map(|p| p.lively)),
            repeats: still().all(|p| p.repeats),
            loops: still().all(|p| p.loops),
        })
    }

    fn is_frozen(&self, now: &Window, usual: &Usual) -> Option<Told> {
        if now.loops {
            return Some(Told::Loop);
        }
        let clock = self.clock;
        let flicker = usual.flicker?;
        let less = |now: Option<f32>, usual: Option<f32>, share: f32| {
            now.zip(usual).is_some_and(|(now, usual)| now <= usual * share)
        };
        let sizes_are_less = now.repeats
            || less(now.mean, usual.mean, limits::SIZES_LESS)
            || less(now.lively, usual.lively, limits::LIVELY_LESS);
        let noisy = flicker >= limits::NOISY;
        if clock.stood >= limits::CLOCK_STOOD && sizes_are_less {
            let is_less = !noisy || now.flicker <= flicker * limits::FLICKER_LESS;
            return is_less.then_some(if noisy { Told::Noise } else { Told::Clock });
        }
        // Two pictures of a clip that begins again may be the very same while it goes on between.
        let may_be =
            sizes_are_less || now.flicker > 0.0 && less(now.mean, usual.mean, limits::SIZES_SAME);
        (noisy && may_be && !now.is_even && now.flicker <= flicker * limits::FLICKER_GONE)
            .then_some(Told::Noise)
    }
}

impl ClockRun {
    fn look(&mut self, f: &Features) {
        match f.clock {
            ClockSight::Stands => {
                self.stood = self.stood.saturating_add(1);
                self.since = self.since.or(Some(f.arrived_at));
            }
            ClockSight::None | ClockSight::Ticks => *self = Self::default(),
        }
    }
}

/// How many boxes flicker beyond what the drift of the light does, next to that picture of late which
/// it is most like; `None` when that cannot be told.
fn flicker(f: &Features, change: &Change) -> Option<f32> {
    let least = f.least.map(f32::from);
    match without_drift(f32::from(change.flicker), change.shift) {
        Some(flicker) => Some(least.map_or(flicker, |least| flicker.min(least))),
        None => least.filter(|least| *least < limits::NOISY),
    }
}

/// As noise is: there is some, and about as much each time.
fn is_even(flicker: impl Iterator<Item = f32>) -> bool {
    let (least, most) =
        flicker.fold((f32::MAX, 0.0_f32), |(low, high), value| (low.min(value), high.max(value)));
    least >= limits::NOISY && least >= limits::EVEN * most
}

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
