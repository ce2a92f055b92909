//! The command line: what was typed, checked and typed, before anything happens.
//!
//! Secrets never belong on a command line; what was typed wrongly is still masked before it is
//! shown, for people paste URLs everywhere.

mod coverage;
mod demo;
mod expected;
mod footage;
mod journal;
mod ledger;
mod probe;
mod replay;
mod simulate;
mod values;
mod verify_footage;
mod watch;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use lexopt::{Arg, Parser};

use crate::config::list::{Expected, Found};
use crate::config::secrets::masked;
use crate::model::{Chosen, DistrictNo};
use crate::text::{Lang, Text};
use crate::tr;
use values::{duration, lexopt_error, read, shown, size, value, version};

pub use coverage::ReportArgs;
pub use demo::DemoArgs;
pub use footage::{FootageArgs, HeadsArgs};
pub use journal::{Form, JournalArgs, Look, Since};
pub use ledger::LedgerArgs;
pub use probe::{Addresses, OpenArgs, ProbeArgs};
pub use replay::ReplayArgs;
pub use simulate::{Quality, SimulateArgs};
pub use verify_footage::VerifyFootageArgs;
pub use watch::WatchArgs;

/// What to do, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Cli {
    /// `--data`, if given.
    pub data: Option<PathBuf>,
    /// The command.
    pub command: Command,
}

/// A command with its options.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Print how it is used.
    Help,
    /// Print the version.
    Version,
    /// Check and take a station list.
    Import(ImportArgs),
    /// Show or publish the station list.
    List(ListArgs),
    /// Show or check the journal.
    Journal(JournalArgs),
    /// Check the recordings, or make their catalogue again.
    Footage(FootageArgs),
    /// Show the signed heads.
    Heads(HeadsArgs),
    /// Hold recordings against the heads of a second holder.
    VerifyFootage(VerifyFootageArgs),
    /// Account for a day.
    Ledger(LedgerArgs),
    /// See recordings again.
    Replay(ReplayArgs),
    /// Write the report of a day.
    Report(ReportArgs),
    /// Show the wall.
    Wall(WallArgs),
    /// Receive without a window.
    Watch(WatchArgs),
    /// Show some streams without a list.
    Open(OpenArgs),
    /// Say what a camera delivers.
    Probe(ProbeArgs),
    /// Simulate cameras.
    Simulate(SimulateArgs),
    /// Show the wall on simulated cameras.
    Demo(DemoArgs),
}

/// `pollwall import`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportArgs {
    /// The CSV file.
    pub file: PathBuf,
    /// What to do with a list that has no problem.
    pub mode: ImportMode,
    /// Print the problems as JSON.
    pub json: bool,
}

/// What to do with a list that has no problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// Show what it changes and ask.
    Ask,
    /// Nothing: it was only to be checked.
    Check,
    /// Take it.
    Accept,
}

/// `pollwall list`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListArgs {
    /// Print the current list.
    Show,
    /// Print the kept versions.
    History,
    /// Take a version back.
    Restore(u32),
    /// Write the publishable list into a folder.
    Export(PathBuf),
}

/// `pollwall wall`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WallArgs {
    /// Take a picture of the wall instead of opening a window.
    pub screenshot: Option<Screenshot>,
    /// Width and height in pixels, 320×200 to 16384×16384.
    pub size: Option<(u32, u32)>,
    /// The district to begin with.
    pub district: Option<DistrictNo>,
    /// Print what the wall shows.
    pub print_states: Option<Print>,
    /// Where the figures for Prometheus are, if anywhere.
    pub metrics: Option<SocketAddr>,
    /// Whose feeds are recorded from the start; `None`: as they were when the wall was closed.
    pub records: Option<Chosen>,
    /// `--lang`, which wins over a language that was chosen on the first screen.
    pub lang: Option<Lang>,
    /// The data folder is thrown away in the end: no list is taken into it. Not typed.
    pub is_throwaway: bool,
}

/// `--print-states text|json`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    /// For people, in their language.
    Text,
    /// For programs: a JSON object on each line, in words that stay the same.
    Json,
}

