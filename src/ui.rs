//! The screens: egui, and nothing that can block.
//!
//! [`wall`] is a plain function of a [`Scene`] (what is known) and a
//! [`Wall`](crate::wall::Wall) (where the operator is). The window, the off-screen picture and
//! the tests all call the same function. It opens nothing, waits for nothing and joins nothing;
//! what it can't do itself it returns as [`Action`]s. Called by `app`.
//!
//! Sizes are points of a wall of 1920×1080: [`scale_for`] makes every window a wall of about that
//! size, so that a larger display is easier to read, not fuller.

mod acknowledge;
mod attention;
mod bottom_bar;
mod controls;
mod coverage;
mod field;
pub mod first_run;
mod grid;
mod guard;
mod help;
mod history;
pub mod import;
mod keys;
mod large;
mod latch;
mod marks;
mod note;
mod rail;
pub mod replay;
mod scene;
mod search;
pub mod theme;
mod tile;
mod told;
mod top_bar;
pub mod words;

pub use large::NOTES_LISTED;
pub use scene::{
    ClockKept, Counts, CoverageReport, Delivered, DistrictCoverage, Explained, History, Look,
    MaintenanceView, NoSound, NoteLine, PastAlarm, RecordingView, Scene, Span, StationCoverage,
    StationGap, StationView, Tidings, Told, Work,
};
pub use told::notice;

use eframe::egui;
use eframe::egui::{CentralPanel, Frame, Margin, Panel, Ui, vec2};

use crate::health::alarms::AlarmId;
use crate::model::StationId;
use crate::text::Text;
use crate::wall::{Answer, Command, Painted, SPANS, To, Tone, Wall};

/// Something that the window around the wall must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Full screen on or off.
    ToggleFullScreen,
    /// Try this station's feeds again now.
    Reconnect(StationId),
    /// Keep this station's picture.
    Snapshot(StationId),
    /// See again what was recorded of this station.
    Replay(StationId),
    /// Open the screen that takes a new station list.
    Import,
    /// Speak this language from now on.
    Language(crate::text::Lang),
    /// The operator takes an alarm on.
    Acknowledge {
        /// Which.
        alarm: AlarmId,
        /// What was said about it; may be empty.
        note: String,
    },
    /// The operator has seen every alarm that is over.
    AcknowledgeAllEnded,
    /// Work is being done at a station.
    Maintain {
        /// Where.
        station: StationId,
        /// For how long; `None`: until it is ended.
        for_minutes: Option<u32>,
        /// What is being done; may be empty.
        reason: String,
    },
    /// The work at a station is over.
    EndMaintenance(StationId),
    /// This is at the desk from now on.
    Operator(String),
    /// Let this be heard.
    Sound(Tone),
    /// Record, or do not.
    ToggleRecording,
    /// Close the window.
    Close,
}

/// The reference wall, in points.
const REFERENCE: egui::Vec2 = vec2(1920.0, 1080.0);

/// Pixels per point for a window of `size` pixels.
pub fn scale_for(size: egui::Vec2) -> f32 {
    (size.x / REFERENCE.x).min(size.y / REFERENCE.y).clamp(0.4, 8.0)
}

