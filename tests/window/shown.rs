//! Who was on a real wall stands in the journal when it is closed, and the ledger of the day can be asked
//! for in the same folder.

use serde_json::{Value, json};

use super::*;
fn told(home: &Home, arguments: &[&str]) -> Vec<Value> {
    home.ok(arguments).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn who_was_on_the_wall_is_put_down() {
    let (screen, home) = (Screen::start(), Home::new());
    let list = home.path("list.csv");
    // Nobody is there.
    let row_of = |n: u32| format!("23,{n},rtsp://127.0.0.1:{REFUSING_PORT}/cam{n}\n");
    fs::write(&list, format!("district,station,main\n{}{}", row_of(1), row_of(2))).unwrap();
    home.accept(&list);
    let wall = home.start(in_window(&home, &screen, &[]));
    screen.until_focused("Pollwall");
    // What is tested is a time: longer than anything is leafed through.
    let began = SystemClock.mono();
    screen.until("two seconds of the wall", |_| {
        (SystemClock.mono().since(began) > 2 * pollwall::wall::shown::SEEN_FROM).then_some(())
    });
    assert_eq!(told(&home, &["journal", "--json", "--kind", "shown"]), Vec::<Value>::new());
    close(&screen, wall, &home);

    let shown = told(&home, &["journal", "--json", "--kind", "shown"]);
    let [row] = &shown[..] else { panic!("one page, one row: {shown:?}") };
    assert_eq!(row["body"]["stations"], json!(["23/1", "23/2"]));
    assert_eq!(row["body"]["wall"], gethostname::gethostname().to_string_lossy().as_ref());
    let side = |name: &str| row["body"][name].as_u64().unwrap();
    assert!(side("width") > 200 && side("height") > 100, "in pixels of the screen: {row}");

    let [ledger] = &told(&home, &["ledger", "--json"])[..] else { panic!("one object") };
    let stations = ledger["stations"].as_array().unwrap();
    assert_eq!(stations.len(), 2, "never recorded, and not left out");
    for station in stations {
        let sums = &station["sums"];
        assert_eq!((&sums["gap_us"], &sums["recorded_us"]), (&sums["hours_us"], &json!(0)));
        let causes = sums["gap_us_by_cause"].as_object().unwrap();
        assert!(causes.contains_key("not_recording"), "the wall ran, and recorded nothing: {sums}");
        assert_eq!(station["shown"], json!([]), "there was nothing to see");
    }
}
