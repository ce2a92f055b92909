//! The pictures of one feed that are decoded, and the times of which it is known that there are none.
//! Pure.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::frame::VideoFrame;

/// How exactly a moment is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// By the picture that was the newest then.
    Exact,
    /// By the newest keyframe then.
    Keyframes,
}

/// Which pictures are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    /// The moment, microseconds of UTC.
    pub at_us: i64,
    /// How exactly.
    pub mode: Mode,
    /// What comes next lies in the past.
    pub reverse: bool,
    /// So far beyond the moment they are wanted too, in microseconds.
    pub ahead_us: i64,
}

/// A decoded picture and the time it stands for.
#[derive(Clone, Debug)]
pub struct Shot {
    /// Its own time, microseconds of UTC.
    pub from_us: i64,
    /// It is the newest until then.
    pub until_us: i64,
    /// A keyframe's: until then it is the newest keyframe.
    pub key_until_us: Option<i64>,
    /// It was decoded in haste, and is no exact picture.
    pub quick: bool,
    /// The picture.
    pub frame: Arc<VideoFrame>,
}

impl Shot {
    fn until(&self, mode: Mode) -> Option<i64> {
        match mode {
            Mode::Exact => Some(self.until_us).filter(|_| !self.quick),
            Mode::Keyframes => self.key_until_us,
        }
    }

    fn covers(&self, at_us: i64, mode: Mode) -> bool {
        self.from_us <= at_us && self.until(mode).is_some_and(|until| at_us < until)
    }
}

/// Why there is no picture where there should be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file is gone.
    Missing,
    /// The disk does not give it.
    Disk,
    /// It is not what it should be.
    Damaged,
    /// The picture in it cannot be decoded.
    Undecodable,
}

/// A time of which there is no picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Void {
    /// From here, microseconds of UTC.
    pub from_us: i64,
    /// Up to here.
    pub to_us: i64,
    /// A file that should have one cannot be read, or a picture not be decoded.
    pub why: Option<Fault>,
}

/// So many times without a picture are kept in mind; the oldest is found again where it matters.
const VOIDS: usize = 64;

/// Behind the moment, against the direction, so many pictures are kept: one step back costs nothing.
const BEHIND: usize = 3;

/// What is decoded of one feed.
#[derive(Default)]
pub struct Ring {
    /// By time.
    shots: VecDeque<Shot>,
    voids: VecDeque<Void>,
    bytes: usize,
}

impl Ring {
    /// The picture of a moment.
    pub fn shot(&self, at_us: i64, mode: Mode) -> Option<&Shot> {
        let to = self.shots.partition_point(|shot| shot.from_us <= at_us);
        let mut before = self.shots.range(..to).rev();
        match mode {
            Mode::Exact => before.next().filter(|shot| shot.covers(at_us, mode)),
            Mode::Keyframes => before.find(|shot| shot.key_until_us.is_some()),
        }
        .filter(|shot| shot.covers(at_us, mode))
    }

    /// That there is none.
    pub fn void(&self, at_us: i64) -> Option<&Void> {
        self.voids.iter().find(|void| (void.from_us..void.to_us).contains(&at_us))
    }

    /// The next moment that something has to be done about; `None` where all is there that is wanted,
    /// or no room for more.
    pub fn missing(&self, want: &Want, budget: usize) -> Option<i64> {
        let mut at = want.at_us;
        loop {
            let far = if want.reverse {
                want.at_us.saturating_sub(at)
            } else {
                at.saturating_sub(want.at_us)
            };
            let full = at != want.at_us && self.bytes >= budget;
            if far > want.ahead_us || full {
                return None;
            }
            let shot = self.shot(at, want.mode);
            let shot = shot.map(|shot| (shot.from_us, shot.until(want.mode).unwrap_or(at)));
            let span = shot.or_else(|| self.void(at).map(|void| (void.from_us, void.to_us)));
            let Some((from, to)) = span else { return Some(at) };
            let next = if want.reverse { from.saturating_sub(1) } else { to };
            if next == at {
                return None;
            }
            at = next;
        }
    }

    /// Takes a picture in; one that is there already is replaced.
    pub fn put(&mut self, shot: Shot) {
        self.bytes += shot.frame.bytes();
        let at = self.shots.partition_point(|other| other.from_us < shot.from_us);
        match self.shots.get_mut(at) {
            // An exact one is not given away for a hasty one.
            Some(other) if other.from_us == shot.from_us && shot.quick && !other.quick => {
                self.bytes -= shot.frame.bytes();
            }
            Some(other) if other.from_us == shot.from_us => {
                self.bytes -= other.frame.bytes();
                *other = shot;
            }
            _ => self.shots.insert(at, shot),
        }
    }

    /// Notes a time without a picture.
    pub fn put_void(&mut self, void: Void) {
        if self.voids.len() == VOIDS {
            self.voids.pop_front();
        }
        self.voids.push_back(void);
    }

    /// Forgets the times without a picture from `from_us` on: there may be pictures now.
    pub fn forget_voids(&mut self, from_us: i64) {
        self.voids.retain(|void| void.to_us <= from_us);
    }

