//! What the journal tells the ledger: runs, states, work at stations, what was asked for, what was on
//! a screen.
//!
//! Its rows are in the machine's civil time, which may have been set; everything in here is on the
//! recording's timeline.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::json;

use super::causes::{of_guard, of_state};
use super::source::{Alive, Scope};
use super::span::{Span, joined, micros, rest};
use super::steps::Steps;
use super::tracks::{Shown, Watched};
use super::witness::Witness;
use crate::clock::WallTime;
use crate::health::State;
use crate::journal::read::{Filter, Reader, Record, Run};
use crate::journal::{Event, JournalError, Kind};
use crate::model::StationId;
use crate::record::catalogue::Incident;
use crate::record::cause::Cause;
use crate::record::limits::{AFTERMATH, STILL_ALIVE};

/// What ended a window within this was another window in its place.
const REPLACED_WITHIN_US: i64 = 2_000_000;

/// Kinds of rows that say something about a moment by themselves or with the rows of their run.
const KINDS: [Kind; 5] =
    [Kind::State, Kind::GuardBegan, Kind::GuardEnded, Kind::Recording, Kind::Shown];

/// A run of the program and its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RunSpan {
    pub(super) id: String,
    command: String,
    pub(super) span: Span,
    /// Whether it ended in an orderly way, where that was written down.
    stopped: Option<bool>,
}

/// Recording was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    span: Span,
    /// Of whom; all without it.
    stations: Option<BTreeSet<StationId>>,
}

/// What is wanted of a journal, and what is known without it.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Of when.
    pub within: Span,
    /// Of whom.
    pub scope: Scope,
    /// How long runs were at work that never said when they ended.
    pub alive: &'a [Alive],
    /// How the clock was set meanwhile.
    pub incidents: &'a [Incident],
    /// The moment of the question, in microseconds of UTC.
    pub now_us: i64,
}

/// A row with its moment on the timeline.
struct Row {
    at_us: i64,
    event: Option<Event>,
    record: Record,
}

impl Row {
    fn station(&self, scope: Scope) -> Option<StationId> {
        let station = self.record.station.as_ref()?.parse().ok();
        station.filter(|&station| scope.has(station))
    }

    /// A moment that the row names, on the timeline.
    fn moment_us(&self, utc_us: i64) -> i64 {
        utc_us.saturating_add(self.at_us - self.record.utc.as_micros())
    }
}

/// What was written down of some hours. The default knows nothing, not even when a program ran.
#[derive(Clone, Debug, Default)]
pub struct Journalled {
    /// Whether outside of `runs` no program ran.
    runs_known: bool,
    runs: Vec<RunSpan>,
    asked: Vec<Asked>,
    states: BTreeMap<StationId, Vec<Watched>>,
    witnesses: BTreeMap<StationId, Vec<Witness>>,
    everywhere: Vec<Witness>,
    shown: BTreeMap<StationId, Vec<Shown>>,
}

