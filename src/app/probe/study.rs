//! One camera, studied: listens to what its session tells, decodes the first pictures, knows when
//! enough was heard and what to make of it. Brings no clock: the time comes with each call.

use std::time::Duration;

use super::figures::{Figures, Mark};
use crate::clock::Mono;
use crate::health::Trouble;
use crate::ingest::{Heard, Offer};
use crate::media::{AccessUnit, Codec, DecodeError, Decoder, StreamParams, Traits, is_open_entry};

/// An unasked measurement ends after this, connecting included.
pub(super) const IN_ALL: Duration = Duration::from_secs(12);

/// It is not over sooner than this after the first picture …
const AT_LEAST: Duration = Duration::from_secs(4);

/// … nor before two whole groups of pictures …
const KEYFRAMES: usize = 3;

/// … nor, where a camera may yet tell its time, before this. Sender reports come every five seconds
/// (RFC 3550 section 6.2).
const FOR_THE_CLOCK: Duration = Duration::from_secs(6);

/// So many pictures are decoded: enough to know that they can be.
const DECODED: usize = 30;

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Pictures that can be shown.
    Delivers,
    /// None, or no more.
    Fails(Trouble),
    /// Somebody has ended the measurement before anything was known.
    Interrupted,
}

/// The stream's coding.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Video {
    pub(super) codec: Codec,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) sample_aspect: Option<(u32, u32)>,
    pub(super) traits: Traits,
}

/// How long after the start something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Timing {
    /// The session plays.
    pub(super) playing: Option<Duration>,
    /// The first picture, whole or not.
    pub(super) first_unit: Option<Duration>,
    /// The first that decoding can begin with.
    pub(super) first_key: Option<Duration>,
    /// The first that was decoded.
    pub(super) first_picture: Option<Duration>,
}

/// Everything that was found out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Findings {
    /// The address, without secrets.
    pub(super) url: String,
    /// It was opened with a user name and password.
    pub(super) has_login: bool,
    pub(super) verdict: Verdict,
    pub(super) timing: Timing,
    pub(super) offer: Option<Offer>,
    pub(super) video: Option<Video>,
    pub(super) figures: Option<Figures>,
    /// The camera's clock minus ours, in microseconds; the time on the way is in it.
    pub(super) clock_us: Option<i64>,
    /// So much of what came was left out: this machine was too busy.
    pub(super) missed: u64,
}

impl Findings {
    /// Pictures a second as the description or the parameter sets have it.
    pub(super) fn declared_rate(&self) -> Option<f64> {
        let described = self.offer.as_ref().and_then(|offer| offer.frame_rate).map(f64::from);
        described.or(self.video.as_ref()?.traits.frame_rate)
    }
}

/// Listens.
pub(super) struct Study {
    began: Mono,
    /// How long to measure from the first picture on, if somebody said so.
    asked: Option<Duration>,
    timing: Timing,
    offer: Option<Offer>,
    params: Option<std::sync::Arc<StreamParams>>,
    marks: Vec<Mark>,
    keyframes: usize,
    decoder: Decoder,
    decoded: usize,
    traits: Traits,
    refused: Option<Trouble>,
    clock_us: Option<i64>,
    lost: Option<Trouble>,
}

impl Study {
    /// Begins now.
    pub(super) fn new(began: Mono, asked: Option<Duration>) -> Self {
        Self {
            began,
            asked,
            timing: Timing::default(),
            offer: None,
            params: None,
            marks: Vec::new(),
            keyframes: 0,
            decoder: Decoder::default(),
            decoded: 0,
            traits: Traits::default(),
            refused: None,
            clock_us: None,
            lost: None,
        }
    }

