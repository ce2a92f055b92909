//! Chance that is the same in every run: everything random about a camera is a hash of its number
//! and a seed.

use crate::model::StationId;

/// Mixes numbers into one (SplitMix64's finaliser over each, Steele, Lea and Flood 2014).
pub(super) fn hash(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0x9e37_79b9_7f4a_7c15, |state, number| {
        let mut z = (state ^ number).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

/// The station as one number.
pub(super) fn number(id: StationId) -> u64 {
    u64::from(id.district) << 32 | u64::from(id.station)
}

/// Whether something of probability `share` happens in the case that `numbers` name.
pub(super) fn happens(share: f64, numbers: &[u64]) -> bool {
    // 53 bits fill a double's mantissa.
    let drawn = (hash(numbers) >> 11) as f64 / (1u64 << 53) as f64;
    drawn < share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_fair_and_repeatable() {
        let drawn = (0..10_000).filter(|&n| happens(0.2, &[7, n])).count();
        assert!((1_800..2_200).contains(&drawn), "{drawn}");
        assert!((0..1_000).all(|n| !happens(0.0, &[n]) && happens(1.0, &[n])));
        assert_eq!(hash(&[1, 2]), hash(&[1, 2]));
        assert_ne!(hash(&[1, 2]), hash(&[2, 1]));
        assert_ne!(number(StationId::new(1, 2)), number(StationId::new(2, 1)));
    }
}
