//! Wiring and command line: turns arguments into calls of the modules below and their results
//! into words and exit codes. `main` calls [`main`]; nothing else calls this module.
//!
//! Exit codes: 0 done, 1 the list has problems or something failed, 2 the command line is wrong,
//! 3 another process holds the data folder, 4 `watch --once` found a station in trouble, `footage` a
//! recording, `verify` something that was touched, or `ledger --files` a file that says nothing, 5 `verify`
//! found all intact and was not told whose signature to look for.

pub mod args;
mod clock_watch;
mod configuration;
mod coverage_report;
mod delivered;
mod demo;
pub mod descriptors;
mod duty;
mod ending;
mod figures;
mod footage;
mod import;
mod imports;
mod journal;
mod ledger;
mod list;
mod list_watch;
pub mod logging;
mod open;
mod probe;
mod recording;
mod replay;
mod report;
mod saver;
mod signals;
mod simulate;
mod snapshot;
mod table;
mod verify_footage;
pub mod wall;
pub mod watch;
mod watcher;
mod way_out;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::clock::SystemClock;
use crate::config::data::{DataDir, DataError, OwnError};
use crate::config::day::{self, DayError};
use crate::config::io_reason;
use crate::config::list::StoreError;
use crate::config::record::{self, RecordConfigError};
use crate::config::secrets::{Redactor, Vault, VaultError};
use crate::journal::JournalError;
use crate::record::index::IndexError;
use crate::record::locks::LockError;
use crate::simulate::SimulateError;
use crate::text::Text;
use crate::tr;
use args::{Cli, Command, UsageError, WallArgs, WatchArgs};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Held = 3,
    Trouble = 4,
    /// What was verified is intact; by whom it is signed was not asked.
    SignerNotVerified = 5,
}

/// Something that ends a command: what to say, and how to end.
#[derive(Debug)]
struct Failure {
    exit: Exit,
    said: String,
}

impl Failure {
    fn new(said: String) -> Self {
        Self { exit: Exit::Failed, said }
    }
}

/// Errors that know how to tell a person, so that `?` after [`Explain::say`] ends a command.
trait Explain<T> {
    fn say(self, text: &Text) -> Result<T, Failure>;
}

macro_rules! explain {
    ($($error:ty),+) => {$(
        impl<T> Explain<T> for Result<T, $error> {
            fn say(self, text: &Text) -> Result<T, Failure> {
                self.map_err(|e| Failure::new(e.explain(text)))
            }
        }
    )+};
}
explain!(
    DataError,
    DayError,
    IndexError,
    JournalError,
    LockError,
    RecordConfigError,
    SimulateError,
    StoreError,
    VaultError
);

/// Output that went nowhere: whoever read it has seen enough, or the disk is full.
impl<T> Explain<T> for io::Result<T> {
    fn say(self, text: &Text) -> Result<T, Failure> {
        self.map_err(|e| match e.kind() {
            io::ErrorKind::BrokenPipe => Failure { exit: Exit::Done, said: String::new() },
            _ => {
                let reason = io_reason(text, &e);
                Failure::new(tr!(text, "app-no-output", reason = reason).into_owned())
            }
        })
    }
}

/// What every command has at hand.
struct Context {
    text: Arc<Text>,
    clock: SystemClock,
    data: Option<PathBuf>,
}

impl Context {
    /// The data folder to work in, made if it is not there, after checking that its secrets are
    /// nobody else's to read.
    fn open_data(&self) -> Result<DataDir, Failure> {
        self.checked(DataDir::open(self.data.clone()))
    }

    /// The data folder to read from: one that is not there is not made.
    fn look_at_data(&self) -> Result<DataDir, Failure> {
        self.checked(DataDir::look(self.data.clone()))
    }

    fn checked(&self, data: Result<DataDir, DataError>) -> Result<DataDir, Failure> {
        let data = data.say(&self.text)?;
        Vault::load(&data.secrets_file()).say(&self.text)?;
        Ok(data)
    }

    /// The data folder with a log file in it.
    fn open_logged(&self, command: &str) -> Result<(DataDir, logging::Log), Failure> {
        let data = self.open_data()?;
        let log = self.log(&data, command)?;
        Ok((data, log))
    }

    /// Begins a command's log.
    fn log(&self, data: &DataDir, command: &str) -> Result<logging::Log, Failure> {
        logging::start(&data.log(), command).map_err(|e| {
            let (path, reason) = (data.log().display().to_string(), e.to_string());
            Failure::new(tr!(self.text, "app-no-log", path = path, reason = reason).into_owned())
        })
    }
}

