//! The report as a page: no script, nothing beside it, and A4 paper when it is printed.
//!
//! Closing tags that HTML lets a writer leave out are left out: there may be a hundred thousand rows.

mod lists;
mod tables;

use std::borrow::Cow;
use std::fmt::Write as _;

use super::Report;
use super::strip::{PATTERNS, SHAPES, sample};
use crate::app::ledger::words;
use crate::record::{BREAK_FROM, GAP_ABOVE};
use crate::tr;

/// Puts words into a page, whatever is in them.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    let special = |c: char| matches!(c, '&' | '<' | '>' | '"' | '\'' | '`') || c.is_control();
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '`' => safe.push_str("&#96;"),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

/// The whole page.
pub(super) fn page(report: &Report<'_>) -> String {
    let text = report.text;
    let date = report.date.strftime("%d.%m.%Y").to_string();
    let title = tr!(text, "day-report-title", day = date);
    let title = escaped(&title);
    let stations = report.gathered.country.stations.len();
    let mut page = String::with_capacity(64 * 1024 + stations * 2048);
    // Writing to a string cannot fail.
    let _ = writeln!(
        page,
        "<!DOCTYPE html>\n<html lang={lang}>\n<head>\n<meta charset=utf-8>\n\
         <meta name=viewport content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}@page{{@bottom-left{{content:\"{footer}\"}}}}\n\
         </style>\n</head>\n<body>\n{PATTERNS}\n<h1>{title}</h1>",
        lang = text.lang().code(),
        footer = in_style(&title),
    );
    about(&mut page, report);
    if stations == 0 {
        let _ = writeln!(page, "<p>{}", escaped(&tr!(text, "ledger-no-stations")));
    } else {
        tables::country(&mut page, report);
        tables::causes(&mut page, report);
        tables::heat(&mut page, report);
        tables::districts(&mut page, report);
        legend(&mut page, report);
        tables::stations(&mut page, report);
        lists::gaps(&mut page, report);
        lists::pictures(&mut page, report);
        lists::alarms(&mut page, report);
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// A text in a style sheet's quotes: nothing of it ends the string or the sheet.
fn in_style(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '"' | '\\' | '<' | '\n')).collect()
}

/// What it is made of, and how it is counted.
fn about(page: &mut String, report: &Report<'_>) {
    let text = report.text;
    let mut lines = Vec::new();
    if !report.title.is_empty() {
        lines.push(report.title.clone());
    }
    let span = report.figures.span;
    if !span.is_empty() {
        let (from, to) =
            (words::local(span.from_us, &report.zone), words::local(span.to_us, &report.zone));
        let zone = report.zone.iana_name().unwrap_or("UTC").to_owned();
        lines.push(tr!(text, "day-report-hours", from = from, to = to, zone = zone).into_owned());
    }
    let at = words::local(report.asked.as_micros(), &report.zone);
    let version = report.list_version.map_or_else(|| "–".to_owned(), |version| version.to_string());
    lines.push(
        tr!(
            text,
            "day-report-made",
            at = at,
            version = env!("CARGO_PKG_VERSION"),
            from = report.from.clone(),
            list = version
        )
        .into_owned(),
    );
    let gathered = &report.gathered;
    if let Some(seen) = &gathered.files {
        let count = seen.looked_into.to_string();
        lines.push(
            tr!(text, "ledger-from-files", count = count, path = report.from.clone()).into_owned(),
        );
        lines.extend(seen.unreadable.iter().map(|(file, reason)| {
            let file = file.display().to_string();
            tr!(text, "ledger-unread", file = file, reason = reason.clone()).into_owned()
        }));
        if !seen.foreign.is_empty() {
            let count = seen.foreign.len().to_string();
            lines.push(tr!(text, "ledger-foreign", count = count).into_owned());
        }
    } else if !gathered.catalogue {
        lines.push(tr!(text, "ledger-no-catalogue", path = report.from.clone()).into_owned());
    }
    if !gathered.journal && gathered.files.is_none() {
        lines.push(tr!(text, "ledger-no-journal").into_owned());
    }
    if report.list_version.is_none() {
        lines.push(tr!(text, "ledger-no-list").into_owned());
    }
    lines.push(words::clock(report.clock, text));
    for step in &gathered.country.clock_steps {
        let by = step.evidence.get("by_us").and_then(serde_json::Value::as_i64).unwrap_or_default();
        let (at, by) =
            (words::local(step.from_utc_us, &report.zone), words::seconds(by, report.point()));
        lines.push(tr!(text, "ledger-clock-step", at = at, by = by).into_owned());
    }
    for line in lines {
        let _ = writeln!(page, "<p>{}", escaped(&line));
    }
    let (short, gap) = (BREAK_FROM.as_secs().to_string(), GAP_ABOVE.as_secs().to_string());
    let how = tr!(text, "ledger-how", gap = gap, short = short);
    let alarms = tr!(text, "day-report-how-alarms");
    let _ = writeln!(page, "<p class=q>{} {}", escaped(&how), escaped(&alarms));
}

