use super::*;
use crate::clock::FakeClock;
use crate::health::Evidence;
use crate::health::alarms::OwnTrouble;
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
            self.clock.advance(Duration::from_secs(1));
            let now = self.clock.mono();
            let stations = self.list.stations.iter().map(|s| (s.id, verdict(s.id, now))).collect();
            let (wall, counts) = (self.clock.wall(), Counts::default());
            let mut known = Known { now, wall, stations, counts, machine_behind: false };
            duty.look(&mut known, &self.list, &self.day);
            last = Some(known);
        }
        last.unwrap()
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
fn what_nobody_has_answered_outlives_the_program() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[12]);
    duty.maintain(station(3), None, "yeni kabel");
    let known = rig.pass(&mut duty, 60, &[3, 12]);
    let before = duty.attention().lines.clone();
    assert_eq!(before.len(), 1, "no alarm where work is done: {before:#?}");
    assert_eq!((known.counts.of(State::Maintenance), known.counts.of(State::Offline)), (1, 1));
    assert!(duty.close(LONG) && journal.close(LONG));

    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 5, &[]);
    assert_eq!(duty.work_at(rig.clock.wall()).count(), 1);
    let after = &duty.attention().lines;
    assert_eq!((after.len(), after[0].id), (1, before[0].id));
    duty.end_maintenance(station(3));
    let ids: Vec<_> = duty.attention().lines.iter().map(|line| line.id).collect();
    rig.pass(&mut duty, 60, &[]);
    assert!(duty.attention().lines.iter().all(|line| line.ended.is_some()), "still to be answered");
    duty.acknowledge_all_ended();
    rig.pass(&mut duty, 200, &[]);
    assert!(
        !ids.is_empty()
            && duty.attention().lines.is_empty()
            && duty.work_at(rig.clock.wall()).count() == 0
    );
    assert!(duty.close(LONG) && journal.close(LONG));
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
fn a_damaged_save_is_survived() {
    let rig = Rig::new();
    std::fs::write(rig.data.alarms_file(), "{").unwrap();
    let (mut duty, journal) = rig.duty();
    let kept = std::fs::read_dir(rig.data.root()).unwrap();
    let kept =
        kept.filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().contains("damaged"));
    assert_eq!(kept.count(), 1, "kept aside");
    rig.pass(&mut duty, 60, &[12]);
    assert_eq!(duty.attention().lines.len(), 1);
    assert!(duty.close(LONG) && journal.close(LONG));
}

/// The files of the data folder whose names hold `part`.
fn named(rig: &Rig, part: &str) -> Vec<std::path::PathBuf> {
    let all = std::fs::read_dir(rig.data.root()).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.to_string_lossy().contains(part)).collect()
}

#[test]
fn what_the_disk_does_not_give_back_stays_and_stops_nobody() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[3]);
    assert!(duty.close(LONG) && journal.close(LONG));
    // A folder in its place can't be read as a file can, whoever asks.
    let file = rig.data.alarms_file();
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    std::fs::write(file.join("kept"), "what is still there").unwrap();

    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 5, &[]);
    assert!(duty.attention().lines.is_empty() && named(&rig, "unread").is_empty());
    assert!(file.join("kept").exists(), "as long as there is nothing to write");
    rig.pass(&mut duty, 60, &[12]);
    let numbers: Vec<u64> = duty.attention().lines.iter().map(|line| line.id.0).collect();
    assert_eq!(numbers, [2], "those of the journal go on");
    assert!(duty.close(LONG) && journal.close(LONG));
    let aside = named(&rig, "alarms.unread-");
    assert_eq!(aside.len(), 1, "{aside:?}");
    let still = std::fs::read_to_string(aside[0].join("kept")).unwrap();
    assert_eq!(still, "what is still there");

    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 5, &[12]);
    assert_eq!(duty.attention().lines.len(), 1, "what was saved since is read");
    assert!(duty.close(LONG) && journal.close(LONG));
}

#[test]
fn a_damaged_save_that_cannot_be_put_aside_stops_nobody_and_is_not_written_over() {
    let rig = Rig::new();
    let file = rig.data.alarms_file();
    std::fs::write(&file, "{").unwrap();
    // What it would be called is a folder.
    let taken = file.with_extension(format!("damaged-{}", rig.clock.wall().as_micros()));
    std::fs::create_dir(&taken).unwrap();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[12]);
    assert_eq!(duty.attention().lines.len(), 1);
    assert!(duty.close(LONG) && journal.close(LONG));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "{", "rather unsaved than gone");
    let (duty, journal) = rig.duty();
    assert!(!file.exists() && named(&rig, "damaged").len() == 2, "another name was free");
    assert!(duty.close(LONG) && journal.close(LONG));
}

