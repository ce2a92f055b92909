//! `pollwall replay` as typed.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;
use lexopt::Parser;

use super::journal::{Since, since};
use super::ledger::day;
use super::values::value;
use super::{Screenshot, UsageError, read, size};
use crate::model::{Chosen, FeedId, FeedKind};
use crate::replay::layout::{Begins, Layout};
use crate::replay::template::Template;
use crate::text::Lang;

/// A picture is taken when the pictures have had so long to come.
const PICTURE_AFTER: Duration = Duration::from_secs(3);

/// `pollwall replay`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplayArgs {
    /// A folder of recordings, a data folder or its catalogue; the data folder without it.
    pub what: Option<PathBuf>,
    /// The moment to begin at.
    pub at: Option<Since>,
    /// The stations to begin with.
    pub stations: Option<Chosen>,
    /// How the recordings lie.
    pub layout: Option<Layout>,
    /// What their names look like.
    pub template: Option<Template>,
    /// The times in these names are UTC.
    pub is_utc: bool,
    /// When recordings begin that do not say it: a time of day alone is none.
    pub starts: Vec<(Begins, Since)>,
    /// Whose cameras are, by their names.
    pub map: BTreeMap<String, FeedId>,
    /// Only say what there is.
    pub list: bool,
    /// Width and height in pixels, 320×200 to 16384×16384.
    pub size: Option<(u32, u32)>,
    /// Which day; the election day, or the newest of which there is anything, without it.
    pub day: Option<Date>,
    /// Take a picture instead of opening a window.
    pub screenshot: Option<Screenshot>,
    /// `--lang`.
    pub lang: Option<Lang>,
}

/// As typed.
#[derive(Default)]
pub(super) struct Raw {
    args: ReplayArgs,
}

impl Raw {
    /// Takes the folder; `false` when there is one already.
    pub(super) fn word(&mut self, word: &std::ffi::OsStr) -> bool {
        let is_first = self.args.what.is_none();
        if is_first {
            self.args.what = Some(word.into());
        }
        is_first
    }

