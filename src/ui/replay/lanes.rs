//! The day as the ledger tells it, a lane for each station, over one axis of time.
//!
//! Recorded is a bar; a gap is an empty room with a stroke through it; what was received and not
//! recorded is half a bar. Over a bar, its upper third has the colour of what the picture looked like
//! (frozen, black, covered).

use eframe::egui::{
    Align2, Color32, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::super::theme;
use super::super::tile::elided;
use super::ReplayScene;
use crate::clock::WallTime;
use crate::health::State;
use crate::record::ledger::{Line, Span, StationLedger};
use crate::replay::desk::{Ask, Desk, Lane};
use crate::text::Text;
use crate::tr;

const AXIS: f32 = 32.0;
const ROW: f32 = 40.0;
const LEAST_ROW: f32 = 9.0;
/// Numbers, at the left.
const NAMES: f32 = 150.0;
/// Shares, at the right.
const SUMS: f32 = 250.0;

/// How high the lanes of so many stations are where there is so much room.
pub(super) fn height(stations: usize, available: f32) -> f32 {
    let rows = stations as f32;
    let most = (available * 0.4 - AXIS).max(60.0);
    AXIS + (ROW * rows).min(most).max(LEAST_ROW * rows) + 8.0
}

/// From a moment to a place.
struct Axis {
    span: Span,
    left: f32,
    right: f32,
}

impl Axis {
    fn x(&self, at_us: i64) -> f32 {
        let part = (at_us - self.span.from_us) as f64 / self.span.len_us().max(1) as f64;
        self.left + (self.right - self.left) * part.clamp(0.0, 1.0) as f32
    }

    fn at(&self, x: f32) -> i64 {
        let part = f64::from((x - self.left) / (self.right - self.left).max(1.0));
        self.span.from_us + (part.clamp(0.0, 1.0) * self.span.len_us() as f64) as i64
    }

    fn rect(&self, span: Span, row: Rect) -> Option<Rect> {
        let span = span.within(self.span);
        if span.is_empty() {
            return None;
        }
        let (from, to) = (self.x(span.from_us), self.x(span.to_us));
        // However short, a gap is seen.
        let to = to.max(from + 1.5);
        Some(Rect::from_min_max(pos2(from, row.top()), pos2(to, row.bottom())))
    }
}

/// Shows them, and follows the pointer.
pub(super) fn show(
    ui: &mut Ui,
    scene: &ReplayScene,
    desk: &mut Desk,
    text: &Text,
    asks: &mut Vec<Ask>,
) {
    let room = ui.max_rect();
    let axis = Axis { span: desk.visible(), left: room.left() + NAMES, right: room.right() - SUMS };
    let rows = scene.lanes.len().max(1) as f32;
    let height = ((room.height() - AXIS - 8.0) / rows).max(1.0);
    hours(ui, Rect::from_min_size(room.min, vec2(room.width(), AXIS)), &axis, scene);
    for (n, lane) in scene.lanes.iter().enumerate() {
        let top = room.top() + AXIS + n as f32 * height;
        let row = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), height));
        one(ui, n, row, &axis, lane, desk.selected() == n, text);
    }
    let plot = Rect::from_min_max(
        pos2(axis.left, room.top()),
        pos2(axis.right, room.top() + AXIS + rows * height),
    );
    stages(ui, plot, &axis, scene);
    marks(ui, plot, &axis, desk);
    let x = axis.x(scene.at_us);
    ui.painter().vline(x, plot.top()..=plot.bottom(), Stroke::new(2.0, theme::ACCENT));
    ui.painter().circle_filled(pos2(x, plot.top() + 6.0), 6.0, theme::ACCENT);
    pointer(ui, plot, &axis, scene, desk, text, asks);
}

fn pointer(
    ui: &mut Ui,
    plot: Rect,
    axis: &Axis,
    scene: &ReplayScene,
    desk: &mut Desk,
    text: &Text,
    asks: &mut Vec<Ask>,
) {
    let response = ui.interact(plot, ui.scope_id().with("axis"), Sense::click_and_drag());
    response.widget_info(|| {
        let said = tr!(text, "replay-hear-axis", at = scene.time(scene.at_us));
        WidgetInfo::labeled(Role::Slider, true, said)
    });
    if let Some(at) = response.interact_pointer_pos() {
        let at_us = axis.at(at.x);
        if response.dragged() {
            asks.push(Ask::Seek { at_us, dragging: true });
        } else if response.clicked() || response.drag_stopped() {
            asks.push(Ask::Seek { at_us, dragging: false });
        }
    }
    if let Some(at) = response.hover_pos() {
        let (scrolled, zoomed) = ui.input(|i| (i.smooth_scroll_delta(), i.zoom_delta()));
        let factor = f64::from((scrolled.y / 200.0).exp() * zoomed);
        if factor != 1.0 {
            desk.zoom(factor, axis.at(at.x));
            ui.ctx().request_repaint();
        }
        if scrolled.x != 0.0 {
            let part = f64::from(-scrolled.x / (axis.right - axis.left).max(1.0));
            desk.pan((part * axis.span.len_us() as f64) as i64);
            ui.ctx().request_repaint();
        }
        let said = scene.second(axis.at(at.x));
        let at = pos2(at.x, plot.top() - 2.0);
        ui.painter().text(at, Align2::CENTER_BOTTOM, said, theme::font(theme::SMALL), theme::TEXT);
    }
}

