//! What is wrong in `day.toml`: line, key, what was found, what to do.

use crate::model::day::{Stage, StageOrder};
use crate::text::Text;
use crate::tr;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayProblem {
    /// Where, from 1.
    pub line: usize,
    /// The key it is about, as written (`stages.voting`); empty for the whole file.
    pub key: String,
    /// What is wrong.
    pub kind: DayProblemKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayProblemKind {
    /// Not TOML; the parser's words.
    Syntax(String),
    /// Not UTF-8.
    NotUtf8,
    /// A key that means nothing.
    UnknownKey,
    /// A key that must be there.
    Missing,
    /// Not a text where one is needed.
    NotText,
    /// Not a table where one is needed.
    NotTable,
    /// Not a date.
    NotDate(String),
    /// Not a time of day.
    NotTime(String),
    /// Not a time zone of the IANA database.
    NotZone(String),
    /// Not a station such as `57/12`.
    NotStation(String),
    /// A station that already has an override.
    Again(String),
    /// An override that changes nothing.
    NoTimes,
    /// Times that contradict each other.
    Order(StageOrder),
}

impl DayProblem {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let what = self.kind.explain(text);
        let line = self.line.to_string();
        match self.key.as_str() {
            "" => tr!(text, "day-line", line = line, what = what).into_owned(),
            key => tr!(text, "day-line-key", line = line, key = key, what = what).into_owned(),
        }
    }
}

impl DayProblemKind {
    fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Syntax(words) => tr!(text, "day-syntax", words = words.clone()),
            Self::NotUtf8 => tr!(text, "day-not-utf8"),
            Self::UnknownKey => tr!(text, "day-unknown-key"),
            Self::Missing => tr!(text, "day-missing"),
            Self::NotText => tr!(text, "day-not-text"),
            Self::NotTable => tr!(text, "day-not-table"),
            Self::NotDate(found) => tr!(text, "day-not-date", found = found.clone()),
            Self::NotTime(found) => tr!(text, "day-not-time", found = found.clone()),
            Self::NotZone(found) => tr!(text, "day-not-zone", found = found.clone()),
            Self::NotStation(found) => tr!(text, "day-not-station", found = found.clone()),
            Self::Again(station) => tr!(text, "day-again", station = station.clone()),
            Self::NoTimes => tr!(text, "day-no-times"),
            Self::Order(StageOrder::Same(a, b)) => {
                tr!(text, "day-same", first = a.as_str(), second = b.as_str())
            }
            Self::Order(StageOrder::Backwards(Stage::BeforeOpening, Stage::Voting)) => {
                tr!(text, "day-voting-first", first = "before_opening", second = "voting")
            }
            Self::Order(StageOrder::Backwards(a, b)) => {
                tr!(text, "day-backwards", first = a.as_str(), second = b.as_str())
            }
        };
        said.into_owned()
    }
}
