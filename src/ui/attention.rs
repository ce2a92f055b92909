//! The attention list: every feed in trouble, on screen or not, and what is known of the one that
//! is looked at.
//!
//! A line that nobody has answered has a bar at its left edge; one that waits for too long is filled
//! with its state's colour. An answered one is faint, with a tick and a name. What is over has a
//! mark of its own.

mod detail;
mod row;

use eframe::egui::{
    Align, Align2, Event, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::scene::Scene;
use super::tile::elided;
use super::{controls, marks, on_click, theme, words};
use crate::health::State;
use crate::health::alarms::{About, Common, Line};
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Wall};

/// In points: a state's word must fit beside its mark in every language.
const WIDTH: f32 = 400.0;
/// Of the strip that is left when the list is hidden.
const HIDDEN: f32 = 60.0;
const HEADING: f32 = 56.0;
const FILTER: f32 = 46.0;
const ROW: f32 = 70.0;
/// What says how many lines are above and below.
const MORE: f32 = 30.0;
const DETAIL: f32 = 216.0;
const PAD: f32 = 12.0;

/// How wide the list is; nothing for an empty station list.
pub(super) fn width(wall: &Wall, scene: &Scene) -> f32 {
    match (scene.list.stations.is_empty(), wall.attention().shown()) {
        (true, _) => 0.0,
        (false, true) => WIDTH,
        (false, false) => HIDDEN,
    }
}

/// What a line is about, in a word or two.
pub(super) fn name(line: &Line, text: &Text) -> String {
    match &line.about {
        About::Station(id) => id.to_string(),
        About::Together { by, .. } => match by {
            Common::District(number) => {
                tr!(text, "together-district", number = number.to_string()).into_owned()
            }
            Common::Host(host) => tr!(text, "together-host", host = host.as_str()).into_owned(),
            Common::Network(name) => {
                tr!(text, "together-network", name = name.as_str()).into_owned()
            }
        },
    }
}

/// Shows the list, or the strip in its place.
pub(super) fn show(
    ui: &mut Ui,
    wall: &mut Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let room = ui.max_rect();
    if room.width() <= 0.0 {
        return;
    }
    if !wall.attention().shown() {
        wall.point_at(None);
        hidden(ui, room, wall, text, commands);
        return;
    }
    heading(ui, Rect::from_min_size(room.min, vec2(room.width(), HEADING)), wall, text);
    let mut top = room.top() + HEADING;
    if wall.attention().filter().is_some() {
        let plate = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), FILTER));
        filter(ui, plate, wall, text, commands);
        top += FILTER;
    }
    let bottom = room.bottom() - DETAIL;
    let list = Rect::from_min_max(pos2(room.left(), top), pos2(room.right(), bottom - MORE));
    wall.set_attention_rows((list.height() / ROW) as usize);
    rows(ui, list, wall, scene, text, commands);
    let more = Rect::from_min_max(list.left_bottom(), pos2(room.right(), bottom));
    show_more(ui, more, wall, text);
    let foot = Rect::from_min_max(more.left_bottom(), room.max);
    detail::show(ui, foot, wall, scene, text);
    if wall.attention().entered() {
        ui.painter().rect_stroke(room, 0.0, (3.0, theme::ACCENT), StrokeKind::Inside);
    }
}

/// The title, how many lines there are and how many wait for an answer.
fn heading(ui: &mut Ui, room: Rect, wall: &Wall, text: &Text) {
    let list = wall.attention();
    let total = list.lines();
    let title = tr!(text, "attention-title", count = total.to_string());
    let unanswered = list.unanswered();
    let response = ui.interact(room, ui.scope_id().with("attention"), Sense::hover());
    response.widget_info(|| {
        let count = unanswered.to_string();
        let heard = tr!(text, "hear-attention", title = title.as_ref(), unanswered = count);
        WidgetInfo::labeled(Role::List, true, heard)
    });
    ui.painter().rect_filled(room, 0.0, theme::PANEL);
    let mut right = room.right() - PAD;
    if unanswered > 0 {
        let font = theme::strong(theme::BODY);
        let galley = ui.painter().layout_no_wrap(unanswered.to_string(), font, theme::ON_STATE);
        let size = vec2(galley.size().x + 46.0, 34.0);
        let plate = Rect::from_min_size(pos2(right - size.x, room.center().y - 17.0), size);
        ui.painter().rect_filled(plate, 6.0, theme::ACCENT);
        let flag = Rect::from_center_size(plate.left_center() + vec2(18.0, 0.0), vec2(18.0, 18.0));
        marks::flag(ui.painter(), flag, theme::ON_STATE);
        let at = pos2(plate.left() + 34.0, plate.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, theme::ON_STATE);
        right = plate.left() - 8.0;
    }
    let at = pos2(room.left() + PAD, room.center().y);
    let font = theme::strong(theme::BODY);
    elided(ui, at, &title, font, theme::TEXT, right - at.x);
}

/// That only one state is shown, and how to leave it.
fn filter(ui: &mut Ui, room: Rect, wall: &Wall, text: &Text, commands: &mut Vec<Command>) {
    let Some(state) = wall.attention().filter() else { return };
    let plate = room.shrink2(vec2(6.0, 4.0));
    let word = words::state(text, state);
    let said = tr!(text, "attention-only", state = word);
    let response = ui.interact(plate, ui.scope_id().with("filter"), Sense::click());
    response.widget_info(|| {
        let heard = tr!(text, "hear-filter", filter = said.as_ref());
        WidgetInfo::labeled(Role::Button, true, heard)
    });
    on_click(&response, Command::Filter(state), commands);
    ui.painter().rect_filled(plate, 6.0, theme::state(state));
    let ink = theme::ON_STATE;
    let mark = Rect::from_center_size(plate.left_center() + vec2(20.0, 0.0), vec2(20.0, 20.0));
    marks::draw(ui.painter(), mark, state, ink);
    let at = plate.right_center() - vec2(10.0, 0.0);
    let font = theme::font(theme::SMALL);
    let left = tr!(text, "attention-all");
    let end = ui.painter().text(at, Align2::RIGHT_CENTER, left, font, ink).left();
    let at = plate.left_center() + vec2(40.0, 0.0);
    elided(ui, at, &said, theme::strong(theme::SMALL), ink, end - at.x - 8.0);
}

