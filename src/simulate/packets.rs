//! A clip as RTP packets, made once and shared by every camera that shows it (RFC 3550, RFC 6184
//! for H.264, RFC 7798 for H.265, interleaved into TCP by RFC 2326 section 10.12).
//!
//! Sending a picture is one copy and, per packet, the few bytes that differ from session to
//! session. No aggregation packets: parameter sets travel as packets of their own before every
//! keyframe, as most cameras send them.

use std::ops::Range;

use super::clips::{Clip, Unit};
use crate::media::Codec;

/// The RTP payload type, the first of the dynamic ones.
pub(super) const PAYLOAD_TYPE: u8 = 96;

/// Payload bytes of the largest packet: what fits an Ethernet frame, as cameras cut it.
const MAX_PAYLOAD: usize = 1400;

/// `$`, channel and length.
const FRAMING: usize = 4;
/// A fixed RTP header.
const HEADER: usize = 12;

/// What differs from session to session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp {
    /// The interleaved channel of RTP.
    pub(super) channel: u8,
    /// The synchronisation source.
    pub(super) ssrc: u32,
    /// Of the first packet.
    pub(super) seq: u16,
    /// In the codec's 90 kHz.
    pub(super) timestamp: u32,
}

/// A clip, packed.
pub(super) struct Packets {
    bytes: Vec<u8>,
    /// Where each packet's framing begins.
    starts: Vec<usize>,
    units: Vec<Packed>,
}

struct Packed {
    is_key: bool,
    bytes: Range<usize>,
    packets: Range<usize>,
}

impl Packets {
    /// Packs a clip.
    pub(super) fn of(clip: &Clip) -> Self {
        let mut packets = Self { bytes: Vec::new(), starts: Vec::new(), units: Vec::new() };
        for unit in &clip.units {
            packets.unit(clip.spec.format.codec, &clip.parameter_sets, unit);
        }
        packets
    }

    fn unit<N: AsRef<[u8]>>(&mut self, codec: Codec, parameter_sets: &[N], unit: &Unit) {
        let (bytes, packets) = (self.bytes.len(), self.starts.len());
        if unit.is_key {
            for nal in parameter_sets {
                self.nal(codec, nal.as_ref());
            }
        }
        for nal in &unit.nals {
            self.nal(codec, nal);
        }
        if let Some(&last) = self.starts.get(packets..).and_then(<[usize]>::last) {
            // The marker: the last packet of a picture.
            self.bytes[last + FRAMING + 1] |= 0x80;
        }
        self.units.push(Packed {
            is_key: unit.is_key,
            bytes: bytes..self.bytes.len(),
            packets: packets..self.starts.len(),
        });
    }

    fn nal(&mut self, codec: Codec, nal: &[u8]) {
        if nal.len() <= MAX_PAYLOAD {
            self.packet(&[], nal);
            return;
        }
        // A fragment begins with a header that stands for the NAL unit's own.
        let (own, kind, lead): (usize, u8, Vec<u8>) = match codec {
            // RFC 7798 4.4.3: type 49 in a payload header, then FU type.
            Codec::H265 => (2, nal[0] >> 1 & 0x3f, vec![nal[0] & 0x81 | 49 << 1, nal[1]]),
            // RFC 6184 5.8: FU-A, type 28 with the reference bits kept.
            _ => (1, nal[0] & 0x1f, vec![nal[0] & 0xe0 | 28]),
        };
        let room = MAX_PAYLOAD - lead.len() - 1;
        let count = nal[own..].len().div_ceil(room);
        for (at, part) in nal[own..].chunks(room).enumerate() {
            let first = if at == 0 { 0x80 } else { 0 };
            let last = if at + 1 == count { 0x40 } else { 0 };
            let mut head = lead.clone();
            head.push(first | last | kind);
            self.packet(&head, part);
        }
    }

    fn packet(&mut self, head: &[u8], payload: &[u8]) {
        self.starts.push(self.bytes.len());
        let length = (HEADER + head.len() + payload.len()) as u16;
        self.bytes.extend_from_slice(&[b'$', 0]);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(&[0x80, PAYLOAD_TYPE]);
        self.bytes.extend_from_slice(&[0; HEADER - 2]);
        self.bytes.extend_from_slice(head);
        self.bytes.extend_from_slice(payload);
    }

    /// How many pictures there are; after the last comes the first.
    pub(super) fn len(&self) -> u64 {
        self.units.len() as u64
    }

    /// Whether decoding can begin at a picture.
    pub(super) fn is_key(&self, unit: u64) -> bool {
        self.packed(unit).is_some_and(|unit| unit.is_key)
    }

    /// How many packets a picture takes.
    pub(super) fn count(&self, unit: u64) -> u16 {
        self.packed(unit).map_or(0, |unit| unit.packets.len() as u16)
    }

