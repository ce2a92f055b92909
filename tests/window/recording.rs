//! Recording switched on and off in a real window, by its key, and gone on with by the next wall.

use serde_json::Value;

use super::*;
use crate::support::until;

fn switched(home: &Home) -> Vec<bool> {
    let rows = home.ok(&["journal", "--json", "--kind", "recording"]);
    let row = |row: &str| serde_json::from_str::<Value>(row).unwrap();
    rows.lines().map(|line| row(line)["body"]["on"] == true).collect()
}

/// How many files of recordings there are.
fn files(home: &Home) -> usize {
    fn count(folder: &Path) -> usize {
        let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
        let of = |path: std::path::PathBuf| match path.is_dir() {
            true => count(&path),
            false => usize::from(path.extension().is_some_and(|end| end == "mp4")),
        };
        entries.map(of).sum()
    }
    count(&home.data().join("recordings"))
}

#[test]
fn one_key_begins_a_recording_and_the_next_wall_goes_on_with_it() {
    let (screen, home) = (Screen::start(), Home::new());
    let list = home.path("list.csv");
    let path = list.to_str().unwrap();
    let _server = GstServer::start(&["--stations", "1", "--districts", "1", "--list", path]);
    home.accept(&list);
    let wall = home.start(in_window(&home, &screen, &[]));
    screen.until_focused("Pollwall");
    until_shown(&screen, &[0]);
    assert_eq!((switched(&home), files(&home)), (vec![], 0));
    screen.press(&["shift+r"]);
    until("a recording", || (switched(&home) == [true] && files(&home) == 1).then_some(()));
    // Once may be a slip of the hand.
    screen.press(&["shift+r"]);
    close(&screen, wall, &home);
    assert_eq!(switched(&home), [true]);
    assert_eq!(home.logged(&["recording has ended"]).len(), 1, "{}", home.log());

    let wall = home.start(in_window(&home, &screen, &[]));
    screen.until_focused("Pollwall");
    until("the next recording", || (switched(&home).len() == 2 && files(&home) == 2).then_some(()));
    screen.press(&["shift+r", "shift+r"]);
    until("its end", || (switched(&home) == [true, true, false]).then_some(()));
    close(&screen, wall, &home);

    let wall = home.start(in_window(&home, &screen, &[]));
    screen.until_focused("Pollwall");
    until_shown(&screen, &[0]);
    close(&screen, wall, &home);
    assert_eq!((switched(&home).len(), files(&home)), (3, 2), "what was stopped stays so");
    let checked = home.ok(&["footage", "check", "--hash"]);
    assert!(checked.contains('2'), "{checked}");
}
