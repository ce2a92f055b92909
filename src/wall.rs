//! What is on the wall and how one moves about in it: pages, layouts, selection, and from them
//! which feeds are in demand.
//!
//! Pure: no thread, no socket, no picture. `ui` turns keys and clicks into [`Command`]s, draws
//! what this says, and `app` passes [`Wall::demand`] on to `ingest`. The order of tiles is the
//! order of the list and never changes by itself: an operator learns where a station is.

mod entry;
mod layout;

pub use entry::Entry;
pub use layout::{Grid, TILES_PER_PAGE, grid};

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{District, DistrictNo, FeedId, FeedKind, Station, StationId, StationList};

/// Something an operator wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A digit of a district's or station's number, 0 to 9.
    Digit(u8),
    /// The stroke between district and station.
    Separator,
    /// Takes back the last digit.
    EraseDigit,
    /// Enter: goes where the digits say; without digits, opens or closes the selected tile.
    Confirm,
    /// Esc: drops the digits, closes the help, leaves the large picture, in this order.
    Back,
    /// Moves the selection by tiles.
    Move {
        /// To the right; negative to the left.
        columns: i32,
        /// Down; negative up.
        rows: i32,
    },
    /// The page after this one; after a district's last page, the next district.
    NextPage,
    /// The page before this one.
    PreviousPage,
    /// A district's first page.
    District(DistrictNo),
    /// Selects a tile.
    Select(StationId),
    /// Shows one station large.
    Open(StationId),
    /// More, smaller tiles on a page.
    MoreTiles,
    /// Fewer, larger tiles on a page.
    FewerTiles,
    /// Shows or hides the list of keys.
    ToggleKeys,
    /// Tries the selected station's feeds again now. What is on the wall stays as it is; `ui`
    /// passes the wish on.
    Reconnect,
}

/// Something to tell the operator about the last command, until the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// There is no such district on the list.
    NoDistrict(DistrictNo),
    /// There is no such station on the list.
    NoStation(StationId),
    /// The station is tried again, as asked.
    Reconnecting(StationId),
}

/// The state of one wall window.
#[derive(Clone, Debug)]
pub struct Wall {
    list: Arc<StationList>,
    /// Index into `list.districts`; 0 when there are none.
    district: usize,
    page: usize,
    /// Index into the district's stations.
    selected: usize,
    large: bool,
    tiles_per_page: usize,
    /// Of the grid as last drawn.
    columns: usize,
    entry: Option<Entry>,
    notice: Option<Notice>,
    keys_shown: bool,
}

impl Wall {
    /// The first page of the first district.
    pub fn new(list: Arc<StationList>) -> Self {
        Self {
            list,
            district: 0,
            page: 0,
            selected: 0,
            large: false,
            tiles_per_page: layout::TILES_AT_FIRST,
            columns: 1,
            entry: None,
            notice: None,
            keys_shown: false,
        }
    }

    /// The list that is shown.
    pub fn list(&self) -> &Arc<StationList> {
        &self.list
    }

    /// Takes a new list. The operator stays at the same station or, where that is gone, at the
    /// nearest one.
    pub fn set_list(&mut self, list: Arc<StationList>) {
        let (district, station) =
            (self.district().map(|d| d.number), self.selected().map(|s| s.id));
        self.list = list;
        let number = district.unwrap_or(0);
        let at = self.list.districts.partition_point(|d| d.number < number);
        self.district = at.min(self.list.districts.len().saturating_sub(1));
        let still = station.and_then(|id| self.stations().iter().position(|s| s.id >= id));
        if station.is_some_and(|id| self.list.station(id).is_none()) {
            self.large = false;
        }
        self.select_index(still.unwrap_or(usize::MAX));
    }

    /// The district on screen; `None` when the list is empty.
    pub fn district(&self) -> Option<&District> {
        self.list.districts.get(self.district)
    }

    /// All stations of the district on screen.
    pub fn stations(&self) -> &[Station] {
        self.district().map_or(&[], |d| self.list.in_district(d.number))
    }

    /// The stations of the page on screen, in their fixed order.
    pub fn page_stations(&self) -> &[Station] {
        let all = self.stations();
        let start = (self.page * self.tiles_per_page).min(all.len());
        &all[start..(start + self.tiles_per_page).min(all.len())]
    }

    /// (page, pages) of the district on screen, from 1.
    pub fn page(&self) -> (usize, usize) {
        (self.page + 1, self.stations().len().div_ceil(self.tiles_per_page).max(1))
    }

    /// How many tiles the grid of this district has room for: the same on all of its pages, so
    /// that tiles do not change their size from page to page.
    pub fn tiles_in_grid(&self) -> usize {
        self.stations().len().min(self.tiles_per_page)
    }

