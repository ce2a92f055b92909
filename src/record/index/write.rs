//! The owner's side: what the recorder tells, on disk when the call returns.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::error::IndexError;
use super::rows;
use super::schema::FORM;
use crate::clock::{Boot, Clock, lock};
use crate::config::database::{self, Reason};
use crate::record::{
    Catalogue, CatalogueError, Incident, Opened, Record, Segment, SegmentPath, Stamp,
};

/// So long a transaction waits for a reader or another writer that holds the file.
const BUSY: Duration = Duration::from_secs(2);

/// The catalogue of the process that owns the data folder. Clones are handles to the same one.
#[derive(Clone)]
pub struct Index {
    store: Arc<Mutex<Store>>,
}

struct Store {
    path: PathBuf,
    /// The machine's start in which this process runs.
    boot: Option<Boot>,
    /// Closed after an error that may not mend under an open file.
    connection: Option<Connection>,
    /// Which file it is, whatever its name leads to later.
    identity: Option<(u64, u64)>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the catalogue `file`, makes it where there is none. A file that is damaged is set
    /// aside, never deleted, and a new one begun: then the second is what it is called now, and the
    /// new one wants to be filled from the files ([`rebuild`](super::rebuild())).
    ///
    /// # Errors
    /// A newer version of the program has written it, or the disk cannot be written.
    pub fn open(file: &Path, clock: &dyn Clock) -> Result<(Self, Option<PathBuf>), IndexError> {
        let mut aside = None;
        let store = match Store::open(file, clock.boot()) {
            Err(e @ IndexError::Damaged { .. }) => {
                let stamp = clock.wall().timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
                let moved =
                    database::set_aside(file, &stamp).map_err(|e| IndexError::io(file, &e))?;
                log::error!("{e}; it is now {}", moved.display());
                aside = Some(moved);
                Store::open(file, clock.boot())?
            }
            store => store?,
        };
        Ok((Self { store: Arc::new(Mutex::new(store)) }, aside))
    }

    /// What `run` of the program tells of `volume`.
    pub fn volume(&self, volume: &Path, run: &str) -> VolumeIndex {
        let volume = volume.to_string_lossy().into_owned();
        VolumeIndex { store: Arc::clone(&self.store), volume, run: run.to_owned() }
    }

    /// Does `what` in one transaction.
    pub(super) fn write(
        &self,
        what: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), IndexError> {
        lock(&self.store).write(what)
    }

    /// Forgets segments that had begun and of which nothing is left to be closed. The caller lists
    /// what was lost.
    ///
    /// # Errors
    /// Nothing was forgotten.
    pub fn forget_opened(&self, paths: &[SegmentPath]) -> Result<(), IndexError> {
        lock(&self.store).write(|write| {
            for path in paths {
                drop_opened(write, path)?;
            }
            Ok(())
        })
    }
}

impl Store {
    fn open(path: &Path, boot: Option<Boot>) -> Result<Self, IndexError> {
        let connection =
            database::open(path, BUSY, &FORM).map_err(|e| IndexError::unopened(path, &e))?;
        // A file of the right form may still be a torn one.
        let newest = "SELECT coalesce(max(id), 0) FROM segments";
        connection
            .query_row(newest, [], |row| row.get::<_, i64>(0))
            .map_err(|e| IndexError::sqlite(path, &e))?;
        let identity = database::identity(path);
        Ok(Self { path: path.to_owned(), boot, connection: Some(connection), identity })
    }

    /// Does `what` in one transaction.
    fn write(
        &mut self,
        what: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), IndexError> {
        // SQLite would go on writing into a file that nobody can find any more.
        if self.connection.is_some() && database::identity(&self.path) != self.identity {
            log::error!("{} is gone; another one is begun", self.path.display());
            self.connection = None;
        }
        if self.connection.is_none() {
            *self = Self::open(&self.path, self.boot.clone())?;
        }
        let Some(connection) = &mut self.connection else { return Ok(()) };
        let written = (|| {
            let write = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            what(&write)?;
            write.commit()
        })();
        written.map_err(|e| {
            let error = IndexError::sqlite(&self.path, &e);
            // A full disk and a busy file mend under an open file; what else there is may not.
            if !matches!(error.reason(), Reason::Full | Reason::Busy) {
                self.connection = None;
            }
            error
        })
    }
}

