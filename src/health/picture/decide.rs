//! From features and sizes to a verdict.

use super::clock::ClockSight;
use super::features::Features;
use super::frozen::Frozen;
use super::sizes::Sizes;
use super::{Covered, PictureEvidence, PictureVerdict, Suspicion, limits};
use crate::clock::Mono;

/// Decides about one feed. Small, and without any picture.
#[derive(Debug, Default)]
pub struct Decision {
    sizes: Sizes,
    last: Option<Mono>,
    black: Run,
    covered: Run,
    frozen: Frozen,
    /// Edges as this feed usually shows them.
    detail: Usual,
    evidence: PictureEvidence,
}

/// Something that is suspected, and after a while held.
#[derive(Debug, Default)]
struct Run {
    /// When the first of these pictures arrived, and how many there were.
    begun: Option<(Mono, u32)>,
    /// It is held.
    since: Option<Mono>,
    /// Pictures in a row that spoke against it while it was held.
    against: u32,
}

impl Run {
    /// A picture that speaks for it.
    fn confirm(&mut self, f: &Features, samples: u32, after: std::time::Duration) {
        let (first, count) = self.begun.unwrap_or((f.arrived_at, 0));
        self.begun = Some((first, count + 1));
        self.against = 0;
        if count + 1 >= samples && f.arrived_at.since(first) >= after {
            self.since = self.since.or(Some(first));
        }
    }

    /// A picture that speaks neither for nor against it.
    fn weaken(&mut self) {
        if self.since.is_none() {
            self.begun = self.begun.filter(|(_, n)| *n > 1).map(|(first, n)| (first, n - 1));
        }
    }

    /// A picture that speaks against it.
    fn deny(&mut self, samples: u32) {
        self.against += 1;
        if self.since.is_none() || self.against >= samples {
            *self = Self::default();
        }
    }

    fn is_open(&self) -> bool {
        self.begun.is_some() && self.since.is_none()
    }
}

/// A slowly following mean.
#[derive(Debug, Default)]
struct Usual {
    value: f32,
    seen: usize,
}

impl Usual {
    fn learn(&mut self, value: f32) {
        self.seen = self.seen.saturating_add(1);
        let share = (1.0 / self.seen as f32).max(limits::LEARN);
        self.value += (value - self.value) * share;
    }

    fn known(&self) -> Option<f32> {
        (self.seen >= limits::KNOWN_AFTER).then_some(self.value)
    }
}

impl Decision {
    /// A unit has arrived.
    pub fn unit(&mut self, bytes: usize, is_key: bool) {
        self.sizes.unit(bytes, is_key);
    }

    /// A new session: what its coder makes of still pictures has to be learnt again.
    pub fn session(&mut self) {
        self.sizes = Sizes::default();
        self.frozen.session();
    }

    /// Somebody who looked before has held this. It is all that is known until a picture is looked at.
    pub fn remember(&mut self, suspicion: Suspicion) {
        if let Some(since) = suspicion.frozen_since {
            self.frozen.remember(since);
        }
        if let Some(Covered { since, usual }) = suspicion.covered {
            self.covered = Run { begun: Some((since, 1)), since: Some(since), against: 0 };
            self.detail = Usual { value: usual, seen: limits::KNOWN_AFTER };
        }
    }

    fn suspicion(&self) -> Suspicion {
        let covered = self.covered.since.zip(self.detail.known());
        Suspicion {
            frozen_since: self.frozen.since(),
            covered: covered.map(|(since, usual)| Covered { since, usual }),
        }
    }

