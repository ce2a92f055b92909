//! Disks that are full, that give errors, that hang: told in time, without a crash, listed, and over
//! when they are over.

use std::fs;
use std::process::Command;
use std::time::Duration;

use pollwall::clock::{Clock as _, SystemClock, WallTime};
use pollwall::record::index::Reader;
use pollwall::record::{Cause, Ended};

use crate::child::{Child, Everything, Said, Settings, catalogue};
use crate::disks::Disk;
use crate::rig::{LONG, feed};
use crate::support::until;

/// Told within: [issue 6, 5].
const TOLD_WITHIN_US: i64 = 5_000_000;
/// Goes on within, when there is room again: [issue 6, 5].
const RESUMES_WITHIN_US: i64 = 10_000_000;

const SETTINGS: Settings = Settings { feeds: 6, sparse: false, ..Settings::LONG };

fn wall_us() -> i64 {
    SystemClock.wall().as_micros()
}

fn hear_for(child: &Child, said: &mut Said, ms: u64) {
    child.hear(said, Duration::from_millis(ms), |_| false);
}

fn is(said: &Said, state: &str) -> bool {
    said.states.last().is_some_and(|(last, _)| last.starts_with(state))
}

/// Every hole in the pictures of a feed is explained by incidents of this cause, but for the time until
/// the next keyframe. How many holes there are.
fn holes_are_told(all: &Everything, said: &Said, cause: Cause) -> usize {
    let (from, to) = (said.from_utc_us.unwrap(), said.to_utc_us.unwrap());
    let mut count = 0;
    for station in 1..=SETTINGS.feeds {
        for hole in all.holes(feed(station), from, to) {
            let own = all.incidents.iter().filter(|told| {
                told.cause == cause && told.feed.is_none_or(|told| told == feed(station))
            });
            let mut own: Vec<_> = own.map(|told| (told.from_utc_us, told.to_utc_us)).collect();
            own.sort_unstable();
            let covered = own.iter().fold(hole.0 + 100_000, |until, (from, to)| {
                // Nothing can be made of what comes before a keyframe.
                if *from <= until + 400_000 { until.max(*to) } else { until }
            });
            assert!(covered + 700_000 >= hole.1, "{hole:?} of {station}: {own:?}");
            count += 1;
        }
    }
    count
}

#[test]
fn a_full_disk_is_told_listed_from_the_reserve_and_over_when_there_is_room() {
    let Some(disk) = Disk::small(8) else { return };
    let child = Child::start(disk.path(), SETTINGS, &[]);
    let mut said = Said::default();
    child.hear(&mut said, LONG, |said| said.to_utc_us.is_some());
    hear_for(&child, &mut said, 1500);
    let full_at = wall_us();
    let filler = disk.fill();
    child.hear(&mut said, LONG, |said| is(said, "failing disk_full"));
    let told_at = wall_us();
    assert!(told_at - full_at <= TOLD_WITHIN_US, "{} µs", told_at - full_at);
    // While there is no room.
    let file = catalogue(disk.path());
    until("the row of the gap is written from the reserve", || {
        let always = [i64::MIN, i64::MAX].map(WallTime::from_micros);
        let told = Reader::open(&file).unwrap().incidents(always[0], always[1]).unwrap();
        told.iter().any(|told| told.cause == Cause::DiskFull).then_some(())
    });
    hear_for(&child, &mut said, 1500);
    fs::remove_file(filler).unwrap();
    let free_at = wall_us();
    child.hear(&mut said, LONG, |said| is(said, "well"));
    assert!(is(&said, "well"), "{said:?}");
    let well_at = wall_us();
    assert!(well_at - free_at <= RESUMES_WITHIN_US, "{} µs", well_at - free_at);
    hear_for(&child, &mut said, 1500);
    child.stop(&mut said);
    assert!(said.stopped, "{said:?}");
    println!(
        "full: told after {} ms, well {} ms after there was room",
        (told_at - full_at) / 1000,
        (well_at - free_at) / 1000
    );
    let all = Everything::sound(disk.path());
    assert!(holes_are_told(&all, &said, Cause::DiskFull) >= SETTINGS.feeds as usize);
    for station in 1..=SETTINGS.feeds {
        let lost = all.lost_us(feed(station), &said);
        assert!(lost < 500_000, "an orderly end loses nothing: {lost} µs");
    }
}

