//! `pollwall journal` as typed.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil;
use lexopt::Parser;

use super::{UsageError, read, value};
use crate::journal::Kind;
use crate::model::StationId;

/// `pollwall journal`
#[derive(Clone, Debug, PartialEq)]
pub struct JournalArgs {
    /// A journal instead of the data folder's, for example a copy.
    pub file: Option<PathBuf>,
    /// What to do with it.
    pub look: Look,
}

/// What to do with a journal.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// Walk the chain.
    Verify,
    /// Print rows.
    Print {
        /// Those of this station.
        station: Option<StationId>,
        /// Those from then on.
        since: Option<Since>,
        /// Those of these kinds; all when there is none.
        kinds: Vec<Kind>,
        /// How.
        form: Form,
    },
}

/// From when on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Since {
    /// A moment.
    At(jiff::Timestamp),
    /// A day and time on the clock of the election day's zone.
    Civil(civil::DateTime),
    /// The last such time of day on that clock.
    Time(civil::Time),
    /// So long ago.
    Ago(Duration),
}

/// How rows are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// For people.
    #[default]
    Table,
    /// For spreadsheets.
    Csv,
    /// For programs: a JSON object on each line.
    Json,
}

/// As typed.
#[derive(Default)]
pub(super) struct Raw {
    file: Option<PathBuf>,
    verify: bool,
    station: Option<StationId>,
    since: Option<Since>,
    last: Option<Since>,
    kinds: Vec<Kind>,
    csv: bool,
    json: bool,
}

impl Raw {
    /// Takes an option of this command; `false` when it has none of that name.
    pub(super) fn option(&mut self, name: &str, parser: &mut Parser) -> Result<bool, UsageError> {
        match name {
            "file" => self.file = Some(value(parser, "--file")?.into()),
            "verify" => self.verify = true,
            "station" => self.station = Some(read(parser, "--station", |s| s.parse().ok())?),
            "since" => self.since = Some(read(parser, "--since", since)?),
            "last" => self.last = Some(read(parser, "--last", ago)?),
            "kind" => self.kinds.extend(read(parser, "--kind", kinds)?),
            "csv" => self.csv = true,
            "json" => self.json = true,
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn checked(self, data: bool) -> Result<JournalArgs, UsageError> {
        if data && self.file.is_some() {
            return Err(UsageError::Both("--data", "--file"));
        }
        if self.since.is_some() && self.last.is_some() {
            return Err(UsageError::Both("--since", "--last"));
        }
        let form = match (self.csv, self.json) {
            (true, true) => return Err(UsageError::Both("--csv", "--json")),
            (true, false) => Form::Csv,
            (false, true) => Form::Json,
            (false, false) => Form::Table,
        };
        let Self { file, station, kinds, .. } = self;
        let since = self.since.or(self.last);
        if !self.verify {
            return Ok(JournalArgs { file, look: Look::Print { station, since, kinds, form } });
        }
        // A chain is walked whole or not at all.
        let others = [
            (station.is_some(), "--station"),
            (self.since.is_some(), "--since"),
            (self.last.is_some(), "--last"),
            (!kinds.is_empty(), "--kind"),
            (self.csv, "--csv"),
            (self.json, "--json"),
        ];
        match others.into_iter().find(|(given, _)| *given) {
            Some((_, other)) => Err(UsageError::Both("--verify", other)),
            None => Ok(JournalArgs { file, look: Look::Verify }),
        }
    }
}

/// `11:30`, `2024-02-07`, `2024-02-07 11:30`, `07.02.2024 11:30`, or with a zone as in RFC 3339.
pub(super) fn since(s: &str) -> Option<Since> {
    let s = s.trim();
    if let Ok(at) = s.parse() {
        return Some(Since::At(at));
    }
    let time = |s: &str| {
        let forms = ["%H:%M:%S%.f", "%H:%M"];
        forms.iter().find_map(|form| civil::Time::strptime(form, s).ok())
    };
    let date = |s: &str| {
        let forms = ["%Y-%m-%d", "%d.%m.%Y"];
        forms.iter().find_map(|form| civil::Date::strptime(form, s).ok())
    };
    if let Some(time) = time(s) {
        return Some(Since::Time(time));
    }
    if let Some(date) = date(s) {
        return Some(Since::Civil(date.at(0, 0, 0, 0)));
    }
    let (day, clock) = s.split_once([' ', 'T'])?;
    Some(Since::Civil(date(day)?.to_datetime(time(clock.trim())?)))
}

/// `30s`, `10m`, `3h`, `2d`.
fn ago(s: &str) -> Option<Since> {
    let digits = s.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = s[..digits].parse().ok()?;
    let unit = match &s[digits..] {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return None,
    };
    // A century is more than any journal has.
    let seconds = number.checked_mul(unit).filter(|&s| s > 0 && s < 100 * 366 * 24 * 3600)?;
    Some(Since::Ago(Duration::from_secs(seconds)))
}

/// A kind, or the beginning of several: `alarm` is all of alarms.
fn kinds(s: &str) -> Option<Vec<Kind>> {
    let wanted = s.trim().replace('-', "_");
    if let Some(kind) = Kind::of(&wanted) {
        return Some(vec![kind]);
    }
    let begins = |kind: &&Kind| {
        kind.code().strip_prefix(&*wanted).is_some_and(|rest| rest.starts_with(['_', 's']))
    };
    let found: Vec<Kind> = Kind::ALL.iter().filter(begins).copied().collect();
    (!wanted.is_empty() && !found.is_empty()).then_some(found)
}

/// All kinds, to be shown to a person.
pub(super) fn kinds_listed() -> String {
    let codes: Vec<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    codes.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_understood_as_people_write_them() {
        let civil = |s: &str| Some(Since::Civil(s.parse().unwrap()));
        assert_eq!(since("11:30"), Some(Since::Time(civil::time(11, 30, 0, 0))));
        assert_eq!(since("11:30:07"), Some(Since::Time(civil::time(11, 30, 7, 0))));
        assert_eq!(since("2024-02-07"), civil("2024-02-07T00:00"));
        assert_eq!(since("07.02.2024"), civil("2024-02-07T00:00"));
        assert_eq!(since("07.02.2024 11:30"), civil("2024-02-07T11:30"));
        assert_eq!(since("2024-02-07T11:30:05"), civil("2024-02-07T11:30:05"));
        let moment = "2024-02-07T07:30:00Z".parse().unwrap();
        assert_eq!(since("2024-02-07T11:30:00+04:00"), Some(Since::At(moment)));
        for wrong in ["", "25:00", "2024-13-01", "yesterday", "11", "2024-02-07 x"] {
            assert_eq!(since(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spans_and_kinds() {
        assert_eq!(ago("10m"), Some(Since::Ago(Duration::from_secs(600))));
        assert_eq!(ago("2d"), Some(Since::Ago(Duration::from_secs(172_800))));
        for wrong in ["", "10", "0m", "m", "10x", "99999999999999999999d", "9999999999999d"] {
            assert_eq!(ago(wrong), None, "{wrong}");
        }
        assert_eq!(kinds("note"), Some(vec![Kind::Note]));
        assert_eq!(kinds("alarm-raised"), Some(vec![Kind::AlarmRaised]));
        assert!(kinds("alarm").unwrap().contains(&Kind::AlarmsGrouped));
        let guard = vec![Kind::GuardBegan, Kind::GuardYielded, Kind::GuardEnded];
        assert_eq!(kinds("guard"), Some(guard));
        for wrong in ["", "x", "al", "notes_"] {
            assert_eq!(kinds(wrong), None, "{wrong}");
        }
    }
}
