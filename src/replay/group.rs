//! Many feeds on one clock: the players, the threads that decode for them, and what each has for the
//! moment.
//!
//! The screen calls [`Group::tick`] before each paint; it never waits for a disk or a decoder. When a
//! picture that is wanted has come, the waker is called.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, RwLock};
use std::thread::JoinHandle;

use super::clock::PlaybackClock;
use super::footage::Piece;
use super::player::{Player, Status};
use super::ring::{Mode, Shot, Want};
use crate::clock::{Clock, Mono, lock, read, write};
use crate::frame::Mailbox;

/// Unblocks whoever paints; may be called from any thread.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Decoded pictures take at most this much memory, all feeds together.
pub const BUDGET_BYTES: usize = 512 << 20;

/// While it plays, pictures are decoded so far ahead, in microseconds of real time.
const AHEAD_US: f64 = 400_000.0;

/// While it stands, so far, for the next steps.
const STANDING_AHEAD_US: i64 = 300_000;

/// Above this share of all cores only keyframes are decoded, and below the second everything again.
const KEYFRAMES_ABOVE: f64 = 0.85;
const ALL_BELOW: f64 = 0.7;

/// From this speed on only keyframes are decoded, whatever the machine can do: at 16 times the speed
/// fifteen pictures a second are fewer than what a screen shows.
const KEYFRAMES_FROM: f64 = 16.0;

/// What one feed shows.
pub struct TileNow {
    /// What there is for the moment.
    pub status: Status,
    /// The time of the picture that was put into the mailbox last, microseconds of UTC.
    pub shown_us: Option<i64>,
}

/// What all show.
pub struct Now {
    /// The moment, microseconds of UTC.
    pub at_us: i64,
    /// Only keyframes are shown.
    pub keyframes_only: bool,
    /// The clock waits for one that is behind.
    pub waiting: bool,
    /// In the order of the feeds.
    pub tiles: Vec<TileNow>,
}

struct Tile {
    player: Arc<Player>,
    mailbox: Arc<Mailbox>,
    shown: Option<(i64, usize)>,
}

/// The workers' side.
struct Shop {
    players: RwLock<Vec<Arc<Player>>>,
    /// Counts what was asked; guarded against missed calls.
    bell: Mutex<u64>,
    rung: Condvar,
    ending: AtomicBool,
    next: AtomicUsize,
}

impl Shop {
    fn ring(&self) {
        *lock(&self.bell) += 1;
        self.rung.notify_all();
    }
}

/// The players of some feeds and their clock.
pub struct Group {
    clock: PlaybackClock,
    tiles: Vec<Tile>,
    shop: Arc<Shop>,
    workers: Vec<JoinHandle<()>>,
    scrubbing: bool,
    keyframes_only: bool,
    /// The direction of the last step.
    stepping_back: bool,
}

