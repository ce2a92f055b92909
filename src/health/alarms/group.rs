//! Losses with one cause become one line.
//!
//! What stations that were lost within seconds of one another have in common is a host, a network
//! or a district. Of all these the one is taken that explains the most losses with the fewest
//! bystanders (stations that have it too and still deliver), then the next for what is left. What
//! somebody has taken on is left alone.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use super::alarm::{Alarm, insert};
use super::machine::{Alarms, Change};
use super::members::KeyNo;
use super::watch::Watch;
use super::{AlarmId, Common};
use crate::clock::Mono;

/// Stations that may be grouped by one thing that they have in common.
struct Plan {
    key: KeyNo,
    /// Losses explained less bystanders.
    score: isize,
    /// How many stations have the thing in common.
    of: usize,
    /// Index into the watches.
    members: Vec<usize>,
}

/// What all plans of one step need.
struct Field {
    /// Of each thing in common that one of the new losses has: who is lost, by the last picture.
    lost: BTreeMap<KeyNo, Vec<(Mono, usize)>>,
    /// How many are watched that have it.
    watched: Vec<usize>,
    /// By watch: due, and on no line.
    new: Vec<bool>,
    /// By watch: told in this step, or waiting for others.
    used: Vec<bool>,
}

impl Field {
    /// Neither told nor due: it may yet recover, and nobody will have heard of it.
    fn is_pending(&self, at: usize, watch: &Watch) -> bool {
        !self.new[at] && watch.group.is_none() && watch.own.is_none()
    }
}

impl Alarms {
    /// Takes late ones into the groups that they belong to. Those that belong to none are left in
    /// `losses`.
    pub(super) fn join(&mut self, losses: &mut Vec<usize>, now: Mono, changes: &mut Vec<Change>) {
        let mut joined: BTreeMap<AlarmId, Vec<AlarmId>> = BTreeMap::new();
        losses.retain(|&at| {
            let watch = &self.watches[at];
            let mut keys = watch.keys.iter().flatten();
            let found = keys.find_map(|&key| {
                let of_key = |a: &&Alarm| a.key == Some(key) && !a.is_over();
                let group = self.alarms.iter().filter(of_key).find(|a| self.belongs(a, watch))?;
                Some(group.line.id)
            });
            let Some(group) = found else { return true };
            let from = joined.entry(group).or_default();
            from.extend(self.take_in(at, group, now));
            false
        });
        for (id, from) in joined {
            let Some(at) = self.at(id) else { continue };
            let worse = self.refresh(at);
            let alarm = &mut self.alarms[at];
            if alarm.is_acknowledged() && worse {
                alarm.raise_anew(now);
                changes.push(Change::Raised(alarm.line.clone()));
            }
            changes.push(Change::Grouped { line: self.alarms[at].line.clone(), from });
        }
    }

    /// Whether a station was lost with the others of a group that stands.
    fn belongs(&self, group: &Alarm, watch: &Watch) -> bool {
        let (first, last) = group.reach;
        let within = self.limits.together;
        let with_them = first - within <= watch.since && watch.since <= last + within;
        // One that had returned is still part of the same trouble, unless somebody has answered.
        let again =
            || !group.is_acknowledged() && group.returned.binary_search(&watch.station).is_ok();
        with_them || again()
    }

    /// Makes groups of new losses and those that began with them. Left in `losses` is who stands
    /// alone.
    pub(super) fn gather(&mut self, losses: &mut Vec<usize>, now: Mono, changes: &mut Vec<Change>) {
        let mut field = self.field(losses);
        let keys: Vec<KeyNo> = field.lost.keys().copied().collect();
        for &key in &keys {
            let Some(plan) = self.plan(key, &field, true) else { continue };
            let pending = |&at: &usize| field.is_pending(at, &self.watches[at]);
            let waits = |&at: &usize| {
                let due = self.watches[at].due_at(&self.limits);
                !field.new[at] || due.is_some_and(|due| now.since(due) < self.limits.gather)
            };
            if plan.members.iter().any(pending) && plan.members.iter().all(waits) {
                for at in plan.members {
                    field.used[at] |= field.new[at];
                }
            }
        }
        let mut plans: Vec<Plan> =
            keys.iter().filter_map(|&key| self.plan(key, &field, false)).collect();
        loop {
            let best = (0..plans.len()).max_by(|&a, &b| self.compare(&plans[a], &plans[b]));
            let Some(best) = best else { break };
            let plan = plans.swap_remove(best);
            if plan.members.iter().any(|&at| field.used[at]) {
                // What was taken meanwhile is missing; what is left may still do.
                plans.extend(self.plan(plan.key, &field, false));
                continue;
            }
            for &at in &plan.members {
                field.used[at] = true;
            }
            self.form(&plan, now, changes);
        }
        losses.retain(|&at| !field.used[at]);
    }

