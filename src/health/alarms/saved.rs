//! What outlives a restart of the wall: maintenance windows, and every alarm on the list.
//!
//! Monotonic time is one run's own, so moments are saved in civil time. Answered alarms are saved
//! too: whoever has taken one on should not be asked again because the program was restarted.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::alarm::Alarm;
use super::machine::{Alarms, Window};
use super::{About, Acknowledged, AlarmId, Common, Limits, Line, Severity};
use crate::clock::{Mono, WallTime};
use crate::health::State;
use crate::model::StationId;

/// The alarms as they can be written down. Made by [`Alarms::snapshot`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The number of the next alarm: numbers in the journal are never used twice.
    next: u64,
    windows: Vec<Window>,
    alarms: Vec<Saved>,
}

/// One alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Saved {
    id: AlarmId,
    /// What the members have in common; absent for a single station.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<Common>,
    standing: Vec<StationId>,
    returned: Vec<StationId>,
    #[serde(serialize_with = "write_state", deserialize_with = "read_state")]
    state: State,
    #[serde(serialize_with = "write_state", deserialize_with = "read_state")]
    worst: State,
    severity: Severity,
    kinds: u8,
    times: u32,
    escalated: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    acknowledged: Option<Acknowledged>,
    since: WallTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<WallTime>,
    began: WallTime,
    unanswered_from: WallTime,
    first_lost: WallTime,
    last_lost: WallTime,
}

fn write_state<S: Serializer>(state: &State, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(state.code())
}

fn read_state<'de, D: Deserializer<'de>>(from: D) -> Result<State, D::Error> {
    let code = std::borrow::Cow::<str>::deserialize(from)?;
    let found = State::ALL.into_iter().find(|s| s.code() == code);
    found.ok_or_else(|| serde::de::Error::custom(format!("{code:?} is no state of a feed")))
}

/// More alarms than are raised between two saves: numbers that a killed run may have given away.
const NEVER_SAVED: u64 = 10_000;

/// Two clocks at one moment.
#[derive(Clone, Copy)]
struct Both {
    mono: Mono,
    wall: WallTime,
}

impl Both {
    fn wall(self, at: Mono) -> WallTime {
        let ago = self.mono.as_micros().saturating_sub(at.as_micros());
        WallTime::from_micros(self.wall.as_micros().saturating_sub(ago))
    }

    /// Never in the future: the civil clock may have been set back while we were away.
    fn mono(self, at: WallTime) -> Mono {
        let ago = self.wall.as_micros().saturating_sub(at.as_micros()).max(0);
        Mono::from_micros(self.mono.as_micros().saturating_sub(ago))
    }
}

impl Alarms {
    /// What is to be kept for the next run.
    pub fn snapshot(&self, now: Mono, wall: WallTime) -> Snapshot {
        let clock = Both { mono: now, wall };
        let save = |alarm: &Alarm| Saved {
            id: alarm.line.id,
            by: alarm.by.clone(),
            standing: alarm.standing.clone(),
            returned: alarm.returned.clone(),
            state: alarm.line.state,
            worst: alarm.line.worst,
            severity: alarm.line.severity,
            kinds: alarm.kinds,
            times: alarm.line.times,
            escalated: alarm.line.escalated,
            acknowledged: alarm.line.acknowledged.clone(),
            since: clock.wall(alarm.line.since),
            ended: alarm.line.ended.map(|at| clock.wall(at)),
            began: clock.wall(alarm.began),
            unanswered_from: clock.wall(alarm.line.unanswered_from),
            first_lost: clock.wall(alarm.reach.0),
            last_lost: clock.wall(alarm.reach.1),
        };
        Snapshot {
            next: self.next,
            windows: self.windows.clone(),
            alarms: self.alarms.iter().map(save).collect(),
        }
    }

    /// The alarms as they were, for a run that begins `now`. Call [`Alarms::set_members`] next:
    /// what is not on the list any more goes then. An alarm stands as it stood until something is
    /// known of its feed. What a damaged save says twice is taken once.
    pub fn restore(limits: Limits, saved: Snapshot, now: Mono, wall: WallTime) -> Self {
        let clock = Both { mono: now, wall };
        let mut alarms = Self::new(limits, AlarmId(0));
        alarms.now = now;
        alarms.windows = saved.windows;
        alarms.windows.sort_by_key(|w| w.station);
        alarms.windows.dedup_by_key(|w| w.station);
        alarms.alarms = saved.alarms.into_iter().filter_map(|one| one.restore(clock)).collect();
        alarms.alarms.sort_by_key(|a| a.line.id);
        alarms.alarms.dedup_by_key(|a| a.line.id);
        let unused = alarms.alarms.last().map_or(1, |a| a.line.id.0.saturating_add(1));
        // What was raised after the last save, and then killed, stands in the journal: its numbers
        // are not used again.
        alarms.next = saved.next.max(unused).saturating_add(NEVER_SAVED);
        alarms.stale = true;
        alarms
    }
}

impl Saved {
    /// `None` for an alarm of nobody.
    fn restore(mut self, clock: Both) -> Option<Alarm> {
        for list in [&mut self.standing, &mut self.returned] {
            list.sort_unstable();
            list.dedup();
        }
        let station = *self.standing.first().or(self.returned.first())?;
        let began = clock.mono(self.began);
        let ended = match (self.standing.is_empty(), self.ended) {
            (true, Some(at)) => Some(clock.mono(at)),
            (true, None) => Some(clock.mono),
            (false, _) => None,
        };
        let line = Line {
            id: self.id,
            about: About::Station(station),
            state: self.state,
            worst: self.worst,
            trouble: None,
            since: clock.mono(self.since),
            ended,
            unanswered_from: clock.mono(self.unanswered_from),
            escalated: self.escalated,
            acknowledged: self.acknowledged,
            severity: self.severity,
            times: self.times,
        };
        Some(Alarm {
            few_from: None,
            told_over: ended.is_some(),
            line,
            by: self.by,
            key: None,
            standing: self.standing,
            returned: self.returned,
            began,
            raised_at: began,
            kinds: self.kinds,
            reach: (clock.mono(self.first_lost), clock.mono(self.last_lost)),
            dirty: true,
        })
    }
}
