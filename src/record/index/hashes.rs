//! Learning the hashes that a catalogue lacks that was made again from the files.

use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::IndexError;
use super::read::{Kept, Reader};
use super::rebuild::{BUSY, pool, sha256_of};
use super::rows;
use super::schema::FORM;
use crate::config::database;
use crate::record::chain::chained;

/// Files of which the hashes are written in one transaction.
const BATCH: usize = 512;

/// Reads every file whose hash the catalogue lacks, and goes on with the chains as far as all hashes
/// are known. The caller owns the data folder. Gives how many were learnt and which files could not
/// be read. May be broken off at any time, and goes on from there.
///
/// # Errors
/// The catalogue cannot be read or written.
pub fn fill_hashes(
    file: &Path,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(u64, Vec<(PathBuf, io::Error)>), IndexError> {
    let failed = |e: &rusqlite::Error| IndexError::sqlite(file, e);
    let mut wanted = Vec::new();
    Reader::open(file)?.each(|kept| {
        if !kept.is_hashed {
            wanted.push(kept);
        }
    })?;
    let mut connection =
        database::open(file, BUSY, &FORM).map_err(|e| IndexError::unopened(file, &e))?;
    let (pool, mut learnt, mut unread) = (pool()?, 0, Vec::new());
    for batch in wanted.chunks(BATCH) {
        let hash = |kept: &Kept| {
            let hash = sha256_of(&kept.file());
            progress(1);
            (kept.segment.path.clone(), kept.file(), hash)
        };
        let hashes: Vec<_> = pool.install(|| batch.par_iter().map(hash).collect());
        let write = || -> rusqlite::Result<()> {
            let write = connection.transaction()?;
            for (path, file, hash) in hashes {
                match hash {
                    Ok(hash) => {
                        learnt += 1;
                        let sql =
                            "UPDATE segments SET sha256 = ?3 WHERE feed = ?1 AND named_ms = ?2";
                        let key = (rows::key(path.feed()), rows::named_ms(&path), hash);
                        write.prepare_cached(sql)?.execute(key)?;
                    }
                    Err(e) => unread.push((file, e)),
                }
            }
            write.commit()
        };
        write().map_err(|e| failed(&e))?;
    }
    let mut chain = || -> rusqlite::Result<()> {
        let write = connection.transaction()?;
        go_on(&write)?;
        write.commit()
    };
    chain().map_err(|e| failed(&e))?;
    Ok((learnt, unread))
}

/// Goes on with every chain as far as all hashes are known.
fn go_on(write: &rusqlite::Connection) -> rusqlite::Result<()> {
    let feeds: Vec<i64> = write
        .prepare("SELECT feed FROM chains WHERE sealed < places")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    for feed in feeds {
        let mut end = rows::chain(write, feed)?;
        let sql = format!(
            "SELECT {} FROM {} WHERE feed = ?1 AND place > ?2 ORDER BY place",
            rows::COLUMNS,
            rows::TABLES
        );
        let mut after = write.prepare_cached(&sql)?;
        let after = after.query_map((feed, end.sealed), rows::kept)?;
        let mut links = Vec::new();
        for kept in after {
            let kept = kept?;
            if !kept.is_hashed {
                break;
            }
            end.sealed += 1;
            end.hash = chained(&end.hash, &kept.segment);
            links.push((end.sealed, end.hash));
        }
        for (place, hash) in links {
            let sql = "UPDATE segments SET chain = ?3 WHERE feed = ?1 AND place = ?2";
            write.prepare_cached(sql)?.execute((feed, place, hash))?;
        }
        rows::set_chain(write, feed, end)?;
    }
    Ok(())
}
