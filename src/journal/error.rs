//! Why the journal cannot be opened or read.

use std::io;
use std::path::PathBuf;

use crate::config::database::{Reason, Unopened};
use crate::config::{Severity, io_reason};
use crate::text::Text;
use crate::tr;

/// Why the journal cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It was written by a newer version of the program.
    #[error("{path} has the form {found} of a newer version; this one knows {known}")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// There is none.
    #[error("there is no journal {path}")]
    None {
        /// The file.
        path: PathBuf,
    },
    /// The file is no journal, or is damaged.
    #[error("{path} is damaged or no journal: {words}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        words: String,
    },
    /// It cannot be read or written.
    #[error("{path}: {words}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// The class of the error.
        reason: Reason,
        /// What SQLite or the operating system said.
        words: String,
    },
    /// No thread to write on.
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

impl JournalError {
    pub(super) fn io(path: PathBuf, error: &io::Error) -> Self {
        Self::Unusable { path, reason: Reason::of_io(error), words: error.to_string() }
    }

    pub(super) fn sqlite(path: PathBuf, error: &rusqlite::Error) -> Self {
        let words = error.to_string();
        match Reason::of_sqlite(error) {
            Reason::Damaged => Self::Damaged { path, words },
            reason => Self::Unusable { path, reason, words },
        }
    }

    pub(super) fn unopened(path: PathBuf, error: &Unopened) -> Self {
        match error {
            Unopened::Newer { found, known } => Self::Newer { path, found: *found, known: *known },
            Unopened::None => Self::None { path },
            Unopened::Foreign => Self::Damaged { path, words: error.to_string() },
            Unopened::Io(e) => Self::io(path, e),
            Unopened::Sqlite(e) => Self::sqlite(path, e),
        }
    }

    /// The class of the error.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Newer { .. } => Reason::Newer,
            Self::None { .. } => Reason::NoAccess,
            Self::Damaged { .. } => Reason::Damaged,
            Self::Unusable { reason, .. } => *reason,
            Self::Thread(_) => Reason::Internal,
        }
    }

    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Newer { path, .. } => {
                tr!(text, "journal-newer", path = path.display().to_string())
            }
            Self::None { path } => tr!(text, "journal-none", path = path.display().to_string()),
            Self::Damaged { path, .. } => {
                tr!(text, "journal-damaged", path = path.display().to_string())
            }
            Self::Unusable { path, reason, words } => {
                // What the operating system would have said is in the person's language.
                let reason = match reason {
                    Reason::Io | Reason::Internal => words.clone(),
                    known => io_reason(text, &io::Error::from(known.io_kind())),
                };
                tr!(text, "journal-unusable", path = path.display().to_string(), reason = reason)
            }
            Self::Thread(error) => {
                let reason = io_reason(text, error);
                tr!(text, "journal-no-thread", reason = reason)
            }
        };
        said.into_owned()
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::None { .. } | Self::Newer { .. } => Severity::Correctable,
            Self::Damaged { .. } | Self::Unusable { .. } | Self::Thread(_) => Severity::Fatal,
        }
    }

    /// Whether the same can succeed later by itself.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unusable { .. })
    }
}
