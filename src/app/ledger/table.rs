//! The ledger for people: what was asked, what was found of all, then station by station.

use std::io::{self, Write};

use super::{Report, words};
use crate::record::ledger::{Gap, Line, StationLedger, Sums};
use crate::record::{BREAK_FROM, CLOCK_STEP_FROM, GAP_ABOVE};
use crate::tr;
use crate::ui::words as said;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let text = report.text;
    head(report, out)?;
    let stations = &report.gathered.country.stations;
    if stations.is_empty() {
        return writeln!(out, "{}", tr!(text, "ledger-no-stations"));
    }
    let sums = report.gathered.country.sums();
    writeln!(out)?;
    let count = tr!(text, "count-stations", count = stations.len());
    writeln!(out, "{count}: {}", coverage(&sums, report))?;
    writeln!(out, "  {}", sums_of(&sums, report))?;
    let longest = sums.by_cause_us.iter().zip(crate::record::Cause::ALL);
    for (&us, cause) in longest.filter(|(us, _)| **us > 0) {
        writeln!(out, "    {}  {}", words::length(us), said::cause(text, cause))?;
    }
    for station in stations {
        writeln!(out)?;
        of_station(station, report, out)?;
    }
    Ok(())
}

fn head(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let text = report.text;
    let day = report.date.strftime("%d.%m.%Y").to_string();
    let zone = report.zone.iana_name().unwrap_or("UTC").to_owned();
    let mut title = tr!(text, "ledger-title", day = day, zone = zone).into_owned();
    if let Some(stage) = report.stage {
        title = format!("{title} · {}", said::stage(text, stage));
    }
    writeln!(out, "{title}")?;
    let at = words::local(report.asked.as_micros(), &report.zone);
    let path = report.from.clone();
    match &report.gathered.files {
        Some(seen) => {
            let count = seen.looked_into.to_string();
            writeln!(out, "{}", tr!(text, "ledger-from-files", count = count, path = path))?;
            for (file, reason) in &seen.unreadable {
                let (file, reason) = (file.display().to_string(), reason.clone());
                writeln!(out, "  {}", tr!(text, "ledger-unread", file = file, reason = reason))?;
            }
            if !seen.foreign.is_empty() {
                let count = seen.foreign.len().to_string();
                writeln!(out, "  {}", tr!(text, "ledger-foreign", count = count))?;
            }
        }
        None if report.gathered.catalogue => {
            writeln!(out, "{}", tr!(text, "ledger-from-catalogue", path = path, at = at))?;
        }
        None => writeln!(out, "{}", tr!(text, "ledger-no-catalogue", path = path))?,
    }
    if report.gathered.files.is_none() && !report.gathered.journal {
        writeln!(out, "{}", tr!(text, "ledger-no-journal"))?;
    }
    if report.list_version.is_none() {
        writeln!(out, "{}", tr!(text, "ledger-no-list"))?;
    }
    let (short, gap) = (BREAK_FROM.as_secs().to_string(), GAP_ABOVE.as_secs().to_string());
    writeln!(out, "{}", tr!(text, "ledger-how", short = short, gap = gap))?;
    writeln!(out, "{}", words::clock(report.clock, text))?;
    for step in &report.gathered.country.clock_steps {
        let by = step.evidence.get("by_us").and_then(serde_json::Value::as_i64).unwrap_or(0);
        let at = words::local(step.from_utc_us, &report.zone);
        let by = words::seconds(by, '.');
        writeln!(out, "{}", tr!(text, "ledger-clock-step", at = at, by = by))?;
    }
    Ok(())
}

/// What share of the hours, and from which numbers.
fn coverage(sums: &Sums, report: &Report<'_>) -> String {
    let (text, coverage) = (report.text, sums.coverage());
    if coverage.hundredths().is_none() {
        return tr!(text, "ledger-not-begun").into_owned();
    }
    tr!(
        text,
        "ledger-coverage",
        share = coverage.to_string(),
        covered = words::length(coverage.covered_us),
        hours = words::length(coverage.hours_us)
    )
    .into_owned()
}

fn sums_of(sums: &Sums, report: &Report<'_>) -> String {
    tr!(
        report.text,
        "ledger-sums",
        recorded = words::length(sums.recorded_us),
        breaks = sums.short_breaks.to_string(),
        short = words::length(sums.short_us),
        gaps = sums.gaps.to_string(),
        gone = words::length(sums.gap_us),
        longest = words::length(sums.longest_gap_us)
    )
    .into_owned()
}

