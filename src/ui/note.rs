//! A note: a text field over the wall, which goes on behind it.

use eframe::egui::{Align2, Id, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::field::{self, Field};
use super::scene::Scene;
use super::tile::elided;
use super::{large, theme};
use crate::text::Text;
use crate::tr;
use crate::wall::{NOTE_MOST, Wall};

const WIDTH: f32 = 1000.0;
const TITLE: f32 = 60.0;
const FIELD: f32 = 130.0;
const FOOT: f32 = 48.0;
const PAD: f32 = 16.0;

pub(super) fn field() -> Id {
    Id::unique("note field")
}

/// Shows the note that is being written, if there is one.
pub(super) fn show(ui: &mut Ui, wall: &mut Wall, scene: &Scene, text: &Text) {
    let Some(draft) = wall.note().cloned() else { return };
    let room = ui.max_rect();
    let size = vec2(WIDTH.min(room.width() - 2.0 * PAD), TITLE + FIELD + FOOT);
    // Over the strip with the notes there are, which the writer may want to read.
    let below = if wall.large().is_some() { large::foot(scene) } else { PAD };
    let at = pos2(room.center().x - size.x / 2.0, room.bottom() - size.y - below - 1.5 * PAD);
    let card = Rect::from_min_size(at, size);
    // Clicks beside the field reach no tile below.
    let response = ui.interact(card, ui.scope_id().with("note"), Sense::click_and_drag());
    let number = draft.station.to_string();
    let title = tr!(text, "note-title", number = number);
    response.widget_info(|| WidgetInfo::labeled(Role::Dialog, true, title.as_ref()));
    ui.painter().rect_filled(card, 8.0, theme::PANEL);
    ui.painter().rect_stroke(card, 8.0, (2.0, theme::FAINT), StrokeKind::Outside);
    let middle = card.top() + TITLE / 2.0 + 4.0;
    let at = pos2(card.left() + PAD + 4.0, middle);
    let font = theme::strong(theme::LARGE);
    let end = ui.painter().text(at, Align2::LEFT_CENTER, title, font, theme::TEXT).right();
    if let Some(station) = scene.list.station(draft.station) {
        let at = pos2(end + PAD, middle + 2.0);
        let font = theme::font(theme::BODY);
        elided(ui, at, &station.name, font, theme::FAINT, card.right() - at.x - PAD);
    }
    let place = Rect::from_min_size(card.min + vec2(0.0, TITLE), vec2(size.x, FIELD));
    let (name, hint) = (tr!(text, "key-note"), tr!(text, "note-hint"));
    let entry = Field { id: self::field(), name: &name, hint: &hint, rows: 3 };
    let typed = entry.show(ui, place.shrink2(vec2(PAD, 4.0)), &draft.typed);
    let at = pos2(card.left() + PAD + 4.0, card.bottom() - FOOT / 2.0);
    let font = theme::font(theme::SMALL);
    let how = tr!(text, "note-how");
    let left = NOTE_MOST.saturating_sub(draft.typed.chars().count());
    let mut width = size.x - 2.0 * PAD - 8.0;
    if left < NOTE_MOST / 5 {
        let left = tr!(text, "note-left", count = left.to_string());
        let at = pos2(card.right() - PAD - 4.0, at.y);
        let end = ui.painter().text(at, Align2::RIGHT_CENTER, left, font.clone(), theme::TEXT);
        width = end.left() - card.left() - 2.0 * PAD;
    }
    elided(ui, at, &how, font, theme::FAINT, width);
    if let Some(typed) = typed {
        wall.write_note(&typed);
        ui.ctx().request_repaint();
    }
}

pub(super) fn forget_cursor(ui: &Ui) {
    field::forget_cursor(ui, self::field());
}
