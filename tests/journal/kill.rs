//! `kill -9` at any moment: what was acknowledged is there, and the chain is whole.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use pollwall::journal::verify::verify;

use crate::rig::{Rig, note, rows, text};

const FILE: &str = "POLLWALL_TEST_JOURNAL";
const ROUND: &str = "POLLWALL_TEST_ROUND";

/// The child's side: writes without end and prints the number of each row that is acknowledged.
/// Does nothing unless it was started as the child.
#[test]
fn acts_as_the_child() {
    let Ok(file) = std::env::var(FILE) else { return };
    let round = std::env::var(ROUND).unwrap();
    let rig = Rig::open(Path::new(&file));
    let mut out = std::io::stdout().lock();
    for n in 0_u64.. {
        // Some are waited for together, some not at all.
        for also in 0..n % 5 {
            rig.note(&format!("{round} {n} {also}"));
        }
        let first = format!("{round} {n} birinci");
        let second = format!("{round} {n} ikinci");
        let receipts = [&first, &second].map(|text| rig.journal.record_durably(note(text)));
        for (text, receipt) in [first, second].iter().zip(receipts) {
            let seq = receipt.wait().unwrap();
            // A parent that has gone wants no more.
            if writeln!(out, "row {seq} {text}").and_then(|()| out.flush()).is_err() {
                return;
            }
        }
    }
}

struct KillOnDrop(Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn fifty_kills_lose_no_acknowledged_row() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("journal.sqlite");
    let mut random = fastrand::Rng::with_seed(57_012);
    let mut acknowledged: Vec<(i64, String)> = Vec::new();
    for round in 0..52 {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::acts_as_the_child", "--nocapture", "--test-threads=1"])
            .env(FILE, &file)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut child = KillOnDrop(child);
        let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
        // The child runs on while these lines are read: the moment is anybody's guess.
        let wanted = random.usize(0..60);
        let mut hear = |line: &str| {
            let mut words = line.split_whitespace();
            if words.find(|word| word.ends_with("row")).is_none() {
                return false;
            }
            let seq = words.next().unwrap().parse().unwrap();
            acknowledged.push((seq, words.collect::<Vec<_>>().join(" ")));
            true
        };
        let mut heard = 0;
        while heard < wanted {
            let line = lines.next().expect("the child has ended").unwrap();
            heard += usize::from(hear(&line));
        }
        child.0.kill().unwrap();
        child.0.wait().unwrap();
        // What was still in the pipe was said before the end, the last line perhaps torn.
        let rest: Vec<String> = lines.map_while(Result::ok).collect();
        let whole = rest.len().saturating_sub(1);
        for line in &rest[..whole] {
            hear(line);
        }
        // Also looks through what the killed one has left behind.
        match verify(&file) {
            Ok(sound) => drop(sound.expect("a row does not fit")),
            // Killed before it had made the file.
            Err(e) => assert!(acknowledged.is_empty(), "{e}"),
        }
    }
    assert!(acknowledged.len() > 500, "{}", acknowledged.len());
    let rows = rows(&file);
    for (seq, said) in &acknowledged {
        let row = &rows[usize::try_from(*seq).unwrap() - 1];
        assert_eq!((row.seq, text(row)), (*seq, Some(said.as_str())));
    }
    let starts = rows.iter().filter(|row| row.kind == "started").count();
    assert!(starts > 25 && rows.iter().all(|row| row.kind != "stopped"), "{starts}");
    assert!(rows.iter().all(|row| row.kind != "chain_broken" && row.kind != "began_anew"));
}
