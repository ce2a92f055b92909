//! The Merkle tree over all feeds' chains, as RFC 6962 describes it: a leaf's hash is the SHA-256 of
//! a zero byte and the leaf, an inner node's that of a one byte and its two children.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{InclusionProof, RootHash};
use sha2::Sha256;

use crate::model::FeedKind;
use crate::record::chain::Hash;
use crate::record::index::Link;

const DOMAIN: &[u8; 15] = b"pollwall-feed-1";

/// The bytes of a leaf: the 15 bytes `pollwall-feed-1`, district (16 bits), station (32), 0 for the
/// main feed and 1 for the sub feed (8), the number of segments in its chain (64), all with the most
/// significant byte first, and the chain.
pub fn leaf_bytes(link: &Link) -> [u8; 62] {
    let mut bytes = [0; 62];
    let kind = match link.feed.kind {
        FeedKind::Main => 0,
        FeedKind::Sub => 1,
    };
    bytes[..15].copy_from_slice(DOMAIN);
    bytes[15..17].copy_from_slice(&link.feed.station.district.to_be_bytes());
    bytes[17..21].copy_from_slice(&link.feed.station.station.to_be_bytes());
    bytes[21] = kind;
    bytes[22..30].copy_from_slice(&link.place.to_be_bytes());
    bytes[30..].copy_from_slice(&link.chain);
    bytes
}

/// That a leaf is in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Which leaf, from 0.
    pub index: u64,
    /// Of how many.
    pub size: u64,
    /// The hashes beside its way up to the root, the lowest first.
    pub path: Vec<Hash>,
}

/// The tree over some chains.
pub struct Tree {
    links: Vec<Link>,
    tree: MemoryBackedTree<Sha256, [u8; 62]>,
}

impl Tree {
    /// Over `links`, in the order of their feeds.
    pub fn over(mut links: Vec<Link>) -> Self {
        links.sort_unstable();
        let mut tree = MemoryBackedTree::new();
        for link in &links {
            tree.push(leaf_bytes(link));
        }
        Self { links, tree }
    }

    /// Its root; of an empty tree, the SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        (*self.tree.root().as_bytes()).into()
    }

    /// What it is over, in its order.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// That the leaf at `index` is in it; `None` where there is none.
    pub fn prove(&self, index: usize) -> Option<Proof> {
        if index >= self.links.len() {
            return None;
        }
        let proof = self.tree.prove_inclusion(index);
        let (path, _) = proof.as_bytes().as_chunks::<32>();
        Some(Proof { index: index as u64, size: self.links.len() as u64, path: path.to_vec() })
    }
}

/// Whether `proof` shows that `link` is a leaf of the tree with this root.
pub fn verify_inclusion(root: &Hash, link: &Link, proof: &Proof) -> bool {
    let root = RootHash::<Sha256>::new((*root).into(), proof.size);
    // A path is longer only than that of any tree that fits into memory where it is made up.
    let Ok(path) = InclusionProof::try_from_bytes(proof.path.as_flattened().to_vec()) else {
        return false;
    };
    proof.size < u64::MAX / 2
        && root.verify_inclusion(&leaf_bytes(link), proof.index, &path).is_ok()
}
