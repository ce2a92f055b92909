//! One codec instance: access units in, frames out.

mod stills;

pub use stills::Stills;

use std::collections::VecDeque;
use std::sync::Arc;

use ffmpeg_next as ffmpeg;
use ffmpeg_next::ffi;

use super::picture::{Converter, Stamp};
use super::traits::Traits;
use super::unit::{AccessUnit, Codec, StreamParams};
use crate::frame::{MAX_HEIGHT, MAX_WIDTH, VideoFrame};

/// How many pictures may wait inside the codec for their turn (H.264 and H.265 reorder at most
/// 16, and a codec may hold the current one back).
const REORDERED_AT_MOST: usize = 32;

/// Why a unit could not be turned into pictures.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// This FFmpeg was built without the decoder.
    #[error("this FFmpeg has no decoder for {0:?}")]
    NoDecoder(Codec),
    /// FFmpeg rejects the data.
    #[error("cannot decode: {0}")]
    Ffmpeg(#[source] ffmpeg::Error),
    /// The picture is larger than is accepted.
    #[error("the picture of {width}×{height} is larger than {MAX_WIDTH}×{MAX_HEIGHT}")]
    TooLarge {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// FFmpeg could not allocate memory.
    #[error("out of memory for a decoder")]
    OutOfMemory,
}

/// A decoder for one stream at a time, on one thread. It follows changes of the stream's
/// parameters, begins only at a keyframe and skips to the next one after a loss or an error, so
/// it never yields a picture that lacks its references.
pub struct Decoder {
    open: Option<Open>,
    /// Units are thrown away until a keyframe comes.
    needs_key: bool,
    quick: bool,
    convert: Converter,
}

struct Open {
    params: Arc<StreamParams>,
    codec: ffmpeg::decoder::Video,
    /// The times of the units that are inside the codec.
    inside: VecDeque<Stamp>,
    /// A picture of two fields has come out.
    interlaced: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Self { open: None, needs_key: true, quick: false, convert: Converter::default() }
    }
}

impl Decoder {
    /// Decodes one unit and hands every picture that comes out to `on_frame`, in order of
    /// presentation.
    ///
    /// After an error the decoder goes on with the next keyframe by itself.
    pub fn decode(
        &mut self,
        unit: &AccessUnit,
        on_frame: &mut dyn FnMut(VideoFrame),
    ) -> Result<(), DecodeError> {
        let another_stream =
            self.open.as_ref().is_some_and(|open| !Arc::ptr_eq(&open.params, &unit.params));
        if unit.after_loss || another_stream {
            self.needs_key = true;
        }
        if self.needs_key && !unit.is_key {
            return Ok(());
        }
        let outcome = self.decode_from_key(unit, on_frame);
        self.needs_key = outcome.is_err();
        outcome
    }

    /// Hands out what the codec still holds back. What follows begins with a keyframe.
    ///
    /// # Errors
    /// The codec's.
    pub fn finish(&mut self, on_frame: &mut dyn FnMut(VideoFrame)) -> Result<(), DecodeError> {
        self.needs_key = true;
        match &mut self.open {
            Some(open) => open.drain(&mut self.convert, on_frame),
            None => Ok(()),
        }
    }

    /// From here on nothing is decoded before a keyframe. `quick`: what follows is shown for a moment
    /// only, and is left unsmoothed where the codec would smooth block borders, which takes a third
    /// of its time.
    pub fn restart(&mut self, quick: bool) {
        self.needs_key = true;
        self.quick = quick;
    }

    /// How the present stream is coded; `None` before its first unit. Most of it is known only once
    /// a picture has come out.
    pub fn traits(&self) -> Option<Traits> {
        let open = self.open.as_ref()?;
        Some(Traits::of(open.params.codec, &open.codec, open.interlaced))
    }

