//! Hundreds of cameras in one thread: plain loopback sockets that speak just enough RTSP, count
//! who knocks, and misbehave when told to. Their pictures are arrivals only: nothing to decode.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use pollwall::clock::{Clock, Mono, SystemClock};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How a camera answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Plays.
    Plays,
    /// Takes the connection and never answers.
    Holds,
    /// Closes every connection.
    Closes,
    /// Rejects every login (401).
    Rejects,
    /// Knows the login and refuses all the same (403).
    Refuses,
    /// Answers PLAY and sends no picture.
    Mute,
}

/// What one camera has seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// When connections were taken.
    pub(crate) knocks: Vec<Mono>,
    /// Requests that brought a login.
    pub(crate) logins: usize,
    /// Answers to PLAY.
    pub(crate) plays: usize,
    /// Connections that are open now.
    pub(crate) open: usize,
}

#[derive(Default)]
struct State {
    seen: HashMap<SocketAddr, Seen>,
    /// Attempts under way by host: knocked and not playing yet.
    opening: HashMap<IpAddr, usize>,
    /// The most there ever were at any host.
    most_opening: usize,
}

/// Cameras on addresses of their own; gone when dropped.
pub(crate) struct Cameras {
    addresses: Vec<SocketAddr>,
    manners: Vec<watch::Sender<Manner>>,
    state: Arc<Mutex<State>>,
    end: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Cameras {
    /// `hosts` addresses with `ports` cameras each, all of this manner. `net` keeps tests apart:
    /// the addresses are 127.`net`.x.y.
    pub(crate) fn start(net: u8, hosts: usize, ports: usize, manner: Manner) -> Self {
        let state = Arc::<Mutex<State>>::default();
        let (manners, heard): (Vec<_>, Vec<_>) =
            (0..hosts * ports).map(|_| watch::channel(manner)).unzip();
        let (tell, told) = std::sync::mpsc::sync_channel(1);
        let (end, ended) = tokio::sync::oneshot::channel();
        let shared = Arc::clone(&state);
        let thread = std::thread::Builder::new().name("cameras".into()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async move {
                let mut addresses = Vec::new();
                for (index, manner) in heard.into_iter().enumerate() {
                    let host = u8::try_from(index / ports % 250).unwrap() + 1;
                    let page = u8::try_from(index / ports / 250).unwrap();
                    let ip = Ipv4Addr::new(127, net, page, host);
                    let listener = TcpListener::bind((ip, 0)).await.unwrap();
                    addresses.push(listener.local_addr().unwrap());
                    tokio::spawn(camera(listener, manner, Arc::clone(&shared)));
                }
                tell.send(addresses).unwrap();
                let _ = ended.await;
            });
        });
        let addresses = told.recv().unwrap();
        Self { addresses, manners, state, end: Some(end), thread: Some(thread.unwrap()) }
    }

    pub(crate) fn url(&self, index: usize) -> String {
        format!("rtsp://{}/live", self.addresses[index])
    }

    /// From now on, and for connections that are open: one that [`Manner::Holds`] goes on.
    pub(crate) fn set(&self, index: usize, manner: Manner) {
        self.manners[index].send_replace(manner);
    }

    pub(crate) fn seen(&self, index: usize) -> Seen {
        self.lock().seen.get(&self.addresses[index]).cloned().unwrap_or_default()
    }

    /// Every knock at any camera, in order of time: when, and whose.
    pub(crate) fn knocks(&self) -> Vec<(Mono, usize)> {
        let state = self.lock();
        let mut knocks: Vec<_> = self
            .addresses
            .iter()
            .enumerate()
            .flat_map(|(index, address)| {
                let seen = state.seen.get(address);
                seen.into_iter().flat_map(|s| &s.knocks).map(move |at| (*at, index))
            })
            .collect();
        knocks.sort_unstable();
        knocks
    }

    /// Connections that are open now, at all cameras.
    pub(crate) fn open(&self) -> usize {
        self.lock().seen.values().map(|seen| seen.open).sum()
    }

    /// The most attempts that were ever under way at once at any host.
    pub(crate) fn most_opening(&self) -> usize {
        self.lock().most_opening
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for Cameras {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn camera(listener: TcpListener, manner: watch::Receiver<Manner>, state: Arc<Mutex<State>>) {
    let address = listener.local_addr().unwrap();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let now = SystemClock.mono();
        {
            let mut state = state.lock().unwrap();
            let seen = state.seen.entry(address).or_default();
            seen.knocks.push(now);
            seen.open += 1;
            let opening = state.opening.entry(address.ip()).or_default();
            *opening += 1;
            let opening = *opening;
            state.most_opening = state.most_opening.max(opening);
        }
        let mut caller = Caller {
            stream,
            address,
            manner: manner.clone(),
            state: Arc::clone(&state),
            opening: true,
        };
        tokio::spawn(async move {
            // A caller that hangs up ends it.
            let _ = caller.serve().await;
        });
    }
}

struct Caller {
    stream: TcpStream,
    address: SocketAddr,
    manner: watch::Receiver<Manner>,
    state: Arc<Mutex<State>>,
    /// Has not got an answer to PLAY yet.
    opening: bool,
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.opened();
        let mut state = self.state.lock().unwrap();
        state.seen.entry(self.address).or_default().open -= 1;
    }
}

