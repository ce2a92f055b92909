//! Recording: files that play and hold what arrived, bit for bit; kills, power cuts and disks that
//! fail; and that everything which is not in a file is listed.
//!
//! Where a test needs what a machine does not allow (to mount, to trace), it says so and is left out.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "test code"
)]

#[path = "record/catalogue.rs"]
mod catalogue;
#[path = "record/rig.rs"]
mod rig;
#[path = "record/segments.rs"]
mod segments;
#[path = "record/space.rs"]
mod space;
mod support;
