//! The demo's cameras: this program again, as a child.

use std::io::{self, BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use super::{Tell, say};
use crate::app::{Failure, signals};
use crate::clock::lock;
use crate::config::io_reason;
use crate::text::Text;
use crate::tr;

/// What they may take to end once nobody needs them.
const END_WITHIN: Duration = Duration::from_secs(2);

/// How long the last words of cameras that have ended may be on their way.
const SAID_WITHIN: Duration = Duration::from_secs(1);

/// Leaves the preparation of a demo from elsewhere, at whatever point it is.
#[derive(Clone, Default)]
pub(in crate::app) struct Stop(Arc<Mutex<Asked>>);

#[derive(Default)]
struct Asked {
    asked: bool,
    cameras: Option<Arc<Mutex<Child>>>,
}

impl Stop {
    /// Leaves it: cameras that are there, ready or not, end now.
    pub(in crate::app) fn ask(&self) {
        let mut state = lock(&self.0);
        state.asked = true;
        if let Some(child) = &state.cameras {
            // It may have ended by itself.
            let _ = lock(child).kill();
        }
    }

    pub(super) fn is_asked(&self) -> bool {
        lock(&self.0).asked
    }

    /// From now on these are what there is to end; at once where somebody has asked before.
    fn is_for(&self, child: &Arc<Mutex<Child>>) {
        let mut state = lock(&self.0);
        state.cameras = Some(Arc::clone(child));
        if state.asked {
            let _ = lock(child).kill();
        }
    }
}

/// The simulator; ends when this is dropped.
pub(super) struct Cameras {
    child: Arc<Mutex<Child>>,
    input: Option<ChildStdin>,
    /// Its end is expected from now on.
    leaving: Arc<AtomicBool>,
    /// Disconnects when its output ends, and with it the process.
    ended: Receiver<()>,
}

/// What the cameras are to be.
pub(super) struct Order<'a> {
    pub(super) stations: usize,
    /// The faults to rehearse.
    pub(super) script: &'a Path,
    /// Where their list is to be written.
    pub(super) list: &'a Path,
}

impl Cameras {
    /// Starts them and waits until each has answered, its address in the list; `None` when somebody
    /// has asked meanwhile to leave it. What they say goes to `tell`, where there is one, else to
    /// standard error.
    pub(super) fn start(
        order: &Order<'_>,
        text: &Arc<Text>,
        stop: &Stop,
        tell: Option<&Tell>,
    ) -> Result<Option<Self>, Failure> {
        let failed = |e: &io::Error| {
            Failure::new(tr!(text, "demo-no-cameras", reason = io_reason(text, e)).into_owned())
        };
        let mut child = Command::new(std::env::current_exe().map_err(|e| failed(&e))?)
            .args(["simulate", "--until-stdin-closes", "--port", "0"])
            .args(["--lang", text.lang().code(), "--stations", &order.stations.to_string()])
            .arg("--script")
            .arg(order.script)
            .arg("--list")
            .arg(order.list)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(if tell.is_some() { Stdio::piped() } else { Stdio::inherit() })
            .spawn()
            .map_err(|e| failed(&e))?;
        let input = child.stdin.take();
        let output =
            child.stdout.take().ok_or_else(|| failed(&io::ErrorKind::BrokenPipe.into()))?;
        let words = child.stderr.take();
        let child = Arc::new(Mutex::new(child));
        stop.is_for(&child);
        let leaving = Arc::new(AtomicBool::new(false));
        let (begins, begun) = bounded::<()>(1);
        let (ends, ended) = bounded::<()>(0);
        let cameras = Self { child, input, leaving: Arc::clone(&leaving), ended };
        let all_told = match (words, tell) {
            (Some(words), Some(tell)) => Some(pass_on(words, tell).map_err(|e| failed(&e))?),
            _ => None,
        };
        let (text_there, stop_there) = (Arc::clone(text), stop.clone());
        std::thread::Builder::new()
            .name("demo-cameras".into())
            .spawn(move || {
                let ready = follow(output, || {
                    // Whoever does not wait any more does not need it.
                    let _ = begins.try_send(());
                });
                drop(begins);
                let wanted = signals::asked() || stop_there.is_asked();
                if ready && !leaving.load(Ordering::Acquire) && !wanted {
                    say(&tr!(text_there, "demo-cameras-gone"));
                }
                drop(ends);
            })
            .map_err(|e| failed(&e))?;
        if begun.recv().is_ok() {
            return Ok(Some(cameras));
        }
        if stop.is_asked() {
            return Ok(None);
        }
        if let Some(all_told) = all_told {
            // Nothing is ever sent: it ends with the last word, or with the time.
            let _ = all_told.recv_timeout(SAID_WITHIN);
        }
        // Their own words have said why.
        Err(Failure::new(tr!(text, "demo-no-cameras-said").into_owned()))
    }
}

/// Passes on what they say, line by line; what is returned disconnects after the last one.
fn pass_on(words: impl Read + Send + 'static, tell: &Tell) -> io::Result<Receiver<()>> {
    let (ends, ended) = bounded::<()>(0);
    let tell = Arc::clone(tell);
    std::thread::Builder::new().name("demo-words".into()).spawn(move || {
        for line in BufReader::new(words).lines().map_while(Result::ok) {
            tell(line.strip_prefix("pollwall: ").unwrap_or(&line));
        }
        drop(ends);
    })?;
    Ok(ended)
}

/// Reads what they print, of which only the first line matters: they are ready. Gives whether it
/// came.
fn follow(output: impl Read, ready: impl Fn()) -> bool {
    let mut came = false;
    for _line in BufReader::new(output).lines().map_while(Result::ok) {
        if !came {
            came = true;
            ready();
        }
    }
    came
}

impl Drop for Cameras {
    fn drop(&mut self) {
        self.leaving.store(true, Ordering::Release);
        self.input = None;
        if self.ended.recv_timeout(END_WITHIN) == Err(RecvTimeoutError::Timeout) {
            log::warn!("the demo's cameras did not end within {END_WITHIN:?}");
        }
        let mut child = lock(&self.child);
        // It has most likely ended, and there is nobody to tell.
        let _ = child.kill();
        let _ = child.wait();
    }
}