    /// Takes an option of this command; `false` when it has none of that name.
    pub(super) fn option(&mut self, name: &str, parser: &mut Parser) -> Result<bool, UsageError> {
        let args = &mut self.args;
        match name {
            "at" => args.at = Some(read(parser, "--at", since)?),
            "stations" => args.stations = Some(read(parser, "--stations", |s| s.parse().ok())?),
            "layout" => args.layout = Some(read(parser, "--layout", Layout::of)?),
            "template" => {
                args.template = Some(read(parser, "--template", |s| Template::parse(s).ok())?);
            }
            "utc" => args.is_utc = true,
            "start" => args.starts.push(read(parser, "--start", start)?),
            "map" => {
                let (camera, feed) = read(parser, "--map", map)?;
                args.map.insert(camera, feed);
            }
            "list" => args.list = true,
            "day" => args.day = Some(read(parser, "--day", day)?),
            "screenshot" => {
                let (file, after) = (value(parser, "--screenshot")?.into(), PICTURE_AFTER);
                args.screenshot = Some(Screenshot { file, after });
            }
            "size" => args.size = Some(read(parser, "--size", size)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn checked(self, lang: Option<Lang>) -> Result<ReplayArgs, UsageError> {
        if self.args.is_utc && self.args.template.is_none() {
            return Err(UsageError::Needs("--utc", "--template"));
        }
        let foreign = [
            (self.args.layout.is_some(), "--layout"),
            (self.args.template.is_some(), "--template"),
            (!self.args.starts.is_empty(), "--start"),
            (!self.args.map.is_empty(), "--map"),
        ];
        let foreign = foreign.into_iter().find(|(is_given, _)| *is_given);
        if let (None, Some((_, option))) = (&self.args.what, foreign) {
            return Err(UsageError::Lacks(option, "FOLDER"));
        }
        Ok(ReplayArgs { lang, ..self.args })
    }
}

/// `23/4=2024-02-07T08:00:00+04:00`, or a file's name before the sign.
fn start(s: &str) -> Option<(Begins, Since)> {
    let (of, at) = s.rsplit_once('=')?;
    let at = since(at).filter(|at| matches!(at, Since::At(_) | Since::Civil(_)))?;
    let begins = match of.trim().parse() {
        Ok(station) => Begins::Station(station),
        Err(_) if of.trim().is_empty() => return None,
        Err(_) => Begins::File(of.trim().to_owned()),
    };
    Some((begins, at))
}

/// `cam-name=23/4`, with `:sub` behind it for the small stream.
fn map(s: &str) -> Option<(String, FeedId)> {
    let (camera, feed) = s.rsplit_once('=')?;
    let (station, kind) = match feed.split_once(':') {
        None => (feed, FeedKind::Main),
        Some((station, "main")) => (station, FeedKind::Main),
        Some((station, "sub")) => (station, FeedKind::Sub),
        Some(_) => return None,
    };
    let station = station.parse().ok()?;
    let camera = camera.trim();
    (!camera.is_empty()).then(|| (camera.to_owned(), FeedId { station, kind }))
}

#[cfg(test)]
mod tests {
    use super::super::{Command, parse};
    use super::*;
    use crate::model::StationId;

    fn command(line: &[&str]) -> Result<ReplayArgs, UsageError> {
        let words = ["replay"].iter().chain(line).map(Into::into).collect();
        match parse(words)?.command {
            Command::Replay(args) => Ok(args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_folder_is_opened_as_it_is_described() {
        assert_eq!(command(&[]), Ok(ReplayArgs::default()));
        let args = command(&[
            "/mnt/a",
            "--at",
            "2024-02-07 11:30",
            "--stations",
            "23/4,57/12",
            "--template",
            "{camera}/{unix}.ts",
            "--utc",
            "--start",
            "23/4=2024-02-07T08:00:00+04:00",
            "--start",
            "a=b.mp4=2024-02-07 08:00",
            "--map",
            "front door=23/4",
            "--map",
            "back=23/4:sub",
            "--list",
            "--lang",
            "en",
        ]);
        let args = args.unwrap();
        let station = StationId::new(23, 4);
        assert_eq!(args.what, Some("/mnt/a".into()));
        let at: jiff::civil::DateTime = "2024-02-07T11:30".parse().unwrap();
        assert_eq!(args.at, Some(Since::Civil(at)));
        let moment: jiff::Timestamp = "2024-02-07T04:00:00Z".parse().unwrap();
        assert_eq!(args.starts[0], (Begins::Station(station), Since::At(moment)));
        assert_eq!(args.starts[1].0, Begins::File("a=b.mp4".into()));
        assert_eq!(args.map["front door"], FeedId { station, kind: FeedKind::Main });
        assert_eq!(args.map["back"], FeedId { station, kind: FeedKind::Sub });
        assert!(args.list && args.is_utc && args.template.is_some());
        assert_eq!(args.lang, Some(Lang::En));
        assert_eq!(command(&["x", "--layout", "frigate"]).unwrap().layout, Some(Layout::Frigate));
    }

    #[test]
    fn what_it_cannot_be_is_said() {
        assert_eq!(command(&["x", "--utc"]), Err(UsageError::Needs("--utc", "--template")));
        let lacks = Err(UsageError::Lacks("--layout", "FOLDER"));
        assert_eq!(command(&["--layout", "frigate"]), lacks);
        assert_eq!(command(&["x", "y"]), Err(UsageError::TooMany("y".into())));
        for (option, bad) in [
            ("--layout", "zoneminder"),
            ("--template", "{camera}"),
            ("--start", "23/4"),
            ("--start", "23/4=08:00"),
            ("--start", "=2024-02-07 08:00"),
            ("--map", "a=b"),
            ("--map", "=23/4"),
            ("--map", "a=23/4:third"),
            ("--at", "noon"),
        ] {
            let wrong = command(&["x", option, bad]);
            let expected = UsageError::BadValue { option, found: bad.to_owned() };
            assert_eq!(wrong, Err(expected), "{option} {bad}");
        }
    }

    #[test]
    fn a_wrong_template_is_explained() {
        let said = command(&["x", "--template", "{camera}/{hour}"]).unwrap_err();
        let said = said.explain(&crate::text::Text::of(Lang::En));
        assert!(said.contains("{hour}") && said.contains("{YYYY}"), "{said}");
    }
}
