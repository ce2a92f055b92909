//! Arrival: do access units come, and if not, since when and why.

use std::collections::VecDeque;
use std::time::Duration;

use super::limits::{
    DECODE_LATE, INTERVAL_SAMPLES, KEYFRAME_AFTER, KEYFRAMES_GONE_AFTER, KEYFRAMES_GONE_AT_LAST,
    KEYFRAMES_GONE_INTERVALS, LONGEST_PATIENCE, OFFLINE_AFTER, RATE_WINDOW, REMEMBERED,
    STALL_AFTER, STALL_INTERVALS,
};
use super::{Pulse, State, Trouble};
use crate::clock::Mono;

/// Something that happened to a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The session plays.
    Playing,
    /// An access unit arrived.
    Unit(Unit),
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
    /// Keyframe after keyframe was looked at, and neither a picture nor an error came of it.
    LookedInVain,
    /// Nobody looks at this feed any more.
    DecodeStopped,
}

/// What health needs to know of an access unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// Its coded size.
    pub bytes: usize,
    /// Decoding can begin here.
    pub is_key: bool,
    /// Something before it was lost on the way, and no keyframe has come since: its picture is
    /// damaged.
    pub after_loss: bool,
}

/// What arrival alone says of a feed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    /// [`State::Live`] if units arrive, whatever they show.
    pub(super) state: State,
    pub(super) since: Mono,
    pub(super) trouble: Option<Trouble>,
    pub(super) last_unit: Option<Mono>,
    /// How long nothing has come, our own pauses left out.
    pub(super) silence: Duration,
    pub(super) rate: Option<f32>,
    pub(super) patience: Duration,
    pub(super) behind: bool,
}

/// The arrival of one feed's units: fed with [`Event`]s in order of time.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
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
    /// The first keyframe of the present session.
    first_keyframe: Option<Mono>,
    /// The time between the last two keyframes of a session.
    key_interval: Option<Duration>,
    /// Arrival of the newest picture that anybody has seen.
    seen: Option<Mono>,
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

impl Arrival {
    /// A feed that is watched from now on.
    pub(super) fn new(now: Mono) -> Self {
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
            first_keyframe: None,
            key_interval: None,
            seen: None,
            decode: None,
            undecodable: None,
        }
    }

    /// Takes note of an event that happened `now`.
    pub(super) fn observe(&mut self, event: Event, now: Mono) {
        match event {
            Event::Playing => {
                self.in_session = true;
                self.first_in_session = None;
                self.first_keyframe = None;
                self.arrivals.clear();
                self.undecodable = None;
            }
            Event::Unit(unit) => self.unit(unit, now),
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
                    }
                }
                if picture {
                    self.pictured();
                }
            }
            Event::DecodeFailed(trouble) => self.undecodable = Some(trouble),
            Event::DecodeStopped => self.decode = None,
            // What comes, comes.
            Event::LookedInVain => {}
        }
    }

    fn unit(&mut self, unit: Unit, now: Mono) {
        if unit.is_key {
            if let (Some(last), Some(_)) = (self.last_keyframe, self.first_keyframe) {
                self.key_interval = Some(now.since(last));
            }
            self.last_keyframe = Some(now);
            self.first_keyframe.get_or_insert(now);
            if let Some(decode) = &mut self.decode {
                decode.first_key.get_or_insert(now);
            }
        }
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
    pub(super) fn last_unit(&self) -> Option<Mono> {
        self.last_unit
    }

    /// When the last access unit of the present session arrived; `None` before its first.
    pub(super) fn last_in_session(&self) -> Option<Mono> {
        self.last_unit.filter(|_| self.first_in_session.is_some())
    }

    /// The first unit of the present session.
    pub(super) fn first_in_session(&self) -> Option<Mono> {
        self.first_in_session
    }

    /// Whether a unit at `now` follows on others of its session, without a stall in between.
    pub(super) fn goes_on(&self, now: Mono) -> bool {
        self.last_in_session().is_some_and(|last| now.since(last) <= self.patience())
    }

    /// Since when there has been something to look at without a stall in between; `None` while there
    /// is nothing at which decoding could begin.
    pub(super) fn viewable_since(&self) -> Option<Mono> {
        self.first_keyframe.map(|first| self.run_began.map_or(first, |began| began.max(first)))
    }

    /// A picture came out of the stream: it can be decoded.
    pub(super) fn pictured(&mut self) {
        self.undecodable = None;
    }

    /// The feed's usual time between two access units, once it is known.
    pub(super) fn interval(&self) -> Option<Duration> {
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
    pub(super) fn patience(&self) -> Duration {
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
    fn starved_since(&self, pulse: Pulse) -> Option<Mono> {
        let last = self.last_unit?;
        let since = match &self.decode {
            Some(decode) => decode.pictured.map_or(decode.began, |p| p.max(decode.began)),
            // Nobody looks, and nobody who begins to look now could see anything.
            None => match self.last_keyframe.filter(|_| self.first_keyframe.is_some()) {
                Some(key) => {
                    // While pictures come of what follows an old keyframe, nothing is missing.
                    let from = key.max(self.seen.unwrap_or(key));
                    // Keyframes that came while we could not listen were not ours to see.
                    let waited = last.since(from).min(pulse.listened_since(from));
                    return (waited > self.keyframes_gone()).then_some(from);
                }
                None => self.first_in_session?,
            },
        };
        // A session that has just begun may bring its first keyframe yet.
        let since = self.first_in_session.map_or(since, |first| since.max(first));
        let starved = last.since(since) > KEYFRAME_AFTER && !self.has_keyframe_since(since);
        starved.then_some(since)
    }

    /// A picture that arrived then has been seen.
    pub(super) fn saw(&mut self, arrived_at: Mono) {
        self.seen = self.seen.max(Some(arrived_at));
    }

    /// How long the last keyframe may have been ago.
    fn keyframes_gone(&self) -> Duration {
        let own = self.key_interval.unwrap_or_default().saturating_mul(KEYFRAMES_GONE_INTERVALS);
        own.clamp(KEYFRAMES_GONE_AFTER, KEYFRAMES_GONE_AT_LAST)
    }

    /// The verdict at `now`, given the receiving side's life signs.
    pub(super) fn assess(&self, now: Mono, pulse: Pulse) -> Verdict {
        let last_unit = self.last_unit();
        let silent_from = last_unit.unwrap_or(self.watched_since);
        // Time in which we could not listen does not count as the camera's silence.
        let silence = pulse.listened_since(silent_from);
        let live = last_unit.is_some() && silence <= self.patience();
        let undecodable = self.undecodable.as_ref().filter(|_| live);
        let starved_since = self.starved_since(pulse).filter(|_| live && undecodable.is_none());
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
        Verdict {
            state,
            silence,
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
