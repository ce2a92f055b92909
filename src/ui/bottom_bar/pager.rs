//! Page back and forward, tiles on a page, one or several districts on a page, whether alarms
//! interrupt a tour and whether they are heard: what the keys do, for the mouse, and how it stands.

use eframe::egui::{
    Align2, Color32, Painter, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::text::Text;
use crate::tr;
use crate::ui::{marks, on_click, theme};
use crate::wall::{Command, Wall};

const SIDE: f32 = 36.0;

/// Shows it at the left end of `bar`; returns where it ends.
pub(super) fn show(
    ui: &mut Ui,
    bar: Rect,
    wall: &Wall,
    text: &Text,
    commands: &mut Vec<Command>,
) -> f32 {
    let mut x = bar.left();
    let mut button = |ui: &mut Ui, x: f32, name: &str, command: Command| {
        let room = Rect::from_center_size(pos2(x + SIDE / 2.0, bar.center().y), vec2(SIDE, SIDE));
        let response = ui.interact(room, ui.scope_id().with(("pager", name)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
        on_click(&response, command, commands);
        let color = ink(&response);
        (room, color)
    };
    let (page, pages) = wall.page();
    let label = tr!(text, "place-page", page = page.to_string(), pages = pages.to_string());
    let (room, color) = button(ui, x, &tr!(text, "key-previous-page"), Command::PreviousPage);
    arrow(ui.painter(), room, -1.0, color);
    x = words(ui, bar, room.right() + 10.0, &label, theme::FAINT) + 10.0;
    let (room, color) = button(ui, x, &tr!(text, "key-next-page"), Command::NextPage);
    arrow(ui.painter(), room, 1.0, color);

    let (room, color) =
        button(ui, room.right() + 12.0, &tr!(text, "key-fewer-tiles"), Command::FewerTiles);
    marks::sign(ui.painter(), room, false, color);
    let tiles = Rect::from_min_size(pos2(room.right(), bar.center().y - 11.0), vec2(26.0, 22.0));
    squares(ui.painter(), tiles, theme::FAINT);
    // As wide for 9 as for 64: the buttons must not run away from the pointer.
    let count = wall.tiles_per_page().to_string();
    words(ui, bar, tiles.right() + 8.0, &count, theme::FAINT);
    let (room, color) =
        button(ui, tiles.right() + 36.0, &tr!(text, "key-more-tiles"), Command::MoreTiles);
    marks::sign(ui.painter(), room, true, color);

    let (room, color) =
        button(ui, room.right() + 8.0, &tr!(text, "key-group"), Command::ToggleGrouping);
    if wall.grouped() {
        ui.painter().rect_filled(room, 6.0, theme::ACCENT);
    }
    let color = if wall.grouped() { theme::ON_STATE } else { color };
    groups(ui.painter(), room, color);
    let interrupts = wall.interruptions();
    let name = match interrupts {
        true => tr!(text, "hear-interruptions-on"),
        false => tr!(text, "hear-interruptions-off"),
    };
    let (room, color) = button(ui, room.right() + 8.0, &name, Command::ToggleInterruptions);
    marks::flag(ui.painter(), room.shrink(8.0), if interrupts { theme::TEXT } else { color });
    if !interrupts {
        marks::crossed(ui.painter(), room.shrink(4.0), theme::TEXT);
    }
    let sounds = wall.sounding().on;
    let name = match sounds {
        true => tr!(text, "hear-sound-on"),
        false => tr!(text, "hear-sound-off"),
    };
    let (room, color) = button(ui, room.right(), &name, Command::ToggleSound);
    marks::bell(ui.painter(), room.shrink(7.0), if sounds { theme::TEXT } else { color });
    if !sounds {
        marks::crossed(ui.painter(), room.shrink(4.0), color);
    }
    room.right()
}

fn ink(response: &Response) -> Color32 {
    if response.hovered() { theme::ACCENT } else { theme::FAINT }
}

fn words(ui: &Ui, bar: Rect, x: f32, words: &str, color: Color32) -> f32 {
    let at = pos2(x, bar.center().y);
    let font = theme::font(theme::BODY);
    ui.painter().text(at, Align2::LEFT_CENTER, words, font, color).right()
}

/// A triangle that points left (-1) or right (1).
fn arrow(painter: &Painter, room: Rect, towards: f32, color: Color32) {
    let c = room.center();
    let corners = [
        c + vec2(8.0 * towards, 0.0),
        c + vec2(-6.0 * towards, -10.0),
        c + vec2(-6.0 * towards, 10.0),
    ];
    painter.add(Shape::convex_polygon(corners.to_vec(), color, Stroke::NONE));
}

/// A page of tiles.
fn squares(painter: &Painter, room: Rect, color: Color32) {
    for row in 0..2_u8 {
        for column in 0..3_u8 {
            let step = vec2(room.width() / 3.0, room.height() / 2.0);
            let corner = room.min + vec2(f32::from(column) * step.x, f32::from(row) * step.y);
            let square = Rect::from_min_size(corner, step).shrink(1.5);
            painter.rect_filled(square, 1.0, color);
        }
    }
}

/// A page with two districts on it.
fn groups(painter: &Painter, room: Rect, color: Color32) {
    for half in [-1.0, 1.0] {
        let c = room.center() + vec2(half * 7.5, 0.0);
        let frame = Rect::from_center_size(c, vec2(12.0, 22.0));
        painter.rect_stroke(frame, 1.0, (2.0, color), StrokeKind::Inside);
        let bar = Rect::from_min_size(frame.min, vec2(12.0, 6.0));
        painter.rect_filled(bar, 1.0, color);
    }
}
