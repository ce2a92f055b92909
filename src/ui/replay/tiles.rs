//! The pictures: all on one clock, one large, or both sides of a gap.

use eframe::egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::super::tile::{CAPTION, GAP, elided, fitted};
use super::super::{theme, words};
use super::{CHANGES, Comparison, ReplayScene, ReplayTile, TileStatus, paint};
use crate::health::State;
use crate::render::{TileDraw, WHOLE, fit};
use crate::replay::desk::{Desk, Lane};
use crate::replay::ring::Fault;
use crate::text::Text;
use crate::tr;

/// Shows what the desk says.
pub(super) fn show(ui: &mut Ui, scene: &ReplayScene, desk: &mut Desk, text: &Text) {
    let room = ui.max_rect();
    if let Some(comparison) = &scene.comparison {
        return compare(ui, room, scene, comparison, text);
    }
    let count = scene.tiles.len();
    let shown: Vec<usize> = match desk.enlarged() {
        true => vec![desk.selected()],
        false => (0..count).collect(),
    };
    let places = places(room, shown.len());
    let tiles = || {
        shown
            .iter()
            .zip(&places)
            .filter_map(|(n, at)| Some((*n, *at, &scene.tiles[*n], scene.lanes.get(*n)?)))
    };
    let draws = tiles()
        .filter(|(_, _, tile, _)| tile.shown_us.is_some())
        .map(|(_, at, tile, _)| draw(tile, at))
        .collect();
    for (_, at, _, _) in tiles() {
        ui.painter().rect_filled(picture_room(at), 0.0, theme::NO_PICTURE);
    }
    paint(ui, room, draws);
    let selected = desk.selected();
    let mut chosen = None;
    for (n, at, tile, lane) in tiles() {
        let response = one(ui, n, at, tile, lane, scene, text);
        if response.double_clicked() {
            chosen = Some((n, true));
        } else if response.clicked() {
            chosen = Some((n, false));
        }
        if n == selected && count > 1 {
            ui.painter().rect_stroke(at, 0.0, (3.0, theme::ACCENT), StrokeKind::Inside);
        }
    }
    if let Some((n, enlarge)) = chosen {
        desk.select(n, count);
        if enlarge {
            desk.toggle_enlarged();
        }
        ui.ctx().request_repaint();
    }
}

fn fault(why: Fault, text: &Text) -> std::borrow::Cow<'_, str> {
    match why {
        Fault::Missing => tr!(text, "replay-why-missing"),
        Fault::Disk => tr!(text, "replay-why-disk"),
        Fault::Damaged => tr!(text, "replay-why-damaged"),
        Fault::Undecodable => tr!(text, "replay-why-undecodable"),
    }
}

/// Equal rooms, as large as may be for pictures of 16:9, in rows from the left.
fn places(room: Rect, count: usize) -> Vec<Rect> {
    let room = room.shrink(GAP / 2.0);
    let side = |columns: usize| {
        let rows = count.div_ceil(columns);
        let width = room.width() / columns as f32;
        let height = room.height() / rows as f32 - CAPTION;
        (width / 16.0).min(height / 9.0)
    };
    // Of several that are as large, the fewest columns: four stations are two by two.
    let columns = (1..=count.max(1)).rev();
    let best = columns.max_by(|a, b| side(*a).total_cmp(&side(*b))).unwrap_or(1);
    let rows = count.div_ceil(best).max(1);
    let size = vec2(room.width() / best as f32, room.height() / rows as f32);
    let place = |n: usize| {
        let at = room.min + vec2((n % best) as f32, (n / best) as f32) * size;
        Rect::from_min_size(at, size).shrink(GAP / 2.0)
    };
    (0..count).map(place).collect()
}

fn picture_room(tile: Rect) -> Rect {
    Rect::from_min_max(tile.min, pos2(tile.right(), tile.bottom() - CAPTION))
}

/// A picture of another moment is never in full light.
fn draw(tile: &ReplayTile, at: Rect) -> TileDraw {
    let dim = if tile.status == TileStatus::Ready { 1.0 } else { theme::STALE_LIGHT };
    TileDraw { picture: tile.picture.clone(), rect: picture_room(at), part: WHOLE, dim }
}

