//! The things of a polling station: tables, chairs, booths, the ballot box and what is around.

use super::room::{Part, Shape, Thing};
use super::space::{V3, v};
use super::surface::{Light, Surface, rgb};

fn block(low: V3, high: V3, surface: Surface) -> Part {
    Part { shape: Shape::Block(low, high), surface }
}

fn plain(hex: u32) -> Surface {
    Surface::Plain(rgb(hex))
}

/// Where things stand: x and z.
pub(super) type Place = (f32, f32);

fn on_floor((x, z): Place) -> V3 {
    v(x, 0.0, z)
}

/// A table, `wide` along its x axis, with papers on it; a cloth hangs down in front where given.
pub(super) fn table(place: Place, degrees: f32, wide: f32, top: u32, cloth: Option<u32>) -> Thing {
    let (half, deep) = (wide / 2.0, 0.36);
    let mut parts = vec![block(
        v(-half, 0.72, -deep),
        v(half, 0.76, deep),
        cloth.map_or(Surface::Wood(rgb(top)), plain),
    )];
    match cloth {
        Some(hex) => {
            let folds = Surface::Folds(rgb(hex));
            parts.push(block(v(-half, 0.06, deep - 0.02), v(half, 0.72, deep), folds));
            parts.push(block(v(-half, 0.06, -deep), v(-half + 0.02, 0.72, deep), folds));
            parts.push(block(v(half - 0.02, 0.06, -deep), v(half, 0.72, deep), folds));
        }
        None => {
            for (x, z) in [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)] {
                let (x, z) = (x * (half - 0.05), z * (deep - 0.05));
                let leg = v(0.022, 0.0, 0.022);
                let low = v(x, 0.0, z);
                parts.push(block(low - leg, low + leg + v(0.0, 0.72, 0.0), plain(0x5b5550)));
            }
        }
    }
    // The voters' book before each member, and pencils or a stamp between.
    let seats = (wide / 0.75).floor().max(1.0);
    for seat in 0..seats as u32 {
        let x = (seat as f32 + 0.5) / seats * wide - half;
        let page = if seat % 2 == 0 { 0xf3f1ea } else { 0xdfe8f0 };
        parts.push(block(v(x - 0.17, 0.76, -0.24), v(x + 0.17, 0.775, 0.02), plain(page)));
        parts.push(block(v(x + 0.22, 0.76, -0.05), v(x + 0.27, 0.83, 0.0), plain(0x3a4658)));
    }
    Thing::new(on_floor(place), degrees, parts)
}

/// A chair that faces its z axis.
pub(super) fn chair(place: Place, degrees: f32, colour: u32) -> Thing {
    let (seat, frame) = (plain(colour), plain(0x4a4642));
    let mut parts = vec![
        block(v(-0.21, 0.43, -0.21), v(0.21, 0.47, 0.21), seat),
        block(v(-0.20, 0.58, -0.23), v(0.20, 0.88, -0.20), seat),
    ];
    for (x, z, high) in
        [(-0.19, -0.21, 0.86), (0.19, -0.21, 0.86), (-0.19, 0.19, 0.43), (0.19, 0.19, 0.43)]
    {
        parts.push(block(v(x - 0.014, 0.0, z - 0.014), v(x + 0.014, high, z + 0.014), frame));
    }
    Thing::new(on_floor(place), degrees, parts)
}

/// A voting booth, open towards its z axis. Cameras hang where they see its back.
pub(super) fn booth(place: Place, degrees: f32, colour: u32) -> Thing {
    let (cloth, frame) = (Surface::Folds(rgb(colour)), plain(0xc9c7c2));
    let (half, deep, high) = (0.48, 0.45, 1.92);
    let mut parts = vec![
        block(v(-half, 0.12, -deep), v(half, high, -deep + 0.03), cloth),
        block(v(-half, 0.12, -deep), v(-half + 0.03, high, deep), cloth),
        block(v(half - 0.03, 0.12, -deep), v(half, high, deep), cloth),
        // The rail around the top.
        block(
            v(-half - 0.02, high, -deep - 0.02),
            v(half + 0.02, high + 0.04, -deep + 0.04),
            frame,
        ),
        block(v(-half - 0.02, high, -deep), v(-half + 0.04, high + 0.04, deep), frame),
        block(v(half - 0.04, high, -deep), v(half + 0.02, high + 0.04, deep), frame),
        // A sign on the back.
        block(v(-0.15, 1.35, -deep - 0.012), v(0.15, 1.56, -deep), plain(0xf2f2ef)),
        block(v(-0.10, 1.43, -deep - 0.016), v(0.10, 1.46, -deep - 0.01), plain(0x4f5d70)),
    ];
    for (x, z) in
        [(-half, -deep), (half - 0.03, -deep), (-half, deep - 0.03), (half - 0.03, deep - 0.03)]
    {
        parts.push(block(v(x, 0.0, z), v(x + 0.03, 0.14, z + 0.03), frame));
    }
    Thing::new(on_floor(place), degrees, parts)
}

