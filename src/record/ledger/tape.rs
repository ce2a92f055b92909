//! What is recorded of one station, from its segments in whatever order they come.

use super::span::{Span, micros};
use crate::record::limits::BREAK_FROM;
use crate::record::segment::{Break, Segment};

/// What the ledger has to know of one segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Arrival of its first picture, in microseconds of UTC.
    pub from_us: i64,
    /// Arrival of its last picture.
    pub to_us: i64,
    /// Times without a picture inside it, in order.
    pub breaks: Vec<Break>,
    /// The camera's clock minus ours in microseconds, where it told.
    pub camera_clock_us: Option<i64>,
    /// How far the timeline was ahead of the system's clock, in microseconds.
    pub clock_ahead_us: i64,
    /// Whether the system's clock was synchronised, where that is known.
    pub clock_synchronised: Option<bool>,
}

impl From<&Segment> for Piece {
    fn from(segment: &Segment) -> Self {
        Self {
            from_us: segment.first.utc_us,
            to_us: segment.last.utc_us,
            breaks: segment.breaks.clone(),
            camera_clock_us: segment.camera_clock_us,
            clock_ahead_us: segment.clock_ahead_us,
            clock_synchronised: segment.clock_synchronised,
        }
    }
}

/// What the segments tell of clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockSeen {
    /// The camera's clock minus ours at the first segment of which it is known: when, and how much.
    pub camera_first: Option<(i64, i64)>,
    /// The same at the last one.
    pub camera_last: Option<(i64, i64)>,
    /// The most the timeline was off the system's clock, in microseconds.
    pub most_ahead_us: i64,
    /// Segments that began while the system said that its clock is synchronised.
    pub synchronised: u64,
    /// Segments that began while it said that it is not.
    pub unsynchronised: u64,
    /// Segments of which that is not known.
    pub unknown: u64,
}

impl ClockSeen {
    fn see(&mut self, piece: &Piece) {
        if let Some(offset) = piece.camera_clock_us {
            let seen = (piece.from_us, offset);
            self.camera_first = Some(self.camera_first.map_or(seen, |first| first.min(seen)));
            self.camera_last = Some(self.camera_last.map_or(seen, |last| last.max(seen)));
        }
        if piece.clock_ahead_us.abs() > self.most_ahead_us.abs() {
            self.most_ahead_us = piece.clock_ahead_us;
        }
        match piece.clock_synchronised {
            Some(true) => self.synchronised += 1,
            Some(false) => self.unsynchronised += 1,
            None => self.unknown += 1,
        }
    }

    /// How fast the camera's clock runs away from ours, in microseconds a day; `None` where it was
    /// not told over an hour at least, for what is measured over less is noise.
    pub fn camera_drift_us_per_day(&self) -> Option<i64> {
        const HOUR_US: i64 = 3_600_000_000;
        let ((first_at, first), (last_at, last)) = (self.camera_first?, self.camera_last?);
        let passed = last_at.saturating_sub(first_at);
        if passed < HOUR_US {
            return None;
        }
        let by = i128::from(last) - i128::from(first);
        i64::try_from(by * i128::from(24 * HOUR_US) / i128::from(passed)).ok()
    }
}

/// The recorded time of a station: all of its feeds together, for one recorded picture is one.
#[derive(Clone, Debug)]
pub struct Tape {
    /// From a picture to a picture with none missing in between; a single picture is an empty span.
    solids: Vec<Span>,
    in_order: bool,
    clock: ClockSeen,
    segments: u64,
}

impl Default for Tape {
    fn default() -> Self {
        let clock = ClockSeen::default();
        Self { solids: Vec::new(), in_order: true, clock, segments: 0 }
    }
}

impl Tape {
    /// Takes a segment. They may overlap and come in any order; in order is cheaper.
    pub fn add(&mut self, piece: &Piece) {
        self.segments += 1;
        self.clock.see(piece);
        let to_us = piece.to_us.max(piece.from_us);
        let mut from_us = piece.from_us;
        for gone in &piece.breaks {
            let last_us = gone.from_utc_us.clamp(from_us, to_us);
            let next_us = gone.to_utc_us.clamp(last_us, to_us);
            if last_us < next_us {
                self.solid(Span::new(from_us, last_us));
                from_us = next_us;
            }
        }
        self.solid(Span::new(from_us, to_us));
    }

    /// Takes a picture that is known to be recorded, of a segment that is still being written.
    pub fn add_picture(&mut self, at_us: i64) {
        self.solid(Span::new(at_us, at_us));
    }

    fn solid(&mut self, solid: Span) {
        match self.solids.last_mut() {
            Some(last) if last.from_us <= solid.from_us => {
                if !join(last, solid) {
                    self.solids.push(solid);
                }
            }
            last => {
                self.in_order &= last.is_none();
                self.solids.push(solid);
            }
        }
    }

    /// The recorded time in order, no two stretches nearer than [`BREAK_FROM`].
    pub(super) fn solids(&mut self) -> &[Span] {
        if !std::mem::replace(&mut self.in_order, true) {
            self.solids.sort_unstable();
            self.solids.dedup_by(|next, last| join(last, *next));
        }
        &self.solids
    }

    /// What the segments told of clocks.
    pub fn clock(&self) -> ClockSeen {
        self.clock
    }

    /// How many segments there are.
    pub fn segments(&self) -> u64 {
        self.segments
    }
}

/// Joins `next`, which begins no earlier than `last`, to it if no picture is missing between them.
fn join(last: &mut Span, next: Span) -> bool {
    let near = next.from_us.saturating_sub(last.to_us) <= micros(BREAK_FROM);
    if near {
        last.to_us = last.to_us.max(next.to_us);
    }
    near
}
