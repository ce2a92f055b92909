//! By hand, against a slow account of tenths of seconds, and over days that were made up.

mod day;
mod journal;
mod slow;

use serde_json::Value;

use super::account::StageHours;
use super::*;
use crate::model::StationId;
use crate::model::day::Stage;
use crate::record::cause::Cause;
use crate::record::segment::Break;

const SECOND: i64 = 1_000_000;
const STATION: StationId = StationId::new(57, 12);

fn span(from_s: f64, to_s: f64) -> Span {
    Span::new((from_s * 1e6).round() as i64, (to_s * 1e6).round() as i64)
}

fn piece(from_s: f64, to_s: f64, breaks: &[(f64, f64)]) -> Piece {
    let Span { from_us, to_us } = span(from_s, to_s);
    let gone = |&(from, to)| {
        let Span { from_us, to_us } = span(from, to);
        Break { from_utc_us: from_us, to_utc_us: to_us }
    };
    Piece { from_us, to_us, breaks: breaks.iter().map(gone).collect(), ..Piece::default() }
}

fn says(cause: Cause, from_s: f64, to_s: f64) -> Witness {
    Witness { cause, span: span(from_s, to_s), evidence: Value::Null }
}

/// Voting from second 0 to 100, counting to 200.
fn stages() -> [StageHours; 2] {
    [(Stage::Voting, 0.0, 100.0), (Stage::Counting, 100.0, 200.0)]
        .map(|(stage, from, to)| StageHours { stage: Some(stage), span: span(from, to) })
}

fn ledger(pieces: &[Piece], witnesses: &[Witness], until_s: f64) -> StationLedger {
    let mut tape = Tape::default();
    pieces.iter().for_each(|piece| tape.add(piece));
    let map = CauseMap::new(witnesses);
    let ledger = account(STATION, &stages(), (until_s * 1e6).round() as i64, &mut tape, &map);
    adds_up(&ledger);
    ledger
}

/// What holds of every ledger.
fn adds_up(ledger: &StationLedger) {
    let mut at_us = ledger.hours.from_us;
    let (mut recorded, mut short, mut gone, mut breaks) = (0, 0, 0, 0);
    let mut by_cause = [0; Cause::ALL.len()];
    for line in &ledger.lines {
        assert_eq!(line.span().from_us, at_us, "no hole and no overlap");
        assert!(!line.span().is_empty());
        at_us = line.span().to_us;
        match line {
            Line::Recorded { span, short_breaks, short_us } => {
                recorded += span.len_us() - short_us;
                short += short_us;
                breaks += short_breaks;
            }
            Line::Gap(gap) => {
                gone += gap.span.len_us();
                by_cause[gap.cause as usize] += gap.span.len_us();
            }
        }
    }
    assert_eq!(at_us, ledger.until_us);
    let sums = ledger.sums;
    assert_eq!((sums.recorded_us, sums.short_us, sums.gap_us), (recorded, short, gone));
    assert_eq!((sums.gaps, sums.short_breaks), (ledger.gaps().count() as u64, breaks));
    assert_eq!(sums.by_cause_us, by_cause);
    assert_eq!(sums.hours_us, ledger.until_us - ledger.hours.from_us);
    assert_eq!(recorded + short + gone, sums.hours_us, "to the microsecond");
    assert_eq!(sums.hours_us + ledger.to_come_us(), ledger.hours.len_us());
    let mut all = Sums::default();
    for (stage, sums) in &ledger.stages {
        assert_eq!(sums.recorded_us + sums.short_us + sums.gap_us, sums.hours_us, "{stage:?}");
        assert_eq!(sums.by_cause_us.iter().sum::<i64>(), sums.gap_us, "{stage:?}");
        all.add(sums);
    }
    assert_eq!((all.recorded_us, all.short_us, all.gap_us), (recorded, short, gone));
    assert_eq!((all.hours_us, all.short_breaks), (sums.hours_us, breaks));
    assert!(all.gaps >= sums.gaps, "a gap over a border counts on both sides");
}

fn gaps(ledger: &StationLedger) -> Vec<(f64, f64, Cause)> {
    let seconds = |us: i64| us as f64 / 1e6;
    let tell = |gap: &Gap| (seconds(gap.span.from_us), seconds(gap.span.to_us), gap.cause);
    ledger.gaps().map(tell).collect()
}

#[test]
fn a_whole_day_is_one_line() {
    let segments = [piece(-5.0, 60.0, &[]), piece(60.1, 130.0, &[]), piece(131.0, 230.0, &[])];
    let day = ledger(&segments, &[], 500.0);
    assert_eq!(day.lines.len(), 1);
    assert_eq!(day.sums.coverage().to_string(), "100");
    assert_eq!(day.sums.recorded_us, 200 * SECOND);
}

