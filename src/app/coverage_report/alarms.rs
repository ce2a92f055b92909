//! How fast alarms were answered, from the journal's rows in their order.
//!
//! Counted are calls for an answer: an alarm that is raised again after its answer calls a second
//! time. A group is one call of all its stations, since the first of the alarms that went into it.

use std::collections::HashMap;

use crate::clock::WallTime;
use crate::health::State;
use crate::journal::read::{Filter, Reader};
use crate::journal::{Event, JournalError, Kind};
use crate::model::StationId;
use crate::record::ledger::Span;

/// Alarms that stood when the hours begin were raised this long before them at most.
const BEFORE_US: i64 = 48 * 3_600_000_000;

const KINDS: [Kind; 6] = [
    Kind::AlarmRaised,
    Kind::AlarmWorsened,
    Kind::AlarmAcknowledged,
    Kind::AlarmsGrouped,
    Kind::AlarmsUngrouped,
    Kind::AlarmClosed,
];

/// A call for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Alarm {
    /// Its number in the journal.
    pub(super) number: u64,
    /// When it was raised.
    pub(super) raised: WallTime,
    /// Whose; many of a group.
    pub(super) stations: Vec<StationId>,
    /// The worst there was of it.
    pub(super) worst: State,
    /// When it was answered, and by whom.
    pub(super) answered: Option<(WallTime, String)>,
    /// It has left the list.
    pub(super) closed: bool,
}

impl Alarm {
    /// How long an answer was waited for.
    pub(super) fn waited_us(&self) -> Option<i64> {
        let (at, _) = self.answered.as_ref()?;
        // A clock that was set back makes no answer come before its alarm.
        Some((at.as_micros() - self.raised.as_micros()).max(0))
    }
}

/// Goes through the rows.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// What went into others leaves a hole.
    all: Vec<Option<Alarm>>,
    /// Which call each number stands for now.
    of: HashMap<u64, usize>,
}

/// All calls that were raised `within`, in the order of time.
pub(super) fn read(reader: &Reader, within: Span) -> Result<Vec<Alarm>, JournalError> {
    let since = WallTime::from_micros(within.from_us.saturating_sub(BEFORE_US));
    let filter = Filter { station: None, kinds: KINDS.to_vec(), since: Some(since) };
    let mut calls = Calls::default();
    reader.each(&filter, |row| {
        if let Some(event) = row.event() {
            let station = row.station.as_deref().and_then(|station| station.parse().ok());
            calls.take(row.utc, station, &event);
        }
        Ok::<_, JournalError>(())
    })?;
    Ok(calls.within(within))
}

impl Calls {
    /// Takes a row of `station`, or of no single one.
    pub(super) fn take(&mut self, at: WallTime, station: Option<StationId>, event: &Event) {
        match event {
            Event::AlarmRaised { alarm, state, .. } => {
                let state = State::of_code(state).unwrap_or(State::Offline);
                self.raise(*alarm, at, station, state);
            }
            Event::AlarmWorsened { alarm, worst, .. } => {
                if let (Some(call), Some(worst)) = (self.call(*alarm), State::of_code(worst)) {
                    call.worst = call.worst.max(worst);
                }
            }
            Event::AlarmAcknowledged { alarm, who, .. } => {
                if let Some(call) = self.call(*alarm) {
                    call.answered.get_or_insert_with(|| (at, who.clone()));
                }
            }
            Event::AlarmsGrouped { alarm, stations, from, .. } => {
                let stations = stations.iter().filter_map(|station| station.parse().ok());
                self.group(*alarm, at, stations.collect(), from);
            }
            Event::AlarmsUngrouped { alarm, stations, into } => {
                let left = stations.iter().map(|station| station.parse().ok());
                let left = left.zip(into.iter().copied());
                self.open_up(*alarm, left.filter_map(|(station, into)| Some((station?, into))));
            }
            Event::AlarmClosed { alarm } => {
                if let Some(call) = self.call(*alarm) {
                    call.closed = true;
                }
                self.of.remove(alarm);
            }
            _ => {}
        }
    }

    fn call(&mut self, number: u64) -> Option<&mut Alarm> {
        self.of.get(&number).and_then(|&at| self.all.get_mut(at)?.as_mut())
    }

    fn put(&mut self, call: Alarm) {
        self.of.insert(call.number, self.all.len());
        self.all.push(Some(call));
    }

    fn raise(&mut self, number: u64, at: WallTime, station: Option<StationId>, worst: State) {
        let known = self.call(number);
        // After a loss of the save a number may have been given away a second time.
        let same = known.filter(|call| station.is_none_or(|id| call.stations.contains(&id)));
        let stations = match same {
            Some(call) if call.answered.is_none() => {
                call.worst = call.worst.max(worst);
                return;
            }
            Some(call) => call.stations.clone(),
            None => station.into_iter().collect(),
        };
        if !stations.is_empty() {
            self.put(Alarm { number, raised: at, stations, worst, answered: None, closed: false });
        }
    }

    fn group(&mut self, number: u64, at: WallTime, stations: Vec<StationId>, from: &[u64]) {
        let (mut raised, mut worst) = (at, None);
        for single in from.iter().filter(|single| **single != number) {
            let Some(place) = self.of.remove(single) else { continue };
            let Some(slot) = self.all.get_mut(place) else { continue };
            // What had its answer keeps it.
            if let Some(call) = slot.take_if(|call| call.answered.is_none()) {
                raised = raised.min(call.raised);
                worst = worst.max(Some(call.worst));
            }
        }
        let worst = worst.unwrap_or(State::Offline);
        match self.call(number) {
            Some(call) => {
                let fresh = stations.into_iter().filter(|id| !call.stations.contains(id));
                let fresh: Vec<_> = fresh.collect();
                call.stations.extend(fresh);
                if call.answered.is_none() {
                    call.raised = call.raised.min(raised);
                }
                call.worst = call.worst.max(worst);
            }
            None => {
                self.put(Alarm { number, raised, stations, worst, answered: None, closed: false });
            }
        }
    }

    /// A group is single alarms again: whoever has answered it has answered all of them, and else
    /// each has waited since the group was raised.
    fn open_up(&mut self, number: u64, left: impl Iterator<Item = (StationId, u64)>) {
        let Some(&place) = self.of.get(&number) else { return };
        let Some(group) = self.all.get_mut(place).and_then(Option::as_mut) else { return };
        if group.answered.is_some() {
            self.of.extend(left.map(|(_, into)| (into, place)));
            return;
        }
        let (raised, worst) = (group.raised, group.worst);
        let left: Vec<_> = left.collect();
        group.stations.retain(|id| !left.iter().any(|(station, _)| station == id));
        if group.stations.is_empty() {
            self.all[place] = None;
            self.of.remove(&number);
        }
        for (station, number) in left {
            let stations = vec![station];
            self.put(Alarm { number, raised, stations, worst, answered: None, closed: false });
        }
    }

    pub(super) fn within(self, within: Span) -> Vec<Alarm> {
        let mut all: Vec<Alarm> = self.all.into_iter().flatten().collect();
        all.retain(|call| (within.from_us..within.to_us).contains(&call.raised.as_micros()));
        all.sort_by_key(|call| (call.raised, call.number));
        all
    }
}
