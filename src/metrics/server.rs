//! A small HTTP responder: `GET /metrics` and nothing else, on one thread.
//!
//! Bounds: so many connections at once (one more, and the oldest is dropped, so that somebody who
//! holds connections open keeps nobody out), so many bytes of request, so long for all of one
//! connection. A connection answers once. It reads of a request what it needs, its first line.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token, Waker};

use super::figures::Figures;
use super::page::{CONTENT_TYPE, page};
use super::process::Process;
use crate::clock::{Clock, Mono, lock};

/// The port where it listens unless told otherwise, in the range that Prometheus' exporters share
/// out among themselves.
pub const DEFAULT_PORT: u16 = 9464;

/// Connections at once. Prometheus uses one, or two for a moment.
const MOST_CONNECTIONS: usize = 8;

/// What comes after the request is thrown away up to here; who sends more is cut off.
const MOST_THROWN_AWAY: usize = 64 << 10;

/// Bytes of a request, its head and all.
const MOST_REQUEST: usize = 4096;

/// From a connection's beginning to its end, answer included.
const CONNECTION_WITHIN: Duration = Duration::from_secs(5);

/// After no descriptor was left for a connection.
const ACCEPT_AGAIN: Duration = Duration::from_secs(1);

const LISTENER: Token = Token(0);
const WAKER: Token = Token(1);
const FIRST_CONNECTION: usize = 2;

/// Where the newest figures lie.
#[derive(Debug, Default)]
pub struct Board {
    newest: Mutex<Option<Arc<Figures>>>,
}

impl Board {
    /// Puts figures there, over those before.
    pub fn publish(&self, figures: Figures) {
        let figures = Arc::new(figures);
        *lock(&self.newest) = Some(figures);
    }

    /// The newest figures.
    fn newest(&self) -> Option<Arc<Figures>> {
        lock(&self.newest).clone()
    }
}

/// Why nothing listens.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be opened.
    #[error("{address} cannot be opened")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The system gives no thread or descriptor.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

impl StartError {
    /// Always `Error`: what was asked for is not there.
    pub const fn severity(&self) -> log::Level {
        log::Level::Error
    }

    /// Whether the same may work in a moment: somebody else has the port now.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Listen { source, .. } if source.kind() == ErrorKind::AddrInUse)
    }
}

/// A responder that runs; it ends when dropped.
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    waker: Waker,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens at `address` (port 0: any that is free) and answers from `board`.
    ///
    /// # Errors
    /// [`StartError`]
    pub fn start(
        address: SocketAddr,
        board: Arc<Board>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let refused = |source| StartError::Listen { address, source };
        let mut listener = TcpListener::bind(address).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let poll = Poll::new().map_err(StartError::Thread)?;
        let registry = poll.registry();
        registry
            .register(&mut listener, LISTENER, Interest::READABLE)
            .map_err(StartError::Thread)?;
        let waker = Waker::new(registry, WAKER).map_err(StartError::Thread)?;
        let stop = Arc::new(AtomicBool::new(false));
        let mut desk = Desk {
            poll,
            listener,
            board,
            clock,
            stop: Arc::clone(&stop),
            connections: BTreeMap::new(),
            next: FIRST_CONNECTION,
            accept_again: None,
        };
        let thread = std::thread::Builder::new()
            .name("metrics".into())
            .spawn(move || desk.run())
            .map_err(StartError::Thread)?;
        Ok(Self { address, stop, waker, thread: Some(thread) })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        let Some(thread) = self.thread.take() else { return };
        // It waits for nothing but its sockets and this; unheard, it is left to the system.
        if self.waker.wake().is_ok() && thread.join().is_err() {
            log::error!("the thread that answers for figures had failed");
        }
    }
}

/// What a connection is about.
enum Stage {
    /// The request comes in.
    Asking(Vec<u8>),
    /// The answer goes out, from this byte on.
    Answering(Vec<u8>, usize),
    /// Answered; what the other side still says is thrown away until it has read the answer and
    /// hangs up. Closing at once would take the answer away from one that is still talking.
    Leaving(usize),
}

struct Connection {
    stream: TcpStream,
    stage: Stage,
    until: Mono,
}

/// The thread's own.
struct Desk {
    poll: Poll,
    listener: TcpListener,
    board: Arc<Board>,
    clock: Arc<dyn Clock>,
    stop: Arc<AtomicBool>,
    /// By token; the first is the oldest.
    connections: BTreeMap<usize, Connection>,
    next: usize,
    /// Accepting failed, and nothing will tell when it might work again.
    accept_again: Option<Mono>,
}

impl Desk {
    fn run(&mut self) {
        let mut events = Events::with_capacity(MOST_CONNECTIONS + FIRST_CONNECTION);
        loop {
            match self.poll.poll(&mut events, self.wait()) {
                Ok(()) => {}
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => {
                    log::error!("figures are told no more: {e}");
                    return;
                }
            }
            if self.stop.load(Ordering::Acquire) {
                return;
            }
            let now = self.clock.mono();
            for event in &events {
                match event.token() {
                    LISTENER => self.accept(now),
                    WAKER => {}
                    Token(at) => self.serve(at, now),
                }
            }
            if self.accept_again.is_some_and(|at| at <= now) {
                self.accept(now);
            }
            self.connections.retain(|_, connection| connection.until > now);
        }
    }