/// Round times, as many as there is room for.
fn hours(ui: &Ui, row: Rect, axis: &Axis, scene: &ReplayScene) {
    const STEPS: [i64; 14] = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200];
    let seconds = axis.span.len_us() as f64 / 1e6;
    let per_second = f64::from(axis.right - axis.left) / seconds.max(1e-3);
    let wide = STEPS.into_iter().find(|step| per_second * *step as f64 >= 100.0);
    let step = wide.unwrap_or(86_400) * 1_000_000;
    let local = scene.day.local(WallTime::from_micros(axis.span.from_us));
    let Ok(midnight) = local.start_of_day() else { return };
    let midnight = WallTime::from(midnight.timestamp()).as_micros();
    let first = (axis.span.from_us - midnight).div_euclid(step);
    for n in first..first + 40 {
        let at = midnight + n * step;
        if at < axis.span.from_us || at > axis.span.to_us {
            continue;
        }
        let x = axis.x(at);
        let tick = row.bottom() - 6.0..=row.bottom();
        ui.painter().vline(x, tick, Stroke::new(1.5, theme::FAINT));
        let form = if step < 60_000_000 { "%H:%M:%S" } else { "%H:%M" };
        let time = scene.day.local(WallTime::from_micros(at)).strftime(form).to_string();
        let (at, font) = (pos2(x, row.center().y - 2.0), theme::font(theme::SMALL));
        ui.painter().text(at, Align2::CENTER_CENTER, time, font, theme::FAINT);
    }
}

fn one(ui: &mut Ui, n: usize, row: Rect, axis: &Axis, lane: &Lane, selected: bool, text: &Text) {
    if selected {
        ui.painter().rect_filled(row, 0.0, theme::CHOSEN);
    }
    let scale = (row.height() / ROW).clamp(0.45, 1.0);
    let number = lane.station.to_string();
    let at = row.left_center() + vec2(12.0, 0.0);
    let font = theme::strong(theme::BODY * scale);
    elided(ui, at, &number, font, theme::TEXT, NAMES - 20.0);
    let bar = Rect::from_min_max(
        pos2(axis.left, row.top() + row.height() * 0.15),
        pos2(axis.right, row.bottom() - row.height() * 0.15),
    );
    ui.painter().rect_filled(bar, 0.0, theme::NO_PICTURE);
    let at = pos2(axis.right + 14.0, row.center().y);
    let font = theme::font(theme::BODY * scale);
    let Some(ledger) = &lane.ledger else {
        let said = tr!(text, "replay-reading");
        elided(ui, at, &said, font, theme::FAINT, SUMS - 20.0);
        return;
    };
    strip(ui, bar, axis, ledger);
    let coverage = ledger.sums.coverage();
    let share = coverage.hundredths().map_or_else(|| "–".to_owned(), |_| format!("{coverage} %"));
    let said = tr!(text, "replay-sums", share = share, gaps = ledger.sums.gaps);
    let ink = if ledger.sums.gaps == 0 { theme::TEXT } else { theme::state(State::Stalled) };
    elided(ui, at, &said, font, ink, SUMS - 20.0);
    let rect = row.intersect(Rect::everything_left_of(axis.left));
    let response = ui.interact(rect, ui.scope_id().with(("lane", n)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{number}: {said}")));
}

fn strip(ui: &Ui, bar: Rect, axis: &Axis, ledger: &StationLedger) {
    let recorded = theme::state(State::Live).gamma_multiply(0.75);
    let fill = |span: Span, row: Rect, ink: Color32| {
        if let Some(rect) = axis.rect(span, row) {
            ui.painter().rect_filled(rect, 0.0, ink);
        }
    };
    for line in &ledger.lines {
        if let Line::Recorded { span, .. } = line {
            fill(*span, bar, recorded);
        }
    }
    let third = Rect::from_min_size(bar.min, vec2(bar.width(), bar.height() / 3.0));
    for watched in &ledger.tracks.pictures {
        fill(watched.span, third, theme::state(watched.state));
    }
    let half = Rect::from_min_max(pos2(bar.left(), bar.center().y), bar.max);
    let red = theme::state(State::Offline);
    for gap in ledger.gaps() {
        let Some(rect) = axis.rect(gap.span, bar) else { continue };
        ui.painter().rect_filled(rect, 0.0, theme::NO_PICTURE);
        for received in &ledger.tracks.received {
            fill(received.within(gap.span), half, theme::BEHIND);
        }
        ui.painter().rect_stroke(rect, 0.0, (1.5, red), StrokeKind::Inside);
        ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(2.0, red));
    }
}

/// Where one stage of the day ends and the next begins.
fn stages(ui: &Ui, plot: Rect, axis: &Axis, scene: &ReplayScene) {
    let station = scene.lanes.first().map(|lane| lane.station);
    for (_, from, _) in scene.day.stages_of(station) {
        let at = from.as_micros();
        if at > axis.span.from_us && at < axis.span.to_us {
            let stroke = Stroke::new(1.5, theme::FAINT);
            ui.painter().vline(axis.x(at), plot.top() + AXIS * 0.6..=plot.bottom(), stroke);
        }
    }
}

fn marks(ui: &Ui, plot: Rect, axis: &Axis, desk: &Desk) {
    let (from, to) = desk.marked();
    let ink = theme::ACCENT;
    if let (Some(from), Some(to)) = (from, to)
        && let Some(rect) = axis.rect(Span::new(from, to), plot)
    {
        ui.painter().rect_filled(rect, 0.0, ink.gamma_multiply(0.12));
    }
    for (at, way) in [(from, 1.0), (to, -1.0)] {
        let Some(at) = at.filter(|at| (axis.span.from_us..=axis.span.to_us).contains(at)) else {
            continue;
        };
        let x = axis.x(at);
        ui.painter().vline(x, plot.y_range(), Stroke::new(1.5, ink));
        ui.painter().hline(
            x.min(x + 8.0 * way)..=x.max(x + 8.0 * way),
            plot.bottom() - 1.0,
            Stroke::new(2.0, ink),
        );
    }
}
