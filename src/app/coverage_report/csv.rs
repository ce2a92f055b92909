//! The report for spreadsheets: one table of figures, and one of whatever was so from when to when.

use super::Report;
use super::figures::{Figures, Part, SUSPECTED};
use crate::app::ledger::words;
use crate::clock::WallTime;
use crate::config::list::export::{csv_row, csv_text};
use crate::model::DistrictNo;
use crate::record::Cause;
use crate::record::ledger::Span;
use crate::tr;
use crate::ui::words as said;

/// Country, districts, stations; all of the hours, and each stage.
pub(super) fn figures(report: &Report<'_>) -> String {
    let text = report.text;
    let mut titles = vec![
        tr!(text, "ledger-column-what"),
        tr!(text, "ledger-column-district"),
        tr!(text, "ledger-column-station"),
        tr!(text, "day-report-column-name"),
        tr!(text, "day-report-column-stage"),
        tr!(text, "ledger-column-coverage"),
        tr!(text, "day-report-column-hours-seconds"),
        tr!(text, "day-report-column-recorded-seconds"),
        tr!(text, "ledger-column-breaks"),
        tr!(text, "ledger-column-break-seconds"),
        tr!(text, "day-report-column-gaps"),
        tr!(text, "day-report-column-gap-seconds"),
        tr!(text, "day-report-column-longest-seconds"),
        tr!(text, "day-report-column-alarms"),
        tr!(text, "day-report-column-answered"),
        tr!(text, "day-report-column-never"),
        tr!(text, "day-report-column-waiting"),
        tr!(text, "day-report-column-median-seconds"),
        tr!(text, "day-report-column-p90-seconds"),
        tr!(text, "day-report-column-slowest-seconds"),
    ];
    let seconds = |what: &str| tr!(text, "day-report-column-seconds-of", what = what.to_owned());
    for state in SUSPECTED {
        let state = said::state(text, state);
        titles.push(tr!(text, "day-report-column-number-of", what = state.clone().into_owned()));
        titles.push(seconds(&state));
    }
    titles.extend(Cause::ALL.map(|cause| seconds(&said::cause(text, cause))));
    let mut table = String::from('\u{FEFF}');
    let titles: Vec<String> = titles.into_iter().map(|title| csv_text(&title)).collect();
    csv_row(&mut table, report.separator(), &titles);
    let (all, names) = (&report.figures, &report.names);
    rows(
        &mut table,
        report,
        &["country".into(), String::new(), String::new(), String::new()],
        &all.country,
    );
    for district in &all.districts {
        let name = csv_text(names.district(district.number));
        let whose = ["district".into(), district.number.to_string(), String::new(), name];
        rows(&mut table, report, &whose, &district.part);
    }
    for (ledger, part) in report.gathered.country.stations.iter().zip(&all.stations) {
        let id = ledger.station;
        let name = csv_text(names.station(id));
        let whose = ["station".into(), id.district.to_string(), id.station.to_string(), name];
        rows(&mut table, report, &whose, part);
    }
    table
}

fn rows(table: &mut String, report: &Report<'_>, whose: &[String; 4], part: &Part) {
    let stages = part.stages.iter().map(|(stage, of)| (stage.as_str(), of));
    for (stage, of) in std::iter::once(("", &part.whole)).chain(stages) {
        let mut cells = whose.to_vec();
        cells.push(stage.to_owned());
        numbers(&mut cells, report, of);
        csv_row(table, report.separator(), &cells);
    }
}

fn numbers(cells: &mut Vec<String>, report: &Report<'_>, figures: &Figures) {
    let point = report.point();
    let seconds = |us| words::seconds(us, point);
    let sums = &figures.sums;
    let known = report.alarms.is_some();
    let count = |n: u64| if known { n.to_string() } else { String::new() };
    let answer = |per_cent| figures.within_us(per_cent).map(seconds).unwrap_or_default();
    cells.extend([
        sums.coverage().to_string().replace('.', &point.to_string()),
        seconds(sums.hours_us),
        seconds(sums.recorded_us),
        sums.short_breaks.to_string(),
        seconds(sums.short_us),
        sums.gaps.to_string(),
        seconds(sums.gap_us),
        seconds(sums.longest_gap_us),
        count(figures.alarms()),
        count(figures.waited_us.len() as u64),
        count(figures.never),
        count(figures.waiting),
        answer(50),
        answer(90),
        answer(100),
    ]);
    for picture in figures.pictures {
        cells.extend([picture.count.to_string(), seconds(picture.us)]);
    }
    cells.extend(sums.by_cause_us.map(seconds));
}

/// Gaps, troubles of the picture, and alarms.
pub(super) fn events(report: &Report<'_>) -> String {
    let text = report.text;
    let titles = [
        tr!(text, "ledger-column-what"),
        tr!(text, "ledger-column-district"),
        tr!(text, "ledger-column-station"),
        tr!(text, "ledger-column-from-utc"),
        tr!(text, "ledger-column-to-utc"),
        tr!(text, "ledger-column-from"),
        tr!(text, "ledger-column-to"),
        tr!(text, "ledger-column-seconds"),
        tr!(text, "ledger-column-code"),
        tr!(text, "ledger-column-words"),
        tr!(text, "ledger-column-evidence"),
    ];
    let mut table = String::from('\u{FEFF}');
    csv_row(&mut table, report.separator(), &titles.map(std::borrow::Cow::into_owned));
    for ledger in &report.gathered.country.stations {
        let (district, station) = (ledger.station.district, ledger.station.station.to_string());
        for gap in ledger.gaps() {
            let told = [
                gap.cause.code().to_owned(),
                said::cause(text, gap.cause).into_owned(),
                words::evidence(gap, text),
            ];
            event(&mut table, report, "gap", (district, &station), (gap.span, true), told);
        }
        for seen in &ledger.tracks.pictures {
            let state = said::state(text, seen.state).into_owned();
            let told = [seen.state.code().to_owned(), state, String::new()];
            event(&mut table, report, "picture", (district, &station), (seen.span, true), told);
        }
    }
    for alarm in report.alarms.iter().flatten() {
        let (from_us, state) = (alarm.raised.as_micros(), alarm.worst);
        let words = said::state(text, state).into_owned();
        let who = alarm.answered.as_ref().map(|(_, who)| who.clone()).unwrap_or_default();
        let told = [state.code().to_owned(), words, who];
        let waited = alarm.waited_us();
        let span = Span::new(from_us, from_us + waited.unwrap_or(0));
        for id in &alarm.stations {
            let whose = (id.district, &*id.station.to_string());
            event(&mut table, report, "alarm", whose, (span, waited.is_some()), told.clone());
        }
    }
    table
}

/// A row; of what has no end, its end is left out.
fn event(
    table: &mut String,
    report: &Report<'_>,
    what: &str,
    (district, station): (DistrictNo, &str),
    (span, ends): (Span, bool),
    [code, words, evidence]: [String; 3],
) {
    let utc = |us| WallTime::from_micros(us).to_string();
    let local = |us| {
        let at = WallTime::from_micros(us).timestamp().to_zoned(report.zone.clone());
        at.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()
    };
    let end = |said: String| if ends { said } else { String::new() };
    let cells = [
        what.to_owned(),
        district.to_string(),
        station.to_owned(),
        utc(span.from_us),
        end(utc(span.to_us)),
        local(span.from_us),
        end(local(span.to_us)),
        end(words::seconds(span.len_us(), report.point())),
        code,
        csv_text(&words),
        csv_text(&evidence),
    ];
    csv_row(table, report.separator(), &cells);
}
