//! Real recordings against the heads that a second holder has kept: untouched, and after each thing
//! that somebody may do to them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use pollwall::clock::{Clock as _, FakeClock, WallTime};
use pollwall::evidence::held::{Finding, Held, HeldHeads, Verdict, hold};
use pollwall::evidence::{Head, SealKey, SignedHead, Tree};
use pollwall::media::Codec;
use pollwall::record::index::{Index, Reader, read_whole};
use pollwall::record::{Catalogue as _, Record, RecorderLimits, Segment, SegmentEnds, Stamp};

use crate::rig::{Camera, Rig, clip, limits};

/// 2024-02-07 08:00 in Baku.
const MORNING: i64 = 1_707_278_400_000_000;

/// A volume, and what the second holder has of it.
struct Sealed {
    dir: tempfile::TempDir,
    segments: Vec<Segment>,
    lines: String,
    key: SealKey,
}

/// Two cameras in two runs with a break, each segment sealed soon after it was closed. One of the
/// first run's came to light in the second only.
fn sealed() -> Sealed {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FakeClock::at(WallTime::from_micros(MORNING)));
    let (file, volume) = (dir.path().join("footage.sqlite"), dir.path().join("volume"));
    let key = SealKey::load_or_make(&dir.path().join("key")).unwrap();
    let coded = [Codec::H264, Codec::H265].map(clip);
    let (index, _) = Index::open(&file, &*clock).unwrap();
    let (mut segments, mut lines, mut before, mut late) =
        (Vec::new(), String::new(), None::<Head>, None);
    for run in 0..2 {
        let limits = RecorderLimits { span: Duration::from_secs(6), ..limits() };
        let rig = Rig::start(&volume, clock.clone(), limits);
        let mut cameras: Vec<Camera> =
            (0..2).map(|n| Camera::new(10 + n, &coded[n as usize])).collect();
        for picture in 0..15 * 40 {
            clock.advance(Duration::from_micros(66_667));
            if picture == 200 {
                clock.advance(Duration::from_millis(1500));
            }
            for camera in &mut cameras {
                let unit = camera.picture(clock.mono());
                rig.recorder.offer(camera.feed, &unit);
            }
        }
        let mut closed = rig.stop().0.closed();
        closed.sort_by_key(|segment| (segment.last, segment.feed));
        if run == 0 {
            late = Some(closed.remove(5));
        } else {
            closed.insert(3, late.take().unwrap());
        }
        for segment in closed {
            let alive = Stamp { utc_us: segment.last.utc_us, mono_us: segment.last.mono_us };
            let record = Record::Closed(Box::new(segment.clone()));
            index.volume(&volume, "run-1").commit(&[record], alive).unwrap();
            let reader = Reader::open(&file).unwrap();
            let tree = Tree::over(reader.links().unwrap());
            let now = WallTime::from_micros(alive.utc_us + 3_000_000);
            let head = SignedHead::sign(&key, &tree, before.as_ref(), now);
            lines += &head.line(|feed, place| reader.chain_at(feed, place).unwrap());
            before = Some(head.head);
            segments.push(segment);
        }
        clock.advance(Duration::from_secs(60));
    }
    Sealed { dir, segments, lines, key }
}

impl Sealed {
    fn volume(&self) -> PathBuf {
        self.dir.path().join("volume")
    }

    fn file(&self, segment: &Segment) -> PathBuf {
        self.volume().join(segment.path.to_string())
    }

    fn hold(&self, volumes: &[PathBuf], lines: &str) -> Held {
        let heads = HeldHeads::of(lines.as_bytes()).unwrap();
        let whole = read_whole(volumes, &SegmentEnds, &|_| {}, &|_, _| {}).unwrap();
        hold(heads, &whole, Some(&self.key.fingerprint()))
    }

    /// What is found in a copy that something was done to.
    fn after(&self, attack: impl FnOnce(&Path)) -> Vec<(&'static str, Finding)> {
        let copy = tempfile::tempdir().unwrap();
        for segment in &self.segments {
            let to = copy.path().join(segment.path.to_string());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(self.file(segment), to).unwrap();
        }
        attack(copy.path());
        let held = self.hold(&[copy.path().to_owned()], &self.lines);
        held.findings.into_iter().map(|f| (f.what.code(), f)).collect()
    }

    /// Where a segment stands in its feed's chain.
    fn place(&self, segment: &Segment) -> u64 {
        let before = self.segments.iter().take_while(|other| *other != segment);
        before.filter(|other| other.feed == segment.feed).count() as u64 + 1
    }

    fn head(&self, segment: &Segment) -> u64 {
        self.segments.iter().position(|other| other == segment).unwrap() as u64 + 1
    }
}

