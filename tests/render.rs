//! Pictures read back from the graphics adapter (software Vulkan on a machine without one).
//!
//! wgpu's default answer to a mistake in its use is a panic, so every test here also proves that
//! its validation has nothing to say.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

#[path = "render/scene.rs"]
mod scene;

use std::sync::Arc;

use eframe::egui::{Rect, pos2, vec2};
use eframe::{egui, egui_wgpu};
use pollwall::frame::{ColorInfo, Mailbox, Matrix, PlaneLayout, Range, Rotation};
use pollwall::render::offscreen::{NoAdapter, Offscreen};
use pollwall::render::{self, Refused, TileDraw, TilePicture};

use scene::{LAYOUTS, NV12, Picture, Scene, YUV420, assert_near};

const COLORS: [(&str, [u8; 3]); 8] = [
    ("red", [255, 0, 0]),
    ("green", [0, 255, 0]),
    ("blue", [0, 0, 255]),
    ("white", [255, 255, 255]),
    ("black", [0, 0, 0]),
    ("grey", [128, 128, 128]),
    ("skin", [224, 172, 140]),
    ("ballot box", [120, 160, 200]),
];

#[test]
fn colours_come_out_as_they_went_in() {
    let mut scene = Scene::new([8, 8]);
    for matrix in [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020] {
        for range in [Range::Limited, Range::Full] {
            for layout in LAYOUTS {
                for (name, rgb) in COLORS {
                    let color = ColorInfo { matrix, range };
                    scene.publish(Picture { layout, color, ..Picture::new(16, 16) }.flat(rgb));
                    let got = scene.paint_whole()[3 * 8 + 4];
                    assert_near(got, rgb, 2, &format!("{name} {color:?} {layout:?}"));
                }
            }
        }
    }
}

#[test]
fn published_code_values_are_red() {
    let mut scene = Scene::new([4, 4]);
    for (matrix, yuv) in [(Matrix::Bt601, [81, 90, 240]), (Matrix::Bt709, [63, 102, 240])] {
        for layout in [YUV420, NV12] {
            let color = ColorInfo { matrix, range: Range::Limited };
            scene.publish(Picture { layout, color, ..Picture::new(4, 4) }.codes(|_, _| yuv));
            assert_near(scene.paint_whole()[5], [255, 0, 0], 2, &format!("{matrix:?} {layout:?}"));
        }
    }
}

#[test]
fn grey_pictures_need_no_chroma() {
    let mut scene = Scene::new([4, 4]);
    for (range, code, want) in
        [(Range::Limited, 16, 0), (Range::Limited, 235, 255), (Range::Full, 77, 77)]
    {
        let color = ColorInfo { matrix: Matrix::Bt709, range };
        let picture = Picture { layout: PlaneLayout::Gray, color, ..Picture::new(3, 5) };
        scene.publish(picture.codes(|_, _| [code, 0, 0]));
        assert_near(scene.paint_at(1.0)[5], [want; 3], 1, "grey");
    }
}

#[test]
fn a_target_that_encodes_srgb_shows_the_same_colours() {
    let mut scene = Scene::on(srgb_state(), [4, 4]);
    for (name, rgb) in COLORS {
        scene.publish(Picture::new(4, 4).flat(rgb));
        assert_near(scene.paint_whole()[5], rgb, 2, name);
    }
}

/// A render state like that of a window whose surface has sRGB formats only.
fn srgb_state() -> egui_wgpu::RenderState {
    let mut state = Offscreen::new([1, 1]).unwrap().state().clone();
    state.target_format = wgpu::TextureFormat::Rgba8UnormSrgb;
    let options = egui_wgpu::RendererOptions { dithering: false, ..Default::default() };
    let renderer = egui_wgpu::Renderer::new(&state.device, state.target_format, options);
    state.renderer = Arc::new(egui::mutex::RwLock::new(renderer));
    state
}

/// Top left, top right, bottom left, bottom right.
const CORNERS: [[u8; 3]; 4] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];

#[test]
fn quarter_turns_are_clockwise() {
    let turned = [
        (Rotation::None, [0, 1, 2, 3]),
        (Rotation::Quarter, [2, 0, 3, 1]),
        (Rotation::Half, [3, 2, 1, 0]),
        (Rotation::ThreeQuarters, [1, 3, 0, 2]),
    ];
    let mut scene = Scene::new([96, 96]);
    for layout in [YUV420, NV12] {
        for (rotation, order) in turned {
            let picture = Picture { rotation, layout, ..Picture::new(96, 48) };
            scene.publish(
                picture.rgb(|x, y| CORNERS[usize::from(x >= 48) + 2 * usize::from(y >= 24)]),
            );
            let pixels = scene.paint_whole();
            let (left, top) = if rotation.swaps_sides() { (24, 0) } else { (0, 24) };
            let (right, bottom) = (95 - left, 95 - top);
            let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
            for ((x, y), which) in corners.into_iter().zip(order) {
                let got = pixels[y * 96 + x];
                assert_near(got, CORNERS[which], 2, &format!("{rotation:?} {layout:?} {x},{y}"));
            }
        }
    }
}

