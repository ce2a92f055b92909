//! One row at a time: cells to a station, with everything that is wrong in them.

use super::Parsed;
use super::cells::{Row, Table};
use super::columns::{Columns, Key};
use super::places::Places;
use super::problem::{Expected, Found, Problem, is_invisible};
use crate::config::secrets::{Stripped, UrlProblem, masked, scheme_of, strip};
use crate::model::{DistrictNo, FeedKind, Station, StationId};

/// Bounds that no real list reaches; beyond them it is a mistake in the file.
const MAX_STATION: u32 = 999_999;
const MAX_TEXT_CHARS: usize = 300;
const MAX_URL_CHARS: usize = 2000;

/// Checks every row.
pub(super) fn check(table: &Table<'_>) -> Result<Parsed, Vec<Problem>> {
    let mut problems = Vec::new();
    let columns = Columns::read(table, &mut problems);
    if !columns.complete() {
        return Err(problems);
    }
    if table.rows.is_empty() {
        let row = table.header.number + 1;
        let found = Found::plain("0");
        problems.push(Problem { row, column: String::new(), found, expected: Expected::Stations });
    }
    let mut places = Places::default();
    for row in &table.rows {
        let decimal_comma = table.separator != ',';
        let before = problems.len();
        let mut cells = Cells { columns: &columns, row, problems: &mut problems, decimal_comma };
        cells.check(&mut places);
        if is_torn(&row.cells, &columns) {
            problems[before..].iter_mut().for_each(|p| p.found = Found::plain("…"));
        }
    }
    if problems.is_empty() { Ok(places.into_parsed()) } else { Err(problems) }
}

/// A separator inside an unquoted password tears a URL apart: `rtsp://user:pa` in one cell,
/// `ss@host/` in a later one, and pieces of the password in those between. Which cells hold one can
/// only be guessed, so a row with such a URL shows nothing of what was found. The same holds for a
/// row with more cells than columns, where an address ends in a secret: SRT's stream ids have commas.
pub(super) fn is_torn<S: AsRef<str>>(cells: &[S], columns: &Columns<'_>) -> bool {
    let is_stray =
        |(at, cell): (usize, &S)| columns.is_outside(at) && !cell.as_ref().trim().is_empty();
    let ends_in_secret = |cell: &S| {
        let cell = cell.as_ref().trim();
        cell.contains("://") && masked(cell).ends_with('…')
    };
    if cells.iter().enumerate().any(is_stray) && cells.iter().any(ends_in_secret) {
        return true;
    }
    let head = cells.iter().position(|cell| {
        let cell = cell.as_ref();
        cell.split_once("://").is_some_and(|(_, rest)| !rest.contains('@'))
    });
    head.is_some_and(|head| {
        cells[head + 1..].iter().any(|cell| {
            let cell = cell.as_ref();
            cell.contains('@') && !cell.contains("://")
        })
    })
}

/// The cells of one row. Each method that returns `None` has said why in `problems`, unless the
/// cell may be empty and is.
pub(super) struct Cells<'t> {
    columns: &'t Columns<'t>,
    row: &'t Row<'t>,
    problems: &'t mut Vec<Problem>,
    decimal_comma: bool,
}

