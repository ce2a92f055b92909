//! Reads the election day from `day.toml` (`docs/user/election-day.md` describes it).
//!
//! Walks the parsed document by hand instead of through serde, so that every mistake is reported
//! at once, with its line and in the person's language.

mod problem;
mod read;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

pub use problem::{DayProblem, DayProblemKind};
pub use read::parse;

use super::{Severity, io_reason};
use crate::clock::Clock;
use crate::model::day::ElectionDay;
use crate::text::Text;
use crate::tr;

/// Why there is no election day to work with.
#[derive(Debug, thiserror::Error)]
pub enum DayError {
    /// The file is there and cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file has mistakes.
    #[error("{path} has {} problems, the first in line {}", problems.len(), problems.first().map_or(0, |p| p.line))]
    Wrong {
        /// The file.
        path: PathBuf,
        /// All of them, by line.
        problems: Vec<DayProblem>,
    },
}

impl DayError {
    /// Told to a person: one line for each problem.
    pub fn explain(&self, text: &Text) -> String {
        match self {
            Self::Io { path, source } => tr!(
                text,
                "day-io",
                path = path.display().to_string(),
                reason = io_reason(text, source)
            )
            .into_owned(),
            Self::Wrong { path, problems } => {
                let path = path.display().to_string();
                let mut said = tr!(text, "day-wrong", path = path).into_owned();
                for problem in problems {
                    said.push_str("\n  ");
                    said.push_str(&problem.explain(text));
                }
                said
            }
        }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        Severity::Correctable
    }
}

/// The election day in `path`. Without that file: today in the machine's time zone, with no claim
/// about stages.
pub fn load(path: &Path, clock: &dyn Clock) -> Result<ElectionDay, DayError> {
    match fs::read(path) {
        Ok(bytes) => read::parse_bytes(&bytes)
            .map_err(|problems| DayError::Wrong { path: path.to_owned(), problems }),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            Ok(ElectionDay::unconfigured(TimeZone::system(), clock.wall()))
        }
        Err(source) => Err(DayError::Io { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests;
