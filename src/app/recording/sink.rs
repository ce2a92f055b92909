//! The way from the receiving threads to the recorder.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use crate::clock::{Mono, lock};
use crate::ingest::{ClockReading, UnitSink};
use crate::media::AccessUnit;
use crate::media::sound::SoundUnit;
use crate::model::{FeedId, FeedKind};
use crate::record::Recorder;

/// Passes on what is to be recorded. Without a recorder, and of feeds that are not to be recorded,
/// everything is let go.
pub(super) struct Sink {
    /// Of which kind of feed sound is recorded as well, if of any.
    sound: Option<FeedKind>,
    /// Replaced as a whole: a receiving thread holds the lock for a clone and no longer.
    to: Mutex<Arc<To>>,
}

#[derive(Clone, Default)]
struct To {
    recorder: Option<Arc<Recorder>>,
    /// Since when each is to be recorded.
    feeds: HashMap<FeedId, Mono>,
}

impl Sink {
    /// Without anybody to pass it on to.
    pub(super) fn new(sound: Option<FeedKind>) -> Self {
        Self { sound, to: Mutex::default() }
    }

    fn to(&self) -> Arc<To> {
        Arc::clone(&lock(&self.to))
    }

    /// Lets a recorder have it from now on.
    pub(super) fn connect(&self, recorder: Arc<Recorder>) {
        let mut to = lock(&self.to);
        let feeds = to.feeds.clone();
        *to = Arc::new(To { recorder: Some(recorder), feeds });
    }

    /// Nobody has it any more.
    pub(super) fn disconnect(&self) {
        *lock(&self.to) = Arc::default();
    }

    /// Passes these on from now on, and ends the others' segments.
    pub(super) fn record(&self, feeds: &BTreeSet<FeedId>, now: Mono) {
        let before = {
            let mut to = lock(&self.to);
            let since = |id: &FeedId| (*id, to.feeds.get(id).copied().unwrap_or(now));
            let feeds = feeds.iter().map(since).collect();
            let recorder = to.recorder.clone();
            std::mem::replace(&mut *to, Arc::new(To { recorder, feeds }))
        };
        if let Some(recorder) = &before.recorder {
            for feed in before.feeds.keys().filter(|feed| !feeds.contains(*feed)) {
                recorder.end(*feed);
            }
        }
    }

    /// What is passed on, and since when.
    pub(super) fn each(&self, mut take: impl FnMut(FeedId, Mono)) {
        for (feed, since) in &self.to().feeds {
            take(*feed, *since);
        }
    }

    /// Whether anything is to be recorded.
    pub(super) fn is_wanted(&self) -> bool {
        !self.to().feeds.is_empty()
    }
}

impl UnitSink for Sink {
    fn offer(&self, feed: FeedId, unit: &AccessUnit) {
        let to = self.to();
        if let Some(recorder) = to.recorder.as_ref().filter(|_| to.feeds.contains_key(&feed)) {
            recorder.offer(feed, unit);
        }
    }

    fn wants_sound(&self, feed: FeedId) -> bool {
        self.sound == Some(feed.kind)
    }

    fn sound(&self, feed: FeedId, unit: &SoundUnit) {
        let to = self.to();
        if let Some(recorder) = to.recorder.as_ref().filter(|_| to.feeds.contains_key(&feed)) {
            recorder.offer_sound(feed, unit);
        }
    }

    fn clock(&self, feed: FeedId, reading: ClockReading) {
        if let Some(recorder) = &self.to().recorder {
            let ahead_us = reading.theirs_us.saturating_sub(reading.ours_us);
            recorder.tell_camera_clock(feed, Some(ahead_us));
        }
    }
}
