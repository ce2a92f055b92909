use proptest::prelude::*;

use super::super::limits::PULSE_EVERY;
use super::*;

const UNIT: Event = Event::Unit(Unit { bytes: 1000, is_key: false, after_loss: false });

const KEY: Event = Event::Unit(Unit { bytes: 9000, is_key: true, after_loss: false });

fn at(ms: u64) -> Mono {
    Mono::from_micros(i64::try_from(ms * 1000).unwrap())
}

/// A receiving side that has beaten all along.
fn alive(ms: u64) -> Pulse {
    Pulse::starting(at(ms))
}

fn state(h: &Arrival, ms: u64) -> State {
    h.assess(at(ms), alive(ms)).state
}

fn verdict(h: &Arrival, ms: u64) -> Verdict {
    h.assess(at(ms), alive(ms))
}

/// A feed with a unit every `step` ms in `from..=to`.
fn fed(from: u64, to: u64, step: usize) -> Arrival {
    let mut h = Arrival::new(at(0));
    h.observe(Event::Playing, at(from));
    h.observe(KEY, at(from));
    for ms in (from..=to).step_by(step).skip(1) {
        h.observe(UNIT, at(ms));
    }
    h
}

#[test]
fn a_new_feed_connects_and_a_first_unit_makes_it_live() {
    let mut h = Arrival::new(at(0));
    assert_eq!(state(&h, 60_000), State::Connecting);
    h.observe(Event::Playing, at(60_000));
    assert_eq!(state(&h, 60_001), State::Connecting, "a session is no picture");
    h.observe(UNIT, at(61_000));
    assert_eq!(state(&h, 61_000), State::Live);
    assert_eq!(h.assess(at(61_500), alive(61_500)).since, at(61_000));
}

#[test]
fn silence_in_an_open_session_is_a_stall_within_the_promised_time() {
    let h = fed(1000, 5000, 100);
    assert_eq!(state(&h, 7000), State::Live);
    assert_eq!(state(&h, 7001), State::Stalled);
    let a = h.assess(at(30_000), alive(30_000));
    assert_eq!((a.state, a.since, a.rate), (State::Stalled, at(5000), None));
}

#[test]
fn a_slow_feed_is_given_two_of_its_own_intervals() {
    // One picture in five seconds: learnt from its own arrivals.
    let h = fed(0, 60_000, 5000);
    assert_eq!(h.interval(), Some(Duration::from_secs(5)));
    assert_eq!(state(&h, 69_900), State::Live);
    assert_eq!(state(&h, 70_001), State::Stalled);
}

#[test]
fn a_lost_session_is_stalled_first_and_offline_if_it_lasts() {
    let mut h = fed(0, 5000, 40);
    h.observe(Event::Lost(Trouble::Closed), at(5000));
    assert_eq!(state(&h, 6900), State::Live, "the picture is young; nothing to alarm yet");
    assert_eq!(state(&h, 7100), State::Stalled);
    h.observe(Event::Lost(Trouble::Refused), at(8000));
    assert_eq!(state(&h, 14_900), State::Stalled);
    let a = h.assess(at(15_001), alive(15_001));
    assert_eq!((a.state, a.since, a.trouble), (State::Offline, at(5000), Some(Trouble::Refused)));
    h.observe(UNIT, at(20_000));
    let a = h.assess(at(20_010), alive(20_010));
    assert_eq!((a.state, a.since, a.trouble), (State::Live, at(20_000), None));
}

#[test]
fn a_feed_that_never_came_is_offline_once_an_attempt_has_failed() {
    let mut h = Arrival::new(at(0));
    assert_eq!(state(&h, 4000), State::Connecting);
    h.observe(Event::Lost(Trouble::Refused), at(4001));
    assert_eq!(state(&h, 4001), State::Offline);
    assert_eq!(state(&h, 6001), State::Offline);
}

#[test]
fn rejected_and_unsupported_feeds_say_so_at_once() {
    let mut h = fed(0, 5000, 40);
    h.observe(Event::Lost(Trouble::AuthRejected), at(5001));
    assert_eq!(state(&h, 5002), State::AuthFailed);
    h.observe(Event::Lost(Trouble::TooLarge { width: 5000, height: 3000 }), at(5003));
    assert_eq!(state(&h, 5004), State::Unsupported);
    h.observe(UNIT, at(5005));
    assert_eq!(state(&h, 5006), State::Live);
}

