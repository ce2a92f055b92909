use super::*;

fn press(place: Key, meaning: Key, shift: bool, typing: bool) -> Option<Command> {
    let modifiers = if shift { Modifiers::SHIFT } else { Modifiers::NONE };
    command(place, meaning, modifiers, typing, false)
}

#[test]
fn the_stroke_separates_after_digits_and_else_opens_the_search() {
    assert_eq!(press(Key::Slash, Key::Slash, false, true), Some(Command::Separator));
    assert_eq!(press(Key::Slash, Key::Slash, false, false), Some(Command::OpenSearch));
    // The Russian layout has a full stop there, and the stroke on Shift and backslash.
    assert_eq!(press(Key::Slash, Key::Period, false, true), Some(Command::Separator));
    assert_eq!(press(Key::Backslash, Key::Slash, true, true), Some(Command::Separator));
    assert_eq!(press(Key::Backslash, Key::Backslash, false, true), Some(Command::Separator));
    assert_eq!(press(Key::Backslash, Key::Backslash, false, false), None);
}

#[test]
fn r_reconnects_by_place_and_not_while_it_is_held() {
    assert_eq!(press(Key::R, Key::K, false, false), Some(Command::Reconnect));
    assert_eq!(press(Key::R, Key::R, true, false), None);
    assert!(!may_repeat(Command::Reconnect));
}

#[test]
fn the_question_mark_is_found_by_place_and_by_sign() {
    for typing in [false, true] {
        assert_eq!(press(Key::Slash, Key::Comma, true, typing), Some(Command::ToggleKeys));
        assert_eq!(press(Key::Num7, Key::Questionmark, true, typing), Some(Command::ToggleKeys));
    }
}

#[test]
fn digits_count_by_place_and_not_with_shift() {
    assert_eq!(press(Key::Num5, Key::Num5, false, false), Some(Command::Digit(5)));
    assert_eq!(press(Key::Num5, Key::Num5, true, false), None);
}

fn key(place: Key, repeat: bool) -> Event {
    let modifiers = Modifiers::NONE;
    Event::Key { key: place, physical_key: Some(place), pressed: true, repeat, modifiers }
}

fn text(s: &str) -> Event {
    Event::Text(s.to_owned())
}

/// The rest of a frame, where the field is open.
fn ahead(pressed: &Pressed) -> Rest {
    let mut said = Rest::default();
    type_ahead(&pressed.rest, &mut said);
    said
}

#[test]
fn letters_typed_in_the_frame_that_opens_the_search_are_not_lost() {
    let events = [
        key(Key::Slash, false),
        text("."),
        key(Key::F, false),
        text("ə"),
        text("l"),
        key(Key::Backspace, false),
        key(Key::Space, false),
        text(" "),
        key(Key::Enter, false),
    ];
    let mut pressed = Pressed::default();
    read_on_wall(&events, false, false, &mut pressed);
    assert_eq!(pressed.commands, [Command::OpenSearch]);
    let said = ahead(&pressed);
    assert_eq!(said.typed, "ə ");
    assert_eq!(said.pressed.commands, [Command::Confirm]);
    assert!(said.pressed.actions.is_empty(), "F is a letter here");
}

#[test]
fn the_search_leaves_letters_to_the_text_field() {
    let mut events = vec![
        key(Key::G, false),
        text("g"),
        key(Key::ArrowDown, false),
        key(Key::ArrowDown, true),
        key(Key::Space, false),
        text(" "),
        key(Key::Enter, false),
        key(Key::Enter, true),
    ];
    let mut pressed = Pressed::default();
    read_in_search(&mut events, false, &mut pressed);
    let down = Command::Move { columns: 0, rows: 1 };
    assert_eq!(pressed.commands, [down, down, Command::Confirm]);
    let left = [key(Key::G, false), text("g"), key(Key::Space, false), text(" ")];
    assert_eq!(events, left);
}

