//! A camera's sound: coded packets, as they are recorded where that is wanted, and a decoder for its
//! level alone. Nothing is played.
//!
//! Called by `ingest` on a thread of its own, for the one feed that is shown large.

mod meter;

use std::sync::Arc;

use ffmpeg_next as ffmpeg;
use ffmpeg_next::ffi;
use ffmpeg_next::format::Sample;
use ffmpeg_next::format::sample::Type;

pub use meter::{FLOOR_DB, Meter, Reading};

use crate::clock::Mono;

/// The sound codecs whose level is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundCodec {
    /// MPEG-4 AAC, without ADTS headers.
    Aac,
    /// ITU-T G.711 µ-law.
    Pcmu,
    /// ITU-T G.711 A-law.
    Pcma,
}

/// What a sound decoder must know before the first packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundParams {
    /// The codec.
    pub codec: SoundCodec,
    /// An `AudioSpecificConfig` (ISO/IEC 14496-3) for AAC, else empty.
    pub extra_data: Vec<u8>,
    /// Samples a second, as the session description says.
    pub rate_hz: u32,
    /// Channels, as the session description says.
    pub channels: u16,
}

/// One packet of sound with its arrival. Cloning is cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundUnit {
    /// The stream it belongs to.
    pub params: Arc<SoundParams>,
    /// AAC: an access unit; else samples of a byte each.
    pub data: Arc<[u8]>,
    /// Samples of each channel in it.
    pub samples: u32,
    /// When it arrived.
    pub arrived_at: Mono,
}

/// Why a packet could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SoundError {
    /// This FFmpeg was built without the decoder.
    #[error("this FFmpeg has no decoder for {0:?}")]
    NoDecoder(SoundCodec),
    /// FFmpeg rejects the data.
    #[error("cannot decode sound: {0}")]
    Ffmpeg(#[source] ffmpeg::Error),
    /// No camera has such a sound.
    #[error("{channels} channels at {rate_hz} Hz are not accepted")]
    Absurd {
        /// Samples a second.
        rate_hz: u32,
        /// Channels.
        channels: u16,
    },
    /// FFmpeg could not allocate memory.
    #[error("out of memory for a decoder")]
    OutOfMemory,
    /// FFmpeg hands the samples over in a format that is not read.
    #[error("samples of an unknown format")]
    Format,
}

impl SoundError {
    /// The level is a convenience beside the picture.
    pub const fn severity(&self) -> log::Level {
        log::Level::Warn
    }

    /// Whether the next packet may be read all the same.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Ffmpeg(_))
    }
}

const MOST_CHANNELS: u16 = 8;
const MOST_HZ: u32 = 192_000;

/// A decoder for one stream of sound.
pub struct SoundDecoder {
    codec: ffmpeg::decoder::Audio,
    /// The samples of one packet, channel after channel.
    channels: Vec<Vec<f32>>,
}

impl SoundDecoder {
    /// Opens the decoder.
    pub fn new(params: &SoundParams) -> Result<Self, SoundError> {
        let (rate_hz, channels) = (params.rate_hz, params.channels);
        if !(1..=MOST_CHANNELS).contains(&channels) || !(1..=MOST_HZ).contains(&rate_hz) {
            return Err(SoundError::Absurd { rate_hz, channels });
        }
        let id = match params.codec {
            SoundCodec::Aac => ffmpeg::codec::Id::AAC,
            SoundCodec::Pcmu => ffmpeg::codec::Id::PCM_MULAW,
            SoundCodec::Pcma => ffmpeg::codec::Id::PCM_ALAW,
        };
        let codec = ffmpeg::decoder::find(id).ok_or(SoundError::NoDecoder(params.codec))?;
        let mut context = ffmpeg::codec::Context::new_with_codec(codec);
        configure(&mut context, params)?;
        let codec = context
            .decoder()
            .open_as(codec)
            .and_then(ffmpeg::decoder::Opened::audio)
            .map_err(SoundError::Ffmpeg)?;
        Ok(Self { codec, channels: Vec::new() })
    }