/// The pixels that are not background: left, top, right (exclusive), bottom (exclusive).
fn painted(pixels: &[[u8; 3]], width: usize) -> Option<[usize; 4]> {
    let mut found: Option<[usize; 4]> = None;
    for (i, _) in pixels.iter().enumerate().filter(|(_, p)| **p != scene::BACKGROUND) {
        let (x, y) = (i % width, i / width);
        let [l, t, r, b] = found.unwrap_or([x, y, x + 1, y + 1]);
        found = Some([l.min(x), t.min(y), r.max(x + 1), b.max(y + 1)]);
    }
    found
}

#[test]
fn the_letterbox_is_exact_to_the_pixel() {
    let cases = [
        // Size, sample aspect, rotation, screen, pixels painted.
        ((160, 90), (1, 1), Rotation::None, [100, 100], [0, 22, 100, 78]),
        ((90, 160), (1, 1), Rotation::None, [100, 100], [22, 0, 78, 100]),
        ((64, 64), (1, 1), Rotation::None, [101, 100], [0, 0, 100, 100]),
        // PAL widescreen: 720×576 with 64:45 samples is 16:9.
        ((72, 58), (64, 45), Rotation::None, [177, 200], [0, 50, 177, 150]),
        ((64, 32), (1, 2), Rotation::None, [100, 100], [0, 0, 100, 100]),
        ((64, 32), (1, 1), Rotation::Quarter, [100, 100], [25, 0, 75, 100]),
        ((64, 32), (2, 1), Rotation::ThreeQuarters, [100, 100], [37, 0, 62, 100]),
    ];
    for ((width, height), sample_aspect, rotation, size, want) in cases {
        let mut scene = Scene::new(size);
        let picture = Picture { sample_aspect, rotation, ..Picture::new(width, height) };
        scene.publish(picture.flat([255, 255, 255]));
        let got = painted(&scene.paint_whole(), size[0] as usize).unwrap();
        let off = got.iter().zip(want).map(|(g, w)| g.abs_diff(w)).max();
        assert!(off <= Some(1), "{width}×{height} {sample_aspect:?} {rotation:?}: {got:?}");
    }
}

#[test]
fn bars_keep_the_background_and_nothing_leaves_the_area() {
    let mut scene = Scene::new([100, 100]);
    scene.publish(Picture::new(64, 64).flat([255, 255, 255]));
    let tile = scene.tile(Rect::from_min_size(pos2(10.0, 10.0), vec2(80.0, 80.0)), 1.0);
    let area = Rect::from_min_max(pos2(30.0, 0.0), pos2(100.0, 50.0));
    let pixels = scene.paint(area, vec![tile], 1.0);
    assert_eq!(painted(&pixels, 100), Some([30, 10, 90, 50]));
}

#[test]
fn a_screen_of_more_pixels_per_point_is_filled_alike() {
    let mut scene = Scene::new([150, 90]);
    scene.publish(Picture::new(64, 64).flat([255, 255, 255]));
    assert_eq!(painted(&scene.paint_at(1.5), 150), Some([30, 0, 120, 90]));
}

#[test]
fn a_stale_picture_is_dimmed_in_gamma_space() {
    let mut scene = Scene::new([4, 4]);
    scene.publish(Picture::new(4, 4).flat([200, 100, 50]));
    let whole = scene.whole(1.0);
    let tile = scene.tile(whole, 0.35);
    let got = scene.paint(whole, vec![tile], 1.0)[5];
    assert_near(got, [70, 35, 18], 2, "35 %");
}

#[test]
fn a_frame_of_another_size_brings_all_its_planes() {
    let mut scene = Scene::new([16, 16]);
    // Size alone changes within a layout, and layout alone from one to the next.
    let sizes = [(8, 8), (16, 16), (64, 64), (8, 8), (7, 7), (8, 8)];
    for round in 0..24 {
        let (width, height) = sizes[round % sizes.len()];
        let layout = LAYOUTS[round / sizes.len()];
        let (_, rgb) = COLORS[round % COLORS.len()];
        // A frame that is never painted lies between any two that are.
        scene.publish(Picture::new(32, 32).flat([1, 2, 3]));
        scene.publish(Picture { layout, ..Picture::new(width, height) }.flat(rgb));
        for (i, got) in scene.paint_whole().into_iter().enumerate() {
            assert_near(got, rgb, 2, &format!("round {round} {layout:?} pixel {i}"));
        }
        let shown = scene.picture.shown().unwrap();
        assert_eq!((shown.width, shown.height), (width, height));
        assert_eq!(shown.frames, round as u64 + 1);
    }
}

