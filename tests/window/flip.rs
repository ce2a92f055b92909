//! A page shows its pictures when it is flipped to, not when its cameras next send a keyframe.

use std::fs;

use pollwall::clock::{Clock, SystemClock};

use crate::support::GstServer;
use crate::support::picture::Picture;
use crate::support::program::Home;
use crate::support::screen::Screen;
use crate::{close, in_window};

/// Stations in each of two districts.
const STATIONS: usize = 4;

/// All pictures of these cameras are there, undimmed, and no others.
fn shown(picture: &Picture, cameras: std::ops::Range<usize>) -> Option<()> {
    let all: Vec<usize> = (0..2 * STATIONS).collect();
    let found = picture.cameras(&all);
    let same = found.keys().copied().eq(cameras);
    (same && found.values().all(crate::support::picture::Place::has_ball)).then_some(())
}

#[test]
fn a_page_does_not_wait_for_keyframes() {
    let (screen, home) = (Screen::start(), Home::new());
    // One keyframe at the beginning, and then none for as long as anybody could wait.
    let mounts: Vec<_> =
        (1..=2 * STATIONS).map(|n| format!("/cam{n}=h264,320x180,8,key=1000000")).collect();
    let arguments: Vec<&str> = mounts.iter().flat_map(|mount| ["--mount", mount]).collect();
    let server = GstServer::start(&arguments);
    let row = |n: usize| {
        let (district, station) = ((n - 1) / STATIONS + 1, (n - 1) % STATIONS + 1);
        format!("{district},{station},{}\n", server.url(&format!("/cam{n}")))
    };
    let rows: String = (1..=2 * STATIONS).map(row).collect();
    let list = home.path("list.csv");
    fs::write(&list, format!("district,station,main\n{rows}")).unwrap();
    home.accept(&list);

    let mut wall = home.start(in_window(&home, &screen, &[]));
    screen.until_focused("Pollwall");
    for district in 1..=2 {
        for station in 1..=STATIONS {
            wall.until_logged(&[&format!(" {district}/{station} main Live ")]);
        }
    }
    screen.until("the first district", |picture| shown(picture, 0..STATIONS));
    for (key, cameras) in
        [("Next", STATIONS..2 * STATIONS), ("Prior", 0..STATIONS), ("Next", STATIONS..2 * STATIONS)]
    {
        let pressed = SystemClock.mono();
        screen.press(&[key]);
        screen.until("all pictures of the other page", |picture| shown(picture, cameras.clone()));
        let took = SystemClock.mono().since(pressed);
        eprintln!("from {key} to all {STATIONS} pictures on the screen: {took:?}");
    }
    close(&screen, wall, &home);
}
