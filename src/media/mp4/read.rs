//! A file read from its two ends, or from fragment to fragment.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use super::boxes::{Bytes, Kind};
use super::papers::{self, Arrival, Head, Tail};
use super::write::{IS_NO_SYNC, SOUND_FLAGS, TRUN_FLAGS};
use super::{SOUND, TRACK, entry};
use crate::media::StreamParams;

/// A box that describes is at most so long; those that we write are a thousandth of it. A tail of a
/// day's file with a break after every picture fits.
const MOST_BOX: u64 = 8 << 20;

/// One read of so many bytes usually brings a whole head or tail.
const END_BYTES: usize = 4096;

/// Pictures in a fragment at most: a second of the fastest camera is a thousandth of it.
const MOST_PICTURES: usize = 1 << 18;

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The disk does not give it.
    #[error("it cannot be read")]
    Io(#[from] io::Error),
    /// It is no recording, or its beginning is damaged.
    #[error("it is no recording of ours, or damaged: {0}")]
    NotOurs(&'static str),
}

/// What a file begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Whose and when.
    pub head: Head,
    /// What a decoder must know.
    pub params: StreamParams,
    /// Where the first fragment begins.
    pub bytes: u64,
}

/// Both ends of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Ends {
    /// Its beginning.
    pub start: Start,
    /// Its end; `None` when it was never closed, or cut off.
    pub tail: Option<Tail>,
    /// How long the file is.
    pub bytes: u64,
}

/// A picture in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Where its bytes begin.
    pub offset: u64,
    /// How many they are.
    pub size: u32,
    /// Decoding can begin here.
    pub is_key: bool,
    /// Something before it was lost on the way.
    pub after_loss: bool,
    /// Presentation time in the stream's own clock, in 1/90000 s.
    pub pts: i64,
    /// When a player shows it, in 1/90000 s of the file's own time.
    pub shown: i64,
    /// When it arrived.
    pub arrival: Arrival,
}

/// A fragment of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Where it begins.
    pub offset: u64,
    /// Its length, headers included.
    pub bytes: u64,
    /// In order of decoding, one at least.
    pub pictures: Vec<Picture>,
}

/// How a walk over a file ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// At its tail.
    Closed(Box<Tail>),
    /// Behind a whole fragment: it was never closed.
    Open,
    /// Behind the last whole fragment something stands that is none.
    Torn(&'static str),
    /// Whoever walked along had seen enough.
    Stopped,
}

/// What a walk has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Walked {
    /// The file's beginning.
    pub start: Start,
    /// Where its last whole fragment ends.
    pub whole: u64,
    /// How long the file is.
    pub bytes: u64,
    /// How it ended.
    pub ending: Ending,
}

/// Reads a file's head and tail only.
///
/// # Errors
/// The disk's, and when it does not begin as a recording does. A missing tail is none.
pub fn read_ends(file: &mut (impl Read + Seek)) -> Result<Ends, ReadError> {
    let bytes = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    let start = read_start(file, bytes)?;
    Ok(Ends { start, tail: read_tail(file, bytes)?, bytes })
}

fn read_tail(file: &mut (impl Read + Seek), bytes: u64) -> Result<Option<Tail>, ReadError> {
    let guess = bytes.min(END_BYTES as u64);
    file.seek(SeekFrom::Start(bytes - guess))?;
    let mut end = read_exactly(file, guess)?;
    let Some(length) = end.last_chunk::<4>().map(|last| u64::from(u32::from_be_bytes(*last)))
    else {
        return Ok(None);
    };
    if length > bytes.min(MOST_BOX) {
        return Ok(None);
    }
    if length > guess {
        file.seek(SeekFrom::Start(bytes - length))?;
        end = read_exactly(file, length)?;
    }
    let tail = end.len().checked_sub(length as usize).map(|at| &end[at..]);
    Ok(tail.and_then(tail_of).filter(|_| length <= bytes))
}

