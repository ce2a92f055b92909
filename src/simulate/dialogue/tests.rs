//! The dialogue as clients lead it, well and badly.

use proptest::prelude::*;

use super::*;

struct Camera {
    login: Option<Login>,
    rejects: bool,
}

impl Host for Camera {
    fn base(&self) -> &'static str {
        "rtsp://127.20.1.1:8554"
    }
    fn description(&self, kind: FeedKind) -> Option<String> {
        (kind == FeedKind::Main).then(|| "v=0\r\n".to_owned())
    }
    fn login(&self) -> Option<&Login> {
        self.login.as_ref()
    }
    fn rejects_logins(&self) -> bool {
        self.rejects
    }
    fn first_picture(&self, _: FeedKind) -> u32 {
        6000
    }
}

const OPEN: Camera = Camera { login: None, rejects: false };

struct Client {
    dialogue: Dialogue,
    number: u32,
    told: Vec<Told>,
}

impl Client {
    fn new() -> Self {
        Self { dialogue: Dialogue::new(7), number: 0, told: Vec::new() }
    }

    /// Asks; gives the status and the whole answer.
    fn ask(&mut self, camera: &Camera, method: &str, path: &str, headers: &str) -> (u16, String) {
        self.number += 1;
        let base = camera.base();
        let request =
            format!("{method} {base}{path} RTSP/1.0\r\nCSeq: {}\r\n{headers}\r\n", self.number);
        let mut out = Vec::new();
        self.dialogue.hear(request.as_bytes(), camera, &mut out, &mut self.told);
        let answer = String::from_utf8(out).unwrap();
        assert!(answer.contains(&format!("CSeq: {}\r\n", self.number)), "{answer}");
        (answer[9..12].parse().unwrap(), answer)
    }

    fn session(&self) -> String {
        format!("Session: {}\r\n", self.dialogue.session)
    }
}

const TCP: &str = "Transport: RTP/AVP/TCP;unicast;interleaved=2-3\r\n";

#[test]
fn a_client_that_knows_how_gets_its_pictures() {
    let mut client = Client::new();
    let (status, options) = client.ask(&OPEN, "OPTIONS", "/main", "");
    assert!(status == 200 && options.contains("GET_PARAMETER"));
    let (status, described) = client.ask(&OPEN, "DESCRIBE", "/main", "Accept: application/sdp\r\n");
    assert_eq!(status, 200);
    assert!(described.contains("Content-Base: rtsp://127.20.1.1:8554/main/\r\n"), "{described}");
    assert!(described.ends_with("Content-Length: 5\r\n\r\nv=0\r\n"), "{described}");
    let (status, setup) = client.ask(&OPEN, "SETUP", "/main/trackID=0", TCP);
    assert!(status == 200 && setup.contains("interleaved=2-3"), "{setup}");
    assert!(setup.contains(";timeout=60\r\n"), "{setup}");
    let session = client.session();
    let (status, playing) = client.ask(&OPEN, "PLAY", "/main/", &session);
    assert_eq!(status, 200);
    let Some(Told::Play(playback)) = client.told.last().cloned() else { panic!("no play") };
    assert_eq!((playback.kind, playback.channel), (FeedKind::Main, 2));
    let rtp = format!(
        "url=rtsp://127.20.1.1:8554/main/trackID=0;seq={};rtptime={}\r\n",
        playback.seq,
        playback.offset.wrapping_add(6000)
    );
    assert!(playing.contains(&rtp), "{playing}");
    assert_eq!(client.ask(&OPEN, "GET_PARAMETER", "/main/", &session).0, 200);
    assert_eq!(client.ask(&OPEN, "TEARDOWN", "/main/", &session).0, 200);
    assert_eq!(client.told.last(), Some(&Told::Close));
}

