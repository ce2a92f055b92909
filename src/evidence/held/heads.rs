//! Heads as a second holder kept them: lines of JSON, as `docs/format-seal.md` has them in section 4.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use serde::Deserialize;

use super::{Finding, Moment, What};
use crate::clock::WallTime;
use crate::evidence::error::SealError;
use crate::evidence::head::{Head, SignedHead, leaf};
use crate::evidence::key::{PublicKey, fingerprint, unhex};
use crate::evidence::tree::Tree;
use crate::record::chain::Hash;
use crate::record::index::Link;

/// A line is no longer than this: the heads of a hundred thousand feeds are not.
const LONGEST: u64 = 64 << 20;

/// One head.
#[derive(Clone, Debug)]
pub(super) struct HeldHead {
    pub(super) signed: SignedHead,
    /// Of each leaf, what the holder has of its chain.
    pub(super) chains: Vec<Option<Hash>>,
    line: u64,
}

impl HeldHead {
    pub(super) fn moment(&self) -> Moment {
        Moment { number: self.signed.head.number, utc: self.signed.head.utc }
    }

    /// Whether its leaves lead to its root; `None` where the holder does not know all of them.
    fn leads(&self) -> Option<bool> {
        let links = self.signed.leaves.iter().zip(&self.chains);
        let links: Option<Vec<Link>> = links
            .map(|(&(feed, place), chain)| chain.map(|chain| Link { feed, place, chain }))
            .collect();
        Some(Tree::over(links?).root() == self.signed.head.root)
    }
}

/// What a second holder has.
#[derive(Clone, Debug, Default)]
pub struct HeldHeads {
    heads: Vec<HeldHead>,
    /// What is wrong with single lines.
    findings: Vec<Finding>,
    /// Lines that were torn by a crash.
    pub torn: u64,
    /// Lines with a head that stood there before.
    pub repeated: u64,
}

/// A line, as it is written.
#[derive(Deserialize)]
struct Line {
    format: String,
    number: u64,
    utc: String,
    made_utc_us: i64,
    feeds: u64,
    root: String,
    previous: String,
    key: String,
    fingerprint: String,
    signature: String,
    leaves: Vec<(String, u64, Option<String>)>,
}

impl Line {
    /// The head; `None` where a field is not what it can be, or two contradict each other.
    fn head(self, line: u64) -> Option<HeldHead> {
        let key: PublicKey = unhex(&self.key)?;
        let utc = WallTime::from_micros(self.made_utc_us);
        let head = Head {
            number: self.number,
            utc,
            feeds: self.feeds,
            root: unhex(&self.root)?,
            previous: unhex(&self.previous)?,
            key: unhex(&self.fingerprint)?,
        };
        let (mut leaves, mut chains) = (Vec::new(), Vec::new());
        for (feed, place, chain) in &self.leaves {
            leaves.push((leaf(&format!("{feed} {place}"))?.0, *place));
            chains.push(match chain {
                Some(chain) => Some(unhex(chain)?),
                None => None,
            });
        }
        let agrees = self.format == "pollwall-head-1"
            && self.number > 0
            && self.utc == utc.to_string()
            && head.key == fingerprint(&key)
            && head.feeds == leaves.len() as u64
            && leaves.is_sorted_by(|a, b| a.0 < b.0);
        let signature = unhex(&self.signature)?;
        let signed = SignedHead { head, key, signature, leaves };
        agrees.then_some(HeldHead { signed, chains, line })
    }
}

impl HeldHeads {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(file: &Path) -> Result<Self, SealError> {
        let failed = |source| SealError::State { path: file.to_owned(), source };
        Self::of(BufReader::with_capacity(1 << 20, File::open(file).map_err(failed)?))
            .map_err(failed)
    }

