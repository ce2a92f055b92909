//! What is written is read again, and nothing that is damaged is taken for whole.

use std::io::Cursor;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;
use crate::media::sound::{SoundCodec, SoundParams};
use crate::media::{Codec, StreamParams};
use crate::model::{FeedId, FeedKind, StationId};

fn params(codec: Codec) -> StreamParams {
    let extra_data = if codec == Codec::Jpeg { Vec::new() } else { vec![1, 0x64, 0, 0x1e, 0xff] };
    StreamParams { codec, extra_data, width: 640, height: 360, sample_aspect: Some((4, 3)) }
}

fn head() -> Head {
    let feed = FeedId { station: StationId::new(57, 12), kind: FeedKind::Sub };
    let first = Arrival { utc_us: 1_707_293_703_250_000, mono_us: 40 };
    Head {
        camera_clock_us: Some(-5),
        clock_synchronised: Some(true),
        ..Head::new(feed, "q", first)
    }
}

fn tail(fragments: u64) -> Tail {
    Tail {
        form: 1,
        first: head().first,
        last: Arrival { utc_us: 1_707_293_763_250_000, mono_us: 60_000_040 },
        first_pts: 9,
        last_pts: -9,
        frames: fragments * 3,
        fragments,
        breaks: vec![(1, 2_000_000); 3],
        ended: "full".into(),
        sha256_before: "00".repeat(32),
    }
}

/// A file of some fragments with three pictures each, and where each fragment ends.
fn file(codec: Codec, fragments: u32) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    let mut ends = Vec::new();
    let mut clock = MediaClock::begin(&[0, 9000, 3000], 0);
    bytes.extend(begin(&params(codec), &head(), &clock, None));
    for n in 0..fragments {
        let base = i64::from(n) * 12_000;
        let pts = [base, base + 9000, base + 3000];
        let sizes = [400 + n, 30, 0];
        let data: Vec<u8> = (0..sizes.iter().sum()).map(|i| (i + n) as u8).collect();
        let samples: Vec<Sample> = pts
            .iter()
            .zip(sizes)
            .enumerate()
            .map(|(i, (pts, size))| Sample {
                size,
                is_key: i == 0,
                after_loss: i == 2,
                pts: *pts,
                arrival: Arrival { utc_us: base + i as i64, mono_us: i as i64 },
            })
            .collect();
        let timed = clock.fragment(&pts, None);
        bytes.extend(fragment(n + 1, &samples, &timed, None, crc32fast::hash(&data)));
        bytes.extend(data);
        ends.push(bytes.len());
    }
    (bytes, ends)
}

fn walked(bytes: &[u8]) -> Result<(Walked, Vec<Fragment>), ReadError> {
    let mut found = Vec::new();
    let walked = walk(&mut Cursor::new(bytes), true, |fragment| {
        found.push(fragment.clone());
        ControlFlow::Continue(())
    })?;
    Ok((walked, found))
}

#[test]
fn what_is_written_is_read_again() {
    for codec in [Codec::H264, Codec::H265, Codec::Av1, Codec::Jpeg] {
        let (mut bytes, ends) = file(codec, 4);
        assert_eq!(read_ends(&mut Cursor::new(&bytes)).unwrap().tail, None);
        assert_eq!(walked(&bytes).unwrap().0.ending, Ending::Open);
        bytes.extend(tail(4).to_box());
        let both = read_ends(&mut Cursor::new(&bytes)).unwrap();
        assert_eq!((both.start.params, both.start.head), (params(codec), head()));
        assert_eq!((both.tail, both.bytes), (Some(tail(4)), bytes.len() as u64));
        let (walked, found) = walked(&bytes).unwrap();
        assert_eq!(walked.ending, Ending::Closed(Box::new(tail(4))));
        assert_eq!((walked.whole as usize, found.len()), (ends[3], 4));
        let picture = found[2].pictures[1];
        assert_eq!((picture.pts, picture.size, picture.is_key), (33_000, 30, false));
        assert_eq!(picture.shown, 33_000 + 6000, "shown as late as the first fragment has it");
        let at = picture.offset as usize;
        assert_eq!(bytes[at..at + 3], [148, 149, 150], "behind the first picture");
        assert!(found[2].pictures[2].after_loss && found[2].pictures[0].is_key);
    }
}

#[test]
fn a_long_tail_is_read_too() {
    let (mut bytes, _) = file(Codec::H264, 1);
    let long =
        Tail { breaks: vec![(1_707_293_703_250_000, 1_707_293_705_250_000); 4000], ..tail(1) };
    bytes.extend(long.to_box());
    assert_eq!(read_ends(&mut Cursor::new(&bytes)).unwrap().tail, Some(long));
}

