//! The alarms that are on the list: how their stations fare.

use super::AlarmId;
use super::alarm::{Alarm, find};
use super::machine::{Alarms, Change};
use super::rules::{Kind, Severity};
use super::watch::Look;
use crate::clock::{Mono, WallTime};
use crate::model::StationId;

impl Alarms {
    /// Follows every station that is in an alarm: it recovers, or becomes worse.
    pub(super) fn follow(&mut self, now: Mono, wall: WallTime, changes: &mut Vec<Change>) {
        for at in 0..self.watches.len() {
            let watch = &self.watches[at];
            if watch.own.is_none() && watch.group.is_none() {
                continue;
            }
            if watch.work {
                self.answer_by_work(at, wall, changes);
            } else if let Some(alarm) = watch.group.and_then(|id| self.at(id)) {
                self.follow_one(at, alarm, now);
            } else if let Some(alarm) = watch.own.and_then(|id| self.at(id))
                && !self.alarms[alarm].is_over()
            {
                self.follow_one(at, alarm, now);
            }
        }
        for at in 0..self.alarms.len() {
            self.tell(at, now, changes);
        }
    }

    /// Follows the station `at` that stands in `alarm`.
    fn follow_one(&mut self, at: usize, alarm: usize, now: Mono) {
        let watch = &mut self.watches[at];
        let alarm = &mut self.alarms[alarm];
        alarm.dirty |= watch.moved;
        if watch.due && !self.held {
            watch.worst = watch.worst.max(watch.state);
        }
        let over = if alarm.by.is_some() {
            // A feed that comes back black is back; that it is black is another alarm.
            match watch.look {
                Look::Trouble(kind) => Some(!kind.is_loss()),
                Look::Unknown => None,
                Look::Excused | Look::Well | Look::Unseen => Some(true),
            }
        } else {
            let of_picture = Kind::of(alarm.line.state).is_some_and(Kind::is_of_picture);
            match watch.look {
                Look::Trouble(_) => Some(false),
                Look::Unseen if of_picture => None,
                Look::Unknown => None,
                Look::Excused | Look::Well | Look::Unseen => Some(true),
            }
        };
        match over {
            Some(false) => watch.over_from = None,
            Some(true) => {
                let from = *watch.over_from.get_or_insert(now);
                if now.since(from) >= self.limits.calm || watch.look == Look::Excused {
                    alarm.release(watch.station, from);
                    watch.group = None;
                    watch.over_from = None;
                    watch.last_over = Some(from);
                }
            }
            None => {}
        }
    }

    /// Says of an alarm what has happened to it in this step.
    fn tell(&mut self, at: usize, now: Mono, changes: &mut Vec<Change>) {
        let alarm = &self.alarms[at];
        if !alarm.dirty && alarm.told_over == alarm.is_over() {
            return;
        }
        let was = {
            let alarm = &self.alarms[at];
            (alarm.kinds, alarm.line.severity, alarm.told_over)
        };
        let worse = self.refresh(at);
        let alarm = &mut self.alarms[at];
        if alarm.is_over() && !was.2 {
            changes.push(Change::Ended(alarm.line.clone()));
            alarm.told_over = true;
        } else if worse {
            let new_kind = alarm.kinds & !was.0 & !Kind::MILD != 0;
            // A covered lens may have been a curtain; while votes are counted it is not.
            let hidden = Kind::of(alarm.line.state).is_some_and(Kind::is_of_picture);
            let incident = alarm.line.severity > was.1 && alarm.line.severity == Severity::Incident;
            if alarm.is_acknowledged() && (new_kind || incident && hidden) {
                alarm.raise_anew(now);
                changes.push(Change::Raised(alarm.line.clone()));
            } else {
                changes.push(Change::Worsened(alarm.line.clone()));
            }
        }
    }

    /// The alarm of a single station whose group has become too small.
    fn single_out(&mut self, group: usize, id: AlarmId, at: usize) -> Alarm {
        let watch = &mut self.watches[at];
        let from = &mut self.alarms[group];
        let mut alarm = Alarm {
            by: None,
            key: None,
            standing: Vec::new(),
            returned: Vec::new(),
            told_over: false,
            few_from: None,
            ..from.clone()
        };
        from.standing.retain(|&s| s != watch.station);
        (watch.group, watch.own) = (None, Some(id));
        alarm.line.id = id;
        alarm.line.worst = watch.worst;
        alarm.line.times = watch.times;
        alarm.admit(watch);
        alarm
    }

    /// Whether a group has had too few members for long enough.
    fn has_few(&mut self, group: usize, now: Mono) -> bool {
        let alarm = &mut self.alarms[group];
        let left = alarm.standing.len();
        let watches = &self.watches;
        let recovering =
            |&s: &StationId| find(watches, s).is_some_and(|at| watches[at].over_from.is_some());
        let few = alarm.by.is_some()
            && (1..self.limits.group_open_below).contains(&left)
            && !alarm.standing.iter().any(recovering);
        if !few {
            alarm.few_from = None;
            return false;
        }
        now.since(*alarm.few_from.get_or_insert(now)) >= self.limits.group_open_after
    }

    /// Groups of which too few are left become single alarms again.
    pub(super) fn open_up(&mut self, now: Mono, changes: &mut Vec<Change>) {
        for group in (0..self.alarms.len()).rev() {
            if !self.has_few(group, now) {
                continue;
            }
            let alarm = &self.alarms[group];
            let mut into = Vec::new();
            for station in alarm.standing.clone() {
                let Some(at) = find(&self.watches, station) else { continue };
                let id = self.new_id();
                let single = self.single_out(group, id, at);
                self.alarms.push(single);
                let last = self.alarms.len() - 1;
                self.refresh(last);
                into.push(self.alarms[last].line.clone());
            }
            let alarm = &mut self.alarms[group];
            alarm.line.ended = Some(now);
            alarm.told_over = true;
            alarm.dirty = true;
            self.refresh(group);
            let line = self.alarms[group].line.clone();
            let nobody = self.alarms[group].returned.is_empty();
            changes.push(Change::Ungrouped { line: line.clone(), into });
            // Whoever took on the group has taken on all of it.
            if nobody || line.acknowledged.is_some() {
                self.drop_alarm(group);
                changes.push(Change::Closed(line.id));
            }
        }
    }
}
