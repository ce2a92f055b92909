//! A thousand stream-hours of healthy cameras, none of which is ever called stalled or degraded.
//!
//! `POLLWALL_HEALTH_HOURS` asks for more or fewer.

use std::sync::Arc;
use std::thread;

use pollwall::clock::Mono;
use pollwall::health::picture::Sample;
use pollwall::health::{Event, FeedHealth, Pulse, State, Unit};

use super::cameras::{Camera, Make};
use super::cases::Picture;

/// Of all makes together.
const HOURS: u64 = 1000;

/// How long one stream lasts.
const HOURS_OF_A_STREAM: u64 = 4;

const HOUR_US: i64 = 3_600_000_000;

/// A keyframe is looked at this often.
const LOOK_EVERY_US: i64 = 12_000_000;

/// A gap of less than this can't bring a verdict of its own: the patience is longer.
const SHORT_US: i64 = 400_000;

/// What was said of one stream.
#[derive(Debug, Default)]
struct Tally {
    units: u64,
    asked: u64,
    wrong: Vec<(f64, State)>,
    /// How far the learnt rate is from what the camera brings in its last minute, as a ratio.
    off: f64,
}

fn watch(make: Make, seed: u64) -> Tally {
    let mut camera = Camera::new(make, seed);
    let mut health = FeedHealth::new(Mono::default());
    health.observe(Event::Playing, Mono::default());
    // A room in which people go about.
    let room: Vec<_> = (0..32).map(|n| Arc::new(Picture::Room.luma(n * 1000))).collect();
    let mut chance = fastrand::Rng::with_seed(seed);
    let (mut tally, mut looked, mut looks, mut last) = (Tally::default(), 0, 0, 0);
    let end = HOUR_US * i64::try_from(HOURS_OF_A_STREAM).unwrap();
    let mut in_last_minute = 0u32;
    while last < end {
        let (at, is_key) = camera.next();
        // The moment before a unit is the worst one.
        if at - last > SHORT_US || tally.units % 64 == 0 {
            let now = Mono::from_micros(at - 1);
            let verdict = health.assess(now, Pulse::starting(now));
            tally.asked += 1;
            // Until it has shown its interval a feed is held to two seconds: four pictures.
            let known = make != Make::VerySlow || tally.units > 3;
            let fine = matches!(verdict.state, State::Live | State::Connecting);
            if known && !fine {
                tally.wrong.push((at as f64 / 3.6e9, verdict.state));
            }
        }
        let now = Mono::from_micros(at);
        let bytes = if is_key { 9000 } else { chance.usize(900..2500) };
        health.observe(Event::Unit(Unit { bytes, is_key, after_loss: false }), now);
        if is_key && at - looked >= LOOK_EVERY_US {
            looked = at;
            looks += 1;
            let luma = Arc::clone(&room[looks % room.len()]);
            health.sample(Sample { at: now, arrived_at: now, is_key: true, luma });
        }
        in_last_minute += u32::from(at > end - 60_000_000);
        (last, tally.units) = (at, tally.units + 1);
    }
    let now = Mono::from_micros(last);
    let usual = health.assess(now, Pulse::starting(now)).evidence.usual_rate.unwrap();
    tally.off = f64::from(usual) / (f64::from(in_last_minute) / 60.0);
    tally
}

#[test]
fn healthy_streams_are_live_for_all_their_hours() {
    let hours: u64 = std::env::var("POLLWALL_HEALTH_HOURS")
        .map_or(HOURS, |hours| hours.parse().expect("a number of hours"));
    let streams = hours.div_ceil(HOURS_OF_A_STREAM);
    let makes = Make::ALL.len() as u64;
    let all = |half: u64| {
        let mine = (0..streams).filter(move |n| n % 2 == half);
        mine.map(move |n| {
            let make = Make::ALL[(n / 2 % makes) as usize];
            (make, n, watch(make, n))
        })
        .collect::<Vec<_>>()
    };
    let watched: Vec<_> = thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            let builder = thread::Builder::new().name(format!("hours-{half}"));
            builder.spawn_scoped(scope, move || all(half)).unwrap()
        });
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    let (mut units, mut asked) = (0, 0);
    for (make, seed, tally) in &watched {
        let wrong = &tally.wrong[..tally.wrong.len().min(8)];
        assert_eq!(wrong, [], "{make:?}, seed {seed}, {} in all", tally.wrong.len());
        assert!((0.8..1.25).contains(&tally.off), "{make:?}, seed {seed}: {}", tally.off);
        units += tally.units;
        asked += tally.asked;
    }
    eprintln!(
        "{} stream-hours, {units} units, {asked} verdicts: no false stall, none falsely degraded",
        watched.len() as u64 * HOURS_OF_A_STREAM
    );
    assert!(watched.len() as u64 * HOURS_OF_A_STREAM >= hours);
}