impl Group {
    /// Starts `workers` threads, one at least, for the feeds' files. Each feed's pictures go to the
    /// mailbox beside them.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn start(
        feeds: Vec<(Arc<[Piece]>, Arc<Mailbox>)>,
        clock: PlaybackClock,
        workers: usize,
        time: &Arc<dyn Clock>,
        waker: &Waker,
    ) -> std::io::Result<Self> {
        let budget = BUDGET_BYTES / feeds.len().max(1);
        let tile = |(pieces, mailbox)| Tile {
            player: Arc::new(Player::new(pieces, clock.at_us(), budget)),
            mailbox,
            shown: None,
        };
        let tiles: Vec<Tile> = feeds.into_iter().map(tile).collect();
        let shop = Arc::new(Shop {
            players: RwLock::new(tiles.iter().map(|tile| Arc::clone(&tile.player)).collect()),
            bell: Mutex::new(0),
            rung: Condvar::new(),
            ending: AtomicBool::new(false),
            next: AtomicUsize::new(0),
        });
        let mut group = Self {
            clock,
            tiles,
            shop,
            workers: Vec::new(),
            scrubbing: false,
            keyframes_only: false,
            stepping_back: false,
        };
        for number in 0..workers.max(1) {
            let (shop, time) = (Arc::clone(&group.shop), Arc::clone(time));
            let waker = Arc::clone(waker);
            let work = move || work(&shop, &*time, &waker);
            let worker = std::thread::Builder::new().name(format!("replay {number}")).spawn(work);
            group.workers.push(worker?);
        }
        Ok(group)
    }

    /// The clock, to be read.
    pub const fn clock(&self) -> &PlaybackClock {
        &self.clock
    }

    /// The clock, to be set.
    pub const fn clock_mut(&mut self) -> &mut PlaybackClock {
        &mut self.clock
    }

    /// One of the players.
    pub fn player(&self, tile: usize) -> Option<&Arc<Player>> {
        self.tiles.get(tile).map(|tile| &tile.player)
    }

    /// Goes to a moment; with `scrubbing`, while somebody drags, by keyframes.
    pub fn seek(&mut self, at_us: i64, scrubbing: bool) {
        self.scrubbing = scrubbing;
        self.stepping_back = at_us < self.clock.at_us() && !scrubbing;
        self.clock.seek(at_us);
    }

    /// To the picture before or after that of this tile, if it is known already; the clock stands
    /// from then on. Whether it went there.
    pub fn step(&mut self, tile: usize, forward: bool) -> bool {
        self.clock.play(false);
        self.scrubbing = false;
        self.stepping_back = !forward;
        let at = self.clock.at_us();
        let Some(to) = self.player(tile).and_then(|player| player.neighbour(at, forward)) else {
            return false;
        };
        self.clock.seek(to);
        true
    }

    /// Lets time pass up to `now`, asks for what will be wanted and puts what is there for the moment
    /// into the mailboxes.
    pub fn tick(&mut self, now: Mono) -> Now {
        let behind = !self.by_keyframes() && self.tiles.iter().any(|tile| is_behind(&tile.player));
        self.clock.tick(now, behind);
        self.choose_mode();
        let want = self.want();
        let mut calls = false;
        for tile in &self.tiles {
            calls |= tile.player.want(want, now);
        }
        if calls {
            self.shop.ring();
        }
        let tiles = self.tiles.iter_mut().map(Tile::show).collect();
        Now {
            at_us: self.clock.at_us(),
            keyframes_only: want.mode == Mode::Keyframes,
            waiting: self.clock.is_waiting(),
            tiles,
        }
    }

    fn by_keyframes(&self) -> bool {
        self.scrubbing || (self.clock.is_playing() && self.keyframes_only)
    }

    fn choose_mode(&mut self) {
        let cores = self.workers.len() as f64;
        let load: f64 = self.tiles.iter().map(|tile| tile.player.load()).sum();
        // Towards the past a picture may be decoded twice.
        let way = if self.clock.is_reverse() { 2.0 } else { 1.0 };
        let share = load * self.clock.speed() * way / cores;
        let limit = if self.keyframes_only { ALL_BELOW } else { KEYFRAMES_ABOVE };
        self.keyframes_only = self.clock.speed() >= KEYFRAMES_FROM || share > limit;
    }

    fn want(&self) -> Want {
        let mode = if self.by_keyframes() { Mode::Keyframes } else { Mode::Exact };
        let playing = self.clock.is_playing();
        let reverse = if playing { self.clock.is_reverse() } else { self.stepping_back };
        let ahead_us = match (self.scrubbing, playing) {
            (true, _) => 0,
            // Less than a minute at the highest speed.
            (false, true) => (AHEAD_US * self.clock.speed()) as i64,
            (false, false) => STANDING_AHEAD_US,
        };
        Want { at_us: self.clock.at_us(), mode, reverse, ahead_us }
    }

    /// A player beside the clock, for one moment: its picture goes into `mailbox` when
    /// [`Still::tick`] finds it.
    pub fn still(&self, tile: usize, at_us: i64, mailbox: Arc<Mailbox>) -> Option<Still> {
        let pieces = self.player(tile)?.pieces();
        let player = Arc::new(Player::new(pieces, at_us, 0));
        write(&self.shop.players).push(Arc::clone(&player));
        self.shop.ring();
        let tile = Tile { player, mailbox, shown: None };
        Some(Still { tile, at_us, shop: Arc::clone(&self.shop) })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.shop.ending.store(true, Ordering::Release);
        self.shop.ring();
        for worker in self.workers.drain(..) {
            // It ends after the picture at hand; one that has panicked has said so.
            drop(worker.join());
        }
    }
}

/// One moment of one feed, whatever the clock shows.
pub struct Still {
    tile: Tile,
    at_us: i64,
    shop: Arc<Shop>,
}

impl Still {
    /// Which moment.
    pub const fn at_us(&self) -> i64 {
        self.at_us
    }

    /// What there is for it.
    pub fn tick(&mut self, now: Mono) -> TileNow {
        let want = Want { at_us: self.at_us, mode: Mode::Exact, reverse: false, ahead_us: 0 };
        if self.tile.player.want(want, now) {
            self.shop.ring();
        }
        self.tile.show()
    }
}

impl Drop for Still {
    fn drop(&mut self) {
        write(&self.shop.players).retain(|player| !Arc::ptr_eq(player, &self.tile.player));
    }
}

impl Tile {
    fn show(&mut self) -> TileNow {
        let status = self.player.status();
        if let Status::Ready(Shot { from_us, frame, .. }) = &status {
            let this = (*from_us, Arc::as_ptr(frame).addr());
            if self.shown != Some(this) {
                self.shown = Some(this);
                self.mailbox.publish(frame.shared());
            }
        }
        TileNow { status, shown_us: self.shown.map(|(at, _)| at) }
    }
}

fn is_behind(player: &Player) -> bool {
    matches!(player.status(), Status::Behind)
}

/// Goes round from player to player, a picture each, until there is nothing to do.
fn work(shop: &Shop, clock: &dyn Clock, waker: &Waker) {
    let mut heard = 0;
    while !shop.ending.load(Ordering::Acquire) {
        let players = read(&shop.players).clone();
        let first = shop.next.fetch_add(1, Ordering::Relaxed);
        let mut round = (0..players.len()).map(|n| &players[first.wrapping_add(n) % players.len()]);
        // Those whose picture is missing now come before those who look ahead.
        let urgent = round.clone().filter(|player| is_behind(player)).any(|one| one.step(clock));
        if urgent || round.any(|player| player.step(clock)) {
            if urgent {
                waker();
            }
            continue;
        }
        let mut bell = lock(&shop.bell);
        while *bell == heard && !shop.ending.load(Ordering::Acquire) {
            bell = shop.rung.wait(bell).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        heard = *bell;
    }
}
