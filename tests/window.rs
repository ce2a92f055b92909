//! The program as a whole, through its window: real RTSP in, real keys in, pixels out, in a
//! virtual screen with a window manager.
//!
//! What is on a tile is told by the colours of the test cameras. Every wait is for a condition,
//! with a time-out that only a broken machine reaches.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use std::collections::BTreeMap;
use std::process::Command;

use pollwall::clock::{Clock, SystemClock};
use support::GstServer;
use support::bus::Desktop;
use support::picture::{Picture, Place};
use support::program::{Home, Running};
use support::screen::{Screen, place};

/// The districts of the server's list in the order in which it numbers its cameras: 0, 1, 2, 3 are
/// the first stations of these, 4, 5, 6, 7 the second ones.
const DISTRICTS: [u16; 4] = [23, 8, 57, 88];

/// The mount that is on no list at first. The stations before it have two mounts each.
const EXTRA: usize = 16;

/// The cameras of a district's stations 1 and 2.
fn cameras_of(district: u16) -> [usize; 2] {
    let at = DISTRICTS.iter().position(|d| *d == district).unwrap();
    [at, at + DISTRICTS.len()]
}

/// Waits until the screen shows the pictures of exactly these cameras, undimmed.
fn until_shown(screen: &Screen, cameras: &[usize]) -> BTreeMap<usize, Place> {
    screen
        .until(&format!("the cameras {cameras:?} on the screen"), |picture| shown(picture, cameras))
}

fn shown(picture: &Picture, cameras: &[usize]) -> Option<BTreeMap<usize, Place>> {
    let all: Vec<usize> = (0..2 * DISTRICTS.len()).chain([EXTRA]).collect();
    let found = picture.cameras(&all);
    let same = found.keys().eq(cameras);
    (same && found.values().all(Place::has_ball)).then_some(found)
}

/// Waits until one camera fills most of the screen.
fn until_large(screen: &Screen, camera: usize) {
    screen.until(&format!("camera {camera} large"), |picture| {
        let found = shown(picture, &[camera])?;
        (picture.share(&found[&camera]) > 0.5).then_some(())
    });
}

/// Waits until every one of these pictures has changed, three times over.
fn until_moved(screen: &Screen, places: &BTreeMap<usize, Place>) {
    for _ in 0..3 {
        let before = screen.picture();
        screen.until("moving pictures", |now| {
            places.values().all(|place| before.changed(now, place) > 100).then_some(())
        });
    }
}

/// Waits until the wall does or does not reach the screen's edges. A window that is not full
/// screen has its manager's bar above it.
fn until_full_screen(screen: &Screen, wanted: bool) {
    screen.until(&format!("full screen: {wanted}"), |picture| {
        // Dark and nearly without colour: `ui::theme::PANEL`.
        let bar = |x| picture.at(x, 2).iter().all(|channel| *channel < 48);
        let full = bar(2) && bar(picture.width / 2) && bar(picture.width - 3);
        (full == wanted).then_some(())
    });
}

/// The wall's command in a window on this screen.
fn in_window(home: &Home, screen: &Screen, args: &[&str]) -> Command {
    let mut command = home.command(&["wall"]);
    command.args(args).env("DISPLAY", screen.display());
    command
}

/// Closes the window as its manager does and sees that all of the program ends, and how.
fn close(screen: &Screen, mut wall: Running<'_>, home: &Home) {
    let closed = SystemClock.mono();
    screen.close_window();
    let status = wall.until_ended();
    let took = SystemClock.mono().since(closed);
    eprintln!("from closing the window to the end of the process: {took:?}");
    assert_eq!(status.code(), Some(0), "{}\n{}", wall.said(), home.log());
    // The program measures for itself whether it kept its promise of 2 s.
    assert_eq!(home.logged(&["did not end within"]), Vec::<String>::new());
    assert!(!home.data().join("owner.json").exists(), "the data folder was not given back");
}

#[test]
fn a_wall_in_a_window() {
    let (screen, desktop, home) = (Screen::start(), Desktop::start(), Home::new());
    let list = home.path("list.csv");
    let server = GstServer::start(&[
        "--stations",
        "8",
        "--districts",
        "4",
        "--fps",
        "8",
        "--mount",
        "/extra=h264,320x180,8",
        "--list",
        list.to_str().unwrap(),
    ]);
    home.accept(&list);
    let mut command = in_window(&home, &screen, &[]);
    for bus in ["DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"] {
        command.env(bus, desktop.address());
    }
    let mut wall = home.start(command);
    screen.until_focused("Pollwall");

    let places = until_shown(&screen, &cameras_of(8));
    until_moved(&screen, &places);
    stays_awake(&desktop);
    the_keys_lead_about(&screen);
    the_keys_keep_their_places(&screen);
    the_folder_is_held(&home, &wall);
    readers_work_beside(&home, &list);
    a_new_list_takes_effect(&home, &mut wall, &screen, &list, &server.url("/extra"));

    assert_eq!(desktop.pending(), Vec::<String>::new(), "kept awake all the time");
    close(&screen, wall, &home);
    let mut released = [desktop.next(), desktop.next()];
    released.sort();
    assert_eq!(released, ["login1 release", "screen-saver release"]);
}

