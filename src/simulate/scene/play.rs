//! Who does what in a scene: everybody's day is as long as the clip and ends as it begins.

use std::f32::consts::TAU;

use super::figure::{Outfit, Pose};
use super::space::{V3, v};

/// How long the play is, in seconds, as the clip.
pub(super) const SECONDS: f32 = super::super::clips::SECONDS as f32;

/// What somebody does at a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Act {
    /// Stands or sits about.
    Wait,
    /// Shows a document, signs.
    Register,
    /// Puts the folded ballot into the box.
    Drop,
    /// Sits and writes.
    Write,
    /// Talks, with a hand.
    Talk,
}

/// A place on somebody's way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    pub(super) at: (f32, f32),
    /// Seconds there; 0 walks on.
    pub(super) wait: f32,
    /// Where to look meanwhile, in degrees from away to the right.
    pub(super) face: f32,
    pub(super) act: Act,
}

/// Somebody.
#[derive(Clone, Debug)]
pub(super) struct Actor {
    pub(super) outfit: Outfit,
    /// Seconds by which their day begins later than the clip.
    pub(super) later: f32,
    /// One: stays there. More: walks from the first to the last, and is gone until the next day.
    pub(super) stops: Vec<Stop>,
    /// Seconds out of view at the end.
    pub(super) gone: f32,
    pub(super) seated: bool,
}

/// Passing by.
pub(super) fn via(x: f32, z: f32) -> Stop {
    Stop { at: (x, z), wait: 0.0, face: 0.0, act: Act::Wait }
}

/// Staying for some seconds.
pub(super) fn stop(x: f32, z: f32, wait: f32, face: f32, act: Act) -> Stop {
    Stop { at: (x, z), wait, face, act }
}

/// Where somebody is and what they do: place, walked way in metres, at a stop: which, since when.
#[derive(Clone, Copy)]
struct Moment {
    at: V3,
    way: f32,
    stop: Option<(usize, f32)>,
}

impl Actor {
    /// How they are held `seconds` into the clip; `None` while out of view.
    pub(super) fn pose(&self, seconds: f32) -> Option<Pose> {
        match self.stops.as_slice() {
            [] => None,
            [only] => Some(self.stay(only, seconds)),
            _ => self.walk((seconds - self.later).rem_euclid(SECONDS)),
        }
    }

    /// Somebody who stays moves a little all the time, in whole numbers of waves a clip.
    fn stay(&self, stop: &Stop, seconds: f32) -> Pose {
        let wave =
            |times: f32, shift: f32| (TAU * times * (seconds + self.later * shift) / SECONDS).sin();
        let talk = stop.act == Act::Talk;
        let write = stop.act == Act::Write;
        // Looks up now and then: the top of a slow wave.
        let up = (wave(2.0, 1.0) * 2.2 - 1.0).clamp(0.0, 1.0);
        let hand = if talk {
            (wave(3.0, 0.6) * 1.5).clamp(0.0, 1.0) * (0.75 + 0.25 * wave(19.0, 1.0))
        } else {
            0.0
        };
        Pose {
            at: v(stop.at.0 + 0.02 * wave(2.0, 0.3), 0.0, stop.at.1 + 0.015 * wave(3.0, 0.7)),
            facing: stop.face.to_radians() + 0.10 * wave(1.0, 0.9) + 0.04 * wave(4.0, 0.2),
            step: 0.0,
            swing: 0.0,
            seated: self.seated,
            reach: if write { 0.45 + 0.05 * wave(23.0, 1.0) + 0.12 * wave(3.0, 0.4) } else { hand },
            reach_at: if write { 0.80 } else { 1.15 },
            turn: 0.55 * wave(2.0, 0.5) * if write { up } else { 1.0 },
            bow: if write { 1.1 * (1.0 - up) } else { 0.15 },
            paper: false,
        }
    }

    fn walk(&self, t: f32) -> Option<Pose> {
        let end = SECONDS - self.gone;
        if t >= end {
            return None;
        }
        // Nobody starts, stops or turns on the spot: the way is averaged over half a second.
        let sample = |dt: f32| self.moment((t + dt).clamp(0.0, end));
        let (mut at, mut way) = (V3::default(), 0.0);
        for dt in [-0.25, -0.125, 0.0, 0.125, 0.25] {
            let m = sample(dt);
            at = at + m.at * 0.2;
            way += m.way * 0.2;
        }
        let speed = (sample(0.25).way - sample(-0.25).way) / 0.5;
        let swing = (speed / 0.9).clamp(0.0, 1.0);
        let mut pose = Pose {
            at,
            facing: self.facing(t, end),
            step: way / 1.35 * TAU,
            swing,
            seated: false,
            reach: 0.0,
            reach_at: 1.0,
            turn: 0.25 * (TAU * t * 3.0 / SECONDS).sin(),
            bow: 0.2,
            paper: self.carries_ballot(t, end),
        };
        if let Some((index, since)) = sample(0.0).stop {
            self.act(&mut pose, &self.stops[index], since);
        }
        Some(pose)
    }

