//! Health through its public face: readable reference cases, and a thousand stream-hours of healthy
//! cameras in simulated time.
//!
//! A case is a pair of files in `tests/fixtures/health`: what happens (`*.events.json`) and what has
//! to be said of it, in order (`*.states.json`). It is asked every 100 ms, as often as the receiving
//! side beats. Arrival is told to the millisecond; what a picture shows, within a span.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test's helpers fail the test and say what they measured"
)]

#[path = "health/cameras.rs"]
mod cameras;
#[path = "health/cases.rs"]
mod cases;
#[path = "health/hours.rs"]
mod hours;
