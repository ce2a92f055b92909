//! Real servers that die and come back.

use std::cell::RefCell;
use std::time::Duration;

use super::rig::{Rig, limits, source, with_login};
use super::support::ffmpeg::{H264, clip, free_udp_port, send};
use super::support::nginx::Nginx;
use super::support::web::{Answer, Web};
use pollwall::health::{State, Trouble};
use pollwall::ingest::Limits;

#[test]
fn http_streams_die_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let ts = clip(folder.path(), "a.ts", H264);
    let jpeg = clip(folder.path(), "a.avi", "-c:v mjpeg -pix_fmt yuvj420p");
    let mut web = Web::start(move |request| match request.path.as_str() {
        "/live" => Answer::Live("video/mp2t", ts.clone(), "-c copy -f mpegts"),
        "/jpeg" => {
            let kind = "multipart/x-mixed-replace; boundary=ffmpeg";
            Answer::Live(kind, jpeg.clone(), "-c copy -f mpjpeg")
        }
        "/locked" if request.head.contains("Basic aW5zOnDFn0A3Oi8=") => {
            Answer::Live("video/mp2t", ts.clone(), "-c copy -f mpegts")
        }
        "/locked" => Answer::Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\""),
        _ => Answer::Status("404 Not Found", ""),
    });
    let rig = Rig::start(
        vec![
            source(1, &web.url("/live")),
            source(2, &web.url("/jpeg")),
            with_login(source(3, &web.url("/locked")), "ins", "pş@7:/"),
            with_login(source(4, &web.url("/locked")), "ins", "wrong"),
            source(5, &web.url("/nothing")),
        ],
        limits(),
    );
    rig.shows(2);
    rig.shows(3);
    assert_eq!(rig.until_state(4, State::AuthFailed).trouble, Some(Trouble::AuthRejected));
    assert_eq!(rig.until_state(5, State::Offline).trouble, Some(Trouble::NotFound));
    let web = RefCell::new(&mut web);
    rig.dies_and_comes_back(1, || web.borrow_mut().kill(), || web.borrow_mut().restart());
    rig.shows(2);
    rig.shows(3);
}

#[test]
fn hls_dies_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let ts = clip(folder.path(), "a.ts", H264);
    let mut nginx = Nginx::start();
    let served = nginx.served();
    let hls = |kind: &str, name: &str| {
        let list = served.join(name);
        send(
            &ts,
            &format!(
                "-c copy -f hls -hls_time 2 -hls_list_size 5 -hls_flags delete_segments {kind} {}",
                list.display()
            ),
        )
    };
    let _ts = hls("", "ts.m3u8");
    let _mp4 = hls("-hls_segment_type fmp4 -hls_fmp4_init_filename init.mp4", "mp4.m3u8");
    let rig = Rig::start(
        vec![source(1, &nginx.web_url("/ts.m3u8")), source(2, &nginx.web_url("/mp4.m3u8"))],
        limits(),
    );
    rig.shows(2);
    rig.shows(1);
    // A segment is two seconds long: without pacing the feed would be silent for that long, again
    // and again, and bring hundreds of pictures a second between.
    let calm = rig.until("a rate", |rig| rig.assess(1).rate);
    assert!((8.0..25.0).contains(&calm), "{calm} frames/s");
    let nginx = RefCell::new(&mut nginx);
    rig.dies_and_comes_back(1, || nginx.borrow_mut().kill(), || nginx.borrow_mut().restart());
    rig.shows(2);
}

/// A playlist outlives its encoder and goes on naming its last segments. Whoever opens it anew gets
/// pictures, but they are those of before.
#[test]
fn a_playlist_without_its_encoder_is_not_live() {
    let folder = tempfile::tempdir().unwrap();
    let ts = clip(folder.path(), "a.ts", H264);
    let nginx = Nginx::start();
    let list = nginx.served().join("a.m3u8");
    let to = format!("-c copy -f hls -hls_time 2 -hls_list_size 5 {}", list.display());
    let encoder = send(&ts, &to);
    let short = Duration::from_secs(4);
    let limits = Limits { first_frame: short, frame_gap: short, ..limits() };
    let rig = Rig::start(vec![source(1, &nginx.web_url("/a.m3u8"))], limits);
    rig.shows(1);
    drop(encoder);
    let dead = rig.until_state(1, State::Offline);
    let before = rig.losses(1);
    rig.until("three more sessions", |rig| (rig.losses(1) >= before + 3).then_some(()));
    let now = rig.assess(1);
    assert_eq!((now.state, now.last_unit), (State::Offline, dead.last_unit), "old ones, as new");
}

#[test]
fn rtmp_dies_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let clip = clip(folder.path(), "a.mp4", H264);
    let mut nginx = Nginx::start();
    let to = format!("-c copy -f flv {}", nginx.rtmp_url("a"));
    let publisher = RefCell::new(Some(send(&clip, &to)));
    let rig = Rig::start(vec![source(1, &nginx.rtmp_url("a"))], limits());
    let nginx = RefCell::new(&mut nginx);
    rig.dies_and_comes_back(
        1,
        || {
            nginx.borrow_mut().kill();
            publisher.replace(None);
        },
        || {
            nginx.borrow_mut().restart();
            publisher.replace(Some(send(&clip, &to)));
        },
    );
}

#[test]
fn srt_dies_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let clip = clip(folder.path(), "a.ts", H264);
    let port = free_udp_port();
    let to =
        format!("-c copy -f mpegts srt://127.0.0.1:{port}?mode=listener&passphrase=0123456789ab");
    let server = RefCell::new(Some(send(&clip, &to)));
    let url = format!("srt://127.0.0.1:{port}?passphrase=0123456789ab&latency=120");
    let rig = Rig::start(vec![source(1, &url)], limits());
    rig.dies_and_comes_back(
        1,
        || drop(server.replace(None)),
        || drop(server.replace(Some(send(&clip, &to)))),
    );
}

#[test]
fn udp_dies_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let clip = clip(folder.path(), "a.ts", H264);
    let port = free_udp_port();
    let to = format!("-c copy -f mpegts udp://127.0.0.1:{port}?pkt_size=1316");
    let sender = RefCell::new(Some(send(&clip, &to)));
    let rig = Rig::start(
        vec![source(1, &format!("udp://127.0.0.1:{port}"))],
        pollwall::ingest::Limits { frame_gap: std::time::Duration::from_secs(8), ..limits() },
    );
    rig.dies_and_comes_back(
        1,
        || drop(sender.replace(None)),
        || drop(sender.replace(Some(send(&clip, &to)))),
    );
}
