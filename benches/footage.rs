//! What the catalogue of recordings costs a whole country: the spans of 1000 stations × 12 hours for
//! the ledger, beside the least that any answer has to do (SQLite stepping through the same index);
//! the catalogue made again from files, beside opening and reading both ends of the same files; the
//! commits of a recorder; a head over all feeds.
//!
//! `cargo bench --bench footage [FOLDER]`; the folder decides which disk is measured. `-- --json`
//! prints the figures for programs.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement, not a part of the program"
)]

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use pollwall::clock::{Clock as _, SystemClock, WallTime};
use pollwall::evidence::{SealKey, SignedHead, Tree};
use pollwall::model::{FeedId, FeedKind, StationId};
use pollwall::record::index::{Found, Index, Reader, SegmentReader, Unread, rebuild};
use pollwall::record::{Break, Catalogue as _, Ended, Record, Segment, SegmentPath, Stamp};
use rusqlite::{Connection, OpenFlags};

const STATIONS: u32 = 1000;
const MINUTES: i64 = 12 * 60;
/// Files that are really written.
const FILES: i64 = 20_000;
/// The morning of 7 February 2024.
const DAY: i64 = 1_707_289_200_000_000;

fn segment(station: u32, minute: i64) -> Segment {
    let district = 1 + u16::try_from(station % 119).unwrap();
    let feed = FeedId { station: StationId::new(district, 1 + station), kind: FeedKind::Main };
    let us = minute * 60_000_000 + i64::from(station) * 60_000;
    let first = Stamp { utc_us: DAY + us, mono_us: us };
    let lapse = Break { from_utc_us: first.utc_us + 7, to_utc_us: first.utc_us + 2_500_007 };
    Segment {
        feed,
        path: SegmentPath::new(feed, first.wall()),
        run: "00c0ffee00c0ffee".into(),
        first,
        last: Stamp { utc_us: first.utc_us + 59_933_000, mono_us: us + 59_933_000 },
        first_pts: us / 100 * 9,
        last_pts: (us + 59_933_000) / 100 * 9,
        frames: 900,
        bytes: 3_000_000,
        sha256: [u8::try_from(minute % 251).unwrap(); 32],
        breaks: if (minute + i64::from(station)) % 50 == 0 { vec![lapse] } else { Vec::new() },
        camera_clock_us: None,
        clock_ahead_us: 0,
        clock_synchronised: Some(true),
        ended: Ended::Full,
    }
}

fn closed(segment: Segment) -> Record {
    Record::Closed(Box::new(segment))
}

fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let began = SystemClock.mono();
    let done = what();
    (SystemClock.mono().since(began), done)
}

/// The quickest of five.
fn best<T>(mut what: impl FnMut() -> T) -> (Duration, T) {
    let mut runs: Vec<(Duration, T)> = (0..5).map(|_| timed(&mut what)).collect();
    runs.sort_by_key(|(took, _)| *took);
    runs.swap_remove(0)
}

/// Writes a country's day as its recorder does, though faster; how long commits of three seconds'
/// worth took, the slowest of a hundred.
fn fill(file: &Path) -> Duration {
    let index = Index::open(file, &SystemClock).unwrap().0;
    let mut volume = index.volume(Path::new("/srv/video"), "00c0ffee00c0ffee");
    let mut alive = Stamp { utc_us: DAY, mono_us: 0 };
    let mut took = Vec::new();
    for minute in 0..MINUTES {
        // Three seconds bring fifty of a thousand; most of the day comes a minute at a time, so that
        // the bench ends today.
        let chunk = if minute < 5 { 50 } else { STATIONS };
        for from in (0..STATIONS).step_by(chunk as usize) {
            let records: Vec<Record> =
                (from..from + chunk).map(|station| closed(segment(station, minute))).collect();
            alive.utc_us += 3_000_000;
            let commit = timed(|| volume.commit(&records, alive).unwrap()).0;
            if minute < 5 {
                took.push(commit);
            }
        }
    }
    took.sort();
    took[took.len() * 99 / 100]
}

/// Stepping through every entry of the covering index and reading its columns, without anything
/// else.
fn floor(file: &Path) -> (i64, i64) {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags).unwrap();
    let sql = "SELECT count(*), sum(last_utc_us - first_utc_us) + count(breaks)
        FROM segments INDEXED BY spans";
    connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

