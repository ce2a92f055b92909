//! The thread that makes a volume durable, and only then speaks of it.
//!
//! Every few seconds: what has been written up to now is made durable at once, files and folders
//! together; then the catalogue takes it down; then the next round begins. While the disk hangs this
//! thread hangs and the writing goes on.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::catalogue::{Catalogue, Incident, Record};
use super::cause::Cause;
use super::quarantine;
use super::repair::{self, Mending};
use super::segment::{Ended, SegmentPath, Stamp};
use super::shared::{Pending, VolumeShared, keep, stamp};
use super::syncer::Syncer;
use crate::clock::{Mono, lock};
use crate::model::FeedId;

/// The flushing side of a volume.
pub(super) struct Flusher {
    shared: Arc<VolumeShared>,
    catalogue: Box<dyn Catalogue>,
    syncer: Syncer,
    /// The only volume there is.
    alone: bool,
    /// Lines that are true, and that the catalogue has not taken yet.
    records: Vec<Record>,
    /// Files that may have lost what was written to them, and the last picture in each.
    doubtful: BTreeMap<SegmentPath, i64>,
    written_bytes: u64,
    last: Mono,
}

impl Flusher {
    /// `records`: what an earlier run has left to be told.
    pub(super) fn new(
        shared: Arc<VolumeShared>,
        catalogue: Box<dyn Catalogue>,
        syncer: Syncer,
        records: Vec<Record>,
        alone: bool,
    ) -> Self {
        let last = shared.times.clock.mono();
        lock(&shared.synced).last = last;
        let doubtful = BTreeMap::new();
        Self { shared, catalogue, syncer, alone, records, doubtful, written_bytes: 0, last }
    }

