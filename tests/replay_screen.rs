//! The auditor's screen, drawn by the real renderer on software Vulkan: what is read, heard and
//! pressed there, and reference pictures in three languages.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test replay_screen` takes new reference pictures into
//! `tests/snapshots`; look at them before committing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

#[allow(dead_code, reason = "the wall's tests use the rest")]
#[path = "wall/rig.rs"]
mod rig;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use eframe::egui::{self, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};
use pollwall::health::State;
use pollwall::model::StationId;
use pollwall::record::Cause;
use pollwall::record::ledger::{Gap, Line, Span, StationLedger, Sums, Tracks, Watched};
use pollwall::render::offscreen::Offscreen;
use pollwall::replay::desk::{Ask, Desk, Lane};
use pollwall::text::{Lang, Text};
use pollwall::ui;
use pollwall::ui::replay::{CHANGES, Comparison, ReplayScene, ReplayTile, TileStatus};

use rig::{NOW, OurRenderer, day, picture, picture_sized};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// A time of the day in Baku, microseconds of UTC.
fn at(hours: i64, minutes: i64, seconds: i64) -> i64 {
    let midnight = "2024-02-06T20:00:00Z".parse::<jiff::Timestamp>().unwrap();
    midnight.as_microsecond() + hours * HOUR + minutes * MINUTE + seconds * SECOND
}

fn hours() -> Span {
    Span::new(at(7, 0, 0), at(23, 30, 0))
}

/// A day with these gaps, each of them with a cause.
fn ledger(station: StationId, gaps: &[(Span, Cause)]) -> StationLedger {
    let hours = hours();
    let mut lines = Vec::new();
    let mut sums = Sums { hours_us: hours.len_us(), ..Sums::default() };
    let mut from = hours.from_us;
    let mut recorded = |from: i64, to: i64, lines: &mut Vec<Line>| {
        sums.recorded_us += to - from;
        lines.push(Line::Recorded { span: Span::new(from, to), short_breaks: 0, short_us: 0 });
    };
    for (span, cause) in gaps {
        recorded(from, span.from_us, &mut lines);
        lines.push(Line::Gap(Gap {
            span: *span,
            cause: *cause,
            also: Vec::new(),
            evidence: Vec::new(),
            evidence_left_out: 0,
        }));
        from = span.to_us;
    }
    recorded(from, hours.to_us, &mut lines);
    for (span, _) in gaps {
        sums.gaps += 1;
        sums.gap_us += span.len_us();
        sums.longest_gap_us = sums.longest_gap_us.max(span.len_us());
    }
    StationLedger {
        station,
        hours,
        until_us: hours.to_us,
        lines,
        sums,
        stages: Vec::new(),
        tracks: Tracks::default(),
        clock: pollwall::record::ledger::Tape::default().clock(),
        recording: false,
    }
}

/// What is missing of 57/12, the one at eleven in the middle of what is looked at.
fn gaps() -> Vec<(Span, Cause)> {
    vec![
        (Span::new(at(10, 58, 12), at(11, 2, 40)), Cause::NetworkRefused),
        (Span::new(at(19, 5, 0), at(19, 12, 0)), Cause::DiskFull),
    ]
}

fn lane(id: StationId) -> Lane {
    let name = format!("{} nömrəli tam orta məktəb", 20 + id.station);
    let mut ledger = match (id.district, id.station) {
        (57, 12) => ledger(id, &gaps()),
        (88, 1) => ledger(id, &[(Span::new(at(21, 0, 0), at(21, 0, 40)), Cause::CameraSilent)]),
        _ => ledger(id, &[]),
    };
    if id.district == 57 {
        // The operator saw pictures that the full disk did not take.
        ledger.tracks.received = vec![Span::new(at(19, 5, 0), at(19, 12, 0))];
    }
    if id.district == 88 {
        let watched = |from, to, state| Watched { span: Span::new(from, to), state };
        ledger.tracks.pictures = vec![
            watched(at(9, 0, 0), at(9, 50, 0), State::Frozen),
            watched(at(14, 0, 0), at(14, 35, 0), State::Black),
            watched(at(16, 0, 0), at(16, 40, 0), State::Covered),
        ];
    }
    Lane { station: id, name, ledger: Some(Arc::new(ledger)) }
}

