//! The attention list, acknowledging, work at a station, the filter, the fleet guard and the day's
//! page: what a person sees, hears and presses.

use std::sync::Arc;

use eframe::egui::{self, Key};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
use pollwall::clock::WallTime;
use pollwall::health::alarms::{
    About, Acknowledged, AlarmId, Attention, Common, Guard, Line, OwnTrouble, Severity,
};
use pollwall::health::{Assessment, State, Trouble};
use pollwall::model::{StationId, StationList};
use pollwall::text::Lang;
use pollwall::ui::{Action, Delivered, History, MaintenanceView, PastAlarm, Scene, Span};
use pollwall::wall::{Command, Row, Tone};

use crate::country::country;
use crate::rig::*;

fn id(s: &str) -> StationId {
    s.parse().unwrap()
}

/// `minutes` before the moment on the wall; after it, with a negative number.
fn at(minutes: i64) -> WallTime {
    WallTime::from_micros(wall_time().as_micros() - minutes * 60_000_000)
}

fn line(alarm: u64, about: About, state: State, seconds: f64) -> Line {
    Line {
        id: AlarmId(alarm),
        about,
        state,
        worst: state,
        trouble: None,
        since: ago(seconds),
        ended: None,
        unanswered_from: ago(seconds),
        escalated: false,
        acknowledged: None,
        severity: Severity::of(state, None),
        times: 1,
    }
}

fn one(alarm: u64, station: &str, state: State, seconds: f64) -> Line {
    line(alarm, About::Station(id(station)), state, seconds)
}

fn aysel(note: &str) -> Acknowledged {
    Acknowledged { who: "Aysel".into(), at: at(3), note: note.into() }
}

fn set(scene: &mut Scene, station: &str, assessment: Assessment) {
    scene.stations.get_mut(&id(station)).unwrap().assessment = assessment;
}

fn attend(scene: &mut Scene, lines: Vec<Line>) {
    scene.attention = Arc::new(Attention { lines, ..Attention::default() });
}

/// A country where all is well; district 26 has pictures.
fn quiet() -> (Arc<StationList>, Scene) {
    let list = country();
    let scene = scene(&list, |id| id.district == 26);
    (list, scene)
}

/// Pictures that arrive and are not what they ought to be.
fn suspected(state: State, seconds: f64) -> Assessment {
    Assessment { state, since: ago(seconds), ..live() }
}

/// Seven troubles, five of them on the page of district 26, and work at one station.
fn seven() -> (Arc<StationList>, Scene) {
    let (list, mut scene) = quiet();
    let lost = since(State::Offline, 130.0, Some(Trouble::Refused));
    set(&mut scene, "26/2", lost);
    let view = scene.stations.get_mut(&id("26/2")).unwrap();
    (view.picture, view.newest_picture) = (Some(picture(120, ago(130.0))), Some(ago(130.0)));
    set(&mut scene, "26/4", Assessment { rate: Some(4.0), ..suspected(State::Degraded, 75.0) });
    set(&mut scene, "26/5", suspected(State::Covered, 61.0));
    set(&mut scene, "26/6", suspected(State::Frozen, 55.0));
    set(&mut scene, "26/7", suspected(State::Black, 48.0));
    set(&mut scene, "57/4", since(State::Stalled, 271.0, Some(Trouble::FramesStopped)));
    set(&mut scene, "8/3", since(State::AuthFailed, 700.0, Some(Trouble::AuthRejected)));
    set(&mut scene, "26/8", suspected(State::NotChecked, 90.0));
    set(&mut scene, "26/9", since(State::Maintenance, 600.0, None));
    scene.stations.get_mut(&id("26/9")).unwrap().picture = None;
    let until = Some(at(-18));
    let work =
        MaintenanceView { until, who: "Aysel".into(), reason: "kamera dəyişdirilir".into() };
    scene.maintenance.insert(id("26/9"), work);
    let trouble = |line: Line, trouble| Line { trouble: Some(trouble), ..line };
    let lines = vec![
        Line {
            escalated: true,
            ..trouble(one(1, "57/4", State::Stalled, 271.0), Trouble::FramesStopped)
        },
        trouble(one(2, "26/2", State::Offline, 130.0), Trouble::Refused),
        one(6, "26/7", State::Black, 48.0),
        one(5, "26/6", State::Frozen, 55.0),
        one(4, "26/5", State::Covered, 61.0),
        Line {
            state: State::Live,
            worst: State::Stalled,
            ended: Some(ago(40.0)),
            ..one(8, "26/1", State::Stalled, 71.0)
        },
        Line {
            acknowledged: Some(aysel("texnik yoldadır")),
            ..trouble(one(3, "8/3", State::AuthFailed, 700.0), Trouble::AuthRejected)
        },
        Line { acknowledged: Some(aysel("")), ..one(7, "26/4", State::Degraded, 75.0) },
    ];
    attend(&mut scene, lines);
    recount(&mut scene);
    (list, scene)
}

