//! Writes down who was on this wall, how large, from when to when: the ledger's `shown`.

use std::sync::Arc;

use crate::clock::Clock;
use crate::journal::{Entry, Event, Journal};
use crate::wall::Painted;
use crate::wall::shown::{ShownLog, WasShown};

/// A page's time on the screen goes to the journal when it leaves, and in parts while it stays: a row
/// a second at most, whatever an operator does.
pub(super) struct ShownDesk {
    journal: Journal,
    clock: Arc<dyn Clock>,
    /// The machine's name: which wall it is.
    wall: String,
    log: ShownLog,
}

impl ShownDesk {
    pub(super) fn new(journal: Journal, clock: Arc<dyn Clock>) -> Self {
        let wall = gethostname::gethostname().to_string_lossy().into_owned();
        Self { journal, clock, wall, log: ShownLog::default() }
    }

    /// This is on the screen now.
    pub(super) fn look(&mut self, painted: &Painted) {
        let was = self.log.look(self.clock.wall(), &painted.stations, painted.tile);
        self.put_down(was);
    }

    /// Nobody can see anything now.
    pub(super) fn dark(&mut self) {
        let was = self.log.end(self.clock.wall());
        self.put_down(was);
    }

    fn put_down(&self, was: Option<WasShown>) {
        let Some(WasShown { from, to, tile: (width, height), stations }) = was else { return };
        let stations = stations.iter().map(ToString::to_string).collect();
        let (from_utc_us, wall) = (from.as_micros(), self.wall.clone());
        let event = Event::Shown { from_utc_us, wall, width, height, stations };
        self.journal.record(Entry { utc: to, ..Entry::now(&*self.clock, event) });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::{FakeClock, WallTime};
    use crate::journal::read::{Filter, Reader};
    use crate::journal::{JournalError, Kind, RunConfig, RunInfo};
    use crate::model::StationId;

    #[test]
    fn who_was_on_the_wall_is_read_in_the_journal_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.sqlite");
        let start = WallTime::from_micros(1_707_271_200_000_000);
        let clock = Arc::new(FakeClock::at(start));
        let shared: Arc<dyn Clock> = Arc::<FakeClock>::clone(&clock);
        let info = RunInfo::this_process("wall", RunConfig::default());
        let journal = Journal::open(&file, Arc::clone(&shared), info, Arc::new(|| {})).unwrap();
        let mut desk = ShownDesk::new(journal.clone(), shared);
        let page = |stations: &[u32], tile| Painted {
            stations: stations.iter().map(|&n| StationId::new(23, n)).collect(),
            tile,
        };
        let stay = |desk: &mut ShownDesk, painted: &Painted, seconds: u64| {
            for _ in 0..seconds * 4 {
                desk.look(painted);
                clock.advance(Duration::from_millis(250));
            }
        };
        stay(&mut desk, &page(&[1, 2, 3], (630, 354)), 8);
        stay(&mut desk, &page(&[2], (1904, 900)), 5);
        desk.dark();
        stay(&mut desk, &Painted::default(), 60);
        stay(&mut desk, &page(&[1, 2, 3], (630, 354)), 2);
        desk.dark();
        assert!(journal.close(Duration::from_secs(60)));

        let (mut shown, host) = (Vec::new(), gethostname::gethostname());
        let filter = Filter { kinds: vec![Kind::Shown], ..Filter::default() };
        let take = |row: crate::journal::read::Record| {
            let Some(Event::Shown { from_utc_us, wall, width, height, stations }) = row.event()
            else {
                panic!("{row:?}");
            };
            assert_eq!(wall, host.to_string_lossy());
            let second = |us: i64| (us - start.as_micros()) / 1_000_000;
            let span = (second(from_utc_us), second(row.utc.as_micros()));
            shown.push((span, (width, height), stations.join(" ")));
            Ok::<_, JournalError>(())
        };
        Reader::open(&file).unwrap().each(&filter, take).unwrap();
        assert_eq!(
            shown,
            [
                ((0, 8), (630, 354), "23/1 23/2 23/3".to_owned()),
                ((8, 13), (1904, 900), "23/2".to_owned()),
                ((73, 75), (630, 354), "23/1 23/2 23/3".to_owned()),
            ]
        );
    }
}
