//! Reading the catalogue, beside the process that writes it or from a copy.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _, Row};

use super::error::IndexError;
use super::rows::{self, COLUMNS, TABLES};
use super::schema::FORM;
use crate::clock::{Boot, Clock, Mono, WallTime};
use crate::config::database;
use crate::model::FeedId;
use crate::record::chain::Hash;
use crate::record::ledger::clock_step;
use crate::record::timeline::{Left, Timeline};
use crate::record::{
    Break, CLOCK_STEP_FROM, Cause, Incident, Opened, Segment, SegmentPath, Stamp, Step,
};

/// A segment as the catalogue keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The folder of its volume.
    pub volume: PathBuf,
    /// Itself. Its hash is zeros where it is not known yet.
    pub segment: Segment,
    /// Whether its hash is known: after [`rebuild`](super::rebuild()) it may not be.
    pub is_hashed: bool,
    /// Its place in its feed's chain, from 1.
    pub place: u64,
    /// The chain up to and with it; `None` while a hash of it or before it is not known.
    pub chain: Option<Hash>,
}

impl Kept {
    /// Where its file is.
    pub fn file(&self) -> PathBuf {
        self.volume.join(self.segment.path.to_string())
    }
}

/// Recorded time, as the ledger adds it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Whose.
    pub feed: FeedId,
    /// Arrival of the first picture, in microseconds of UTC.
    pub from_utc_us: i64,
    /// Arrival of the last.
    pub to_utc_us: i64,
    /// Times without a picture inside it, in order.
    pub breaks: Vec<Break>,
    /// The camera's clock minus ours in microseconds, where it told.
    pub camera_clock_us: Option<i64>,
    /// As the segment says it.
    pub clock_ahead_us: i64,
    /// Whether the system's clock was synchronised, where that is known.
    pub clock_synchronised: Option<bool>,
}

/// When a run of the program was recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alive {
    /// The run, as in the journal.
    pub run: String,
    /// Its first word.
    pub first: Stamp,
    /// Its last.
    pub last: Stamp,
}

/// How a run's timeline goes on from an earlier run's.
#[derive(Clone, Debug, PartialEq)]
pub struct GoesOn {
    /// It begins no earlier: where the earlier one would be by now, so that the time in which nothing
    /// ran is as long on it as it was.
    pub not_before: WallTime,
    /// That the machine's clock was set while nothing ran, for the list.
    pub step: Option<Incident>,
}

/// How far a feed's chain has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Whose.
    pub feed: FeedId,
    /// Of so many segments.
    pub place: u64,
    /// Its hash.
    pub chain: Hash,
}

/// A catalogue that is open for reading. Sees what is on the disk when it is asked.
pub struct Reader {
    connection: Connection,
    path: PathBuf,
}

impl Reader {
    /// Opens the catalogue `file`.
    ///
    /// # Errors
    /// There is none, it cannot be read, or a newer version has written it.
    pub fn open(file: &Path) -> Result<Self, IndexError> {
        let connection = database::look(file, &FORM).map_err(|e| IndexError::unopened(file, &e))?;
        Ok(Self { connection, path: file.to_owned() })
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, IndexError> {
        let rows = || -> rusqlite::Result<Vec<T>> {
            self.connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
        };
        rows().map_err(|e| self.failed(&e))
    }

    fn failed(&self, error: &rusqlite::Error) -> IndexError {
        IndexError::sqlite(&self.path, error)
    }

    /// Several questions about one and the same moment, whatever is written meanwhile: until the
    /// answer of `ask` is there, nothing that is written can be seen.
    ///
    /// # Errors
    /// The file cannot be read, or what `ask` says.
    pub fn at_one_moment<T, E: From<IndexError>>(
        &self,
        ask: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        // Ends with its name; nothing was changed.
        let _moment = self.connection.unchecked_transaction().map_err(|e| self.failed(&e))?;
        ask()
    }

    /// The volumes that segments were ever written to.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn volumes(&self) -> Result<Vec<PathBuf>, IndexError> {
        let path = |row: &Row<'_>| row.get::<_, String>(0).map(PathBuf::from);
        self.all("SELECT path FROM volumes ORDER BY id", [], path)
    }

