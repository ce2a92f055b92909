//! Short coded clips: made by the program's own encoder, as access units for a decoder and as RTP
//! packets for a camera.

use std::path::Path;
use std::sync::Arc;

use pollwall::clock::{Mono, WallTime};
use pollwall::media::{
    AccessUnit, Codec, CodedPicture, Encoder, EncoderSettings, RawPicture, StreamParams,
};

/// Pictures of a clip: three groups.
pub(crate) const PICTURES: usize = 15;
/// From one keyframe to the next.
pub(crate) const GROUP: usize = 5;
/// Between two pictures, in the stream's 90 kHz.
pub(crate) const TICKS: u32 = 6000;

/// A coded clip.
pub(crate) struct Clip {
    pub(crate) codec: Codec,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// In order of decoding.
    pub(crate) pictures: Vec<CodedPicture>,
    /// Video parameter set (H.265), sequence and picture parameter set.
    pub(crate) sets: Vec<Arc<[u8]>>,
}

impl Clip {
    /// Codes a ramp that moves by `step` a picture.
    pub(crate) fn new(codec: Codec, width: u32, height: u32, step: u8) -> Self {
        pollwall::media::init().unwrap();
        if codec == Codec::Jpeg {
            return Self::jpeg();
        }
        let settings = EncoderSettings {
            codec,
            width,
            height,
            frames_per_second: 15,
            bits_per_second: 200_000,
            frames_per_group: GROUP as u32,
        };
        let mut encoder = Encoder::open(settings).unwrap();
        let mut pictures = Vec::new();
        let size = (width * height) as usize;
        for n in 0..PICTURES {
            let shift = (n as u8).wrapping_mul(step);
            let y: Vec<u8> = (0..size)
                .map(|i| {
                    (i % width as usize) as u8 / 2
                        + 40
                        + shift.wrapping_add((i / width as usize) as u8) / 8
                })
                .collect();
            let c = vec![128; size / 4];
            encoder.encode(RawPicture { y: &y, u: &c, v: &c }, &mut |p| pictures.push(p)).unwrap();
        }
        encoder.finish(&mut |p| pictures.push(p)).unwrap();
        let mut sets = Vec::new();
        for picture in &mut pictures {
            let (found, rest) = picture.nals.drain(..).partition(|nal| is_set(codec, nal));
            picture.nals = rest;
            if sets.is_empty() {
                sets = found;
            }
        }
        Self { codec, width, height, pictures, sets }
    }

    /// One picture again and again.
    fn jpeg() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile/picture.jpg");
        let bytes: Arc<[u8]> = std::fs::read(file).unwrap().into();
        let picture = CodedPicture { is_key: true, nals: vec![bytes] };
        Self {
            codec: Codec::Jpeg,
            width: 96,
            height: 64,
            pictures: vec![picture; PICTURES],
            sets: Vec::new(),
        }
    }

    /// What a session would be told of it.
    pub(crate) fn params(&self) -> StreamParams {
        let extra_data = match self.codec {
            Codec::H264 => avc_record(&self.sets),
            Codec::H265 => hevc_record(&self.sets),
            _ => Vec::new(),
        };
        let (width, height) = (self.width, self.height);
        StreamParams { codec: self.codec, extra_data, width, height, sample_aspect: None }
    }

    /// Its pictures as units of one stream, the first at `from` in the order of arrival.
    pub(crate) fn units(&self, params: &Arc<StreamParams>, from: u32) -> Vec<AccessUnit> {
        let pictures = self.pictures.iter().zip(from..);
        let unit = |(picture, number): (&CodedPicture, u32)| {
            let us = i64::from(number) * 66_667;
            AccessUnit {
                params: Arc::clone(params),
                data: self.joined(&picture.nals).into(),
                is_key: picture.is_key,
                after_loss: false,
                pts: i64::from(number) * i64::from(TICKS),
                arrived_at: Mono::from_micros(us),
                taken_at: WallTime::from_micros(us),
            }
        };
        pictures.map(unit).collect()
    }

    fn joined(&self, nals: &[Arc<[u8]>]) -> Vec<u8> {
        if self.codec == Codec::Jpeg {
            return nals.concat();
        }
        let mut data = Vec::new();
        for nal in nals {
            data.extend_from_slice(&(nal.len() as u32).to_be_bytes());
            data.extend_from_slice(nal);
        }
        data
    }
}

fn is_set(codec: Codec, nal: &[u8]) -> bool {
    match codec {
        Codec::H264 => matches!(nal[0] & 0x1f, 7 | 8),
        _ => (32..=34).contains(&(nal[0] >> 1 & 0x3f)),
    }
}

/// ISO/IEC 14496-15, 5.3.3.1.
fn avc_record(sets: &[Arc<[u8]>]) -> Vec<u8> {
    let (sps, pps) = (&sets[0], &sets[1]);
    let mut record = vec![1, sps[1], sps[2], sps[3], 0xff, 0xe1];
    record.extend_from_slice(&(sps.len() as u16).to_be_bytes());
    record.extend_from_slice(sps);
    record.push(1);
    record.extend_from_slice(&(pps.len() as u16).to_be_bytes());
    record.extend_from_slice(pps);
    record
}

/// ISO/IEC 14496-15, 8.3.3.1; what is not known of the profile is left at 0.
fn hevc_record(sets: &[Arc<[u8]>]) -> Vec<u8> {
    let mut record = vec![0; 23];
    record[0] = 1;
    record[21] = 3;
    record[22] = sets.len() as u8;
    for set in sets {
        record.extend_from_slice(&[0x80 | (set[0] >> 1 & 0x3f), 0, 1]);
        record.extend_from_slice(&(set.len() as u16).to_be_bytes());
        record.extend_from_slice(set);
    }
    record
}

/// What cameras may send at most in a packet here.
const MAX_PAYLOAD: usize = 1200;

/// A clip's pictures as RTP payloads (RFC 6184), the last of each with the marker.
pub(crate) fn payloads(picture: &CodedPicture, sets: &[Arc<[u8]>]) -> Vec<(bool, Vec<u8>)> {
    let mut payloads = Vec::new();
    let sets = sets.iter().filter(|_| picture.is_key);
    for nal in sets.chain(&picture.nals) {
        if nal.len() <= MAX_PAYLOAD {
            payloads.push((false, nal.to_vec()));
            continue;
        }
        let count = nal[1..].len().div_ceil(MAX_PAYLOAD);
        for (at, part) in nal[1..].chunks(MAX_PAYLOAD).enumerate() {
            let (first, last) = (u8::from(at == 0) << 7, u8::from(at + 1 == count) << 6);
            let mut payload = vec![nal[0] & 0xe0 | 28, first | last | nal[0] & 0x1f];
            payload.extend_from_slice(part);
            payloads.push((false, payload));
        }
    }
    if let Some((marker, _)) = payloads.last_mut() {
        *marker = true;
    }
    payloads
}
