//! What the page of a station's day shows: read from the journal by a thread of its own, for the
//! screen may not wait for a disk, and joined with what was counted and kept in memory.

mod alarms;
mod build;
mod pictures;

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};

use self::pictures::DayPictures;
use crate::app::delivered::DeliveredLog;
use crate::app::ending::Ending;
use crate::app::watcher::Known;
use crate::clock::{Clock, Mono, WallTime, lock};
use crate::ingest::{Ingest, Waker};
use crate::journal::JournalError;
use crate::journal::read::Reader;
use crate::model::day::ElectionDay;
use crate::model::{StationId, StationList};
use crate::render::TilePicture;
use crate::ui::{Delivered, History};

/// While the page is open it is read anew this often.
const AGAIN_EVERY: Duration = Duration::from_secs(5);

/// Whose day is wanted.
struct Ask {
    station: StationId,
    /// What the page begins with.
    from: WallTime,
    /// What it ends with at the earliest.
    to: WallTime,
    now: WallTime,
    delivered: Vec<Delivered>,
    thumbnails: Vec<(WallTime, Arc<TilePicture>)>,
    /// Since when there may be some.
    thumbnails_from: WallTime,
}

/// The screen's side.
pub(super) struct DayPage {
    asks: Sender<Ask>,
    found: Arc<Mutex<Option<Arc<History>>>>,
    ended: Receiver<Infallible>,
    delivered: DeliveredLog,
    pictures: DayPictures,
    /// Whose page was asked for last, and when.
    asked: Option<(StationId, Mono)>,
}

impl DayPage {
    /// Begins to count, and to wait for somebody to open a page. `waker` is called when one is there.
    pub(super) fn start(
        journal_file: PathBuf,
        clock: &dyn Clock,
        waker: Waker,
    ) -> std::io::Result<Self> {
        let (asks, asked) = bounded::<Ask>(1);
        let (alive, ended) = bounded(0);
        let found = Arc::<Mutex<Option<Arc<History>>>>::default();
        let to = Arc::clone(&found);
        std::thread::Builder::new().name("day page".into()).spawn(move || {
            let mut failing = false;
            for ask in &asked {
                match read(&journal_file, &ask) {
                    Ok(history) => {
                        *lock(&to) = Some(Arc::new(history));
                        failing = false;
                        waker();
                    }
                    // An older page is still true up to its end.
                    Err(e) if !std::mem::replace(&mut failing, true) => {
                        log::warn!("the page of {} cannot be read: {e}", ask.station);
                    }
                    Err(_) => {}
                }
            }
            drop::<Sender<Infallible>>(alive);
        })?;
        let delivered = DeliveredLog::new(clock.mono(), clock.wall());
        let pictures = DayPictures::new(clock.mono(), clock.wall());
        Ok(Self { asks, found, ended, delivered, pictures, asked: None })
    }

    /// Counts what has come and, where a page is open, asks for it when it is time.
    pub(super) fn look(
        &mut self,
        known: &Known,
        list: &StationList,
        ingest: &Ingest,
        day: &ElectionDay,
        open: Option<StationId>,
    ) {
        self.delivered.look(known.now, known.wall, list, ingest);
        self.pictures.look(known.now, list, ingest);
        let Some(station) = open else {
            self.close_page();
            return;
        };
        let fresh = |(asked, at)| asked == station && known.now.since(at) < AGAIN_EVERY;
        if self.asked.is_some_and(fresh) {
            return;
        }
        let (from, to) = bounds(day, station, known.wall);
        let delivered = self.delivered.of(station);
        let thumbnails = self.pictures.of(station);
        let thumbnails_from = self.pictures.from();
        let now = known.wall;
        let ask = Ask { station, from, to, now, delivered, thumbnails, thumbnails_from };
        // While an earlier one waits, this one is asked for at the next look.
        if self.asks.try_send(ask).is_ok() {
            self.asked = Some((station, known.now));
        }
    }

    /// Nobody looks: the next time it is read at once.
    fn close_page(&mut self) {
        if self.asked.take().is_some() {
            self.pictures.close_page();
            *lock(&self.found) = None;
        }
    }

    /// What was found of the open page, of whichever station it is.
    pub(super) fn history(&self) -> Option<Arc<History>> {
        self.asked?;
        lock(&self.found).clone()
    }

    /// Reads no more.
    pub(super) fn end(self) -> Ending {
        drop(self.asks);
        Ending::new("day page", "nothing is lost, it was being read", self.ended)
    }

    /// The same, waited for; whether that was done in time.
    #[cfg(test)]
    pub(super) fn close(self, within: Duration) -> bool {
        self.end().is_over(within)
    }
}

fn read(file: &Path, ask: &Ask) -> Result<History, JournalError> {
    build::history(&Reader::open(file)?, ask)
}

/// The legal hours of the election day while it is that day, else the civil day so far.
fn bounds(day: &ElectionDay, station: StationId, now: WallTime) -> (WallTime, WallTime) {
    match day.hours(Some(station)) {
        // What follows on the day itself still belongs to it.
        Some((from, to)) if from <= now && (now <= to || day.local(now).date() == day.date) => {
            (from, to)
        }
        _ => (day.midnight_before(now), now),
    }
}

#[cfg(test)]
mod tests;
