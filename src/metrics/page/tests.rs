use std::collections::BTreeMap;
use std::time::Duration;

use super::super::figures::{Alarms, DistrictStates, Journal, Looks, Recording, Sampler, Streams};
use super::*;
use crate::clock::WallTime;

/// Figures in which every part is there.
fn full() -> Figures {
    let mut states = DistrictStates::default();
    states[State::Live as usize] = 8;
    states[State::Offline as usize] = 1;
    let mut lateness = Histogram::of_seconds();
    lateness.observe(0.02);
    lateness.observe(30.0);
    Figures {
        began: WallTime::from_micros(1_707_289_200_000_000),
        looked_at: Mono::from_micros(10_000_000),
        received_at: Mono::from_micros(10_400_000),
        machine_behind: true,
        districts: BTreeMap::from([(23, states), (88, DistrictStates::default())]),
        streams: Streams {
            playing: 8,
            starts: 12,
            losses: 5,
            units: u64::MAX,
            skipped: 1,
            damaged: 2,
            decoded: 3,
            replaced: 4,
            decode_lateness: lateness.clone(),
        },
        looks: Looks { taken: 41, lateness: lateness.clone() },
        paint_lateness: Some(lateness),
        sampler: Some(Sampler {
            samples: 9,
            lag: Duration::from_millis(5500),
            busy: Duration::from_millis(1250),
        }),
        journal: Some(Journal {
            waiting: 7,
            lost: 0,
            lag: Duration::from_millis(1500),
            failing: true,
        }),
        alarms: Some(Alarms { open: 3, unacknowledged: 2, guarded: false }),
        recording: Some(Recording {
            wanted: 9,
            safe: 8,
            failing: false,
            written_bytes: 1 << 40,
            dropped_units: 5,
            closed_segments: 60,
            unsynced: Some(Duration::from_millis(3500)),
            worst_sync: Some(Duration::from_millis(250)),
            hours_left: Some(1.5),
        }),
    }
}

fn told() -> String {
    let process = Process {
        cpu: Some(Duration::from_millis(1250)),
        resident_bytes: Some(4096),
        threads: Some(6),
        open_fds: Some(20),
        max_fds: Some(1024),
    };
    page(&full(), &process, Mono::from_micros(12_500_000))
}

#[test]
fn the_text_says_what_the_figures_say() {
    let told = told();
    for line in [
        "pollwall_stations{state=\"live\"} 8",
        "pollwall_stations{state=\"black\"} 0",
        "pollwall_district_stations{district=\"23\",state=\"offline\"} 1",
        "pollwall_district_stations{district=\"88\",state=\"live\"} 0",
        "pollwall_sessions_started_total 12",
        "pollwall_units_received_total 18446744073709551615",
        "pollwall_machine_behind 1",
        "pollwall_look_age_seconds 2.5",
        "pollwall_receive_age_seconds 2.1",
        "pollwall_look_lateness_seconds_bucket{le=\"0.01\"} 0",
        "pollwall_look_lateness_seconds_bucket{le=\"0.025\"} 1",
        "pollwall_look_lateness_seconds_bucket{le=\"10\"} 1",
        "pollwall_look_lateness_seconds_bucket{le=\"+Inf\"} 2",
        "pollwall_look_lateness_seconds_sum 30.02",
        "pollwall_look_lateness_seconds_count 2",
        "pollwall_sampler_lag_seconds 5.5",
        "pollwall_recording_stations_safe 8",
        "pollwall_recording_written_bytes_total 1099511627776",
        "pollwall_recording_unsynced_seconds 3.5",
        "pollwall_recording_room_left_seconds 5400",
        "pollwall_journal_failing 1",
        "pollwall_alarms_unacknowledged 2",
        "process_start_time_seconds 1707289200.000",
        "process_cpu_seconds_total 1.25",
    ] {
        assert!(told.lines().any(|l| l == line), "{line} is missing in\n{told}");
    }
}

#[test]
fn every_family_is_explained_once_and_its_samples_follow_it() {
    let told = told();
    let mut families: Vec<(&str, &str)> = Vec::new();
    let mut helped = None;
    for line in told.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            assert!(help.ends_with('.') && !help.contains('\\'), "{line}");
            helped = Some(name);
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert_eq!(helped.take(), Some(name), "{line}");
            assert!(families.iter().all(|(other, _)| *other != name), "{name} twice");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            families.push((name, kind));
        } else {
            let name = line.split(['{', ' ']).next().unwrap();
            let (family, kind) = families.last().unwrap();
            match *kind {
                "histogram" => assert!(name.starts_with(family), "{line}"),
                _ => assert_eq!(name, *family, "{line}"),
            }
            let value = line.rsplit(' ').next().unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
        }
    }
    assert!(families.len() > 25, "{families:?}");
}

#[test]
fn what_a_command_does_not_have_is_not_told() {
    let bare =
        Figures { sampler: None, journal: None, alarms: None, paint_lateness: None, ..full() };
    let told = page(&bare, &Process::default(), Mono::default());
    for part in ["_sampler_", "_journal_", "_alarms_", "_paint_", "process_open_fds"] {
        assert!(!told.contains(part), "{part} in\n{told}");
    }
}

#[test]
fn labels_cannot_break_out_of_their_quotes() {
    let mut to = Writer::default();
    to.sample("a", &[("l", "x\"} 1\nb\\")], 2);
    assert_eq!(to.text, "a{l=\"x\\\"} 1\\nb\\\\\"} 2\n");
}
