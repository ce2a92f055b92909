//! Drawn scenes of polling stations, as a web camera under the ceiling sees them.

mod letters;
mod picture;

use super::clips::{ClipSpec, Look};
use picture::{Noise, Planes};

/// Draws the pictures of one clip.
pub(super) struct Painter {
    spec: ClipSpec,
    still: Planes,
    picture: Planes,
    noise: Noise,
}

impl Painter {
    /// Draws what stands still.
    pub(super) fn new(spec: &ClipSpec) -> Self {
        let (w, h) = (spec.format.width as usize, spec.format.height as usize);
        let mut still = Planes::new(w, h);
        let rgb: Vec<[f32; 3]> = (0..w * h)
            .map(|i| {
                let (x, y) = ((i % w) as f32 / w as f32, (i / w) as f32 / h as f32);
                match spec.look {
                    Look::Black => [0.002; 3],
                    Look::Covered => [0.3 + 0.1 * x, 0.2 + 0.1 * y, 0.18],
                    _ => [0.5 + 0.3 * y, 0.5 + 0.03 * f32::from(spec.scene), 0.3 + 0.4 * x],
                }
            })
            .collect();
        still.convert(&rgb, (0, 0), (w, h));
        let deviation = if spec.look == Look::Black { 0.4 } else { 0.8 };
        let noise = Noise::new(u64::from(spec.scene), w, deviation);
        Self { spec: *spec, picture: still.clone(), still, noise }
    }

    /// Picture `number` of the clip.
    pub(super) fn paint(&mut self, number: u32) -> &Planes {
        let number = if self.spec.look == Look::Frozen { 0 } else { number };
        self.picture.y.copy_from_slice(&self.still.y);
        self.picture.u.copy_from_slice(&self.still.u);
        self.picture.v.copy_from_slice(&self.still.v);
        self.picture.add_noise(&self.noise, number);
        let seconds = number / self.spec.format.frames_per_second;
        self.picture.write(
            &format!("07-02-2024 11:{:02}:{seconds:02}", 20 + self.spec.scene),
            12.0,
            10.0,
        );
        self.picture.write(&format!("KAMERA {:02}", self.spec.scene + 1), 12.0, 334.0);
        &self.picture
    }
}
