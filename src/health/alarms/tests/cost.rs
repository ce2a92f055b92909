//! What a step costs. Printed, not judged: `cargo test --release --lib alarms::tests::cost -- --nocapture --ignored`.

use super::*;
use crate::clock::{Clock, SystemClock};

fn country() -> Vec<Member> {
    let one = |i: u32| {
        let (district, station) = ((i % 119 + 1) as u16, i / 119 + 1);
        member(district, station, &format!("cam-{i}"), &format!("net-{}", i % 4))
    };
    (0..1000).map(one).collect()
}

#[test]
#[ignore = "prints timings"]
fn a_step_of_a_thousand_stations() {
    let mut scene = Scene::new(country());
    let measure = |what: &str, scene: &mut Scene, steps: u32| {
        let mut in_step = Duration::ZERO;
        let mut longest = Duration::ZERO;
        for _ in 0..steps {
            scene.now = scene.now + STEP;
            let now = scene.now;
            let verdicts: Vec<(StationId, Assessment)> =
                scene.feeds.iter().map(|(&id, feed)| (id, feed.assess(now))).collect();
            let seen: Vec<Seen<'_>> = verdicts
                .iter()
                .map(|(station, assessment)| Seen { station: *station, assessment })
                .collect();
            let (stage, wall, machine) = (scene.stage_at(), scene.wall(), scene.machine);
            let began = SystemClock.mono();
            let changes = scene.alarms.step(now, wall, &seen, &|_| stage, machine);
            let took = SystemClock.mono().since(began);
            std::hint::black_box(changes);
            in_step += took;
            longest = longest.max(took);
        }
        let lines = scene.lines().len();
        println!("{what}: mean {:?}, longest {longest:?}, {lines} lines", in_step / steps);
    };
    measure("all live", &mut scene, 400);
    for (at, feed) in scene.feeds.values_mut().enumerate() {
        if at % 20 == 0 {
            *feed = Feed::Dark(scene.now + Duration::from_secs(at as u64 / 20 * 11));
        }
    }
    measure("50 go one by one", &mut scene, 2400);
    let now = scene.now;
    scene.feeds.values_mut().for_each(|feed| *feed = Feed::Dark(now));
    measure("the country is dark, guarded", &mut scene, 240);
    measure("the country is dark, told", &mut scene, 400);
    scene.feeds.values_mut().for_each(|feed| *feed = Feed::In(State::Live, now));
    measure("all return", &mut scene, 400);
    // The worst: everybody alone, on a line of their own.
    let members = scene.members.iter().map(|m| Member {
        host: String::new(),
        network: String::new(),
        ..m.clone()
    });
    let alone: Vec<Member> = members
        .enumerate()
        .map(|(i, m)| Member { station: StationId::new(i as u16 + 1, 1), ..m })
        .collect();
    let mut scene = Scene::new(alone);
    scene.run(1.0);
    let now = scene.now;
    scene.feeds.values_mut().for_each(|feed| *feed = Feed::Dark(now));
    scene.run(90.0);
    measure("a thousand lines", &mut scene, 200);
}
