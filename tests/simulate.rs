//! The camera simulator, the program itself: every fault as a client meets it on the wire. A
//! healthy neighbour is the clock: what has not come while it sent so many pictures does not come.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code")]

mod support;

use std::io::{ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use pollwall::clock::{Clock, FakeClock, WallTime};
use pollwall::simulate::clips::Format;
use pollwall::simulate::{self, Config, Event, country};

use support::program::Home;
use support::simulator::{Client, Packet, Simulator};
use support::{until, wait_for};

/// 6000 ticks of RTP's clock: 15 pictures a second.
const STEP: u32 = 6000;

fn fault(stations: &str, kind: &str) -> String {
    format!("[[fault]]\nstations = [{stations}]\nkind = {kind}\n")
}

/// The time stamps of the pictures, each once.
fn times(packets: &[Packet]) -> Vec<u32> {
    packets.iter().filter(|p| p.marker()).map(Packet::timestamp).collect()
}

fn has_keyframe(packets: &[Packet]) -> bool {
    packets.iter().any(|p| p.nal() == 5)
}

#[test]
fn a_session_is_what_the_standards_say() {
    let mut simulator = Simulator::start(&["--stations", "3"], "");
    let mut client = Client::connect(&simulator, "1/1");
    let described = client.ask("DESCRIBE", "", "Accept: application/sdp\r\n").text;
    for part in ["m=video 0 RTP/AVP 96", "sprop-parameter-sets=Z", "a=framerate:15", "a=control:"] {
        assert!(described.contains(part), "{described}");
    }
    assert_eq!(client.ask("DESCRIBE", "/no", "").status, 404);
    assert_eq!(client.ask("RECORD", "", "").status, 501);
    let udp = "Transport: RTP/AVP;unicast;client_port=9000-9001\r\n";
    assert_eq!(client.ask("SETUP", "/trackID=0", udp).status, 461);
    let playing = client.try_to_play().text;
    let number = |name: &str| -> u32 {
        let value = playing.split(name).nth(1).unwrap();
        value.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
    };
    let packets = client.pictures(40);
    assert_eq!(u32::from(packets[0].seq()), number("seq="));
    assert_eq!(packets[0].timestamp(), number("rtptime="));
    for pair in packets.windows(2) {
        assert_eq!(pair[1].seq(), pair[0].seq().wrapping_add(1));
    }
    for pair in times(&packets).windows(2) {
        assert_eq!(pair[1].wrapping_sub(pair[0]), STEP);
    }
    assert!(has_keyframe(&packets), "two seconds have one");

    let first = |station: &str| Client::play(&simulator, station).pictures(1);
    let joins = ["1/1", "1/2", "1/3"].map(first);
    assert!(joins.iter().any(|join| !has_keyframe(join)), "cameras are joined in the middle");

    let told = until("the log of connections", || {
        let lines = simulator.opens();
        let of = |event: &str| lines.iter().filter(|l| l["event"] == event).count();
        (of("open") == 4 && of("close") >= 3).then_some(lines)
    });
    let plays = told.iter().filter(|l| l["method"] == "PLAY" && l["status"] == 200).count();
    assert_eq!(plays, 4);
    assert!(simulator.end());
    let said = simulator.said();
    assert!(said.contains("3 stations answer on port"), "{said}");
    assert!(said.contains("Sessions begun: 4. Connections: 4"), "{said}");
    let stats = simulator.stats();
    assert_eq!(
        (&stats.last().unwrap()["opens"], &stats.last().unwrap()["plays"]),
        (&4.into(), &4.into())
    );
}

#[test]
fn streams_that_are_silent_or_thin() {
    let script = [
        fault("'1/1'", "'mute'"),
        fault("'1/2'", "'drip'\ngap = '200ms'"),
        fault("'1/3'", "'rtcp-only'"),
        fault("'1/4'", "'half-open'"),
        fault("'1/5'", "'low-rate'\nframes_per_second = 1"),
        fault("'1/6'", "'no-keyframe'"),
        fault("'1/7'", "'loss'\npart = 0.3"),
    ]
    .concat();
    let simulator = Simulator::start(&["--stations", "8"], &script);
    let mut mute = Client::play(&simulator, "1/1");
    let mut drip = Client::play(&simulator, "1/2");
    let mut reports = Client::play(&simulator, "1/3");
    let mut held = Client::connect(&simulator, "1/4");
    held.send("OPTIONS", "", "");
    let mut slow = Client::play(&simulator, "1/5");
    let mut keyless = Client::play(&simulator, "1/6");
    let mut lossy = Client::play(&simulator, "1/7");
    // Six seconds of a healthy camera; it also has its keyframes.
    let healthy = Client::play(&simulator, "1/8").pictures(90);
    assert!(has_keyframe(&healthy));

    assert_eq!(mute.there(), b"");
    assert_eq!(mute.ask("GET_PARAMETER", "", "").status, 200, "it still answers");
    let dripped = drip.there();
    assert!((10..60).contains(&dripped.len()), "{} bytes", dripped.len());
    assert_eq!(dripped[0], b'$', "bytes of the stream");
    assert_eq!(reports.packet().channel, 1);
    assert_eq!(reports.packet().data[1], 200, "sender reports");
    assert!(reports.there().is_empty(), "and nothing else");
    assert_eq!(held.there(), b"", "not even an answer");
    let pictures = slow.pictures(3);
    for pair in times(&pictures).windows(2) {
        assert_eq!(pair[1].wrapping_sub(pair[0]), 90_000, "a second");
    }
    assert!(!has_keyframe(&keyless.pictures(80)));
    let numbers = lossy.pictures(60);
    let gaps = numbers.windows(2).filter(|p| p[1].seq() != p[0].seq().wrapping_add(1)).count();
    assert!((8..40).contains(&gaps), "{gaps} gaps");
}

#[test]
fn doors_that_do_not_open() {
    let script = [
        fault("'1/1'", "'refuse'"),
        fault("'1/2'", "'black-hole'"),
        fault("'1/3'", "'unauthorized'"),
        fault("'1/4'", "'reset'\nafter = '0s'"),
        fault("'1/5'", "'garbage'"),
        fault("'1/6'", "'garbage'\nat = 'answer'"),
    ]
    .concat();
    let mut simulator = Simulator::start(&["--stations", "7"], "");
    let mut inside = Client::play(&simulator, "1/1");
    let mut lost = Client::play(&simulator, "1/2");
    let mut known = Client::play(&simulator, "1/3");
    simulator.set_script(&script);

    inside.until_closed();
    let refused = TcpStream::connect(simulator.address("1/1")).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    let knock = || {
        let patience = Duration::from_millis(500);
        TcpStream::connect_timeout(&simulator.address("1/2"), patience).map_err(|e| e.kind())
    };
    assert_eq!(knock().unwrap_err(), ErrorKind::TimedOut);
    lost.there();
    known.until_closed();
    let mut stranger = Client::connect(&simulator, "1/3");
    let answer = stranger.ask("DESCRIBE", "", "");
    assert_eq!(answer.status, 401);
    assert!(answer.text.contains("WWW-Authenticate: Digest"), "{}", answer.text);
    let mut torn = Client::play(&simulator, "1/4");
    assert_eq!(torn.until_closed(), Some(ErrorKind::ConnectionReset));
    let half = torn.half_a_packet();
    assert!(half > 0, "the reset came between two pictures");
    let mut garbage = Client::play(&simulator, "1/5");
    until("bytes after PLAY", || (garbage.rubbish() > 100).then_some(()));
    let mut answer = Client::connect(&simulator, "1/6");
    answer.send("OPTIONS", "", "");
    answer.read().unwrap();
    assert_ne!(answer.there()[0], b'R');

    // While all that went on the neighbour was well, and the black hole stayed one.
    let mut neighbour = Client::play(&simulator, "1/7");
    assert!(has_keyframe(&neighbour.pictures(31)));
    let before = lost.there().len();
    assert_eq!(knock().unwrap_err(), ErrorKind::TimedOut);
    neighbour.pictures(15);
    assert_eq!(lost.there().len(), before, "nothing comes out of a black hole");

    simulator.set_script("");
    for station in ["1/1", "1/2", "1/3", "1/4", "1/5", "1/6"] {
        Client::play(&simulator, station).pictures(3);
    }
    let after =
        until("the old session", || (lost.there().len() > before).then(|| lost.pictures(40)));
    assert!(has_keyframe(&after));
}

#[test]
fn faults_come_and_go_in_a_running_session() {
    let mut simulator = Simulator::start(&["--stations", "6"], "");
    let mut client = Client::play(&simulator, "1/1");
    let before = *times(&client.pictures(5)).last().unwrap();
    simulator.set_script(&fault("'1/1'", "'pts-jump'\nby = '1h'"));
    let hour = 3_600 * 90_000;
    let jumped = |client: &mut Client, expected: u32| {
        wait_for(|| {
            let time = client.rtp().timestamp();
            // Within a minute of what is expected.
            (time.wrapping_sub(expected) < 60 * 90_000).then_some(time)
        })
    };
    assert!(jumped(&mut client, before.wrapping_add(hour)).is_some());
    simulator.set_script("");
    assert!(jumped(&mut client, before).is_some(), "the camera is well again");

    simulator.set_script(&fault("'1/2'", "'clock-jump'\nby = '-24h'"));
    let mut client = Client::play(&simulator, "1/2");
    let report = |client: &mut Client| loop {
        let packet = client.packet();
        if packet.channel == 1 {
            return u32::from_be_bytes(packet.data[8..12].try_into().unwrap());
        }
    };
    let off = report(&mut client);
    simulator.set_script("");
    let right = report(&mut client);
    assert!((86_400..86_500).contains(&right.wrapping_sub(off)), "{off} → {right}");

    let mut client = Client::play(&simulator, "1/3");
    let mut seen = client.pictures(5);
    simulator.set_script(&fault("'1/3'", "'mute'"));
    let rest = until("silence", || {
        let mut neighbour = Client::play(&simulator, "1/4");
        let before = client.there().len();
        neighbour.pictures(8);
        (client.there().len() == before).then(|| client.taken_pictures())
    });
    // None, where the script came before the next picture.
    seen.extend(rest);
    simulator.set_script("");
    let next = client.pictures(3);
    assert_eq!(next[0].nal(), 7, "it begins again with a keyframe");
    assert_eq!(next[0].seq(), seen.last().unwrap().seq().wrapping_add(1), "nothing was lost");

    let mut client = Client::play(&simulator, "1/5");
    client.pictures(5);
    simulator.set_script(&fault("'1/5'", "'pause'\nfor = '2s'"));
    let pictures = client.pictures(90);
    for pair in times(&pictures).windows(2) {
        assert_eq!(pair[1].wrapping_sub(pair[0]), STEP, "a pause loses nothing");
    }

    let mut client = Client::play(&simulator, "1/6");
    client.pictures(5);
    simulator.set_script(&fault("'1/6'", "'codec-change'"));
    assert_eq!(client.until_closed(), None);
    let described = Client::connect(&simulator, "1/6").ask("DESCRIBE", "", "").text;
    assert!(described.contains("H265/90000") && described.contains("sprop-vps="), "{described}");

    simulator.set_script(&fault("'1/6'", "'frozen'"));
    let before = simulator.said();
    std::fs::write(simulator.list().with_file_name("faults.toml"), "[[fault]]\nkind = 'x'\n")
        .unwrap();
    let said = until("a refusal", || {
        let said = simulator.said();
        (said.len() > before.len()).then_some(said)
    });
    assert!(said.contains("line 2, kind") && said.contains("stays in force"), "{said}");
}

/// Decodes so many pictures with the ffmpeg program; gives its words and the pictures in grey.
fn decoded(url: &str, pictures: usize) -> (String, Vec<Vec<u8>>) {
    let mut ffmpeg = Command::new("ffmpeg")
        .args(["-v", "warning", "-nostdin", "-rtsp_transport", "tcp", "-i", url])
        .args(["-frames:v", &pictures.to_string(), "-vf", "scale=160:90"])
        .args(["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ffmpeg (apt-get install ffmpeg)");
    let mut bytes = Vec::new();
    ffmpeg.stdout.take().unwrap().read_to_end(&mut bytes).unwrap();
    let mut said = String::new();
    ffmpeg.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(ffmpeg.wait().unwrap().success(), "{said}");
    (said, bytes.chunks(160 * 90).map(<[u8]>::to_vec).collect())
}

fn mean(picture: &[u8]) -> f64 {
    picture.iter().map(|v| f64::from(*v)).sum::<f64>() / picture.len() as f64
}

/// How much two pictures differ, in mean.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    let sum: u32 = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    f64::from(sum) / a.len() as f64
}

#[test]
fn pictures_decode_without_a_complaint_and_show_what_the_script_says() {
    let script = [
        fault("'1/2'", "'codec-change'"),
        fault("'1/3'", "'black'"),
        fault("'1/4'", "'frozen'"),
        fault("'1/5'", "'covered'"),
        fault("'1/6'", "'size-change'"),
    ]
    .concat();
    let simulator = Simulator::start(&["--stations", "6", "--burst", "--with-sub"], &script);
    let (said, healthy) = decoded(simulator.url("1/1"), 90);
    assert_eq!((said.as_str(), healthy.len()), ("", 90), "H.264");
    let moves = difference(&healthy[0], &healthy[60]);
    assert!(mean(&healthy[0]) > 40.0, "{}", mean(&healthy[0]));
    let (said, pictures) = decoded(simulator.url("1/2"), 60);
    assert_eq!((said.as_str(), pictures.len()), ("", 60), "H.265");
    let (_, black) = decoded(simulator.url("1/3"), 10);
    assert!(mean(&black[9]) < 32.0, "{}", mean(&black[9]));
    let (_, frozen) = decoded(simulator.url("1/4"), 61);
    let stands = difference(&frozen[0], &frozen[60]);
    assert!(stands < moves / 2.0, "{stands} {moves}");
    let (_, covered) = decoded(simulator.url("1/5"), 10);
    // The middle, where the camera writes no clock.
    let contrast = |p: &[u8]| {
        let middle = || (30..60).flat_map(|row| &p[row * 160 + 40..row * 160 + 120]);
        middle().max().unwrap() - middle().min().unwrap()
    };
    let hidden = contrast(&covered[9]);
    assert!(hidden < 24, "a covered lens sees no edges: {hidden}");
    assert!(difference(&healthy[0], &covered[9]) > 10.0);
    let (width, height) = probed(simulator.url("1/6"));
    assert_eq!((width, height), (320, 180));
    assert_eq!(probed(simulator.url("1/1")), (640, 360));
    let (said, sub) = decoded(&simulator.url("1/1").replace("/main", "/sub"), 5);
    assert_eq!((said.as_str(), sub.len()), ("", 5));
    let list = std::fs::read_to_string(simulator.list()).unwrap();
    assert_eq!(list.matches("/sub\r\n").count(), 6, "{list}");
    // A burst begins with a keyframe.
    let begin = Client::play(&simulator, "1/1").pictures(1);
    assert_eq!((begin[0].nal(), has_keyframe(&begin)), (7, true));
}

fn probed(url: &str) -> (u32, u32) {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-rtsp_transport", "tcp", "-show_entries", "stream=width,height"])
        .args(["-of", "csv=p=0", url])
        .output()
        .expect("ffprobe (apt-get install ffmpeg)");
    let said = String::from_utf8(output.stdout).unwrap();
    let (width, height) = said.trim().split_once(',').unwrap();
    (width.parse().unwrap(), height.parse().unwrap())
}

#[test]
fn cameras_with_logins_let_in_who_knows_them() {
    let home = Home::new();
    let file = home.path("logins");
    std::fs::write(&file, "müfəttiş:şifrə@7:/\n\nreserve:second\n").unwrap();
    let login = file.to_str().unwrap();
    let simulator = Simulator::start(&["--stations", "2", "--login", login], "");
    let (said, pictures) = decoded(simulator.url("1/1"), 5);
    assert_eq!(pictures.len(), 5, "{said}");
    assert!(simulator.url("1/2").contains("reserve:second@"), "given out in turn");
    let mut stranger = Client::connect(&simulator, "1/1");
    assert_eq!(stranger.ask("DESCRIBE", "", "").status, 401);
    let list = std::fs::metadata(simulator.list()).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&list.permissions());
    assert_eq!(mode & 0o777, 0o600, "the list has passwords in it");
    let log = format!("{:?}{}", simulator.opens(), simulator.said());
    assert!(!log.contains("second") && !log.contains("reserve"), "{log}");
}

