//! `pollwall journal` as a person and a program meet it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use pollwall::clock::{Mono, WallTime};
use pollwall::config::DataDir;
use pollwall::journal::{Entry, Event};
use pollwall::model::{FeedKind, StationId};
use rusqlite::Connection;

use crate::rig::{LONG, Rig};

struct Place {
    temp: tempfile::TempDir,
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        Self { temp: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> DataDir {
        DataDir::open(Some(self.temp.path().join("data"))).unwrap()
    }

    fn run(&self, lang: &str, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pollwall"));
        command.args(["--lang", lang]).args(args).stdin(Stdio::null());
        // Not even by mistake may a test meet the user's own folder; times are Baku's.
        command.env("HOME", self.temp.path()).env_remove("XDG_DATA_HOME").env("TZ", "Asia/Baku");
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
    }

    /// `pollwall journal` on the data folder.
    fn journal(&self, args: &[&str]) -> Run {
        let data = self.temp.path().join("data");
        let mut all = vec!["journal", "--data", data.to_str().unwrap()];
        all.extend(args);
        self.run("en", &all)
    }
}

/// The morning of the election day, in Baku 11:42:07.280.
const MORNING: i64 = 1_707_291_727_280_000;

fn at(second: i64, station: Option<StationId>, event: Event) -> Entry {
    let utc = WallTime::from_micros(MORNING + second * 1_000_000);
    let feed = station.map(|_| FeedKind::Main);
    Entry { utc, mono: Mono::from_micros(second), station, feed, event }
}

fn noted(text: &str) -> Event {
    Event::Note {
        text: text.into(),
        stage: Some("voting".into()),
        state: "live".into(),
        program: None,
        boot: None,
        taken_over: false,
    }
}

/// A journal that is being written: started, and three things that happened.
fn open(place: &Place) -> (Rig, PathBuf) {
    let file = place.data().journal_file();
    let rig = Rig::open(&file);
    let station = Some(StationId::new(57, 12));
    let stalled = Event::State {
        from: "live".into(),
        to: "stalled".into(),
        trouble: Some("frames-stopped".into()),
        since_utc_us: Some(MORNING - 2_000_000),
        evidence: serde_json::json!({ "units": 0 }),
    };
    rig.journal.record(at(0, station, stalled));
    let raised =
        Event::AlarmRaised { alarm: 3, state: "stalled".into(), trouble: None, since_utc_us: None };
    rig.journal.record(at(1, Some(StationId::new(8, 1)), raised));
    let last = rig.journal.record_durably(at(60, station, noted("=HYPERLINK(\"x\"); qutu, «ə»")));
    last.wait_for(LONG).unwrap().unwrap();
    (rig, file)
}

#[test]
fn rows_are_read_beside_the_one_who_writes_them() {
    let place = Place::new();
    let (rig, _) = open(&place);
    let all = place.journal(&[]);
    assert_eq!((all.code, all.err.as_str()), (0, ""));
    let lines: Vec<&str> = all.out.lines().collect();
    assert_eq!(lines.len(), 4, "{}", all.out);
    assert_eq!(lines[1], "07.02.2024 11:42:07.280  57/12    main  stalled (frames-stopped) ← live");
    assert_eq!(lines[2], "07.02.2024 11:42:08.280  8/1      main  alarm 3: stalled");
    assert!(
        lines[3].ends_with("note: =HYPERLINK(\"x\"); qutu, «ə» (voting, live)"),
        "{}",
        lines[3]
    );

    let count = |args: &[&str]| place.journal(args).out.lines().count();
    assert_eq!(count(&["--station", "57/12"]), 2);
    assert_eq!(count(&["--station", "57/12", "--kind", "note"]), 1);
    assert_eq!(count(&["--kind", "alarm", "--kind", "started"]), 2);
    assert_eq!(count(&["--since", "2024-02-07 11:42:08"]), 3, "alarm, note, and today's start");
    assert_eq!(count(&["--since", "2024-02-07T07:42:08Z"]), 3);
    assert_eq!(count(&["--last", "1h"]), 1, "today's start");
    let none = place.journal(&["--station", "57/12", "--kind", "import"]);
    assert_eq!((none.code, none.out.trim()), (0, "Nothing of the kind is in the journal."));
    rig.close();
    assert_eq!(count(&[]), 5, "and after it has ended");
}

#[test]
fn json_and_csv_are_for_programs_and_spreadsheets() {
    let place = Place::new();
    let (rig, _) = open(&place);
    let json = place.journal(&["--json", "--station", "57/12"]);
    let rows: Vec<serde_json::Value> =
        json.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["utc"], "2024-02-07T07:42:07.280000Z");
    assert_eq!(rows[0]["body"]["evidence"]["units"], 0);
    assert_eq!((&rows[1]["kind"], &rows[1]["seq"]), (&"note".into(), &4.into()));

