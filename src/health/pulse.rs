//! The receiving side's own life signs: while we could not listen, nobody was silent.

use std::time::Duration;

use super::limits::{BEHIND_SHOWN, PULSE_LATE, READ_BACKLOG};
use crate::clock::Mono;

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
    pub(super) fn listened_since(&self, from: Mono) -> Duration {
        let missed = self.pauses.iter().flatten().map(|(began, ended)| {
            let (began, ended) = ((*began).max(from), (*ended).min(self.beat));
            ended.since(began)
        });
        self.beat.since(from).saturating_sub(missed.sum())
    }

    /// Whether one of its pauses may be behind something that is known since `since`: it began after
    /// the pause did, and the pause was over less than `settles` before `now`.
    pub(super) fn explains(&self, since: Mono, now: Mono, settles: Duration) -> bool {
        let pauses = self.pauses.iter().flatten();
        let mut recent = pauses.filter(|(_, ended)| now.since(*ended) < settles);
        recent.any(|(began, _)| since >= *began)
    }

    /// It is paused right now, or was a moment ago.
    pub fn is_behind(&self, now: Mono) -> bool {
        let ended = self.pauses[self.newest_pause].map(|(_, ended)| ended);
        now.since(self.beat) > PULSE_LATE || ended.is_some_and(|e| now.since(e) < BEHIND_SHOWN)
    }
}
