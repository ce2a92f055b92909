//! `pollwall demo`: the wall on a made-up country, with nothing to configure.
//!
//! The cameras are `pollwall simulate`, a process of its own as real ones would be; it ends when
//! its standard input does, so it can't outlive this one, however this one ends. List, log and
//! everything else lie in a folder that is thrown away.

mod cameras;
mod day;
mod faults;

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::TempDir;

use self::cameras::Cameras;
use super::args::DemoArgs;
use super::{Context, Exit, Failure, import, signals};
use crate::clock::Clock as _;
use crate::config::data::PASSING;
use crate::config::io_reason;
use crate::simulate::country;
use crate::text::Text;
use crate::tr;

pub(super) fn run(context: &Context, args: &DemoArgs) -> Result<Exit, Failure> {
    let text = &context.text;
    let folder = TempDir::with_prefix("pollwall-demo-")
        .map_err(|e| no_folder(&std::env::temp_dir(), &e, text))?;
    let (script, list) = (folder.path().join("faults.toml"), folder.path().join("stations.csv"));
    let data = folder.path().join("data");
    put(&script, &faults::script(&country::places(args.stations)), text)?;

    say(&tr!(text, "demo-cameras", count = args.stations));
    let Some(_cameras) = Cameras::start(args.stations, &script, &list, text)? else {
        return Ok(Exit::Done);
    };
    let context =
        Context { text: context.text.clone(), clock: context.clock, data: Some(data.clone()) };
    fs::create_dir(&data).map_err(|e| no_folder(&data, &e, text))?;
    put(&data.join("day.toml"), &day::rehearsal(context.clock.wall(), text), text)?;
    put(&data.join(PASSING), "", text)?;
    let imported = import::unlogged(&context, &list)?;
    if imported != Exit::Done || signals::asked() {
        return Ok(imported);
    }
    say(&tr!(text, "demo-wall"));
    super::wall(&context, &args.wall)?;
    Ok(Exit::Done)
}

fn put(path: &Path, content: &str, text: &Text) -> Result<(), Failure> {
    fs::write(path, content).map_err(|e| no_folder(path, &e, text))
}

fn no_folder(path: &Path, error: &io::Error, text: &Text) -> Failure {
    let (path, reason) = (path.display().to_string(), io_reason(text, error));
    Failure::new(tr!(text, "demo-no-folder", path = path, reason = reason).into_owned())
}

fn say(what: &str) {
    // Nowhere left to report that stderr is closed.
    let _ = writeln!(io::stderr(), "pollwall: {what}");
}