/// What there is instead of the moment's picture: a shape, words, and a second line.
fn instead(
    tile: &ReplayTile,
    scene: &ReplayScene,
    text: &Text,
) -> Option<(&'static str, String, Option<String>, eframe::egui::Color32)> {
    Some(match &tile.status {
        TileStatus::Ready => return None,
        TileStatus::Behind if tile.shown_us.is_none() => {
            ("○", tr!(text, "replay-opening").into_owned(), None, theme::BEHIND)
        }
        TileStatus::Behind => ("◐", tr!(text, "replay-behind").into_owned(), None, theme::BEHIND),
        TileStatus::InGap { span, cause } => {
            let span = span
                .map(|span| format!("{}–{}", scene.second(span.from_us), scene.second(span.to_us)));
            let cause = cause.map(|cause| words::cause(text, cause).into_owned());
            let below: Vec<String> = span.into_iter().chain(cause).collect();
            let below = (!below.is_empty()).then(|| below.join(" · "));
            (
                "✕",
                tr!(text, "replay-no-recording").into_owned(),
                below,
                theme::state(State::Offline),
            )
        }
        TileStatus::Unreadable(why) => (
            "▲",
            tr!(text, "replay-unreadable").into_owned(),
            Some(fault(*why, text).into_owned()),
            theme::state(State::Stalled),
        ),
        TileStatus::Ended => ("■", tr!(text, "replay-ended").into_owned(), None, theme::FAINT),
    })
}

fn one(
    ui: &mut Ui,
    n: usize,
    at: Rect,
    tile: &ReplayTile,
    lane: &Lane,
    scene: &ReplayScene,
    text: &Text,
) -> eframe::egui::Response {
    let response = ui.interact(at, ui.scope_id().with(("tile", n)), Sense::click());
    let instead = instead(tile, scene, text);
    let number = lane.station.to_string();
    let heard = match &instead {
        None => tr!(text, "replay-hear-ready", number = number.as_str()).into_owned(),
        Some((_, words, below, _)) => {
            let below = below.as_deref().map(|below| format!(", {below}")).unwrap_or_default();
            format!("{number}: {words}{below}")
        }
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, heard.as_str()));
    let room = picture_room(at);
    if let Some((sign, words, below, ink)) = &instead {
        let scale = (room.width() / 640.0).clamp(0.5, 1.6);
        let middle = room.center();
        let plate =
            Rect::from_center_size(middle, vec2(room.width(), 100.0 * scale)).intersect(room);
        ui.painter().rect_filled(plate, 0.0, theme::ON_PICTURE);
        let most = theme::LARGE * scale;
        let line = format!("{sign} {words}");
        let y = if below.is_some() { middle.y - 18.0 * scale } else { middle.y };
        centred(ui, pos2(middle.x, y), &line, most, *ink, room.width() - 16.0);
        if let Some(below) = below {
            let at = pos2(middle.x, middle.y + 22.0 * scale);
            centred(ui, at, below, theme::BODY * scale, theme::TEXT, room.width() - 16.0);
        }
    }
    caption(ui, at, tile, lane, scene, text);
    response
}

/// One line, as large as fits.
fn centred(
    ui: &Ui,
    at: eframe::egui::Pos2,
    words: &str,
    most: f32,
    ink: eframe::egui::Color32,
    width: f32,
) {
    let whole = ui.painter().layout_no_wrap(words.to_owned(), theme::strong(most), ink).size().x;
    let size = (most * (width / whole.max(1.0)).min(1.0)).floor().max(11.0);
    let width = (whole * size / most).min(width);
    fitted(ui, pos2(at.x - width / 2.0, at.y), words, (size, 11.0), ink, width + 4.0);
}

