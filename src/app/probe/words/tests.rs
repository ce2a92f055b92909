use super::*;
use crate::app::probe::study::Timing;
use crate::health::Trouble;
use crate::ingest::Offer;
use crate::media::Traits;
use crate::text::Lang;

fn wrapped(lead: &str, words: &str) -> String {
    let mut out = Vec::new();
    wrap(&mut out, lead, words).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn long_words_are_broken_between_words_and_stay_under_each_other() {
    let long = "ə".repeat(30);
    let out = wrapped("• ", &format!("{long} {long} {long}"));
    assert_eq!(out, format!("• {long} {long}\n  {long}\n"));
    assert_eq!(wrapped("• ", &"x".repeat(100)), format!("• {}\n", "x".repeat(100)));
}

#[test]
fn numbers_are_written_as_the_language_does() {
    let (en, ru) = (Text::of(Lang::En), Text::of(Lang::Ru));
    assert_eq!((number(&en, 15.0), number(&en, 14.96)), ("15".into(), "15".into()));
    assert_eq!((number(&en, 29.97), number(&ru, 7.49)), ("30".into(), "7,5".into()));
    assert_eq!(number(&en, 123.4), "123");
    assert_eq!(span(&en, Duration::from_millis(40)), "40 ms");
    assert_eq!(span(&ru, Duration::from_millis(2400)), "2,4 с");
    assert_eq!(span(&en, Duration::from_secs(271)), "4:31");
    assert_eq!(bit_rate(&en, 399_600.0), "400 kbit/s");
    assert_eq!(bit_rate(&ru, 6_040_000.0), "6 Мбит/с");
    assert_eq!(size(&en, 7 << 20), "7 MiB");
}

fn findings(verdict: Verdict) -> Findings {
    Findings {
        url: "rtsp://10.0.0.7/main".to_owned(),
        has_login: false,
        verdict,
        timing: Timing::default(),
        offer: None,
        video: None,
        figures: None,
        clock_us: None,
        missed: 0,
    }
}

fn told(found: &Findings, remarks: &[Remark], lang: Lang) -> String {
    let mut out = Vec::new();
    write(&mut out, found, remarks, &Text::of(lang)).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_trouble_says_what_to_do_in_every_language_and_fits() {
    let troubles = [
        Trouble::NameNotFound,
        Trouble::Refused,
        Trouble::Unreachable,
        Trouble::ConnectTimedOut,
        Trouble::NoFirstFrame,
        Trouble::FramesStopped,
        Trouble::Closed,
        Trouble::SrtRejected,
        Trouble::NotFound,
        Trouble::AuthRejected,
        Trouble::AuthGivenUp,
        Trouble::Forbidden,
        Trouble::OwnLimit,
        Trouble::HostBusy,
        Trouble::Status(503),
        Trouble::UnsupportedCodec("vp8".to_owned()),
        Trouble::TooLarge { width: 9000, height: 9000 },
        Trouble::Undecodable,
        Trouble::NoKeyframe,
        Trouble::Protocol,
        Trouble::Internal,
    ];
    for lang in Lang::ALL {
        for trouble in &troubles {
            let out = told(&findings(Verdict::Fails(trouble.clone())), &[], lang);
            let lines: Vec<_> = out.lines().collect();
            assert!(lines[1].starts_with("✕ "), "{out}");
            assert!(lines.iter().any(|line| line.starts_with("→ ")), "{out}");
            assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{out}");
            // The wall's keys mean nothing here.
            assert!(!out.contains("R:"), "{out}");
        }
    }
}

#[test]
fn files_get_no_advice_about_cameras() {
    for trouble in [
        Trouble::NotFound,
        Trouble::Unreachable,
        Trouble::Protocol,
        Trouble::Undecodable,
        Trouble::UnsupportedCodec("vp8".to_owned()),
    ] {
        let mut found = findings(Verdict::Fails(trouble));
        found.url = "file:///films/hall.mp4".to_owned();
        let out = told(&found, &[], Lang::En);
        let advice = out.split("→ ").nth(1).unwrap().split("\n\n").next().unwrap();
        assert!(!advice.contains("camera"), "{out}");
    }
}

#[test]
fn a_login_that_is_missing_is_told_from_one_that_is_wrong() {
    let mut found = findings(Verdict::Fails(Trouble::AuthRejected));
    assert!(told(&found, &[], Lang::En).contains("pollwall probe -"));
    found.has_login = true;
    assert!(told(&found, &[], Lang::En).contains("Check user name and password"));
}

#[test]
fn figures_stand_in_a_column() {
    let mut found = findings(Verdict::Delivers);
    found.offer = Some(Offer {
        transport: "RTP/TCP".to_owned(),
        server: Some("GStreamer".to_owned()),
        frame_rate: None,
        audio: vec![AudioOffer { codec: "pcma".to_owned(), rate_hz: 8000, channels: Some(1) }],
    });
    found.video = Some(Video {
        codec: Codec::H265,
        width: 1920,
        height: 1080,
        sample_aspect: Some((4, 3)),
        traits: Traits {
            profile: Some("Main 10".to_owned()),
            level: Some("4.0".to_owned()),
            chroma: Some("4:2:0"),
            bits: Some(10),
            frame_rate: Some(25.0),
            interlaced: false,
        },
    });
    let out = told(&found, &[Remark::UseSub(1080), Remark::NoLogin], Lang::En);
    assert_eq!(
        out,
        "rtsp://10.0.0.7/main\n● delivers pictures\n\n\
        \x20 transport  RTP/TCP · GStreamer\n\
        \x20 picture    H.265 Main 10 · level 4.0 · 1920×1080 · pixels 4:3 · 4:2:0 ·\n\
        \x20            10 bit\n\
        \x20 sound      pcma, 8000 Hz, 1 channel\n\n\
        • 1080 rows are more than a tile shows. If the camera has a second, smaller\n\
        \x20 stream (640×360 at 15 pictures/s and 400 kbit/s), name it in the list as\n\
        \x20 “sub”: it is received all the time then, and this one only while the station\n\
        \x20 is large.\n\
        • The camera gives its pictures to everybody who asks. Set a user name and\n\
        \x20 password.\n"
    );
}