    let csv = place.journal(&["--csv"]).out;
    assert!(csv.starts_with("\u{FEFF}row,UTC,local time,station,"), "{csv}");
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!((lines.len(), lines[5]), (6, ""), "{csv}");
    assert!(
        lines[2].starts_with("2,2024-02-07T07:42:07.280000Z,2024-02-07 11:42:07.280,57/12,main,")
    );
    assert!(
        lines[4].contains(",\"note: =HYPERLINK(\"\"x\"\"); qutu, «ə» (voting, live)\","),
        "{csv}"
    );
    rig.close();
}

#[test]
fn no_cell_begins_a_formula() {
    let place = Place::new();
    let file = place.data().journal_file();
    let rig = Rig::open(&file);
    let evil = Event::Configuration { what: "=1+1".into(), now: serde_json::Value::Null };
    rig.journal.record(at(0, None, evil));
    rig.close();
    // What a later version may write is shown as it stands.
    let connection = Connection::open(&file).unwrap();
    let later = "INSERT INTO journal SELECT seq + 1, utc_us, mono_us, run, '=later', '@x', '+y',
                 '-1', hash, hash FROM journal ORDER BY seq DESC LIMIT 1";
    connection.execute(later, []).unwrap();
    connection.close().unwrap();
    let csv = place.journal(&["--csv"]).out;
    for line in csv.trim_start_matches('\u{FEFF}').split("\r\n").filter(|line| !line.is_empty()) {
        for cell in line.split(',') {
            let inner = cell.trim_start_matches('"');
            assert!(!inner.starts_with(['=', '+', '-', '@']), "{cell:?} in {line}");
        }
    }
    assert!(csv.contains(",'@x,'+y,'=later,'=later -1,"), "{csv}");
}

#[test]
fn each_language_has_its_sentences() {
    let place = Place::new();
    let (rig, file) = open(&place);
    rig.close();
    let file = file.to_str().unwrap();
    for (lang, part, none) in [
        ("az", "axın dayanıb (frames-stopped) ← canlı", "uyğundur"),
        ("en", "stalled (frames-stopped) ← live", "each fits"),
        ("ru", "поток остановился (frames-stopped) ← в эфире", "продолжает предыдущую"),
    ] {
        let said = place.run(lang, &["journal", "--file", file]);
        assert!(said.out.contains(part), "{}", said.out);
        let said = place.run(lang, &["journal", "--file", file, "--verify"]);
        assert!(said.code == 0 && said.out.contains(none), "{}", said.out);
    }
}

