//! The thread that looks at every feed's picture, on screen or not: one keyframe of each every few
//! seconds, so that a feed which sends and shows nothing does not go unseen.
//!
//! It costs what it may ([`turns::Budget`]) and not more: with more or larger pictures than that
//! pays for, the looks of all feeds become rarer together, and a feed that nobody has managed to
//! look at for long is *not checked*, which is what `health` says of it. What is on screen is looked
//! at by its decode thread; it has a turn here only when that does not get to it.
//!
//! Started by `ingest`'s supervisor, one thread for all feeds. It takes a feed's locks for moments
//! only.

mod silence;
mod turns;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use self::silence::Silence;
use self::turns::{Budget, Turns};
use super::failure::{Failure, HOPELESS_AFTER};
use super::feed::Feed;
use super::roll::Roll;
use crate::clock::{Clock, Mono};
use crate::health::Event;
use crate::health::limits::CHECKED_WITHIN;
use crate::media::{AccessUnit, DecodeError, Stills};
use crate::model::FeedId;

/// Between two looks at a feed.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// … and at one whose last picture was suspicious.
const SUSPECT_EVERY: Duration = Duration::from_secs(2);

/// A feed that has nothing new to look at is asked again after this.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// After a failure of our own with a feed. What made it fail may still be cached.
const SHUNNED_FOR: Duration = Duration::from_secs(30);

/// The list of feeds is looked at this often.
const FEEDS_EVERY: Duration = Duration::from_millis(500);

/// Cameras that stretch their groups of pictures ("smart" codecs) give no keyframe for long: once
/// the last look is this old, the group is decoded up to the present, if there is nothing else to
/// do. Half of [`CHECKED_WITHIN`].
const STRETCHED_AFTER: Duration = Duration::from_millis(CHECKED_WITHIN.as_millis() as u64 / 2);

/// … and if it has so many units at most: 40 s at 15 a second, whose decoding takes half a second.
const LONGEST_RUN: usize = 600;

/// A keyframe from which no picture comes, and no error either, may be a recovery point, whose
/// picture is whole only so many units later (an intra refresh takes some seconds at most). How often
/// that is tried is [`Silence`]'s to say.
const REFRESH_RUN: usize = 150;

/// How often it is logged what the looks cost.
const TELL_EVERY: Duration = Duration::from_secs(60);

/// Which feeds there are.
type Feeds = Box<dyn Fn() -> Vec<Arc<Feed>> + Send>;

/// The running thread. Dropped, it tells the thread to end, which it does after the look in hand.
pub(super) struct SamplerThread {
    done: Arc<Done>,
    _wanted: Sender<Infallible>,
}

impl SamplerThread {
    /// Starts to look at all `feeds`. The thread stands on `roll` until its end.
    pub(super) fn start(
        feeds: impl Fn() -> Vec<Arc<Feed>> + Send + 'static,
        clock: Arc<dyn Clock>,
        roll: &Roll,
    ) -> std::io::Result<Self> {
        let (wanted, ended) = crossbeam_channel::bounded(0);
        let mut sampler = Sampler::new(Box::new(feeds), clock);
        let done = Arc::clone(&sampler.done);
        let present = roll.enter("sampler");
        std::thread::Builder::new().name("sampler".into()).spawn(move || {
            sampler.run(&ended);
            drop(present);
        })?;
        Ok(Self { done, _wanted: wanted })
    }

    /// What was done until now, and how long one of `feeds` has waited.
    pub(super) fn sampled(&self, feeds: &[Arc<Feed>]) -> Sampled {
        self.done.read(feeds)
    }
}

/// What the sampler has done since the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// Pictures that it decoded and judged.
    pub samples: u64,
    /// Processor time that its looks took.
    pub busy: Duration,
    /// Of the feeds that play, since when that one has had a keyframe at which nobody has looked
    /// that has had one longest.
    pub unseen_since: Option<Mono>,
}

/// Counted by the thread.
#[derive(Debug, Default)]
struct Done {
    samples: AtomicU64,
    busy_us: AtomicU64,
}

