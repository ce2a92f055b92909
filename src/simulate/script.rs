//! The fault script: which cameras have which faults when.
//!
//! [`Script::parse`] reads TOML and names every mistake; [`Schedule`] applies a script to the
//! stations there are and answers what holds for one of them at a moment. Pure: reading and
//! watching the file is [`super::watch`]'s work. The kinds and their parameters are described in
//! `docs/user/simulator.md`.

mod problem;
mod read;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use problem::{ScriptProblem, ScriptProblemKind};

use super::chance;
use super::fault::{Condition, Kind, Window};
use crate::model::{DistrictNo, StationId};

/// The largest script that is read, in bytes.
pub const MAX_SCRIPT_BYTES: u64 = 1 << 20;

/// A script as written, checked by itself but not yet against the stations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// Decides which stations a share falls on and which pictures are lost.
    pub seed: u64,
    /// In the order of the file.
    pub faults: Vec<Fault>,
}

/// One `[[fault]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Where it stands in the file, from 1.
    pub line: usize,
    /// Whom it may strike; everyone if empty.
    pub stations: Vec<Pattern>,
    /// How many of these it strikes, 0 to 1; all if `None`.
    pub share: Option<f64>,
    /// What it is.
    pub kind: Kind,
    /// When it holds.
    pub window: Window,
}

/// Stations as a script names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// `*`
    All,
    /// `57/*`
    District(DistrictNo),
    /// `57/12`
    One(StationId),
}

impl Pattern {
    fn matches(self, id: StationId) -> bool {
        match self {
            Self::All => true,
            Self::District(district) => id.district == district,
            Self::One(one) => id == one,
        }
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::District(district) => write!(f, "{district}/*"),
            Self::One(id) => id.fmt(f),
        }
    }
}

impl Script {
    /// Reads a script's text.
    ///
    /// # Errors
    /// Everything that is wrong in it, by line.
    pub fn parse(text: &str) -> Result<Self, Vec<ScriptProblem>> {
        read::parse(text)
    }

    /// Reads a script's bytes.
    ///
    /// # Errors
    /// As [`Script::parse`]; besides, bytes that are no text.
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, Vec<ScriptProblem>> {
        read::parse_bytes(bytes)
    }
}

/// A script applied to stations, which are known by their place in the list from here on.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    seed: u64,
    /// By station; in the order of the file.
    faults: Vec<Vec<(Kind, Window)>>,
}

impl Schedule {
    /// Every station healthy for ever.
    pub fn healthy(stations: usize) -> Self {
        Self { seed: 0, faults: vec![Vec::new(); stations] }
    }

    /// Applies `script` to `stations`.
    ///
    /// # Errors
    /// Patterns that match no station: a slip of the pen that would otherwise rehearse nothing.
    pub fn new(script: &Script, stations: &[StationId]) -> Result<Self, Vec<ScriptProblem>> {
        let mut schedule = Self::healthy(stations.len());
        schedule.seed = script.seed;
        let mut problems = Vec::new();
        for (number, fault) in script.faults.iter().enumerate() {
            for pattern in &fault.stations {
                if !stations.iter().any(|&id| pattern.matches(id)) {
                    let kind = ScriptProblemKind::NoSuchStation(pattern.to_string());
                    problems.push(ScriptProblem { line: fault.line, key: "stations".into(), kind });
                }
            }
            for station in chosen(script.seed, number, fault, stations) {
                schedule.faults[station].push((fault.kind, fault.window));
            }
        }
        if problems.is_empty() { Ok(schedule) } else { Err(problems) }
    }

    /// The number that chance begins with.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// How many stations have a fault at some time.
    pub fn stricken(&self) -> usize {
        self.faults.iter().filter(|faults| !faults.is_empty()).count()
    }

    /// What holds for a station at `t`.
    pub fn condition(&self, station: usize, t: Duration) -> Condition {
        let mut condition = Condition::default();
        for (kind, window) in self.of(station) {
            if let Some(began) = window.began(t) {
                condition.add(*kind, began);
            }
        }
        condition
    }

    /// The first moment after `t` at which something changes for a station.
    pub fn next_change(&self, station: usize, t: Duration) -> Option<Duration> {
        self.of(station).iter().filter_map(|(_, window)| window.next_change(t)).min()
    }

    /// What a station comes to show, as far as faults that need another clip decide it: without
    /// any, with each by itself, and with those that meet within the first `most` changes.
    pub fn shown(&self, station: usize, most: usize) -> Vec<Condition> {
        let mut visible = Self::healthy(1);
        visible.faults[0].extend(self.of(station).iter().filter(|(kind, _)| kind.needs_clip()));
        let next = |t: &Duration| visible.next_change(0, *t);
        let times = std::iter::successors(Some(Duration::ZERO), next);
        let met = times.take(most).map(|t| visible.condition(0, t));
        let alone = visible.of(0).iter().map(|(kind, _)| {
            let mut condition = Condition::default();
            condition.add(*kind, Duration::ZERO);
            condition
        });
        // A camera begins well and becomes well again.
        alone.chain(met).chain([Condition::default()]).collect()
    }

    fn of(&self, station: usize) -> &[(Kind, Window)] {
        self.faults.get(station).map_or(&[], Vec::as_slice)
    }
}

/// The places of the stations that a fault strikes. A share is a number of stations, rounded and
/// at least one, not a chance for each: a rehearsal with 2 % of 1000 has 20.
fn chosen(seed: u64, number: usize, fault: &Fault, stations: &[StationId]) -> Vec<usize> {
    let named = |id: StationId| {
        fault.stations.is_empty() || fault.stations.iter().any(|pattern| pattern.matches(id))
    };
    let mut matched: Vec<usize> = (0..stations.len()).filter(|&s| named(stations[s])).collect();
    let Some(share) = fault.share else { return matched };
    let count = (share * matched.len() as f64).round().max(1.0) as usize;
    matched.sort_by_key(|&s| chance::hash(&[seed, number as u64, chance::number(stations[s])]));
    matched.truncate(count);
    matched
}