    fn decode_from_key(
        &mut self,
        unit: &AccessUnit,
        on_frame: &mut dyn FnMut(VideoFrame),
    ) -> Result<(), DecodeError> {
        too_large(&unit.params)?;
        match &mut self.open {
            Some(open) if Arc::ptr_eq(&open.params, &unit.params) => {
                if self.needs_key {
                    // Pictures from before the loss must not come out after it.
                    open.codec.flush();
                    open.inside.clear();
                }
            }
            // A new stream, or the first. The old codec's last pictures are older than this unit.
            other => *other = Some(Open::new(&unit.params)?),
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        open.be_quick(self.quick);
        open.feed(unit, &mut self.convert, on_frame)
    }
}

impl Open {
    fn new(params: &Arc<StreamParams>) -> Result<Self, DecodeError> {
        let id = match params.codec {
            Codec::H264 => ffmpeg::codec::Id::H264,
            Codec::H265 => ffmpeg::codec::Id::HEVC,
            Codec::Jpeg => ffmpeg::codec::Id::MJPEG,
            Codec::Av1 => ffmpeg::codec::Id::AV1,
        };
        let codec = ffmpeg::decoder::find(id).ok_or(DecodeError::NoDecoder(params.codec))?;
        let mut context = ffmpeg::codec::Context::new_with_codec(codec);
        configure(&mut context, &params.extra_data)?;
        // One thread a stream: parallelism comes from the streams.
        context.set_threading(ffmpeg::threading::Config {
            kind: ffmpeg::threading::Type::None,
            count: 1,
            ..Default::default()
        });
        let codec = context
            .decoder()
            .open_as(codec)
            .and_then(ffmpeg::decoder::Opened::video)
            .map_err(DecodeError::Ffmpeg)?;
        let inside = VecDeque::new();
        Ok(Self { params: Arc::clone(params), codec, inside, interlaced: false })
    }

    #[expect(unsafe_code, reason = "a field of AVCodecContext without a safe setter")]
    fn be_quick(&mut self, quick: bool) {
        let skips =
            if quick { ffi::AVDiscard::AVDISCARD_ALL } else { ffi::AVDiscard::AVDISCARD_DEFAULT };
        // SAFETY: the context is open and ours; the field may be set between any two units.
        unsafe { (*self.codec.as_mut_ptr()).skip_loop_filter = skips }
    }

    fn feed(
        &mut self,
        unit: &AccessUnit,
        convert: &mut Converter,
        on_frame: &mut dyn FnMut(VideoFrame),
    ) -> Result<(), DecodeError> {
        let mut packet = ffmpeg::Packet::copy(&unit.data);
        packet.set_pts(Some(unit.pts));
        if unit.is_key {
            packet.set_flags(ffmpeg::packet::Flags::KEY);
            tell_again(&mut packet, &unit.params)?;
        }
        if self.inside.len() == REORDERED_AT_MOST {
            self.inside.pop_front();
        }
        self.inside.push_back(stamp(unit));
        self.codec.send_packet(&packet).map_err(DecodeError::Ffmpeg)?;
        self.receive(stamp(unit), convert, on_frame)
    }

    /// Takes out what is still inside, and makes ready for another beginning.
    fn drain(
        &mut self,
        convert: &mut Converter,
        on_frame: &mut dyn FnMut(VideoFrame),
    ) -> Result<(), DecodeError> {
        self.codec.send_eof().map_err(DecodeError::Ffmpeg)?;
        let newest = self.inside.back().copied();
        let outcome = newest.map_or(Ok(()), |newest| self.receive(newest, convert, on_frame));
        self.codec.flush();
        self.inside.clear();
        outcome
    }

    fn receive(
        &mut self,
        newest: Stamp,
        convert: &mut Converter,
        on_frame: &mut dyn FnMut(VideoFrame),
    ) -> Result<(), DecodeError> {
        loop {
            let mut picture = ffmpeg::frame::Video::empty();
            match self.codec.receive_frame(&mut picture) {
                Ok(()) => {}
                Err(ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN })
                | Err(ffmpeg::Error::Eof) => return Ok(()),
                Err(e) => return Err(DecodeError::Ffmpeg(e)),
            }
            if picture.is_corrupt() {
                continue;
            }
            let of = self.arrival(picture.pts(), newest);
            self.interlaced |= picture.is_interlaced();
            let aspect = self.params.sample_aspect;
            on_frame(convert.frame(picture, aspect, of)?);
        }
    }

