//! What there is to be seen: the files of each feed, from when to when.
//!
//! From our own catalogue it is known at once ([`Footage::of_catalogue`]); from a folder of files it is
//! found little by little ([`Opening`](super::opening::Opening)). Nothing is decoded here, and no file of the
//! catalogue is opened but those that are still being written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::WallTime;
use crate::media::mp4::{self, ReadError};
use crate::model::{FeedId, FeedKind, StationId};
use crate::record::index::{IndexError, Lying, Reader};
use crate::record::ledger::{self, Memory, Span};
use crate::record::{BREAK_FROM, Break};

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Ours (docs/format-segment.md): when each picture arrived stands in it.
    Own,
    /// Anybody's, through FFmpeg.
    Foreign,
}

/// One file of one feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it is.
    pub file: PathBuf,
    /// How it is read.
    pub form: Form,
    /// Its first picture, in microseconds of UTC; of a foreign file by its name, or as it was given
    /// by hand.
    pub from_us: i64,
    /// Where its last picture ends, as far as that is known.
    pub to_us: i64,
    /// Times without a picture inside it, in order.
    pub breaks: Vec<Break>,
    /// It is still being written, or its program died.
    pub unfinished: bool,
}

impl Piece {
    /// Looks how far an unfinished file has come; others stay as they are.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn follow(&mut self) -> Result<(), ReadError> {
        if self.unfinished && self.form == Form::Own {
            let seen = Seen::of(&self.file)?;
            self.breaks = seen.breaks;
            self.to_us = seen.end_us.max(self.from_us);
        }
        Ok(())
    }
}

/// What of an unfinished file is there.
struct Seen {
    end_us: i64,
    breaks: Vec<Break>,
}

impl Seen {
    fn of(file: &Path) -> Result<Self, ReadError> {
        let (mut first_us, mut last_us, mut pictures) = (None, i64::MIN, 0);
        let mut breaks = Vec::new();
        let break_us = i64::try_from(BREAK_FROM.as_micros()).unwrap_or(i64::MAX);
        mp4::walk(&mut File::open(file)?, false, |fragment| {
            for picture in &fragment.pictures {
                let at_us = picture.arrival.utc_us;
                if first_us.is_some() && at_us.saturating_sub(last_us) > break_us {
                    breaks.push(Break { from_utc_us: last_us, to_utc_us: at_us });
                }
                first_us = first_us.or(Some(at_us));
                last_us = last_us.max(at_us);
                pictures += 1;
            }
            ControlFlow::Continue(())
        })?;
        let first_us = first_us.unwrap_or(i64::MIN);
        Ok(Self { end_us: end_us(first_us, last_us, pictures), breaks })
    }
}

/// Where the last of so many pictures ends: it stays for as long as they stay on the average.
pub(super) fn end_us(first_us: i64, last_us: i64, pictures: u64) -> i64 {
    let distances = i64::try_from(pictures.saturating_sub(1)).unwrap_or(i64::MAX);
    let longest_us = i64::try_from(BREAK_FROM.as_micros()).unwrap_or(i64::MAX);
    let one_us = last_us.saturating_sub(first_us).checked_div(distances).unwrap_or(0);
    last_us.saturating_add(one_us.clamp(0, longest_us))
}

/// Everything that was found, ordered.
#[derive(Clone, Debug, Default)]
pub struct Footage {
    /// The files of each feed by time. They do not overlap but where somebody's recorder made them so.
    pub feeds: BTreeMap<FeedId, Arc<[Piece]>>,
    /// What cameras were called whose stations have other numbers: by station.
    pub names: BTreeMap<StationId, String>,
    /// The stations among them whose numbers are made up.
    pub made_up: BTreeSet<StationId>,
    /// Files that ought to hold pictures and could not be read, and why.
    pub unreadable: Vec<(PathBuf, String)>,
    /// Files whose names say neither whose they are nor when they began.
    pub foreign: Vec<PathBuf>,
}

