//! Scripts that are understood, mistakes that are named, shares that are fair.

use proptest::prelude::*;

use super::*;
use crate::simulate::fault::{Backlog, Door, Flow, GarbageAt, Rate, View};
use crate::text::{Lang, Text};

fn stations() -> Vec<StationId> {
    let ids = [(1, 4), (23, 9), (57, 12)];
    ids.into_iter().flat_map(|(d, k)| (1..=k).map(move |s| StationId::new(d, s))).collect()
}

fn place(id: &str) -> usize {
    let id: StationId = id.parse().unwrap();
    stations().iter().position(|s| *s == id).unwrap()
}

fn schedule(text: &str) -> Schedule {
    Schedule::new(&Script::parse(text).unwrap(), &stations()).unwrap()
}

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_fault_strikes_whom_it_names_when_it_says() {
    let s = schedule(
        r#"
        [[fault]]
        stations = ["23/4", "57/*"]
        kind = "mute"
        from = "30s"
        for = "20s"
        every = "60s"
        "#,
    );
    assert_eq!(s.stricken(), 13);
    for (station, t, flow) in [
        ("23/4", 29, Flow::Runs),
        ("23/4", 30, Flow::Mute),
        ("57/1", 49, Flow::Mute),
        ("57/12", 50, Flow::Runs),
        ("57/12", 90, Flow::Mute),
        ("23/5", 30, Flow::Runs),
        ("1/1", 30, Flow::Runs),
    ] {
        assert_eq!(s.condition(place(station), at(t)).flow, flow, "{station} at {t}");
    }
    assert_eq!(s.next_change(place("23/4"), at(31)), Some(at(50)));
    assert_eq!(s.next_change(place("1/1"), at(0)), None);
}

#[test]
fn every_clip_that_a_fault_needs_is_foreseen_however_late_it_comes() {
    let s = schedule(
        r#"
        [[fault]]
        stations = ["23/4"]
        kind = "mute"
        for = "5s"
        every = "30s"

        [[fault]]
        stations = ["23/4"]
        kind = "black"
        from = "3h"

        [[fault]]
        stations = ["23/4"]
        kind = "size-change"
        from = "20s"
        for = "10s"
        every = "15s"
        "#,
    );
    let seen = |station| -> Vec<_> {
        s.shown(place(station), 8).iter().map(|c| (c.view, c.size)).collect()
    };
    let struck = seen("23/4");
    for shown in [(View::Normal, None), (View::Black, None), (View::Normal, Some((320, 180)))] {
        assert!(struck.contains(&shown), "{shown:?} not in {struck:?}");
    }
    assert!(seen("1/1").iter().all(|shown| *shown == (View::Normal, None)));
}

#[test]
fn times_are_whole_milliseconds() {
    let s = schedule("[[fault]]\nstations=['1/1']\nkind='mute'\nfor='0.2s'\nevery='0.3333333s'\n");
    assert_eq!(s.next_change(place("1/1"), Duration::from_millis(200)), Some(at(333) / 1000));
}

#[test]
fn a_script_of_too_many_faults_is_refused_at_once() {
    let many = "[[fault]]\nstations=['1/1']\nkind='mute'\n".repeat(1001);
    let problems = Script::parse(&many).unwrap_err();
    assert_eq!(problems.len(), 1);
    let said = problems[0].explain(&Text::of(Lang::En));
    assert!(said.contains("1001") && said.contains("at most 1000"), "{said}");
}

