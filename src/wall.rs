//! What is on the wall and how one moves about in it: pages, layouts, selection, tours, search,
//! and from them which feeds are in demand.
//!
//! Pure: no thread, no socket, no picture, no clock. `ui` turns keys and clicks into [`Command`]s
//! and draws what this says; `app` says how time passes ([`Wall::tick`]) and passes
//! [`Wall::demand`] on to `ingest`. The order of tiles is the order of the list and never changes
//! by itself: an operator learns where a station is.

mod answer;
mod attending;
mod attention;
mod command;
mod coverage;
mod day;
mod entry;
mod layout;
mod moves;
mod note;
mod ringer;
mod search;
pub mod shown;
mod tour;
pub mod zoom;

pub use answer::{Answer, SPANS, To};
pub use attention::{AttentionList, Row};
pub use command::{Command, Notice};
pub use coverage::{CoverageRow, CoverageView};
pub use day::{DAY_SPANS, DayView};
pub use entry::Entry;
pub use layout::{Grid, TILES_PER_PAGE, grid};
pub use note::{Draft, NOTE_MOST};
pub use ringer::{QUIET, Ringer, Sounding, Tone};
pub use search::Search;
pub use tour::{DWELLS, IN_A_ROW, INTERRUPTION, TourView};

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Mono;
use crate::model::{District, FeedId, FeedKind, Station, StationId, StationList};
use layout::pages::{Page, Pages};
use tour::Tour;
use zoom::{Part, Zoom};

/// The state of one wall window.
#[derive(Clone, Debug)]
pub struct Wall {
    list: Arc<StationList>,
    pages: Pages,
    /// Index into the list's stations; 0 when there are none.
    selected: usize,
    /// The page with the selected station.
    page: usize,
    large: bool,
    tiles_per_page: usize,
    grouped: bool,
    /// Of the grid as last drawn.
    columns: usize,
    entry: Option<Entry>,
    notice: Option<Notice>,
    keys_shown: bool,
    tour: Tour,
    /// The last tick.
    now: Option<Mono>,
    search: Option<Search>,
    /// Made when the search is first opened on this list.
    index: Option<Arc<search::Index>>,
    /// Of the large picture; a station that is opened begins with all of it.
    zoom: Zoom,
    notes: note::Notes,
    attention: AttentionList,
    answers: answer::Answers,
    /// The page of the selected station's day is open.
    history: bool,
    day: day::DaySpan,
    sounding: Sounding,
    /// The tiles that were painted last.
    painted: Painted,
    /// The page of coverage, while it is open.
    coverage: Option<CoverageView>,
}

/// Which stations are on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Painted {
    /// In the order of the page.
    pub stations: Vec<StationId>,
    /// The size of each picture's room, in pixels.
    pub tile: (u32, u32),
}

/// Where an operator has settled: what a wall that is opened again begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The selected station, on whose page the operator is; `None` when the list is empty.
    pub station: Option<StationId>,
    /// Tiles on a page.
    pub tiles_per_page: usize,
    /// Several small districts share a page.
    pub grouped: bool,
    /// How long a tour stays on a page.
    pub dwell: Duration,
    /// New alarms don't interrupt a tour.
    pub undisturbed: bool,
    /// Whether alarms are heard.
    pub sounding: Sounding,
}

impl Wall {
    /// The first page of the first district.
    pub fn new(list: Arc<StationList>) -> Self {
        let mut wall = Self {
            list,
            pages: Pages::default(),
            selected: 0,
            page: 0,
            large: false,
            tiles_per_page: layout::TILES_AT_FIRST,
            grouped: false,
            columns: 1,
            entry: None,
            notice: None,
            keys_shown: false,
            tour: Tour::default(),
            now: None,
            search: None,
            index: None,
            zoom: Zoom::default(),
            notes: note::Notes::default(),
            attention: AttentionList::default(),
            answers: answer::Answers::default(),
            history: false,
            day: day::DaySpan::default(),
            sounding: Sounding::default(),
            painted: Painted::default(),
            coverage: None,
        };
        wall.lay_out();
        wall
    }

    /// The list that is shown.
    pub fn list(&self) -> &Arc<StationList> {
        &self.list
    }

    /// Takes a new list. The operator stays at the same station or, where that is gone, at the
    /// nearest one of its district, else of the list.
    pub fn set_list(&mut self, list: Arc<StationList>) {
        let station = self.selected().map(|s| s.id);
        self.list = list;
        self.index = None;
        let still_there = station.is_some_and(|id| self.list.station(id).is_some());
        (self.large, self.history) = (self.large && still_there, self.history && still_there);
        self.selected = station.map_or(0, |id| self.nearest(id));
        self.lay_out();
        if self.search.is_some() {
            let index = self.index();
            if let Some(search) = &mut self.search {
                search.set_index(index);
            }
        }
    }

