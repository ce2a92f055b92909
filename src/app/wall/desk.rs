//! Remembers where the wall is, on a thread of its own: files may hang, the screen may not.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::clock::lock;
use crate::config::desk::{Desk, WindowPlace};
use crate::text::Lang;
use crate::wall::Standing;

/// A change is written down this late at most. A tour changes the page every few seconds, all day:
/// there is no need to write each of them.
const SAVE_EVERY: Duration = Duration::from_secs(3);

/// Writes the desk down while the wall is open.
pub(super) struct DeskKeeper {
    noted: Desk,
    /// What has not been written yet.
    fresh: Arc<Mutex<Option<Desk>>>,
    /// Dropped to end the thread, which then disconnects `ended`.
    end: Sender<()>,
    ended: Receiver<Infallible>,
}

impl DeskKeeper {
    /// Begins with what is in the file `path` already.
    pub(super) fn start(path: PathBuf, desk: Desk) -> std::io::Result<Self> {
        let fresh = Arc::new(Mutex::new(None));
        let (end, over) = bounded(0);
        let (alive, ended) = bounded(0);
        let shared = Arc::clone(&fresh);
        std::thread::Builder::new().name("desk".into()).spawn(move || {
            keep(&path, &shared, &over);
            drop::<Sender<Infallible>>(alive);
        })?;
        Ok(Self { noted: desk, fresh, end, ended })
    }

    /// To be called with every pass: what is the same as before is not written again.
    pub(super) fn note(&mut self, desk: Desk) {
        if desk != self.noted {
            *lock(&self.fresh) = Some(desk.clone());
            self.noted = desk;
        }
    }

    /// Writes the last change down; whether that was done in time.
    pub(super) fn close(self, within: Duration) -> bool {
        drop(self.end);
        self.ended.recv_timeout(within) == Err(RecvTimeoutError::Disconnected)
    }
}

fn keep(path: &Path, fresh: &Mutex<Option<Desk>>, over: &Receiver<()>) {
    let mut complained = false;
    loop {
        let last = over.recv_timeout(SAVE_EVERY) == Err(RecvTimeoutError::Disconnected);
        let desk = lock(fresh).take();
        match desk.map(|desk| desk.save(path)) {
            Some(Ok(())) => complained = false,
            Some(Err(e)) if !complained => {
                log::warn!(
                    "{}: {e}; the next wall will not open where this one is",
                    path.display()
                );
                complained = true;
            }
            _ => {}
        }
        if last {
            return;
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::StationId;

    #[test]
    fn the_last_change_is_written_when_the_wall_closes() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.json");
        let mut keeper = DeskKeeper::start(path.clone(), Desk::default()).unwrap();
        keeper.note(Desk::default());
        for n in 1..=9 {
            keeper.note(Desk { station: Some(StationId::new(1, n)), ..Desk::default() });
        }
        assert!(keeper.close(Duration::from_secs(60)));
        assert_eq!(Desk::load(&path).station, Some(StationId::new(1, 9)));
    }

    #[test]
    fn nothing_is_written_when_nothing_changed_and_a_bad_folder_is_survived() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("no-such-folder/desk.json");
        let mut keeper = DeskKeeper::start(path.clone(), Desk::default()).unwrap();
        keeper.note(Desk { grouped: true, ..Desk::default() });
        assert!(keeper.close(Duration::from_secs(60)) && !path.exists());
        let path = dir.path().join("desk.json");
        let mut keeper = DeskKeeper::start(path.clone(), Desk::default()).unwrap();
        keeper.note(Desk::default());
        assert!(keeper.close(Duration::from_secs(60)) && !path.exists());
    }
}
