//! One picture of each of many streams, out of a few codecs.
//!
//! A codec of its own for each of a thousand streams would hold gigabytes of picture buffers, so
//! streams share: cameras of one make and setting describe themselves with the same bytes, and what
//! one leaves in a codec is flushed before the next comes. For others a codec is opened anew, which
//! costs a small part of decoding a keyframe.

use std::sync::Arc;

use super::{DecodeError, Open, too_large};
use crate::frame::VideoFrame;
use crate::media::picture::Converter;
use crate::media::unit::AccessUnit;

/// Codecs that are kept open. Each holds some pictures of its stream.
const KEPT: usize = 4;

/// Gives single pictures of many streams, on one thread.
#[derive(Default)]
pub struct Stills {
    /// The one used last at the end.
    open: Vec<Open>,
    convert: Converter,
}

impl Stills {
    /// The last picture of a run of units of one stream that begins with a keyframe; `None` if
    /// nothing comes out of it, or if it is empty.
    ///
    /// Nothing of it is left behind for the next call, whatever stream that is about.
    pub fn last_of(&mut self, run: &[AccessUnit]) -> Result<Option<VideoFrame>, DecodeError> {
        let Some(first) = run.first().filter(|first| first.is_key) else { return Ok(None) };
        too_large(&first.params)?;
        let known = self.open.iter().position(|open| {
            Arc::ptr_eq(&open.params, &first.params) || open.params == first.params
        });
        let mut codec = match known {
            Some(at) => self.open.remove(at),
            None => Open::new(&first.params)?,
        };
        let mut last = None;
        // A codec in which something went wrong is closed.
        for unit in run {
            codec.feed(unit, &mut self.convert, &mut |frame| last = Some(frame))?;
        }
        codec.drain(&mut self.convert, &mut |frame| last = Some(frame))?;
        if self.open.len() == KEPT {
            self.open.remove(0);
        }
        self.open.push(codec);
        Ok(last)
    }
}
