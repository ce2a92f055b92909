use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use self::reading::{between, csv_cells, page_cells};
use super::*;
use crate::app::ledger::words;
use crate::clock::FakeClock;
use crate::config::list::Base;
use crate::config::secrets::ListSecrets;
use crate::journal::{Entry, Event, Journal, RunConfig, RunInfo};
use crate::model::{District, FeedId, FeedKind, Station, StationList};
use crate::record::index::Index;
use crate::record::{Catalogue as _, Ended, Record, Segment, SegmentPath, Stamp};

mod calls;
mod paper;
mod reading;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
/// 07:00 in Baku on the election day.
const SEVEN: i64 = 1_707_274_800 * SECOND;

const DAY: &str = r#"
name = "Prezident <seçkisi>"
date = 2024-02-07
zone = "Asia/Baku"
[stages]
before_opening = "07:00"
voting = "08:00"
counting = "09:00"
protocol = "09:30"
closed = "10:00"
"#;

const HOSTILE: &str = "=1+1 <script>alert(1)</script> & \"Əli\" 'x' \u{202e}";

/// Numbers that look random and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % most
    }
}

/// A data folder in which stations were recorded with gaps, while states and alarms came and went.
struct Rig {
    dir: tempfile::TempDir,
    data: DataDir,
}

impl Rig {
    fn new(seed: u64, ids: &[StationId], segments_us: i64, hours: i64, of: i64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(dir.path().join("data"))).unwrap();
        let closed = format!("{:02}:00", 7 + hours);
        fs::write(data.day_file(), DAY.replace("10:00", &closed)).unwrap();
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(SEVEN - HOUR)));
        let station = |id: &StationId| Station {
            id: *id,
            name: HOSTILE.into(),
            address: String::new(),
            main: "rtsp://127.0.0.1/".into(),
            sub: None,
            latitude: None,
            longitude: None,
            network: String::new(),
        };
        let numbers: BTreeSet<DistrictNo> = ids.iter().map(|id| id.district).collect();
        let districts =
            numbers.iter().map(|&number| District { number, name: "Nərimanov".into() });
        let stations = ids.iter().map(station).collect();
        let list = StationList { districts: districts.collect(), stations };
        let secrets = ListSecrets::default();
        ListStore::new(&data).accept(list, secrets, "list.csv", Base::Nothing, &*clock).unwrap();
        let run = journal(&data, &clock, &mut Chance(seed), ids, hours);
        let index = Index::open(&data.footage_file(), &*clock).unwrap().0;
        let mut volume = index.volume(&data.recordings(), &run);
        let mut chance = Chance(seed ^ 0x5eed);
        for id in ids {
            let mut records = Vec::new();
            let mut at = SEVEN - 10 * MINUTE;
            while at < SEVEN + hours * HOUR {
                // Seven `of` so many are missing or end early: by a short break, or by a gap.
                let less = match chance.below(of) {
                    0..3 => Some(chance.below(segments_us - SECOND)),
                    3..6 => Some(SECOND + chance.below(2 * SECOND)),
                    6 => None,
                    _ => Some(66_000),
                };
                if let Some(less) = less {
                    let segment = segment(*id, &run, at, at + segments_us - less);
                    records.push(Record::Closed(Box::new(segment)));
                }
                at += segments_us;
            }
            let end = SEVEN + hours * HOUR - 5 * MINUTE;
            volume.commit(&records, Stamp { utc_us: end, mono_us: end - SEVEN }).unwrap();
        }
        Self { dir, data }
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

    /// Page, figures, events, JSON.
    fn report(&self, lang: Lang, more: &str) -> [String; 4] {
        let out = self.dir.path().join("out");
        let (exit, said) = self.run(lang, &format!("report --out {} {more}", out.display()));
        assert_eq!(exit, Exit::Done, "{said}");
        let files: Vec<String> =
            said.lines().map(|file| fs::read_to_string(file).unwrap()).collect();
        files.try_into().unwrap()
    }

    fn ledger(&self) -> Value {
        let (exit, out) = self.run(Lang::En, "ledger --json");
        assert_eq!(exit, Exit::Done, "{out}");
        serde_json::from_str(&out).unwrap()
    }
}

