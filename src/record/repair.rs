//! After a kill, a power cut or an error of the disk: every file is whole again, or set aside.
//!
//! A file without a tail is cut back to its last whole fragment and gets a tail that says so. What
//! cannot be made whole is moved to `quarantine`, beside the days, and named; nothing is removed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::catalogue::{Incident, Record};
use super::cause::Cause;
use super::file::{SegmentFile, Sum, segment};
use super::folder::Folder;
use super::quarantine;
use super::quarantine::Quarantined;
use super::segment::{Ended, Segment, SegmentPath};
use crate::clock::WallTime;
use crate::media::mp4::{self, Ending, ReadError};

/// A file's name is of its first picture; it may have ended so much later. Longer ones are in the
/// catalogue as begun.
const LONGEST_USUAL: Duration = Duration::from_secs(600);

/// A damaged piece at the end of a file is no longer than a fragment. Behind its own mark (a `prft` of
/// 32 bytes, the head of a `uuid` box, its identifier) no other one may follow.
const HEADER_OF_OWN: usize = 32 + 8 + 16;

/// What repairing a volume has found.
#[derive(Debug, Default)]
pub struct Repaired {
    /// Segments that are closed now and that nobody has told the catalogue of; and of each file that was
    /// set aside, that its pictures are missing.
    pub records: Vec<Record>,
    /// Files that could not be made whole, where they are now, and why.
    pub quarantined: Vec<Quarantined>,
    /// Files that should be there and are not.
    pub missing: Vec<SegmentPath>,
}

/// Why a file was not made whole.
#[derive(Debug, thiserror::Error)]
pub(super) enum MendError {
    #[error("the disk refuses: {0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Unreadable(String),
}

impl MendError {
    /// Whether it may go another time.
    pub(super) fn is_retryable(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() != io::ErrorKind::NotFound)
    }
}

impl From<ReadError> for MendError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => Self::Io(error),
            ReadError::NotOurs(_) => Self::Unreadable(error.to_string()),
        }
    }
}

/// What the system's memory of a file is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mending {
    /// It is the file.
    Trusting,
    /// The disk has failed: what it holds is read, not what should be there.
    FromDisk,
}

/// Makes the segments of a volume whole that were being recorded when the program ended: those in
/// `open`, and those whose pictures are younger than `since` (all, without). `is_closed` says which
/// of them the catalogue has as closed; they are left alone. To be done before recording begins there.
///
/// # Errors
/// The volume's folder cannot be read or made durable.
pub fn repair(
    volume: &Path,
    open: &[SegmentPath],
    since: Option<WallTime>,
    is_closed: &(dyn Fn(&SegmentPath) -> bool + Sync),
) -> io::Result<Repaired> {
    let mut paths = scan(volume, since)?;
    paths.extend(open.iter().cloned());
    paths.sort_unstable();
    paths.dedup();
    let mended: Vec<_> = paths
        .into_par_iter()
        .filter(|path| !is_closed(path))
        .map(|path| {
            let done = mend(volume, &path, Ended::Repaired, Mending::Trusting);
            (path, done)
        })
        .collect();
    let mut found = Repaired::default();
    for (path, done) in mended {
        match done {
            Ok(segment) => found.records.push(Record::Closed(Box::new(segment))),
            Err(MendError::Io(e)) if e.kind() == io::ErrorKind::NotFound => {
                found.missing.push(path);
            }
            // Its row stays, and so does the file: it may go at the next start.
            Err(error) if error.is_retryable() => {
                log::error!("{path}: {error}; left as it is until the next start");
            }
            Err(error) => {
                let why = error.to_string();
                log::error!("{path}: {why}; put into quarantine");
                match quarantine::set_aside(volume, &path, &why) {
                    Ok(now) => {
                        found.records.push(Record::Incident(set_aside(&path, &why, written(&now))));
                        found.quarantined.push(Quarantined { path, now, why });
                    }
                    Err(e) => log::error!("{path}: it cannot be moved: {e}"),
                }
            }
        }
    }
    let files = found.records.iter().filter_map(|record| match record {
        Record::Closed(segment) => Some(segment.path.clone()),
        _ => None,
    });
    let files = files.collect();
    if found.records.len() + found.quarantined.len() > 0 {
        Folder::open(volume, 0)?.sync(&files)?;
    }
    Ok(found)
}

