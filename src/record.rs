//! Recording: what arrives goes to disk as it came, and every second of the day is accounted for.
//!
//! A *segment* is one file of about a minute of one feed. It is written by stream copy, fragment by
//! fragment, made durable together with all others of its *volume* every few seconds, and only then
//! put into the *catalogue* (0110). What is not in a segment is a *gap*; the *ledger* names each one
//! with its cause, so that recorded time, gaps and short breaks add up to the legal hours.
//!
//! Times are the recording's own *timeline* ([`Timeline`]): civil time that never goes back, however
//! the machine's clock is set. No FFmpeg here, no screen. Called by `app` and `evidence`.

mod catalogue;
mod cause;
pub mod chain;
mod ends;
mod file;
mod flusher;
mod folder;
mod heard;
pub mod index;
pub mod ledger;
mod limits;
pub mod locks;
pub mod quarantine;
mod queue;
mod recorder;
mod repair;
pub mod retention;
mod room;
mod segment;
mod shared;
pub mod space;
mod syncer;
mod timeline;
mod track;
mod trouble;
mod writer;

pub use catalogue::{Catalogue, CatalogueError, Incident, Opened, Record};
pub use cause::Cause;
pub use ends::SegmentEnds;
pub use limits::{
    AFTERMATH, BREAK_FROM, CLOCK_STEP_FROM, GAP_ABOVE, HANGS_FROM, RESERVE, RecorderLimits,
    SEGMENT_SPAN, STILL_ALIVE, SYNC_EVERY, VOLUME_BUFFER,
};
pub use quarantine::Quarantined;
pub use recorder::{Recorder, RecorderError, Recording, Volume};
pub use repair::{Repaired, repair};
pub use room::VolumeLimits;
pub use segment::{Break, Ended, NotASegment, Segment, SegmentPath, Stamp};
pub use shared::{Failing, VolumeStatus};
pub use timeline::{Step, Timeline};
