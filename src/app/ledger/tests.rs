use std::fs;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::clock::{Clock, FakeClock};
use crate::config::list::{Base, ListStore};
use crate::config::secrets::ListSecrets;
use crate::journal::{Entry, Event, Journal, RunConfig, RunInfo};
use crate::model::{District, FeedId, FeedKind, Station, StationId, StationList};
use crate::record::index::Index;
use crate::record::{Break, Catalogue as _, Ended, Opened, Record, Segment, SegmentPath, Stamp};

const SECOND: i64 = 1_000_000;
/// 06:00 in Baku on the election day.
const SIX: i64 = 1_707_271_200 * SECOND;
const HOUR: i64 = 3600 * SECOND;
const MINUTE: i64 = 60 * SECOND;
const A: StationId = StationId::new(57, 12);
const B: StationId = StationId::new(57, 13);
const C: StationId = StationId::new(58, 1);

/// Hours from 07 to 10, of which voting is an hour.
const DAY: &str = r#"
name = "Prezident seçkisi"
date = 2024-02-07
zone = "Asia/Baku"
[stages]
before_opening = "07:00"
voting = "08:00"
counting = "09:00"
protocol = "09:30"
closed = "10:00"
"#;

fn station(id: StationId) -> Station {
    Station {
        id,
        name: String::new(),
        address: String::new(),
        main: "rtsp://127.0.0.1/".into(),
        sub: None,
        latitude: None,
        longitude: None,
        network: String::new(),
    }
}

fn segment(station: StationId, run: &str, from_us: i64, to_us: i64) -> Segment {
    let feed = FeedId { station, kind: FeedKind::Main };
    let stamp = |us| Stamp { utc_us: us, mono_us: us - SIX };
    let first = stamp(from_us);
    Segment {
        feed,
        path: SegmentPath::new(feed, first.wall()),
        run: run.to_owned(),
        first,
        last: stamp(to_us),
        first_pts: 0,
        last_pts: (to_us - from_us) / 100 * 9,
        frames: 900,
        bytes: 1000,
        sha256: [7; 32],
        breaks: Vec::new(),
        camera_clock_us: Some(2 * SECOND + (from_us - SIX) / 1000),
        clock_ahead_us: 0,
        clock_synchronised: Some(true),
        ended: Ended::Full,
    }
}

/// A data folder in which 57/12 was recorded from 06:30 to 09:50 but for half a minute in which the
/// camera was refused and a break of 1.5 s; of 57/13 only the state was watched, and 58/1 came on the
/// list at half past eight. The program ran until 09:50.
struct Rig {
    dir: tempfile::TempDir,
    data: DataDir,
    index: Index,
    run: String,
}

