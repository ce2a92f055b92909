//! What `pollwall simulate` sends: clips that begin again every 20 s, clock included, and the faults
//! that can be put in their place.

use std::path::Path;
use std::sync::Arc;

use pollwall::clock::{Mono, WallTime};
use pollwall::frame::{LUMA_HEIGHT, LUMA_WIDTH, Luma};
use pollwall::health::picture::{PictureHealth, PictureVerdict, Sample};
use pollwall::media::{AccessUnit, Codec, Decoder, StreamParams};
use pollwall::simulate::clips::{Clip, ClipSpec, EMPTY_SCENE, Format, Look, load};

const FORMAT: Format = Format {
    codec: Codec::H264,
    width: 320,
    height: 180,
    frames_per_second: 10,
    bits_per_second: 60_000,
};

/// The sizes of a clip's units and what its keyframes show.
type Reel = Vec<(usize, Option<Arc<Luma>>)>;

fn reel(clip: &Clip) -> Reel {
    let params = Arc::new(StreamParams {
        codec: Codec::H264,
        extra_data: Vec::new(),
        width: FORMAT.width,
        height: FORMAT.height,
        sample_aspect: None,
    });
    let mut decoder = Decoder::default();
    let mut reel = Vec::new();
    for (number, unit) in clip.units.iter().enumerate() {
        let size = unit.nals.iter().map(|nal| nal.len() + 4).sum();
        let mut luma = None;
        if unit.is_key {
            let nals = clip.parameter_sets.iter().chain(&unit.nals);
            let data: Vec<u8> =
                nals.flat_map(|nal| [0, 0, 0, 1].into_iter().chain(nal.iter().copied())).collect();
            let unit = AccessUnit {
                params: Arc::clone(&params),
                data: data.into(),
                is_key: true,
                after_loss: false,
                pts: number as i64 * 9000,
                arrived_at: Mono::default(),
                taken_at: WallTime::default(),
            };
            decoder
                .decode(&unit, &mut |f| luma = Some(Arc::new(f.luma(LUMA_WIDTH, LUMA_HEIGHT))))
                .unwrap();
        }
        reel.push((size, luma));
    }
    reel
}

/// Plays the program: `live` for some seconds, then `then`, and says what was held at the end of
/// each second.
fn watch(parts: &[(&Reel, u32)], every_s: u32) -> Vec<PictureVerdict> {
    watch_at(parts, || i64::from(every_s) * 1_000_000)
}

/// … with the next look due after what `pause_us` says.
fn watch_at(parts: &[(&Reel, u32)], mut pause_us: impl FnMut() -> i64) -> Vec<PictureVerdict> {
    let mut health = PictureHealth::new();
    let (mut at_us, mut next_us) = (0_i64, 0_i64);
    let mut held = Vec::new();
    for (reel, seconds) in parts {
        for n in 0..seconds * FORMAT.frames_per_second {
            let (bytes, luma) = &reel[n as usize % reel.len()];
            let at = Mono::from_micros(at_us);
            health.unit(*bytes, luma.is_some(), at);
            let due = at_us >= next_us;
            if let Some(luma) = luma.as_ref().filter(|_| due || health.is_suspect()) {
                next_us = at_us + pause_us();
                health.sample(Sample { at, arrived_at: at, is_key: true, luma: Arc::clone(luma) });
            }
            if n % FORMAT.frames_per_second == 0 {
                held.push(health.verdict(at));
            }
            at_us += 1_000_000 / i64::from(FORMAT.frames_per_second);
        }
    }
    held
}

fn clips(specs: &[ClipSpec], cache: &Path) -> Vec<Reel> {
    let made = load(specs, cache, &mut |_, _| true).unwrap();
    specs.iter().map(|spec| reel(&made[spec])).collect()
}

fn spec(scene: u8, look: Look) -> ClipSpec {
    ClipSpec { scene, look, format: FORMAT }
}

#[test]
fn clips_that_begin_again_are_alive_however_often_one_looks() {
    let cache = tempfile::tempdir().unwrap();
    let specs: Vec<ClipSpec> = [0, 5, EMPTY_SCENE].map(|scene| spec(scene, Look::Normal)).into();
    for (reel, spec) in clips(&specs, cache.path()).iter().zip(&specs) {
        // At every 20 s the very same picture is seen again and again.
        for every_s in [2, 5, 7, 10, 20] {
            let held = watch(&[(reel, 600)], every_s);
            let fine = |v: &&PictureVerdict| **v == PictureVerdict::Fine;
            assert_eq!(held.iter().filter(fine).count(), 600, "{spec:?} every {every_s} s");
        }
    }
}

