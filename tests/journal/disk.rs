//! Disks that are full, may only be read, or are held by somebody: entries wait, in order, within
//! bounds, and the journal recovers by itself.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pollwall::clock::{Clock, Mono, SystemClock, WallTime};
use pollwall::journal::verify::verify;
use pollwall::journal::{Journal, Limits, NotKept, Reason, RunConfig, RunInfo};
use rusqlite::Connection;

use crate::rig::{LONG, Rig, note, rows, text, told};
use crate::takeover::line;

/// A small file system in memory, gone when dropped.
struct Tmpfs {
    at: tempfile::TempDir,
}

impl Tmpfs {
    /// `None`, and why, where this process may not mount.
    fn mount() -> Option<Self> {
        let at = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=2m", "pollwall-test"]).arg(at.path());
        match mount.output() {
            Ok(done) if done.status.success() => Some(Self { at }),
            Ok(done) => {
                let why = String::from_utf8_lossy(&done.stderr).into_owned();
                println!("SKIPPED: no small file system can be mounted here: {why}");
                None
            }
            Err(e) => {
                println!("SKIPPED: no small file system can be mounted here: {e}");
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.at.path()
    }

    fn remount(&self, how: &str) {
        let option = format!("remount,{how}");
        let done = Command::new("mount").args(["-o", &option]).arg(self.path()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    }

    /// Writes until there is no room.
    fn fill(&self) -> PathBuf {
        let filler = self.path().join("filler");
        let mut file = fs::File::create(&filler).unwrap();
        while file.write_all(&[1; 4096]).is_ok() {}
        filler
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.at.path()).output();
    }
}

/// Impatient, so that a test does not wait.
fn quick() -> Limits {
    let soon = Duration::from_millis(20);
    Limits { retry_every: soon, busy: soon, ..Limits::default() }
}

/// The texts of notes, in order.
fn notes(file: &Path) -> Vec<String> {
    rows(file).iter().filter_map(text).map(str::to_owned).collect()
}

fn numbered(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("qeyd {n}")).collect()
}

#[test]
fn a_full_disk_makes_entries_wait_and_loses_none() {
    let Some(disk) = Tmpfs::mount() else { return };
    let file = disk.path().join("journal.sqlite");
    let rig = Rig::within(&file, quick()).unwrap();
    rig.keep("qeyd 0");
    let filler = disk.fill();
    // What SQLite has laid out already may take a few more.
    let mut count = 1;
    while rig.journal.status().failing.is_none() {
        assert!(count < 20_000, "the disk is full and everything is written");
        let receipt = rig.journal.record_durably(note(&format!("qeyd {count}")));
        match receipt.wait_for(LONG).expect("an answer") {
            Ok(_) => count += 1,
            Err(NotKept::Failing(reason)) => assert!(reason == Reason::Full, "{reason:?}"),
            Err(other) => panic!("{other}"),
        }
    }
    let kept = count;
    for n in kept..kept + 500 {
        rig.note(&format!("qeyd {n}"));
    }
    let refused = rig.journal.record_durably(note("qalmayan"));
    let answer = refused.wait_for(LONG).expect("an answer while it fails");
    assert_eq!(answer, Err(NotKept::Failing(Reason::Full)));
    let status = rig.journal.status();
    assert!(status.waiting >= 500 && status.lost == 0, "{status:?}");
    assert_eq!(notes(&file).len(), kept, "a reader is not disturbed");

    fs::remove_file(filler).unwrap();
    rig.until("written again", |status| status.failing.is_none());
    rig.keep(&format!("qeyd {}", kept + 500));
    rig.close();
    assert_eq!(
        notes(&file),
        numbered(0..kept + 501),
        "in order, and what was refused is not there"
    );
    let told = told(&rows(&file));
    assert!(told.contains(&"writing_failed".into()) && told.contains(&"writing_resumed".into()));
    verify(&file).unwrap().unwrap();
}

#[test]
fn a_disk_that_may_only_be_read_makes_entries_wait_from_the_start() {
    let Some(disk) = Tmpfs::mount() else { return };
    // The journal of an earlier run, and none at all.
    for earlier in [true, false] {
        let folder = disk.path().join(if earlier { "earlier" } else { "none" });
        let file = folder.join("journal.sqlite");
        fs::create_dir(&folder).unwrap();
        if earlier {
            Rig::open(&file).close();
        }
        disk.remount("ro");
        let rig = Rig::within(&file, quick()).unwrap();
        let reason = rig.journal.status().failing.expect("it fails at once").reason;
        assert!(matches!(reason, Reason::ReadOnly | Reason::NoAccess), "{reason:?}");
        for n in 0..50 {
            rig.note(&format!("qeyd {n}"));
        }
        let refused = rig.journal.record_durably(note("qalmayan"));
        let answer = refused.wait_for(LONG).expect("an answer while it fails");
        assert!(matches!(answer, Err(NotKept::Failing(_))), "{answer:?}");
        disk.remount("rw");
        rig.until("written again", |status| status.failing.is_none());
        rig.close();
        assert_eq!(notes(&file), numbered(0..50));
        let told = told(&rows(&file));
        let begins = if earlier { 2 } else { 0 };
        assert_eq!(told[begins..begins + 2], ["writing_failed", "started"], "{told:?}");
        verify(&file).unwrap().unwrap();
    }
}

#[test]
fn notes_whose_file_cannot_be_renamed_are_taken_over_once() {
    let Some(disk) = Tmpfs::mount() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (kept, file) = (disk.path().join("notes.jsonl"), dir.path().join("journal.sqlite"));
    let whole = line(7, "57/12", "bir");
    fs::write(&kept, format!("{whole}not a note\n")).unwrap();
    let run = || {
        let run = RunInfo::this_process("wall", RunConfig::default()).taking_over(kept.clone());
        Rig::of_run(&file, Limits::default(), run).unwrap().close();
        let rows = rows(&file);
        let over = |kind: &&str| *kind == "notes_taken_over";
        (notes(&file), rows.iter().map(|row| row.kind.as_str()).filter(over).count())
    };
    disk.remount("ro");
    for _ in 0..3 {
        assert_eq!(run(), (vec!["bir".to_owned()], 1));
    }
    disk.remount("rw");
    // One more line is news, and the file goes at last.
    fs::write(&kept, format!("{whole}not a note\nnor this\n")).unwrap();
    assert_eq!(run(), (vec!["bir".to_owned()], 2));
    assert!(!kept.exists());
    assert_eq!(run().1, 2);
    verify(&file).unwrap().unwrap();
}

#[test]
fn memory_is_bounded_and_a_row_says_what_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("journal.sqlite");
    let limits = Limits { entries: 50, batch: 7, ..quick() };
    let rig = Rig::within(&file, limits).unwrap();
    rig.keep("qeyd 0");
    // Somebody holds the file, as a backup that was written without much thought does.
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    rig.note("qeyd 1");
    let status = rig.until("failing", |status| status.failing.is_some());
    assert_eq!(status.failing.unwrap().reason, Reason::Busy);
    for n in 2..80 {
        rig.note(&format!("qeyd {n}"));
    }
    let status = rig.journal.status();
    assert_eq!((status.waiting, status.lost), (50, 30), "{status:?}");
    other.execute_batch("ROLLBACK").unwrap();
    rig.until("written again", |status| status.failing.is_none());
    let handle = rig.journal.clone();
    rig.close();
    assert_eq!((handle.status().waiting, handle.status().lost), (0, 30));
    assert_eq!(notes(&file), numbered(0..50));
    let rows = rows(&file);
    let lost: Vec<_> = rows.iter().filter(|row| row.kind == "lost").collect();
    assert_eq!(lost.len(), 1, "{:?}", told(&rows));
    assert_eq!(lost[0].body["count"], 30);
    let place = |what: &str| told(&rows).iter().position(|told| told == what).unwrap();
    assert!(place("qeyd 49") < place("lost") && place("lost") < place("stopped"));
    let span = |end: &str| lost[0].body[end].as_i64().unwrap();
    let before = rows[place("qeyd 49")].utc.as_micros();
    let (first, last) = (span("first_utc_us"), span("last_utc_us"));
    assert!(before <= first && first <= last && last <= lost[0].utc.as_micros());
    verify(&file).unwrap().unwrap();
}

