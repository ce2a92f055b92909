//! The test server is what the other tests take it for: checked by hand-written RTSP, so that a
//! fault of our own client cannot hide one of the server's.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "test code")]

mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use support::GstServer;

/// One connection that asks and reads answers.
struct Client {
    stream: BufReader<TcpStream>,
    sequence: u32,
}

struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    fn header(&self, wanted: &str) -> Option<&str> {
        let mut pairs = self.headers.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
    }
}

impl Client {
    fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self { stream: BufReader::new(stream), sequence: 0 }
    }

    fn ask(&mut self, method: &str, url: &str, headers: &str) -> Answer {
        self.sequence += 1;
        let sequence = self.sequence;
        let request = format!("{method} {url} RTSP/1.0\r\nCSeq: {sequence}\r\n{headers}\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        // Pictures may come before the answer to PLAY.
        while self.stream.fill_buf().unwrap().first() == Some(&b'$') {
            self.next_packet().unwrap();
        }
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.stream.read_line(&mut head).unwrap(), 0, "closed after {head:?}");
        }
        let (first, headers) = head.split_once("\r\n").unwrap();
        let status = first.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer { status, headers: headers.to_owned(), body: String::new() };
        let length = answer.header("Content-Length").map_or(0, |n| n.parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        answer.body = String::from_utf8(body).unwrap();
        answer
    }

    /// Sets up and plays the first track over this connection.
    fn play(&mut self, url: &str) {
        let described = self.ask("DESCRIBE", url, "Accept: application/sdp\r\n");
        assert_eq!(described.status, 200);
        let transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n";
        let setup = self.ask("SETUP", &format!("{url}/stream=0"), transport);
        assert_eq!(setup.status, 200, "{}", setup.headers);
        let session = setup.header("Session").unwrap().split(';').next().unwrap().to_owned();
        let play = self.ask("PLAY", url, &format!("Session: {session}\r\n"));
        assert_eq!(play.status, 200, "{}", play.headers);
    }

    /// The channel of the next interleaved packet: 0 RTP, 1 RTCP. None: the connection ended.
    fn next_packet(&mut self) -> Option<u8> {
        let mut head = [0; 4];
        self.stream.read_exact(&mut head).ok()?;
        assert_eq!(head[0], b'$');
        let mut packet = vec![0; usize::from(u16::from_be_bytes([head[2], head[3]]))];
        self.stream.read_exact(&mut packet).ok()?;
        Some(head[1])
    }
}

#[test]
fn each_codec_is_described_as_what_it_is() {
    let server = GstServer::start(&[
        "--mount",
        "/a=h264,320x180,15",
        "--mount",
        "/b=h265,320x180,10",
        "--mount",
        "/c=jpeg,320x240,10",
    ]);
    for (path, encoding) in [("/a", "H264/90000"), ("/b", "H265/90000"), ("/c", "JPEG/90000")] {
        let url = server.url(path);
        let answer =
            Client::connect(server.port()).ask("DESCRIBE", &url, "Accept: application/sdp\r\n");
        assert_eq!(answer.status, 200, "{path}");
        // JPEG has a payload type of its own, so its map may be left out.
        let named = answer.body.contains(encoding) || answer.body.contains("RTP/AVP 26");
        assert!(named, "{path}: {}", answer.body);
    }
    let unknown = server.url("/nowhere");
    let answer = Client::connect(server.port()).ask("DESCRIBE", &unknown, "");
    assert_eq!(answer.status, 404);
}

#[test]
fn a_killed_server_comes_back_on_its_port() {
    let mut server = GstServer::start(&["--mount", "/a=h264,320x180,15"]);
    let url = server.url("/a");
    let mut client = Client::connect(server.port());
    client.play(&url);
    while client.next_packet().expect("pictures come") != 0 {}
    server.kill();
    while client.next_packet().is_some() {}
    assert!(TcpStream::connect(("127.0.0.1", server.port())).is_err(), "nobody listens");
    server.restart();
    let mut again = Client::connect(server.port());
    again.play(&url);
    while again.next_packet().expect("pictures come again") != 0 {}
}

#[test]
fn commands_are_carried_out_and_wrong_ones_refused() {
    let mut server = GstServer::start(&["--mount", "/a=h264,320x180,15"]);
    let url = server.url("/a");
    let mut client = Client::connect(server.port());
    client.play(&url);
    assert_eq!(server.clients(), 1);
    server.kill_sessions();
    while client.next_packet().is_some() {}
    assert_eq!(server.clients(), 0);
    let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| server.pause("/b")));
    assert!(refused.is_err(), "there is no mount /b");
}

/// What a stall looks like on the wire: the control channel goes on, the pictures do not.
#[test]
fn a_paused_mount_keeps_its_session_and_sends_no_pictures() {
    let mut server = GstServer::start(&["--mount", "/a=h264,320x180,15"]);
    let mut client = Client::connect(server.port());
    client.play(&server.url("/a"));
    while client.next_packet().unwrap() != 0 {}
    server.pause("/a");
    // What was on its way still arrives; RTCP marks the time that has passed.
    while client.next_packet().unwrap() != 1 {}
    let pictures = std::iter::from_fn(|| client.next_packet().filter(|&channel| channel == 0));
    assert_eq!(pictures.count(), 0, "pictures between two reports of a paused mount");
    server.resume("/a");
    while client.next_packet().unwrap() != 0 {}
}

#[test]
fn passwords_are_asked_for_and_kept_out_of_argv() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("login");
    std::fs::write(&secret, "watcher:a secret\n").unwrap();
    let list = folder.path().join("list.csv");
    let server = GstServer::start(&[
        "--stations",
        "4",
        "--districts",
        "2",
        "--auth-file",
        secret.to_str().unwrap(),
        "--list",
        list.to_str().unwrap(),
    ]);
    let answer = Client::connect(server.port()).ask("DESCRIBE", &server.url("/23/1/sub"), "");
    assert_eq!(answer.status, 401);
    let challenge = answer.header("WWW-Authenticate").unwrap();
    assert!(challenge.starts_with("Digest "), "{challenge}");
    let text = std::fs::read_to_string(list).unwrap();
    assert_eq!(text.lines().count(), 5, "{text}");
    let url = format!("rtsp://watcher:a%20secret@127.0.0.1:{}/23/1/sub", server.port());
    assert!(text.contains(&url), "{text}");
}
