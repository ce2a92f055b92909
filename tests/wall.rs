//! The wall's screens, drawn by the real renderer on software Vulkan: what a person reads, hears
//! and clicks in every state, and reference pictures in three languages.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test wall` takes new reference pictures into
//! `tests/snapshots`; look at them before committing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui;
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults, TestRenderer};
use pollwall::clock::{Mono, WallTime};
use pollwall::frame::{
    ColorInfo, Mailbox, Matrix, PackedPixels, PlaneLayout, Range, Rotation, VideoFrame,
};
use pollwall::health::{Assessment, State, Trouble};
use pollwall::model::day::{ElectionDay, StageTimes};
use pollwall::model::{District, Station, StationId, StationList};
use pollwall::render::TilePicture;
use pollwall::render::offscreen::Offscreen;
use pollwall::text::{Lang, Text};
use pollwall::ui::{self, Action, Counts, Scene, StationView};
use pollwall::wall::{Command, Wall};

const NOW: Mono = Mono::from_micros(3_600_000_000);

/// 2024-02-07 11:42:07 in Baku.
fn wall_time() -> WallTime {
    "2024-02-07T07:42:07Z".parse::<jiff::Timestamp>().unwrap().into()
}

fn ago(seconds: f64) -> Mono {
    NOW - Duration::from_secs_f64(seconds)
}

/// Draws with the program's own renderer.
struct OurRenderer(Offscreen, [u32; 2]);

impl TestRenderer for OurRenderer {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.0.take_textures(delta);
    }

    fn render(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<image::RgbaImage, String> {
        self.0.draw(ctx, output.shapes.clone(), output.pixels_per_point);
        let rgba = self.0.read_rgba().map_err(|e| e.to_string())?;
        let [width, height] = self.1;
        image::RgbaImage::from_raw(width, height, rgba).ok_or_else(|| "wrong size".to_owned())
    }
}

/// A picture of a ballot box, more or less: a light box on a gradient of this hue.
fn picture(hue: u8, arrived_at: Mono) -> Arc<TilePicture> {
    const W: usize = 64;
    const H: usize = 36;
    let luma = (0..W * H)
        .map(|i| {
            let (x, y) = (i % W, i / W);
            let boxed = (24..40).contains(&x) && (14..30).contains(&y);
            if boxed { 210 } else { 40 + u8::try_from(x + y).unwrap() }
        })
        .collect();
    let chroma = |v: u8| (vec![v; W * H / 4], W / 2);
    let mailbox = Arc::new(Mailbox::default());
    mailbox.publish(VideoFrame {
        width: 64,
        height: 36,
        layout: PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 },
        color: ColorInfo { matrix: Matrix::Bt709, range: Range::Limited },
        sample_aspect: (1, 1),
        rotation: Rotation::None,
        arrived_at,
        taken_at: wall_time() - NOW.since(arrived_at),
        pixels: Box::new(PackedPixels(vec![(luma, W), chroma(hue), chroma(255 - hue)])),
    });
    TilePicture::new(mailbox)
}

fn station(district: u16, number: u32) -> Station {
    Station {
        id: StationId::new(district, number),
        name: format!("{} nömrəli tam orta məktəb", 20 + number),
        address: format!("Bakı, Nəsimi rayonu, Azadlıq prospekti {number}"),
        main: "rtsp://127.0.0.1/".into(),
        sub: None,
        latitude: None,
        longitude: None,
        network: "aztelekom-3".into(),
    }
}

fn list(districts: &[(u16, u32)]) -> Arc<StationList> {
    Arc::new(StationList {
        districts: districts
            .iter()
            .map(|(number, _)| District { number: *number, name: "Nəsimi ikinci".into() })
            .collect(),
        stations: districts.iter().flat_map(|(d, n)| (1..=*n).map(|s| station(*d, s))).collect(),
    })
}

fn live() -> Assessment {
    Assessment {
        state: State::Live,
        since: ago(600.0),
        trouble: None,
        last_unit: Some(ago(0.05)),
        rate: Some(15.0),
        patience: Duration::from_secs(2),
        behind: false,
    }
}

fn since(state: State, seconds: f64, trouble: Option<Trouble>) -> Assessment {
    let last_unit = Some(ago(seconds));
    Assessment { state, since: ago(seconds), trouble, last_unit, rate: None, ..live() }
}

