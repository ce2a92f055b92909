//! Files, looped in real time; every codec, and what comes in odd forms.

use std::time::Duration;

use pollwall::health::{State, Trouble};

use super::rig::{Rig, limits, source};
use super::support::ffmpeg::{H264, clip};

/// Names and codings; all are shown in 320×180.
const SHOWN: [(&str, &str); 9] = [
    ("plain.mp4", "-c:v libx264 -preset ultrafast -g 15 -pix_fmt yuv420p"),
    ("b-frames.ts", "-c:v libx264 -preset veryfast -bf 3 -g 15 -pix_fmt yuv420p"),
    ("interlaced.ts", "-c:v libx264 -preset veryfast -flags +ildct+ilme -g 15 -pix_fmt yuv420p"),
    ("422.mkv", "-c:v libx264 -preset ultrafast -g 15 -pix_fmt yuv422p"),
    ("10bit.mp4", "-c:v libx264 -preset ultrafast -g 15 -pix_fmt yuv420p10le"),
    (
        "h265.ts",
        "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=15 -pix_fmt yuv420p",
    ),
    (
        "h265-10.mp4",
        "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=15 -pix_fmt yuv422p10le",
    ),
    ("av1.mkv", "-c:v libaom-av1 -cpu-used 8 -usage realtime -g 15 -pix_fmt yuv420p"),
    ("jpeg.avi", "-c:v mjpeg -pix_fmt yuvj420p"),
];

#[test]
fn every_form_is_shown_and_goes_on_when_the_file_ends() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| url::Url::from_file_path(folder.path().join(name)).unwrap().to_string();
    let mut sources = Vec::new();
    for ((name, coding), station) in SHOWN.iter().zip(1..) {
        clip(folder.path(), name, coding);
        sources.push(source(station, &url(name)));
    }
    clip(folder.path(), "mpeg2.ts", "-c:v mpeg2video");
    std::fs::write(folder.path().join("letter.mp4"), "Dear camera,").unwrap();
    sources.push(source(20, &url("mpeg2.ts")));
    sources.push(source(21, &url("none.mp4")));
    sources.push(source(22, &url("letter.mp4")));
    let rig = Rig::start(sources, limits());
    for station in 1..=SHOWN.len() {
        rig.shows(u32::try_from(station).unwrap());
    }
    let mpeg2 = rig.until_state(20, State::Unsupported);
    assert_eq!(mpeg2.trouble, Some(Trouble::UnsupportedCodec("mpeg2video".to_owned())));
    assert_eq!(rig.until_state(21, State::Offline).trouble, Some(Trouble::NotFound));
    assert_eq!(rig.until_state(22, State::Offline).trouble, Some(Trouble::Protocol));
    for station in 1..=SHOWN.len() {
        let station = u32::try_from(station).unwrap();
        let first = rig.assess(station).since;
        // Three times the clip's length: a file that were read without a pause would be over, one
        // that did not begin again would have ended.
        rig.until("three rounds", |rig| {
            let seen = rig.assess(station);
            (seen.last_unit? > first + Duration::from_secs(6)).then_some(())
        });
        let seen = rig.assess(station);
        assert_eq!(
            (seen.state, rig.losses(station)),
            (State::Live, 0),
            "{}",
            SHOWN[station as usize - 1].0
        );
        let rate = rig.until("a rate", |rig| rig.assess(station).rate);
        assert!((8.0..20.0).contains(&rate), "1/{station}: {rate} frames/s");
    }
    assert_eq!(rig.ingest.stop(Duration::from_secs(2)), Vec::<String>::new());
}

#[test]
fn another_size_in_the_middle_of_a_stream_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let small = clip(folder.path(), "a.ts", H264);
    let large = clip(folder.path(), "b.ts", &format!("-vf scale=640:360 {H264}"));
    let joined = [std::fs::read(small).unwrap(), std::fs::read(large).unwrap()].concat();
    let path = folder.path().join("both.ts");
    std::fs::write(&path, joined).unwrap();
    let url = url::Url::from_file_path(&path).unwrap();
    let rig = Rig::start(vec![source(1, url.as_str())], limits());
    for width in [320, 640, 320] {
        rig.until("the size changes", |rig| (rig.picture(1).width == width).then_some(()));
    }
    assert_eq!(rig.losses(1), 0);
}
