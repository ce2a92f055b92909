//! The drift of the light makes boxes flicker, too: that part is taken out.

use super::limits;
use crate::frame::{LUMA_HEIGHT, LUMA_WIDTH};

/// How many boxes would have flickered if the light had not drifted by `shift`; `None` when that
/// cannot be told.
///
/// A box whose mean moved by d is rounded to another step with the chance min(1, |d|). With normal
/// noise z of deviation σ the share that flickers is 1 − E max(0, 1 − |shift + σz|): the σ that
/// explains what was seen is found, and the same taken without the shift. Without noise the share is
/// the mean shift itself, however it is spread over the picture, and nothing remains.
pub(super) fn without_drift(flicker: f32, shift: f32) -> Option<f32> {
    const BOXES: f32 = LUMA_WIDTH as f32 * LUMA_HEIGHT as f32;
    // Noise much weaker than the drift hardly adds to what flickers: it is rather missed.
    const DOUBT: f32 = 0.01;
    if shift < 0.02 {
        return Some(flicker);
    }
    let seen = flicker / BOXES;
    if seen <= shift + DOUBT {
        // Of a drift beyond a half some noise makes fewer boxes flicker, not more.
        return (shift <= 0.5).then_some(0.0);
    }
    if shift >= limits::SHIFTED_MUCH {
        return None;
    }
    let share = |shift: f32, deviation: f32| {
        let stays: f32 =
            NORMAL.iter().map(|z| (1.0 - (shift + deviation * z).abs()).max(0.0)).sum();
        1.0 - stays / NORMAL.len() as f32
    };
    let (mut low, mut high) = (0.0_f32, 4.0_f32);
    for _ in 0..20 {
        let middle = 0.5 * (low + high);
        if share(shift, middle) < seen - DOUBT { low = middle } else { high = middle }
    }
    Some(BOXES * share(0.0, low).min(seen))
}

/// The middles of 16 equally likely parts of the normal distribution.
const NORMAL: [f32; 16] = [
    -1.863, -1.318, -1.010, -0.776, -0.579, -0.402, -0.237, -0.078, 0.078, 0.237, 0.402, 0.579,
    0.776, 1.010, 1.318, 1.863,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drift_of_the_light_is_no_noise() {
        for shift in [0.1, 0.2, 0.3, 0.5] {
            assert_eq!(without_drift(3600.0 * shift, shift), Some(0.0), "{shift}");
            assert_eq!(without_drift(3600.0 * shift * 0.8, shift), Some(0.0), "{shift}");
        }
    }

    #[test]
    fn noise_under_a_drift_is_found_again() {
        // Of 3600 boxes with a deviation of 0.8, as made by chance.
        let mut random = fastrand::Rng::with_seed(3);
        let mut flicker = |shift: f32| {
            let mut normal = || (0..12).map(|_| random.f32()).sum::<f32>() - 6.0;
            let noise: Vec<f32> = (0..3600).map(|_| 0.8 * normal()).collect();
            let changed = noise.iter().map(|n| (random.f32(), n + shift));
            changed.filter(|(place, d)| (place + d).floor() != 0.0).count() as f32
        };
        let still = flicker(0.0);
        for shift in [0.1, 0.3, 0.5] {
            let found = without_drift(flicker(shift), shift).unwrap();
            assert!((found / still - 1.0).abs() < 0.08, "{shift}: {found} of {still}");
        }
        // As much light as noise: either could have done it.
        assert_eq!(without_drift(3600.0 * 0.7, 0.7), None);
        assert_eq!(without_drift(3600.0, 2.0), None);
    }
}
