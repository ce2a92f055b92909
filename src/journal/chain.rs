//! The chain: which bytes of a row are hashed, so that anybody can check it without this program.
//!
//! `hash` = SHA-256 of, one after the other,
//!
//! 1. the 18 bytes `pollwall-journal-1`,
//! 2. the 32 bytes of the column `prev`, which are the `hash` of the row before; zeros in row 1,
//! 3. the columns `seq`, `utc_us`, `mono_us`, `run`, `kind`, `station`, `feed`, `body` in this order,
//!    each as the number of its bytes (64 bits, the most significant first) and its bytes: integers
//!    in decimal (`-12`), texts in UTF-8. A column that is NULL gives 64 one bits and nothing more.
//!
//! `seq` counts from 1 without a gap. So a row that was changed, exchanged, put in or taken out is
//! found, unless everything after it was made anew as well; and that shows in the last hash.

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// What row 1 carries as the hash of the row before.
pub const BEGINNING: Hash = [0; 32];

const DOMAIN: &[u8; 18] = b"pollwall-journal-1";

/// A row's columns but for the two hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns<'a> {
    /// Its number.
    pub seq: i64,
    /// When, in microseconds of UTC.
    pub utc_us: i64,
    /// When, in microseconds of the run's monotonic clock.
    pub mono_us: i64,
    /// The run of the program.
    pub run: &'a str,
    /// The kind of event.
    pub kind: &'a str,
    /// The station, `57/12`.
    pub station: Option<&'a str>,
    /// `main` or `sub`.
    pub feed: Option<&'a str>,
    /// The rest, as JSON.
    pub body: &'a str,
}

impl Columns<'_> {
    /// The row's hash, after a row with the hash `prev`.
    pub fn hash(&self, prev: &Hash) -> Hash {
        let mut sha = Sha256::new();
        sha.update(DOMAIN);
        sha.update(prev);
        for number in [self.seq, self.utc_us, self.mono_us] {
            field(&mut sha, Some(&number.to_string()));
        }
        for text in [Some(self.run), Some(self.kind), self.station, self.feed, Some(self.body)] {
            field(&mut sha, text);
        }
        sha.finalize().into()
    }
}

fn field(sha: &mut Sha256, text: Option<&str>) {
    match text {
        Some(text) => {
            sha.update((text.len() as u64).to_be_bytes());
            sha.update(text);
        }
        None => sha.update(u64::MAX.to_be_bytes()),
    }
}

/// In hexadecimal, as people compare it.
pub fn hex(hash: &[u8]) -> String {
    use std::fmt::Write as _;
    hash.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Python's hashlib from the description above.
    #[test]
    fn the_hash_is_the_one_that_the_description_gives() {
        let row = Columns {
            seq: 1,
            utc_us: 1_707_289_200_000_000,
            mono_us: -12,
            run: "r",
            kind: "note",
            station: Some("57/12"),
            feed: None,
            body: r#"{"text":"ə"}"#,
        };
        assert_eq!(
            hex(&row.hash(&BEGINNING)),
            "0385bc47e196a1ff7d7b3e0e42c12b8a96cd5658ee3c650b6aedae55a120722b"
        );
    }

    #[test]
    fn what_stands_where_matters() {
        let row = Columns {
            seq: 1,
            utc_us: 0,
            mono_us: 0,
            run: "a",
            kind: "b",
            station: None,
            feed: None,
            body: "",
        };
        let others = [
            Columns { seq: 2, ..row },
            Columns { run: "", kind: "ab", ..row },
            Columns { station: Some(""), ..row },
            Columns { feed: Some(""), ..row },
            Columns { utc_us: 1, ..row },
        ];
        for other in others {
            assert_ne!(row.hash(&BEGINNING), other.hash(&BEGINNING), "{other:?}");
        }
        assert_ne!(row.hash(&BEGINNING), row.hash(&[1; 32]));
    }
}
