//! An answer being written: taking an alarm on, announcing work at a station, or saying who is at
//! the desk. A card over the wall, which goes on behind it.

use std::borrow::Cow;
use std::time::Duration;

use eframe::egui::{Align2, Id, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::field::{self, Field};
use super::scene::Scene;
use super::tile::elided;
use super::{attention, on_click, theme, words};
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, SPANS, To, Wall};

const WIDTH: f32 = 820.0;
const TITLE: f32 = 64.0;
const SPAN: f32 = 60.0;
const FIELD: f32 = 64.0;
const FOOT: f32 = 52.0;
const PAD: f32 = 16.0;

pub(super) fn field() -> Id {
    Id::unique("answer field")
}

pub(super) fn forget_cursor(ui: &Ui) {
    field::forget_cursor(ui, self::field());
}

/// How long work takes, in words.
pub(super) fn span(text: &Text, span: Option<Duration>) -> Cow<'_, str> {
    match span {
        Some(span) => Cow::Owned(words::hours(text, span)),
        None => tr!(text, "maintain-until-ended"),
    }
}

/// Shows the answer that is being written, if there is one.
pub(super) fn show(
    ui: &mut Ui,
    wall: &mut Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let Some(answer) = wall.answer().cloned() else { return };
    let room = ui.max_rect();
    let spans = if matches!(answer.to, To::Maintain { .. }) { SPAN } else { 0.0 };
    let size = vec2(WIDTH.min(room.width() - 2.0 * PAD), TITLE + spans + FIELD + FOOT);
    let at = pos2(room.center().x - size.x / 2.0, room.bottom() - size.y - 3.0 * PAD);
    let card = Rect::from_min_size(at, size);
    // Clicks beside the field reach no tile below.
    let response = ui.interact(card, ui.scope_id().with("answer"), Sense::click_and_drag());
    let title = title(wall, answer.to, text);
    response.widget_info(|| WidgetInfo::labeled(Role::Dialog, true, title.as_str()));
    ui.painter().rect_filled(card, 8.0, theme::PANEL);
    ui.painter().rect_stroke(card, 8.0, (2.0, theme::FAINT), StrokeKind::Outside);
    let left = card.left() + PAD + 4.0;
    let (at, font) = (pos2(left, card.top() + TITLE / 2.0 + 4.0), theme::strong(theme::LARGE));
    elided(ui, at, &title, font, theme::TEXT, size.x - 2.0 * PAD - 8.0);
    if let To::Maintain { span, .. } = answer.to {
        let row = Rect::from_min_size(card.min + vec2(0.0, TITLE), vec2(size.x, SPAN));
        show_spans(ui, row.shrink2(vec2(PAD, 4.0)), span, text, commands);
    }
    let top = card.top() + TITLE + spans;
    let room = Rect::from_min_size(pos2(card.left(), top), vec2(size.x, FIELD));
    let (name, hint, how) = match answer.to {
        To::Acknowledge(_) => (
            tr!(text, "answer-note"),
            tr!(text, "answer-note-hint"),
            tr!(text, "answer-how", who = scene.operator.as_str()),
        ),
        To::Maintain { .. } => (
            tr!(text, "maintain-reason"),
            tr!(text, "maintain-reason-hint"),
            tr!(text, "maintain-how"),
        ),
        To::Operator => {
            let hint = tr!(text, "operator-hint", who = scene.operator.as_str());
            (tr!(text, "operator-name"), hint, tr!(text, "operator-how"))
        }
    };
    let entry = Field { id: field(), name: &name, hint: &hint, rows: 1 };
    let typed = entry.show(ui, room.shrink2(vec2(PAD, 6.0)), &answer.typed);
    let at = pos2(left, card.bottom() - FOOT / 2.0 - 2.0);
    let font = theme::font(theme::SMALL);
    elided(ui, at, &how, font, theme::FAINT, size.x - 2.0 * PAD - 8.0);
    if let Some(typed) = typed {
        wall.write_answer(&typed);
        ui.ctx().request_repaint();
    }
}

fn title(wall: &Wall, to: To, text: &Text) -> String {
    match to {
        To::Acknowledge(alarm) => {
            let line = wall.attention().line(alarm);
            let what = line.map_or_else(String::new, |line| attention::name(line, text));
            tr!(text, "answer-title", what = what).into_owned()
        }
        To::Maintain { station, .. } => {
            tr!(text, "maintain-title", number = station.to_string()).into_owned()
        }
        To::Operator => tr!(text, "operator-title").into_owned(),
    }
}

/// The spans side by side; arrows up and down, or a click, choose.
fn show_spans(ui: &mut Ui, row: Rect, chosen: usize, text: &Text, commands: &mut Vec<Command>) {
    let width = row.width() / SPANS.len() as f32;
    for (at, choice) in SPANS.into_iter().enumerate() {
        let corner = pos2(row.left() + at as f32 * width, row.top());
        let cell = Rect::from_min_size(corner, vec2(width, row.height())).shrink2(vec2(4.0, 2.0));
        let word = span(text, choice);
        let on = at == chosen;
        let response = ui.interact(cell, ui.scope_id().with(("span", at)), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, word.as_ref()));
        on_click(&response, Command::Span(at), commands);
        let (ground, ink) = match on {
            true => (theme::ACCENT, theme::ON_STATE),
            false if response.hovered() => (theme::CHOSEN, theme::TEXT),
            false => (theme::TILE, theme::TEXT),
        };
        ui.painter().rect_filled(cell, 6.0, ground);
        ui.painter().rect_stroke(cell, 6.0, (1.0, theme::HOVER), StrokeKind::Inside);
        let font = theme::strong(theme::BODY);
        ui.painter().text(cell.center(), Align2::CENTER_CENTER, word, font, ink);
    }
}
