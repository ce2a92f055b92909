//! Scenes in schools.

use crate::simulate::scene::furniture::{
    ballot_box, booth, chair, flag, heater, plant, solid, table,
};
use crate::simulate::scene::play::{Act, stop, via};
use crate::simulate::scene::room::Side;
use crate::simulate::scene::set::{Scene, coat, covered, person};
use crate::simulate::scene::space::v;
use crate::simulate::scene::surface::{Surface, rgb};

/// A classroom with a green board on a bright day.
pub(super) fn classroom() -> Scene {
    let walls = Surface::TwoTone(rgb(0xc9b78e), rgb(0xefe6cf), 1.25);
    let mut s = Scene::new((8.4, 3.2, 7.0), walls, Surface::Planks(rgb(0xb98a58)));
    s.window(Side::Right, (0.9, 3.1), (0.95, 2.6), 3, 1.0);
    s.window(Side::Right, (3.9, 6.1), (0.95, 2.6), 3, 1.0);
    s.panel(Side::Far, (1.1, 0.95), (4.6, 2.25), Surface::Plain(rgb(0x7a5a38)));
    s.panel(Side::Far, (1.17, 1.02), (4.53, 2.18), Surface::Stone(rgb(0x2f5a45)));
    s.door(Side::Far, 6.3, 0x9a7b52);
    s.lamps(&[(2.4, 2.2), (6.0, 2.2), (2.4, 5.0), (6.0, 5.0)], (1.2, 0.16), 0.0, v(1.5, 1.5, 1.45));
    s.add(heater((8.28, 2.0), 90.0, 1.8));
    s.add(heater((8.28, 5.0), 90.0, 1.8));
    for x in [1.5, 2.75, 4.0] {
        s.add(booth((x, 5.3), 0.0, 0x3f6fa8));
    }
    s.add(table((7.0, 2.7), -90.0, 2.9, 0xc29a66, Some(0x2f6a4d)));
    s.commission((7.0, 2.7), -90.0, 2.9, &[0x3a4a6b, 0x8a3d46, 0xd8d4c8, 0x46515a], 0x6b5138);
    s.add(ballot_box((3.9, 3.0), 20.0, 0x2f6a4d, 0.45));
    s.add(flag((5.35, 6.6), 180.0));
    s.add(plant((0.6, 6.5), 1.2));
    s.observers(
        (1.1, 2.6),
        (1.1, 4.2),
        90.0,
        &[
            person(3, 0x5a5f66, 0x2b2d33),
            coat(1, 0x7a4f63, 0x2a2a2e),
            person(4, 0x2f4f4a, 0x33343a),
        ],
        0x6b5138,
    );
    let way = [
        via(9.4, 7.75),
        via(6.8, 7.75),
        via(6.75, 6.0),
        stop(6.1, 3.0, 2.6, 90.0, Act::Register),
        via(4.9, 5.0),
        via(4.9, 6.15),
        stop(2.9, 6.15, 1.6, 180.0, Act::Wait),
        via(4.85, 6.15),
        stop(4.35, 3.35, 2.2, -130.0, Act::Drop),
        via(6.2, 5.4),
        via(6.85, 7.75),
        via(9.4, 7.75),
    ];
    let voters = [
        person(0, 0x2d3c55, 0x23252b),
        covered(coat(2, 0x9a5a3f, 0x2b2428), 0xb9a27a),
        person(5, 0xa9aeb3, 0x39424f),
        coat(4, 0x35563f, 0x26262a),
    ];
    s.voters(&voters, &way, 1.2);
    s
}