#[test]
fn a_copy_is_verified_and_a_changed_row_named() {
    let place = Place::new();
    let (rig, file) = open(&place);
    let beside = place.journal(&["--verify"]);
    assert_eq!(beside.code, 0, "{}", beside.err);
    assert!(beside.out.contains("4 rows, each fits the one before."), "{}", beside.out);
    rig.close();
    let copy = place.temp.path().join("copy of the journal?.sqlite");
    fs::copy(&file, &copy).unwrap();
    let verify = || place.run("en", &["journal", "--verify", "--file", copy.to_str().unwrap()]);
    let sound = verify();
    assert_eq!(sound.code, 0, "{}", sound.err);
    assert!(sound.out.contains("First 07.02.2024 11:42:07") || sound.out.contains("First "));
    let head = sound.out.lines().last().unwrap().rsplit(' ').next().unwrap();
    assert!(head.len() == 64 && head.bytes().all(|b| b.is_ascii_hexdigit()), "{head}");
    let connection = Connection::open(&copy).unwrap();
    let change = "DROP TRIGGER never_changed;
                  UPDATE journal SET body = replace(body, 'qutu', 'heç nə') WHERE seq = 4;";
    connection.execute_batch(change).unwrap();
    connection.close().unwrap();
    let changed = verify();
    assert_eq!((changed.code, changed.out.as_str()), (1, ""));
    assert!(changed.err.contains("Row 4 of 07.02.2024 11:43:07 does not fit"), "{}", changed.err);
}

#[test]
fn what_is_no_journal_or_not_there_is_said() {
    let place = Place::new();
    let none = place.journal(&[]);
    assert_eq!(none.code, 1);
    assert!(none.err.contains("There is no journal"), "{}", none.err);
    assert!(!place.temp.path().join("data").exists(), "a reader makes nothing");
    let file = place.temp.path().join("x.sqlite");
    fs::write(&file, "no journal at all, but long enough to be something").unwrap();
    let path = file.to_str().unwrap();
    for args in [&["journal", "--file", path][..], &["journal", "--verify", "--file", path]] {
        let wrong = place.run("en", args);
        assert_eq!(wrong.code, 1, "{args:?}");
        assert!(wrong.err.contains("is damaged or is no journal"), "{}", wrong.err);
    }
    for (args, part) in [
        (&["--csv", "--json"][..], "exclude each other"),
        (&["--verify", "--json"], "exclude each other"),
        (&["--since", "soon"], "a time like 11:30"),
        (&["--last", "10"], "a span like 30s"),
        (&["--kind", "weather"], "alarm_raised"),
        (&["--station", "57"], "like 57/12"),
        (&["--file", path], "exclude each other"),
        (&["--history"], "no option"),
    ] {
        let wrong = place.journal(args);
        assert_eq!(wrong.code, 2, "{args:?}");
        assert!(wrong.err.contains(part), "{args:?}: {}", wrong.err);
    }
}

#[test]
fn a_station_that_is_nowhere_is_said_to_be_so() {
    let place = Place::new();
    let (rig, file) = open(&place);
    rig.close();
    for args in [&["--station", "99/99"][..], &["--station", "99/99", "--json"]] {
        let nowhere = place.journal(args);
        assert_eq!((nowhere.code, nowhere.out.as_str()), (2, ""), "{args:?}");
        for part in ["99/99", "on no list", "pollwall list"] {
            assert!(nowhere.err.contains(part), "{}", nowhere.err);
        }
    }
    // The journal tells of it, though nothing of that kind; and of a copy nobody can say.
    let quiet = place.journal(&["--station", "57/12", "--kind", "import"]);
    assert_eq!(quiet.code, 0, "{}", quiet.err);
    let copy =
        place.run("en", &["journal", "--file", file.to_str().unwrap(), "--station", "99/99"]);
    assert_eq!(copy.code, 0, "{}", copy.err);
    // A station of the list of which nothing is told yet.
    let list = place.temp.path().join("list.csv");
    fs::write(&list, "district,station,main\n99,99,rtsp://127.0.0.1:9/\n").unwrap();
    let data = place.temp.path().join("data");
    let accept = ["import", "--accept", list.to_str().unwrap(), "--data", data.to_str().unwrap()];
    assert_eq!(place.run("en", &accept).code, 0);
    let known = place.journal(&["--station", "99/99"]);
    assert_eq!(known.code, 0, "{}", known.err);
}
