//! Days made of simulated time: where segments begin and end, and what is said of them.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pollwall::clock::{Clock, FakeClock, Mono, WallTime, lock};
use pollwall::media::Codec;
use pollwall::record::{Cause, Ended, Record, RecorderLimits, repair};

use crate::rig::{Camera, LONG, Rig, clip, feed, files, holds, limits, pictures, walked};
use crate::support::until;

/// 2024-02-07 08:00 in Baku.
const MORNING: i64 = 1_707_278_400_000_000;
const PICTURE: Duration = Duration::from_micros(66_667);

fn clock() -> Arc<FakeClock> {
    Arc::new(FakeClock::at(WallTime::from_micros(MORNING)))
}

#[test]
fn a_country_of_three_is_recorded_minute_by_minute() {
    let dir = tempfile::tempdir().unwrap();
    let clock = clock();
    let rig = Rig::start(dir.path(), clock.clone(), limits());
    let coded = [Codec::H264, Codec::H265, Codec::Jpeg].map(clip);
    let mut cameras: Vec<Camera> =
        (0..3).map(|n| Camera::new(10 + n, &coded[n as usize])).collect();
    let mut sent: BTreeMap<_, Vec<Vec<u8>>> = BTreeMap::new();
    for _ in 0..15 * 200 {
        clock.advance(PICTURE);
        for camera in &mut cameras {
            let unit = camera.picture(clock.mono());
            sent.entry(camera.feed).or_default().push(unit.data.to_vec());
            rig.recorder.offer(camera.feed, &unit);
        }
    }
    let (lines, folder) = rig.stop();
    let segments = lines.closed();
    assert_eq!(lines.incidents(), []);
    assert_eq!(files(&folder).len(), segments.len(), "a row for every file");
    let mut begins = Vec::new();
    for camera in &cameras {
        let own: Vec<_> = segments.iter().filter(|s| s.feed == camera.feed).collect();
        assert!((3..=5).contains(&own.len()), "{}", own.len());
        let mut recorded = Vec::new();
        for (n, segment) in own.iter().enumerate() {
            holds(&folder, segment);
            recorded.extend(pictures(&folder.join(segment.path.to_string())));
            let lasts = segment.last.utc_us - segment.first.utc_us;
            let last = n + 1 == own.len();
            assert_eq!(segment.ended, if last { Ended::Stopped } else { Ended::Full });
            assert!(last || (25_000_000..=95_000_000).contains(&lasts), "{lasts} µs");
            assert!(last || n == 0 || (59_000_000..=61_000_000).contains(&lasts), "{lasts} µs");
        }
        assert!(recorded == sent[&camera.feed], "{}: every picture, in order", camera.feed);
        begins.push(own[1].first.utc_us);
        for fragment in walked(&folder.join(own[0].path.to_string())).1 {
            let first = fragment.pictures[0].arrival.utc_us;
            let last = fragment.pictures.last().unwrap().arrival.utc_us;
            assert!(last - first <= 1_000_000, "a fragment of {} µs", last - first);
        }
    }
    begins.sort_unstable();
    assert!(begins.windows(2).all(|w| w[1] - w[0] > 1_000_000), "staggered: {begins:?}");
    // No line of an end without one of a beginning before it.
    let mut open = Vec::new();
    for line in lines.all() {
        match line {
            Record::Opened(opened) => open.push(opened.path),
            Record::Closed(segment) => assert!(open.contains(&segment.path)),
            Record::Incident(_) => {}
        }
    }
}

#[test]
fn another_session_begins_another_segment_and_silence_is_a_break() {
    let dir = tempfile::tempdir().unwrap();
    let clock = clock();
    let rig = Rig::start(dir.path(), clock.clone(), limits());
    let mut camera = Camera::new(1, &clip(Codec::H264));
    let mut send = |camera: &mut Camera, count: u32| {
        for _ in 0..count {
            clock.advance(PICTURE);
            let unit = camera.picture(clock.mono());
            rig.recorder.offer(camera.feed, &unit);
        }
    };
    send(&mut camera, 12);
    // The camera falls silent for four seconds, in its session, and one and a half later.
    clock.advance(Duration::from_secs(4));
    send(&mut camera, 5);
    clock.advance(Duration::from_millis(1500));
    send(&mut camera, 3);
    camera.reconnect();
    send(&mut camera, 7);
    // Its clock jumps in the middle of a group: the segment goes on up to the next keyframe.
    camera.pts = -90_000_000;
    send(&mut camera, 8);
    let (lines, folder) = rig.stop();
    let segments = lines.closed();
    let of: Vec<_> = segments.iter().map(|s| (s.frames, s.ended, s.breaks.len())).collect();
    assert_eq!(
        of,
        [(20, Ended::Stream, 2), (10, Ended::Stream, 0), (5, Ended::Stopped, 0)],
        "sessions of 20 and 15 pictures, the second with a jump"
    );
    for segment in &segments {
        holds(&folder, segment);
        let fragments = walked(&folder.join(segment.path.to_string())).1;
        let shown: Vec<_> = fragments.iter().flat_map(|f| &f.pictures).map(|p| p.shown).collect();
        assert!(shown.is_sorted() && shown[0] == 0, "{shown:?}");
        assert!(*shown.last().unwrap() < 90_000 * 10, "no jump in the file's own time");
    }
}

