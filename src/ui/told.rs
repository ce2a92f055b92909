//! What became of a wish, said for a few seconds over the wall.

use std::time::Duration;

use eframe::egui::{Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::scene::{NoSound, Scene, Tidings, Told};
use super::{theme, words};
use crate::config::io_reason;
use crate::health::State;
use crate::text::Text;
use crate::tr;

/// Good news is seen out of the corner of an eye; what failed must be read.
const GOOD_FOR: Duration = Duration::from_secs(6);
const BAD_FOR: Duration = Duration::from_secs(15);

/// Shows the newest tidings while they are new.
pub(super) fn show(ui: &mut Ui, scene: &Scene, text: &Text) {
    let Some(told) = &scene.told else { return };
    let good = told.tidings.is_good();
    let span = if good { GOOD_FOR } else { BAD_FOR };
    if scene.now.since(told.at) >= span {
        return;
    }
    let top = ui.max_rect().top() + 76.0;
    plate(ui, "told", &say(told, text), good, |size| top + size.y / 2.0);
}

/// Says for as long as it is called that something is wrong that no station is to blame for: in the
/// lower part of the wall, where nothing else is said.
pub fn notice(ui: &mut Ui, words: &str) {
    let bottom = ui.max_rect().bottom() - 96.0;
    plate(ui, "notice", words, false, |size| bottom - size.y / 2.0);
}

/// A plate over the middle of the wall, as high as `middle` says for its size.
fn plate(ui: &Ui, name: &str, words: &str, good: bool, middle: impl Fn(Vec2) -> f32) {
    let room = ui.max_rect();
    let font = theme::strong(theme::BODY);
    let most = room.width() - 160.0;
    let galley = ui.painter().layout(words.to_owned(), font, theme::TEXT, most);
    let size = galley.size() + vec2(84.0, 32.0);
    let center = pos2(room.center().x, middle(size));
    let plate = Rect::from_center_size(center, size);
    let response = ui.interact(plate, ui.scope_id().with(name), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, words));
    let color = theme::state(if good { State::Live } else { State::Offline });
    ui.painter().rect_filled(plate, 8.0, theme::PANEL);
    ui.painter().rect_stroke(plate, 8.0, (3.0, color), StrokeKind::Inside);
    mark(ui, pos2(plate.left() + 36.0, plate.center().y), good);
    let at = pos2(plate.left() + 66.0, plate.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, theme::TEXT);
}

/// A tick or a cross.
fn mark(ui: &Ui, at: Pos2, good: bool) {
    let line = |points: &[[f32; 2]], state| {
        let points = points.iter().map(|[x, y]| at + vec2(*x, *y)).collect();
        ui.painter().line(points, Stroke::new(4.0, theme::state(state)));
    };
    if good {
        line(&[[-11.0, 1.0], [-3.0, 9.0], [11.0, -9.0]], State::Live);
    } else {
        line(&[[-9.0, -9.0], [9.0, 9.0]], State::Offline);
        line(&[[-9.0, 9.0], [9.0, -9.0]], State::Offline);
    }
}

fn say(told: &Told, text: &Text) -> String {
    let number = told.station.map(|station| station.to_string()).unwrap_or_default();
    let said = match &told.tidings {
        Tidings::SnapshotKept { file, old: None } => {
            tr!(text, "told-snapshot", number = number, file = file.as_str())
        }
        Tidings::SnapshotKept { file, old: Some(age) } => {
            let age = words::age(text, *age);
            tr!(text, "told-snapshot-old", number = number, file = file.as_str(), age = age)
        }
        Tidings::NoPicture => tr!(text, "told-no-picture", number = number),
        Tidings::SnapshotLost(why) => {
            let reason = io_reason(text, why);
            tr!(text, "told-snapshot-lost", number = number, reason = reason)
        }
        Tidings::NoteKept => tr!(text, "told-note", number = number),
        Tidings::NoteLost(why) => {
            tr!(text, "told-note-lost", number = number, reason = io_reason(text, why))
        }
        Tidings::Busy => tr!(text, "told-busy", number = number),
        Tidings::RecordingBegun(count) => tr!(text, "told-recording", count = *count),
        Tidings::ReplayOpens => tr!(text, "told-replay", number = number),
        Tidings::NoReplay(Some(why)) => {
            tr!(text, "told-no-replay", number = number, reason = io_reason(text, why))
        }
        Tidings::NoReplay(None) => tr!(text, "told-replay-ended", number = number),
        Tidings::RecordingStopAsked => tr!(text, "told-recording-stop"),
        Tidings::RecordingStopped => tr!(text, "told-recording-stopped"),
        Tidings::NoRecording(None) => tr!(text, "told-no-recording-here"),
        Tidings::NoRecording(Some(why)) => {
            tr!(text, "told-no-recording", reason = why.clone())
        }
        Tidings::NoSound(why) => {
            let reason = match why {
                NoSound::NoPlayer => tr!(text, "no-sound-player"),
                NoSound::NoDevice => tr!(text, "no-sound-device"),
            };
            tr!(text, "told-no-sound", reason = reason)
        }
    };
    let kept = matches!(told.tidings, Tidings::SnapshotKept { .. } | Tidings::NoteKept);
    let passing = told.passing && kept;
    let more = if passing { tr!(text, "told-passing") } else { "".into() };
    [said, more].join(" ").trim_end().to_owned()
}
