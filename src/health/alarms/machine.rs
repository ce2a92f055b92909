//! The machine: what is called from outside, and the order of a step.

use super::alarm::{Alarm, find, remove};
use super::guards::{Fleet, Guards};
use super::limits::Limits;
use super::members::Key;
use super::watch::Watch;
use super::{Acknowledged, AlarmId, Attention, Guard, Line, Severity};
use crate::clock::{Mono, WallTime};
use crate::health::{Assessment, State};
use crate::model::StationId;
use crate::model::day::StageAt;

/// A station that is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which.
    pub station: StationId,
    /// The host that its standing feed comes from; may be empty.
    pub host: String,
    /// The network it hangs on, as the list names it; may be empty.
    pub network: String,
}

/// The verdict on a station's standing feed.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Which station.
    pub station: StationId,
    /// What health says of it.
    pub assessment: &'a Assessment,
}

/// How this machine itself does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Its own loop or the painting comes late.
    pub late: bool,
    /// The journal cannot be written.
    pub disk: bool,
    /// What is to be recorded is not written.
    pub recording: bool,
    /// The operating system says that there is no way out of this machine; `false` when it does not
    /// say.
    pub network_down: bool,
}

/// A time in which work is done at a station, so that its trouble is nobody's alarm.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Window {
    /// Where.
    pub station: StationId,
    /// From when on; may be in the future.
    pub from: WallTime,
    /// Until when; `None` until somebody ends it.
    pub until: Option<WallTime>,
    /// Who said so.
    pub who: String,
    /// Why; may be empty.
    pub reason: String,
}

impl Window {
    fn stands_at(&self, wall: WallTime) -> bool {
        self.from <= wall && !self.is_past(wall)
    }

    fn is_past(&self, wall: WallTime) -> bool {
        self.until.is_some_and(|until| until <= wall)
    }
}

/// What happened to the alarms: what is written down and, where a person must hear it, sounded.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// An alarm is new, or one that somebody had taken on must be answered anew.
    Raised(Line),
    /// The trouble of an alarm that was over, and is still on the list, has come again.
    Returned(Line),
    /// An alarm is worse than it has been: in state, in kind, or because counting has begun.
    Worsened(Line),
    /// The trouble is over. The line stays until somebody has answered it.
    Ended(Line),
    /// Somebody has taken it on.
    Acknowledged(Line),
    /// Nobody has answered it for too long.
    Escalated(Line),
    /// Stations were lost together: the line holds them all.
    Grouped {
        /// The group as it is now.
        line: Line,
        /// The alarms that are in it now and no longer on the list; may be none.
        from: Vec<AlarmId>,
    },
    /// Too few of a group are left.
    Ungrouped {
        /// The group, which is over. It stays on the list if nobody has answered it.
        line: Line,
        /// Those that are still in trouble, each an alarm of its own.
        into: Vec<Line>,
    },
    /// It is no longer on the list.
    Closed(AlarmId),
    /// This machine is the one in trouble.
    GuardBegan(Guard),
    /// It still is, and from now on cameras' alarms are raised all the same.
    GuardYielded {
        /// Which.
        guard: Guard,
        /// When.
        at: Mono,
    },
    /// It is no longer, or it was not this machine.
    GuardEnded {
        /// Which.
        guard: Guard,
        /// When.
        at: Mono,
        /// How things stand then.
        ending: Ending,
    },
    /// A maintenance window was set. It counts from [`Window::from`].
    MaintenanceBegan(Window),
    /// A maintenance window has come to its end, was ended, or was replaced.
    MaintenanceEnded(Window),
}

/// How things stand when a guard ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Nothing is well again: it has been waited for long enough.
    pub gave_up: bool,
    /// How many stations are lost at that moment. They are raised.
    pub lost: usize,
}

/// The alarm that was raised last and that nobody has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    /// Which.
    pub id: AlarmId,
    /// When; two that are equal in this and `id` are the same news.
    pub at: Mono,
    /// The station to show: of a group, its first.
    pub station: StationId,
    /// How much it matters.
    pub severity: Severity,
}

