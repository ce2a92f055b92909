//! What can be seen without another process: see `tests/journal.rs` for the rest.

use std::collections::BTreeSet;

use super::*;
use crate::config::secrets::{ListSecrets, Login, Redactor, UrlSecrets};
use crate::model::{FeedId, FeedKind, StationId};
use entry::Row;

#[test]
fn what_is_on_disk_is_spelt_out() {
    let events = [
        (Event::Stopped {}, "stopped", "{}"),
        (
            Event::State {
                from: "live".into(),
                to: "stalled".into(),
                trouble: Some("frames-stopped".into()),
                since_utc_us: Some(7),
                evidence: serde_json::json!({ "units": 0 }),
            },
            "state",
            r#"{"evidence":{"units":0},"from":"live","since_utc_us":7,"to":"stalled","trouble":"frames-stopped"}"#,
        ),
        (
            Event::Note {
                text: "qutu".into(),
                stage: None,
                state: "live".into(),
                program: None,
                boot: None,
                taken_over: false,
            },
            "note",
            r#"{"state":"live","text":"qutu"}"#,
        ),
        (
            Event::AlarmEnded { alarm: 3, lasted_ms: 9 },
            "alarm_ended",
            r#"{"alarm":3,"lasted_ms":9}"#,
        ),
    ];
    for (event, kind, body) in events {
        assert_eq!((event.kind().code(), event.body().to_string().as_str()), (kind, body));
        assert_eq!(Event::of(kind, &event.body()), Some(event));
    }
    let later = serde_json::json!({ "alarm": 1, "lasted_ms": 2, "of_a_later_version": true });
    assert_eq!(
        Event::of("alarm_ended", &later),
        Some(Event::AlarmEnded { alarm: 1, lasted_ms: 2 }),
        "a field more hides nothing"
    );
    assert_eq!(Event::of("of_a_later_version", &later), None);
    let codes: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    assert_eq!(codes.len(), Kind::ALL.len(), "no code is used twice");
    assert!(Kind::ALL.iter().all(|kind| Kind::of(kind.code()) == Some(*kind)));
}

#[test]
fn a_known_secret_does_not_reach_a_row() {
    let feed = FeedId { station: StationId::new(57, 12), kind: FeedKind::Main };
    let login = Login { user: "jurnalci".into(), password: "çox gizli söz".into() };
    let mut secrets = ListSecrets::default();
    secrets.insert(feed, UrlSecrets { login: Some(login), values: vec![] });
    Redactor::global().learn([&secrets]);
    let evidence = serde_json::json!({ "said": ["rtsp://jurnalci:çox gizli söz@cam/ refused"] });
    let event = Event::State {
        from: "live".into(),
        to: "offline".into(),
        trouble: None,
        since_utc_us: None,
        evidence,
    };
    let clock = crate::clock::FakeClock::default();
    let row = Row::from(Entry::now(&clock, event).of(feed));
    assert!(row.body.contains("cam/ refused") && row.body.contains("***"), "{}", row.body);
    assert!(!row.body.contains("jurnalci") && !row.body.contains("gizli"), "{}", row.body);
    assert_eq!((row.station.as_deref(), row.feed), (Some("57/12"), Some("main")));
}

#[test]
fn a_disk_that_hangs_is_failing_while_it_hangs() {
    let clock = Arc::new(crate::clock::FakeClock::default());
    let queue = Queue::new(Limits::default(), clock.clone(), Arc::new(|| {}));
    queue.record(Entry::now(&*clock, Event::Stopped {}));
    let taken = queue.take().unwrap();
    queue.attempt_begins();
    clock.advance(Duration::from_millis(3999));
    assert_eq!(queue.status().failing, None);
    clock.advance(Duration::from_millis(1));
    let hung = Failing { since: Mono::default(), reason: Reason::Hung };
    assert_eq!(queue.status().failing, Some(hung), "within 5 s");
    assert_eq!(queue.status().waiting, 1);
    queue.written(&taken, 1);
    assert_eq!((queue.status().failing, queue.status().waiting), (None, 0));
}