/// A clock that can be set.
struct SetClock {
    now: FakeClock,
    by_us: Mutex<i64>,
}

impl Clock for SetClock {
    fn mono(&self) -> Mono {
        self.now.mono()
    }
    fn wall(&self) -> WallTime {
        WallTime::from_micros(self.now.wall().as_micros() + *lock(&self.by_us))
    }
}

#[test]
fn a_clock_that_is_set_is_told_and_segments_never_overlap() {
    let dir = tempfile::tempdir().unwrap();
    let now = FakeClock::at(WallTime::from_micros(MORNING));
    let clock = Arc::new(SetClock { now, by_us: Mutex::new(0) });
    let rig = Rig::start(dir.path(), clock.clone(), limits());
    rig.recorder.tell_synchronised(Some(true));
    rig.recorder.tell_camera_clock(feed(1), Some(-1234));
    let mut camera = Camera::new(1, &clip(Codec::H264));
    for step in [0, 90_000_000, -130_000_000] {
        *lock(&clock.by_us) += step;
        // The recorder looks at the clock before anything arrives under the new time.
        let seen = |told: usize| {
            until("the step is told", || {
                clock.now.advance(Duration::from_millis(200));
                (rig.lines.incidents().len() >= told).then_some(())
            });
        };
        match step {
            0 => {}
            90_000_000 => seen(1),
            _ => seen(2),
        }
        for _ in 0..15 * 70 {
            clock.now.advance(PICTURE);
            let unit = camera.picture(clock.mono());
            rig.recorder.offer(camera.feed, &unit);
        }
    }
    let (lines, folder) = rig.stop();
    let steps: Vec<_> = lines
        .incidents()
        .iter()
        .map(|i| {
            assert_eq!((i.cause, i.feed), (Cause::ClockStep, None));
            (i.evidence["by_us"].as_i64().unwrap(), i.to_utc_us - i.from_utc_us)
        })
        .collect();
    assert_eq!(steps, [(90_000_000, 90_000_000), (-130_000_000, 0)]);
    let segments = lines.closed();
    assert!(segments.windows(2).all(|w| w[0].last.utc_us <= w[1].first.utc_us));
    assert!(segments.windows(2).all(|w| w[0].path < w[1].path));
    for segment in &segments {
        holds(&folder, segment);
        assert_eq!(segment.camera_clock_us, Some(-1234));
        assert_eq!(segment.clock_synchronised, Some(true));
    }
    assert_eq!(segments[0].clock_ahead_us, 0);
    assert!(segments.last().unwrap().clock_ahead_us < -60_000_000, "the clock is behind");
}

#[test]
fn what_finds_no_room_is_listed_and_everything_else_is_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let clock = clock();
    let limits = RecorderLimits { buffer: 12_000, ..limits() };
    let rig = Rig::start(dir.path(), clock.clone(), limits);
    let mut camera = Camera::new(1, &clip(Codec::H264));
    // As fast as they can be made: the writer looks ten times a second.
    for _ in 0..3000 {
        clock.advance(PICTURE);
        let unit = camera.picture(clock.mono());
        rig.recorder.offer(camera.feed, &unit);
    }
    until("there is room again", || {
        clock.advance(Duration::from_secs(2));
        (rig.recorder.status()[0].waiting_bytes == 0).then_some(())
    });
    for _ in 0..10 {
        clock.advance(PICTURE);
        let unit = camera.picture(clock.mono());
        rig.recorder.offer(camera.feed, &unit);
    }
    let dropped = rig.recorder.status()[0].dropped_units;
    assert!(dropped > 100, "{dropped}");
    let (lines, folder) = rig.stop();
    let incidents = lines.incidents();
    let mut lost = 0;
    for incident in &incidents {
        assert_eq!((incident.cause, incident.feed), (Cause::Overload, Some(feed(1))));
        assert!(incident.from_utc_us <= incident.to_utc_us);
        lost += incident.evidence["units"].as_u64().unwrap();
    }
    assert_eq!(lost, dropped);
    let segments = lines.closed();
    assert!(segments.iter().any(|segment| segment.ended == Ended::Lost));
    segments.iter().for_each(|segment| holds(&folder, segment));
    let recorded: u64 = segments.iter().map(|segment| segment.frames).sum();
    assert_eq!(recorded + lost, 3010, "nothing is lost that is not listed");
    // Between two segments an incident covers what is missing.
    for pair in segments.windows(2) {
        let (from, to) = (pair[0].last.utc_us, pair[1].first.utc_us);
        let covers =
            |i: &pollwall::record::Incident| i.from_utc_us <= from + 70_000 && i.to_utc_us >= to;
        assert!(incidents.iter().any(covers), "{from} to {to}");
    }
}