impl Done {
    /// Who waits is read from the feeds and not counted by the thread: a thread that hangs shows.
    fn read(&self, feeds: &[Arc<Feed>]) -> Sampled {
        Sampled {
            samples: self.samples.load(Ordering::Relaxed),
            busy: Duration::from_micros(self.busy_us.load(Ordering::Relaxed)),
            unseen_since: feeds.iter().filter_map(|feed| feed.unseen_since()).min(),
        }
    }
}

/// A feed, and what is known of the looks at it.
struct Seat {
    feed: Arc<Feed>,
    /// Arrival of the keyframe that was looked at last, with success or not.
    key: Option<Mono>,
    /// A picture came of it.
    fine: bool,
    failure: Failure,
    silence: Silence,
    /// The first unit of the session that was looked at last.
    session: Option<Mono>,
}

/// What became of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// Somebody looks often enough, or there is nothing to look at.
    Idle,
    /// It was looked at.
    Looked,
    /// Nothing came of it.
    Failed,
}

struct Sampler {
    feeds: Feeds,
    clock: Arc<dyn Clock>,
    seats: BTreeMap<FeedId, Seat>,
    turns: Turns,
    budget: Budget,
    stills: Stills,
    next_list: Mono,
    told: Tally,
    done: Arc<Done>,
}

/// What is logged.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    since: Mono,
    looks: u32,
    failed: u32,
    units: u64,
    cost: Duration,
}

impl Sampler {
    fn new(feeds: Feeds, clock: Arc<dyn Clock>) -> Self {
        let now = clock.mono();
        Self {
            feeds,
            seats: BTreeMap::new(),
            turns: Turns::default(),
            budget: Budget::new(now),
            stills: Stills::default(),
            next_list: now,
            told: Tally { since: now, ..Tally::default() },
            done: Arc::default(),
            clock,
        }
    }

