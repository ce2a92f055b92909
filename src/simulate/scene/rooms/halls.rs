//! Scenes in halls and offices.

use crate::simulate::scene::furniture::{
    ballot_box, booth, column, flag, plant, solid, table, wall_bars,
};
use crate::simulate::scene::play::{Act, stop, via};
use crate::simulate::scene::room::Side;
use crate::simulate::scene::set::{Scene, coat, covered, person};
use crate::simulate::scene::space::v;
use crate::simulate::scene::surface::{Surface, rgb};

/// A sports hall, seen from high up.
pub(super) fn sports_hall() -> Scene {
    let walls = Surface::TwoTone(rgb(0x4f7fa3), rgb(0xe6e3d6), 1.8);
    let mut s = Scene::new((14.0, 5.2, 11.0), walls, Surface::Court(rgb(0xcf9d62)));
    s.camera = (v(0.4, 4.6, 0.4), v(7.4, 0.3, 6.6));
    s.degrees = 80.0;
    s.room.ceiling = Surface::Plain(rgb(0xb9bcbf));
    for n in 0..4 {
        let from = 1.2 + 3.1 * n as f32;
        s.window(Side::Far, (from, from + 2.3), (2.7, 4.5), 3, 0.8);
    }
    s.lamps(&[(3.5, 3.0), (10.5, 3.0), (3.5, 8.0), (10.5, 8.0)], (1.2, 0.5), 0.3, v(3.4, 3.5, 3.5));
    s.door(Side::Right, 8.7, 0x5a4632);
    s.add(wall_bars((3.0, 10.88), 0.0, 4.0, 2.5));
    s.add(solid((13.86, 5.4), 0.0, (0.06, 1.0, 1.7), 2.9, Surface::Plain(rgb(0xf0efea))));
    for x in [4.6, 6.0, 7.4, 8.8] {
        s.add(booth((x, 8.7), 0.0, 0x2f6f62));
    }
    s.add(table((11.2, 4.6), -90.0, 3.6, 0xc9a06b, Some(0x3a4a78)));
    s.commission((11.2, 4.6), -90.0, 3.6, &[0xb23f3a, 0x3f4756, 0xd3cdbd, 0x54704f], 0x40464f);
    s.add(ballot_box((6.6, 5.2), 0.0, 0x3a4a78, 0.5));
    s.add(flag((10.6, 10.3), 180.0));
    s.observers(
        (2.0, 6.2),
        (3.6, 7.8),
        120.0,
        &[
            person(0, 0x4a4f58, 0x2a2c31),
            coat(2, 0x86604a, 0x2a2628),
            person(5, 0x5d6f7a, 0x30333a),
        ],
        0x40464f,
    );
    s.stay(person(3, 0x2b3a56, 0x24262c), (9.4, 3.2), -30.0, Act::Talk, false);
    s.stay(coat(4, 0xa06a6f, 0x2b2a2e), (9.0, 3.8), 150.0, Act::Wait, false);
    let way = [
        via(15.0, 11.5),
        via(14.8, 9.2),
        via(12.4, 8.9),
        via(10.3, 6.9),
        stop(10.2, 5.4, 1.6, 90.0, Act::Register),
        via(9.9, 8.0),
        via(9.8, 9.7),
        stop(8.1, 9.6, 1.0, 180.0, Act::Wait),
        via(9.7, 9.5),
        stop(6.9, 5.9, 1.8, -160.0, Act::Drop),
        via(10.0, 7.8),
        via(13.0, 9.2),
        via(14.8, 9.2),
        via(15.0, 11.5),
    ];
    let voters = [
        person(1, 0xd0a03c, 0x2c3340),
        coat(3, 0x5a2f44, 0x26242a),
        person(2, 0x3c5c46, 0x2a2b30),
        person(0, 0x8f979e, 0x37404f),
        covered(coat(5, 0x43506a, 0x28282c), 0xcfc4b0),
    ];
    s.voters(&voters, &way, 0.5);
    s
}

