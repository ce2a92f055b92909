//! The reconnect discipline against hundreds of real sockets: how fast and in what order sessions
//! are opened, what a rejected login leads to, and that everything closes in time.
//!
//! Times are compared in the direction in which a slow machine cannot break them, and only with
//! moments that the cameras themselves have noted.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

mod support;

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use pollwall::clock::{Clock, SystemClock};
use pollwall::config::secrets::{FeedSource, Login};
use pollwall::health::{Assessment, State, Trouble};
use pollwall::ingest::{BackoffLimits, Ingest, Limits, LoginLimits};
use pollwall::model::{FeedId, FeedKind, StationId};
use support::cameras::{Cameras, Manner};
use support::network::{BlackHole, REFUSING_PORT};
use support::program::Home;
use support::until;

fn id(station: usize) -> FeedId {
    let number = u32::try_from(station).unwrap();
    FeedId { station: StationId::new(1, number), kind: FeedKind::Main }
}

fn source(station: usize, url: &str) -> FeedSource {
    let login = Some(Login { user: "viewer".into(), password: "secret".into() });
    FeedSource { id: id(station), url: url.parse().unwrap(), shown_url: url.into(), login }
}

fn sources(cameras: &Cameras, count: usize) -> Vec<FeedSource> {
    (0..count).map(|n| source(n, &cameras.url(n))).collect()
}

/// Patient with a slow machine, quick to try again.
fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(60),
        first_frame: Duration::from_secs(60),
        frame_gap: Duration::from_secs(60),
        backoff: BackoffLimits {
            first: Duration::from_millis(20),
            most: Duration::from_millis(100),
            ..BackoffLimits::default()
        },
        ..Limits::default()
    }
}

fn start(sources: Vec<FeedSource>, shown: BTreeSet<FeedId>, limits: Limits) -> Ingest {
    Ingest::start_showing(sources, shown, limits, Arc::new(SystemClock), Arc::new(|| {})).unwrap()
}

fn assess(ingest: &Ingest, station: usize) -> Assessment {
    let feed = ingest.feed(id(station)).expect("the feed is received");
    feed.assess(SystemClock.mono(), ingest.pulse())
}

fn losses(ingest: &Ingest, station: usize) -> u64 {
    ingest.feed(id(station)).unwrap().counters.losses.load(Ordering::Relaxed)
}

fn until_state(ingest: &Ingest, station: usize, state: State) -> Assessment {
    until(&format!("1/{station} {state:?}"), || {
        Some(assess(ingest, station)).filter(|a| a.state == state)
    })
}

fn until_trouble(ingest: &Ingest, station: usize, trouble: &Trouble) -> Assessment {
    until(&format!("1/{station} {trouble:?}"), || {
        Some(assess(ingest, station)).filter(|a| a.trouble.as_ref() == Some(trouble))
    })
}

#[test]
fn three_hundred_cameras_are_opened_at_fifty_a_second_and_the_page_first() {
    let cameras = Cameras::start(91, 300, 1, Manner::Plays);
    let page: BTreeSet<FeedId> = (200..209).map(id).collect();
    let began = SystemClock.mono();
    let ingest = start(sources(&cameras, 300), page, limits());
    let knocks = until("a knock at every camera", || {
        let knocks = cameras.knocks();
        (knocks.len() >= 300).then_some(knocks)
    });
    // Nobody is ever ahead of the rate of one in 20 ms.
    for (n, (at, _)) in knocks.iter().enumerate() {
        let earliest = began + Duration::from_millis(20) * u32::try_from(n).unwrap();
        assert!(*at >= earliest, "knock {n} came {:?} early", earliest.since(*at));
    }
    // Two whose turns follow each other may knock in another order on a busy machine.
    let first: BTreeSet<usize> = knocks[..15].iter().map(|(_, camera)| *camera).collect();
    assert!((200..209).all(|camera| first.contains(&camera)), "{first:?}");
    for station in [0, 204, 299] {
        until_state(&ingest, station, State::Live);
    }
    assert!((0..300).all(|n| cameras.seen(n).knocks.len() == 1), "nobody is asked twice");
    // While they waited for their turn they were what they are: not connected yet, not in trouble.
    assert!((0..300).all(|n| losses(&ingest, n) == 0));
}

