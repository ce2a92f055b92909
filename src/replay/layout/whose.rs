//! Which station a camera is of that another program has recorded under a name of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{Begins, Plan, is_file, main};
use crate::clock::WallTime;
use crate::model::{FeedId, FeedKind, StationId};
use crate::replay::template::Whose;
use crate::text::fold;

/// Stations whose numbers are made up are in this district, which no country has.
const NOWHERE: u16 = 9999;

/// Gives cameras their stations: as the user says, as the name says itself (`23/4`, `23-4`), as the
/// list knows it, or one that is made up.
pub(super) struct Namer<'a> {
    plan: &'a Plan,
    /// By address path, name and last part of the path.
    listed: BTreeMap<String, Option<FeedId>>,
    known: BTreeMap<String, FeedId>,
    made_up: BTreeMap<String, StationId>,
    taken: BTreeSet<StationId>,
    /// The only station with a beginning given by hand, which then is that of whatever has none.
    only: Option<(FeedId, WallTime)>,
    names: BTreeMap<StationId, String>,
}

impl<'a> Namer<'a> {
    pub(super) fn new(plan: &'a Plan, taken: impl Iterator<Item = StationId>) -> Self {
        Self {
            plan,
            listed: listed(plan),
            known: BTreeMap::new(),
            made_up: BTreeMap::new(),
            taken: taken.collect(),
            only: None,
            names: BTreeMap::new(),
        }
    }

    /// Learns which cameras there are, so that made-up numbers follow their names: of each file its
    /// path, whose it is by its name, and whether its beginning is known.
    pub(super) fn prepare<'f>(&mut self, files: impl Iterator<Item = (&'f str, &'f Whose, bool)>) {
        let mut unknown = BTreeSet::new();
        for (path, whose, has_time) in files {
            match whose {
                Whose::Station(station) => {
                    self.taken.insert(*station);
                }
                Whose::Camera(name)
                    if self.mapped(path).is_none() && !self.known.contains_key(name) =>
                {
                    match self.find(name) {
                        Some(feed) => {
                            self.taken.insert(feed.station);
                            if !says(name, feed.station) {
                                self.names.insert(feed.station, name.clone());
                            }
                            self.known.insert(name.clone(), feed);
                        }
                        None if has_time => {
                            unknown.insert(name.clone());
                        }
                        None => {}
                    }
                }
                Whose::Camera(_) => {}
            }
        }
        let stations = self.plan.starts.iter().filter_map(|(begins, at)| match begins {
            Begins::Station(station) => Some((main(*station), *at)),
            Begins::File(_) => None,
        });
        let stations: Vec<_> = stations.collect();
        self.only = match stations[..] {
            [only] => Some(only),
            _ => None,
        };
        let mut number = 0;
        for name in unknown {
            let station = loop {
                number += 1;
                let station = StationId::new(NOWHERE, number);
                if self.taken.insert(station) {
                    break station;
                }
            };
            self.names.insert(station, name.clone());
            self.made_up.insert(name, station);
        }
    }

    /// The feed that the user has said this file is of.
    fn mapped(&self, path: &str) -> Option<FeedId> {
        self.plan.map.iter().find(|(name, _)| is_file(path, name)).map(|(_, feed)| *feed)
    }

    fn find(&self, name: &str) -> Option<FeedId> {
        let mapped = self.plan.map.get(name).copied();
        let listed = || self.listed.get(&fold(name.trim_matches('/'))).copied().flatten();
        mapped.or_else(|| in_name(name)).or_else(listed)
    }

    /// The beginning that the user has given for the station of this file, where it has none of its
    /// own.
    pub(super) fn by_hand(&self, path: &str, whose: &Whose) -> Option<(FeedId, WallTime)> {
        let known = self.mapped(path).or_else(|| match whose {
            Whose::Station(station) => Some(main(*station)),
            Whose::Camera(name) => self.known.get(name).copied(),
        });
        let Some(feed) = known else { return self.only };
        let begins = Begins::Station(feed.station);
        self.plan.starts.iter().find(|(of, _)| *of == begins).map(|(_, at)| (feed, *at))
    }

    /// The feed of a file.
    pub(super) fn feed(&self, path: &str, whose: &Whose) -> FeedId {
        let of_name = || match whose {
            Whose::Station(station) => main(*station),
            Whose::Camera(name) => {
                let known = self.known.get(name).copied();
                let made_up = || self.made_up.get(name).copied().map(main);
                // Each name was there when this was prepared.
                known.or_else(made_up).unwrap_or(main(StationId::new(NOWHERE, u32::MAX)))
            }
        };
        self.mapped(path).unwrap_or_else(of_name)
    }

    /// The names of cameras that are not their stations' numbers, and which stations are made up.
    pub(super) fn told(self) -> (BTreeMap<StationId, String>, BTreeSet<StationId>) {
        (self.names, self.made_up.into_values().collect())
    }
}

/// Whether a camera's name is just its station's number.
fn says(name: &str, station: StationId) -> bool {
    in_name(name).is_some_and(|feed| feed.station == station)
}

/// `23/4`, `23-4`, `23_4`, with `-main` or `-sub` behind it or not.
fn in_name(name: &str) -> Option<FeedId> {
    let name = name.trim_matches('/').replace(['-', '_'], "/");
    let kind = |name: &str| match name {
        "main" => Some(FeedKind::Main),
        "sub" => Some(FeedKind::Sub),
        _ => None,
    };
    let (number, kind) =
        match name.rsplit_once('/').and_then(|(rest, last)| Some((rest, kind(last)?))) {
            Some((number, kind)) => (number, kind),
            None => (name.as_str(), FeedKind::Main),
        };
    // Only digits: a sign or a space is part of another name.
    let is_number = number.bytes().all(|b| b.is_ascii_digit() || b == b'/');
    let station = number.parse().ok().filter(|_| is_number)?;
    Some(FeedId { station, kind })
}

/// What cameras of the list may be called: as the path of their address, its last part, their name.
/// What two of them could be called is nobody's name.
fn listed(plan: &Plan) -> BTreeMap<String, Option<FeedId>> {
    let mut names: BTreeMap<String, Option<FeedId>> = BTreeMap::new();
    let mut put = |name: &str, feed: FeedId| {
        let name = fold(name.trim_matches('/'));
        if !name.is_empty() {
            names
                .entry(name)
                .and_modify(|of| *of = of.filter(|of| *of == feed))
                .or_insert(Some(feed));
        }
    };
    for station in plan.list.iter().flat_map(|list| &list.stations) {
        put(&station.name, main(station.id));
        for kind in [FeedKind::Main, FeedKind::Sub] {
            let feed = FeedId { station: station.id, kind };
            let Some(url) = station.url(kind).and_then(|url| url::Url::parse(url).ok()) else {
                continue;
            };
            put(url.path(), feed);
            if let Some((_, last)) = url.path().rsplit_once('/') {
                put(last, feed);
            }
        }
    }
    names
}