/// A district that was lost at once, and other trouble.
fn outage() -> (Arc<StationList>, Scene) {
    let (list, mut scene) = seven();
    let members: Vec<StationId> =
        list.in_district(89).iter().map(|s| s.id).filter(|s| s.station % 3 != 0).collect();
    for member in &members {
        let lost = since(State::Offline, 12.0, Some(Trouble::Unreachable));
        scene.stations.get_mut(member).unwrap().assessment = lost;
    }
    let of = list.in_district(89).len();
    let about = About::Together { by: Common::District(89), stations: members, of };
    let mut lines = scene.attention.lines.clone();
    let loss = line(9, about, State::Offline, 12.0);
    lines.insert(1, Line { trouble: Some(Trouble::Unreachable), ..loss });
    attend(&mut scene, lines);
    recount(&mut scene);
    (list, scene)
}

fn guarded() -> (Arc<StationList>, Scene) {
    let (list, mut scene) = seven();
    for (station, view) in &mut scene.stations {
        if (u32::from(station.district) * 7 + station.station) % 10 != 0 {
            view.assessment = since(State::Stalled, 42.0, None);
        }
    }
    let guard = Some(Guard { why: OwnTrouble::Network, since: ago(42.0), holds: true });
    scene.attention =
        Arc::new(Attention { lines: scene.attention.lines.clone(), guard, ..Attention::default() });
    scene.machine_behind = true;
    recount(&mut scene);
    (list, scene)
}

type Made = fn() -> (Arc<StationList>, Scene);

const SIZES: [[u32; 2]; 3] = [[1280, 720], [1920, 1080], [3840, 2160]];

fn open(made: Made, lang: Lang, size: [u32; 2]) -> Rig<'static> {
    let (list, scene) = made();
    let mut rig = rig(&list, scene, lang, size);
    rig.command(Command::District(26));
    rig
}

