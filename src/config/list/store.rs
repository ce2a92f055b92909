//! The versions of the list on disk: `stations/000001.json` and so on; the highest is current.
//!
//! A version is written once and never changed. Order under the change lock: secrets first, list
//! last, so that a list that is there always has its secrets; pruning goes the other way round.
//! After a crash in between, the vault holds secrets of no list, and the next change drops them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::config::data::{DataDir, create_private};
use crate::config::save::{Access, save, sync_folder};
use crate::config::secrets::{ListSecrets, Vault, VaultError};
use crate::config::{Severity, io_reason};
use crate::model::StationList;
use crate::text::Text;
use crate::tr;

/// How many versions are kept: the current one and the five before.
pub const KEPT_VERSIONS: usize = 6;

/// The versions of the list in a data folder. Reading needs no lock.
#[derive(Clone, Debug)]
pub struct ListStore {
    data: DataDir,
}

/// One version of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListVersion {
    /// Counted from 1; never used twice while any later one is kept.
    pub version: u32,
    /// When it became current.
    pub accepted_at: jiff::Timestamp,
    /// The name of the file it came from.
    pub source: String,
    /// The version whose content was taken back, if it was.
    #[serde(default)]
    pub restored: Option<u32>,
    /// Who is on it.
    pub list: StationList,
}

/// A line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionInfo {
    /// Its number.
    pub version: u32,
    /// When it became current.
    pub accepted_at: jiff::Timestamp,
    /// The file it came from.
    pub source: String,
    /// The version whose content it is, if it was restored.
    pub restored: Option<u32>,
    /// How many stations it has.
    pub stations: usize,
    /// How many districts.
    pub districts: usize,
}

/// Which version a person compared the new list with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// None: there was no list.
    Nothing,
    /// That version.
    Version(u32),
}

impl From<Option<u32>> for Base {
    fn from(version: Option<u32>) -> Self {
        version.map_or(Self::Nothing, Self::Version)
    }
}

/// Why the list cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file is not what this program wrote.
    #[error("{path} is damaged: {source}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where and how.
        source: serde_json::Error,
    },
    /// There is no such version (any more).
    #[error("there is no list version {0}")]
    NoVersion(u32),
    /// Another list was accepted after the difference was shown.
    #[error("the list changed meanwhile")]
    Overtaken,
    /// The secrets cannot be read or kept.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl StoreError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Io { path, source } => tr!(
                text,
                "store-io",
                path = path.display().to_string(),
                reason = io_reason(text, source)
            ),
            Self::Damaged { path, source } => tr!(
                text,
                "store-damaged",
                path = path.display().to_string(),
                line = source.line().to_string()
            ),
            Self::NoVersion(version) => {
                tr!(text, "store-no-version", version = version.to_string())
            }
            Self::Overtaken => tr!(text, "store-overtaken"),
            Self::Vault(error) => return error.explain(text),
        };
        said.into_owned()
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoVersion(_) | Self::Overtaken => Severity::Correctable,
            Self::Io { .. } | Self::Damaged { .. } => Severity::Fatal,
            Self::Vault(error) => error.severity(),
        }
    }

    /// Whether doing the same again can succeed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Overtaken)
    }
}

impl ListStore {
    /// The store in `data`.
    pub fn new(data: &DataDir) -> Self {
        Self { data: data.clone() }
    }

    /// The number of the current version; `None` before the first import. One folder listing:
    /// cheap enough to ask every second.
    pub fn newest_version(&self) -> Result<Option<u32>, StoreError> {
        Ok(self.versions()?.last().copied())
    }

    /// The current version.
    pub fn current(&self) -> Result<Option<ListVersion>, StoreError> {
        self.newest_version()?.map(|version| self.load(version)).transpose()
    }

