//! The list of keys.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::theme;
use crate::text::Text;
use crate::tr;
use crate::wall::Command;

/// A row of text; the card must have room on the lowest wall.
const ROW: f32 = 30.0;

/// Shows the keys over the wall; a click closes them.
pub(super) fn show(ui: &mut Ui, text: &Text, commands: &mut Vec<Command>) {
    let rows = [
        ("23 Enter", tr!(text, "help-go-to-district")),
        ("57 / 12 Enter", tr!(text, "help-go-to-station")),
        ("/", tr!(text, "help-search")),
        ("← → ↑ ↓", tr!(text, "help-select")),
        ("PageUp PageDown", tr!(text, "help-pages")),
        ("Space", tr!(text, "help-tour")),
        ("[ ]", tr!(text, "help-tour-pace")),
        ("Enter", tr!(text, "help-enlarge")),
        ("+ − 0", tr!(text, "help-zoom")),
        ("S", tr!(text, "help-snapshot")),
        ("N", tr!(text, "help-note")),
        ("J", tr!(text, "help-replay")),
        ("R", tr!(text, "help-reconnect")),
        ("Shift R", tr!(text, "help-record")),
        ("Tab", tr!(text, "help-attention")),
        ("L", tr!(text, "help-attention-shown")),
        ("A  Shift A", tr!(text, "help-acknowledge-both")),
        ("M", tr!(text, "help-maintenance")),
        ("H", tr!(text, "help-day")),
        ("C", tr!(text, "help-coverage")),
        ("T", tr!(text, "help-interruptions")),
        ("B  Shift B", tr!(text, "help-sound")),
        ("O", tr!(text, "help-operator")),
        ("Esc", tr!(text, "help-back")),
        ("+ −", tr!(text, "help-tiles")),
        ("G", tr!(text, "help-group")),
        ("I", tr!(text, "help-import")),
        ("F", tr!(text, "help-full-screen")),
        ("?", tr!(text, "help-keys")),
    ];
    let room = ui.max_rect();
    let response = ui.interact(room, ui.scope_id().with("keys"), Sense::click());
    if response.clicked() {
        commands.push(Command::ToggleKeys);
    }
    response.widget_info(|| {
        let all: Vec<String> = rows.iter().map(|(key, what)| format!("{key}: {what}")).collect();
        WidgetInfo::labeled(Role::Dialog, true, all.join("; "))
    });
    let painter = ui.painter();
    painter.rect_filled(room, 0.0, theme::VEIL);
    let size = vec2(1000.0, (rows.len() as f32 + 2.8) * ROW);
    let card = Rect::from_center_size(room.center(), size.min(room.size()));
    painter.rect_filled(card, 10.0, theme::PANEL);
    let title = tr!(text, "help-title");
    let at = card.left_top() + vec2(40.0, ROW * 1.2);
    painter.text(at, Align2::LEFT_CENTER, title, theme::strong(theme::LARGE), theme::TEXT);
    for (i, (key, what)) in rows.iter().enumerate() {
        let y = card.top() + (i as f32 + 2.6) * ROW;
        let (left, middle) = (card.left() + 40.0, card.left() + 290.0);
        let strong = theme::strong(theme::BODY);
        painter.text(pos2(left, y), Align2::LEFT_CENTER, key, strong, theme::ACCENT);
        let font = theme::font(theme::BODY);
        painter.text(pos2(middle, y), Align2::LEFT_CENTER, what.as_ref(), font, theme::TEXT);
    }
}
