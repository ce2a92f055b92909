mod choice;
mod tour;

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::clock::{Mono, WallTime};
use crate::health::alarms::{Acknowledged, Common, Severity};
use crate::wall::tests::list;
use crate::wall::{Command, IN_A_ROW, INTERRUPTION, Notice, To, TourView, Wall};

fn id(s: &str) -> StationId {
    s.parse().unwrap()
}

fn line(alarm: u64, about: About, state: State) -> Line {
    Line {
        id: AlarmId(alarm),
        about,
        state,
        worst: state,
        trouble: None,
        since: Mono::default(),
        ended: None,
        unanswered_from: Mono::default(),
        escalated: false,
        acknowledged: None,
        severity: Severity::of(state, None),
        times: 1,
    }
}

fn one(alarm: u64, station: &str, state: State) -> Line {
    line(alarm, About::Station(id(station)), state)
}

fn together(alarm: u64, stations: &[&str]) -> Line {
    let stations: Vec<_> = stations.iter().map(|s| id(s)).collect();
    let by = Common::District(stations[0].district);
    line(alarm, About::Together { by, of: 9, stations }, State::Offline)
}

fn answered(line: Line) -> Line {
    let by = Acknowledged { who: "Aysel".into(), at: WallTime::default(), note: String::new() };
    Line { acknowledged: Some(by), ..line }
}

/// A wall with a clock, and the alarms that it was told of last.
struct Rig {
    wall: Wall,
    now: Mono,
    lines: Vec<Line>,
}

impl Rig {
    fn new() -> Self {
        let wall = Wall::new(list(&[(1, 3), (23, 20), (57, 12), (88, 9)]));
        let mut rig = Self { wall, now: Mono::default(), lines: Vec::new() };
        rig.wall.set_attention_rows(4);
        rig.pass(0);
        rig
    }

    /// States follow from the alarms.
    fn attend(&mut self, lines: Vec<Line>) {
        self.lines = lines;
        let state_of = |station: StationId| {
            let of = |line: &&Line| AttentionList::stations(line).contains(&station);
            let line = self.lines.iter().find(of).filter(|line| line.ended.is_none());
            line.map_or(State::Live, |line| line.state)
        };
        let lines = self.lines.clone();
        self.wall.attend(&Arc::new(Attention { lines, ..Attention::default() }), state_of);
    }

    fn pass(&mut self, ms: u64) {
        self.now = self.now + Duration::from_millis(ms);
        self.wall.tick(self.now);
        self.attend(self.lines.clone());
    }

    fn press(&mut self, command: Command) {
        self.wall.apply(command);
    }

    fn step(&mut self, rows: i32) {
        self.press(Command::Move { columns: 0, rows });
    }

    fn selected(&self) -> String {
        self.wall.selected().unwrap().id.to_string()
    }

    fn chosen(&self) -> Option<u64> {
        self.wall.attention().chosen().and_then(Row::alarm).map(|id| id.0)
    }

    /// Where the chosen row is on screen.
    fn place(&self) -> usize {
        let list = self.wall.attention();
        let at = list.rows().iter().position(|r| Some(*r) == list.chosen()).unwrap();
        at - list.on_screen().start
    }
}

fn five() -> Vec<Line> {
    ["57/12", "23/11", "8/3", "88/1", "1/2"]
        .iter()
        .zip(1..)
        .map(|(s, alarm)| one(alarm, s, State::Stalled))
        .collect()
}

#[test]
fn tab_leads_into_the_list_and_back_and_enter_shows_and_then_enlarges() {
    let mut r = Rig::new();
    r.attend(five());
    r.step(1);
    assert_eq!(r.chosen(), None, "arrows move among the tiles");
    r.press(Command::EnterAttention);
    assert_eq!(r.chosen(), Some(1), "the worst and oldest");
    r.press(Command::Confirm);
    assert_eq!((r.selected(), r.wall.large()), ("57/12".into(), None));
    r.step(1);
    assert_eq!((r.selected(), r.chosen()), ("57/12".into(), Some(2)), "looking is not choosing");
    r.press(Command::Confirm);
    assert_eq!((r.selected(), r.chosen()), ("23/11".into(), Some(2)), "and stays in the list");
    r.press(Command::Confirm);
    assert_eq!(r.wall.large().map(|s| s.id), Some(id("23/11")));
    assert_eq!(r.chosen(), None, "keys are the large picture's");
    r.press(Command::Back);
    r.press(Command::EnterAttention);
    r.press(Command::Back);
    assert!(r.chosen().is_none() && r.wall.large().is_none());
    r.press(Command::EnterAttention);
    r.press(Command::Digit(1));
    r.press(Command::Confirm);
    assert_eq!(
        (r.selected(), r.chosen()),
        ("1/1".into(), None),
        "a typed number still leads there"
    );
}