fn of_station(ledger: &StationLedger, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (text, zone) = (report.text, &report.zone);
    writeln!(out, "{}  {}", ledger.station, coverage(&ledger.sums, report))?;
    if ledger.sums.hours_us > 0 {
        writeln!(out, "  {}", sums_of(&ledger.sums, report))?;
    }
    if ledger.to_come_us() > 0 {
        let (until, left) =
            (words::time(ledger.until_us, zone), words::length(ledger.to_come_us()));
        writeln!(out, "  {}", tr!(text, "ledger-to-come", until = until, left = left))?;
    }
    if report.whole && ledger.stages.len() > 1 {
        for (stage, sums) in &ledger.stages {
            let name = stage.stage.map(|stage| said::stage(text, stage)).unwrap_or_default();
            writeln!(out, "  {name}: {}", coverage(sums, report))?;
        }
    }
    let span =
        |from_us, to_us| format!("{} – {}", words::time(from_us, zone), words::time(to_us, zone));
    let lines = |gap: &Gap| {
        let evidence = words::evidence(gap, text);
        let cause = said::cause(text, gap.cause);
        let length = words::length(gap.span.len_us());
        let mut line = tr!(
            text,
            "ledger-gap",
            span = span(gap.span.from_us, gap.span.to_us),
            length = length,
            cause = cause.into_owned()
        )
        .into_owned();
        if !evidence.is_empty() {
            line = format!("{line}  [{evidence}]");
        }
        line
    };
    for line in &ledger.lines {
        match line {
            Line::Gap(gap) => writeln!(out, "  {}", clean(&lines(gap)))?,
            Line::Recorded { span: recorded, .. } if report.whole => {
                let (at, length) =
                    (span(recorded.from_us, recorded.to_us), words::length(recorded.len_us()));
                writeln!(out, "  {}", tr!(text, "ledger-recorded", span = at, length = length))?;
            }
            Line::Recorded { .. } => {}
        }
    }
    beside(ledger, report, out)
}

/// What was received, how it looked, who could see it, and what clocks said.
fn beside(ledger: &StationLedger, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (text, zone) = (report.text, &report.zone);
    let span =
        |from_us, to_us| format!("{} – {}", words::time(from_us, zone), words::time(to_us, zone));
    let tracks = &ledger.tracks;
    let received: i64 = tracks.received.iter().map(|span| span.len_us()).sum();
    let spans = tracks.received.len().to_string();
    let length = words::length(received);
    writeln!(out, "  {}", tr!(text, "ledger-received", length = length, spans = spans))?;
    if report.whole {
        for received in &tracks.received {
            writeln!(out, "    {}", span(received.from_us, received.to_us))?;
        }
    }
    for watched in &tracks.pictures {
        let state = said::state(text, watched.state);
        let length = words::length(watched.span.len_us());
        let at = span(watched.span.from_us, watched.span.to_us);
        writeln!(out, "  {state}  {at}  {length}")?;
    }
    let shown: i64 = tracks.shown.iter().map(|shown| shown.span.len_us()).sum();
    match tracks.shown.iter().map(|shown| shown.size).max_by_key(|(w, h)| w * h) {
        None => writeln!(out, "  {}", tr!(text, "ledger-never-shown"))?,
        Some((width, height)) => {
            let (length, size) = (words::length(shown), format!("{width}×{height}"));
            let spans = tracks.shown.len().to_string();
            let said = tr!(text, "ledger-shown", length = length, spans = spans, size = size);
            writeln!(out, "  {said}")?;
        }
    }
    if report.whole {
        for shown in &tracks.shown {
            let (at, (width, height)) = (span(shown.span.from_us, shown.span.to_us), shown.size);
            writeln!(out, "    {at}  {}  {width}×{height}", clean(&shown.wall))?;
        }
    }
    let clock = &ledger.clock;
    if clock.synchronised + clock.unsynchronised + clock.unknown > 0 {
        let said = tr!(
            text,
            "ledger-clock-segments",
            right = clock.synchronised.to_string(),
            wrong = clock.unsynchronised.to_string(),
            unknown = clock.unknown.to_string()
        );
        writeln!(out, "  {said}")?;
    }
    // Less is what a time service works off all day, and no step.
    if clock.most_ahead_us.unsigned_abs() >= CLOCK_STEP_FROM.as_micros() as u64 {
        let by = words::seconds(clock.most_ahead_us, '.');
        writeln!(out, "  {}", tr!(text, "ledger-clock-ahead", by = by))?;
    }
    match (clock.camera_last, clock.camera_drift_us_per_day()) {
        (None, _) => writeln!(out, "  {}", tr!(text, "ledger-camera-clock-unknown")),
        (Some((_, by)), drift) => {
            let by = words::seconds(by, '.');
            let drift = drift.map_or_else(
                || tr!(text, "ledger-camera-drift-unknown").into_owned(),
                |drift| {
                    let drift = words::seconds(drift, '.');
                    tr!(text, "ledger-camera-drift", drift = drift).into_owned()
                },
            );
            writeln!(out, "  {}", tr!(text, "ledger-camera-clock", by = by, drift = drift))
        }
    }
}

/// What somebody typed or a camera said moves no terminal's cursor.
fn clean(line: &str) -> String {
    line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
