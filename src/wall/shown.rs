//! Who has been on the screen: as few lines as possible, one when what is shown changes.
//!
//! Pure; told at every pass what is on screen, and by whoever is not shown that nothing is.

use std::time::Duration;

use crate::clock::WallTime;
use crate::model::StationId;

/// What is on for less than this has been seen by nobody: pages are leafed through.
pub const SEEN_FROM: Duration = Duration::from_secs(1);

/// What is on for longer is told in parts, so that a killed program loses no more than this.
pub const PART: Duration = Duration::from_secs(600);

/// Some stations were on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WasShown {
    /// Since when.
    pub from: WallTime,
    /// Until when.
    pub to: WallTime,
    /// The size of each tile, in pixels.
    pub tile: (u32, u32),
    /// Which.
    pub stations: Vec<StationId>,
}

/// Watches a wall.
#[derive(Debug, Default)]
pub struct ShownLog {
    now: Option<WasShown>,
}

impl ShownLog {
    /// What is on the screen at `at`: these stations, each in a tile of this size. An empty list where
    /// nobody can see the wall. Tells what has ended.
    pub fn look(
        &mut self,
        at: WallTime,
        stations: &[StationId],
        tile: (u32, u32),
    ) -> Option<WasShown> {
        if let Some(now) = &mut self.now {
            let same = now.stations == stations && now.tile == tile;
            // A clock that was set back begins another line: none ends before it has begun.
            if same && now.from <= at && now.from > at - PART {
                now.to = at;
                return None;
            }
        }
        let next = (!stations.is_empty()).then(|| WasShown {
            from: at,
            to: at,
            tile,
            stations: stations.to_vec(),
        });
        let over = std::mem::replace(&mut self.now, next)?;
        // It was still on when this was asked, unless the clock was set meanwhile.
        let to = if over.from <= at { at } else { over.to };
        let was = WasShown { to, ..over };
        (was.from <= was.to - SEEN_FROM).then_some(was)
    }

    /// The screen goes dark at `at`: tells what was on it.
    pub fn end(&mut self, at: WallTime) -> Option<WasShown> {
        self.look(at, &[], (0, 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [StationId; 2] = [StationId::new(1, 1), StationId::new(1, 2)];
    const B: [StationId; 1] = [StationId::new(2, 1)];
    const SMALL: (u32, u32) = (480, 270);

    fn at(ms: i64) -> WallTime {
        WallTime::from_micros(1_707_271_200_000_000 + ms * 1000)
    }

    fn was(from: i64, to: i64, stations: &[StationId], tile: (u32, u32)) -> WasShown {
        WasShown { from: at(from), to: at(to), tile, stations: stations.to_vec() }
    }

    #[test]
    fn a_page_makes_one_line_when_it_leaves() {
        let mut log = ShownLog::default();
        for ms in (0..10_000).step_by(250) {
            assert_eq!(log.look(at(ms), &A, SMALL), None);
        }
        assert_eq!(log.look(at(10_000), &B, SMALL), Some(was(0, 10_000, &A, SMALL)));
        let large = (1920, 1080);
        assert_eq!(log.look(at(15_000), &B, large), Some(was(10_000, 15_000, &B, SMALL)));
        assert_eq!(log.end(at(18_000)), Some(was(15_000, 18_000, &B, large)));
        assert_eq!(log.end(at(19_000)), None);
        assert_eq!(log.look(at(20_000), &[], SMALL), None, "nobody can see it");
    }

    #[test]
    fn what_is_leafed_through_is_not_told() {
        let mut log = ShownLog::default();
        for (n, stations) in [&A[..], &B, &A, &B].into_iter().enumerate() {
            assert_eq!(log.look(at(n as i64 * 300), stations, SMALL), None);
        }
        assert_eq!(log.end(at(2000)), Some(was(900, 2000, &B, SMALL)));
    }

    #[test]
    fn what_stays_is_told_in_parts_that_follow_each_other() {
        let (mut log, mut told) = (ShownLog::default(), Vec::new());
        for ms in (0..=1_500_000).step_by(250) {
            told.extend(log.look(at(ms), &A, SMALL));
        }
        told.extend(log.end(at(1_500_250)));
        let spans: Vec<_> = told.iter().map(|was| (was.from, was.to)).collect();
        assert_eq!(
            spans,
            [(at(0), at(600_000)), (at(600_000), at(1_200_000)), (at(1_200_000), at(1_500_250))]
        );
    }

    #[test]
    fn no_line_ends_before_it_has_begun() {
        let mut log = ShownLog::default();
        log.look(at(60_000), &A, SMALL);
        log.look(at(65_000), &A, SMALL);
        assert_eq!(log.look(at(5_000), &A, SMALL), Some(was(60_000, 65_000, &A, SMALL)));
        assert_eq!(log.end(at(8_000)), Some(was(5_000, 8_000, &A, SMALL)));
    }
}
