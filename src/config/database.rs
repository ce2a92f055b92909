//! Opening our SQLite files: made private, durable, brought to the newest form, and never touched
//! where a newer version of the program has written them.
//!
//! What is in them is their modules' business (the journal, the catalogue of recordings). One
//! process at a time writes a file; readers work beside it or on a copy.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::data::create_private;
pub use super::reason::Reason;
use super::save::sync_folder;

/// The write-ahead log is cut back to this after it was worked off.
const WAL_BYTES: i64 = 16 << 20;

/// So long a reader waits where the file is being made.
const BUSY: Duration = Duration::from_secs(2);

/// What a file of ours looks like.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Each leads from the version of its place to the next.
    pub migrations: &'static [&'static str],
    /// A table that it has in every version.
    pub table: &'static str,
    /// Columns that this table has in every version.
    pub columns: &'static [&'static str],
}

impl Form {
    /// The version that this program writes.
    pub const fn version(&self) -> i64 {
        self.migrations.len() as i64
    }

    /// Refuses a file whose table has not these columns: it is another program's, or has been
    /// tampered with.
    fn check(&self, connection: &Connection) -> Result<(), Unopened> {
        let mut columns = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
        let found = columns.query_map([self.table], |row| row.get::<_, String>(0))?;
        let found = found.collect::<rusqlite::Result<BTreeSet<String>>>()?;
        let all = self.columns.iter().all(|column| found.contains(*column));
        if all { Ok(()) } else { Err(Unopened::Foreign) }
    }
}

/// Why a file is not open.
#[derive(Debug, thiserror::Error)]
pub enum Unopened {
    /// It was written by a newer version of the program.
    #[error("it has the form {found} of a newer version; this one knows {known}")]
    Newer {
        /// The version of its schema.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// There is none, or none that is ready.
    #[error("there is none")]
    None,
    /// It is another program's database: nothing in it says that one of ours made it.
    #[error("it is another program's database")]
    Foreign,
    /// What the operating system said.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What SQLite said.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Opens `path` for writing, makes it and its folder where there are none, and brings it to the form
/// that the last of the migrations of `form` leads to.
///
/// # Errors
/// [`Unopened::Newer`] and [`Unopened::Foreign`] before anything is changed; a disk that cannot be
/// written.
pub fn open(path: &Path, busy: Duration, form: &Form) -> Result<Connection, Unopened> {
    if let Some(folder) = path.parent()
        && !folder.is_dir()
    {
        create_private(folder)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(busy)?;
    // Before anything is changed: the file may be a newer version's.
    let found = version(&connection)?;
    known(found, form)?;
    if found > 0 {
        form.check(&connection)?;
    } else if !is_blank(&connection)? {
        return Err(Unopened::Foreign);
    }
    // Readers see the last transaction while the next one is written. FULL: a transaction is on the
    // disk when it is done; with NORMAL a power cut took all since the last checkpoint.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "journal_size_limit", WAL_BYTES)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    let from = usize::try_from(found).unwrap_or(0);
    for (at, migration) in form.migrations.iter().enumerate().skip(from) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step.execute_batch(migration)?;
        step.pragma_update(None, "user_version", at as i64 + 1)?;
        step.commit()?;
    }
    Ok(connection)
}

/// Opens `path` for reading, beside the process that writes it or from a copy.
///
/// # Errors
/// There is none, it cannot be read, a newer version has written it, or it is another program's.
pub fn look(path: &Path, form: &Form) -> Result<Connection, Unopened> {
    if !path.try_exists()? {
        return Err(Unopened::None);
    }
    let (connection, version) = connect(path)?;
    known(version, form)?;
    if version == 0 {
        // The process that makes it has not come further yet, or it is something else.
        return Err(Unopened::None);
    }
    form.check(&connection)?;
    Ok(connection)
}

/// Refuses a schema that this program does not know.
fn known(found: i64, form: &Form) -> Result<(), Unopened> {
    let known = form.version();
    if found > known { Err(Unopened::Newer { found, known }) } else { Ok(()) }
}

/// Whether nothing is in it yet: it was just made.
fn is_blank(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn connect(file: &Path) -> rusqlite::Result<(Connection, i64)> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = |connection: Connection| {
        connection.busy_timeout(BUSY)?;
        let version = version(&connection)?;
        Ok((connection, version))
    };
    let opened = Connection::open_with_flags(file, flags).and_then(open);
    let refused = |e: &rusqlite::Error| {
        matches!(e.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
    };
    match opened {
        // A copy in a place that cannot be written: SQLite finds no room for what readers and
        // writers share. Without a log beside it nobody writes it, and it is read as it lies there.
        Err(e) if refused(&e) && !has_log(file) => {
            let path = utf8_percent_encode(&file.to_string_lossy(), IN_URI).to_string();
            let uri = format!("file:{path}?immutable=1");
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(uri, flags).and_then(open)
        }
        opened => opened,
    }
}

const IN_URI: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

fn has_log(file: &Path) -> bool {
    fs::metadata(beside(file, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// A file that SQLite keeps beside `path`: its log (`-wal`), what its users share (`-shm`).
pub fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// A name beside `path` that nothing has: with `end`, and a number if need be.
///
/// # Errors
/// The folder cannot be looked into.
pub fn free_name(path: &Path, end: &str) -> io::Result<PathBuf> {
    let mut free = beside(path, &format!(".{end}"));
    for again in 2..1000 {
        if !free.try_exists()? {
            break;
        }
        free = beside(path, &format!(".{end}-{again}"));
    }
    Ok(free)
}

/// Renames a damaged file and what belongs to it, so that it can still be opened and looked into;
/// its new name.
///
/// # Errors
/// It is still in its place, or its log is.
pub fn set_aside(path: &Path, stamp: &str) -> io::Result<PathBuf> {
    let aside = free_name(path, &format!("damaged-{stamp}"))?;
    fs::rename(path, &aside)?;
    for end in ["-wal", "-shm"] {
        match fs::rename(beside(path, end), beside(&aside, end)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    path.parent().map_or(Ok(()), sync_folder)?;
    Ok(aside)
}

/// What tells a file from every other one of the machine; `None` where there is none, or where the
/// system keeps files that are open in their place anyway (Windows).
pub fn identity(path: &Path) -> Option<(u64, u64)> {
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
