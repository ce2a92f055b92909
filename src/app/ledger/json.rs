//! The ledger for programs: one JSON object. Times are UTC, lengths microseconds, words stay the same.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Report;
use crate::clock::WallTime;
use crate::record::ledger::{Line, Span, StationLedger, Sums};
use crate::record::{BREAK_FROM, Cause, GAP_ABOVE, Incident};

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let gathered = &report.gathered;
    let files = gathered.files.as_ref().map(|seen| {
        let unreadable = seen.unreadable.iter();
        json!({
            "looked_into": seen.looked_into,
            "unreadable": unreadable
                .map(|(file, reason)| json!({ "file": file, "reason": reason }))
                .collect::<Vec<_>>(),
            "foreign": seen.foreign,
        })
    });
    let clock = report.clock.map(|clock| {
        json!({
            "synchronised": clock.is_synchronised,
            "estimated_error_us": micros(clock.estimated_error),
            "largest_error_us": micros(clock.largest_error),
            "offset_us": clock.offset_us,
        })
    });
    let whole = json!({
        "form": 1,
        "day": report.date.to_string(),
        "zone": report.zone.iana_name(),
        "stage": report.stage.map(crate::model::day::Stage::as_str),
        "asked_utc": report.asked.to_string(),
        "from": report.from,
        "catalogue": gathered.catalogue,
        "journal": gathered.journal,
        "files": files,
        "list_version": report.list_version,
        "machine_clock": clock,
        "short_break_above_us": micros(BREAK_FROM),
        "gap_above_us": micros(GAP_ABOVE),
        "coverage_is": "100 * (hours_us - gap_us) / hours_us, rounded down to hundredths",
        "sums": sums(&gathered.country.sums()),
        "clock_steps": gathered.country.clock_steps.iter().map(step).collect::<Vec<_>>(),
        "stations": gathered.country.stations.iter().map(station).collect::<Vec<_>>(),
    });
    writeln!(out, "{whole}")
}

fn micros(span: std::time::Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

pub(in crate::app) fn utc(us: i64) -> String {
    WallTime::from_micros(us).to_string()
}

pub(in crate::app) fn from_to(span: Span) -> Value {
    json!({ "from_utc": utc(span.from_us), "to_utc": utc(span.to_us), "us": span.len_us() })
}

/// What `more` says, and when it was so.
pub(in crate::app) fn at(span: Span, more: Value) -> Value {
    let mut all = from_to(span);
    if let (Value::Object(all), Value::Object(more)) = (&mut all, more) {
        all.extend(more);
    }
    all
}

pub(in crate::app) fn sums(sums: &Sums) -> Value {
    let by_cause = Cause::ALL.into_iter().zip(sums.by_cause_us).filter(|(_, us)| *us > 0);
    let by_cause: serde_json::Map<String, Value> =
        by_cause.map(|(cause, us)| (cause.code().to_owned(), us.into())).collect();
    let coverage = sums.coverage();
    json!({
        "hours_us": sums.hours_us,
        "recorded_us": sums.recorded_us,
        "short_us": sums.short_us,
        "gap_us": sums.gap_us,
        "covered_us": coverage.covered_us,
        "coverage_per_cent": coverage.hundredths().map(|_| coverage.to_string()),
        "short_breaks": sums.short_breaks,
        "gaps": sums.gaps,
        "longest_gap_us": sums.longest_gap_us,
        "gap_us_by_cause": by_cause,
    })
}

fn step(step: &Incident) -> Value {
    at(Span::new(step.from_utc_us, step.to_utc_us), json!({ "evidence": step.evidence }))
}

pub(in crate::app) fn line(line: &Line) -> Value {
    match line {
        Line::Recorded { span, short_breaks, short_us } => at(
            *span,
            json!({ "what": "recorded", "short_breaks": short_breaks, "short_us": short_us }),
        ),
        Line::Gap(gap) => {
            let shares = gap.evidence.iter().map(|share| {
                let said = json!({ "cause": share.cause.code(), "evidence": share.evidence });
                at(share.span, said)
            });
            let also: Vec<&str> = gap.also.iter().map(|cause| cause.code()).collect();
            let gone = json!({
                "what": "gap",
                "cause": gap.cause.code(),
                "also": also,
                "evidence": shares.collect::<Vec<_>>(),
                "evidence_left_out": gap.evidence_left_out,
            });
            at(gap.span, gone)
        }
    }
}

fn station(ledger: &StationLedger) -> Value {
    let stages = ledger.stages.iter().map(|(stage, of)| {
        let name = stage.stage.map(crate::model::day::Stage::as_str);
        at(stage.span, json!({ "stage": name, "sums": sums(of) }))
    });
    let tracks = &ledger.tracks;
    let pictures = tracks.pictures.iter();
    let pictures = pictures.map(|seen| at(seen.span, json!({ "state": seen.state.code() })));
    let shown = tracks.shown.iter().map(|shown| {
        let (width, height) = shown.size;
        at(shown.span, json!({ "wall": shown.wall, "width": width, "height": height }))
    });
    let clock = &ledger.clock;
    let camera = clock.camera_last.map(|(at_us, ahead_us)| {
        json!({
            "told_utc": utc(at_us),
            "ahead_us": ahead_us,
            "drift_us_per_day": clock.camera_drift_us_per_day(),
        })
    });
    json!({
        "station": ledger.station.to_string(),
        "hours": from_to(ledger.hours),
        "accounted_until_utc": utc(ledger.until_us),
        "recording_now": ledger.recording,
        "sums": sums(&ledger.sums),
        "stages": stages.collect::<Vec<_>>(),
        "lines": ledger.lines.iter().map(line).collect::<Vec<_>>(),
        "received": tracks.received.iter().map(|&span| from_to(span)).collect::<Vec<_>>(),
        "pictures": pictures.collect::<Vec<_>>(),
        "shown": shown.collect::<Vec<_>>(),
        "camera_clock": camera,
        "machine_clock": {
            "synchronised_segments": clock.synchronised,
            "unsynchronised_segments": clock.unsynchronised,
            "unknown_segments": clock.unknown,
            "most_ahead_us": clock.most_ahead_us,
        },
    })
}
