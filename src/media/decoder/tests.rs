//! Real bitstreams, made by the ffmpeg program and demuxed to the form that sources deliver.

use std::process::Command;

use super::*;
use crate::clock::{Mono, WallTime};
use crate::frame::PlaneLayout;

/// Encodes `seconds` of a test picture into MP4 and gives it as access units. `options`: of the
/// encoder, `filter`: of the picture.
fn units(codec: Codec, filter: &str, options: &[&str]) -> Vec<AccessUnit> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clip.mp4");
    let encoder = match codec {
        Codec::H264 => "libx264",
        Codec::H265 => "libx265",
        Codec::Jpeg => "mjpeg",
        Codec::Av1 => "libaom-av1",
    };
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", filter, "-c:v", encoder])
        .args(options)
        .arg(&file)
        .output()
        .expect("ffmpeg starts (packaging/test installs it)");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    demux(codec, &file)
}

fn demux(codec: Codec, file: &std::path::Path) -> Vec<AccessUnit> {
    super::super::init().unwrap();
    let mut input = ffmpeg::format::input(file).unwrap();
    let stream = input.stream(0).unwrap();
    let (params, base) = (stream.parameters(), stream.time_base());
    // SAFETY: reads the demuxer's parameters, which outlive the copy.
    #[expect(unsafe_code, reason = "extra data has no safe getter")]
    let (extra_data, width, height) = unsafe {
        let p = &*params.as_ptr();
        let size = usize::try_from(p.extradata_size).unwrap();
        let extra = if size == 0 { &[] } else { std::slice::from_raw_parts(p.extradata, size) };
        (extra.to_vec(), p.width, p.height)
    };
    let params = Arc::new(StreamParams {
        codec,
        extra_data,
        width: u32::try_from(width).unwrap(),
        height: u32::try_from(height).unwrap(),
        sample_aspect: None,
    });
    input
        .packets()
        .map(|(_, packet)| {
            let data: Arc<[u8]> = packet.data().unwrap().into();
            let seconds = packet.pts().unwrap() as f64 * f64::from(base);
            let us = (seconds * 1e6).round() as i64;
            AccessUnit {
                params: Arc::clone(&params),
                is_key: packet.is_key(),
                after_loss: false,
                pts: (seconds * 90_000.0).round() as i64,
                arrived_at: Mono::from_micros(us),
                taken_at: WallTime::from_micros(us),
                data,
            }
        })
        .collect()
}

/// Decodes all units; errors count as no picture.
fn decode(decoder: &mut Decoder, units: &[AccessUnit]) -> Vec<VideoFrame> {
    let mut frames = Vec::new();
    for unit in units {
        let _ = decoder.decode(unit, &mut |frame| frames.push(frame));
    }
    frames
}

/// The mean luma of the picture's part from `from` to `to`, in shares of its width.
fn luma(frame: &VideoFrame, from: f32, to: f32) -> f64 {
    let (bytes, stride) = frame.pixels.plane(0);
    let cut = |share: f32| (frame.width as f32 * share) as usize;
    let rows = (0..frame.height as usize).map(|y| &bytes[y * stride..][cut(from)..cut(to)]);
    let (sum, count) =
        rows.flatten().fold((0_u64, 0_u64), |(sum, count), v| (sum + u64::from(*v), count + 1));
    sum as f64 / count as f64
}

const CLIP: &str = "testsrc2=size=160x96:rate=10:duration=2";

#[test]
fn every_codec_gives_every_picture_with_its_own_arrival() {
    let x264 = ["-g", "10", "-bf", "2", "-preset", "ultrafast"];
    let x265 = ["-g", "10", "-preset", "ultrafast", "-x265-params", "log-level=none"];
    for (codec, options) in [
        (Codec::H264, x264.as_slice()),
        (Codec::H265, x265.as_slice()),
        (Codec::Jpeg, [].as_slice()),
    ] {
        let units = units(codec, CLIP, options);
        assert_eq!(units.len(), 20, "{codec:?}");
        let mut decoder = Decoder::default();
        let frames = decode(&mut decoder, &units);
        // A codec that reorders holds its last pictures back until more come.
        assert!(frames.len() >= 15, "{codec:?}: {}", frames.len());
        let arrivals: Vec<i64> = frames.iter().map(|f| f.arrived_at.as_micros()).collect();
        let first = arrivals[0];
        let steps: Vec<i64> = (0..).map(|n| first + n * 100_000).take(arrivals.len()).collect();
        assert_eq!(arrivals, steps, "{codec:?}: each picture has the arrival of its own unit");
        assert!(frames.iter().all(|f| (f.width, f.height) == (160, 96)));
        assert!(frames.iter().all(|f| luma(f, 0.0, 1.0) > 30.0));
    }
}

