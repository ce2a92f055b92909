//! What heads say of one feed: how long its chain was and how it ended, head by head.

use std::collections::BTreeMap;

use super::heads::HeldHead;
use super::{Finding, What};
use crate::model::FeedId;
use crate::record::chain::{BEGINNING, Hash};

/// A chain as heads have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    /// Of so many segments.
    pub(super) place: u64,
    pub(super) chain: Hash,
    /// The first head that has it, among all.
    pub(super) first: usize,
    /// And the last one.
    pub(super) last: usize,
    /// It does not follow on the anchor before: the chain was made anew.
    pub(super) is_anew: bool,
}

/// Anchors that follow on each other.
#[derive(Clone, Debug, Default)]
pub(super) struct Strand {
    /// Where it begins; without it, at the beginning of the feed.
    pub(super) start: Option<Anchor>,
    pub(super) anchors: Vec<Anchor>,
    /// Whether the newest head has it. One that has not was left: somebody has gone back behind it.
    pub(super) is_newest: bool,
}

impl Strand {
    /// The chain it begins with.
    pub(super) fn begins(&self) -> (u64, Hash, Option<usize>) {
        self.start.map_or((0, BEGINNING, None), |a| (a.place, a.chain, Some(a.last)))
    }
}

#[derive(Default)]
struct Builder {
    left: Vec<Strand>,
    now: Vec<Anchor>,
}

impl Builder {
    /// One more head. The anchor that does not agree with it, if there is one.
    fn add(&mut self, place: u64, chain: Hash, head: usize) -> Option<Anchor> {
        let new = Anchor { place, chain, first: head, last: head, is_anew: false };
        match self.now.last_mut() {
            Some(last) if last.place == place && last.chain == chain => last.last = head,
            Some(last) if last.place >= place => {
                let other = *last;
                let kept = self.now.partition_point(|a| a.place < place);
                let stays =
                    self.now.get(kept).is_some_and(|a| (a.place, a.chain) == (place, chain));
                self.leave(kept + usize::from(stays));
                match self.now.last_mut().filter(|_| stays) {
                    Some(again) => again.last = head,
                    None => self.now.push(Anchor { is_anew: true, ..new }),
                }
                return Some(other);
            }
            _ => self.now.push(new),
        }
        None
    }

    /// What follows on the first `kept` anchors is left.
    fn leave(&mut self, kept: usize) {
        let anchors = self.now.split_off(kept);
        let start = self.now.last().copied();
        self.left.push(Strand { start, anchors, is_newest: false });
    }

    fn done(mut self) -> Vec<Strand> {
        if !self.now.is_empty() {
            let (anchors, start) = (self.now, None);
            self.left.insert(0, Strand { start, anchors, is_newest: true });
        }
        self.left
    }
}

/// The strands of every feed, the newest one of each first, and where chains were made anew.
pub(super) fn strands(heads: &[HeldHead]) -> (BTreeMap<FeedId, Vec<Strand>>, Vec<Finding>) {
    let (mut builders, mut findings) = (BTreeMap::<FeedId, Builder>::new(), Vec::new());
    let mut before: Option<&HeldHead> = None;
    for (at, head) in heads.iter().enumerate() {
        let mut told = |feed, other: Anchor, place| {
            findings.push(Finding {
                feed: Some(feed),
                places: Some((place, other.place)),
                after: heads.get(other.last).map(HeldHead::moment),
                by: Some(head.moment()),
                ..Finding::of(What::Rewritten)
            });
        };
        // Heads were signed over feeds in their order.
        let is_in = |feed| head.signed.leaves.binary_search_by_key(&feed, |leaf| leaf.0).is_ok();
        let leaves = before.map_or(&[][..], |before| &before.signed.leaves[..]);
        for &(feed, _) in leaves.iter().filter(|(feed, _)| !is_in(*feed)) {
            let builder = builders.entry(feed).or_default();
            if let Some(last) = builder.now.last().copied() {
                builder.leave(0);
                told(feed, last, 0);
            }
        }
        for (&(feed, place), chain) in head.signed.leaves.iter().zip(&head.chains) {
            let Some(chain) = chain else { continue };
            if let Some(other) = builders.entry(feed).or_default().add(place, *chain, at) {
                told(feed, other, place);
            }
        }
        before = Some(head);
    }
    let done = |(feed, builder): (FeedId, Builder)| (feed, builder.done());
    (builders.into_iter().map(done).collect(), findings)
}
