//! What integration tests share: the GStreamer RTSP server as a child process, and for tests of
//! the whole program the program itself, a virtual screen and a private D-Bus.
//!
//! A test file takes it with `mod support;`. Every wait here is for an event or a condition, with
//! a time-out that only a broken machine reaches; nothing sleeps.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "test code")]

pub(crate) mod bus;
pub(crate) mod cameras;
pub(crate) mod clip;
pub(crate) mod ffmpeg;
pub(crate) mod hostile;
pub(crate) mod metrics;
pub(crate) mod network;
pub(crate) mod nginx;
pub(crate) mod picture;
pub(crate) mod program;
pub(crate) mod promtool;
pub(crate) mod screen;
pub(crate) mod secrets;
pub(crate) mod simulator;
pub(crate) mod web;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use pollwall::clock::{Clock, SystemClock};

/// How long a healthy server may take to answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks at something that tells nobody when it changes.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Looks again and again until `reached` gives something; `None` when it never does.
pub(crate) fn wait_for<T>(mut reached: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = SystemClock.mono() + PATIENCE;
    // Nothing is ever sent: this is the wait alone.
    let (_never, nothing) = sync_channel::<()>(0);
    loop {
        if let Some(value) = reached() {
            return Some(value);
        }
        if SystemClock.mono() >= deadline {
            return None;
        }
        let _ = nothing.recv_timeout(LOOK_EVERY);
    }
}

/// Waits until `reached` gives something; fails when it never does.
pub(crate) fn until<T>(what: &str, reached: impl FnMut() -> Option<T>) -> T {
    wait_for(reached).unwrap_or_else(|| panic!("{what} did not happen"))
}

/// A child process that does not outlive its owner.
pub(crate) struct KillOnDrop(pub(crate) Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // It may have ended already; there is nobody to tell.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `tests/support/gst_rtsp_server.py`, running; killed when dropped.
///
/// Needs Debian's GStreamer packages (`packaging/test` installs them) and `/usr/bin/python3`:
/// other interpreters have no `gi`.
pub(crate) struct GstServer {
    arguments: Vec<String>,
    port: u16,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl GstServer {
    /// Starts it on a free port of 127.0.0.1 and waits until every mount is there.
    ///
    /// `arguments` as the script's head describes them, without `--port`: for example
    /// `["--mount", "/a=h264,320x180,15"]`.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let arguments: Vec<String> = arguments.iter().map(|&a| a.to_owned()).collect();
        let (running, port) = launch(&arguments, 0);
        Self { arguments, port, running: Some(running) }
    }

    /// The port it listens on; the same after [`GstServer::restart`].
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// `rtsp://127.0.0.1:PORT/path`; `path` begins with a slash.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("rtsp://127.0.0.1:{}{path}", self.port)
    }

    /// Kills it outright, as a camera loses its power: connections break, the port is closed.
    pub(crate) fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.child.kill().expect("the server can be killed");
            running.child.wait().expect("the killed server can be waited for");
        }
    }

    /// Starts it again on its old port, after [`GstServer::kill`] or instead of it.
    pub(crate) fn restart(&mut self) {
        self.kill();
        let (running, port) = launch(&self.arguments, self.port);
        assert_eq!(port, self.port);
        self.running = Some(running);
    }

    /// Keeps the session at `path`, sends no more pictures.
    pub(crate) fn pause(&mut self, path: &str) {
        self.command(&format!("pause {path}"));
    }

    /// Sends pictures again.
    pub(crate) fn resume(&mut self, path: &str) {
        self.command(&format!("resume {path}"));
    }

    /// Closes every client's connection; new ones are welcome.
    pub(crate) fn kill_sessions(&mut self) {
        self.command("kill-sessions");
    }

    /// How many clients are connected.
    pub(crate) fn clients(&mut self) -> usize {
        let answer = self.command("clients");
        let count = answer.rsplit(' ').next().and_then(|word| word.parse().ok());
        count.unwrap_or_else(|| panic!("no number in {answer:?}"))
    }

    /// Sends one command; gives the words after `ok`.
    pub(crate) fn command(&mut self, command: &str) -> String {
        let running = self.running.as_mut().expect("the server was killed");
        writeln!(running.input, "{command}").expect("the server reads commands");
        let answer = next_line(&running.lines);
        match answer.strip_prefix("ok ") {
            Some(words) => words.to_owned(),
            None => panic!("the RTSP server says to {command:?}: {answer}"),
        }
    }
}

impl Drop for GstServer {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            // It may have ended already; there is nobody to tell.
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

fn launch(arguments: &[String], port: u16) -> (Running, u16) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/gst_rtsp_server.py");
    let mut child = Command::new("/usr/bin/python3")
        .arg(&script)
        .args(["--until-eof", "--port", &port.to_string()])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("/usr/bin/python3 starts (apt-get install python3)");
    let input = child.stdin.take().unwrap();
    let lines = lines_of(child.stdout.take().unwrap());
    let first = next_line(&lines);
    let port = first.strip_prefix("ready ").and_then(|port| port.parse().ok());
    let port = port.unwrap_or_else(|| panic!("the RTSP server did not start: {first}"));
    (Running { child, input, lines }, port)
}

/// The lines of a child's output as they come.
pub(crate) fn lines_of(output: ChildStdout) -> Receiver<String> {
    let (sender, lines) = sync_channel(64);
    std::thread::Builder::new()
        .name("lines-of-child".into())
        .spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        })
        .unwrap();
    lines
}

fn next_line(lines: &Receiver<String>) -> String {
    lines.recv_timeout(PATIENCE).expect("the child answers (its own words are above)")
}
