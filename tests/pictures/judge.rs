//! How good the verdicts are: recall, precision, delay, and false alarms per camera-hour.

use std::fmt::Write as _;

use pollwall::clock::Mono;
use pollwall::health::picture::{Decision, PictureVerdict};

use super::camera::{Episode, What};
use super::trace::{Trace, replay};

/// After it is over a verdict may stand for so long.
const GRACE_S: f64 = 25.0;

/// … and is mentioned when it stood for longer.
const LATE_S: f64 = 60.0;

/// The kinds of alarms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Black,
    Covered,
    Frozen,
}

impl Kind {
    pub(crate) const ALL: [Kind; 3] = [Kind::Black, Kind::Covered, Kind::Frozen];

    /// Within so many seconds it has to be found.
    pub(crate) const fn within_s(self) -> f64 {
        match self {
            Self::Black => 10.0,
            Self::Covered => 30.0,
            Self::Frozen => 60.0,
        }
    }

    fn of(verdict: PictureVerdict) -> Option<Self> {
        match verdict {
            PictureVerdict::Black { .. } => Some(Self::Black),
            PictureVerdict::Covered { .. } => Some(Self::Covered),
            PictureVerdict::Frozen { .. } => Some(Self::Frozen),
            PictureVerdict::Fine | PictureVerdict::NotChecked => None,
        }
    }

    fn happens(what: What) -> Option<Self> {
        match what {
            What::Live => None,
            What::Black => Some(Self::Black),
            What::Covered(_) => Some(Self::Covered),
            What::Frozen | What::Looped => Some(Self::Frozen),
        }
    }
}

/// What came of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Score {
    pub(crate) events: usize,
    /// Seconds until it was found, of those found in time.
    pub(crate) delays: Vec<f64>,
    /// Seconds from the moment each was found until it was over, and of these those in which the
    /// alarm stood.
    pub(crate) open_s: f64,
    pub(crate) held_s: f64,
    /// Seconds for which the alarm stood after it was over.
    pub(crate) late: Vec<f64>,
    /// Alarms of this kind where it did not happen.
    pub(crate) false_alarms: usize,
}

impl Score {
    pub(crate) fn recall(&self) -> f64 {
        self.delays.len() as f64 / self.events.max(1) as f64
    }

    pub(crate) fn precision(&self) -> f64 {
        let alarms = self.delays.len() + self.false_alarms;
        if alarms == 0 { 1.0 } else { self.delays.len() as f64 / alarms as f64 }
    }

    pub(crate) fn delay_p95(&self) -> f64 {
        p95(&self.delays)
    }

    /// The share of the time after it was found for which the alarm stood.
    pub(crate) fn held(&self) -> f64 {
        if self.open_s > 0.0 { self.held_s / self.open_s } else { 1.0 }
    }
}

fn p95(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get((sorted.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0.0)
}

/// What came of many episodes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scores {
    pub(crate) kinds: [Score; 3],
    /// Hours in which nothing happened.
    pub(crate) calm_hours: f64,
    /// What went wrong, in words.
    pub(crate) wrong: Vec<String>,
}

impl Scores {
    pub(crate) fn false_alarms(&self) -> usize {
        self.kinds.iter().map(|score| score.false_alarms).sum()
    }

