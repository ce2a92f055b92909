//! Reading the journal, beside the process that writes it or from a copy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _};
use serde_json::Value;

use super::error::JournalError;
use super::event::{Event, Kind};
use super::schema;
use crate::clock::{Mono, WallTime};
use crate::config::database;
use crate::model::StationId;

/// A row as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its number.
    pub seq: i64,
    /// When.
    pub utc: WallTime,
    /// When, on the clock of its run.
    pub mono: Mono,
    /// The run of the program.
    pub run: String,
    /// The kind of event; see [`Kind::of`].
    pub kind: String,
    /// The station, `57/12`.
    pub station: Option<String>,
    /// `main` or `sub`.
    pub feed: Option<String>,
    /// The rest.
    pub body: Value,
}

impl Record {
    /// What happened; `None` for what this version does not know.
    pub fn event(&self) -> Option<Event> {
        Event::of(&self.kind, &self.body)
    }
}

/// A run of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// As its rows name it.
    pub id: String,
    /// When it began.
    pub from: WallTime,
    /// The same on its own clock.
    pub from_mono: Mono,
    /// What it was started as: `wall`.
    pub command: String,
    /// The time of its last row.
    pub last: WallTime,
    /// The same on its own clock.
    pub last_mono: Mono,
    /// Whether it has ended in an orderly way.
    pub stopped: bool,
}

/// Which rows are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those of this station.
    pub station: Option<StationId>,
    /// Those of these kinds; all of them when there is none.
    pub kinds: Vec<Kind>,
    /// Those from this moment on.
    pub since: Option<WallTime>,
}

/// A journal that is open for reading. Sees what is on the disk when it is asked.
pub struct Reader {
    connection: Connection,
    path: PathBuf,
}

