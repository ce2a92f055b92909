//! The election day and its stages: what ought to be happening in a station at a moment.
//!
//! Pure arithmetic on civil times; reading the file is `config::day`'s work. Stages may run past
//! midnight, and elapsed times are real time: an hour that a clock change repeats counts. What it
//! does not do: days of more than 24 hours, or several dates in one file. Anyone may call this.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};

use super::StationId;
use crate::clock::WallTime;

/// A part of the election day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The commission prepares; ballot boxes are shown empty and sealed.
    BeforeOpening,
    /// Doors open, people vote.
    Voting,
    /// The results are established.
    Counting,
    /// The protocol of results is filled in.
    Protocol,
    /// Nothing more is to be watched.
    Closed,
}

impl Stage {
    /// All five, in the order of the day.
    pub const ALL: [Stage; 5] =
        [Stage::BeforeOpening, Stage::Voting, Stage::Counting, Stage::Protocol, Stage::Closed];

    /// Its name in files: `before_opening`, `voting`, `counting`, `protocol`, `closed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeOpening => "before_opening",
            Self::Voting => "voting",
            Self::Counting => "counting",
            Self::Protocol => "protocol",
            Self::Closed => "closed",
        }
    }
}

/// When each stage begins, as civil times of the election day. Made by [`StageTimes::new`] only,
/// so that the order always holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageTimes {
    /// Days after the election date (0 or 1) and civil time, in the order of [`Stage::ALL`].
    begins: [(i8, Time); 5],
}

/// Why five times make no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageOrder {
    /// Two neighbouring stages begin at the same moment.
    #[error("{} and {} begin at the same time", .0.as_str(), .1.as_str())]
    Same(Stage, Stage),
    /// A stage begins before the one that precedes it, where that cannot mean "after midnight".
    #[error("{} begins before {}", .1.as_str(), .0.as_str())]
    Backwards(Stage, Stage),
}

impl StageTimes {
    /// The five beginnings in the order of [`Stage::ALL`]. A counting, protocol or closing time
    /// that is earlier than the time before it is on the next day; this can happen once, and
    /// voting always begins on the date itself.
    pub fn new(times: [Time; 5]) -> Result<Self, StageOrder> {
        let mut begins = [(0, times[0]); 5];
        for at in 1..times.len() {
            let (earlier, later) = (Stage::ALL[at - 1], Stage::ALL[at]);
            let (day, before) = begins[at - 1];
            begins[at] = match times[at].cmp(&before) {
                std::cmp::Ordering::Greater => (day, times[at]),
                std::cmp::Ordering::Equal => return Err(StageOrder::Same(earlier, later)),
                std::cmp::Ordering::Less if day == 0 && later > Stage::Voting => (1, times[at]),
                std::cmp::Ordering::Less => return Err(StageOrder::Backwards(earlier, later)),
            };
        }
        Ok(Self { begins })
    }

    /// The civil times in the order of [`Stage::ALL`], as the file gives them.
    pub fn times(&self) -> [Time; 5] {
        self.begins.map(|(_, time)| time)
    }
}

/// Where a moment lies in the day: "Voting · 3 h 42 m of 11 h".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageAt {
    /// The stage; `None` when no election day is configured, so that no screen claims one.
    pub stage: Option<Stage>,
    /// Real time since the stage (or, without one, the civil day) began; zero before the day.
    pub elapsed: Duration,
    /// How long the stage (or the civil day) lasts; `None` for [`Stage::Closed`].
    pub total: Option<Duration>,
}

/// The election day.
#[derive(Clone, Debug, PartialEq)]
pub struct ElectionDay {
    /// Its name as people say it; empty when none is configured.
    pub name: String,
    /// The date of voting.
    pub date: Date,
    /// The time zone that every civil time is in.
    pub zone: TimeZone,
    /// When the stages begin, nationally; `None` when no day is configured.
    pub stages: Option<StageTimes>,
    /// Stations whose times differ.
    pub overrides: BTreeMap<StationId, StageTimes>,
}

impl ElectionDay {
    /// No election day is configured: the civil day that `now` falls on in `zone`, 00 to 24, and
    /// no claim about stages.
    pub fn unconfigured(zone: TimeZone, now: WallTime) -> Self {
        let date = now.timestamp().to_zoned(zone.clone()).date();
        Self { name: String::new(), date, zone, stages: None, overrides: BTreeMap::new() }
    }