fn stays_awake(desktop: &Desktop) {
    let why = "polling stations are being watched";
    let mut asked = [desktop.next(), desktop.next()];
    asked.sort();
    assert_eq!(asked[0], format!("login1 inhibit idle Pollwall: {why}"));
    assert_eq!(asked[1], format!("screen-saver inhibit org.pollwall.Pollwall: {why}"));
}

/// Starts and ends in district 57.
fn the_keys_lead_about(screen: &Screen) {
    screen.press(&["5", "7", "Return"]);
    until_shown(screen, &cameras_of(57));
    screen.press(&["2", "3", "slash", "2", "Return"]);
    until_shown(screen, &cameras_of(23));
    screen.press(&["Return"]);
    until_large(screen, cameras_of(23)[1]);
    screen.press(&["Escape"]);
    until_shown(screen, &cameras_of(23));
    screen.press(&["Left", "Return"]);
    until_large(screen, cameras_of(23)[0]);
    screen.press(&["Return"]);
    until_shown(screen, &cameras_of(23));
    screen.press(&["Next"]);
    until_shown(screen, &cameras_of(57));
    screen.press(&["Next"]);
    until_shown(screen, &cameras_of(88));
    screen.press(&["Prior"]);
    until_shown(screen, &cameras_of(57));
    until_full_screen(screen, false);
    screen.press(&["f"]);
    until_full_screen(screen, true);
    until_shown(screen, &cameras_of(57));
    screen.press(&["f"]);
    until_full_screen(screen, false);
}

/// On a Russian keyboard there is no `f`, and the stroke's key writes a full stop.
fn the_keys_keep_their_places(screen: &Screen) {
    screen.set_layout("ru");
    screen.press(&[place::DIGIT_8, place::DIGIT_8, "Return"]);
    until_shown(screen, &cameras_of(88));
    screen.press(&[place::DIGIT_5, place::DIGIT_7, place::SLASH, place::DIGIT_2, "Return"]);
    until_shown(screen, &cameras_of(57));
    screen.press(&["Return"]);
    until_large(screen, cameras_of(57)[1]);
    screen.press(&[place::F]);
    until_full_screen(screen, true);
    screen.press(&[place::F]);
    until_full_screen(screen, false);
    screen.press(&["Escape"]);
    until_shown(screen, &cameras_of(57));
    screen.set_layout("us");
}

fn the_folder_is_held(home: &Home, wall: &Running<'_>) {
    let picture = home.path("second.png");
    let off_screen = ["wall", "--screenshot", picture.to_str().unwrap(), "--after", "1ms"];
    for args in [&["wall"][..], &off_screen] {
        let said = home.fails(3, args);
        let holder = format!("held by pollwall wall, process {} on ", wall.pid());
        assert!(said.contains(&holder), "{said}");
    }
    assert!(!picture.exists());
}

fn readers_work_beside(home: &Home, list: &std::path::Path) {
    let printed = home.ok(&["list"]);
    for station in ["8/1", "8/2", "23/1", "23/2", "57/1", "57/2", "88/1", "88/2"] {
        assert!(printed.contains(station), "{station} in {printed}");
    }
    home.ok(&["import", "--check", list.to_str().unwrap()]);
    home.ok(&["list", "--history"]);
    let published = home.path("published");
    home.ok(&["list", "--export", published.to_str().unwrap()]);
    assert!(published.join("stations.csv").exists() && published.join("stations.html").exists());
}

/// The operator stays in district 57, where the new station is.
fn a_new_list_takes_effect(
    home: &Home,
    wall: &mut Running<'_>,
    screen: &Screen,
    list: &std::path::Path,
    url: &str,
) {
    let longer = home.path("longer.csv");
    let row = format!("57,Şəki şəhər,9,Yeni məktəb,,{url},,,,\n");
    std::fs::write(&longer, std::fs::read_to_string(list).unwrap() + &row).unwrap();
    let said = home.accept(&longer);
    assert!(said.contains("+ 57/9"), "{said}");
    wall.until_logged(&["station list 2 replaces 1"]);
    wall.until_logged(&["57/9 main Live"]);
    let [first, second] = cameras_of(57);
    let places = until_shown(screen, &[first, second, EXTRA]);
    until_moved(screen, &places);
    // Only what changed was touched: nobody else began again.
    let log = home.log();
    let (_, after) = log.split_once("station list 2 replaces 1").unwrap();
    let began: Vec<_> = after.lines().filter(|line| line.contains(" Connecting ")).collect();
    assert!(matches!(began[..], [line] if line.contains("57/9 main")), "{began:#?}");
}
