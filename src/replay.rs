//! Replay: what was recorded, seen again on one clock.
//!
//! [`footage`] says which files there are to be seen, of which station and from when to when;
//! [`layout`] finds them where there is no catalogue, also as other programs have left them.

pub mod footage;
pub mod layout;
pub mod opening;
pub mod template;
