use super::*;
use crate::clock::FakeClock;
use crate::health::{State, Trouble};
use crate::journal::{Entry, Event, Journal, RunConfig, RunInfo};
use crate::model::day::{ElectionDay, StageTimes};
use crate::ui::Span;

const LONG: Duration = Duration::from_secs(60);
const MORNING_US: i64 = 1_707_289_200_000_000;

fn station() -> StationId {
    StationId::new(57, 12)
}

/// Seconds after the morning.
fn at(seconds: i64) -> WallTime {
    WallTime::from_micros(MORNING_US + seconds * 1_000_000)
}

/// Of the day's first `to` seconds.
fn ask(to: i64, now: WallTime) -> Ask {
    Ask {
        station: station(),
        from: at(0),
        to: at(to),
        now,
        delivered: Vec::new(),
        thumbnails: Vec::new(),
        thumbnails_from: at(-60),
    }
}

struct Rig {
    folder: tempfile::TempDir,
    clock: Arc<FakeClock>,
    /// Seconds after the morning.
    now: std::cell::Cell<i64>,
    journal: Option<Journal>,
}

impl Rig {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FakeClock::at(at(0)));
        let mut rig = Self { folder, clock, now: std::cell::Cell::new(0), journal: None };
        rig.run("wall");
        rig
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("journal.sqlite")
    }

    /// Begins a run of `command` once the one before it is over.
    fn run(&mut self, command: &str) {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let run = RunInfo::this_process(command, RunConfig::default());
        let journal = Journal::open(&self.file(), clock, run, Arc::new(|| {})).unwrap();
        // Until the row that says so is on the disk.
        let begun = Event::GuardBegan { why: "late".into() };
        journal.record_durably(Entry::now(&*self.clock, begun)).wait().unwrap();
        self.journal = Some(journal);
    }

    fn stop(&mut self) {
        assert!(self.journal.take().unwrap().close(LONG));
    }

    /// Ends the run as a power cut does: what is on the disk by now is all there is.
    fn kill(&mut self) {
        let last = Event::GuardBegan { why: "late".into() };
        let entry = Entry::now(&*self.clock, last);
        let journal = self.journal.take().unwrap();
        journal.record_durably(entry).wait().unwrap();
        let (file, cut) = (self.file(), self.folder.path().join("cut.sqlite"));
        let copied = rusqlite::Connection::open(&file).unwrap();
        copied.execute("VACUUM INTO ?1", [cut.to_str().unwrap()]).unwrap();
        drop(copied);
        assert!(journal.close(LONG));
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", file.display()));
        }
        std::fs::rename(cut, file).unwrap();
    }

    fn until(&self, seconds: i64) {
        let more = seconds - self.now.replace(seconds);
        self.clock.advance(Duration::from_secs(u64::try_from(more).unwrap()));
    }

    fn put(&self, seconds: i64, of: Option<StationId>, event: Event) {
        self.until(seconds);
        let entry = Entry { station: of, ..Entry::now(&*self.clock, event) };
        self.journal.as_ref().unwrap().record_durably(entry).wait().unwrap();
    }

    fn state(&self, seconds: i64, from: State, to: State, since: i64, trouble: Option<&str>) {
        let event = Event::State {
            from: from.code().into(),
            to: to.code().into(),
            trouble: trouble.map(str::to_owned),
            since_utc_us: Some(at(since).as_micros()),
            evidence: serde_json::json!({ "silent_ms": 1, "status": 503 }),
        };
        self.put(seconds, Some(station()), event);
    }

    fn page(&self, seconds: i64) -> History {
        self.until(seconds);
        let (now, delivered) = (at(seconds), Vec::new());
        let ask = Ask { delivered, ..ask(36_000, now) };
        read(&self.file(), &ask).unwrap()
    }
}

fn span(from: i64, to: i64, state: State) -> Span {
    Span { from: at(from), to: at(to), state }
}