fn tile(hue: u8, status: TileStatus, shown_us: Option<i64>) -> ReplayTile {
    ReplayTile { picture: picture(hue, NOW), status, shown_us, camera_clock_us: None }
}

fn scene_of(stations: &[StationId], at_us: i64) -> ReplayScene {
    let hue = |n: usize| 90 + u8::try_from(n * 37 % 80).unwrap();
    let ready = |n: usize| tile(hue(n), TileStatus::Ready, Some(at_us - 20_000));
    ReplayScene {
        at_us,
        day: Arc::new(day()),
        lanes: Arc::new(stations.iter().map(|id| lane(*id)).collect()),
        tiles: (0..stations.len()).map(ready).collect(),
        playing: false,
        reverse: false,
        speed: 1.0,
        keyframes_only: false,
        waiting: false,
        comparison: None,
        told: None,
        trouble: None,
    }
}

/// Four stations at eleven, one of them in a gap.
fn four() -> ReplayScene {
    let stations = [(23, 4), (23, 9), (57, 12), (88, 1)].map(|(d, s)| StationId::new(d, s));
    let mut scene = scene_of(&stations, at(11, 0, 3) + 280_000);
    let (span, cause) = gaps()[0];
    scene.tiles[2] = tile(
        150,
        TileStatus::InGap { span: Some(span), cause: Some(cause) },
        Some(span.from_us - 60_000),
    );
    scene.tiles[3].camera_clock_us = Some(-1_400_000);
    scene
}

struct Screen {
    harness: Harness<'static>,
    scene: Rc<RefCell<ReplayScene>>,
    desk: Rc<RefCell<Desk>>,
    asks: Rc<RefCell<Vec<Ask>>>,
}

fn screen(scene: ReplayScene, lang: Lang, size: [u32; 2]) -> Screen {
    let scene = Rc::new(RefCell::new(scene));
    let desk = Rc::new(RefCell::new(Desk::new(hours())));
    let asks = Rc::new(RefCell::new(Vec::new()));
    let text = Text::of(lang);
    let pixels = egui::vec2(size[0] as f32, size[1] as f32);
    let scale = ui::scale_for(pixels);
    let (s, d, a) = (Rc::clone(&scene), Rc::clone(&desk), Rc::clone(&asks));
    let mut target = Offscreen::new(size).unwrap();
    target.set_ground(ui::theme::BACKGROUND);
    let harness = Harness::builder()
        .with_size(pixels / scale)
        .with_pixels_per_point(scale)
        .renderer(OurRenderer(target, size))
        .with_context_setup(ui::theme::install)
        .build_ui(move |ui| {
            let done = ui::replay::show(ui, &s.borrow(), &mut d.borrow_mut(), &text);
            a.borrow_mut().extend(done);
        });
    Screen { harness, scene, desk, asks }
}

impl Screen {
    fn press(&mut self, key: Key) -> Vec<Ask> {
        self.asks.borrow_mut().clear();
        self.harness.key_press(key);
        self.harness.run_steps(2);
        self.asks.borrow().clone()
    }

    fn press_shift(&mut self, key: Key) -> Vec<Ask> {
        self.asks.borrow_mut().clear();
        self.harness.key_press_modifiers(Modifiers::SHIFT, key);
        self.harness.run_steps(2);
        self.asks.borrow().clone()
    }

    fn type_in(&mut self, words: &str) {
        self.harness.event(egui::Event::Text(words.to_owned()));
        self.harness.run_steps(2);
    }

    /// Draws twice (the first time brings the pictures to the adapter) and compares.
    fn snapshot(&mut self, name: &str) {
        self.harness.run_steps(1);
        self.harness.render().unwrap();
        self.harness.run_steps(1);
        // Software Vulkan's versions differ in the last bit of blended edges.
        let options = SnapshotOptions::new().threshold(1.0).max_failed_pixels(40);
        self.harness.snapshot_options(name, &options);
    }
}

