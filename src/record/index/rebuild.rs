//! Making the catalogue again from the files.
//!
//! Reads the head and the tail of every segment, on as many threads as there are processors. Hashes
//! are taken over from the old catalogue where it says the same of a file; others stay unknown until
//! [`fill_hashes`](super::fill_hashes) has read the files whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::deleted::{self, Deletion};
use super::error::IndexError;
use super::read::{Alive, Kept, Reader};
use super::rows;
use super::schema::FORM;
use super::write;
use crate::clock::{Boot, Clock, WallTime};
use crate::config::database;
use crate::config::save::sync_folder;
use crate::record::chain::Hash;
use crate::record::{Incident, Opened, Segment, SegmentPath};

/// So long the file may be held by a reader while the new one takes its place.
pub(super) const BUSY: Duration = Duration::from_secs(10);

/// What a file says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is closed. Its `sha256` is not looked at: no file can say its own.
    Closed(Box<Segment>),
    /// It was being written when its process ended, or still is.
    Unfinished(Opened),
}

/// Why a file says nothing.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It is no segment, or a damaged one.
    #[error("{0}")]
    Damaged(String),
    /// The operating system's words.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Reads the head and the tail of a file, no more.
pub trait SegmentReader: Sync {
    /// What `file` says, which lies at `path` in its volume.
    ///
    /// # Errors
    /// It is no whole segment, or cannot be read.
    fn facts(&self, file: &Path, path: &SegmentPath) -> Result<Found, Unread>;
}

/// What has come of making the catalogue again.
#[derive(Debug, Default)]
pub struct Rebuilt {
    /// Segments in it.
    pub segments: u64,
    /// Of these, how many hashes are not known.
    pub unhashed: u64,
    /// Files that are not finished; the next recorder closes them.
    pub unfinished: u64,
    /// Files that say nothing, and why. They stay where they are.
    pub unread: Vec<(PathBuf, Unread)>,
    /// Files with names that no segment has.
    pub foreign: Vec<PathBuf>,
    /// Segments of the old catalogue that are not there any more.
    pub missing: Vec<PathBuf>,
    /// What the old catalogue is called now.
    pub old: Option<PathBuf>,
}

/// A segment that was found.
struct Item {
    volume: usize,
    segment: Segment,
    is_hashed: bool,
    /// Its place in the old catalogue.
    place: Option<u64>,
}

impl Item {
    fn key(&self) -> (i64, i64) {
        (rows::key(self.segment.feed), rows::named_ms(&self.segment.path))
    }
}

/// Makes the catalogue `file` again from what lies in `volumes`, and puts it in the place of the old
/// one in one step. The caller owns the data folder. `progress` is told how many files were read.
///
/// # Errors
/// The old one is as it was: a volume is not there, a disk cannot be read or written, or the old one
/// is a newer version's.
pub fn rebuild(
    file: &Path,
    volumes: &[PathBuf],
    reader: &dyn SegmentReader,
    clock: &dyn Clock,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Rebuilt, IndexError> {
    let old = match Reader::open(file) {
        Ok(old) => Some(old),
        Err(IndexError::None { .. } | IndexError::Damaged { .. }) => None,
        Err(e) => return Err(e),
    };
    let mut rebuilt = Rebuilt::default();
    let mut volumes = volumes.to_vec();
    let (mut items, opened) = gather(&volumes, reader, &mut rebuilt, progress)?;
    items.sort_by_key(Item::key);
    let recalled =
        old.map_or(Ok(Told::default()), |old| recall(&old, &mut volumes, &mut items, &mut rebuilt));
    let told = match recalled {
        // What can be read of a damaged file is not to be relied on.
        Err(IndexError::Damaged { words, .. }) => {
            log::error!("{} is damaged ({words}); nothing is taken over", file.display());
            items.iter_mut().for_each(|item| (item.place, item.is_hashed) = (None, false));
            rebuilt.missing.clear();
            Told::default()
        }
        told => told?,
    };
    in_order(&mut items);
    rebuilt.segments = items.len() as u64;
    rebuilt.unhashed = items.iter().filter(|item| !item.is_hashed).count() as u64;
    let stamp = clock.wall().timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    let new =
        database::free_name(file, &format!("new-{stamp}")).map_err(|e| IndexError::io(file, &e))?;
    let written = fill(&new, &volumes, &items, &opened, &told);
    let placed = written.and_then(|()| replace(file, &new, &stamp));
    if placed.is_err() {
        // The error that counts is the first one; a file left over is harmless.
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(database::beside(&new, end));
        }
    }
    rebuilt.old = placed?;
    Ok(rebuilt)
}

type Gathered = (Vec<Item>, Vec<(usize, Opened)>);