fn rows(
    ui: &mut Ui,
    room: Rect,
    wall: &mut Wall,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    // Clicks below the last line reach nothing else.
    let response = ui.interact(room, ui.scope_id().with("lines"), Sense::click());
    let list = wall.attention();
    if list.rows().is_empty() {
        nobody(ui, room, list.filter().is_some(), scene, text);
    }
    let (mut pointed, mut clicked) = (None, None);
    let mut place = Rect::from_min_size(room.min, vec2(room.width(), ROW));
    for at in list.on_screen() {
        let row = list.rows()[at];
        let response = row::show(ui, place, row, list, scene, text);
        if response.hovered() {
            pointed = Some(row);
        }
        if response.clicked() {
            clicked = Some(row);
        }
        place = place.translate(vec2(0.0, ROW));
    }
    commands.extend(clicked.map(Command::Choose));
    wall.point_at(pointed);
    if pointed.is_some() || response.hovered() {
        let turned: f32 = ui.input(|input| {
            let wheel = |event: &Event| match event {
                Event::MouseWheel { delta, .. } => delta.y.signum() * f32::from(delta.y != 0.0),
                _ => 0.0,
            };
            input.events.iter().map(wheel).sum()
        });
        if turned != 0.0 {
            // Two lines for every notch; a float out of range saturates.
            wall.scroll_attention((-2.0 * turned) as i64);
        }
    }
}

/// Why there is no line. That nothing needs attention is said only when that is so: trouble that
/// has just begun, or that this machine's own trouble holds back, has no alarm and is trouble.
fn nobody(ui: &Ui, room: Rect, filtered: bool, scene: &Scene, text: &Text) {
    let center = pos2(room.center().x, room.top() + 90.0);
    let troubled: usize =
        State::ALL.into_iter().filter(|s| s.is_trouble()).map(|s| scene.counts.of(s)).sum();
    let (words, ink) = if filtered {
        (tr!(text, "attention-none-such"), theme::FAINT)
    } else if troubled > 0 {
        (tr!(text, "attention-no-alarm", count = troubled.to_string()), theme::TEXT)
    } else {
        let place = Rect::from_center_size(center, vec2(44.0, 44.0));
        marks::tick(ui.painter(), place, theme::FAINT);
        (tr!(text, "attention-none"), theme::FAINT)
    };
    let width = room.width() - 2.0 * PAD;
    let mut job = controls::wrapped(&words, theme::font(theme::BODY), ink, (width, 4));
    job.halign = Align::Center;
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(pos2(center.x, center.y + 40.0), galley, ink);
}

/// How many lines are above and below those on screen.
fn show_more(ui: &Ui, room: Rect, wall: &Wall, text: &Text) {
    let list = wall.attention();
    let shown = list.on_screen();
    let (above, below) = (shown.start, list.rows().len() - shown.end);
    let mut parts = Vec::new();
    if above > 0 {
        parts.push(tr!(text, "attention-above", count = above.to_string()));
    }
    if below > 0 {
        parts.push(tr!(text, "attention-below", count = below.to_string()));
    }
    if !parts.is_empty() {
        let font = theme::strong(theme::SMALL);
        let words = parts.join(" · ");
        ui.painter().text(room.center(), Align2::CENTER_CENTER, words, font, theme::TEXT);
    }
}

/// The strip in place of the list: that there is something in it must not be hidden.
fn hidden(ui: &mut Ui, room: Rect, wall: &Wall, text: &Text, commands: &mut Vec<Command>) {
    let unanswered = wall.attention().unanswered();
    let response = ui.interact(room, ui.scope_id().with("attention"), Sense::click());
    response.widget_info(|| {
        let heard = tr!(text, "hear-hidden", unanswered = unanswered.to_string());
        WidgetInfo::labeled(Role::Button, true, heard)
    });
    on_click(&response, Command::ToggleAttention, commands);
    if response.hovered() {
        ui.painter().rect_filled(room, 0.0, theme::CHOSEN);
    }
    let center = pos2(room.center().x, room.top() + 40.0);
    if unanswered > 0 {
        let plate = Rect::from_center_size(center + vec2(0.0, 14.0), vec2(HIDDEN - 12.0, 80.0));
        ui.painter().rect_filled(plate, 6.0, theme::ACCENT);
        let flag = Rect::from_center_size(center, vec2(22.0, 22.0));
        marks::flag(ui.painter(), flag, theme::ON_STATE);
        let (at, font) = (center + vec2(0.0, 34.0), theme::strong(theme::BODY));
        let ink = theme::ON_STATE;
        ui.painter().text(at, Align2::CENTER_CENTER, unanswered.to_string(), font, ink);
    } else {
        marks::tick(ui.painter(), Rect::from_center_size(center, vec2(26.0, 26.0)), theme::FAINT);
    }
    let (at, font) = (pos2(room.center().x, room.bottom() - 30.0), theme::strong(theme::BODY));
    ui.painter().text(at, Align2::CENTER_CENTER, "L", font, theme::FAINT);
}