#[test]
fn the_opening_key_held_down_writes_nothing() {
    let mut events = vec![key(Key::Slash, true), text("/")];
    read_in_search(&mut events, true, &mut Pressed::default());
    assert_eq!(events, [key(Key::Slash, true)]);
    let mut events = vec![key(Key::A, true), text("a")];
    read_in_search(&mut events, false, &mut Pressed::default());
    assert_eq!(events.len(), 2, "a letter held down in the middle of a name is a letter");
}

#[test]
fn in_the_large_view_plus_minus_and_nought_enlarge_the_picture() {
    let large = |key, typing| command(key, key, Modifiers::NONE, typing, true);
    assert_eq!(large(Key::Plus, false), Some(Command::ZoomIn));
    assert_eq!(large(Key::Minus, false), Some(Command::ZoomOut));
    assert_eq!(large(Key::Num0, false), Some(Command::ZoomFit));
    assert_eq!(large(Key::Num0, true), Some(Command::Digit(0)), "10 is a district");
    assert_eq!(press(Key::Num0, Key::Num0, false, false), Some(Command::Digit(0)));
    assert_eq!(press(Key::Plus, Key::Plus, false, false), Some(Command::MoreTiles));
    assert!(may_repeat(Command::ZoomIn) && !may_repeat(Command::Snapshot));
}

#[test]
fn a_note_leaves_every_letter_and_arrow_to_the_text_field() {
    let mut events = vec![
        key(Key::S, false),
        text("ş"),
        key(Key::Slash, false),
        text("/"),
        key(Key::ArrowLeft, false),
        key(Key::Tab, false),
        key(Key::Enter, false),
        key(Key::Enter, true),
    ];
    let mut pressed = Pressed::default();
    read_in_note(&mut events, false, &mut pressed);
    assert_eq!(pressed.commands, [Command::Confirm]);
    let left = [
        key(Key::S, false),
        text("ş"),
        key(Key::Slash, false),
        text("/"),
        key(Key::ArrowLeft, false),
    ];
    assert_eq!(events, left);
}

#[test]
fn letters_typed_in_the_frame_that_opens_the_note_are_not_lost() {
    let events = [key(Key::N, false), text("т"), text("q"), text("u"), key(Key::Enter, false)];
    let mut pressed = Pressed::default();
    read_on_wall(&events, false, true, &mut pressed);
    let said = ahead(&pressed);
    assert_eq!(pressed.commands, [Command::OpenNote]);
    assert_eq!((said.typed.as_str(), said.pressed.commands), ("qu", vec![Command::Confirm]));
}

#[test]
fn the_keys_of_attention_are_found_by_place_and_answers_take_letters() {
    assert_eq!(press(Key::A, Key::F, false, false), Some(Command::Acknowledge));
    assert_eq!(press(Key::A, Key::F, true, false), Some(Command::AcknowledgeEnded));
    assert_eq!(press(Key::M, Key::M, false, false), Some(Command::OpenMaintenance));
    assert_eq!(press(Key::M, Key::M, true, false), None);
    assert!(!may_repeat(Command::Acknowledge) && !may_repeat(Command::EnterAttention));
    let events = [key(Key::A, false), text("ф"), text("q"), text("ə"), key(Key::Enter, false)];
    let mut pressed = Pressed::default();
    read_on_wall(&events, false, false, &mut pressed);
    let said = ahead(&pressed);
    assert_eq!(pressed.commands, [Command::Acknowledge]);
    assert_eq!((said.typed.as_str(), said.pressed.commands), ("qə", vec![Command::Confirm]));
}

#[test]
fn arrows_choose_how_long_work_takes_and_move_the_cursor_elsewhere() {
    for (spans, left) in [(true, 1), (false, 2)] {
        let mut events = vec![key(Key::ArrowDown, false), key(Key::ArrowLeft, false)];
        let mut pressed = Pressed::default();
        read_in_answer(&mut events, false, spans, &mut pressed);
        assert_eq!(events.len(), left);
        assert_eq!(pressed.commands.len(), 2 - left);
    }
}
