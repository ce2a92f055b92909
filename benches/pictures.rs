//! Films, codes and decodes the whole corpus of `tests/pictures.rs` anew and judges it:
//! `cargo bench --bench pictures`, which takes half an hour. With `-- --write` the traces that the
//! tests replay are replaced; with `-- --judged` only what judges is filmed, with `-- --tuned` only
//! what thresholds were chosen on, with `-- --some` a fifth of that is tried, and with `-- --cost` it
//! measures only what looking at one picture costs. `-- --hours 0` films healthy hours until it is
//! ended.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    dead_code,
    reason = "a measurement, not a part of the program"
)]

#[path = "../tests/pictures/camera.rs"]
mod camera;
#[path = "../tests/pictures/hours.rs"]
mod hours;
#[path = "../tests/pictures/judge.rs"]
mod judge;
#[path = "../tests/pictures/plan.rs"]
mod plan;
#[path = "../tests/pictures/scenes.rs"]
mod scenes;
#[path = "../tests/pictures/trace.rs"]
mod trace;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use camera::Episode;
use judge::Scores;
use pollwall::clock::{Clock, Mono, SystemClock, WallTime};
use pollwall::frame::{
    ColorInfo, LUMA_HEIGHT, LUMA_WIDTH, Matrix, PackedPixels, PlaneLayout, Range, Rotation,
    VideoFrame,
};
use pollwall::health::picture::{PictureHealth, Sample};
use trace::Trace;

/// All episodes on all processors.
fn film(list: &[Episode]) -> Vec<Trace> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for number in 0..workers {
            let named = std::thread::Builder::new().name(format!("camera-{number}"));
            let work = || {
                let mut scenes = HashMap::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(of) = list.get(at) else { return };
                    let scene = scenes
                        .entry((of.world, of.world.number(of.seed)))
                        .or_insert_with(|| of.world.scene(of.seed));
                    let coded = camera::film(of, scene.as_mut());
                    done.lock().unwrap().push((at, trace::record(of, &coded)));
                }
            };
            named.spawn_scoped(scope, work).unwrap();
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, trace)| trace).collect()
}

fn cost() {
    for (width, height) in [(640, 360), (1280, 720), (1920, 1080)] {
        let mut random = fastrand::Rng::with_seed(1);
        let y: Vec<u8> = (0..width * height).map(|_| random.u8(60..90)).collect();
        let frame = VideoFrame {
            width,
            height,
            layout: PlaneLayout::Gray,
            color: ColorInfo { matrix: Matrix::Bt601, range: Range::Limited },
            sample_aspect: (1, 1),
            rotation: Rotation::None,
            arrived_at: Mono::default(),
            taken_at: WallTime::default(),
            pts: 0,
            pixels: Box::new(PackedPixels(vec![(y, width as usize)])),
        };
        let mut health = PictureHealth::new();
        let (mut small, mut looked, mut unit) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..500 {
            let began = SystemClock.mono();
            let luma = Arc::new(frame.luma(LUMA_WIDTH, LUMA_HEIGHT));
            let made = SystemClock.mono();
            let at = Mono::from_micros(n * 5_000_000);
            health.sample(Sample { at, arrived_at: at, is_key: true, luma });
            let judged = SystemClock.mono();
            for k in 0..1000 {
                health.unit(300 + k % 50, k % 30 == 0, at);
            }
            let counted = SystemClock.mono();
            small.push(made.since(began));
            looked.push(judged.since(made));
            unit.push(counted.since(judged) / 1000);
        }
        let median = |times: &mut Vec<std::time::Duration>| {
            times.sort_unstable();
            times[times.len() / 2]
        };
        println!(
            "{width}×{height}: small picture {:?}, judging it {:?}, a unit {:?}",
            median(&mut small),
            median(&mut looked),
            median(&mut unit)
        );
    }
}

/// Healthy hours, one after the other, until the process is ended: `-- --hours 100` begins with the
/// hour of this number.
fn film_hours(first: u64) {
    let mut scores = Scores::default();
    for number in first.. {
        let of = hours::hour(number);
        let coded = camera::film(&of, of.world.scene(of.seed).as_mut());
        let told = scores.wrong.len();
        scores.judge(&of, &trace::record(&of, &coded));
        for wrong in &scores.wrong[told..] {
            println!("{wrong}");
        }
        print!("{number}: {}", judge::rate("", scores.false_alarms(), scores.calm_hours));
    }
}

fn main() {
    let has = |wanted: &str| std::env::args().any(|arg| arg == wanted);
    if has("--hours") {
        let first = std::env::args().skip_while(|arg| arg != "--hours").nth(1);
        film_hours(first.and_then(|first| first.parse().ok()).unwrap_or(0));
        return;
    }
    cost();
    if has("--cost") {
        return;
    }
    if has("--some") {
        let list: Vec<Episode> = plan::tuning().into_iter().step_by(5).collect();
        let mut scores = Scores::default();
        for (of, trace) in list.iter().zip(&film(&list)) {
            scores.judge(of, trace);
        }
        println!("{}\n{}", scores.wrong.join("\n"), scores.table("some that were tuned on"));
        return;
    }
    let all = [
        (plan::tuning(), "tuned.traces"),
        (plan::long_tuning(), "long-tuned.traces"),
        (plan::judging(), "judged.traces"),
        (plan::long_judging(), "long-judged.traces"),
    ];
    for (list, file) in all {
        let judges = file.ends_with("judged.traces");
        if has("--judged") && !judges || has("--tuned") && judges {
            continue;
        }
        let traces = film(&list);
        let (mut scores, mut bytes) = (Scores::default(), Vec::new());
        for (of, trace) in list.iter().zip(&traces) {
            scores.judge(of, trace);
            trace::write(trace, &mut bytes);
        }
        println!("{}\n{}", scores.wrong.join("\n"), scores.table(file));
        if has("--write") {
            let path = format!("{}/tests/pictures/{file}", env!("CARGO_MANIFEST_DIR"));
            std::fs::write(path, trace::pack(&bytes)).unwrap();
        }
    }
}
