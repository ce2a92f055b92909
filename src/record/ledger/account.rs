//! One station's hours, added up.

use std::time::Duration;

use serde_json::Value;

use super::coverage::Sums;
use super::gaps::divide;
use super::span::{Span, micros};
use super::tape::{ClockSeen, Tape};
use super::tracks::Tracks;
use super::witness::CauseMap;
use crate::model::StationId;
use crate::model::day::Stage;
use crate::record::cause::Cause;
use crate::record::limits::{AFTERMATH, GAP_ABOVE};

/// So far beyond the hours it has to be known what was recorded and what was wrong, so that a time
/// without a picture that reaches over their border is judged as a whole.
pub(super) const AROUND: Duration = AFTERMATH.saturating_add(GAP_ABOVE);

/// So many testimonies are kept of one gap; how many more there were is told.
const SHARES_AT_MOST: usize = 16;

/// A stage of a station's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageHours {
    /// Which; `None` where no election day is configured.
    pub stage: Option<Stage>,
    /// When.
    pub span: Span,
}

/// Part of the evidence of a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// What it means.
    pub cause: Cause,
    /// When it was so; may reach beyond the gap.
    pub span: Span,
    /// Where it stands and what it says.
    pub evidence: Value,
}

/// More than [`GAP_ABOVE`] without a recorded picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// When, as far as it lies within the hours: a gap that reaches over their border may be shorter
    /// here than a gap is by itself.
    pub span: Span,
    /// Why.
    pub cause: Cause,
    /// What else was at work.
    pub also: Vec<Cause>,
    /// Who says so.
    pub evidence: Vec<Share>,
    /// How many more say something.
    pub evidence_left_out: usize,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Pictures are recorded.
    Recorded {
        /// From when to when.
        span: Span,
        /// How many short breaks are in it.
        short_breaks: u64,
        /// How long they are together, in microseconds.
        short_us: i64,
    },
    /// None are.
    Gap(Gap),
}

impl Line {
    /// From when to when.
    pub const fn span(&self) -> Span {
        match self {
            Self::Recorded { span, .. } => *span,
            Self::Gap(gap) => gap.span,
        }
    }
}

/// The ledger of one station's day.
#[derive(Clone, Debug, PartialEq)]
pub struct StationLedger {
    /// Whose.
    pub station: StationId,
    /// Its legal hours.
    pub hours: Span,
    /// As far as they are accounted for; their end when they are over.
    pub until_us: i64,
    /// What is in them, in order: each line begins where the one before ends.
    pub lines: Vec<Line>,
    /// All of it.
    pub sums: Sums,
    /// By stage.
    pub stages: Vec<(StageHours, Sums)>,
    /// What was received, seen and shown meanwhile.
    pub tracks: Tracks,
    /// What the segments told of clocks.
    pub clock: ClockSeen,
    /// A recorder that is at work has a segment of it open.
    pub recording: bool,
}

impl StationLedger {
    /// The gaps, in order.
    pub fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.lines.iter().filter_map(|line| match line {
            Line::Gap(gap) => Some(gap),
            Line::Recorded { .. } => None,
        })
    }

    /// How much of the hours is still to come.
    pub const fn to_come_us(&self) -> i64 {
        Span::new(self.until_us, self.hours.to_us).len_us()
    }
}

/// Accounts for the hours of `station`, which are made of `stages` (in order, each from the end of
/// the one before), up to `until_us`.
///
/// A time without a picture is judged as a whole, also beyond the hours: tape and map should reach
/// [`AROUND`] beyond both ends. While the hours are not over, the last one is as long as it
/// has been up to `until_us`.
pub fn account(
    station: StationId,
    stages: &[StageHours],
    until_us: i64,
    tape: &mut Tape,
    map: &CauseMap<'_>,
) -> StationLedger {
    let hours = match stages {
        [first, .., last] => Span::new(first.span.from_us, last.span.to_us),
        [only] => only.span,
        [] => Span::default(),
    };
    let is_over = until_us >= hours.to_us;
    let accounted = Span::new(hours.from_us, until_us.clamp(hours.from_us, hours.to_us));
    let mut book = Book::new(accounted, stages, map);
    let solids = tape.solids();
    let first = solids.partition_point(|solid| solid.to_us < accounted.from_us);
    let before = first.checked_sub(1).and_then(|at| solids.get(at));
    let (mut last_us, mut at_us) = (before.map(|solid| solid.to_us), accounted.from_us);
    let mut next_us = None;
    for solid in &solids[first..] {
        if solid.from_us >= accounted.to_us {
            next_us = Some(solid.from_us);
            break;
        }
        book.none(last_us, Some(solid.from_us), Span::new(at_us, solid.from_us));
        book.recorded(solid.within(accounted));
        at_us = at_us.max(solid.to_us);
        last_us = Some(solid.to_us);
    }
    let next_us = next_us.or((!is_over).then_some(until_us));
    book.none(last_us, next_us, Span::new(at_us, accounted.to_us));
    let Book { lines, sums, stages, .. } = book;
    StationLedger {
        station,
        hours,
        until_us: accounted.to_us,
        lines,
        sums,
        stages,
        tracks: Tracks::default(),
        clock: tape.clock(),
        recording: false,
    }
}