impl Journalled {
    /// Reads it from a journal.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn read(reader: &Reader, look: &Look<'_>) -> Result<Self, JournalError> {
        let station = match look.scope {
            Scope::Station(station) => Some(station),
            Scope::Country | Scope::District(_) => None,
        };
        let runs = reader.runs()?;
        // What stood when the hours began was written down earlier in the same run.
        let begun = runs.iter().map(|run| run.from);
        let since = begun.filter(|from| from.as_micros() <= look.within.from_us).max();
        let since = since.unwrap_or(WallTime::from_micros(look.within.from_us));
        let read = |station, kinds: &[Kind], since| {
            let (filter, mut rows) = (Filter { station, kinds: kinds.to_vec(), since }, Vec::new());
            reader.each(&filter, |row| {
                rows.push(row);
                Ok::<_, JournalError>(())
            })?;
            Ok::<_, JournalError>(rows)
        };
        // What happens to everybody names no station.
        let own = [Kind::State, Kind::Shown, Kind::MaintenanceBegan, Kind::MaintenanceEnded];
        let mut rows = Vec::new();
        for kind in KINDS {
            let station = station.filter(|_| own.contains(&kind));
            rows.extend(read(station, &[kind], Some(since))?);
        }
        rows.sort_by_key(|row| row.seq);
        let work = read(station, &[Kind::MaintenanceBegan, Kind::MaintenanceEnded], None)?;
        Ok(Self::of(runs, &rows, &work, look))
    }

    /// What is known without a journal: when a recorder was at work, and that none was otherwise.
    pub fn without_journal(look: &Look<'_>) -> Self {
        Self::of(Vec::new(), &[], &[], look)
    }

    /// The same from rows that were read: of all kinds but of work, and of work, each in order.
    pub(super) fn of(runs: Vec<Run>, rows: &[Record], work: &[Record], look: &Look<'_>) -> Self {
        let steps = Steps::new(look.incidents);
        let on_timeline = |row: &Record| Row {
            at_us: steps.timeline_us(&row.run, row.mono, row.utc),
            event: row.event(),
            record: row.clone(),
        };
        let rows: Vec<Row> = rows.iter().map(on_timeline).collect();
        let work: Vec<Row> = work.iter().map(on_timeline).collect();
        let runs = spans_of(runs, &rows, &steps, look);
        let mut told = Self { runs_known: true, runs, ..Self::default() };
        told.take_states(&rows, look.scope);
        told.take_guards(&rows);
        told.take_asked(&rows, look.alive);
        told.take_shown(&rows, look.scope);
        told.take_work(&work, look.scope, look.now_us);
        told
    }

    /// When a run was over; `None` for a run that is not known.
    fn end_of(&self, run: &str) -> Option<i64> {
        self.runs.iter().find(|known| known.id == run).map(|known| known.span.to_us)
    }

    fn take_states(&mut self, rows: &[Row], scope: Scope) {
        type Feed<'a> = (StationId, Option<&'a str>, &'a str);
        let mut present: HashMap<Feed<'_>, (Watched, Option<Witness>)> = HashMap::new();
        for row in rows {
            let Some(Event::State { to, trouble, since_utc_us, evidence, .. }) = &row.event else {
                continue;
            };
            let (Some(station), Some(state)) = (row.station(scope), State::of_code(to)) else {
                continue;
            };
            let feed = (station, row.record.feed.as_deref(), row.record.run.as_str());
            let before = present.remove(&feed);
            // What was well until it was lost was lost with its last picture, not when that was
            // noticed.
            let was_well = before.as_ref().is_none_or(|(was, _)| !was.state.is_trouble());
            let since_us = since_utc_us.filter(|_| was_well && state.is_trouble());
            let not_before = before.as_ref().map_or(i64::MIN, |(was, _)| was.span.from_us);
            let from_us = since_us.map_or(row.at_us, |since| row.moment_us(since).min(row.at_us));
            let from_us = from_us.max(not_before);
            if let Some(before) = before {
                self.keep(station, before, from_us);
            }
            let span = Span::new(from_us, from_us);
            let witness = of_state(to, trouble.as_deref(), evidence).map(|cause| Witness {
                cause,
                span,
                evidence: json!({
                    "journal": row.record.seq, "state": to, "trouble": trouble, "measured": evidence,
                }),
            });
            present.insert(feed, (Watched { span, state }, witness));
        }
        let mut left: Vec<_> = present.into_iter().collect();
        left.sort_by_key(|(feed, _)| *feed);
        for ((station, _, run), state) in left {
            let end_us = self.end_of(run).unwrap_or(state.0.span.from_us);
            self.keep(station, state, end_us);
        }
        for states in self.states.values_mut() {
            states.sort_by_key(|watched| watched.span);
        }
    }

    fn keep(
        &mut self,
        station: StationId,
        (mut watched, witness): (Watched, Option<Witness>),
        to_us: i64,
    ) {
        watched.span.to_us = to_us;
        if watched.span.is_empty() {
            return;
        }
        if let Some(witness) = witness {
            let witness = Witness { span: watched.span, ..witness };
            self.witnesses.entry(station).or_default().push(witness);
        }
        let states = self.states.entry(station).or_default();
        match states.last_mut() {
            Some(last)
                if last.state == watched.state && last.span.to_us == watched.span.from_us =>
            {
                last.span.to_us = to_us;
            }
            _ => states.push(watched),
        }
    }

    fn take_guards(&mut self, rows: &[Row]) {
        let mut open: BTreeMap<(&str, &str), Witness> = BTreeMap::new();
        for row in rows {
            match &row.event {
                Some(Event::GuardBegan { why }) => {
                    let Some(cause) = of_guard(why) else { continue };
                    let evidence = json!({ "journal": row.record.seq, "guard": why });
                    let witness =
                        Witness { cause, span: Span::new(row.at_us, row.at_us), evidence };
                    open.entry((&row.record.run, why)).or_insert(witness);
                }
                Some(Event::GuardEnded { why, .. }) => {
                    if let Some(mut witness) = open.remove(&(row.record.run.as_str(), why.as_str()))
                    {
                        witness.span.to_us = row.at_us;
                        self.everywhere.push(witness);
                    }
                }
                _ => {}
            }
        }
        for ((run, _), mut witness) in open {
            witness.span.to_us = self.end_of(run).unwrap_or(witness.span.from_us);
            self.everywhere.push(witness);
        }
    }

    fn take_asked(&mut self, rows: &[Row], alive: &[Alive]) {
        for run in &self.runs {
            let mut asked: Vec<Asked> = Vec::new();
            let mut told = false;
            for row in rows.iter().filter(|row| row.record.run == run.id) {
                let Some(Event::Recording { on, stations, .. }) = &row.event else { continue };
                told = true;
                if let Some(last) = asked.last_mut() {
                    last.span.to_us = last.span.to_us.min(row.at_us);
                }
                if *on {
                    let stations = stations.as_ref();
                    let stations =
                        stations.map(|ids| ids.iter().filter_map(|id| id.parse().ok()).collect());
                    asked.push(Asked { span: Span::new(row.at_us, run.span.to_us), stations });
                }
            }
            if !told {
                // Where nobody has written it down, a recorder that was at work was asked to be.
                let own = alive.iter().filter(|alive| alive.run == run.id);
                asked.extend(own.map(|alive| Asked { span: alive.span, stations: None }));
                for asked in &mut asked {
                    // What it has done last may not have been taken down any more.
                    if run.span.to_us - asked.span.to_us <= micros(AFTERMATH) {
                        asked.span.to_us = asked.span.to_us.max(run.span.to_us);
                    }
                }
            }
            // What lies between the start of a program and that of its recorder is the start.
            if let Some(first) = asked.first_mut()
                && first.span.from_us - run.span.from_us <= micros(AFTERMATH)
            {
                first.span.from_us = first.span.from_us.min(run.span.from_us);
            }
            self.asked.extend(asked);
        }
    }

    fn take_shown(&mut self, rows: &[Row], scope: Scope) {
        for row in rows {
            let Some(Event::Shown { from_utc_us, wall, width, height, stations }) = &row.event
            else {
                continue;
            };
            let span = Span::new(row.moment_us(*from_utc_us), row.at_us);
            let ids = stations.iter().filter_map(|id| id.parse().ok());
            for station in ids.filter(|&station| scope.has(station)) {
                let shown = Shown { span, wall: wall.clone(), size: (*width, *height) };
                self.shown.entry(station).or_default().push(shown);
            }
        }
        for shown in self.shown.values_mut() {
            shown.sort_by_key(|shown| shown.span);
        }
    }

    fn take_work(&mut self, rows: &[Row], scope: Scope, now_us: i64) {
        // Work that is being done, and whether it has taken the place of other work.
        let mut standing: BTreeMap<StationId, (Witness, bool)> = BTreeMap::new();
        for row in rows {
            let Some(station) = row.station(scope) else { continue };
            let at_us = row.at_us;
            match &row.event {
                Some(Event::MaintenanceBegan { until_utc_us, who, reason }) => {
                    let until_us = until_utc_us.map_or(i64::MAX, |until| row.moment_us(until));
                    let span = Span::new(at_us, until_us.min(now_us.max(at_us)));
                    let seq = row.record.seq;
                    let evidence = json!({ "journal": seq, "who": who, "reason": reason });
                    let witness = Witness { cause: Cause::Maintenance, span, evidence };
                    let before = standing.remove(&station);
                    standing.insert(station, (witness, before.is_some()));
                    self.work_ended(station, before.map(|(before, _)| before), at_us);
                }
                Some(Event::MaintenanceEnded { .. }) => {
                    let Some((witness, replaced)) = standing.remove(&station) else { continue };
                    if replaced && at_us - REPLACED_WITHIN_US <= witness.span.from_us {
                        // Of the one before, which is over already.
                        standing.insert(station, (witness, false));
                    } else {
                        self.work_ended(station, Some(witness), at_us);
                    }
                }
                _ => {}
            }
        }
        for (station, (witness, _)) in standing {
            self.work_ended(station, Some(witness), i64::MAX);
        }
    }

    fn work_ended(&mut self, station: StationId, work: Option<Witness>, at_us: i64) {
        if let Some(mut work) = work {
            work.span.to_us = work.span.to_us.min(at_us);
            self.witnesses.entry(station).or_default().push(work);
        }
    }

    /// When no program ran, `within` these hours.
    pub(super) fn down(&self, within: Span) -> Vec<Witness> {
        if !self.runs_known {
            return Vec::new();
        }
        let ran = joined(self.runs.iter().map(|run| run.span).collect());
        let tell = |span: Span| {
            let before = self.runs.iter().filter(|run| run.span.to_us <= span.from_us);
            let before = before.max_by_key(|run| run.span.to_us);
            let next = self.runs.iter().filter(|run| run.span.from_us >= span.to_us);
            let next = next.min_by_key(|run| run.span.from_us);
            let ended = before.and_then(|run| run.stopped);
            let ended = ended.map(|stopped| if stopped { "stopped" } else { "killed" });
            json!({
                "last_run": before.map(|run| run.id.as_str()),
                "ended": ended,
                "next_run": next.map(|run| run.id.as_str()),
            })
        };
        let down = rest(&ran, within).into_iter();
        down.map(|span| Witness { cause: Cause::ProcessDown, span, evidence: tell(span) }).collect()
    }

    /// When a program ran that was not asked to record this station.
    pub(super) fn not_asked(&self, station: StationId) -> Vec<Witness> {
        let of = |asked: &&Asked| {
            asked.stations.as_ref().is_none_or(|stations| stations.contains(&station))
        };
        let asked = joined(self.asked.iter().filter(of).map(|asked| asked.span).collect());
        let unasked = self.runs.iter().flat_map(|run| {
            let evidence = json!({ "run": run.id, "command": run.command });
            rest(&asked, run.span).into_iter().map(move |span| Witness {
                cause: Cause::NotRecording,
                span,
                evidence: evidence.clone(),
            })
        });
        unasked.collect()
    }

    pub(super) fn of_station(&self, station: StationId) -> &[Witness] {
        self.witnesses.get(&station).map_or(&[], Vec::as_slice)
    }

    pub(super) fn everywhere(&self) -> &[Witness] {
        &self.everywhere
    }

    pub(super) fn states(&self, station: StationId) -> &[Watched] {
        self.states.get(&station).map_or(&[], Vec::as_slice)
    }

    pub(super) fn shown(&self, station: StationId) -> &[Shown] {
        self.shown.get(&station).map_or(&[], Vec::as_slice)
    }
}

