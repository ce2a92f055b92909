//! A recorded file that can be gone through in any order: what pictures there are, when each stands,
//! and the units that lead to one of them.
//!
//! Our own files are read without FFmpeg; others are read once from end to end to know their
//! pictures, and sought in afterwards. Nothing is decoded here. Called by `replay`.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::input::{Address, Coded, Input, InputError};
use super::mp4::{self, ReadError};
use super::unit::{AccessUnit, StreamParams};
use crate::clock::{Mono, WallTime};

/// Pictures in one file at most: a day of sixty a second.
const MOST_PICTURES: usize = 86_400 * 60;

/// A unit in one of our files is at most so long; a camera's largest keyframe is a tenth of it.
const MOST_UNIT: u32 = 64 << 20;

/// After seeking, so many units at most are read until the wanted one is there.
const MOST_SKIPPED: usize = 4096;

/// Why a file gives no pictures.
#[derive(Debug, thiserror::Error)]
pub enum ReelError {
    /// It is to be one of ours, and is not, or the disk does not give it.
    #[error(transparent)]
    Own(#[from] ReadError),
    /// FFmpeg does not read it.
    #[error(transparent)]
    Foreign(#[from] InputError),
    /// There is no picture in it that can be decoded by itself.
    #[error("there is no keyframe in it")]
    NoKeyframe,
    /// It has changed since it was opened.
    #[error("the file has changed while it was being read")]
    Changed,
}

impl ReelError {
    /// Always a warning: one file of many is missing from what can be seen.
    pub const fn severity(&self) -> log::Level {
        log::Level::Warn
    }

    /// Whether the same file may be readable later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Own(ReadError::Io(_)) | Self::Changed => true,
            Self::Own(ReadError::NotOurs(_)) | Self::NoKeyframe => false,
            Self::Foreign(error) => error.is_retryable(),
        }
    }
}

/// A picture of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReelPicture {
    /// When it is to be seen, in microseconds of UTC.
    pub utc_us: i64,
    /// Its number in order of decoding.
    pub unit: usize,
    /// Decoding can begin at it.
    pub is_key: bool,
    /// Its presentation time in the stream's own clock, in 1/90000 s.
    pub pts: i64,
}

/// What is known of a unit.
#[derive(Clone, Copy)]
struct Stored {
    is_key: bool,
    after_loss: bool,
    pts: i64,
    /// When a player shows it, in 1/90000 s of the file's own time.
    shown: i64,
    place: Place,
}

#[derive(Clone, Copy)]
enum Place {
    /// Where its bytes are.
    Own {
        offset: u64,
        size: u32,
    },
    Foreign {
        dts: i64,
    },
}

enum Source {
    Own {
        file: File,
        params: Arc<StreamParams>,
    },
    /// `next`: the unit that it gives next.
    Foreign {
        input: Movable,
        next: usize,
    },
}

/// An input that goes from thread to thread.
struct Movable(Box<Input>);

// SAFETY: a format context is plain memory of libavformat without thread affinity, reached through
// `&mut` only. Of what our callbacks hold, the rule is `Send`, the flags are shared atomics, and the
// closure that is told of the connection is the empty one of `open` below.
#[expect(unsafe_code, reason = "raw pointers are not marked as movable")]
unsafe impl Send for Movable {}

/// A file that is open for replay.
pub struct Reel {
    source: Source,
    units: Vec<Stored>,
    /// In the order in which they are seen.
    pictures: Arc<[ReelPicture]>,
    bytes: u64,
}

