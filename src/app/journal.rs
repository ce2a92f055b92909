//! `pollwall journal`: print the journal or check its chain, beside the process that writes it or
//! from a copy.

mod words;

use std::io::Write;
use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::json;

use super::args::{Form, JournalArgs, Look, Since};
use super::{Context, Exit, Explain as _, Failure};
use crate::clock::{Clock as _, WallTime};
use crate::config::data::DataDir;
use crate::config::day;
use crate::config::list::ListStore;
use crate::config::list::export::{csv_row, csv_text};
use crate::journal::JournalError;
use crate::journal::chain::hex;
use crate::journal::read::{Filter, Reader, Record};
use crate::journal::verify::{Misfit, Sound, Wrong, verify};
use crate::model::StationId;
use crate::text::{Lang, Text};
use crate::tr;

pub(super) fn run(
    context: &Context,
    args: &JournalArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let (file, zone) = match &args.file {
        Some(file) => (file.clone(), TimeZone::system()),
        None => {
            let data = DataDir::look(context.data.clone()).say(text)?;
            let zone = day::load(&data.day_file(), &context.clock).map(|day| day.zone);
            // Whatever is wrong with the day, the journal can be read.
            (data.journal_file(), zone.unwrap_or_else(|_| TimeZone::system()))
        }
    };
    match &args.look {
        Look::Verify => check(&file, &zone, text, out),
        Look::Print { station, since, kinds, form } => {
            let now = context.clock.wall();
            let since = since.map(|since| moment(since, now, &zone));
            let filter = Filter { station: *station, kinds: kinds.clone(), since };
            let mut printer = Printer { out, text, zone, form: *form, rows: 0 };
            printer.print(&file, &filter)?;
            match (station, printer.rows) {
                (Some(station), 0) if !is_known(*station, context, args, &file)? => {
                    let said = tr!(text, "journal-no-station", station = station.to_string());
                    Err(Failure { exit: Exit::Usage, said: said.into_owned() })
                }
                _ => printer.end(),
            }
        }
    }
}

/// Whether a station of which no wanted row tells is one all the same: the journal has others of it,
/// or it is on a list that is still kept. Of a copy nobody can say.
fn is_known(
    station: StationId,
    context: &Context,
    args: &JournalArgs,
    file: &Path,
) -> Result<bool, Failure> {
    let any = Filter { station: Some(station), ..Filter::default() };
    let found = Reader::open(file).say(&context.text)?.each(&any, |_| Err(Known::Yes));
    match found {
        Err(Known::Yes) => return Ok(true),
        Err(Known::Unreadable(e)) => Err(e).say(&context.text)?,
        Ok(()) => {}
    }
    if args.file.is_some() {
        // A copy, perhaps of another machine's, has no list beside it.
        return Ok(true);
    }
    let data = DataDir::look(context.data.clone()).say(&context.text)?;
    let store = ListStore::new(&data);
    // A list that cannot be read says nothing about the station.
    let Ok(history) = store.history() else { return Ok(true) };
    let has = |version: u32| store.load(version).is_ok_and(|v| v.list.station(station).is_some());
    Ok(history.iter().any(|version| has(version.version)))
}

/// What ends the search for a row.
enum Known {
    Yes,
    Unreadable(JournalError),
}

impl From<JournalError> for Known {
    fn from(error: JournalError) -> Self {
        Self::Unreadable(error)
    }
}

/// The moment that was meant, on the clock of `zone`.
pub(super) fn moment(since: Since, now: WallTime, zone: &TimeZone) -> WallTime {
    let on = |civil| zone.to_ambiguous_timestamp(civil).compatible().map(WallTime::from);
    match since {
        Since::At(at) => at.into(),
        Since::Ago(span) => now - span,
        // Only times at the ends of the calendar have no moment.
        Since::Civil(civil) => on(civil).unwrap_or_default(),
        Since::Time(time) => {
            let today = now.timestamp().to_zoned(zone.clone()).date();
            let at = on(today.to_datetime(time)).unwrap_or_default();
            if at <= now {
                return at;
            }
            let yesterday = today.yesterday().unwrap_or(today);
            on(yesterday.to_datetime(time)).unwrap_or_default()
        }
    }
}

fn check(file: &Path, zone: &TimeZone, text: &Text, out: &mut dyn Write) -> Result<Exit, Failure> {
    match verify(file).say(text)? {
        Ok(Sound { rows, span, head }) => {
            let said = tr!(text, "journal-sound", rows = rows.to_string());
            writeln!(out, "{said}").say(text)?;
            if let Some((first, last)) = span {
                let (first, last) = (local(first, zone), local(last, zone));
                let said = tr!(text, "journal-span", first = first, last = last);
                writeln!(out, "{said}").say(text)?;
            }
            writeln!(out, "{}", tr!(text, "journal-head", hash = hex(&head))).say(text)?;
            Ok(Exit::Done)
        }
        Err(Misfit { row, at, what }) => {
            let why = match what {
                Wrong::Number(expected) => {
                    tr!(text, "journal-wrong-number", expected = expected.to_string())
                }
                Wrong::Link => tr!(text, "journal-wrong-link"),
                Wrong::Content => tr!(text, "journal-wrong-content"),
            };
            let (row, at, why) = (row.to_string(), local(at, zone), why.into_owned());
            let said = tr!(text, "journal-misfit", row = row, at = at, why = why);
            Err(Failure::new(said.into_owned()))
        }
    }
}

