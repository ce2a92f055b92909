//! The access units since the last keyframe, so that a late joiner sees a picture at once.
//!
//! They stay when the session ends: whoever looks at a feed in trouble must see its last picture.

use std::sync::Arc;

use crate::media::AccessUnit;

/// Units that are kept at most: two minutes at 25 frames/s. Decoding them takes seconds, and a
/// stream with so few entry points is better served by the next one.
const MOST_UNITS: usize = 3000;

/// The decodable run of units from the newest keyframe on: up to now, or up to a loss, the bound or
/// the end of the session, whichever came first. Empty before the first keyframe only.
#[derive(Debug)]
pub(super) struct GopCache {
    units: Vec<AccessUnit>,
    bytes: usize,
    most_bytes: usize,
    /// The run reaches up to now: the next unit may follow on it.
    open: bool,
}

impl GopCache {
    /// A cache that keeps at most `most_bytes` of coded data, or one keyframe.
    pub(super) fn new(most_bytes: usize) -> Self {
        Self { units: Vec::new(), bytes: 0, most_bytes, open: false }
    }

    /// Takes the next unit of the stream.
    pub(super) fn push(&mut self, unit: &AccessUnit) {
        if unit.is_key {
            self.units.clear();
            self.bytes = 0;
            self.open = true;
        } else {
            let same_stream =
                self.units.first().is_some_and(|first| Arc::ptr_eq(&first.params, &unit.params));
            let fits =
                self.bytes + unit.data.len() <= self.most_bytes && self.units.len() < MOST_UNITS;
            // What follows a hole can't be decoded; what came before it still shows what was last
            // seen.
            self.open &= same_stream && fits && !unit.after_loss;
        }
        if self.open {
            self.bytes += unit.data.len();
            self.units.push(unit.clone());
        }
    }

    /// A unit is missing from here on.
    pub(super) fn lose(&mut self) {
        self.open = false;
    }

    /// The units, the first of them a keyframe.
    pub(super) fn units(&self) -> &[AccessUnit] {
        &self.units
    }

    /// Whether the stream's next unit can be decoded after these.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::clock::{Mono, WallTime};
    use crate::media::{Codec, StreamParams};

    fn stream() -> Arc<StreamParams> {
        Arc::new(StreamParams {
            codec: Codec::H264,
            extra_data: Vec::new(),
            width: 0,
            height: 0,
            sample_aspect: None,
        })
    }

    fn unit(
        stream: &Arc<StreamParams>,
        is_key: bool,
        after_loss: bool,
        bytes: usize,
    ) -> AccessUnit {
        AccessUnit {
            params: Arc::clone(stream),
            data: vec![0; bytes].into(),
            is_key,
            after_loss,
            pts: 0,
            arrived_at: Mono::default(),
            taken_at: WallTime::default(),
        }
    }

    #[test]
    fn a_join_begins_at_the_newest_keyframe() {
        let (mut cache, stream) = (GopCache::new(1000), stream());
        for key in [false, true, false, false, true, false] {
            cache.push(&unit(&stream, key, false, 1));
        }
        assert_eq!(cache.units().len(), 2);
        assert!(cache.is_open());
        cache.push(&unit(&stream, false, true, 1));
        cache.push(&unit(&stream, false, false, 1));
        assert_eq!(cache.units().len(), 2, "what came before the loss is still the last picture");
        assert!(!cache.is_open(), "nothing can be decoded after it");
    }

    #[test]
    fn pictures_of_a_new_session_never_lean_on_the_old_one() {
        let (mut cache, old, new) = (GopCache::new(1000), stream(), stream());
        cache.push(&unit(&old, true, false, 1));
        cache.push(&unit(&new, false, false, 1));
        assert!(!cache.is_open(), "a new session that begins in the middle of its group");
        assert_eq!(cache.units().len(), 1, "the old session's last picture stays for now");
        cache.push(&unit(&new, true, false, 1));
        assert!(cache.is_open() && Arc::ptr_eq(&cache.units()[0].params, &new));
    }

    proptest! {
        #[test]
        fn it_is_bounded_and_always_decodable(
            units in prop::collection::vec((prop::bool::weighted(0.2), prop::bool::weighted(0.05), 0usize..400), 0..200),
        ) {
            let (mut cache, stream) = (GopCache::new(1000), stream());
            for (key, loss, bytes) in units {
                cache.push(&unit(&stream, key, loss, bytes));
                let held = cache.units();
                prop_assert!(held.iter().map(|u| u.data.len()).sum::<usize>() <= 1000);
                prop_assert!(held.first().is_none_or(|u| u.is_key));
                prop_assert!(held.iter().skip(1).all(|u| !u.is_key && !u.after_loss));
            }
        }
    }
}
