//! The data folder: where everything lives, and the lock that says which process owns it.
//!
//! `wall` (later `watch` and `record`) owns the folder; readers work beside the owner without a
//! lock. The lock is the operating system's, so it goes when its process goes, however that ends.
//! Who holds it is written into a second file, since Windows lets nobody read a locked one. It
//! does not protect against two machines that mount one folder over a network.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::save::{Access, save};
use super::{Severity, io_reason};
use crate::clock::Clock;
use crate::text::Text;
use crate::tr;

/// The folder that holds lists, secrets, logs and, later, journal and recordings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir {
    root: PathBuf,
}

/// A data folder with a file of this name is thrown away with the program that uses it (a demo's):
/// whoever keeps something there is told so.
pub const PASSING: &str = "passing";

/// Why there is no data folder to work in.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The operating system names no home for the user.
    #[error("no home folder to put the data folder in")]
    NoHome,
    /// The folder cannot be made or used.
    #[error("the data folder {path} cannot be used: {source}")]
    Io {
        /// Which folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl DataError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        match self {
            Self::NoHome => tr!(text, "data-no-home").into_owned(),
            Self::Io { path, source } => tr!(
                text,
                "data-unusable",
                path = path.display().to_string(),
                reason = io_reason(text, source)
            )
            .into_owned(),
        }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        Severity::Fatal
    }
}

impl DataDir {
    /// The folder `chosen`, or the user's default one (XDG, Known Folders, Library), made if it
    /// is not there yet: only its owner can look into a new one.
    pub fn open(chosen: Option<PathBuf>) -> Result<Self, DataError> {
        let data = Self::look(chosen)?;
        let failed = |source| DataError::Io { path: data.root.clone(), source };
        create_private(&data.root).map_err(failed)?;
        let root = data.root.canonicalize().map_err(failed)?;
        Ok(Self { root })
    }

    /// The same folder for one who only reads: it may not be there, and then holds nothing.
    pub fn look(chosen: Option<PathBuf>) -> Result<Self, DataError> {
        let root = match chosen {
            Some(root) => root,
            None => directories::ProjectDirs::from("", "", "pollwall")
                .ok_or(DataError::NoHome)?
                .data_dir()
                .to_owned(),
        };
        match std::path::absolute(&root) {
            Ok(root) => Ok(Self { root }),
            Err(source) => Err(DataError::Io { path: root, source }),
        }
    }

    /// The folder itself, as an absolute path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The election day: `day.toml`.
    pub fn day_file(&self) -> PathBuf {
        self.root.join("day.toml")
    }

    /// The versions of the station list: `stations/`.
    pub fn stations(&self) -> PathBuf {
        self.root.join("stations")
    }

    /// User names and passwords: `secrets.json`.
    pub fn secrets_file(&self) -> PathBuf {
        self.root.join("secrets.json")
    }

    /// Where the wall was when it was last looked at: `desk.json`.
    pub fn desk_file(&self) -> PathBuf {
        self.root.join("desk.json")
    }

    /// Pictures that were kept: `snapshots/`, by day.
    pub fn snapshots(&self) -> PathBuf {
        self.root.join("snapshots")
    }

    /// What happened: `journal/journal.sqlite`. The folder is nobody else's to look into.
    pub fn journal_file(&self) -> PathBuf {
        self.root.join("journal").join("journal.sqlite")
    }

    /// How recording is done: `record.toml`.
    pub fn record_file(&self) -> PathBuf {
        self.root.join("record.toml")
    }

    /// Where recordings go when no volume is configured: `recordings/`.
    pub fn recordings(&self) -> PathBuf {
        self.root.join("recordings")
    }

    /// What of the recordings is not to be deleted: `footage/locks.jsonl`.
    pub fn locks_file(&self) -> PathBuf {
        self.root.join("footage").join("locks.jsonl")
    }

    /// The catalogue of recordings: `footage/footage.sqlite`. The folder is nobody else's to look
    /// into.
    pub fn footage_file(&self) -> PathBuf {
        self.root.join("footage").join("footage.sqlite")
    }

    /// What the seal is made with and who has got it: `seal/`. The folder is nobody else's to look
    /// into.
    pub fn seal(&self) -> PathBuf {
        self.root.join("seal")
    }

    /// What was noted before there was a journal, until that has taken it over: `notes.jsonl`.
    pub fn notes_file(&self) -> PathBuf {
        self.root.join("notes.jsonl")
    }

    /// The open alarms and the work at stations: `alarms.json`.
    pub fn alarms_file(&self) -> PathBuf {
        self.root.join("alarms.json")
    }

    /// Whether the folder is thrown away with the program ([`PASSING`]).
    pub fn is_passing(&self) -> bool {
        self.root.join(PASSING).exists()
    }

    /// The rotating log: `log/`.
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    fn lock_file(&self) -> PathBuf {
        self.root.join("owner.lock")
    }

    fn holder_file(&self) -> PathBuf {
        self.root.join("owner.json")
    }

