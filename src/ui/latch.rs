//! What stands in a tile's caption beside its number: the state of a picture that is the present, work
//! that is being done, and an alarm that nobody has answered.
//!
//! In the caption and not over the picture: cameras burn their clocks in at any edge, and what the
//! present shows must be seen, all of it.

use eframe::egui::{Color32, Pos2, Rect, Ui, pos2, vec2};

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
    /// It should be recorded and is not.
    NotRecorded,
}

/// One thing that is said.
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

/// Writes it into a caption, from `at` (left, middle), on `width`; gives where it ends. `ink`: where
/// the caption has a state's colour; else each mark has its own.
pub(super) fn write(
    ui: &Ui,
    at: Pos2,
    said: &[Said],
    ink: Option<Color32>,
    (width, scale): (f32, f32),
) -> f32 {
    let (mut x, right) = (at.x, at.x + width);
    for Said { mark, line } in said {
        let side = 17.0 * scale;
        if right - x < 4.0 * side {
            break;
        }
        let place = Rect::from_center_size(pos2(x + side / 2.0, at.y), vec2(side, side));
        let words = match mark {
            // The caption begins with it.
            Mark::State(state) => ink.unwrap_or(theme::state(*state)),
            Mark::NotRecorded => {
                let color = ink.unwrap_or(theme::state(State::Stalled));
                marks::not_recorded(ui.painter(), place, color);
                x = place.right() + 6.0 * scale;
                color
            }
            Mark::Over => {
                let color = ink.unwrap_or(theme::state(State::Live));
                marks::over(ui.painter(), place, color);
                x = place.right() + 6.0 * scale;
                ink.unwrap_or(theme::TEXT)
            }
        };
        let font = theme::strong(theme::BODY * 0.95 * scale);
        x = elided(ui, pos2(x, at.y), line, font, words, right - x).right() + 12.0 * scale;
    }
    x
}

/// A flag at the right end of a caption: nobody has answered. Gives where it begins.
pub(super) fn flag(ui: &Ui, caption: Rect, ground: Color32, line: &Line) -> f32 {
    let side = caption.height();
    let plate = Rect::from_min_max(pos2(caption.right() - side, caption.top()), caption.max);
    // One that waits for too long is turned inside out, as in the attention list.
    let (behind, ink) = match (ground == theme::TILE, line.escalated) {
        (true, false) => (theme::ACCENT, theme::ON_STATE),
        (true, true) => (theme::state(line.worst), theme::ON_STATE),
        (false, false) => (ground, theme::ON_STATE),
        (false, true) => (theme::ON_STATE, theme::ACCENT),
    };
    ui.painter().rect_filled(plate, 0.0, behind);
    marks::flag(ui.painter(), plate.shrink(side * 0.24), ink);
    plate.left()
}
