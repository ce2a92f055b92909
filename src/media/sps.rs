//! What a sequence parameter set says: the picture's size, and what a decoder's configuration
//! record repeats of it (H.264 7.3.2.1.1, H.265 7.3.2.2.1).
//!
//! Reads no further than it must: neither VUI nor range extensions, so no sample aspect (decoded
//! pictures carry that themselves). Any bytes may come in; the answer to nonsense is `None`.

/// The part of a sequence parameter set that we use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sps {
    /// Its own number.
    pub(super) id: u8,
    /// Visible pixels in a row.
    pub(super) width: u32,
    /// Visible rows.
    pub(super) height: u32,
    /// `chroma_format_idc`: 0 grey, 1 4:2:0, 2 4:2:2, 3 4:4:4.
    pub(super) chroma: u8,
    /// Bits of a luma sample beyond eight.
    pub(super) luma_over_8: u8,
    /// Bits of a chroma sample beyond eight.
    pub(super) chroma_over_8: u8,
}

/// Pixels that a width or height may claim at most: what H.265 level 6.2 allows, twice over.
const MOST: u32 = 32_768;

/// The profiles of H.264 that say their chroma format (7.3.2.1.1).
const WITH_CHROMA: [u8; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// Reads an H.264 sequence parameter set, its one-byte header included.
pub(super) fn h264(nal: &[u8]) -> Option<Sps> {
    let payload = unescaped(nal.get(1..)?);
    let mut bits = Bits::new(&payload);
    let profile = u8::try_from(bits.take(8)?).ok()?;
    bits.skip(16)?;
    let id = u8::try_from(bits.ue()?).ok().filter(|id| *id < 32)?;
    let (mut chroma, mut planes_apart, mut depths) = (1, 0, (0, 0));
    if WITH_CHROMA.contains(&profile) {
        chroma = bits.ue().filter(|c| *c <= 3)?;
        if chroma == 3 {
            planes_apart = bits.take(1)?;
        }
        depths = (bits.small()?, bits.small()?);
        bits.skip(1)?;
        if bits.take(1)? == 1 {
            skip_scaling_lists(&mut bits, if chroma == 3 { 12 } else { 8 })?;
        }
    }
    bits.ue()?;
    skip_picture_order(&mut bits)?;
    bits.ue()?;
    bits.skip(1)?;
    let (across, down) = (bits.ue()?.checked_add(1)?, bits.ue()?.checked_add(1)?);
    let frames_only = bits.take(1)?;
    if frames_only == 0 {
        bits.skip(1)?;
    }
    bits.skip(1)?;
    let crop = crop(&mut bits)?;
    let coded = if planes_apart == 1 { 0 } else { chroma };
    let (unit_x, unit_y) = sub_sampling(coded);
    let size = |mbs: u32, unit: u32, cut: u32| {
        mbs.checked_mul(16)?.checked_sub(cut.checked_mul(unit)?).filter(|s| (1..=MOST).contains(s))
    };
    let fields = 2 - frames_only;
    Some(Sps {
        id,
        width: size(across, unit_x, crop.0)?,
        height: size(down.checked_mul(fields)?, unit_y * fields, crop.1)?,
        chroma: u8::try_from(chroma).ok()?,
        luma_over_8: depths.0,
        chroma_over_8: depths.1,
    })
}

/// Reads an H.265 sequence parameter set, its two-byte header included.
pub(super) fn h265(nal: &[u8]) -> Option<Sps> {
    let payload = unescaped(nal.get(2..)?);
    let mut bits = Bits::new(&payload);
    bits.skip(4)?;
    let sub_layers = bits.take(3)?;
    bits.skip(1 + 96)?;
    skip_sub_layers(&mut bits, sub_layers)?;
    let id = u8::try_from(bits.ue()?).ok().filter(|id| *id < 16)?;
    let chroma = bits.ue().filter(|c| *c <= 3)?;
    let planes_apart = if chroma == 3 { bits.take(1)? } else { 0 };
    let (width, height) = (bits.ue()?, bits.ue()?);
    let crop = crop(&mut bits)?;
    let (unit_x, unit_y) = sub_sampling(if planes_apart == 1 { 0 } else { chroma });
    let size = |whole: u32, unit: u32, cut: u32| {
        whole.checked_sub(cut.checked_mul(unit)?).filter(|s| (1..=MOST).contains(s))
    };
    Some(Sps {
        id,
        width: size(width, unit_x, crop.0)?,
        height: size(height, unit_y, crop.1)?,
        chroma: u8::try_from(chroma).ok()?,
        luma_over_8: bits.small()?,
        chroma_over_8: bits.small()?,
    })
}

/// The number of a picture parameter set; `header` is the length of its NAL unit header.
pub(super) fn pps_id(nal: &[u8], header: usize) -> Option<u8> {
    let head = nal.get(header..)?;
    u8::try_from(Bits::new(&head[..head.len().min(8)]).ue()?).ok()
}

/// The bytes of a NAL unit without the ones that keep start codes from appearing in it.
pub(super) fn unescaped(nal: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(nal.len());
    let mut zeros = 0;
    for &byte in nal {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        plain.push(byte);
    }
    plain
}

fn sub_sampling(chroma: u32) -> (u32, u32) {
    match chroma {
        1 => (2, 2),
        2 => (2, 1),
        _ => (1, 1),
    }
}

/// How much is cut off: left and right together, top and bottom together.
fn crop(bits: &mut Bits<'_>) -> Option<(u32, u32)> {
    if bits.take(1)? == 0 {
        return Some((0, 0));
    }
    let across = bits.ue()?.checked_add(bits.ue()?)?;
    Some((across, bits.ue()?.checked_add(bits.ue()?)?))
}

fn skip_scaling_lists(bits: &mut Bits<'_>, lists: u32) -> Option<()> {
    for list in 0..lists {
        if bits.take(1)? == 0 {
            continue;
        }
        let (mut last, mut next) = (8, 8);
        for _ in 0..if list < 6 { 16 } else { 64 } {
            if next != 0 {
                next = (last + bits.se()?).rem_euclid(256);
            }
            last = if next == 0 { last } else { next };
        }
    }
    Some(())
}

fn skip_picture_order(bits: &mut Bits<'_>) -> Option<()> {
    match bits.ue()? {
        0 => drop(bits.ue()?),
        1 => {
            bits.skip(1)?;
            bits.ue()?;
            bits.ue()?;
            for _ in 0..bits.ue().filter(|n| *n < 256)? {
                bits.ue()?;
            }
        }
        _ => {}
    }
    Some(())
}

/// The rest of `profile_tier_level` (H.265 7.3.3).
fn skip_sub_layers(bits: &mut Bits<'_>, sub_layers: u32) -> Option<()> {
    if sub_layers == 0 {
        return Some(());
    }
    let mut to_skip = 0;
    for _ in 0..sub_layers {
        to_skip += if bits.take(1)? == 1 { 88 } else { 0 };
        to_skip += if bits.take(1)? == 1 { 8 } else { 0 };
    }
    bits.skip(2 * (8usize.checked_sub(sub_layers as usize)?))?;
    bits.skip(to_skip)
}

/// Bits of a byte string, the highest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn skip(&mut self, bits: usize) -> Option<()> {
        self.at += bits;
        (self.at <= self.bytes.len() * 8).then_some(())
    }

    /// The next `bits` bits, 32 at most.
    fn take(&mut self, bits: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..bits {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// An Exp-Golomb number (H.264 9.1).
    fn ue(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.take(1)? == 0 {
            zeros += 1;
            if zeros == 32 {
                return None;
            }
        }
        (1u32 << zeros).checked_add(self.take(zeros)?)?.checked_sub(1)
    }

    /// A signed one (9.1.1), kept small: what is read here never gets near the bounds.
    fn se(&mut self) -> Option<i32> {
        let code = i32::try_from(self.ue()?).ok().filter(|c| *c < 1 << 20)?;
        Some(if code % 2 == 1 { (code + 1) / 2 } else { -(code / 2) })
    }

    /// A bit depth beyond eight.
    fn small(&mut self) -> Option<u8> {
        u8::try_from(self.ue()?).ok().filter(|n| *n <= 8)
    }
}

// What real encoders write is read in `repack`'s tests.
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nonsense_is_no_parameter_set_or_a_small_one(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            for sps in [h264(&bytes), h265(&bytes)].into_iter().flatten() {
                prop_assert!((1..=MOST).contains(&sps.width) && (1..=MOST).contains(&sps.height));
            }
            let _ = pps_id(&bytes, 1);
            prop_assert!(unescaped(&bytes).len() <= bytes.len());
        }

        #[test]
        fn exp_golomb_numbers_are_read_as_they_are_written(value in 0u32..1_000_000) {
            let code = u64::from(value) + 1;
            let length = 64 - code.leading_zeros();
            let bits = code << (64 - (2 * length - 1));
            prop_assert_eq!(Bits::new(&bits.to_be_bytes()).ue(), Some(value));
        }
    }
}
