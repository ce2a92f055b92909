use std::sync::Arc;

use proptest::prelude::*;

use super::super::limits::{LONGEST_PATIENCE, PULSE_EVERY};
use super::super::picture::{Covered, Suspicion};
use super::super::{Trouble, Unit};
use super::*;
use crate::frame::Luma;

fn at(ms: u64) -> Mono {
    Mono::from_micros(i64::try_from(ms * 1000).unwrap())
}

fn alive(ms: u64) -> Pulse {
    Pulse::starting(at(ms))
}

fn unit(after_loss: bool) -> Event {
    Event::Unit(Unit { bytes: 1000, is_key: !after_loss, after_loss })
}

/// A picture with something in it, never the same twice.
fn sample(ms: u64) -> Sample {
    let data = (0..3600u64).map(|n| ((n * 7 + ms / 1000) % 200 + 30) as u8).collect();
    let luma = Arc::new(Luma { width: 80, height: 45, data });
    Sample { at: at(ms), arrived_at: at(ms), is_key: true, luma }
}

/// Units every `step` ms in `from..to`, looked at every five seconds.
fn run(h: &mut FeedHealth, from: u64, to: u64, step: usize) {
    let mut look = from;
    for ms in (from..to).step_by(step) {
        h.observe(unit(false), at(ms));
        if ms >= look {
            h.sample(sample(ms));
            look = ms + 5000;
        }
    }
}

fn playing(from: u64, to: u64, step: usize) -> FeedHealth {
    let mut h = FeedHealth::new(at(0));
    h.observe(Event::Playing, at(from));
    run(&mut h, from, to, step);
    h
}

fn said(h: &FeedHealth, ms: u64) -> (State, Mono) {
    let said = h.assess(at(ms), alive(ms));
    (said.state, said.since)
}

#[test]
fn what_nobody_looks_at_is_not_checked_after_a_while() {
    let mut h = playing(0, 60_000, 40);
    assert_eq!(said(&h, 60_000).0, State::Live);
    for ms in (60_000..100_000).step_by(40) {
        h.observe(unit(false), at(ms));
    }
    assert_eq!(said(&h, 85_000).0, State::Live);
    assert_eq!(said(&h, 99_990), (State::NotChecked, at(55_000)));
    h.observe(Event::Decoded { arrived_at: at(99_960), picture: true }, at(99_990));
    assert_eq!(said(&h, 99_990).0, State::Live, "somebody sees it on the screen");
}

#[test]
fn a_picture_of_an_earlier_session_says_nothing_about_this_one() {
    let mut h = playing(0, 20_000, 40);
    h.observe(Event::Lost(Trouble::Closed), at(20_000));
    h.observe(Event::Playing, at(21_000));
    for ms in (21_000..60_000).step_by(40) {
        h.observe(unit(false), at(ms));
        h.sample(Sample { at: at(ms), ..sample(19_000) });
    }
    assert_eq!(said(&h, 59_990), (State::NotChecked, at(21_000)));
    assert_eq!(h.assess(at(59_990), alive(59_990)).evidence.looked_at, None);
}

/// A picture of which hardly a part is as it was in another second.
fn moving(ms: u64) -> Sample {
    let data = (0..3600u64).map(|n| ((n * 7 + ms / 1000 * 31) % 200 + 30) as u8).collect();
    Sample { luma: Arc::new(Luma { width: 80, height: 45, data }), ..sample(ms) }
}

/// Units of a session from 1 s on, looked at every two seconds from `from` on.
fn reminded(from: u64, to: u64, look: impl Fn(u64) -> Sample) -> (FeedHealth, Vec<State>) {
    let mut h = FeedHealth::new(at(0));
    h.remember(Suspicion { frozen_since: Some(BEFORE), covered: None });
    assert_eq!(said(&h, 0).0, State::Connecting, "nothing arrives");
    h.observe(Event::Playing, at(1000));
    let mut states = Vec::new();
    for ms in (1000..to).step_by(40) {
        h.observe(unit(false), at(ms));
        if ms >= from && ms % 2000 == 0 {
            h.sample(look(ms));
        }
        states.push(said(&h, ms).0);
    }
    (h, states)
}

/// Two hours before the program began.
const BEFORE: Mono = Mono::from_micros(-7_200_000_000);

#[test]
fn what_stood_still_before_the_start_does_so_until_it_is_seen_to_move() {
    let still = |ms| Sample { at: at(ms), arrived_at: at(ms), ..moving(0) };
    let (h, states) = reminded(3000, 600_000, still);
    assert!(states.iter().all(|state| *state == State::Frozen), "from the first unit on");
    assert_eq!(said(&h, 599_960), (State::Frozen, BEFORE));
    assert_eq!(
        h.assess(at(599_960), alive(599_960)).evidence.picture.suspicion.frozen_since,
        Some(BEFORE)
    );
    let (h, states) = reminded(3000, 60_000, moving);
    let ended = states.iter().position(|state| *state == State::Live).expect("it moves");
    assert!(states[..ended].iter().all(|state| *state == State::Frozen));
    assert!(states[ended..].iter().all(|state| *state == State::Live));
    assert_eq!(h.assess(at(59_960), alive(59_960)).evidence.picture.suspicion.frozen_since, None);
}