/// What all files say.
fn gather(
    volumes: &[PathBuf],
    reader: &dyn SegmentReader,
    rebuilt: &mut Rebuilt,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Gathered, IndexError> {
    let mut folders = Vec::new();
    for (volume, root) in volumes.iter().enumerate() {
        let found = station_folders(root).map_err(|e| IndexError::io(root, &e))?;
        folders.extend(found.into_iter().map(|folder| (volume, folder)));
    }
    let read = |(volume, folder): &(usize, PathBuf)| -> Result<_, IndexError> {
        let root = &volumes[*volume];
        let (paths, foreign) = files(root, folder).map_err(|e| IndexError::io(folder, &e))?;
        let mut found = Vec::with_capacity(paths.len());
        for path in paths {
            let file = root.join(path.to_string());
            let facts = reader.facts(&file, &path);
            found.push((file, path, facts));
        }
        progress(found.len() as u64);
        Ok((*volume, found, foreign))
    };
    let folders: Vec<_> = pool()?.install(|| folders.par_iter().map(read).collect());
    let (mut items, mut opened) = (Vec::new(), Vec::new());
    for folder in folders {
        let (volume, found, foreign) = folder?;
        rebuilt.foreign.extend(foreign);
        for (file, path, facts) in found {
            match facts {
                // A file that was renamed says who it is all the same.
                Ok(Found::Closed(segment)) if segment.path != path => {
                    let words = format!("it says that it is {}", segment.path);
                    rebuilt.unread.push((file, Unread::Damaged(words)));
                }
                Ok(Found::Closed(segment)) => {
                    items.push(Item { volume, segment: *segment, is_hashed: false, place: None });
                }
                Ok(Found::Unfinished(open)) => opened.push((volume, open)),
                Err(e) => rebuilt.unread.push((file, e)),
            }
        }
    }
    rebuilt.unfinished = opened.len() as u64;
    Ok((items, opened))
}

/// Threads to read on, named and bounded.
pub(in crate::record) fn pool() -> Result<rayon::ThreadPool, IndexError> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(16);
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let named = builder.thread_name(|n| format!("footage-{n}"));
    named.build().map_err(|e| IndexError::Threads(e.to_string()))
}

/// The folders `YYYY-MM-DD/district/station` of a volume. Others are not looked into.
pub(in crate::record) fn station_folders(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = vec![root.to_owned()];
    let levels: [fn(&str) -> bool; 3] = [
        |day| day.parse::<jiff::civil::Date>().is_ok() && day.len() == 10,
        |district| district.parse::<u16>().is_ok(),
        |station| station.parse::<u32>().is_ok(),
    ];
    for is_wanted in levels {
        let mut inner = Vec::new();
        for folder in folders {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let name = entry.file_name();
                if name.to_str().is_some_and(is_wanted) && entry.file_type()?.is_dir() {
                    inner.push(entry.path());
                }
            }
        }
        folders = inner;
    }
    folders.sort();
    Ok(folders)
}

/// The segments in a folder, and what else lies there.
pub(in crate::record) fn files(
    root: &Path,
    folder: &Path,
) -> io::Result<(Vec<SegmentPath>, Vec<PathBuf>)> {
    let (mut segments, mut others) = (Vec::new(), Vec::new());
    let within = folder.strip_prefix(root).unwrap_or(folder);
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let parsed = name.to_str().and_then(|name| within.join(name).to_str()?.parse().ok());
        match parsed {
            Some(path) => segments.push(path),
            None => others.push(folder.join(name)),
        }
    }
    segments.sort();
    Ok((segments, others))
}

/// What no file says.
#[derive(Default)]
struct Told {
    incidents: Vec<Incident>,
    alive: Vec<Alive>,
    boots: Vec<(String, Boot)>,
    deletions: Vec<Deletion>,
    deleted: BTreeMap<SegmentPath, u64>,
}

/// Takes over what the old catalogue knows and the files do not say.
fn recall(
    old: &Reader,
    volumes: &mut Vec<PathBuf>,
    items: &mut Vec<Item>,
    rebuilt: &mut Rebuilt,
) -> Result<Told, IndexError> {
    let always = (WallTime::from_micros(i64::MIN), WallTime::from_micros(i64::MAX));
    let told = Told {
        incidents: old.incidents(always.0, always.1)?,
        alive: old.alive()?,
        boots: old.boots()?,
        deletions: old.deletions()?,
        deleted: old.deleted()?,
    };
    let mut gone = Vec::new();
    old.each(|kept| {
        let key = (rows::key(kept.segment.feed), rows::named_ms(&kept.segment.path));
        let Ok(at) = items.binary_search_by_key(&key, Item::key) else {
            if told.deleted.contains_key(&kept.segment.path) {
                gone.push(kept);
            } else {
                rebuilt.missing.push(kept.file());
            }
            return;
        };
        let item = &mut items[at];
        let Kept { segment, is_hashed, place, .. } = kept;
        item.place = Some(place);
        let says_the_same = Segment { sha256: segment.sha256, ..item.segment.clone() } == segment;
        if is_hashed && says_the_same {
            item.segment.sha256 = segment.sha256;
            item.is_hashed = true;
        }
    })?;
    // Of what was deleted by rule only the old catalogue knows, and the chain goes through it.
    for Kept { volume, segment, is_hashed, place, .. } in gone {
        let known = volumes.iter().position(|known| *known == volume);
        let volume = known.unwrap_or_else(|| {
            volumes.push(volume);
            volumes.len() - 1
        });
        items.push(Item { volume, segment, is_hashed, place: Some(place) });
    }
    items.sort_by_key(Item::key);
    Ok(told)
}