#[test]
fn a_join_in_the_middle_shows_nothing_before_the_next_keyframe() {
    let units = units(Codec::H264, CLIP, &["-g", "10", "-bf", "0"]);
    let second_key = units.iter().skip(1).position(|u| u.is_key).unwrap() + 1;
    let mut decoder = Decoder::default();
    assert!(decode(&mut decoder, &units[3..second_key]).is_empty());
    let frames = decode(&mut decoder, &units[second_key..]);
    assert_eq!(frames[0].arrived_at, units[second_key].arrived_at);
    let mut whole = Decoder::default();
    let reference = decode(&mut whole, &units);
    let same = reference.iter().find(|f| f.arrived_at == frames[0].arrived_at).unwrap();
    assert_eq!(frames[0].pixels.plane(0).0, same.pixels.plane(0).0, "bit-exact, not damaged");
}

#[test]
fn after_a_loss_nothing_is_shown_up_to_the_next_keyframe() {
    let mut units = units(Codec::H264, CLIP, &["-g", "10", "-bf", "0"]);
    let second_key = units.iter().skip(1).position(|u| u.is_key).unwrap() + 1;
    units[5].after_loss = true;
    let mut decoder = Decoder::default();
    let shown: Vec<Mono> = decode(&mut decoder, &units).iter().map(|f| f.arrived_at).collect();
    let skipped = 5..second_key;
    for (i, unit) in units.iter().enumerate().take(units.len() - 4) {
        assert_eq!(shown.contains(&unit.arrived_at), !skipped.contains(&i), "unit {i}");
    }
}

#[test]
fn a_new_session_that_begins_in_the_middle_waits_for_its_keyframe() {
    for codec in [Codec::H264, Codec::H265] {
        let options = ["-g", "10", "-bf", "0", "-preset", "ultrafast"];
        let old = units(codec, CLIP, &options);
        let mut new = units(codec, CLIP, &options);
        let params = Arc::new((*new[0].params).clone());
        for unit in &mut new {
            unit.params = Arc::clone(&params);
            unit.arrived_at = unit.arrived_at + std::time::Duration::from_secs(60);
        }
        let key = new.iter().skip(1).position(|u| u.is_key).unwrap() + 1;
        let mut decoder = Decoder::default();
        decode(&mut decoder, &old);
        assert!(decode(&mut decoder, &new[4..key]).is_empty(), "{codec:?}");
        let frames = decode(&mut decoder, &new[key..]);
        assert_eq!(frames[0].arrived_at, new[key].arrived_at, "{codec:?}");
    }
}

