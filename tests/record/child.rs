//! A recording process of its own, to be killed, traced, or left without a disk.
//!
//! It does what `app` does at a start: what lies there is repaired and told to the catalogue, and the
//! timeline goes on. Then it records made-up cameras in real time and says on its standard output
//!
//! - `recovered MS QUARANTINED MISSING` when it begins,
//! - `from UTC_US` and `at UTC_US` for the first and for each later round of pictures that it offers,
//! - `failing CAUSE`, `refused FEEDS` and `well` when the state of its volume changes,
//! - `stopped` when it has ended in good order: after its time, or when its input is closed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use pollwall::clock::{Clock, SystemClock, WallTime};
use pollwall::media::Codec;
use pollwall::model::FeedId;
use pollwall::record::index::{Index, Kept, Reader, check};
use pollwall::record::{
    Break, Incident, Record, Recorder, RecorderLimits, Recording, Segment, Volume, repair,
};

use crate::rig::{Camera, LONG, clip, files, holds};
use crate::support::KillOnDrop;

const FOLDER: &str = "POLLWALL_TEST_RECORDING";
const SETTINGS: &str = "POLLWALL_TEST_RECORDING_SETTINGS";
const PICTURE: Duration = Duration::from_micros(66_667);

/// Rounds that may be missing without a cause: up to a keyframe, and no fragment yet.
const MOST_UNSEEN: usize = 12;

/// What a child is to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    pub(crate) feeds: u32,
    pub(crate) span_ms: u64,
    pub(crate) sync_ms: u64,
    pub(crate) hangs_ms: u64,
    /// Every other feed has a keyframe every two seconds, and not three in a second.
    pub(crate) sparse: bool,
    /// Ends by itself after so long; with 0 as soon as all is repaired and told.
    pub(crate) for_ms: u64,
}

impl Settings {
    /// For a process that is to be killed.
    pub(crate) const LONG: Self = Self {
        feeds: 12,
        span_ms: 900,
        sync_ms: 300,
        hangs_ms: 10_000,
        sparse: true,
        for_ms: 120_000,
    };
}

pub(crate) fn catalogue(folder: &Path) -> PathBuf {
    folder.join("footage/footage.sqlite")
}

pub(crate) fn volume(folder: &Path) -> PathBuf {
    folder.join("recordings")
}

/// The child's side. Does nothing unless it was started as the child.
#[test]
fn acts_as_the_child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let numbers = std::env::var(SETTINGS).unwrap();
    let numbers: Vec<u64> = numbers.split(' ').map(|number| number.parse().unwrap()).collect();
    let [feeds, span_ms, sync_ms, hangs_ms, sparse, for_ms] = numbers[..] else {
        panic!("{numbers:?}")
    };
    let (feeds, sparse) = (u32::try_from(feeds).unwrap(), sparse == 1);
    child(&folder, Settings { feeds, span_ms, sync_ms, hangs_ms, sparse, for_ms });
}

fn child(folder: &Path, settings: Settings) {
    let clock = SystemClock;
    // A parent that has gone wants no more.
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
            std::process::exit(0);
        }
    };
    // The harness has begun a line of its own.
    say(String::new());
    let began = clock.mono();
    let (index, aside) = Index::open(&catalogue(folder), &clock).unwrap();
    assert_eq!(aside, None, "a catalogue is never damaged");
    let reader = Reader::open(&catalogue(folder)).unwrap();
    let run = format!("run-{}", clock.wall().as_micros());
    let goes_on = reader.goes_on(&clock, &run).unwrap();
    let open: Vec<_> = reader.opened().unwrap().into_iter().map(|(_, o)| o.path).collect();
    let mut closed = std::collections::BTreeSet::new();
    reader.each(|kept| closed.extend([kept.segment.path])).unwrap();
    let since = goes_on.as_ref().map(|_| WallTime::from_micros(0));
    let mended = repair(&volume(folder), &open, since, &|path| closed.contains(path)).unwrap();
    index.forget_opened(&mended.missing).unwrap();
    let took = clock.mono().since(began).as_millis();
    say(format!("recovered {took} {} {}", mended.quarantined.len(), mended.missing.len()));
    let mut records = mended.records;
    let step = goes_on.as_ref().and_then(|goes_on| goes_on.step.clone());
    records.extend(step.map(Record::Incident));
    let volume = Volume {
        folder: volume(folder),
        catalogue: Box::new(index.volume(&volume(folder), &run)),
        records,
    };
    let limits = RecorderLimits {
        span: Duration::from_millis(settings.span_ms),
        sync_every: Duration::from_millis(settings.sync_ms),
        hangs_from: Duration::from_millis(settings.hangs_ms),
        reserve: 256 << 10,
        ..RecorderLimits::default()
    };
    let recording = Recording { run, not_before: goes_on.map(|on| on.not_before), limits };
    let recorder = Recorder::start(vec![volume], &recording, Arc::new(clock)).unwrap();
    let (gone, closed) = sync_channel::<()>(0);
    std::thread::Builder::new()
        .name("input".into())
        .spawn(move || {
            let _ = std::io::stdin().read(&mut [0]);
            drop(gone);
        })
        .unwrap();
    let coded = [Codec::H264, Codec::H265].map(clip);
    let camera = |n: u32| Camera::new(n, &coded[n as usize % 2]);
    let mut cameras: Vec<Camera> = (1..=settings.feeds).map(camera).collect();
    let until = clock.mono() + Duration::from_millis(settings.for_ms);
    let mut next = clock.mono();
    let (mut word, mut state) = ("from", String::from("well"));
    for round in 0.. {
        let at = clock.mono();
        if at >= until {
            break;
        }
        for camera in &mut cameras {
            let mut unit = camera.picture(at);
            let is_sparse = settings.sparse && camera.feed.station.station % 2 == 0;
            unit.is_key &= !is_sparse || round % 30 == 0;
            recorder.offer(camera.feed, &unit);
        }
        say(format!("{word} {}", recorder.now().as_micros()));
        word = "at";
        let status = recorder.status().remove(0);
        let new = match (&status.failing, status.refused_feeds) {
            (Some(failing), _) => format!("failing {}", failing.cause.code()),
            (None, 0) => "well".to_owned(),
            (None, feeds) => format!("refused {feeds}"),
        };
        if new != state {
            say(new.clone());
            state = new;
        }
        next = next + PICTURE;
        match closed.recv_timeout(next.since(clock.mono())) {
            Err(RecvTimeoutError::Timeout) => {}
            _ => break,
        }
    }
    assert_eq!(recorder.stop(LONG), Vec::<String>::new());
    say("stopped".into());
}

