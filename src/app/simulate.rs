//! `pollwall simulate`: runs the camera simulator until somebody ends it, writes the list of its
//! cameras and tells what happens.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::{Quality, SimulateArgs};
use super::{Context, Exit, Explain, Failure, descriptors};
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

/// The longest user name or password, in bytes.
const MAX_LOGIN: usize = 200;

pub(super) fn run(
    context: &Context,
    args: &SimulateArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    make_room(args.stations, text)?;
    let config = config(args, text)?;
    let places = config.places.clone();
    let simulator =
        Simulator::open(config, Arc::new(context.clock), &mut progress(text)).say(text)?;
    end_with(args, &simulator.handle(), text)?;
    let port = simulator.port();
    let handle = simulator.handle();
    let mut failed = None;
    let totals = simulator.run(&mut |event| {
        let told = match event {
            Event::Ready(streams) => ready(args, &places, streams, port, text, out),
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
        if let Err(failure) = told {
            failed.get_or_insert(failure);
            handle.stop();
        }
    });
    if let Some(failure) = failed {
        return Err(failure);
    }
    tell_totals(&totals.say(text)?, text, out)?;
    Ok(Exit::Done)
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
fn progress(text: &Text) -> impl FnMut(usize, usize) {
    |done, all| {
        if done < all {
            let said = tr!(text, "simulate-clips", done = done + 1, all = all);
            // Nowhere left to report that stderr is closed.
            let _ = writeln!(io::stderr(), "{said}");
        }
    }
}

/// Lets signals and, if asked for, the end of standard input end it.
fn end_with(args: &SimulateArgs, handle: &Handle, text: &Text) -> Result<(), Failure> {
    let no_thread = |e: &io::Error| {
        let reason = io_reason(text, e);
        Failure::new(tr!(text, "simulate-thread", reason = reason).into_owned())
    };
    let ended = handle.clone();
    ctrlc::set_handler(move || ended.stop()).map_err(|e| no_thread(&io::Error::other(e)))?;
    if args.until_stdin_closes {
        let ended = handle.clone();
        let wait = move || {
            let mut rest = [0; 256];
            // An error is an end as well.
            while io::stdin().read(&mut rest).is_ok_and(|count| count > 0) {}
            ended.stop();
        };
        let thread = std::thread::Builder::new().name("stdin".to_owned()).spawn(wait);
        thread.map_err(|e| no_thread(&e))?;
    }
    Ok(())
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
        save(path, csv.as_bytes(), access).map_err(|e| {
            let (path, reason) = (path.display().to_string(), io_reason(text, &e));
            Failure::new(tr!(text, "store-io", path = path, reason = reason).into_owned())
        })?;
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
        dropped = totals.dropped.to_string()
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