#[test]
fn what_cannot_be_granted_has_its_own_answer() {
    let mut client = Client::new();
    let udp = "Transport: RTP/AVP;unicast;client_port=5000-5001\r\n";
    assert_eq!(client.ask(&OPEN, "DESCRIBE", "/none", "").0, 404);
    assert_eq!(client.ask(&OPEN, "DESCRIBE", "/sub", "").0, 404);
    assert_eq!(client.ask(&OPEN, "PLAY", "/main", "").0, 455);
    assert_eq!(client.ask(&OPEN, "SETUP", "/main/trackID=0", udp).0, 461);
    assert_eq!(client.ask(&OPEN, "SETUP", "/main/trackID=0", "").0, 400);
    assert_eq!(client.ask(&OPEN, "SETUP", "/main/trackID=1", TCP).0, 404);
    assert_eq!(client.ask(&OPEN, "TEARDOWN", "/main", "").0, 454);
    assert_eq!(client.ask(&OPEN, "RECORD", "/main", "").0, 501);
    assert_eq!(client.ask(&OPEN, "SETUP", "/main/trackID=0", TCP).0, 200);
    assert_eq!(client.ask(&OPEN, "PLAY", "/main", "Session: 1\r\n").0, 454);
    assert_eq!(client.ask(&OPEN, "PLAY", "/main", "").0, 454);
    let session = client.session();
    assert_eq!(client.ask(&OPEN, "PLAY", "/main", &session).0, 200);
    assert_eq!(client.ask(&OPEN, "SETUP", "/main/trackID=0", TCP).0, 455);
    assert!(!client.told.contains(&Told::Close), "none of this ends the connection");
    let plays = client.told.iter().filter(|t| matches!(t, Told::Play(_))).count();
    assert_eq!(plays, 1);
}

#[test]
fn a_request_without_its_number_is_a_bad_one() {
    let mut out = Vec::new();
    let mut told = Vec::new();
    Dialogue::new(1).hear(b"OPTIONS * RTSP/1.0\r\n\r\n", &OPEN, &mut out, &mut told);
    assert!(out.starts_with(b"RTSP/1.0 400 "));
    out.clear();
    Dialogue::new(1).hear(b"HELLO\r\n\r\n", &OPEN, &mut out, &mut told);
    assert!(out.starts_with(b"RTSP/1.0 400 "));
    assert_eq!(told.last(), Some(&Told::Close));
}

#[test]
fn a_camera_with_a_login_challenges_and_one_that_rejects_lets_nobody_in() {
    let login = Login { user: "u".into(), password: "p".into() };
    for camera in
        [Camera { login: Some(login), rejects: false }, Camera { login: None, rejects: true }]
    {
        let mut client = Client::new();
        assert_eq!(client.ask(&camera, "OPTIONS", "/main", "").0, 200);
        for method in ["DESCRIBE", "SETUP", "PLAY"] {
            let (status, answer) = client.ask(&camera, method, "/main", TCP);
            assert_eq!(status, 401);
            assert!(answer.contains("WWW-Authenticate: Digest realm="), "{answer}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic_and_every_answer_is_rtsp(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (mut out, mut told) = (Vec::new(), Vec::new());
        Dialogue::new(1).hear(&bytes, &OPEN, &mut out, &mut told);
        prop_assert!(out.is_empty() || out.starts_with(b"RTSP/1.0 "));
    }

    #[test]
    fn pictures_go_out_only_after_setup_and_play(
        asked in prop::collection::vec((0usize..5, any::<bool>()), 0..12),
    ) {
        let mut client = Client::new();
        let mut is_set_up = false;
        for (method, names_session) in asked {
            let session = if names_session { client.session() } else { String::new() };
            let method = ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER"][method];
            let before = client.told.len();
            let (status, _) = client.ask(&OPEN, method, "/main", &(session + TCP));
            let plays = client.told[before..].iter().any(|t| matches!(t, Told::Play(_)));
            prop_assert!(!plays || (method == "PLAY" && is_set_up && names_session));
            is_set_up |= method == "SETUP" && status == 200;
        }
    }
}
