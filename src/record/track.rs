//! One feed on its way into files: which unit begins a segment, which ends a fragment. No I/O.

use std::sync::Arc;
use std::time::Duration;

use super::file::{SegmentFile, Sum};
use super::heard::Heard;
use super::limits::RecorderLimits;
use super::segment::{Ended, Stamp};
use super::trouble::Trouble;
use crate::clock::Mono;
use crate::media::mp4::{MediaClock, TIMESCALE, is_border};
use crate::media::{AccessUnit, StreamParams};
use crate::model::FeedId;

/// A fragment takes no unit more when it would become longer than this.
const MOST_FRAGMENT: usize = 8 << 20;

/// A presentation time so far from what its arrival lets expect is of another clock. Not less: a
/// network that stood still brings ten seconds of pictures at once.
const JUMP: i64 = 20 * TIMESCALE as i64;

/// A feed as its writer knows it.
pub(super) struct Track {
    pub(super) feed: FeedId,
    /// Its segments begin so long after the others', as near as keyframes allow.
    phase: Duration,
    /// How far its pictures are out of order, as known from earlier segments.
    pub(super) shift: i64,
    /// The newest picture's; stamps do not go back.
    last: Stamp,
    /// The newest segment's name, so that no two have one.
    pub(super) named_ms: i64,
    pub(super) open: Option<Open>,
    /// The disk refuses this feed's files, and not yet the others'.
    pub(super) trouble: Option<Trouble>,
}

/// A segment that is being recorded. It has a file from its first whole fragment on.
pub(super) struct Open {
    pub(super) params: Arc<StreamParams>,
    /// It ends at the first keyframe from then on.
    ends_at: Mono,
    pub(super) file: Option<(SegmentFile, MediaClock)>,
    /// Of the fragments that are written.
    pub(super) sum: Option<Sum>,
    /// The fragment that is not written yet.
    pub(super) units: Vec<AccessUnit>,
    pub(super) stamps: Vec<Stamp>,
    /// Their presentation times, without jumps.
    pub(super) pts: Vec<i64>,
    bytes: usize,
    /// What was heard meanwhile.
    pub(super) heard: Heard,
    /// What is added to the stream's presentation times.
    rebase: i64,
    /// The latest presentation time and the arrival that belongs to it.
    newest: (i64, Mono),
}

/// What must happen before a unit is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    Nothing,
    /// The fragment is written.
    Cut,
    /// And the segment is closed.
    End(Ended),
}

impl Track {
    pub(super) fn new(feed: FeedId, span: Duration) -> Self {
        let number = u64::from(feed.station.district) << 32 | u64::from(feed.station.station);
        // Fibonacci hashing: neighbours come to lie far apart.
        let spread = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let span_us = u64::try_from(span.as_micros()).unwrap_or(u64::MAX).max(1);
        let phase = Duration::from_micros(spread.wrapping_mul(span_us >> 16) >> 16);
        let last = Stamp::default();
        Self { feed, phase, shift: 0, last, named_ms: i64::MIN, open: None, trouble: None }
    }

    /// Whether nothing can be made of a unit that is offered now: the disk refuses this feed, and it is
    /// not time to try again.
    pub(super) fn is_refused(&self, is_key: bool, now: Mono) -> bool {
        let waits = |trouble: &Trouble| !is_key || now < trouble.next_try;
        self.open.is_none() && self.trouble.as_ref().is_some_and(waits)
    }

    /// The stamp of a unit: as told, but no earlier than the one before it.
    pub(super) fn stamp(&mut self, told: Stamp) -> Stamp {
        let utc_us = told.utc_us.max(self.last.utc_us);
        self.last = Stamp { utc_us, ..told };
        self.last
    }

