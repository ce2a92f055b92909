use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};

use super::super::figures::{DistrictStates, Histogram, Looks, Streams};
use super::*;
use crate::clock::{FakeClock, WallTime};

const ANYWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// How long a healthy server may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn figures() -> Figures {
    let empty = Histogram::of_seconds();
    Figures {
        recording: None,
        began: WallTime::default(),
        looked_at: Mono::default(),
        received_at: Mono::default(),
        machine_behind: false,
        districts: BTreeMap::from([(1, DistrictStates::default())]),
        streams: Streams {
            playing: 0,
            starts: 0,
            losses: 0,
            units: 0,
            skipped: 0,
            damaged: 0,
            decoded: 0,
            replaced: 0,
            decode_lateness: empty.clone(),
        },
        looks: Looks { taken: 1, lateness: empty },
        paint_lateness: None,
        sampler: None,
        journal: None,
        alarms: None,
    }
}

struct Rig {
    server: Server,
    board: Arc<Board>,
    clock: Arc<FakeClock>,
}

impl Rig {
    fn start() -> Self {
        let (board, clock) = (Arc::<Board>::default(), Arc::<FakeClock>::default());
        board.publish(figures());
        let there: Arc<dyn Clock> = Arc::<FakeClock>::clone(&clock);
        let server = Server::start(ANYWHERE, Arc::clone(&board), there).unwrap();
        Self { server, board, clock }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.server.address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        rest(&mut stream)
    }
}

fn rest(stream: &mut TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

const GET: &str = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn the_figures_are_told_and_their_age_is_that_of_the_moment() {
    let rig = Rig::start();
    rig.clock.advance(Duration::from_millis(1500));
    let answer = rig.ask(GET);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.contains("Content-Type: text/plain; version=0.0.4"), "{head}");
    assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
    assert!(body.contains("\npollwall_look_age_seconds 1.5\n"), "{body}");
    rig.board.publish(Figures { machine_behind: true, ..figures() });
    assert!(rig.ask(GET).contains("\npollwall_machine_behind 1\n"));
}

#[test]
fn everything_else_is_refused() {
    let rig = Rig::start();
    for (request, status) in [
        ("GET / HTTP/1.0\n\n", "200"),
        ("GET /metrics?format=x HTTP/1.1\r\n\r\n", "200"),
        ("GET /secrets HTTP/1.1\r\n\r\n", "404"),
        ("GET http://a/metrics HTTP/1.1\r\n\r\n", "404"),
        ("POST /metrics HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi", "405"),
        ("GET /metrics\r\n\r\n", "400"),
        ("GET /metrics HTTP/2.0\r\n\r\n", "400"),
        ("GET  /metrics HTTP/1.1\r\n\r\n", "400"),
        ("\r\n\r\n", "400"),
        ("\u{1}\u{2}é\n\n", "400"),
    ] {
        let answer = rig.ask(request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request:?}: {answer}");
    }
}

#[test]
fn before_the_first_look_there_is_nothing_to_tell() {
    let clock = Arc::new(FakeClock::default());
    let server = Server::start(ANYWHERE, Arc::default(), clock).unwrap();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(GET.as_bytes()).unwrap();
    assert!(rest(&mut stream).starts_with("HTTP/1.1 503 "));
}

#[test]
fn a_request_without_end_is_cut_off() {
    let rig = Rig::start();
    let mut stream = rig.connect();
    // More than is taken, while the answer is already on its way: it must not get lost.
    stream.write_all(&vec![b'x'; 3 * MOST_REQUEST]).unwrap();
    assert!(rest(&mut stream).starts_with("HTTP/1.1 431 "));
}

#[test]
fn whoever_holds_connections_open_keeps_nobody_out() {
    let rig = Rig::start();
    let mut held: Vec<TcpStream> = (0..3 * MOST_CONNECTIONS).map(|_| rig.connect()).collect();
    for stream in &mut held {
        // A write to one that was dropped already fails.
        let _ = stream.write_all(b"GET /metr");
    }
    assert!(rig.ask(GET).starts_with("HTTP/1.1 200 "));
    // The newest of them are still heard.
    let last = held.last_mut().unwrap();
    last.write_all(b"ics HTTP/1.1\r\n\r\n").unwrap();
    assert!(rest(last).starts_with("HTTP/1.1 200 "));
    // The first was put out for another.
    let mut byte = [0];
    assert!(!held[0].read(&mut byte).is_ok_and(|count| count > 0));
}

#[test]
fn a_connection_that_says_nothing_ends() {
    let rig = Rig::start();
    let mut silent = rig.connect();
    // Another one is answered, so the first has been taken by now.
    assert!(rig.ask(GET).starts_with("HTTP/1.1 200 "));
    rig.clock.advance(CONNECTION_WITHIN);
    // Something happens, so that the thread looks at its clock, which is not the system's.
    assert!(rig.ask(GET).starts_with("HTTP/1.1 200 "));
    assert_eq!(silent.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_taken_port_is_told_and_a_free_one_is_free_again() {
    let rig = Rig::start();
    let address = rig.server.address();
    let start = || Server::start(address, Arc::default(), Arc::new(FakeClock::default()));
    let error = start().err().expect("the port is taken");
    assert!(error.is_retryable() && error.to_string().contains(&address.port().to_string()));
    drop(rig);
    assert_eq!(start().unwrap().address(), address);
}

#[test]
fn who_goes_on_talking_after_the_answer_is_cut_off() {
    let rig = Rig::start();
    let mut stream = rig.connect();
    stream.write_all(GET.as_bytes()).unwrap();
    let answer = rest(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    // The clock stands still: it is not the five seconds that end this.
    let words = [b'x'; 1024];
    let most = MOST_THROWN_AWAY / words.len();
    for _ in 0..most {
        stream.write_all(&words).unwrap();
    }
    // What the system keeps on its way is bounded: sooner or later writing fails.
    let more = (0..64 * most).find(|_| stream.write_all(&words).is_err());
    assert!(more.is_some(), "nobody has hung up");
    assert!(rig.ask(GET).starts_with("HTTP/1.1 200 "), "others are answered");
}