    /// Where the operator has settled.
    pub fn standing(&self) -> Standing {
        Standing {
            station: self.selected().map(|s| s.id),
            tiles_per_page: self.tiles_per_page,
            grouped: self.grouped,
            dwell: self.tour.dwell(),
            undisturbed: self.tour.is_undisturbed(),
            sounding: self.sounding,
        }
    }

    /// How much of the day is on its page.
    pub fn day_view(&self) -> DayView {
        self.day.view()
    }

    /// `ui` says how long there has been something to see on the day's page.
    pub fn set_day_known(&mut self, known: Duration) {
        self.day.set_known(known);
    }

    /// Whether alarms are heard, and how.
    pub fn sounding(&self) -> Sounding {
        self.sounding
    }

    /// Whether a new alarm may interrupt a tour.
    pub fn interruptions(&self) -> bool {
        !self.tour.is_undisturbed()
    }

    /// Goes back to where an operator had settled. What cannot be taken as it is (a station that
    /// is gone, a page size that there is not) is replaced by the nearest.
    pub fn settle(&mut self, standing: Standing) {
        let size = TILES_PER_PAGE.into_iter().min_by_key(|n| n.abs_diff(standing.tiles_per_page));
        self.tiles_per_page = size.unwrap_or(layout::TILES_AT_FIRST);
        self.grouped = standing.grouped;
        self.tour.set_dwell(standing.dwell);
        self.tour.set_undisturbed(standing.undisturbed);
        self.sounding = standing.sounding;
        if let Some(id) = standing.station {
            self.selected = self.nearest(id);
        }
        self.lay_out();
    }

    /// The place of a station or of what is nearest to it.
    fn nearest(&self, id: StationId) -> usize {
        let stations = &self.list.stations;
        let at = stations.partition_point(|s| s.id < id);
        let in_district =
            |at: usize| stations.get(at).is_some_and(|s| s.id.district == id.district);
        match at.checked_sub(1) {
            Some(before) if !in_district(at) && in_district(before) => before,
            _ => at,
        }
    }

    /// The district of the selected station; `None` when the list is empty.
    pub fn district(&self) -> Option<&District> {
        self.list.district(self.selected()?.id.district)
    }

    /// The districts on screen.
    pub fn page_districts(&self) -> &[District] {
        self.current().map_or(&[], |page| &self.list.districts[page.districts.clone()])
    }

    /// The stations of the page on screen, in their fixed order.
    pub fn page_stations(&self) -> &[Station] {
        self.current().map_or(&[], |page| &self.list.stations[page.stations.clone()])
    }

    fn current(&self) -> Option<&Page> {
        self.pages.get(self.page)
    }

    /// (page, pages), from 1: of the district on screen, or of the whole list when districts
    /// share pages.
    pub fn page(&self) -> (usize, usize) {
        if self.grouped {
            (self.page + 1, self.pages.len().max(1))
        } else {
            self.current().map_or((1, 1), |page| (page.part.0 + 1, page.part.1))
        }
    }

    /// How many tiles the grid has room for: the same on all pages of a district or, when
    /// districts share pages, on all pages, so that tiles do not change their size from one to
    /// the next.
    pub fn tiles_in_grid(&self) -> usize {
        if self.grouped {
            return self.pages.fullest();
        }
        self.current().map_or(0, |page| page.walk.len().min(self.tiles_per_page))
    }

    /// How many tiles a page may hold.
    pub fn tiles_per_page(&self) -> usize {
        self.tiles_per_page
    }

    /// Whether several small districts share a page.
    pub fn grouped(&self) -> bool {
        self.grouped
    }

    /// The tile with the selection frame.
    pub fn selected(&self) -> Option<&Station> {
        self.list.stations.get(self.selected)
    }

    /// The station that fills the wall, if one does.
    pub fn large(&self) -> Option<&Station> {
        let page = self.history || self.coverage.is_some();
        if self.large && !page { self.selected() } else { None }
    }

    /// The feeds whose sound is measured: that of the large station's main feed.
    pub fn heard(&self) -> Option<FeedId> {
        self.large().map(|s| FeedId { station: s.id, kind: FeedKind::Main })
    }

    /// The part of the large picture that is seen; all of it where none is large.
    pub fn part(&self) -> Part {
        if self.large { self.zoom.part() } else { Part::WHOLE }
    }

    /// How much larger than fitting the large picture is, from 1.
    pub fn zoom(&self) -> f32 {
        if self.large { self.zoom.factor() } else { 1.0 }
    }

    /// `ui` says how much the picture that is shown large may be enlarged.
    pub fn set_zoom_most(&mut self, most: f32) {
        self.zoom.set_most(most);
    }

    /// Enlarges the large picture by `by` around a point of what is seen of it, from (0, 0) to
    /// (1, 1); a wheel turns in many small steps.
    pub fn zoom_at(&mut self, by: f32, at: [f32; 2]) {
        if self.large {
            self.zoom.by(by, at);
        }
    }

