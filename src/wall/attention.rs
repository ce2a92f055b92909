//! The attention list as an operator moves about in it: which rows it has, which one is chosen, and
//! what stands still while others come and go.
//!
//! Which alarms there are and in which order is [`health::alarms`](crate::health::alarms)'s work.
//! A row is known by what it is about, never by its place: what is chosen stays chosen. While
//! somebody is in the list, with the keyboard or the pointer, the row that is held keeps its place
//! on screen, so that no key and no click hits another one than was meant.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::health::State;
use crate::health::alarms::{About, AlarmId, Attention, Line};
use crate::model::{DistrictNo, Station, StationId};

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Row {
    /// An open alarm.
    Alarm(AlarmId),
    /// A station of a grouped alarm whose list is open.
    Member(AlarmId, StationId),
    /// A station in the state that the list is filtered by, for which there is no alarm.
    Station(StationId),
}

impl Row {
    /// The alarm that it belongs to.
    pub const fn alarm(self) -> Option<AlarmId> {
        match self {
            Self::Alarm(id) | Self::Member(id, _) => Some(id),
            Self::Station(_) => None,
        }
    }
}

/// A line that does not go to its place among the answered ones yet.
#[derive(Clone, Debug)]
struct Kept {
    alarm: AlarmId,
    /// The alarms that stood below it, in order.
    below: Vec<AlarmId>,
}

/// The list.
#[derive(Clone, Debug)]
pub struct AttentionList {
    attention: Arc<Attention>,
    rows: Vec<Row>,
    chosen: Option<Row>,
    /// Where the chosen row was last; when it is gone, what keys move on from.
    at: usize,
    /// The next rows begin with their first one chosen: somebody has asked for them.
    begins: bool,
    /// The line that was answered while it was chosen stands where it stood, until another is chosen.
    kept: Option<Kept>,
    /// The first row on screen, and how many there is room for.
    first: usize,
    room: usize,
    filter: Option<State>,
    /// The states that feeds are in, worst first, without live.
    present: Vec<State>,
    /// The grouped alarm whose list is open.
    opened: Option<AlarmId>,
    shown: bool,
    entered: bool,
    /// The row under the pointer.
    pointed: Option<Row>,
}

impl Default for AttentionList {
    fn default() -> Self {
        Self {
            attention: Arc::default(),
            rows: Vec::new(),
            chosen: None,
            at: 0,
            begins: false,
            kept: None,
            first: 0,
            room: 1,
            filter: None,
            present: Vec::new(),
            opened: None,
            shown: true,
            entered: false,
            pointed: None,
        }
    }
}

impl AttentionList {
    /// All of its rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows on screen, by their places among all.
    pub fn on_screen(&self) -> Range<usize> {
        let first = self.first.min(self.rows.len());
        first..first.saturating_add(self.room).min(self.rows.len())
    }

    /// The row that keys act on; `None` while the keyboard is not in the list, and when what was
    /// chosen is gone: nothing else takes its place under the operator's fingers.
    pub fn chosen(&self) -> Option<Row> {
        self.chosen.filter(|_| self.entered)
    }

    /// Whether the keyboard is in the list.
    pub fn entered(&self) -> bool {
        self.entered
    }

    /// Whether the list is shown.
    pub fn shown(&self) -> bool {
        self.shown
    }

    /// The one state that is shown, if it is only one.
    pub fn filter(&self) -> Option<State> {
        self.filter
    }

    /// The grouped alarm whose list is open.
    pub fn opened(&self) -> Option<AlarmId> {
        self.opened
    }

    /// The line of an alarm.
    pub fn line(&self, id: AlarmId) -> Option<&Line> {
        self.attention.lines.iter().find(|line| line.id == id)
    }

    /// The stations that a line is about.
    pub fn stations(line: &Line) -> &[StationId] {
        match &line.about {
            About::Station(id) => std::slice::from_ref(id),
            About::Together { stations, .. } => stations,
        }
    }

    /// The one station that a row is about; `None` for a grouped alarm.
    pub fn station(&self, row: Row) -> Option<StationId> {
        match row {
            Row::Member(_, station) | Row::Station(station) => Some(station),
            Row::Alarm(id) => match self.line(id)?.about {
                About::Station(station) => Some(station),
                About::Together { .. } => None,
            },
        }
    }

    /// The open alarm of a station: one that nobody has answered, and its own before its group's.
    pub fn alarm_of(&self, station: StationId) -> Option<&Line> {
        let of = self.attention.lines.iter().filter(|l| Self::stations(l).contains(&station));
        of.min_by_key(|l| (l.acknowledged.is_some(), matches!(l.about, About::Together { .. })))
    }

    /// How many lines there are, whatever is shown of them.
    pub fn lines(&self) -> usize {
        self.attention.lines.len()
    }

