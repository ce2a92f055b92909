//! Alarms: what of the feeds' states a person must be told, grouped, latched until somebody has
//! acknowledged it, and held back while this machine is the one in trouble.
//!
//! [`Alarms`] is the machine behind it: told every quarter of a second what every feed's state is
//! ([`Alarms::step`]), it says what has changed, for the journal, and what is on the list now
//! ([`Alarms::attention`]). It judges no camera, that is health's work; it decides what is worth a
//! person's attention and never lets go of something that nobody has answered. Pure: `app` brings
//! the time, keeps the changes and saves the [`Snapshot`].

mod alarm;
mod follow;
mod group;
mod guards;
pub mod limits;
mod machine;
mod members;
mod raise;
mod rules;
mod saved;
mod watch;

pub use limits::Limits;
pub use machine::{Alarms, Change, Ending, Machine, Member, Newest, Seen, Window};
pub use rules::Severity;
pub use saved::Snapshot;

use serde::{Deserialize, Serialize};

use crate::clock::{Mono, WallTime};
use crate::health::{State, Trouble};
use crate::model::{DistrictNo, StationId};

/// One alarm, for as long as the program runs. Never used twice.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
pub struct AlarmId(pub u64);

/// What the members of a grouped alarm have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Common {
    /// They are in one district.
    District(DistrictNo),
    /// Their feeds come from one host.
    Host(String),
    /// They hang on one network or provider, as the list names it.
    Network(String),
}

/// What an alarm is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// One station.
    Station(StationId),
    /// Stations that were lost together.
    Together {
        /// What they have in common.
        by: Common,
        /// Those that are still in trouble or, when all have returned, that were, ascending.
        stations: Vec<StationId>,
        /// How many stations have that in common.
        of: usize,
    },
}

/// Who has taken an alarm on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// The operator's name as the wall knows it.
    pub who: String,
    /// When, in civil time.
    pub at: WallTime,
    /// What was said about it; may be empty.
    pub note: String,
}

/// A line of the attention list.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which alarm it is.
    pub id: AlarmId,
    /// What it is about.
    pub about: About,
    /// The state now (of a group: the worst of its members); when it is over, [`State::Live`] or,
    /// where it ended only because the stage or work at the station excuses it, still what it is.
    pub state: State,
    /// The worst state since it was raised.
    pub worst: State,
    /// The trouble behind it, where one is known.
    pub trouble: Option<Trouble>,
    /// Since when there has been trouble: for a loss, since the last picture.
    pub since: Mono,
    /// When the trouble ended; the line stays until it is acknowledged.
    pub ended: Option<Mono>,
    /// Since when an answer is waited for: since it was raised, or raised anew. Of a group, since
    /// the first of its alarms was. Never earlier than anybody could have answered.
    pub unanswered_from: Mono,
    /// Nobody has answered it for too long.
    pub escalated: bool,
    /// Who has taken it on.
    pub acknowledged: Option<Acknowledged>,
    /// How much it matters: the most it has mattered since it was raised.
    pub severity: Severity,
    /// How often the trouble has come with no long calm in between: 1 for the first time.
    pub times: u32,
}

/// Why this machine, and no camera, is the one in trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnTrouble {
    /// Its own loops come late: too little processor time.
    Late,
    /// Most feeds changed at once: its own network.
    Network,
    /// Pictures come and it does not look at them: whether they are black, covered or frozen is not
    /// known of many stations at once.
    Unchecked,
    /// What is to be recorded is not written: a volume is full, gone or slow.
    Recording,
    /// What must be written down cannot be: its disk.
    Disk,
}

/// This machine's own trouble, told in place of what it would make of the cameras.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Why.
    pub why: OwnTrouble,
    /// Since when.
    pub since: Mono,
    /// While it stands no new alarm of a camera is raised. A disk's trouble never does that,
    /// lateness only for a while, and pictures that nobody looks at hold back nothing but that.
    pub holds: bool,
}

/// What is left when the machine has stopped waiting for the feeds to come back: it was not the
/// machine, or it can't know, and the losses are raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aftermath {
    /// Since when most of them have been gone.
    pub since: Mono,
    /// How many stations are gone now.
    pub lost: usize,
    /// … of how many that are watched.
    pub of: usize,
}

/// All that an operator must attend to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attention {
    /// The open alarms: what is unanswered first, then the worst, then the oldest.
    pub lines: Vec<Line>,
    /// This machine's own trouble, while there is any; of several, one that holds alarms back.
    pub guard: Option<Guard>,
    /// Many stations are still gone although no guard waits for them any more.
    pub aftermath: Option<Aftermath>,
}

#[cfg(test)]
mod tests;