    /// Moves what is seen over the large picture, in shares of what is seen.
    pub fn pan(&mut self, by: [f32; 2]) {
        if self.large {
            self.zoom.pan(by);
        }
    }

    /// The note that is being written.
    pub fn note(&self) -> Option<&Draft> {
        self.notes.open()
    }

    /// Takes what has been typed into the open note. Without one, nothing happens.
    pub fn write_note(&mut self, typed: &str) {
        self.notes.write(typed);
    }

    /// The note that was finished since the last call; whoever keeps notes fetches it.
    pub fn take_note(&mut self) -> Option<Draft> {
        self.notes.take_finished()
    }

    /// A note that could not be kept goes back to where it was written.
    pub fn give_back(&mut self, draft: &Draft) {
        self.notes.give_back(draft);
    }

    /// The digits typed so far.
    pub fn entry(&self) -> Option<&Entry> {
        self.entry.as_ref()
    }

    /// What to tell about the last command.
    pub fn notice(&self) -> Option<Notice> {
        self.notice
    }

    /// Whether the list of keys is shown.
    pub fn keys_shown(&self) -> bool {
        self.keys_shown
    }

    /// `ui` says how many columns it has drawn, for moving up and down.
    pub fn set_columns(&mut self, columns: usize) {
        self.columns = columns.max(1);
    }

    /// `ui` says which tiles it has painted in this pass.
    pub fn set_painted(&mut self, painted: Painted) {
        self.painted = painted;
    }

    /// The tiles that were painted in the last pass.
    pub fn painted(&self) -> &Painted {
        &self.painted
    }

    /// The page of coverage, while it is open.
    pub fn coverage(&self) -> Option<&CoverageView> {
        self.coverage.as_ref()
    }

    /// `ui` says which lines the page of coverage has, in their order, and for how many there is room.
    pub fn set_coverage_rows(&mut self, rows: Vec<CoverageRow>, room: usize) {
        if let Some(view) = &mut self.coverage {
            view.set_rows(rows, room);
        }
    }

    /// The feeds to decode: the standing feed of every station on screen, and the main feed of
    /// the one that is shown large.
    pub fn demand(&self) -> BTreeSet<FeedId> {
        let feed = |s: &Station, kind| FeedId { station: s.id, kind };
        if self.coverage.is_some() {
            return BTreeSet::new();
        }
        if let Some(id) = self.history() {
            let standing = self.list.station(id).map(|s| feed(s, s.standing_feed()));
            return standing.into_iter().collect();
        }
        match self.large() {
            Some(s) => [feed(s, s.standing_feed()), feed(s, FeedKind::Main)].into(),
            None => self.page_stations().iter().map(|s| feed(s, s.standing_feed())).collect(),
        }
    }

    /// The tour, if there is one. It stands still while the operator types, searches or reads the
    /// keys.
    pub fn tour(&self) -> Option<TourView> {
        let running = self.tour.left().filter(|_| !self.is_busy());
        let view = match (running, self.tour.interruption_left()) {
            (None, _) => TourView::Paused,
            (Some(_), Some((station, left))) => TourView::Interrupted { station, left },
            (Some(left), None) => TourView::Running { left },
        };
        self.tour.is_on().then_some(view)
    }

    /// The operator is in the middle of something that a new page would disturb.
    fn is_busy(&self) -> bool {
        let writes =
            self.search.is_some() || self.notes.open().is_some() || self.answers.open().is_some();
        let page = self.large || self.history || self.coverage.is_some();
        self.entry.is_some() || writes || self.keys_shown || page
    }

    /// Time has passed: goes on with the tour. To be called before every pass of the screen, with
    /// a clock that does not go back; a page counts from the call after it came on.
    pub fn tick(&mut self, now: Mono) {
        let passed = self.now.map_or(Duration::ZERO, |before| now.since(before));
        self.now = Some(now);
        if self.is_busy() {
        } else if self.tour.pass_interruption(passed) {
            self.resume_tour();
        } else if self.tour.pass(passed) {
            self.tour_on();
        }
    }

    /// The search, while it is open.
    pub fn search(&self) -> Option<&Search> {
        self.search.as_ref()
    }

    /// The station found in this place (an index among all that were found).
    pub fn hit(&self, at: usize) -> Option<&Station> {
        self.list.stations.get(self.search.as_ref()?.hit(at)?)
    }

    /// Looks for what has been typed into the open search. Without one, nothing happens.
    pub fn find(&mut self, typed: &str) {
        if let Some(search) = &mut self.search {
            search.find(typed.to_owned());
        }
    }

    /// `ui` says how many hits it has room for.
    pub fn set_hit_rows(&mut self, rows: usize) {
        if let Some(search) = &mut self.search {
            search.set_rows(rows);
        }
    }

    /// The list, folded for searching.
    fn index(&mut self) -> Arc<search::Index> {
        let list = &self.list;
        let index = self.index.get_or_insert_with(|| Arc::new(search::Index::new(list)));
        Arc::clone(index)
    }
}

#[cfg(test)]
mod tests;
