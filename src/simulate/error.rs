//! Why the simulator cannot begin or go on.

use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use super::clips::ClipError;
use super::script::{MAX_SCRIPT_BYTES, ScriptProblem};
use crate::config::{Severity, io_reason};
use crate::model::StationId;
use crate::text::Text;
use crate::tr;

/// Why a script cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// It cannot be read.
    #[error("the fault script {path} cannot be read: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It is larger than [`MAX_SCRIPT_BYTES`].
    #[error("the fault script {path} is too large")]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// It has mistakes.
    #[error("the fault script {path} has {} mistakes", problems.len())]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// All of them.
        problems: Vec<ScriptProblem>,
    },
}

impl ScriptError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        match self {
            Self::Io { path, source } => {
                let (path, reason) = (path.display().to_string(), io_reason(text, source));
                tr!(text, "script-io", path = path, reason = reason).into_owned()
            }
            Self::TooLarge { path } => {
                let (path, mib) =
                    (path.display().to_string(), (MAX_SCRIPT_BYTES >> 20).to_string());
                tr!(text, "script-too-large", path = path, mib = mib).into_owned()
            }
            Self::Wrong { path, problems } => {
                let said = tr!(text, "script-wrong", path = path.display().to_string());
                let lines = problems.iter().map(|p| format!("\n  {}", p.explain(text)));
                lines.fold(said.into_owned(), |said, line| said + &line)
            }
        }
    }
}

/// Why the simulator cannot begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The script cannot be taken.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// The clips cannot be made.
    #[error(transparent)]
    Clips(#[from] ClipError),
    /// A station's port cannot be opened.
    #[error("port {port} of {address} cannot be opened: {source}")]
    Port {
        /// Whose.
        address: Ipv4Addr,
        /// Which.
        port: u16,
        /// What the operating system said.
        source: io::Error,
    },
    /// No port is free on every address.
    #[error("no port is free on every address")]
    NoFreePort,
    /// A station's number has no address.
    #[error("no loopback address for station {0}")]
    NoAddress(StationId),
    /// There is no clip for a station.
    #[error("no clip for station {0}")]
    NoClip(StationId),
    /// A station does not answer its first request.
    #[error("station {station} does not answer: {source}")]
    Dumb {
        /// Which.
        station: StationId,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file to write into cannot be written.
    #[error("{path} cannot be written: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The operating system gives no thread.
    #[error("cannot start a thread: {0}")]
    Thread(#[source] io::Error),
    /// The operating system does not let us wait for connections.
    #[error("cannot wait for connections: {0}")]
    Poll(#[source] io::Error),
}

impl SimulateError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Script(script) => return script.explain(text),
            Self::Clips(clips) => return clips.explain(text),
            Self::Port { address, port, source } => tr!(
                text,
                "simulate-port",
                address = address.to_string(),
                port = port.to_string(),
                reason = io_reason(text, source)
            ),
            Self::NoFreePort => tr!(text, "simulate-no-port"),
            Self::NoAddress(station) => {
                tr!(text, "simulate-no-address", station = station.to_string())
            }
            Self::NoClip(station) => {
                tr!(text, "simulate-no-clip", station = station.to_string())
            }
            Self::Dumb { station, source } => {
                let (station, reason) = (station.to_string(), io_reason(text, source));
                tr!(text, "simulate-dumb", station = station, reason = reason)
            }
            Self::File { path, source } => {
                let (path, reason) = (path.display().to_string(), io_reason(text, source));
                tr!(text, "store-io", path = path, reason = reason)
            }
            Self::Thread(source) => {
                tr!(text, "simulate-thread", reason = io_reason(text, source))
            }
            Self::Poll(source) => tr!(text, "simulate-poll", reason = io_reason(text, source)),
        };
        said.into_owned()
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Thread(_) | Self::Poll(_) | Self::Clips(_) | Self::NoClip(_) => Severity::Fatal,
            _ => Severity::Correctable,
        }
    }

    /// Whether the same may work in a moment.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Dumb { .. } | Self::NoFreePort)
    }
}
