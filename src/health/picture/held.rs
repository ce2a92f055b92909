//! A picture that is held to be frozen, until there is evidence that it moves again.
//!
//! To look a little livelier for once is none: a coder that codes one picture for hours does so now
//! and then, when its quantiser jumps. It takes several looks in which something moved, or noise that
//! does not rest, or a clock that ticks, or light that drifts on.

use super::clock::ClockSight;
use super::features::{Change, Features};
use super::frozen::Usual;
use super::limits;
use super::sizes::Span;
use crate::clock::Mono;

/// What told that it is frozen, and so can't tell anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The sensor's noise is gone.
    Noise,
    /// The clock stands.
    Clock,
    /// A group comes again and again.
    Loop,
    /// The same picture to the last digit, however often one looks.
    Rest,
    /// An earlier run of the program, of which nothing else is known.
    Before,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Held {
    since: Mono,
    told: Told,
    /// What was usual before: while it stands nothing is learnt.
    usual: Usual,
    /// Of the last eight looks, newest lowest: something moved, or the clock ticked.
    moved: u8,
    /// … or there was as much noise as usual.
    noisy: u8,
    /// Brightness of the standing picture; not known at the begin of a session.
    mean: Option<f32>,
    /// Boxes that flickered at each of the last looks, while nothing moved.
    flicker: [u16; limits::LIVING_LOOKS],
    seen: usize,
    /// How many flicker while it stands.
    standing: f32,
}

impl Held {
    pub(super) fn new(
        since: Mono,
        told: Told,
        usual: Usual,
        f: &Features,
        change: &Change,
    ) -> Self {
        Self {
            since,
            told,
            usual,
            moved: 0,
            noisy: 0,
            mean: Some(f.mean),
            flicker: [0; limits::LIVING_LOOKS],
            seen: 0,
            standing: change.flicker.into(),
        }
    }

    /// What an earlier run of the program has held. Nobody knows any more what told it or what was usual.
    pub(super) fn remembered(since: Mono) -> Self {
        Self {
            since,
            told: Told::Before,
            usual: Usual::default(),
            moved: 0,
            noisy: 0,
            mean: None,
            flicker: [0; limits::LIVING_LOOKS],
            seen: 0,
            standing: 0.0,
        }
    }

    pub(super) fn since(&self) -> Mono {
        self.since
    }

    pub(super) fn told(&self) -> Told {
        self.told
    }

    pub(super) fn usual(&self) -> Usual {
        self.usual
    }

    /// There are signs of life, which to follow is worth a look soon.
    pub(super) fn stirs(&self) -> bool {
        (self.moved | self.noisy) & RECENT != 0
    }

    /// The session ended, and another one began: whatever it shows first was coded otherwise.
    pub(super) fn session(&mut self) {
        (self.moved, self.noisy, self.mean, self.seen) = (0, 0, None, 0);
    }

    /// A look; whether it moves again. In the first seconds of a session (before it `is_settled`)
    /// coders show one and the same picture better and better.
    pub(super) fn is_over(
        &mut self,
        f: &Features,
        change: &Change,
        flicker: Option<f32>,
        span: &Span,
        is_settled: bool,
    ) -> bool {
        if f.again() {
            // What lay between two equal pictures was the coder's.
            (self.moved, self.noisy, self.seen) = (0, 0, 0);
            return false;
        }
        let jumped = change.moved >= limits::MOVED_BOXES || change.shift >= limits::SHIFTED;
        let ticks = f.clock == ClockSight::Ticks;
        let moves = ticks || is_settled && jumped;
        self.moved = self.moved << 1 | u8::from(moves);
        let noisy = is_settled && !jumped && self.is_noisy(change, flicker, span);
        self.noisy = self.noisy << 1 | u8::from(noisy);
        let moved = (self.moved & RECENT).count_ones();
        // Noise is there at every look; a coder's jumps are not.
        if moved >= limits::MOVES_SEEN || self.moved | self.noisy == u8::MAX {
            return true;
        }
        if !is_settled || jumped {
            // Another picture; or the same in another coding.
            (self.mean, self.seen) = (None, 0);
            return false;
        }
        let mean = *self.mean.get_or_insert(f.mean);
        (f.mean - mean).abs() >= limits::DRIFTED_ON || self.lives(change)
    }

    /// As much noise as usual; where a clock told it there was none to speak of.
    fn is_noisy(&self, change: &Change, flicker: Option<f32>, span: &Span) -> bool {
        if self.told == Told::Clock {
            return false;
        }
        let Some(flicker) = flicker else { return false };
        let usual = self.usual.flicker.filter(|usual| *usual >= limits::NOISY);
        // A coder that has saved bytes for long spends them when there is noise again, and shows it
        // better for a while.
        let spends =
            span.mean().zip(self.usual.mean).is_some_and(|(m, u)| m > u * limits::SIZES_SAME);
        let share = if spends { limits::FLICKER_GONE } else { limits::FLICKER_BACK };
        let least = usual.map_or(limits::NOISY, |usual| usual * share);
        flicker > least && !(self.told == Told::Loop && span.repeats() && change.flicker == 0)
    }

    /// Noise that is not what was usual, as in another light, but does not rest either: what a coder
    /// makes of a standing picture comes and goes, and comes again the same to the box.
    fn lives(&mut self, change: &Change) -> bool {
        self.flicker[self.seen % limits::LIVING_LOOKS] = change.flicker;
        self.seen += 1;
        let mut sorted = self.flicker;
        sorted.sort_unstable();
        let (least, most) = (f32::from(sorted[0]), f32::from(sorted[limits::LIVING_LOOKS - 1]));
        let distinct = 1 + sorted.windows(2).filter(|pair| pair[0] != pair[1]).count();
        let lives = self.told != Told::Clock
            && self.seen >= limits::LIVING_LOOKS
            && least >= limits::NOISY.max(limits::LIVING_MORE * self.standing)
            && least >= limits::LIVING_EVEN * most
            && distinct >= limits::LIVING_DISTINCT;
        if self.seen < limits::LIVING_LOOKS {
            return false;
        }
        if !lives {
            // Slowly down, and up: one look tells little.
            self.standing += (f32::from(sorted[limits::LIVING_LOOKS / 2]) - self.standing) / 16.0;
        }
        lives
    }
}

/// The last five looks.
const RECENT: u8 = 0b1_1111;