/// Files with 4 KiB at each end that say nothing; the segment is known by the name.
struct BothEnds;

impl SegmentReader for BothEnds {
    fn facts(&self, file: &Path, path: &SegmentPath) -> Result<Found, Unread> {
        let mut file = File::open(file)?;
        ends(&mut file)?;
        let minute = (path.first().as_micros() - DAY).div_euclid(60_000_000);
        Ok(Found::Closed(Box::new(segment(path.feed().station.station - 1, minute))))
    }
}

fn ends(file: &mut File) -> std::io::Result<u64> {
    let mut buffer = [0; 4096];
    file.read_exact(&mut buffer)?;
    let size = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(size - 4096))?;
    file.read_exact(&mut buffer)?;
    Ok(size)
}

fn files(volume: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for minute in 0..FILES / i64::from(STATIONS) {
        for station in 0..STATIONS {
            let file = volume.join(segment(station, minute).path.to_string());
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, [7; 12_288]).unwrap();
            files.push(file);
        }
    }
    files
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let is_json = std::env::args().any(|argument| argument == "--json");
    let chosen = arguments.find(|argument| !argument.starts_with('-'));
    let folder = match chosen {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .unwrap();
    let file = folder.path().join("footage/footage.sqlite");
    let slowest = fill(&file);
    let reader = Reader::open(&file).unwrap();
    let all = (WallTime::from_micros(DAY), WallTime::from_micros(DAY + 86_400_000_000));
    let (spans, rows) = best(|| {
        let (mut rows, mut us, mut breaks) = (0_u64, 0, 0);
        let add = |span: pollwall::record::index::Span| {
            rows += 1;
            us += span.to_utc_us - span.from_utc_us;
            breaks += span.breaks.len();
        };
        reader.spans(all.0, all.1, add).unwrap();
        (rows, us, breaks)
    });
    let (least, counted) = best(|| floor(&file));
    assert_eq!((rows.0.cast_signed(), rows.0), (counted.0, u64::from(STATIONS) * 720));

    let (head, feeds) = best(|| {
        let tree = Tree::over(reader.links().unwrap());
        let key = SealKey::load_or_make(&folder.path().join("key")).unwrap();
        SignedHead::sign(&key, &tree, None, WallTime::from_micros(DAY)).head.feeds
    });
    assert_eq!(feeds, u64::from(STATIONS));

    let volume = folder.path().join("volume");
    let files = files(&volume);
    let (both, _) = best(|| {
        files.iter().map(|file| ends(&mut File::open(file).unwrap()).unwrap()).sum::<u64>()
    });
    let other = folder.path().join("other/footage.sqlite");
    let (again, rebuilt) = timed(|| {
        rebuild(&other, std::slice::from_ref(&volume), &BothEnds, &SystemClock, &|_| {}).unwrap()
    });
    assert_eq!(rebuilt.segments, FILES.unsigned_abs());

    let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
    let rate = FILES as f64 / again.as_secs_f64();
    if is_json {
        let json = serde_json::json!({
            "rows": rows.0,
            "spans_s": spans.as_secs_f64(),
            "spans_floor_s": least.as_secs_f64(),
            "spans_ratio": ratio(spans, least),
            "commit_p99_s": slowest.as_secs_f64(),
            "head_s": head.as_secs_f64(),
            "reindex_files_per_s": rate,
            "reindex_ratio": ratio(again, both),
            "catalogue_bytes": fs::metadata(&file).unwrap().len(),
        });
        println!("{json}");
        return;
    }
    println!("in {}", folder.path().display());
    println!("{} rows, {} MB", rows.0, fs::metadata(&file).unwrap().len() / 1_000_000);
    println!(
        "spans of the country: {spans:.3?}; SQLite through the same index: {least:.3?}; ratio {:.2}",
        ratio(spans, least)
    );
    println!("a commit of 50 closed segments, the slowest of a hundred: {slowest:.1?}");
    println!("a head over {feeds} feeds, with reading the chains and the key: {head:.1?}");
    println!(
        "{FILES} files made into a catalogue: {again:.2?}, {rate:.0}/s; opening and reading both \
         ends on one thread: {both:.2?}; ratio {:.2}",
        ratio(again, both)
    );
}