impl Print {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// `--screenshot OUT.png --after 10s`
#[derive(Clone, Debug, PartialEq)]
pub struct Screenshot {
    /// The PNG file to write.
    pub file: PathBuf,
    /// How long the wall runs before.
    pub after: Duration,
}

const DEFAULT_AFTER: Duration = Duration::from_secs(10);

/// What is wrong with a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UsageError {
    /// An unknown command.
    UnknownCommand(String),
    /// An option that this command does not have.
    UnknownOption(String),
    /// One argument too many.
    TooMany(String),
    /// An option without its value.
    NoValue(String),
    /// An option with a value that takes none.
    NeedlessValue(String),
    /// A value that the option cannot have.
    BadValue {
        /// The option.
        option: &'static str,
        /// What was given.
        found: String,
    },
    /// `import` without a file.
    NoFile,
    /// Two options that exclude each other.
    Both(&'static str, &'static str),
    /// An option that needs another one.
    Needs(&'static str, &'static str),
    /// A command without an option that it cannot do without.
    Lacks(&'static str, &'static str),
    /// Figures at an address that other machines reach, without the option that says so.
    MetricsForAnyone(SocketAddr),
    /// `probe` without an address.
    NoAddress,
    /// An address with a login or another secret, by its number on the line.
    SecretTyped(usize),
    /// An address that cannot be opened.
    BadAddress {
        /// Which one, from 1.
        number: usize,
        /// What was given, without secrets.
        found: Found,
        /// What was expected.
        expected: Expected,
    },
}

impl UsageError {
    /// Told to a person.
    pub fn explain(&self, text: &Text) -> String {
        let said = match self {
            Self::UnknownCommand(found) => {
                tr!(text, "usage-unknown-command", found = found.clone())
            }
            Self::UnknownOption(found) => tr!(text, "usage-unknown-option", found = found.clone()),
            Self::TooMany(found) => tr!(text, "usage-too-many", found = found.clone()),
            Self::NoValue(option) => tr!(text, "usage-no-value", option = option.clone()),
            Self::NeedlessValue(option) => {
                tr!(text, "usage-needless-value", option = option.clone())
            }
            Self::BadValue { option, found } => return expected::bad_value(text, option, found),
            Self::NoFile => tr!(text, "usage-no-file"),
            Self::Both(a, b) => tr!(text, "usage-both", first = *a, second = *b),
            Self::Needs(a, b) => tr!(text, "usage-needs", option = *a, needed = *b),
            Self::Lacks(command, option) => {
                tr!(text, "usage-lacks", command = *command, option = *option)
            }
            Self::MetricsForAnyone(address) => {
                tr!(text, "usage-metrics-anyone", address = address.to_string())
            }
            Self::NoAddress => tr!(text, "usage-no-address"),
            Self::SecretTyped(number) => {
                tr!(text, "usage-secret-typed", number = number.to_string())
            }
            Self::BadAddress { number, found, expected } => tr!(
                text,
                "usage-bad-address",
                number = number.to_string(),
                found = found.to_string(),
                expected = expected.explain(text)
            ),
        };
        said.into_owned()
    }
}

