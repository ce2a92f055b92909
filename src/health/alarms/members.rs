//! The list of stations as the alarms need it, and what its stations have in common.

use std::collections::BTreeMap;

use super::Common;
use super::machine::{Alarms, Change, Member};
use super::watch::Watch;
use crate::model::StationId;

/// Which of the things that stations have in common.
pub(super) type KeyNo = u32;

/// One thing that stations have in common.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) common: Common,
    /// How many stations have it.
    pub(super) of: usize,
}

/// Host, network and district of a station. Names of hosts are the same in any case; an empty name
/// is nothing in common.
fn commons(member: &Member) -> [Option<Common>; 3] {
    let named = |s: &str| (!s.trim().is_empty()).then(|| s.trim().to_owned());
    [
        named(&member.host).map(|h| Common::Host(h.to_ascii_lowercase())),
        named(&member.network).map(Common::Network),
        Some(Common::District(member.station.district)),
    ]
}

impl Alarms {
    /// Takes a new list. What is known about stations that stay is kept; alarms and maintenance
    /// windows of stations that are gone end, and the next step says so.
    pub fn set_members(&mut self, mut members: Vec<Member>) {
        members.sort_by_key(|m| m.station);
        members.dedup_by_key(|m| m.station);
        let mut numbers: BTreeMap<Common, KeyNo> = BTreeMap::new();
        self.keys.clear();
        let mut before = std::mem::take(&mut self.watches).into_iter().peekable();
        for member in &members {
            let keys = commons(member).map(|common| {
                let common = common?;
                let no = *numbers.entry(common.clone()).or_insert_with(|| {
                    self.keys.push(Key { common, of: 0 });
                    (self.keys.len() - 1) as KeyNo
                });
                self.keys[no as usize].of += 1;
                Some(no)
            });
            while before.next_if(|w| w.station < member.station).is_some() {}
            let watch = match before.next_if(|w| w.station == member.station) {
                Some(mut known) => {
                    known.keys = keys;
                    known
                }
                None => Watch::new(member.station, keys),
            };
            self.watches.push(watch);
        }
        for alarm in &mut self.alarms {
            alarm.key = alarm.by.as_ref().and_then(|by| numbers.get(by).copied());
        }
        self.link();
        let watches = &self.watches;
        let known = |s: StationId| watches.binary_search_by_key(&s, |w| w.station).is_ok();
        let (kept, gone) =
            std::mem::take(&mut self.windows).into_iter().partition(|w| known(w.station));
        self.windows = kept;
        self.queue.extend(gone.into_iter().map(Change::MaintenanceEnded));
        self.show();
    }

    /// Ties stations and alarms together again: takes stations that are not on the list out of
    /// their alarms, and whatever a damaged save has in two of them out of the younger one.
    pub(super) fn link(&mut self) {
        for watch in &mut self.watches {
            (watch.own, watch.group) = (None, None);
        }
        let watches = &mut self.watches;
        for alarm in &mut self.alarms {
            let (id, single) = (alarm.line.id, alarm.by.is_none());
            let mut take = |station: StationId, stands: bool| {
                let Ok(at) = watches.binary_search_by_key(&station, |w| w.station) else {
                    return false;
                };
                let watch = &mut watches[at];
                let free = watch.own.is_none() && watch.group.is_none();
                if !stands && !single {
                    return true;
                }
                if free && single {
                    watch.own = Some(id);
                } else if free {
                    watch.group = Some(id);
                }
                if free && watch.times == 0 {
                    // Restored: nothing is known of the station itself yet.
                    (watch.times, watch.worst) = (alarm.line.times, alarm.line.worst);
                    (watch.since, watch.last_over) = (alarm.line.since, alarm.line.ended);
                }
                free
            };
            let before = alarm.standing.len() + alarm.returned.len();
            let stood = !alarm.standing.is_empty();
            alarm.standing.retain(|&s| take(s, true));
            alarm.returned.retain(|&s| take(s, false));
            alarm.dirty |= before != alarm.standing.len() + alarm.returned.len();
            if stood && alarm.standing.is_empty() {
                alarm.line.ended = Some(self.now);
                alarm.dirty = true;
            }
        }
        for at in (0..self.alarms.len()).rev() {
            let alarm = &self.alarms[at];
            if alarm.standing.is_empty() && alarm.returned.is_empty() {
                self.queue.push(Change::Closed(alarm.line.id));
                self.alarms.remove(at);
            }
        }
        self.stale = true;
    }

    /// The stations whose feeds have `key` in common, excused ones left out, counted for all keys.
    pub(super) fn count_watched(&self) -> Vec<usize> {
        let mut counts = vec![0; self.keys.len()];
        for watch in &self.watches {
            if watch.look != super::watch::Look::Excused {
                for key in watch.keys.iter().flatten() {
                    counts[*key as usize] += 1;
                }
            }
        }
        counts
    }
}
