//! Which episodes there are: all of them follow from a world and a seed.

use super::camera::{Cover, Episode, Light, People, What};
use super::scenes::World;

/// The seeds that thresholds were chosen on; in the simulator's rooms only.
pub(crate) const TUNED_ON: std::ops::RangeInclusive<u64> = 1..=50;

/// The seeds that judge, in the simulator's rooms. Those from 51 to 150 have judged before, and were
/// looked at (decision 94).
pub(crate) const JUDGED_ON: std::ops::RangeInclusive<u64> = 151..=200;

/// The seeds that judge, in each of the other worlds. Those from 1 to 24 have judged before.
pub(crate) const JUDGED_ELSEWHERE: std::ops::RangeInclusive<u64> = 25..=36;

/// The worlds that no threshold was chosen in.
pub(crate) const ELSEWHERE: [World; 3] = [World::Blobs, World::Corridor, World::Yard];

/// All worlds.
pub(crate) const WORLDS: [World; 4] = [World::Rooms, World::Blobs, World::Corridor, World::Yard];

/// Episodes of a seed.
pub(crate) const EACH: u64 = 6;

/// The episodes that the thresholds were chosen on.
pub(crate) fn tuning() -> Vec<Episode> {
    TUNED_ON.flat_map(|seed| of_seed(World::Rooms, seed)).collect()
}

/// The episodes that judge them.
pub(crate) fn judging() -> Vec<Episode> {
    let rooms = JUDGED_ON.flat_map(|seed| of_seed(World::Rooms, seed));
    let elsewhere = ELSEWHERE
        .into_iter()
        .flat_map(|world| JUDGED_ELSEWHERE.flat_map(move |seed| of_seed(world, seed)));
    rooms.chain(elsewhere).collect()
}

fn of_seed(world: World, seed: u64) -> impl Iterator<Item = Episode> {
    (0..EACH).map(move |number| episode(world, seed, number))
}

fn episode(world: World, seed: u64, number: u64) -> Episode {
    let mut random = fastrand::Rng::with_seed(seed * 1000 + number * 31 + world as u64 * 7);
    let from_s = 75 + random.u32(..25);
    let what = match number {
        0 => What::Black,
        1 => {
            What::Covered([Cover::Hand, Cover::Cloth, Cover::Blur, Cover::Plate][seed as usize % 4])
        }
        2 | 3 => What::Frozen,
        4 => What::Looped,
        _ => What::Live,
    };
    let lights = [Light::Day, Light::Day, Light::Dusk(0.12), Light::Steps];
    let mut light = lights[random.usize(..4)];
    let mut people = if number == 2 || random.bool() { People::Always } else { People::Never };
    if number == 3 {
        people = People::Never;
    }
    let (mut to_s, mut end_s) = (from_s + 65, from_s + 85);
    if what == What::Live {
        // What live pictures do that looks like trouble.
        (to_s, end_s) = (from_s, 260);
        match seed % 5 {
            0 => people = People::Until(from_s as f32),
            1 => light = Light::Off(from_s as f32),
            2 => people = People::Never,
            3 => (people, light) = (People::Never, Light::Steps),
            _ => light = Light::Dusk(0.7),
        }
    }
    let clock = random.bool().then(|| (1 + random.usize(..2), random.bool()));
    Episode {
        world,
        seed: seed + 1000 * number,
        what,
        light,
        noise: [0.4, 0.6, 1.0, 1.6, 2.5][random.usize(..5)],
        people,
        clock,
        fps: [4, 5, 6][random.usize(..3)],
        group_s: [1, 2, 2, 4, 5][random.usize(..5)],
        kbps: [16, 25, 45, 80, 160][random.usize(..5)],
        from_s,
        to_s,
        end_s,
    }
}
