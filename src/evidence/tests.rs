use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;

use super::head::Order;
use super::key::unhex;
use super::seal::until_next;
use super::*;
use crate::clock::{Clock, FakeClock, WallTime, lock};
use crate::config::data::DataDir;
use crate::config::record::SealConfig;
use crate::journal::chain::hex;
use crate::journal::{Event, Journal, Kind, RunConfig, RunInfo, read};
use crate::model::{FeedId, FeedKind, StationId};
use crate::record::index::{Index, Link, Reader};
use crate::record::{Catalogue as _, Ended, Record, Segment, SegmentPath, Stamp};
use crate::text::{Lang, Text};

/// The morning of 7 February 2024.
const DAY: i64 = 1_707_289_200_000_000;
/// Longer than any machine takes; only a test that fails waits for it.
const LONG: Duration = Duration::from_secs(60);

fn feed(district: u16, station: u32, kind: FeedKind) -> FeedId {
    FeedId { station: StationId::new(district, station), kind }
}

fn link(n: u32) -> Link {
    let kind = if n % 3 == 2 { FeedKind::Sub } else { FeedKind::Main };
    let feed = feed(1 + u16::try_from(n % 7).unwrap(), 1 + n, kind);
    Link { feed, place: u64::from(n) + 1, chain: [u8::try_from(n % 256).unwrap(); 32] }
}

fn key() -> (tempfile::TempDir, SealKey) {
    let dir = tempfile::tempdir().unwrap();
    let key = SealKey::load_or_make(&dir.path().join("seal/key")).unwrap();
    (dir, key)
}

#[test]
fn a_key_is_made_once_and_nobody_else_may_read_it() {
    let (dir, made) = key();
    let file = dir.path().join("seal/key");
    let again = SealKey::load_or_make(&file).unwrap();
    assert_eq!(again.public(), made.public());
    assert_eq!(made.fingerprint(), fingerprint(&made.public()));
    let secret = fs::read_to_string(&file).unwrap();
    let secret = secret.split_whitespace().nth(1).unwrap();
    assert_eq!(secret.len(), 64);
    assert!(!format!("{made:?}").contains(secret), "not in a log");
    let other = SealKey::load_or_make(&dir.path().join("other")).unwrap();
    assert_ne!(other.public(), made.public());
    assert_eq!(fs::read_dir(dir.path().join("seal")).unwrap().count(), 1, "nothing is left over");
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let (dir, made) = key();
    let file = dir.path().join("seal/key");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let error = SealKey::load_or_make(&file).unwrap_err();
    assert!(matches!(error, SealError::Open { .. }), "{error}");
    for lang in Lang::ALL {
        assert!(error.explain(&Text::of(lang)).contains("chmod 600"));
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(SealKey::load_or_make(&file).unwrap().public(), made.public());
}

#[test]
fn what_is_no_key_is_not_replaced() {
    let (dir, _) = key();
    let file = dir.path().join("seal/key");
    for bad in ["", "pollwall-seal-key-1 12", "\u{0}\u{1}", "pollwall-seal-key-1 ZZ\n"] {
        fs::write(&file, bad).unwrap();
        let error = SealKey::load_or_make(&file).unwrap_err();
        assert!(matches!(error, SealError::NoKey { .. }), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), bad);
    }
}

#[test]
fn hexadecimal_has_one_spelling() {
    assert_eq!(unhex::<2>("0aff"), Some([10, 255]));
    for bad in ["0AFF", "0af", "0aff0", "0aff00", "0ag0", "əə"] {
        assert_eq!(unhex::<2>(bad), None, "{bad}");
    }
}

