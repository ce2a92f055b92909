//! Replay: what was recorded, seen again on one clock.
//!
//! [`footage`] says which files there are to be seen, of which station and from when to when.

pub mod footage;
pub mod template;
