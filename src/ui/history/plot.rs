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
use crate::wall::DayView;

/// A line goes on over a gap of less than this: minutes need not begin with one another.
const JOINS: Duration = Duration::from_secs(90);
/// Points that a time needs.
const HOUR: f32 = 60.0;

/// What a row is about, at its left.
pub(super) fn label(ui: &Ui, row: Rect, words: &str) {
    let at = pos2(row.left() + 4.0, row.center().y);
    elided(ui, at, words, theme::font(theme::SMALL), theme::FAINT, NAMES - 12.0);
}

/// Round times of the clock, as many as there is room for, and how much of the day this is.
pub(super) fn hours(ui: &Ui, row: Rect, axis: Axis, view: DayView, scene: &Scene, text: &Text) {
    let shown = match view {
        DayView::Known => tr!(text, "day-known"),
        DayView::Whole => tr!(text, "day-whole"),
        DayView::Last(span) => tr!(text, "day-last", span = words::hours(text, span)),
    };
    label(ui, row, &shown);
    let minutes = (axis.to.as_micros() - axis.from.as_micros()) as f64 / 6e7;
    let every = step(minutes, axis.right - axis.left);
    let local = scene.day.local(axis.from);
    let Ok(midnight) = local.start_of_day() else { return };
    let passed = local.duration_since(&midnight).as_mins().max(0);
    let first = passed - passed % every;
    for n in 0..=(minutes / every as f64) as i64 + 1 {
        let since = jiff::Span::new().try_minutes(first + n * every);
        let Ok(at) = since.and_then(|span| midnight.checked_add(span)) else { return };
        let moment = WallTime::from(at.timestamp());
        if !axis.has(moment) {
            continue;
        }
        let x = axis.x(moment);
        ui.painter().vline(x, row.top()..=row.top() + 6.0, Stroke::new(1.5, theme::FAINT));
        let (at, font) = (pos2(x, row.top() + 18.0), theme::font(theme::SMALL));
        let time = scene.day.local(moment).strftime("%H:%M").to_string();
        ui.painter().text(at, Align2::CENTER_CENTER, time, font, theme::FAINT);
    }
}

/// Minutes from one time that is written to the next.
fn step(minutes: f64, width: f32) -> i64 {
    let per_minute = f64::from(width) / minutes.max(1e-3);
    let wide = |n: &i64| per_minute * *n as f64 >= f64::from(HOUR);
    [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720].into_iter().find(wide).unwrap_or(1440)
}

/// A stroke for every session that was opened again.
pub(super) fn reconnects(ui: &mut Ui, row: Rect, axis: Axis, history: &History, text: &Text) {
    let count = history.reconnects.iter().filter(|at| axis.has(**at)).count();
    let said = tr!(text, "day-reconnects", count = count.to_string());
    heard(ui, row, "reconnects", &said);
    label(ui, row, &said);
    let color = theme::state(State::Stalled);
    for at in history.reconnects.iter().filter(|at| axis.has(**at)) {
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
    let before = history.delivered.partition_point(|minute| minute.at < axis.from);
    let delivered = &history.delivered[before..];
    let most = delivered.iter().map(&value).fold(0.0, f32::max);
    let last = delivered.last().map_or(0.0, &value);
    heard(ui, row, id, &format!("{name}: {}, {}", words(last), words(most)));
    label(ui, row, name);
    let plot = Rect::from_min_max(pos2(axis.left, row.top()), pos2(axis.right, row.bottom()));
    ui.painter().rect_filled(plot, 0.0, theme::NO_PICTURE);
    if most <= 0.0 {
        return;
    }
    let y = |v: f32| plot.bottom() - 3.0 - (plot.height() - 10.0) * (v / most).clamp(0.0, 1.0);
    let stroke = Stroke::new(2.0, theme::state(State::Live));
    for run in runs(delivered) {
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
    fn times_have_room_however_much_of_the_day_is_shown() {
        for (minutes, every) in [(30.0, 2), (120.0, 10), (480.0, 30), (1200.0, 120), (2880.0, 180)]
        {
            assert_eq!(step(minutes, 1160.0), every, "{minutes}");
        }
    }

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
