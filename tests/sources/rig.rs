//! An ingest with all of its feeds on screen, and what is asked of it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use pollwall::clock::{Clock, SystemClock};
use pollwall::config::secrets::{FeedSource, Login};
use pollwall::frame::VideoFrame;
use pollwall::health::{Assessment, Pulse, State};
use pollwall::ingest::{BackoffLimits, Feed, Ingest, Limits};
use pollwall::model::{FeedId, FeedKind, StationId};

/// Longer than anything here takes on the slowest machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// Time-outs that keep the tests short; the health limits are the real ones.
pub(crate) fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(20),
        first_frame: Duration::from_secs(20),
        frame_gap: Duration::from_secs(20),
        backoff: BackoffLimits {
            first: Duration::from_millis(100),
            most: Duration::from_millis(500),
            ..BackoffLimits::default()
        },
        ..Limits::default()
    }
}

pub(crate) fn id(station: u32) -> FeedId {
    FeedId { station: StationId::new(1, station), kind: FeedKind::Main }
}

pub(crate) fn source(station: u32, url: &str) -> FeedSource {
    let url: url::Url = url.parse().unwrap();
    FeedSource { id: id(station), shown_url: url.to_string(), url, login: None }
}

pub(crate) fn with_login(mut source: FeedSource, user: &str, password: &str) -> FeedSource {
    source.login = Some(Login { user: user.to_owned(), password: password.to_owned() });
    source
}

pub(crate) struct Rig {
    pub(crate) ingest: Ingest,
    woken: Receiver<()>,
}

impl Rig {
    pub(crate) fn start(sources: Vec<FeedSource>, limits: Limits) -> Self {
        let (bell, woken) = bounded(1);
        let shown: BTreeSet<_> = sources.iter().map(|s| s.id).collect();
        let waker = Arc::new(move || {
            let _ = bell.try_send(());
        });
        let ingest = Ingest::start(sources, limits, Arc::new(SystemClock), waker).unwrap();
        ingest.show(shown);
        Self { ingest, woken }
    }

    pub(crate) fn feed(&self, station: u32) -> Arc<Feed> {
        self.ingest.feed(id(station)).expect("the feed is received")
    }

    pub(crate) fn assess(&self, station: u32) -> Assessment {
        self.feed(station).assess(SystemClock.mono(), self.ingest.pulse())
    }

    /// Sessions and attempts of a station that have ended.
    pub(crate) fn losses(&self, station: u32) -> u64 {
        self.feed(station).counters.losses.load(Ordering::Relaxed)
    }

    /// Waits until `reached` gives something.
    pub(crate) fn until<T>(&self, what: &str, mut reached: impl FnMut(&Self) -> Option<T>) -> T {
        let deadline = SystemClock.mono() + PATIENCE;
        loop {
            if let Some(value) = reached(self) {
                return value;
            }
            let (now, pulse) = (SystemClock.mono(), self.ingest.pulse());
            let feeds = self.ingest.feeds();
            let states: Vec<_> = feeds.iter().map(|f| (f.id(), f.assess(now, pulse))).collect();
            assert!(SystemClock.mono() < deadline, "{what} did not happen: {states:#?}");
            // A state can change with time alone, without a wake.
            let _ = self.woken.recv_timeout(Duration::from_millis(50));
        }
    }

    pub(crate) fn until_state(&self, station: u32, state: State) -> Assessment {
        self.until(&format!("1/{station} {state:?}"), |rig| {
            Some(rig.assess(station)).filter(|a| a.state == state)
        })
    }

    /// The next picture of a station.
    pub(crate) fn picture(&self, station: u32) -> VideoFrame {
        self.until(&format!("a picture of 1/{station}"), |rig| rig.feed(station).mailbox.take())
    }

    /// Pictures of the test clip come, one after the other, and the feed is live.
    pub(crate) fn shows(&self, station: u32) {
        self.shows_sized(station, (320, 180));
    }

    pub(crate) fn shows_sized(&self, station: u32, size: (u32, u32)) {
        let first = self.picture(station);
        assert_eq!((first.width, first.height), size, "1/{station}");
        let edges = edges(&first);
        assert!(edges > 0.001, "1/{station}: {edges}");
        let second = self.picture(station);
        assert!(second.arrived_at > first.arrived_at, "1/{station} goes on");
        self.until_state(station, State::Live);
    }

    /// What a killed server and its return must look like, whatever the scheme.
    pub(crate) fn dies_and_comes_back(
        &self,
        station: u32,
        kill: impl FnOnce(),
        restart: impl FnOnce(),
    ) {
        self.shows(station);
        kill();
        let stalled = self.until_state(station, State::Stalled);
        self.flagged_in_time(station);
        let offline = self.until_state(station, State::Offline);
        assert_eq!(offline.since, stalled.since, "both count from the last picture");
        assert!(offline.trouble.is_some());
        let dead_since = SystemClock.mono();
        restart();
        self.until_state(station, State::Live);
        let back = self.until("a picture of the new session", |rig| {
            Some(rig.picture(station)).filter(|frame| frame.arrived_at > dead_since)
        });
        assert!(edges(&back) > 0.001);
    }

    /// The wall promises "stalled" after two seconds of silence and less than three. What this
    /// machine is too busy to do in time must not fail the test, so the feed itself is asked what
    /// it would say at those moments.
    fn flagged_in_time(&self, station: u32) {
        let last = self.assess(station).last_unit.expect("there was a unit");
        let say = |silence_ms: u64| {
            let at = last + Duration::from_millis(silence_ms);
            self.feed(station).assess(at, Pulse::starting(at)).state
        };
        assert_eq!((say(1900), say(2999)), (State::Live, State::Stalled), "1/{station}");
    }
}

/// The share of luma samples that differ clearly from their left neighbour.
fn edges(frame: &VideoFrame) -> f64 {
    let (bytes, stride) = frame.pixels.plane(0);
    let (w, h) = (frame.width as usize, frame.height as usize);
    let rows = (0..h).map(|y| &bytes[y * stride..y * stride + w]);
    let edges = rows.flat_map(|r| r.windows(2)).filter(|p| p[0].abs_diff(p[1]) > 24).count();
    edges as f64 / (w * h) as f64
}
