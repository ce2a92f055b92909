use proptest::prelude::*;

use super::*;
use crate::clock::{Mono, WallTime};
use crate::media::{AccessUnit, Decoder, Encoder, EncoderSettings, RawPicture};

#[test]
fn start_codes_and_lengths_become_the_same_units() {
    let (sps, pps, slice) = h264_sets();
    let delimiter: &[u8] = &[9, 0xf0];
    let mut ts = Repacker::new(Codec::H264, &[], (0, 0));
    assert!(ts.unit(&framed(&[delimiter, &[0x41, 1, 2][..]]), false).is_none(), "no sets yet");
    let key = ts.unit(&framed(&[delimiter, &sps[..], &pps, &slice]), false).unwrap();
    assert!(key.is_key && !key.damaged);
    assert_eq!((key.params.width, key.params.height), (64, 48));
    let next = ts.unit(&framed(&[delimiter, &[0x41, 1, 2][..]]), true).unwrap();
    assert!(!next.is_key, "what the container calls a keyframe is none");
    assert_eq!(next.data, [0, 0, 0, 3, 0x41, 1, 2]);
    assert!(Arc::ptr_eq(&next.params, &key.params));

    // The same with the record in front and lengths of two bytes, as MP4 may have them.
    let mut record = key.params.extra_data.clone();
    record[4] = 0xfd;
    let mut mp4 = Repacker::new(Codec::H264, &record, (0, 0));
    let short: Vec<u8> = [&u16::try_from(slice.len()).unwrap().to_be_bytes()[..], &slice].concat();
    let unit = mp4.unit(&short, true).unwrap();
    assert_eq!((&unit.data, &unit.params), (&key.data, &key.params));
    let cut = mp4.unit(&[&short[..], &[0, 200, 1]].concat(), true).unwrap();
    assert!(cut.damaged && cut.data == unit.data);
}

#[test]
fn sets_that_change_at_a_keyframe_begin_another_stream() {
    let (sps, pps, slice) = h264_sets();
    let mut ts = Repacker::new(Codec::H264, &framed(&[&sps, &pps]), (0, 0));
    let first = ts.unit(&framed(&[&slice]), false).unwrap();
    let again = ts.unit(&framed(&[&sps, &pps, &slice]), false).unwrap();
    assert!(Arc::ptr_eq(&first.params, &again.params), "repeated, not changed");
    let mut other = pps.clone();
    other.push(0x80);
    let inside = ts.unit(&framed(&[&other[..], &[0x41, 1, 2]]), false).unwrap();
    assert!(Arc::ptr_eq(&first.params, &inside.params));
    assert!(inside.data.windows(other.len()).any(|w| w == other), "it stays in the unit");
    let changed = ts.unit(&framed(&[&sps, &other, &slice]), false).unwrap();
    assert_ne!(first.params.extra_data, changed.params.extra_data);
}

#[test]
fn records_of_real_encoders_say_the_size_and_decode() {
    crate::media::init().unwrap();
    for codec in [Codec::H264, Codec::H265] {
        for (width, height) in [(64, 48), (322, 182), (1280, 720)] {
            let packet = framed(&encoded(codec, width, height));
            let unit = Repacker::new(codec, &[], (0, 0)).unit(&packet, false).unwrap();
            assert_eq!((unit.params.width, unit.params.height), (width, height), "{codec:?}");
            let mut decoder = Decoder::default();
            let mut shown = Vec::new();
            let unit = AccessUnit {
                params: unit.params,
                data: unit.data.into(),
                is_key: unit.is_key,
                after_loss: false,
                pts: 0,
                arrived_at: Mono::default(),
                taken_at: WallTime::default(),
            };
            // A decoder may hold the first picture back until it sees the next.
            for pts in 0..20 {
                let unit = AccessUnit { pts: pts * 6000, ..unit.clone() };
                decoder
                    .decode(&unit, &mut |frame| shown.push((frame.width, frame.height)))
                    .unwrap();
            }
            assert_eq!(shown.first(), Some(&(width, height)), "{codec:?}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_comes_in_units_go_out_whole(
        hevc in any::<bool>(),
        record in prop::collection::vec(any::<u8>(), 0..60),
        lengths in any::<bool>(),
        packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..6),
    ) {
        let codec = if hevc { Codec::H265 } else { Codec::H264 };
        let record = if lengths { [&[1], &record[..]].concat() } else { record };
        let mut repacker = Repacker::new(codec, &record, (0, 0));
        for packet in packets {
            if let Some(unit) = repacker.unit(&packet, true) {
                let (nals, damaged) = split_lengths(&unit.data, 4);
                prop_assert!(!damaged && !nals.is_empty());
                prop_assert!(unit.params.extra_data.len() < 1 << 20);
            }
        }
    }
}

fn framed(nals: &[impl AsRef<[u8]>]) -> Vec<u8> {
    nals.iter().flat_map(|nal| [&[0, 0, 0, 1], nal.as_ref()].concat()).collect()
}

/// SPS, PPS and an IDR slice of a real encoder, 64×48.
fn h264_sets() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    crate::media::init().unwrap();
    let nals = encoded(Codec::H264, 64, 48);
    let of = |kind: u8| nals.iter().find(|nal| nal[0] & 0x1f == kind).unwrap().clone();
    (of(7), of(8), of(5))
}

/// The NAL units of a keyframe.
fn encoded(codec: Codec, width: u32, height: u32) -> Vec<Vec<u8>> {
    let mut encoder = Encoder::open(EncoderSettings {
        codec,
        width,
        height,
        frames_per_second: 15,
        bits_per_second: 100_000,
        frames_per_group: 5,
    })
    .unwrap();
    let luma = vec![90; (width * height) as usize];
    let chroma = vec![128; luma.len() / 4];
    let mut pictures = Vec::new();
    for _ in 0..5 {
        let raw = RawPicture { y: &luma, u: &chroma, v: &chroma };
        encoder.encode(raw, &mut |picture| pictures.push(picture)).unwrap();
    }
    encoder.finish(&mut |picture| pictures.push(picture)).unwrap();
    pictures[0].nals.iter().map(|nal| nal.to_vec()).collect()
}
