//! What may be deleted by itself: recordings of rehearsals, if somebody has said so, and never
//! anything of an election day or that is locked.
//!
//! [`Rules::spares`] decides, on numbers alone. [`Keeper`] does it: the journal says what will be
//! deleted and has that on the disk, then the catalogue says so, then the files go. The rows and the
//! chain stay, so that what was sealed can be checked without the files. One who only wants the books
//! kept (locks and quarantined files put down in the journal) calls [`Keeper::put_down`].
//!
//! Files that are not as the catalogue has them are spared: a finding is not to be tidied away. The
//! caller owns the data folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use super::index::{Index, IndexError, Kept, Reader, digest};
use super::locks::{Lock, LockError, LockFile, Locks, Wanted};
use super::quarantine;
use super::segment::SegmentPath;
use crate::clock::{Clock, WallTime};
use crate::config::Severity;
use crate::config::data::DataDir;
use crate::config::record::RecordConfig;
use crate::journal::chain::hex;
use crate::journal::read::{self, Filter};
use crate::journal::{Entry, Event, Journal, JournalError, Kind, NotKept, Reason};
use crate::model::day::ElectionDay;
use crate::text::Text;
use crate::tr;

/// So long the journal is waited for. A disk that hangs is no time to delete anything.
const PATIENCE: Duration = Duration::from_secs(10);

const DAY_US: i64 = 24 * 3600 * 1_000_000;

/// Who locks election days.
const PROGRAM: &str = "pollwall";

/// Why a segment is not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spared {
    /// Nobody has said how long rehearsals are kept.
    NotAsked,
    /// No election day is configured: what a rehearsal is cannot be told.
    NoElectionDay,
    /// It is of the election day, or of a day that its hours run into.
    ElectionDay,
    /// Somebody has locked it, or it is of an earlier election day.
    Locked,
    /// Its day is not over for long enough.
    Young,
    /// Its hash or its place in the chain is not known: nothing would be left to check it by.
    Unsealed,
    /// A file of its name was set aside.
    Quarantined,
    /// It was deleted before.
    Deleted,
}

/// What is to be known to decide.
#[derive(Clone, Debug)]
pub struct Rules {
    keep_days: Option<u32>,
    day: ElectionDay,
    /// The election day, from midnight to the midnight after all is over everywhere.
    protected: Option<(WallTime, WallTime)>,
    locks: Vec<Lock>,
    now: WallTime,
    /// Files of these names were set aside.
    pub quarantined: BTreeSet<SegmentPath>,
    /// These were deleted.
    pub deleted: BTreeMap<SegmentPath, u64>,
}

impl Rules {
    /// Those of a configuration, an election day, what is locked, and the present moment.
    pub fn new(keep_days: Option<u32>, day: &ElectionDay, locks: &Locks, now: WallTime) -> Self {
        Self {
            keep_days,
            day: day.clone(),
            protected: hours_of(day),
            locks: locks.in_force().into_iter().cloned().collect(),
            now,
            quarantined: BTreeSet::new(),
            deleted: BTreeMap::new(),
        }
    }

    /// Why a segment stays; `None`: it may go.
    pub fn spares(&self, kept: &Kept) -> Option<Spared> {
        let Some(keep_days) = self.keep_days else { return Some(Spared::NotAsked) };
        let Some((begins, ends)) = self.protected else { return Some(Spared::NoElectionDay) };
        let segment = &kept.segment;
        // Neither a wrong order nor a name that says another time makes it smaller.
        let times = [segment.first.wall(), segment.last.wall(), segment.path.first()];
        let (first, last) = times[1..]
            .iter()
            .fold((times[0], times[0]), |(first, last), at| (first.min(*at), last.max(*at)));
        let day_over = self.day.civil_hours(self.day.local(last).date()).1;
        let kept_until = day_over.as_micros().saturating_add(i64::from(keep_days) * DAY_US);
        let station = segment.feed.station;
        let locked = |lock: &Lock| lock.covers(station, first.as_micros(), last.as_micros());
        if first <= ends && begins <= last {
            Some(Spared::ElectionDay)
        } else if self.locks.iter().any(locked) {
            Some(Spared::Locked)
        } else if self.now.as_micros() < kept_until {
            Some(Spared::Young)
        } else if !kept.is_hashed || kept.chain.is_none() {
            Some(Spared::Unsealed)
        } else if self.quarantined.contains(&segment.path) {
            Some(Spared::Quarantined)
        } else if self.deleted.contains_key(&segment.path) {
            Some(Spared::Deleted)
        } else {
            None
        }
    }

