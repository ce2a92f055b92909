//! A clip as a file: an elementary stream (H.264 or H.265 annex B) with access unit delimiters.
//!
//! The first access unit carries a message (SEI, user data) that names the clip and a checksum of
//! all NAL units that follow it; a player passes over it. A file that does not hold exactly what
//! the message says is as good as none.

use std::fs;
use std::path::{Path, PathBuf};

use super::make::{Kind, kind};
use super::{Clip, ClipSpec, Unit};
use crate::config::save::{Access, save};
use crate::media::{Codec, split_start_codes};

/// Raised whenever what is drawn or how it is coded changes.
const VERSION: u32 = 2;

/// A file is not looked at beyond this.
const MAX_BYTES: u64 = 256 << 20;

/// The message's name (H.264 D.1.7, `uuid_iso_iec_11578`); without zeros, so that nothing in the
/// message needs an emulation prevention byte.
const UUID: [u8; 16] = *b"\x9d\x5e\x3c\x81PollwallClip";

const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// Where the clip lies in the folder.
pub(super) fn path(spec: &ClipSpec, cache: &Path) -> PathBuf {
    let codec = match spec.format.codec {
        Codec::H265 => "h265",
        _ => "h264",
    };
    cache.join(format!("clip-v{VERSION}-{}.{codec}", name(spec)))
}

fn name(spec: &ClipSpec) -> String {
    let (look, format) = (spec.look.word(), spec.format);
    format!(
        "{:02}-{look}-{}x{}-{}fps-{}bps",
        spec.scene, format.width, format.height, format.frames_per_second, format.bits_per_second
    )
}

/// The clip from the folder, if it is there and whole.
pub(super) fn read(spec: &ClipSpec, cache: &Path) -> Option<Clip> {
    let path = path(spec, cache);
    let length = fs::metadata(&path).ok()?.len();
    let clip = (length <= MAX_BYTES)
        .then(|| fs::read(&path).ok())
        .flatten()
        .and_then(|bytes| parse(spec, &bytes));
    if clip.is_none() {
        log::info!("{} is not what it should be; it is made anew", path.display());
    }
    clip
}

/// Puts the clip into the folder.
pub(super) fn write(clip: &Clip, cache: &Path) {
    let path = path(&clip.spec, cache);
    let saved =
        fs::create_dir_all(cache).and_then(|()| save(&path, &compose(clip), Access::Shared));
    if let Err(e) = saved {
        log::warn!("the clip {} cannot be kept: {e}", path.display());
    }
}

fn compose(clip: &Clip) -> Vec<u8> {
    let codec = clip.spec.format.codec;
    let mut bytes = Vec::new();
    let mut put = |nal: &[u8]| {
        bytes.extend_from_slice(&START_CODE);
        bytes.extend_from_slice(nal);
    };
    for (number, unit) in clip.units.iter().enumerate() {
        put(delimiter(codec));
        if unit.is_key {
            clip.parameter_sets.iter().for_each(|set| put(set));
        }
        if number == 0 {
            put(&message(&clip.spec, checksum(clip)));
        }
        unit.nals.iter().for_each(|nal| put(nal));
    }
    bytes
}

/// Begins every access unit: any kind of slice, or I and P (H.264 table 7-5, H.265 table 7-2).
const fn delimiter(codec: Codec) -> &'static [u8] {
    match codec {
        Codec::H265 => &[0x46, 0x01, 0x30],
        _ => &[0x09, 0x30],
    }
}

/// A message of the kind "user data, unregistered".
fn message(spec: &ClipSpec, checksum: u64) -> Vec<u8> {
    let words = format!("pollwall clip v{VERSION} {} sum {checksum:016x}", name(spec));
    let mut nal = match spec.format.codec {
        Codec::H265 => vec![39 << 1, 0x01],
        _ => vec![0x06],
    };
    // Type 5; the words are far shorter than the 255 that one byte of size can say.
    let size = u8::try_from(UUID.len() + words.len()).unwrap_or(u8::MAX - 1);
    nal.extend([5, size]);
    nal.extend(UUID);
    nal.extend(words.as_bytes());
    nal.push(0x80);
    nal
}

fn parse(spec: &ClipSpec, bytes: &[u8]) -> Option<Clip> {
    let codec = spec.format.codec;
    let mut clip = Clip { spec: *spec, parameter_sets: Vec::new(), units: Vec::new() };
    let mut told = None;
    for nal in split_start_codes(bytes) {
        if nal == delimiter(codec) {
            clip.units.push(Unit { is_key: false, nals: Vec::new() });
            continue;
        }
        let number = clip.units.len();
        let unit = clip.units.last_mut()?;
        match kind(codec, nal) {
            Kind::Slice => unit.nals.push(nal.into()),
            Kind::ParameterSet => {
                unit.is_key = true;
                if number == 1 {
                    clip.parameter_sets.push(nal.into());
                }
            }
            Kind::Other => told = Some(nal),
        }
    }
    let whole =
        told? == message(spec, checksum(&clip)) && clip.units.len() == spec.units() as usize;
    whole.then_some(clip)
}

/// FNV-1a, 64 bits, over parameter sets and slices with their lengths and the keyframes' marks.
fn checksum(clip: &Clip) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for set in &clip.parameter_sets {
        add(&set.len().to_le_bytes());
        add(set);
    }
    for unit in &clip.units {
        add(&[u8::from(unit.is_key), 0xff]);
        for nal in &unit.nals {
            add(&nal.len().to_le_bytes());
            add(nal);
        }
    }
    sum
}
