//! `pollwall ledger`: what of a day is recorded, why the rest is not, and what else went on, station
//! by station; from the catalogue of the data folder, beside the process that writes it, or from files
//! alone.

mod csv;
pub(super) mod gather;
pub(super) mod json;
mod table;
pub(super) mod words;

use std::io::Write;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use self::gather::{Gathered, Unread, Wanted};
use super::args::{Form, LedgerArgs};
use super::{Context, Exit, Explain, Failure};
use crate::clock::{Clock as _, Synchronised, WallTime, synchronised};
use crate::config::data::DataDir;
use crate::config::day;
use crate::model::day::{ElectionDay, Stage};
use crate::record::ledger::{ListFrom, Scope};
use crate::text::{Lang, Text};
use crate::tr;

impl<T> Explain<T> for Result<T, Unread> {
    fn say(self, text: &Text) -> Result<T, Failure> {
        self.map_err(|e| Failure::new(e.explain(text)))
    }
}

/// What is printed, in whichever form.
struct Report<'a> {
    text: &'a Text,
    zone: TimeZone,
    date: Date,
    stage: Option<Stage>,
    asked: WallTime,
    /// Where it was read from.
    from: String,
    list_version: Option<u32>,
    clock: Option<Synchronised>,
    gathered: Gathered,
    /// Only one station was asked for: all of it is told.
    whole: bool,
}

impl Report<'_> {
    /// What Excel expects where the language is spoken.
    fn separator(&self) -> &'static str {
        if self.text.lang() == Lang::En { "," } else { ";" }
    }
}

pub(super) fn run(
    context: &Context,
    args: &LedgerArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let data = DataDir::look(context.data.clone()).say(text)?;
    let day = day::load(&data.day_file(), &context.clock).say(text)?;
    let now = context.clock.wall();
    let date = args.day.unwrap_or_else(|| usual_date(&day, now));
    if args.stage.is_some() && !(date == day.date && day.stages.is_some()) {
        let said = tr!(text, "ledger-no-stages", day = date.strftime("%d.%m.%Y").to_string());
        return Err(Failure { exit: Exit::Usage, said: said.into_owned() });
    }
    let lists = gather::lists(&data).say(text)?;
    let scope = match (args.district, args.station) {
        (Some(number), _) => Scope::District(number),
        (None, Some(station)) => Scope::Station(station),
        (None, None) => Scope::Country,
    };
    let wanted = Wanted { day: &day, date, stage: args.stage, scope, lists: &lists, now };
    let (gathered, from) = match &args.files {
        Some(folder) => (gather::from_files(folder, &wanted), folder.clone()),
        None => (gather::from_data(&data, &wanted), data.footage_file()),
    };
    let gathered = gathered.say(text)?;
    known(scope, &gathered, &lists, text)?;
    let report = Report {
        text,
        zone: day.zone.clone(),
        date,
        stage: args.stage,
        asked: now,
        from: from.display().to_string(),
        list_version: lists.last().map(|list| list.version),
        clock: synchronised(),
        gathered,
        whole: args.station.is_some(),
    };
    match args.form {
        Form::Table => table::write(&report, out),
        Form::Csv => csv::write(&report, out),
        Form::Json => json::write(&report, out),
    }
    .say(text)?;
    out.flush().say(text)?;
    let unread = report.gathered.files.is_some_and(|seen| !seen.unreadable.is_empty());
    Ok(if unread { Exit::Trouble } else { Exit::Done })
}

/// The election day once it has come, else today.
pub(super) fn usual_date(day: &ElectionDay, now: WallTime) -> Date {
    let today = day.local(now).date();
    if day.stages.is_some() && day.date <= today { day.date } else { today }
}

/// Refuses what nobody knows: a number that was mistyped must not look like a day without gaps.
fn known(
    scope: Scope,
    gathered: &Gathered,
    lists: &[ListFrom],
    text: &Text,
) -> Result<(), Failure> {
    let listed = || lists.iter().flat_map(|list| &list.stations);
    if !gathered.country.stations.is_empty() || listed().any(|&station| scope.has(station)) {
        return Ok(());
    }
    let said = match scope {
        Scope::Station(station) => {
            tr!(text, "ledger-no-station", station = station.to_string())
        }
        Scope::District(number) => tr!(text, "ledger-no-district", number = number.to_string()),
        Scope::Country => return Ok(()),
    };
    Err(Failure { exit: Exit::Usage, said: said.into_owned() })
}

#[cfg(test)]
mod tests;
