//! Arrival: do access units come, and if not, since when and why.

use std::collections::VecDeque;
use std::time::Duration;

use super::limits::{
    BEHIND_SHOWN, DECODE_LATE, INTERVAL_SAMPLES, KEYFRAME_AFTER, LONGEST_PATIENCE, OFFLINE_AFTER,
    PULSE_LATE, RATE_WINDOW, READ_BACKLOG, REMEMBERED, STALL_AFTER, STALL_INTERVALS,
};
use super::{Assessment, State, Trouble};
use crate::clock::Mono;

/// Something that happened to a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The session plays.
    Playing,
    /// An access unit arrived.
    Unit,
    /// It is one at which decoding can begin. Comes before its [`Event::Unit`].
    Keyframe,
    /// The session or the attempt ended.
    Lost(Trouble),
    /// It has been waiting for long to be tried, because others at its host are not done.
    HostBusy,
    /// Decoding for the screen begins.
    DecodeStarted,
    /// The access unit that had arrived at this moment was decoded.
    Decoded {
        /// Its arrival.
        arrived_at: Mono,
        /// A picture came out.
        picture: bool,
    },
    /// Keyframe after keyframe gives no picture.
    DecodeFailed(Trouble),
    /// Nobody looks at this feed any more.
    DecodeStopped,
}

/// How many of our own pauses are remembered. A silence that is longer than they reach back has
/// been called a stall long ago.
const PAUSES: usize = 8;

/// The receiving side's own life signs, the same for all feeds it receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// The last moment at which it is known to have been able to receive.
    pub beat: Mono,
    /// Its last own pauses, from and to; the newest is at `newest_pause`.
    pauses: [Option<(Mono, Mono)>; PAUSES],
    newest_pause: usize,
}

impl Pulse {
    /// A receiving side that starts now.
    pub const fn starting(now: Mono) -> Self {
        Self { beat: now, pauses: [None; PAUSES], newest_pause: 0 }
    }

    /// It beats again.
    #[must_use]
    pub fn beaten(mut self, now: Mono) -> Self {
        if now.since(self.beat) > PULSE_LATE {
            self.newest_pause = (self.newest_pause + 1) % PAUSES;
            self.pauses[self.newest_pause] = Some((self.beat, now + READ_BACKLOG));
        }
        self.beat = now;
        self
    }

    /// How long it has listened since `from`, its own pauses taken out.
    fn listened_since(&self, from: Mono) -> Duration {
        let missed = self.pauses.iter().flatten().map(|(began, ended)| {
            let (began, ended) = ((*began).max(from), (*ended).min(self.beat));
            ended.since(began)
        });
        self.beat.since(from).saturating_sub(missed.sum())
    }

    /// It is paused right now, or was a moment ago.
    pub fn is_behind(&self, now: Mono) -> bool {
        let ended = self.pauses[self.newest_pause].map(|(_, ended)| ended);
        now.since(self.beat) > PULSE_LATE || ended.is_some_and(|e| now.since(e) < BEHIND_SHOWN)
    }
}

/// What is known about one feed. Feed it [`Event`]s in order of time; ask it with
/// [`FeedHealth::assess`].
#[derive(Clone, Debug)]
pub struct FeedHealth {
    watched_since: Mono,
    /// Of the present session: the time between two sessions says nothing about the camera's rate.
    arrivals: VecDeque<Mono>,
    last_unit: Option<Mono>,
    /// The first unit of the present session.
    first_in_session: Option<Mono>,
    /// The usual time between two of the last arrivals: asked for far more often than it changes.
    /// Kept from one session to the next until that one has its own.
    interval: Option<Duration>,
    /// The first unit of the present uninterrupted run.
    run_began: Option<Mono>,
    in_session: bool,
    trouble: Option<Trouble>,
    last_keyframe: Option<Mono>,
    decode: Option<Decode>,
    /// Why the last look at the stream gave no picture; stays when nobody looks any more, until a
    /// picture or another session.
    undecodable: Option<Trouble>,
}

#[derive(Clone, Debug)]
struct Decode {
    began: Mono,
    /// The first keyframe that arrived since.
    first_key: Option<Mono>,
    reached: Option<Mono>,
    /// Arrival of the last unit that a picture came out of.
    pictured: Option<Mono>,
}

impl FeedHealth {
    /// A feed that is watched from now on.
    pub fn new(now: Mono) -> Self {
        Self {
            watched_since: now,
            arrivals: VecDeque::with_capacity(REMEMBERED),
            last_unit: None,
            first_in_session: None,
            interval: None,
            run_began: None,
            in_session: false,
            trouble: None,
            last_keyframe: None,
            decode: None,
            undecodable: None,
        }
    }

    /// Takes note of an event that happened `now`.
    pub fn observe(&mut self, event: Event, now: Mono) {
        match event {
            Event::Playing => {
                self.in_session = true;
                self.first_in_session = None;
                self.arrivals.clear();
                self.undecodable = None;
            }
            Event::Unit => self.unit(now),
            Event::Keyframe => {
                self.last_keyframe = Some(now);
                if let Some(decode) = &mut self.decode {
                    decode.first_key.get_or_insert(now);
                }
            }
            Event::Lost(trouble) => {
                self.in_session = false;
                self.trouble = Some(trouble);
            }
            // What the last attempt met with says more.
            Event::HostBusy => {
                self.trouble.get_or_insert(Trouble::HostBusy);
            }
            Event::DecodeStarted => {
                self.decode =
                    Some(Decode { began: now, first_key: None, reached: None, pictured: None });
            }
            Event::Decoded { arrived_at, picture } => {
                if let Some(decode) = &mut self.decode {
                    decode.reached = decode.reached.max(Some(arrived_at));
                    if picture {
                        decode.pictured = decode.reached;
                        self.undecodable = None;
                    }
                }
            }
            Event::DecodeFailed(trouble) => self.undecodable = Some(trouble),
            Event::DecodeStopped => self.decode = None,
        }
    }

