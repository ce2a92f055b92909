//! Carrying out commands. What the tour makes of each is decision 0060.

use super::layout::pages::Pages;
use super::search::Search;
use super::zoom::Zoom;
use super::{Command, Entry, Notice, TILES_PER_PAGE, Wall, entry};
use crate::model::{DistrictNo, StationId};

impl Wall {
    /// Carries out a command.
    pub fn apply(&mut self, command: Command) {
        self.notice = None;
        if self.answers.open().is_some() && self.apply_to_answer(command) {
            return;
        }
        if self.notes.open().is_some() && self.apply_to_note(command) {
            return;
        }
        if self.search.is_some() && self.apply_to_search(command) {
            return;
        }
        if self.coverage.is_some() && self.apply_to_coverage(command) {
            return;
        }
        if self.attention.entered() && self.apply_to_attention(command) {
            return;
        }
        match command {
            Command::Digit(digit) => {
                self.entry = Some(self.entry.take().unwrap_or_default().with_digit(digit));
            }
            Command::Separator => self.entry = self.entry.take().map(Entry::with_separator),
            Command::EraseDigit => self.entry = self.entry.take().and_then(Entry::erased),
            Command::Confirm => self.confirm(),
            Command::Back => self.back(),
            Command::Move { columns, rows } if self.large && self.zoom.is_in() => {
                self.zoom.pan_step(columns, rows);
            }
            Command::Move { columns, rows } => {
                self.tour.pause();
                self.step(columns, rows);
            }
            Command::NextPage => self.turn(1),
            Command::PreviousPage => self.turn(-1),
            Command::District(number) => self.go_to_district(number),
            Command::Select(id) => {
                self.attention.leave();
                self.go_to_station(id);
            }
            Command::Open(id) => {
                self.attention.leave();
                self.go_to_station(id);
                self.enlarge(self.notice.is_none());
            }
            Command::Show(id) => self.show_station(id),
            Command::MoreTiles => self.resize(1),
            Command::FewerTiles => self.resize(-1),
            Command::ToggleGrouping => {
                self.grouped = !self.grouped;
                self.lay_out();
                self.tour.restart();
            }
            Command::ToggleTour if self.tour.interruption().is_some() => self.resume_tour(),
            Command::ToggleTour => {
                (self.large, self.history, self.coverage) = (false, false, None);
                self.tour.toggle();
            }
            Command::SlowerTour => self.change_dwell(1),
            Command::FasterTour => self.change_dwell(-1),
            Command::OpenSearch => {
                self.entry = None;
                self.keys_shown = false;
                self.search = Some(Search::new(self.index()));
            }
            Command::ToggleKeys => self.keys_shown = !self.keys_shown,
            Command::ZoomIn | Command::ZoomOut | Command::ZoomFit => self.apply_zoom(command),
            // What is on the wall stays as it is.
            Command::Snapshot | Command::Replay => {
                self.need_station();
            }
            Command::OpenNote => {
                self.entry = None;
                self.keys_shown = false;
                if let Some(station) = self.need_station() {
                    self.notes.begin(station);
                }
            }
            Command::Reconnect => {
                if let Some(station) = self.need_station() {
                    self.notice = Some(Notice::Reconnecting(station));
                }
            }
            // What becomes of it is told by whoever records.
            Command::ToggleRecording => self.notice = None,
            Command::EnterAttention
            | Command::ToggleAttention
            | Command::Choose(_)
            | Command::Filter(_)
            | Command::Acknowledge
            | Command::AcknowledgeEnded
            | Command::OpenMaintenance
            | Command::Span(_)
            | Command::EndMaintenance(_)
            | Command::ToggleHistory
            | Command::ToggleCoverage
            | Command::CoverageRow(_)
            | Command::ToggleInterruptions
            | Command::ToggleSound
            | Command::NextTone
            | Command::OpenOperator => self.apply_attending(command),
        }
    }

    /// What a command means to the open note. `false`: it has left the note and is still to be
    /// carried out (a click beside it).
    fn apply_to_note(&mut self, command: Command) -> bool {
        match command {
            Command::Confirm => self.notes.finish(),
            _ => {
                self.notes.leave();
                return command == Command::Back;
            }
        }
        true
    }

    fn apply_zoom(&mut self, command: Command) {
        if self.history {
            match command {
                Command::ZoomIn => self.day.step(1),
                Command::ZoomOut => self.day.step(-1),
                _ => self.day.fit(),
            }
            return;
        }
        if !self.large {
            return;
        }
        match command {
            Command::ZoomIn => self.zoom.step(1),
            Command::ZoomOut => self.zoom.step(-1),
            _ => self.zoom = Zoom::default(),
        }
    }

    /// Shows the selected station large, all of its picture, or no station.
    pub(super) fn enlarge(&mut self, large: bool) {
        self.large = large;
        self.zoom = Zoom::default();
    }