#[test]
fn while_it_waits_for_its_turn_a_feed_is_connecting() {
    let cameras = Cameras::start(92, 100, 1, Manner::Plays);
    let ingest = start(sources(&cameras, 100), BTreeSet::new(), limits());
    until("every camera to play", || {
        let states: Vec<State> = (0..100).map(|n| assess(&ingest, n).state).collect();
        let calm = |s: &State| matches!(s, State::Connecting | State::Live);
        assert!(states.iter().all(calm), "{states:?}");
        states.iter().all(|s| *s == State::Live).then_some(())
    });
}

#[test]
fn four_attempts_at_one_host_at_once_and_what_comes_on_screen_is_next() {
    // One host with twelve cameras that hold their callers, and a neighbour.
    let busy = Cameras::start(93, 1, 12, Manner::Holds);
    let other = Cameras::start(94, 1, 1, Manner::Plays);
    let mut all = sources(&busy, 12);
    all.push(source(100, &other.url(0)));
    let ingest = start(all, BTreeSet::new(), limits());
    until_state(&ingest, 100, State::Live);
    until("four callers", || (busy.open() == 4).then_some(()));
    let asked = |camera| !busy.seen(camera).knocks.is_empty();
    assert!((0..4).all(asked) && !(4..12).any(asked));

    // The page is turned while they wait.
    ingest.show([id(11)].into());
    busy.set(2, Manner::Plays);
    until_state(&ingest, 2, State::Live);
    until("the one on screen", || asked(11).then_some(()));
    assert!(!(4..11).any(asked), "it went past those that had waited longer");

    for camera in 0..12 {
        busy.set(camera, Manner::Plays);
    }
    for station in 0..12 {
        until_state(&ingest, station, State::Live);
    }
    assert_eq!(busy.most_opening(), 4);
}

fn quick_logins() -> Limits {
    let wait = Duration::from_millis(20);
    let logins = LoginLimits { first_wait: wait, later_wait: wait, ..LoginLimits::default() };
    Limits { logins, ..limits() }
}

/// Long enough for anything that would happen by itself: another feed has failed five times more.
fn a_while(ingest: &Ingest, refused: usize) {
    let before = losses(ingest, refused);
    until("five more failures", || (losses(ingest, refused) >= before + 5).then_some(()));
}

#[test]
fn three_rejected_logins_and_then_only_a_person_asks() {
    let cameras = Cameras::start(95, 2, 1, Manner::Rejects);
    let nobody = format!("rtsp://127.0.0.1:{REFUSING_PORT}/");
    let mut all = sources(&cameras, 2);
    all.push(source(9, &nobody));
    let ingest = start(all.clone(), BTreeSet::new(), quick_logins());
    let given_up = until_trouble(&ingest, 0, &Trouble::AuthGivenUp);
    assert_eq!(given_up.state, State::AuthFailed);
    a_while(&ingest, 9);
    assert_eq!(cameras.seen(0).logins, 3, "a fourth could lock the camera");

    // The feed is taken off the list and comes back, unchanged: nothing was mended.
    ingest.replace(vec![all[2].clone()]);
    until("the feed to go", || ingest.feed(id(0)).is_none().then_some(()));
    ingest.replace(all.clone());
    until("the feed to come back", || ingest.feed(id(0)));
    until_trouble(&ingest, 0, &Trouble::AuthGivenUp);
    a_while(&ingest, 9);
    assert_eq!(cameras.seen(0).logins, 3);

    // A person mends the camera and says so.
    cameras.set(0, Manner::Plays);
    a_while(&ingest, 9);
    assert_eq!(assess(&ingest, 0).state, State::AuthFailed, "time alone changes nothing");
    ingest.retry(id(0).station);
    until_state(&ingest, 0, State::Live);

    // Or a person mends the list.
    until_trouble(&ingest, 1, &Trouble::AuthGivenUp);
    cameras.set(1, Manner::Plays);
    all[1].login.as_mut().unwrap().password = "the new one".into();
    ingest.replace(all);
    until_state(&ingest, 1, State::Live);
}

