//! `pollwall replay`: what was recorded, seen again, beside whoever records.
//!
//! Nothing here owns the data folder. Notes go into `notes.jsonl`, which the journal takes over when
//! its owner starts the next time; snapshots go where the wall's go.

mod days;
mod keep;
mod listed;
mod session;
mod window;

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{self, Ui};

use self::days::{Asked, Days};
use self::keep::Keeper;
use self::listed::Source;
use self::session::Session;
use super::args::{ReplayArgs, Screenshot, Since};
use super::journal::moment;
use super::ledger::usual_date;
use super::wall::screenshot;
use super::wall::waker::ScreenWaker;
use super::{Context, Exit, Explain as _, Failure, failure, signals};
use crate::clock::{Clock, SystemClock, WallTime};
use crate::config::data::DataDir;
use crate::config::day;
use crate::config::list::ListStore;
use crate::model::day::ElectionDay;
use crate::model::{Chosen, FeedKind, Station, StationId, StationList};
use crate::record::index::{IndexError, Reader};
use crate::record::ledger::Span;
use crate::render::offscreen::Offscreen;
use crate::replay::desk::{Ask, Lane, MOST_STATIONS};
use crate::replay::footage::{Footage, Piece};
use crate::replay::group::Waker;
use crate::text::Text;
use crate::tr;
use crate::ui;

/// So many stations are shown where none is chosen.
const USUAL_STATIONS: usize = 4;

/// A replay and what it is tied to.
pub(super) struct Replay {
    session: Session,
    days: Days,
    keeper: Keeper,
    stations: Vec<StationId>,
    /// Which of their feeds are shown.
    feeds: Vec<FeedKind>,
    clock: Arc<dyn Clock>,
}

/// What is to be replayed.
struct Wanted {
    asked: Asked,
    stations: Vec<StationId>,
    list: StationList,
    at: Option<WallTime>,
}

pub(super) fn run(
    context: &Context,
    args: &ReplayArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    if args.list {
        return listed::run(context, args, out);
    }
    let text = &context.text;
    crate::media::init().map_err(|e| no_start(text, &e.to_string()))?;
    let screen = Arc::new(ScreenWaker::default());
    let quit = Arc::clone(&screen);
    signals::on_end(move || quit.end()).map_err(|e| no_start(text, &e.to_string()))?;
    let source = Source::of(context, args.what.as_deref())?;
    let data = match &source {
        // `<data>/footage/footage.sqlite`
        Source::Catalogue(file) if args.what.is_some() => {
            let root = file.parent().and_then(Path::parent);
            DataDir::look(root.map(Path::to_owned)).say(text)?
        }
        Source::Catalogue(_) | Source::Folder(_) => context.look_at_data()?,
    };
    let day = day::load(&data.day_file(), &context.clock).say(text)?;
    let list = ListStore::new(&data).current().say(text)?.map(|kept| kept.list);
    let found = match source {
        Source::Catalogue(_) => catalogued(&data, text)?,
        Source::Folder(folder) => {
            let plan = listed::plan(args, &day, list.clone());
            let opening = listed::begin(&folder, plan, &screen, text)?;
            let footage = opening.footage();
            let newest = footage.span().map(|span| WallTime::from_micros(span.from_us));
            let stations = footage.stations().collect();
            Found { from: days::From::Files(opening), stations, newest }
        }
    };
    let wanted = wanted(context, args, found, day, list.unwrap_or_default())?;
    let mut replay = Replay::start(wanted, &data, &screen, text)?;
    let outcome = match &args.screenshot {
        Some(shot) => picture(&mut replay, shot, args.size, &screen, text),
        None => window::open(&mut replay, args.size, &screen, text),
    };
    outcome.map_err(|e| failure("the replay", &e))?;
    Ok(Exit::Done)
}

fn no_start(text: &Text, reason: &str) -> Failure {
    Failure::new(tr!(text, "replay-no-start", reason = reason).into_owned())
}

/// What there is.
struct Found {
    from: days::From,
    stations: Vec<StationId>,
    /// Something is there of this moment's day.
    newest: Option<WallTime>,
}

