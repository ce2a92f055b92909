//! Whatever a container delivers, made into the one form that [`AccessUnit`](super::AccessUnit)
//! has: NAL units behind their length in four bytes, parameter sets out of band.
//!
//! MPEG-TS has start codes and repeats the parameter sets in band; FLV, MP4 and Matroska have
//! lengths and a configuration record. JPEG and AV1 go through as they are. Parameter sets that
//! change at a keyframe begin a new stream; those that come with another picture stay inside it,
//! where decoders find them. Pure: no FFmpeg. Called by `input`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::nal::is_entry_point;
use super::unit::{Codec, StreamParams};
use super::{jpeg, split_start_codes, sps};

/// A parameter set that is larger is none (those of encoders have some hundred bytes at most).
const LARGEST_SET: usize = 4096;

/// A coded picture in our form.
#[derive(Debug)]
pub(super) struct Repacked {
    pub(super) params: Arc<StreamParams>,
    pub(super) data: Vec<u8>,
    pub(super) is_key: bool,
    /// A part of it could not be read.
    pub(super) damaged: bool,
}

/// How NAL units are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    StartCodes,
    /// Behind their length in so many bytes.
    Lengths(usize),
}

/// One video stream on its way into our form.
pub(super) struct Repacker {
    codec: Codec,
    framing: Framing,
    /// By type and number.
    sets: BTreeMap<(u8, u8), Vec<u8>>,
    params: Option<Arc<StreamParams>>,
    /// What the container says; for codecs that say nothing by themselves.
    size: (u32, u32),
}

impl Repacker {
    /// For a stream whose container gives `extra` as the decoder's configuration, and `size`; both
    /// may be empty.
    pub(super) fn new(codec: Codec, extra: &[u8], size: (u32, u32)) -> Self {
        let framing = Framing::StartCodes;
        let mut new = Self { codec, framing, sets: BTreeMap::new(), params: None, size };
        new.configure(extra);
        new
    }

    /// Takes a new configuration from the container.
    pub(super) fn configure(&mut self, extra: &[u8]) {
        match self.codec {
            Codec::H264 | Codec::H265 => {
                if extra.first() == Some(&1) {
                    self.read_record(extra);
                } else {
                    for nal in split_start_codes(extra) {
                        self.learn(nal);
                    }
                }
                self.rebuild();
            }
            Codec::Jpeg => self.announce(Vec::new(), self.size),
            Codec::Av1 => self.announce(extra.to_vec(), self.size),
        }
    }

    /// One packet; `key` is what the container says. `None` before the parameter sets have come,
    /// and for a packet without a picture.
    pub(super) fn unit(&mut self, packet: &[u8], key: bool) -> Option<Repacked> {
        let (data, is_key, damaged) = match self.codec {
            Codec::Jpeg => {
                if self.size == (0, 0)
                    && let Some(size) = jpeg::size(packet)
                {
                    self.announce(Vec::new(), size);
                }
                (packet.to_vec(), true, false)
            }
            Codec::Av1 => (packet.to_vec(), key, false),
            Codec::H264 | Codec::H265 => self.repack(packet)?,
        };
        let params = Arc::clone(self.params.as_ref()?);
        Some(Repacked { params, data, is_key, damaged })
    }

    fn repack(&mut self, packet: &[u8]) -> Option<(Vec<u8>, bool, bool)> {
        let (nals, damaged) = match self.framing {
            Framing::StartCodes => (split_start_codes(packet), false),
            Framing::Lengths(size) => split_lengths(packet, size),
        };
        let nals: Vec<&[u8]> = nals.into_iter().filter(|nal| !nal.is_empty()).collect();
        if !nals.iter().any(|nal| is_picture(self.codec, nal)) {
            return None;
        }
        let mut data = Vec::with_capacity(packet.len() + 4 * nals.len());
        for nal in nals.iter().filter(|nal| !is_left_out(self.codec, nal)) {
            append(&mut data, nal);
        }
        let is_key = is_entry_point(self.codec, &data);
        let mut changed = false;
        let codec = self.codec;
        for nal in nals.iter().filter(|nal| is_set(codec, nal)) {
            if is_key || self.params.is_none() {
                changed |= self.learn(nal);
            } else if !self.sets.values().any(|known| known == nal) {
                let mut with_set = Vec::with_capacity(data.len() + nal.len() + 4);
                append(&mut with_set, nal);
                with_set.append(&mut data);
                data = with_set;
            }
        }
        if changed {
            self.rebuild();
        }
        Some((data, is_key, damaged))
    }

