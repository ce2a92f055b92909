//! The camera simulator as a child process, and a client that sees every byte of it.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{ChildStdin, Stdio};
use std::time::Duration;

use super::program::Home;
use super::{KillOnDrop, until, wait_for};

/// How long a camera may take to answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// `pollwall simulate`, running; ends with its owner.
pub(crate) struct Simulator {
    home: Home,
    child: KillOnDrop,
    input: Option<ChildStdin>,
    urls: Vec<(String, String)>,
}

impl Simulator {
    /// Starts it on a free port with a fault script, and waits until it is ready.
    pub(crate) fn start(args: &[&str], script: &str) -> Self {
        let home = Home::new();
        fs::write(home.path("faults.toml"), script).unwrap();
        let path = |name: &str| home.path(name).to_str().unwrap().to_owned();
        let mut command = home.command(&["simulate", "--port", "0", "--until-stdin-closes"]);
        command.args(["--list", &path("list.csv"), "--script", &path("faults.toml")]);
        command.args(["--log-opens", &path("opens"), "--stats", &path("stats")]);
        // Clips are made once for all tests.
        command.args(["--cache", concat!(env!("CARGO_TARGET_TMPDIR"), "/clips")]).args(args);
        let [out, err] = ["sim-out", "sim-err"].map(|n| File::create(home.path(n)).unwrap());
        let mut child = command.stdin(Stdio::piped()).stdout(out).stderr(err).spawn().unwrap();
        let input = child.stdin.take();
        let mut simulator = Self { home, child: KillOnDrop(child), input, urls: Vec::new() };
        let list = simulator.home.path("list.csv");
        simulator.alive("the list of cameras", |_| list.exists().then_some(()));
        simulator.urls = read_list(&fs::read_to_string(list).unwrap());
        simulator.alive("a script in force", |s| s.said().contains("strikes").then_some(()));
        simulator
    }

    /// Waits until `reached`, for as long as it runs.
    fn alive<T>(&mut self, what: &str, reached: impl Fn(&Self) -> Option<T>) -> T {
        let value = wait_for(|| {
            let value = reached(self);
            let ended = self.child.0.try_wait().unwrap();
            assert!(value.is_some() || ended.is_none(), "{what}: it ended: {}", self.said());
            value
        });
        value.unwrap_or_else(|| panic!("{what}: not seen: {}", self.said()))
    }

    /// The list of its cameras.
    pub(crate) fn list(&self) -> PathBuf {
        self.home.path("list.csv")
    }

    /// All its stations, in the list's order.
    pub(crate) fn stations(&self) -> Vec<String> {
        self.urls.iter().map(|(id, _)| id.clone()).collect()
    }

    /// The URL of a station's main stream, as in the list.
    pub(crate) fn url(&self, station: &str) -> &str {
        let found = self.urls.iter().find(|(id, _)| id == station);
        &found.unwrap_or_else(|| panic!("no station {station}")).1
    }

    /// The address of a station.
    pub(crate) fn address(&self, station: &str) -> SocketAddr {
        address(self.url(station))
    }

    /// Replaces the fault script, and waits until it is in force.
    pub(crate) fn set_script(&mut self, script: &str) {
        let before = self.taken();
        let fresh = self.home.path("faults.new");
        fs::write(&fresh, script).unwrap();
        fs::rename(fresh, self.home.path("faults.toml")).unwrap();
        self.alive("the new script", |s| (s.taken() > before).then_some(()));
    }

    /// How many scripts came into force.
    fn taken(&self) -> usize {
        self.said().matches("fault script strikes").count()
    }

    /// What it printed so far, both streams.
    pub(crate) fn said(&self) -> String {
        ["sim-out", "sim-err"].map(|n| fs::read_to_string(self.home.path(n)).unwrap()).concat()
    }

    /// The lines of its log of connections so far.
    pub(crate) fn opens(&self) -> Vec<serde_json::Value> {
        lines(&self.home.path("opens"))
    }

    /// The lines of its counters so far.
    pub(crate) fn stats(&self) -> Vec<serde_json::Value> {
        lines(&self.home.path("stats"))
    }

