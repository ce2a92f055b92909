//! What it costs to record a whole country: 1000 feeds at 400 kbit/s and 15 pictures a second to one
//! disk, as they come, for some seconds; beside the least that any recorder has to do with the same
//! bytes: copy them once, hash them, and write them one after the other into one file, made durable as
//! often.
//!
//! `cargo bench --bench record [FOLDER] [-- --seconds 20] [--feeds 1000]`; the folder decides which disk
//! is measured. `--json` prints the figures for programs. Processor time is that of this process; what
//! the kernel does on threads of its own, writing back what was written, is in neither.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement, not a part of the program"
)]

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use pollwall::clock::{Clock as _, Mono, SystemClock, WallTime, processor_time};
use pollwall::media::{AccessUnit, Codec, StreamParams};
use pollwall::model::{FeedId, FeedKind, StationId};
use pollwall::record::index::Index;
use pollwall::record::{Recorder, RecorderLimits, Recording, SYNC_EVERY, Volume, VolumeStatus};
use sha2::{Digest as _, Sha256};

const PICTURES_PER_SECOND: u32 = 15;
/// From keyframe to keyframe: two seconds.
const GROUP: u32 = 30;
/// 400 kbit/s: a keyframe of a fifth of its group's bytes, and the rest in equal parts.
const GROUP_BYTES: usize = 2 * 400_000 / 8;
const KEY_BYTES: usize = GROUP_BYTES / 5;
const OTHER_BYTES: usize = (GROUP_BYTES - KEY_BYTES) / (GROUP as usize - 1);

fn feed(number: u32) -> FeedId {
    let district = 1 + u16::try_from(number % 119).unwrap();
    FeedId { station: StationId::new(district, 1 + number), kind: FeedKind::Main }
}

/// Pictures that nobody can decode; what is in them does not matter to who records.
struct Cameras {
    params: Vec<Arc<StreamParams>>,
    key: Arc<[u8]>,
    other: Arc<[u8]>,
}

impl Cameras {
    fn new(feeds: u32) -> Self {
        let noise = |bytes: usize| {
            let mut random = fastrand::Rng::with_seed(bytes as u64);
            (0..bytes).map(|_| random.u8(..)).collect::<Vec<u8>>().into()
        };
        let params = StreamParams {
            codec: Codec::H264,
            extra_data: vec![1; 40],
            width: 640,
            height: 360,
            sample_aspect: None,
        };
        Self {
            params: (0..feeds).map(|_| Arc::new(params.clone())).collect(),
            key: noise(KEY_BYTES),
            other: noise(OTHER_BYTES),
        }
    }

    /// Gives every feed's pictures to `take` as they would come, the feeds one after the other within
    /// each picture's time and with keyframes at different times, for so long.
    fn play(&self, seconds: u32, mut take: impl FnMut(FeedId, &AccessUnit)) -> u64 {
        let (_never, nothing) = sync_channel::<()>(0);
        let began = SystemClock.mono();
        let (steps, mut bytes) = (20_u32, 0);
        let count = self.params.len() as u32;
        for picture in 0..seconds * PICTURES_PER_SECOND {
            for step in 0..steps {
                let of_second = f64::from(picture) + f64::from(step) / f64::from(steps);
                let due = Duration::from_secs_f64(of_second / f64::from(PICTURES_PER_SECOND));
                let _ = nothing.recv_timeout((began + due).since(SystemClock.mono()));
                let now = SystemClock.mono();
                for number in (step..count).step_by(steps as usize) {
                    let unit = self.unit(number, picture, now);
                    bytes += unit.data.len() as u64;
                    take(feed(number), &unit);
                }
            }
        }
        bytes
    }

    fn unit(&self, number: u32, picture: u32, now: Mono) -> AccessUnit {
        // All begin with one, so that all that is sent can be recorded.
        let is_key = picture == 0 || (picture + number).is_multiple_of(GROUP);
        AccessUnit {
            params: Arc::clone(&self.params[number as usize]),
            data: Arc::clone(if is_key { &self.key } else { &self.other }),
            is_key,
            after_loss: false,
            pts: i64::from(picture) * 6000,
            arrived_at: now,
            taken_at: WallTime::default(),
        }
    }
}

/// Processor time of this process that `what` takes.
fn costs<T>(what: impl FnOnce() -> T) -> (f64, T) {
    let before = processor_time();
    let done = what();
    ((processor_time() - before).as_secs_f64(), done)
}

