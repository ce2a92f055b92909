//! The clips are decoded again and looked at.

use std::fs;

use super::*;
use crate::clock::{Mono, WallTime};
use crate::frame::VideoFrame;
use crate::media::{AccessUnit, Decoder, StreamParams};

/// Quick to make.
const SMALL: Format = Format {
    codec: Codec::H264,
    width: 160,
    height: 90,
    frames_per_second: 10,
    bits_per_second: 60_000,
};

fn spec(look: Look) -> ClipSpec {
    ClipSpec { scene: 1, look, format: SMALL }
}

fn load_one(spec: ClipSpec, cache: &Path) -> Arc<Clip> {
    Arc::clone(&load(&[spec], cache, &mut |_, _| true).unwrap()[&spec])
}

fn made(spec: ClipSpec) -> Arc<Clip> {
    load_one(spec, tempfile::tempdir().unwrap().path())
}

/// Every picture of the clip, shown `times` over, through the program's own decoder.
fn decode(clip: &Clip, times: usize) -> Vec<VideoFrame> {
    let params = Arc::new(StreamParams {
        codec: clip.spec.format.codec,
        extra_data: Vec::new(),
        width: clip.spec.format.width,
        height: clip.spec.format.height,
        sample_aspect: None,
    });
    let mut decoder = Decoder::default();
    let mut frames = Vec::new();
    let all = std::iter::repeat_n(&clip.units, times).flatten();
    for (number, unit) in all.enumerate() {
        let sets = if unit.is_key { &clip.parameter_sets[..] } else { &[] };
        let data: Vec<u8> = sets
            .iter()
            .chain(&unit.nals)
            .flat_map(|nal| [0, 0, 0, 1].into_iter().chain(nal.iter().copied()))
            .collect();
        let unit = AccessUnit {
            params: Arc::clone(&params),
            data: data.into(),
            is_key: unit.is_key,
            after_loss: false,
            pts: number as i64 * 9000,
            arrived_at: Mono::from_micros(number as i64),
            taken_at: WallTime::default(),
        };
        decoder.decode(&unit, &mut |frame| frames.push(frame)).unwrap();
    }
    frames
}

/// Luma without the rows of the clock and of the camera's name.
fn middle(frame: &VideoFrame) -> Vec<u8> {
    let (bytes, stride) = frame.pixels.plane(0);
    let (width, height) = (frame.width as usize, frame.height as usize);
    (height / 8..height * 7 / 8).flat_map(|y| &bytes[y * stride..][..width]).copied().collect()
}

fn mean(luma: &[u8]) -> f64 {
    luma.iter().map(|v| f64::from(*v)).sum::<f64>() / luma.len() as f64
}

/// The mean difference of two pictures' luma, and the share of pixels that differ clearly.
fn difference(a: &[u8], b: &[u8]) -> (f64, f64) {
    let each = || a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
    let sum: f64 = each().map(f64::from).sum();
    let clear = each().filter(|d| *d > 24).count();
    (sum / a.len() as f64, clear as f64 / a.len() as f64)
}

#[test]
fn clips_of_both_codecs_are_whole_and_closed() {
    for codec in [Codec::H264, Codec::H265] {
        let spec = ClipSpec { format: Format { codec, ..SMALL }, ..spec(Look::Normal) };
        let clip = made(spec);
        assert_eq!(clip.units.len(), 200);
        let keys: Vec<usize> = (0..200).filter(|n| clip.units[*n].is_key).collect();
        assert_eq!(keys, (0..200).step_by(20).collect::<Vec<_>>(), "a keyframe each 2 s");
        // Twice through: the decoder takes the seam as any other step, and gives the same again.
        let frames = decode(&clip, 2);
        assert!(frames.len() >= 390, "{codec:?}: {}", frames.len());
        for n in [0, 1, 100] {
            assert_eq!(middle(&frames[n]), middle(&frames[n + 200]), "{codec:?}");
        }
        assert!(frames.iter().all(|f| (f.width, f.height) == (160, 90)));
    }
}

#[test]
fn the_rate_is_about_what_was_asked_for() {
    for (bits_per_second, scene) in [(130_000, 0), (130_000, 6), (400_000, 0)] {
        let format = Format { bits_per_second, ..Format::LIGHT };
        let clip = made(ClipSpec { scene, look: Look::Normal, format });
        let bytes: usize = clip.units.iter().flat_map(|u| &u.nals).map(|nal| nal.len()).sum();
        let rate = bytes as f64 * 8.0 / f64::from(SECONDS);
        let share = rate / f64::from(bits_per_second);
        assert!((0.65..1.35).contains(&share), "scene {scene}: {rate} of {bits_per_second} bit/s");
    }
}

#[test]
fn people_move_and_a_frozen_picture_does_not() {
    let moving = decode(&made(spec(Look::Normal)), 1);
    let (_, clear) = difference(&middle(&moving[10]), &middle(&moving[50]));
    assert!(clear > 0.004, "{clear}: nobody moves");
    let frozen = decode(&made(spec(Look::Frozen)), 1);
    let luma = |frame: &VideoFrame| {
        let (bytes, stride) = frame.pixels.plane(0);
        let rows = bytes.chunks(stride).take(90);
        rows.flat_map(|row| &row[..160]).copied().collect::<Vec<u8>>()
    };
    // The same picture, coded again at each keyframe: all but equal, once the encoder has settled.
    let settled = luma(&frozen[100]);
    for frame in &frozen[60..] {
        let (mean, clear) = difference(&settled, &luma(frame));
        assert!(mean < 1.0 && clear < 0.001, "{mean} {clear}: a frozen picture changes");
    }
    // What the detectors of later issues go by: next to nothing is coded between keyframes.
    let between = |look| {
        let clip = made(spec(look));
        let pictures = clip.units.iter().skip(100).filter(|u| !u.is_key);
        let bytes: usize = pictures.clone().flat_map(|u| &u.nals).map(|nal| nal.len()).sum();
        bytes / pictures.count()
    };
    let (frozen, live) = (between(Look::Frozen), between(Look::Normal));
    assert!(frozen * 4 < live, "{frozen} bytes a picture, {live} live");
}

