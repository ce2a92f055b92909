//! Why the catalogue of recordings cannot be opened, read or written.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::database::{Reason, Unopened};
use crate::config::{Severity, io_reason};
use crate::record::CatalogueError;
use crate::text::Text;
use crate::tr;

/// Why the catalogue of recordings cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
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
    #[error("there is no catalogue of recordings {path}")]
    None {
        /// The file.
        path: PathBuf,
    },
    /// The file is no catalogue, or is damaged.
    #[error("{path} is damaged or no catalogue of recordings: {words}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        words: String,
    },
    /// It, or a folder of recordings, cannot be read or written.
    #[error("{path}: {words}")]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// The class of the error.
        reason: Reason,
        /// What SQLite or the operating system said.
        words: String,
    },
    /// No threads to read on.
    #[error("cannot start threads: {0}")]
    Threads(String),
}

impl IndexError {
    pub(in crate::record) fn io(path: &Path, error: &io::Error) -> Self {
        let reason = Reason::of_io(error);
        Self::Unusable { path: path.to_owned(), reason, words: error.to_string() }
    }

    pub(super) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let (path, words) = (path.to_owned(), error.to_string());
        match Reason::of_sqlite(error) {
            Reason::Damaged => Self::Damaged { path, words },
            reason => Self::Unusable { path, reason, words },
        }
    }

    pub(super) fn unopened(path: &Path, error: &Unopened) -> Self {
        match error {
            Unopened::Newer { found, known } => {
                Self::Newer { path: path.to_owned(), found: *found, known: *known }
            }
            Unopened::None => Self::None { path: path.to_owned() },
            Unopened::Foreign => Self::Damaged { path: path.to_owned(), words: error.to_string() },
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
            Self::Threads(_) => Reason::Internal,
        }
    }

    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Newer { path, .. } => {
                tr!(text, "footage-newer", path = path.display().to_string())
            }
            Self::None { path } => tr!(text, "footage-none", path = path.display().to_string()),
            Self::Damaged { path, .. } => {
                tr!(text, "footage-damaged", path = path.display().to_string())
            }
            Self::Unusable { path, reason, words } => {
                // What the operating system would have said is in the person's language.
                let reason = match reason {
                    Reason::Io | Reason::Internal => words.clone(),
                    known => io_reason(text, &io::Error::from(known.io_kind())),
                };
                tr!(text, "footage-unusable", path = path.display().to_string(), reason = reason)
            }
            Self::Threads(words) => tr!(text, "footage-no-threads", reason = words.clone()),
        };
        said.into_owned()
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::None { .. } | Self::Newer { .. } => Severity::Correctable,
            Self::Damaged { .. } | Self::Unusable { .. } | Self::Threads(_) => Severity::Fatal,
        }
    }

    /// Whether the same can succeed later by itself.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unusable { .. })
    }
}

impl From<IndexError> for CatalogueError {
    fn from(error: IndexError) -> Self {
        Self { reason: error.to_string(), is_full: error.reason() == Reason::Full }
    }
}
