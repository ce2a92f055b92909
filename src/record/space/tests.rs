use proptest::prelude::*;

use super::*;
use crate::clock::WallTime;
use crate::config::record::VolumeLimits;
use crate::record::Failing;
use crate::text::Lang;

const GB: u64 = 1_000_000_000;

fn volume(name: &str, device: u64, free: u64) -> VolumeStatus {
    VolumeStatus {
        folder: name.into(),
        device: Some(device),
        free_bytes: Some(free),
        ..VolumeStatus::default()
    }
}

fn full(mut volume: VolumeStatus, cause: Cause) -> VolumeStatus {
    let since = WallTime::from_micros(0);
    volume.failing = Some(Failing { cause, since, reason: String::new() });
    volume
}

fn at(seconds: i64) -> Mono {
    Mono::from_micros(seconds * 1_000_000)
}

/// Looks as often as a recorder is asked, while each volume is written to at a rate.
fn go_on(
    space: &mut Space,
    volumes: &mut [VolumeStatus],
    from: i64,
    seconds: i64,
    rate: u64,
) -> SpaceStatus {
    let mut status = SpaceStatus::default();
    for second in (from..=from + seconds).step_by(2) {
        status = space.look(volumes, at(second));
        for volume in &mut *volumes {
            volume.written_bytes += 2 * rate;
            volume.free_bytes = volume.free_bytes.map(|free| free.saturating_sub(2 * rate));
        }
    }
    status
}

#[test]
fn hours_are_those_of_the_last_ten_minutes_and_of_all_volumes() {
    let mut space = Space::new(12);
    let mut volumes = [volume("/a", 1, 900 * GB), volume("/b", 2, 1800 * GB)];
    let first = space.look(&volumes, at(0));
    assert_eq!((first.hours_left, first.level), (None, Level::Enough), "nothing is known yet");
    let status = go_on(&mut space, &mut volumes, 0, 8, 25_000_000);
    assert_eq!(status.hours_left, None, "eight seconds are no rate");
    let status = go_on(&mut space, &mut volumes, 10, 1200, 25_000_000);
    assert!(space.samples.len() <= 62, "{}", space.samples.len());
    assert_eq!(status.bytes_per_second, 50_000_000);
    let hours = status.hours_left.unwrap();
    assert!((14.5..14.7).contains(&hours), "{hours}");
    let of: Vec<f32> = status.per_volume.iter().map(|v| v.hours_left.unwrap()).collect();
    assert!((9.6..9.7).contains(&of[0]) && (19.6..19.7).contains(&of[1]), "{of:?}");
    // The second half of the country begins to send.
    let status = go_on(&mut space, &mut volumes, 1212, 300, 50_000_000);
    assert!((74_000_000..76_000_000).contains(&status.bytes_per_second), "{status:?}");
    let status = go_on(&mut space, &mut volumes, 1514, 320, 50_000_000);
    assert_eq!((status.bytes_per_second, status.level), (100_000_000, Level::Low));
    // Another recorder counts from zero: the past says nothing of it, and the warning stays.
    volumes.iter_mut().for_each(|volume| volume.written_bytes = 0);
    let status = space.look(&volumes, at(1840));
    assert_eq!((status.hours_left, status.level, status.changed), (None, Level::Low, false));
}

#[test]
fn a_warning_begins_once_worsens_and_does_not_come_and_go() {
    let mut level = Level::Enough;
    let mut seen = vec![level];
    for hours in [13.0, 12.1, 11.9, 12.1, 14.9, 11.0, 1.1, 0.9, 1.1, 1.2, 1.3, 14.0, 15.1, 30.0] {
        level = next(level, Some(hours), false, 12.0);
        if seen.last() != Some(&level) {
            seen.push(level);
        }
    }
    use Level::{Enough, Full, Low, Short};
    assert_eq!(seen, [Enough, Low, Short, Low, Enough]);
    assert_eq!(next(Low, None, false, 12.0), Low, "silence ends no warning");
    assert_eq!(next(Enough, None, true, 12.0), Full);
    assert_eq!(next(Full, None, false, 12.0), Short, "it takes again; how long is to be seen");
    assert_eq!(next(Full, Some(100.0), false, 12.0), Enough);
    assert_eq!(next(Enough, Some(0.5), false, 1.0), Short);
}

#[test]
fn a_volume_that_is_full_leaves_it_to_the_next_and_one_that_failed_counts_for_nothing() {
    let mut space = Space::new(12);
    let (a, b) = (volume("/a", 1, 10 * GB), volume("/b", 2, 20 * GB));
    let status = space.look(&[full(a.clone(), Cause::DiskFull), b.clone()], at(0));
    assert_eq!((status.room_bytes, status.level), (Some(20 * GB), Level::Enough));
    assert!(status.per_volume[0].is_full && status.per_volume[0].room_bytes == Some(0));
    let status =
        space.look(&[full(a.clone(), Cause::DiskFull), full(b.clone(), Cause::DiskFailed)], at(2));
    assert_eq!((status.level, status.changed), (Level::Full, true));
    let status = space.look(&[full(a, Cause::DiskFailed), full(b, Cause::DiskFailed)], at(4));
    assert_ne!(status.level, Level::Full, "that is another trouble than want of room");
}

