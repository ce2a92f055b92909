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
use crate::tr;

/// What a wall leaves behind without being asked to.
const NOT_KEPT: [&str; 2] = ["log", "desk.json"];

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
    if has_something(folder.path()) {
        let path = folder.keep().display().to_string();
        // Nowhere left to report that stderr is closed.
        let _ = writeln!(io::stderr(), "pollwall: {}", tr!(text, "open-kept", path = path));
    }
    outcome.map(|_| Exit::Done)
}

/// Whether somebody has put something into the folder, a snapshot for example.
fn has_something(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| NOT_KEPT.iter().all(|name| entry.file_name() != *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_kept_for_what_a_person_has_put_there() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("log")).unwrap();
        fs::write(dir.path().join("desk.json"), "{}").unwrap();
        assert!(!has_something(dir.path()));
        fs::create_dir(dir.path().join("snapshots")).unwrap();
        assert!(has_something(dir.path()));
    }
}
