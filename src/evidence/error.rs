//! Why a seal cannot be made or brought to its second holder.

use std::io;
use std::path::PathBuf;

use crate::config::{Severity, io_reason};
use crate::journal::JournalError;
use crate::record::index::IndexError;
use crate::text::Text;
use crate::tr;

/// Why there is no seal.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key's file cannot be read or written.
    #[error("the key {path}: {source}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is no key.
    #[error("{path} is no key")]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// Others can read the key.
    #[error("{path} can be read by others")]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// No random numbers to make a key from.
    #[error("no random numbers: {0}")]
    NoRandom(String),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The catalogue of recordings cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// What is written down about the second holder cannot be read or written.
    #[error("{path}: {source}")]
    State {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// No thread to work on.
    #[error("cannot start a thread: {0}")]
    Thread(io::Error),
}

impl SealError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let shown = |path: &PathBuf| path.display().to_string();
        let said = match self {
            Self::Key { path, source } => {
                let reason = io_reason(text, source);
                tr!(text, "seal-key-unreadable", path = shown(path), reason = reason)
            }
            Self::NoKey { path } => tr!(text, "seal-key-wrong", path = shown(path)),
            Self::Open { path } => tr!(text, "seal-key-open", path = shown(path)),
            Self::NoRandom(words) => tr!(text, "seal-no-random", reason = words.clone()),
            Self::Journal(e) => return e.explain(text),
            Self::Index(e) => return e.explain(text),
            Self::State { path, source } => {
                let reason = io_reason(text, source);
                tr!(text, "seal-state", path = shown(path), reason = reason)
            }
            Self::Thread(e) => tr!(text, "footage-no-threads", reason = io_reason(text, e)),
        };
        said.into_owned()
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoKey { .. } | Self::Open { .. } => Severity::Correctable,
            Self::Journal(e) => e.severity(),
            Self::Index(e) => e.severity(),
            Self::Key { .. } | Self::NoRandom(_) | Self::State { .. } | Self::Thread(_) => {
                Severity::Fatal
            }
        }
    }

    /// Whether the same can succeed later by itself.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Journal(e) => e.is_retryable(),
            Self::Index(e) => e.is_retryable(),
            _ => false,
        }
    }
}

/// Why a second holder has not got a head. It is tried again.
#[derive(Debug, thiserror::Error)]
pub enum HolderError {
    /// It cannot be reached or written.
    #[error("{holder}: {source}")]
    Unreachable {
        /// The file or address; carries no secret.
        holder: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// It answered that it does not take it.
    #[error("{holder} answered {code}")]
    Refused {
        /// The address; carries no secret.
        holder: String,
        /// HTTP's code; 0 where the answer was no HTTP.
        code: u16,
    },
}

impl HolderError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Unreachable { holder, source } => {
                let reason = io_reason(text, source);
                tr!(text, "seal-holder-unreachable", holder = holder.clone(), reason = reason)
            }
            Self::Refused { holder, code } => {
                let code = code.to_string();
                tr!(text, "seal-holder-refused", holder = holder.clone(), code = code)
            }
        };
        said.into_owned()
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        Severity::Correctable
    }

    /// Whether the same can succeed later by itself.
    pub fn is_retryable(&self) -> bool {
        true
    }
}