/// Records under strace, which has system calls fail as `inject` says. `None`, and why, where there is
/// no strace or nobody may trace.
fn traced(inject: &str, settings: Settings, ms: u64) -> Option<(tempfile::TempDir, Said)> {
    let tried = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output();
    let why = match tried {
        Ok(done) if done.status.success() => None,
        Ok(done) => Some(String::from_utf8_lossy(&done.stderr).trim().to_owned()),
        Err(e) => Some(e.to_string()),
    };
    if let Some(why) = why {
        println!("SKIPPED: no process can be traced here: {why}");
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    let call = inject.split(':').next().unwrap();
    let (trace, inject) = (format!("trace={call}"), format!("inject={inject}"));
    let under =
        ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", &trace, "-e", &inject];
    let child = Child::start(dir.path(), settings, &under);
    let mut said = Said::default();
    child.hear(&mut said, LONG, |said| said.to_utc_us.is_some());
    hear_for(&child, &mut said, ms);
    child.stop(&mut said);
    assert!(said.stopped, "no crash: {said:?}");
    Some((dir, said))
}

#[test]
fn an_error_in_one_file_ends_the_segment_of_its_feed_alone() {
    // A fragment is one call, and no tail is among the first ones.
    let settings = Settings { span_ms: 60_000, ..SETTINGS };
    let Some((dir, said)) = traced("writev:error=EIO:when=40", settings, 5000) else { return };
    let states: Vec<&str> = said.states.iter().map(|(state, _)| state.as_str()).collect();
    assert_eq!(states, ["refused 1", "well"]);
    let all = Everything::sound(dir.path());
    let told: Vec<_> = all.incidents.iter().map(|told| (told.cause, told.feed)).collect();
    assert!(!told.is_empty() && told.iter().all(|one| *one == (Cause::DiskFailed, told[0].1)));
    let hit = told[0].1.expect("one feed's");
    let (from, to) = (said.from_utc_us.unwrap(), said.to_utc_us.unwrap());
    for station in 1..=SETTINGS.feeds {
        let holes = all.holes(feed(station), from, to);
        assert_eq!(holes.is_empty(), feed(station) != hit, "{station}: {holes:?}");
    }
    holes_are_told(&all, &said, Cause::DiskFailed);
    let failed = all.segments.iter().filter(|segment| segment.ended == Ended::Failed);
    assert!(failed.clone().count() <= 1 && failed.clone().all(|segment| segment.feed == hit));
}

#[test]
fn errors_in_every_file_are_the_volumes_and_are_told_in_time() {
    let Some((dir, said)) = traced("writev:error=EIO:when=40..52", SETTINGS, 7000) else { return };
    let first = said.states.first().expect("it is told");
    assert!(first.0.starts_with("refused") || first.0 == "failing disk_failed", "{said:?}");
    let failing = said.states.iter().find(|(state, _)| state == "failing disk_failed");
    let (_, at) = failing.expect("it is told of the volume");
    assert!(at - first.1 <= TOLD_WITHIN_US);
    assert!(is(&said, "well"), "{said:?}");
    let all = Everything::sound(dir.path());
    assert!(holes_are_told(&all, &said, Cause::DiskFailed) >= SETTINGS.feeds as usize);
}

#[test]
fn what_could_not_be_made_durable_is_looked_at_before_it_is_told() {
    let Some((dir, said)) = traced("syncfs:error=EIO:when=4", SETTINGS, 5000) else { return };
    let states: Vec<&str> = said.states.iter().map(|(state, _)| state.as_str()).collect();
    assert_eq!(states, ["failing disk_failed", "well"]);
    let all = Everything::sound(dir.path());
    holes_are_told(&all, &said, Cause::DiskFailed);
    let failed = all.segments.iter().filter(|segment| segment.ended == Ended::Failed).count();
    assert!((1..=SETTINGS.feeds as usize).contains(&failed), "{failed}");
}

#[test]
fn a_disk_that_hangs_is_told_and_nothing_is_lost_by_it() {
    let settings = Settings { hangs_ms: 500, ..SETTINGS };
    let hang = "syncfs:delay_enter=3000000:when=4";
    let Some((dir, said)) = traced(hang, settings, 6000) else { return };
    let all = Everything::sound(dir.path());
    let told: Vec<_> =
        all.incidents.iter().filter(|t| t.evidence["not_durable_ms"].is_u64()).collect();
    assert!(told.len() >= 3 && told.iter().all(|told| told.cause == Cause::DiskFailed), "{told:?}");
    let (first, last) = (told[0], told[told.len() - 1]);
    assert!(last.to_utc_us - first.from_utc_us > 2_000_000);
    assert!(told.windows(2).all(|two| two[0].to_utc_us == two[1].from_utc_us), "{told:?}");
    let (from, to) = (said.from_utc_us.unwrap(), said.to_utc_us.unwrap());
    for station in 1..=SETTINGS.feeds {
        assert_eq!(all.holes(feed(station), from, to), vec![]);
    }
}
