//! The demo's cameras: this program again, as a child.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
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
            .stderr(Stdio::piped())
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
        let last = LastWords::default();
        let all_told = match words {
            Some(words) => Some(pass_on(words, tell, &last).map_err(|e| failed(&e))?),
            None => None,
        };
        let (there, told) = (Arc::clone(&cameras.child), all_told.clone());
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
                    // Nothing is ever sent: it ends with the last word, or with the time.
                    let _ = told.map(|told| told.recv_timeout(SAID_WITHIN));
                    tell_end(end_of(&there), &last, &text_there);
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

/// The last lines that they said.
type LastWords = Arc<Mutex<VecDeque<String>>>;

/// So many of them are kept.
const LAST_LINES: usize = 4;

/// Why there are no cameras any more, told to a person. One demo is all that a process shows.
static GONE: Mutex<Option<String>> = Mutex::new(None);

/// Why the demo's cameras are gone, once they have ended by themselves.
pub(in crate::app) fn gone() -> Option<String> {
    lock(&GONE).clone()
}

/// How they have ended, waited for a little: their output has ended before.
fn end_of(child: &Mutex<Child>) -> Option<ExitStatus> {
    // Nothing is ever sent: this is the wait alone.
    let (_never, nothing) = bounded::<()>(0);
    for _ in 0..20 {
        match lock(child).try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) => drop(nothing.recv_timeout(SAID_WITHIN / 20)),
            Err(e) => {
                log::warn!("how the demo's cameras have ended cannot be asked: {e}");
                return None;
            }
        }
    }
    None
}

/// Says in the log, on standard error and on the wall that they are gone, and why.
fn tell_end(status: Option<ExitStatus>, last: &LastWords, text: &Text) {
    let last: Vec<String> = lock(last).iter().cloned().collect();
    log::error!("the demo's cameras have ended by themselves, {status:?}; last words: {last:?}");
    let said = if last.is_empty() { "none".to_owned() } else { last.join(" · ") };
    let words = tr!(text, "demo-cameras-ended", how = how(status, text), said = said);
    say(&words);
    *lock(&GONE) = Some(words.into_owned());
}

fn how(status: Option<ExitStatus>, text: &Text) -> String {
    #[cfg(unix)]
    if let Some(signal) = status.and_then(|s| std::os::unix::process::ExitStatusExt::signal(&s)) {
        return tr!(text, "demo-ended-signal", signal = signal.to_string()).into_owned();
    }
    let code = status.and_then(|status| status.code());
    let code = code.map_or_else(|| "?".to_owned(), |code| code.to_string());
    tr!(text, "demo-ended-code", code = code).into_owned()
}

/// Passes on what they say, line by line, to `tell` or to standard error; what is returned
/// disconnects after the last one.
fn pass_on(
    words: impl Read + Send + 'static,
    tell: Option<&Tell>,
    last: &LastWords,
) -> io::Result<Receiver<()>> {
    let (ends, ended) = bounded::<()>(0);
    let (tell, last) = (tell.cloned(), Arc::clone(last));
    std::thread::Builder::new().name("demo-words".into()).spawn(move || {
        for line in BufReader::new(words).lines().map_while(Result::ok) {
            let plain = line.strip_prefix("pollwall: ").unwrap_or(&line);
            {
                let mut last = lock(&last);
                if last.len() == LAST_LINES {
                    last.pop_front();
                }
                last.push_back(plain.to_owned());
            }
            match &tell {
                Some(tell) => tell(plain),
                // Nowhere left to report that stderr is closed.
                None => drop(writeln!(io::stderr(), "{line}")),
            }
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn how_they_ended_and_their_last_words_are_told() {
        let text = Text::of(Lang::En);
        let mut child = Command::new("sh")
            .args([
                "-c",
                "for n in 1 2 3 4 5 6; do echo \"pollwall: word $n\" >&2; done; kill -9 $$",
            ])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let words = child.stderr.take().unwrap();
        let last = LastWords::default();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let hears = Arc::clone(&heard);
        let tell: Tell = Arc::new(move |line: &str| lock(&hears).push(line.to_owned()));
        let told = pass_on(words, Some(&tell), &last).unwrap();
        assert_eq!(told.recv(), Err(crossbeam_channel::RecvError));
        let status = child.wait().unwrap();
        assert_eq!(lock(&heard).len(), 6);
        tell_end(Some(status), &last, &text);
        let words = gone().unwrap();
        for part in ["signal 9", "word 3 · word 4 · word 5 · word 6", "Start the demo again"] {
            assert!(words.contains(part), "{words}");
        }
        assert!(!words.contains("word 2"), "{words}");
    }
}
