//! The page of one feed's day: a strip of its states, what it delivered, when it was connected
//! again, what went wrong in words, its alarms and small pictures.
//!
//! Everything stands over one axis of time, which begins with the day or some hours ago. What is well is a thin line, trouble is as high as the
//! strip; where a span is wide enough it has its state's mark.

mod lists;
mod plot;

use std::time::Duration;

use eframe::egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::scene::{History, Scene, Work};
use super::tile::elided;
use super::{marks, theme, words};
use crate::clock::WallTime;
use crate::health::State;
use crate::model::StationId;
use crate::render::{self, TileDraw};
use crate::text::Text;
use crate::tr;
use crate::wall::{DayView, Painted, Wall};

const PAD: f32 = 20.0;
const HEADING: f32 = 96.0;
/// The present picture, at the upper right.
const PICTURE: [f32; 2] = [320.0, 180.0];
/// Names of what is drawn, at the left.
const NAMES: f32 = 216.0;
const STRIP: f32 = 54.0;
/// Of its height, what is work's.
const WORK: f32 = 12.0;
const AXIS: f32 = 30.0;
const RECONNECTS: f32 = 34.0;
const PLOT: f32 = 96.0;
const THUMBNAILS: f32 = 118.0;
const GAP: f32 = 14.0;
/// However little is known, no less than this is shown.
const LEAST_KNOWN: Duration = Duration::from_secs(5 * 60);

/// From a moment of the day to a place on the page.
#[derive(Clone, Copy)]
struct Axis {
    from: WallTime,
    to: WallTime,
    left: f32,
    right: f32,
}

impl Axis {
    /// Whether a moment is on the page.
    fn has(&self, at: WallTime) -> bool {
        self.from <= at && at <= self.to
    }

    fn x(&self, at: WallTime) -> f32 {
        let span = (self.to.as_micros() - self.from.as_micros()).max(1) as f64;
        let part = (at.as_micros() - self.from.as_micros()) as f64 / span;
        self.left + (self.right - self.left) * part.clamp(0.0, 1.0) as f32
    }
}

/// Shows the page of the station that the wall says.
pub(super) fn show(ui: &mut Ui, wall: &mut Wall, scene: &Scene, text: &Text) {
    let Some(station) = wall.history() else { return };
    let room = ui.max_rect();
    // Keys and clicks reach no tile below.
    let response = ui.interact(room, ui.scope_id().with("history"), Sense::click());
    let title = tr!(text, "day-title", number = station.to_string());
    response.widget_info(|| WidgetInfo::labeled(Role::Dialog, true, title.as_ref()));
    let inner = room.shrink(PAD);
    heading(ui, inner, station, &title, scene, text);
    let pixels = PICTURE.map(|side| (side * ui.ctx().pixels_per_point()).round() as u32);
    wall.set_painted(Painted { stations: vec![station], tile: pixels.into() });
    let known = scene.history.as_ref().filter(|history| history.station == Some(station));
    let Some(history) = known else {
        let at = pos2(inner.left() + 4.0, inner.top() + HEADING + 60.0);
        let (words, font) = (tr!(text, "day-loading"), theme::font(theme::BODY));
        ui.painter().text(at, Align2::LEFT_CENTER, words, font, theme::FAINT);
        return;
    };
    let since = history.spans.first().map_or(scene.wall, |span| span.from);
    let known_us = scene.wall.as_micros().saturating_sub(since.as_micros());
    wall.set_day_known(Duration::from_micros(u64::try_from(known_us).unwrap_or(0)));
    let view = wall.day_view();
    let (from, to) = match view {
        DayView::Known => (since.min(scene.wall - LEAST_KNOWN), scene.wall),
        DayView::Last(span) => (scene.wall - span, scene.wall),
        DayView::Whole => (history.from, history.to),
    };
    let axis = Axis { from, to, left: inner.left() + NAMES, right: inner.right() - 8.0 };
    let mut y = inner.top() + PICTURE[1].max(HEADING) + GAP;
    let mut next = |height: f32, gap: f32| {
        let row = Rect::from_min_size(pos2(inner.left(), y), vec2(inner.width(), height));
        y += height + gap;
        row
    };
    let states = next(STRIP, 0.0);
    strip(ui, states, axis, history, scene, text);
    work(ui, states, axis, history, scene, text);
    plot::hours(ui, next(AXIS, 0.0), axis, view, scene, text);
    plot::reconnects(ui, next(RECONNECTS, GAP), axis, history, text);
    plot::frames(ui, next(PLOT, GAP), axis, history, text);
    plot::bits(ui, next(PLOT, GAP), axis, history, text);
    thumbnails(ui, next(THUMBNAILS, GAP), axis, history, scene, text);
    let below = Rect::from_min_max(pos2(inner.left(), y), inner.max);
    let half = below.width() / 2.0 - GAP / 2.0;
    let errors = Rect::from_min_size(below.min, vec2(half, below.height()));
    lists::errors(ui, errors, history, scene, text);
    let alarms = Rect::from_min_max(pos2(below.right() - half, below.top()), below.max);
    lists::alarms(ui, alarms, history, scene, text);
}

