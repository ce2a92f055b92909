//! The search: a text field and what it finds, over a part of the wall that goes on behind it.

use eframe::egui;
use eframe::egui::{
    Align2, Id, Margin, Rect, Role, Sense, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};

use super::field::begin_at_end;
use super::scene::Scene;
use super::tile::elided;
use super::{marks, on_click, theme, words};
use crate::health::State;
use crate::model::Station;
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Wall};

/// The width that lines of a name and an address need, in points.
const WIDTH: f32 = 1000.0;
/// The share of the tiles' room that it may take.
const MOST_OF_WIDTH: f32 = 0.7;
const MOST_OF_HEIGHT: f32 = 0.72;
const FIELD: f32 = 76.0;
const ROW: f32 = 68.0;
const FOOT: f32 = 44.0;
const PAD: f32 = 16.0;

pub(super) fn field() -> Id {
    Id::unique("search field")
}

/// Shows the search, if it is open.
pub(super) fn show(
    ui: &mut Ui,
    wall: &mut Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    if wall.search().is_none() {
        return;
    }
    let room = ui.max_rect();
    let rows = ((room.height() * MOST_OF_HEIGHT - FIELD - FOOT) / ROW) as usize;
    wall.set_hit_rows(rows);
    let Some(search) = wall.search() else { return };
    let shown = search.on_screen().len().max(1) as f32;
    let size = vec2(WIDTH.min(room.width() * MOST_OF_WIDTH), FIELD + shown * ROW + FOOT);
    let card = Rect::from_min_size(room.min + vec2(PAD, PAD), size);
    // Clicks between the rows reach no tile below.
    let response = ui.interact(card, ui.scope_id().with("search"), Sense::click());
    let title = tr!(text, "search-title");
    response.widget_info(|| WidgetInfo::labeled(Role::Dialog, true, title.as_ref()));
    ui.painter().rect_filled(card, 8.0, theme::PANEL);
    ui.painter().rect_stroke(card, 8.0, (2.0, theme::FAINT), StrokeKind::Outside);
    let field = Rect::from_min_size(card.min, vec2(card.width(), FIELD)).shrink(PAD);
    let typed = type_in(ui, field, search.typed(), text);
    hits(ui, wall, scene, text, card, commands);
    if let Some(typed) = typed {
        wall.find(&typed);
        // The hits are below what was typed in the next pass, not with the next picture.
        ui.ctx().request_repaint();
    }
}

/// The text field; gives the text when it was changed.
fn type_in(ui: &mut Ui, room: Rect, before: &str, text: &Text) -> Option<String> {
    let mut typed = before.to_owned();
    let hint = tr!(text, "search-hint");
    ui.painter().rect_filled(room, 6.0, theme::NO_PICTURE);
    ui.painter().rect_stroke(room, 6.0, (2.0, theme::ACCENT), StrokeKind::Inside);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(room.shrink2(vec2(12.0, 0.0))));
    let edit = TextEdit::singleline(&mut typed)
        .id(field())
        .font(theme::font(theme::LARGE))
        .text_color(theme::TEXT)
        .hint_text(egui::RichText::new(hint.as_ref()).color(theme::FAINT))
        .frame(egui::Frame::NONE)
        .margin(Margin::ZERO)
        .align(Align2::LEFT_CENTER)
        .min_size(room.size() - vec2(24.0, 0.0))
        .desired_width(f32::INFINITY)
        .char_limit(120);
    let mut output = edit.show(&mut ui);
    let name = tr!(text, "search-title");
    output.response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, before, before, hint.as_ref());
        info.label = Some(name.to_string());
        info
    });
    begin_at_end(&ui, &mut output, field(), before);
    (typed != before).then_some(typed)
}

