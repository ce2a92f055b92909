//! Whose turn it is, and when there is budget for it. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::clock::Mono;
use crate::model::FeedId;

/// What looking at all feeds may cost, of one core.
pub(super) const SHARE: f64 = 0.6;

/// When each feed is due, the earliest first.
#[derive(Debug, Default)]
pub(super) struct Turns {
    order: BTreeSet<(Mono, FeedId)>,
    of: BTreeMap<FeedId, Mono>,
}

impl Turns {
    /// A feed is due at `due`.
    pub(super) fn set(&mut self, id: FeedId, due: Mono) {
        self.forget(id);
        self.order.insert((due, id));
        self.of.insert(id, due);
    }

    /// A feed has gone.
    pub(super) fn forget(&mut self, id: FeedId) {
        if let Some(due) = self.of.remove(&id) {
            self.order.remove(&(due, id));
        }
    }

    /// When the first one is due.
    pub(super) fn first(&self) -> Option<Mono> {
        self.order.first().map(|(due, _)| *due)
    }

    /// Takes the first one out.
    pub(super) fn take(&mut self) -> Option<FeedId> {
        let (_, id) = self.order.pop_first()?;
        self.of.remove(&id);
        Some(id)
    }
}

/// Processor time, spent in advance and waited for afterwards.
#[derive(Debug)]
pub(super) struct Budget {
    free_at: Mono,
}

impl Budget {
    pub(super) const fn new(now: Mono) -> Self {
        Self { free_at: now }
    }

    /// When more may be spent.
    pub(super) const fn free_at(&self) -> Mono {
        self.free_at
    }

    /// Something that was begun at `began` has taken `cost`. What was not spent before is not saved
    /// up: a pause is not followed by a rush.
    pub(super) fn spend(&mut self, began: Mono, cost: Duration) {
        self.free_at = self.free_at.max(began) + cost.div_f64(SHARE);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{FeedKind, StationId};

    fn id(n: u32) -> FeedId {
        FeedId { station: StationId::new(1, n), kind: FeedKind::Main }
    }

    fn ms(ms: i64) -> Mono {
        Mono::from_micros(ms * 1000)
    }

    #[test]
    fn who_was_never_looked_at_comes_before_all_others() {
        let mut turns = Turns::default();
        turns.set(id(1), ms(5000));
        turns.set(id(2), ms(4000));
        turns.set(id(3), Mono::default());
        turns.set(id(1), ms(3000));
        assert_eq!(turns.first(), Some(Mono::default()));
        let order: Vec<_> = std::iter::from_fn(|| turns.take()).collect();
        assert_eq!(order, [id(3), id(1), id(2)]);
        turns.set(id(4), ms(1));
        turns.forget(id(4));
        assert_eq!((turns.first(), turns.take()), (None, None));
    }

    proptest! {
        /// Whatever looks cost, in the long run they take their share and not more.
        #[test]
        fn the_share_is_kept(costs in prop::collection::vec((0i64..50, 0u64..400), 50..300)) {
            let mut budget = Budget::new(ms(0));
            let (mut now, mut spent) = (ms(0), Duration::ZERO);
            for (idle, cost) in costs {
                now = (now + Duration::from_millis(idle as u64)).max(budget.free_at());
                // It can't be asked for before it is free.
                prop_assert!(spent.as_secs_f64() <= SHARE * now.since(ms(0)).as_secs_f64() + 1e-3);
                let cost = Duration::from_millis(cost);
                budget.spend(now, cost);
                spent += cost;
            }
        }
    }
}
