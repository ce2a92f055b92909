//! The wall and its attention list: what keys mean there, how alarms are answered, and what a new
//! alarm makes of a tour (decision 0102).

use std::sync::Arc;

use super::answer::{Answer, To};
use super::attention::{AttentionList, Row};
use super::{Command, CoverageView, Notice, Wall};
use crate::health::State;
use crate::health::alarms::{AlarmId, Attention};
use crate::model::StationId;

impl Wall {
    /// Takes what has to be attended to, with the state that each station is shown in. To be called
    /// before every pass of the screen, after [`Wall::tick`]. A running tour goes to an alarm that
    /// is new.
    pub fn attend(&mut self, attention: &Arc<Attention>, state_of: impl Fn(StationId) -> State) {
        self.attention.take(attention, &self.list.stations, state_of);
        let answered =
            |alarm| self.attention.line(alarm).is_none_or(|line| line.acknowledged.is_some());
        if self.tour.interruption().is_some_and(|i| answered(i.alarm)) {
            self.resume_tour();
        }
        if !self.tour.shows_alarms() {
            self.tour.set_seen(self.attention.newest());
        } else if self.tour.may_be_interrupted() && !self.is_busy() && !self.attention.entered() {
            self.interrupt_tour();
        }
    }

    /// Shows the next alarm that the tour has not shown.
    fn interrupt_tour(&mut self) {
        let Some((alarm, station)) = self.attention.next_alarm(self.tour.seen()) else { return };
        let Some(here) = self.selected().map(|s| s.id) else { return };
        if self.list.station(station).is_none() {
            // It has left the list.
            self.tour.set_seen(Some(alarm));
            return;
        }
        self.notice = None;
        self.select_station(station);
        self.tour.interrupt(alarm, station, here);
    }

    /// Goes back to where the tour was; what was left of that page's time is still left.
    pub(super) fn resume_tour(&mut self) {
        if let Some(interruption) = self.tour.take_interruption() {
            self.select_station(interruption.back_to);
        }
    }

    fn select_station(&mut self, id: StationId) {
        self.select_index(self.nearest(id));
    }

    /// The attention list.
    pub fn attention(&self) -> &AttentionList {
        &self.attention
    }

    /// `ui` says how many lines of the attention list it has room for.
    pub fn set_attention_rows(&mut self, rows: usize) {
        self.attention.set_room(rows);
    }

    /// A wheel turned over the attention list.
    pub fn scroll_attention(&mut self, by: i64) {
        self.attention.scroll(by);
    }

    /// `ui` says which line of the attention list is under the pointer.
    pub fn point_at(&mut self, row: Option<Row>) {
        self.attention.point_at(row);
    }

    /// The answer that is being written.
    pub fn answer(&self) -> Option<&Answer> {
        self.answers.open()
    }

    /// Takes what has been typed into the open answer. Without one, nothing happens.
    pub fn write_answer(&mut self, typed: &str) {
        self.answers.write(typed);
    }

    /// The answers that were given since the last call.
    pub fn take_answers(&mut self) -> Vec<Answer> {
        self.answers.take_finished()
    }

    /// The station whose day's page is open.
    pub fn history(&self) -> Option<StationId> {
        let open = self.history && self.coverage.is_none();
        self.selected().map(|s| s.id).filter(|_| open)
    }

    /// The station that a key means: that of the chosen line while the keyboard is in the attention
    /// list (`None` where it is about several, or no longer there), else the selected one.
    pub fn at_hand(&self) -> Option<StationId> {
        if self.attention.entered() {
            self.attention.station(self.attention.chosen()?)
        } else {
            self.selected().map(|s| s.id)
        }
    }

    /// The same for a key that needs one station: where there is none, says why.
    pub(super) fn need_station(&mut self) -> Option<StationId> {
        let station = self.at_hand();
        if station.is_none() && self.attention.entered() {
            self.notice = Some(match self.attention.chosen() {
                Some(_) => Notice::ChooseOne,
                None => Notice::NothingChosen,
            });
        }
        station
    }

    /// What a command means to the open answer. `false`: it has left the answer and is still to be
    /// carried out (a click beside it).
    pub(super) fn apply_to_answer(&mut self, command: Command) -> bool {
        match command {
            Command::Confirm => {
                if let Some(To::Acknowledge(alarm)) = self.answers.finish() {
                    self.attention.stay_at(alarm);
                }
            }
            Command::Move { rows, .. } => self.answers.step_span(rows),
            Command::Span(at) => self.answers.set_span(at),
            _ => {
                self.answers.leave();
                return command == Command::Back;
            }
        }
        true
    }

    /// What a command means while the keyboard is in the attention list. `false`: nothing that it
    /// would not mean elsewhere.
    pub(super) fn apply_to_attention(&mut self, command: Command) -> bool {
        if self.entry.is_some() || self.keys_shown || self.history || self.coverage.is_some() {
            return false;
        }
        match command {
            Command::Move { columns: 0, rows } => self.attention.step(rows.into()),
            Command::Move { columns, .. } => self.attention.turn_filter(columns),
            Command::NextPage => self.attention.page(1),
            Command::PreviousPage => self.attention.page(-1),
            Command::Confirm => self.show_chosen(),
            Command::Back if self.attention.filter().is_some() => self.attention.set_filter(None),
            Command::Back => self.attention.leave(),
            _ => return false,
        }
        true
    }

