//! What the simulator counts, and the files it is told in, as JSON lines.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::error::SimulateError;
use crate::clock::Mono;
use crate::model::StationId;

/// Counted since the simulator was ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Connections taken.
    pub opens: u64,
    /// Sessions that began to play.
    pub plays: u64,
    /// Most connections in any one second.
    pub worst_opens_per_s: usize,
    /// Most connections in any one second at one station.
    pub worst_host_opens_per_s: usize,
    /// Pictures sent.
    pub frames: u64,
    /// Pictures left out for clients that do not keep up.
    pub dropped: u64,
    /// Pictures left out because the simulator itself came to them more than a second late: then
    /// the machine is too small or too busy, and a silence is not the cameras' doing.
    pub late: u64,
}

/// Events of the last second, and the most there ever were in one.
#[derive(Debug, Default)]
pub(super) struct Rate {
    times: VecDeque<Mono>,
}

impl Rate {
    /// Counts an event; gives how many there were in the second that ends with it.
    pub(super) fn count(&mut self, now: Mono) -> usize {
        let second = Duration::from_secs(1);
        while self.times.front().is_some_and(|first| now.since(*first) >= second) {
            self.times.pop_front();
        }
        self.times.push_back(now);
        self.times.len()
    }
}

/// A line of `--stats`.
#[derive(Serialize)]
struct StatsLine {
    t_ms: u64,
    connections: usize,
    sessions: usize,
    frames_per_s: f64,
    #[serde(flatten)]
    totals: Totals,
}

/// A line of `--log-opens`.
#[derive(Serialize)]
pub(super) struct OpensLine<'a> {
    /// Since the simulator was ready.
    pub(super) t_ms: u64,
    pub(super) station: StationId,
    /// `open`, `request` or `close`.
    pub(super) event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
}

/// A file of lines.
pub(super) struct Lines {
    path: PathBuf,
    file: BufWriter<File>,
    is_dirty: bool,
}

impl Lines {
    /// Begins a file, over one that is there.
    pub(super) fn begin(path: &Path) -> Result<Self, SimulateError> {
        let file = File::create(path)
            .map_err(|source| SimulateError::File { path: path.to_owned(), source })?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file), is_dirty: false })
    }

    pub(super) fn write(&mut self, line: &impl Serialize) -> Result<(), SimulateError> {
        self.is_dirty = true;
        serde_json::to_writer(&mut self.file, line)
            .map_err(std::io::Error::from)
            .and_then(|()| self.file.write_all(b"\n"))
            .map_err(|source| SimulateError::File { path: self.path.clone(), source })
    }

    /// Lets readers see what was written.
    pub(super) fn flush(&mut self) -> Result<(), SimulateError> {
        if !std::mem::take(&mut self.is_dirty) {
            return Ok(());
        }
        let flushed = self.file.flush();
        flushed.map_err(|source| SimulateError::File { path: self.path.clone(), source })
    }
}

/// Between two lines of `--stats`.
pub(super) const STATS_EVERY: Duration = Duration::from_secs(10);

/// All counters and files.
pub(super) struct Books {
    pub(super) totals: Totals,
    opens: Rate,
    stats: Option<Lines>,
    log: Option<Lines>,
    /// `None` until the count begins.
    began: Option<Mono>,
    frames_before: u64,
    told_at: Mono,
    next_stats: Mono,
}

impl Books {
    pub(super) fn open(
        stats: Option<&Path>,
        log: Option<&Path>,
        now: Mono,
    ) -> Result<Self, SimulateError> {
        Ok(Self {
            totals: Totals::default(),
            opens: Rate::default(),
            stats: stats.map(Lines::begin).transpose()?,
            log: log.map(Lines::begin).transpose()?,
            began: None,
            frames_before: 0,
            told_at: now,
            next_stats: now + STATS_EVERY,
        })
    }

    /// The count begins.
    pub(super) fn begin(&mut self, now: Mono) {
        self.totals = Totals::default();
        self.opens = Rate::default();
        self.began = Some(now);
        self.frames_before = 0;
        self.told_at = now;
        self.next_stats = now + STATS_EVERY;
    }