    /// Its process number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.0.id()
    }

    /// Closes its standard input and waits for its end; whether that was a success.
    pub(crate) fn end(&mut self) -> bool {
        self.input = None;
        until("the simulator's end", || self.child.0.try_wait().unwrap()).success()
    }
}

/// Host and port of an RTSP URL.
fn address(url: &str) -> SocketAddr {
    let host = url.trim_start_matches("rtsp://").split('/').next().unwrap();
    host.rsplit('@').next().unwrap().parse().unwrap()
}

/// Whole lines of JSON.
fn lines(path: &std::path::Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Stations and their main URLs; the URL is the only cell that begins so, whatever is quoted.
fn read_list(csv: &str) -> Vec<(String, String)> {
    let row = |line: &str| {
        let mut cells = line.split(',');
        let district = cells.next()?;
        let url = line.split(',').find(|cell| cell.starts_with("rtsp://"))?;
        let address = url.split("127.20.").nth(1)?;
        let station = address.split(['.', ':']).nth(1)?;
        Some((format!("{district}/{station}"), url.to_owned()))
    };
    csv.lines().skip(1).filter_map(row).collect()
}

/// A client of one camera.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    url: String,
    number: u32,
    /// Read, but not taken yet.
    bytes: Vec<u8>,
}

/// An answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

/// An interleaved packet.
#[derive(Debug, Clone)]
pub(crate) struct Packet {
    pub(crate) channel: u8,
    pub(crate) data: Vec<u8>,
}

impl Packet {
    pub(crate) fn marker(&self) -> bool {
        self.data[1] & 0x80 != 0
    }
    pub(crate) fn seq(&self) -> u16 {
        u16::from_be_bytes([self.data[2], self.data[3]])
    }
    pub(crate) fn timestamp(&self) -> u32 {
        u32::from_be_bytes(self.data[4..8].try_into().unwrap())
    }
    /// The H.264 type of the NAL unit, or of the one that it is a fragment of.
    pub(crate) fn nal(&self) -> u8 {
        match self.data[12] & 0x1f {
            28 => self.data[13] & 0x1f,
            kind => kind,
        }
    }
}

impl Client {
    /// Connects.
    pub(crate) fn connect(simulator: &Simulator, station: &str) -> Self {
        Self::of(simulator.url(station))
    }

    /// Connects to the camera at `url`.
    pub(crate) fn of(url: &str) -> Self {
        let stream = TcpStream::connect(address(url)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { stream, url: url.to_owned(), number: 0, bytes: Vec::new() }
    }

    /// Connects and plays.
    pub(crate) fn play(simulator: &Simulator, station: &str) -> Self {
        let mut client = Self::connect(simulator, station);
        let answer = client.try_to_play();
        assert_eq!(answer.status, 200, "{station}: {}", answer.text);
        client
    }

    /// Asks to play; gives the last answer.
    pub(crate) fn try_to_play(&mut self) -> Answer {
        let transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n";
        let setup = self.ask("SETUP", "/trackID=0", transport);
        if setup.status != 200 {
            return setup;
        }
        let session = setup.text.split("Session: ").nth(1).unwrap();
        let session = session.split([';', '\r']).next().unwrap();
        self.ask("PLAY", "", &format!("Session: {session}\r\n"))
    }

    /// Sends a request and reads its answer.
    pub(crate) fn ask(&mut self, method: &str, path: &str, headers: &str) -> Answer {
        self.send(method, path, headers);
        let end = loop {
            let end = self.bytes.windows(4).position(|w| w == b"\r\n\r\n");
            match end {
                Some(end) => break end + 4,
                None => assert!(self.read().unwrap() > 0, "the camera hung up"),
            }
        };
        let head = String::from_utf8(self.bytes.drain(..end).collect()).unwrap();
        let length = head.split("Content-Length: ").nth(1);
        let length = length.map_or(0, |l| l.split('\r').next().unwrap().parse().unwrap());
        while self.bytes.len() < length {
            assert!(self.read().unwrap() > 0, "the camera hung up");
        }
        let body = String::from_utf8(self.bytes.drain(..length).collect()).unwrap();
        Answer { status: head[9..12].parse().unwrap(), text: head + &body }
    }

    /// Sends a request.
    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &str) {
        self.number += 1;
        let (url, number) = (&self.url, self.number);
        let request = format!("{method} {url}{path} RTSP/1.0\r\nCSeq: {number}\r\n{headers}\r\n");
        self.stream.write_all(request.as_bytes()).unwrap();
    }

