//! The thread that opens what is recorded into, looks after it, and closes it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::progress::{Phase, Progress, Remark};
use super::sink::Sink;
use crate::clock::{self, Clock, Mono, WallTime, lock};
use crate::config::data::DataDir;
use crate::config::record::RecordConfig;
use crate::evidence::{Seal, SealError};
use crate::ingest::Waker;
use crate::journal::{Entry, Journal};
use crate::model::day::ElectionDay;
use crate::record::index::{Index, IndexError, Reader};
use crate::record::retention;
use crate::record::space::Space;
use crate::record::{
    Cause, Record, Recorder, RecorderError, RecorderLimits, Recording, SegmentPath, Volume,
    VolumeStatus, repair,
};

/// How often it is asked how the recorder does.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What cannot begin is tried again so soon: a disk may be mounted, or room made.
const AGAIN: Duration = Duration::from_secs(5);

/// Pictures are safe on the disk when those of so long ago are: a fragment is a second, then up to
/// three pass until it is made durable, and that takes its time.
const SAFE_WITHIN: Duration = Duration::from_secs(10);

/// So much later than usual that the disk must be said to hang.
const HANGS_AFTER: Duration = Duration::from_secs(8);

/// A seal that did not begin is tried again so often.
const SEAL_AGAIN: Duration = Duration::from_secs(60);

/// How often it is put down what was locked and set aside.
const BOOKS_EVERY: Duration = Duration::from_secs(60);

/// What may be deleted is looked for every so many times of that.
const RULES_EVERY: u32 = 60;

/// Without a catalogue nobody knows which files of earlier runs are unfinished: so far back they are
/// looked at before recording begins. `footage reindex` takes in the others.
const LOOK_BACK: Duration = Duration::from_secs(600);

/// What every segment needs to be closed; the time that is given to a slow disk at the end.
pub(in crate::app) const CLOSE_WITHIN: Duration = Duration::from_secs(10);

/// Why recording cannot begin.
#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error("{0}: {1}")]
    Volume(PathBuf, std::io::Error),
    #[error(transparent)]
    Recorder(#[from] RecorderError),
}

pub(super) struct Keeper {
    pub(super) data: DataDir,
    pub(super) day: ElectionDay,
    pub(super) config: RecordConfig,
    pub(super) journal: Journal,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) sink: Arc<Sink>,
    pub(super) progress: Arc<Mutex<Arc<Progress>>>,
    pub(super) waker: Waker,
}

/// A recorder at work.
struct Session {
    recorder: Arc<Recorder>,
    index: Arc<Index>,
    space: Space,
    /// When the books of locks and deletions are kept next.
    next_books: Mono,
    /// So often they were.
    times_kept: u32,
    /// They are being kept.
    books: Arc<AtomicBool>,
    /// When a seal that did not begin is tried again.
    next_seal: Mono,
    seal: Option<Seal>,
    remark: Option<Remark>,
}

