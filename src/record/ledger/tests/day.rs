//! Days that were made up: cameras that bring pictures one by one, faults of every cause, a recorder
//! that is killed and a clock that is set. What is expected is told by the pictures alone.

use std::collections::BTreeMap;

use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use serde_json::json;

use super::*;
use crate::clock::{Mono, WallTime};
use crate::journal::Event;
use crate::journal::read::{Record, Run};
use crate::model::day::{ElectionDay, StageTimes};
use crate::model::{FeedId, FeedKind};
use crate::record::catalogue::Incident;
use crate::record::timeline::Timeline;

/// 06:00 in Baku: an hour before the legal ones.
const ORIGIN: i64 = 1_707_271_200 * SECOND;
/// An hour after they have ended.
const END: i64 = 16 * 3600 * SECOND;
/// After a fault, sessions are set up within this and a keyframe comes.
const TAIL: i64 = 9 * SECOND;

#[derive(Clone, Copy, Debug)]
struct Fault {
    cause: Cause,
    from: i64,
    to: i64,
}

impl Fault {
    fn holds(&self, at: i64) -> bool {
        self.from <= at && at < self.to
    }
}

struct Process {
    id: String,
    from: i64,
    to: i64,
    killed: bool,
    /// At its end so much had not become durable.
    lost: i64,
    /// The timeline as it was after each second's look at the clock.
    lines: Vec<Timeline>,
}

impl Process {
    fn utc(&self, at: i64) -> i64 {
        let second = usize::try_from((at - self.from) / SECOND).unwrap().min(self.lines.len() - 1);
        self.lines[second].utc(Mono::from_micros(at - self.from)).as_micros()
    }
}

struct World {
    chance: fastrand::Rng,
    everywhere: Vec<Fault>,
    /// When the clock is set, and by how much.
    steps: Vec<(i64, i64)>,
    processes: Vec<Process>,
    memory: Memory,
    rows: Vec<(i64, Record)>,
}

/// A picture on the disk: when it really came, and what the timeline said.
type Picture = (i64, i64);

impl World {
    fn new(seed: u64) -> Self {
        let mut chance = fastrand::Rng::with_seed(seed);
        let mut everywhere = Vec::new();
        let mut steps = Vec::new();
        // One thing that concerns everybody in each half hour, and some air around it.
        for slot in 0..30 {
            let from = (slot * 1800 + 500 + chance.i64(0..600)) * SECOND + chance.i64(0..SECOND);
            let len = chance.i64(3 * SECOND..120 * SECOND);
            let cause = match slot % 6 {
                0 => Cause::ProcessDown,
                1 => Cause::DiskFull,
                2 => Cause::NotRecording,
                3 => Cause::DiskFailed,
                4 => Cause::ClockStep,
                _ => {
                    // Set back: no time is lost, and all that is written then has two clocks.
                    steps.push((from, -chance.i64(SECOND..20 * SECOND)));
                    continue;
                }
            };
            let to = if cause == Cause::ClockStep {
                steps.push((from, chance.i64(4 * SECOND..90 * SECOND)));
                from + SECOND
            } else {
                from + len
            };
            everywhere.push(Fault { cause, from, to });
        }
        let (processes, memory, rows) = (Vec::new(), Memory::default(), Vec::new());
        let mut world = Self { chance, everywhere, steps, processes, memory, rows };
        world.run();
        world
    }

    /// What the machine's clock says.
    fn wall(&self, at: i64) -> i64 {
        let set: i64 = self.steps.iter().filter(|(from, _)| *from <= at).map(|(_, by)| by).sum();
        ORIGIN + at + set
    }

    fn process(&self, at: i64) -> Option<&Process> {
        self.processes.iter().find(|process| process.from <= at && at < process.to)
    }

    /// What the timeline said; while no program ran, what the next one will begin with at least.
    fn utc(&self, at: i64) -> i64 {
        if let Some(process) = self.process(at) {
            return process.utc(at);
        }
        let before = self.processes.iter().rfind(|process| process.to <= at);
        before.map_or(i64::MIN, |process| process.utc(process.to - 1)).max(self.wall(at))
    }