    /// Which of these may go.
    pub fn chosen<'a>(&self, rows: &'a [Kept]) -> Vec<&'a Kept> {
        rows.iter().filter(|kept| self.spares(kept).is_none()).collect()
    }
}

/// From the midnight before an election day to the one after all is over, in every station; `None`
/// when none is configured.
fn hours_of(day: &ElectionDay) -> Option<(WallTime, WallTime)> {
    let country = day.hours(None)?;
    let stations = day.overrides.keys().filter_map(|station| day.hours(Some(*station)));
    let (first, last) = stations.fold(country, |all, own| (all.0.min(own.0), all.1.max(own.1)));
    // The date itself whatever its hours are, and of the next one what the count runs into: whole.
    let begins = day.civil_hours(day.date).0.min(day.civil_hours(day.local(first).date()).0);
    let ends = day.civil_hours(day.local(last).date()).1.max(day.civil_hours(day.date).1);
    Some((begins, ends))
}

/// Why nothing could be deleted or put down.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The catalogue cannot be read or written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The locks cannot be read.
    #[error(transparent)]
    Locks(#[from] LockError),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The journal does not take what is to stand in it first.
    #[error(transparent)]
    NotKept(#[from] NotKept),
    /// The system says that its clock is not synchronised: what is old is not known.
    #[error("the clock of this machine is not synchronised; nothing is deleted")]
    Clock,
}

impl RetentionError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        match self {
            Self::Index(error) => error.explain(text),
            Self::Locks(error) => error.explain(text),
            Self::Journal(error) => error.explain(text),
            Self::NotKept(error) => {
                tr!(text, "space-not-kept", reason = error.reason().code()).into_owned()
            }
            Self::Clock => tr!(text, "space-clock").into_owned(),
        }
    }

    /// How bad it is: recording goes on all the same.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Index(error) => error.severity(),
            Self::Locks(error) => error.severity(),
            Self::Journal(_) => Severity::Fatal,
            Self::NotKept(_) | Self::Clock => Severity::Correctable,
        }
    }

    /// Whether the same can succeed later by itself.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Index(error) => error.is_retryable(),
            Self::Locks(error) => error.is_retryable(),
            Self::Journal(error) => error.is_retryable(),
            Self::NotKept(_) | Self::Clock => true,
        }
    }
}

/// What was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// The numbers of the deletions in the journal.
    pub numbers: Vec<u64>,
    /// How many segments.
    pub segments: u64,
    /// Their bytes, by volume: for [`Recorder::tell_deleted`](super::Recorder::tell_deleted).
    pub bytes: BTreeMap<PathBuf, u64>,
}

/// Keeps a data folder's recordings in order.
pub struct Keeper<'a> {
    /// The folder, which this process owns.
    pub data: &'a DataDir,
    /// Its catalogue.
    pub index: &'a Index,
    /// Its journal.
    pub journal: &'a Journal,
    /// The time.
    pub clock: &'a dyn Clock,
    /// Whether the system says that its clock is synchronised, where it says anything.
    pub synchronised: Option<bool>,
}