impl Keeper {
    /// Until the bell is taken away.
    pub(super) fn run(self, rung: &Receiver<()>) {
        let mut session: Option<Session> = None;
        let mut tried: Option<Mono> = None;
        loop {
            if session.is_none() && self.sink.is_wanted() && self.is_due(tried) {
                tried = Some(self.clock.mono());
                session = self.open();
            }
            if let Some(session) = &mut session {
                self.look(session);
                self.keep_books(session);
                self.try_seal(session);
            }
            if rung.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Disconnected) {
                break;
            }
        }
        self.sink.disconnect();
        if let Some(session) = session {
            self.close(session);
        }
    }

    fn is_due(&self, tried: Option<Mono>) -> bool {
        tried.is_none_or(|tried| self.clock.mono().since(tried) >= AGAIN)
    }

    fn tell(&self, progress: Progress) {
        let was_failing = {
            let mut told = lock(&self.progress);
            let was = told.is_failing();
            *told = Arc::new(progress);
            was != told.is_failing()
        };
        if was_failing {
            (self.waker)();
        }
    }

    fn open(&self) -> Option<Session> {
        if lock(&self.progress).phase == Phase::Idle {
            self.tell(Progress { phase: Phase::Opening, ..Progress::default() });
        }
        match self.opened() {
            Ok(session) => {
                self.sink.connect(Arc::clone(&session.recorder));
                log::info!("recording begins");
                Some(session)
            }
            Err(e) => {
                let why = with_causes(&e);
                let phase = Phase::Refused(why.clone());
                if lock(&self.progress).phase != phase {
                    log::error!("recording cannot begin: {why}");
                }
                let at = self.clock.mono();
                self.tell(Progress { phase, at, ..Progress::default() });
                None
            }
        }
    }

    fn opened(&self) -> Result<Session, OpenError> {
        let clock = &*self.clock;
        let file = self.data.footage_file();
        let (index, aside) = Index::open(&file, clock)?;
        // Pictures cannot be had again, the catalogue can: nobody waits for it.
        let mut remark = aside.map(|aside| Remark::CatalogueDamaged(aside.display().to_string()));
        let reader = Reader::open(&file)?;
        let goes_on = reader.goes_on(clock, self.journal.run())?;
        let since = reader.alive()?.iter().map(|run| run.last.utc_us).max();
        let since = since.map_or_else(|| clock.wall() - LOOK_BACK, WallTime::from_micros);
        let begun = reader.opened()?;
        let (mut volumes, mut unusable) = (Vec::new(), Vec::new());
        for folder in self.folders() {
            let open: Vec<SegmentPath> = begun
                .iter()
                .filter(|(volume, _)| *volume == folder)
                .map(|(_, opened)| opened.path.clone())
                .collect();
            let closed = reader.closed_since(since - LOOK_BACK)?;
            // One that cannot be used must not keep the others from being.
            let is_new = !self.config.volumes.is_empty() && !folder.exists();
            let made = std::fs::create_dir_all(&folder);
            let mended = made
                .and_then(|()| repair(&folder, &open, Some(since), &|path| closed.contains(path)));
            let mended = match mended {
                Ok(mended) => mended,
                Err(e) => {
                    log::error!("{}: {e}; nothing is recorded there in this run", folder.display());
                    unusable.push((folder, e));
                    continue;
                }
            };
            if is_new {
                let said = Remark::FolderMade(folder.display().to_string());
                log::warn!("{said}");
                remark = remark.or(Some(said));
            }
            // Where all of them are gone this may be another disk than it was: their rows stay.
            let all_gone = mended.missing.len() == open.len();
            if all_gone && !open.is_empty() {
                log::error!(
                    "{}: none of the {} segments that had begun is there; is the right disk mounted?",
                    folder.display(),
                    open.len()
                );
            } else if !mended.missing.is_empty() {
                log::error!(
                    "{}: {} segments that had begun are gone, the first is {}",
                    folder.display(),
                    mended.missing.len(),
                    mended.missing[0]
                );
                index.forget_opened(&mended.missing)?;
            }
            let catalogue = Box::new(index.volume(&folder, self.journal.run()));
            let mut records = mended.records;
            if volumes.is_empty() {
                // That the clock was set while nothing ran is told once.
                let step = goes_on.as_ref().and_then(|on| on.step.clone());
                records.extend(step.map(Record::Incident));
            }
            volumes.push(Volume { folder, catalogue, records });
        }
        if let Some((folder, e)) = unusable.into_iter().next() {
            if volumes.is_empty() {
                return Err(OpenError::Volume(folder, e));
            }
            let (folder, reason) = (folder.display().to_string(), e.to_string());
            remark = Some(Remark::Fails { folder, reason });
        }
        let run = self.journal.run().to_owned();
        let volumes_limits = self.config.limits.clone();
        let limits = RecorderLimits { volumes: volumes_limits, ..RecorderLimits::default() };
        let recording =
            Recording { run, not_before: goes_on.as_ref().map(|on| on.not_before), limits };
        let recorder = Recorder::start(volumes, &recording, Arc::clone(&self.clock))?;
        let seal = self.seal();
        if let Err(e) = &seal {
            log::error!("recordings are not sealed: {e}");
            remark = remark.or_else(|| Some(Remark::NotSealed(e.to_string())));
        }
        Ok(Session {
            recorder: Arc::new(recorder),
            index: Arc::new(index),
            space: Space::new(self.config.warn_hours_left),
            next_books: clock.mono(),
            books: Arc::default(),
            times_kept: 0,
            next_seal: clock.mono() + SEAL_AGAIN,
            seal: seal.ok(),
            remark,
        })
    }

    fn seal(&self) -> Result<Seal, SealError> {
        let (journal, clock) = (self.journal.clone(), Arc::clone(&self.clock));
        Seal::start(&self.data, &self.config.seal, journal, clock)
    }

    fn folders(&self) -> Vec<PathBuf> {
        match self.config.volumes.as_slice() {
            [] => vec![self.data.recordings()],
            volumes => volumes.to_vec(),
        }
    }

    fn look(&self, session: &mut Session) {
        let recorder = &session.recorder;
        recorder.tell_synchronised(clock::synchronised().map(|said| said.is_synchronised));
        let (at, now) = (self.clock.mono(), recorder.now());
        let mut progress = Progress { phase: Phase::Running, at, ..Progress::default() };
        progress.remark.clone_from(&session.remark);
        let long = SAFE_WITHIN.as_micros() as i64;
        self.sink.each(|feed, since| {
            let until = recorder.durable_until(feed).map(WallTime::as_micros);
            let safe = until.is_some_and(|until| now.as_micros().saturating_sub(until) <= long);
            if safe {
                progress.safe.insert(feed.station);
            } else if at.since(since) > SAFE_WITHIN {
                progress.unsafe_for_long.insert(feed.station);
            }
        });
        progress.volumes = recorder.status();
        // Where another volume takes what one does not, everything is recorded, and a person should know.
        let refuses: Vec<Remark> = progress.volumes.iter().filter_map(refuses).collect();
        if let Some(why) = refuses.first() {
            match refuses.len() == progress.volumes.len() {
                true => progress.failing = Some(why.clone()),
                false => progress.remark = Some(why.clone()),
            }
        }
        if let Some(why) = progress.volumes.iter().find_map(|v| v.catalogue_failing.clone()) {
            progress.remark = Some(Remark::CatalogueBehind(why));
        }
        let refused: u64 = progress.volumes.iter().map(|volume| volume.refused_feeds).sum();
        if refused > 0 {
            progress.remark = Some(Remark::RefusedFeeds(refused));
        }
        let space = session.space.look(&progress.volumes, at);
        if space.changed {
            self.journal.record(Entry::now(&*self.clock, space.event()));
        }
        (progress.hours_left, progress.level) = (space.hours_left.map(f64::from), space.level);
        self.tell(progress);
    }

    /// Puts down locks and what was set aside, and deletes what the rules for rehearsals let go.
    fn keep_books(&self, session: &mut Session) {
        let now = self.clock.mono();
        if now < session.next_books {
            return;
        }
        session.next_books = now + BOOKS_EVERY;
        if session.books.swap(true, Ordering::AcqRel) {
            return;
        }
        let (data, day, config) = (self.data.clone(), self.day.clone(), self.config.clone());
        let (journal, clock) = (self.journal.clone(), Arc::clone(&self.clock));
        let (index, recorder) = (Arc::clone(&session.index), Arc::clone(&session.recorder));
        let busy = Arc::clone(&session.books);
        let rules_too = session.times_kept.is_multiple_of(RULES_EVERY);
        session.times_kept = session.times_kept.wrapping_add(1);
        // On a thread of its own: it may have many files to delete, or wait for somebody's lock. What it
        // has not done when the program ends is done the next time.
        let work = move || {
            let synchronised = clock::synchronised().map(|said| said.is_synchronised);
            let (index, journal, clock) = (&*index, &journal, &*clock);
            let keeper = retention::Keeper { data: &data, index, journal, clock, synchronised };
            match rules_too {
                true => keep_rules(&keeper, &day, &config, &recorder),
                false => put_down(&keeper, &day),
            }
            busy.store(false, Ordering::Release);
        };
        if let Err(e) = std::thread::Builder::new().name("footage books".into()).spawn(work) {
            log::error!("cannot start a thread for the books of locks and deletions: {e}");
            session.books.store(false, Ordering::Release);
        }
    }

    /// A seal that did not begin is tried again.
    fn try_seal(&self, session: &mut Session) {
        let now = self.clock.mono();
        if session.seal.is_some() || now < session.next_seal {
            return;
        }
        session.next_seal = now + SEAL_AGAIN;
        if let Ok(seal) = self.seal() {
            session.seal = Some(seal);
            session.remark = None;
            log::info!("recordings are sealed from now on");
        }
    }

    fn close(&self, session: Session) {
        let late = session.recorder.stop(CLOSE_WITHIN);
        if !late.is_empty() {
            log::error!("recording was not written to its end: {}", late.join(", "));
        }
        // After the last segment: it is in the last head.
        if session.seal.is_some_and(|seal| !seal.close(CLOSE_WITHIN / 5)) {
            log::warn!("the last head of the seal was not brought everywhere in time");
        }
        log::info!("recording has ended");
    }
}