#[test]
fn every_kind_is_understood() {
    let conditions = |line: &str| {
        let text = format!("[[fault]]\nstations = [\"1/1\"]\n{line}\n");
        schedule(&text).condition(place("1/1"), at(0))
    };
    let healthy = Condition::default;
    let second = Duration::from_secs(1);
    for (line, expected) in [
        ("kind = 'mute'", Condition { flow: Flow::Mute, ..healthy() }),
        (
            "kind = 'drip'\ngap = '1s'",
            Condition { flow: Flow::Drip { every: second }, ..healthy() },
        ),
        ("kind = 'rtcp-only'", Condition { flow: Flow::RtcpOnly, ..healthy() }),
        ("kind = 'half-open'", Condition { is_stuck: true, ..healthy() }),
        ("kind = 'refuse'", Condition { door: Door::Refuse, ..healthy() }),
        ("kind = 'black-hole'", Condition { door: Door::BlackHole, ..healthy() }),
        ("kind = 'unauthorized'", Condition { rejects_logins: true, ..healthy() }),
        (
            "kind = 'reset'\nafter = '1s'",
            Condition {
                resets: Some(crate::simulate::fault::Resets {
                    after: second,
                    since: Duration::ZERO,
                }),
                ..healthy()
            },
        ),
        (
            "kind = 'pause'\nfor = '100ms'",
            Condition { flow: Flow::Pause(Backlog::Send), ..healthy() },
        ),
        (
            "kind = 'pause'\nfor = '30s'\nbacklog = 'skip'",
            Condition { flow: Flow::Pause(Backlog::Skip), ..healthy() },
        ),
        ("kind = 'frozen'", Condition { view: View::Frozen, ..healthy() }),
        ("kind = 'black'", Condition { view: View::Black, ..healthy() }),
        ("kind = 'covered'", Condition { view: View::Covered, ..healthy() }),
        (
            "kind = 'low-rate'\nframes_per_second = 5",
            Condition { rate: Some(Rate::PerSecond(5)), ..healthy() },
        ),
        (
            "kind = 'low-rate'\nframes_per_second = 0.1",
            Condition { rate: Some(Rate::KeyframeEvery(10 * second)), ..healthy() },
        ),
        ("kind = 'no-keyframe'", Condition { skips_keyframes: true, ..healthy() }),
        ("kind = 'pts-jump'\nby = '-1.5s'", Condition { rtp_shift_ms: -1500, ..healthy() }),
        (
            "kind = 'clock-jump'\nby = '1h'",
            Condition { rtp_shift_ms: 3_600_000, clock_shift_ms: 3_600_000, ..healthy() },
        ),
        (
            "kind = 'size-change'\nsize = '704x576'",
            Condition { size: Some((704, 576)), ..healthy() },
        ),
        ("kind = 'codec-change'", Condition { has_other_codec: true, ..healthy() }),
        ("kind = 'garbage'", Condition { garbage: 1.0, ..healthy() }),
        ("kind = 'garbage'\nat = 'answer'", Condition { garbles_answers: true, ..healthy() }),
        ("kind = 'loss'\npart = 0.2", Condition { loss: 0.2, ..healthy() }),
        ("kind = 'burst'", Condition { bursts: true, ..healthy() }),
    ] {
        assert_eq!(conditions(line), expected, "{line}");
    }
    for name in read::KINDS {
        let text = format!("[[fault]]\nstations=['*']\nkind='{name}'\nfor='1s'\n");
        let parameters = match name {
            "low-rate" => "frames_per_second = 2",
            "loss" => "part = 1",
            _ => "",
        };
        assert!(Script::parse(&(text + parameters)).is_ok(), "{name}");
    }
    let kind = Script::parse("[[fault]]\nshare=1\nkind='garbage'").unwrap().faults[0].kind;
    assert_eq!(kind, Kind::Garbage { at: GarbageAt::Stream, share: 1.0 });
}