    fn note(&mut self, at: i64, station: Option<StationId>, event: &Event) {
        let Some(process) = self.process(at) else { return };
        let tagged = serde_json::to_value(event).unwrap();
        let record = Record {
            seq: 0,
            utc: WallTime::from_micros(self.wall(at)),
            mono: Mono::from_micros(at - process.from),
            run: process.id.clone(),
            kind: tagged["kind"].as_str().unwrap().to_owned(),
            station: station.map(|id| id.to_string()),
            feed: None,
            body: tagged.get("body").cloned().unwrap_or_default(),
        };
        self.rows.push((at, record));
    }

    fn incident(&mut self, feed: Option<FeedId>, fault: Fault) {
        for process in &self.processes {
            let (from, to) = (fault.from.max(process.from), fault.to.min(process.to - 1));
            if from < to {
                self.memory.incidents.push(Incident {
                    feed,
                    cause: fault.cause,
                    from_utc_us: process.utc(from),
                    to_utc_us: process.utc(to),
                    evidence: json!({ "bytes": 4711 }),
                });
            }
        }
    }

    /// Runs of the program, with what they write down of everybody.
    fn run(&mut self) {
        let downs = self.everywhere.iter().filter(|fault| fault.cause == Cause::ProcessDown);
        let downs: Vec<Fault> = downs.copied().collect();
        let (mut from, mut floor) = (0, None);
        for number in 0..=downs.len() {
            let to = downs.get(number).map_or(END, |down| down.from);
            let killed = number % 2 == 0 && number < downs.len();
            let id = format!("run {number}");
            let wall = |world: &Self, at| WallTime::from_micros(world.wall(at));
            let mut line = Timeline::new(Mono::default(), wall(self, from), floor);
            let mut lines = vec![line.clone()];
            for second in 1..=(to - from) / SECOND {
                let mono = Mono::from_micros(second * SECOND);
                if let Some(step) = line.observe(mono, wall(self, from + second * SECOND)) {
                    let ahead_us = line.ahead_us(mono);
                    self.memory.incidents.push(clock_step(&id, mono, step, ahead_us));
                }
                lines.push(line.clone());
            }
            let lost = if killed { self.chance.i64(0..2 * SECOND) } else { 0 };
            let process = Process { id: id.clone(), from, to, killed, lost, lines };
            let alive_to = process.utc(to - if killed { 3 * SECOND / 2 } else { 1 });
            floor = Some(WallTime::from_micros(process.utc(to - 1)));
            let span = Span::new(process.utc(from), alive_to);
            self.memory.alive.push(Alive { run: id, span });
            self.processes.push(process);
            let off =
                self.everywhere.iter().any(|f| f.cause == Cause::NotRecording && f.holds(from));
            self.note(from, None, &recording(!off));
            from = downs.get(number).map_or(END, |down| down.to);
        }
        for fault in self.everywhere.clone() {
            match fault.cause {
                Cause::NotRecording => {
                    self.note(fault.from, None, &recording(false));
                    self.note(fault.to, None, &recording(true));
                }
                Cause::DiskFull | Cause::DiskFailed => self.incident(None, fault),
                _ => {}
            }
        }
    }

    /// What goes wrong at one camera.
    fn faults(&mut self, many: usize) -> Vec<Fault> {
        const CAUSES: [Cause; 5] = [
            Cause::CameraSilent,
            Cause::NetworkRefused,
            Cause::Authentication,
            Cause::Maintenance,
            Cause::Overload,
        ];
        let one = |n: usize, chance: &mut fastrand::Rng| {
            let from = chance.i64(600 * SECOND..END - 600 * SECOND);
            let len = if n.is_multiple_of(4) { 900 } else { 40 };
            let to = from + chance.i64(3 * SECOND..len * SECOND);
            Fault { cause: CAUSES[n % CAUSES.len()], from, to }
        };
        let all: Vec<Fault> = (0..many).map(|n| one(n, &mut self.chance)).collect();
        // Work that is announced while other work goes on takes its place: there is one at a time.
        let is_work = |fault: &Fault| fault.cause == Cause::Maintenance;
        let at_once = |a: &Fault, b: &Fault| a.from <= b.to && b.from <= a.to;
        all.iter().enumerate().fold(Vec::new(), |mut kept, (at, fault)| {
            let before = &all[..at];
            if !(is_work(fault) && before.iter().any(|b| is_work(b) && at_once(b, fault))) {
                kept.push(*fault);
            }
            kept
        })
    }

