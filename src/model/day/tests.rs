use jiff::civil::{date, time};
use proptest::prelude::*;

use super::*;

fn times(hours: [i8; 5]) -> StageTimes {
    StageTimes::new(hours.map(|h| time(h, 0, 0, 0))).unwrap()
}

fn day(zone: &str, stages: [i8; 5]) -> ElectionDay {
    ElectionDay {
        name: "test".into(),
        date: date(2024, 2, 7),
        zone: TimeZone::get(zone).unwrap(),
        stages: Some(times(stages)),
        overrides: BTreeMap::new(),
    }
}

fn at(zoned: &str) -> WallTime {
    zoned.parse::<Zoned>().unwrap().timestamp().into()
}

fn hours(h: u64) -> Duration {
    Duration::from_secs(h * 3600)
}

#[test]
fn the_stages_follow_each_other_and_run_past_midnight() {
    let day = day("Asia/Baku", [7, 8, 19, 22, 3]);
    let stage = |t: &str| day.stage_at(at(&format!("{t}[Asia/Baku]")), None);
    let is = |stage, elapsed, total| StageAt { stage: Some(stage), elapsed, total };
    let min = |m: u64| Duration::from_secs(m * 60);
    assert_eq!(stage("2024-02-07T06:00"), is(Stage::BeforeOpening, Duration::ZERO, Some(hours(1))));
    assert_eq!(stage("2024-02-07T07:30"), is(Stage::BeforeOpening, min(30), Some(hours(1))));
    assert_eq!(stage("2024-02-07T11:42"), is(Stage::Voting, min(222), Some(hours(11))));
    assert_eq!(stage("2024-02-07T19:00"), is(Stage::Counting, min(0), Some(hours(3))));
    assert_eq!(stage("2024-02-08T02:00"), is(Stage::Protocol, min(240), Some(hours(5))));
    assert_eq!(stage("2024-02-08T04:00"), is(Stage::Closed, hours(1), None));
}

#[test]
fn a_station_may_have_its_own_times() {
    let mut day = day("Asia/Baku", [7, 8, 19, 22, 3]);
    let hospital = StationId::new(57, 12);
    day.overrides.insert(hospital, times([7, 9, 17, 18, 20]));
    let moment = at("2024-02-07T17:30[Asia/Baku]");
    assert_eq!(day.stage_at(moment, Some(hospital)).stage, Some(Stage::Counting));
    assert_eq!(day.stage_at(moment, Some(StationId::new(57, 13))).stage, Some(Stage::Voting));
}

#[test]
fn a_clock_change_lengthens_the_stage_it_falls_in() {
    // Berlin set its clocks back at 03:00 on 27 October 2024.
    let mut day = day("Europe/Berlin", [7, 8, 18, 22, 4]);
    day.date = date(2024, 10, 26);
    let stage = day.stage_at(at("2024-10-27T03:30[Europe/Berlin]"), None);
    assert_eq!(stage.stage, Some(Stage::Protocol));
    assert_eq!(stage.elapsed, Duration::from_secs(6 * 3600 + 1800));
    assert_eq!(stage.total, Some(hours(7)));
}

#[test]
fn without_a_configured_day_no_stage_is_claimed_and_midnight_starts_anew() {
    let zone = TimeZone::get("Asia/Baku").unwrap();
    let day = ElectionDay::unconfigured(zone, at("2024-02-07T23:00[Asia/Baku]"));
    assert_eq!(day.date, date(2024, 2, 7));
    let stage = day.stage_at(at("2024-02-08T01:00[Asia/Baku]"), None);
    assert_eq!(stage, StageAt { stage: None, elapsed: hours(1), total: Some(hours(24)) });
}

#[test]
fn times_that_make_no_day_are_refused() {
    let order = |h: [i8; 5]| StageTimes::new(h.map(|h| time(h, 0, 0, 0))).unwrap_err();
    use Stage::*;
    assert_eq!(order([9, 8, 19, 22, 3]), StageOrder::Backwards(BeforeOpening, Voting));
    assert_eq!(order([7, 8, 8, 22, 3]), StageOrder::Same(Voting, Counting));
    assert_eq!(order([7, 8, 19, 2, 1]), StageOrder::Backwards(Protocol, Closed));
}

proptest! {
    /// Whatever the zone and the moment, what has elapsed never exceeds the stage, and the
    /// stages never go backwards as time goes on.
    #[test]
    fn elapsed_stays_within_the_stage(
        zone in prop::sample::select(vec!["Asia/Baku", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"]),
        month in 1i8..=12, dom in 1i8..=28, seconds in -100_000i64..200_000,
    ) {
        let mut day = day(zone, [7, 8, 19, 22, 3]);
        day.date = date(2024, month, dom);
        let start = day.moment(0, Time::midnight());
        let moment = WallTime::from_micros(start.as_micros() + seconds * 1_000_000);
        let s = day.stage_at(moment, None);
        if let Some(total) = s.total {
            prop_assert!(s.elapsed < total);
        }
        let later = WallTime::from_micros(moment.as_micros() + 3_600_000_000);
        prop_assert!(day.stage_at(later, None).stage >= s.stage);
    }
}

#[test]
fn a_day_of_another_year_is_noticed() {
    let day = ElectionDay {
        date: "2024-02-07".parse().unwrap(),
        ..ElectionDay::unconfigured(TimeZone::UTC, WallTime::from_micros(0))
    };
    let at = |s: &str| s.parse::<jiff::Timestamp>().unwrap().into();
    for near in ["2024-02-06T00:00:00Z", "2024-02-07T12:00:00Z", "2024-02-08T23:59:59Z"] {
        assert!(day.is_near(at(near)), "{near}");
    }
    for far in ["2024-02-05T23:59:59Z", "2024-02-09T00:00:00Z", "2026-02-07T12:00:00Z"] {
        assert!(!day.is_near(at(far)), "{far}");
    }
}
