use super::super::rules::{Kind, Severity};
use super::*;

/// Two districts of four, each on a host of its own, and one station far away.
fn few() -> Scene {
    let mut members: Vec<Member> = Vec::new();
    for district in [1, 2] {
        members.extend((1..=4).map(|n| member(district, n, &format!("nvr-{district}"), "")));
    }
    members.push(member(9, 1, "cam", "far"));
    let mut scene = Scene::new(members);
    scene.run(1.0);
    scene
}

const FAR: StationId = StationId::new(9, 1);

fn kinds(changes: &[Change]) -> Vec<&'static str> {
    changes
        .iter()
        .map(|c| match c {
            Change::Raised(_) => "raised",
            Change::Returned(_) => "returned",
            Change::Worsened(_) => "worsened",
            Change::Ended(_) => "ended",
            Change::Acknowledged(_) => "acknowledged",
            Change::Escalated(_) => "escalated",
            Change::Grouped { .. } => "grouped",
            Change::Ungrouped { .. } => "ungrouped",
            Change::Closed(_) => "closed",
            Change::GuardBegan(_) => "guard began",
            Change::GuardYielded { .. } => "guard goes on",
            Change::GuardEnded { ending, .. } if ending.gave_up => "guard given up",
            Change::GuardEnded { .. } => "guard ended",
            Change::MaintenanceBegan(_) => "work began",
            Change::MaintenanceEnded(_) => "work ended",
        })
        .collect()
}

#[test]
fn severity_follows_state_and_stage() {
    let counting = Some(Stage::Counting);
    assert_eq!(Severity::of(State::Black, None), Severity::Warning);
    assert_eq!(Severity::of(State::Black, Some(Stage::Voting)), Severity::Warning);
    assert_eq!(Severity::of(State::Covered, counting), Severity::Incident);
    assert_eq!(Severity::of(State::Offline, Some(Stage::Protocol)), Severity::Incident);
    assert_eq!(Severity::of(State::Degraded, counting), Severity::Notice);
    assert_eq!(Severity::of(State::Offline, None), Severity::Serious);
}

#[test]
fn every_state_that_is_trouble_is_of_a_kind_and_so_is_not_checked() {
    for state in State::ALL {
        let told = state.is_trouble() || state == State::NotChecked;
        assert_eq!(Kind::of(state).is_some(), told, "{state:?}");
    }
}

#[test]
fn a_stall_that_heals_within_a_second_is_no_alarm() {
    let mut scene = few();
    scene.set(FAR, State::Stalled);
    assert_eq!(kinds(&scene.run(0.75)), [""; 0]);
    scene.set(FAR, State::Live);
    assert_eq!(kinds(&scene.run(30.0)), [""; 0]);
    assert!(scene.lines().is_empty());
}

#[test]
fn a_rejected_login_is_told_in_the_same_step() {
    let mut scene = few();
    scene.set(FAR, State::AuthFailed);
    assert_eq!(kinds(&scene.run(0.25)), ["raised"]);
}

#[test]
fn two_lost_together_are_two_lines() {
    let mut scene = few();
    for n in [1, 2] {
        scene.set(StationId::new(1, n), State::Stalled);
    }
    assert_eq!(kinds(&scene.run(5.0)), ["raised", "raised"]);
}

#[test]
fn one_that_is_late_by_a_second_is_in_the_group_from_the_start() {
    let mut scene = few();
    for n in [1, 2, 3] {
        scene.set(StationId::new(1, n), State::Stalled);
    }
    scene.run(0.75);
    scene.set(StationId::new(1, 4), State::Stalled);
    assert_eq!(kinds(&scene.run(5.0)), ["raised"]);
    assert_eq!(held(&scene.lines()[0]).len(), 4);
}

#[test]
fn the_host_is_named_and_not_the_district_when_both_explain_it() {
    let mut scene = few();
    (1..=4).for_each(|n| scene.set(StationId::new(2, n), State::Offline));
    scene.run(2.0);
    let About::Together { by, stations, of } = &scene.lines()[0].about else { panic!() };
    assert_eq!((by, stations.len(), *of), (&Common::Host("nvr-2".into()), 4, 4));
}

