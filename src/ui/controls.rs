//! Buttons of the screens that are not the wall: large, with the key that does the same on them.

use eframe::egui::text::LayoutJob;
use eframe::egui::{
    Event, Key, Rect, Response, Role, Sense, StrokeKind, TextFormat, Ui, WidgetInfo, pos2, vec2,
};

use super::theme;

/// A button's height, in points.
pub(super) const HEIGHT: f32 = 56.0;
const PAD: f32 = 18.0;

/// What a button says and how it looks.
pub(super) struct Button<'a> {
    /// The key that does the same; may be empty.
    pub(super) key: &'a str,
    pub(super) label: &'a str,
    pub(super) enabled: bool,
    /// What one comes here for.
    pub(super) primary: bool,
    /// A switch that is on.
    pub(super) on: bool,
}

impl<'a> Button<'a> {
    pub(super) fn new(key: &'a str, label: &'a str) -> Self {
        Self { key, label, enabled: true, primary: false, on: false }
    }

    /// Shows it with its right upper corner at `right`, `top`; gives its left edge as well.
    pub(super) fn show_left_of(&self, ui: &mut Ui, right: f32, top: f32) -> (Response, f32) {
        let width = self.width(ui);
        let room = Rect::from_min_size(pos2(right - width, top), vec2(width, HEIGHT));
        (self.show(ui, room), room.left())
    }

    /// How wide it wants to be.
    pub(super) fn width(&self, ui: &Ui) -> f32 {
        let wide = |words: &str, font| {
            ui.painter().layout_no_wrap(words.to_owned(), font, theme::TEXT).size().x
        };
        let key = if self.key.is_empty() { 0.0 } else { wide(self.key, small()) + 26.0 };
        wide(self.label, theme::strong(theme::BODY)) + key + 2.0 * PAD
    }

    /// Shows it in `room`.
    pub(super) fn show(&self, ui: &mut Ui, room: Rect) -> Response {
        let sense = if self.enabled { Sense::click() } else { Sense::hover() };
        let response = ui.interact(room, ui.scope_id().with(("button", self.label)), sense);
        response.widget_info(|| match self.on {
            true => WidgetInfo::selected(Role::CheckBox, true, true, self.label),
            false => WidgetInfo::labeled(Role::Button, self.enabled, self.label),
        });
        let (ground, ink) = match (self.enabled, self.primary || self.on) {
            (false, _) => (theme::PANEL, theme::FAINT),
            (true, true) => (theme::ACCENT, theme::ON_STATE),
            (true, false) if response.hovered() => (theme::CHOSEN, theme::TEXT),
            (true, false) => (theme::TILE, theme::TEXT),
        };
        ui.painter().rect_filled(room, 8.0, ground);
        let edge = if self.enabled { theme::HOVER } else { theme::TILE };
        ui.painter().rect_stroke(room, 8.0, (1.0, edge), StrokeKind::Inside);
        focus_ring(ui, room, &response);
        let mut x = room.left() + PAD;
        if !self.key.is_empty() {
            let key = ui.painter().layout_no_wrap(self.key.to_owned(), small(), ink);
            let size = key.size() + vec2(14.0, 6.0);
            let cap = Rect::from_min_size(pos2(x, room.center().y - size.y / 2.0), size);
            ui.painter().rect_stroke(cap, 4.0, (1.0, ink), StrokeKind::Inside);
            ui.painter().galley(cap.min + vec2(7.0, 3.0), key, ink);
            x = cap.right() + 12.0;
        }
        let font = theme::strong(theme::BODY);
        super::tile::elided(
            ui,
            pos2(x, room.center().y),
            self.label,
            font,
            ink,
            room.right() - x - 4.0,
        );
        response
    }
}

fn small() -> eframe::egui::FontId {
    theme::strong(theme::SMALL)
}

/// A white frame with a gap, around what has the keyboard.
pub(super) fn focus_ring(ui: &Ui, room: Rect, response: &Response) {
    if response.has_focus() {
        let stroke = (3.0, theme::ACCENT);
        ui.painter().rect_stroke(room.expand(4.0), 10.0, stroke, StrokeKind::Outside);
    }
}

/// Text in at most `rows` lines of `width`, with an ellipsis where it is longer.
pub(super) fn wrapped(
    words: &str,
    font: eframe::egui::FontId,
    ink: eframe::egui::Color32,
    (width, rows): (f32, usize),
) -> LayoutJob {
    let mut job = LayoutJob::single_section(words.to_owned(), TextFormat::simple(font, ink));
    job.wrap.max_width = width;
    job.wrap.max_rows = rows;
    job
}

/// Takes this frame's presses of keys without Ctrl, Alt or Command for which `does` gives something,
/// by their place on the keyboard; whether a press is only the repetition of a held key is passed on.
pub(super) fn take_keys<T>(ui: &Ui, mut does: impl FnMut(Key, bool) -> Option<T>) -> Vec<T> {
    let mut taken = Vec::new();
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, physical_key, pressed: true, repeat, modifiers } = event else {
                return true;
            };
            if modifiers.ctrl || modifiers.alt || modifiers.command {
                return true;
            }
            match does(physical_key.unwrap_or(*key), *repeat) {
                Some(what) => {
                    taken.push(what);
                    false
                }
                None => true,
            }
        });
    });
    taken
}

/// A held Enter or Space presses one button once, not the next one as well.
pub(super) fn ignore_held_enter(ui: &Ui) {
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key: Key::Enter | Key::Space, repeat: true, .. } = event else {
                return true;
            };
            false
        });
    });
}
