//! The numbers of recording, in one place that its tests share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::room::VolumeLimits;

/// Two pictures that arrive no further apart than this leave nothing unrecorded between them. It is
/// the longest fragment, and the slowest camera that commissions have ordered (one picture a second).
pub const BREAK_FROM: Duration = Duration::from_secs(1);

/// A longer time without a picture is a *gap* and listed; what lies between this and [`BREAK_FROM`]
/// is a *short break*, counted and summed.
pub const GAP_ABOVE: Duration = Duration::from_secs(2);

/// A segment ends at the first keyframe after so long: a minute loses little when a file is lost, and
/// a day of 1000 feeds is still under a million files.
pub const SEGMENT_SPAN: Duration = Duration::from_secs(60);

/// What was written is made durable this often. With fragments of a second and the time a disk takes
/// to obey, a power cut costs less than five seconds.
pub const SYNC_EVERY: Duration = Duration::from_secs(3);

/// Making durable that takes so long is told as an incident of the disk, and so often while it goes on:
/// less than [`STILL_ALIVE`], for a recorder at work must not look as if it had died.
pub const HANGS_FROM: Duration = Duration::from_secs(10);

/// Coded bytes that may wait for one volume, all feeds together: five seconds of 1000 feeds at
/// 400 kbit/s. What finds no room is a gap, listed as our own.
pub const VOLUME_BUFFER: usize = 256 << 20;

/// A change of the machine's clock against its monotonic one that is told.
pub const CLOCK_STEP_FROM: Duration = Duration::from_millis(500);

/// So long a stretch that nothing explains is taken for the tail of what came before it (sessions are
/// set up anew, the next keyframe is waited for) or the beginning of what follows.
pub const AFTERMATH: Duration = Duration::from_secs(30);

/// A recorder that was at work so lately is at work still: what it has written since is only not in
/// the catalogue yet.
pub const STILL_ALIVE: Duration = Duration::from_secs(30);

/// What is kept aside on a volume, so that rows can still be written when it is full.
pub const RESERVE: u64 = 32 << 20;

/// The numbers of a recorder. Tests bring their own.
#[derive(Clone, Debug)]
pub struct RecorderLimits {
    /// The longest fragment; [`BREAK_FROM`].
    pub fragment: Duration,
    /// [`SEGMENT_SPAN`].
    pub span: Duration,
    /// [`SYNC_EVERY`].
    pub sync_every: Duration,
    /// [`HANGS_FROM`].
    pub hangs_from: Duration,
    /// Bytes that may wait for one volume; [`VOLUME_BUFFER`].
    pub buffer: usize,
    /// [`RESERVE`].
    pub reserve: u64,
    /// What may be written to volumes that have limits of their own, by their folders.
    pub volumes: BTreeMap<PathBuf, VolumeLimits>,
}

impl Default for RecorderLimits {
    fn default() -> Self {
        Self {
            fragment: BREAK_FROM,
            span: SEGMENT_SPAN,
            sync_every: SYNC_EVERY,
            hangs_from: HANGS_FROM,
            buffer: VOLUME_BUFFER,
            reserve: RESERVE,
            volumes: BTreeMap::new(),
        }
    }
}
