//! The worker's side of a player: open files and a decoder.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::clock::{Clock, WallTime};
use crate::frame::VideoFrame;
use crate::media::mp4::ReadError;
use crate::media::{Decoder, InputError, Reel, ReelError, ReelPicture};
use crate::record::BREAK_FROM;
use crate::replay::footage::{Form, Piece};
use crate::replay::ring::{Fault, Mode, Shot, Void, Want};

/// A picture stands for so long at most: what is longer is a break (docs/format-segment.md).
pub(super) const STANDS_US: i64 = BREAK_FROM.as_micros() as i64;

/// So many files are kept open.
const OPEN: usize = 3;

/// What is to be done.
pub(super) struct Job<'a> {
    pub(super) pieces: &'a [Piece],
    /// The moment whose picture is missing.
    pub(super) at_us: i64,
    pub(super) want: Want,
    pub(super) budget: usize,
    /// Called when it is known which pictures the open files have, before the first is put.
    pub(super) learn: &'a dyn Fn(Known),
    /// Nobody wants it any more.
    pub(super) stale: &'a dyn Fn() -> bool,
}

/// The pictures of the files that are open.
pub(super) type Known = Vec<(Piece, Arc<[ReelPicture]>)>;

/// What came of it.
pub(super) enum Outcome {
    /// Pictures were put, or it was given up because something else is wanted.
    Done,
    /// There is no picture.
    Void(Void),
    /// Nothing was recorded yet from here on.
    Edge(i64),
}

struct Open {
    piece: Piece,
    reel: Reel,
    /// From a unit to its place among the pictures.
    ranks: Vec<usize>,
}

/// Where the decoder is.
struct Place {
    file: Piece,
    next: usize,
    /// Units that went in and have not come out.
    inside: Vec<usize>,
}

#[derive(Default)]
pub(super) struct Desk {
    /// The one used last at the end.
    open: Vec<Open>,
    decoder: Decoder,
    place: Option<Place>,
    /// Processor time of a unit in microseconds, smoothed.
    unit_us: f64,
    /// Pictures in a second of the newest file.
    rate: f64,
    /// Bytes of the picture that came out last; 0 before the first.
    picture_bytes: usize,
}

impl Desk {
    /// The pictures of the files that are open.
    fn known(&self) -> Known {
        let open = self.open.iter();
        open.map(|open| (open.piece.clone(), Arc::clone(open.reel.pictures()))).collect()
    }

    /// Share of a core that it takes to show this feed at its own pace.
    pub(super) fn load(&self) -> f64 {
        self.unit_us * self.rate / 1e6
    }

    pub(super) fn work(&mut self, job: &Job<'_>, put: &dyn Fn(Shot), clock: &dyn Clock) -> Outcome {
        let after = job.pieces.partition_point(|piece| piece.from_us <= job.at_us);
        let next_us = job.pieces.get(after).map_or(i64::MAX, |next| next.from_us);
        let Some(piece) = after.checked_sub(1).map(|at| &job.pieces[at]) else {
            return void(i64::MIN, next_us);
        };
        // Nothing has to be opened to know that nothing is there.
        let ends = piece.to_us.saturating_add(STANDS_US);
        if !piece.unfinished && job.at_us >= ends {
            return void(ends, next_us);
        }
        if let Err(error) = self.take_out(piece, job.at_us) {
            self.place = None;
            if piece.unfinished && error.is_retryable() {
                return Outcome::Edge(piece.from_us);
            }
            log::warn!("a recording cannot be shown: {}: {error}", piece.file.display());
            let (from_us, to_us) = (piece.from_us, ends.min(next_us));
            return Outcome::Void(Void { from_us, to_us, why: Some(fault(&error)) });
        }
        (job.learn)(self.known());
        let Some(open) = self.open.last() else { return Outcome::Done };
        let pictures = Arc::clone(open.reel.pictures());
        let times = Times { pictures: &pictures, next_us };
        let here = pictures.partition_point(|picture| picture.utc_us <= job.at_us);
        let Some(mut at) = here.checked_sub(1) else {
            return void(piece.from_us, pictures[0].utc_us);
        };
        if here == pictures.len() && piece.unfinished && job.at_us >= times.until(at) {
            return Outcome::Edge(times.until(at));
        }
        if job.want.mode == Mode::Keyframes {
            let Some(key) = (0..here).rev().find(|at| pictures[*at].is_key) else {
                return void(piece.from_us, times.next_key(0));
            };
            at = key;
        }
        let until = times.stands(at, job.want.mode);
        if job.at_us >= until {
            let to_us = match job.want.mode {
                Mode::Exact => times.next(at),
                Mode::Keyframes => times.next_key(at + 1),
            };
            return void(until, to_us);
        }
        self.decode(at, &times, job, put, clock)
    }

