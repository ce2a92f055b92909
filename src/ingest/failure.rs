//! When a stream is called undecodable: the same for whoever decodes it.

use std::sync::atomic::Ordering;

use super::feed::Feed;
use crate::health::{Event, Trouble};
use crate::media::DecodeError;

/// So many keyframes in a row without a picture, and the stream is called undecodable instead of
/// damaged.
pub(super) const HOPELESS_AFTER: u32 = 3;

/// A stream that brings no error either gets this many units more: a codec may hold back as many
/// pictures as it may reorder (16, H.264 A.3.1 and H.265 A.4.1), and one more for each thread.
pub(super) const SILENT_UNITS: u32 = 32;

/// Keeps apart a picture that was damaged on the way and a stream that can't be decoded at all.
#[derive(Default)]
pub(super) struct Failure {
    keys_without_picture: u32,
    units_without_picture: u32,
    last: Option<Trouble>,
}

impl Failure {
    /// A unit of `feed`, at which decoding may begin if it `is_key`, has been decoded.
    pub(super) fn note(
        &mut self,
        feed: &Feed,
        is_key: bool,
        outcome: &Result<(), DecodeError>,
        picture: bool,
    ) {
        if let Err(e) = outcome {
            feed.counters.damaged.fetch_add(1, Ordering::Relaxed);
            if self.last.is_none() {
                log::warn!("{}: {e}; going on at the next keyframe", feed.id());
            }
            self.last = Some(trouble(e));
        }
        if picture {
            *self = Self::default();
            return;
        }
        self.units_without_picture = self.units_without_picture.saturating_add(1);
        if !is_key {
            return;
        }
        self.keys_without_picture = self.keys_without_picture.saturating_add(1);
        let said = self.last.is_some() || self.units_without_picture > SILENT_UNITS;
        if said && self.keys_without_picture >= HOPELESS_AFTER {
            let why = self.last.clone().unwrap_or(Trouble::Undecodable);
            feed.observe(Event::DecodeFailed(why));
        }
    }
}

/// What it means to a person that a unit can't be decoded.
fn trouble(error: &DecodeError) -> Trouble {
    match error {
        DecodeError::NoDecoder(codec) => Trouble::UnsupportedCodec(format!("{codec:?}")),
        DecodeError::TooLarge { width, height } => {
            Trouble::TooLarge { width: *width, height: *height }
        }
        DecodeError::Ffmpeg(_) | DecodeError::OutOfMemory => Trouble::Undecodable,
    }
}