fn segment(station: StationId, run: &str, from_us: i64, to_us: i64) -> Segment {
    let feed = FeedId { station, kind: FeedKind::Main };
    let stamp = |us| Stamp { utc_us: us, mono_us: us - SEVEN };
    Segment {
        feed,
        path: SegmentPath::new(feed, stamp(from_us).wall()),
        run: run.to_owned(),
        first: stamp(from_us),
        last: stamp(to_us),
        first_pts: 0,
        last_pts: (to_us - from_us) / 100 * 9,
        frames: 900,
        bytes: 1000,
        sha256: [7; 32],
        breaks: Vec::new(),
        camera_clock_us: None,
        clock_ahead_us: 0,
        clock_synchronised: Some(true),
        ended: Ended::Full,
    }
}

/// Writes the journal of a run and gives its name.
fn journal(
    data: &DataDir,
    clock: &Arc<FakeClock>,
    chance: &mut Chance,
    ids: &[StationId],
    hours: i64,
) -> String {
    let mut rows: Vec<(i64, Option<StationId>, Event)> = Vec::new();
    rows.push((
        SEVEN - HOUR,
        None,
        Event::Recording { on: true, stations: None, feed: "main".into() },
    ));
    let state = |from: &str, to: &str, trouble: Option<&str>| Event::State {
        from: from.into(),
        to: to.into(),
        trouble: trouble.map(str::to_owned),
        since_utc_us: None,
        evidence: Value::Null,
    };
    for (number, id) in ids.iter().enumerate() {
        rows.push((SEVEN - HOUR, Some(*id), state("connecting", "live", None)));
        let mut at = SEVEN - 5 * MINUTE;
        for nth in 0..3 {
            at += 1 + chance.below(hours * HOUR / 4);
            let (to, trouble) = [
                ("offline", Some("refused")),
                ("frozen", None),
                ("black", None),
                ("stalled", Some("frames-stopped")),
            ][usize::try_from(chance.below(4)).unwrap()];
            rows.push((at, Some(*id), state("live", to, trouble)));
            let alarm = 1 + u64::try_from(3 * number + nth).unwrap();
            let raised = Event::AlarmRaised {
                alarm,
                state: to.into(),
                trouble: trouble.map(str::to_owned),
                since_utc_us: None,
            };
            rows.push((at, Some(*id), raised));
            if chance.below(3) > 0 {
                let (who, note) = (HOSTILE.to_owned(), String::new());
                let waited = 1 + chance.below(5 * MINUTE);
                rows.push((at + waited, Some(*id), Event::AlarmAcknowledged { alarm, who, note }));
            } else {
                rows.push((at + 6 * MINUTE, Some(*id), Event::AlarmClosed { alarm }));
            }
            at += 1 + chance.below(20 * MINUTE);
            rows.push((at, Some(*id), state(to, "live", None)));
        }
    }
    rows.sort_by_key(|(at, ..)| *at);
    let info = RunInfo::this_process("record", RunConfig::default());
    let run = info.id().to_owned();
    let shared: Arc<dyn Clock> = Arc::<FakeClock>::clone(clock);
    let journal = Journal::open(&data.journal_file(), shared, info, Arc::new(|| {})).unwrap();
    for (at, station, event) in rows {
        let ahead = (at - clock.wall().as_micros()).max(0);
        clock.advance(Duration::from_micros(u64::try_from(ahead).unwrap()));
        let entry = Entry::now(&**clock, event);
        journal.record(station.map_or(entry.clone(), |station| entry.at(station)));
    }
    assert!(journal.close(Duration::from_secs(60)));
    run
}

fn few() -> Vec<StationId> {
    [(57, 12), (57, 13), (58, 1), (101, 4)].map(|(d, s)| StationId::new(d, s)).to_vec()
}

