//! Every fault of the camera simulator through the whole program: what the wall shows of it, when,
//! how it recovers, and that the neighbours do not notice.
//!
//! The wall runs in a window and says with `--print-states` what it shows. Nothing is measured
//! against the test's own clock: times are the program's, and only bounds that a busy machine keeps
//! are asserted. All cameras are put into one district, so that all are on screen and decoded.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test's helpers fail the test and say what they measured"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use support::program::{Home, Running};
use support::screen::Screen;
use support::simulator::Simulator;

/// What the wall has to make of a fault.
enum Shown {
    /// This state, for one of these reasons; none given means that any will do.
    State(&'static str, &'static [&'static str]),
    /// It stays live all the time; pictures go on.
    StaysLive,
    /// Units go on, and it is one of these all the time: how fast a doubt becomes a state is judged
    /// elsewhere.
    Among(&'static [&'static str]),
    /// Units go on, at most this many a second; degraded, once it is known what it usually brings.
    Slow(f64),
    /// It stays live, in this size.
    Sized(u64, u64),
    /// It is lost and comes back by itself, while the fault lasts.
    ComesBack,
    /// Its session ends, and it is back, perhaps before that counts as silence.
    GoesOn,
}
use Shown::{Among, ComesBack, GoesOn, Sized, Slow, State, StaysLive};

/// Kinds as the script has them, and what is shown. The stations are 1/1, 1/2 and so on.
const FAULTS: [(&str, Shown); 22] = [
    ("kind = 'mute'", State("stalled", &[])),
    ("kind = 'drip'\ngap = '500ms'", State("stalled", &[])),
    ("kind = 'rtcp-only'", State("stalled", &[])),
    ("kind = 'half-open'", State("stalled", &[])),
    ("kind = 'refuse'", State("offline", &["refused"])),
    ("kind = 'black-hole'", State("offline", &["connect-timed-out", "frames-stopped"])),
    ("kind = 'unauthorized'", State("auth-failed", &["auth-rejected"])),
    ("kind = 'reset'\nafter = '0s'", State("offline", &["closed", "protocol"])),
    ("kind = 'pause'\nfor = '200ms'", StaysLive),
    ("kind = 'pause'\nfor = '6s'\nbacklog = 'skip'", ComesBack),
    ("kind = 'pause'\nfor = '6s'\nbacklog = 'send'", ComesBack),
    ("kind = 'frozen'", Among(&["live", "frozen"])),
    ("kind = 'black'", State("black", &[])),
    ("kind = 'covered'", Among(&["live", "covered"])),
    ("kind = 'low-rate'\nframes_per_second = 3", Slow(4.5)),
    ("kind = 'no-keyframe'", StaysLive),
    ("kind = 'pts-jump'\nby = '1h'", StaysLive),
    ("kind = 'clock-jump'\nby = '5m'", StaysLive),
    ("kind = 'size-change'\nsize = '704x576'", Sized(704, 576)),
    ("kind = 'codec-change'", GoesOn),
    ("kind = 'garbage'", State("offline", &["protocol", "closed", "no-first-frame"])),
    ("kind = 'loss'\npart = 0.1", State("degraded", &[])),
];

/// Healthy neighbours, after the others.
const NEIGHBOURS: usize = 3;

/// How long the wall may take to say so, by its own clock: the promise of 3 s for silence, and what
/// a busy machine adds.
const TOLD_WITHIN_MS: u64 = 10_000;

/// What the wall has said of its stations, in order.
struct Told(Vec<Value>);

impl Told {
    fn so_far(home: &Home) -> Self {
        Self(home.told())
    }

    /// Changes of a station from line `from` on.
    fn changes(&self, station: &str, from: usize) -> Vec<&Value> {
        self.0.iter().skip(from).filter(|line| line["station"] == station).collect()
    }

    /// The last state of a station.
    fn state(&self, station: &str) -> Option<&str> {
        self.changes(station, 0).last().copied().and_then(|line| line["state"].as_str())
    }