#[test]
fn what_is_ours_waits_but_not_for_ever() {
    let mut scene = few();
    let stage = scene.stage_at();
    let mut verdict = Feed::In(State::Offline, scene.now).assess(scene.now);
    verdict.behind = true;
    let mut raised_after = None;
    for quarter in 1..200 {
        scene.now = scene.now + STEP;
        let seen = [Seen { station: FAR, assessment: &verdict }];
        let wall = scene.wall();
        let changes = scene.alarms.step(scene.now, wall, &seen, &|_| stage, Machine::default());
        if !changes.is_empty() {
            raised_after.get_or_insert(quarter);
        }
    }
    assert_eq!(raised_after, Some(121), "half a minute after it was first seen");
}

#[test]
fn a_first_answer_stands() {
    let mut scene = few();
    scene.set(FAR, State::Offline);
    scene.run(1.0);
    let id = scene.lines()[0].id;
    let (now, wall) = (scene.now, scene.wall());
    assert!(scene.alarms.acknowledge(id, "Aysel", "called", now, wall).is_some());
    assert_eq!(scene.alarms.acknowledge(id, "Murad", "", now, wall), None);
    let answer = scene.lines()[0].acknowledged.as_ref().unwrap();
    assert_eq!((answer.who.as_str(), answer.note.as_str(), answer.at), ("Aysel", "called", wall));
    assert_eq!(scene.alarms.acknowledge(AlarmId(77), "Murad", "", now, wall), None);
}

#[test]
fn the_newest_is_for_the_ear_and_a_flapping_feed_is_no_news() {
    let mut scene = few();
    assert_eq!(scene.alarms.newest_raised(), None);
    scene.set(FAR, State::Offline);
    scene.run(1.0);
    let first = scene.alarms.newest_raised().unwrap();
    assert_eq!((first.station, first.severity), (FAR, Severity::Serious));
    scene.set(FAR, State::Live);
    scene.run(10.0);
    scene.set(FAR, State::Offline);
    assert_eq!(kinds(&scene.run(1.0)), ["returned"]);
    assert_eq!(scene.alarms.newest_raised(), Some(first));
    scene.acknowledge(first.id);
    assert_eq!(scene.alarms.newest_raised(), None);
}

#[test]
fn black_after_a_stall_that_somebody_took_on_is_raised_anew() {
    let mut scene = few();
    scene.set(FAR, State::Stalled);
    scene.run(2.0);
    let id = scene.lines()[0].id;
    scene.acknowledge(id);
    scene.set(FAR, State::Offline);
    assert_eq!(kinds(&scene.run(2.0)), ["worsened"], "more of the same is no news");
    scene.set(FAR, State::Black);
    assert_eq!(kinds(&scene.run(2.0)), ["raised"]);
    let line = &scene.lines()[0];
    assert_eq!((line.id, line.acknowledged.is_none(), line.state), (id, true, State::Black));
}

#[test]
fn a_cover_that_somebody_took_on_is_raised_anew_when_counting_begins() {
    let mut scene = few();
    scene.stage = Some(Stage::Voting);
    scene.set(FAR, State::Covered);
    scene.run(2.0);
    scene.acknowledge(scene.lines()[0].id);
    scene.stage = Some(Stage::Counting);
    assert_eq!(kinds(&scene.run(2.0)), ["raised"]);
    assert_eq!(scene.lines()[0].severity, Severity::Incident);
}

#[test]
fn a_feed_that_connects_again_or_was_not_looked_at_is_as_it_was() {
    let mut scene = few();
    scene.set(FAR, State::Black);
    scene.run(2.0);
    for state in [State::Connecting, State::NotChecked] {
        scene.set(FAR, state);
        assert_eq!(kinds(&scene.run(20.0)), [""; 0], "{state:?}");
    }
    let line = &scene.lines()[0];
    assert_eq!((line.state, line.ended), (State::Black, None));
    scene.set(FAR, State::Live);
    assert_eq!(kinds(&scene.run(4.0)), ["ended"]);
    // A loss, however, is over as soon as pictures come.
    scene.set(FAR, State::Offline);
    scene.run(1.0);
    scene.set(FAR, State::NotChecked);
    assert_eq!(kinds(&scene.run(4.0)), ["ended"]);
}