/// The foyer of a school: tiles, tubes of cold light, a queue.
pub(super) fn foyer() -> Scene {
    let walls = Surface::TwoTone(rgb(0x6fa3a8), rgb(0xe3e8e6), 1.45);
    let floor = Surface::Tiles(rgb(0xc9c4ba), rgb(0x98948c), 0.45);
    let mut s = Scene::new((10.5, 3.1, 8.0), walls, floor);
    s.camera = (v(10.2, 2.85, 0.25), v(4.4, 0.55, 4.9));
    s.tint = v(0.95, 1.0, 1.05);
    s.lamps(
        &[(2.5, 1.8), (5.2, 1.8), (7.9, 1.8), (2.5, 5.0), (5.2, 5.0), (7.9, 5.0)],
        (1.5, 0.14),
        0.0,
        v(1.45, 1.55, 1.65),
    );
    s.door(Side::Left, 1.3, 0x6b4a35);
    s.panel(Side::Far, (0.6, 1.05), (3.0, 2.15), Surface::Notices(rgb(0x7d9a86), 5));
    s.panel(Side::Far, (7.4, 1.1), (9.6, 2.1), Surface::Notices(rgb(0xa98f6a), 9));
    s.window(Side::Left, (4.3, 6.6), (1.0, 2.5), 3, 0.75);
    for x in [4.2, 5.5, 6.8] {
        s.add(booth((x, 6.4), 0.0, 0xc7ccd2));
    }
    s.add(table((1.6, 5.3), 90.0, 2.6, 0xb08a5c, Some(0x7c2f36)));
    s.commission((1.6, 5.3), 90.0, 2.6, &[0x4f5d4a, 0x2f3a52, 0xb9b2a4], 0x3d4652);
    s.add(ballot_box((6.0, 3.4), -25.0, 0x7c2f36, 0.3));
    s.add(flag((9.4, 7.3), 180.0));
    s.add(plant((0.6, 7.4), 1.4));
    s.add(plant((9.95, 5.4), 1.1));
    // The queue along the window.
    for (n, (x, z)) in [(2.5, 3.2), (2.2, 2.65), (1.75, 2.9)].into_iter().enumerate() {
        let tops = [0x3b3f58, 0x8d6f4e, 0x5d2f38];
        let outfit =
            if n == 1 { coat(n + 3, tops[n], 0x2a2a2e) } else { person(n + 1, tops[n], 0x2c2f36) };
        s.stay(
            outfit,
            (x, z),
            10.0 + 15.0 * n as f32,
            if n == 2 { Act::Talk } else { Act::Wait },
            false,
        );
    }
    let way = [
        via(-0.9, 0.2),
        via(-0.8, 1.8),
        via(1.2, 1.9),
        stop(2.75, 4.9, 2.4, -90.0, Act::Register),
        via(3.4, 6.2),
        via(3.3, 7.4),
        stop(5.4, 7.3, 1.5, 180.0, Act::Wait),
        via(7.7, 7.25),
        via(7.8, 5.6),
        stop(6.25, 4.05, 2.0, -160.0, Act::Drop),
        via(3.6, 2.2),
        via(0.9, 1.8),
        via(-0.8, 1.8),
        via(-0.9, 0.2),
    ];
    let voters =
        [coat(1, 0x30455e, 0x24262c), person(2, 0x7b3a34, 0x3a3f4a), person(0, 0xc2bda9, 0x2f3440)];
    s.voters(&voters, &way, 0.8);
    s
}

/// A kindergarten: warm walls, a rug, small chairs.
pub(super) fn kindergarten() -> Scene {
    let walls = Surface::TwoTone(rgb(0xf0c667), rgb(0xf8ecc9), 1.1);
    let mut s = Scene::new((7.4, 2.9, 6.6), walls, Surface::Stone(rgb(0xc8a987)));
    s.camera = (v(7.15, 2.65, 0.2), v(3.0, 0.45, 3.9));
    s.degrees = 94.0;
    s.window(Side::Left, (1.2, 3.4), (0.7, 2.3), 2, 1.15);
    s.lamps(&[(2.3, 3.3), (5.1, 3.3)], (0.6, 0.6), 0.05, v(2.0, 1.9, 1.65));
    s.panel(Side::Far, (0.5, 1.2), (2.3, 2.1), Surface::Notices(rgb(0x8fb8d8), 21));
    s.panel(Side::Far, (5.2, 1.25), (6.0, 1.95), Surface::Painting(3));
    s.panel(Side::Far, (6.2, 1.25), (7.0, 1.95), Surface::Painting(1));
    s.panel(Side::Floor, (2.3, 1.3), (4.5, 3.2), Surface::Rings(0));
    s.door(Side::Left, 4.6, 0xe7e1d2);
    for (x, colour) in [(3.2, 0xd66b56), (4.4, 0x4f98b8)] {
        s.add(booth((x, 5.2), 0.0, colour));
    }
    s.add(solid((6.7, 5.5), 0.0, (0.9, 1.3, 0.45), 0.0, Surface::Books(4)));
    s.add(table((1.9, 5.55), 140.0, 2.2, 0xd9b077, None));
    s.commission((1.9, 5.55), 140.0, 2.2, &[0xa84f66, 0x4a6a8a, 0xdcd6c6], 0x5a9a5f);
    s.add(ballot_box((3.6, 2.5), 15.0, 0xb9d3df, 0.2));
    s.add(flag((2.55, 6.35), 180.0));
    s.observers(
        (6.75, 3.0),
        (6.75, 4.4),
        -90.0,
        &[coat(0, 0x5f5470, 0x2b2b31), person(4, 0x6d7b58, 0x2f3036)],
        0xc9584a,
    );
    let way = [
        via(-0.8, 7.4),
        via(-0.8, 5.1),
        via(0.7, 5.0),
        stop(2.35, 4.55, 2.8, -35.0, Act::Register),
        via(5.15, 4.4),
        via(5.2, 6.05),
        stop(3.8, 6.05, 2.4, 180.0, Act::Wait),
        via(5.2, 6.0),
        via(5.1, 4.0),
        stop(4.15, 2.75, 2.4, -110.0, Act::Drop),
        via(2.0, 3.6),
        via(0.6, 5.1),
        via(-0.8, 5.1),
        via(-0.8, 7.4),
    ];
    s.voters(
        &[covered(coat(3, 0x4a5a52, 0x2a2a2e), 0xe4dccb), person(1, 0x33415f, 0x2a2c31)],
        &way,
        1.0,
    );
    s
}

