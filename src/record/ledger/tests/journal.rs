//! Through a real journal and its reader.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::clock::{Clock, FakeClock, WallTime};
use crate::health::State;
use crate::journal::read::Reader;
use crate::journal::{Entry, Event, Journal, JournalError, RunConfig, RunInfo};
use crate::record::catalogue::Incident;

struct Told {
    clock: Arc<FakeClock>,
    file: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Told {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(1000 * SECOND)));
        Self { clock, file: folder.path().join("journal.sqlite"), _folder: folder }
    }

    /// One run of a program, of which `write` tells what it writes. Its name.
    fn run(&self, write: impl FnOnce(&Journal, &FakeClock)) -> String {
        let info = RunInfo::this_process("record", RunConfig::default());
        let id = info.id().to_owned();
        let clock: Arc<dyn Clock> = Arc::<FakeClock>::clone(&self.clock);
        let journal = Journal::open(&self.file, clock, info, Arc::new(|| {})).unwrap();
        write(&journal, &self.clock);
        assert!(journal.close(Duration::from_secs(10)));
        id
    }

    fn read(&self, within: Span, alive: &[Alive], incidents: &[Incident]) -> Journalled {
        let reader = Reader::open(&self.file).unwrap();
        let now_us = self.clock.wall().as_micros();
        let look = Look { within, scope: Scope::Country, alive, incidents, now_us };
        Journalled::read(&reader, &look).unwrap()
    }
}

fn state(clock: &FakeClock, from: &str, to: &str, trouble: Option<&str>, ago_s: i64) -> Entry {
    let since = clock.wall().as_micros() - ago_s * SECOND;
    let event = Event::State {
        from: from.into(),
        to: to.into(),
        trouble: trouble.map(str::to_owned),
        since_utc_us: Some(since),
        evidence: json!({ "silent_ms": ago_s * 1000 }),
    };
    Entry::now(clock, event).at(STATION)
}

fn pass(clock: &FakeClock, seconds: u64) {
    clock.advance(Duration::from_secs(seconds));
}

fn at(from_s: i64, to_s: i64) -> Span {
    Span::new(from_s * SECOND, to_s * SECOND)
}

#[test]
fn states_work_screens_and_runs_are_read_back() {
    let told = Told::new();
    let first = told.run(|journal, clock| {
        let recording = |on| Event::Recording { on, stations: None, feed: "main".into() };
        journal.record(Entry::now(clock, recording(true)));
        pass(clock, 10);
        journal.record(state(clock, "connecting", "live", None, 0));
        pass(clock, 20); // 1030
        journal.record(state(clock, "live", "stalled", None, 5));
        pass(clock, 10); // 1040
        journal.record(state(clock, "stalled", "offline", Some("refused"), 15));
        pass(clock, 10); // 1050
        journal.record(state(clock, "offline", "frozen", None, 0));
        pass(clock, 10); // 1060
        let event = Event::Shown {
            from_utc_us: 1045 * SECOND,
            wall: "wall-1".into(),
            width: 480,
            height: 270,
            stations: vec![STATION.to_string()],
        };
        journal.record(Entry::now(clock, event));
        let (who, reason) = ("Leyla".to_owned(), "lamp".to_owned());
        let began = Event::MaintenanceBegan { until_utc_us: Some(1070 * SECOND), who, reason };
        journal.record(Entry::now(clock, began).at(STATION));
        journal.record(Entry::now(clock, Event::GuardBegan { why: "late".into() }));
        pass(clock, 5); // 1065
        journal.record(Entry::now(
            clock,
            Event::GuardEnded {
                why: "late".into(),
                lasted_ms: 5000,
                gave_up: false,
                lost: Some(0),
            },
        ));
        journal.record(Entry::now(clock, recording(false)));
        pass(clock, 35); // 1100
    });
    pass(&told.clock, 100);
    let second = told.run(|_, clock| pass(clock, 50)); // 1200 to 1250
    let read = told.read(at(990, 1300), &[], &[]);

    let causes: Vec<_> = read.of_station(STATION).iter().map(|w| (w.cause, w.span)).collect();
    assert_eq!(
        causes,
        [
            (Cause::CameraSilent, at(1025, 1040)),
            (Cause::NetworkRefused, at(1040, 1050)),
            (Cause::Maintenance, at(1060, 1070)),
        ]
    );
    let refused = &read.of_station(STATION)[1].evidence;
    assert_eq!((&refused["state"], &refused["trouble"]), (&json!("offline"), &json!("refused")));
    assert!(refused["journal"].as_i64().is_some_and(|row| row > 1), "where it stands");
    let late: Vec<_> = read.everywhere().iter().map(|w| (w.cause, w.span)).collect();
    assert_eq!(late, [(Cause::Overload, at(1060, 1065))]);
    let down: Vec<_> = read.down(at(990, 1250)).iter().map(|w| w.span).collect();
    assert_eq!(down, [at(990, 1000), at(1100, 1200)]);
    let why = &read.down(at(1000, 1250))[0].evidence;
    assert_eq!(*why, json!({ "last_run": first, "ended": "stopped", "next_run": second }));
    let unasked: Vec<_> = read.not_asked(STATION).iter().map(|w| w.span).collect();
    assert_eq!(unasked, [at(1065, 1100), at(1200, 1250)], "the second run was not asked at all");
    let states: Vec<_> = read.states(STATION).iter().map(|w| (w.state, w.span)).collect();
    assert_eq!(
        states,
        [
            (State::Live, at(1010, 1025)),
            (State::Stalled, at(1025, 1040)),
            (State::Offline, at(1040, 1050)),
            (State::Frozen, at(1050, 1100)),
        ]
    );
    let tracks = Tracks::new(read.states(STATION), read.shown(STATION), &[], at(1000, 1080));
    assert_eq!(tracks.received, [at(1010, 1025), at(1050, 1080)]);
    assert_eq!(tracks.pictures, [Watched { span: at(1050, 1080), state: State::Frozen }]);
    let shown = Shown { span: at(1050, 1060), wall: "wall-1".into(), size: (480, 270) };
    assert_eq!(tracks.shown, [shown], "only while there was something to see");
}

