//! Hours of healthy cameras that are really coded. For the long run only.

use super::camera::{Episode, Light, People};
use super::plan::{WORLDS, episode};

/// An hour of a healthy camera, of seeds that no other episode has: the light may fall or step, people
/// come and go.
pub(crate) fn hour(number: u64) -> Episode {
    let world = WORLDS[number as usize % 4];
    let mut of = episode(world, 10_000 + number, 5);
    let mut random = fastrand::Rng::with_seed(number ^ 0x4007);
    of.light = [Light::Day, Light::Day, Light::Dusk(0.5), Light::Dusk(0.9), Light::Steps]
        [random.usize(..5)];
    of.people = [People::Always, People::Never, People::Until(1800.0)][random.usize(..3)];
    of.end_s = 3600;
    (of.from_s, of.to_s) = (of.end_s, of.end_s);
    of
}
