//! The ledger for spreadsheets: a row for whatever was so from when to when. The rows `recorded` and
//! `gap` of a station add up to its row `hours`.

use std::io::{self, Write};

use super::{Report, words};
use crate::clock::WallTime;
use crate::config::list::export::{csv_row, csv_text};
use crate::record::ledger::{Line, Span, StationLedger, Sums};
use crate::text::Lang;
use crate::tr;
use crate::ui::words as said;

const COLUMNS: usize = 17;

/// A row, but for whose it is.
#[derive(Default)]
struct Row {
    /// What was so, in a word that stays the same.
    what: &'static str,
    span: Span,
    /// How much of the span it is, where that is not all of it.
    us: Option<i64>,
    /// A stage, a state, a cause: in a word that stays the same, and in the reader's language.
    code: String,
    words: String,
    evidence: String,
    wall: String,
    size: Option<(u32, u32)>,
    short: Option<(u64, i64)>,
    coverage: String,
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let text = report.text;
    let titles: [_; COLUMNS] = [
        tr!(text, "ledger-column-district"),
        tr!(text, "ledger-column-station"),
        tr!(text, "ledger-column-what"),
        tr!(text, "ledger-column-from-utc"),
        tr!(text, "ledger-column-to-utc"),
        tr!(text, "ledger-column-from"),
        tr!(text, "ledger-column-to"),
        tr!(text, "ledger-column-seconds"),
        tr!(text, "ledger-column-code"),
        tr!(text, "ledger-column-words"),
        tr!(text, "ledger-column-evidence"),
        tr!(text, "ledger-column-wall"),
        tr!(text, "ledger-column-width"),
        tr!(text, "ledger-column-height"),
        tr!(text, "ledger-column-breaks"),
        tr!(text, "ledger-column-break-seconds"),
        tr!(text, "ledger-column-coverage"),
    ];
    let mut line = String::from('\u{FEFF}');
    csv_row(&mut line, report.separator(), &titles.map(std::borrow::Cow::into_owned));
    out.write_all(line.as_bytes())?;
    for station in &report.gathered.country.stations {
        for row in rows(station, report) {
            let mut line = String::new();
            csv_row(&mut line, report.separator(), &cells(station, row, report));
            out.write_all(line.as_bytes())?;
        }
    }
    Ok(())
}

fn summed(what: &'static str, span: Span, sums: &Sums) -> Row {
    Row {
        what,
        span,
        us: Some(sums.hours_us),
        short: Some((sums.short_breaks, sums.short_us)),
        coverage: sums.coverage().to_string(),
        ..Row::default()
    }
}

fn rows(ledger: &StationLedger, report: &Report<'_>) -> Vec<Row> {
    let text = report.text;
    let mut rows = vec![summed("hours", ledger.hours, &ledger.sums)];
    for (stage, sums) in &ledger.stages {
        if let Some(known) = stage.stage {
            let words = said::stage(text, known).into_owned();
            let row = summed("stage", stage.span, sums);
            rows.push(Row { code: known.as_str().to_owned(), words, ..row });
        }
    }
    rows.extend(ledger.lines.iter().map(|line| match line {
        Line::Recorded { span, short_breaks, short_us } => Row {
            what: "recorded",
            span: *span,
            short: Some((*short_breaks, *short_us)),
            ..Row::default()
        },
        Line::Gap(gap) => Row {
            what: "gap",
            span: gap.span,
            code: gap.cause.code().to_owned(),
            words: said::cause(text, gap.cause).into_owned(),
            evidence: words::evidence(gap, text),
            ..Row::default()
        },
    }));
    let tracks = &ledger.tracks;
    let received = tracks.received.iter();
    rows.extend(received.map(|&span| Row { what: "received", span, ..Row::default() }));
    rows.extend(tracks.pictures.iter().map(|watched| Row {
        what: "picture",
        span: watched.span,
        code: watched.state.code().to_owned(),
        words: said::state(text, watched.state).into_owned(),
        ..Row::default()
    }));
    rows.extend(tracks.shown.iter().map(|shown| Row {
        what: "shown",
        span: shown.span,
        wall: shown.wall.clone(),
        size: Some(shown.size),
        ..Row::default()
    }));
    let clock = &ledger.clock;
    if let Some((at_us, by_us)) = clock.camera_last {
        let drift = clock.camera_drift_us_per_day();
        let evidence = serde_json::json!({ "ahead_us": by_us, "drift_us_per_day": drift });
        rows.push(Row {
            what: "camera_clock",
            span: Span::new(clock.camera_first.map_or(at_us, |(at, _)| at), at_us),
            evidence: evidence.to_string(),
            ..Row::default()
        });
    }
    if clock.synchronised + clock.unsynchronised + clock.unknown > 0 {
        let evidence = serde_json::json!({
            "synchronised_segments": clock.synchronised,
            "unsynchronised_segments": clock.unsynchronised,
            "unknown_segments": clock.unknown,
            "most_ahead_us": clock.most_ahead_us,
        });
        let (span, evidence) = (ledger.hours, evidence.to_string());
        rows.push(Row { what: "machine_clock", span, evidence, ..Row::default() });
    }
    rows
}

fn cells(ledger: &StationLedger, row: Row, report: &Report<'_>) -> [String; COLUMNS] {
    let utc = |us| WallTime::from_micros(us).to_string();
    let local = |us| {
        let at = WallTime::from_micros(us).timestamp().to_zoned(report.zone.clone());
        at.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()
    };
    let point = if report.text.lang() == Lang::En { '.' } else { ',' };
    let us = row.us.unwrap_or_else(|| row.span.len_us());
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let (breaks, short) = row.short.unzip();
    [
        ledger.station.district.to_string(),
        ledger.station.station.to_string(),
        row.what.to_owned(),
        utc(row.span.from_us),
        utc(row.span.to_us),
        local(row.span.from_us),
        local(row.span.to_us),
        words::seconds(us, point),
        row.code,
        csv_text(&row.words),
        csv_text(&row.evidence),
        csv_text(&row.wall),
        number(row.size.map(|(width, _)| width)),
        number(row.size.map(|(_, height)| height)),
        breaks.map(|n| n.to_string()).unwrap_or_default(),
        short.map(|us| words::seconds(us, point)).unwrap_or_default(),
        row.coverage.replace('.', &point.to_string()),
    ]
}