/// The transparent ballot box on its stand, filled to `full` (0 to 1) with folded ballots.
pub(super) fn ballot_box(place: Place, degrees: f32, cloth: u32, full: f32) -> Thing {
    let glass = Surface::Glass(rgb(0xcfe3ec), 0.26);
    let rim = plain(0xe9ecee);
    let (half, deep, low, high) = (0.29, 0.23, 0.52, 1.06);
    let mut parts = vec![
        block(v(-0.36, 0.0, -0.30), v(0.36, 0.50, 0.30), Surface::Folds(rgb(cloth))),
        block(v(-0.37, 0.50, -0.31), v(0.37, 0.52, 0.31), plain(cloth)),
        block(v(-half, low, -deep), v(half, low + 0.02, deep), rim),
        // Ballots, folded so that nothing on them is seen.
        block(
            v(-half + 0.03, low + 0.02, -deep + 0.03),
            v(half - 0.03, low + 0.03 + 0.40 * full, deep - 0.03),
            Surface::Papers,
        ),
        block(v(-half, low, -deep), v(half, high, deep), glass),
        // The lid with its slot, and a seal.
        block(v(-half - 0.02, high, -deep - 0.02), v(half + 0.02, high + 0.045, deep + 0.02), rim),
        block(v(-0.11, high + 0.04, -0.014), v(0.11, high + 0.05, 0.014), plain(0x22262a)),
        block(
            v(half - 0.06, high - 0.04, -deep - 0.026),
            v(half - 0.01, high + 0.02, -deep - 0.01),
            plain(0xb3342b),
        ),
    ];
    let post = 0.018;
    for (x, z) in
        [(-half, -deep), (half - post, -deep), (-half, deep - post), (half - post, deep - post)]
    {
        parts.push(block(v(x, low, z), v(x + post, high, z + post), rim));
    }
    Thing::new(on_floor(place), degrees, parts)
}

/// A plant in a pot.
pub(super) fn plant(place: Place, high: f32) -> Thing {
    let ball = |x: f32, y: f32, z: f32, r: f32, hex: u32| Part {
        shape: Shape::Ball(v(x, y * high, z), r * high),
        surface: plain(hex),
    };
    let parts = vec![
        Part { shape: Shape::Post(V3::default(), 0.16, 0.28), surface: plain(0x9c5a3c) },
        Part { shape: Shape::Post(v(0.0, 0.28, 0.0), 0.02, high * 0.5), surface: plain(0x5d4a34) },
        ball(0.0, 0.78, 0.0, 0.20, 0x47713f),
        ball(0.12, 0.66, 0.07, 0.15, 0x3d6538),
        ball(-0.12, 0.68, -0.06, 0.16, 0x55814a),
        ball(0.03, 0.60, -0.12, 0.14, 0x446d3c),
    ];
    Thing::new(on_floor(place), 0.0, parts)
}

/// A flag that hangs on a pole.
pub(super) fn flag(place: Place, degrees: f32) -> Thing {
    let parts = vec![
        Part { shape: Shape::Post(V3::default(), 0.15, 0.04), surface: plain(0x6b5a3c) },
        Part { shape: Shape::Post(V3::default(), 0.017, 2.25), surface: plain(0xb99a55) },
        block(v(0.02, 1.35, -0.012), v(0.98, 2.18, 0.012), Surface::Flag),
    ];
    Thing::new(on_floor(place), degrees, parts)
}

/// A closed box of one material: cupboard, stage, piano, heater, column, rug.
pub(super) fn solid(
    place: Place,
    degrees: f32,
    size: (f32, f32, f32),
    low: f32,
    surface: Surface,
) -> Thing {
    let (wide, high, deep) = size;
    let part =
        block(v(-wide / 2.0, low, -deep / 2.0), v(wide / 2.0, low + high, deep / 2.0), surface);
    Thing::new(on_floor(place), degrees, vec![part])
}

/// A round column or stove.
pub(super) fn column(place: Place, radius: f32, high: f32, colour: u32) -> Thing {
    let surface = plain(colour);
    Thing::new(
        on_floor(place),
        0.0,
        vec![Part { shape: Shape::Post(V3::default(), radius, high), surface }],
    )
}

/// A heater of ribs.
pub(super) fn heater(place: Place, degrees: f32, wide: f32) -> Thing {
    let ribs = (wide / 0.09) as u32;
    let parts = (0..ribs).map(|rib| {
        let x = rib as f32 * 0.09 - wide / 2.0;
        block(v(x, 0.14, -0.05), v(x + 0.06, 0.68, 0.05), plain(0xe4e1d8))
    });
    Thing::new(on_floor(place), degrees, parts.collect())
}

/// Climbing bars, `high` and `wide`, as in sports halls.
pub(super) fn wall_bars(place: Place, degrees: f32, wide: f32, high: f32) -> Thing {
    let wood = plain(0xb98a54);
    let mut parts = Vec::new();
    for post in 0..=(wide as u32) {
        let x = post as f32 - wide / 2.0;
        parts.push(block(v(x - 0.03, 0.0, -0.06), v(x + 0.03, high, 0.06), wood));
    }
    for bar in 1..(high / 0.2) as u32 {
        let y = bar as f32 * 0.2;
        parts.push(block(v(-wide / 2.0, y - 0.018, 0.0), v(wide / 2.0, y + 0.018, 0.04), wood));
    }
    Thing::new(on_floor(place), degrees, parts)
}

/// A lamp under the ceiling, `wide × deep`, its lower side at `y`.
pub(super) fn lamp(at: V3, wide: f32, deep: f32, light: Light) -> Thing {
    let parts = vec![
        block(
            v(-wide / 2.0, 0.0, -deep / 2.0),
            v(wide / 2.0, 0.05, deep / 2.0),
            Surface::Lamp(light),
        ),
        block(
            v(-wide / 2.0 - 0.03, 0.05, -deep / 2.0 - 0.03),
            v(wide / 2.0 + 0.03, 0.08, deep / 2.0 + 0.03),
            plain(0xd9d9d6),
        ),
    ];
    Thing::new(at, 0.0, parts)
}
