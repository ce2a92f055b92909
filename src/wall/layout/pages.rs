//! Which stations share a page.
//!
//! Each district has pages of its own, or, where the operator wants it, consecutive small
//! districts share a page for as long as they fit. Either way the stations stand in the order of
//! the list and each on exactly one page; a district is split only where it is larger than a page.

use std::ops::Range;

use crate::model::StationList;

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::wall) struct Page {
    /// Indices into the list's stations.
    pub(in crate::wall) stations: Range<usize>,
    /// Indices into the list's districts.
    pub(in crate::wall) districts: Range<usize>,
    /// The stations that the selection walks through: those of this page's districts, also where
    /// these go on on other pages.
    pub(in crate::wall) walk: Range<usize>,
    /// Which of its district's pages this is, and how many these are; (0, 1) where it is the only
    /// one.
    pub(in crate::wall) part: (usize, usize),
}

/// All pages of a list in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::wall) struct Pages {
    pages: Vec<Page>,
    /// Stations on the fullest page.
    fullest: usize,
}

impl Pages {
    /// Divides `list` into pages of at most `tiles` (1 or more) stations; `grouped` lets small
    /// districts share a page.
    pub(in crate::wall) fn new(list: &StationList, tiles: usize, grouped: bool) -> Self {
        let tiles = tiles.max(1);
        let mut pages: Vec<Page> = Vec::new();
        let mut start = 0;
        for (at, district) in list.districts.iter().enumerate() {
            let own = start..start + list.in_district(district.number).len();
            start = own.end;
            match pages.last_mut().filter(|page| grouped && page.has_room(own.len(), tiles)) {
                Some(page) => page.take_in(at, own.end),
                None => split(&mut pages, at, &own, tiles),
            }
        }
        let fullest = pages.iter().map(|page| page.stations.len()).max().unwrap_or(0);
        Self { pages, fullest }
    }

    /// The page in this place, counted from 0.
    pub(in crate::wall) fn get(&self, page: usize) -> Option<&Page> {
        self.pages.get(page)
    }

    /// How many there are; none for an empty list.
    pub(in crate::wall) fn len(&self) -> usize {
        self.pages.len()
    }

    /// The place of the page with this station (an index into the list's stations); 0 for none.
    pub(in crate::wall) fn with_station(&self, station: usize) -> usize {
        let at = self.pages.partition_point(|page| page.stations.end <= station);
        at.min(self.pages.len().saturating_sub(1))
    }

    /// Stations on the fullest page.
    pub(in crate::wall) fn fullest(&self) -> usize {
        self.fullest
    }
}

impl Page {
    /// A part of a large district shares its page with nobody.
    fn has_room(&self, more: usize, tiles: usize) -> bool {
        self.part.1 == 1 && self.stations.len() + more <= tiles
    }

    fn take_in(&mut self, district: usize, end: usize) {
        self.districts.end = district + 1;
        self.stations.end = end;
        self.walk.end = end;
    }
}

/// Pages of one district's own.
fn split(pages: &mut Vec<Page>, district: usize, own: &Range<usize>, tiles: usize) {
    let parts = own.len().div_ceil(tiles);
    pages.extend((0..parts).map(|part| {
        let from = own.start + part * tiles;
        Page {
            stations: from..(from + tiles).min(own.end),
            districts: district..district + 1,
            walk: own.clone(),
            part: (part, parts),
        }
    }));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wall::tests::list;

    fn sizes(pages: &Pages) -> Vec<usize> {
        pages.pages.iter().map(|p| p.stations.len()).collect()
    }

    #[test]
    fn small_districts_share_a_page_when_asked() {
        let country = list(&[(1, 3), (2, 4), (5, 9), (8, 2), (9, 40), (11, 1), (12, 1)]);
        let alone = Pages::new(&country, 16, false);
        assert_eq!(sizes(&alone), [3, 4, 9, 2, 16, 16, 8, 1, 1]);
        let shared = Pages::new(&country, 16, true);
        assert_eq!(sizes(&shared), [16, 2, 16, 16, 8, 2], "the rest of a large one stays alone");
        assert_eq!(shared.pages[0].districts, 0..3);
        assert_eq!(shared.pages[0].part, (0, 1));
        assert_eq!((shared.pages[3].part, shared.pages[3].walk.clone()), ((1, 3), 18..58));
        assert_eq!(shared.with_station(17), 1);
        assert_eq!(Pages::new(&list(&[]), 16, true).with_station(5), 0);
    }

    proptest! {
        #[test]
        fn every_station_is_on_one_page_and_the_order_is_kept(
            districts in prop::collection::vec(1u32..70, 0..40),
            tiles in 1usize..=64,
            grouped: bool,
        ) {
            let districts: Vec<_> = (1..).zip(districts).collect();
            let country = list(&districts);
            let pages = Pages::new(&country, tiles, grouped);
            let mut next = 0;
            for (at, page) in pages.pages.iter().enumerate() {
                prop_assert_eq!(page.stations.start, next);
                prop_assert!(!page.stations.is_empty() && page.stations.len() <= tiles);
                next = page.stations.end;
                prop_assert!(page.stations.clone().all(|s| pages.with_station(s) == at));
                // The districts it names are those of its stations.
                let of = |s: usize| country.stations[s].id.district;
                let named = &country.districts[page.districts.clone()];
                prop_assert_eq!(of(page.stations.start), named[0].number);
                prop_assert_eq!(of(page.stations.end - 1), named[named.len() - 1].number);
            }
            prop_assert_eq!(next, country.stations.len());
            for district in &country.districts {
                let of_it = pages.pages.iter().filter(|p| {
                    country.stations[p.stations.clone()].iter().any(|s| s.id.district == district.number)
                });
                let needed = country.in_district(district.number).len().div_ceil(tiles);
                prop_assert_eq!(of_it.count(), needed, "split only where it is larger than a page");
            }
        }

        #[test]
        fn a_shared_page_has_no_room_for_the_next_district(
            districts in prop::collection::vec(1u32..30, 1..40),
            tiles in 1usize..=64,
        ) {
            let districts: Vec<_> = (1..).zip(districts).collect();
            let country = list(&districts);
            let pages = Pages::new(&country, tiles, true);
            for pair in pages.pages.windows(2) {
                let next = &country.districts[pair[1].districts.start];
                let more = country.in_district(next.number).len();
                prop_assert!(pair[0].part.1 > 1 || pair[0].stations.len() + more > tiles);
            }
        }
    }
}
