use std::sync::Arc;

use super::*;
use crate::clock::WallTime;
use crate::ingest::ClockReading;

fn at(ms: i64) -> Mono {
    Mono::from_micros(ms * 1000)
}

fn params() -> Arc<StreamParams> {
    Arc::new(StreamParams {
        codec: Codec::Jpeg,
        extra_data: Vec::new(),
        width: 64,
        height: 48,
        sample_aspect: None,
    })
}

/// A unit that no decoder makes anything of.
fn rubbish(ms: i64, is_key: bool) -> Heard {
    Heard::Unit(AccessUnit {
        params: params(),
        data: vec![7; 50].into(),
        is_key,
        after_loss: false,
        pts: ms * 90,
        arrived_at: at(ms),
        taken_at: WallTime::from_micros(0),
    })
}

fn verdict(heard: Vec<Heard>, interrupted: bool) -> Verdict {
    let mut study = Study::new(at(0), None);
    heard.into_iter().for_each(|heard| study.hear(heard));
    study.findings("rtsp://cam/", false, at(12_000), interrupted).verdict
}

#[test]
fn what_is_missing_is_named() {
    use Verdict::{Fails, Interrupted};
    let playing = || Heard::Playing(at(100));
    assert_eq!(verdict(vec![], false), Fails(Trouble::ConnectTimedOut));
    assert_eq!(verdict(vec![playing()], false), Fails(Trouble::NoFirstFrame));
    assert_eq!(verdict(vec![playing()], true), Interrupted);
    let no_key = vec![playing(), rubbish(200, false)];
    assert_eq!(verdict(no_key, false), Fails(Trouble::NoKeyframe));
    let no_picture = vec![playing(), rubbish(200, true)];
    assert_eq!(verdict(no_picture, false), Fails(Trouble::Undecodable));
    let lost = vec![playing(), rubbish(200, true), Heard::Lost(Trouble::Closed, at(300))];
    assert_eq!(verdict(lost, true), Fails(Trouble::Closed));
}

#[test]
fn it_listens_for_two_groups_and_never_beyond_the_time_in_all() {
    let mut study = Study::new(at(0), None);
    assert_eq!(study.left(at(0)), Some(IN_ALL));
    study.hear(Heard::Playing(at(100)));
    for n in 0..3 {
        assert_eq!(study.left(at(1000)), Some(Duration::from_secs(11)), "{n} keyframes");
        study.hear(rubbish(200 + n * 1000, true));
    }
    assert_eq!(study.left(at(2200)), Some(Duration::from_millis(2000)));
    assert_eq!(study.left(at(4200)), None);
    // A camera that may yet tell its time.
    study.hear(Heard::Offer(Offer::default()));
    assert_eq!(study.left(at(4200)), Some(Duration::from_millis(2000)));
    study.hear(Heard::Clock(ClockReading { theirs_us: 5, ours_us: 3 }));
    assert_eq!(study.left(at(4200)), None);
    let mut late = Study::new(at(0), None);
    (0..3).for_each(|n| late.hear(rubbish(11_000 + n, true)));
    assert_eq!(late.left(at(11_500)), Some(Duration::from_millis(500)));
    assert_eq!(late.left(at(12_000)), None);
}

#[test]
fn it_listens_as_long_as_it_was_asked_to_from_the_first_picture_on() {
    let mut study = Study::new(at(0), Some(Duration::from_secs(60)));
    assert_eq!(study.left(at(1000)), Some(Duration::from_secs(11)));
    (0..5).for_each(|n| study.hear(rubbish(5000 + n, true)));
    assert_eq!(study.left(at(5000)), Some(Duration::from_secs(60)));
    study.hear(Heard::Lost(Trouble::Closed, at(6000)));
    assert_eq!(study.left(at(6000)), None);
}

#[test]
fn the_clock_is_read_from_the_report_that_was_fastest() {
    let mut study = Study::new(at(0), None);
    for (theirs_us, ours_us) in [(1000, 1400), (2000, 2100), (3000, 3900)] {
        study.hear(Heard::Clock(ClockReading { theirs_us, ours_us }));
    }
    assert_eq!(study.findings("", false, at(0), false).clock_us, Some(-100));
}
