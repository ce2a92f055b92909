//! Made-up troubles, and a wall that shows them.

use std::sync::Arc;

use eframe::egui;
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
use pollwall::clock::WallTime;
use pollwall::health::alarms::{
    About, Acknowledged, AlarmId, Attention, Common, Guard, Line, OwnTrouble, Severity,
};
use pollwall::health::{Assessment, State, Trouble};
use pollwall::model::{StationId, StationList};
use pollwall::text::Lang;
use pollwall::ui::{MaintenanceView, Scene};
use pollwall::wall::Command;

use crate::country::country;
use crate::rig::*;

pub(crate) fn id(s: &str) -> StationId {
    s.parse().unwrap()
}

/// `minutes` before the moment on the wall; after it, with a negative number.
pub(crate) fn at(minutes: i64) -> WallTime {
    WallTime::from_micros(wall_time().as_micros() - minutes * 60_000_000)
}

pub(crate) fn line(alarm: u64, about: About, state: State, seconds: f64) -> Line {
    Line {
        id: AlarmId(alarm),
        about,
        state,
        worst: state,
        trouble: None,
        since: ago(seconds),
        ended: None,
        unanswered_from: ago(seconds),
        escalated: false,
        acknowledged: None,
        severity: Severity::of(state, None),
        times: 1,
    }
}

pub(crate) fn one(alarm: u64, station: &str, state: State, seconds: f64) -> Line {
    line(alarm, About::Station(id(station)), state, seconds)
}

pub(crate) fn aysel(note: &str) -> Acknowledged {
    Acknowledged { who: "Aysel".into(), at: at(3), note: note.into() }
}

pub(crate) fn set(scene: &mut Scene, station: &str, assessment: Assessment) {
    scene.stations.get_mut(&id(station)).unwrap().assessment = assessment;
}

pub(crate) fn attend(scene: &mut Scene, lines: Vec<Line>) {
    scene.attention = Arc::new(Attention { lines, ..Attention::default() });
}

/// A country where all is well; district 26 has pictures.
pub(crate) fn quiet() -> (Arc<StationList>, Scene) {
    let list = country();
    let scene = scene(&list, |id| id.district == 26);
    (list, scene)
}

/// Pictures that arrive and are not what they ought to be.
pub(crate) fn suspected(state: State, seconds: f64) -> Assessment {
    Assessment { state, since: ago(seconds), ..live() }
}

/// Seven troubles, five of them on the page of district 26, and work at one station.
pub(crate) fn seven() -> (Arc<StationList>, Scene) {
    let (list, mut scene) = quiet();
    let lost = since(State::Offline, 130.0, Some(Trouble::Refused));
    set(&mut scene, "26/2", lost);
    let view = scene.stations.get_mut(&id("26/2")).unwrap();
    (view.picture, view.newest_picture) = (Some(picture(120, ago(130.0))), Some(ago(130.0)));
    set(&mut scene, "26/4", Assessment { rate: Some(4.0), ..suspected(State::Degraded, 75.0) });
    set(&mut scene, "26/5", suspected(State::Covered, 61.0));
    set(&mut scene, "26/6", suspected(State::Frozen, 55.0));
    set(&mut scene, "26/7", suspected(State::Black, 48.0));
    set(&mut scene, "57/4", since(State::Stalled, 271.0, Some(Trouble::FramesStopped)));
    set(&mut scene, "8/3", since(State::AuthFailed, 700.0, Some(Trouble::AuthRejected)));
    set(&mut scene, "26/8", suspected(State::NotChecked, 90.0));
    set(&mut scene, "26/9", since(State::Maintenance, 600.0, None));
    scene.stations.get_mut(&id("26/9")).unwrap().picture = None;
    let until = Some(at(-18));
    let work =
        MaintenanceView { until, who: "Aysel".into(), reason: "kamera dəyişdirilir".into() };
    scene.maintenance.insert(id("26/9"), work);
    let trouble = |line: Line, trouble| Line { trouble: Some(trouble), ..line };
    let lines = vec![
        Line {
            escalated: true,
            ..trouble(one(1, "57/4", State::Stalled, 271.0), Trouble::FramesStopped)
        },
        trouble(one(2, "26/2", State::Offline, 130.0), Trouble::Refused),
        one(6, "26/7", State::Black, 48.0),
        one(5, "26/6", State::Frozen, 55.0),
        one(4, "26/5", State::Covered, 61.0),
        Line {
            state: State::Live,
            worst: State::Stalled,
            ended: Some(ago(40.0)),
            ..one(8, "26/1", State::Stalled, 71.0)
        },
        Line {
            acknowledged: Some(aysel("texnik yoldadır")),
            ..trouble(one(3, "8/3", State::AuthFailed, 700.0), Trouble::AuthRejected)
        },
        Line { acknowledged: Some(aysel("")), ..one(7, "26/4", State::Degraded, 75.0) },
    ];
    attend(&mut scene, lines);
    recount(&mut scene);
    (list, scene)
}

