//! One feed, kept: wait, pass the gate, receive a session to its end, and find out when to try
//! again.
//!
//! The rules: a lost session or a failed attempt waits with full jitter ([`super::backoff`]); a
//! rejected login waits for minutes and in the end for a person ([`super::logins`]); a feed that
//! comes on screen need not wait out a long backoff; a person may ask at any time. Whatever the
//! reason, every attempt passes the gate ([`super::gate`]).

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::watch;

use super::Limits;
use super::backoff::Backoff;
use super::feed::{Calls, Feed};
use super::ffmpeg::{self, SourceRun};
use super::gate::{Gate, Pass, Place};
use super::hosts::Hosts;
use super::log_budget::LogBudget;
use super::logins::{Book, Verdict};
use super::names::Names;
use super::roll::Roll;
use super::rtsp::{Ended, SessionRun};
use crate::clock::Clock;
use crate::health::{Event, Trouble};

/// A feed that has stood in line for this long because of its host says so. Ordinary waits, at the
/// start of a thousand feeds too, are shorter.
const TELL_AFTER: Duration = Duration::from_secs(30);

/// What all feeds share.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limits: Arc<Limits>,
    pub(super) names: Names,
    pub(super) gate: Arc<Gate>,
    pub(super) book: Arc<Book>,
    pub(super) log: Arc<LogBudget>,
    /// The web servers of the list.
    pub(super) hosts: Hosts,
    /// Signed by every thread.
    pub(super) roll: Roll,
}

/// When to try again.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Next {
    /// As soon as the gate lets us.
    Now,
    /// After this, or sooner when the feed comes on screen.
    After(Duration),
    /// After this, whoever looks: the camera counts our attempts.
    NotBefore(Duration),
    /// When a person says so.
    Person,
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => write!(f, "at once"),
            Self::After(wait) | Self::NotBefore(wait) => {
                write!(f, "in {:.1} s", wait.as_secs_f32())
            }
            Self::Person => write!(f, "when a person asks"),
        }
    }
}

/// Receives `feed` until the task is aborted. It stands in line from this call on, not from the
/// task's first turn on.
pub(super) fn keep(feed: Arc<Feed>, shared: Shared) -> impl Future<Output = ()> + Send {
    let mut place = Some(line_up(&feed, &shared));
    async move {
        let mut keeper = Keeper {
            feed: &feed,
            shared: &shared,
            backoff: Backoff::new(shared.limits.backoff.clone()),
            calls: feed.calls(),
            heeded: Calls::default(),
            forgets_sessions: false,
            told: None,
        };
        loop {
            let place = place.take().unwrap_or_else(|| line_up(&feed, &shared));
            let pass = keeper.pass(place).await;
            // An earlier session of this feed, or others at the same door, may have been rejected.
            if let Some((why, wait)) = shared.book.standing(&feed.source, shared.clock.mono()) {
                drop(pass);
                feed.observe(Event::Lost(why));
                keeper.wait(wait.map_or(Next::Person, Next::NotBefore)).await;
                continue;
            }
            // Whoever has asked up to here gets this attempt.
            keeper.heed();
            let ended = keeper.session(pass).await;
            let next = keeper.judge(ended);
            keeper.wait(next).await;
        }
    }
}

fn line_up(feed: &Feed, shared: &Shared) -> Place {
    let host = feed.source.url.host_str().unwrap_or_default().to_ascii_lowercase();
    shared.gate.line_up(feed.id(), &host)
}

struct Keeper<'a> {
    feed: &'a Feed,
    shared: &'a Shared,
    backoff: Backoff,
    calls: watch::Receiver<Calls>,
    /// The calls that were answered.
    heeded: Calls,
    /// The server goes on with a session whose connection is closed.
    forgets_sessions: bool,
    /// What was last said in the log about failing attempts.
    told: Option<Trouble>,
}