    fn field(&self, losses: &[usize]) -> Field {
        let mut field = Field {
            lost: BTreeMap::new(),
            watched: self.count_watched(),
            new: vec![false; self.watches.len()],
            used: vec![false; self.watches.len()],
        };
        for &at in losses {
            field.new[at] = true;
            for &key in self.watches[at].keys.iter().flatten() {
                field.lost.entry(key).or_default();
            }
        }
        let unanswered =
            |id: AlarmId| self.at(id).is_some_and(|at| !self.alarms[at].is_acknowledged());
        for (at, watch) in self.watches.iter().enumerate() {
            let free = watch.own.is_none_or(unanswered) && watch.group.is_none_or(unanswered);
            if watch.look.is_loss() && free {
                for key in watch.keys.iter().flatten() {
                    if let Some(list) = field.lost.get_mut(key) {
                        list.push((watch.since, at));
                    }
                }
            }
        }
        field.lost.values_mut().for_each(|list| list.sort_unstable());
        field
    }

    /// The largest number of stations with `key` that were lost within seconds of one another, a
    /// new one among them; `None` when that makes no group. A group that explains its losses better
    /// keeps its members.
    fn plan(&self, key: KeyNo, field: &Field, with_pending: bool) -> Option<Plan> {
        let list = field.lost.get(&key)?;
        let of = field.watched[key as usize];
        let mut kept: Vec<AlarmId> = Vec::new();
        loop {
            let usable = |&&(_, at): &&(Mono, usize)| {
                let watch = &self.watches[at];
                !field.used[at]
                    && (with_pending || !field.is_pending(at, watch))
                    && watch.group.is_none_or(|id| !kept.contains(&id))
            };
            let usable: Vec<(Mono, usize)> = list.iter().filter(usable).copied().collect();
            let members = self.densest(&usable, &field.new)?;
            let count = members.len();
            let enough = count >= self.limits.group_from
                && count * 100 >= self.limits.group_share_percent * of;
            if !enough {
                return None;
            }
            let score = score(count, of);
            let better = |id: AlarmId| {
                let group = &self.alarms[self.at(id)?];
                let of = field.watched[group.key? as usize];
                let (stands, same) = (group.standing.len(), group.key == Some(key));
                (!same && (stands >= count || self::score(stands, of) >= score)).then_some(id)
            };
            match members.iter().find_map(|&at| better(self.watches[at].group?)) {
                Some(id) => kept.push(id),
                None => return Some(Plan { key, score, of, members }),
            }
        }
    }

    /// The most entries of an ascending list that lie together, at least one new one among them.
    fn densest(&self, list: &[(Mono, usize)], new: &[bool]) -> Option<Vec<usize>> {
        let mut best = 0..0;
        let mut first = 0;
        let mut news = 0;
        for last in 0..list.len() {
            news += usize::from(new[list[last].1]);
            while list[last].0.since(list[first].0) > self.limits.together {
                news -= usize::from(new[list[first].1]);
                first += 1;
            }
            if news > 0 && last + 1 - first > best.len() {
                best = first..last + 1;
            }
        }
        (!best.is_empty()).then(|| list[best].iter().map(|&(_, at)| at).collect())
    }

