//! The picture: is what arrives black, covered or frozen?
//!
//! Pure: fed with the coded sizes of units and with the statistics of small luma pictures, it gives
//! a verdict. Called by `ingest` through [`FeedHealth`](super::FeedHealth).
//!
//! A plain form of it, which the detector that is judged on a corpus takes the place of: a mean for
//! black, a spread for covered, equality for frozen.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Mono;
use crate::frame::Luma;

/// A picture as dark as this on the mean is black.
const BLACK: u32 = 24;

/// A picture whose values are all this near the mean shows nothing.
const UNIFORM: u32 = 6;

/// How long it has to be so.
const HELD: Duration = Duration::from_secs(4);

/// How long a picture must stay the same to be suspected of standing still.
const STILL: Duration = Duration::from_secs(30);

/// One picture that was looked at.
#[derive(Clone, Debug)]
pub struct Sample {
    /// When it was looked at.
    pub at: Mono,
    /// When its unit arrived.
    pub arrived_at: Mono,
    /// It was decoded from a keyframe.
    pub is_key: bool,
    /// The picture.
    pub luma: Arc<Luma>,
}

/// What the pictures show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureVerdict {
    /// None has been looked at.
    NotChecked,
    /// A picture.
    Fine,
    /// It is black.
    Black {
        /// Since when.
        since: Mono,
    },
    /// Something is before the lens.
    Covered {
        /// Since when.
        since: Mono,
    },
    /// It is the same again and again.
    Frozen {
        /// Since when.
        since: Mono,
    },
}

/// The numbers behind a verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PictureEvidence {
    /// The mean of the newest picture, 0 to 255.
    pub mean: f32,
}

/// What is known about the pictures of one feed.
#[derive(Clone, Debug, Default)]
pub struct PictureHealth {
    newest: Option<Sample>,
    mean: u32,
    black: Option<Mono>,
    uniform: Option<Mono>,
    still: Option<Mono>,
}

impl PictureHealth {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A unit of this coded size has arrived.
    pub fn unit(&mut self, _bytes: usize, _is_key: bool, _arrived_at: Mono) {}

    /// A picture was looked at.
    pub fn sample(&mut self, sample: Sample) {
        let data = &sample.luma.data;
        let sum: u32 = data.iter().map(|v| u32::from(*v)).sum();
        self.mean = sum / u32::try_from(data.len().max(1)).unwrap_or(u32::MAX);
        let at = sample.arrived_at;
        let near = data.iter().all(|v| u32::from(*v).abs_diff(self.mean) <= UNIFORM);
        let same = self.newest.as_ref().is_some_and(|newest| newest.luma == sample.luma);
        let black = self.mean < BLACK;
        for (since, holds) in [
            (&mut self.black, black),
            (&mut self.uniform, near && !black),
            (&mut self.still, same && !black && !near),
        ] {
            *since = if holds { since.or(Some(at)) } else { None };
        }
        self.newest = Some(sample);
    }

    /// Another session begins.
    pub fn session(&mut self) {
        *self = Self::default();
    }

    /// The verdict.
    pub fn verdict(&self, _now: Mono) -> PictureVerdict {
        let Some(newest) = &self.newest else { return PictureVerdict::NotChecked };
        let held = |since: Option<Mono>, for_long: Duration| {
            since.filter(|since| newest.arrived_at.since(*since) >= for_long)
        };
        if let Some(since) = held(self.black, HELD) {
            PictureVerdict::Black { since }
        } else if let Some(since) = held(self.still, STILL) {
            PictureVerdict::Frozen { since }
        } else if let Some(since) = held(self.uniform, HELD) {
            PictureVerdict::Covered { since }
        } else {
            PictureVerdict::Fine
        }
    }

    /// Whether the next picture should be looked at soon.
    pub fn is_suspect(&self) -> bool {
        self.black.or(self.uniform).or(self.still).is_some()
    }

    /// The numbers.
    pub fn evidence(&self) -> PictureEvidence {
        PictureEvidence { mean: self.mean as f32 }
    }
}
