//! The alarm sounds: a few notes, computed.
//!
//! Their notes lie between 500 and 2500 Hz, where danger signals must have most of their energy to
//! be heard over a room's noise and by elderly ears (ISO 7731:2003, 4.2.2); each lasts under a
//! second, begins and ends softly, so that nobody is startled, and stays well below full scale.

use std::f32::consts::TAU;
use std::time::Duration;

use crate::wall::Tone;

/// Samples a second: enough for these notes, and a whole tone fits into a pipe's buffer.
pub(super) const RATE: u32 = 22_050;

/// The loudest sample, of full scale: −9 dB. How loud it is in the room is set on the system.
const PEAK: f32 = 0.35;

/// A note's begin and end.
const SOFT: Duration = Duration::from_millis(8);

/// A note: from when on, for how long, how high, and after what time it has half its loudness.
struct Note {
    at_ms: u32,
    for_ms: u32,
    hertz: f32,
    half_ms: f32,
}

fn notes(tone: Tone) -> Vec<Note> {
    let note = |at_ms, for_ms, hertz, half_ms| Note { at_ms, for_ms, hertz, half_ms };
    match tone {
        // A major third down: e and c.
        Tone::Chime => vec![note(0, 350, 1318.5, 120.0), note(300, 500, 1046.5, 140.0)],
        // A note with the overtones of a small bell.
        Tone::Bell => {
            vec![note(0, 900, 784.0, 180.0), note(0, 500, 1568.0, 90.0), note(0, 250, 2362.0, 45.0)]
        }
        Tone::Pulses => (0..3).map(|n| note(n * 220, 120, 987.8, 1000.0)).collect(),
    }
}

/// One channel of a tone, from −1 to 1.
fn wave(tone: Tone) -> Vec<f32> {
    let samples = |ms: u32| (u64::from(ms) * u64::from(RATE) / 1000) as usize;
    let notes = notes(tone);
    let end = notes.iter().map(|note| note.at_ms + note.for_ms).max().unwrap_or(0);
    let mut wave = vec![0.0_f32; samples(end)];
    let soft = (SOFT.as_secs_f32() * RATE as f32).max(1.0);
    for note in &notes {
        let (from, count) = (samples(note.at_ms), samples(note.for_ms));
        for (at, sample) in wave.iter_mut().skip(from).take(count).enumerate() {
            let seconds = at as f32 / RATE as f32;
            let left = (count - at) as f32;
            let edge = (at as f32 / soft).min(left / soft).min(1.0);
            let decay = 0.5_f32.powf(seconds * 1000.0 / note.half_ms);
            *sample += edge * decay * (TAU * note.hertz * seconds).sin();
        }
    }
    let most = wave.iter().fold(f32::MIN_POSITIVE, |most, s| most.max(s.abs()));
    wave.iter_mut().for_each(|sample| *sample *= PEAK / most);
    wave
}

/// The same as bytes: signed 16 bits, the lower byte first.
pub(super) fn pcm(tone: Tone) -> Vec<u8> {
    let bytes = |sample: f32| ((sample * f32::from(i16::MAX)).round() as i16).to_le_bytes();
    wave(tone).into_iter().flat_map(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much of `wave` is at `hertz` (Goertzel 1958), relative to a sine of full scale.
    fn share(wave: &[f32], hertz: f32) -> f32 {
        let turn = 2.0 * (TAU * hertz / RATE as f32).cos();
        let (mut one, mut two) = (0.0_f32, 0.0_f32);
        for sample in wave {
            (one, two) = (sample + turn * one - two, one);
        }
        (one * one + two * two - turn * one * two).max(0.0).sqrt() * 2.0 / wave.len() as f32
    }

    fn samples(tone: Tone) -> Vec<f32> {
        let pairs = pcm(tone);
        assert_eq!(pairs.len() % 2, 0);
        let sample = |pair: &[u8]| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_767.0;
        pairs.chunks_exact(2).map(sample).collect()
    }

    #[test]
    fn a_tone_is_short_and_neither_clicks_nor_clips() {
        for tone in Tone::ALL {
            let wave = samples(tone);
            let seconds = wave.len() as f32 / RATE as f32;
            assert!((0.3..1.0).contains(&seconds), "{tone:?}: {seconds} s");
            let peak = wave.iter().fold(0.0_f32, |peak, s| peak.max(s.abs()));
            assert!((peak - PEAK).abs() < 0.001, "{tone:?}: {peak}");
            assert!(wave[0].abs() < 0.01 && wave[wave.len() - 1].abs() < 0.01, "{tone:?}");
            let mean = wave.iter().sum::<f32>() / wave.len() as f32;
            assert!(mean.abs() < 0.002, "{tone:?}: {mean}");
            // The steepest that notes up to 2500 Hz can be.
            let steepest = wave.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
            assert!(steepest < PEAK * TAU * 2500.0 / RATE as f32, "{tone:?}: {steepest}");
            // Written in one go, whoever reads.
            assert!(pcm(tone).len() < 60_000, "{tone:?}");
        }
    }

    #[test]
    fn each_has_its_notes_and_no_two_are_alike() {
        let chime = samples(Tone::Chime);
        let (first, second) = chime.split_at(RATE as usize * 3 / 10);
        assert!(share(first, 1318.5) > 10.0 * share(first, 1046.5));
        assert!(share(second, 1046.5) > 4.0 * share(second, 1318.5));
        let bell = samples(Tone::Bell);
        assert!(share(&bell, 784.0) > share(&bell, 1568.0));
        assert!(share(&bell, 1568.0) > 5.0 * share(&bell, 1900.0));
        let pulses = samples(Tone::Pulses);
        let at = |ms: usize| &pulses[ms * RATE as usize / 1000..][..RATE as usize / 25];
        for (on, off) in [(40, 150), (260, 370), (480, 150)] {
            assert!(share(at(on), 987.8) > 0.2, "{on}");
            assert!(at(off).iter().all(|sample| *sample == 0.0), "{off}");
        }
        for (at, one) in Tone::ALL.iter().enumerate() {
            assert!(Tone::ALL[..at].iter().all(|other| pcm(*other) != pcm(*one)));
        }
    }
}
