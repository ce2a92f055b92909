use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;

use super::fixtures::{DAY, Fixtures, feed, segment, write, write_unfinished};
use super::schema::MIGRATIONS;
use super::*;
use crate::clock::{FakeClock, WallTime};
use crate::model::FeedKind;
use crate::record::chain::{BEGINNING, Hash, chained};
use crate::record::{Catalogue as _, Cause, Incident, Opened, Record, Segment, SegmentPath, Stamp};

const ALWAYS: (WallTime, WallTime) =
    (WallTime::from_micros(i64::MIN), WallTime::from_micros(i64::MAX));

struct Rig {
    dir: tempfile::TempDir,
    clock: FakeClock,
    /// `None` while nobody records: it is opened when it is wanted.
    index: RefCell<Option<Index>>,
}

impl Rig {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = FakeClock::at(WallTime::from_micros(DAY));
        let (index, aside) =
            Index::open(&dir.path().join("footage/footage.sqlite"), &clock).unwrap();
        assert_eq!(aside, None);
        Self { dir, clock, index: RefCell::new(Some(index)) }
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("footage/footage.sqlite")
    }

    fn volume(&self) -> PathBuf {
        self.dir.path().join("volume")
    }

    fn commit(&self, records: &[Record], alive_us: i64) {
        let alive = Stamp { utc_us: alive_us, mono_us: alive_us - DAY };
        self.index().volume(&self.volume(), "run-1").commit(records, alive).unwrap();
    }

    fn index(&self) -> Index {
        let open = || Index::open(&self.file(), &self.clock).unwrap().0;
        self.index.borrow_mut().get_or_insert_with(open).clone()
    }

    /// As it is when the recorder has ended.
    fn end(&self) {
        *self.index.borrow_mut() = None;
    }

    fn reader(&self) -> Reader {
        Reader::open(&self.file()).unwrap()
    }

    fn rebuild(&self) -> Rebuilt {
        self.end();
        let volumes = [self.volume()];
        rebuild(&self.file(), &volumes, &Fixtures, &self.clock, &|_| {}).unwrap()
    }
}

fn closed(segment: &Segment) -> Record {
    Record::Closed(Box::new(segment.clone()))
}

fn all(reader: &Reader) -> Vec<Kept> {
    let mut all = Vec::new();
    reader.each(|kept| all.push(kept)).unwrap();
    all
}

fn chain_of(segments: &[Segment]) -> Vec<Hash> {
    let mut before = BEGINNING;
    segments
        .iter()
        .map(|segment| {
            before = chained(&before, segment);
            before
        })
        .collect()
}

#[test]
fn everything_that_was_told_is_read_again() {
    let rig = Rig::new();
    let (a, b) = (feed(57, 12), feed(119, 4_000_000_000));
    let sub = crate::model::FeedId { kind: FeedKind::Sub, ..a };
    let segments: Vec<Segment> = (0..9).map(|minute| segment(a, minute)).collect();
    let others = [segment(b, 0), segment(sub, 1)];
    let opened =
        Opened { path: segment(a, 9).path, run: "run-1".into(), first: segment(a, 9).first };
    let incident = Incident {
        feed: Some(a),
        cause: Cause::DiskFull,
        from_utc_us: DAY + 1,
        to_utc_us: DAY + 5,
        evidence: serde_json::json!({ "bytes": 7 }),
    };
    let everyone = Incident { feed: None, cause: Cause::ClockStep, ..incident.clone() };
    let mut records: Vec<Record> = segments.iter().chain(&others).map(closed).collect();
    records.push(Record::Opened(opened.clone()));
    records.extend([&incident, &everyone].map(|one| Record::Incident(one.clone())));
    rig.commit(&records, DAY + 600_000_000);
    rig.commit(&[], DAY + 700_000_000);

    let reader = rig.reader();
    let found = reader.segments(a, ALWAYS.0, ALWAYS.1).unwrap();
    assert_eq!(found.iter().map(|kept| kept.segment.clone()).collect::<Vec<_>>(), segments);
    assert!(found.iter().all(|kept| kept.is_hashed && kept.volume == rig.volume()));
    let chain: Vec<_> = found.iter().map(|kept| kept.chain.unwrap()).collect();
    assert_eq!(chain, chain_of(&segments));
    assert_eq!(
        found.iter().map(|kept| kept.place).collect::<Vec<_>>(),
        (1..=9).collect::<Vec<_>>()
    );
    let some =
        reader.segments(a, WallTime::from_micros(DAY + 61_000_000), segments[2].first.wall());
    assert_eq!(some.unwrap().len(), 2, "those that only touch are there");

    assert_eq!(reader.opened().unwrap(), [(rig.volume(), opened)]);
    assert_eq!(reader.incidents(ALWAYS.0, ALWAYS.1).unwrap(), [incident, everyone]);
    let later = WallTime::from_micros(DAY + 6);
    assert_eq!(reader.incidents(later, ALWAYS.1).unwrap(), []);
    let stamp = |us| Stamp { utc_us: DAY + us, mono_us: us };
    let alive = Alive { run: "run-1".into(), first: stamp(600_000_000), last: stamp(700_000_000) };
    assert_eq!(reader.alive().unwrap(), [alive]);
    assert_eq!(reader.newest().unwrap(), Some(WallTime::from_micros(DAY + 700_000_000)));
    assert_eq!(reader.volumes().unwrap(), [rig.volume()]);
    let links = reader.links().unwrap();
    assert_eq!(
        links.iter().map(|link| (link.feed, link.place)).collect::<Vec<_>>(),
        [(a, 9), (sub, 1), (b, 1)]
    );
    assert_eq!(Some(links[0].chain), reader.chain_at(a, 9).unwrap());
    assert_eq!(reader.chain_at(a, 10).unwrap(), None);
}

