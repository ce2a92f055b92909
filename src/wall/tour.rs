//! The tour: pages shown in turn.
//!
//! Counts down in steps it is given; it knows neither pages nor a clock. A gap between two steps,
//! however long, is one step: after a suspend the tour goes on with the next page, not with the
//! hundredth.

use std::time::Duration;

use crate::health::alarms::AlarmId;
use crate::model::StationId;

/// How long a tour stays with a new alarm before it goes on: time to see what it is and to press A.
pub const INTERRUPTION: Duration = Duration::from_secs(20);

/// No more alarms than this interrupt one page of a tour: else it would stand still just when there
/// is most to see elsewhere. The others are shown on the pages after it.
pub const IN_A_ROW: usize = 3;

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
    /// It shows a new alarm, and then goes on where it was.
    Interrupted {
        /// The station that is shown for it.
        station: StationId,
        /// Time left.
        left: Duration,
    },
}

/// A new alarm that a running tour shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interruption {
    pub(super) alarm: AlarmId,
    /// The station that is shown for it.
    pub(super) station: StationId,
    /// Where the tour was.
    pub(super) back_to: StationId,
    left: Duration,
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
    interruption: Option<Interruption>,
    /// Alarms since the last page of its own.
    in_a_row: usize,
    /// The youngest alarm that it has shown, or that was there before.
    seen: Option<AlarmId>,
    /// New alarms don't interrupt it.
    undisturbed: bool,
}

impl Default for Tour {
    fn default() -> Self {
        Self {
            dwell: DWELL_AT_FIRST,
            phase: Phase::Off,
            left: DWELLS[DWELL_AT_FIRST],
            interruption: None,
            in_a_row: 0,
            seen: None,
            undisturbed: false,
        }
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
        self.interruption = None;
        if self.phase == Phase::Running {
            self.phase = Phase::Paused;
        }
    }

    /// Ends it; whether there was one.
    pub(super) fn end(&mut self) -> bool {
        self.interruption = None;
        std::mem::replace(&mut self.phase, Phase::Off) != Phase::Off
    }

    /// Another page is on screen: it has the whole time before it.
    pub(super) fn restart(&mut self) {
        (self.interruption, self.in_a_row) = (None, 0);
        self.left = self.dwell();
    }

    /// Lets `passed` pass; whether it is time for the next page.
    pub(super) fn pass(&mut self, passed: Duration) -> bool {
        if self.phase != Phase::Running || self.interruption.is_some() {
            return false;
        }
        self.left = self.left.saturating_sub(passed);
        self.left.is_zero()
    }

    /// Time left on this page, while it runs.
    pub(super) fn left(&self) -> Option<Duration> {
        (self.phase == Phase::Running).then_some(self.left)
    }

    /// Whether new alarms are to take the screen, now or later.
    pub(super) fn shows_alarms(&self) -> bool {
        self.phase == Phase::Running && !self.undisturbed
    }

    /// Whether one may take it now.
    pub(super) fn may_be_interrupted(&self) -> bool {
        self.shows_alarms() && self.interruption.is_none() && self.in_a_row < IN_A_ROW
    }

    /// The youngest alarm that it has shown, or that was there before.
    pub(super) fn seen(&self) -> Option<AlarmId> {
        self.seen
    }

    /// Alarms up to this one are not to be shown any more.
    pub(super) fn set_seen(&mut self, newest: Option<AlarmId>) {
        self.seen = self.seen.max(newest);
    }

    /// Stays with an alarm for a while; what was left of the page is kept.
    pub(super) fn interrupt(&mut self, alarm: AlarmId, station: StationId, back_to: StationId) {
        self.in_a_row += 1;
        self.seen = self.seen.max(Some(alarm));
        let left = INTERRUPTION;
        self.interruption = Some(Interruption { alarm, station, back_to, left });
    }

    /// The alarm that it shows.
    pub(super) fn interruption(&self) -> Option<Interruption> {
        self.interruption
    }

    /// Time left with it.
    pub(super) fn interruption_left(&self) -> Option<(StationId, Duration)> {
        self.interruption.map(|i| (i.station, i.left))
    }

    /// Lets `passed` pass; whether it is time to go back.
    pub(super) fn pass_interruption(&mut self, passed: Duration) -> bool {
        self.interruption.as_mut().is_some_and(|i| {
            i.left = i.left.saturating_sub(passed);
            i.left.is_zero()
        })
    }

    /// Ends the interruption; it is for the caller to go back.
    pub(super) fn take_interruption(&mut self) -> Option<Interruption> {
        self.interruption.take()
    }

    /// Whether new alarms may interrupt it, whether or not it runs.
    pub(super) fn is_undisturbed(&self) -> bool {
        self.undisturbed
    }

    /// As it was when it was last left.
    pub(super) fn set_undisturbed(&mut self, undisturbed: bool) {
        self.undisturbed = undisturbed;
    }

    /// Lets alarms interrupt it or not; whether they do now.
    pub(super) fn toggle_undisturbed(&mut self) -> bool {
        self.undisturbed = !self.undisturbed;
        !self.undisturbed
    }

    /// Whether there is a tour, running or paused.
    pub(super) fn is_on(&self) -> bool {
        self.phase != Phase::Off
    }
}

#[cfg(test)]
mod tests;
