//! What the screens show: everything that is known at one moment, as plain data.

use std::collections::HashMap;
use std::sync::Arc;

use crate::clock::{Mono, WallTime};
use crate::health::{Assessment, State};
use crate::model::day::ElectionDay;
use crate::model::{StationId, StationList};
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
}
