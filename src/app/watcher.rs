//! What is known of every station at one moment: the look that the wall takes before each of its
//! passes, and `watch` every [`LOOK_EVERY`].
//!
//! No thread and no socket of its own. It also notices when it is asked too seldom: then it is this
//! machine that is late, and no camera. And it notices a station of the list that nobody receives:
//! one that is not there at all would be the darkest of all.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, Mono, WallTime};
use crate::health::limits::{OFFLINE_AFTER, STALL_AFTER};
use crate::health::{Assessment, Evidence, State, Trouble};
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
    /// Every station of the list, ascending.
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
    /// The stations of the list that were not received at the last look, and since when.
    unreceived: HashMap<StationId, Mono>,
}

impl Watcher {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let began = clock.wall();
        Self {
            clock,
            began,
            looked: None,
            looks: 0,
            lateness: Histogram::of_seconds(),
            unreceived: HashMap::new(),
        }
    }

    /// When the last look was taken.
    pub(super) fn looked(&self) -> Option<Mono> {
        self.looked
    }

    /// Looks at every station of the list.
    pub(super) fn look(&mut self, list: &StationList, ingest: &Ingest) -> Known {
        let (now, pulse) = (self.clock.mono(), ingest.pulse());
        let since = self.looked.replace(now).map(|before| now.since(before));
        self.looks += 1;
        if let Some(since) = since {
            self.lateness.observe(since.saturating_sub(LOOK_EVERY).as_secs_f64());
        }
        let mut received = Vec::with_capacity(list.stations.len());
        for feed in ingest.feeds() {
            let id = feed.id();
            let standing = list.station(id.station).map(Station::standing_feed);
            if standing == Some(id.kind) {
                received.push((id.station, feed.assess(now, pulse)));
            }
        }
        let stations = self.all(list, received, now);
        let mut counts = Counts::default();
        for (_, assessment) in &stations {
            counts.add(assessment);
        }
        let late = since.is_some_and(|since| since > LOOKS_LATE);
        let machine_behind = pulse.is_behind(now) || late;
        Known { now, wall: self.clock.wall(), stations, counts, machine_behind }
    }

    /// Every station of the list: those that were `received` (ascending) as they are, the others as
    /// what they are.
    fn all(
        &mut self,
        list: &StationList,
        received: Vec<(StationId, Assessment)>,
        now: Mono,
    ) -> Vec<(StationId, Assessment)> {
        if received.len() == list.stations.len() {
            self.unreceived.clear();
            return received;
        }
        let before = std::mem::take(&mut self.unreceived);
        let mut received = received.into_iter().peekable();
        let mut all = Vec::with_capacity(list.stations.len());
        for station in &list.stations {
            if let Some(found) = received.next_if(|(id, _)| *id == station.id) {
                all.push(found);
                continue;
            }
            let since = before.get(&station.id).copied().unwrap_or(now);
            self.unreceived.insert(station.id, since);
            all.push((station.id, unreceived(since, now)));
        }
        all
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
    pub(super) fn is_well(&self) -> bool {
        let well = |state: State| !state.is_trouble() && state != State::Connecting;
        self.stations.iter().all(|(_, verdict)| well(verdict.state))
    }
}

/// The verdict on a station that nobody has received since then. After a list was taken that is so for
/// moments; whatever else it means is this program's fault, and no camera's.
fn unreceived(since: Mono, now: Mono) -> Assessment {
    let lost = now.since(since) > OFFLINE_AFTER;
    Assessment {
        state: if lost { State::Offline } else { State::Connecting },
        since,
        trouble: lost.then_some(Trouble::Internal),
        last_unit: None,
        rate: None,
        patience: STALL_AFTER,
        behind: lost,
        evidence: Evidence { silence: now.since(since), ..Evidence::default() },
    }
}

