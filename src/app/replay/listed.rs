//! `pollwall replay --list`: says what there is to be seen in a folder, ours or others'.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::bounded;
use jiff::tz::TimeZone;

use crate::app::args::{ReplayArgs, Since};
use crate::app::wall::waker::ScreenWaker;
use crate::app::{Context, Exit, Explain, Failure, table};
use crate::clock::WallTime;
use crate::config::data::DataDir;
use crate::config::day;
use crate::config::io_reason;
use crate::config::list::ListStore;
use crate::model::day::ElectionDay;
use crate::model::{Chosen, StationId, StationList};
use crate::record::index::{IndexError, Reader};
use crate::record::ledger::Span;
use crate::replay::footage::{Footage, Form};
use crate::replay::layout::{Plan, Start, Survey};
use crate::replay::opening::{Ended, Opening};
use crate::text::Text;
use crate::tr;

/// So many rows of a list that is only to give an idea.
const SOME: usize = 10;

/// What is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The catalogue of a data folder, and that folder where it is known.
    Catalogue(PathBuf),
    /// A folder of files.
    Folder(PathBuf),
}

impl Source {
    /// What was named: a catalogue, a data folder with one in it, a folder; without a name the data
    /// folder of this user.
    pub(super) fn of(context: &Context, what: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = what else {
            let data = DataDir::look(context.data.clone()).say(&context.text)?;
            return Ok(Self::Catalogue(data.footage_file()));
        };
        let failed = |e: std::io::Error| {
            let (text, path) = (&context.text, path.display().to_string());
            let reason = io_reason(text, &e);
            let said = tr!(text, "opening-nothing-there", path = path, reason = reason);
            Failure::new(said.into_owned())
        };
        if !std::fs::metadata(path).map_err(failed)?.is_dir() {
            return Ok(Self::Catalogue(path.to_owned()));
        }
        let data = DataDir::look(Some(path.to_owned())).say(&context.text)?;
        let catalogue = data.footage_file();
        Ok(if catalogue.is_file() {
            Self::Catalogue(catalogue)
        } else {
            Self::Folder(path.to_owned())
        })
    }
}

/// How a folder is to be understood, by what was typed.
pub(super) fn plan(args: &ReplayArgs, day: &ElectionDay, list: Option<StationList>) -> Plan {
    let starts = args.starts.iter().filter_map(|(begins, at)| {
        let at = match at {
            Since::At(at) => *at,
            Since::Civil(civil) => civil.to_zoned(day.zone.clone()).ok()?.timestamp(),
            // Refused when it was typed.
            Since::Time(_) | Since::Ago(_) => return None,
        };
        Some((begins.clone(), WallTime::from(at)))
    });
    let first = match &args.stations {
        Some(Chosen::These(stations)) => stations.clone(),
        Some(Chosen::All) | None => BTreeSet::new(),
    };
    Plan {
        layout: args.layout,
        template: args.template.clone(),
        is_utc: args.is_utc,
        starts: starts.collect(),
        map: args.map.clone(),
        list,
        first,
        ..Plan::new(day.zone.clone())
    }
}

pub(super) fn run(
    context: &Context,
    args: &ReplayArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let source = Source::of(context, args.what.as_deref())?;
    let data = DataDir::look(context.data.clone()).say(text)?;
    let day = day::load(&data.day_file(), &context.clock).say(text)?;
    let list = ListStore::new(&data).current().say(text)?.map(|version| version.list);
    let has = |station| args.stations.as_ref().is_none_or(|chosen| chosen.has(station));
    match source {
        Source::Catalogue(file) => {
            let reader = match Reader::open(&file) {
                Err(IndexError::None { .. }) if args.what.is_none() => {
                    writeln!(out, "{}", tr!(text, "opening-nothing")).say(text)?;
                    return Ok(Exit::Done);
                }
                opened => opened.say(text)?,
            };
            let all = Span::new(i64::MIN, i64::MAX);
            let mut footage =
                Footage::of_catalogue(&reader, all, |feed| has(feed.station)).say(text)?;
            let feeds: Vec<_> = footage.feeds.keys().copied().collect();
            for feed in feeds {
                if let Err(e) = footage.follow(feed) {
                    let file = footage.pieces(feed).last().map(|piece| piece.file.clone());
                    footage.unreadable.push((file.unwrap_or_default(), e.to_string()));
                }
            }
            tell(&footage, None, &day.zone, &has, text, out).say(text)?;
            Ok(if footage.unreadable.is_empty() { Exit::Done } else { Exit::Trouble })
        }
        Source::Folder(folder) => {
            let (footage, survey) = opened(&folder, plan(args, &day, list), text)?;
            tell(&footage, survey.as_deref(), &day.zone, &has, text, out).say(text)?;
            Ok(if footage.unreadable.is_empty() { Exit::Done } else { Exit::Trouble })
        }
    }
}

/// Begins to open a folder, and waits until something of it is known.
pub(super) fn begin(
    folder: &Path,
    plan: Plan,
    screen: &Arc<ScreenWaker>,
    text: &Text,
) -> Result<Arc<Opening>, Failure> {
    let failed = |reason: String| {
        let path = folder.display().to_string();
        let said = tr!(text, "opening-nothing-there", path = path, reason = reason);
        Failure::new(said.into_owned())
    };
    let (woken, wake) = bounded(1);
    let wakes = Arc::clone(screen);
    let wakes = move || {
        wakes.wake();
        // One that waits already is enough.
        let _ = woken.try_send(());
    };
    let opening = Opening::begin(folder.to_owned(), plan, Box::new(wakes));
    let opening = opening.map_err(|e| failed(io_reason(text, &e)))?;
    loop {
        // First the end: what is known then is all.
        let ended = opening.progress().ended;
        let is_known = !opening.footage().feeds.is_empty();
        match ended {
            Some(Ended::Failed(why)) => return Err(failed(why)),
            Some(_) if !is_known => {
                let place = folder.display().to_string();
                let said = tr!(text, "replay-nothing", place = place);
                return Err(Failure::new(said.into_owned()));
            }
            None if !is_known => {
                if wake.recv().is_err() {
                    return Err(failed(String::new()));
                }
            }
            _ => return Ok(Arc::new(opening)),
        }
    }
}