    /// Lines that nobody has answered.
    pub fn unanswered(&self) -> usize {
        self.attention.lines.iter().filter(|line| line.acknowledged.is_none()).count()
    }

    /// The districts with a station whose alarm nobody has answered.
    pub fn unanswered_districts(&self) -> BTreeSet<DistrictNo> {
        let waits = self.attention.lines.iter().filter(|line| line.acknowledged.is_none());
        waits.flat_map(|line| Self::stations(line).iter().map(|s| s.district)).collect()
    }

    /// Lines of what is over and nobody has answered.
    pub fn ended(&self) -> usize {
        let over = |line: &&Line| line.acknowledged.is_none() && line.ended.is_some();
        self.attention.lines.iter().filter(over).count()
    }

    /// Moves the screen by rows, as a wheel does.
    pub(super) fn scroll(&mut self, by: i64) {
        let most = self.rows.len().saturating_sub(self.room) as i64;
        let to = (self.first as i64).saturating_add(by).clamp(0, most);
        self.first = usize::try_from(to).unwrap_or(0);
    }

    /// Takes what is open now.
    pub(super) fn take(
        &mut self,
        attention: &Arc<Attention>,
        stations: &[Station],
        state_of: impl Fn(StationId) -> State,
    ) {
        let held = self.held();
        self.attention = Arc::clone(attention);
        let states: BTreeSet<State> = stations.iter().map(|s| state_of(s.id)).collect();
        self.present = states.into_iter().rev().filter(|s| *s != State::Live).collect();
        self.opened = self.opened.filter(|id| self.line(*id).is_some());
        self.rows = self.make_rows(stations, state_of);
        self.put_back_kept();
        self.find_chosen();
        match held {
            Some((row, place)) => {
                if let Some(at) = self.rows.iter().position(|r| *r == row) {
                    self.first = at.saturating_sub(place);
                }
                self.first = self.first.min(self.rows.len().saturating_sub(1));
            }
            None if self.entered => {
                let most = self.rows.len().saturating_sub(self.room);
                self.first = self.first.min(most);
            }
            None => self.first = 0,
        }
    }

    /// The newest alarm.
    pub(super) fn newest(&self) -> Option<AlarmId> {
        self.attention.lines.iter().map(|line| line.id).max()
    }

    /// The oldest alarm younger than `after` that lasts and that nobody has answered, and the
    /// station to show for it.
    pub(super) fn next_alarm(&self, after: Option<AlarmId>) -> Option<(AlarmId, StationId)> {
        let lines = self.attention.lines.iter();
        let waits = |line: &&Line| line.acknowledged.is_none() && line.ended.is_none();
        let next = lines.filter(waits).filter(|l| Some(l.id) > after).min_by_key(|l| l.id)?;
        Some((next.id, *Self::stations(next).first()?))
    }

