//! The thread that writes: everything that has queued up in one transaction, and after a failure
//! the same again until it succeeds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::entry::{Entry, Row, RunInfo};
use super::error::JournalError;
use super::event::Event;
use super::notes;
use super::queue::{Item, Queue};
use super::schema::{self, Head, Step, Store};
use crate::config::database::{self, Reason};

pub(super) struct Writer {
    path: PathBuf,
    run: RunInfo,
    queue: Arc<Queue>,
    store: Option<Store>,
    /// What is being written, or is to be written again.
    batch: Vec<Item>,
    /// What a transaction that failed would have led to: the failure may have come after its end.
    attempted: Option<Head>,
    /// That was so: the batch stands in the file.
    landed: bool,
    /// The newest rows were looked at.
    checked: bool,
    /// What a file that was set aside is called now, until a row tells of it.
    set_aside: Option<PathBuf>,
    /// How many files this run has set aside.
    set_asides: u8,
}

/// While the journal is being closed, the next attempt begins this much later at most.
const CLOSING_RETRY: Duration = Duration::from_millis(50);

/// A run that sets aside more files than this is itself what damages them.
const MOST_SET_ASIDE: u8 = 3;

impl Writer {
    pub(super) fn new(path: &Path, run: RunInfo, queue: Arc<Queue>) -> Self {
        Self {
            path: path.to_owned(),
            run,
            queue,
            store: None,
            batch: Vec::new(),
            attempted: None,
            landed: false,
            checked: false,
            set_aside: None,
            set_asides: 0,
        }
    }

    /// Opens the file now, as far as the disk allows.
    pub(super) fn open_now(&mut self) -> Result<(), JournalError> {
        self.queue.attempt_begins();
        match self.open() {
            Ok(newest) => {
                self.queue.written(&[], newest);
                Ok(())
            }
            Err(e @ JournalError::Newer { .. }) => Err(e),
            Err(e) => {
                self.fail(&e);
                Ok(())
            }
        }
    }

    /// Writes until the journal is closed.
    pub(super) fn run(mut self) {
        let queue = Arc::clone(&self.queue);
        let _ended = Ended(&queue);
        loop {
            if self.batch.is_empty() {
                self.batch = queue.take();
            }
            if self.batch.is_empty() {
                if queue.is_closing() {
                    break;
                }
                queue.wait(None);
                continue;
            }
            queue.attempt_begins();
            match self.write() {
                Ok(newest) => {
                    queue.written(&self.batch, newest);
                    let first = newest - self.batch.len() as i64 + 1;
                    for (seq, item) in (first..).zip(self.batch.drain(..)) {
                        item.answer(Ok(seq));
                    }
                }
                Err(e) => {
                    self.fail(&e);
                    // Whoever closes waits, but not for long: what fails now may succeed until then.
                    let wait = queue.limits().retry_every;
                    let wait = if queue.is_closing() { wait.min(CLOSING_RETRY) } else { wait };
                    queue.wait(Some(wait));
                    if queue.is_given_up() {
                        break;
                    }
                }
            }
        }
    }

    fn fail(&mut self, error: &JournalError) {
        let first = self.queue.status().failing.is_none_or(|f| f.reason == Reason::Hung);
        if first {
            log::error!("the journal cannot be written: {error}");
        }
        // A full disk and a busy file mend under an open file; what else there is may not.
        if !matches!(error.reason(), Reason::Full | Reason::Busy) {
            self.store = None;
        }
        self.queue.failed(error.reason(), &mut self.batch);
        if self.batch.is_empty() {
            // What comes next was no part of that transaction.
            (self.attempted, self.landed) = (None, false);
        }
    }

