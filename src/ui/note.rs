//! A note: a text field over the wall, which goes on behind it.

use eframe::egui;
use eframe::egui::text::CCursor;
use eframe::egui::text_selection::CCursorRange;
use eframe::egui::{
    Align2, Id, Margin, Rect, Role, Sense, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};

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
    let field = Rect::from_min_size(card.min + vec2(0.0, TITLE), vec2(size.x, FIELD));
    let (name, hint) = (tr!(text, "key-note"), tr!(text, "note-hint"));
    let entry = Field { id: self::field(), name: &name, hint: &hint, rows: 3 };
    let typed = entry.show(ui, field.shrink2(vec2(PAD, 4.0)), &draft.typed);
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

/// A text field of these cards.
pub(super) struct Field<'a> {
    pub(super) id: Id,
    /// What it is called.
    pub(super) name: &'a str,
    /// What it says while it is empty.
    pub(super) hint: &'a str,
    /// Lines on screen; one in the file.
    pub(super) rows: usize,
}

impl Field<'_> {
    /// Shows it in `room`; gives the text when it was changed.
    pub(super) fn show(&self, ui: &mut Ui, room: Rect, before: &str) -> Option<String> {
        let mut typed = before.to_owned();
        ui.painter().rect_filled(room, 6.0, theme::NO_PICTURE);
        ui.painter().rect_stroke(room, 6.0, (2.0, theme::ACCENT), StrokeKind::Inside);
        let inner = room.shrink2(vec2(12.0, 8.0));
        let mut ui = ui.new_child(UiBuilder::new().max_rect(inner));
        ui.set_clip_rect(inner.intersect(ui.clip_rect()));
        // Several lines on screen, one in the file: Enter never gets here.
        let edit = TextEdit::multiline(&mut typed)
            .id(self.id)
            .font(theme::font(theme::BODY * 1.15))
            .text_color(theme::TEXT)
            .hint_text(
                egui::RichText::new(self.hint).font(theme::font(theme::BODY)).color(theme::FAINT),
            )
            .frame(egui::Frame::NONE)
            .margin(Margin::ZERO)
            .desired_width(inner.width())
            .desired_rows(self.rows)
            .char_limit(NOTE_MOST);
        let mut output = edit.show(&mut ui);
        output.response.widget_info(|| {
            let mut info = WidgetInfo::text_edit(true, before, before, self.hint);
            info.label = Some(self.name.to_owned());
            info
        });
        if output.state.cursor.char_range().is_none() {
            // What was written before is gone on with at its end.
            let end = CCursorRange::one(CCursor::new(before.chars().count()));
            output.state.cursor.set_char_range(Some(end));
            output.state.store(ui.ctx(), self.id);
        }
        (typed != before).then_some(typed)
    }

    /// A field that is opened again begins at the end of what is in it.
    pub(super) fn forget_cursor(ui: &Ui, id: Id) {
        ui.data_mut(|data| data.remove::<egui::text_edit::TextEditState>(id));
    }
}

pub(super) fn forget_cursor(ui: &Ui) {
    Field::forget_cursor(ui, field());
}