fn local(at: WallTime, zone: &TimeZone) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%d.%m.%Y %H:%M:%S").to_string()
}

/// What ends the printing of rows.
enum Stop {
    Journal(JournalError),
    Output(std::io::Error),
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

struct Printer<'a> {
    out: &'a mut dyn Write,
    text: &'a Text,
    zone: TimeZone,
    form: Form,
    rows: u64,
}

impl Printer<'_> {
    fn print(&mut self, file: &Path, filter: &Filter) -> Result<(), Failure> {
        let text = self.text;
        let reader = Reader::open(file).say(text)?;
        self.begin().say(text)?;
        let printed = reader.each(filter, |row| self.row(&row).map_err(Stop::Output));
        match printed {
            Ok(()) => {}
            Err(Stop::Journal(e)) => Err(e).say(text)?,
            Err(Stop::Output(e)) => Err(e).say(text)?,
        }
        Ok(())
    }

    fn end(&mut self) -> Result<Exit, Failure> {
        let text = self.text;
        if self.rows == 0 && self.form == Form::Table {
            writeln!(self.out, "{}", tr!(text, "journal-no-rows")).say(text)?;
        }
        self.out.flush().say(text)?;
        Ok(Exit::Done)
    }

    fn separator(&self) -> &'static str {
        // What Excel expects where the language is spoken.
        if self.text.lang() == Lang::En { "," } else { ";" }
    }

    fn begin(&mut self) -> std::io::Result<()> {
        if self.form != Form::Csv {
            return Ok(());
        }
        let text = self.text;
        let titles = [
            tr!(text, "journal-column-row"),
            tr!(text, "journal-column-utc"),
            tr!(text, "journal-column-local"),
            tr!(text, "journal-column-station"),
            tr!(text, "journal-column-feed"),
            tr!(text, "journal-column-kind"),
            tr!(text, "journal-column-what"),
            tr!(text, "journal-column-run"),
            tr!(text, "journal-column-mono"),
            tr!(text, "journal-column-body"),
        ];
        let mut line = String::from('\u{FEFF}');
        csv_row(&mut line, self.separator(), &titles.map(std::borrow::Cow::into_owned));
        self.out.write_all(line.as_bytes())
    }

    fn row(&mut self, row: &Record) -> std::io::Result<()> {
        self.rows += 1;
        match self.form {
            Form::Table => self.table(row),
            Form::Csv => self.csv(row),
            Form::Json => self.json(row),
        }
    }

    fn table(&mut self, row: &Record) -> std::io::Result<()> {
        let at = row.utc.timestamp().to_zoned(self.zone.clone());
        let said = format!(
            "{}  {:7}  {:4}  {}",
            at.strftime("%d.%m.%Y %H:%M:%S%.3f"),
            row.station.as_deref().unwrap_or_default(),
            row.feed.as_deref().unwrap_or_default(),
            words::of(row, &self.zone, self.text),
        );
        // What somebody typed or a camera said moves no terminal's cursor.
        let clean: String = said.chars().flat_map(shown).collect();
        writeln!(self.out, "{}", clean.trim_end())
    }

    fn csv(&mut self, row: &Record) -> std::io::Result<()> {
        let at = row.utc.timestamp().to_zoned(self.zone.clone());
        let cells = [
            row.seq.to_string(),
            row.utc.to_string(),
            at.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(),
            csv_text(row.station.as_deref().unwrap_or_default()),
            csv_text(row.feed.as_deref().unwrap_or_default()),
            csv_text(&row.kind),
            csv_text(&words::of(row, &self.zone, self.text)),
            csv_text(&row.run),
            row.mono.as_micros().to_string(),
            csv_text(&row.body.to_string()),
        ];
        let mut line = String::new();
        csv_row(&mut line, self.separator(), &cells);
        self.out.write_all(line.as_bytes())
    }

    fn json(&mut self, row: &Record) -> std::io::Result<()> {
        let line = json!({
            "seq": row.seq,
            "utc": row.utc.to_string(),
            "mono_us": row.mono.as_micros(),
            "run": row.run,
            "kind": row.kind,
            "station": row.station,
            "feed": row.feed,
            "body": row.body,
        });
        writeln!(self.out, "{line}")
    }
}

fn shown(c: char) -> impl Iterator<Item = char> {
    let escaped = c.is_control().then(|| c.escape_default());
    let plain = escaped.is_none().then_some(c);
    escaped.into_iter().flatten().chain(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_the_last_such_time() {
        let zone = TimeZone::get("Asia/Baku").unwrap();
        let at = |s: &str| WallTime::from(s.parse::<jiff::Timestamp>().unwrap());
        let now = at("2024-02-07T20:30:00Z");
        let since = |time: &str| moment(Since::Time(time.parse().unwrap()), now, &zone);
        assert_eq!(since("00:15:00"), at("2024-02-07T20:15:00Z"), "it is 00:30 of the 8th in Baku");
        assert_eq!(since("23:30:00"), at("2024-02-07T19:30:00Z"), "of the evening before");
        let civil = Since::Civil("2024-02-07T08:00".parse().unwrap());
        assert_eq!(moment(civil, now, &zone), at("2024-02-07T04:00:00Z"));
    }

    #[test]
    fn no_text_moves_the_cursor() {
        let clean: String = "a\x1b[2Jə\n".chars().flat_map(shown).collect();
        assert_eq!(clean, "a\\u{1b}[2Jə\\n");
    }
}
