//! The page of coverage: what is read there, heard, and pressed.

use std::sync::Arc;

use eframe::egui::Key;
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
use pollwall::model::{StationId, StationList};
use pollwall::record::Cause;
use pollwall::record::ledger::{Span, Sums};
use pollwall::text::Lang;
use pollwall::ui::{
    ClockKept, CoverageReport, DistrictCoverage, Explained, Scene, StationCoverage, StationGap,
};

use crate::rig::*;

const SECOND: i64 = 1_000_000;
/// From seven to 11:42:07.
const HOURS: i64 = (4 * 3600 + 42 * 60 + 7) * SECOND;

fn gap(minutes_ago: i64, seconds: i64, cause: Cause) -> StationGap {
    let to = wall_time().as_micros() - minutes_ago * 60 * SECOND;
    StationGap { span: Span::new(to - seconds * SECOND, to), cause }
}

fn covered(station: StationId, gaps: Vec<StationGap>, recording: bool) -> StationCoverage {
    let lengths = gaps.iter().map(|gap| gap.span.len_us());
    let gap_us: i64 = lengths.clone().sum();
    let sums = Sums {
        hours_us: HOURS,
        recorded_us: HOURS - gap_us - 3 * SECOND,
        short_us: 3 * SECOND,
        gap_us,
        gaps: gaps.len() as u64,
        short_breaks: 2,
        longest_gap_us: lengths.max().unwrap_or(0),
        ..Sums::default()
    };
    StationCoverage { station, sums, recording, gaps }
}

/// Of the districts of `list`, 57 has stations with gaps of every cause, and 8 one of a minute.
fn report(list: &StationList) -> CoverageReport {
    let mut districts: Vec<DistrictCoverage> = Vec::new();
    let mut all = Sums::default();
    let station = |id: StationId| match (id.district, id.station) {
        (57, 12) => {
            let causes = Cause::ALL.into_iter().enumerate();
            let gaps = causes.map(|(n, cause)| gap(12 * n as i64 + 3, 90 + 30 * n as i64, cause));
            covered(id, gaps.collect(), false)
        }
        (57, n @ (3 | 7)) => covered(id, vec![gap(i64::from(n), 31, Cause::CameraSilent)], true),
        (8, 1) => covered(id, vec![gap(75, 62, Cause::NetworkRefused)], true),
        _ => covered(id, Vec::new(), true),
    };
    for district in [57, 8, 23, 88] {
        let own = list.in_district(district);
        let mut stations: Vec<_> = own.iter().map(|known| station(known.id)).collect();
        stations.sort_by_key(|one| (std::cmp::Reverse(one.sums.gap_us), one.station));
        let mut sums = Sums::default();
        stations.iter().for_each(|one| sums.add(&one.sums));
        all.add(&sums);
        let recording = stations.iter().filter(|one| one.recording).count();
        districts.push(DistrictCoverage { number: district, sums, recording, stations });
    }
    CoverageReport {
        at: wall_time(),
        date: "2024-02-07".parse().unwrap(),
        sums: all,
        recorded: true,
        districts,
        trouble: None,
    }
}

fn read() -> (Arc<StationList>, Scene) {
    let (list, mut scene) = troubled();
    scene.coverage = Some(Arc::new(report(&list)));
    (list, scene)
}

#[test]
fn the_country_and_a_district_in_pictures() {
    let mut all = SnapshotResults::new();
    for (lang, size) in [
        (Lang::Az, [1280, 720]),
        (Lang::Az, [1920, 1080]),
        (Lang::En, [1280, 720]),
        (Lang::Ru, [1280, 720]),
    ] {
        let (list, scene) = read();
        let mut rig = rig(&list, scene, lang, size);
        let name = |what: &str| format!("coverage_{what}_{}_{}", lang.code(), size[1]);
        rig.press(Key::C);
        rig.snapshot(&name("country"));
        rig.press(Key::Enter);
        rig.snapshot(&name("district"));
        all.extend_harness(&mut rig.harness);
    }
}

