//! Frame-exactness, by the number that each picture carries.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use pollwall::clock::{Clock, Mono, SystemClock};
use pollwall::frame::Mailbox;
use pollwall::replay::clock::PlaybackClock;
use pollwall::replay::footage::{Form, Piece};
use pollwall::replay::group::{Group, Now, Waker};
use pollwall::replay::player::Status;

use crate::rig::{START, coded, number, segment, units};

const EACH: i64 = 100_000;

/// A group with a clock that the test moves.
struct Rig {
    group: Group,
    mailboxes: Vec<Arc<Mailbox>>,
    woken: Receiver<()>,
    now_us: i64,
    seen: Vec<Option<u16>>,
}

impl Rig {
    fn new(feeds: Vec<Vec<Piece>>) -> Self {
        let end = feeds.iter().flatten().map(|piece| piece.to_us).max().unwrap();
        let mailboxes: Vec<_> = feeds.iter().map(|_| Arc::<Mailbox>::default()).collect();
        let (wake, woken) = bounded(1);
        let waker: Waker = Arc::new(move || wake.try_send(()).unwrap_or_default());
        let feeds: Vec<(Arc<[Piece]>, _)> = feeds
            .into_iter()
            .zip(&mailboxes)
            .map(|(pieces, mailbox)| (pieces.into(), Arc::clone(mailbox)))
            .collect();
        let clock = PlaybackClock::new(START, START - 10_000_000, end + 10_000_000);
        let time: Arc<dyn Clock> = Arc::new(SystemClock);
        let seen = vec![None; feeds.len()];
        let group = Group::start(feeds, clock, 2, &time, &waker).unwrap();
        Self { group, mailboxes, woken, now_us: 0, seen }
    }

    fn tick(&mut self) -> Now {
        let now = self.group.tick(Mono::from_micros(self.now_us));
        for (seen, mailbox) in self.seen.iter_mut().zip(&self.mailboxes) {
            if let Some(frame) = mailbox.take() {
                *seen = Some(number(&frame));
            }
        }
        now
    }

    /// Until every tile has its picture, or has none. No time passes for the clock meanwhile.
    fn settle(&mut self) -> Now {
        for _ in 0..5000 {
            let now = self.tick();
            if now.tiles.iter().all(|tile| !matches!(tile.status, Status::Behind)) {
                return now;
            }
            // Woken when there is something; else it is looked again.
            self.woken.recv_timeout(Duration::from_millis(20)).unwrap_or_default();
        }
        panic!("the pictures never came");
    }

    /// What the first tile shows at a moment.
    fn at(&mut self, us: i64) -> Option<u16> {
        self.group.seek(us, false);
        let now = self.settle();
        match &now.tiles[0].status {
            Status::Ready(_) => self.seen[0],
            Status::Unreadable(why) => panic!("{why:?}"),
            _ => None,
        }
    }
}

/// Three files of 60 pictures, the third behind a gap; with B-frames.
fn recording(folder: &std::path::Path) -> Vec<Piece> {
    let file = folder.join("coded.mp4");
    coded(&file, 0, 180, &["-c:v", "libx264", "-bf", "2", "-sc_threshold", "0"]);
    let units = units(&file);
    assert_eq!(units.len(), 180);
    assert!(units.windows(2).any(|two| two[1].pts < two[0].pts), "no B-frames");
    let starts = [START, START + 60 * EACH, START + 150 * EACH];
    let cut = starts
        .iter()
        .enumerate()
        .map(|(n, from)| segment(folder, 1, *from, &units[n * 60..][..60], EACH));
    cut.collect()
}

#[test]
fn every_moment_shows_its_own_picture_and_a_gap_none() {
    pollwall::media::init().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::new(vec![recording(folder.path())]);
    // By random access, and one file after another both ways.
    let mut order: Vec<i64> = (0..180).map(|n| n * 77 % 180).collect();
    order.extend(0..180);
    order.extend((0..180).rev());
    for n in order {
        let gap = if n < 120 { 0 } else { 30 };
        let from = START + (n + gap) * EACH;
        let want = Some(u16::try_from(n).unwrap());
        assert_eq!(rig.at(from), want, "its first moment");
        assert_eq!(rig.at(from + EACH - 1), want, "its last");
    }
    assert_eq!(rig.at(START - 1), None);
    // The last before the gap stands for a second, as in the ledger.
    let last = START + 119 * EACH;
    assert_eq!(rig.at(last + 999_999), Some(119));
    assert_eq!(rig.at(last + 1_000_000), None);
    assert_eq!(rig.at(START + 150 * EACH - 1), None);
    assert_eq!(rig.at(START + 250 * EACH), None, "behind the end");
}

#[test]
fn steps_go_from_picture_to_picture_over_borders_and_gaps() {
    pollwall::media::init().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::new(vec![recording(folder.path())]);
    assert_eq!(rig.at(START), Some(0));
    let step = |rig: &mut Rig, forward| {
        assert!(rig.group.step(0, forward));
        rig.settle();
        rig.seen[0].unwrap()
    };
    for n in 1..180 {
        assert_eq!(step(&mut rig, true), n);
    }
    for n in (0..179).rev() {
        assert_eq!(step(&mut rig, false), n);
    }
    // From the midst of a gap: to the picture on either side.
    assert_eq!(rig.at(START + 140 * EACH), None);
    assert_eq!(step(&mut rig, false), 119);
    assert_eq!(rig.at(START + 140 * EACH), None);
    assert_eq!(step(&mut rig, true), 120);
}

