//! What a restart must not forget, in `alarms.json`: how it is read at the start, and written.
//!
//! Only a file that is damaged is put aside at once. One that the disk does not give back stays where it
//! is: it may be whole. Before anything is written in its place it is put aside, too, for a person
//! to look at; where that fails nothing is written, and tried again with the next change.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock::WallTime;
use crate::config::save::{Access, save};
use crate::health::alarms::Snapshot;
use crate::model::StationId;

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(flatten)]
    pub(super) alarms: Snapshot,
    /// The stations whose picture stood still.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) standing_still: BTreeMap<StationId, StandingStill>,
}

/// A feed whose picture stood still when it was last seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StandingStill {
    /// Where it came from, as the list has it, without secrets: at another address is another camera.
    pub(super) url: String,
    /// Since when.
    pub(super) since: WallTime,
}

/// What was found in the data folder, and what writes there from now on.
pub(super) struct Found {
    /// `None` where there is nothing that can be read.
    pub(super) kept: Option<Kept>,
    pub(super) writer: Writer,
}

/// Reads the file; `wall` is in the name of what is put aside.
pub(super) fn open(file: &Path, wall: WallTime) -> Found {
    let aside = |why: &str| file.with_extension(format!("{why}-{}", wall.as_micros()));
    let mut writer = Writer { aside: None };
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Found { kept: None, writer },
        Err(e) => {
            let to = writer.aside.insert(aside("unread"));
            log::error!(
                "{}: {e}; the alarms begin anew, and the file stays until there are new ones to \
                 write down: then it is {}",
                file.display(),
                to.display()
            );
            return Found { kept: None, writer };
        }
    };
    let kept = serde_json::from_slice(&bytes).map_err(|e| {
        // What is in trouble is found again by itself; what was answered is in the journal, and so
        // are the numbers that were given away.
        log::error!("{}: {e}; the alarms begin anew", file.display());
        writer.aside = Some(aside("damaged"));
        if let Err(e) = writer.put_aside(file) {
            log::error!("{}: {e}; the damaged file is put aside later", file.display());
        }
    });
    Found { kept: kept.ok(), writer }
}

/// Writes the file.
pub(super) struct Writer {
    /// What is there is to be called this before anything is written.
    aside: Option<PathBuf>,
}

impl Writer {
    pub(super) fn write(&mut self, kept: &Kept, file: &Path) -> io::Result<()> {
        self.put_aside(file)?;
        save(file, &serde_json::to_vec(kept)?, Access::OwnerOnly)
    }

    fn put_aside(&mut self, file: &Path) -> io::Result<()> {
        let Some(aside) = &self.aside else { return Ok(()) };
        match fs::rename(file, aside) {
            Ok(()) => log::error!("{} is now {}", file.display(), aside.display()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(e),
        }
        self.aside = None;
        Ok(())
    }
}
