//! The serving thread: every door, connection and picture of the country.
//!
//! One thread waits for all sockets at once and wakes every ten milliseconds at most: then it
//! sends whatever pictures are due, each with one write that never blocks. See
//! `docs/decisions/0040-one-thread-serves-a-country.md`.

mod changes;
mod conn;
mod doors;
mod station;
mod traffic;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use mio::event::Event as Readiness;
use mio::{Events, Interest, Poll, Token, Waker};

use self::conn::Conn;
use self::station::Station;
use super::camera::Camera;
use super::clips::Format;
use super::country::Place;
use super::error::SimulateError;
use super::fault::Condition;
use super::play::Now;
use super::programme::{Programme, spec};
use super::stats::{Books, Rate, Totals};
use super::{check, host, watch};
use crate::clock::{Clock, Mono};
use crate::config::Login;
use crate::model::{FeedKind, StationId};

/// Pictures go out at multiples of this: a hundred wakes a second, not one for each picture.
const GRID_US: i64 = 10_000;

/// The longest wait.
const IDLE: Duration = Duration::from_secs(1);

/// What to simulate.
#[derive(Clone, Debug)]
pub struct Config {
    /// The stations, each with one camera.
    pub places: Vec<Place>,
    /// The port of all of them; 0 for one that is free.
    pub port: u16,
    /// The stream `/main`.
    pub main: Format,
    /// The stream `/sub`, if there is one.
    pub sub: Option<Format>,
    /// Whether joins begin with the last keyframe.
    pub bursts: bool,
    /// The cameras' logins, given out in turn; without any, everybody is let in.
    pub logins: Vec<Login>,
    /// The fault script; watched for changes.
    pub script: Option<PathBuf>,
    /// Where clips are kept.
    pub cache: PathBuf,
    /// A file for counters, as JSON lines.
    pub stats: Option<PathBuf>,
    /// A file for each connection and request, as JSON lines.
    pub opens_log: Option<PathBuf>,
}

/// What happens while it runs.
#[derive(Debug)]
pub enum Event {
    /// Every stream of every station has answered; the script's time begins.
    Ready(Vec<Stream>),
    /// A script is in force.
    ScriptTaken {
        /// How many stations it strikes.
        stricken: usize,
    },
    /// A changed script is not: the one before stays in force.
    ScriptRefused(SimulateError),
}

/// A stream that can be watched.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Whose.
    pub station: StationId,
    /// Which of its streams.
    pub kind: FeedKind,
    /// Where it is.
    pub address: Ipv4Addr,
    /// Where it is.
    pub port: u16,
    /// What it wants to be logged into with.
    pub login: Option<Login>,
}

impl Stream {
    /// Its URL, without its login.
    pub fn url(&self) -> String {
        format!("rtsp://{}:{}/{}", self.address, self.port, self.kind.as_str())
    }
}

/// Ends a running simulator from elsewhere.
#[derive(Clone, Debug)]
pub struct Handle {
    waker: Arc<Waker>,
    stop: Arc<AtomicBool>,
}

impl Handle {
    /// Asks it to end; it does at once.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
        // A simulator that cannot be woken looks by itself within a second.
        let _ = self.waker.wake();
    }
}

/// News from the other threads.
pub(super) enum News {
    /// Every stream answered, or one did not.
    Checked(Result<(), SimulateError>),
    /// The script's file changed.
    Script(Result<Programme, SimulateError>),
}

/// Sends news and wakes the serving thread.
#[derive(Clone)]
pub(super) struct Post {
    waker: Arc<Waker>,
    sender: Sender<News>,
    stop: Arc<AtomicBool>,
}

impl Post {
    /// `false` when nobody listens any more.
    pub(super) fn send(&self, news: News) -> bool {
        self.sender.send(news).is_ok() && self.waker.wake().is_ok()
    }

