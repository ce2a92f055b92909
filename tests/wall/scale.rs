//! The whole country on the wall: a thousand stations in 119 districts, grouped pages, the tour
//! and the search.

use std::time::Duration;

use eframe::egui;
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
use pollwall::health::State;
use pollwall::model::StationId;
use pollwall::text::Lang;
use pollwall::wall::{Command, TourView};

use crate::country::{country, election_day};
use crate::rig::*;

fn snap_all(name: &str, mut prepare: impl FnMut(&mut Rig<'_>)) {
    let mut all = SnapshotResults::new();
    let sizes = [[1280, 720], [1920, 1080], [3840, 2160]];
    for (lang, size) in Lang::ALL.into_iter().zip(sizes) {
        let list = country();
        let scene = election_day(&list, |id| (40..=46).contains(&id.district));
        let mut rig = rig(&list, scene, lang, size);
        prepare(&mut rig);
        // A picture of 3840×2160 in the repository for each screen would be too much.
        if size[0] <= 1920 || std::env::var_os("ALL_SIZES").is_some() {
            rig.snapshot(&format!("{name}_{}", lang.code()));
        }
        all.extend_harness(&mut rig.harness);
    }
}

#[test]
fn the_country_with_a_tour() {
    snap_all("country_tour", |rig| {
        rig.command(Command::District(44));
        rig.command(Command::ToggleTour);
        let mut wall = rig.wall.borrow_mut();
        wall.tick(NOW);
        wall.tick(NOW + Duration::from_millis(1500));
    });
}

#[test]
fn several_districts_on_a_page() {
    snap_all("grouped", |rig| {
        rig.command(Command::District(43));
        rig.command(Command::ToggleGrouping);
        for _ in 0..3 {
            rig.command(Command::MoreTiles);
        }
        assert_eq!(rig.wall.borrow().page_districts().len(), 4);
    });
}

#[test]
fn the_search_finds_as_one_types() {
    snap_all("search", |rig| {
        rig.command(Command::District(43));
        rig.press(egui::Key::Slash);
        type_in(rig, "corek");
        rig.press(egui::Key::ArrowDown);
    });
}

fn type_in(rig: &mut Rig<'_>, typed: &str) {
    rig.harness.event(egui::Event::Text(typed.to_owned()));
    rig.harness.run_steps(3);
}
