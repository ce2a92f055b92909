//! The catalogue made again from what the recorder has written is the one that the recorder told.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use pollwall::clock::{Clock as _, FakeClock, WallTime};
use pollwall::media::Codec;
use pollwall::record::index::{Index, Kept, Reader, check, fill_hashes, rebuild};
use pollwall::record::{Catalogue as _, SegmentEnds, Stamp};

use crate::rig::{Camera, Rig, clip, limits};

/// 2024-02-07 08:00 in Baku.
const MORNING: i64 = 1_707_278_400_000_000;

fn all(file: &std::path::Path) -> Vec<Kept> {
    let mut all = Vec::new();
    Reader::open(file).unwrap().each(|kept| all.push(kept)).unwrap();
    all
}

#[test]
fn what_the_files_say_is_what_the_recorder_told_to_the_last_hash() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FakeClock::at(WallTime::from_micros(MORNING)));
    let rig = Rig::start(dir.path(), clock.clone(), limits());
    let coded = [Codec::H264, Codec::H265].map(clip);
    let mut cameras: Vec<Camera> =
        (0..2).map(|n| Camera::new(10 + n, &coded[n as usize])).collect();
    for picture in 0..15 * 130 {
        clock.advance(Duration::from_micros(66_667));
        if picture == 300 {
            // A break and a gap.
            clock.advance(Duration::from_millis(1500));
        }
        for camera in &mut cameras {
            let unit = camera.picture(clock.mono());
            rig.recorder.offer(camera.feed, &unit);
        }
    }
    let (lines, volume) = rig.stop();
    let file = dir.path().join("footage/footage.sqlite");
    let (index, _) = Index::open(&file, &*clock).unwrap();
    let alive = Stamp { utc_us: MORNING + 1_000_000_000, mono_us: 1_000_000_000 };
    index.volume(&volume, "run").commit(&lines.all(), alive).unwrap();
    drop(index);
    let told = all(&file);
    assert_eq!(told.len(), lines.closed().len());
    assert!(told.len() >= 4 && told.iter().any(|kept| !kept.segment.breaks.is_empty()));
    let checked = check(&Reader::open(&file).unwrap(), true, &|_| {}).unwrap();
    assert_eq!((checked.findings, checked.hashed), (vec![], told.len() as u64));

    fs::remove_dir_all(file.parent().unwrap()).unwrap();
    let made = rebuild(&file, &[volume], &SegmentEnds, &*clock, &|_| {}).unwrap();
    assert!(made.unread.is_empty() && made.unfinished == 0, "{made:?}");
    let (learnt, unread) = fill_hashes(&file, &|_| {}).unwrap();
    assert_eq!((learnt, unread.len()), (told.len() as u64, 0));
    assert_eq!(all(&file), told);
}