    fn act(&self, pose: &mut Pose, stop: &Stop, since: f32) {
        // Up in half a second, down in the last half.
        let share = (since * 2.0).min((stop.wait - since) * 2.0).clamp(0.0, 1.0);
        match stop.act {
            Act::Drop => {
                let late = since > stop.wait * 0.6;
                (pose.reach, pose.reach_at) = (share, if late { 1.08 } else { 1.22 });
                pose.bow = 0.9 * share;
                pose.paper = !late;
                pose.turn = 0.0;
            }
            Act::Register | Act::Write => {
                (pose.reach, pose.reach_at) = (share * (0.8 + 0.05 * (since * 13.0).sin()), 0.86);
                pose.bow = 0.9 * share;
                pose.turn = 0.0;
            }
            Act::Talk => (pose.reach, pose.reach_at) = (share * 0.7, 1.15),
            Act::Wait => {}
        }
    }

    /// From the booth to the box: on the way to the first [`Act::Drop`], after anything else was
    /// done.
    fn carries_ballot(&self, t: f32, end: f32) -> bool {
        let drop = self.stops.iter().position(|s| s.act == Act::Drop);
        let before = drop.and_then(|d| self.stops[..d].iter().rposition(|s| s.wait > 0.0));
        let (Some(drop), Some(before)) = (drop, before) else { return false };
        let (left, there) =
            (self.leaves(before, end), self.leaves(drop, end) - self.stops[drop].wait);
        (left..there).contains(&t)
    }

    /// When the stop `index` is left.
    fn leaves(&self, index: usize, end: f32) -> f32 {
        let speed = self.speed(end);
        let mut t = 0.0;
        for (n, stop) in self.stops.iter().enumerate().take(index + 1) {
            if n > 0 {
                t += gap(&self.stops[n - 1], stop) / speed;
            }
            t += stop.wait;
        }
        t
    }

    /// Metres a second, so that the whole way fits into the day.
    fn speed(&self, end: f32) -> f32 {
        let way: f32 = self.stops.windows(2).map(|pair| gap(&pair[0], &pair[1])).sum();
        let waits: f32 = self.stops.iter().map(|s| s.wait).sum();
        way / (end - waits).max(0.1)
    }

    fn moment(&self, t: f32) -> Moment {
        let speed = self.speed(SECONDS - self.gone);
        let (mut left, mut way) = (t, 0.0);
        let mut at = V3::default();
        for (n, stop) in self.stops.iter().enumerate() {
            let here = v(stop.at.0, 0.0, stop.at.1);
            if n > 0 {
                let length = gap(&self.stops[n - 1], stop);
                let seconds = length / speed;
                if left < seconds {
                    return Moment {
                        at: at.towards(here, left / seconds),
                        way: way + left * speed,
                        stop: None,
                    };
                }
                left -= seconds;
                way += length;
            }
            at = here;
            if left < stop.wait {
                return Moment { at, way, stop: Some((n, left)) };
            }
            left -= stop.wait;
        }
        Moment { at, way, stop: None }
    }

    /// Where the chest faces: along the way, at a stop where the stop says, and in between turning.
    fn facing(&self, t: f32, end: f32) -> f32 {
        let (mut x, mut z) = (0.0, 0.0);
        for step in -4..=4 {
            let at = (t + step as f32 * 0.09).clamp(0.0, end - 0.05);
            let m = self.moment(at);
            let (dx, dz) = match m.stop {
                Some((index, _)) => self.stops[index].face.to_radians().sin_cos(),
                None => {
                    let ahead = self.moment((at + 0.04).min(end));
                    let d = (ahead.at - m.at).unit();
                    (d.x, d.z)
                }
            };
            (x, z) = (x + dx, z + dz);
        }
        x.atan2(z)
    }
}

fn gap(a: &Stop, b: &Stop) -> f32 {
    (a.at.0 - b.at.0).hypot(a.at.1 - b.at.1)
}