#[test]
fn a_loss_is_shown_from_the_last_picture_until_the_next() {
    let mut rig = Rig::new();
    rig.state(2, State::Connecting, State::Live, 1, None);
    rig.state(70, State::Live, State::Stalled, 60, None);
    rig.state(90, State::Stalled, State::Offline, 60, Some("status"));
    rig.state(91, State::Offline, State::Offline, 60, Some("refused"));
    rig.state(120, State::Offline, State::Live, 119, None);
    // Of another station, and of streams that were opened by hand.
    let elsewhere =
        Event::AlarmRaised { alarm: 9, state: "offline".into(), trouble: None, since_utc_us: None };
    rig.put(130, Some(StationId::new(57, 13)), elsewhere);
    let page = rig.page(200);
    let expected = [
        span(0, 2, State::Connecting),
        span(2, 60, State::Live),
        span(60, 90, State::Stalled),
        span(90, 120, State::Offline),
        span(120, 200, State::Live),
    ];
    assert_eq!(page.spans, expected);
    assert_eq!(page.reconnects, [at(120)], "the first session was opened, not opened again");
    let errors = [(at(91), Trouble::Refused), (at(90), Trouble::Status(503))];
    assert_eq!(page.errors, errors);
    assert_eq!((page.station, page.from, page.to), (Some(station()), at(0), at(36_000)));
    assert!(page.alarms.is_empty(), "{:?}", page.alarms);
    rig.stop();
}

#[test]
fn where_nothing_ran_there_is_a_gap() {
    let mut rig = Rig::new();
    rig.state(2, State::Connecting, State::Live, 1, None);
    rig.until(100);
    rig.kill();
    rig.until(300);
    rig.run("open");
    rig.state(301, State::Connecting, State::Black, 301, None);
    rig.until(310);
    rig.stop();
    rig.until(400);
    rig.run("watch");
    rig.state(402, State::Connecting, State::Offline, 400, Some("refused"));
    rig.state(500, State::Offline, State::Live, 499, None);
    rig.until(600);
    rig.stop();
    rig.until(700);
    rig.run("wall");
    let page = rig.page(710);
    let expected = [
        span(0, 2, State::Connecting),
        span(2, 100, State::Live),
        span(400, 500, State::Offline),
        span(500, 600, State::Live),
        span(700, 710, State::Connecting),
    ];
    assert_eq!(page.spans, expected);
    assert_eq!(page.reconnects, [], "every run opens its first session");
    rig.stop();
}

#[test]
fn work_at_the_station_hides_nothing_that_was_watched() {
    let mut rig = Rig::new();
    let began = |until: Option<i64>| Event::MaintenanceBegan {
        until_utc_us: until.map(|until| at(until).as_micros()),
        who: "Leyla".into(),
        reason: String::new(),
    };
    let ended = |who: Option<&str>| Event::MaintenanceEnded { who: who.map(str::to_owned) };
    rig.state(0, State::Connecting, State::Live, 0, None);
    rig.put(100, Some(station()), began(Some(5000)));
    // Another one in its place: the end of the first is written after it.
    rig.put(200, Some(station()), began(None));
    rig.put(200, Some(station()), ended(Some("Leyla")));
    rig.state(250, State::Live, State::Offline, 250, Some("closed"));
    rig.put(300, Some(station()), ended(Some("Leyla")));
    rig.put(400, Some(station()), began(Some(450)));
    let page = rig.page(500);
    assert_eq!(page.spans, [span(0, 250, State::Live), span(250, 500, State::Offline)]);
    let told: Vec<_> = page.work.iter().map(|work| (work.from, work.to, work.until)).collect();
    let expected = [
        (at(100), Some(at(200)), Some(at(5000))),
        (at(200), Some(at(300)), None),
        (at(400), Some(at(450)), Some(at(450))),
    ];
    assert_eq!(told, expected);
    rig.put(600, Some(station()), began(Some(900)));
    let page = rig.page(700);
    let last = page.work.last().unwrap();
    assert_eq!((last.from, last.to, last.until), (at(600), None, Some(at(900))), "it stands");
    rig.stop();
}

fn raised(alarm: u64, state: &str, since: i64) -> Event {
    let since_utc_us = Some(at(since).as_micros());
    Event::AlarmRaised { alarm, state: state.into(), trouble: None, since_utc_us }
}

/// The alarms of the page: the worst, from when to when, with how many others.
fn alarms(page: &History) -> Vec<(State, WallTime, Option<WallTime>, usize)> {
    page.alarms.iter().map(|a| (a.worst, a.from, a.to, a.together_with)).collect()
}