impl Keeper<'_> {
    fn heed(&mut self) {
        self.heeded = *self.calls.borrow_and_update();
    }

    /// Waits at the gate.
    async fn pass(&self, mut place: Place) -> Pass {
        while tokio::time::timeout(TELL_AFTER, place.turn()).await.is_err() {
            if place.is_held_by_host() {
                self.feed.observe(Event::HostBusy);
            }
        }
        place.pass()
    }

    async fn session(&mut self, pass: Pass) -> Ended {
        let calls = self.calls.clone();
        let run = async {
            if ffmpeg::receives(&self.feed.source) {
                return SourceRun::new(self.feed, self.shared).run(pass, calls).await;
            }
            let session = SessionRun::new(self.feed, self.shared, self.forgets_sessions);
            session.run(pass, calls).await
        };
        AssertUnwindSafe(run).catch_unwind().await.unwrap_or_else(|_| {
            log::error!("{}: receiving failed inside this program", self.feed.id());
            Ended::lost(Trouble::Internal)
        })
    }

    /// Notes how a session or attempt ended, and decides what comes next.
    fn judge(&mut self, ended: Ended) -> Next {
        let (trouble, healthy_for) = match ended {
            Ended::Lost { trouble, healthy_for } => (trouble, healthy_for),
            Ended::Asked => {
                log::info!("{}: the session is silent; asked to try again", self.feed.id());
                self.feed.counters.losses.fetch_add(1, Ordering::Relaxed);
                self.feed.observe(Event::Lost(Trouble::FramesStopped));
                return Next::Now;
            }
            Ended::ForgetsSessions => {
                self.forgets_sessions = true;
                return Next::Now;
            }
        };
        if !healthy_for.is_zero() {
            // What was asked while pictures came is answered by those.
            self.heed();
        }
        let (trouble, next) = self.next_after(trouble, healthy_for);
        self.feed.counters.losses.fetch_add(1, Ordering::Relaxed);
        self.tell(&trouble, healthy_for, next);
        self.feed.observe(Event::Lost(trouble));
        next
    }

    /// What the trouble is called, and when to try again.
    fn next_after(&mut self, trouble: Trouble, healthy_for: Duration) -> (Trouble, Next) {
        let (book, limits) = (&self.shared.book, &self.shared.limits.logins);
        let (source, now) = (&self.feed.source, self.shared.clock.mono());
        match trouble {
            Trouble::AuthRejected => match book.rejected(source, limits, now, fastrand::f64()) {
                // Not counted, so not called a rejected login yet.
                Verdict::AskAgain => (Trouble::Status(401), Next::Now),
                Verdict::Wait(wait) => (trouble, Next::NotBefore(wait)),
                Verdict::GiveUp => (Trouble::AuthGivenUp, Next::Person),
            },
            Trouble::Forbidden => {
                let wait = book.refused(source, limits, now, fastrand::f64());
                (trouble, Next::NotBefore(wait))
            }
            other => {
                let watched = self.feed.is_on_screen();
                let wait = self.backoff.after_loss(healthy_for, watched, fastrand::f64());
                (other, Next::After(wait))
            }
        }
    }

    /// In a long outage a thousand feeds fail for the same reason again and again: that is news
    /// once.
    fn tell(&mut self, trouble: &Trouble, healthy_for: Duration, next: Next) {
        let id = self.feed.id();
        if self.told.as_ref() == Some(trouble) {
            log::debug!("{id}: {trouble:?}; next attempt {next}");
        } else if self.shared.log.spend(self.shared.clock.mono()) {
            log::info!("{id}: {trouble:?}; next attempt {next}");
        }
        self.told = healthy_for.is_zero().then(|| trouble.clone());
    }

    async fn wait(&mut self, next: Next) {
        let lost_at = self.shared.clock.mono();
        let mut until = match next {
            Next::Now => return,
            Next::After(wait) | Next::NotBefore(wait) => Some(lost_at + wait),
            Next::Person => None,
        };
        loop {
            let now = self.shared.clock.mono();
            let called = tokio::select! {
                () = sleep(until.map(|until| until.since(now))) => return,
                called = self.calls.changed() => called,
            };
            let before = self.heeded;
            self.heed();
            // No more calls means that the feed is gone, and with it the need to wait.
            if called.is_err() || self.heeded.retries != before.retries {
                return;
            }
            if self.heeded.shown != before.shown && matches!(next, Next::After(_)) {
                until = until.min(Some(lost_at + self.shared.limits.backoff.shown));
            }
        }
    }
}

/// Sleeps for `span`, or for ever.
async fn sleep(span: Option<Duration>) {
    match span {
        Some(span) => tokio::time::sleep(span).await,
        None => std::future::pending().await,
    }
}
