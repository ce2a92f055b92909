//! Where decoding can begin: looks at the kinds of NAL units in an access unit.
//!
//! The protocol library calls only IDR pictures random access points. Encoders with open groups
//! of pictures (x265's default, some cameras) send one IDR at the start and never again; their
//! later entry points are CRA and BLA pictures (H.265) or recovery points (H.264), at which
//! FFmpeg's decoders begin cleanly: they give out nothing that leans on what was not seen.

use super::unit::Codec;

/// Whether decoding can begin at this access unit. `data`: NAL units, each behind its length in
/// four bytes; anything else simply has no entry point.
pub fn is_entry_point(codec: Codec, data: &[u8]) -> bool {
    match codec {
        Codec::Jpeg => true,
        // Its containers say so themselves.
        Codec::Av1 => false,
        // IRAP pictures: nal_unit_type 16 to 23 (H.265 table 7-1).
        Codec::H265 => Nals(data).any(|nal| (16..=23).contains(&(nal[0] >> 1 & 0x3f))),
        // IDR, or a recovery point message (H.264 table 7-1 and D.1.8).
        Codec::H264 => Nals(data).any(|nal| match nal[0] & 0x1f {
            5 => true,
            6 => has_recovery_point(&nal[1..]),
            _ => false,
        }),
    }
}

/// Whether decoding can begin at this access unit ([`is_entry_point`]) though pictures around it
/// lean on what came before it: H.265's CRA pictures (`nal_unit_type` 21) and H.264's recovery
/// points without an IDR picture. Such groups of pictures are called open.
pub fn is_open_entry(codec: Codec, data: &[u8]) -> bool {
    let has = |wanted: fn(u8) -> bool| Nals(data).any(|nal| wanted(nal[0]));
    is_entry_point(codec, data)
        && match codec {
            Codec::H265 => has(|head| head >> 1 & 0x3f == 21),
            Codec::H264 => !has(|head| head & 0x1f == 5),
            _ => false,
        }
}

/// The NAL units of an access unit; none of them is empty. Ends at the first broken length.
struct Nals<'a>(&'a [u8]);

impl<'a> Iterator for Nals<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (nal, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        (!nal.is_empty()).then_some(nal)
    }
}

/// Looks through the messages of an SEI NAL unit (H.264 7.3.2.3.1) for payload type 6. Emulation
/// prevention bytes can only follow two zeros, which no type or size up to there contains in a
/// message that a camera would send; a wrong guess costs a late entry, nothing more.
fn has_recovery_point(mut sei: &[u8]) -> bool {
    while let Some((kind, rest)) = sei_number(sei) {
        let Some((size, rest)) = sei_number(rest) else { return false };
        if kind == 6 {
            return true;
        }
        let Some(rest) = rest.get(size..) else { return false };
        // The trailing bits are no message.
        if rest.len() < 2 {
            return false;
        }
        sei = rest;
    }
    false
}

/// A number in SEI coding: 255 for each 0xff, and the byte after them.
fn sei_number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let full = bytes.iter().take_while(|b| **b == 0xff).count();
    let (last, rest) = bytes.get(full..)?.split_first()?;
    Some((full * 255 + usize::from(*last), rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unit(nals: &[&[u8]]) -> Vec<u8> {
        let mut data = Vec::new();
        for nal in nals {
            data.extend_from_slice(&u32::try_from(nal.len()).unwrap().to_be_bytes());
            data.extend_from_slice(nal);
        }
        data
    }

    #[test]
    fn h264_begins_at_idr_and_at_recovery_points() {
        let slice: &[u8] = &[0x41, 1, 2];
        assert!(!is_entry_point(Codec::H264, &unit(&[slice])));
        assert!(is_entry_point(Codec::H264, &unit(&[&[0x65, 1, 2], slice])));
        // A user message of 2 bytes, then a recovery point.
        assert!(is_entry_point(Codec::H264, &unit(&[&[6, 5, 2, 9, 9, 6, 1, 0x84, 0x80], slice])));
        // A user message alone, and one of 300 bytes with a 6 where no type is.
        assert!(!is_entry_point(Codec::H264, &unit(&[&[6, 5, 2, 6, 6, 0x80], slice])));
        let mut long = vec![6, 5, 0xff, 45];
        long.extend([6; 300]);
        long.push(0x80);
        assert!(!is_entry_point(Codec::H264, &unit(&[&long, slice])));
    }

    #[test]
    fn h265_begins_at_every_irap_picture() {
        let nal = |kind: u8| [kind << 1, 1, 0xaf];
        for (kind, entry) in
            [(1, false), (9, false), (16, true), (19, true), (21, true), (32, false)]
        {
            assert_eq!(is_entry_point(Codec::H265, &unit(&[&nal(kind)])), entry, "{kind}");
        }
    }

    #[test]
    fn open_groups_are_told_from_closed_ones() {
        let slice: &[u8] = &[0x41, 1, 2];
        let recovery: &[u8] = &[6, 6, 1, 0x84, 0x80];
        assert!(!is_open_entry(Codec::H264, &unit(&[&[0x65, 1, 2]])));
        assert!(!is_open_entry(Codec::H264, &unit(&[recovery, &[0x65, 1, 2]])));
        assert!(is_open_entry(Codec::H264, &unit(&[recovery, slice])));
        assert!(!is_open_entry(Codec::H264, &unit(&[slice])), "no entry at all");
        let nal = |kind: u8| unit(&[&[kind << 1, 1, 0xaf]]);
        for (kind, open) in [(1, false), (16, false), (19, false), (20, false), (21, true)] {
            assert_eq!(is_open_entry(Codec::H265, &nal(kind)), open, "{kind}");
        }
        assert!(!is_open_entry(Codec::Jpeg, &[0xff, 0xd8]));
    }

    #[test]
    fn broken_lengths_are_no_entry() {
        assert!(!is_entry_point(Codec::H264, &[]));
        assert!(!is_entry_point(Codec::H264, &[0, 0, 0]));
        assert!(!is_entry_point(Codec::H264, &[0xff, 0xff, 0xff, 0xff, 0x65]));
        assert!(!is_entry_point(Codec::H264, &[0, 0, 0, 0, 0, 0, 0, 1, 0x65]), "an empty unit");
    }

    proptest! {
        #[test]
        fn no_bytes_panic(data in prop::collection::vec(any::<u8>(), 0..64)) {
            for codec in [Codec::H264, Codec::H265, Codec::Jpeg] {
                let _ = is_entry_point(codec, &data);
                let _ = is_entry_point(codec, &unit(&[&data]));
            }
        }
    }
}
