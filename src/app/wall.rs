//! `pollwall wall`: receives every feed of the list and shows the wall, in a window or, for
//! `--screenshot`, off screen.

mod awake;
mod coverage_page;
mod day_page;
mod desk;
mod front;
mod keeper;
mod place;
mod replayer;
mod room;
pub(super) mod screenshot;
mod sound;
mod stand_in;
pub(super) mod waker;
pub(super) mod window;

use std::convert::Infallible;
use std::sync::Arc;

use anyhow::Context as _;
use crossbeam_channel::Receiver;

use self::coverage_page::CoveragePage;
use self::day_page::DayPage;
use self::front::{Front, Screens};
use self::keeper::Keeper;
use self::replayer::Replayer;
use self::room::ControlRoom;
use self::sound::{Loudspeaker, Player};
use self::waker::ScreenWaker;
use self::window::Language;
use super::args::WallArgs;
use super::demo::Country;
use super::duty::{self, Duty};
use super::figures;
use super::imports::Imports;
use super::list_watch::{self, ListWatch};
use super::recording::{self, Recording};
use super::report::{Detail, Report};
use super::signals;
use crate::clock::{Clock, SystemClock};
use crate::config::data::DataDir;
use crate::config::desk::Desk;
use crate::config::list::ListStore;
use crate::config::record;
use crate::config::secrets::FeedSource;
use crate::ingest::{self, Ingest};
use crate::journal::Journal;
use crate::metrics::Board;
use crate::model::day::ElectionDay;
use crate::model::{Chosen, StationList};
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Wall};

/// Faults to rehearse. The program has none; tests bring their own.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Each message destroys the graphics device of the open window, as a driver's reset does.
    pub lose_device: Option<Receiver<()>>,
    /// Each message holds the next window, before it is opened, until the sender of what is in it is
    /// gone, as a driver does that takes its time.
    pub hold_window: Option<Receiver<Receiver<Infallible>>>,
}

/// Which stations are shown.
#[derive(Debug)]
pub(super) enum Stations {
    /// Those of the data folder's list, and of every list that is accepted meanwhile.
    Kept,
    /// These, whatever the data folder holds.
    ByHand {
        /// As they are shown.
        list: StationList,
        /// How they are opened.
        sources: Vec<FeedSource>,
    },
}

/// How a wall ended.
#[derive(Default)]
pub struct Ended {
    /// The demo that a person has asked for on the first screen, to be shown next.
    pub(super) demo: Option<Country>,
}

/// Runs until the window is closed or the screenshot is taken. The caller owns the data folder and
/// is on the process's first thread, where windows live.
pub fn run(
    args: &WallArgs,
    text: &Arc<Text>,
    data: &DataDir,
    day: ElectionDay,
    faults: &Faults,
) -> anyhow::Result<Ended> {
    run_on(args, text, data, day, Stations::Kept, faults)
}

