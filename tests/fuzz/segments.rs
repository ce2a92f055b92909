//! Recorded files as a bad disk leaves them: read, walked and repaired.

use std::fs;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;

use pollwall::clock::WallTime;
use pollwall::media::Codec;
use pollwall::media::mp4::{self, Arrival, Ending, Fragment, Head, MediaClock, Sample, Tail};
use pollwall::model::{FeedId, FeedKind, StationId};
use pollwall::record::{Record, SegmentPath, repair};
use sha2::{Digest as _, Sha256};

use super::campaign::campaign;
use super::mutate::{change, mutated, pick};
use super::support::clip::{Clip, GROUP};
use super::units::resident_mib;

/// What stands in such files, also where it does not belong.
const WORDS: &[&str] = &[
    "\0\0\0\u{8}moof",
    "\0\0\0\u{8}mdat",
    "\0\0\0\u{8}uuid",
    "\0\0\0\u{1}mdat",
    "\0\0\0\0mdat",
    "\u{7f}\0\0\0mdat",
    "\0\0\0 prft",
    "trun",
    "tfdt",
    "ftypiso6",
    "moov",
    "{\"form\":",
    "\"frames\":",
    "\"breaks\":[[",
    "\0\0\0\0",
    "\u{7f}\u{7f}\u{7f}\u{7f}",
];

/// 2024-02-07 08:00 in Baku.
const MORNING: i64 = 1_707_278_400_000_000;

fn feed() -> FeedId {
    FeedId { station: StationId::new(57, 12), kind: FeedKind::Main }
}

fn path() -> SegmentPath {
    SegmentPath::new(feed(), WallTime::from_micros(MORNING))
}

