//! What the wall says of recording, and the key that switches it.

use std::sync::Arc;

use eframe::egui::{Key, Modifiers};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
use pollwall::model::StationId;
use pollwall::text::Lang;
use pollwall::ui::{Action, RecordingView, Scene, Tidings, Told};
use pollwall::wall::Command;

use crate::rig::*;

/// Of district 23 the first six stations are safe, 23/8 and 23/9 are not, though they are live.
fn recorded(change: impl Fn(&mut RecordingView)) -> impl Fn(&mut Scene) {
    move |scene| {
        let safe = |id: &&StationId| id.district != 23 || id.station < 7;
        let missing = |id: &&StationId| id.district == 23 && id.station > 7;
        let ids: Vec<StationId> = scene.list.stations.iter().map(|s| s.id).collect();
        let mut view = RecordingView {
            wanted: ids.len(),
            safe: ids.iter().filter(safe).copied().collect(),
            missing: ids.iter().filter(missing).copied().collect(),
            opens: false,
            fails: false,
            bytes_per_second: 1_930_000,
            hours_left: Some(37.9),
            room_is_low: false,
            room_is_short: false,
        };
        change(&mut view);
        scene.recording = Some(Arc::new(view));
    }
}

fn shown<'a>(lang: Lang, set: impl Fn(&mut Scene)) -> Rig<'a> {
    let list = list(&[(8, 7), (23, 9), (57, 12), (88, 9)]);
    let mut scene = scene(&list, |id| id.district == 23);
    set(&mut scene);
    let mut rig = rig(&list, scene, lang, [1280, 720]);
    rig.command(Command::District(23));
    rig
}

#[test]
fn a_tile_says_that_it_is_recorded_only_where_that_is_safe() {
    let mut all = SnapshotResults::new();
    for lang in Lang::ALL {
        let mut rig = shown(lang, recorded(|_| ()));
        rig.snapshot(&format!("recording_{}", lang.code()));
        all.extend_harness(&mut rig.harness);
    }
    let rig = shown(Lang::En, recorded(|_| ()));
    rig.harness.get_by_label("REC 34/37, 1.9 MB/s, room for 37 h");
    // Whatever is wrong with a recording, it never says more than there is.
    let rig = shown(Lang::En, recorded(|view| view.opens = true));
    rig.harness.get_by_label("REC: being prepared 34/37, room for 37 h");
    let rig = shown(Lang::En, recorded(|view| view.hours_left = None));
    rig.harness.get_by_label("REC 34/37, 1.9 MB/s");
    let mut rig = shown(
        Lang::Az,
        recorded(|view| {
            (view.fails, view.hours_left) = (true, Some(0.4));
            (view.room_is_low, view.room_is_short) = (true, true);
        }),
    );
    rig.harness.get_by_label("YAZILMIR 34/37, 0 saatlıq yer");
    rig.snapshot("recording_fails");
    all.extend_harness(&mut rig.harness);
    let rig = shown(Lang::En, |_| ());
    assert!(rig.harness.query_by_label_contains("REC").is_none(), "nothing is to be recorded");
}

#[test]
fn shift_r_is_the_switch_and_r_alone_is_not() {
    let mut rig = shown(Lang::En, |_| ());
    rig.harness.key_press_modifiers(Modifiers::SHIFT, Key::R);
    rig.harness.run_steps(2);
    assert_eq!(*rig.actions.borrow(), [Action::ToggleRecording]);
    rig.actions.borrow_mut().clear();
    rig.press(Key::R);
    let all = rig.actions.borrow();
    assert!(!all.contains(&Action::ToggleRecording) && all.len() == 1, "{all:?}");
}

#[test]
fn what_becomes_of_the_switch_is_told() {
    let told = |tidings| {
        move |scene: &mut Scene| {
            let tidings: &Tidings = &tidings;
            let (at, tidings) = (NOW, tidings.clone());
            scene.told = Some(Told { at, station: None, tidings, passing: true });
        }
    };
    for (tidings, words) in [
        (Tidings::RecordingBegun(37), "Recording has begun. Stations: 37"),
        (
            Tidings::RecordingStopAsked,
            "Recording goes on. To stop it, press Shift R once more within 15 s",
        ),
        (Tidings::RecordingStopped, "Recording has been STOPPED. Nothing is recorded from now on"),
        (Tidings::NoRecording(None), "Streams that were opened by hand are not recorded"),
        (Tidings::NoRecording(Some("line 3".into())), "Nothing can be recorded: line 3"),
    ] {
        let rig = shown(Lang::En, told(tidings));
        rig.harness.get_by_label(words);
    }
}
