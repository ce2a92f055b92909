//! `pollwall probe` and `pollwall wall --open` as typed.
//!
//! What stands on a command line can be read by everybody on the machine, so an address with a
//! login or another secret is not taken from there.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use super::{UsageError, WallArgs};
use crate::config::list::check_url;

/// Where addresses come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// From standard input, one a line.
    Input,
    /// From the command line: checked, without secrets.
    Typed(Vec<String>),
}

/// `pollwall wall --open`
#[derive(Clone, Debug, PartialEq)]
pub struct OpenArgs {
    /// What to show.
    pub addresses: Addresses,
    /// The wall's own options.
    pub wall: WallArgs,
}

/// `pollwall probe`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeArgs {
    /// What to look at: one.
    pub address: Addresses,
    /// Print JSON.
    pub json: bool,
    /// For how long to measure, from the first picture on.
    pub seconds: Option<Duration>,
}

const MOST_SECONDS: u64 = 3600;

impl Addresses {
    /// As typed: `-` alone, or addresses. There is at least one word.
    pub(super) fn read(words: &[OsString]) -> Result<Self, UsageError> {
        if words.iter().all(|word| word == "-") {
            return Ok(Self::Input);
        }
        let typed = words.iter().enumerate().map(|(at, word)| address(at + 1, word));
        typed.collect::<Result<_, _>>().map(Self::Typed)
    }
}

fn address(number: usize, word: &OsStr) -> Result<String, UsageError> {
    // What is no text is no address: the check says so.
    match check_url(&word.to_string_lossy()) {
        Ok(url) if url.secrets.is_empty() => Ok(url.shown),
        Ok(_) => Err(UsageError::SecretTyped(number)),
        Err((found, expected)) => Err(UsageError::BadAddress { number, found, expected }),
    }
}

/// `20`, `20s`: 1 second to an hour.
pub(super) fn seconds(s: &str) -> Option<Duration> {
    let number: u64 = s.strip_suffix('s').unwrap_or(s).parse().ok()?;
    (1..=MOST_SECONDS).contains(&number).then(|| Duration::from_secs(number))
}
