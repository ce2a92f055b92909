//! An entry on its way to the disk, and what a run says of itself.

use std::path::PathBuf;

use serde_json::Value;

use super::event::{Event, Kind, RunConfig};
use crate::clock::{Clock, Mono, WallTime};
use crate::config::secrets::Redactor;
use crate::model::{FeedId, FeedKind, StationId};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// When, in civil time.
    pub utc: WallTime,
    /// When, on the monotonic clock of this run.
    pub mono: Mono,
    /// To which station, if to one.
    pub station: Option<StationId>,
    /// To which of its feeds, if to one.
    pub feed: Option<FeedKind>,
    /// What.
    pub event: Event,
}

impl Entry {
    /// What happened just now, to no station.
    pub fn now(clock: &dyn Clock, event: Event) -> Self {
        Self { utc: clock.wall(), mono: clock.mono(), station: None, feed: None, event }
    }

    /// The same at a station.
    #[must_use]
    pub fn at(mut self, station: StationId) -> Self {
        self.station = Some(station);
        self
    }

    /// The same of one feed.
    #[must_use]
    pub fn of(mut self, feed: FeedId) -> Self {
        self.station = Some(feed.station);
        self.feed = Some(feed.kind);
        self
    }
}

/// An entry in the form in which it waits.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) utc_us: i64,
    pub(super) mono_us: i64,
    /// Whose monotonic clock it is, where it is not this run's.
    pub(super) run: Option<String>,
    pub(super) kind: &'static str,
    pub(super) station: Option<String>,
    pub(super) feed: Option<&'static str>,
    pub(super) body: String,
}

impl From<Entry> for Row {
    /// Known secrets end here: what a camera or a library said may quote them.
    fn from(entry: Entry) -> Self {
        let mut body = entry.event.body();
        // Hashes, numbers and a signature, no words: a secret of digits that happens to be in them would be
        // taken out, and what is to be compared with it.
        if !matches!(entry.event.kind(), Kind::SealHead | Kind::FootageDeleted) {
            redact(&mut body, Redactor::global());
        }
        Self {
            utc_us: entry.utc.as_micros(),
            mono_us: entry.mono.as_micros(),
            run: None,
            kind: entry.event.kind().code(),
            station: entry.station.map(|id| id.to_string()),
            feed: entry.feed.map(FeedKind::as_str),
            body: body.to_string(),
        }
    }
}

fn redact(value: &mut Value, redactor: &Redactor) {
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(clean) = redactor.redact(text) {
                *text = clean;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| redact(value, redactor)),
        Value::Object(map) => map.values_mut().for_each(|value| redact(value, redactor)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A run of the program that writes the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct RunInfo {
    /// Told apart from every other run by this.
    pub(super) id: String,
    command: String,
    host: String,
    pid: u32,
    boot: String,
    config: RunConfig,
    pub(super) notes: Option<PathBuf>,
}

impl RunInfo {
    /// This process, started as `command`, at work on `config`.
    pub fn this_process(command: &str, config: RunConfig) -> Self {
        Self {
            id: format!("{:016x}", fastrand::u64(..)),
            command: command.to_owned(),
            host: gethostname::gethostname().to_string_lossy().into_owned(),
            pid: std::process::id(),
            boot: boot_id(),
            config,
            notes: None,
        }
    }

    /// The notes that earlier versions kept in `file` are taken over, if there are any.
    #[must_use]
    pub fn taking_over(self, file: PathBuf) -> Self {
        Self { notes: Some(file), ..self }
    }

    /// What is to be told apart in the column `run`.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn started(&self) -> Event {
        Event::Started {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            command: self.command.clone(),
            host: self.host.clone(),
            pid: self.pid,
            boot: self.boot.clone(),
            config: self.config.clone(),
        }
    }
}

/// Which start of the machine this is; empty where the system does not say.
fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|id| id.trim().to_owned())
        .unwrap_or_default()
}