/// In each language; `ALL_SIZES` draws every size of each, for looking at.
fn snap(name: &str, made: Made, mut prepare: impl FnMut(&mut Rig<'_>)) {
    let mut all = SnapshotResults::new();
    for (lang, own) in Lang::ALL.into_iter().zip([SIZES[0], SIZES[1], SIZES[0]]) {
        let sizes =
            if std::env::var_os("ALL_SIZES").is_some() { SIZES.to_vec() } else { vec![own] };
        for size in sizes {
            let mut rig = open(made, lang, size);
            prepare(&mut rig);
            let size = if size == own { String::new() } else { format!("_{}", size[1]) };
            rig.snapshot(&format!("{name}_{}{size}", lang.code()));
            all.extend_harness(&mut rig.harness);
        }
    }
}

#[test]
fn a_quiet_country() {
    snap("quiet", quiet, |_| {});
}

#[test]
fn seven_troubles() {
    snap("seven", seven, |rig| rig.command(Command::Select(id("26/2"))));
}

#[test]
fn a_district_outage_opened() {
    snap("outage", outage, |rig| {
        rig.command(Command::EnterAttention);
        rig.press(Key::ArrowDown);
        rig.press(Key::Enter);
    });
}

#[test]
fn the_fleet_guard_stands() {
    snap("guard", guarded, |_| {});
}

#[test]
fn acknowledging() {
    snap("acknowledge", seven, |rig| {
        rig.command(Command::EnterAttention);
        rig.press(Key::A);
        type_in(rig, "briqada çağırılıb");
    });
}

#[test]
fn announcing_work_at_a_station() {
    snap("maintain", seven, |rig| {
        rig.press(Key::M);
        rig.press(Key::ArrowDown);
    });
}

#[test]
fn one_state_only() {
    snap("filter", outage, |rig| rig.command(Command::Filter(State::Offline)));
}

#[test]
fn a_hidden_list_still_counts() {
    let mut rig = open(seven, Lang::En, [1280, 720]);
    rig.press(Key::L);
    rig.harness.get_by_label("show the attention list, not acknowledged: 6");
    rig.snapshot("hidden_list");
}

fn type_in(rig: &mut Rig<'_>, typed: &str) {
    rig.harness.event(egui::Event::Text(typed.to_owned()));
    rig.harness.run_steps(3);
}

fn click(rig: &mut Rig<'_>, label: &str) {
    rig.harness.get_by_label(label).click();
    rig.harness.run_steps(2);
}

#[test]
fn lines_are_heard_as_a_person_would_say_them() {
    let rig = open(outage, Lang::En, [1280, 720]);
    for heard in [
        "attention · 9, not acknowledged: 7",
        "57/4, stalled, not acknowledged for too long",
        "District 89, 6 of 9 lost together, not acknowledged",
        "26/2, offline, not acknowledged",
        "26/6, frozen?, not acknowledged",
        "26/1, over: stalled, not acknowledged",
        "8/3, authentication failed, Aysel has it",
        "Station 26/2, offline, not acknowledged",
        "Station 26/1, live, not acknowledged",
        "Station 26/4, degraded",
        "Station 26/9, maintenance",
        "show only offline: 7",
    ] {
        rig.harness.get_by_label(heard);
    }
    rig.harness.get_by(|node| {
        node.label()
            .is_some_and(|l| l.starts_with("District 89") && l.ends_with(", not acknowledged"))
            && node.label().is_some_and(|l| l.contains("in trouble: 6"))
    });
}

#[test]
fn an_alarm_is_acknowledged_with_the_keyboard_alone() {
    let mut rig = open(seven, Lang::En, [1280, 720]);
    rig.press(Key::Tab);
    rig.press(Key::ArrowDown);
    rig.press(Key::Enter);
    assert_eq!(rig.wall.borrow().selected().unwrap().id, id("26/2"));
    rig.press(Key::A);
    rig.harness.get_by_label("Acknowledge 26/2");
    type_in(&mut rig, "kabel");
    // Keys are letters here.
    rig.press(Key::M);
    rig.press(Key::Enter);
    let done = Action::Acknowledge { alarm: AlarmId(2), note: "kabel".into() };
    assert_eq!(rig.actions.borrow().as_slice(), [done]);
    assert_eq!(rig.wall.borrow().attention().chosen(), Some(Row::Alarm(AlarmId(2))));
    let mut lines = rig.scene.borrow().attention.lines.clone();
    let mut given = lines.remove(1);
    given.acknowledged = Some(aysel("kabel"));
    lines.push(given);
    attend(&mut rig.scene.borrow_mut(), lines);
    rig.harness.run_steps(2);
    rig.press(Key::A);
    assert!(rig.wall.borrow().answer().is_none(), "A again takes nobody else's");
    rig.press(Key::ArrowDown);
    assert_eq!(rig.wall.borrow().attention().chosen(), Some(Row::Alarm(AlarmId(6))));
    rig.press(Key::A);
    rig.press(Key::Escape);
    assert!(rig.wall.borrow().attention().entered(), "Esc leaves the field only");
    rig.press(Key::Escape);
    assert!(!rig.wall.borrow().attention().entered());
    // On the tiles the same key means the selected station; Enter alone is enough.
    rig.command(Command::Select(id("26/7")));
    rig.press(Key::A);
    rig.press(Key::Enter);
    let done = Action::Acknowledge { alarm: AlarmId(6), note: String::new() };
    assert_eq!(rig.actions.borrow().last(), Some(&done));
    rig.harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::A);
    rig.harness.run_steps(2);
    assert_eq!(rig.actions.borrow().last(), Some(&Action::AcknowledgeAllEnded));
}

