//! What the two threads of a volume and whoever asks for its state have in common.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::catalogue::{Incident, Record};
use super::cause::Cause;
use super::folder::Folder;
use super::ledger::clock_step;
use super::limits::RecorderLimits;
use super::queue::Queue;
use super::room::VolumeLimits;
use super::segment::{SegmentPath, Stamp};
use super::timeline::{Step, Timeline};
use crate::clock::{Clock, Mono, WallTime, lock};
use crate::model::FeedId;

/// How often the timeline is held against the machine's clock.
const LOOK_AT_CLOCK_EVERY: Duration = Duration::from_secs(1);

/// Lines that may wait for a catalogue: a disk that refuses rows for an hour, of 1000 feeds. Beyond
/// that only incidents are kept; what is in the files can be read from them again.
const MOST_RECORDS: usize = 200_000;

/// Why a volume takes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failing {
    /// [`Cause::DiskFull`] or [`Cause::DiskFailed`].
    pub cause: Cause,
    /// Since when.
    pub since: WallTime,
    /// The system's words.
    pub reason: String,
}

/// What a volume has done and how it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VolumeStatus {
    /// Why nothing is written; `None` while all is well.
    pub failing: Option<Failing>,
    /// Why the catalogue takes no lines; what it should take down waits.
    pub catalogue_failing: Option<String>,
    /// Bytes written since the start.
    pub written_bytes: u64,
    /// Bytes written in a second, lately.
    pub bytes_per_second: u64,
    /// How long since everything written was last made durable. Much more than
    /// [`super::SYNC_EVERY`]: the disk hangs.
    pub unsynced_for: Duration,
    /// The longest that making durable has taken.
    pub worst_sync: Duration,
    /// Bytes that wait in memory.
    pub waiting_bytes: u64,
    /// Units that came whole and are in no file: no room to wait, or the disk took nothing.
    pub dropped_units: u64,
    /// Units that came before any keyframe of their stream; nothing could be made of them.
    pub headless_units: u64,
    /// Feeds whose files the disk refuses while it takes those of others.
    pub refused_feeds: u64,
    /// Segments that are open.
    pub open_segments: u64,
    /// Segments closed since the start.
    pub closed_segments: u64,
    /// Bytes that may still be written, where the system says it.
    pub free_bytes: Option<u64>,
    /// Its folder.
    pub folder: PathBuf,
    /// What was configured for it.
    pub limits: VolumeLimits,
    /// Bytes of all that lies in it, where `limits.most` asks for that and once it is known.
    pub used_bytes: Option<u64>,
    /// What tells its file system from others, where the system says it.
    pub device: Option<u64>,
}

/// What has been written since it was last made durable.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) records: Vec<Record>,
    /// Until when the pictures of a feed are written.
    pub(super) written: HashMap<FeedId, i64>,
    /// The files that were written to.
    pub(super) files: BTreeSet<SegmentPath>,
    /// Files that may be damaged, and the last picture in each: to be looked at before they are spoken of.
    pub(super) doubtful: BTreeMap<SegmentPath, i64>,
}

#[derive(Default)]
pub(super) struct Counters {
    pub(super) written_bytes: AtomicU64,
    pub(super) dropped_units: AtomicU64,
    pub(super) headless_units: AtomicU64,
    pub(super) refused_feeds: AtomicU64,
    pub(super) open_segments: AtomicU64,
    pub(super) closed_segments: AtomicU64,
}

/// What the flushing thread tells.
#[derive(Default)]
pub(super) struct Synced {
    pub(super) durable: HashMap<FeedId, i64>,
    pub(super) last: Mono,
    pub(super) worst: Duration,
    pub(super) bytes_per_second: u64,
    pub(super) catalogue_failing: Option<String>,
}

/// A volume.
pub(super) struct VolumeShared {
    pub(super) folder: Folder,
    pub(super) queue: Queue,
    pub(super) limits: RecorderLimits,
    pub(super) times: Arc<Times>,
    pub(super) pending: Mutex<Pending>,
    pub(super) counters: Counters,
    pub(super) synced: Mutex<Synced>,
    /// Written by the writing thread.
    pub(super) failing: Mutex<Option<Failing>>,
    /// The same for whoever only must know whether.
    pub(super) is_failing: AtomicBool,
    /// The flushing thread has failed with this; the writing thread takes it.
    pub(super) sync_error: Mutex<Option<std::io::Error>>,
}