#[test]
fn black_is_black_and_covered_is_one_blurred_colour() {
    let black = decode(&made(spec(Look::Black)), 1);
    for frame in black.iter().step_by(25) {
        let luma = middle(frame);
        assert!(mean(&luma) < 20.0 && luma.iter().all(|v| *v < 40), "{}", mean(&luma));
    }
    let covered = decode(&made(spec(Look::Covered)), 1);
    for frame in covered.iter().step_by(25) {
        let luma = middle(frame);
        assert!((30.0..180.0).contains(&mean(&luma)), "{}", mean(&luma));
        // No edge anywhere.
        let steps = luma.chunks(160).flat_map(|row| row.windows(5).map(|w| w[0].abs_diff(w[4])));
        assert!(steps.max().unwrap() < 24, "something sharp is in view");
    }
}

#[test]
fn nobody_moves_in_the_empty_room_but_the_noise_does() {
    let format = Format { bits_per_second: 400_000, ..Format::LIGHT };
    let clip = made(ClipSpec { scene: EMPTY_SCENE, look: Look::Normal, format });
    let frames = decode(&clip, 1);
    let (_, clear) = difference(&middle(&frames[20]), &middle(&frames[200]));
    assert!(clear < 0.0005, "{clear}: somebody is in the empty room");
    // Pictures between keyframes carry more than the clock's second hand.
    let noisy = clip.units.iter().filter(|u| !u.is_key);
    let bytes: usize = noisy.clone().flat_map(|u| &u.nals).map(|n| n.len()).sum();
    assert!(bytes / noisy.count() > 60, "a live picture without noise");
}

#[test]
fn scenes_differ_from_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let specs: Vec<ClipSpec> =
        (0..SCENES).map(|scene| ClipSpec { scene, ..spec(Look::Normal) }).collect();
    let mut told = Vec::new();
    let clips = load(&specs, dir.path(), &mut |done, all| {
        told.push((done, all));
        true
    });
    let clips = clips.unwrap();
    assert_eq!(told, (0..=12).map(|n| (n, 12)).collect::<Vec<_>>());
    let still: Vec<Vec<u8>> = specs.iter().map(|s| middle(&decode(&clips[s], 1)[0])).collect();
    for a in 0..still.len() {
        for b in 0..a {
            let (mean, _) = difference(&still[a], &still[b]);
            assert!(mean > 8.0, "scenes {a} and {b} look the same: {mean}");
        }
    }
}

#[test]
fn a_kept_clip_is_taken_and_a_spoilt_one_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let one = spec(Look::Normal);
    let clip = load_one(one, dir.path());
    let path = store::path(&one, dir.path());
    let whole = fs::read(&path).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing lies beside it");
    let kept = store::read(&one, dir.path()).expect("the kept clip is taken");
    assert_eq!(kept.units, clip.units);
    assert_eq!(kept.parameter_sets, clip.parameter_sets);
    let mut flipped = whole.clone();
    let at = whole.len() / 2;
    flipped[at] ^= 0x40;
    let other = fs::read({
        load_one(ClipSpec { scene: 2, ..one }, dir.path());
        store::path(&ClipSpec { scene: 2, ..one }, dir.path())
    });
    for spoilt in [whole[..whole.len() / 3].to_vec(), flipped, Vec::new(), other.unwrap()] {
        fs::write(&path, spoilt).unwrap();
        assert!(store::read(&one, dir.path()).is_none());
        assert_eq!(load_one(one, dir.path()).units, clip.units);
        assert_eq!(fs::read(&path).unwrap(), whole, "the same clip is made again");
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_no_obstacle() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("in the way");
    fs::write(&file, b"").unwrap();
    assert_eq!(load_one(spec(Look::Black), &file).units.len(), 200);
}

#[test]
fn impossible_clips_are_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let odd = Format { width: 641, ..SMALL };
    for bad in [
        ClipSpec { scene: SCENES, ..spec(Look::Normal) },
        ClipSpec { format: odd, ..spec(Look::Normal) },
        ClipSpec { format: Format { frames_per_second: 0, ..SMALL }, ..spec(Look::Normal) },
        ClipSpec { format: Format { codec: Codec::Jpeg, ..SMALL }, ..spec(Look::Normal) },
    ] {
        let error = load(&[bad], dir.path(), &mut |_, _| true).unwrap_err();
        assert!(!error.explain(&Text::of(crate::text::Lang::En)).is_empty());
    }
    let none = EncodeError::NoEncoder { codec: Codec::H264, looked_for: &["libx264"] };
    let said = ClipError::from(none).explain(&Text::of(crate::text::Lang::En));
    assert!(said.contains("libx264") && said.contains("another codec"), "{said}");
}