    /// Plays a trace.
    pub(crate) fn judge(&mut self, of: &Episode, trace: &Trace) {
        let expected = Kind::happens(of.what);
        let (from, to) = (f64::from(of.from_s), f64::from(of.to_s));
        let mut before = None;
        let mut found: Option<f64> = None;
        let mut wrong = Vec::new();
        let (mut open_s, mut held_s, mut late, mut last) = (0.0, 0.0, 0.0_f64, 0.0);
        replay(of, trace, |at: Mono, decision: &Decision| {
            let seconds = at.as_micros() as f64 / 1e6;
            let now = Kind::of(decision.verdict(at));
            let is_due = (from - 1.0..to + GRACE_S).contains(&seconds);
            if found.is_some() && seconds < to {
                open_s += seconds - last;
                held_s += if now == expected { seconds - last } else { 0.0 };
            }
            if seconds >= to && now.is_some() && now == expected {
                late = seconds - to;
            }
            last = seconds;
            if let Some(kind) = now.filter(|_| now != before) {
                if expected == Some(kind) && is_due {
                    found = found.or(Some((seconds - from).max(0.0)));
                } else {
                    wrong.push((kind, seconds));
                }
            }
            before = now;
        });
        let spent = f64::from(of.end_s);
        let event = if expected.is_some() { (to + GRACE_S).min(spent) - from } else { 0.0 };
        self.calm_hours += (spent - event) / 3600.0;
        for (kind, at) in wrong {
            self.kinds[kind as usize].false_alarms += 1;
            self.wrong.push(format!("{kind:?} at {at:.0} s, falsely: {of:?}"));
        }
        let Some(kind) = expected else { return };
        let score = &mut self.kinds[kind as usize];
        score.events += 1;
        score.open_s += open_s;
        score.held_s += held_s;
        if held_s < 0.99 * open_s {
            let share = 100.0 * held_s / open_s;
            self.wrong.push(format!("{kind:?} stood for {share:.1} % of the time only: {of:?}"));
        }
        if found.is_some() {
            score.late.push(late);
            if late > LATE_S {
                self.wrong.push(format!("{kind:?} stood {late:.0} s too long: {of:?}"));
            }
        }
        match found.filter(|delay| *delay <= kind.within_s().min(to - from)) {
            Some(delay) => score.delays.push(delay),
            None => self.wrong.push(format!("{kind:?} not in time ({found:?}): {of:?}")),
        }
    }

    /// As a table.
    pub(crate) fn table(&self, title: &str) -> String {
        let mut out = format!(
            "{title}\n  kind     events  recall  within  precision  delay p95  stays  over p95  false\n"
        );
        for kind in Kind::ALL {
            let score = &self.kinds[kind as usize];
            let _ = writeln!(
                out,
                "  {:8} {:6}  {:5.1}%  {:4.0} s  {:8.1}%  {:7.1} s  {:5.2}%  {:5.0} s  {:5}",
                format!("{kind:?}").to_lowercase(),
                score.events,
                100.0 * score.recall(),
                kind.within_s(),
                100.0 * score.precision(),
                score.delay_p95(),
                100.0 * score.held(),
                p95(&score.late),
                score.false_alarms,
            );
        }
        out + &rate("  ", self.false_alarms(), self.calm_hours)
    }
}

/// False alarms per camera-hour with the exact 95 % interval of a Poisson count (Garwood 1936); for
/// none the upper end of the one-sided interval is the rule of three, 3.0 / hours.
pub(crate) fn rate(indent: &str, count: usize, hours: f64) -> String {
    let (low, high) = garwood(count);
    format!(
        "{indent}false alarms: {count} in {hours:.1} camera-hours: {:.4} per hour (95 % interval {:.4} to {:.4})\n",
        count as f64 / hours,
        low / hours,
        high / hours
    )
}

/// The exact 95 % interval of the mean of a Poisson count: half a quantile of χ² with 2n and 2n + 2
/// degrees of freedom, found from the distribution itself.
pub(crate) fn garwood(count: usize) -> (f64, f64) {
    // P(X ≤ n) for a mean of m.
    let at_most = |n: usize, m: f64| {
        let (mut term, mut sum) = ((-m).exp(), 0.0);
        for k in 0..=n {
            sum += term;
            term *= m / (k + 1) as f64;
        }
        sum
    };
    let solve = |goes_down: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0.0, 10.0 + 3.0 * count as f64);
        for _ in 0..80 {
            let middle = 0.5 * (low + high);
            if goes_down(middle) { high = middle } else { low = middle }
        }
        0.5 * (low + high)
    };
    let low = if count == 0 { 0.0 } else { solve(&|m| 1.0 - at_most(count - 1, m) > 0.025) };
    (low, solve(&|m| at_most(count, m) < 0.025))
}
