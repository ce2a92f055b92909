//! Real RTSP, from GStreamer's server to the picture: every codec, both kinds of login, a server
//! that dies and comes back. Faults run side by side in one wall; every wait is for an event, and
//! the time-outs are those of a broken machine.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use pollwall::clock::{Clock, SystemClock};
use pollwall::config::secrets::{FeedSource, Login};
use pollwall::frame::VideoFrame;
use pollwall::health::{Assessment, Pulse, State, Trouble};
use pollwall::ingest::{BackoffLimits, Ingest, Limits};
use pollwall::model::{FeedId, FeedKind, StationId};
use support::GstServer;

/// Longer than anything here takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Time-outs that keep the tests short; the health limits are the real ones.
fn limits() -> Limits {
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

fn id(station: u32) -> FeedId {
    FeedId { station: StationId::new(1, station), kind: FeedKind::Main }
}

fn source(station: u32, url: &str) -> FeedSource {
    FeedSource {
        id: id(station),
        url: url.parse().unwrap(),
        shown_url: url.to_owned(),
        login: None,
    }
}

fn with_login(mut source: FeedSource, user: &str, password: &str) -> FeedSource {
    source.login = Some(Login { user: user.to_owned(), password: password.to_owned() });
    source
}

/// An ingest with all of its feeds on screen.
struct Rig {
    ingest: Ingest,
    woken: Receiver<()>,
}

impl Rig {
    fn start(sources: Vec<FeedSource>, limits: Limits) -> Self {
        let (bell, woken) = bounded(1);
        let shown: BTreeSet<_> = sources.iter().map(|s| s.id).collect();
        let waker = Arc::new(move || {
            let _ = bell.try_send(());
        });
        let ingest = Ingest::start(sources, limits, Arc::new(SystemClock), waker).unwrap();
        ingest.show(shown);
        Self { ingest, woken }
    }

    fn assess(&self, station: u32) -> Assessment {
        let feed = self.ingest.feed(id(station)).expect("the feed is received");
        feed.assess(SystemClock.mono(), self.ingest.pulse())
    }

    /// Sessions and attempts of a station that have ended.
    fn losses(&self, station: u32) -> u64 {
        let feed = self.ingest.feed(id(station)).expect("the feed is received");
        feed.counters.losses.load(Ordering::Relaxed)
    }

    /// Waits until `reached` gives something.
    fn until<T>(&self, what: &str, mut reached: impl FnMut(&Self) -> Option<T>) -> T {
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

    fn until_state(&self, station: u32, state: State) -> Assessment {
        self.until(&format!("1/{station} {state:?}"), |rig| {
            Some(rig.assess(station)).filter(|a| a.state == state)
        })
    }

    /// The next picture of a station.
    fn picture(&self, station: u32) -> VideoFrame {
        self.until(&format!("a picture of 1/{station}"), |rig| {
            rig.ingest.feed(id(station)).and_then(|f| f.mailbox.take())
        })
    }
}

/// The share of luma samples that differ clearly from their left neighbour, and their mean.
fn luma(frame: &VideoFrame) -> (f64, f64) {
    let (bytes, stride) = frame.pixels.plane(0);
    let (w, h) = (frame.width as usize, frame.height as usize);
    let rows = || (0..h).map(|y| &bytes[y * stride..y * stride + w]);
    let sum: u64 = rows().flatten().map(|v| u64::from(*v)).sum();
    let edges = rows().flat_map(|r| r.windows(2)).filter(|p| p[0].abs_diff(p[1]) > 24).count();
    (edges as f64 / (w * h) as f64, sum as f64 / (w * h) as f64)
}

#[test]
fn every_codec_and_login_becomes_a_picture() {
    let plain = GstServer::start(&[
        "--mount",
        "/h264=h264,320x180,15",
        "--mount",
        "/bframes=h264,320x180,15,zerolatency=0,bframes=2",
        "--mount",
        "/h265=h265,320x180,15",
        "--mount",
        "/jpeg=jpeg,320x176,10",
        "--mount",
        "/wide=h264,320x180,15,sar=4/3",
    ]);
    let auth = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(auth.path(), "inspector:şifrə@7:/").unwrap();
    let digest = GstServer::start(&[
        "--mount",
        "/locked=h264,320x180,15",
        "--auth",
        "digest",
        "--auth-file",
        auth.path().to_str().unwrap(),
    ]);
    let mut sources: Vec<FeedSource> = ["/h264", "/bframes", "/h265", "/jpeg", "/wide"]
        .iter()
        .zip(1..)
        .map(|(path, station)| source(station, &plain.url(path)))
        .collect();
    sources.push(with_login(source(6, &digest.url("/locked")), "inspector", "şifrə@7:/"));
    sources.push(with_login(source(7, &digest.url("/locked")), "inspector", "wrong"));
    sources.push(source(8, &plain.url("/no-such-stream")));
    let rig = Rig::start(sources, limits());

    for station in 1..=6 {
        let first = rig.picture(station);
        let height = if station == 4 { 176 } else { 180 };
        assert_eq!((first.width, first.height), (320, height), "1/{station}");
        let (edges, mean) = luma(&first);
        assert!(edges > 0.001 && (8.0..248.0).contains(&mean), "1/{station}: {edges} {mean}");
        let second = rig.picture(station);
        assert!(second.arrived_at > first.arrived_at, "1/{station} goes on");
        rig.until_state(station, State::Live);
    }
    let wide = rig.picture(5).display_aspect();
    assert!((wide - 320.0 * 4.0 / (180.0 * 3.0)).abs() < 0.01, "{wide}");

    let rejected = rig.until_state(7, State::AuthFailed);
    assert_eq!(rejected.trouble, Some(Trouble::AuthRejected));
    let missing = rig.until_state(8, State::Offline);
    assert_eq!(missing.trouble, Some(Trouble::NotFound));
    rig.until("several attempts at the missing stream", |rig| (rig.losses(8) > 2).then_some(()));
    assert_eq!(rig.losses(7), 1, "a rejected login is not tried again and again");
    assert_eq!(rig.ingest.stop(Duration::from_secs(2)), Vec::<String>::new());
}

#[test]
fn a_server_that_dies_is_flagged_in_time_and_comes_back_by_itself() {
    let mut server = GstServer::start(&[
        "--mount",
        "/killed=h264,320x180,15",
        "--mount",
        "/paused=h264,320x180,15",
    ]);
    let rig = Rig::start(
        vec![
            source(1, &server.url("/killed")),
            source(2, &server.url("/paused")),
            // Nothing listens on the discard port.
            source(3, "rtsp://127.0.0.1:9/"),
        ],
        limits(),
    );
    for station in [1, 2] {
        rig.until_state(station, State::Live);
        rig.picture(station);
    }
    let refused = rig.until_state(3, State::Offline);
    assert_eq!(refused.trouble, Some(Trouble::Refused));

    // The session stays open and RTCP goes on: only frames count.
    server.pause("/paused");
    let stalled = rig.until_state(2, State::Stalled);
    flagged_in_time(&rig, 2);
    assert_eq!(stalled.trouble, None, "the session is still open");
    assert_eq!(rig.assess(1).state, State::Live, "the neighbour does not notice");
    server.resume("/paused");
    rig.until_state(2, State::Live);

    server.kill();
    let stalled = rig.until_state(1, State::Stalled);
    flagged_in_time(&rig, 1);
    let offline = rig.until_state(1, State::Offline);
    assert_eq!(offline.since, stalled.since, "both count from the last picture");
    assert_eq!(offline.trouble, Some(Trouble::Refused));
    let dead_since = SystemClock.mono();

    server.restart();
    rig.until_state(1, State::Live);
    let back = rig.until("a picture of the new session", |rig| {
        Some(rig.picture(1)).filter(|frame| frame.arrived_at > dead_since)
    });
    assert!(luma(&back).0 > 0.001);
}

/// The wall promises "stalled" after two seconds of silence and less than three. What this machine
/// is too busy to do in time must not fail the test, so the feed itself is asked what it would say
/// at those moments.
fn flagged_in_time(rig: &Rig, station: u32) {
    let feed = rig.ingest.feed(id(station)).expect("the feed is received");
    let last = rig.assess(station).last_unit.expect("there was a unit");
    let say = |silence_ms: u64| {
        let at = last + Duration::from_millis(silence_ms);
        feed.assess(at, Pulse::starting(at)).state
    };
    assert_eq!((say(1900), say(2999)), (State::Live, State::Stalled));
}

#[test]
fn the_watchdog_restarts_a_session_without_frames() {
    let mut server = GstServer::start(&["--mount", "/mute=h264,320x180,15"]);
    let quick = Limits { frame_gap: Duration::from_millis(500), ..limits() };
    let rig = Rig::start(vec![source(1, &server.url("/mute"))], quick);
    rig.until_state(1, State::Live);
    server.pause("/mute");
    // The session is still open and RTCP comes; the feed stays live for as long as its picture is
    // young, so the watchdog shows in the sessions it has ended.
    rig.until("the watchdog", |rig| (rig.losses(1) > 0).then_some(()));
    server.resume("/mute");
    rig.until_state(1, State::Live);
}

#[test]
fn a_changed_list_touches_changed_feeds_only() {
    let mut server =
        GstServer::start(&["--mount", "/a=h264,320x180,15", "--mount", "/b=h264,320x180,15"]);
    let rig =
        Rig::start(vec![source(1, &server.url("/a")), source(2, &server.url("/b"))], limits());
    rig.until_state(1, State::Live);
    rig.until_state(2, State::Live);
    let before = rig.ingest.feed(id(1)).unwrap();
    rig.ingest.replace(vec![source(1, &server.url("/a")), source(3, &server.url("/b"))]);
    rig.until("the new feed", |rig| rig.ingest.feed(id(3)));
    rig.until_state(3, State::Live);
    assert!(rig.ingest.feed(id(2)).is_none(), "removed");
    let after = rig.ingest.feed(id(1)).unwrap();
    assert!(Arc::ptr_eq(&before, &after), "the unchanged feed keeps its session");
    assert_eq!((rig.losses(1), rig.assess(1).state), (0, State::Live));
    assert!(server.clients() >= 2);
}

#[test]
fn only_one_feed_of_a_station_is_received_until_it_is_enlarged() {
    let server =
        GstServer::start(&["--mount", "/main=h264,640x360,15", "--mount", "/sub=h264,320x180,15"]);
    let sub = FeedId { kind: FeedKind::Sub, ..id(1) };
    let mut small = source(1, &server.url("/sub"));
    small.id = sub;
    let rig = Rig::start(vec![source(1, &server.url("/main")), small], limits());
    rig.ingest.show([sub].into());
    let received = |rig: &Rig| rig.ingest.feeds().iter().map(|f| f.id()).collect::<Vec<_>>();
    rig.until("the sub feed alone", |rig| (received(rig) == [sub]).then_some(()));
    rig.ingest.show([sub, id(1)].into());
    let picture = rig.picture(1);
    assert_eq!(picture.width, 640);
    rig.ingest.show([sub].into());
    rig.until("the main feed to end", |rig| (received(rig) == [sub]).then_some(()));
}