    fn unit(&mut self, now: Mono) {
        let silent = self.last_unit().is_none_or(|last| now.since(last) > self.patience());
        if silent || self.run_began.is_none() {
            self.run_began = Some(now);
        }
        if self.arrivals.len() == REMEMBERED {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(now);
        self.last_unit = Some(now);
        self.interval = self.median_gap().or(self.interval);
        self.in_session = true;
        self.first_in_session.get_or_insert(now);
        self.trouble = None;
    }

    /// When the last access unit arrived.
    pub fn last_unit(&self) -> Option<Mono> {
        self.last_unit
    }

    /// When the last access unit of the present session arrived; `None` before its first.
    pub fn last_in_session(&self) -> Option<Mono> {
        self.last_unit.filter(|_| self.first_in_session.is_some())
    }

    /// The feed's usual time between two access units, once it is known.
    pub fn interval(&self) -> Option<Duration> {
        self.interval
    }

    fn median_gap(&self) -> Option<Duration> {
        let newest = self.arrivals.iter().rev().take(INTERVAL_SAMPLES + 1);
        let older = newest.clone().skip(1);
        let mut gaps = [Duration::ZERO; INTERVAL_SAMPLES];
        let mut count = 0;
        for (gap, (n, o)) in gaps.iter_mut().zip(newest.zip(older)) {
            *gap = n.since(*o);
            count += 1;
        }
        // With fewer than three gaps the median is whatever came last.
        if count < 3 {
            return None;
        }
        let (_, median, _) = gaps[..count].select_nth_unstable(count / 2);
        Some(*median)
    }

    /// How long this feed may be silent before it counts as stalled.
    pub fn patience(&self) -> Duration {
        let own = self.interval().map_or(STALL_AFTER, |i| i.saturating_mul(STALL_INTERVALS));
        own.clamp(STALL_AFTER, LONGEST_PATIENCE)
    }

    fn rate(&self, now: Mono) -> Option<f32> {
        let window = RATE_WINDOW.max(self.patience());
        let recent = || self.arrivals.iter().rev().take_while(|a| now.since(**a) <= window);
        let (newest, oldest) = (recent().next()?, recent().last()?);
        let span = newest.since(*oldest).as_secs_f32();
        (span > 0.0).then(|| (recent().count() - 1) as f32 / span)
    }

    fn behind(&self, now: Mono, pulse: Pulse) -> bool {
        let decoding_late = || {
            let (decode, last) = (self.decode.as_ref()?, self.last_unit()?);
            // What the camera has not given us a beginning for can't be decoded by anybody.
            let reached = decode.reached.or(decode.first_key)?;
            // Late only if the picture lags behind what arrived, and has had the time to catch up.
            let late = last.since(reached) > DECODE_LATE && now.since(decode.began) > DECODE_LATE;
            Some(late)
        };
        pulse.is_behind(now) || decoding_late() == Some(true)
    }

    fn has_keyframe_since(&self, then: Mono) -> bool {
        self.last_keyframe.is_some_and(|key| key >= then)
    }

    /// Since when what arrives can't be shown for lack of a keyframe, once that is too long.
    fn starved_since(&self) -> Option<Mono> {
        let last = self.last_unit?;
        let since = match &self.decode {
            Some(decode) => decode.pictured.map_or(decode.began, |p| p.max(decode.began)),
            // Nobody looks: it is known only of a session that never had one.
            None => self.first_in_session?,
        };
        // A session that has just begun may bring its first keyframe yet.
        let since = self.first_in_session.map_or(since, |first| since.max(first));
        let starved = last.since(since) > KEYFRAME_AFTER && !self.has_keyframe_since(since);
        starved.then_some(since)
    }

    /// The verdict at `now`, given the receiving side's life signs.
    pub fn assess(&self, now: Mono, pulse: Pulse) -> Assessment {
        let last_unit = self.last_unit();
        let silent_from = last_unit.unwrap_or(self.watched_since);
        // Time in which we could not listen does not count as the camera's silence.
        let silence = pulse.listened_since(silent_from);
        let live = last_unit.is_some() && silence <= self.patience();
        let undecodable = self.undecodable.as_ref().filter(|_| live);
        let starved_since = self.starved_since().filter(|_| live && undecodable.is_none());
        let starved = starved_since.map(|_| Trouble::NoKeyframe);
        let trouble = undecodable.cloned().or(starved).or_else(|| self.trouble.clone());
        let state = match trouble.as_ref().and_then(Trouble::settles) {
            Some(settled) => settled,
            None if live => State::Live,
            // A session that brings nothing is no better than none.
            None if self.first_in_session.is_some() && self.in_session => State::Stalled,
            None if last_unit.is_some() && silence <= OFFLINE_AFTER => State::Stalled,
            None if last_unit.is_some() || trouble.is_some() => State::Offline,
            None => State::Connecting,
        };
        let own = state != State::Live && trouble.as_ref().is_some_and(Trouble::is_own);
        Assessment {
            state,
            since: match state {
                State::Live => self.run_began.unwrap_or(silent_from),
                _ => starved_since.unwrap_or(silent_from),
            },
            trouble: trouble.filter(|_| state != State::Live),
            last_unit,
            rate: if state == State::Live { self.rate(now) } else { None },
            patience: self.patience(),
            behind: self.behind(now, pulse) || own,
        }
    }
}

#[cfg(test)]
mod tests;