impl Footage {
    /// What the catalogue knows of the feeds that are `wanted` within `span`, those that are still
    /// being written included: these end where they begin, until somebody [follows](Self::follow)
    /// them.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn of_catalogue(
        reader: &Reader,
        span: Span,
        wanted: impl Fn(FeedId) -> bool,
    ) -> Result<Self, IndexError> {
        let mut feeds: BTreeMap<FeedId, Vec<Piece>> = BTreeMap::new();
        let moments = (WallTime::from_micros(span.from_us), WallTime::from_micros(span.to_us));
        reader.at_one_moment(|| {
            reader.lying(&wanted, moments, |feed, lying| {
                if !lying.is_empty() {
                    feeds.insert(feed, closed(lying));
                }
            })?;
            for (volume, opened) in reader.opened()? {
                let (feed, from_us) = (opened.path.feed(), opened.first.utc_us);
                if wanted(feed) && from_us <= span.to_us {
                    feeds.entry(feed).or_default().push(Piece {
                        file: volume.join(opened.path.to_string()),
                        form: Form::Own,
                        from_us,
                        to_us: from_us,
                        breaks: Vec::new(),
                        unfinished: true,
                    });
                }
            }
            Ok::<_, IndexError>(())
        })?;
        Ok(Self { feeds: ordered(feeds), ..Self::default() })
    }

    /// The stations of which there is anything, by district and number.
    pub fn stations(&self) -> impl Iterator<Item = StationId> {
        let mut last = None;
        self.feeds.keys().map(|feed| feed.station).filter(move |station| {
            let is_new = last != Some(*station);
            last = Some(*station);
            is_new
        })
    }

    /// The files of a feed by time.
    pub fn pieces(&self, feed: FeedId) -> &[Piece] {
        self.feeds.get(&feed).map(AsRef::as_ref).unwrap_or_default()
    }

    /// The feed to be shown of a station: the main one where there is anything of it, else the sub
    /// one.
    pub fn feed_of(&self, station: StationId) -> Option<FeedId> {
        let feeds = [FeedKind::Main, FeedKind::Sub].map(|kind| FeedId { station, kind });
        feeds.into_iter().find(|feed| !self.pieces(*feed).is_empty())
    }

    /// From the first picture to the end of the last one; `None` where there is none.
    pub fn span(&self) -> Option<Span> {
        let all = || self.feeds.values().flat_map(|pieces| pieces.iter());
        let from_us = all().map(|piece| piece.from_us).min()?;
        Some(Span::new(from_us, all().map(|piece| piece.to_us).max()?))
    }

    /// Looks how far the unfinished files of a feed have come.
    ///
    /// # Errors
    /// One cannot be read; the others are known.
    pub fn follow(&mut self, feed: FeedId) -> Result<(), ReadError> {
        let Some(pieces) = self.feeds.get_mut(&feed) else { return Ok(()) };
        if !pieces.iter().any(|piece| piece.unfinished) {
            return Ok(());
        }
        let mut followed = pieces.to_vec();
        let mut result = Ok(());
        for piece in &mut followed {
            if let Err(e) = piece.follow() {
                result = Err(e);
            }
        }
        *pieces = followed.into();
        result
    }

    /// What the ledger is made of where there is neither catalogue nor journal: what is there is
    /// recorded, and no word is known of the rest.
    pub fn to_memory(&self) -> Memory {
        let piece = |piece: &Piece| ledger::Piece {
            from_us: piece.from_us,
            to_us: piece.to_us,
            breaks: piece.breaks.clone(),
            ..ledger::Piece::default()
        };
        let segments =
            self.feeds.iter().map(|(feed, pieces)| (*feed, pieces.iter().map(piece).collect()));
        Memory { segments: segments.collect(), ..Memory::default() }
    }
}

fn closed(lying: Vec<Lying>) -> Vec<Piece> {
    let piece = |Lying { file, first_us, last_us, frames, breaks }| Piece {
        file,
        form: Form::Own,
        from_us: first_us,
        to_us: end_us(first_us, last_us, frames),
        breaks,
        unfinished: false,
    };
    lying.into_iter().map(piece).collect()
}

fn ordered(feeds: BTreeMap<FeedId, Vec<Piece>>) -> BTreeMap<FeedId, Arc<[Piece]>> {
    feeds.into_iter().map(|(feed, pieces)| (feed, in_order(pieces))).collect()
}

/// By time; and a picture stays no longer than the next one needs.
pub(super) fn in_order(mut pieces: Vec<Piece>) -> Arc<[Piece]> {
    let most_us = i64::try_from(BREAK_FROM.as_micros()).unwrap_or(i64::MAX);
    pieces.sort_by_key(|piece| (piece.from_us, piece.to_us));
    for at in 1..pieces.len() {
        let (before, after) = pieces.split_at_mut(at);
        let (Some(last), Some(next)) = (before.last_mut(), after.first()) else { continue };
        // What overlaps by more is two recordings of one time, and stays so.
        if last.to_us.saturating_sub(next.from_us) <= most_us {
            last.to_us = last.to_us.min(next.from_us).max(last.from_us);
        }
    }
    pieces.into()
}

#[cfg(test)]
mod tests;
