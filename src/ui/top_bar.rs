//! The top bar: what time it is, what ought to be happening, how many stations are in each state.

mod recording;

use eframe::egui::{
    Align2, Color32, FontId, LayerId, Order, Rect, Response, Role, Sense, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use super::guard::Banner;
use super::scene::{ClockKept, Scene};
use super::{marks, on_click, theme, words};
use crate::health::State;
use crate::text::Text;
use crate::tr;
use crate::wall::{Command, Wall};

/// Between two entries.
const GAP: f32 = 28.0;
/// What recording may take of the bar: the counts need the rest.
const MOST_FOR_RECORDING: f32 = 0.26;
/// A state's mark.
const MARK: f32 = 22.0;

/// Shows it; without a `wall`, beside another screen, the counts filter nothing.
pub(super) fn show(
    ui: &mut Ui,
    wall: Option<&Wall>,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let room = ui.max_rect();
    let mut left = clock_and_stage(ui, room, scene, text);
    if let Some(view) = &scene.recording {
        let place = Rect::from_min_max(pos2(left + GAP, room.top()), room.max);
        left = recording::show(ui, place, room.width() * MOST_FOR_RECORDING, view, text);
    }
    let right = Rect::from_min_max(pos2(left + GAP, room.top()), room.max);
    // Whatever is the matter with this machine, the operator keeps the count of the country.
    // Where the fleet guard's banner says it, it need not be said twice.
    let told = matches!(Banner::of(&scene.attention), Some(Banner::Guard(_)));
    let late = scene.machine_behind && !told;
    let end = if late { behind(ui, right, text) - GAP } else { right.right() };
    let room = Rect::from_min_max(right.min, pos2(end, right.bottom()));
    counts(ui, room, wall, scene, text, commands);
}

/// Writes `text` with its left edge at `x` and returns where it ends.
fn write(ui: &Ui, room: Rect, x: f32, text: &str, font: FontId, color: Color32) -> f32 {
    let at = pos2(x, room.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, text, font, color).right()
}

fn clock_and_stage(ui: &mut Ui, room: Rect, scene: &Scene, text: &Text) -> f32 {
    let local = scene.day.local(scene.wall);
    let date = local.strftime("%d.%m.%Y").to_string();
    let time = local.strftime("%H:%M:%S").to_string();
    let mut x = write(ui, room, room.left(), &date, theme::font(theme::BODY), theme::FAINT);
    x = write(ui, room, x + GAP / 2.0, &time, theme::strong(theme::LARGE), theme::TEXT);
    x = clock_plate(ui, room, x, scene.clock, text);
    let now = scene.day.stage_at(scene.wall, None);
    let Some(stage) = now.stage else { return x };
    if !scene.day.is_near(scene.wall) {
        let date = scene.day.date.strftime("%d.%m.%Y").to_string();
        let other = tr!(text, "stage-another-day", date = date);
        let color = theme::state(State::Stalled);
        return write(ui, room, x + GAP, &other, theme::strong(theme::BODY), color);
    }
    let name = words::stage(text, stage);
    x = write(ui, room, x + GAP, &name, theme::strong(theme::BODY), theme::TEXT);
    let Some(total) = now.total else { return x };
    let progress = tr!(
        text,
        "stage-progress",
        elapsed = words::hours(text, now.elapsed),
        total = words::hours(text, total),
    );
    write(ui, room, x + GAP / 2.0, &progress, theme::font(theme::BODY), theme::FAINT)
}

/// Beside the clock, where it may be wrong; returns where it ends.
fn clock_plate(ui: &mut Ui, room: Rect, x: f32, clock: ClockKept, text: &Text) -> f32 {
    let word = match clock {
        ClockKept::Right => return x,
        ClockKept::NotRight => tr!(text, "clock-not-right"),
        ClockKept::Unknown => tr!(text, "clock-unknown"),
    };
    let font = theme::strong(theme::SMALL);
    let galley = ui.painter().layout_no_wrap(word.to_string(), font, theme::ON_STATE);
    let left = pos2(x + GAP / 2.0, room.center().y - 17.0);
    let plate = Rect::from_min_size(left, vec2(galley.size().x + 20.0, 34.0));
    let response = ui.interact(plate, ui.scope_id().with("clock kept"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, word.as_ref()));
    ui.painter().rect_filled(plate, 6.0, theme::state(State::Stalled));
    let at = pos2(plate.left() + 10.0, plate.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, theme::ON_STATE);
    plate.right()
}

/// At the right end of `room`; returns where it begins.
fn behind(ui: &Ui, room: Rect, text: &Text) -> f32 {
    let word = tr!(text, "machine-behind");
    let font = theme::strong(theme::BODY);
    let size = ui.painter().layout_no_wrap(word.to_string(), font.clone(), theme::ON_STATE).size();
    let plate = Rect::from_min_max(
        pos2(room.right() - size.x - 64.0, room.center().y - 22.0),
        pos2(room.right(), room.center().y + 22.0),
    );
    ui.painter().rect_filled(plate, 6.0, theme::BEHIND);
    let mark = Rect::from_center_size(plate.left_center() + vec2(24.0, 0.0), vec2(22.0, 22.0));
    marks::hourglass(ui.painter(), mark, theme::ON_STATE);
    let at = plate.left_center() + vec2(46.0, 0.0);
    ui.painter().text(at, Align2::LEFT_CENTER, word, font, theme::ON_STATE);
    plate.left()
}

/// The order in which states lose their words when there is no room for all: the quiet ones first,
/// then what is easily told from its mark, and last what an operator must act on.
const LOSE_WORDS: [State; 12] = [
    State::Connecting,
    State::NotChecked,
    State::Maintenance,
    State::Live,
    State::Unsupported,
    State::AuthFailed,
    State::Degraded,
    State::Black,
    State::Covered,
    State::Frozen,
    State::Stalled,
    State::Offline,
];

/// From right to left, worst first, so that live ends up leftmost. Live, stalled and offline are
/// always there, the others only when there are any. If the words do not fit, smaller words are
/// tried, then closer ones, and then one word after the other is left out; under the pointer each
/// has its own. A click on one filters the attention list, which says the word too.
fn counts(
    ui: &mut Ui,
    room: Rect,
    wall: Option<&Wall>,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) {
    let always = [State::Live, State::Stalled, State::Offline];
    let shown: Vec<State> =
        State::ALL.into_iter().filter(|s| always.contains(s) || scene.counts.of(*s) > 0).collect();
    let total = tr!(text, "count-stations", count = scene.list.stations.len());
    let lost = |most: usize| LOSE_WORDS.into_iter().filter(|s| shown.contains(s)).take(most);
    let ways = [(0, theme::CALL, GAP), (0, theme::BODY, GAP), (0, theme::SMALL, GAP)]
        .into_iter()
        .chain((0..=shown.len()).map(|n| (n, theme::BODY, GAP / 2.0)));
    let laid_out = |(without, size, gap): (usize, f32, f32)| {
        let layout =
            |label: String, ink| ui.painter().layout_no_wrap(label, theme::strong(size), ink);
        let entry = |state: State| {
            let count = scene.counts.of(state);
            let silent = lost(without).any(|lost| lost == state);
            let word = words::state(text, state);
            let label = if silent { count.to_string() } else { format!("{count} {word}") };
            let (ink, color) = if count == 0 {
                (theme::FAINT, theme::FAINT)
            } else {
                (theme::TEXT, theme::state(state))
            };
            (state, layout(label, ink), color)
        };
        let entries: Vec<_> = shown.iter().map(|s| entry(*s)).collect();
        let total = layout(total.to_string(), theme::FAINT);
        let width = entries.iter().map(|(_, g, _)| g.size().x + MARK + 8.0 + gap).sum::<f32>();
        (width + total.size().x, entries, total, gap)
    };
    let fits = |width: f32| width <= room.width();
    let mut last = None;
    for way in ways {
        let choice = laid_out(way);
        let done = fits(choice.0);
        last = Some(choice);
        if done {
            break;
        }
    }
    // The last way is taken whether it fits or not.
    let Some((_, entries, total, gap)) = last else { return };
    let mut x = room.right();
    for (state, galley, color) in entries.into_iter().rev() {
        let right = x;
        x -= galley.size().x;
        let left = x - MARK - 8.0;
        let entry = Rect::from_min_max(pos2(left, room.top()), pos2(right, room.bottom()));
        let entry = entry.expand2(vec2(gap / 2.0 - 2.0, -6.0));
        let response = filtering(ui, entry, state, wall, scene, text, commands);
        if response.hovered() {
            name(ui, entry, state, scene, text);
        }
        ui.painter().galley(pos2(x, room.center().y - galley.size().y / 2.0), galley, color);
        x -= MARK + 8.0;
        let mark = Rect::from_min_size(pos2(x, room.center().y - MARK / 2.0), vec2(MARK, MARK));
        marks::draw(ui.painter(), mark, state, color);
        x -= gap;
    }
    let at = pos2(x - total.size().x, room.center().y - total.size().y / 2.0);
    if at.x >= room.left() {
        ui.painter().galley(at, total, theme::FAINT);
    }
}

/// The count and the word of the state under the pointer, below the bar and over everything.
fn name(ui: &Ui, entry: Rect, state: State, scene: &Scene, text: &Text) {
    let layer = LayerId::new(Order::Tooltip, ui.scope_id().with("count name"));
    let painter = ui.ctx().layer_painter(layer);
    let words = format!("{} {}", scene.counts.of(state), words::state(text, state));
    let galley = painter.layout_no_wrap(words, theme::strong(theme::CALL), theme::TEXT);
    let size = galley.size() + vec2(MARK + 44.0, 20.0);
    let right = (entry.center().x + size.x / 2.0).min(ui.ctx().content_rect().right() - 8.0);
    let corner = pos2(right - size.x, entry.bottom() + 10.0);
    let plate = Rect::from_min_size(corner, size);
    painter.rect_filled(plate, 6.0, theme::PANEL);
    painter.rect_stroke(plate, 6.0, (2.0, theme::state(state)), StrokeKind::Inside);
    let mark = Rect::from_center_size(plate.left_center() + vec2(28.0, 0.0), vec2(MARK, MARK));
    marks::draw(&painter, mark, state, theme::state(state));
    painter.galley(pos2(mark.right() + 12.0, plate.top() + 10.0), galley, theme::TEXT);
}

/// The room of one count: a click shows only this state in the attention list, and everything again.
fn filtering(
    ui: &mut Ui,
    room: Rect,
    state: State,
    wall: Option<&Wall>,
    scene: &Scene,
    text: &Text,
    commands: &mut Vec<Command>,
) -> Response {
    let id = ui.scope_id().with(("count", state));
    let Some(wall) = wall.filter(|_| state != State::Live) else {
        return ui.interact(room, id, Sense::hover());
    };
    let response = ui.interact(room, id, Sense::click());
    let on = wall.attention().filter() == Some(state);
    response.widget_info(|| {
        let count = scene.counts.of(state).to_string();
        let heard = tr!(text, "hear-count", count = count, state = words::state(text, state));
        WidgetInfo::selected(Role::CheckBox, true, on, heard)
    });
    on_click(&response, Command::Filter(state), commands);
    if on {
        ui.painter().rect_filled(room, 6.0, theme::CHOSEN);
        let bar = Rect::from_min_max(pos2(room.left(), room.bottom() - 5.0), room.max);
        ui.painter().rect_filled(bar, 2.0, theme::state(state));
    } else if response.hovered() {
        ui.painter().rect_filled(room, 6.0, theme::TILE);
    }
    response
}
