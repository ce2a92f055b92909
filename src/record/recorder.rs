//! The recorder as others see it: feeds in, files out, and how it is.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::catalogue::{Catalogue, Record};
use super::flusher::Flusher;
use super::folder::Folder;
use super::limits::RecorderLimits;
use super::queue::Queue;
use super::segment::Ended;
use super::shared::{Times, VolumeShared, VolumeStatus};
use super::syncer::Syncer;
use super::writer::Writer;
use crate::clock::{Clock, WallTime, lock};
use crate::media::AccessUnit;
use crate::media::sound::SoundUnit;
use crate::model::FeedId;

/// A folder to record into, and the list of what is in it.
pub struct Volume {
    /// Where the days are.
    pub folder: PathBuf,
    /// Who keeps the list.
    pub catalogue: Box<dyn Catalogue>,
    /// What [`super::repair`] has found there, for the list.
    pub records: Vec<Record>,
}

/// How recording begins.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The run of the program, as in the journal.
    pub run: String,
    /// The timeline begins no earlier: [`GoesOn`](super::index::GoesOn).
    pub not_before: Option<WallTime>,
    /// Bounds.
    pub limits: RecorderLimits,
}

/// Why recording cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum RecorderError {
    /// A volume's folder is not there and cannot be made.
    #[error("{folder}: recordings cannot be written there; check the disk and who may write to it")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// There is nowhere to write to.
    #[error("there is no volume to record into")]
    NoVolume,
    /// The operating system gives no more threads.
    #[error("cannot start the recording threads")]
    Threads(#[source] std::io::Error),
}

/// Writes what is offered to it. Made by `app`, one per process.
pub struct Recorder {
    volumes: Vec<Arc<VolumeShared>>,
    times: Arc<Times>,
    stopping: AtomicBool,
    /// Joined when recording ends.
    threads: Mutex<Vec<(String, Receiver<()>)>>,
}