#[test]
fn our_own_pause_is_not_the_cameras_stall() {
    let h = fed(0, 5000, 40);
    let pulse = alive(5000);
    // The whole program was stopped for a minute: nothing is known about the camera.
    let a = h.assess(at(65_000), pulse);
    assert_eq!((a.state, a.behind), (State::Live, true));
    // It runs again, and the queued units are not read yet: still no stall, and the pause is told.
    let pulse = pulse.beaten(at(65_000));
    let a = h.assess(at(65_050), pulse);
    assert_eq!((a.state, a.behind), (State::Live, true));
    // Two seconds of listening in vain, however, are a stall, since the last unit.
    let heard = (65_100..=67_600).step_by(100).fold(pulse, |p, ms| p.beaten(at(ms)));
    let a = h.assess(at(67_600), heard);
    assert_eq!((a.state, a.since), (State::Stalled, at(5000)));
    let calm = (67_700..=70_000).step_by(100).fold(heard, |p, ms| p.beaten(at(ms)));
    assert!(!h.assess(at(70_000), calm).behind, "the pause is over");
}

#[test]
fn a_machine_that_pauses_again_and_again_still_sees_a_dead_camera() {
    let h = fed(0, 5000, 40);
    // Two seconds of every three are lost.
    let mut pulse = alive(5000);
    for round in 0..20 {
        let start = 5000 + round * 3000;
        pulse = pulse.beaten(at(start + 2000));
        for ms in (2100..=3000).step_by(100) {
            pulse = pulse.beaten(at(start + ms));
        }
    }
    let a = h.assess(at(65_000), pulse);
    assert_eq!((a.state, a.behind), (State::Stalled, true));
}

#[test]
fn sessions_that_bring_nothing_are_no_better_than_none() {
    // A relay that accepts everybody and has no camera behind it.
    let mut h = Arrival::new(at(0));
    h.observe(Event::Playing, at(100));
    assert_eq!(state(&h, 10_000), State::Connecting);
    h.observe(Event::Lost(Trouble::NoFirstFrame), at(15_000));
    assert_eq!(state(&h, 15_001), State::Offline);
    h.observe(Event::Playing, at(20_000));
    let a = h.assess(at(25_000), alive(25_000));
    assert_eq!((a.state, a.trouble), (State::Offline, Some(Trouble::NoFirstFrame)));
    // The same for a feed that once had pictures.
    let mut h = fed(0, 5000, 40);
    h.observe(Event::Lost(Trouble::FramesStopped), at(20_000));
    assert_eq!(state(&h, 20_001), State::Offline);
    h.observe(Event::Playing, at(30_000));
    assert_eq!(state(&h, 30_001), State::Offline);
    h.observe(UNIT, at(31_000));
    assert_eq!(state(&h, 31_001), State::Live);
}

#[test]
fn a_stream_that_cannot_be_decoded_is_not_called_live() {
    let mut h = fed(0, 5000, 40);
    h.observe(Event::DecodeStarted, at(5000));
    h.observe(Event::DecodeFailed(Trouble::Undecodable), at(5000));
    let a = h.assess(at(5010), alive(5010));
    assert_eq!((a.state, a.trouble), (State::Unsupported, Some(Trouble::Undecodable)));
    h.observe(Event::DecodeStopped, at(5015));
    assert_eq!(state(&h, 5015), State::Unsupported, "nor when nobody looks any more");
    h.observe(Event::DecodeStarted, at(5018));
    h.observe(Event::Decoded { arrived_at: at(4980), picture: true }, at(5020));
    assert_eq!(state(&h, 5030), State::Live);
}

#[test]
fn a_camera_that_gives_one_picture_a_session_is_not_live() {
    let mut h = Arrival::new(at(0));
    let mut live = 0;
    for session in 0..40 {
        let began = session * 15_000;
        h.observe(Event::Playing, at(began));
        h.observe(KEY, at(began + 100));
        h.observe(Event::Lost(Trouble::Closed), at(began + 150));
        for ms in (began..began + 15_000).step_by(500) {
            live += u32::from(state(&h, ms) == State::Live);
        }
        let said = verdict(&h, began + 14_000);
        assert_eq!((said.state, said.trouble), (State::Offline, Some(Trouble::Closed)));
    }
    assert!(live <= 40 * 5, "two seconds after each picture: {live}");
}

