//! What is wrong in a list: row, column, what was found, what is expected. Holds no secret.

use std::fmt;

use super::columns::Key;
use crate::config::secrets::{UrlProblem, masked};
use crate::text::Text;
use crate::tr;

/// How much of a cell is shown, in characters.
const SHOWN_CHARS: usize = 60;

/// Which column, as the file calls it.
pub type Column = String;

/// What a cell holds, fit to be shown: never a secret, no control characters, not too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found(String);

impl Found {
    /// A cell's text. What could be a user name or password is replaced by `…`.
    pub fn cell(text: &str) -> Self {
        let text = masked(text);
        let mut shown = String::new();
        for c in text.chars().take(SHOWN_CHARS) {
            if is_invisible(c) {
                shown.push_str(&format!("<U+{:04X}>", u32::from(c)));
            } else {
                shown.push(c);
            }
        }
        if text.chars().nth(SHOWN_CHARS).is_some() {
            shown.push('…');
        }
        Self(shown)
    }

    /// Words of our own, or a part of a cell that cannot be secret.
    pub(super) fn plain(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Control characters and those that change how the text around them is shown: no name or
/// address needs them, and they could make one station look like another (Unicode Technical
/// Report 36, "bidirectional text spoofing").
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// What a file should have had there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A text file in UTF-8 or UTF-16.
    Utf8,
    /// A file of at most this many mebibytes.
    FileSize(u64),
    /// A header line and at least one station.
    Stations,
    /// The end of a quoted cell.
    ClosingQuote,
    /// A separator or the line's end after a closing quote.
    AfterQuote,
    /// One of the known column names.
    KnownColumn,
    /// A column of this kind, which the header lacks.
    RequiredColumn(Key),
    /// This kind of column only once; it is already in the column of that name.
    ColumnOnce(Column),
    /// Not more cells than the header has.
    Cells(usize),
    /// Some text.
    Filled,
    /// A whole number within these bounds.
    Number(u32),
    /// A station that is not yet on the list: it is in that row.
    NewStation(usize),
    /// A URL that is not yet on the list: the station of that number has it, in that row.
    NewUrl(String, usize),
    /// The name that the district has in that row.
    SameDistrictName(String, usize),
    /// Degrees within ± this number.
    Degrees(u32),
    /// Both coordinates or none.
    BothCoordinates,
    /// Text without control or invisible characters.
    Visible,
    /// At most so many characters.
    Length(usize),
    /// Text, no URL.
    NoUrl,
    /// A URL of a scheme that is received.
    Rtsp,
    /// A URL of a scheme that is received: this one will come later.
    NotYet,
    /// An `rtsp://` URL: RTSP over TLS is not supported.
    NoTls,
    /// A URL that can be taken apart.
    Url(UrlProblem),
}

impl Expected {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Utf8 => tr!(text, "expect-utf8"),
            Self::FileSize(mib) => tr!(text, "expect-file-size", mib = *mib),
            Self::Stations => tr!(text, "expect-stations"),
            Self::ClosingQuote => tr!(text, "expect-closing-quote"),
            Self::AfterQuote => tr!(text, "expect-after-quote"),
            Self::KnownColumn => {
                tr!(text, "expect-known-column", names = Key::names(text.lang()).join(", "))
            }
            Self::RequiredColumn(key) => {
                tr!(text, "expect-required-column", name = key.name(text.lang()))
            }
            Self::ColumnOnce(other) => tr!(text, "expect-column-once", other = other.clone()),
            Self::Cells(count) => tr!(text, "expect-cells", count = *count),
            Self::Filled => tr!(text, "expect-filled"),
            Self::Number(max) => tr!(text, "expect-number", max = max.to_string()),
            Self::NewStation(row) => tr!(text, "expect-new-station", row = row.to_string()),
            Self::NewUrl(station, row) => {
                tr!(text, "expect-new-url", station = station.clone(), row = row.to_string())
            }
            Self::SameDistrictName(name, row) => {
                tr!(text, "expect-same-district-name", name = name.clone(), row = row.to_string())
            }
            Self::Degrees(max) => tr!(text, "expect-degrees", max = *max),
            Self::BothCoordinates => tr!(text, "expect-both-coordinates"),
            Self::Visible => tr!(text, "expect-visible"),
            Self::Length(max) => tr!(text, "expect-length", max = *max),
            Self::NoUrl => tr!(text, "expect-no-url"),
            Self::Rtsp => tr!(text, "expect-rtsp"),
            Self::NotYet => tr!(text, "expect-not-yet"),
            Self::NoTls => tr!(text, "expect-no-tls"),
            Self::Url(problem) => return explain_url(text, *problem),
        };
        said.into_owned()
    }
}

fn explain_url(text: &Text, problem: UrlProblem) -> String {
    let said = match problem {
        UrlProblem::NoScheme => tr!(text, "expect-rtsp"),
        UrlProblem::Ambiguous => tr!(text, "expect-escaped"),
        UrlProblem::HalfEscaped => tr!(text, "expect-escaped-whole"),
        UrlProblem::UnescapedPath => tr!(text, "expect-escaped-path"),
        UrlProblem::BadHost => tr!(text, "expect-host"),
        UrlProblem::BadPort => tr!(text, "expect-port"),
        UrlProblem::AlreadyStripped => tr!(text, "expect-whole-url"),
        UrlProblem::Malformed => tr!(text, "expect-url"),
    };
    said.into_owned()
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The row as a spreadsheet shows it: 1 is the header.
    pub row: usize,
    /// The header of the column as in the file; empty when it is about the whole row or file.
    pub column: Column,
    /// What is there.
    pub found: Found,
    /// What should be.
    pub expected: Expected,
}
