//! Reads how recording is done from `record.toml` (`docs/user/recording.md` describes it).
//!
//! Without the file, everything is as [`RecordConfig::default`] says. Walks the parsed document by
//! hand, as [`day`](super::day) does, so that every mistake is reported at once, with its line and
//! in the person's language. A new key is a line in `Reader::config` and a kind of mistake. Whether
//! a volume is there is the recorder's business: it may be mounted later.

mod problem;
mod read;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use problem::{RecordProblem, RecordProblemKind};
pub use read::parse;
use url::Url;

use super::{Severity, io_reason};
use crate::model::FeedKind;
use crate::text::Text;
use crate::tr;

/// How recording is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordConfig {
    /// Which of a station's feeds is recorded: `record = "main"`. A station without that feed is
    /// recorded from the other.
    pub record: FeedKind,
    /// Folders that recordings go to, each on a disk of its own; the data folder's when there is
    /// none: `volumes = ["/srv/a", "/srv/b"]`.
    pub volumes: Vec<PathBuf>,
    /// What may be written to them, for those that have limits: `[[volume]]`.
    pub limits: BTreeMap<PathBuf, VolumeLimits>,
    /// Whether sound is recorded too: `audio = false`.
    pub audio: bool,
    /// Who gets the signed heads.
    pub seal: SealConfig,
    /// Whoever looks is warned when there is room for less than so many hours:
    /// `[warn] hours_left = 12`.
    pub warn_hours_left: u32,
    /// Recordings of rehearsals are deleted after so many whole days; never without it:
    /// `[rehearsal] keep_days = 7`.
    pub keep_days: Option<u32>,
}

/// What may be written to a volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VolumeLimits {
    /// Bytes that the recordings in it may take: `most = "2 TB"`.
    pub most: Option<u64>,
    /// Bytes of its disk that stay free for others: `keep_free = "10 GB"`.
    pub keep_free: Option<u64>,
}

/// A voting day is fourteen hours and its count: who is warned at noon can still fetch a disk.
const WARN_HOURS_LEFT: u32 = 12;

impl Default for RecordConfig {
    fn default() -> Self {
        Self {
            record: FeedKind::Main,
            volumes: Vec::new(),
            audio: false,
            seal: SealConfig::default(),
            limits: BTreeMap::new(),
            warn_hours_left: WARN_HOURS_LEFT,
            keep_days: None,
        }
    }
}

/// The second holders of the signed heads, besides the journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealConfig {
    /// A file that they are added to: `file = "/mnt/commission/heads.jsonl"`.
    pub file: Option<PathBuf>,
    /// An address that each is sent to by POST: `url = "http://…"`. Carries no secret.
    pub url: Option<Url>,
}

/// Why it is not known how to record.
#[derive(Debug, thiserror::Error)]
pub enum RecordConfigError {
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
        problems: Vec<RecordProblem>,
    },
}

impl RecordConfigError {
    /// Told to a person: one line for each problem.
    pub fn explain(&self, text: &Text) -> String {
        match self {
            Self::Io { path, source } => tr!(
                text,
                "record-io",
                path = path.display().to_string(),
                reason = io_reason(text, source)
            )
            .into_owned(),
            Self::Wrong { path, problems } => {
                let path = path.display().to_string();
                let mut said = tr!(text, "record-wrong", path = path).into_owned();
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
        match self {
            Self::Io { .. } => Severity::Fatal,
            Self::Wrong { .. } => Severity::Correctable,
        }
    }

    /// Whether the same call can succeed later by itself.
    pub fn is_retryable(&self) -> bool {
        false
    }
}

/// How recording is done, as `file` says; the usual way where there is no such file.
///
/// # Errors
/// The file cannot be read, or has mistakes.
pub fn load(file: &Path) -> Result<RecordConfig, RecordConfigError> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(RecordConfig::default()),
        Err(source) => return Err(RecordConfigError::Io { path: file.to_owned(), source }),
    };
    read::parse_bytes(&bytes)
        .map_err(|problems| RecordConfigError::Wrong { path: file.to_owned(), problems })
}

#[cfg(test)]
mod tests;
