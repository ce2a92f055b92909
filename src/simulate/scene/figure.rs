//! A person as a few rounded limbs: enough to be seen as one from under a ceiling, nobody in
//! particular.

use std::f32::consts::PI;

use super::space::{V3, v};
use super::surface::{Light, rgb};

/// What somebody wears and looks like, as colours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outfit {
    pub(super) top: u32,
    pub(super) legs: u32,
    pub(super) hair: u32,
    pub(super) skin: u32,
    /// A coat or skirt down to the knees.
    pub(super) long: bool,
    /// A headscarf or hat instead of hair.
    pub(super) cover: Option<u32>,
    /// Metres.
    pub(super) height: f32,
}

/// How a body is held at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pose {
    /// On the floor between the feet; under the seat for who sits.
    pub(super) at: V3,
    /// Where the chest faces, in radians from +z to +x.
    pub(super) facing: f32,
    /// Where in a double step, in radians.
    pub(super) step: f32,
    /// How far the legs swing: 0 stands, 1 walks.
    pub(super) swing: f32,
    pub(super) seated: bool,
    /// How far the right hand reaches out: 0 hangs, 1 is over a ballot box or a table.
    pub(super) reach: f32,
    /// How high the hand reaches, in metres above the floor.
    pub(super) reach_at: f32,
    /// How far the head is turned from where the chest faces, in radians.
    pub(super) turn: f32,
    /// How far the head is bowed, in radians.
    pub(super) bow: f32,
    /// A folded sheet in the hand.
    pub(super) paper: bool,
}

/// A rounded stick.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limb {
    pub(super) ends: (V3, V3),
    pub(super) radii: (f32, f32),
    pub(super) colour: Light,
}

/// The directions of a body.
struct Frame {
    at: V3,
    ahead: V3,
    right: V3,
    /// Size against somebody of 1.7 m.
    scale: f32,
}

impl Frame {
    /// So far ahead, to the right and up, in metres of somebody of 1.7 m.
    fn point(&self, ahead: f32, right: f32, up: f32) -> V3 {
        self.at + (self.ahead * ahead + self.right * right + v(0.0, up, 0.0)) * self.scale
    }
}

/// The limbs of somebody in this pose.
pub(super) fn limbs(outfit: &Outfit, pose: &Pose, into: &mut Vec<Limb>) {
    let (sin, cos) = pose.facing.sin_cos();
    let frame = Frame {
        at: pose.at,
        ahead: v(sin, 0.0, cos),
        right: v(cos, 0.0, -sin),
        scale: outfit.height / 1.7,
    };
    let hip = if pose.seated { 0.52 } else { 0.90 + 0.015 * (pose.step * 2.0).cos() * pose.swing };
    for side in [-1.0, 1.0] {
        leg(&frame, outfit, pose, hip, side, into);
    }
    torso(&frame, outfit, hip, into);
    arm(&frame, outfit, pose, hip, -1.0, into);
    arm(&frame, outfit, pose, hip, 1.0, into);
    head(&frame, outfit, pose, hip, into);
}

fn leg(frame: &Frame, outfit: &Outfit, pose: &Pose, hip: f32, side: f32, into: &mut Vec<Limb>) {
    let colour = rgb(outfit.legs);
    let put = |a: V3, b: V3, ra: f32, rb: f32, colour: Light| Limb {
        ends: (a, b),
        radii: (ra * frame.scale, rb * frame.scale),
        colour,
    };
    let top = (0.0, side * 0.09, hip);
    let (knee, ankle) = if pose.seated {
        ((0.40, side * 0.10, 0.50), (0.42, side * 0.10, 0.08))
    } else {
        let angle = 0.42 * pose.swing * (pose.step + if side > 0.0 { 0.0 } else { PI }).sin();
        let bend = 0.55
            * pose.swing
            * (pose.step + if side > 0.0 { 1.2 } else { 1.2 + PI }).sin().max(0.0);
        let knee = (0.42 * angle.sin(), side * 0.085, hip - 0.42 * angle.cos());
        let shin = angle - bend;
        (knee, (knee.0 + 0.42 * shin.sin(), side * 0.085, (knee.2 - 0.42 * shin.cos()).max(0.06)))
    };
    let at = |p: (f32, f32, f32)| frame.point(p.0, p.1, p.2);
    into.push(put(at(top), at(knee), 0.095, 0.068, colour));
    into.push(put(at(knee), at(ankle), 0.064, 0.048, colour));
    let toe = (ankle.0 + 0.15, ankle.1, (ankle.2 - 0.015).max(0.045));
    into.push(put(at(ankle), at(toe), 0.048, 0.042, rgb(0x2a2624)));
}

