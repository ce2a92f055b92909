//! Proof of what was recorded: a signed head over all feeds' chains, every minute, kept in the
//! journal and by a second holder, so that a disk that was rolled back shows.
//!
//! `docs/format-seal.md` describes every byte for those who do not read Rust.
//!
//! - [`SealKey`] signs; it is made on first use and never leaves its file.
//! - [`Tree`] is the Merkle tree over the feeds' chains, with proofs of what is in it.
//! - [`Head`] and [`SignedHead`] are what is signed; heads are chained as well.
//! - [`Sealer`] makes heads and puts them into the journal; [`Delivery`] brings them to a second
//!   holder, in order, from where it stopped. [`Seal`] runs both on threads.
//! - [`held`] holds a folder of recordings against the heads that a second holder has kept.
//!
//! It cannot make a lie true: what is recorded wrongly is sealed as it is. And whoever has the key
//! and every copy of the heads can make all of them anew; that is what the second holder is for.
//! `app` calls this module.

mod delivery;
mod error;
mod head;
pub mod held;
mod holder;
mod key;
mod seal;
mod tree;

pub use delivery::{Delivery, Waiting};
pub use error::{HolderError, SealError};
pub use head::{Head, Misfit, Order, SignedHead, links_of};
pub use held::{Held, HeldHeads, hold};
pub use holder::{FileHolder, Holder, UrlHolder};
pub use key::{PublicKey, SealKey, fingerprint};
pub use seal::{Seal, Sealer, newest_head};
pub use tree::{Proof, Tree, leaf_bytes, verify_inclusion};

#[cfg(test)]
mod tests;
