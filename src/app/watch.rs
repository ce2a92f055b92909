//! `pollwall watch`: receives every feed of the kept list without a window, tells what it finds,
//! and answers for it to whoever supervises it: systemd, Prometheus, an exit code.
//!
//! One loop looks at all feeds every [`LOOK_EVERY`]. Nothing is decoded for a screen.

mod pings;
mod service;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};

use self::service::Service;
use super::args::{Print, WatchArgs};
use super::duty::{self, Duty};
use super::ending::{Endings, STOP_WITHIN};
use super::imports::Imports;
use super::list_watch::{self, ListWatch};
use super::recording::{self, Recording};
use super::report::{Detail, Report, counted};
use super::watcher::{Known, LOOK_EVERY, Watcher};
use super::{descriptors, figures, signals};
use crate::clock::{Clock, Mono, SystemClock, lock};
use crate::config::data::DataDir;
use crate::config::list::ListStore;
use crate::config::record;
use crate::ingest::{self, Ingest};
use crate::journal::Journal;
use crate::metrics::{Board, Server};
use crate::model::StationList;
use crate::model::day::ElectionDay;
use crate::text::Text;
use crate::tr;

/// Faults to rehearse. The program has none; tests bring their own.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Each message holds the loop until the sender of what is in it is gone, as a lock that is
    /// never released would.
    pub hold: Option<Receiver<Receiver<Infallible>>>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Somebody asked it to.
    Asked,
    /// The time of `--once` is over: every station brings pictures and none is in trouble.
    Well,
    /// The time of `--once` is over, and some station is in trouble or has brought no picture.
    Trouble,
}

/// The figures are put on the board this often: they are asked for every few seconds.
const PUBLISH_EVERY: Duration = Duration::from_secs(1);

/// Runs until somebody asks it to end, or for as long as `--once` says. The caller owns the data
/// folder.
///
/// # Errors
/// The list cannot be read, the address of the figures cannot be opened, or the system gives no
/// threads.
pub fn run(
    args: &WatchArgs,
    text: &Arc<Text>,
    data: &DataDir,
    day: ElectionDay,
    faults: &Faults,
) -> anyhow::Result<Ended> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let (not_ending, ended) = bounded::<Infallible>(0);
    let not_ending = Mutex::new(Some(not_ending));
    signals::on_end(move || *lock(&not_ending) = None).context("cannot listen for signals")?;
    let store = ListStore::new(data);
    let list_watch::Loaded { version, list, sources } = list_watch::load(&store, data, text)?;
    if version == 0 && args.once.is_some() {
        anyhow::bail!(tr!(text, "watch-no-list").into_owned());
    }
    if let Some(chosen) = &args.records {
        recording::check(chosen, &list, text)?;
    }
    let board = Arc::<Board>::default();
    let figures = figures::serve(args.metrics, &board, &clock, text)?;
    let recorded = if args.records.is_some() { list.stations.len() } else { 0 };
    descriptors::make_room(sources.len(), recorded, text);
    // Nothing is shown, so nobody has to be woken.
    let nobody: ingest::Waker = Arc::new(|| ());
    let of = (version, &list);
    let command = if args.records.is_some() { "record" } else { "watch" };
    let journal = duty::begin(command, data, &day, of, sources.len(), Arc::clone(&nobody), text)?;
    let duty = Duty::start(data, journal.clone(), duty::operator(None), Arc::clone(&clock));
    let mut duty = duty.context("cannot start a thread")?;
    duty.put_down_settings(&day);
    duty.configuration().watch(args, text.lang());
    duty.configuration().list(version, &list, sources.len());
    let imports = Imports::new(journal.clone(), data.clone(), Arc::clone(&clock));
    let lists = ListWatch::start(store, data.clone(), version, imports, Arc::clone(&nobody))?;
    let list = Arc::new(list);
    let recording = match &args.records {
        None => None,
        Some(chosen) => {
            let config = record::load(&data.record_file());
            let config = config.map_err(|e| anyhow::anyhow!(e.explain(text)))?;
            let (journal, clock) = (journal.clone(), Arc::clone(&clock));
            let recording =
                Recording::start(data, day.clone(), config, journal, clock, Arc::clone(&nobody));
            let mut recording = recording.context("cannot start a thread")?;
            recording.take_list(&list);
            recording.choose(Some(chosen.clone()));
            Some(recording)
        }
    };
    let limits = ingest::Limits::default();
    let ingest = match &recording {
        None => Ingest::start(sources, limits, Arc::clone(&clock), nobody),
        Some(recording) => {
            let wanted = (BTreeSet::new(), recording.feeds().clone());
            let clock = Arc::clone(&clock);
            Ingest::start_recording(sources, wanted, limits, clock, nobody, recording.sink())
        }
    };
    let ingest = ingest.with_context(|| tr!(text, "wall-no-start").into_owned())?;
    duty.remind(&ingest, &list);
    let (print, detail) = match args.print {
        Some(print) => (print, Detail::Changes),
        None => (Print::Text, Detail::Status),
    };
    let began = clock.mono();
    let report = Report::start(print, detail, Arc::clone(text), began)?;
    let mut watch = Watch {
        watcher: Watcher::new(Arc::clone(&clock)),
        day,
        duty,
        journal,
        service: Service::start(began),
        text: Arc::clone(text),
        list,
        recording,
        next_figures: began,
        clock,
        ended,
        hold: faults.hold.clone(),
        lists,
        ingest,
        report,
        board,
        figures,
    };
    let ended = watch.go_round(args.once.map(|span| began + span));
    watch.close();
    Ok(ended)
}

