//! From one run to the next: the time in which nothing ran is as long on the timeline as it was, also
//! where the clock had been set.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pollwall::clock::{Boot, Clock, FakeClock, Mono, WallTime, lock};
use pollwall::media::Codec;
use pollwall::record::index::{Index, Reader, rebuild};
use pollwall::record::{
    Cause, Incident, Record, Recorder, Recording, Segment, SegmentEnds, Volume,
};

use crate::rig::{Camera, LONG, clip, limits};
use crate::support::until;

const MORNING: i64 = 1_707_278_400_000_000;
const PICTURE: Duration = Duration::from_micros(66_667);
const SECOND: i64 = 1_000_000;

/// A machine: its time goes on whatever runs on it, and its clock can be set.
struct Machine {
    time: FakeClock,
    /// When the present process was started, when the machine was, and how its clock is off.
    now: Mutex<(i64, i64, i64)>,
}

impl Clock for Machine {
    fn mono(&self) -> Mono {
        Mono::from_micros(self.time.mono().as_micros() - lock(&self.now).0)
    }
    fn wall(&self) -> WallTime {
        WallTime::from_micros(self.time.wall().as_micros() + lock(&self.now).2)
    }
    fn boot(&self) -> Option<Boot> {
        let now = lock(&self.now);
        Some(Boot { id: format!("boot {}", now.1), origin_us: now.0 - now.1 })
    }
}

impl Machine {
    fn new() -> Arc<Self> {
        let time = FakeClock::at(WallTime::from_micros(MORNING));
        Arc::new(Self { time, now: Mutex::default() })
    }

    /// Nothing runs for so long; then another process does, after another start of the machine or not.
    fn down(&self, long: Duration, starts_anew: bool) {
        self.time.advance(long);
        let at = self.time.mono().as_micros();
        let mut now = lock(&self.now);
        now.0 = at;
        if starts_anew {
            now.1 = at - 5 * SECOND;
        }
    }

    fn set(&self, by_us: i64) {
        lock(&self.now).2 += by_us;
    }
}

struct Run {
    recorder: Recorder,
    machine: Arc<Machine>,
    camera: Camera,
}

impl Run {
    fn start(dir: &Path, machine: &Arc<Machine>, name: &str) -> Self {
        let file = dir.join("footage.sqlite");
        let (index, _) = Index::open(&file, &**machine).unwrap();
        let goes_on = Reader::open(&file).unwrap().goes_on(&**machine, name).unwrap();
        let step = goes_on.as_ref().and_then(|on| on.step.clone()).map(Record::Incident);
        let folder = dir.join("volume");
        let catalogue = Box::new(index.volume(&folder, name));
        let volume = Volume { folder, catalogue, records: step.into_iter().collect() };
        let not_before = goes_on.map(|on| on.not_before);
        let recording = Recording { run: name.into(), not_before, limits: limits() };
        let clock = Arc::<Machine>::clone(machine);
        let recorder = Recorder::start(vec![volume], &recording, clock).unwrap();
        let camera = Camera::new(1, &clip(Codec::H264));
        Self { recorder, machine: Arc::clone(machine), camera }
    }

    fn record(&mut self, seconds: u32) {
        for _ in 0..seconds * 15 {
            self.machine.time.advance(PICTURE);
            let unit = self.camera.picture(self.machine.mono());
            self.recorder.offer(self.camera.feed, &unit);
        }
    }

    /// Sets the clock, and waits until that was seen.
    fn set(&self, by_us: i64) {
        let before = self.ahead_us();
        self.machine.set(by_us);
        until("the step is seen", || {
            self.machine.time.advance(Duration::from_millis(500));
            ((self.ahead_us() - before).abs() > 1000 && self.ahead_us() >= 0).then_some(())
        });
    }

    fn ahead_us(&self) -> i64 {
        self.recorder.now().as_micros() - self.machine.wall().as_micros()
    }

    fn end(self) {
        assert_eq!(self.recorder.stop(LONG), Vec::<String>::new());
    }
}

fn all(dir: &Path) -> (Vec<Segment>, Vec<Incident>) {
    let reader = Reader::open(&dir.join("footage.sqlite")).unwrap();
    let mut segments = Vec::new();
    reader.each(|kept| segments.push(kept.segment)).unwrap();
    segments.sort_by_key(|segment| segment.first);
    let always = [i64::MIN, i64::MAX].map(WallTime::from_micros);
    (segments, reader.incidents(always[0], always[1]).unwrap())
}

