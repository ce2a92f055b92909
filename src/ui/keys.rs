//! Keys to commands, by the key's place on the keyboard: shortcuts by letter would die on a
//! Russian or Azerbaijani layout.

use eframe::egui::{Event, Key, Modifiers, Ui};

use super::Action;
use crate::wall::Command;

/// Reads this frame's key presses. `typing` says whether digits have been typed: only then is the
/// stroke a separator.
pub(super) fn read(ui: &Ui, typing: bool, commands: &mut Vec<Command>, actions: &mut Vec<Action>) {
    let mut typing = typing;
    ui.input(|input| {
        for event in &input.events {
            let Event::Key { key, physical_key, pressed: true, modifiers, repeat } = event else {
                continue;
            };
            if modifiers.ctrl || modifiers.alt || modifiers.command {
                continue;
            }
            let place = physical_key.unwrap_or(*key);
            if place == Key::F && *modifiers == Modifiers::NONE || place == Key::F11 {
                if !repeat {
                    actions.push(Action::ToggleFullScreen);
                }
            } else if let Some(command) = command(place, *key, *modifiers, typing)
                && (!repeat || may_repeat(command))
            {
                typing = match command {
                    Command::Digit(_) => true,
                    Command::Separator | Command::EraseDigit => typing,
                    _ => false,
                };
                commands.push(command);
            }
        }
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
    )
}

fn command(place: Key, meaning: Key, modifiers: Modifiers, typing: bool) -> Option<Command> {
    // `?` and `/` sit elsewhere on some layouts: there the sign itself counts too.
    if place == Key::F1 || meaning == Key::Questionmark || (place == Key::Slash && modifiers.shift)
    {
        return Some(Command::ToggleKeys);
    }
    if place == Key::Slash || meaning == Key::Slash {
        return typing.then_some(Command::Separator);
    }
    let step = |columns, rows| Some(Command::Move { columns, rows });
    match place {
        Key::Enter => Some(Command::Confirm),
        Key::Escape => Some(Command::Back),
        Key::R if modifiers == Modifiers::NONE => Some(Command::Reconnect),
        Key::Backspace => Some(Command::EraseDigit),
        Key::ArrowLeft => step(-1, 0),
        Key::ArrowRight => step(1, 0),
        Key::ArrowUp => step(0, -1),
        Key::ArrowDown => step(0, 1),
        Key::PageDown => Some(Command::NextPage),
        Key::PageUp => Some(Command::PreviousPage),
        Key::Plus | Key::Equals => Some(Command::MoreTiles),
        Key::Minus => Some(Command::FewerTiles),
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
mod tests {
    use super::*;

    #[test]
    fn r_reconnects_by_place_and_not_while_it_is_held() {
        assert_eq!(press(Key::R, Key::K, false, false), Some(Command::Reconnect));
        assert_eq!(press(Key::R, Key::R, true, false), None);
        assert!(!may_repeat(Command::Reconnect));
    }

    fn press(place: Key, meaning: Key, shift: bool, typing: bool) -> Option<Command> {
        let modifiers = if shift { Modifiers::SHIFT } else { Modifiers::NONE };
        command(place, meaning, modifiers, typing)
    }

    #[test]
    fn the_stroke_separates_after_digits_only() {
        assert_eq!(press(Key::Slash, Key::Slash, false, true), Some(Command::Separator));
        assert_eq!(press(Key::Slash, Key::Slash, false, false), None);
        // The Russian layout has a full stop there, and the stroke on Shift and backslash.
        assert_eq!(press(Key::Slash, Key::Period, false, true), Some(Command::Separator));
        assert_eq!(press(Key::Backslash, Key::Slash, true, true), Some(Command::Separator));
    }

    #[test]
    fn the_question_mark_is_found_by_place_and_by_sign() {
        for typing in [false, true] {
            assert_eq!(press(Key::Slash, Key::Comma, true, typing), Some(Command::ToggleKeys));
            assert_eq!(
                press(Key::Num7, Key::Questionmark, true, typing),
                Some(Command::ToggleKeys)
            );
        }
    }

    #[test]
    fn digits_count_by_place_and_not_with_shift() {
        assert_eq!(press(Key::Num5, Key::Num5, false, false), Some(Command::Digit(5)));
        assert_eq!(press(Key::Num5, Key::Num5, true, false), None);
    }
}
