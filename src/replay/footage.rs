//! What there is to be replayed: the files of each feed.

use std::path::PathBuf;

use crate::record::Break;

/// One file of one feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it lies.
    pub file: PathBuf,
    /// How it is read.
    pub form: Form,
    /// Its first picture, microseconds of UTC.
    pub from_us: i64,
    /// Its last one, or the end of it as far as it is known.
    pub to_us: i64,
    /// Times without a picture inside it.
    pub breaks: Vec<Break>,
    /// It is still being written, or its program died.
    pub unfinished: bool,
}

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By ourselves (docs/format-segment.md).
    Own,
    /// Through FFmpeg.
    Foreign,
}
