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

#[path = "record/bits.rs"]
mod bits;
#[path = "record/catalogue.rs"]
mod catalogue;
#[path = "record/child.rs"]
mod child;
#[path = "record/country.rs"]
mod country;
#[path = "record/disks.rs"]
mod disks;
#[path = "record/held.rs"]
mod held;
#[path = "record/kill.rs"]
mod kill;
#[path = "record/power.rs"]
mod power;
#[path = "record/program.rs"]
mod program;
#[path = "record/restart.rs"]
mod restart;
#[path = "record/rig.rs"]
mod rig;
#[path = "record/segments.rs"]
mod segments;
#[path = "record/sound.rs"]
mod sound;
#[path = "record/space.rs"]
mod space;
mod support;
#[path = "record/trouble.rs"]
mod trouble;