/// Number, name, and the time of the picture that is seen, which may not be the moment's.
fn caption(ui: &Ui, at: Rect, tile: &ReplayTile, lane: &Lane, scene: &ReplayScene, text: &Text) {
    let strip = Rect::from_min_max(pos2(at.left(), at.bottom() - CAPTION), at.max);
    ui.painter().rect_filled(strip, 0.0, theme::TILE);
    let scale = (strip.width() / 420.0).clamp(0.6, 1.0);
    let time = tile.shown_us.map(|shown| scene.time(shown)).unwrap_or_default();
    let ink = if tile.status == TileStatus::Ready { theme::TEXT } else { theme::FAINT };
    let font = theme::font(theme::BODY * scale);
    let end = strip.right_center() - vec2(8.0, 0.0);
    let right = ui.painter().text(end, Align2::RIGHT_CENTER, time, font, ink).left();
    let number = lane.station.to_string();
    let font = theme::strong(theme::BODY * scale);
    let at = strip.left_center() + vec2(8.0, 0.0);
    let number = ui.painter().text(at, Align2::LEFT_CENTER, number, font, theme::TEXT);
    let mut name = lane.name.clone();
    if let Some(offset) = tile.camera_clock_us {
        let seconds = seconds_off(offset, text);
        let said = tr!(text, "replay-camera-clock", seconds = seconds);
        name = if name.is_empty() { said.into_owned() } else { format!("{name} · {said}") };
    }
    let at = pos2(number.right() + 10.0, strip.center().y);
    let width = right - at.x - 12.0;
    if width > 40.0 {
        elided(ui, at, &name, theme::font(theme::SMALL * scale), theme::FAINT, width);
    }
}

/// `−1.4`, `+0.3`: which way a clock is wrong is said.
fn seconds_off(offset_us: i64, text: &Text) -> String {
    let size = words::decimal(text, offset_us.unsigned_abs() as f32 / 1e6);
    // What is rounded to nought has no sign.
    let sign = match offset_us {
        -49_999..=49_999 => "",
        ..=-50_000 => "−",
        50_000.. => "+",
    };
    format!("{sign}{size}")
}

/// The last picture before the gap, and the first one after it; what has changed is framed.
fn compare(ui: &mut Ui, room: Rect, scene: &ReplayScene, comparison: &Comparison, text: &Text) {
    let Some(lane) = scene.lanes.get(comparison.tile) else { return };
    let Span2 { left, right, head } = halves(room);
    let gap = comparison.gap;
    let (from, to) = (scene.second(gap.from_us), scene.second(gap.to_us));
    let number = lane.station.to_string();
    let title = tr!(text, "replay-compare", number = number, from = from, to = to);
    let at = head.left_center() + vec2(16.0, 0.0);
    elided(ui, at, &title, theme::strong(theme::BODY), theme::TEXT, head.width() - 32.0);
    let response = ui.interact(head, ui.scope_id().with("compare"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title.as_ref()));
    let halves = [left, right];
    for at in halves {
        ui.painter().rect_filled(picture_room(at), 0.0, theme::NO_PICTURE);
    }
    let sides = comparison.sides.iter().zip(halves);
    let draws = sides.clone().filter(|(side, _)| side.shown_us.is_some());
    paint(ui, room, draws.map(|(side, at)| draw(side, at)).collect());
    for (n, (side, at)) in sides.enumerate() {
        one(ui, 100 + n, at, side, lane, scene, text);
        let aspect = side.picture.shown().map_or(16.0 / 9.0, |shown| shown.aspect);
        let place = fit(picture_room(at), aspect);
        let (columns, rows) = CHANGES;
        let cell = place.size() / vec2(columns as f32, rows as f32);
        for (field, _) in comparison.changes.iter().enumerate().filter(|(_, changed)| **changed) {
            let (x, y) = (field % columns, field / columns);
            let rect = Rect::from_min_size(place.min + vec2(x as f32, y as f32) * cell, cell);
            let stroke = Stroke::new(2.0, theme::state(State::Stalled));
            ui.painter().rect_stroke(rect.shrink(1.0), 0.0, stroke, StrokeKind::Inside);
        }
    }
}

struct Span2 {
    left: Rect,
    right: Rect,
    head: Rect,
}

fn halves(room: Rect) -> Span2 {
    let head = Rect::from_min_size(room.min, vec2(room.width(), 44.0));
    let below = Rect::from_min_max(pos2(room.left(), head.bottom()), room.max);
    let (left, right) = below.split_left_right_at_fraction(0.5);
    Span2 { left: left.shrink(GAP), right: right.shrink(GAP), head }
}
