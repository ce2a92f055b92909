//! Builds a scene piece by piece: the room, its light, its things and its people.

use super::figure::Outfit;
use super::furniture::{self, Place};
use super::play::{Act, Actor, Stop, stop};
use super::room::{Panel, Room, Side, Source, Thing};
use super::space::{V3, v};
use super::surface::{Light, Surface, rgb};

/// A whole scene, before it is drawn.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) room: Room,
    pub(super) actors: Vec<Actor>,
    /// Where the camera hangs and at what it looks.
    pub(super) camera: (V3, V3),
    /// How wide it sees, in degrees.
    pub(super) degrees: f32,
    /// How strongly its lens bends lines.
    pub(super) bend: f32,
    /// The more, the brighter.
    pub(super) gain: f32,
    /// What the camera takes for white.
    pub(super) tint: Light,
    /// The deviation of its noise in steps of luma.
    pub(super) noise: f32,
}

/// Skin and hair in the order in which they are dealt out.
const FACES: [(u32, u32); 6] = [
    (0xd9a884, 0x2a211c),
    (0xe3b896, 0x3b2a1f),
    (0xcf9a74, 0x1f1a18),
    (0xdfb08c, 0x8d8780),
    (0xd6a27c, 0x4a3423),
    (0xe0b592, 0x6b655f),
];

/// Someone in these clothes; `number` deals out faces and sizes.
pub(super) fn person(number: usize, top: u32, legs: u32) -> Outfit {
    let (skin, hair) = FACES[number % FACES.len()];
    let height = 1.62 + 0.045 * (number * 7 % 5) as f32;
    Outfit { top, legs, hair, skin, long: false, cover: None, height }
}

/// Someone in a long coat or skirt.
pub(super) fn coat(number: usize, top: u32, legs: u32) -> Outfit {
    Outfit { long: true, height: 1.60 + 0.03 * (number % 3) as f32, ..person(number, top, legs) }
}

/// With a headscarf or a hat.
pub(super) fn covered(outfit: Outfit, colour: u32) -> Outfit {
    Outfit { cover: Some(colour), ..outfit }
}

impl Scene {
    /// An empty room of this width, height and depth.
    pub(super) fn new(size: (f32, f32, f32), walls: Surface, floor: Surface) -> Self {
        let room = Room {
            size: v(size.0, size.1, size.2),
            walls,
            floor,
            ceiling: Surface::Plain(rgb(0xe9e7e1)),
            panels: Vec::new(),
            things: Vec::new(),
            sources: Vec::new(),
            ambient: v(0.31, 0.32, 0.335),
        };
        Self {
            room,
            actors: Vec::new(),
            camera: (v(0.25, size.1 - 0.3, 0.25), v(size.0 * 0.6, 0.6, size.2 * 0.65)),
            degrees: 88.0,
            bend: 0.10,
            gain: 1.95,
            tint: v(1.0, 1.0, 1.0),
            noise: 0.8,
        }
    }

    pub(super) fn add(&mut self, thing: Thing) {
        self.room.things.push(thing);
    }

    pub(super) fn panel(&mut self, side: Side, from: (f32, f32), to: (f32, f32), surface: Surface) {
        self.room.panels.push(Panel { side, from, to, surface, behind: 0.0 });
    }

    /// A window from `from` to `to` along a wall and between two heights, with `panes` panes;
    /// `light` is how bright the day is.
    pub(super) fn window(
        &mut self,
        side: Side,
        along: (f32, f32),
        up: (f32, f32),
        panes: u32,
        light: f32,
    ) {
        let frame = Surface::Plain(rgb(0xf0efec));
        self.panel(side, (along.0 - 0.07, up.0 - 0.07), (along.1 + 0.07, up.1 + 0.07), frame);
        let wide = (along.1 - along.0) / panes as f32;
        for pane in 0..panes {
            let left = along.0 + pane as f32 * wide;
            self.room.panels.push(Panel {
                side,
                from: (left + 0.03, up.0),
                to: (left + wide - 0.03, up.1 - 0.35),
                surface: Surface::Outside(light),
                behind: 2.5,
            });
            self.room.panels.push(Panel {
                side,
                from: (left + 0.03, up.1 - 0.30),
                to: (left + wide - 0.03, up.1),
                surface: Surface::Plain(rgb(0xeef4f8) * (light * 1.5)),
                behind: 0.0,
            });
        }
        let (middle, high) = ((along.0 + along.1) / 2.0, (up.0 + up.1) / 2.0);
        let (at, half, facing) = self.on_wall(side, middle, high, (along.1 - along.0) / 2.0);
        let area = (along.1 - along.0) * (up.1 - up.0);
        self.room.sources.push(Source {
            at,
            half: (half, v(0.0, (up.1 - up.0) / 2.0, 0.0)),
            facing,
            light: v(0.92, 0.97, 1.06) * (light * area * 0.42),
        });
    }

