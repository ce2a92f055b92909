//! What a source's session tells of itself: its sound, its time, the size of its pictures, and why
//! it ended.

use std::net::UdpSocket;
use std::sync::Arc;

use pollwall::clock::SystemClock;
use pollwall::health::Trouble;
use pollwall::ingest::{AudioOffer, Heard, Ingest, Listener, Sound, tap};
use pollwall::media::AccessUnit;

use super::rig::{PATIENCE, Rig, id, limits, source};
use super::support::ffmpeg::{H264, clip, ffmpeg, free_udp_port, send};
use super::support::until;
use super::support::web::{Answer, Web};

/// A single session, and what is heard of it.
struct Session {
    listener: Listener,
    ingest: Ingest,
}

impl Session {
    fn open(url: &str) -> Self {
        let (tap, listener) = tap();
        let clock = Arc::new(SystemClock);
        let ingest = Ingest::start_studying(source(1, url), limits(), clock, tap).unwrap();
        Self { listener, ingest }
    }

    /// The first thing heard that `wanted` takes.
    fn hear<T>(&self, mut wanted: impl FnMut(Heard) -> Option<T>) -> T {
        loop {
            let heard = self.listener.heard.recv_timeout(PATIENCE).expect("the session goes on");
            let last = format!("{heard:?}");
            let is_over = matches!(heard, Heard::Lost(..));
            if let Some(found) = wanted(heard) {
                return found;
            }
            assert!(!is_over, "it ended first: {last}");
        }
    }

    fn lost(&self) -> Trouble {
        self.hear(|heard| match heard {
            Heard::Lost(trouble, _) => Some(trouble),
            _ => None,
        })
    }

    fn unit(&self) -> AccessUnit {
        self.hear(|heard| match heard {
            Heard::Unit(unit) => Some(unit),
            _ => None,
        })
    }

    fn audio(&self) -> Vec<AudioOffer> {
        self.hear(|heard| match heard {
            Heard::Offer(offer) if !offer.audio.is_empty() => Some(offer.audio),
            _ => None,
        })
    }
}

#[test]
fn a_connection_that_breaks_is_no_missing_network() {
    let folder = tempfile::tempdir().unwrap();
    let ts = clip(folder.path(), "a.ts", H264);
    let jpeg = clip(folder.path(), "a.avi", "-c:v mjpeg -pix_fmt yuvj420p");
    let body = std::fs::read(&ts).unwrap();
    let mut web = Web::start(move |request| match request.path.as_str() {
        "/torn" => Answer::Torn("video/mp2t", body.clone()),
        "/jpeg" => {
            let kind = "multipart/x-mixed-replace; boundary=ffmpeg";
            Answer::Live(kind, jpeg.clone(), "-c copy -f mpjpeg")
        }
        _ => Answer::Live("video/mp2t", ts.clone(), "-c copy -f mpegts"),
    });
    assert_eq!(Session::open(&web.url("/torn")).lost(), Trouble::Closed);
    let sessions = ["/jpeg", "/live"].map(|path| Session::open(&web.url(path)));
    sessions.iter().for_each(|session| drop(session.unit()));
    web.kill();
    assert_eq!(sessions.map(|session| session.lost()), [Trouble::Closed, Trouble::Closed]);
}

#[test]
fn srt_says_that_nobody_listens_or_the_passphrase_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let clip = clip(folder.path(), "a.ts", H264);
    let port = free_udp_port();
    // In an address `ffmpeg` takes the `+` for a space.
    let to =
        format!("-c copy -f mpegts -passphrase 0123456789+b srt://127.0.0.1:{port}?mode=listener");
    let _sender = send(&clip, &to);
    until("it listens", || UdpSocket::bind(("127.0.0.1", port)).err());
    let wrong = Session::open(&format!("srt://127.0.0.1:{port}?passphrase=0123456789ab"));
    assert_eq!(wrong.lost(), Trouble::SrtRejected);
    // It was there, and a `+` is no space.
    Session::open(&format!("srt://127.0.0.1:{port}?passphrase=0123456789+b")).unit();
    let nobody = Session::open(&format!("srt://127.0.0.1:{}", free_udp_port()));
    assert_eq!(nobody.lost(), Trouble::SrtRejected);
}

#[test]
fn jpeg_over_http_has_its_arrival_for_a_time_and_its_own_size() {
    let folder = tempfile::tempdir().unwrap();
    let jpeg = clip(folder.path(), "a.avi", "-c:v mjpeg -pix_fmt yuvj420p");
    let web = Web::start(move |_| {
        let kind = "multipart/x-mixed-replace; boundary=ffmpeg";
        Answer::Live(kind, jpeg.clone(), "-c copy -f mpjpeg")
    });
    let session = Session::open(&web.url("/jpeg"));
    for _ in 0..3 {
        let unit = session.unit();
        assert_eq!(unit.pts, unit.arrived_at.as_micros() * 9 / 100);
        assert_eq!((unit.params.width, unit.params.height), (320, 180));
    }
}

#[test]
fn sound_is_named_and_not_measured_and_alone_it_is_no_video() {
    let folder = tempfile::tempdir().unwrap();
    let tone = "-f lavfi -i sine=r=48000 -t 2 -c:a aac";
    let made = |name: &str, coding: &str| {
        let path = folder.path().join(name);
        assert!(ffmpeg(coding).arg(&path).status().unwrap().success(), "{name}");
        path
    };
    let both = made("a.ts", &format!("-f lavfi -i testsrc2=s=320x180:r=15 {tone} {H264}"));
    let alone = url::Url::from_file_path(made("b.ts", tone)).unwrap();
    let file = url::Url::from_file_path(&both).unwrap();
    let web = Web::start(move |_| Answer::Live("video/mp2t", both.clone(), "-c copy -f mpegts"));
    let heard = Session::open(&web.url("/both"));
    assert_eq!(heard.audio()[0].codec, "aac");
    let sound = |ingest: &Ingest| {
        use pollwall::clock::Clock;
        ingest.feed(id(1)).map(|feed| feed.sound(SystemClock.mono()))
    };
    heard.unit();
    assert_eq!(sound(&heard.ingest), Some(Sound::NotMeasured));
    let looped = Rig::start(vec![source(1, file.as_str())], limits());
    looped.shows(1);
    assert_eq!(sound(&looped.ingest), Some(Sound::NotMeasured));
    let alone = Session::open(alone.as_str()).lost();
    assert_eq!(alone, Trouble::UnsupportedCodec("aac".to_owned()));
}
