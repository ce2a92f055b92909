//! What is known of every station at one moment: the look that the wall takes before each of its
//! passes, and `watch` every [`LOOK_EVERY`].
//!
//! No thread and no socket of its own. It also notices when it is asked too seldom: then it is this
//! machine that is late, and no camera.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, Mono, WallTime};
use crate::health::{Assessment, State};
use crate::ingest::{Ingest, SPREAD_MS, SpreadSum};
use crate::metrics::{DistrictStates, Figures, Histogram, Looks, Sampler, Streams};
use crate::model::{DistrictNo, Station, StationId, StationList};
use crate::ui::Counts;

/// A look is taken at least this often.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Looks that are further apart show the past.
pub(super) const LOOKS_LATE: Duration = Duration::from_secs(1);

/// Everything that is known at one moment.
pub(super) struct Known {
    /// The moment, for ages.
    pub(super) now: Mono,
    /// The moment, for people.
    pub(super) wall: WallTime,
    /// Every station of the list that is received, ascending.
    pub(super) stations: Vec<(StationId, Assessment)>,
    /// Sums over `stations`.
    pub(super) counts: Counts,
    /// Receiving or looking is late as a whole: no state can be blamed on a camera.
    pub(super) machine_behind: bool,
}

/// Takes the looks.
pub(super) struct Watcher {
    clock: Arc<dyn Clock>,
    began: WallTime,
    looked: Option<Mono>,
    looks: u64,
    /// How much later than [`LOOK_EVERY`] after the one before each look came.
    lateness: Histogram,
}

impl Watcher {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let began = clock.wall();
        Self { clock, began, looked: None, looks: 0, lateness: Histogram::of_seconds() }
    }

    /// When the last look was taken.
    pub(super) fn looked(&self) -> Option<Mono> {
        self.looked
    }

    /// Looks at every station of the list that is received.
    pub(super) fn look(&mut self, list: &StationList, ingest: &Ingest) -> Known {
        let (now, pulse) = (self.clock.mono(), ingest.pulse());
        let since = self.looked.replace(now).map(|before| now.since(before));
        self.looks += 1;
        if let Some(since) = since {
            self.lateness.observe(since.saturating_sub(LOOK_EVERY).as_secs_f64());
        }
        let mut counts = Counts::default();
        let mut stations = Vec::with_capacity(list.stations.len());
        for feed in ingest.feeds() {
            let id = feed.id();
            let standing = list.station(id.station).map(Station::standing_feed);
            if standing != Some(id.kind) {
                continue;
            }
            let assessment = feed.assess(now, pulse);
            counts.add(&assessment);
            stations.push((id.station, assessment));
        }
        let late = since.is_some_and(|since| since > LOOKS_LATE);
        let machine_behind = pulse.is_behind(now) || late;
        Known { now, wall: self.clock.wall(), stations, counts, machine_behind }
    }

    /// The figures of the last look, for whoever collects them; whoever is on duty adds its own.
    pub(super) fn figures(&self, known: &Known, list: &StationList, ingest: &Ingest) -> Figures {
        let mut districts: BTreeMap<DistrictNo, DistrictStates> = list
            .districts
            .iter()
            .map(|district| (district.number, DistrictStates::default()))
            .collect();
        for (station, verdict) in &known.stations {
            districts.entry(station.district).or_default()[verdict.state as usize] += 1;
        }
        let totals = ingest.totals();
        Figures {
            began: self.began,
            looked_at: known.now,
            received_at: ingest.pulse().beat,
            machine_behind: known.machine_behind,
            districts,
            streams: Streams {
                playing: ingest.feeds().iter().filter(|feed| feed.is_playing()).count(),
                starts: totals.starts,
                losses: totals.losses,
                units: totals.units,
                skipped: totals.skipped,
                damaged: totals.damaged,
                decoded: totals.decoded,
                replaced: totals.replaced,
                decode_lateness: seconds(&totals.decode_lateness),
            },
            looks: Looks { taken: self.looks, lateness: self.lateness.clone() },
            paint_lateness: None,
            sampler: ingest.sampled().map(|sampled| Sampler {
                samples: sampled.samples,
                lag: sampled.unseen_since.map_or(Duration::ZERO, |since| known.now.since(since)),
                busy: sampled.busy,
            }),
            journal: None,
            alarms: None,
            recording: None,
        }
    }
}

impl Known {
    /// Says of the stations at which work is being done that it is so.
    pub(super) fn mark(&mut self, at_work: impl Fn(StationId) -> bool) {
        self.counts = Counts::default();
        for (station, assessment) in &mut self.stations {
            if at_work(*station) {
                assessment.state = State::Maintenance;
            }
            self.counts.add(assessment);
        }
    }

    /// Whether every station of the list brings pictures, or need not, and none is in trouble.
    pub(super) fn is_well(&self, list: &StationList) -> bool {
        let well = |state: State| !state.is_trouble() && state != State::Connecting;
        self.stations.len() == list.stations.len()
            && self.stations.iter().all(|(_, verdict)| well(verdict.state))
    }
}

/// `ingest` counts in milliseconds and microseconds; the world of figures has seconds.
fn seconds(spread: &SpreadSum) -> Histogram {
    let ends_s = SPREAD_MS.map(|ms| Duration::from_millis(ms).as_secs_f64());
    let sum_s = Duration::from_micros(spread.sum_us).as_secs_f64();
    Histogram::counted(&ends_s, &spread.steps, sum_s)
}