    /// A point just before a wall, the half extent along it, and where it faces.
    fn on_wall(&self, side: Side, along: f32, up: f32, half: f32) -> (V3, V3, V3) {
        let size = self.room.size;
        match side {
            Side::Left => (v(0.03, up, along), v(0.0, 0.0, half), v(1.0, 0.0, 0.0)),
            Side::Right => (v(size.x - 0.03, up, along), v(0.0, 0.0, half), v(-1.0, 0.0, 0.0)),
            Side::Near => (v(along, up, 0.03), v(half, 0.0, 0.0), v(0.0, 0.0, 1.0)),
            _ => (v(along, up, size.z - 0.03), v(half, 0.0, 0.0), v(0.0, 0.0, -1.0)),
        }
    }

    /// An open door, one metre wide, onto a corridor.
    pub(super) fn door(&mut self, side: Side, at: f32, frame: u32) {
        let around = Surface::Plain(rgb(frame));
        self.panel(side, (at - 0.09, 0.0), (at + 1.09, 2.17), around);
        self.room.panels.push(Panel {
            side,
            from: (at, 0.0),
            to: (at + 1.0, 2.08),
            surface: Surface::TwoTone(rgb(0x77746c) * 0.6, rgb(0xb9b5a8) * 0.62, 0.9),
            behind: 1.3,
        });
    }

    /// Rows of lamps under the ceiling: `wide × deep` each.
    pub(super) fn lamps(&mut self, places: &[Place], size: (f32, f32), drop: f32, light: Light) {
        for (x, z) in places {
            let y = self.room.size.y - drop;
            self.add(furniture::lamp(v(*x, y - 0.08, *z), size.0, size.1, light * 3.2));
            self.room.sources.push(Source {
                at: v(*x, y - 0.10, *z),
                half: (v(size.0 / 2.0, 0.0, 0.0), v(0.0, 0.0, size.1 / 2.0)),
                facing: v(0.0, -1.0, 0.0),
                light,
            });
        }
    }

    /// Members of the commission on chairs behind a table that stands at `place`, `wide`, turned
    /// so that its front faces the room.
    pub(super) fn commission(
        &mut self,
        place: Place,
        degrees: f32,
        wide: f32,
        tops: &[u32],
        chairs: u32,
    ) {
        let turn = super::space::Turn::degrees(degrees);
        let count = tops.len();
        for (number, top) in tops.iter().enumerate() {
            let x = ((number as f32 + 0.5) / count as f32 - 0.5) * wide;
            let seat = v(place.0, 0.0, place.1) + turn.out(v(x, 0.0, -0.78));
            self.add(furniture::chair((seat.x, seat.z), degrees, chairs));
            let seed = number * 3 + count + place.0 as usize;
            let outfit = match number % 3 {
                1 => coat(seed, *top, 0x2e2c31),
                _ => person(seed, *top, 0x2f3036),
            };
            let act = if number % 2 == 0 { Act::Write } else { Act::Wait };
            let body = v(place.0, 0.0, place.1) + turn.out(v(x, 0.0, -0.74));
            self.stay(outfit, (body.x, body.z), degrees, act, true);
        }
    }

    /// Somebody who stays.
    pub(super) fn stay(
        &mut self,
        outfit: Outfit,
        place: Place,
        degrees: f32,
        act: Act,
        seated: bool,
    ) {
        let later = self.actors.len() as f32 * 3.7;
        let stops = vec![stop(place.0, place.1, 0.0, degrees, act)];
        self.actors.push(Actor { outfit, later, stops, gone: 0.0, seated });
    }

    /// Observers on chairs in a row from `from` to `to`.
    pub(super) fn observers(
        &mut self,
        from: Place,
        to: Place,
        degrees: f32,
        outfits: &[Outfit],
        chairs: u32,
    ) {
        let last = outfits.len().max(2) as f32 - 1.0;
        for (number, outfit) in outfits.iter().enumerate() {
            let share = number as f32 / last;
            let place = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            self.add(furniture::chair(place, degrees, chairs));
            self.stay(*outfit, place, degrees, Act::Wait, true);
        }
    }

    /// Voters who walk the same way one after the other, evenly over the clip.
    pub(super) fn voters(&mut self, outfits: &[Outfit], stops: &[Stop], gone: f32) {
        let apart = super::play::SECONDS / outfits.len().max(1) as f32;
        for (number, outfit) in outfits.iter().enumerate() {
            let later = number as f32 * apart + self.actors.len() as f32 * 0.3;
            self.actors.push(Actor {
                outfit: *outfit,
                later,
                stops: stops.to_vec(),
                gone,
                seated: false,
            });
        }
    }
}
