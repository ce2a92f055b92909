//! The tour: whether it runs, and how long until the next page.

use std::time::Duration;

use eframe::egui::{
    Color32, Painter, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::text::Text;
use crate::tr;
use crate::ui::{marks, on_click, theme};
use crate::wall::{Command, TourView, Wall};

const MARK: f32 = 20.0;
const PAD: f32 = 10.0;
/// A button for the pace.
const SIGN: f32 = 36.0;

/// `00:08`, rounded up: at nought the page goes.
fn countdown(left: Duration) -> String {
    let s = left.as_millis().div_ceil(1000);
    format!("{:02}:{:02}", s / 60, s % 60)
}

fn parts(tour: TourView, text: &Text) -> (String, String) {
    let state = match tour {
        TourView::Running { left } => tr!(text, "tour-next-in", left = countdown(left)),
        TourView::Paused => tr!(text, "tour-paused"),
        TourView::Interrupted { station, left } => {
            let number = station.to_string();
            tr!(text, "tour-interrupted", number = number, left = countdown(left))
        }
    };
    (tr!(text, "tour-word").into_owned(), state.into_owned())
}

/// The room it needs; none without a tour. The same from second to second.
pub(super) fn width(ui: &Ui, wall: &Wall, text: &Text) -> f32 {
    let Some(tour) = wall.tour() else { return 0.0 };
    let (word, state) = parts(tour, text);
    let font = theme::strong(theme::BODY);
    let of = |words: String| ui.painter().layout_no_wrap(words, font.clone(), theme::TEXT).size().x;
    of(word) + of(state) + MARK + 4.0 * PAD + 2.0 * SIGN
}

/// Shows it at the right end of `room`; returns where it begins. A click is Space.
pub(super) fn show(
    ui: &mut Ui,
    room: Rect,
    wall: &Wall,
    text: &Text,
    commands: &mut Vec<Command>,
) -> f32 {
    let Some(tour) = wall.tour() else { return room.right() };
    let left = room.right() - width(ui, wall, text);
    let plate = Rect::from_min_max(
        pos2(left, room.center().y - 20.0),
        pos2(room.right(), room.center().y + 20.0),
    );
    let response = ui.interact(plate, ui.scope_id().with("tour"), Sense::click());
    let name = match tour {
        TourView::Running { .. } => tr!(text, "key-tour-pause"),
        TourView::Paused | TourView::Interrupted { .. } => tr!(text, "key-tour-resume"),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.as_ref()));
    on_click(&response, Command::ToggleTour, commands);
    let ground = match tour {
        _ if response.hovered() => theme::HOVER,
        // An alarm has taken the screen: that must be seen.
        TourView::Interrupted { .. } => theme::INTERRUPTED,
        _ => theme::CHOSEN,
    };
    ui.painter().rect_filled(plate, 6.0, ground);
    let signs = [
        (plate.left(), false, tr!(text, "key-tour-faster"), Command::FasterTour),
        (plate.right() - SIGN, true, tr!(text, "key-tour-slower"), Command::SlowerTour),
    ];
    for (left, plus, name, command) in signs {
        let room = Rect::from_min_size(pos2(left, plate.top()), vec2(SIGN, plate.height()));
        let id = ui.scope_id().with(("pace", plus));
        let response = ui.interact(room, id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.as_ref()));
        on_click(&response, command, commands);
        let color = if response.hovered() { theme::ACCENT } else { theme::FAINT };
        marks::sign(ui.painter(), room, plus, color);
    }
    let (word, state) = parts(tour, text);
    let font = theme::strong(theme::BODY);
    let mut x = plate.left() + SIGN + PAD;
    let write = |ui: &Ui, words: String, x: f32| {
        let galley = ui.painter().layout_no_wrap(words, font.clone(), theme::TEXT);
        let end = x + galley.size().x;
        let at = pos2(x, plate.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, theme::TEXT);
        end
    };
    x = write(ui, word, x) + PAD;
    let mark = Rect::from_center_size(pos2(x + MARK / 2.0, plate.center().y), vec2(MARK, MARK));
    match tour {
        TourView::Running { .. } => runs(ui.painter(), mark, theme::ACCENT),
        TourView::Interrupted { .. } => marks::flag(ui.painter(), mark, theme::ACCENT),
        TourView::Paused => stands(ui.painter(), mark, theme::ACCENT),
    }
    write(ui, state, mark.right() + PAD);
    plate.left()
}

/// A triangle to the right.
fn runs(painter: &Painter, room: Rect, color: Color32) {
    let corners = vec![
        room.left_top() + vec2(2.0, 0.0),
        room.right_center(),
        room.left_bottom() + vec2(2.0, 0.0),
    ];
    painter.add(Shape::convex_polygon(corners, color, Stroke::NONE));
}

/// Two bars.
fn stands(painter: &Painter, room: Rect, color: Color32) {
    for side in [-1.0, 1.0] {
        let center = room.center() + vec2(side * 5.0, 0.0);
        painter.rect_filled(Rect::from_center_size(center, vec2(6.0, room.height())), 1.0, color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_reaches_nought_only_at_the_end() {
        let of = |ms| countdown(Duration::from_millis(ms));
        assert_eq!([of(8000), of(7001), of(1), of(0)], ["00:08", "00:08", "00:01", "00:00"]);
        assert_eq!(of(299_500), "05:00");
    }
}