    /// Decodes one packet and lets `meter` hear it.
    pub fn decode(&mut self, packet: &[u8], meter: &mut Meter) -> Result<(), SoundError> {
        let packet = ffmpeg::Packet::copy(packet);
        self.codec.send_packet(&packet).map_err(SoundError::Ffmpeg)?;
        loop {
            let mut frame = ffmpeg::frame::Audio::empty();
            match self.codec.receive_frame(&mut frame) {
                Ok(()) => {}
                Err(ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN })
                | Err(ffmpeg::Error::Eof) => return Ok(()),
                Err(e) => return Err(SoundError::Ffmpeg(e)),
            }
            self.read(&frame)?;
            let rate = if frame.rate() == 0 { self.codec.rate() } else { frame.rate() };
            meter.hear(&self.channels, rate);
        }
    }

    /// Takes the samples out of `frame`, full scale being 1.
    fn read(&mut self, frame: &ffmpeg::frame::Audio) -> Result<(), SoundError> {
        self.channels.clear();
        let count = usize::from(frame.channels().min(MOST_CHANNELS));
        match frame.format() {
            Sample::F32(Type::Planar) => {
                let plane = |index| frame.plane::<f32>(index).to_vec();
                self.channels.extend((0..count.min(frame.planes())).map(plane));
            }
            Sample::I16(Type::Planar) => {
                let plane = |index| frame.plane::<i16>(index).iter().map(|s| scaled(*s)).collect();
                self.channels.extend((0..count.min(frame.planes())).map(plane));
            }
            Sample::I16(Type::Packed) => {
                let bytes = frame.data(0);
                let pair = |pair: &[u8]| scaled(i16::from_ne_bytes([pair[0], pair[1]]));
                let all: Vec<f32> = bytes.chunks_exact(2).map(pair).collect();
                // FFmpeg pads the end of the buffer.
                let all = &all[..all.len().min(frame.samples() * count)];
                let channel = |at| all.iter().skip(at).step_by(count).copied().collect();
                self.channels.extend((0..count).map(channel));
            }
            _ => return Err(SoundError::Format),
        }
        Ok(())
    }
}

fn scaled(sample: i16) -> f32 {
    f32::from(sample) / 32768.0
}

/// Sets what ffmpeg-next has no setter for.
#[expect(unsafe_code, reason = "fields of AVCodecContext without a safe setter")]
fn configure(context: &mut ffmpeg::codec::Context, params: &SoundParams) -> Result<(), SoundError> {
    let padding = ffi::AV_INPUT_BUFFER_PADDING_SIZE as usize;
    let extra = &params.extra_data;
    let absurd = || SoundError::Absurd { rate_hz: params.rate_hz, channels: params.channels };
    let size = i32::try_from(extra.len()).map_err(|_| SoundError::OutOfMemory)?;
    let rate = i32::try_from(params.rate_hz).map_err(|_| absurd())?;
    // SAFETY: `context` owns a valid, not yet opened AVCodecContext; av_channel_layout_default
    // fills a layout in place and takes any number. `extradata` must come from av_malloc and be
    // followed by zeroed padding, which av_mallocz of the sum gives; the context frees it. The
    // copy stays inside what was allocated.
    unsafe {
        let raw = context.as_mut_ptr();
        if raw.is_null() {
            return Err(SoundError::OutOfMemory);
        }
        (*raw).sample_rate = rate;
        ffi::av_channel_layout_default(&raw mut (*raw).ch_layout, i32::from(params.channels));
        if !extra.is_empty() {
            let copy = ffi::av_mallocz(extra.len() + padding).cast::<u8>();
            if copy.is_null() {
                return Err(SoundError::OutOfMemory);
            }
            std::ptr::copy_nonoverlapping(extra.as_ptr(), copy, extra.len());
            (*raw).extradata = copy;
            (*raw).extradata_size = size;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
