//! How much a volume may take: what was configured for it, beside what its disk takes.
//!
//! A limit that is reached is told as the system tells of a full disk, so that all that follows on
//! that follows on this: the incident, the alarm, the next volume.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::segment::SegmentPath;
use crate::clock::WallTime;
pub use crate::config::record::VolumeLimits;

/// Not known yet, or nothing that could end.
const UNKNOWN: u64 = u64::MAX;

/// A limit of a volume is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Reached {
    #[error("its recordings may take {0} bytes (most in record.toml), and do")]
    Most(u64),
    #[error("{0} bytes of its disk are to stay free (keep_free in record.toml)")]
    KeepFree(u64),
}

/// What is left of a volume's limits. Written by its writing thread, read by anybody.
#[derive(Debug)]
pub(super) struct Room {
    limits: VolumeLimits,
    /// Bytes that lay there when this run began.
    before: AtomicU64,
    written: AtomicU64,
    deleted: AtomicU64,
    /// Bytes that `keep_free` leaves, since the system was last asked.
    left: AtomicU64,
}

impl Room {
    pub(super) fn new(limits: VolumeLimits) -> Self {
        Self {
            limits,
            before: AtomicU64::new(UNKNOWN),
            written: AtomicU64::new(0),
            deleted: AtomicU64::new(0),
            left: AtomicU64::new(UNKNOWN),
        }
    }

    pub(super) fn limits(&self) -> VolumeLimits {
        self.limits
    }

    /// Bytes of all that lies in the volume, where it matters and once it is known.
    pub(super) fn used(&self) -> Option<u64> {
        let of = |bytes: &AtomicU64| bytes.load(Ordering::Relaxed);
        let before = Some(of(&self.before)).filter(|&bytes| bytes != UNKNOWN)?;
        Some(before.saturating_add(of(&self.written)).saturating_sub(of(&self.deleted)))
    }

    /// Bytes that `most` leaves. While nobody knows what lies there it leaves what it says.
    fn left_of_most(&self) -> Option<u64> {
        let written = self.written.load(Ordering::Relaxed);
        self.limits.most.map(|most| most.saturating_sub(self.used().unwrap_or(written)))
    }

    /// Whether so much more may be written.
    pub(super) fn may_take(&self, bytes: u64) -> io::Result<()> {
        let full = |reached| Err(io::Error::new(io::ErrorKind::StorageFull, reached));
        match (self.limits.most, self.left_of_most()) {
            (Some(most), Some(left)) if left < bytes => return full(Reached::Most(most)),
            _ => {}
        }
        match self.limits.keep_free {
            Some(free) if self.left.load(Ordering::Relaxed) < bytes => {
                full(Reached::KeepFree(free))
            }
            _ => Ok(()),
        }
    }

    /// So much more was written.
    pub(super) fn wrote(&self, bytes: u64) {
        self.written.fetch_add(bytes, Ordering::Relaxed);
        let left = self.left.load(Ordering::Relaxed);
        if left != UNKNOWN {
            // Only the writing thread changes it, and it asks the system again soon.
            self.left.store(left.saturating_sub(bytes), Ordering::Relaxed);
        }
    }

    /// So much was deleted that lay there.
    pub(super) fn gave_back(&self, bytes: u64) {
        self.deleted.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The system says that so many bytes are free.
    pub(super) fn told(&self, free: Option<u64>) {
        if let Some(keep) = self.limits.keep_free {
            let left = free.map_or(UNKNOWN, |free| free.saturating_sub(keep));
            self.left.store(left, Ordering::Relaxed);
        }
    }

    /// Bytes that must be free on the disk for `wanted` more.
    pub(super) fn needs_free(&self, wanted: u64) -> u64 {
        wanted.saturating_add(self.limits.keep_free.unwrap_or(0))
    }

    /// Whether `most` leaves so much.
    pub(super) fn most_leaves(&self, wanted: u64) -> bool {
        self.left_of_most().is_none_or(|left| left >= wanted)
    }

    /// Whether somebody has to find out what lies there.
    pub(super) fn wants_measure(&self) -> bool {
        self.limits.most.is_some()
    }

    /// Adds up what lay in the volume before `since`: what is younger this run has written, and
    /// counted. Ends without an answer when `is_over`.
    pub(super) fn measure(
        &self,
        root: &Path,
        since: WallTime,
        is_over: &dyn Fn() -> bool,
    ) -> io::Result<()> {
        // What was deleted by now is not seen any more, and taken off all the same.
        let mut sum = self.deleted.load(Ordering::Relaxed);
        let mut folders = vec![(root.to_owned(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            if is_over() {
                return Ok(());
            }
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    // `quarantine`, a day, a district, a station: whatever is deeper is not ours.
                    if depth < 4 {
                        folders.push((entry.path(), depth + 1));
                    }
                    continue;
                }
                let path = entry.path();
                let within = path.strip_prefix(root).ok().and_then(Path::to_str);
                let segment = within.and_then(|name| name.parse::<SegmentPath>().ok());
                let is_old = segment.map_or(depth == 4, |segment| segment.first() < since);
                if is_old {
                    match entry.metadata() {
                        Ok(file) => sum = sum.saturating_add(file.len()),
                        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                        Err(e) => return Err(e),
                    }
                }
            }
        }
        self.before.store(sum, Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FeedId, FeedKind, StationId};

    #[test]
    fn a_limit_that_is_reached_is_a_full_disk() {
        let most = Room::new(VolumeLimits { most: Some(1000), keep_free: None });
        assert!(most.may_take(1000).is_ok());
        most.before.store(300, Ordering::Relaxed);
        most.wrote(300);
        assert!(most.may_take(400).is_ok());
        let error = most.may_take(401).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(error.to_string().contains("1000 bytes"), "{error}");
        most.gave_back(200);
        assert_eq!(
            (most.used(), most.most_leaves(600), most.most_leaves(601)),
            (Some(400), true, false)
        );

        let free = Room::new(VolumeLimits { most: None, keep_free: Some(500) });
        assert!(free.may_take(u64::MAX - 1).is_ok(), "the system has not been asked yet");
        free.told(Some(900));
        free.wrote(150);
        assert!(free.may_take(250).is_ok());
        assert_eq!(free.may_take(251).unwrap_err().kind(), io::ErrorKind::StorageFull);
        free.told(Some(400));
        assert!(free.may_take(1).is_err());
        assert_eq!(Room::new(VolumeLimits::default()).may_take(u64::MAX).ok(), Some(()));
    }

    #[test]
    fn what_lay_there_before_is_counted_and_what_this_run_writes_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let feed = FeedId { station: StationId::new(57, 12), kind: FeedKind::Main };
        let file = |at: i64, within: &str, bytes: usize| {
            let path = SegmentPath::new(feed, WallTime::from_micros(at)).to_string();
            let file = dir.path().join(within).join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, vec![0; bytes]).unwrap();
        };
        let since = WallTime::from_micros(1_707_289_200_000_000);
        file(since.as_micros() - 86_400_000_000, "", 1000);
        file(since.as_micros() - 1000, "", 200);
        file(since.as_micros(), "", 30);
        file(since.as_micros() - 5000, "quarantine", 4);
        fs::write(dir.path().join(".reserve"), [0; 500]).unwrap();
        fs::write(dir.path().join("notes.txt"), [0; 500]).unwrap();
        let room = Room::new(VolumeLimits { most: Some(1), keep_free: None });
        room.measure(dir.path(), since, &|| true).unwrap();
        assert_eq!(room.used(), None);
        room.measure(dir.path(), since, &|| false).unwrap();
        assert_eq!(room.used(), Some(1204));
    }
}
