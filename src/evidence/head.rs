//! A head: what is signed every minute, and how it stands in the journal and with a second holder.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::error::SealError;
use super::key::{PublicKey, SealKey, fingerprint, is_signed, unhex};
use super::tree::Tree;
use crate::clock::WallTime;
use crate::journal::Event;
use crate::journal::chain::hex;
use crate::model::{FeedId, FeedKind};
use crate::record::chain::Hash;
use crate::record::index::{Link, Reader};

const DOMAIN: &[u8; 15] = b"pollwall-head-1";

/// What the first head carries as the hash of the one before.
const BEGINNING: Hash = [0; 32];

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its number, from 1.
    pub number: u64,
    /// When it was made.
    pub utc: WallTime,
    /// How many feeds it is over.
    pub feeds: u64,
    /// The root of the tree over their chains.
    pub root: Hash,
    /// The hash of the head before; zeros in the first.
    pub previous: Hash,
    /// The fingerprint of the key that signs it.
    pub key: Hash,
}

impl Head {
    /// The bytes that are signed: the 15 bytes `pollwall-head-1`, number, time in microseconds of
    /// UTC, number of feeds (64 bits each, the most significant byte first; the time is signed),
    /// root, hash of the head before, fingerprint of the key.
    pub fn bytes(&self) -> [u8; 135] {
        let mut bytes = [0; 135];
        bytes[..15].copy_from_slice(DOMAIN);
        bytes[15..23].copy_from_slice(&self.number.to_be_bytes());
        bytes[23..31].copy_from_slice(&self.utc.as_micros().to_be_bytes());
        bytes[31..39].copy_from_slice(&self.feeds.to_be_bytes());
        bytes[39..71].copy_from_slice(&self.root);
        bytes[71..103].copy_from_slice(&self.previous);
        bytes[103..].copy_from_slice(&self.key);
        bytes
    }

    /// Its hash, which the next one carries: the SHA-256 of [`Head::bytes`].
    pub fn hash(&self) -> Hash {
        Sha256::digest(self.bytes()).into()
    }
}

/// A head with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// What is signed.
    pub head: Head,
    /// With whose key.
    pub key: PublicKey,
    /// Ed25519 under [`Head::bytes`].
    pub signature: [u8; 64],
    /// The feeds in the order of the leaves, and of how many segments their chains were.
    pub leaves: Vec<(FeedId, u64)>,
}

impl SignedHead {
    /// The head over `tree`, after `before`.
    pub fn sign(key: &SealKey, tree: &Tree, before: Option<&Head>, now: WallTime) -> Self {
        let leaves: Vec<_> = tree.links().iter().map(|link| (link.feed, link.place)).collect();
        let head = Head {
            number: before.map_or(0, |head| head.number) + 1,
            utc: now,
            feeds: leaves.len() as u64,
            root: tree.root(),
            previous: before.map_or(BEGINNING, Head::hash),
            key: key.fingerprint(),
        };
        Self { head, key: key.public(), signature: key.sign(&head.bytes()), leaves }
    }

    /// Whether the signature is its key's, and the key the one that the head names.
    pub fn is_signed(&self) -> bool {
        fingerprint(&self.key) == self.head.key
            && is_signed(&self.key, &self.head.bytes(), &self.signature)
            && self.head.feeds == self.leaves.len() as u64
    }

    /// As the journal keeps it.
    pub fn event(&self) -> Event {
        let leaf = |(feed, place): &(FeedId, u64)| format!("{feed} {place}");
        Event::SealHead {
            number: self.head.number,
            made_utc_us: self.head.utc.as_micros(),
            feeds: self.head.feeds,
            root: hex(&self.head.root),
            previous: hex(&self.head.previous),
            key: hex(&self.key),
            signature: hex(&self.signature),
            leaves: self.leaves.iter().map(leaf).collect::<Vec<_>>().join(";"),
        }
    }

