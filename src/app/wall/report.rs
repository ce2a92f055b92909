//! `--print-states`: what the wall shows, as lines on standard output: one for each change of a
//! station's state, and now and then a summary.
//!
//! It reads the same [`Scene`] that is painted, so it can't say anything else than the screen
//! does. For people without a display (the demo on a server), for scripts, and for the tests of
//! the whole program. Lines go through a thread of their own: a pipe that nobody reads loses
//! lines, which are counted, and never holds up the wall.

mod lines;

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use crate::app::args::Print;
use crate::clock::Mono;
use crate::health::{State, Trouble};
use crate::model::StationId;
use crate::text::Text;
use crate::ui::Scene;

/// Between two summaries.
const SUMMARY_EVERY: Duration = Duration::from_secs(10);

/// Lines that may wait for whoever reads them: more than a change of every station at once.
const WAITING_LINES: usize = 20_000;

/// What was lost on the way to the screen, of all feeds since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// Pictures decoded for the screen.
    pub(super) decoded: u64,
    /// Pictures that a newer one replaced before they were painted.
    pub(super) replaced: u64,
    /// Units that a decoder never saw: it was too far behind, or no keyframe had come yet.
    pub(super) skipped: u64,
    /// Units that could not be decoded.
    pub(super) damaged: u64,
    /// Sessions and attempts that ended.
    pub(super) losses: u64,
}

pub(super) struct Report {
    print: Print,
    text: Arc<Text>,
    began: Mono,
    next_summary: Mono,
    passes: u64,
    last: HashMap<StationId, (State, Option<Trouble>)>,
    lost_lines: u64,
    lines: Sender<String>,
    /// Disconnects when the last line is written.
    written: Receiver<()>,
}

impl Report {
    /// Begins to write to standard output.
    pub(super) fn start(print: Print, text: Arc<Text>, now: Mono) -> anyhow::Result<Self> {
        let (lines, to_write) = bounded(WAITING_LINES);
        let (writes, written) = bounded(0);
        std::thread::Builder::new()
            .name("print-states".into())
            .spawn(move || {
                write(&mut io::stdout(), &to_write);
                drop(writes);
            })
            .context("cannot start a thread")?;
        Ok(Self {
            print,
            text,
            began: now,
            next_summary: now + SUMMARY_EVERY,
            passes: 0,
            last: HashMap::new(),
            lost_lines: 0,
            lines,
            written,
        })
    }

    /// Tells what has changed since the last pass. `page`: the stations on screen.
    pub(super) fn tell(
        &mut self,
        scene: &Scene,
        page: &[StationId],
        totals: impl FnOnce() -> Totals,
    ) {
        self.passes += 1;
        for station in &scene.list.stations {
            let Some(view) = scene.stations.get(&station.id) else { continue };
            let now = (view.assessment.state, view.assessment.trouble.clone());
            if self.last.get(&station.id) != Some(&now) {
                self.last.insert(station.id, now);
                let line = lines::change(self.print, &self.text, self.began, scene, station, view);
                self.send(line);
            }
        }
        if scene.now >= self.next_summary {
            self.next_summary = scene.now + SUMMARY_EVERY;
            let sums =
                lines::Sums { passes: self.passes, lost_lines: self.lost_lines, totals: totals() };
            let line = lines::summary(self.print, &self.text, self.began, scene, page, &sums);
            self.send(line);
        }
    }

    fn send(&mut self, line: String) {
        match self.lines.try_send(line) {
            Ok(()) => {}
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => self.lost_lines += 1,
        }
    }

    /// No more lines: what is left is being written.
    pub(super) fn close(self) -> Written {
        Written(self.written)
    }
}

/// The last lines of a closed report.
pub(super) struct Written(Receiver<()>);

impl Written {
    /// Waits until they are written, for at most `within`.
    pub(super) fn wait(&self, within: Duration) {
        // Nothing is ever sent: it ends with the thread, or with the time.
        let _ = self.0.recv_timeout(within);
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
