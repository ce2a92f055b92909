//! A scene as the lens sees it, before the camera adds noise and writing: for those who try what
//! looks at pictures.

use super::Stage;
use super::picture::Planes;
use super::rooms;
use crate::simulate::clips::SCENES;

/// One scene, drawn for one size of picture.
pub struct View {
    still: Planes,
    stage: Stage,
    picture: Planes,
}

impl View {
    /// Scene `number` (counted round from [`SCENES`] on) in `width` × `height` pixels, both even.
    pub fn new(number: u8, width: usize, height: usize) -> Self {
        let stage = Stage::new(rooms::scene(number % SCENES), (width, height));
        let mut still = Planes::new(width, height);
        still.convert(&stage.still.rgb, (0, 0), (width, height));
        Self { picture: still.clone(), still, stage }
    }

    /// Luma, limited range, row by row, of the room without anybody.
    pub fn empty(&self) -> &[u8] {
        &self.still.y
    }

    /// The same with everybody as they are `seconds` into their day, which begins again after
    /// [`SECONDS`](crate::simulate::clips::SECONDS).
    pub fn with_people(&mut self, seconds: f32) -> &[u8] {
        self.picture.copy_from(&self.still);
        self.stage.play(seconds);
        for (from, to) in self.stage.canvas.touched() {
            self.picture.convert(&self.stage.canvas.rgb, from, to);
        }
        &self.picture.y
    }
}
