use proptest::prelude::*;

use super::*;

fn at(ms: u64) -> Mono {
    Mono::from_micros(i64::try_from(ms * 1000).unwrap())
}

const GOOD: Unit = Unit { bytes: 1000, is_key: false, after_loss: false };

/// Units every `step` ms in `from..to`; gives the rate as it is after each.
fn feed(rate: &mut Rate, from: u64, to: u64, step: usize, unit: Unit) {
    for ms in (from..to).step_by(step) {
        rate.unit(unit, at(ms), true);
    }
}

#[test]
fn the_usual_rate_is_learnt_from_ten_seconds_or_ten_units() {
    for (step, known_after) in [(40, 10_000), (1000, 10_000), (4000, 37_000), (10_000, 60_000)] {
        let (mut rate, per_s) = (Rate::new(), 1000.0 / step as f32);
        feed(&mut rate, 0, known_after, step, GOOD);
        assert_eq!((rate.usual(), rate.degraded()), (None, None), "{step}");
        feed(
            &mut rate,
            known_after.next_multiple_of(step as u64),
            known_after + 20_000,
            step,
            GOOD,
        );
        let usual = rate.usual().unwrap();
        assert!((usual / per_s - 1.0).abs() < 0.2, "{step}: {usual}");
    }
}

#[test]
fn what_becomes_slow_in_its_first_minute_is_told_and_stays_told() {
    for good_for in [6_000, 10_000, 25_000, 59_000] {
        let mut rate = Rate::new();
        feed(&mut rate, 0, good_for, 66, GOOD);
        feed(&mut rate, good_for, good_for + 30_000, 333, GOOD);
        let since = rate.degraded().expect("degraded");
        for ms in (good_for + 30_000..4 * 3_600_000).step_by(333) {
            rate.unit(GOOD, at(ms), true);
            assert_eq!(rate.degraded(), Some(since), "{ms}: {:?}", rate.usual());
        }
    }
}

#[test]
fn what_becomes_slow_in_another_session_is_measured_against_the_ones_before() {
    let mut rate = Rate::new();
    feed(&mut rate, 0, 60_000, 66, GOOD);
    rate.session();
    feed(&mut rate, 100_000, 120_000, 333, GOOD);
    assert!(rate.degraded().is_some(), "{:?}", rate.usual());
}

#[test]
fn a_rate_that_sinks_slowly_is_told_when_a_fifth_of_the_best_is_left() {
    let mut rate = Rate::new();
    feed(&mut rate, 0, 60_000, 40, GOOD);
    let (mut ms, mut step) = (60_000, 40.0_f64);
    while rate.degraded().is_none() {
        rate.unit(GOOD, at(ms), true);
        ms += step as u64;
        step *= 1.00005;
        assert!(ms < 24 * 3_600_000, "never told");
    }
    let left = 40.0 / step;
    assert!((0.17..0.25).contains(&left), "{left} after {ms} ms");
}

#[test]
fn what_a_relay_has_kept_and_sends_at_once_is_no_rate() {
    let mut rate = Rate::new();
    // Half a minute of pictures in the first second, and then as they are taken.
    feed(&mut rate, 0, 750, 1, GOOD);
    for ms in (750..1_800_000).step_by(40) {
        rate.unit(GOOD, at(ms), true);
        assert_eq!(rate.degraded(), None, "{ms}");
    }
    assert!((rate.usual().unwrap() - 25.0).abs() < 1.5, "{:?}", rate.usual());
}

#[test]
fn a_fifth_of_the_usual_rate_is_told_within_twenty_seconds_and_is_over_as_soon() {
    let mut rate = Rate::new();
    feed(&mut rate, 0, 300_000, 66, GOOD);
    feed(&mut rate, 300_000, 320_000, 333, GOOD);
    let since = rate.degraded().expect("degraded");
    assert!((300_000..312_000).contains(&(since.as_micros() / 1000)), "{since:?}");
    feed(&mut rate, 320_000, 340_000, 66, GOOD);
    assert_eq!(rate.degraded(), None);
}