struct Watch {
    clock: Arc<dyn Clock>,
    text: Arc<Text>,
    list: Arc<StationList>,
    lists: ListWatch,
    recording: Option<Recording>,
    ingest: Ingest,
    watcher: Watcher,
    day: ElectionDay,
    duty: Duty,
    journal: Journal,
    report: Report,
    service: Service,
    board: Arc<Board>,
    /// Answers from the board until it is dropped.
    figures: Option<Server>,
    next_figures: Mono,
    /// Disconnects when somebody asks it to end.
    ended: Receiver<Infallible>,
    hold: Option<Receiver<Receiver<Infallible>>>,
}

impl Watch {
    /// Looks again and again.
    fn go_round(&mut self, until: Option<Mono>) -> Ended {
        loop {
            let known = self.look();
            if until.is_some_and(|until| known.now >= until) {
                self.report.summarise(&known, &self.list, self.ingest.totals(), Vec::new());
                let failing = self.recording.as_ref().is_some_and(|r| r.progress().is_failing());
                let well = known.is_well() && !failing;
                return if well { Ended::Well } else { Ended::Trouble };
            }
            let mut next = known.now + LOOK_EVERY;
            if let Some(until) = until {
                next = next.min(until);
            }
            let wait = next.since(self.clock.mono());
            if self.ended.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected) {
                return Ended::Asked;
            }
        }
    }

    /// One look, and everybody is told.
    fn look(&mut self) -> Known {
        if let Some(held) = self.hold.as_ref().and_then(|hold| hold.try_recv().ok()) {
            // Nothing is ever sent.
            let _ = held.recv();
        }
        if let Some(loaded) = self.lists.fresh() {
            let (list, feeds) = (&loaded.list, loaded.sources.len());
            self.duty.configuration().list(loaded.version, list, feeds);
            self.list = Arc::new(loaded.list);
            self.ingest.replace(loaded.sources);
        }
        let mut known = self.watcher.look(&self.list, &self.ingest);
        if let Some(recording) = &mut self.recording {
            recording.look(&known, &self.list, &self.ingest);
            let progress = recording.progress();
            self.duty.recording_fails(progress.is_failing());
            let said = recording::said(&self.text, &progress, recording.feeds().len());
            self.report.recording(&progress, recording.feeds().len(), said);
        }
        self.duty.look(&mut known, &self.list, &self.day);
        self.report.tell(&known, &self.list, || self.ingest.totals(), Vec::new);
        if known.now >= self.next_figures {
            self.next_figures = known.now + PUBLISH_EVERY;
            let mut figures = self.watcher.figures(&known, &self.list, &self.ingest);
            self.duty.figures(&mut figures);
            figures.recording = self.recording.as_ref().and_then(|r| r.figures(known.now));
            self.board.publish(figures);
        }
        let status = || {
            let counted = counted(&self.text, &known, &self.list);
            let recorded = self.report.recorded().map(|said| format!("; {said}"));
            counted + recorded.as_deref().unwrap_or_default()
        };
        self.service.looked(known.now, self.ingest.pulse().beat, status);
        known
    }

    fn close(self) {
        self.service.stopping();
        let closing = self.clock.mono();
        drop(self.figures);
        let recording = self.recording.map(Recording::end);
        let within = recording.as_ref().map_or(STOP_WITHIN, |_| recording::CLOSE_WITHIN);
        let endings = Endings {
            within,
            writers: [self.lists.end()].into_iter().chain(recording).collect(),
            // The last lines are written while the rest ends.
            others: vec![self.report.end(), self.duty.end()],
            receiving: self.ingest.end(),
        };
        endings.wait(self.journal, closing, &*self.clock);
    }
}
