//! Live sources: every feed of the list received all the time, its access units handed to whoever
//! asks.
//!
//! One tokio runtime of two threads carries all RTSP sessions ([`rtsp`]); what is no RTSP is read by
//! FFmpeg, on a thread per feed ([`ffmpeg`]). One task per feed keeps
//! it ([`keeper`]): it passes the gate that all attempts pass ([`gate`]), and knows when to try
//! again. Each feed keeps the
//! units since its last keyframe, bounded in bytes ([`gop`]), so that a picture appears at once
//! when somebody looks; then, and only then, a decode thread of its own turns units into frames
//! ([`decode`]) and leaves the newest in the feed's mailbox. Whether or not somebody looks, one
//! thread decodes a keyframe of every feed now and then ([`sampler`]), so that a picture that has
//! gone black, is covered or stands still is known. A supervisor thread carries out what
//! the screen asks for, and wakes it. `ingest` never sees the screen: it is given a [`Waker`] that
//! may only unblock.
//!
//! Called by `app`; `ui` reads what `app` took from here.

mod backoff;
mod beat;
mod decode;
mod failure;
mod feed;
mod ffmpeg;
mod gate;
mod gop;
mod handle;
mod hosts;
mod keeper;
mod log_budget;
mod logins;
mod names;
mod pace;
mod received;
mod repeats;
mod roll;
mod rtsp;
mod sampler;
mod silence;
mod sound;
mod supervisor;
mod tap;
mod totals;

pub use backoff::Limits as BackoffLimits;
pub use feed::{Counters, Feed};
pub use gate::Limits as GateLimits;
pub use handle::Ingest;
pub use logins::Limits as LoginLimits;
pub use roll::Stopping;
pub use sampler::Sampled;
pub use sound::{STANDING_AT_MOST as SOUND_AT_MOST, Sound};
pub use tap::{AudioOffer, ClockReading, Heard, Listener, Offer, Tap, UnitSink, tap};
pub use totals::{SPREAD_MS, Spread, SpreadSum, Totals};

use std::sync::Arc;
use std::time::Duration;

/// Unblocks whoever shows pictures. Called from worker threads; must return at once and may do
/// nothing but wake.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// The time-outs and bounds of receiving. Tests bring their own.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the start of an attempt to the answer to PLAY (or what the scheme has instead: the
    /// playlist is there, the server agrees to send), looking up the host's name included.
    pub connect: Duration,
    /// From PLAY to the first access unit.
    pub first_frame: Duration,
    /// Between two access units of a running session; bytes and RTCP do not count.
    pub frame_gap: Duration,
    /// Waits between attempts.
    pub backoff: BackoffLimits,
    /// When a rejected login is given up.
    pub logins: LoginLimits,
    /// How fast sessions may be opened, all feeds together.
    pub gate: GateLimits,
    /// Bytes of coded pictures that one feed keeps for late joiners.
    pub gop_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_frame: Duration::from_secs(15),
            frame_gap: Duration::from_secs(10),
            backoff: BackoffLimits::default(),
            logins: LoginLimits::default(),
            gate: GateLimits::default(),
            gop_bytes: 4 << 20,
        }
    }
}

/// Why receiving could not begin at all.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The operating system gives no more threads or descriptors.
    #[error("cannot start the receiving threads")]
    Threads(#[source] std::io::Error),
    /// FFmpeg does not initialise.
    #[error("cannot prepare the decoder library")]
    Media(#[source] crate::media::DecodeError),
}
