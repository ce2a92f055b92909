//! Coded and decoded video: the only module that names FFmpeg.
//!
//! It decodes access units to frames, codes the simulator's pictures, and opens what is no RTSP
//! ([`Input`]). Whatever a camera sends can at worst make [`Decoder::decode`] or [`Input::picture`]
//! return an error; every `unsafe` block says why it holds for
//! hostile input too. Recorded files ([`mp4`]) are written and read without it. Called by `ingest`,
//! `record` and `simulate`.

mod decoder;
mod encoder;
mod input;
mod jpeg;
pub mod mp4;
mod nal;
mod picture;
mod reel;
mod repack;
pub mod sound;
mod sps;
mod traits;
mod unit;

pub use decoder::{DecodeError, Decoder, Stills};
pub use encoder::{
    CodedPicture, EncodeError, Encoder, EncoderSettings, RawPicture, split_start_codes,
};
pub use input::{
    Address, Audio, Coded, Extent, Input, InputError, MayReach, SCHEMES, default_port, extent,
};
pub use jpeg::size as jpeg_size;
pub use nal::{is_entry_point, is_open_entry};
pub use reel::{Reel, ReelError, ReelPicture};
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
    quiet_srt();
    Ok(())
}

/// The SRT library below FFmpeg writes to standard error by itself as well, and FFmpeg has no option
/// that stops it. We do not link it, so it is asked for by name; where FFmpeg was built without it
/// there is nothing to silence.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "a function of a library that is there or not")]
fn quiet_srt() {
    use std::ffi::{c_char, c_int, c_void};
    unsafe extern "C" {
        fn dlsym(handle: *mut c_void, symbol: *const c_char) -> *mut c_void;
    }
    /// Below every level that it has: `LOG_CRIT` (2) is its gravest.
    const NOTHING: c_int = 0;
    // SAFETY: POSIX's `dlsym` takes a C string and the null handle, which on Linux is the default
    // order of search (RTLD_DEFAULT), and gives null or the function's address. By SRT's public
    // header it is `void srt_setloglevel(int)`; it may be called at any time, from any thread.
    unsafe {
        let found = dlsym(std::ptr::null_mut(), c"srt_setloglevel".as_ptr());
        if !found.is_null() {
            let set: unsafe extern "C" fn(c_int) =
                std::mem::transmute::<*mut c_void, unsafe extern "C" fn(c_int)>(found);
            set(NOTHING);
        }
    }
}

/// Elsewhere FFmpeg is mostly built without SRT.
#[cfg(not(target_os = "linux"))]
fn quiet_srt() {}