    /// What the wall and the recorder write down of one camera's faults.
    fn tell(&mut self, feed: FeedId, faults: &[Fault]) {
        let station = Some(feed.station);
        for fault in faults {
            let (state, trouble) = shown_as(fault.cause);
            match fault.cause {
                Cause::Overload => {
                    self.incident(Some(feed), *fault);
                    continue;
                }
                Cause::Maintenance => {
                    let (who, reason) = ("somebody".to_owned(), String::new());
                    let began = Event::MaintenanceBegan { until_utc_us: None, who, reason };
                    self.note(fault.from, station, &began);
                    let ended = Event::MaintenanceEnded { who: None };
                    // A program that does not run takes nothing down; the next one does.
                    let to = self
                        .processes
                        .iter()
                        .map(|p| p.from.max(fault.to))
                        .find(|&at| self.process(at).is_some());
                    if let Some(to) = to {
                        self.note(to, station, &ended);
                    }
                }
                _ => {}
            }
            let spans: Vec<_> = self.processes.iter().map(|p| (p.from, p.to)).collect();
            for (began, ended) in spans {
                let (from, to) = (fault.from.max(began), fault.to.min(ended));
                let noticed = from + 5 * SECOND / 2;
                if noticed < to {
                    let change =
                        |from: &str, to: &str, trouble: Option<&str>, since| Event::State {
                            from: from.into(),
                            to: to.into(),
                            trouble: trouble.map(str::to_owned),
                            since_utc_us: Some(since),
                            evidence: Value::Null,
                        };
                    let since = self.wall(noticed) - 5 * SECOND / 2;
                    self.note(noticed, station, &change("live", state, trouble, since));
                    if to == fault.to {
                        // Another fault may go on behind this one.
                        let other = |f: &&Fault| f.holds(to) && f.cause != Cause::Overload;
                        let other = faults.iter().find(other).map(|other| shown_as(other.cause));
                        let (then, trouble) = other.unwrap_or(("live", None));
                        let back = self.wall(to);
                        self.note(to, station, &change(state, then, trouble, back));
                    }
                }
            }
        }
    }

    /// The camera's day: what of its pictures is on the disk, and the segments they are in.
    fn record(&mut self, feed: FeedId, faults: &[Fault]) -> Vec<Picture> {
        let period = [SECOND - 40_000, 700_000, 500_000][self.chance.usize(0..3)];
        // The camera says something else of itself, and its clock drifts: neither makes a gap.
        let (group, drift) = (self.chance.i64(2..7), self.chance.i64(-200..200));
        let (mut pictures, mut pieces) = (Vec::new(), Vec::<Piece>::new());
        let (mut open, mut needs_key, mut ready) = (false, true, 0);
        let (mut at, mut number) = (0, 0);
        while at < END {
            at += period + self.chance.i64(-30_000..30_000);
            number += 1;
            let Some(process) = self.processes.iter().find(|p| p.from <= at && at < p.to) else {
                (open, needs_key, ready) = (false, true, at + 2 * SECOND);
                continue;
            };
            let fault = faults.iter().chain(&self.everywhere).find(|fault| {
                !matches!(fault.cause, Cause::ClockStep | Cause::ProcessDown) && fault.holds(at)
            });
            if let Some(fault) = fault {
                // Through a short silence the session goes on, and so does the segment.
                if fault.cause != Cause::CameraSilent || fault.to - fault.from > 10 * SECOND {
                    (open, needs_key) = (false, true);
                    ready = fault.to + 500_000;
                }
                continue;
            }
            let is_key = number % group == 0;
            if at > process.to - process.lost || at < ready || (needs_key && !is_key) {
                (open, needs_key) = (open && !needs_key, true);
                continue;
            }
            needs_key = false;
            let utc = process.utc(at);
            pictures.push((at, utc));
            let first = ORIGIN + at;
            match pieces.last_mut() {
                Some(piece) if open && !(is_key && utc - piece.from_us >= 60 * SECOND) => {
                    if utc - piece.to_us > SECOND {
                        let gone = Break { from_utc_us: piece.to_us, to_utc_us: utc };
                        piece.breaks.push(gone);
                    }
                    piece.to_us = utc;
                }
                _ => pieces.push(Piece {
                    from_us: utc,
                    to_us: utc,
                    camera_clock_us: Some((first - ORIGIN) / SECOND * drift),
                    clock_synchronised: Some(true),
                    ..Piece::default()
                }),
            }
            open = true;
        }
        self.memory.segments.insert(feed, pieces);
        pictures
    }
}