/// What the shapes of the drawings mean.
fn legend(page: &mut String, report: &Report<'_>) {
    let text = report.text;
    let _ = write!(page, "<h2>{}</h2>\n<p class=e>", escaped(&tr!(text, "day-report-stations")));
    for (class, key) in SHAPES {
        let said = match key {
            "day-report-strip-recorded" => tr!(text, "day-report-strip-recorded"),
            "day-report-strip-gap" => tr!(text, "day-report-strip-gap"),
            "day-report-strip-received" => tr!(text, "day-report-strip-received"),
            "day-report-strip-black" => tr!(text, "day-report-strip-black"),
            "day-report-strip-frozen" => tr!(text, "day-report-strip-frozen"),
            _ => tr!(text, "day-report-strip-covered"),
        };
        let _ = write!(page, "<span>{} {}</span> ", sample(class), escaped(&said));
    }
    let _ = writeln!(page, "<span>{}</span>", escaped(&tr!(text, "day-report-strip-wide")));
}

/// Dark on white, numbers under each other; on paper a row is never torn, a table's head is on every
/// page, and every page is numbered.
const STYLE: &str = "\
:root{color-scheme:light}
body{margin:0 auto;max-width:190mm;padding:8mm 4mm;color:#111;background:#fff;\
font:9pt/1.35 system-ui,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif;\
-webkit-print-color-adjust:exact;print-color-adjust:exact}
h1{font-size:17pt;margin:0 0 2mm}
h2{font-size:12pt;margin:7mm 0 2mm;break-after:avoid}
h3{font-size:10pt;margin:5mm 0 1mm;break-after:avoid}
p{margin:.6mm 0;overflow-wrap:anywhere}
.q{margin:2mm 0;color:#333;font-size:8pt}
table{border-collapse:collapse;width:100%;font-size:7.5pt}
thead{display:table-header-group}
tr,.b{break-inside:avoid}
th,td{padding:.5mm 1mm;text-align:right;vertical-align:top;font-variant-numeric:tabular-nums}
th{vertical-align:bottom;border-bottom:1.5px solid #111;font-weight:600}
tbody{border-bottom:.5px solid #aaa}
.t td{border-bottom:.5px solid #ccc}
td:first-child,th:first-child,.w{text-align:left;overflow-wrap:break-word}
.w bdi,.n{overflow-wrap:anywhere}
.n{text-align:left;font-size:7.5pt}
.u td{font-weight:700;border-bottom:1px solid #111}
.i{color:#333;font-size:7pt;text-align:left!important;padding-top:0}
.s,.a{display:block;width:100%;height:auto}
.s{border:.5px solid #555;box-sizing:border-box}
.a text{font-size:18px;fill:#111}
.l{width:9mm;height:4.5mm;border:.5px solid #555;vertical-align:middle}
.e span{display:inline-block;margin:0 4mm 1mm 0}
.r{fill:#cfe6d2}.g{fill:#6b0012}.h{fill:url(#ph);stroke:#5a3000;stroke-width:1.5}.k{fill:#000}.f{fill:url(#pf)}.c{fill:url(#pc)}
.m{stroke:#111;stroke-width:1.5;stroke-dasharray:4 3;fill:none}
.v td,.v th{text-align:center;padding:.4mm .2mm;font-size:6.5pt}
.v td+td{border:.5px solid #fff}
.v td:first-child{text-align:left;white-space:nowrap;width:1%;padding-right:2mm}
.h0{background:#eef4ee}.h1{background:#ffe9a8}.h2{background:#f5b35c}.h3{background:#d2622a;color:#fff}\
.h4{background:#6b0012;color:#fff}
.x{display:block;height:2.6mm;background:#6b0012;min-width:.3mm}
@media print{body{max-width:none;padding:0}}
@page{size:A4;margin:13mm 11mm 15mm;@bottom-right{content:counter(page) \" / \" counter(pages);font:8pt sans-serif}\
@bottom-left{font:8pt sans-serif}}
";