impl Reader {
    /// Opens the journal `file`.
    ///
    /// # Errors
    /// There is none, it cannot be read, or a newer version has written it.
    pub fn open(file: &Path) -> Result<Self, JournalError> {
        let connection = database::look(file, &schema::FORM)
            .map_err(|e| JournalError::unopened(file.to_owned(), &e))?;
        Ok(Self { connection, path: file.to_owned() })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Gives every wanted row to `take`, the oldest first.
    ///
    /// # Errors
    /// The file cannot be read, or what `take` says.
    pub fn each<E: From<JournalError>>(
        &self,
        filter: &Filter,
        mut take: impl FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |e: rusqlite::Error| E::from(JournalError::sqlite(self.path.clone(), &e));
        let mut wanted = vec!["1"];
        let mut values: Vec<rusqlite::types::Value> = Vec::new();
        if let Some(station) = filter.station {
            // What happened to several stations at once names them in its body.
            wanted.push("(station = ? OR (station IS NULL AND instr(body, ?) > 0))");
            values.push(station.to_string().into());
            values.push(format!("\"{station}\"").into());
        }
        if let Some(since) = filter.since {
            wanted.push("utc_us >= ?");
            values.push(since.as_micros().into());
        }
        let places = vec!["?"; filter.kinds.len()].join(", ");
        let kinds = format!("kind IN ({places})");
        if !filter.kinds.is_empty() {
            wanted.push(&kinds);
            values.extend(filter.kinds.iter().map(|kind| kind.code().to_owned().into()));
        }
        let sql =
            format!("SELECT {COLUMNS} FROM journal WHERE {} ORDER BY seq", wanted.join(" AND "));
        let mut rows = self.connection.prepare(&sql).map_err(failed)?;
        let rows = rows.query_map(rusqlite::params_from_iter(values), record).map_err(failed)?;
        for row in rows {
            take(row.map_err(failed)?)?;
        }
        Ok(())
    }

    /// The newest notes of each station, the newest first, at most `most` each.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn newest_notes(
        &self,
        most: usize,
    ) -> Result<BTreeMap<StationId, Vec<Record>>, JournalError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM (
                 SELECT *, row_number() OVER (PARTITION BY station ORDER BY seq DESC) AS nth
                 FROM journal WHERE kind = ?1 AND station IS NOT NULL)
             WHERE nth <= ?2 ORDER BY seq DESC"
        );
        let read = || -> rusqlite::Result<_> {
            let mut found: BTreeMap<StationId, Vec<Record>> = BTreeMap::new();
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let mut rows = self.connection.prepare(&sql)?;
            for row in rows.query_map((Kind::Note.code(), most), record)? {
                let row = row?;
                if let Some(id) = row.station.as_ref().and_then(|id| id.parse().ok()) {
                    found.entry(id).or_default().push(row);
                }
            }
            Ok(found)
        };
        read().map_err(|e| JournalError::sqlite(self.path.clone(), &e))
    }

    /// The runs of the program, the oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn runs(&self) -> Result<Vec<Run>, JournalError> {
        // One process at a time writes: a run's rows lie between its first and the next one's.
        let sql = "
            SELECT first.utc_us, first.command, last.utc_us, last.kind, first.run, first.mono_us,
                last.mono_us FROM (
                SELECT utc_us, mono_us, run, CASE WHEN json_valid(body)
                    THEN json_extract(body, '$.command') END AS command, coalesce(
                    lead(seq) OVER (ORDER BY seq) - 1, (SELECT max(seq) FROM journal)) AS end
                FROM journal WHERE kind = ?1
            ) AS first JOIN journal AS last ON last.seq = first.end ORDER BY last.seq";
        let read = || -> rusqlite::Result<Vec<Run>> {
            let mut rows = self.connection.prepare(sql)?;
            let run = |row: &rusqlite::Row<'_>| {
                let ended: String = row.get(3)?;
                Ok(Run {
                    id: row.get(4)?,
                    from: WallTime::from_micros(row.get(0)?),
                    command: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                    from_mono: Mono::from_micros(row.get(5)?),
                    last: WallTime::from_micros(row.get(2)?),
                    last_mono: Mono::from_micros(row.get(6)?),
                    stopped: ended == Kind::Stopped.code(),
                })
            };
            rows.query_map([Kind::Started.code()], run)?.collect()
        };
        read().map_err(|e| JournalError::sqlite(self.path.clone(), &e))
    }

    /// The first row of a kind after row `seq`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next(&self, kind: Kind, seq: i64) -> Result<Option<Record>, JournalError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM journal WHERE kind = ?1 AND seq > ?2 ORDER BY seq LIMIT 1"
        );
        let read = self.connection.query_row(&sql, (kind.code(), seq), record).optional();
        read.map_err(|e| JournalError::sqlite(self.path.clone(), &e))
    }

    /// How many rows of a kind follow on row `seq`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn count_after(&self, kind: Kind, seq: i64) -> Result<u64, JournalError> {
        let sql = "SELECT count(*) FROM journal WHERE kind = ?1 AND seq > ?2";
        let read = self.connection.query_row(sql, (kind.code(), seq), |row| row.get::<_, i64>(0));
        let count = read.map_err(|e| JournalError::sqlite(self.path.clone(), &e))?;
        Ok(count.unsigned_abs())
    }

    /// The newest row of a kind.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn newest(&self, kind: Kind) -> Result<Option<Record>, JournalError> {
        let sql =
            format!("SELECT {COLUMNS} FROM journal WHERE kind = ?1 ORDER BY seq DESC LIMIT 1");
        let read = self.connection.query_row(&sql, [kind.code()], record).optional();
        read.map_err(|e| JournalError::sqlite(self.path.clone(), &e))
    }

    /// The highest number that any alarm has had; 0 for none. Reads every row about an alarm.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn highest_alarm(&self) -> Result<u64, JournalError> {
        let named = "max(coalesce(json_extract(body, '$.alarm'), 0))";
        // Names of one beginning: the index by kind serves, and kinds of later versions are in it.
        let sql = format!("SELECT {named} FROM journal WHERE kind >= 'alarm' AND kind < 'alarn'");
        let read = self.connection.query_row(&sql, [], |row| row.get::<_, Option<i64>>(0));
        let highest = read.map_err(|e| JournalError::sqlite(self.path.clone(), &e))?;
        Ok(highest.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
    }
}

const COLUMNS: &str = "seq, utc_us, mono_us, run, kind, station, feed, body";

fn record(row: &rusqlite::Row<'_>) -> rusqlite::Result<Record> {
    let body: String = row.get(7)?;
    Ok(Record {
        seq: row.get(0)?,
        utc: WallTime::from_micros(row.get(1)?),
        mono: Mono::from_micros(row.get(2)?),
        run: row.get(3)?,
        kind: row.get(4)?,
        station: row.get(5)?,
        feed: row.get(6)?,
        // Somebody else's text that is no JSON is still shown as it is.
        body: serde_json::from_str(&body).unwrap_or(Value::String(body)),
    })
}
