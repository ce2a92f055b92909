//! Remembers where the wall is.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::app::saver::Saver;
use crate::config::desk::{Desk, WindowPlace};
use crate::model::Chosen;
use crate::text::Lang;
use crate::wall::{Sounding, Standing, Tone};

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
pub(super) fn desk(
    standing: Standing,
    window: WindowPlace,
    language: Option<Lang>,
    operator: Option<String>,
    records: Option<Chosen>,
) -> Desk {
    Desk {
        station: standing.station,
        tiles_per_page: Some(standing.tiles_per_page),
        grouped: standing.grouped,
        tour_s: Some(standing.dwell.as_secs()),
        tour_undisturbed: standing.undisturbed,
        sound: standing.sounding.on,
        tone: Some(standing.sounding.tone.code().to_owned()),
        operator,
        records,
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
        undisturbed: desk.tour_undisturbed,
        sounding: Sounding {
            on: desk.sound,
            tone: desk.tone.as_deref().and_then(Tone::of_code).unwrap_or_default(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StationId;

    #[test]
    fn what_was_set_is_so_again() {
        let set = Standing {
            station: Some(StationId::new(57, 12)),
            tiles_per_page: 36,
            grouped: true,
            dwell: Duration::from_secs(45),
            undisturbed: true,
            sounding: Sounding { on: true, tone: Tone::Pulses },
        };
        let kept = desk(set, WindowPlace::default(), None, Some("Aysel".into()), None);
        let fresh = Standing { station: None, undisturbed: false, ..set };
        assert_eq!(standing(&kept, fresh), set);
        let foreign = Desk { tone: Some("siren".into()), ..kept };
        assert_eq!(standing(&foreign, fresh).sounding.tone, Tone::default());
    }
}
