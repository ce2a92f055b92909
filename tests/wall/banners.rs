//! What is said over the whole wall: that it is this machine that is in trouble, that it waits for the
//! country no longer, or that the demo has no cameras any more.

use std::sync::Arc;

use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};
use fluent_bundle::FluentArgs;
use pollwall::health::alarms::{About, Aftermath, Attention, Common, Guard, OwnTrouble};
use pollwall::health::{State, Trouble};
use pollwall::model::{StationId, StationList};
use pollwall::render::offscreen::Offscreen;
use pollwall::text::{Lang, Text};
use pollwall::ui::{self, Scene};
use pollwall::wall::{Command, Wall};

use crate::rig::*;
use crate::troubles::*;

#[test]
fn the_fleet_guard_stands() {
    snap("guard", guarded, |_| {});
}

#[test]
fn the_guard_blames_this_machine() {
    let rig = open(guarded, Lang::En, [1280, 720]);
    rig.harness.get_by(|node| {
        node.label().is_some_and(|l| {
            l.starts_with("This machine has a problem: its network") && l.contains("No camera")
        })
    });
}

/// The guard was given up a minute after most of the country had gone: its districts are lines now.
fn given_up() -> (Arc<StationList>, Scene) {
    let (list, mut scene) = guarded();
    for view in scene.stations.values_mut() {
        if view.assessment.state == State::Stalled {
            view.assessment = since(State::Offline, 102.0, Some(Trouble::Unreachable));
            let seen = view.picture.as_ref().map(|_| picture(120, ago(102.0)));
            (view.picture, view.newest_picture) = (seen, Some(ago(102.0)));
        }
    }
    // Where work is being done nobody is missed.
    for id in scene.maintenance.keys() {
        let view = scene.stations.get_mut(id).unwrap();
        view.assessment = since(State::Maintenance, 600.0, None);
    }
    let lost = |id: &StationId| scene.stations[id].assessment.state == State::Offline;
    let mut lines = Vec::new();
    for (number, district) in list.districts.iter().enumerate() {
        let all = list.in_district(district.number);
        let stations: Vec<_> = all.iter().map(|s| s.id).filter(lost).collect();
        if stations.len() < 3 {
            continue;
        }
        let by = Common::District(district.number);
        let about = About::Together { by, stations, of: all.len() };
        let mut told = line(20 + number as u64, about, State::Offline, 102.0);
        told.trouble = Some(Trouble::Unreachable);
        told.unanswered_from = ago(30.0);
        lines.push(told);
    }
    let gone = scene.stations.keys().filter(|id| lost(id)).count();
    let aftermath = Aftermath { since: ago(102.0), lost: gone, of: list.stations.len() };
    scene.attention =
        Arc::new(Attention { lines, aftermath: Some(aftermath), ..Attention::default() });
    scene.machine_behind = false;
    recount(&mut scene);
    (list, scene)
}

#[test]
fn a_guard_that_was_given_up_leaves_its_word() {
    snap("given_up", given_up, |_| {});
    let rig = open(given_up, Lang::En, [1280, 720]);
    let gone = rig.scene.borrow().attention.aftermath.unwrap();
    rig.harness.get_by(|node| {
        let said = node.label().unwrap_or_default();
        said.contains(&gone.lost.to_string()) && said.contains(&gone.of.to_string())
    });
    let still = |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        node.label().is_some_and(|said| said.contains("No camera raises"))
    };
    assert!(rig.harness.query_all_by(still).next().is_none(), "alarms are raised");
}

/// A disk holds nothing back, and the banner must not say so.
#[test]
fn a_disk_that_cannot_be_written_is_told_over_the_wall() {
    let mut rig = open(seven, Lang::En, [1280, 720]);
    let guard = Some(Guard { why: OwnTrouble::Disk, since: ago(4.0), holds: false });
    let lines = rig.scene.borrow().attention.lines.clone();
    rig.scene.borrow_mut().attention = Arc::new(Attention { lines, guard, ..Attention::default() });
    rig.harness.run_steps(2);
    rig.harness.get_by(|node| {
        let said = node.label().unwrap_or_default();
        said.starts_with("This machine has a problem") && said.contains("disk")
    });
    rig.harness.get_by_label("57/4, stalled, not acknowledged for too long");
}

/// What the demo says when its cameras have ended, over the wall as `app` shows it.
#[test]
fn the_demo_says_on_the_wall_that_its_cameras_are_gone() {
    let mut all = SnapshotResults::new();
    for lang in Lang::ALL {
        let (list, scene) = quiet();
        let text = Text::of(lang);
        let mut args = FluentArgs::new();
        args.set("signal", "9");
        let how = text.with("demo-ended-signal", &args).into_owned();
        let mut args = FluentArgs::new();
        args.set("how", how);
        args.set("said", "simulate: no room for another clip");
        let words = text.with("demo-cameras-ended", &args).into_owned();
        let size = [1920, 1080];
        let pixels = eframe::egui::vec2(1920.0, 1080.0);
        let scale = ui::scale_for(pixels);
        let mut screen = Offscreen::new(size).unwrap();
        screen.set_ground(ui::theme::BACKGROUND);
        let mut wall = Wall::new(list);
        wall.apply(Command::District(26));
        let said = words.clone();
        let mut harness = Harness::builder()
            .with_size(pixels / scale)
            .with_pixels_per_point(scale)
            .renderer(OurRenderer(screen, size))
            .with_context_setup(ui::theme::install)
            .build_ui(move |ui| {
                let _ = ui::wall(ui, &mut wall, &scene, &text);
                ui::notice(ui, &words);
            });
        harness.run_steps(2);
        harness.get_by_label(&said);
        harness.render().unwrap();
        harness.run_steps(1);
        let options = SnapshotOptions::new().threshold(1.0).max_failed_pixels(40);
        harness.snapshot_options(format!("demo_gone_{}", lang.code()), &options);
        all.extend_harness(&mut harness);
    }
}