fn us(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn every_figure_is_the_ledgers() {
    for seed in 1..=6 {
        let rig = Rig::new(seed, &few(), MINUTE, 3, 20);
        let lang = Lang::ALL[usize::try_from(seed % 3).unwrap()];
        let text = Text::of(lang);
        let (separator, point) = if lang == Lang::En { (',', '.') } else { (';', ',') };
        let ledger = rig.ledger();
        let [page, figures, events, json] = rig.report(lang, "");
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["country"]["sums"], ledger["sums"]);
        let rows = csv_cells(&figures, separator);
        let title = |key: &str| text.get(key).into_owned();
        let found = |what: &str, id: (&str, &str), stage: &str| {
            let wanted = |row: &&HashMap<String, String>| {
                row[&title("ledger-column-what")] == what
                    && row[&title("ledger-column-district")] == id.0
                    && row[&title("ledger-column-station")] == id.1
                    && row[&title("day-report-column-stage")] == stage
            };
            let rows: Vec<_> = rows.iter().filter(wanted).collect();
            assert_eq!(rows.len(), 1, "{what} {id:?} {stage}");
            rows[0].clone()
        };
        let agrees = |row: &HashMap<String, String>, sums: &Value| {
            for (column, sum) in [
                ("day-report-column-hours-seconds", "hours_us"),
                ("day-report-column-recorded-seconds", "recorded_us"),
                ("ledger-column-break-seconds", "short_us"),
                ("day-report-column-gap-seconds", "gap_us"),
                ("day-report-column-longest-seconds", "longest_gap_us"),
            ] {
                assert_eq!(row[&title(column)], words::seconds(us(&sums[sum]), point), "{sum}");
            }
            for (column, sum) in
                [("day-report-column-gaps", "gaps"), ("ledger-column-breaks", "short_breaks")]
            {
                assert_eq!(row[&title(column)], sums[sum].to_string(), "{sum}");
            }
            let share =
                sums["coverage_per_cent"].as_str().unwrap().replace('.', &point.to_string());
            assert_eq!(row[&title("ledger-column-coverage")], share);
        };
        agrees(&found("country", ("", ""), ""), &ledger["sums"]);
        let mut listed = Vec::new();
        let stations = ledger["stations"].as_array().unwrap();
        assert_eq!(json["stations"].as_array().unwrap().len(), stations.len());
        for (own, station) in json["stations"].as_array().unwrap().iter().zip(stations) {
            let name = station["station"].as_str().unwrap();
            let id = name.split_once('/').unwrap();
            assert_eq!(own["station"], station["station"]);
            assert_eq!(own["sums"], station["sums"]);
            assert_eq!(own["picture_troubles"], station["pictures"]);
            let lines = station["lines"].as_array().unwrap();
            let gaps: Vec<&Value> = lines.iter().filter(|line| line["what"] == "gap").collect();
            assert_eq!(own["gaps"].as_array().unwrap().iter().collect::<Vec<_>>(), gaps);
            let by_cause: u64 = own["gaps_by_cause"]
                .as_object()
                .unwrap()
                .values()
                .map(|n| n.as_u64().unwrap())
                .sum();
            assert_eq!(by_cause, gaps.len() as u64);
            agrees(&found("station", id, ""), &station["sums"]);
            for stage in station["stages"].as_array().unwrap() {
                let code = stage["stage"].as_str().unwrap();
                assert_eq!(own["stages"][code]["sums"], stage["sums"]);
                agrees(&found("station", id, code), &stage["sums"]);
            }
            // On the page, in the words of the ledger's table.
            let row = between(&page, &format!("id=s{}-{}>", id.0, id.1), "<tr><td colspan");
            let (cells, sums) = (page_cells(row), &station["sums"]);
            let share =
                sums["coverage_per_cent"].as_str().unwrap().replace('.', &point.to_string());
            assert_eq!(cells[1], format!("{share}\u{a0}%"));
            for (place, sum) in
                [(2, "hours_us"), (3, "recorded_us"), (6, "gap_us"), (7, "longest_gap_us")]
            {
                assert_eq!(cells[place], words::length(us(&sums[sum])), "{sum}");
            }
            assert_eq!(cells[5], sums["gaps"].to_string());
            let short = words::length(us(&sums["short_us"]));
            assert_eq!(cells[4], format!("{} ({short})", sums["short_breaks"]));
            listed.extend(gaps.into_iter().map(|gap| (name.to_owned(), gap.clone())));
        }
        // Districts and country are their stations, and the hours of the drawing are all hours.
        for (district, own) in
            json["districts"].as_array().unwrap().iter().map(|d| (d["district"].to_string(), d))
        {
            let mine = stations
                .iter()
                .filter(|s| s["station"].as_str().unwrap().starts_with(&format!("{district}/")));
            let summed: i64 = mine.map(|s| us(&s["sums"]["gap_us"])).sum();
            assert_eq!(us(&own["sums"]["gap_us"]), summed);
            let by_hour = own["hours_and_gaps_us"].as_array().unwrap();
            assert_eq!(
                by_hour.iter().map(|hour| us(&hour[0])).sum::<i64>(),
                us(&own["sums"]["hours_us"])
            );
            assert_eq!(by_hour.iter().map(|hour| us(&hour[1])).sum::<i64>(), summed);
            assert_eq!(by_hour.len(), 3);
        }
        // Every gap is listed, once, with its ends and cause: in the table and on the page.
        assert!(listed.len() > 20, "there is something to be compared");
        let of_table = csv_cells(&events, separator);
        let of_table: Vec<_> =
            of_table.iter().filter(|row| row[&title("ledger-column-what")] == "gap").collect();
        let of_page: Vec<Vec<String>> =
            between(&page, "<table id=gaps", "</table>").lines().skip(1).map(page_cells).collect();
        assert_eq!((of_table.len(), of_page.len()), (listed.len(), listed.len()));
        for ((name, gap), (row, cells)) in listed.iter().zip(of_table.iter().zip(&of_page)) {
            assert_eq!(row[&title("ledger-column-from-utc")], gap["from_utc"].as_str().unwrap());
            assert_eq!(row[&title("ledger-column-to-utc")], gap["to_utc"].as_str().unwrap());
            assert_eq!(row[&title("ledger-column-code")], gap["cause"].as_str().unwrap());
            let from: jiff::Timestamp = gap["from_utc"].as_str().unwrap().parse().unwrap();
            let zone = TimeZone::get("Asia/Baku").unwrap();
            assert_eq!(&cells[0], name);
            assert_eq!(cells[1], words::time(from.as_microsecond(), &zone));
            assert_eq!(cells[3], words::length(us(&gap["us"])));
            assert_eq!(cells[4], row[&title("ledger-column-words")]);
        }
    }
}

