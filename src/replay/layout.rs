//! Recordings as they lie: which files of a folder hold pictures, whose they are and when they began.
//!
//! Our own without a catalogue, those of MediaMTX and Frigate, those that a template describes, and
//! loose ones with a time given by hand. Only names are looked at here, and no link is followed; what
//! is in the files [`Opening`](super::opening::Opening) finds out.

mod whose;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::tz::TimeZone;

use self::whose::Namer;
use super::template::{Said, Template, Whose, split_ending};
use crate::clock::WallTime;
use crate::model::{FeedId, FeedKind, StationId, StationList};
use crate::record::SegmentPath;

/// Folders within folders are looked into so deep.
const DEEPEST: usize = 16;

/// A folder with more files is no recording: ten times the country's day by the minute.
const MOST_FILES: usize = 8_000_000;

/// The opened folder may itself be one of those that a layout speaks of: so many names above count.
const ABOVE: usize = 3;

/// How recordings lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Ours.
    Own,
    /// MediaMTX's usual `recordPath`.
    MediaMtx,
    /// Frigate's.
    Frigate,
}

impl Layout {
    /// All that are known.
    pub const ALL: [Self; 3] = [Self::Own, Self::Frigate, Self::MediaMtx];

    /// Its name on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "pollwall",
            Self::MediaMtx => "mediamtx",
            Self::Frigate => "frigate",
        }
    }

    /// The layout of this name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.code() == code)
    }

    /// Its names, the likeliest first.
    const fn templates(self) -> &'static [&'static str] {
        match self {
            Self::Own => &[],
            Self::MediaMtx => &[
                "{path}/{YYYY}-{MM}-{DD}_{hh}-{mm}-{ss}-{us}",
                "{path}/{YYYY}-{MM}-{DD}_{hh}-{mm}-{ss}",
            ],
            Self::Frigate => &["{YYYY}-{MM}-{DD}/{hh}/{camera}/{mm}.{ss}.mp4"],
        }
    }
}

/// What a time given by hand is the beginning of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begins {
    /// A file, by its path in the folder or its name.
    File(String),
    /// A station's files, one behind the other by name.
    Station(StationId),
}

/// How a folder is to be understood.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Only this layout; without it, whichever fits.
    pub layout: Option<Layout>,
    /// What names look like, where somebody has said it: it goes before the layouts.
    pub template: Option<Template>,
    /// The times in names by the template are UTC.
    pub is_utc: bool,
    /// Else they are those of this zone.
    pub zone: TimeZone,
    /// Times given by hand: they go before all others.
    pub starts: Vec<(Begins, WallTime)>,
    /// Whose cameras are, by their names.
    pub map: BTreeMap<String, FeedId>,
    /// The stations, where there is a list: cameras are looked for in their addresses and names.
    pub list: Option<StationList>,
    /// These stations are opened first.
    pub first: BTreeSet<StationId>,
}

impl Plan {
    /// Whatever is known, times of this zone.
    pub fn new(zone: TimeZone) -> Self {
        Self {
            layout: None,
            template: None,
            is_utc: false,
            zone,
            starts: Vec::new(),
            map: BTreeMap::new(),
            list: None,
            first: BTreeSet::new(),
        }
    }

    fn templates(&self) -> Vec<(Template, TimeZone)> {
        let typed = self.template.iter().map(|template| {
            let zone = if self.is_utc { TimeZone::UTC } else { self.zone.clone() };
            (template.clone(), zone)
        });
        let wanted = Layout::ALL.into_iter().filter(|layout| match (self.layout, &self.template) {
            (Some(only), _) => only == *layout,
            (None, typed) => typed.is_none(),
        });
        let known = wanted.flat_map(|layout| {
            let zone = if layout == Layout::Frigate { TimeZone::UTC } else { self.zone.clone() };
            let parsed = layout.templates().iter().filter_map(|typed| Template::parse(typed).ok());
            parsed.map(move |template| (template, zone.clone()))
        });
        typed.chain(known).collect()
    }

    fn takes_own(&self) -> bool {
        self.layout.is_none_or(|layout| layout == Layout::Own)
    }
}

/// When a file begins, before anybody has looked into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    /// It is ours: it says so itself.
    Own,
    /// At this moment, in microseconds of UTC.
    At(i64),
    /// Behind the files of the same feed before it, of which the first begins at this moment.
    Behind(i64),
}

/// A file with pictures, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its path in the folder, with `/`.
    pub path: String,
    /// Whose it is.
    pub feed: FeedId,
    /// When it begins.
    pub start: Start,
}

/// A folder by the names in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// What can be shown, by feed and time.
    pub named: Vec<Named>,
    /// Files with endings of pictures of which nobody knows whose or when, by path.
    pub unnamed: Vec<String>,
    /// Other files.
    pub others: u64,
    /// What cameras are called whose stations have other numbers.
    pub names: BTreeMap<StationId, String>,
    /// The stations among them whose numbers are made up.
    pub made_up: BTreeSet<StationId>,
    /// Folders that cannot be read, names that no text has.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Reads the names in a folder. `seen` is told how many files there are so far.