/// The hall of a culture house: a stage with a red curtain, warm light.
pub(super) fn culture_house() -> Scene {
    let walls = Surface::TwoTone(rgb(0x9a6f4a), rgb(0xe9d4ae), 1.2);
    let mut s = Scene::new((11.0, 4.4, 9.5), walls, Surface::Planks(rgb(0x8f5f3a)));
    s.camera = (v(10.7, 3.9, 0.3), v(4.9, 0.6, 5.9));
    s.degrees = 82.0;
    s.tint = v(1.06, 1.0, 0.90);
    s.room.ambient = v(0.36, 0.32, 0.27);
    s.lamps(&[(3.0, 3.0), (8.0, 3.0), (3.0, 6.4), (8.0, 6.4)], (0.7, 0.7), 0.5, v(4.0, 3.5, 2.7));
    s.add(solid((5.5, 8.7), 0.0, (11.0, 0.8, 1.6), 0.0, Surface::Wood(rgb(0x6b4429))));
    s.panel(Side::Far, (0.0, 0.8), (11.0, 3.9), Surface::Folds(rgb(0x8c1f2b)));
    s.panel(Side::Far, (0.0, 3.5), (11.0, 3.95), Surface::Folds(rgb(0xb8862f)));
    s.door(Side::Left, 1.8, 0x5b3a22);
    s.window(Side::Left, (4.4, 5.6), (1.2, 3.4), 1, 0.6);
    for x in [5.2, 6.5, 7.8] {
        s.add(booth((x, 6.4), 0.0, 0xd8cfb8));
    }
    s.add(table((1.8, 5.3), 90.0, 2.7, 0x8a623c, Some(0x8c1f2b)));
    s.commission((1.8, 5.3), 90.0, 2.7, &[0x2c2f38, 0xcfc7b4, 0x53424a], 0x7a2028);
    s.add(ballot_box((5.6, 3.9), -10.0, 0x8c1f2b, 0.55));
    s.add(flag((9.8, 7.4), 180.0));
    s.observers(
        (10.2, 4.2),
        (10.2, 6.0),
        -90.0,
        &[
            person(2, 0x6a5a45, 0x2d2a28),
            person(5, 0x3f4a58, 0x2a2c31),
            coat(1, 0x7d3b4c, 0x2a2428),
        ],
        0x7a2028,
    );
    let way = [
        via(-0.9, 0.6),
        via(-0.8, 2.3),
        via(1.4, 2.4),
        stop(2.9, 5.0, 2.2, -90.0, Act::Register),
        via(4.2, 6.0),
        via(4.1, 7.35),
        stop(5.6, 7.3, 1.4, 180.0, Act::Wait),
        via(4.2, 7.2),
        via(4.4, 5.6),
        stop(5.4, 4.6, 2.0, 170.0, Act::Drop),
        via(3.6, 3.0),
        via(1.2, 2.3),
        via(-0.8, 2.3),
        via(-0.9, 0.6),
    ];
    let voters =
        [coat(3, 0x2f4a4f, 0x26262a), person(4, 0x9a8a6a, 0x33302c), person(1, 0x44506b, 0x2b2d33)];
    s.voters(&voters, &way, 0.8);
    s
}