/// Between two pictures.
const PICTURE_EVERY: Duration = Duration::from_millis(200);

impl Caller {
    fn note(&self, f: impl FnOnce(&mut Seen)) {
        f(self.state.lock().unwrap().seen.entry(self.address).or_default());
    }

    fn opened(&mut self) {
        if std::mem::take(&mut self.opening) {
            *self.state.lock().unwrap().opening.entry(self.address.ip()).or_default() -= 1;
        }
    }

    async fn serve(&mut self) -> std::io::Result<()> {
        let mut heard = Vec::new();
        let mut playing = false;
        let mut sequence = 0_u16;
        let mut tick = tokio::time::interval(PICTURE_EVERY);
        loop {
            let manner = *self.manner.borrow_and_update();
            if manner == Manner::Closes {
                return Ok(());
            }
            if manner != Manner::Holds
                && let Some(end) = heard.windows(4).position(|w| w == b"\r\n\r\n")
            {
                let request: Vec<u8> = heard.drain(..end + 4).collect();
                playing |= self.answer(&String::from_utf8_lossy(&request), manner).await?;
                continue;
            }
            tokio::select! {
                changed = self.manner.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                }
                readable = self.stream.readable() => {
                    readable?;
                    let mut bytes = [0; 4096];
                    match self.stream.try_read(&mut bytes) {
                        Ok(0) => return Ok(()),
                        Ok(n) => heard.extend_from_slice(&bytes[..n]),
                        Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {}
                        Err(e) => return Err(e),
                    }
                }
                _ = tick.tick(), if playing && manner == Manner::Plays => {
                    sequence = sequence.wrapping_add(1);
                    self.write(&picture(sequence)).await?;
                }
            }
        }
    }

    /// Whether it plays from now on.
    async fn answer(&mut self, request: &str, manner: Manner) -> std::io::Result<bool> {
        let header = |name: &str| {
            request.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned()
        };
        let number = header("CSeq: ");
        let with_login = !header("Authorization: ").is_empty();
        if with_login {
            self.note(|seen| seen.logins += 1);
        }
        let method = request.split(' ').next().unwrap_or_default().to_owned();
        let (status, headers, body) = match (manner, method.as_str()) {
            (Manner::Rejects, _) => {
                ("401 Unauthorized", "WWW-Authenticate: Basic realm=\"c\"\r\n".to_owned(), "")
            }
            (Manner::Refuses, _) => ("403 Forbidden", String::new(), ""),
            (_, "DESCRIBE") => {
                let length = format!(
                    "Content-Type: application/sdp\r\nContent-Length: {}\r\n",
                    DESCRIPTION.len()
                );
                ("200 OK", length, DESCRIPTION)
            }
            (_, "SETUP") => {
                let transport = header("Transport: ");
                ("200 OK", format!("Session: 7\r\nTransport: {transport}\r\n"), "")
            }
            (_, "PLAY") => {
                self.opened();
                self.note(|seen| seen.plays += 1);
                ("200 OK", "Session: 7\r\n".to_owned(), "")
            }
            _ => ("200 OK", "Session: 7\r\n".to_owned(), ""),
        };
        let answer = format!("RTSP/1.0 {status}\r\nCSeq: {number}\r\n{headers}\r\n{body}");
        self.write(answer.as_bytes()).await?;
        Ok(method == "PLAY" && status == "200 OK")
    }

    async fn write(&mut self, mut bytes: &[u8]) -> std::io::Result<()> {
        while !bytes.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(bytes) {
                Ok(n) => bytes = &bytes[n..],
                Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }
}

/// One stream of H.264, 640×360.
const DESCRIPTION: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=camera\r\nt=0 0\r\n\
    m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n\
    a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAFtkAoC/5cBEAAAMAAQAAAwAeDxYuSA==,aMuDyyA=\r\n\
    a=control:track\r\n";

/// A predicted picture in one interleaved RTP packet.
fn picture(sequence: u16) -> Vec<u8> {
    let time = u32::from(sequence) * 18_000;
    let mut packet = vec![b'$', 0, 0, 32, 0x80, 0xe0];
    packet.extend(sequence.to_be_bytes());
    packet.extend(time.to_be_bytes());
    packet.extend(0x0051_e57e_u32.to_be_bytes());
    packet.extend([0x41]);
    packet.resize(4 + 32, 0x55);
    packet
}