    /// Keeps a parameter set; whether it says something new.
    fn learn(&mut self, nal: &[u8]) -> bool {
        if nal.len() > LARGEST_SET || !is_set(self.codec, nal) {
            return false;
        }
        let kind = kind(self.codec, nal);
        let id = match (self.codec, kind) {
            (Codec::H264, 7) => sps::h264(nal).map(|s| s.id),
            (Codec::H264, _) => sps::pps_id(nal, 1),
            (Codec::H265, 32) => nal.get(2).map(|b| b >> 4),
            (Codec::H265, 33) => sps::h265(nal).map(|s| s.id),
            _ => sps::pps_id(nal, 2),
        };
        let Some(id) = id else { return false };
        if self.sets.get(&(kind, id)).is_some_and(|known| known == nal) {
            return false;
        }
        self.sets.insert((kind, id), nal.to_vec());
        true
    }

    /// Reads a configuration record (ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1).
    fn read_record(&mut self, record: &[u8]) {
        let sets = match self.codec {
            Codec::H264 => {
                let Some(head) = record.get(..6) else { return };
                self.framing = Framing::Lengths(usize::from(head[4] & 3) + 1);
                let (mut sets, rest) = counted_sets(&record[6..], usize::from(head[5] & 0x1f));
                if let Some((count, rest)) = rest.split_first() {
                    sets.extend(counted_sets(rest, usize::from(*count)).0);
                }
                sets
            }
            _ => {
                let Some(head) = record.get(..23) else { return };
                self.framing = Framing::Lengths(usize::from(head[21] & 3) + 1);
                let (mut sets, mut rest) = (Vec::new(), &record[23..]);
                for _ in 0..head[22] {
                    let Some((array, after)) = rest.split_first_chunk::<3>() else { break };
                    let count = usize::from(u16::from_be_bytes([array[1], array[2]]));
                    let (found, after) = counted_sets(after, count);
                    sets.extend(found);
                    rest = after;
                }
                sets
            }
        };
        for set in sets {
            self.learn(set);
        }
    }

    /// Makes the record of the present parameter sets, once all kinds of them are there.
    fn rebuild(&mut self) {
        let of = |kind: u8| -> Vec<&Vec<u8>> {
            self.sets.iter().filter(|((k, _), _)| *k == kind).map(|(_, set)| set).collect()
        };
        let made = match self.codec {
            Codec::H264 => avc_record(&of(7), &of(8)),
            _ => hevc_record(&of(32), &of(33), &of(34)),
        };
        if let Some((record, size)) = made {
            self.announce(record, size);
        }
    }

    fn announce(&mut self, extra_data: Vec<u8>, (width, height): (u32, u32)) {
        let codec = self.codec;
        let fresh = StreamParams { codec, extra_data, width, height, sample_aspect: None };
        if self.params.as_deref() != Some(&fresh) {
            self.params = Some(Arc::new(fresh));
        }
    }
}

fn kind(codec: Codec, nal: &[u8]) -> u8 {
    let first = nal.first().copied().unwrap_or(0);
    if codec == Codec::H264 { first & 0x1f } else { first >> 1 & 0x3f }
}

fn is_set(codec: Codec, nal: &[u8]) -> bool {
    let kinds = if codec == Codec::H264 { 7..=8 } else { 32..=34 };
    kinds.contains(&kind(codec, nal))
}

fn is_picture(codec: Codec, nal: &[u8]) -> bool {
    let kinds = if codec == Codec::H264 { 1..=5 } else { 0..=31 };
    kinds.contains(&kind(codec, nal))
}

/// Parameter sets go out of band; delimiters and filling say nothing.
fn is_left_out(codec: Codec, nal: &[u8]) -> bool {
    let idle: &[u8] = if codec == Codec::H264 { &[9, 12] } else { &[35, 38] };
    is_set(codec, nal) || idle.contains(&kind(codec, nal))
}