    /// Takes note of what the session tells.
    pub(super) fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Offer(offer) => self.offer = Some(offer),
            Heard::Playing(at) => self.timing.playing = Some(at.since(self.began)),
            Heard::Unit(unit) => self.unit(&unit),
            // The smallest time on the way is nearest to the truth.
            Heard::Clock(reading) => {
                let offset = reading.theirs_us.saturating_sub(reading.ours_us);
                self.clock_us = self.clock_us.max(Some(offset));
            }
            Heard::Lost(trouble, _) => self.lost = Some(trouble),
        }
    }

    fn unit(&mut self, unit: &AccessUnit) {
        let after = unit.arrived_at.since(self.began);
        self.timing.first_unit.get_or_insert(after);
        if unit.is_key {
            self.timing.first_key.get_or_insert(after);
            self.keyframes += 1;
        }
        self.marks.push(Mark {
            arrived_at: unit.arrived_at,
            pts: unit.pts,
            bytes: unit.data.len(),
            is_key: unit.is_key,
            is_open: is_open_entry(unit.params.codec, &unit.data),
            after_loss: unit.after_loss,
        });
        self.params = Some(std::sync::Arc::clone(&unit.params));
        if self.decoded < DECODED {
            self.decode(unit);
        }
    }

    fn decode(&mut self, unit: &AccessUnit) {
        let mut pictures = 0;
        let mut arrived = None;
        let outcome = self.decoder.decode(unit, &mut |frame| {
            pictures += 1;
            arrived.get_or_insert(frame.arrived_at);
        });
        if let Some(arrived) = arrived {
            self.timing.first_picture.get_or_insert(arrived.since(self.began));
            self.decoded += pictures;
            self.traits = self.decoder.traits().unwrap_or_default();
        }
        if let Err(error) = outcome {
            self.refused = Some(match error {
                DecodeError::TooLarge { width, height } => Trouble::TooLarge { width, height },
                DecodeError::NoDecoder(codec) => Trouble::UnsupportedCodec(format!("{codec:?}")),
                _ => Trouble::Undecodable,
            });
        }
    }

    /// For how long there is still something to wait for; `None` when enough was heard.
    pub(super) fn left(&self, now: Mono) -> Option<Duration> {
        if self.lost.is_some() {
            return None;
        }
        let left = self.ends_at().since(now);
        (!left.is_zero()).then_some(left)
    }

    fn ends_at(&self) -> Mono {
        let first = self.timing.first_unit.map(|after| self.began + after);
        match (first, self.asked) {
            (Some(first), Some(asked)) => first + asked,
            (Some(first), None) if self.keyframes >= KEYFRAMES => {
                let clock_may_come = self.offer.is_some() && self.clock_us.is_none();
                let enough = if clock_may_come { FOR_THE_CLOCK } else { AT_LEAST };
                (first + enough).min(self.began + IN_ALL)
            }
            _ => self.began + IN_ALL,
        }
    }

    /// What was found out up to now. `interrupted`: somebody did not want to wait any longer.
    pub(super) fn findings(
        self,
        url: &str,
        has_login: bool,
        now: Mono,
        interrupted: bool,
    ) -> Findings {
        let verdict = self.verdict(interrupted);
        let traits = self.traits;
        let video = self.params.map(|params| Video {
            codec: params.codec,
            width: params.width,
            height: params.height,
            sample_aspect: params.sample_aspect,
            traits,
        });
        Findings {
            url: url.to_owned(),
            has_login,
            verdict,
            timing: self.timing,
            offer: self.offer,
            video,
            figures: Figures::of(&self.marks, now),
            clock_us: self.clock_us,
            missed: 0,
        }
    }

    fn verdict(&self, interrupted: bool) -> Verdict {
        if let Some(trouble) = &self.lost {
            return Verdict::Fails(trouble.clone());
        }
        if self.decoded > 0 {
            return Verdict::Delivers;
        }
        if interrupted {
            return Verdict::Interrupted;
        }
        Verdict::Fails(if self.timing.playing.is_none() {
            Trouble::ConnectTimedOut
        } else if self.marks.is_empty() {
            Trouble::NoFirstFrame
        } else if self.keyframes == 0 {
            Trouble::NoKeyframe
        } else {
            self.refused.clone().unwrap_or(Trouble::Undecodable)
        })
    }
}

#[cfg(test)]
mod tests;