/// Each feed's segments in the order of its chain. That is the order of time, except that a segment
/// that was told late (its volume was away) keeps its later place, if nothing else has come to light
/// that would move it anyway.
fn in_order(items: &mut [Item]) {
    for feed in items.chunk_by_mut(|a, b| a.segment.feed == b.segment.feed) {
        let newest_known = feed.iter().filter(|i| i.place.is_some()).map(Item::key).max();
        let oldest_new = feed.iter().filter(|i| i.place.is_none()).map(Item::key).min();
        let follows = oldest_new.is_none_or(|new| newest_known.is_none_or(|known| known < new));
        if follows {
            feed.sort_by_key(|item| (item.place.unwrap_or(u64::MAX), item.key()));
        }
    }
}

/// Writes the new file, whole and durable.
fn fill(
    new: &Path,
    volumes: &[PathBuf],
    items: &[Item],
    opened: &[(usize, Opened)],
    told: &Told,
) -> Result<(), IndexError> {
    let failed = |e: &rusqlite::Error| IndexError::sqlite(new, e);
    let mut connection =
        database::open(new, BUSY, &FORM).map_err(|e| IndexError::unopened(new, &e))?;
    let mut all = || -> rusqlite::Result<()> {
        let write = connection.transaction()?;
        let mut ids = Vec::new();
        for volume in volumes {
            ids.push(rows::volume_id(&write, &volume.to_string_lossy())?);
        }
        for incident in &told.incidents {
            write::tell(&write, incident)?;
        }
        for run in &told.alive {
            write::was_alive(&write, &run.run, run.first)?;
            write::was_alive(&write, &run.run, run.last)?;
        }
        for (run, boot) in &told.boots {
            write::was_in(&write, run, boot)?;
        }
        // Where nothing tells how long a run was at work, its segments say so at the least.
        let mut runs = BTreeMap::new();
        for item in items {
            rows::add(&write, ids[item.volume], &item.segment, item.is_hashed)?;
            let Segment { run, first, last, .. } = &item.segment;
            let span = runs.entry(run.as_str()).or_insert((*first, *last));
            *span = (span.0.min(*first), span.1.max(*last));
        }
        for deletion in &told.deletions {
            let Deletion { number, day, at, is_done, .. } = deletion;
            deleted::add(&write, *number, day, *at, *is_done)?;
        }
        for (path, number) in &told.deleted {
            deleted::add_path(&write, path, *number)?;
        }
        for (run, (first, last)) in runs {
            write::was_alive(&write, run, first)?;
            write::was_alive(&write, run, last)?;
        }
        for (volume, opened) in opened {
            write::open(&write, ids[*volume], opened)?;
        }
        write.commit()?;
        // The log goes when the last connection is closed, and the file is all there is.
        connection.pragma_update(None, "wal_checkpoint", "TRUNCATE")
    };
    all().map_err(|e| failed(&e))?;
    connection.close().map_err(|(_, e)| failed(&e))?;
    let synced = File::open(new).and_then(|file| file.sync_all());
    synced.map_err(|e| IndexError::io(new, &e))
}

/// Puts the file `new` in the place of `file`, which is kept under another name.
fn replace(file: &Path, new: &Path, stamp: &str) -> Result<Option<PathBuf>, IndexError> {
    let failed = |e: io::Error| IndexError::io(file, &e);
    let folder = file.parent().unwrap_or(Path::new("."));
    let settled = match database::open(file, BUSY, &FORM) {
        // The log of the old file must not be taken for one of the new file: it is worked off, and
        // SQLite removes it with the change of the mode.
        Ok(old) => {
            let mode = old.pragma_update_and_check(None, "journal_mode", "DELETE", |row| {
                row.get::<_, String>(0)
            });
            let mode = mode.map_err(|e| IndexError::sqlite(file, &e))?;
            if mode != "delete" {
                let busy = io::Error::from(io::ErrorKind::ResourceBusy);
                return Err(IndexError::io(file, &busy));
            }
            true
        }
        Err(e) => match IndexError::unopened(file, &e) {
            IndexError::Damaged { .. } => false,
            other => return Err(other),
        },
    };
    let old = if settled {
        let aside = database::free_name(file, &format!("before-{stamp}")).map_err(failed)?;
        // A second name first, so that there is a catalogue at every moment; where the file system
        // has no second names, a moment without one.
        fs::hard_link(file, &aside).or_else(|_| fs::rename(file, &aside)).map_err(failed)?;
        aside
    } else {
        database::set_aside(file, stamp).map_err(failed)?
    };
    fs::rename(new, file).and_then(|()| sync_folder(folder)).map_err(failed)?;
    Ok(Some(old))
}

/// The SHA-256 of a file.
///
/// # Errors
/// It cannot be read.
pub fn sha256_of(file: &Path) -> io::Result<Hash> {
    let mut file = File::open(file)?;
    let mut sha = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(sha.finalize().into()),
            Ok(read) => sha.update(&buffer[..read]),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