/// The state and the trouble that a wall shows at such a fault.
fn shown_as(cause: Cause) -> (&'static str, Option<&'static str>) {
    match cause {
        Cause::CameraSilent => ("stalled", None),
        Cause::Authentication => ("auth-failed", Some("auth-rejected")),
        _ => ("offline", Some("refused")),
    }
}

fn recording(on: bool) -> Event {
    Event::Recording { on, stations: None, feed: "main".into() }
}

fn day() -> ElectionDay {
    let hours = [7, 8, 19, 20, 21].map(|hour| time(hour, 0, 0, 0));
    ElectionDay {
        name: "test".into(),
        date: date(2024, 2, 7),
        zone: TimeZone::get("Asia/Baku").unwrap(),
        stages: Some(StageTimes::new(hours).unwrap()),
        overrides: BTreeMap::new(),
    }
}

/// Runs as the journal's reader tells them.
fn runs(world: &World) -> Vec<Run> {
    let run = |process: &Process| {
        let rows = world.rows.iter().filter(|(_, row)| row.run == process.id);
        let last = rows.map(|(at, _)| *at).max().unwrap_or(process.from);
        let last = if process.killed || process.to == END { last } else { process.to - 1 };
        Run {
            id: process.id.clone(),
            from: WallTime::from_micros(world.wall(process.from)),
            from_mono: Mono::default(),
            command: "record".into(),
            last: WallTime::from_micros(world.wall(last)),
            last_mono: Mono::from_micros(last - process.from),
            stopped: !process.killed && process.to != END,
        }
    };
    world.processes.iter().map(run).collect()
}

struct Counts {
    injected: usize,
    listed: usize,
    alone: usize,
}

fn made_up_day(seed: u64, stations: u32) -> Counts {
    let mut world = World::new(seed);
    let mut cameras = BTreeMap::new();
    let mut lists = vec![ListFrom {
        version: 1,
        from_us: 0,
        stations: (1..=stations).map(|n| StationId::new(3, n)).collect(),
    }];
    for number in 1..=stations {
        let feed = FeedId { station: StationId::new(3, number), kind: FeedKind::Main };
        let mut faults = world.faults(12);
        if number % 8 == 0 {
            // Off the list for a while, once nothing else goes on.
            let from = (12_300 + i64::from(number)) * SECOND;
            let to = from + 100 * SECOND;
            faults.retain(|fault| fault.to + 30 * SECOND < from || to + 30 * SECOND < fault.from);
            faults.push(Fault { cause: Cause::NotConfigured, from, to });
        }
        let (off, told): (Vec<Fault>, Vec<Fault>) =
            faults.iter().partition(|fault| fault.cause == Cause::NotConfigured);
        world.tell(feed, &told);
        let pictures = world.record(feed, &faults);
        for fault in off {
            for (at, on) in [(fault.from, false), (fault.to, true)] {
                let from_us = world.process(at).map_or(world.wall(at), |p| p.utc(at));
                lists.push(ListFrom { version: 0, from_us, stations: [feed.station].into() });
                lists.last_mut().unwrap().version = u32::from(on);
            }
        }
        cameras.insert(feed.station, (faults, pictures));
    }
    // As versions: whoever goes is missing from the list until he is back.
    let mut changes = lists.split_off(1);
    changes.sort_by_key(|change| change.from_us);
    for (version, change) in (2..).zip(changes) {
        let mut on = lists.last().unwrap().stations.clone();
        for station in change.stations {
            if change.version == 1 {
                on.insert(station)
            } else {
                on.remove(&station)
            };
        }
        lists.push(ListFrom { version, from_us: change.from_us, stations: on });
    }
    let mut rows = std::mem::take(&mut world.rows);
    rows.sort_by_key(|(at, _)| *at);
    world.rows = rows;
    let (runs, day) = (runs(&world), day());
    let numbered: Vec<Record> =
        (1..).zip(&world.rows).map(|(seq, (_, row))| Record { seq, ..row.clone() }).collect();
    let is_work = |row: &&Record| row.kind.starts_with("maintenance");
    let work: Vec<Record> = numbered.iter().filter(is_work).cloned().collect();
    let ask = Ask {
        hours: Hours::new(&day, day.date),
        scope: Scope::Country,
        lists: &lists,
        now_us: ORIGIN + END + 7200 * SECOND,
    };
    let told = country(&ask, &world.memory, |look| {
        Ok::<_, SourceError>(Journalled::of(runs, &numbered, &work, look))
    });
    let told = told.unwrap();
    assert_eq!(told.stations.len(), stations as usize);
    let mut counts = Counts { injected: world.everywhere.len(), listed: 0, alone: 0 };
    for ledger in &told.stations {
        adds_up(ledger);
        assert_eq!(ledger.sums.hours_us, 14 * 3600 * SECOND);
        let (faults, pictures) = &cameras[&ledger.station];
        counts.injected += faults.len();
        check(ledger, faults, pictures, &world, &mut counts);
    }
    counts
}

