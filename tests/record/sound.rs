//! Sound beside the pictures, where the configuration asks for it: from a real server into a file that
//! FFmpeg plays without a complaint.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pollwall::record::index::Reader;

use crate::support::GstServer;
use crate::support::metrics;
use crate::support::program::Home;

const SOUNDS: [(&str, &str); 4] =
    [("aac", "aac"), ("pcma", "pcm_alaw"), ("pcmu", "pcm_mulaw"), ("", "")];

/// Counts the pictures of a file.
const FRAMES: &str = "-v error -select_streams v -count_packets -show_entries \
                      stream=nb_read_packets -of csv=p=0 FILE";

/// Records three stations with sound and one without, until each has so many bytes on the disk; their
/// files by station.
fn recorded(home: &Home, server: &GstServer, config: &str) -> BTreeMap<u32, PathBuf> {
    let list = home.path("list.csv");
    let row = |n: usize| format!("57,{n},{}\n", server.url(&format!("/{n}")));
    let rows: String = (1..=SOUNDS.len()).map(row).collect();
    fs::write(&list, format!("district,station,main\n{rows}")).unwrap();
    home.accept(&list);
    fs::write(home.data().join("record.toml"), config).unwrap();
    let mut program = home.start(home.command(&["record", "--metrics", "0"]));
    let address = metrics::address(&mut program, || fs::read_to_string(home.path("err")).unwrap());
    program.until("all to be recorded for a while", || {
        let page = metrics::fetch(&address)?;
        let safe = page.get("pollwall_recording_stations_safe") == SOUNDS.len() as f64;
        (safe && page.get("pollwall_units_received_total") > 250.0).then_some(())
    });
    program.signal("TERM");
    assert_eq!(program.until_ended().code(), Some(0), "{}", home.log());
    assert!(home.ok(&["footage", "check", "--hash"]).contains("all"), "in order");
    let mut files = BTreeMap::new();
    let take = |kept: pollwall::record::index::Kept| {
        files.insert(kept.segment.path.feed().station.station, kept.file());
    };
    Reader::open(&home.data().join("footage/footage.sqlite")).unwrap().each(take).unwrap();
    files
}

/// What FFmpeg's tools say; they must have nothing to complain about.
fn said(tool: &str, arguments: &str, file: &Path) -> String {
    let mut command = Command::new(tool);
    let words = arguments.split(' ').map(|word| match word {
        "FILE" => file.as_os_str().to_owned(),
        word => word.into(),
    });
    let output = command.args(words).output().unwrap();
    assert!(output.status.success(), "{tool} {arguments}: {output:?}");
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

fn mounts() -> Vec<String> {
    let mount = |(n, (kind, _)): (usize, &(&str, &str))| {
        let sound = if kind.is_empty() { String::new() } else { format!(",sound={kind}") };
        format!("/{}=h264,320x180,8{sound}", n + 1)
    };
    SOUNDS.iter().enumerate().map(mount).collect()
}

fn server() -> GstServer {
    let mounts = mounts();
    let arguments: Vec<&str> = mounts.iter().flat_map(|m| ["--mount", m.as_str()]).collect();
    GstServer::start(&arguments)
}

#[test]
fn sound_is_recorded_where_that_is_asked_for_and_plays() {
    let (home, server) = (Home::new(), server());
    let files = recorded(&home, &server, "audio = true\n");
    let kinds = "-v error -show_entries stream=codec_name -of csv=p=0 FILE";
    for (station, (_, codec)) in (1..).zip(SOUNDS) {
        let file = &files[&station];
        let streams = said("ffprobe", kinds, file);
        let expected = if codec.is_empty() { "h264".to_owned() } else { format!("h264\n{codec}") };
        assert_eq!(streams.trim(), expected, "station {station}");
        assert_eq!(said("ffmpeg", "-v error -i FILE -f null -", file), "", "station {station}");
        // Whoever reads it from its description alone gets the same pictures.
        let reader = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/segment_reader.py");
        let read: serde_json::Value =
            serde_json::from_str(&said("python3", &format!("{reader} FILE"), file)).unwrap();
        let frames = said("ffprobe", FRAMES, file).trim().parse::<usize>().unwrap();
        assert_eq!(read["pictures"].as_array().unwrap().len(), frames, "station {station}");
        if codec.is_empty() {
            continue;
        }
        // As long as the pictures, and as loud as the server's tone.
        let length = |stream: &str| {
            let entries = "-show_entries packet=pts_time,duration_time -of csv=p=0 FILE";
            let packets =
                said("ffprobe", &format!("-v error -select_streams {stream} {entries}"), file);
            let of =
                |line: &str| -> f64 { line.split(',').filter_map(|n| n.parse::<f64>().ok()).sum() };
            packets.lines().map(of).fold(0.0, f64::max)
        };
        let (pictures, sound) = (length("v"), length("a"));
        assert!(pictures > 2.0, "station {station}: {pictures} s");
        assert!((pictures - sound).abs() < 1.0, "station {station}: {pictures} s and {sound} s");
        let loud =
            said("ffmpeg", "-hide_banner -nostats -i FILE -vn -af volumedetect -f null -", file);
        let level = loud.lines().find_map(|line| line.split("mean_volume: ").nth(1));
        let level: f64 = level.unwrap().trim_end_matches(" dB").parse().unwrap();
        assert!((-45.0..-1.0).contains(&level), "station {station}: {level} dB");
    }
}

#[test]
fn nobody_is_listened_to_unless_it_is_asked_for() {
    let (home, server) = (Home::new(), server());
    let kinds = "-v error -show_entries stream=codec_name -of csv=p=0 FILE";
    for file in recorded(&home, &server, "").values() {
        assert_eq!(said("ffprobe", kinds, file).trim(), "h264", "{}", file.display());
    }
}