#[test]
fn a_disk_that_is_full_is_told_and_holds_nothing_back() {
    let mut scene = few();
    scene.machine.disk = true;
    scene.set(FAR, State::Offline);
    assert_eq!(kinds(&scene.run(1.0)), ["guard began", "raised"]);
    assert_eq!(scene.alarms.attention().guard.unwrap().why, OwnTrouble::Disk);
    assert!(!scene.alarms.holds_back());
    scene.machine.late = true;
    assert_eq!(kinds(&scene.run(1.0)), ["guard began"]);
    assert_eq!(scene.alarms.attention().guard.unwrap().why, OwnTrouble::Late);
    assert_eq!(scene.alarms.guards().len(), 2);
}

#[test]
fn a_machine_that_is_late_for_long_does_not_hide_a_dark_station() {
    let mut scene = few();
    scene.machine.late = true;
    scene.run(1.0);
    scene.set(FAR, State::Offline);
    assert_eq!(kinds(&scene.run(290.0)), [""; 0]);
    assert!(scene.alarms.holds_back());
    assert!(scene.alarms.attention().guard.unwrap().holds);
    assert_eq!(kinds(&scene.run(20.0)), ["guard goes on", "raised"]);
    assert!(!scene.alarms.holds_back());
    let guard = scene.alarms.attention().guard.unwrap();
    assert_eq!((guard.why, guard.holds), (OwnTrouble::Late, false));
    scene.machine.late = false;
    assert_eq!(kinds(&scene.run(10.0)), ["guard ended"]);
    scene.machine.late = true;
    scene.run(1.0);
    assert!(scene.alarms.holds_back(), "another time it has five minutes again");
}

#[test]
fn a_guard_that_holds_alarms_back_is_not_hidden_behind_one_that_does_not() {
    let mut scene = few();
    scene.machine.disk = true;
    scene.run(1.0);
    scene.machine.late = true;
    scene.run(400.0);
    let why = |scene: &Scene| scene.alarms.guards().iter().map(|g| (g.why, g.holds)).collect();
    let all: Vec<_> = why(&scene);
    assert_eq!(all, [(OwnTrouble::Late, false), (OwnTrouble::Disk, false)]);
    let mut members: Vec<Member> = (1..=20).map(|n| member(1, n, "", "")).collect();
    members.push(member(9, 1, "cam", "far"));
    let mut scene = Scene::new(members);
    scene.run(1.0);
    (1..=20).for_each(|n| scene.set(StationId::new(1, n), State::Offline));
    scene.machine.network_down = true;
    scene.run(1.0);
    scene.machine.late = true;
    scene.run(400.0);
    let all: Vec<_> = why(&scene);
    assert_eq!(all, [(OwnTrouble::Network, true), (OwnTrouble::Late, false)]);
    assert_eq!(scene.alarms.attention().guard, Some(scene.alarms.guards()[0]));
}

#[test]
fn what_nobody_looks_at_is_told_and_is_over_when_somebody_does() {
    let mut scene = few();
    scene.set(FAR, State::NotChecked);
    assert_eq!(kinds(&scene.run(119.0)), [""; 0]);
    assert_eq!(kinds(&scene.run(1.0)), ["raised"]);
    let line = &scene.lines()[0];
    assert_eq!((line.state, line.severity), (State::NotChecked, Severity::Notice));
    scene.set(FAR, State::Live);
    assert_eq!(kinds(&scene.run(4.0)), ["ended"]);
    // Black, and then nobody looks: it is as it was.
    scene.acknowledge(scene.lines()[0].id);
    scene.set(FAR, State::Black);
    scene.run(1.0);
    scene.acknowledge(scene.lines()[0].id);
    scene.set(FAR, State::NotChecked);
    assert_eq!(kinds(&scene.run(300.0)), [""; 0]);
    let line = &scene.lines()[0];
    assert_eq!((line.state, line.ended, line.acknowledged.is_some()), (State::Black, None, true));
}