#[test]
fn what_is_recorded_after_the_end_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("journal.sqlite");
    let rig = Rig::open(&file);
    let handle = rig.journal.clone();
    rig.close();
    let refused = handle.record_durably(note("gec"));
    assert_eq!(refused.wait_for(LONG), Some(Err(NotKept::Closed)));
    handle.record(note("gec"));
    assert_eq!(handle.status().lost, 1);
    assert_eq!(told(&rows(&file)), ["started", "stopped"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_was_removed_is_missed_at_the_next_row() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("journal");
    let file = folder.join("journal.sqlite");
    let rig = Rig::open(&file);
    rig.keep("bir");
    fs::remove_file(&file).unwrap();
    rig.keep("iki");
    assert_eq!(told(&rows(&file)), ["file_gone", "iki"]);
    fs::remove_dir_all(&folder).unwrap();
    rig.keep("üç");
    rig.close();
    assert_eq!(told(&rows(&file)), ["file_gone", "üç", "stopped"]);
    verify(&file).unwrap().unwrap();
}

/// A clock that lets go of a held file once it has been asked so often: each attempt to write asks
/// it, so that the file is free after some attempts, however fast the machine is.
struct Releasing {
    held: Mutex<Option<Connection>>,
    /// Questions until then; counted down from the moment it is set.
    asked: AtomicUsize,
}

const NEVER: usize = usize::MAX;

impl Clock for Releasing {
    fn mono(&self) -> Mono {
        let asked = |n: usize| (n != NEVER && n > 0).then(|| n - 1);
        if self.asked.fetch_update(Ordering::SeqCst, Ordering::SeqCst, asked) == Ok(1) {
            drop(self.held.lock().unwrap().take());
        }
        SystemClock.mono()
    }

    fn wall(&self) -> WallTime {
        SystemClock.wall()
    }
}

#[test]
fn a_journal_that_is_closed_while_it_fails_goes_on_trying() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("journal.sqlite");
    let clock = Arc::new(Releasing { held: Mutex::default(), asked: AtomicUsize::new(NEVER) });
    let run = RunInfo::this_process("wall", RunConfig::default());
    let journal =
        Journal::open_within(&file, Arc::clone(&clock) as _, run, Arc::new(|| ()), quick())
            .unwrap();
    journal.record_durably(note("qeyd 0")).wait_for(LONG).unwrap().unwrap();
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    *clock.held.lock().unwrap() = Some(other);
    journal.record(note("qeyd 1"));
    // More questions than one attempt asks, and than the close itself: several attempts fail.
    clock.asked.store(12, Ordering::SeqCst);
    assert_eq!(journal.finish(LONG), Ok(()), "the file was free again in time");
    let told = told(&rows(&file));
    assert_eq!(told.first().map(String::as_str), Some("started"));
    for what in ["qeyd 1", "stopped", "writing_failed"] {
        assert!(told.iter().any(|row| row == what), "{what}: {told:?}");
    }
    verify(&file).unwrap().unwrap();
}