impl Rig {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(dir.path().join("data"))).unwrap();
        fs::write(data.day_file(), DAY).unwrap();
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(SIX - HOUR)));
        let accept = |stations: &[StationId], base| {
            let districts = [57, 58].map(|number| District { number, name: String::new() });
            let stations = stations.iter().copied().map(station).collect();
            let list = StationList { districts: districts.to_vec(), stations };
            let store = ListStore::new(&data);
            store.accept(list, ListSecrets::default(), "list.csv", base, &*clock).unwrap()
        };
        accept(&[A, B], Base::Nothing);
        let info = RunInfo::this_process("record", RunConfig::default());
        let run = info.id().to_owned();
        clock.advance(Duration::from_secs(3600));
        let shared: Arc<dyn Clock> = Arc::<FakeClock>::clone(&clock);
        let journal = Journal::open(&data.journal_file(), shared, info, Arc::new(|| {})).unwrap();
        let to = |at_us: i64| {
            let us = at_us - clock.wall().as_micros();
            clock.advance(Duration::from_micros(u64::try_from(us).unwrap()));
        };
        let note = |event: Event, station: Option<StationId>| {
            let entry = Entry::now(&*clock, event);
            journal.record(station.map_or(entry.clone(), |station| entry.at(station)));
        };
        let only = Some(vec![A.to_string()]);
        note(Event::Recording { on: true, stations: only, feed: "main".into() }, None);
        let state = |from: &str, to: &str, trouble: Option<&str>, since: i64| Event::State {
            from: from.into(),
            to: to.into(),
            trouble: trouble.map(str::to_owned),
            since_utc_us: Some(since),
            evidence: json!({ "silent_ms": 5000 }),
        };
        to(SIX + HOUR / 2);
        note(state("connecting", "live", None, SIX + HOUR / 2), Some(A));
        note(state("connecting", "live", None, SIX + HOUR / 2), Some(B));
        to(SIX + 2 * HOUR + 10 * MINUTE + 5 * SECOND);
        let refused = SIX + 2 * HOUR + 10 * MINUTE;
        note(state("live", "offline", Some("refused"), refused), Some(A));
        to(refused + 30 * SECOND);
        note(state("offline", "live", None, refused + 30 * SECOND), Some(A));
        to(SIX + 5 * HOUR / 2);
        accept(&[A, B, C], Base::Version(1));
        let shown = Event::Shown {
            from_utc_us: SIX + 2 * HOUR,
            wall: "wall-1".into(),
            width: 480,
            height: 270,
            stations: vec![A.to_string(), B.to_string()],
        };
        note(shown, None);
        to(SIX + 3 * HOUR);
        note(state("live", "black", None, SIX + 3 * HOUR), Some(B));
        to(SIX + 3 * HOUR + 50 * MINUTE);
        note(state("black", "live", None, SIX + 3 * HOUR + 50 * MINUTE), Some(B));
        assert!(journal.close(Duration::from_secs(60)));

        let index = Index::open(&data.footage_file(), &*clock).unwrap().0;
        let rig = Self { dir, data, index, run };
        let mut records = Vec::new();
        let mut at = SIX + HOUR / 2;
        let end = SIX + 3 * HOUR + 50 * MINUTE;
        while at < end {
            let mut one = segment(A, &rig.run, at, at + MINUTE - 66_000);
            if at == refused {
                one.first.utc_us = refused + 30 * SECOND;
                one.path = SegmentPath::new(one.feed, one.first.wall());
            }
            if at == SIX + 2 * HOUR + 20 * MINUTE {
                let from_utc_us = at + 10 * SECOND;
                one.breaks = vec![Break { from_utc_us, to_utc_us: from_utc_us + 3 * SECOND / 2 }];
            }
            records.push(Record::Closed(Box::new(one)));
            at += MINUTE;
        }
        rig.commit(&records, end);
        rig
    }

    fn commit(&self, records: &[Record], alive_us: i64) {
        let alive = Stamp { utc_us: alive_us, mono_us: alive_us - SIX };
        let mut volume = self.index.volume(&self.data.recordings(), &self.run);
        volume.commit(records, alive).unwrap();
    }

    fn run(&self, lang: Lang, line: &str) -> (Exit, String) {
        let mut args: Vec<std::ffi::OsString> = line.split_whitespace().map(Into::into).collect();
        args.extend(["--data".into(), self.data.root().as_os_str().to_owned()]);
        let (mut out, text) = (Vec::new(), Text::of(lang));
        let ended = super::super::run(super::super::args::parse(args).unwrap(), &text, &mut out);
        let out = String::from_utf8(out).unwrap();
        match ended {
            Ok(exit) => (exit, out),
            Err(failure) => (failure.exit, out + &failure.said),
        }
    }

    fn json(&self, line: &str) -> Value {
        let (exit, out) = self.run(Lang::En, &format!("ledger --json {line}"));
        assert_eq!(exit, Exit::Done, "{out}");
        serde_json::from_str(&out).unwrap()
    }
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn everything_adds_up_in_json() {
    let rig = Rig::new();
    let told = rig.json("");
    assert_eq!((&told["day"], &told["zone"]), (&json!("2024-02-07"), &json!("Asia/Baku")));
    let stations = told["stations"].as_array().unwrap();
    let names: Vec<&str> = stations.iter().map(|s| s["station"].as_str().unwrap()).collect();
    assert_eq!(names, ["57/12", "57/13", "58/1"], "nobody is left out");
    for station in stations {
        let sums = &station["sums"];
        assert_eq!(number(&sums["hours_us"]), 3 * HOUR);
        let parts = ["recorded_us", "short_us", "gap_us"].map(|part| number(&sums[part]));
        assert_eq!(parts.iter().sum::<i64>(), 3 * HOUR, "to the microsecond: {station}");
        let lines = station["lines"].as_array().unwrap();
        assert_eq!(lines.iter().map(|line| number(&line["us"])).sum::<i64>(), 3 * HOUR);
        let ends = lines.windows(2).all(|pair| pair[0]["to_utc"] == pair[1]["from_utc"]);
        assert!(ends, "each line begins where the one before ends");
        let stages = station["stages"].as_array().unwrap();
        let summed = stages.iter().map(|stage| number(&stage["sums"]["gap_us"])).sum::<i64>();
        assert_eq!(summed, number(&sums["gap_us"]));
    }
    let gaps = |station: &Value| -> Vec<(String, i64)> {
        let lines = station["lines"].as_array().unwrap().iter();
        let gaps = lines.filter(|line| line["what"] == "gap");
        gaps.map(|gap| (gap["cause"].as_str().unwrap().to_owned(), number(&gap["us"]))).collect()
    };
    let own = |cause: &str, us| (cause.to_owned(), us);
    // From the last picture before to the first one after it, and from the last of all to the end.
    let tail = 10 * MINUTE + 66_000;
    assert_eq!(
        gaps(&stations[0]),
        [own("network_refused", 30 * SECOND + 66_000), own("process_down", tail)]
    );
    let a = &stations[0];
    assert_eq!(number(&a["sums"]["short_us"]), 3 * SECOND / 2);
    assert_eq!(number(&a["sums"]["short_breaks"]), 1);
    // (10800 - 630.132) of 10800 s.
    assert_eq!(a["sums"]["coverage_per_cent"], "94.16");
    let evidence = &a["lines"][1]["evidence"][0]["evidence"];
    assert_eq!(evidence["trouble"], "refused");
    assert!(number(&evidence["journal"]) > 1, "the row where it stands");
    assert_eq!(
        a["shown"],
        json!([
            { "from_utc": "2024-02-07T04:00:00.000000Z", "to_utc": "2024-02-07T04:10:00.000000Z",
              "us": 10 * MINUTE, "wall": "wall-1", "width": 480, "height": 270 },
            { "from_utc": "2024-02-07T04:10:30.000000Z", "to_utc": "2024-02-07T04:30:00.000000Z",
              "us": 19 * MINUTE + 30 * SECOND, "wall": "wall-1", "width": 480, "height": 270 },
        ])
    );
    assert_eq!(number(&a["machine_clock"]["unsynchronised_segments"]), 0);
    assert!(number(&a["machine_clock"]["synchronised_segments"]) > 100);
    assert_eq!(number(&a["camera_clock"]["drift_us_per_day"]), 86_400 * SECOND / 1000);

    assert_eq!(
        gaps(&stations[1]),
        [own("not_recording", 2 * HOUR + 50 * MINUTE), own("process_down", 10 * MINUTE),]
    );
    let pictures = stations[1]["pictures"].as_array().unwrap();
    assert_eq!((&pictures[0]["state"], number(&pictures[0]["us"])), (&json!("black"), 50 * MINUTE));
    assert_eq!(
        gaps(&stations[2]),
        [own("not_recording", 2 * HOUR + 50 * MINUTE), own("process_down", 10 * MINUTE),],
        "it was not on the list at first, but nobody would have recorded it either"
    );
    assert!(stations[2]["lines"][0]["also"].as_array().unwrap().contains(&json!("not_configured")));
}

