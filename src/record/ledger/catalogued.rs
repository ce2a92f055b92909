//! What is recorded, told by the catalogue.
//!
//! Each question sees what is there at its moment. Where several must agree while a recorder is
//! writing, ask them inside [`Reader::at_one_moment`].

use super::source::{Alive, LedgerSource, Scope, SourceError, touches};
use super::span::Span;
use super::tape::Piece;
use crate::clock::WallTime;
use crate::model::FeedId;
use crate::record::catalogue::{Incident, Opened};
use crate::record::index::Reader;

fn ends(span: Span) -> (WallTime, WallTime) {
    (WallTime::from_micros(span.from_us), WallTime::from_micros(span.to_us))
}

impl LedgerSource for Reader {
    fn segments(
        &self,
        within: Span,
        scope: Scope,
        take: &mut dyn FnMut(FeedId, &Piece),
    ) -> Result<(), SourceError> {
        let (from, to) = ends(within);
        self.spans_of(
            |feed| scope.has(feed.station),
            from,
            to,
            |span| {
                let piece = Piece {
                    from_us: span.from_utc_us,
                    to_us: span.to_utc_us,
                    breaks: span.breaks,
                    camera_clock_us: span.camera_clock_us,
                    clock_ahead_us: span.clock_ahead_us,
                    clock_synchronised: span.clock_synchronised,
                };
                take(span.feed, &piece);
            },
        )
    }

    fn unfinished(&self, within: Span, scope: Scope) -> Result<Vec<Opened>, SourceError> {
        let wanted = |opened: &Opened| {
            scope.has(opened.path.feed().station) && opened.first.utc_us <= within.to_us
        };
        let opened = self.opened()?.into_iter().map(|(_, opened)| opened);
        Ok(opened.filter(wanted).collect())
    }

    fn incidents(&self, within: Span, scope: Scope) -> Result<Vec<Incident>, SourceError> {
        let (from, to) = ends(within);
        let mut told = Reader::incidents(self, from, to)?;
        told.retain(|incident| incident.feed.is_none_or(|feed| scope.has(feed.station)));
        Ok(told)
    }

    fn alive(&self, within: Span) -> Result<Vec<Alive>, SourceError> {
        let runs = Reader::alive(self)?.into_iter().map(|alive| Alive {
            span: Span::new(alive.first.utc_us, alive.last.utc_us),
            run: alive.run,
        });
        Ok(runs.filter(|alive| touches(alive.span, within)).collect())
    }
}