/// Puts down what was locked, unlocked and set aside.
fn put_down(keeper: &retention::Keeper<'_>, day: &ElectionDay) {
    if let Err(e) = keeper.put_down(day) {
        log::error!("what was locked or set aside is not put down: {e}");
    }
}

/// The same, and deletes what the rules for rehearsals let go.
fn keep_rules(
    keeper: &retention::Keeper<'_>,
    day: &ElectionDay,
    config: &RecordConfig,
    recorder: &Recorder,
) {
    match keeper.run_once(day, config) {
        Ok(done) if done.segments > 0 => {
            log::info!("{} segments of rehearsals were deleted by rule", done.segments);
            for (folder, bytes) in &done.bytes {
                recorder.tell_deleted(folder, *bytes);
            }
        }
        Ok(_) => {}
        Err(e) => log::error!("the books of locks and deletions are not kept: {e}"),
    }
}

/// Why a volume takes nothing, if it does not.
fn refuses(volume: &VolumeStatus) -> Option<Remark> {
    let folder = volume.folder.display().to_string();
    match &volume.failing {
        Some(failing) if failing.cause == Cause::DiskFull => Some(Remark::Full(folder)),
        Some(failing) => Some(Remark::Fails { folder, reason: failing.reason.clone() }),
        None if volume.unsynced_for > HANGS_AFTER => {
            Some(Remark::Hangs { folder, seconds: volume.unsynced_for.as_secs() })
        }
        None => None,
    }
}

/// An error with what caused it.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push_str(": ");
        said.push_str(&error.to_string());
        cause = error.source();
    }
    said
}
