//! `kill -9` at any moment: what a commit said is durable is there, whole or not at all, and the
//! chains fit.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::fixtures::{DAY, feed, segment};
use super::{Index, Kept, Reader, What, check};
use crate::clock::SystemClock;
use crate::record::{Catalogue as _, Opened, Record, Segment, Stamp};

const FILE: &str = "POLLWALL_TEST_CATALOGUE";

/// So many feeds close a segment in each commit.
const FEEDS: u32 = 7;

fn nth(feed_no: u32, minute: i64) -> Segment {
    segment(feed(1, 1 + feed_no), minute)
}

/// The child's side: commits without end, from where the file has come to, and prints the number of
/// each commit that is durable. Does nothing unless it was started as the child.
#[test]
fn acts_as_the_child() {
    let Ok(file) = std::env::var(FILE) else { return };
    let (index, aside) = Index::open(Path::new(&file), &SystemClock).unwrap();
    assert_eq!(aside, None);
    let mut volume = index.volume(Path::new("/volume"), "run-1");
    let done = Reader::open(Path::new(&file)).unwrap().links().unwrap();
    let from = i64::try_from(done.first().map_or(0, |link| link.place)).unwrap();
    let mut out = std::io::stdout().lock();
    for minute in from.. {
        let mut records = Vec::new();
        for feed in 0..FEEDS {
            records.push(Record::Closed(Box::new(nth(feed, minute))));
            let next = nth(feed, minute + 1);
            records.push(Record::Opened(Opened {
                path: next.path,
                run: next.run,
                first: next.first,
            }));
        }
        let us = minute * 60_000_000;
        volume.commit(&records, Stamp { utc_us: DAY + us, mono_us: us }).unwrap();
        // A parent that has gone wants no more.
        if writeln!(out, "commit {minute} done").and_then(|()| out.flush()).is_err() {
            return;
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
fn thirty_kills_lose_no_commit_and_tear_none() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("footage.sqlite");
    let mut random = fastrand::Rng::with_seed(57_012);
    let mut acknowledged = -1;
    for _ in 0..30 {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "record::index::kill::acts_as_the_child", "--nocapture"])
            .env(FILE, &file)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut child = KillOnDrop(child);
        let mut lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
        let mut hear = |line: &str| {
            // A line that was torn by the kill lacks its end.
            let said = line.strip_suffix(" done").and_then(|line| line.split_once("commit "));
            let number: Option<i64> = said.and_then(|(_, number)| number.parse().ok());
            acknowledged = number.unwrap_or(acknowledged);
            usize::from(number.is_some())
        };
        // The child runs on while these lines are read: the moment is anybody's guess.
        let wanted = random.usize(0..25);
        let mut heard = 0;
        while heard < wanted {
            heard += hear(&lines.next().expect("the child has ended").unwrap());
        }
        child.0.kill().unwrap();
        child.0.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            hear(&line);
        }
        let Ok(reader) = Reader::open(&file) else {
            assert_eq!(acknowledged, -1, "killed before it had made the file");
            continue;
        };
        let places: Vec<u64> = reader.links().unwrap().iter().map(|link| link.place).collect();
        assert!(places.windows(2).all(|two| two[0] == two[1]), "all feeds or none: {places:?}");
        let last = i64::try_from(places.first().copied().unwrap_or(0)).unwrap() - 1;
        assert!(last >= acknowledged, "{last} < {acknowledged}");
        assert_eq!(reader.opened().unwrap().len(), if last < 0 { 0 } else { FEEDS as usize });
    }
    assert!(acknowledged > 100, "{acknowledged}");
    let reader = Reader::open(&file).unwrap();
    let checked = check(&reader, false, &|_| {}).unwrap();
    assert!(checked.findings.iter().all(|finding| finding.what != What::Chain), "the chains fit");
    let mut minute = 0;
    let each = |kept: Kept| {
        if kept.place == 1 {
            minute = 0;
        }
        let station = kept.segment.feed.station.station - 1;
        assert_eq!(kept.segment, nth(station, minute));
        minute += 1;
    };
    reader.each(each).unwrap();
}
