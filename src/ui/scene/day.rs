//! What is known of one feed's day, and of work at a station, as plain data.

use std::sync::Arc;

use crate::clock::WallTime;
use crate::health::alarms::Acknowledged;
use crate::health::{State, Trouble};
use crate::model::StationId;
use crate::render::TilePicture;

/// Work that is being done at a station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaintenanceView {
    /// When it is over; `None`: when somebody says so.
    pub until: Option<WallTime>,
    /// Who said so.
    pub who: String,
    /// What is being done; may be empty.
    pub reason: String,
}

/// A span in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first moment.
    pub from: WallTime,
    /// Its end; of the present state, now.
    pub to: WallTime,
    /// The state.
    pub state: State,
}

/// Work at the station, in the past or now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// When it began.
    pub from: WallTime,
    /// When it ended, if it has.
    pub to: Option<WallTime>,
    /// When it was to end; `None`: when somebody says so.
    pub until: Option<WallTime>,
    /// Who said so.
    pub who: String,
    /// What was done; may be empty.
    pub reason: String,
}

impl Work {
    /// The same, over `at` that moment, or when it was to end if that is earlier.
    #[must_use]
    pub fn ended(mut self, at: WallTime) -> Self {
        self.to = Some(self.until.map_or(at, |until| until.min(at)).max(self.from));
        self
    }
}

/// What was delivered in a minute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delivered {
    /// When the minute began.
    pub at: WallTime,
    /// Pictures per second.
    pub frames_per_s: f32,
    /// Bits per second.
    pub bits_per_s: f32,
}

/// An alarm of the day.
#[derive(Clone, Debug, PartialEq)]
pub struct PastAlarm {
    /// Since when there was trouble.
    pub from: WallTime,
    /// When it ended, if it has.
    pub to: Option<WallTime>,
    /// The worst state in it.
    pub worst: State,
    /// With how many other stations it was lost, where it was not alone.
    pub together_with: usize,
    /// Who took it on.
    pub acknowledged: Option<Acknowledged>,
}

/// One feed's day.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Whose day it is; `None` is nobody's.
    pub station: Option<StationId>,
    /// What the page begins with.
    pub from: WallTime,
    /// What it ends with: the end of the day, or now.
    pub to: WallTime,
    /// The states, in order, whether or not work was being done; where nothing was watched there is
    /// a gap.
    pub spans: Vec<Span>,
    /// The work at the station, in order.
    pub work: Vec<Work>,
    /// When a session was opened again.
    pub reconnects: Vec<WallTime>,
    /// What came, minute by minute, in order; a minute that is missing brought nothing.
    pub delivered: Vec<Delivered>,
    /// What went wrong, the newest first.
    pub errors: Vec<(WallTime, Trouble)>,
    /// Small pictures of the day, in order.
    pub thumbnails: Vec<(WallTime, Arc<TilePicture>)>,
    /// Since when they are kept: what was seen by an earlier run is not there.
    pub thumbnails_from: Option<WallTime>,
    /// Its alarms, the newest first.
    pub alarms: Vec<PastAlarm>,
}
