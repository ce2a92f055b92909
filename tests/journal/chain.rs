//! Whatever is done to a row past the program is found, and where.

use std::fs;
use std::path::{Path, PathBuf};

use pollwall::journal::chain::{Columns, Hash, hex};
use pollwall::journal::read::Reader;
use pollwall::journal::verify::{Misfit, Sound, Wrong, verify};
use pollwall::journal::{JournalError, Limits};
use rusqlite::Connection;

use crate::rig::{Rig, rows, told};

/// A closed journal of 20 rows: started, 18 notes, stopped.
fn written(folder: &Path) -> PathBuf {
    let file = folder.join("journal.sqlite");
    let rig = Rig::open(&file);
    for n in 2..=19 {
        rig.note(&format!("qeyd {n}"));
    }
    rig.close();
    assert_eq!(rows(&file).len(), 20);
    file
}

fn sound(file: &Path) -> Sound {
    verify(file).unwrap().unwrap()
}

/// Does something to a copy as one does who knows SQL, and looks for it.
fn tampered(file: &Path, sql: &str) -> Result<Sound, Misfit> {
    tampered_by(file, |connection| connection.execute_batch(sql).unwrap())
}

fn tampered_by(file: &Path, tamper: impl FnOnce(&Connection)) -> Result<Sound, Misfit> {
    let copy = file.with_file_name("copy.sqlite");
    fs::copy(file, &copy).unwrap();
    let connection = Connection::open(&copy).unwrap();
    let unlock = "DROP TRIGGER added_in_order; DROP TRIGGER never_changed;
                  DROP TRIGGER never_deleted; PRAGMA ignore_check_constraints = ON;";
    connection.execute_batch(unlock).unwrap();
    tamper(&connection);
    connection.close().unwrap();
    verify(&copy).unwrap()
}

/// The row that does not fit, and why.
fn found(outcome: Result<Sound, Misfit>) -> (i64, Wrong) {
    let misfit = outcome.expect_err("nothing was found");
    (misfit.row, misfit.what)
}

#[test]
fn a_journal_that_nobody_has_touched_is_sound() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let first = sound(&file);
    assert_eq!(first.rows, 20);
    let (from, to) = first.span.unwrap();
    assert!(from <= to);
    assert!(tampered(&file, "SELECT 1").is_ok());
    // The next run goes on from the last row.
    Rig::open(&file).close();
    let second = sound(&file);
    assert_eq!((second.rows, second.head == first.head), (22, false));
    let runs: std::collections::BTreeSet<_> = rows(&file).into_iter().map(|r| r.run).collect();
    assert_eq!(runs.len(), 2);
}

#[test]
fn a_changed_row_is_found_whichever_column_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    for change in [
        "body = replace(body, 'qeyd', 'söz')",
        "utc_us = utc_us + 1",
        "mono_us = mono_us - 1",
        "station = '57/13'",
        "station = NULL",
        "feed = ''",
        "kind = 'snapshot'",
        "run = run || ' '",
        "hash = zeroblob(32)",
    ] {
        let outcome = tampered(&file, &format!("UPDATE journal SET {change} WHERE seq = 7"));
        assert_eq!(found(outcome), (7, Wrong::Content), "{change}");
    }
    for change in ["prev = zeroblob(32)", "prev = x''", "hash = x'00'"] {
        let outcome = tampered(&file, &format!("UPDATE journal SET {change} WHERE seq = 7"));
        assert_eq!(found(outcome), (7, Wrong::Link), "{change}");
    }
    let first = tampered(&file, "UPDATE journal SET utc_us = 0 WHERE seq = 1");
    assert_eq!(found(first), (1, Wrong::Content));
    let last = tampered(&file, "UPDATE journal SET body = '{}' || body WHERE seq = 20");
    assert_eq!(found(last), (20, Wrong::Content));
}

#[test]
fn a_row_that_was_changed_and_hashed_anew_is_found_at_the_next_one() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let outcome = tampered_by(&file, |connection| {
        forge(connection, 7, "{\"state\":\"live\",\"text\":\"heç nə\"}");
    });
    assert_eq!(found(outcome), (8, Wrong::Link));
}