#[test]
fn alarms_are_counted_with_how_long_they_waited() {
    let rig = Rig::new(3, &few(), MINUTE, 3, 20);
    let [page, .., json] = rig.report(Lang::En, "");
    let json: Value = serde_json::from_str(&json).unwrap();
    let all = json["alarms"].as_array().unwrap();
    let mut waited: Vec<i64> = all.iter().filter_map(|alarm| alarm["waited_us"].as_i64()).collect();
    waited.sort_unstable();
    let told = &json["country"]["alarms"];
    assert!(waited.len() > 2 && waited.len() < all.len(), "some were answered: {told}");
    assert_eq!(told["raised"], all.len());
    assert_eq!(told["acknowledged"], waited.len());
    assert_eq!(us(&told["never"]) + us(&told["waiting"]), us(&json!(all.len() - waited.len())));
    assert_eq!(told["longest_us"], *waited.last().unwrap());
    assert_eq!(told["median_us"], waited[waited.len().div_ceil(2) - 1]);
    let nine_in_ten = (waited.len() * 9).div_ceil(10);
    assert_eq!(told["p90_us"], waited[nine_in_ten - 1]);
    for alarm in all {
        let raised: jiff::Timestamp = alarm["raised_utc"].as_str().unwrap().parse().unwrap();
        assert!(
            (SEVEN..SEVEN + 3 * HOUR).contains(&raised.as_microsecond()),
            "of these hours only"
        );
    }
    let parts = json["districts"].as_array().unwrap().iter();
    assert_eq!(parts.map(|d| us(&d["alarms"]["raised"])).sum::<i64>(), us(&told["raised"]));
    let rows = between(&page, "<table id=alarms", "</table>").lines().skip(1).count();
    assert_eq!(rows, all.len());
}

