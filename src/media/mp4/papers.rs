//! What the container has no word for: whose the file is, when its pictures arrived, how it ended.
//! In boxes of kind `uuid`, which players step over.

use serde::{Deserialize, Serialize};

use super::boxes::{Boxes, Bytes};
use crate::model::FeedId;

/// `865968e5-14e5-4f99-87f2-dab432f30dca`
pub(super) const HEAD: [u8; 16] = 0x8659_68e5_14e5_4f99_87f2_dab4_32f3_0dca_u128.to_be_bytes();
/// `ff919872-a3dc-4e1c-81e3-43185d9aad84`
pub(super) const ARRIVALS: [u8; 16] = 0xff91_9872_a3dc_4e1c_81e3_4318_5d9a_ad84_u128.to_be_bytes();
/// `1d6fc9c5-db6a-4c2b-b093-ad75ed89e022`
pub(super) const TAIL: [u8; 16] = 0x1d6f_c9c5_db6a_4c2b_b093_ad75_ed89_e022_u128.to_be_bytes();

/// The form that is written, and the newest that is read.
pub(super) const FORM: u32 = 1;

/// A moment on the recording's timeline and on the monotonic clock of the run that wrote it, in
/// microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// Civil time, since 1970, UTC.
    pub utc_us: i64,
    /// As the run's own clock counts.
    pub mono_us: i64,
}

/// What stands at the beginning of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The form of this and of what follows.
    pub form: u32,
    /// The program that wrote it, and its version.
    pub program: String,
    /// Whose pictures.
    pub feed: FeedId,
    /// The run of the program.
    pub run: String,
    /// Arrival of the first picture.
    pub first: Arrival,
    /// The camera's clock minus ours in microseconds, where it told.
    pub camera_clock_us: Option<i64>,
    /// The system's clock minus the timeline in microseconds.
    pub clock_ahead_us: i64,
    /// Whether the system said that its clock is synchronised.
    pub clock_synchronised: Option<bool>,
}

/// What stands at the end of a file that is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tail {
    /// The form of this.
    pub form: u32,
    /// Arrival of the first picture.
    pub first: Arrival,
    /// Arrival of the last one.
    pub last: Arrival,
    /// Presentation time of the first picture in the stream's own clock, in 1/90000 s.
    pub first_pts: i64,
    /// And of the last.
    pub last_pts: i64,
    /// Pictures.
    pub frames: u64,
    /// Fragments.
    pub fragments: u64,
    /// Times longer than a second without a picture: arrival of the last one before and of the first
    /// one after, in microseconds of UTC.
    pub breaks: Vec<(i64, i64)>,
    /// Why it ended, in the catalogue's word.
    pub ended: String,
    /// SHA-256 of every byte before this box, in hexadecimal.
    pub sha256_before: String,
}

fn json_box(id: [u8; 16], json: &impl Serialize, after: impl FnOnce(&mut Boxes, u32)) -> Vec<u8> {
    // Plain structures of numbers and texts: there is nothing in them that JSON cannot say.
    let text = serde_json::to_vec(json).unwrap_or_default();
    let mut b = Boxes::default();
    b.of(*b"uuid", |b| {
        b.bytes(&id).bytes(&text);
        let length = u32::try_from(b.len() + 4).unwrap_or(u32::MAX);
        after(b, length);
    });
    b.done()
}

impl Head {
    /// Its box.
    pub(super) fn to_box(&self) -> Vec<u8> {
        json_box(HEAD, self, |_, _| ())
    }

    pub(super) fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok().filter(|head: &Self| head.form <= FORM)
    }
}

impl Tail {
    /// Its box: the last thing in a file. Its length stands in its last four bytes too.
    pub fn to_box(&self) -> Vec<u8> {
        json_box(TAIL, self, |b, length| {
            b.u32(length);
        })
    }

    /// From the box's content after the identifier.
    pub(super) fn read(inside: &[u8]) -> Option<Self> {
        let json = inside.get(..inside.len().checked_sub(4)?)?;
        serde_json::from_slice(json).ok().filter(|tail: &Self| tail.form <= FORM)
    }
}

/// A picture of a fragment as its arrivals say.
pub(super) struct Noted {
    pub(super) arrival: Arrival,
    pub(super) pts: i64,
    pub(super) after_loss: bool,
}

/// Bytes of a picture in the box of arrivals.
pub(super) const NOTED_BYTES: usize = 28;

/// The bit of a picture before which units were lost on the way.
const AFTER_LOSS: u32 = 1;

/// The box of arrivals.
pub(super) fn arrivals(b: &mut Boxes, crc32: u32, pictures: impl Iterator<Item = Noted>) {
    b.of(*b"uuid", |b| {
        b.bytes(&ARRIVALS).u32(FORM).u32(crc32);
        for Noted { arrival, pts, after_loss } in pictures {
            b.i64(arrival.utc_us).i64(arrival.mono_us).i64(pts);
            b.u32(if after_loss { AFTER_LOSS } else { 0 });
        }
    });
}

/// The checksum of the fragment's bytes, and its pictures; from the box's content after the
/// identifier.
pub(super) fn read_arrivals(mut inside: Bytes<'_>) -> Option<(u32, Vec<Noted>)> {
    if inside.u32()? > FORM {
        return None;
    }
    let crc32 = inside.u32()?;
    if !inside.0.len().is_multiple_of(NOTED_BYTES) {
        return None;
    }
    let mut pictures = Vec::with_capacity(inside.0.len() / NOTED_BYTES);
    while !inside.0.is_empty() {
        let arrival = Arrival { utc_us: inside.i64()?, mono_us: inside.i64()? };
        let pts = inside.i64()?;
        pictures.push(Noted { arrival, pts, after_loss: inside.u32()? & AFTER_LOSS != 0 });
    }
    Some((crc32, pictures))
}
