//! Playlists and servers that mean harm.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pollwall::health::{State, Trouble};
use pollwall::ingest::Limits;

use super::rig::{Rig, limits, source, with_login};
use super::support::ffmpeg::{H264, clip, free_udp_port};
use super::support::web::{Answer, Web};

const PLAYLIST: &str = "application/vnd.apple.mpegurl";

/// A playlist of one segment after the other.
fn playlist(segments: &[&str]) -> Vec<u8> {
    let head = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n";
    let parts = segments.iter().map(|segment| format!("#EXTINF:2.0,\n{segment}\n"));
    format!("{head}{}", parts.collect::<String>()).into_bytes()
}

#[test]
fn a_playlist_reaches_neither_files_nor_hosts_that_nobody_named() {
    let folder = tempfile::tempdir().unwrap();
    let ts = std::fs::read(clip(folder.path(), "secret.ts", H264)).unwrap();
    let file = folder.path().join("secret.ts").display().to_string();
    // Serves a good segment to anybody, and must not be asked by anybody but station 9.
    let segment = ts.clone();
    let other = Web::start(move |request| match request.path.as_str() {
        "/named.ts" | "/seg.ts" => Answer::Body("video/mp2t", segment.clone()),
        _ => Answer::Status("404 Not Found", ""),
    });
    let elsewhere = other.url("/seg.ts");
    let web = Web::start(move |request| {
        let lines: Vec<String> = match request.path.as_str() {
            "/good.m3u8" => vec!["good.ts".to_owned(); 3],
            "/file.m3u8" => vec![format!("file://{file}")],
            "/concat.m3u8" => vec![format!("concat:{file}")],
            "/passwd.m3u8" => vec!["file:///etc/passwd".to_owned()],
            "/host.m3u8" => vec![elsewhere.clone()],
            "/redirected.m3u8" => vec!["away.ts".to_owned()],
            "/good.ts" => return Answer::Body("video/mp2t", ts.clone()),
            "/away.ts" | "/away.m3u8" | "/away" => return Answer::Redirect(elsewhere.clone()),
            _ => return Answer::Status("404 Not Found", ""),
        };
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        Answer::Body(PLAYLIST, playlist(&lines))
    });
    let sources = ["/good", "/file", "/host", "/redirected", "/concat", "/passwd"];
    let mut sources: Vec<_> = sources
        .iter()
        .zip(1..)
        .map(|(path, station)| source(station, &web.url(&format!("{path}.m3u8"))))
        .collect();
    sources.push(with_login(source(7, &web.url("/away")), "ins", "topsecret"));
    let quick = Limits { first_frame: Duration::from_secs(5), ..limits() };
    let rig = Rig::start(sources, quick);
    rig.shows(1);
    for station in 2..=7 {
        rig.until(&format!("1/{station} is refused"), |rig| {
            (rig.losses(station) > 0).then_some(())
        });
        // The last kinds FFmpeg itself refuses, or passes over and waits for better ones.
        let (state, troubles) = match station {
            5 | 6 => (State::Offline, &[Trouble::NoFirstFrame, Trouble::Protocol][..]),
            _ => (State::Unsupported, &[Trouble::ForeignHost][..]),
        };
        let seen = rig.until_state(station, state);
        assert!(troubles.contains(&seen.trouble.clone().unwrap()), "1/{station}: {seen:?}");
        assert_eq!(seen.last_unit, None, "1/{station} showed what it must not reach");
    }
    // FFmpeg follows a redirect before we can look: one request may get there, without a login.
    let asked = other.asked(|request| (request.path.clone(), request.head.clone()));
    assert!(asked.iter().all(|(path, _)| path == "/seg.ts"), "{asked:?}");
    assert!(asked.iter().all(|(_, head)| !head.contains("Authorization")), "{asked:?}");
    let own = web.asked(|request| (request.path.clone(), request.head.contains("Authorization")));
    assert!(own.iter().all(|(path, login)| path == "/away" || !login), "{own:?}");
}

#[test]
fn a_playlist_may_lead_to_a_server_of_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let ts = clip(folder.path(), "a.ts", H264);
    let body = std::fs::read(&ts).unwrap();
    let cdn = Web::start(move |_| Answer::Body("video/mp2t", body.clone()));
    let segment = cdn.url("/part.ts");
    let web = Web::start(move |request| {
        if request.path == "/a.m3u8" {
            return Answer::Body(PLAYLIST, playlist(&[&segment, &segment, &segment]));
        }
        Answer::Redirect(segment.clone())
    });
    let rig = Rig::start(
        vec![
            with_login(source(1, &web.url("/a.m3u8")), "ins", "topsecret"),
            source(2, &web.url("/moved")),
            source(3, &cdn.url("/part.ts")),
        ],
        limits(),
    );
    for station in 1..=3 {
        rig.shows(station);
    }
    let logins = cdn.asked(|request| request.head.contains("Authorization"));
    assert!(!logins.contains(&true), "a login for one server went to another");
}