/// All alarms. See the module.
#[derive(Debug)]
pub struct Alarms {
    pub(super) limits: Limits,
    /// The stations, ascending.
    pub(super) watches: Vec<Watch>,
    /// What they have in common.
    pub(super) keys: Vec<Key>,
    /// By id, ascending: the order in which they were raised.
    pub(super) alarms: Vec<Alarm>,
    pub(super) next: u64,
    /// By station, one each.
    pub(super) windows: Vec<Window>,
    pub(super) guards: Guards,
    /// Cameras' alarms were held back in the last step.
    pub(super) held: bool,
    /// Changes made between steps.
    pub(super) queue: Vec<Change>,
    /// The last step.
    pub(super) now: Mono,
    /// The list must be made again.
    pub(super) stale: bool,
    attention: Attention,
}

impl Alarms {
    /// No stations, no alarms. Numbers up to `used` were given away by runs of which nothing else is
    /// left; 0 for none.
    pub fn new(limits: Limits, used: AlarmId) -> Self {
        Self {
            limits,
            watches: Vec::new(),
            keys: Vec::new(),
            alarms: Vec::new(),
            next: used.0.saturating_add(1),
            windows: Vec::new(),
            guards: Guards::default(),
            held: false,
            queue: Vec::new(),
            now: Mono::default(),
            stale: false,
            attention: Attention::default(),
        }
    }