/// Whose day it is, its state now, and its present picture.
fn heading(ui: &Ui, room: Rect, station: StationId, title: &str, scene: &Scene, text: &Text) {
    let size = vec2(PICTURE[0], PICTURE[1]);
    let place = Rect::from_min_size(pos2(room.right() - size.x, room.top()), size);
    ui.painter().rect_filled(place, 0.0, theme::NO_PICTURE);
    if let Some(view) = scene.stations.get(&station)
        && let Some(picture) = view.picture.clone()
    {
        let live = matches!(view.look(scene.now), super::Look::Live { .. });
        let dim = if live { 1.0 } else { theme::STALE_LIGHT };
        let draw = TileDraw { picture, rect: place, part: render::WHOLE, dim };
        ui.painter().add(render::video(place, vec![draw]));
    }
    let right = place.left() - PAD;
    let at = pos2(room.left() + 4.0, room.top() + 24.0);
    let font = theme::strong(theme::LARGE * 1.2);
    elided(ui, at, title, font, theme::TEXT, right - at.x);
    if let Some(station) = scene.list.station(station) {
        let parts = [&station.name, &station.address, &station.network];
        let parts: Vec<&str> =
            parts.into_iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
        let at = pos2(at.x, room.top() + 66.0);
        elided(ui, at, &parts.join(" · "), theme::font(theme::BODY), theme::FAINT, right - at.x);
    }
    let state = scene.state(station);
    let since = scene.stations.get(&station).map(|view| view.assessment.since);
    let color = theme::state(state);
    let line = room.top() + 116.0;
    let mark = Rect::from_center_size(pos2(at.x + 16.0, line), vec2(30.0, 30.0));
    marks::draw(ui.painter(), mark, state, color);
    let mut said = words::state(text, state).into_owned();
    if let Some(since) = since.filter(|_| state.is_trouble()) {
        said = format!("{said} · {}", Text::counter(scene.now.since(since)));
    }
    if let Some(work) = scene.maintenance.get(&station) {
        let until = match work.until {
            Some(until) => tr!(text, "maintenance-until", time = scene.time(until)),
            None => tr!(text, "maintenance-until-ended"),
        };
        said = format!("{said} · {until}");
        // Work mends nothing: what there is besides is said as well.
        let history = scene.history.as_ref().filter(|history| history.station == Some(station));
        let last = history.and_then(|history| history.spans.last());
        if let Some(span) = last.filter(|span| span.state.is_trouble()) {
            let (state, from) = (words::state(text, span.state), scene.time(span.from));
            said = format!("{said} · {}", tr!(text, "day-since", state = state, from = from));
        }
    }
    let at = pos2(mark.right() + 12.0, line);
    elided(ui, at, &said, theme::strong(theme::LARGE), color, right - at.x);
}

/// Work at the station: a band along the foot of the strip. What the states were stays to be seen.
fn work(ui: &mut Ui, row: Rect, axis: Axis, history: &History, scene: &Scene, text: &Text) {
    for (at, work) in history.work.iter().enumerate() {
        let end = work.to.unwrap_or_else(|| scene.wall.min(axis.to));
        let (left, right) = (axis.x(work.from), axis.x(end));
        let band = Rect::from_min_max(
            pos2(left, row.bottom() - WORK),
            pos2(right.max(left + 2.5), row.bottom()),
        );
        ui.painter().rect_filled(band, 0.0, theme::state(State::Maintenance));
        let response = ui.interact(band, ui.scope_id().with(("work", at)), Sense::hover());
        response.widget_info(|| {
            WidgetInfo::labeled(Role::ListItem, true, work_words(work, scene, text))
        });
    }
}