/// A library between its shelves.
pub(super) fn library() -> Scene {
    let walls = Surface::Plain(rgb(0xe4dcc6));
    let mut s = Scene::new((8.8, 3.2, 7.6), walls, Surface::Planks(rgb(0x8a6b4f)));
    s.camera = (v(0.25, 2.95, 0.3), v(4.9, 0.55, 4.8));
    s.lamps(&[(2.6, 2.4), (6.2, 2.4), (2.6, 5.4), (6.2, 5.4)], (0.9, 0.3), 0.2, v(2.1, 2.0, 1.75));
    s.window(Side::Right, (3.0, 4.6), (0.9, 2.6), 2, 0.9);
    for (n, x) in [0.9, 2.5, 4.1].into_iter().enumerate() {
        s.add(solid((x, 7.38), 0.0, (1.5, 2.4, 0.36), 0.0, Surface::Books(n as u32 + 40)));
    }
    s.add(solid((8.58, 1.6), 90.0, (2.2, 2.4, 0.36), 0.0, Surface::Books(51)));
    s.add(solid((8.58, 6.3), 90.0, (2.0, 2.4, 0.36), 0.0, Surface::Books(57)));
    s.door(Side::Far, 6.0, 0x6a4c33);
    s.panel(Side::Floor, (2.6, 1.9), (5.2, 4.3), Surface::Plain(rgb(0x7d2f33)));
    s.panel(Side::Floor, (2.8, 2.1), (5.0, 4.1), Surface::Stone(rgb(0x9a4b42)));
    for x in [1.5, 2.8] {
        s.add(booth((x, 5.6), 0.0, 0xc9a24a));
    }
    s.add(table((7.1, 3.7), -90.0, 2.4, 0x7d5634, None));
    s.commission((7.1, 3.7), -90.0, 2.4, &[0x4a5f4a, 0xd9d0bb, 0x39395a], 0x59402c);
    s.add(ballot_box((4.1, 3.3), 15.0, 0x4a3a2c, 0.25));
    s.add(flag((5.35, 7.1), 180.0));
    s.add(plant((8.3, 5.0), 1.0));
    s.stay(coat(2, 0x5d4f6b, 0x2a282e), (1.0, 3.4), 80.0, Act::Wait, false);
    let way = [
        via(8.6, 8.5),
        via(6.5, 8.4),
        via(6.5, 6.8),
        stop(6.2, 4.1, 2.8, 90.0, Act::Register),
        via(4.4, 5.2),
        via(4.2, 6.45),
        stop(2.2, 6.45, 2.0, 180.0, Act::Wait),
        via(4.1, 6.4),
        stop(4.5, 3.85, 2.4, -140.0, Act::Drop),
        via(6.1, 5.6),
        via(6.5, 8.4),
        via(8.6, 8.5),
    ];
    s.voters(
        &[person(1, 0x5a6f8a, 0x2b2f38), covered(coat(4, 0x6f4a36, 0x2a2624), 0x3f4a5a)],
        &way,
        1.0,
    );
    s
}

/// A small village club: wooden walls, one lamp, a stove.
pub(super) fn village_club() -> Scene {
    let mut s =
        Scene::new((6.4, 2.7, 5.8), Surface::Planks(rgb(0xa77f52)), Surface::Planks(rgb(0x7a573a)));
    s.camera = (v(6.2, 2.5, 0.2), v(2.7, 0.45, 3.4));
    s.degrees = 92.0;
    s.bend = 0.15;
    s.noise = 1.2;
    s.room.ambient = v(0.30, 0.27, 0.23);
    s.tint = v(1.07, 1.0, 0.88);
    s.room.ceiling = Surface::Planks(rgb(0xcdb289));
    s.lamps(&[(3.2, 2.9)], (0.35, 0.35), 0.3, v(5.2, 4.3, 2.9));
    s.window(Side::Left, (2.2, 3.3), (0.95, 2.0), 2, 0.55);
    s.door(Side::Left, 0.5, 0x4d3826);
    s.add(column((5.8, 5.2), 0.28, 1.5, 0x3a3634));
    s.add(column((5.8, 5.2), 0.08, 2.7, 0x2e2b2a));
    s.panel(Side::Far, (0.7, 1.2), (2.0, 2.0), Surface::Notices(rgb(0xb59a6a), 3));
    s.add(booth((4.3, 4.5), 0.0, 0x4d7a5a));
    s.add(booth((3.1, 4.5), 0.0, 0x4d7a5a));
    s.add(table((1.2, 4.3), 110.0, 1.8, 0x8f6a42, Some(0xd9d2c0)));
    s.commission((1.2, 4.3), 110.0, 1.8, &[0x5b3a32, 0x3c4a5f], 0x4a3a2a);
    s.add(ballot_box((3.2, 2.5), -20.0, 0xd9d2c0, 0.15));
    s.add(flag((2.2, 5.5), 180.0));
    s.observers((5.9, 2.6), (5.9, 3.6), -90.0, &[person(5, 0x4f4a42, 0x2b2926)], 0x4a3a2a);
    let way = [
        via(-0.8, -0.8),
        via(-0.7, 1.0),
        via(0.9, 1.0),
        stop(1.95, 3.7, 3.2, -70.0, Act::Register),
        via(2.2, 4.2),
        via(2.2, 5.25),
        stop(3.4, 5.25, 3.0, 180.0, Act::Wait),
        via(2.3, 5.2),
        via(2.4, 3.8),
        stop(3.0, 3.15, 2.6, 170.0, Act::Drop),
        via(1.8, 1.8),
        via(0.8, 1.0),
        via(-0.7, 1.0),
        via(-0.8, -0.8),
    ];
    s.voters(
        &[
            covered(person(3, 0x5f5a50, 0x322e2a), 0x3a3a3a),
            covered(coat(1, 0x7a3f4a, 0x2a2426), 0xb0485a),
        ],
        &way,
        1.4,
    );
    s
}

