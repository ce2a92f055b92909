//! Reference cases: `tests/fixtures/alarms/NAME.events.json` says what the feeds, the machine and
//! people do, `NAME.changes.json` what the alarms make of it and what is on the list in the end.
//!
//! `POLLWALL_BLESS=1 cargo test --lib alarms::tests::cases` writes the second from the first; read
//! what it wrote before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it shows.
    #[serde(rename = "what")]
    _what: String,
    members: Vec<Group>,
    /// When the doors open; without it, it is voting all the time.
    opens_at: Option<f64>,
    events: Vec<Event>,
    until: f64,
}

/// Stations of the list: `stations` as in an event; `{d}` in the names is the district, `{n}` the
/// station.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    stations: String,
    #[serde(default)]
    host: String,
    #[serde(default)]
    network: String,
}

/// Something that happens. Stations are `57/12`, `88/1-9`, or `1-119/1-8`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
struct Event {
    at: f64,
    /// The stations come one after another within so many seconds.
    #[serde(default)]
    spread: f64,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// No picture comes any more.
    Dark(String),
    /// Pictures come.
    Back(String),
    /// The feed is in a state, since now.
    Is(String, String),
    Late(bool),
    Disk(bool),
    NetworkDown(bool),
    Stage(String),
    /// Number, who, note.
    Acknowledge(u64, String, String),
    /// Station, seconds (0: until ended), who, reason.
    Maintain(String, f64, String, String),
    EndMaintenance(String),
    Members(Vec<Group>),
    /// The wall is restarted.
    Restart(Restart),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Restart {
    Now,
}

fn range(text: &str) -> std::ops::RangeInclusive<u32> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    from.parse().unwrap()..=to.parse().unwrap()
}

fn stations(text: &str) -> Vec<StationId> {
    let (districts, numbers) = text.split_once('/').unwrap();
    let of = |d: u32| range(numbers).map(move |n| StationId::new(d.try_into().unwrap(), n));
    range(districts).flat_map(of).collect()
}

fn members(groups: &[Group]) -> Vec<Member> {
    let named = |name: &str, id: StationId| {
        name.replace("{d}", &id.district.to_string()).replace("{n}", &id.station.to_string())
    };
    let of = |g: &Group| {
        let one = |id: StationId| {
            member(id.district, id.station, &named(&g.host, id), &named(&g.network, id))
        };
        stations(&g.stations).into_iter().map(one).collect::<Vec<_>>()
    };
    groups.iter().flat_map(of).collect()
}

impl Scene {
    /// Does what an event says; the changes that come of it at once.
    fn act(&mut self, what: &What) -> Vec<Change> {
        let (now, wall) = (self.now, self.wall());
        match what {
            What::Dark(_) | What::Back(_) | What::Is(..) => unreachable!("spread out before"),
            What::Late(on) => self.machine.late = *on,
            What::Disk(on) => self.machine.disk = *on,
            What::NetworkDown(on) => self.machine.network_down = *on,
            What::Stage(name) => {
                self.stage = Stage::ALL.into_iter().find(|s| s.as_str() == name);
                assert!(self.stage.is_some(), "{name}");
            }
            What::Acknowledge(id, who, note) => {
                return self
                    .alarms
                    .acknowledge(AlarmId(*id), who, note, now, wall)
                    .into_iter()
                    .collect();
            }
            What::Maintain(station, for_s, who, reason) => {
                let until = WallTime::from_micros(wall.as_micros() + (for_s * 1e6) as i64);
                let window = Window {
                    station: station.parse().unwrap(),
                    from: wall,
                    until: (*for_s > 0.0).then_some(until),
                    who: who.clone(),
                    reason: reason.clone(),
                };
                return vec![self.alarms.maintain(window, now, wall)];
            }
            What::EndMaintenance(station) => {
                return self.alarms.end_maintenance(station.parse().unwrap()).into_iter().collect();
            }
            What::Members(groups) => self.list(members(groups)),
            What::Restart(Restart::Now) => self.restart(),
        }
        Vec::new()
    }
}

