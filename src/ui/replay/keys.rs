//! Keys of the replay, by their place on the keyboard.

use eframe::egui::{Align2, Event, Key, Modifiers, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::theme;
use super::{ReplayScene, time_of_day};
use crate::replay::desk::{Ask, Desk, Field, next_speed};
use crate::text::Text;
use crate::tr;

const SECOND: i64 = 1_000_000;

/// Reads this frame's keys.
pub(super) fn read(ui: &Ui, scene: &ReplayScene, desk: &mut Desk, asks: &mut Vec<Ask>) {
    let events = ui.input_mut(|input| {
        if desk.typing().is_none() {
            return input.events.clone();
        }
        // Letters are letters; only what ends the field is ours.
        let ends = |event: &Event| {
            matches!(event, Event::Key { key: Key::Enter | Key::Escape, pressed: true, .. })
        };
        let (ours, rest) = std::mem::take(&mut input.events).into_iter().partition(ends);
        input.events = rest;
        ours
    });
    for event in events {
        let Event::Key { key, physical_key, pressed: true, modifiers, repeat } = event else {
            continue;
        };
        if desk.typing().is_some() {
            match key {
                Key::Enter => asks.extend(desk.enter(|typed| time_of_day(typed, scene))),
                Key::Escape => drop(desk.back()),
                _ => {}
            }
        } else if !(modifiers.ctrl || modifiers.alt || modifiers.command) {
            press(physical_key.unwrap_or(key), key, modifiers, repeat, scene, desk, asks);
        }
        ui.ctx().request_repaint();
    }
}

fn press(
    place: Key,
    key: Key,
    modifiers: Modifiers,
    repeat: bool,
    scene: &ReplayScene,
    desk: &mut Desk,
    asks: &mut Vec<Ask>,
) {
    let (at, tile, count) = (scene.at_us, desk.selected(), scene.tiles.len());
    let seek = |by: i64| Ask::Seek { at_us: at.saturating_add(by), dragging: false };
    match (place, modifiers.shift) {
        (Key::ArrowLeft, false) => asks.push(Ask::Step { tile, forward: false }),
        (Key::ArrowRight, false) => asks.push(Ask::Step { tile, forward: true }),
        (Key::ArrowLeft, true) => asks.push(seek(-SECOND)),
        (Key::ArrowRight, true) => asks.push(seek(SECOND)),
        (Key::PageUp, _) => asks.push(seek(-60 * SECOND)),
        (Key::PageDown, _) => asks.push(seek(60 * SECOND)),
        (Key::ArrowUp, _) => desk.select_by(-1, count),
        (Key::ArrowDown, _) => desk.select_by(1, count),
        (Key::OpenBracket, _) => asks.extend(desk.gap(&scene.lanes, at, false)),
        (Key::CloseBracket, _) => asks.extend(desk.gap(&scene.lanes, at, true)),
        (Key::Plus | Key::Equals, _) => asks.push(Ask::Speed(next_speed(scene.speed, true))),
        (Key::Minus, _) => asks.push(Ask::Speed(next_speed(scene.speed, false))),
        (Key::Z, shift) => desk.zoom(if shift { 0.5 } else { 2.0 }, at),
        _ if repeat => {}
        (Key::Space, _) => asks.push(Ask::Play(!scene.playing)),
        (Key::R, _) => asks.push(Ask::Reverse(!scene.reverse)),
        (Key::I, _) => desk.mark(at, false),
        (Key::O, _) => desk.mark(at, true),
        (Key::G, _) => asks.extend(desk.compare(&scene.lanes, at)),
        (Key::T, _) => desk.open(Field::Time),
        (Key::N, _) => desk.open(Field::Note),
        (Key::B, _) => asks.push(Ask::Note { tile, text: String::new() }),
        (Key::S, _) => asks.push(Ask::Snapshot(tile)),
        (Key::Enter, _) => desk.toggle_enlarged(),
        (Key::F | Key::F11, _) => asks.push(Ask::ToggleFullScreen),
        (Key::Escape, _) => asks.extend(desk.back().flatten()),
        (Key::Slash, true) | (Key::Questionmark, _) => desk.toggle_keys(),
        _ if key == Key::Questionmark => desk.toggle_keys(),
        (digit, false) => {
            if let Some(n) = number(digit) {
                desk.select(n, count);
            }
        }
        _ => {}
    }
}

/// Keys 1 to 9, from nought.
fn number(key: Key) -> Option<usize> {
    const KEYS: [Key; 9] = [
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num4,
        Key::Num5,
        Key::Num6,
        Key::Num7,
        Key::Num8,
        Key::Num9,
    ];
    KEYS.iter().position(|known| *known == key)
}

/// The list of keys; a click closes it.
pub(super) fn help(ui: &mut Ui, desk: &mut Desk, text: &Text) {
    let rows = [
        ("Space", tr!(text, "replay-key-play")),
        ("← →", tr!(text, "replay-key-frame")),
        ("Shift ← →", tr!(text, "replay-key-second")),
        ("PageUp PageDown", tr!(text, "replay-key-minute")),
        ("[ ]", tr!(text, "replay-key-gap")),
        ("G", tr!(text, "replay-key-compare")),
        ("+ −", tr!(text, "replay-key-speed")),
        ("R", tr!(text, "replay-key-reverse")),
        ("T", tr!(text, "replay-key-time")),
        ("Z  Shift Z", tr!(text, "replay-key-zoom")),
        ("1–9  ↑ ↓", tr!(text, "replay-key-select")),
        ("Enter", tr!(text, "replay-key-enlarge")),
        ("I  O", tr!(text, "replay-key-marks")),
        ("S", tr!(text, "help-snapshot")),
        ("N", tr!(text, "help-note")),
        ("B", tr!(text, "replay-key-bookmark")),
        ("F", tr!(text, "help-full-screen")),
        ("Esc", tr!(text, "help-back")),
    ];
    let room = ui.max_rect();
    let response = ui.interact(room, ui.scope_id().with("keys"), Sense::click());
    if response.clicked() {
        desk.toggle_keys();
    }
    response.widget_info(|| {
        let all: Vec<String> = rows.iter().map(|(key, what)| format!("{key}: {what}")).collect();
        WidgetInfo::labeled(Role::Dialog, true, all.join("; "))
    });
    ui.painter().rect_filled(room, 0.0, theme::VEIL);
    let wanted = vec2(960.0, (rows.len() as f32 + 1.0) * 34.0).min(room.size());
    let card = Rect::from_center_size(room.center(), wanted);
    ui.painter().rect_filled(card, 10.0, theme::PANEL);
    let row = card.height() / (rows.len() as f32 + 1.0);
    let size = (row * 0.62).min(theme::BODY);
    for (n, (key, what)) in rows.iter().enumerate() {
        let y = card.top() + (n as f32 + 1.0) * row;
        let (left, middle) = (card.left() + 40.0, card.left() + 280.0);
        let font = theme::strong(size);
        ui.painter().text(pos2(left, y), Align2::LEFT_CENTER, key, font, theme::ACCENT);
        let font = theme::font(size);
        ui.painter().text(pos2(middle, y), Align2::LEFT_CENTER, what.as_ref(), font, theme::TEXT);
    }
}