    /// Drops what is least wanted, down to `budget` bytes; the picture of the moment stays.
    pub fn trim(&mut self, want: &Want, budget: usize) {
        while self.shots.len() > 1 {
            let here = self.shots.partition_point(|shot| shot.from_us <= want.at_us);
            // Those in [..here] are up to the moment, its own at the end.
            let (past, future) = (here.saturating_sub(1), self.shots.len() - here);
            let (behind, ahead) = if want.reverse { (future, past) } else { (past, future) };
            let beyond = match (want.reverse, ahead > 0) {
                (_, false) => false,
                (true, _) => self.shots.front().is_some_and(|far| {
                    want.at_us.saturating_sub(far.from_us) > want.ahead_us.saturating_mul(4)
                }),
                (false, _) => self.shots.back().is_some_and(|far| {
                    far.from_us.saturating_sub(want.at_us) > want.ahead_us.saturating_mul(4)
                }),
            };
            let over = self.bytes > budget;
            let drop_behind = behind > BEHIND || (over && behind > 0);
            let drop_ahead = ahead > 0 && (over || (beyond && self.bytes > budget / 2));
            let gone = match (drop_behind, drop_ahead) {
                (true, _) if want.reverse => self.shots.pop_back(),
                (true, _) => self.shots.pop_front(),
                (false, true) if want.reverse => self.shots.pop_front(),
                (false, true) => self.shots.pop_back(),
                (false, false) => break,
            };
            self.bytes -= gone.map_or(0, |shot| shot.frame.bytes());
        }
    }

    /// Bytes of all pictures.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Mono, WallTime};
    use crate::frame::{ColorInfo, PackedPixels, PlaneLayout, Rotation};
    use proptest::prelude::*;

    fn shot(from_us: i64, until_us: i64, key: Option<i64>) -> Shot {
        let frame = VideoFrame {
            width: 1,
            height: 1,
            layout: PlaneLayout::Gray,
            color: ColorInfo::complete(None, None, 1, 1),
            sample_aspect: (1, 1),
            rotation: Rotation::None,
            arrived_at: Mono::default(),
            taken_at: WallTime::from_micros(from_us),
            pts: 0,
            pixels: Box::new(PackedPixels(vec![(vec![0; 10], 1)])),
        };
        Shot { from_us, until_us, key_until_us: key, quick: false, frame: Arc::new(frame) }
    }

    fn want(at_us: i64, reverse: bool, ahead_us: i64) -> Want {
        Want { at_us, mode: Mode::Exact, reverse, ahead_us }
    }

    #[test]
    fn a_moment_is_shown_by_the_newest_picture_then_or_by_none() {
        let mut ring = Ring::default();
        ring.put(shot(10, 20, Some(40)));
        ring.put(shot(20, 25, None));
        ring.put(shot(40, 50, Some(50)));
        let at = |at, mode| ring.shot(at, mode).map(|shot| shot.from_us);
        assert_eq!(
            [9, 10, 19, 20, 24, 25, 39, 40].map(|t| at(t, Mode::Exact)),
            [None, Some(10), Some(10), Some(20), Some(20), None, None, Some(40)]
        );
        assert_eq!(
            [9, 10, 25, 39, 49, 50].map(|t| at(t, Mode::Keyframes)),
            [None, Some(10), Some(10), Some(10), Some(40), None]
        );
    }

    #[test]
    fn what_is_missing_is_found_both_ways_and_over_times_without_a_picture() {
        let mut ring = Ring::default();
        ring.put(shot(10, 20, None));
        ring.put_void(Void { from_us: 20, to_us: 30, why: None });
        assert_eq!(ring.missing(&want(12, false, 100), 1000), Some(30));
        assert_eq!(ring.missing(&want(12, false, 17), 1000), None, "not asked for");
        assert_eq!(ring.missing(&want(25, true, 100), 1000), Some(9));
        assert_eq!(ring.missing(&want(12, false, 100), 5), None, "no room ahead");
        assert_eq!(ring.missing(&want(5, false, 100), 5), Some(5), "but always for the moment");
        ring.forget_voids(25);
        assert_eq!(ring.missing(&want(12, false, 100), 1000), Some(20));
    }

    proptest! {
        #[test]
        fn the_picture_of_the_moment_outlives_every_trim(
            times in proptest::collection::btree_set(0i64..500, 1..60),
            at in 0i64..500, reverse in any::<bool>(), budget in 0usize..400,
        ) {
            let mut ring = Ring::default();
            let times: Vec<_> = times.into_iter().collect();
            for (n, from) in times.iter().enumerate() {
                ring.put(shot(*from, times.get(n + 1).copied().unwrap_or(600), None));
            }
            let before = ring.shot(at, Mode::Exact).map(|shot| shot.from_us);
            ring.trim(&want(at, reverse, 20), budget);
            prop_assert_eq!(ring.shot(at, Mode::Exact).map(|shot| shot.from_us), before);
            prop_assert_eq!(ring.bytes(), ring.shots.len() * 10);
            prop_assert!(ring.bytes() <= budget.max(20), "{}", ring.bytes());
        }
    }
}
