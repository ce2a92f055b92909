//! Going through a recording by hand, sixteen cameras at once: how long until all of them show the
//! picture of a moment that was not seen before, by keyframes while dragging and exactly when let go.
//! Beside it, the same seeks by libavformat and libavcodec alone, on as many threads as the player has,
//! every file open already.
//!
//! `cargo bench --bench scrub`; `-- --json` prints the figures for programs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement, not a part of the program"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use ffmpeg_next as ffmpeg;
use pollwall::clock::{Clock, SystemClock};
use pollwall::frame::Mailbox;
use pollwall::replay::clock::PlaybackClock;
use pollwall::replay::footage::{Form, Piece};
use pollwall::replay::group::{Group, Waker};
use pollwall::replay::player::Status;

const CAMERAS: usize = 16;
/// Of each camera's recording, in files of a minute.
const MINUTES: i64 = 5;
const MINUTE: i64 = 60_000_000;
const START: i64 = 1_707_278_400_000_000;
const SEEKS: usize = 60;

/// A minute of a noisy room, coded as a camera does: 640×360, 15 pictures a second, a keyframe every
/// two seconds, about 400 kbit/s. Plain MP4 for both sides: each has its index where it likes it.
fn clip(folder: &Path) -> PathBuf {
    let file = folder.join("clip.mp4");
    let made = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-nostdin", "-f", "lavfi", "-i"])
        .arg("testsrc2=s=640x360:r=15,noise=alls=6:allf=t")
        .args(["-t", "60", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency"])
        .args(["-g", "30", "-sc_threshold", "0", "-b:v", "400k", "-maxrate", "400k"])
        .args(["-bufsize", "800k", "-pix_fmt", "yuv420p"])
        .arg(&file)
        .status();
    assert!(made.is_ok_and(|status| status.success()), "ffmpeg makes the clip");
    file
}

/// Moments of the recording, far from one another, the same in every run.
fn moments() -> Vec<i64> {
    let span = MINUTES * MINUTE - 1_000_000;
    (0..SEEKS as i64).map(|n| n * 104_729_117 % span).collect()
}

struct Rig {
    group: Group,
    woken: Receiver<()>,
    mailboxes: Vec<Arc<Mailbox>>,
}

impl Rig {
    fn new(folder: &Path, workers: usize) -> Self {
        let (wake, woken) = bounded(1);
        let waker: Waker = Arc::new(move || wake.try_send(()).unwrap_or_default());
        let mailboxes: Vec<_> = (0..CAMERAS).map(|_| Arc::<Mailbox>::default()).collect();
        let feeds = mailboxes.iter().enumerate().map(|(camera, mailbox)| {
            let piece = |minute| {
                let from_us = START + minute * MINUTE;
                let file = folder.join(format!("{camera}-{minute}.mp4"));
                let to_us = from_us + MINUTE;
                let breaks = Vec::new();
                Piece { file, form: Form::Own, from_us, to_us, breaks, unfinished: false }
            };
            ((0..MINUTES).map(piece).collect(), Arc::clone(mailbox))
        });
        let clock = PlaybackClock::new(START, START, START + MINUTES * MINUTE);
        let time: Arc<dyn Clock> = Arc::new(SystemClock);
        let group = Group::start(feeds.collect(), clock, workers, &time, &waker).unwrap();
        Self { group, woken, mailboxes }
    }

    fn seek(&mut self, to: i64, scrubbing: bool) -> Duration {
        let began = SystemClock.mono();
        self.group.seek(START + to, scrubbing);
        loop {
            let now = self.group.tick(SystemClock.mono());
            if now.tiles.iter().all(|tile| matches!(tile.status, Status::Ready(_))) {
                let took = SystemClock.mono().since(began);
                // What is decoded ahead meanwhile would be time given away to the next seek.
                self.mailboxes.iter().for_each(|mailbox| drop(mailbox.take()));
                return took;
            }
            self.woken.recv_timeout(Duration::from_millis(5)).unwrap_or_default();
        }
    }
}

/// One file, open, and its decoder.
struct Open {
    input: ffmpeg::format::context::Input,
    decoder: ffmpeg::decoder::Video,
    stream: usize,
    ticks: i64,
}

impl Open {
    fn new(file: &Path) -> Self {
        let input = ffmpeg::format::input(file).unwrap();
        let stream = input.streams().best(ffmpeg::media::Type::Video).unwrap();
        let (index, base) = (stream.index(), stream.time_base());
        let mut context =
            ffmpeg::codec::context::Context::from_parameters(stream.parameters()).unwrap();
        context.set_threading(ffmpeg::threading::Config::count(1));
        let decoder = context.decoder().video().unwrap();
        let ticks = i64::from(base.denominator()) / i64::from(base.numerator());
        Self { input, decoder, stream: index, ticks }
    }

    /// Decodes the picture of `us`; with `key` only the keyframe before.
    fn seek(&mut self, us: i64, key: bool) {
        let ts = us * 9 / 100;
        let wanted = us * self.ticks / 1_000_000;
        self.input.seek(us, ..us + 1).unwrap();
        self.decoder.flush();
        let mut frame = ffmpeg::frame::Video::empty();
        let last = wanted - self.ticks / 15;
        for (stream, packet) in self.input.packets() {
            if stream.index() != self.stream {
                continue;
            }
            self.decoder.send_packet(&packet).unwrap();
            while self.decoder.receive_frame(&mut frame).is_ok() {
                if key || frame.pts().unwrap_or(ts) > last {
                    return;
                }
            }
        }
    }
}

/// All cameras' seek to one moment by libavcodec, on `workers` threads.
fn reference(open: &mut [Vec<Open>], to: i64, key: bool, workers: usize) -> Duration {
    let minute = usize::try_from(to / MINUTE).unwrap();
    let began = SystemClock.mono();
    let share = open.len().div_ceil(workers);
    std::thread::scope(|scope| {
        for cameras in open.chunks_mut(share) {
            scope.spawn(move || {
                for camera in cameras {
                    camera[minute].seek(to % MINUTE, key);
                }
            });
        }
    });
    SystemClock.mono().since(began)
}

fn main() {
    let is_json = std::env::args().any(|argument| argument == "--json");
    pollwall::media::init().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let clip = clip(folder.path());
    let units = rig::units(&clip);
    for camera in 0..CAMERAS {
        for minute in 0..MINUTES {
            let at = START + minute * MINUTE;
            let piece = rig::segment(folder.path(), 1, at, &units, 66_667);
            let to = folder.path().join(format!("{camera}-{minute}.mp4"));
            std::fs::rename(piece.file, to).unwrap();
        }
    }
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let open = |_| (0..MINUTES).map(|_| Open::new(&clip)).collect();
    let mut open: Vec<Vec<Open>> = (0..CAMERAS).map(open).collect();
    let mut figures = Vec::new();
    for key in [true, false] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let mut rig = Rig::new(folder.path(), workers);
        for to in moments() {
            // By turns, so that what else the machine does falls on both.
            ours.push(rig.seek(to, key));
            theirs.push(reference(&mut open, to, key, workers));
        }
        figures.push((key, middle(&mut ours), middle(&mut theirs), ours[ours.len() * 9 / 10]));
    }
    let ms = |took: Duration| took.as_secs_f64() * 1000.0;
    for (key, ours, theirs, p90) in figures {
        let what = if key { "keyframes, while dragging" } else { "exact, when let go" };
        let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
        if is_json {
            println!(
                "{{\"what\":\"{what}\",\"cameras\":{CAMERAS},\"median_ms\":{:.2},\"p90_ms\":{:.2},\
                 \"libavcodec_ms\":{:.2},\"ratio\":{ratio:.3},\"threads\":{workers}}}",
                ms(ours),
                ms(p90),
                ms(theirs)
            );
        } else {
            println!(
                "{what:<26} {CAMERAS} cameras: {:.1} ms in the middle, 90 % within {:.1} ms; \
                 libavcodec alone {:.1} ms: {ratio:.2} of it ({workers} threads)",
                ms(ours),
                ms(p90),
                ms(theirs)
            );
        }
    }
}

fn middle(took: &mut [Duration]) -> Duration {
    took.sort();
    took[took.len() / 2]
}

#[allow(dead_code, unreachable_pub, reason = "shared with the tests")]
#[path = "../tests/replay/rig.rs"]
mod rig;