#[test]
fn an_untouched_recording_is_intact_and_each_thing_done_to_it_is_found() {
    let sealed = sealed();
    let all = sealed.segments.len();
    assert!(all >= 24 && sealed.segments.iter().any(|s| !s.breaks.is_empty()), "{all}");
    let held = sealed.hold(&[sealed.volume()], &sealed.lines);
    assert_eq!((held.findings.clone(), held.verdict()), (vec![], Verdict::Intact));
    assert_eq!((held.covered, held.heads), (all as u64, all as u64));

    // Half of it lies in another volume.
    let other = tempfile::tempdir().unwrap();
    let moved = sealed.segments[2].path.to_string();
    fs::create_dir_all(other.path().join(&moved).parent().unwrap()).unwrap();
    fs::rename(sealed.volume().join(&moved), other.path().join(&moved)).unwrap();
    let both = sealed.hold(&[sealed.volume(), other.path().to_owned()], &sealed.lines);
    assert_eq!(both.findings, []);
    fs::rename(other.path().join(&moved), sealed.volume().join(&moved)).unwrap();

    // Any segment at all, in any way.
    for (at, segment) in sealed.segments.iter().enumerate() {
        let path = segment.path.to_string();
        let place = Some((sealed.place(segment), sealed.place(segment)));
        let found = sealed.after(|volume| {
            let file = volume.join(&path);
            let mut bytes = fs::read(&file).unwrap();
            match at % 4 {
                0 => bytes.clear(),
                1 => {
                    let middle = bytes.len() / 2;
                    bytes[middle] ^= 1;
                }
                2 => bytes.truncate(bytes.len() - 40),
                _ => {
                    bytes =
                        fs::read(volume.join(sealed.segments[at - 2].path.to_string())).unwrap();
                }
            }
            match bytes.is_empty() {
                true => fs::remove_file(&file).unwrap(),
                false => fs::write(&file, bytes).unwrap(),
            }
        });
        // One that came late stands elsewhere in the chain than in time: its file is told by itself.
        let earlier = &sealed.segments[..at];
        let is_late = earlier.iter().any(|s| s.feed == segment.feed && s.first > segment.first);
        let file_of_its_own = usize::from(is_late && at % 4 == 1);
        assert_eq!(found.len(), 1 + file_of_its_own, "{at}: {found:#?}");
        let (code, finding) = &found[0];
        let is_last = !sealed.segments[at + 1..].iter().any(|s| s.feed == segment.feed);
        let expected = match (at % 4, is_last) {
            (0, true) => "tail",
            (0, false) => "missing",
            _ if is_late => "missing",
            _ => "changed",
        };
        assert_eq!((*code, finding.feed, finding.places), (expected, Some(segment.feed), place));
        assert_eq!(finding.by.unwrap().number, sealed.head(segment), "{at}");
        let named = finding.files.iter().all(|file| file.ends_with(&path));
        assert!(named && finding.files.is_empty() == (at % 4 == 0 || is_late), "{at}: {finding:?}");
    }
}

#[test]
fn a_disk_that_was_rolled_back_is_dated_and_touched_heads_are_found() {
    let sealed = sealed();
    for kept in [1, 9, sealed.segments.len() - 2] {
        let copy = tempfile::tempdir().unwrap();
        for segment in &sealed.segments[..kept] {
            let to = copy.path().join(segment.path.to_string());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(sealed.file(segment), to).unwrap();
        }
        let held = sealed.hold(&[copy.path().to_owned()], &sealed.lines);
        assert_eq!(held.ends_at.map(|m| m.number), Some(kept as u64));
        assert_eq!(held.whole_up_to, held.ends_at);
        assert_eq!(held.covered, kept as u64);
        assert!(held.findings.iter().all(|f| f.what.code() == "tail"), "{:#?}", held.findings);
    }

    let lines: Vec<&str> = sealed.lines.lines().collect();
    let without = |at: usize| {
        let left = lines.iter().enumerate().filter(|(n, _)| *n != at);
        left.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    for at in 1..lines.len() - 1 {
        let held = sealed.hold(&[sealed.volume()], &without(at));
        let codes: Vec<_> = held.findings.iter().map(|f| f.what.code()).collect();
        assert_eq!((codes, held.covered), (vec!["heads_missing"], lines.len() as u64));
        // A bit of it, anywhere.
        let line = lines[at].as_bytes();
        let mut bent = line.to_vec();
        bent[at * 7919 % line.len()] ^= 4;
        let text = sealed.lines.replace(lines[at], &String::from_utf8_lossy(&bent));
        let held = sealed.hold(&[sealed.volume()], &text);
        assert!(!held.findings.is_empty(), "line {at}");
        assert!(held.findings.iter().all(|f| f.feed.is_none()), "no recording is suspected");
    }
}