#[test]
fn a_file_that_was_cut_is_whole_up_to_its_last_fragment() {
    let (mut bytes, ends) = file(Codec::H264, 3);
    let closed = bytes.len();
    bytes.extend(tail(3).to_box());
    let begin = walked(&bytes).unwrap().0.start.bytes as usize;
    for cut in 0..bytes.len() {
        let whole = ends.iter().filter(|end| **end <= cut).count();
        match walked(&bytes[..cut]) {
            Err(ReadError::NotOurs(_)) => assert!(cut < begin),
            Err(other) => panic!("{other}"),
            Ok((walked, found)) => {
                assert_eq!(found.len(), whole, "cut at {cut}");
                assert_eq!(walked.whole as usize, ends[..whole].last().copied().unwrap_or(begin));
                let open = cut == begin || cut == closed || ends.contains(&cut);
                assert_eq!(walked.ending == Ending::Open, open, "cut at {cut}");
            }
        }
        if cut >= begin {
            assert_eq!(read_ends(&mut Cursor::new(&bytes[..cut])).unwrap().tail, None);
        }
    }
}

#[test]
fn damaged_pictures_are_noticed() {
    let (mut bytes, ends) = file(Codec::H264, 3);
    bytes[ends[1] - 5] ^= 1;
    let (walked, found) = walked(&bytes).unwrap();
    assert_eq!((found.len(), walked.ending), (1, Ending::Torn("damaged bytes")));
}

proptest! {
    #[test]
    fn no_bytes_panic(
        at in any::<prop::sample::Index>(),
        put in prop::collection::vec(any::<u8>(), 1..9),
        cut in any::<prop::sample::Index>(),
    ) {
        let (mut bytes, _) = file(Codec::H265, 2);
        bytes.extend(tail(2).to_box());
        let at = at.index(bytes.len());
        let end = (at + put.len()).min(bytes.len());
        bytes[at..end].copy_from_slice(&put[..end - at]);
        bytes.truncate(cut.index(bytes.len()) + 1);
        let _ = walked(&bytes);
        let _ = read_ends(&mut Cursor::new(&bytes));
    }
}

/// A file with sound beside its pictures.
fn with_sound() -> (Vec<u8>, Vec<usize>) {
    let params_of_sound = SoundParams {
        codec: SoundCodec::Aac,
        extra_data: vec![0x11, 0x90],
        rate_hz: 48_000,
        channels: 2,
    };
    let mut clock = MediaClock::begin(&[0], 0);
    let mut bytes = begin(&params(Codec::H264), &head(), &clock, Some(&params_of_sound));
    let mut ends = Vec::new();
    for n in 0..3u32 {
        let pts = [i64::from(n) * 9000];
        let data: Vec<u8> = (0..300 + n).map(|i| (i + n) as u8).collect();
        let arrival = Arrival { utc_us: pts[0], mono_us: pts[0] };
        let sample = Sample { size: 200, is_key: true, after_loss: false, pts: pts[0], arrival };
        let timed = clock.fragment(&pts, None);
        // The second one brings none.
        let run =
            SoundRun { begins: 4800 * u64::from(n), packets: vec![(60, 1024), (40 + n, 1024)] };
        let sound = (n != 1).then_some(&run);
        let data = if sound.is_some() { &data[..] } else { &data[..200] };
        bytes.extend(fragment(n + 1, &[sample], &timed, sound, crc32fast::hash(data)));
        bytes.extend(data);
        ends.push(bytes.len());
    }
    (bytes, ends)
}

#[test]
fn sound_stands_behind_the_pictures_and_is_checked_as_well() {
    let (bytes, ends) = with_sound();
    let (walked_over, fragments) = walked(&bytes).unwrap();
    assert_eq!((walked_over.ending, walked_over.start.params), (Ending::Open, params(Codec::H264)));
    let found: Vec<usize> = fragments.iter().map(|f| (f.offset + f.bytes) as usize).collect();
    assert_eq!(found, ends);
    for fragment in &fragments {
        assert_eq!((fragment.pictures.len(), fragment.pictures[0].size), (1, 200));
    }
    // A changed byte of sound, and every cut, is seen.
    let mut damaged = bytes.clone();
    damaged[ends[0] - 1] ^= 1;
    assert_eq!(walked(&damaged).unwrap().0.whole, walked_over.start.bytes);
    for cut in ends[1] + 1..ends[2] {
        let (short, found) = walked(&bytes[..cut]).unwrap();
        assert_eq!((short.whole as usize, found.len()), (ends[1], 2), "cut at {cut}");
    }
}
