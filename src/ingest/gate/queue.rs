//! Who may open a session next: pure, the time comes in and a decision goes out.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use crate::clock::Mono;
use crate::model::FeedId;

/// How many sessions may be opened, and how fast.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Attempts that may begin in any second, over all hosts.
    pub per_second: u32,
    /// Attempts that may begin at the same moment. A page of tiles that comes on screen need not
    /// stand in line, and a thousand feeds after an outage still come in small groups.
    pub burst: u32,
    /// Attempts under way at once at one host. A host is an address without its port: cameras
    /// behind one router or recorder have only ports of their own.
    pub per_host: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_second: 50, burst: 10, per_host: 4 }
    }
}

impl Limits {
    /// In any span this long, `burst` attempts may begin. As `1 s / span` bursts make up exactly
    /// `per_second`, this one rule bounds both.
    fn span(&self) -> Duration {
        Duration::from_secs(1).mul_f64(f64::from(self.burst) / f64::from(self.per_second.max(1)))
    }
}

/// When others wait too, so many in a row may be for what is on screen. Whoever is not on screen
/// then waits for at most ten times as many attempts as there are ahead of it.
pub(super) const SHOWN_IN_A_ROW: u32 = 9;

/// A place in the line, then an open slot, until [`Queue::leave`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ticket(u64);

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// This one may begin now, and holds a slot from now on.
    Go(Ticket),
    /// Nobody may begin before this moment; ask again then.
    At(Mono),
    /// Nobody waits who could begin: ask again when somebody enters or leaves.
    Idle,
}

#[derive(Debug)]
struct Waiter {
    feed: FeedId,
    host: String,
}

/// The line in front of the gate and the slots behind it.
#[derive(Debug)]
pub(super) struct Queue {
    limits: Limits,
    /// When the last attempts began, the oldest first; at most `burst` of them.
    began: VecDeque<Mono>,
    /// In the order of arrival: tickets ascend.
    waiting: BTreeMap<Ticket, Waiter>,
    /// The host of every open slot.
    open: HashMap<Ticket, String>,
    open_at: HashMap<String, usize>,
    shown: BTreeSet<FeedId>,
    /// How many in a row were for what is on screen.
    shown_in_a_row: u32,
    tickets: u64,
}

impl Queue {
    /// Nobody there yet.
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            began: VecDeque::with_capacity(limits.burst as usize),
            limits,
            waiting: BTreeMap::new(),
            open: HashMap::new(),
            open_at: HashMap::new(),
            shown: BTreeSet::new(),
            shown_in_a_row: 0,
            tickets: 0,
        }
    }

    /// `feed` wants to open a session at `host`.
    pub(super) fn enter(&mut self, feed: FeedId, host: &str) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.waiting.insert(ticket, Waiter { feed, host: host.to_owned() });
        ticket
    }

    /// The attempt has come to its end, or nobody waits for it any more.
    pub(super) fn leave(&mut self, ticket: Ticket) {
        self.waiting.remove(&ticket);
        let Some(host) = self.open.remove(&ticket) else { return };
        if let Some(open) = self.open_at.get_mut(&host) {
            *open -= 1;
            if *open == 0 {
                self.open_at.remove(&host);
            }
        }
    }

    /// These feeds go first from now on, also those that wait already.
    pub(super) fn prefer(&mut self, shown: &BTreeSet<FeedId>) {
        self.shown.clone_from(shown);
    }

    /// Whether this one waits for others at the same host, and not only for its turn.
    pub(super) fn is_held_by_host(&self, ticket: Ticket) -> bool {
        self.waiting.get(&ticket).is_some_and(|waiter| !self.has_slot(waiter))
    }

    /// Decides about one attempt. To be called until it is not [`Next::Go`].
    pub(super) fn next(&mut self, now: Mono) -> Next {
        let Some(ticket) = self.choose() else { return Next::Idle };
        if self.began.len() >= self.limits.burst as usize
            && let Some(oldest) = self.began.front()
        {
            let from = *oldest + self.limits.span();
            if now < from {
                return Next::At(from);
            }
            self.began.pop_front();
        }
        self.began.push_back(now);
        self.open(ticket);
        Next::Go(ticket)
    }

    fn has_slot(&self, waiter: &Waiter) -> bool {
        self.open_at.get(&waiter.host).is_none_or(|open| *open < self.limits.per_host)
    }

    /// Whose turn it is: first what is on screen, in order of arrival; but others are never passed
    /// over for ever.
    fn choose(&self) -> Option<Ticket> {
        let first = |on_screen| {
            let mut line = self.waiting.iter();
            line.find(|(_, w)| self.shown.contains(&w.feed) == on_screen && self.has_slot(w))
                .map(|(ticket, _)| *ticket)
        };
        let others_turn = self.shown_in_a_row >= SHOWN_IN_A_ROW;
        first(!others_turn).or_else(|| first(others_turn))
    }

    fn open(&mut self, ticket: Ticket) {
        let Some(waiter) = self.waiting.remove(&ticket) else { return };
        let on_screen = self.shown.contains(&waiter.feed);
        self.shown_in_a_row = if on_screen { self.shown_in_a_row + 1 } else { 0 };
        *self.open_at.entry(waiter.host.clone()).or_default() += 1;
        self.open.insert(ticket, waiter.host);
    }
}

#[cfg(test)]
mod tests;