#[test]
fn odd_sizes_and_strides_are_taken_as_they_are() {
    let mut scene = Scene::new([20, 12]);
    for layout in LAYOUTS.into_iter().chain([PlaneLayout::Gray]) {
        for (width, height) in [(5, 3), (1, 1), (1, 7), (3, 1), (2, 2), (17, 9)] {
            for padding in [0, 1, 3, 59, 64, 1021] {
                let what = format!("{layout:?} {width}×{height} padding {padding}");
                let picture = Picture { layout, padding, ..Picture::new(width, height) };
                scene.publish(picture.flat([200, 200, 200]));
                let pixels = scene.paint_whole();
                let [l, t, r, b] = painted(&pixels, 20).expect(&what);
                for (x, y) in (l..r).flat_map(|x| (t..b).map(move |y| (x, y))) {
                    assert_near(pixels[y * 20 + x], [200; 3], 2, &what);
                }
            }
        }
    }
}

#[test]
fn chroma_lies_where_the_codecs_put_it() {
    // Five columns have three chroma samples, level with columns 0, 2 and 4: those columns show
    // their own colour exactly, and column 3 lies between two.
    let mut scene = Scene::new([5, 2]);
    let picture = Picture { layout: YUV420, ..Picture::new(5, 2) };
    scene.publish(picture.rgb(|x, _| if x < 3 { [255, 0, 0] } else { [0, 0, 255] }));
    let pixels = scene.paint_whole();
    for (column, want) in [(0, [255, 0, 0]), (2, [255, 0, 0]), (4, [0, 0, 255])] {
        assert_near(pixels[column], want, 2, &format!("column {column}"));
    }
    assert!(pixels[3][0] > 40 && pixels[3][2] > 40, "column 3 is mixed: {:?}", pixels[3]);
}

#[test]
fn sixty_four_tiles_in_one_pass_each_show_their_own() {
    let mut scene = Scene::new([160, 160]);
    let color = |i: u32| [(i * 4) as u8, 255 - (i * 4) as u8, (i % 8 * 32) as u8];
    let tiles: Vec<TileDraw> = (0..64)
        .map(|i| {
            let mailbox = Arc::new(Mailbox::default());
            let layout = LAYOUTS[i as usize % LAYOUTS.len()];
            mailbox.publish(Picture { layout, ..Picture::new(32, 32) }.flat(color(i)));
            let min = pos2((i % 8 * 20) as f32, (i / 8 * 20) as f32);
            let rect = Rect::from_min_size(min, vec2(20.0, 20.0));
            TileDraw {
                picture: TilePicture::new(mailbox),
                rect,
                part: pollwall::render::WHOLE,
                dim: 1.0,
            }
        })
        .collect();
    let whole = scene.whole(1.0);
    let pixels = scene.paint(whole, tiles.clone(), 1.0);
    for i in 0..64_u32 {
        let at = (i / 8 * 20 + 10) * 160 + i % 8 * 20 + 10;
        assert_near(pixels[at as usize], color(i), 2, &format!("tile {i}"));
    }
    assert!(tiles.iter().all(|tile| tile.picture.shown().is_some_and(|s| s.frames == 1)));
}

#[test]
fn several_shapes_in_one_pass_do_not_disturb_each_other() {
    let mut scene = Scene::new([30, 10]);
    let square = |i: u8| Rect::from_min_size(pos2(f32::from(i) * 10.0, 0.0), vec2(10.0, 10.0));
    let tiles: Vec<TileDraw> = (0..3)
        .map(|i| {
            let mailbox = Arc::new(Mailbox::default());
            mailbox.publish(Picture::new(16, 16).flat(COLORS[usize::from(i)].1));
            TileDraw {
                picture: TilePicture::new(mailbox),
                rect: square(i),
                part: pollwall::render::WHOLE,
                dim: 1.0,
            }
        })
        .collect();
    for _ in 0..2 {
        let shapes: Vec<_> = tiles.iter().map(|t| render::video(t.rect, vec![t.clone()])).collect();
        let pixels = scene.paint_shapes(&shapes, 1.0);
        for i in 0..3 {
            assert_near(pixels[5 * 30 + i * 10 + 5], COLORS[i].1, 2, COLORS[i].0);
        }
    }
}