#[test]
fn a_click_chooses_and_shows_and_a_hidden_list_has_no_keyboard() {
    let mut r = Rig::new();
    r.attend(five());
    r.press(Command::Choose(Row::Alarm(AlarmId(4))));
    assert_eq!((r.selected(), r.chosen()), ("88/1".into(), Some(4)));
    r.press(Command::ToggleAttention);
    assert!(!r.wall.attention().shown() && r.chosen().is_none());
    r.press(Command::EnterAttention);
    assert!(r.wall.attention().shown() && r.chosen() == Some(1));
}

#[test]
fn what_is_chosen_stays_chosen_and_where_it_is() {
    let mut r = Rig::new();
    r.attend(five());
    r.press(Command::EnterAttention);
    r.step(2);
    assert_eq!((r.chosen(), r.place()), (Some(3), 2));
    let mut more = five();
    more.insert(0, one(9, "88/2", State::Offline));
    more.insert(1, one(10, "88/3", State::Offline));
    r.attend(more.clone());
    assert_eq!((r.chosen(), r.place()), (Some(3), 2), "two came above it");
    assert_eq!(r.wall.attention().on_screen(), 2..6);
    more.remove(1);
    more.remove(0);
    r.attend(more.clone());
    assert_eq!((r.chosen(), r.place()), (Some(3), 2), "and went again");
    more.remove(2);
    r.attend(more.clone());
    assert_eq!(r.chosen(), None, "gone: nothing takes its place");
    r.press(Command::Acknowledge);
    assert_eq!((r.wall.notice(), r.wall.answer()), (Some(Notice::NothingChosen), None));
    r.attend(more);
    r.step(1);
    assert_eq!((r.chosen(), r.place()), (Some(4), 2), "what stands where it was is one step down");
    r.press(Command::Back);
    r.attend(five());
    assert_eq!(r.wall.attention().on_screen(), 0..4, "nobody in it: it begins with the worst");
}

#[test]
fn what_is_under_the_pointer_stays_there() {
    let mut r = Rig::new();
    r.attend(five());
    r.wall.point_at(Some(Row::Alarm(AlarmId(2))));
    let mut more = five();
    more.insert(0, one(9, "88/2", State::Offline));
    r.attend(more.clone());
    assert_eq!(r.wall.attention().on_screen(), 1..5);
    r.wall.point_at(None);
    r.attend(more);
    assert_eq!(r.wall.attention().on_screen(), 0..4);
}

#[test]
fn a_group_opens_and_its_stations_are_shown() {
    let mut r = Rig::new();
    let lines = vec![one(1, "57/12", State::Stalled), together(2, &["88/2", "88/5", "88/7"])];
    r.attend(lines.clone());
    r.press(Command::EnterAttention);
    r.step(1);
    assert_eq!(r.wall.at_hand(), None, "several");
    r.press(Command::OpenMaintenance);
    assert_eq!((r.wall.notice(), r.wall.answer()), (Some(Notice::ChooseOne), None));
    r.press(Command::Confirm);
    assert_eq!(r.selected(), "88/2", "its page");
    r.attend(lines.clone());
    assert_eq!(r.wall.attention().rows().len(), 5);
    r.step(2);
    assert_eq!(r.wall.at_hand(), Some(id("88/5")));
    r.press(Command::Confirm);
    assert_eq!(r.selected(), "88/5");
    r.press(Command::Acknowledge);
    assert_eq!(r.wall.answer().unwrap().to, To::Acknowledge(AlarmId(2)), "there is one alarm");
    r.press(Command::Back);
    r.step(-2);
    r.press(Command::Confirm);
    r.attend(lines);
    assert_eq!(r.wall.attention().rows().len(), 2, "closed again");
}

#[test]
fn the_filter_shows_what_the_count_counts() {
    let mut r = Rig::new();
    let over = Line { ended: Some(Mono::default()), ..one(4, "1/1", State::Stalled) };
    let lines = vec![
        one(1, "57/12", State::Offline),
        one(2, "57/3", State::Stalled),
        together(3, &["88/1", "88/2"]),
        over,
    ];
    r.attend(lines.clone());
    r.press(Command::Filter(State::Offline));
    r.attend(lines.clone());
    let rows = |r: &Rig| r.wall.attention().rows().to_vec();
    assert_eq!(rows(&r), [Row::Alarm(AlarmId(1)), Row::Alarm(AlarmId(3))]);
    r.press(Command::EnterAttention);
    r.press(Command::Back);
    r.attend(lines.clone());
    assert_eq!((rows(&r).len(), r.chosen().is_some()), (4, true), "Esc shows everything first");
    // From one state there is to the next, worst first, and everything again.
    let mut seen = Vec::new();
    for _ in 0..3 {
        r.press(Command::Move { columns: 1, rows: 0 });
        r.attend(lines.clone());
        seen.push((r.wall.attention().filter(), rows(&r).len()));
    }
    assert_eq!(seen, [(Some(State::Offline), 2), (Some(State::Stalled), 1), (None, 4)]);
    r.press(Command::Filter(State::Live));
    assert_eq!(r.wall.attention().filter(), None, "what lives needs no attention");
    // A station in the state for which there is no alarm yet is listed as well.
    r.press(Command::Filter(State::Black));
    let black = |s: StationId| if s == id("1/3") { State::Black } else { State::Live };
    r.wall.attend(&Arc::new(Attention::default()), black);
    assert_eq!(rows(&r), [Row::Station(id("1/3"))]);
}

