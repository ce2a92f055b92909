//! One feed's pictures, decoded where and when the clock will want them.
//!
//! The screen's side ([`Player::want`], [`Player::status`]) only looks and never waits for a disk or
//! a decoder; the work is done in small steps by whoever calls [`Player::step`].

mod desk;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock, TryLockError};

use self::desk::{Desk, Known, Outcome};
use super::footage::Piece;
use super::ring::{Fault, Mode, Ring, Shot, Want};
use crate::clock::{Clock, Mono, lock, read, write};

/// A file that is still being written is looked at again after this long.
const EDGE_AGAIN_US: i64 = 500_000;

/// What a feed has for a moment.
#[derive(Clone, Debug)]
pub enum Status {
    /// Its picture.
    Ready(Shot),
    /// It is being decoded.
    Behind,
    /// There is none.
    NoPicture,
    /// There should be one, and it cannot be had.
    Unreadable(Fault),
    /// Nothing was recorded after this moment, so far.
    Ended,
}

/// Where the recording of a feed that is still going on ends, and when that was seen.
#[derive(Clone, Copy)]
struct Edge {
    at_us: i64,
    seen: Mono,
}

/// One feed that is replayed.
pub struct Player {
    /// By time. Replaced whole when more is recorded.
    pieces: RwLock<Arc<[Piece]>>,
    want: Mutex<Want>,
    /// Counts the changes of `want` that make work in progress pointless.
    turns: AtomicU64,
    ring: Mutex<Ring>,
    edge: Mutex<Option<Edge>>,
    /// The pictures of the files that were opened last, for steps from one to the next.
    known: Mutex<Known>,
    /// Held by the worker whose turn it is.
    desk: Mutex<Desk>,
    /// Processor time of one unit and pictures in a second, in the units of [`Player::load`].
    cost: AtomicU64,
    budget: usize,
}

impl Player {
    /// Keeps at most `budget` bytes of decoded pictures, but always that of the moment.
    pub fn new(pieces: Arc<[Piece]>, at_us: i64, budget: usize) -> Self {
        let want = Want { at_us, mode: Mode::Exact, reverse: false, ahead_us: 0 };
        Self {
            pieces: RwLock::new(pieces),
            want: Mutex::new(want),
            turns: AtomicU64::new(0),
            ring: Mutex::default(),
            edge: Mutex::default(),
            known: Mutex::default(),
            desk: Mutex::default(),
            cost: AtomicU64::new(0),
            budget,
        }
    }

    /// What there is of it now; more may have been recorded since.
    pub fn set_pieces(&self, pieces: Arc<[Piece]>) {
        let from = read(&self.pieces).last().map_or(i64::MIN, |last| last.from_us);
        if **read(&self.pieces) == *pieces {
            return;
        }
        *write(&self.pieces) = pieces;
        *lock(&self.edge) = None;
        lock(&self.ring).forget_voids(from);
    }

    /// The files.
    pub fn pieces(&self) -> Arc<[Piece]> {
        Arc::clone(&read(&self.pieces))
    }

    /// What is wanted from now on; whether there is something to be done about it.
    pub fn want(&self, want: Want, now: Mono) -> bool {
        {
            let mut before = lock(&self.want);
            let far = want.at_us.abs_diff(before.at_us) > 1_000_000;
            if far || before.mode != want.mode || before.reverse != want.reverse {
                self.turns.fetch_add(1, Ordering::AcqRel);
            }
            *before = want;
        }
        lock(&self.edge).take_if(|edge| now.since(edge.seen).as_micros() as i64 > EDGE_AGAIN_US);
        let mut ring = lock(&self.ring);
        ring.trim(&want, self.budget);
        let missing = ring.missing(&want, self.budget);
        drop(ring);
        missing.is_some_and(|at| !self.is_beyond(at))
    }

    fn is_beyond(&self, at_us: i64) -> bool {
        lock(&self.edge).is_some_and(|edge| at_us >= edge.at_us)
    }