    /// The tile with the selection frame.
    pub fn selected(&self) -> Option<&Station> {
        self.stations().get(self.selected)
    }

    /// The station that fills the wall, if one does.
    pub fn large(&self) -> Option<&Station> {
        if self.large { self.selected() } else { None }
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

    /// The feeds to decode: the standing feed of every station on screen, and the main feed of
    /// the one that is shown large.
    pub fn demand(&self) -> BTreeSet<FeedId> {
        let feed = |s: &Station, kind| FeedId { station: s.id, kind };
        match self.large() {
            Some(s) => [feed(s, s.standing_feed()), feed(s, FeedKind::Main)].into(),
            None => self.page_stations().iter().map(|s| feed(s, s.standing_feed())).collect(),
        }
    }

    /// Carries out a command.
    pub fn apply(&mut self, command: Command) {
        self.notice = None;
        match command {
            Command::Digit(digit) => {
                self.entry = Some(self.entry.take().unwrap_or_default().with_digit(digit));
            }
            Command::Separator => self.entry = self.entry.take().map(Entry::with_separator),
            Command::EraseDigit => self.entry = self.entry.take().and_then(Entry::erased),
            Command::Confirm => self.confirm(),
            Command::Back => self.back(),
            Command::Move { columns, rows } => self.step(columns, rows),
            Command::NextPage => self.next_page(),
            Command::PreviousPage => self.previous_page(),
            Command::District(number) => self.go_to_district(number),
            Command::Select(id) => self.go_to_station(id),
            Command::Open(id) => {
                self.go_to_station(id);
                self.large = self.notice.is_none();
            }
            Command::MoreTiles => self.resize(1),
            Command::FewerTiles => self.resize(-1),
            Command::ToggleKeys => self.keys_shown = !self.keys_shown,
            Command::Reconnect => {
                self.notice = self.selected().map(|s| Notice::Reconnecting(s.id));
            }
        }
    }

    fn confirm(&mut self) {
        match self.entry.take().map(|entry| entry.target()) {
            Some(entry::Target::District(number)) => self.go_to_district(number),
            Some(entry::Target::Station(id)) => self.go_to_station(id),
            None if self.keys_shown => self.keys_shown = false,
            None => self.large = !self.large && self.selected().is_some(),
        }
    }

    fn back(&mut self) {
        if self.entry.take().is_some() {
        } else if self.keys_shown {
            self.keys_shown = false;
        } else {
            self.large = false;
        }
    }

    fn select_index(&mut self, index: usize) {
        self.selected = index.min(self.stations().len().saturating_sub(1));
        self.page = self.selected / self.tiles_per_page;
    }

    fn step(&mut self, columns: i32, rows: i32) {
        let last = self.stations().len().saturating_sub(1);
        let by = i64::from(columns) + i64::from(rows) * self.columns as i64;
        let to = self.selected as i64 + by;
        if (0..=last as i64).contains(&to) {
            self.select_index(usize::try_from(to).unwrap_or(0));
        }
    }

    fn next_page(&mut self) {
        let (page, pages) = self.page();
        if self.large {
            self.step(1, 0);
        } else if page < pages {
            self.select_index(page * self.tiles_per_page);
        } else if self.district + 1 < self.list.districts.len() {
            self.district += 1;
            self.select_index(0);
        }
    }

    fn previous_page(&mut self) {
        if self.large {
            self.step(-1, 0);
        } else if self.page > 0 {
            self.select_index((self.page - 1) * self.tiles_per_page);
        } else if self.district > 0 {
            self.district -= 1;
            let (_, pages) = self.page();
            self.select_index((pages - 1) * self.tiles_per_page);
        }
    }

    fn go_to_district(&mut self, number: DistrictNo) {
        match self.list.districts.binary_search_by_key(&number, |d| d.number) {
            Ok(at) => {
                self.district = at;
                self.large = false;
                self.select_index(0);
            }
            Err(_) => self.notice = Some(Notice::NoDistrict(number)),
        }
    }

    fn go_to_station(&mut self, id: StationId) {
        let district = self.list.districts.binary_search_by_key(&id.district, |d| d.number);
        let station =
            self.list.in_district(id.district).binary_search_by_key(&id, |station| station.id);
        match (district, station) {
            (Ok(district), Ok(station)) => {
                self.district = district;
                self.select_index(station);
            }
            _ => self.notice = Some(Notice::NoStation(id)),
        }
    }

    fn resize(&mut self, steps: isize) {
        let at = TILES_PER_PAGE.partition_point(|n| *n < self.tiles_per_page);
        let to = at.saturating_add_signed(steps).min(TILES_PER_PAGE.len() - 1);
        self.tiles_per_page = TILES_PER_PAGE[to];
        self.select_index(self.selected);
    }
}

#[cfg(test)]
mod tests;
