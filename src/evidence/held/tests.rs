//! Recordings are made up, sealed with a real key, and then something is done to them.

mod holder;

use std::collections::BTreeMap;

use super::*;
use crate::evidence::{Head, SealKey, SignedHead, Tree};
use crate::model::{FeedKind, StationId};
use crate::record::chain::{BEGINNING, chained};
use crate::record::index::{Link, State};
use crate::record::{Break, Ended, Segment, SegmentPath, Stamp};

/// The morning of 7 February 2024.
const DAY: i64 = 1_707_289_200_000_000;
const MINUTE: i64 = 60_000_000;

fn feed(station: u32, kind: FeedKind) -> FeedId {
    FeedId { station: StationId::new(57, station), kind }
}

fn one() -> FeedId {
    feed(12, FeedKind::Main)
}

fn other() -> FeedId {
    feed(13, FeedKind::Main)
}

/// What a recorder has written, its chains, and what the second holder has got.
#[derive(Clone)]
struct Country {
    key: std::sync::Arc<SealKey>,
    files: Vec<Item>,
    chains: BTreeMap<FeedId, (u64, Hash)>,
    /// Every chain that there was, for lines.
    known: BTreeMap<(FeedId, u64), Hash>,
    before: Option<Head>,
    lines: Vec<String>,
}

fn new_key() -> std::sync::Arc<SealKey> {
    let dir = tempfile::tempdir().unwrap();
    std::sync::Arc::new(SealKey::load_or_make(&dir.path().join("key")).unwrap())
}

/// A segment that begins so many minutes into the day; `bytes` makes it another one.
fn segment(feed: FeedId, minute: i64, bytes: u64) -> Segment {
    let first = Stamp { utc_us: DAY + minute * MINUTE, mono_us: minute * MINUTE };
    let last = Stamp { utc_us: first.utc_us + 59_000_000, mono_us: first.mono_us + 59_000_000 };
    let lapse = Break { from_utc_us: first.utc_us + 7, to_utc_us: first.utc_us + 1_600_000 };
    Segment {
        feed,
        path: SegmentPath::new(feed, first.wall()),
        run: "00c0ffee".into(),
        first,
        last,
        first_pts: 0,
        last_pts: 90_000,
        frames: 900,
        bytes,
        sha256: [u8::try_from(minute % 200).unwrap(); 32],
        breaks: if minute % 4 == 1 { vec![lapse] } else { Vec::new() },
        camera_clock_us: None,
        clock_ahead_us: 0,
        clock_synchronised: Some(true),
        ended: Ended::Full,
    }
}

fn item(segment: Segment) -> Item {
    let (path, file) = (segment.path.clone(), format!("/v/{}", segment.path).into());
    Item { path, file, is_quarantined: false, state: State::Closed(Box::new(segment)) }
}

impl Country {
    fn new() -> Self {
        Self {
            key: new_key(),
            files: Vec::new(),
            chains: BTreeMap::new(),
            known: BTreeMap::new(),
            before: None,
            lines: Vec::new(),
        }
    }

    /// Two stations over so many minutes, a head after each.
    fn after(minutes: i64) -> Self {
        let mut country = Self::new();
        (0..minutes).for_each(|minute| country.minute(minute));
        country
    }

    fn minute(&mut self, minute: i64) {
        self.told(segment(one(), minute, 5000));
        self.told(segment(other(), minute, 6000));
        self.seal(minute + 1);
    }

    /// A segment comes into the catalogue; its file is there.
    fn told(&mut self, segment: Segment) {
        let (place, chain) = self.chains.entry(segment.feed).or_insert((0, BEGINNING));
        (*place, *chain) = (*place + 1, chained(chain, &segment));
        self.known.insert((segment.feed, *place), *chain);
        self.files.push(item(segment));
    }

    fn seal(&mut self, minute: i64) {
        let links = self.chains.iter();
        let links = links.map(|(&feed, &(place, chain))| Link { feed, place, chain }).collect();
        let now = WallTime::from_micros(DAY + minute * MINUTE + 3_000_000);
        let signed = SignedHead::sign(&self.key, &Tree::over(links), self.before.as_ref(), now);
        self.before = Some(signed.head);
        self.lines.push(signed.line(|feed, place| self.known.get(&(feed, place)).copied()));
    }

    /// The last head again, as a holder gets it while there is no catalogue.
    fn seal_without_chains(&mut self, minute: i64) {
        self.seal(minute);
        let line = self.lines.last_mut().unwrap();
        let mut json: serde_json::Value = serde_json::from_str(line).unwrap();
        for leaf in json["leaves"].as_array_mut().unwrap() {
            leaf[2] = serde_json::Value::Null;
        }
        *line = format!("{json}\n");
    }