#[test]
fn garbage_is_an_error_or_nothing_and_the_next_keyframe_mends_it() {
    let good = units(Codec::H264, CLIP, &["-g", "10", "-bf", "0"]);
    let second_key = good.iter().skip(1).position(|u| u.is_key).unwrap() + 1;
    let mut random = fastrand::Rng::with_seed(7);
    let mut decoder = Decoder::default();
    for round in 0..200 {
        let mut bad = good[round % second_key].clone();
        let mut bytes = bad.data.to_vec();
        for _ in 0..=random.usize(..8) {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        bytes.truncate(random.usize(..=bytes.len()));
        bad.data = bytes.into();
        let _ = decoder.decode(&bad, &mut |_| {});
    }
    let frames = decode(&mut decoder, &good[second_key..]);
    assert!(frames.iter().any(|f| f.arrived_at >= good[second_key + 1].arrived_at));
}

#[test]
fn pictures_beyond_the_limit_are_refused_before_anything_is_allocated() {
    let wide = format!("color=size={}x16:rate=1:duration=1", MAX_WIDTH + 32);
    let units = units(Codec::H264, &wide, &["-preset", "ultrafast"]);
    let mut decoder = Decoder::default();
    let refused = decoder.decode(&units[0], &mut |_| {});
    assert!(matches!(refused, Err(DecodeError::TooLarge { width, .. }) if width > MAX_WIDTH));
    // The same bitstream behind parameters that lie about its size.
    let huge = format!("color=size={}x{}:rate=1:duration=1", 4096 + 64, MAX_HEIGHT);
    let honest = self::units(Codec::H264, &huge, &["-preset", "ultrafast"]);
    let params = StreamParams { width: 640, height: 360, ..(*honest[0].params).clone() };
    let lying = AccessUnit { params: Arc::new(params), ..honest[0].clone() };
    let mut shown = 0;
    let _ = decoder.decode(&lying, &mut |_| shown += 1);
    assert_eq!(shown, 0);
}

#[test]
fn a_change_of_size_in_mid_stream_is_followed() {
    let options = ["-g", "10", "-bf", "0"];
    let small = units(Codec::H264, CLIP, &options);
    let large = units(Codec::H264, "testsrc2=size=320x176:rate=10:duration=1", &options);
    let mut decoder = Decoder::default();
    assert!(decode(&mut decoder, &small).iter().all(|f| f.width == 160));
    let after = decode(&mut decoder, &large);
    assert!(!after.is_empty() && after.iter().all(|f| f.width == 320));
}

#[test]
fn rarer_formats_are_shown_in_the_right_colours() {
    // Half black, half white, so that a wrong depth or stride cannot look right.
    let halves = "color=black:size=160x96:rate=5:duration=1,drawbox=x=80:w=80:h=96:c=white:t=fill";
    for (format, layout) in [
        ("yuv420p", PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 }),
        ("yuv422p", PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 0 }),
        ("yuv444p", PlaneLayout::Planar { chroma_shift_x: 0, chroma_shift_y: 0 }),
        ("yuv420p10le", PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 }),
        ("yuv422p10le", PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 }),
    ] {
        let filter = format!("{halves},format={format}");
        let options = ["-preset", "ultrafast", "-bf", "0", "-tune", "zerolatency"];
        let units = units(Codec::H264, &filter, &options);
        let frames = decode(&mut Decoder::default(), &units);
        let frame = frames.first().unwrap_or_else(|| panic!("{format}: no picture"));
        assert_eq!(frame.layout, layout, "{format}");
        let (black, white) = (luma(frame, 0.1, 0.4), luma(frame, 0.6, 0.9));
        assert!(
            (black - 16.0).abs() < 2.0 && (white - 235.0).abs() < 2.0,
            "{format}: {black} {white}"
        );
    }
}

#[test]
fn what_the_stream_says_of_its_shape_is_passed_on() {
    let options = ["-preset", "ultrafast", "-bf", "0", "-tune", "zerolatency"];
    let filter = format!("{CLIP},setsar=4/3");
    let units = units(Codec::H264, &filter, &options);
    let frames = decode(&mut Decoder::default(), &units);
    assert_eq!(frames[0].sample_aspect, (4, 3));
}

#[test]
fn how_a_stream_is_coded_is_told_once_a_picture_has_come_out() {
    let told = |codec, filter: &str, options: &[&str]| {
        let units = units(codec, filter, options);
        let mut decoder = Decoder::default();
        assert_eq!(decoder.traits(), None);
        decode(&mut decoder, &units);
        decoder.traits().unwrap()
    };
    let clip = "testsrc2=size=160x96:rate=25:duration=1,format=";
    let h264 = told(Codec::H264, &format!("{clip}yuv420p"), &["-profile:v", "high"]);
    assert_eq!(h264.profile.as_deref(), Some("High"));
    assert_eq!((h264.chroma, h264.bits, h264.interlaced), (Some("4:2:0"), Some(8), false));
    assert!(h264.level.is_some_and(|level| level.starts_with("1.")), "160×96 is level 1.x");
    assert!((h264.frame_rate.unwrap() - 25.0).abs() < 0.01);
    let fields = told(Codec::H264, &format!("{clip}yuv422p10le"), &["-flags", "+ilme+ildct"]);
    assert_eq!((fields.chroma, fields.bits, fields.interlaced), (Some("4:2:2"), Some(10), true));
    let h265 =
        told(Codec::H265, &format!("{clip}yuv420p10le"), &["-x265-params", "log-level=none"]);
    assert_eq!((h265.profile.as_deref(), h265.bits), (Some("Main 10"), Some(10)));
    let jpeg = told(Codec::Jpeg, &format!("{clip}yuvj422p"), &[]);
    assert_eq!((jpeg.chroma, jpeg.level), (Some("4:2:2"), None));
}

