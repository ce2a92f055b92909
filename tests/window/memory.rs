//! The window opens where it was closed: page, page size, place.

use std::fs;

use pollwall::config::desk::Desk;
use pollwall::model::StationId;

use crate::in_window;
use crate::support::network::REFUSING_PORT;
use crate::support::program::{Home, Running};
use crate::support::screen::Screen;
use crate::support::{until, wait_for};

/// Four districts of six stations each; no camera is there.
fn home() -> Home {
    let home = Home::new();
    let list = home.path("list.csv");
    let row = |d, n| format!("{d},{n},rtsp://127.0.0.1:{REFUSING_PORT}/{d}/{n}\n");
    let rows: String = (1..=4).flat_map(|d| (1..=6).map(move |n| row(d, n))).collect();
    fs::write(&list, format!("district,station,main\n{rows}")).unwrap();
    home.accept(&list);
    home
}

fn desk(home: &Home) -> Desk {
    Desk::load(&home.data().join("desk.json"))
}

fn end(mut wall: Running<'_>) {
    wall.signal("TERM");
    assert_eq!(wall.until_ended().code(), Some(0), "{}", wall.said());
}

/// Waits until the window is there.
fn until_placed(screen: &Screen, place: [i32; 4]) {
    until(&format!("the window at {place:?}"), || {
        (screen.geometry("Pollwall") == place).then_some(())
    });
}

#[test]
fn the_window_opens_where_it_was() {
    let (screen, home) = (Screen::bare(), home());
    let wall = home.start(in_window(&home, &screen, &["--size", "640x360"]));
    screen.focus("Pollwall");
    screen.press(&["3", "slash", "5", "Return", "minus", "g", "bracketright"]);
    screen.place("Pollwall", [100, 50, 700, 400]);
    until_placed(&screen, [100, 50, 700, 400]);
    // Written down while it runs: not even a kill takes it away.
    until("the desk on disk", || {
        let desk = desk(&home);
        let window = desk.window?;
        let there = window.corner == Some((100, 50)) && window.size == (700, 400);
        (there && desk.station == Some(StationId::new(3, 5)) && desk.tour_s == Some(15))
            .then_some(())
    });
    wall.signal("KILL");
    drop(wall);
    let written = desk(&home);
    assert_eq!((written.tiles_per_page, written.grouped), (Some(12), true));

    let wall = home.start(in_window(&home, &screen, &[]));
    until_placed(&screen, [100, 50, 700, 400]);
    screen.focus("Pollwall");
    // One to the right of where one was: from the first station it would be another.
    screen.press(&["Right"]);
    until("the move on disk", || (desk(&home).station == Some(StationId::new(3, 6))).then_some(()));
    end(wall);
    let expected = Desk { station: Some(StationId::new(3, 6)), ..written };
    assert_eq!(desk(&home), expected, "nothing else has changed");
}

#[test]
fn the_command_line_wins_and_a_place_off_the_screen_is_corrected() {
    let (screen, home) = (Screen::bare(), home());
    let path = home.data().join("desk.json");
    let off = r#"{"version": 1, "station": "3/5", "window":
        {"corner": [5000, -4000], "size": [700, 400], "scale": 1.0}}"#;
    fs::write(&path, off).unwrap();
    let wall = home.start(in_window(&home, &screen, &["--district", "2", "--size", "640x360"]));
    let [left, top, width, height] = screen.geometry("Pollwall");
    assert_eq!((width, height), (640, 360));
    let (right, bottom) = (left + width, top + height);
    let (most_right, lowest) = crate::support::screen::SIZE;
    assert!(left >= 0 && top >= 0, "{left}, {top}");
    assert!(right <= most_right as i32 && bottom <= lowest as i32, "{right}, {bottom}");
    until("the district asked for", || {
        (desk(&home).station == Some(StationId::new(2, 1))).then_some(())
    });
    end(wall);
    assert_eq!(home.logged(&["off every screen"]).len(), 1);
}

#[test]
fn a_torn_file_is_no_error() {
    let (screen, home) = (Screen::bare(), home());
    let path = home.data().join("desk.json");
    fs::write(&path, "{\"version\": 1, \"station\": \"3/").unwrap();
    let wall = home.start(in_window(&home, &screen, &[]));
    let whole = || wait_for(|| desk(&home).station);
    assert_eq!(whole(), Some(StationId::new(1, 1)), "as on the first day, and written anew");
    end(wall);
    assert_eq!(home.logged(&[" WARN ", "desk.json", "ends too early"]).len(), 1);
}

#[test]
fn full_screen_is_remembered_and_what_was_before_it_too() {
    let (screen, home) = (Screen::start(), home());
    let wall = home.start(in_window(&home, &screen, &[]));
    screen.until_focused("Pollwall");
    crate::until_full_screen(&screen, false);
    screen.press(&["f"]);
    crate::until_full_screen(&screen, true);
    until("full screen on disk", || desk(&home).window?.full_screen.then_some(()));
    end(wall);

    let wall = home.start(in_window(&home, &screen, &[]));
    screen.until_focused("Pollwall");
    crate::until_full_screen(&screen, true);
    screen.press(&["f"]);
    crate::until_full_screen(&screen, false);
    end(wall);
}