/// The rows of a table as RFC 4180 has it, by the titles of its columns.
fn cells(table: &str, separator: char) -> Vec<std::collections::HashMap<String, String>> {
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = table.trim_start_matches('\u{FEFF}').chars().peekable();
    while let Some(c) = letters.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => row.last_mut().unwrap().push(c),
            '"' => quoted = !quoted,
            _ if quoted => row.last_mut().unwrap().push(c),
            '\r' => {}
            '\n' => rows.push(vec![String::new()]),
            c if c == separator => row.push(String::new()),
            c => row.last_mut().unwrap().push(c),
        }
    }
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last row ends, too");
    let titles = rows.remove(0);
    let titled = |row: Vec<String>| {
        assert_eq!(row.len(), titles.len());
        titles.iter().cloned().zip(row).collect()
    };
    rows.into_iter().map(titled).collect()
}

#[test]
fn everything_adds_up_in_a_spreadsheet() {
    let rig = Rig::new();
    for (lang, separator, point) in
        [(Lang::En, ',', '.'), (Lang::Az, ';', ','), (Lang::Ru, ';', ',')]
    {
        let (exit, out) = rig.run(lang, "ledger --csv");
        assert_eq!(exit, Exit::Done);
        let rows = cells(&out, separator);
        let title = |key: &str| Text::of(lang).get(key).into_owned();
        let (what, seconds) = (title("ledger-column-what"), title("ledger-column-seconds"));
        let number = title("ledger-column-station");
        for station in ["12", "13", "1"] {
            let sum = |wanted: &[&str]| -> i64 {
                let own = rows.iter().filter(|row| row[&number] == station);
                let own = own.filter(|row| wanted.contains(&row[&what].as_str()));
                let us = own.map(|row| {
                    let (whole, part) = row[&seconds].split_once(point).unwrap();
                    whole.parse::<i64>().unwrap() * SECOND + part.parse::<i64>().unwrap()
                });
                us.sum()
            };
            assert_eq!(sum(&["hours"]), 3 * HOUR);
            assert_eq!(sum(&["recorded", "gap"]), 3 * HOUR, "{station} in {lang:?}");
            assert_eq!(sum(&["stage"]), 3 * HOUR);
        }
        let gap = rows.iter().find(|row| row[&what] == "gap").unwrap();
        assert_eq!(gap[&title("ledger-column-code")], "network_refused");
        assert_eq!(gap[&title("ledger-column-from")], "2024-02-07 08:09:59.934000");
        let refused = title("trouble-refused");
        assert!(gap[&title("ledger-column-evidence")].contains(&refused), "{gap:?}");
    }
}

