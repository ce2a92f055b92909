//! The gate: every attempt to open a session passes it, at the start of the program, after an
//! outage, and when a person asks.
//!
//! A thousand feeds that fall together would come back together: backoff with full jitter alone
//! was measured at 1,273 attempts in the worst second. So there is one bucket for all of them and
//! a bound per host; what is on screen goes first. [`queue`] decides, this shell waits.

mod queue;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, oneshot};

pub use self::queue::Limits;
use self::queue::{Next, Queue, Ticket};
use crate::clock::{Clock, lock};
use crate::model::FeedId;

/// The line in front of all hosts.
pub(super) struct Gate {
    clock: Arc<dyn Clock>,
    line: Mutex<Line>,
    /// Somebody entered or left.
    changed: Notify,
}

struct Line {
    queue: Queue,
    /// Who waits to be called.
    callers: HashMap<Ticket, oneshot::Sender<()>>,
}

/// The right to open one session; the slot is free again when it is dropped.
pub(super) struct Pass {
    gate: Arc<Gate>,
    ticket: Ticket,
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut line = lock(&self.gate.line);
        line.callers.remove(&self.ticket);
        line.queue.leave(self.ticket);
        drop(line);
        self.gate.changed.notify_one();
    }
}

/// A place in the line. Dropped, it is given up.
pub(super) struct Place {
    pass: Pass,
    called: oneshot::Receiver<()>,
}

impl Place {
    /// Waits for its turn; cancel safe.
    pub(super) async fn turn(&mut self) {
        if (&mut self.called).await.is_err() {
            // Nobody calls any more: the program ends.
            std::future::pending::<()>().await;
        }
    }

    /// Whether it waits for others at its host, and not only for its turn.
    pub(super) fn is_held_by_host(&self) -> bool {
        lock(&self.pass.gate.line).queue.is_held_by_host(self.pass.ticket)
    }

    /// The slot, after [`Place::turn`].
    pub(super) fn pass(self) -> Pass {
        self.pass
    }
}

impl Gate {
    pub(super) fn new(limits: Limits, clock: Arc<dyn Clock>) -> Arc<Self> {
        let line = Line { queue: Queue::new(limits), callers: HashMap::new() };
        Arc::new(Self { clock, line: Mutex::new(line), changed: Notify::new() })
    }

    /// Lines up for an attempt of `feed` at `host`.
    pub(super) fn line_up(self: &Arc<Self>, feed: FeedId, host: &str) -> Place {
        let (call, called) = oneshot::channel();
        let mut line = lock(&self.line);
        let ticket = line.queue.enter(feed, host);
        line.callers.insert(ticket, call);
        drop(line);
        self.changed.notify_one();
        Place { pass: Pass { gate: Arc::clone(self), ticket }, called }
    }

    /// These feeds go first from now on.
    pub(super) fn prefer(&self, shown: &BTreeSet<FeedId>) {
        lock(&self.line).queue.prefer(shown);
    }

    /// Calls whoever's turn it is, for ever.
    pub(super) async fn run(self: Arc<Self>) {
        loop {
            let next = {
                let mut line = lock(&self.line);
                let next = line.queue.next(self.clock.mono());
                if let Next::Go(ticket) = next
                    && let Some(caller) = line.callers.remove(&ticket)
                {
                    // Whoever does not hear it any more is about to give his place up.
                    let _ = caller.send(());
                }
                next
            };
            match next {
                Next::Go(_) => {}
                // Until then nobody may begin, whoever comes: no use in listening.
                Next::At(then) => tokio::time::sleep(then.since(self.clock.mono())).await,
                Next::Idle => self.changed.notified().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::model::{FeedKind, StationId};

    fn feed(n: u32) -> FeedId {
        FeedId { station: StationId::new(1, n), kind: FeedKind::Main }
    }

    #[tokio::test]
    async fn a_slot_lasts_until_the_pass_is_dropped_and_a_place_until_it_is_given_up() {
        let gate = Gate::new(Limits::default(), Arc::new(SystemClock));
        tokio::spawn(Arc::clone(&gate).run());
        let mut passes = Vec::new();
        for n in 0..4 {
            let mut place = gate.line_up(feed(n), "a");
            place.turn().await;
            passes.push(place.pass());
        }
        let given_up = gate.line_up(feed(8), "a");
        let mut fifth = gate.line_up(feed(9), "a");
        let mut elsewhere = gate.line_up(feed(10), "b");
        elsewhere.turn().await;
        assert!(fifth.called.try_recv().is_err() && fifth.is_held_by_host());
        drop(given_up);
        passes.pop();
        fifth.turn().await;
        assert!(!fifth.is_held_by_host());
    }
}
