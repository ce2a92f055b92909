//! Limits of volumes, with real files: what reaches its own limit is full like any disk, and the next
//! volume takes over.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pollwall::clock::{Clock as _, FakeClock, WallTime};
use pollwall::media::Codec;
use pollwall::record::space::{Level, Space};
use pollwall::record::{
    Cause, Ended, Recorder, RecorderLimits, Recording, SegmentPath, Volume, VolumeLimits,
};

use crate::rig::{Camera, LONG, Lines, clip, files, holds, limits};
use crate::support::until;

/// 2024-02-07 08:00 in Baku.
const MORNING: i64 = 1_707_278_400_000_000;
const PICTURE: Duration = Duration::from_micros(66_667);

/// Two volumes, the first with limits of its own.
struct Two {
    clock: Arc<FakeClock>,
    recorder: Recorder,
    lines: [Lines; 2],
    cameras: Vec<Camera>,
}

impl Two {
    fn start(dir: &Path, own: VolumeLimits) -> Self {
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(MORNING)));
        let lines = [Lines::default(), Lines::default()];
        let volumes = ["a", "b"].iter().zip(&lines).map(|(name, lines)| Volume {
            folder: dir.join(name),
            catalogue: Box::new(lines.clone()),
            records: Vec::new(),
        });
        let limited = [(dir.join("a"), own)].into();
        let limits = RecorderLimits { volumes: limited, ..limits() };
        let recording = Recording { run: "run-1".into(), not_before: None, limits };
        let recorder = Recorder::start(volumes.collect(), &recording, clock.clone()).unwrap();
        let coded = clip(Codec::H264);
        let cameras = (10..14).map(|station| Camera::new(station, &coded)).collect();
        Self { clock, recorder, lines, cameras }
    }

    /// Sends until it is so; each time all that was sent is written or given up.
    fn send_until(&mut self, what: &str, is: impl Fn(&Self) -> bool) {
        for _ in 0..3000 {
            self.clock.advance(PICTURE);
            for camera in &mut self.cameras {
                let unit = camera.picture(self.clock.mono());
                self.recorder.offer(camera.feed, &unit);
            }
            if is(self) {
                return;
            }
        }
        panic!("never: {what}");
    }

    fn settle(&self) {
        until("writing", || {
            let status = self.recorder.status();
            status.iter().all(|volume| volume.waiting_bytes < 200_000).then_some(())
        });
    }
}

fn bytes(volume: &Path) -> u64 {
    let size = |path: &SegmentPath| fs::metadata(volume.join(path.to_string())).unwrap().len();
    files(volume).iter().map(size).sum()
}

#[test]
fn a_volume_that_reaches_its_limit_is_full_and_the_next_takes_over() {
    let dir = tempfile::tempdir().unwrap();
    let (a, b) = (dir.path().join("a"), dir.path().join("b"));
    // Something of an earlier day lies there already.
    let old =
        SegmentPath::new(crate::rig::feed(99), WallTime::from_micros(MORNING - 86_400_000_000));
    fs::create_dir_all(a.join(old.folder())).unwrap();
    fs::write(a.join(old.to_string()), vec![0; 500_000]).unwrap();
    let most = 1_000_000;
    let own = VolumeLimits { most: Some(most), keep_free: None };
    let mut two = Two::start(dir.path(), own);
    until("counting what lay there", || {
        (two.recorder.status()[0].used_bytes == Some(500_000)).then_some(())
    });
    let mut space = Space::new(12);
    two.send_until("the first is full", |two| {
        two.settle();
        two.recorder.status()[0].failing.is_some()
    });
    let status = two.recorder.status();
    let failing = status[0].failing.clone().unwrap();
    assert_eq!(failing.cause, Cause::DiskFull);
    assert!(failing.reason.contains("1000000 bytes"), "{}", failing.reason);
    let seen = space.look(&status, two.clock.mono());
    assert!(seen.per_volume[0].is_full && seen.room_bytes.unwrap() > 0, "{seen:?}");
    assert_eq!(seen.level, Level::Enough, "the other has room");
    assert!(status[1].open_segments < 3, "two of four belong there: {status:?}");
    // Everybody is on the other one now, and stays there.
    two.send_until("all four are recorded on the second", |two| {
        two.settle();
        two.recorder.status()[1].open_segments == 4
    });
    assert_eq!(two.recorder.status()[0].open_segments, 0);
    let used = two.recorder.status()[0].used_bytes.unwrap();
    assert!((most * 9 / 10..most + 50_000).contains(&used), "{used}");
    assert_eq!(bytes(&a), used, "to the byte");

    // Recordings are deleted: it takes again.
    fs::remove_file(a.join(old.to_string())).unwrap();
    two.recorder.tell_deleted(&a, 500_000);
    two.send_until("it takes again", |two| {
        two.settle();
        two.recorder.status()[0].failing.is_none()
    });
    assert_eq!(two.recorder.stop(LONG), Vec::<String>::new());
    let [first, second] = &two.lines;
    assert!(first.incidents().iter().any(|incident| incident.cause == Cause::DiskFull));
    assert!(second.incidents().is_empty(), "{:?}", second.incidents());
    for (lines, folder) in [(first, &a), (second, &b)] {
        let segments = lines.closed();
        assert_eq!(files(folder).len(), segments.len(), "a row for every file");
        segments.iter().for_each(|segment| holds(folder, segment));
    }
    assert!(first.closed().iter().any(|segment| segment.ended == Ended::Failed));
}

#[test]
fn what_is_to_stay_free_stays_free() {
    let dir = tempfile::tempdir().unwrap();
    // More than any disk has: nothing may be written to the first.
    let own = VolumeLimits { most: None, keep_free: Some(1 << 60) };
    let mut two = Two::start(dir.path(), own);
    two.send_until("the first is full", |two| {
        two.settle();
        two.recorder.status()[0].failing.is_some()
    });
    let failing = two.recorder.status()[0].failing.clone().unwrap();
    assert_eq!(failing.cause, Cause::DiskFull);
    assert!(failing.reason.contains("keep_free"), "{}", failing.reason);
    two.send_until("all four are recorded on the second", |two| {
        two.settle();
        two.recorder.status()[1].open_segments == 4
    });
    assert_eq!(two.recorder.stop(LONG), Vec::<String>::new());
    assert_eq!((files(&dir.path().join("a")).len(), two.lines[0].closed().len()), (0, 0));
    assert!(two.lines[1].closed().len() >= 4);
}
