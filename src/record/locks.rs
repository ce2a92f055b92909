//! Evidence locks: recordings that are not deleted, whatever the rules say.
//!
//! They stand in a file of lines beside the catalogue, not in it: the catalogue can be lost and made
//! again from the recordings, which do not say that they are locked. Lines are only added, each
//! durable before its command ends, by whoever likes, also while a recorder runs; the recorder's
//! process puts them down in the journal ([`retention`](super::retention)). Deleting takes the same
//! lock as adding, so that a lock that was said to be there is there.
//!
//! What it does not do: keep a person from removing files by hand.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock::WallTime;
use crate::config::data::create_private;
use crate::config::save::sync_folder;
use crate::config::{Severity, io_reason};
use crate::journal::Event;
use crate::model::StationId;
use crate::text::Text;
use crate::tr;

/// Recordings that somebody has locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Its number; never used twice.
    pub number: u64,
    /// Of which station; of all without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<StationId>,
    /// From when, in microseconds of UTC; everything that has a moment of this is meant.
    pub from_utc_us: i64,
    /// Until when.
    pub to_utc_us: i64,
    /// Why.
    pub reason: String,
    /// Who.
    pub who: String,
    /// When it was locked.
    pub at_utc_us: i64,
    /// The program has locked an election day by itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_election_day: bool,
}

impl Lock {
    /// Whether anything of `station` between two moments (both included) is meant.
    pub fn covers(&self, station: StationId, from_utc_us: i64, to_utc_us: i64) -> bool {
        self.station.is_none_or(|own| own == station)
            && self.from_utc_us <= to_utc_us
            && from_utc_us <= self.to_utc_us
    }
}

/// A lock that is taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlock {
    /// The number of this act.
    pub number: u64,
    /// The number of the lock.
    pub lock: u64,
    /// Why.
    pub reason: String,
    /// Who.
    pub who: String,
    /// When.
    pub at_utc_us: i64,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Recordings are locked.
    Lock(Lock),
    /// They are not any more.
    Unlock(Unlock),
}

impl Act {
    /// Its number: the number of its line.
    pub const fn number(&self) -> u64 {
        match self {
            Self::Lock(lock) => lock.number,
            Self::Unlock(unlock) => unlock.number,
        }
    }

    /// As the journal keeps it.
    pub fn event(&self) -> Event {
        match self.clone() {
            Self::Lock(lock) => Event::FootageLocked {
                number: lock.number,
                of: lock.station.map(|station| station.to_string()),
                from_utc_us: lock.from_utc_us,
                to_utc_us: lock.to_utc_us,
                reason: lock.reason,
                who: lock.who,
                at_utc_us: lock.at_utc_us,
            },
            Self::Unlock(unlock) => Event::FootageUnlocked {
                number: unlock.number,
                lock: unlock.lock,
                reason: unlock.reason,
                who: unlock.who,
                at_utc_us: unlock.at_utc_us,
            },
        }
    }
}

/// What is wanted of a new lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Of which station; of all without it.
    pub station: Option<StationId>,
    /// From when.
    pub from: WallTime,
    /// Until when.
    pub to: WallTime,
    /// Why.
    pub reason: String,
    /// Who.
    pub who: String,
}

/// Why locks cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A line is none of ours: what was locked there is not known.
    #[error("{path}, line {line}: this is no lock")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which line.
        line: u64,
    },
    /// There is no such lock, or it was taken away already.
    #[error("there is no lock {0}")]
    None(u64),
    /// The journal has locks that the file does not have.
    #[error("{path} has fewer locks than the journal, which knows of number {number}")]
    Shortened {
        /// The file.
        path: PathBuf,
        /// The newest number in the journal.
        number: u64,
    },
}

