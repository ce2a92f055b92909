//! What a run is set to, for the journal: how it begins, and each change of it, as rows of the kind
//! `configuration`.
//!
//! The list with its addresses is not among it, nor is anything that may hold a secret: of the list
//! its version is told, under which it is kept. Which lists were accepted, and work at stations that
//! begins or ends, have kinds of rows of their own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::args::{Print, WallArgs, WatchArgs};
use crate::clock::{Clock, WallTime};
use crate::health::alarms::{self, Window};
use crate::ingest;
use crate::journal::{Entry, Event, Journal};
use crate::model::StationList;
use crate::model::day::{ElectionDay, Stage};
use crate::text::Lang;
use crate::wall::Standing;

/// Puts down what is set, once for every change.
pub(super) struct Configuration {
    journal: Journal,
    clock: Arc<dyn Clock>,
    told: BTreeMap<&'static str, Value>,
    layout: Option<(usize, bool, Duration)>,
}

impl Configuration {
    pub(super) fn new(journal: Journal, clock: Arc<dyn Clock>) -> Self {
        Self { journal, clock, told: BTreeMap::new(), layout: None }
    }

    /// `what` is set like this; a row, unless it was before.
    fn is(&mut self, what: &'static str, now: Value) {
        if self.told.get(what) != Some(&now) {
            let event = Event::Configuration { what: what.to_owned(), now: now.clone() };
            self.journal.record(Entry::now(&*self.clock, event));
            self.told.insert(what, now);
        }
    }

    /// What holds for every run.
    pub(super) fn common(&mut self, day: &ElectionDay, operator: &str) {
        self.day(day);
        self.operator(operator);
        self.limits(&ingest::Limits::default(), &alarms::Limits::default());
    }

    /// The wall was started with this.
    pub(super) fn wall(&mut self, args: &WallArgs, lang: Lang) {
        let WallArgs { screenshot, size, district, print_states, metrics, is_throwaway, .. } = args;
        let now = json!({
            "language": lang.code(),
            "window": screenshot.is_none(),
            "size": size,
            "district": district,
            "print_states": print_states.map(print),
            "metrics": metrics.map(|at| at.to_string()),
            "demo": is_throwaway,
        });
        self.is("program", now);
    }

    /// The watch was started with this.
    pub(super) fn watch(&mut self, args: &WatchArgs, lang: Lang) {
        // What is recorded has rows of a kind of its own.
        let WatchArgs { print: prints, metrics, once, records: _ } = args;
        let now = json!({
            "language": lang.code(),
            "window": false,
            "print_states": prints.map(print),
            "metrics": metrics.map(|at| at.to_string()),
            "once_ms": once.map(millis),
        });
        self.is("program", now);
    }

    /// The list that is received; version 0 for streams that were opened by hand, or none.
    pub(super) fn list(&mut self, version: u32, list: &StationList, feeds: usize) {
        let now = json!({ "version": version, "stations": list.stations.len(), "feeds": feeds });
        self.is("list", now);
    }

    /// Who answers at this machine.
    pub(super) fn operator(&mut self, name: &str) {
        self.is("operator", json!(name));
    }

    /// How the wall is laid out and how a tour goes. Cheap where nothing has changed.
    pub(super) fn layout(&mut self, standing: &Standing) {
        let now = (standing.tiles_per_page, standing.grouped, standing.dwell);
        if self.layout.replace(now) != Some(now) {
            let (tiles, grouped, dwell) = now;
            let now =
                json!({ "tiles_per_page": tiles, "grouped": grouped, "tour_ms": millis(dwell) });
            self.is("layout", now);
        }
    }

    /// The work at stations that an earlier run has left standing.
    pub(super) fn work<'a>(&mut self, windows: impl Iterator<Item = &'a Window>) {
        let work = |w: &Window| {
            json!({
                "station": w.station.to_string(),
                "until_utc_us": w.until.map(WallTime::as_micros),
                "who": w.who,
                "reason": w.reason,
            })
        };
        self.is("maintenance", windows.map(work).collect());
    }

    fn day(&mut self, day: &ElectionDay) {
        let stages = day.stages.as_ref().map(|stages| {
            let begins = Stage::ALL.iter().zip(stages.times());
            let begins = begins.map(|(stage, at)| {
                (stage.as_str().to_owned(), json!(at.strftime("%H:%M").to_string()))
            });
            Value::Object(begins.collect())
        });
        let now = json!({
            "name": day.name,
            "date": day.date.to_string(),
            "zone": day.zone.iana_name(),
            "stages": stages,
            "stations_with_other_times": day.overrides.len(),
        });
        self.is("day", now);
    }

    fn limits(&mut self, of: &ingest::Limits, alarms: &alarms::Limits) {
        let now = json!({
            "connect_ms": millis(of.connect),
            "first_frame_ms": millis(of.first_frame),
            "frame_gap_ms": millis(of.frame_gap),
            "gop_bytes": of.gop_bytes,
            "stalled_for_ms": millis(alarms.stalled_for),
            "degraded_for_ms": millis(alarms.degraded_for),
            "calm_ms": millis(alarms.calm),
            "together_ms": millis(alarms.together),
            "group_from": alarms.group_from,
        });
        self.is("limits", now);
    }
}

const fn print(how: Print) -> &'static str {
    match how {
        Print::Text => "text",
        Print::Json => "json",
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FakeClock;
    use crate::journal::read::{Filter, Reader, Record};
    use crate::journal::{JournalError, RunConfig, RunInfo};
    use crate::wall::Wall;

    #[test]
    fn each_change_is_one_row() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("journal.sqlite");
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(1_707_289_200_000_000)));
        let run = RunInfo::this_process("wall", RunConfig::default());
        let journal = Journal::open(&file, clock.clone(), run, Arc::new(|| ())).unwrap();
        let mut set = Configuration::new(journal.clone(), clock.clone());
        let zone = jiff::tz::TimeZone::get("Asia/Baku").unwrap();
        let day = ElectionDay::unconfigured(zone, clock.wall());
        for operator in ["Aynur", "Aynur", "Rəşad"] {
            set.common(&day, operator);
        }
        for seconds in [20, 20, 30] {
            let dwell = Duration::from_secs(seconds);
            let standing = Wall::new(Arc::new(StationList::default())).standing();
            set.layout(&Standing { tiles_per_page: 36, dwell, ..standing });
        }
        for version in [1, 1, 2] {
            set.list(version, &StationList::default(), 0);
        }
        set.wall(&WallArgs::default(), Lang::Az);
        assert!(journal.close(Duration::from_secs(60)));
        let mut rows: Vec<Record> = Vec::new();
        let take = |row| -> Result<(), JournalError> {
            rows.push(row);
            Ok(())
        };
        Reader::open(&file).unwrap().each(&Filter::default(), take).unwrap();
        let set: Vec<_> = rows
            .iter()
            .filter(|row| row.kind == "configuration")
            .map(|row| (row.body["what"].as_str().unwrap(), &row.body["now"]))
            .collect();
        let whats: Vec<_> = set.iter().map(|(what, _)| *what).collect();
        let expected = [
            "day", "operator", "limits", "operator", "layout", "layout", "list", "list", "program",
        ];
        assert_eq!(whats, expected);
        assert_eq!(set[0].1["date"], "2024-02-07");
        assert_eq!(set[3].1, "Rəşad");
        assert_eq!(set[5].1["tour_ms"], 30_000);
        assert_eq!(set[7].1["version"], 2);
        assert_eq!(set[8].1["language"], "az");
    }
}
