//! The file: its schema, its migrations, how it is opened and added to.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

use super::chain::{BEGINNING, Columns, Hash};
use super::entry::Row;
use super::error::JournalError;
use super::verify;
use crate::config::database::{self, Form};

/// Brings a file from the version of its place to the next. Never change one that was released.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE journal (
        seq     INTEGER PRIMARY KEY,
        utc_us  INTEGER NOT NULL,
        mono_us INTEGER NOT NULL,
        run     TEXT NOT NULL,
        kind    TEXT NOT NULL,
        station TEXT,
        feed    TEXT,
        body    TEXT NOT NULL,
        prev    BLOB NOT NULL CHECK (length(prev) = 32),
        hash    BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE INDEX by_station ON journal (station, seq) WHERE station IS NOT NULL;
    CREATE INDEX by_kind ON journal (kind, seq);
    CREATE INDEX by_time ON journal (utc_us);
    CREATE TRIGGER added_in_order BEFORE INSERT ON journal
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
      OR NEW.prev IS NOT coalesce(
             (SELECT hash FROM journal ORDER BY seq DESC LIMIT 1), zeroblob(32))
    BEGIN SELECT RAISE(ABORT, 'a row is only added after the last one'); END;
    CREATE TRIGGER never_changed BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'a row is never changed'); END;
    CREATE TRIGGER never_deleted BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'a row is never deleted'); END;
"];

/// What tells a journal from other files.
pub(super) const FORM: Form = Form {
    migrations: MIGRATIONS,
    table: "journal",
    columns: &[
        "seq", "utc_us", "mono_us", "run", "kind", "station", "feed", "body", "prev", "hash",
    ],
};

/// So many of the newest rows are checked when the file is opened for writing.
const TAIL: i64 = 256;

/// The newest row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) seq: i64,
    pub(super) hash: Hash,
}

/// An open file.
pub(super) struct Store {
    connection: Connection,
    /// Which file it is, whatever its name leads to later.
    identity: Option<(u64, u64)>,
}

/// A file that was opened for writing.
pub(super) struct Opened {
    pub(super) store: Store,
    pub(super) head: Head,
    /// The first of the newest rows that does not fit.
    pub(super) misfit: Option<i64>,
}

/// Opens the file for writing, makes it where there is none.
pub(super) fn open(path: &Path, busy: Duration) -> Result<Opened, JournalError> {
    let failed = |e: &rusqlite::Error| JournalError::sqlite(path.to_owned(), e);
    let connection = database::open(path, busy, &FORM)
        .map_err(|e| JournalError::unopened(path.to_owned(), &e))?;
    let misfit = verify::tail(&connection, TAIL).map_err(|e| failed(&e))?;
    let head = head(&connection).map_err(|e| failed(&e))?;
    let store = Store { connection, identity: database::identity(path) };
    Ok(Opened { store, head, misfit })
}

/// The newest row; before the first one, the beginning.
pub(super) fn head(connection: &Connection) -> rusqlite::Result<Head> {
    let newest = "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1";
    let head = connection
        .query_row(newest, [], |row| Ok(Head { seq: row.get(0)?, hash: row.get(1)? }))
        .optional()?;
    Ok(head.unwrap_or(Head { seq: 0, hash: BEGINNING }))
}

impl Store {
    /// Whether the file still stands where it was opened.
    pub(super) fn is_in_its_place(&self, path: &Path) -> bool {
        database::identity(path) == self.identity
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Adds `rows` in one transaction after what the file holds now. `plan` sees that, and then the
    /// new head before it is committed; where it gives `false` nothing is written.
    pub(super) fn append<'a>(
        &mut self,
        run: &str,
        rows: impl Iterator<Item = &'a Row>,
        plan: &mut dyn FnMut(Step) -> bool,
    ) -> rusqlite::Result<Head> {
        let write = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = head(&write)?;
        if !plan(Step::Found(before)) {
            return Ok(before);
        }
        let after = insert(&write, before, run, rows)?;
        plan(Step::Committing(after));
        write.commit()?;
        Ok(after)
    }
}

/// How far a transaction has come.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// The newest row in the file.
    Found(Head),
    /// The newest row when it will be done.
    Committing(Head),
}

fn insert<'a>(
    write: &Transaction<'_>,
    mut head: Head,
    run: &str,
    rows: impl Iterator<Item = &'a Row>,
) -> rusqlite::Result<Head> {
    let mut insert = write.prepare(
        "INSERT INTO journal (seq, utc_us, mono_us, run, kind, station, feed, body, prev, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for row in rows {
        let columns = Columns {
            seq: head.seq + 1,
            utc_us: row.utc_us,
            mono_us: row.mono_us,
            run: row.run.as_deref().unwrap_or(run),
            kind: row.kind,
            station: row.station.as_deref(),
            feed: row.feed,
            body: &row.body,
        };
        let hash = columns.hash(&head.hash);
        let Columns { seq, utc_us, mono_us, run, kind, station, feed, body } = columns;
        insert.execute(rusqlite::params![
            seq, utc_us, mono_us, run, kind, station, feed, body, head.hash, hash
        ])?;
        head = Head { seq, hash };
    }
    Ok(head)
}