const SMALL: [u32; 2] = [1280, 720];

#[test]
fn four_stations_one_in_a_gap_in_three_languages() {
    let mut all = SnapshotResults::new();
    for (lang, size) in [
        (Lang::Az, SMALL),
        (Lang::En, SMALL),
        (Lang::Ru, SMALL),
        (Lang::Az, [1920, 1080]),
        (Lang::Az, [3840, 2160]),
    ] {
        let mut screen = screen(four(), lang, size);
        screen.snapshot(&format!("replay_four_{}_{}", lang.code(), size[1]));
        all.extend_harness(&mut screen.harness);
    }
}

#[test]
fn thirty_six_stations_at_once() {
    let stations: Vec<_> = (1..=36).map(|n| StationId::new(57, n)).collect();
    let mut scene = scene_of(&stations, at(11, 0, 3));
    let (span, cause) = gaps()[0];
    let gap = TileStatus::InGap { span: Some(span), cause: Some(cause) };
    scene.tiles[11] = tile(150, gap, Some(span.from_us - 60_000));
    scene.tiles[4] = tile(150, TileStatus::Behind, Some(at(10, 59, 58)));
    scene.tiles[7] = tile(150, TileStatus::Behind, None);
    scene.tiles[30] = tile(150, TileStatus::Ended, Some(at(10, 12, 0)));
    (scene.playing, scene.speed, scene.keyframes_only, scene.waiting) = (true, 32.0, true, true);
    let mut screen = screen(scene, Lang::Ru, [1920, 1080]);
    screen.snapshot("replay_thirty_six_ru");
}

#[test]
fn both_sides_of_a_gap_beside_each_other() {
    let mut scene = four();
    let (gap, _) = gaps()[0];
    let mut changes = vec![false; CHANGES.0 * CHANGES.1];
    for cell in [53, 54, 55, 69, 70, 71] {
        changes[cell] = true;
    }
    let side = |hue, at: i64| ReplayTile {
        picture: picture_sized(hue, NOW, 640, 360),
        ..tile(hue, TileStatus::Ready, Some(at))
    };
    let sides = [side(120, gap.from_us - 60_000), side(150, gap.to_us)];
    scene.comparison = Some(Comparison { tile: 2, gap, sides, changes });
    let mut all = SnapshotResults::new();
    let mut screen = screen(scene, Lang::En, SMALL);
    screen.snapshot("replay_compare_en");
    all.extend_harness(&mut screen.harness);
}

#[test]
fn the_timeline_to_the_second_what_is_marked_and_what_is_told() {
    let mut scene = four();
    scene.told = Some("Şəkil saxlanıldı: snapshots/57-12.jpg".into());
    let now = scene.at_us;
    let mut screen = screen(scene, Lang::Az, SMALL);
    {
        let mut desk = screen.desk.borrow_mut();
        desk.select(2, 4);
        desk.zoom(1e9, now);
        desk.mark(now - SECOND, false);
        desk.mark(now + SECOND, true);
    }
    screen.snapshot("replay_seconds_az");
}

#[test]
fn the_keys_a_time_that_is_none_and_a_note() {
    let mut all = SnapshotResults::new();
    for lang in Lang::ALL {
        let mut screen = screen(four(), lang, SMALL);
        screen.press_shift(Key::Slash);
        screen.snapshot(&format!("replay_keys_{}", lang.code()));
        screen.press(Key::Escape);
        screen.press(Key::T);
        screen.type_in("25:99");
        assert_eq!(screen.press(Key::Enter), [], "that is no time");
        screen.snapshot(&format!("replay_no_time_{}", lang.code()));
        all.extend_harness(&mut screen.harness);
    }
}

