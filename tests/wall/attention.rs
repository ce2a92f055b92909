//! The attention list, acknowledging, work at a station and the filter: what a person sees, hears and
//! presses.

use eframe::egui::{self, Key};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
use pollwall::health::State;
use pollwall::health::alarms::AlarmId;
use pollwall::text::Lang;
use pollwall::ui::Action;
use pollwall::wall::{Command, Row, Tone};

use crate::rig::*;
use crate::troubles::*;

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
        // All in the next frame: `Harness::event` gives each a frame of its own.
        let events = [event(true), egui::Event::Text(text.to_owned()), event(false)];
        rig.harness.input_mut().events.extend(events);
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
fn the_same_list_in_another_language() {
    for (lang, heard) in [
        (Lang::Az, "26/2, əlaqə yoxdur, qəbul edilməyib"),
        (Lang::En, "26/2, offline, not acknowledged"),
        (Lang::Ru, "26/2, нет связи, не принято"),
    ] {
        open(seven, lang, [1280, 720]).harness.get_by_label(heard);
    }
}