/// The tail out of exactly its box.
fn tail_of(whole: &[u8]) -> Option<Tail> {
    let (kind, mut inside) = Bytes(whole).next_box()?;
    let told = usize::try_from(u32::from_be_bytes(*whole.last_chunk()?)).ok()?;
    (kind == *b"uuid" && told == whole.len()).then_some(())?;
    (inside.take(16)? == papers::TAIL).then_some(())?;
    Tail::read(inside.0)
}

/// `count` is bounded by its callers.
fn read_exactly(file: &mut impl Read, count: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
    if file.take(count).read_to_end(&mut bytes)? as u64 != count {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

/// The beginning, up to the first fragment. The file stands at its first byte.
fn read_start(file: &mut impl Read, bytes: u64) -> Result<Start, ReadError> {
    let mut buffer = read_exactly(file, bytes.min(END_BYTES as u64))?;
    let mut at = 0;
    // Makes so many bytes from `at` on be there.
    let mut need = |buffer: &mut Vec<u8>, at: usize, count: u64| -> Result<(), ReadError> {
        let end = at as u64 + count;
        if count > MOST_BOX || end > bytes {
            return Err(ReadError::NotOurs("a box is longer than the file"));
        }
        let missing = end.saturating_sub(buffer.len() as u64);
        if missing > 0 {
            buffer.extend(read_exactly(file, missing)?);
        }
        Ok(())
    };
    let mut next = |buffer: &mut Vec<u8>, wanted: Kind| -> Result<(usize, usize), ReadError> {
        need(buffer, at, 8)?;
        let mut header = Bytes(&buffer[at..]);
        let size = header.u32().unwrap_or(0);
        if size < 8 || header.take(4) != Some(wanted.as_slice()) {
            return Err(ReadError::NotOurs("it does not begin with ftyp, moov and our head"));
        }
        need(buffer, at, size.into())?;
        let inside = (at + 8, at + size as usize);
        at = inside.1;
        Ok(inside)
    };
    let ftyp = next(&mut buffer, *b"ftyp")?;
    if buffer.get(ftyp.0..ftyp.0 + 4) != Some(b"iso6") {
        return Err(ReadError::NotOurs("its brand is another"));
    }
    let moov = next(&mut buffer, *b"moov")?;
    let params = entry::stream_params(Bytes(&buffer[moov.0..moov.1]));
    let params = params.ok_or(ReadError::NotOurs("moov does not describe its stream"))?;
    let head = next(&mut buffer, *b"uuid")?;
    let json = buffer[head.0..head.1].strip_prefix(&papers::HEAD);
    let head = json.and_then(Head::read).ok_or(ReadError::NotOurs("the head is not readable"))?;
    Ok(Start { head, params, bytes: at as u64 })
}

/// Why a fragment is none; or the disk's error.
enum NoFragment {
    Torn(&'static str),
    Io(io::Error),
}

impl From<io::Error> for NoFragment {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Torn("the file ends inside a fragment"),
            _ => Self::Io(error),
        }
    }
}

/// Walks over all fragments. With `check`, the pictures' bytes are read and held against their
/// checksum; without, they are stepped over.
///
/// # Errors
/// The disk's, and when the file does not begin as a recording does.
pub fn walk(
    file: &mut (impl Read + Seek),
    check: bool,
    mut each: impl FnMut(&Fragment) -> ControlFlow<()>,
) -> Result<Walked, ReadError> {
    let bytes = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    let start = read_start(file, bytes)?;
    let mut whole = start.bytes;
    file.seek(SeekFrom::Start(whole))?;
    let mut walker = Walker { file: BufReader::with_capacity(16 << 10, file), at: whole, bytes };
    let ending = loop {
        if walker.at == bytes {
            break Ending::Open;
        }
        match walker.next(check) {
            Ok(Found::Tail(tail)) if walker.at == bytes => break Ending::Closed(tail),
            Ok(Found::Tail(_)) => break Ending::Torn("something stands behind the tail"),
            Ok(Found::Fragment(fragment)) => {
                whole = walker.at;
                if each(&fragment).is_break() {
                    break Ending::Stopped;
                }
            }
            Err(NoFragment::Torn(what)) => break Ending::Torn(what),
            Err(NoFragment::Io(error)) => return Err(error.into()),
        }
    };
    Ok(Walked { start, whole, bytes, ending })
}

enum Found {
    Fragment(Fragment),
    Tail(Box<Tail>),
}

struct Walker<R> {
    file: BufReader<R>,
    at: u64,
    bytes: u64,
}

/// What a `moof` says of a picture.
struct Run {
    size: u32,
    is_key: bool,
    shown: i64,
}

impl<R: Read + Seek> Walker<R> {
    /// A box's kind and the length of what is in it; the file stands before that.
    fn header(&mut self) -> Result<(Kind, u64), NoFragment> {
        let mut header = [0; 8];
        self.file.read_exact(&mut header)?;
        let [a, b, c, d, kind @ ..] = header;
        let size = u64::from(u32::from_be_bytes([a, b, c, d]));
        let inside = size.checked_sub(8).ok_or(NoFragment::Torn("a box without a length"))?;
        self.at += 8;
        if self.at.saturating_add(inside) > self.bytes {
            return Err(NoFragment::Torn("the file ends inside a fragment"));
        }
        Ok((kind, inside))
    }

    /// What is in a box that describes.
    fn inside(&mut self, count: u64) -> Result<Vec<u8>, NoFragment> {
        if count > MOST_BOX {
            return Err(NoFragment::Torn("a box is far too long"));
        }
        self.at += count;
        Ok(read_exactly(&mut self.file, count)?)
    }

    fn next(&mut self, check: bool) -> Result<Found, NoFragment> {
        let offset = self.at;
        let (mut kind, mut count) = self.header()?;
        if kind == *b"prft" {
            self.inside(count)?;
            (kind, count) = self.header()?;
        }
        if kind != *b"uuid" {
            return Err(NoFragment::Torn("no arrivals where they belong"));
        }
        let paper = self.inside(count)?;
        let (id, rest) = paper.split_at_checked(16).unwrap_or_default();
        if id == papers::TAIL {
            let told = rest.last_chunk().map(|last| u64::from(u32::from_be_bytes(*last)));
            let tail = Tail::read(rest).filter(|_| told == Some(count + 8));
            let tail = tail.ok_or(NoFragment::Torn("the tail is not readable"))?;
            return Ok(Found::Tail(Box::new(tail)));
        }
        let noted = papers::read_arrivals(Bytes(rest)).filter(|_| id == papers::ARRIVALS);
        let (crc32, noted) = noted.ok_or(NoFragment::Torn("the arrivals are not readable"))?;
        let moof_at = self.at;
        let (kind, count) = self.header()?;
        let moof = self.inside(count)?;
        let told = if kind == *b"moof" { read_moof(Bytes(&moof), count + 16) } else { None };
        let (runs, sound) = told.ok_or(NoFragment::Torn("moof is not as we write it"))?;
        if runs.len() != noted.len() || moof_at + count + 8 != self.at {
            return Err(NoFragment::Torn("moof and arrivals disagree"));
        }
        let (kind, count) = self.header()?;
        let pictures: u64 = runs.iter().map(|run| u64::from(run.size)).sum();
        if kind != *b"mdat" || pictures.checked_add(sound) != Some(count) {
            return Err(NoFragment::Torn("mdat is not what moof says"));
        }
        let mut place = self.at;
        let pictures = runs.iter().zip(noted).map(|(run, noted)| {
            let offset = place;
            place += u64::from(run.size);
            Picture {
                offset,
                size: run.size,
                is_key: run.is_key,
                after_loss: noted.after_loss,
                pts: noted.pts,
                shown: run.shown,
                arrival: noted.arrival,
            }
        });
        let pictures = pictures.collect();
        self.step_over(count, check.then_some(crc32))?;
        Ok(Found::Fragment(Fragment { offset, bytes: self.at - offset, pictures }))
    }

    /// Steps over the pictures' bytes, or reads them and compares.
    fn step_over(&mut self, count: u64, crc32: Option<u32>) -> Result<(), NoFragment> {
        self.at += count;
        let Some(crc32) = crc32 else {
            // Inside the file, by `header`.
            let step = i64::try_from(count).map_err(|_| NoFragment::Torn("mdat has no end"))?;
            return Ok(self.file.seek_relative(step)?);
        };
        let mut hasher = crc32fast::Hasher::new();
        let mut left = count;
        let mut piece = vec![0; 64 << 10];
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
            self.file.read_exact(&mut piece[..most])?;
            hasher.update(&piece[..most]);
            left -= most as u64;
        }
        if hasher.finalize() == crc32 { Ok(()) } else { Err(NoFragment::Torn("damaged bytes")) }
    }
}

