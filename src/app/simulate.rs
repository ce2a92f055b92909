//! `pollwall simulate`: runs the camera simulator until somebody ends it, writes the list of its
//! cameras and tells what happens.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::args::{Quality, SimulateArgs};
use super::{Context, Exit, Explain, Failure, descriptors, signals};
use crate::config::save::{Access, save};
use crate::config::{Login, io_reason};
use crate::media::Codec;
use crate::simulate::clips::Format;
use crate::simulate::country::{self, Place};
use crate::simulate::{self, Config, Event, Handle, Simulator, Stream, Totals};
use crate::text::Text;
use crate::tr;

/// Descriptors beside those of stations and sessions: clips, files, the waker.
const OWN_USE: usize = 64;

/// News that wait to be printed; what comes on top is left out.
const EVENTS: usize = 64;

/// The longest user name or password, in bytes.
const MAX_LOGIN: usize = 200;

pub(super) fn run(
    context: &Context,
    args: &SimulateArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    make_room(args.stations, text)?;
    if let Some(path) = &args.list {
        forget(path, text)?;
    }
    let config = config(args, text)?;
    let places = config.places.clone();
    let end = end_with(args, text)?;
    let opened = Simulator::open(config, Arc::new(context.clock), &mut |done, all| {
        progress(done, all, text);
        !end.is_asked()
    });
    let simulator = match opened {
        Err(_) if end.is_asked() => return Ok(Exit::Done),
        opened => opened.say(text)?,
    };
    end.applies_to(simulator.handle());
    let port = simulator.port();
    // Whoever reads what is told may be slow, or stopped; the cameras must not wait for that.
    let (tell, told) = crossbeam_channel::bounded(EVENTS);
    let serving = std::thread::Builder::new()
        .name("cameras".to_owned())
        .spawn(move || {
            simulator.run(&mut |event| {
                if tell.try_send(event).is_err() {
                    log::warn!("news of a script is left out: nobody reads what is printed");
                }
            })
        })
        .map_err(|e| no_thread(&e, text))?;
    let mut failed = None;
    for event in told {
        let said = match event {
            Event::Ready(streams) => ready(args, &places, &streams, port, text, out),
            Event::ScriptTaken { stricken } => {
                writeln!(out, "{}", tr!(text, "simulate-script-taken", count = stricken)).say(text)
            }
            Event::ScriptRefused(error) => {
                let kept = tr!(text, "simulate-script-kept");
                // Nowhere left to report that stderr is closed.
                let _ = writeln!(io::stderr(), "pollwall: {}\n{kept}", error.explain(text));
                Ok(())
            }
        };
        if let Err(failure) = said {
            failed.get_or_insert(failure);
            end.ask();
        }
    }
    let totals = serving.join();
    if let Some(failure) = failed {
        return Err(failure);
    }
    let crashed = || Failure::new(tr!(text, "simulate-failed").into_owned());
    tell_totals(&totals.map_err(|_| crashed())?.say(text)?, text, out)?;
    Ok(Exit::Done)
}

/// The end of the simulator: asked for by a signal or by the end of standard input, perhaps before
/// there is a simulator.
#[derive(Default)]
struct End {
    asked: AtomicBool,
    running: OnceLock<Handle>,
}

impl End {
    fn ask(&self) {
        self.asked.store(true, Ordering::SeqCst);
        if let Some(running) = self.running.get() {
            running.stop();
        }
    }

    fn is_asked(&self) -> bool {
        self.asked.load(Ordering::SeqCst)
    }

    fn applies_to(&self, running: Handle) {
        let running = self.running.get_or_init(|| running);
        // Asked for between the two.
        if self.is_asked() {
            running.stop();
        }
    }
}

/// The list of an earlier run names ports that are no longer there: whoever waits for the file is
/// to see the new one. And a path that cannot be written is better told now than in a minute.
fn forget(path: &Path, text: &Text) -> Result<(), Failure> {
    let is_there = path.try_exists();
    let tried = match is_there {
        Ok(true) => std::fs::remove_file(path),
        Ok(false) => std::fs::write(path, b"").and_then(|()| std::fs::remove_file(path)),
        Err(e) => Err(e),
    };
    tried.map_err(|e| not_written(path, &e, text))
}

fn not_written(path: &Path, error: &io::Error, text: &Text) -> Failure {
    let (path, reason) = (path.display().to_string(), io_reason(text, error));
    Failure::new(tr!(text, "store-io", path = path, reason = reason).into_owned())
}

fn no_thread(error: &io::Error, text: &Text) -> Failure {
    let reason = io_reason(text, error);
    Failure::new(tr!(text, "simulate-thread", reason = reason).into_owned())
}

fn config(args: &SimulateArgs, text: &Text) -> Result<Config, Failure> {
    let main = match args.quality {
        Quality::Light => Format::LIGHT,
        Quality::Full => Format::FULL,
        Quality::Hd720 => Format::HD_720,
        Quality::Hd1080 => Format::HD_1080,
    };
    let coded = |format: Format, codec: Codec| Format { codec, ..format };
    Ok(Config {
        places: country::places(args.stations),
        port: args.port,
        main: coded(main, args.codec),
        sub: args.has_sub.then(|| coded(Format::LIGHT, args.codec)),
        bursts: args.bursts,
        logins: args.login.as_deref().map_or(Ok(Vec::new()), |file| logins(file, text))?,
        script: args.script.clone(),
        cache: match &args.cache {
            Some(folder) => folder.clone(),
            None => cache(text)?,
        },
        stats: args.stats.clone(),
        opens_log: args.opens_log.clone(),
    })
}