#[test]
fn whatever_a_station_is_called_the_page_stays_a_page() {
    let rig = Rig::new(1, &few(), MINUTE, 3, 20);
    for lang in Lang::ALL {
        let [page, figures, events, _] = rig.report(lang, "");
        for bad in
            ["<script", "day-report-", "ledger-", "http://", "https://", "src=", "@import", "<link"]
        {
            assert!(!page.contains(bad), "{bad} is on the page");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Əli&quot;"));
        assert_eq!(page.matches("url(").count(), page.matches("url(#").count());
        let separator = if lang == Lang::En { ',' } else { ';' };
        let title = |key: &str| Text::of(lang).get(key).into_owned();
        let named = csv_cells(&figures, separator)
            .into_iter()
            .find(|row| row[&title("ledger-column-station")] == "12");
        assert!(named.unwrap()[&title("day-report-column-name")].starts_with("'=1+1"));
        let alarms: Vec<_> = csv_cells(&events, separator)
            .into_iter()
            .filter(|row| row[&title("ledger-column-what")] == "alarm")
            .collect();
        assert!(
            alarms.iter().any(|row| row[&title("ledger-column-evidence")].starts_with("'=1+1"))
        );
    }
}

#[test]
fn a_part_of_the_country_is_that_part_and_nobody_unknown_is() {
    let rig = Rig::new(2, &few(), MINUTE, 3, 20);
    let stations = |more: &str| {
        let json: Value = serde_json::from_str(&rig.report(Lang::En, more)[3]).unwrap();
        let all = json["stations"].as_array().unwrap().iter();
        all.map(|s| s["station"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(stations("--district 57"), ["57/12", "57/13"]);
    assert_eq!(stations("--stations 101/4,57/12"), ["57/12", "101/4"]);
    assert_eq!(stations("--station 58/1"), ["58/1"]);
    for (line, said) in [
        ("--stations 57/12,99/1", "There is no station 99/1"),
        ("--district 99", "There is no district 99"),
    ] {
        let (exit, out) = rig.run(Lang::En, &format!("report {line}"));
        assert_eq!(exit, Exit::Usage, "{out}");
        assert!(out.starts_with(said), "{out}");
    }
    let blocked = rig.dir.path().join("file");
    fs::write(&blocked, b"x").unwrap();
    let (exit, out) = rig.run(Lang::En, &format!("report --out {}", blocked.display()));
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("cannot be written") && out.contains("--out"), "{out}");
}

#[test]
fn a_cancelled_report_leaves_nothing() {
    let rig = Rig::new(2, &few(), MINUTE, 3, 20);
    let out = rig.dir.path().join("cancelled");
    let (stations, lang) = (Chosen::All, Lang::Az);
    let wish = Wish {
        data: &rig.data,
        files: None,
        date: None,
        district: None,
        stations,
        out: &out,
        lang,
    };
    let clock = FakeClock::at(WallTime::from_micros(SEVEN + 24 * HOUR));
    let made = make(&wish, &clock, &AtomicBool::new(true));
    assert!(matches!(made, Err(NoReport::Cancelled)));
    assert!(!out.exists());
    assert_eq!(make(&wish, &clock, &AtomicBool::new(false)).unwrap().files.len(), 4);
}

#[test]
fn a_day_of_nothing_but_gaps_is_drawn_in_little_room() {
    // A segment of four seconds, of which a part is missing all the time.
    let rig = Rig::new(5, &few()[..1], 4 * SECOND, 3, 20);
    let [page, ..] = rig.report(Lang::En, "");
    let drawing = between(&page, "<svg class=s", "</svg>");
    assert!(drawing.len() < 24 * 1024, "{}", drawing.len());
    assert!(between(drawing, "<path class=g d=\"", "\"").matches('M').count() > 20);
}
