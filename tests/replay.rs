//! Replay: which picture is shown at which moment, whatever way one comes there.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "test code")]

#[path = "replay/group.rs"]
mod group;
#[path = "replay/rig.rs"]
mod rig;
