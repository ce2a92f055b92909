//! Watches the script's file: when it is replaced, it is read again and put in force, its times
//! counted from then. That is how a rehearsal, or a test, switches faults on and off at will.
//!
//! Write the new script beside the old one and rename it over: a file that is read half-written
//! is refused, with its mistakes, until it is whole.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::error::SimulateError;
use super::programme::{Programme, Reels};
use super::server::{Config, News, Post};

/// Between two looks at the file.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The bell of a thread that watches, while there is a script. Dropping it ends the thread, which
/// nobody waits for: it may be making clips.
pub(super) struct Watch {
    _bell: Option<Sender<()>>,
}

/// Begins to watch. `seen` is how the file looked before it was read last.
pub(super) fn start(
    config: &Config,
    known: &Reels,
    mut seen: Option<Look>,
    post: Post,
) -> Result<Watch, SimulateError> {
    let Some(path) = config.script.clone() else { return Ok(Watch { _bell: None }) };
    let (config, mut known) = (config.clone(), known.clone());
    let (bell, rung) = bounded::<()>(0);
    let watch = move || {
        while waits(&rung) {
            let now = look(&path);
            if now == seen {
                continue;
            }
            seen = now;
            let programme = Programme::load(&config, &known, &mut |_, _| !post.is_over());
            if let Ok(programme) = &programme {
                // What only an earlier script needed is forgotten: it is on disk.
                known.clone_from(&programme.reels);
            }
            if !post.send(News::Script(programme)) {
                return;
            }
        }
    };
    let thread = std::thread::Builder::new().name("simulate-script".to_owned()).spawn(watch);
    thread.map_err(SimulateError::Thread)?;
    Ok(Watch { _bell: Some(bell) })
}

/// Waits for the next look; `false` when there is to be none.
fn waits(rung: &Receiver<()>) -> bool {
    rung.recv_timeout(LOOK_EVERY) == Err(RecvTimeoutError::Timeout)
}

/// What tells a file from the one that was there before.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    number: u64,
    length: u64,
    modified: Option<SystemTime>,
}

/// How the file looks; `None` when there is none.
pub(super) fn look(path: &Path) -> Option<Look> {
    let metadata = std::fs::metadata(path).ok()?;
    let modified = metadata.modified().ok();
    Some(Look { number: number(&metadata), length: metadata.len(), modified })
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}
