//! Puts down in the journal which station lists were accepted.
//!
//! A list is accepted by another process (`pollwall import`, beside the wall or while there is none)
//! or by the window; whoever owns the journal reads it off the list's versions, which are never
//! changed. So nothing has to be handed over, and nothing is lost or put down twice, whenever which
//! of the two is killed. What was dropped before a wall ran at all is said as a number.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::clock::{Clock, WallTime};
use crate::config::data::DataDir;
use crate::config::list::{Diff, ListStore, ListVersion, VersionInfo, diff};
use crate::config::secrets::{ListSecrets, Vault};
use crate::journal::read::Reader;
use crate::journal::{Entry, Event, Journal, JournalError, Kind};
use crate::model::StationList;

pub(super) struct Imports {
    journal: Journal,
    data: DataDir,
    clock: Arc<dyn Clock>,
    /// The newest version that is in the journal; `None` until the journal could be asked.
    newest: Option<u32>,
}

impl Imports {
    pub(super) fn new(journal: Journal, data: DataDir, clock: Arc<dyn Clock>) -> Self {
        Self { journal, data, clock, newest: None }
    }

    /// Puts down every version that is not in the journal yet.
    pub(super) fn catch_up(&mut self, store: &ListStore) {
        let Some(mut known) = self.newest.or_else(|| self.ask()) else { return };
        let mut history = match store.history() {
            Ok(history) => history,
            Err(e) => {
                log::warn!("which lists were accepted cannot be read: {e}");
                return;
            }
        };
        history.sort_by_key(|version| version.version);
        if history.last().is_some_and(|newest| newest.version < known) {
            // Somebody has removed the lists, and they count from 1 again.
            known = 0;
        }
        let vault = Vault::load(&self.data.secrets_file()).ok();
        let mut before: Option<ListVersion> = None;
        for version in history {
            let list = match store.load(version.version) {
                Ok(list) => list,
                Err(e) => {
                    log::warn!("list version {} cannot be read: {e}", version.version);
                    return;
                }
            };
            if version.version > known {
                let changes = changes(vault.as_ref(), before.as_ref(), &list);
                let unseen = version.version - known - 1;
                let event = event(&version, &changes, unseen);
                self.journal.record(Entry::now(&*self.clock, event));
                known = version.version;
            }
            before = Some(list);
        }
        self.newest = Some(known);
    }

    /// The newest version in the journal, 0 where there is none.
    fn ask(&self) -> Option<u32> {
        let newest =
            Reader::open(&self.data.journal_file()).and_then(|reader| reader.newest(Kind::Import));
        match newest {
            Ok(Some(row)) => {
                let version = row.body.get("version").and_then(serde_json::Value::as_u64);
                Some(version.and_then(|v| u32::try_from(v).ok()).unwrap_or(0))
            }
            Ok(None) | Err(JournalError::None { .. }) => Some(0),
            Err(e) => {
                log::warn!("which lists are in the journal cannot be read: {e}");
                None
            }
        }
    }
}

fn event(version: &VersionInfo, changes: &Diff, unseen: u32) -> Event {
    let changed: BTreeSet<_> = changes
        .renumbered
        .iter()
        .map(|(_, to)| *to)
        .chain(changes.moved.iter().map(|moved| moved.id))
        .chain(changes.urls.iter().map(|url| url.feed.station))
        .collect();
    Event::Import {
        version: version.version,
        accepted_utc_us: WallTime::from(version.accepted_at).as_micros(),
        source: version.source.clone(),
        restored: version.restored,
        stations: version.stations,
        added: changes.added.len(),
        removed: changes.removed.len(),
        changed: changed.len(),
        unseen,
    }
}

