//! What is wrong in a fault script: line, key, what was found, what to do.

use super::read::KINDS;
use crate::text::Text;
use crate::tr;

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptProblem {
    /// Where, from 1.
    pub line: usize,
    /// The key it is about; empty for the whole file.
    pub key: String,
    /// What is wrong.
    pub kind: ScriptProblemKind,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptProblemKind {
    /// Not TOML; the parser's words.
    Syntax(String),
    /// Not UTF-8.
    NotUtf8,
    /// A key that means nothing, or nothing for this kind of fault.
    UnknownKey {
        /// The keys that are understood here.
        known: String,
    },
    /// A key that must be there.
    Missing,
    /// Not a list of `[[fault]]` sections.
    NotSections,
    /// More faults than are read.
    TooMany {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// Not a kind of fault.
    NotKind(String),
    /// Not a list of stations.
    NotStations(String),
    /// Stations that do not exist.
    NoSuchStation(String),
    /// Neither `stations` nor `share`.
    NoStations,
    /// Not a time such as `20s`, or outside of these bounds.
    NotTime {
        /// What was found.
        found: String,
        /// The shortest.
        least: &'static str,
        /// The longest.
        most: &'static str,
    },
    /// Not a number, or outside of these bounds.
    NotNumber {
        /// What was found.
        found: String,
        /// The smallest.
        least: &'static str,
        /// The largest.
        most: &'static str,
    },
    /// Not a rate.
    NotRate(String),
    /// Not one of these words.
    NotWord {
        /// What was found.
        found: String,
        /// What is understood.
        known: &'static str,
    },
    /// Not a size.
    NotSize(String),
    /// `every` without `for`.
    EveryWithoutFor,
    /// `every` that is not longer than `for`.
    EveryTooShort,
}

impl ScriptProblem {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let what = self.kind.explain(text);
        let line = self.line.to_string();
        match self.key.as_str() {
            "" => tr!(text, "script-line", line = line, what = what).into_owned(),
            key => tr!(text, "script-line-key", line = line, key = key, what = what).into_owned(),
        }
    }
}

impl ScriptProblemKind {
    fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Syntax(words) => tr!(text, "script-syntax", words = words.clone()),
            Self::NotUtf8 => tr!(text, "script-not-utf8"),
            Self::UnknownKey { known } => tr!(text, "script-unknown-key", known = known.clone()),
            Self::Missing => tr!(text, "script-missing"),
            Self::NotSections => tr!(text, "script-not-sections"),
            Self::TooMany { found, most } => {
                tr!(text, "script-too-many", found = found.to_string(), most = most.to_string())
            }
            Self::NotKind(found) => {
                tr!(text, "script-not-kind", found = found.clone(), known = KINDS.join(", "))
            }
            Self::NotStations(found) => tr!(text, "script-not-stations", found = found.clone()),
            Self::NoSuchStation(found) => {
                tr!(text, "script-no-such-station", found = found.clone())
            }
            Self::NoStations => tr!(text, "script-no-stations"),
            Self::NotTime { found, least, most } => {
                tr!(text, "script-not-time", found = found.clone(), least = *least, most = *most)
            }
            Self::NotNumber { found, least, most } => {
                tr!(text, "script-not-number", found = found.clone(), least = *least, most = *most)
            }
            Self::NotRate(found) => tr!(text, "script-not-rate", found = found.clone()),
            Self::NotWord { found, known } => {
                tr!(text, "script-not-word", found = found.clone(), known = *known)
            }
            Self::NotSize(found) => tr!(text, "script-not-size", found = found.clone()),
            Self::EveryWithoutFor => tr!(text, "script-every-without-for"),
            Self::EveryTooShort => tr!(text, "script-every-too-short"),
        };
        said.into_owned()
    }
}