impl LockError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        match self {
            Self::Io { path, source } => {
                let (path, reason) = (path.display().to_string(), io_reason(text, source));
                tr!(text, "lock-io", path = path, reason = reason)
            }
            Self::Damaged { path, line } => {
                let (path, line) = (path.display().to_string(), line.to_string());
                tr!(text, "lock-damaged", path = path, line = line)
            }
            Self::None(number) => tr!(text, "lock-none", number = number.to_string()),
            Self::Shortened { path, number } => {
                let (path, number) = (path.display().to_string(), number.to_string());
                tr!(text, "lock-shortened", path = path, number = number)
            }
        }
        .into_owned()
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::None(_) => Severity::Correctable,
            _ => Severity::Fatal,
        }
    }

    /// Whether the same can succeed later by itself.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Io { .. })
    }
}

/// All that was locked and unlocked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locks {
    /// In order.
    pub acts: Vec<Act>,
}

impl Locks {
    /// The locks that hold.
    pub fn in_force(&self) -> Vec<&Lock> {
        let mut holding = BTreeMap::new();
        for act in &self.acts {
            match act {
                Act::Lock(lock) => holding.insert(lock.number, lock),
                Act::Unlock(unlock) => holding.remove(&unlock.lock),
            };
        }
        holding.into_values().collect()
    }

    /// Whether this election day was ever locked; it is not locked again when a person has said that
    /// it was a rehearsal.
    fn knows_day(&self, from_utc_us: i64, to_utc_us: i64) -> bool {
        self.acts.iter().any(|act| {
            matches!(act, Act::Lock(lock) if lock.is_election_day
                && (lock.from_utc_us, lock.to_utc_us) == (from_utc_us, to_utc_us))
        })
    }
}

/// The file of locks of a data folder.
#[derive(Clone, Debug)]
pub struct LockFile {
    path: PathBuf,
}

/// While it is there nobody adds a line or deletes a recording.
pub(super) struct Held {
    _file: File,
}