/// A municipality's new office: white, bright, carpet tiles.
pub(super) fn office() -> Scene {
    let floor = Surface::Tiles(rgb(0x6f7780), rgb(0x656d76), 0.5);
    let mut s = Scene::new((9.6, 2.9, 7.4), Surface::Plain(rgb(0xf0f0ee)), floor);
    s.camera = (v(4.8, 2.75, 0.2), v(4.8, 0.3, 4.6));
    s.degrees = 96.0;
    s.bend = 0.14;
    s.gain = 1.6;
    s.lamps(
        &[(1.9, 2.0), (4.8, 2.0), (7.7, 2.0), (1.9, 5.0), (4.8, 5.0), (7.7, 5.0)],
        (0.6, 0.6),
        0.0,
        v(1.8, 1.85, 1.9),
    );
    s.window(Side::Left, (1.6, 5.6), (0.4, 2.5), 4, 0.9);
    s.door(Side::Right, 5.6, 0x8b9096);
    s.panel(Side::Far, (1.2, 1.2), (2.6, 2.2), Surface::Painting(2));
    s.panel(Side::Far, (7.0, 1.2), (8.6, 2.1), Surface::Notices(rgb(0xd3d7da), 14));
    for x in [3.5, 4.75, 6.0] {
        s.add(booth((x, 5.7), 0.0, 0xd77f35));
    }
    s.add(table((8.2, 3.2), -90.0, 2.8, 0xdcdad4, None));
    s.commission((8.2, 3.2), -90.0, 2.8, &[0x2b2f3a, 0xe2ded4, 0x6f8a9a, 0x7a3340], 0x2b2e33);
    s.add(ballot_box((4.8, 3.5), 0.0, 0xd77f35, 0.4));
    s.add(flag((9.1, 6.9), 180.0));
    s.add(plant((0.6, 6.8), 1.5));
    s.add(plant((0.6, 0.9), 1.3));
    s.observers(
        (1.0, 3.2),
        (1.0, 5.0),
        90.0,
        &[
            person(0, 0x39404a, 0x25272c),
            coat(2, 0xa58a6a, 0x2b2a2a),
            person(4, 0x4d5b45, 0x2d2e33),
        ],
        0x2b2e33,
    );
    let way = [
        via(10.5, 7.6),
        via(10.4, 6.1),
        via(8.6, 6.0),
        stop(7.35, 3.9, 2.2, 90.0, Act::Register),
        via(7.2, 5.2),
        via(7.0, 6.6),
        stop(5.4, 6.6, 1.6, 180.0, Act::Wait),
        via(2.7, 6.6),
        via(2.7, 5.2),
        stop(4.3, 4.0, 2.0, 140.0, Act::Drop),
        via(6.6, 4.7),
        via(8.6, 6.1),
        via(10.4, 6.1),
        via(10.5, 7.6),
    ];
    let voters =
        [person(5, 0x31507a, 0x23262c), coat(0, 0xb9b2a2, 0x2b2d33), person(2, 0x7d2f3c, 0x33363d)];
    s.voters(&voters, &way, 0.8);
    s
}

