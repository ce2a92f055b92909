use std::fs;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::clock::{Clock, SystemClock};
use crate::evidence::{SealKey, Sealer, newest_head};
use crate::journal::{Entry, Journal, RunConfig, RunInfo};
use crate::model::{FeedId, FeedKind, StationId};
use crate::record::index::{Index, sha256_of};
use crate::record::retention::Keeper;
use crate::record::{Catalogue as _, Ended, Record, Segment, SegmentPath, Stamp};
use crate::text::Lang;

/// The morning of 7 February 2024.
const DAY: i64 = 1_707_289_200_000_000;

/// A data folder in which two stations were recorded for two minutes, and sealed after each.
struct Rig {
    dir: tempfile::TempDir,
    data: DataDir,
    files: Vec<PathBuf>,
}

impl Rig {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(dir.path().join("data"))).unwrap();
        let volume = data.recordings();
        let index = Index::open(&data.footage_file(), &SystemClock).unwrap().0;
        let journal = open(&data);
        let key = SealKey::load_or_make(&data.seal().join("key")).unwrap();
        let mut sealer = Sealer::new(key, newest_head(&data.journal_file()).unwrap());
        let mut files = Vec::new();
        for minute in 0..2 {
            let mut records = Vec::new();
            for station in [StationId::new(1, 7), StationId::new(57, 12)] {
                let feed = FeedId { station, kind: FeedKind::Main };
                let us = minute * 60_000_000;
                let first = Stamp { utc_us: DAY + us, mono_us: us };
                let path = SegmentPath::new(feed, first.wall());
                let file = volume.join(path.to_string());
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(&file, format!("{station} {minute}")).unwrap();
                records.push(Record::Closed(Box::new(Segment {
                    feed,
                    path,
                    run: "run".into(),
                    first,
                    last: Stamp { utc_us: first.utc_us + 59_000_000, mono_us: us + 59_000_000 },
                    first_pts: 0,
                    last_pts: 1,
                    frames: 2,
                    bytes: fs::metadata(&file).unwrap().len(),
                    sha256: sha256_of(&file).unwrap(),
                    breaks: Vec::new(),
                    camera_clock_us: None,
                    clock_ahead_us: 0,
                    clock_synchronised: None,
                    ended: Ended::Full,
                })));
                files.push(file);
            }
            let alive = Stamp { utc_us: DAY + 1_000_000_000, mono_us: 0 };
            index.volume(&volume, "run").commit(&records, alive).unwrap();
            sealer.seal(&data.footage_file(), &journal, &SystemClock).unwrap().unwrap();
        }
        assert!(journal.close(Duration::from_secs(60)));
        Self { dir, data, files }
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
}

fn open(data: &DataDir) -> Journal {
    let run = RunInfo::this_process("record", RunConfig::default());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Journal::open(&data.journal_file(), clock, run, Arc::new(|| {})).unwrap()
}

