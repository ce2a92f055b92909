//! Text fields over the wall: who has the keyboard, and where their cursor begins.

use eframe::egui;
use eframe::egui::text::CCursor;
use eframe::egui::text_edit::TextEditOutput;
use eframe::egui::text_selection::CCursorRange;
use eframe::egui::{Id, Margin, Rect, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, vec2};

use super::theme;
use crate::wall::NOTE_MOST;

/// Gives the keyboard to the text field that is open, and to nobody where none is: keys are
/// commands, and with egui's own focus on some tile, Enter would click that as well.
pub(super) fn keep_focus(ui: &Ui, open: Option<Id>) {
    ui.memory_mut(|memory| match memory.focused() {
        Some(focused) if open != Some(focused) => memory.surrender_focus(focused),
        _ => {}
    });
    if let Some(field) = open {
        ui.memory_mut(|memory| {
            // Asked for again and again it would break off what an input method composes.
            if !memory.has_focus(field) {
                memory.request_focus(field);
            }
        });
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
        begin_at_end(&ui, &mut output, self.id, before);
        (typed != before).then_some(typed)
    }
}

/// A field that has no cursor yet goes on behind what is in it: letters that were typed before it was
/// there, or what was written earlier.
pub(super) fn begin_at_end(ui: &Ui, output: &mut TextEditOutput, id: Id, before: &str) {
    if output.state.cursor.char_range().is_none() {
        let end = CCursorRange::one(CCursor::new(before.chars().count()));
        output.state.cursor.set_char_range(Some(end));
        output.state.clone().store(ui.ctx(), id);
    }
}

/// A field that is opened again begins at the end of what is in it.
pub(super) fn forget_cursor(ui: &Ui, id: Id) {
    ui.data_mut(|data| data.remove::<egui::text_edit::TextEditState>(id));
}