#[test]
fn rows_of_a_clock_that_was_set_back_stand_on_the_timeline() {
    let told = Told::new();
    let id = told.run(|journal, clock| {
        pass(clock, 100);
        journal.record(state(clock, "live", "offline", Some("refused"), 10));
        pass(clock, 10);
        journal.record(state(clock, "offline", "live", None, 0));
    });
    // The timeline was a minute ahead from the beginning.
    let step = crate::record::Step {
        by_us: 0,
        before: WallTime::from_micros(1060 * SECOND),
        after: WallTime::from_micros(1060 * SECOND),
    };
    let ahead = clock_step(&id, crate::clock::Mono::default(), step, 60 * SECOND);
    let read = told.read(at(990, 1300), &[], &[ahead]);
    // At 1100 it was still 50 s ahead, having worked off ten.
    assert_eq!(read.of_station(STATION)[0].span, Span::new(1140 * SECOND, 1159 * SECOND));
}

#[test]
fn a_recorder_at_work_is_accounted_for_up_to_what_it_has_told() {
    use crate::model::{FeedId, FeedKind};
    use crate::record::{Opened, SegmentPath, Stamp};
    let told = Told::new();
    let run = told.run(|_, _| {});
    let zone = jiff::tz::TimeZone::UTC;
    let day = crate::model::day::ElectionDay::unconfigured(zone, told.clock.wall());
    let feed = FeedId { station: STATION, kind: FeedKind::Main };
    let first = WallTime::from_micros(1180 * SECOND);
    let opened = Opened {
        path: SegmentPath::new(feed, first),
        run: run.clone(),
        first: Stamp { utc_us: first.as_micros(), mono_us: 0 },
    };
    let memory = Memory {
        segments: [(feed, vec![piece(1000.0, 1179.5, &[])])].into(),
        unfinished: vec![opened],
        incidents: Vec::new(),
        alive: vec![Alive { run, span: at(1000, 1200) }],
    };
    let ledger = |now_s: i64| {
        let ask = Ask {
            hours: Hours::new(&day, day.date),
            scope: Scope::Station(STATION),
            lists: &[],
            now_us: now_s * SECOND,
        };
        // Its journal is lost; what its recorder has left behind tells when it ran.
        let lost = |look: &Look<'_>| Ok::<_, SourceError>(Journalled::without_journal(look));
        let found = country(&ask, &memory, lost).unwrap().stations.remove(0);
        adds_up(&found);
        found
    };
    let now = ledger(1202);
    assert_eq!(now.until_us, 1180 * SECOND, "what has come since is not in the catalogue yet");
    assert_eq!(gaps(&now), [(0.0, 1000.0, Cause::ProcessDown)], "no program ran before");
    let later = ledger(2000);
    assert_eq!(later.until_us, 2000 * SECOND);
    let [_, cut] = gaps(&later)[..] else { panic!("two gaps: {:?}", gaps(&later)) };
    assert_eq!(cut, (1180.0, 2000.0, Cause::ProcessDown), "it died while it was writing");
    let gap = later.gaps().last().unwrap();
    assert!(gap.evidence.iter().any(|share| share.evidence["unfinished"].is_string()));
}

#[test]
fn without_a_journal_there_is_an_error_and_not_an_empty_day() {
    let told = Told::new();
    assert!(matches!(Reader::open(&told.file).err(), Some(JournalError::None { .. })));
}