#[test]
fn spans_come_by_feed_and_time_with_their_breaks() {
    let rig = Rig::new();
    let feeds = [feed(2, 1), feed(1, 2), feed(1, 1)];
    let records: Vec<Record> =
        (0..6).flat_map(|minute| feeds.map(|feed| closed(&segment(feed, minute)))).collect();
    rig.commit(&records, DAY);
    let mut found = Vec::new();
    let from = WallTime::from_micros(segment(feeds[0], 2).last.utc_us);
    let to = WallTime::from_micros(segment(feeds[0], 4).first.utc_us);
    rig.reader().spans(from, to, |span| found.push(span)).unwrap();
    let mut sorted = feeds;
    sorted.sort();
    let expected: Vec<Span> = sorted
        .iter()
        .flat_map(|&feed| (2..=4).map(move |minute| segment(feed, minute)))
        .map(|s| Span {
            feed: s.feed,
            from_utc_us: s.first.utc_us,
            to_utc_us: s.last.utc_us,
            breaks: s.breaks,
            camera_clock_us: s.camera_clock_us,
            clock_ahead_us: s.clock_ahead_us,
            clock_synchronised: s.clock_synchronised,
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(found.iter().map(|span| span.breaks.len()).sum::<usize>(), 3);
}

#[test]
fn what_is_told_twice_is_there_once_and_a_closed_segment_is_not_open() {
    let rig = Rig::new();
    let one = segment(feed(1, 1), 0);
    let opened = Opened { path: one.path.clone(), run: one.run.clone(), first: one.first };
    let incident = Incident {
        feed: None,
        cause: Cause::Overload,
        from_utc_us: 1,
        to_utc_us: 2,
        evidence: serde_json::Value::Null,
    };
    for _ in 0..2 {
        rig.commit(&[Record::Opened(opened.clone())], DAY);
        assert_eq!(rig.reader().opened().unwrap().len(), 1);
        rig.commit(&[closed(&one), Record::Incident(incident.clone())], DAY);
        assert_eq!(rig.reader().opened().unwrap(), []);
    }
    // One that differs does not displace what is sealed.
    rig.commit(&[closed(&Segment { sha256: [9; 32], ..one.clone() })], DAY);
    let kept = all(&rig.reader());
    assert_eq!((kept.len(), kept[0].segment.sha256), (1, one.sha256));
    assert_eq!(rig.reader().incidents(ALWAYS.0, ALWAYS.1).unwrap().len(), 1);
    rig.commit(&[Record::Opened(opened.clone())], DAY);
    rig.index().forget_opened(&[opened.path]).unwrap();
    assert_eq!(rig.reader().opened().unwrap(), []);
}

#[test]
fn all_lines_of_a_commit_are_taken_down_or_none() {
    let rig = Rig::new();
    let good = segment(feed(1, 1), 0);
    let bad = Segment { bytes: u64::MAX, ..segment(feed(1, 1), 1) };
    let mut volume = rig.index().volume(&rig.volume(), "run-1");
    let error = volume.commit(&[closed(&good), closed(&bad)], Stamp::default()).unwrap_err();
    assert!(!error.is_full, "{error}");
    assert_eq!(all(&rig.reader()), []);
    assert_eq!(rig.reader().alive().unwrap(), []);
    volume.commit(&[closed(&good)], Stamp::default()).unwrap();
    assert_eq!(all(&rig.reader()).len(), 1);
}

#[test]
fn a_newer_file_is_refused_and_not_touched() {
    let rig = Rig::new();
    let file = rig.file();
    rig.end();
    let connection = Connection::open(&file).unwrap();
    let newer = MIGRATIONS.len() as i64 + 1;
    connection.pragma_update(None, "user_version", newer).unwrap();
    connection.close().unwrap();
    let before = fs::read(&file).unwrap();
    for error in [
        Index::open(&file, &rig.clock).err().unwrap(),
        Reader::open(&file).err().unwrap(),
        rebuild(&file, &[], &Fixtures, &rig.clock, &|_| {}).err().unwrap(),
    ] {
        assert!(matches!(error, IndexError::Newer { found, .. } if found == newer), "{error}");
    }
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_file_of_every_earlier_form_is_brought_to_this_one() {
    for earlier in 0..=MIGRATIONS.len() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("footage.sqlite");
        let connection = Connection::open(&file).unwrap();
        for migration in &MIGRATIONS[..earlier] {
            connection.execute_batch(migration).unwrap();
        }
        connection.pragma_update(None, "user_version", earlier as i64).unwrap();
        connection.close().unwrap();
        let (index, aside) = Index::open(&file, &FakeClock::default()).unwrap();
        assert_eq!(aside, None);
        let one = segment(feed(1, 1), 0);
        index.volume(dir.path(), "r").commit(&[closed(&one)], Stamp::default()).unwrap();
        assert_eq!(all(&Reader::open(&file).unwrap()).len(), 1);
    }
}

#[test]
fn a_damaged_file_is_set_aside_and_what_is_no_file_is_said() {
    let rig = Rig::new();
    assert!(matches!(
        Reader::open(Path::new("/nowhere/x.sqlite")).err().unwrap(),
        IndexError::None { .. }
    ));
    let file = rig.dir.path().join("other.sqlite");
    fs::write(
        &file,
        "no catalogue at all, but text that is longer than a header of SQLite is: \
                      a hundred bytes and more",
    )
    .unwrap();
    assert!(matches!(Reader::open(&file).err().unwrap(), IndexError::Damaged { .. }));
    let (_, aside) = Index::open(&file, &rig.clock).unwrap();
    let aside = aside.unwrap();
    assert!(fs::read_to_string(aside).unwrap().starts_with("no catalogue"));
    assert_eq!(all(&Reader::open(&file).unwrap()), []);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_look_into_its_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let rig = Rig::new();
    let folder = fs::metadata(rig.file().parent().unwrap()).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
}

#[test]
fn a_file_that_is_taken_away_is_begun_again() {
    let rig = Rig::new();
    rig.commit(&[closed(&segment(feed(1, 1), 0))], DAY);
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(format!("{}{end}", rig.file().display())).unwrap();
    }
    rig.commit(&[closed(&segment(feed(1, 1), 1))], DAY);
    assert_eq!(all(&rig.reader()).len(), 1, "in the file that everybody finds");
}

/// A country of some files, and the catalogue of it.
fn recorded(rig: &Rig) -> Vec<Segment> {
    let feeds = [feed(1, 1), feed(1, 2), feed(57, 12)];
    let written: Vec<Segment> = feeds
        .iter()
        .flat_map(|&feed| (0..5).map(move |minute| segment(feed, minute)))
        .map(|segment| write(&rig.volume(), segment))
        .collect();
    rig.commit(&written.iter().map(closed).collect::<Vec<_>>(), DAY + 400_000_000);
    written
}

#[test]
fn the_catalogue_is_made_again_from_the_files_alone() {
    let rig = Rig::new();
    recorded(&rig);
    let before = all(&rig.reader());
    rig.end();
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", rig.file().display()));
    }
    let first = write_unfinished(&rig.volume(), feed(1, 1), segment(feed(1, 1), 5).first);
    let seen = AtomicU64::new(0);
    let count = |files| {
        seen.fetch_add(files, Ordering::Relaxed);
    };
    let rebuilt = rebuild(&rig.file(), &[rig.volume()], &Fixtures, &rig.clock, &count).unwrap();
    assert_eq!((rebuilt.segments, rebuilt.unhashed, rebuilt.unfinished), (15, 15, 1));
    assert_eq!(seen.load(Ordering::Relaxed), 16);
    assert_eq!(rig.reader().opened().unwrap()[0].1.path, first.path);
    // Without hashes there is no chain, but all else.
    assert_eq!(rig.reader().links().unwrap(), []);
    let alive = rig.reader().alive().unwrap();
    assert_eq!((alive[0].first.utc_us, alive[0].last), (DAY, before[4].segment.last));
    let (learnt, unread) = fill_hashes(&rig.file(), &|_| {}).unwrap();
    assert_eq!((learnt, unread.len()), (15, 0));
    assert_eq!(all(&rig.reader()), before, "the same to the last hash of the chains");
    // What is recorded now goes on from there.
    rig.commit(&[closed(&segment(feed(1, 1), 5))], DAY);
    assert_eq!(rig.reader().links().unwrap()[0].place, 6);
}

