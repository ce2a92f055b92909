//! The file `secrets.json`: the secrets of the current list and of the kept ones before it.
//!
//! Mode 0600 from the moment it exists; a looser one is refused with the command that mends it.
//! Changing it is `list::store`'s work, under the data folder's change lock.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{ListSecrets, Redactor, UrlSecrets};
use crate::config::save::{Access, save};
use crate::config::{Severity, io_reason};
use crate::model::{FeedId, FeedKind, StationId};
use crate::text::Text;
use crate::tr;

/// The secrets of every kept version of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vault {
    versions: BTreeMap<u32, ListSecrets>,
}

/// As it is on disk: version → station → feed → secrets.
#[derive(Default, Serialize, Deserialize)]
struct OnDisk {
    versions: BTreeMap<u32, BTreeMap<StationId, BTreeMap<FeedKind, UrlSecrets>>>,
}

/// Why the secrets cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Others than the owner may read or change the file.
    #[error("{path} has mode {mode:o}, which lets others in")]
    Loose {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is not what this program wrote. Says where, not what: the rest may be secret.
    #[error("{path} is damaged at line {line}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where reading it failed, from 1.
        line: usize,
    },
    /// The list has a version that the file knows nothing of, or other secrets than the file.
    #[error("the secrets of list version {version} are missing")]
    Missing {
        /// Which version of the list.
        version: u32,
    },
}

impl VaultError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::Loose { path, mode } => tr!(
                text,
                "vault-loose",
                path = path.display().to_string(),
                mode = format!("{mode:03o}"),
                mend = format!("chmod 600 {}", shell_quoted(path))
            ),
            Self::Io { path, source } => tr!(
                text,
                "vault-io",
                path = path.display().to_string(),
                reason = io_reason(text, source)
            ),
            Self::Damaged { path, line } => {
                tr!(text, "vault-damaged", path = path.display().to_string(), line = *line)
            }
            Self::Missing { version } => {
                tr!(text, "vault-missing", version = version.to_string())
            }
        };
        said.into_owned()
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Loose { .. } | Self::Missing { .. } => Severity::Correctable,
            Self::Io { .. } | Self::Damaged { .. } => Severity::Fatal,
        }
    }
}

/// A path as a POSIX shell takes it.
fn shell_quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if path.chars().all(plain) { path } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

impl Vault {
    /// Reads the file, after checking that nobody else can, and teaches the global [`Redactor`]
    /// what it holds. Without a file the vault is empty.
    pub fn load(path: &Path) -> Result<Self, VaultError> {
        let failed = |source| VaultError::Io { path: path.to_owned(), source };
        let bytes = match fs::File::open(path) {
            Ok(file) => {
                check_mode(path, &file.metadata().map_err(failed)?)?;
                io::read_to_string(file).map_err(failed)?
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(e) => return Err(failed(e)),
        };
        let on_disk: OnDisk = serde_json::from_str(&bytes)
            .map_err(|e| VaultError::Damaged { path: path.to_owned(), line: e.line() })?;
        let vault = Self::from_disk(on_disk);
        Redactor::global().learn(vault.versions.values());
        Ok(vault)
    }

    /// Writes the file, readable by its owner only.
    pub(in crate::config) fn save(&self, path: &Path) -> Result<(), VaultError> {
        let failed = |source| VaultError::Io { path: path.to_owned(), source };
        let json = serde_json::to_vec(&self.to_disk()).map_err(|e| failed(e.into()))?;
        save(path, &json, Access::OwnerOnly).map_err(failed)
    }

    /// The secrets of one version of the list.
    pub fn secrets(&self, version: u32) -> Result<&ListSecrets, VaultError> {
        self.versions.get(&version).ok_or(VaultError::Missing { version })
    }

    /// Keeps the secrets of a version, teaching them to the global [`Redactor`].
    pub(in crate::config) fn insert(&mut self, version: u32, secrets: ListSecrets) {
        Redactor::global().learn([&secrets]);
        self.versions.insert(version, secrets);
    }

    /// Forgets every version that `keep` does not name. Whether anything was forgotten.
    pub(in crate::config) fn keep_only(&mut self, keep: &[u32]) -> bool {
        let before = self.versions.len();
        self.versions.retain(|version, _| keep.contains(version));
        self.versions.len() < before
    }

    fn from_disk(on_disk: OnDisk) -> Self {
        let mut vault = Self::default();
        for (version, stations) in on_disk.versions {
            let secrets = vault.versions.entry(version).or_default();
            for (station, feeds) in stations {
                for (kind, url) in feeds {
                    secrets.insert(FeedId { station, kind }, url);
                }
            }
        }
        vault
    }

    fn to_disk(&self) -> OnDisk {
        let mut on_disk = OnDisk::default();
        for (&version, secrets) in &self.versions {
            let stations = on_disk.versions.entry(version).or_default();
            for (feed, url) in secrets.iter() {
                let feeds: &mut BTreeMap<_, _> = stations.entry(feed.station).or_default();
                feeds.insert(feed.kind, url.clone());
            }
        }
        on_disk
    }
}

#[cfg(unix)]
fn check_mode(path: &Path, metadata: &fs::Metadata) -> Result<(), VaultError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(VaultError::Loose { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_mode(_path: &Path, _metadata: &fs::Metadata) -> Result<(), VaultError> {
    // Windows: the folder under the user's profile is closed to others by its access list.
    Ok(())
}
