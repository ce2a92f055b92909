//! An alarm answered in a real window, by keys: who is at the desk, A, and M; as it stands in the
//! journal afterwards.

use serde_json::Value;

use super::*;
use crate::support::until;

/// The journal's rows of a kind, so far.
fn rows(home: &Home, kind: &str) -> Vec<Value> {
    let rows = home.ok(&["journal", "--json", "--kind", kind]);
    rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect()
}

/// Waits for the journal's first row of a kind.
fn row(home: &Home, kind: &str) -> Value {
    until(&format!("a row {kind}"), || rows(home, kind).into_iter().next())
}

#[test]
fn an_alarm_is_acknowledged_and_work_is_announced() {
    let (screen, home) = (Screen::start(), Home::new());
    let list = home.path("list.csv");
    // Nobody is there.
    let row_of = |n: u32| format!("23,{n},rtsp://127.0.0.1:{REFUSING_PORT}/cam{n}\n");
    fs::write(&list, format!("district,station,main\n{}{}", row_of(1), row_of(2))).unwrap();
    home.accept(&list);
    let wall = home.start(in_window(&home, &screen, &[]));
    screen.until_focused("Pollwall");
    until("two alarms", || (rows(&home, "alarm_raised").len() == 2).then_some(()));

    screen.press(&["o", "l", "e", "y", "l", "a", "Return"]);
    let named = serde_json::json!({"what": "operator", "now": "leyla"});
    let is_named = |row: &Value| (row["body"] == named).then_some(());
    until("the new name on record", || rows(&home, "configuration").iter().find_map(is_named));

    screen.press(&["2", "3", "slash", "2", "Return"]);
    screen.press(&["a", "c", "a", "b", "l", "e", "Return"]);
    let taken = row(&home, "alarm_acknowledged");
    let said = |name: &str| taken["body"][name].as_str().map(str::to_owned);
    assert_eq!(said("who").as_deref(), Some("leyla"), "{taken}");
    assert_eq!(said("note").as_deref(), Some("cable"), "{taken}");
    let raised = rows(&home, "alarm_raised");
    let own = raised.iter().find(|row| row["station"] == "23/2").unwrap();
    assert_eq!(taken["body"]["alarm"], own["body"]["alarm"], "{taken}");

    screen.press(&["m", "Down", "l", "e", "n", "s", "Return"]);
    let began = row(&home, "maintenance_began");
    assert_eq!(began["station"], "23/2");
    assert_eq!(began["body"]["reason"], "lens", "{began}");
    assert_eq!(began["body"]["who"], "leyla", "{began}");
    assert!(began["body"]["until_utc_us"].is_i64(), "an hour from now on: {began}");
    // The work has answered the alarm: A finds none any more, and is in nobody's way.
    screen.press(&["a", "m"]);
    let ended = row(&home, "maintenance_ended");
    assert_eq!((&ended["station"], &ended["body"]["who"]), (&"23/2".into(), &"leyla".into()));
    assert_eq!(rows(&home, "alarm_acknowledged").len(), 1);

    close(&screen, wall, &home);
    let desk = fs::read_to_string(home.data().join("desk.json")).unwrap();
    let desk: Value = serde_json::from_str(&desk).unwrap();
    assert_eq!(desk["operator"], "leyla", "remembered for the next wall: {desk}");
}