/// Gives row `seq` another body and the hash that goes with it.
fn forge(connection: &Connection, seq: i64, body: &str) {
    let sql = "SELECT utc_us, mono_us, run, kind, station, prev FROM journal WHERE seq = ?1";
    let hash = connection
        .query_row(sql, [seq], |row| {
            let (run, kind): (String, String) = (row.get(2)?, row.get(3)?);
            let station: Option<String> = row.get(4)?;
            let prev: Hash = row.get(5)?;
            let columns = Columns {
                seq,
                utc_us: row.get(0)?,
                mono_us: row.get(1)?,
                run: &run,
                kind: &kind,
                station: station.as_deref(),
                feed: None,
                body,
            };
            Ok(columns.hash(&prev))
        })
        .unwrap();
    let sql = "UPDATE journal SET body = ?2, hash = ?3 WHERE seq = ?1";
    connection.execute(sql, rusqlite::params![seq, body, hash]).unwrap();
}

#[test]
fn a_deleted_row_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let delete = |seq: i64| tampered(&file, &format!("DELETE FROM journal WHERE seq = {seq}"));
    assert_eq!(found(delete(7)), (8, Wrong::Number(7)));
    assert_eq!(found(delete(1)), (2, Wrong::Number(1)));
    // The rest moved up, so that the numbers show nothing.
    let moved = "DELETE FROM journal WHERE seq = 7;
                 UPDATE journal SET seq = -seq WHERE seq > 7;
                 UPDATE journal SET seq = -seq - 1 WHERE seq < 0;";
    assert_eq!(found(tampered(&file, moved)), (7, Wrong::Link));
}

#[test]
fn rows_cut_off_at_the_end_show_in_the_last_hash_only() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let cut = tampered(&file, "DELETE FROM journal WHERE seq > 18").unwrap();
    assert_eq!((cut.rows, cut.head == sound(&file).head), (18, false));
}

#[test]
fn an_inserted_row_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let room = "UPDATE journal SET seq = -seq WHERE seq >= 7;
                UPDATE journal SET seq = -seq + 1 WHERE seq < 0;";
    let copy_of_6 = "INSERT INTO journal SELECT 7, utc_us, mono_us, run, kind, station, feed, body,
                     hash, hash FROM journal WHERE seq = 6;";
    let outcome = tampered(&file, &format!("{room} {copy_of_6}"));
    assert_eq!(found(outcome), (7, Wrong::Content));
    let well_forged = tampered_by(&file, |connection| {
        connection.execute_batch(&format!("{room} {copy_of_6}")).unwrap();
        forge(connection, 7, "{\"state\":\"live\",\"text\":\"sonradan\"}");
    });
    assert_eq!(found(well_forged), (8, Wrong::Link));
    let before_all =
        "INSERT INTO journal SELECT 0, utc_us, mono_us, run, kind, station, feed, body,
                      prev, hash FROM journal WHERE seq = 1;";
    assert_eq!(found(tampered(&file, before_all)), (0, Wrong::Number(1)));
    let at_the_end = copy_of_6.replace("SELECT 7", "SELECT 21");
    assert_eq!(found(tampered(&file, &at_the_end)), (21, Wrong::Link));
}

#[test]
fn swapped_rows_are_found() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let whole = "UPDATE journal SET seq = -1 WHERE seq = 7;
                 UPDATE journal SET seq = 7 WHERE seq = 11;
                 UPDATE journal SET seq = 11 WHERE seq = -1;";
    assert_eq!(found(tampered(&file, whole)), (7, Wrong::Link));
    let bodies = "CREATE TEMP TABLE b AS SELECT seq, body FROM journal WHERE seq IN (7, 11);
                  UPDATE journal SET body = (SELECT body FROM b WHERE seq = 11) WHERE seq = 7;
                  UPDATE journal SET body = (SELECT body FROM b WHERE seq = 7) WHERE seq = 11;";
    assert_eq!(found(tampered(&file, bodies)), (7, Wrong::Content));
}