#[test]
fn single_pictures_of_many_streams_are_those_that_a_decoder_gives() {
    let streams: Vec<Vec<AccessUnit>> = [
        (Codec::H264, "testsrc2=size=160x96:rate=10:duration=2", ["-g", "10", "-bf", "2"]),
        (Codec::H264, "testsrc=size=176x144:rate=10:duration=2", ["-g", "10", "-bf", "0"]),
        (Codec::H265, "testsrc2=size=160x96:rate=10:duration=2", ["-g", "10", "-bf", "2"]),
        (Codec::Jpeg, "testsrc2=size=160x96:rate=10:duration=2", ["-g", "10", "-bf", "0"]),
    ]
    .into_iter()
    .map(|(codec, filter, options)| units(codec, filter, &options))
    .collect();
    let right = |stream: &[AccessUnit], key: &AccessUnit| {
        let mut decoder = Decoder::default();
        let frames = decode(&mut decoder, stream);
        frames.into_iter().find(|f| f.arrived_at == key.arrived_at).unwrap()
    };
    let mut stills = Stills::default();
    for round in 0..2 {
        for stream in &streams {
            let keys: Vec<&AccessUnit> = stream.iter().filter(|u| u.is_key).collect();
            let key = keys[round];
            let still = stills.last_of(std::slice::from_ref(key)).unwrap().expect("a picture");
            let right = right(stream, key);
            assert_eq!(still.arrived_at, key.arrived_at);
            assert_eq!(still.pixels.plane(0).0, right.pixels.plane(0).0, "bit-exact");
        }
    }
    // A whole run gives its last picture in order of presentation.
    let run = &streams[0][..10];
    let newest = run.iter().map(|u| u.arrived_at).max().unwrap();
    assert_eq!(stills.last_of(run).unwrap().unwrap().arrived_at, newest);
    assert!(stills.last_of(&[]).unwrap().is_none());
    assert!(stills.last_of(&run[1..3]).unwrap().is_none(), "begins at no keyframe");
}

#[test]
fn what_one_stream_spoils_the_next_does_not_suffer() {
    let good = units(Codec::H264, CLIP, &["-g", "10", "-bf", "0"]);
    let mut stills = Stills::default();
    let first = stills.last_of(&good[..1]).unwrap().unwrap();
    // The same parameters, and nothing that makes sense after them.
    let bad = AccessUnit { data: vec![0xff; 300].into(), ..good[0].clone() };
    assert!(stills.last_of(&[bad]).is_err());
    let again = stills.last_of(&good[..1]).unwrap().unwrap();
    assert_eq!(again.pixels.plane(0).0, first.pixels.plane(0).0);
    let huge = StreamParams { width: 9000, ..(*good[0].params).clone() };
    let huge = AccessUnit { params: Arc::new(huge), ..good[0].clone() };
    assert!(matches!(stills.last_of(&[huge]), Err(DecodeError::TooLarge { .. })));
}

/// The picture parameter set of a configuration record of H.264.
fn picture_set(record: &[u8]) -> &[u8] {
    let length = |at: usize| usize::from(u16::from_be_bytes([record[at], record[at + 1]]));
    // One sequence parameter set from byte 6 on, then the number of picture parameter sets.
    let at = 6 + 2 + length(6) + 1;
    &record[at + 2..][..length(at)]
}

/// The unit with another NAL unit in front.
fn with_nal(unit: &AccessUnit, nal: &[u8]) -> AccessUnit {
    let length = u32::try_from(nal.len()).unwrap().to_be_bytes();
    let data = [&length, nal, &unit.data].concat();
    AccessUnit { data: data.into(), ..unit.clone() }
}

