use std::fs;

use super::super::read::{Filter, Reader};
use super::super::{Limits, RunConfig, verify};
use super::*;
use crate::clock::FakeClock;

/// The kinds of all rows.
fn kinds(file: &Path) -> Vec<String> {
    let mut kinds = Vec::new();
    let take = |row: super::super::read::Record| {
        kinds.push(row.kind);
        Ok::<_, JournalError>(())
    };
    Reader::open(file).unwrap().each(&Filter::default(), take).unwrap();
    verify::verify(file).unwrap().unwrap();
    kinds
}

/// A transaction has reached the disk and reported an error, as one does whose last fsync fails; then
/// the file is opened anew, and what was found there meanwhile is put down.
#[test]
fn what_was_written_although_it_failed_is_not_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let (file, kept) = (dir.path().join("journal.sqlite"), dir.path().join("notes.jsonl"));
    let clock = Arc::new(FakeClock::default());
    let queue = Arc::new(Queue::new(Limits::default(), clock.clone(), Arc::new(|| {})));
    let run = RunInfo::this_process("wall", RunConfig::default()).taking_over(kept.clone());
    let mut writer = Writer::new(&file, run, Arc::clone(&queue));
    writer.open_now().unwrap();
    let record = |alarm| queue.record(Entry::now(&*clock, Event::AlarmClosed { alarm }));
    (1..=3).for_each(record);
    writer.batch = queue.take();
    assert_eq!(writer.write().unwrap(), 3);
    let store = writer.store.take().unwrap();
    writer.attempted = Some(schema::head(store.connection()).unwrap());
    drop(store);
    fs::write(&kept, "not a note\n").unwrap();
    assert_eq!(writer.write().unwrap(), 4, "the notes' row");
    let all = ["alarm_closed", "alarm_closed", "alarm_closed", "notes_taken_over"];
    assert_eq!(kinds(&file), all);

    // What comes next is written, and so is what failed and did not get there.
    record(4);
    writer.batch = queue.take();
    assert_eq!(writer.write().unwrap(), 5);
    record(5);
    writer.batch = queue.take();
    writer.attempted = Some(Head { seq: 6, hash: [7; 32] });
    writer.store = None;
    assert_eq!(writer.write().unwrap(), 6);
    assert_eq!(kinds(&file).len(), 6);
}