#[test]
fn a_check_says_what_is_wrong_in_each_language_and_for_programs() {
    let rig = Rig::new();
    let (exit, said) = rig.run(Lang::En, "footage check --hash");
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(said.contains("Segments: 4, all in order."), "{said}");
    fs::remove_file(&rig.files[0]).unwrap();
    fs::write(&rig.files[3], "57/12 x").unwrap();
    for lang in Lang::ALL {
        let (exit, said) = rig.run(lang, "footage check --hash");
        assert_eq!(exit, Exit::Trouble, "{said}");
        let (one, other) = (said.find("1/7 main 07.02.2024"), said.find("57/12 main 07.02.2024"));
        assert!(one.is_some() && one < other, "{said}");
    }
    let (exit, said) = rig.run(Lang::En, "footage check --json");
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((exit, json["segments"].as_u64()), (Exit::Trouble, Some(4)));
    let findings = json["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "without reading them whole: {said}");
    assert_eq!((&findings[0]["station"], &findings[0]["what"]), (&"1/7".into(), &"missing".into()));
    let nothing = rig.dir.path().join("nothing");
    let context = Context { text: Text::of(Lang::En), clock: SystemClock, data: Some(nothing) };
    let ended = looked(&context, false, false, &mut Vec::new());
    assert_eq!(ended.unwrap_err().exit, Exit::Failed);
}

#[test]
fn heads_are_printed_and_looked_at() {
    let rig = Rig::new();
    for lang in Lang::ALL {
        let (exit, said) = rig.run(lang, "heads");
        assert_eq!((exit, said.lines().count()), (Exit::Done, 2), "{said}");
    }
    let (_, said) = rig.run(Lang::En, "heads --json");
    let lines: Vec<serde_json::Value> =
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[1]["number"], &lines[1]["leaves"][1][1]), (&2.into(), &2.into()));
    assert_eq!(lines[1]["leaves"][1][2].as_str().unwrap().len(), 64, "with the chains");

    // Somebody adds a head of his own.
    let journal = open(&rig.data);
    let forged = Event::SealHead {
        number: 3,
        made_utc_us: DAY,
        feeds: 0,
        root: "00".repeat(32),
        previous: "00".repeat(32),
        key: "00".repeat(32),
        signature: "00".repeat(64),
        leaves: String::new(),
    };
    journal.record_durably(Entry::now(&SystemClock, forged)).wait().unwrap();
    assert!(journal.close(Duration::from_secs(60)));
    let (exit, said) = rig.run(Lang::En, "heads");
    assert_eq!(exit, Exit::Failed);
    assert!(said.contains("DOES NOT FIT: its signature") && said.contains("fit: 1."), "{said}");
}

/// The moment of a minute of the recorded morning, as one types it.
fn typed(minute: i64) -> String {
    WallTime::from_micros(DAY + minute * 60_000_000).to_string()
}

#[test]
fn recordings_are_locked_listed_and_unlocked_beside_whoever_records() {
    let rig = Rig::new();
    let _owner = rig.data.own("record", &SystemClock).unwrap();
    let (exit, said) = rig.run(Lang::En, "footage locks");
    assert_eq!((exit, said.as_str()), (Exit::Done, "Nothing is locked.\n"));
    let lock =
        format!("footage lock --station 57/12 --from {} --to {} --reason X7", typed(0), typed(1));
    let (exit, said) = rig.run(Lang::En, &lock);
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(said.contains("Lock 1 holds") && said.contains("2 segments"), "{said}");
    let everybody = format!("footage lock --from {} --to {} --reason X8", typed(2), typed(9));
    assert_eq!(rig.run(Lang::En, &everybody).0, Exit::Done);
    for lang in Lang::ALL {
        let (exit, said) = rig.run(lang, "footage locks");
        assert_eq!((exit, said.lines().count()), (Exit::Done, 2), "{said}");
        assert!(said.contains("57/12") && said.contains("X7") && said.contains("X8"), "{said}");
    }
    let (_, said) = rig.run(Lang::En, "footage locks --json");
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let (one, all) = (&json["locks"][0], &json["locks"][1]);
    assert_eq!((&one["station"], &one["segments"]), (&"57/12".into(), &2.into()), "{said}");
    let files: Vec<_> = one["files"].as_array().unwrap().iter().collect();
    let paths = [&rig.files[1], &rig.files[3]].map(|file| file.to_string_lossy().into_owned());
    assert_eq!(files, paths.iter().collect::<Vec<_>>(), "{said}");
    assert!(all["station"].is_null() && all["segments"] == 0 && all["files"].is_null(), "{said}");
    let (exit, _) = rig.run(Lang::En, "footage unlock --lock 1 --reason done");
    assert_eq!(exit, Exit::Done);
    let (exit, said) = rig.run(Lang::En, "footage unlock --lock 1 --reason done");
    assert_eq!(exit, Exit::Failed);
    assert!(said.contains("no lock 1"), "{said}");
    let (_, said) = rig.run(Lang::En, "footage locks --json");
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((&json["locks"][0]["number"], &json["unlocked"][0]["lock"]), (&2.into(), &1.into()));
    let wrong = format!("footage lock --from {} --to {} --reason X", typed(1), typed(0));
    assert_eq!(rig.run(Lang::En, &wrong).0, Exit::Usage);
}