/// Made with Python's hashlib from `docs/format-seal.md`.
#[test]
fn leaves_roots_and_heads_are_those_that_the_description_gives() {
    let links: Vec<Link> = (0..5).map(link).collect();
    assert_eq!(hex(&leaf_bytes(&links[2])), LEAF);
    let tree = Tree::over(links);
    assert_eq!(hex(&tree.root()), ROOT);
    let head = Head {
        number: 7,
        utc: WallTime::from_micros(DAY),
        feeds: 5,
        root: tree.root(),
        previous: [1; 32],
        key: [2; 32],
    };
    assert_eq!(hex(&head.hash()), HEAD);
    assert_eq!(
        hex(&Tree::over(Vec::new()).root()),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
}

const LEAF: &str = "706f6c6c77616c6c2d666565642d310003000000030100000000000000030202020202020202020202020202020202020202020202020202020202020202";
const ROOT: &str = "48d898649daf4d2d43970074551cad6df0621380bbbd919700442ced667df594";
const HEAD: &str = "c53d813b2fa6abe7daf51e6fb8c9a4c102743ac92d85832e71403b4c0c3366ea";

proptest! {
    #[test]
    fn every_leaf_is_proven_and_no_other(
        count in 1u32..80, other in 0usize..80, byte in 0usize..62, at in 0usize..7,
    ) {
        let links: Vec<Link> = (0..count).map(link).collect();
        let tree = Tree::over(links);
        let root = tree.root();
        for (index, link) in tree.links().iter().enumerate() {
            let proof = tree.prove(index).unwrap();
            prop_assert!(verify_inclusion(&root, link, &proof));
            let changed = [
                Link { place: link.place + 1, ..*link },
                Link { chain: [0xee; 32], ..*link },
                Link { feed: feed(9999, 1, FeedKind::Main), ..*link },
            ];
            for changed in &changed {
                prop_assert!(!verify_inclusion(&root, changed, &proof));
            }
            let moved = Proof { index: (proof.index + 1) % (u64::from(count) + 1), ..proof.clone() };
            prop_assert!(!verify_inclusion(&root, link, &moved));
            let mut bent = proof.clone();
            if let Some(hash) = bent.path.get_mut(at) {
                hash[byte % 32] ^= 1;
                prop_assert!(!verify_inclusion(&root, link, &bent));
            }
            let longer = Proof { path: [proof.path.clone(), vec![[0; 32]]].concat(), ..proof.clone() };
            prop_assert!(!verify_inclusion(&root, link, &longer));
            let stranger = &tree.links()[other % tree.links().len()];
            prop_assert_eq!(verify_inclusion(&root, stranger, &proof), stranger == link);
        }
        prop_assert!(tree.prove(count as usize).is_none());
        // The order in which chains are given does not matter.
        let turned = Tree::over((0..count).rev().map(link).collect());
        prop_assert_eq!(turned.root(), root);
    }

    #[test]
    fn heads_are_signed_and_follow_on_each_other(
        counts in proptest::collection::vec(1u32..20, 2..8), bit in 0usize..(135 * 8), at in 0usize..8,
    ) {
        let (_dir, key) = key();
        let mut heads: Vec<SignedHead> = Vec::new();
        for (minute, count) in (0i64..).zip(&counts) {
            let tree = Tree::over((0..*count).map(link).collect());
            let now = WallTime::from_micros(DAY + minute * 60_000_000);
            heads.push(SignedHead::sign(&key, &tree, heads.last().map(|s| &s.head), now));
        }
        let mut order = Order::default();
        for signed in &heads {
            prop_assert_eq!(order.next(signed), None);
            let read = SignedHead::of(&signed.event());
            prop_assert_eq!(read.as_ref(), Some(signed));
        }
        // One that is left out, and one that is changed in any bit of any field.
        let mut order = Order::default();
        prop_assert_eq!(order.next(&heads[0]), None);
        if let Some(third) = heads.get(2) {
            prop_assert_eq!(order.next(third), Some(Misfit::Number(2)));
        }
        let mut changed = heads[at % heads.len()].clone();
        let mut bytes = changed.head.bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let number = |range: std::ops::Range<usize>| u64::from_be_bytes(bytes[range].try_into().unwrap());
        changed.head = Head {
            number: number(15..23),
            utc: WallTime::from_micros(number(23..31).cast_signed()),
            feeds: number(31..39),
            root: bytes[39..71].try_into().unwrap(),
            previous: bytes[71..103].try_into().unwrap(),
            key: bytes[103..].try_into().unwrap(),
        };
        prop_assert_eq!(changed.is_signed(), bit < 15 * 8, "the first bytes are always the same");
        let mut exchanged = heads[1].clone();
        exchanged.head = Head { previous: [3; 32], ..exchanged.head };
        exchanged.signature = key.sign(&exchanged.head.bytes());
        let mut order = Order::default();
        prop_assert_eq!(order.next(&heads[0]), None);
        prop_assert_eq!(order.next(&exchanged), Some(Misfit::Previous));
    }
}

#[test]
fn another_key_is_no_secret() {
    let (_dir, one) = key();
    let (_dir, other) = key();
    let tree = Tree::over(vec![link(0)]);
    let mut signed = SignedHead::sign(&one, &tree, None, WallTime::from_micros(DAY));
    signed.key = other.public();
    assert!(!signed.is_signed(), "the head names the key");
    signed.signature = other.sign(&signed.head.bytes());
    assert!(!signed.is_signed());
}

/// A data folder with a journal, a catalogue, and a clock that stands still.
struct Rig {
    dir: tempfile::TempDir,
    data: DataDir,
    clock: Arc<FakeClock>,
    journal: Journal,
    index: Index,
    minutes: i64,
}

impl Rig {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(dir.path().join("data"))).unwrap();
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(DAY)));
        let index = Index::open(&data.footage_file(), &*clock).unwrap().0;
        let journal = open(&data, &clock);
        Self { dir, data, clock, journal, index, minutes: 0 }
    }

    /// A minute of two feeds is recorded.
    fn record(&mut self) {
        let feeds = [feed(1, 1, FeedKind::Main), feed(57, 12, FeedKind::Main)];
        let segment = |feed: FeedId| {
            let us = self.minutes * 60_000_000;
            let first = Stamp { utc_us: DAY + us, mono_us: us };
            let last = Stamp { utc_us: first.utc_us + 59_000_000, mono_us: us + 59_000_000 };
            Record::Closed(Box::new(Segment {
                feed,
                path: SegmentPath::new(feed, first.wall()),
                run: "run".into(),
                first,
                last,
                first_pts: 0,
                last_pts: 1,
                frames: 2,
                bytes: 3,
                sha256: [u8::try_from(self.minutes).unwrap(); 32],
                breaks: Vec::new(),
                camera_clock_us: None,
                clock_ahead_us: 0,
                clock_synchronised: Some(true),
                ended: Ended::Full,
            }))
        };
        let records = feeds.map(segment);
        let alive = Stamp { utc_us: DAY, mono_us: 0 };
        self.index.volume(self.dir.path(), "run").commit(&records, alive).unwrap();
        self.minutes += 1;
        self.clock.advance(Duration::from_secs(60));
    }

    fn sealer(&self) -> Sealer {
        let key = SealKey::load_or_make(&self.data.seal().join("key")).unwrap();
        Sealer::new(key, newest_head(&self.data.journal_file()).unwrap())
    }

    fn seal(&self, sealer: &mut Sealer) -> SignedHead {
        sealer.seal(&self.data.footage_file(), &self.journal, &*self.clock).unwrap().unwrap()
    }

    fn heads(&self) -> Vec<SignedHead> {
        let reader = read::Reader::open(&self.data.journal_file()).unwrap();
        let filter = read::Filter { kinds: vec![Kind::SealHead], ..read::Filter::default() };
        let mut heads = Vec::new();
        let take = |row: read::Record| -> Result<(), crate::journal::JournalError> {
            heads.push(SignedHead::of(&row.event().unwrap()).unwrap());
            Ok(())
        };
        reader.each(&filter, take).unwrap();
        heads
    }

    fn delivery(&self, holder: impl Holder + 'static) -> Delivery {
        let state = self.data.seal().join("taken.json");
        let (journal, index) = (self.data.journal_file(), self.data.footage_file());
        Delivery::new(Box::new(holder), &journal, &index, &state).unwrap()
    }
}