#[test]
fn work_is_announced_and_ended_with_one_key() {
    let mut rig = open(seven, Lang::En, [1280, 720]);
    rig.command(Command::Select(id("26/3")));
    rig.press(Key::M);
    click(&mut rig, "until ended");
    type_in(&mut rig, "lens");
    rig.press(Key::ArrowUp);
    rig.press(Key::Enter);
    let begun =
        Action::Maintain { station: id("26/3"), for_minutes: Some(60), reason: "lens".into() };
    assert_eq!(rig.actions.borrow().as_slice(), [begun]);
    rig.command(Command::Select(id("26/9")));
    rig.press(Key::M);
    assert_eq!(rig.actions.borrow().last(), Some(&Action::EndMaintenance(id("26/9"))));
    assert!(rig.wall.borrow().answer().is_none());
}

/// A busy machine has several keys in one frame. Those after A were taken for letters of an answer,
/// also where there was none to write.
#[test]
fn keys_after_one_that_opens_no_field_mean_what_they_always_do() {
    let mut rig = open(seven, Lang::En, [1280, 720]);
    rig.command(Command::Select(id("26/9")));
    let press = |rig: &mut Rig<'_>, key: Key, text: &str| {
        let event = |pressed| egui::Event::Key {
            key,
            physical_key: Some(key),
            pressed,
            repeat: false,
            modifiers: egui::Modifiers::NONE,
        };
        rig.harness.event(event(true));
        rig.harness.event(egui::Event::Text(text.to_owned()));
        rig.harness.event(event(false));
    };
    // Work is being done there, and there is no alarm.
    press(&mut rig, Key::A, "a");
    press(&mut rig, Key::M, "m");
    rig.harness.run_steps(1);
    assert_eq!(rig.actions.borrow().as_slice(), [Action::EndMaintenance(id("26/9"))]);
    assert!(rig.wall.borrow().answer().is_none());
    // Where there is an alarm they are letters.
    rig.command(Command::Select(id("26/7")));
    press(&mut rig, Key::A, "a");
    press(&mut rig, Key::M, "m");
    press(&mut rig, Key::N, "n");
    rig.harness.run_steps(1);
    assert_eq!(rig.wall.borrow().answer().unwrap().typed, "mn");
    assert_eq!(rig.actions.borrow().len(), 1);
}

#[test]
fn what_a_key_has_set_is_heard_and_seen() {
    let mut rig = open(quiet, Lang::En, [1280, 720]);
    rig.harness.get_by_label("new alarms interrupt the tour");
    rig.press(Key::T);
    rig.harness.get_by_label("new alarms do not interrupt the tour");
    rig.harness.get_by_label("alarms are not heard");
    rig.press(Key::B);
    rig.harness.get_by_label("alarms are heard");
    rig.harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::B);
    rig.harness.run_steps(2);
    let heard = [Tone::Chime, Tone::Bell].map(Action::Sound);
    assert_eq!(rig.actions.borrow().as_slice(), heard, "one hears what one has chosen");
    click(&mut rig, "alarms are heard");
    assert!(!rig.wall.borrow().sounding().on && rig.wall.borrow().sounding().tone == Tone::Bell);
    assert!(rig.wall.borrow().standing().undisturbed);
}

#[test]
fn whoever_is_at_the_desk_says_so() {
    let mut rig = open(seven, Lang::En, [1280, 720]);
    rig.press(Key::O);
    rig.harness.get_by_label("Who is at this desk?");
    rig.press(Key::Enter);
    assert!(rig.actions.borrow().is_empty(), "nothing was said");
    rig.press(Key::O);
    type_in(&mut rig, " Leyla ");
    rig.press(Key::Enter);
    assert_eq!(rig.actions.borrow().as_slice(), [Action::Operator("Leyla".into())]);
}

/// All of what a step draws, as text.
fn drawn(rig: &mut Rig<'_>) -> String {
    rig.harness.run_steps(1);
    format!("{:?}", rig.harness.output().shapes)
}