///
/// # Errors
/// The folder itself cannot be read, or `cancel` was set ([`io::ErrorKind::Interrupted`]).
pub fn survey(
    folder: &Path,
    plan: &Plan,
    cancel: &AtomicBool,
    seen: &dyn Fn(u64),
) -> io::Result<Survey> {
    let mut survey = Survey::default();
    let mut files = Vec::new();
    walk(folder, cancel, &mut survey, &mut files, seen)?;
    files.sort_unstable();
    let templates = plan.templates();
    let above = above(folder);
    // Whose and when as the name says it; those without a time wait for one given by hand.
    let mut read = Vec::new();
    for path in files {
        if cancel.load(Ordering::Acquire) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if plan.takes_own()
            && let Some(own) = own_path(&path)
        {
            survey.named.push(Named { feed: own.feed(), start: Start::Own, path });
            continue;
        }
        let said = templates.iter().find_map(|(template, zone)| {
            above.iter().find_map(|above| template.read(&format!("{above}{path}"), zone))
        });
        let by_hand = plan.starts.iter().find_map(|(begins, at)| match begins {
            Begins::File(file) => is_file(&path, file).then_some(*at),
            Begins::Station(_) => None,
        });
        let (whose, kind, at) = match said {
            Some(Said { whose, kind, at }) => (whose, kind, Some(at)),
            None => (None, None, None),
        };
        let whose = whose.unwrap_or_else(|| Whose::Camera(camera_of(&path, folder)));
        read.push((path, whose, kind, by_hand.or(at)));
    }
    let mut namer = Namer::new(plan, survey.named.iter().map(|named| named.feed.station));
    namer.prepare(read.iter().map(|(path, whose, _, at)| (path.as_str(), whose, at.is_some())));
    for (path, whose, kind, at) in read {
        let hand = namer.by_hand(&path, &whose);
        let start = match (hand, at) {
            (Some((_, at)), None) => Start::Behind(at.as_micros()),
            (_, Some(at)) => Start::At(at.as_micros()),
            (None, None) => {
                survey.unnamed.push(path);
                continue;
            }
        };
        let feed = hand.map_or_else(|| namer.feed(&path, &whose), |(feed, _)| feed);
        let feed = FeedId { kind: kind.unwrap_or(feed.kind), ..feed };
        survey.named.push(Named { path, feed, start });
    }
    (survey.names, survey.made_up) = namer.told();
    survey.named.sort_by(|one, other| {
        let key =
            |named: &Named| (!plan.first.contains(&named.feed.station), named.feed, named.start);
        key(one).cmp(&key(other)).then_with(|| one.path.cmp(&other.path))
    });
    Ok(survey)
}

/// The names above a folder, so that a part of a layout is understood, too.
fn above(folder: &Path) -> Vec<String> {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let names: Vec<String> = whole
        .iter()
        .filter_map(|name| name.to_str())
        .filter(|name| *name != "/")
        .map(str::to_owned)
        .collect();
    let least = names.len().saturating_sub(ABOVE);
    let from = (least..=names.len()).rev();
    from.map(|from| names[from..].iter().map(|name| format!("{name}/")).collect()).collect()
}

/// The path of one of our segments at the end of this one.
fn own_path(path: &str) -> Option<SegmentPath> {
    let mut slashes = path.rmatch_indices('/').map(|(at, _)| at + 1);
    let from = slashes.nth(3).unwrap_or(0);
    path.get(from..)?.parse().ok()
}

fn is_file(path: &str, file: &str) -> bool {
    let file = file.trim_start_matches("./");
    path == file || path.strip_suffix(file).is_some_and(|before| before.ends_with('/'))
}

/// What a camera is called of which no template speaks: as the folder of its files, or as a file
/// that lies in the opened folder itself.
fn camera_of(path: &str, folder: &Path) -> String {
    let stem = || split_ending(path).map(|(stem, _)| stem.to_owned());
    let own = || folder.file_name().map(|name| name.to_string_lossy().into_owned());
    match path.rsplit_once('/') {
        Some((camera, _)) => camera.to_owned(),
        None => stem().or_else(own).unwrap_or_default(),
    }
}

fn walk(
    folder: &Path,
    cancel: &AtomicBool,
    survey: &mut Survey,
    files: &mut Vec<String>,
    seen: &dyn Fn(u64),
) -> io::Result<()> {
    let mut waiting = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((at, above, depth)) = waiting.pop() {
        if cancel.load(Ordering::Acquire) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let entries = match fs::read_dir(&at) {
            Ok(entries) => entries,
            Err(e) if depth == 0 => return Err(e),
            Err(e) => {
                survey.unreadable.push((at, e.to_string()));
                continue;
            }
        };
        for entry in entries {
            let (entry, kind) = match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
                Ok((kind, entry)) => (entry, kind),
                Err(e) => {
                    survey.unreadable.push((at.clone(), e.to_string()));
                    continue;
                }
            };
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                survey.unreadable.push((entry.path(), "its name is not UTF-8".to_owned()));
                continue;
            };
            let path = format!("{above}{name}");
            if kind.is_dir() {
                if depth < DEEPEST {
                    waiting.push((entry.path(), format!("{path}/"), depth + 1));
                } else {
                    survey.unreadable.push((entry.path(), "too deep".to_owned()));
                }
            } else if kind.is_file() && split_ending(name).is_some() {
                if files.len() >= MOST_FILES {
                    return Err(io::Error::other("too many files"));
                }
                files.push(path);
            } else {
                survey.others += 1;
            }
        }
        seen(files.len() as u64);
    }
    Ok(())
}

/// Main, where nothing else is said.
const fn main(station: StationId) -> FeedId {
    FeedId { station, kind: FeedKind::Main }
}

#[cfg(test)]
mod tests;
