mod kept;

use super::super::watcher::LOOK_EVERY;
use super::*;
use crate::clock::FakeClock;
use crate::health::Evidence;
use crate::health::alarms::OwnTrouble;
use crate::health::picture::{PictureEvidence, Suspicion};
use crate::journal::Event;
use crate::journal::read::{Filter, Reader};
use crate::model::District;
use crate::ui::Counts;

const LONG: Duration = Duration::from_secs(60);

struct Rig {
    _folder: tempfile::TempDir,
    data: DataDir,
    clock: Arc<FakeClock>,
    list: Arc<StationList>,
    day: ElectionDay,
}

fn station(number: u32) -> StationId {
    StationId::new(57, number)
}

impl Rig {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(folder.path().join("data"))).unwrap();
        let clock = Arc::new(FakeClock::at(WallTime::from_micros(1_707_289_200_000_000)));
        let all = (1..=12).map(station).chain((1..=30).map(|n| StationId::new(58, n)));
        let stations = all.enumerate().map(|(n, id)| Station {
            id,
            name: String::new(),
            address: String::new(),
            main: format!("rtsp://10.0.0.{n}/main"),
            sub: None,
            latitude: None,
            longitude: None,
            network: String::new(),
        });
        let district = |number| District { number, name: String::new() };
        let districts = vec![district(57), district(58)];
        let list = Arc::new(StationList { districts, stations: stations.collect() });
        let day = ElectionDay::unconfigured(jiff::tz::TimeZone::UTC, clock.wall());
        Self { _folder: folder, data, clock, list, day }
    }

    fn duty(&self) -> (Duty, Journal) {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let run = RunInfo::this_process("wall", RunConfig::default());
        let file = self.data.journal_file();
        let journal = Journal::open(&file, Arc::clone(&clock), run, Arc::new(|| {})).unwrap();
        let duty = Duty::start(&self.data, journal.clone(), "Leyla".to_owned(), clock).unwrap();
        (duty, journal)
    }

    /// Looks every second for so long; these stations of district 57 are offline since the beginning
    /// of it.
    fn pass(&self, duty: &mut Duty, seconds: u64, lost: &[u32]) -> Known {
        self.pass_without(duty, seconds, |id| id.district == 57 && lost.contains(&id.station))
    }

    /// The same where every station is lost that `lost` says.
    fn pass_without(
        &self,
        duty: &mut Duty,
        seconds: u64,
        lost: impl Fn(StationId) -> bool,
    ) -> Known {
        let since = self.clock.mono();
        self.pass_as(duty, seconds, |id, now| {
            let gone = lost(id);
            Assessment {
                state: if gone { State::Offline } else { State::Live },
                since: if gone { since } else { Mono::default() },
                trouble: gone.then_some(Trouble::Refused),
                last_unit: Some(if gone { since } else { now }),
                rate: None,
                patience: Duration::from_secs(2),
                behind: false,
                evidence: Evidence::default(),
            }
        })
    }

    /// The same where every station is as `verdict` says.
    fn pass_as(
        &self,
        duty: &mut Duty,
        seconds: u64,
        verdict: impl Fn(StationId, Mono) -> Assessment,
    ) -> Known {
        let mut last = None;
        for _ in 0..seconds {
            self.clock.advance(Duration::from_secs(1) - LOOK_EVERY);
            last = Some(self.look(duty, &verdict));
        }
        last.unwrap()
    }

    /// One look, in its time after the one before.
    fn look(&self, duty: &mut Duty, verdict: impl Fn(StationId, Mono) -> Assessment) -> Known {
        self.clock.advance(LOOK_EVERY);
        let now = self.clock.mono();
        let stations = self.list.stations.iter().map(|s| (s.id, verdict(s.id, now))).collect();
        let (wall, counts) = (self.clock.wall(), Counts::default());
        let mut known = Known { now, wall, stations, counts, machine_behind: false };
        duty.look(&mut known, &self.list, &self.day);
        known
    }

    fn events(&self) -> Vec<(Option<String>, Event)> {
        let mut events = Vec::new();
        let reader = Reader::open(&self.data.journal_file()).unwrap();
        let take = |row: crate::journal::read::Record| {
            let event = row.event().expect("an event that this version knows");
            events.push((row.station, event));
            Ok::<_, crate::journal::JournalError>(())
        };
        reader.each(&Filter::default(), take).unwrap();
        events
    }
}

