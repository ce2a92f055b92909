//! Drawn scenes of polling stations, as a web camera under the ceiling sees them.
//!
//! What stands still is drawn once, by following rays of light; in each picture people are painted
//! into it, behind what is nearer. Then comes what the camera adds: noise, its name, its clock.
//! Voting booths are seen from behind and ballots are folded: no scene shows what anybody chose.
//! No thread and no file; called by `clips`, and through
//! [`View`] by tests of what looks at pictures.

mod brush;
mod camera;
mod figure;
mod furniture;
mod letters;
mod picture;
mod play;
mod room;
mod rooms;
mod set;
mod space;
mod surface;
mod trace;
mod view;

use super::clips::{ClipSpec, Look};
use brush::{Canvas, Lighting, Shades};
use camera::Camera;
use picture::{Noise, Planes, Rgb};
use set::Scene;
use space::v;
use surface::smooth_noise;
use trace::{Exposure, Still};
pub use view::View;

/// Draws the pictures of one clip.
pub(super) struct Painter {
    spec: ClipSpec,
    /// What stands still.
    still: Planes,
    stage: Option<Stage>,
    picture: Planes,
    noise: Noise,
}

/// A scene with people in it.
struct Stage {
    scene: Scene,
    camera: Camera,
    exposure: Exposure,
    still: Still,
    canvas: Canvas,
}

impl Painter {
    /// Draws what stands still.
    pub(super) fn new(spec: &ClipSpec) -> Self {
        let size = (spec.format.width as usize, spec.format.height as usize);
        let scene = rooms::scene(spec.scene);
        let mut still = Planes::new(size.0, size.1);
        let (mut stage, mut deviation) = (None, scene.noise);
        match spec.look {
            Look::Normal | Look::Frozen => {
                let made = Stage::new(scene, size);
                still.convert(&made.still.rgb, (0, 0), size);
                stage = Some(made);
            }
            Look::Black => deviation = 0.4,
            Look::Covered => still.convert(&covered(spec.scene, size), (0, 0), size),
        }
        let noise = Noise::new(u64::from(spec.scene), size.0, deviation);
        Self { spec: *spec, picture: still.clone(), still, stage, noise }
    }

    /// Picture `number` of the clip.
    pub(super) fn paint(&mut self, number: u32) -> &Planes {
        let number = if self.spec.look == Look::Frozen { 0 } else { number };
        let rate = self.spec.format.frames_per_second;
        let picture = &mut self.picture;
        picture.copy_from(&self.still);
        if let Some(stage) = &mut self.stage {
            stage.play(number as f32 / rate as f32);
            for (from, to) in stage.canvas.touched() {
                picture.convert(&stage.canvas.rgb, from, to);
            }
        }
        picture.add_noise(&self.noise, number);
        // Every camera's clock begins at another minute of the voting.
        let (minute, second) = (7 + 4 * u32::from(self.spec.scene), number / rate);
        picture.write(&format!("07-02-2024 11:{minute:02}:{second:02}"), 14.0, 12.0);
        picture.write(&format!("KAMERA {:02}", self.spec.scene + 1), 14.0, 334.0);
        picture
    }
}

impl Stage {
    fn new(scene: Scene, size: (usize, usize)) -> Self {
        let (at, target) = scene.camera;
        let camera = Camera::new(at, target, scene.degrees, scene.bend, size);
        let exposure = Exposure::new(scene.gain, scene.tint);
        let still = trace::draw(&scene.room, &camera, &exposure, size);
        let canvas = Canvas::new(&still, size);
        Self { scene, camera, exposure, still, canvas }
    }

    /// Paints everybody as they are `seconds` into the clip.
    fn play(&mut self, seconds: f32) {
        self.canvas.wipe(&self.still);
        let (mut limbs, mut own) = (Vec::new(), Vec::new());
        for (person, actor) in self.scene.actors.iter().enumerate() {
            let Some(pose) = actor.pose(seconds) else { continue };
            let light = Lighting::at(&self.scene.room, pose.at + v(0.0, 1.2, 0.0));
            if !pose.seated {
                self.canvas.shadow(&self.camera, &self.still, person, pose.at, light.away());
            }
            figure::limbs(&actor.outfit, &pose, &mut own);
            limbs.extend(own.drain(..).map(|limb| (person, limb, light)));
        }
        // From the far end to the near one, so that soft edges lie over what is behind them.
        let depth = |limb: &figure::Limb| self.camera.depth(limb.ends.0.towards(limb.ends.1, 0.5));
        limbs.sort_by(|(_, a, _), (_, b, _)| depth(b).total_cmp(&depth(a)));
        for (person, limb, light) in &limbs {
            let shades = Shades::new(limb.colour, *light, &self.exposure);
            self.canvas.limb(&self.camera, *person, limb, &shades);
        }
    }
}

