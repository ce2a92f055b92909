//! Made-up scenes, and the wall on them without a window.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui;
use egui_kittest::{Harness, SnapshotOptions, TestRenderer};
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

pub(crate) const NOW: Mono = Mono::from_micros(3_600_000_000);

/// 2024-02-07 11:42:07 in Baku.
pub(crate) fn wall_time() -> WallTime {
    "2024-02-07T07:42:07Z".parse::<jiff::Timestamp>().unwrap().into()
}

pub(crate) fn ago(seconds: f64) -> Mono {
    NOW - Duration::from_secs_f64(seconds)
}

/// Draws with the program's own renderer.
pub(crate) struct OurRenderer(pub(crate) Offscreen, pub(crate) [u32; 2]);

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
pub(crate) fn picture(hue: u8, arrived_at: Mono) -> Arc<TilePicture> {
    picture_sized(hue, arrived_at, 64, 36)
}

/// The same with so many pixels.
pub(crate) fn picture_sized(
    hue: u8,
    arrived_at: Mono,
    width: u32,
    height: u32,
) -> Arc<TilePicture> {
    let (w, h) = (width as usize, height as usize);
    let luma = (0..w * h)
        .map(|i| {
            let (x, y) = (i % w * 64 / w, i / w * 36 / h);
            let boxed = (24..40).contains(&x) && (14..30).contains(&y);
            if boxed { 210 } else { 40 + u8::try_from(x + y).unwrap() }
        })
        .collect();
    let chroma = |v: u8| (vec![v; w * h / 4], w / 2);
    let mailbox = Arc::new(Mailbox::default());
    mailbox.publish(VideoFrame {
        width,
        height,
        layout: PlaneLayout::Planar { chroma_shift_x: 1, chroma_shift_y: 1 },
        color: ColorInfo { matrix: Matrix::Bt709, range: Range::Limited },
        sample_aspect: (1, 1),
        rotation: Rotation::None,
        arrived_at,
        taken_at: wall_time() - NOW.since(arrived_at),
        pts: 0,
        pixels: Box::new(PackedPixels(vec![(luma, w), chroma(hue), chroma(255 - hue)])),
    });
    TilePicture::new(mailbox)
}

pub(crate) fn station(district: u16, number: u32) -> Station {
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

pub(crate) fn list(districts: &[(u16, u32)]) -> Arc<StationList> {
    Arc::new(StationList {
        districts: districts
            .iter()
            .map(|(number, _)| District { number: *number, name: "Nəsimi ikinci".into() })
            .collect(),
        stations: districts.iter().flat_map(|(d, n)| (1..=*n).map(|s| station(*d, s))).collect(),
    })
}

pub(crate) fn live() -> Assessment {
    Assessment {
        state: State::Live,
        since: ago(600.0),
        trouble: None,
        last_unit: Some(ago(0.05)),
        rate: Some(15.0),
        patience: Duration::from_secs(2),
        behind: false,
        evidence: pollwall::health::Evidence::default(),
    }
}

pub(crate) fn since(state: State, seconds: f64, trouble: Option<Trouble>) -> Assessment {
    let last_unit = Some(ago(seconds));
    Assessment { state, since: ago(seconds), trouble, last_unit, rate: None, ..live() }
}

pub(crate) fn day() -> ElectionDay {
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
pub(crate) fn scene(list: &Arc<StationList>, pictures: impl Fn(StationId) -> bool) -> Scene {
    let view = |s: &Station| {
        let hue = 90 + u8::try_from(s.id.station * 37 % 80).unwrap();
        let picture = pictures(s.id).then(|| picture(hue, ago(0.2)));
        (
            s.id,
            StationView {
                assessment: live(),
                newest_picture: Some(ago(0.2)),
                picture,
                feed: s.standing_feed(),
            },
        )
    };
    let mut scene = Scene {
        now: NOW,
        wall: wall_time(),
        list: Arc::clone(list),
        day: Arc::new(day()),
        stations: list.stations.iter().map(view).collect(),
        counts: Counts::default(),
        machine_behind: false,
        sound: None,
        notes: Vec::new(),
        told: None,
        attention: Arc::default(),
        maintenance: std::collections::HashMap::new(),
        history: None,
        coverage: None,
        clock: pollwall::ui::ClockKept::Right,
        operator: "Aysel".into(),
        recording: None,
    };
    recount(&mut scene);
    scene
}

pub(crate) fn recount(scene: &mut Scene) {
    let mut counts = Counts::default();
    for view in scene.stations.values() {
        counts.add(&view.assessment);
    }
    scene.counts = counts;
}

/// District 23 with a station in every state, in a country of four districts.
pub(crate) fn troubled() -> (Arc<StationList>, Scene) {
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

pub(crate) struct Rig<'a> {
    pub(crate) harness: Harness<'a>,
    pub(crate) wall: Rc<RefCell<Wall>>,
    pub(crate) scene: Rc<RefCell<Scene>>,
    pub(crate) actions: Rc<RefCell<Vec<Action>>>,
}

pub(crate) fn rig<'a>(
    list: &Arc<StationList>,
    scene: Scene,
    lang: Lang,
    size: [u32; 2],
) -> Rig<'a> {
    let wall = Rc::new(RefCell::new(Wall::new(Arc::clone(list))));
    let scene = Rc::new(RefCell::new(scene));
    let actions = Rc::new(RefCell::new(Vec::new()));
    let text = Text::of(lang);
    let pixels = egui::vec2(size[0] as f32, size[1] as f32);
    let scale = ui::scale_for(pixels);
    let (w, s, a) = (Rc::clone(&wall), Rc::clone(&scene), Rc::clone(&actions));
    let mut screen = Offscreen::new(size).unwrap();
    screen.set_ground(ui::theme::BACKGROUND);
    let harness = Harness::builder()
        .with_size(pixels / scale)
        .with_pixels_per_point(scale)
        .renderer(OurRenderer(screen, size))
        .with_context_setup(ui::theme::install)
        .build_ui(move |ui| {
            let done = ui::wall(ui, &mut w.borrow_mut(), &s.borrow(), &text);
            a.borrow_mut().extend(done);
        });
    Rig { harness, wall, scene, actions }
}

impl Rig<'_> {
    pub(crate) fn command(&mut self, command: Command) {
        self.wall.borrow_mut().apply(command);
        self.harness.run_steps(2);
    }

    pub(crate) fn press(&mut self, key: egui::Key) {
        self.harness.key_press(key);
        self.harness.run_steps(2);
    }

    /// Draws twice (the first time brings the pictures to the adapter) and compares.
    pub(crate) fn snapshot(&mut self, name: &str) {
        self.harness.run_steps(1);
        self.harness.render().unwrap();
        self.harness.run_steps(1);
        // Software Vulkan's versions differ in the last bit of blended edges.
        let options = SnapshotOptions::new().threshold(1.0).max_failed_pixels(40);
        self.harness.snapshot_options(name, &options);
    }
}
