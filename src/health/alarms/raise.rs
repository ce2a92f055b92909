//! Trouble that is on no line yet is raised: alone, or with those that were lost with it.

use super::OwnTrouble;
use super::alarm::Alarm;
use super::machine::{Alarms, Change};
use super::rules::Kind;
use crate::clock::Mono;

impl Alarms {
    /// Raises what is due and not told. `storm`: so many feeds are being lost that it may become
    /// most of them, and losses wait a little.
    pub(super) fn raise(&mut self, now: Mono, storm: bool, changes: &mut Vec<Change>) {
        let hold = if storm { self.limits.storm_hold } else { std::time::Duration::ZERO };
        let unchecked = self.guards.standing().iter().any(|g| g.why == OwnTrouble::Unchecked);
        let (mut losses, mut others) = (Vec::new(), Vec::new());
        for (at, watch) in self.watches.iter().enumerate() {
            if !watch.due || watch.group.is_some() {
                continue;
            }
            // One line says that this machine looks at nobody's pictures.
            if unchecked && watch.kind.is_some_and(|(kind, _)| kind == Kind::Unseen) {
                continue;
            }
            let own = watch.own.and_then(|id| self.at(id)).map(|at| &self.alarms[at]);
            if own.is_some_and(|a| !a.is_over()) {
                continue;
            }
            // An alarm that somebody has taken on stays that station's own.
            let answered = own.is_some_and(Alarm::is_acknowledged);
            if !watch.look.is_loss() || answered {
                others.push(at);
            } else if watch.due_at(&self.limits).is_some_and(|due| due + hold <= now) {
                losses.push(at);
            }
        }
        if !losses.is_empty() {
            self.join(&mut losses, now, changes);
        }
        if !losses.is_empty() {
            self.gather(&mut losses, now, changes);
        }
        others.append(&mut losses);
        others.sort_unstable();
        for at in others {
            self.raise_one(at, now, changes);
        }
    }

    /// Raises the station `at` alone: anew on the line that it has, or on a new one.
    fn raise_one(&mut self, at: usize, now: Mono, changes: &mut Vec<Change>) {
        let watch = &mut self.watches[at];
        watch.begins(now, &self.limits);
        if let Some(alarm) = watch.own.and_then(|id| self.at(id)) {
            self.come_again(alarm, now);
            let watch = &self.watches[at];
            self.alarms[alarm].admit(watch);
            self.alarms[alarm].line.times = watch.times;
            self.tell_again(alarm, now, changes);
            return;
        }
        let id = self.new_id();
        let watch = &mut self.watches[at];
        watch.own = Some(id);
        let mut alarm = Alarm::new(id, None, now);
        alarm.admit(watch);
        alarm.line.times = watch.times;
        self.alarms.push(alarm);
        let last = self.alarms.len() - 1;
        self.refresh(last);
        changes.push(Change::Raised(self.alarms[last].line.clone()));
    }

    /// The trouble of an alarm that is over comes again. After a long calm that is as good as new;
    /// before, the time in which nobody has answered goes on.
    pub(super) fn come_again(&mut self, alarm: usize, now: Mono) {
        let alarm = &mut self.alarms[alarm];
        if alarm.line.ended.is_some_and(|ended| now.since(ended) >= self.limits.remembered) {
            alarm.line.unanswered_from = now;
            alarm.raised_at = now;
        }
    }

    /// Says that the trouble of an alarm has come again.
    pub(super) fn tell_again(&mut self, at: usize, now: Mono, changes: &mut Vec<Change>) {
        let worse = self.refresh(at);
        let alarm = &mut self.alarms[at];
        if worse && alarm.is_acknowledged() {
            alarm.raise_anew(now);
            changes.push(Change::Raised(alarm.line.clone()));
        } else {
            changes.push(Change::Returned(alarm.line.clone()));
        }
    }
}
