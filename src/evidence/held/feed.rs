//! One feed: its files, what heads say of it, and what is to be told of both.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::heads::HeldHead;
use super::strand::Strand;
use super::walk::{Search, Step, Walked};
use super::{Finding, Held, What};
use crate::clock::WallTime;
use crate::model::FeedId;
use crate::record::Segment;
use crate::record::chain::Hash;
use crate::record::index::{Item, State};

/// A segment that has ended no longer than this before the newest head need not be in it: it is put
/// into the catalogue when it is on the disk for certain.
const NOT_YET_SEALED: Duration = Duration::from_secs(120);

/// A feed's files, and how far heads and files lead to each other.
pub(super) struct Feed<'a> {
    pub(super) id: FeedId,
    items: Vec<&'a Item>,
    /// Of the closed ones, which of the items.
    closed: Vec<usize>,
    /// The strands, the newest first, and how far each leads.
    pub(super) walked: Vec<(Strand, Walked)>,
    /// Items that heads name.
    covered: BTreeSet<usize>,
    /// Items that a finding is about.
    told: BTreeSet<usize>,
}

impl<'a> Feed<'a> {
    pub(super) fn walked(id: FeedId, items: Vec<&'a Item>, mut strands: Vec<Strand>) -> Self {
        let closed: Vec<(usize, &Segment)> = items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| match &item.state {
                State::Closed(segment) => Some((at, &**segment)),
                _ => None,
            })
            .collect();
        if !strands.iter().any(|strand| strand.is_newest) {
            strands.insert(0, Strand { is_newest: true, ..Strand::default() });
        }
        let files: Vec<&Segment> = closed.iter().map(|(_, segment)| *segment).collect();
        let closed: Vec<usize> = closed.iter().map(|(at, _)| *at).collect();
        let mut covered = BTreeSet::new();
        let mut walked = Vec::new();
        for strand in strands {
            let walk = Search::new(&files).walk(&strand);
            covered.extend(walk.chains.iter().map(|(_, _, file)| closed[*file]));
            walked.push((strand, walk));
        }
        Self { id, items, closed, walked, covered, told: BTreeSet::new() }
    }

    /// The chains of the newest strand, from heads and from files.
    pub(super) fn chains(&self) -> BTreeMap<u64, Hash> {
        let mut chains = BTreeMap::new();
        for (strand, walked) in self.walked.iter().filter(|(strand, _)| strand.is_newest) {
            let of_files = walked.chains.iter().chain(&walked.beyond);
            chains.extend(of_files.map(|(place, chain, _)| (*place, *chain)));
            chains.extend(strand.anchors.iter().map(|a| (a.place, a.chain)));
        }
        chains
    }

    /// A head whose root the files lead to names the feed up to here.
    pub(super) fn reaches(&mut self, place: u64) {
        for (_, walked) in self.walked.iter().filter(|(strand, _)| strand.is_newest) {
            let beyond = walked.beyond.iter().filter(|(at, _, _)| *at <= place);
            self.covered.extend(beyond.map(|(_, _, file)| self.closed[*file]));
        }
    }

    /// Steps that no files lead over.
    pub(super) fn broken(&mut self, heads: &[HeldHead], findings: &mut Vec<Finding>) {
        for (strand, walked) in std::mem::take(&mut self.walked) {
            let steps = &walked.steps;
            let mut at = 0;
            for run in steps.chunk_by(|a, b| a.files.is_none() && b.files.is_none()) {
                let after = at + run.len();
                if run.iter().all(|step| step.files.is_none()) {
                    let lowest = steps[..at].iter().flat_map(|step| step.files.iter().flatten());
                    let lowest = lowest.map(|&file| self.closed[file]).max();
                    let later = steps[after..].iter().flat_map(|step| step.files.iter().flatten());
                    let mut later = later.map(|&file| self.closed[file]);
                    // Not the lowest of them: that may be one that came to light late.
                    let highest = later.find(|file| lowest.is_none_or(|low| low < *file));
                    let is_tail = strand.is_newest && after == steps.len();
                    self.tell(run, (lowest, highest), is_tail, heads, findings);
                }
                at = after;
            }
        }
    }

    /// Puts a run of such steps into words. `around` are the items before and after.
    fn tell(
        &mut self,
        run: &[Step],
        around: (Option<usize>, Option<usize>),
        is_tail: bool,
        heads: &[HeldHead],
        findings: &mut Vec<Finding>,
    ) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return };
        let until = heads.get(last.by).map(|head| head.signed.head.utc);
        let begins = around.0.map_or(0, |at| at + 1);
        let ends = around.1.unwrap_or(self.items.len());
        let there: Vec<usize> = (begins..ends)
            .filter(|at| !self.covered.contains(at) && !self.told.contains(at))
            .filter(|at| until.is_none_or(|until| self.items[*at].path.first() <= until))
            .collect();
        self.told.extend(&there);
        let told = |what, from: &Step, to: &Step| Finding {
            feed: Some(self.id),
            places: Some((from.from + 1, to.to)),
            after: from.after.and_then(|at| heads.get(at)).map(HeldHead::moment),
            by: heads.get(to.by).map(HeldHead::moment),
            from: around.0.and_then(|at| end(self.items[at])),
            to: around.1.map(|at| self.items[at].path.first()),
            ..Finding::of(what)
        };
        let file = |at: &usize| self.items[*at].file.clone();
        let are_single = run.iter().all(|step| step.to == step.from + 1);
        if there.is_empty() {
            let what = if is_tail { What::Tail } else { What::Missing };
            findings.push(told(what, first, last));
        } else if are_single && there.len() == run.len() {
            for (step, at) in run.iter().zip(&there) {
                findings.push(Finding { files: vec![file(at)], ..told(What::Changed, step, step) });
            }
        } else {
            let files = there.iter().map(file).collect();
            findings.push(Finding { files, ..told(What::Broken, first, last) });
        }
    }

    /// What is left: files that no head names.
    pub(super) fn sum_up(&self, held: &mut Held, findings: &mut Vec<Finding>) {
        let newest = self.covered.last();
        held.segments += self.closed.len() as u64;
        held.covered += self.covered.len() as u64;
        let mut unsealed: Vec<&Item> = Vec::new();
        let mut told = |unsealed: &mut Vec<&Item>| {
            let times = (unsealed.first().copied(), unsealed.last().copied().and_then(end));
            if let (Some(first), to) = times {
                findings.push(Finding {
                    feed: Some(self.id),
                    files: unsealed.iter().map(|item| item.file.clone()).collect(),
                    from: Some(first.path.first()),
                    to,
                    ..Finding::of(What::Unsealed)
                });
            }
            unsealed.clear();
        };
        let mut unreadable = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            if item.is_quarantined {
                held.quarantined.push(item.file.clone());
            }
            if self.covered.contains(&at) {
                told(&mut unsealed);
                continue;
            }
            let is_told = self.told.contains(&at) || item.is_quarantined;
            match &item.state {
                State::Unfinished if !is_told => held.unfinished.push(item.file.clone()),
                State::Unread(why) if !is_told => unreadable.push(Finding {
                    feed: Some(self.id),
                    files: vec![item.file.clone()],
                    from: Some(item.path.first()),
                    ..Finding::of(What::Unreadable(why.clone()))
                }),
                State::Closed(segment) if self.is_copy(item, segment) => held.copies += 1,
                State::Closed(segment) if !is_told => {
                    let ended = segment.last.utc_us.saturating_add(segment.clock_ahead_us);
                    let is_late = held
                        .newest
                        .is_none_or(|m| WallTime::from_micros(ended) > m.utc - NOT_YET_SEALED);
                    if is_late && newest.is_none_or(|newest| *newest < at) {
                        held.not_yet += 1;
                    } else {
                        unsealed.push(item);
                    }
                }
                _ => {}
            }
        }
        told(&mut unsealed);
        findings.extend(unreadable);
    }

    /// Whether a covered file of the same name is the same.
    fn is_copy(&self, item: &Item, segment: &Segment) -> bool {
        let begins = self.items.partition_point(|other| other.path < item.path);
        let same_name = self.items[begins..].iter().take_while(|other| other.path == item.path);
        same_name.enumerate().any(|(at, other)| {
            let is_same = matches!(&other.state, State::Closed(covered) if **covered == *segment);
            is_same && self.covered.contains(&(begins + at))
        })
    }
}

/// When the pictures of a file end, as far as it says so.
fn end(item: &Item) -> Option<WallTime> {
    match &item.state {
        State::Closed(segment) => Some(segment.last.wall()),
        _ => None,
    }
}
