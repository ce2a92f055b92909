//! The notes that earlier versions kept in `notes.jsonl`, a line of JSON each, taken over once.
//!
//! The rows are committed first, the file is renamed then (`notes.jsonl.taken`). After a crash in
//! between the file is still there, and what is in the journal already is known by its content: no
//! note is lost, and none is there twice.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::entry::{Entry, Row};
use super::error::JournalError;
use super::event::{Event, Kind};
use super::schema::{Head, Store};
use crate::clock::{Clock, Mono};
use crate::config::save::sync_folder;

/// A line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Note {
    utc: jiff::Timestamp,
    mono_us: i64,
    /// Since when the program had been running: whose `mono_us` it is.
    run: jiff::Timestamp,
    #[serde(default)]
    boot: String,
    station: String,
    #[serde(default)]
    stage: Option<String>,
    state: String,
    text: String,
    program: String,
}

impl Note {
    fn row(self) -> Row {
        let event = Event::Note {
            text: self.text,
            stage: self.stage,
            state: self.state,
            program: Some(self.program),
            boot: Some(self.boot),
            taken_over: true,
        };
        let (utc, mono) = (self.utc.into(), Mono::from_micros(self.mono_us));
        let entry = Entry { utc, mono, station: None, feed: None, event };
        // Also one that is no station's number is kept as it stood there.
        Row { run: Some(self.run.to_string()), station: Some(self.station), ..Row::from(entry) }
    }
}

/// The whole notes of a file in the order they were kept, and how many lines are none.
fn parse(bytes: &[u8]) -> (Vec<Note>, usize) {
    let mut unreadable = 0;
    let mut notes = Vec::new();
    for line in bytes.split(|b| *b == b'\n') {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice(line) {
            Ok(note) => notes.push(note),
            Err(_) => unreadable += 1,
        }
    }
    (notes, unreadable)
}

/// Takes the notes over, if there are any; the newest row, if any was added.
pub(super) fn take_over(
    store: &mut Store,
    file: &Path,
    run: &str,
    clock: &dyn Clock,
) -> Result<Option<Head>, JournalError> {
    let failed = |e: &io::Error| JournalError::io(file.to_owned(), e);
    let bytes = match fs::read(file) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|e| failed(&e))?,
    };
    let taken = free_name(file).map_err(|e| failed(&e))?;
    let (notes, unreadable) = parse(&bytes);
    let sql = |e: &rusqlite::Error| JournalError::sqlite(file.to_owned(), e);
    let known = known(store).map_err(|e| sql(&e))?;
    let mut rows: Vec<Row> = notes.into_iter().map(Note::row).collect();
    rows.retain(|row| !known.contains(&identity(row)));
    let mut newest = None;
    let name = taken.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let told = |store: &Store| is_told(store, &name, unreadable).map_err(|e| sql(&e));
    if !rows.is_empty() || unreadable > 0 && !told(store)? {
        let over = Event::NotesTakenOver { count: rows.len(), unreadable, file: name };
        rows.push(Row::from(Entry::now(clock, over)));
        newest = Some(store.append(run, rows.iter(), &mut |_| true).map_err(|e| sql(&e))?);
    }
    fs::rename(file, &taken).map_err(|e| failed(&e))?;
    file.parent().map_or(Ok(()), sync_folder).map_err(|e| failed(&e))?;
    log::info!("notes taken over; the file is now {}", taken.display());
    Ok(newest)
}

/// What makes a note the one that it is.
type Identity = (i64, i64, Option<String>, String);

fn identity(row: &Row) -> Identity {
    (row.utc_us, row.mono_us, row.station.clone(), row.body.clone())
}

/// The notes that were taken over before.
fn known(store: &Store) -> rusqlite::Result<HashSet<Identity>> {
    let mut rows = store
        .connection()
        .prepare("SELECT utc_us, mono_us, station, body FROM journal WHERE kind = ?1")?;
    let rows = rows.query_map([Kind::Note.code()], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    rows.collect()
}

/// Whether a row says already that the file called so, with so many lines that are no notes, was taken
/// over: where it cannot be renamed it is found again whenever the journal is opened.
fn is_told(store: &Store, name: &str, lines: usize) -> rusqlite::Result<bool> {
    let mut rows = store.connection().prepare("SELECT body FROM journal WHERE kind = ?1")?;
    let kind = Kind::NotesTakenOver.code();
    let mut told = false;
    for body in rows.query_map([kind], |row| row.get::<_, String>(0))? {
        let body = serde_json::from_str(&body?).unwrap_or_default();
        told |= matches!(
            Event::of(kind, &body),
            Some(Event::NotesTakenOver { unreadable, file, .. })
                if file == name && unreadable == lines
        );
    }
    Ok(told)
}

/// `notes.jsonl.taken`, or the next such name that is not taken.
fn free_name(file: &Path) -> io::Result<PathBuf> {
    for again in 1..1000 {
        let more = if again == 1 { String::new() } else { format!("-{again}") };
        let path = PathBuf::from(format!("{}.taken{more}", file.display()));
        if !path.try_exists()? {
            return Ok(path);
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"utc":"2024-02-07T07:42:07.28Z","mono_us":7,"run":"2024-02-07T02:00:00Z","boot":"b","station":"57/12","stage":"voting","state":"stalled","text":"qutu möhürləndi","program":"pollwall 0"}"#;

    #[test]
    fn whole_lines_are_read_whatever_stands_beside_them() {
        let (notes, unreadable) =
            parse(format!("{LINE}\n\u{0}\n\n  \n{{\"text\":1}}\n{LINE}").as_bytes());
        assert_eq!((notes.len(), unreadable), (2, 2));
        assert_eq!(notes[0].text, "qutu möhürləndi");
        // A torn line is none, and hides no other.
        for torn in 1..LINE.len() {
            let mut bytes = format!("{LINE}\n").into_bytes();
            bytes.extend_from_slice(&LINE.as_bytes()[..torn]);
            assert_eq!(parse(&bytes).0.len(), 1, "{torn}");
        }
        assert_eq!(parse(b""), (Vec::new(), 0));
    }
}