    fn remove(&mut self, feed: FeedId, minutes: std::ops::Range<i64>) {
        self.files.retain(|item| !minutes.clone().any(|m| item.path == segment(feed, m, 0).path));
    }

    fn at(&mut self, feed: FeedId, minute: i64) -> &mut Item {
        let path = segment(feed, minute, 0).path;
        self.files.iter_mut().find(|item| item.path == path).unwrap()
    }

    fn edit(&mut self, line: usize, change: impl FnOnce(&mut serde_json::Value)) {
        let mut json: serde_json::Value = serde_json::from_str(&self.lines[line]).unwrap();
        change(&mut json);
        self.lines[line] = format!("{json}\n");
    }

    fn whole(&self) -> Whole {
        let mut items = self.files.clone();
        items.sort_by(|a, b| (&a.path, &a.file).cmp(&(&b.path, &b.file)));
        items.sort_by_key(|item| (item.path.feed(), item.path.first()));
        Whole { items, foreign: Vec::new() }
    }

    fn hold(&self) -> Held {
        let heads = HeldHeads::of(self.lines.concat().as_bytes()).unwrap();
        hold(heads, &self.whole(), Some(&self.key.fingerprint()))
    }

    #[track_caller]
    fn is_intact(&self) -> Held {
        let held = self.hold();
        assert_eq!(held.findings, [], "{held:?}");
        assert_eq!(held.verdict(), Verdict::Intact);
        held
    }

    /// The only finding.
    #[track_caller]
    fn finding(&self) -> Finding {
        let mut held = self.hold();
        assert_eq!(held.findings.len(), 1, "{:#?}", held.findings);
        assert_eq!(held.verdict(), Verdict::Findings);
        held.findings.remove(0)
    }
}

fn numbers(finding: &Finding) -> (Option<u64>, Option<u64>) {
    (finding.after.map(|m| m.number), finding.by.map(|m| m.number))
}

fn codes(held: &Held) -> Vec<&'static str> {
    held.findings.iter().map(|finding| finding.what.code()).collect()
}

#[test]
fn an_untouched_folder_is_intact() {
    let mut country = Country::after(12);
    let held = country.is_intact();
    assert_eq!((held.heads, held.segments, held.covered, held.not_yet), (12, 24, 24, 0));
    assert_eq!(held.whole_up_to, held.newest);
    assert_eq!(held.ends_at, None);
    // What came after the newest head is said, and is no finding; nor is a file without a tail.
    country.files.push(item(segment(one(), 12, 7)));
    let open = Item { state: State::Unfinished, ..item(segment(other(), 12, 7)) };
    country.files.push(open.clone());
    let held = country.is_intact();
    assert_eq!((held.covered, held.not_yet, &held.unfinished), (24, 1, &vec![open.file]));
    // Without a fingerprint nobody knows whose heads they are.
    let heads = HeldHeads::of(country.lines.concat().as_bytes()).unwrap();
    assert_eq!(hold(heads, &country.whole(), None).verdict(), Verdict::SignerNotVerified);
}

#[test]
fn a_minute_without_a_segment_and_one_with_many_are_nothing() {
    let mut country = Country::after(3);
    country.seal(4);
    country.seal(5);
    // Three short ones of a stream that changes, and a feed that begins late.
    for quarter in 0..3 {
        let mut short = segment(one(), 5, 100 + quarter);
        short.first.utc_us += i64::try_from(quarter).unwrap() * 15_000_000;
        short.last.utc_us = short.first.utc_us + 14_000_000;
        short.path = SegmentPath::new(one(), short.first.wall());
        country.told(short);
    }
    country.told(segment(feed(1, FeedKind::Sub), 5, 100));
    country.seal(6);
    (6..9).for_each(|minute| country.minute(minute));
    let held = country.is_intact();
    assert_eq!((held.covered, held.segments), (16, 16));
}

#[test]
fn a_segment_that_came_to_light_late_is_no_finding() {
    // The volume was away while minute 3 was closed; it came back at minute 8, alone in a head, and
    // with others in one.
    for with_others in [false, true] {
        for many in [1, 3] {
            let mut country = Country::after(3);
            (3 + many..9).for_each(|minute| country.minute(minute));
            if with_others {
                country.told(segment(one(), 9, 5000));
            }
            (3..3 + many).for_each(|minute| country.told(segment(one(), minute, 5000)));
            if with_others {
                country.told(segment(one(), 10, 5000));
            }
            country.seal(11);
            (11..13).for_each(|minute| country.minute(minute));
            let held = country.is_intact();
            assert_eq!(held.covered, held.segments);
        }
    }
    // Also where it lies before two that were sealed at once.
    let mut country = Country::after(3);
    country.told(segment(one(), 4, 5000));
    country.told(segment(one(), 5, 5000));
    country.seal(6);
    country.told(segment(one(), 3, 5000));
    country.seal(7);
    country.is_intact();
}

