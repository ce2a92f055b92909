//! Every feed that is received now, and what became of those that are received no more.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use super::feed::Feed;
use super::totals::Totals;
use crate::clock::{read, write};
use crate::model::FeedId;

#[derive(Default)]
struct Inner {
    feeds: BTreeMap<FeedId, Arc<Feed>>,
    /// The counters of feeds that are gone. Under one lock with `feeds`, so that a feed is always
    /// in exactly one of the two, and the sum never goes back.
    past: Totals,
}

/// Written by the supervisor, read by everybody.
#[derive(Default)]
pub(super) struct Received(RwLock<Inner>);

impl Received {
    pub(super) fn get(&self, id: FeedId) -> Option<Arc<Feed>> {
        read(&self.0).feeds.get(&id).cloned()
    }

    /// All of them, by number.
    pub(super) fn all(&self) -> Vec<Arc<Feed>> {
        read(&self.0).feeds.values().cloned().collect()
    }

    pub(super) fn insert(&self, feed: Arc<Feed>) {
        write(&self.0).feeds.insert(feed.id(), feed);
    }

    pub(super) fn remove(&self, id: FeedId) {
        let mut inner = write(&self.0);
        if let Some(feed) = inner.feeds.remove(&id) {
            inner.past += feed.counters.read();
        }
    }

    /// What became of everything that was received since the start.
    pub(super) fn totals(&self) -> Totals {
        let inner = read(&self.0);
        let mut totals = inner.past;
        for feed in inner.feeds.values() {
            totals += feed.counters.read();
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::clock::FakeClock;
    use crate::config::secrets::FeedSource;
    use crate::model::{FeedKind, StationId};

    #[test]
    fn what_is_gone_still_counts() {
        let received = Received::default();
        for station in [1, 2] {
            let id = FeedId { station: StationId::new(1, station), kind: FeedKind::Main };
            let url = "rtsp://127.0.0.1/".parse().unwrap();
            let source = FeedSource { id, url, shown_url: String::new(), login: None };
            let feed = Feed::new(source, Arc::new(FakeClock::default()), 0, Default::default());
            feed.counters.units.store(u64::from(station) * 10, Ordering::Relaxed);
            received.insert(feed);
        }
        assert_eq!(received.totals().units, 30);
        let first = received.all()[0].id();
        received.remove(first);
        received.remove(first);
        assert_eq!((received.totals().units, received.all().len()), (30, 1));
        assert!(received.get(first).is_none());
    }
}
