//! Every gap, every trouble of a picture and every alarm, one by one.

use std::fmt::Write as _;

use super::super::Report;
use super::escaped;
use crate::app::ledger::words;
use crate::clock::WallTime;
use crate::record::ledger::Span;
use crate::tr;
use crate::ui::words as said;

/// A moment; with its date where that is not the report's.
fn moment(report: &Report<'_>, us: i64) -> String {
    let at = WallTime::from_micros(us).timestamp().to_zoned(report.zone.clone());
    if at.date() == report.date {
        words::time(us, &report.zone)
    } else {
        at.strftime("%d.%m. %H:%M:%S%.3f").to_string()
    }
}

/// The beginning of a table, with the titles of its columns; words are on the left.
fn begin(page: &mut String, heading: &str, id: &str, columns: &[(&str, bool)]) {
    let _ = write!(page, "<h2>{}</h2>\n<table id={id} class=t><thead><tr>", escaped(heading));
    for (title, is_text) in columns {
        let class = if *is_text { " class=w" } else { "" };
        let _ = write!(page, "<th{class} scope=col>{}", escaped(title));
    }
    page.push_str("\n<tbody>");
}

fn span_cells(page: &mut String, report: &Report<'_>, span: Span) {
    let (from, to) = (moment(report, span.from_us), moment(report, span.to_us));
    let _ = write!(page, "<td>{from}<td>{to}<td>{}", words::length(span.len_us()));
}

pub(super) fn gaps(page: &mut String, report: &Report<'_>) {
    let (text, stations) = (report.text, &report.gathered.country.stations);
    let count = report.figures.country.whole.sums.gaps.to_string();
    let heading = tr!(text, "day-report-all-gaps", count = count);
    let columns = [
        (&*tr!(text, "ledger-column-station"), true),
        (&*tr!(text, "day-report-from"), false),
        (&*tr!(text, "day-report-to"), false),
        (&*tr!(text, "day-report-length"), false),
        (&*tr!(text, "day-report-cause"), true),
        (&*tr!(text, "day-report-evidence"), true),
    ];
    begin(page, &heading, "gaps", &columns);
    for ledger in stations {
        for gap in ledger.gaps() {
            let _ = write!(page, "<tr><td>{}", ledger.station);
            span_cells(page, report, gap.span);
            let (cause, evidence) = (said::cause(text, gap.cause), words::evidence(gap, text));
            let _ =
                writeln!(page, "<td class=w>{}<td class=w>{}", escaped(&cause), escaped(&evidence));
        }
    }
    page.push_str("</table>\n");
}

pub(super) fn pictures(page: &mut String, report: &Report<'_>) {
    let (text, stations) = (report.text, &report.gathered.country.stations);
    if stations.iter().all(|ledger| ledger.tracks.pictures.is_empty()) {
        return;
    }
    let columns = [
        (&*tr!(text, "ledger-column-station"), true),
        (&*tr!(text, "day-report-from"), false),
        (&*tr!(text, "day-report-to"), false),
        (&*tr!(text, "day-report-length"), false),
        (&*tr!(text, "day-report-picture"), true),
    ];
    begin(page, &tr!(text, "day-report-all-pictures"), "pictures", &columns);
    for ledger in stations {
        for seen in &ledger.tracks.pictures {
            let _ = write!(page, "<tr><td>{}", ledger.station);
            span_cells(page, report, seen.span);
            let _ = writeln!(page, "<td class=w>{}", escaped(&said::state(text, seen.state)));
        }
    }
    page.push_str("</table>\n");
}

pub(super) fn alarms(page: &mut String, report: &Report<'_>) {
    let text = report.text;
    let Some(alarms) = &report.alarms else {
        let _ = writeln!(page, "<p>{}", escaped(&tr!(text, "day-report-no-alarms-known")));
        return;
    };
    if alarms.is_empty() {
        return;
    }
    let columns = [
        (&*tr!(text, "day-report-raised"), true),
        (&*tr!(text, "day-report-stations"), true),
        (&*tr!(text, "day-report-worst"), true),
        (&*tr!(text, "day-report-waited"), false),
        (&*tr!(text, "day-report-who"), true),
    ];
    let heading = tr!(text, "day-report-all-alarms", count = alarms.len().to_string());
    begin(page, &heading, "alarms", &columns);
    for alarm in alarms {
        let stations: Vec<String> = alarm.stations.iter().map(ToString::to_string).collect();
        let _ = write!(
            page,
            "<tr><td>{}<td class=w>{}<td class=w>{}",
            moment(report, alarm.raised.as_micros()),
            stations.join(", "),
            escaped(&said::state(text, alarm.worst)),
        );
        let _ = match (&alarm.answered, alarm.waited_us()) {
            (Some((_, who)), Some(us)) => {
                writeln!(page, "<td>{}<td class=w><bdi>{}</bdi>", words::length(us), escaped(who))
            }
            _ => {
                let said = match alarm.closed {
                    true => tr!(text, "day-report-never"),
                    false => tr!(text, "day-report-waits"),
                };
                writeln!(page, "<td><td class=w>{}", escaped(&said))
            }
        };
    }
    page.push_str("</table>\n");
}
