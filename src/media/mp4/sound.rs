//! The sound beside the pictures: a second track of the same file.
//!
//! Its place in time is that of its arrival: what arrived together plays together. Packets follow each
//! other without a gap for as long as they come about as fast as they play; where more is missing, the
//! packet before stands that much longer.

use super::boxes::Boxes;
use crate::clock::Mono;
use crate::media::sound::{SoundCodec, SoundParams, SoundUnit};

/// So long a packet may be late, in thousandths of a second, before something must be missing.
const LATE_MS: u64 = 500;

/// An `AudioSpecificConfig` of more bytes is none that a camera has; its length fits into seven bits.
const MOST_CONFIG: usize = 64;

/// The kind of object that stands for AAC (ISO/IEC 14496-1, table 5).
const OBJECT_AAC: u8 = 0x40;

impl SoundParams {
    /// Whether a file can describe it.
    pub fn can_be_filed(&self) -> bool {
        let config = match self.codec {
            SoundCodec::Aac => (2..=MOST_CONFIG).contains(&self.extra_data.len()),
            SoundCodec::Pcmu | SoundCodec::Pcma => true,
        };
        config && (1..=192_000).contains(&self.rate_hz) && (1..=8).contains(&self.channels)
    }
}

/// The times of one file's sound, in samples.
#[derive(Clone, Debug)]
pub struct SoundClock {
    rate_hz: u64,
    /// The arrival of the file's first picture, which is its nought.
    zero: Mono,
    next: u64,
}

/// What a fragment says of its sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundRun {
    /// When its first packet begins, in samples from the file's beginning.
    pub begins: u64,
    /// Of each packet its bytes, and its samples until the next one.
    pub packets: Vec<(u32, u32)>,
}

impl SoundClock {
    /// For a file whose first picture arrived at `zero`.
    pub fn begin(rate_hz: u32, zero: Mono) -> Self {
        Self { rate_hz: rate_hz.max(1).into(), zero, next: 0 }
    }

    /// The times of the next fragment's packets; `None` without any.
    pub fn fragment(&mut self, units: &[SoundUnit]) -> Option<SoundRun> {
        let mut begins: Vec<u64> = Vec::with_capacity(units.len());
        for unit in units {
            let samples = u64::from(unit.samples);
            // It arrived when it was over.
            let us = u64::try_from(unit.arrived_at.since(self.zero).as_micros()).unwrap_or(0);
            let due = (us.saturating_mul(self.rate_hz) / 1_000_000).saturating_sub(samples);
            let late = due > self.next.saturating_add(self.rate_hz * LATE_MS / 1000);
            let at = if late { due } else { self.next };
            begins.push(at);
            self.next = at.saturating_add(samples.max(1));
        }
        let first = *begins.first()?;
        let nexts = begins.iter().skip(1).copied().chain([self.next]);
        let packets = units.iter().zip(begins.iter().zip(nexts)).map(|(unit, (at, next))| {
            let bytes = u32::try_from(unit.data.len()).unwrap_or(u32::MAX);
            (bytes, u32::try_from(next - at).unwrap_or(u32::MAX))
        });
        Some(SoundRun { begins: first, packets: packets.collect() })
    }
}

impl SoundRun {
    /// Bytes of all packets.
    pub(super) fn bytes(&self) -> u32 {
        self.packets.iter().fold(0, |sum, (bytes, _)| sum.saturating_add(*bytes))
    }
}

/// Its description (`AudioSampleEntry`, ISO/IEC 14496-12, 12.2.3).
pub(super) fn description(b: &mut Boxes, params: &SoundParams) {
    let kind = match params.codec {
        SoundCodec::Aac => *b"mp4a",
        SoundCodec::Pcmu => *b"ulaw",
        SoundCodec::Pcma => *b"alaw",
    };
    b.of(kind, |b| {
        b.zeros(6).u16(1).zeros(8).u16(params.channels).u16(16).zeros(4);
        b.u32(u32::from(u16::try_from(params.rate_hz).unwrap_or(0)) << 16);
        if params.codec == SoundCodec::Aac {
            let config = params.extra_data.as_slice();
            let length = u8::try_from(config.len().min(MOST_CONFIG)).unwrap_or(0);
            b.full(*b"esds", 0, 0, |b| {
                // The elementary stream, in it its decoder, in it the decoder's own settings.
                b.bytes(&[3, length + 23]).u16(2).u8(0);
                b.bytes(&[4, length + 15, OBJECT_AAC, 0x15]).zeros(11);
                b.bytes(&[5, length]).bytes(config);
                b.bytes(&[6, 1, 2]);
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn packets(at_ms: &[i64], samples: u32) -> Vec<SoundUnit> {
        let params = SoundParams {
            codec: SoundCodec::Pcma,
            extra_data: Vec::new(),
            rate_hz: 8000,
            channels: 1,
        };
        let params = Arc::new(params);
        let unit = |ms: &i64| SoundUnit {
            params: Arc::clone(&params),
            data: vec![0; samples as usize].into(),
            samples,
            arrived_at: Mono::from_micros(ms * 1000),
        };
        at_ms.iter().map(unit).collect()
    }

    #[test]
    fn packets_follow_each_other_and_what_is_missing_is_waited_for() {
        let mut clock = SoundClock::begin(8000, Mono::from_micros(1_000_000));
        // Jitter is none of the listener's business.
        let run = clock.fragment(&packets(&[1025, 1030, 1090], 160)).unwrap();
        assert_eq!(run, SoundRun { begins: 0, packets: vec![(160, 160); 3] });
        // Two seconds are lost inside a fragment, and one between two.
        let run = clock.fragment(&packets(&[1080, 3100], 160)).unwrap();
        assert_eq!((run.begins, run.packets[0].1), (480, 16_640 - 480));
        let run = clock.fragment(&packets(&[4100], 160)).unwrap();
        assert_eq!(run.begins, 24_800 - 160);
        assert_eq!(clock.fragment(&[]), None);
    }

    #[test]
    fn what_a_camera_says_of_its_sound_is_not_believed() {
        let mut clock = SoundClock::begin(0, Mono::from_micros(0));
        for samples in [0, u32::MAX] {
            let run = clock.fragment(&packets(&[i64::MAX / 2000, 5], samples.min(10))).unwrap();
            assert!(run.packets.iter().all(|(_, until)| *until > 0));
        }
        let absurd = SoundParams {
            codec: SoundCodec::Aac,
            extra_data: vec![0; 500],
            rate_hz: 8000,
            channels: 1,
        };
        assert!(!absurd.can_be_filed());
    }
}