#[test]
fn what_a_closed_journal_could_not_write_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("journal.sqlite");
    let rig = Rig::within(&file, quick()).unwrap();
    rig.keep("qeyd 0");
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    rig.note("qeyd 1");
    rig.note("qeyd 2");
    rig.until("failing", |status| status.failing.is_some());
    let unwritten = rig.journal.finish(Duration::from_millis(200)).expect_err("it was held");
    assert_eq!((unwritten.kinds["note"], unwritten.kinds["stopped"]), (2, 1), "{unwritten:?}");
    assert_eq!(unwritten.reason, Some(Reason::Busy));
    let said = unwritten.to_string();
    assert!(said.contains("2 note") && said.ends_with(": busy"), "{said}");
}

#[test]
fn an_error_that_says_nothing_of_the_file_leaves_it_where_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("journal.sqlite");
    let rig = Rig::within(&file, quick()).unwrap();
    rig.keep("qeyd 0");
    // Each row now needs a function that only somebody else's program has: SQLITE_ERROR.
    let other = Connection::open(&file).unwrap();
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON journal
                  BEGIN SELECT no_such_function(NEW.seq); END";
    other.execute_batch(broken).unwrap();
    rig.note("qeyd 1");
    let status = rig.until("failing", |status| status.failing.is_some());
    assert_eq!(status.failing.unwrap().reason, Reason::Internal);
    other.execute_batch("DROP TRIGGER broken").unwrap();
    rig.until("written again", |status| status.failing.is_none());
    rig.close();
    let files: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    let aside = |name: &std::ffi::OsString| name.to_string_lossy().contains("damaged");
    assert!(!files.iter().any(aside), "{files:?}");
    assert_eq!(notes(&file), ["qeyd 0", "qeyd 1"]);
    verify(&file).unwrap().unwrap();
}
