//! The fleet guard: is it us?

use super::limits::Limits;
use super::machine::{Change, Machine};
use super::{Guard, OwnTrouble};
use crate::clock::Mono;

/// What all feeds together do, counted anew in each step. Feeds whose trouble is excused, and
/// those of which nothing is known yet, are in none of the counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fleet {
    /// They deliver pictures, whatever these show.
    pub(super) arriving: usize,
    /// They are lost.
    pub(super) lost: usize,
    /// … of these, within the last seconds.
    pub(super) fresh: usize,
    /// They were lost in the last step, and deliver in this one.
    pub(super) returned: usize,
    /// They have been lost since the last step.
    pub(super) gone: usize,
}

impl Fleet {
    /// Whether `percent` of those that delivered until now were lost at once.
    fn falls(&self, percent: usize, limits: &Limits) -> bool {
        self.fresh >= limits.fleet_least
            && self.fresh * 100 >= percent * (self.arriving + self.fresh)
    }

    /// Whether so many were lost at once that it may yet become most of them.
    pub(super) fn storms(&self, limits: &Limits) -> bool {
        self.falls(limits.storm_share_percent, limits)
    }
}

/// One reason, with a delay at its end.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    since: Option<Mono>,
    quiet_from: Option<Mono>,
}

impl Slot {
    /// Follows a condition; the guard ends when that has been away for `calm`. Whether it began or
    /// ended.
    fn follow(&mut self, on: bool, now: Mono, limits: &Limits) -> Option<Edge> {
        if on {
            self.quiet_from = None;
            if self.since.is_none() {
                self.since = Some(now);
                return Some(Edge::Began(now));
            }
            return None;
        }
        let since = self.since?;
        let quiet = now.since(*self.quiet_from.get_or_insert(now));
        (quiet >= limits.own_calm).then(|| {
            *self = Self::default();
            Edge::Ended(since)
        })
    }
}

enum Edge {
    Began(Mono),
    Ended(Mono),
}

/// All the reasons for which this machine may be the one in trouble.
#[derive(Clone, Debug, Default)]
pub(super) struct Guards {
    late: Slot,
    disk: Slot,
    network_since: Option<Mono>,
    /// The last time the operating system said that there is no way out.
    down: Mono,
    /// The last time a feed came or went.
    stirred: Mono,
    /// The last time one returned.
    returned: Mono,
    standing: Vec<Guard>,
}

impl Guards {
    /// Those that stand, the weightiest first.
    pub(super) fn standing(&self) -> &[Guard] {
        &self.standing
    }

    /// Whether cameras' alarms are to be held back.
    pub(super) fn hold(&self, now: Mono, limits: &Limits) -> bool {
        let late = self.late.since.is_some_and(|since| now.since(since) < limits.late_limit);
        late || self.network_since.is_some()
    }

    /// Follows what the machine and the feeds do.
    pub(super) fn step(
        &mut self,
        now: Mono,
        machine: Machine,
        fleet: Fleet,
        limits: &Limits,
        changes: &mut Vec<Change>,
    ) {
        let edges = [
            (OwnTrouble::Late, self.late.follow(machine.late, now, limits)),
            (OwnTrouble::Network, self.network(now, machine, fleet, limits)),
            (OwnTrouble::Disk, self.disk.follow(machine.disk, now, limits)),
        ];
        let mut changed = false;
        for (why, edge) in edges {
            let Some(edge) = edge else { continue };
            changed = true;
            changes.push(match edge {
                Edge::Began(since) => Change::GuardBegan(Guard { why, since }),
                Edge::Ended(since) => Change::GuardEnded { guard: Guard { why, since }, at: now },
            });
        }
        if changed {
            let all = [
                (OwnTrouble::Late, self.late.since),
                (OwnTrouble::Network, self.network_since),
                (OwnTrouble::Disk, self.disk.since),
            ];
            let standing = all.iter().filter_map(|&(why, s)| Some(Guard { why, since: s? }));
            self.standing = standing.collect();
        }
    }

    fn network(
        &mut self,
        now: Mono,
        machine: Machine,
        fleet: Fleet,
        limits: &Limits,
    ) -> Option<Edge> {
        if machine.network_down {
            self.down = now;
        }
        if fleet.returned > 0 {
            self.returned = now;
        }
        if fleet.returned + fleet.gone > 0 {
            self.stirred = now;
        }
        let Some(since) = self.network_since else {
            let begins = fleet.falls(limits.fleet_share_percent, limits)
                || machine.network_down
                    && fleet.falls(limits.fleet_share_unreachable_percent, limits);
            // While we are late nothing that the feeds seem to do says anything about the network.
            return (begins && self.late.since.is_none()).then(|| {
                self.network_since = Some(now);
                Edge::Began(now)
            });
        };
        let few =
            fleet.lost * 100 <= limits.fleet_recovered_percent * (fleet.lost + fleet.arriving);
        let recovered = few && now.since(self.stirred) >= limits.fleet_calm;
        // From when the way was there again, the feeds have as long to return by it.
        let stood = now.since(since.max(self.down));
        let returning = now.since(self.returned) < limits.fleet_calm;
        let not_us = stood >= limits.network_limit && (!returning || stood >= limits.network_most);
        (recovered || not_us).then(|| {
            self.network_since = None;
            Edge::Ended(since)
        })
    }
}
