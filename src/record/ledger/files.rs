//! What is recorded, told by the files alone: their heads and tails, without any index.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::source::{Alive, LedgerSource, Memory, Scope, SourceError};
use super::span::Span;
use super::tape::Piece;
use crate::model::FeedId;
use crate::record::catalogue::{Incident, Opened, Record};

/// The segments of some files. Incidents stand in no file, and a recorder is known to have been at
/// work only as long as something came.
#[derive(Clone, Debug, Default)]
pub struct Files {
    memory: Memory,
    /// Files that could not be read, and why: their time is a gap.
    pub unreadable: Vec<(PathBuf, String)>,
}

impl Files {
    /// Has `read` look into each of the files, on all of the machine's cores. It says what a file
    /// holds, closed or unfinished.
    ///
    /// # Errors
    /// Threads cannot be started.
    pub fn scan<E: Display>(
        files: &[PathBuf],
        read: impl Fn(&Path) -> Result<Record, E> + Sync,
    ) -> Result<Self, SourceError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .thread_name(|n| format!("scan {n}"))
            .build()
            .map_err(|e| SourceError { reason: e.to_string() })?;
        let look = |file: &PathBuf| read(file).map_err(|e| (file.clone(), e.to_string()));
        let found: Vec<_> = pool.install(|| files.par_iter().map(look).collect());
        let mut scanned = Self::default();
        for found in found {
            match found {
                Ok(record) => scanned.take(record),
                Err(unreadable) => scanned.unreadable.push(unreadable),
            }
        }
        for pieces in scanned.memory.segments.values_mut() {
            pieces.sort_by_key(|piece| (piece.from_us, piece.to_us));
        }
        Ok(scanned)
    }

    fn take(&mut self, record: Record) {
        match record {
            Record::Closed(segment) => {
                let piece = Piece::from(segment.as_ref());
                self.was_at_work(&segment.run, Span::new(piece.from_us, piece.to_us));
                self.memory.segments.entry(segment.feed).or_default().push(piece);
            }
            Record::Opened(opened) => {
                let at_us = opened.first.utc_us;
                self.was_at_work(&opened.run, Span::new(at_us, at_us));
                self.memory.unfinished.push(opened);
            }
            Record::Incident(incident) => self.memory.incidents.push(incident),
        }
    }

    fn was_at_work(&mut self, run: &str, span: Span) {
        match self.memory.alive.iter_mut().find(|alive| alive.run == run) {
            Some(Alive { span: known, .. }) => {
                known.from_us = known.from_us.min(span.from_us);
                known.to_us = known.to_us.max(span.to_us);
            }
            None => self.memory.alive.push(Alive { run: run.to_owned(), span }),
        }
    }
}

impl LedgerSource for Files {
    fn segments(
        &self,
        within: Span,
        scope: Scope,
        take: &mut dyn FnMut(FeedId, &Piece),
    ) -> Result<(), SourceError> {
        self.memory.segments(within, scope, take)
    }

    fn unfinished(&self, within: Span, scope: Scope) -> Result<Vec<Opened>, SourceError> {
        self.memory.unfinished(within, scope)
    }

    fn incidents(&self, within: Span, scope: Scope) -> Result<Vec<Incident>, SourceError> {
        self.memory.incidents(within, scope)
    }

    fn alive(&self, within: Span) -> Result<Vec<Alive>, SourceError> {
        self.memory.alive(within)
    }
}
