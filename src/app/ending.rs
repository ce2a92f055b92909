//! How `wall` and `watch` end: everything that runs beside their loop is told first, and only then
//! waited for, all of it against one deadline.
//!
//! A disk that hangs holds up whoever writes to it, and those are several: waited for one after the
//! other, each with a time of its own, they would use up what is there before the cameras are told
//! to go. To make an [`Ending`] is to tell; [`Endings::wait`] waits. The journal is told when
//! nobody has anything to put down any more, or when it must be.

use std::convert::Infallible;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::clock::{Clock, Mono};
use crate::ingest::Stopping;
use crate::journal::Journal;

/// Everything ends within this, unless there are recordings to be closed.
pub(super) const STOP_WITHIN: Duration = Duration::from_secs(2);

/// Of that, what the journal has to be written to its end, whoever else hangs.
const JOURNAL_AT_LEAST: Duration = Duration::from_millis(500);

/// Something that was told to end.
pub(super) struct Ending {
    name: &'static str,
    /// What it means that it had no time to.
    else_lost: &'static str,
    /// Disconnects at its end.
    ended: Receiver<Infallible>,
}

impl Ending {
    pub(super) const fn new(
        name: &'static str,
        else_lost: &'static str,
        ended: Receiver<Infallible>,
    ) -> Self {
        Self { name, else_lost, ended }
    }

    /// Waits for its end; whether it came `within` this time.
    pub(super) fn is_over(&self, within: Duration) -> bool {
        self.ended.recv_timeout(within) == Err(RecvTimeoutError::Disconnected)
    }
}

/// All that was told to end.
pub(super) struct Endings {
    /// Those that may still have something for the journal.
    pub(super) writers: Vec<Ending>,
    /// Those that have nothing.
    pub(super) others: Vec<Ending>,
    /// The cameras.
    pub(super) receiving: Stopping,
    /// All of it has this long: [`STOP_WITHIN`], or longer where there is much to be closed.
    pub(super) within: Duration,
}

impl Endings {
    /// Waits for all of it and for the journal, until `within` after `began`, and says in
    /// the log how long it took, what did not end in time and what that means. The names of what did
    /// not.
    pub(super) fn wait(self, journal: Journal, began: Mono, clock: &dyn Clock) -> Vec<String> {
        let deadline = began + self.within;
        let left = || deadline.since(clock.mono());
        for writer in &self.writers {
            // Whether it was in time is asked below, when the journal has been told.
            let _ = writer.is_over(left().saturating_sub(JOURNAL_AT_LEAST));
        }
        journal.end();
        let mut late = self.receiving.wait(left());
        for ending in self.writers.iter().chain(&self.others) {
            if !ending.is_over(left()) {
                log::warn!("{} did not end in time: {}", ending.name, ending.else_lost);
                late.push(ending.name.to_owned());
            }
        }
        if let Err(unwritten) = journal.finish(left()) {
            log::error!("the journal was not written to its end: {unwritten}");
            late.push("journal".to_owned());
        }
        log::info!("closed in {:.3} s", clock.mono().since(began).as_secs_f32());
        if !late.is_empty() {
            log::warn!("did not end within {:?}: {}", self.within, late.join(", "));
        }
        late
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crossbeam_channel::bounded;

    use super::*;
    use crate::clock::FakeClock;
    use crate::ingest::{self, Ingest};
    use crate::journal::{self, Entry, Event, RunConfig, RunInfo};

    const LONG: Duration = Duration::from_secs(60);

    /// The thread of the journal is inside SQLite and does not come back, and neither does who writes a
    /// file beside it; the time that there is for closing is over.
    #[test]
    fn a_disk_that_hangs_keeps_nobody_from_closing() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("journal.sqlite");
        let clock = Arc::new(FakeClock::default());
        let limits = journal::Limits { busy: LONG, ..journal::Limits::default() };
        let run = RunInfo::this_process("wall", RunConfig::default());
        let waker = Arc::new(|| {});
        let journal = Journal::open_within(&file, clock.clone(), run, waker, limits).unwrap();
        let entry = || Entry::now(&*clock, Event::FileGone {});
        assert!(matches!(journal.record_durably(entry()).wait_for(LONG), Some(Ok(_))));
        let held = rusqlite::Connection::open(&file).unwrap();
        held.execute_batch("BEGIN IMMEDIATE").unwrap();
        journal.record(entry());
        let (hangs, never) = bounded::<Infallible>(0);
        let (ends, over) = bounded::<Infallible>(0);
        drop(ends);
        let nobody =
            Ingest::start(Vec::new(), ingest::Limits::default(), clock.clone(), Arc::new(|| {}));
        let endings = Endings {
            writers: vec![Ending::new("hung", "a test", never)],
            others: vec![Ending::new("ended", "a test", over)],
            receiving: nobody.unwrap().end(),
            within: STOP_WITHIN,
        };
        let began = clock.mono();
        clock.advance(STOP_WITHIN);
        let late = endings.wait(journal.clone(), began, &*clock);
        let is_late = |name: &str| late.iter().any(|late| late == name);
        assert!(is_late("hung") && is_late("journal") && !is_late("ended"), "{late:?}");
        // It was told all the same, and has not been cut off in the middle.
        held.execute_batch("ROLLBACK").unwrap();
        assert!(journal.close(LONG), "what waited is written when the disk goes on");
        drop(hangs);
    }

    #[test]
    fn what_has_ended_is_found_so_when_no_time_is_left() {
        let (hangs, never) = bounded(0);
        let (ends, over) = bounded::<Infallible>(0);
        drop(ends);
        let [hung, ended] = [never, over].map(|ended| Ending::new("x", "nothing is lost", ended));
        assert!(!hung.is_over(Duration::ZERO));
        assert!(ended.is_over(Duration::ZERO), "no time is needed to see that");
        drop::<crossbeam_channel::Sender<Infallible>>(hangs);
        assert!(hung.is_over(Duration::ZERO));
    }
}