    /// Puts the file of `piece` at the end of the open ones.
    fn take_out(&mut self, piece: &Piece, at_us: i64) -> Result<(), ReelError> {
        if let Some(found) = self.open.iter().position(|open| open.piece.file == piece.file) {
            let open = self.open.remove(found);
            // More of it may be there than when it was opened.
            let last = open.reel.pictures().last();
            let beyond = last.is_none_or(|last| at_us.saturating_sub(last.utc_us) >= STANDS_US);
            let grown =
                || std::fs::metadata(&piece.file).is_ok_and(|now| now.len() != open.reel.bytes());
            if open.piece == *piece && !(piece.unfinished && beyond && grown()) {
                self.open.push(open);
                return Ok(());
            }
            self.place.take_if(|place| place.file.file == piece.file);
        }
        let mut reel = match piece.form {
            Form::Own => Reel::own(&piece.file)?,
            Form::Foreign => {
                Reel::foreign(&piece.file, piece.from_us, &Arc::new(AtomicBool::new(false)))?
            }
        };
        if let Some(before) = self.open.last().and_then(|open| open.reel.params()) {
            reel.share_params(&before);
        }
        let pictures = reel.pictures();
        let mut ranks = vec![0; pictures.len()];
        for (rank, picture) in pictures.iter().enumerate() {
            ranks[picture.unit] = rank;
        }
        if let (Some(first), Some(last)) = (pictures.first(), pictures.last()) {
            let seconds = (last.utc_us - first.utc_us) as f64 / 1e6;
            if seconds > 0.5 {
                self.rate = pictures.len() as f64 / seconds;
            }
        }
        if self.open.len() == OPEN {
            self.open.remove(0);
        }
        self.open.push(Open { piece: piece.clone(), reel, ranks });
        Ok(())
    }

    /// Decodes the picture at rank `at` of the file that was taken out last.
    fn decode(
        &mut self,
        at: usize,
        times: &Times<'_>,
        job: &Job<'_>,
        put: &dyn Fn(Shot),
        clock: &dyn Clock,
    ) -> Outcome {
        let room = self.room(job.budget);
        let Some(open) = self.open.last_mut() else { return Outcome::Done };
        let unit = times.pictures[at].unit;
        let Some(entry) = open.reel.entry(unit) else {
            return void(times.pictures[at].utc_us, times.next(at));
        };
        let alone = job.want.mode == Mode::Keyframes;
        let goes_on = self.place.take().filter(|place| {
            let ahead = place.next <= unit && entry <= place.next && !alone;
            place.file.file == open.piece.file
                && (ahead || (!alone && place.inside.contains(&unit)))
        });
        let mut place = goes_on.unwrap_or_else(|| {
            self.decoder.restart(alone);
            Place { file: open.piece.clone(), next: entry, inside: Vec::new() }
        });
        // Towards the past, the pictures that will be wanted next come out before this one.
        let kept = if job.want.reverse { at.saturating_sub(room) } else { at };
        let mut found = None;
        let (mut units, before) = (0u32, clock.thread_time());
        let ended = loop {
            let mut out = Vec::new();
            let mut take = |frame: VideoFrame| out.push(frame);
            let ends = place.next == open.ranks.len() || (alone && place.next > unit);
            let decoded = if ends {
                self.decoder.finish(&mut take)
            } else {
                let next = match open.reel.unit(place.next) {
                    Ok(next) => next,
                    Err(error) => return unread(at, times, &error),
                };
                place.inside.push(place.next);
                place.next += 1;
                units += 1;
                self.decoder.decode(&next, &mut take)
            };
            if let Err(error) = decoded {
                log::debug!("{}: {error}", place.file.file.display());
            }
            for mut frame in out {
                let of = usize::try_from(frame.pts).ok();
                let Some(rank) = of.and_then(|of| open.ranks.get(of)).copied() else { continue };
                // They come out in order: one that was passed over, as what leads up to the keyframe
                // that was begun with, never will.
                place.inside.retain(|inside| open.ranks[*inside] > rank);
                if rank >= at {
                    found.get_or_insert(rank);
                }
                if rank >= kept {
                    let picture = &times.pictures[rank];
                    frame.taken_at = WallTime::from_micros(picture.utc_us);
                    frame.pts = picture.pts;
                    self.picture_bytes = frame.bytes();
                    put(Shot { quick: alone, ..times.shot(rank, Arc::new(frame)) });
                }
            }
            if ends || found.is_some() || (job.stale)() {
                break ends;
            }
        };
        if units > 0 {
            let spent = clock.thread_time().saturating_sub(before).as_secs_f64() * 1e6;
            let each = spent / f64::from(units);
            self.unit_us = if self.unit_us == 0.0 { each } else { self.unit_us * 0.9 + each * 0.1 };
        }
        // What was begun in haste is not gone on with.
        if !ended && !alone {
            self.place = Some(place);
        }
        match found {
            Some(found) if found == at => Outcome::Done,
            None if !ended => Outcome::Done,
            _ => {
                let to_us = found.map(|found| times.pictures[found].utc_us);
                let from_us = times.pictures[at].utc_us;
                let to_us = to_us.unwrap_or(times.next(at)).max(from_us + 1);
                Outcome::Void(Void { from_us, to_us, why: Some(Fault::Undecodable) })
            }
        }
    }