/// The user's folder for what can be made again.
fn cache(text: &Text) -> Result<PathBuf, Failure> {
    let folders = directories::ProjectDirs::from("", "", "pollwall");
    let folders =
        folders.ok_or_else(|| Failure::new(tr!(text, "simulate-no-cache").into_owned()))?;
    Ok(folders.cache_dir().join("clips"))
}

/// A door for each station and a session at each, before anything is begun.
fn make_room(stations: usize, text: &Text) -> Result<(), Failure> {
    let needed = u64::try_from(2 * stations + OWN_USE).unwrap_or(u64::MAX);
    match descriptors::raise() {
        Some(limit) if limit < needed => {
            let (needed, limit) = (needed.to_string(), limit.to_string());
            let said =
                tr!(text, "simulate-files", stations = stations, needed = needed, limit = limit);
            Err(Failure::new(said.into_owned()))
        }
        _ => Ok(()),
    }
}

/// Tells on standard error which clip is being made; nothing when all are there.
fn progress(done: usize, all: usize, text: &Text) {
    if done < all {
        let said = tr!(text, "simulate-clips", done = done + 1, all = all);
        // Nowhere left to report that stderr is closed.
        let _ = writeln!(io::stderr(), "{said}");
    }
}

/// Lets signals and, if asked for, the end of standard input end it.
fn end_with(args: &SimulateArgs, text: &Arc<Text>) -> Result<Arc<End>, Failure> {
    let end = Arc::new(End::default());
    let ended = Arc::clone(&end);
    signals::on_end(move || ended.ask()).map_err(|e| no_thread(&io::Error::other(e), text))?;
    if args.until_stdin_closes {
        let (ended, there) = (Arc::clone(&end), Arc::clone(text));
        let wait = move || {
            let why = until_it_ends(&mut io::stdin());
            // Whoever started it may wonder: what it says last is all that there is to go by.
            let _ = writeln!(
                io::stderr(),
                "pollwall: {}",
                tr!(there, "simulate-input-ended", why = why)
            );
            ended.ask();
        };
        let thread = std::thread::Builder::new().name("stdin".to_owned()).spawn(wait);
        thread.map_err(|e| no_thread(&e, text))?;
    }
    Ok(end)
}

/// Reads until there is nothing more; why it ended, for the one who mends it. A call that a signal
/// or a debugger has interrupted is no end.
fn until_it_ends(input: &mut impl Read) -> String {
    let mut rest = [0; 256];
    loop {
        match input.read(&mut rest) {
            Ok(0) => return "EOF".to_owned(),
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return e.to_string(),
        }
    }
}

fn ready(
    args: &SimulateArgs,
    places: &[Place],
    streams: &[Stream],
    port: u16,
    text: &Text,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if let Some(path) = &args.list {
        // Where cameras have logins, the list has them too.
        let access = if args.login.is_some() { Access::OwnerOnly } else { Access::Shared };
        let csv = simulate::csv(places, streams);
        save(path, csv.as_bytes(), access).map_err(|e| not_written(path, &e, text))?;
    }
    let address = |stream: Option<&Stream>| stream.map_or(String::new(), |s| s.address.to_string());
    let said = tr!(
        text,
        "simulate-ready",
        count = places.len(),
        port = port.to_string(),
        first = address(streams.first()),
        last = address(streams.last())
    );
    writeln!(out, "{said}").say(text)?;
    if let Some(path) = &args.list {
        let path = path.display().to_string();
        writeln!(out, "{}", tr!(text, "simulate-listed", path = path)).say(text)?;
    }
    out.flush().say(text)
}

fn tell_totals(totals: &Totals, text: &Text, out: &mut dyn Write) -> Result<(), Failure> {
    let said = tr!(
        text,
        "simulate-summary",
        plays = totals.plays.to_string(),
        opens = totals.opens.to_string(),
        worst = totals.worst_opens_per_s,
        frames = totals.frames.to_string(),
        dropped = totals.dropped.to_string(),
        late = totals.late.to_string()
    );
    writeln!(out, "{said}").say(text)
}

/// The logins in a file, `user:password` on each line; blank lines do not count.
fn logins(path: &Path, text: &Text) -> Result<Vec<Login>, Failure> {
    let shown = path.display().to_string();
    let content = std::fs::read_to_string(path).map_err(|e| {
        let reason = io_reason(text, &e);
        Failure::new(
            tr!(text, "simulate-login-io", path = shown.clone(), reason = reason).into_owned(),
        )
    })?;
    let mut logins = Vec::new();
    for (at, line) in content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let login = line.split_once(':').filter(|(user, password)| {
            !user.is_empty() && user.len() <= MAX_LOGIN && password.len() <= MAX_LOGIN
        });
        let (user, password) = login.ok_or_else(|| {
            let line = (at + 1).to_string();
            let said = tr!(text, "simulate-login-wrong", path = shown.clone(), line = line);
            Failure::new(said.into_owned())
        })?;
        logins.push(Login { user: user.to_owned(), password: password.to_owned() });
    }
    if logins.is_empty() {
        return Err(Failure::new(tr!(text, "simulate-login-none", path = shown).into_owned()));
    }
    Ok(logins)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives these, one after the other.
    struct Input(Vec<io::Result<usize>>);

    impl Read for Input {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            self.0.remove(0)
        }
    }

    #[test]
    fn an_interrupted_read_does_not_end_the_cameras() {
        let interrupted = || Err(io::ErrorKind::Interrupted.into());
        let mut input = Input(vec![Ok(3), interrupted(), Ok(1), interrupted(), Ok(0), Ok(9)]);
        assert_eq!(until_it_ends(&mut input), "EOF");
        assert_eq!(input.0.len(), 1, "read to the end, and no further");
        let mut broken = Input(vec![Ok(3), Err(io::Error::other("gone")), Ok(9)]);
        assert_eq!(until_it_ends(&mut broken), "gone");
    }
}
