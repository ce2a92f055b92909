//! Recordings whose pictures carry their number: sixteen squares, light for one and dark for nought.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use pollwall::frame::VideoFrame;
use pollwall::media::mp4::{self, Arrival, Head, MediaClock, Sample};
use pollwall::media::{AccessUnit, Reel};
use pollwall::model::{FeedId, FeedKind, StationId};
use pollwall::replay::footage::{Form, Piece};

pub(crate) const WIDTH: usize = 256;
pub(crate) const HEIGHT: usize = 64;
const SQUARE: usize = 32;

/// The first picture of every recording: 7 February 2024, 08:00 in Baku.
pub(crate) const START: i64 = 1_707_278_400_000_000;

fn plane(number: u16) -> Vec<u8> {
    let mut luma = vec![0; WIDTH * HEIGHT];
    for bit in 0..16 {
        let (x, y) = (bit % 8 * SQUARE, bit / 8 * SQUARE);
        let light = if number >> bit & 1 == 1 { 220 } else { 40 };
        for row in y..y + SQUARE {
            luma[row * WIDTH + x..row * WIDTH + x + SQUARE].fill(light);
        }
    }
    luma
}

/// The number that a picture carries.
pub(crate) fn number(frame: &VideoFrame) -> u16 {
    assert_eq!((frame.width as usize, frame.height as usize), (WIDTH, HEIGHT));
    let (luma, stride) = frame.pixels.plane(0);
    let mut number = 0;
    for bit in 0..16 {
        let (x, y) = (bit % 8 * SQUARE + SQUARE / 2, bit / 8 * SQUARE + SQUARE / 2);
        if luma[y * stride + x] > 128 {
            number |= 1 << bit;
        }
    }
    number
}

/// Has FFmpeg code `count` pictures, numbered from `first` on, ten in a second, a keyframe every
/// twenty; `more` are its options and the file's name with the container's ending.
pub(crate) fn coded(file: &Path, first: u16, count: u16, more: &[&str]) {
    let size = format!("{WIDTH}x{HEIGHT}");
    let mut ffmpeg = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-r", "10"])
        .args(["-s", &size, "-i", "-", "-g", "20", "-qp", "20", "-threads", "1"])
        .args(more)
        .arg(file)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut into = ffmpeg.stdin.take().unwrap();
    for n in first..first + count {
        into.write_all(&plane(n)).unwrap();
        into.write_all(&vec![128; WIDTH * HEIGHT / 2]).unwrap();
    }
    drop(into);
    assert!(ffmpeg.wait().unwrap().success());
}

/// The units of a file of FFmpeg's, in order of decoding.
pub(crate) fn units(file: &Path) -> Vec<AccessUnit> {
    let mut reel = Reel::foreign(file, 0, &Arc::new(AtomicBool::new(false))).unwrap();
    let pts: Vec<i64> = {
        let mut pts = vec![0; reel.units()];
        reel.pictures().iter().for_each(|picture| pts[picture.unit] = picture.pts);
        pts
    };
    (0..reel.units()).map(|n| AccessUnit { pts: pts[n], ..reel.unit(n).unwrap() }).collect()
}

/// Writes units into one of our own files: the n-th arrives `each_us` after the one before. The last
/// `open` fragments are left out and the file is left without its end.
pub(crate) fn segment(
    folder: &Path,
    station: u32,
    from_us: i64,
    units: &[AccessUnit],
    each_us: i64,
) -> Piece {
    let feed = FeedId { station: StationId::new(23, station), kind: FeedKind::Main };
    let first = Arrival { utc_us: from_us, mono_us: 0 };
    let head = Head::new(feed, "run", first);
    let pts: Vec<i64> = units.iter().map(|unit| unit.pts).collect();
    let mut clock = MediaClock::begin(&pts[..pts.len().min(10)], 0);
    let mut bytes = mp4::begin(&units[0].params, &head, &clock, None);
    let mut arrival = from_us;
    for (n, units) in units.chunks(10).enumerate() {
        let samples: Vec<Sample> = units
            .iter()
            .map(|unit| {
                let at = Arrival { utc_us: arrival, mono_us: arrival - from_us };
                arrival += each_us;
                Sample {
                    size: unit.data.len() as u32,
                    is_key: unit.is_key,
                    after_loss: false,
                    pts: unit.pts,
                    arrival: at,
                }
            })
            .collect();
        let data: Vec<u8> = units.iter().flat_map(|unit| unit.data.iter().copied()).collect();
        let pts: Vec<i64> = units.iter().map(|unit| unit.pts).collect();
        let timed = clock.fragment(&pts, None);
        let number = n as u32 + 1;
        bytes.extend(mp4::fragment(number, &samples, &timed, None, crc32(&data)));
        bytes.extend(data);
    }
    let file: PathBuf = folder.join(format!("{station}-{from_us}.mp4"));
    std::fs::write(&file, bytes).unwrap();
    let to_us = arrival;
    Piece { file, form: Form::Own, from_us, to_us, breaks: Vec::new(), unfinished: false }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
