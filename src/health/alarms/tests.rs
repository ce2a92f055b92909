//! A country of feeds that do as they are told, four steps a second.

mod cases;
mod cost;
mod random;
mod rules;

use std::collections::BTreeMap;
use std::time::Duration;

use super::*;
use crate::health::{Assessment, State, Trouble};
use crate::model::StationId;
use crate::model::day::{Stage, StageAt};

const STEP: Duration = Duration::from_millis(250);

/// What a feed does.
#[derive(Clone, Copy, Debug)]
enum Feed {
    /// No access unit has come since then: live, stalled and offline as health would say.
    Dark(Mono),
    /// It is in this state since then, whatever health would need for it.
    In(State, Mono),
}

impl Feed {
    fn assess(self, now: Mono) -> Assessment {
        let (state, since) = match self {
            Feed::In(state, since) => (state, since),
            Feed::Dark(since) => match now.since(since).as_secs_f32() {
                ..=2.0 => (State::Live, since),
                ..=10.0 => (State::Stalled, since),
                _ => (State::Offline, since),
            },
        };
        let trouble = (state == State::Offline).then_some(Trouble::ConnectTimedOut);
        let patience = Duration::from_secs(2);
        Assessment {
            state,
            since,
            trouble,
            last_unit: None,
            rate: None,
            patience,
            behind: false,
            evidence: Default::default(),
        }
    }
}

/// What the tests drive the alarms with.
struct Scene {
    alarms: Alarms,
    members: Vec<Member>,
    feeds: BTreeMap<StationId, Feed>,
    now: Mono,
    machine: Machine,
    stage: Option<Stage>,
    /// Before then it is before opening, after it voting.
    opens: Option<Mono>,
}

/// 2024-02-07T04:00:00Z, eight in the morning in Bakı.
const MORNING_US: i64 = 1_707_278_400_000_000;

fn secs(s: f64) -> Mono {
    Mono::from_micros((s * 1e6).round() as i64)
}

impl Scene {
    fn new(members: Vec<Member>) -> Self {
        let mut scene = Self {
            alarms: Alarms::new(Limits::default(), AlarmId(0)),
            members: Vec::new(),
            feeds: BTreeMap::new(),
            now: Mono::default(),
            machine: Machine::default(),
            stage: None,
            opens: None,
        };
        scene.list(members);
        scene
    }

    fn list(&mut self, members: Vec<Member>) {
        self.feeds.retain(|id, _| members.iter().any(|m| m.station == *id));
        for member in &members {
            self.feeds.entry(member.station).or_insert(Feed::In(State::Live, self.now));
        }
        self.alarms.set_members(members.clone());
        self.members = members;
    }

    fn wall(&self) -> WallTime {
        WallTime::from_micros(MORNING_US + self.now.as_micros())
    }

    fn stage_at(&self) -> StageAt {
        let hour = Duration::from_secs(3600);
        match self.opens {
            Some(opens) if self.now < opens => StageAt {
                stage: Some(Stage::BeforeOpening),
                elapsed: self.now.since(Mono::default()) + hour,
                total: Some(opens.since(Mono::default()) + hour),
            },
            Some(_) if self.stage.is_none() => {
                StageAt { stage: Some(Stage::Voting), elapsed: hour, total: None }
            }
            _ => StageAt { stage: self.stage, elapsed: hour, total: None },
        }
    }

    /// A step, without moving the clock.
    fn step(&mut self) -> Vec<Change> {
        let now = self.now;
        let verdicts: Vec<(StationId, Assessment)> =
            self.feeds.iter().map(|(&id, feed)| (id, feed.assess(now))).collect();
        let seen: Vec<Seen<'_>> = verdicts
            .iter()
            .map(|(station, assessment)| Seen { station: *station, assessment })
            .collect();
        let (stage, wall) = (self.stage_at(), self.wall());
        self.alarms.step(now, wall, &seen, &|_| stage, self.machine)
    }

    fn set(&mut self, station: StationId, state: State) {
        let feed = Feed::In(state, self.now);
        if let Some(known) = self.feeds.get_mut(&station) {
            *known = feed;
        }
    }

    /// Steps for so long; all that has changed.
    fn run(&mut self, seconds: f64) -> Vec<Change> {
        let end = self.now + Duration::from_secs_f64(seconds);
        let mut changes = Vec::new();
        while self.now < end {
            self.now = self.now + STEP;
            changes.extend(self.step());
        }
        changes
    }