    fn run(&mut self, ended: &Receiver<Infallible>) {
        loop {
            let next = self.step();
            let wait = next.since(self.clock.mono());
            // Nothing is ever sent: the wait ends with the time, or with the one who started us.
            match ended.recv_timeout(wait) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(_) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Gives one feed its turn, if one is due and there is budget for it; when to go on.
    fn step(&mut self) -> Mono {
        let now = self.clock.mono();
        if now >= self.next_list {
            self.next_list = now + FEEDS_EVERY;
            self.take_list(now);
            self.tell(now);
        }
        let due = self.turns.first().map_or(self.next_list, |due| due.max(self.budget.free_at()));
        if due > now {
            return due.min(self.next_list);
        }
        if let Some(id) = self.turns.take() {
            let again = self.turn(id, now);
            self.turns.set(id, again);
        }
        self.budget.free_at().max(now)
    }

    /// Takes what has come, and leaves what has gone.
    fn take_list(&mut self, now: Mono) {
        let mut gone = std::mem::take(&mut self.seats);
        for feed in (self.feeds)() {
            let id = feed.id();
            let old = gone.remove(&id).filter(|seat| Arc::ptr_eq(&seat.feed, &feed));
            let seat = old.unwrap_or_else(|| {
                // Before all that were looked at before.
                self.turns.set(id, Mono::default().min(now));
                let (failure, silence) = (Failure::default(), Silence::default());
                Seat { feed, key: None, fine: false, failure, silence, session: None }
            });
            self.seats.insert(id, seat);
        }
        for id in gone.keys() {
            self.turns.forget(*id);
        }
    }

    /// One feed's turn; when its next one is due.
    fn turn(&mut self, id: FeedId, now: Mono) -> Mono {
        let Some(seat) = self.seats.get_mut(&id) else { return now + ASK_AGAIN };
        let nothing_else = self.turns.first().is_none_or(|next| next > now);
        let before = self.clock.thread_time();
        let (stills, feed) = (&mut self.stills, Arc::clone(&seat.feed));
        let mut eyes = Eyes { stills, units: 0 };
        let turn = AssertUnwindSafe(|| look(seat, &mut eyes, now, nothing_else));
        let turn = std::panic::catch_unwind(turn);
        self.told.units += eyes.units;
        let cost = self.clock.thread_time().saturating_sub(before);
        let cost_us = u64::try_from(cost.as_micros()).unwrap_or(u64::MAX);
        self.done.busy_us.fetch_add(cost_us, Ordering::Relaxed);
        let Ok(turn) = turn else {
            log::error!("{id}: looking at its picture failed inside this program");
            self.stills = Stills::default();
            return now + SHUNNED_FOR;
        };
        if turn == Turn::Idle {
            return now + ASK_AGAIN;
        }
        self.budget.spend(now, cost);
        self.told.cost += cost;
        self.told.looks += 1;
        self.told.failed += u32::from(turn == Turn::Failed);
        self.done.samples.fetch_add(u64::from(turn == Turn::Looked), Ordering::Relaxed);
        now + if feed.standing().0 { SUSPECT_EVERY } else { LOOK_EVERY }
    }

    fn tell(&mut self, now: Mono) {
        let span = now.since(self.told.since);
        if span < TELL_EVERY {
            return;
        }
        let told = std::mem::replace(&mut self.told, Tally { since: now, ..Tally::default() });
        let core = told.cost.as_secs_f64() / span.as_secs_f64();
        log::debug!(
            "{} feeds, {} looks in {:.0} s at {} units, {} without a picture, {core:.3} of a core",
            self.seats.len(),
            told.looks,
            span.as_secs_f64(),
            told.units,
            told.failed
        );
    }
}

/// What looks are taken with, and how many units they have taken.
struct Eyes<'a> {
    stills: &'a mut Stills,
    units: u64,
}

/// Looks at a feed's newest keyframe if that is new, or at what has come of an old one.
fn look(seat: &mut Seat, eyes: &mut Eyes<'_>, now: Mono, nothing_else: bool) -> Turn {
    let feed = Arc::clone(&seat.feed);
    let (suspect, session) = feed.standing();
    let every = if suspect { SUSPECT_EVERY } else { LOOK_EVERY };
    // A little early is as good: turns do not begin on the dot.
    if !feed.wants_look(every - every / 10) {
        return Turn::Idle;
    }
    let key = feed.newest_key().filter(|key| session.is_some_and(|first| *key >= first));
    let Some(key) = key else { return Turn::Idle };
    if std::mem::replace(&mut seat.session, session) != session {
        // It may send something else now.
        seat.silence = Silence::default();
    }
    if seat.key != Some(key) {
        seat.key = Some(key);
        let mut seen = watch(&feed, eyes, &feed.newest_run(1).units);
        if matches!(seen, Ok(false)) {
            let run = feed.newest_run(REFRESH_RUN).units;
            if seat.silence.is_worth(run.len(), now) {
                seen = watch(&feed, eyes, &run);
                if matches!(seen, Ok(false)) {
                    seat.silence.followed(run.len(), now);
                }
            }
        }
        return seat.judge(&feed, seen);
    }
    let old = feed.newest_look().is_none_or(|look| now.since(look) >= STRETCHED_AFTER);
    if !(old && nothing_else && seat.fine) {
        return Turn::Idle;
    }
    let run = feed.newest_run(LONGEST_RUN);
    let newest = run.units.last().filter(|_| run.count == run.units.len());
    // What has stopped coming is arrival's business.
    if newest.is_none_or(|newest| now.since(newest.arrived_at) >= STRETCHED_AFTER) {
        return Turn::Idle;
    }
    let seen = watch(&feed, eyes, &run.units);
    seat.judge(&feed, seen)
}

/// Decodes a run and watches its last picture; whether there was one.
fn watch(feed: &Feed, eyes: &mut Eyes<'_>, run: &[AccessUnit]) -> Result<bool, DecodeError> {
    eyes.units += run.len() as u64;
    let picture = eyes.stills.last_of(run)?;
    if let Some(frame) = &picture {
        feed.looked(frame, run.len() == 1);
    }
    Ok(picture.is_some())
}

impl Seat {
    fn judge(&mut self, feed: &Feed, seen: Result<bool, DecodeError>) -> Turn {
        let (outcome, picture) = match seen {
            Ok(picture) => (Ok(()), picture),
            Err(error) => (Err(error), false),
        };
        self.failure.note(feed, true, &outcome, picture);
        if picture || outcome.is_err() {
            self.silence = Silence::default();
        } else if self.silence.again() >= HOPELESS_AFTER {
            feed.observe(Event::LookedInVain);
        }
        self.fine = picture;
        if !picture {
            feed.looked_in_vain();
        }
        if picture { Turn::Looked } else { Turn::Failed }
    }
}

#[cfg(test)]
mod tests;