/// Beside a running tour as well. A line that is cut is not drawn with all of its letters.
#[test]
fn what_is_said_at_the_foot_is_whole() {
    for lang in Lang::ALL {
        let mut rig = open(outage, lang, [1280, 720]);
        rig.command(Command::ToggleTour);
        for command in [Command::ToggleInterruptions, Command::ToggleInterruptions] {
            rig.command(command);
            let notice = match (rig.wall.borrow().interruptions(), lang) {
                (true, Lang::Az) => "Yeni həyəcanlar növbəli baxışı kəsir",
                (false, Lang::Az) => "Yeni həyəcanlar növbəli baxışı daha kəsmir",
                (true, Lang::En) => "New alarms interrupt the tour",
                (false, Lang::En) => "New alarms no longer interrupt the tour",
                (true, Lang::Ru) => "Новые тревоги прерывают обход",
                (false, Lang::Ru) => "Новые тревоги больше не прерывают обход",
            };
            assert!(drawn(&mut rig).contains(notice), "{notice}");
        }
    }
}

#[test]
fn twelve_states_at_once_have_their_words() {
    let (list, mut scene) = seven();
    set(&mut scene, "30/1", since(State::Unsupported, 9.0, None));
    set(&mut scene, "30/2", since(State::Connecting, 9.0, None));
    recount(&mut scene);
    let stations = scene.stations;
    let mut all = SnapshotResults::new();
    for lang in Lang::ALL {
        let (_, mut scene) = seven();
        scene.stations.clone_from(&stations);
        recount(&mut scene);
        let mut rig = rig(&list, scene, lang, [1920, 1080]);
        rig.command(Command::District(60));
        rig.snapshot(&format!("twelve_{}", lang.code()));
        all.extend_harness(&mut rig.harness);
        if lang == Lang::En {
            let shown = drawn(&mut rig);
            for acted_on in ["1 stalled", "1 offline", "1 frozen?"] {
                assert!(shown.contains(acted_on), "{acted_on}");
            }
            assert!(!shown.contains("1 not checked"));
            rig.harness.get_by_label("show only not checked: 1").hover();
            rig.harness.run_steps(2);
            assert!(drawn(&mut rig).contains("1 not checked"), "under the pointer it has its word");
        }
    }
}

/// The pixels of a tile's picture.
fn pixels(rig: &mut Rig<'_>, label: &str) -> Vec<[u8; 4]> {
    let scale = rig.harness.ctx.pixels_per_point();
    let rect = rig.harness.get_by_label(label).rect();
    let top = rect.top() + 36.0;
    let room = egui::Rect::from_min_max(egui::pos2(rect.left(), top), rect.max) * scale;
    let room = room.shrink(5.0);
    rig.harness.run_steps(1);
    rig.harness.render().unwrap();
    rig.harness.run_steps(1);
    let picture = rig.harness.render().unwrap();
    let rows = room.top() as u32..room.bottom() as u32;
    let at = |y| (room.left() as u32..room.right() as u32).map(move |x| (x, y));
    rows.flat_map(at).map(|(x, y)| picture.get_pixel(x, y).0).collect()
}

/// A camera may burn its clock in anywhere.
#[test]
fn nothing_lies_over_what_is_the_present() {
    let mut troubled = open(seven, Lang::Az, [1280, 720]);
    let mut calm = open(quiet, Lang::Az, [1280, 720]);
    for (station, said) in [
        ("26/4", "Məntəqə 26/4, keyfiyyət aşağıdır"),
        ("26/5", "Məntəqə 26/5, ehtimal: qarşısı bağlanıb, qəbul edilməyib"),
        ("26/7", "Məntəqə 26/7, qara görüntü, qəbul edilməyib"),
        ("26/8", "Məntəqə 26/8, yoxlanılmayıb"),
        ("26/1", "Məntəqə 26/1, canlı, qəbul edilməyib"),
    ] {
        let well = pixels(&mut calm, &format!("Məntəqə {station}, canlı"));
        let now = pixels(&mut troubled, said);
        let differ = well.iter().zip(&now).filter(|(a, b)| a != b).count();
        assert_eq!((well.len(), differ), (now.len(), 0), "{station}");
    }
}

