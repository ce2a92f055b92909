//! Rows to what they mean, and back.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::read::Kept;
use crate::clock::WallTime;
use crate::model::{FeedId, FeedKind, StationId};
use crate::record::chain::{BEGINNING, Hash, chained};
use crate::record::{Break, Ended, Segment, SegmentPath, Stamp};

/// The number of a feed; sorts as feeds do.
pub(super) fn key(feed: FeedId) -> i64 {
    let StationId { district, station } = feed.station;
    let kind = match feed.kind {
        FeedKind::Main => 0,
        FeedKind::Sub => 1,
    };
    i64::from(district) << 33 | i64::from(station) << 1 | kind
}

/// The feed of a number.
pub(super) fn feed(key: i64) -> rusqlite::Result<FeedId> {
    let district = u16::try_from(key >> 33).ok().filter(|&district| district > 0);
    let station = u32::try_from(key >> 1 & 0xffff_ffff).ok().filter(|&station| station > 0);
    let kind = if key & 1 == 0 { FeedKind::Main } else { FeedKind::Sub };
    match (district, station) {
        (Some(district), Some(station)) => {
            Ok(FeedId { station: StationId::new(district, station), kind })
        }
        _ => Err(foreign(format!("{key} is no feed"))),
    }
}

/// What nothing of ours has written.
fn foreign(words: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, words.into())
}

/// SQLite's numbers have a sign.
fn number(count: u64) -> rusqlite::Result<i64> {
    i64::try_from(count).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

pub(super) fn count(number: i64) -> rusqlite::Result<u64> {
    u64::try_from(number).map_err(|_| foreign(format!("{number} is no count")))
}

pub(super) fn named_ms(path: &SegmentPath) -> i64 {
    path.first().as_micros().div_euclid(1000)
}

pub(super) fn path(feed: FeedId, named_ms: i64) -> SegmentPath {
    SegmentPath::new(feed, WallTime::from_micros(named_ms.saturating_mul(1000)))
}

fn packed(breaks: &[Break]) -> Option<Vec<u8>> {
    let numbers = breaks.iter().flat_map(|lapse| [lapse.from_utc_us, lapse.to_utc_us]);
    (!breaks.is_empty()).then(|| numbers.flat_map(i64::to_le_bytes).collect())
}

pub(super) fn unpacked(blob: Option<&[u8]>) -> rusqlite::Result<Vec<Break>> {
    let (pairs, rest) = blob.unwrap_or_default().as_chunks::<16>();
    if !rest.is_empty() {
        return Err(foreign("breaks are no pairs".into()));
    }
    let number = |bytes: &[u8]| bytes.try_into().map(i64::from_le_bytes).unwrap_or_default();
    let lapse =
        |pair: &[u8; 16]| Break { from_utc_us: number(&pair[..8]), to_utc_us: number(&pair[8..]) };
    Ok(pairs.iter().map(lapse).collect())
}

/// What [`kept`] reads.
pub(super) const COLUMNS: &str = "feed, named_ms, volumes.path, runs.run, segments.first_utc_us,
    segments.first_mono_us, segments.last_utc_us, segments.last_mono_us, first_pts, last_pts, frames,
    bytes, sha256, breaks, camera_clock_us, clock_ahead_us, clock_synchronised, ended, place, chain";

/// Where [`COLUMNS`] come from.
pub(super) const TABLES: &str = "segments JOIN volumes ON volumes.id = segments.volume
    JOIN runs ON runs.id = segments.run";

pub(super) fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let whose = feed(row.get(0)?)?;
    let sha256: Option<Hash> = row.get(12)?;
    let ended = row.get_ref(17)?.as_str()?;
    let stamp =
        |at| Ok::<_, rusqlite::Error>(Stamp { utc_us: row.get(at)?, mono_us: row.get(at + 1)? });
    let segment = Segment {
        feed: whose,
        path: path(whose, row.get(1)?),
        run: row.get(3)?,
        first: stamp(4)?,
        last: stamp(6)?,
        first_pts: row.get(8)?,
        last_pts: row.get(9)?,
        frames: count(row.get(10)?)?,
        bytes: count(row.get(11)?)?,
        sha256: sha256.unwrap_or_default(),
        breaks: unpacked(row.get_ref(13)?.as_blob_or_null()?)?,
        camera_clock_us: row.get(14)?,
        clock_ahead_us: row.get(15)?,
        clock_synchronised: row.get(16)?,
        ended: Ended::of(ended).ok_or_else(|| foreign(format!("{ended} is no ending")))?,
    };
    Ok(Kept {
        volume: std::path::PathBuf::from(row.get::<_, String>(2)?),
        segment,
        is_hashed: sha256.is_some(),
        place: count(row.get(18)?)?,
        chain: row.get(19)?,
    })
}

