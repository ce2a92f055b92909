#[path = "pictures/camera.rs"]
mod camera;
#[path = "pictures/judge.rs"]
mod judge;
#[path = "pictures/plan.rs"]
mod plan;
#[path = "pictures/scenes.rs"]
mod scenes;
#[path = "pictures/trace.rs"]
mod trace;

use judge::Scores;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn explore() {
    let list = if std::env::var("JUDGE").is_ok() { plan::judging() } else { plan::tuning() };
    let every: usize = std::env::var("EVERY").map_or(1, |v| v.parse().unwrap());
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| {
                let mut scenes = std::collections::HashMap::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed) * every;
                    let Some(e) = list.get(n) else { return };
                    let id = if e.world == scenes::World::Rooms { e.seed % 12 } else { e.seed };
                    let scene = scenes.entry((e.world, id)).or_insert_with(|| e.world.scene(id));
                    let coded = camera::film(e, scene.as_mut());
                    done.lock().unwrap().push((n, trace::record(e, &coded)));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|d| d.0);
    let mut bytes = Vec::new();
    let mut scores = Scores::default();
    for (n, t) in &done {
        trace::write(t, &mut bytes);
        scores.judge(&list[*n], t);
    }
    std::fs::write("/tmp/b2x/traces.bin", &bytes).unwrap();
    println!("{}", scores.wrong.join("\n"));
    println!("{} bytes\n{}", bytes.len(), scores.table("tuning"));
}

#[test]
fn again() {
    let list = if std::env::var("JUDGE").is_ok() { plan::judging() } else { plan::tuning() };
    let every: usize = std::env::var("EVERY").map_or(1, |v| v.parse().unwrap());
    let bytes = std::fs::read("/tmp/b2x/traces.bin").unwrap();
    let mut rest = &bytes[..];
    let mut scores = Scores::default();
    let show: Option<u64> = std::env::var("SHOW").ok().map(|v| v.parse().unwrap());
    for e in list.iter().step_by(every) {
        let t = trace::parse(e, &mut rest);
        if show == Some(e.seed) {
            println!("{e:?}");
            let mut last = None;
            trace::replay(e, &t, |at, d| {
                if Some(d.evidence()) != last { println!("{:.1} {:?} {:?}", at.as_micros() as f64 / 1e6, d.verdict(at), d.evidence()); last = Some(d.evidence()); }
            });
        }
        scores.judge(e, &t);
    }
    println!("{}", scores.wrong.join("\n"));
    println!("{} bytes\n{}", bytes.len(), scores.table("tuning"));
}