#[test]
fn a_login_that_worked_gets_a_second_chance_before_it_counts() {
    let cameras = Cameras::start(96, 1, 1, Manner::Plays);
    // After the first counted failure nothing more happens within this test.
    let slow = LoginLimits { first_wait: Duration::from_secs(3600), ..LoginLimits::default() };
    let ingest = start(sources(&cameras, 1), BTreeSet::new(), Limits { logins: slow, ..limits() });
    until_state(&ingest, 0, State::Live);
    let logins = cameras.seen(0).logins;
    // The camera begins anew, and for a moment knows nobody.
    cameras.set(0, Manner::Closes);
    until("the session to end", || (losses(&ingest, 0) > 0).then_some(()));
    cameras.set(0, Manner::Rejects);
    until_trouble(&ingest, 0, &Trouble::AuthRejected);
    assert_eq!(cameras.seen(0).logins, logins + 2, "one more at once, and that one counts");
}

#[test]
fn a_refusal_is_asked_again_and_never_given_up() {
    let cameras = Cameras::start(97, 1, 1, Manner::Refuses);
    let ingest = start(sources(&cameras, 1), BTreeSet::new(), quick_logins());
    let refused = until_trouble(&ingest, 0, &Trouble::Forbidden);
    assert_eq!(refused.state, State::AuthFailed);
    until("more than three attempts", || (losses(&ingest, 0) > 4).then_some(()));
    cameras.set(0, Manner::Plays);
    until_state(&ingest, 0, State::Live);
}

#[test]
fn a_person_and_a_page_need_not_wait_out_a_backoff_but_a_live_feed_is_left_alone() {
    let cameras = Cameras::start(98, 3, 1, Manner::Closes);
    cameras.set(2, Manner::Plays);
    // Waits that never end within this test; the first draw may be short by chance.
    let hour = Duration::from_secs(3600 * 1000);
    let backoff = BackoffLimits {
        first: hour,
        most: hour,
        shown: Duration::ZERO,
        ..BackoffLimits::default()
    };
    let ingest = start(sources(&cameras, 3), BTreeSet::new(), Limits { backoff, ..limits() });
    for station in [0, 1] {
        until("a failure", || (losses(&ingest, station) == 1).then_some(()));
        cameras.set(station, Manner::Plays);
    }
    until_state(&ingest, 2, State::Live);
    ingest.retry(id(2).station);
    ingest.retry(id(0).station);
    until_state(&ingest, 0, State::Live);
    assert_eq!(assess(&ingest, 1).state, State::Offline);
    ingest.show([id(1)].into());
    until_state(&ingest, 1, State::Live);
    assert_eq!((losses(&ingest, 2), cameras.seen(2).knocks.len()), (0, 1), "it brings pictures");
}

#[test]
fn a_silent_session_ends_when_a_person_asks() {
    let cameras = Cameras::start(99, 1, 1, Manner::Plays);
    let ingest = start(sources(&cameras, 1), BTreeSet::new(), limits());
    until_state(&ingest, 0, State::Live);
    cameras.set(0, Manner::Mute);
    until_state(&ingest, 0, State::Stalled);
    ingest.retry(id(0).station);
    until("another session", || (cameras.seen(0).plays == 2).then_some(()));
    cameras.set(0, Manner::Plays);
    until_state(&ingest, 0, State::Live);
}

