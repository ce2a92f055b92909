//! The chain of a feed's segments: which bytes are hashed, so that anybody can check it without this
//! program. `docs/format-seal.md` says the same for those who do not read Rust.
//!
//! `chain(n)` = SHA-256 of, one after the other,
//!
//! 1. the 18 bytes `pollwall-segment-1`,
//! 2. the 32 bytes of `chain(n - 1)`; zeros for the first segment,
//! 3. the 32 bytes of the SHA-256 of the file,
//! 4. the facts of [`facts`], each as the number of its bytes (64 bits, the most significant first)
//!    and its bytes; one that is not known gives 64 one bits and nothing more.
//!
//! Segments stand in the order of their time, so that the chain can be made again from the files.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::segment::Segment;

/// A SHA-256.
pub type Hash = [u8; 32];

/// What the first segment carries as the chain before it.
pub const BEGINNING: Hash = [0; 32];

const DOMAIN: &[u8; 18] = b"pollwall-segment-1";

/// What is hashed of a segment besides its file, in order: path, run, arrival of the first picture
/// (UTC and monotonic) and of the last, presentation times of both, pictures, bytes, breaks
/// (`from-to` with a comma between them), the camera's clock, the clock's lead, whether it was
/// synchronised (`true`, `false`), and why it is over. Numbers are decimal, times in microseconds.
pub fn facts(segment: &Segment) -> [Option<String>; 15] {
    let mut breaks = String::new();
    for (at, lapse) in segment.breaks.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        // Writing to a string does not fail.
        let _ = write!(breaks, "{comma}{}-{}", lapse.from_utc_us, lapse.to_utc_us);
    }
    [
        Some(segment.path.to_string()),
        Some(segment.run.clone()),
        Some(segment.first.utc_us.to_string()),
        Some(segment.first.mono_us.to_string()),
        Some(segment.last.utc_us.to_string()),
        Some(segment.last.mono_us.to_string()),
        Some(segment.first_pts.to_string()),
        Some(segment.last_pts.to_string()),
        Some(segment.frames.to_string()),
        Some(segment.bytes.to_string()),
        Some(breaks),
        segment.camera_clock_us.map(|us| us.to_string()),
        Some(segment.clock_ahead_us.to_string()),
        segment.clock_synchronised.map(|is| is.to_string()),
        Some(segment.ended.code().to_owned()),
    ]
}

/// The chain with `segment` added to it, after `before`.
pub fn chained(before: &Hash, segment: &Segment) -> Hash {
    let mut sha = Sha256::new();
    sha.update(DOMAIN);
    sha.update(before);
    sha.update(segment.sha256);
    for fact in facts(segment) {
        match fact {
            Some(text) => {
                sha.update((text.len() as u64).to_be_bytes());
                sha.update(text);
            }
            None => sha.update(u64::MAX.to_be_bytes()),
        }
    }
    sha.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::WallTime;
    use crate::model::{FeedId, FeedKind, StationId};
    use crate::record::{Break, Ended, SegmentPath, Stamp};

    fn hex(hash: &Hash) -> String {
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn segment() -> Segment {
        let feed = FeedId { station: StationId::new(57, 12), kind: FeedKind::Main };
        let first = 1_707_293_703_250_999;
        Segment {
            feed,
            path: SegmentPath::new(feed, WallTime::from_micros(first)),
            run: "00c0ffee00c0ffee".into(),
            first: Stamp { utc_us: first, mono_us: 12 },
            last: Stamp { utc_us: first + 59_960_000, mono_us: 59_960_012 },
            first_pts: -3000,
            last_pts: 5_393_400,
            frames: 897,
            bytes: 3_000_123,
            sha256: [7; 32],
            breaks: vec![
                Break { from_utc_us: first + 1, to_utc_us: first + 1_500_001 },
                Break { from_utc_us: first + 9, to_utc_us: first + 3_000_009 },
            ],
            camera_clock_us: None,
            clock_ahead_us: 0,
            clock_synchronised: Some(true),
            ended: Ended::Full,
        }
    }

    /// Made with Python's hashlib from `docs/format-seal.md`.
    #[test]
    fn the_hash_is_the_one_that_the_description_gives() {
        assert_eq!(
            hex(&chained(&BEGINNING, &segment())),
            "771111a947b985565a012e937a065a85c7355afacdb542ac5df9c965960f2b72"
        );
    }

    #[test]
    fn every_fact_matters() {
        type Change = fn(&mut Segment);
        let changes: [Change; 17] = [
            |s| s.path = SegmentPath::new(s.feed, WallTime::from_micros(1_707_293_703_251_999)),
            |s| s.run.push('0'),
            |s| s.first.utc_us += 1,
            |s| s.first.mono_us += 1,
            |s| s.last.utc_us += 1,
            |s| s.last.mono_us += 1,
            |s| s.first_pts += 1,
            |s| s.last_pts += 1,
            |s| s.frames += 1,
            |s| s.bytes += 1,
            |s| s.sha256[31] ^= 1,
            |s| s.breaks.truncate(1),
            |s| s.breaks[1].to_utc_us += 1,
            |s| s.camera_clock_us = Some(0),
            |s| s.clock_ahead_us = 1,
            |s| s.clock_synchronised = None,
            |s| s.ended = Ended::Repaired,
        ];
        let mut seen = std::collections::BTreeSet::from([chained(&BEGINNING, &segment())]);
        for (at, change) in changes.iter().enumerate() {
            let mut other = segment();
            change(&mut other);
            assert!(seen.insert(chained(&BEGINNING, &other)), "change {at} is not seen");
        }
        assert!(seen.insert(chained(&[1; 32], &segment())));
    }

    proptest! {
        #[test]
        fn any_other_order_gives_another_end(
            sizes in proptest::collection::vec(0u64..1000, 2..12), a in 0usize..12, b in 0usize..12,
        ) {
            let chain = |sizes: &[u64]| sizes.iter().fold(BEGINNING, |before, bytes| {
                chained(&before, &Segment { bytes: *bytes, ..segment() })
            });
            let mut other = sizes.clone();
            other.swap(a % sizes.len(), b % sizes.len());
            prop_assert_eq!(chain(&sizes) == chain(&other), sizes == other);
            let cut = &sizes[..sizes.len() - 1];
            prop_assert_ne!(chain(&sizes), chain(cut));
        }
    }
}
