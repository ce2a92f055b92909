use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::clock::Mono;
use crate::model::{DistrictNo, StationId};
use crate::wall::tests::list;
use crate::wall::{Command, Notice, Wall};

/// A wall and its clock.
struct Rig {
    wall: Wall,
    now: Mono,
}

impl Rig {
    fn new(districts: &[(DistrictNo, u32)]) -> Self {
        let mut rig = Self { wall: Wall::new(list(districts)), now: Mono::default() };
        rig.pass(0);
        rig
    }

    fn pass(&mut self, ms: u64) {
        self.now = self.now + Duration::from_millis(ms);
        self.wall.tick(self.now);
    }

    fn press(&mut self, command: Command) {
        self.wall.apply(command);
    }

    fn selected(&self) -> String {
        self.wall.selected().unwrap().id.to_string()
    }

    fn left_ms(&self) -> Option<u128> {
        match self.wall.tour()? {
            TourView::Running { left } => Some(left.as_millis()),
            TourView::Paused | TourView::Interrupted { .. } => None,
        }
    }
}

#[test]
fn it_goes_through_all_pages_and_begins_again() {
    let mut r = Rig::new(&[(1, 3), (23, 20), (57, 2)]);
    r.press(Command::District(23));
    r.press(Command::ToggleTour);
    assert_eq!(r.left_ms(), Some(10_000));
    let mut seen = vec![r.selected()];
    for _ in 0..4 {
        r.pass(9_999);
        assert_eq!(seen.last(), Some(&r.selected()), "not before its time");
        r.pass(1);
        assert_eq!(r.left_ms(), Some(10_000), "counted from when the page came on");
        seen.push(r.selected());
    }
    assert_eq!(seen, ["23/1", "23/17", "57/1", "1/1", "23/1"]);
}

#[test]
fn space_pauses_and_resumes_with_what_was_left() {
    let mut r = Rig::new(&[(1, 3), (2, 3)]);
    assert_eq!(r.wall.tour(), None);
    r.press(Command::ToggleTour);
    r.pass(4000);
    r.press(Command::ToggleTour);
    r.pass(60_000);
    assert_eq!((r.wall.tour(), r.selected()), (Some(TourView::Paused), "1/1".into()));
    r.press(Command::ToggleTour);
    assert_eq!(r.left_ms(), Some(6000));
    r.press(Command::Back);
    assert_eq!(r.wall.tour(), None, "Esc ends it");
}

#[test]
fn paging_restarts_the_time_and_going_somewhere_pauses() {
    for (command, pauses) in [
        (Command::NextPage, false),
        (Command::MoreTiles, false),
        (Command::ToggleGrouping, false),
        (Command::Move { columns: 1, rows: 0 }, true),
        (Command::Select(StationId::new(1, 2)), true),
        (Command::District(2), true),
        (Command::Show(StationId::new(2, 1)), true),
        (Command::Open(StationId::new(2, 1)), true),
        (Command::Confirm, true),
    ] {
        let mut r = Rig::new(&[(1, 3), (2, 3), (3, 3)]);
        r.press(Command::ToggleTour);
        r.pass(8000);
        r.press(command);
        match r.wall.tour() {
            Some(TourView::Paused) => assert!(pauses, "{command:?} paused"),
            Some(TourView::Running { left }) => {
                assert!(!pauses && left == r.wall.standing().dwell, "{command:?} left {left:?}");
            }
            other => panic!("{command:?} left {other:?}"),
        }
    }
}

#[test]
fn it_waits_while_the_operator_is_in_the_middle_of_something() {
    for (begin, end) in [
        (Command::Digit(2), Command::Back),
        (Command::OpenSearch, Command::Back),
        (Command::ToggleKeys, Command::ToggleKeys),
    ] {
        let mut r = Rig::new(&[(1, 3), (2, 3)]);
        r.press(Command::ToggleTour);
        r.pass(8000);
        r.press(begin);
        r.pass(60_000);
        assert_eq!((r.selected(), r.left_ms()), ("1/1".into(), None), "{begin:?}");
        r.press(end);
        assert_eq!(r.left_ms(), Some(2000), "{begin:?}");
    }
}

#[test]
fn a_large_picture_stops_it_until_space_takes_it_up_again() {
    let mut r = Rig::new(&[(1, 3), (2, 3)]);
    r.press(Command::ToggleTour);
    r.press(Command::Confirm);
    r.press(Command::Back);
    r.pass(60_000);
    assert_eq!((r.selected(), r.wall.tour()), ("1/1".into(), Some(TourView::Paused)));
    r.press(Command::Confirm);
    r.press(Command::ToggleTour);
    assert!(r.wall.large().is_none(), "Space leaves the large picture");
    r.pass(10_000);
    assert_eq!(r.selected(), "2/1");
}

#[test]
fn its_pace_can_be_changed_within_bounds() {
    let mut r = Rig::new(&[(1, 3), (2, 3)]);
    r.press(Command::ToggleTour);
    r.pass(9000);
    r.press(Command::FasterTour);
    assert_eq!(r.wall.notice(), Some(Notice::Dwell(Duration::from_secs(8))));
    assert_eq!(r.left_ms(), Some(8000), "the page does not go away under the operator's fingers");
    for _ in 0..20 {
        r.press(Command::FasterTour);
    }
    assert_eq!(r.wall.standing().dwell, DWELLS[0]);
    for _ in 0..40 {
        r.press(Command::SlowerTour);
    }
    assert_eq!(Some(&r.wall.standing().dwell), DWELLS.last());
}

#[test]
fn a_long_sleep_is_one_page_and_an_empty_list_none() {
    let mut r = Rig::new(&[(1, 3), (2, 3), (3, 3)]);
    r.press(Command::ToggleTour);
    r.pass(3_600_000);
    assert_eq!(r.selected(), "2/1");
    let mut empty = Rig::new(&[]);
    empty.press(Command::ToggleTour);
    empty.pass(3_600_000);
    assert!(empty.wall.selected().is_none());
    empty.wall.set_list(Arc::clone(r.wall.list()));
    assert_eq!(empty.selected(), "1/1");
}

proptest! {
    #[test]
    fn every_page_has_its_whole_time_and_none_is_left_out(
        districts in prop::collection::vec(1u32..40, 1..12),
        grouped: bool,
        steps in prop::collection::vec(1u64..4000, 1..400),
    ) {
        let districts: Vec<_> = (1..).zip(districts).collect();
        let mut r = Rig::new(&districts);
        if grouped {
            r.press(Command::ToggleGrouping);
        }
        // What paging by hand would show.
        let mut by_hand = r.wall.clone();
        r.press(Command::ToggleTour);
        let (mut shown_for, mut first) = (0, r.wall.page_stations()[0].id);
        for step in steps {
            r.pass(step);
            shown_for += step;
            let now = r.wall.page_stations()[0].id;
            let due = shown_for >= 10_000;
            if due {
                prop_assert!(shown_for < 10_000 + step);
                by_hand.apply(Command::NextPage);
                if by_hand.page_stations()[0].id == first {
                    by_hand.apply(Command::District(1));
                }
                shown_for = 0;
            }
            prop_assert_eq!(now, by_hand.page_stations()[0].id);
            first = now;
        }
    }
}
