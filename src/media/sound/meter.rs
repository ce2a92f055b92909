//! The meter: how loud it is, in dBFS, as a person can follow it.
//!
//! * 0 dBFS is a sine that just reaches full scale, for the peak and for the mean alike (AES17, IEC
//!   61606: the mean's reference is that sine's RMS, 3.01 dB below full scale).
//! * The peak is the largest sample, shown at once, and falls by 20 dB in 1.7 s (IEC 60268-10, type
//!   I, which IEC 60268-18 takes over for digital meters).
//! * The mean is the RMS over 400 ms, the "momentary" window of EBU Tech 3341, without its frequency
//!   weighting: it is a level, not a loudness.
//! * Of several channels the peak is the loudest one's, and so is the mean: a camera whose second
//!   channel is not wired has a sound all the same.
//!
//! Pure; the time is that of the samples.

use std::collections::VecDeque;

/// Nothing is told apart below this, in dBFS: the step of 16-bit samples is at −90.
pub const FLOOR_DB: f32 = -90.0;

/// dB a second that the shown peak falls.
const FALL_DB_PER_S: f32 = 20.0 / 1.7;

/// The mean's window.
const WINDOW_MS: u32 = 400;

/// Samples are taken in lots of this, whatever a packet holds.
const LOT_MS: u32 = 10;

/// Below this mean there is no sound, in dBFS. A quiet room through a camera's microphone and its
/// automatic gain lies well above.
const SILENT_DB: f32 = -60.0;

/// For so long.
const SILENT_AFTER_MS: u32 = 2_000;

/// How loud it is now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The falling peak, in dBFS.
    pub peak_db: f32,
    /// The mean over 400 ms, in dBFS.
    pub rms_db: f32,
    /// There is a stream and nothing in it, for two seconds now.
    pub silent: bool,
}

/// Hears samples, gives readings.
#[derive(Debug)]
pub struct Meter {
    peak_db: f32,
    /// For each lot in the window, the loudest channel's mean square.
    lots: VecDeque<f32>,
    silent_ms: u32,
}

impl Default for Meter {
    fn default() -> Self {
        Self { peak_db: FLOOR_DB, lots: VecDeque::new(), silent_ms: 0 }
    }
}

impl Meter {
    /// Hears one packet: the samples of each channel, full scale being 1.
    pub fn hear(&mut self, channels: &[Vec<f32>], rate_hz: u32) {
        let lot = (rate_hz * LOT_MS / 1000).max(1) as usize;
        let longest = channels.iter().map(Vec::len).max().unwrap_or(0);
        for start in (0..longest).step_by(lot) {
            let lots = channels.iter().filter_map(|channel| {
                let end = (start + lot).min(channel.len());
                channel.get(start..end).filter(|lot| !lot.is_empty())
            });
            let (mut peak, mut power) = (0.0_f32, 0.0_f32);
            for samples in lots {
                let (p, e) = measure(samples);
                (peak, power) = (peak.max(p), power.max(e));
            }
            let share = (longest - start).min(lot) as f32 / lot as f32;
            self.lot(peak, power, share);
        }
    }

    /// One lot, or the `share` of one with which a packet ends.
    fn lot(&mut self, peak: f32, power: f32, share: f32) {
        let fallen = self.peak_db - FALL_DB_PER_S * LOT_MS as f32 / 1000.0 * share;
        self.peak_db = db(peak).max(fallen).max(FLOOR_DB);
        // A rest counts as a lot where it is half of one: over many packets that evens out.
        if share < 0.5 {
            return;
        }
        self.lots.push_back(power);
        while self.lots.len() > (WINDOW_MS / LOT_MS) as usize {
            self.lots.pop_front();
        }
        let quiet = self.rms_db() < SILENT_DB;
        self.silent_ms = if quiet { self.silent_ms.saturating_add(LOT_MS) } else { 0 };
    }

    fn rms_db(&self) -> f32 {
        let mean = self.lots.iter().sum::<f32>() / self.lots.len().max(1) as f32;
        // Twice: the RMS of the reference sine is 1/√2.
        db((2.0 * mean).sqrt())
    }