impl Recorder {
    /// Begins. Whatever [`super::repair`] is to mend must be mended before.
    ///
    /// # Errors
    /// A folder cannot be made or opened, or there are no threads. A disk that is full is none: the
    /// recorder waits for room.
    pub fn start(
        volumes: Vec<Volume>,
        recording: &Recording,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, RecorderError> {
        if volumes.is_empty() {
            return Err(RecorderError::NoVolume);
        }
        // What was found unfinished may be younger than all that was written down.
        let found = volumes.iter().flat_map(|volume| &volume.records).filter_map(newest_of).max();
        let not_before = recording.not_before.max(found);
        let times = Arc::new(Times::new(clock, &recording.run, not_before));
        let recorder = Self {
            volumes: Vec::new(),
            times: Arc::clone(&times),
            stopping: AtomicBool::new(false),
            threads: Mutex::default(),
        };
        let mut recorder = recorder;
        let mut begins_ahead = times.begins_ahead();
        let alone = volumes.len() == 1;
        for Volume { folder, catalogue, records } in volumes {
            let limits = recording.limits.clone();
            let own = limits.volumes.get(&folder).copied().unwrap_or_default();
            let opened = Folder::open_within(&folder, limits.reserve, own);
            let opened = opened.map_err(|error| RecorderError::Folder { folder, error })?;
            if let Err(error) = opened.make_reserve() {
                log::warn!("{}: no reserve could be put aside: {error}", opened.root().display());
            }
            let shared = Arc::new(VolumeShared {
                folder: opened,
                queue: Queue::new(limits.buffer),
                limits,
                times: Arc::clone(&times),
                pending: Mutex::default(),
                counters: super::shared::Counters::default(),
                synced: Mutex::default(),
                failing: Mutex::default(),
                is_failing: AtomicBool::new(false),
                sync_error: Mutex::default(),
            });
            recorder.volumes.push(Arc::clone(&shared));
            if let Some(incident) = begins_ahead.take() {
                shared.tell(Record::Incident(incident));
            }
            recorder.measure(&shared).map_err(RecorderError::Threads)?;
            let writer = Writer::new(Arc::clone(&shared), recording.run.clone(), alone);
            let name = format!("syncfs {}", recorder.volumes.len());
            let syncer =
                Syncer::start(name, Arc::clone(&shared)).map_err(RecorderError::Threads)?;
            let flusher = Flusher::new(shared, catalogue, syncer, records, alone);
            recorder.spawn(writer, flusher).map_err(RecorderError::Threads)?;
        }
        Ok(recorder)
    }

    fn spawn(&self, writer: Writer, flusher: Flusher) -> std::io::Result<()> {
        let number = self.volumes.len();
        // The flusher ends when the writer, which holds this, has ended.
        let (bell, stop) = bounded::<()>(1);
        self.thread(format!("record {number}"), move || {
            writer.run();
            drop(bell);
        })?;
        self.thread(format!("sync {number}"), move || flusher.run(&stop))
    }

    /// Finds out beside the recording how much lies in a volume, where that matters: of a million
    /// files that takes seconds, and on a slow disk longer than anybody should wait for a picture.
    fn measure(&self, volume: &Arc<VolumeShared>) -> std::io::Result<()> {
        if !volume.folder.room().wants_measure() {
            return Ok(());
        }
        let (volume, since) = (Arc::clone(volume), self.now());
        self.thread(format!("measure {}", self.volumes.len()), move || {
            let (folder, is_over) = (&volume.folder, || volume.queue.is_closed());
            if let Err(error) = folder.room().measure(folder.root(), since, &is_over) {
                let root = folder.root().display();
                log::error!("{root}: what lies there is not counted against its limit: {error}");
            }
        })
    }

    fn thread(&self, name: String, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
        let (alive, ended): (Sender<()>, _) = bounded(0);
        let built: std::io::Result<JoinHandle<()>> =
            std::thread::Builder::new().name(name.clone()).spawn(move || {
                work();
                drop(alive);
            });
        built?;
        lock(&self.threads).push((name, ended));
        Ok(())
    }

    /// Takes a unit. Never waits: what finds no room is a gap, listed as ours.
    pub fn offer(&self, feed: FeedId, unit: &AccessUnit) {
        if let Some(volume) = self.volume_of(feed) {
            volume.queue.offer(feed, unit);
        }
    }

    /// Takes a packet of a feed's sound. Never waits.
    pub fn offer_sound(&self, feed: FeedId, unit: &SoundUnit) {
        if let Some(volume) = self.volume_of(feed) {
            volume.queue.offer_sound(feed, unit);
        }
    }

    /// The feed's volume: always the same one, but while that takes nothing the next.
    fn volume_of(&self, feed: FeedId) -> Option<&VolumeShared> {
        let count = self.volumes.len();
        let station = feed.station.station as usize ^ usize::from(feed.station.district);
        let order = (0..count).map(|n| &self.volumes[(station + n) % count]);
        let well = order.clone().find(|volume| !volume.is_failing.load(Ordering::Acquire));
        well.or_else(|| order.clone().next()).map(|volume| &**volume)
    }

    /// Records a feed no longer: its segment is closed.
    pub fn end(&self, feed: FeedId) {
        for volume in &self.volumes {
            volume.queue.end(feed, Ended::Stopped);
        }
    }

    /// How far a feed's camera's clock is ahead of ours, in microseconds; for segments that begin
    /// from now on.
    pub fn tell_camera_clock(&self, feed: FeedId, ahead_us: Option<i64>) {
        let mut cameras = lock(&self.times.cameras);
        match ahead_us {
            Some(us) => cameras.insert(feed, us),
            None => cameras.remove(&feed),
        };
    }

    /// Whether the system says that its clock is synchronised; for segments that begin from now on.
    pub fn tell_synchronised(&self, synchronised: Option<bool>) {
        *lock(&self.times.synchronised) = synchronised;
    }

    /// Until when a feed's pictures are safe: on the disk, whatever happens to program and power.
    pub fn durable_until(&self, feed: FeedId) -> Option<WallTime> {
        let of = |volume: &Arc<VolumeShared>| lock(&volume.synced).durable.get(&feed).copied();
        self.volumes.iter().filter_map(of).max().map(WallTime::from_micros)
    }

    /// How the volumes are, in the order they were given.
    pub fn status(&self) -> Vec<VolumeStatus> {
        self.volumes.iter().map(|volume| volume.status()).collect()
    }

    /// Recordings of a volume were deleted that lay there when it was measured: so much of its limit is
    /// free again. To be deleted before the start, or once [`VolumeStatus::used_bytes`] is known.
    pub fn tell_deleted(&self, folder: &Path, bytes: u64) {
        for volume in self.volumes.iter().filter(|volume| volume.folder.root() == folder) {
            volume.folder.room().gave_back(bytes);
        }
    }

    /// The recording's own time.
    pub fn now(&self) -> WallTime {
        self.times.now().wall()
    }

    /// Ends: what waits is written, every segment closed, all made durable and told. Waits at most
    /// `within`; returns the names of the threads that had not ended by then.
    pub fn stop(&self, within: Duration) -> Vec<String> {
        self.begin_stop();
        let clock = &self.times.clock;
        let deadline = clock.mono() + within;
        let mut late = Vec::new();
        for (name, ended) in lock(&self.threads).drain(..) {
            // Nothing is ever sent: it ends with the thread, or with the time.
            let left = deadline.since(clock.mono());
            if ended.recv_timeout(left) == Err(crossbeam_channel::RecvTimeoutError::Timeout) {
                late.push(name);
            }
        }
        late
    }

    fn begin_stop(&self) {
        if !self.stopping.swap(true, Ordering::AcqRel) {
            for volume in &self.volumes {
                volume.queue.close();
            }
        }
    }
}

fn newest_of(record: &Record) -> Option<WallTime> {
    match record {
        Record::Closed(segment) => Some(WallTime::from_micros(segment.last.utc_us + 1)),
        Record::Opened(opened) => Some(opened.first.wall()),
        Record::Incident(_) => None,
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.begin_stop();
    }
}