/// A child that runs.
pub(crate) struct Child {
    pub(crate) process: KillOnDrop,
    pub(crate) lines: Receiver<String>,
}

/// What a child has said, as far as it was whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// Milliseconds, files set aside, files missing.
    pub(crate) recovered: Option<(u64, u64, u64)>,
    pub(crate) from_utc_us: Option<i64>,
    pub(crate) to_utc_us: Option<i64>,
    /// When it has offered pictures.
    pub(crate) rounds: Vec<i64>,
    /// State, and the time of the round before.
    pub(crate) states: Vec<(String, i64)>,
    pub(crate) stopped: bool,
}

impl Said {
    pub(crate) fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| words.get(at).and_then(|word| word.parse().ok());
        match words.first().copied() {
            Some("recovered") => {
                let of = |at| number(at).map_or(0, |n: i64| n as u64);
                self.recovered = Some((of(1), of(2), of(3)));
            }
            Some(word @ ("from" | "at")) => {
                self.rounds.extend(number(1));
                self.to_utc_us = number(1).or(self.to_utc_us);
                if word == "from" {
                    self.from_utc_us = number(1);
                }
            }
            Some("failing" | "refused" | "well") => {
                self.states.push((line.to_owned(), self.to_utc_us.unwrap_or(0)));
            }
            Some("stopped") => self.stopped = true,
            _ => {}
        }
    }
}

impl Child {
    /// Starts one; `under` is what it runs under, with its arguments.
    pub(crate) fn start(folder: &Path, settings: Settings, under: &[&str]) -> Self {
        let Settings { feeds, span_ms, sync_ms, hangs_ms, sparse, for_ms } = settings;
        let sparse = u8::from(sparse);
        let itself = std::env::current_exe().unwrap();
        let mut command = match under {
            [] => Command::new(&itself),
            [first, others @ ..] => {
                let mut command = Command::new(first);
                command.args(others).arg(&itself);
                command
            }
        };
        command.args(["--exact", "child::acts_as_the_child", "--nocapture", "--test-threads=1"]);
        let numbers = format!("{feeds} {span_ms} {sync_ms} {hangs_ms} {sparse} {for_ms}");
        command.env(FOLDER, folder).env(SETTINGS, numbers);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = KillOnDrop(command.spawn().unwrap());
        let output = BufReader::new(process.0.stdout.take().unwrap());
        let (sender, lines) = sync_channel(100_000);
        std::thread::Builder::new()
            .name("child".into())
            .spawn(move || {
                let mut output = output;
                let mut line = String::new();
                while output.read_line(&mut line).is_ok_and(|count| count > 0) {
                    // A line that was torn by the kill lacks its end.
                    if line.ends_with('\n') && sender.send(line.trim().to_owned()).is_err() {
                        break;
                    }
                    line.clear();
                }
            })
            .unwrap();
        Self { process, lines }
    }