    /// Takes note of how everything is `now`. A station that is not in `seen` is as it was.
    ///
    /// `stage` is asked for stations in trouble, once a second each:
    /// [`ElectionDay::stage_at`](crate::model::day::ElectionDay::stage_at).
    pub fn step(
        &mut self,
        now: Mono,
        wall: WallTime,
        seen: &[Seen<'_>],
        stage: &dyn Fn(StationId) -> StageAt,
        machine: Machine,
    ) -> Vec<Change> {
        self.now = now;
        let mut changes = std::mem::take(&mut self.queue);
        self.mind_windows(wall, &mut changes);
        let fleet = self.observe(now, seen, stage);
        self.guards.step(now, machine, fleet, &self.limits, &mut changes);
        let held = self.guards.hold();
        if self.held && !held {
            self.alarms.iter_mut().for_each(|a| a.dirty = true);
        }
        self.stale |= self.guards.standing().first().copied() != self.attention.guard
            || self.guards.aftermath() != self.attention.aftermath;
        self.held = held;
        self.follow(now, wall, &mut changes);
        if !held {
            self.raise(now, fleet.storms(&self.limits), &mut changes);
        }
        self.open_up(now, &mut changes);
        self.close(now, &mut changes);
        self.escalate(now, &mut changes);
        self.show();
        changes
    }

    fn observe(
        &mut self,
        now: Mono,
        seen: &[Seen<'_>],
        stage: &dyn Fn(StationId) -> StageAt,
    ) -> Fleet {
        let mut fleet = Fleet::default();
        // They come in the order of the list, as a rule.
        let mut next = 0;
        for one in seen {
            let at = match self.watches.get(next) {
                Some(watch) if watch.station == one.station => next,
                _ => match find(&self.watches, one.station) {
                    Some(at) => at,
                    None => continue,
                },
            };
            next = at + 1;
            let watch = &mut self.watches[at];
            let was_lost = watch.look.is_loss();
            let unlooked_for = now.since(one.assessment.since);
            watch.observe(one.assessment, stage, now, &self.limits);
            let excused = watch.look == super::watch::Look::Excused;
            if watch.look.is_loss() {
                let fresh =
                    watch.kind.is_some_and(|(_, f)| now.since(f) < self.limits.fleet_within);
                fleet.lost += 1;
                fleet.fresh += usize::from(fresh);
                fleet.gone += usize::from(!was_lost);
            } else if one.assessment.state.is_arriving() && !excused {
                fleet.arriving += 1;
                let unchecked = one.assessment.state == State::NotChecked
                    && unlooked_for >= self.limits.unchecked_many_after;
                fleet.unchecked += usize::from(unchecked);
                fleet.returned += usize::from(was_lost);
            }
        }
        fleet
    }

    fn escalate(&mut self, now: Mono, changes: &mut Vec<Change>) {
        for alarm in &mut self.alarms {
            let answered = alarm.is_acknowledged() || alarm.is_over() || alarm.line.escalated;
            let within = alarm.line.severity.answer_within(&self.limits);
            if !answered && now.since(alarm.line.unanswered_from) >= within {
                alarm.line.escalated = true;
                self.stale = true;
                changes.push(Change::Escalated(alarm.line.clone()));
            }
        }
    }

    /// Takes done alarms off the list.
    fn close(&mut self, now: Mono, changes: &mut Vec<Change>) {
        for at in (0..self.alarms.len()).rev() {
            if self.alarms[at].is_done(now, &self.limits) {
                changes.push(Change::Closed(self.drop_alarm(at).line.id));
            }
        }
    }

    /// Takes one alarm out, without a word.
    pub(super) fn drop_alarm(&mut self, at: usize) -> Alarm {
        let alarm = self.alarms.remove(at);
        for &station in alarm.standing.iter().chain(&alarm.returned) {
            if let Some(at) = find(&self.watches, station) {
                let watch = &mut self.watches[at];
                watch.own = watch.own.filter(|&id| id != alarm.line.id);
                watch.group = watch.group.filter(|&id| id != alarm.line.id);
            }
        }
        self.stale = true;
        alarm
    }

    /// Where an alarm is.
    pub(super) fn at(&self, id: AlarmId) -> Option<usize> {
        self.alarms.binary_search_by_key(&id, |a| a.line.id).ok()
    }

    /// A number that was never used.
    pub(super) fn new_id(&mut self) -> AlarmId {
        let id = AlarmId(self.next);
        self.next += 1;
        id
    }

    /// Makes one alarm's line again where needed; whether it has become worse.
    pub(super) fn refresh(&mut self, at: usize) -> bool {
        let alarm = &mut self.alarms[at];
        self.stale |= alarm.dirty;
        alarm.dirty && alarm.refresh(&self.watches, &self.keys, self.held)
    }

    pub(super) fn refresh_all(&mut self) {
        for at in 0..self.alarms.len() {
            self.refresh(at);
        }
    }

    /// Makes the list again.
    pub(super) fn show(&mut self) {
        self.refresh_all();
        if !std::mem::take(&mut self.stale) {
            return;
        }
        let mut order: Vec<&Alarm> = self.alarms.iter().collect();
        order.sort_by_cached_key(|a| a.place());
        self.attention = Attention {
            lines: order.into_iter().map(|a| a.line.clone()).collect(),
            guard: self.guards.standing().first().copied(),
            aftermath: self.guards.aftermath(),
        };
    }

    /// What an operator must attend to, in the order of the list.
    pub fn attention(&self) -> &Attention {
        &self.attention
    }

    /// This machine's own troubles, the weightiest first; [`Attention::guard`] is the first.
    pub fn guards(&self) -> &[Guard] {
        self.guards.standing()
    }

    /// Whether one of these holds back cameras' alarms.
    pub fn holds_back(&self) -> bool {
        self.guards.hold()
    }

    /// The newest alarm that nobody has answered: for a sound, and for interrupting a tour. A feed
    /// that flaps is no news each time.
    pub fn newest_raised(&self) -> Option<Newest> {
        let open = self.alarms.iter().filter(|a| !a.is_acknowledged() && !a.is_over());
        let newest = open.max_by_key(|a| (a.raised_at, a.line.id))?;
        Some(Newest {
            id: newest.line.id,
            at: newest.raised_at,
            station: *newest.standing.first()?,
            severity: newest.line.severity,
        })
    }

    /// `who` takes an alarm on. `None` when there is nothing to take on: no such alarm any more, or
    /// somebody else was first, whose answer stands.
    pub fn acknowledge(
        &mut self,
        id: AlarmId,
        who: &str,
        note: &str,
        now: Mono,
        wall: WallTime,
    ) -> Option<Change> {
        let at = self.at(id)?;
        let alarm = &mut self.alarms[at];
        if alarm.is_acknowledged() {
            return None;
        }
        alarm.line.acknowledged =
            Some(Acknowledged { who: who.to_owned(), at: wall, note: note.to_owned() });
        alarm.line.escalated = false;
        let change = Change::Acknowledged(alarm.line.clone());
        self.stale = true;
        let mut closed = Vec::new();
        self.close(now, &mut closed);
        self.queue.extend(closed);
        self.show();
        Some(change)
    }

    /// Work is done at a station. What is on the list of it is answered by that.
    pub fn maintain(&mut self, window: Window, now: Mono, wall: WallTime) -> Change {
        let at = self.windows.partition_point(|w| w.station < window.station);
        match self.windows.get_mut(at).filter(|w| w.station == window.station) {
            Some(old) => {
                let old = std::mem::replace(old, window.clone());
                self.queue.push(Change::MaintenanceEnded(old));
            }
            None => self.windows.insert(at, window.clone()),
        }
        let mut changes = Vec::new();
        self.mind_windows(wall, &mut changes);
        self.follow(now, wall, &mut changes);
        self.open_up(now, &mut changes);
        self.close(now, &mut changes);
        self.queue.extend(changes);
        self.show();
        Change::MaintenanceBegan(window)
    }

    /// The work is done; trouble that is still there is raised in the next step. `None` when there
    /// is no window.
    pub fn end_maintenance(&mut self, station: StationId) -> Option<Change> {
        let at = self.windows.binary_search_by_key(&station, |w| w.station).ok()?;
        let window = self.windows.remove(at);
        if let Some(at) = find(&self.watches, station) {
            self.watches[at].work = false;
        }
        Some(Change::MaintenanceEnded(window))
    }

    /// The window that stands at a station.
    pub fn maintenance(&self, station: StationId, wall: WallTime) -> Option<&Window> {
        let at = self.windows.binary_search_by_key(&station, |w| w.station).ok()?;
        Some(&self.windows[at]).filter(|w| w.stands_at(wall))
    }

    /// All windows, those in the future too, by station.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// Windows begin and end.
    fn mind_windows(&mut self, wall: WallTime, changes: &mut Vec<Change>) {
        for at in (0..self.windows.len()).rev() {
            let window = &self.windows[at];
            let watch = find(&self.watches, window.station).map(|at| &mut self.watches[at]);
            if let Some(watch) = watch {
                watch.work = window.stands_at(wall);
            }
            if window.is_past(wall) {
                changes.push(Change::MaintenanceEnded(self.windows.remove(at)));
            }
        }
    }

    /// A station leaves whatever alarms hold it, because work at it answers them.
    pub(super) fn answer_by_work(&mut self, at: usize, wall: WallTime, changes: &mut Vec<Change>) {
        let watch = &mut self.watches[at];
        let (station, own) = (watch.station, watch.own);
        watch.over_from = None;
        if let Some(group) = watch.group.take().and_then(|id| self.at(id)) {
            let alarm = &mut self.alarms[group];
            remove(&mut alarm.standing, station);
            alarm.dirty = true;
            if alarm.standing.is_empty() {
                alarm.line.ended = Some(self.now);
            }
            if alarm.standing.is_empty() && alarm.returned.is_empty() {
                changes.push(Change::Closed(self.drop_alarm(group).line.id));
            }
        }
        let Some(alarm) = own.and_then(|id| self.at(id)) else { return };
        let window = self.windows.binary_search_by_key(&station, |w| w.station).ok();
        let mut answered = self.drop_alarm(alarm);
        if let (false, Some(at)) = (answered.is_acknowledged(), window) {
            let Window { who, reason, .. } = &self.windows[at];
            answered.line.acknowledged =
                Some(Acknowledged { who: who.clone(), at: wall, note: reason.clone() });
            changes.push(Change::Acknowledged(answered.line.clone()));
        }
        changes.push(Change::Closed(answered.line.id));
    }
}
