//! The report for programs: one JSON object. Times are UTC, lengths microseconds, words stay the
//! same; sums and gaps have the form of `pollwall ledger --json`.

use serde_json::{Map, Value, json};

use super::Report;
use super::alarms::Alarm;
use super::figures::{Figures, Part, SUSPECTED};
use crate::app::ledger::json::{at, from_to, line, sums, utc};
use crate::record::Cause;
use crate::record::ledger::Line;

pub(super) fn whole(report: &Report<'_>) -> String {
    let (figures, names) = (&report.figures, &report.names);
    let hours: Vec<String> = figures.hours.iter().map(|&us| utc(us)).collect();
    let districts = figures.districts.iter().map(|district| {
        let by_hour = district.by_hour.iter();
        let by_hour: Vec<Value> = by_hour.map(|sums| json!([sums.hours_us, sums.gap_us])).collect();
        let more = json!({
            "district": district.number,
            "name": names.district(district.number),
            "stations": district.stations.len(),
            "hours_and_gaps_us": by_hour,
        });
        of_part(&district.part, more)
    });
    let ledgers = report.gathered.country.stations.iter().zip(&figures.stations);
    let stations = ledgers.map(|(ledger, part)| {
        let gaps = ledger.lines.iter().filter(|line| matches!(line, Line::Gap(_)));
        let pictures = ledger.tracks.pictures.iter();
        let pictures = pictures.map(|seen| at(seen.span, json!({ "state": seen.state.code() })));
        let more = json!({
            "station": ledger.station.to_string(),
            "name": names.station(ledger.station),
            "hours": from_to(ledger.hours),
            "accounted_until_utc": utc(ledger.until_us),
            "gaps": gaps.map(line).collect::<Vec<_>>(),
            "picture_troubles": pictures.collect::<Vec<_>>(),
        });
        of_part(part, more)
    });
    let unread = report.gathered.files.iter().flat_map(|seen| &seen.unreadable);
    let whole = json!({
        "form": 1,
        "day": report.date.to_string(),
        "name": report.title,
        "zone": report.zone.iana_name(),
        "asked_utc": report.asked.to_string(),
        "from": report.from,
        "list_version": report.list_version,
        "journal": report.gathered.journal,
        "unreadable": unread
            .map(|(file, reason)| json!({ "file": file, "reason": reason }))
            .collect::<Vec<_>>(),
        "hours_begin_utc": hours,
        "country": of_part(&figures.country, json!({})),
        "districts": districts.collect::<Vec<_>>(),
        "stations": stations.collect::<Vec<_>>(),
        "alarms": report.alarms.as_ref().map(|all| all.iter().map(alarm).collect::<Vec<_>>()),
    });
    format!("{whole}\n")
}

fn of_part(part: &Part, more: Value) -> Value {
    let stages = part.stages.iter();
    let stages: Map<String, Value> =
        stages.map(|(stage, of)| (stage.as_str().to_owned(), of_figures(of))).collect();
    let mut all = of_figures(&part.whole);
    if let (Value::Object(all), Value::Object(more)) = (&mut all, more) {
        all.insert("stages".to_owned(), stages.into());
        all.extend(more);
    }
    all
}

fn of_figures(figures: &Figures) -> Value {
    let gaps = Cause::ALL.into_iter().zip(figures.gaps).filter(|(_, count)| *count > 0);
    let gaps: Map<String, Value> =
        gaps.map(|(cause, count)| (cause.code().to_owned(), count.into())).collect();
    let pictures: Map<String, Value> = SUSPECTED
        .into_iter()
        .zip(figures.pictures)
        .map(|(state, of)| (state.code().to_owned(), json!({ "count": of.count, "us": of.us })))
        .collect();
    json!({
        "sums": sums(&figures.sums),
        "gaps_by_cause": gaps,
        "pictures": pictures,
        "alarms": {
            "raised": figures.alarms(),
            "acknowledged": figures.waited_us.len(),
            "never": figures.never,
            "waiting": figures.waiting,
            "median_us": figures.within_us(50),
            "p90_us": figures.within_us(90),
            "longest_us": figures.within_us(100),
        },
    })
}

fn alarm(alarm: &Alarm) -> Value {
    let stations = alarm.stations.iter().map(ToString::to_string);
    json!({
        "alarm": alarm.number,
        "raised_utc": alarm.raised.to_string(),
        "stations": stations.collect::<Vec<_>>(),
        "worst": alarm.worst.code(),
        "acknowledged_utc": alarm.answered.as_ref().map(|(at, _)| at.to_string()),
        "who": alarm.answered.as_ref().map(|(_, who)| who),
        "waited_us": alarm.waited_us(),
        "closed": alarm.closed,
    })
}