#[test]
fn making_it_again_keeps_what_no_file_says() {
    let rig = Rig::new();
    let written = recorded(&rig);
    let incident = Incident {
        feed: None,
        cause: Cause::DiskFailed,
        from_utc_us: DAY,
        to_utc_us: DAY + 1,
        evidence: serde_json::json!({}),
    };
    rig.commit(&[Record::Incident(incident.clone())], DAY + 500_000_000);
    let (before, alive) = (all(&rig.reader()), rig.reader().alive().unwrap());
    let gone = rig.volume().join(written[7].path.to_string());
    fs::remove_file(&gone).unwrap();
    let folder = gone.parent().unwrap();
    fs::write(folder.join("20240207T070001.000Z-main.mp4"), b"torn").unwrap();
    fs::write(folder.join("notes.txt"), b"not ours").unwrap();
    let rebuilt = rig.rebuild();
    assert_eq!((rebuilt.segments, rebuilt.unhashed), (14, 0), "hashes are known from before");
    assert_eq!(rebuilt.missing, [gone]);
    assert_eq!((rebuilt.unread.len(), rebuilt.foreign.len()), (1, 1), "{rebuilt:?}");
    let reader = rig.reader();
    assert_eq!(reader.incidents(ALWAYS.0, ALWAYS.1).unwrap(), [incident]);
    // It was at work at least as long as it had said, and as its segments say.
    let first = Stamp { utc_us: DAY, mono_us: 0 };
    assert_eq!(reader.alive().unwrap(), [Alive { first, ..alive[0].clone() }]);
    // The other feeds are as they were, the chain of this one is another.
    let now = all(&reader);
    assert_eq!((&now[..5], &now[9..]), (&before[..5], &before[10..]));
    assert_ne!(now[7].chain, before[8].chain);
    // And the old one is still to be had.
    let old = Reader::open(&rebuilt.old.unwrap()).unwrap();
    assert_eq!(all(&old), before);
}