#[test]
fn what_was_covered_before_the_start_is_so_until_its_edges_are_back() {
    // The edges of `moving`, as a feed that has been seen for long shows them.
    let mut seen = FeedHealth::new(at(0));
    seen.observe(Event::Playing, at(0));
    for ms in (0..120_000).step_by(40) {
        seen.observe(unit(false), at(ms));
        if ms % 2000 == 0 {
            seen.sample(moving(ms));
        }
    }
    let usual = seen.assess(at(120_000), alive(120_000)).evidence.picture.sharpness_usual.unwrap();
    let plain = |ms: u64| {
        let data = vec![90 + (ms / 2000 % 3) as u8; 3600];
        Sample { luma: Arc::new(Luma { width: 80, height: 45, data }), ..sample(ms) }
    };
    let mut h = FeedHealth::new(at(0));
    let covered = Some(Covered { since: BEFORE, usual });
    h.remember(Suspicion { frozen_since: None, covered });
    h.observe(Event::Playing, at(0));
    for ms in (0..600_000).step_by(40) {
        h.observe(unit(false), at(ms));
        if ms % 2000 == 0 {
            h.sample(plain(ms));
        }
        assert_eq!(said(&h, ms), (State::Covered, BEFORE), "{ms}");
    }
    assert_eq!(h.assess(at(599_960), alive(599_960)).evidence.picture.suspicion.covered, covered);
    for ms in (600_000..630_000).step_by(40) {
        h.observe(unit(false), at(ms));
        if ms % 2000 == 0 {
            h.sample(moving(ms));
        }
    }
    assert_eq!(said(&h, 629_960).0, State::Live);
    assert!(h.assess(at(629_960), alive(629_960)).evidence.picture.suspicion.is_none());
}

#[test]
fn what_is_only_remembered_is_not_said_of_what_nobody_can_look_at() {
    let (_, states) = reminded(u64::MAX, 40_000, moving);
    let told: Vec<State> = states.chunk_by(|a, b| a == b).map(|run| run[0]).collect();
    assert_eq!(told, [State::Frozen, State::NotChecked]);
}

#[test]
fn looks_in_vain_are_the_reason_why_it_is_not_checked() {
    let mut h = FeedHealth::new(at(0));
    h.observe(Event::Playing, at(0));
    let trouble = |h: &FeedHealth, ms| h.assess(at(ms), alive(ms)).trouble;
    for ms in (0..60_000).step_by(40) {
        h.observe(unit(false), at(ms));
        if ms % 5000 == 0 {
            h.observe(Event::LookedInVain, at(ms));
        }
        let why = (said(&h, ms).0 == State::NotChecked).then_some(Trouble::Undecodable);
        assert_eq!(trouble(&h, ms), why, "{ms}");
    }
    assert_eq!(said(&h, 59_960).0, State::NotChecked);
    h.sample(sample(59_960));
    assert_eq!((said(&h, 59_960).0, trouble(&h, 59_960)), (State::Live, None));
}

#[test]
fn a_start_is_never_called_unchecked() {
    let mut h = FeedHealth::new(at(0));
    h.observe(Event::Playing, at(0));
    for ms in (0..29_000).step_by(40) {
        h.observe(unit(false), at(ms));
        assert_eq!(said(&h, ms).0, State::Live);
    }
}

#[test]
fn few_pictures_are_degraded_and_none_are_a_stall() {
    let mut h = playing(0, 120_000, 66);
    run(&mut h, 120_000, 150_000, 400);
    let a = h.assess(at(149_900), alive(149_900));
    assert_eq!(a.state, State::Degraded);
    assert!(a.since > at(120_000) && a.since < at(135_000), "{:?}", a.since);
    let usual = a.evidence.usual_rate.unwrap();
    assert!((14.0..15.5).contains(&usual) && a.rate.unwrap() < 3.0, "{a:?}");
    assert_eq!(said(&h, 153_000).0, State::Stalled);
}

#[test]
fn losses_are_degraded() {
    let mut h = playing(0, 30_000, 40);
    for ms in (30_000..60_000).step_by(40) {
        h.observe(unit(true), at(ms));
        h.sample(sample(ms));
    }
    let a = h.assess(at(59_990), alive(59_990));
    assert_eq!((a.state, a.evidence.loss_share), (State::Degraded, 1.0));
}