/// The pictures of a `moof` as we write it, and the bytes of the sound behind them; `None` for any
/// other. `data`: from the `moof` to the pictures' bytes.
fn read_moof(mut moof: Bytes<'_>, data: u64) -> Option<(Vec<Run>, u64)> {
    let mut next_traf = || loop {
        match moof.next_box() {
            Some((kind, inside)) if kind == *b"traf" => break Some(inside),
            Some(_) => {}
            None => break None,
        }
    };
    let traf = next_traf()?;
    let mut tfhd = traf.find(*b"tfhd")?;
    (tfhd.u32()? == 0x2_0000 && tfhd.u32()? == TRACK).then_some(())?;
    let mut tfdt = traf.find(*b"tfdt")?;
    (tfdt.u32()? == 1 << 24).then_some(())?;
    let mut decode = i64::try_from(tfdt.u64()?).ok()?;
    let mut trun = traf.find(*b"trun")?;
    (trun.u32()? == 1 << 24 | TRUN_FLAGS).then_some(())?;
    let count = usize::try_from(trun.u32()?).ok()?;
    (u64::from(trun.u32()?) == data).then_some(())?;
    let fits = trun.0.len() == count.checked_mul(16)?;
    ((1..=MOST_PICTURES).contains(&count) && fits).then_some(())?;
    let mut runs = Vec::with_capacity(count);
    for _ in 0..count {
        let duration = trun.u32()?;
        let (size, flags, offset) = (trun.u32()?, trun.u32()?, trun.i32()?);
        let shown = decode.checked_add(offset.into())?;
        runs.push(Run { size, is_key: flags & IS_NO_SYNC == 0, shown });
        decode = decode.checked_add(duration.into())?;
    }
    let pictures: u64 = runs.iter().map(|run| u64::from(run.size)).sum();
    let sound = match next_traf() {
        Some(traf) => read_sound(traf, data.checked_add(pictures)?)?,
        None => 0,
    };
    Some((runs, sound))
}

/// The bytes of the sound that its `traf` tells of. `data`: from the `moof` to the first of them.
fn read_sound(traf: Bytes<'_>, data: u64) -> Option<u64> {
    let mut tfhd = traf.find(*b"tfhd")?;
    (tfhd.u32()? == 0x2_0000 && tfhd.u32()? == SOUND).then_some(())?;
    let mut trun = traf.find(*b"trun")?;
    (trun.u32()? == SOUND_FLAGS).then_some(())?;
    let count = usize::try_from(trun.u32()?).ok()?;
    (u64::from(trun.u32()?) == data).then_some(())?;
    let fits = trun.0.len() == count.checked_mul(8)?;
    ((1..=MOST_PICTURES).contains(&count) && fits).then_some(())?;
    let mut bytes = 0u64;
    for _ in 0..count {
        trun.u32()?;
        bytes = bytes.checked_add(trun.u32()?.into())?;
    }
    Some(bytes)
}
