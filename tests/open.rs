//! `pollwall wall --open`: streams on the wall without a list, a data folder, or a trace.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code")]

mod support;

use std::fs;
use std::io::Write as _;
use std::process::{Output, Stdio};

use pollwall::clock::SystemClock;
use pollwall::config::data::DataDir;
use serde_json::Value;
use support::GstServer;
use support::program::Home;
use support::secrets::{Secret, Traces};

const SECRET: Secret = Secret::new("inspector57", "gizli/söz@7:?#%41 \"ə&=+");

/// Runs the wall off screen for some seconds; `input` goes to its standard input. Its temporary
/// files lie in `tmp` beside the data folder.
fn open(home: &Home, args: &[&str], input: &str) -> Output {
    let tmp = home.path("tmp");
    fs::create_dir_all(&tmp).unwrap();
    let picture = home.path("wall.png");
    let mut command = home.program();
    command.args(["wall", "--open"]).args(args);
    command.args(["--screenshot", picture.to_str().unwrap(), "--after", "8s"]);
    command.args(["--size", "640x360", "--print-states", "json"]);
    command.env("TMPDIR", &tmp).env("POLLWALL_LOG", "trace");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// The states that stations went through, in order.
fn states(output: &Output, station: &str) -> Vec<String> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let of_station = lines.filter(|line| line["station"] == station);
    of_station.map(|line| line["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn streams_are_shown_beside_a_wall_that_owns_the_data_folder() {
    let server =
        GstServer::start(&["--mount", "/a=h264,320x180,10", "--mount", "/b=jpeg,320x180,5"]);
    let home = Home::new();
    // The usual data folder of this home, in use by another process.
    let usual = home.path(".local/share/pollwall");
    let data = DataDir::open(Some(usual.clone())).unwrap();
    let _owner = data.own("wall", &SystemClock).unwrap();
    let before = listing(&usual);
    let refused = home.program().args(["wall", "--screenshot", "x.png"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(3), "an ordinary wall must wait");

    let output = open(&home, &[&server.url("/a"), &server.url("/b"), &server.url("/none")], "");
    assert!(output.status.success(), "{output:?}");
    for station in ["1/1", "1/2"] {
        let states = states(&output, station);
        assert!(states.contains(&"live".to_owned()), "{station}: {states:?}");
    }
    let third = states(&output, "1/3");
    assert!(!third.contains(&"live".to_owned()) && !third.is_empty(), "{third:?}");
    assert!(home.path("wall.png").exists());
    assert_eq!(listing(&usual), before, "nothing of the data folder was touched");
    assert_eq!(listing(&home.path("tmp")), [""; 0], "nothing was left behind");
}

/// Every file and folder below, by name.
fn listing(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn addresses_with_logins_come_through_standard_input_only() {
    let home = Home::new();
    let login = home.path("login");
    fs::write(&login, format!("{}:{}\n", SECRET.user, SECRET.password)).unwrap();
    let mut arguments = vec!["--auth", "digest", "--auth-file", login.to_str().unwrap()];
    arguments.extend(["--mount", "/a=h264,320x180,10"]);
    let server = GstServer::start(&arguments);
    let url = format!("rtsp://{}@127.0.0.1:{}/a", SECRET.in_url(), server.port());
    let wrong = format!("rtsp://{}x@127.0.0.1:{}/a", SECRET.in_url(), server.port());

    let typed = open(&home, &[&url], "");
    assert_eq!(typed.status.code(), Some(2), "{typed:?}");
    let shown = open(&home, &["-"], &format!("{url}\n# and again, wrongly\n{wrong}\n"));
    assert!(shown.status.success(), "{shown:?}");
    assert!(states(&shown, "1/1").contains(&"live".to_owned()), "{shown:?}");
    assert!(states(&shown, "1/2").contains(&"auth-failed".to_owned()), "{shown:?}");
    let bad = open(&home, &["-"], &format!("{url}\n{}\n", url.replace("rtsp:", "ftp:")));
    assert_eq!(bad.status.code(), Some(2), "{bad:?}");
    let nothing = open(&home, &["-"], "\n");
    assert_eq!(nothing.status.code(), Some(2), "{nothing:?}");

    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said(&typed).contains("standard input"), "{}", said(&typed));
    assert!(said(&bad).contains("line 2"), "{}", said(&bad));
    assert!(said(&nothing).contains("no address"), "{}", said(&nothing));
    assert!(!home.path(".local").exists(), "no data folder was made");
    fs::remove_file(&login).unwrap();
    let mut traces = Traces::default();
    for (what, output) in [("typed", typed), ("shown", shown), ("bad", bad), ("none", nothing)] {
        traces.text(what, &format!("{}{}", String::from_utf8_lossy(&output.stdout), said(&output)));
    }
    traces.files(&home.path("."), "");
    traces.assert_free_of(&[SECRET]);
}