#[test]
fn what_our_own_pause_cost_is_not_told_as_the_cameras() {
    let mut h = playing(0, 120_000, 66);
    // The machine stands still for eight seconds; what the camera sent meanwhile is lost, as it is
    // in the next ten, in which it only gets every fifth unit.
    let pulse = alive(120_000).beaten(at(128_000));
    run(&mut h, 128_000, 150_000, 330);
    let pulse = (128_100..=150_000).step_by(100).fold(pulse, |p, ms| p.beaten(at(ms)));
    assert!(h.rate.degraded().is_some());
    assert_eq!(h.assess(at(150_000), pulse).state, State::Live);
    // A minute and a half later it is the camera's.
    run(&mut h, 150_000, 220_000, 330);
    let pulse = (150_100..=220_000).step_by(100).fold(pulse, |p, ms| p.beaten(at(ms)));
    assert_eq!(h.assess(at(220_000), pulse).state, State::Degraded);
}

#[test]
fn a_loss_of_arrival_comes_before_what_was_seen() {
    let mut h = playing(0, 10_000, 40);
    for ms in (10_000..40_000).step_by(40) {
        h.observe(unit(false), at(ms));
        let luma = Arc::new(Luma { width: 80, height: 45, data: vec![0; 3600] });
        h.sample(Sample { luma, ..sample(ms) });
    }
    assert_eq!(said(&h, 40_000).0, State::Black);
    assert!(h.assess(at(40_000), alive(40_000)).rate.is_some(), "units arrive");
    assert_eq!(said(&h, 42_500), (State::Stalled, at(39_960)));
    h.observe(Event::Lost(Trouble::AuthRejected), at(43_000));
    assert_eq!(said(&h, 43_000).0, State::AuthFailed);
}

#[test]
fn a_verdict_costs_little() {
    // A thousand of them are asked for four times a second, and in each pass.
    assert!(std::mem::size_of::<Assessment>() <= 256, "{}", std::mem::size_of::<Assessment>());
}

#[derive(Clone, Debug)]
enum Did {
    Happened(Event),
    Looked,
}

fn anything() -> impl Strategy<Value = Did> {
    prop_oneof![
        8 => any::<bool>().prop_map(|loss| Did::Happened(unit(loss))),
        2 => Just(Did::Looked),
        1 => Just(Did::Happened(Event::Playing)),
        1 => Just(Did::Happened(Event::Lost(Trouble::Closed))),
        1 => Just(Did::Happened(Event::Lost(Trouble::AuthRejected))),
        1 => Just(Did::Happened(Event::DecodeFailed(Trouble::Undecodable))),
    ]
}

proptest! {
    /// Whatever happened: a feed without a unit for its patience and a second is not arriving, and
    /// what is said lies in the past.
    #[test]
    fn silence_is_never_live(
        steps in prop::collection::vec((anything(), 0u64..9000), 1..120),
        silence in 0u64..60_000,
    ) {
        let mut h = FeedHealth::new(at(0));
        let (mut now, mut last) = (0, None);
        for (did, step) in steps {
            now += step;
            match did {
                Did::Happened(event) => {
                    if matches!(event, Event::Unit(_)) {
                        last = Some(now);
                    }
                    h.observe(event, at(now));
                }
                Did::Looked => h.sample(sample(now)),
            }
        }
        let later = now + silence;
        let a = h.assess(at(later), alive(later));
        let patience = u64::try_from(h.patience().as_millis()).unwrap();
        if last.is_none_or(|last| later > last + patience + 1000) {
            prop_assert!(!a.state.is_arriving(), "{:?}", a);
        }
        prop_assert!(a.since <= at(later));
        prop_assert!(a.evidence.looked_at.is_none_or(|looked| looked <= at(later)));
        prop_assert_eq!(a.rate.is_some() && !a.state.is_arriving(), false);
    }

    /// While we are paused, and in the first half second after it, nobody is called stalled.
    #[test]
    fn our_own_pause_is_never_a_stall(gap in 20usize..900, pause in 1100u64..600_000) {
        let h = playing(0, 90_000, gap);
        let pulse = alive(90_000);
        prop_assert!(!h.assess(at(90_000 + pause), pulse).state.is_trouble());
        let pulse = pulse.beaten(at(90_000 + pause));
        for ms in (0..=500).step_by(100) {
            let now = at(90_000 + pause + ms);
            let pulse = pulse.beaten(now);
            prop_assert!(!h.assess(now, pulse).state.is_trouble());
        }
    }

    /// A healthy feed of any rate that is looked at now and then is live at every beat.
    #[test]
    fn a_healthy_feed_is_live(gaps in prop::collection::vec(20u64..1900, 30..300)) {
        let mut h = FeedHealth::new(at(0));
        h.observe(Event::Playing, at(0));
        let mut now = 0;
        for gap in gaps {
            h.observe(unit(false), at(now));
            h.sample(sample(now));
            for probe in (now..now + gap).step_by(PULSE_EVERY.as_millis() as usize) {
                prop_assert_eq!(said(&h, probe).0, State::Live);
            }
            now += gap;
        }
        prop_assert!(h.patience() <= LONGEST_PATIENCE);
    }
}
