//! The figures: of the country, its causes, hours and districts, and of each station with its
//! drawing.

use std::fmt::Write as _;

use super::super::Report;
use super::super::figures::{Figures, Part};
use super::super::strip::{axis, strip};
use super::escaped;
use crate::app::ledger::words;
use crate::clock::WallTime;
use crate::record::Cause;
use crate::record::ledger::Sums;
use crate::tr;
use crate::ui::words as said;

/// How many columns [`figures`] and its head fill.
const COLUMNS: usize = 12;

fn heading(page: &mut String, said: &str) {
    let _ = writeln!(page, "<h2>{}</h2>", escaped(said));
}

/// The head of a table of figures; `first` is said above the names.
fn head(report: &Report<'_>, first: &str) -> String {
    let text = report.text;
    let titles = [
        tr!(text, "day-report-coverage"),
        tr!(text, "day-report-of-hours"),
        tr!(text, "day-report-recorded"),
        tr!(text, "day-report-short"),
        tr!(text, "day-report-gaps"),
        tr!(text, "day-report-gap-sum"),
        tr!(text, "day-report-longest"),
        tr!(text, "day-report-alarms"),
        tr!(text, "day-report-median"),
        tr!(text, "day-report-p90"),
        tr!(text, "day-report-slowest"),
        tr!(text, "day-report-unanswered"),
    ];
    let mut head = format!("<tr><th scope=col>{}", escaped(first));
    for title in titles {
        let _ = write!(head, "<th scope=col>{}", escaped(&title));
    }
    head
}

/// The cells of a row of figures.
fn figures(page: &mut String, report: &Report<'_>, of: &Figures) {
    let sums = &of.sums;
    let coverage = sums.coverage().to_string().replace('.', &report.point().to_string());
    let unit = if coverage.is_empty() { "" } else { "\u{a0}%" };
    let _ = write!(
        page,
        "<td>{coverage}{unit}<td>{}<td>{}<td>{} ({})<td>{}<td>{}<td>{}",
        words::length(sums.hours_us),
        words::length(sums.recorded_us),
        sums.short_breaks,
        words::length(sums.short_us),
        sums.gaps,
        words::length(sums.gap_us),
        words::length(sums.longest_gap_us),
    );
    if report.alarms.is_none() {
        page.push_str("<td>?<td><td><td><td>?");
        return;
    }
    let answer = |per_cent| of.within_us(per_cent).map(words::length).unwrap_or_default();
    let _ = write!(page, "<td>{}", of.alarms());
    let _ = write!(page, "<td>{}<td>{}<td>{}", answer(50), answer(90), answer(100));
    let _ = match of.waiting {
        0 => write!(page, "<td>{}", of.never),
        waiting => write!(page, "<td>{} + {waiting}", of.never),
    };
}

/// All of it, and each stage.
pub(super) fn country(page: &mut String, report: &Report<'_>) {
    let text = report.text;
    heading(page, &tr!(text, "day-report-country"));
    let part = &report.figures.country;
    let count = report.gathered.country.stations.len().to_string();
    let first = tr!(text, "day-report-stage");
    let _ = write!(page, "<table id=country class=t><thead>{}\n<tbody>", head(report, &first));
    let all = tr!(text, "day-report-all", count = count);
    let _ = write!(page, "<tr class=u><td>{}", escaped(&all));
    figures(page, report, &part.whole);
    for (stage, of) in &part.stages {
        let _ = write!(page, "\n<tr><td>{}", escaped(&said::stage(text, *stage)));
        figures(page, report, of);
    }
    page.push_str("</table>\n");
    let _ = writeln!(page, "<p>{}", pictures(report, &part.whole));
}

/// Troubles of the picture, in words.
fn pictures(report: &Report<'_>, of: &Figures) -> String {
    let text = report.text;
    let named = super::super::figures::SUSPECTED.into_iter().zip(of.pictures);
    let parts: Vec<String> = named
        .filter(|(_, times)| times.count > 0)
        .map(|(state, times)| {
            let (count, length) = (times.count.to_string(), words::length(times.us));
            format!("{} {count}× {length}", said::state(text, state))
        })
        .collect();
    if parts.is_empty() {
        return escaped(&tr!(text, "day-report-no-pictures")).into_owned();
    }
    let told = tr!(text, "day-report-pictures-told", what = parts.join(", "));
    escaped(&told).into_owned()
}