#[test]
fn a_parameter_set_in_a_damaged_unit_does_not_outlive_the_next_keyframe() {
    let options = |coder| ["-g", "10", "-bf", "0", "-tune", "zerolatency", "-coder", coder];
    let good = units(Codec::H264, CLIP, &options("cabac"));
    let other = units(Codec::H264, CLIP, &options("cavlc"));
    let second_key = good.iter().skip(1).position(|u| u.is_key).unwrap() + 1;
    let right = decode(&mut Decoder::default(), &good[second_key..]);

    let spoilt = with_nal(&good[1], picture_set(&other[0].params.extra_data));
    let mut decoder = Decoder::default();
    decode(&mut decoder, &[good[0].clone(), spoilt.clone()]);
    let after = decode(&mut decoder, &good[second_key..]);
    assert_eq!(after.len(), right.len());
    for (is, right) in after.iter().zip(&right) {
        assert_eq!(is.arrived_at, right.arrived_at);
        assert_eq!(is.pixels.plane(0).0, right.pixels.plane(0).0, "bit-exact");
    }

    // A camera of the same make shares the codec that looks at streams off screen.
    let mut stills = Stills::default();
    let _ = stills.last_of(&[good[0].clone(), spoilt]);
    let still = stills.last_of(&good[second_key..=second_key]).unwrap().unwrap();
    assert_eq!(still.pixels.plane(0).0, right[0].pixels.plane(0).0, "bit-exact");
}

/// What the fuzzer found: a start code that damage made, and a picture parameter set behind it.
#[test]
fn damage_that_looks_like_a_parameter_set_is_forgotten() {
    let file =
        include_bytes!("../../../tests/fixtures/hostile/damage-that-is-a-parameter-set.units");
    let (mut blocks, mut rest) = (Vec::new(), file.as_slice());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (block, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        blocks.push(block);
        rest = after;
    }
    let [record, damaged, key, next] = blocks[..] else { panic!("a record and three units") };
    let params = Arc::new(StreamParams {
        codec: Codec::H264,
        extra_data: record.to_vec(),
        width: 160,
        height: 96,
        sample_aspect: None,
    });
    let unit = |number: i64, data: &[u8], is_key| AccessUnit {
        params: Arc::clone(&params),
        data: data.into(),
        is_key,
        after_loss: false,
        pts: number * 6000,
        arrived_at: Mono::from_micros(number * 66_667),
        taken_at: WallTime::from_micros(number * 66_667),
    };
    let clean = [unit(10, key, true), unit(11, next, false)];
    let right = decode(&mut Decoder::default(), &clean);
    assert_eq!(right.len(), 2);
    let mut decoder = Decoder::default();
    decode(&mut decoder, &[unit(0, key, true), unit(1, damaged, false)]);
    let after = decode(&mut decoder, &clean);
    let after: Vec<_> = after.iter().filter(|f| f.arrived_at >= clean[0].arrived_at).collect();
    assert_eq!(after.len(), 2);
    for (is, right) in after.iter().zip(&right) {
        assert_eq!(is.pixels.plane(0).0, right.pixels.plane(0).0, "bit-exact");
    }
}

/// Grain is written into the stream as parameters, and laid over the picture by whoever decodes it.
#[test]
fn no_grain_is_laid_over_a_picture() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("grain.mp4");
    let ffmpeg = |args: &str| {
        let made = Command::new("ffmpeg").args(args.split(' ')).output().expect("ffmpeg starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        made.stdout
    };
    let path = file.to_str().unwrap();
    ffmpeg(&format!(
        "-v error -f lavfi -i color=gray:s=160x120:r=15:d=0.4 -c:v libaom-av1 -cpu-used 8 \
         -usage realtime -aom-params film-grain-test=1 {path}"
    ));
    let spread = |luma: &[u8]| luma.iter().max().unwrap() - luma.iter().min().unwrap();
    let usual = ffmpeg(&format!("-v error -i {path} -frames:v 1 -f rawvideo -pix_fmt gray -"));
    assert!(spread(&usual) > 10, "others show grain: {}", spread(&usual));
    let frames = decode(&mut Decoder::default(), &demux(Codec::Av1, &file));
    let (luma, stride) = frames[0].pixels.plane(0);
    let rows = luma.chunks(stride).take(120).flat_map(|row| &row[..160]).copied();
    assert!(spread(&rows.collect::<Vec<u8>>()) <= 2, "a plain gray is plain");
}