/// A station whose picture has stood still since then.
fn still(since: Mono, now: Mono) -> Assessment {
    let suspicion = Suspicion { frozen_since: Some(since), covered: None };
    let picture = PictureEvidence { suspicion, ..PictureEvidence::default() };
    Assessment {
        state: State::Frozen,
        since,
        trouble: None,
        last_unit: Some(now),
        rate: None,
        patience: Duration::from_secs(2),
        behind: false,
        evidence: Evidence { picture, ..Evidence::default() },
    }
}

/// A station at which all is well.
fn live(now: Mono) -> Assessment {
    let evidence = Evidence::default();
    Assessment { state: State::Live, evidence, ..still(Mono::default(), now) }
}

#[test]
fn an_alarm_is_raised_answered_and_written_down() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 30, &[]);
    assert!(duty.attention().lines.is_empty());
    rig.pass(&mut duty, 60, &[12]);
    let lines = duty.attention().lines.clone();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    duty.acknowledge(lines[0].id, "zəng edildi");
    let by = duty.attention().lines[0].acknowledged.clone().expect("answered at once");
    assert_eq!((by.who.as_str(), by.note.as_str()), ("Leyla", "zəng edildi"));
    rig.pass(&mut duty, 120, &[]);
    assert!(duty.attention().lines.is_empty(), "answered and over");
    assert!(duty.close(LONG) && journal.close(LONG));

    let events = rig.events();
    let of = |kind: &str| {
        let found: Vec<_> = events.iter().filter(|(_, e)| e.kind().code() == kind).collect();
        found
    };
    let states: Vec<_> =
        of("state").into_iter().filter(|(id, _)| id.as_deref() == Some("57/12")).collect();
    assert_eq!(states.len(), 3, "live, offline, live again: {states:#?}");
    let Event::State { from, to, trouble, evidence, .. } = &states[1].1 else { panic!() };
    assert_eq!(
        (from.as_str(), to.as_str(), trouble.as_deref()),
        ("live", "offline", Some("refused"))
    );
    assert!(evidence["silent_ms"].is_u64(), "{evidence}");
    assert_eq!((of("alarm_raised").len(), of("alarm_ended").len()), (1, 1));
    let Event::AlarmAcknowledged { who, note, alarm } = &of("alarm_acknowledged")[0].1 else {
        panic!()
    };
    assert_eq!((who.as_str(), note.as_str(), *alarm), ("Leyla", "zəng edildi", lines[0].id.0));
}

#[test]
fn a_lost_district_is_one_alarm_that_names_its_stations() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 90, &[]);
    let lost: Vec<u32> = (1..=9).collect();
    rig.pass(&mut duty, 60, &lost);
    assert_eq!(duty.attention().lines.len(), 1, "{:#?}", duty.attention().lines);
    assert!(duty.close(LONG) && journal.close(LONG));
    let groups: Vec<_> = rig
        .events()
        .into_iter()
        .filter_map(|(_, event)| match event {
            Event::AlarmsGrouped { by, which, stations, of, .. } => Some((by, which, stations, of)),
            _ => None,
        })
        .collect();
    let (by, which, stations, of) = groups.last().expect("a group is written down");
    assert_eq!((by.as_str(), which.as_str(), *of), ("district", "57", 12));
    assert_eq!(stations.len(), 9);
    // Who looks for one station finds what happened to several.
    let reader = Reader::open(&rig.data.journal_file()).unwrap();
    let filter = Filter { station: Some(station(3)), ..Filter::default() };
    let mut kinds = Vec::new();
    let take = |row: crate::journal::read::Record| {
        kinds.push(row.kind);
        Ok::<_, crate::journal::JournalError>(())
    };
    reader.each(&filter, take).unwrap();
    assert!(kinds.iter().any(|kind| kind == "alarms_grouped"), "{kinds:?}");
}