/// Why there are no pictures, with a bar for each cause.
pub(super) fn causes(page: &mut String, report: &Report<'_>) {
    let text = report.text;
    let of = &report.figures.country.whole;
    if of.sums.gap_us == 0 {
        return;
    }
    heading(page, &tr!(text, "day-report-causes"));
    let _ = write!(
        page,
        "<table id=causes class=t><thead><tr><th scope=col>{}<th scope=col>{}<th scope=col>{}\
         <th class=w scope=col style=width:45%>{}\n<tbody>",
        escaped(&tr!(text, "day-report-cause")),
        escaped(&tr!(text, "day-report-gaps")),
        escaped(&tr!(text, "day-report-gap-sum")),
        escaped(&tr!(text, "day-report-share")),
    );
    let mut causes: Vec<Cause> =
        Cause::ALL.into_iter().filter(|&c| of.sums.by_cause(c) > 0).collect();
    causes.sort_by_key(|&cause| std::cmp::Reverse(of.sums.by_cause(cause)));
    for cause in causes {
        let us = of.sums.by_cause(cause);
        let share = i128::from(us) * 1000 / i128::from(of.sums.gap_us);
        let _ = writeln!(
            page,
            "<tr><td>{}<td>{}<td>{}<td class=w><i class=x style=width:{}.{}%></i>",
            escaped(&said::cause(text, cause)),
            of.gaps[cause as usize],
            words::length(us),
            share / 10,
            share % 10,
        );
    }
    page.push_str("</table>\n");
}

/// The causes of a part, in a line; empty without gaps.
fn causes_told(report: &Report<'_>, sums: &Sums) -> String {
    let mut causes: Vec<Cause> = Cause::ALL.into_iter().filter(|&c| sums.by_cause(c) > 0).collect();
    causes.sort_by_key(|&cause| std::cmp::Reverse(sums.by_cause(cause)));
    let told = causes.into_iter().map(|cause| {
        format!("{} {}", said::cause(report.text, cause), words::length(sums.by_cause(cause)))
    });
    told.collect::<Vec<_>>().join(", ")
}

/// Districts by hours: how many per cent are covered.
pub(super) fn heat(page: &mut String, report: &Report<'_>) {
    let (text, all) = (report.text, &report.figures);
    heading(page, &tr!(text, "day-report-heat"));
    let _ = write!(
        page,
        "<p class=q>{}\n<table id=heat class=v><thead><tr><th scope=col>",
        escaped(&tr!(text, "day-report-heat-how"))
    );
    for &us in &all.hours {
        let at = WallTime::from_micros(us).timestamp().to_zoned(report.zone.clone());
        let _ = write!(page, "<th scope=col>{}", at.strftime("%H"));
    }
    let _ = write!(page, "\n<tbody><tr class=u><td>{}", escaped(&tr!(text, "day-report-country")));
    cells(page, &all.by_hour);
    for district in &all.districts {
        let number = district.number.to_string();
        let _ = write!(
            page,
            "\n<tr><td>{}",
            escaped(&tr!(text, "day-report-district", number = number))
        );
        cells(page, &district.by_hour);
    }
    page.push_str("</table>\n");
}

fn cells(page: &mut String, by_hour: &[Sums]) {
    for sums in by_hour {
        let Some(share) = sums.coverage().hundredths() else {
            page.push_str("<td>");
            continue;
        };
        let class = match share {
            10_000 => 0,
            9900.. => 1,
            9500.. => 2,
            8000.. => 3,
            _ => 4,
        };
        let _ = write!(page, "<td class=h{class}>{}", share / 100);
    }
}