#[test]
fn a_camera_that_comes_back_in_the_middle_of_a_group_is_not_called_undecodable() {
    let mut h = Arrival::new(at(0));
    h.observe(Event::Playing, at(0));
    h.observe(Event::DecodeStarted, at(0));
    h.observe(KEY, at(0));
    h.observe(Event::Decoded { arrived_at: at(0), picture: true }, at(10));
    h.observe(Event::Lost(Trouble::FramesStopped), at(12_000));
    h.observe(Event::Playing, at(66_000));
    for ms in (66_000..68_000).step_by(100) {
        h.observe(UNIT, at(ms));
        assert_eq!(state(&h, ms), State::Live, "{ms}");
    }
}

#[test]
fn a_stream_without_any_keyframe_is_told_although_nobody_looks() {
    let mut h = Arrival::new(at(0));
    h.observe(Event::Playing, at(0));
    for ms in (0..20_000).step_by(100) {
        h.observe(UNIT, at(ms));
    }
    assert_eq!(verdict(&h, 19_950).trouble, Some(Trouble::NoKeyframe));
    h.observe(KEY, at(20_000));
    for ms in (20_000..80_000).step_by(100) {
        h.observe(UNIT, at(ms));
        assert_eq!(state(&h, ms), State::Live, "a long group of pictures is none of our business");
    }
}

#[test]
fn keyframes_that_have_stopped_are_told_after_a_minute_although_nobody_looks() {
    let mut h = Arrival::new(at(0));
    h.observe(Event::Playing, at(0));
    h.observe(KEY, at(0));
    let mut first_said = None;
    for ms in (100..200_000).step_by(100) {
        h.observe(UNIT, at(ms));
        let said = verdict(&h, ms);
        if said.state != State::Live {
            first_said.get_or_insert((ms, said.state, said.trouble, said.since));
        }
    }
    let after = u64::try_from(KEYFRAMES_GONE_AFTER.as_millis()).unwrap() + 100;
    let no_key = Some(Trouble::NoKeyframe);
    assert_eq!(first_said, Some((after, State::Unsupported, no_key, at(0))));
    h.observe(KEY, at(200_000));
    assert_eq!(state(&h, 200_000), State::Live);
    // Its last interval was longer than a minute: it has as long again, and no longer than that.
    for ms in (200_100..380_000).step_by(100) {
        h.observe(UNIT, at(ms));
        assert_eq!(state(&h, ms), State::Live, "{ms}");
    }
    h.observe(UNIT, at(380_100));
    assert_eq!(state(&h, 380_100), State::Unsupported);
    // Another session may bring its first as late as any.
    h.observe(Event::Playing, at(381_000));
    h.observe(UNIT, at(381_000));
    assert_eq!(state(&h, 381_000), State::Live);
}

#[test]
fn a_stream_that_is_being_shown_is_not_said_to_be_unfit_for_it() {
    let mut h = Arrival::new(at(0));
    h.observe(Event::DecodeStarted, at(0));
    h.observe(KEY, at(0));
    for ms in (100..120_000).step_by(100) {
        h.observe(UNIT, at(ms));
        h.observe(Event::Decoded { arrived_at: at(ms), picture: true }, at(ms));
        assert_eq!(state(&h, ms), State::Live, "{ms}");
    }
    h.observe(Event::DecodeStopped, at(120_000));
    assert_eq!(state(&h, 120_000), State::Unsupported, "nobody could begin to look now");
}

#[test]
fn a_pause_of_ours_is_no_lack_of_keyframes() {
    let mut h = Arrival::new(at(0));
    h.observe(Event::Playing, at(0));
    h.observe(KEY, at(0));
    let paused = alive(1000).beaten(at(100_000));
    h.observe(UNIT, at(100_000));
    assert_eq!(h.assess(at(100_600), paused.beaten(at(100_600))).state, State::Live);
}

#[test]
fn slow_decoding_is_this_machine_being_behind() {
    let mut h = fed(0, 5000, 40);
    h.observe(Event::DecodeStarted, at(5000));
    h.observe(KEY, at(5000));
    assert!(!h.assess(at(5900), alive(5900)).behind, "it has only just begun");
    h.observe(Event::Decoded { arrived_at: at(3000), picture: true }, at(6100));
    let a = h.assess(at(6100), alive(6100));
    assert_eq!((a.state, a.behind), (State::Live, true));
    h.observe(Event::Decoded { arrived_at: at(4980), picture: true }, at(6200));
    assert!(!h.assess(at(6200), alive(6200)).behind);
    h.observe(Event::DecodeStopped, at(6300));
    h.observe(UNIT, at(9000));
    assert!(!h.assess(at(9000), alive(9000)).behind, "nobody looks");
}

