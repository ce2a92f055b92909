//! A camera in this process that sends whatever a test makes up: every answer and every packet is
//! the test's. One thread a connection; gone with its last client when dropped.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pollwall::media::Codec;

use super::clip::{Clip, TICKS, payloads};

/// A client that says nothing for this long is hung up on.
const SILENCE: Duration = Duration::from_secs(30);

/// One step of a conversation after PLAY was answered.
pub(crate) enum Step {
    /// Bytes, at once.
    Send(Vec<u8>),
    /// A wait.
    Wait(Duration),
}

/// Answers a method and its number; hangs up where there is nothing to answer.
pub(crate) type Answer = Box<dyn FnMut(&str, &str) -> Option<Vec<u8>> + Send>;

/// What one connection gets.
pub(crate) struct Conversation {
    /// What it is answered.
    pub(crate) answer: Answer,
    /// What comes after PLAY. Then it hangs up.
    pub(crate) stream: Box<dyn Iterator<Item = Step> + Send>,
    /// How long it waits for a request.
    pub(crate) patience: Duration,
}

/// Makes a conversation for a path and the connection's number.
pub(crate) type Script = Arc<dyn Fn(&str, u64) -> Conversation + Send + Sync>;

/// The camera.
pub(crate) struct HostileCamera {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    script: Script,
    connections: AtomicU64,
    ended: AtomicU64,
    over: AtomicBool,
}

impl HostileCamera {
    pub(crate) fn start(script: Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            script,
            connections: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            over: AtomicBool::new(false),
        });
        let hall = Arc::clone(&shared);
        spawn("hostile", move || {
            for caller in listener.incoming().map_while(Result::ok) {
                if hall.over.load(Ordering::Acquire) {
                    break;
                }
                let shared = Arc::clone(&hall);
                spawn("hostile-talk", move || {
                    let number = shared.connections.fetch_add(1, Ordering::AcqRel);
                    // A client that hangs up ends it.
                    let _ = talk(caller, number, &shared);
                    shared.ended.fetch_add(1, Ordering::AcqRel);
                });
            }
        });
        Self { port, shared }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("rtsp://127.0.0.1:{}{path}", self.port)
    }

    /// Conversations that are over.
    pub(crate) fn ended(&self) -> u64 {
        self.shared.ended.load(Ordering::Acquire)
    }
}

impl Drop for HostileCamera {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        // The listener looks only when somebody knocks.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).unwrap();
}

fn talk(mut caller: TcpStream, number: u64, shared: &Shared) -> std::io::Result<()> {
    caller.set_read_timeout(Some(SILENCE))?;
    caller.set_write_timeout(Some(SILENCE))?;
    caller.set_nodelay(true)?;
    let mut heard = Vec::new();
    let mut conversation: Option<Conversation> = None;
    loop {
        let Some(request) = next_request(&mut caller, &mut heard)? else { return Ok(()) };
        let mut words = request.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let path = words.next().and_then(|url| url.splitn(4, '/').nth(3)).unwrap_or_default();
        let conversation = match &mut conversation {
            Some(conversation) => conversation,
            none => {
                let begun = (shared.script)(&format!("/{path}"), number);
                caller.set_read_timeout(Some(begun.patience))?;
                none.insert(begun)
            }
        };
        let header = |name: &str| request.lines().find_map(|line| line.strip_prefix(name));
        let sequence = header("CSeq: ").unwrap_or("0");
        let Some(answer) = (conversation.answer)(&method, sequence) else { return Ok(()) };
        caller.write_all(&answer)?;
        if method == "PLAY" {
            break;
        }
    }
    let Some(conversation) = conversation else { return Ok(()) };
    // Nothing is ever sent: this is the wait alone.
    let (_never, nothing) = sync_channel::<()>(0);
    for step in conversation.stream {
        if shared.over.load(Ordering::Acquire) {
            break;
        }
        match step {
            Step::Send(bytes) => caller.write_all(&bytes)?,
            Step::Wait(wait) => drop(nothing.recv_timeout(wait)),
        }
    }
    Ok(())
}

/// The next request's head; bodies are not expected.
fn next_request(caller: &mut TcpStream, heard: &mut Vec<u8>) -> std::io::Result<Option<String>> {
    loop {
        if let Some(end) = heard.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = heard.drain(..end + 4).collect();
            return Ok(String::from_utf8(head).ok());
        }
        let mut bytes = [0; 4096];
        match caller.read(&mut bytes)? {
            0 => return Ok(None),
            n => heard.extend_from_slice(&bytes[..n]),
        }
    }
}

/// The answer of a well-behaved camera that films `clip`.
pub(crate) fn well_behaved(clip: &Clip, method: &str, sequence: &str) -> Vec<u8> {
    let (headers, body) = match method {
        "OPTIONS" => {
            ("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n".to_owned(), String::new())
        }
        "DESCRIBE" => {
            let sets: Vec<String> = clip.sets.iter().map(|set| STANDARD.encode(set)).collect();
            assert_eq!(clip.codec, Codec::H264);
            let body = format!(
                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n\
                 a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets={}\r\n\
                 a=control:trackID=0\r\n",
                sets.join(",")
            );
            ("Content-Type: application/sdp\r\n".to_owned(), body)
        }
        "SETUP" => {
            let transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=0051E57E\r\n";
            (format!("Session: 7;timeout=60\r\n{transport}"), String::new())
        }
        _ => ("Session: 7\r\n".to_owned(), String::new()),
    };
    let length =
        if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!("RTSP/1.0 200 OK\r\nCSeq: {sequence}\r\n{headers}{length}\r\n{body}").into_bytes()
}

/// The counters of an RTP session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rtp {
    /// Of the next packet.
    pub(crate) sequence: u16,
    /// Of the next picture.
    pub(crate) time: u32,
}

impl Rtp {
    /// A packet in its frame; `marker`: the picture's last.
    pub(crate) fn packet(&mut self, marker: bool, payload: &[u8]) -> Vec<u8> {
        let length = u16::try_from(12 + payload.len()).unwrap();
        let mut packet = vec![b'$', 0];
        packet.extend_from_slice(&length.to_be_bytes());
        packet.extend_from_slice(&[0x80, 96 | u8::from(marker) << 7]);
        packet.extend_from_slice(&self.sequence.to_be_bytes());
        packet.extend_from_slice(&self.time.to_be_bytes());
        packet.extend_from_slice(&0x0051_e57e_u32.to_be_bytes());
        packet.extend_from_slice(payload);
        self.sequence = self.sequence.wrapping_add(1);
        packet
    }

    /// The packets of a clip's picture.
    pub(crate) fn picture(&mut self, clip: &Clip, number: usize) -> Vec<Vec<u8>> {
        let picture = &clip.pictures[number % clip.pictures.len()];
        let payloads = payloads(picture, &clip.sets);
        let packets =
            payloads.iter().map(|(marker, payload)| self.packet(*marker, payload)).collect();
        self.time = self.time.wrapping_add(TICKS);
        packets
    }
}
