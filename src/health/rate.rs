//! How many units come, against how many usually do, and how many of them are damaged.
//!
//! Units are counted by the second, so that a feed costs the same at any rate. Only whole seconds of
//! one run without a stall are judged: a silence is arrival's business, and must not be told twice.

use std::time::Duration;

use super::arrival::Unit;
use super::limits::{
    BURST_SECONDS, COUNTED_SECONDS, DEGRADED_AFTER, LEARN_SECONDS, LOSSLESS_SHARE, LOSSY_SHARE,
    LOW_SHARE, MENDED_AFTER, RATE_OVER_SECONDS, RATE_OVER_UNITS, RECOVERED_SHARE,
    USUAL_DOWN_SECONDS, USUAL_OF_BEST, USUAL_UP_SECONDS,
};
use crate::clock::Mono;

const SECOND: Duration = Duration::from_secs(1);

/// What came in one second.
#[derive(Clone, Copy, Debug, Default)]
struct Second {
    units: u16,
    damaged: u16,
}

/// A condition that is told only once it has lasted, and is over only once that has lasted.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    on: Option<Mono>,
    /// Since when it has been about to change.
    turning: Option<Mono>,
}

impl Held {
    fn update(&mut self, bad: bool, good: bool, at: Mono) {
        let (turns, after) =
            if self.on.is_some() { (good, MENDED_AFTER) } else { (bad, DEGRADED_AFTER) };
        if !turns {
            self.turning = None;
            return;
        }
        let from = *self.turning.get_or_insert(at);
        if at.since(from) >= after {
            self.on = if self.on.is_some() { None } else { Some(from) };
            self.turning = None;
        }
    }
}

/// The counts of one feed.
#[derive(Clone, Debug)]
pub(super) struct Rate {
    /// The last whole seconds; a ring.
    seconds: [Second; COUNTED_SECONDS],
    /// Where the next whole second goes.
    next: usize,
    /// How many of them belong to the present run.
    whole: usize,
    /// The end of the second that is being counted, and what it has brought.
    present: Option<(Mono, Second)>,
    usual: Option<f32>,
    /// The most that `usual` has been.
    best: f32,
    loss: f32,
    degraded: Held,
}

impl Rate {
    pub(super) const fn new() -> Self {
        Self {
            seconds: [Second { units: 0, damaged: 0 }; COUNTED_SECONDS],
            next: 0,
            whole: 0,
            present: None,
            usual: None,
            best: 0.0,
            loss: 0.0,
            degraded: Held { on: None, turning: None },
        }
    }

    /// Another session: what was wrong with the last one is over with it.
    pub(super) fn session(&mut self) {
        self.break_off();
        (self.degraded, self.loss) = (Held::default(), 0.0);
    }

    /// A unit has arrived `now`. `goes_on`: without a stall since the one before.
    pub(super) fn unit(&mut self, unit: Unit, now: Mono, goes_on: bool) {
        if !goes_on {
            self.break_off();
        }
        let (mut end, mut second) = self.present.unwrap_or((now + SECOND, Second::default()));
        while end <= now {
            self.close(second, end);
            (end, second) = (end + SECOND, Second::default());
        }
        second.units = second.units.saturating_add(1);
        second.damaged = second.damaged.saturating_add(u16::from(unit.after_loss));
        self.present = Some((end, second));
    }

    /// What comes next does not follow on what was counted.
    fn break_off(&mut self) {
        self.present = None;
        self.whole = 0;
        self.degraded.turning = None;
    }

    fn close(&mut self, second: Second, end: Mono) {
        self.seconds[self.next] = second;
        self.next = (self.next + 1) % COUNTED_SECONDS;
        self.whole = (self.whole + 1).min(COUNTED_SECONDS);
        let low = self.learn();
        let Some((_, loss)) = self.over(RATE_OVER_SECONDS) else { return };
        self.loss = loss;
        let lossy = (loss >= LOSSY_SHARE, loss <= LOSSLESS_SHARE);
        self.degraded.update(low.0 || lossy.0, low.1 && lossy.1, end);
    }