#[test]
fn a_guard_that_is_given_up_is_no_recovery_in_the_journal() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 30, &[]);
    let all_but_one = |id: StationId| id != station(1);
    rig.pass_without(&mut duty, 70, all_but_one);
    let left = duty.attention().aftermath.expect("nobody waits for them any more");
    assert_eq!((left.lost, left.of), (41, 42));
    // The clock runs ahead of the disk: that the journal is late may be said as well.
    assert!(duty.attention().guard.is_none_or(|guard| guard.why == OwnTrouble::Disk));
    assert!(!duty.attention().lines.is_empty());
    rig.pass(&mut duty, 30, &[]);
    assert_eq!(duty.attention().aftermath, None, "they are back");
    assert!(duty.close(LONG) && journal.close(LONG));
    let ended = rig.events().into_iter().find_map(|(_, event)| match event {
        Event::GuardEnded { why, gave_up, lost, .. } if why == "network" => Some((gave_up, lost)),
        _ => None,
    });
    assert_eq!(ended, Some((true, Some(41))));
}

/// A clock that says when the journal's thread asks it, as it does when it begins to write.
struct Overheard {
    time: Arc<FakeClock>,
    asked: crossbeam_channel::Sender<()>,
}

impl Clock for Overheard {
    fn mono(&self) -> Mono {
        if std::thread::current().name() == Some("journal") {
            // One is enough.
            let _ = self.asked.try_send(());
        }
        self.time.mono()
    }
    fn wall(&self) -> WallTime {
        self.time.wall()
    }
}

/// Somebody holds the file and does not let go of it: the thread of the journal is inside SQLite and does
/// not come back, as it is where a disk hangs.
#[test]
fn a_disk_that_hangs_is_told_within_five_seconds_and_the_wall_goes_on() {
    let rig = Rig::new();
    let (asked, begins) = crossbeam_channel::bounded(1);
    let clock: Arc<dyn Clock> = Arc::new(Overheard { time: rig.clock.clone(), asked });
    let run = RunInfo::this_process("wall", RunConfig::default());
    let (file, patient) = (rig.data.journal_file(), crate::journal::Limits::default());
    let patient = crate::journal::Limits { busy: LONG, ..patient };
    let waker = Arc::new(|| {});
    let journal = Journal::open_within(&file, Arc::clone(&clock), run, waker, patient).unwrap();
    let mut duty = Duty::start(&rig.data, journal.clone(), "Leyla".to_owned(), clock).unwrap();
    let guard = |duty: &Duty| duty.attention().guard;
    // This clock runs ahead of every disk: until all is written, and that it was late is over, too.
    let settle = |duty: &mut Duty, lost: &[u32]| loop {
        rig.pass(duty, 6, lost);
        let written = journal.record_durably(Entry::now(&*rig.clock, Event::FileGone {}));
        assert!(matches!(written.wait_for(LONG), Some(Ok(_))), "it goes on by itself");
        if guard(duty).is_none() && journal.status().waiting == 0 {
            break;
        }
    };
    settle(&mut duty, &[]);
    let _ = begins.try_recv();
    let held = rusqlite::Connection::open(&file).unwrap();
    held.execute_batch("BEGIN IMMEDIATE").unwrap();

    journal.record(Entry::now(&*rig.clock, Event::FileGone {}));
    begins.recv_timeout(LONG).expect("it begins to write");
    let began = rig.clock.mono();
    let told = (1..=20).find_map(|n| {
        rig.look(&mut duty, |_, now| live(now));
        guard(&duty).map(|guard| (n, guard))
    });
    let (looks, disk) = told.expect("within five seconds");
    assert_eq!((disk.why, disk.holds), (OwnTrouble::Disk, false), "after {looks} looks");
    assert_eq!(rig.clock.mono().since(began), LOOK_EVERY * looks);
    let failing = journal.status().failing.expect("it hangs");
    assert_eq!((failing.reason, failing.since), (crate::journal::Reason::Hung, began));
    // Nobody waits for it, and cameras' alarms are raised.
    rig.pass(&mut duty, 60, &[3]);
    assert_eq!(duty.attention().lines.len(), 1);
    assert!(guard(&duty).is_some() && journal.status().waiting > 1);
    assert_eq!(journal.status().lost, 0);

    held.execute_batch("ROLLBACK").unwrap();
    settle(&mut duty, &[3]);
    assert!(duty.close(LONG) && journal.close(LONG));
    let kinds: Vec<_> = rig.events().iter().map(|(_, event)| event.kind().code()).collect();
    for kind in ["guard_began", "alarm_raised", "guard_ended"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
}

#[test]
fn an_alarm_is_unanswered_since_it_was_raised() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 30, &[]);
    // A minute behind the guard, then three until somebody should have answered.
    rig.pass_without(&mut duty, 300, |id| id != station(1));
    assert!(duty.close(LONG) && journal.close(LONG));
    let waited: Vec<u64> = rig
        .events()
        .into_iter()
        .filter_map(|(_, event)| match event {
            Event::AlarmEscalated { after_ms, .. } => Some(after_ms),
            _ => None,
        })
        .collect();
    assert!(!waited.is_empty() && waited.iter().all(|ms| *ms == 180_000), "{waited:?}");
}

