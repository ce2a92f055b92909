//! The graphics device is lost while the wall runs: the wall is back on the same page, with moving
//! pictures, on a new device, and with the same sessions to the cameras.
//!
//! A window has to be on a process's first thread, so this test has no harness: it starts itself
//! again as the wall, with a fault that the program does not have.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code")]
#![expect(clippy::print_stdout, reason = "without a harness the test says itself how it went")]

mod support;

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::process::Command;

use crossbeam_channel::bounded;
use pollwall::app::args::WallArgs;
use pollwall::app::{logging, wall};
use pollwall::clock::{Clock, SystemClock};
use pollwall::config::{DataDir, day};
use pollwall::text::{Lang, Text};
use support::GstServer;
use support::program::Home;
use support::screen::Screen;

/// Tells this program that it is to be the wall, and on which data folder.
const BE_THE_WALL: &str = "POLLWALL_TEST_DATA";
/// A file in the data folder: the device is lost when it appears.
const LOSE: &str = "lose-device";
/// Another one: until it appears, no other window is opened.
const RELEASE: &str = "release-window";

fn main() {
    if let Some(data) = std::env::var_os(BE_THE_WALL) {
        the_wall(Path::new(&data));
        return;
    }
    // Asked for its tests (`--list`) it has none that could be chosen from.
    if std::env::args().any(|arg| arg == "--list") {
        return;
    }
    back_on_the_same_page();
    println!("\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n");
}

/// The wall as the program runs it, with the fault.
fn the_wall(data: &Path) {
    let data = DataDir::open(Some(data.to_owned())).unwrap();
    let _log = logging::start(&data.log(), "wall").unwrap();
    let _owner = data.own("wall", &SystemClock).unwrap();
    let day = day::load(&data.day_file(), &SystemClock).unwrap();
    let (lose, lost) = bounded(1);
    let (hold, holds) = bounded(1);
    let [trigger, release]: [PathBuf; 2] = [LOSE, RELEASE].map(|file| data.root().join(file));
    std::thread::Builder::new()
        .name("trigger".into())
        .spawn(move || {
            let _ = support::wait_for(|| trigger.exists().then_some(()));
            let (held, until) = bounded::<Infallible>(0);
            let _ = hold.send(until);
            let _ = lose.send(());
            let _ = support::wait_for(|| release.exists().then_some(()));
            drop(held);
        })
        .unwrap();
    let faults = wall::Faults { lose_device: Some(lost), hold_window: Some(holds) };
    let args = WallArgs { district: Some(57), ..WallArgs::default() };
    wall::run(&args, &Text::of(Lang::En), &data, day, &faults).unwrap();
}

/// The cameras 2 and 6 are the stations of district 57; see `tests/window.rs`.
const ON_PAGE: [usize; 2] = [2, 6];

fn back_on_the_same_page() {
    let (screen, home) = (Screen::start(), Home::new());
    let list = home.path("list.csv");
    let mut server = GstServer::start(&[
        "--stations",
        "8",
        "--districts",
        "4",
        "--fps",
        "8",
        "--list",
        list.to_str().unwrap(),
    ]);
    home.accept(&list);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .env(BE_THE_WALL, home.data())
        .env("HOME", home.path(""))
        .env("XDG_RUNTIME_DIR", home.path(""))
        .env("DBUS_SESSION_BUS_ADDRESS", support::program::NO_BUS)
        .env("DBUS_SYSTEM_BUS_ADDRESS", support::program::NO_BUS)
        .env("DISPLAY", screen.display());
    let mut wall = home.start(command);
    screen.until_focused("Pollwall");
    until_moving(&screen);
    let clients = server.clients();

    let lost_at = SystemClock.mono();
    std::fs::write(home.data().join(LOSE), "").unwrap();
    wall.until_logged(&["the graphics device is lost"]);
    wall.until_logged(&["opening another window"]);
    // While there is no window somebody looks: a camera is lost, and that is on record.
    let on_record = |state: &str| {
        let state = format!("\"to\":\"{state}\"");
        let rows = home.ok(&["journal", "--kind", "state", "--json"]);
        rows.lines().filter(|row| row.contains(&state)).count()
    };
    let before = on_record("stalled");
    let rows = std::fs::read_to_string(&list).unwrap();
    let off_page = rows.lines().skip(1).find(|row| !row.starts_with("57,")).unwrap();
    // The sub feed, where it has one, is received all the time.
    let url = off_page.split(',').rfind(|cell| cell.starts_with("rtsp://")).unwrap();
    let path = url.splitn(4, '/').nth(3).unwrap();
    server.pause(&format!("/{path}"));
    wall.until("a loss while there is no window", || (on_record("stalled") > before).then_some(()));
    std::fs::write(home.data().join(RELEASE), "").unwrap();
    until_moving(&screen);
    let took = SystemClock.mono().since(lost_at);
    println!("from losing the device to moving pictures on a new one: {took:?}");

    assert_eq!(server.clients(), clients, "no session was touched");
    let ended = home.logged(&["next attempt "]);
    assert!(ended.is_empty(), "{ended:?}");
    screen.until_focused("Pollwall");
    screen.close_window();
    assert!(wall.until_ended().success(), "{}", home.log());
}

/// Waits until the page of district 57 is on screen and its pictures change.
fn until_moving(screen: &Screen) {
    let all: Vec<usize> = (0..8).collect();
    let places = screen.until("district 57 on the screen", |picture| {
        let found = picture.cameras(&all);
        let same = found.keys().eq(&ON_PAGE);
        (same && found.values().all(support::picture::Place::has_ball)).then_some(found)
    });
    let before = screen.picture();
    screen.until("moving pictures", |now| {
        places.values().all(|place| before.changed(now, place) > 100).then_some(())
    });
}