    /// Follows the usual rate; whether the present one is low, and whether it is good.
    fn learn(&mut self) -> (bool, bool) {
        let Some(usual) = self.usual else {
            self.usual = self.first();
            self.best = self.usual.unwrap_or(0.0);
            return (false, true);
        };
        let window = self.window();
        // Of a young run nobody can say either.
        let Some((rate, _)) = self.over(window) else { return (false, false) };
        let low = rate < LOW_SHARE * usual;
        // What is told as trouble, or is about to be, is not learnt: it would become the usual.
        let bad = low || self.degraded.on.is_some() || self.degraded.turning.is_some();
        let steady = self.steady(window);
        let followed = if steady > usual {
            usual + (steady - usual) / USUAL_UP_SECONDS
        } else if bad || rate > usual {
            usual
        } else {
            usual + (rate - usual) / USUAL_DOWN_SECONDS
        };
        self.best = self.best.max(followed);
        self.usual = Some(followed.max(self.best * USUAL_OF_BEST));
        (low, rate > RECOVERED_SHARE * usual)
    }

    /// What a run that is not measured against anything yet has brought, once that says something.
    fn first(&self) -> Option<f32> {
        let seconds = self.whole.min(LEARN_SECONDS);
        let (rate, _) = self.over(seconds)?;
        let told = seconds >= RATE_OVER_SECONDS && rate * seconds as f32 >= RATE_OVER_UNITS;
        (told || seconds == LEARN_SECONDS).then(|| self.steady(seconds))
    }

    /// Units a second over the last `seconds`, without bursts.
    fn steady(&self, seconds: usize) -> f32 {
        let mut counts = [0u16; COUNTED_SECONDS];
        for (back, count) in (1..=seconds).zip(&mut counts) {
            *count = self.seconds[(self.next + COUNTED_SECONDS - back) % COUNTED_SECONDS].units;
        }
        let counts = &mut counts[..seconds];
        let (_, median, _) = counts.select_nth_unstable(seconds / 2);
        let most = median.saturating_mul(BURST_SECONDS).saturating_add(1);
        let units: u32 = counts.iter().map(|count| u32::from(*count.min(&most))).sum();
        units as f32 / seconds as f32
    }

    /// How many seconds are long enough to judge this feed's rate by.
    fn window(&self) -> usize {
        let own = self.usual.map_or(0.0, |usual| (RATE_OVER_UNITS / usual).ceil());
        (own as usize).clamp(RATE_OVER_SECONDS, COUNTED_SECONDS)
    }

    /// Units a second, and the share of damaged ones, over the last `seconds`; `None` if the run is
    /// younger.
    fn over(&self, seconds: usize) -> Option<(f32, f32)> {
        if self.whole < seconds {
            return None;
        }
        let newest = (1..=seconds)
            .map(|back| self.seconds[(self.next + COUNTED_SECONDS - back) % COUNTED_SECONDS]);
        let (units, damaged) = newest.fold((0u32, 0u32), |(units, damaged), second| {
            (units + u32::from(second.units), damaged + u32::from(second.damaged))
        });
        let loss = if units == 0 { 0.0 } else { damaged as f32 / units as f32 };
        Some((units as f32 / seconds as f32, loss))
    }

    /// Units a second that this feed usually brings, once that is known.
    pub(super) const fn usual(&self) -> Option<f32> {
        self.usual
    }

    /// The share of damaged units over the last [`RATE_OVER_SECONDS`].
    pub(super) const fn loss(&self) -> f32 {
        self.loss
    }

    /// Since when too few units come, or too many damaged ones.
    pub(super) const fn degraded(&self) -> Option<Mono> {
        self.degraded.on
    }
}

#[cfg(test)]
mod tests;