/// `ingest` counts in milliseconds and microseconds; the world of figures has seconds.
fn seconds(spread: &SpreadSum) -> Histogram {
    let ends_s = SPREAD_MS.map(|ms| Duration::from_millis(ms).as_secs_f64());
    let sum_s = Duration::from_micros(spread.sum_us).as_secs_f64();
    Histogram::counted(&ends_s, &spread.steps, sum_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FakeClock;
    use crate::config::secrets::FeedSource;
    use crate::health::alarms::{About, AlarmId, Alarms, Limits, Machine, Member, Seen};
    use crate::model::day::StageAt;
    use crate::model::{District, FeedId, FeedKind};

    fn id(station: u32) -> StationId {
        StationId::new(57, station)
    }

    fn list(stations: std::ops::RangeInclusive<u32>) -> StationList {
        let station = |n| Station {
            id: id(n),
            name: String::new(),
            address: String::new(),
            main: "rtsp://127.0.0.1:1/".to_owned(),
            sub: None,
            latitude: None,
            longitude: None,
            network: String::new(),
        };
        StationList {
            districts: vec![District { number: 57, name: String::new() }],
            stations: stations.map(station).collect(),
        }
    }

    fn ingest(stations: &[u32], clock: &Arc<dyn Clock>) -> Ingest {
        let source = |n: &u32| FeedSource {
            id: FeedId { station: id(*n), kind: FeedKind::Main },
            url: "rtsp://127.0.0.1:1/".parse().unwrap(),
            shown_url: String::new(),
            login: None,
        };
        let sources = stations.iter().map(source).collect();
        let limits = crate::ingest::Limits::default();
        Ingest::start(sources, limits, Arc::clone(clock), Arc::new(|| {})).unwrap()
    }

    #[test]
    fn a_station_that_nobody_receives_is_told_and_raised() {
        let time = Arc::new(FakeClock::default());
        let clock: Arc<dyn Clock> = Arc::clone(&time) as _;
        let (list, ingest) = (list(1..=4), ingest(&[1, 4], &clock));
        let mut watcher = Watcher::new(Arc::clone(&clock));
        let known = watcher.look(&list, &ingest);
        let ids: Vec<_> = known.stations.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, [id(1), id(2), id(3), id(4)]);
        let of = |known: &Known, n: usize| known.stations[n - 1].1.clone();
        for n in [2, 3] {
            let seen = of(&known, n);
            assert_eq!((seen.state, seen.trouble), (State::Connecting, None), "just taken");
        }
        assert!(known.counts.of(State::Connecting) >= 2);

        let mut alarms = Alarms::new(Limits::default(), AlarmId(0));
        let member = |n| Member { station: id(n), host: String::new(), network: String::new() };
        alarms.set_members((1..=4).map(member).collect());
        let mut raised = Vec::new();
        for _ in 0..4 * 50 {
            time.advance(LOOK_EVERY);
            let known = watcher.look(&list, &ingest);
            let of_nobody = [2, 3].map(|n| (id(n), &known.stations[n as usize - 1].1));
            let seen = of_nobody.map(|(station, assessment)| Seen { station, assessment });
            let stage = |_| StageAt { stage: None, elapsed: Duration::ZERO, total: None };
            let (now, wall) = (known.now, known.wall);
            alarms.step(now, wall, &seen, &stage, Machine::default());
            let about = alarms.attention().lines.iter().map(|line| line.about.clone());
            raised = about.collect();
        }
        let known = watcher.look(&list, &ingest);
        let told = of(&known, 2);
        assert_eq!((told.state, told.trouble), (State::Offline, Some(Trouble::Internal)));
        assert!(told.behind && told.since == Mono::default(), "ours, and for how long");
        assert!(known.counts.of(State::Offline) >= 2 && !known.is_well());
        assert_eq!(raised, [2, 3].map(|n| About::Station(id(n))));
        // It is received again: what was before is forgotten.
        let ingest = self::ingest(&[1, 2, 3, 4], &clock);
        let known = watcher.look(&list, &ingest);
        assert!(known.stations.iter().all(|(_, seen)| seen.trouble != Some(Trouble::Internal)));
        assert!(watcher.unreceived.is_empty());
    }
}
