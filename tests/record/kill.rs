//! `kill -9` at any moment.

use std::ops::ControlFlow;
use std::time::Duration;

use pollwall::media::mp4;
use pollwall::record::Ended;

use crate::child::{Child, Everything, Said, Settings, mend};
use crate::rig::feed;

/// The longer run: so many kills.
const KILLS: &str = "POLLWALL_KILLS";

/// So much may be lost of a feed: [issue 6, 2].
const LOST_AT_MOST_US: i64 = 2_000_000;

#[test]
fn killed_at_any_moment_it_loses_two_seconds_at_most_and_no_file_is_unreadable() {
    let kills: usize = std::env::var(KILLS).map_or(12, |number| number.parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(57_012);
    let mut told = Vec::new();
    for _ in 0..kills {
        let child = Child::start(dir.path(), Settings::LONG, &[]);
        let mut said = Said::default();
        // It runs on while it is heard: the moment is anybody's guess.
        let long = Duration::from_millis(random.u64(20..1800));
        child.hear(&mut said, long, |_| false);
        child.kill(&mut said);
        told.push(said);
    }
    told.push(mend(dir.path()));
    let all = Everything::sound(dir.path());
    let slowest = told.iter().filter_map(|said| said.recovered).map(|(ms, ..)| ms).max();
    let slowest = slowest.expect("one has begun");
    assert!(slowest < 10_000, "repaired in {slowest} ms");
    assert!(told.iter().filter_map(|said| said.recovered).all(|(_, _, missing)| missing == 0));
    let aside = nothing_aside_could_be_read(dir.path());
    let (mut worst, mut sum, mut count) = (0, 0, 0);
    for said in &told {
        for station in 1..=Settings::LONG.feeds {
            let lost = all.lost_us(feed(station), said);
            (worst, sum, count) = (worst.max(lost), sum + lost, count + 1);
        }
    }
    let repaired = all.segments.iter().filter(|s| s.ended == Ended::Repaired).count();
    println!(
        "{kills} kills of {} feeds: at worst {} ms lost, {} ms on average; {} segments, {repaired} of \
         them repaired, {aside} set aside; the slowest start took {slowest} ms",
        Settings::LONG.feeds,
        worst / 1000,
        sum / count.max(1) / 1000,
        all.segments.len(),
    );
    assert!(worst <= LOST_AT_MOST_US, "{worst} µs lost");
    assert!(told.iter().filter(|said| said.to_utc_us.is_some()).count() * 2 > kills);
    assert!(repaired > kills && all.segments.len() > repaired);
}

/// Set aside is only what was killed before its first fragment was whole. How many those are.
fn nothing_aside_could_be_read(folder: &std::path::Path) -> usize {
    let quarantine = crate::child::volume(folder).join("quarantine");
    let mut count = 0;
    let mut folders: Vec<_> = quarantine.is_dir().then_some(quarantine).into_iter().collect();
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "mp4") {
                continue;
            }
            let mut whole = 0;
            let _ = mp4::walk(&mut std::fs::File::open(&path).unwrap(), true, |_| {
                whole += 1;
                ControlFlow::Continue(())
            });
            assert_eq!(whole, 0, "{}: what is whole is never set aside", path.display());
            count += 1;
        }
    }
    count
}