#[test]
fn who_says_nothing_or_next_to_nothing_is_given_up_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let ts = clip(folder.path(), "a.ts", H264);
    let web = Web::start(move |request| match request.path.as_str() {
        "/hang" => Answer::Hang,
        "/drip" => Answer::Drip("video/mp2t"),
        "/drip.m3u8" => Answer::Drip(PLAYLIST),
        "/page" => Answer::Body("text/html", b"<html>Log in</html>".repeat(200)),
        _ => Answer::Live("video/mp2t", ts.clone(), "-c copy -f mpegts"),
    });
    let quick =
        Limits { connect: Duration::from_secs(3), first_frame: Duration::from_secs(3), ..limits() };
    let silent_udp = format!("udp://127.0.0.1:{}", free_udp_port());
    let silent_srt = format!("srt://127.0.0.1:{}", free_udp_port());
    let rig = Rig::start(
        vec![
            source(1, &web.url("/hang")),
            source(2, &web.url("/drip")),
            source(3, &web.url("/drip.m3u8")),
            source(4, &web.url("/page")),
            source(5, &silent_udp),
            source(6, &silent_srt),
            source(7, &web.url("/live")),
        ],
        quick,
    );
    for (station, troubles) in [
        (1, &[Trouble::ConnectTimedOut][..]),
        (2, &[Trouble::NoFirstFrame]),
        (3, &[Trouble::NoFirstFrame]),
        (4, &[Trouble::Protocol]),
        (5, &[Trouble::NoFirstFrame]),
        (6, &[Trouble::ConnectTimedOut, Trouble::Unreachable, Trouble::Refused]),
    ] {
        let seen = rig.until(&format!("1/{station} is given up twice"), |rig| {
            (rig.losses(station) > 1).then(|| rig.assess(station))
        });
        assert!(troubles.contains(&seen.trouble.clone().unwrap()), "1/{station}: {seen:?}");
    }
    rig.shows(7);
    assert_eq!(rig.losses(7), 0, "the neighbour does not notice");
    assert_eq!(rig.ingest.stop(Duration::from_secs(2)), Vec::<String>::new());
}

/// Garbage, and a stream that is cut anywhere: at worst the session ends, and another begins.
#[test]
fn garbage_ends_at_worst_a_session() {
    let folder = tempfile::tempdir().unwrap();
    let ts = std::fs::read(clip(folder.path(), "a.ts", H264)).unwrap();
    let flv = std::fs::read(clip(folder.path(), "a.flv", H264)).unwrap();
    let mp4 = std::fs::read(clip(folder.path(), "a.mp4", H264)).unwrap();
    let round = Arc::new(AtomicUsize::new(0));
    let random = Mutex::new(fastrand_like(7));
    let count = Arc::clone(&round);
    let web = Web::start(move |request| {
        let (kind, clip) = match request.path.as_str() {
            "/ts" => ("video/mp2t", &ts),
            "/flv" => ("video/x-flv", &flv),
            _ => ("video/mp4", &mp4),
        };
        count.fetch_add(1, Ordering::SeqCst);
        let mut body = clip.clone();
        let mut random = random.lock().unwrap();
        for _ in 0..random(40) {
            let at = random(body.len());
            body[at] = u8::try_from(random(256)).unwrap();
        }
        body.truncate(body.len() - random(body.len() / 2));
        Answer::Body(kind, body)
    });
    let quick = Limits { first_frame: Duration::from_secs(3), ..limits() };
    let sources = ["/ts", "/flv", "/mp4"].iter().zip(1..);
    let rig = Rig::start(sources.map(|(path, n)| source(n, &web.url(path))).collect(), quick);
    rig.until("many rounds", |_| (round.load(Ordering::SeqCst) > 30).then_some(()));
    for station in 1..=3 {
        let internal = rig.assess(station).trouble == Some(Trouble::Internal);
        assert!(!internal && rig.losses(station) > 0, "1/{station}");
    }
}

/// Numbers below a bound, the same in every run (xorshift, G. Marsaglia 2003).
fn fastrand_like(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    }
}