    /// When the next line of `--stats` is due.
    pub(super) fn due(&self) -> Mono {
        self.next_stats
    }

    /// A connection came to a station, the so-manieth of its last second.
    pub(super) fn opened(
        &mut self,
        station: StationId,
        at_host: usize,
        now: Mono,
    ) -> Result<(), SimulateError> {
        self.totals.opens += 1;
        let all = self.opens.count(now);
        self.totals.worst_opens_per_s = self.totals.worst_opens_per_s.max(all);
        self.totals.worst_host_opens_per_s = self.totals.worst_host_opens_per_s.max(at_host);
        self.note(station, "open", None, None, now)
    }

    /// Writes a line of `--log-opens`.
    pub(super) fn note(
        &mut self,
        station: StationId,
        event: &str,
        method: Option<&str>,
        status: Option<u16>,
        now: Mono,
    ) -> Result<(), SimulateError> {
        // The first request to each stream is our own.
        let Some(began) = self.began else { return Ok(()) };
        let t_ms = millis(now.since(began));
        let line = OpensLine { t_ms, station, event, method, status };
        self.log.as_mut().map_or(Ok(()), |log| log.write(&line))
    }

    /// Writes a line of `--stats`.
    pub(super) fn tell(
        &mut self,
        connections: usize,
        sessions: usize,
        now: Mono,
    ) -> Result<(), SimulateError> {
        let span = now.since(self.told_at).as_secs_f64();
        let frames_per_s = (self.totals.frames - self.frames_before) as f64 / span.max(0.001);
        self.frames_before = self.totals.frames;
        self.told_at = now;
        self.next_stats = now + STATS_EVERY;
        let line = StatsLine {
            t_ms: millis(now.since(self.began.unwrap_or(now))),
            connections,
            sessions,
            frames_per_s: (frames_per_s * 10.0).round() / 10.0,
            totals: self.totals,
        };
        self.stats.as_mut().map_or(Ok(()), |stats| stats.write(&line))
    }

    /// Lets readers see what was written.
    pub(super) fn flush(&mut self) -> Result<(), SimulateError> {
        self.stats.as_mut().map_or(Ok(()), Lines::flush)?;
        self.log.as_mut().map_or(Ok(()), Lines::flush)
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Mono {
        Mono::from_micros(ms * 1000)
    }

    #[test]
    fn the_worst_second_is_any_second() {
        let mut rate = Rate::default();
        let counts: Vec<usize> =
            [0, 900, 950, 999, 1000, 1899, 1900, 5000].map(|ms| rate.count(at(ms))).to_vec();
        assert_eq!(counts, [1, 2, 3, 4, 4, 5, 5, 1]);
    }

    #[test]
    fn the_files_are_json_lines() {
        let dir = tempfile::tempdir().unwrap();
        let [stats, log] = ["stats", "log"].map(|name| dir.path().join(name));
        let mut books = Books::open(Some(&stats), Some(&log), at(0)).unwrap();
        books.opened(StationId::new(1, 1), 1, at(400)).unwrap();
        books.begin(at(500));
        let station = StationId::new(57, 12);
        books.opened(station, 1, at(1500)).unwrap();
        books.note(station, "request", Some("PLAY"), Some(200), at(1600)).unwrap();
        books.totals.frames = 150;
        books.tell(1, 1, at(10_500)).unwrap();
        books.flush().unwrap();
        assert_eq!(
            std::fs::read_to_string(log).unwrap(),
            "{\"t_ms\":1000,\"station\":\"57/12\",\"event\":\"open\"}\n\
             {\"t_ms\":1100,\"station\":\"57/12\",\"event\":\"request\",\"method\":\"PLAY\",\"status\":200}\n"
        );
        let line: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(stats).unwrap()).unwrap();
        assert_eq!(line["frames_per_s"], 15.0);
        assert_eq!((&line["opens"], &line["sessions"]), (&1.into(), &1.into()));
    }
}
