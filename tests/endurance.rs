//! What hours of trouble must not leave behind, and how a country comes back.
//!
//! In CI in short form; `packaging/soak` runs the same at full length: `POLLWALL_CHURN_STATIONS` and
//! `POLLWALL_CHURN_SECONDS`, `POLLWALL_COMEBACK_STATIONS` and `POLLWALL_COMEBACK_SECONDS`. Promises
//! about seconds, and that nobody is asked twice, are held there, on a machine of its own; here what
//! was measured is printed, and what holds on any machine is asserted: what is left behind, and the
//! order.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test's helpers fail the test and say what they measured"
)]

#[path = "endurance/churn.rs"]
mod churn;
#[path = "endurance/comeback.rs"]
mod comeback;
mod support;

/// A setting of the long form.
fn setting(name: &str) -> Option<u64> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value}: expected a number")))
}
