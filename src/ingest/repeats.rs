//! Pictures that a source has brought before.
//!
//! A playlist outlives its encoder: it goes on naming the last segments, and whoever opens it anew
//! gets the same pictures again. Shown a second time they would make a dead feed look alive. So of
//! sources that are read like files (HLS, files over HTTP) what was received once is not taken
//! again, whatever session it comes in; a file that is looped for a rehearsal is asked for.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Mutex;

use crate::clock::lock;
use crate::media::Coded;

/// Keyframes that are remembered: more than two hours at one in two seconds, and at most 100 KiB
/// for each feed that has them.
const MOST: usize = 4096;

/// The keyframes of one feed, known by their time stamps and bytes.
#[derive(Debug, Default)]
pub(super) struct Repeats(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    order: VecDeque<u64>,
    sums: HashSet<u64>,
    /// What comes leans on a keyframe that was there before, or on none.
    withholds: bool,
}

impl Repeats {
    /// Another session begins: nothing counts before its first keyframe.
    pub(super) fn begin(&self) {
        lock(&self.0).withholds = true;
    }

    /// Whether this unit was received before, as far as is remembered, or leans on one that was.
    pub(super) fn withholds(&self, unit: &Coded) -> bool {
        let mut known = lock(&self.0);
        if unit.is_key {
            let hasher = BuildHasherDefault::<DefaultHasher>::default();
            let sum = hasher.hash_one((unit.pts, &unit.data));
            known.withholds = !known.sums.insert(sum);
            if !known.withholds {
                known.order.push_back(sum);
            }
            if known.order.len() > MOST
                && let Some(oldest) = known.order.pop_front()
            {
                known.sums.remove(&oldest);
            }
        }
        known.withholds
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::media::{Codec, StreamParams};

    fn unit(pts: i64, is_key: bool) -> Coded {
        let params = StreamParams {
            codec: Codec::H264,
            extra_data: Vec::new(),
            width: 64,
            height: 64,
            sample_aspect: None,
        };
        Coded {
            params: Arc::new(params),
            data: vec![7; 9],
            is_key,
            damaged: false,
            pts: Some(pts),
            dts: Some(pts),
        }
    }

    #[test]
    fn a_playlist_that_is_opened_again_brings_nothing_until_something_new_comes() {
        let repeats = Repeats::default();
        let taken = |from: i64, to: i64| -> Vec<i64> {
            repeats.begin();
            // A keyframe each four pictures; the picture itself never changes.
            let units = (from..to).map(|pts| unit(pts, pts % 4 == 0));
            units.filter(|u| !repeats.withholds(u)).filter_map(|u| u.pts).collect()
        };
        assert_eq!(taken(2, 10), [4, 5, 6, 7, 8, 9], "from the first keyframe on");
        assert_eq!(taken(4, 10), [0; 0], "the encoder is dead");
        assert_eq!(taken(4, 14), [12, 13], "and goes on");
        for pts in 0..3 * i64::try_from(MOST).unwrap() {
            assert!(!repeats.withholds(&unit(1000 + pts, true)));
        }
        assert_eq!(lock(&repeats.0).sums.len(), MOST);
    }
}
