//! Where the window goes: where it was, corrected to the screens that there are now.

use eframe::egui::{self, ViewportBuilder, ViewportInfo, pos2, vec2};
use winit::dpi::{PhysicalPosition, PhysicalSize};
use winit::window::{Fullscreen, Window};

use crate::config::desk::WindowPlace;

/// The size of a window for which none is asked, in pixels.
const USUAL_SIZE: (u32, u32) = (1280, 720);

/// No window is made smaller, in points.
const SMALLEST: (u32, u32) = (640, 360);

/// So much of a window's upper edge must be on a screen, in pixels: something to take hold of.
const HANDLE: (i64, i64) = (120, 24);

/// A screen's place among all, in pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Screen {
    corner: (i32, i32),
    size: (u32, u32),
}

/// Where the window begins: where it was, but for what the command line asks.
pub(super) fn at_start(was: Option<WindowPlace>, asked: Option<(u32, u32)>) -> WindowPlace {
    let was = was.filter(|place| {
        let (width, height) = place.size;
        width > 0 && height > 0 && (0.25..=16.0).contains(&place.scale)
    });
    match (was, asked) {
        (Some(place), None) => place,
        (was, asked) => WindowPlace {
            size: asked.unwrap_or(USUAL_SIZE),
            scale: 1.0,
            maximised: false,
            full_screen: false,
            ..was.unwrap_or_default()
        },
    }
}

/// The window to ask for. Its place is in points, and which screen's points the system takes is
/// its secret; [`correct`] sets it right in pixels.
pub(super) fn builder(place: &WindowPlace) -> ViewportBuilder {
    let size = vec2(place.size.0 as f32, place.size.1 as f32) / place.scale;
    let builder = ViewportBuilder::default()
        .with_title("Pollwall")
        .with_app_id("pollwall")
        .with_inner_size(size)
        .with_min_inner_size([SMALLEST.0 as f32, SMALLEST.1 as f32])
        .with_maximized(place.maximised)
        .with_fullscreen(place.full_screen);
    match place.corner {
        Some((x, y)) => builder.with_position(pos2(x as f32, y as f32) / place.scale),
        None => builder,
    }
}

/// Moves a window that would open off every screen, and puts a full screen one on the screen it
/// was on.
pub(super) fn correct(place: &mut WindowPlace, window: &Window) {
    let screens: Vec<_> = window.available_monitors().collect();
    let bounds = |m: &winit::monitor::MonitorHandle| Screen {
        corner: m.position().into(),
        size: m.size().into(),
    };
    let bounds: Vec<Screen> = screens.iter().map(bounds).collect();
    let wanted = on_screen(place.corner, place.size, &bounds);
    if let (Some(corner), true) = (wanted, wanted != place.corner) {
        log::info!("the window was off every screen; it opens at {corner:?}");
        place.corner = wanted;
        window.set_outer_position(PhysicalPosition::new(corner.0, corner.1));
        let _ = window.request_inner_size(PhysicalSize::new(place.size.0, place.size.1));
    }
    if place.full_screen {
        let was_on = screens.into_iter().find(|s| s.name().is_some() && s.name() == place.screen);
        window.set_fullscreen(Some(Fullscreen::Borderless(was_on)));
    }
}

/// The corner of a window of `size` that stood at `corner`: the same if its upper edge can be
/// reached, else in the middle of the first screen. `None`: wherever the system wants it.
fn on_screen(
    corner: Option<(i32, i32)>,
    size: (u32, u32),
    screens: &[Screen],
) -> Option<(i32, i32)> {
    let (x, y) = corner?;
    let reachable = |s: &Screen| {
        let overlap = |at: i32, length: i64, from: i32, room: u32| {
            let (at, from) = (i64::from(at), i64::from(from));
            (at + length).min(from + i64::from(room)) - at.max(from)
        };
        overlap(x, size.0.into(), s.corner.0, s.size.0) >= HANDLE.0
            && overlap(y, HANDLE.1, s.corner.1, s.size.1) >= HANDLE.1
    };
    if screens.iter().any(reachable) {
        return corner;
    }
    let first = screens.first()?;
    let centered = |from: i32, room: u32, length: u32| {
        from.saturating_add(i32::try_from(room.saturating_sub(length) / 2).unwrap_or(0))
    };
    Some((
        centered(first.corner.0, first.size.0, size.0),
        centered(first.corner.1, first.size.1, size.1),
    ))
}

/// Takes down where the window is now. What it was before it was maximised or made full screen
/// stays.
pub(super) fn take_down(place: &mut WindowPlace, ctx: &egui::Context, window: &Window) {
    let (info, pixels_per_point) = ctx.input(|i| (i.viewport().clone(), i.pixels_per_point()));
    let screen = window.current_monitor().and_then(|m| m.name());
    update(place, &info, pixels_per_point, screen);
}

