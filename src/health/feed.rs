//! One feed: what arrives and what the pictures show, joined into one verdict.

use std::time::Duration;

use super::arrival::{Arrival, Event};
use super::limits::{CHECKED_WITHIN, PAUSE_SETTLES};
use super::picture::{PictureHealth, PictureVerdict, Sample, Suspicion};
use super::rate::Rate;
use super::{Assessment, Evidence, Pulse, State, Trouble};
use crate::clock::Mono;

/// What is known about one feed. Feed it [`Event`]s and [`Sample`]s in order of time; ask it with
/// [`FeedHealth::assess`].
///
/// Whoever hears nothing can't see anything: a loss of arrival comes before all else. Then comes
/// what a picture shows (black, frozen, covered), then how many pictures come (degraded), and then
/// whether anybody has looked.
#[derive(Debug)]
pub struct FeedHealth {
    arrival: Arrival,
    rate: Rate,
    picture: PictureHealth,
    /// Arrival of the newest picture that anybody has looked at.
    looked_at: Option<Mono>,
    /// Whoever has looked since has seen nothing, and was told no reason.
    in_vain: bool,
}

impl FeedHealth {
    /// A feed that is watched from now on.
    pub fn new(now: Mono) -> Self {
        Self {
            arrival: Arrival::new(now),
            rate: Rate::new(),
            picture: PictureHealth::new(),
            looked_at: None,
            in_vain: false,
        }
    }

    /// Takes note of an event that happened `now`.
    pub fn observe(&mut self, event: Event, now: Mono) {
        match &event {
            Event::Playing => {
                self.rate.session();
                self.picture.session();
                (self.looked_at, self.in_vain) = (None, false);
            }
            Event::Unit(unit) => {
                self.rate.unit(*unit, now, self.arrival.goes_on(now));
                self.picture.unit(unit.bytes, unit.is_key, now);
            }
            Event::Decoded { arrived_at, picture: true } => self.looked(*arrived_at),
            Event::LookedInVain => self.in_vain = true,
            _ => {}
        }
        self.arrival.observe(event, now);
    }

    /// Takes note of a picture that was looked at. One that is older than the present session says
    /// nothing about it.
    pub fn sample(&mut self, sample: Sample) {
        if self.arrival.first_in_session().is_some_and(|first| sample.arrived_at >= first) {
            self.looked(sample.arrived_at);
            self.arrival.pictured();
            self.picture.sample(sample);
        }
    }

    fn looked(&mut self, arrived_at: Mono) {
        self.looked_at = self.looked_at.max(Some(arrived_at));
        self.in_vain = false;
        self.arrival.saw(arrived_at);
    }

    /// This was held by an earlier run of the program: it is until a picture speaks against it.
    pub fn remember(&mut self, suspicion: Suspicion) {
        self.picture.remember(suspicion);
    }

    /// Whether its pictures should be looked at more often than others'.
    pub fn is_suspect(&self) -> bool {
        self.picture.is_suspect()
    }

    /// When the last access unit of the present session arrived; `None` before its first.
    pub fn last_in_session(&self) -> Option<Mono> {
        self.arrival.last_in_session()
    }

    /// When the first access unit of the present session arrived.
    pub fn first_in_session(&self) -> Option<Mono> {
        self.arrival.first_in_session()
    }

    /// How long this feed may be silent before it counts as stalled.
    pub fn patience(&self) -> Duration {
        self.arrival.patience()
    }

    /// The verdict at `now`, given the receiving side's life signs.
    pub fn assess(&self, now: Mono, pulse: Pulse) -> Assessment {
        let arrival = self.arrival.assess(now, pulse);
        let (state, since) = match arrival.state {
            State::Live => self.judge(now, pulse).unwrap_or((State::Live, arrival.since)),
            lost => (lost, arrival.since),
        };
        // Why nobody has seen anything, where it is not for want of a look.
        let in_vain = self.in_vain && state == State::NotChecked;
        Assessment {
            state,
            since,
            trouble: arrival.trouble.or(in_vain.then_some(Trouble::Undecodable)),
            last_unit: arrival.last_unit,
            rate: arrival.rate,
            patience: arrival.patience,
            behind: arrival.behind,
            evidence: Evidence {
                silence: arrival.silence,
                usual_rate: self.rate.usual(),
                loss_share: self.rate.loss(),
                looked_at: self.looked_at,
                picture: self.picture.evidence(),
            },
        }
    }

    /// What is the matter with a feed whose units arrive, and since when.
    fn judge(&self, now: Mono, pulse: Pulse) -> Option<(State, Mono)> {
        let unchecked = self.unchecked_since(pulse);
        match self.picture.verdict(now) {
            PictureVerdict::Black { since } => return Some((State::Black, since)),
            // What is only remembered is not held on to where nobody can look.
            _ if self.looked_at.is_none() && unchecked.is_some() => {}
            PictureVerdict::Frozen { since } => return Some((State::Frozen, since)),
            PictureVerdict::Covered { since } => return Some((State::Covered, since)),
            PictureVerdict::NotChecked | PictureVerdict::Fine => {}
        }
        // Units that we could not take were not all kept for us: that is no lack of the camera's.
        let own = |since: &Mono| pulse.explains(*since, now, PAUSE_SETTLES);
        if let Some(since) = self.rate.degraded().filter(|since| !own(since)) {
            return Some((State::Degraded, since));
        }
        unchecked.map(|since| (State::NotChecked, since))
    }

    /// Since when nobody has looked at what arrives, once that is too long.
    fn unchecked_since(&self, pulse: Pulse) -> Option<Mono> {
        let viewable = self.arrival.viewable_since()?;
        let checked = self.looked_at.map_or(viewable, |looked| looked.max(viewable));
        (pulse.listened_since(checked) > CHECKED_WITHIN).then_some(checked)
    }
}

#[cfg(test)]
mod tests;
