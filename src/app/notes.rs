//! Notes: one line of JSON each in `<data>/notes.jsonl`, added at its end and never changed, until
//! the journal takes them over.
//!
//! A line is on the disk (fsync) before anybody is told that the note is kept. A line that a crash
//! tore is left where it is, copied into `notes.torn`, and the next note begins a line of its own.
//! Called by the wall's keeper thread.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::save::sync_folder;
use crate::model::StationId;

/// One note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    /// When it was kept.
    pub(super) utc: jiff::Timestamp,
    /// The same on the monotonic clock of this run of the program: orders notes whatever is done
    /// to the clock.
    pub(super) mono_us: i64,
    /// Since when the program has been running; with `boot`, which run `mono_us` belongs to.
    pub(super) run: jiff::Timestamp,
    /// Which start of the machine it was; empty where the system does not say.
    #[serde(default)]
    pub(super) boot: String,
    /// What it is about: `57/12`.
    pub(super) station: String,
    /// The stage of the day, by its code.
    #[serde(default)]
    pub(super) stage: Option<String>,
    /// The station's state at that moment, by its code.
    pub(super) state: String,
    pub(super) text: String,
    /// Which program wrote it.
    pub(super) program: String,
}

impl Note {
    /// What it is about, if that is a station.
    pub(super) fn station(&self) -> Option<StationId> {
        self.station.parse().ok()
    }
}

/// The file.
#[derive(Clone, Debug)]
pub(super) struct NotesFile {
    path: PathBuf,
}

impl NotesFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// All notes that can be read, in the order they were kept. What cannot be read is passed over
    /// and said in the log.
    pub(super) fn read(&self) -> io::Result<Vec<Note>> {
        let bytes = match fs::read(&self.path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read?,
        };
        let mut notes = Vec::new();
        for (at, line) in bytes.split(|b| *b == b'\n').enumerate() {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match serde_json::from_slice(line) {
                Ok(note) => notes.push(note),
                // serde's words may quote the note; a place is enough.
                Err(_) => log::warn!("{}:{}: not a whole note", self.path.display(), at + 1),
            }
        }
        Ok(notes)
    }

    /// Adds one note. On an error the file holds what it held before, as far as the disk allows.
    pub(super) fn add(&self, note: &Note) -> io::Result<()> {
        let mut line = serde_json::to_vec(note)?;
        line.push(b'\n');
        let fresh = !self.path.try_exists()?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&self.path)?;
        // Before the line, so that a failure leaves no note behind that is said not to be kept.
        if let (Some(folder), true) = (self.path.parent(), fresh) {
            sync_folder(folder)?;
        }
        self.end_torn_line(&mut file)?;
        let before = file.metadata()?.len();
        let written = file.write_all(&line).and_then(|()| file.sync_all());
        // The writer has the text still: half a line of it serves nobody.
        written.inspect_err(|_| drop(file.set_len(before)))
    }

    /// Where the file does not end with a whole line, keeps the torn one aside too and ends it.
    fn end_torn_line(&self, file: &mut File) -> io::Result<()> {
        let length = file.seek(SeekFrom::End(0))?;
        if length == 0 {
            return Ok(());
        }
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last == *b"\n" {
            return Ok(());
        }
        file.seek(SeekFrom::Start(0))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let start = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let torn = &bytes[start..];
        if serde_json::from_slice::<Note>(torn).is_err() {
            keep_aside(&self.path.with_extension("torn"), torn)?;
            log::warn!("{}: its last line was torn; it is kept aside", self.path.display());
        }
        file.write_all(b"\n")
    }
}

fn keep_aside(path: &Path, torn: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut aside = options.open(path)?;
    aside.write_all(torn)?;
    aside.write_all(b"\n")?;
    aside.sync_all()
}

/// The newest notes of each station, the newest first, at most `most` each.
pub(super) fn newest(notes: &[Note], most: usize) -> BTreeMap<StationId, Vec<Note>> {
    let mut found: BTreeMap<StationId, Vec<Note>> = BTreeMap::new();
    for note in notes.iter().rev() {
        if let Some(station) = note.station() {
            let list = found.entry(station).or_default();
            if list.len() < most {
                list.push(note.clone());
            }
        }
    }
    found
}

/// Which start of the machine this is; empty where the system does not say.
pub(super) fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|id| id.trim().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
