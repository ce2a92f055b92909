//! The demo's cameras: this program again, as a child.

use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use super::say;
use crate::app::{Failure, signals};
use crate::clock::lock;
use crate::config::io_reason;
use crate::text::Text;
use crate::tr;

/// What they may take to end once nobody needs them.
const END_WITHIN: Duration = Duration::from_secs(2);

/// The simulator; ends when this is dropped.
pub(super) struct Cameras {
    child: Arc<Mutex<Child>>,
    input: Option<ChildStdin>,
    /// Its end is expected from now on.
    leaving: Arc<AtomicBool>,
    /// Disconnects when its output ends, and with it the process.
    ended: Receiver<()>,
}

impl Cameras {
    /// Starts them and waits until each has answered, its address in `list`; `None` when somebody
    /// has asked the process to end meanwhile.
    pub(super) fn start(
        stations: usize,
        script: &Path,
        list: &Path,
        text: &Arc<Text>,
    ) -> Result<Option<Self>, Failure> {
        let failed = |e: &io::Error| {
            Failure::new(tr!(text, "demo-no-cameras", reason = io_reason(text, e)).into_owned())
        };
        let mut child = Command::new(std::env::current_exe().map_err(|e| failed(&e))?)
            .args(["simulate", "--until-stdin-closes", "--port", "0"])
            .args(["--lang", text.lang().code(), "--stations", &stations.to_string()])
            .arg("--script")
            .arg(script)
            .arg("--list")
            .arg(list)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| failed(&e))?;
        let input = child.stdin.take();
        let output =
            child.stdout.take().ok_or_else(|| failed(&io::ErrorKind::BrokenPipe.into()))?;
        let child = Arc::new(Mutex::new(child));
        let to_end = Arc::clone(&child);
        signals::on_end(move || {
            // It may have ended by itself.
            let _ = lock(&to_end).kill();
        })
        .map_err(|e| failed(&io::Error::other(e)))?;
        let leaving = Arc::new(AtomicBool::new(false));
        let (begins, begun) = bounded::<()>(1);
        let (ends, ended) = bounded::<()>(0);
        let cameras = Self { child, input, leaving: Arc::clone(&leaving), ended };
        let text_there = Arc::clone(text);
        std::thread::Builder::new()
            .name("demo-cameras".into())
            .spawn(move || {
                let ready = follow(output, || {
                    // Whoever does not wait any more does not need it.
                    let _ = begins.try_send(());
                });
                drop(begins);
                if ready && !leaving.load(Ordering::Acquire) && !signals::asked() {
                    say(&tr!(text_there, "demo-cameras-gone"));
                }
                drop(ends);
            })
            .map_err(|e| failed(&e))?;
        if begun.recv().is_ok() {
            return Ok(Some(cameras));
        }
        if signals::asked() {
            return Ok(None);
        }
        // Its own words, on the same standard error, have said why.
        Err(Failure::new(tr!(text, "demo-no-cameras-said").into_owned()))
    }
}

/// Reads what they say, of which only the first line matters: they are ready. Gives whether it
/// came.
fn follow(output: ChildStdout, ready: impl Fn()) -> bool {
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