#[test]
fn the_limits_of_time_hold() {
    let cameras = Cameras::start(101, 3, 1, Manner::Holds);
    cameras.set(1, Manner::Mute);
    cameras.set(2, Manner::Plays);
    let short = Duration::from_millis(300);
    let quick = Limits { connect: short, first_frame: short, frame_gap: short, ..limits() };
    let ingest = start(sources(&cameras, 3), BTreeSet::new(), quick);
    until_trouble(&ingest, 0, &Trouble::ConnectTimedOut);
    until_trouble(&ingest, 1, &Trouble::NoFirstFrame);
    until("several sessions of the mute one", || (cameras.seen(1).plays > 3).then_some(()));
    until_state(&ingest, 2, State::Live);
    cameras.set(2, Manner::Mute);
    until_trouble(&ingest, 2, &Trouble::FramesStopped);
    assert!(until_trouble(&ingest, 2, &Trouble::NoFirstFrame).state.is_trouble());
}

#[test]
fn two_hundred_and_fifty_feeds_in_every_state_close_in_time() {
    let playing = Cameras::start(102, 60, 1, Manner::Plays);
    let mute = Cameras::start(103, 30, 1, Manner::Mute);
    // Sixty at one host: four are held, the others stand in line.
    let held = Cameras::start(104, 1, 60, Manner::Holds);
    let closing = Cameras::start(105, 40, 1, Manner::Closes);
    let rejecting = Cameras::start(106, 20, 1, Manner::Rejects);
    let hole = BlackHole::new();
    let hole = format!("rtsp://127.0.0.1:{}/", hole.port());
    let nobody = format!("rtsp://127.0.0.1:{REFUSING_PORT}/");
    let urls = (0..60).map(|n| playing.url(n));
    let urls = urls.chain((0..30).map(|n| mute.url(n))).chain((0..60).map(|n| held.url(n)));
    let urls = urls.chain((0..40).map(|n| closing.url(n)));
    let urls = urls.chain((0..20).map(|n| rejecting.url(n)));
    let urls = urls.chain((0..20).map(|_| hole.clone())).chain((0..20).map(|_| nobody.clone()));
    let all: Vec<_> = urls.enumerate().map(|(n, url)| source(n, &url)).collect();
    assert_eq!(all.len(), 250);
    let usual = Limits { gate: limits().gate, ..Limits::default() };
    let ingest = start(all, (0..9).map(id).collect(), usual);
    until("all that can play", || {
        ((0..60).all(|n| assess(&ingest, n).state == State::Live)).then_some(())
    });
    until("the rest in their states", || {
        let sums = [mute.open(), held.open()];
        let failed = (150..210).all(|n| losses(&ingest, n) > 0);
        (sums == [30, 4] && failed).then_some(())
    });

    let began = SystemClock.mono();
    let stragglers = ingest.stop(Duration::from_secs(2));
    let took = SystemClock.mono().since(began);
    assert_eq!(stragglers, Vec::<String>::new());
    assert!(took < Duration::from_secs(2), "{took:?}");
    until("every connection to be closed", || {
        (playing.open() + mute.open() + held.open() == 0).then_some(())
    });
}

/// Seconds of the day of a line of the log.
fn time_of(line: &str) -> f64 {
    let stamp = line.split(' ').next().unwrap();
    let time: jiff::Timestamp = stamp.parse().unwrap();
    time.as_microsecond() as f64 / 1e6
}

