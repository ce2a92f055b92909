use super::*;
use crate::clock::{FakeClock, WallTime};
use crate::model::StationId;
use crate::model::day::Stage;
use crate::text::Lang;

const GOOD: &str = r#"
name = "Prezident seçkisi"
date = "2024-02-07"
zone = "Asia/Baku"

[stages]
before_opening = "07:00"
voting = 08:00:00
counting = "19:00"
protocol = "22:30"
closed = "03:00"

[[override]]
station = "57/12"
voting = "09:00"
counting = "17:00"
"#;

fn at(s: &str) -> WallTime {
    s.parse::<jiff::Zoned>().unwrap().timestamp().into()
}

#[test]
fn a_day_with_an_override_is_read() {
    let day = parse(GOOD).unwrap();
    assert_eq!(day.name, "Prezident seçkisi");
    let evening = at("2024-02-07T18:00[Asia/Baku]");
    assert_eq!(day.stage_at(evening, None).stage, Some(Stage::Voting));
    let hospital = day.stage_at(evening, Some(StationId::new(57, 12)));
    assert_eq!(hospital.stage, Some(Stage::Counting));
}

/// What is said about `text`, in English, one line for each problem.
fn said(text: &str) -> Vec<String> {
    let en = Text::of(Lang::En);
    parse(text).unwrap_err().iter().map(|p| p.explain(&en)).collect()
}

/// GOOD with one line replaced, and the single problem that makes.
fn one(from: &str, to: &str) -> DayProblem {
    assert!(GOOD.contains(from), "{from}");
    let problems = parse(&GOOD.replace(from, to)).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.into_iter().next().unwrap()
}

#[test]
fn each_mistake_is_named_with_its_line_and_key() {
    use DayProblemKind::*;
    let is = |line, key: &str, kind| DayProblem { line, key: key.into(), kind };
    assert_eq!(one("2024-02-07", "2024-02-30"), is(3, "date", NotDate("2024-02-30".into())));
    assert_eq!(one("Asia/Baku", "Baku"), is(4, "zone", NotZone("Baku".into())));
    assert_eq!(one("\"22:30\"", "\"25:00\""), is(10, "stages.protocol", NotTime("25:00".into())));
    assert_eq!(one("protocol = \"22:30\"", ""), is(6, "stages.protocol", Missing));
    assert_eq!(one("57/12", "57-12"), is(14, "override.station", NotStation("57-12".into())));
    assert_eq!(one("name = ", "nmae = \"x\"\nname = ").line, 2);
    assert_eq!(one("\"19:00\"", "8"), is(9, "stages.counting", NotText));
    let order = one("08:00:00", "06:00:00");
    assert_eq!((order.line, order.key.as_str()), (6, "stages"));
}

#[test]
fn all_mistakes_are_listed_at_once() {
    let all = said("date = 1\n[stages]\nvoting = \"8 am\"\nlunch = \"12:00\"\n");
    assert_eq!(all.len(), 9, "{all:#?}"); // name, zone, date, four times missing, one wrong, lunch
    assert!(all.iter().any(|p| p.contains("line 3") && p.contains("8 am")), "{all:#?}");
    assert!(all.iter().any(|p| p.contains("line 4") && p.contains("lunch")), "{all:#?}");
}

#[test]
fn what_is_no_toml_is_said_with_its_line() {
    let problems = parse("name = \"a\"\ndate = = 3\n").unwrap_err();
    assert_eq!(problems[0].line, 2);
    assert!(matches!(problems[0].kind, DayProblemKind::Syntax(_)));
    let bad = read::parse_bytes(b"name = 1\nname2 = \"\xE7\"").unwrap_err();
    assert_eq!((bad[0].line, &bad[0].kind), (2, &DayProblemKind::NotUtf8));
}

#[test]
fn a_station_with_two_overrides_or_an_empty_one_is_reported() {
    let twice = format!("{GOOD}\n[[override]]\nstation = \"57/12\"\nvoting = \"10:00\"\n");
    assert_eq!(parse(&twice).unwrap_err()[0].kind, DayProblemKind::Again("57/12".into()));
    let empty = format!("{GOOD}\n[[override]]\nstation = \"57/13\"\n");
    assert_eq!(parse(&empty).unwrap_err()[0].kind, DayProblemKind::NoTimes);
}

#[test]
fn without_a_file_there_is_a_day_and_no_stage() {
    let clock = FakeClock::at(at("2024-02-07T10:00[UTC]"));
    let day = load(Path::new("/nowhere/day.toml"), &clock).unwrap();
    assert_eq!(day.stage_at(clock.wall(), None).stage, None);
}

#[test]
fn the_documented_example_is_a_good_one() {
    let guide = include_str!("../../../docs/user/election-day.md");
    let example = guide.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let day = parse(example).unwrap();
    assert_eq!(day.overrides.len(), 2);
}
