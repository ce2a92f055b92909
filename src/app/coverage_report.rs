//! `pollwall report`: the coverage of a day as a document. One HTML page that needs nothing beside it
//! and prints on A4, two tables for spreadsheets and one file for programs.
//!
//! It is made of the ledger, so that its figures are the ledger's, and of the journal's alarms. The
//! window makes it with [`make`], too.

mod alarms;
mod csv;
mod figures;
mod html;
mod json;
mod strip;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::alarms::Alarm;
use self::figures::AllFigures;
use super::args::ReportArgs;
use super::ledger::gather::{self, Gathered, Unread, Wanted};
use super::ledger::usual_date;
use super::{Context, Exit, Failure};
use crate::clock::{Clock, Synchronised, WallTime, synchronised};
use crate::config::data::{DataDir, DataError};
use crate::config::day::{self, DayError};
use crate::config::list::{ListStore, StoreError};
use crate::config::save::{Access, save};
use crate::journal::{self, JournalError};
use crate::model::{Chosen, DistrictNo, StationId};
use crate::record::ledger::Scope;
use crate::text::{Lang, Text};
use crate::tr;

/// Which report.
pub(in crate::app) struct Wish<'a> {
    /// What it is made of.
    pub(in crate::app) data: &'a DataDir,
    /// The files under this folder instead of the catalogue.
    pub(in crate::app) files: Option<&'a Path>,
    /// Another day than the election's or today.
    pub(in crate::app) date: Option<Date>,
    /// Only this district.
    pub(in crate::app) district: Option<DistrictNo>,
    /// Only these stations.
    pub(in crate::app) stations: Chosen,
    /// Into which folder; it is made where there is none.
    pub(in crate::app) out: &'a Path,
    pub(in crate::app) lang: Lang,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Made {
    /// The page first.
    pub(in crate::app) files: Vec<PathBuf>,
    /// So many recordings cannot be read; the page names them.
    pub(in crate::app) unread: usize,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub(in crate::app) enum NoReport {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Day(#[from] DayError),
    #[error(transparent)]
    Ledger(#[from] Unread),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Lists(#[from] StoreError),
    #[error("there is no station {0}")]
    NoStation(StationId),
    #[error("there is no district {0}")]
    NoDistrict(DistrictNo),
    #[error("{path} cannot be written: {source}")]
    Unwritten { path: PathBuf, source: io::Error },
    #[error("cancelled")]
    Cancelled,
}

impl NoReport {
    /// Told to a person.
    pub(in crate::app) fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Data(e) => return e.explain(text),
            Self::Day(e) => return e.explain(text),
            Self::Ledger(e) => return e.explain(text),
            Self::Journal(e) => return e.explain(text),
            Self::Lists(e) => return e.explain(text),
            Self::NoStation(station) => {
                tr!(text, "ledger-no-station", station = station.to_string())
            }
            Self::NoDistrict(number) => {
                tr!(text, "ledger-no-district", number = number.to_string())
            }
            Self::Unwritten { path, source } => tr!(
                text,
                "day-report-unwritten",
                path = path.display().to_string(),
                reason = super::io_reason(text, source)
            ),
            Self::Cancelled => tr!(text, "day-report-cancelled"),
        };
        said.into_owned()
    }

    const fn exit(&self) -> Exit {
        match self {
            Self::NoStation(_) | Self::NoDistrict(_) => Exit::Usage,
            _ => Exit::Failed,
        }
    }
}

/// What people call them.
#[derive(Debug, Default)]
struct Names {
    districts: BTreeMap<DistrictNo, String>,
    stations: BTreeMap<StationId, String>,
}

impl Names {
    /// Of all lists that are kept: whoever is on no list any more keeps the name he had.
    fn read(data: &DataDir) -> Result<Self, StoreError> {
        let store = ListStore::new(data);
        let mut names = Self::default();
        for version in store.history()?.into_iter().rev() {
            let list = match store.load(version.version) {
                Ok(kept) => kept.list,
                // It was given up between the two looks.
                Err(StoreError::NoVersion(_)) => continue,
                Err(e) => return Err(e),
            };
            names.districts.extend(list.districts.into_iter().map(|d| (d.number, d.name)));
            names.stations.extend(list.stations.into_iter().map(|s| (s.id, s.name)));
        }
        Ok(names)
    }

    fn district(&self, number: DistrictNo) -> &str {
        self.districts.get(&number).map_or("", String::as_str)
    }

    fn station(&self, station: StationId) -> &str {
        self.stations.get(&station).map_or("", String::as_str)
    }
}

/// What is written, in whichever form.
struct Report<'a> {
    text: &'a Text,
    zone: TimeZone,
    date: Date,
    /// What people call the day; may be empty.
    title: String,
    asked: WallTime,
    /// Where it was read from.
    from: String,
    list_version: Option<u32>,
    clock: Option<Synchronised>,
    gathered: Gathered,
    names: Names,
    /// `None` where there is no journal to tell of any.
    alarms: Option<Vec<Alarm>>,
    figures: AllFigures,
}

