//! Made-up segments: files with some bytes, then what they say as JSON, then its length.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::{Found, SegmentReader, Unread};
use crate::clock::WallTime;
use crate::model::{FeedId, FeedKind, StationId};
use crate::record::{Break, Ended, Opened, Segment, SegmentPath, Stamp};

/// The morning of 7 February 2024.
pub(super) const DAY: i64 = 1_707_289_200_000_000;

pub(super) fn feed(district: u16, station: u32) -> FeedId {
    FeedId { station: StationId::new(district, station), kind: FeedKind::Main }
}

/// The `minute`th segment of a feed, without a file.
pub(super) fn segment(feed: FeedId, minute: i64) -> Segment {
    let first = Stamp { utc_us: DAY + minute * 60_000_000, mono_us: minute * 60_000_000 };
    let last = Stamp { utc_us: first.utc_us + 59_960_000, mono_us: first.mono_us + 59_960_000 };
    let lapse = Break { from_utc_us: first.utc_us + 7, to_utc_us: first.utc_us + 1_500_007 };
    Segment {
        feed,
        path: SegmentPath::new(feed, first.wall()),
        run: "run-1".into(),
        first,
        last,
        first_pts: minute * 5_400_000 - 9000,
        last_pts: minute * 5_400_000 + 5_396_400,
        frames: 900,
        bytes: 3_000_000 + minute.unsigned_abs(),
        sha256: [u8::try_from(minute % 251).unwrap(); 32],
        breaks: if minute % 3 == 1 { vec![lapse] } else { Vec::new() },
        camera_clock_us: (minute % 2 == 0).then_some(-12_345),
        clock_ahead_us: minute,
        clock_synchronised: [None, Some(true), Some(false)][usize::try_from(minute % 3).unwrap()],
        ended: Ended::ALL[usize::try_from(minute % 6).unwrap()],
    }
}

/// Writes the file of a segment into a volume; the segment as it is then.
pub(super) fn write(volume: &Path, mut segment: Segment) -> Segment {
    let file = volume.join(segment.path.to_string());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let body = vec![u8::try_from(segment.frames % 256).unwrap(); 4096];
    let says = |bytes| serde_json::to_vec(&Segment { sha256: [0; 32], bytes, ..segment.clone() });
    // A size has four digits here, whatever it is.
    let says = says((body.len() + says(9999).unwrap().len() + 4) as u64).unwrap();
    let length = u32::try_from(says.len()).unwrap().to_be_bytes();
    let content = [&body[..], &says, &length].concat();
    fs::write(&file, &content).unwrap();
    segment.bytes = content.len() as u64;
    segment.sha256 = super::sha256_of(&file).unwrap();
    segment
}

/// Writes the file of a segment that is not finished.
pub(super) fn write_unfinished(volume: &Path, feed: FeedId, first: Stamp) -> Opened {
    let path = SegmentPath::new(feed, WallTime::from_micros(first.utc_us));
    let file = volume.join(path.to_string());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, [0; 5000]).unwrap();
    Opened { path, run: "run-1".into(), first }
}

/// Reads what [`write`] has written.
pub(super) struct Fixtures;

impl SegmentReader for Fixtures {
    fn facts(&self, file: &Path, path: &SegmentPath) -> Result<Found, Unread> {
        let mut file = File::open(file)?;
        let size = file.seek(SeekFrom::End(0))?;
        if size < 8 {
            return Err(Unread::Damaged("too short".into()));
        }
        let mut end = vec![0; usize::try_from(size.min(4096)).unwrap()];
        file.seek(SeekFrom::End(-(end.len() as i64)))?;
        file.read_exact(&mut end)?;
        let (rest, length) = end.split_at(end.len() - 4);
        let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
        if length == 0 {
            let first = Stamp { utc_us: path.first().as_micros(), mono_us: 5 };
            return Ok(Found::Unfinished(Opened {
                path: path.clone(),
                run: "run-1".into(),
                first,
            }));
        }
        let says = rest.len().checked_sub(length).map(|at| &rest[at..]);
        let segment = says.and_then(|says| serde_json::from_slice(says).ok());
        segment.map(Found::Closed).ok_or_else(|| Unread::Damaged("no segment".into()))
    }
}