#[test]
fn a_count_filters_the_list_and_esc_shows_everything_again() {
    let mut rig = open(outage, Lang::En, [1280, 720]);
    click(&mut rig, "show only offline: 7");
    rig.harness.get_by_label("only: offline, show everything again");
    let rows = |rig: &Rig<'_>| rig.wall.borrow().attention().rows().len();
    assert_eq!(rows(&rig), 2, "one line stands for six");
    rig.press(Key::Escape);
    rig.harness.run_steps(1);
    assert_eq!(rows(&rig), 9);
    click(&mut rig, "show only not checked: 1");
    rig.harness.get_by_label("26/8, not checked");
}

#[test]
fn a_click_hits_the_line_that_was_under_the_pointer() {
    let mut rig = open(seven, Lang::En, [1280, 720]);
    let label = "26/6, frozen?, not acknowledged";
    let at = rig.harness.get_by_label(label).rect().center();
    rig.harness.hover_at(at);
    rig.harness.run_steps(2);
    let mut lines = rig.scene.borrow().attention.lines.clone();
    lines.insert(0, one(20, "60/1", State::Offline, 1.0));
    attend(&mut rig.scene.borrow_mut(), lines);
    rig.harness.run_steps(2);
    assert_eq!(rig.harness.get_by_label(label).rect().center(), at);
    rig.harness.get_by_label(label).click();
    rig.harness.run_steps(2);
    assert_eq!(rig.wall.borrow().selected().unwrap().id, id("26/6"));
}

/// Trouble without an alarm is trouble: an empty list must not say that all is well.
#[test]
fn an_empty_list_says_that_all_is_well_only_when_it_is() {
    let said = |rig: &mut Rig<'_>| {
        rig.harness.run_steps(1);
        let shapes = format!("{:?}", rig.harness.output().shapes);
        ["nothing needs attention", "no alarm yet; stations in trouble: 7"]
            .map(|words| shapes.contains(words))
    };
    assert_eq!(said(&mut open(quiet, Lang::En, [1280, 720])), [true, false]);
    let mut rig = open(seven, Lang::En, [1280, 720]);
    attend(&mut rig.scene.borrow_mut(), Vec::new());
    assert_eq!(said(&mut rig), [false, true]);
}

#[test]
fn the_guard_blames_this_machine() {
    let rig = open(guarded, Lang::En, [1280, 720]);
    rig.harness.get_by(|node| {
        node.label().is_some_and(|l| {
            l.starts_with("This machine has a problem: its network") && l.contains("No camera")
        })
    });
}

/// The light that is left of a tile's picture, beside that of one that is well.
fn light(rig: &mut Rig<'_>, label: &str) -> f64 {
    let scale = rig.harness.ctx.pixels_per_point();
    let rect = rig.harness.get_by_label(label).rect() * scale;
    rig.harness.run_steps(1);
    rig.harness.render().unwrap();
    rig.harness.run_steps(1);
    crate::lower_part(&rig.harness.render().unwrap(), rect)
}

#[test]
fn the_present_is_in_full_light_whatever_it_shows_and_a_frozen_picture_is_not() {
    let mut rig = open(seven, Lang::En, [1280, 720]);
    let live = light(&mut rig, "Station 26/3, live");
    for present in [
        "Station 26/4, degraded",
        "Station 26/5, covered?, not acknowledged",
        "Station 26/7, black, not acknowledged",
        "Station 26/8, not checked",
    ] {
        let light = light(&mut rig, present);
        assert!((light / live - 1.0).abs() < 0.15, "{present}: {light} beside {live}");
    }
    let frozen = light(&mut rig, "Station 26/6, frozen?, not acknowledged");
    assert!(frozen < live * 0.55 && frozen > 5.0, "{frozen} beside {live}");
}

