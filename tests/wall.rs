//! The wall's screens, drawn by the real renderer on software Vulkan: what a person reads, hears
//! and clicks in every state, and reference pictures in three languages.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test wall` takes new reference pictures into
//! `tests/snapshots`; look at them before committing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

#[path = "wall/attention.rs"]
mod attention;
#[path = "wall/banners.rs"]
mod banners;
#[path = "wall/country.rs"]
mod country;
#[path = "wall/coverage.rs"]
mod coverage;
#[path = "wall/day.rs"]
mod day;
#[path = "wall/first_run.rs"]
mod first_run;
#[path = "wall/large.rs"]
mod large;
#[path = "wall/light.rs"]
mod light;
#[path = "wall/recording.rs"]
mod recording;
#[path = "wall/rig.rs"]
mod rig;
#[path = "wall/scale.rs"]
mod scale;
#[path = "wall/troubles.rs"]
mod troubles;

use eframe::egui;
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
use pollwall::health::{Assessment, State, Trouble};
use pollwall::model::StationId;
use pollwall::text::Lang;
use pollwall::ui::Action;
use pollwall::wall::Command;
use rig::*;

#[test]
fn every_state_in_three_languages() {
    let mut all = SnapshotResults::new();
    for lang in Lang::ALL {
        let (list, scene) = troubled();
        let mut rig = rig(&list, scene, lang, [1280, 720]);
        rig.command(Command::District(23));
        rig.snapshot(&format!("states_{}", lang.code()));
        all.extend_harness(&mut rig.harness);
    }
}

#[test]
fn states_are_heard_as_a_person_would_say_them() {
    let (list, scene) = troubled();
    let mut rig = rig(&list, scene, Lang::En, [1280, 720]);
    rig.command(Command::District(23));
    for heard in [
        "Station 23/1, live",
        "Station 23/2, stalled",
        "Station 23/3, offline",
        "Station 23/4, authentication failed",
        "Station 23/5, cannot be shown",
        "Station 23/6, connecting",
        "District 57 Nəsimi ikinci, in trouble: 1",
        "District 8 Nəsimi ikinci, in trouble: 0",
    ] {
        rig.harness.get_by_label(heard);
    }
}

/// The mean brightness of the picture's room of a tile's lower half.
fn brightness(rig: &mut Rig<'_>, label: &str) -> f64 {
    let scale = rig.harness.ctx.pixels_per_point();
    let rect = rig.harness.get_by_label(label).rect() * scale;
    // The first paint after a change: nothing may flash up.
    rig.harness.run_steps(1);
    let first = rig.harness.render().unwrap();
    rig.harness.run_steps(1);
    let second = rig.harness.render().unwrap();
    let (first, second) = (lower_part(&first, rect), lower_part(&second, rect));
    assert!((first - second).abs() < 6.0, "{label}: {first}, then {second}");
    second
}

pub(crate) fn lower_part(picture: &image::RgbaImage, rect: egui::Rect) -> f64 {
    let lower = (rect.top() + rect.height() * 0.8) as u32..(rect.bottom() - 6.0) as u32;
    let inner = (rect.left() + 6.0) as u32..(rect.right() - 6.0) as u32;
    let mut sum = 0_u64;
    let mut count = 0_u64;
    for y in lower {
        for x in inner.clone() {
            sum += picture.get_pixel(x, y).0[..3].iter().map(|v| u64::from(*v)).sum::<u64>();
            count += 3;
        }
    }
    sum as f64 / count as f64
}

#[test]
fn a_stale_picture_is_dimmed_and_a_live_one_is_not() {
    let (list, scene) = troubled();
    let mut rig = rig(&list, scene, Lang::En, [1280, 720]);
    rig.command(Command::District(23));
    let live = brightness(&mut rig, "Station 23/8, live");
    for stale in ["Station 23/2, stalled", "Station 23/3, offline", "Station 23/7, live"] {
        let light = brightness(&mut rig, stale);
        assert!(light < live * 0.55 && light > 5.0, "{stale}: {light} beside {live}");
    }
    // Units still arrive, so the feed is live; but the picture that is shown is three seconds
    // old: it must not pass for the present either.
    let id = "23/8".parse().unwrap();
    {
        let mut scene = rig.scene.borrow_mut();
        let view = scene.stations.get_mut(&id).unwrap();
        view.picture = Some(picture(120, ago(3.0)));
        view.newest_picture = Some(ago(3.0));
    }
    let old = brightness(&mut rig, "Station 23/8, live");
    assert!(old < live * 0.55, "{old} beside {live}");
}

#[test]
fn keys_and_clicks_move_about() {
    use egui::Key;
    let (list, scene) = troubled();
    let mut rig = rig(&list, scene, Lang::En, [1280, 720]);
    for key in [Key::Num5, Key::Num7, Key::Slash, Key::Num1, Key::Num2] {
        rig.press(key);
    }
    assert_eq!(rig.wall.borrow().entry().unwrap().to_string(), "57/12");
    rig.press(Key::Enter);
    assert_eq!(rig.wall.borrow().selected().unwrap().id, StationId::new(57, 12));
    rig.press(Key::Enter);
    assert!(rig.wall.borrow().large().is_some());
    rig.press(Key::Escape);
    assert!(rig.wall.borrow().large().is_none());
    rig.press(Key::F);
    assert_eq!(rig.actions.borrow().as_slice(), [Action::ToggleFullScreen]);

    rig.harness.get_by_label("District 88 Nəsimi ikinci, in trouble: 1").click();
    rig.harness.run_steps(2);
    assert_eq!(rig.wall.borrow().district().unwrap().number, 88);
    rig.harness.get_by_label("Station 88/4, live").click();
    rig.harness.run_steps(2);
    assert_eq!(rig.wall.borrow().selected().unwrap().id, StationId::new(88, 4));
    rig.harness.get_by_label("previous page").click();
    rig.harness.run_steps(2);
    assert_eq!(rig.wall.borrow().district().unwrap().number, 57);
    rig.harness.get_by_label("keys").click();
    rig.harness.run_steps(2);
    assert!(rig.wall.borrow().keys_shown());
}