#[test]
fn limits_and_a_shared_disk_are_room_once() {
    let limited = |name: &str, most: Option<u64>, keep_free: Option<u64>| VolumeStatus {
        limits: VolumeLimits { most, keep_free },
        used_bytes: Some(30 * GB),
        ..volume(name, 1, 100 * GB)
    };
    let room = |volumes: &[VolumeStatus]| Space::new(12).look(volumes, at(0)).room_bytes;
    assert_eq!(room(&[volume("/a", 1, GB), volume("/b", 1, GB)]), Some(GB), "one disk");
    assert_eq!(room(&[volume("/a", 1, GB), volume("/b", 2, GB)]), Some(2 * GB));
    assert_eq!(room(&[limited("/a", Some(50 * GB), None)]), Some(20 * GB));
    assert_eq!(room(&[limited("/a", Some(20 * GB), None)]), Some(0));
    assert_eq!(room(&[limited("/a", None, Some(70 * GB))]), Some(30 * GB));
    assert_eq!(
        room(&[limited("/a", Some(40 * GB), None), limited("/b", None, Some(50 * GB))]),
        Some(50 * GB)
    );
    let unknown = VolumeStatus { free_bytes: None, ..volume("/c", 3, 0) };
    assert_eq!(room(&[unknown.clone(), volume("/a", 1, GB)]), None, "nobody knows");
    let most = VolumeLimits { most: Some(9 * GB), keep_free: None };
    assert_eq!(room(&[VolumeStatus { limits: most, ..unknown }]), Some(9 * GB));
}

#[test]
fn each_level_has_words_in_each_language_and_a_name_for_programs() {
    for level in Level::ALL {
        assert_eq!(Level::of(level.code()), Some(level));
        let said = Lang::ALL.map(|lang| level.explain(Some(3.25), &Text::of(lang)));
        assert!(said[0] != said[1] && said[1] != said[2], "{said:?}");
        let tells = matches!(level, Level::Low | Level::Short);
        assert!(said.iter().all(|said| said.contains("3.2") == tells), "{said:?}");
    }
}

fn statuses() -> impl Strategy<Value = Vec<VolumeStatus>> {
    let bytes = || prop_oneof![Just(0), 0..100 * GB, Just(u64::MAX / 4)];
    let one = (
        proptest::option::weighted(0.9, 0_u64..3),
        proptest::option::weighted(0.9, bytes()),
        proptest::option::of(bytes()),
        proptest::option::of(bytes()),
        bytes(),
        0_u8..6,
    );
    proptest::collection::vec(one, 1..6).prop_map(|volumes| {
        let of = |(device, free_bytes, most, keep_free, used, ails)| {
            let volume = VolumeStatus {
                device,
                free_bytes,
                limits: VolumeLimits { most, keep_free },
                used_bytes: Some(used),
                ..VolumeStatus::default()
            };
            match ails {
                0 => full(volume, Cause::DiskFull),
                1 => full(volume, Cause::DiskFailed),
                _ => volume,
            }
        };
        volumes.into_iter().map(of).collect()
    })
}

proptest! {
    #[test]
    fn no_room_is_counted_twice_or_made_up(volumes in statuses()) {
        let status = Space::new(12).look(&volumes, at(0));
        let usable: Vec<_> = volumes.iter().zip(&status.per_volume).filter(|(v, _)| v.failing.is_none()).collect();
        if let Some(room) = status.room_bytes {
            let alone = usable.iter().map(|(_, v)| v.room_bytes.unwrap_or(0));
            prop_assert!(room <= alone.clone().fold(0, u64::saturating_add));
            // At least the largest of them can be written, unless its disk is another's too.
            let unshared = usable.iter().filter(|(v, _)| v.device.is_none()).map(|(_, v)| v.room_bytes.unwrap_or(0));
            prop_assert!(room >= unshared.max().unwrap_or(0));
            for device in 0..3 {
                let on = usable.iter().filter(|(v, _)| v.device == Some(device) && v.free_bytes.is_some());
                let most = on.clone().map(|(_, v)| v.room_bytes.unwrap_or(0)).max().unwrap_or(0);
                // Whose disk's free bytes differ was asked at another moment: the fewest count.
                let same = on.clone().map(|(v, _)| v.free_bytes).collect::<std::collections::BTreeSet<_>>().len() <= 1;
                let unlimited = on.clone().all(|(v, _)| v.limits.most.is_none());
                prop_assert!(!(same && unlimited) || room >= most, "{room} < {most}");
            }
        } else {
            prop_assert!(usable.iter().any(|(_, v)| v.room_bytes.is_none()));
        }
        let all_full = usable.is_empty() && status.per_volume.iter().any(|v| v.is_full);
        prop_assert_eq!(status.level == Level::Full, all_full);
    }

    #[test]
    fn a_warning_is_never_late_and_while_room_shrinks_never_taken_back(
        warn in 1_u32..100, mut hours in proptest::collection::vec(0.0_f32..200.0, 1..60), falls in any::<bool>(),
    ) {
        if falls {
            hours.sort_by(|a, b| b.total_cmp(a));
        }
        let (warn, mut level) = (warn as f32, Level::Enough);
        for hours in hours {
            let before = level;
            level = next(before, Some(hours), false, warn);
            prop_assert!(!falls || level >= before);
            prop_assert!(hours >= 1.0 || level == Level::Short);
            prop_assert!(hours >= warn || level >= Level::Low);
            // And it ends.
            prop_assert!(hours < warn.max(1.0) * HYSTERESIS || level == Level::Enough);
        }
    }
}