    /// Reads once, waiting.
    pub(crate) fn read(&mut self) -> std::io::Result<usize> {
        let mut buffer = [0; 65536];
        let count = self.stream.read(&mut buffer)?;
        self.bytes.extend_from_slice(&buffer[..count]);
        Ok(count)
    }

    /// Everything that is there already, taken or not.
    pub(crate) fn there(&mut self) -> &[u8] {
        self.stream.set_nonblocking(true).unwrap();
        loop {
            match self.read() {
                Ok(0) => break,
                Ok(_) => {}
                Err(e) if e.kind() == ErrorKind::WouldBlock => break,
                Err(e) => panic!("{e}"),
            }
        }
        self.stream.set_nonblocking(false).unwrap();
        &self.bytes
    }

    /// The next interleaved packet.
    pub(crate) fn packet(&mut self) -> Packet {
        loop {
            if let [b'$', channel, high, low, ..] = *self.bytes {
                let length = usize::from(u16::from_be_bytes([high, low]));
                if self.bytes.len() >= 4 + length {
                    let data = self.bytes[4..4 + length].to_vec();
                    self.bytes.drain(..4 + length);
                    return Packet { channel, data };
                }
            }
            let first = self.bytes.first();
            assert!(first.is_none_or(|b| *b == b'$'), "the stream is torn: {first:?}");
            assert!(self.read().unwrap() > 0, "the camera hung up");
        }
    }

    /// Takes the next packet or answer; whether it was an answer.
    pub(crate) fn rtp_or_answer(&mut self) -> bool {
        while self.bytes.is_empty() {
            assert!(self.read().unwrap() > 0, "the camera hung up");
        }
        if self.bytes[0] == b'$' {
            self.packet();
            return false;
        }
        while !self.bytes.windows(4).any(|w| w == b"\r\n\r\n") {
            assert!(self.read().unwrap() > 0, "the camera hung up");
        }
        let end = self.bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        self.bytes.drain(..end + 4);
        true
    }

    /// The next packet with a picture in it.
    pub(crate) fn rtp(&mut self) -> Packet {
        loop {
            let packet = self.packet();
            if packet.channel == 0 {
                return packet;
            }
        }
    }

    /// The packets of the next `count` pictures, from the next packet on.
    pub(crate) fn pictures(&mut self, count: usize) -> Vec<Packet> {
        let mut packets = Vec::new();
        let mut whole = 0;
        while whole < count {
            packets.push(self.rtp());
            whole += usize::from(packets.last().unwrap().marker());
        }
        packets
    }

    /// Bytes of a packet that did not come whole, behind those that did.
    pub(crate) fn half_a_packet(&self) -> usize {
        let mut rest = self.bytes.as_slice();
        while let [b'$', _, high, low, ..] = *rest {
            let length = 4 + usize::from(u16::from_be_bytes([high, low]));
            match rest.get(length..) {
                Some(next) => rest = next,
                None => break,
            }
        }
        rest.len()
    }

    /// How many bytes are there that are no packet.
    pub(crate) fn rubbish(&mut self) -> usize {
        let reports = |bytes: &[u8]| match bytes {
            [b'$', _, high, low, ..] => 4 + usize::from(u16::from_be_bytes([*high, *low])),
            _ => 0,
        };
        let bytes = self.there();
        bytes.len().saturating_sub(reports(bytes))
    }

    /// The packets with pictures in them that are there already.
    pub(crate) fn taken_pictures(&mut self) -> Vec<Packet> {
        let mut packets = Vec::new();
        while !self.there().is_empty() {
            packets.push(self.packet());
        }
        packets.retain(|packet| packet.channel == 0);
        packets
    }

    /// Waits until the camera hangs up; gives the error, if it was none of an orderly end.
    pub(crate) fn until_closed(&mut self) -> Option<ErrorKind> {
        loop {
            match self.read() {
                Ok(0) => return None,
                Ok(_) => {}
                Err(e) => return Some(e.kind()),
            }
        }
    }
}