fn record(folder: &Path, cameras: &Cameras, seconds: u32) -> (f64, u64, VolumeStatus) {
    let (index, _) = Index::open(&folder.join("footage.sqlite"), &SystemClock).unwrap();
    let at = folder.join("volume");
    let catalogue = Box::new(index.volume(&at, "bench"));
    let volume = Volume { folder: at, catalogue, records: Vec::new() };
    let limits = RecorderLimits::default();
    let recording = Recording { run: "bench".into(), not_before: None, limits };
    let (cost, (bytes, status)) = costs(|| {
        let recorder = Recorder::start(vec![volume], &recording, Arc::new(SystemClock)).unwrap();
        let bytes = cameras.play(seconds, |feed, unit| recorder.offer(feed, unit));
        // What is open is closed here, which it is not every few seconds.
        let status = recorder.status().remove(0);
        assert!(status.written_bytes + status.waiting_bytes >= bytes || status.dropped_units > 0);
        assert!(recorder.stop(Duration::from_secs(60)).is_empty());
        (bytes, status)
    });
    (cost, bytes, status)
}

/// The least with the same bytes.
fn floor(folder: &Path, cameras: &Cameras, seconds: u32) -> f64 {
    let mut file = File::create(folder.join("floor")).unwrap();
    let (mut buffer, mut hash) = (Vec::with_capacity(2 << 20), Sha256::new());
    let mut synced = SystemClock.mono();
    let (cost, ()) = costs(|| {
        let mut flush = |buffer: &mut Vec<u8>| {
            hash.update(&buffer[..]);
            file.write_all(buffer).unwrap();
            buffer.clear();
            if SystemClock.mono().since(synced) >= SYNC_EVERY {
                file.sync_data().unwrap();
                synced = SystemClock.mono();
            }
        };
        cameras.play(seconds, |_, unit| {
            buffer.extend_from_slice(&unit.data);
            if buffer.len() >= 1 << 20 {
                flush(&mut buffer);
            }
        });
        flush(&mut buffer);
    });
    std::fs::remove_file(folder.join("floor")).unwrap();
    cost
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, usual: u32| {
        let at = arguments.iter().position(|argument| argument == name);
        at.map_or(usual, |at| arguments[at + 1].parse().unwrap())
    };
    let (seconds, feeds) = (number("--seconds", 20), number("--feeds", 1000));
    let chosen = arguments.first().filter(|argument| !argument.starts_with('-'));
    let folder = match chosen {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .unwrap();
    let cameras = Cameras::new(feeds);
    // The least of two each, in turn: what else the machine does only adds.
    let (mut receiving, mut least, mut recorded) = (f64::MAX, f64::MAX, None);
    for round in ["first", "second"] {
        receiving = costs(|| cameras.play(seconds, |_, unit| drop(unit.clone()))).0.min(receiving);
        least = floor(folder.path(), &cameras, seconds).min(least);
        let own = folder.path().join(round);
        let new = record(&own, &cameras, seconds);
        std::fs::remove_dir_all(own).unwrap();
        recorded = recorded.into_iter().chain([new]).min_by(|a, b| a.0.total_cmp(&b.0));
    }
    let (cost, bytes, status) = recorded.unwrap();
    let (cost, least) = (cost - receiving, least - receiving);
    let of_a_core = cost / f64::from(seconds);
    let (ratio, rate) = (cost / least, bytes as f64 / f64::from(seconds) / 1e6);
    if arguments.iter().any(|argument| argument == "--json") {
        let json = serde_json::json!({
            "feeds": feeds,
            "seconds": seconds,
            "megabytes_per_s": rate,
            "cores": of_a_core,
            "floor_cores": least / f64::from(seconds),
            "ratio": ratio,
            "worst_sync_s": status.worst_sync.as_secs_f64(),
            "dropped_units": status.dropped_units,
        });
        println!("{json}");
        return;
    }
    println!("in {}: {feeds} feeds for {seconds} s, {rate:.1} MB/s", folder.path().display());
    println!(
        "recording: {of_a_core:.3} of a core, beyond {:.3} for handing units out",
        receiving / f64::from(seconds)
    );
    println!(
        "copying, hashing and writing the same bytes into one file: {:.3} of a core; ratio {ratio:.2}",
        least / f64::from(seconds)
    );
    println!("the longest that making durable took: {:.1?}", status.worst_sync);
    println!("lost: {} units", status.dropped_units);
}