#[test]
fn an_outage_of_three_hundred_is_no_flood_in_the_log() {
    let cameras = Cameras::start(108, 300, 1, Manner::Plays);
    let home = Home::new();
    let list = home.path("list.csv");
    let mut csv = "district,station,main\n".to_owned();
    for n in 0..300 {
        csv += &format!("{},{},{}\n", n / 10 + 1, n % 10 + 1, cameras.url(n));
    }
    std::fs::write(&list, csv).unwrap();
    home.accept(&list);
    let picture = home.path("wall.png");
    let args = ["wall", "--screenshot", picture.to_str().unwrap(), "--after", "10m"];
    let mut wall = home.start(home.command(&args));
    wall.until("every camera to play", || {
        (0..300).all(|n| cameras.seen(n).plays == 1).then_some(())
    });
    for n in 0..300 {
        cameras.set(n, Manner::Closes);
    }
    wall.until("most of them to be offline", || {
        let sums = home.logged(&["lines about feeds were left out", "Offline: "]);
        let offline = |line: &String| {
            let (_, sum) = line.split_once("Offline: ")?;
            sum.split([',', '}']).next()?.parse::<u32>().ok()
        };
        sums.iter().filter_map(offline).any(|n| n > 200).then_some(())
    });
    wall.signal("TERM");
    assert!(wall.until_ended().success(), "{}", home.log());
    let lines = home.logged(&[" pollwall::ingest"]);
    let span = time_of(lines.last().unwrap()) - time_of(&lines[0]);
    // A hundred at first, ten a second, and one a second about those left out.
    let most = 100.0 + 11.0 * (span + 1.0);
    assert!((lines.len() as f64) < most, "{} lines in {span} s", lines.len());
}

const CHILD: &str = "POLLWALL_TEST_URLS";

/// Runs in a process of its own that may open few files; see below.
#[test]
#[ignore = "part of the next test"]
fn child_without_descriptors() {
    let urls = std::env::var(CHILD).expect("run by the next test");
    let all: Vec<_> = urls.split(' ').enumerate().map(|(n, url)| source(n, url)).collect();
    let ingest = start(all.clone(), BTreeSet::new(), limits());
    let full = until("the limit", || {
        (0..all.len()).map(|n| assess(&ingest, n)).find(|a| a.trouble == Some(Trouble::OwnLimit))
    });
    assert!(full.behind, "this machine's fault");
    until("every feed to be tried", || {
        let tried = |n: &usize| losses(&ingest, *n) > 0 || assess(&ingest, *n).state == State::Live;
        (0..all.len()).all(|n| tried(&n)).then_some(())
    });
    for n in 0..all.len() {
        let a = assess(&ingest, n);
        let own = a.state == State::Live || a.trouble == Some(Trouble::OwnLimit);
        assert!(own, "a camera is blamed: {a:?}");
    }
}

#[test]
fn without_descriptors_no_camera_is_blamed() {
    let cameras = Cameras::start(107, 60, 1, Manner::Plays);
    let mut urls: Vec<String> = (0..60).map(|n| cameras.url(n)).collect();
    // A look-up needs descriptors, too.
    let port = urls[59].rsplit(':').next().unwrap().to_owned();
    urls.push(format!("rtsp://localhost:{port}"));
    let output = Command::new("sh")
        .args(["-c", "ulimit -n 40; exec \"$0\" child_without_descriptors --exact --ignored"])
        .arg(std::env::current_exe().unwrap())
        .env(CHILD, urls.join(" "))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn the_program_says_when_it_may_open_too_few_files() {
    let home = Home::new();
    let list = home.path("list.csv");
    let mut csv = "district,station,main\n".to_owned();
    for n in 0..1000 {
        csv += &format!("{},{},rtsp://127.0.0.1:{REFUSING_PORT}/{n}\n", n / 10 + 1, n % 10 + 1);
    }
    std::fs::write(&list, csv).unwrap();
    home.accept(&list);
    let picture = home.path("wall.png");
    let wall =
        home.command(&["wall", "--screenshot", picture.to_str().unwrap(), "--after", "100ms"]);
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -n 1500; exec \"$0\" \"$@\""]).arg(wall.get_program());
    limited.args(wall.get_args());
    for (name, value) in wall.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let output = limited.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    for part in ["1000 feeds", "3256", "1500", "prlimit", "LimitNOFILE"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!home.logged(&["may have only 1500"]).is_empty(), "in the log as well");
}
