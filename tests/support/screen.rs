//! A virtual screen with a window manager, its keyboard, and pictures of it as they are now.
//!
//! Needs Debian's xvfb (which brings setxkbmap), xdotool and matchbox-window-manager; the first
//! picks a free display number by itself, so that tests run side by side.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::picture::Picture;
use super::{KillOnDrop, until, wait_for};

/// Width and height of the screen, in pixels.
pub(crate) const SIZE: (usize, usize) = (960, 600);

/// Keys by their place on the keyboard (evdev's codes for X), for layouts without that letter.
pub(crate) mod place {
    pub(crate) const DIGIT_2: &str = "11";
    pub(crate) const DIGIT_5: &str = "14";
    pub(crate) const DIGIT_7: &str = "16";
    pub(crate) const DIGIT_8: &str = "17";
    pub(crate) const F: &str = "41";
    pub(crate) const SLASH: &str = "61";
}

/// Xvfb and a window manager; both end when dropped.
pub(crate) struct Screen {
    display: String,
    folder: TempDir,
    _manager: Option<KillOnDrop>,
    _server: KillOnDrop,
}

impl Screen {
    /// Starts an empty screen without a window manager: windows go where they ask to, and get the
    /// keyboard from [`Screen::focus`] only.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (width, height) = SIZE;
        let mut server = Command::new("Xvfb")
            // -noreset: else it starts over when its last client leaves, and whoever is just coming
            // is thrown out.
            .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0"])
            .arg(format!("{width}x{height}x24"))
            .arg("-fbdir")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts (apt-get install xvfb)");
        let display = format!(":{}", first_line(&mut server));
        let server = KillOnDrop(server);
        Self { display, folder, _manager: None, _server: server }
    }

    /// Starts an empty screen.
    pub(crate) fn start() -> Self {
        let mut screen = Self::bare();
        let keys = screen.folder.path().join("keys");
        std::fs::write(&keys, "<Alt>F4=close\n").unwrap();
        let manager = Command::new("matchbox-window-manager")
            .arg("-kbdconfig")
            .arg(&keys)
            .env("DISPLAY", &screen.display)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the window manager starts (apt-get install matchbox-window-manager)");
        screen._manager = Some(KillOnDrop(manager));
        // A window that is there before its manager gets no keyboard. The manager's first sign of
        // life is that there is a desktop.
        until("a window manager", || {
            let desktops = screen.tool("xdotool", &["get_num_desktops"])?;
            (desktops.trim() == "1").then_some(())
        });
        screen
    }

    /// What `DISPLAY` is to be.
    pub(crate) fn display(&self) -> &str {
        &self.display
    }

    /// Waits until the window of this title has the keyboard.
    pub(crate) fn until_focused(&self, title: &str) {
        until(&format!("a window {title:?} with the keyboard"), || {
            let name = self.tool("xdotool", &["getwindowfocus", "getwindowname"]);
            (name.as_deref().map(str::trim) == Some(title)).then_some(())
        });
    }

    /// On a bare screen: waits for the window of this title and gives it the keyboard.
    pub(crate) fn focus(&self, title: &str) {
        let id = self.window(title);
        self.tool("xdotool", &["windowfocus", "--sync", &id]).expect("a window takes the keyboard");
    }

    /// Waits for the window of this title; gives its number.
    fn window(&self, title: &str) -> String {
        until(&format!("a window {title:?}"), || {
            let found = self.tool("xdotool", &["search", "--onlyvisible", "--name", title])?;
            found.lines().next().map(str::to_owned)
        })
    }

    /// Where the window of this title is: left, top, width, height, in pixels.
    pub(crate) fn geometry(&self, title: &str) -> [i32; 4] {
        let id = self.window(title);
        let said = self.tool("xdotool", &["getwindowgeometry", "--shell", &id]).unwrap();
        ["X=", "Y=", "WIDTH=", "HEIGHT="].map(|name| {
            let value = said.lines().find_map(|line| line.strip_prefix(name));
            value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("{said}"))
        })
    }

    /// Moves the window of this title there.
    pub(crate) fn place(&self, title: &str, [left, top, width, height]: [i32; 4]) {
        let id = self.window(title);
        let [left, top, width, height] = [left, top, width, height].map(|n| n.to_string());
        let args = ["windowsize", &id, &width, &height, "windowmove", &id, &left, &top];
        self.tool("xdotool", &args).expect("xdotool moves windows");
    }

    /// Presses keys one after the other: names of X11 (`Return`, `alt+F4`), or [`place`]s.
    pub(crate) fn press(&self, keys: &[&str]) {
        let args: Vec<&str> = [&["key", "--clearmodifiers"], keys].concat();
        self.tool("xdotool", &args).expect("xdotool presses keys (apt-get install xdotool)");
    }

    /// Closes the window in front as its manager does: by asking it to go.
    pub(crate) fn close_window(&self) {
        self.press(&["alt+F4"]);
    }

    /// Changes the keyboard's layout and sees that it took effect.
    pub(crate) fn set_layout(&self, layout: &str) {
        self.tool("setxkbmap", &[layout]).expect("setxkbmap works (apt-get install x11-xkb-utils)");
        let now = self.tool("setxkbmap", &["-query"]).unwrap();
        let line = now.lines().find_map(|l| l.strip_prefix("layout:"));
        assert_eq!(line.map(str::trim), Some(layout), "{now}");
    }

    /// What is on the screen now.
    pub(crate) fn picture(&self) -> Picture {
        let file: PathBuf = self.folder.path().join("Xvfb_screen0");
        Picture::from_xwd(&std::fs::read(file).expect("Xvfb keeps its picture in a file"))
    }

    /// Waits until what is on the screen satisfies `reached`; leaves the last picture behind when
    /// it never does.
    pub(crate) fn until<T>(&self, what: &str, mut reached: impl FnMut(&Picture) -> Option<T>) -> T {
        wait_for(|| reached(&self.picture())).unwrap_or_else(|| {
            let file = format!("pollwall-screen-{}.ppm", self.display.trim_start_matches(':'));
            let file = std::env::temp_dir().join(file);
            self.picture().save(&file);
            panic!("{what} did not happen; the screen's picture is {}", file.display());
        })
    }

    fn tool(&self, program: &str, args: &[&str]) -> Option<String> {
        let output = Command::new(program)
            .args(args)
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|e| panic!("{program}: {e}"));
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The number that Xvfb writes once it is ready; the pipe ends when it does not become so.
fn first_line(server: &mut Child) -> String {
    let mut line = Vec::new();
    let mut byte = [0];
    let output = server.stdout.as_mut().unwrap();
    while output.read(&mut byte).is_ok_and(|n| n == 1) && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    let line = String::from_utf8(line).unwrap();
    assert!(!line.is_empty(), "Xvfb did not start");
    server.stdout = None;
    line
}