#[test]
fn tiles_below_half_size_average_every_texel() {
    // One bright column in four: shown at a quarter, every pixel must be a quarter bright, where
    // a single sample would see nothing or half.
    let color = ColorInfo { matrix: Matrix::Bt601, range: Range::Full };
    for rotation in [Rotation::None, Rotation::Quarter] {
        let mut scene = Scene::new([16, 16]);
        let picture =
            Picture { layout: PlaneLayout::Gray, color, rotation, ..Picture::new(64, 64) };
        scene.publish(picture.codes(|x, _| [if x % 4 == 0 { 255 } else { 0 }, 128, 128]));
        for got in scene.paint_whole() {
            assert_near(got, [64; 3], 2, &format!("{rotation:?}"));
        }
    }
}

#[test]
fn no_picture_paints_nothing() {
    let mut scene = Scene::new([8, 8]);
    assert!(scene.paint_whole().iter().all(|pixel| *pixel == scene::BACKGROUND));
    assert_eq!(scene.picture.shown(), None);
    // A tile without room, or outside the screen, is no mistake either.
    scene.publish(Picture::new(4, 4).flat([255, 0, 0]));
    let whole = scene.whole(1.0);
    for rect in [
        Rect::NOTHING,
        Rect::from_min_size(pos2(2.0, 2.0), vec2(0.0, 5.0)),
        Rect::from_min_size(pos2(900.0, -900.0), vec2(5.0, 5.0)),
        Rect::from_min_max(pos2(f32::NAN, 0.0), pos2(1.0, f32::INFINITY)),
    ] {
        let tile = scene.tile(rect, 1.0);
        let pixels = scene.paint(whole, vec![tile], 1.0);
        assert_eq!(painted(&pixels, 8), None, "{rect:?}");
    }
}

#[test]
fn a_picture_too_large_for_the_adapter_is_refused_not_painted() {
    let mut scene = Scene::new([8, 8]);
    scene.publish(Picture::new(4, 4).flat([255, 0, 0]));
    scene.paint_whole();
    let limit = scene.screen.state().device.limits().max_texture_dimension_2d;
    let picture = Picture { layout: PlaneLayout::Gray, ..Picture::new(limit + 1, 1) };
    scene.publish(picture.flat([0, 0, 255]));
    assert_near(scene.paint_whole()[0], [255, 0, 0], 2, "the picture before");
    let refused = scene.picture.refused();
    assert_eq!(refused, Some(Refused::TooLarge { width: limit + 1, height: 1, limit }));
}

#[test]
fn a_lost_device_takes_no_picture_with_it() {
    let mut scene = Scene::new([8, 8]);
    scene.publish(Picture { layout: NV12, ..Picture::new(16, 16) }.flat([0, 255, 0]));
    scene.paint_whole();
    let shown = scene.picture.shown();

    let (woken, wakes) = std::sync::mpsc::sync_channel(8);
    let watch = render::device::DeviceWatch::default();
    watch.attach(scene.screen.state(), move || woken.try_send(()).unwrap());
    assert_eq!(watch.lost(), None);
    scene.screen.state().device.destroy();
    // An empty pass notices the loss and does not panic; neither does reading back.
    scene.paint_empty();
    assert!(scene.screen.read_rgba().is_err());
    assert!(watch.lost().is_some_and(|why| why.contains("Destroyed")));
    assert_eq!(wakes.try_iter().count(), 1);

    // Another device, no new frame: the last picture is back.
    let mut again = Scene::new([8, 8]);
    again.picture = Arc::clone(&scene.picture);
    assert_near(again.paint_whole()[20], [0, 255, 0], 2, "after the loss");
    assert_eq!(again.picture.shown(), shown);
}

#[test]
fn screens_of_impossible_size_are_refused() {
    for size in [[0, 8], [8, 0], [1_000_000, 8]] {
        match Offscreen::new(size) {
            Err(NoAdapter::Size { width, height, .. }) => assert_eq!([width, height], size),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{size:?} accepted"),
        }
    }
}

#[test]
fn every_shader_is_valid() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/shaders");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "wgsl") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let module = naga::front::wgsl::parse_str(&source).unwrap_or_else(|e| {
            panic!("{}", e.emit_to_string_with_path(&source, &path.to_string_lossy()))
        });
        let flags = naga::valid::ValidationFlags::all();
        naga::valid::Validator::new(flags, naga::valid::Capabilities::empty())
            .validate(&module)
            .unwrap_or_else(|e| panic!("{}: {}", path.display(), e.emit_to_string(&source)));
        seen += 1;
    }
    assert!(seen > 0, "no shader in {folder}");
}
