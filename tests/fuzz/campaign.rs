//! How long a target is fuzzed, and how a find can be repeated.
//!
//! Every round draws from a generator of its own, seeded by the target's name, the seed and the
//! round's number: a find is repeated alone. Settings, all optional:
//!
//! | variable | meaning |
//! |---|---|
//! | `POLLWALL_FUZZ_SECONDS` | how long each target runs, instead of its usual number of rounds |
//! | `POLLWALL_FUZZ_SEED` | another seed than 1 |
//! | `POLLWALL_FUZZ_ROUND` | this round only |
//! | `POLLWALL_FUZZ_FINDS` | a folder: the round in hand is noted there, and what a find consisted of |

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use fastrand::Rng;
use pollwall::clock::{Clock, SystemClock};

/// One round of a target.
pub(crate) struct Round {
    /// Everything by chance in it.
    pub(crate) rng: Rng,
    inputs: Vec<Vec<u8>>,
}

impl Round {
    /// Notes what is about to be tried, so that a find can be kept.
    pub(crate) fn input(&mut self, bytes: &[u8]) {
        self.inputs.push(bytes.to_vec());
    }
}

fn setting<T: FromStr>(name: &str) -> Option<T> {
    let value = std::env::var(name).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("{name}={value}: expected a number")))
}

/// FNV-1a, so that targets with one seed do not draw the same.
fn hash(name: &str, seed: u64, round: u64) -> u64 {
    let bytes = name.bytes().chain(seed.to_le_bytes()).chain(round.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

/// Runs `round` `usual` times, or for as long as was asked for; says how often.
pub(crate) fn campaign(name: &str, usual: u64, mut round: impl FnMut(&mut Round)) {
    let seed = setting("POLLWALL_FUZZ_SEED").unwrap_or(1);
    let seconds: Option<u64> = setting("POLLWALL_FUZZ_SECONDS");
    let only: Option<u64> = setting("POLLWALL_FUZZ_ROUND");
    let finds: Option<PathBuf> = std::env::var_os("POLLWALL_FUZZ_FINDS").map(PathBuf::from);
    let began = SystemClock.mono();
    let goes_on = |done: u64| match seconds {
        Some(seconds) => SystemClock.mono().since(began) < Duration::from_secs(seconds),
        None => done < usual,
    };
    let mut number = only.unwrap_or(0);
    let mut slowest = (Duration::ZERO, 0);
    while only.map_or_else(|| goes_on(number), |only| number == only) {
        if let Some(finds) = &finds {
            // For what no handler sees: a hang, a crash below Rust.
            fs::write(finds.join(format!("{name}.round")), format!("{seed} {number}\n")).unwrap();
        }
        let mut one = Round { rng: Rng::with_seed(hash(name, seed, number)), inputs: Vec::new() };
        let start = SystemClock.mono();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| round(&mut one))) {
            eprintln!(
                "{name}: round {number} of seed {seed} is a find: POLLWALL_FUZZ_SEED={seed} POLLWALL_FUZZ_ROUND={number}"
            );
            keep(&finds, name, seed, number, &one.inputs);
            resume_unwind(panic);
        }
        slowest = slowest.max((SystemClock.mono().since(start), number));
        number += 1;
    }
    let took = SystemClock.mono().since(began);
    eprintln!("{name}: {number} rounds of seed {seed} in {took:.1?}, the slowest {slowest:?}");
}

fn keep(finds: &Option<PathBuf>, name: &str, seed: u64, round: u64, inputs: &[Vec<u8>]) {
    for (at, input) in inputs.iter().enumerate() {
        match finds {
            Some(folder) => {
                fs::write(folder.join(format!("{name}-{seed}-{round}.{at}")), input).unwrap();
            }
            None if at < 4 => eprintln!(
                "input {at}: {:?}",
                String::from_utf8_lossy(&input[..input.len().min(1000)])
            ),
            None => {}
        }
    }
}