/// Shows the wall and carries out what the operator does.
pub fn wall(ui: &mut Ui, wall: &mut Wall, scene: &Scene, text: &Text) -> Vec<Action> {
    // Nothing of the last pass is still on the screen; whoever paints a station says so.
    wall.set_painted(Painted::default());
    wall.attend(&scene.attention, |station| scene.state(station));
    let open = wall.search().map(|_| search::field());
    let open = wall.note().map(|_| note::field()).or(open);
    field::keep_focus(ui, wall.answer().map(|_| acknowledge::field()).or(open));
    let keys::Pressed { commands: keyed, mut actions, mut rest } = keys::read(ui, wall);
    let mut commands = Vec::new();

    let bar = |fill| Frame::new().fill(fill).inner_margin(Margin::symmetric(16, 0));
    Panel::top("top")
        .exact_size(64.0)
        .resizable(false)
        .show_separator_line(false)
        .frame(bar(theme::PANEL))
        .show(ui, |ui| top_bar::show(ui, Some(wall), scene, text, &mut commands));
    if let Some(banner) = guard::Banner::of(&scene.attention) {
        Panel::top("guard")
            .exact_size(guard::HEIGHT)
            .resizable(false)
            .show_separator_line(false)
            .frame(bar(banner.ground()))
            .show(ui, |ui| guard::show(ui, banner, scene, text));
    }
    Panel::bottom("bottom")
        .exact_size(52.0)
        .resizable(false)
        .show_separator_line(false)
        .frame(bar(theme::PANEL))
        .show(ui, |ui| bottom_bar::show(ui, wall, scene, text, &mut commands, &mut actions));
    let rail_width = rail::width(scene, ui.available_size());
    if rail_width > 0.0 {
        Panel::left("rail")
            .exact_size(rail_width)
            .resizable(false)
            .show_separator_line(false)
            .frame(Frame::new().fill(theme::RAIL))
            .show(ui, |ui| rail::show(ui, wall, scene, text, &mut commands));
    }
    Panel::right("attention")
        .exact_size(attention::width(wall, scene))
        .resizable(false)
        .show_separator_line(false)
        .frame(Frame::new().fill(theme::RAIL))
        .show(ui, |ui| attention::show(ui, wall, scene, text, &mut commands));
    // The window is cleared to the background: to paint it as well would be the dearest thing on a
    // software driver (docs/decisions/0064).
    CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
        if wall.coverage().is_some() {
            coverage::show(ui, wall, scene, text, &mut commands);
        } else if wall.history().is_some() {
            history::show(ui, wall, scene, text);
        } else {
            tile::show(ui, wall, scene, text, &mut commands);
        }
        search::show(ui, wall, scene, text, &mut commands);
        if wall.keys_shown() {
            help::show(ui, text, &mut commands);
        }
        note::show(ui, wall, scene, text);
        acknowledge::show(ui, wall, scene, text, &mut commands);
        told::show(ui, scene, text);
    });

    carry_out(ui, wall, scene, keyed, &mut actions);
    while !rest.is_empty() {
        let keys::Rest { typed, pressed } = keys::go_on(&rest, wall);
        type_in(wall, &typed);
        actions.extend(pressed.actions);
        carry_out(ui, wall, scene, pressed.commands, &mut actions);
        rest = pressed.rest;
    }
    carry_out(ui, wall, scene, commands, &mut actions);
    actions.extend(wall.take_answers().into_iter().filter_map(answered));
    actions
}

/// Carries out what the wall can, and passes on what it cannot.
fn carry_out(
    ui: &Ui,
    wall: &mut Wall,
    scene: &Scene,
    commands: Vec<Command>,
    actions: &mut Vec<Action>,
) {
    for command in commands {
        let command = carried_out(command, wall, scene);
        wall.apply(command);
        match (command, wall.at_hand()) {
            (Command::OpenSearch, _) => wall.find(""),
            (Command::OpenNote, _) => note::forget_cursor(ui),
            (Command::Acknowledge | Command::OpenMaintenance | Command::OpenOperator, _) => {
                acknowledge::forget_cursor(ui);
            }
            // One hears what one has chosen.
            (Command::ToggleSound | Command::NextTone, _) if wall.sounding().on => {
                actions.push(Action::Sound(wall.sounding().tone));
            }
            (Command::ToggleRecording, _) => actions.push(Action::ToggleRecording),
            (Command::AcknowledgeEnded, _) => actions.push(Action::AcknowledgeAllEnded),
            (Command::EndMaintenance(station), _) => actions.push(Action::EndMaintenance(station)),
            (Command::Reconnect, Some(station)) => actions.push(Action::Reconnect(station)),
            (Command::Replay, Some(station)) => actions.push(Action::Replay(station)),
            (Command::Snapshot, Some(station)) => actions.push(Action::Snapshot(station)),
            _ => {}
        }
        // What was pressed must be seen at once, not with the next picture.
        ui.ctx().request_repaint();
    }
}

/// Writes what was typed in the frame that opened a field into that.
fn type_in(wall: &mut Wall, typed: &str) {
    if wall.answer().is_some() {
        wall.write_answer(typed);
    } else if let Some(note) = wall.note() {
        let whole = format!("{}{typed}", note.typed);
        wall.write_note(&whole);
    } else {
        wall.find(typed);
    }
}

/// What M means depends on whether there is work already.
fn carried_out(command: Command, wall: &Wall, scene: &Scene) -> Command {
    let at_work = |station: &StationId| scene.maintenance.contains_key(station);
    match (command, wall.at_hand().filter(at_work)) {
        (Command::OpenMaintenance, Some(station)) if wall.answer().is_none() => {
            Command::EndMaintenance(station)
        }
        _ => command,
    }
}

fn answered(Answer { to, typed }: Answer) -> Option<Action> {
    Some(match to {
        To::Acknowledge(alarm) => Action::Acknowledge { alarm, note: typed },
        To::Maintain { station, span } => {
            let minutes = SPANS.get(span).copied().flatten().map(|span| span.as_secs() / 60);
            let for_minutes = minutes.and_then(|minutes| u32::try_from(minutes).ok());
            Action::Maintain { station, for_minutes, reason: typed }
        }
        To::Operator if typed.is_empty() => return None,
        To::Operator => Action::Operator(typed),
    })
}

/// Pushes `command` when `response` was clicked.
fn on_click(response: &egui::Response, command: Command, commands: &mut Vec<Command>) {
    if response.clicked() {
        commands.push(command);
    }
}
