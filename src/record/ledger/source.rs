//! Where the ledger learns what is recorded: the index, or the files alone.

use std::collections::BTreeMap;

use super::span::Span;
use super::tape::Piece;
use crate::model::{DistrictNo, FeedId, StationId};
use crate::record::catalogue::{Incident, Opened};

/// Whose ledger is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Every station's.
    #[default]
    Country,
    /// Those of a district.
    District(DistrictNo),
    /// One station's.
    Station(StationId),
}

impl Scope {
    /// Whether this station is meant.
    pub fn has(self, station: StationId) -> bool {
        match self {
            Self::Country => true,
            Self::District(number) => station.district == number,
            Self::Station(only) => station == only,
        }
    }
}

/// A recorder was at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alive {
    /// The run of the program, as in the journal.
    pub run: String,
    /// Since when, and up to when that is known.
    pub span: Span,
}

/// What is recorded cannot be read.
pub type SourceError = crate::record::index::IndexError;

/// What is recorded. Everything asked for is what touches `within`, in any order.
pub trait LedgerSource {
    /// Gives every closed segment of these stations to `take`. Ordered by feed and time is cheapest.
    ///
    /// # Errors
    /// It cannot be read.
    fn segments(
        &self,
        within: Span,
        scope: Scope,
        take: &mut dyn FnMut(FeedId, &Piece),
    ) -> Result<(), SourceError>;

    /// Segments that have begun and are not closed yet.
    ///
    /// # Errors
    /// It cannot be read.
    fn unfinished(&self, within: Span, scope: Scope) -> Result<Vec<Opened>, SourceError>;

    /// What kept pictures from the disk, of these stations or of all.
    ///
    /// # Errors
    /// It cannot be read.
    fn incidents(&self, within: Span, scope: Scope) -> Result<Vec<Incident>, SourceError>;

    /// When recorders were at work.
    ///
    /// # Errors
    /// It cannot be read.
    fn alive(&self, within: Span) -> Result<Vec<Alive>, SourceError>;
}

/// What is recorded, in memory.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Closed segments.
    pub segments: BTreeMap<FeedId, Vec<Piece>>,
    /// Segments that are being written.
    pub unfinished: Vec<Opened>,
    /// What kept pictures from the disk.
    pub incidents: Vec<Incident>,
    /// When recorders were at work.
    pub alive: Vec<Alive>,
}

/// Whether the two have a moment in common; a single picture is one.
pub(super) fn touches(one: Span, other: Span) -> bool {
    one.from_us <= other.to_us && other.from_us <= one.to_us
}

impl LedgerSource for Memory {
    fn segments(
        &self,
        within: Span,
        scope: Scope,
        take: &mut dyn FnMut(FeedId, &Piece),
    ) -> Result<(), SourceError> {
        for (feed, pieces) in self.segments.iter().filter(|(feed, _)| scope.has(feed.station)) {
            for piece in pieces {
                if touches(Span::new(piece.from_us, piece.to_us), within) {
                    take(*feed, piece);
                }
            }
        }
        Ok(())
    }

    fn unfinished(&self, within: Span, scope: Scope) -> Result<Vec<Opened>, SourceError> {
        let wanted = |opened: &&Opened| {
            scope.has(opened.path.feed().station) && opened.first.utc_us <= within.to_us
        };
        Ok(self.unfinished.iter().filter(wanted).cloned().collect())
    }

    fn incidents(&self, within: Span, scope: Scope) -> Result<Vec<Incident>, SourceError> {
        let wanted = |incident: &&Incident| {
            let span = Span::new(incident.from_utc_us, incident.to_utc_us);
            incident.feed.is_none_or(|feed| scope.has(feed.station)) && touches(span, within)
        };
        Ok(self.incidents.iter().filter(wanted).cloned().collect())
    }

    fn alive(&self, within: Span) -> Result<Vec<Alive>, SourceError> {
        let wanted = |alive: &&Alive| touches(alive.span, within);
        Ok(self.alive.iter().filter(wanted).cloned().collect())
    }
}