/// Holds a ledger against the pictures that are on the disk and the faults that were made.
fn check(
    ledger: &StationLedger,
    faults: &[Fault],
    pictures: &[Picture],
    world: &World,
    counts: &mut Counts,
) {
    let all: Vec<Fault> = faults.iter().chain(&world.everywhere).copied().collect();
    let (mut short, mut gone, mut found) = (0, 0, vec![false; all.len()]);
    let mut next = 0;
    let gaps: Vec<&Gap> = ledger.gaps().collect();
    for pair in pictures.windows(2) {
        let [(last_at, last), (next_at, utc)] = [pair[0], pair[1]];
        let hole = Span::new(last, utc);
        let listed = hole.within(ledger.hours);
        if listed.is_empty() || hole.len_us() <= SECOND {
            continue;
        }
        if hole.len_us() <= 2 * SECOND {
            short += listed.len_us();
            continue;
        }
        gone += listed.len_us();
        // The lines of this gap, one after another, are all of it and nothing else.
        let mut causes = Vec::new();
        let mut at_us = listed.from_us;
        while at_us < listed.to_us {
            let gap = gaps[next];
            assert_eq!(gap.span.from_us, at_us, "{} {gap:?}", ledger.station);
            causes.push(gap.cause);
            (at_us, next) = (gap.span.to_us, next + 1);
        }
        assert_eq!(at_us, listed.to_us);
        counts.listed += causes.len();
        let touches: Vec<usize> = (0..all.len())
            .filter(|&n| all[n].from - SECOND < next_at && last_at < all[n].to + TAIL)
            .collect();
        assert!(!touches.is_empty(), "{} lists what did not happen: {causes:?}", ledger.station);
        touches.iter().for_each(|&n| found[n] = true);
        for cause in &causes {
            let known = touches.iter().any(|&n| all[n].cause == *cause);
            let faults: Vec<_> = touches.iter().map(|&n| all[n]).collect();
            assert!(known, "{} {hole:?} {cause:?} {faults:?}", ledger.station);
        }
        if let [only] = touches[..] {
            assert_eq!(causes, [all[only].cause], "{} {hole:?} {:?}", ledger.station, all[only]);
            counts.alone += 1;
        }
    }
    assert_eq!(next, gaps.len(), "{} lists more than there is", ledger.station);
    assert_eq!((ledger.sums.short_us, ledger.sums.gap_us), (short, gone));
    // The hours are those of the timeline, which is what people's clocks ought to have said.
    for (fault, found) in all.iter().zip(found) {
        let Span { from_us, to_us } = ledger.hours;
        let inside = from_us <= world.utc(fault.from) && world.utc(fault.to) <= to_us;
        assert!(found || !inside, "{} does not list {fault:?}", ledger.station);
    }
}

#[test]
fn no_fault_of_a_day_is_unlisted_and_none_is_listed_that_was_not() {
    for seed in 0..3 {
        let counts = made_up_day(seed, 48);
        assert!(counts.injected >= 500, "{} faults", counts.injected);
        assert!(counts.listed >= counts.injected, "what concerns everybody is listed by everybody");
        let Counts { listed, alone, .. } = counts;
        assert!(alone * 2 > listed, "most have one cause: {alone} of {listed}");
    }
}
