//! The alarms of one station's day, from the journal's rows in their order.
//!
//! What is over is what the station's states say is over. That an alarm has left the list says less:
//! work that has begun at the station answers it and mends nothing.

use std::collections::{HashMap, HashSet};

use crate::clock::WallTime;
use crate::health::State;
use crate::health::alarms::Acknowledged;
use crate::journal::Event;
use crate::model::StationId;
use crate::ui::PastAlarm;

/// Goes through the rows.
pub(super) struct Alarms {
    /// As rows spell it.
    station: String,
    /// The station's present trouble.
    trouble: Option<(WallTime, State)>,
    /// The station's alarms and the groups it was in, by their number.
    open: HashMap<u64, PastAlarm>,
    /// Those of which no more rows come. One without an end is of trouble that goes on.
    closed: Vec<(u64, PastAlarm)>,
    /// Open ones whose end was told while the station itself was still in trouble.
    left: HashSet<u64>,
}

impl Alarms {
    pub(super) fn new(station: StationId) -> Self {
        Self {
            station: station.to_string(),
            trouble: None,
            open: HashMap::new(),
            closed: Vec::new(),
            left: HashSet::new(),
        }
    }

    /// The station's state has changed, which was known `at` that time.
    pub(super) fn state(&mut self, at: WallTime, since: WallTime, state: State) {
        self.trouble = state.is_trouble().then(|| {
            let since = self.trouble.map_or(since, |(since, _)| since);
            (since, state)
        });
        let trouble = self.trouble;
        for (_, alarm) in &mut self.closed {
            if alarm.to.is_none() && !goes_on(trouble, alarm) {
                alarm.to = Some(at);
            }
        }
        self.left.retain(|number| {
            let Some(alarm) = self.open.get_mut(number) else { return false };
            let goes_on = goes_on(trouble, alarm);
            if !goes_on {
                alarm.to = Some(at);
            }
            goes_on
        });
    }

    fn fresh(&self, from: WallTime, worst: State) -> PastAlarm {
        PastAlarm { from, to: None, worst, together_with: 0, acknowledged: None }
    }

    /// Takes a row of `of`, or of no station.
    pub(super) fn take(&mut self, of: Option<&str>, at: WallTime, event: &Event) {
        let own = of == Some(self.station.as_str());
        if of.is_some() && !own {
            // A number that another station's alarm has now: after a loss of the save it may have
            // been given away twice. What is told of it from here on is not about this station.
            if let Event::AlarmRaised { alarm, .. } = event {
                self.closed.extend(self.open.remove_entry(alarm));
            }
            return;
        }
        match event {
            Event::AlarmRaised { alarm, state, since_utc_us, .. } => {
                let worst = State::of_code(state);
                if let Some(known) = self.open.get_mut(alarm) {
                    // It must be answered anew.
                    (known.to, known.acknowledged) = (None, None);
                    self.left.remove(alarm);
                    known.worst = worst.map_or(known.worst, |worst| worst.max(known.worst));
                } else if own {
                    let from = since_utc_us.map_or(at, WallTime::from_micros);
                    let fresh = self.fresh(from, worst.unwrap_or(State::Offline));
                    self.open.insert(*alarm, fresh);
                }
            }
            Event::AlarmWorsened { alarm, worst, .. } => {
                if let (Some(known), Some(worst)) =
                    (self.open.get_mut(alarm), State::of_code(worst))
                {
                    known.worst = known.worst.max(worst);
                }
            }
            Event::AlarmEnded { alarm, .. } => self.end(*alarm, at),
            Event::AlarmAcknowledged { alarm, who, note } => {
                if let Some(known) = self.open.get_mut(alarm) {
                    let (who, note) = (who.clone(), note.clone());
                    known.acknowledged = Some(Acknowledged { who, at, note });
                }
            }
            Event::AlarmsGrouped { alarm, stations, from, .. } => {
                self.group(*alarm, at, stations, from);
            }
            Event::AlarmsUngrouped { alarm, stations, into } => {
                if !self.open.contains_key(alarm) {
                    return;
                }
                self.left.remove(alarm);
                if let Some(known) = self.open.get_mut(alarm) {
                    known.to = known.to.or(Some(at));
                }
                let own = stations.iter().zip(into).find(|(id, _)| **id == self.station);
                if let Some((_, into)) = own {
                    let (from, worst) = self.trouble.unwrap_or((at, State::Offline));
                    let fresh = self.fresh(from, worst);
                    self.open.entry(*into).or_insert(fresh);
                }
            }
            Event::AlarmClosed { alarm } => {
                self.end(*alarm, at);
                self.closed.extend(self.open.remove_entry(alarm));
            }
            _ => {}
        }
    }

    fn end(&mut self, alarm: u64, at: WallTime) {
        let Some(known) = self.open.get_mut(&alarm) else { return };
        if goes_on(self.trouble, known) {
            self.left.insert(alarm);
        } else {
            known.to = known.to.or(Some(at));
        }
    }

    /// The station was lost together with others, or others have joined it.
    fn group(&mut self, alarm: u64, at: WallTime, stations: &[String], from: &[u64]) {
        if !stations.contains(&self.station) {
            // The number of this station's own alarm, given away a second time.
            let taken = |known: &PastAlarm| known.together_with == 0;
            if self.open.get(&alarm).is_some_and(taken) {
                self.closed.extend(self.open.remove_entry(&alarm));
            }
            return;
        }
        // Its own alarm is in the group now.
        let own = from.iter().find_map(|id| self.open.remove(id));
        let (since, state) = self.trouble.unwrap_or((at, State::Offline));
        let fresh = own.unwrap_or_else(|| self.fresh(since, state));
        let known = self.open.entry(alarm).or_insert(fresh);
        self.left.remove(&alarm);
        let others = stations.len().saturating_sub(1);
        known.together_with = known.together_with.max(others);
    }

    /// Those that stood at `from` or later, the newest first.
    pub(super) fn since(self, from: WallTime) -> Vec<PastAlarm> {
        let mut all = self.closed;
        all.extend(self.open);
        all.retain(|(_, alarm)| alarm.to.is_none_or(|to| to >= from));
        all.sort_by_key(|(number, alarm)| std::cmp::Reverse((alarm.from, *number)));
        all.into_iter().map(|(_, alarm)| alarm).collect()
    }
}

/// Whether the trouble that `alarm` was about goes on. A group is about losses: who comes back black
/// is back.
fn goes_on(trouble: Option<(WallTime, State)>, alarm: &PastAlarm) -> bool {
    trouble.is_some_and(|(_, state)| {
        let lost = matches!(state, State::Stalled | State::Offline | State::AuthFailed);
        lost || alarm.together_with == 0
    })
}
