//! What waits for the disk: bounded, in order, and counted where it finds no room.
//!
//! One mutex guards all of it and is held for moments only, never across the disk.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::entry::{Entry, Row};
use super::event::Event;
use super::unwritten::Unwritten;
use super::{Failing, Limits, Status, Waker};
use crate::clock::{Clock, Mono, lock};
use crate::config::database::Reason;

/// Why an entry is not in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// Nothing can be written at the moment.
    #[error("the journal cannot be written: {}", .0.code())]
    Failing(Reason),
    /// Too much waits already.
    #[error("too many entries wait for the disk")]
    Full,
    /// The journal was closed.
    #[error("the journal is closed")]
    Closed,
}

impl NotKept {
    /// The class of the error.
    pub const fn reason(self) -> Reason {
        match self {
            Self::Failing(reason) => reason,
            Self::Full => Reason::Hung,
            Self::Closed => Reason::Internal,
        }
    }
}

type Answer = Result<i64, NotKept>;

/// Becomes known when its entry is on the disk, or is not kept: then it is withdrawn, and whoever
/// wrote it may write it again. (Where a power cut follows on a failed fsync, an entry may be found
/// in the journal although its receipt said otherwise; never the other way round.)
#[derive(Debug)]
pub struct Receipt {
    answer: Receiver<Answer>,
}

impl Receipt {
    /// Waits until it is known; the number of the row. A disk that hangs makes this hang.
    ///
    /// # Errors
    /// The entry is not kept.
    pub fn wait(&self) -> Result<i64, NotKept> {
        self.answer.recv().unwrap_or(Err(NotKept::Closed))
    }

    /// The same, but `None` when it has not become known `within` this time.
    pub fn wait_for(&self, within: Duration) -> Option<Result<i64, NotKept>> {
        match self.answer.recv_timeout(within) {
            Ok(answer) => Some(answer),
            Err(crossbeam_channel::RecvTimeoutError::Timeout) => None,
            Err(crossbeam_channel::RecvTimeoutError::Disconnected) => Some(Err(NotKept::Closed)),
        }
    }

    /// What is known by now. Gives an answer once.
    pub fn poll(&self) -> Option<Result<i64, NotKept>> {
        self.wait_for(Duration::ZERO)
    }
}

/// A row that waits, and who wants to know.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) row: Row,
    /// When it was recorded, which may be later than it happened.
    since: Mono,
    answer: Option<Sender<Answer>>,
}

impl Item {
    pub(super) fn answer(&self, answer: Answer) {
        if let Some(to) = &self.answer {
            // Room for one; whoever asked may have gone.
            let _ = to.try_send(answer);
        }
    }

    pub(super) fn is_asked_for(&self) -> bool {
        self.answer.is_some()
    }

    /// About how much memory it takes.
    fn bytes(&self) -> usize {
        size_of::<Self>() + self.row.body.len()
    }
}

impl From<Row> for Item {
    fn from(row: Row) -> Self {
        Self { since: Mono::from_micros(row.mono_us), row, answer: None }
    }
}

/// Entries that found no room and of which no row tells yet.
#[derive(Clone, Copy, Debug)]
struct Missing {
    count: u64,
    first_utc_us: i64,
    last_utc_us: i64,
}

#[derive(Default)]
struct State {
    items: VecDeque<Item>,
    /// Of `items` and of what the writer has taken.
    bytes: usize,
    taken: usize,
    /// What that is.
    taken_rows: Unwritten,
    /// When the oldest of what the writer has taken was recorded.
    taken_since: Option<Mono>,
    missing: Option<Missing>,
    lost: u64,
    failing: Option<Failing>,
    attempt: Option<Mono>,
    closing: bool,
    /// Nobody waits for the writer any more.
    given_up: bool,
    ended: bool,
    written: u64,
    newest_seq: i64,
}

pub(super) struct Queue {
    limits: Limits,
    clock: Arc<dyn Clock>,
    waker: Waker,
    state: Mutex<State>,
    nudge: Sender<()>,
    nudged: Receiver<()>,
}