/// From the last picture of `run` to the first of the one after it, in seconds.
fn gap(segments: &[Segment], run: &str) -> f64 {
    let before = segments.iter().rposition(|segment| segment.run == run).unwrap();
    let (before, after) = (&segments[before], &segments[before + 1]);
    (after.first.utc_us - before.last.utc_us) as f64 / 1e6
}

#[test]
fn a_clock_that_was_set_back_hides_no_time_in_which_nothing_ran() {
    let dir = tempfile::tempdir().unwrap();
    let machine = Machine::new();
    let mut run = Run::start(dir.path(), &machine, "first");
    run.record(20);
    run.set(-90 * SECOND);
    run.record(10);
    run.end();
    machine.down(Duration::from_secs(30), false);
    let mut run = Run::start(dir.path(), &machine, "second");
    assert!(run.ahead_us() > 80 * SECOND, "the timeline is ahead still");
    run.record(10);
    run.end();
    // After another start of the machine its clock is all there is.
    machine.down(Duration::from_secs(40), true);
    let mut run = Run::start(dir.path(), &machine, "third");
    run.record(10);
    run.end();
    // Set while nothing ran, back and forth: what passed is known from the machine's start.
    machine.set(-50 * SECOND);
    machine.down(Duration::from_secs(20), false);
    let mut run = Run::start(dir.path(), &machine, "fourth");
    run.record(10);
    run.end();
    let (segments, incidents) = all(dir.path());
    for (run, seconds) in [("first", 30.0), ("second", 40.0), ("third", 20.0)] {
        let gap = gap(&segments, run);
        // What is ahead is worked off by a tenth meanwhile, and less than a second by the writer.
        assert!((gap - seconds).abs() <= 0.2, "{run}: {gap} s");
    }
    let steps: Vec<_> = incidents.iter().map(|told| told.evidence["by_us"].as_i64()).collect();
    assert!(incidents.iter().all(|told| told.cause == Cause::ClockStep), "{incidents:?}");
    // What the files do not say outlives a catalogue that is made again from them.
    let file = dir.path().join("footage.sqlite");
    machine.down(Duration::from_secs(15), false);
    let goes_on = || Reader::open(&file).unwrap().goes_on(&*machine, "fifth").unwrap();
    let before = goes_on();
    rebuild(&file, &[dir.path().join("volume")], &SegmentEnds, &*machine, &|_| {}).unwrap();
    assert!(before.is_some() && goes_on() == before);
    let about = |by: &Option<i64>| by.is_some_and(|by| (by + 50 * SECOND).abs() < SECOND);
    assert_eq!(steps.iter().filter(|by| about(by)).count(), 1, "the last one is told: {steps:?}");
}

#[test]
fn set_back_and_started_again_a_gap_is_listed_though_nobody_knows_how_long() {
    let dir = tempfile::tempdir().unwrap();
    let machine = Machine::new();
    let mut run = Run::start(dir.path(), &machine, "first");
    run.record(20);
    run.end();
    machine.set(-3600 * SECOND);
    machine.down(Duration::from_secs(300), true);
    let mut run = Run::start(dir.path(), &machine, "second");
    run.record(5);
    run.end();
    let (segments, incidents) = all(dir.path());
    let gap = gap(&segments, "first");
    assert!((3.0..3.5).contains(&gap), "{gap} s");
    assert!(incidents.iter().any(|told| told.evidence["by_us"].as_i64() < Some(-3000 * SECOND)));
}

#[test]
fn set_forward_while_nothing_ran_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let machine = Machine::new();
    let mut run = Run::start(dir.path(), &machine, "first");
    run.record(5);
    run.end();
    machine.set(600 * SECOND);
    machine.down(Duration::from_secs(60), false);
    let mut run = Run::start(dir.path(), &machine, "second");
    run.record(5);
    run.end();
    let (segments, incidents) = all(dir.path());
    let gap = gap(&segments, "first");
    assert!((gap - 660.0).abs() < 0.2, "{gap} s");
    let step = incidents.iter().find(|told| told.cause == Cause::ClockStep).expect("told");
    assert!((step.evidence["by_us"].as_i64().unwrap() - 600 * SECOND).abs() < SECOND);
    assert!((step.to_utc_us - step.from_utc_us - 600 * SECOND).abs() < SECOND);
}