pub(super) fn districts(page: &mut String, report: &Report<'_>) {
    let text = report.text;
    heading(page, &tr!(text, "day-report-districts"));
    let first = tr!(text, "ledger-column-district");
    let _ = writeln!(page, "<table id=districts><thead>{}", head(report, &first));
    for district in &report.figures.districts {
        let name = report.names.district(district.number);
        let whole = &district.part.whole;
        let _ = write!(page, "<tbody class=b><tr><td><b>{}</b>", district.number);
        figures(page, report, whole);
        inner(page, report, &district.part, name);
        page.push('\n');
    }
    page.push_str("</table>\n");
}

/// What stands under a row: a name, the stages, the causes, troubles of the picture.
fn inner(page: &mut String, report: &Report<'_>, part: &Part, name: &str) {
    let (text, point) = (report.text, report.point().to_string());
    let mut told: Vec<String> = Vec::new();
    let stages = part.stages.iter().filter_map(|(stage, of)| {
        of.sums.coverage().hundredths()?;
        let sums = &of.sums;
        let share = sums.coverage().to_string().replace('.', &point);
        let stage = said::stage(text, *stage);
        if sums.gaps == 0 {
            return Some(format!("{stage} {share} %"));
        }
        let (gone, longest) = (words::length(sums.gap_us), words::length(sums.longest_gap_us));
        let said = tr!(
            text,
            "day-report-stage-gaps",
            stage = stage.into_owned(),
            share = share,
            gaps = sums.gaps.to_string(),
            gone = gone,
            longest = longest
        );
        Some(said.into_owned())
    });
    let stages: Vec<String> = stages.collect();
    if !stages.is_empty() {
        told.push(stages.join(" · "));
    }
    let causes = causes_told(report, &part.whole.sums);
    if !causes.is_empty() {
        told.push(causes);
    }
    let mut lines = Vec::new();
    if !name.is_empty() {
        lines.push(format!("<bdi>{}</bdi>", escaped(name)));
    }
    lines.extend(told.iter().map(|line| escaped(line).into_owned()));
    if part.whole.pictures.iter().any(|times| times.count > 0) {
        lines.push(pictures(report, &part.whole));
    }
    if !lines.is_empty() {
        let _ = write!(page, "<tr><td class=i colspan={}>{}", COLUMNS + 1, lines.join("<br>"));
    }
}

/// Each station with its drawing, district by district.
pub(super) fn stations(page: &mut String, report: &Report<'_>) {
    let (text, all) = (report.text, &report.figures);
    let hours: Vec<(i64, String)> = all
        .hours
        .iter()
        .map(|&us| {
            let at = WallTime::from_micros(us).timestamp().to_zoned(report.zone.clone());
            (us, at.strftime("%H").to_string())
        })
        .collect();
    let first = tr!(text, "ledger-column-station");
    let head = format!(
        "<thead>{}<tr><td colspan={}>{}\n",
        head(report, &first),
        COLUMNS + 1,
        axis(&hours, all.span)
    );
    for district in &all.districts {
        let number = district.number.to_string();
        let _ = write!(
            page,
            "<h3>{} <bdi>{}</bdi></h3>\n<table class=p>{head}",
            escaped(&tr!(text, "day-report-district", number = number)),
            escaped(report.names.district(district.number)),
        );
        let ledgers = &report.gathered.country.stations[district.stations.clone()];
        for (ledger, part) in ledgers.iter().zip(&all.stations[district.stations.clone()]) {
            let (id, name) = (ledger.station, report.names.station(ledger.station));
            let _ = write!(
                page,
                "<tbody class=b id=s{}-{}><tr><td><b>{id}</b>",
                id.district, id.station,
            );
            figures(page, report, &part.whole);
            let _ = write!(page, "<tr><td colspan={}>", COLUMNS + 1);
            if !name.is_empty() {
                let _ = write!(page, "<div class=n><bdi>{}</bdi></div>", escaped(name));
            }
            let share = ledger.sums.coverage().to_string();
            strip(page, ledger, all.span, &format!("{id}: {share} %"));
            inner(page, report, part, "");
            page.push('\n');
        }
        page.push_str("</table>\n");
    }
}