/// The language of everything that is said: `--lang`, else the environment's, else Azerbaijani.
/// Looks ahead, so that even a wrong command line is answered in it.
pub fn language(args: &[OsString], env: impl Fn(&str) -> Option<String>) -> Lang {
    let mut wanted = None;
    for (at, arg) in args.iter().enumerate() {
        let arg = arg.to_string_lossy();
        let value = match arg.strip_prefix("--lang") {
            Some("") => args.get(at + 1).map(|v| v.to_string_lossy().into_owned()),
            Some(rest) => rest.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        wanted = wanted.or_else(|| value?.parse().ok());
    }
    let locale = || {
        // POSIX: the first that is set and not empty decides.
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(&env);
        set.into_iter().find(|v| !v.is_empty()).and_then(|v| Lang::from_locale(&v))
    };
    wanted.or_else(locale).unwrap_or(Lang::Az)
}

/// Reads the arguments after the program's name.
pub fn parse(args: Vec<OsString>) -> Result<Cli, UsageError> {
    let mut parser = Parser::from_args(args);
    let mut raw = Raw::default();
    loop {
        match parser.next().map_err(lexopt_error)? {
            None => break,
            Some(Arg::Value(word)) => raw.word(word)?,
            Some(Arg::Short('h')) => raw.help = true,
            Some(Arg::Short('V')) => raw.version = true,
            Some(Arg::Short(c)) => return Err(UsageError::UnknownOption(format!("-{c}"))),
            Some(Arg::Long(name)) => {
                let name = name.to_owned();
                raw.option(&name, &mut parser)?;
            }
        }
    }
    raw.checked()
}

/// As typed: which options there were, not yet whether they go together.
#[derive(Default)]
struct Raw {
    help: bool,
    version: bool,
    data: Option<PathBuf>,
    lang: Option<Lang>,
    command: Option<String>,
    file: Option<PathBuf>,
    check: bool,
    accept: bool,
    json: bool,
    history: bool,
    restore: Option<u32>,
    export: Option<PathBuf>,
    screenshot: Option<PathBuf>,
    after: Option<Duration>,
    size: Option<(u32, u32)>,
    district: Option<DistrictNo>,
    print_states: Option<Print>,
    simulate: SimulateArgs,
    metrics: watch::RawMetrics,
    once: Option<Duration>,
    record: bool,
    stations: Option<Chosen>,
    open: bool,
    addresses: Vec<OsString>,
    seconds: Option<Duration>,
    journal: journal::Raw,
    footage: footage::Raw,
    ledger: ledger::Raw,
    replay: replay::Raw,
    verify_footage: verify_footage::Raw,
    report: ReportArgs,
}

impl Raw {
    fn word(&mut self, word: OsString) -> Result<(), UsageError> {
        match self.command.as_deref() {
            None => self.command = Some(shown(&word)),
            Some("import") if self.file.is_none() => self.file = Some(word.into()),
            Some("footage") if self.footage.what.is_none() => {
                self.footage.what = Some(shown(&word));
            }
            Some("replay") if self.replay.word(&word) => {}
            Some("probe") if self.addresses.is_empty() => self.addresses.push(word),
            Some("wall") if self.open => self.addresses.push(word),
            Some(_) => return Err(UsageError::TooMany(shown(&word))),
        }
        Ok(())
    }

    fn option(&mut self, name: &str, parser: &mut Parser) -> Result<(), UsageError> {
        let own = |command| self.command.as_deref() == Some(command);
        let walls = own("wall") || own("demo");
        let watches = own("watch") || own("record");
        match name {
            "help" => self.help = true,
            "version" => self.version = true,
            "data" => self.data = Some(value(parser, "--data")?.into()),
            "lang" => self.lang = Some(read(parser, "--lang", |s| s.parse().ok())?),
            "check" if own("import") => self.check = true,
            "accept" if own("import") => self.accept = true,
            "json" if own("import") || own("probe") || watches => self.json = true,
            "seconds" if own("probe") => {
                self.seconds = Some(read(parser, "--seconds", probe::seconds)?);
            }
            "open" if own("wall") => {
                self.addresses.push(value(parser, "--open")?);
                self.open = true;
            }
            "history" if own("list") => self.history = true,
            "restore" if own("list") => self.restore = Some(read(parser, "--restore", version)?),
            "export" if own("list") => self.export = Some(value(parser, "--export")?.into()),
            "screenshot" if walls => {
                self.screenshot = Some(value(parser, "--screenshot")?.into());
            }
            "after" if walls => self.after = Some(read(parser, "--after", duration)?),
            "size" if walls => self.size = Some(read(parser, "--size", size)?),
            "district" if walls => {
                self.district =
                    Some(read(parser, "--district", |s| s.parse().ok().filter(|&d| d > 0))?);
            }
            "print-states" if walls || watches => {
                self.print_states = Some(read(parser, "--print-states", Print::parse)?);
            }
            "once" if watches => {
                self.once = Some(read(parser, "--once", duration)?);
            }
            _ if (walls || watches) && self.metrics.option(name, parser)? => {}
            "record" if own("wall") => self.record = true,
            "stations" if own("wall") || own("record") => {
                self.stations = Some(read(parser, "--stations", |s| s.parse().ok())?);
            }
            "stations" if own("demo") => {
                self.simulate.option("stations", parser)?;
            }
            _ if own("footage") && self.footage.footage_option(name, parser)? => {}
            _ if own("heads") && self.footage.heads_option(name, parser)? => {}
            _ if own("verify") && self.verify_footage.option(name, parser)? => {}
            _ if own("report") && self.report.option(name, parser)? => {}
            _ if own("ledger") && self.ledger.option(name, parser)? => {}
            _ if own("replay") && self.replay.option(name, parser)? => {}
            _ if own("journal") && self.journal.option(name, parser)? => {}
            _ if own("simulate") && self.simulate.option(name, parser)? => {}
            _ => return Err(UsageError::UnknownOption(masked(&format!("--{name}")))),
        }
        Ok(())
    }

    fn checked(self) -> Result<Cli, UsageError> {
        let command = if self.help {
            Command::Help
        } else if self.version {
            Command::Version
        } else {
            match self.command.as_deref() {
                // The program as it is opened from a desktop: the wall, or what there is before.
                None => Command::Wall(self.wall()?),
                Some("help") => Command::Help,
                Some("import") => Command::Import(self.import()?),
                Some("list") => Command::List(self.list()?),
                Some("footage") => Command::Footage(self.footage.footage()?),
                Some("heads") => Command::Heads(self.footage.heads(self.data.is_some())?),
                Some("verify") => Command::VerifyFootage(self.verify_footage.checked()?),
                Some("report") => Command::Report(self.report.checked()?),
                Some("ledger") => Command::Ledger(self.ledger.checked()?),
                Some("replay") => Command::Replay(self.replay.checked(self.lang)?),
                Some("journal") => Command::Journal(self.journal.checked(self.data.is_some())?),
                Some("wall") if self.open => Command::Open(self.open()?),
                Some("wall") => Command::Wall(self.wall()?),
                Some("watch") => Command::Watch(self.watch()?),
                Some("record") => Command::Watch(self.recording()?),
                Some("probe") => Command::Probe(self.probe()?),
                Some("demo") => Command::Demo(self.demo()?),
                Some("simulate") => Command::Simulate(self.simulate),
                Some(other) => return Err(UsageError::UnknownCommand(other.to_owned())),
            }
        };
        Ok(Cli { data: self.data, command })
    }

    fn import(&self) -> Result<ImportArgs, UsageError> {
        let mode = match (self.check, self.accept) {
            (true, true) => return Err(UsageError::Both("--check", "--accept")),
            (true, false) => ImportMode::Check,
            (false, true) => ImportMode::Accept,
            (false, false) if self.json => return Err(UsageError::Needs("--json", "--check")),
            (false, false) => ImportMode::Ask,
        };
        let file = self.file.clone().ok_or(UsageError::NoFile)?;
        Ok(ImportArgs { file, mode, json: self.json })
    }

    fn list(&self) -> Result<ListArgs, UsageError> {
        match (&self.export, self.history, self.restore) {
            (None, false, None) => Ok(ListArgs::Show),
            (None, true, None) => Ok(ListArgs::History),
            (None, false, Some(version)) => Ok(ListArgs::Restore(version)),
            (Some(folder), false, None) => Ok(ListArgs::Export(folder.clone())),
            (Some(_), true, _) => Err(UsageError::Both("--export", "--history")),
            (Some(_), _, Some(_)) => Err(UsageError::Both("--export", "--restore")),
            (None, true, Some(_)) => Err(UsageError::Both("--history", "--restore")),
        }
    }

    fn watch(&self) -> Result<WatchArgs, UsageError> {
        let print = match (self.json, self.print_states) {
            (true, Some(_)) => return Err(UsageError::Both("--json", "--print-states")),
            (true, None) => Some(Print::Json),
            (false, print) => print,
        };
        let metrics = self.metrics.checked(Some(watch::USUAL_METRICS))?;
        Ok(WatchArgs { print, metrics, once: self.once, records: None })
    }

    /// What `watch` does, and records.
    fn recording(&self) -> Result<WatchArgs, UsageError> {
        let records = Some(self.stations.clone().unwrap_or(Chosen::All));
        Ok(WatchArgs { records, ..self.watch()? })
    }

    /// The demo lives in a folder of its own.
    fn demo(&self) -> Result<DemoArgs, UsageError> {
        if self.data.is_some() {
            return Err(UsageError::UnknownOption("--data".to_owned()));
        }
        Ok(DemoArgs { stations: self.simulate.stations, wall: self.wall()? })
    }

    /// What is opened by hand has nothing to do with any data folder.
    fn open(&self) -> Result<OpenArgs, UsageError> {
        if self.data.is_some() {
            return Err(UsageError::Both("--open", "--data"));
        }
        let addresses = Addresses::read(&self.addresses)?;
        Ok(OpenArgs { addresses, wall: self.wall()? })
    }

    fn probe(&self) -> Result<ProbeArgs, UsageError> {
        if self.addresses.is_empty() {
            return Err(UsageError::NoAddress);
        }
        let address = Addresses::read(&self.addresses)?;
        Ok(ProbeArgs { address, json: self.json, seconds: self.seconds })
    }

    fn wall(&self) -> Result<WallArgs, UsageError> {
        if self.after.is_some() && self.screenshot.is_none() {
            return Err(UsageError::Needs("--after", "--screenshot"));
        }
        let after = self.after.unwrap_or(DEFAULT_AFTER);
        let screenshot = self.screenshot.clone().map(|file| Screenshot { file, after });
        let (size, district, print_states) = (self.size, self.district, self.print_states);
        let (lang, is_throwaway) = (self.lang, self.command.as_deref() == Some("demo"));
        let metrics = self.metrics.checked(None)?;
        let records = match (self.record, &self.stations) {
            (true, _) if self.open => return Err(UsageError::Both("--open", "--record")),
            (false, Some(_)) => return Err(UsageError::Needs("--stations", "--record")),
            (true, stations) => Some(stations.clone().unwrap_or(Chosen::All)),
            (false, None) => None,
        };
        Ok(WallArgs {
            screenshot,
            size,
            district,
            print_states,
            metrics,
            records,
            lang,
            is_throwaway,
        })
    }
}

#[cfg(test)]
mod tests;
