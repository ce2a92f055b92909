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

use crate::clock::{Mono, WallTime};
use crate::config::save::{Access, save};
use crate::health::alarms::Snapshot;
use crate::health::picture::{Covered, Suspicion};
use crate::model::StationId;

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(flatten)]
    pub(super) alarms: Snapshot,
    /// The stations whose picture was suspected of something that a first look cannot see.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) suspected: BTreeMap<StationId, Suspected>,
}

/// What was suspected of a feed's picture when it was last seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Suspected {
    /// Where it came from, as the list has it, without secrets: at another address is another camera.
    pub(super) url: String,
    /// It stood still since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    frozen_since: Option<WallTime>,
    /// It had lost its edges since then, and how many it had before, in ‰.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    covered: Option<(WallTime, f32)>,
}

impl Suspected {
    /// In civil time, as `civil` makes it.
    pub(super) fn of(url: &str, now: &Suspicion, civil: impl Fn(Mono) -> WallTime) -> Self {
        Self {
            url: url.to_owned(),
            frozen_since: now.frozen_since.map(&civil),
            covered: now.covered.map(|covered| (civil(covered.since), covered.usual)),
        }
    }

    /// On the clock of this run, as `mono` makes it.
    pub(super) fn suspicion(&self, mono: impl Fn(WallTime) -> Mono) -> Suspicion {
        let covered = self.covered;
        Suspicion {
            frozen_since: self.frozen_since.map(&mono),
            covered: covered.map(|(since, usual)| Covered { since: mono(since), usual }),
        }
    }

    /// Whether the same is suspected.
    pub(super) fn is(&self, now: &Suspicion) -> bool {
        self.frozen_since.is_some() == now.frozen_since.is_some()
            && self.covered.is_some() == now.covered.is_some()
    }
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