/// A gallery: stone floor, columns, paintings.
pub(super) fn gallery() -> Scene {
    let floor = Surface::Tiles(rgb(0xe0d9cb), rgb(0x8d7f74), 0.8);
    let mut s =
        Scene::new((10.4, 4.0, 8.4), Surface::TwoTone(rgb(0x8f9a8c), rgb(0xc3c9bb), 0.5), floor);
    s.camera = (v(0.3, 3.6, 8.1), v(5.7, 0.5, 3.1));
    s.degrees = 84.0;
    s.room.ambient = v(0.42, 0.42, 0.42);
    s.lamps(&[(2.6, 2.2), (7.4, 2.2), (2.6, 5.6), (7.4, 5.6)], (0.8, 0.8), 0.1, v(3.1, 3.0, 2.8));
    for n in 0..4 {
        let from = 1.9 + 1.9 * n as f32;
        s.panel(Side::Near, (from, 1.35), (from + 1.35, 2.45), Surface::Painting(n));
    }
    s.panel(Side::Right, (4.0, 1.3), (6.2, 2.6), Surface::Painting(5));
    s.door(Side::Right, 0.8, 0x6f5a3c);
    for (x, z) in [(3.0, 2.6), (7.6, 2.6)] {
        s.add(column((x, z), 0.23, 4.0, 0xe9e4d8));
        s.add(solid((x, z), 0.0, (0.64, 0.22, 0.64), 0.0, Surface::Plain(rgb(0xd4cdbd))));
    }
    for x in [4.2, 5.4, 6.6] {
        s.add(booth((x, 1.6), 180.0, 0x54607d));
    }
    s.add(table((9.0, 4.9), -90.0, 2.8, 0x7d5634, Some(0x2f3d5c)));
    s.commission((9.0, 4.9), -90.0, 2.8, &[0x8a8f98, 0x5c2f33, 0x3a4a3f], 0x50422f);
    s.add(ballot_box((5.4, 4.9), 0.0, 0x2f3d5c, 0.65));
    s.add(flag((9.7, 3.1), 0.0));
    s.stay(person(3, 0x2f3440, 0x22242a), (2.2, 4.4), 90.0, Act::Wait, false);
    s.stay(coat(1, 0x9a7f5f, 0x2c2926), (7.2, 6.3), 60.0, Act::Talk, false);
    s.stay(person(4, 0x556a5a, 0x2a2c31), (7.8, 6.6), -110.0, Act::Wait, false);
    let way = [
        via(11.4, -0.4),
        via(11.2, 1.3),
        via(9.2, 1.4),
        stop(8.1, 4.5, 2.2, 90.0, Act::Register),
        via(8.25, 3.2),
        via(8.1, 0.75),
        stop(6.0, 0.65, 1.4, 0.0, Act::Wait),
        via(3.5, 0.75),
        via(3.5, 2.5),
        via(4.2, 3.4),
        stop(5.2, 4.25, 2.0, 10.0, Act::Drop),
        via(8.3, 3.5),
        via(9.2, 1.5),
        via(11.2, 1.3),
        via(11.4, -0.4),
    ];
    let voters =
        [coat(5, 0x6a3f52, 0x28262a), person(0, 0xc3b48f, 0x39404a), person(2, 0x3a5568, 0x2a2c31)];
    s.voters(&voters, &way, 0.8);
    s
}