#[test]
fn a_removed_segment_is_named_and_dated() {
    let mut country = Country::after(12);
    country.remove(one(), 5..6);
    let finding = country.finding();
    assert_eq!((finding.what.code(), finding.feed), ("missing", Some(one())));
    assert_eq!((finding.places, numbers(&finding)), (Some((6, 6)), (Some(5), Some(6))));
    assert_eq!(finding.from, Some(segment(one(), 4, 0).last.wall()));
    assert_eq!(finding.to, Some(segment(one(), 6, 0).first.wall()));
    let held = country.hold();
    assert_eq!((held.whole_up_to.unwrap().number, held.ends_at), (5, None));
    // The first one, and a whole run: nothing that is there is suspected.
    country.remove(one(), 0..1);
    country.remove(other(), 3..9);
    let held = country.hold();
    let missing: Vec<_> = held.findings.iter().map(|f| (f.feed.unwrap(), f.places)).collect();
    let expected = [(one(), Some((1, 1))), (one(), Some((6, 6))), (other(), Some((4, 9)))];
    assert_eq!(missing, expected);
    assert_eq!(held.covered, 16);
}

#[test]
fn a_missing_end_is_dated_and_a_disk_that_was_rolled_back_is_known() {
    let mut country = Country::after(12);
    let mut rolled_back = country.clone();
    country.remove(other(), 9..12);
    let finding = country.finding();
    assert_eq!((finding.what.code(), finding.feed), ("tail", Some(other())));
    assert_eq!((finding.places, numbers(&finding)), (Some((10, 12)), (Some(9), Some(12))));
    assert_eq!(finding.to, None);
    assert_eq!(country.hold().ends_at, None, "the other station has all of it");

    rolled_back.remove(one(), 9..12);
    rolled_back.remove(other(), 9..12);
    let held = rolled_back.hold();
    assert_eq!(codes(&held), ["tail", "tail"]);
    assert_eq!(held.ends_at.unwrap().number, 9);
    assert_eq!(held.whole_up_to, held.ends_at);
    // Recording went on after it, and was not sealed yet.
    rolled_back.files.push(item(segment(one(), 13, 5)));
    let held = rolled_back.hold();
    assert_eq!((codes(&held), held.not_yet), (vec!["tail", "tail"], 1));
}

#[test]
fn a_machine_that_went_back_with_its_journal_is_found_by_its_heads() {
    let mut country = Country::after(8);
    let mut back = Country::clone(&country);
    // All of it is set back to minute 5, and goes on from there with other recordings.
    let five = Country { lines: country.lines[..5].to_vec(), before: None, ..Country::new() };
    let heads = HeldHeads::of(five.lines.concat().as_bytes()).unwrap();
    back.before = heads.checked(None).0.last().map(|head| head.signed.head);
    back.chains = [one(), other()].map(|f| (f, (5, country.known[&(f, 5)]))).into();
    back.files.retain(|item| item.path.first() < WallTime::from_micros(DAY + 5 * MINUTE));
    for minute in 20..24 {
        back.told(segment(one(), minute, 1));
        back.told(segment(other(), minute, 1));
        back.seal(minute + 1);
    }
    let held = back.hold();
    let twice = &held.findings[0];
    assert_eq!((twice.what.code(), twice.numbers), ("twice", Some((6, 8))));
    assert_eq!(twice.after.unwrap().utc, WallTime::from_micros(DAY + 6 * MINUTE + 3_000_000));
    assert_eq!(twice.by.unwrap().utc, WallTime::from_micros(DAY + 21 * MINUTE + 3_000_000));
    assert_eq!(codes(&held), ["twice", "rewritten", "rewritten", "missing", "missing"]);
    for gone in &held.findings[3..] {
        assert_eq!((gone.places, numbers(gone)), (Some((6, 8)), (Some(5), Some(8))));
    }
    assert_eq!((held.covered, held.segments), (18, 18), "what there is now is sealed");
    // Only the catalogue went back: the recordings are all there.
    for minute in 5..8 {
        country.remove(one(), minute..minute + 1);
        back.files.push(item(segment(one(), minute, 5000)));
        back.files.push(item(segment(other(), minute, 6000)));
    }
    assert_eq!(codes(&back.hold()), ["twice", "rewritten", "rewritten"]);
}