    /// The segments of a feed that have anything between two moments (both included), in the order
    /// of time.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn segments(
        &self,
        feed: FeedId,
        from: WallTime,
        to: WallTime,
    ) -> Result<Vec<Kept>, IndexError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES}
             WHERE feed = ?1 AND segments.last_utc_us >= ?2 AND segments.first_utc_us <= ?3
             ORDER BY segments.last_utc_us"
        );
        self.all(&sql, (rows::key(feed), from.as_micros(), to.as_micros()), rows::kept)
    }

    /// Gives every segment to `take`, by station and place.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn each(&self, mut take: impl FnMut(Kept)) -> Result<(), IndexError> {
        let sql = format!("SELECT {COLUMNS} FROM {TABLES} ORDER BY feed, place");
        let mut read = || -> rusqlite::Result<()> {
            let mut rows = self.connection.prepare_cached(&sql)?;
            for kept in rows.query_map([], rows::kept)? {
                take(kept?);
            }
            Ok(())
        };
        read().map_err(|e| self.failed(&e))
    }

    /// Recorded time of the whole country that has anything between two moments (both included), by
    /// feed and then time. Segments of a feed do not overlap: they are ordered by their ends as by
    /// their beginnings.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn spans(
        &self,
        from: WallTime,
        to: WallTime,
        take: impl FnMut(Span),
    ) -> Result<(), IndexError> {
        self.spans_of(|_| true, from, to, take)
    }

    /// The same of the feeds that are `wanted`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn spans_of(
        &self,
        wanted: impl Fn(FeedId) -> bool,
        from: WallTime,
        to: WallTime,
        mut take: impl FnMut(Span),
    ) -> Result<(), IndexError> {
        let (from, to) = (from.as_micros(), to.as_micros());
        let feeds = self.all("SELECT feed FROM chains ORDER BY feed", [], |row| row.get(0))?;
        let mut read = || -> rusqlite::Result<()> {
            // Answered from the index `spans` alone; see the bench `footage`.
            let mut spans = self.connection.prepare_cached(
                "SELECT first_utc_us, last_utc_us, breaks, camera_clock_us, clock_ahead_us,
                    clock_synchronised FROM segments
                 WHERE feed = ?1 AND last_utc_us >= ?2 ORDER BY last_utc_us",
            )?;
            for key in &feeds {
                let feed = rows::feed(*key)?;
                if !wanted(feed) {
                    continue;
                }
                let mut rows = spans.query((key, from))?;
                while let Some(row) = rows.next()? {
                    let from_utc_us = row.get(0)?;
                    if from_utc_us > to {
                        break;
                    }
                    let breaks = rows::unpacked(row.get_ref(2)?.as_blob_or_null()?)?;
                    take(Span {
                        feed,
                        from_utc_us,
                        to_utc_us: row.get(1)?,
                        breaks,
                        camera_clock_us: row.get(3)?,
                        clock_ahead_us: row.get(4)?,
                        clock_synchronised: row.get(5)?,
                    });
                }
            }
            Ok(())
        };
        read().map_err(|e| self.failed(&e))
    }

    /// The segments that are closed and end at `from` or later.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn closed_since(&self, from: WallTime) -> Result<HashSet<SegmentPath>, IndexError> {
        let sql = "SELECT segments.feed, named_ms FROM chains
            JOIN segments ON segments.feed = chains.feed AND last_utc_us >= ?1";
        let path = |row: &Row<'_>| Ok(rows::path(rows::feed(row.get(0)?)?, row.get(1)?));
        Ok(self.all(sql, [from.as_micros()], path)?.into_iter().collect())
    }

    /// What kept pictures from the disk between two moments, in the order of time.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn incidents(&self, from: WallTime, to: WallTime) -> Result<Vec<Incident>, IndexError> {
        let sql = "SELECT feed, cause, from_utc_us, to_utc_us, evidence FROM incidents
            WHERE to_utc_us >= ?1 AND from_utc_us <= ?2 ORDER BY from_utc_us, id";
        self.all(sql, (from.as_micros(), to.as_micros()), |row| {
            let feed: Option<i64> = row.get(0)?;
            let evidence = row.get_ref(4)?.as_str()?;
            Ok(Incident {
                feed: feed.map(rows::feed).transpose()?,
                // A cause of a later version explains nothing to this one, but its time is known.
                cause: Cause::of(row.get_ref(1)?.as_str()?).unwrap_or(Cause::Unknown),
                from_utc_us: row.get(2)?,
                to_utc_us: row.get(3)?,
                evidence: serde_json::from_str(evidence).unwrap_or_default(),
            })
        })
    }

    /// When the recorder was at work, the oldest run first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn alive(&self) -> Result<Vec<Alive>, IndexError> {
        let sql = "SELECT run, first_utc_us, first_mono_us, last_utc_us, last_mono_us FROM runs
            WHERE first_utc_us IS NOT NULL ORDER BY first_utc_us, id";
        self.all(sql, [], |row| {
            let first = Stamp { utc_us: row.get(1)?, mono_us: row.get(2)? };
            let last = Stamp { utc_us: row.get(3)?, mono_us: row.get(4)? };
            Ok(Alive { run: row.get(0)?, first, last })
        })
    }

    /// In which start of the machine runs were, and where their monotonic times begin on it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn boots(&self) -> Result<Vec<(String, Boot)>, IndexError> {
        let sql = "SELECT runs.run, boot, origin_us FROM boots JOIN runs ON runs.id = boots.run
            ORDER BY runs.id";
        self.all(sql, [], |row| Ok((row.get(0)?, Boot { id: row.get(1)?, origin_us: row.get(2)? })))
    }

    /// How the timeline of `run`, which begins now, goes on from those before it: `None` where there
    /// is none. See [`Recording::not_before`](crate::record::Recording); the step goes into the records
    /// of a [`Volume`](crate::record::Volume).
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn goes_on(&self, clock: &dyn Clock, run: &str) -> Result<Option<GoesOn>, IndexError> {
        let Some(newest) = self.newest()? else { return Ok(None) };
        let last = self.alive()?.into_iter().max_by_key(|alive| alive.last.utc_us);
        let Some(Alive { run: earlier, last, .. }) = last else {
            return Ok(Some(GoesOn { not_before: newest, step: None }));
        };
        let (now, wall) = (clock.mono(), clock.wall());
        let was_in = self.boots()?.into_iter().find(|(run, _)| *run == earlier);
        let passed = was_in.zip(clock.boot()).filter(|((_, was), is)| was.id == is.id);
        let passed = passed.map(|((_, was), is)| {
            let then = Mono::from_micros(last.mono_us.saturating_add(was.origin_us));
            Mono::from_micros(now.as_micros().saturating_add(is.origin_us)).since(then)
        });
        let ahead_us = self.ahead_us(&earlier, last)?;
        let (would_be, set_by_us) = Left { utc: last.wall(), ahead_us, passed }.now(wall);
        let not_before = would_be.max(newest);
        let line = Timeline::new(now, wall, Some(not_before));
        let told = set_by_us.unsigned_abs() >= CLOCK_STEP_FROM.as_micros() as u64;
        let step = told.then(|| {
            let step = Step {
                by_us: set_by_us,
                before: not_before.min(line.utc(now)),
                after: line.utc(now),
            };
            clock_step(run, now, step, line.ahead_us(now))
        });
        Ok(Some(GoesOn { not_before, step }))
    }

    /// How far the timeline of `run` was ahead of the machine's clock at a moment.
    fn ahead_us(&self, run: &str, at: Stamp) -> Result<i64, IndexError> {
        let sql = "SELECT to_utc_us, evidence ->> 'mono_us', evidence ->> 'ahead_us' FROM incidents
            WHERE cause = ?1 AND evidence ->> 'run' = ?2 AND evidence ->> 'mono_us' <= ?3
            ORDER BY evidence ->> 'mono_us' DESC LIMIT 1";
        let parameters = (Cause::ClockStep.code(), run, at.mono_us);
        let lines = self.all(sql, parameters, |row| {
            let (utc, since) = (row.get(0).map(WallTime::from_micros)?, row.get(1)?);
            Ok(Timeline::resumed(Mono::from_micros(since), utc, row.get(2)?))
        })?;
        Ok(lines.first().map_or(0, |line| line.ahead_us(Mono::from_micros(at.mono_us))))
    }

    /// The newest moment that is written down.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn newest(&self) -> Result<Option<WallTime>, IndexError> {
        // The newest segment of each feed stands at an end of the index.
        let sql = "SELECT max(utc_us) FROM (
            SELECT max(last_utc_us) AS utc_us FROM runs UNION ALL
            SELECT (SELECT max(last_utc_us) FROM segments WHERE segments.feed = chains.feed)
                FROM chains UNION ALL
            SELECT max(first_utc_us) FROM open)";
        let newest: Option<i64> =
            self.connection.query_row(sql, [], |row| row.get(0)).map_err(|e| self.failed(&e))?;
        Ok(newest.map(WallTime::from_micros))
    }

    /// Segments that have begun and were not closed, with the folders of their volumes.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn opened(&self) -> Result<Vec<(PathBuf, Opened)>, IndexError> {
        let sql =
            "SELECT volumes.path, feed, named_ms, runs.run, open.first_utc_us, open.first_mono_us
            FROM open JOIN volumes ON volumes.id = open.volume JOIN runs ON runs.id = open.run
            ORDER BY feed, named_ms";
        self.all(sql, [], |row| {
            let path = rows::path(rows::feed(row.get(1)?)?, row.get(2)?);
            let first = Stamp { utc_us: row.get(4)?, mono_us: row.get(5)? };
            let opened = Opened { path, run: row.get(3)?, first };
            Ok((row.get::<_, String>(0)?.into(), opened))
        })
    }

    /// How far each feed's chain has come, by feed: what a head is made over.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn links(&self) -> Result<Vec<Link>, IndexError> {
        let sql = "SELECT feed, sealed, hash FROM chains WHERE sealed > 0 ORDER BY feed";
        self.all(sql, [], |row| {
            let place = rows::count(row.get(1)?)?;
            Ok(Link { feed: rows::feed(row.get(0)?)?, place, chain: row.get(2)? })
        })
    }

    /// A feed's chain at a place; `None` where it has none there.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn chain_at(&self, feed: FeedId, place: u64) -> Result<Option<Hash>, IndexError> {
        let sql = "SELECT chain FROM segments WHERE feed = ?1 AND place = ?2";
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        let read = || {
            let mut chain = self.connection.prepare_cached(sql)?;
            chain.query_row((rows::key(feed), place), |row| row.get(0)).optional()
        };
        read().map(Option::flatten).map_err(|e| self.failed(&e))
    }
}
