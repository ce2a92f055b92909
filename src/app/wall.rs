//! `pollwall wall`: receives every feed of the list and shows the wall, in a window or, for
//! `--screenshot`, off screen.

mod awake;
mod list_watch;
mod room;
mod screenshot;
mod waker;
mod window;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use crossbeam_channel::Receiver;

use self::room::ControlRoom;
use self::waker::ScreenWaker;
use super::args::WallArgs;
use crate::clock::{Clock, SystemClock};
use crate::config::data::DataDir;
use crate::config::list::ListStore;
use crate::ingest::{self, Ingest};
use crate::model::day::ElectionDay;
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Wall};

/// Faults to rehearse. The program has none; tests bring their own.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Each message destroys the graphics device of the open window, as a driver's reset does.
    pub lose_device: Option<Receiver<()>>,
}

/// Closing the wall ends everything within this.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// Runs until the window is closed or the screenshot is taken. The caller owns the data folder and
/// is on the process's first thread, where windows live.
pub fn run(
    args: &WallArgs,
    text: &Arc<Text>,
    data: &DataDir,
    day: ElectionDay,
    faults: &Faults,
) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let screen = Arc::new(ScreenWaker::default());
    let quit = Arc::clone(&screen);
    ctrlc::set_handler(move || quit.end()).context("cannot listen for signals")?;
    let store = ListStore::new(data);
    let list_watch::Loaded { version, list, sources } = list_watch::load(&store, data, text)?;
    let list = Arc::new(list);
    let mut wall = Wall::new(Arc::clone(&list));
    if let Some(number) = args.district {
        wall.apply(Command::District(number));
    }
    super::descriptors::make_room(sources.len(), text);
    let wake = Arc::clone(&screen);
    let ingest = Ingest::start_showing(
        sources,
        wall.demand(),
        ingest::Limits::default(),
        Arc::clone(&clock),
        Arc::new(move || wake.wake()),
    )
    .with_context(|| tr!(text, "wall-no-start").into_owned())?;
    let watch = list_watch::ListWatch::start(store, data.clone(), version, Arc::clone(&screen))?;
    let mut room = ControlRoom::new(clock, day, wall, ingest, watch);
    let outcome = match &args.screenshot {
        Some(shot) => screenshot::take(shot, args.size, &mut room, &screen, text),
        None => window::open(args.size, &mut room, &screen, text, faults),
    };
    let stragglers = room.close(STOP_WITHIN);
    if !stragglers.is_empty() {
        log::warn!("did not end within {STOP_WITHIN:?}: {}", stragglers.join(", "));
    }
    outcome
}
