//! One station large: zoom by keys, wheel and drag, its sound, its notes, and what is kept of it.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{self, Key, pos2, vec2};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
use pollwall::ingest::Sound;
use pollwall::media::sound::Reading;
use pollwall::model::StationId;
use pollwall::text::Lang;
use pollwall::ui::{Action, NoteLine, Tidings, Told};
use pollwall::wall::Command;

use crate::rig::*;

const HERE: StationId = StationId::new(23, 1);

fn large(lang: Lang, size: [u32; 2]) -> Rig<'static> {
    let (list, scene) = troubled();
    let mut rig = rig(&list, scene, lang, size);
    rig.command(Command::Open(HERE));
    // A picture has a size once it was painted.
    rig.harness.render().unwrap();
    rig.harness.run_steps(1);
    rig
}

fn tell(rig: &Rig<'_>, tidings: Tidings) {
    let told = Told { at: ago(1.0), station: Some(HERE), tidings, passing: false };
    rig.scene.borrow_mut().told = Some(told);
}

fn full() -> Tidings {
    Tidings::SnapshotLost(Arc::new(std::io::ErrorKind::StorageFull.into()))
}

/// What is seen of the picture: left, top, side.
fn part(rig: &Rig<'_>) -> (f32, f32, f32) {
    let part = rig.wall.borrow().part();
    (part.left, part.top, part.side)
}

/// The rig's picture has 64 pixels in a row: too few to be enlarged at all.
fn with_many_pixels(rig: &mut Rig<'_>) {
    let view_of = |rig: &Rig<'_>| rig.scene.borrow().stations[&HERE].clone();
    let mut view = view_of(rig);
    view.picture = Some(picture_sized(120, ago(0.2), 1920, 1080));
    rig.scene.borrow_mut().stations.insert(HERE, view);
    rig.harness.run_steps(1);
    rig.harness.render().unwrap();
    rig.harness.run_steps(1);
}

#[test]
fn keys_enlarge_pan_and_fit_and_mean_what_they_meant_elsewhere() {
    let mut rig = large(Lang::En, [1280, 720]);
    rig.press(Key::Plus);
    assert_eq!(part(&rig), (0.0, 0.0, 1.0), "64 pixels in a row are large enough as they are");
    with_many_pixels(&mut rig);
    rig.press(Key::Plus);
    rig.press(Key::Plus);
    let (left, top, side) = part(&rig);
    assert!((side - 1.0 / 1.5625).abs() < 1e-4 && (left - top).abs() < 1e-4 && left > 0.0);
    rig.harness.get_by_label("1.6×");
    rig.press(Key::ArrowRight);
    rig.press(Key::ArrowUp);
    let (panned, up, _) = part(&rig);
    assert!(panned > left && up < top, "{panned} {up}");
    assert_eq!(rig.wall.borrow().large().unwrap().id, HERE, "the arrows moved the picture only");
    rig.press(Key::Num0);
    assert_eq!(part(&rig), (0.0, 0.0, 1.0));
    assert!(rig.wall.borrow().entry().is_none(), "no number begins with a nought");
    assert!(rig.harness.query_by_label("1.6×").is_none());
    rig.press(Key::ArrowRight);
    assert_eq!(rig.wall.borrow().large().unwrap().id, StationId::new(23, 2), "the neighbour");
    let before = rig.wall.borrow().tiles_per_page();
    rig.press(Key::Escape);
    rig.press(Key::Plus);
    assert!(rig.wall.borrow().tiles_per_page() > before, "in the grid + is as it was");
}

#[test]
fn the_wheel_enlarges_where_the_pointer_is_and_a_drag_moves_the_picture() {
    let mut rig = large(Lang::En, [1280, 720]);
    with_many_pixels(&mut rig);
    let tile = rig.harness.get_by_label("Station 23/1, live").rect();
    // Near the left upper corner of the picture.
    let at = tile.min + vec2(tile.width() * 0.25, tile.height() * 0.3);
    rig.harness.hover_at(at);
    for _ in 0..3 {
        rig.harness.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, 60.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: egui::Modifiers::NONE,
        });
        rig.harness.run_steps(6);
    }
    let (left, top, side) = part(&rig);
    assert!(side < 0.6, "enlarged: {side}");
    assert!(left < (1.0 - side) * 0.4 && top < (1.0 - side) * 0.5, "{left} {top} {side}");
    rig.harness.drag_at(at);
    rig.harness.run_steps(1);
    rig.harness.hover_at(at + vec2(-150.0, -40.0));
    rig.harness.run_steps(1);
    rig.harness.drop_at(at + vec2(-150.0, -40.0));
    rig.harness.run_steps(2);
    let (dragged, down, same) = part(&rig);
    assert!(dragged > left + 0.02 && down > top && (same - side).abs() < 1e-6, "{dragged} {down}");
}

/// What is seen is what the zoom says: the light box of the made-up picture fills the screen.
#[test]
fn an_enlarged_picture_shows_its_part() {
    let mut rig = large(Lang::En, [1280, 720]);
    with_many_pixels(&mut rig);
    let light = |rig: &mut Rig<'_>| {
        rig.harness.run_steps(1);
        let scale = rig.harness.ctx.pixels_per_point();
        let tile = rig.harness.get_by_label("Station 23/1, live").rect() * scale;
        let image = rig.harness.render().unwrap();
        let at = |x: f32, y: f32| {
            let p = pos2(tile.left() + tile.width() * x, tile.top() + tile.height() * y);
            image.get_pixel(p.x as u32, p.y as u32).0[1]
        };
        [at(0.3, 0.35), at(0.7, 0.35), at(0.3, 0.75), at(0.7, 0.75)]
    };
    let whole = light(&mut rig);
    for _ in 0..7 {
        rig.command(Command::ZoomIn);
    }
    let box_only = light(&mut rig);
    assert!(box_only.iter().all(|l| *l > 170), "{box_only:?}");
    assert!(whole.iter().any(|l| *l < 120), "{whole:?}");
}