/// Writes lines and sums.
struct Book<'a> {
    map: &'a CauseMap<'a>,
    /// How far the gaps have come in it.
    hint: usize,
    lines: Vec<Line>,
    sums: Sums,
    stages: Vec<(StageHours, Sums)>,
}

impl<'a> Book<'a> {
    fn new(accounted: Span, stages: &[StageHours], map: &'a CauseMap<'a>) -> Self {
        let of = |span: Span| Sums { hours_us: span.len_us(), ..Sums::default() };
        let stages =
            stages.iter().map(|stage| (*stage, of(stage.span.within(accounted)))).collect();
        Self { map, hint: 0, lines: Vec::new(), sums: of(accounted), stages }
    }

    /// The same for the day and for each stage that `span` touches, with its part of it.
    fn sum(&mut self, span: Span, add: impl Fn(&mut Sums, Span)) {
        add(&mut self.sums, span);
        for (stage, sums) in &mut self.stages {
            let part = span.within(stage.span);
            if !part.is_empty() {
                add(sums, part);
            }
        }
    }

    fn recorded(&mut self, span: Span) {
        self.pictures(span, 0);
        self.sum(span, |sums, part| sums.recorded_us += part.len_us());
    }

    /// From the picture at `last_us` to the one at `next_us` there is none; `listed` of it is within
    /// the hours.
    fn none(&mut self, last_us: Option<i64>, next_us: Option<i64>, listed: Span) {
        if listed.is_empty() {
            return;
        }
        let whole = last_us.zip(next_us).map(|(last, next)| Span::new(last, next).len_us());
        if whole.is_none_or(|whole| whole > micros(GAP_ABOVE)) {
            let from_us = last_us.unwrap_or(listed.from_us.saturating_sub(micros(AROUND)));
            let to_us = next_us.unwrap_or(listed.to_us.saturating_add(micros(AROUND)));
            return self.gap(Span::new(from_us, to_us), listed);
        }
        if whole.is_some_and(|whole| whole <= micros(crate::record::limits::BREAK_FROM)) {
            return self.recorded(listed);
        }
        self.pictures(listed, listed.len_us());
        let begun_us = listed.from_us;
        self.sum(listed, |sums, part| {
            sums.short_us += part.len_us();
            // Counted where it begins.
            sums.short_breaks += u64::from(part.from_us == begun_us);
        });
    }

    /// Goes on with the recorded line, or begins one.
    fn pictures(&mut self, span: Span, short: i64) {
        if span.is_empty() {
            return;
        }
        let one = u64::from(short > 0);
        match self.lines.last_mut() {
            Some(Line::Recorded { span: line, short_breaks, short_us }) => {
                line.to_us = span.to_us;
                *short_breaks += one;
                *short_us += short;
            }
            _ => self.lines.push(Line::Recorded { span, short_breaks: one, short_us: short }),
        }
    }

    /// All of `whole` is without a picture; `listed` of it is within the hours.
    fn gap(&mut self, whole: Span, listed: Span) {
        self.sum(listed, |sums, part| {
            sums.longest_gap_us = sums.longest_gap_us.max(part.len_us());
        });
        for part in divide(whole, self.map, &mut self.hint) {
            let (cause, span) = (part.cause(), part.span.within(listed));
            if span.is_empty() {
                continue;
            }
            self.sum(span, |sums, part| {
                sums.gap_us += part.len_us();
                sums.gaps += 1;
                sums.by_cause_us[cause as usize] += part.len_us();
            });
            let told = part.witnesses.iter().take(SHARES_AT_MOST).map(|&number| {
                let witness = self.map.witness(number);
                Share {
                    cause: witness.cause,
                    span: witness.span,
                    evidence: witness.evidence.clone(),
                }
            });
            let evidence: Vec<Share> = told.collect();
            let evidence_left_out = part.witnesses.len() - evidence.len();
            let also = part.all.iter().filter(|&other| other != cause).collect();
            let gap = Gap { span, cause, also, evidence, evidence_left_out };
            self.lines.push(Line::Gap(gap));
        }
    }
}