#[test]
fn an_answer_to_an_unchecked_station_does_not_cover_its_loss() {
    let mut scene = few();
    scene.set(FAR, State::NotChecked);
    scene.run(125.0);
    scene.acknowledge(scene.lines()[0].id);
    scene.set(FAR, State::Offline);
    assert_eq!(kinds(&scene.run(2.0)), ["raised"]);
    assert_eq!(scene.lines()[0].severity, Severity::Serious);
}

#[test]
fn numbers_of_a_killed_run_are_not_used_again() {
    let mut scene = few();
    scene.set(FAR, State::Offline);
    scene.run(1.0);
    let saved = scene.alarms.snapshot(scene.now, scene.wall());
    // Raised after the last save, and then the program is killed.
    for n in 1..=4 {
        scene.set(StationId::new(1, n), State::Black);
    }
    scene.run(1.0);
    let given = scene.lines().iter().map(|l| l.id).max().unwrap();
    assert_eq!(given, AlarmId(5));
    scene.alarms = Alarms::restore(Limits::default(), saved, scene.now, scene.wall());
    scene.alarms.set_members(scene.members.clone());
    scene.run(1.0);
    let new: Vec<AlarmId> =
        scene.lines().iter().map(|l| l.id).filter(|id| *id != AlarmId(1)).collect();
    assert!(new.len() == 4 && new.iter().all(|id| *id > given), "{new:?}");
}

#[test]
fn numbers_go_on_after_those_that_are_known_to_be_used() {
    let mut scene = few();
    scene.alarms = Alarms::new(Limits::default(), AlarmId(41));
    scene.alarms.set_members(scene.members.clone());
    scene.set(FAR, State::Offline);
    scene.run(1.0);
    assert_eq!(scene.lines()[0].id, AlarmId(42));
}

#[test]
fn work_in_the_future_begins_when_its_time_comes() {
    let mut scene = few();
    scene.set(FAR, State::Offline);
    scene.run(1.0);
    let (now, wall) = (scene.now, scene.wall());
    let from = WallTime::from_micros(wall.as_micros() + 60_000_000);
    let window =
        Window { station: FAR, from, until: None, who: "Murad".into(), reason: "cable".into() };
    scene.alarms.maintain(window.clone(), now, wall);
    assert_eq!(scene.alarms.maintenance(FAR, wall), None);
    assert_eq!(kinds(&scene.run(59.0)), [""; 0]);
    assert_eq!(kinds(&scene.run(2.0)), ["acknowledged", "closed"]);
    assert_eq!(scene.alarms.maintenance(FAR, scene.wall()), Some(&window));
    assert!(scene.alarms.end_maintenance(FAR).is_some());
    assert_eq!(scene.alarms.end_maintenance(FAR), None);
    assert_eq!(kinds(&scene.run(1.0)), ["raised"]);
}

#[test]
fn a_saved_state_that_nobody_knows_is_an_error() {
    let mut scene = few();
    scene.set(FAR, State::Offline);
    scene.run(1.0);
    let saved = serde_json::to_string(&scene.alarms.snapshot(scene.now, scene.wall())).unwrap();
    let broken = saved.replace("\"offline\"", "\"on-fire\"");
    let error = serde_json::from_str::<Snapshot>(&broken).unwrap_err().to_string();
    assert!(error.contains("\"on-fire\" is no state of a feed"), "{error}");
}

#[test]
fn a_save_that_says_things_twice_is_taken_once() {
    let mut scene = few();
    scene.set(FAR, State::Offline);
    scene.run(1.0);
    let saved = scene.alarms.snapshot(scene.now, scene.wall());
    let mut json = serde_json::to_value(&saved).unwrap();
    let mut twin = json["alarms"][0].clone();
    twin["id"] = 40.into();
    json["alarms"].as_array_mut().unwrap().push(twin);
    let saved = serde_json::from_value(json).unwrap();
    scene.alarms = Alarms::restore(Limits::default(), saved, scene.now, scene.wall());
    scene.alarms.set_members(scene.members.clone());
    assert_eq!(scene.lines().len(), 1);
    scene.run(1.0);
    scene.set(StationId::new(1, 1), State::Offline);
    scene.run(1.0);
    let newest = scene.lines().iter().map(|l| l.id).max().unwrap();
    assert!(newest > AlarmId(40), "no number is used twice");
}
