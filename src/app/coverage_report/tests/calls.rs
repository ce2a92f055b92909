//! What counts as a call for an answer.

use super::super::alarms::{Alarm, Calls};
use super::SECOND;
use crate::clock::WallTime;
use crate::journal::Event;
use crate::model::StationId;
use crate::record::ledger::Span;

fn at(seconds: i64) -> WallTime {
    WallTime::from_micros(seconds * SECOND)
}

fn raised(alarm: u64) -> Event {
    Event::AlarmRaised { alarm, state: "offline".into(), trouble: None, since_utc_us: None }
}

fn answered(alarm: u64) -> Event {
    Event::AlarmAcknowledged { alarm, who: "Leyla".into(), note: String::new() }
}

fn told(calls: Calls) -> Vec<(u64, i64, usize, Option<i64>, bool)> {
    let all = calls.within(Span::new(0, 1_000_000 * SECOND));
    let short = |alarm: &Alarm| {
        let waited = alarm.waited_us().map(|us| us / SECOND);
        let raised = alarm.raised.as_micros() / SECOND;
        (alarm.number, raised, alarm.stations.len(), waited, alarm.closed)
    };
    all.iter().map(short).collect()
}

#[test]
fn an_alarm_raised_again_calls_again_and_a_number_of_another_station_is_another_alarm() {
    let (a, b) = (Some(StationId::new(1, 1)), Some(StationId::new(1, 2)));
    let mut calls = Calls::default();
    calls.take(at(10), a, &raised(1));
    calls.take(at(12), a, &raised(1));
    calls.take(at(15), a, &answered(1));
    calls.take(at(17), a, &answered(1));
    calls.take(at(20), a, &raised(1));
    calls.take(at(30), a, &Event::AlarmClosed { alarm: 1 });
    calls.take(at(40), a, &raised(2));
    calls.take(at(41), b, &raised(2));
    calls.take(at(43), b, &answered(2));
    assert_eq!(
        told(calls),
        [
            (1, 10, 1, Some(5), false),
            (1, 20, 1, None, true),
            (2, 40, 1, None, false),
            (2, 41, 1, Some(2), false)
        ]
    );
}

#[test]
fn a_group_is_one_call_since_its_first_and_opens_up_to_calls_of_its_own() {
    let names = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let group = |stations: &[&str], from: &[u64]| Event::AlarmsGrouped {
        alarm: 9,
        by: "district".into(),
        which: "1".into(),
        stations: names(stations),
        of: 5,
        from: from.to_vec(),
    };
    let ids = [1, 2, 3].map(|n| Some(StationId::new(1, n)));
    let begun = || {
        let mut calls = Calls::default();
        calls.take(at(10), ids[0], &raised(1));
        calls.take(at(11), ids[1], &raised(2));
        calls.take(at(12), ids[1], &answered(2));
        calls.take(at(13), None, &group(&["1/1", "1/2", "1/3"], &[1, 2]));
        calls
    };
    let open = Event::AlarmsUngrouped { alarm: 9, stations: names(&["1/3"]), into: vec![12] };
    let mut calls = begun();
    calls.take(at(20), None, &answered(9));
    calls.take(at(30), None, &open);
    calls.take(at(90), ids[2], &answered(12));
    assert_eq!(told(calls), [(9, 10, 3, Some(10), false), (2, 11, 1, Some(1), false)]);
    let mut calls = begun();
    calls.take(at(30), None, &open);
    calls.take(at(90), ids[2], &answered(12));
    assert_eq!(
        told(calls),
        [(9, 10, 2, None, false), (12, 10, 1, Some(80), false), (2, 11, 1, Some(1), false)]
    );
}