#[test]
fn work_that_begins_ends_an_alarm_and_no_trouble() {
    let mut rig = Rig::new();
    rig.state(1, State::Connecting, State::Live, 1, None);
    rig.state(110, State::Live, State::Offline, 100, Some("unreachable"));
    rig.put(120, Some(station()), raised(1, "offline", 100));
    let (who, note) = ("Leyla".to_owned(), "kabel".to_owned());
    rig.put(130, Some(station()), Event::AlarmAcknowledged { alarm: 1, who, note });
    rig.put(130, None, Event::AlarmClosed { alarm: 1 });
    let page = rig.page(200);
    assert_eq!(alarms(&page), [(State::Offline, at(100), None, 0)], "it is as dark as before");
    assert_eq!(page.alarms[0].acknowledged.as_ref().unwrap().note, "kabel");
    rig.state(250, State::Offline, State::Live, 249, None);
    assert_eq!(alarms(&rig.page(300)), [(State::Offline, at(100), Some(at(250)), 0)]);
    rig.stop();
}

#[test]
fn a_group_ends_without_the_station_at_which_work_is_done() {
    let mut rig = Rig::new();
    rig.state(1, State::Connecting, State::Live, 1, None);
    rig.state(110, State::Live, State::Offline, 100, Some("unreachable"));
    let stations = ["57/11", "57/12", "57/13"].map(str::to_owned).to_vec();
    let (by, which) = ("district".to_owned(), "57".to_owned());
    let group = Event::AlarmsGrouped { alarm: 1, by, which, stations, of: 20, from: Vec::new() };
    rig.put(120, None, group);
    rig.put(150, None, Event::AlarmEnded { alarm: 1, lasted_ms: 50_000 });
    assert_eq!(alarms(&rig.page(200)), [(State::Offline, at(100), None, 2)]);
    rig.state(250, State::Offline, State::Black, 250, None);
    assert_eq!(alarms(&rig.page(300)), [(State::Offline, at(100), Some(at(250)), 2)], "back");
    rig.stop();
}

#[test]
fn rows_of_another_station_with_the_same_number_are_not_this_ones() {
    let mut rig = Rig::new();
    let other = Some(StationId::new(57, 13));
    rig.state(1, State::Connecting, State::Live, 1, None);
    rig.state(10, State::Live, State::Black, 9, None);
    rig.put(10, Some(station()), raised(1, "black", 9));
    // The save of the alarms was lost, and numbers began anew.
    rig.put(100, other, raised(1, "degraded", 99));
    let worst = Event::AlarmWorsened {
        alarm: 1,
        to: "offline".into(),
        worst: "offline".into(),
        trouble: None,
    };
    rig.put(110, other, worst);
    let (who, note) = ("Murad".to_owned(), String::new());
    rig.put(120, other, Event::AlarmAcknowledged { alarm: 1, who, note });
    rig.put(130, other, Event::AlarmEnded { alarm: 1, lasted_ms: 1 });
    rig.put(131, None, Event::AlarmClosed { alarm: 1 });
    let page = rig.page(200);
    assert_eq!(alarms(&page), [(State::Black, at(9), None, 0)]);
    assert_eq!(page.alarms[0].acknowledged, None);
    rig.stop();
}

