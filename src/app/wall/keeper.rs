//! Keeps what the operator wants kept, on a thread of its own: compressing takes a while, files may
//! hang, and the screen may not.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::waker::ScreenWaker;
use crate::app::ending::Ending;
use crate::app::snapshot::{self, About};
use crate::clock::{Clock, Mono, WallTime, lock};
use crate::config::data::DataDir;
use crate::frame::VideoFrame;
use crate::journal::read::{Reader, Record};
use crate::journal::{Entry, Event, Journal, JournalError};
use crate::model::{FeedId, StationId};
use crate::ui::{NOTES_LISTED, NoteLine, Tidings, Told};
use crate::wall::Draft;

/// So much may wait for a slow disk. What is asked for beyond that is refused, and said.
const QUEUE: usize = 16;

enum Job {
    Snapshot { frame: Arc<VideoFrame>, about: About, age: Option<Duration> },
    Note(Box<Entry>, Draft),
}

impl Job {
    fn station(&self) -> StationId {
        match self {
            Self::Snapshot { about, .. } => about.station,
            Self::Note(_, draft) => draft.station,
        }
    }
}

/// What became of a job; a note that could not be kept comes back.
pub(super) struct Done {
    pub(super) told: Told,
    pub(super) back: Option<Draft>,
}

/// What is known about a station when a note is written.
pub(super) struct Circumstances {
    pub(super) now: Mono,
    pub(super) wall: WallTime,
    pub(super) stage: Option<&'static str>,
    pub(super) state: &'static str,
}

/// Shared by the screen and the thread.
#[derive(Default)]
struct Shared {
    done: Mutex<Vec<Done>>,
    newest: Mutex<BTreeMap<StationId, Vec<NoteLine>>>,
}

/// The screen's side.
pub(super) struct Keeper {
    jobs: Sender<Job>,
    shared: Arc<Shared>,
    ended: Receiver<Infallible>,
    passing: bool,
}

impl Keeper {
    /// Reads the notes there are and begins to wait for more, in the data folder and its journal.
    pub(super) fn start(
        data: &DataDir,
        journal: Journal,
        clock: Arc<dyn Clock>,
        waker: Arc<ScreenWaker>,
    ) -> std::io::Result<Self> {
        let (jobs, asked) = bounded(QUEUE);
        let (alive, ended) = bounded(0);
        let shared = Arc::<Shared>::default();
        let thread = Thread {
            snapshots: data.snapshots(),
            root: data.root().to_owned(),
            journal,
            journal_file: data.journal_file(),
            shared: Arc::clone(&shared),
            passing: data.is_passing(),
            clock,
            waker,
        };
        std::thread::Builder::new().name("keeper".into()).spawn(move || {
            thread.run(&asked);
            drop::<Sender<Infallible>>(alive);
        })?;
        Ok(Self { jobs, shared, ended, passing: data.is_passing() })
    }

    /// Keeps a picture. `None`: it will be seen to; else what to say at once.
    pub(super) fn snapshot(
        &self,
        now: Mono,
        frame: Option<Arc<VideoFrame>>,
        about: About,
    ) -> Option<Told> {
        let station = about.station;
        let Some(frame) = frame else {
            return Some(self.told(now, station, Tidings::NoPicture));
        };
        let age = (!about.live).then(|| Duration::from_millis(about.age_ms));
        let refused = self.jobs.try_send(Job::Snapshot { frame, about, age }).is_err();
        refused.then(|| self.told(now, station, Tidings::Busy))
    }

    /// Keeps a note, or gives it back at once.
    pub(super) fn note(&self, draft: Draft, when: &Circumstances) -> Option<Done> {
        let event = Event::Note {
            text: draft.typed.clone(),
            stage: when.stage.map(str::to_owned),
            state: when.state.to_owned(),
            program: None,
            boot: None,
            taken_over: false,
        };
        let station = Some(draft.station);
        let note = Entry { utc: when.wall, mono: when.now, station, feed: None, event };
        let station = draft.station;
        let refused = self.jobs.try_send(Job::Note(Box::new(note), draft.clone())).is_err();
        refused.then(|| {
            let told = self.told(when.now, station, Tidings::Busy);
            Done { told, back: Some(draft) }
        })
    }

    fn told(&self, at: Mono, station: StationId, tidings: Tidings) -> Told {
        Told { at, station: Some(station), tidings, passing: self.passing }
    }

    /// What was finished since the last call.
    pub(super) fn done(&self) -> Vec<Done> {
        std::mem::take(&mut *lock(&self.shared.done))
    }

    /// A station's newest notes, the newest first.
    pub(super) fn notes_of(&self, station: StationId) -> Vec<NoteLine> {
        lock(&self.shared.newest).get(&station).cloned().unwrap_or_default()
    }

    /// Finishes what was asked for, and takes nothing more.
    pub(super) fn end(self) -> Ending {
        drop(self.jobs);
        Ending::new("keeper", "a snapshot or note was still being written", self.ended)
    }

    /// The same, waited for; whether that was done in time.
    #[cfg(test)]
    pub(super) fn close(self, within: Duration) -> bool {
        self.end().is_over(within)
    }
}

struct Thread {
    snapshots: PathBuf,
    root: PathBuf,
    journal: Journal,
    journal_file: PathBuf,
    shared: Arc<Shared>,
    passing: bool,
    clock: Arc<dyn Clock>,
    waker: Arc<ScreenWaker>,
}

