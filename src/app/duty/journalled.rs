//! What is written down of states and alarms. What is on the disk says what it means by codes that
//! never change, and by civil time: the monotonic clock of a run that is over tells nobody anything.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::clock::{Mono, WallTime};
use crate::health::alarms::{About, AlarmId, Change, Common, Line, OwnTrouble};
use crate::health::{Assessment, State, Trouble};
use crate::journal::Event;
use crate::model::StationId;

/// A station's state is `now.state` and was `from`.
pub(in crate::app) fn state(from: State, now: &Assessment, at: Mono, wall: WallTime) -> Event {
    Event::State {
        from: from.code().to_owned(),
        to: now.state.code().to_owned(),
        trouble: now.trouble.as_ref().map(Trouble::code).map(str::to_owned),
        since_utc_us: Some(civil(now.since, at, wall)),
        evidence: evidence(now),
    }
}

/// What was measured, in numbers. Of the picture only where the state speaks of it.
fn evidence(now: &Assessment) -> Value {
    // Thousandths: what is beyond them is no measurement.
    let number = |n: f32| (f64::from(n) * 1000.0).round() / 1000.0;
    let (evidence, mut found) = (&now.evidence, Map::new());
    let mut say = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            found.insert(name.to_owned(), value);
        }
    };
    say("silent_ms", Some(millis(evidence.silence).into()));
    say("rate", now.rate.map(number).map(Value::from));
    say("usual_rate", evidence.usual_rate.map(number).map(Value::from));
    let losses = (evidence.loss_share > 0.0).then(|| number(evidence.loss_share));
    say("loss_share", losses.map(Value::from));
    say("behind", now.behind.then(|| true.into()));
    // What the code of a trouble leaves out; `day_page` reads it back.
    match &now.trouble {
        Some(Trouble::Status(status)) => say("status", Some((*status).into())),
        Some(Trouble::UnsupportedCodec(codec)) => say("codec", Some(codec.as_str().into())),
        Some(Trouble::TooLarge { width, height }) => {
            say("width", Some((*width).into()));
            say("height", Some((*height).into()));
        }
        _ => {}
    }
    if matches!(now.state, State::Black | State::Covered | State::Frozen) {
        let picture = &evidence.picture;
        say("mean_luma", Some(number(picture.mean_luma).into()));
        say("spread", Some(picture.spread.into()));
        say("sharpness", Some(number(picture.sharpness).into()));
        say("sharpness_usual", picture.sharpness_usual.map(number).map(Value::from));
        say("change", picture.change.map(Value::from));
        say("change_usual", picture.change_usual.map(number).map(Value::from));
        say("p_bytes", picture.p_bytes.map(number).map(Value::from));
        say("p_bytes_usual", picture.p_bytes_usual.map(number).map(Value::from));
        say("clock_stood", picture.clock_found.then(|| picture.clock_stood.into()));
    }
    found.into()
}

