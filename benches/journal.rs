//! How many events a second the journal takes with every transaction on the disk, against the least
//! that any such journal has to do: add the same bytes to a plain file and fsync it.
//!
//! `cargo bench --bench journal [FOLDER]`; the folder decides which disk is measured.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement, not a part of the program"
)]

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pollwall::clock::{Clock, SystemClock};
use pollwall::journal::verify::verify;
use pollwall::journal::{Entry, Event, Journal, RunConfig, RunInfo};
use pollwall::model::{FeedId, FeedKind, StationId};

/// So many events are written for each size of a batch.
const EVENTS: usize = 20_000;
/// A batch of one waits for the disk each time; fewer of them say as much.
const SINGLE: usize = 1_000;

fn event(n: usize) -> Entry {
    let state = Event::State {
        from: "live".into(),
        to: "stalled".into(),
        trouble: Some("frames-stopped".into()),
        since_utc_us: Some(1_707_291_727_280_000 + i64::try_from(n).unwrap()),
        evidence: serde_json::json!({ "units": 4711, "interval_ms": 67, "quiet_ms": 3067 }),
    };
    let number = u32::try_from(n % 1000).unwrap();
    let station = StationId::new(1 + u16::try_from(number % 119).unwrap(), 1 + number);
    Entry::now(&SystemClock, state).of(FeedId { station, kind: FeedKind::Sub })
}

fn open(file: &Path) -> Journal {
    let run = RunInfo::this_process("bench", RunConfig::default());
    Journal::open(file, Arc::new(SystemClock), run, Arc::new(|| {})).unwrap()
}

/// Writes in batches, each waited for; events a second and the slowest batch of a hundred.
fn journal(folder: &Path, batch: usize, events: usize) -> (f64, Duration) {
    let file = folder.join(format!("journal-{batch}.sqlite"));
    let journal = open(&file);
    let mut took = Vec::new();
    let began = SystemClock.mono();
    for first in (0..events).step_by(batch) {
        let start = SystemClock.mono();
        for n in first..first + batch - 1 {
            journal.record(event(n));
        }
        journal.record_durably(event(first + batch - 1)).wait().unwrap();
        took.push(SystemClock.mono().since(start));
    }
    let rate = events as f64 / SystemClock.mono().since(began).as_secs_f64();
    assert!(journal.close(Duration::from_secs(60)));
    let rows = verify(&file).unwrap().unwrap().rows;
    assert_eq!(rows, events as u64 + 2, "started, stopped, and every event");
    took.sort();
    (rate, took[took.len() * 99 / 100])
}

/// The same number of bytes as a row has, appended and fsynced a batch at a time.
fn floor(folder: &Path, batch: usize, events: usize) -> f64 {
    let mut file: File =
        OpenOptions::new().append(true).create(true).open(folder.join("floor")).unwrap();
    let row = [b'x'; 330];
    let began = SystemClock.mono();
    for _ in (0..events).step_by(batch) {
        file.write_all(&row.repeat(batch)).unwrap();
        file.sync_data().unwrap();
    }
    events as f64 / SystemClock.mono().since(began).as_secs_f64()
}

/// Everything at once: a common outage of a country, ten times over.
fn backlog(folder: &Path) {
    let journal = open(&folder.join("backlog.sqlite"));
    let began = SystemClock.mono();
    for n in 0..EVENTS - 1 {
        journal.record(event(n));
    }
    let handed = SystemClock.mono().since(began);
    journal.record_durably(event(EVENTS)).wait().unwrap();
    let all = SystemClock.mono().since(began);
    assert_eq!(journal.status().lost, 0);
    println!(
        "{EVENTS} events at once: handed over in {handed:.0?} ({:.1?} each), on the disk in {all:.0?}, \
         {:.0} events/s",
        handed / u32::try_from(EVENTS).unwrap(),
        EVENTS as f64 / all.as_secs_f64()
    );
    assert!(journal.close(Duration::from_secs(60)));
}

fn main() {
    let chosen = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    let folder = match chosen {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .unwrap();
    println!("in {}", folder.path().display());
    println!("events a transaction   journal events/s   p99 of a transaction   floor events/s");
    for batch in [1, 10, 100, 1000] {
        let events = if batch == 1 { SINGLE } else { EVENTS };
        let floor = floor(folder.path(), batch, events);
        let (rate, slow) = journal(folder.path(), batch, events);
        println!("{batch:20}   {rate:16.0}   {slow:20.1?}   {floor:14.0}");
    }
    backlog(folder.path());
}