#[test]
fn a_segment_that_was_told_late_keeps_its_later_place() {
    let rig = Rig::new();
    let feed = feed(1, 1);
    let segments: Vec<Segment> = [1, 2, 0].map(|m| write(&rig.volume(), segment(feed, m))).to_vec();
    rig.commit(&segments.iter().map(closed).collect::<Vec<_>>(), DAY);
    let before = all(&rig.reader());
    rig.rebuild();
    assert_eq!(all(&rig.reader()), before);
    // By time it is first all the same.
    let by_time = rig.reader().segments(feed, ALWAYS.0, ALWAYS.1).unwrap();
    assert_eq!(by_time.iter().map(|kept| kept.place).collect::<Vec<_>>(), [3, 1, 2]);
}

#[test]
fn a_catalogue_is_not_made_again_while_a_volume_is_away() {
    let rig = Rig::new();
    recorded(&rig);
    let before = all(&rig.reader());
    let volumes = [rig.volume(), rig.dir.path().join("away")];
    let error = rebuild(&rig.file(), &volumes, &Fixtures, &rig.clock, &|_| {}).unwrap_err();
    assert!(error.to_string().contains("away"), "{error}");
    assert_eq!(all(&rig.reader()), before);
    let names = fs::read_dir(rig.file().parent().unwrap()).unwrap();
    let new = names.filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().contains("new"));
    assert_eq!(new.count(), 0);
}

