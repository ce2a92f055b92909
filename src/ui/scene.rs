//! What the screens show: everything that is known at one moment, as plain data.

mod coverage;
mod day;

pub use coverage::{
    ClockKept, CoverageReport, DistrictCoverage, Explained, StationCoverage, StationGap,
};
pub use day::{Delivered, History, MaintenanceView, PastAlarm, Span, Work};

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Mono, WallTime};
use crate::health::alarms::Attention;
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
        // A frozen picture is old, whenever it came. Of one that is covered or black the present is
        // what there is to see; where work is being done, its age alone tells.
        let present = match self.assessment.state {
            State::Frozen => false,
            State::Maintenance => true,
            state => state.is_arriving(),
        };
        let live =
            present && !refused && age <= self.assessment.patience && !self.assessment.behind;
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
    /// What it was about; `None`: about no station.
    pub station: Option<StationId>,
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
    /// Recording has begun, of so many stations.
    RecordingBegun(usize),
    /// Recording is to be stopped; whoever asked for it has to say so again.
    RecordingStopAsked,
    /// A window with the recording is opening.
    ReplayOpens,
    /// There is no such window, for this reason, where one is known.
    NoReplay(Option<Arc<io::Error>>),
    /// Nothing is recorded any more.
    RecordingStopped,
    /// Nothing can be recorded here, for this reason, where one is known.
    NoRecording(Option<String>),
    /// An alarm was to be heard and cannot be.
    NoSound(NoSound),
}

/// Why nothing can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSound {
    /// There is no program that plays sound.
    NoPlayer,
    /// Those that there are find no device.
    NoDevice,
}

impl Tidings {
    /// Whether it was kept.
    pub const fn is_good(&self) -> bool {
        matches!(
            self,
            Self::SnapshotKept { .. }
                | Self::NoteKept
                | Self::RecordingBegun(_)
                | Self::ReplayOpens
        )
    }
}

/// How recording goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordingView {
    /// So many stations are to be recorded.
    pub wanted: usize,
    /// Those whose pictures are on the disk, up to a few seconds ago.
    pub safe: HashSet<StationId>,
    /// Those whose pictures should be, for a while already, and are not.
    pub missing: HashSet<StationId>,
    /// It is only being prepared.
    pub opens: bool,
    /// This machine fails to write what it should.
    pub fails: bool,
    /// Bytes written in a second.
    pub bytes_per_second: u64,
    /// Hours until there is no more room at this rate; `None` while that is not known.
    pub hours_left: Option<f64>,
    /// That is less than is configured for a warning.
    pub room_is_low: bool,
    /// It is so little that something has to be done at once.
    pub room_is_short: bool,
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
    /// What has to be attended to.
    pub attention: Arc<Attention>,
    /// The stations where work is being done.
    pub maintenance: HashMap<StationId, MaintenanceView>,
    /// The day of the station whose page is open; `None` until it is known.
    pub history: Option<Arc<History>>,
    /// What of the day is recorded, while somebody looks at it; `None` until it is known.
    pub coverage: Option<Arc<CoverageReport>>,
    /// Whether something keeps this machine's clock right.
    pub clock: ClockKept,
    /// Who acknowledges.
    pub operator: String,
    /// How recording goes; `None` while nothing is to be recorded.
    pub recording: Option<Arc<RecordingView>>,
}

impl Scene {
    /// The state that a station is shown in.
    pub fn state(&self, station: StationId) -> State {
        if self.maintenance.contains_key(&station) {
            return State::Maintenance;
        }
        self.stations.get(&station).map_or(State::Connecting, |view| view.assessment.state)
    }

    /// A moment on the clock on the wall.
    pub(super) fn civil(&self, at: Mono) -> WallTime {
        self.wall - self.now.since(at)
    }

    /// A moment as people write it: with the date where that is not today's.
    pub(super) fn time(&self, at: WallTime) -> String {
        let local = self.day.local(at);
        let today = local.date() == self.day.local(self.wall).date();
        local.strftime(if today { "%H:%M:%S" } else { "%d.%m.%Y %H:%M:%S" }).to_string()
    }
}
