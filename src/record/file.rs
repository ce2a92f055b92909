//! A segment's file while it is written: whole fragments, its hash so far, and at last its tail.

use std::fs::File;
use std::io::{self, IoSlice, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};

use super::segment::{Break, Ended, Segment, SegmentPath, Stamp};
use crate::media::AccessUnit;
use crate::media::mp4::{self, Arrival, Head, SoundRun, Tail};
use crate::media::sound::SoundUnit;

impl From<Stamp> for Arrival {
    fn from(Stamp { utc_us, mono_us }: Stamp) -> Self {
        Self { utc_us, mono_us }
    }
}

impl From<Arrival> for Stamp {
    fn from(Arrival { utc_us, mono_us }: Arrival) -> Self {
        Self { utc_us, mono_us }
    }
}

/// What is counted of a segment from picture to picture; in the writer, and again when it is read.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    pub(super) first: Stamp,
    pub(super) last: Stamp,
    pub(super) first_pts: i64,
    pub(super) last_pts: i64,
    pub(super) frames: u64,
    pub(super) fragments: u64,
    pub(super) breaks: Vec<Break>,
}

impl Sum {
    /// Of a segment with one picture.
    pub(super) fn of_first(at: Stamp, pts: i64) -> Self {
        Self {
            first: at,
            last: at,
            first_pts: pts,
            last_pts: pts,
            frames: 1,
            fragments: 0,
            breaks: Vec::new(),
        }
    }

    /// One more picture.
    pub(super) fn add(&mut self, at: Stamp, pts: i64) {
        let passed = at.utc_us.saturating_sub(self.last.utc_us);
        if passed > super::BREAK_FROM.as_micros() as i64 {
            self.breaks.push(Break { from_utc_us: self.last.utc_us, to_utc_us: at.utc_us });
        }
        (self.last, self.last_pts) = (at, pts);
        self.frames += 1;
    }

    /// The tail that says so.
    fn tail(&self, ended: Ended, sha256_before: [u8; 32]) -> Tail {
        Tail {
            form: 1,
            first: self.first.into(),
            last: self.last.into(),
            first_pts: self.first_pts,
            last_pts: self.last_pts,
            frames: self.frames,
            fragments: self.fragments,
            breaks: self.breaks.iter().map(|b| (b.from_utc_us, b.to_utc_us)).collect(),
            ended: ended.code().to_owned(),
            sha256_before: sha256_before.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// What a file says of itself by head and tail, put together; `None` where they contradict its name.
pub(super) fn segment(
    path: &SegmentPath,
    head: Head,
    tail: Tail,
    bytes: u64,
    sha256: [u8; 32],
) -> Option<Segment> {
    if head.feed != path.feed() || tail.first != head.first {
        return None;
    }
    let breaks = tail.breaks.into_iter();
    Some(Segment {
        feed: head.feed,
        path: path.clone(),
        run: head.run,
        first: tail.first.into(),
        last: tail.last.into(),
        first_pts: tail.first_pts,
        last_pts: tail.last_pts,
        frames: tail.frames,
        bytes,
        sha256,
        breaks: breaks.map(|(from_utc_us, to_utc_us)| Break { from_utc_us, to_utc_us }).collect(),
        camera_clock_us: head.camera_clock_us,
        clock_ahead_us: head.clock_ahead_us,
        clock_synchronised: head.clock_synchronised,
        ended: Ended::of(&tail.ended)?,
    })
}

/// An open file that ends with a whole fragment.
pub(super) struct SegmentFile {
    pub(super) path: SegmentPath,
    pub(super) head: Head,
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl SegmentFile {
    /// A file that is still empty.
    pub(super) fn new(path: SegmentPath, head: Head, file: File) -> Self {
        Self { path, head, file, hash: Sha256::new(), bytes: 0 }
    }

    /// One that ends at `bytes`, whose hash up to there is `hash`; written from there.
    pub(super) fn go_on(
        path: SegmentPath,
        head: Head,
        mut file: File,
        hash: Sha256,
        bytes: u64,
    ) -> io::Result<Self> {
        file.set_len(bytes)?;
        file.seek(SeekFrom::Start(bytes))?;
        Ok(Self { path, head, file, hash, bytes })
    }

    /// Its length.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Appends a header, the pictures' bytes and those of the sound: all, or nothing as far as the disk
    /// lets us take a part back.
    pub(super) fn append(
        &mut self,
        header: &[u8],
        units: &[AccessUnit],
        sound: &[SoundUnit],
    ) -> io::Result<u64> {
        let data = || {
            let pictures = units.iter().map(|unit| &*unit.data);
            pictures.chain(sound.iter().map(|unit| &*unit.data))
        };
        let mut slices: Vec<IoSlice<'_>> =
            std::iter::once(header).chain(data()).map(IoSlice::new).collect();
        let bytes: u64 = slices.iter().map(|slice| slice.len() as u64).sum();
        if let Err(error) = write_all_vectored(&mut self.file, &mut slices) {
            let _ = self.file.set_len(self.bytes);
            let _ = self.file.seek(SeekFrom::Start(self.bytes));
            return Err(error);
        }
        self.hash.update(header);
        for piece in data() {
            self.hash.update(piece);
        }
        self.bytes += bytes;
        Ok(bytes)
    }

    /// Appends the tail.
    pub(super) fn finish(
        mut self,
        sum: &Sum,
        ended: Ended,
    ) -> Result<Segment, (SegmentPath, io::Error)> {
        let tail = sum.tail(ended, self.hash.clone().finalize().into());
        let bytes = tail.to_box();
        if let Err(error) = self.append(&bytes, &[], &[]) {
            return Err((self.path, error));
        }
        let (bytes, sha256) = (self.bytes, self.hash.finalize().into());
        let path = self.path.clone();
        segment(&path, self.head, tail, bytes, sha256)
            .ok_or_else(|| (path, io::Error::other("head and tail contradict each other")))
    }
}

/// The standard library's own is not stable.
fn write_all_vectored(file: &mut File, mut slices: &mut [IoSlice<'_>]) -> io::Result<()> {
    IoSlice::advance_slices(&mut slices, 0);
    while !slices.is_empty() {
        match file.write_vectored(slices) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut slices, written),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// The pictures of a fragment.
pub(super) struct Pictures<'a> {
    pub(super) units: &'a [AccessUnit],
    pub(super) stamps: &'a [Stamp],
    pub(super) timed: &'a [mp4::Timed],
}

/// A header for units that follow it, and for the sound behind them.
pub(super) fn header(
    number: u64,
    pictures: &Pictures<'_>,
    heard: &[SoundUnit],
    sound: Option<&SoundRun>,
) -> Vec<u8> {
    let mut crc = crc32fast::Hasher::new();
    let samples: Vec<mp4::Sample> = pictures
        .units
        .iter()
        .zip(pictures.stamps)
        .map(|(unit, stamp)| {
            crc.update(&unit.data);
            mp4::Sample {
                // The queue takes nothing that is larger than its budget.
                size: u32::try_from(unit.data.len()).unwrap_or(u32::MAX),
                is_key: unit.is_key,
                after_loss: unit.after_loss,
                pts: unit.pts,
                arrival: (*stamp).into(),
            }
        })
        .collect();
    heard.iter().for_each(|unit| crc.update(&unit.data));
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    mp4::fragment(number, &samples, pictures.timed, sound, crc.finalize())
}