impl Report<'_> {
    /// What Excel expects where the language is spoken.
    fn separator(&self) -> &'static str {
        if self.text.lang() == Lang::En { "," } else { ";" }
    }

    fn point(&self) -> char {
        if self.text.lang() == Lang::En { '.' } else { ',' }
    }
}

pub(super) fn run(
    context: &Context,
    args: &ReportArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let failed = |e: &NoReport| Failure { exit: e.exit(), said: e.explain(text) };
    let data = DataDir::look(context.data.clone()).map_err(|e| failed(&e.into()))?;
    let wish = Wish {
        data: &data,
        files: args.files.as_deref(),
        date: args.day,
        district: args.district,
        stations: args.stations.clone().unwrap_or(Chosen::All),
        out: args.out.as_deref().unwrap_or(Path::new(".")),
        lang: text.lang(),
    };
    let made = make(&wish, &context.clock, &AtomicBool::new(false)).map_err(|e| failed(&e))?;
    let told = made.files.iter().try_for_each(|file| writeln!(out, "{}", file.display()));
    told.and_then(|()| out.flush())
        .map_err(|source| failed(&NoReport::Unwritten { path: PathBuf::from("-"), source }))?;
    if made.unread > 0 {
        log::warn!("{} recordings cannot be read", made.unread);
    }
    Ok(if made.unread > 0 { Exit::Trouble } else { Exit::Done })
}

/// Makes a report and writes its files. While `cancel` says so it stops at the next step: a file is
/// written whole or not at all.
pub(in crate::app) fn make(
    wish: &Wish<'_>,
    clock: &dyn Clock,
    cancel: &AtomicBool,
) -> Result<Made, NoReport> {
    let text = Text::of(wish.lang);
    let go_on = || match cancel.load(Ordering::Relaxed) {
        true => Err(NoReport::Cancelled),
        false => Ok(()),
    };
    let report = report(wish, clock, &text, &go_on)?;
    let stem = stem(wish, report.date);
    let path = |ending: &str| wish.out.join(format!("{stem}{ending}"));
    go_on()?;
    let mut files = vec![(path(".html"), html::page(&report))];
    go_on()?;
    files.push((path(".csv"), csv::figures(&report)));
    files.push((path("-events.csv"), csv::events(&report)));
    go_on()?;
    files.push((path(".json"), json::whole(&report)));
    fs::create_dir_all(wish.out)
        .map_err(|source| NoReport::Unwritten { path: wish.out.to_owned(), source })?;
    for (path, content) in &files {
        go_on()?;
        save(path, content.as_bytes(), Access::Shared)
            .map_err(|source| NoReport::Unwritten { path: path.clone(), source })?;
    }
    let unread = report.gathered.files.as_ref().map_or(0, |seen| seen.unreadable.len());
    Ok(Made { files: files.into_iter().map(|(path, _)| path).collect(), unread })
}

/// What the files are called: by the day, the part of the country and the language, so that one
/// report does not replace another one.
fn stem(wish: &Wish<'_>, date: Date) -> String {
    let part = match (wish.district, &wish.stations) {
        (Some(number), _) => format!("-{number}"),
        (None, Chosen::All) => String::new(),
        (None, Chosen::These(these)) => match these.iter().next() {
            Some(one) if these.len() == 1 => format!("-{}-{}", one.district, one.station),
            _ => format!("-{}", these.len()),
        },
    };
    format!("coverage-{date}{part}-{}", wish.lang.code())
}

