//! Where the choice goes when its alarm is answered, or goes.

use super::*;

#[test]
fn an_acknowledgement_takes_a_note_and_the_choice_stays_with_its_alarm() {
    let mut r = Rig::new();
    let mut lines = five();
    lines[1] = answered(lines[1].clone());
    r.attend(lines);
    r.press(Command::EnterAttention);
    r.press(Command::Acknowledge);
    r.wall.write_answer(" texnik\nyoldadır ");
    r.press(Command::Confirm);
    let given = r.wall.take_answers();
    assert_eq!(given.len(), 1);
    assert_eq!(given[0].to, To::Acknowledge(AlarmId(1)));
    assert_eq!(given[0].typed, "texnik yoldadır", "one line");
    // It is among the answered ones now, and stays under the hand all the same.
    let mut lines = five();
    lines.rotate_left(1);
    lines[0] = answered(lines[0].clone());
    lines[4] = answered(lines[4].clone());
    r.attend(lines.clone());
    assert_eq!((r.chosen(), r.place()), (Some(1), 0));
    r.press(Command::Acknowledge);
    let already = Some(Notice::NothingToAcknowledge(id("57/12")));
    assert_eq!((r.wall.notice(), r.wall.answer()), (already, None), "A again takes nobody else's");
    r.step(2);
    r.attend(lines.clone());
    assert_eq!(r.chosen(), Some(3), "what stood below it is still below it");
    let rows: Vec<_> = r.wall.attention().rows().iter().filter_map(|row| row.alarm()).collect();
    assert_eq!(rows.iter().map(|id| id.0).collect::<Vec<_>>(), [2, 3, 4, 5, 1], "and then it goes");
    r.press(Command::Acknowledge);
    r.press(Command::Back);
    assert!(r.wall.take_answers().is_empty() && r.wall.answer().is_none());
    assert_eq!(r.chosen(), Some(3), "left: nothing is acknowledged");
}

#[test]
fn an_alarm_that_closes_when_it_is_answered_leaves_nothing_chosen() {
    let mut r = Rig::new();
    let mut lines = five();
    lines[0].ended = Some(Mono::default());
    r.attend(lines.clone());
    r.press(Command::EnterAttention);
    r.press(Command::Acknowledge);
    r.press(Command::Confirm);
    lines.remove(0);
    r.attend(lines);
    for key in [
        Command::Acknowledge,
        Command::OpenMaintenance,
        Command::OpenNote,
        Command::Snapshot,
        Command::Reconnect,
        Command::ToggleHistory,
        Command::Confirm,
    ] {
        r.press(key);
        assert_eq!(r.wall.notice(), Some(Notice::NothingChosen), "{key:?}");
        assert!(r.wall.answer().is_none() && r.wall.note().is_none(), "{key:?}");
    }
    assert_eq!((r.chosen(), r.selected()), (None, "1/1".into()), "not the tile's either");
    r.step(1);
    assert_eq!(r.chosen(), Some(2));
}

#[test]
fn keys_for_one_station_say_so_on_the_line_of_several() {
    let mut r = Rig::new();
    r.attend(vec![answered(together(1, &["88/2", "88/5", "88/7"]))]);
    r.press(Command::EnterAttention);
    for key in [
        Command::OpenMaintenance,
        Command::OpenNote,
        Command::Snapshot,
        Command::Reconnect,
        Command::ToggleHistory,
    ] {
        r.press(key);
        assert_eq!(r.wall.notice(), Some(Notice::ChooseOne), "{key:?}");
    }
    r.press(Command::Acknowledge);
    assert_eq!(r.wall.notice(), Some(Notice::LineAcknowledged));
}

#[test]
fn a_station_of_a_group_that_is_closed_gives_way_to_the_group() {
    let mut r = Rig::new();
    let lines = vec![together(1, &["88/2", "88/5"]), one(2, "57/1", State::Stalled)];
    r.attend(lines.clone());
    r.press(Command::EnterAttention);
    r.press(Command::Confirm);
    r.attend(lines.clone());
    r.step(1);
    assert_eq!(r.wall.attention().chosen(), Some(Row::Member(AlarmId(1), id("88/2"))));
    r.attend(vec![together(1, &["88/5", "88/6"]), lines[1].clone()]);
    assert_eq!(r.wall.attention().chosen(), Some(Row::Alarm(AlarmId(1))));
}