#[test]
fn the_simulators_faults_are_found_and_their_end_too() {
    let cache = tempfile::tempdir().unwrap();
    let looks = [Look::Normal, Look::Frozen, Look::Black, Look::Covered];
    for scene in [0, EMPTY_SCENE] {
        let reels = clips(&looks.map(|look| spec(scene, look)), cache.path());
        for (reel, look) in reels.iter().zip(looks).skip(1) {
            let held = watch(&[(&reels[0], 60), (reel, 60), (&reels[0], 40)], 5);
            let found = held[60..].iter().position(|v| match v {
                PictureVerdict::Frozen { .. } => look == Look::Frozen,
                PictureVerdict::Black { .. } => look == Look::Black,
                PictureVerdict::Covered { .. } => look == Look::Covered,
                PictureVerdict::Fine | PictureVerdict::NotChecked => false,
            });
            let within = match look {
                Look::Black => 10,
                Look::Covered => 30,
                Look::Normal | Look::Frozen => 58,
            };
            assert!(found.is_some_and(|s| s <= within), "{scene} {look:?}: {found:?}");
            assert!(held[..60].iter().all(|v| *v == PictureVerdict::Fine), "{scene} {look:?}");
            assert_eq!(held.last(), Some(&PictureVerdict::Fine), "{scene} {look:?} ends");
        }
    }
}

/// The simulator's frozen clip begins again every 20 s, too, each time with a coder's first keyframe.
#[test]
fn the_simulators_frozen_camera_stays_told_for_three_hours() {
    let cache = tempfile::tempdir().unwrap();
    for scene in [0, 2, EMPTY_SCENE] {
        let reels =
            clips(&[Look::Normal, Look::Frozen].map(|look| spec(scene, look)), cache.path());
        for every_s in [2, 5, 7] {
            let parts = [(&reels[0], 110), (&reels[1], 3 * 3600), (&reels[0], 60)];
            let held = watch(&parts, every_s);
            let is_frozen = |v: &PictureVerdict| matches!(v, PictureVerdict::Frozen { .. });
            let found = held.iter().position(is_frozen).unwrap();
            // Each 20 s the coder's first seconds come again, so it takes longer than from a camera.
            assert!((110..230).contains(&found), "{scene} every {every_s} s: {found}");
            let stood = held[found..110 + 3 * 3600].iter().filter(|v| is_frozen(v)).count();
            assert_eq!(stood, 110 + 3 * 3600 - found, "{scene} every {every_s} s");
            assert_eq!(held.last(), Some(&PictureVerdict::Fine), "{scene} every {every_s} s");
        }
        // A busy sampler comes when it can, and sees any two keyframes of the clip in a row.
        let mut random = fastrand::Rng::with_seed(5);
        let parts = [(&reels[0], 110), (&reels[1], 3 * 3600), (&reels[0], 90)];
        let held = watch_at(&parts, || random.i64(4_500_000..9_000_000));
        let is_frozen = |v: &PictureVerdict| matches!(v, PictureVerdict::Frozen { .. });
        let found = held.iter().position(is_frozen).unwrap();
        let stood = held[found..110 + 3 * 3600].iter().filter(|v| is_frozen(v)).count();
        assert!(found < 230 && stood == 110 + 3 * 3600 - found, "{scene}: {found}, {stood} s");
        assert_eq!(held.last(), Some(&PictureVerdict::Fine), "{scene}");
    }
}

#[test]
fn a_picture_that_never_changed_is_not_called_frozen_before_ten_minutes() {
    // A slide, the same keyframe once a second: nobody knows that it should have moved.
    let luma = Arc::new(Luma {
        width: 80,
        height: 45,
        data: (0..3600).map(|i| (i * 7 % 251) as u8).collect(),
    });
    let slide = vec![(30_000, Some(luma))];
    let held = watch(&[(&slide, 300)], 5);
    assert!(held.iter().all(|v| *v == PictureVerdict::Fine), "{held:?}");
}