#[test]
fn played_both_ways_every_picture_is_shown_in_its_turn() {
    pollwall::media::init().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pieces = recording(folder.path());
    let mut rig = Rig::new(vec![pieces.clone(), pieces]);
    rig.settle();
    let mut all = Vec::new();
    let turn = |rig: &mut Rig, all: &mut Vec<u16>| {
        rig.settle();
        rig.now_us += EACH / 2;
        let now = rig.tick();
        let skew = rig.seen[0] != rig.seen[1];
        assert!(!skew || now.tiles.iter().any(|tile| matches!(tile.status, Status::Behind)));
        if all.last() != rig.seen[0].as_ref() {
            all.extend(rig.seen[0]);
        }
    };
    rig.group.clock_mut().play(true);
    while rig.group.clock().at_us() < START + 215 * EACH {
        turn(&mut rig, &mut all);
    }
    assert_eq!(all, (0..180).collect::<Vec<u16>>());
    all.clear();
    rig.group.clock_mut().set_reverse(true);
    while rig.group.clock().at_us() > START {
        turn(&mut rig, &mut all);
    }
    rig.settle();
    all.extend(rig.seen[0]);
    all.dedup();
    assert_eq!(all, (0..180).rev().collect::<Vec<u16>>());
}

#[test]
fn while_dragged_and_at_high_speed_there_are_keyframes_and_it_says_so() {
    pollwall::media::init().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut rig = Rig::new(vec![recording(folder.path())]);
    for n in [33, 59, 60, 119] {
        rig.group.seek(START + n * EACH, true);
        let now = rig.settle();
        assert!(now.keyframes_only);
        assert_eq!(rig.seen[0], Some(u16::try_from(n / 20 * 20).unwrap()), "{n}");
    }
    rig.group.seek(START + 33 * EACH, true);
    rig.settle();
    assert_eq!(rig.at(START + 33 * EACH), Some(33), "exact when let go");
    rig.group.clock_mut().set_speed(64.0);
    rig.group.clock_mut().play(true);
    assert!(rig.tick().keyframes_only);
    rig.group.clock_mut().set_speed(1.0);
    assert!(!rig.tick().keyframes_only);
}

#[test]
fn what_is_still_being_written_is_shown_as_it_grows() {
    pollwall::media::init().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("coded.mp4");
    coded(&file, 0, 60, &["-c:v", "libx264", "-bf", "0", "-sc_threshold", "0"]);
    let units = units(&file);
    let short = segment(folder.path(), 1, START, &units[..30], EACH);
    let piece = Piece { unfinished: true, ..short };
    let mut rig = Rig::new(vec![vec![piece]]);
    assert_eq!(rig.at(START + 29 * EACH), Some(29));
    rig.group.seek(START + 50 * EACH, false);
    assert!(matches!(rig.settle().tiles[0].status, Status::Ended));
    segment(folder.path(), 1, START, &units, EACH);
    rig.now_us += 600_000;
    rig.tick();
    assert_eq!(rig.at(START + 50 * EACH), Some(50));
}

#[test]
fn other_peoples_files_are_as_exact_in_every_container() {
    pollwall::media::init().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let h264 = ["-c:v", "libx264", "-bf", "2", "-sc_threshold", "0"];
    let h265 = ["-c:v", "libx265", "-x265-params", "log-level=none:pools=none:keyint=20:bframes=3"];
    let forms: [(&str, &[&str]); 5] =
        [("a.mp4", &h264), ("b.mkv", &h264), ("c.ts", &h264), ("d.flv", &h264), ("e.mp4", &h265)];
    for (name, options) in forms {
        let file = folder.path().join(name);
        coded(&file, 500, 70, options);
        let (form, breaks) = (Form::Foreign, Vec::new());
        let to_us = START + 70 * EACH;
        let piece = Piece { file, form, from_us: START, to_us, breaks, unfinished: false };
        let mut rig = Rig::new(vec![vec![piece]]);
        for n in (0..70).map(|n| n * 31 % 70).chain(0..70).chain((0..70).rev()) {
            // In the middle: containers round times to a millisecond.
            let got = rig.at(START + n * EACH + EACH / 2);
            assert_eq!(got, Some(500 + u16::try_from(n).unwrap()), "{name}");
        }
    }
}

#[test]
fn a_file_that_is_none_or_damaged_is_told_and_its_neighbours_are_not_touched() {
    pollwall::media::init().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pieces = recording(folder.path());
    // In the second file's first pictures, behind its head.
    let mut bytes = std::fs::read(&pieces[1].file).unwrap();
    let whole = bytes.clone();
    bytes.truncate(100);
    std::fs::write(&pieces[1].file, &bytes).unwrap();
    let mut rig = Rig::new(vec![pieces.clone()]);
    assert_eq!(rig.at(START + 59 * EACH), Some(59));
    rig.group.seek(START + 60 * EACH, false);
    assert!(matches!(rig.settle().tiles[0].status, Status::Unreadable(_)));
    assert_eq!(rig.at(START + 150 * EACH), Some(120));
    drop(rig);
    // Random damage: some pictures are gone, none is another's.
    let mut bytes = whole;
    let length = bytes.len();
    for n in 0..40 {
        bytes[length / 3 + n * 7] ^= 0x55;
    }
    std::fs::write(&pieces[1].file, &bytes).unwrap();
    let mut rig = Rig::new(vec![pieces]);
    assert_eq!(rig.at(START + 59 * EACH), Some(59));
    assert_eq!(rig.at(START + 150 * EACH), Some(120));
    for n in 60..120 {
        rig.at(START + n * EACH);
    }
}