/// Something right before the lens: one colour with soft, broad shadows.
fn covered(scene: u8, (width, height): (usize, usize)) -> Vec<Rgb> {
    let base = [[0.46, 0.30, 0.23], [0.33, 0.34, 0.37], [0.42, 0.38, 0.28]][usize::from(scene) % 3];
    let mut rgb = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let (u, w) = (x as f32 / width as f32, y as f32 / height as f32);
            let tone = 0.85 + 0.3 * w + 0.16 * smooth_noise(u * 1.6, w * 1.6, u32::from(scene));
            rgb.push([base[0] * tone, base[1] * tone, base[2] * tone]);
        }
    }
    rgb
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Codec;
    use crate::simulate::clips::{EMPTY_SCENE, Format, SCENES};

    fn spec(scene: u8, look: Look) -> ClipSpec {
        let format = Format {
            codec: Codec::H264,
            width: 160,
            height: 90,
            frames_per_second: 10,
            bits_per_second: 60_000,
        };
        ClipSpec { scene, look, format }
    }

    #[test]
    fn a_frozen_camera_sends_one_picture_and_its_clock_stands() {
        let mut painter = Painter::new(&spec(0, Look::Frozen));
        let first = painter.paint(0).clone();
        for number in [1, 7, 150] {
            let picture = painter.paint(number);
            assert!(picture.y == first.y && picture.u == first.u && picture.v == first.v);
        }
        let mut live = Painter::new(&spec(0, Look::Normal));
        let first = live.paint(0).clone();
        assert_ne!(first.y, live.paint(1).y, "a live picture has its noise");
    }

    #[test]
    fn a_scene_ends_as_it_begins_and_only_one_is_empty() {
        for number in 0..SCENES {
            let scene = rooms::scene(number);
            assert_eq!(scene.actors.is_empty(), number == EMPTY_SCENE, "scene {number}");
            for (who, actor) in scene.actors.iter().enumerate() {
                let (begin, end) = (actor.pose(0.0), actor.pose(play::SECONDS));
                let apart = match (begin, end) {
                    (Some(a), Some(b)) => (a.at - b.at).length() + (a.facing - b.facing).abs(),
                    (None, None) => 0.0,
                    _ => f32::MAX,
                };
                assert!(apart < 0.01, "scene {number}: person {who} jumps by {apart}");
            }
        }
    }

    #[test]
    fn people_walk_as_people_do_and_vanish_where_nobody_sees_it() {
        for number in 0..SCENES {
            let scene = rooms::scene(number);
            let size = scene.room.size;
            for (who, actor) in scene.actors.iter().enumerate() {
                let mut before: Option<figure::Pose> = None;
                for tenth in 0..play::SECONDS as u32 * 10 {
                    let pose = actor.pose(tenth as f32 / 10.0);
                    let whom = format!("scene {number}, person {who}, {tenth}/10 s: {pose:?}");
                    if let (Some(a), Some(b)) = (&before, &pose) {
                        let step = (a.at - b.at).length();
                        assert!(step < 0.26, "faster than 2.6 m/s: {whom}");
                    } else if before.is_some() != pose.is_some() && tenth > 0 {
                        let at = pose.or(before).unwrap_or_else(|| panic!("{whom}")).at;
                        let inside = (0.0..size.x).contains(&at.x) && (0.0..size.z).contains(&at.z);
                        assert!(!inside, "appears or vanishes in the room: {whom}");
                    }
                    before = pose;
                }
            }
        }
    }

    #[test]
    fn nobody_walks_through_furniture() {
        let mut found = Vec::new();
        for number in 0..SCENES {
            let scene = rooms::scene(number);
            for (who, actor) in scene.actors.iter().enumerate().filter(|(_, a)| !a.seated) {
                for tenth in 0..play::SECONDS as u32 * 10 {
                    let Some(pose) = actor.pose(tenth as f32 / 10.0) else { continue };
                    if scene.room.is_inside_a_thing(pose.at + v(0.0, 0.45, 0.0)) {
                        found.push(format!(
                            "scene {number}, person {who}, {tenth}/10 s: {:.1} {:.1}",
                            pose.at.x, pose.at.z
                        ));
                    }
                }
            }
        }
        assert!(found.is_empty(), "{} times:\n{}", found.len(), found.join("\n"));
    }
}