fn report<'a>(
    wish: &Wish<'_>,
    clock: &dyn Clock,
    text: &'a Text,
    go_on: &dyn Fn() -> Result<(), NoReport>,
) -> Result<Report<'a>, NoReport> {
    let data = wish.data;
    let day = day::load(&data.day_file(), clock)?;
    let now = clock.wall();
    let date = wish.date.unwrap_or_else(|| usual_date(&day, now));
    let lists = gather::lists(data)?;
    let scope = match (wish.district, &wish.stations) {
        (Some(number), _) => Scope::District(number),
        (None, Chosen::These(these)) if these.len() == 1 => {
            these.first().map_or(Scope::Country, |&one| Scope::Station(one))
        }
        _ => Scope::Country,
    };
    let wanted = Wanted { day: &day, date, stage: None, scope, lists: &lists, now };
    let (mut gathered, from) = match wish.files {
        Some(folder) => (gather::from_files(folder, &wanted)?, folder.to_owned()),
        None => (gather::from_data(data, &wanted)?, data.footage_file()),
    };
    go_on()?;
    gathered.country.stations.retain(|ledger| wish.stations.has(ledger.station));
    // A number that was mistyped must not look like a day without gaps.
    let listed: BTreeSet<StationId> =
        lists.iter().flat_map(|list| list.stations.iter().copied()).collect();
    let there = |station| gathered.country.stations.iter().any(|l| l.station == station);
    if let Chosen::These(these) = &wish.stations
        && let Some(&station) = these.iter().find(|id| !listed.contains(id) && !there(**id))
    {
        return Err(NoReport::NoStation(station));
    }
    if let Some(number) = wish.district
        && gathered.country.stations.is_empty()
        && !listed.iter().any(|station| station.district == number)
    {
        return Err(NoReport::NoDistrict(number));
    }
    let alarms = match wish.files {
        Some(_) => None,
        None => alarms(data, &gathered)?,
    };
    go_on()?;
    let first_hour_us = first_hour(figures::span_of(&gathered.country).from_us, &day.zone);
    let mut all =
        AllFigures::new(&gathered.country, alarms.as_deref().unwrap_or_default(), first_hour_us);
    if gathered.country.stations.is_empty() {
        all.hours.clear();
    }
    let of_election = day.stages.is_some() && date == day.date;
    Ok(Report {
        text,
        zone: day.zone.clone(),
        date,
        title: if of_election { day.name.clone() } else { String::new() },
        asked: now,
        from: from.display().to_string(),
        list_version: lists.last().map(|list| list.version),
        clock: synchronised(),
        names: Names::read(data)?,
        alarms,
        figures: all,
        gathered,
    })
}

/// Those of the stations' hours; `None` where there is no journal.
fn alarms(data: &DataDir, gathered: &Gathered) -> Result<Option<Vec<Alarm>>, NoReport> {
    let reader = match journal::read::Reader::open(&data.journal_file()) {
        Ok(reader) => reader,
        Err(JournalError::None { .. }) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let mut alarms = alarms::read(&reader, figures::span_of(&gathered.country))?;
    let stations = &gathered.country.stations;
    let in_hours = |alarm: &Alarm| {
        let at_us = alarm.raised.as_micros();
        alarm.stations.iter().any(|station| {
            let found = stations.binary_search_by_key(station, |ledger| ledger.station);
            found.is_ok_and(|place| {
                let hours = stations[place].hours;
                (hours.from_us..hours.to_us).contains(&at_us)
            })
        })
    };
    alarms.retain(in_hours);
    Ok(Some(alarms))
}

/// When the hour on the clock begins in which this moment lies.
fn first_hour(us: i64, zone: &TimeZone) -> i64 {
    let at = WallTime::from_micros(us).timestamp().to_zoned(zone.clone());
    let into = (i64::from(at.minute()) * 60 + i64::from(at.second())) * 1_000_000
        + us.rem_euclid(1_000_000);
    us - into
}

#[cfg(test)]
mod tests;
