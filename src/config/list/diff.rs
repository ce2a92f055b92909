//! What a new list changes.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Key;
use crate::config::secrets::{ListSecrets, stream_key, url_key};
use crate::model::{FeedId, FeedKind, Station, StationId, StationList};

/// The difference between two lists, everything in the order of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// Stations that are new.
    pub added: Vec<StationId>,
    /// Stations that are gone.
    pub removed: Vec<StationId>,
    /// Stations whose main URL has another number now: from, to.
    pub renumbered: Vec<(StationId, StationId)>,
    /// Stations with another name, address, place, district name or network, by their new number.
    pub moved: Vec<Moved>,
    /// Stations with another URL, user name or password, by their new number.
    pub urls: Vec<UrlChange>,
}

/// A station whose description changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its new number.
    pub id: StationId,
    /// What is different.
    pub columns: Vec<Key>,
}

/// A feed that is opened differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlChange {
    /// Which feed, by the station's new number.
    pub feed: FeedId,
    /// Whether the URL is the same and only what is secret in it changed.
    pub secret_only: bool,
}

impl Diff {
    /// Whether the lists are the same.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares two lists with their secrets. A station is recognised by its main URL first, so that
/// a camera that keeps its URL is the same one under another number; then by its number.
pub fn diff(old: (&StationList, &ListSecrets), new: (&StationList, &ListSecrets)) -> Diff {
    let by_url: BTreeMap<String, &Station> =
        old.0.stations.iter().map(|s| (main_key(s, old.1), s)).collect();
    let mut gone: BTreeSet<StationId> = old.0.stations.iter().map(|s| s.id).collect();
    let mut pairs = Vec::new();
    let mut unknown = Vec::new();
    for station in &new.0.stations {
        match by_url.get(&main_key(station, new.1)) {
            Some(before) => {
                gone.remove(&before.id);
                pairs.push((*before, station));
            }
            None => unknown.push(station),
        }
    }
    let mut diff = Diff::default();
    for station in unknown {
        match old.0.station(station.id).filter(|s| gone.remove(&s.id)) {
            Some(before) => pairs.push((before, station)),
            None => diff.added.push(station.id),
        }
    }
    pairs.sort_by_key(|(_, station)| station.id);
    diff.removed = gone.into_iter().collect();
    for (before, after) in pairs {
        if before.id != after.id {
            diff.renumbered.push((before.id, after.id));
        }
        let columns = moved(old.0, before, new.0, after);
        if !columns.is_empty() {
            diff.moved.push(Moved { id: after.id, columns });
        }
        let changes = [FeedKind::Main, FeedKind::Sub]
            .into_iter()
            .filter_map(|kind| url_change(kind, (before, old.1), (after, new.1)));
        diff.urls.extend(changes);
    }
    diff
}

/// By what a station's camera is recognised.
fn main_key(station: &Station, secrets: &ListSecrets) -> String {
    let feed = FeedId { station: station.id, kind: FeedKind::Main };
    stream_key(&station.main, secrets.get(feed))
}

fn moved(old: &StationList, a: &Station, new: &StationList, b: &Station) -> Vec<Key> {
    let district_name = |list: &StationList, station: &Station| {
        list.district(station.id.district).map(|d| d.name.clone())
    };
    // Another district has another name anyway: that is the renumbering.
    let same_district = a.id.district == b.id.district;
    let changed = [
        (Key::DistrictName, same_district && district_name(old, a) != district_name(new, b)),
        (Key::Name, a.name != b.name),
        (Key::Address, a.address != b.address),
        (Key::Latitude, a.latitude != b.latitude),
        (Key::Longitude, a.longitude != b.longitude),
        (Key::Network, a.network != b.network),
    ];
    changed.into_iter().filter_map(|(key, changed)| changed.then_some(key)).collect()
}

fn url_change(
    kind: FeedKind,
    (before, old): (&Station, &ListSecrets),
    (after, new): (&Station, &ListSecrets),
) -> Option<UrlChange> {
    let feed = FeedId { station: after.id, kind };
    let same_url = before.url(kind).map(url_key) == after.url(kind).map(url_key);
    let same_secrets = old.get(FeedId { station: before.id, kind }) == new.get(feed);
    (!same_url || !same_secrets).then_some(UrlChange { feed, secret_only: same_url })
}
