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
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use self::cameras::{Cameras, Order};
use super::args::{DemoArgs, WallArgs};
use super::{Context, Exit, Explain as _, Failure, import, not_owner, signals, wall_of};
use crate::clock::{Clock as _, SystemClock};
use crate::config::data::{DataDir, PASSING};
use crate::config::desk::Desk;
use crate::config::io_reason;
use crate::simulate::country;
use crate::text::Text;
use crate::tr;

pub(super) use self::cameras::{Stop, gone};

/// Hears what the cameras are doing, line by line.
pub(super) type Tell = Arc<dyn Fn(&str) + Send + Sync>;

pub(super) fn run(context: &Context, args: &DemoArgs) -> Result<Exit, Failure> {
    let text = &context.text;
    let stop = Stop::default();
    let stops = stop.clone();
    signals::on_end(move || stops.ask()).map_err(|e| {
        let reason = io_reason(text, &io::Error::other(e));
        Failure::new(tr!(text, "demo-no-cameras", reason = reason).into_owned())
    })?;
    say(&tr!(text, "demo-cameras", count = args.stations));
    let Some(country) = Country::prepare(args.stations, text, &stop, None)? else {
        return Ok(Exit::Done);
    };
    say(&tr!(text, "demo-wall"));
    let context =
        Context { text: Arc::clone(text), clock: context.clock, data: Some(country.data()) };
    super::wall(&context, &args.wall)?;
    Ok(Exit::Done)
}

/// Shows a country that was prepared from the first screen of the wall on `home`: in the same
/// language, where that window was. The process has its log already.
pub(super) fn show(
    context: &Context,
    args: &WallArgs,
    home: &DataDir,
    country: &Country,
) -> Result<(), Failure> {
    let text = &context.text;
    let data = DataDir::open(Some(country.data())).say(text)?;
    let _owner = data.own("demo", &context.clock).map_err(|e| not_owner(&e, text))?;
    let Desk { language, window, .. } = Desk::load(&home.desk_file());
    let desk = Desk { language, window, ..Desk::default() };
    desk.save(&data.desk_file()).map_err(|e| no_folder(&data.desk_file(), &e, text))?;
    let args = WallArgs { is_throwaway: true, district: None, ..args.clone() };
    wall_of(context, &args, &data)?;
    Ok(())
}

/// A made-up country whose cameras answer, and a data folder that knows them. Dropped, all of it is
/// gone: the cameras end first, then the folder.
pub(super) struct Country {
    _cameras: Cameras,
    folder: TempDir,
}

impl Country {
    /// Prepares one; `None` when somebody has asked meanwhile to leave it. The first time, the
    /// pictures have to be drawn, which takes some seconds. What the cameras say of that goes to
    /// `tell`, where there is one, else to standard error.
    pub(super) fn prepare(
        stations: usize,
        text: &Arc<Text>,
        stop: &Stop,
        tell: Option<&Tell>,
    ) -> Result<Option<Self>, Failure> {
        let folder = TempDir::with_prefix("pollwall-demo-")
            .map_err(|e| no_folder(&std::env::temp_dir(), &e, text))?;
        let (script, list) =
            (folder.path().join("faults.toml"), folder.path().join("stations.csv"));
        put(&script, &faults::script(&country::places(stations)), text)?;
        let order = Order { stations, script: &script, list: &list };
        let Some(cameras) = Cameras::start(&order, text, stop, tell)? else {
            return Ok(None);
        };
        let country = Self { _cameras: cameras, folder };
        let data = country.data();
        fs::create_dir(&data).map_err(|e| no_folder(&data, &e, text))?;
        put(&data.join("day.toml"), &day::rehearsal(SystemClock.wall(), text), text)?;
        put(&data.join(PASSING), "", text)?;
        let context = Context { text: Arc::clone(text), clock: SystemClock, data: Some(data) };
        match import::unlogged(&context, &list)? {
            Exit::Done if stop.is_asked() => Ok(None),
            Exit::Done => Ok(Some(country)),
            // A list of our own is right; what is wrong with it has been said on standard error.
            _ => Err(Failure::new(tr!(text, "demo-no-cameras-said").into_owned())),
        }
    }

    /// Its data folder.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
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
