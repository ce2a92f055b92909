//! Draws and codes one clip.

use std::sync::Arc;

use super::{Clip, ClipError, ClipSpec, Unit};
use crate::media::{Codec, CodedPicture, Encoder, EncoderSettings, RawPicture};
use crate::simulate::scene::Painter;

/// The clip of `spec`.
pub(super) fn make(spec: &ClipSpec) -> Result<Clip, ClipError> {
    let format = spec.format;
    let mut encoder = Encoder::open(EncoderSettings {
        codec: format.codec,
        width: format.width,
        height: format.height,
        frames_per_second: format.frames_per_second,
        bits_per_second: format.bits_per_second,
        frames_per_group: spec.group(),
    })?;
    let mut painter = Painter::new(spec);
    let mut coded = Vec::with_capacity(spec.units() as usize);
    for number in 0..spec.units() {
        let picture = painter.paint(number);
        let raw = RawPicture { y: &picture.y, u: &picture.u, v: &picture.v };
        encoder.encode(raw, &mut |unit| coded.push(unit))?;
    }
    encoder.finish(&mut |unit| coded.push(unit))?;
    sort(spec, &coded)
}

/// What a NAL unit is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Slice,
    ParameterSet,
    /// Delimiters, messages, padding: nothing that a decoder needs.
    Other,
}

/// By `nal_unit_type` (H.264 table 7-1, H.265 table 7-1).
pub(super) fn kind(codec: Codec, nal: &[u8]) -> Kind {
    let first = nal.first().copied().unwrap_or(0);
    let (slice, sets) = match codec {
        Codec::H265 => ((0..=31).contains(&(first >> 1 & 0x3f)), 32..=34),
        _ => ((1..=5).contains(&(first & 0x1f)), 7..=8),
    };
    let number = if codec == Codec::H265 { first >> 1 & 0x3f } else { first & 0x1f };
    match (slice, sets.contains(&number)) {
        (true, _) => Kind::Slice,
        (_, true) => Kind::ParameterSet,
        _ => Kind::Other,
    }
}

/// Parts the encoder's output into parameter sets, which must stay the same, and pictures.
fn sort(spec: &ClipSpec, coded: &[CodedPicture]) -> Result<Clip, ClipError> {
    let of = |picture: &CodedPicture, wanted| -> Vec<Arc<[u8]>> {
        let nals = picture.nals.iter().filter(|nal| kind(spec.format.codec, nal) == wanted);
        nals.cloned().collect()
    };
    let first = coded.first().ok_or(ClipError::ParameterSets)?;
    let parameter_sets = of(first, Kind::ParameterSet);
    let expected = if spec.format.codec == Codec::H265 { 3 } else { 2 };
    let mut units = Vec::with_capacity(coded.len());
    for picture in coded {
        let again = of(picture, Kind::ParameterSet);
        let nals = of(picture, Kind::Slice);
        if nals.is_empty() || !(again.is_empty() || again == parameter_sets) {
            return Err(ClipError::ParameterSets);
        }
        units.push(Unit { is_key: picture.is_key, nals });
    }
    if parameter_sets.len() == expected {
        Ok(Clip { spec: *spec, parameter_sets, units })
    } else {
        Err(ClipError::ParameterSets)
    }
}