#[test]
fn a_picture_stands_for_a_second_a_short_break_is_counted_and_a_gap_is_listed() {
    let us = 0.000_001;
    let day = ledger(
        &[
            piece(0.0, 50.0, &[(10.0, 11.0), (20.0, 21.0 + us), (30.0, 32.0), (40.0, 42.0 + us)]),
            piece(51.0, 60.0, &[]),
            piece(62.0, 70.0, &[]),
            piece(72.0 + us, 200.0, &[]),
        ],
        &[],
        500.0,
    );
    assert_eq!(
        gaps(&day),
        [(40.0, 42.000_001, Cause::Unknown), (70.0, 72.000_001, Cause::Unknown)]
    );
    assert_eq!(day.sums.short_breaks, 3);
    assert_eq!(day.sums.short_us, SECOND + 1 + 2 * SECOND + 2 * SECOND);
    assert_eq!(day.sums.longest_gap_us, 2 * SECOND + 1);
    assert_eq!(day.sums.coverage().to_string(), "97.99", "4.000002 s of 200 are gone");
}

#[test]
fn segments_may_overlap_and_come_in_any_order_over_borders_of_days_and_stages() {
    let segments = [
        piece(150.0, 260.0, &[]),
        piece(-30.0, 20.0, &[]),
        piece(90.0, 140.0, &[(95.0, 120.0)]),
        piece(10.0, 99.0, &[]),
    ];
    let day = ledger(&segments, &[], 500.0);
    assert_eq!(gaps(&day), [(99.0, 120.0, Cause::Unknown), (140.0, 150.0, Cause::Unknown)]);
    let [(_, voting), (_, counting)] = day.stages[..] else { panic!("two stages") };
    assert_eq!((voting.gaps, voting.gap_us), (1, SECOND), "one second of it belongs to voting");
    assert_eq!((counting.gaps, counting.gap_us), (2, 30 * SECOND));
    assert_eq!(counting.longest_gap_us, 20 * SECOND);
    assert_eq!(day.sums.gaps, 2);
}

#[test]
fn a_break_is_judged_by_its_whole_length_also_where_it_reaches_over_a_border() {
    let day = ledger(
        &[piece(-10.0, -1.0, &[]), piece(2.0, 199.0, &[]), piece(200.5, 210.0, &[])],
        &[],
        500.0,
    );
    assert_eq!(gaps(&day), [(0.0, 2.0, Cause::Unknown)], "three seconds, two of them ours");
    assert_eq!(day.sums.short_us, SECOND, "one and a half seconds, one of them ours");
    assert_eq!(
        ledger(&[piece(-5.0, -0.5, &[]), piece(0.4, 300.0, &[])], &[], 500.0).lines.len(),
        1
    );
}

#[test]
fn nothing_at_all_before_the_first_and_after_the_last_is_a_gap() {
    let day = ledger(&[], &[], 500.0);
    assert_eq!(gaps(&day), [(0.0, 200.0, Cause::Unknown)]);
    assert_eq!(day.sums.coverage().to_string(), "0.00");
    let one = ledger(&[piece(50.0, 50.0, &[])], &[], 500.0);
    assert_eq!(gaps(&one), [(0.0, 50.0, Cause::Unknown), (50.0, 200.0, Cause::Unknown)]);
    let day = ledger(&[piece(20.0, 190.0, &[])], &[], 500.0);
    assert_eq!(gaps(&day), [(0.0, 20.0, Cause::Unknown), (190.0, 200.0, Cause::Unknown)]);
}

#[test]
fn a_day_that_is_not_over_is_accounted_for_so_far() {
    let day = ledger(&[piece(-5.0, 40.0, &[])], &[], 40.8);
    assert_eq!(day.until_us, 40_800_000);
    assert_eq!(day.sums.coverage().to_string(), "100", "the next picture may still come in time");
    assert_eq!(day.to_come_us(), 159_200_000);
    let day = ledger(&[piece(-5.0, 40.0, &[])], &[], 41.5);
    assert_eq!((day.sums.short_us, day.sums.gaps), (1_500_000, 0));
    let day = ledger(&[piece(-5.0, 40.0, &[])], &[], 43.0);
    assert_eq!(gaps(&day), [(40.0, 43.0, Cause::Unknown)]);
    let before = ledger(&[], &[], -10.0);
    assert_eq!((before.lines.len(), before.sums.coverage().hundredths()), (0, None));
}

#[test]
fn of_two_causes_at_once_the_one_that_is_ours_is_named_and_the_other_kept() {
    let witnesses = [says(Cause::CameraSilent, 10.0, 40.0), says(Cause::DiskFull, 10.0, 40.0)];
    let day = ledger(&[piece(0.0, 10.0, &[]), piece(40.0, 200.0, &[])], &witnesses, 500.0);
    assert_eq!(gaps(&day), [(10.0, 40.0, Cause::DiskFull)]);
    assert_eq!(day.gaps().next().unwrap().also, [Cause::CameraSilent]);
}