/// A district that was lost at once, and other trouble.
pub(crate) fn outage() -> (Arc<StationList>, Scene) {
    let (list, mut scene) = seven();
    let members: Vec<StationId> =
        list.in_district(89).iter().map(|s| s.id).filter(|s| s.station % 3 != 0).collect();
    for member in &members {
        let lost = since(State::Offline, 12.0, Some(Trouble::Unreachable));
        scene.stations.get_mut(member).unwrap().assessment = lost;
    }
    let of = list.in_district(89).len();
    let about = About::Together { by: Common::District(89), stations: members, of };
    let mut lines = scene.attention.lines.clone();
    let loss = line(9, about, State::Offline, 12.0);
    lines.insert(1, Line { trouble: Some(Trouble::Unreachable), ..loss });
    attend(&mut scene, lines);
    recount(&mut scene);
    (list, scene)
}

pub(crate) fn guarded() -> (Arc<StationList>, Scene) {
    let (list, mut scene) = seven();
    for (station, view) in &mut scene.stations {
        if (u32::from(station.district) * 7 + station.station) % 10 != 0 {
            view.assessment = since(State::Stalled, 42.0, None);
        }
    }
    let guard = Some(Guard { why: OwnTrouble::Network, since: ago(42.0), holds: true });
    scene.attention =
        Arc::new(Attention { lines: scene.attention.lines.clone(), guard, ..Attention::default() });
    scene.machine_behind = true;
    recount(&mut scene);
    (list, scene)
}

pub(crate) type Made = fn() -> (Arc<StationList>, Scene);

pub(crate) const SIZES: [[u32; 2]; 3] = [[1280, 720], [1920, 1080], [3840, 2160]];

pub(crate) fn open(made: Made, lang: Lang, size: [u32; 2]) -> Rig<'static> {
    let (list, scene) = made();
    let mut rig = rig(&list, scene, lang, size);
    rig.command(Command::District(26));
    rig
}

/// In each language; `ALL_SIZES` draws every size of each, for looking at.
pub(crate) fn snap(name: &str, made: Made, mut prepare: impl FnMut(&mut Rig<'_>)) {
    let mut all = SnapshotResults::new();
    for (lang, own) in Lang::ALL.into_iter().zip([SIZES[0], SIZES[1], SIZES[0]]) {
        let sizes =
            if std::env::var_os("ALL_SIZES").is_some() { SIZES.to_vec() } else { vec![own] };
        for size in sizes {
            let mut rig = open(made, lang, size);
            prepare(&mut rig);
            let size = if size == own { String::new() } else { format!("_{}", size[1]) };
            rig.snapshot(&format!("{name}_{}{size}", lang.code()));
            all.extend_harness(&mut rig.harness);
        }
    }
}

pub(crate) fn type_in(rig: &mut Rig<'_>, typed: &str) {
    rig.harness.event(egui::Event::Text(typed.to_owned()));
    rig.harness.run_steps(3);
}

pub(crate) fn click(rig: &mut Rig<'_>, label: &str) {
    rig.harness.get_by_label(label).click();
    rig.harness.run_steps(2);
}

/// All of what a step draws, as text.
pub(crate) fn drawn(rig: &mut Rig<'_>) -> String {
    rig.harness.run_steps(1);
    format!("{:?}", rig.harness.output().shapes)
}