#[test]
fn a_part_of_the_day_or_of_the_country_is_that_part() {
    let rig = Rig::new();
    let voting = rig.json("--stage voting --station 57/12");
    let stations = voting["stations"].as_array().unwrap();
    assert_eq!(stations.len(), 1);
    assert_eq!(number(&stations[0]["sums"]["hours_us"]), HOUR);
    assert_eq!(number(&stations[0]["sums"]["gap_us"]), 30 * SECOND + 66_000);
    assert_eq!(rig.json("--district 57")["stations"].as_array().unwrap().len(), 2);
    let other = rig.json("--day 2024-02-08 --station 57/12");
    assert_eq!(number(&other["stations"][0]["sums"]["hours_us"]), 24 * HOUR);
    assert_eq!(other["stations"][0]["sums"]["coverage_per_cent"], "0.00");
    for (line, said) in [
        ("--station 99/1", "There is no station 99/1"),
        ("--district 99", "There is no district 99"),
        ("--stage voting --day 2024-02-08", "No stages are configured for 08.02.2024"),
    ] {
        let (exit, out) = rig.run(Lang::En, &format!("ledger {line}"));
        assert_eq!(exit, Exit::Usage, "{out}");
        assert!(out.starts_with(said), "{out}");
    }
}

#[test]
fn a_person_reads_what_when_why_and_how_it_was_counted() {
    let rig = Rig::new();
    let (exit, out) = rig.run(Lang::En, "ledger --station 57/12");
    assert_eq!(exit, Exit::Done);
    for line in [
        "Gap ledger of 07.02.2024 (Asia/Baku)",
        "57/12  coverage 94.16 % = 2:49:29.868 of 3:00:00.000",
        "  gap  08:09:59.934 – 08:10:30.000  0:30.066  the camera could not be reached",
        "  gap  09:49:59.934 – 10:00:00.000  10:00.066  the program did not run",
        "  voting: coverage 99.16 %",
        "this machine’s clock by recordings: synchronised in 200, not in 0, unknown in 0",
        "the camera’s clock is 15.740000 s ahead of ours",
        "and runs away by 86.400000 s a day",
        "08:00:00.000 – 08:10:00.000  wall-1  480×270",
    ] {
        assert!(out.contains(line), "{line:?} is not in\n{out}");
    }
    for lang in [Lang::Az, Lang::Ru] {
        let (exit, out) = rig.run(lang, "ledger");
        assert_eq!(exit, Exit::Done);
        assert!(!out.contains("ledger-") && !out.contains("cause-"), "no key is left:\n{out}");
    }
}

#[test]
fn it_is_read_while_a_recorder_writes_and_what_is_open_is_not_a_gap_yet() {
    let rig = Rig::new();
    // Its last word was just now; a minute is being written.
    let now = crate::clock::SystemClock.wall();
    let first = Stamp { utc_us: now.as_micros() - 40 * SECOND, mono_us: 0 };
    let feed = FeedId { station: A, kind: FeedKind::Main };
    let path = SegmentPath::new(feed, first.wall());
    let opened = Record::Opened(Opened { path, run: rig.run.clone(), first });
    rig.commit(&[opened], now.as_micros() - 2 * SECOND);
    let day = crate::config::day::parse(DAY).unwrap();
    let lists = gather::lists(&rig.data).unwrap();
    let zone = day.zone.clone();
    let date = now.timestamp().to_zoned(zone).date();
    let scope = Scope::Station(A);
    let wanted = Wanted { day: &day, date, stage: None, scope, lists: &lists, now };
    let told = gather::from_data(&rig.data, &wanted).unwrap();
    let station = &told.country.stations[0];
    assert!(station.recording);
    let known = first.utc_us.max(station.hours.from_us);
    assert_eq!(station.until_us, known, "no further than what is on the disk");
}

