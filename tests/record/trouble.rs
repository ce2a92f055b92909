//! Disks that are full, that give errors, that hang: told in time, without a crash, listed, and over
//! when they are over.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use pollwall::clock::{Clock as _, FakeClock, SystemClock, WallTime};
use pollwall::media::Codec;
use pollwall::record::index::Reader;
use pollwall::record::{Cause, Ended, Incident, Recorder, Recording, Volume};

use crate::child::{Child, Everything, Said, Settings, catalogue};
use crate::disks::Disk;
use crate::rig::{Camera, LONG, Lines, clip, feed, holds, limits};
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
    let mut count = 0;
    for station in 1..=SETTINGS.feeds {
        for hole in all.holes(feed(station), said) {
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
/// no strace or nobody may trace. It ends a second after it has come to what is `wanted`.
fn traced(
    inject: &str,
    settings: Settings,
    wanted: impl Fn(&Said, &Path) -> bool,
) -> Option<(tempfile::TempDir, Said)> {
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
    child.hear(&mut said, LONG, |said| said.to_utc_us.is_some() && wanted(said, dir.path()));
    hear_for(&child, &mut said, 1000);
    child.stop(&mut said);
    assert!(said.stopped, "no crash: {said:?}");
    Some((dir, said))
}

/// The volume has failed and has been well again for some time.
fn over(said: &Said, _: &Path) -> bool {
    let failed = said.states.iter().any(|(state, _)| state == "failing disk_failed");
    let since = said.states.last().map_or(i64::MAX, |(_, since)| *since);
    failed && is(said, "well") && said.to_utc_us > Some(since.saturating_add(2_000_000))
}

/// What the catalogue has been told of a disk that hangs.
fn hangs_told(folder: &Path) -> Vec<Incident> {
    let always = [i64::MIN, i64::MAX].map(WallTime::from_micros);
    let mut told =
        Reader::open(&catalogue(folder)).unwrap().incidents(always[0], always[1]).unwrap();
    told.retain(|told| told.evidence["not_durable_ms"].is_u64());
    told
}

#[test]
fn an_error_in_one_file_ends_the_segment_of_its_feed_alone() {
    // A fragment is one call, and no tail is among the first ones.
    let settings = Settings { span_ms: 60_000, ..SETTINGS };
    let Some((dir, said)) =
        traced("writev:error=EIO:when=40", settings, |said, _| said.states.len() == 2)
    else {
        return;
    };
    let states: Vec<&str> = said.states.iter().map(|(state, _)| state.as_str()).collect();
    assert_eq!(states, ["refused 1", "well"]);
    let all = Everything::sound(dir.path());
    let told: Vec<_> = all.incidents.iter().map(|told| (told.cause, told.feed)).collect();
    assert!(!told.is_empty() && told.iter().all(|one| *one == (Cause::DiskFailed, told[0].1)));
    let hit = told[0].1.expect("one feed's");
    for station in 1..=SETTINGS.feeds {
        let holes = all.holes(feed(station), &said);
        assert_eq!(holes.is_empty(), feed(station) != hit, "{station}: {holes:?}");
    }
    holes_are_told(&all, &said, Cause::DiskFailed);
    let failed = all.segments.iter().filter(|segment| segment.ended == Ended::Failed);
    assert!(failed.clone().count() <= 1 && failed.clone().all(|segment| segment.feed == hit));
}

#[test]
fn errors_in_every_file_are_the_volumes_and_are_told_in_time() {
    let Some((dir, said)) = traced("writev:error=EIO:when=40..52", SETTINGS, over) else { return };
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
    let Some((dir, said)) = traced("syncfs:error=EIO:when=4", SETTINGS, over) else { return };
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
    let Some((dir, said)) = traced(hang, settings, |_, folder| hangs_told(folder).len() >= 4)
    else {
        return;
    };
    let all = Everything::sound(dir.path());
    let told = hangs_told(dir.path());
    assert!(told.iter().all(|told| told.cause == Cause::DiskFailed), "{told:?}");
    let (first, last) = (&told[0], &told[told.len() - 1]);
    assert!(last.to_utc_us - first.from_utc_us > 2_000_000);
    assert!(told.windows(2).all(|two| two[0].to_utc_us == two[1].from_utc_us), "{told:?}");
    for station in 1..=SETTINGS.feeds {
        assert_eq!(all.holes(feed(station), &said), vec![]);
    }
}

#[test]
fn while_a_volume_takes_nothing_the_next_one_does() {
    let Some(small) = Disk::small(2) else { return };
    let large = tempfile::tempdir().unwrap();
    let lines = [Lines::default(), Lines::default()];
    let volumes = [small.path(), large.path()].into_iter().zip(&lines).map(|(folder, lines)| {
        let catalogue = Box::new(lines.clone());
        Volume { folder: folder.to_owned(), catalogue, records: Vec::new() }
    });
    let recording = Recording { run: "run-1".into(), not_before: None, limits: limits() };
    let clock = Arc::new(FakeClock::at(WallTime::from_micros(1_707_278_400_000_000)));
    let recorder = Recorder::start(volumes.collect(), &recording, clock.clone()).unwrap();
    let coded = clip(Codec::H264);
    // One of each volume's.
    let mut cameras: Vec<Camera> = [2, 3].map(|station| Camera::new(station, &coded)).into();
    let mut play = |wanted: &dyn Fn() -> bool| {
        until("the volume's state", || {
            for camera in &mut cameras {
                recorder.offer(camera.feed, &camera.picture(clock.mono()));
            }
            clock.advance(Duration::from_millis(67));
            wanted().then_some(())
        });
    };
    let is_failing = || recorder.status().iter().map(|s| s.failing.is_some()).collect::<Vec<_>>();
    let written = || recorder.status().iter().map(|s| s.written_bytes).collect::<Vec<_>>();
    play(&|| written().iter().all(|bytes| *bytes > 0));
    let filler = small.fill();
    play(&|| is_failing() == [true, false]);
    let before = written();
    play(&|| written()[1] > before[1] + 3000);
    assert_eq!(written()[0], before[0]);
    fs::remove_file(filler).unwrap();
    play(&|| is_failing() == [false, false]);
    play(&|| written()[0] > before[0] + 1000);
    assert_eq!(recorder.stop(LONG), Vec::<String>::new());
    let mut own = Vec::new();
    for (folder, lines) in [small.path(), large.path()].into_iter().zip(&lines) {
        lines.closed().iter().for_each(|segment| holds(folder, segment));
        own.push(lines.closed());
    }
    // The other feed was not disturbed; this one has been in both, and one after the other.
    let hit = own[0][0].feed;
    assert!(lines[0].incidents().iter().all(|told| told.feed == Some(hit)));
    assert_eq!(lines[1].incidents(), []);
    let mut all: Vec<_> = own.concat().into_iter().filter(|segment| segment.feed == hit).collect();
    all.sort_by_key(|segment| segment.first);
    assert!(all.len() >= 3 && own[1].iter().any(|segment| segment.feed == hit));
    assert!(all.windows(2).all(|two| two[0].last.utc_us < two[1].first.utc_us));
}
