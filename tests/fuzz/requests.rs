//! What clients send to the simulator's cameras: damaged requests, reports and bodies. After each
//! the camera still answers everybody else.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pollwall::clock::SystemClock;
use pollwall::config::Login;
use pollwall::media::Codec;
use pollwall::simulate::clips::Format;
use pollwall::simulate::{Config, Simulator, country, host};

use super::campaign::campaign;
use super::mutate::mutated;

const PATIENCE: Duration = Duration::from_secs(60);

const SEEDS: &[&[u8]] = &[
    b"OPTIONS rtsp://h/main RTSP/1.0\r\nCSeq: 1\r\n\r\nDESCRIBE rtsp://h/main RTSP/1.0\r\nCSeq: 2\r\n\
      Accept: application/sdp\r\n\r\nSETUP rtsp://h/main/trackID=0 RTSP/1.0\r\nCSeq: 3\r\n\
      Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\nPLAY rtsp://h/main RTSP/1.0\r\nCSeq: 4\r\n\r\n",
    b"DESCRIBE rtsp://h/main RTSP/1.0\r\nCSeq: 2\r\nAuthorization: Basic b3A6cGFzcw==\r\n\r\n",
    b"DESCRIBE rtsp://h/main RTSP/1.0\r\nCSeq: 2\r\nAuthorization: Digest username=\"op\", realm=\"pollwall\", \
      nonce=\"00\", uri=\"rtsp://h/main\", response=\"00112233445566778899aabbccddeeff\"\r\n\r\n",
    b"$\x01\x00\x04RTCPGET_PARAMETER rtsp://h/main RTSP/1.0\r\nCSeq: 9\r\nSession: 7\r\nContent-Length: 3\r\n\r\nabc\
      TEARDOWN rtsp://h/main RTSP/1.0\r\nCSeq: 10\r\nSession: 7\r\n\r\n",
];

const WORDS: &[&str] = &[
    "\r\n",
    "\r\n\r\n",
    "\n\n",
    " ",
    "RTSP/1.0",
    "RTSP/2.0",
    "HTTP/1.1",
    "CSeq: ",
    "CSeq: 99999999999\r\n",
    "SETUP ",
    "PLAY ",
    "DESCRIBE ",
    "rtsp://",
    "/main",
    "/sub",
    "/trackID=0",
    "Transport: RTP/AVP;unicast;client_port=1-2\r\n",
    "interleaved=255-256",
    "interleaved=0",
    "Session: ",
    "Content-Length: 8192\r\n",
    "Content-Length: -1\r\n",
    "Authorization: Basic ",
    "Authorization: Digest ",
    "username=\"\u{0}\"",
    "nonce=\"",
    "\"",
    ",",
    "=",
    "$",
    "\u{0}\u{ff}",
    "Range: npt=now-\r\n",
    ":",
    "%",
];

/// Every connection is answered or closed, and the next one finds a camera.
pub(crate) fn requests(usual: u64) {
    let format = Format {
        codec: Codec::H264,
        width: 160,
        height: 90,
        frames_per_second: 1,
        bits_per_second: 10_000,
    };
    let places = country::places(2);
    let open = host::address(places[0].id).unwrap();
    let config = Config {
        places,
        port: 0,
        main: format,
        sub: None,
        bursts: true,
        logins: vec![Login { user: "op".into(), password: "pass".into() }],
        script: None,
        cache: Path::new(env!("CARGO_TARGET_TMPDIR")).join("clips"),
        stats: None,
        opens_log: None,
    };
    let simulator = Simulator::open(config, Arc::new(SystemClock), &mut |_, _| true).unwrap();
    let (port, handle) = (simulator.port(), simulator.handle());
    let serving = std::thread::Builder::new()
        .name("simulator".into())
        .spawn(move || simulator.run(&mut |_| {}))
        .unwrap();
    campaign("requests", usual, |round| {
        let bytes = mutated(&mut round.rng, SEEDS, WORDS);
        round.input(&bytes);
        let cut = round.rng.usize(..=bytes.len());
        let mut client = connect(open, port);
        // It may have closed already, as it should after nonsense.
        let _ = client.write_all(&bytes[..cut]).and_then(|()| client.write_all(&bytes[cut..]));
        let _ = client.shutdown(Shutdown::Write);
        let mut answers = Vec::new();
        let _ = client.read_to_end(&mut answers);
        assert!(
            answers.is_empty() || answers.starts_with(b"RTSP/1.0 ") || answers.starts_with(b"$"),
            "{answers:?}"
        );
        answers_others(open, port);
    });
    handle.stop();
    serving.join().unwrap().unwrap();
}

fn connect(address: Ipv4Addr, port: u16) -> TcpStream {
    let client = TcpStream::connect((address, port)).expect("the camera takes connections");
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    client
}

fn answers_others(address: Ipv4Addr, port: u16) {
    let mut client = connect(address, port);
    client.write_all(b"DESCRIBE rtsp://h/main RTSP/1.0\r\nCSeq: 2\r\nAuthorization: Basic b3A6cGFzcw==\r\n\r\n").unwrap();
    let mut status = [0; 12];
    client.read_exact(&mut status).expect("the camera answers");
    assert!(status.starts_with(b"RTSP/1.0 "), "{status:?}");
}
