//! Text to rows and cells (RFC 4180, with `;` or tab as well, and Excel's `sep=` line).
//!
//! Not the `csv` crate: its reader passes over blank lines and unclosed quotes, and counts lines
//! where a spreadsheet counts rows, so a problem would be reported in a row that is not there.

use std::borrow::Cow;

use super::columns::Key;
use super::problem::{Expected, Found, Problem};

/// The separators that are tried.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// A file's rows with their numbers as a spreadsheet shows them.
pub(super) struct Table<'a> {
    pub(super) separator: char,
    pub(super) header: Row<'a>,
    pub(super) rows: Vec<Row<'a>>,
}

pub(super) struct Row<'a> {
    pub(super) number: usize,
    pub(super) cells: Vec<Cow<'a, str>>,
}

impl Row<'_> {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|c| c.trim().is_empty())
    }
}

impl<'a> Table<'a> {
    /// Splits the text; blank rows are counted but left out. The header is the first that is not
    /// blank.
    pub(super) fn read(text: &'a str) -> Result<Self, Problem> {
        let (declared, text) = declared_separator(text);
        let separator = declared.unwrap_or_else(|| sniff(text));
        let mut rows = split(text, separator)?.into_iter().filter(|row| !row.is_blank());
        let header = rows.next().ok_or_else(|| Problem {
            row: 1,
            column: String::new(),
            found: Found::plain("0"),
            expected: Expected::Stations,
        })?;
        Ok(Self { separator, header, rows: rows.collect() })
    }
}

/// `sep=;` as a first line, which Excel writes and does not count as a row.
fn declared_separator(text: &str) -> (Option<char>, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = line.trim_end_matches('\r').trim_matches('"');
    let separator = line
        .get(..4)
        .filter(|s| s.eq_ignore_ascii_case("sep="))
        .and_then(|_| SEPARATORS.into_iter().find(|s| line[4..].chars().eq([*s])));
    match separator {
        Some(_) => (separator, rest),
        None => (None, text),
    }
}

/// The separator under which most of the header's cells are known columns; among equals the one
/// that makes most cells.
fn sniff(text: &str) -> char {
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let quality = |separator: char| {
        let cells: Vec<&str> = line.split(separator).collect();
        let known = cells.iter().filter(|c| Key::of(c.trim().trim_matches('"')).is_some()).count();
        (known, cells.len())
    };
    // The first of equals, not the last: an empty header reads as comma-separated.
    SEPARATORS.into_iter().rev().max_by_key(|&s| quality(s)).unwrap_or(',')
}

fn split(text: &str, separator: char) -> Result<Vec<Row<'_>>, Problem> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut rest = Some(text);
    while let Some(unread) = rest.filter(|t| !t.is_empty()) {
        let number = rows.len() + 1;
        let (cells, after) = split_row(unread, separator).map_err(|(at, expected)| {
            let header = rows.first().and_then(|header| header.cells.get(at));
            let column = header.map_or_else(String::new, |h| Found::cell(h.trim()).to_string());
            Problem { row: number, column, found: Found::plain("\""), expected }
        })?;
        rows.push(Row { number, cells });
        rest = after;
    }
    Ok(rows)
}

type Cells<'a> = Vec<Cow<'a, str>>;

/// The cells of the first row of `text`, and the rows after it. On failure which cell, from 0.
fn split_row(text: &str, separator: char) -> Result<(Cells<'_>, Option<&str>), (usize, Expected)> {
    let mut cells: Cells<'_> = Vec::new();
    let mut rest = text;
    loop {
        let here = cells.len();
        let (cell, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_cell(quoted).ok_or((here, Expected::ClosingQuote))?,
            None => plain_cell(rest, separator),
        };
        cells.push(cell);
        let mut next = after.chars();
        match next.next() {
            Some(c) if c == separator => rest = next.as_str(),
            Some('\r') if after.starts_with("\r\n") => return Ok((cells, Some(&after[2..]))),
            Some('\r' | '\n') => return Ok((cells, Some(next.as_str()))),
            None => return Ok((cells, None)),
            Some(_) => return Err((here, Expected::AfterQuote)),
        }
    }
}

fn plain_cell(text: &str, separator: char) -> (Cow<'_, str>, &str) {
    let end = text.find([separator, '\r', '\n']).unwrap_or(text.len());
    (text[..end].into(), &text[end..])
}

/// The cell after its opening quote, and what comes after the closing one.
fn quoted_cell(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let mut from = 0;
    loop {
        let quote = from + text[from..].find('"')?;
        if !text[quote + 1..].starts_with('"') {
            let cell = &text[..quote];
            let cell =
                if cell.contains('"') { cell.replace("\"\"", "\"").into() } else { cell.into() };
            return Some((cell, &text[quote + 1..]));
        }
        from = quote + 2;
    }
}
