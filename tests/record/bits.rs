//! From a real camera's encoder to the file, bit for bit; and that others can play it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use pollwall::clock::SystemClock;
use pollwall::config::secrets::FeedSource;
use pollwall::ingest::{ClockReading, Ingest, Limits, UnitSink};
use pollwall::media::{AccessUnit, Codec, split_start_codes};
use pollwall::model::FeedId;
use pollwall::record::{Ended, Recorder, RecorderLimits, Segment};

use crate::rig::{LONG, Rig, feed, holds, limits};
use crate::support::{GstServer, ffmpeg::ffmpeg, until};

/// What `app` puts between receiving and recording, at its simplest.
struct Sink(Arc<Recorder>);

impl UnitSink for Sink {
    fn offer(&self, feed: FeedId, unit: &AccessUnit) {
        self.0.offer(feed, unit);
    }
    fn clock(&self, feed: FeedId, reading: ClockReading) {
        self.0.tell_camera_clock(feed, Some(reading.theirs_us - reading.ours_us));
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Slice,
    Sei,
    Set,
    Other,
}

/// ITU-T H.264 table 7-1, H.265 table 7-1.
fn kind(codec: Codec, nal: &[u8]) -> Kind {
    match (codec, nal[0] & 0x1f, nal[0] >> 1 & 0x3f) {
        (Codec::H264, 1..=5, _) | (Codec::H265, _, 0..=31) => Kind::Slice,
        (Codec::H264, 6, _) | (Codec::H265, _, 39 | 40) => Kind::Sei,
        (Codec::H264, 7 | 8, _) | (Codec::H265, _, 32..=34) => Kind::Set,
        _ => Kind::Other,
    }
}

/// Slices and SEI in order, and the distinct parameter sets.
fn sorted(codec: Codec, nals: Vec<Vec<u8>>) -> (Vec<Vec<u8>>, BTreeSet<Vec<u8>>) {
    let mut of = BTreeMap::<Kind, Vec<Vec<u8>>>::new();
    for nal in nals {
        let kind = kind(codec, &nal);
        let as_one = if kind == Kind::Sei { Kind::Slice } else { kind };
        of.entry(as_one).or_default().push(nal);
    }
    let sets = of.remove(&Kind::Set).unwrap_or_default().into_iter().collect();
    (of.remove(&Kind::Slice).unwrap_or_default(), sets)
}

/// What FFmpeg's own reader of the file gives.
fn by_ffmpeg(file: &Path, how: &str) -> Vec<u8> {
    let out = tempfile::NamedTempFile::new().unwrap();
    let mut command = ffmpeg("");
    command.arg("-i").arg(file).args(how.split_whitespace()).arg(out.path());
    assert!(command.status().unwrap().success(), "ffmpeg reads {}", file.display());
    std::fs::read(out.path()).unwrap()
}

/// NAL units behind their lengths.
fn prefixed(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut nals = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (nal, rest) = rest.split_at(u32::from_be_bytes(*length) as usize);
        nals.push(nal.to_vec());
        bytes = rest;
    }
    nals
}

fn annexb(bytes: &[u8]) -> Vec<Vec<u8>> {
    split_start_codes(bytes).into_iter().map(<[u8]>::to_vec).collect()
}

/// How many pictures ffprobe decodes, and the words of any complaint.
fn frames(file: &Path) -> (u64, String) {
    let mut probe = Command::new("ffprobe");
    probe.args(["-v", "error", "-count_frames", "-select_streams", "v:0"]);
    probe.args(["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"]).arg(file);
    let said = probe.output().unwrap();
    let count = String::from_utf8_lossy(&said.stdout).trim().trim_end_matches(',').parse();
    (count.unwrap_or(0), String::from_utf8_lossy(&said.stderr).into_owned())
}

/// Whether mpv plays it to its end; `None` where there is no mpv.
fn mpv(file: &Path) -> Option<bool> {
    let mut mpv = Command::new("mpv");
    mpv.args(["--no-config", "--no-terminal", "--vo=null", "--ao=null", "--untimed"]);
    mpv.arg("--msg-level=all=error").arg(file).stdin(Stdio::null());
    mpv.stdout(Stdio::null()).stderr(Stdio::null());
    match mpv.status() {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        status => Some(status.unwrap().success()),
    }
}

struct Made {
    dir: tempfile::TempDir,
    segments: Vec<Segment>,
}

impl Made {
    fn tap(&self, codec: &str) -> PathBuf {
        self.dir.path().join(codec)
    }

    fn file(&self, segment: &Segment) -> PathBuf {
        self.dir.path().join("volume").join(segment.path.to_string())
    }
}