    /// One version.
    pub fn load(&self, version: u32) -> Result<ListVersion, StoreError> {
        let path = self.path(version);
        let bytes = fs::read(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => StoreError::NoVersion(version),
            _ => StoreError::Io { path: path.clone(), source },
        })?;
        serde_json::from_slice(&bytes).map_err(|source| StoreError::Damaged { path, source })
    }

    /// Every kept version, the current one first.
    pub fn history(&self) -> Result<Vec<VersionInfo>, StoreError> {
        let versions = self.versions()?.into_iter().rev();
        versions.map(|version| self.load(version).map(|v| v.info())).collect()
    }

    /// Makes `list` the current version, if the current one is still `base`. Its number.
    pub fn accept(
        &self,
        list: StationList,
        secrets: ListSecrets,
        source: &str,
        base: Base,
        clock: &dyn Clock,
    ) -> Result<u32, StoreError> {
        let _lock = self.lock()?;
        if Base::from(self.newest_version()?) != base {
            return Err(StoreError::Overtaken);
        }
        let vault = Vault::load(&self.data.secrets_file())?;
        self.add(vault, secrets, |version| ListVersion {
            version,
            accepted_at: clock.wall().timestamp(),
            source: source.to_owned(),
            restored: None,
            list,
        })
    }

    /// Makes the content of version `restored`, secrets included, the current version. Its number.
    pub fn restore(&self, restored: u32, clock: &dyn Clock) -> Result<u32, StoreError> {
        let _lock = self.lock()?;
        let old = self.load(restored)?;
        let vault = Vault::load(&self.data.secrets_file())?;
        let secrets = vault.secrets(restored)?.clone();
        self.add(vault, secrets, |version| ListVersion {
            version,
            accepted_at: clock.wall().timestamp(),
            restored: Some(restored),
            ..old
        })
    }

    fn lock(&self) -> Result<fs::File, StoreError> {
        let failed = |source| StoreError::Io { path: self.data.root().to_owned(), source };
        create_private(&self.data.stations()).map_err(failed)?;
        self.data.lock_for_change().map_err(failed)
    }

    fn add(
        &self,
        mut vault: Vault,
        secrets: ListSecrets,
        make: impl FnOnce(u32) -> ListVersion,
    ) -> Result<u32, StoreError> {
        let version = self.newest_version()?.unwrap_or(0) + 1;
        vault.insert(version, secrets);
        vault.save(&self.data.secrets_file())?;
        let path = self.path(version);
        let failed = |source| StoreError::Io { path: path.clone(), source };
        let json = serde_json::to_vec(&make(version)).map_err(|e| failed(e.into()))?;
        save(&path, &json, Access::Shared).map_err(failed)?;
        // The list is accepted from here on, whatever becomes of the ones before it.
        if let Err(e) = self.prune(vault) {
            log::warn!("old versions of the list are left over: {e}");
        }
        Ok(version)
    }

    /// Drops the versions beyond those kept, then the secrets that belong to none.
    fn prune(&self, mut vault: Vault) -> Result<(), StoreError> {
        let versions = self.versions()?;
        let (old, kept) = versions.split_at(versions.len().saturating_sub(KEPT_VERSIONS));
        for &version in old {
            let path = self.path(version);
            fs::remove_file(&path).map_err(|source| StoreError::Io { path, source })?;
        }
        let folder = self.data.stations();
        sync_folder(&folder).map_err(|source| StoreError::Io { path: folder, source })?;
        if vault.keep_only(kept) {
            vault.save(&self.data.secrets_file())?;
        }
        Ok(())
    }

    fn path(&self, version: u32) -> PathBuf {
        self.data.stations().join(format!("{version:06}.json"))
    }

    /// The numbers of the kept versions, ascending.
    fn versions(&self) -> Result<Vec<u32>, StoreError> {
        let folder = self.data.stations();
        let failed = |source| StoreError::Io { path: folder.clone(), source };
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(failed(e)),
        };
        let mut versions = Vec::new();
        for entry in entries {
            versions.extend(version_of(Path::new(&entry.map_err(failed)?.file_name())));
        }
        versions.sort_unstable();
        Ok(versions)
    }
}

/// The version that a file name stands for; `None` for anything else in the folder.
fn version_of(name: &Path) -> Option<u32> {
    let stem = name.to_str()?.strip_suffix(".json")?;
    let version = stem.parse().ok()?;
    (format!("{version:06}") == stem).then_some(version)
}

impl ListVersion {
    fn info(&self) -> VersionInfo {
        VersionInfo {
            version: self.version,
            accepted_at: self.accepted_at,
            source: self.source.clone(),
            restored: self.restored,
            stations: self.list.stations.len(),
            districts: self.list.districts.len(),
        }
    }
}