/// A file with the head and the tail of a segment, as the recorder writes them, and nothing that plays.
fn write(volume: &std::path::Path, segment: &Segment) {
    use crate::media::mp4::{self, Arrival, Head, MediaClock, Tail};
    use crate::media::{Codec, StreamParams};
    let params = StreamParams {
        codec: Codec::H264,
        extra_data: vec![1, 0x64, 0, 0x1e, 0xff],
        width: 640,
        height: 360,
        sample_aspect: None,
    };
    let arrival = |stamp: Stamp| Arrival { utc_us: stamp.utc_us, mono_us: stamp.mono_us };
    let head = Head {
        camera_clock_us: segment.camera_clock_us,
        clock_synchronised: segment.clock_synchronised,
        ..Head::new(segment.feed, &segment.run, arrival(segment.first))
    };
    let tail = Tail {
        form: 1,
        first: arrival(segment.first),
        last: arrival(segment.last),
        first_pts: segment.first_pts,
        last_pts: segment.last_pts,
        frames: segment.frames,
        fragments: 60,
        breaks: segment.breaks.iter().map(|gone| (gone.from_utc_us, gone.to_utc_us)).collect(),
        ended: segment.ended.code().to_owned(),
        sha256_before: "0".repeat(64),
    };
    let mut bytes = mp4::begin(&params, &head, &MediaClock::begin(&[0], 0), None);
    bytes.extend(tail.to_box());
    let file = volume.join(segment.path.to_string());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

#[test]
fn the_files_alone_say_the_same_but_not_why() {
    let rig = Rig::new();
    let volume = rig.dir.path().join("copy");
    let reader = crate::record::index::Reader::open(&rig.data.footage_file()).unwrap();
    let mut last = None;
    reader
        .each(|kept| {
            write(&volume, &kept.segment);
            last = Some(kept.segment);
        })
        .unwrap();
    let (kept, copy) = (rig.json(""), rig.json(&format!("--files {}", volume.display())));
    assert_eq!(copy["files"]["looked_into"], 200);
    for (kept, copy) in
        kept["stations"].as_array().unwrap().iter().zip(copy["stations"].as_array().unwrap())
    {
        assert_eq!(kept["station"], copy["station"], "nobody is left out here either");
        for sum in
            ["hours_us", "recorded_us", "short_us", "gap_us", "short_breaks", "coverage_per_cent"]
        {
            assert_eq!(kept["sums"][sum], copy["sums"][sum], "{sum} of {}", kept["station"]);
        }
        assert_eq!(kept["camera_clock"], copy["camera_clock"]);
        assert_eq!(kept["machine_clock"], copy["machine_clock"]);
    }
    let causes = |told: &Value, at: usize| {
        let by = told["stations"][at]["sums"]["gap_us_by_cause"].as_object().unwrap();
        by.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(causes(&copy, 0), ["unknown"], "no file says why something is missing");
    assert_eq!(causes(&copy, 2), ["not_configured", "unknown"], "but the lists do");

    let last = last.unwrap();
    let path = volume.join(last.path.to_string());
    fs::write(&path, b"torn").unwrap();
    fs::write(path.with_file_name("notes.txt"), b"x").unwrap();
    let (exit, out) = rig.run(Lang::En, &format!("ledger --files {}", volume.display()));
    assert_eq!(exit, Exit::Trouble, "{out}");
    assert!(out.contains(&format!("{} cannot be read", path.display())), "{out}");
    assert!(out.contains("files with names that no recording has: 1"), "{out}");
    let (exit, out) = rig.run(Lang::En, "ledger --files /nowhere");
    assert_eq!(exit, Exit::Failed, "{out}");
}

#[test]
fn without_a_catalogue_a_journal_or_a_list_it_says_so() {
    let rig = Rig::new();
    fs::remove_dir_all(rig.data.footage_file().parent().unwrap()).unwrap();
    let (exit, out) = rig.run(Lang::En, "ledger");
    assert_eq!(exit, Exit::Done);
    assert!(out.contains("nothing was ever recorded"), "{out}");
    assert!(out.contains("57/12  coverage 0.00 %"), "{out}");
    fs::remove_dir_all(rig.data.journal_file().parent().unwrap()).unwrap();
    assert!(rig.run(Lang::En, "ledger").1.contains("There is no journal"));
    let empty = rig.dir.path().join("empty");
    let (exit, out) = {
        let args = ["ledger".into(), "--data".into(), empty.into_os_string()].to_vec();
        let (mut out, text) = (Vec::new(), Text::of(Lang::En));
        let cli = super::super::args::parse(args).unwrap();
        (super::super::run(cli, &text, &mut out), String::from_utf8(out).unwrap())
    };
    assert_eq!(exit.unwrap(), Exit::Done);
    assert!(
        out.contains("There is no station list, and nothing of this day is recorded."),
        "{out}"
    );
}