#[test]
fn the_file_itself_refuses_everything_but_the_next_row() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let connection = Connection::open(&file).unwrap();
    let copy = |seq: i64, prev: &str, or: &str| {
        format!(
            "INSERT {or} INTO journal SELECT {seq}, utc_us, mono_us, run, kind, station, feed, body,
             {prev}, hash FROM journal WHERE seq = 20"
        )
    };
    for refused in [
        "UPDATE journal SET body = '{}' WHERE seq = 3".to_owned(),
        "DELETE FROM journal".to_owned(),
        copy(20, "prev", "OR REPLACE"),
        copy(22, "hash", ""),
        copy(21, "prev", ""),
        copy(-1, "hash", ""),
    ] {
        let error = connection.execute(&refused, []).expect_err(&refused).to_string();
        assert!(error.contains("row is"), "{refused}: {error}");
    }
    connection.execute(&copy(21, "hash", ""), []).unwrap();
}

#[test]
fn a_newer_schema_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let connection = Connection::open(&file).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    connection.close().unwrap();
    let before = fs::read(&file).unwrap();
    let opened = Rig::within(&file, Limits::default()).map(|_| ());
    assert!(matches!(opened, Err(JournalError::Newer { found: 99, known: 1, .. })), "{opened:?}");
    let read = Reader::open(&file).map(|_| ());
    assert!(matches!(read, Err(JournalError::Newer { .. })), "{read:?}");
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_damaged_file_is_set_aside_and_named_by_the_next_one() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let good = fs::read(&file).unwrap();
    let mut headless = good.clone();
    headless[..16].fill(b'x');
    let mut torn = good.clone();
    torn.truncate(good.len() / 3);
    let mut scratched = good.clone();
    // The first bytes of the table's and the indexes' root pages say what kind of pages they are.
    for page in scratched.chunks_mut(4096).skip(1) {
        page[..8].fill(0xa5);
    }
    let text = b"this was never a journal, and is longer than a header".to_vec();
    let foreign = |name: &str, content: &str| {
        let file = dir.path().join(name);
        Connection::open(&file).unwrap().execute_batch(content).unwrap();
        fs::read(file).unwrap()
    };
    let other = foreign("other", "CREATE TABLE journal (day TEXT)");
    let odd = foreign("odd", "CREATE TABLE journal (day TEXT); PRAGMA user_version = 1");
    let all = [
        ("headless", headless),
        ("torn", torn),
        ("scratched", scratched),
        ("text", text),
        ("other's", other),
        ("odd one", odd),
    ];
    for (what, damaged) in all {
        let folder = dir.path().join(what);
        fs::create_dir(&folder).unwrap();
        let file = folder.join("journal.sqlite");
        fs::write(&file, &damaged).unwrap();
        let rig = Rig::open(&file);
        rig.keep("yenidən");
        rig.close();
        let rows = rows(&file);
        assert_eq!(told(&rows), ["began_anew", "started", "yenidən", "stopped"], "{what}");
        let aside = folder.join(rows[0].body["damaged"].as_str().unwrap());
        assert!(aside.to_str().unwrap().contains("journal.sqlite.damaged-2"), "{aside:?}");
        assert_eq!(fs::read(&aside).unwrap(), damaged, "{what}: kept as it was");
        assert_eq!(sound(&file).rows, 4);
    }
}

#[test]
fn rows_that_do_not_fit_are_said_when_the_next_run_begins() {
    let dir = tempfile::tempdir().unwrap();
    let file = written(dir.path());
    let outcome = tampered(&file, "UPDATE journal SET utc_us = 0 WHERE seq = 17");
    assert_eq!(found(outcome), (17, Wrong::Content));
    let copy = file.with_file_name("copy.sqlite");
    Rig::open(&copy).close();
    let rows = rows(&copy);
    assert_eq!(told(&rows)[20..], ["chain_broken", "started", "stopped"]);
    assert_eq!(rows[20].body["row"], 17);
    assert_eq!(found(verify(&copy).unwrap()), (17, Wrong::Content), "still the first");
    assert_eq!(hex(&[0, 255]), "00ff");
}