    fn compare(&self, a: &Plan, b: &Plan) -> Ordering {
        let precision = |p: &Plan, other: &Plan| p.members.len() * other.of;
        let rank = |p: &Plan| match self.keys[p.key as usize].common {
            Common::Host(_) => 2,
            Common::Network(_) => 1,
            Common::District(_) => 0,
        };
        let by_score = a.score.cmp(&b.score);
        let by_precision = || precision(a, b).cmp(&precision(b, a));
        by_score
            .then_with(by_precision)
            .then_with(|| rank(a).cmp(&rank(b)))
            .then_with(|| Reverse(a.key).cmp(&Reverse(b.key)))
    }

    /// Makes a group of a plan, or takes it into the group of the same cause that is on the list.
    fn form(&mut self, plan: &Plan, now: Mono, changes: &mut Vec<Change>) {
        let usable = |a: &&Alarm| a.key == Some(plan.key) && (!a.is_acknowledged() || a.is_over());
        let known = self.alarms.iter().rfind(usable).map(|a| (a.line.id, a.line.ended));
        let id = match known {
            Some((id, _)) => id,
            None => {
                let id = self.new_id();
                let key = &self.keys[plan.key as usize];
                self.alarms.push(Alarm::new(id, Some((plan.key, key)), now));
                id
            }
        };
        let ended = known.and_then(|(_, ended)| ended);
        if let (Some(ended), Some(at)) = (ended, self.at(id)) {
            self.come_again(at, now);
            let line = &mut self.alarms[at].line;
            let again = now.since(ended) < self.limits.remembered;
            line.times = if again { line.times + 1 } else { 1 };
        }
        let mut from = Vec::new();
        for &at in &plan.members {
            if self.watches[at].group != Some(id) {
                from.extend(self.take_in(at, id, now));
            }
        }
        let Some(at) = self.at(id) else { return };
        if ended.is_some() && from.is_empty() {
            self.tell_again(at, now, changes);
            return;
        }
        let worse = self.refresh(at);
        let alarm = &mut self.alarms[at];
        if worse && alarm.is_acknowledged() {
            alarm.raise_anew(now);
            changes.push(Change::Raised(alarm.line.clone()));
        }
        let line = alarm.line.clone();
        changes.push(match known {
            None if from.is_empty() => Change::Raised(line),
            _ => Change::Grouped { line, from },
        });
    }

    /// Takes the station `at` into a group, out of whatever alarm it was in; says which alarm has
    /// ceased to be by that.
    fn take_in(&mut self, at: usize, group: AlarmId, now: Mono) -> Option<AlarmId> {
        let watch = &mut self.watches[at];
        let (station, own, old) = (watch.station, watch.own.take(), watch.group.take());
        let own = own.and_then(|id| self.at(id));
        let stood = old.is_some() || own.is_some_and(|at| !self.alarms[at].is_over());
        if !stood {
            self.watches[at].begins(now, &self.limits);
        }
        let gone = match (own, old.and_then(|id| self.at(id))) {
            (Some(own), _) => Some(own),
            (None, Some(old)) => {
                let old_alarm = &mut self.alarms[old];
                old_alarm.standing.retain(|&s| s != station);
                old_alarm.dirty = true;
                old_alarm.standing.is_empty().then_some(old)
            }
            (None, None) => None,
        };
        let absorbed = gone.map(|at| self.drop_alarm(at));
        let to = self.at(group)?;
        let to = &mut self.alarms[to];
        let watch = &mut self.watches[at];
        watch.group = Some(group);
        watch.over_from = None;
        to.admit(watch);
        if !stood {
            to.raised_at = now;
        }
        let absorbed = absorbed?;
        for station in absorbed.returned {
            if to.standing.binary_search(&station).is_err() {
                insert(&mut to.returned, station);
            }
        }
        if stood {
            to.began = to.began.min(absorbed.began);
            to.line.unanswered_from = to.line.unanswered_from.min(absorbed.line.unanswered_from);
            to.line.escalated |= absorbed.line.escalated;
        }
        to.line.worst = to.line.worst.max(absorbed.line.worst);
        to.line.severity = to.line.severity.max(absorbed.line.severity);
        to.kinds |= absorbed.kinds;
        Some(absorbed.line.id)
    }
}

/// Losses explained less bystanders.
fn score(lost: usize, of: usize) -> isize {
    let bystanders = of.saturating_sub(lost);
    lost as isize - bystanders as isize
}
