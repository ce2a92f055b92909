//! Arrival: do access units come, and if not, since when and why.

use std::collections::VecDeque;
use std::time::Duration;

use super::limits::{
    DECODE_LATE, INTERVAL_SAMPLES, OFFLINE_AFTER, PULSE_LATE, RATE_WINDOW, REMEMBERED, STALL_AFTER,
    STALL_INTERVALS,
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
    /// The session or the attempt ended.
    Lost(Trouble),
    /// Decoding for the screen begins.
    DecodeStarted,
    /// The access unit that had arrived at this moment was decoded.
    Decoded {
        /// Its arrival.
        arrived_at: Mono,
    },
    /// Nobody looks at this feed any more.
    DecodeStopped,
}

/// The receiving side's own life signs, the same for all feeds it receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulse {
    /// The last moment at which it is known to have been able to receive.
    pub beat: Mono,
    /// The end of its last own pause: silence is counted from here at the earliest.
    pub resumed: Mono,
}

impl Pulse {
    /// A receiving side that starts now.
    pub const fn starting(now: Mono) -> Self {
        Self { beat: now, resumed: now }
    }

    /// It beats again.
    #[must_use]
    pub fn beaten(self, now: Mono) -> Self {
        let paused = now.since(self.beat) > PULSE_LATE;
        Self { beat: now, resumed: if paused { now } else { self.resumed } }
    }

    fn late(self, now: Mono) -> bool {
        now.since(self.beat) > PULSE_LATE
    }
}

/// What is known about one feed. Feed it [`Event`]s in order of time; ask it with
/// [`FeedHealth::assess`].
#[derive(Clone, Debug)]
pub struct FeedHealth {
    watched_since: Mono,
    arrivals: VecDeque<Mono>,
    /// The first unit of the present uninterrupted run.
    run_began: Option<Mono>,
    in_session: bool,
    trouble: Option<Trouble>,
    decode: Option<Decode>,
}

#[derive(Clone, Copy, Debug)]
struct Decode {
    began: Mono,
    reached: Option<Mono>,
}

impl FeedHealth {
    /// A feed that is watched from now on.
    pub fn new(now: Mono) -> Self {
        Self {
            watched_since: now,
            arrivals: VecDeque::with_capacity(REMEMBERED),
            run_began: None,
            in_session: false,
            trouble: None,
            decode: None,
        }
    }

    /// Takes note of an event that happened `now`.
    pub fn observe(&mut self, event: Event, now: Mono) {
        match event {
            Event::Playing => self.in_session = true,
            Event::Unit => self.unit(now),
            Event::Lost(trouble) => {
                self.in_session = false;
                self.trouble = Some(trouble);
            }
            Event::DecodeStarted => self.decode = Some(Decode { began: now, reached: None }),
            Event::Decoded { arrived_at } => {
                if let Some(decode) = &mut self.decode {
                    decode.reached = decode.reached.max(Some(arrived_at));
                }
            }
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
        self.in_session = true;
        self.trouble = None;
    }

    /// When the last access unit arrived.
    pub fn last_unit(&self) -> Option<Mono> {
        self.arrivals.back().copied()
    }

    /// The feed's usual time between two access units, once it is known.
    pub fn interval(&self) -> Option<Duration> {
        let newest = self.arrivals.iter().rev().take(INTERVAL_SAMPLES + 1);
        let older = newest.clone().skip(1);
        let mut gaps: Vec<Duration> = newest.zip(older).map(|(n, o)| n.since(*o)).collect();
        // With fewer than three gaps the median is whatever came last.
        if gaps.len() < 3 {
            return None;
        }
        gaps.sort_unstable();
        Some(gaps[gaps.len() / 2])
    }

    /// How long this feed may be silent before it counts as stalled.
    pub fn patience(&self) -> Duration {
        self.interval().map_or(STALL_AFTER, |i| STALL_AFTER.max(i * STALL_INTERVALS))
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
            let (decode, last) = (self.decode?, self.last_unit()?);
            let reached = decode.reached.unwrap_or(decode.began);
            // Late only if the picture lags behind what arrived, and has had the time to catch up.
            let late = last.since(reached) > DECODE_LATE && now.since(decode.began) > DECODE_LATE;
            Some(late)
        };
        pulse.late(now) || decoding_late() == Some(true)
    }

    /// The verdict at `now`, given the receiving side's life signs.
    pub fn assess(&self, now: Mono, pulse: Pulse) -> Assessment {
        let last_unit = self.last_unit();
        let silent_from = last_unit.unwrap_or(self.watched_since);
        // Time in which we could not listen does not count as the camera's silence.
        let silence = pulse.beat.since(silent_from.max(pulse.resumed));
        let live = last_unit.is_some() && silence <= self.patience();
        let state = if let Some(settled) = self.trouble.as_ref().and_then(Trouble::settles) {
            settled
        } else if live {
            State::Live
        } else if self.in_session || (last_unit.is_some() && silence <= OFFLINE_AFTER) {
            if last_unit.is_some() { State::Stalled } else { State::Connecting }
        } else if self.trouble.is_some() || last_unit.is_some() {
            State::Offline
        } else {
            State::Connecting
        };
        Assessment {
            state,
            since: match state {
                State::Live => self.run_began.unwrap_or(silent_from),
                _ => silent_from,
            },
            trouble: if state == State::Live { None } else { self.trouble.clone() },
            last_unit,
            rate: if state == State::Live { self.rate(now) } else { None },
            patience: self.patience(),
            behind: self.behind(now, pulse),
        }
    }
}

#[cfg(test)]
mod tests;