    /// How many pictures before the wanted one are worth keeping.
    fn room(&self, budget: usize) -> usize {
        // Before one is known, as large as a camera's usually is.
        let each = if self.picture_bytes == 0 { 1920 * 1080 * 3 / 2 } else { self.picture_bytes };
        (budget / each * 3 / 4).max(4)
    }
}

fn void(from_us: i64, to_us: i64) -> Outcome {
    Outcome::Void(Void { from_us, to_us, why: None })
}

fn unread(at: usize, times: &Times<'_>, error: &ReelError) -> Outcome {
    let (from_us, to_us) = (times.pictures[at].utc_us, times.next(at));
    Outcome::Void(Void { from_us, to_us: to_us.max(from_us + 1), why: Some(fault(error)) })
}

/// What an error means to whoever looks.
fn fault(error: &ReelError) -> Fault {
    let of = |error: &std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => Fault::Missing,
        _ => Fault::Disk,
    };
    match error {
        ReelError::Own(ReadError::Io(error)) | ReelError::Foreign(InputError::System(error)) => {
            of(error)
        }
        _ => Fault::Damaged,
    }
}

/// When the pictures of a file are seen, and how long each.
struct Times<'a> {
    pictures: &'a [ReelPicture],
    /// The first picture of the next file.
    next_us: i64,
}

impl Times<'_> {
    /// The picture after.
    fn next(&self, at: usize) -> i64 {
        self.pictures.get(at + 1).map_or(self.next_us, |next| next.utc_us)
    }

    /// The first keyframe from `from` on, or the next file.
    fn next_key(&self, from: usize) -> i64 {
        let keys = self.pictures.get(from..).unwrap_or_default();
        keys.iter().find(|picture| picture.is_key).map_or(self.next_us, |key| key.utc_us)
    }

    fn until(&self, at: usize) -> i64 {
        self.next(at).min(self.pictures[at].utc_us.saturating_add(STANDS_US))
    }

    /// A keyframe stands until the next one, or the next break.
    fn key_until(&self, at: usize) -> i64 {
        let mut last = at;
        while self.pictures.get(last + 1).is_some_and(|next| {
            !next.is_key && next.utc_us - self.pictures[last].utc_us <= STANDS_US
        }) {
            last += 1;
        }
        self.until(last)
    }

    fn stands(&self, at: usize, mode: Mode) -> i64 {
        match mode {
            Mode::Exact => self.until(at),
            Mode::Keyframes => self.key_until(at),
        }
    }

    fn shot(&self, at: usize, frame: Arc<VideoFrame>) -> Shot {
        let picture = &self.pictures[at];
        Shot {
            from_us: picture.utc_us,
            until_us: self.until(at),
            key_until_us: picture.is_key.then(|| self.key_until(at)),
            quick: false,
            frame,
        }
    }
}