/// Records GStreamer's cameras for some seconds, in segments of about two.
fn record(mounts: &[(u32, &str, &str)]) -> Made {
    let dir = tempfile::tempdir().unwrap();
    let mut arguments = Vec::new();
    for (_, name, options) in mounts {
        let tap = dir.path().join(name);
        arguments.extend(["--mount".into(), format!("/{name}={options},tap={}", tap.display())]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let server = GstServer::start(&arguments);
    let limits = RecorderLimits {
        span: Duration::from_secs(2),
        sync_every: Duration::from_millis(200),
        ..limits()
    };
    let rig = Rig::start(&dir.path().join("volume"), Arc::new(SystemClock), limits);
    let source = |(station, name, _): &(u32, &str, &str)| {
        let url = server.url(&format!("/{name}"));
        FeedSource { id: feed(*station), url: url.parse().unwrap(), shown_url: url, login: None }
    };
    let sources: Vec<FeedSource> = mounts.iter().map(source).collect();
    let recorded: BTreeSet<FeedId> = sources.iter().map(|source| source.id).collect();
    let ingest = Ingest::start_recording(
        sources,
        (BTreeSet::new(), recorded),
        Limits::default(),
        Arc::new(SystemClock),
        Arc::new(|| ()),
        Arc::new(Sink(Arc::clone(&rig.recorder))),
    )
    .unwrap();
    for (station, name, _) in mounts {
        let own = |s: &&Segment| s.feed == feed(*station);
        until(&format!("two segments of {name}"), || {
            (rig.lines.closed().iter().filter(own).count() >= 2).then_some(())
        });
    }
    assert_eq!(ingest.stop(LONG), Vec::<String>::new());
    let (lines, _) = rig.stop();
    assert_eq!(lines.incidents(), []);
    Made { segments: lines.closed(), dir }
}

#[test]
fn what_the_encoder_made_is_in_the_files_and_others_play_them() {
    let mounts = [
        (1, "h264", "h264,320x180,15,key=15"),
        (2, "reordered", "h264,320x180,15,key=15,zerolatency=0"),
        (3, "h265", "h265,320x180,15,key=15"),
    ];
    let made = record(&mounts);
    let mut played = 0;
    for (station, name, _) in mounts {
        let codec = if name == "h265" { Codec::H265 } else { Codec::H264 };
        let (source, sets) = sorted(codec, annexb(&std::fs::read(made.tap(name)).unwrap()));
        let mut recorded = Vec::new();
        let own: Vec<_> = made.segments.iter().filter(|s| s.feed == feed(station)).collect();
        assert!(own.len() >= 3 && own[..own.len() - 1].iter().all(|s| s.ended == Ended::Full));
        for segment in own {
            let file = made.file(segment);
            holds(&made.dir.path().join("volume"), segment);
            the_description_says_the_same(&file, segment);
            recorded.extend(prefixed(&by_ffmpeg(&file, "-map 0:v -c copy -f data")));
            let form = if name == "h265" { "hevc" } else { "h264" };
            let with_sets = by_ffmpeg(&file, &format!("-map 0:v -c copy -f {form}"));
            let (_, own_sets) = sorted(codec, annexb(&with_sets));
            assert_eq!(own_sets, sets, "{name}: parameter sets");
            assert_eq!(frames(&file), (segment.frames, String::new()), "{name}: ffprobe");
            if let Some(well) = mpv(&file) {
                assert!(well, "mpv plays {}", file.display());
                played += 1;
            }
        }
        let (recorded, _) = sorted(codec, recorded);
        assert!(recorded.len() > 45, "{name}: {} units", recorded.len());
        let slice = recorded.iter().position(|nal| kind(codec, nal) == Kind::Slice).unwrap();
        let from = source.iter().position(|nal| *nal == recorded[slice]).expect("the first slice");
        let from = from.checked_sub(slice).expect("nothing but its own stands before it");
        assert!(
            source[from..from + recorded.len()] == recorded[..],
            "{name}: every slice and SEI, in order"
        );
    }
    if played == 0 {
        println!("SKIPPED: there is no mpv here that could play the files");
    }
}

/// What a reader of another make, written from `docs/format-segment.md`, says of a file.
fn by_description(file: &Path) -> serde_json::Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/segment_reader.py");
    let said = Command::new("/usr/bin/python3").arg(script).arg(file).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).unwrap()
}

fn the_description_says_the_same(file: &Path, segment: &Segment) {
    let said = by_description(file);
    let (walked, fragments) = crate::rig::walked(file);
    let pictures: Vec<serde_json::Value> = fragments
        .iter()
        .flat_map(|fragment| &fragment.pictures)
        .map(|p| {
            let at = p.arrival;
            serde_json::json!([at.utc_us, at.mono_us, p.pts, p.size, p.is_key, p.shown])
        })
        .collect();
    assert_eq!(said["pictures"], serde_json::json!(pictures));
    assert_eq!(said["fragments"], fragments.len());
    assert_eq!(said["head"], serde_json::to_value(&walked.start.head).unwrap());
    assert_eq!(said["tail"]["ended"], segment.ended.code());
    let sha256: String = segment.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(said["sha256"], sha256);
}

#[test]
fn another_codec_or_other_parameters_begin_another_segment() {
    use crate::rig::{Camera, clip};
    use pollwall::clock::{Clock as _, FakeClock, WallTime};

    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(FakeClock::at(WallTime::from_micros(1_707_278_400_000_000)));
    let rig = Rig::start(dir.path(), clock.clone(), limits());
    for codec in [Codec::H264, Codec::H265, Codec::Jpeg, Codec::H264] {
        let mut camera = Camera::new(1, &clip(codec));
        for _ in 0..10 {
            clock.advance(Duration::from_micros(66_667));
            rig.recorder.offer(camera.feed, &camera.picture(clock.mono()));
        }
    }
    let (lines, folder) = rig.stop();
    let segments = lines.closed();
    let of: Vec<_> = segments.iter().map(|s| (s.frames, s.ended)).collect();
    assert_eq!(of[..3], [(10, Ended::Stream); 3]);
    assert_eq!(of[3..], [(10, Ended::Stopped)]);
    for segment in &segments {
        holds(&folder, segment);
        the_description_says_the_same(&folder.join(segment.path.to_string()), segment);
        let (count, complaint) = frames(&folder.join(segment.path.to_string()));
        assert_eq!((count, complaint.as_str()), (10, ""), "{}", segment.path);
    }
}