impl LockFile {
    /// The file `path`: [`DataDir::locks_file`](crate::config::data::DataDir::locks_file).
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn io(&self) -> impl Fn(io::Error) -> LockError + '_ {
        |source| LockError::Io { path: self.path.clone(), source }
    }

    /// What was locked and unlocked up to now.
    ///
    /// # Errors
    /// It cannot be read, or a line in it cannot be understood.
    pub fn read(&self) -> Result<Locks, LockError> {
        match fs::read(&self.path) {
            Ok(bytes) => self.parse(&bytes),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Locks::default()),
            Err(e) => Err(self.io()(e)),
        }
    }

    /// The whole lines. A last one without its end is being written, or its command never ended.
    fn parse(&self, bytes: &[u8]) -> Result<Locks, LockError> {
        let mut locks = Locks::default();
        for (line, number) in whole(bytes).split_inclusive(|&byte| byte == b'\n').zip(1..) {
            let act = serde_json::from_slice(line).ok();
            let act = act.filter(|act: &Act| act.number() == number);
            let damaged = || LockError::Damaged { path: self.path.clone(), line: number };
            locks.acts.push(act.ok_or_else(damaged)?);
        }
        Ok(locks)
    }

    /// Waits until nobody else adds or deletes.
    pub(super) fn hold(&self) -> Result<Held, LockError> {
        let open = || {
            if let Some(folder) = self.path.parent() {
                create_private(folder)?;
            }
            let path = self.path.with_extension("lock");
            let mut options = OpenOptions::new();
            let file = options.create(true).truncate(false).write(true).open(path)?;
            file.lock()?;
            Ok(Held { _file: file })
        };
        open().map_err(self.io())
    }

    /// Locks recordings. When it returns that survives a power cut.
    ///
    /// # Errors
    /// Nothing is locked.
    pub fn lock(&self, wanted: &Wanted, now: WallTime) -> Result<Lock, LockError> {
        let _held = self.hold()?;
        self.add(|number| lock_of(wanted, now, number, false))
    }

    /// Takes a lock away.
    ///
    /// # Errors
    /// There is no such lock, or nothing was changed.
    pub fn unlock(
        &self,
        lock: u64,
        reason: &str,
        who: &str,
        now: WallTime,
    ) -> Result<Unlock, LockError> {
        let _held = self.hold()?;
        let locks = self.read()?;
        if !locks.in_force().iter().any(|one| one.number == lock) {
            return Err(LockError::None(lock));
        }
        let (reason, who) = (reason.to_owned(), who.to_owned());
        self.add(|number| Unlock { number, lock, reason, who, at_utc_us: now.as_micros() })
    }

    /// Locks an election day of all stations, once. A person may take that away; while the day is the
    /// configured one it is spared all the same.
    pub(super) fn lock_day(&self, wanted: &Wanted, now: WallTime) -> Result<(), LockError> {
        let day = (wanted.from.as_micros(), wanted.to.as_micros());
        if self.read()?.knows_day(day.0, day.1) {
            return Ok(());
        }
        let _held = self.hold()?;
        if self.read()?.knows_day(day.0, day.1) {
            return Ok(());
        }
        self.add(|number| lock_of(wanted, now, number, true)).map(drop)
    }

    /// Adds a line, made of its number; held by the caller. What stands in the file may be damaged:
    /// more can be locked all the same.
    fn add<T: Clone>(&self, make: impl FnOnce(u64) -> T) -> Result<T, LockError>
    where
        Act: From<T>,
    {
        let open = || {
            let mut options = OpenOptions::new();
            let mut file =
                options.create(true).truncate(false).read(true).write(true).open(&self.path)?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok((file, bytes))
        };
        let (mut file, bytes) = open().map_err(self.io())?;
        let whole = whole(&bytes);
        let lines = whole.iter().filter(|&&byte| byte == b'\n').count() as u64;
        let made = make(lines + 1);
        let mut write = || {
            let mut line =
                serde_json::to_vec(&Act::from(made.clone())).map_err(io::Error::other)?;
            line.push(b'\n');
            // What a power cut has left of a command that never ended.
            file.set_len(whole.len() as u64)?;
            file.seek(SeekFrom::End(0))?;
            file.write_all(&line)?;
            file.sync_all()?;
            self.path.parent().map_or(Ok(()), sync_folder)
        };
        write().map_err(self.io())?;
        Ok(made)
    }
}

impl From<Lock> for Act {
    fn from(lock: Lock) -> Self {
        Self::Lock(lock)
    }
}

impl From<Unlock> for Act {
    fn from(unlock: Unlock) -> Self {
        Self::Unlock(unlock)
    }
}

fn lock_of(wanted: &Wanted, now: WallTime, number: u64, is_election_day: bool) -> Lock {
    Lock {
        number,
        station: wanted.station,
        from_utc_us: wanted.from.as_micros(),
        to_utc_us: wanted.to.as_micros(),
        reason: wanted.reason.clone(),
        who: wanted.who.clone(),
        at_utc_us: now.as_micros(),
        is_election_day,
    }
}

