//! Recordings that FFmpeg's own segmenter has made, in each layout and container.

use std::fs;
use std::process::Command;

use crossbeam_channel::{Receiver, bounded};
use jiff::tz::TimeZone;

use super::*;
use crate::clock::WallTime;
use crate::model::{FeedKind, StationId};
use crate::replay::layout::Begins;
use crate::replay::template::Template;

/// 08:00:00 in Baku.
const MORNING: i64 = 1_707_278_400_000_000;

fn ffmpeg(arguments: &[&str]) {
    let told = ["-hide_banner", "-loglevel", "error", "-y"].iter().chain(arguments);
    let ran = Command::new("ffmpeg").args(told).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

/// Six seconds in segments of two, of ten pictures a second, coded out of order.
fn segments(into: &Path, ending: &str) {
    fs::create_dir_all(into).unwrap();
    let names = into.join(format!("%d.{ending}"));
    ffmpeg(&[
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=192x108:rate=10:duration=6",
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-bf",
        "2",
        "-g",
        "20",
        "-pix_fmt",
        "yuv420p",
        "-force_key_frames",
        "expr:gte(t,n_forced*2)",
        "-f",
        "segment",
        "-segment_time",
        "2",
        "-reset_timestamps",
        "1",
        names.to_str().unwrap(),
    ]);
}

fn plan() -> Plan {
    Plan::new(TimeZone::get("Asia/Baku").unwrap())
}

fn whole(folder: &Path, plan: Plan) -> Arc<Footage> {
    crate::media::init().unwrap();
    let (opening, wake) = begun(folder, plan);
    while opening.progress().ended.is_none() {
        wake.recv().unwrap();
    }
    let progress = opening.progress();
    assert_eq!(progress.ended, Some(Ended::Whole));
    assert_eq!(progress.done, progress.total);
    opening.footage()
}

fn begun(folder: &Path, plan: Plan) -> (Opening, Receiver<()>) {
    let (woken, wake) = bounded(1);
    let wakes = Box::new(move || {
        let _ = woken.try_send(());
    });
    (Opening::begin(folder.to_owned(), plan, wakes).unwrap(), wake)
}

fn feed(district: u16, station: u32) -> FeedId {
    FeedId { station: StationId::new(district, station), kind: FeedKind::Main }
}

/// From and to in milliseconds after the morning.
fn times(footage: &Footage, feed: FeedId) -> Vec<(i64, i64)> {
    let ms = |us: i64| (us - MORNING).div_euclid(1000);
    footage.pieces(feed).iter().map(|piece| (ms(piece.from_us), ms(piece.to_us))).collect()
}

#[test]
fn recordings_of_other_programs_are_opened_as_they_lie() {
    let folder = tempfile::tempdir().unwrap();
    let disk = folder.path().join("disk");
    for (n, ending) in ["mp4", "mkv", "ts", "flv"].into_iter().enumerate() {
        let made = folder.path().join(ending);
        segments(&made, ending);
        let put = |from: usize, to: String| {
            let to = disk.join(to);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(made.join(format!("{from}.{ending}")), to).unwrap();
        };
        for at in 0..3 {
            let second = 2 * at;
            // MediaMTX, its path the station's number.
            put(at, format!("mtx/23/{}/2024-02-07_08-00-0{second}-000000.{ending}", n + 1));
            // An NVR.
            put(at, format!("nvr/D57_ch{}_20240207-08000{second}500.{ending}", n + 1));
            // By hand.
            put(at, format!("loose/{ending}/{at}.{ending}"));
        }
        if ending == "mp4" {
            put(0, "frigate/2024-02-07/04/front/00.04.mp4".into());
            put(1, "frigate/2024-02-07/04/front/00.06.mp4".into());
        }
    }
    let seconds = [(0, 2000), (2000, 4000), (4000, 6000)];
    let near = |found: Vec<(i64, i64)>, shift: i64, what: &str| {
        assert_eq!(found.len(), 3, "{what}");
        for ((from, to), (wanted_from, wanted_to)) in found.into_iter().zip(seconds) {
            assert_eq!(from, wanted_from + shift, "{what}");
            // Containers keep whole milliseconds; the last picture stays for 100 ms.
            assert!((to - wanted_to - shift).abs() <= 2, "{what} ends at {to}");
        }
    };
    let mtx = whole(&disk.join("mtx"), plan());
    assert!(mtx.unreadable.is_empty() && mtx.foreign.is_empty(), "{:?}", mtx.unreadable);
    let template = Template::parse("D{district}_ch{station}_{YYYY}{MM}{DD}-{hh}{mm}{ss}{ms}");
    let template = Some(template.unwrap());
    let nvr = whole(&disk.join("nvr"), Plan { template, ..plan() });
    let starts =
        (1..=4).map(|n| (Begins::Station(StationId::new(9, n)), WallTime::from_micros(MORNING)));
    let map = ["mp4", "mkv", "ts", "flv"].into_iter().zip(1..);
    let map = map.map(|(camera, n)| (camera.to_owned(), feed(9, n))).collect();
    let loose = whole(&disk.join("loose"), Plan { starts: starts.collect(), map, ..plan() });
    for n in 1..=4 {
        near(times(&mtx, feed(23, n)), 0, &format!("mtx {n}"));
        near(times(&nvr, feed(57, n)), 500, &format!("nvr {n}"));
        let found = times(&loose, feed(9, n));
        assert_eq!(found.len(), 3);
        assert!(
            found.windows(2).all(|two| two[0].1 == two[1].0),
            "one behind the other: {found:?}"
        );
        assert!((found[2].1 - 6000).abs() <= 4, "{found:?}");
    }
    let frigate = whole(&disk.join("frigate"), plan());
    let front = frigate.stations().next().unwrap();
    assert_eq!(frigate.names[&front], "front");
    let found = times(&frigate, frigate.feed_of(front).unwrap());
    assert_eq!(found[1].0, 6000, "its hours are UTC");
    assert_eq!(found[0].0, 4000);
}

#[test]
fn what_is_no_recording_is_said_and_the_rest_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let camera = folder.path().join("disk/23/4");
    segments(&folder.path().join("made"), "ts");
    segments(&folder.path().join("mp4"), "mp4");
    fs::create_dir_all(&camera).unwrap();
    let name =
        |second: u32, ending: &str| camera.join(format!("2024-02-07_08-00-0{second}.{ending}"));
    let good = fs::read(folder.path().join("made/0.ts")).unwrap();
    let mp4 = fs::read(folder.path().join("mp4/0.mp4")).unwrap();
    fs::write(name(0, "ts"), &good).unwrap();
    fs::write(name(1, "ts"), &good[..good.len() / 2]).unwrap();
    fs::write(name(2, "mp4"), &mp4[..mp4.len() / 2]).unwrap();
    fs::write(name(3, "mkv"), b"").unwrap();
    fs::write(name(4, "flv"), b"#EXTM3U\nfile:///etc/passwd\n").unwrap();
    fs::write(name(5, "mp4"), vec![0xff; 4096]).unwrap();
    let own = folder.path().join("disk/2024-02-07/57/12/20240207T081503.250Z-main.mp4");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(&own, &mp4).unwrap();
    let footage = whole(&folder.path().join("disk"), plan());
    let found = times(&footage, feed(23, 4));
    assert_eq!(found.len(), 2, "{:?}", footage.unreadable);
    let half = found[1].1 - found[1].0;
    assert!((500..1900).contains(&half), "as far as it goes: {half}");
    assert_eq!(footage.unreadable.len(), 5);
    assert!(footage.unreadable.iter().any(|(file, _)| *file == own), "named as ours, and is not");
}

#[test]
fn an_opening_can_be_left() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..500 {
        fs::write(folder.path().join(format!("a{n:03}_1707278400.ts")), b"x").unwrap();
    }
    let template = Some(Template::parse("{camera}_{unix}").unwrap());
    crate::media::init().unwrap();
    let (opening, wake) = begun(folder.path(), Plan { template, ..plan() });
    opening.cancel();
    while opening.progress().ended.is_none() {
        wake.recv().unwrap();
    }
    assert_eq!(opening.progress().ended, Some(Ended::Cancelled));
    let (gone, wake) = begun(&folder.path().join("gone"), plan());
    while gone.progress().ended.is_none() {
        wake.recv().unwrap();
    }
    assert!(matches!(gone.progress().ended, Some(Ended::Failed(_))));
}
