//! The gaps of one station, the newest first: from when to when, how long, and why.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::scene::{Scene, StationCoverage, StationGap};
use super::super::tile::fitted;
use super::super::{theme, words};
use super::{HEADS, length};
use crate::clock::WallTime;
use crate::health::State;
use crate::text::Text;
use crate::tr;

const ROW: f32 = 76.0;

pub(super) fn show(ui: &mut Ui, room: Rect, station: &StationCoverage, scene: &Scene, text: &Text) {
    ui.painter().rect_filled(room, 6.0, theme::PANEL);
    let room = room.shrink2(vec2(16.0, 4.0));
    let title = tr!(text, "coverage-gaps-of", number = station.station.to_string());
    let at = pos2(room.left(), room.top() + HEADS / 2.0);
    fitted(ui, at, &title, (theme::CALL, theme::SMALL), theme::TEXT, room.width());
    let mut row =
        Rect::from_min_size(pos2(room.left(), room.top() + HEADS), vec2(room.width(), ROW));
    if station.gaps.is_empty() {
        let at = pos2(row.left(), row.top() + HEADS / 2.0);
        let said = tr!(text, "coverage-no-gaps");
        fitted(ui, at, &said, (theme::CALL, theme::SMALL), theme::state(State::Live), row.width());
        return;
    }
    let fit = ((room.bottom() - row.top() - HEADS) / ROW).max(1.0) as usize;
    for (at, gap) in station.gaps.iter().take(fit).enumerate() {
        draw(ui, row, at, gap, scene, text);
        row = row.translate(vec2(0.0, ROW));
    }
    let left = usize::try_from(station.sums.gaps).unwrap_or(usize::MAX);
    let left = left.saturating_sub(station.gaps.len().min(fit));
    if left > 0 {
        let said = tr!(text, "coverage-earlier", count = left.to_string());
        let at = pos2(row.left(), row.top() + HEADS / 2.0);
        ui.painter().text(at, Align2::LEFT_CENTER, said, theme::font(theme::BODY), theme::FAINT);
    }
}

fn draw(ui: &mut Ui, row: Rect, at: usize, gap: &StationGap, scene: &Scene, text: &Text) {
    let time = |us| scene.day.local(WallTime::from_micros(us)).strftime("%H:%M:%S").to_string();
    let span = format!("{}–{}", time(gap.span.from_us), time(gap.span.to_us));
    let (long, why) = (length(gap.span.len_us()), words::cause(text, gap.cause));
    let response = ui.interact(row, ui.scope_id().with(("gap", at)), Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::ListItem, true, format!("{span}, {long}, {why}"))
    });
    let above = row.top() + ROW * 0.32;
    let font = theme::strong(theme::CALL);
    let galley = ui.painter().layout_no_wrap(long, font, theme::TEXT);
    let x = row.right() - galley.size().x;
    ui.painter().galley(pos2(x, above - galley.size().y / 2.0), galley, theme::TEXT);
    let most = (theme::CALL, theme::SMALL);
    fitted(ui, pos2(row.left(), above), &span, most, theme::TEXT, x - row.left() - 12.0);
    let below = pos2(row.left(), row.top() + ROW * 0.72);
    let most = (theme::BODY, theme::SMALL);
    fitted(ui, below, &why, most, theme::state(State::Stalled), row.width());
}