    fn make_rows(&self, stations: &[Station], state_of: impl Fn(StationId) -> State) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.attention.lines.len());
        let mut told: BTreeSet<StationId> = BTreeSet::new();
        for line in &self.attention.lines {
            let members = Self::stations(line);
            if let Some(state) = self.filter {
                let now = line.ended.is_none() && line.state == state;
                if !now && !members.iter().any(|id| state_of(*id) == state) {
                    continue;
                }
            }
            rows.push(Row::Alarm(line.id));
            told.extend(members);
            if self.opened == Some(line.id) {
                rows.extend(members.iter().map(|station| Row::Member(line.id, *station)));
            }
        }
        if let Some(state) = self.filter {
            let others = stations.iter().map(|s| s.id).filter(|id| state_of(*id) == state);
            rows.extend(others.filter(|id| !told.contains(id)).map(Row::Station));
        }
        rows
    }

    /// The row that must not move, and its place on screen.
    fn held(&self) -> Option<(Row, usize)> {
        let row = if self.entered { self.chosen } else { self.pointed }?;
        let at = self.rows.iter().position(|r| *r == row)?;
        self.on_screen().contains(&at).then(|| (row, at - self.first))
    }

    /// The line that was answered goes back to where it stood.
    fn put_back_kept(&mut self) {
        let Some(kept) = &self.kept else { return };
        let own = |row: &Row| row.alarm() == Some(kept.alarm);
        let (block, mut rows): (Vec<Row>, Vec<Row>) = self.rows.iter().partition(|row| own(row));
        if block.is_empty() {
            self.kept = None;
            return;
        }
        // Above the first of those below it that there still is.
        let place = |alarm: &AlarmId| rows.iter().position(|row| *row == Row::Alarm(*alarm));
        let Some(at) = kept.below.iter().find_map(place) else { return };
        rows.splice(at..at, block);
        self.rows = rows;
    }

    /// What was chosen stays so. When it is gone nothing is: a key that was meant for it must not
    /// act on what has come to its place. A station of a group whose list was closed gives way to
    /// the group, which is the same alarm.
    fn find_chosen(&mut self) {
        if std::mem::take(&mut self.begins) {
            return self.choose(0);
        }
        let Some(chosen) = self.chosen else { return };
        let place = |row: Row| self.rows.iter().position(|r| *r == row);
        let group = || place(Row::Alarm(chosen.alarm()?));
        match place(chosen).or_else(group) {
            Some(at) => (self.at, self.chosen) = (at, self.rows.get(at).copied()),
            None => self.chosen = None,
        }
    }

    fn choose(&mut self, at: usize) {
        self.at = at.min(self.rows.len().saturating_sub(1));
        self.chosen = self.rows.get(self.at).copied();
        if self.chosen.and_then(Row::alarm) != self.kept.as_ref().map(|kept| kept.alarm) {
            self.kept = None;
        }
    }

    /// Moves the screen only as far as the chosen row asks for.
    fn follow(&mut self) {
        let least = (self.at + 1).saturating_sub(self.room);
        self.first = self.first.clamp(least, self.at.max(least));
    }

    /// `ui` says how many rows it has room for.
    pub(super) fn set_room(&mut self, rows: usize) {
        let rows = rows.max(1);
        if self.room != rows {
            self.room = rows;
            self.follow();
        }
    }

    /// `ui` says which row is under the pointer.
    pub(super) fn point_at(&mut self, row: Option<Row>) {
        self.pointed = row;
    }

    /// The keyboard goes into the list, to its first row, or out of it.
    pub(super) fn toggle_entered(&mut self) {
        self.entered = !self.entered;
        self.kept = None;
        if self.entered {
            self.shown = true;
            (self.first, self.chosen) = (0, None);
            self.choose(0);
        }
    }

    pub(super) fn leave(&mut self) {
        (self.entered, self.kept) = (false, None);
    }

    pub(super) fn toggle_shown(&mut self) {
        self.shown = !self.shown;
        if !self.shown {
            self.leave();
        }
    }

    pub(super) fn step(&mut self, by: i64) {
        // Where nothing is chosen, down is what has come to the place of what was.
        let by = if self.chosen.is_none() && by > 0 { by - 1 } else { by };
        let to = (self.at as i64).saturating_add(by).max(0);
        self.choose(usize::try_from(to).unwrap_or(0));
        self.follow();
    }

    pub(super) fn page(&mut self, direction: i64) {
        self.step(direction * self.room as i64);
    }

    /// A click: the keyboard follows the pointer.
    pub(super) fn choose_row(&mut self, row: Row) {
        if let Some(at) = self.rows.iter().position(|r| *r == row) {
            self.entered = true;
            self.choose(at);
            self.follow();
        }
    }

    /// Opens the list inside a grouped alarm, or closes it; whether it is open now.
    pub(super) fn toggle_opened(&mut self, id: AlarmId) -> bool {
        self.opened = if self.opened == Some(id) { None } else { Some(id) };
        self.opened.is_some()
    }

    /// Shows only what is in `state`; the same again, or live, shows everything.
    pub(super) fn set_filter(&mut self, state: Option<State>) {
        let state = state.filter(|s| *s != State::Live);
        self.filter = if state == self.filter { None } else { state };
        (self.first, self.at, self.chosen, self.kept) = (0, 0, None, None);
        self.begins = true;
    }

    /// The next (1) or the previous (-1) of the states there are; before the first and after the
    /// last everything is shown.
    pub(super) fn turn_filter(&mut self, by: i32) {
        let all: Vec<Option<State>> =
            std::iter::once(None).chain(self.present.iter().copied().map(Some)).collect();
        let at = all.iter().position(|f| *f == self.filter).unwrap_or(0) as i64;
        let to = (at + i64::from(by)).rem_euclid(all.len() as i64);
        let to = usize::try_from(to).ok().and_then(|to| all.get(to).copied()).flatten();
        if to != self.filter {
            self.set_filter(to);
        }
    }

    /// The alarm is being answered. If it is the chosen one, the choice stays with it and it stays
    /// where it is: the next line is one step down, and answering twice answers nobody else's.
    pub(super) fn stay_at(&mut self, answered: AlarmId) {
        let own = |row: &Row| row.alarm() == Some(answered);
        if !self.chosen.as_ref().is_some_and(own) {
            return;
        }
        let below = self.rows.iter().skip_while(|row| !own(row)).filter_map(|row| match row {
            Row::Alarm(id) if *id != answered => Some(*id),
            _ => None,
        });
        self.kept = Some(Kept { alarm: answered, below: below.collect() });
    }
}

#[cfg(test)]
mod tests;