#[test]
fn a_damaged_catalogue_is_made_again_too() {
    let rig = Rig::new();
    recorded(&rig);
    let before = all(&rig.reader()).len();
    rig.end();
    // Worked into the file, of which then the middle is lost.
    Connection::open(rig.file())
        .unwrap()
        .pragma_update(None, "wal_checkpoint", "TRUNCATE")
        .unwrap();
    let mut bytes = fs::read(rig.file()).unwrap();
    let end = bytes.len();
    bytes[4096..end].fill(0x5a);
    fs::write(rig.file(), bytes).unwrap();
    let rebuilt = rig.rebuild();
    assert_eq!((rebuilt.segments, rebuilt.unhashed), (before as u64, before as u64));
    assert_eq!(all(&rig.reader()).len(), before);
}

fn found(rig: &Rig, hash: bool) -> Vec<(String, String)> {
    let looked = AtomicU64::new(0);
    let count = |files| {
        looked.fetch_add(files, Ordering::Relaxed);
    };
    let checked = check(&rig.reader(), hash, &count).unwrap();
    assert_eq!(looked.load(Ordering::Relaxed), checked.segments);
    let of = |f: &Finding| (f.feed.station.to_string(), f.what.code().to_owned());
    checked.findings.iter().map(of).collect()
}

#[test]
fn a_check_finds_what_was_done_to_the_files() {
    let rig = Rig::new();
    let written = recorded(&rig);
    assert_eq!(found(&rig, true), []);
    let file = |at: usize| rig.volume().join(written[at].path.to_string());
    fs::remove_file(file(1)).unwrap();
    fs::write(file(7), b"cut").unwrap();
    let mut bytes = fs::read(file(12)).unwrap();
    bytes[100] ^= 1;
    fs::write(file(12), bytes).unwrap();
    write(&rig.volume(), segment(feed(57, 12), -1 + 60));
    rig.commit(&[], DAY + 4000 * 1_000_000);
    let is = |station: &str, what: &str| (station.to_owned(), what.to_owned());
    let quick = [is("1/1", "missing"), is("1/2", "size"), is("57/12", "unlisted")];
    assert_eq!(found(&rig, false), quick);
    let whole =
        [is("1/1", "missing"), is("1/2", "size"), is("57/12", "hash"), is("57/12", "unlisted")];
    assert_eq!(found(&rig, true), whole);
    fs::rename(rig.volume(), rig.dir.path().join("elsewhere")).unwrap();
    let checked = check(&rig.reader(), true, &|_| {}).unwrap();
    assert_eq!((checked.absent, checked.findings, checked.hashed), (vec![rig.volume()], vec![], 0));
}

#[test]
fn a_check_finds_what_was_done_to_the_rows() {
    for (sql, place) in [
        ("UPDATE segments SET frames = frames + 1 WHERE feed = ?1 AND place = 3", 3),
        ("UPDATE segments SET chain = zeroblob(32) WHERE feed = ?1 AND place = 4", 4),
        ("DELETE FROM segments WHERE feed = ?1 AND place = 2", 3),
        ("UPDATE segments SET sha256 = NULL WHERE feed = ?1 AND place = 2", 2),
    ] {
        let rig = Rig::new();
        let segments: Vec<_> =
            (0..5).map(|m| write(&rig.volume(), segment(feed(1, 1), m))).collect();
        rig.commit(&segments.iter().map(closed).collect::<Vec<_>>(), DAY);
        let connection = Connection::open(rig.file()).unwrap();
        connection.execute(sql, [super::rows::key(feed(1, 1))]).unwrap();
        let checked = check(&rig.reader(), false, &|_| {}).unwrap();
        let chain: Vec<_> = checked.findings.iter().filter(|f| f.what == What::Chain).collect();
        assert_eq!(chain.len(), 1, "{sql}: {checked:?}");
        let expected: &SegmentPath = &segments[place - 1].path;
        assert_eq!(chain[0].at, expected.first(), "{sql}");
    }
}
