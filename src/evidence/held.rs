//! Holding recordings against the heads that a second holder has kept: `docs/format-seal.md`,
//! section 5. Nothing but the files and the heads is needed, and nothing else is believed.
//!
//! [`HeldHeads`] reads the heads, [`read_whole`](crate::record::index::read_whole) the files, and
//! [`hold`] holds one against the other. Between two heads that were signed a chain can be checked
//! without what is before: so a segment that is missing hides nothing of those after it.
//!
//! It cannot say when a file went, only that it was there when it was sealed; nor whether it was
//! deleted by rule, for that stands in the journal and the catalogue alone.

mod feed;
mod heads;
mod strand;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::clock::WallTime;
use crate::model::FeedId;
use crate::record::chain::Hash;
use crate::record::index::{Item, Whole};
use feed::Feed;
use heads::HeldHead;
use strand::strands;
use walk::Step;

pub use heads::HeldHeads;

/// A head, and when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Its number.
    pub number: u64,
    /// When it was made.
    pub utc: WallTime,
}

/// What is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A line of the heads is JSON and no head, or its fields contradict each other.
    Form,
    /// A head's signature is not its key's.
    Signature,
    /// A head is signed by another key than the one that was given.
    Key,
    /// A head is signed by another key than the one before.
    KeyChanged,
    /// Heads of these numbers are not there.
    HeadsMissing,
    /// A head does not carry the hash of the one before.
    Previous,
    /// A second, different head has a number that was there before: a disk was rolled back, or the
    /// journal was lost.
    Twice,
    /// The chains with a head do not lead to its root.
    Root,
    /// The holder has no chains with these heads, and the files do not lead to their roots.
    Unled,
    /// A feed's chain is another than earlier heads say, or was shortened: the catalogue was rolled
    /// back or made anew.
    Rewritten,
    /// Segments that were sealed are not there.
    Missing,
    /// The same, and nothing that was sealed of this feed comes after them.
    Tail,
    /// A file lies where a segment was sealed, and it is not what was sealed.
    Changed,
    /// Segments were sealed; the files that lie there do not lead to their chain.
    Broken,
    /// Files that no head covers, though later ones of the feed are covered.
    Unsealed,
    /// A file is no segment, or cannot be read; why.
    Unreadable(String),
}

impl What {
    /// Its name in what programs read; never changes.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Signature => "signature",
            Self::Key => "key",
            Self::KeyChanged => "key_changed",
            Self::HeadsMissing => "heads_missing",
            Self::Previous => "previous",
            Self::Twice => "twice",
            Self::Root => "root",
            Self::Unled => "unled",
            Self::Rewritten => "rewritten",
            Self::Missing => "missing",
            Self::Tail => "tail",
            Self::Changed => "changed",
            Self::Broken => "broken",
            Self::Unsealed => "unsealed",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub what: What,
    /// Whose segments.
    pub feed: Option<FeedId>,
    /// Which of its chain, from and to; of a chain that was made anew, how long it is and was.
    pub places: Option<(u64, u64)>,
    /// Which heads, from and to.
    pub numbers: Option<(u64, u64)>,
    /// The last head before it; of segments, the last one that they are not in.
    pub after: Option<Moment>,
    /// The head that it is about; of segments, the first one that they are in.
    pub by: Option<Moment>,
    /// The line in the holder's file, from 1.
    pub line: Option<u64>,
    /// The files that it is about.
    pub files: Vec<PathBuf>,
    /// The pictures that are missing are later than this: the last ones of the segment before.
    pub from: Option<WallTime>,
    /// And earlier than this: the first ones of the segment after.
    pub to: Option<WallTime>,
}

impl Finding {
    const fn of(what: What) -> Self {
        Self {
            what,
            feed: None,
            places: None,
            numbers: None,
            after: None,
            by: None,
            line: None,
            files: Vec::new(),
            from: None,
            to: None,
        }
    }
}

/// How it all stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is as it was sealed, by the key that was given.
    Intact,
    /// All is as it was sealed; whose key that is was not asked.
    SignerNotVerified,
    /// Something is not as it should be.
    Findings,
}

/// What has come of holding one against the other.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Heads that are what they say.
    pub heads: u64,
    /// The first and the newest of them.
    pub first: Option<Moment>,
    /// See [`first`](Self::first).
    pub newest: Option<Moment>,
    /// The fingerprints of their keys.
    pub keys: BTreeSet<Hash>,
    /// Whether the fingerprint was given.
    pub is_signer_known: bool,
    /// Lines that were torn, and heads that stand there more than once.
    pub torn: u64,
    /// See [`torn`](Self::torn).
    pub repeated: u64,
    /// Files that are closed.
    pub segments: u64,
    /// Those that are what a head says.
    pub covered: u64,
    /// Those that came after the newest head: nothing can be said of them yet.
    pub not_yet: u64,
    /// Second copies of covered ones, in another volume for example.
    pub copies: u64,
    /// Files without a tail that no head asks for: still being written, or their program died.
    pub unfinished: Vec<PathBuf>,
    /// Files that were set aside because they could not be read; sealed ones among them count as there.
    pub quarantined: Vec<PathBuf>,
    /// Files with names that no segment has.
    pub foreign: Vec<PathBuf>,
    /// Everything that was sealed up to this head is there.
    pub whole_up_to: Option<Moment>,
    /// Nothing that was sealed after this head is there: the folder is as it was then.
    pub ends_at: Option<Moment>,
    /// What is wrong: heads first, then by feed and time.
    pub findings: Vec<Finding>,
}