    /// Commands that are about the attention list and about answers.
    pub(super) fn apply_attending(&mut self, command: Command) {
        match command {
            Command::EnterAttention => self.attention.toggle_entered(),
            Command::ToggleAttention => self.attention.toggle_shown(),
            Command::Choose(row) => {
                self.attention.choose_row(row);
                self.show_chosen();
            }
            Command::Filter(state) => self.attention.set_filter(Some(state)),
            Command::Acknowledge => self.begin_acknowledging(),
            Command::AcknowledgeEnded => {
                self.notice = Some(Notice::EndedAcknowledged(self.attention.ended()));
            }
            Command::OpenMaintenance => {
                if let Some(station) = self.need_station() {
                    self.answers.begin(To::Maintain { station, span: 0 });
                }
            }
            Command::EndMaintenance(station) => {
                self.notice = Some(Notice::MaintenanceEnded(station));
            }
            Command::ToggleCoverage => {
                self.coverage = self.coverage.is_none().then(CoverageView::default);
                self.history = false;
            }
            Command::CoverageRow(row) => {
                if let Some(view) = &mut self.coverage {
                    view.click(row);
                }
                self.enter_coverage();
            }
            Command::ToggleHistory if self.history => self.history = false,
            Command::ToggleHistory => {
                if let Some(station) = self.need_station() {
                    self.coverage = None;
                    self.go_to_station(station);
                    self.day.fit();
                    self.history = self.notice.is_none();
                }
            }
            Command::ToggleInterruptions => {
                let on = self.tour.toggle_undisturbed();
                if !on {
                    self.resume_tour();
                }
                self.notice = Some(Notice::Interruptions(on));
            }
            Command::ToggleSound => {
                self.sounding.on = !self.sounding.on;
                self.notice = Some(Notice::Sound(self.sounding.on.then_some(self.sounding.tone)));
            }
            Command::NextTone => {
                // Of sounds that nobody hears, the first is the one that there is.
                if std::mem::replace(&mut self.sounding.on, true) {
                    self.sounding.tone = self.sounding.tone.next();
                }
                self.notice = Some(Notice::Sound(Some(self.sounding.tone)));
            }
            Command::OpenOperator => {
                self.entry = None;
                self.keys_shown = false;
                self.answers.begin(To::Operator);
            }
            _ => {}
        }
    }

    /// What a command means to the page of coverage. `false`: nothing that it would not mean elsewhere.
    pub(super) fn apply_to_coverage(&mut self, command: Command) -> bool {
        let typing = self.entry.is_some() || self.keys_shown;
        let Some(view) = self.coverage.as_mut().filter(|_| !typing) else { return false };
        match command {
            Command::Move { rows, .. } => view.step(rows.into()),
            Command::NextPage => view.page(1),
            Command::PreviousPage => view.page(-1),
            Command::Confirm => self.enter_coverage(),
            Command::Back => {
                if !view.leave() {
                    self.coverage = None;
                }
            }
            _ => return false,
        }
        true
    }

    /// A district's stations; a station goes on the wall.
    fn enter_coverage(&mut self) {
        if let Some(station) = self.coverage.as_mut().and_then(CoverageView::enter) {
            self.attention.leave();
            self.show_station(station);
        }
    }

    /// The alarm of the chosen line or, on the tiles, of the selected station.
    fn alarm_at_hand(&self) -> Option<AlarmId> {
        let alarm = if self.attention.entered() {
            self.attention.line(self.attention.chosen()?.alarm()?)
        } else {
            self.attention.alarm_of(self.selected()?.id)
        };
        alarm.filter(|line| line.acknowledged.is_none()).map(|line| line.id)
    }

    fn begin_acknowledging(&mut self) {
        if let Some(alarm) = self.alarm_at_hand() {
            self.entry = None;
            self.answers.begin(To::Acknowledge(alarm));
        } else if self.attention.chosen().is_some_and(|row| self.attention.station(row).is_none()) {
            self.notice = Some(Notice::LineAcknowledged);
        } else if let Some(station) = self.need_station() {
            self.notice = Some(Notice::NothingToAcknowledge(station));
        }
    }

    /// Shows what the chosen line is about: a station on its page and, asked again, large; of a
    /// grouped alarm the list inside, and the page with its first station.
    fn show_chosen(&mut self) {
        let Some(row) = self.attention.chosen() else {
            self.notice = Some(Notice::NothingChosen);
            return;
        };
        let station = self.attention.station(row);
        match (row, station) {
            (Row::Alarm(id), None) => {
                let first = self
                    .attention
                    .line(id)
                    .and_then(|line| AttentionList::stations(line).first().copied());
                if self.attention.toggle_opened(id)
                    && let Some(first) = first
                {
                    self.show_station(first);
                }
            }
            (_, Some(station)) => {
                let again = self.selected().is_some_and(|s| s.id == station) && !self.large;
                if again && self.tour.interruption().is_none() {
                    self.tour.pause();
                    self.enlarge(true);
                    self.attention.leave();
                } else {
                    self.show_station(station);
                }
            }
            (_, None) => {}
        }
    }
}