    /// Hears the child for so long, or until it has said what is `wanted`.
    pub(crate) fn hear(&self, said: &mut Said, long: Duration, wanted: impl Fn(&Said) -> bool) {
        let until = SystemClock.mono() + long;
        while !wanted(said) {
            match self.lines.recv_timeout(until.since(SystemClock.mono())) {
                Ok(line) => said.hear(&line),
                Err(_) => break,
            }
        }
    }

    /// `kill -9`, and what was still in the pipe.
    pub(crate) fn kill(mut self, said: &mut Said) {
        self.process.0.kill().unwrap();
        self.process.0.wait().unwrap();
        self.rest(said);
    }

    /// Closes its input, and hears it to its end.
    pub(crate) fn stop(mut self, said: &mut Said) {
        drop(self.process.0.stdin.take());
        self.rest(said);
        self.process.0.wait().unwrap();
    }

    fn rest(&self, said: &mut Said) {
        while let Ok(line) = self.lines.recv_timeout(LONG) {
            said.hear(&line);
        }
    }
}

/// Has all that lies in `folder` repaired and told, and nothing recorded.
pub(crate) fn mend(folder: &Path) -> Said {
    let mut said = Said::default();
    Child::start(folder, Settings { for_ms: 0, ..Settings::LONG }, &[]).stop(&mut said);
    assert!(said.stopped, "{said:?}");
    said
}

/// Everything that a catalogue has, and the files of its volume.
pub(crate) struct Everything {
    pub(crate) segments: Vec<Segment>,
    pub(crate) incidents: Vec<Incident>,
}

impl Everything {
    /// Reads it, and fails where a row lacks its file or a file its row, where a file cannot be read,
    /// where a chain does not fit, or where segments of a feed overlap.
    pub(crate) fn sound(folder: &Path) -> Self {
        let reader = Reader::open(&catalogue(folder)).unwrap();
        let checked = check(&reader, true, &|_| {}).unwrap();
        assert_eq!(checked.findings, vec![], "catalogue and files agree");
        let mut segments = Vec::new();
        reader.each(|kept: Kept| segments.push(kept.segment)).unwrap();
        let mut paths: Vec<_> = segments.iter().map(|segment| segment.path.clone()).collect();
        paths.sort();
        assert_eq!(files(&volume(folder)), paths, "a row for every file");
        segments.iter().for_each(|segment| holds(&volume(folder), segment));
        segments.sort_by_key(|segment| (segment.feed, segment.first));
        for pair in segments.windows(2).filter(|pair| pair[0].feed == pair[1].feed) {
            let (before, after) = (&pair[0], &pair[1]);
            assert!(before.last.utc_us < after.first.utc_us, "{} {}", before.path, after.path);
        }
        let always = [i64::MIN, i64::MAX].map(WallTime::from_micros);
        Self { segments, incidents: reader.incidents(always[0], always[1]).unwrap() }
    }

    /// How much of what a child has offered of `feed` is missing at its end, in microseconds.
    pub(crate) fn lost_us(&self, feed: FeedId, said: &Said) -> i64 {
        let (Some(from), Some(to)) = (said.from_utc_us, said.to_utc_us) else { return 0 };
        let own = self.segments.iter().filter(|s| s.feed == feed && s.first.utc_us <= to);
        let newest = own.map(|segment| segment.last.utc_us).max().unwrap_or(i64::MIN);
        // The round's time is told after its pictures have been offered.
        (to - newest.max(from)).max(0)
    }

    /// Where pictures of `feed` are missing: from the last one before to the first one after, where the
    /// child has offered more than [`MOST_UNSEEN`] between. A machine that stands still makes none.
    pub(crate) fn holes(&self, feed: FeedId, said: &Said) -> Vec<(i64, i64)> {
        let (Some(from), Some(to)) = (said.from_utc_us, said.to_utc_us) else { return Vec::new() };
        let mut seen = vec![from];
        for segment in self.segments.iter().filter(|segment| segment.feed == feed) {
            let breaks = segment.breaks.iter().flat_map(|b| [b.from_utc_us, b.to_utc_us]);
            seen.extend([segment.first.utc_us, segment.last.utc_us].into_iter().chain(breaks));
        }
        seen.push(to);
        seen.sort_unstable();
        let within = |a: i64, b: i64| {
            self.segments.iter().any(|segment| {
                let is_break = |lapse: &Break| lapse.from_utc_us <= a && b <= lapse.to_utc_us;
                segment.feed == feed
                    && segment.first.utc_us <= a
                    && b <= segment.last.utc_us
                    && !segment.breaks.iter().any(is_break)
            })
        };
        let offered = |a: i64, b: i64| {
            said.rounds.partition_point(|at| *at < b) - said.rounds.partition_point(|at| *at <= a)
        };
        seen.windows(2)
            .map(|two| (two[0], two[1]))
            .filter(|(a, b)| a < b && !within(*a, *b) && offered(*a, *b) > MOST_UNSEEN)
            .collect()
    }
}
