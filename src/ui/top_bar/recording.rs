//! How recording goes: how many are safe, how fast it is written, for how long there is room.

use eframe::egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{GAP, MARK};
use crate::health::State;
use crate::text::Text;
use crate::tr;
use crate::ui::scene::RecordingView;
use crate::ui::{marks, theme, words};

/// Shows it from the left edge of `room`, in `most` points at most; gives where it ends. What there is
/// no room for is left out: first the word, then the rate, and the hours last.
pub(super) fn show(ui: &Ui, room: Rect, most: f32, view: &RecordingView, text: &Text) -> f32 {
    let count = format!("{}/{}", view.safe.len(), view.wanted);
    let (word, ink) = if view.fails {
        (tr!(text, "top-not-recording"), theme::state(State::Offline))
    } else if view.opens {
        (tr!(text, "top-recording-opens"), theme::FAINT)
    } else {
        (tr!(text, "top-recording"), theme::TEXT)
    };
    let hours = view.hours_left.map(|hours| {
        let ink = match (view.room_is_short, view.room_is_low) {
            (true, _) => theme::state(State::Offline),
            (false, true) => theme::state(State::Stalled),
            (false, false) => theme::FAINT,
        };
        (tr!(text, "top-hours", hours = words::hours_left(hours)).into_owned(), ink)
    });
    let runs = !view.opens && !view.fails;
    let rate = runs.then(|| (words::rate(text, view.bytes_per_second), theme::FAINT));
    let all: Vec<(String, Color32)> = std::iter::once((format!("{word} {count}"), ink))
        .chain(rate)
        .chain(hours.clone())
        .collect();
    let ways = [
        all,
        std::iter::once((format!("{word} {count}"), ink)).chain(hours.clone()).collect(),
        std::iter::once((count.clone(), ink)).chain(hours).collect(),
        vec![(count, ink)],
    ];
    let lay = |(words, ink): &(String, Color32)| {
        ui.painter().layout_no_wrap(words.clone(), theme::strong(theme::BODY), *ink)
    };
    let mut chosen = Vec::new();
    for way in &ways {
        chosen = way.iter().map(lay).collect();
        let width: f32 = chosen.iter().map(|galley| galley.size().x + GAP / 2.0).sum();
        if width + MARK + 8.0 <= most {
            break;
        }
    }
    let square = vec2(MARK, MARK);
    let mark = Rect::from_min_size(pos2(room.left(), room.center().y - MARK / 2.0), square);
    if view.fails {
        marks::not_recorded(ui.painter(), mark, theme::state(State::Offline));
    } else {
        marks::recorded(
            ui.painter(),
            mark,
            if view.opens { theme::FAINT } else { theme::RECORDED },
        );
    }
    let mut x = mark.right() + 8.0;
    for galley in chosen {
        let at = pos2(x, room.center().y - galley.size().y / 2.0);
        x += galley.size().x + GAP / 2.0;
        ui.painter().galley(at, galley, theme::TEXT);
    }
    let x = x - GAP / 2.0;
    let heard = Rect::from_min_max(pos2(room.left(), room.top()), pos2(x, room.bottom()));
    let response = ui.interact(heard, ui.scope_id().with("recording"), Sense::hover());
    response.widget_info(|| {
        let said = ways[0].iter().map(|(words, _)| words.as_str()).collect::<Vec<_>>().join(", ");
        WidgetInfo::labeled(Role::Status, true, said)
    });
    x
}
