//! Coded and decoded video: the only module that names FFmpeg.
//!
//! It decodes access units to frames, codes the simulator's pictures, and opens what is no RTSP
//! ([`Input`]). Whatever a camera sends can at worst make [`Decoder::decode`] or [`Input::picture`]
//! return an error; every `unsafe` block says why it holds for
//! hostile input too. Called by `ingest` and `simulate`.

mod decoder;
mod encoder;
mod input;
mod nal;
mod picture;
mod repack;
pub mod sound;
mod sps;
mod traits;
mod unit;

pub use decoder::{DecodeError, Decoder, Stills};
pub use encoder::{
    CodedPicture, EncodeError, Encoder, EncoderSettings, RawPicture, split_start_codes,
};
pub use input::{Address, Coded, Input, InputError, MayReach, SCHEMES, default_port};
pub use nal::{is_entry_point, is_open_entry};
pub use traits::Traits;
pub use unit::{AccessUnit, Codec, StreamParams};

/// The largest piece of memory that FFmpeg takes at once, in bytes: a plane of the largest picture in
/// 16 bits is a third of it. Without it a part that never ends would grow to two gigabytes.
const LARGEST_ALLOCATION: usize = 64 << 20;

#[expect(unsafe_code, reason = "FFmpeg's global limit has no wrapper")]
fn limit_allocations() {
    // SAFETY: stores a number; it holds for what is allocated from then on.
    unsafe { ffmpeg_next::ffi::av_max_alloc(LARGEST_ALLOCATION) }
}

/// Prepares FFmpeg for this process. May be called more than once.
///
/// FFmpeg writes to standard error by itself, addresses and passwords included; whatever goes
/// wrong comes back as an error value, so its own messages are turned off.
pub fn init() -> Result<(), DecodeError> {
    ffmpeg_next::init().map_err(DecodeError::Ffmpeg)?;
    ffmpeg_next::log::set_level(ffmpeg_next::log::Level::Quiet);
    limit_allocations();
    Ok(())
}