impl Thread {
    fn run(self, asked: &Receiver<Job>) {
        match Reader::open(&self.journal_file).and_then(|read| read.newest_notes(NOTES_LISTED)) {
            Ok(newest) => {
                let lines = |(id, list): (_, Vec<Record>)| (id, list.iter().map(listed).collect());
                *lock(&self.shared.newest) = newest.into_iter().map(lines).collect();
            }
            // The disk cannot be written, and never could: nothing is noted yet.
            Err(JournalError::None { .. }) => {}
            Err(e) => log::warn!("the notes cannot be read: {e}"),
        }
        for job in asked {
            let station = job.station();
            let (tidings, back) = self.carry_out(job);
            let at = self.clock.mono();
            let told = Told { at, station: Some(station), tidings, passing: self.passing };
            lock(&self.shared.done).push(Done { told, back });
            self.waker.wake();
        }
    }

    fn carry_out(&self, job: Job) -> (Tidings, Option<Draft>) {
        match job {
            Job::Snapshot { frame, about, age } => {
                let began = self.clock.mono();
                match snapshot::keep(&self.snapshots, &frame, &about) {
                    Ok(kept) => {
                        let took = self.clock.mono().since(began);
                        log::info!("snapshot {} in {} ms", kept.path.display(), took.as_millis());
                        let file = self.in_data(&kept.path);
                        self.take_down(&about, &file, kept.sha256);
                        (Tidings::SnapshotKept { file, old: age }, None)
                    }
                    Err(e) => {
                        log::error!("snapshot of {}: {e}", about.station);
                        (Tidings::SnapshotLost(Arc::new(e)), None)
                    }
                }
            }
            Job::Note(note, draft) => {
                let at = note.utc;
                match self.journal.record_durably(*note).wait() {
                    Ok(_) => {
                        let mut newest = lock(&self.shared.newest);
                        let list = newest.entry(draft.station).or_default();
                        list.insert(0, NoteLine { at, text: draft.typed });
                        list.truncate(NOTES_LISTED);
                        (Tidings::NoteKept, None)
                    }
                    Err(e) => {
                        log::error!("a note on {}: {e}", draft.station);
                        let reason = std::io::Error::from(e.reason().io_kind());
                        (Tidings::NoteLost(Arc::new(reason)), Some(draft))
                    }
                }
            }
        }
    }

    /// That a picture was kept. The picture is on the disk with its papers: nobody waits for this.
    fn take_down(&self, about: &About, file: &str, sha256: String) {
        let event = Event::Snapshot {
            file: file.to_owned(),
            sha256,
            state: about.state.to_owned(),
            live: about.live,
        };
        let feed = FeedId { station: about.station, kind: about.feed };
        self.journal.record(Entry::now(&*self.clock, event).of(feed));
    }

    /// A snapshot's path as it is told: from the data folder on.
    fn in_data(&self, path: &Path) -> String {
        let whole = self.snapshots.join(path);
        whole.strip_prefix(&self.root).unwrap_or(&whole).display().to_string()
    }
}

fn listed(note: &Record) -> NoteLine {
    let text = note.body.get("text").and_then(|text| text.as_str()).unwrap_or_default();
    NoteLine { at: note.utc, text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FakeClock;
    use crate::journal::{RunConfig, RunInfo};

    fn keeper(data: &DataDir) -> Keeper {
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(1_707_289_200_000_000)));
        let run = RunInfo::this_process("wall", RunConfig::default());
        let file = data.journal_file();
        let journal = Journal::open(&file, clock.clone(), run, Arc::new(|| {})).unwrap();
        Keeper::start(data, journal, clock, Arc::default()).unwrap()
    }

    fn draft(text: &str) -> Draft {
        Draft { station: StationId::new(57, 12), typed: text.to_owned() }
    }

    fn when() -> Circumstances {
        let (now, wall) = (Mono::default(), WallTime::from_micros(1_707_289_200_000_000));
        Circumstances { now, wall, stage: Some("voting"), state: "live" }
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn notes_are_kept_and_the_next_wall_lists_them() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(dir.path().join("data"))).unwrap();
        let first = keeper(&data);
        for n in 1..=4 {
            assert!(first.note(draft(&format!("qeyd {n}")), &when()).is_none());
        }
        let shared = Arc::clone(&first.shared);
        assert!(first.close(LONG), "all of it is written before the end");
        let done = lock(&shared.done);
        assert_eq!(done.len(), 4);
        assert!(done.iter().all(|d| d.told.tidings.is_good() && d.back.is_none()));
        let again = keeper(&data);
        // The thread has read the journal when it takes its first job.
        assert!(again.note(draft("qeyd 5"), &when()).is_none());
        let shared = Arc::clone(&again.shared);
        assert!(again.close(LONG));
        let newest = lock(&shared.newest);
        let texts: Vec<_> =
            newest[&StationId::new(57, 12)].iter().map(|n| n.text.as_str()).collect();
        assert_eq!(texts, ["qeyd 5", "qeyd 4", "qeyd 3"]);
    }

    #[test]
    fn a_note_that_cannot_be_written_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(dir.path().join("data"))).unwrap();
        std::fs::create_dir_all(data.journal_file()).unwrap();
        let keeper = keeper(&data);
        assert!(keeper.note(draft("qeyd"), &when()).is_none());
        let shared = Arc::clone(&keeper.shared);
        assert!(keeper.close(LONG));
        let done = std::mem::take(&mut *lock(&shared.done));
        assert_eq!(done.len(), 1);
        assert!(matches!(done[0].told.tidings, Tidings::NoteLost(_)));
        assert_eq!(done[0].back, Some(draft("qeyd")));
    }
}
