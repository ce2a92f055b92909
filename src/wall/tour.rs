//! The tour: pages shown in turn.
//!
//! Counts down in steps it is given; it knows neither pages nor a clock. A gap between two steps,
//! however long, is one step: after a suspend the tour goes on with the next page, not with the
//! hundredth.

use std::time::Duration;

/// How long a tour may stay on a page, to step through with two keys. The shortest still leaves
/// time to look once over a page of nine; the longest is for a wall nobody sits at.
pub const DWELLS: [Duration; 12] = {
    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }
    [s(3), s(5), s(8), s(10), s(15), s(20), s(30), s(45), s(60), s(90), s(120), s(300)]
};

/// Which of [`DWELLS`] a tour starts with: 119 districts take twenty minutes.
const DWELL_AT_FIRST: usize = 3;

/// What the operator sees of the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TourView {
    /// It goes on to the next page when this is over.
    Running {
        /// Time left on this page.
        left: Duration,
    },
    /// It stands still.
    Paused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Off,
    Running,
    Paused,
}

/// The tour of one wall.
#[derive(Clone, Debug)]
pub(super) struct Tour {
    /// Index into [`DWELLS`].
    dwell: usize,
    phase: Phase,
    left: Duration,
}

impl Default for Tour {
    fn default() -> Self {
        Self { dwell: DWELL_AT_FIRST, phase: Phase::Off, left: DWELLS[DWELL_AT_FIRST] }
    }
}

impl Tour {
    /// How long it stays on a page.
    pub(super) fn dwell(&self) -> Duration {
        DWELLS[self.dwell]
    }

    /// Stays on a page as long as the nearest of [`DWELLS`].
    pub(super) fn set_dwell(&mut self, dwell: Duration) {
        let nearest = (0..DWELLS.len()).min_by_key(|at| DWELLS[*at].abs_diff(dwell));
        self.dwell = nearest.unwrap_or(DWELL_AT_FIRST);
        self.restart();
    }

    /// Stays longer or, with a negative number, less long. The present page has the whole of the
    /// new time: it must not go away under the operator's fingers.
    pub(super) fn change_dwell(&mut self, steps: isize) {
        self.dwell = self.dwell.saturating_add_signed(steps).min(DWELLS.len() - 1);
        self.restart();
    }

    /// Space.
    pub(super) fn toggle(&mut self) {
        self.phase = match self.phase {
            Phase::Off => {
                self.restart();
                Phase::Running
            }
            Phase::Running => Phase::Paused,
            Phase::Paused => Phase::Running,
        };
    }

    /// The operator has taken the wall in hand.
    pub(super) fn pause(&mut self) {
        if self.phase == Phase::Running {
            self.phase = Phase::Paused;
        }
    }

    /// Ends it; whether there was one.
    pub(super) fn end(&mut self) -> bool {
        std::mem::replace(&mut self.phase, Phase::Off) != Phase::Off
    }

    /// Another page is on screen: it has the whole time before it.
    pub(super) fn restart(&mut self) {
        self.left = self.dwell();
    }

    /// Lets `passed` pass; whether it is time for the next page.
    pub(super) fn pass(&mut self, passed: Duration) -> bool {
        if self.phase != Phase::Running {
            return false;
        }
        self.left = self.left.saturating_sub(passed);
        self.left.is_zero()
    }

    /// Time left on this page, while it runs.
    pub(super) fn left(&self) -> Option<Duration> {
        (self.phase == Phase::Running).then_some(self.left)
    }

    /// Whether there is a tour, running or paused.
    pub(super) fn is_on(&self) -> bool {
        self.phase != Phase::Off
    }
}

#[cfg(test)]
mod tests;
