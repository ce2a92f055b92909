//! The sound of a segment: what waits for its next fragment, and its place in the file's time.

use std::sync::Arc;

use super::queue::cost_of_sound;
use crate::clock::Mono;
use crate::media::mp4::{SoundClock, SoundRun};
use crate::media::sound::{SoundParams, SoundUnit};

/// A segment's sound. A file says at its beginning which it has, if any: one that comes later, or that
/// turns into another, begins with the next segment.
#[derive(Default)]
pub(super) struct Heard {
    waiting: Vec<SoundUnit>,
    /// What `waiting` counts for in the queue's bound.
    cost: usize,
    file: Option<(Arc<SoundParams>, SoundClock)>,
    misfits: bool,
}

impl Heard {
    /// One more packet.
    pub(super) fn take(&mut self, unit: SoundUnit) {
        self.cost += cost_of_sound(&unit);
        self.waiting.push(unit);
    }

    /// The file begins, with a picture that arrived at `first`; the sound that it is to describe.
    pub(super) fn begin(&mut self, first: Mono) -> Option<Arc<SoundParams>> {
        let params = self.waiting.iter().map(|unit| &unit.params).find(|p| p.can_be_filed())?;
        let clock = SoundClock::begin(params.rate_hz, first);
        let params = Arc::clone(params);
        self.file = Some((Arc::clone(&params), clock));
        Some(params)
    }

    /// The fragment is to be written: its packets' times. What does not belong into the file is let go.
    pub(super) fn fragment(&mut self) -> Option<SoundRun> {
        let Some((params, clock)) = &mut self.file else {
            self.misfits |= self.waiting.iter().any(|unit| unit.params.can_be_filed());
            self.waiting.clear();
            return None;
        };
        let before = self.waiting.len();
        self.waiting.retain(|unit| unit.params == *params);
        self.misfits |= self.waiting.len() < before;
        clock.fragment(&self.waiting)
    }

    /// What [`Self::fragment`] has given times to.
    pub(super) fn units(&self) -> &[SoundUnit] {
        &self.waiting
    }

    /// Whether there was sound that the file does not describe.
    pub(super) fn is_misfit(&self) -> bool {
        self.misfits
    }

    /// The fragment is written, or given up: what it counted for.
    pub(super) fn clear(&mut self) -> usize {
        self.waiting.clear();
        std::mem::take(&mut self.cost)
    }
}