/// The runs with their ends: what they said, else how long they are known to have been at work.
fn spans_of(runs: Vec<Run>, rows: &[Row], steps: &Steps, look: &Look<'_>) -> Vec<RunSpan> {
    let newest = runs.len().saturating_sub(1);
    let mut spans: Vec<RunSpan> = Vec::with_capacity(runs.len());
    for (at, run) in runs.into_iter().enumerate() {
        let from_us = steps.timeline_us(&run.id, run.from_mono, run.from);
        let last_us = steps.timeline_us(&run.id, run.last_mono, run.last);
        let own = rows.iter().rev().filter(|row| row.record.run == run.id);
        let mut asked = own.filter_map(|row| match &row.event {
            Some(Event::Recording { on, .. }) => Some(*on),
            _ => None,
        });
        // One that has left off recording says no more how long it has been at work.
        let records = asked.next() != Some(false);
        let own = look.alive.iter().filter(|alive| alive.run == run.id);
        let worked_us = own.map(|alive| alive.span.to_us).max();
        let at_work = |end_us: i64| look.now_us - end_us <= micros(STILL_ALIVE);
        let to_us = match worked_us {
            _ if run.stopped => last_us,
            Some(end_us) if records && !(at == newest && at_work(end_us)) => end_us.max(last_us),
            // It writes nothing down for as long as nothing happens.
            end_us if at == newest => look.now_us.max(last_us).max(end_us.unwrap_or(i64::MIN)),
            end_us => last_us.max(end_us.unwrap_or(i64::MIN)),
        };
        let span = Span::new(from_us, to_us);
        let stopped = Some(run.stopped);
        spans.push(RunSpan { id: run.id, command: run.command, span, stopped });
    }
    // A journal that was lost takes its runs with it, but not what they have recorded.
    for alive in look.alive {
        if !spans.iter().any(|run| run.id == alive.run) {
            let (id, span) = (alive.run.clone(), alive.span);
            spans.push(RunSpan { id, command: String::new(), span, stopped: None });
        }
    }
    spans.sort_by_key(|run| run.span);
    spans
}
