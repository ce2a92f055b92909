//! The whole country on the wall: a thousand stations in 119 districts, grouped pages, the tour
//! and the search.

use std::time::Duration;

use eframe::egui;
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
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

fn open_country<'a>() -> Rig<'a> {
    let list = country();
    let scene = election_day(&list, |_| false);
    rig(&list, scene, Lang::En, [1280, 720])
}

fn selected(rig: &Rig<'_>) -> StationId {
    rig.wall.borrow().selected().unwrap().id
}

fn click(rig: &mut Rig<'_>, label: &str) {
    rig.harness.get_by_label(label).click();
    rig.harness.run_steps(2);
}

/// What a layout sends for a letter: the key by its place, and the text.
fn letter(rig: &mut Rig<'_>, place: egui::Key, text: &str) {
    let key = |pressed| egui::Event::Key {
        key: place,
        physical_key: Some(place),
        pressed,
        repeat: false,
        modifiers: egui::Modifiers::NONE,
    };
    rig.harness.event(key(true));
    rig.harness.event(egui::Event::Text(text.to_owned()));
    rig.harness.event(key(false));
    rig.harness.run_steps(3);
}

#[test]
fn while_the_search_is_open_keys_are_letters() {
    use egui::Key;
    let mut rig = open_country();
    rig.press(Key::Slash);
    for (place, text) in
        [(Key::G, "g"), (Key::F, "ə"), (Key::Space, " "), (Key::Num2, "2"), (Key::Plus, "+")]
    {
        letter(&mut rig, place, text);
    }
    rig.press(Key::Backspace);
    {
        let wall = rig.wall.borrow();
        assert_eq!(wall.search().unwrap().typed(), "gə 2");
        assert!(!wall.grouped() && wall.tour().is_none() && wall.entry().is_none());
        assert_eq!(wall.tiles_per_page(), 16);
    }
    assert!(rig.actions.borrow().is_empty());
    rig.press(Key::Escape);
    assert!(rig.wall.borrow().search().is_none());
    letter(&mut rig, Key::G, "g");
    assert!(rig.wall.borrow().grouped(), "and keys again afterwards");
}

#[test]
fn what_is_found_is_chosen_by_keys_and_by_mouse_and_heard() {
    use egui::Key;
    let mut rig = open_country();
    rig.press(Key::Slash);
    type_in(&mut rig, "57/");
    let found = rig.wall.borrow().search().unwrap().found();
    assert_eq!(found, rig.wall.borrow().list().in_district(57).len());
    rig.press(Key::ArrowDown);
    rig.press(Key::ArrowDown);
    rig.press(Key::Enter);
    assert_eq!(selected(&rig), StationId::new(57, 3));

    click(&mut rig, "search");
    type_in(&mut rig, "119/2");
    let station = rig.wall.borrow().hit(0).unwrap().clone();
    let district = rig.wall.borrow().list().district(119).unwrap().name.clone();
    let heard = format!(
        "Station 119/2, live, {}, District 119 · {district} · {}",
        station.name, station.address
    );
    click(&mut rig, &heard);
    assert_eq!(selected(&rig), StationId::new(119, 2));
    assert!(rig.wall.borrow().search().is_none());
}

#[test]
fn the_tour_and_the_grouping_by_mouse() {
    let mut rig = open_country();
    click(&mut rig, "tour");
    rig.wall.borrow_mut().tick(NOW);
    rig.wall.borrow_mut().tick(NOW + Duration::from_secs(10));
    assert_eq!(selected(&rig), StationId::new(2, 1));
    click(&mut rig, "pause the tour");
    assert_eq!(rig.wall.borrow().tour(), Some(TourView::Paused));
    click(&mut rig, "resume the tour");
    assert!(matches!(rig.wall.borrow().tour(), Some(TourView::Running { .. })));
    click(&mut rig, "the tour stays longer");
    click(&mut rig, "the tour stays longer");
    click(&mut rig, "the tour stays less long");
    assert_eq!(rig.wall.borrow().standing().dwell, Duration::from_secs(15));
    for _ in 0..2 {
        click(&mut rig, "more tiles on a page");
    }
    click(&mut rig, "fewer tiles on a page");
    assert_eq!(rig.wall.borrow().tiles_per_page(), 20);
    click(&mut rig, "several districts on a page");
    let shown: Vec<_> = rig.wall.borrow().page_districts().to_vec();
    assert!(rig.wall.borrow().grouped() && shown.len() > 1);
    let last = shown.last().unwrap();
    click(&mut rig, &format!("District {} {} on this page", last.number, last.name));
    assert_eq!(selected(&rig), StationId::new(last.number, 1));
}

#[test]
fn brackets_change_the_pace_by_their_place() {
    let mut rig = open_country();
    // On a Russian keyboard these write х and ъ.
    letter(&mut rig, egui::Key::CloseBracket, "ъ");
    assert_eq!(rig.wall.borrow().standing().dwell, Duration::from_secs(15));
    letter(&mut rig, egui::Key::OpenBracket, "х");
    letter(&mut rig, egui::Key::OpenBracket, "х");
    assert_eq!(rig.wall.borrow().standing().dwell, Duration::from_secs(8));
}
