//! `pollwall demo` as a whole: its cameras, its window, what it prints, and that nothing of it is
//! left behind, however it ends.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test's helpers fail the test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pollwall::model::StationId;
use pollwall::simulate::country;
use serde_json::Value;
use support::program::{Home, Running};
use support::screen::Screen;
use support::until;

/// Three districts: enough for the faults of the first page, few enough for a busy machine.
const STATIONS: usize = 24;

/// The demo in a temporary folder of its own. `clips`: where its cameras keep their pictures.
fn demo(home: &Home, clips: &Path, args: &[&str]) -> Command {
    let temporary = home.path("tmp");
    fs::create_dir_all(&temporary).unwrap();
    let stations = STATIONS.to_string();
    let mut command = home.program();
    command.args(["demo", "--stations", &stations, "--print-states", "json"]).args(args);
    command.env("TMPDIR", temporary).env("XDG_CACHE_HOME", clips);
    command
}

/// Clips are made once for all tests.
fn kept_clips() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo")
}

/// The last state that was printed of each station.
fn states(home: &Home) -> BTreeMap<StationId, String> {
    let lines = home.told();
    let told = lines.iter().filter_map(|l| Some((station(l)?, l["state"].as_str()?.to_owned())));
    told.collect()
}

/// The stations that are live.
fn well(home: &Home) -> BTreeSet<StationId> {
    let told = states(home).into_iter();
    told.filter(|(_, state)| state == "live").map(|(id, _)| id).collect()
}

/// The processes whose command line names this demo's temporary folder: its cameras.
fn cameras(home: &Home) -> Vec<String> {
    let folder = home.path("tmp").to_str().unwrap().to_owned();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let command_lines = processes.filter_map(|entry| {
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        Some(String::from_utf8_lossy(&line).replace('\0', " "))
    });
    command_lines.filter(|line| line.contains("simulate") && line.contains(&folder)).collect()
}

fn nothing_is_left(home: &Home) {
    until("the end of the cameras", || cameras(home).is_empty().then_some(()));
    let left: Vec<_> = fs::read_dir(home.path("tmp")).unwrap().flatten().collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    assert!(!home.data().exists(), "the demo has a data folder of its own");
}

fn until_well(home: &Home, running: &mut Running<'_>) {
    let all: BTreeSet<StationId> = country::places(STATIONS).iter().map(|p| p.id).collect();
    running.until("every station live", || {
        let seen: BTreeSet<StationId> =
            home.told().iter().filter(|l| l["state"] == "live").filter_map(station).collect();
        (seen == all).then_some(())
    });
}

fn station(line: &Value) -> Option<StationId> {
    line["station"].as_str()?.parse().ok()
}

#[test]
fn the_demo_shows_its_country_and_its_trouble_and_ends_with_its_window() {
    let (home, screen) = (Home::new(), Screen::start());
    let mut command = demo(&home, &kept_clips(), &[]);
    command.env("DISPLAY", screen.display());
    let mut running = home.start(command);
    screen.until_focused("Pollwall");
    assert_eq!(cameras(&home).len(), 1, "the cameras are a process of their own");
    until_well(&home, &mut running);
    // The trouble of the first page: its picture stops, and only its.
    let struck: StationId = "1/3".parse().unwrap();
    running.until("a station in trouble", || {
        let state = states(&home).remove(&struck)?;
        ["stalled", "offline"].contains(&state.as_str()).then_some(())
    });
    assert!(well(&home).len() > STATIONS / 2, "{:?}", states(&home));
    let summary = running.until("a summary", || {
        home.told().into_iter().rfind(|line| line["states"]["live"].is_number())
    });
    assert!(summary["decoded"].as_u64() > Some(0), "{summary}");
    screen.close_window();
    let status = running.until_ended();
    assert_eq!(status.code(), Some(0), "{status}: {}", running.said());
    nothing_is_left(&home);
}

#[test]
fn a_signal_ends_the_demo_and_all_of_it() {
    for signal in ["TERM", "INT", "HUP"] {
        let (home, screen) = (Home::new(), Screen::start());
        let mut command = demo(&home, &kept_clips(), &[]);
        command.env("DISPLAY", screen.display());
        let mut running = home.start(command);
        screen.until_focused("Pollwall");
        running.signal(signal);
        let status = running.until_ended();
        assert_eq!(status.code(), Some(0), "SIG{signal}: {status}: {}", running.said());
        nothing_is_left(&home);
    }
}

#[test]
fn the_cameras_do_not_outlive_a_killed_demo() {
    let (home, screen) = (Home::new(), Screen::start());
    let mut command = demo(&home, &kept_clips(), &[]);
    command.env("DISPLAY", screen.display());
    let mut running = home.start(command);
    screen.until_focused("Pollwall");
    assert_eq!(cameras(&home).len(), 1);
    running.signal("KILL");
    running.until_ended();
    until("the end of the cameras", || cameras(&home).is_empty().then_some(()));
}

#[test]
fn who_changes_their_mind_while_the_clips_are_made_is_heard() {
    let home = Home::new();
    // A cache of its own: the clips have to be made.
    let command = demo(&home, &home.path("cache"), &["--screenshot", "never.png"]);
    let mut running = home.start(command);
    running.until("clips in the making", || {
        let said = fs::read_to_string(home.path("err")).unwrap();
        said.contains("Making the clips").then_some(())
    });
    running.signal("TERM");
    let status = running.until_ended();
    assert_eq!(status.code(), Some(0), "{status}: {}", running.said());
    nothing_is_left(&home);
    // Not there where it ended before the first clip was whole.
    let clips = fs::read_dir(home.path("cache").join("pollwall/clips"));
    let kept: Vec<_> = clips.into_iter().flatten().flatten().map(|e| e.file_name()).collect();
    let torn = kept.iter().filter(|name| name.to_string_lossy().ends_with(".tmp"));
    assert_eq!(torn.count(), 0, "{kept:?}");
}

#[test]
fn without_a_display_the_demo_leaves_a_picture() {
    let home = Home::new();
    let picture = home.path("wall.png");
    let args = ["--screenshot", picture.to_str().unwrap(), "--after", "12s", "--size", "960x600"];
    let mut running = home.start(demo(&home, &kept_clips(), &args));
    let status = running.until_ended();
    assert_eq!(status.code(), Some(0), "{status}: {}", running.said());
    assert!(fs::metadata(&picture).unwrap().len() > 50_000, "an empty picture");
    assert!(!well(&home).is_empty(), "{:?}", states(&home));
    nothing_is_left(&home);
}