    /// Reads lines. Torn ones and repetitions are allowed.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn of(mut lines: impl BufRead) -> io::Result<Self> {
        let (mut held, mut seen) = (Self::default(), BTreeMap::<Hash, usize>::new());
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if lines.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let read: Option<Line> = match serde_json::from_slice(&line) {
                Ok(read) => Some(read),
                // JSON, and no head: nobody of ours has written it so.
                Err(e) if e.is_data() => None,
                Err(_) => {
                    held.torn += 1;
                    continue;
                }
            };
            let Some(head) = read.and_then(|read| read.head(number)) else {
                held.findings.push(Finding { line: Some(number), ..Finding::of(What::Form) });
                continue;
            };
            match seen.get(&head.signed.head.hash()).and_then(|&at| held.heads.get_mut(at)) {
                Some(known) if known.signed == head.signed => {
                    held.repeated += 1;
                    let agrees = known.chains.iter().zip(&head.chains);
                    if agrees.clone().all(|(a, b)| a.is_none() || b.is_none() || a == b) {
                        let known = known.chains.iter_mut().zip(head.chains);
                        known.for_each(|(known, chain)| *known = known.or(chain));
                        continue;
                    }
                    // One of both is not what was signed; each is looked at.
                    held.heads.push(head);
                }
                _ => {
                    seen.entry(head.signed.head.hash()).or_insert(held.heads.len());
                    held.heads.push(head);
                }
            }
        }
        Ok(held)
    }

    /// Whether there is no head in it.
    pub fn is_empty(&self) -> bool {
        self.heads.is_empty() && self.findings.is_empty()
    }

    /// The heads that are what they say, in their order, and what is wrong with the others.
    /// `expected` is the fingerprint of the key that must have signed.
    pub(super) fn checked(self, expected: Option<&Hash>) -> (Vec<HeldHead>, Vec<Finding>) {
        let mut findings = self.findings;
        let (mut good, mut bad, mut seen) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for head in self.heads {
            let wrong = if !head.signed.is_signed() {
                Some(What::Signature)
            } else if expected.is_some_and(|expected| *expected != head.signed.head.key) {
                Some(What::Key)
            } else if head.leads() == Some(false) {
                Some(What::Root)
            } else {
                None
            };
            if let Some(what) = wrong {
                bad.insert(head.signed.head.number);
                findings.push(Finding {
                    line: Some(head.line),
                    by: Some(head.moment()),
                    ..Finding::of(what)
                });
            } else if seen.insert(head.signed.head.hash()) {
                good.push(head);
            }
        }
        let numbers: BTreeSet<u64> = good.iter().map(|head| head.signed.head.number).collect();
        if numbers.len() == good.len() {
            // A holder may get old ones once more, after newer ones.
            good.sort_by_key(|head| head.signed.head.number);
        }
        in_order(&good, &bad, &mut findings);
        (good, findings)
    }
}

/// Whether each head follows on the one before. `bad` are the numbers of those that were left out
/// already.
fn in_order(heads: &[HeldHead], bad: &BTreeSet<u64>, findings: &mut Vec<Finding>) {
    // The line of descent so far: a head that stands beside one of it takes the place of what follows.
    let mut line: Vec<&HeldHead> = Vec::new();
    for next in heads {
        let (head, moment) = (&next.signed.head, next.moment());
        let kept = line.partition_point(|one| one.signed.head.number < head.number);
        if let (Some(beside), Some(last)) = (line.get(kept), line.last()) {
            findings.push(Finding {
                after: Some(beside.moment()),
                by: Some(moment),
                numbers: Some((beside.signed.head.number, last.signed.head.number)),
                line: Some(next.line),
                ..Finding::of(What::Twice)
            });
            line.truncate(kept);
        }
        let told = |what| Finding {
            after: line.last().map(|before| before.moment()),
            by: Some(moment),
            line: Some(next.line),
            ..Finding::of(what)
        };
        match line.last().map(|before| &before.signed.head) {
            Some(before)
                if head.number == before.number.saturating_add(1)
                    && head.previous != before.hash() =>
            {
                findings.push(told(What::Previous));
            }
            Some(before) if head.number == before.number.saturating_add(1) => {}
            Some(before) => {
                let (from, to) = (before.number.saturating_add(1), head.number - 1);
                if (from..=to).any(|number| !bad.contains(&number)) {
                    let numbers = Some((from, to));
                    findings.push(Finding { numbers, ..told(What::HeadsMissing) });
                }
            }
            None if head.number == 1 && head.previous != [0; 32] => {
                findings.push(told(What::Previous));
            }
            None => {}
        }
        if line.last().is_some_and(|before| before.signed.head.key != head.key) {
            findings.push(told(What::KeyChanged));
        }
        line.push(next);
    }
}

/// The root of a head over these chains.
pub(super) fn leads(head: &SignedHead, chains: &[Hash]) -> bool {
    let leaves = head.leaves.iter().zip(chains);
    let links = leaves.map(|(&(feed, place), &chain)| Link { feed, place, chain }).collect();
    chains.len() == head.leaves.len() && Tree::over(links).root() == head.head.root
}