#[test]
fn what_it_is_told_wrongly_is_told_back() {
    let home = Home::new();
    let path = |name: &str| home.path(name).to_str().unwrap().to_owned();
    let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/clips");
    let simulate = |args: &[&str]| {
        let all = [&["simulate", "--stations", "2", "--cache", cache], args].concat();
        home.fails(1, &all)
    };
    let said = simulate(&["--script", &path("none.toml")]);
    assert!(said.contains("none.toml cannot be read: there is no such file"), "{said}");
    let script =
        "[[fault]]\nstations = ['7/1']\nkind = 'mute'\n\n[[fault]]\nshare = 2\nkind = 'mute'";
    std::fs::write(home.path("bad.toml"), script).unwrap();
    let said = simulate(&["--script", &path("bad.toml")]);
    assert!(said.contains("line 6, share: “2” cannot be used here"), "{said}");
    std::fs::write(home.path("bad.toml"), "[[fault]]\nstations = ['7/1']\nkind = 'mute'").unwrap();
    let said = simulate(&["--script", &path("bad.toml")]);
    assert!(said.contains("line 1, stations: “7/1” is no station"), "{said}");

    std::fs::write(home.path("logins"), "user without a colon\n").unwrap();
    let said = simulate(&["--login", &path("logins")]);
    assert!(said.contains("line 1: write a login as user:password"), "{said}");
    assert!(!said.contains("without a colon"), "{said}");

    let taken = TcpListener::bind("127.20.1.2:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = simulate(&["--port", &port]);
    assert!(said.contains(&format!("Port {port} of 127.20.1.2")), "{said}");

    let command = "ulimit -n 100; exec \"$0\" simulate --stations 50 --lang en";
    let program = env!("CARGO_BIN_EXE_pollwall");
    let output = Command::new("sh").args(["-c", command, program]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("164 are needed, the system allows 100"), "{said}");
}

/// Two clients of one camera, on a clock that the test moves: the one that shows signs of life
/// plays on, the other is put out after the time that SETUP's answer promised, and half as much.
#[test]
fn sessions_without_a_sign_of_life_are_ended() {
    let clock = Arc::new(FakeClock::at(WallTime::from_micros(1_707_280_000_000_000)));
    let config = Config {
        places: country::places(1),
        port: 0,
        main: Format::LIGHT,
        sub: None,
        bursts: false,
        logins: Vec::new(),
        script: None,
        cache: concat!(env!("CARGO_TARGET_TMPDIR"), "/clips").into(),
        stats: None,
        opens_log: None,
    };
    let simulator =
        simulate::Simulator::open(config, Arc::clone(&clock) as Arc<dyn Clock>, &mut |_, _| true);
    let simulator = simulator.unwrap();
    let handle = simulator.handle();
    let (ready, is_ready) = std::sync::mpsc::sync_channel(1);
    let serve = move || {
        simulator.run(&mut |event| {
            if let Event::Ready(streams) = event {
                ready.send(streams[0].url()).unwrap();
            }
        })
    };
    let serving = std::thread::Builder::new().name("simulator".into()).spawn(serve).unwrap();
    let url = is_ready.recv().unwrap();
    let [mut silent, mut alive] = [(); 2].map(|()| {
        let mut client = Client::of(&url);
        assert_eq!(client.try_to_play().status, 200);
        client
    });
    for _ in 0..4 {
        clock.advance(Duration::from_secs(30));
        // Its answer lies among pictures; that it comes at all is enough.
        alive.send("OPTIONS", "", "");
        while !alive.rtp_or_answer() {}
    }
    assert_eq!(silent.until_closed(), None);
    clock.advance(Duration::from_secs(1));
    assert!(!alive.pictures(1).is_empty());
    handle.stop();
    serving.join().unwrap().unwrap();
}

#[test]
fn it_ends_when_told() {
    let mut simulator = Simulator::start(&["--stations", "2"], "");
    let mut client = Client::play(&simulator, "1/1");
    client.pictures(2);
    let kill = format!("kill -TERM {}", simulator.pid());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    client.until_closed();
    assert!(simulator.end());
    assert!(simulator.said().contains("Sessions begun: 1."), "{}", simulator.said());
}
