use std::fs;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::clock::{Clock, SystemClock};
use crate::evidence::{SealKey, Sealer, newest_head};
use crate::journal::{Entry, Event, Journal, RunConfig, RunInfo};
use crate::model::{FeedId, FeedKind, StationId};
use crate::record::index::{Index, sha256_of};
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
