//! Keeps what an auditor wants kept, on a thread of its own, without owning the data folder: a
//! snapshot is a file with its papers beside it, a note a line of `notes.jsonl`, which the journal
//! takes over when its owner starts the next time.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crossbeam_channel::{Sender, bounded};
use serde_json::json;

use crate::app::snapshot::{self, About};
use crate::clock::{Clock, WallTime, lock};
use crate::config::data::DataDir;
use crate::config::io_reason;
use crate::config::save::sync_folder;
use crate::frame::VideoFrame;
use crate::model::day::Stage;
use crate::model::{FeedKind, StationId, StationList};
use crate::replay::group::Waker;
use crate::text::Text;
use crate::tr;
use crate::ui::replay::ReplayScene;

/// So much may wait for a slow disk.
const QUEUE: usize = 16;

enum Job {
    Snapshot(Arc<VideoFrame>, Box<About>),
    Note { station: StationId, at_us: i64, local: String, stage: Option<Stage>, text: String },
}

/// What became of it.
enum Told {
    Snapshot(String),
    Note(StationId, String),
    Lost(std::io::Error),
}

/// The screen's side.
pub(super) struct Keeper {
    jobs: Sender<Job>,
    told: Arc<Mutex<Option<Told>>>,
    list: StationList,
    clock: Arc<dyn Clock>,
}

impl Keeper {
    pub(super) fn start(
        data: &DataDir,
        list: StationList,
        clock: Arc<dyn Clock>,
        waker: Waker,
    ) -> std::io::Result<Self> {
        let (jobs, asked) = bounded(QUEUE);
        let told = Arc::<Mutex<Option<Told>>>::default();
        let (to, snapshots, notes) = (Arc::clone(&told), data.snapshots(), data.notes_file());
        let time = Arc::clone(&clock);
        let run = move || {
            for job in asked {
                let done = carry_out(job, &snapshots, &notes, &*time);
                *lock(&to) = Some(done);
                waker();
            }
        };
        std::thread::Builder::new().name("replay keeper".into()).spawn(run)?;
        Ok(Self { jobs, told, list, clock })
    }

    /// What became of the last that was asked for, once.
    pub(super) fn told(&self, text: &Text) -> Option<String> {
        Some(match lock(&self.told).take()? {
            Told::Snapshot(file) => tr!(text, "replay-kept-snapshot", file = file).into_owned(),
            Told::Note(station, at) => {
                let number = station.to_string();
                tr!(text, "replay-kept-note", number = number, at = at).into_owned()
            }
            Told::Lost(error) => {
                let reason = io_reason(text, &error);
                tr!(text, "replay-not-kept", reason = reason).into_owned()
            }
        })
    }

    /// Keeps the picture of a tile; what there is to say at once.
    pub(super) fn snapshot(
        &self,
        picture: Option<Arc<VideoFrame>>,
        (tile, feed): (usize, FeedKind),
        scene: &ReplayScene,
        text: &Text,
    ) -> Option<String> {
        let Some((picture, lane)) = picture.zip(scene.lanes.get(tile)) else {
            return Some(tr!(text, "replay-no-picture").into_owned());
        };
        let known = self.list.station(lane.station);
        let district = self.list.district(lane.station.district);
        let now = self.clock.wall();
        let age_us = now.as_micros().saturating_sub(picture.taken_at.as_micros());
        let about = About {
            station: lane.station,
            district_name: district.map(|district| district.name.clone()).unwrap_or_default(),
            name: known.map(|known| known.name.clone()).unwrap_or_default(),
            address: known.map(|known| known.address.clone()).unwrap_or_default(),
            feed,
            state: "recorded",
            trouble: None,
            live: false,
            age_ms: u64::try_from(age_us / 1000).unwrap_or(0),
            stage: stage(scene, lane.station).map(Stage::as_str),
            asked_at: now,
            zone: scene.day.zone.clone(),
        };
        self.ask(Job::Snapshot(picture, Box::new(about)));
        None
    }

    /// Keeps a note about a tile's station at the moment that is shown.
    pub(super) fn note(&self, note: &str, tile: usize, scene: &ReplayScene) {
        let Some(lane) = scene.lanes.get(tile) else { return };
        let at = WallTime::from_micros(scene.at_us);
        self.ask(Job::Note {
            station: lane.station,
            at_us: scene.at_us,
            local: scene.day.local(at).strftime("%H:%M:%S%.3f").to_string(),
            stage: stage(scene, lane.station),
            text: note.to_owned(),
        });
    }