#[test]
fn a_gap_is_divided_where_somebody_else_is_answerable() {
    let witnesses = [
        says(Cause::CameraSilent, 10.0, 40.0),
        says(Cause::ProcessDown, 40.0, 60.0),
        says(Cause::NetworkRefused, 60.0, 90.0),
    ];
    let day = ledger(&[piece(0.0, 10.0, &[]), piece(90.0, 200.0, &[])], &witnesses, 500.0);
    assert_eq!(
        gaps(&day),
        [
            (10.0, 40.0, Cause::CameraSilent),
            (40.0, 60.0, Cause::ProcessDown),
            (60.0, 90.0, Cause::NetworkRefused)
        ]
    );
    assert_eq!(day.sums.longest_gap_us, 80 * SECOND, "without a picture, whoever is answerable");
}

#[test]
fn what_reaches_over_a_border_has_its_cause_from_beyond() {
    // Refused until a second before the hours; sessions are set up anew and a keyframe is awaited.
    let before = [says(Cause::NetworkRefused, -20.0, -1.0)];
    let day = ledger(&[piece(-60.0, -20.0, &[]), piece(0.7, 200.0, &[])], &before, 500.0);
    assert_eq!(gaps(&day), [(0.0, 0.7, Cause::NetworkRefused)]);
    let after = [says(Cause::CameraSilent, 201.0, 240.0)];
    let day = ledger(&[piece(0.0, 199.5, &[]), piece(240.0, 300.0, &[])], &after, 500.0);
    assert_eq!(gaps(&day), [(199.5, 200.0, Cause::CameraSilent)]);
}

#[test]
fn what_lies_at_the_camera_is_one_gap_named_by_its_longest_part() {
    let witnesses = [
        says(Cause::CameraSilent, 10.0, 25.0),
        says(Cause::NetworkRefused, 25.0, 80.0),
        says(Cause::CameraSilent, 80.0, 90.0),
    ];
    let day = ledger(&[piece(0.0, 10.0, &[]), piece(90.0, 200.0, &[])], &witnesses, 500.0);
    assert_eq!(gaps(&day), [(10.0, 90.0, Cause::NetworkRefused)]);
    let gap = day.gaps().next().unwrap();
    assert_eq!(gap.also, [Cause::CameraSilent]);
    let said: Vec<_> = gap.evidence.iter().map(|share| share.span).collect();
    assert_eq!(said, [span(10.0, 25.0), span(25.0, 80.0), span(80.0, 90.0)]);
}

#[test]
fn no_part_is_shorter_than_a_gap_and_a_short_silence_belongs_to_its_neighbour() {
    let witnesses = [
        says(Cause::CameraSilent, 12.0, 40.0),
        // Too short to say anything by itself.
        says(Cause::Overload, 40.0, 41.5),
        says(Cause::CameraSilent, 41.5, 60.0),
        // Sessions are set up anew until 72.
    ];
    let day = ledger(&[piece(0.0, 10.0, &[]), piece(72.0, 200.0, &[])], &witnesses, 500.0);
    assert_eq!(gaps(&day), [(10.0, 72.0, Cause::CameraSilent)]);
    assert_eq!(day.gaps().next().unwrap().also, [Cause::Overload]);
    // But what stays unexplained for long is not put on anybody.
    let day = ledger(&[piece(0.0, 10.0, &[]), piece(95.0, 200.0, &[])], &witnesses, 500.0);
    assert_eq!(gaps(&day), [(10.0, 60.0, Cause::CameraSilent), (60.0, 95.0, Cause::Unknown)]);
}

#[test]
fn of_two_moments_too_short_to_stand_alone_what_is_known_wins_and_then_what_is_ours() {
    let gap = |witnesses: &[Witness]| {
        let day = ledger(&[piece(0.0, 10.0, &[]), piece(13.0, 200.0, &[])], witnesses, 500.0);
        gaps(&day)[..].to_vec()
    };
    let camera = says(Cause::CameraSilent, 10.0, 11.5);
    assert_eq!(gap(std::slice::from_ref(&camera)), [(10.0, 13.0, Cause::CameraSilent)]);
    let late = [camera.clone(), says(Cause::Overload, 11.5, 13.0)];
    assert_eq!(gap(&late), [(10.0, 13.0, Cause::Overload)]);
    assert_eq!(gap(&[says(Cause::ProcessDown, 12.0, 13.0)]), [(10.0, 13.0, Cause::ProcessDown)]);
}

#[test]
fn the_camera_clock_and_ours_are_told() {
    let mut tape = Tape::default();
    for hour in 0..3_i64 {
        tape.add(&Piece {
            from_us: hour * 3600 * SECOND,
            to_us: (hour * 3600 + 60) * SECOND,
            camera_clock_us: Some(5 * SECOND + hour * 1000),
            clock_ahead_us: if hour == 1 { 60 * SECOND } else { 0 },
            clock_synchronised: [Some(true), Some(false), None][hour as usize],
            ..Piece::default()
        });
    }
    let clock = tape.clock();
    assert_eq!(clock.camera_last, Some((7200 * SECOND, 5 * SECOND + 2000)));
    assert_eq!(clock.camera_drift_us_per_day(), Some(24_000));
    assert_eq!((clock.synchronised, clock.unsynchronised, clock.unknown), (1, 1, 1));
    assert_eq!(clock.most_ahead_us, 60 * SECOND);
}