/// One feed at one moment, or something else.
enum Act<'a> {
    Feed(StationId, Option<State>),
    Other(&'a What),
}

fn acts(case: &Case) -> Vec<(Mono, Act<'_>)> {
    let mut acts = Vec::new();
    for event in &case.events {
        let (of, state) = match &event.what {
            What::Dark(of) => (of, None),
            What::Back(of) => (of, Some(State::Live)),
            What::Is(of, code) => {
                (of, Some(State::ALL.into_iter().find(|s| s.code() == code).unwrap()))
            }
            other => {
                acts.push((secs(event.at), Act::Other(other)));
                continue;
            }
        };
        let of = stations(of);
        for (at, &station) in of.iter().enumerate() {
            let later = event.spread * at as f64 / of.len() as f64;
            acts.push((secs(event.at + later), Act::Feed(station, state)));
        }
    }
    acts.sort_by_key(|(at, _)| *at);
    acts
}

fn play(case: &Case) -> Vec<String> {
    let mut scene = Scene::new(members(&case.members));
    scene.opens = case.opens_at.map(secs);
    let mut acts = acts(case).into_iter().peekable();
    let mut told = Vec::new();
    while scene.now <= secs(case.until) {
        let mut changes = Vec::new();
        while let Some((at, act)) = acts.next_if(|(at, _)| *at <= scene.now) {
            match act {
                Act::Feed(station, state) => {
                    let feed = state.map_or(Feed::Dark(at), |state| Feed::In(state, at));
                    scene.feeds.insert(station, feed);
                }
                Act::Other(what) => changes.extend(scene.act(what)),
            }
        }
        changes.extend(scene.step());
        let at = scene.now.as_micros() as f64 / 1e6;
        told.extend(changes.iter().map(|c| format!("{at:.2} {}", told_change(c))));
        scene.now = scene.now + STEP;
    }
    assert!(acts.next().is_none(), "an event after the end");
    told.extend(scene.lines().iter().map(|l| format!("on the list: {}", super::told(l))));
    told.extend(scene.alarms.guards().iter().map(|g| told_guard("stands", g)));
    let aftermath = scene.alarms.attention().aftermath;
    told.extend(aftermath.map(|a| {
        let since = a.since.as_micros() as f64 / 1e6;
        format!("no longer waited for: {} of {}, gone since {since:.2}", a.lost, a.of)
    }));
    told
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/alarms")
}

fn names() -> Vec<String> {
    let files =
        fs::read_dir(folder()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        files.filter_map(|f| Some(f.strip_suffix(".events.json")?.to_owned())).collect();
    names.sort();
    names
}

#[test]
fn the_reference_cases_go_as_written() {
    let bless = std::env::var_os("POLLWALL_BLESS").is_some();
    let names = names();
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        let events = fs::read_to_string(folder().join(format!("{name}.events.json"))).unwrap();
        let case: Case = serde_json::from_str(&events).unwrap_or_else(|e| panic!("{name}: {e}"));
        let got = play(&case);
        let file = folder().join(format!("{name}.changes.json"));
        if bless {
            fs::write(&file, serde_json::to_string_pretty(&got).unwrap() + "\n").unwrap();
        }
        let want: Vec<String> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(got, want, "{name}");
    }
}

/// The soak's outage in the alarms' eyes: one guard, no thousand alarms, nothing left behind.
#[test]
fn a_thousand_cameras_gone_for_a_minute_leave_a_short_journal() {
    let file = fs::read_to_string(folder().join("country-60s.events.json")).unwrap();
    let case: Case = serde_json::from_str(&file).unwrap();
    assert_eq!(members(&case.members).len(), 1000);
    assert_eq!(play(&case).len(), 2, "the guard begins and ends");
}