/// A day from 07:00 to 11:42 with an outage, two freezes and what was said about them.
fn day_of(station: StationId) -> History {
    let span = |from, to, state| Span { from: at(from), to: at(to), state };
    let spans = vec![
        span(282, 200, State::Live),
        span(200, 168, State::Offline),
        span(168, 167, State::Connecting),
        span(167, 80, State::Live),
        span(80, 79, State::Stalled),
        span(79, 40, State::Live),
        span(40, 26, State::Frozen),
        span(26, 2, State::Live),
        span(2, 0, State::Offline),
    ];
    let well = |m: &i64| !(168..=200).contains(m) && *m > 2;
    let delivered = (0..=282).rev().filter(well).map(|m| Delivered {
        at: at(m),
        frames_per_s: if (60..75).contains(&m) { 6.0 } else { 15.0 - (m % 3) as f32 * 0.2 },
        bits_per_s: 9e5 + ((m * 7919) % 97) as f32 * 5e3,
    });
    let thumbnails =
        (0..12).map(|n| (at(280 - n * 25), picture(90 + n as u8 * 9, ago(0.0)))).collect();
    History {
        station: Some(station),
        from: at(282),
        to: wall_time(),
        spans,
        work: Vec::new(),
        reconnects: [167, 79, 78, 1].map(at).to_vec(),
        delivered: delivered.collect(),
        errors: vec![
            (at(1), Trouble::Refused),
            (at(2), Trouble::FramesStopped),
            (at(80), Trouble::Closed),
            (at(200), Trouble::Unreachable),
        ],
        thumbnails,
        thumbnails_from: Some(at(280)),
        alarms: vec![
            PastAlarm {
                from: at(2),
                to: None,
                worst: State::Offline,
                together_with: 0,
                acknowledged: None,
            },
            PastAlarm {
                from: at(40),
                to: Some(at(26)),
                worst: State::Frozen,
                together_with: 0,
                acknowledged: Some(aysel("kamera yenidən qoşuldu")),
            },
            PastAlarm {
                from: at(200),
                to: Some(at(168)),
                worst: State::Offline,
                together_with: 6,
                acknowledged: Some(aysel("işıq kəsilmişdi")),
            },
        ],
    }
}

#[test]
fn one_feeds_day() {
    snap("day", seven, |rig| {
        rig.command(Command::Select(id("26/2")));
        rig.scene.borrow_mut().history = Some(Arc::new(day_of(id("26/2"))));
        rig.press(Key::H);
    });
    let mut rig = open(seven, Lang::En, [1280, 720]);
    rig.command(Command::Select(id("26/2")));
    rig.press(Key::H);
    rig.harness.get_by_label("The day of 26/2");
    assert!(rig.harness.query_by_label("connected again: 4").is_none(), "it is not known yet");
    rig.scene.borrow_mut().history = Some(Arc::new(day_of(id("26/2"))));
    rig.harness.run_steps(2);
    rig.harness.get_by_label("connected again: 4");
    assert!(drawn(&mut rig).contains("all that is known"));
    rig.harness.get_by(|node| {
        let label = node.label().unwrap_or_default();
        let shown = label.strip_prefix("pictures of the day: 12, shown: ");
        shown.and_then(|n| n.parse().ok()).is_some_and(|n: u32| (4..=6).contains(&n))
    });
    rig.press(Key::Plus);
    assert!(drawn(&mut rig).contains("the last 2 h"));
    rig.press(Key::Plus);
    assert!(drawn(&mut rig).contains("the last 30 min"));
    rig.harness.get_by_label("connected again: 1");
    rig.press(Key::Num0);
    rig.harness.get_by_label("connected again: 4");
    rig.harness.get_by_label("11:41:07, the camera's host refuses the connection");
    rig.harness.get_by_label(
        "frozen? 11:02:07–11:16:07, Aysel has it since 11:39:07: kamera yenidən qoşuldu",
    );
    rig.press(Key::PageDown);
    rig.harness.get_by_label("The day of 26/3");
    assert!(rig.harness.query_by_label("connected again: 4").is_none(), "another's is not shown");
    rig.press(Key::Escape);
    assert_eq!(rig.wall.borrow().history(), None);
}

#[test]
fn the_same_list_in_another_language() {
    for (lang, heard) in [
        (Lang::Az, "26/2, əlaqə yoxdur, qəbul edilməyib"),
        (Lang::En, "26/2, offline, not acknowledged"),
        (Lang::Ru, "26/2, нет связи, не принято"),
    ] {
        open(seven, lang, [1280, 720]).harness.get_by_label(heard);
    }
}