#[test]
fn mistakes_are_named_with_their_line() {
    let english = Text::of(Lang::En);
    for (text, line, part) in [
        ("[[fault]", 1, "TOML"),
        ("sead = 1", 1, "seed, fault"),
        ("seed = -1", 1, "“-1”"),
        ("fault = 3", 1, "[[fault]]"),
        ("[[fault]]\nstations = ['*']", 1, "missing"),
        ("[[fault]]\nstations = ['*']\nkind = 'mut'", 3, "“mut”"),
        ("[[fault]]\nkind = 'mute'", 1, "57/*"),
        ("[[fault]]\nkind = 'mute'\nstations = '*'", 3, "“*”"),
        ("[[fault]]\nkind = 'mute'\nstations = ['57']", 3, "“57”"),
        ("[[fault]]\nkind = 'mute'\nshare = 10", 3, "0.001"),
        ("[[fault]]\nkind = 'mute'\nshare = 1\nat = 'answer'", 4, "stations, share, kind"),
        ("[[fault]]\nkind = 'mute'\nshare = 1\nfrom = 30", 4, "“30”"),
        ("[[fault]]\nkind = 'mute'\nshare = 1\nfor = '25h'", 4, "24h"),
        ("[[fault]]\nkind = 'mute'\nshare = 1\nevery = '5s'", 1, "for"),
        ("[[fault]]\nkind = 'mute'\nshare = 1\nfor = '5s'\nevery = '5s'", 1, "for"),
        ("[[fault]]\nkind = 'pause'\nshare = 1", 1, "missing"),
        ("[[fault]]\nkind = 'pause'\nshare = 1\nfor = '31s'", 4, "30s"),
        ("[[fault]]\nkind = 'pause'\nshare = 1\nfor = '1s'\nbacklog = 'both'", 5, "send, skip"),
        ("[[fault]]\nkind = 'low-rate'\nshare = 1", 1, "missing"),
        ("[[fault]]\nkind = 'low-rate'\nshare = 1\nframes_per_second = 0.7", 4, "0.5"),
        ("[[fault]]\nkind = 'size-change'\nshare = 1\nsize = '321x180'", 4, "“321x180”"),
        ("[[fault]]\nkind = 'loss'\nshare = 1\npart = 0", 4, "0.001"),
        ("[[fault]]\nkind = 'pts-jump'\nshare = 1\nby = 'soon'", 4, "“soon”"),
    ] {
        let problems = Script::parse(text).expect_err(text);
        assert_eq!(problems.len(), 1, "{text}: {problems:?}");
        assert_eq!(problems[0].line, line, "{text}: {problems:?}");
        let said = problems[0].explain(&english);
        assert!(said.contains(part), "{text}: {said}");
    }
    let all = Script::parse("[[fault]]\nkind='x'\n[[fault]]\nkind='y'").unwrap_err();
    assert_eq!(all.iter().map(|p| p.line).collect::<Vec<_>>(), [2, 4], "all at once");
    assert_eq!(Script::parse_bytes(b"a\n\xff").unwrap_err()[0].line, 2);
}

#[test]
fn a_station_that_is_not_there_is_a_mistake() {
    let script = Script::parse("\n[[fault]]\nkind = 'mute'\nstations = ['57/12', '58/*']").unwrap();
    let problems = Schedule::new(&script, &stations()).unwrap_err();
    let kind = ScriptProblemKind::NoSuchStation("58/*".into());
    assert_eq!(problems, [ScriptProblem { line: 2, key: "stations".into(), kind }]);
}

proptest! {
    #[test]
    fn a_share_is_so_many_and_the_same_every_time(seed in 0u64..1000, percent in 1u32..=100) {
        let share = f64::from(percent) / 100.0;
        let text = format!("seed = {seed}\n[[fault]]\nshare = {share}\nkind = 'black'\n");
        let expected = ((share * 25.0).round() as usize).max(1);
        let struck = |s: &Schedule| -> Vec<usize> {
            (0..25).filter(|&n| s.condition(n, at(0)).view == View::Black).collect()
        };
        let (first, again) = (schedule(&text), schedule(&text));
        prop_assert_eq!(first.stricken(), expected);
        prop_assert_eq!(struck(&first), struck(&again));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        let _ = Script::parse(&text);
        let _ = Script::parse(&format!("[[fault]]\n{text}"));
    }
}