fn append(data: &mut Vec<u8>, nal: &[u8]) {
    // A packet is far smaller than 4 GiB; see `input`.
    let length = u32::try_from(nal.len()).unwrap_or(u32::MAX);
    data.extend_from_slice(&length.to_be_bytes());
    data.extend_from_slice(nal);
}

/// The NAL units behind lengths of `size` bytes, and whether the last one was cut off.
fn split_lengths(mut packet: &[u8], size: usize) -> (Vec<&[u8]>, bool) {
    let mut nals = Vec::new();
    while !packet.is_empty() {
        let Some((length, rest)) = packet.split_at_checked(size) else { return (nals, true) };
        let length = length.iter().fold(0usize, |sum, b| sum << 8 | usize::from(*b));
        let Some((nal, rest)) = rest.split_at_checked(length) else { return (nals, true) };
        nals.push(nal);
        packet = rest;
    }
    (nals, false)
}

/// `count` parameter sets, each behind its length in two bytes, and what follows them.
fn counted_sets(mut bytes: &[u8], count: usize) -> (Vec<&[u8]>, &[u8]) {
    let mut sets = Vec::new();
    for _ in 0..count {
        let Some((length, rest)) = bytes.split_first_chunk::<2>() else { break };
        let length = usize::from(u16::from_be_bytes(*length));
        let Some((set, rest)) = rest.split_at_checked(length) else { break };
        sets.push(set);
        bytes = rest;
    }
    (sets, bytes)
}

fn append_sets(record: &mut Vec<u8>, sets: &[&Vec<u8>]) {
    for set in sets {
        // `LARGEST_SET` keeps it below.
        record.extend_from_slice(&u16::try_from(set.len()).unwrap_or(u16::MAX).to_be_bytes());
        record.extend_from_slice(set);
    }
}

/// An `AVCDecoderConfigurationRecord` and the size of the pictures.
fn avc_record(sequence: &[&Vec<u8>], picture: &[&Vec<u8>]) -> Option<(Vec<u8>, (u32, u32))> {
    let first = sequence.first()?;
    let says = sps::h264(first)?;
    let pictures = u8::try_from(picture.len()).ok().filter(|n| *n > 0)?;
    let sequences = u8::try_from(sequence.len()).ok().filter(|n| *n < 32)?;
    let mut record = vec![1, *first.get(1)?, *first.get(2)?, *first.get(3)?, 0xff];
    record.push(0xe0 | sequences);
    append_sets(&mut record, sequence);
    record.push(pictures);
    append_sets(&mut record, picture);
    if [100, 110, 122, 144].contains(first.get(1)?) {
        let depths = [0xf8 | says.luma_over_8, 0xf8 | says.chroma_over_8];
        record.extend([0xfc | says.chroma, depths[0], depths[1], 0]);
    }
    Some((record, (says.width, says.height)))
}

/// An `HEVCDecoderConfigurationRecord` and the size of the pictures.
fn hevc_record(
    video: &[&Vec<u8>],
    sequence: &[&Vec<u8>],
    picture: &[&Vec<u8>],
) -> Option<(Vec<u8>, (u32, u32))> {
    let first = sequence.first()?;
    let says = sps::h265(first)?;
    if video.is_empty() || picture.is_empty() {
        return None;
    }
    let plain = sps::unescaped(first);
    let layers = *plain.get(2)?;
    let mut record = vec![1];
    // general_profile_space up to general_level_idc stand in the same order in both.
    record.extend_from_slice(plain.get(3..15)?);
    record.extend([0xf0, 0, 0xfc, 0xfc | says.chroma]);
    record.extend([0xf8 | says.luma_over_8, 0xf8 | says.chroma_over_8, 0, 0]);
    record.push(((layers >> 1 & 7) + 1) << 3 | (layers & 1) << 2 | 3);
    record.push(3);
    for (kind, sets) in [(32, video), (33, sequence), (34, picture)] {
        record.push(0x80 | kind);
        record.extend_from_slice(&u16::try_from(sets.len()).ok()?.to_be_bytes());
        append_sets(&mut record, sets);
    }
    Some((record, (says.width, says.height)))
}

#[cfg(test)]
mod tests;