    /// Payload bytes of a picture, as sender reports count them.
    pub(super) fn octets(&self, unit: u64) -> u32 {
        self.packed(unit)
            .map_or(0, |unit| (unit.bytes.len() - unit.packets.len() * (FRAMING + HEADER)) as u32)
    }

    /// Appends a picture's packets to `out`.
    pub(super) fn write(&self, unit: u64, stamp: Stamp, out: &mut Vec<u8>) {
        let Some(unit) = self.packed(unit) else { return };
        let base = out.len();
        out.extend_from_slice(&self.bytes[unit.bytes.clone()]);
        let mut seq = stamp.seq;
        for start in &self.starts[unit.packets.clone()] {
            let packet = &mut out[base + start - unit.bytes.start..][..FRAMING + HEADER];
            packet[1] = stamp.channel;
            packet[6..8].copy_from_slice(&seq.to_be_bytes());
            packet[8..12].copy_from_slice(&stamp.timestamp.to_be_bytes());
            packet[12..16].copy_from_slice(&stamp.ssrc.to_be_bytes());
            seq = seq.wrapping_add(1);
        }
    }

    fn packed(&self, unit: u64) -> Option<&Packed> {
        self.units.get(usize::try_from(unit).ok()?)
    }
}

/// What a sender report says (RFC 3550 6.4.1).
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    /// The interleaved channel of RTCP.
    pub(super) channel: u8,
    /// The synchronisation source.
    pub(super) ssrc: u32,
    /// The camera's clock, in microseconds since 1970.
    pub(super) wall_us: i64,
    /// The same moment in the codec's 90 kHz.
    pub(super) timestamp: u32,
    /// Packets sent so far.
    pub(super) packets: u32,
    /// Payload bytes sent so far.
    pub(super) octets: u32,
}

/// Seconds from 1900 to 1970.
const NTP_EPOCH: i64 = 2_208_988_800;

impl Report {
    /// Appends a sender report with the source description that must go with it.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let name = b"pollwall";
        // CNAME item, then at least one zero up to a multiple of four (RFC 3550 6.5).
        let items = 2 + name.len();
        let padded = (items / 4 + 1) * 4;
        let description = 4 + 4 + padded;
        out.extend_from_slice(&[b'$', self.channel]);
        out.extend_from_slice(&((28 + description) as u16).to_be_bytes());
        out.extend_from_slice(&[0x80, 200, 0, 6]);
        out.extend_from_slice(&self.ssrc.to_be_bytes());
        let seconds = self.wall_us.div_euclid(1_000_000) + NTP_EPOCH;
        let fraction = (self.wall_us.rem_euclid(1_000_000) << 32) / 1_000_000;
        out.extend_from_slice(&(seconds as u32).to_be_bytes());
        out.extend_from_slice(&(fraction as u32).to_be_bytes());
        out.extend_from_slice(&self.timestamp.to_be_bytes());
        out.extend_from_slice(&self.packets.to_be_bytes());
        out.extend_from_slice(&self.octets.to_be_bytes());
        out.extend_from_slice(&[0x81, 202]);
        out.extend_from_slice(&((description / 4 - 1) as u16).to_be_bytes());
        out.extend_from_slice(&self.ssrc.to_be_bytes());
        out.extend_from_slice(&[1, name.len() as u8]);
        out.extend_from_slice(name);
        out.extend_from_slice(&[0; 4][..padded - items]);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;

    fn unit(is_key: bool, nals: &[Vec<u8>]) -> Unit {
        Unit { is_key, nals: nals.iter().map(|n| Arc::from(n.as_slice())).collect() }
    }

    fn packed(codec: Codec, units: &[Unit]) -> Packets {
        let mut packets = Packets { bytes: vec![], starts: vec![], units: vec![] };
        let sets: [&[u8]; 2] = [&[0x67, 1, 2, 3], &[0x68, 4]];
        for unit in units {
            packets.unit(codec, &sets, unit);
        }
        packets
    }

    struct Packet {
        channel: u8,
        marker: bool,
        seq: u16,
        timestamp: u32,
        ssrc: u32,
        payload: Vec<u8>,
    }

    fn take(mut bytes: &[u8]) -> Vec<Packet> {
        let mut found = Vec::new();
        while !bytes.is_empty() {
            assert_eq!(bytes[0], b'$');
            let length = usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
            let rtp = &bytes[4..4 + length];
            assert_eq!((rtp[0], rtp[1] & 0x7f), (0x80, PAYLOAD_TYPE));
            assert!(length <= 12 + MAX_PAYLOAD);
            let word = |at: usize| u32::from_be_bytes(rtp[at..at + 4].try_into().unwrap());
            found.push(Packet {
                channel: bytes[1],
                marker: rtp[1] & 0x80 != 0,
                seq: u16::from_be_bytes([rtp[2], rtp[3]]),
                timestamp: word(4),
                ssrc: word(8),
                payload: rtp[12..].to_vec(),
            });
            bytes = &bytes[4 + length..];
        }
        found
    }

