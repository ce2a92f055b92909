//! Going from one anchor of a feed's chain to the next with the files that there are.
//!
//! As a rule the next files in the order of time lead there. A file that came to light late (its
//! volume was away) stands later in the chain than its time says; one that is not sealed stands
//! nowhere. What leads to a signed chain is right whatever the order is, for nobody finds other files
//! that do; so every order may be tried that can have come about.

use super::strand::Strand;
use crate::record::Segment;
use crate::record::chain::{Hash, chained};

/// So many hashes are tried for one feed. Only where hundreds of files are missing and hundreds lie
/// there instead does it come to that; then those that came late are told as missing.
const TRIES: u64 = 1_000_000;

/// And so many for one step.
const TRIES_AT_ONCE: u64 = 100_000;

/// From one anchor to the next.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Of how many segments the chain was before, and then.
    pub(super) from: u64,
    pub(super) to: u64,
    /// The last head before and the first one after, among all.
    pub(super) after: Option<usize>,
    pub(super) by: usize,
    /// The files that lead there, in the order of the chain; `None` where none do.
    pub(super) files: Option<Vec<usize>>,
}

/// How far files lead.
#[derive(Clone, Debug, Default)]
pub(super) struct Walked {
    pub(super) steps: Vec<Step>,
    /// Chains as the files have them: place, chain, and the file that was added.
    pub(super) chains: Vec<(u64, Hash, usize)>,
    /// How they would go on after the last anchor.
    pub(super) beyond: Vec<(u64, Hash, usize)>,
}

/// The closed files of a feed in the order of their time.
pub(super) struct Search<'a> {
    files: &'a [&'a Segment],
    used: Vec<bool>,
    /// All that were used are before it.
    cursor: usize,
    tries: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(files: &'a [&'a Segment]) -> Self {
        Self { files, used: vec![false; files.len()], cursor: 0, tries: TRIES }
    }

    /// Goes through a strand.
    pub(super) fn walk(&mut self, strand: &Strand) -> Walked {
        let mut walked = Walked::default();
        let (mut place, mut chain, mut after) = strand.begins();
        for anchor in &strand.anchors {
            let count = usize::try_from(anchor.place.saturating_sub(place)).unwrap_or(usize::MAX);
            let mut found = self.lead(&chain, &anchor.chain, count);
            let mut from = (place, chain);
            if found.is_none() && anchor.is_anew {
                // The catalogue was made again: the chain has begun anew with what there was.
                let mut again = Self { tries: self.tries, ..Self::new(self.files) };
                let count = usize::try_from(anchor.place).unwrap_or(usize::MAX);
                from = (0, crate::record::chain::BEGINNING);
                found = again.lead(&from.1, &anchor.chain, count);
                if found.is_some() {
                    *self = again;
                } else {
                    from = (place, chain);
                }
            }
            if let Some(files) = &found {
                let mut end = from.1;
                for (&file, place) in files.iter().zip(from.0 + 1..) {
                    end = chained(&end, self.files[file]);
                    walked.chains.push((place, end, file));
                }
            }
            let (by, to) = (anchor.first, anchor.place);
            walked.steps.push(Step { from: from.0, to, after, by, files: found });
            (place, chain, after) = (anchor.place, anchor.chain, Some(anchor.last));
        }
        for file in self.ahead() {
            (place, chain) = (place + 1, chained(&chain, self.files[file]));
            walked.beyond.push((place, chain, file));
        }
        walked
    }

    /// Files that were not used, from the cursor on.
    fn ahead(&self) -> Vec<usize> {
        (self.cursor..self.files.len()).filter(|&at| !self.used[at]).collect()
    }

    /// The files, `count` of them, that lead from one chain to another; they are used then.
    fn lead(&mut self, from: &Hash, to: &Hash, count: usize) -> Option<Vec<usize>> {
        let next = (self.cursor..self.files.len()).filter(|&at| !self.used[at]);
        let next: Vec<usize> = next.take(count).collect();
        let found = if next.len() == count && self.end(from, &next) == *to {
            Some(next)
        } else {
            let left = self.tries.saturating_sub(TRIES_AT_ONCE);
            self.tries -= left;
            let found = self.search(from, to, count);
            self.tries += left;
            found
        };
        for &at in found.iter().flatten() {
            self.used[at] = true;
            self.cursor = self.cursor.max(at + 1);
        }
        found
    }

    /// The chain that these files lead to.
    fn end(&mut self, from: &Hash, files: &[usize]) -> Hash {
        self.tries = self.tries.saturating_sub(files.len() as u64);
        files.iter().fold(*from, |chain, &at| chained(&chain, self.files[at]))
    }

    fn search(&mut self, from: &Hash, to: &Hash, count: usize) -> Option<Vec<usize>> {
        let unused = self.used.iter().filter(|used| !**used).count();
        if count == 0 || count > unused || self.tries == 0 {
            return None;
        }
        let behind: Vec<usize> = (0..self.cursor).filter(|&at| !self.used[at]).collect();
        let ahead = self.ahead();
        // What has come to light late, alone, the oldest first.
        let late = self.run(from, to, count, &behind, usize::MAX);
        // The next ones, past some that are not sealed or come later.
        let past = late.or_else(|| self.run(from, to, count, &ahead, usize::MAX));
        past.or_else(|| self.mixed(from, to, count, &behind, &ahead))
    }

    /// `count` of `files` in their order, without one run of at most `most` among them.
    fn run(
        &mut self,
        from: &Hash,
        to: &Hash,
        count: usize,
        files: &[usize],
        most: usize,
    ) -> Option<Vec<usize>> {
        let spare = files.len().checked_sub(count)?.min(most);
        let mut before = vec![*from];
        for &at in &files[..count] {
            let end = before.last().map_or(*from, |end| chained(end, self.files[at]));
            before.push(end);
        }
        self.tries = self.tries.saturating_sub(count as u64);
        if before.last() == Some(to) {
            return Some(files[..count].to_vec());
        }
        for left_out in 1..=spare {
            for at in 0..count {
                let rest = &files[at + left_out..count + left_out];
                if self.end(&before[at], rest) == *to {
                    return Some([&files[..at], rest].concat());
                }
                if self.tries == 0 {
                    return None;
                }
            }
        }
        None
    }

    /// A run of those behind, somewhere among the next ones.
    fn mixed(
        &mut self,
        from: &Hash,
        to: &Hash,
        count: usize,
        behind: &[usize],
        ahead: &[usize],
    ) -> Option<Vec<usize>> {
        for late in 1..count.min(behind.len() + 1) {
            let Some(next) = ahead.get(..count - late) else { continue };
            for run in behind.windows(late) {
                for at in 0..=next.len() {
                    let tried = [&next[..at], run, &next[at..]].concat();
                    if self.end(from, &tried) == *to {
                        return Some(tried);
                    }
                    if self.tries == 0 {
                        return None;
                    }
                }
            }
        }
        None
    }
}