    /// What there is for the moment that is wanted.
    pub fn status(&self) -> Status {
        let Want { at_us, mode, .. } = *lock(&self.want);
        let ring = lock(&self.ring);
        if let Some(shot) = ring.shot(at_us, mode) {
            return Status::Ready(shot.clone());
        }
        match ring.void(at_us).map(|void| &void.why) {
            Some(Some(why)) => Status::Unreadable(*why),
            Some(None) => Status::NoPicture,
            None if self.is_beyond(at_us) => Status::Ended,
            None => Status::Behind,
        }
    }

    /// The time of the picture before (`-1`) or after (`1`) the one of `at_us`, as far as that is
    /// known without opening anything.
    pub fn neighbour(&self, at_us: i64, forward: bool) -> Option<i64> {
        let pieces = self.pieces();
        let here = pieces.partition_point(|piece| piece.from_us <= at_us);
        let known = lock(&self.known);
        let known_of = |at: usize| known.iter().find(|(piece, _)| *piece == pieces[at]);
        if let Some(at) = here.checked_sub(1)
            && at_us <= pieces[at].to_us
            && known_of(at).is_none()
        {
            // It is being opened.
            return None;
        }
        let inside = here.checked_sub(1).and_then(|at| {
            let pictures = &known_of(at)?.1;
            let next = pictures.partition_point(|picture| picture.utc_us <= at_us);
            if forward {
                return pictures.get(next).map(|picture| picture.utc_us);
            }
            let current = next.checked_sub(1).map(|at| pictures[at].utc_us);
            // From a gap, a step back leads to the picture before it.
            let stands = |current: &i64| at_us.saturating_sub(*current) <= desk::STANDS_US;
            if current.as_ref().is_some_and(|current| !stands(current)) {
                return current;
            }
            let first = pictures.partition_point(|one| Some(one.utc_us) < current);
            first.checked_sub(1).map(|at| pictures[at].utc_us)
        });
        inside.or_else(|| match forward {
            true => pieces.get(here).map(|piece| piece.from_us),
            false => match here.checked_sub(1) {
                // Behind the end of a file that was not opened.
                Some(at) if known_of(at).is_none() => Some(inside_of(&pieces[at])),
                _ => here.checked_sub(2).map(|at| inside_of(&pieces[at])),
            },
        })
    }

    /// What share of a processor core it takes to show this feed at its own pace.
    pub fn load(&self) -> f64 {
        self.cost.load(Ordering::Acquire) as f64 / 1e6
    }

    /// Does a little of what is wanted; whether there was anything to do that nobody else is doing.
    /// `clock` measures what it costs.
    pub fn step(&self, clock: &dyn Clock) -> bool {
        let mut desk = match self.desk.try_lock() {
            Ok(desk) => desk,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        let turn = self.turns.load(Ordering::Acquire);
        let want = *lock(&self.want);
        let Some(at_us) = lock(&self.ring).missing(&want, self.budget) else { return false };
        if self.is_beyond(at_us) {
            return false;
        }
        let pieces = self.pieces();
        let stale = || self.turns.load(Ordering::Acquire) != turn;
        let put = |shot: Shot| {
            let mut ring = lock(&self.ring);
            ring.put(shot);
            let now = *lock(&self.want);
            ring.trim(&now, self.budget);
        };
        let learn = |known: Known| *lock(&self.known) = known;
        let (budget, stale) = (self.budget, &stale);
        let job = desk::Job { pieces: &pieces, at_us, want, budget, learn: &learn, stale };
        match desk.work(&job, &put, clock) {
            Outcome::Done => {}
            Outcome::Void(void) => lock(&self.ring).put_void(void),
            Outcome::Edge(at_us) => {
                *lock(&self.edge) = Some(Edge { at_us, seen: clock.mono() });
            }
        }
        self.cost.store((desk.load() * 1e6) as u64, Ordering::Release);
        true
    }
}

/// A moment of its last picture: where it ends, the next file may begin.
fn inside_of(piece: &Piece) -> i64 {
    piece.to_us.saturating_sub(1).max(piece.from_us)
}