/// The whole program.
pub fn main() -> ExitCode {
    logging::catch_panics();
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    let text = Text::of(args::language(&args, |name| std::env::var(name).ok()));
    let result = match args::parse(args) {
        Ok(cli) => run(cli, &text, &mut io::stdout()),
        Err(error) => Err(usage(&error, &text)),
    };
    let exit = result.unwrap_or_else(|failure| {
        if !failure.said.is_empty() {
            // Nowhere left to report that stderr is closed.
            let _ = writeln!(io::stderr(), "pollwall: {}", failure.said);
        }
        failure.exit
    });
    ExitCode::from(exit as u8)
}

fn usage(error: &UsageError, text: &Text) -> Failure {
    let hint = tr!(text, "usage-hint");
    Failure { exit: Exit::Usage, said: format!("{}\n{hint}", error.explain(text)) }
}

fn run(cli: Cli, text: &Arc<Text>, out: &mut dyn Write) -> Result<Exit, Failure> {
    let context = Context { text: Arc::clone(text), clock: SystemClock, data: cli.data };
    match cli.command {
        Command::Help => writeln!(out, "{}", tr!(text, "help")).say(text)?,
        Command::Version => writeln!(out, "pollwall {}", env!("CARGO_PKG_VERSION")).say(text)?,
        Command::Import(args) => return import::run(&context, &args, out),
        Command::Footage(args) => return footage::run(&context, &args, out),
        Command::Heads(args) => return footage::heads(&context, &args, out),
        Command::VerifyFootage(args) => return verify_footage::run(&context, &args, out),
        Command::Ledger(args) => return ledger::run(&context, &args, out),
        Command::Replay(args) => return replay::run(&context, &args, out),
        Command::Report(args) => return coverage_report::run(&context, &args, out),
        Command::Journal(args) => return journal::run(&context, &args, out),
        Command::List(args) => return list::run(&context, &args, out),
        Command::Simulate(args) => return simulate::run(&context, &args, out),
        Command::Demo(args) => return demo::run(&context, &args),
        Command::Open(args) => return open::run(&context, &args),
        Command::Probe(args) => return probe::run(&context, &args, out),
        Command::Wall(args) => wall(&context, &args)?,
        Command::Watch(args) => return watch(&context, &args),
    }
    Ok(Exit::Done)
}

fn wall(context: &Context, args: &WallArgs) -> Result<(), Failure> {
    let text = &context.text;
    // First the lock, then the log: a process that is refused leaves the owner's alone.
    let data = context.open_data()?;
    let owner = data.own("wall", &context.clock).map_err(|e| not_owner(&e, text))?;
    let _log = context.log(&data, "wall")?;
    let ended = wall_of(context, args, &data)?;
    drop(owner);
    match ended.demo {
        // The log stays the one that there is: a process has one.
        Some(country) => demo::show(context, args, &data, &country),
        None => Ok(()),
    }
}

fn watch(context: &Context, args: &WatchArgs) -> Result<Exit, Failure> {
    let text = &context.text;
    let data = context.open_data()?;
    let command = if args.records.is_some() { "record" } else { "watch" };
    let _owner = data.own(command, &context.clock).map_err(|e| not_owner(&e, text))?;
    let _log = context.log(&data, command)?;
    let day = day::load(&data.day_file(), &context.clock).say(text)?;
    if args.records.is_some() {
        // Said before anything begins, not when the first disk is full.
        record::load(&data.record_file()).say(text)?;
    }
    let ended = watch::run(args, text, &data, day, &watch::Faults::default());
    ended.map_err(|e| failure("the watch", &e)).map(|ended| match ended {
        watch::Ended::Asked | watch::Ended::Well => Exit::Done,
        watch::Ended::Trouble => Exit::Trouble,
    })
}

/// The wall on a data folder that this process owns, with a log begun.
fn wall_of(context: &Context, args: &WallArgs, data: &DataDir) -> Result<wall::Ended, Failure> {
    let text = &context.text;
    let day = day::load(&data.day_file(), &context.clock).say(text)?;
    wall::run(args, text, data, day, &wall::Faults::default()).map_err(|e| failure("the wall", &e))
}

fn not_owner(error: &OwnError, text: &Text) -> Failure {
    let exit = if error.is_retryable() { Exit::Held } else { Exit::Failed };
    Failure { exit, said: error.explain(text, &TimeZone::system()) }
}

/// Such errors come from everywhere below, also from libraries that know no secret.
fn failure(what: &str, error: &anyhow::Error) -> Failure {
    log::error!("{what} ended: {error:#}");
    Failure::new(Redactor::global().redact(&format!("{error:#}")).into_owned())
}
