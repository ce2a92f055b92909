//! Holding the catalogue and the files against each other.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rayon::prelude::*;

use super::deleted::Deletion;
use super::error::IndexError;
use super::read::{Kept, Reader};
use super::rebuild::{files, pool, sha256_of, station_folders};
use crate::clock::WallTime;
use crate::model::FeedId;
use crate::record::chain::{BEGINNING, Hash, chained};
use crate::record::{SegmentPath, quarantine};

/// A file that began no longer than this before the recorder's last word may have no row yet.
const NOT_YET_TOLD: Duration = Duration::from_secs(15);

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whose segment.
    pub feed: FeedId,
    /// Its first picture, to the millisecond.
    pub at: WallTime,
    /// Its file.
    pub file: PathBuf,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// There is no such file.
    Missing,
    /// It has another size.
    Size {
        /// As the catalogue says.
        expected: u64,
        /// As it is.
        found: u64,
    },
    /// Its content is not what was sealed.
    Hash,
    /// It cannot be read; the operating system's words.
    Unreadable(String),
    /// The file is in no catalogue.
    Unlisted,
    /// It could not be read and was set aside; why.
    Quarantined(String),
    /// Its row was changed: it does not fit into the chain of its feed. What follows is not looked
    /// at, for it hangs on this.
    Chain,
}

impl What {
    /// Its name in what programs read; never changes.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Size { .. } => "size",
            Self::Hash => "hash",
            Self::Unreadable(_) => "unreadable",
            Self::Unlisted => "unlisted",
            Self::Quarantined(_) => "quarantined",
            Self::Chain => "chain",
        }
    }
}

/// What a check has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Segments of the catalogue that were looked at: all but those that were deleted by rule.
    pub segments: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those whose hashes were compared.
    pub hashed: u64,
    /// Those whose hashes the catalogue does not know.
    pub unhashed: u64,
    /// Volumes that are not there. Their segments are not told one by one.
    pub absent: Vec<PathBuf>,
    /// What was deleted by rule, the oldest first.
    pub deletions: Vec<Deletion>,
    /// What is wrong, by station and time.
    pub findings: Vec<Finding>,
}

/// Looks at every segment of the catalogue and at every file of its volumes. With `hash` every file
/// is read whole. May run beside the recorder. `progress` is told how many were looked at.
///
/// # Errors
/// The catalogue or a folder cannot be read.
pub fn check(
    reader: &Reader,
    hash: bool,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Checked, IndexError> {
    let volumes = reader.volumes()?;
    let (present, absent): (Vec<_>, Vec<_>) = volumes.into_iter().partition(|v| v.is_dir());
    // First the files, then the rows: what is closed meanwhile has a row by then.
    let mut on_disk = Vec::new();
    for root in &present {
        for folder in station_folders(root).map_err(|e| IndexError::io(root, &e))? {
            let (paths, _) = files(root, &folder).map_err(|e| IndexError::io(&folder, &e))?;
            on_disk.extend(paths.into_iter().map(|path| (path, root)));
        }
    }
    let mut kept = Vec::new();
    reader.each(|one| kept.push(one))?;
    let deleted = reader.deleted()?;
    let findings = misfits(&kept);
    let mut listed: BTreeSet<SegmentPath> =
        kept.iter().map(|one| one.segment.path.clone()).collect();
    // Their rows count in the chains; their files are gone, or about to be.
    kept.retain(|one| !deleted.contains_key(&one.segment.path));
    let mut checked = Checked {
        segments: kept.len() as u64,
        bytes: kept.iter().map(|one| one.segment.bytes).sum(),
        unhashed: kept.iter().filter(|one| !one.is_hashed).count() as u64,
        deletions: reader.deletions()?,
        findings,
        ..Checked::default()
    };
    let look = |one: &Kept| {
        let what = if absent.contains(&one.volume) { None } else { wrong(one, hash) };
        progress(1);
        what.map(|what| finding(&one.segment.path, one.file(), what))
    };
    let found: Vec<Option<Finding>> = pool()?.install(|| kept.par_iter().map(look).collect());
    checked.findings.extend(found.into_iter().flatten());
    let hashed = |one: &&Kept| hash && one.is_hashed && !absent.contains(&one.volume);
    checked.hashed = kept.iter().filter(hashed).count() as u64;

    listed.extend(reader.opened()?.into_iter().map(|(_, opened)| opened.path));
    let told_up_to = reader.newest()?.map(|newest| newest - NOT_YET_TOLD);
    let unlisted = on_disk.into_iter().filter(|(path, _)| !listed.contains(path));
    for (path, root) in unlisted.filter(|(path, _)| told_up_to.is_none_or(|t| path.first() <= t)) {
        let file = root.join(path.to_string());
        checked.findings.push(finding(&path, file, What::Unlisted));
    }
    for root in &present {
        for one in quarantine::listed(root).map_err(|e| IndexError::io(root, &e))? {
            checked.findings.push(finding(&one.path, one.now, What::Quarantined(one.why)));
        }
    }
    checked.findings.sort_by_key(|finding| (finding.feed.station, finding.at, finding.feed.kind));
    checked.absent = absent;
    Ok(checked)
}

fn finding(path: &SegmentPath, file: PathBuf, what: What) -> Finding {
    Finding { feed: path.feed(), at: path.first(), file, what }
}

/// What is wrong with a segment's file.
fn wrong(one: &Kept, hash: bool) -> Option<What> {
    let file = one.file();
    let size = match size(&file) {
        Ok(Some(size)) => size,
        Ok(None) => return Some(What::Missing),
        Err(e) => return Some(What::Unreadable(e.to_string())),
    };
    if size != one.segment.bytes {
        return Some(What::Size { expected: one.segment.bytes, found: size });
    }
    if !hash || !one.is_hashed {
        return None;
    }
    match sha256_of(&file) {
        Ok(found) if found == one.segment.sha256 => None,
        Ok(_) => Some(What::Hash),
        Err(e) => Some(What::Unreadable(e.to_string())),
    }
}

fn size(file: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(file) {
        Ok(found) if found.is_file() => Ok(Some(found.len())),
        Ok(_) => Ok(None),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(e) => Err(e),
    }
}

/// Walks through each feed's chain; the first row of each that does not fit. `kept` is in order of
/// feeds and places.
fn misfits(kept: &[Kept]) -> Vec<Finding> {
    let mut found = Vec::new();
    for feed in kept.chunk_by(|a, b| a.segment.feed == b.segment.feed) {
        let mut before: Option<Hash> = Some(BEGINNING);
        for (one, place) in feed.iter().zip(1..) {
            let chain =
                before.filter(|_| one.is_hashed).map(|before| chained(&before, &one.segment));
            if one.place != place || one.chain != chain {
                found.push(finding(&one.segment.path, one.file(), What::Chain));
                break;
            }
            before = chain;
        }
    }
    found
}
