//! The catalogue of recordings: one SQLite file in the data folder that says which segments there
//! are, where, what is in them, and what their place in their feed's chain is.
//!
//! [`Index`] is the owner's: it hands a [`VolumeIndex`] to each volume's flushing thread. [`Reader`]
//! looks beside it. Nothing in here is the only copy of what a file says: [`rebuild`] makes the
//! catalogue again from the files, [`check()`] holds the two against each other. What only the
//! catalogue knows (incidents, when the recorder was at work) [`rebuild`] takes over from the old one.
//!
//! It opens no segment itself, but through a [`SegmentReader`]. `record` and `app` may call it.

mod check;
mod deleted;
mod error;
mod hashes;
mod lying;
mod read;
mod rebuild;
mod rows;
mod schema;
mod whole;
mod write;

pub use check::{Checked, Finding, What, check};
pub use deleted::{Deletion, digest};
pub use error::IndexError;
pub use hashes::fill_hashes;
pub use lying::Lying;
pub use read::{Alive, GoesOn, Kept, Link, Reader, Span};
pub use rebuild::{Found, Rebuilt, SegmentReader, Unread, rebuild, sha256_of};
pub(in crate::record) use rebuild::{files, pool, station_folders};
pub use whole::{Item, State, Whole, read_whole};
pub use write::{Index, VolumeIndex};

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod tests;
