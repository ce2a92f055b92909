//! Everything of ours that parses bytes, on damaged input: no panic, no hang, no memory without
//! end, no secret in what is said, and work goes on with the next good input.
//!
//! Here each target runs some rounds, the same ones every time; `packaging/fuzz` runs them for as
//! long as one likes. What they found once is in `tests/fixtures/hostile` and in the tests beside
//! the code; see `docs/decisions/0075-fuzzing-without-a-nightly.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test's helpers fail the test and say what they did"
)]

#[path = "fuzz/campaign.rs"]
mod campaign;
#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/requests.rs"]
mod requests;
#[path = "fuzz/secrets.rs"]
mod secrets;
#[path = "fuzz/segments.rs"]
mod segments;
#[path = "fuzz/sessions.rs"]
mod sessions;
mod support;
#[path = "fuzz/texts.rs"]
mod texts;
#[path = "fuzz/units.rs"]
mod units;

#[test]
fn station_lists() {
    texts::lists(1500);
}

#[test]
fn election_days() {
    texts::days(1500);
}

#[test]
fn fault_scripts() {
    texts::scripts(1500);
}

#[test]
fn desks() {
    texts::desks(500);
}

#[test]
fn stored_lists_and_secrets() {
    texts::stored(1000);
}

#[test]
fn urls_with_secrets() {
    secrets::urls(20_000);
}

#[test]
fn urls_of_noise() {
    secrets::noise(20_000);
}

#[test]
fn logins_there_and_back() {
    secrets::logins(40);
}

#[test]
fn the_redactor() {
    secrets::redactor(1500);
}

#[test]
fn access_units() {
    units::units(300);
}

#[test]
fn nal_units() {
    units::nals(5000);
}

#[test]
fn requests_to_the_simulator() {
    requests::requests(300);
}

#[test]
fn sessions_with_hostile_cameras() {
    sessions::sessions(30);
}

#[test]
fn recorded_files() {
    segments::reading(4000);
}

#[test]
fn repairs_of_recorded_files() {
    segments::repairing(200);
}
