//! The sound of the station that is listened to, from GStreamer's server to a level.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use pollwall::clock::{Clock, SystemClock};
use pollwall::config::secrets::FeedSource;
use pollwall::ingest::{Ingest, Limits, Sound};
use pollwall::media::sound::Reading;
use pollwall::model::{FeedId, FeedKind, StationId};
use support::{GstServer, until};

fn id(station: u32, kind: FeedKind) -> FeedId {
    FeedId { station: StationId::new(1, station), kind }
}

fn source(id: FeedId, url: &str) -> FeedSource {
    FeedSource { id, url: url.parse().unwrap(), shown_url: url.to_owned(), login: None }
}

fn start(sources: Vec<FeedSource>) -> Ingest {
    Ingest::start(sources, Limits::default(), Arc::new(SystemClock), Arc::new(|| {})).unwrap()
}

fn sound(ingest: &Ingest, id: FeedId) -> Sound {
    let feed = ingest.feed(id).expect("the feed is received");
    feed.sound(SystemClock.mono())
}

/// Waits for a level that satisfies `wanted`.
fn level(ingest: &Ingest, id: FeedId, wanted: impl Fn(&Reading) -> bool) -> Reading {
    until(&format!("a level of {id}"), || match sound(ingest, id) {
        Sound::Level(reading) if wanted(&reading) => Some(reading),
        _ => None,
    })
}

/// Receives four more pictures: long enough for sound to have come, if it were to.
fn time_passes(ingest: &Ingest, id: FeedId) {
    let feed = ingest.feed(id).unwrap();
    let last = || feed.assess(SystemClock.mono(), ingest.pulse()).last_unit;
    for _ in 0..4 {
        let before = last();
        until("another picture", || (last() > before).then_some(()));
    }
}

#[test]
fn a_sine_of_minus_20_dbfs_is_heard_as_one_in_every_codec() {
    let server = GstServer::start(&[
        "--mount",
        "/1=h264,320x180,8,sound=aac",
        "--mount",
        "/2=h264,320x180,8,sound=pcma",
        "--mount",
        "/3=h264,320x180,8,sound=pcmu",
        "--mount",
        "/4=h264,320x180,8,sound=aac,volume=0",
        "--mount",
        "/5=h264,320x180,8",
        "--mount",
        "/6=h264,320x180,8,sound=opus",
    ]);
    let station = |n| id(n, FeedKind::Main);
    let url = |n: u32| server.url(&format!("/{n}"));
    let ingest = start((1..=6).map(|n| source(station(n), &url(n))).collect());
    for n in 1..=3 {
        ingest.hear(Some(station(n)));
        let near = |reading: &Reading| (reading.rms_db + 20.0).abs() < 1.0;
        let got = level(&ingest, station(n), near);
        assert!((got.peak_db + 20.0).abs() < 1.5 && !got.silent, "{n}: {got:?}");
    }
    ingest.hear(Some(station(4)));
    let silent = level(&ingest, station(4), |reading| reading.silent);
    assert!(silent.peak_db < -60.0, "{silent:?}");
    until("a camera without sound", || (sound(&ingest, station(5)) == Sound::Absent).then_some(()));
    until("a codec that is not measured", || {
        (sound(&ingest, station(6)) == Sound::Unsupported("opus".into())).then_some(())
    });
    // Nobody listens to the first any more: its packets are thrown away.
    until("the first one's level has gone", || {
        (sound(&ingest, station(1)) == Sound::Stopped).then_some(())
    });
    let lost = |n| ingest.feed(station(n)).unwrap().counters.losses.load(Ordering::Relaxed);
    assert_eq!((1..=6).map(lost).sum::<u64>(), 0, "no session ended for the sake of sound");
}

#[test]
fn a_sub_feed_is_received_without_its_sound() {
    let server = GstServer::start(&[
        "--mount",
        "/main=h264,640x360,8,sound=aac",
        "--mount",
        "/sub=h264,320x180,8,sound=aac",
    ]);
    let (main, sub) = (id(1, FeedKind::Main), id(1, FeedKind::Sub));
    let sources = vec![source(main, &server.url("/main")), source(sub, &server.url("/sub"))];
    let ingest = start(sources);
    until("pictures of the sub feed", || {
        let assessment = ingest.feed(sub)?.assess(SystemClock.mono(), ingest.pulse());
        assessment.last_unit.map(|_| ())
    });
    ingest.hear(Some(sub));
    time_passes(&ingest, sub);
    assert_eq!(sound(&ingest, sub), Sound::Unknown, "it is not even asked for");
    assert!(ingest.feed(main).is_none(), "the main feed is opened when somebody looks");
    ingest.show([main, sub].into());
    ingest.hear(Some(main));
    until("the main feed", || ingest.feed(main));
    level(&ingest, main, |reading| reading.rms_db > -22.0);
    let losses = ingest.feed(sub).unwrap().counters.losses.load(Ordering::Relaxed);
    assert_eq!(losses, 0, "the sub feed went on");
}

#[test]
fn with_too_many_stations_without_a_sub_feed_sound_is_not_asked_for() {
    let server = GstServer::start(&["--mount", "/1=h264,320x180,8,sound=pcma"]);
    let one = id(1, FeedKind::Main);
    let mut sources = vec![source(one, &server.url("/1"))];
    // Nothing listens at port 9.
    let nowhere = |n: usize| source(id(n as u32 + 2, FeedKind::Main), "rtsp://127.0.0.1:9/x");
    sources.extend((0..pollwall::ingest::SOUND_AT_MOST).map(nowhere));
    let ingest = start(sources);
    ingest.hear(Some(one));
    until("pictures", || {
        let assessment = ingest.feed(one)?.assess(SystemClock.mono(), ingest.pulse());
        assessment.last_unit.map(|_| ())
    });
    time_passes(&ingest, one);
    assert_eq!(sound(&ingest, one), Sound::TooMany);
}