fn update(
    place: &mut WindowPlace,
    info: &ViewportInfo,
    pixels_per_point: f32,
    screen: Option<String>,
) {
    if info.minimized == Some(true) {
        return;
    }
    place.maximised = info.maximized.unwrap_or(false);
    place.full_screen = info.fullscreen.unwrap_or(false);
    place.screen = screen;
    if place.maximised || place.full_screen {
        return;
    }
    let pixels = |points: f32| (points * pixels_per_point).round();
    if let Some(inner) = info.inner_rect.filter(|r| r.width() >= 1.0 && r.height() >= 1.0) {
        place.size = (pixels(inner.width()) as u32, pixels(inner.height()) as u32);
        place.scale = info.native_pixels_per_point.unwrap_or(1.0);
    }
    if let Some(outer) = info.outer_rect {
        place.corner = Some((pixels(outer.left()) as i32, pixels(outer.top()) as i32));
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::Rect;

    use super::*;

    fn two_screens() -> [Screen; 2] {
        [
            Screen { corner: (0, 0), size: (1920, 1080) },
            Screen { corner: (-3840, -200), size: (3840, 2160) },
        ]
    }

    #[test]
    fn a_window_that_can_be_reached_stays_where_it_is() {
        for corner in [(100, 50), (-3840, -200), (-3000, 1000), (1790, 500), (-900, 20)] {
            let found = on_screen(Some(corner), (1280, 720), &two_screens());
            assert_eq!(found, Some(corner));
        }
    }

    #[test]
    fn a_window_off_every_screen_comes_back() {
        // The second screen is gone; above the upper edge; beside; absurd.
        for corner in [(-3000, 400), (100, -60), (1900, 10), (i32::MAX, i32::MIN)] {
            let found = on_screen(Some(corner), (1280, 720), &two_screens()[..1]);
            assert_eq!(found, Some((320, 180)), "{corner:?}");
        }
        assert_eq!(on_screen(Some((9999, 0)), (5000, 5000), &two_screens()), Some((0, 0)));
        assert_eq!(on_screen(Some((5, 5)), (1280, 720), &[]), None, "the system decides");
        assert_eq!(on_screen(None, (1280, 720), &two_screens()), None);
    }

    #[test]
    fn the_command_line_wins_and_nonsense_is_not_believed() {
        let was = WindowPlace {
            corner: Some((7, 8)),
            size: (800, 600),
            scale: 1.5,
            maximised: true,
            full_screen: true,
            screen: None,
        };
        assert_eq!(at_start(Some(was.clone()), None), was);
        let asked = at_start(Some(was.clone()), Some((1000, 500)));
        assert_eq!((asked.corner, asked.size), (Some((7, 8)), (1000, 500)));
        assert!(!asked.maximised && !asked.full_screen);
        for scale in [0.0, f32::NAN, -1.0, f32::INFINITY] {
            let place = at_start(Some(WindowPlace { scale, ..was.clone() }), None);
            assert_eq!((place.size, place.scale, place.corner), (USUAL_SIZE, 1.0, None));
        }
        let place = at_start(Some(WindowPlace { size: (0, 9), ..was }), None);
        assert_eq!(place.size, USUAL_SIZE);
    }

    #[test]
    fn a_full_screen_window_remembers_what_it_was_before() {
        let rect =
            |x: f32, y: f32, w: f32, h: f32| Some(Rect::from_min_size(pos2(x, y), vec2(w, h)));
        let mut place = at_start(None, None);
        let mut info = ViewportInfo {
            native_pixels_per_point: Some(1.25),
            inner_rect: rect(10.0, 30.0, 640.0, 360.0),
            outer_rect: rect(8.0, 10.0, 644.0, 382.0),
            ..ViewportInfo::default()
        };
        update(&mut place, &info, 2.0, None);
        assert_eq!((place.corner, place.size, place.scale), (Some((16, 20)), (1280, 720), 1.25));
        let before = place.clone();
        info.fullscreen = Some(true);
        info.inner_rect = rect(0.0, 0.0, 960.0, 540.0);
        update(&mut place, &info, 2.0, Some("HDMI-1".into()));
        assert!(place.full_screen && place.screen.as_deref() == Some("HDMI-1"));
        assert_eq!((place.corner, place.size), (before.corner, before.size));
        info.minimized = Some(true);
        info.fullscreen = Some(false);
        update(&mut place, &info, 2.0, None);
        assert!(place.full_screen, "a minimised window tells nothing");
    }
}