/// What a version changes. Where the secrets of one are gone, those of neither are looked at: else
/// every login would be new.
fn changes(vault: Option<&Vault>, before: Option<&ListVersion>, now: &ListVersion) -> Diff {
    let none = ListSecrets::default();
    let nobody = StationList::default();
    let secrets = |version: u32| vault.and_then(|vault| vault.secrets(version).ok());
    let Some(before) = before else { return diff((&nobody, &none), (&now.list, &none)) };
    match (secrets(before.version), secrets(now.version)) {
        (Some(old), Some(new)) => diff((&before.list, old), (&now.list, new)),
        _ => diff((&before.list, &none), (&now.list, &none)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::*;
    use crate::clock::FakeClock;
    use crate::config::list::{Base, examine};
    use crate::journal::{RunConfig, RunInfo};

    const LONG: Duration = Duration::from_secs(60);

    struct Place {
        _temp: tempfile::TempDir,
        data: DataDir,
        store: ListStore,
        clock: Arc<FakeClock>,
    }

    impl Place {
        fn new() -> Self {
            let temp = tempfile::tempdir().unwrap();
            let data = DataDir::open(Some(temp.path().join("data"))).unwrap();
            let store = ListStore::new(&data);
            let clock = Arc::new(FakeClock::at(WallTime::from_micros(1_707_289_200_000_000)));
            Self { _temp: temp, data, store, clock }
        }

        /// Accepts a list as `pollwall import` does.
        fn accept(&self, rows: &str) {
            let csv = format!("district,station,name,main\n{rows}");
            let parsed = examine(csv.as_bytes()).1.unwrap();
            let base = Base::from(self.store.newest_version().unwrap());
            let (list, secrets) = (parsed.list, parsed.secrets);
            self.store.accept(list, secrets, "list.csv", base, &*self.clock).unwrap();
        }

        /// A run of the wall, during which something happens between two looks.
        fn run(&self, meanwhile: impl FnOnce()) {
            let run = RunInfo::this_process("wall", RunConfig::default());
            let waker: crate::journal::Waker = Arc::new(|| {});
            let file = self.data.journal_file();
            let journal = Journal::open(&file, self.clock.clone(), run, waker).unwrap();
            let mut imports = Imports::new(journal.clone(), self.data.clone(), self.clock.clone());
            imports.catch_up(&self.store);
            meanwhile();
            imports.catch_up(&self.store);
            imports.catch_up(&self.store);
            assert!(journal.close(LONG));
        }

        /// Version, stations, added, removed, changed, unseen of each row.
        fn rows(&self) -> Vec<[u64; 6]> {
            imports_in(&self.data.journal_file())
        }
    }

    fn imports_in(file: &Path) -> Vec<[u64; 6]> {
        let mut rows = Vec::new();
        let filter =
            crate::journal::read::Filter { kinds: vec![Kind::Import], ..Default::default() };
        let take = |row: crate::journal::read::Record| -> Result<(), JournalError> {
            assert_eq!(row.body["source"], "list.csv");
            let number = |name: &str| row.body.get(name).map_or(0, |n| n.as_u64().unwrap());
            let names = ["version", "stations", "added", "removed", "changed", "unseen"];
            rows.push(names.map(number));
            Ok(())
        };
        Reader::open(file).unwrap().each(&filter, take).unwrap();
        rows
    }

    #[test]
    fn each_accepted_list_is_put_down_once_whoever_was_running() {
        let place = Place::new();
        let first = "1,1,a,rtsp://cam1/x\n1,2,b,rtsp://cam2/x\n";
        place.accept(first);
        place.accept(&first.replace("cam2/x", "u:gizli@cam2/x"));
        let third = "1,1,c,rtsp://cam1/x\n1,2,b,rtsp://u:gizli@cam2/x\n2,1,d,rtsp://cam3/x\n";
        place.run(|| place.accept(third));
        let expected = [[1, 2, 2, 0, 0, 0], [2, 2, 0, 0, 1, 0], [3, 3, 1, 0, 1, 0]];
        assert_eq!(place.rows(), expected);
        place.run(|| {});
        assert_eq!(place.rows(), expected, "nothing is put down twice");
    }

    #[test]
    fn versions_that_were_dropped_before_anybody_saw_them_are_counted() {
        let place = Place::new();
        let list = |n: usize| format!("1,1,{},rtsp://cam1/x\n", "a".repeat(n));
        place.accept(&list(1));
        place.run(|| {});
        (2..=9).for_each(|n| place.accept(&list(n)));
        place.run(|| {});
        let rows = place.rows();
        let versions: Vec<u64> = rows.iter().map(|row| row[0]).collect();
        assert_eq!(versions, [1, 4, 5, 6, 7, 8, 9]);
        assert_eq!(rows[1][5], 2, "versions 2 and 3");
        assert_eq!(rows[2..].iter().map(|row| row[5]).sum::<u64>(), 0);
    }

    #[test]
    fn lists_that_count_from_one_again_are_put_down_again() {
        let place = Place::new();
        for n in 1..=3 {
            place.accept(&format!("1,1,{},rtsp://cam1/x\n", "a".repeat(n)));
        }
        place.run(|| {});
        std::fs::remove_dir_all(place.data.stations()).unwrap();
        place.accept("1,1,z,rtsp://cam1/x\n");
        place.run(|| {});
        assert_eq!(place.rows().iter().map(|row| row[0]).collect::<Vec<_>>(), [1, 2, 3, 1]);
    }
}
