//! What the screens show: everything that is known at one moment, as plain data.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Mono, WallTime};
use crate::health::{Assessment, State};
use crate::ingest::Sound;
use crate::model::day::ElectionDay;
use crate::model::{FeedKind, StationId, StationList};
use crate::render::TilePicture;

/// One station as the screens see it.
#[derive(Clone)]
pub struct StationView {
    /// The verdict on the feed that is received all the time.
    pub assessment: Assessment,
    /// Its picture, while it is on screen.
    pub picture: Option<Arc<TilePicture>>,
    /// When the newest picture that is decoded, shown or not, arrived.
    pub newest_picture: Option<Mono>,
    /// Which feed the picture comes from.
    pub feed: FeedKind,
}

/// What may be said of a station's picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Look {
    /// No picture has been drawn yet.
    None,
    /// The picture is the present.
    Live {
        /// How long ago it arrived.
        age: Duration,
    },
    /// The picture is old: it must not pass for the present.
    Stale,
}

impl StationView {
    /// What may be said of its picture at `now`.
    pub fn look(&self, now: Mono) -> Look {
        let shown = self.picture.as_ref().and_then(|p| p.shown()).map(|s| s.arrived_at);
        // Before its first paint a picture is judged by what waits to be painted: an old one must
        // not flash up in full light.
        let waiting = self.newest_picture.filter(|_| self.picture.is_some());
        let Some(arrived) = shown.or(waiting) else { return Look::None };
        let age = now.since(arrived);
        let refused = self.picture.as_ref().is_some_and(|p| p.refused().is_some());
        let live = self.assessment.state == State::Live
            && !refused
            && age <= self.assessment.patience
            && !self.assessment.behind;
        if live { Look::Live { age } } else { Look::Stale }
    }
}

/// A note that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteLine {
    /// When.
    pub at: WallTime,
    /// What it says.
    pub text: String,
}

/// What became of something that was to be kept.
#[derive(Clone, Debug)]
pub struct Told {
    /// When that was known.
    pub at: Mono,
    /// What it was about.
    pub station: StationId,
    /// What there is to say.
    pub tidings: Tidings,
    /// The data folder is thrown away with the program (a demo).
    pub passing: bool,
}

/// Something to say about something that was to be kept.
#[derive(Clone, Debug)]
pub enum Tidings {
    /// The picture is in this file of the data folder.
    SnapshotKept {
        /// Its path in the data folder.
        file: String,
        /// How old the picture was, where it was not live.
        old: Option<Duration>,
    },
    /// There is no picture to keep.
    NoPicture,
    /// The picture could not be written.
    SnapshotLost(Arc<io::Error>),
    /// The note is in the file.
    NoteKept,
    /// The note could not be written; its text is where it was typed.
    NoteLost(Arc<io::Error>),
    /// What was asked for before is still being written: the disk hangs.
    Busy,
}

impl Tidings {
    /// Whether it was kept.
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::SnapshotKept { .. } | Self::NoteKept)
    }
}

/// How many stations are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    by_state: [usize; State::ALL.len()],
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, assessment: &Assessment) {
        self.by_state[assessment.state as usize] += 1;
    }

    /// The stations in `state`.
    pub fn of(&self, state: State) -> usize {
        self.by_state[state as usize]
    }
}

/// Everything that is known at one moment.
pub struct Scene {
    /// The moment, for ages.
    pub now: Mono,
    /// The moment, for people.
    pub wall: WallTime,
    /// Who is watched.
    pub list: Arc<StationList>,
    /// What ought to be happening.
    pub day: Arc<ElectionDay>,
    /// Every station of the list. One that is missing here is shown as connecting.
    pub stations: HashMap<StationId, StationView>,
    /// Sums over `stations`.
    pub counts: Counts,
    /// Receiving or drawing is late as a whole: no state can be blamed on a camera.
    pub machine_behind: bool,
    /// What is known of the large station's sound; `None` where none is large.
    pub sound: Option<Sound>,
    /// The large station's notes, the newest first.
    pub notes: Vec<NoteLine>,
    /// What was kept last, or was not.
    pub told: Option<Told>,
}