impl Cells<'_> {
    fn check(&mut self, places: &mut Places) {
        self.no_strays();
        let district = self.number(Key::District, u32::from(DistrictNo::MAX));
        let district = district.and_then(|n| DistrictNo::try_from(n).ok());
        let station = self.number(Key::Station, MAX_STATION);
        let id = district.zip(station).map(|(d, s)| StationId::new(d, s));
        if let Some(id) = id {
            places.station(self, id);
        }
        let district_name = self.words(Key::DistrictName);
        if let Some((district, name)) = district.zip(district_name) {
            places.district_name(self, district, &name);
        }
        let (name, address) = (self.words(Key::Name), self.words(Key::Address));
        let main = self.feed(Key::Main, places);
        let sub = self.feed(Key::Sub, places);
        let (latitude, longitude) = self.coordinates();
        let network = self.words(Key::Network);
        let (Some(id), Some(main)) = (id, main) else { return };
        let station = Station {
            id,
            name: name.unwrap_or_default(),
            address: address.unwrap_or_default(),
            main: main.shown,
            sub: sub.as_ref().map(|s| s.shown.clone()),
            latitude,
            longitude,
            network: network.unwrap_or_default(),
        };
        let secrets =
            [(FeedKind::Main, Some(main.secrets)), (FeedKind::Sub, sub.map(|s| s.secrets))];
        places.add(station, secrets);
    }

    /// The row's number as a spreadsheet shows it.
    pub(super) fn row(&self) -> usize {
        self.row.number
    }

    /// The station as the row writes it, valid or not and not yet fit to be shown.
    pub(super) fn label(&self) -> String {
        format!("{}/{}", self.raw(Key::District), self.raw(Key::Station))
    }

    /// Adds a problem of the cell in `key`'s column.
    pub(super) fn wrong(&mut self, key: Key, expected: Expected) {
        self.found(key, Found::cell(self.raw(key)), expected);
    }

    /// Adds a problem of the cell in `key`'s column, showing `found` instead of the cell.
    pub(super) fn found(&mut self, key: Key, found: Found, expected: Expected) {
        let column = self.columns.at(key).map_or_else(String::new, |at| self.columns.header(at));
        self.problems.push(Problem { row: self.row.number, column, found, expected });
    }

    fn raw(&self, key: Key) -> &str {
        let cell = self.columns.at(key).and_then(|at| self.row.cells.get(at));
        cell.map_or("", |c| c.trim())
    }

    /// Text beyond the last column, or under a column without a header.
    fn no_strays(&mut self) {
        let mut cells = self.row.cells.iter().enumerate();
        let stray = cells.find(|(at, c)| self.columns.is_outside(*at) && !c.trim().is_empty());
        if let Some((_, cell)) = stray {
            let found = Found::cell(cell.trim());
            let expected = Expected::Cells(self.columns.count());
            let row = self.row.number;
            self.problems.push(Problem { row, column: String::new(), found, expected });
        }
    }

    fn number(&mut self, key: Key, max: u32) -> Option<u32> {
        let raw = self.raw(key);
        if raw.is_empty() {
            self.wrong(key, Expected::Number(max));
            return None;
        }
        // `u32::from_str` would take a sign.
        let digits = raw.bytes().all(|b| b.is_ascii_digit());
        let number = raw.parse().ok().filter(|n| digits && (1..=max).contains(n));
        if number.is_none() {
            self.wrong(key, Expected::Number(max));
        }
        number
    }

    /// A name or an address; line breaks in it become spaces.
    fn words(&mut self, key: Key) -> Option<String> {
        let raw = self.raw(key);
        if raw.is_empty() {
            return None;
        }
        let words = raw.split([' ', '\t', '\r', '\n']).filter(|w| !w.is_empty());
        let words = words.collect::<Vec<_>>().join(" ");
        let expected = if words.chars().any(is_invisible) {
            Expected::Visible
        } else if words.contains("://") {
            Expected::NoUrl
        } else if words.chars().count() > MAX_TEXT_CHARS {
            Expected::Length(MAX_TEXT_CHARS)
        } else {
            return Some(words);
        };
        self.wrong(key, expected);
        None
    }

    fn feed(&mut self, key: Key, places: &mut Places) -> Option<Stripped> {
        let raw = self.raw(key);
        if raw.is_empty() {
            if key == Key::Main {
                self.wrong(key, Expected::Filled);
            }
            return None;
        }
        match check_url(raw) {
            Ok(url) => {
                places.url(self, key, &url);
                Some(url)
            }
            Err((found, expected)) => {
                self.found(key, found, expected);
                None
            }
        }
    }

    fn coordinates(&mut self) -> (Option<f64>, Option<f64>) {
        let before = self.problems.len();
        let latitude = self.degrees(Key::Latitude, 90);
        let longitude = self.degrees(Key::Longitude, 180);
        if self.problems.len() == before {
            match (latitude, longitude) {
                (Some(_), None) => self.wrong(Key::Longitude, Expected::BothCoordinates),
                (None, Some(_)) => self.wrong(Key::Latitude, Expected::BothCoordinates),
                _ => {}
            }
        }
        (latitude, longitude)
    }

    fn degrees(&mut self, key: Key, max: u32) -> Option<f64> {
        let raw = self.raw(key);
        if raw.is_empty() {
            return None;
        }
        let plain = if self.decimal_comma { raw.replace(',', ".") } else { raw.to_owned() };
        // `f64::from_str` would take `inf`, `NaN` and exponents.
        let digits = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
        let value = plain.parse::<f64>().ok().filter(|v| digits && v.abs() <= f64::from(max));
        if value.is_none() {
            self.wrong(key, Expected::Degrees(max));
        }
        value
    }
}

/// Whether a scheme can be received.
enum Support {
    Yes,
    NotYet,
    NoTls,
}

/// The schemes that lists use. The rest is not one of a camera.
const SCHEMES: &[(&str, Support)] = &[
    ("rtsp", Support::Yes),
    ("rtsps", Support::NoTls),
    ("http", Support::Yes),
    ("https", Support::Yes),
    ("rtmp", Support::Yes),
    ("rtmps", Support::Yes),
    ("srt", Support::Yes),
    ("udp", Support::Yes),
    ("file", Support::Yes),
    // Without its session description nobody knows what is inside.
    ("rtp", Support::NotYet),
];

/// Whether this is the address of a stream that can be received, and if so without its secrets.
///
/// # Errors
/// What was found, as far as it may be shown, and what was expected.
pub fn check_url(raw: &str) -> Result<Stripped, (Found, Expected)> {
    let hidden = || Found::plain("…");
    if raw.chars().any(is_invisible) {
        return Err((hidden(), Expected::Visible));
    }
    if raw.chars().count() > MAX_URL_CHARS {
        return Err((hidden(), Expected::Length(MAX_URL_CHARS)));
    }
    let Some((scheme, _)) = scheme_of(raw) else {
        // `admin:password` without a host has nothing that could be shown safely.
        let found = if raw.contains([':', '@']) { hidden() } else { Found::cell(raw) };
        return Err((found, Expected::Url(UrlProblem::NoScheme)));
    };
    let expected = match SCHEMES.iter().find(|(s, _)| *s == scheme) {
        Some((_, Support::Yes)) => match strip(raw) {
            Ok(stripped) => return Ok(stripped),
            Err(problem) => Expected::Url(problem),
        },
        Some((_, Support::NoTls)) => Expected::NoTls,
        Some((_, Support::NotYet)) => Expected::NotYet,
        None => Expected::Rtsp,
    };
    Err((Found::plain(format!("{scheme}://…")), expected))
}
