//! Whose a file is and when it began, by its name alone.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::model::{District, Station};

fn plan() -> Plan {
    Plan::new(TimeZone::get("Asia/Baku").unwrap())
}

fn surveyed(files: &[&str], plan: &Plan) -> Survey {
    let folder = tempfile::tempdir().unwrap();
    // Names above it that say nothing.
    let root = folder.path().join("disk");
    fs::create_dir(&root).unwrap();
    for file in files {
        let file = root.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, b"x").unwrap();
    }
    survey(&root, plan, &AtomicBool::new(false), &|_| {}).unwrap()
}

fn lines(survey: &Survey) -> Vec<String> {
    let line = |named: &Named| {
        let at = |us: i64| WallTime::from_micros(us).timestamp().to_string();
        let start = match named.start {
            Start::Own => "own".to_owned(),
            Start::At(us) => at(us),
            Start::Behind(us) => format!("behind {}", at(us)),
        };
        format!("{} {} {start}", named.path, named.feed)
    };
    survey.named.iter().map(line).collect()
}

fn moment(at: &str) -> WallTime {
    at.parse::<jiff::Timestamp>().unwrap().into()
}

#[test]
fn each_layout_is_recognised_by_itself() {
    let files = [
        "2024-02-07/57/12/20240207T081503.250Z-main.mp4",
        "23/4/2024-02-07_08-00-00-500000.mp4",
        "hall/2024-02-07_08-00-00.ts",
        "2024-02-07/04/gate/05.06.mp4",
        "readme.txt",
        "lost.mkv",
    ];
    let found = surveyed(&files, &plan());
    assert_eq!(
        lines(&found),
        [
            "23/4/2024-02-07_08-00-00-500000.mp4 23/4 main 2024-02-07T04:00:00.5Z",
            "2024-02-07/57/12/20240207T081503.250Z-main.mp4 57/12 main own",
            "2024-02-07/04/gate/05.06.mp4 9999/1 main 2024-02-07T04:05:06Z",
            "hall/2024-02-07_08-00-00.ts 9999/2 main 2024-02-07T04:00:00Z",
        ]
    );
    assert_eq!((&found.unnamed[..], found.others), (&["lost.mkv".to_owned()][..], 1));
    let names: Vec<_> = found.names.values().map(String::as_str).collect();
    assert_eq!(names, ["gate", "hall"]);
    assert_eq!(found.made_up.len(), 2);
    let only = Plan { layout: Some(Layout::Frigate), ..plan() };
    assert_eq!(lines(&surveyed(&files, &only)).len(), 1);
}

#[test]
fn a_part_of_a_layout_is_understood_too() {
    let folder = tempfile::tempdir().unwrap();
    let camera = folder.path().join("2024-02-07/04/23-4");
    fs::create_dir_all(&camera).unwrap();
    fs::write(camera.join("05.06.mp4"), b"x").unwrap();
    for at in ["", "2024-02-07", "2024-02-07/04", "2024-02-07/04/23-4"] {
        let found = survey(&folder.path().join(at), &plan(), &AtomicBool::new(false), &|_| {});
        let found = lines(&found.unwrap());
        assert!(found.len() == 1 && found[0].ends_with("23/4 main 2024-02-07T04:05:06Z"), "{at}");
    }
}

