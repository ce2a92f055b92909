//! The lines themselves: for people in their language, for programs as JSON.

use serde::Serialize;

use crate::app::args::Print;
use crate::app::recording::{Phase, Progress};
use crate::app::watcher::Known;
use crate::clock::{Mono, WallTime};
use crate::health::{Assessment, State, Trouble};
use crate::ingest::Totals;
use crate::model::{StationId, StationList};
use crate::record::VolumeStatus;
use crate::text::Text;
use crate::tr;
use crate::ui::{StationView, words};

/// A station's state has changed. Times are in milliseconds; `t_ms` counts from the start.
#[derive(Serialize)]
struct Change<'a> {
    t_ms: u64,
    utc: String,
    station: String,
    state: &'a str,
    trouble: Option<&'a str>,
    /// Since the last unit, or since the start where there was none.
    silent_ms: u64,
    /// Of the last unit, while there is one.
    rate: Option<f32>,
    behind: bool,
}

/// How recording goes.
#[derive(Serialize)]
pub(super) struct Recorded {
    /// Stations that are to be recorded.
    wanted: usize,
    /// Those whose pictures are on the disk up to a few seconds ago.
    safe: usize,
    bytes_per_second: u64,
    hours_left: Option<f64>,
    closed_segments: u64,
    dropped_units: u64,
    worst_sync_ms: u64,
    failing: Option<String>,
}

impl Recorded {
    pub(super) fn of(progress: &Progress, wanted: usize) -> Self {
        let sum = |of: fn(&VolumeStatus) -> u64| progress.volumes.iter().map(of).sum();
        let worst = progress.volumes.iter().map(|volume| volume.worst_sync).max();
        Self {
            wanted,
            safe: progress.safe.len(),
            bytes_per_second: progress.bytes_per_second(),
            hours_left: progress.hours_left,
            closed_segments: sum(|v| v.closed_segments),
            dropped_units: sum(|v| v.dropped_units),
            worst_sync_ms: worst.map_or(0, |worst| worst.as_millis() as u64),
            failing: match &progress.phase {
                Phase::Refused(why) => Some(why.clone()),
                _ => progress.failing.as_ref().map(ToString::to_string),
            },
        }
    }
}

/// A summary: how many stations are in each state, and how what is on screen fares.
#[derive(Serialize)]
struct Summary<'a> {
    t_ms: u64,
    utc: String,
    states: serde_json::Map<String, serde_json::Value>,
    machine_behind: bool,
    passes: u64,
    decoded: u64,
    replaced: u64,
    skipped: u64,
    damaged: u64,
    losses: u64,
    lost_lines: u64,
    tiles: Vec<Tile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recording: Option<&'a Recorded>,
}

/// A station on screen.
#[derive(Serialize)]
pub(in crate::app) struct Tile {
    station: String,
    rate: Option<f32>,
    /// Different pictures painted since it came on screen.
    painted: u64,
    /// Of the painted picture, in pixels.
    size: Option<(u32, u32)>,
    /// Age of the painted picture since its arrival.
    age_ms: Option<u64>,
    behind: bool,
}

/// What a summary counts besides what is known.
pub(super) struct Sums<'a> {
    pub(super) passes: u64,
    pub(super) lost_lines: u64,
    pub(super) totals: Totals,
    pub(super) recording: Option<&'a Recorded>,
}

impl Tile {
    /// What is told of a station on screen.
    pub(in crate::app) fn of(id: StationId, view: &StationView, now: Mono) -> Self {
        let shown = view.picture.as_ref().and_then(|picture| picture.shown());
        Self {
            station: id.to_string(),
            rate: view.assessment.rate,
            painted: shown.map_or(0, |shown| shown.frames),
            size: shown.map(|shown| (shown.width, shown.height)),
            age_ms: shown.map(|shown| millis(shown.arrived_at, now)),
            behind: view.assessment.behind,
        }
    }
}

pub(super) fn change(
    print: Print,
    text: &Text,
    began: Mono,
    (now, wall): (Mono, WallTime),
    station: StationId,
    verdict: &Assessment,
) -> String {
    match print {
        Print::Json => json(&Change {
            t_ms: millis(began, now),
            utc: wall.to_string(),
            station: station.to_string(),
            state: verdict.state.code(),
            trouble: verdict.trouble.as_ref().map(Trouble::code),
            silent_ms: millis(verdict.last_unit.unwrap_or(verdict.since), now),
            rate: verdict.rate,
            behind: verdict.behind,
        }),
        Print::Text => {
            let age = Text::counter(now.since(began));
            let state = words::state(text, verdict.state);
            let why = verdict.trouble.as_ref().map(|t| format!(": {}", words::trouble(text, t)));
            format!("{age:>8}  {:<8} {state}{}", station.to_string(), why.unwrap_or_default())
        }
    }
}

pub(super) fn summary(began: Mono, known: &Known, tiles: Vec<Tile>, sums: &Sums<'_>) -> String {
    let count = |state: State| (state.code().to_owned(), known.counts.of(state).into());
    let totals = sums.totals;
    json(&Summary {
        t_ms: millis(began, known.now),
        utc: known.wall.to_string(),
        states: State::ALL.into_iter().map(count).collect(),
        machine_behind: known.machine_behind,
        passes: sums.passes,
        decoded: totals.decoded,
        replaced: totals.replaced,
        skipped: totals.skipped,
        damaged: totals.damaged,
        losses: totals.losses,
        lost_lines: sums.lost_lines,
        tiles,
        recording: sums.recording,
    })
}

/// How many stations are in which state, in a sentence.
pub(in crate::app) fn counted(text: &Text, known: &Known, list: &StationList) -> String {
    let counted = State::ALL.into_iter().filter(|s| known.counts.of(*s) > 0);
    let counted: Vec<String> =
        counted.map(|s| format!("{} {}", known.counts.of(s), words::state(text, s))).collect();
    let all = tr!(text, "report-summary", stations = list.stations.len());
    format!("{all} {}", counted.join(", "))
}

fn millis(from: Mono, to: Mono) -> u64 {
    u64::try_from(to.since(from).as_millis()).unwrap_or(u64::MAX)
}

/// Numbers and short words: nothing in it can fail to be written as JSON.
fn json(line: &impl Serialize) -> String {
    serde_json::to_string(line).unwrap_or_default()
}
