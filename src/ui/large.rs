//! What only the large picture has: digital zoom by wheel and drag, the strip under it with its
//! details, its sound and its newest notes.

use eframe::egui;
use eframe::egui::{
    Align2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::scene::{NoteLine, Scene};
use super::tile::elided;
use super::{theme, words};
use crate::health::State;
use crate::ingest::Sound;
use crate::media::sound::{FLOOR_DB, Reading};
use crate::model::FeedKind;
use crate::render::{self, Shown};
use crate::text::Text;
use crate::tr;
use crate::wall::Wall;
use crate::wall::zoom::{POINTS_PER_PIXEL, Part};

/// One line under the picture, in points.
const LINE: f32 = 46.0;
/// One note.
const NOTE_LINE: f32 = 30.0;
/// Notes that are listed, the newest first.
pub const NOTES_LISTED: usize = 3;

/// How much a turned wheel enlarges, for each point it scrolls: a notch of 50 points is 1.28.
const WHEEL: f32 = 1.0 / 200.0;

/// The meter with its words.
const METER: f32 = 470.0;
/// Its left end, in dBFS.
const METER_FROM: f32 = -60.0;

/// The height of the strip under the picture.
pub(super) fn foot(scene: &Scene) -> f32 {
    let notes = scene.notes.len().min(NOTES_LISTED) as f32;
    LINE + if notes > 0.0 { notes * NOTE_LINE + 8.0 } else { 0.0 }
}

/// The part of the picture to draw, as egui writes rectangles.
pub(super) fn part(wall: &Wall) -> Rect {
    let Part { left, top, side } = wall.part();
    Rect::from_min_size(pos2(left, top), vec2(side, side)).intersect(render::WHOLE)
}

/// How far a picture of so many pixels may be enlarged where it fills `size`: until the longer side
/// of a pixel, which need not be square, is as large as may be. A turned picture, whose sides are
/// exchanged here, may be enlarged less than that.
fn zoom_most(pixels: [u32; 2], size: egui::Vec2) -> f32 {
    let [width, height] = pixels.map(|n| n.max(1) as f32);
    POINTS_PER_PIXEL / (size.x / width).max(size.y / height).max(1e-3)
}

/// Where the picture lies in its room, and from it how far it may be enlarged.
pub(super) fn place(room: Rect, shown: Option<&Shown>, wall: &mut Wall) -> Rect {
    let Some(shown) = shown else { return room };
    let place = render::fit(room, shown.aspect);
    wall.set_zoom_most(zoom_most([shown.width, shown.height], place.size()));
    place
}

/// Follows wheel, pinch and drag over the picture at `place`.
pub(super) fn follow_pointer(ui: &Ui, response: &Response, place: Rect, wall: &mut Wall) {
    let before = wall.part();
    if let Some(at) = response.hover_pos() {
        let (scrolled, pinched) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
        let by = (scrolled * WHEEL).exp() * pinched;
        if by != 1.0 {
            let at = (at - place.min) / place.size();
            wall.zoom_at(by, [at.x, at.y]);
        }
    }
    if response.dragged() {
        let by = response.drag_delta() / place.size();
        wall.pan([-by.x, -by.y]);
    }
    if wall.part() != before {
        ui.ctx().request_repaint();
    }
}

/// Says how far the picture is enlarged, and shows which part is seen.
pub(super) fn zoom_plate(
    ui: &mut Ui,
    place: Rect,
    shown: Option<&Shown>,
    wall: &Wall,
    text: &Text,
) {
    if wall.zoom() <= 1.0 {
        return;
    }
    let words = tr!(text, "zoom", factor = super::words::decimal(text, wall.zoom()));
    let galley =
        ui.painter().layout_no_wrap(words.to_string(), theme::strong(theme::BODY), theme::TEXT);
    let map = vec2(128.0, 128.0 / shown.map_or(16.0 / 9.0, |s| s.aspect).max(0.5));
    let size = vec2(map.x + galley.size().x + 40.0, map.y.max(galley.size().y) + 16.0);
    let plate = Rect::from_min_size(place.right_top() + vec2(-size.x - 12.0, 12.0), size);
    let response = ui.interact(plate, ui.scope_id().with("zoom"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, words.as_ref()));
    let painter = ui.painter();
    painter.rect_filled(plate, 6.0, theme::ON_PICTURE);
    let at = pos2(plate.left() + 12.0, plate.center().y - galley.size().y / 2.0);
    painter.galley(at, galley, theme::TEXT);
    let whole = Rect::from_min_size(pos2(plate.right() - map.x - 12.0, plate.top() + 8.0), map);
    painter.rect_stroke(whole, 2.0, (1.0, theme::FAINT), StrokeKind::Inside);
    let part = part(wall);
    let seen = Rect::from_min_size(whole.min + part.min.to_vec2() * map, part.size() * map);
    painter.rect_stroke(seen, 1.0, (2.0, theme::ACCENT), StrokeKind::Inside);
}

/// The strip under the picture: `details`, the sound, and the newest notes.
pub(super) fn strip(ui: &mut Ui, strip: Rect, details: &str, scene: &Scene, text: &Text) {
    ui.painter().rect_filled(strip, 0.0, theme::TILE);
    let line = Rect::from_min_size(strip.min, vec2(strip.width(), LINE));
    let meter = METER.min(strip.width() * 0.4);
    let right = match &scene.sound {
        Some(sound) => {
            let left = line.right() - meter;
            show_sound(ui, Rect::from_min_max(pos2(left, line.top()), line.max), sound, text);
            left
        }
        None => line.right(),
    };
    let at = line.left_center() + vec2(10.0, 0.0);
    let font = theme::font(theme::SMALL * 1.2);
    elided(ui, at, details, font, theme::TEXT, right - at.x - 16.0);
    let mut row = Rect::from_min_size(line.left_bottom(), vec2(strip.width(), NOTE_LINE));
    for (at, note) in scene.notes.iter().take(NOTES_LISTED).enumerate() {
        show_note(ui, row, at, note, scene, text);
        row = row.translate(vec2(0.0, NOTE_LINE));
    }
}

fn show_note(ui: &mut Ui, row: Rect, index: usize, note: &NoteLine, scene: &Scene, text: &Text) {
    let local = scene.day.local(note.at);
    let today = local.date() == scene.day.local(scene.wall).date();
    let time = if today { "%H:%M" } else { "%d.%m.%Y %H:%M" };
    let time = local.strftime(time).to_string();
    let response = ui.interact(row, ui.scope_id().with(("note", index)), Sense::hover());
    response.widget_info(|| {
        let said = tr!(text, "hear-note", time = time.as_str(), note = note.text.as_str());
        WidgetInfo::labeled(Role::ListItem, true, said)
    });
    let at = row.left_center() + vec2(10.0, 0.0);
    let font = theme::strong(theme::SMALL);
    let end = ui.painter().text(at, Align2::LEFT_CENTER, time, font, theme::FAINT).right();
    let at = pos2(end + 12.0, at.y);
    let font = theme::font(theme::SMALL * 1.1);
    elided(ui, at, &note.text, font, theme::TEXT, row.right() - at.x - 10.0);
}

/// How loud it is, or why that is not known.
fn show_sound(ui: &mut Ui, room: Rect, sound: &Sound, text: &Text) {
    let heard = words::sound(text, sound);
    let response = ui.interact(room, ui.scope_id().with("sound"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, heard.as_str()));
    let font = theme::font(theme::SMALL);
    let at = room.right_center() - vec2(12.0, 0.0);
    match sound {
        Sound::Level(reading) => {
            let words = room.width() * 0.44;
            let at = pos2(room.right() - words, at.y);
            elided(ui, at, &heard, font, theme::TEXT, words - 12.0);
            let bar = Rect::from_min_max(room.min, pos2(room.right() - words - 14.0, room.max.y));
            show_level(ui, bar.shrink2(vec2(0.0, 13.0)), *reading);
        }
        _ => {
            ui.painter().text(at, Align2::RIGHT_CENTER, heard, font, theme::FAINT);
        }
    }
}

/// The mean as a bar, the peak as a stroke; ticks every 20 dB.
fn show_level(ui: &Ui, bar: Rect, reading: Reading) {
    let x = |db: f32| {
        let share = (db.max(FLOOR_DB) - METER_FROM) / -METER_FROM;
        bar.left() + bar.width() * share.clamp(0.0, 1.0)
    };
    let painter = ui.painter();
    painter.rect_filled(bar, 3.0, theme::NO_PICTURE);
    let color = theme::state(if reading.silent { State::Connecting } else { State::Live });
    let mean = Rect::from_min_max(bar.min, pos2(x(reading.rms_db), bar.max.y));
    painter.rect_filled(mean, 3.0, color);
    // Near full scale the camera distorts.
    let loud = reading.peak_db > -3.0;
    let color = if loud { theme::state(State::Offline) } else { theme::TEXT };
    if reading.peak_db > METER_FROM {
        painter.vline(x(reading.peak_db), bar.y_range(), Stroke::new(3.0, color));
    }
    for db in [-40.0, -20.0] {
        painter.vline(x(db), bar.top()..=bar.top() + 5.0, Stroke::new(1.0, theme::FAINT));
    }
    painter.rect_stroke(bar, 3.0, (1.0, theme::HOVER), StrokeKind::Inside);
}

/// Which of a station's feeds is seen, where it has two.
pub(super) fn feed_word(text: &Text, kind: FeedKind) -> std::borrow::Cow<'_, str> {
    match kind {
        FeedKind::Main => tr!(text, "feed-main"),
        FeedKind::Sub => tr!(text, "feed-sub"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_side_of_a_pixel_becomes_larger_than_six_points() {
        assert_eq!(zoom_most([640, 360], vec2(1280.0, 720.0)), 3.0);
        // Pixels that are not square: 352×576 shown as 4:3.
        let most = zoom_most([352, 576], vec2(1180.0, 885.0));
        assert!((most * 1180.0 / 352.0 - 6.0).abs() < 0.001, "{most}");
        assert!(zoom_most([0, 0], vec2(0.0, 0.0)).is_finite());
    }
}
