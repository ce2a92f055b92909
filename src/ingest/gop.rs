//! The access units since the last keyframe, so that a late joiner sees a picture at once.
//!
//! They stay when the session ends: whoever looks at a feed in trouble must see its last picture.

use std::sync::Arc;

use crate::media::AccessUnit;

/// Units that are kept at most: two minutes at 25 frames/s. Decoding them takes seconds, and a
/// stream with so few entry points is better served by the next one.
const MOST_UNITS: usize = 3000;

/// Units from the newest keyframe on. Empty before the first keyframe, and after a group of
/// pictures that outgrew the bound (until the next keyframe).
#[derive(Debug)]
pub(super) struct GopCache {
    units: Vec<AccessUnit>,
    bytes: usize,
    most_bytes: usize,
}

impl GopCache {
    /// A cache that keeps at most `most_bytes` of coded data.
    pub(super) fn new(most_bytes: usize) -> Self {
        Self { units: Vec::new(), bytes: 0, most_bytes }
    }

    /// Takes the next unit of the stream.
    pub(super) fn push(&mut self, unit: &AccessUnit) {
        let another_stream =
            self.units.first().is_some_and(|first| !Arc::ptr_eq(&first.params, &unit.params));
        if unit.is_key || unit.after_loss || another_stream {
            // A loss makes the rest of the group undecodable: start over at the next keyframe.
            self.clear();
        }
        let follows = unit.is_key || !self.units.is_empty();
        if !follows {
            return;
        }
        self.bytes += unit.data.len();
        if self.bytes > self.most_bytes || self.units.len() == MOST_UNITS {
            self.clear();
            return;
        }
        self.units.push(unit.clone());
    }

    fn clear(&mut self) {
        self.units.clear();
        self.bytes = 0;
    }

    /// The units, the first of them a keyframe.
    pub(super) fn units(&self) -> &[AccessUnit] {
        &self.units
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
        cache.push(&unit(&stream, false, true, 1));
        assert!(cache.units().is_empty(), "nothing decodable is left after a loss");
    }

    #[test]
    fn pictures_of_a_new_session_never_lean_on_the_old_one() {
        let (mut cache, old, new) = (GopCache::new(1000), stream(), stream());
        cache.push(&unit(&old, true, false, 1));
        cache.push(&unit(&new, false, false, 1));
        assert!(cache.units().is_empty(), "a new session that begins in the middle of its group");
        cache.push(&unit(&new, true, false, 1));
        assert_eq!(cache.units().len(), 1);
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
