//! Segments that were deleted by rule: their rows and their places in the chains stay.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row};
use sha2::{Digest, Sha256};

use super::error::IndexError;
use super::read::Reader;
use super::rows;
use super::write::Index;
use crate::clock::WallTime;
use crate::record::SegmentPath;
use crate::record::chain::Hash;

/// Some segments of one day that were deleted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deletion {
    /// Its number in the journal.
    pub number: u64,
    /// The day they were of, `2024-02-07`.
    pub day: String,
    /// When.
    pub at: WallTime,
    /// Whether the files are gone.
    pub is_done: bool,
    /// How many segments.
    pub segments: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What the journal has of them: [`digest`].
    pub digest: Hash,
}

/// SHA-256 over what `sha256sum` prints of these files in their volume, in the order given: by feed
/// and time.
pub fn digest<'a>(segments: impl Iterator<Item = (&'a SegmentPath, &'a Hash)>) -> Hash {
    let mut sha = Sha256::new();
    for (path, hash) in segments {
        sha.update(format!("{}  {path}\n", crate::journal::chain::hex(hash)));
    }
    sha.finalize().into()
}

impl Reader {
    /// A catalogue of an earlier version knows of none.
    pub(super) fn knows_deletions(&self) -> Result<bool, IndexError> {
        let sql = "SELECT 1 FROM sqlite_schema WHERE name = 'deleted'";
        Ok(!self.all(sql, [], |_| Ok(()))?.is_empty())
    }

    /// The segments that were deleted by rule, with the numbers of their deletions.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn deleted(&self) -> Result<BTreeMap<SegmentPath, u64>, IndexError> {
        if !self.knows_deletions()? {
            return Ok(BTreeMap::new());
        }
        let sql = "SELECT feed, named_ms, deletion FROM deleted";
        let read = |row: &Row<'_>| {
            let path = rows::path(rows::feed(row.get(0)?)?, row.get(1)?);
            Ok((path, rows::count(row.get(2)?)?))
        };
        Ok(self.all(sql, [], read)?.into_iter().collect())
    }

    /// The highest number of a deletion; 0 for none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn newest_deletion(&self) -> Result<u64, IndexError> {
        if !self.knows_deletions()? {
            return Ok(0);
        }
        let sql = "SELECT coalesce(max(number), 0) FROM deletions";
        Ok(self.all(sql, [], |row| rows::count(row.get(0)?))?.pop().unwrap_or(0))
    }

    /// Deletions of which files may be there still.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn begun_deletions(&self) -> Result<BTreeSet<u64>, IndexError> {
        if !self.knows_deletions()? {
            return Ok(BTreeSet::new());
        }
        let sql = "SELECT number FROM deletions WHERE done = 0";
        Ok(self.all(sql, [], |row| rows::count(row.get(0)?))?.into_iter().collect())
    }

    /// What was deleted by rule, the oldest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn deletions(&self) -> Result<Vec<Deletion>, IndexError> {
        if !self.knows_deletions()? {
            return Ok(Vec::new());
        }
        let sql = "SELECT number, day, utc_us, done FROM deletions ORDER BY number";
        let mut deletions = self.all(sql, [], |row| {
            Ok(Deletion {
                number: rows::count(row.get(0)?)?,
                day: row.get(1)?,
                at: WallTime::from_micros(row.get(2)?),
                is_done: row.get(3)?,
                segments: 0,
                bytes: 0,
                digest: Hash::default(),
            })
        })?;
        for deletion in &mut deletions {
            let sql = "SELECT feed, named_ms, bytes, sha256 FROM deleted
                JOIN segments USING (feed, named_ms) WHERE deletion = ?1 ORDER BY feed, named_ms";
            let number = i64::try_from(deletion.number).unwrap_or(i64::MAX);
            let of = self.all(sql, [number], |row| {
                let path = rows::path(rows::feed(row.get(0)?)?, row.get(1)?);
                let hash: Option<Hash> = row.get(3)?;
                Ok((path, rows::count(row.get(2)?)?, hash.unwrap_or_default()))
            })?;
            deletion.segments = of.len() as u64;
            deletion.bytes = of.iter().map(|(_, bytes, _)| bytes).sum();
            deletion.digest = digest(of.iter().map(|(path, _, hash)| (path, hash)));
        }
        Ok(deletions)
    }
}

impl Index {
    /// These segments are deleted by rule. The files are there still; the journal has it already.
    ///
    /// # Errors
    /// Nothing was taken down.
    pub fn delete(
        &self,
        number: u64,
        day: &str,
        at: WallTime,
        paths: &[SegmentPath],
    ) -> Result<(), IndexError> {
        self.write(|write| {
            add(write, number, day, at, false)?;
            paths.iter().try_for_each(|path| add_path(write, path, number))
        })
    }

    /// The files of a deletion are gone.
    ///
    /// # Errors
    /// It was not taken down.
    pub fn deletion_done(&self, number: u64) -> Result<(), IndexError> {
        self.write(|write| {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            write.execute("UPDATE deletions SET done = 1 WHERE number = ?1", [number]).map(drop)
        })
    }
}

pub(super) fn add(
    write: &Connection,
    number: u64,
    day: &str,
    at: WallTime,
    is_done: bool,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO deletions (number, day, utc_us, done) VALUES (?1, ?2, ?3, ?4)";
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    write.execute(sql, (number, day, at.as_micros(), is_done)).map(drop)
}

pub(super) fn add_path(
    write: &Connection,
    path: &SegmentPath,
    number: u64,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO deleted (feed, named_ms, deletion) VALUES (?1, ?2, ?3)";
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let key = (rows::key(path.feed()), rows::named_ms(path), number);
    write.prepare_cached(sql)?.execute(key).map(drop)
}
