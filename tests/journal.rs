//! The journal: its chain and who breaks it, its migrations, what a kill or a full disk does to it,
//! and the command that reads it.
//!
//! Nothing here sleeps: a test waits for a receipt or for the journal's own word that its state has
//! changed, however long a slow machine takes for that.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "test code"
)]

#[path = "journal/chain.rs"]
mod chain;
#[path = "journal/command.rs"]
mod command;
#[path = "journal/disk.rs"]
mod disk;
#[path = "journal/kill.rs"]
mod kill;
#[path = "journal/rig.rs"]
mod rig;
#[path = "journal/takeover.rs"]
mod takeover;
