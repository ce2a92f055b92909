//! Does every row fit the one before it? Walks the chain that [`super::chain`] describes.

use std::path::Path;

use rusqlite::{Connection, Row};

use super::chain::{BEGINNING, Columns, Hash};
use super::error::JournalError;
use super::read::Reader;
use crate::clock::WallTime;

/// A journal whose rows all fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// How many rows there are.
    pub rows: u64,
    /// The time of the first and the last row; `None` when there is none.
    pub span: Option<(WallTime, WallTime)>,
    /// The hash of the last row: note it elsewhere to be able to tell that none was cut off.
    pub head: Hash,
}

/// The first row that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Its number.
    pub row: i64,
    /// The time it gives.
    pub at: WallTime,
    /// What is wrong.
    pub what: Wrong,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// The row of this number should stand here: it was taken out, or this one was put in.
    Number(i64),
    /// It does not follow on the row before, which was exchanged, or it was itself.
    Link,
    /// Its content is not what was written.
    Content,
}

impl Wrong {
    /// Its name in what programs read; never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Link => "link",
            Self::Content => "content",
        }
    }
}

/// Walks through all rows of the journal `file`, in one look at it as it is now.
///
/// # Errors
/// The file cannot be read.
pub fn verify(file: &Path) -> Result<Result<Sound, Misfit>, JournalError> {
    let reader = Reader::open(file)?;
    let walked = walk(reader.connection(), 0, Some((0, BEGINNING)));
    walked.map_err(|e| JournalError::sqlite(file.to_owned(), &e))
}

/// Looks at the newest `count` rows; the number of the first that does not fit.
pub(super) fn tail(connection: &Connection, count: i64) -> rusqlite::Result<Option<i64>> {
    let newest: i64 =
        connection.query_row("SELECT coalesce(max(seq), 0) FROM journal", [], |r| r.get(0))?;
    let from = newest.saturating_sub(count);
    // What stands before the first of them is not looked at, unless nothing does.
    let before = (from <= 0).then_some((0, BEGINNING));
    Ok(walk(connection, from, before)?.err().map(|misfit| misfit.row))
}

/// Walks through the rows after number `from`; `before` is the row that the first must follow on.
fn walk(
    connection: &Connection,
    from: i64,
    mut before: Option<(i64, Hash)>,
) -> rusqlite::Result<Result<Sound, Misfit>> {
    // Numbers below 1 belong to no journal, and are looked at with all others.
    let from = if from <= 0 { i64::MIN } else { from };
    let mut rows = connection.prepare(
        "SELECT seq, utc_us, mono_us, run, kind, station, feed, body, prev, hash
         FROM journal WHERE seq > ?1 ORDER BY seq",
    )?;
    let mut rows = rows.query([from])?;
    let mut sound = Sound { rows: 0, span: None, head: BEGINNING };
    while let Some(row) = rows.next()? {
        let at = WallTime::from_micros(row.get(1)?);
        match step(row, before)? {
            Ok(now) => before = Some(now),
            Err(what) => return Ok(Err(Misfit { row: row.get(0)?, at, what })),
        }
        sound.rows += 1;
        sound.span = Some((sound.span.map_or(at, |(first, _)| first), at));
    }
    if let Some((_, hash)) = before {
        sound.head = hash;
    }
    Ok(Ok(sound))
}

/// One row: its number and hash, or what is wrong with it.
fn step(
    row: &Row<'_>,
    before: Option<(i64, Hash)>,
) -> rusqlite::Result<Result<(i64, Hash), Wrong>> {
    let text = |at: usize| row.get_ref(at)?.as_str().map_err(rusqlite::Error::from);
    let maybe = |at: usize| row.get_ref(at)?.as_str_or_null().map_err(rusqlite::Error::from);
    let seq: i64 = row.get(0)?;
    if let Some((last, _)) = before
        && seq != last + 1
    {
        return Ok(Err(Wrong::Number(last + 1)));
    }
    // Of another length: whoever wrote that did it past the table's own checks.
    let (Ok(prev), Ok(hash)) = (row.get::<_, Hash>(8), row.get::<_, Hash>(9)) else {
        return Ok(Err(Wrong::Link));
    };
    if before.is_some_and(|(_, last)| last != prev) {
        return Ok(Err(Wrong::Link));
    }
    let columns = Columns {
        seq,
        utc_us: row.get(1)?,
        mono_us: row.get(2)?,
        run: text(3)?,
        kind: text(4)?,
        station: maybe(5)?,
        feed: maybe(6)?,
        body: text(7)?,
    };
    if columns.hash(&prev) != hash {
        return Ok(Err(Wrong::Content));
    }
    Ok(Ok((seq, hash)))
}