#[test]
fn half_the_usual_rate_is_the_evening() {
    let mut rate = Rate::new();
    feed(&mut rate, 0, 300_000, 40, GOOD);
    for (from, step) in [(300_000, 80), (2_100_000, 160)] {
        for ms in (from..from + 1_800_000).step_by(step) {
            rate.unit(GOOD, at(ms), true);
            assert_eq!(rate.degraded(), None, "{ms}");
        }
    }
    assert!((rate.usual().unwrap() - 12.5).abs() < 1.0, "followed, to half: {:?}", rate.usual());
}

#[test]
fn what_stays_slow_never_becomes_the_usual() {
    let mut rate = Rate::new();
    feed(&mut rate, 0, 300_000, 66, GOOD);
    feed(&mut rate, 300_000, 12 * 3_600_000, 333, GOOD);
    assert!(rate.degraded().is_some(), "{:?}", rate.usual());
    feed(&mut rate, 12 * 3_600_000, 12 * 3_600_000 + 25_000, 80, GOOD);
    assert_eq!(rate.degraded(), None, "most of what it brought is well again");
}

#[test]
fn a_backlog_that_comes_at_once_moves_the_usual_rate_by_little() {
    let mut rate = Rate::new();
    feed(&mut rate, 0, 120_000, 66, GOOD);
    feed(&mut rate, 120_000, 120_600, 6, GOOD);
    feed(&mut rate, 120_600, 140_000, 66, GOOD);
    assert!(rate.usual().unwrap() < 15.15 * 1.1, "{:?}", rate.usual());
    assert_eq!(rate.degraded(), None);
}

#[test]
fn damaged_pictures_are_told_by_their_share() {
    let damaged = Unit { after_loss: true, ..GOOD };
    let mut rate = Rate::new();
    feed(&mut rate, 0, 20_000, 40, GOOD);
    // One loss: the rest of a group of two seconds.
    feed(&mut rate, 20_000, 22_000, 40, damaged);
    feed(&mut rate, 22_000, 60_000, 40, GOOD);
    assert_eq!((rate.degraded(), rate.loss()), (None, 0.0));
    feed(&mut rate, 60_000, 75_000, 40, damaged);
    assert!(rate.loss() > 0.99);
    let since = rate.degraded().expect("lossy").as_micros() / 1_000_000;
    assert!((62..66).contains(&since), "{since}");
    feed(&mut rate, 75_000, 100_000, 40, GOOD);
    assert_eq!(rate.degraded(), None);
    feed(&mut rate, 100_000, 130_000, 40, damaged);
    rate.session();
    assert_eq!((rate.degraded(), rate.loss()), (None, 0.0), "another session");
}

#[test]
fn a_feed_that_comes_back_from_a_stall_is_not_called_slow() {
    let mut rate = Rate::new();
    feed(&mut rate, 0, 120_000, 66, GOOD);
    rate.unit(GOOD, at(150_000), false);
    for ms in (150_066..180_000).step_by(66) {
        rate.unit(GOOD, at(ms), true);
        assert_eq!(rate.degraded(), None, "{ms}");
    }
}

proptest! {
    /// However units come, what is told lasts as long as it was held back, and does not flap.
    #[test]
    fn it_never_flaps_faster_than_its_debounce(
        phases in prop::collection::vec((20u64..1500, 1u64..40_000, prop::bool::ANY), 1..30),
    ) {
        let mut rate = Rate::new();
        feed(&mut rate, 0, 70_000, 66, GOOD);
        let (mut now, mut changed, mut was) = (70_000, 0, false);
        for (gap, lasts, after_loss) in phases {
            let end = now + lasts;
            while now < end {
                now += gap;
                rate.unit(Unit { after_loss, ..GOOD }, at(now), true);
                let is = rate.degraded().is_some();
                if is != was {
                    let least = if is { DEGRADED_AFTER } else { MENDED_AFTER };
                    prop_assert!(at(now).since(at(changed)) >= least, "{now}");
                    (changed, was) = (now, is);
                }
            }
        }
    }
}
