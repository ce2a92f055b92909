//! The auditor's way through a day.

use proptest::prelude::*;

use super::*;
use crate::record::Cause;
use crate::record::ledger::{ClockSeen, Gap, Line, Sums, Tracks};

const S: i64 = 1_000_000;
const DAY: Span = Span::new(0, 43_200 * S);

fn lanes(gaps: &[(i64, i64)]) -> Vec<Lane> {
    let gap = |&(from, to): &(i64, i64)| {
        Line::Gap(Gap {
            span: Span::new(from * S, to * S),
            cause: Cause::CameraSilent,
            also: Vec::new(),
            evidence: Vec::new(),
            evidence_left_out: 0,
        })
    };
    let station = StationId::new(23, 4);
    let ledger = StationLedger {
        station,
        hours: DAY,
        until_us: DAY.to_us,
        lines: gaps.iter().map(gap).collect(),
        sums: Sums::default(),
        stages: Vec::new(),
        tracks: Tracks::default(),
        clock: ClockSeen::default(),
        recording: false,
    };
    vec![Lane { station, name: String::new(), ledger: Some(Arc::new(ledger)) }]
}

const fn seek(at: i64) -> Ask {
    Ask::Seek { at_us: at * S, dragging: false }
}

#[test]
fn one_walks_from_gap_to_gap_and_compares_the_nearest() {
    let lanes = lanes(&[(100, 200), (900, 905)]);
    let mut desk = Desk::new(DAY);
    assert_eq!(desk.gap(&lanes, 0, true), Some(seek(100)));
    assert_eq!(desk.gap(&lanes, 100 * S, true), Some(seek(900)));
    assert_eq!(desk.gap(&lanes, 900 * S, true), None);
    assert_eq!(desk.gap(&lanes, 905 * S, false), Some(seek(900)));
    assert_eq!(desk.gap(&lanes, 900 * S, false), Some(seek(100)));
    let gap = Span::new(100 * S, 200 * S);
    assert_eq!(desk.compare(&lanes, 150 * S), Some(Ask::Compare { tile: 0, gap }));
    assert!(desk.comparing());
    assert_eq!(desk.compare(&lanes, 150 * S), Some(Ask::EndCompare));
    let gap = Span::new(900 * S, 905 * S);
    assert_eq!(desk.compare(&lanes, 600 * S), Some(Ask::Compare { tile: 0, gap }));
    assert_eq!(desk.back(), Some(Some(Ask::EndCompare)));
    assert_eq!(desk.back(), None);
    assert_eq!(Desk::new(DAY).compare(&self::lanes(&[]), 0), None);
}

#[test]
fn what_is_typed_is_taken_only_if_it_means_something() {
    let mut desk = Desk::new(DAY);
    desk.open(Field::Time);
    desk.write("25:00");
    assert_eq!(desk.enter(|_| None), None);
    assert!(desk.wrong_time());
    assert_eq!(desk.typing(), Some((Field::Time, "25:00")), "nothing is lost");
    desk.write("10:58");
    assert_eq!(desk.enter(|typed| (typed == "10:58").then_some(7 * S)), Some(seek(7)));
    desk.open(Field::Note);
    desk.write("  \u{7} ");
    assert_eq!(desk.enter(|_| None), None);
    desk.open(Field::Note);
    desk.write(" qutu görünmür\n");
    let text = "qutu görünmür".to_owned();
    assert_eq!(desk.enter(|_| None), Some(Ask::Note { tile: 0, text }));
}

#[test]
fn a_span_is_marked_from_either_end() {
    let mut desk = Desk::new(DAY);
    desk.mark(10, false);
    desk.mark(20, true);
    assert_eq!(desk.marked(), (Some(10), Some(20)));
    desk.mark(30, false);
    assert_eq!(desk.marked(), (Some(30), None));
    desk.mark(5, true);
    assert_eq!(desk.marked(), (None, Some(5)));
}

#[test]
fn speeds_end_at_both_ends() {
    assert_eq!(next_speed(1.0, true), 2.0);
    assert_eq!(next_speed(1.0, false), 0.5);
    assert_eq!(next_speed(0.25, false), 0.25);
    assert_eq!(next_speed(64.0, true), 64.0);
}

proptest! {
    #[test]
    fn the_timeline_never_leaves_the_day_and_is_never_empty(
        steps in proptest::collection::vec((0.01f64..100.0, 0i64..43_200, -90_000i64..90_000), 0..40),
    ) {
        let mut desk = Desk::new(DAY);
        for (factor, around, pan) in steps {
            let at = around * S;
            let before = desk.visible();
            desk.zoom(factor, at);
            let now = desk.visible();
            if before.from_us <= at && at <= before.to_us {
                prop_assert!(now.from_us <= at && at <= now.to_us, "what is under the pointer stays");
            }
            desk.pan(pan * S);
            desk.follow(at);
            let now = desk.visible();
            prop_assert!(now.from_us >= DAY.from_us && now.to_us <= DAY.to_us);
            prop_assert!(now.len_us() >= NEAREST_US);
            prop_assert!(now.from_us <= at && at <= now.to_us);
        }
    }
}