    /// `at` on the clock of the day's time zone.
    pub fn local(&self, at: WallTime) -> Zoned {
        at.timestamp().to_zoned(self.zone.clone())
    }

    /// Whether `at` falls on the election date, the day before it or the day after. At any other
    /// time a stage's name would hide that the wrong day is configured.
    pub fn is_near(&self, at: WallTime) -> bool {
        let today = self.local(at).date();
        let near = |days: i64| self.date.saturating_add(days.days()) == today;
        near(-1) || near(0) || near(1)
    }

    /// Where `at` lies in the day of `station`, or of the country when `None`. Before the first
    /// stage it is [`Stage::BeforeOpening`] with nothing elapsed, after the last
    /// [`Stage::Closed`].
    pub fn stage_at(&self, at: WallTime, station: Option<StationId>) -> StageAt {
        let own = station.and_then(|id| self.overrides.get(&id));
        match own.or(self.stages.as_ref()) {
            Some(times) => self.staged(times, at),
            None => self.civil_day(at),
        }
    }

    /// When the first stage of `station`'s day, or the country's, begins and when all is over;
    /// `None` when no election day is configured.
    pub fn hours(&self, station: Option<StationId>) -> Option<(WallTime, WallTime)> {
        let own = station.and_then(|id| self.overrides.get(&id));
        let [first, .., last] = own.or(self.stages.as_ref())?.begins;
        Some((self.moment(first.0, first.1), self.moment(last.0, last.1)))
    }

    /// The stages of `station`'s day, or the country's, from the first to the one that is followed by
    /// [`Stage::Closed`], each with its beginning and its end; none when no election day is
    /// configured.
    pub fn stages_of(&self, station: Option<StationId>) -> Vec<(Stage, WallTime, WallTime)> {
        let own = station.and_then(|id| self.overrides.get(&id));
        let Some(times) = own.or(self.stages.as_ref()) else { return Vec::new() };
        let begins = times.begins.map(|(day, time)| self.moment(day, time));
        let stages = Stage::ALL.into_iter().zip(begins.windows(2));
        stages.map(|(stage, pair)| (stage, pair[0], pair[1])).collect()
    }

    /// The civil day `date` from its beginning to the next one's: 23, 24 or 25 hours.
    pub fn civil_hours(&self, date: Date) -> (WallTime, WallTime) {
        let midnight = |date: Date| wall(&date.to_datetime(Time::midnight()), &self.zone);
        (midnight(date), midnight(date.saturating_add(1.day())))
    }

    /// When the civil day that `at` falls on began.
    pub fn midnight_before(&self, at: WallTime) -> WallTime {
        wall(&self.local(at).date().to_datetime(Time::midnight()), &self.zone)
    }

    fn staged(&self, times: &StageTimes, at: WallTime) -> StageAt {
        let begins = times.begins.map(|(day, time)| self.moment(day, time));
        let now = begins.iter().rposition(|&b| b <= at);
        let index = now.unwrap_or(0);
        StageAt {
            stage: Some(Stage::ALL[index]),
            elapsed: now.map_or(Duration::ZERO, |i| between(begins[i], at)),
            total: begins.get(index + 1).map(|&end| between(begins[index], end)),
        }
    }

    /// The moment of a civil time. One that a clock change skips is taken as much later as the
    /// clock jumps, one that it repeats as the first (jiff's "compatible", RFC 5545).
    fn moment(&self, days_after: i8, time: Time) -> WallTime {
        let date = self.date.saturating_add(i64::from(days_after).days());
        wall(&date.to_datetime(time), &self.zone)
    }

    fn civil_day(&self, at: WallTime) -> StageAt {
        let today = self.local(at).date();
        let start = wall(&today.to_datetime(Time::midnight()), &self.zone);
        let tomorrow = today.saturating_add(1.day()).to_datetime(Time::midnight());
        let total = between(start, wall(&tomorrow, &self.zone));
        StageAt { stage: None, elapsed: between(start, at), total: Some(total) }
    }
}

fn wall(civil: &jiff::civil::DateTime, zone: &TimeZone) -> WallTime {
    // Only the last hours of the year 9999 cannot be converted; they clamp.
    zone.to_timestamp(*civil).unwrap_or(jiff::Timestamp::MAX).into()
}

fn between(from: WallTime, to: WallTime) -> Duration {
    Duration::from_micros(u64::try_from(to.as_micros() - from.as_micros()).unwrap_or(0))
}

#[cfg(test)]
mod tests;
