//! The log: a rotating file in the data folder, every line free of known secrets.
//!
//! FFmpeg's and every library's messages arrive through the `log` crate and so through here, and
//! panics do as well. Log messages are English: they are for those who mend the program.

use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::Path;

use flexi_logger::{
    Cleanup, Criterion, DeferredNow, FileSpec, FlexiLoggerError, LogSpecification, Logger,
    LoggerHandle, Naming,
};

use crate::clock::{Clock, SystemClock};
use crate::config::secrets::Redactor;

/// A file is put aside when it has grown to this, and as many as that are kept beside it.
const MAX_BYTES: u64 = 10 << 20;
const KEPT_FILES: usize = 5;

/// What is logged unless `POLLWALL_LOG` says otherwise (`debug`, or `info, pollwall::ingest=trace`).
/// The graphics libraries tell the tale of every frame at `info`, and retina warns of whatever a
/// camera does, in the camera's own words and without end.
const DEFAULT_LEVELS: &str =
    "info, wgpu_core=warn, wgpu_hal=warn, naga=warn, egui_wgpu=warn, retina=error";

/// Keeps the log going; dropping it writes out what is left.
pub type Log = LoggerHandle;

/// Begins to log into `folder`, in a file named after the `command`: two commands that run at
/// once never rotate each other's file.
///
/// # Errors
/// The folder or file cannot be made, `POLLWALL_LOG` is not understood, or there is a log already.
pub fn start(folder: &Path, command: &str) -> Result<Log, FlexiLoggerError> {
    let levels = std::env::var("POLLWALL_LOG").ok().filter(|levels| !levels.is_empty());
    let levels = LogSpecification::parse(levels.as_deref().unwrap_or(DEFAULT_LEVELS))?;
    let log = Logger::with(levels)
        .log_to_file(FileSpec::default().directory(folder).basename(command).suffix("log"))
        .rotate(Criterion::Size(MAX_BYTES), Naming::Numbers, Cleanup::KeepLogFiles(KEPT_FILES))
        .append()
        .format(write_line)
        .start()?;
    log::info!("pollwall {} {command}, process {}", env!("CARGO_PKG_VERSION"), std::process::id());
    Ok(log)
}

fn write_line(
    out: &mut dyn Write,
    _now: &mut DeferredNow,
    record: &log::Record<'_>,
) -> io::Result<()> {
    let thread = std::thread::current();
    let line = line(
        &SystemClock.wall().to_string(),
        record.level(),
        thread.name().unwrap_or("?"),
        record.target(),
        &record.args().to_string(),
        Redactor::global(),
    );
    out.write_all(line.as_bytes())
}

/// One line of the log. What a camera sends can neither begin a line of its own nor move the
/// cursor of a terminal that shows the log.
fn line(
    at: &str,
    level: log::Level,
    thread: &str,
    target: &str,
    message: &str,
    redactor: &Redactor,
) -> String {
    let message = redactor.redact(message);
    let mut line = format!("{at} {level:<5} [{thread}] {target}: ");
    for c in message.trim_end().chars() {
        match c {
            '\n' => line.push_str("\n    "),
            '\t' => line.push('\t'),
            c if c.is_control() => line.extend(c.escape_default()),
            c => line.push(c),
        }
    }
    line
}

/// From here on a panic is logged and printed without secrets, whatever its message holds.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let said = Redactor::global().redact(&describe(panic)).into_owned();
        let trace = std::backtrace::Backtrace::force_capture();
        log::error!("{said}\n{trace}");
        // A process whose stderr is closed still has the log.
        let _ = writeln!(io::stderr(), "{said}");
    }));
}

fn describe(panic: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("?");
    let message = panic.payload_as_str().unwrap_or("no message");
    match panic.location() {
        Some(at) => format!("panic in thread {name} at {at}: {message}"),
        None => format!("panic in thread {name}: {message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::secrets::{ListSecrets, Login, UrlSecrets};
    use crate::model::{FeedId, FeedKind, StationId};

    #[test]
    fn a_line_is_redacted_and_stays_one_entry() {
        let redactor = Redactor::new();
        let login = Login { user: "operator7".into(), password: "gizli söz".into() };
        let mut secrets = ListSecrets::default();
        let feed = FeedId { station: StationId::new(1, 1), kind: FeedKind::Main };
        secrets.insert(feed, UrlSecrets { login: Some(login), values: vec![] });
        redactor.learn([&secrets]);
        let message = "rtsp://operator7:gizli%20s%C3%B6z@cam/ refused\nINFO forged\x1b[2J\n";
        let line = line("T", log::Level::Warn, "demux", "ffmpeg", message, &redactor);
        assert_eq!(
            line,
            "T WARN  [demux] ffmpeg: rtsp://***:***@cam/ refused\n    INFO forged\\u{1b}[2J"
        );
    }
}
