//! The file: its schema, its migrations, how it is opened and added to.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior};

use super::chain::{BEGINNING, Columns, Hash};
use super::entry::Row;
use super::error::JournalError;
use super::verify;
use crate::config::data::create_private;
use crate::config::save::sync_folder;

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

/// The columns that its table has in every version.
const COLUMNS: [&str; 10] =
    ["seq", "utc_us", "mono_us", "run", "kind", "station", "feed", "body", "prev", "hash"];

/// The version of the schema that this program writes.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// So many of the newest rows are checked when the file is opened for writing.
const TAIL: i64 = 256;

/// The write-ahead log is cut back to this after it was worked off.
const WAL_BYTES: i64 = 16 << 20;

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
    if let Some(folder) = path.parent() {
        let made = if folder.is_dir() { Ok(()) } else { create_private(folder) };
        made.map_err(|e| JournalError::io(folder.to_owned(), &e))?;
    }
    let failed = |e: &rusqlite::Error| JournalError::sqlite(path.to_owned(), e);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(|e| failed(&e))?;
    connection.busy_timeout(busy).map_err(|e| failed(&e))?;
    // Before anything is changed: the file may be a newer version's.
    let found = version(&connection).map_err(|e| failed(&e))?;
    known(path, found)?;
    if found > 0 {
        in_our_form(path, &connection)?;
    } else if !is_blank(&connection).map_err(|e| failed(&e))? {
        let words = "it is another program's database".to_owned();
        return Err(JournalError::Damaged { path: path.to_owned(), words });
    }
    prepare(&mut connection, found).map_err(|e| failed(&e))?;
    let misfit = verify::tail(&connection, TAIL).map_err(|e| failed(&e))?;
    let head = head(&connection).map_err(|e| failed(&e))?;
    let store = Store { connection, identity: identity(path) };
    Ok(Opened { store, head, misfit })
}

/// Refuses a schema that this program does not know.
pub(super) fn known(path: &Path, found: i64) -> Result<(), JournalError> {
    if found > VERSION {
        return Err(JournalError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    Ok(())
}

pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn prepare(connection: &mut Connection, found: i64) -> rusqlite::Result<()> {
    // Readers see the last transaction while the next one is written. FULL: a transaction is on the
    // disk when it is done; with NORMAL a power cut took all since the last checkpoint.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "journal_size_limit", WAL_BYTES)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    let from = usize::try_from(found).unwrap_or(0);
    for (at, migration) in MIGRATIONS.iter().enumerate().skip(from) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step.execute_batch(migration)?;
        step.pragma_update(None, "user_version", at as i64 + 1)?;
        step.commit()?;
    }
    Ok(())
}

/// Refuses a file whose table has not the columns that are written and read here: it is no
/// journal, or has been tampered with.
pub(super) fn in_our_form(path: &Path, connection: &Connection) -> Result<(), JournalError> {
    let found = columns(connection).map_err(|e| JournalError::sqlite(path.to_owned(), &e))?;
    if COLUMNS.iter().all(|column| found.contains(*column)) {
        return Ok(());
    }
    let words = "its table is not a journal's".to_owned();
    Err(JournalError::Damaged { path: path.to_owned(), words })
}

fn columns(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut columns = connection.prepare("SELECT name FROM pragma_table_info('journal')")?;
    columns.query_map([], |row| row.get(0))?.collect()
}

/// Whether nothing is in it yet: it was just made.
fn is_blank(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

/// The newest row; before the first one, the beginning.
pub(super) fn head(connection: &Connection) -> rusqlite::Result<Head> {
    let newest = "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1";
    let head = connection
        .query_row(newest, [], |row| Ok(Head { seq: row.get(0)?, hash: row.get(1)? }))
        .optional()?;
    Ok(head.unwrap_or(Head { seq: 0, hash: BEGINNING }))
}

/// Renames the file and what belongs to it, so that it can still be opened and looked into.
pub(super) fn set_aside(path: &Path, stamp: &str) -> io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut aside = path.with_file_name(format!("{name}.damaged-{stamp}"));
    for again in 2..1000 {
        if !aside.try_exists()? {
            break;
        }
        aside = path.with_file_name(format!("{name}.damaged-{stamp}-{again}"));
    }
    fs::rename(path, &aside)?;
    for end in ["-wal", "-shm"] {
        let with = |path: &Path| PathBuf::from(format!("{}{end}", path.display()));
        match fs::rename(with(path), with(&aside)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    path.parent().map_or(Ok(()), sync_folder)?;
    Ok(aside)
}

/// What tells a file from every other one of the machine; `None` where there is none, or where the
/// system keeps files that are open in their place anyway (Windows).
fn identity(path: &Path) -> Option<(u64, u64)> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

impl Store {
    /// Whether the file still stands where it was opened.
    pub(super) fn is_in_its_place(&self, path: &Path) -> bool {
        identity(path) == self.identity
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
