//! Which episodes there are: all of them follow from a world and a seed.

use super::camera::{Cover, Episode, Light, People, What};
use super::scenes::World;

/// The seeds that thresholds were chosen on; in the simulator's rooms only.
pub(crate) const TUNED_ON: std::ops::RangeInclusive<u64> = 1..=50;

/// … and of long freezes, which cost more to film.
pub(crate) const LONG_TUNED_ON: std::ops::RangeInclusive<u64> = 1..=9;

/// The seeds whose long freezes judge.
pub(crate) const LONG_JUDGED_ON: std::ops::RangeInclusive<u64> = 225..=232;

/// … in each of the other worlds.
pub(crate) const LONG_JUDGED_ELSEWHERE: std::ops::RangeInclusive<u64> = 46..=49;

/// The seeds that judge, in the simulator's rooms. Those from 51 to 224 have judged before, and were
/// looked at (decision 94).
pub(crate) const JUDGED_ON: std::ops::RangeInclusive<u64> = 225..=248;

/// The seeds that judge, in each of the other worlds. Those from 1 to 45 have judged before.
pub(crate) const JUDGED_ELSEWHERE: std::ops::RangeInclusive<u64> = 46..=54;

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

pub(crate) fn episode(world: World, seed: u64, number: u64) -> Episode {
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
        again_s: None,
        from_s,
        to_s,
        end_s,
    }
}

/// Long freezes of a seed.
pub(crate) const LONG_EACH: u64 = 4;

/// Long freezes that thresholds were chosen on, really coded to the end.
pub(crate) fn long_tuning() -> Vec<Episode> {
    LONG_TUNED_ON.flat_map(|seed| long_of_seed(World::Rooms, seed)).collect()
}

/// Long freezes that judge.
pub(crate) fn long_judging() -> Vec<Episode> {
    let rooms = LONG_JUDGED_ON.flat_map(|seed| long_of_seed(World::Rooms, seed));
    let elsewhere = ELSEWHERE
        .into_iter()
        .flat_map(|world| LONG_JUDGED_ELSEWHERE.flat_map(move |seed| long_of_seed(world, seed)));
    rooms.chain(elsewhere).collect()
}

fn long_of_seed(world: World, seed: u64) -> impl Iterator<Item = Episode> {
    (0..LONG_EACH).filter_map(move |number| long(world, seed, number))
}

/// Ten minutes and more: 0 and 1 stand, 2 stands and is taken up anew by another session meanwhile,
/// 3, of every second seed, is a loop.
fn long(world: World, seed: u64, number: u64) -> Option<Episode> {
    let short = [3, 2, 3, 4][number as usize];
    let mut of = episode(world, seed, short);
    let mut random = fastrand::Rng::with_seed(seed * 1000 + number * 37 + world as u64 * 7 + 500);
    if number == 3 && random.bool() {
        return None;
    }
    if number == 1 {
        of.people = People::Always;
    }
    of.seed = seed + 1000 * (10 + number);
    of.from_s += random.u32(..60);
    of.to_s = of.from_s + 600 + random.u32(..120);
    of.end_s = of.to_s + 100;
    of.again_s = (number == 2).then(|| of.from_s + 150 + random.u32(..200));
    if let Light::Dusk(share) = &mut of.light {
        *share = 0.5;
    }
    Some(of)
}
