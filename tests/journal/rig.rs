//! A journal to be tried, and how its rows are looked at.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, unbounded};
use pollwall::clock::{Clock, SystemClock};
use pollwall::journal::read::{Filter, Reader, Record};
use pollwall::journal::{Entry, Event, Journal, JournalError, Limits, RunConfig, RunInfo, Status};
use pollwall::model::StationId;

/// Longer than any machine takes; only a test that fails waits for it.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// An open journal, and its word that its state has changed.
pub(crate) struct Rig {
    pub(crate) journal: Journal,
    woken: Receiver<()>,
}

impl Rig {
    pub(crate) fn open(file: &Path) -> Self {
        Self::within(file, Limits::default()).unwrap()
    }

    pub(crate) fn within(file: &Path, limits: Limits) -> Result<Self, JournalError> {
        Self::of_run(file, limits, RunInfo::this_process("wall", RunConfig::default()))
    }

    pub(crate) fn of_run(file: &Path, limits: Limits, run: RunInfo) -> Result<Self, JournalError> {
        // In a test nothing has to be bounded but by the test.
        #[expect(clippy::disallowed_methods, reason = "a waker must not block")]
        let (wake, woken) = unbounded();
        let waker = Arc::new(move || wake.send(()).unwrap_or_default());
        let journal = Journal::open_within(file, Arc::new(SystemClock), run, waker, limits)?;
        Ok(Self { journal, woken })
    }

    pub(crate) fn note(&self, text: &str) {
        self.journal.record(note(text));
    }

    /// Keeps a note and waits until it is on the disk.
    pub(crate) fn keep(&self, text: &str) -> i64 {
        let receipt = self.journal.record_durably(note(text));
        receipt.wait_for(LONG).expect("an answer").expect("kept")
    }

    /// Waits until the status is as wanted. The journal says when it has changed.
    pub(crate) fn until(&self, what: &str, wanted: impl Fn(&Status) -> bool) -> Status {
        loop {
            let status = self.journal.status();
            if wanted(&status) {
                return status;
            }
            let woken = self.woken.recv_timeout(LONG);
            woken.unwrap_or_else(|_| panic!("never {what}: {:?}", self.journal.status()));
        }
    }

    pub(crate) fn close(self) {
        assert!(self.journal.close(LONG), "everything is written in the end");
    }
}

/// A note on 57/12.
pub(crate) fn note(text: &str) -> Entry {
    let event = Event::Note {
        text: text.to_owned(),
        stage: Some("voting".into()),
        state: "live".into(),
        program: None,
        boot: None,
        taken_over: false,
    };
    Entry::now(&SystemClock as &dyn Clock, event).at(StationId::new(57, 12))
}

/// All rows.
pub(crate) fn rows(file: &Path) -> Vec<Record> {
    let mut rows = Vec::new();
    let reader = Reader::open(file).unwrap();
    let take = |row| -> Result<(), JournalError> {
        rows.push(row);
        Ok(())
    };
    reader.each(&Filter::default(), take).unwrap();
    rows
}

/// The kinds of rows; of a note its text.
pub(crate) fn told(rows: &[Record]) -> Vec<String> {
    rows.iter().map(|row| text(row).unwrap_or(&row.kind).to_owned()).collect()
}

/// A note's text.
pub(crate) fn text(row: &Record) -> Option<&str> {
    row.body.get("text")?.as_str()
}