fn day() -> ElectionDay {
    let times = ["07:00", "08:00", "19:00", "22:00", "23:30"].map(|t| t.parse().unwrap());
    ElectionDay {
        name: String::new(),
        date: "2024-02-07".parse().unwrap(),
        zone: jiff::tz::TimeZone::get("Asia/Baku").unwrap(),
        stages: Some(StageTimes::new(times).unwrap()),
        overrides: std::collections::BTreeMap::new(),
    }
}

/// A country in which every station is live, with pictures where `pictures` says so.
fn scene(list: &Arc<StationList>, pictures: impl Fn(StationId) -> bool) -> Scene {
    let view = |s: &Station| {
        let hue = 90 + u8::try_from(s.id.station * 37 % 80).unwrap();
        let picture = pictures(s.id).then(|| picture(hue, ago(0.2)));
        (s.id, StationView { assessment: live(), newest_picture: Some(ago(0.2)), picture })
    };
    let mut scene = Scene {
        now: NOW,
        wall: wall_time(),
        list: Arc::clone(list),
        day: Arc::new(day()),
        stations: list.stations.iter().map(view).collect(),
        counts: Counts::default(),
        machine_behind: false,
    };
    recount(&mut scene);
    scene
}

fn recount(scene: &mut Scene) {
    let mut counts = Counts::default();
    for view in scene.stations.values() {
        counts.add(&view.assessment);
    }
    scene.counts = counts;
}

/// District 23 with a station in every state, in a country of four districts.
fn troubled() -> (Arc<StationList>, Scene) {
    let list = list(&[(8, 7), (23, 9), (57, 12), (88, 9)]);
    let mut scene = scene(&list, |id| id.district == 23);
    let mut set = |s: &str, assessment: Assessment, keep_picture: bool| {
        let view = scene.stations.get_mut(&s.parse().unwrap()).unwrap();
        let at = assessment.last_unit.unwrap_or(NOW);
        view.picture = keep_picture.then(|| picture(120, at));
        view.newest_picture = Some(at);
        view.assessment = assessment;
    };
    set("23/2", since(State::Stalled, 271.0, None), true);
    set("23/3", since(State::Offline, 130.0, Some(Trouble::Refused)), true);
    set("23/4", since(State::AuthFailed, 55.0, Some(Trouble::AuthRejected)), false);
    let large = Trouble::TooLarge { width: 5120, height: 2880 };
    set("23/5", since(State::Unsupported, 12.0, Some(large)), false);
    set("23/6", Assessment { last_unit: None, ..since(State::Connecting, 3.0, None) }, false);
    set("23/7", Assessment { behind: true, last_unit: Some(ago(4.0)), ..live() }, true);
    set("57/12", since(State::Stalled, 20.0, None), false);
    set("88/1", since(State::Offline, 20.0, Some(Trouble::Unreachable)), false);
    recount(&mut scene);
    (list, scene)
}

struct Rig<'a> {
    harness: Harness<'a>,
    wall: Rc<RefCell<Wall>>,
    scene: Rc<RefCell<Scene>>,
    actions: Rc<RefCell<Vec<Action>>>,
}

fn rig<'a>(list: &Arc<StationList>, scene: Scene, lang: Lang, size: [u32; 2]) -> Rig<'a> {
    let wall = Rc::new(RefCell::new(Wall::new(Arc::clone(list))));
    let scene = Rc::new(RefCell::new(scene));
    let actions = Rc::new(RefCell::new(Vec::new()));
    let text = Text::of(lang);
    let pixels = egui::vec2(size[0] as f32, size[1] as f32);
    let scale = ui::scale_for(pixels);
    let (w, s, a) = (Rc::clone(&wall), Rc::clone(&scene), Rc::clone(&actions));
    let harness = Harness::builder()
        .with_size(pixels / scale)
        .with_pixels_per_point(scale)
        .renderer(OurRenderer(Offscreen::new(size).unwrap(), size))
        .with_context_setup(ui::theme::install)
        .build_ui(move |ui| {
            let done = ui::wall(ui, &mut w.borrow_mut(), &s.borrow(), &text);
            a.borrow_mut().extend(done);
        });
    Rig { harness, wall, scene, actions }
}

impl Rig<'_> {
    fn command(&mut self, command: Command) {
        self.wall.borrow_mut().apply(command);
        self.harness.run_steps(2);
    }

    fn press(&mut self, key: egui::Key) {
        self.harness.key_press(key);
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

fn lower_part(picture: &image::RgbaImage, rect: egui::Rect) -> f64 {
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
