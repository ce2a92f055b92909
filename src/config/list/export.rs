//! The publishable list: number, district, name, address. No URLs, no networks, no coordinates.
//!
//! As CSV for a spreadsheet and as one HTML page that needs nothing beside it and prints well.
//! The import understands the column titles of the CSV.

use std::fmt::Write as _;

use crate::model::day::ElectionDay;
use crate::model::{District, Station, StationList};
use crate::text::{Lang, Text};
use crate::tr;

/// The list as CSV in UTF-8 with a byte order mark, without which Excel would not read `ə`.
/// Separated by what Excel expects where the language is spoken: `;` for Azerbaijani and
/// Russian, whose decimal sign is the comma.
pub fn csv(list: &StationList, text: &Text) -> String {
    let separator = if text.lang() == Lang::En { "," } else { ";" };
    let mut csv = String::from('\u{FEFF}');
    let titles = [
        tr!(text, "csv-district").into_owned(),
        tr!(text, "csv-district-name").into_owned(),
        tr!(text, "csv-station").into_owned(),
        tr!(text, "csv-name").into_owned(),
        tr!(text, "csv-address").into_owned(),
    ];
    csv_row(&mut csv, separator, &titles);
    for (district, station) in rows(list) {
        let name = district.map_or("", |d| &d.name);
        let cells = [
            station.id.district.to_string(),
            csv_text(name),
            station.id.station.to_string(),
            csv_text(&station.name),
            csv_text(&station.address),
        ];
        csv_row(&mut csv, separator, &cells);
    }
    csv
}

/// Adds a row of cells, quoted where RFC 4180 says so.
pub fn csv_row(csv: &mut String, separator: &str, cells: &[String]) {
    let quoted = cells.iter().map(|cell| {
        if cell.contains([',', ';', '"', '\n', '\r', '\t']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    });
    csv.push_str(&quoted.collect::<Vec<_>>().join(separator));
    csv.push_str("\r\n");
}

/// A text that no spreadsheet takes for a formula (OWASP, "CSV Injection").
pub fn csv_text(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula { format!("'{text}") } else { text.to_owned() }
}

fn rows(list: &StationList) -> impl Iterator<Item = (Option<&District>, &Station)> {
    list.stations.iter().map(|s| (list.district(s.id.district), s))
}

/// The list as a web page: a table for each district, the election's name and date above if they
/// are known.
pub fn html(list: &StationList, day: Option<&ElectionDay>, text: &Text) -> String {
    let mut body = String::new();
    for district in &list.districts {
        html_district(&mut body, list, district, text);
    }
    let title = tr!(text, "export-title");
    let about = day.filter(|day| day.stages.is_some()).map_or_else(String::new, |day| {
        format!("<p>{} · {}</p>\n", escaped(&day.name), day.date.strftime("%d.%m.%Y"))
    });
    let count = tr!(text, "count-stations", count = list.stations.len());
    let districts = tr!(text, "count-districts", count = list.districts.len());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n\
         <h1>{title}</h1>\n{about}<p>{count}, {districts}</p>\n</header>\n<main>\n{body}</main>\n\
         </body>\n</html>\n",
        lang = text.lang().code(),
        title = escaped(&title),
        count = escaped(&count),
        districts = escaped(&districts),
    )
}

fn html_district(page: &mut String, list: &StationList, district: &District, text: &Text) {
    let number = district.number.to_string();
    let heading = tr!(text, "export-district", number = number);
    let name = match district.name.as_str() {
        "" => String::new(),
        name => format!(" · {}", escaped(name)),
    };
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "<section>\n<h2>{}{name}</h2>\n<table>\n<thead><tr><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        escaped(&heading),
        escaped(&tr!(text, "export-station")),
        escaped(&tr!(text, "export-name")),
        escaped(&tr!(text, "export-address")),
    );
    for station in list.in_district(district.number) {
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            station.id.station,
            escaped(&station.name),
            escaped(&station.address),
        );
    }
    page.push_str("</tbody>\n</table>\n</section>\n");
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

/// Dark text on white, one column of numbers, rows and headings kept together on paper.
const STYLE: &str = "\
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; color: #1a1d21; background: #fff;
  font: 16px/1.45 system-ui, 'Segoe UI', 'Noto Sans', sans-serif; }
header { border-bottom: 2px solid #1a1d21; margin-bottom: 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
header p { margin: 0 0 .75rem; color: #4a5058; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; break-after: avoid; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { border-bottom: 1px solid #c9ced6; padding: .35rem .5rem; text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { color: #4a5058; font-weight: 600; font-size: .85rem; }
th:first-child, td:first-child { width: 6rem; text-align: right; padding-right: 1.25rem;
  font-variant-numeric: tabular-nums; }
tbody tr:nth-child(even) { background: #f4f6f8; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
@media print {
  @page { margin: 15mm; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  tbody tr:nth-child(even) { background: none; }
}
";
