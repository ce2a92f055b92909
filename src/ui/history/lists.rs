//! What went wrong in the day, and its alarms, line by line.

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::scene::{History, PastAlarm, Scene};
use super::super::tile::elided;
use super::super::{marks, theme, words};
use crate::health::State;
use crate::text::Text;
use crate::tr;

const TITLE: f32 = 40.0;
const LINE: f32 = 32.0;
const ALARM: f32 = 58.0;

fn title(ui: &Ui, room: Rect, words: &str) -> Rect {
    let at = pos2(room.left() + 4.0, room.top() + TITLE / 2.0);
    elided(ui, at, words, theme::strong(theme::BODY), theme::TEXT, room.width());
    Rect::from_min_max(pos2(room.left(), room.top() + TITLE), room.max)
}

/// That there is nothing, or nothing more that has room.
fn remark(ui: &Ui, room: Rect, words: &str) {
    let at = pos2(room.left() + 4.0, room.top() + LINE / 2.0);
    let font = theme::font(theme::SMALL);
    ui.painter().text(at, Align2::LEFT_CENTER, words, font, theme::FAINT);
}

/// How many of `count` lines of `height` are shown: one line is kept for saying that there are more.
fn fitting(room: Rect, height: f32, count: usize) -> usize {
    if count as f32 * height <= room.height() {
        return count;
    }
    ((room.height() - LINE).max(0.0) / height) as usize
}

/// The last errors, the newest first.
pub(super) fn errors(ui: &mut Ui, room: Rect, history: &History, scene: &Scene, text: &Text) {
    let mut room = title(ui, room, &tr!(text, "day-errors"));
    if history.errors.is_empty() {
        return remark(ui, room, &tr!(text, "day-no-errors"));
    }
    let shown = fitting(room, LINE, history.errors.len());
    for (at, (when, why)) in history.errors.iter().take(shown).enumerate() {
        let row = Rect::from_min_size(room.min, vec2(room.width(), LINE));
        let (time, why) = (scene.time(*when), words::trouble(text, why));
        let response = ui.interact(row, ui.scope_id().with(("error", at)), Sense::hover());
        response
            .widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{time}, {why}")));
        let (at, font) = (pos2(row.left() + 4.0, row.center().y), theme::strong(theme::SMALL));
        let end = ui.painter().text(at, Align2::LEFT_CENTER, time, font, theme::FAINT).right();
        let at = pos2(end + 14.0, at.y);
        elided(ui, at, &why, theme::font(theme::SMALL), theme::TEXT, row.right() - at.x);
        room.min.y += LINE;
    }
    more(ui, room, history.errors.len() - shown, text);
}

fn more(ui: &Ui, room: Rect, count: usize, text: &Text) {
    if count > 0 {
        remark(ui, room, &tr!(text, "day-more", count = count.to_string()));
    }
}

/// The alarms, the newest first, with who took them on.
pub(super) fn alarms(ui: &mut Ui, room: Rect, history: &History, scene: &Scene, text: &Text) {
    let mut room = title(ui, room, &tr!(text, "day-alarms"));
    if history.alarms.is_empty() {
        return remark(ui, room, &tr!(text, "day-no-alarms"));
    }
    let shown = fitting(room, ALARM, history.alarms.len());
    for (at, alarm) in history.alarms.iter().take(shown).enumerate() {
        let row = Rect::from_min_size(room.min, vec2(room.width(), ALARM));
        show_alarm(ui, row, at, alarm, scene, text);
        room.min.y += ALARM;
    }
    more(ui, room, history.alarms.len() - shown, text);
}

fn show_alarm(ui: &mut Ui, row: Rect, at: usize, alarm: &PastAlarm, scene: &Scene, text: &Text) {
    let what = what(alarm, scene, text);
    let who = match &alarm.acknowledged {
        Some(by) => {
            let time = scene.time(by.at);
            let said = tr!(text, "detail-answered", who = by.who.as_str(), time = time);
            match by.note.as_str() {
                "" => said.into_owned(),
                note => format!("{said}: {note}"),
            }
        }
        None => tr!(text, "day-unanswered").into_owned(),
    };
    let response = ui.interact(row, ui.scope_id().with(("alarm", at)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{what}, {who}")));
    let color = theme::state(alarm.worst);
    let (above, below) = (row.top() + 16.0, row.top() + 40.0);
    let mark = Rect::from_center_size(pos2(row.left() + 14.0, above), vec2(20.0, 20.0));
    marks::draw(ui.painter(), mark, alarm.worst, color);
    let x = row.left() + 36.0;
    elided(ui, pos2(x, above), &what, theme::strong(theme::SMALL), color, row.right() - x);
    let sign = Rect::from_center_size(pos2(x + 8.0, below), vec2(16.0, 16.0));
    let ink = if alarm.acknowledged.is_some() {
        marks::tick(ui.painter(), sign, theme::FAINT);
        theme::FAINT
    } else {
        marks::flag(ui.painter(), sign, theme::state(State::Stalled));
        theme::TEXT
    };
    elided(ui, pos2(x + 24.0, below), &who, theme::font(theme::SMALL), ink, row.right() - x - 24.0);
}

fn what(alarm: &PastAlarm, scene: &Scene, text: &Text) -> String {
    let state = words::state(text, alarm.worst);
    let from = scene.time(alarm.from);
    let said = match alarm.to {
        Some(to) => tr!(text, "day-span", state = state, from = from, to = scene.time(to)),
        None => tr!(text, "day-since", state = state, from = from),
    };
    match alarm.together_with {
        0 => said.into_owned(),
        others => {
            let count = others.to_string();
            format!("{said} · {}", tr!(text, "day-together", count = count))
        }
    }
}
