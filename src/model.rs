//! Districts, stations and feeds: who is watched. The election day is in [`day`].
//!
//! Plain values, no I/O. A URL in here never carries a user name or password: those stay in
//! [`crate::config`]'s vault. Anyone may call this module.

pub mod day;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The number of an electoral district, as printed on the official list (1 or more).
pub type DistrictNo = u16;
/// The number of a polling station inside its district (1 or more).
pub type StationNo = u32;

/// A polling station: its number is unique inside its district only, so both are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct StationId {
    /// The district it belongs to.
    pub district: DistrictNo,
    /// Its number in that district.
    pub station: StationNo,
}

impl StationId {
    /// Station `station` of district `district`.
    pub const fn new(district: DistrictNo, station: StationNo) -> Self {
        Self { district, station }
    }
}

impl fmt::Display for StationId {
    /// As operators say and type it: `57/12`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.district, self.station)
    }
}

/// A text that is not of the form `57/12`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a station number of the form 57/12")]
pub struct NotAStation(pub String);

impl FromStr for StationId {
    type Err = NotAStation;
    fn from_str(s: &str) -> Result<Self, NotAStation> {
        let parse = || {
            let (district, station) = s.trim().split_once('/')?;
            let id = Self::new(district.trim().parse().ok()?, station.trim().parse().ok()?);
            (id.district > 0 && id.station > 0).then_some(id)
        };
        parse().ok_or_else(|| NotAStation(s.to_owned()))
    }
}

/// Some of the stations of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Chosen {
    /// All that are on the list, also those that come to it later.
    All,
    /// These.
    These(BTreeSet<StationId>),
}

impl Chosen {
    /// Whether `station` is among them.
    pub fn has(&self, station: StationId) -> bool {
        match self {
            Self::All => true,
            Self::These(these) => these.contains(&station),
        }
    }
}

impl Chosen {
    /// Those that are named and are not on `list`.
    pub fn unknown_to(&self, list: &StationList) -> Vec<StationId> {
        match self {
            Self::All => Vec::new(),
            Self::These(these) => {
                these.iter().filter(|id| list.station(**id).is_none()).copied().collect()
            }
        }
    }
}

impl FromStr for Chosen {
    type Err = NotAStation;
    /// `23/4,57/12`.
    fn from_str(s: &str) -> Result<Self, NotAStation> {
        s.split(',').map(str::parse).collect::<Result<_, _>>().map(Self::These)
    }
}

impl From<StationId> for String {
    fn from(id: StationId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for StationId {
    type Error = NotAStation;
    fn try_from(s: String) -> Result<Self, NotAStation> {
        s.parse()
    }
}

/// Which of a station's two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeedKind {
    /// The full-size stream.
    Main,
    /// The small stream for grids.
    Sub,
}

impl FeedKind {
    /// The column of the station list it comes from: `main` or `sub`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Sub => "sub",
        }
    }
}

/// One configured stream of one station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FeedId {
    /// Whose stream it is.
    pub station: StationId,
    /// Which of the station's streams.
    pub kind: FeedKind,
}

impl fmt::Display for FeedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.station, self.kind.as_str())
    }
}

/// An electoral district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct District {
    /// Its official number.
    pub number: DistrictNo,
    /// Its official name; empty when the list gives none.
    pub name: String,
}

/// A polling station as the list gives it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Station {
    /// District and number.
    pub id: StationId,
    /// For example the school it is in; empty when the list gives none.
    #[serde(default)]
    pub name: String,
    /// Postal address; empty when the list gives none.
    #[serde(default)]
    pub address: String,
    /// The main feed's URL, without its secrets.
    pub main: String,
    /// The sub feed's URL, without its secrets.
    #[serde(default)]
    pub sub: Option<String>,
    /// Degrees north, -90 to 90.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// Degrees east, -180 to 180.
    #[serde(default)]
    pub longitude: Option<f64>,
    /// The network or provider its camera hangs on; empty when the list gives none.
    #[serde(default)]
    pub network: String,
}

impl Station {
    /// The feed that is received all the time: the sub feed where there is one, else the main.
    pub fn standing_feed(&self) -> FeedKind {
        if self.sub.is_some() { FeedKind::Sub } else { FeedKind::Main }
    }

    /// The URL of one of its feeds, without secrets; `None` when it has no such feed.
    pub fn url(&self, kind: FeedKind) -> Option<&str> {
        match kind {
            FeedKind::Main => Some(&self.main),
            FeedKind::Sub => self.sub.as_deref(),
        }
    }
}

/// A whole list: districts by number, stations by district and number. Both are sorted and free
/// of duplicates; every station's district is in `districts`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StationList {
    /// Every district that has a station, ascending.
    pub districts: Vec<District>,
    /// Every station, ascending.
    pub stations: Vec<Station>,
}

impl StationList {
    /// The stations of one district, ascending; empty when there is no such district.
    pub fn in_district(&self, number: DistrictNo) -> &[Station] {
        let start = self.stations.partition_point(|s| s.id.district < number);
        let end = self.stations.partition_point(|s| s.id.district <= number);
        &self.stations[start..end]
    }

    /// One station.
    pub fn station(&self, id: StationId) -> Option<&Station> {
        let at = self.stations.binary_search_by_key(&id, |s| s.id).ok()?;
        Some(&self.stations[at])
    }

    /// One district.
    pub fn district(&self, number: DistrictNo) -> Option<&District> {
        let at = self.districts.binary_search_by_key(&number, |d| d.number).ok()?;
        Some(&self.districts[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_is_typed_and_printed_the_same_way() {
        let id: StationId = " 57/12 ".parse().unwrap();
        assert_eq!(id, StationId::new(57, 12));
        assert_eq!(id.to_string(), "57/12");
        for bad in ["", "57", "57/", "/12", "0/1", "1/0", "57/12/3", "70000/1", "a/b"] {
            assert_eq!(bad.parse::<StationId>(), Err(NotAStation(bad.into())), "{bad}");
        }
    }

    #[test]
    fn a_list_finds_its_stations() {
        let station = |d, n| Station {
            id: StationId::new(d, n),
            name: String::new(),
            address: String::new(),
            main: format!("rtsp://h/{d}/{n}"),
            sub: (n == 2).then(|| "rtsp://h/sub".to_owned()),
            latitude: None,
            longitude: None,
            network: String::new(),
        };
        let list = StationList {
            districts: [1, 3].map(|number| District { number, name: String::new() }).to_vec(),
            stations: vec![station(1, 1), station(1, 2), station(3, 1)],
        };
        assert_eq!(list.in_district(1).len(), 2);
        assert!(list.in_district(2).is_empty());
        assert_eq!(list.station(StationId::new(3, 1)).unwrap().main, "rtsp://h/3/1");
        assert!(list.district(2).is_none());
        assert_eq!(list.stations[0].standing_feed(), FeedKind::Main);
        assert_eq!(list.stations[1].standing_feed(), FeedKind::Sub);
    }
}