fn open(data: &DataDir, clock: &Arc<FakeClock>) -> Journal {
    let run = RunInfo::this_process("record", RunConfig::default());
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    Journal::open(&data.journal_file(), clock, run, Arc::new(|| {})).unwrap()
}

#[test]
fn heads_go_on_after_a_restart_and_lead_to_their_chains() {
    let mut rig = Rig::new();
    let mut sealer = rig.sealer();
    let none = sealer.seal(&rig.data.footage_file(), &rig.journal, &*rig.clock).unwrap();
    assert_eq!(none, None, "nothing was recorded");
    rig.record();
    let first = rig.seal(&mut sealer);
    assert_eq!((first.head.number, first.head.feeds), (1, 2));
    rig.record();
    rig.seal(&mut sealer);
    drop(sealer);
    let closed = std::mem::replace(&mut rig.journal, open(&rig.data, &rig.clock));
    assert!(closed.close(LONG));
    let mut sealer = rig.sealer();
    rig.record();
    let third = rig.seal(&mut sealer);
    assert_eq!(third.head.number, 3);
    let heads = rig.heads();
    assert_eq!(heads.len(), 3);
    let mut order = Order::default();
    for signed in &heads {
        assert_eq!(order.next(signed), None);
    }
    assert_eq!(heads[2].leaves[1], (feed(57, 12, FeedKind::Main), 3));

    let index = Reader::open(&rig.data.footage_file()).unwrap();
    for signed in &heads {
        let tree = links_of(signed, &index).unwrap().expect("the catalogue leads to the root");
        let proof = tree.prove(1).unwrap();
        assert!(verify_inclusion(&signed.head.root, &tree.links()[1], &proof));
    }
    let other = SignedHead { leaves: vec![(feed(57, 12, FeedKind::Main), 9)], ..first };
    assert!(links_of(&other, &index).unwrap().is_none());
}