fn hits(
    ui: &mut Ui,
    wall: &Wall,
    scene: &Scene,
    text: &Text,
    card: Rect,
    commands: &mut Vec<Command>,
) {
    let Some(search) = wall.search() else { return };
    let mut row = Rect::from_min_size(card.min + vec2(0.0, FIELD), vec2(card.width(), ROW));
    for at in search.on_screen() {
        if let Some(station) = wall.hit(at) {
            hit(ui, row, station, at == search.chosen(), scene, text, commands);
        }
        row = row.translate(vec2(0.0, ROW));
    }
    if search.found() == 0 && !search.typed().trim().is_empty() {
        let at = pos2(card.left() + PAD + 12.0, row.center().y);
        let font = theme::strong(theme::BODY);
        let (none, color) = (tr!(text, "search-none"), theme::state(State::Stalled));
        ui.painter().text(at, Align2::LEFT_CENTER, none, font, color);
    }
    let middle = card.bottom() - FOOT / 2.0;
    let more = search.found() - search.on_screen().len();
    let mut said = match search.found() {
        0 => String::new(),
        found => tr!(text, "search-found", count = found.to_string()).into_owned(),
    };
    if more > 0 {
        said = format!("{said} · {}", tr!(text, "search-more", count = more.to_string()));
    }
    let at = pos2(card.right() - PAD - 12.0, middle);
    let font = theme::font(theme::BODY);
    ui.painter().text(at, Align2::RIGHT_CENTER, said, font, theme::FAINT);
}

/// One station that was found: state, number, name; below, where it is.
fn hit(
    ui: &mut Ui,
    row: Rect,
    station: &Station,
    chosen: bool,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let view = scene.stations.get(&station.id);
    let state = view.map_or(State::Connecting, |v| v.assessment.state);
    let (word, place) = (words::state(text, state), place(station, scene, text));
    let response = ui.interact(row, ui.scope_id().with(("hit", station.id)), Sense::click());
    response.widget_info(|| {
        let label = tr!(
            text,
            "hear-hit",
            number = station.id.to_string(),
            state = word.as_ref(),
            name = station.name.as_str(),
            place = place.as_str(),
        );
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, label)
    });
    on_click(&response, Command::Show(station.id), commands);
    let painter = ui.painter();
    if chosen {
        painter.rect_filled(row, 0.0, theme::CHOSEN);
        let edge = Rect::from_min_size(row.min, vec2(6.0, row.height()));
        painter.rect_filled(edge, 0.0, theme::ACCENT);
    } else if response.hovered() {
        painter.rect_filled(row, 0.0, theme::TILE);
    }
    let color = theme::state(state);
    let left = row.left() + PAD + 12.0;
    let mark = Rect::from_center_size(pos2(left + 12.0, row.center().y), vec2(24.0, 24.0));
    marks::draw(painter, mark, state, color);
    let at = pos2(left + 40.0, row.center().y);
    let font = theme::strong(theme::LARGE);
    let number = station.id.to_string();
    painter.text(at, Align2::LEFT_CENTER, number, font, theme::TEXT);
    let at = pos2(row.right() - PAD - 12.0, row.center().y);
    let font = theme::strong(theme::BODY);
    let ink = if state.is_trouble() { color } else { theme::FAINT };
    let right = painter.text(at, Align2::RIGHT_CENTER, word, font, ink).left() - PAD;
    let x = left + 170.0;
    let (above, below) = (row.top() + ROW * 0.32, row.top() + ROW * 0.72);
    let (name, font) = (&station.name, theme::font(theme::BODY));
    elided(ui, pos2(x, above), name, font, theme::TEXT, right - x);
    let (ink, font) = (theme::FAINT, theme::font(theme::SMALL));
    elided(ui, pos2(x, below), &place, font, ink, right - x);
}

/// The district's name and the address.
fn place(station: &Station, scene: &Scene, text: &Text) -> String {
    let district = scene.list.district(station.id.district);
    let name = district.map_or("", |d| d.name.as_str());
    let number = station.id.district.to_string();
    let district = match name {
        "" => tr!(text, "place-district", number = number),
        name => tr!(text, "place-district-named", number = number, name = name),
    };
    match station.address.as_str() {
        "" => district.into_owned(),
        address => format!("{district} · {address}"),
    }
}