#[test]
fn cameras_get_their_stations_as_told_or_listed() {
    let station = |number, name: &str, main: &str, sub: Option<&str>| Station {
        id: StationId::new(7, number),
        name: name.into(),
        address: String::new(),
        main: main.into(),
        sub: sub.map(str::to_owned),
        latitude: None,
        longitude: None,
        network: String::new(),
    };
    let list = StationList {
        districts: vec![District { number: 7, name: String::new() }],
        stations: vec![
            station(1, "Məktəb 5", "rtsp://h/live/a", Some("rtsp://h/live/a-small")),
            station(2, "", "rtsp://h/b/same", None),
            station(3, "", "rtsp://h/c/same", None),
        ],
    };
    let feed = |number, kind| FeedId { station: StationId::new(23, number), kind };
    let map = BTreeMap::from([
        ("gate".to_owned(), feed(4, FeedKind::Sub)),
        ("odd.ts".to_owned(), feed(5, FeedKind::Main)),
    ]);
    let plan = Plan {
        list: Some(list),
        map,
        template: Some(Template::parse("{path}/{unix}").unwrap()),
        starts: vec![(Begins::File("odd.ts".into()), moment("1970-01-01T00:00:09Z"))],
        ..plan()
    };
    let files = [
        "live/a/1.ts",
        "live/a-small/1.ts",
        "MƏKTƏB 5/2.ts",
        "b/same/1.ts",
        "same/1.ts",
        "gate/1.ts",
        "3-9-sub/1.ts",
        "x/odd.ts",
    ];
    let found = surveyed(&files, &plan);
    assert_eq!(
        lines(&found),
        [
            "3-9-sub/1.ts 3/9 sub 1970-01-01T00:00:01Z",
            "live/a/1.ts 7/1 main 1970-01-01T00:00:01Z",
            "MƏKTƏB 5/2.ts 7/1 main 1970-01-01T00:00:02Z",
            "live/a-small/1.ts 7/1 sub 1970-01-01T00:00:01Z",
            "b/same/1.ts 7/2 main 1970-01-01T00:00:01Z",
            "gate/1.ts 23/4 sub 1970-01-01T00:00:01Z",
            "x/odd.ts 23/5 main 1970-01-01T00:00:09Z",
            "same/1.ts 9999/1 main 1970-01-01T00:00:01Z",
        ],
        "what two stations could be called is nobody's"
    );
}

#[test]
fn loose_files_begin_when_somebody_says_so() {
    let at = moment("2024-02-07T04:00:00Z");
    let station = StationId::new(23, 4);
    let starts = vec![(Begins::Station(station), at)];
    let first = BTreeSet::from([StationId::new(57, 12)]);
    let plan = Plan { starts, first, ..plan() };
    let found = surveyed(&["b.mp4", "a.mp4", "57-12/2024-02-07_08-00-00.ts"], &plan);
    assert_eq!(
        lines(&found),
        [
            "57-12/2024-02-07_08-00-00.ts 57/12 main 2024-02-07T04:00:00Z",
            "a.mp4 23/4 main behind 2024-02-07T04:00:00Z",
            "b.mp4 23/4 main behind 2024-02-07T04:00:00Z",
        ]
    );
}

#[cfg(unix)]
#[test]
fn hostile_names_and_links_are_left_alone() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("disk");
    fs::create_dir(&root).unwrap();
    fs::write(root.join(std::ffi::OsStr::from_bytes(b"\xff\xfe.mp4")), b"x").unwrap();
    fs::write(root.join("\u{1b}[2J\n{camera}*.mp4"), b"x").unwrap();
    std::os::unix::fs::symlink("/", root.join("away")).unwrap();
    std::os::unix::fs::symlink(".", root.join("round")).unwrap();
    let mut deep = root.clone();
    for _ in 0..DEEPEST + 2 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    let found = survey(&root, &plan(), &AtomicBool::new(false), &|_| {}).unwrap();
    assert_eq!(found.named, []);
    assert_eq!((found.unnamed.len(), found.others), (1, 2));
    assert_eq!(found.unreadable.len(), 2, "{:?}", found.unreadable);
    let cancelled = survey(&root, &plan(), &AtomicBool::new(true), &|_| {}).unwrap_err();
    assert_eq!(cancelled.kind(), io::ErrorKind::Interrupted);
    assert!(survey(&root.join("none"), &plan(), &AtomicBool::new(false), &|_| {}).is_err());
}

proptest! {
    /// Whatever a file is called, it is found once and in one place.
    #[test]
    fn no_name_is_lost(name in "[a-z0-9_. {}*=-]{1,20}") {
        let file = format!("{name}.ts");
        let found = surveyed(&[&file], &plan());
        prop_assert_eq!(found.named.len() + found.unnamed.len(), 1);
    }
}
