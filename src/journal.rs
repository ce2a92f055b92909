//! The journal: what happened, in order, on disk, and proof that nobody has changed it since.
//!
//! One SQLite file, written by one thread of the process that owns the data folder and read beside
//! it by anybody ([`read`], [`verify`]). Rows are only ever added; triggers refuse anything else.
//! Each row carries the hash of the one before, see [`chain`] for the exact bytes.
//!
//! [`Journal::record`] never waits: what cannot be written yet (disk full, read-only, hung) waits in
//! memory, as far as [`Limits`] allow, and is written in order when the disk is well again. What
//! finds no room is counted, and a row says how many and when. [`Journal::record_durably`] answers
//! when the entry survives a power cut, or that it is not kept.
//!
//! It does not judge what it is given and raises no alarm: the caller looks at [`Journal::status`].
//! It cannot notice that its newest rows were cut off, for nothing in the file says what followed
//! the last row: compare the hash that `pollwall journal --verify` prints with one noted elsewhere.
//! Anyone above level 2 may call it; one process at a time may open a file for writing.

pub mod chain;
mod entry;
mod error;
mod event;
mod notes;
mod queue;
pub mod read;
mod schema;
mod unwritten;
pub mod verify;
mod writer;

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};

pub use entry::{Entry, RunInfo};
pub use error::JournalError;
pub use event::{Event, Kind, RunConfig};
pub use queue::{NotKept, Receipt};
pub use unwritten::Unwritten;

pub use crate::config::database::Reason;

use crate::clock::{Clock, Mono};
use queue::Queue;

/// Called when [`Journal::status`] has begun or ceased to be failing. May only unblock.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// How much may wait, and how patiently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many entries may wait in memory.
    pub entries: usize,
    /// Together with bodies of so many bytes.
    pub bytes: usize,
    /// So many rows go into one transaction: bounds how long a receipt waits behind a backlog.
    pub batch: usize,
    /// After a failure the next attempt begins this much later.
    pub retry_every: Duration,
    /// So long an attempt waits for another process that holds the file.
    pub busy: Duration,
    /// An attempt that has taken this long is failing: the disk hangs.
    pub hung: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 100_000,
            bytes: 64 << 20,
            batch: 4096,
            retry_every: Duration::from_secs(1),
            busy: Duration::from_secs(2),
            hung: Duration::from_secs(4),
        }
    }
}

/// How the journal is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Entries in memory that are not on the disk yet.
    pub waiting: usize,
    /// When the oldest of these was recorded.
    pub oldest: Option<Mono>,
    /// Entries of this run that found no room, all told.
    pub lost: u64,
    /// Set while nothing can be written.
    pub failing: Option<Failing>,
    /// Rows written in this run.
    pub written: u64,
    /// The number of the newest row.
    pub newest_seq: i64,
}

/// Nothing can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failing {
    /// Since when.
    pub since: Mono,
    /// Why.
    pub reason: Reason,
}

/// The journal of the process that owns the data folder. Clones are handles to the same one.
#[derive(Clone)]
pub struct Journal {
    queue: Arc<Queue>,
    run: Arc<str>,
    ended: Receiver<Infallible>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("status", &self.status()).finish_non_exhaustive()
    }
}

impl Journal {
    /// Opens the journal `file`, makes it where there is none, takes over the notes of earlier
    /// versions ([`RunInfo::taking_over`]), and begins to write: first that this run has started.
    /// A file that is damaged is set aside, never deleted, and a new one begun.
    ///
    /// A disk that cannot be written is no error here: [`Journal::status`] is failing until it can.
    ///
    /// # Errors
    /// The file was written by a newer version of the program, or a thread cannot be started.
    pub fn open(
        file: &Path,
        clock: Arc<dyn Clock>,
        run: RunInfo,
        waker: Waker,
    ) -> Result<Self, JournalError> {
        Self::open_within(file, clock, run, waker, Limits::default())
    }

    /// The same within other limits.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open_within(
        file: &Path,
        clock: Arc<dyn Clock>,
        run: RunInfo,
        waker: Waker,
        limits: Limits,
    ) -> Result<Self, JournalError> {
        let queue = Arc::new(Queue::new(limits, clock, waker));
        let (started, id) = (run.started(), Arc::from(run.id()));
        let mut writer = writer::Writer::new(file, run, Arc::clone(&queue));
        writer.open_now()?;
        queue.record(Entry::now(queue.clock(), started));
        let (alive, ended) = bounded(0);
        std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || {
                writer.run();
                drop::<crossbeam_channel::Sender<Infallible>>(alive);
            })
            .map_err(JournalError::Thread)?;
        Ok(Self { queue, run: id, ended })
    }

    /// Takes `entry` down. Never waits.
    pub fn record(&self, entry: Entry) {
        self.queue.record(entry);
    }

    /// Takes `entry` down, and says when it is on the disk. Never waits.
    pub fn record_durably(&self, entry: Entry) -> Receipt {
        self.queue.record_durably(entry)
    }

    /// What tells this run of the program from every other one, as in the column `run`.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// How it is doing. Cheap enough for every pass of the screen.
    pub fn status(&self) -> Status {
        self.queue.status()
    }

    /// Takes nothing more: puts down that the run has stopped and begins to write what waits to its
    /// end. What is recorded afterwards is lost.
    pub fn end(&self) {
        self.queue.close();
    }

    /// The same, and waits `within` this time for all of it to be on the disk. Until then a writer
    /// that fails tries again and again; what is left then is given up.
    ///
    /// # Errors
    /// What has not been written.
    pub fn finish(self, within: Duration) -> Result<(), Unwritten> {
        self.end();
        // Nothing is ever sent: the wait ends with the thread, or with the time.
        let _ = self.ended.recv_timeout(within);
        self.queue.give_up();
        self.queue.unwritten().map_or(Ok(()), Err)
    }

    /// The same; whether everything is on the disk.
    pub fn close(self, within: Duration) -> bool {
        self.finish(within).is_ok()
    }
}

#[cfg(test)]
mod tests;