#[test]
fn memory_is_bounded_in_bytes_as_well() {
    let clock = Arc::new(crate::clock::FakeClock::default());
    let limits = Limits { bytes: 100_000, ..Limits::default() };
    let queue = Queue::new(limits, clock.clone(), Arc::new(|| {}));
    let large = Event::Configuration { what: "x".repeat(30_000), now: serde_json::Value::Null };
    for _ in 0..5 {
        queue.record(Entry::now(&*clock, large.clone()));
    }
    assert_eq!((queue.status().waiting, queue.status().lost), (3, 2));
    let refused = queue.record_durably(Entry::now(&*clock, large));
    assert_eq!(refused.poll(), Some(Err(NotKept::Full)));
    assert_eq!(queue.status().lost, 2, "whoever waits for an answer has got one");
    let taken = queue.take().unwrap();
    let kinds: Vec<_> = taken.iter().map(|item| item.row.kind).collect();
    assert_eq!(kinds, ["configuration", "configuration", "configuration", "lost"]);
    assert!(taken[3].row.body.contains(r#""count":2"#), "{}", taken[3].row.body);
}

#[test]
fn the_oldest_that_waits_is_known_wherever_it_waits() {
    let clock = Arc::new(crate::clock::FakeClock::default());
    let queue = Queue::new(Limits::default(), clock.clone(), Arc::new(|| {}));
    let record = || queue.record(Entry::now(&*clock, Event::Stopped {}));
    let second = |n| Mono::default() + Duration::from_secs(n);
    assert_eq!(queue.status().oldest, None);
    // What happened long ago has not waited since then.
    clock.advance(Duration::from_secs(1));
    let past = Entry { mono: Mono::default(), ..Entry::now(&*clock, Event::Stopped {}) };
    queue.record(past);
    clock.advance(Duration::from_secs(1));
    record();
    assert_eq!(queue.status().oldest, Some(second(1)));
    let mut taken = queue.take().unwrap();
    clock.advance(Duration::from_secs(1));
    record();
    assert_eq!(queue.status().oldest, Some(second(1)), "taken is not written");
    queue.failed(Reason::Full, &mut taken);
    assert_eq!(queue.status().oldest, Some(second(1)), "nor is what failed");
    queue.written(&taken, 2);
    assert_eq!(queue.status().oldest, Some(second(3)));
    let rest = queue.take().unwrap();
    queue.written(&rest, 2 + rest.len() as i64);
    assert_eq!((queue.status().oldest, queue.status().waiting), (None, 0));
}

#[test]
fn what_is_withdrawn_waits_no_longer() {
    let clock = Arc::new(crate::clock::FakeClock::default());
    let queue = Queue::new(Limits::default(), clock.clone(), Arc::new(|| {}));
    let _receipt = queue.record_durably(Entry::now(&*clock, Event::Stopped {}));
    let mut taken = queue.take().unwrap();
    clock.advance(Duration::from_secs(5));
    queue.failed(Reason::Full, &mut taken);
    let now = queue.status();
    assert_eq!((now.waiting, now.oldest), (1, Some(clock.mono())), "that it failed, waits");
}

#[test]
fn a_queue_is_over_when_its_last_row_was_taken_and_not_before() {
    let clock = Arc::new(crate::clock::FakeClock::default());
    let queue = Queue::new(Limits::default(), clock.clone(), Arc::new(|| {}));
    assert_eq!(queue.take().map(|items| items.len()), Some(0), "something may come yet");
    queue.close();
    let last = queue.take().expect("the row that says so");
    assert_eq!(last.iter().map(|item| item.row.kind).collect::<Vec<_>>(), ["stopped"]);
    queue.attempt_begins();
    let mut last = last;
    queue.failed(Reason::Full, &mut last);
    let told = queue.take().expect("that it failed is a row, too");
    queue.written(&last, 1);
    let resumed = queue.take().expect("and that it goes on");
    assert_eq!((told.len(), resumed.len()), (1, 1));
    assert!(queue.take().is_none() && queue.take().is_none());
}
