//! What is drawn over the day's axis: hours, new connections, and what was delivered.

use std::time::Duration;

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::super::scene::{Delivered, History, Scene};
use super::super::tile::elided;
use super::super::{theme, words};
use super::{Axis, NAMES};
use crate::clock::WallTime;
use crate::health::State;
use crate::text::Text;
use crate::tr;

/// A line goes on over a gap of less than this: minutes need not begin with one another.
const JOINS: Duration = Duration::from_secs(90);
/// Points that the hours need.
const HOUR: f32 = 60.0;

/// What a row is about, at its left.
pub(super) fn label(ui: &Ui, row: Rect, words: &str) {
    let at = pos2(row.left() + 4.0, row.center().y);
    elided(ui, at, words, theme::font(theme::SMALL), theme::FAINT, NAMES - 12.0);
}

/// Full hours, as many as there is room for.
pub(super) fn hours(ui: &Ui, row: Rect, axis: Axis, scene: &Scene) {
    let hours = (axis.to.as_micros() - axis.from.as_micros()) as f64 / 3.6e9;
    let per_hour = (axis.right - axis.left) / hours.max(1e-6) as f32;
    let every =
        [1, 2, 3, 4, 6, 12, 24].into_iter().find(|n| per_hour * *n as f32 >= HOUR).unwrap_or(24);
    let first = scene.day.local(axis.from);
    for hour in 0..48_i64 {
        let Ok(start) = first.start_of_day() else { return };
        let Ok(at) = start.checked_add(jiff::Span::new().hours(hour)) else { return };
        let moment = WallTime::from(at.timestamp());
        if moment < axis.from || i64::from(at.hour()) % every != 0 {
            continue;
        }
        if moment > axis.to {
            return;
        }
        let x = axis.x(moment);
        ui.painter().vline(x, row.top()..=row.top() + 6.0, Stroke::new(1.5, theme::FAINT));
        let (at, font) = (pos2(x, row.top() + 18.0), theme::font(theme::SMALL));
        let time = scene.day.local(moment).strftime("%H:%M").to_string();
        ui.painter().text(at, Align2::CENTER_CENTER, time, font, theme::FAINT);
    }
}

/// A stroke for every session that was opened again.
pub(super) fn reconnects(ui: &mut Ui, row: Rect, axis: Axis, history: &History, text: &Text) {
    let count = history.reconnects.len();
    let said = tr!(text, "day-reconnects", count = count.to_string());
    heard(ui, row, "reconnects", &said);
    label(ui, row, &said);
    let color = theme::state(State::Stalled);
    for at in &history.reconnects {
        let x = axis.x(*at);
        ui.painter().vline(x, row.top() + 4.0..=row.bottom() - 4.0, Stroke::new(2.0, color));
    }
    let line = Stroke::new(1.0, theme::CHOSEN);
    ui.painter().hline(axis.left..=axis.right, row.bottom(), line);
}

/// Pictures per second.
pub(super) fn frames(ui: &mut Ui, row: Rect, axis: Axis, history: &History, text: &Text) {
    let name = tr!(text, "day-frames");
    let top = |v: f32| words::decimal(text, v);
    curve(ui, row, axis, history, (&name, "frames"), |d| d.frames_per_s, top);
}

/// Bits per second.
pub(super) fn bits(ui: &mut Ui, row: Rect, axis: Axis, history: &History, text: &Text) {
    let name = tr!(text, "day-bits");
    let top = |v: f32| {
        let value = words::decimal(text, v / 1e6);
        tr!(text, "day-megabits", value = value).into_owned()
    };
    curve(ui, row, axis, history, (&name, "bits"), |d| d.bits_per_s, top);
}

/// A curve from nought to the most there was; a minute without anything breaks it.
fn curve(
    ui: &mut Ui,
    row: Rect,
    axis: Axis,
    history: &History,
    (name, id): (&str, &str),
    value: impl Fn(&Delivered) -> f32,
    words: impl Fn(f32) -> String,
) {
    let most = history.delivered.iter().map(&value).fold(0.0, f32::max);
    let last = history.delivered.last().map_or(0.0, &value);
    heard(ui, row, id, &format!("{name}: {}, {}", words(last), words(most)));
    label(ui, row, name);
    let plot = Rect::from_min_max(pos2(axis.left, row.top()), pos2(axis.right, row.bottom()));
    ui.painter().rect_filled(plot, 0.0, theme::NO_PICTURE);
    if most <= 0.0 {
        return;
    }
    let y = |v: f32| plot.bottom() - 3.0 - (plot.height() - 10.0) * (v / most).clamp(0.0, 1.0);
    let stroke = Stroke::new(2.0, theme::state(State::Live));
    for run in runs(&history.delivered) {
        // No more points than the plot has columns: of each the least, so that no gap is hidden.
        let mut line: Vec<eframe::egui::Pos2> = Vec::new();
        for minute in run {
            let point = pos2(axis.x(minute.at).round(), y(value(minute)));
            match line.last_mut().filter(|last| last.x == point.x) {
                Some(last) => last.y = last.y.max(point.y),
                None => line.push(point),
            }
        }
        match line.as_slice() {
            [only] => drop(ui.painter().circle_filled(*only, 1.5, stroke.color)),
            _ => drop(ui.painter().line(line, stroke)),
        }
    }
    // The most there was, beside its height.
    let (at, font) = (pos2(plot.left() - 10.0, plot.top() + 12.0), theme::font(theme::SMALL));
    ui.painter().text(at, Align2::RIGHT_CENTER, words(most), font, theme::TEXT);
}

/// Minutes that follow one another.
fn runs(minutes: &[Delivered]) -> impl Iterator<Item = &[Delivered]> {
    let joins = |a: &Delivered, b: &Delivered| b.at - JOINS <= a.at;
    minutes.chunk_by(joins)
}

fn heard(ui: &mut Ui, row: Rect, id: &str, words: &str) {
    let response = ui.interact(row, ui.scope_id().with(("day", id)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, words));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_that_brought_nothing_break_the_curve() {
        let minute = |m: i64| Delivered {
            at: WallTime::from_micros(m * 60_000_000),
            frames_per_s: 15.0,
            bits_per_s: 1e6,
        };
        let day = [0, 1, 2, 7, 8].map(minute);
        let lengths: Vec<usize> = runs(&day).map(<[_]>::len).collect();
        assert_eq!(lengths, [3, 2]);
    }
}
