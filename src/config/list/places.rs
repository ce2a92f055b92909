//! What only all rows together show: stations, URLs and district names that contradict each
//! other. Collects the list on the way.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::Parsed;
use super::columns::Key;
use super::problem::{Expected, Found};
use super::rows::Cells;
use crate::config::secrets::{ListSecrets, Stripped, UrlSecrets, stream_key};
use crate::model::{District, DistrictNo, FeedId, FeedKind, Station, StationId, StationList};

#[derive(Default)]
pub(super) struct Places {
    stations: BTreeMap<StationId, Station>,
    /// In which row a station's number is first used, whatever else is wrong there.
    rows: HashMap<StationId, usize>,
    /// By [`stream_key`], **which may hold secrets**: which station first has it, as its row writes that, and the row.
    urls: HashMap<String, (String, usize)>,
    district_names: BTreeMap<DistrictNo, (String, usize)>,
    secrets: ListSecrets,
}

impl Places {
    /// Notes a station's number; says so when it is taken.
    pub(super) fn station(&mut self, cells: &mut Cells<'_>, id: StationId) {
        let first = *self.rows.entry(id).or_insert_with(|| cells.row());
        if first != cells.row() {
            cells.found(Key::Station, Found::plain(id.to_string()), Expected::NewStation(first));
        }
    }

    /// Notes a URL without its secrets; says so when another station has it. One station may
    /// have the same for main and sub.
    pub(super) fn url(&mut self, cells: &mut Cells<'_>, key: Key, url: &Stripped) {
        let (label, row) = (cells.label(), cells.row());
        match self.urls.entry(stream_key(&url.shown, Some(&url.secrets))) {
            Entry::Vacant(free) => drop(free.insert((label, row))),
            Entry::Occupied(first) if first.get().0 != label => {
                let (label, row) = first.get();
                let label = Found::cell(label).to_string();
                cells.found(key, Found::cell(&url.shown), Expected::NewUrl(label, *row));
            }
            Entry::Occupied(_) => {}
        }
    }

    /// Notes a district's name; says so when it has another one.
    pub(super) fn district_name(&mut self, cells: &mut Cells<'_>, number: DistrictNo, name: &str) {
        let first = self.district_names.entry(number);
        let (first, row) = first.or_insert_with(|| (name.to_owned(), cells.row()));
        if first.as_str() != name {
            let expected = Expected::SameDistrictName(first.clone(), *row);
            cells.wrong(Key::DistrictName, expected);
        }
    }

    /// Takes a station in.
    pub(super) fn add(&mut self, station: Station, secrets: [(FeedKind, Option<UrlSecrets>); 2]) {
        for (kind, secrets) in secrets {
            self.secrets.insert(FeedId { station: station.id, kind }, secrets.unwrap_or_default());
        }
        self.stations.insert(station.id, station);
    }

    /// The list, once no row has a problem.
    pub(super) fn into_parsed(mut self) -> Parsed {
        let mut districts: Vec<District> = Vec::new();
        for id in self.stations.keys() {
            if districts.last().is_none_or(|d| d.number != id.district) {
                let name = self.district_names.remove(&id.district).map(|(name, _)| name);
                districts.push(District { number: id.district, name: name.unwrap_or_default() });
            }
        }
        let stations = self.stations.into_values().collect();
        Parsed { list: StationList { districts, stations }, secrets: self.secrets }
    }
}
