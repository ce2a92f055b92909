//! Black, covered, frozen: how many of the labelled events are found, how soon, and how often an
//! alarm is false. Replays what `cargo bench --bench pictures -- --write` has filmed, coded, decoded
//! and kept; a few episodes are filmed anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking, and print their table"
)]

#[path = "pictures/camera.rs"]
mod camera;
#[path = "pictures/days.rs"]
mod days;
#[path = "pictures/judge.rs"]
mod judge;
#[path = "pictures/long.rs"]
mod long;
#[path = "pictures/plan.rs"]
mod plan;
#[path = "pictures/scenes.rs"]
mod scenes;
#[path = "pictures/simulated.rs"]
mod simulated;
#[path = "pictures/trace.rs"]
mod trace;

use camera::Episode;
use judge::{Kind, Scores};
use trace::Trace;

/// The traces of an archive, which belong to `episodes` in order.
fn traces(episodes: &[Episode], file: &str) -> Vec<Trace> {
    let path = format!("{}/tests/pictures/{file}", env!("CARGO_MANIFEST_DIR"));
    let bytes = trace::unpack(&std::fs::read(&path).unwrap());
    let mut rest = &bytes[..];
    let traces = episodes.iter().map(|of| trace::parse(of, &mut rest)).collect();
    assert!(rest.is_empty(), "{file} does not belong to the episodes of tests/pictures/plan.rs");
    traces
}

fn scores(episodes: &[Episode], traces: &[Trace]) -> Scores {
    let mut scores = Scores::default();
    for (of, trace) in episodes.iter().zip(traces) {
        scores.judge(of, trace);
    }
    scores
}

/// Fails where the targets are missed.
fn hold(scores: &Scores, title: &str) {
    println!("{}", scores.table(title));
    let wrong = scores.wrong.join("\n");
    for (kind, least) in [(Kind::Black, 0.99), (Kind::Covered, 0.95), (Kind::Frozen, 0.95)] {
        let score = &scores.kinds[kind as usize];
        if score.events == 0 {
            assert_eq!(score.false_alarms, 0, "{title}: {kind:?}: false alarms\n{wrong}");
            continue;
        }
        assert!(score.recall() >= least, "{title}: {kind:?}: recall {}\n{wrong}", score.recall());
        assert!(score.precision() >= 0.98, "{title}: {kind:?}: false alarms\n{wrong}");
        assert!(score.held() >= 0.99, "{title}: {kind:?}: {} of the time\n{wrong}", score.held());
    }
}

#[test]
fn the_events_that_thresholds_were_chosen_on_are_found() {
    let episodes = plan::tuning();
    hold(&scores(&episodes, &traces(&episodes, "tuned.traces")), "rooms, seeds 1 to 50");
}

#[test]
fn events_that_no_threshold_was_chosen_on_are_found() {
    let episodes = plan::judging();
    let traces = traces(&episodes, "judged.traces");
    let events = scores(&episodes, &traces).kinds.iter().map(|s| s.events).sum::<usize>();
    let long = plan::long_judging().len();
    assert!(events + long >= 300, "{events} and {long}");
    for world in plan::WORLDS {
        let of_world = |of: &Episode| of.world == world;
        let (mine, kept): (Vec<Episode>, Vec<Trace>) = episodes
            .iter()
            .zip(&traces)
            .filter(|(of, _)| of_world(of))
            .map(|(of, trace)| (*of, trace.clone()))
            .unzip();
        println!("{}", scores(&mine, &kept).table(&format!("{world:?}, judged")));
    }
    hold(&scores(&episodes, &traces), "all that was judged");
}

#[test]
fn long_freezes_are_found_and_stay_told_to_their_end() {
    for (episodes, file) in LONG {
        let episodes = episodes();
        let coded = traces(&episodes, file);
        hold(&scores(&episodes, &coded), &format!("{file}, ten minutes and more, really coded"));
        let hours = episodes.iter().zip(&coded).map(|(of, trace)| long::stretch(of, trace, 3));
        let (longer, stretched): (Vec<Episode>, Vec<Trace>) = hours.unzip();
        let frozen = scores(&longer, &stretched);
        assert!(frozen.kinds[Kind::Frozen as usize].open_s > longer.len() as f64 * 9000.0);
        hold(&frozen, &format!("{file}, three hours, put together"));
    }
}

/// Episodes, and the archive of their traces.
type Long = (fn() -> Vec<Episode>, &'static str);

/// Archives of long freezes.
const LONG: [Long; 2] =
    [(plan::long_tuning, "long-tuned.traces"), (plan::long_judging, "long-judged.traces")];

/// Hours of healthy cameras put together from minutes of really coded ones: see
/// [`days`] for what that says and what it does not.
#[test]
fn healthy_cameras_raise_next_to_no_alarm() {
    let mut pool = Vec::new();
    for (episodes, file) in [(plan::tuning(), "tuned.traces"), (plan::judging(), "judged.traces")] {
        let traces = traces(&episodes, file);
        pool.extend(episodes.into_iter().zip(traces));
    }
    let outcome = days::run(&pool);
    println!("{}", judge::rate("put together: ", outcome.alarms.len(), outcome.hours));
    assert!(outcome.hours >= 300.0, "{}", outcome.hours);
    let rate = outcome.alarms.len() as f64 / outcome.hours;
    assert!(rate <= 0.01, "{rate} an hour\n{}", outcome.alarms.join("\n"));
}

/// The archives are not older than what they are made with: some episodes give the same again, but
/// for what another version of the encoder may do.
#[test]
fn a_few_episodes_filmed_anew_are_judged_as_those_kept() {
    let episodes: Vec<Episode> = plan::tuning().into_iter().step_by(61).collect();
    let mut scores = Scores::default();
    for of in &episodes {
        let coded = camera::film(of, of.world.scene(of.seed).as_mut());
        scores.judge(of, &trace::record(of, &coded));
    }
    assert!(scores.wrong.is_empty(), "{}", scores.wrong.join("\n"));
}

#[test]
fn a_trace_is_read_as_it_was_written() {
    let episodes = plan::tuning();
    let traces = traces(&episodes, "tuned.traces");
    let mut bytes = Vec::new();
    traces.iter().take(9).for_each(|trace| trace::write(trace, &mut bytes));
    let again = trace::unpack(&trace::pack(&bytes));
    let mut rest = &again[..];
    for (of, trace) in episodes.iter().zip(traces.iter().take(9)) {
        assert!(trace.looks.len() > 20 && trace::parse(of, &mut rest) == *trace, "{of:?}");
    }
    assert!(rest.is_empty());
}

#[test]
fn the_interval_of_a_count_is_garwoods() {
    // Garwood 1936, as tabulated in Johnson, Kotz and Kemp, "Univariate Discrete Distributions".
    for (count, low, high) in [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668)] {
        let (a, b) = judge::garwood(count);
        assert!((a - low).abs() < 0.002 && (b - high).abs() < 0.002, "{count}: {a} {b}");
    }
}
