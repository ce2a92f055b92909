//! What a new alarm makes of a tour (decision 0102).

use super::*;

/// A tour on the first of four pages and a half.
fn touring() -> Rig {
    let mut r = Rig::new();
    r.attend(vec![one(1, "88/9", State::Offline)]);
    r.press(Command::ToggleTour);
    r.pass(4000);
    assert_eq!(r.selected(), "1/1", "what was there before interrupts nothing");
    r
}

fn with(mut lines: Vec<Line>, line: Line) -> Vec<Line> {
    lines.push(line);
    lines
}

#[test]
fn a_new_alarm_interrupts_a_tour_which_goes_on_where_it_was() {
    let mut r = touring();
    r.attend(with(r.lines.clone(), one(2, "57/7", State::Stalled)));
    assert_eq!(r.selected(), "57/7");
    let station = id("57/7");
    let left = INTERRUPTION;
    assert_eq!(r.wall.tour(), Some(TourView::Interrupted { station, left }));
    r.pass(19_999);
    assert_eq!(r.selected(), "57/7");
    r.pass(1);
    assert_eq!(r.selected(), "1/1");
    let left = Duration::from_secs(6);
    assert_eq!(r.wall.tour(), Some(TourView::Running { left }), "with what was left");
    r.pass(6000);
    assert_eq!(r.selected(), "23/1");
}

#[test]
fn an_answer_ends_the_interruption_and_while_it_is_written_it_waits() {
    let mut r = touring();
    let new = one(2, "57/7", State::Stalled);
    r.attend(with(r.lines.clone(), new.clone()));
    r.press(Command::Acknowledge);
    r.pass(60_000);
    assert_eq!(r.selected(), "57/7", "somebody is writing");
    r.press(Command::Confirm);
    let mut lines = r.lines.clone();
    lines[1] = answered(new);
    r.attend(lines);
    assert_eq!(r.selected(), "1/1");
}

#[test]
fn space_and_esc_take_up_the_tour_and_moving_about_keeps_the_page() {
    for command in [Command::ToggleTour, Command::Back] {
        let mut r = touring();
        r.attend(with(r.lines.clone(), one(2, "57/7", State::Stalled)));
        r.press(command);
        assert_eq!(r.selected(), "1/1", "{command:?}");
        assert!(matches!(r.wall.tour(), Some(TourView::Running { .. })), "{command:?}");
    }
    let mut r = touring();
    r.attend(with(r.lines.clone(), one(2, "57/7", State::Stalled)));
    r.step(0);
    assert_eq!((r.selected(), r.wall.tour()), ("57/7".into(), Some(TourView::Paused)));
    r.pass(60_000);
    assert_eq!(r.selected(), "57/7");
}

#[test]
fn alarms_of_one_time_are_shown_in_turn_and_the_tour_gets_its_pages() {
    let mut r = touring();
    let stations = ["57/1", "57/2", "88/1", "88/2", "88/3"];
    let mut lines = r.lines.clone();
    lines.extend(stations.iter().zip(2..).map(|(s, at)| one(at, s, State::Stalled)));
    r.attend(lines);
    let mut seen = Vec::new();
    for _ in 0..400 {
        if seen.last() != Some(&r.selected()) {
            seen.push(r.selected());
        }
        r.pass(500);
    }
    let until = seen.iter().position(|s| s == "88/3").unwrap();
    let alarms = |s: &&String| stations.contains(&s.as_str());
    assert_eq!(seen[..=until].iter().filter(alarms).count(), 5, "{seen:?}");
    let page = seen.iter().position(|s| s == "1/1").unwrap();
    assert_eq!(page, IN_A_ROW, "then the tour has its page: {seen:?}");
}

#[test]
fn what_interrupts_no_tour() {
    let undisturbed = |r: &mut Rig, new: Line, why: &str| {
        r.attend(with(r.lines.clone(), new));
        assert_eq!(r.selected(), "1/1", "{why}");
    };
    let new = || one(2, "57/7", State::Stalled);
    undisturbed(&mut touring(), answered(new()), "answered");
    let over = Line { ended: Some(Mono::default()), ..new() };
    undisturbed(&mut touring(), over, "over");
    undisturbed(&mut touring(), one(2, "99/1", State::Offline), "no longer on the list");
    let mut r = touring();
    r.press(Command::ToggleInterruptions);
    assert_eq!(r.wall.notice(), Some(Notice::Interruptions(false)));
    undisturbed(&mut r, new(), "switched off");
    r.press(Command::ToggleInterruptions);
    r.pass(1);
    assert_eq!(r.selected(), "1/1", "nor later");
    let mut r = touring();
    r.press(Command::EnterAttention);
    undisturbed(&mut r, new(), "somebody is in the list");
    r.press(Command::Back);
    r.pass(1);
    assert_eq!(r.selected(), "57/7", "afterwards it does");
}

proptest! {
    /// A tour that alarms interrupt shows the same pages in the same order as one they do not.
    #[test]
    fn interruptions_leave_no_page_out(
        alarms in prop::collection::vec((0u64..200_000, 1u32..12), 0..12),
        step in 100u64..3000,
    ) {
        let mut disturbed = touring();
        let mut pages = vec![disturbed.selected()];
        let mut passed = 0;
        while passed < 300_000 {
            passed += step;
            let new = alarms.iter().zip(2..).filter(|((at, _), _)| *at < passed);
            let lines = new.map(|((_, n), alarm)| one(alarm, &format!("57/{n}"), State::Stalled));
            disturbed.lines = lines.collect();
            disturbed.pass(step);
            let own = !matches!(disturbed.wall.tour(), Some(TourView::Interrupted { .. }));
            if own && pages.last() != Some(&disturbed.selected()) {
                pages.push(disturbed.selected());
            }
        }
        let order = ["1/1", "23/1", "23/17", "57/1", "88/1"];
        for (at, page) in pages.iter().enumerate() {
            prop_assert_eq!(page, order[at % order.len()]);
        }
        prop_assert!(pages.len() >= 5);
    }
}
