//! The page of one feed's day.

use std::sync::Arc;

use eframe::egui::Key;
use egui_kittest::kittest::Queryable;
use pollwall::health::{State, Trouble};
use pollwall::model::StationId;
use pollwall::text::Lang;
use pollwall::ui::{Delivered, History, PastAlarm, Span};
use pollwall::wall::Command;

use crate::rig::*;
use crate::troubles::*;

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