#[test]
fn a_catalogue_that_was_made_anew_is_said_and_its_files_are_no_finding() {
    let mut country = Country::after(6);
    // Minute 2 had gone before; the chain is made again without it.
    country.remove(one(), 2..3);
    let files: Vec<Item> = std::mem::take(&mut country.files);
    country.chains.clear();
    for item in files {
        let State::Closed(segment) = item.state else { panic!() };
        country.told(*segment);
    }
    country.seal(7);
    country.minute(7);
    let held = country.hold();
    assert_eq!(codes(&held), ["rewritten", "missing"]);
    let rewritten = &held.findings[0];
    assert_eq!((numbers(rewritten), rewritten.places), ((Some(6), Some(7)), Some((5, 6))));
    assert_eq!(held.covered, held.segments);
}

#[test]
fn another_recording_in_its_place_is_found() {
    // Its content, its bytes, or anything that is told of it.
    let changes: [fn(&mut Segment); 5] = [
        |s| s.sha256[7] ^= 1,
        |s| s.bytes += 1,
        |s| s.breaks.push(Break { from_utc_us: 1, to_utc_us: 2 }),
        |s| s.last.utc_us += 1,
        |s| s.camera_clock_us = Some(0),
    ];
    for minute in [0, 5, 11] {
        for change in changes {
            let mut country = Country::after(12);
            let item = country.at(one(), minute);
            let State::Closed(segment) = &mut item.state else { panic!() };
            change(segment);
            let file = item.file.clone();
            let finding = country.finding();
            assert_eq!((finding.what.code(), finding.feed), ("changed", Some(one())));
            let place = u64::try_from(minute).unwrap() + 1;
            assert_eq!((finding.places, finding.files), (Some((place, place)), vec![file]));
        }
    }
    // A tail that was cut off, a file that is none, two that change places.
    for state in [State::Unfinished, State::Unread("no segment".into())] {
        let mut country = Country::after(12);
        let item = country.at(other(), 4);
        item.state = state;
        let file = item.file.clone();
        let finding = country.finding();
        assert_eq!((finding.what.code(), finding.places), ("changed", Some((5, 5))));
        assert_eq!(finding.files, [file]);
    }
    let mut country = Country::after(12);
    let (a, b) = (country.at(one(), 4).state.clone(), country.at(one(), 7).state.clone());
    for (minute, state) in [(4, b), (7, a)] {
        let item = country.at(one(), minute);
        let State::Closed(mut segment) = state else { panic!() };
        segment.path = item.path.clone();
        item.state = State::Closed(segment);
    }
    let held = country.hold();
    let places: Vec<_> = held.findings.iter().map(|f| (f.what.code(), f.places)).collect();
    assert_eq!(places, [("changed", Some((5, 5))), ("changed", Some((8, 8)))]);
    // One is changed and the one beside it is gone: which is which nobody can tell.
    let mut country = Country::after(12);
    country.remove(one(), 4..5);
    country.at(one(), 5).state = State::Unfinished;
    let finding = country.finding();
    assert_eq!((finding.what.code(), finding.places), ("broken", Some((5, 6))));
    assert_eq!(finding.files.len(), 1);
}

#[test]
fn a_recording_that_nobody_sealed_is_found_and_a_copy_is_not() {
    let mut country = Country::after(12);
    let mut planted = segment(one(), 4, 77);
    planted.first.utc_us += 30_000_000;
    planted.path = SegmentPath::new(one(), planted.first.wall());
    country.files.push(item(planted));
    let finding = country.finding();
    assert_eq!((finding.what.code(), finding.files.len()), ("unsealed", 1));
    assert!(country.hold().covered == 24);
    country.files.pop();
    // After the last one that is sealed, but long before the newest head.
    let mut country = Country::after(3);
    (4..9).for_each(|minute| country.seal(minute));
    country.files.push(item(segment(one(), 4, 77)));
    assert_eq!(country.finding().what.code(), "unsealed");
    // What was set aside is known to be broken; a sealed one among it is there.
    let mut country = Country::after(3);
    country.at(one(), 1).is_quarantined = true;
    let broken = Item { state: State::Unread("cut".into()), ..item(segment(one(), 9, 7)) };
    country.files.push(Item { is_quarantined: true, ..broken });
    let held = country.is_intact();
    assert_eq!((held.quarantined.len(), held.covered), (2, 6));
    // The same file in another volume as well.
    let mut country = Country::after(12);
    let mut copy = country.at(one(), 4).clone();
    copy.file = "/w/copy.mp4".into();
    country.files.push(copy);
    assert_eq!(country.is_intact().copies, 1);
}