/// Waits until a folder is opened whole.
fn opened(
    folder: &Path,
    plan: Plan,
    text: &Text,
) -> Result<(Arc<Footage>, Option<Arc<Survey>>), Failure> {
    let failed = |reason: String| {
        let path = folder.display().to_string();
        let said = tr!(text, "opening-nothing-there", path = path, reason = reason);
        Failure::new(said.into_owned())
    };
    crate::media::init().map_err(|e| failed(e.to_string()))?;
    let (woken, wake) = bounded(1);
    let wakes = move || {
        // One that waits already is enough.
        let _ = woken.try_send(());
    };
    let opening = Opening::begin(folder.to_owned(), plan, Box::new(wakes));
    let opening = opening.map_err(|e| failed(io_reason(text, &e)))?;
    loop {
        match opening.progress().ended {
            // The thread is gone without a word.
            None if wake.recv().is_err() => return Err(failed(String::new())),
            None => {}
            Some(Ended::Failed(why)) => return Err(failed(why)),
            Some(Ended::Whole | Ended::Cancelled) => {
                return Ok((opening.footage(), opening.survey()));
            }
        }
    }
}

fn tell(
    footage: &Footage,
    survey: Option<&Survey>,
    zone: &TimeZone,
    has: &dyn Fn(StationId) -> bool,
    text: &Text,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let moment = |us: i64| {
        let zoned = WallTime::from_micros(us).timestamp().to_zoned(zone.clone());
        zoned.strftime("%d.%m.%Y %H:%M:%S").to_string()
    };
    // A name may hold anything, also what moves the terminal's cursor.
    let camera = |station: StationId| {
        footage.names.get(&station).map(|name| name.escape_debug().to_string()).unwrap_or_default()
    };
    let mut rows = Vec::new();
    for (feed, pieces) in footage.feeds.iter().filter(|(feed, _)| has(feed.station)) {
        let (Some(first), Some(to_us)) = (pieces.first(), pieces.iter().map(|p| p.to_us).max())
        else {
            continue;
        };
        let form = match first.form {
            Form::Own => tr!(text, "opening-ours"),
            Form::Foreign => tr!(text, "opening-foreign"),
        };
        rows.push(vec![
            feed.station.to_string(),
            camera(feed.station),
            format!("{} ({form})", feed.kind.as_str()),
            pieces.len().to_string(),
            moment(first.from_us),
            moment(to_us),
        ]);
    }
    if rows.is_empty() {
        writeln!(out, "{}", tr!(text, "opening-nothing"))?;
    } else {
        let titles = [
            tr!(text, "opening-station"),
            tr!(text, "opening-camera"),
            tr!(text, "opening-feed"),
            tr!(text, "opening-files"),
            tr!(text, "opening-from"),
            tr!(text, "opening-to"),
        ];
        table::write(out, &titles.each_ref().map(AsRef::as_ref), &rows)?;
    }
    let made_up = footage.made_up.iter().filter(|station| has(**station)).count();
    if made_up > 0 {
        writeln!(out, "\n{}", tr!(text, "opening-made-up", count = made_up))?;
    }
    if let Some(survey) = survey {
        preview(survey, &moment, text, out)?;
    }
    let unreadable = footage.unreadable.iter();
    let unreadable = unreadable.map(|(file, why)| format!("{}: {why}", file.display()));
    if !footage.unreadable.is_empty() {
        let count = footage.unreadable.len();
        writeln!(out, "\n{}", tr!(text, "opening-unreadable", count = count))?;
        some(unreadable, count, text, out)?;
    }
    out.flush()
}

/// What the names say, by some of them, and of which nobody knows anything.
fn preview(
    survey: &Survey,
    moment: &dyn Fn(i64) -> String,
    text: &Text,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if !survey.named.is_empty() {
        let count = survey.named.len();
        writeln!(out, "\n{}", tr!(text, "opening-matched", count = count))?;
        let rows = survey.named.iter().take(SOME).map(|named| {
            let begins = match named.start {
                Start::Own => String::new(),
                Start::At(us) => moment(us),
                Start::Behind(us) => format!("≥ {}", moment(us)),
            };
            vec![named.path.escape_debug().to_string(), named.feed.to_string(), begins]
        });
        let titles =
            [tr!(text, "opening-file"), tr!(text, "opening-station"), tr!(text, "opening-from")];
        let rows: Vec<_> = rows.collect();
        table::write(out, &titles.each_ref().map(AsRef::as_ref), &rows)?;
    }
    let unnamed = survey.unnamed.len();
    if unnamed > 0 {
        writeln!(out, "\n{}", tr!(text, "opening-unmatched", count = unnamed))?;
        some(survey.unnamed.iter().cloned(), unnamed, text, out)?;
    }
    Ok(())
}

fn some(
    lines: impl Iterator<Item = String>,
    count: usize,
    text: &Text,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    for line in lines.take(SOME) {
        writeln!(out, "  {}", line.escape_debug())?;
    }
    if count > SOME {
        writeln!(out, "  {}", tr!(text, "opening-more", count = count - SOME))?;
    }
    Ok(())
}
