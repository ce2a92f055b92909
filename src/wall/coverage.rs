//! The page of coverage: where one is in it. What it shows comes from elsewhere and changes while one
//! looks; the line one has chosen stays the same station's or district's, wherever it moves to.

use crate::model::{DistrictNo, StationId};

/// A line of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverageRow {
    /// A district, in the country's list.
    District(DistrictNo),
    /// A station, in its district's.
    Station(StationId),
}

/// Where one is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CoverageView {
    district: Option<DistrictNo>,
    /// As they were last drawn.
    rows: Vec<CoverageRow>,
    chosen: Option<CoverageRow>,
    /// The place of the chosen one when it was last there.
    at: usize,
    /// So many lines have room.
    room: usize,
    /// The first that is drawn.
    top: usize,
}

impl CoverageView {
    /// The district whose stations are shown; all districts without one.
    pub fn district(&self) -> Option<DistrictNo> {
        self.district
    }

    /// The line that is chosen.
    pub fn chosen(&self) -> Option<CoverageRow> {
        self.chosen
    }

    /// The lines that are drawn, as places in what was last given to [`Self::set_rows`].
    pub fn on_screen(&self) -> std::ops::Range<usize> {
        self.top..(self.top + self.room).min(self.rows.len())
    }

    /// `ui` says which lines there are, in their order, and for how many there is room.
    pub fn set_rows(&mut self, rows: Vec<CoverageRow>, room: usize) {
        self.rows = rows;
        self.room = room.max(1);
        let there = self.rows.iter().position(|row| Some(*row) == self.chosen);
        self.choose(there.unwrap_or(self.at));
    }

    fn choose(&mut self, at: usize) {
        self.at = at.min(self.rows.len().saturating_sub(1));
        self.chosen = self.rows.get(self.at).copied();
        let lowest = self.rows.len().saturating_sub(self.room);
        let least = (self.at + 1).saturating_sub(self.room);
        self.top = self.top.clamp(least, self.at.max(least)).min(lowest);
    }

    pub(super) fn step(&mut self, by: i64) {
        let at = i64::try_from(self.at).unwrap_or(0).saturating_add(by).max(0);
        self.choose(usize::try_from(at).unwrap_or(0));
    }

    pub(super) fn page(&mut self, by: i64) {
        self.step(by.saturating_mul(i64::try_from(self.room).unwrap_or(1)));
    }

    /// Into what is chosen: a district shows its stations; a station is for the wall to show.
    pub(super) fn enter(&mut self) -> Option<StationId> {
        match self.chosen? {
            CoverageRow::District(number) => {
                *self = Self { district: Some(number), room: self.room, ..Self::default() };
                None
            }
            CoverageRow::Station(station) => Some(station),
        }
    }

    /// Out of a district; `false` where one is in none.
    pub(super) fn leave(&mut self) -> bool {
        let Some(number) = self.district else { return false };
        let chosen = Some(CoverageRow::District(number));
        *self = Self { chosen, room: self.room, ..Self::default() };
        true
    }

    pub(super) fn click(&mut self, row: CoverageRow) {
        if let Some(at) = self.rows.iter().position(|other| *other == row) {
            self.choose(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn districts(numbers: &[DistrictNo]) -> Vec<CoverageRow> {
        numbers.iter().map(|&number| CoverageRow::District(number)).collect()
    }

    #[test]
    fn what_is_chosen_stays_chosen_wherever_it_moves() {
        let mut view = CoverageView::default();
        view.set_rows(districts(&[5, 9, 1, 7]), 2);
        assert_eq!(view.chosen(), Some(CoverageRow::District(5)), "the worst first");
        view.step(2);
        assert_eq!((view.chosen(), view.on_screen()), (Some(CoverageRow::District(1)), 1..3));
        view.set_rows(districts(&[1, 5, 9, 7]), 2);
        assert_eq!((view.chosen(), view.on_screen()), (Some(CoverageRow::District(1)), 0..2));
        view.set_rows(districts(&[9, 7]), 2);
        assert_eq!(view.chosen(), Some(CoverageRow::District(9)), "gone: who stands there now");
        view.page(1);
        assert_eq!(view.chosen(), Some(CoverageRow::District(7)));
        view.step(-9);
        assert_eq!(view.chosen(), Some(CoverageRow::District(9)));
        view.set_rows(Vec::new(), 2);
        assert_eq!((view.chosen(), view.on_screen(), view.enter()), (None, 0..0, None));
    }

    #[test]
    fn into_a_district_and_back_to_where_one_was() {
        let mut view = CoverageView::default();
        view.set_rows(districts(&[5, 9, 1]), 2);
        view.step(1);
        assert_eq!((view.enter(), view.district()), (None, Some(9)));
        let station = StationId::new(9, 4);
        view.set_rows(vec![CoverageRow::Station(station)], 2);
        assert_eq!(view.enter(), Some(station));
        assert!(view.leave());
        view.set_rows(districts(&[5, 1, 9]), 2);
        assert_eq!((view.chosen(), view.district()), (Some(CoverageRow::District(9)), None));
        assert!(!view.leave());
    }
}