#[test]
fn a_cable_that_is_out_makes_the_guard_stand_sooner_and_for_as_long() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    let machine = tempfile::tempdir().unwrap();
    let put = |path: &str, text: &str| {
        let file = machine.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    let routes = include_str!("../../../tests/fixtures/network/route");
    put("proc/net/route", routes);
    put("sys/class/net/eno1/operstate", "up");
    duty.way_out = WayOut::under(machine.path().to_owned());
    rig.pass(&mut duty, 30, &[]);
    put("sys/class/net/eno1/operstate", "down");
    let stands_still = |duty: &Duty| {
        let guard = duty.attention().guard;
        guard.is_some_and(|guard| guard.why == OwnTrouble::Network && guard.holds)
    };
    let stands = |duty: &Duty| stands_still(duty) && duty.attention().lines.is_empty();
    // The first twelve of 42 are no majority.
    let lost: Vec<u32> = (1..=12).collect();
    rig.pass(&mut duty, 5, &lost);
    assert!(stands(&duty), "our cable");
    rig.pass_without(&mut duty, 300, |_| true);
    assert!(stands(&duty), "for as long as it is out");
    put("sys/class/net/eno1/operstate", "up");
    rig.pass_without(&mut duty, 100, |_| true);
    assert!(!stands_still(&duty) && !duty.attention().lines.is_empty());
    assert!(duty.close(LONG) && journal.close(LONG));
}

/// The figures as the last look leaves them, with what is on duty.
fn figures(duty: &Duty) -> Figures {
    let mut figures = Figures {
        recording: None,
        began: WallTime::from_micros(0),
        looked_at: Mono::default(),
        received_at: Mono::default(),
        machine_behind: false,
        districts: std::collections::BTreeMap::new(),
        streams: metrics::Streams {
            playing: 0,
            starts: 0,
            losses: 0,
            units: 0,
            skipped: 0,
            damaged: 0,
            decoded: 0,
            replaced: 0,
            decode_lateness: metrics::Histogram::of_seconds(),
        },
        looks: metrics::Looks { taken: 0, lateness: metrics::Histogram::of_seconds() },
        paint_lateness: None,
        sampler: None,
        journal: None,
        alarms: None,
    };
    duty.figures(&mut figures);
    figures
}

#[test]
fn figures_tell_what_is_open_and_what_nobody_has_answered() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    let told =
        |open, unacknowledged, guarded| Some(metrics::Alarms { open, unacknowledged, guarded });
    rig.pass(&mut duty, 30, &[]);
    assert_eq!(figures(&duty).alarms, told(0, 0, false));
    rig.pass(&mut duty, 60, &[7]);
    rig.pass(&mut duty, 60, &[7, 12]);
    assert_eq!(figures(&duty).alarms, told(2, 2, false));
    duty.acknowledge(duty.attention().lines[0].id, "");
    assert_eq!(figures(&duty).alarms, told(2, 1, false));
    // Most of the country at once is us.
    rig.pass_without(&mut duty, 5, |_| true);
    let guarded = figures(&duty).alarms.unwrap();
    assert_eq!((guarded.open, guarded.guarded), (2, true), "{:?}", duty.attention().guard);
    assert!(duty.close(LONG) && journal.close(LONG));
}

#[test]
fn figures_tell_how_the_journal_is_doing() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 5, &[]);
    let last = journal.record_durably(Entry::now(&*rig.clock, Event::Stopped {}));
    assert!(matches!(last.wait_for(LONG), Some(Ok(_))), "all before it is written too");
    rig.clock.advance(Duration::from_secs(9));
    let well = metrics::Journal { waiting: 0, lost: 0, lag: Duration::ZERO, failing: false };
    assert_eq!(figures(&duty).journal, Some(well));
    // Closed: what comes now is lost, and that is told.
    assert!(journal.close(LONG));
    duty.maintain(station(3), None, "");
    assert_eq!(figures(&duty).journal, Some(metrics::Journal { lost: 1, ..well }));
    assert!(duty.close(LONG));
}