#[test]
fn the_rate_is_counted_over_the_last_seconds() {
    let h = fed(0, 10_000, 40);
    let rate = h.assess(at(10_010), alive(10_010)).rate.unwrap();
    assert!((rate - 25.0).abs() < 0.01, "{rate}");
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => Just(UNIT),
        1 => Just(Event::Playing),
        1 => Just(Event::Lost(Trouble::Closed)),
        1 => Just(Event::Lost(Trouble::AuthRejected)),
    ]
}

proptest! {
    /// However a feed slows down, what it shows is never older than the longest patience.
    #[test]
    fn patience_has_an_end(gaps in prop::collection::vec(10u64..300_000, 1..100)) {
        let mut h = Arrival::new(at(0));
        let mut now = 0;
        for gap in gaps {
            now += gap;
            h.observe(UNIT, at(now));
            prop_assert!(h.patience() <= LONGEST_PATIENCE);
            let later = now + u64::try_from(LONGEST_PATIENCE.as_millis()).unwrap() + 1;
            prop_assert_ne!(state(&h, later), State::Live);
        }
    }

    /// Whatever happened before: units make a feed live, and silence ends that in time.
    #[test]
    fn live_means_a_young_unit(
        steps in prop::collection::vec((any_event(), 0u64..4000), 1..80),
        silence in 0u64..20_000,
    ) {
        let mut h = Arrival::new(at(0));
        let mut now = 0;
        for (event, step) in steps {
            now += step;
            h.observe(event, at(now));
        }
        let later = now + silence;
        let a = h.assess(at(later), alive(later));
        let age = a.last_unit.map(|u| at(later).since(u));
        if a.state == State::Live {
            prop_assert!(age.unwrap() <= h.patience());
        } else if a.trouble.is_none() && a.state != State::Connecting {
            prop_assert!(age.unwrap() > h.patience());
        }
        prop_assert!(a.since <= at(later));
        prop_assert_eq!(a.state == State::Stalled && a.last_unit.is_none(), false);
    }

    /// A healthy feed with jitter up to a second is never called stalled.
    #[test]
    fn jitter_is_no_stall(gaps in prop::collection::vec(20u64..1000, 50..400)) {
        let mut h = Arrival::new(at(0));
        let mut now = 0;
        for gap in gaps {
            for probe in (now..now + gap).step_by(PULSE_EVERY.as_millis() as usize) {
                prop_assert!(!state(&h, probe).is_trouble());
            }
            now += gap;
            h.observe(KEY, at(now));
        }
    }
}

#[test]
fn pictures_without_a_keyframe_are_the_cameras_fault_and_not_ours() {
    let mut h = Arrival::new(at(0));
    h.observe(Event::DecodeStarted, at(0));
    let mut first_said = None;
    for ms in (100..40_000).step_by(100) {
        h.observe(UNIT, at(ms));
        let said = verdict(&h, ms);
        assert!(!said.behind, "{ms}");
        if said.state != State::Live {
            first_said.get_or_insert((ms, said.state, said.trouble, said.since));
        }
    }
    // Counted from the session's first unit, which came after 100 ms.
    let after = u64::try_from(KEYFRAME_AFTER.as_millis()).unwrap() + 200;
    let no_key = Some(Trouble::NoKeyframe);
    assert_eq!(first_said, Some((after, State::Unsupported, no_key, at(100))));
    h.observe(KEY, at(40_000));
    assert_eq!(verdict(&h, 40_000).state, State::Live, "now it is up to us");
    h.observe(UNIT, at(42_000));
    assert!(verdict(&h, 42_000).behind, "and we are late");
    h.observe(Event::Decoded { arrived_at: at(42_000), picture: true }, at(42_100));
    assert_eq!((verdict(&h, 42_100).state, verdict(&h, 42_100).behind), (State::Live, false));
}

#[test]
fn a_decoder_that_gets_no_keyframe_after_a_reconnection_is_not_called_late() {
    let mut h = Arrival::new(at(0));
    h.observe(Event::DecodeStarted, at(0));
    h.observe(KEY, at(0));
    for ms in (0..30_000).step_by(100) {
        h.observe(UNIT, at(ms));
        // From the tenth second on nothing comes out of what goes in.
        h.observe(Event::Decoded { arrived_at: at(ms), picture: ms < 10_000 }, at(ms));
    }
    let said = verdict(&h, 29_900);
    assert_eq!((said.state, said.trouble), (State::Unsupported, Some(Trouble::NoKeyframe)));
    assert_eq!((said.since, said.behind), (at(9_900), false), "the age of its last picture");
}