#[test]
fn one_key_away_into_a_district_and_back() {
    let (list, scene) = read();
    let mut rig = rig(&list, scene, Lang::En, [1280, 720]);
    rig.press(Key::C);
    rig.harness.get_by_label("Coverage · 07.02.2024, as of 11:42:07");
    assert!(rig.wall.borrow().demand().is_empty(), "no tile can be seen");
    assert!(rig.wall.borrow().painted().stations.is_empty());
    rig.harness.get_by_label(
        "57: coverage 98.46 %, gaps 14, together 52:02, longest 7:00, recording 11 of 12",
    );
    rig.harness
        .get_by_label("88: coverage 100 %, gaps 0, together 0:00, longest 0:00, recording 9 of 9");
    rig.press(Key::ArrowDown);
    rig.press(Key::Enter);
    rig.harness.get_by_label("Coverage of district 8 · Nəsimi ikinci · 07.02.2024, as of 11:42:07");
    rig.harness.get_by_label("10:26:05–10:27:07, 1:02, the camera could not be reached");
    rig.press(Key::ArrowDown);
    assert!(rig.harness.query_by_label_contains("10:26:05").is_none(), "another station's");
    rig.press(Key::Escape);
    let at = rig.wall.borrow().coverage().unwrap().chosen();
    assert_eq!(at, Some(pollwall::wall::CoverageRow::District(8)), "where one was");
    rig.press(Key::Escape);
    assert!(rig.wall.borrow().coverage().is_none());
    // By the mouse: the district, then a station, which goes on the wall.
    rig.press(Key::C);
    rig.harness.get_by_label_contains("57: coverage").click();
    rig.harness.run_steps(2);
    rig.harness.get_by_label_contains("57/7: coverage").click();
    rig.harness.run_steps(2);
    assert!(rig.wall.borrow().coverage().is_none());
    assert_eq!(rig.wall.borrow().selected().unwrap().id, StationId::new(57, 7));
    let painted = rig.wall.borrow().painted().clone();
    assert!(painted.stations.contains(&StationId::new(57, 7)));
    assert!(painted.tile.0 > 100 && painted.tile.1 > 50, "{painted:?}");
}

#[test]
fn the_worst_may_change_while_one_looks_and_the_choice_stays() {
    let (list, scene) = read();
    let mut rig = rig(&list, scene, Lang::En, [1280, 720]);
    rig.press(Key::C);
    rig.press(Key::ArrowDown);
    let mut moved = report(&list);
    moved.districts.swap(0, 1);
    rig.scene.borrow_mut().coverage = Some(Arc::new(moved));
    rig.harness.run_steps(2);
    rig.press(Key::Enter);
    rig.harness.get_by_label_contains("Coverage of district 8");
}

/// All of what a step draws, as text.
fn drawn(rig: &mut Rig<'_>) -> String {
    rig.harness.run_steps(1);
    format!("{:?}", rig.harness.output().shapes)
}

#[test]
fn it_says_what_it_does_not_know() {
    let (list, scene) = troubled();
    let mut rig = rig(&list, scene, Lang::Az, [1280, 720]);
    rig.press(Key::C);
    assert!(drawn(&mut rig).contains("oxunur…"), "it was not read yet");
    let nothing = CoverageReport { recorded: false, ..report(&list) };
    rig.scene.borrow_mut().coverage = Some(Arc::new(nothing));
    rig.harness.run_steps(2);
    assert!(drawn(&mut rig).contains("heç nə yazılmayıb"));
    let why: Explained = Arc::new(|_| "disk oxunmur".to_owned());
    let unread = CoverageReport { trouble: Some(Arc::clone(&why)), ..CoverageReport::default() };
    rig.scene.borrow_mut().coverage = Some(Arc::new(unread));
    rig.harness.run_steps(2);
    let told = drawn(&mut rig);
    assert!(told.contains("oxuna bilmir: disk oxunmur"), "{told}");
    assert!(!told.contains("heç nə yazılmayıb"), "nobody knows that");
    let older = CoverageReport { trouble: Some(why), ..report(&list) };
    rig.scene.borrow_mut().coverage = Some(Arc::new(older));
    rig.harness.run_steps(2);
    let told = drawn(&mut rig);
    assert!(told.contains("oxuna bilmir") && told.contains("saat 11:42:07"), "{told}");
    assert!(told.contains("98.46 %"), "what was read is still true up to its time");
}

#[test]
fn a_clock_that_nobody_keeps_right_is_told_beside_it() {
    let mut all = SnapshotResults::new();
    for (lang, heard) in [
        (Lang::Az, "saat sinxron deyil"),
        (Lang::En, "clock not synchronised"),
        (Lang::Ru, "часы не синхронизированы"),
    ] {
        let (list, mut scene) = troubled();
        scene.clock = ClockKept::NotRight;
        let mut rig = rig(&list, scene, lang, [1280, 720]);
        rig.harness.run_steps(2);
        rig.harness.get_by_label(heard);
        rig.scene.borrow_mut().clock = ClockKept::Right;
        rig.harness.run_steps(2);
        assert!(rig.harness.query_by_label(heard).is_none());
        rig.scene.borrow_mut().clock = ClockKept::Unknown;
        if lang == Lang::Az {
            rig.snapshot("clock_unknown_az");
        }
        all.extend_harness(&mut rig.harness);
    }
}
