//! Where an auditor is in a recording: which stations, which part of the day, what is chosen and
//! typed. Pure; what has to be done elsewhere is an [`Ask`].

use std::sync::Arc;

use crate::model::StationId;
use crate::record::ledger::{Span, StationLedger};

/// So many stations fit beside each other.
pub const MOST_STATIONS: usize = 36;

/// How many seconds of the recording pass in a second.
pub const SPEEDS: [f64; 9] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// No less than this is ever shown of the timeline, in microseconds.
const NEAREST_US: i64 = 4_000_000;

/// A note is no longer than this, in characters.
const NOTE_MOST: usize = 2000;

/// What the screen cannot do by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Let time run, or stand.
    Play(bool),
    /// Run towards the past, or the future.
    Reverse(bool),
    /// Run so fast.
    Speed(f64),
    /// To the picture before or after, of this tile.
    Step {
        /// Whose pictures are counted.
        tile: usize,
        /// Towards the future.
        forward: bool,
    },
    /// To a moment.
    Seek {
        /// Microseconds of UTC.
        at_us: i64,
        /// Somebody is still dragging.
        dragging: bool,
    },
    /// Put the last picture before a gap and the first after it side by side.
    Compare {
        /// Whose.
        tile: usize,
        /// Between them there is none.
        gap: Span,
    },
    /// Enough of that.
    EndCompare,
    /// Keep the picture of this tile.
    Snapshot(usize),
    /// Keep a note about this tile's station at this moment.
    Note {
        /// Whose.
        tile: usize,
        /// What it says; empty for a bookmark.
        text: String,
    },
    /// Full screen on or off.
    ToggleFullScreen,
    /// Close the window.
    Close,
}

/// One station of the replay, with what the ledger says of its day.
#[derive(Clone, Debug)]
pub struct Lane {
    /// Which.
    pub station: StationId,
    /// Its name, or what its camera is called; may be empty.
    pub name: String,
    /// The station's day; `None` while it is being read.
    pub ledger: Option<Arc<StationLedger>>,
}

/// What is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A time of the day, to go there.
    Time,
    /// A note.
    Note,
}

/// Where the auditor is.
#[derive(Clone, Debug)]
pub struct Desk {
    selected: usize,
    enlarged: bool,
    /// All there is to be seen, and what of it is on the screen.
    whole: Span,
    visible: Span,
    marked: (Option<i64>, Option<i64>),
    comparing: bool,
    typing: Option<(Field, String)>,
    keys: bool,
    wrong_time: bool,
}

impl Desk {
    /// At the beginning, with the whole of `whole` on the screen.
    pub const fn new(whole: Span) -> Self {
        Self {
            selected: 0,
            enlarged: false,
            whole,
            visible: whole,
            marked: (None, None),
            comparing: false,
            typing: None,
            keys: false,
            wrong_time: false,
        }
    }

    /// More of the day may be seen than before; whoever looks at all of it goes on to.
    pub fn reach(&mut self, whole: Span) {
        if self.visible == self.whole {
            self.visible = whole;
        }
        self.whole = whole;
    }

    /// The tile that keys are about.
    pub const fn selected(&self) -> usize {
        self.selected
    }

    /// Only that tile is shown.
    pub const fn enlarged(&self) -> bool {
        self.enlarged
    }

    /// All there is to be seen.
    pub const fn whole(&self) -> Span {
        self.whole
    }

    /// What of the day is on the screen.
    pub const fn visible(&self) -> Span {
        self.visible
    }

    /// The marked span; either end may be missing.
    pub const fn marked(&self) -> (Option<i64>, Option<i64>) {
        self.marked
    }

    /// Two pictures are side by side.
    pub const fn comparing(&self) -> bool {
        self.comparing
    }

    /// What is being typed, and the text so far.
    pub fn typing(&self) -> Option<(Field, &str)> {
        self.typing.as_ref().map(|(field, typed)| (*field, typed.as_str()))
    }

    /// What was typed last was no time.
    pub const fn wrong_time(&self) -> bool {
        self.wrong_time
    }

    /// The list of keys is shown.
    pub const fn keys_shown(&self) -> bool {
        self.keys
    }

    /// Chooses a tile; one that is not there changes nothing.
    pub const fn select(&mut self, tile: usize, of: usize) {
        if tile < of {
            self.selected = tile;
        }
    }

    /// The tile so many places on, round and round.
    pub fn select_by(&mut self, by: isize, of: usize) {
        if let Ok(count) = isize::try_from(of)
            && count > 0
        {
            let at = isize::try_from(self.selected).unwrap_or(0);
            self.selected = (at + by).rem_euclid(count).unsigned_abs();
        }
    }

    /// Shows one tile, or all.
    pub const fn toggle_enlarged(&mut self) {
        self.enlarged = !self.enlarged;
    }

    /// Shows the list of keys, or not.
    pub const fn toggle_keys(&mut self) {
        self.keys = !self.keys;
    }

    /// Closes whatever lies over the screen; whether there was anything.
    pub fn back(&mut self) -> Option<Option<Ask>> {
        if self.typing.take().is_some() || std::mem::take(&mut self.keys) {
            return Some(None);
        }
        if std::mem::take(&mut self.comparing) {
            return Some(Some(Ask::EndCompare));
        }
        std::mem::take(&mut self.enlarged).then_some(None)
    }