#[test]
fn the_sound_is_told_in_words_and_told_apart() {
    let mut rig = large(Lang::En, [1280, 720]);
    let level = |peak_db, rms_db, silent| Sound::Level(Reading { peak_db, rms_db, silent });
    for (sound, heard) in [
        (level(-14.2, -20.4, false), "−20 dBFS · peak −14"),
        (level(-90.0, -90.0, true), "sound: silence"),
        (Sound::Absent, "no sound"),
        (Sound::Stopped, "sound stream, but nothing comes"),
        (Sound::Unsupported("opus".into()), "sound cannot be measured (opus)"),
    ] {
        rig.scene.borrow_mut().sound = Some(sound);
        rig.harness.run_steps(2);
        rig.harness.get_by_label(heard);
    }
}

#[test]
fn a_note_is_typed_left_found_again_and_kept() {
    let mut rig = large(Lang::En, [1280, 720]);
    rig.press(Key::N);
    let typed = |rig: &Rig<'_>| rig.wall.borrow().note().map(|n| n.typed.clone());
    assert_eq!(typed(&rig).as_deref(), Some(""));
    for letters in ["qutu", " möhür", "ləndi s/n+0"] {
        rig.harness.event(egui::Event::Text(letters.into()));
        rig.harness.run_steps(2);
    }
    assert_eq!(typed(&rig).as_deref(), Some("qutu möhürləndi s/n+0"));
    assert!(rig.actions.borrow().is_empty(), "letters are letters");
    rig.press(Key::Escape);
    assert_eq!(typed(&rig), None);
    assert!(rig.wall.borrow().large().is_some(), "Esc left the note only");
    rig.press(Key::N);
    rig.harness.event(egui::Event::Text("!".into()));
    rig.harness.run_steps(2);
    assert_eq!(typed(&rig).as_deref(), Some("qutu möhürləndi s/n+0!"), "it goes on at the end");
    rig.press(Key::Enter);
    let kept = rig.wall.borrow_mut().take_note().unwrap();
    assert_eq!((kept.station, kept.typed.as_str()), (HERE, "qutu möhürləndi s/n+0!"));
    rig.press(Key::S);
    assert_eq!(*rig.actions.borrow(), [Action::Snapshot(HERE)]);
}

#[test]
fn what_was_kept_is_said_and_what_was_not_is_said_longer() {
    let mut rig = large(Lang::En, [1280, 720]);
    let file = "snapshots/2024-02-07/114207.080+0400_023-0001_main_live.png";
    let said = format!("Snapshot of 23/1 kept: {file}");
    tell(&rig, Tidings::SnapshotKept { file: file.into(), old: None });
    rig.harness.run_steps(2);
    rig.harness.get_by_label(&said);
    rig.scene.borrow_mut().now = NOW + Duration::from_secs(10);
    rig.harness.run_steps(2);
    assert!(rig.harness.query_by_label(&said).is_none(), "good news is brief");
    tell(&rig, full());
    rig.harness.run_steps(2);
    rig.harness.get_by_label_contains("Snapshot of 23/1 NOT kept: ");
    tell(&rig, Tidings::SnapshotKept { file: "x".into(), old: Some(Duration::from_secs(271)) });
    rig.scene.borrow_mut().now = NOW;
    rig.scene.borrow_mut().told.as_mut().unwrap().passing = true;
    rig.harness.run_steps(2);
    let said = "Snapshot of 23/1 kept: x · not live: the picture is 4:31 old · demo: thrown away at its end";
    rig.harness.get_by_label(said);
}

#[test]
fn the_large_view_and_a_note_in_three_languages() {
    let mut all = SnapshotResults::new();
    for lang in Lang::ALL {
        let mut rig = large(lang, [1280, 720]);
        with_many_pixels(&mut rig);
        {
            let mut scene = rig.scene.borrow_mut();
            let reading = Reading { peak_db: -14.2, rms_db: -20.4, silent: false };
            scene.sound = Some(Sound::Level(reading));
            let note = |minutes: u64, text: &str| NoteLine {
                at: wall_time() - Duration::from_secs(minutes * 60),
                text: text.to_owned(),
            };
            scene.notes = vec![
                note(3, "Qutu möhürləndi, şahidlər iştirak etdi"),
                note(71, "Kamera 5 dəqiqə yana çevrilmişdi"),
            ];
        }
        tell(&rig, if lang == Lang::En { full() } else { Tidings::NoteKept });
        for _ in 0..4 {
            rig.command(Command::ZoomIn);
        }
        rig.snapshot(&format!("large_zoomed_{}", lang.code()));
        rig.scene.borrow_mut().told = None;
        rig.command(Command::OpenNote);
        rig.harness.event(egui::Event::Text("Müşahidəçi içəri buraxılmadı".into()));
        rig.harness.run_steps(2);
        rig.snapshot(&format!("note_{}", lang.code()));
        all.extend_harness(&mut rig.harness);
    }
}
