//! Reading volumes whole: what every file says, and the hash of its bytes, without any catalogue.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::IndexError;
use super::rebuild::{Found, SegmentReader, files, pool, sha256_of, station_folders};
use crate::record::{Segment, SegmentPath, quarantine};

/// What was read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It is whole; with the hash of its bytes.
    Closed(Box<Segment>),
    /// It has no tail: it is still being written, its program died, or somebody has cut it.
    Unfinished,
    /// It is no segment, a damaged one, or cannot be read; why.
    Unread(String),
}

/// A file with the name of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its place in a volume, by its name.
    pub path: SegmentPath,
    /// Where it is.
    pub file: PathBuf,
    /// Whether it was set aside.
    pub is_quarantined: bool,
    /// What was read of it.
    pub state: State,
}

/// All files of some volumes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whole {
    /// By feed and time.
    pub items: Vec<Item>,
    /// Files with names that no segment has.
    pub foreign: Vec<PathBuf>,
}

/// Reads every file of `volumes` from its first byte to its last. `progress` is told how many files
/// and bytes were read; `total` before, how many files there are.
///
/// # Errors
/// A folder cannot be read, or no thread can be started. A file that cannot be read is told as such.
pub fn read_whole(
    volumes: &[PathBuf],
    reader: &dyn SegmentReader,
    total: &dyn Fn(u64),
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Whole, IndexError> {
    let (mut whole, mut wanted) = (Whole::default(), Vec::new());
    for root in volumes {
        for folder in station_folders(root).map_err(|e| IndexError::io(root, &e))? {
            let (paths, foreign) = files(root, &folder).map_err(|e| IndexError::io(&folder, &e))?;
            whole.foreign.extend(foreign);
            let at = |path: SegmentPath| (root.join(path.to_string()), path, false);
            wanted.extend(paths.into_iter().map(at));
        }
        let aside = quarantine::listed(root).map_err(|e| IndexError::io(root, &e))?;
        wanted.extend(aside.into_iter().map(|one| (one.now, one.path, true)));
    }
    total(wanted.len() as u64);
    let read = |(file, path, is_quarantined): (PathBuf, SegmentPath, bool)| {
        let (state, bytes) = state(&file, &path, reader);
        progress(1, bytes);
        Item { path, file, is_quarantined, state }
    };
    whole.items = pool()?.install(|| wanted.into_par_iter().map(read).collect());
    whole.items.sort_by(|a, b| {
        (a.path.feed(), a.path.first(), &a.file).cmp(&(b.path.feed(), b.path.first(), &b.file))
    });
    Ok(whole)
}

fn state(file: &Path, path: &SegmentPath, reader: &dyn SegmentReader) -> (State, u64) {
    match reader.facts(file, path) {
        Ok(Found::Closed(segment)) if segment.path != *path => {
            (State::Unread(format!("it says that it is {}", segment.path)), 0)
        }
        Ok(Found::Closed(mut segment)) => match sha256_of(file) {
            Ok(sha256) => {
                segment.sha256 = sha256;
                let bytes = segment.bytes;
                (State::Closed(segment), bytes)
            }
            Err(e) => (State::Unread(e.to_string()), 0),
        },
        Ok(Found::Unfinished(_)) => (State::Unfinished, 0),
        Err(e) => (State::Unread(e.to_string()), 0),
    }
}