/// Segments of a volume, by their names, that may have pictures younger than `since`. Whatever else
/// lies there is passed over.
fn scan(volume: &Path, since: Option<WallTime>) -> io::Result<Vec<SegmentPath>> {
    let since = since.map(|since| since - LONGEST_USUAL);
    let first_day = since.map(|since| since.timestamp().strftime("%F").to_string());
    let days = match names(volume) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        days => days?,
    };
    let is_day = |name: &String| name.len() == 10 && name.as_bytes()[4] == b'-';
    let mut stations = Vec::new();
    for day in days.into_iter().filter(is_day) {
        if first_day.as_ref().is_some_and(|first| day < *first) {
            continue;
        }
        for district in names(&volume.join(&day)).unwrap_or_default() {
            let at = format!("{day}/{district}");
            for station in names(&volume.join(&at)).unwrap_or_default() {
                stations.push(format!("{at}/{station}"));
            }
        }
    }
    let of = |station: &String| {
        let files = names(&volume.join(station)).unwrap_or_default();
        let paths = files.iter().filter_map(|name| format!("{station}/{name}").parse().ok());
        let young = |path: &SegmentPath| since.is_none_or(|since| path.first() >= since);
        paths.filter(young).collect::<Vec<SegmentPath>>()
    };
    Ok(stations.par_iter().flat_map_iter(of).collect())
}

/// That the pictures of a file, which was written to until `until_utc_us`, are missing: the disk has
/// not kept them. What of it a dead process has not written is that one's, which explains more.
pub(super) fn set_aside(path: &SegmentPath, why: &str, until_utc_us: i64) -> Incident {
    let from_utc_us = path.first().as_micros();
    Incident {
        feed: Some(path.feed()),
        cause: Cause::DiskFailed,
        from_utc_us,
        to_utc_us: until_utc_us.max(from_utc_us),
        evidence: serde_json::json!({ "quarantined": path.to_string(), "why": why }),
    }
}

/// When a file was last written to, by the machine's clock.
fn written(file: &Path) -> i64 {
    let at = fs::metadata(file).and_then(|file| file.modified()).ok();
    let since = at.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(i64::MIN, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    Ok(names)
}

/// Makes one file whole and says what is in it.
pub(super) fn mend(
    volume: &Path,
    path: &SegmentPath,
    ended: Ended,
    how: Mending,
) -> Result<Segment, MendError> {
    let mut file = OpenOptions::new().read(true).write(true).open(volume.join(path.to_string()))?;
    if how == Mending::FromDisk {
        forget_cached(&file);
    }
    let mut sum: Option<Sum> = None;
    let walked = mp4::walk(&mut file, true, |fragment| {
        for picture in &fragment.pictures {
            match &mut sum {
                Some(sum) => sum.add(picture.arrival.into(), picture.pts),
                None => sum = Some(Sum::of_first(picture.arrival.into(), picture.pts)),
            }
        }
        if let Some(sum) = &mut sum {
            sum.fragments += 1;
        }
        ControlFlow::Continue(())
    })?;
    let unreadable = |what: &str| MendError::Unreadable(what.to_owned());
    let head = walked.start.head;
    if head.feed != path.feed() {
        return Err(unreadable("it is another feed's than its name says"));
    }
    let sum = sum.ok_or_else(|| unreadable("there is no whole fragment in it"))?;
    if sum.first != head.first.into() {
        return Err(unreadable("its first picture is another than its head says"));
    }
    match walked.ending {
        Ending::Closed(tail) => {
            let agrees = tail.frames == sum.frames && tail.last == sum.last.into();
            let hash = hash_of(&mut file, walked.bytes)?.finalize().into();
            let whole = segment(path, head, *tail, walked.bytes, hash).filter(|_| agrees);
            whole.ok_or_else(|| unreadable("its tail is not what is in it"))
        }
        Ending::Torn(what) if goes_on(&mut file, walked.whole)? => {
            // Cutting it here would throw away what is whole.
            Err(MendError::Unreadable(format!("in its middle, {what}")))
        }
        Ending::Torn(_) | Ending::Open | Ending::Stopped => {
            let hash = hash_of(&mut file, walked.whole)?;
            let file = SegmentFile::go_on(path.clone(), head, file, hash, walked.whole)?;
            file.finish(&sum, ended).map_err(|(_, error)| error.into())
        }
    }
}

fn hash_of(file: &mut File, bytes: u64) -> io::Result<Sha256> {
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 256 << 10];
    let mut left = bytes;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
        file.read_exact(&mut piece[..most])?;
        hash.update(&piece[..most]);
        left -= most as u64;
    }
    Ok(hash)
}

/// Whether another fragment or a tail begins behind the damaged piece at `from`.
fn goes_on(file: &mut File, from: u64) -> io::Result<bool> {
    file.seek(SeekFrom::Start(from))?;
    let mut rest = Vec::new();
    // Twice as much as a fragment may be: where more follows, more than one was damaged.
    let most = 64 << 20;
    file.take(most).read_to_end(&mut rest)?;
    let own = rest.len().min(HEADER_OF_OWN);
    let finder = aho_corasick::AhoCorasick::new(mp4::MARKS).map_err(io::Error::other)?;
    Ok(rest.len() as u64 == most || finder.is_match(&rest[own..]))
}

#[cfg(target_os = "linux")]
fn forget_cached(file: &File) {
    // Where the system does not, its memory is all there is.
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn forget_cached(_file: &File) {}
