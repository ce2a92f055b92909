//! A private D-Bus with the desktop's inhibitors on it (`desktop.py`).

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::Receiver;

use tempfile::NamedTempFile;

use super::{KillOnDrop, lines_of, next_line};

/// No services to start by themselves, whatever this machine has installed.
const CONFIGURATION: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>"#;

/// dbus-daemon and the mock on it; both end when dropped.
pub(crate) struct Desktop {
    address: String,
    lines: Receiver<String>,
    _configuration: NamedTempFile,
    _mock: KillOnDrop,
    _daemon: KillOnDrop,
}

impl Desktop {
    /// Starts both and waits until the names are there.
    pub(crate) fn start() -> Self {
        let configuration = NamedTempFile::new().unwrap();
        std::fs::write(configuration.path(), CONFIGURATION).unwrap();
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address=1", "--config-file"])
            .arg(configuration.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // Says on every start that it may not raise its limits.
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon starts (apt-get install dbus)");
        let address = next_line(&lines_of(daemon.stdout.take().unwrap()));
        let daemon = KillOnDrop(daemon);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/desktop.py");
        let mut mock = Command::new("/usr/bin/python3")
            .arg(script)
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("/usr/bin/python3 starts (apt-get install python3 python3-gi)");
        let lines = lines_of(mock.stdout.take().unwrap());
        let desktop = Self {
            address,
            lines,
            _configuration: configuration,
            _mock: KillOnDrop(mock),
            _daemon: daemon,
        };
        assert_eq!(desktop.next(), "ready");
        desktop
    }

    /// What `DBUS_SESSION_BUS_ADDRESS` and `DBUS_SYSTEM_BUS_ADDRESS` are to be.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits for the next thing asked of the desktop.
    pub(crate) fn next(&self) -> String {
        next_line(&self.lines)
    }

    /// What was asked and not yet looked at.
    pub(crate) fn pending(&self) -> Vec<String> {
        self.lines.try_iter().collect()
    }
}
