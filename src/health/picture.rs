//! The picture: is what arrives black, covered or frozen?
//!
//! Pure: fed with the coded sizes of units and with small luma pictures, it gives a verdict. In two
//! stages: [`Eye`] makes a few numbers of each picture ([`Features`]), [`Decision`] judges them with
//! the sizes. What is *frozen* or *covered* is suspected, never known: see
//! [decision 93](../../../docs/decisions/0093-what-makes-a-picture-frozen.md); how it ends,
//! [decision 95](../../../docs/decisions/0095-a-standing-picture-teaches-nothing.md).
//!
//! Called by `ingest` through [`FeedHealth`](super::FeedHealth).

mod clock;
mod decide;
mod drift;
mod features;
mod frozen;
mod held;
pub mod limits;
mod rest;
mod sizes;

use std::sync::Arc;

pub use clock::ClockSight;
pub use decide::Decision;
pub use features::{Change, Eye, Features};

use crate::clock::Mono;
use crate::frame::Luma;

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

/// What the pictures of a feed show. `since` is when the first picture of the kind arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureVerdict {
    /// Nobody has looked for long.
    NotChecked,
    /// Nothing is wrong with them.
    Fine,
    /// Nothing can be seen.
    Black {
        /// The first black picture's arrival.
        since: Mono,
    },
    /// Something seems to be before the lens.
    Covered {
        /// The first such picture's arrival.
        since: Mono,
    },
    /// The same moment seems to be shown again and again.
    Frozen {
        /// The first such picture's arrival.
        since: Mono,
    },
}

/// The numbers behind a verdict, as of the last picture that was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PictureEvidence {
    /// Mean brightness, 0 to 255.
    pub mean_luma: f32,
    /// From the darkest 2 % to the brightest 0.5 %.
    pub spread: u8,
    /// Edges in relation to brightness, in ‰.
    pub sharpness: f32,
    /// … as this feed usually shows them, where that is known.
    pub sharpness_usual: Option<f32>,
    /// Parts of the picture, of 3600, that differ from the picture before.
    pub change: Option<u16>,
    /// … and how many usually do.
    pub change_usual: Option<f32>,
    /// Mean bytes of a unit between keyframes since the picture before.
    pub p_bytes: Option<f32>,
    /// … and usually.
    pub p_bytes_usual: Option<f32>,
    /// A clock was found in the picture.
    pub clock_found: bool,
    /// For so many pictures in a row it has stood.
    pub clock_stood: u32,
    /// What is held, whatever else is the matter with the feed.
    pub suspicion: Suspicion,
}

/// What is suspected of a feed's picture, in a form that whoever looks later can go on from
/// ([decision 122](../../../docs/decisions/0122-what-was-suspected-is-remembered.md)).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Suspicion {
    /// It is held to be frozen since then.
    pub frozen_since: Option<Mono>,
    /// It is held to be covered.
    pub covered: Option<Covered>,
}

impl Suspicion {
    /// Whether nothing is.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Edges that were lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Covered {
    /// Since when.
    pub since: Mono,
    /// What the feed showed before, in ‰: [`PictureEvidence::sharpness_usual`].
    pub usual: f32,
}

/// Watches the picture of one feed. Keeps up to seven small pictures and the place of the clock: 25 KB.
#[derive(Debug, Default)]
pub struct PictureHealth {
    eye: Eye,
    decision: Decision,
}

impl PictureHealth {
    /// Of a feed of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// A unit of `bytes` has arrived; of every unit, also of those that nobody decodes.
    pub fn unit(&mut self, bytes: usize, is_key: bool, arrived_at: Mono) {
        let _ = arrived_at;
        self.decision.unit(bytes, is_key);
    }

    /// A picture was decoded and made small. Keyframes tell most: they are compared with keyframes,
    /// others with others.
    pub fn sample(&mut self, sample: Sample) {
        if let Some(features) = self.eye.look(sample, !self.decision.may_be_frozen()) {
            self.decision.look(&features);
        }
    }

    /// A new session has begun: sizes learnt before don't count. What was held to be frozen is held.
    pub fn session(&mut self) {
        self.eye.session();
        self.decision.session();
    }

    /// Somebody who looked before has held this.
    pub fn remember(&mut self, suspicion: Suspicion) {
        self.decision.remember(suspicion);
    }

    /// What the pictures show, as far as known at `now`.
    pub fn verdict(&self, now: Mono) -> PictureVerdict {
        self.decision.verdict(now)
    }

    /// Whether looking again soon is worth more than with other feeds.
    pub fn is_suspect(&self) -> bool {
        self.decision.is_suspect()
    }

    /// The numbers behind the verdict.
    pub fn evidence(&self) -> PictureEvidence {
        self.decision.evidence()
    }
}

#[cfg(test)]
mod tests;