#[test]
fn a_catalogue_that_refuses_gets_it_all_later() {
    let dir = tempfile::tempdir().unwrap();
    let clock = clock();
    let rig = Rig::start(dir.path(), clock.clone(), limits());
    let mut camera = Camera::new(1, &clip(Codec::H264));
    rig.lines.full.store(true, Ordering::Release);
    for _ in 0..60 {
        clock.advance(PICTURE);
        let unit = camera.picture(clock.mono());
        rig.recorder.offer(camera.feed, &unit);
    }
    let status = until("it is noticed", || {
        clock.advance(Duration::from_secs(1));
        Some(rig.recorder.status().remove(0)).filter(|s| s.catalogue_failing.is_some())
    });
    assert_eq!(status.failing, None, "the disk is well");
    let until_when = until("it is safe all the same", || rig.recorder.durable_until(camera.feed));
    assert!(until_when.as_micros() > MORNING);
    assert_eq!(rig.lines.all(), []);
    rig.lines.full.store(false, Ordering::Release);
    let (lines, folder) = rig.stop();
    assert_eq!((lines.all().len(), lines.closed()[0].frames), (2, 60));
    holds(&folder, &lines.closed()[0]);
}

#[test]
fn a_thousand_unfinished_files_are_repaired_in_seconds() {
    let dir = tempfile::tempdir().unwrap();
    let clock = clock();
    let rig = Rig::start(dir.path(), clock.clone(), limits());
    let coded = clip(Codec::H264);
    let mut cameras: Vec<Camera> = (1..=1000).map(|n| Camera::new(n, &coded)).collect();
    for _ in 0..30 {
        clock.advance(PICTURE);
        for camera in &mut cameras {
            let unit = camera.picture(clock.mono());
            rig.recorder.offer(camera.feed, &unit);
        }
    }
    let (_, folder) = rig.stop();
    let paths = files(&folder);
    assert_eq!(paths.len(), 1000);
    for (n, path) in paths.iter().enumerate() {
        let at = folder.join(path.to_string());
        let whole = walked(&at).0.whole;
        let file = std::fs::OpenOptions::new().write(true).open(&at).unwrap();
        // One in ten inside its last fragment; one in a hundred has nothing whole, or rot within.
        file.set_len(whole - u64::from(n % 10 == 0) * 5).unwrap();
        if n % 100 == 7 {
            file.set_len(900).unwrap();
        } else if n % 100 == 9 {
            let fragment = &walked(&at).1[0];
            use std::os::unix::fs::FileExt;
            file.write_all_at(&[0x55; 8], fragment.pictures[1].offset).unwrap();
        }
    }
    let began = pollwall::clock::SystemClock.mono();
    let since = Some(WallTime::from_micros(MORNING));
    let gone = pollwall::record::SegmentPath::new(feed(9), WallTime::from_micros(MORNING));
    let done = repair(&folder, &[gone.clone()], since, &|_| false).unwrap();
    let took = pollwall::clock::SystemClock.mono().since(began);
    println!("1000 files repaired in {took:?}");
    assert!(took < LONG);
    assert_eq!(done.missing, [gone]);
    assert_eq!((done.records.len(), done.quarantined.len()), (980, 20));
    for segment in crate::rig::closed(&done.records) {
        assert_eq!(segment.ended, Ended::Repaired);
        holds(&folder, &segment);
    }
    for set_aside in &done.quarantined {
        assert!(set_aside.now.starts_with(folder.join("quarantine")) && set_aside.now.is_file());
        assert!(!folder.join(set_aside.path.to_string()).exists());
    }
    // A second time there is nothing to mend, only to tell again to whoever has not heard it.
    let bytes = |path| std::fs::read(folder.join(path)).unwrap();
    let path = done.records.first().map(|r| crate::rig::closed(&[r.clone()])[0].path.to_string());
    let before = bytes(path.clone().unwrap());
    assert_eq!(repair(&folder, &[], since, &|_| true).unwrap().records, []);
    let again = repair(&folder, &[], since, &|_| false).unwrap();
    assert_eq!(again.records, done.records);
    assert_eq!(bytes(path.unwrap()), before);
}
