//! The fleet guard: is it us?

use super::limits::Limits;
use super::machine::{Change, Ending, Machine};
use super::{Aftermath, Guard, OwnTrouble};
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
    /// Of those that deliver, the ones at whose pictures nobody has looked for long.
    pub(super) unchecked: usize,
}

impl Fleet {
    /// Whether `percent` of those that delivered until now were lost at once.
    fn falls(&self, percent: usize, limits: &Limits) -> bool {
        self.fresh >= limits.fleet_least
            && self.fresh * 100 >= percent * (self.arriving + self.fresh)
    }

    /// Whether so few are lost that all may be called well again.
    fn is_mostly_there(&self, limits: &Limits) -> bool {
        self.lost * 100 <= limits.fleet_recovered_percent * (self.lost + self.arriving)
    }

    /// Whether this machine looks at too few pictures.
    fn is_unchecked(&self, limits: &Limits) -> bool {
        self.unchecked >= limits.unchecked_least
            && self.unchecked * 100 >= limits.unchecked_share_percent * self.arriving
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
            Edge::Ended { since, gave_up: false }
        })
    }
}

enum Edge {
    Began(Mono),
    Ended { since: Mono, gave_up: bool },
}

/// All the reasons for which this machine may be the one in trouble.
#[derive(Clone, Debug, Default)]
pub(super) struct Guards {
    late: Slot,
    /// It has been late for so long that it holds nothing back any more.
    yielded: bool,
    unchecked: Slot,
    disk: Slot,
    recording: Slot,
    network_since: Option<Mono>,
    /// Since when the feeds are gone for which nobody waits any more.
    given_up: Option<Mono>,
    aftermath: Option<Aftermath>,
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

    /// Many that are gone, and are waited for no more.
    pub(super) fn aftermath(&self) -> Option<Aftermath> {
        self.aftermath
    }

    /// Whether cameras' alarms are to be held back.
    pub(super) fn hold(&self) -> bool {
        self.standing.iter().any(|guard| guard.holds)
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
            (OwnTrouble::Unchecked, self.unchecked.follow(fleet.is_unchecked(limits), now, limits)),
            (OwnTrouble::Recording, self.recording.follow(machine.recording, now, limits)),
            (OwnTrouble::Disk, self.disk.follow(machine.disk, now, limits)),
        ];
        let yielded = self.late.since.is_some_and(|since| now.since(since) >= limits.late_limit);
        let yields = yielded && !self.yielded;
        self.yielded = yielded;
        for (why, edge) in edges {
            let Some(edge) = edge else { continue };
            changes.push(match edge {
                Edge::Began(since) => Change::GuardBegan(self.guard(why, since)),
                Edge::Ended { since, gave_up } => Change::GuardEnded {
                    guard: self.guard(why, since),
                    at: now,
                    ending: Ending { gave_up, lost: fleet.lost },
                },
            });
        }
        let all = [
            (OwnTrouble::Late, self.late.since),
            (OwnTrouble::Network, self.network_since),
            (OwnTrouble::Unchecked, self.unchecked.since),
            (OwnTrouble::Recording, self.recording.since),
            (OwnTrouble::Disk, self.disk.since),
        ];
        let standing = all.iter().filter_map(|&(why, since)| Some(self.guard(why, since?)));
        self.standing = standing.collect();
        // Whatever else there is, that alarms are held back must not be hidden behind it.
        self.standing.sort_by_key(|guard| !guard.holds);
        if yields && let Some(since) = self.late.since {
            let guard = self.guard(OwnTrouble::Late, since);
            changes.push(Change::GuardYielded { guard, at: now });
        }
        self.follow_aftermath(now, fleet, limits);
    }

    fn guard(&self, why: OwnTrouble, since: Mono) -> Guard {
        let holds = match why {
            OwnTrouble::Late => !self.yielded,
            OwnTrouble::Network => true,
            OwnTrouble::Unchecked | OwnTrouble::Recording | OwnTrouble::Disk => false,
        };
        Guard { why, since, holds }
    }

    fn follow_aftermath(&mut self, now: Mono, fleet: Fleet, limits: &Limits) {
        let calm = now.since(self.stirred) >= limits.fleet_calm;
        if self.network_since.is_some() || fleet.is_mostly_there(limits) && calm {
            self.given_up = None;
        }
        let of = fleet.lost + fleet.arriving;
        self.aftermath = self.given_up.map(|since| Aftermath { since, lost: fleet.lost, of });
    }

    fn network(
        &mut self,
        now: Mono,
        machine: Machine,
        fleet: Fleet,
        limits: &Limits,
    ) -> Option<Edge> {
        // The operating system may speak of another way than the one that the feeds come by: where
        // most of them still come, it is not that which the others are waiting for.
        if machine.network_down && fleet.lost >= fleet.arriving {
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
        let recovered =
            fleet.is_mostly_there(limits) && now.since(self.stirred) >= limits.fleet_calm;
        // From when the way was there again, the feeds have as long to return by it.
        let stood = now.since(since.max(self.down));
        let returning = now.since(self.returned) < limits.fleet_calm;
        let not_us = stood >= limits.network_limit && (!returning || stood >= limits.network_most);
        (recovered || not_us).then(|| {
            self.network_since = None;
            let gave_up = !fleet.is_mostly_there(limits);
            self.given_up = gave_up.then_some(since);
            Edge::Ended { since, gave_up }
        })
    }
}