/// The same on these stations. Nobody needs to own the data folder of streams opened by hand.
pub(super) fn run_on(
    args: &WallArgs,
    text: &Arc<Text>,
    data: &DataDir,
    day: ElectionDay,
    stations: Stations,
    faults: &Faults,
) -> anyhow::Result<Ended> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let screen = Arc::new(ScreenWaker::default());
    let quit = Arc::clone(&screen);
    signals::on_end(move || quit.end()).context("cannot listen for signals")?;
    let woken = || -> ingest::Waker {
        let wake = Arc::clone(&screen);
        Arc::new(move || wake.wake())
    };
    let is_kept = matches!(stations, Stations::Kept);
    let (version, list, sources, watch, front, journal) = match stations {
        Stations::ByHand { list, sources } => {
            let journal =
                duty::begin("open", data, &day, (0, &list), sources.len(), woken(), text)?;
            let front = Front::new(Screens::Wall, data.clone(), 0, Arc::clone(&screen));
            (0, list, sources, ListWatch::idle(), front, journal)
        }
        Stations::Kept => {
            let store = ListStore::new(data);
            let list_watch::Loaded { version, list, sources } =
                list_watch::load(&store, data, text)?;
            let command = if args.is_throwaway { "demo" } else { "wall" };
            let of = (version, &list);
            let journal = duty::begin(command, data, &day, of, sources.len(), woken(), text)?;
            let imports = Imports::new(journal.clone(), data.clone(), Arc::clone(&clock));
            let watch = ListWatch::start(store, data.clone(), version, imports, woken())?;
            let screens = screens(args, version);
            let front = Front::new(screens, data.clone(), version, Arc::clone(&screen));
            (version, list, sources, watch, front, journal)
        }
    };
    if let Some(chosen) = &args.records {
        recording::check(chosen, &list, text)?;
    }
    let (list, feeds) = (Arc::new(list), sources.len());
    let mut wall = Wall::new(Arc::clone(&list));
    // A picture is taken of what was asked for, wherever an operator was last.
    let was = args.screenshot.is_none().then(|| Desk::load(&data.desk_file()));
    let chosen = was.as_ref().and_then(|was| was.language);
    let mut language = match (args.lang, chosen) {
        (None, Some(lang)) => Language { text: Text::of(lang), chosen },
        _ => Language { text: Arc::clone(text), chosen },
    };
    if let Some(was) = &was {
        wall.settle(desk::standing(was, wall.standing()));
    }
    if let Some(number) = args.district {
        wall.apply(Command::District(number));
    }
    // What is received can be recorded at any time.
    super::descriptors::make_room(sources.len(), list.stations.len(), text);
    let asked = args.records.clone().or_else(|| was.as_ref().and_then(|was| was.records.clone()));
    let recorder = match is_kept {
        true => recorder((data, &day), asked, &list, &journal, &clock, woken(), text)?,
        false => Recorder::None,
    };
    let limits = ingest::Limits::default();
    let ingest = match &recorder {
        Recorder::Ready(recording) => Ingest::start_recording(
            sources,
            (wall.demand(), recording.feeds().clone()),
            limits,
            Arc::clone(&clock),
            woken(),
            recording.sink(),
        ),
        Recorder::None | Recorder::Refused { .. } => {
            Ingest::start_showing(sources, wall.demand(), limits, Arc::clone(&clock), woken())
        }
    };
    let ingest = ingest.with_context(|| tr!(text, "wall-no-start").into_owned())?;
    let report = args.print_states.map(|print| {
        let text = Arc::clone(&language.text);
        Report::start(print, Detail::Changes, text, clock.mono())
    });
    let board = Arc::<Board>::default();
    let server = figures::serve(args.metrics, &board, &clock, text)?;
    let operator = duty::operator(was.as_ref().and_then(|was| was.operator.clone()));
    let duty = Duty::start(data, journal.clone(), operator, Arc::clone(&clock));
    let mut duty = duty.context("cannot start a thread")?;
    duty.remind(&ingest, &list);
    duty.put_down_settings(&day);
    duty.configuration().wall(args, language.text.lang());
    duty.configuration().list(version, &list, feeds);
    duty.configuration().layout(&wall.standing());
    let mut room = ControlRoom::new(Arc::clone(&clock), day, wall, ingest, watch, front, duty);
    match recorder {
        Recorder::Ready(recording) => room.record_with(recording),
        Recorder::Refused { why, asked } => room.cannot_record(why, asked),
        Recorder::None => {}
    }
    room.remember_operator(was.as_ref().and_then(|was| was.operator.clone()));
    if let Some(report) = report.transpose()? {
        room.print_with(report);
    }
    if let Some(server) = server {
        room.publish_on(board, server);
    }
    let keeper = Keeper::start(data, journal.clone(), Arc::new(SystemClock), Arc::clone(&screen));
    if is_kept {
        room.replay_with(Replayer::new(data));
    }
    room.keep_with(keeper.context("cannot start a thread")?);
    let page = DayPage::start(data.journal_file(), &*clock, woken());
    room.show_days_of(page.context("cannot start a thread")?);
    let page = CoveragePage::start(data.clone(), woken());
    room.show_coverage_of(page.context("cannot start a thread")?);
    let speaker = Loudspeaker::start(Player::of_the_system(), Arc::clone(&clock), woken());
    room.ring_with(speaker.context("cannot start a thread")?);
    if args.screenshot.is_none() {
        room.put_down_shown(journal.clone());
    }
    let mut desk = None;
    let outcome = match &args.screenshot {
        Some(shot) => screenshot::take(shot, args.size, &mut room, &screen, text),
        None => {
            let was = was.unwrap_or_default();
            let place = place::at_start(was.window.clone(), args.size);
            let keeper = desk::keeper(data.desk_file(), was).context("cannot start a thread")?;
            let keeper = desk.insert(keeper);
            window::open(place, keeper, &mut room, &screen, &mut language, faults)
        }
    };
    let ended = Ended { demo: room.take_country() };
    let closing = SystemClock.mono();
    let mut endings = room.end();
    endings.others.extend(desk.map(|desk| desk.end("desk")));
    endings.wait(journal, closing, &SystemClock);
    outcome.map(|()| ended)
}

/// What the wall can record with.
enum Recorder {
    /// The data folder is not ours: nothing is recorded.
    None,
    Ready(Recording),
    /// `record.toml` has mistakes. The wall opens all the same, and says so; `asked`: loudly.
    Refused {
        why: String,
        asked: Option<Chosen>,
    },
}

fn recorder(
    (data, day): (&DataDir, &ElectionDay),
    asked: Option<Chosen>,
    list: &Arc<StationList>,
    journal: &Journal,
    clock: &Arc<dyn Clock>,
    waker: ingest::Waker,
    text: &Text,
) -> anyhow::Result<Recorder> {
    let config = match record::load(&data.record_file()) {
        Ok(config) => config,
        Err(e) => {
            let why = e.explain(text);
            log::error!("nothing can be recorded: {e}");
            return Ok(Recorder::Refused { why, asked });
        }
    };
    let recording =
        Recording::start(data, day.clone(), config, journal.clone(), Arc::clone(clock), waker);
    let mut recording = recording.context("cannot start a thread")?;
    recording.take_list(list);
    recording.choose(asked);
    Ok(Recorder::Ready(recording))
}

/// Which screens there are beside the wall.
fn screens(args: &WallArgs, version: u32) -> Screens {
    match version {
        _ if args.screenshot.is_some() || args.is_throwaway => Screens::Wall,
        0 => Screens::FirstRun,
        _ => Screens::Import,
    }
}