/// From when to when, by whom and why.
fn work_words(work: &Work, scene: &Scene, text: &Text) -> String {
    let (from, who) = (scene.time(work.from), work.who.as_str());
    let said = match (work.to, work.until) {
        (Some(to), _) => tr!(text, "day-work", from = from, to = scene.time(to), who = who),
        (None, Some(until)) => {
            tr!(text, "day-work-until", from = from, until = scene.time(until), who = who)
        }
        (None, None) => tr!(text, "day-work-open", from = from, who = who),
    };
    match work.reason.as_str() {
        "" => said.into_owned(),
        reason => format!("{said}: {reason}"),
    }
}

/// The states of the day.
fn strip(ui: &mut Ui, row: Rect, axis: Axis, history: &History, scene: &Scene, text: &Text) {
    plot::label(ui, row, &tr!(text, "day-states"));
    let bar = Rect::from_min_max(pos2(axis.left, row.top()), pos2(axis.right, row.bottom()));
    ui.painter().rect_filled(bar, 0.0, theme::NO_PICTURE);
    let narrow = |state: crate::health::State| !state.is_trouble();
    let place = |span: &super::Span| {
        let (left, right) = (axis.x(span.from), axis.x(span.to));
        let inset = if narrow(span.state) { STRIP * 0.32 } else { 0.0 };
        // A second in a day is less than a point; no trouble may be too short to be seen.
        let right = right.max(left + if narrow(span.state) { 0.5 } else { 2.5 });
        Rect::from_min_max(pos2(left, row.top() + inset), pos2(right, row.bottom() - inset))
    };
    // Trouble is drawn last: what is well on either side must not hide it.
    let seen = history.spans.iter().filter(|span| span.to >= axis.from && span.from <= axis.to);
    let (calm, trouble): (Vec<_>, Vec<_>) = seen.partition(|span| narrow(span.state));
    for (at, span) in calm.into_iter().chain(trouble).enumerate() {
        let place = place(span);
        ui.painter().rect_filled(place, 0.0, theme::state(span.state));
        if place.width() > 30.0 && span.state.is_trouble() {
            let mark = Rect::from_center_size(place.center(), vec2(20.0, 20.0));
            marks::draw(ui.painter(), mark, span.state, theme::ON_STATE);
        }
        if span.state.is_trouble() {
            let response = ui.interact(place, ui.scope_id().with(("span", at)), Sense::hover());
            response.widget_info(|| {
                let heard = tr!(
                    text,
                    "day-span",
                    state = words::state(text, span.state),
                    from = scene.time(span.from),
                    to = scene.time(span.to),
                );
                WidgetInfo::labeled(Role::ListItem, true, heard)
            });
        }
    }
}

/// Small pictures below the moments at which they were taken, the newest first where there is room
/// for some only.
fn thumbnails(ui: &mut Ui, row: Rect, axis: Axis, history: &History, scene: &Scene, text: &Text) {
    let since = history.thumbnails_from.map(|at| scene.time(at));
    let label = match since {
        Some(since) => tr!(text, "day-pictures-since", time = since),
        None => tr!(text, "day-pictures"),
    };
    plot::label(ui, row, &label);
    let height = row.height() - 24.0;
    let width = height * 16.0 / 9.0;
    let room = Rect::from_min_max(pos2(axis.left, row.top()), pos2(axis.right, row.bottom()));
    let mut draws = Vec::new();
    let mut free_until = room.right();
    for (when, picture) in history.thumbnails.iter().rev().filter(|(at, _)| axis.has(*at)) {
        let x = axis.x(*when);
        let left = (x - width / 2.0).min(room.right() - width).max(room.left());
        if left + width > free_until {
            continue;
        }
        free_until = left - 8.0;
        let place = Rect::from_min_size(pos2(left, room.top() + 6.0), vec2(width, height - 6.0));
        ui.painter().vline(x, room.top() - 2.0..=place.top(), (2.0, theme::FAINT));
        ui.painter().rect_filled(place, 0.0, theme::NO_PICTURE);
        let picture = std::sync::Arc::clone(picture);
        draws.push(TileDraw { picture, rect: place, part: render::WHOLE, dim: 1.0 });
        let at = pos2(place.center().x, row.bottom() - 10.0);
        let (time, font) = (scene.time(*when), theme::font(theme::SMALL));
        ui.painter().text(at, Align2::CENTER_CENTER, time, font, theme::FAINT);
    }
    let (count, shown) = (history.thumbnails.len().to_string(), draws.len().to_string());
    let response = ui.interact(row, ui.scope_id().with("pictures"), Sense::hover());
    response.widget_info(|| {
        let heard = tr!(text, "hear-day-pictures", shown = shown.as_str(), count = count.as_str());
        WidgetInfo::labeled(Role::Image, true, heard)
    });
    ui.painter().add(render::video(room, draws));
}