    /// Makes this process the folder's owner until the [`Owner`] is dropped or the process ends.
    /// `command` says what it is doing (`wall`).
    pub fn own(&self, command: &str, clock: &dyn Clock) -> Result<Owner, OwnError> {
        let failed = |source| OwnError::Io { path: self.lock_file(), source };
        let lock = open_lock(&self.lock_file()).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OwnError::Held { path: self.root.clone(), holder: self.holder() });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let holder = Holder::this_process(command, clock);
        let json = serde_json::to_vec(&holder).map_err(|e| failed(e.into()))?;
        save(&self.holder_file(), &json, Access::Shared).map_err(failed)?;
        Ok(Owner { holder_file: self.holder_file(), _lock: lock })
    }

    /// Who last became owner, if it is still written down. That it still *is* the owner only the
    /// lock knows.
    fn holder(&self) -> Option<Holder> {
        serde_json::from_slice(&fs::read(self.holder_file()).ok()?).ok()
    }

    /// Waits for the short lock under which list and secrets are changed. Held for milliseconds,
    /// never while a person is being asked.
    pub(super) fn lock_for_change(&self) -> io::Result<File> {
        let lock = open_lock(&self.root.join("change.lock"))?;
        lock.lock()?;
        Ok(lock)
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)
}

/// Makes a folder and its parents; a new one is open to its owner only.
pub fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The process that owns a data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process number.
    pub pid: u32,
    /// The machine it runs on.
    pub host: String,
    /// What it was started as: `wall`.
    pub command: String,
    /// Since when.
    pub since: jiff::Timestamp,
}

impl Holder {
    fn this_process(command: &str, clock: &dyn Clock) -> Self {
        Self {
            pid: std::process::id(),
            host: gethostname::gethostname().to_string_lossy().into_owned(),
            command: command.to_owned(),
            since: clock.wall().timestamp(),
        }
    }
}

/// Proof that this process owns the data folder. Dropping it gives the folder back.
#[derive(Debug)]
pub struct Owner {
    holder_file: PathBuf,
    _lock: File,
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Fields drop after this, so the name goes while the lock still holds.
        let _ = fs::remove_file(&self.holder_file);
    }
}

/// Why this process is not the owner.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// Another process is.
    #[error("the data folder {path} is held by {holder:?}")]
    Held {
        /// The data folder.
        path: PathBuf,
        /// Who holds it; `None` when it has not written that down (it is just starting).
        holder: Option<Holder>,
    },
    /// The lock cannot be made.
    #[error("the lock {path} cannot be taken: {source}")]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl OwnError {
    /// Told to a person, times on the clock of `zone`.
    pub fn explain(&self, text: &Text, zone: &jiff::tz::TimeZone) -> String {
        match self {
            Self::Held { path, holder: Some(holder) } => tr!(
                text,
                "own-held",
                path = path.display().to_string(),
                command = holder.command.clone(),
                pid = holder.pid.to_string(),
                host = holder.host.clone(),
                since =
                    holder.since.to_zoned(zone.clone()).strftime("%d.%m.%Y %H:%M:%S").to_string()
            )
            .into_owned(),
            Self::Held { path, holder: None } => {
                tr!(text, "own-held-unknown", path = path.display().to_string()).into_owned()
            }
            Self::Io { path, source } => tr!(
                text,
                "own-failed",
                path = path.display().to_string(),
                reason = io_reason(text, source)
            )
            .into_owned(),
        }
    }

    /// Whether the same call can succeed later by itself.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Held { .. })
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Held { .. } => Severity::Correctable,
            Self::Io { .. } => Severity::Fatal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{FakeClock, WallTime};
    use crate::text::Lang;

    fn folder() -> (tempfile::TempDir, DataDir) {
        let temp = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(temp.path().join("a/data"))).unwrap();
        (temp, data)
    }

    #[test]
    fn a_second_owner_is_told_who_the_first_one_is_until_that_one_is_gone() {
        let (_temp, data) = folder();
        let clock = FakeClock::at(WallTime::from_micros(1_707_289_200_000_000));
        let first = data.own("wall", &clock).unwrap();
        let refused = data.own("record", &clock).unwrap_err();
        assert!(refused.is_retryable());
        let zone = jiff::tz::TimeZone::get("Asia/Baku").unwrap();
        let said = refused.explain(&Text::of(Lang::En), &zone);
        let pid = std::process::id().to_string();
        for part in ["pollwall wall", &pid, "07.02.2024 11:00:00", "data"] {
            assert!(said.contains(part), "{said:?} lacks {part:?}");
        }
        drop(first);
        assert_eq!(data.holder(), None);
        data.own("record", &clock).unwrap();
    }

    #[test]
    fn a_name_left_by_a_killed_owner_holds_nothing() {
        let (_temp, data) = folder();
        fs::write(
            data.holder_file(),
            r#"{"pid":1,"host":"x","command":"wall","since":"2024-02-07T07:00:00Z"}"#,
        )
        .unwrap();
        let clock = FakeClock::default();
        let _owner = data.own("wall", &clock).unwrap();
        assert_eq!(data.holder().unwrap().pid, std::process::id());
    }

    #[cfg(unix)]
    #[test]
    fn a_new_folder_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let (_temp, data) = folder();
        assert_eq!(fs::metadata(data.root()).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