/// The number of a volume, a new one if need be.
pub(super) fn volume_id(connection: &Connection, path: &str) -> rusqlite::Result<i64> {
    named(connection, "volumes", "path", path)
}

/// The number of a run, a new one if need be.
pub(super) fn run_id(connection: &Connection, run: &str) -> rusqlite::Result<i64> {
    named(connection, "runs", "run", run)
}

fn named(connection: &Connection, table: &str, column: &str, name: &str) -> rusqlite::Result<i64> {
    let select = format!("SELECT id FROM {table} WHERE {column} = ?1");
    let found =
        connection.prepare_cached(&select)?.query_row([name], |row| row.get(0)).optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    let insert = format!("INSERT INTO {table} ({column}) VALUES (?1)");
    connection.prepare_cached(&insert)?.execute([name])?;
    Ok(connection.last_insert_rowid())
}

/// How far a feed's chain has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    pub(super) places: i64,
    pub(super) sealed: i64,
    pub(super) hash: Hash,
}

pub(super) fn chain(connection: &Connection, feed: i64) -> rusqlite::Result<Chain> {
    let sql = "SELECT places, sealed, hash FROM chains WHERE feed = ?1";
    let read =
        |row: &Row<'_>| Ok(Chain { places: row.get(0)?, sealed: row.get(1)?, hash: row.get(2)? });
    let found = connection.prepare_cached(sql)?.query_row([feed], read).optional()?;
    Ok(found.unwrap_or(Chain { places: 0, sealed: 0, hash: BEGINNING }))
}

pub(super) fn set_chain(connection: &Connection, feed: i64, chain: Chain) -> rusqlite::Result<()> {
    let sql = "INSERT INTO chains (feed, places, sealed, hash) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (feed) DO UPDATE SET
            places = excluded.places, sealed = excluded.sealed, hash = excluded.hash";
    let Chain { places, sealed, hash } = chain;
    connection.prepare_cached(sql)?.execute((feed, places, sealed, hash))?;
    Ok(())
}

/// Adds a segment at the end of its feed's chain. `is_hashed`: whether its hash is known.
pub(super) fn add(
    connection: &Connection,
    volume: i64,
    segment: &Segment,
    is_hashed: bool,
) -> rusqlite::Result<()> {
    let feed = key(segment.feed);
    let mut end = chain(connection, feed)?;
    let is_sealed = is_hashed && end.sealed == end.places;
    end.places += 1;
    if is_sealed {
        end.sealed = end.places;
        end.hash = chained(&end.hash, segment);
    }
    let sql = "INSERT INTO segments (feed, place, named_ms, volume, run, first_utc_us, first_mono_us,
            last_utc_us, last_mono_us, first_pts, last_pts, frames, bytes, sha256, breaks,
            camera_clock_us, clock_ahead_us, clock_synchronised, ended, chain)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
            ?20)";
    connection.prepare_cached(sql)?.execute(rusqlite::params![
        feed,
        end.places,
        named_ms(&segment.path),
        volume,
        run_id(connection, &segment.run)?,
        segment.first.utc_us,
        segment.first.mono_us,
        segment.last.utc_us,
        segment.last.mono_us,
        segment.first_pts,
        segment.last_pts,
        number(segment.frames)?,
        number(segment.bytes)?,
        is_hashed.then_some(segment.sha256),
        packed(&segment.breaks),
        segment.camera_clock_us,
        segment.clock_ahead_us,
        segment.clock_synchronised,
        segment.ended.code(),
        is_sealed.then_some(end.hash),
    ])?;
    set_chain(connection, feed, end)
}

/// The segment of this path, if there is one.
pub(super) fn find(connection: &Connection, path: &SegmentPath) -> rusqlite::Result<Option<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE feed = ?1 AND named_ms = ?2");
    let wanted = (key(path.feed()), named_ms(path));
    connection.prepare_cached(&sql)?.query_row(wanted, kept).optional()
}
