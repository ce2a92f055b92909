//! The pieces of a file as they are written.

use super::boxes::Boxes;
use super::papers::{self, Arrival, FORM, Head, Noted};
use super::sound::SoundRun;
use super::times::{MediaClock, Timed};
use super::{SOUND, TRACK, entry};
use crate::media::StreamParams;
use crate::media::sound::SoundParams;
use crate::model::FeedId;

/// A picture on its way into a fragment; its bytes are written behind the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Bytes.
    pub size: u32,
    /// Decoding can begin here.
    pub is_key: bool,
    /// Something before it was lost on the way.
    pub after_loss: bool,
    /// Presentation time in the stream's own clock, in 1/90000 s.
    pub pts: i64,
    /// When it arrived.
    pub arrival: Arrival,
}

/// Decoding can begin here: it leans on no other (ISO/IEC 14496-12, 8.8.3.1).
const KEY: u32 = 0x0200_0000;
/// It leans on others, and is no place to begin.
const NO_KEY: u32 = 0x0101_0000;

/// `prft`: the association of both times is arbitrary but consistent.
const CONSISTENT: u32 = 8;

/// From 1900, where network time begins, to 1970.
const SECONDS_1900_TO_1970: i64 = 2_208_988_800;

/// The file's first bytes, up to its first fragment; `sound`: what is heard beside the pictures.
pub fn begin(
    params: &StreamParams,
    head: &Head,
    clock: &MediaClock,
    sound: Option<&SoundParams>,
) -> Vec<u8> {
    let mut bytes = entry::ftyp_and_moov(params, head.first.utc_us, clock.shift(), sound);
    bytes.extend(head.to_box());
    bytes
}

impl Head {
    /// The head of a file that this program writes now; what is known of clocks is filled in by the
    /// caller.
    pub fn new(feed: FeedId, run: &str, first: Arrival) -> Self {
        Self {
            form: FORM,
            program: concat!("pollwall/", env!("CARGO_PKG_VERSION")).to_owned(),
            feed,
            run: run.to_owned(),
            first,
            camera_clock_us: None,
            clock_ahead_us: 0,
            clock_synchronised: None,
        }
    }
}

/// A fragment's bytes up to where those of its pictures follow, one after the other, and behind them
/// those of its sound. `number` counts from 1; `crc32` is over all that follows.
pub fn fragment(
    number: u32,
    samples: &[Sample],
    timed: &[Timed],
    sound: Option<&SoundRun>,
    crc32: u32,
) -> Vec<u8> {
    let mut b = Boxes::default();
    if let (Some(sample), Some(time)) = (samples.first(), timed.first()) {
        let shown = time.decode.saturating_add_signed(time.offset.into());
        b.full(*b"prft", 1, CONSISTENT, |b| {
            b.u32(TRACK).u64(ntp(sample.arrival.utc_us)).u64(shown);
        });
    }
    let noted = |s: &Sample| Noted { arrival: s.arrival, pts: s.pts, after_loss: s.after_loss };
    papers::arrivals(&mut b, crc32, samples.iter().map(noted));
    let start = b.len();
    let (mut offset_at, mut sound_at) = (0, 0);
    b.of(*b"moof", |b| {
        b.full(*b"mfhd", 0, 0, |b| {
            b.u32(number);
        });
        b.of(*b"traf", |b| {
            // Offsets count from the `moof`.
            b.full(*b"tfhd", 0, 0x2_0000, |b| {
                b.u32(TRACK);
            });
            b.full(*b"tfdt", 1, 0, |b| {
                b.u64(timed.first().map_or(0, |time| time.decode));
            });
            b.full(*b"trun", 1, TRUN_FLAGS, |b| {
                b.u32(u32::try_from(samples.len()).unwrap_or(u32::MAX));
                offset_at = b.len();
                b.u32(0);
                for (sample, time) in samples.iter().zip(timed) {
                    b.u32(time.duration).u32(sample.size);
                    b.u32(if sample.is_key { KEY } else { NO_KEY }).i32(time.offset);
                }
            });
        });
        let Some(sound) = sound else { return };
        b.of(*b"traf", |b| {
            b.full(*b"tfhd", 0, 0x2_0000, |b| {
                b.u32(SOUND);
            });
            b.full(*b"tfdt", 1, 0, |b| {
                b.u64(sound.begins);
            });
            b.full(*b"trun", 0, SOUND_FLAGS, |b| {
                b.u32(u32::try_from(sound.packets.len()).unwrap_or(u32::MAX));
                sound_at = b.len();
                b.u32(0);
                for (bytes, samples) in &sound.packets {
                    b.u32(*samples).u32(*bytes);
                }
            });
        });
    });
    let header = u32::try_from(b.len() - start + 8).unwrap_or(u32::MAX);
    b.put_u32(offset_at, header);
    let pictures = samples.iter().fold(0u32, |sum, sample| sum.saturating_add(sample.size));
    if sound_at > 0 {
        b.put_u32(sound_at, header.saturating_add(pictures));
    }
    let heard = sound.map_or(0, SoundRun::bytes);
    b.u32(pictures.saturating_add(heard).saturating_add(8)).bytes(b"mdat");
    b.done()
}

/// Where the data is, and of each picture duration, size, flags and offset.
pub(super) const TRUN_FLAGS: u32 = 0xf01;

/// Where the data is, and of each packet duration and size.
pub(super) const SOUND_FLAGS: u32 = 0x301;

/// The picture is no place to begin (`sample_is_non_sync_sample`).
pub(super) const IS_NO_SYNC: u32 = 0x1_0000;

/// 32.32 fixed point seconds since 1900, in its present era.
fn ntp(utc_us: i64) -> u64 {
    let seconds = utc_us.div_euclid(1_000_000);
    let fraction = u64::try_from(utc_us.rem_euclid(1_000_000)).unwrap_or(0);
    let seconds = (seconds.wrapping_add(SECONDS_1900_TO_1970) as u64) & 0xffff_ffff;
    (seconds << 32) | ((fraction << 32) / 1_000_000)
}