impl Reel {
    /// Opens one of our own files (`docs/format-segment.md`), also one that is still being written:
    /// what is whole of it is there.
    ///
    /// # Errors
    /// The disk's, and when it is no recording of ours or has no picture yet.
    pub fn own(path: &Path) -> Result<Self, ReelError> {
        let mut file = File::open(path).map_err(ReadError::from)?;
        let mut units = Vec::new();
        let mut arrivals = Vec::new();
        let walked = mp4::walk(&mut file, false, |fragment| {
            for picture in &fragment.pictures {
                arrivals.push(picture.arrival.utc_us);
                units.push(Stored {
                    is_key: picture.is_key,
                    after_loss: picture.after_loss,
                    pts: picture.pts,
                    shown: picture.shown,
                    place: Place::Own { offset: picture.offset, size: picture.size },
                });
            }
            if units.len() > MOST_PICTURES {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })?;
        let params = Arc::new(walked.start.params);
        let pictures = in_order(&units, arrivals)?;
        Ok(Self { source: Source::Own { file, params }, units, pictures, bytes: walked.bytes })
    }

    /// Opens somebody else's file, whose first picture is of `start_us`, microseconds of UTC. Reads it
    /// from end to end, until `cancel`.
    ///
    /// # Errors
    /// FFmpeg's, in our words, and when no picture is in it.
    pub fn foreign(
        path: &Path,
        start_us: i64,
        cancel: &Arc<AtomicBool>,
    ) -> Result<Self, ReelError> {
        let bytes = std::fs::metadata(path).map_err(InputError::System)?.len();
        let mut input = open(path, cancel)?;
        let mut units = Vec::new();
        loop {
            match input.picture() {
                Ok(Some(coded)) => units.push(stored(&coded, units.last())),
                Ok(None) => {}
                Err(InputError::Ended) => break,
                // A file that was cut off ends so.
                Err(InputError::Broken | InputError::Malformed) if !units.is_empty() => break,
                Err(error) => return Err(error.into()),
            }
            if units.len() > MOST_PICTURES {
                break;
            }
        }
        let first = units.iter().map(|unit| unit.shown).min().unwrap_or(0);
        let at = |shown: i64| {
            start_us.saturating_add(shown.saturating_sub(first).saturating_mul(100) / 9)
        };
        let times = units.iter().map(|unit| at(unit.shown)).collect();
        let pictures = in_order(&units, times)?;
        let next = units.len();
        Ok(Self {
            source: Source::Foreign { input: Movable(Box::new(input)), next },
            units,
            pictures,
            bytes,
        })
    }

    /// Its pictures in the order in which they are seen; one at least.
    pub fn pictures(&self) -> &Arc<[ReelPicture]> {
        &self.pictures
    }

    /// How long the file was when it was opened.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many units there are.
    pub fn units(&self) -> usize {
        self.units.len()
    }

    /// The unit to begin with so that the picture of `unit` comes out whole: the last keyframe that is
    /// decoded *and* seen no later. `None` where there is none.
    pub fn entry(&self, unit: usize) -> Option<usize> {
        let wanted = self.units.get(unit)?;
        let before = self.units[..=unit].iter().enumerate().rev();
        before.filter(|(_, one)| one.is_key && one.shown <= wanted.shown).map(|(at, _)| at).next()
    }

    /// A unit, for decoding. Its presentation time is its number, which no two have in common.
    ///
    /// # Errors
    /// The disk's or FFmpeg's, and when the file is not any more what it was.
    pub fn unit(&mut self, at: usize) -> Result<AccessUnit, ReelError> {
        let Some(stored) = self.units.get(at).copied() else { return Err(ReelError::Changed) };
        let (params, data): (_, Arc<[u8]>) = match (&mut self.source, stored.place) {
            (Source::Own { file, params }, Place::Own { offset, size }) => {
                if size > MOST_UNIT {
                    return Err(ReelError::Changed);
                }
                let mut data = vec![0; size as usize];
                file.read_exact_at(&mut data, offset).map_err(|error| match error.kind() {
                    io::ErrorKind::UnexpectedEof => ReelError::Changed,
                    _ => ReadError::Io(error).into(),
                })?;
                (Arc::clone(params), data.into())
            }
            (Source::Foreign { input, next }, _) => {
                let coded = seek_to(&mut input.0, next, &self.units, at)?;
                (coded.params, coded.data.into())
            }
            (Source::Own { .. }, Place::Foreign { .. }) => return Err(ReelError::Changed),
        };
        Ok(AccessUnit {
            params,
            data,
            is_key: stored.is_key,
            after_loss: stored.after_loss,
            pts: i64::try_from(at).unwrap_or(i64::MAX),
            arrived_at: Mono::default(),
            taken_at: WallTime::default(),
        })
    }

    /// What its decoder must know; of our own files only.
    pub fn params(&self) -> Option<Arc<StreamParams>> {
        match &self.source {
            Source::Own { params, .. } => Some(Arc::clone(params)),
            Source::Foreign { .. } => None,
        }
    }

    /// The parameters that the next unit comes with, to be put in place of equal ones: a codec that
    /// goes on with the same stream need not be opened anew. Of our own files only.
    pub fn share_params(&mut self, with: &Arc<StreamParams>) {
        if let Source::Own { params, .. } = &mut self.source
            && params.as_ref() == with.as_ref()
        {
            *params = Arc::clone(with);
        }
    }
}

fn open(path: &Path, cancel: &Arc<AtomicBool>) -> Result<Input, InputError> {
    let path = std::path::absolute(path).map_err(InputError::System)?;
    let url = url::Url::from_file_path(path).map_err(|()| InputError::Malformed)?;
    // A file that leads somewhere else is a playlist, or made up.
    let address = Address { url, login: None, may_reach: Arc::new(|_| false) };
    Input::open(&address, cancel, Box::new(|| {}))
}

fn stored(coded: &Coded, before: Option<&Stored>) -> Stored {
    let guess = before.map_or(0, |before| before.shown.saturating_add(1));
    let shown = coded.pts.or(coded.dts).unwrap_or(guess);
    let dts = coded.dts.or(coded.pts).unwrap_or(guess);
    Stored {
        is_key: coded.is_key,
        after_loss: coded.damaged,
        pts: shown,
        shown,
        place: Place::Foreign { dts },
    }
}

/// Reads on to unit `at`, or seeks where that is behind or beyond the next keyframe.
fn seek_to(
    input: &mut Input,
    next: &mut usize,
    units: &[Stored],
    at: usize,
) -> Result<Coded, ReelError> {
    let dts_of = |unit: usize| match units.get(unit).map(|unit| unit.place) {
        Some(Place::Foreign { dts }) => Some(dts),
        _ => None,
    };
    let wanted = dts_of(at).ok_or(ReelError::Changed)?;
    if *next != at {
        input.seek(wanted)?;
        *next = at;
    }
    for _ in 0..MOST_SKIPPED {
        let Some(coded) = input.picture()? else { continue };
        let shown = coded.pts.or(coded.dts);
        let here = coded.dts.or(coded.pts);
        if shown == Some(units[at].shown) && here == Some(wanted) {
            *next = at + 1;
            return Ok(coded);
        }
        if here.is_some_and(|here| here > wanted) {
            break;
        }
    }
    *next = usize::MAX;
    Err(ReelError::Changed)
}

/// The pictures in the order in which they are seen. The n-th that is seen has the n-th time: what
/// arrived later than it is seen after it had to wait for it.
fn in_order(units: &[Stored], mut times: Vec<i64>) -> Result<Arc<[ReelPicture]>, ReelError> {
    if !units.iter().any(|unit| unit.is_key) {
        return Err(ReelError::NoKeyframe);
    }
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|at| units[*at].shown);
    times.sort_unstable();
    let picture = |(unit, utc_us): (usize, i64)| {
        let stored = &units[unit];
        ReelPicture { utc_us, unit, is_key: stored.is_key, pts: stored.pts }
    };
    Ok(order.into_iter().zip(times).map(picture).collect())
}