    /// What a command means to the open search. `false`: it has closed the search and is still to
    /// be carried out (a click beside it).
    fn apply_to_search(&mut self, command: Command) -> bool {
        let Some(search) = &mut self.search else { return false };
        match command {
            Command::Move { rows, .. } => search.step(rows.into()),
            Command::NextPage => search.page(1),
            Command::PreviousPage => search.page(-1),
            Command::Confirm => {
                let hit = self.hit(self.search.as_ref().map_or(0, Search::chosen)).map(|s| s.id);
                if let Some(id) = hit {
                    self.show_station(id);
                }
            }
            _ => {
                self.search = None;
                return command == Command::Back;
            }
        }
        true
    }

    fn confirm(&mut self) {
        match self.entry.take().map(|entry| entry.target()) {
            Some(entry::Target::District(number)) => {
                self.attention.leave();
                self.go_to_district(number);
            }
            Some(entry::Target::Station(id)) => {
                self.attention.leave();
                self.go_to_station(id);
            }
            None if self.keys_shown => self.keys_shown = false,
            None if self.history => self.history = false,
            None => {
                self.enlarge(!self.large && self.selected().is_some());
                self.tour.pause();
            }
        }
    }

    fn back(&mut self) {
        if self.entry.take().is_some() {
        } else if self.keys_shown {
            self.keys_shown = false;
        } else if self.history {
            self.history = false;
        } else if self.large {
            self.large = false;
        } else if self.attention.filter().is_some() {
            self.attention.set_filter(None);
        } else if self.tour.interruption().is_some() {
            self.resume_tour();
        } else {
            self.tour.end();
        }
    }

    /// Divides the list into pages anew and finds the selected station on them.
    pub(super) fn lay_out(&mut self) {
        self.pages = Pages::new(&self.list, self.tiles_per_page, self.grouped);
        self.select_index(self.selected);
    }

    pub(super) fn select_index(&mut self, index: usize) {
        let index = index.min(self.list.stations.len().saturating_sub(1));
        if index != self.selected {
            self.zoom = Zoom::default();
        }
        self.selected = index;
        self.page = self.pages.with_station(self.selected);
    }

    /// Stays inside the districts of the page.
    fn step(&mut self, columns: i32, rows: i32) {
        let Some(walk) = self.current().map(|page| page.walk.clone()) else { return };
        let by = i64::from(columns) + i64::from(rows) * self.columns as i64;
        let to = usize::try_from(self.selected as i64 + by).ok();
        if let Some(to) = to.filter(|to| walk.contains(to)) {
            self.select_index(to);
        }
    }

    /// One page forward (1) or back (-1); of a large picture, one station.
    fn turn(&mut self, direction: i32) {
        if self.large || self.history {
            self.step(direction, 0);
            return;
        }
        let to = self.page.checked_add_signed(direction as isize);
        let Some(page) = to.and_then(|to| self.pages.get(to)) else { return };
        self.select_index(page.stations.start);
        self.tour.restart();
    }

    /// The tour's next page; after the last one the first.
    pub(super) fn tour_on(&mut self) {
        self.notice = None;
        let next = self.pages.get(self.page + 1).or_else(|| self.pages.get(0));
        if let Some(page) = next {
            self.select_index(page.stations.start);
        }
        self.tour.restart();
    }

    fn change_dwell(&mut self, steps: isize) {
        self.tour.change_dwell(steps);
        self.notice = Some(Notice::Dwell(self.tour.dwell()));
    }

    fn go_to_district(&mut self, number: DistrictNo) {
        match self.list.in_district(number).first().map(|s| s.id) {
            Some(first) => self.show_station(first),
            None => self.notice = Some(Notice::NoDistrict(number)),
        }
    }

    pub(super) fn show_station(&mut self, id: StationId) {
        self.go_to_station(id);
        if self.notice.is_none() {
            self.search = None;
            (self.large, self.history) = (false, false);
        }
    }

    pub(super) fn go_to_station(&mut self, id: StationId) {
        match self.list.stations.binary_search_by_key(&id, |s| s.id) {
            Ok(at) => {
                let before = self.page;
                self.coverage = None;
                self.select_index(at);
                self.tour.pause();
                if self.page != before {
                    self.tour.restart();
                }
            }
            Err(_) => self.notice = Some(Notice::NoStation(id)),
        }
    }

    fn resize(&mut self, steps: isize) {
        let at = TILES_PER_PAGE.partition_point(|n| *n < self.tiles_per_page);
        let to = at.saturating_add_signed(steps).min(TILES_PER_PAGE.len() - 1);
        self.tiles_per_page = TILES_PER_PAGE[to];
        self.lay_out();
        self.tour.restart();
    }
}
