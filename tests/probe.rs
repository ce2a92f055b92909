//! `pollwall probe` against real servers and broken ones: what it says a camera delivers, why not,
//! and that no secret gets out. Cameras are looked at side by side; every wait is for an event.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code")]

mod support;

use std::fs;
use std::io::Write as _;
use std::net::UdpSocket;
use std::process::{Child, Stdio};

use serde_json::Value;
use support::ffmpeg::{H264, clip, free_udp_port, send};
use support::program::{Home, NO_BUS};
use support::secrets::{Secret, Traces};
use support::simulator::Simulator;
use support::{GstServer, until};

/// What a probe printed and how it ended.
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}{}", self.out, self.err))
    }

    fn remarks(&self) -> Vec<String> {
        let json = self.json();
        let remarks = json["remarks"].as_array().unwrap().iter();
        remarks.map(|remark| remark.as_str().unwrap().to_owned()).collect()
    }
}

/// A probe that runs.
struct Probe(Child);

impl Probe {
    /// Without a data folder; `input` goes to its standard input.
    fn start(home: &Home, args: &[&str], input: &str) -> Self {
        let mut command = home.program();
        command.arg("probe").args(args).env("DBUS_SESSION_BUS_ADDRESS", NO_BUS);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A program that refuses its arguments does not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Self(child)
    }