/// A canteen with columns and a long row of windows.
pub(super) fn canteen() -> Scene {
    let walls = Surface::TwoTone(rgb(0xdfe9ee), rgb(0xf2f3f1), 1.6);
    let floor = Surface::Tiles(rgb(0xd9d5c9), rgb(0xa9b9c2), 0.6);
    let mut s = Scene::new((12.0, 3.4, 9.0), walls, floor);
    s.camera = (v(0.3, 3.15, 0.3), v(6.4, 0.5, 5.6));
    s.degrees = 84.0;
    for n in 0..4 {
        let from = 0.8 + 2.8 * n as f32;
        s.window(Side::Far, (from, from + 2.1), (0.9, 2.7), 2, 0.95);
    }
    s.lamps(&[(3.0, 3.0), (8.0, 3.0), (3.0, 6.5), (8.0, 6.5)], (0.6, 0.6), 0.0, v(2.2, 2.3, 2.35));
    s.door(Side::Right, 6.9, 0x8fa0a8);
    for x in [4.2, 8.4] {
        s.add(solid(
            (x, 6.0),
            0.0,
            (0.42, 3.4, 0.42),
            0.0,
            Surface::TwoTone(rgb(0x9db7c4), rgb(0xeef0ee), 1.6),
        ));
    }
    s.add(solid((11.5, 2.8), 0.0, (0.8, 1.05, 4.4), 0.0, Surface::Wood(rgb(0xa9825a))));
    for (x, z) in [(5.4, 7.4), (6.6, 7.4), (7.8, 7.4)] {
        s.add(booth((x, z), 0.0, 0x7d5a8c));
    }
    s.add(table((9.6, 4.0), -90.0, 3.4, 0xbfa27a, Some(0x345a8a)));
    s.commission((9.6, 4.0), -90.0, 3.4, &[0x39424f, 0xb5543f, 0x5b6f58, 0x8a7fa0], 0x808890);
    s.add(ballot_box((5.9, 4.5), 0.0, 0x345a8a, 0.6));
    s.add(ballot_box((4.9, 4.5), 0.0, 0x345a8a, 0.35));
    s.add(flag((10.6, 8.4), 180.0));
    for (x, z) in [(1.6, 5.6), (1.6, 7.4)] {
        s.add(table((x, z), 90.0, 1.6, 0xd8c7a3, None));
        s.add(chair((x + 0.8, z - 0.3), -90.0, 0x9a6b44));
        s.add(chair((x + 0.8, z + 0.4), -90.0, 0x9a6b44));
    }
    s.stay(person(2, 0x6a6f76, 0x2d3038), (2.35, 5.3), -90.0, Act::Wait, true);
    s.stay(coat(5, 0x8a4a58, 0x2b2b30), (2.35, 7.8), -90.0, Act::Write, true);
    s.stay(person(4, 0x2c3b2f, 0x24262a), (8.0, 5.0), 70.0, Act::Talk, false);
    let way = [
        via(13.0, 9.2),
        via(12.8, 7.4),
        via(11.0, 7.3),
        stop(8.7, 4.5, 2.0, 90.0, Act::Register),
        via(8.9, 6.6),
        via(8.8, 8.3),
        stop(6.8, 8.25, 1.2, 180.0, Act::Wait),
        via(4.6, 8.2),
        via(4.7, 6.4),
        stop(5.5, 5.15, 1.8, 170.0, Act::Drop),
        via(7.4, 6.3),
        via(11.0, 7.5),
        via(12.8, 7.4),
        via(13.0, 9.2),
    ];
    let voters = [
        person(0, 0x9a3f38, 0x2a2d35),
        coat(1, 0x4b4f63, 0x26262b),
        person(3, 0x3f5f73, 0x39352f),
        covered(coat(5, 0x5f6a48, 0x2a2a2a), 0x6b3a44),
    ];
    s.voters(&voters, &way, 0.6);
    s
}

