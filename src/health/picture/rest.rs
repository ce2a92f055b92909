//! A picture that is the same to the last digit, again and again. No sensor gives that, so it needs
//! no knowledge of how the feed usually is: it finds what stood before anybody looked.

use super::features::Features;
use super::limits;
use crate::clock::Mono;

/// Counts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rest {
    run: Option<Run>,
    again: Option<Again>,
    /// Looks in a row that showed noise.
    noisy: u32,
    /// Of this camera it is known that its pictures flicker, in this light.
    noise: bool,
    /// … or did in some light.
    noise_once: bool,
    /// Something has moved since the feed was first seen.
    moved: bool,
}

/// Looks at which a picture was seen again, whatever came between.
#[derive(Clone, Copy, Debug)]
struct Again {
    first: Mono,
    last: Mono,
    looks: u32,
}

/// Pictures in a row without movement.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// The first picture, and the last.
    since: Mono,
    last: Mono,
    looks: u32,
    /// Looks at which the same picture was seen again.
    same: u32,
    /// Brightness.
    low: f32,
    high: f32,
}

impl Rest {
    /// A picture that is compared with the one from `before`. `flicker` is what the light does not
    /// explain, and `None` while a coder settles.
    pub(super) fn look(
        &mut self,
        f: &Features,
        before: Mono,
        is_still: bool,
        flicker: Option<f32>,
    ) {
        let moved = f.change.map_or(0, |change| change.moved);
        let least = limits::NOISY + f32::from(limits::NOISE_OF_MOVES * moved.min(3600));
        // What cannot be told says neither.
        self.noisy = match flicker {
            Some(flicker) if flicker >= least => self.noisy.saturating_add(1),
            Some(_) => 0,
            None => self.noisy,
        };
        self.noise |= self.noisy >= limits::NOISE_LOOKS;
        self.noise_once |= self.noise;
        if f.mean < limits::REST_MEAN {
            (self.run, self.again) = (None, None);
            return;
        }
        if f.again() {
            let at = f.arrived_at;
            let open = self.again.filter(|again| at.since(again.last) <= limits::AGAIN_APART);
            let again = open.unwrap_or(Again { first: at, last: at, looks: 0 });
            self.again = Some(Again { last: at, looks: again.looks + 1, ..again });
        }
        self.moved |= moved >= limits::MOVED_BOXES;
        if !is_still {
            self.run = None;
            return;
        }
        let (low, high) = (f.mean, f.mean);
        let fresh = Run { since: before, last: f.arrived_at, looks: 0, same: 0, low, high };
        let mut run = self.run.unwrap_or(fresh);
        (run.low, run.high) = (run.low.min(f.mean), run.high.max(f.mean));
        if run.high - run.low > limits::REST_DRIFT {
            run = fresh;
        }
        run.last = f.arrived_at;
        run.looks += 1;
        run.same += u32::from(f.again());
        self.run = Some(run);
    }

    /// A camera that shows noise showed the same picture again: worth a look soon.
    pub(super) fn is_odd(&self, f: &Features) -> bool {
        self.noise && f.again()
    }

    /// Since when it has stood, where that is certain enough after this look.
    pub(super) fn stands(&self, f: &Features) -> Option<Mono> {
        let again = self.again.filter(|again| {
            self.noise
                && again.last == f.arrived_at
                && again.looks >= limits::AGAIN_LOOKS
                && again.last.since(again.first) >= limits::AGAIN_AFTER
        });
        if let Some(again) = again {
            return Some(again.first);
        }
        // A picture without noise may be a room in which nobody moves, if it has moved before.
        let run = self.run.filter(|_| self.noise_once || !self.moved)?;
        let is_long = run.last.since(run.since) >= limits::REST_LONG_AFTER
            && run.looks >= limits::REST_LONG_LOOKS
            && run.same * limits::REST_SHARE >= run.looks;
        is_long.then_some(run.since)
    }

    /// In another light there may be no noise.
    pub(super) fn relit(self) -> Self {
        Self { noise_once: self.noise_once, moved: true, ..Self::default() }
    }

    /// What was held has moved. If it stood without having been known to have noise, it can stand and
    /// be alive.
    pub(super) fn released(self, stood_only: bool) -> Self {
        let noise_once = self.noise_once && (self.noise || !stood_only);
        Self { moved: true, noise_once, noise: self.noise, ..Self::default() }
    }
}