#[test]
fn a_head_that_the_journal_does_not_keep_is_not_followed() {
    let mut rig = Rig::new();
    let mut sealer = rig.sealer();
    rig.record();
    let journal = rig.journal.clone();
    assert!(journal.close(LONG));
    let refused = sealer.seal(&rig.data.footage_file(), &rig.journal, &*rig.clock).unwrap();
    assert_eq!(refused, None);
    rig.journal = open(&rig.data, &rig.clock);
    assert_eq!(rig.seal(&mut sealer).head.number, 1);
}

#[test]
fn a_secret_of_digits_does_not_spoil_a_head() {
    use crate::config::secrets::{ListSecrets, Redactor, UrlSecrets};
    let rig_key = key().1;
    let tree = Tree::over((0..40).map(link).collect());
    let signed = SignedHead::sign(&rig_key, &tree, None, WallTime::from_micros(DAY));
    let mut secrets = ListSecrets::default();
    // Such a password is in the signature, and so in the row.
    let values = vec![hex(&signed.signature)[10..18].to_owned()];
    secrets.insert(feed(1, 1, FeedKind::Main), UrlSecrets { login: None, values });
    Redactor::global().learn([&secrets]);
    let rig = Rig::new();
    let entry = crate::journal::Entry::now(&*rig.clock, signed.event());
    rig.journal.record_durably(entry).wait().unwrap();
    assert_eq!(rig.heads(), [signed]);
}