    /// A picture was looked at.
    pub fn look(&mut self, f: &Features) {
        self.last = Some(f.at);
        let span = self.sizes.take();
        let usual = self.frozen.usual(f);
        self.evidence = PictureEvidence {
            mean_luma: f.mean,
            spread: f.high.saturating_sub(f.low),
            sharpness: f.detail,
            sharpness_usual: self.detail.known(),
            change: f.change.map(|c| c.flicker),
            change_usual: usual.flicker,
            p_bytes: span.mean(),
            p_bytes_usual: usual.mean,
            clock_found: f.clock != ClockSight::None,
            clock_stood: 0,
            suspicion: Suspicion::default(),
        };
        self.judge_black(f);
        self.judge_covered(f);
        if self.black.begun.is_some() || self.covered.since.is_some() {
            // There is nothing in it that could move.
            self.frozen.forget();
        } else {
            self.frozen.look(f, &span);
        }
        self.evidence.clock_stood = self.frozen.clock_stood();
    }

    fn judge_black(&mut self, f: &Features) {
        let spread = f.high.saturating_sub(f.low);
        if f.high <= limits::BLACK_HIGH && spread <= limits::BLACK_SPREAD {
            self.black.confirm(f, limits::BLACK_SAMPLES, limits::BLACK_AFTER);
        } else if f.high >= limits::LIT_HIGH || spread >= limits::LIT_SPREAD {
            self.black.deny(1);
        } else {
            self.black.weaken();
        }
    }

    fn judge_covered(&mut self, f: &Features) {
        let is_black = self.black.begun.is_some();
        if is_black || f.mean < limits::COVERED_MEAN {
            // Neither for nor against: a hand that closes the lens altogether makes it black.
            self.covered.weaken();
            return;
        }
        let usual = self.detail.known();
        let share = usual.map(|usual| f.detail / usual.max(1.0));
        // Only what had edges can lose them.
        let has_edges = usual.is_some_and(|usual| usual >= 2.0 * limits::COVERED_DETAIL);
        let is_covered = has_edges
            && (f.detail < limits::COVERED_DETAIL
                || share.is_some_and(|share| share < limits::COVERED_SHARE));
        if is_covered {
            self.covered.confirm(f, limits::COVERED_SAMPLES, limits::COVERED_AFTER);
        } else if share.is_none_or(|share| share > limits::UNCOVERED_SHARE) {
            self.covered.deny(limits::ALIVE_SAMPLES);
        } else {
            self.covered.weaken();
        }
        if self.covered.begun.is_none() {
            self.detail.learn(f.detail);
        }
    }

    /// What is held at `now`.
    pub fn verdict(&self, now: Mono) -> PictureVerdict {
        let is_old = |last: Mono| now.since(last) > limits::CHECKED_FOR;
        let remembered = self.last.is_none() && !self.suspicion().is_none();
        if self.last.is_none_or(is_old) && !remembered {
            return PictureVerdict::NotChecked;
        }
        // One black picture after which nothing out of the ordinary was coded for a while, as the
        // return of the light would be: with long groups the next keyframe is far.
        let stayed = |(first, _): (Mono, u32)| {
            (now.since(first) >= limits::BLACK_ALONE && !self.sizes.hint()).then_some(first)
        };
        let black = self.black.since.or_else(|| self.black.begun.and_then(stayed));
        match (black, self.covered.since, self.frozen.since()) {
            (Some(since), ..) => PictureVerdict::Black { since },
            (_, Some(since), _) => PictureVerdict::Covered { since },
            (_, _, Some(since)) => PictureVerdict::Frozen { since },
            _ => PictureVerdict::Fine,
        }
    }

    /// Something is suspected and not yet decided.
    pub fn is_suspect(&self) -> bool {
        self.sizes.hint()
            || self.black.is_open()
            || self.covered.is_open()
            || self.frozen.is_suspect()
    }

    /// It is held to be frozen, or suspected: nothing is to be learnt from its pictures.
    pub fn may_be_frozen(&self) -> bool {
        self.frozen.may_be()
    }

    /// The numbers behind the verdict.
    pub fn evidence(&self) -> PictureEvidence {
        PictureEvidence { suspicion: self.suspicion(), ..self.evidence }
    }
}