    /// The times of the unit that a picture was coded in.
    fn arrival(&mut self, pts: Option<i64>, newest: Stamp) -> Stamp {
        let at = pts.and_then(|pts| self.inside.iter().position(|of| of.pts == pts));
        at.and_then(|at| self.inside.remove(at)).unwrap_or(newest)
    }
}

/// What the parameters say before anything is decoded.
fn too_large(params: &StreamParams) -> Result<(), DecodeError> {
    let (width, height) = (params.width, params.height);
    let fits = width <= MAX_WIDTH && height <= MAX_HEIGHT;
    if fits { Ok(()) } else { Err(DecodeError::TooLarge { width, height }) }
}

const fn stamp(unit: &AccessUnit) -> Stamp {
    Stamp { pts: unit.pts, arrived_at: unit.arrived_at, taken_at: unit.taken_at }
}

/// FFmpeg's `AV_CODEC_EXPORT_DATA_FILM_GRAIN` (avcodec.h): the parameters of film grain come out with
/// the picture instead of being applied to it.
const FILM_GRAIN_ONLY_TOLD: i32 = 1 << 3;

/// Sets what ffmpeg-next has no setter for: extra data, no film grain, and the limit on the picture size that
/// holds before any memory is allocated for a picture.
#[expect(unsafe_code, reason = "fields of AVCodecContext without a safe setter")]
fn configure(context: &mut ffmpeg::codec::Context, extra_data: &[u8]) -> Result<(), DecodeError> {
    let padding = ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize;
    let size = i32::try_from(extra_data.len()).map_err(|_| DecodeError::OutOfMemory)?;
    // SAFETY: `context` owns a valid, not yet opened AVCodecContext. `extradata` must come from
    // av_malloc and be followed by zeroed padding, which av_mallocz of the sum gives; the context
    // frees it. The copy stays inside what was allocated.
    unsafe {
        let raw = context.as_mut_ptr();
        if raw.is_null() {
            return Err(DecodeError::OutOfMemory);
        }
        (*raw).max_pixels = i64::from(MAX_WIDTH) * i64::from(MAX_HEIGHT);
        // A stream can ask for grain to be made up and laid over its pictures. Nothing is shown here
        // that no camera has seen: the wish is handed on with the picture, and passed over.
        (*raw).export_side_data |= FILM_GRAIN_ONLY_TOLD;
        (*raw).pkt_timebase = ffi::AVRational { num: 1, den: 90_000 };
        if !extra_data.is_empty() {
            let copy = ffi::av_mallocz(extra_data.len() + padding).cast::<u8>();
            if copy.is_null() {
                return Err(DecodeError::OutOfMemory);
            }
            std::ptr::copy_nonoverlapping(extra_data.as_ptr(), copy, extra_data.len());
            (*raw).extradata = copy;
            (*raw).extradata_size = size;
        }
    }
    Ok(())
}

/// Puts the stream's parameter sets beside a keyframe. Damage can look like a parameter set, and a
/// codec takes any that it finds in place of the stream's own, without a word: every picture until
/// the next session would be a wrong one, of this stream and of those that share its codec. So a
/// keyframe begins with what a fresh codec would know. It costs the parsing of some hundred bytes.
#[expect(unsafe_code, reason = "side data of a packet has no safe setter")]
fn tell_again(packet: &mut ffmpeg::Packet, params: &StreamParams) -> Result<(), DecodeError> {
    use ffmpeg::packet::Mut;
    let sets = &params.extra_data;
    if sets.is_empty() || !matches!(params.codec, Codec::H264 | Codec::H265) {
        return Ok(());
    }
    let kind = ffi::AVPacketSideDataType::AV_PKT_DATA_NEW_EXTRADATA;
    // SAFETY: `packet` is a valid AVPacket; it owns and frees the side data, which is as large as
    // was asked for (and padded) unless it is null.
    unsafe {
        let place = ffi::av_packet_new_side_data(packet.as_mut_ptr(), kind, sets.len());
        if place.is_null() {
            return Err(DecodeError::OutOfMemory);
        }
        std::ptr::copy_nonoverlapping(sets.as_ptr(), place, sets.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