/// A whole file of three groups, closed or not.
fn file(codec: Codec, closed: bool) -> Vec<u8> {
    let clip = Clip::new(codec, 160, 96, 4);
    let params = std::sync::Arc::new(clip.params());
    let units = clip.units(&params, 0);
    let arrival = |us: i64| Arrival { utc_us: MORNING + us, mono_us: us };
    let pts: Vec<i64> = units.iter().map(|unit| unit.pts).collect();
    let mut clock = MediaClock::begin(&pts[..GROUP], 0);
    let mut bytes = mp4::begin(&params, &Head::new(feed(), "run", arrival(0)), &clock, None);
    for (number, group) in units.chunks(GROUP).enumerate() {
        let data: Vec<u8> = group.iter().flat_map(|unit| unit.data.iter().copied()).collect();
        let sample = |unit: &pollwall::media::AccessUnit| Sample {
            size: unit.data.len() as u32,
            is_key: unit.is_key,
            after_loss: false,
            pts: unit.pts,
            arrival: arrival(unit.arrived_at.as_micros()),
        };
        let samples: Vec<Sample> = group.iter().map(sample).collect();
        let pts: Vec<i64> = group.iter().map(|unit| unit.pts).collect();
        let timed = clock.fragment(&pts, None);
        bytes.extend(mp4::fragment(
            number as u32 + 1,
            &samples,
            &timed,
            None,
            crc32fast::hash(&data),
        ));
        bytes.extend(data);
    }
    let last = units.last().unwrap();
    let tail = Tail {
        form: 1,
        first: arrival(0),
        last: arrival(last.arrived_at.as_micros()),
        first_pts: pts[0],
        last_pts: last.pts,
        frames: units.len() as u64,
        fragments: units.chunks(GROUP).len() as u64,
        breaks: Vec::new(),
        ended: "full".into(),
        sha256_before: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    if closed {
        bytes.extend(tail.to_box());
    }
    bytes
}

fn files() -> Vec<Vec<u8>> {
    let codecs = [Codec::H264, Codec::H265, Codec::Jpeg];
    codecs.into_iter().flat_map(|codec| [file(codec, true), file(codec, false)]).collect()
}

/// Where the fragments of a file end, by its own reader.
fn fragments(bytes: &[u8]) -> Option<(mp4::Walked, Vec<Fragment>)> {
    let mut found = Vec::new();
    let walked = mp4::walk(&mut Cursor::new(bytes), true, |fragment| {
        found.push(fragment.clone());
        ControlFlow::Continue(())
    });
    Some((walked.ok()?, found))
}

/// Whatever is read, it lies inside the file, in order, and is no more than the file holds.
pub(crate) fn reading(usual: u64) {
    let seeds = files();
    assert!(seeds.iter().all(|file| fragments(file).unwrap().1.len() == 3));
    let before = resident_mib();
    campaign("segments", usual, |round| {
        let bytes = mutated(&mut round.rng, &seeds, WORDS);
        round.input(&bytes);
        let _ = mp4::read_ends(&mut Cursor::new(&bytes));
        let Some((walked, found)) = fragments(&bytes) else { return };
        assert_eq!(walked.bytes, bytes.len() as u64);
        let mut at = walked.start.bytes;
        for fragment in &found {
            assert_eq!(fragment.offset, at);
            at += fragment.bytes;
            let inside = |p: &mp4::Picture| p.offset + u64::from(p.size) <= at;
            assert!(!fragment.pictures.is_empty() && fragment.pictures.iter().all(inside));
        }
        assert!(walked.whole == at && at <= walked.bytes);
    });
    let grown = resident_mib().saturating_sub(before);
    assert!(grown < 256, "{grown} MiB are not given back");
}

/// A file that was damaged, mostly at its end, is made whole or set aside; nothing that was whole is
/// thrown away, and a second repair finds nothing to do.
pub(crate) fn repairing(usual: u64) {
    let seeds = files();
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join(path().to_string());
    campaign("repairs", usual, |round| {
        let mut bytes = pick(&mut round.rng, &seeds).clone();
        match round.rng.u8(..4) {
            0 => bytes.truncate(round.rng.usize(..=bytes.len())),
            1 => {
                let mut end = bytes.split_off(round.rng.usize(..=bytes.len()));
                change(&mut round.rng, &mut end, &seeds, WORDS);
                bytes.extend(end);
            }
            2 => {
                let kept = round.rng.usize(..=bytes.len());
                bytes[kept..].fill(0);
            }
            _ => bytes = mutated(&mut round.rng, &seeds, WORDS),
        }
        round.input(&bytes);
        let _ = fs::remove_dir_all(folder.path().join("quarantine"));
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::write(&at, &bytes).unwrap();
        let before = fragments(&bytes);
        let done = repair(folder.path(), &[path()], None, &|_| false).unwrap();
        assert!(done.missing.is_empty());
        if let [aside] = &done.quarantined[..] {
            assert!(matches!(&done.records[..], [Record::Incident(_)]) && !at.exists());
            assert!(fs::read(&aside.now).unwrap() == bytes, "set aside as it was");
            return;
        }
        let [Record::Closed(segment)] = &done.records[..] else { panic!("{:?}", done.records) };
        let mended = fs::read(&at).unwrap();
        let (walked, found) = before.expect("it could be read before");
        let whole = walked.whole as usize;
        assert!(mended[..whole] == bytes[..whole], "what is whole stays as it was");
        let (again, same) = fragments(&mended).unwrap();
        assert!(matches!(again.ending, Ending::Closed(_)) && same == found);
        let frames = found.iter().map(|fragment| fragment.pictures.len()).sum::<usize>();
        assert_eq!((segment.frames, segment.bytes), (frames as u64, mended.len() as u64));
        assert_eq!(segment.sha256, <[u8; 32]>::from(Sha256::digest(&mended)));
        let second = repair(folder.path(), &[path()], None, &|_| false).unwrap();
        assert!(second.records == done.records && fs::read(&at).unwrap() == mended);
        remove(&at);
    });
}

fn remove(file: &Path) {
    fs::remove_file(file).unwrap();
}