    /// Enlarges the timeline by `factor` (above 1 shows less) around a moment.
    pub fn zoom(&mut self, factor: f64, around_us: i64) {
        if !(factor.is_finite() && factor > 0.0) {
            return;
        }
        let whole = self.whole.len_us().max(NEAREST_US);
        let length = (self.visible.len_us() as f64 / factor) as i64;
        let length = length.clamp(NEAREST_US, whole);
        let before = self.visible.len_us().max(1) as f64;
        let part = (around_us.saturating_sub(self.visible.from_us)) as f64 / before;
        let from = around_us.saturating_sub((part.clamp(0.0, 1.0) * length as f64) as i64);
        self.show(from, length);
    }

    /// Moves the timeline by so many microseconds.
    pub fn pan(&mut self, by_us: i64) {
        self.show(self.visible.from_us.saturating_add(by_us), self.visible.len_us());
    }

    /// Keeps the moment on the screen.
    pub fn follow(&mut self, at_us: i64) {
        let Span { from_us, to_us } = self.visible;
        if at_us < from_us || at_us > to_us {
            let length = self.visible.len_us();
            self.show(at_us.saturating_sub(length / 8), length);
        }
    }

    fn show(&mut self, from_us: i64, length: i64) {
        let last = self.whole.to_us.saturating_sub(length).max(self.whole.from_us);
        let from_us = from_us.clamp(self.whole.from_us, last);
        self.visible = Span::new(from_us, from_us.saturating_add(length).min(self.whole.to_us));
    }

    /// Marks one end of a span; a span that would end before it begins loses its other end.
    pub fn mark(&mut self, at_us: i64, end: bool) {
        let (from, to) = &mut self.marked;
        if end {
            *to = Some(at_us);
        } else {
            *from = Some(at_us);
        }
        if let (Some(begins), Some(ends)) = (*from, *to)
            && begins >= ends
        {
            if end { *from = None } else { *to = None }
        }
    }

    /// Begins to type.
    pub fn open(&mut self, field: Field) {
        self.wrong_time = false;
        self.typing = Some((field, String::new()));
    }

    /// What is in the field now.
    pub fn write(&mut self, typed: &str) {
        self.wrong_time = false;
        if let Some((_, before)) = &mut self.typing {
            *before = typed.chars().filter(|c| !c.is_control()).take(NOTE_MOST).collect();
        }
    }

    /// Takes what was typed. `time` reads a time of the day that is shown, microseconds of UTC.
    pub fn enter(&mut self, time: impl Fn(&str) -> Option<i64>) -> Option<Ask> {
        let (field, typed) = self.typing.take()?;
        match field {
            Field::Time => {
                let at = time(&typed);
                if at.is_none() && !typed.trim().is_empty() {
                    self.wrong_time = true;
                    self.typing = Some((field, typed));
                }
                at.map(|at_us| Ask::Seek { at_us, dragging: false })
            }
            Field::Note if typed.trim().is_empty() => None,
            Field::Note => Some(Ask::Note { tile: self.selected, text: typed.trim().to_owned() }),
        }
    }

    /// The gaps of the chosen station's ledger.
    fn gaps<'a>(&self, lanes: &'a [Lane]) -> impl DoubleEndedIterator<Item = Span> + use<'a> {
        let ledger = lanes.get(self.selected).and_then(|lane| lane.ledger.as_deref());
        let lines = ledger.map(|ledger| ledger.lines.as_slice()).unwrap_or_default();
        lines.iter().filter_map(|line| match line {
            crate::record::ledger::Line::Gap(gap) => Some(gap.span),
            crate::record::ledger::Line::Recorded { .. } => None,
        })
    }

    /// To the next or the previous gap of the chosen station: to the moment where it begins.
    pub fn gap(&self, lanes: &[Lane], at_us: i64, forward: bool) -> Option<Ask> {
        let mut gaps = self.gaps(lanes);
        let found = match forward {
            true => gaps.find(|gap| gap.from_us > at_us),
            false => gaps.rfind(|gap| gap.from_us < at_us),
        };
        found.map(|gap| Ask::Seek { at_us: gap.from_us, dragging: false })
    }

    /// Puts both sides of a gap beside each other: of the one at the moment, else of the one nearest
    /// to it.
    pub fn compare(&mut self, lanes: &[Lane], at_us: i64) -> Option<Ask> {
        if std::mem::take(&mut self.comparing) {
            return Some(Ask::EndCompare);
        }
        let distance = |gap: &Span| match at_us {
            at if at < gap.from_us => gap.from_us.saturating_sub(at),
            at => at.saturating_sub(gap.to_us).max(0),
        };
        let gap = self.gaps(lanes).min_by_key(distance)?;
        self.comparing = true;
        Some(Ask::Compare { tile: self.selected, gap })
    }
}

/// The speed beside `speed`, faster or slower.
pub fn next_speed(speed: f64, faster: bool) -> f64 {
    let at = SPEEDS.iter().position(|known| *known >= speed).unwrap_or(SPEEDS.len() - 1);
    let at = if faster { (at + 1).min(SPEEDS.len() - 1) } else { at.saturating_sub(1) };
    SPEEDS[at]
}

#[cfg(test)]
mod tests;