    fn lines(&self) -> &[Line] {
        &self.alarms.attention().lines
    }

    fn acknowledge(&mut self, id: AlarmId) -> Option<Change> {
        let (now, wall) = (self.now, self.wall());
        self.alarms.acknowledge(id, "Aysel", "", now, wall)
    }

    fn restart(&mut self) {
        let saved = self.alarms.snapshot(self.now, self.wall());
        let text = serde_json::to_string(&saved).unwrap();
        let saved = serde_json::from_str(&text).unwrap();
        self.alarms = Alarms::restore(Limits::default(), saved, self.now, self.wall());
        self.alarms.set_members(self.members.clone());
    }
}

fn member(district: u16, station: u32, host: &str, network: &str) -> Member {
    Member {
        station: StationId::new(district, station),
        host: host.to_owned(),
        network: network.to_owned(),
    }
}

/// The stations that a line holds.
fn held(line: &Line) -> Vec<StationId> {
    match &line.about {
        About::Station(one) => vec![*one],
        About::Together { stations, .. } => stations.clone(),
    }
}

/// A line as a person would tell it.
fn told(line: &Line) -> String {
    use std::fmt::Write as _;
    let at = |t: Mono| format!("{:.2}", t.as_micros() as f64 / 1e6);
    let mut text = format!("#{} ", line.id.0);
    match &line.about {
        About::Station(one) => write!(text, "{one}").unwrap(),
        About::Together { by, stations, of } => {
            let by = match by {
                Common::District(no) => format!("district {no}"),
                Common::Host(host) => format!("host {host}"),
                Common::Network(name) => format!("network {name}"),
            };
            let (first, last) = (stations.first().unwrap(), stations.last().unwrap());
            write!(text, "{by}: {} of {of} ({first} to {last})", stations.len()).unwrap();
        }
    }
    write!(text, ", {:?} {}, since {}", line.severity, line.state.code(), at(line.since)).unwrap();
    if line.worst != line.state {
        write!(text, ", worst {}", line.worst.code()).unwrap();
    }
    if let Some(trouble) = &line.trouble {
        write!(text, ", {}", trouble.code()).unwrap();
    }
    if line.times > 1 {
        write!(text, ", {} times", line.times).unwrap();
    }
    if let Some(ended) = line.ended {
        write!(text, ", over at {}", at(ended)).unwrap();
    }
    if line.escalated {
        write!(text, ", ESCALATED, unanswered since {}", at(line.unanswered_from)).unwrap();
    }
    if let Some(ack) = &line.acknowledged {
        write!(text, ", taken on by {}", ack.who).unwrap();
        if !ack.note.is_empty() {
            write!(text, " ({})", ack.note).unwrap();
        }
    }
    text
}

/// A guard as a person would tell it.
fn told_guard(what: &str, guard: &Guard) -> String {
    let but = if guard.holds { "alarms are held back" } else { "alarms are raised" };
    format!("guard {what}: {:?}, {but}", guard.why)
}

/// A change as a person would tell it.
fn told_change(change: &Change) -> String {
    let ids = |from: &[AlarmId]| from.iter().map(|id| format!(" #{}", id.0)).collect::<String>();
    match change {
        Change::Raised(line) => format!("raised {}", told(line)),
        Change::Returned(line) => format!("returned {}", told(line)),
        Change::Worsened(line) => format!("worsened {}", told(line)),
        Change::Ended(line) => format!("ended {}", told(line)),
        Change::Acknowledged(line) => format!("acknowledged {}", told(line)),
        Change::Escalated(line) => format!("escalated {}", told(line)),
        Change::Grouped { line, from } => format!("grouped {}, from:{}", told(line), ids(from)),
        Change::Ungrouped { line, into } => {
            let into: Vec<String> = into.iter().map(told).collect();
            format!("ungrouped {}, into: {}", told(line), into.join("; "))
        }
        Change::Closed(id) => format!("closed #{}", id.0),
        Change::GuardBegan(guard) => told_guard("began", guard),
        Change::GuardYielded { guard, .. } => told_guard("goes on", guard),
        Change::GuardEnded { guard, ending, .. } => {
            let how = if ending.gave_up { "was given up" } else { "ended" };
            format!("guard {how}: {:?}, {} still lost", guard.why, ending.lost)
        }
        Change::MaintenanceBegan(w) => {
            format!("work began at {}: {}, {}", w.station, w.who, w.reason)
        }
        Change::MaintenanceEnded(w) => format!("work ended at {}", w.station),
    }
}
