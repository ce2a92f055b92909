//! The document to an [`ElectionDay`], collecting every mistake.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{DayProblem, DayProblemKind as Kind};
use crate::model::StationId;
use crate::model::day::{ElectionDay, Stage, StageTimes};

type Value<'i> = Spanned<DeValue<'i>>;

/// Reads a file's bytes.
pub(super) fn parse_bytes(bytes: &[u8]) -> Result<ElectionDay, Vec<DayProblem>> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + bytes[..e.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
        vec![DayProblem { line, key: String::new(), kind: Kind::NotUtf8 }]
    })?;
    parse(text)
}

/// Reads the text of a `day.toml`.
///
/// # Errors
/// Everything that is wrong in it, by line.
pub fn parse(text: &str) -> Result<ElectionDay, Vec<DayProblem>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let document = DeTable::parse(text).map_err(|e| {
        let line = line_of(text, e.span().map_or(0, |s| s.start));
        vec![DayProblem { line, key: String::new(), kind: Kind::Syntax(e.message().to_owned()) }]
    })?;
    let mut reader = Reader { text, problems: Vec::new() };
    let day = reader.day(document.get_ref());
    let mut problems = reader.problems;
    problems.sort_by_key(|p| p.line);
    day.filter(|_| problems.is_empty()).ok_or(problems)
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|&&b| b == b'\n').count()
}

struct Reader<'i> {
    text: &'i str,
    problems: Vec<DayProblem>,
}

/// A stage's time and where it stands.
type Times = BTreeMap<Stage, Option<Time>>;

impl Reader<'_> {
    fn problem(&mut self, at: usize, key: &str, kind: Kind) {
        let line = line_of(self.text, at);
        self.problems.push(DayProblem { line, key: key.to_owned(), kind });
    }

    fn day(&mut self, document: &DeTable<'_>) -> Option<ElectionDay> {
        self.only(document, "", &["name", "date", "zone", "stages", "override"]);
        let name = self.required(document, "name", "name", 0, Self::string);
        let date = self.required(document, "date", "date", 0, Self::date);
        let zone = self.required(document, "zone", "zone", 0, Self::zone);
        let stages = self.required(document, "stages", "stages", 0, Self::national);
        let overrides = match (document.get("override"), &stages) {
            (Some(list), Some((times, _))) => self.overrides(list, times),
            _ => BTreeMap::new(),
        };
        let (_, stages) = stages?;
        Some(ElectionDay { name: name?, date: date?, zone: zone?, stages: Some(stages), overrides })
    }

    /// Reports every key of `table` that is not one of `known`.
    fn only(&mut self, table: &DeTable<'_>, within: &str, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            self.problem(key.span().start, &format!("{within}{}", key.get_ref()), Kind::UnknownKey);
        }
    }

    fn required<T>(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        path: &str,
        table_at: usize,
        read: impl FnOnce(&mut Self, &Value<'_>, &str) -> Option<T>,
    ) -> Option<T> {
        match table.get(key) {
            Some(value) => read(self, value, path),
            None => {
                self.problem(table_at, path, Kind::Missing);
                None
            }
        }
    }

    fn string(&mut self, value: &Value<'_>, key: &str) -> Option<String> {
        let string = value.get_ref().as_str().map(str::trim).filter(|s| !s.is_empty());
        if string.is_none() {
            self.problem(value.span().start, key, Kind::NotText);
        }
        string.map(str::to_owned)
    }

    fn date(&mut self, value: &Value<'_>, key: &str) -> Option<Date> {
        self.parsed(value, key, Kind::NotDate, |s| s.parse().ok())
    }

    fn zone(&mut self, value: &Value<'_>, key: &str) -> Option<TimeZone> {
        self.parsed(value, key, Kind::NotZone, |s| TimeZone::get(s).ok())
    }

    fn time(&mut self, value: &Value<'_>, key: &str) -> Option<Time> {
        self.parsed(value, key, Kind::NotTime, |s| s.parse().ok())
    }

    /// A value written as text, or as TOML's own date or time.
    fn parsed<T>(
        &mut self,
        value: &Value<'_>,
        key: &str,
        wrong: fn(String) -> Kind,
        parse: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let written = match value.get_ref() {
            DeValue::String(s) => s.trim().to_owned(),
            DeValue::Datetime(d) => d.to_string(),
            _ => {
                self.problem(value.span().start, key, Kind::NotText);
                return None;
            }
        };
        let parsed = parse(&written);
        if parsed.is_none() {
            self.problem(value.span().start, key, wrong(written));
        }
        parsed
    }

    fn national(&mut self, value: &Value<'_>, key: &str) -> Option<(Times, StageTimes)> {
        let Some(table) = value.get_ref().as_table() else {
            self.problem(value.span().start, key, Kind::NotTable);
            return None;
        };
        self.only(table, "stages.", &Stage::ALL.map(Stage::as_str));
        let at = value.span().start;
        let mut times = Times::new();
        for stage in Stage::ALL {
            let path = format!("stages.{}", stage.as_str());
            times.insert(stage, self.required(table, stage.as_str(), &path, at, Self::time));
        }
        let stages = self.ordered(&times, at, key)?;
        Some((times, stages))
    }

    /// The times in order; `None` when one is wrong (and reported) or they make no day.
    fn ordered(&mut self, times: &Times, at: usize, key: &str) -> Option<StageTimes> {
        let mut all = [Time::midnight(); 5];
        for (slot, stage) in all.iter_mut().zip(Stage::ALL) {
            *slot = (*times.get(&stage)?)?;
        }
        match StageTimes::new(all) {
            Ok(times) => Some(times),
            Err(order) => {
                self.problem(at, key, Kind::Order(order));
                None
            }
        }
    }

    fn overrides(
        &mut self,
        value: &Value<'_>,
        national: &Times,
    ) -> BTreeMap<StationId, StageTimes> {
        let mut overrides = BTreeMap::new();
        let Some(list) = value.get_ref().as_array() else {
            self.problem(value.span().start, "override", Kind::NotTable);
            return overrides;
        };
        for entry in list {
            let Some((station, times)) = self.one_override(entry, national) else { continue };
            if overrides.insert(station, times).is_some() {
                let again = Kind::Again(station.to_string());
                self.problem(entry.span().start, "override.station", again);
            }
        }
        overrides
    }

    fn one_override(
        &mut self,
        entry: &Value<'_>,
        national: &Times,
    ) -> Option<(StationId, StageTimes)> {
        let at = entry.span().start;
        let Some(table) = entry.get_ref().as_table() else {
            self.problem(at, "override", Kind::NotTable);
            return None;
        };
        let mut known = vec!["station"];
        known.extend(Stage::ALL.map(Stage::as_str));
        self.only(table, "override.", &known);
        let station = self.required(table, "station", "override.station", at, Self::station);
        let mut times = national.clone();
        for stage in Stage::ALL {
            let Some(value) = table.get(stage.as_str()) else { continue };
            let path = format!("override.{}", stage.as_str());
            times.insert(stage, self.time(value, &path));
        }
        if times == *national && Stage::ALL.iter().all(|s| !table.contains_key(s.as_str())) {
            self.problem(at, "override", Kind::NoTimes);
        }
        Some((station?, self.ordered(&times, at, "override")?))
    }

    fn station(&mut self, value: &Value<'_>, key: &str) -> Option<StationId> {
        self.parsed(value, key, Kind::NotStation, |s| s.parse().ok())
    }
}