impl Keeper<'_> {
    fn lock_file(&self) -> LockFile {
        LockFile::new(self.data.locks_file())
    }

    /// Locks the configured election day for good, and puts down in the journal what was locked,
    /// unlocked and set aside since: each once, whoever did it. Gives the number of rows.
    ///
    /// # Errors
    /// Something cannot be read, or the journal takes nothing. What was not put down is the next time.
    pub fn put_down(&self, day: &ElectionDay) -> Result<usize, RetentionError> {
        self.locks()?;
        if let Some((from, to)) = hours_of(day) {
            let who = PROGRAM.to_owned();
            let wanted = Wanted { station: None, from, to, reason: day.name.clone(), who };
            self.lock_file().lock_day(&wanted, self.clock.wall())?;
        }
        let locks = self.locks()?;
        let known = self.newest_act()?;
        let mut events: Vec<Event> = locks
            .acts
            .iter()
            .filter(|act| act.number() > known)
            .map(super::locks::Act::event)
            .collect();
        let told = self.told_quarantined()?;
        for one in self.quarantined()? {
            let file = one.now.display().to_string();
            if !told.contains(&file) {
                let was = one.path.to_string();
                events.push(Event::FootageQuarantined { file, was, why: one.why });
            }
        }
        let count = events.len();
        for event in events {
            self.say(event)?;
        }
        Ok(count)
    }

    /// The locks, unless some of them are gone.
    fn locks(&self) -> Result<Locks, RetentionError> {
        let file = self.lock_file();
        let locks = file.read()?;
        let number = self.newest_act()?;
        if number > locks.acts.len() as u64 {
            let path = file.path().to_owned();
            return Err(LockError::Shortened { path, number }.into());
        }
        Ok(locks)
    }

    /// A durable row.
    fn say(&self, event: Event) -> Result<(), RetentionError> {
        let receipt = self.journal.record_durably(Entry::now(self.clock, event));
        let hung = NotKept::Failing(Reason::Hung);
        receipt.wait_for(PATIENCE).unwrap_or(Err(hung)).map(drop).map_err(RetentionError::NotKept)
    }

    fn reader(&self) -> Result<Option<read::Reader>, RetentionError> {
        match read::Reader::open(&self.data.journal_file()) {
            Ok(reader) => Ok(Some(reader)),
            Err(JournalError::None { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The highest number under `field` in rows of these kinds.
    fn newest(&self, kinds: &[Kind], field: &str) -> Result<u64, RetentionError> {
        let Some(reader) = self.reader()? else { return Ok(0) };
        let mut newest = 0;
        for kind in kinds {
            let row = reader.newest(*kind)?;
            let number = row.and_then(|row| row.body.get(field).and_then(Value::as_u64));
            newest = newest.max(number.unwrap_or(0));
        }
        Ok(newest)
    }

    fn newest_act(&self) -> Result<u64, RetentionError> {
        self.newest(&[Kind::FootageLocked, Kind::FootageUnlocked], "number")
    }

    /// Files that the journal knows as set aside.
    fn told_quarantined(&self) -> Result<BTreeSet<String>, RetentionError> {
        let Some(reader) = self.reader()? else { return Ok(BTreeSet::new()) };
        let filter = Filter { kinds: vec![Kind::FootageQuarantined], ..Filter::default() };
        let mut told = BTreeSet::new();
        reader.each(&filter, |row| {
            told.extend(row.body.get("file").and_then(Value::as_str).map(str::to_owned));
            Ok::<_, JournalError>(())
        })?;
        Ok(told)
    }

    /// What was set aside in the volumes that are there.
    fn quarantined(&self) -> Result<Vec<quarantine::Quarantined>, RetentionError> {
        let mut all = Vec::new();
        for volume in self.catalogue()?.volumes()? {
            all.extend(quarantine::listed(&volume).map_err(|e| IndexError::io(&volume, &e))?);
        }
        Ok(all)
    }

    fn catalogue(&self) -> Result<Reader, RetentionError> {
        Ok(Reader::open(&self.data.footage_file())?)
    }

    fn rules(&self, day: &ElectionDay, keep_days: Option<u32>) -> Result<Rules, RetentionError> {
        let mut rules = Rules::new(keep_days, day, &self.locks()?, self.clock.wall());
        rules.quarantined = self.quarantined()?.into_iter().map(|one| one.path).collect();
        rules.deleted = self.catalogue()?.deleted()?;
        Ok(rules)
    }

    /// Deletes what may be deleted; nothing at all unless `config` says how long rehearsals are kept.
    /// Keeps the books first.
    ///
    /// # Errors
    /// What had not been deleted by then stays.
    pub fn run_once(
        &self,
        day: &ElectionDay,
        config: &RecordConfig,
    ) -> Result<Deleted, RetentionError> {
        self.put_down(day)?;
        let mut done = Deleted::default();
        let Some(keep_days) = config.keep_days else { return Ok(done) };
        if self.synchronised == Some(false) {
            return Err(RetentionError::Clock);
        }
        let rules = self.rules(day, config.keep_days)?;
        self.finish(&rules)?;
        let mut by_day: BTreeMap<String, Vec<Kept>> = BTreeMap::new();
        self.catalogue()?.each(|kept| {
            if rules.spares(&kept).is_none() && is_as_told(&kept) {
                let date = day.local(kept.segment.first.wall()).date().to_string();
                by_day.entry(date).or_default().push(kept);
            }
        })?;
        for (date, rows) in by_day {
            self.delete(day, keep_days, &date, &rows, &mut done)?;
        }
        Ok(done)
    }

    /// What an earlier run had begun and was killed in: journal and catalogue have it already. What
    /// was locked since then stays.
    fn finish(&self, rules: &Rules) -> Result<(), RetentionError> {
        let catalogue = self.catalogue()?;
        let begun = catalogue.begun_deletions()?;
        if begun.is_empty() {
            return Ok(());
        }
        let _held = self.lock_file().hold()?;
        let mut rules = rules.clone();
        let deleted = std::mem::take(&mut rules.deleted);
        let mut left = BTreeSet::new();
        catalogue.each(|kept| {
            let number = deleted.get(&kept.segment.path).filter(|number| begun.contains(number));
            if let Some(number) = number
                && rules.spares(&kept).is_none()
                && !remove(&kept)
            {
                left.insert(*number);
            }
        })?;
        begun.difference(&left).try_for_each(|number| self.index.deletion_done(*number))?;
        Ok(())
    }

    /// Deletes what may still be deleted of a day.
    fn delete(
        &self,
        day: &ElectionDay,
        keep_days: u32,
        date: &str,
        rows: &[Kept],
        done: &mut Deleted,
    ) -> Result<(), RetentionError> {
        // From here on nobody locks anything: who has locked something before is heard.
        let _held = self.lock_file().hold()?;
        let rules = self.rules(day, Some(keep_days))?;
        let chosen = rules.chosen(rows);
        if chosen.is_empty() {
            return Ok(());
        }
        let known = self.catalogue()?.newest_deletion()?;
        let number = 1 + known.max(self.newest(&[Kind::FootageDeleted], "deletion")?);
        let stations: BTreeSet<_> = chosen.iter().map(|kept| kept.segment.feed.station).collect();
        let facts = chosen.iter().map(|kept| (&kept.segment.path, &kept.segment.sha256));
        self.say(Event::FootageDeleted {
            deletion: number,
            day: date.to_owned(),
            keep_days,
            stations: stations.iter().map(ToString::to_string).collect(),
            segments: chosen.len() as u64,
            bytes: chosen.iter().map(|kept| kept.segment.bytes).sum(),
            digest: hex(&digest(facts)),
        })?;
        let paths: Vec<_> = chosen.iter().map(|kept| kept.segment.path.clone()).collect();
        self.index.delete(number, date, self.clock.wall(), &paths)?;
        let mut is_done = true;
        for kept in &chosen {
            if remove(kept) {
                *done.bytes.entry(kept.volume.clone()).or_default() += kept.segment.bytes;
            } else {
                is_done = false;
            }
        }
        if is_done {
            self.index.deletion_done(number)?;
        }
        log::info!("deletion {number}: {} segments of {date}, by rule", chosen.len());
        done.numbers.push(number);
        done.segments += chosen.len() as u64;
        Ok(())
    }
}

/// Whether the file is there and as long as the catalogue says. What is missing or damaged stays a
/// finding.
fn is_as_told(kept: &Kept) -> bool {
    fs::symlink_metadata(kept.file())
        .is_ok_and(|file| file.is_file() && file.len() == kept.segment.bytes)
}

/// Removes a file; whether it is gone. One that cannot be removed is tried again the next time.
fn remove(kept: &Kept) -> bool {
    let file = kept.file();
    if let Err(error) = fs::remove_file(&file)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        log::error!("{}: it cannot be removed: {error}", file.display());
        return false;
    }
    // Station, district and day, as far as they are empty; the volume itself stays.
    let folders = file.ancestors().skip(1).take_while(|folder| *folder != kept.volume);
    for folder in folders.take(3).map(Path::to_owned) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    true
}

#[cfg(test)]
mod tests;
