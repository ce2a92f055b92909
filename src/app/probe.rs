//! `pollwall probe`: says what a camera delivers, or why it cannot be opened and what to do.
//!
//! It opens the stream as the wall does, through [`Ingest`], and listens to its session for some
//! seconds. It writes no file, needs no data folder and leaves nothing behind.

mod advice;
mod figures;
mod json;
mod study;
mod words;

use std::io::{self, IsTerminal as _, Write};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded, select};

use self::study::{Findings, Study, Verdict};
use super::args::ProbeArgs;
use super::open::addresses;
use super::{Context, Exit, Explain, Failure, signals};
use crate::clock::Clock as _;
use crate::config::secrets::FeedSource;
use crate::ingest::{Ingest, Limits, StartError, tap};
use crate::text::Text;
use crate::tr;

/// Whatever does not end within this is left to the operating system.
const STOP_WITHIN: Duration = Duration::from_secs(1);

pub(super) fn run(
    context: &Context,
    args: &ProbeArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let opened = addresses::from_here(&args.address, text)?;
    let [source] = <[FeedSource; 1]>::try_from(opened.sources)
        .map_err(|_| Failure { exit: Exit::Usage, said: tr!(text, "probe-one").into_owned() })?;
    let (end, ended) = bounded::<()>(1);
    signals::on_end(move || {
        // Asked twice is asked once.
        let _ = end.try_send(());
    })
    .map_err(|e| no_start(&e, text))?;
    if !args.json && io::stderr().is_terminal() {
        // Nowhere left to report that stderr is closed.
        let _ = writeln!(io::stderr(), "{}", tr!(text, "probe-listening"));
    }
    let limits = Limits::default();
    let gop_bytes = limits.gop_bytes;
    let found =
        study(context, args.seconds, source, limits, &ended).map_err(|e| no_start(&e, text))?;
    let remarks = advice::remarks(&found, gop_bytes);
    if args.json {
        writeln!(out, "{}", json::json(&found, &remarks)).say(text)?;
    } else {
        words::write(out, &found, &remarks, text).say(text)?;
    }
    out.flush().say(text)?;
    Ok(if found.verdict == Verdict::Delivers { Exit::Done } else { Exit::Failed })
}

/// Opens and listens until enough was heard or somebody rings at `ended`.
fn study(
    context: &Context,
    asked: Option<Duration>,
    source: FeedSource,
    limits: Limits,
    ended: &Receiver<()>,
) -> Result<Findings, StartError> {
    let (url, has_login) = (source.shown_url.clone(), source.login.is_some());
    let clock = Arc::new(context.clock);
    let (tap, listener) = tap();
    let mut study = Study::new(clock.mono(), asked);
    let ingest = Ingest::start_studying(source, limits, clock.clone(), tap)?;
    let mut interrupted = false;
    while let Some(left) = study.left(clock.mono()) {
        select! {
            recv(listener.heard) -> heard => match heard {
                Ok(heard) => study.hear(heard),
                Err(_) => break,
            },
            recv(ended) -> _ => {
                interrupted = true;
                break;
            }
            default(left) => {}
        }
    }
    let mut found = study.findings(&url, has_login, clock.mono(), interrupted);
    found.missed = listener.missed();
    // What is left ends with the process.
    let _ = ingest.stop(STOP_WITHIN);
    Ok(found)
}

fn no_start(error: &dyn std::error::Error, text: &Text) -> Failure {
    Failure::new(tr!(text, "probe-no-start", reason = chain(error)).into_owned())
}

/// An error with all that led to it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        said = format!("{said}: {cause}");
        source = cause.source();
    }
    said
}