    /// Until `stop` is disconnected, and once more then. Whoever rings is not waited for.
    pub(super) fn run(mut self, stop: &Receiver<()>) {
        let clock = Arc::clone(&self.shared.times.clock);
        // What the start has found is told at once.
        self.round();
        loop {
            let due = self.last + self.shared.limits.sync_every;
            let ended = match stop.recv_timeout(due.since(clock.mono())) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => true,
            };
            self.round();
            if ended {
                // What was looked at in the last round is still to be told.
                if !self.shared.is_failing.load(Ordering::Acquire) {
                    self.round();
                }
                return;
            }
        }
    }

    fn round(&mut self) {
        let clock = Arc::clone(&self.shared.times.clock);
        let began = clock.mono();
        let batch = std::mem::take(&mut *lock(&self.shared.pending));
        // Not later than what is in the batch.
        let alive = self.shared.times.now();
        self.doubtful.extend(batch.doubtful.iter().map(|(path, last)| (path.clone(), *last)));
        if let Err(error) = self.sync(&batch) {
            self.give_up(batch, error);
            self.last = began;
            return;
        }
        let ended = clock.mono();
        self.synced(&batch, began, ended);
        let doubtful = &self.doubtful;
        keep(&mut self.records, batch.records.into_iter().filter(|r| !speaks_of(r, doubtful)));
        self.commit(alive);
        if !self.shared.is_failing.load(Ordering::Acquire) {
            self.look_at_doubtful();
            if self.shared.folder.has_room() {
                // It may have been given up for the catalogue.
                let _ = self.shared.folder.make_reserve();
            }
        }
    }

    /// Makes the batch durable. While that hangs, which is no error and may end well, it is told what
    /// the matter is and that the recorder is at work.
    fn sync(&mut self, batch: &Pending) -> std::io::Result<()> {
        let Self { shared, catalogue, syncer, records, alone, .. } = self;
        let since = lock(&shared.synced).last;
        let mut from_utc_us = None;
        syncer.sync(&batch.files, shared.limits.hangs_from, || {
            let now = shared.times.now();
            let hangs = shared.times.clock.mono().since(since);
            log::warn!("{}: it has not been durable for {hangs:?}", shared.folder.root().display());
            let feeds: Vec<Option<FeedId>> = match alone {
                true => vec![None],
                false => batch.written.keys().copied().map(Some).collect(),
            };
            let from =
                from_utc_us.unwrap_or_else(|| stamp(&shared.times.line_as_it_is(), since).utc_us);
            let told = feeds.into_iter().map(|feed| {
                Record::Incident(Incident {
                    feed,
                    cause: Cause::DiskFailed,
                    from_utc_us: from.min(now.utc_us),
                    to_utc_us: now.utc_us,
                    evidence: serde_json::json!({ "not_durable_ms": hangs.as_millis() as u64 }),
                })
            });
            keep(records, told);
            from_utc_us = Some(now.utc_us);
            // Nothing of what waits to be durable, but all that is known.
            let waiting = std::mem::take(&mut lock(&shared.pending).records);
            let (told, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_incident);
            keep(records, told);
            lock(&shared.pending).records.splice(0..0, waiting);
            commit(shared, catalogue, records, now);
        })
    }

    fn synced(&mut self, batch: &Pending, began: Mono, ended: Mono) {
        let written = self.shared.counters.written_bytes.load(Ordering::Relaxed);
        let passed = u64::try_from(began.since(self.last).as_millis()).unwrap_or(u64::MAX).max(1);
        let mut synced = lock(&self.shared.synced);
        if !batch.files.is_empty() {
            synced.worst = synced.worst.max(ended.since(began));
        }
        synced.last = ended;
        let bytes = (written - self.written_bytes).saturating_mul(1000);
        // A first look right after the start says nothing.
        if began.since(self.last) >= Duration::from_millis(100) {
            synced.bytes_per_second = bytes / passed;
        }
        let durable = batch.written.iter().map(|(feed, until)| (*feed, *until));
        synced.durable.extend(durable);
        (self.written_bytes, self.last) = (written, began);
    }

    /// Nobody knows what of it has reached the disk: the system does not write it again.
    fn give_up(&mut self, batch: Pending, error: std::io::Error) {
        let last = |path: SegmentPath| {
            let last = batch.written.get(&path.feed()).copied();
            (path, last.unwrap_or(i64::MIN))
        };
        self.doubtful.extend(batch.files.into_iter().map(last));
        let told = batch.records.into_iter().filter(is_incident);
        keep(&mut self.records, told);
        // At once, so that no file is looked at that the writer has not let go of.
        self.shared.is_failing.store(true, Ordering::Release);
        *lock(&self.shared.sync_error) = Some(error);
    }

    fn commit(&mut self, alive: Stamp) {
        commit(&self.shared, &mut self.catalogue, &mut self.records, alive);
    }

    /// Reads what may be damaged back from the disk; what is whole is told in the next round.
    fn look_at_doubtful(&mut self) {
        let root = self.shared.folder.root().to_owned();
        self.doubtful.retain(|path, last| {
            let mended = repair::mend(&root, path, Ended::Failed, Mending::FromDisk);
            let mut pending = lock(&self.shared.pending);
            match mended {
                Ok(segment) => {
                    pending.files.insert(path.clone());
                    pending.records.push(Record::Closed(Box::new(segment)));
                    false
                }
                Err(error) if error.is_retryable() => true,
                Err(error) => {
                    log::error!("{path}: {error}; put into quarantine");
                    let why = error.to_string();
                    pending.records.push(Record::Incident(repair::set_aside(path, &why, *last)));
                    let moved = quarantine::set_aside(&root, path, &why);
                    moved.is_err_and(|e| e.kind() != std::io::ErrorKind::NotFound)
                }
            }
        });
    }
}

/// Has the catalogue take the lines down; those that it does not take stay.
fn commit(
    shared: &VolumeShared,
    catalogue: &mut Box<dyn Catalogue>,
    records: &mut Vec<Record>,
    alive: Stamp,
) {
    let mut done = catalogue.commit(records, alive);
    if done.as_ref().is_err_and(|error| error.is_full) {
        shared.folder.give_reserve();
        done = catalogue.commit(records, alive);
    }
    let failing = done.err().map(|error| error.reason);
    let mut synced = lock(&shared.synced);
    if let (Some(reason), None) = (&failing, &synced.catalogue_failing) {
        log::error!("the catalogue of recordings cannot be written: {reason}");
    }
    if failing.is_none() {
        records.clear();
    }
    synced.catalogue_failing = failing;
}

fn is_incident(record: &Record) -> bool {
    matches!(record, Record::Incident(_))
}

fn speaks_of(record: &Record, paths: &BTreeMap<SegmentPath, i64>) -> bool {
    match record {
        Record::Opened(opened) => paths.contains_key(&opened.path),
        Record::Closed(segment) => paths.contains_key(&segment.path),
        Record::Incident(_) => false,
    }
}