#[test]
fn on_the_tiles_a_means_the_selected_station() {
    let mut r = Rig::new();
    r.attend(vec![together(1, &["57/2", "57/3"]), one(2, "57/3", State::Stalled)]);
    r.press(Command::Show(id("57/3")));
    r.press(Command::Acknowledge);
    assert_eq!(r.wall.answer().unwrap().to, To::Acknowledge(AlarmId(2)), "its own first");
    r.press(Command::Confirm);
    r.press(Command::Show(id("57/2")));
    r.press(Command::Acknowledge);
    r.press(Command::Select(id("57/4")));
    assert!(r.wall.answer().is_none(), "a click beside it leaves it");
    assert_eq!(r.selected(), "57/4");
    r.press(Command::Acknowledge);
    assert_eq!(r.wall.notice(), Some(Notice::NothingToAcknowledge(id("57/4"))));
    assert_eq!(r.wall.take_answers().len(), 1);
}

#[test]
fn work_has_a_length_and_a_reason() {
    let mut r = Rig::new();
    r.press(Command::Show(id("57/4")));
    r.press(Command::OpenMaintenance);
    r.step(1);
    r.wall.write_answer("kabel");
    r.press(Command::Confirm);
    let given = r.wall.take_answers();
    assert_eq!(given[0].to, To::Maintain { station: id("57/4"), span: 1 });
    r.press(Command::OpenMaintenance);
    r.step(9);
    r.step(9);
    r.press(Command::Confirm);
    assert_eq!(r.wall.take_answers()[0].to, To::Maintain { station: id("57/4"), span: 2 });
}

#[test]
fn the_days_page_follows_the_station_and_needs_no_other_picture() {
    let mut r = Rig::new();
    r.attend(five());
    r.press(Command::EnterAttention);
    r.press(Command::ToggleHistory);
    assert_eq!(r.wall.history(), Some(id("57/12")));
    assert_eq!(r.wall.demand().len(), 1);
    r.press(Command::PreviousPage);
    assert_eq!(r.wall.history(), Some(id("57/11")), "the neighbour");
    r.press(Command::Back);
    assert_eq!((r.wall.history(), r.selected()), (None, "57/11".into()));
    r.press(Command::Back);
    r.press(Command::Confirm);
    r.press(Command::ToggleHistory);
    assert_eq!(r.wall.large(), None);
    r.press(Command::ToggleHistory);
    assert!(r.wall.large().is_some(), "back to where one was");
    r.press(Command::ToggleHistory);
    r.wall.set_list(list(&[(2, 2)]));
    assert_eq!(r.wall.history(), None, "its station is gone");
}

proptest! {
    /// Whatever comes and goes: what is chosen is a row, on screen, and stays chosen while it is
    /// there; and where there are rows enough above it, it does not move.
    #[test]
    fn the_chosen_row_is_stable(
        changes in prop::collection::vec((prop::collection::btree_set(1u32..20, 0..14), 0..4i32), 1..30),
        room in 1usize..6,
        grouped: bool,
    ) {
        let mut r = Rig::new();
        r.wall.set_attention_rows(room);
        r.press(Command::EnterAttention);
        for (open, moves) in changes {
            let mut lines: Vec<Line> = open
                .iter()
                .map(|n| one(u64::from(*n), &format!("23/{n}"), State::Stalled))
                .collect();
            if grouped {
                lines.push(together(99, &["88/1", "88/2"]));
            }
            let before = r.wall.attention().chosen();
            let place = before.filter(|row| r.wall.attention().rows().contains(row)).map(|_| r.place());
            r.attend(lines);
            let list = r.wall.attention();
            let stays = before.filter(|row| {
                let group = row.alarm().map(Row::Alarm);
                list.rows().contains(row) || group.is_some_and(|row| list.rows().contains(&row))
            });
            prop_assert_eq!(list.chosen().is_some(), stays.is_some());
            if let Some(row) = list.chosen() {
                let at = list.rows().iter().position(|other| *other == row).unwrap();
                prop_assert!(list.on_screen().contains(&at));
                prop_assert!(list.on_screen().len() <= room);
            }
            if let (Some(before), Some(place)) = (before, place)
                && let Some(at) = list.rows().iter().position(|row| *row == before)
            {
                prop_assert_eq!(list.chosen(), Some(before));
                prop_assert_eq!(r.place(), place.min(at));
            }
            r.step(moves - 1);
            if moves == 2 && r.wall.attention().chosen() == Some(Row::Alarm(AlarmId(99))) {
                r.press(Command::Confirm);
            }
        }
    }
}