#[test]
fn a_russian_keyboard_has_the_same_keys() {
    let (list, scene) = troubled();
    let mut rig = rig(&list, scene, Lang::Ru, [1280, 720]);
    // What a Russian layout sends for the key beside the right Shift, and for F.
    let typed = |place, meaning| egui::Event::Key {
        key: meaning,
        physical_key: Some(place),
        pressed: true,
        repeat: false,
        modifiers: egui::Modifiers::NONE,
    };
    use egui::Key;
    for event in [
        typed(Key::Num2, Key::Num2),
        typed(Key::Num3, Key::Num3),
        typed(Key::Slash, Key::Period),
        typed(Key::Num4, Key::Num4),
        typed(Key::Enter, Key::Enter),
        typed(Key::F, Key::A),
    ] {
        rig.harness.event(event);
        rig.harness.run_steps(2);
    }
    assert_eq!(rig.wall.borrow().selected().unwrap().id, StationId::new(23, 4));
    assert_eq!(rig.actions.borrow().as_slice(), [Action::ToggleFullScreen]);
}

#[test]
fn one_station_large_the_keys_and_a_typed_number() {
    let (list, scene) = troubled();
    let mut rig = rig(&list, scene, Lang::Az, [1280, 720]);
    rig.command(Command::Open(StationId::new(23, 1)));
    rig.snapshot("large");
    rig.command(Command::Back);
    rig.command(Command::ToggleKeys);
    rig.snapshot("keys");
    rig.command(Command::Back);
    rig.command(Command::Digit(5));
    rig.command(Command::Digit(7));
    rig.command(Command::Separator);
    rig.snapshot("typing");
    rig.command(Command::Digit(9));
    rig.command(Command::Digit(9));
    rig.command(Command::Confirm);
    rig.snapshot("no_such_station");
}

#[test]
fn the_whole_country_and_a_page_of_64() {
    let mut districts: Vec<(u16, u32)> = (1..=118).map(|d| (d, 7 + u32::from(d % 4))).collect();
    districts.push((119, 70));
    let list = list(&districts);
    let mut scene = scene(&list, |id| id.district == 119);
    for (id, view) in &mut scene.stations {
        if id.station == 3 && id.district % 7 == 0 {
            view.assessment = since(State::Stalled, 30.0, None);
        } else if id.station == 5 && id.district % 11 == 0 {
            view.assessment = since(State::Offline, 300.0, Some(Trouble::ConnectTimedOut));
        }
    }
    recount(&mut scene);
    let mut rig = rig(&list, scene, Lang::Ru, [1920, 1080]);
    rig.command(Command::District(119));
    for _ in 0..12 {
        rig.command(Command::MoreTiles);
    }
    assert_eq!(rig.wall.borrow().page_stations().len(), 64);
    rig.snapshot("country");
}

#[test]
fn an_overloaded_machine_blames_itself_and_an_empty_list_helps() {
    let (stations, mut scene) = troubled();
    scene.machine_behind = true;
    let mut busy = rig(&stations, scene, Lang::En, [1280, 720]);
    busy.snapshot("machine_behind");
    let mut all = SnapshotResults::new();
    all.extend_harness(&mut busy.harness);
    let nobody = list(&[]);
    let scene = self::scene(&nobody, |_| false);
    let mut empty = rig(&nobody, scene, Lang::En, [1280, 720]);
    empty.snapshot("empty_list");
    all.extend_harness(&mut empty.harness);
}

#[test]
fn r_asks_for_the_selected_station_and_says_so() {
    let (list, scene) = troubled();
    let mut rig = rig(&list, scene, Lang::En, [1280, 720]);
    rig.command(Command::Select("23/4".parse().unwrap()));
    rig.press(egui::Key::R);
    assert_eq!(*rig.actions.borrow(), [Action::Reconnect("23/4".parse().unwrap())]);
    assert_eq!(
        rig.wall.borrow().notice(),
        Some(pollwall::wall::Notice::Reconnecting("23/4".parse().unwrap()))
    );
}

#[test]
fn what_this_machine_lacks_is_not_called_the_cameras_fault() {
    let (list, mut scene) = troubled();
    let lacking = since(State::Offline, 9.0, Some(Trouble::OwnLimit));
    let view = scene.stations.get_mut(&"23/2".parse().unwrap()).unwrap();
    view.assessment = Assessment { behind: true, ..lacking };
    let mut rig = rig(&list, scene, Lang::En, [1280, 720]);
    rig.command(Command::District(23));
    rig.harness.get_by_label("Station 23/2, this machine has a problem");
    assert!(rig.harness.query_by_label("Station 23/2, offline").is_none());
}