/// What a data folder has. Nothing was ever recorded: that is an error, for an empty screen must not
/// look like a day without trouble.
fn catalogued(data: &DataDir, text: &Text) -> Result<Found, Failure> {
    let nothing = || {
        let place = data.root().display().to_string();
        Failure::new(tr!(text, "replay-nothing", place = place).into_owned())
    };
    let reader = match Reader::open(&data.footage_file()) {
        Ok(reader) => reader,
        Err(IndexError::None { .. }) => return Err(nothing()),
        Err(e) => return Err(Failure::new(e.explain(text))),
    };
    let mut stations: Vec<StationId> =
        reader.feeds().say(text)?.into_iter().map(|feed| feed.station).collect();
    let opened = reader.opened().say(text)?;
    stations.extend(opened.iter().map(|(_, opened)| opened.path.feed().station));
    stations.sort_unstable();
    stations.dedup();
    if stations.is_empty() {
        return Err(nothing());
    }
    let newest = opened.iter().map(|(_, opened)| opened.first.wall()).max();
    let newest = newest.or(reader.newest().say(text)?);
    Ok(Found { from: days::From::Data(data.clone()), stations, newest })
}

/// Finds out which stations of which day, and refuses what was never recorded.
fn wanted(
    context: &Context,
    args: &ReplayArgs,
    found: Found,
    day: ElectionDay,
    list: StationList,
) -> Result<Wanted, Failure> {
    let text = &context.text;
    let now = context.clock.wall();
    let at = args.at.filter(|at| !matches!(at, Since::Time(_)));
    let at = at.map(|at| moment(at, now, &day.zone));
    let date = args.day.or_else(|| at.map(|at| day.local(at).date()));
    let date = date.unwrap_or_else(|| match found.newest {
        // Where no election day is configured: the newest day of which there is anything.
        Some(newest) if day.stages.is_none() => day.local(newest).date(),
        _ => usual_date(&day, now),
    });
    // A time of the day is one of the day that was asked for.
    let time = match args.at {
        Some(Since::Time(time)) => {
            let zoned = date.to_datetime(time).to_zoned(day.zone.clone());
            zoned.ok().map(|at| at.timestamp().into())
        }
        _ => None,
    };
    let stations: Vec<StationId> = match &args.stations {
        Some(Chosen::These(these)) => these.iter().copied().collect(),
        Some(Chosen::All) | None => found.stations.iter().copied().take(USUAL_STATIONS).collect(),
    };
    if stations.len() > MOST_STATIONS {
        let (most, count) = (MOST_STATIONS.to_string(), stations.len().to_string());
        let said = tr!(text, "replay-too-many", most = most, count = count).into_owned();
        return Err(Failure { exit: Exit::Usage, said });
    }
    if !stations.iter().any(|station| found.stations.contains(station)) {
        let names: Vec<String> = stations.iter().map(ToString::to_string).collect();
        let date = date.strftime("%d.%m.%Y").to_string();
        let said = tr!(text, "replay-none-chosen", day = date, stations = names.join(", "));
        return Err(Failure { exit: Exit::Usage, said: said.into_owned() });
    }
    let asked = Asked {
        from: found.from,
        day: Arc::new(day),
        date,
        stations: stations.iter().copied().collect::<HashSet<_>>(),
        text: Arc::clone(text),
    };
    Ok(Wanted { asked, stations, list, at: at.or(time) })
}

/// The files of each station, in their order; the main feed where there is anything of it.
fn pieces(footage: &Footage, stations: &[StationId]) -> Vec<Arc<[Piece]>> {
    let of = |station: &StationId| {
        let feed = footage.feed_of(*station);
        feed.and_then(|feed| footage.feeds.get(&feed).cloned()).unwrap_or_default()
    };
    stations.iter().map(of).collect()
}

fn feeds(footage: &Footage, stations: &[StationId]) -> Vec<FeedKind> {
    let of =
        |station: &StationId| footage.feed_of(*station).map_or(FeedKind::Main, |feed| feed.kind);
    stations.iter().map(of).collect()
}

/// The day's hours, and whatever was recorded beyond them.
fn whole(asked: &Asked, footage: &Footage) -> Span {
    let (from, to) = match asked.day.hours(None) {
        Some(hours) if asked.date == asked.day.date => hours,
        _ => asked.day.civil_hours(asked.date),
    };
    let hours = Span::between(from, to);
    match footage.span() {
        Some(seen) => Span::new(hours.from_us.min(seen.from_us), hours.to_us.max(seen.to_us)),
        None => hours,
    }
}

