//! Finds a clock that the camera writes into the picture, by itself: a small spot near the upper or
//! lower edge that is another one each time one looks, while what surrounds it is not.

use super::features::Change;
use super::limits;
use crate::frame::Luma;

/// What a clock in the picture does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockSight {
    /// None was found (yet).
    #[default]
    None,
    /// It shows something else than in the picture before.
    Ticks,
    /// It shows the same as in the picture before.
    Stands,
}

/// Learns where the clock is.
#[derive(Debug, Default)]
pub(super) struct ClockFinder {
    size: (usize, usize),
    /// For each box in the margins how often it changes, 255 for always; upper margin, then lower.
    habit: Vec<u8>,
    /// The boxes of the clock.
    found: Vec<u16>,
    /// By how much the box that changes most usually changes.
    usual: u8,
    /// Pictures in a row in which the clock stood and something moved elsewhere.
    doubted: u8,
    sight: ClockSight,
}

impl ClockFinder {
    /// What was seen last.
    pub(super) fn sight(&self) -> ClockSight {
        if self.found.is_empty() { ClockSight::None } else { self.sight }
    }

    /// The first picture of this size.
    pub(super) fn start(&mut self, luma: &Luma) {
        let size = (usize::from(luma.width), usize::from(luma.height));
        if self.size != size {
            *self = Self { size, habit: vec![0; 2 * margin(size.1) * size.0], ..Self::default() };
        }
    }

    /// Compares two pictures of the size that was started with. A picture that may be frozen is
    /// nothing to learn from: what a coder makes of it flickers between two codings like a clock.
    pub(super) fn compare(
        &mut self,
        before: &Luma,
        now: &Luma,
        change: &Change,
        may_learn: bool,
    ) -> ClockSight {
        self.start(now);
        let apart = self.found.iter().filter_map(|at| {
            let at = usize::from(*at);
            Some(before.data.get(at)?.abs_diff(*now.data.get(at)?))
        });
        let apart = apart.max().unwrap_or(0);
        let least = u32::from(self.usual) * limits::CLOCK_TICKS_PERCENT / 100;
        let stands = u32::from(apart) < least.max(limits::CLOCK_TICKS.into());
        if !stands {
            // An eighth nearer.
            let step = (i16::from(apart) - i16::from(self.usual)) / 8;
            self.usual = self.usual.saturating_add_signed(step as i8);
        }
        if !self.found.is_empty() {
            self.sight = if stands { ClockSight::Stands } else { ClockSight::Ticks };
            // A clock stands with all else, or not at all: this was something else.
            let elsewhere = stands && change.moved > 0;
            self.doubted = if elsewhere { self.doubted + 1 } else { 0 };
            if self.doubted >= limits::CLOCK_DOUBTED {
                self.found.clear();
                self.doubted = 0;
            }
        }
        // While nothing at all changes there is nothing to learn: the picture may be frozen.
        if may_learn && change.greatest >= limits::TICK {
            self.learn(before, now);
        }
        self.sight()
    }

    fn learn(&mut self, before: &Luma, now: &Luma) {
        let (width, height) = self.size;
        let strip = margin(height) * width;
        let lower = width * height - strip;
        for (at, habit) in self.habit.iter_mut().enumerate() {
            let place = if at < strip { at } else { lower + at - strip };
            let (a, b) = (before.data[place], now.data[place]);
            if a.abs_diff(b) >= limits::TICK {
                *habit += (255 - *habit).div_ceil(6);
            } else {
                *habit -= *habit / 6;
            }
        }
        if self.found.is_empty() {
            for (from, first) in [(0, 0), (strip, lower)] {
                self.find(from, first, strip, before, now);
            }
        }
    }

    /// Looks for a clock in one margin, whose habits begin at `from` and whose first box is `first`.
    fn find(&mut self, from: usize, first: usize, strip: usize, before: &Luma, now: &Luma) {
        let width = self.size.0;
        let Some(habits) = self.habit.get(from..from + strip) else { return };
        let at_least = |least: u8| {
            let boxes = habits.iter().enumerate().filter(move |(_, habit)| **habit >= least);
            boxes.map(move |(at, _)| (at % width, at / width))
        };
        let (mut low, mut high, mut count) = ((usize::MAX, usize::MAX), (0, 0), 0_usize);
        for (x, y) in at_least(limits::CLOCK_HABIT) {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
            count += 1;
        }
        if count == 0
            || high.0 - low.0 >= limits::CLOCK_SIZE.0
            || high.1 - low.1 >= limits::CLOCK_SIZE.1
        {
            return;
        }
        // Somebody who fidgets at the picture's edge changes what is around, too.
        let restless = at_least(limits::CLOCK_HABIT / 2).filter(|(x, y)| {
            let near_x = *x + 8 >= low.0 && *x <= high.0 + 8;
            let beside_y = *y + 1 >= low.1 && *y <= high.1 + 1;
            let around = *y + 4 >= low.1 && *y <= high.1 + 4;
            near_x && around && !beside_y
        });
        if restless.count() > 0 {
            return;
        }
        let found = at_least(limits::CLOCK_HABIT);
        let found: Vec<u16> =
            found.filter_map(|(x, y)| u16::try_from(first + y * width + x).ok()).collect();
        // Digits are written to be read: they change more than any coder's quantiser does.
        let apart = found
            .iter()
            .map(|at| before.data[usize::from(*at)].abs_diff(now.data[usize::from(*at)]));
        let apart = apart.max().unwrap_or(0);
        if apart < limits::MOVED {
            return;
        }
        self.found = found;
        self.sight = ClockSight::Ticks;
        self.usual = apart;
    }
}

const fn margin(height: usize) -> usize {
    height * limits::CLOCK_MARGIN_PERCENT / 100
}