    /// How loud it is now.
    pub fn reading(&self) -> Reading {
        Reading {
            peak_db: self.peak_db,
            rms_db: self.rms_db(),
            silent: self.silent_ms >= SILENT_AFTER_MS,
        }
    }
}

/// The largest sample and the mean square.
fn measure(samples: &[f32]) -> (f32, f32) {
    let sound = samples.iter().map(|s| if s.is_finite() { s.abs().min(4.0) } else { 0.0 });
    let (peak, sum) = sound.fold((0.0_f32, 0.0_f32), |(p, e), s| (p.max(s), e + s * s));
    (peak, sum / samples.len().max(1) as f32)
}

fn db(amplitude: f32) -> f32 {
    if amplitude > 0.0 { (20.0 * amplitude.log10()).max(FLOOR_DB) } else { FLOOR_DB }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 8000;

    /// A sine of this peak level for so long.
    fn sine(peak_db: f32, ms: u32) -> Vec<f32> {
        let amplitude = 10_f32.powf(peak_db / 20.0);
        let phase = |i: u32| i as f32 * 997.0 * std::f32::consts::TAU / RATE as f32;
        (0..RATE * ms / 1000).map(|i| amplitude * phase(i).sin()).collect()
    }

    fn heard(meter: &mut Meter, samples: &[f32], packet: usize) -> Reading {
        for packet in samples.chunks(packet) {
            meter.hear(&[packet.to_vec()], RATE);
        }
        meter.reading()
    }

    #[test]
    fn a_sine_of_minus_20_dbfs_reads_minus_20_whatever_the_packets() {
        for packet in [80, 160, 200, 1024] {
            let got = heard(&mut Meter::default(), &sine(-20.0, 1000), packet);
            assert!((got.peak_db + 20.0).abs() < 0.1, "{packet}: {got:?}");
            assert!((got.rms_db + 20.0).abs() < 0.1, "{packet}: {got:?}");
            assert!(!got.silent);
        }
        let full = heard(&mut Meter::default(), &sine(0.0, 1000), 160);
        assert!(full.peak_db.abs() < 0.1 && full.rms_db.abs() < 0.1, "{full:?}");
    }

    #[test]
    fn the_peak_falls_by_20_db_in_1_7_s() {
        let mut meter = Meter::default();
        heard(&mut meter, &sine(-6.0, 500), 160);
        let got = heard(&mut meter, &vec![0.0; RATE as usize * 17 / 10], 160);
        assert!((got.peak_db + 26.0).abs() < 0.5, "{got:?}");
        assert_eq!(got.rms_db, FLOOR_DB, "the mean forgets within 400 ms");
        let again = heard(&mut meter, &sine(-10.0, 20), 160);
        assert!((again.peak_db + 10.0).abs() < 0.2, "it rises at once: {again:?}");
    }

    #[test]
    fn silence_is_told_after_two_seconds_and_ends_at_once() {
        let mut meter = Meter::default();
        assert!(!heard(&mut meter, &vec![0.0; RATE as usize], 160).silent);
        assert!(heard(&mut meter, &vec![0.0; RATE as usize * 2], 160).silent);
        assert!(heard(&mut meter, &sine(-70.0, 1000), 160).silent, "hum below the threshold");
        assert!(!heard(&mut meter, &sine(-40.0, 200), 160).silent);
    }

    #[test]
    fn the_loudest_channel_counts_and_nonsense_does_not() {
        let mut meter = Meter::default();
        meter.hear(&[vec![0.0; 8000], sine(-20.0, 1000)], RATE);
        let got = meter.reading();
        assert!((got.rms_db + 20.0).abs() < 0.1, "{got:?}");
        meter.hear(&[vec![f32::NAN; 800], vec![f32::INFINITY; 3], Vec::new()], 0);
        meter.hear(&[], RATE);
        let got = meter.reading();
        assert!(got.peak_db.is_finite() && got.rms_db.is_finite());
    }
}
