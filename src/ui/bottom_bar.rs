//! The bottom bar: where one is, what has been typed, and the keys that matter now.

use eframe::egui;
use eframe::egui::{Align2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::scene::Scene;
use super::{Action, on_click, theme};
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Notice, Wall};

pub(super) fn show(
    ui: &mut Ui,
    wall: &Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
    actions: &mut Vec<Action>,
) {
    let room = ui.max_rect();
    let keys_left = hints(ui, room, wall, text, commands, actions);
    let x = pager(ui, room, wall, text, commands);
    let place = place(wall, scene, text);
    let font = theme::strong(theme::BODY);
    let room_for_place = (keys_left - x - 40.0).max(0.0);
    if let Some(entry) = wall.entry() {
        let typed = tr!(text, "entry-go-to", number = entry.to_string());
        let galley = ui.painter().layout_no_wrap(
            typed.into_owned(),
            theme::strong(theme::LARGE),
            theme::ON_STATE,
        );
        let plate = Rect::from_min_size(
            pos2(x + 8.0, room.center().y - 20.0),
            vec2(galley.size().x + 28.0, 40.0),
        );
        ui.painter().rect_filled(plate, 6.0, theme::ACCENT);
        let at = pos2(plate.left() + 14.0, plate.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, theme::ON_STATE);
    } else if let Some(notice) = wall.notice() {
        let (words, color) = (say(text, notice), theme::state(crate::health::State::Stalled));
        super::tile::elided(
            ui,
            pos2(x + 16.0, room.center().y),
            &words,
            font,
            color,
            room_for_place,
        );
    } else {
        super::tile::elided(
            ui,
            pos2(x + 16.0, room.center().y),
            &place,
            font,
            theme::TEXT,
            room_for_place,
        );
    }
}

fn say(text: &Text, notice: Notice) -> String {
    match notice {
        Notice::NoDistrict(number) => {
            tr!(text, "notice-no-district", number = number.to_string()).into_owned()
        }
        Notice::NoStation(id) => {
            tr!(text, "notice-no-station", number = id.to_string()).into_owned()
        }
        Notice::Reconnecting(id) => {
            tr!(text, "notice-reconnecting", number = id.to_string()).into_owned()
        }
    }
}

fn place(wall: &Wall, scene: &Scene, text: &Text) -> String {
    let Some(district) = wall.district() else {
        return String::new();
    };
    let title = if district.name.is_empty() {
        tr!(text, "place-district", number = district.number.to_string()).into_owned()
    } else {
        tr!(
            text,
            "place-district-named",
            number = district.number.to_string(),
            name = district.name.as_str(),
        )
        .into_owned()
    };
    let own = scene.list.in_district(district.number).len();
    let stations = tr!(text, "count-stations", count = own);
    format!("{title} · {stations}")
}

/// Page back, page number, page forward; returns where it ends.
fn pager(ui: &mut Ui, room: Rect, wall: &Wall, text: &Text, commands: &mut Vec<Command>) -> f32 {
    let (page, pages) = wall.page();
    let side = 36.0;
    let label = tr!(text, "place-page", page = page.to_string(), pages = pages.to_string());
    let font = theme::font(theme::BODY);
    let back =
        Rect::from_center_size(pos2(room.left() + side / 2.0, room.center().y), vec2(side, side));
    let response = arrow(ui, back, -1.0, "page-back", &tr!(text, "key-previous-page"));
    on_click(&response, Command::PreviousPage, commands);
    let at = pos2(back.right() + 10.0, room.center().y);
    let end = ui.painter().text(at, Align2::LEFT_CENTER, label, font, theme::FAINT).right();
    let forward = back.translate(vec2(end + 10.0 - back.left(), 0.0));
    let response = arrow(ui, forward, 1.0, "page-forward", &tr!(text, "key-next-page"));
    on_click(&response, Command::NextPage, commands);
    forward.right()
}

/// A triangular button that points left (-1) or right (1).
fn arrow(ui: &mut Ui, room: Rect, towards: f32, id: &str, name: &str) -> Response {
    let response = ui.interact(room, ui.scope_id().with(id), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let color = if response.hovered() { theme::ACCENT } else { theme::FAINT };
    let c = room.center();
    let corners = [
        c + vec2(8.0 * towards, 0.0),
        c + vec2(-6.0 * towards, -10.0),
        c + vec2(-6.0 * towards, 10.0),
    ];
    ui.painter().add(egui::Shape::convex_polygon(corners.to_vec(), color, egui::Stroke::NONE));
    response
}

/// The keys that matter now, right-aligned; returns where they begin. Each can be clicked.
fn hints(
    ui: &mut Ui,
    room: Rect,
    wall: &Wall,
    text: &Text,
    commands: &mut Vec<Command>,
    actions: &mut Vec<Action>,
) -> f32 {
    let mut x = room.right();
    let mut hint = |ui: &mut Ui, key: &str, what: &str| {
        let font = theme::font(theme::SMALL);
        let what = ui.painter().layout_no_wrap(what.to_owned(), font, theme::FAINT);
        let key =
            ui.painter().layout_no_wrap(key.to_owned(), theme::strong(theme::SMALL), theme::TEXT);
        let (w, k) = (what.size(), key.size());
        let cell = Rect::from_min_max(
            pos2(x - w.x - k.x - 32.0, room.center().y - 18.0),
            pos2(x, room.center().y + 18.0),
        );
        let id = ui.scope_id().with(("hint", what.text()));
        let response = ui.interact(cell, id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, what.text()));
        if response.hovered() {
            ui.painter().rect_filled(cell, 4.0, theme::CHOSEN);
        }
        let cap = Rect::from_min_size(
            pos2(cell.left() + 4.0, room.center().y - k.y / 2.0 - 2.0),
            vec2(k.x + 14.0, k.y + 4.0),
        );
        ui.painter().rect_stroke(cap, 4.0, (1.0, theme::FAINT), egui::StrokeKind::Inside);
        ui.painter().galley(pos2(cap.left() + 7.0, room.center().y - k.y / 2.0), key, theme::TEXT);
        let at = pos2(cap.right() + 8.0, room.center().y - w.y / 2.0);
        ui.painter().galley(at, what, theme::FAINT);
        x = cell.left() - 14.0;
        response
    };
    let keys = hint(ui, "?", &tr!(text, "key-keys"));
    on_click(&keys, Command::ToggleKeys, commands);
    if hint(ui, "F", &tr!(text, "key-full-screen")).clicked() {
        actions.push(Action::ToggleFullScreen);
    }
    if wall.large().is_some() || wall.entry().is_some() || wall.keys_shown() {
        let back = hint(ui, "Esc", &tr!(text, "key-back"));
        on_click(&back, Command::Back, commands);
    } else {
        let open = hint(ui, "Enter", &tr!(text, "key-enlarge"));
        on_click(&open, Command::Confirm, commands);
    }
    x
}