    fn ask(&self, job: Job) {
        if self.jobs.try_send(job).is_err() {
            *lock(&self.told) = Some(Told::Lost(std::io::ErrorKind::ResourceBusy.into()));
        }
    }
}

fn stage(scene: &ReplayScene, station: StationId) -> Option<Stage> {
    let at = WallTime::from_micros(scene.at_us);
    let stages = scene.day.stages_of(Some(station)).into_iter();
    stages.rev().find(|(_, from, to)| *from <= at && at < *to).map(|(stage, ..)| stage)
}

fn carry_out(job: Job, snapshots: &Path, notes: &Path, clock: &dyn Clock) -> Told {
    let lost = |error: std::io::Error| {
        log::error!("not kept: {error}");
        Told::Lost(error)
    };
    match job {
        Job::Snapshot(frame, about) => match snapshot::keep(snapshots, &frame, &about) {
            Ok(kept) => Told::Snapshot(kept.path.display().to_string()),
            Err(error) => lost(error),
        },
        Job::Note { station, at_us, local, stage, text } => {
            let line = line(station, at_us, stage, &text, clock);
            match append(notes, &line) {
                Ok(()) => Told::Note(station, local),
                Err(error) => lost(error),
            }
        }
    }
}

/// A line as `notes.jsonl` has them. Which moment of the recording it is about stands before what was
/// written; a bookmark is that alone.
fn line(
    station: StationId,
    at_us: i64,
    stage: Option<Stage>,
    text: &str,
    clock: &dyn Clock,
) -> String {
    let (now, at) = (clock.wall(), WallTime::from_micros(at_us).timestamp());
    let at = at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ");
    let run =
        clock.wall() - std::time::Duration::from_micros(clock.mono().as_micros().unsigned_abs());
    let note = json!({
        "utc": now.timestamp().to_string(),
        "mono_us": clock.mono().as_micros(),
        "run": run.timestamp().to_string(),
        "boot": clock.boot().map(|boot| boot.id).unwrap_or_default(),
        "station": station.to_string(),
        "stage": stage.map(Stage::as_str),
        "state": "recorded",
        "text": format!("[{at}] {text}").trim_end(),
        "program": concat!("pollwall ", env!("CARGO_PKG_VERSION")),
    });
    format!("{note}\n")
}

/// Durable when it returns.
fn append(file: &Path, line: &str) -> std::io::Result<()> {
    let is_new = !file.exists();
    let mut notes = OpenOptions::new().append(true).create(true).open(file)?;
    notes.write_all(line.as_bytes())?;
    notes.sync_data()?;
    let folder: Option<PathBuf> = file.parent().map(Path::to_owned);
    folder.filter(|_| is_new).map_or(Ok(()), |folder| sync_folder(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FakeClock;
    use crate::journal::read::Reader;
    use crate::journal::{Journal, Kind, RunConfig, RunInfo};

    #[test]
    fn a_note_about_a_recording_is_taken_over_by_the_journal() {
        let folder = tempfile::tempdir().unwrap();
        let notes = folder.path().join("notes.jsonl");
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(1_709_000_000_000_000)));
        let job = |text: &str| Job::Note {
            station: StationId::new(57, 12),
            at_us: 1_707_289_092_000_000,
            local: "10:58:12.000".to_owned(),
            stage: Some(Stage::Voting),
            text: text.to_owned(),
        };
        for text in ["the box is out of sight", ""] {
            let told = carry_out(job(text), folder.path(), &notes, &*clock);
            assert!(matches!(told, Told::Note(..)));
            clock.advance(std::time::Duration::from_secs(1));
        }
        let run = RunInfo::this_process("wall", RunConfig::default()).taking_over(notes);
        let file = folder.path().join("journal.sqlite");
        let journal = Journal::open(&file, clock, run, Arc::new(|| {})).unwrap();
        assert!(journal.close(std::time::Duration::from_secs(60)));
        let kept = Reader::open(&file).unwrap().newest_notes(9).unwrap();
        let kept = &kept[&StationId::new(57, 12)];
        let texts: Vec<_> = kept.iter().map(|note| note.body["text"].as_str().unwrap()).collect();
        let at = "[2024-02-07T06:58:12.000000Z]";
        assert_eq!(texts, [at.to_owned(), format!("{at} the box is out of sight")]);
        assert!(kept.iter().all(|note| note.kind == Kind::Note.code()));
    }
}