    fn wait(&self) -> Option<Duration> {
        let ends = self.connections.values().map(|connection| connection.until);
        let next = ends.chain(self.accept_again).min()?;
        // A millisecond more than needed: the poll rounds down, and would turn in circles.
        Some(next.since(self.clock.mono()) + Duration::from_millis(1))
    }

    /// Takes all who wait.
    fn accept(&mut self, now: Mono) {
        self.accept_again = None;
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => self.welcome(stream, now),
                Err(e) if e.kind() == ErrorKind::WouldBlock => return,
                // Gone again before it was taken: the next one.
                Err(e) if is_passing(&e) || e.kind() == ErrorKind::ConnectionAborted => {}
                Err(e) => {
                    log::warn!("nobody can ask for figures at the moment: {e}");
                    self.accept_again = Some(now + ACCEPT_AGAIN);
                    return;
                }
            }
        }
    }

    fn welcome(&mut self, mut stream: TcpStream, now: Mono) {
        let at = self.next;
        self.next += 1;
        let both = Interest::READABLE | Interest::WRITABLE;
        if let Err(e) = self.poll.registry().register(&mut stream, Token(at), both) {
            log::warn!("somebody who asks for figures cannot be heard: {e}");
            return;
        }
        if self.connections.len() >= MOST_CONNECTIONS {
            self.connections.pop_first();
        }
        let (stage, until) = (Stage::Asking(Vec::new()), now + CONNECTION_WITHIN);
        self.connections.insert(at, Connection { stream, stage, until });
    }

    fn serve(&mut self, at: usize, now: Mono) {
        let Some(connection) = self.connections.get_mut(&at) else { return };
        let board = &self.board;
        if connection.go_on(&|request| answer(request, board, now)).is_break() {
            self.connections.remove(&at);
        }
    }
}

/// Interrupted by a signal: the same may work at once.
fn is_passing(error: &io::Error) -> bool {
    error.kind() == ErrorKind::Interrupted
}

impl Connection {
    /// Does all that can be done without waiting; breaks when there is nothing left to do.
    fn go_on(&mut self, answer: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> ControlFlow<()> {
        let mut bytes = [0; 1024];
        loop {
            let done = match &mut self.stage {
                Stage::Asking(_) | Stage::Leaving(_) => self.stream.read(&mut bytes),
                Stage::Answering(out, sent) => self.stream.write(&out[*sent..]),
            };
            let count = match done {
                Ok(count) => count,
                Err(e) if e.kind() == ErrorKind::WouldBlock => return ControlFlow::Continue(()),
                Err(e) if is_passing(&e) => continue,
                // Whoever asked is gone.
                Err(_) => return ControlFlow::Break(()),
            };
            match &mut self.stage {
                _ if count == 0 => return ControlFlow::Break(()),
                Stage::Asking(request) => {
                    request.extend_from_slice(&bytes[..count]);
                    if let Some(out) = answer(request) {
                        self.stage = Stage::Answering(out, 0);
                    }
                }
                Stage::Answering(out, sent) => {
                    *sent += count;
                    if *sent == out.len() {
                        // An error means that the other side is gone: the next read says so.
                        let _ = self.stream.shutdown(Shutdown::Write);
                        self.stage = Stage::Leaving(0);
                    }
                }
                // Who goes on talking would keep this thread from everybody else, and from its end.
                Stage::Leaving(thrown_away) => {
                    *thrown_away += count;
                    if *thrown_away > MOST_THROWN_AWAY {
                        return ControlFlow::Break(());
                    }
                }
            }
        }
    }
}

/// The answer to a request; `None` while it is not whole.
fn answer(request: &[u8], board: &Board, now: Mono) -> Option<Vec<u8>> {
    let ends = |mark: &[u8]| request.windows(mark.len()).any(|part| part == mark);
    if !ends(b"\r\n\r\n") && !ends(b"\n\n") {
        let too_long = request.len() >= MOST_REQUEST;
        return too_long.then(|| plain("431 Request Header Fields Too Large", "", "too long\n"));
    }
    let line = request.split(|b| *b == b'\n').next().unwrap_or_default();
    let line = std::str::from_utf8(line).unwrap_or_default().trim_end();
    let mut words = line.split(' ');
    let (method, target, version) = (words.next(), words.next(), words.next());
    let is_http = version.is_some_and(|version| version.starts_with("HTTP/1."));
    let (Some(method), Some(target), true, None) = (method, target, is_http, words.next()) else {
        return Some(plain("400 Bad Request", "", "not understood\n"));
    };
    let path = target.split('?').next().unwrap_or_default();
    Some(match (path, method) {
        ("/metrics", "GET") => match board.newest() {
            Some(figures) => {
                respond("200 OK", "", CONTENT_TYPE, &page(&figures, &Process::now(), now))
            }
            None => plain("503 Service Unavailable", "", "nothing has been looked at yet\n"),
        },
        ("/", "GET") => plain("200 OK", "", "Pollwall: figures for Prometheus at /metrics\n"),
        ("/metrics" | "/", _) => plain("405 Method Not Allowed", "Allow: GET\r\n", "GET only\n"),
        _ => plain("404 Not Found", "", "only /metrics is here\n"),
    })
}

fn plain(status: &str, headers: &str, body: &str) -> Vec<u8> {
    respond(status, headers, "text/plain; charset=utf-8", body)
}

fn respond(status: &str, headers: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
         {headers}Cache-Control: no-store\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests;
