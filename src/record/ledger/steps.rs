//! From the machine's clock, in which the journal is written, to the recording's timeline.
//!
//! The two differ only after the clock was set back. Whoever records writes an incident of each step
//! ([`clock_step`]), and one at the start of a run whose timeline goes on ahead of the clock; from these
//! the timeline of each run is known again.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::clock::{Mono, WallTime};
use crate::record::catalogue::Incident;
use crate::record::cause::Cause;
use crate::record::timeline::{Step, Timeline};

/// The incident that tells of a step which `run` has noticed at `at`, after which the timeline is
/// `ahead_us` ahead of the clock. Of a clock that was set back it has no length: no time is lost.
pub fn clock_step(run: &str, at: Mono, step: Step, ahead_us: i64) -> Incident {
    Incident {
        feed: None,
        cause: Cause::ClockStep,
        from_utc_us: step.before.as_micros(),
        to_utc_us: step.after.as_micros(),
        evidence: json!({
            "by_us": step.by_us, "run": run, "mono_us": at.as_micros(), "ahead_us": ahead_us,
        }),
    }
}

/// The timelines of runs.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// From when on, in the order of time.
    by_run: HashMap<String, Vec<(Mono, Timeline)>>,
}

impl Steps {
    pub(super) fn new<'a>(incidents: impl IntoIterator<Item = &'a Incident>) -> Self {
        let mut steps = Self::default();
        for incident in incidents {
            let number = |name: &str| incident.evidence.get(name).and_then(Value::as_i64);
            let run = incident.evidence.get("run").and_then(Value::as_str);
            let (Some(run), Some(at), Some(ahead_us)) =
                (run, number("mono_us"), number("ahead_us"))
            else {
                continue;
            };
            if incident.cause == Cause::ClockStep {
                let (at, after) =
                    (Mono::from_micros(at), WallTime::from_micros(incident.to_utc_us));
                let line = Timeline::resumed(at, after, ahead_us);
                steps.by_run.entry(run.to_owned()).or_default().push((at, line));
            }
        }
        steps.by_run.values_mut().for_each(|lines| lines.sort_by_key(|(at, _)| *at));
        steps
    }

    /// What the timeline of `run` said at `at`, when the clock said `wall`.
    pub(super) fn timeline_us(&self, run: &str, at: Mono, wall: WallTime) -> i64 {
        let lines = self.by_run.get(run).map_or(&[][..], Vec::as_slice);
        let line = lines.iter().take_while(|(from, _)| *from <= at).last();
        wall.as_micros() + line.map_or(0, |(_, line)| line.ahead_us(at))
    }
}