    /// From the journal; `None` for another event, or one that nobody of ours has written so.
    pub fn of(event: &Event) -> Option<Self> {
        let Event::SealHead { number, made_utc_us, feeds, root, previous, key, signature, leaves } =
            event
        else {
            return None;
        };
        let key: PublicKey = unhex(key)?;
        let leaves = leaves.split(';').filter(|leaf| !leaf.is_empty()).map(leaf);
        let head = Head {
            number: *number,
            utc: WallTime::from_micros(*made_utc_us),
            feeds: *feeds,
            root: unhex(root)?,
            previous: unhex(previous)?,
            key: fingerprint(&key),
        };
        Some(Self {
            head,
            key,
            signature: unhex(signature)?,
            leaves: leaves.collect::<Option<_>>()?,
        })
    }

    /// As a second holder gets it: one line of JSON, with the feeds' chains where `chain` knows them.
    pub fn line(&self, mut chain: impl FnMut(FeedId, u64) -> Option<Hash>) -> String {
        let mut leaf = |&(feed, place): &(FeedId, u64)| {
            json!([feed.to_string(), place, chain(feed, place).map(|c| hex(&c))])
        };
        let leaves: Vec<Value> = self.leaves.iter().map(&mut leaf).collect();
        let line = json!({
            "format": "pollwall-head-1",
            "number": self.head.number,
            "utc": self.head.utc.to_string(),
            "made_utc_us": self.head.utc.as_micros(),
            "feeds": self.head.feeds,
            "root": hex(&self.head.root),
            "previous": hex(&self.head.previous),
            "key": hex(&self.key),
            "fingerprint": hex(&self.head.key),
            "signature": hex(&self.signature),
            "leaves": leaves,
        });
        format!("{line}\n")
    }
}

/// `57/12 main 61`
pub(super) fn leaf(written: &str) -> Option<(FeedId, u64)> {
    let mut words = written.split(' ');
    let station = words.next()?.parse().ok()?;
    let kind = match words.next()? {
        "main" => FeedKind::Main,
        "sub" => FeedKind::Sub,
        _ => return None,
    };
    let place = words.next()?.parse().ok()?;
    words.next().is_none().then_some((FeedId { station, kind }, place))
}

/// What a head was made over, from the catalogue: for proofs of what was in it. `None` where the
/// catalogue does not lead to the head's root: it lacks a segment, or holds another.
///
/// # Errors
/// The catalogue cannot be read.
pub fn links_of(signed: &SignedHead, index: &Reader) -> Result<Option<Tree>, SealError> {
    let mut links = Vec::with_capacity(signed.leaves.len());
    for &(feed, place) in &signed.leaves {
        let Some(chain) = index.chain_at(feed, place)? else { return Ok(None) };
        links.push(Link { feed, place, chain });
    }
    let tree = Tree::over(links);
    Ok((tree.root() == signed.head.root).then_some(tree))
}

/// Why a head does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Its signature is not its key's.
    Signature,
    /// This number should stand here.
    Number(u64),
    /// It does not carry the hash of the head before.
    Previous,
}

impl Misfit {
    /// Its name in what programs read; never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Number(_) => "number",
            Self::Previous => "previous",
        }
    }
}

/// Looks at heads one after the other.
#[derive(Clone, Debug, Default)]
pub struct Order {
    before: Option<Head>,
}

impl Order {
    /// What is wrong with the next head. What is before the first one is not looked at, unless it is
    /// head 1.
    pub fn next(&mut self, signed: &SignedHead) -> Option<Misfit> {
        let before = self.before.replace(signed.head);
        if !signed.is_signed() {
            return Some(Misfit::Signature);
        }
        match before {
            Some(before) if signed.head.number != before.number + 1 => {
                Some(Misfit::Number(before.number + 1))
            }
            Some(before) => (signed.head.previous != before.hash()).then_some(Misfit::Previous),
            None => (signed.head.number == 1 && signed.head.previous != BEGINNING)
                .then_some(Misfit::Previous),
        }
    }
}