impl Replay {
    fn start(
        wanted: Wanted,
        data: &DataDir,
        screen: &Arc<ScreenWaker>,
        text: &Arc<Text>,
    ) -> Result<Self, Failure> {
        let Wanted { asked, stations, list, at } = wanted;
        let footage = days::footage(&asked).say(text)?;
        let whole = whole(&asked, &footage);
        let first = footage.span().map_or(whole.from_us, |span| span.from_us);
        let at_us = at.map_or(first, WallTime::as_micros);
        let lane = |station: &StationId| Lane {
            station: *station,
            // Where no list knows it, what its camera is called.
            name: list
                .station(*station)
                .map(|known: &Station| known.name.clone())
                .or_else(|| footage.names.get(station).cloned())
                .unwrap_or_default(),
            ledger: None,
        };
        let lanes = stations.iter().map(lane).collect();
        let waker: Waker = {
            let screen = Arc::clone(screen);
            Arc::new(move || screen.wake())
        };
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let started = |e: std::io::Error| no_start(text, &e.to_string());
        let (day, pieces) = (Arc::clone(&asked.day), pieces(&footage, &stations));
        let session = Session::start(day, lanes, pieces, (at_us, whole), &clock, &waker);
        let session = session.map_err(started)?;
        let days = Days::start(asked, Arc::clone(&clock), Arc::clone(&waker)).map_err(started)?;
        let keeper = Keeper::start(data, list, Arc::clone(&clock), waker).map_err(started)?;
        let feeds = feeds(&footage, &stations);
        Ok(Self { session, days, keeper, stations, feeds, clock })
    }

    /// Which of a tile's feeds is shown.
    fn feed(&self, tile: usize) -> FeedKind {
        self.feeds.get(tile).copied().unwrap_or(FeedKind::Main)
    }

    fn is_playing(&self) -> bool {
        self.session.is_playing()
    }

    /// One pass of the screen; what is left to the window.
    fn ui(&mut self, ui: &mut Ui, text: &Text) -> Vec<Ask> {
        if let Some(read) = self.days.take() {
            self.session.take_ledgers(&read.ledgers);
            self.session.trouble = read.trouble;
            if let Some(seen) = read.footage.span() {
                let whole = self.session.whole();
                let whole = Span::new(whole.from_us.min(seen.from_us), whole.to_us.max(seen.to_us));
                self.feeds = feeds(&read.footage, &self.stations);
                self.session.take_pieces(pieces(&read.footage, &self.stations), whole);
            }
        }
        if let Some(told) = self.keeper.told(text) {
            self.session.told = Some(told);
        }
        let scene = self.session.scene(self.clock.mono());
        let asks = ui::replay::show(ui, &scene, &mut self.session.desk, text);
        for ask in &asks {
            self.session.carry_out(ask);
            match ask {
                Ask::Snapshot(tile) => {
                    let picture = self.session.picture(&scene, *tile);
                    if let Some(said) =
                        self.keeper.snapshot(picture, (*tile, self.feed(*tile)), &scene, text)
                    {
                        self.session.told = Some(said);
                    }
                }
                Ask::Note { tile, text: note } => self.keeper.note(note, *tile, &scene),
                _ => {}
            }
        }
        if !asks.is_empty() {
            ui.ctx().request_repaint();
        }
        asks
    }
}

/// Paints off screen for a while and saves the last picture.
fn picture(
    replay: &mut Replay,
    shot: &Screenshot,
    size: Option<(u32, u32)>,
    waker: &ScreenWaker,
    text: &Text,
) -> anyhow::Result<()> {
    const EVERY: Duration = Duration::from_millis(100);
    let (width, height) = size.unwrap_or(screenshot::USUAL_SIZE);
    let screen = Offscreen::new([width, height]);
    let mut screen = screen.map_err(|e| anyhow::anyhow!(screenshot::no_adapter(&e, text)))?;
    screen.set_ground(ui::theme::BACKGROUND);
    let scale = ui::scale_for(egui::vec2(width as f32, height as f32));
    let ctx = egui::Context::default();
    ui::theme::install(&ctx);
    let began = SystemClock.mono();
    loop {
        waker.painting();
        let elapsed = SystemClock.mono().since(began);
        let input = screen.input(elapsed.as_secs_f64(), scale);
        screen.paint(&ctx, input, |ui| {
            // Nobody is there to ask for anything.
            let _ = replay.ui(ui, text);
        });
        if elapsed >= shot.after || waker.is_ending() {
            break;
        }
        waker.wait(EVERY);
    }
    let rgba = screen.read_rgba()?;
    screenshot::save(&shot.file, width, height, &rgba)
}