    /// Opens the file and puts down what was found there; the newest row.
    fn open(&mut self) -> Result<i64, JournalError> {
        let queue = Arc::clone(&self.queue);
        let clock = queue.clock();
        let opened = match schema::open(&self.path, queue.limits().busy) {
            Err(e @ JournalError::Damaged { .. }) => {
                self.put_aside(&e)?;
                schema::open(&self.path, queue.limits().busy)?
            }
            opened => opened?,
        };
        if self.attempted == Some(opened.head) {
            // Before anything is put behind it: after that nobody could tell.
            (self.attempted, self.landed) = (None, true);
        }
        let mut remarks = Vec::new();
        if let Some(aside) = &self.set_aside {
            let damaged = aside.file_name().unwrap_or_default().to_string_lossy().into_owned();
            remarks.push(Row::from(Entry::now(clock, Event::BeganAnew { damaged })));
        }
        if self.checked && self.set_aside.is_none() && opened.head.seq == 0 {
            log::error!("{} is gone; another one is begun", self.path.display());
            remarks.push(Row::from(Entry::now(clock, Event::FileGone {})));
        }
        // Once is enough: what was found at the start is found again whenever it is opened again.
        if let (Some(row), false) = (opened.misfit, self.checked) {
            log::error!("{}: row {row} does not fit the rows before", self.path.display());
            remarks.push(Row::from(Entry::now(clock, Event::ChainBroken { row })));
        }
        let mut store = opened.store;
        let mut newest = opened.head;
        if !remarks.is_empty() {
            let added = store.append(&self.run.id, remarks.iter(), &mut |_| true);
            newest = added.map_err(|e| JournalError::sqlite(self.path.clone(), &e))?;
        }
        (self.checked, self.set_aside) = (true, None);
        if let Some(file) = &self.run.notes {
            match notes::take_over(&mut store, file, &self.run.id, clock) {
                Ok(Some(head)) => newest = head,
                Ok(None) => {}
                // The notes stay where they are; the journal itself is in order.
                Err(e) => log::error!("{}: the notes are not taken over: {e}", file.display()),
            }
        }
        self.store = Some(store);
        Ok(newest.seq)
    }

    /// Puts a damaged file aside, so that the next one to be opened is a new one.
    fn put_aside(&mut self, error: &JournalError) -> Result<(), JournalError> {
        (self.store, self.landed) = (None, false);
        if self.set_asides >= MOST_SET_ASIDE {
            return Ok(());
        }
        let stamp = self.queue.clock().wall().timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
        let aside = database::set_aside(&self.path, &stamp)
            .map_err(|e| JournalError::io(self.path.clone(), &e))?;
        log::error!("the journal was damaged ({error}); it is now {}", aside.display());
        self.set_asides += 1;
        self.set_aside = Some(aside);
        Ok(())
    }

    /// Writes the batch; the newest row.
    fn write(&mut self) -> Result<i64, JournalError> {
        // SQLite would go on writing into a file that nobody can find any more.
        if self.store.as_ref().is_some_and(|store| !store.is_in_its_place(&self.path)) {
            self.store = None;
        }
        if self.store.is_none() {
            let newest = self.open()?;
            if std::mem::take(&mut self.landed) {
                return Ok(newest);
            }
        }
        let Some(store) = &mut self.store else { return Ok(0) };
        let mut attempted = self.attempted.take();
        let mut plan = |step| match step {
            Step::Found(head) => attempted != Some(head),
            Step::Committing(head) => {
                attempted = Some(head);
                true
            }
        };
        let rows = self.batch.iter().map(|item| &item.row);
        let written = store.append(&self.run.id, rows, &mut plan);
        match written {
            Ok(head) => Ok(head.seq),
            Err(e) => {
                self.attempted = attempted;
                let error = JournalError::sqlite(self.path.clone(), &e);
                if error.reason() == Reason::Damaged {
                    // The next attempt begins anew.
                    self.put_aside(&error)?;
                }
                Err(error)
            }
        }
    }
}

/// Says that the thread has ended, also where it panics.
struct Ended<'a>(&'a Queue);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.ended();
    }
}

#[cfg(test)]
mod tests;