impl Held {
    /// How it all stands.
    pub fn verdict(&self) -> Verdict {
        match (self.findings.is_empty(), self.is_signer_known) {
            (false, _) => Verdict::Findings,
            (true, true) => Verdict::Intact,
            (true, false) => Verdict::SignerNotVerified,
        }
    }
}

/// Holds files against heads. `expected` is the fingerprint of the key that must have signed them.
pub fn hold(held: HeldHeads, files: &Whole, expected: Option<&Hash>) -> Held {
    let (torn, repeated) = (held.torn, held.repeated);
    let (heads, mut findings) = held.checked(expected);
    let (mut of_feeds, rewritten) = strands(&heads);
    findings.extend(rewritten);
    let mut items = BTreeMap::<FeedId, Vec<&Item>>::new();
    for item in &files.items {
        items.entry(item.path.feed()).or_default().push(item);
    }
    let ids: BTreeSet<FeedId> = of_feeds.keys().chain(items.keys()).copied().collect();
    let mut feeds: Vec<Feed<'_>> = ids
        .into_iter()
        .map(|id| {
            let strands = of_feeds.remove(&id).unwrap_or_default();
            Feed::walked(id, items.remove(&id).unwrap_or_default(), strands)
        })
        .collect();
    let led = without_chains(&heads, &mut feeds, &mut findings);
    let mut told = Held {
        heads: heads.len() as u64,
        first: heads.first().map(HeldHead::moment),
        newest: heads.last().map(HeldHead::moment),
        keys: heads.iter().map(|head| head.signed.head.key).collect(),
        is_signer_known: expected.is_some(),
        torn,
        repeated,
        foreign: files.foreign.clone(),
        ..Held::default()
    };
    (told.whole_up_to, told.ends_at) = reach(&heads, &feeds, &led);
    for feed in &mut feeds {
        feed.broken(&heads, &mut findings);
        feed.sum_up(&mut told, &mut findings);
    }
    told.findings = findings;
    told
}

/// How far the files reach: the head up to which nothing is missing, and the one after which
/// everything is.
fn reach(
    heads: &[HeldHead],
    feeds: &[Feed<'_>],
    led: &BTreeMap<usize, bool>,
) -> (Option<Moment>, Option<Moment>) {
    let newest = feeds.iter().flat_map(|feed| &feed.walked).filter(|(s, _)| s.is_newest);
    let steps: Vec<&Step> = newest.flat_map(|(_, walked)| &walked.steps).collect();
    let broken = || steps.iter().filter(|step| step.files.is_none()).map(|step| step.by);
    let unled = led.iter().filter(|(_, led)| !**led).map(|(at, _)| *at);
    let first_broken = broken().chain(unled).min();
    let there = steps.iter().filter(|step| step.files.is_some()).map(|step| step.by);
    let last_there = there.chain(led.iter().filter(|(_, led)| **led).map(|(at, _)| *at)).max();
    let moment = |at: usize| heads.get(at).map(HeldHead::moment);
    let whole = match first_broken {
        Some(broken) => broken.checked_sub(1).and_then(moment),
        None => heads.last().map(HeldHead::moment),
    };
    let ends = last_there.filter(|last| broken().any(|broken| broken > *last));
    (whole, ends.and_then(moment))
}

/// Heads of which the holder does not know all chains: whether the files lead to their roots, by
/// their place among all heads.
fn without_chains(
    heads: &[HeldHead],
    feeds: &mut [Feed<'_>],
    findings: &mut Vec<Finding>,
) -> BTreeMap<usize, bool> {
    let mut led = BTreeMap::new();
    let open = |head: &&HeldHead| head.chains.iter().any(Option::is_none);
    if !heads.iter().any(|head| open(&head)) {
        return led;
    }
    let chains: BTreeMap<FeedId, BTreeMap<u64, Hash>> =
        feeds.iter().map(|feed| (feed.id, feed.chains())).collect();
    for (at, head) in heads.iter().enumerate().filter(|(_, head)| open(head)) {
        let leaves = head.signed.leaves.iter().zip(&head.chains);
        let known: Option<Vec<Hash>> = leaves
            .map(|((feed, place), chain)| chain.or_else(|| chains.get(feed)?.get(place).copied()))
            .collect();
        let leads = known.is_some_and(|known| heads::leads(&head.signed, &known));
        led.insert(at, leads);
        if leads {
            for (id, place) in &head.signed.leaves {
                if let Ok(at) = feeds.binary_search_by_key(id, |feed| feed.id) {
                    feeds[at].reaches(*place);
                }
            }
            continue;
        }
        let number = head.signed.head.number;
        match findings.last_mut() {
            Some(Finding { what: What::Unled, numbers: Some((_, to)), .. })
                if *to + 1 == number =>
            {
                *to = number;
            }
            _ => findings.push(Finding {
                numbers: Some((number, number)),
                after: at.checked_sub(1).and_then(|at| heads.get(at)).map(HeldHead::moment),
                by: Some(head.moment()),
                ..Finding::of(What::Unled)
            }),
        }
    }
    led
}

#[cfg(test)]
mod tests;
