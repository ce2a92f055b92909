//! `pollwall wall --open`: the wall on streams given by hand, to try a camera.
//!
//! Nothing is imported and no data folder is touched or owned: a folder of its own holds the log
//! and is thrown away at the end, unless somebody has kept something in it.

pub(super) mod addresses;

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::TempDir;

use super::args::OpenArgs;
use super::{Context, Exit, Explain, Failure, wall};
use crate::config::data::DataDir;
use crate::config::day;
use crate::config::io_reason;
use crate::journal::read::Reader;
use crate::journal::{JournalError, Kind};
use crate::tr;

/// What a wall leaves behind without being asked to; the journal, unless there are notes in it.
const NOT_KEPT: [&str; 4] = ["log", "desk.json", "alarms.json", "journal"];

pub(super) fn run(context: &Context, args: &OpenArgs) -> Result<Exit, Failure> {
    let text = &context.text;
    let opened = addresses::from_here(&args.addresses, text)?;
    let folder = TempDir::with_prefix("pollwall-open-").map_err(|e| {
        let (path, reason) = (std::env::temp_dir().display().to_string(), io_reason(text, &e));
        Failure::new(tr!(text, "demo-no-folder", path = path, reason = reason).into_owned())
    })?;
    let data = DataDir::open(Some(folder.path().to_owned())).say(text)?;
    let log = context.log(&data, "wall")?;
    let day = day::load(&data.day_file(), &context.clock).say(text)?;
    let shown = wall::Stations::ByHand { list: opened.list, sources: opened.sources };
    let outcome = wall::run_on(&args.wall, text, &data, day, shown, &wall::Faults::default());
    let outcome = outcome.map_err(|e| super::failure("the wall", &e));
    log.shutdown();
    if has_something(&data) {
        let path = folder.keep().display().to_string();
        // Nowhere left to report that stderr is closed.
        let _ = writeln!(io::stderr(), "pollwall: {}", tr!(text, "open-kept", path = path));
    }
    outcome.map(|_| Exit::Done)
}

/// Whether somebody has put something into the folder, a snapshot or a note for example.
fn has_something(data: &DataDir) -> bool {
    let entries = fs::read_dir(data.root()).into_iter().flatten().flatten();
    let mut others = entries.filter(|entry| NOT_KEPT.iter().all(|name| entry.file_name() != *name));
    others.next().is_some() || has_notes(&data.journal_file())
}

fn has_notes(journal: &Path) -> bool {
    match Reader::open(journal).and_then(|reader| reader.newest(Kind::Note)) {
        Ok(note) => note.is_some(),
        Err(JournalError::None { .. }) => false,
        // Whatever is in it is worth more than the room it takes.
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::clock::FakeClock;
    use crate::journal::{Entry, Event, Journal, RunConfig, RunInfo};

    #[test]
    fn a_folder_is_kept_for_what_a_person_has_put_there() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(dir.path().to_owned())).unwrap();
        fs::create_dir(dir.path().join("log")).unwrap();
        fs::write(dir.path().join("desk.json"), "{}").unwrap();
        let clock = Arc::new(FakeClock::default());
        let run = RunInfo::this_process("open", RunConfig::default());
        let journal =
            Journal::open(&data.journal_file(), clock.clone(), run, Arc::new(|| {})).unwrap();
        let seen = Event::Configuration { what: "day".into(), now: serde_json::Value::Null };
        journal.record_durably(Entry::now(&*clock, seen)).wait().unwrap();
        assert!(!has_something(&data));
        let note = Event::Note {
            text: "qeyd".into(),
            stage: None,
            state: "live".into(),
            program: None,
            boot: None,
            taken_over: false,
        };
        journal.record_durably(Entry::now(&*clock, note)).wait().unwrap();
        assert!(journal.close(Duration::from_secs(60)));
        assert!(has_something(&data), "a note");
        fs::remove_dir_all(dir.path().join("journal")).unwrap();
        assert!(!has_something(&data));
        fs::create_dir(dir.path().join("snapshots")).unwrap();
        assert!(has_something(&data));
    }
}