    fn said(self) -> Said {
        let output = self.0.wait_with_output().unwrap();
        Said {
            code: output.status.code().expect("it ends by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn what_a_camera_delivers_is_said() {
    let server = GstServer::start(&[
        "--mount",
        "/a=h264,320x180,15,key=15,sound=pcma",
        "--mount",
        "/b=h265,320x180,10,key=10",
        "--mount",
        "/c=jpeg,320x180,5",
        "--mount",
        "/d=h264,320x180,20,key=20,zerolatency=0,bframes=2",
    ]);
    let home = Home::new();
    let probes = ["/a", "/b", "/c", "/d"]
        .map(|path| Probe::start(&home, &["--json", &server.url(path)], ""));
    let missing = Probe::start(&home, &["--json", &server.url("/nothing")], "");
    let [a, b, c, d] = probes.map(Probe::said);
    for said in [&a, &b, &c, &d] {
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        let json = said.json();
        assert_eq!((&json["delivers"], &json["trouble"]), (&Value::Bool(true), &Value::Null));
        assert_eq!((&json["transport"], &json["server"]), (&"RTP/TCP".into(), &"GStreamer".into()));
        assert_eq!(json["video"]["width"], 320);
        let ms = |name: &str| number(&json[name]);
        assert!(ms("playing_ms") <= ms("first_keyframe_ms"), "{json}");
        assert!(ms("first_picture_ms") <= ms("first_decoded_ms"), "{json}");
        // GStreamer tells the time of this very machine.
        assert!(number(&json["clock_offset_ms"]).abs() < 2000.0, "{json}");
        assert_eq!(json["left_out"], 0);
        assert!(said.remarks().contains(&"no-login".to_owned()), "{json}");
    }
    let (json, measured) = (a.json(), &a.json()["measured"]);
    assert_eq!(
        (&json["video"]["codec"], &json["video"]["chroma"]),
        (&"h264".into(), &"4:2:0".into())
    );
    assert!(json["video"]["profile"].as_str().unwrap().contains("Baseline"), "{json}");
    assert!(json["video"]["level"].is_string() && json["video"]["bits"] == 8, "{json}");
    assert_eq!(
        json["audio"],
        serde_json::json!([{ "codec": "pcma", "rate_hz": 8000, "channels": 1 }])
    );
    assert!((number(&json["declared_fps"]) - 15.0).abs() < 0.1, "{json}");
    // A busy machine is slower, never faster.
    assert!((7.0..16.5).contains(&number(&measured["fps"])), "{json}");
    assert_eq!((&measured["gop_pictures"], &measured["gop_whole"]), (&15.into(), &true.into()));
    assert!((900.0..1500.0).contains(&number(&measured["gop_ms"])), "{json}");
    assert!(number(&measured["bits_per_s"]) > 10_000.0, "{json}");
    assert!(number(&measured["largest_keyframe_bytes"]) > 500.0, "{json}");
    assert_eq!((&measured["b_frames"], &measured["open_gop"]), (&false.into(), &false.into()));
    assert!(number(&measured["gap_p95_ms"]) <= number(&measured["gap_max_ms"]), "{json}");

    assert_eq!(b.json()["video"]["codec"], "h265");
    assert_eq!(b.json()["video"]["profile"], "Main");
    assert_eq!(b.json()["audio"], serde_json::json!([]));
    assert_eq!(c.json()["video"]["codec"], "jpeg");
    assert_eq!(c.json()["measured"]["gop_pictures"], 1);
    assert_eq!(d.json()["measured"]["b_frames"], true, "{}", d.out);
    assert!(d.remarks().contains(&"b-frames".to_owned()), "{}", d.out);

    let missing = missing.said();
    assert_eq!((missing.code, &missing.json()["trouble"]), (1, &"not-found".into()));
}

#[test]
fn a_person_reads_it_in_every_language_within_eighty_columns() {
    let langs = ["az", "en", "ru"];
    let mounts = langs.map(|lang| format!("/{lang}=h264,320x180,15,key=15"));
    let server =
        GstServer::start(&["--mount", &mounts[0], "--mount", &mounts[1], "--mount", &mounts[2]]);
    let home = Home::new();
    let probes = langs.map(|lang| {
        Probe::start(
            &home,
            &[&server.url(&format!("/{lang}")), "--lang", lang, "--seconds", "3"],
            "",
        )
    });
    for ((lang, words), probe) in
        [("az", "görüntü verir"), ("en", "delivers pictures"), ("ru", "передаёт картинку")]
            .into_iter()
            .zip(probes)
    {
        let said = probe.said();
        assert_eq!(said.code, 0, "{lang}: {}{}", said.out, said.err);
        assert!(said.out.contains(&format!("● {words}\n")), "{}", said.out);
        assert!(said.out.contains("H.264") && said.out.contains("320×180"), "{}", said.out);
        assert!(said.out.lines().all(|line| line.chars().count() < 80), "{}", said.out);
        assert!(!said.out.contains("probe-") && !said.out.contains("remark-"), "{}", said.out);
    }
    // Where nobody listens any more.
    let gone = server.url("/az");
    drop(server);
    for (lang, word) in [("az", "portu"), ("en", "port"), ("ru", "порт")] {
        let said = Probe::start(&home, &[&gone, "--lang", lang], "").said();
        assert_eq!(said.code, 1, "{}", said.out);
        let line = said.out.lines().find(|line| line.starts_with("→ ")).unwrap().to_lowercase();
        assert!(line.contains(word), "{lang}: {}", said.out);
    }
}

const SECRET: Secret = Secret::new("inspector57", "gizli/söz@7:?#%41 \"ə&=+");

#[test]
fn logins_come_through_standard_input_and_never_get_out() {
    let home = Home::new();
    let login = home.path("login");
    fs::write(&login, format!("{}:{}\n", SECRET.user, SECRET.password)).unwrap();
    let mut arguments = vec!["--auth", "digest", "--auth-file", login.to_str().unwrap()];
    arguments.extend(["--mount", "/a=h264,320x180,15,key=15"]);
    let server = GstServer::start(&arguments);
    let (plain, host) = (server.url("/a"), format!("127.0.0.1:{}", server.port()));
    let good = format!("# the hall\n\nrtsp://{}@{host}/a\n", SECRET.in_url());
    let wrong = format!("rtsp://{}x@{host}/a\n", SECRET.in_url());
    let dead = format!("rtsp://{}@127.0.0.1:1/a?token={}\n", SECRET.in_url(), "gizli/söz@7:?%2341");
    let bad = format!("rtsp://{}@{host}:0/a\n", SECRET.in_url());
    let two = format!("{good}{good}");
    let quick = ["--json", "--seconds", "2", "-"];
    let runs = [&good, &wrong, &dead, &bad, &two].map(|input| Probe::start(&home, &quick, input));
    let in_words =
        [&good, &wrong].map(|input| Probe::start(&home, &["--seconds", "2", "-"], input));
    let without = Probe::start(&home, &[&plain], "");
    let typed = Probe::start(&home, &[good.lines().last().unwrap()], "");
    let [good, wrong, dead, bad, two] = runs.map(Probe::said);
    let [good_words, wrong_words] = in_words.map(Probe::said);
    let (without, typed) = (without.said(), typed.said());

    assert_eq!((good.code, &good.json()["trouble"]), (0, &Value::Null), "{}", good.out);
    assert!(!good.remarks().contains(&"no-login".to_owned()), "{}", good.out);
    assert_eq!((wrong.code, &wrong.json()["trouble"]), (1, &"auth-rejected".into()));
    assert_eq!((dead.code, &dead.json()["trouble"]), (1, &"refused".into()));
    assert_eq!(bad.code, 2, "{}", bad.out);
    assert!(bad.err.contains("line 1") && bad.err.contains("Expected"), "{}", bad.err);
    assert!(two.code == 2 && two.err.contains("one address"), "{}", two.err);
    assert!(wrong_words.out.contains("Check user name and password"), "{}", wrong_words.out);
    assert!(without.code == 1 && without.out.contains("pollwall probe -"), "{}", without.out);
    assert!(typed.code == 2 && typed.err.contains("standard input"), "{}", typed.err);

    let mut traces = Traces::default();
    let all = [good, wrong, dead, bad, two, good_words, wrong_words, without, typed];
    for (number, said) in all.iter().enumerate() {
        traces.text(&format!("run {number}"), &format!("{}{}", said.out, said.err));
    }
    fs::remove_file(&login).unwrap();
    // It leaves nothing behind, whatever is in it.
    let left: Vec<_> = fs::read_dir(home.path(".")).unwrap().map(|e| e.unwrap().path()).collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(traces.have(&host), "something was searched");
    traces.assert_free_of(&[SECRET]);
}

#[test]
fn every_fault_has_its_name() {
    let faults: [(&str, Option<&[&str]>, &str); 8] = [
        ("kind = 'mute'", Some(&["no-first-frame"]), ""),
        ("kind = 'refuse'", Some(&["refused"]), ""),
        ("kind = 'unauthorized'", Some(&["auth-rejected"]), ""),
        ("kind = 'garbage'\nat = 'answer'", Some(&["protocol", "closed"]), ""),
        ("kind = 'black-hole'", Some(&["connect-timed-out"]), ""),
        ("kind = 'no-keyframe'", Some(&["no-keyframe"]), ""),
        ("kind = 'low-rate'\nframes_per_second = 2", None, "low-rate"),
        ("kind = 'clock-jump'\nby = '5m'", None, "clock-off"),
    ];
    let count = (faults.len() + 1).to_string();
    let mut simulator = Simulator::start(&["--stations", &count], "");
    let list = fs::read_to_string(simulator.list()).unwrap();
    let urls = list.lines().filter_map(|line| line.split(',').find(|c| c.starts_with("rtsp:")));
    let station = |url: &str| {
        url.trim_start_matches("rtsp://127.20.").split(':').next().unwrap().replace('.', "/")
    };
    let stations: Vec<String> = urls.map(station).collect();
    let script: String = faults
        .iter()
        .zip(&stations)
        .map(|((fault, ..), station)| format!("[[fault]]\n{fault}\nstations = ['{station}']\n\n"))
        .collect();
    simulator.set_script(&script);
    let home = Home::new();
    let probes: Vec<_> = stations
        .iter()
        .map(|station| Probe::start(&home, &["--json", simulator.url(station)], ""))
        .collect();
    let mut said: Vec<_> = probes.into_iter().map(Probe::said).collect();
    let healthy = said.pop().unwrap();
    assert_eq!(healthy.code, 0, "{}{}", healthy.out, healthy.err);
    for ((fault, troubles, remark), said) in faults.iter().zip(&said) {
        let json = said.json();
        match troubles {
            Some(troubles) => {
                assert_eq!(said.code, 1, "{fault}: {json}");
                let named = json["trouble"].as_str().unwrap();
                assert!(troubles.contains(&named), "{fault}: {json}");
            }
            None => assert_eq!(said.code, 0, "{fault}: {json}"),
        }
        let has = remark.is_empty() || said.remarks().iter().any(|found| found == remark);
        assert!(has, "{fault}: {json}");
    }
    let off = number(&said[7].json()["clock_offset_ms"]);
    assert!((off - 300_000.0).abs() < 3000.0, "five minutes, not {off} ms");
}

/// The SRT library writes to standard error by itself, with parts of addresses, unless it is told
/// not to.
#[test]
fn a_wrong_passphrase_is_told_once_and_by_us() {
    let (home, folder) = (Home::new(), tempfile::tempdir().unwrap());
    let clip = clip(folder.path(), "a.ts", H264);
    let port = free_udp_port();
    let to =
        format!("-c copy -f mpegts srt://127.0.0.1:{port}?mode=listener&passphrase=0123456789ab");
    let _sender = send(&clip, &to);
    until("it listens", || UdpSocket::bind(("127.0.0.1", port)).err());
    let address = format!("srt://127.0.0.1:{port}?passphrase=SEK456789abcd\n");
    let said = Probe::start(&home, &["--json", "-"], &address).said();
    assert_eq!((said.code, &said.json()["trouble"]), (1, &"srt-rejected".into()), "{}", said.out);
    assert_eq!(said.err, "");
    assert!(!said.out.contains("SEK"), "{}", said.out);
}

#[test]
fn an_interrupt_ends_it_at_once() {
    let mut simulator =
        Simulator::start(&["--stations", "1"], "[[fault]]\nkind = 'mute'\nstations = ['*']\n");
    let list = fs::read_to_string(simulator.list()).unwrap();
    let url = list.lines().find_map(|line| line.split(',').find(|c| c.starts_with("rtsp:")));
    let home = Home::new();
    let probe = Probe::start(&home, &["--json", "--seconds", "3600", url.unwrap()], "");
    until("the camera being asked to play", || {
        simulator
            .opens()
            .iter()
            .any(|line| line.to_string().to_lowercase().contains("play"))
            .then_some(())
    });
    let line = format!("kill -INT {}", probe.0.id());
    assert!(std::process::Command::new("sh").args(["-c", &line]).status().unwrap().success());
    let said = probe.said();
    // By itself it would have said "no-first-frame", seconds later.
    assert_eq!((said.code, &said.json()["trouble"]), (1, &"interrupted".into()), "{}", said.err);
    assert!(simulator.end());
}
