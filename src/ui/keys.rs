//! Keys to commands, by the key's place on the keyboard: shortcuts by letter would die on a
//! Russian or Azerbaijani layout. While the search, a note or an answer is open, letters are letters:
//! only the keys that choose a hit or end what is written are commands, and the text field sees the
//! rest.

use eframe::egui::{Event, Key, Modifiers, Ui};

use super::Action;
use crate::wall::{Command, To, Wall};

/// What the keys of one frame ask for.
#[derive(Default)]
pub(super) struct Pressed {
    pub(super) commands: Vec<Command>,
    pub(super) actions: Vec<Action>,
    /// What followed in the same frame on a key that opens a field for text, if there is anything to
    /// write about. Whether it did is known once that key's command has been carried out; then
    /// [`go_on`] reads this.
    pub(super) rest: Vec<Event>,
}

/// What the rest of a frame says.
#[derive(Default)]
pub(super) struct Rest {
    /// What was typed into a field before anybody saw it: no text field has had these letters.
    pub(super) typed: String,
    /// What comes after that.
    pub(super) pressed: Pressed,
}

/// Reads this frame's key presses.
pub(super) fn read(ui: &Ui, wall: &Wall) -> Pressed {
    let mut pressed = Pressed::default();
    if let Some(answer) = wall.answer() {
        let empty = answer.typed.is_empty();
        let spans = matches!(answer.to, To::Maintain { .. });
        ui.input_mut(|input| read_in_answer(&mut input.events, empty, spans, &mut pressed));
    } else if let Some(note) = wall.note() {
        let empty = note.typed.is_empty();
        ui.input_mut(|input| read_in_note(&mut input.events, empty, &mut pressed));
    } else if let Some(search) = wall.search() {
        let empty = search.typed().is_empty();
        ui.input_mut(|input| read_in_search(&mut input.events, empty, &mut pressed));
    } else {
        ui.input(|input| on_wall(&input.events, wall, &mut pressed));
    }
    pressed
}

/// Goes on with what followed on a key that opens a field: into the field, if it is open now. Where it
/// is not, as there was nothing to write about, these keys mean what they always do.
pub(super) fn go_on(rest: &[Event], wall: &Wall) -> Rest {
    let mut said = Rest::default();
    if wall.answer().is_some() || wall.note().is_some() || wall.search().is_some() {
        type_ahead(rest, &mut said);
    } else {
        on_wall(rest, wall, &mut said.pressed);
    }
    said
}

fn on_wall(events: &[Event], wall: &Wall, pressed: &mut Pressed) {
    // The stroke is a separator only after digits.
    let typing = wall.entry().is_some();
    let large = wall.large().is_some() || wall.history().is_some();
    read_on_wall(events, typing, large, pressed);
}

fn read_on_wall(events: &[Event], mut typing: bool, large: bool, pressed: &mut Pressed) {
    for (at, event) in events.iter().enumerate() {
        let Event::Key { key, physical_key, pressed: true, modifiers, repeat } = event else {
            continue;
        };
        if modifiers.ctrl || modifiers.alt || modifiers.command {
            continue;
        }
        let place = physical_key.unwrap_or(*key);
        if place == Key::F && *modifiers == Modifiers::NONE || place == Key::F11 {
            if !repeat {
                pressed.actions.push(Action::ToggleFullScreen);
            }
        } else if place == Key::I && *modifiers == Modifiers::NONE {
            if !repeat {
                pressed.actions.push(Action::Import);
                // What follows in the same frame is meant for that screen.
                return;
            }
        } else if let Some(command) = command(place, *key, *modifiers, typing, large)
            && (!repeat || may_repeat(command))
        {
            typing = match command {
                Command::Digit(_) => true,
                Command::Separator | Command::EraseDigit => typing,
                _ => false,
            };
            pressed.commands.push(command);
            if opens_a_field(command) {
                pressed.rest = events[at + 1..].to_vec();
                return;
            }
        }
    }
}

fn opens_a_field(command: Command) -> bool {
    matches!(
        command,
        Command::OpenSearch
            | Command::OpenNote
            | Command::Acknowledge
            | Command::OpenMaintenance
            | Command::OpenOperator
    )
}