/// Up to the end of the last whole line.
fn whole(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    &bytes[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    fn wanted(station: Option<StationId>, from: i64, to: i64) -> Wanted {
        let [from, to] = [from, to].map(WallTime::from_micros);
        Wanted { station, from, to, reason: "complaint 7".into(), who: "Leyla".into() }
    }

    fn file() -> (tempfile::TempDir, LockFile) {
        let dir = tempfile::tempdir().unwrap();
        let file = LockFile::new(dir.path().join("footage/locks.jsonl"));
        (dir, file)
    }

    const NOW: WallTime = WallTime::from_micros(1_707_300_000_000_000);

    #[test]
    fn what_is_locked_stays_locked_until_somebody_unlocks_it() {
        let (_dir, file) = file();
        assert_eq!(file.read().unwrap(), Locks::default());
        let (one, other) = (StationId::new(57, 12), StationId::new(57, 13));
        let first = file.lock(&wanted(Some(one), 100, 200), NOW).unwrap();
        let all = file.lock(&wanted(None, 150, 160), NOW).unwrap();
        assert_eq!((first.number, all.number), (1, 2));
        let holds = |station, from, to| {
            let locks = file.read().unwrap();
            locks.in_force().iter().any(|lock| lock.covers(station, from, to))
        };
        assert!(holds(one, 0, 100) && holds(one, 200, 300) && holds(one, 120, 130));
        assert!(!holds(one, 0, 99) && !holds(one, 201, 300));
        assert!(holds(other, 160, 300) && !holds(other, 100, 149));
        let unlocked = file.unlock(1, "answered", "Rauf", NOW).unwrap();
        assert_eq!((unlocked.number, unlocked.lock), (3, 1));
        assert!(!holds(one, 0, 149) && holds(one, 0, 150));
        for bad in [1, 3, 4] {
            assert!(matches!(file.unlock(bad, "", "", NOW), Err(LockError::None(n)) if n == bad));
        }
        assert_eq!(file.read().unwrap().acts.len(), 3, "nothing is taken out of the file");
    }

    #[test]
    fn a_torn_line_is_none_and_a_damaged_one_stops_everything_but_locking() {
        let (_dir, file) = file();
        file.lock(&wanted(None, 1, 2), NOW).unwrap();
        let mut bytes = fs::read(file.path()).unwrap();
        bytes.extend(b"{\"act\":\"lock\",\"numb");
        fs::write(file.path(), &bytes).unwrap();
        assert_eq!(file.read().unwrap().acts.len(), 1);
        assert_eq!(file.lock(&wanted(None, 3, 4), NOW).unwrap().number, 2);
        assert_eq!(file.read().unwrap().in_force().len(), 2);
        let damaged = fs::read_to_string(file.path()).unwrap().replacen("lock", "lokc", 1);
        fs::write(file.path(), damaged).unwrap();
        let error = file.read().unwrap_err();
        assert!(matches!(error, LockError::Damaged { line: 1, .. }), "{error}");
        assert!(file.unlock(2, "", "", NOW).is_err());
        assert_eq!(file.lock(&wanted(None, 5, 6), NOW).unwrap().number, 3);
        for error in
            [error, LockError::None(7), LockError::Shortened { path: "l".into(), number: 9 }]
        {
            let said = Lang::ALL.map(|lang| error.explain(&Text::of(lang)));
            assert!(said[0] != said[1] && said[1] != said[2], "{said:?}");
        }
    }

    #[test]
    fn an_election_day_is_locked_once_and_not_again_after_a_person_has_unlocked_it() {
        let (_dir, file) = file();
        let day = wanted(None, 1000, 2000);
        file.lock_day(&day, NOW).unwrap();
        file.lock_day(&day, NOW).unwrap();
        assert_eq!(file.read().unwrap().acts.len(), 1);
        file.unlock(1, "it was a rehearsal", "Leyla", NOW).unwrap();
        file.lock_day(&day, NOW).unwrap();
        assert_eq!(file.read().unwrap().in_force().len(), 0);
        // Its hours were changed: that is another one.
        file.lock_day(&wanted(None, 1000, 2001), NOW).unwrap();
        assert_eq!(file.read().unwrap().in_force().len(), 1);
    }

    #[test]
    fn everybody_who_locks_at_once_gets_a_number_of_his_own() {
        let (_dir, file) = file();
        std::thread::scope(|scope| {
            for n in 0..8 {
                let file = &file;
                let named = std::thread::Builder::new().name(format!("lock {n}"));
                let add = move || file.lock(&wanted(None, n, n), NOW).unwrap();
                named.spawn_scoped(scope, add).unwrap();
            }
        });
        let locks = file.read().unwrap();
        let mut seen: Vec<i64> = locks.in_force().iter().map(|lock| lock.from_utc_us).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..8).collect::<Vec<_>>());
    }
}
