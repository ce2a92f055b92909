//! Freezes of hours, put together from freezes of ten minutes that were really coded.
//!
//! What lies between the second minute of a freeze and its end is repeated in stretches of ten seconds
//! to a minute drawn by chance, until the hours are full; then comes the end as it was coded. So what
//! follows within a stretch is as coded, and what a coder may do after an hour only is not in it.

use super::camera::{Episode, What};
use super::trace::Trace;

/// Seconds from its begin on that are not repeated: the coder settles.
const SETTLES_S: u32 = 120;

/// Makes the freeze `hours` long.
pub(crate) fn stretch(of: &Episode, trace: &Trace, hours: u32) -> (Episode, Trace) {
    assert_ne!(of.what, What::Live);
    let unit = |seconds: u32| seconds * of.fps;
    let is_inside = |at: u32| at > unit(of.from_s + SETTLES_S) && at < unit(of.to_s - 10);
    let cuts: Vec<usize> =
        (1..trace.looks.len()).filter(|n| is_inside(trace.looks[*n].0)).collect();
    let (first, last) = (cuts[0], cuts[cuts.len() - 1]);
    let head = trace.looks[first].0;
    let mut out = Trace {
        units: trace.units[..=head as usize].to_vec(),
        sessions: trace.sessions.clone(),
        looks: trace.looks[..=first].to_vec(),
    };
    out.sessions.retain(|at| *at <= head);
    let mut random = fastrand::Rng::with_seed(of.seed);
    let long = unit(hours * 3600);
    while (out.units.len() as u32) < unit(of.from_s) + long {
        let from = cuts[random.usize(..cuts.len() - 3)];
        append(trace, from, (from + 2 + random.usize(..10)).min(last), &mut out);
    }
    // From the last of them on as it was.
    let added = out.units.len() as u32 - trace.looks[last].0 - 1;
    append(trace, last, trace.looks.len() - 1, &mut out);
    out.units.extend(&trace.units[trace.looks[trace.looks.len() - 1].0 as usize + 1..]);
    let shift_s = added / of.fps;
    let again_s = of.again_s.filter(|at| unit(*at) <= head);
    let longer = Episode { to_s: of.to_s + shift_s, end_s: of.end_s + shift_s, again_s, ..*of };
    (longer, out)
}

/// The looks after number `from` up to number `to`, and the units that came with them.
fn append(trace: &Trace, from: usize, to: usize, out: &mut Trace) {
    for number in from + 1..=to {
        let (start, (stop, features)) = (trace.looks[number - 1].0 as usize, trace.looks[number]);
        out.units.extend(&trace.units[start + 1..=stop as usize]);
        out.looks.push((out.units.len() as u32 - 1, features));
    }
}