    /// Puts NAL units together again as a receiver does.
    fn joined(codec: Codec, packets: &[Packet]) -> Vec<Vec<u8>> {
        let mut nals: Vec<Vec<u8>> = Vec::new();
        for packet in packets {
            let p = &packet.payload;
            let (is_fragment, head, fu) = match codec {
                Codec::H265 => (p[0] >> 1 & 0x3f == 49, 2, p.get(2)),
                _ => (p[0] & 0x1f == 28, 1, p.get(1)),
            };
            if !is_fragment {
                nals.push(p.clone());
                continue;
            }
            let fu = *fu.unwrap();
            if fu & 0x80 != 0 {
                nals.push(match codec {
                    Codec::H265 => vec![p[0] & 0x81 | (fu & 0x3f) << 1, p[1]],
                    _ => vec![p[0] & 0xe0 | fu & 0x1f],
                });
            }
            nals.last_mut().unwrap().extend_from_slice(&p[head + 1..]);
        }
        nals
    }

    const STAMP: Stamp = Stamp { channel: 4, ssrc: 0xdead_beef, seq: 65_535, timestamp: 90_000 };

    #[test]
    fn a_keyframe_comes_behind_its_parameter_sets_and_ends_with_the_marker() {
        let packets = packed(Codec::H264, &[unit(true, &[vec![0x65; 3000]])]);
        let mut out = b"before".to_vec();
        packets.write(0, STAMP, &mut out);
        let found = take(&out[6..]);
        assert_eq!(found.len(), 5, "two sets, three fragments");
        assert_eq!(packets.count(0), 5);
        let seqs: Vec<u16> = found.iter().map(|p| p.seq).collect();
        assert_eq!(seqs, [65_535, 0, 1, 2, 3]);
        let markers: Vec<bool> = found.iter().map(|p| p.marker).collect();
        assert_eq!(markers, [false, false, false, false, true]);
        assert!(found.iter().all(|p| (p.channel, p.timestamp, p.ssrc) == (4, 90_000, 0xdead_beef)));
        let payload: usize = found.iter().map(|p| p.payload.len()).sum();
        assert_eq!(packets.octets(0) as usize, payload);
    }

    #[test]
    fn a_report_is_whole_words_with_the_camera_s_clock() {
        let mut out = Vec::new();
        let report =
            Report { channel: 1, ssrc: 7, wall_us: 1_500_000, timestamp: 5, packets: 6, octets: 8 };
        report.write(&mut out);
        assert_eq!(out[..2], [b'$', 1]);
        assert_eq!(usize::from(u16::from_be_bytes([out[2], out[3]])), out.len() - 4);
        assert_eq!(out.len() % 4, 0);
        let ntp = u64::from_be_bytes(out[12..20].try_into().unwrap());
        assert_eq!(ntp, (2_208_988_801u64 << 32) + (1 << 31));
        let second = &out[4 + 28..];
        assert_eq!(second[1], 202);
        let words = usize::from(u16::from_be_bytes([second[2], second[3]]));
        assert_eq!((words + 1) * 4, second.len());
    }

    fn nal(codec: Codec) -> impl Strategy<Value = Vec<u8>> {
        let kind = match codec {
            Codec::H265 => (0u8..40).prop_map(|k| vec![k << 1, 1]).boxed(),
            _ => (1u8..20).prop_map(|k| vec![0x60 | k]).boxed(),
        };
        (kind, prop::collection::vec(any::<u8>(), 1..6000))
            .prop_map(|(head, body)| [head, body].concat())
    }

    fn round_trip(codec: Codec, units: &[(bool, Vec<Vec<u8>>)]) {
        let made: Vec<Unit> = units.iter().map(|(key, nals)| unit(*key, nals)).collect();
        let packets = packed(codec, &made);
        assert_eq!(packets.len(), units.len() as u64);
        for (at, (is_key, nals)) in units.iter().enumerate() {
            let mut out = Vec::new();
            packets.write(at as u64, STAMP, &mut out);
            let found = joined(codec, &take(&out));
            let sets = if *is_key { 2 } else { 0 };
            assert_eq!(found.len(), sets + nals.len());
            assert_eq!(&found[sets..], &nals[..]);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn h264_comes_out_as_it_went_in(
            units in prop::collection::vec((any::<bool>(), prop::collection::vec(nal(Codec::H264), 1..3)), 1..4),
        ) {
            round_trip(Codec::H264, &units);
        }

        #[test]
        fn h265_comes_out_as_it_went_in(
            units in prop::collection::vec((any::<bool>(), prop::collection::vec(nal(Codec::H265), 1..3)), 1..4),
        ) {
            round_trip(Codec::H265, &units);
        }
    }
}
