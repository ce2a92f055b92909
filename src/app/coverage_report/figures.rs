//! The figures of a report: of the country, of each district and station, and of each stage.

use std::collections::BTreeMap;
use std::ops::Range;

use super::alarms::Alarm;
use crate::health::State;
use crate::model::DistrictNo;
use crate::model::day::Stage;
use crate::record::Cause;
use crate::record::ledger::{Country, Line, Span, StationLedger, Sums, Watched};

/// What of a picture is suspected, in the order of [`Figures::pictures`].
pub(super) const SUSPECTED: [State; 3] = [State::Black, State::Frozen, State::Covered];

const HOUR_US: i64 = 3_600_000_000;

/// How often, and how long together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) count: u64,
    pub(super) us: i64,
}

/// What is known of some hours of some stations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures {
    /// The ledger's sums.
    pub(super) sums: Sums,
    /// How many gaps of each cause are listed, in the order of [`Cause::ALL`].
    pub(super) gaps: [u64; Cause::ALL.len()],
    /// Troubles of the picture, in the order of [`SUSPECTED`].
    pub(super) pictures: [Times; 3],
    /// How long alarms waited for an answer, in order.
    pub(super) waited_us: Vec<i64>,
    /// Alarms that have left the list without an answer.
    pub(super) never: u64,
    /// Alarms that wait for one still.
    pub(super) waiting: u64,
}

impl Figures {
    pub(super) fn alarms(&self) -> u64 {
        self.waited_us.len() as u64 + self.never + self.waiting
    }

    /// The shortest time within which `per_cent` of the answers came.
    pub(super) fn within_us(&self, per_cent: usize) -> Option<i64> {
        let nth = (self.waited_us.len() * per_cent).div_ceil(100);
        self.waited_us.get(nth.saturating_sub(1)).copied()
    }

    fn alarm(&mut self, alarm: &Alarm) {
        match alarm.waited_us() {
            Some(us) => self.waited_us.push(us),
            None if alarm.closed => self.never += 1,
            None => self.waiting += 1,
        }
    }

    fn picture(&mut self, watched: &Watched, within: Span) {
        let us = watched.span.within(within).len_us();
        let place = SUSPECTED.iter().position(|&state| state == watched.state);
        if let Some(times) = place.map(|place| &mut self.pictures[place]).filter(|_| us > 0) {
            times.count += 1;
            times.us += us;
        }
    }

    /// Adds another's; alarms are not added, for many may share one.
    fn add(&mut self, other: &Self) {
        self.sums.add(&other.sums);
        for (sum, more) in self.gaps.iter_mut().zip(other.gaps) {
            *sum += more;
        }
        for (sum, more) in self.pictures.iter_mut().zip(other.pictures) {
            sum.count += more.count;
            sum.us += more.us;
        }
    }
}

/// The whole hours, and each stage of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) whole: Figures,
    pub(super) stages: BTreeMap<Stage, Figures>,
    /// The last alarm that was counted in all of it, and in each stage: a group counts once.
    counted: Option<usize>,
    counted_in: BTreeMap<Stage, usize>,
}

impl Part {
    fn of(ledger: &StationLedger) -> Self {
        let whole = figures(ledger, ledger.hours, ledger.sums);
        let mut part = Self { whole, ..Self::default() };
        for (hours, sums) in &ledger.stages {
            if let Some(stage) = hours.stage {
                part.stages.insert(stage, figures(ledger, hours.span, *sums));
            }
        }
        part
    }

    fn add(&mut self, other: &Self) {
        self.whole.add(&other.whole);
        for (stage, figures) in &other.stages {
            self.stages.entry(*stage).or_default().add(figures);
        }
    }

    fn alarm(&mut self, number: usize, alarm: &Alarm, stage: Option<Stage>) {
        if self.counted.replace(number) != Some(number) {
            self.whole.alarm(alarm);
        }
        if let Some(stage) = stage
            && self.counted_in.insert(stage, number) != Some(number)
        {
            self.stages.entry(stage).or_default().alarm(alarm);
        }
    }

    fn sort(&mut self) {
        self.whole.waited_us.sort_unstable();
        self.stages.values_mut().for_each(|figures| figures.waited_us.sort_unstable());
    }
}

fn figures(ledger: &StationLedger, within: Span, sums: Sums) -> Figures {
    let mut figures = Figures { sums, ..Figures::default() };
    for gap in ledger.gaps().filter(|gap| !gap.span.within(within).is_empty()) {
        figures.gaps[gap.cause as usize] += 1;
    }
    for watched in &ledger.tracks.pictures {
        figures.picture(watched, within);
    }
    figures
}

