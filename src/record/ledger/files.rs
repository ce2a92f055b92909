//! What is recorded, told by the files alone: their heads and tails, without any index.

use std::path::PathBuf;
use std::time::Duration;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::source::{Alive, LedgerSource, Memory, Scope, SourceError};
use super::span::Span;
use super::tape::Piece;
use crate::model::FeedId;
use crate::record::catalogue::{Incident, Opened, Record};
use crate::record::index::{Found, SegmentReader, files, pool, station_folders};

/// A file whose name says a time so long before what is asked has nothing of it: segments are a
/// minute long, and a camera that brings no keyframes for a day is no camera.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// The segments of some files. Incidents stand in no file, and a recorder is known to have been at
/// work only as long as something came.
#[derive(Clone, Debug, Default)]
pub struct Files {
    memory: Memory,
    /// How many were looked into.
    pub looked_into: u64,
    /// Files that could not be read, and why: their time is a gap.
    pub unreadable: Vec<(PathBuf, String)>,
    /// Files in the folders of stations whose names no segment has.
    pub foreign: Vec<PathBuf>,
}

impl Files {
    /// Looks into the ends of every file under `roots` that can have anything `within` these hours,
    /// on all of the machine's cores.
    ///
    /// # Errors
    /// A folder cannot be read, or threads cannot be started.
    pub fn scan(
        roots: &[PathBuf],
        within: Span,
        scope: Scope,
        reader: &dyn SegmentReader,
    ) -> Result<Self, SourceError> {
        let within = Span { from_us: within.grown(LONGEST).from_us, ..within };
        let mut folders = Vec::new();
        for root in roots {
            let found = station_folders(root).map_err(|e| SourceError::io(root, &e))?;
            folders.extend(found.into_iter().map(|folder| (root, folder)));
        }
        let read = |(root, folder): &(&PathBuf, PathBuf)| -> Result<Self, SourceError> {
            let (paths, foreign) = files(root, folder).map_err(|e| SourceError::io(folder, &e))?;
            let mut scanned = Self { foreign, ..Self::default() };
            for path in paths {
                let at_us = path.first().as_micros();
                if !scope.has(path.feed().station) || at_us < within.from_us || at_us > within.to_us
                {
                    continue;
                }
                scanned.looked_into += 1;
                let file = root.join(path.to_string());
                match reader.facts(&file, &path) {
                    Ok(Found::Closed(segment)) => scanned.take(Record::Closed(segment)),
                    Ok(Found::Unfinished(opened)) => scanned.take(Record::Opened(opened)),
                    Err(e) => scanned.unreadable.push((file, e.to_string())),
                }
            }
            Ok(scanned)
        };
        let found: Vec<_> = pool()?.install(|| folders.par_iter().map(read).collect());
        let mut scanned = Self::default();
        for one in found {
            scanned.join(one?);
        }
        for pieces in scanned.memory.segments.values_mut() {
            pieces.sort_by_key(|piece| (piece.from_us, piece.to_us));
        }
        Ok(scanned)
    }

    fn join(&mut self, other: Self) {
        let Self { memory, looked_into, unreadable, foreign } = other;
        for (feed, mut pieces) in memory.segments {
            self.memory.segments.entry(feed).or_default().append(&mut pieces);
        }
        self.memory.unfinished.extend(memory.unfinished);
        for alive in memory.alive {
            self.was_at_work(&alive.run, alive.span);
        }
        self.looked_into += looked_into;
        self.unreadable.extend(unreadable);
        self.foreign.extend(foreign);
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
