//! The bottom bar: where one is, what has been typed, the tour, and the keys that matter now.

mod hints;
mod pager;
mod tour;

use eframe::egui;
use eframe::egui::{Color32, Rect, Ui, pos2, vec2};

use super::scene::Scene;
use super::{Action, controls, theme};
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Notice, Tone, Wall};

/// Hints give way to what is said at the left: to all of it, but for long names of districts.
const MOST_FOR_PLACE: f32 = 560.0;
const MOST_FOR_NOTICE: f32 = 820.0;
/// Between what is said and what stands to the right of it.
const BESIDE: f32 = 24.0;

pub(super) fn show(
    ui: &mut Ui,
    wall: &Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
    actions: &mut Vec<Action>,
) {
    let room = ui.max_rect();
    let x = pager::show(ui, room, wall, text, commands);
    let middle = Rect::from_min_max(pos2(x + 16.0, room.top()), room.max);
    let tour = tour::width(ui, wall, text);
    let said = said(wall, scene, text);
    let most = (middle.width() - tour - said.wants(ui) - BESIDE).max(0.0);
    let right = hints::show(ui, middle, most, wall, text, commands, actions);
    let right = tour::show(
        ui,
        Rect::from_min_max(middle.min, pos2(right, room.bottom())),
        wall,
        text,
        commands,
    );
    let left = Rect::from_min_max(middle.min, pos2(right - BESIDE, room.bottom()));
    said.show(ui, left);
}

/// What is typed, or what there is to say, or where one is.
enum Said {
    Typed(String),
    Notice(String, Color32),
    Place(String),
}

fn said(wall: &Wall, scene: &Scene, text: &Text) -> Said {
    if let Some(entry) = wall.entry() {
        Said::Typed(tr!(text, "entry-go-to", number = entry.to_string()).into_owned())
    } else if let Some(notice) = wall.notice() {
        let color = match notice {
            Notice::Dwell(_)
            | Notice::EndedAcknowledged(_)
            | Notice::MaintenanceEnded(_)
            | Notice::Interruptions(_)
            | Notice::Sound(_) => theme::TEXT,
            _ => theme::state(crate::health::State::Stalled),
        };
        Said::Notice(say(text, notice), color)
    } else {
        Said::Place(place(wall, scene, text))
    }
}

impl Said {
    fn font() -> egui::FontId {
        theme::strong(theme::BODY)
    }

    /// The room it would like.
    fn wants(&self, ui: &Ui) -> f32 {
        let wide = |words: &str, font| {
            ui.painter().layout_no_wrap(words.to_owned(), font, theme::TEXT).size().x + 2.0
        };
        match self {
            Self::Typed(words) => wide(words, theme::strong(theme::LARGE)) + 28.0,
            Self::Notice(words, _) => wide(words, Self::font()).min(MOST_FOR_NOTICE),
            Self::Place(words) => wide(words, Self::font()).min(MOST_FOR_PLACE),
        }
    }

    /// Shows it in `room`; what is longer than a line takes two smaller ones.
    fn show(&self, ui: &Ui, room: Rect) {
        let at = room.left_center();
        let (words, color) = match self {
            Self::Typed(words) => return typed_plate(ui, at, words.clone()),
            Self::Notice(words, color) => (words, *color),
            Self::Place(words) => (words, theme::TEXT),
        };
        let one = ui.painter().layout_no_wrap(words.clone(), Self::font(), color);
        let galley = if one.size().x <= room.width() {
            one
        } else {
            let font = theme::strong(theme::SMALL);
            ui.painter().layout_job(controls::wrapped(words, font, color, (room.width(), 2)))
        };
        ui.painter().galley(pos2(at.x, at.y - galley.size().y / 2.0), galley, color);
    }
}

fn typed_plate(ui: &Ui, at: egui::Pos2, typed: String) {
    let font = theme::strong(theme::LARGE);
    let galley = ui.painter().layout_no_wrap(typed, font, theme::ON_STATE);
    let size = vec2(galley.size().x + 28.0, 40.0);
    let plate = Rect::from_min_size(pos2(at.x - 8.0, at.y - 20.0), size);
    ui.painter().rect_filled(plate, 6.0, theme::ACCENT);
    let at = pos2(plate.left() + 14.0, plate.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, theme::ON_STATE);
}

fn say(text: &Text, notice: Notice) -> String {
    let said = match notice {
        Notice::NoDistrict(number) => tr!(text, "notice-no-district", number = number.to_string()),
        Notice::NoStation(id) => tr!(text, "notice-no-station", number = id.to_string()),
        Notice::Reconnecting(id) => {
            tr!(text, "notice-reconnecting", number = id.to_string())
        }
        Notice::NothingToAcknowledge(id) => {
            tr!(text, "notice-nothing-to-acknowledge", number = id.to_string())
        }
        Notice::EndedAcknowledged(0) => tr!(text, "notice-none-ended"),
        Notice::EndedAcknowledged(count) => {
            tr!(text, "notice-ended-acknowledged", count = count.to_string())
        }
        Notice::LineAcknowledged => tr!(text, "notice-line-acknowledged"),
        Notice::NothingChosen => tr!(text, "notice-nothing-chosen"),
        Notice::Sound(None) => tr!(text, "notice-sound-off"),
        Notice::Sound(Some(tone)) => {
            let tone = match tone {
                Tone::Chime => tr!(text, "tone-chime"),
                Tone::Bell => tr!(text, "tone-bell"),
                Tone::Pulses => tr!(text, "tone-pulses"),
            };
            tr!(text, "notice-sound-on", tone = tone)
        }
        Notice::ChooseOne => tr!(text, "notice-choose-one"),
        Notice::MaintenanceEnded(id) => {
            tr!(text, "notice-maintenance-ended", number = id.to_string())
        }
        Notice::Interruptions(true) => tr!(text, "notice-interruptions-on"),
        Notice::Interruptions(false) => tr!(text, "notice-interruptions-off"),
        Notice::Dwell(dwell) => tr!(text, "notice-dwell", seconds = dwell.as_secs().to_string()),
    };
    said.into_owned()
}

fn place(wall: &Wall, scene: &Scene, text: &Text) -> String {
    let count = |count: usize| tr!(text, "count-stations", count = count);
    if let [first, .., last] = wall.page_districts() {
        let (first, last) = (first.number.to_string(), last.number.to_string());
        let title = tr!(text, "place-districts", first = first, last = last);
        return format!("{title} · {}", count(wall.page_stations().len()));
    }
    let Some(district) = wall.district() else {
        return String::new();
    };
    let number = district.number.to_string();
    let title = match district.name.as_str() {
        "" => tr!(text, "place-district", number = number),
        name => tr!(text, "place-district-named", number = number, name = name),
    };
    let own = scene.list.in_district(district.number).len();
    format!("{title} · {}", count(own))
}
