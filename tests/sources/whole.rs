//! Through the real program: a list with all kinds of addresses is imported and shown, and nothing
//! secret is in what it writes.

use std::fs;

use serde_json::Value;

use super::support::ffmpeg::{H264, clip, free_udp_port, send};
use super::support::program::Home;
use super::support::screen::Screen;
use super::support::web::{Answer, Web};

#[test]
fn a_list_of_many_kinds_is_imported_and_shown() {
    let (screen, home) = (Screen::start(), Home::new());
    let folder = tempfile::tempdir().unwrap();
    let ts = clip(folder.path(), "a.ts", H264);
    let file = url::Url::from_file_path(&ts).unwrap();
    let port = free_udp_port();
    let passphrase = "kanarya-0123456789";
    let to =
        format!("-c copy -f mpegts srt://127.0.0.1:{port}?mode=listener&passphrase={passphrase}");
    let _sender = send(&ts, &to);
    let mut web = Web::start(move |request| {
        let login = request.head.contains("Basic aW5zOnBhcm9sMTIz");
        match request.path.as_str() {
            "/live?token=kanarya-9" if login => {
                Answer::Live("video/mp2t", ts.clone(), "-c copy -f mpegts")
            }
            _ => Answer::Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\""),
        }
    });
    let http = web.url("/live?token=kanarya-9").replace("http://", "http://ins:parol123@");
    let srt = format!("srt://127.0.0.1:{port}?streamid=kanarya-7&passphrase={passphrase}");
    let list = format!("district,station,main\n1,1,{http}\n1,2,{srt}\n1,3,{file}\n");
    fs::write(home.path("list.csv"), list).unwrap();
    let said = home.accept(&home.path("list.csv"));
    let mut command = home.command(&["wall", "--print-states", "json"]);
    command.env("DISPLAY", screen.display()).env("POLLWALL_LOG", "debug");
    let mut wall = home.start(command);
    let state = |station: &str| {
        let told: Vec<Value> = home.told();
        let of = told.iter().rev().find(|line| line["station"] == station)?;
        of["state"].as_str().map(str::to_owned)
    };
    for station in ["1/1", "1/2", "1/3"] {
        wall.until(&format!("{station} is live"), || (state(station)? == "live").then_some(()));
    }
    web.kill();
    wall.until("1/1 is told to be gone", || (state("1/1")? == "offline").then_some(()));
    web.restart();
    wall.until("1/1 is back", || (state("1/1")? == "live").then_some(()));
    wall.signal("TERM");
    let all = said + &wall.said();
    assert!(wall.until_ended().success());
    let written = all + &home.log();
    for secret in ["kanarya", "parol123"] {
        assert!(!written.contains(secret), "{secret} was written: {written}");
    }
}