impl VolumeShared {
    pub(super) fn status(&self) -> VolumeStatus {
        let (waiting, dropped) = self.queue.level();
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let now = self.times.clock.mono();
        // A disk that hangs may hold this up, and nobody else by it.
        let free_bytes = self.folder.free();
        let synced = lock(&self.synced);
        VolumeStatus {
            failing: lock(&self.failing).clone(),
            catalogue_failing: synced.catalogue_failing.clone(),
            written_bytes: of(&self.counters.written_bytes),
            bytes_per_second: synced.bytes_per_second,
            unsynced_for: now.since(synced.last),
            worst_sync: synced.worst,
            waiting_bytes: waiting as u64,
            dropped_units: dropped + of(&self.counters.dropped_units),
            headless_units: of(&self.counters.headless_units),
            refused_feeds: of(&self.counters.refused_feeds),
            open_segments: of(&self.counters.open_segments),
            closed_segments: of(&self.counters.closed_segments),
            free_bytes,
            folder: self.folder.root().to_owned(),
            limits: self.folder.room().limits(),
            used_bytes: self.folder.room().used(),
            device: self.folder.device(),
        }
    }

    /// Keeps a line for the catalogue.
    pub(super) fn tell(&self, record: Record) {
        keep(&mut lock(&self.pending).records, [record]);
    }
}

/// Adds lines, within bounds; the oldest incidents are the last to go.
pub(super) fn keep(records: &mut Vec<Record>, more: impl IntoIterator<Item = Record>) {
    records.extend(more);
    if records.len() > MOST_RECORDS {
        let all = records.len();
        records.retain(|record| matches!(record, Record::Incident(_)));
        records.truncate(MOST_RECORDS / 2);
        log::error!(
            "the catalogue takes nothing: {} lines are given up; `footage reindex` finds the files",
            all - records.len()
        );
    }
}

/// The recording's time, and what is known of other clocks.
pub(super) struct Times {
    pub(super) clock: Arc<dyn Clock>,
    run: String,
    line: Mutex<(Timeline, Mono)>,
    pub(super) synchronised: Mutex<Option<bool>>,
    pub(super) cameras: Mutex<HashMap<FeedId, i64>>,
}

impl Times {
    pub(super) fn new(clock: Arc<dyn Clock>, run: &str, not_before: Option<WallTime>) -> Self {
        let now = clock.mono();
        let line = Timeline::new(now, clock.wall(), not_before);
        Self {
            clock,
            run: run.to_owned(),
            line: Mutex::new((line, now)),
            synchronised: Mutex::default(),
            cameras: Mutex::default(),
        }
    }

    /// The timeline as it is now; first held against the clock, about once a second. A step that is
    /// seen then belongs to whoever asked.
    pub(super) fn line(&self) -> (Timeline, Option<Incident>) {
        let mut line = lock(&self.line);
        let now = self.clock.mono();
        let mut incident = None;
        if now.since(line.1) >= LOOK_AT_CLOCK_EVERY {
            line.1 = now;
            if let Some(step) = line.0.observe(now, self.clock.wall()) {
                log::warn!("the clock was set by {} ms at {}", step.by_us / 1000, step.before);
                incident = Some(clock_step(&self.run, now, step, line.0.ahead_us(now)));
            }
        }
        (line.0.clone(), incident)
    }

    /// The timeline as it was last held against the clock.
    pub(super) fn line_as_it_is(&self) -> Timeline {
        lock(&self.line).0.clone()
    }

    /// That this run's timeline has begun ahead of the clock, where it has.
    pub(super) fn begins_ahead(&self) -> Option<Incident> {
        let (line, at) = lock(&self.line).clone();
        let (ahead_us, says) = (line.ahead_us(at), line.utc(at));
        let step = Step { by_us: 0, before: says, after: says };
        (ahead_us > 0).then(|| clock_step(&self.run, at, step, ahead_us))
    }

    /// The present moment.
    pub(super) fn now(&self) -> Stamp {
        let line = lock(&self.line);
        stamp(&line.0, self.clock.mono())
    }
}

/// A moment of the monotonic clock on the timeline.
pub(super) fn stamp(line: &Timeline, at: Mono) -> Stamp {
    Stamp { utc_us: line.utc(at).as_micros(), mono_us: at.as_micros() }
}
