//! The ledger of many stations at once.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use serde_json::json;

use super::account::{AROUND, StageHours, StationLedger, account};
use super::configured::{ListFrom, not_configured};
use super::coverage::Sums;
use super::journalled::{Journalled, Look};
use super::source::{Alive, LedgerSource, Scope, SourceError};
use super::span::{Span, micros};
use super::tape::Tape;
use super::tracks::Tracks;
use super::witness::{CauseMap, Witness};
use crate::model::StationId;
use crate::model::day::{ElectionDay, Stage};
use crate::record::catalogue::{Incident, Opened};
use crate::record::cause::Cause;
use crate::record::limits::STILL_ALIVE;

/// The hours that are to be accounted for.
#[derive(Clone, Debug)]
pub struct Hours<'a> {
    day: &'a ElectionDay,
    date: Date,
    only: Option<Stage>,
}

impl<'a> Hours<'a> {
    /// Of the election day where `date` is that day, else of the civil day from midnight to midnight.
    pub const fn new(day: &'a ElectionDay, date: Date) -> Self {
        Self { day, date, only: None }
    }

    /// Of this stage alone; nobody has any hours then on a day that is not the election's.
    #[must_use]
    pub const fn only(self, stage: Option<Stage>) -> Self {
        Self { only: stage, ..self }
    }