    /// What must happen before `unit` is taken; `lost`: units before it found no room.
    pub(super) fn before(&self, unit: &AccessUnit, lost: bool, limits: &RecorderLimits) -> Before {
        let Some(open) = &self.open else { return Before::Nothing };
        if lost {
            return Before::End(Ended::Lost);
        }
        let jumped = || open.rebase != 0 || open.is_jump(unit) || open.heard.is_misfit();
        if !Arc::ptr_eq(&open.params, &unit.params) || (unit.is_key && jumped()) {
            return Before::End(Ended::Stream);
        }
        if unit.is_key {
            return if unit.arrived_at >= open.ends_at {
                Before::End(Ended::Full)
            } else {
                Before::Cut
            };
        }
        let Some(first) = open.units.first() else { return Before::Nothing };
        let age = unit.arrived_at.since(first.arrived_at);
        let overdue = age >= limits.fragment * 3 / 2
            || open.bytes.saturating_add(unit.data.len()) > MOST_FRAGMENT;
        let border = || is_border(open.pts.iter().copied(), open.media(unit));
        if overdue || (age >= limits.fragment && border()) { Before::Cut } else { Before::Nothing }
    }

    /// Takes a unit into the fragment in hand; begins a segment where it can. Whether it was taken: a
    /// unit that leans on what is not there is worth nothing.
    pub(super) fn take(&mut self, unit: AccessUnit, stamp: Stamp, limits: &RecorderLimits) -> bool {
        if self.open.is_none() {
            if !unit.is_key {
                return false;
            }
            self.open = Some(Open::begin(&unit, self.end_of_span(unit.arrived_at, limits.span)));
        }
        if let Some(open) = &mut self.open {
            open.push(unit, stamp);
        }
        true
    }

    /// The next border of this feed's spans that is not too near.
    fn end_of_span(&self, from: Mono, span: Duration) -> Mono {
        let us = |d: Duration| i64::try_from(d.as_micros()).unwrap_or(i64::MAX).max(1);
        let (span, phase) = (us(span), us(self.phase));
        let into = from.as_micros().saturating_sub(phase).rem_euclid(span);
        let left = span - into;
        Mono::from_micros(from.as_micros() + if left < span / 2 { left + span } else { left })
    }

    /// Whether the fragment in hand is older than it may become.
    pub(super) fn is_overdue(&self, now: Mono, limits: &RecorderLimits) -> bool {
        let first = self.open.as_ref().and_then(|open| open.units.first());
        first.is_some_and(|first| now.since(first.arrived_at) >= limits.fragment * 5 / 4)
    }

    /// Whether nothing has come for so long that its segment may as well be closed.
    pub(super) fn is_idle(&self, now: Mono, limits: &RecorderLimits) -> bool {
        self.open.as_ref().is_some_and(|open| now.since(open.newest.1) >= limits.span)
    }
}

impl Open {
    fn begin(unit: &AccessUnit, ends_at: Mono) -> Self {
        Self {
            params: Arc::clone(&unit.params),
            ends_at,
            file: None,
            sum: None,
            units: Vec::new(),
            stamps: Vec::new(),
            pts: Vec::new(),
            bytes: 0,
            heard: Heard::default(),
            rebase: 0,
            newest: (unit.pts, unit.arrived_at),
        }
    }

    /// Its presentation time in the file.
    pub(super) fn media(&self, unit: &AccessUnit) -> i64 {
        unit.pts.saturating_add(self.rebase)
    }

    fn is_jump(&self, unit: &AccessUnit) -> bool {
        let step = self.media(unit).saturating_sub(self.newest.0);
        step < -JUMP || step > self.passed(unit).saturating_add(JUMP)
    }

    /// Time between the newest arrival and this one, in ticks.
    fn passed(&self, unit: &AccessUnit) -> i64 {
        let ticks = unit.arrived_at.since(self.newest.1).as_micros() * 9 / 100;
        i64::try_from(ticks).unwrap_or(i64::MAX)
    }

    fn push(&mut self, unit: AccessUnit, stamp: Stamp) {
        if self.is_jump(&unit) {
            // In the middle of a group; the next keyframe begins another segment.
            let wanted = self.newest.0.saturating_add(self.passed(&unit).max(1));
            self.rebase = wanted.saturating_sub(unit.pts);
        }
        let pts = self.media(&unit);
        self.newest = (self.newest.0.max(pts), unit.arrived_at);
        self.bytes += unit.data.len();
        self.units.push(unit);
        self.stamps.push(stamp);
        self.pts.push(pts);
    }

    /// The fragment is written, or given up; what its sound counted for.
    pub(super) fn clear(&mut self) -> usize {
        self.units.clear();
        self.stamps.clear();
        self.pts.clear();
        self.bytes = 0;
        self.heard.clear()
    }
}