/// A district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct District {
    pub(super) number: DistrictNo,
    pub(super) part: Part,
    /// Which of the stations are its.
    pub(super) stations: Range<usize>,
    /// Its coverage in each of the report's hours.
    pub(super) by_hour: Vec<Sums>,
}

/// All figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AllFigures {
    pub(super) country: Part,
    pub(super) by_hour: Vec<Sums>,
    pub(super) districts: Vec<District>,
    /// In the order of the ledger.
    pub(super) stations: Vec<Part>,
    /// When each of the hours begins that the drawings show.
    pub(super) hours: Vec<i64>,
    /// From the first hour of a station to the last.
    pub(super) span: Span,
}

/// From the first station's hours to the last one's.
pub(super) fn span_of(country: &Country) -> Span {
    let spans = country.stations.iter().map(|ledger| ledger.hours).filter(|span| !span.is_empty());
    let both = |a: Span, b: Span| Span::new(a.from_us.min(b.from_us), a.to_us.max(b.to_us));
    spans.reduce(both).unwrap_or_default()
}

impl AllFigures {
    /// `first_hour_us` is when the local hour begins in which the span does.
    pub(super) fn new(country: &Country, alarms: &[Alarm], first_hour_us: i64) -> Self {
        let span = span_of(country);
        let step = usize::try_from(HOUR_US).unwrap_or(usize::MAX);
        let hours: Vec<i64> = (first_hour_us..span.to_us).step_by(step).collect();
        let mut all = Self { hours, span, ..Self::default() };
        all.by_hour = vec![Sums::default(); all.hours.len()];
        for (place, ledger) in country.stations.iter().enumerate() {
            let part = Part::of(ledger);
            all.country.add(&part);
            let number = ledger.station.district;
            if all.districts.last().is_none_or(|last| last.number != number) {
                let by_hour = vec![Sums::default(); all.hours.len()];
                let (part, stations) = (Part::default(), place..place);
                all.districts.push(District { number, part, stations, by_hour });
            }
            if let Some(district) = all.districts.last_mut() {
                district.stations.end = place + 1;
                district.part.add(&part);
                add_hours(&mut district.by_hour, ledger, first_hour_us);
            }
            all.stations.push(part);
        }
        for district in &all.districts {
            for (sum, more) in all.by_hour.iter_mut().zip(&district.by_hour) {
                sum.add(more);
            }
        }
        for (number, alarm) in alarms.iter().enumerate() {
            all.alarm(country, number, alarm);
        }
        all.country.sort();
        all.districts.iter_mut().for_each(|district| district.part.sort());
        all.stations.iter_mut().for_each(Part::sort);
        all
    }

    /// Counts an alarm with each of its stations in whose hours it was raised.
    fn alarm(&mut self, country: &Country, number: usize, alarm: &Alarm) {
        let at_us = alarm.raised.as_micros();
        let within = |span: Span| (span.from_us..span.to_us).contains(&at_us);
        for station in &alarm.stations {
            let found = country.stations.binary_search_by_key(station, |ledger| ledger.station);
            let Ok(place) = found else { continue };
            let ledger = &country.stations[place];
            if !within(ledger.hours) {
                continue;
            }
            let stage = ledger.stages.iter().find(|(hours, _)| within(hours.span));
            let stage = stage.and_then(|(hours, _)| hours.stage);
            self.stations[place].alarm(number, alarm, stage);
            self.country.alarm(number, alarm, stage);
            let number_of = |district: &District| district.number;
            let found = self.districts.binary_search_by_key(&station.district, number_of);
            if let Ok(district) = found {
                self.districts[district].part.alarm(number, alarm, stage);
            }
        }
    }
}

/// Adds a station's lines to the hours they lie in.
fn add_hours(by_hour: &mut [Sums], ledger: &StationLedger, first_hour_us: i64) {
    for line in &ledger.lines {
        let (span, is_gap) = (line.span(), matches!(line, Line::Gap(_)));
        let first = usize::try_from((span.from_us - first_hour_us) / HOUR_US).unwrap_or(0);
        for (place, sums) in by_hour.iter_mut().enumerate().skip(first) {
            let from_us = first_hour_us + i64::try_from(place).unwrap_or(0) * HOUR_US;
            if from_us >= span.to_us {
                break;
            }
            let us = span.within(Span::new(from_us, from_us + HOUR_US)).len_us();
            sums.hours_us += us;
            if is_gap {
                sums.gap_us += us;
            }
        }
    }
}
