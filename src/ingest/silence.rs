//! For how long a session may be without a picture, whatever it is received through.

use std::time::Duration;

use tokio::sync::watch;

use super::feed::{Calls, Feed};
use super::keeper::Shared;
use crate::clock::Mono;
use crate::health::Trouble;

/// The watch over one session that plays.
pub(super) struct Silence<'a> {
    pub(super) feed: &'a Feed,
    pub(super) shared: &'a Shared,
    /// When it began to play.
    pub(super) began: Mono,
}

impl Silence<'_> {
    /// For how long the session may go on without a picture, or why it may not any more.
    pub(super) fn left(&self) -> Result<Duration, Trouble> {
        let limits = &self.shared.limits;
        let (deadline, trouble) = match self.feed.last_in_session() {
            None => (self.began + limits.first_frame, Trouble::NoFirstFrame),
            // A camera that sends a picture every ten seconds is slow, not gone.
            Some(last) => {
                (last + limits.frame_gap.max(self.feed.patience() * 2), Trouble::FramesStopped)
            }
        };
        let left = deadline.since(self.shared.clock.mono());
        if left.is_zero() { Err(trouble) } else { Ok(left) }
    }

    /// Ends when no picture has come for too long. One timer per silence, not one per picture.
    pub(super) async fn watch(&self) -> Trouble {
        loop {
            match self.left() {
                Ok(left) => tokio::time::sleep(left).await,
                Err(trouble) => return trouble,
            }
        }
    }

    /// Ends when a person asks for another attempt while this session is silent. A session that
    /// brings pictures is not torn down: that would be a hole in the day.
    pub(super) async fn asked(&self, mut calls: watch::Receiver<Calls>) {
        let mut known = calls.borrow().retries;
        while calls.changed().await.is_ok() {
            let retries = calls.borrow_and_update().retries;
            let last = self.feed.last_in_session().unwrap_or(self.began);
            let silent = self.shared.clock.mono().since(last) > self.feed.patience();
            if retries != std::mem::replace(&mut known, retries) && silent {
                return;
            }
        }
        std::future::pending::<()>().await;
    }
}