/// A holder that takes lines while it is told to.
#[derive(Clone, Default)]
struct Fickle {
    lines: Arc<Mutex<Vec<String>>>,
    takes: Arc<Mutex<usize>>,
}

impl Holder for Fickle {
    fn name(&self) -> String {
        "fickle".into()
    }

    fn take(&mut self, line: &str) -> Result<(), HolderError> {
        let mut takes = lock(&self.takes);
        if *takes == 0 {
            return Err(HolderError::Refused { holder: self.name(), code: 503 });
        }
        *takes -= 1;
        lock(&self.lines).push(line.to_owned());
        Ok(())
    }
}

fn numbers(lines: &[String]) -> Vec<u64> {
    let number = |line: &String| {
        assert!(line.ends_with('\n') && line.matches('\n').count() == 1);
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        json["number"].as_u64().unwrap()
    };
    lines.iter().map(number).collect()
}

#[test]
fn a_holder_that_was_down_gets_everything_in_order_also_after_a_restart() {
    let mut rig = Rig::new();
    let mut sealer = rig.sealer();
    let fickle = Fickle::default();
    let mut delivery = rig.delivery(fickle.clone());
    for _ in 0..5 {
        rig.record();
        rig.seal(&mut sealer);
    }
    let waiting = delivery.step(100).unwrap();
    assert_eq!((waiting.heads, waiting.why.is_some()), (5, true));
    *lock(&fickle.takes) = 2;
    assert_eq!(delivery.step(100).unwrap().heads, 3);
    // Another process goes on from there.
    let mut delivery = rig.delivery(fickle.clone());
    assert_eq!(delivery.step(100).unwrap().heads, 3);
    *lock(&fickle.takes) = 100;
    assert_eq!(delivery.step(1).unwrap().heads, 2);
    let waiting = delivery.step(100).unwrap();
    assert_eq!((waiting.heads, waiting.why.is_none()), (0, true));
    assert_eq!(numbers(&lock(&fickle.lines)), [1, 2, 3, 4, 5]);
    rig.record();
    rig.seal(&mut sealer);
    assert_eq!(delivery.step(100).unwrap().heads, 0);
    assert_eq!(numbers(&lock(&fickle.lines)), [1, 2, 3, 4, 5, 6]);
    let last: serde_json::Value = serde_json::from_str(&lock(&fickle.lines)[5]).unwrap();
    let chain = rig.heads().len();
    assert_eq!(chain, 6);
    assert_eq!(last["leaves"][1][0], "57/12 main");
    assert_eq!(last["leaves"][1][1], 6);
    assert_eq!(last["leaves"][1][2].as_str().unwrap().len(), 64);
}

#[test]
fn the_seal_makes_a_last_head_and_brings_it_when_it_is_closed() {
    let mut rig = Rig::new();
    rig.record();
    let file: PathBuf = rig.dir.path().join("heads.jsonl");
    let config = SealConfig { file: Some(file.clone()), url: None };
    let clock = Arc::clone(&rig.clock) as Arc<dyn Clock>;
    let seal = Seal::start(&rig.data, &config, rig.journal.clone(), clock).unwrap();
    let fingerprint = seal.fingerprint();
    assert!(seal.close(LONG));
    let heads = rig.heads();
    assert_eq!((heads.len(), heads[0].head.key), (1, fingerprint));
    let lines: Vec<String> =
        fs::read_to_string(&file).unwrap().split_inclusive('\n').map(str::to_owned).collect();
    assert_eq!(numbers(&lines), [1]);
    assert!(matches!(rig.heads()[0].event(), Event::SealHead { number: 1, .. }));
}

#[test]
fn a_head_is_due_at_every_full_minute() {
    let at = |us: i64| until_next(WallTime::from_micros(us));
    assert_eq!(at(DAY), Duration::from_secs(60));
    assert_eq!(at(DAY + 59_000_000), Duration::from_secs(1));
    assert_eq!(at(-1), Duration::from_micros(1));
}
