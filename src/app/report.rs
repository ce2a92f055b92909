//! `--print-states` and the status lines of `watch`: what is known, as lines on standard output:
//! one for each change of a station's state, and now and then a summary.
//!
//! It reads the same [`Known`] that the wall is painted from, so it can't say anything else than
//! the screen does. For people without a display (the demo on a server), for scripts, and for the tests of
//! the whole program. Lines go through a thread of their own: a pipe that nobody reads loses
//! lines, which are counted, and never holds up the wall.

mod lines;

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::args::Print;
use super::ending::Ending;
use super::recording::Progress;
use super::watcher::Known;
use crate::clock::Mono;
use crate::health::{State, Trouble};
use crate::ingest::Totals;
use crate::model::{StationId, StationList};
use crate::text::Text;

pub(super) use lines::{Tile, counted};

/// Between two summaries, where changes are told as well.
const SUMMARY_EVERY: Duration = Duration::from_secs(10);

/// Between two summaries that are all there is: a line a minute is nothing that a log of the
/// system would drown in.
const STATUS_EVERY: Duration = Duration::from_secs(60);

/// Lines that may wait for whoever reads them: more than a change of every station at once.
const WAITING_LINES: usize = 20_000;

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Every change, and summaries.
    Changes,
    /// Summaries.
    Status,
}

pub(super) struct Report {
    print: Print,
    detail: Detail,
    text: Arc<Text>,
    began: Mono,
    next_summary: Mono,
    passes: u64,
    last: HashMap<StationId, (State, Option<Trouble>)>,
    lost_lines: u64,
    /// How recording goes, for programs and for people.
    recording: Option<(lines::Recorded, String)>,
    lines: Sender<String>,
    /// Disconnects when the last line is written.
    written: Receiver<Infallible>,
}

impl Report {
    /// Begins to write to standard output.
    pub(super) fn start(
        print: Print,
        detail: Detail,
        text: Arc<Text>,
        now: Mono,
    ) -> anyhow::Result<Self> {
        let (lines, to_write) = bounded(WAITING_LINES);
        let (writes, written) = bounded(0);
        std::thread::Builder::new()
            .name("print-states".into())
            .spawn(move || {
                write(&mut io::stdout(), &to_write);
                drop::<Sender<Infallible>>(writes);
            })
            .context("cannot start a thread")?;
        Ok(Self {
            print,
            detail,
            text,
            began: now,
            next_summary: now + SUMMARY_EVERY,
            passes: 0,
            last: HashMap::new(),
            lost_lines: 0,
            recording: None,
            lines,
            written,
        })
    }

    /// Tells what has changed since the last look. The sums and the tiles on screen are asked for
    /// when they are to be told.
    pub(super) fn tell(
        &mut self,
        known: &Known,
        list: &StationList,
        totals: impl FnOnce() -> Totals,
        tiles: impl FnOnce() -> Vec<Tile>,
    ) {
        self.passes += 1;
        if self.detail == Detail::Changes {
            for (station, verdict) in &known.stations {
                let now = (verdict.state, verdict.trouble.clone());
                if self.last.get(station) != Some(&now) {
                    self.last.insert(*station, now);
                    let (print, text, began) = (self.print, &self.text, self.began);
                    let line = lines::change(
                        print,
                        text,
                        began,
                        (known.now, known.wall),
                        *station,
                        verdict,
                    );
                    self.send(line);
                }
            }
        }
        if known.now >= self.next_summary {
            self.summarise(known, list, totals(), tiles());
        }
    }

    /// How recording of so many stations goes, told with the next sums.
    pub(super) fn recording(&mut self, progress: &Progress, wanted: usize, said: String) {
        self.recording = Some((lines::Recorded::of(progress, wanted), said));
    }

    /// How recording goes, as people were told.
    pub(super) fn recorded(&self) -> Option<&str> {
        self.recording.as_ref().map(|(_, said)| said.as_str())
    }

    /// Tells the sums now, whenever they were told last.
    pub(super) fn summarise(
        &mut self,
        known: &Known,
        list: &StationList,
        totals: Totals,
        tiles: Vec<Tile>,
    ) {
        self.next_summary = known.now
            + match self.detail {
                Detail::Changes => SUMMARY_EVERY,
                Detail::Status => STATUS_EVERY,
            };
        let recording = self.recording.as_ref().map(|(recorded, _)| recorded);
        let sums =
            lines::Sums { passes: self.passes, lost_lines: self.lost_lines, totals, recording };
        let line = match self.print {
            Print::Json => lines::summary(self.began, known, tiles, &sums),
            Print::Text => {
                let age = Text::counter(known.now.since(self.began));
                let said = self.recording.as_ref().map(|(_, said)| format!("; {said}"));
                let counted = lines::counted(&self.text, known, list);
                format!("{age:>8}  {counted}{}", said.unwrap_or_default())
            }
        };
        self.send(line);
    }

    fn send(&mut self, line: String) {
        match self.lines.try_send(line) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => self.lost_lines += 1,
        }
    }

    /// No more lines: what is left is being written.
    pub(super) fn end(self) -> Ending {
        let Self { written, lines, .. } = self;
        drop(lines);
        Ending::new("print-states", "nobody reads what is printed", written)
    }
}

/// Until nobody sends any more, or nobody reads.
fn write(out: &mut dyn Write, lines: &Receiver<String>) {
    for line in lines {
        let told = writeln!(out, "{line}");
        if told.and_then(|()| if lines.is_empty() { out.flush() } else { Ok(()) }).is_err() {
            return;
        }
    }
}
