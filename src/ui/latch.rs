//! What lies over a tile's picture although the picture is the present: its state, work that is being
//! done, and an alarm that nobody has answered.
//!
//! At the upper edge and narrow: cameras burn their clocks in at the lower one, and what the picture
//! shows must be seen.

use eframe::egui::{Color32, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::scene::{MaintenanceView, Scene};
use super::tile::elided;
use super::{marks, theme, words};
use crate::health::State;
use crate::health::alarms::{About, Line};
use crate::text::Text;
use crate::tr;

/// What stands before the words.
pub(super) enum Mark {
    State(State),
    /// Trouble that has ended.
    Over,
}

/// One line over a picture.
pub(super) struct Said {
    pub(super) mark: Mark,
    pub(super) line: String,
}

/// Work that is being done, until when, and what.
pub(super) fn work(work: &MaintenanceView, scene: &Scene, text: &Text) -> Said {
    let word = words::state(text, State::Maintenance).into_owned();
    let parts = std::iter::once(word).chain(until(work, scene, text));
    let line = parts.collect::<Vec<_>>().join(" · ");
    Said { mark: Mark::State(State::Maintenance), line }
}

/// Until when, and what is being done.
pub(super) fn until(
    work: &MaintenanceView,
    scene: &Scene,
    text: &Text,
) -> impl Iterator<Item = String> + use<> {
    let until = match work.until {
        Some(at) => {
            let time = scene.day.local(at).strftime("%H:%M").to_string();
            tr!(text, "maintenance-until", time = time)
        }
        None => tr!(text, "maintenance-until-ended"),
    };
    let reason = Some(work.reason.clone()).filter(|reason| !reason.is_empty());
    [Some(until.into_owned()), reason].into_iter().flatten()
}

/// What came and went; `None` while it lasts. What a whole district had is told in the list.
pub(super) fn over(line: &Line, text: &Text) -> Option<Said> {
    let ended = line.ended?;
    let what = match &line.about {
        About::Station(_) => words::state(text, line.worst).into_owned(),
        About::Together { .. } => super::attention::name(line, text),
    };
    let lasted = Text::counter(ended.since(line.since));
    let line = tr!(text, "tile-over", what = what, lasted = lasted).into_owned();
    Some(Said { mark: Mark::Over, line })
}

/// Lines under each other at the upper left of `room`.
pub(super) fn banner(ui: &Ui, room: Rect, scale: f32, said: &[Said]) {
    let height = 30.0 * scale;
    let mut top = room.top() + 6.0 * scale;
    // The corner at the right is the flag's.
    let most = room.width() - 12.0 * scale - CORNER * scale;
    for Said { mark, line } in said {
        let font = theme::strong(theme::SMALL * 1.1 * scale);
        let wide = ui.painter().layout_no_wrap(line.clone(), font.clone(), theme::TEXT).size().x;
        let width = (wide + 46.0 * scale).min(most);
        let corner = pos2(room.left() + 6.0 * scale, top);
        let plate = Rect::from_min_size(corner, vec2(width, height));
        ui.painter().rect_filled(plate, 4.0, theme::ON_PICTURE);
        let side = 18.0 * scale;
        let at = plate.left_center() + vec2(6.0 * scale + side / 2.0, 0.0);
        let place = Rect::from_center_size(at, vec2(side, side));
        let ink = match mark {
            Mark::State(state) => {
                marks::draw(ui.painter(), place, *state, theme::state(*state));
                theme::state(*state)
            }
            Mark::Over => {
                marks::over(ui.painter(), place, theme::state(State::Live));
                theme::TEXT
            }
        };
        let at = pos2(place.right() + 8.0 * scale, plate.center().y);
        elided(ui, at, line, font, ink, plate.right() - at.x - 6.0 * scale);
        top += height + 4.0 * scale;
    }
}

const CORNER: f32 = 46.0;

/// A folded corner with a flag: nobody has answered.
pub(super) fn corner(ui: &Ui, room: Rect, scale: f32, line: &Line) {
    let side = CORNER * scale;
    let (top, right) = (room.top(), room.right());
    let points = vec![pos2(right - side, top), pos2(right, top), pos2(right, top + side)];
    let color: Color32 = if line.escalated { theme::state(line.worst) } else { theme::ACCENT };
    ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
    let at = pos2(right - side * 0.3, top + side * 0.3);
    let flag = Rect::from_center_size(at, vec2(side * 0.4, side * 0.4));
    marks::flag(ui.painter(), flag, theme::ON_STATE);
}
