//! One station large in a real window: its main feed comes and goes without a hole, and what is kept
//! is on the disk. Which feed is on the screen is told by the snapshots.

use std::path::PathBuf;

use serde_json::Value;

use super::*;
use crate::support::until;

/// The sidecars of all snapshots so far, by name, which is by time.
fn snapshots(home: &Home) -> Vec<(PathBuf, Value)> {
    let days = fs::read_dir(home.data().join("snapshots")).into_iter().flatten();
    let files = days.flat_map(|day| fs::read_dir(day.unwrap().path()).unwrap());
    let files = files.map(|file| file.unwrap().path());
    let mut found: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'))
        .map(|path| (path.clone(), serde_json::from_slice(&fs::read(path).unwrap()).unwrap()))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// Presses S; gives the snapshot that is then kept.
fn snapshot(home: &Home, screen: &Screen) -> Value {
    let before = snapshots(home);
    screen.press(&["s"]);
    until("a snapshot", || {
        let new = |(path, _): &(PathBuf, Value)| before.iter().all(|(old, _)| old != path);
        snapshots(home).into_iter().find(new).map(|(_, json)| json)
    })
}

#[test]
fn a_station_large_its_main_feed_a_snapshot_and_a_note() {
    let (screen, home) = (Screen::start(), Home::new());
    let list = home.path("list.csv");
    let _server = GstServer::start(&[
        "--stations",
        "4",
        "--districts",
        "4",
        "--fps",
        "8",
        "--list",
        list.to_str().unwrap(),
    ]);
    home.accept(&list);
    let mut wall = home.start(in_window(&home, &screen, &["--district", "23"]));
    screen.until_focused("Pollwall");
    let camera = cameras_of(23)[0];
    until_shown(&screen, &[camera]);

    let small = snapshot(&home, &screen);
    assert_eq!((&small["feed"], &small["width"]), (&"sub".into(), &320.into()), "{small}");
    assert_eq!((&small["station"], &small["live"]), (&"23/1".into(), &true.into()));

    // From here on there is a picture in every look at the screen: first the sub feed's, then the
    // main feed's, then the sub feed's again.
    screen.press(&["Return"]);
    until_large(&screen, camera);
    let main = until("the main feed on the screen", || {
        assert!(has_picture(&screen, camera), "the sub feed stays until the main feed is there");
        let taken = snapshot(&home, &screen);
        (taken["feed"] == "main").then_some(taken)
    });
    assert_eq!((&main["width"], &main["height"]), (&640.into(), &360.into()), "{main}");
    wall.until_logged(&[" 23/1 main Live"]);

    screen.press(&["n"]);
    screen.press(&["b", "o", "x", "space", "s", "e", "a", "l", "e", "d", "Return"]);
    let note = until("a note", || {
        let rows = home.ok(&["journal", "--json", "--kind", "note"]);
        rows.lines().next().map(|row| serde_json::from_str::<Value>(row).unwrap())
    });
    assert_eq!((&note["station"], &note["body"]["text"]), (&"23/1".into(), &"box sealed".into()));
    // A plain ground is what a covered camera shows, and after a while it is told so.
    let state = note["body"]["state"].as_str().unwrap();
    assert!(["live", "covered"].contains(&state), "{note}");

    screen.press(&["Escape"]);
    until("the sub feed on the screen", || {
        assert!(has_picture(&screen, camera), "going back leaves no hole");
        let taken = snapshot(&home, &screen);
        assert_eq!(taken["live"], true, "{taken}");
        (taken["feed"] == "sub").then_some(())
    });
    // Its session was never touched: one Live, and nothing after it.
    let lines = home.logged(&["23/1 sub "]);
    let states: Vec<_> =
        lines.iter().filter(|l| l.contains("Live") || l.contains("next")).collect();
    assert_eq!(states.len(), 1, "{states:#?}");

    for (path, json) in snapshots(&home) {
        let png = fs::read(path.with_extension("png")).unwrap();
        assert_eq!(json["png"]["bytes"], png.len(), "{}", path.display());
    }
    close(&screen, wall, &home);
}

/// Whether the camera's colours are on the screen at all.
fn has_picture(screen: &Screen, camera: usize) -> bool {
    screen.picture().cameras(&[camera]).contains_key(&camera)
}
