//! Long days of healthy cameras, put together from stretches of really coded ones.
//!
//! A stretch is one to ten minutes long: what a live episode, or an episode before its event, sent
//! from a keyframe to another, again and again from random places of the same episode. So all that
//! follows from one picture to the next within a stretch of ten to sixty seconds is as coded; that
//! hours of other light, weather and people follow is not. The hours therefore show that chance does
//! not add up to alarms; the episodes show what single situations do.

use pollwall::clock::Mono;
use pollwall::health::picture::{Decision, Features, PictureVerdict};

use super::camera::{Episode, Light, People, What};
use super::trace::{Trace, arrival};

/// Hours that are put together.
const HOURS: f64 = 400.0;

/// A camera films for so long before another one is taken.
const DAY_S: f64 = 4.0 * 3600.0;

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) hours: f64,
    pub(crate) alarms: Vec<String>,
}

/// Puts days together of the calm parts of `pool`, the same in every run.
pub(crate) fn run(pool: &[(Episode, Trace)]) -> Outcome {
    let mut outcome = Outcome::default();
    let mut random = fastrand::Rng::with_seed(7);
    while outcome.hours < HOURS {
        let (of, trace) = &pool[random.usize(..pool.len())];
        day(of, trace, &mut random, &mut outcome);
    }
    outcome
}

fn day(of: &Episode, trace: &Trace, random: &mut fastrand::Rng, outcome: &mut Outcome) {
    // What happens in live episodes (the light goes off, people leave) happens once: only what lies
    // before it is repeated.
    let happens_once = matches!(of.light, Light::Off(_)) || matches!(of.people, People::Until(_));
    let calm_s = if of.what == What::Live && !happens_once { of.end_s } else { of.from_s };
    let calm = (calm_s * of.fps) as usize;
    // Cuts are made where a picture was looked at; the first looks have nothing to compare with.
    let cuts: Vec<usize> =
        (2..trace.looks.len()).filter(|n| (trace.looks[*n].0 as usize) < calm).collect();
    let mut decision = Decision::default();
    let (mut units, mut before) = (0_usize, false);
    let end = (DAY_S * f64::from(of.fps)) as usize;
    while units < end {
        let (from, count) = (cuts[random.usize(..cuts.len() - 2)], 2 + random.usize(..10));
        for look in from..(from + count).min(*cuts.last().unwrap_or(&from)) {
            let (start, (stop, features)) = (trace.looks[look - 1].0 as usize, trace.looks[look]);
            // The units after the look before, up to the one of this look.
            for (bytes, is_key) in &trace.units[start + 1..=stop as usize] {
                decision.unit(*bytes as usize, *is_key);
                units += 1;
            }
            let at = arrival(of, units);
            decision.look(&Features { at, arrived_at: at, ..features });
            let raised = is_alarm(&decision, at);
            if raised && !before {
                outcome.alarms.push(format!("{:?} at {units} of {of:?}", decision.verdict(at)));
            }
            before = raised;
        }
    }
    outcome.hours += units as f64 / f64::from(of.fps) / 3600.0;
}

fn is_alarm(decision: &Decision, at: Mono) -> bool {
    !matches!(decision.verdict(at), PictureVerdict::Fine | PictureVerdict::NotChecked)
}