impl Queue {
    pub(super) fn new(limits: Limits, clock: Arc<dyn Clock>, waker: Waker) -> Self {
        let (nudge, nudged) = bounded(1);
        Self { limits, clock, waker, state: Mutex::default(), nudge, nudged }
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(super) fn record(&self, entry: Entry) {
        self.push(Item { row: Row::from(entry), since: self.clock.mono(), answer: None });
    }

    pub(super) fn record_durably(&self, entry: Entry) -> Receipt {
        let (answer, known) = bounded(1);
        let since = self.clock.mono();
        self.push(Item { row: Row::from(entry), since, answer: Some(answer) });
        Receipt { answer: known }
    }

    fn push(&self, item: Item) {
        let mut state = lock(&self.state);
        let size = item.bytes();
        let full = state.items.len() + state.taken >= self.limits.entries
            || state.bytes + size > self.limits.bytes;
        if state.ended || state.closing || full {
            item.answer(Err(if full { NotKept::Full } else { NotKept::Closed }));
            // Whoever waits for an answer knows that it is not kept: nothing is missing.
            if !item.is_asked_for() {
                state.lose(item.row.utc_us);
            }
            return;
        }
        state.tell_missing(&*self.clock);
        state.put(item);
        let failing = state.failing.is_some();
        drop(state);
        // While it fails, attempts keep their own pace.
        if !failing {
            self.wake_writer();
        }
    }

    fn wake_writer(&self) {
        // Full: it is about to look anyway.
        let _ = self.nudge.try_send(());
    }

    /// The writer waits until there is something to do, at most for `most`.
    pub(super) fn wait(&self, most: Option<Duration>) {
        match most {
            // This queue holds the sender, so neither can fail but by running out of time.
            None => drop(self.nudged.recv()),
            Some(most) => drop(self.nudged.recv_timeout(most)),
        }
    }

    /// Takes the oldest items for one transaction; `None` when nothing will ever come any more. Both are
    /// found at one moment: between them the last row of all may come.
    pub(super) fn take(&self) -> Option<Vec<Item>> {
        let mut state = lock(&self.state);
        if state.items.len() < self.limits.batch {
            state.tell_missing(&*self.clock);
        }
        let count = state.items.len().min(self.limits.batch);
        let items: Vec<Item> = state.items.drain(..count).collect();
        state.took(&items);
        let over = items.is_empty() && state.closing;
        (!over).then_some(items)
    }

    /// An attempt to write begins.
    pub(super) fn attempt_begins(&self) {
        lock(&self.state).attempt = Some(self.clock.mono());
    }

    /// What was taken is on the disk, the last of it in row `newest_seq`.
    pub(super) fn written(&self, items: &[Item], newest_seq: i64) {
        let mut state = lock(&self.state);
        state.attempt = None;
        state.took(&[]);
        state.bytes = state.bytes.saturating_sub(items.iter().map(Item::bytes).sum());
        state.written += items.len() as u64;
        state.newest_seq = newest_seq;
        let Some(failing) = state.failing.take() else { return };
        let now = self.clock.mono();
        let after_ms = u64::try_from(now.since(failing.since).as_millis()).unwrap_or(u64::MAX);
        let resumed = Event::WritingResumed { after_ms };
        state.put(Row::from(Entry::now(&*self.clock, resumed)).into());
        drop(state);
        log::info!("the journal is written again after {after_ms} ms");
        (self.waker)();
    }

    /// An attempt has failed: what somebody waits for is withdrawn, in `taken` and here; the rest
    /// stays.
    pub(super) fn failed(&self, reason: Reason, taken: &mut Vec<Item>) {
        let mut state = lock(&self.state);
        let began = state.attempt.take().unwrap_or_else(|| self.clock.mono());
        let withdraw = |item: &Item, bytes: &mut usize| {
            if item.is_asked_for() {
                item.answer(Err(NotKept::Failing(reason)));
                *bytes = bytes.saturating_sub(item.bytes());
            }
            !item.is_asked_for()
        };
        let State { items, bytes, .. } = &mut *state;
        taken.retain(|item| withdraw(item, bytes));
        items.retain(|item| withdraw(item, bytes));
        state.took(taken);
        let first = state.failing.is_none();
        let since = state.failing.map_or(began, |failing| failing.since);
        state.failing = Some(Failing { since, reason });
        if first {
            // Also gives the next attempts something to write, where nothing else waits.
            let event = Event::WritingFailed { reason: reason.code().to_owned() };
            state.put(Row::from(Entry::now(&*self.clock, event)).into());
        }
        drop(state);
        if first {
            (self.waker)();
        }
    }

    pub(super) fn close(&self) {
        let mut state = lock(&self.state);
        if !state.closing && !state.ended {
            state.tell_missing(&*self.clock);
            state.put(Row::from(Entry::now(&*self.clock, Event::Stopped {})).into());
            state.closing = true;
        }
        drop(state);
        self.wake_writer();
    }

    pub(super) fn is_closing(&self) -> bool {
        lock(&self.state).closing
    }

    /// What is not written now is not written any more.
    pub(super) fn give_up(&self) {
        lock(&self.state).given_up = true;
        self.wake_writer();
    }

    pub(super) fn is_given_up(&self) -> bool {
        lock(&self.state).given_up
    }

    /// What is not on the disk; `None` where nothing is missing.
    pub(super) fn unwritten(&self) -> Option<Unwritten> {
        let reason = self.status().failing.map(|failing| failing.reason);
        let state = lock(&self.state);
        let mut unwritten = state.taken_rows.clone();
        for item in &state.items {
            unwritten.add(&item.row);
        }
        unwritten.reason = reason;
        (unwritten.rows() > 0).then_some(unwritten)
    }

    /// The writer has ended, however that came about.
    pub(super) fn ended(&self) {
        let mut state = lock(&self.state);
        state.ended = true;
        state.attempt = None;
        for item in &state.items {
            item.answer(Err(NotKept::Closed));
        }
        if !state.closing {
            let since = self.clock.mono();
            state.failing = Some(Failing { since, reason: Reason::Internal });
            drop(state);
            (self.waker)();
        }
    }

    pub(super) fn status(&self) -> Status {
        let state = lock(&self.state);
        let hung = || {
            let since = state.attempt?;
            let long = self.clock.mono().since(since) >= self.limits.hung;
            long.then_some(Failing { since, reason: Reason::Hung })
        };
        Status {
            waiting: state.items.len() + state.taken,
            // They are written in the order in which they came.
            oldest: state.taken_since.or_else(|| state.items.front().map(|item| item.since)),
            lost: state.lost,
            failing: state.failing.or_else(hung),
            written: state.written,
            newest_seq: state.newest_seq,
        }
    }
}

impl State {
    /// The writer has these in hand.
    fn took(&mut self, items: &[Item]) {
        self.taken = items.len();
        self.taken_since = items.first().map(|item| item.since);
        self.taken_rows = Unwritten::default();
        for item in items {
            self.taken_rows.add(&item.row);
        }
    }

    fn put(&mut self, item: Item) {
        self.bytes += item.bytes();
        self.items.push_back(item);
    }

    fn lose(&mut self, utc_us: i64) {
        self.lost += 1;
        let missing = self.missing.get_or_insert(Missing {
            count: 0,
            first_utc_us: utc_us,
            last_utc_us: utc_us,
        });
        missing.count += 1;
        missing.last_utc_us = utc_us;
    }

    /// Puts down in its place that entries are missing. That row is let in beyond the limits.
    fn tell_missing(&mut self, clock: &dyn Clock) {
        let Some(Missing { count, first_utc_us, last_utc_us }) = self.missing.take() else {
            return;
        };
        log::error!("{count} journal entries found no room");
        let lost = Event::Lost { count, first_utc_us, last_utc_us };
        self.put(Row::from(Entry::now(clock, lost)).into());
    }
}