fn torso(frame: &Frame, outfit: &Outfit, hip: f32, into: &mut Vec<Limb>) {
    let colour = rgb(outfit.top);
    let mut put = |a: V3, b: V3, ra: f32, rb: f32| {
        into.push(Limb { ends: (a, b), radii: (ra * frame.scale, rb * frame.scale), colour });
    };
    let chest = hip + 0.36;
    for side in [-0.06, 0.06] {
        put(frame.point(0.0, side, hip), frame.point(0.0, side * 1.5, chest), 0.125, 0.130);
    }
    put(frame.point(0.0, -0.15, chest + 0.11), frame.point(0.0, 0.15, chest + 0.11), 0.078, 0.078);
    if outfit.long && hip > 0.7 {
        put(frame.point(0.0, 0.0, hip + 0.05), frame.point(0.0, 0.0, 0.50), 0.145, 0.170);
    }
}

fn arm(frame: &Frame, outfit: &Outfit, pose: &Pose, hip: f32, side: f32, into: &mut Vec<Limb>) {
    let shoulder = (0.0, side * 0.205, hip + 0.46);
    let swing = -0.38 * pose.swing * (pose.step + if side > 0.0 { 0.0 } else { PI }).sin();
    let (mut elbow, mut hand) = (
        (0.28 * swing.sin() - 0.02, side * 0.235, shoulder.2 - 0.28),
        (0.52 * swing.sin() + 0.06, side * 0.225, shoulder.2 - 0.53),
    );
    if pose.seated {
        elbow = (0.14, side * 0.25, shoulder.2 - 0.25);
        hand = (0.36, side * 0.12, 0.77 / frame.scale);
    }
    // The right hand reaches; the left helps a little.
    let share = pose.reach * if side > 0.0 { 1.0 } else { 0.25 };
    let goal = (0.50, side * 0.10, pose.reach_at / frame.scale);
    let mix = |a: (f32, f32, f32), b: (f32, f32, f32)| {
        (a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share, a.2 + (b.2 - a.2) * share)
    };
    hand = mix(hand, goal);
    elbow = mix(elbow, (0.22, side * 0.26, (shoulder.2 + goal.2) / 2.0 - 0.08));
    let at = |p: (f32, f32, f32)| frame.point(p.0, p.1, p.2);
    let mut put = |a: V3, b: V3, ra: f32, rb: f32, colour: Light| {
        into.push(Limb { ends: (a, b), radii: (ra * frame.scale, rb * frame.scale), colour });
    };
    put(at(shoulder), at(elbow), 0.062, 0.052, rgb(outfit.top) * 0.94);
    put(at(elbow), at(hand), 0.050, 0.040, rgb(outfit.top) * 0.94);
    put(at(hand), at((hand.0 + 0.05, hand.1, hand.2 - 0.02)), 0.042, 0.040, rgb(outfit.skin));
    if pose.paper && side > 0.0 {
        let sheet = at((hand.0 + 0.09, hand.1, hand.2 - 0.02));
        put(sheet, sheet + frame.right * 0.10, 0.032, 0.032, rgb(0xf6f5f0));
    }
}

fn head(frame: &Frame, outfit: &Outfit, pose: &Pose, hip: f32, into: &mut Vec<Limb>) {
    let (sin, cos) = pose.turn.sin_cos();
    let ahead = frame.ahead * cos + frame.right * sin;
    let low = hip + 0.585;
    let forward = 0.05 * pose.bow;
    let neck = frame.point(0.0, 0.0, low - 0.08);
    let chin = frame.point(forward, 0.0, low) + ahead * 0.018;
    let brow = frame.point(forward + 0.10 * pose.bow, 0.0, low + 0.115);
    let scale = frame.scale;
    let mut put = |a: V3, b: V3, ra: f32, rb: f32, colour: Light| {
        into.push(Limb { ends: (a, b), radii: (ra * scale, rb * scale), colour });
    };
    put(neck, chin, 0.052, 0.060, rgb(outfit.skin) * 0.9);
    put(chin, brow, 0.078, 0.092, rgb(outfit.skin));
    let back = ahead * -0.030;
    match outfit.cover {
        Some(colour) => {
            put(chin + back * 1.4, brow + back + v(0.0, 0.02, 0.0), 0.098, 0.104, rgb(colour));
        }
        None => {
            let crown = brow + back + v(0.0, 0.022, 0.0);
            put(crown, brow + back * 1.9 - v(0.0, 0.03, 0.0), 0.098, 0.092, rgb(outfit.hair));
        }
    }
}
