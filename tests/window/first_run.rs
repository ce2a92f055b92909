//! The first run in a real window: from nothing to a wall, and to the demo, without a restart.

use std::fs;
use std::path::Path;

use crate::support::GstServer;
use crate::support::program::Home;
use crate::support::screen::Screen;
use crate::support::until;
use crate::{cameras_of, close, in_window, until_shown};

/// What X calls the keys of these characters.
fn keys(typed: &str) -> Vec<String> {
    let name = |c: char| match c {
        '.' => "period".to_owned(),
        '-' => "minus".to_owned(),
        '/' => "slash".to_owned(),
        c => c.to_string(),
    };
    typed.chars().map(name).collect()
}

fn type_in(screen: &Screen, typed: &str) {
    let keys = keys(typed);
    screen.press(&keys.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Opens the import and waits for its text field, whose frame goes from edge to edge: what is typed
/// before is for the screen before.
fn open_import(screen: &Screen) {
    screen.press(&["i"]);
    screen.until("the import's text field", |picture| {
        let light = |x, y| picture.at(x, y).iter().all(|channel| *channel > 90);
        let mut rows = 30..picture.height / 2;
        let framed = rows.any(|y| {
            let count = (0..picture.width).filter(|x| light(*x, y)).count();
            count > picture.width * 8 / 10
        });
        framed.then_some(())
    });
}

fn versions(home: &Home) -> usize {
    fs::read_dir(home.data().join("stations")).map_or(0, Iterator::count)
}

#[test]
fn a_list_is_taken_in_the_window_and_a_newer_one_beside_the_running_wall() {
    let (screen, home) = (Screen::start(), Home::new());
    let list = home.path("stations.csv");
    let _server = GstServer::start(&[
        "--stations",
        "8",
        "--districts",
        "4",
        "--fps",
        "4",
        "--list",
        list.to_str().unwrap(),
    ]);
    // As a desktop starts it: no command at all.
    let mut command = home.command(&[]);
    command.env("DISPLAY", screen.display());
    let mut wall = home.start(command);
    screen.until_focused("Pollwall");
    // Another language, which must still be there the next time.
    screen.press(&["l"]);
    wall.until("the language on the desk", || desk_says(&home, "\"language\": \"ru\""));
    open_import(&screen);
    type_in(&screen, "stations.csv");
    screen.press(&["Return"]);
    assert_eq!(versions(&home), 0, "nothing is taken before it is accepted");
    // Pressed before the file has been read it does nothing.
    wall.until("the list", || {
        screen.press(&["a"]);
        (versions(&home) == 1).then_some(())
    });
    until_shown(&screen, &cameras_of(8));

    // One station less of the same list, while the wall runs.
    let rows = fs::read_to_string(&list).unwrap();
    let second = |row: &&str| row.starts_with("8,") && row.split(',').nth(2) == Some("2");
    let fewer: Vec<&str> = rows.lines().filter(|row| !second(row)).collect();
    assert!(fewer.len() < rows.lines().count(), "{rows}");
    fs::write(home.path("fewer.csv"), fewer.join("\n") + "\n").unwrap();
    open_import(&screen);
    type_in(&screen, "fewer.csv");
    screen.press(&["Return"]);
    wall.until("the newer list", || {
        screen.press(&["a"]);
        (versions(&home) == 2).then_some(())
    });
    until_shown(&screen, &cameras_of(8)[..1]);
    close(&screen, wall, &home);

    // The language is kept, and --lang wins over it.
    let wall = home.start(in_window(&home, &screen, &["--print-states", "text"]));
    screen.until_focused("Pollwall");
    until("states in Russian", || wall.said().contains("в эфире").then_some(()));
    close(&screen, wall, &home);
    let args = ["--print-states", "text", "--lang", "en"];
    let wall = home.start(in_window(&home, &screen, &args));
    screen.until_focused("Pollwall");
    until("states in English", || wall.said().contains("live").then_some(()));
    close(&screen, wall, &home);
}

fn desk_says(home: &Home, words: &str) -> Option<()> {
    fs::read_to_string(home.data().join("desk.json")).ok()?.contains(words).then_some(())
}

#[test]
fn the_demo_is_started_from_the_first_screen_and_leaves_nothing_behind() {
    let (screen, home) = (Screen::start(), Home::new());
    let temporary = home.path("tmp");
    fs::create_dir_all(&temporary).unwrap();
    let clips = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    // Drawing them may take minutes on a busy machine, and is not what is tested here.
    let picture = home.path("never.png");
    let drawn = ["demo", "--stations", "24", "--after", "1ms", "--screenshot"];
    let drawn = home.program().args(drawn).arg(&picture).env("XDG_CACHE_HOME", &clips).output();
    assert!(drawn.as_ref().is_ok_and(|out| out.status.success()), "{drawn:?}");
    let mut command = in_window(&home, &screen, &["--print-states", "json"]);
    command.env("TMPDIR", &temporary).env("XDG_CACHE_HOME", &clips);
    let mut wall = home.start(command);
    screen.until_focused("Pollwall");
    screen.press(&["d"]);
    // The demo's own data folder has an owner: its wall is open.
    wall.until("the demo's wall", || {
        let folders = fs::read_dir(&temporary).ok()?.flatten();
        folders.map(|f| f.path().join("data/owner.json")).find(|f| f.exists())
    });
    wall.until("live cameras", || {
        let live = home.told().iter().filter(|line| line["state"] == "live").count();
        (live > 20).then_some(())
    });
    screen.until_focused("Pollwall");
    screen.close_window();
    let status = wall.until_ended();
    assert_eq!(status.code(), Some(0), "{}", wall.said());
    let left: Vec<_> = fs::read_dir(&temporary).unwrap().flatten().collect();
    assert!(left.is_empty(), "left behind: {left:?}");
    assert_eq!(versions(&home), 0, "the demo's list was taken into the own folder");
    until("the end of the cameras", || {
        let mine = temporary.to_str().unwrap().to_owned();
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let lines = processes.filter_map(|p| fs::read(p.path().join("cmdline")).ok());
        let cameras = lines.filter(|line| String::from_utf8_lossy(line).contains(&mine)).count();
        (cameras == 0).then_some(())
    });
}

#[test]
fn a_demo_in_preparation_ends_with_its_window() {
    let (screen, home) = (Screen::start(), Home::new());
    let temporary = home.path("tmp");
    fs::create_dir_all(&temporary).unwrap();
    // A cache of its own: the clips have to be drawn, which takes a while.
    let mut command = in_window(&home, &screen, &[]);
    command.env("TMPDIR", &temporary).env("XDG_CACHE_HOME", home.path("cache"));
    let wall = home.start(command);
    screen.until_focused("Pollwall");
    screen.press(&["d"]);
    until("a demo in preparation", || {
        (fs::read_dir(&temporary).unwrap().count() > 0).then_some(())
    });
    close(&screen, wall, &home);
    let left: Vec<_> = fs::read_dir(&temporary).unwrap().flatten().collect();
    assert!(left.is_empty(), "left behind: {left:?}");
}
