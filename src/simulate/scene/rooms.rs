//! The dozen scenes. None of them is a real room.

mod halls;
mod schools;

use super::set::Scene;

/// Scene `number`; there are as many as [`SCENES`](super::super::clips::SCENES).
pub(super) fn scene(number: u8) -> Scene {
    match number {
        0 => schools::classroom(),
        1 => schools::foyer(),
        2 => halls::sports_hall(),
        3 => halls::culture_house(),
        4 => halls::library(),
        5 => schools::kindergarten(),
        6 => halls::village_club(),
        7 => halls::office(),
        8 => schools::canteen(),
        9 => schools::music_school(),
        10 => halls::gallery(),
        _ => schools::before_opening(),
    }
}