#[test]
fn an_alarm_goes_into_a_group_and_comes_out_again() {
    let mut rig = Rig::new();
    let raised = |alarm, state: &str, since| Event::AlarmRaised {
        alarm,
        state: state.into(),
        trouble: None,
        since_utc_us: Some(at(since).as_micros()),
    };
    rig.state(1, State::Connecting, State::Live, 1, None);
    rig.put(10, Some(station()), raised(1, "degraded", 5));
    let worse =
        Event::AlarmWorsened { alarm: 1, to: "black".into(), worst: "black".into(), trouble: None };
    rig.put(20, Some(station()), worse);
    let answer = |alarm, note: &str| Event::AlarmAcknowledged {
        alarm,
        who: "Leyla".into(),
        note: note.into(),
    };
    rig.put(25, Some(station()), answer(1, "zəng edildi"));
    rig.put(30, Some(station()), Event::AlarmEnded { alarm: 1, lasted_ms: 25_000 });
    rig.put(31, None, Event::AlarmClosed { alarm: 1 });

    rig.state(110, State::Live, State::Offline, 100, Some("unreachable"));
    rig.put(120, Some(station()), raised(2, "offline", 100));
    let grouped = |alarm, stations: &[&str], from: &[u64]| Event::AlarmsGrouped {
        alarm,
        by: "district".into(),
        which: "57".into(),
        stations: stations.iter().map(|id| (*id).to_owned()).collect(),
        of: 20,
        from: from.to_vec(),
    };
    rig.put(130, None, grouped(3, &["57/11", "57/12", "57/13"], &[2, 77]));
    rig.put(131, None, grouped(4, &["57/1", "57/120"], &[]));
    rig.put(140, None, answer(3, ""));
    rig.put(150, None, Event::AlarmEnded { alarm: 4, lasted_ms: 1 });
    let left = vec!["57/11".into(), "57/12".into()];
    rig.put(200, None, Event::AlarmsUngrouped { alarm: 3, stations: left, into: vec![5, 6] });
    let page = rig.page(300);
    let told: Vec<_> = page
        .alarms
        .iter()
        .map(|a| {
            let who = a.acknowledged.as_ref().map(|by| (by.at, by.note.as_str()));
            (a.worst, a.from, a.to, a.together_with, who)
        })
        .collect();
    let expected = [
        (State::Offline, at(100), None, 0, None),
        (State::Offline, at(100), Some(at(200)), 2, Some((at(140), ""))),
        (State::Black, at(5), Some(at(30)), 0, Some((at(25), "zəng edildi"))),
    ];
    assert_eq!(told, expected);
    rig.stop();
}

#[test]
fn every_trouble_is_told_as_it_was_written_down() {
    let all =
        [Trouble::NameNotFound, Trouble::AuthGivenUp, Trouble::Internal, Trouble::Undecodable];
    for trouble in all {
        assert_eq!(Trouble::of_code(trouble.code()), Some(trouble));
    }
    assert_eq!(Trouble::of_code("status"), None, "which one?");
    assert_eq!(Trouble::of_code("of-a-later-version"), None);
}

#[test]
fn the_page_has_the_legal_hours_of_the_election_day() {
    let noon: WallTime = "2024-02-07T12:00:00+04:00".parse::<jiff::Timestamp>().unwrap().into();
    let zone = jiff::tz::TimeZone::get("Asia/Baku").unwrap();
    let mut day = ElectionDay::unconfigured(zone, noon);
    let local = |at: WallTime| day.local(at).strftime("%d %H:%M").to_string();
    let (from, to) = bounds(&day, station(), noon);
    assert_eq!((local(from).as_str(), to), ("07 00:00", noon));
    let times = [7, 8, 19, 21, 2].map(|hour| jiff::civil::time(hour, 0, 0, 0));
    let unconfigured = day.clone();
    day.stages = Some(StageTimes::new(times).unwrap());
    let local = |at: WallTime| unconfigured.local(at).strftime("%d %H:%M").to_string();
    let told = |now: WallTime| {
        let (from, to) = bounds(&day, station(), now);
        (local(from), local(to))
    };
    assert_eq!(told(noon), ("07 07:00".into(), "08 02:00".into()));
    let after_midnight = WallTime::from_micros(noon.as_micros() + 13 * 3_600_000_000);
    assert_eq!(told(after_midnight), ("07 07:00".into(), "08 02:00".into()), "still that day");
    let night = noon - Duration::from_secs(6 * 3600);
    assert_eq!(told(night), ("07 00:00".into(), "07 06:00".into()), "before it begins");
}

#[test]
fn an_open_page_is_read_on_its_own_thread() {
    let mut rig = Rig::new();
    rig.state(2, State::Connecting, State::Live, 1, None);
    let (woken, wakes) = bounded(4);
    let waker: Waker = Arc::new(move || {
        let _ = woken.try_send(());
    });
    let page = DayPage::start(rig.file(), &*rig.clock, waker).unwrap();
    assert!(page.history().is_none(), "nobody has opened it");
    let (now, delivered) = (at(10), Vec::new());
    let ask = Ask { delivered, ..ask(10, now) };
    page.asks.send(ask).unwrap();
    wakes.recv_timeout(LONG).unwrap();
    let mut page = DayPage { asked: Some((station(), rig.clock.mono())), ..page };
    assert_eq!(page.history().unwrap().spans.len(), 2);
    page.close_page();
    assert!(page.history().is_none());
    assert!(page.close(LONG));
    rig.stop();
}
