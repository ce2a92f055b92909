//! What the head and the tail of a recorded file say: all that the catalogue has of it but its hash.

use std::fs::File;
use std::path::Path;

use super::catalogue::Opened;
use super::file;
use super::index::{Found, SegmentReader, Unread};
use super::segment::{SegmentPath, Stamp};
use crate::media::mp4::{self, ReadError};

/// Reads the ends of files that the recorder has written.
#[derive(Clone, Copy, Debug, Default)]
pub struct SegmentEnds;

impl From<ReadError> for Unread {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(e) => Self::Io(e),
            ReadError::NotOurs(_) => Self::Damaged(error.to_string()),
        }
    }
}

impl SegmentReader for SegmentEnds {
    fn facts(&self, file: &Path, path: &SegmentPath) -> Result<Found, Unread> {
        let ends = mp4::read_ends(&mut File::open(file)?)?;
        let head = ends.start.head;
        let first = Stamp::from(head.first);
        let said = SegmentPath::new(head.feed, first.wall());
        if said != *path {
            return Err(Unread::Damaged(format!("it says that it is {said}")));
        }
        let Some(tail) = ends.tail else {
            return Ok(Found::Unfinished(Opened { path: path.clone(), run: head.run, first }));
        };
        let segment = file::segment(path, head, tail, ends.bytes, [0; 32]);
        let contradiction =
            || Unread::Damaged("its head and its tail contradict each other".into());
        segment.map(|segment| Found::Closed(Box::new(segment))).ok_or_else(contradiction)
    }
}
