//! The program itself as a child process, its data folder, and all it says.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};

use tempfile::TempDir;

use super::{KillOnDrop, wait_for};

/// An address at which no D-Bus is.
pub(crate) const NO_BUS: &str = "unix:path=/nonexistent/bus";

/// A data folder with a home of its own around it; gone when dropped.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A file or folder beside the data folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The program in English on this data folder: no display, no bus, nothing of the caller's
    /// language.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.program();
        command.arg("--data").arg(self.data()).args(args);
        command
    }

    /// The same without a data folder or any other argument.
    pub(crate) fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pollwall"));
        command
            .env("LC_ALL", "en_US.UTF-8")
            .env("HOME", self.folder.path())
            .env("XDG_RUNTIME_DIR", self.folder.path())
            .env("DBUS_SESSION_BUS_ADDRESS", NO_BUS)
            .env("DBUS_SYSTEM_BUS_ADDRESS", NO_BUS)
            .stdin(Stdio::null());
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "POLLWALL_LOG"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs a command that must succeed; gives what it printed.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must end with exit code `code`; gives what it said.
    pub(crate) fn fails(&self, code: i32, args: &[&str]) -> String {
        failed(code, &self.run(args))
    }

    /// Takes a station list.
    pub(crate) fn accept(&self, list: &Path) -> String {
        self.ok(&["import", "--accept", list.to_str().unwrap()])
    }

    /// Everything the wall, the watch or the recording has logged.
    pub(crate) fn log(&self) -> String {
        let files = fs::read_dir(self.data().join("log")).into_iter().flatten();
        let files = files.map(|entry| entry.unwrap().path());
        let of_owner = |p: &PathBuf| {
            let name = p.file_name().unwrap().to_string_lossy().into_owned();
            ["wall", "watch", "record"].iter().any(|command| name.starts_with(command))
        };
        let mut files: Vec<_> = files.filter(of_owner).collect();
        files.sort();
        files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
    }

    /// The lines of the wall's log with all of these words.
    pub(crate) fn logged(&self, words: &[&str]) -> Vec<String> {
        let log = self.log();
        let has_all = |line: &&str| words.iter().all(|word| line.contains(word));
        log.lines().filter(has_all).map(str::to_owned).collect()
    }

    /// What a started program has printed as JSON so far, line by line; the last one may still be
    /// half written.
    pub(crate) fn told(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(self.path("out")).unwrap();
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Starts the program; its output goes to files.
    pub(crate) fn start(&self, mut command: Command) -> Running<'_> {
        let [out, err] = ["out", "err"].map(|name| File::create(self.path(name)).unwrap());
        let child = command.stdout(out).stderr(err).spawn().unwrap();
        Running { home: self, child: KillOnDrop(child) }
    }
}

/// The exit code was `code` and there was a message; gives that.
pub(crate) fn failed(code: i32, output: &Output) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A program that runs; killed when dropped.
pub(crate) struct Running<'a> {
    home: &'a Home,
    child: KillOnDrop,
}

impl Running<'_> {
    /// Its process number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.0.id()
    }

    /// What it printed so far, both streams.
    pub(crate) fn said(&self) -> String {
        ["out", "err"].map(|name| fs::read_to_string(self.home.path(name)).unwrap()).concat()
    }

    /// Waits until `reached`, for as long as the program runs.
    pub(crate) fn until<T>(&mut self, what: &str, mut reached: impl FnMut() -> Option<T>) -> T {
        let value = wait_for(|| {
            let value = reached();
            if value.is_none()
                && let Some(status) = self.child.0.try_wait().unwrap()
            {
                panic!("{what}: the program ended before ({status}): {}", self.account());
            }
            value
        });
        value.unwrap_or_else(|| panic!("{what} did not happen: {}", self.account()))
    }

    /// Waits until the wall's log has a line with all of these words.
    pub(crate) fn until_logged(&mut self, words: &[&str]) {
        let home = self.home;
        self.until(&format!("a log line with {words:?}"), || {
            (!home.logged(words).is_empty()).then_some(())
        });
    }

    /// Waits for its end.
    pub(crate) fn until_ended(&mut self) -> ExitStatus {
        wait_for(|| self.child.0.try_wait().unwrap())
            .unwrap_or_else(|| panic!("the program does not end: {}", self.account()))
    }

    /// Sends it a signal (`TERM`).
    pub(crate) fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.pid());
        assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success());
    }

    fn account(&self) -> String {
        // The libraries' own words would drown it.
        let log = self.home.logged(&[" pollwall::"]);
        let last = &log[log.len().saturating_sub(60)..];
        format!("{}\n…\n{}", self.said(), last.join("\n"))
    }
}