    /// What the last `count` summaries from line `from` on say of a station's tile.
    fn tiles(&self, station: &str, from: usize) -> Vec<&Value> {
        let summaries = self.0.iter().skip(from).filter_map(|line| line["tiles"].as_array());
        summaries.flatten().filter(|tile| tile["station"] == station).collect()
    }
}

fn station(number: usize) -> String {
    format!("1/{}", number + 1)
}

/// The simulator's list with all stations in district 1, in the list's order; gives for each the
/// address by which the script knows it.
fn one_district(home: &Home, list: &str) -> BTreeMap<usize, String> {
    let mut csv = String::from("district,station,main\n");
    let mut known = BTreeMap::new();
    let urls = list.lines().filter_map(|line| line.split(',').find(|c| c.starts_with("rtsp://")));
    for (number, url) in urls.enumerate() {
        csv.push_str(&format!("1,{},{url}\n", number + 1));
        let host = url.trim_start_matches("rtsp://127.20.").split(':').next().unwrap();
        known.insert(number, host.replace('.', "/"));
    }
    fs::write(home.path("list.csv"), csv).unwrap();
    known
}

/// Waits until every station is live.
fn until_all_live(wall: &mut Running<'_>, home: &Home, stations: usize, when: &str) {
    wall.until(&format!("all live {when}"), || {
        let told = Told::so_far(home);
        let lacking: Vec<_> =
            (0..stations).map(station).filter(|s| told.state(s) != Some("live")).collect();
        if lacking.is_empty() { Some(()) } else { None }
    });
}

#[test]
fn every_fault_is_shown_and_mended_and_no_neighbour_notices() {
    let stations = FAULTS.len() + NEIGHBOURS;
    let (screen, home) = (Screen::start(), Home::new());
    let count = stations.to_string();
    let mut simulator = Simulator::start(&["--stations", &count], "");
    let known = one_district(&home, &fs::read_to_string(simulator.list()).unwrap());
    assert_eq!(known.len(), stations);
    home.accept(&home.path("list.csv"));
    let mut command = home.command(&["wall", "--print-states", "json"]);
    command.env("DISPLAY", screen.display());
    let mut wall = home.start(command);
    screen.until_focused("Pollwall");
    // All on one page.
    screen.press(&["plus"; 6]);
    wall.until("a page with all stations", || {
        Told::so_far(&home).0.iter().rev().find_map(|line| {
            line["tiles"].as_array().filter(|tiles| tiles.len() == stations).map(|_| ())
        })
    });
    until_all_live(&mut wall, &home, stations, "at the start");

    let before = Told::so_far(&home).0.len();
    let script: String = FAULTS
        .iter()
        .enumerate()
        .map(|(number, (kind, _))| {
            format!("[[fault]]\nstations = ['{}']\n{kind}\n\n", known[&number])
        })
        .collect();
    simulator.set_script(&script);
    for (number, (kind, shown)) in FAULTS.iter().enumerate() {
        let kind = kind.replace('\n', ", ");
        let said =
            wall.until(&kind, || is_shown(&Told::so_far(&home), &station(number), before, shown));
        eprintln!("{kind}: {said}");
    }

    let faulty = Told::so_far(&home).0.len();
    simulator.set_script("");
    // A rejected login waits for a minute, or for a person.
    let rejected = FAULTS.iter().position(|(kind, _)| kind.contains("unauthorized")).unwrap();
    let number = (rejected + 1).to_string();
    let digits: Vec<String> = number.chars().map(String::from).collect();
    let mut keys = vec!["1", "slash"];
    keys.extend(digits.iter().map(String::as_str));
    keys.extend(["Return", "r"]);
    screen.press(&keys);
    until_all_live(&mut wall, &home, stations, "after the faults");
    for (number, (kind, _)) in FAULTS.iter().enumerate() {
        let told = Told::so_far(&home);
        let station = station(number);
        if let Some(back) =
            told.changes(&station, faulty).iter().find(|line| line["state"] == "live")
        {
            let since = told.0[faulty - 1]["t_ms"].as_u64().unwrap();
            let took = back["t_ms"].as_u64().unwrap() - since;
            eprintln!("{}: live again after {took} ms", kind.replace('\n', ", "));
        }
    }

    let told = Told::so_far(&home);
    for number in FAULTS.len()..stations {
        let neighbour = station(number);
        let changes = told.changes(&neighbour, before);
        assert_eq!(changes, Vec::<&Value>::new(), "a neighbour noticed");
        let tiles = told.tiles(&neighbour, before);
        let counts = |count: &str| tiles.iter().map(|t| t[count].as_u64()).collect::<Vec<_>>();
        let painted = counts("painted");
        // Every ten seconds new pictures, whatever the others suffered.
        assert!(painted.len() > 1, "{painted:?}");
        assert!(painted.windows(2).all(|two| two[0] < two[1]), "{neighbour}: {painted:?}");
    }
    wall.signal("TERM");
    assert_eq!(wall.until_ended().code(), Some(0), "{}", wall.said());
}

/// What was seen, in words, once the fault is shown as it should be.
fn is_shown(told: &Told, station: &str, from: usize, shown: &Shown) -> Option<String> {
    let changes = told.changes(station, from);
    let left_live = changes.iter().find(|line| line["state"] != "live");
    match shown {
        State(state, reasons) => {
            let found = changes.iter().find(|line| {
                let why = line["trouble"].as_str();
                line["state"] == *state
                    && (reasons.is_empty() || why.is_some_and(|why| reasons.contains(&why)))
            })?;
            let silent = left_live?["silent_ms"].as_u64()?;
            assert!(silent <= TOLD_WITHIN_MS, "told after {silent} ms");
            let (first, why) = (left_live?["state"].as_str()?, found["trouble"].to_string());
            Some(format!("{first} after {silent} ms without a picture, {state} ({why})"))
        }
        ComesBack => {
            let lost = changes.iter().position(|line| line["state"] != "live")?;
            let back = changes.iter().skip(lost).find(|line| line["state"] == "live")?;
            let gone = back["t_ms"].as_u64()? - changes[lost]["t_ms"].as_u64()?;
            Some(format!("{} for {gone} ms", changes[lost]["state"].as_str()?))
        }
        StaysLive | Among(_) | Slow(_) | Sized(..) | GoesOn => {
            let allowed: &[&str] = match shown {
                Among(states) => states,
                Slow(_) => &["live", "degraded"],
                _ => &["live"],
            };
            let is_allowed = |line: &&Value| allowed.iter().any(|state| line["state"] == *state);
            let stays = matches!(shown, GoesOn) || changes.iter().all(is_allowed);
            assert!(stays, "it is no longer {allowed:?}: {changes:?}");
            // Summaries are ten seconds apart: the second one lies after the change.
            let tiles = told.tiles(station, from);
            let (first, last) = (tiles.get(1)?, tiles.last()?);
            let painted = |tile: &Value| tile["painted"].as_u64();
            if tiles.len() < 3 || painted(last)? <= painted(first)? {
                return None;
            }
            match shown {
                GoesOn if told.state(station) != Some("live") => None,
                Slow(most) if last["rate"].as_f64()? > *most => None,
                Sized(width, height) if last["size"] != serde_json::json!([width, height]) => None,
                _ => Some(format!("live at {} units a second", last["rate"])),
            }
        }
    }
}
