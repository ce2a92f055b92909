//! The file of a recorded segment: fragmented MP4, written and read without FFmpeg.
//!
//! The format is described for strangers in `docs/format-segment.md`. Written piece by piece: [`begin`],
//! then of each fragment its header ([`fragment`]) and its pictures' own bytes, at last [`Tail::to_box`];
//! whoever writes them keeps the files. Read from its two ends ([`read_ends`]) or fragment by fragment
//! ([`walk`]). Whatever a file contains, reading it gives an error at worst, and takes memory in
//! proportion to a fragment. Pure but for the file it is given. Called by `record`.

mod boxes;
mod entry;
mod papers;
mod read;
mod sound;
mod times;
mod write;

pub use papers::{Arrival, Head, Tail};
pub use read::{Ending, Ends, Fragment, Picture, ReadError, Start, Walked, read_ends, walk};
pub use sound::{SoundClock, SoundRun};
pub use times::{MediaClock, Timed, is_border};
pub use write::{Sample, begin, fragment};

/// Ticks in a second of the media's times.
pub const TIMESCALE: u32 = 90_000;

/// Where one of these stands in a file, a fragment or a tail is near: the identifiers of their boxes.
pub const MARKS: [[u8; 16]; 2] = [papers::ARRIVALS, papers::TAIL];

/// The number of the pictures' track.
const TRACK: u32 = 1;

/// The number of the sound's, where there is any.
const SOUND: u32 = 2;

#[cfg(test)]
mod tests;