    /// Whether the simulator ends.
    pub(super) fn is_over(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

/// A country of cameras, its doors open. Nothing is served until [`Simulator::run`].
pub struct Simulator {
    config: Config,
    clock: Arc<dyn Clock>,
    poll: Poll,
    post: Post,
    news: Receiver<News>,
    port: u16,
    stations: Vec<Station>,
    conns: Vec<Option<Conn>>,
    free: Vec<usize>,
    next_serial: u64,
    programme: Programme,
    /// How the script looked when it was read.
    script: Option<watch::Look>,
    /// Whether faults are in force; before, every camera is healthy.
    is_ready: bool,
    /// When the programme began.
    began: Mono,
    now: Now,
    /// Sessions by when their next picture is due.
    due: BinaryHeap<Reverse<(Mono, usize, u64)>>,
    /// Stations by when their condition changes; those of earlier programmes are void.
    changes: BinaryHeap<Reverse<(Mono, usize, u32)>>,
    generation: u32,
    /// Doors that could not be opened or taken from, to be tried again.
    again: BTreeSet<usize>,
    /// When they are tried again.
    again_at: Mono,
    /// Connections that had more to read than their turn allowed.
    unread: Vec<(usize, u64)>,
    /// Connections to be closed, with their serial numbers.
    gone: Vec<(usize, u64)>,
    books: Books,
    scratch: Vec<u8>,
}

const WAKER: Token = Token(usize::MAX);

impl Simulator {
    /// Makes the clips and opens every door. `progress` is told how many clips are made, of how
    /// many, and says `false` to give up.
    ///
    /// # Errors
    /// The script or the clips are not to be had, or a port is not.
    pub fn open(
        config: Config,
        clock: Arc<dyn Clock>,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Self, SimulateError> {
        let script = config.script.as_deref().and_then(watch::look);
        let programme = Programme::load(&config, &super::programme::Reels::new(), progress)?;
        let poll = Poll::new().map_err(SimulateError::Poll)?;
        let waker = Waker::new(poll.registry(), WAKER).map_err(SimulateError::Poll)?;
        let (sender, news) = bounded(8);
        let post = Post { waker: Arc::new(waker), sender, stop: Arc::default() };
        let now = Now { mono: clock.mono(), wall_us: clock.wall().as_micros() };
        let books = Books::open(config.stats.as_deref(), config.opens_log.as_deref(), now.mono)?;
        let (port, listeners) = doors::open_all(&config)?;
        let mut stations = Vec::new();
        for (place, listener) in listeners.into_iter().enumerate() {
            stations.push(new_station(&config, &programme, place, port, listener, now.mono)?);
        }
        let mut simulator = Self {
            config,
            clock,
            poll,
            post,
            news,
            port,
            stations,
            conns: Vec::new(),
            free: Vec::new(),
            next_serial: 0,
            programme,
            script,
            is_ready: false,
            began: now.mono,
            now,
            due: BinaryHeap::new(),
            changes: BinaryHeap::new(),
            generation: 0,
            again: BTreeSet::new(),
            again_at: now.mono,
            unread: Vec::new(),
            gone: Vec::new(),
            books,
            scratch: Vec::new(),
        };
        for station in 0..simulator.stations.len() {
            simulator.register_door(station).map_err(SimulateError::Poll)?;
        }
        Ok(simulator)
    }

    /// Ends it from elsewhere.
    pub fn handle(&self) -> Handle {
        Handle { waker: Arc::clone(&self.post.waker), stop: Arc::clone(&self.post.stop) }
    }

    /// The port of every station.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Serves until it is told to end. Files are begun anew. `tell` is called on this thread, whose
    /// pictures wait meanwhile: it must not block.
    ///
    /// # Errors
    /// A station did not answer at the beginning, a file cannot be written, or the system does
    /// not let us wait.
    pub fn run(mut self, tell: &mut dyn FnMut(Event)) -> Result<Totals, SimulateError> {
        check::start(self.streams(), self.post.clone())?;
        let _watch = watch::start(
            &self.config,
            &self.programme.reels,
            self.script.clone(),
            self.post.clone(),
        )?;
        let mut events = Events::with_capacity(4096);
        let mut ended = Ok(());
        while ended.is_ok() && !self.post.is_over() {
            ended = self.turn(&mut events, tell);
        }
        self.post.stop.store(true, Ordering::Release);
        // A thread that wants to tell something now must not wait for us.
        while self.news.try_recv().is_ok() {}
        let (connections, sessions) = self.crowd();
        self.books.tell(connections, sessions, self.now.mono)?;
        self.books.flush()?;
        ended.map(|()| self.books.totals)
    }

    /// Waits for something to do and does it.
    fn turn(
        &mut self,
        events: &mut Events,
        tell: &mut dyn FnMut(Event),
    ) -> Result<(), SimulateError> {
        match self.poll.poll(events, Some(self.wait())) {
            Err(e) if e.kind() != std::io::ErrorKind::Interrupted => {
                return Err(SimulateError::Poll(e));
            }
            _ => {}
        }
        self.now = Now { mono: self.clock.mono(), wall_us: self.clock.wall().as_micros() };
        self.read_on()?;
        for event in &*events {
            self.respond(event)?;
        }
        while let Ok(news) = self.news.try_recv() {
            self.hear(news, tell)?;
        }
        self.change_conditions()?;
        self.send_pictures();
        self.try_again()?;
        self.close_the_gone()?;
        if self.now.mono >= self.books.due() {
            self.close_the_silent();
            let (connections, sessions) = self.crowd();
            self.books.tell(connections, sessions, self.now.mono)?;
        }
        self.books.flush()
    }

    /// How long nothing is to be done, up to the grid.
    fn wait(&self) -> Duration {
        if !self.unread.is_empty() {
            return Duration::ZERO;
        }
        let now = self.clock.mono();
        let picture = self.due.peek().map(|Reverse((due, ..))| *due);
        let change = self.changes.peek().map(|Reverse((due, ..))| *due);
        let again = (!self.again.is_empty()).then_some(self.again_at);
        let next = [picture, change, again, Some(self.books.due())].into_iter().flatten().min();
        let Some(next) = next else { return IDLE };
        let next = next.max(now).as_micros();
        let on_grid = (next / GRID_US + 1) * GRID_US;
        Mono::from_micros(on_grid).since(now).min(IDLE)
    }

    fn respond(&mut self, event: &Readiness) -> Result<(), SimulateError> {
        if event.token() == WAKER {
            return Ok(());
        }
        let Token(at) = event.token();
        if at < self.stations.len() {
            return self.take_connections(at);
        }
        let slot = at - self.stations.len();
        if event.is_writable() {
            self.write(slot);
        }
        if event.is_readable() || event.is_read_closed() || event.is_error() {
            self.read(slot)?;
        }
        Ok(())
    }

    fn hear(&mut self, news: News, tell: &mut dyn FnMut(Event)) -> Result<(), SimulateError> {
        match news {
            News::Checked(checked) => {
                checked?;
                self.is_ready = true;
                self.books.begin(self.now.mono);
                for station in &mut self.stations {
                    station.opens = Rate::default();
                }
                self.begin_programme();
                tell(Event::Ready(self.streams()));
                if self.config.script.is_some() {
                    tell(Event::ScriptTaken { stricken: self.programme.schedule.stricken() });
                }
            }
            News::Script(Ok(programme)) => {
                self.programme = programme;
                if self.is_ready {
                    self.begin_programme();
                    tell(Event::ScriptTaken { stricken: self.programme.schedule.stricken() });
                }
            }
            News::Script(Err(error)) => tell(Event::ScriptRefused(error)),
        }
        Ok(())
    }

    /// Every stream there is.
    fn streams(&self) -> Vec<Stream> {
        let of = |station: &Station| {
            let kinds = [Some(FeedKind::Main), station.sub.as_ref().map(|_| FeedKind::Sub)];
            let stream = |kind| Stream {
                station: station.id,
                kind,
                address: station.address,
                port: self.port,
                login: station.login.clone(),
            };
            kinds.into_iter().flatten().map(stream).collect::<Vec<_>>()
        };
        self.stations.iter().flat_map(of).collect()
    }

    /// Open connections, and those that play.
    fn crowd(&self) -> (usize, usize) {
        let open = self.conns.iter().flatten();
        let sessions = open.clone().filter(|conn| conn.play.is_some()).count();
        (open.count(), sessions)
    }

    /// Makes the system tell us who knocks at a door.
    fn register_door(&mut self, station: usize) -> std::io::Result<()> {
        let listener = self.stations[station].listener.as_mut();
        listener.map_or(Ok(()), |listener| {
            self.poll.registry().register(listener, Token(station), Interest::READABLE)
        })
    }
}

fn new_station(
    config: &Config,
    programme: &Programme,
    place: usize,
    port: u16,
    listener: mio::net::TcpListener,
    now: Mono,
) -> Result<Station, SimulateError> {
    let id = config.places[place].id;
    let address = host::address(id).ok_or(SimulateError::NoAddress(id))?;
    let phase = Duration::from_micros(host::phase_us(id));
    let camera = |format: Format| {
        let spec = spec(id, format, &Condition::default());
        let reel = programme.reels.get(&spec).cloned();
        reel.map(|reel| Camera::new(reel, now, phase)).ok_or(SimulateError::NoClip(id))
    };
    Ok(Station {
        id,
        address,
        base: format!("rtsp://{address}:{port}"),
        listener: Some(listener),
        plugs: Vec::new(),
        main: camera(config.main)?,
        sub: config.sub.map(camera).transpose()?,
        login: match config.logins.as_slice() {
            [] => None,
            logins => Some(logins[place % logins.len()].clone()),
        },
        condition: Condition::default(),
        conns: Vec::new(),
        opens: Rate::default(),
        stands_since: None,
    })
}
