//! Where segments lie and which time is in them: what a player has to know of them.

use std::collections::HashMap;
use std::path::PathBuf;

use super::error::IndexError;
use super::read::Reader;
use super::rows;
use crate::clock::WallTime;
use crate::model::FeedId;
use crate::record::Break;

/// A closed segment, as a player needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// Its file.
    pub file: PathBuf,
    /// Arrival of its first picture, in microseconds of UTC.
    pub first_us: i64,
    /// Arrival of its last one.
    pub last_us: i64,
    /// Pictures.
    pub frames: u64,
    /// Times without a picture inside it, in order.
    pub breaks: Vec<Break>,
}

impl Reader {
    /// Every feed that was ever recorded, by station.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn feeds(&self) -> Result<Vec<FeedId>, IndexError> {
        self.all("SELECT feed FROM chains ORDER BY feed", [], |row| rows::feed(row.get(0)?))
    }

    /// The segments of the feeds that are `wanted` which have anything between two moments (both
    /// included), each feed's in the order of time. What was deleted by rule lies nowhere.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn lying(
        &self,
        wanted: impl Fn(FeedId) -> bool,
        (from, to): (WallTime, WallTime),
        mut take: impl FnMut(FeedId, Vec<Lying>),
    ) -> Result<(), IndexError> {
        let volumes = self.all("SELECT id, path FROM volumes", [], |row| {
            Ok((row.get::<_, i64>(0)?, PathBuf::from(row.get::<_, String>(1)?)))
        })?;
        let volumes: HashMap<i64, PathBuf> = volumes.into_iter().collect();
        let is_there = match self.knows_deletions()? {
            true => {
                "AND NOT EXISTS (SELECT 1 FROM deleted WHERE deleted.feed = segments.feed
                    AND deleted.named_ms = segments.named_ms)"
            }
            false => "",
        };
        let sql = format!(
            "SELECT named_ms, volume, first_utc_us, last_utc_us, frames, breaks FROM segments
             WHERE feed = ?1 AND last_utc_us >= ?2 AND first_utc_us <= ?3 {is_there}
             ORDER BY last_utc_us"
        );
        for feed in self.feeds()? {
            if !wanted(feed) {
                continue;
            }
            let asked = (rows::key(feed), from.as_micros(), to.as_micros());
            let lying = self.all(&sql, asked, |row| {
                let volume = volumes.get(&row.get(1)?);
                let path = rows::path(feed, row.get(0)?).to_string();
                Ok(Lying {
                    // The volumes cannot be fewer than the segments know: a key holds them.
                    file: volume.map(|volume| volume.join(path)).unwrap_or_default(),
                    first_us: row.get(2)?,
                    last_us: row.get(3)?,
                    frames: rows::count(row.get(4)?)?,
                    breaks: rows::unpacked(row.get_ref(5)?.as_blob_or_null()?)?,
                })
            })?;
            take(feed, lying);
        }
        Ok(())
    }
}
