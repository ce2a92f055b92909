//! What the disk refuses, of a whole volume or of one feed: since when, and what of it is told.

use std::io;

use super::catalogue::Incident;
use super::cause::Cause;
use crate::clock::Mono;
use crate::model::FeedId;

/// The disk takes nothing.
pub(super) struct Trouble {
    pub(super) cause: Cause,
    /// What is lost since then has not been told yet.
    from_utc_us: i64,
    /// The system's number of the error.
    code: Option<i32>,
    pub(super) next_try: Mono,
}

impl Trouble {
    pub(super) fn new(error: &io::Error, from_utc_us: i64, next_try: Mono) -> Self {
        let cause = if is_full(error) { Cause::DiskFull } else { Cause::DiskFailed };
        Self { cause, from_utc_us, code: error.raw_os_error(), next_try }
    }

    /// What it has cost since it was last told.
    pub(super) fn tell(&mut self, feed: Option<FeedId>, until_utc_us: i64) -> Incident {
        let from_utc_us = std::mem::replace(&mut self.from_utc_us, until_utc_us);
        Incident {
            feed,
            cause: self.cause,
            from_utc_us: from_utc_us.min(until_utc_us),
            to_utc_us: until_utc_us,
            evidence: serde_json::json!({ "os_error": self.code }),
        }
    }
}

/// There is no room.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether it is about the volume and not about one file. What has no number is our own word, of a
/// volume that is another one than it was.
pub(super) fn is_of_volume(error: &io::Error) -> bool {
    is_full(error)
        || error.kind() == io::ErrorKind::ReadOnlyFilesystem
        || error.raw_os_error().is_none()
}
