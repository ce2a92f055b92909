//! Remembers where the wall is.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::app::saver::Saver;
use crate::config::desk::{Desk, WindowPlace};
use crate::text::Lang;
use crate::wall::Standing;

/// A change is written down this late at most. A tour changes the page every few seconds, all day:
/// there is no need to write each of them.
const SAVE_EVERY: Duration = Duration::from_secs(3);

/// Writes the desk down while the wall is open.
pub(super) type DeskKeeper = Saver<Desk>;

/// Begins with what is in the file `path` already.
pub(super) fn keeper(path: PathBuf, desk: Desk) -> io::Result<DeskKeeper> {
    let lost = "the next wall will not open where this one is";
    Saver::start("desk", path, desk, SAVE_EVERY, Desk::save, lost)
}

/// What there is to remember.
pub(super) fn desk(standing: Standing, window: WindowPlace, language: Option<Lang>) -> Desk {
    Desk {
        station: standing.station,
        tiles_per_page: Some(standing.tiles_per_page),
        grouped: standing.grouped,
        tour_s: Some(standing.dwell.as_secs()),
        language,
        window: Some(window),
    }
}

/// Where a wall that would begin at `fresh` begins instead.
pub(super) fn standing(desk: &Desk, fresh: Standing) -> Standing {
    Standing {
        station: desk.station.or(fresh.station),
        tiles_per_page: desk.tiles_per_page.unwrap_or(fresh.tiles_per_page),
        grouped: desk.grouped,
        dwell: desk.tour_s.map_or(fresh.dwell, Duration::from_secs),
    }
}