    /// A station's, by stages.
    pub fn of(&self, station: StationId) -> Vec<StageHours> {
        let stages =
            if self.date == self.day.date { self.day.stages_of(Some(station)) } else { Vec::new() };
        if stages.is_empty() && self.only.is_none() {
            let (from, to) = self.day.civil_hours(self.date);
            return vec![StageHours { stage: None, span: Span::between(from, to) }];
        }
        let hours =
            |(stage, from, to)| StageHours { stage: Some(stage), span: Span::between(from, to) };
        let wanted = |stage: &StageHours| self.only.is_none() || stage.stage == self.only;
        stages.into_iter().map(hours).filter(wanted).collect()
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// Of when.
    pub hours: Hours<'a>,
    /// Of whom.
    pub scope: Scope,
    /// The lists that are kept, in their order: whoever was on one within the hours, or has a
    /// segment, is accounted for.
    pub lists: &'a [ListFrom],
    /// The moment of the question, in microseconds of UTC.
    pub now_us: i64,
}

/// The ledger of many stations.
#[derive(Clone, Debug)]
pub struct Country {
    /// Each station's, by district and number.
    pub stations: Vec<StationLedger>,
    /// When the machine's clock was set, and by how much.
    pub clock_steps: Vec<Incident>,
}

impl Country {
    /// All of them together.
    pub fn sums(&self) -> Sums {
        self.stations.iter().fold(Sums::default(), |mut sums, ledger| {
            sums.add(&ledger.sums);
            sums
        })
    }
}

/// Accounts for all that was asked. `journal` is asked for what was written down
/// ([`Journalled::read`]).
///
/// # Errors
/// What is recorded, or what was written down, cannot be read.
pub fn country<E: From<SourceError>>(
    ask: &Ask<'_>,
    source: &dyn LedgerSource,
    journal: impl FnOnce(&Look<'_>) -> Result<Journalled, E>,
) -> Result<Country, E> {
    let mut stations = listed(ask);
    let mut hours: HashMap<StationId, Vec<StageHours>> =
        stations.iter().map(|&station| (station, ask.hours.of(station))).collect();
    // Whoever is on no list may have other hours than these, but not another day.
    let civil = ask.hours.day.civil_hours(ask.hours.date);
    let spans = hours.values().flatten().map(|hours| hours.span);
    let within = spans.fold(Span::between(civil.0, civil.1), |all, span| {
        Span::new(all.from_us.min(span.from_us), all.to_us.max(span.to_us))
    });
    let asked = within.grown(AROUND);

    let mut tapes: HashMap<StationId, Tape> = HashMap::new();
    {
        let mut sorter = Sorter { tapes: &mut tapes, present: None };
        source.segments(asked, ask.scope, &mut |feed, piece| {
            sorter.tape(feed.station).add(piece);
        })?;
        sorter.put_back();
    }
    for station in tapes.keys() {
        if stations.insert(*station) {
            hours.insert(*station, ask.hours.of(*station));
        }
    }
    let unfinished = source.unfinished(asked, ask.scope)?;
    let incidents = source.incidents(asked, ask.scope)?;
    // Whoever was at work before may still be.
    let alive = source.alive(Span::new(i64::MIN, ask.now_us))?;
    let (scope, now_us) = (ask.scope, ask.now_us);
    let look = Look { within: asked, scope, alive: &alive, incidents: &incidents, now_us };
    let told = journal(&look)?;

    let down = told.down(Span::new(asked.from_us, asked.to_us.min(ask.now_us)));
    let off_list = not_configured(ask.lists, asked);
    let common: Vec<Witness> = {
        let own = incidents.iter().filter(|incident| incident.feed.is_none());
        own.map(Witness::from).chain(down).chain(told.everywhere().iter().cloned()).collect()
    };
    let mut own: HashMap<StationId, Vec<Witness>> = HashMap::new();
    for incident in &incidents {
        if let Some(feed) = incident.feed {
            own.entry(feed.station).or_default().push(incident.into());
        }
    }
    let mut begun: HashMap<StationId, Vec<&Opened>> = HashMap::new();
    for opened in &unfinished {
        begun.entry(opened.path.feed().station).or_default().push(opened);
    }
    let at_work = AtWork::of(&alive, ask.now_us);

    let mut ledgers = Vec::with_capacity(stations.len());
    for station in stations {
        let stages = &hours[&station];
        let mut tape = tapes.remove(&station).unwrap_or_default();
        let mut witnesses = own.remove(&station).unwrap_or_default();
        let (mut until_us, mut recording) = (at_work.until_us, false);
        for opened in begun.remove(&station).unwrap_or_default() {
            tape.add_picture(opened.first.utc_us);
            if at_work.is(&opened.run) {
                // What has come since is not in the catalogue yet.
                until_us = until_us.min(opened.first.utc_us);
                recording = true;
            } else {
                witnesses.extend(cut_short(opened, &alive));
            }
        }
        witnesses.extend(off_list(station));
        witnesses.extend(told.not_asked(station));
        let written = told.of_station(station).iter();
        let map = CauseMap::new(common.iter().chain(&witnesses).chain(written));
        let mut ledger = account(station, stages, until_us, &mut tape, &map);
        ledger.recording = recording;
        let accounted = Span::new(ledger.hours.from_us, ledger.until_us);
        ledger.tracks =
            Tracks::new(told.states(station), told.shown(station), tape.solids(), accounted);
        ledgers.push(ledger);
    }
    let clock_steps = incidents.into_iter().filter(|incident| incident.cause == Cause::ClockStep);
    Ok(Country { stations: ledgers, clock_steps: clock_steps.collect() })
}

/// Who was on a list within the hours.
fn listed(ask: &Ask<'_>) -> BTreeSet<StationId> {
    let (_, end) = ask.hours.day.civil_hours(ask.hours.date);
    let (from, _) = ask.hours.day.civil_hours(ask.hours.date);
    let ends = ask.lists.iter().skip(1).map(|list| list.from_us).chain([i64::MAX]);
    let valid = ask.lists.iter().zip(ends).filter(|(list, to_us)| {
        // The newest counts in any case: a day to come has its stations, too.
        *to_us == i64::MAX || (list.from_us < end.as_micros() && from.as_micros() < *to_us)
    });
    let all = valid.flat_map(|(list, _)| list.stations.iter().copied());
    all.filter(|&station| ask.scope.has(station)).collect()
}

/// Which recorder is at work now, and up to when what it has done is known.
struct AtWork<'a> {
    run: Option<&'a str>,
    until_us: i64,
}

impl<'a> AtWork<'a> {
    fn of(alive: &'a [Alive], now_us: i64) -> Self {
        let newest = alive.iter().max_by_key(|alive| alive.span.to_us);
        match newest.filter(|newest| now_us - newest.span.to_us <= micros(STILL_ALIVE)) {
            Some(newest) => {
                Self { run: Some(&newest.run), until_us: newest.span.to_us.min(now_us) }
            }
            None => Self { run: None, until_us: now_us },
        }
    }

    fn is(&self, run: &str) -> bool {
        self.run == Some(run)
    }
}

/// A segment whose program died while it was written: it counts when the next start has made it
/// whole.
fn cut_short(opened: &Opened, alive: &[Alive]) -> Option<Witness> {
    let run = alive.iter().filter(|alive| alive.run == opened.run);
    let end_us = run.map(|alive| alive.span.to_us).max()?;
    Some(Witness {
        cause: Cause::ProcessDown,
        span: Span::new(opened.first.utc_us, end_us),
        evidence: json!({ "unfinished": opened.path.to_string() }),
    })
}

/// Segments come feed by feed as a rule: the tape of the last one is kept at hand.
struct Sorter<'a> {
    tapes: &'a mut HashMap<StationId, Tape>,
    present: Option<(StationId, Tape)>,
}

impl Sorter<'_> {
    fn tape(&mut self, station: StationId) -> &mut Tape {
        if self.present.as_ref().is_none_or(|(present, _)| *present != station) {
            self.put_back();
        }
        let Self { tapes, present } = self;
        let taken =
            present.get_or_insert_with(|| (station, tapes.remove(&station).unwrap_or_default()));
        &mut taken.1
    }

    fn put_back(&mut self) {
        self.tapes.extend(self.present.take());
    }
}
