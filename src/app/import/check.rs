//! What both ways of taking a list share, the command and the window: reading a file, comparing its
//! list with the present one, making it the present one. Asks and shows nothing.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::app::Failure;
use crate::clock::Clock;
use crate::config::data::DataDir;
use crate::config::io_reason;
use crate::config::list::{
    Base, Diff, Expected, Found, ListStore, MAX_FILE_BYTES, Parsed, Problem, RowPreview,
    StoreError, diff, examine,
};
use crate::config::secrets::{ListSecrets, Redactor, Vault, masked};
use crate::model::StationList;
use crate::text::Text;
use crate::tr;

/// A file's rows, and its list or its problems.
pub(in crate::app) struct Examined {
    pub(in crate::app) rows: Vec<RowPreview>,
    pub(in crate::app) result: Result<Parsed, Vec<Problem>>,
}

/// Reads and checks a file. What is secret in it is known to the redactor from here on.
pub(in crate::app) fn read(file: &Path, text: &Text) -> Result<Examined, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|f| f.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|e| {
        let (path, reason) = (shown(file), io_reason(text, &e));
        Failure::new(tr!(text, "import-unreadable", path = path, reason = reason).into_owned())
    })?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        let mib = MAX_FILE_BYTES >> 20;
        let problem = Problem {
            row: 1,
            column: String::new(),
            found: Found::cell(&format!("> {mib} MiB")),
            expected: Expected::FileSize(mib),
        };
        return Ok(Examined { rows: Vec::new(), result: Err(vec![problem]) });
    }
    let (rows, result) = examine(&bytes);
    if let Ok(parsed) = &result {
        Redactor::global().learn([&parsed.secrets]);
    }
    Ok(Examined { rows, result })
}

/// A path fit to be shown: people paste URLs everywhere, also where a file belongs.
pub(in crate::app) fn shown(file: &Path) -> String {
    let path = file.display().to_string();
    if path.contains("://") { masked(&path) } else { path }
}

/// A list that could be taken, compared with the one that is present.
pub(in crate::app) struct Candidate {
    parsed: Parsed,
    /// The file's name, for the history.
    source: String,
    present: Option<Present>,
    changes: Diff,
}

/// The list that a candidate would replace.
pub(in crate::app) struct Present {
    pub(in crate::app) version: u32,
    pub(in crate::app) list: StationList,
}

/// What became of a candidate that was taken.
pub(in crate::app) struct Taken {
    /// The number of the list's version.
    pub(in crate::app) version: u32,
    /// How many feeds have a user name or a password, which are still in the file.
    pub(in crate::app) secrets: usize,
}

impl Candidate {
    /// Compares `parsed`, which was read from `file`, with the present list.
    pub(in crate::app) fn compare(
        parsed: Parsed,
        file: &Path,
        data: &DataDir,
    ) -> Result<Self, StoreError> {
        let source = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let none = ListSecrets::default();
        let (present, changes) = match ListStore::new(data).current()? {
            Some(current) => {
                let vault = Vault::load(&data.secrets_file())?;
                // Where the old secrets are missing every login is new, which mends exactly that.
                let old = vault.secrets(current.version).unwrap_or(&none);
                let changes = diff((&current.list, old), (&parsed.list, &parsed.secrets));
                (Some(Present { version: current.version, list: current.list }), changes)
            }
            None => {
                let old = StationList::default();
                (None, diff((&old, &none), (&parsed.list, &parsed.secrets)))
            }
        };
        Ok(Self { parsed, source, present, changes })
    }

    /// The new list.
    pub(in crate::app) fn list(&self) -> &StationList {
        &self.parsed.list
    }

    /// The list that it would replace; `None` when there is none.
    pub(in crate::app) fn present(&self) -> Option<&Present> {
        self.present.as_ref()
    }

    /// What would change.
    pub(in crate::app) fn changes(&self) -> &Diff {
        &self.changes
    }

    /// The version that is the same as this list already.
    pub(in crate::app) fn same_as(&self) -> Option<u32> {
        self.present.as_ref().map(|p| p.version).filter(|_| self.changes.is_empty())
    }

    /// Makes it the present list, if the one that it was compared with still is.
    pub(in crate::app) fn accept(
        self,
        data: &DataDir,
        clock: &dyn Clock,
    ) -> Result<Taken, StoreError> {
        let base = Base::from(self.present.map(|p| p.version));
        let Parsed { list, secrets } = self.parsed;
        let count = secrets.len();
        let version = ListStore::new(data).accept(list, secrets, &self.source, base, clock)?;
        log::info!("list version {version} accepted from {}", self.source);
        Ok(Taken { version, secrets: count })
    }
}