/// A slow frame may hold the key that opens the search or a note and the first letters of it.
fn type_ahead(events: &[Event], said: &mut Rest) {
    let mut own_letter = true;
    for event in events {
        match event {
            // What the opening key itself writes.
            Event::Text(_) if own_letter => own_letter = false,
            Event::Text(text) => said.typed.push_str(text),
            Event::Key { key, physical_key, pressed: true, .. } => {
                own_letter = false;
                match physical_key.unwrap_or(*key) {
                    Key::Enter => said.pressed.commands.push(Command::Confirm),
                    Key::Backspace => drop(said.typed.pop()),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// Takes out of `events` what is a command to the note. `empty`: nothing has been written yet.
fn read_in_note(events: &mut Vec<Event>, empty: bool, pressed: &mut Pressed) {
    read_in_answer(events, empty, false, pressed);
}

/// The same for an answer; in one with spans of time, arrows up and down choose between them.
fn read_in_answer(events: &mut Vec<Event>, empty: bool, spans: bool, pressed: &mut Pressed) {
    let mut repeating = false;
    events.retain(|event| match event {
        Event::Key { key, physical_key, pressed: true, repeat, modifiers } => {
            repeating = *repeat;
            let command = match physical_key.unwrap_or(*key) {
                _ if modifiers.ctrl || modifiers.alt || modifiers.command => return true,
                Key::Enter => Command::Confirm,
                Key::Escape => Command::Back,
                Key::Tab => return false,
                Key::ArrowUp if spans => Command::Move { columns: 0, rows: -1 },
                Key::ArrowDown if spans => Command::Move { columns: 0, rows: 1 },
                _ => return true,
            };
            if !*repeat {
                pressed.commands.push(command);
            }
            false
        }
        // The opening key, still held down.
        Event::Text(_) if empty && repeating => false,
        _ => true,
    });
}

/// Takes out of `events` what is a command to the search. `empty`: nothing has been typed yet.
fn read_in_search(events: &mut Vec<Event>, empty: bool, pressed: &mut Pressed) {
    let mut repeating = false;
    events.retain(|event| match event {
        Event::Key { key, physical_key, pressed: true, repeat, modifiers } => {
            repeating = *repeat;
            let command = match physical_key.unwrap_or(*key) {
                _ if modifiers.ctrl || modifiers.alt || modifiers.command => return true,
                Key::Enter => Command::Confirm,
                Key::Escape => Command::Back,
                Key::ArrowUp => Command::Move { columns: 0, rows: -1 },
                Key::ArrowDown => Command::Move { columns: 0, rows: 1 },
                Key::PageUp => Command::PreviousPage,
                Key::PageDown => Command::NextPage,
                Key::Tab => return false,
                _ => return true,
            };
            let stays = matches!(command, Command::Confirm | Command::Back);
            if !(*repeat && stays) {
                pressed.commands.push(command);
            }
            false
        }
        // The opening key, still held down.
        Event::Text(_) if empty && repeating => false,
        _ => true,
    });
}

/// A key that is held down goes on moving, but does not switch back and forth.
fn may_repeat(command: Command) -> bool {
    matches!(
        command,
        Command::Move { .. }
            | Command::NextPage
            | Command::PreviousPage
            | Command::EraseDigit
            // With Shift let go of first, some systems never tell that `+` was released.
            | Command::MoreTiles
            | Command::FewerTiles
            | Command::FasterTour
            | Command::SlowerTour
            | Command::ZoomIn
            | Command::ZoomOut
    )
}

fn command(
    place: Key,
    meaning: Key,
    modifiers: Modifiers,
    typing: bool,
    large: bool,
) -> Option<Command> {
    // `?` and `/` sit elsewhere on some layouts: there the sign itself counts too.
    if place == Key::F1 || meaning == Key::Questionmark || (place == Key::Slash && modifiers.shift)
    {
        return Some(Command::ToggleKeys);
    }
    // On Azerbaijani and Russian layouts the stroke is on Shift and backslash, and a Shift that is
    // read a moment late makes it another sign: after digits the place is enough.
    if place == Key::Slash || meaning == Key::Slash || (typing && place == Key::Backslash) {
        return Some(if typing { Command::Separator } else { Command::OpenSearch });
    }
    let step = |columns, rows| Some(Command::Move { columns, rows });
    match place {
        Key::Enter => Some(Command::Confirm),
        Key::Escape => Some(Command::Back),
        Key::R if modifiers == Modifiers::NONE => Some(Command::Reconnect),
        Key::R if modifiers.shift => Some(Command::ToggleRecording),
        Key::Backspace => Some(Command::EraseDigit),
        Key::ArrowLeft => step(-1, 0),
        Key::ArrowRight => step(1, 0),
        Key::ArrowUp => step(0, -1),
        Key::ArrowDown => step(0, 1),
        Key::PageDown => Some(Command::NextPage),
        Key::PageUp => Some(Command::PreviousPage),
        Key::J if modifiers == Modifiers::NONE => Some(Command::Replay),
        Key::S if modifiers == Modifiers::NONE => Some(Command::Snapshot),
        Key::N if modifiers == Modifiers::NONE => Some(Command::OpenNote),
        Key::A if modifiers == Modifiers::NONE => Some(Command::Acknowledge),
        Key::A if modifiers.shift => Some(Command::AcknowledgeEnded),
        Key::M if modifiers == Modifiers::NONE => Some(Command::OpenMaintenance),
        Key::H if modifiers == Modifiers::NONE => Some(Command::ToggleHistory),
        Key::C if modifiers == Modifiers::NONE => Some(Command::ToggleCoverage),
        Key::L if modifiers == Modifiers::NONE => Some(Command::ToggleAttention),
        Key::T if modifiers == Modifiers::NONE => Some(Command::ToggleInterruptions),
        Key::B if modifiers == Modifiers::NONE => Some(Command::ToggleSound),
        Key::B if modifiers.shift => Some(Command::NextTone),
        Key::O if modifiers == Modifiers::NONE => Some(Command::OpenOperator),
        Key::Tab => Some(Command::EnterAttention),
        // In the large view the same keys enlarge the one picture there is, and on the page of a day
        // its last hours. No number begins with a nought.
        Key::Plus | Key::Equals if large => Some(Command::ZoomIn),
        Key::Minus if large => Some(Command::ZoomOut),
        Key::Num0 if large && !typing && !modifiers.shift => Some(Command::ZoomFit),
        Key::Plus | Key::Equals => Some(Command::MoreTiles),
        Key::Minus => Some(Command::FewerTiles),
        Key::OpenBracket => Some(Command::FasterTour),
        Key::CloseBracket => Some(Command::SlowerTour),
        Key::Space => Some(Command::ToggleTour),
        Key::G => Some(Command::ToggleGrouping),
        _ if modifiers.shift => None,
        _ => digit(place).map(Command::Digit),
    }
}

fn digit(key: Key) -> Option<u8> {
    const DIGITS: [Key; 10] = [
        Key::Num0,
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
    DIGITS.iter().position(|k| *k == key).and_then(|n| u8::try_from(n).ok())
}

#[cfg(test)]
mod tests;
