//! The roll of the threads that receive, decode and look: who has not ended yet, by name.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::clock::lock;

/// So many stragglers are named; what hangs one decoder may hang all of them.
const NAMED: usize = 6;

#[derive(Debug, Default)]
struct Names {
    next: u64,
    present: BTreeMap<u64, String>,
}

/// Where threads sign in. Whoever holds a copy may still start some.
#[derive(Clone, Debug)]
pub(super) struct Roll {
    names: Arc<Mutex<Names>>,
    /// Nothing is ever sent.
    _alive: Sender<Infallible>,
}

impl Roll {
    /// An empty roll, and what is known once all copies of it are gone and all have signed out.
    pub(super) fn begin() -> (Self, Stopping) {
        let (alive, ended) = bounded(0);
        let names = Arc::<Mutex<Names>>::default();
        let stopping = Stopping { names: Arc::clone(&names), ended };
        (Self { names, _alive: alive }, stopping)
    }

    /// Signs in; signs out when what is returned is dropped.
    pub(super) fn enter(&self, name: impl Into<String>) -> Present {
        let mut names = lock(&self.names);
        let number = names.next;
        names.next += 1;
        names.present.insert(number, name.into());
        drop(names);
        Present { roll: self.clone(), number }
    }
}

/// Held by a thread until its end.
#[derive(Debug)]
pub(super) struct Present {
    roll: Roll,
    number: u64,
}

impl Drop for Present {
    fn drop(&mut self) {
        lock(&self.roll.names).present.remove(&self.number);
    }
}

/// Receiving that was told to end.
#[derive(Clone, Debug)]
pub struct Stopping {
    names: Arc<Mutex<Names>>,
    ended: Receiver<Infallible>,
}

impl Stopping {
    /// Waits until all of it has ended, `within` this time at most; the names of what had not by
    /// then (it is left to the operating system).
    #[must_use]
    pub fn wait(&self, within: Duration) -> Vec<String> {
        // Nothing is ever sent: the wait ends with the last thread, or with the time.
        if self.ended.recv_timeout(within) == Err(RecvTimeoutError::Disconnected) {
            return Vec::new();
        }
        let present = &lock(&self.names).present;
        let mut named: Vec<_> = present.values().take(NAMED).cloned().collect();
        match present.len().saturating_sub(NAMED) {
            // Only tasks are left, which have no threads of their own.
            0 if named.is_empty() => named.push("sessions".to_owned()),
            0 => {}
            more => named.push(format!("{more} more threads of receiving")),
        }
        named
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_not_ended_is_named() {
        let (roll, stopping) = Roll::begin();
        let decoder = roll.enter("dec 57/12");
        let sampler = roll.enter("sampler");
        drop(sampler);
        drop(roll);
        assert_eq!(stopping.wait(Duration::ZERO), ["dec 57/12"]);
        drop(decoder);
        assert_eq!(stopping.wait(Duration::from_secs(60)), Vec::<String>::new());
    }

    #[test]
    fn many_are_counted_and_tasks_without_a_thread_are_told() {
        let (roll, stopping) = Roll::begin();
        let all: Vec<_> = (0..36).map(|n| roll.enter(format!("dec 1/{n}"))).collect();
        let named = stopping.wait(Duration::ZERO);
        assert_eq!(named.len(), NAMED + 1);
        assert_eq!(named[NAMED], "30 more threads of receiving");
        drop(all);
        assert_eq!(stopping.wait(Duration::ZERO), ["sessions"]);
    }
}
