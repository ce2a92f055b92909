//! An ingest with all of its feeds on screen.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use pollwall::clock::{Clock, Mono, SystemClock};
use pollwall::config::FeedSource;
use pollwall::health::Assessment;
use pollwall::ingest::{BackoffLimits, Feed, Ingest, Limits};
use pollwall::model::{FeedId, FeedKind, StationId};

/// Longer than anything here takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) fn id(station: usize) -> FeedId {
    let station = StationId::new(1, u32::try_from(station).unwrap());
    FeedId { station, kind: FeedKind::Main }
}

pub(crate) struct Rig {
    pub(crate) ingest: Ingest,
    /// Rings when there is a picture or a state to look at.
    pub(crate) woken: Receiver<()>,
}

impl Rig {
    /// Receives and shows these streams as stations 1/0, 1/1 and so on.
    pub(crate) fn start(urls: &[String]) -> Self {
        let limits = Limits {
            backoff: BackoffLimits {
                first: Duration::from_millis(100),
                most: Duration::from_millis(500),
                ..BackoffLimits::default()
            },
            ..Limits::default()
        };
        let (bell, woken) = bounded(1);
        let waker = Arc::new(move || {
            let _ = bell.try_send(());
        });
        let sources: Vec<FeedSource> = urls
            .iter()
            .enumerate()
            .map(|(n, url)| FeedSource {
                id: id(n),
                url: url.parse().unwrap(),
                shown_url: url.clone(),
                login: None,
            })
            .collect();
        let shown: BTreeSet<_> = sources.iter().map(|s| s.id).collect();
        let clock = Arc::new(SystemClock);
        let ingest = Ingest::start_showing(sources, shown, limits, clock, waker).unwrap();
        Self { ingest, woken }
    }

    pub(crate) fn feed(&self, station: usize) -> Arc<Feed> {
        self.ingest.feed(id(station)).expect("the feed is received")
    }

    pub(crate) fn assess(&self, station: usize) -> Assessment {
        self.feed(station).assess(now(), self.ingest.pulse())
    }

    /// Sessions and attempts of a station that have ended.
    pub(crate) fn losses(&self, station: usize) -> u64 {
        self.feed(station).counters.losses.load(Ordering::Relaxed)
    }

    /// Waits until `reached` gives something.
    pub(crate) fn until<T>(&self, what: &str, mut reached: impl FnMut(&Self) -> Option<T>) -> T {
        let deadline = now() + PATIENCE;
        loop {
            if let Some(value) = reached(self) {
                return value;
            }
            let states: Vec<_> = self
                .ingest
                .feeds()
                .iter()
                .map(|f| (f.id(), f.assess(now(), self.ingest.pulse())))
                .collect();
            assert!(now() < deadline, "{what} did not happen: {states:#?}");
            // A state can change with time alone, without a wake.
            let _ = self.woken.recv_timeout(Duration::from_millis(50));
        }
    }
}

pub(crate) fn now() -> Mono {
    SystemClock.mono()
}