/// A moment of this run in civil time, in microseconds since 1970.
pub(super) fn civil(then: Mono, now: Mono, wall: WallTime) -> i64 {
    let ago = now.as_micros().saturating_sub(then.as_micros());
    wall.as_micros().saturating_sub(ago)
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// The rows that a change of the alarms makes: of which station, and what.
pub(super) fn events(
    change: &Change,
    now: Mono,
    wall: WallTime,
    operator: &str,
) -> Vec<(Option<StationId>, Event)> {
    match change {
        Change::Raised(line) | Change::Returned(line) => {
            let event = Event::AlarmRaised {
                alarm: line.id.0,
                state: line.state.code().to_owned(),
                trouble: line.trouble.as_ref().map(Trouble::code).map(str::to_owned),
                since_utc_us: Some(civil(line.since, now, wall)),
            };
            // The row of a group names no station by itself.
            let members = together(line, &[]).map(|event| (None, event));
            std::iter::once((station(line), event)).chain(members).collect()
        }
        Change::Worsened(line) => vec![(
            station(line),
            Event::AlarmWorsened {
                alarm: line.id.0,
                to: line.state.code().to_owned(),
                worst: line.worst.code().to_owned(),
                trouble: line.trouble.as_ref().map(Trouble::code).map(str::to_owned),
            },
        )],
        Change::Ended(line) => {
            let lasted_ms = millis(line.ended.unwrap_or(now).since(line.since));
            vec![(station(line), Event::AlarmEnded { alarm: line.id.0, lasted_ms })]
        }
        Change::Acknowledged(line) => line
            .acknowledged
            .iter()
            .map(|by| {
                let (who, note) = (by.who.clone(), by.note.clone());
                (station(line), Event::AlarmAcknowledged { alarm: line.id.0, who, note })
            })
            .collect(),
        Change::Escalated(line) => {
            let after_ms = millis(now.since(line.unanswered_from));
            vec![(station(line), Event::AlarmEscalated { alarm: line.id.0, after_ms })]
        }
        Change::Grouped { line, from } => {
            together(line, from).into_iter().map(|event| (None, event)).collect()
        }
        Change::Ungrouped { line, into } => {
            let left = into.iter().filter_map(station);
            let event = Event::AlarmsUngrouped {
                alarm: line.id.0,
                stations: left.map(|id| id.to_string()).collect(),
                into: into.iter().map(|line| line.id.0).collect(),
            };
            vec![(None, event)]
        }
        Change::Closed(id) => vec![(None, Event::AlarmClosed { alarm: id.0 })],
        Change::GuardBegan(guard) => {
            vec![(None, Event::GuardBegan { why: own(guard.why).to_owned() })]
        }
        Change::GuardYielded { guard, at } => {
            let after_ms = millis(at.since(guard.since));
            vec![(None, Event::GuardYielded { why: own(guard.why).to_owned(), after_ms })]
        }
        Change::GuardEnded { guard, at, ending } => vec![(
            None,
            Event::GuardEnded {
                why: own(guard.why).to_owned(),
                lasted_ms: millis(at.since(guard.since)),
                gave_up: ending.gave_up,
                lost: Some(ending.lost),
            },
        )],
        Change::MaintenanceBegan(window) => vec![(
            Some(window.station),
            Event::MaintenanceBegan {
                until_utc_us: window.until.map(WallTime::as_micros),
                who: window.who.clone(),
                reason: window.reason.clone(),
            },
        )],
        Change::MaintenanceEnded(window) => {
            let in_time = window.until.is_some_and(|until| until <= wall);
            let who = (!in_time).then(|| operator.to_owned());
            vec![(Some(window.station), Event::MaintenanceEnded { who })]
        }
    }
}

/// Which stations a group holds, and the alarms that are in it now.
fn together(line: &Line, from: &[AlarmId]) -> Option<Event> {
    let About::Together { by, stations, of } = &line.about else { return None };
    let (by, which) = common(by);
    Some(Event::AlarmsGrouped {
        alarm: line.id.0,
        by: by.to_owned(),
        which,
        stations: stations.iter().map(StationId::to_string).collect(),
        of: *of,
        from: from.iter().map(|id| id.0).collect(),
    })
}

/// The station that a line is about, if it is one.
fn station(line: &Line) -> Option<StationId> {
    match line.about {
        About::Station(id) => Some(id),
        About::Together { .. } => None,
    }
}

fn common(by: &Common) -> (&'static str, String) {
    match by {
        Common::District(number) => ("district", number.to_string()),
        Common::Host(host) => ("host", host.clone()),
        Common::Network(name) => ("network", name.clone()),
    }
}

fn own(why: OwnTrouble) -> &'static str {
    match why {
        OwnTrouble::Late => "late",
        OwnTrouble::Network => "network",
        OwnTrouble::Unchecked => "unchecked",
        OwnTrouble::Disk => "disk",
        OwnTrouble::Recording => "recording",
    }
}