#[test]
fn a_check_tells_deleted_by_rule_from_missing_and_asks_the_journal() {
    let rig = Rig::new();
    let times = ["07:00", "08:00", "19:00", "22:00", "23:00"];
    let [before, voting, counting, protocol, closed] = times;
    let day = format!(
        "name = \"Day\"\ndate = 2030-01-06\nzone = \"Asia/Baku\"\n[stages]\nbefore_opening = \"{before}\"\n\
         voting = \"{voting}\"\ncounting = \"{counting}\"\nprotocol = \"{protocol}\"\nclosed = \"{closed}\"\n"
    );
    fs::write(rig.data.day_file(), day).unwrap();
    let corrupt = rig.data.recordings().join("2024-02-07/1/7/20240207T090000.000Z-main.mp4");
    fs::write(&corrupt, "no segment").unwrap();
    // What a recorder does at its start finds it.
    let segments = |path: &SegmentPath| !path.to_string().contains("T090000");
    crate::record::repair(&rig.data.recordings(), &[], None, &segments).unwrap();
    let journal = open(&rig.data);
    let keeper = Keeper {
        data: &rig.data,
        index: &Index::open(&rig.data.footage_file(), &SystemClock).unwrap().0,
        journal: &journal,
        clock: &SystemClock,
        synchronised: None,
    };
    let config = record::RecordConfig { keep_days: Some(7), ..record::RecordConfig::default() };
    let day = day::load(&rig.data.day_file(), &SystemClock).unwrap();
    assert_eq!(keeper.run_once(&day, &config).unwrap().segments, 4);
    assert!(journal.close(Duration::from_secs(60)));
    for lang in Lang::ALL {
        let (exit, said) = rig.run(lang, "footage check --hash");
        assert_eq!(exit, Exit::Trouble, "a file was set aside: {said}");
        assert!(said.contains("2024-02-07") && said.contains("quarantine"), "{said}");
        let (exit, said) = rig.run(lang, "journal --kind footage");
        assert_eq!((exit, said.lines().count()), (Exit::Done, 3), "{said}");
    }
    let json = || -> serde_json::Value {
        serde_json::from_str(&rig.run(Lang::En, "footage check --json").1).unwrap()
    };
    let checked = json();
    let deletion = &checked["deleted_by_rule"][0];
    assert_eq!((&deletion["segments"], &deletion["in_journal"]), (&4.into(), &true.into()));
    let findings = checked["findings"].as_array().unwrap();
    let whats: Vec<_> = findings.iter().map(|finding| &finding["what"]).collect();
    assert_eq!(whats, ["quarantined"], "{checked}");
    // Somebody has changed what is said to have been deleted by rule.
    let catalogue = rusqlite::Connection::open(rig.data.footage_file()).unwrap();
    let other = "DELETE FROM deleted WHERE named_ms = (SELECT max(named_ms) FROM deleted)";
    catalogue.execute(other, []).unwrap();
    assert_eq!(json()["deleted_by_rule"][0]["in_journal"], false);
    let (_, said) = rig.run(Lang::En, "footage check");
    assert!(said.contains("DOES NOT BEAR THIS OUT") && said.contains("not there"), "{said}");
}

#[test]
fn making_the_catalogue_again_says_what_it_found_and_needs_the_folder_alone() {
    let rig = Rig::new();
    // No file here is a segment of ours: all are told, none is touched.
    let (exit, said) = rig.run(Lang::En, "footage reindex");
    assert_eq!(exit, Exit::Trouble, "{said}");
    assert_eq!(said.matches("cannot be read as a segment").count(), 4, "{said}");
    assert!(said.contains("0 segments") && said.contains("footage.sqlite.before-"), "{said}");
    assert!(rig.files.iter().all(|file| file.exists()));
    let _owner = rig.data.own("record", &SystemClock).unwrap();
    let (exit, _) = rig.run(Lang::En, "footage reindex");
    assert_eq!(exit, Exit::Held);
    let (exit, _) = rig.run(Lang::En, "footage check");
    assert_eq!(exit, Exit::Trouble, "a look may be taken beside the owner");
}