/// A station whose picture has stood still since then.
fn still(since: Mono, now: Mono) -> Assessment {
    let picture =
        crate::health::picture::PictureEvidence { frozen_since: Some(since), ..Default::default() };
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

#[test]
fn a_picture_that_stood_still_does_so_after_a_restart() {
    let rig = Rig::new();
    let live = |now| Assessment {
        state: State::Live,
        evidence: Evidence::default(),
        ..still(Mono::default(), now)
    };
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 30, &[]);
    let began = rig.clock.mono();
    rig.pass_as(&mut duty, 60, |id, now| match id == station(3) {
        true => still(began, now),
        false => live(now),
    });
    duty.acknowledge(duty.attention().lines[0].id, "");
    assert!(duty.close(LONG) && journal.close(LONG));

    let source = |kept: &Station| crate::config::secrets::FeedSource {
        id: FeedId { station: kept.id, kind: FeedKind::Main },
        url: "rtsp://127.0.0.1:1/".parse().unwrap(),
        shown_url: kept.main.clone(),
        login: None,
    };
    // The second time the station has another camera.
    let other = |station: &Station| Station { main: "rtsp://10.9.9.9/".into(), ..station.clone() };
    let moved = StationList {
        stations: rig.list.stations.iter().map(other).collect(),
        ..(*rig.list).clone()
    };
    for (list, remembered) in [(&*rig.list, true), (&moved, false)] {
        let sources = list.stations.iter().filter(|s| s.id.district == 57).map(source).collect();
        let clock: Arc<dyn Clock> = rig.clock.clone();
        let limits = crate::ingest::Limits::default();
        let ingest = Ingest::start(sources, limits, clock, Arc::new(|| {})).unwrap();
        let (duty, journal) = rig.duty();
        duty.remind(&ingest, list);
        for n in 1..=12 {
            let feed = ingest.feed(FeedId { station: station(n), kind: FeedKind::Main }).unwrap();
            let seen = feed.assess(rig.clock.mono(), ingest.pulse()).evidence.picture.frozen_since;
            let expected = (remembered && n == 3).then_some(began);
            // Civil time is kept to the microsecond.
            let near = |(a, b): (Mono, Mono)| a.as_micros().abs_diff(b.as_micros()) <= 1;
            assert_eq!(seen.is_some(), expected.is_some(), "{n}");
            assert!(seen.zip(expected).is_none_or(near), "{seen:?} {expected:?}");
        }
        assert!(duty.close(LONG) && journal.close(LONG));
    }

    // Answered is answered: nobody is asked again, and nobody is told that it is over.
    let (mut duty, journal) = rig.duty();
    rig.pass_as(&mut duty, 60, |id, now| match id == station(3) {
        true => still(began, now),
        false => live(now),
    });
    let lines = duty.attention().lines.clone();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].ended.is_none() && lines[0].acknowledged.is_some());
    // It moves.
    rig.pass_as(&mut duty, 60, |_, now| live(now));
    assert!(duty.standing_still.is_empty() && duty.attention().lines.is_empty());
    assert!(duty.close(LONG) && journal.close(LONG));
    let (duty, journal) = rig.duty();
    assert!(duty.standing_still.is_empty(), "that is saved, too");
    assert!(duty.close(LONG) && journal.close(LONG));
}

#[test]
fn numbers_of_alarms_go_on_after_a_save_that_is_damaged_or_gone() {
    let rig = Rig::new();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[3]);
    rig.pass(&mut duty, 60, &[3, 12]);
    let number = |duty: &Duty| duty.attention().lines.iter().map(|line| line.id.0).max();
    assert_eq!(number(&duty), Some(2));
    assert!(duty.close(LONG) && journal.close(LONG));

    std::fs::write(rig.data.alarms_file(), "{").unwrap();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[7]);
    assert_eq!(number(&duty), Some(3), "damaged");
    assert!(duty.close(LONG) && journal.close(LONG));

    std::fs::remove_file(rig.data.alarms_file()).unwrap();
    let (mut duty, journal) = rig.duty();
    rig.pass(&mut duty, 60, &[8]);
    assert_eq!(number(&duty), Some(4), "gone");
    assert!(duty.close(LONG) && journal.close(LONG));
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