/// A music school in the evening: lamplight, a piano, dark windows.
pub(super) fn music_school() -> Scene {
    let walls = Surface::TwoTone(rgb(0x6d4a4f), rgb(0xd9c3a8), 1.0);
    let mut s = Scene::new((8.0, 3.3, 7.2), walls, Surface::Planks(rgb(0x7d5334)));
    s.camera = (v(0.25, 3.0, 6.95), v(4.7, 0.5, 2.7));
    s.room.ambient = v(0.30, 0.26, 0.21);
    s.gain = 1.9;
    s.noise = 1.1;
    s.window(Side::Right, (1.2, 2.9), (0.9, 2.6), 2, 0.05);
    s.window(Side::Right, (4.2, 5.9), (0.9, 2.6), 2, 0.05);
    s.lamps(
        &[(2.6, 2.4), (5.4, 2.4), (2.6, 5.0), (5.4, 5.0)],
        (0.45, 0.45),
        0.35,
        v(2.5, 2.05, 1.45),
    );
    s.panel(Side::Near, (3.4, 1.35), (4.5, 2.2), Surface::Painting(3));
    s.panel(Side::Near, (5.0, 1.35), (6.1, 2.2), Surface::Painting(0));
    s.door(Side::Near, 0.9, 0x4a3324);
    // A grand piano.
    s.add(solid((7.0, 6.1), 0.0, (1.5, 0.34, 1.7), 0.68, Surface::Plain(rgb(0x17171a))));
    s.add(solid((7.0, 6.1), 0.0, (0.12, 0.68, 1.2), 0.0, Surface::Plain(rgb(0x17171a))));
    for x in [4.4, 5.6] {
        s.add(booth((x, 1.5), 180.0, 0x8b2f3c));
    }
    s.add(table((7.0, 3.4), -90.0, 2.3, 0x8a623c, None));
    s.commission((7.0, 3.4), -90.0, 2.3, &[0x2e3138, 0x6b4a2f, 0x9a9da6], 0x3a2a22);
    s.add(ballot_box((3.9, 4.3), 10.0, 0x5a3d2b, 0.7));
    s.add(flag((7.5, 0.7), 0.0));
    s.stay(person(1, 0x39424a, 0x26282e), (2.0, 3.6), 60.0, Act::Talk, false);
    s.stay(coat(2, 0x7a5b3c, 0x2a2622), (2.7, 3.9), -120.0, Act::Wait, false);
    let way = [
        via(-0.6, -0.8),
        via(1.4, -0.8),
        via(1.5, 1.2),
        stop(6.1, 3.2, 2.4, 90.0, Act::Register),
        via(6.6, 2.2),
        via(6.6, 0.65),
        stop(5.0, 0.6, 1.8, 0.0, Act::Wait),
        via(3.5, 0.7),
        via(3.4, 2.4),
        stop(3.75, 3.7, 2.2, 0.0, Act::Drop),
        via(2.2, 2.2),
        via(1.4, 0.6),
        via(1.4, -0.8),
        via(-0.6, -0.8),
    ];
    s.voters(&[coat(0, 0x404a5c, 0x222328), person(3, 0x8a6a4a, 0x2c2e34)], &way, 1.0);
    s
}

/// A classroom early in the morning: all is ready, nobody is there.
pub(super) fn before_opening() -> Scene {
    let walls = Surface::TwoTone(rgb(0x8fa59a), rgb(0xdfe4dd), 1.3);
    let mut s = Scene::new((7.6, 3.1, 6.8), walls, Surface::Planks(rgb(0x96764f)));
    s.camera = (v(7.35, 2.85, 0.25), v(3.1, 0.5, 4.2));
    s.gain = 1.5;
    s.tint = v(0.94, 0.99, 1.08);
    s.noise = 1.2;
    s.window(Side::Left, (0.8, 2.8), (0.95, 2.5), 2, 0.55);
    s.window(Side::Left, (3.6, 5.6), (0.95, 2.5), 2, 0.55);
    s.add(heater((0.12, 1.8), 90.0, 1.7));
    s.add(heater((0.12, 4.6), 90.0, 1.7));
    s.panel(Side::Far, (2.0, 0.95), (4.8, 2.15), Surface::Plain(rgb(0x6a563c)));
    s.panel(Side::Far, (2.07, 1.02), (4.73, 2.08), Surface::Stone(rgb(0x33453d)));
    s.panel(Side::Far, (5.4, 1.1), (6.9, 2.1), Surface::Notices(rgb(0x9a8f78), 33));
    for x in [2.3, 3.5, 4.7] {
        s.add(booth((x, 5.2), 0.0, 0x5c7f6a));
    }
    s.add(table((1.5, 3.0), 90.0, 2.6, 0xb08d60, Some(0x5c2f3a)));
    for z in [2.1, 3.0, 3.9] {
        s.add(chair((0.75, z), 90.0, 0x6b5138));
    }
    s.add(ballot_box((4.2, 3.0), -15.0, 0x5c2f3a, 0.0));
    s.add(flag((6.6, 6.2), 180.0));
    s.add(plant((7.0, 4.6), 1.2));
    for x in [5.2, 5.8] {
        s.add(chair((x, 6.3), 180.0, 0x6b5138));
    }
    s
}