#[test]
fn tiles_and_lanes_are_heard_as_a_person_would_say_them() {
    let mut screen = screen(four(), Lang::En, SMALL);
    screen.harness.run_steps(1);
    screen.harness.get_by_label("23/4: the picture of this moment");
    let gap = "57/12: no recording, 10:58:12–11:02:40 · the camera could not be reached";
    screen.harness.get_by_label(gap);
    screen.harness.get_by_label("23/4: 100 % · no gap");
    screen.harness.get_by_label("57/12: 98.84 % · 2 gaps");
    for name in ["Previous gap", "Previous picture", "Play", "Next picture", "Next gap"] {
        screen.harness.get_by_label(name);
    }
}

#[test]
fn keys_say_what_is_to_be_done() {
    let mut screen = screen(four(), Lang::En, SMALL);
    let now = screen.scene.borrow().at_us;
    let seek = |at_us| Ask::Seek { at_us, dragging: false };
    assert_eq!(screen.press(Key::Space), [Ask::Play(true)]);
    screen.scene.borrow_mut().playing = true;
    assert_eq!(screen.press(Key::Space), [Ask::Play(false)]);
    assert_eq!(screen.press(Key::ArrowRight), [Ask::Step { tile: 0, forward: true }]);
    assert_eq!(screen.press_shift(Key::ArrowLeft), [seek(now - SECOND)]);
    assert_eq!(screen.press(Key::R), [Ask::Reverse(true)]);
    assert_eq!(screen.press(Key::Plus), [Ask::Speed(2.0)]);
    assert_eq!(screen.press(Key::Minus), [Ask::Speed(0.5)]);
    assert_eq!(screen.press(Key::CloseBracket), [], "the first station has no gap");
    screen.press(Key::Num3);
    let [(first, _), (second, _)] = gaps()[..] else { panic!("two gaps") };
    assert_eq!(screen.press(Key::CloseBracket), [seek(second.from_us)]);
    assert_eq!(screen.press(Key::OpenBracket), [seek(first.from_us)]);
    assert_eq!(screen.press(Key::G), [Ask::Compare { tile: 2, gap: first }]);
    assert_eq!(screen.press(Key::G), [Ask::EndCompare]);
    assert_eq!(screen.press(Key::S), [Ask::Snapshot(2)]);
    assert_eq!(screen.press(Key::B), [Ask::Note { tile: 2, text: String::new() }]);
    screen.press(Key::I);
    assert_eq!(screen.desk.borrow().marked(), (Some(now), None));
    screen.press(Key::N);
    screen.type_in("qutu");
    let note = Ask::Note { tile: 2, text: "qutu".into() };
    assert_eq!(screen.press(Key::Enter), [note]);
    screen.press(Key::T);
    screen.type_in("11:00:05.5");
    assert_eq!(screen.press(Key::Enter), [seek(at(11, 0, 5) + 500_000)]);
    assert_eq!(screen.press(Key::F), [Ask::ToggleFullScreen]);
}

#[test]
fn the_pointer_drags_and_lets_go_where_it_is() {
    let mut screen = screen(four(), Lang::En, SMALL);
    screen.harness.run_steps(1);
    let axis = screen.harness.get_by_label("The day, at 11:00:03.280").rect();
    let middle = (hours().from_us + hours().to_us) / 2;
    let button = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let from = egui::pos2(axis.left() + axis.width() * 0.25, axis.center().y);
    screen.harness.event(egui::Event::PointerMoved(from));
    screen.harness.event(button(from, true));
    screen.harness.run_steps(1);
    screen.harness.event(egui::Event::PointerMoved(axis.center()));
    screen.harness.run_steps(2);
    let near = |at_us: i64| (at_us - middle).abs() < 2 * MINUTE;
    let last = screen.asks.borrow().last().cloned();
    let dragged = matches!(last, Some(Ask::Seek { at_us, dragging: true }) if near(at_us));
    assert!(dragged, "{last:?}");
    screen.asks.borrow_mut().clear();
    screen.harness.event(button(axis.center(), false));
    screen.harness.run_steps(2);
    let asks = screen.asks.borrow().clone();
    let [Ask::Seek { at_us, dragging: false }] = asks[..] else { panic!("{asks:?}") };
    assert!(near(at_us), "the picture of that moment, exactly");
}
