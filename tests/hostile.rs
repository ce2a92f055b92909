//! Cameras that misbehave in the middle of a session, and what their neighbours notice of it:
//! nothing.
//!
//! [`streams`]: one camera of our own making for each way to misbehave; when it behaves again its
//! pictures are right again, to the last bit. [`neighbours`]: many feeds of the simulator, a tenth
//! of them with faults, and how evenly the others' pictures come.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test's helpers fail the test and say what they measured"
)]

#[path = "hostile/neighbours.rs"]
mod neighbours;
#[path = "hostile/rig.rs"]
mod rig;
#[path = "hostile/streams.rs"]
mod streams;
mod support;
