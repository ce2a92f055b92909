//! What the recorder tells of its files, for whoever keeps the list of them.
//!
//! The recorder's flushing thread calls [`Catalogue::commit`] with what has become durable on the
//! volume, never before: a row never points at what a power cut can take away.

use serde_json::Value;

use super::cause::Cause;
use super::segment::{Segment, SegmentPath, Stamp};
use crate::model::FeedId;

/// A segment that has begun: the start of its file is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// Whose, and where in its volume.
    pub path: SegmentPath,
    /// The run of the program.
    pub run: String,
    /// Arrival of its first picture.
    pub first: Stamp,
}

/// Something that keeps pictures from the disk and that only the recorder knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// Whose pictures; `None` for those of every feed.
    pub feed: Option<FeedId>,
    /// What it was.
    pub cause: Cause,
    /// Since when, in microseconds of UTC.
    pub from_utc_us: i64,
    /// Until when.
    pub to_utc_us: i64,
    /// In numbers.
    pub evidence: Value,
}

/// A line of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A segment has begun.
    Opened(Opened),
    /// A segment is closed and whole.
    Closed(Box<Segment>),
    /// Pictures were kept from the disk.
    Incident(Incident),
}

/// Why a catalogue could not be written. The recorder keeps what it wanted to say and tries again.
#[derive(Debug, thiserror::Error)]
#[error("the catalogue of recordings cannot be written: {reason}")]
pub struct CatalogueError {
    /// What is wrong, for the log; never a secret.
    pub reason: String,
    /// The disk has no more room.
    pub is_full: bool,
}

/// Keeps the list of segments of one volume.
pub trait Catalogue: Send {
    /// Takes these lines down, all or none, and that the recorder was at work up to `alive`. Returns
    /// when they are durable.
    ///
    /// # Errors
    /// Nothing was taken down.
    fn commit(&mut self, records: &[Record], alive: Stamp) -> Result<(), CatalogueError>;
}