/// The catalogue as one volume's recorder sees it.
pub struct VolumeIndex {
    store: Arc<Mutex<Store>>,
    volume: String,
    run: String,
}

impl Catalogue for VolumeIndex {
    fn commit(&mut self, records: &[Record], alive: Stamp) -> Result<(), CatalogueError> {
        let Self { store, volume, run } = self;
        let mut store = lock(store);
        let boot = store.boot.clone();
        let written = store.write(|write| {
            let volume = rows::volume_id(write, volume)?;
            for record in records {
                match record {
                    Record::Opened(opened) => open(write, volume, opened)?,
                    Record::Closed(segment) => close(write, volume, segment)?,
                    Record::Incident(incident) => tell(write, incident)?,
                }
            }
            if let Some(boot) = &boot {
                was_in(write, run, boot)?;
            }
            was_alive(write, run, alive)
        });
        written.map_err(CatalogueError::from)
    }
}

pub(super) fn open(write: &Connection, volume: i64, opened: &Opened) -> rusqlite::Result<()> {
    let sql =
        "INSERT OR REPLACE INTO open (feed, named_ms, volume, run, first_utc_us, first_mono_us)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    write.prepare_cached(sql)?.execute((
        rows::key(opened.path.feed()),
        rows::named_ms(&opened.path),
        volume,
        rows::run_id(write, &opened.run)?,
        opened.first.utc_us,
        opened.first.mono_us,
    ))?;
    Ok(())
}

fn drop_opened(write: &Connection, path: &SegmentPath) -> rusqlite::Result<()> {
    let sql = "DELETE FROM open WHERE feed = ?1 AND named_ms = ?2";
    write.prepare_cached(sql)?.execute((rows::key(path.feed()), rows::named_ms(path)))?;
    Ok(())
}

/// A segment that is told a second time (the first answer was lost) is there once. One that differs
/// from what was told first is not believed: what is sealed stays, and [`check`](super::check())
/// finds a file that is another.
fn close(write: &Connection, volume: i64, segment: &Segment) -> rusqlite::Result<()> {
    drop_opened(write, &segment.path)?;
    match rows::find(write, &segment.path)? {
        None => rows::add(write, volume, segment, true),
        Some(kept) if kept.is_hashed && kept.segment == *segment => Ok(()),
        Some(_) => {
            log::error!("{} is told again, and differently; the first stays", segment.path);
            Ok(())
        }
    }
}

/// Once, however often it is told.
pub(super) fn tell(write: &Connection, incident: &Incident) -> rusqlite::Result<()> {
    let sql = "INSERT OR IGNORE INTO incidents (feed, cause, from_utc_us, to_utc_us, evidence)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    write.prepare_cached(sql)?.execute((
        incident.feed.map(rows::key),
        incident.cause.code(),
        incident.from_utc_us,
        incident.to_utc_us,
        incident.evidence.to_string(),
    ))?;
    Ok(())
}

/// The run is one of this start of the machine.
pub(super) fn was_in(write: &Connection, run: &str, boot: &Boot) -> rusqlite::Result<()> {
    let id = rows::run_id(write, run)?;
    let sql = "INSERT OR IGNORE INTO boots (run, boot, origin_us) VALUES (?1, ?2, ?3)";
    write.prepare_cached(sql)?.execute((id, &boot.id, boot.origin_us))?;
    Ok(())
}

/// The run was at work up to `alive`; since its first word, without a pause.
pub(super) fn was_alive(write: &Connection, run: &str, alive: Stamp) -> rusqlite::Result<()> {
    let id = rows::run_id(write, run)?;
    let sql = "UPDATE runs SET
            first_mono_us = CASE WHEN first_utc_us IS NULL OR ?2 < first_utc_us
                THEN ?3 ELSE first_mono_us END,
            first_utc_us = min(coalesce(first_utc_us, ?2), ?2),
            last_mono_us = CASE WHEN last_utc_us IS NULL OR ?2 > last_utc_us
                THEN ?3 ELSE last_mono_us END,
            last_utc_us = max(coalesce(last_utc_us, ?2), ?2)
        WHERE id = ?1";
    write.prepare_cached(sql)?.execute((id, alive.utc_us, alive.mono_us))?;
    Ok(())
}
