//! Fifty awkward secrets, in every place of a URL, with every scheme, through every command and
//! failure: none of them is in anything that is written or shown. Only the vault has them.
//!
//! A scheme is a row of [`urls::SCHEMES`]. One that the import refuses is tried as a refused one,
//! one that it takes goes the whole way; the test asks the program which it is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test's helpers fail the test and say what they did"
)]

#[path = "canary/cameras.rs"]
mod cameras;
#[path = "wall/rig.rs"]
#[allow(dead_code, reason = "the wall's tests use the rest")]
mod rig;
mod support;
#[path = "canary/urls.rs"]
mod urls;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use cameras::Cameras;
use pollwall::config::secrets::strip;
use pollwall::config::{DataDir, ListStore};
use pollwall::health::{State, Trouble};
use pollwall::text::Lang;
use support::network::{Names, REFUSING_PORT, UNKNOWN_NAME};
use support::program::Home;
use support::screen::Screen;
use support::secrets::{Secret, Traces};
use urls::{MARK, SCHEMES, Spelling, secrets};

/// Both streams of a command that has ended.
fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr].concat()).into_owned()
}

fn search(traces: &Traces, secrets: &[Secret]) {
    traces.assert_free_of_mark(MARK);
    traces.assert_free_of(secrets);
}

/// A list with one station for each URL, district by district.
fn list_of(urls: &[String]) -> String {
    let quoted = |url: &String| format!("\"{}\"", url.replace('"', "\"\""));
    let rows = urls
        .iter()
        .enumerate()
        .map(|(n, url)| format!("{},{},{}\n", n / 100 + 1, n % 100 + 1, quoted(url)));
    format!("district,station,main\n{}", rows.collect::<String>())
}

/// Imports, in each manner and language; nothing of it may tell.
fn import(home: &Home, list: &Path, traces: &mut Traces) -> bool {
    let list = list.to_str().unwrap();
    let check = home.run(&["import", "--check", list]);
    traces.text("import --check", &said(&check));
    for language in ["az", "ru"] {
        let output = home.run(&["import", "--check", "--lang", language, list]);
        traces.text("import --check in another language", &said(&output));
    }
    traces.text("import --check --json", &said(&home.run(&["import", "--check", "--json", list])));
    check.status.success()
}

/// Answers the import's question with no, at a terminal.
fn cancel(home: &Home, list: &Path) -> String {
    let data = home.data();
    let line = format!(
        "{} --data {} import {}",
        env!("CARGO_BIN_EXE_pollwall"),
        data.display(),
        list.display()
    );
    // `script` gives it a terminal (Debian: bsdutils, always there).
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env("LC_ALL", "en_US.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("script starts (apt-get install bsdutils)");
    child.stdin.take().unwrap().write_all(b"n\n").unwrap();
    said(&child.wait_with_output().unwrap())
}

#[test]
fn what_the_import_says_of_any_scheme_gives_nothing_away() {
    let (all, mut taken) = (secrets(), BTreeSet::new());
    for scheme in SCHEMES {
        for spelling in [Spelling::Escaped, Spelling::AsItIs] {
            let home = Home::new();
            let mut traces = Traces::default();
            let host = |n: usize| format!("10.1.{}.{}:9000", n / 200, n % 200 + 1);
            let mut number = 0;
            let mut urls = Vec::new();
            for secret in &all {
                for shape in scheme.shapes {
                    number += 1;
                    urls.push(shape(scheme.name, &host(number), secret, spelling));
                }
            }
            let list = home.path("list.csv");
            fs::write(&list, list_of(&urls)).unwrap();
            if !import(&home, &list, &mut traces) {
                is_refused(&home, &list, &urls, &mut traces);
                // What nobody could misread.
                urls.retain(|url| strip(url).is_ok());
                fs::write(&list, list_of(&urls)).unwrap();
            }
            if import(&home, &list, &mut traces) {
                let cancelled = cancel(&home, &list);
                assert!(!home.data().join("stations/000001.json").exists(), "{cancelled}");
                traces.text("a cancelled import", &cancelled);
                traces.text("an accepted import", &home.accept(&list));
                the_list_is_handled(&home, &list, &mut traces);
                taken.insert((scheme.name, spelling == Spelling::Escaped));
            }
            traces.files(&home.path(""), "secrets.json");
            // The lists themselves are what is kept out of everything else.
            let traces = traces.without(&["list.csv", "torn.csv", "other.csv"]);
            search(&traces, &all);
        }
    }
    assert!(taken.contains(&("rtsp", true)) && taken.contains(&("rtsp", false)), "{taken:?}");
}

fn is_refused(home: &Home, list: &Path, urls: &[String], traces: &mut Traces) {
    let refused = home.run(&["import", "--accept", list.to_str().unwrap()]);
    assert!(!refused.status.success());
    traces.text("a refused import", &said(&refused));
    // Without quotes separators tear secrets apart, and no header is known.
    let torn = home.path("torn.csv");
    fs::write(&torn, list_of(urls).replace('"', "").replace("main", "mian")).unwrap();
    import(home, &torn, traces);
    fs::write(&torn, list_of(urls).replace('"', "")).unwrap();
    import(home, &torn, traces);
    assert!(!home.data().join("stations").exists(), "nothing was taken");
}

/// Another version, the history, the way back, the published list.
fn the_list_is_handled(home: &Home, list: &Path, traces: &mut Traces) {
    let other = home.path("other.csv");
    let changed = fs::read_to_string(list).unwrap().replace("10.1.0.2:", "10.9.9.9:");
    fs::write(&other, changed.replacen("\n1,2,", "\n1,999,", 1)).unwrap();
    traces
        .text("the difference", &said(&home.run(&["import", "--accept", other.to_str().unwrap()])));
    for args in [
        &["list"][..],
        &["list", "--history"],
        &["list", "--restore", "1"],
        &["list", "--history"],
        &["list", "--restore", "77"],
        &["list", "--export", home.path("published").to_str().unwrap()],
    ] {
        traces.text(&format!("{args:?}"), &said(&home.run(args)));
    }
    let vault = home.data().join("secrets.json");
    assert_eq!(fs::metadata(&vault).unwrap().permissions().mode() & 0o777, 0o600);
    let kept = fs::read_to_string(&vault).unwrap();
    assert!(kept.contains(MARK), "the secrets are where they belong, and would be found");
    // A vault that others could read, and a damaged one, are refused without a word of it.
    fs::set_permissions(&vault, fs::Permissions::from_mode(0o644)).unwrap();
    traces.text("an open vault", &home.fails(1, &["list", "--restore", "1"]));
    fs::set_permissions(&vault, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&vault, &kept[..kept.len() / 2]).unwrap();
    traces.text("a torn vault", &home.fails(1, &["list", "--restore", "1"]));
    fs::write(&vault, kept).unwrap();
}

/// Where a feed leads, and what the wall has to make of it.
struct Fate {
    host: String,
    path: &'static str,
    /// The states that do; a scheme may fail in its own way.
    rtsp: &'static str,
}

fn fates(cameras: &Cameras) -> Vec<Fate> {
    // A host for each fate: where one login was rejected, the others of the same are not tried.
    let local = |camera: u8| format!("127.0.0.{camera}:{}", cameras.port());
    let fate = |host: &str, path, rtsp| Fate { host: host.to_owned(), path, rtsp };
    vec![
        fate(&local(2), "401", "auth-failed"),
        fate(&local(3), "403", "auth-failed"),
        fate(&local(4), "404", "offline"),
        fate(&local(5), "tell", "offline"),
        fate(&local(6), "redirect", "offline"),
        fate(&local(7), "hangup", "offline"),
        fate(&format!("127.0.0.1:{REFUSING_PORT}"), "refused", "offline"),
        fate(&format!("{UNKNOWN_NAME}:9000"), "unknown", "offline"),
    ]
}

/// The schemes that this program takes.
fn accepted(home: &Home) -> BTreeSet<&'static str> {
    let probe = home.path("probe.csv");
    let takes = |name: &str| {
        fs::write(&probe, list_of(&[format!("{name}://10.0.0.1:9000/live/a.m3u8")])).unwrap();
        home.run(&["import", "--check", probe.to_str().unwrap()]).status.success()
    };
    SCHEMES.iter().map(|scheme| scheme.name).filter(|name| takes(name)).collect()
}

#[test]
fn a_wall_that_fails_in_every_way_gives_nothing_away() {
    let (screen, home, names) = (Screen::start(), Home::new(), Names::new());
    let (all, cameras) = (secrets(), Cameras::start());
    let accepted = accepted(&home);
    assert!(accepted.contains("rtsp"));
    let mut urls = Vec::new();
    let mut wanted = BTreeMap::new();
    for scheme in SCHEMES.iter().filter(|scheme| accepted.contains(scheme.name)) {
        for (at, secret) in all.iter().enumerate() {
            for (turn, fate) in fates(&cameras).iter().enumerate() {
                // As many as the gate lets in within the test's patience: half of the fates for
                // RTSP, and one for every other scheme, whose feeds have a thread each.
                let taken = if scheme.name == "rtsp" { turn % 2 == at % 2 } else { turn == at % 8 };
                if !taken {
                    continue;
                }
                let shape = scheme.shapes[(at + turn) % scheme.shapes.len()];
                let host = format!("{}/{}/{}-{at}", fate.host, fate.path, scheme.name);
                urls.push(shape(scheme.name, &host, secret, Spelling::Escaped));
                let n = urls.len() - 1;
                let state = (scheme.name == "rtsp").then_some(fate.rtsp);
                wanted.insert(format!("{}/{}", n / 100 + 1, n % 100 + 1), state);
            }
        }
    }
    let list = home.path("list.csv");
    fs::write(&list, list_of(&urls)).unwrap();
    let mut traces = Traces::default();
    traces.text("what import said", &home.accept(&list));

    let mut command = home.command(&["wall", "--print-states", "json"]);
    command
        .env("DISPLAY", screen.display())
        .env("LD_PRELOAD", names.library())
        // All that the libraries and this program can say.
        .env("POLLWALL_LOG", "info, pollwall=trace, retina=trace, egui_wgpu=error");
    let mut wall = home.start(command);
    screen.until_focused("Pollwall");
    let mut waiting = usize::MAX;
    wall.until("every feed's failure", || {
        let mut states = BTreeMap::new();
        for line in home.told() {
            if let (Some(station), Some(state)) = (line["station"].as_str(), line["state"].as_str())
            {
                states.insert(station.to_owned(), state.to_owned());
            }
        }
        let lacks = |(station, state): &(&String, &Option<&str>)| {
            let is = states.get(*station);
            is.is_none_or(|is| is == "connecting" || state.is_some_and(|state| is != state))
        };
        let lacking: Vec<_> =
            wanted.iter().filter(lacks).map(|(s, w)| (s, w, states.get(s))).collect();
        if lacking.len() != waiting {
            eprintln!(
                "{} feeds have not failed as they should: {:?}",
                lacking.len(),
                lacking.first()
            );
            waiting = lacking.len();
        }
        lacking.is_empty().then_some(())
    });
    // Every page's tiles, the search and the keys are drawn.
    screen.press(&[
        "slash", "1", "Escape", "question", "Escape", "1", "slash", "7", "Return", "Return",
    ]);
    for file in ["cmdline", "environ"] {
        traces.files(Path::new(&format!("/proc/{}/{file}", wall.pid())), "");
    }
    wall.signal("TERM");
    wall.until_ended();
    let picture = home.path("wall.png");
    let shot = home.run(&["wall", "--screenshot", picture.to_str().unwrap(), "--after", "2s"]);
    traces.text("a screenshot", &said(&shot));
    assert!(picture.exists(), "{shot:?}");

    traces.text("the list", &home.ok(&["list"]));
    home.ok(&["list", "--export", home.path("published").to_str().unwrap()]);
    for name in ["out", "err", "published", "data", "wall.png"] {
        traces.files(&home.path(name), "secrets.json");
    }
    for (place, text) in screen_text(&home) {
        traces.text(&place, &text);
    }
    // These were looked through indeed: the cameras got the logins and told them back.
    assert!(cameras.logins() > 0, "no camera was sent a login");
    for words in ["***", "Station 1/7", "/404/rtsp-0", "DISPLAY=:", "wall\n--print-states"] {
        assert!(traces.have(words), "{words}");
    }
    let vault = home.data().join("secrets.json");
    assert_eq!(fs::metadata(vault).unwrap().permissions().mode() & 0o777, 0o600);
    search(&traces, &all);
}

/// What a screen reader would read of this list, every station failing in some way.
fn screen_text(home: &Home) -> Vec<(String, String)> {
    let store = ListStore::new(&DataDir::look(Some(home.data())).unwrap());
    let list = Arc::new(store.current().unwrap().unwrap().list);
    let troubles =
        [Trouble::AuthRejected, Trouble::NotFound, Trouble::Protocol, Trouble::NameNotFound];
    let mut texts = Vec::new();
    for lang in [Lang::En, Lang::Az, Lang::Ru] {
        let mut scene = rig::scene(&list, |_| false);
        for (view, trouble) in scene.stations.values_mut().zip(troubles.iter().cycle()) {
            view.assessment = rig::since(State::Offline, 20.0, Some(trouble.clone()));
        }
        rig::recount(&mut scene);
        let mut rig = rig::rig(&list, scene, lang, [1920, 1080]);
        rig.harness.run_steps(2);
        let mut read = String::new();
        let mut look = |rig: &rig::Rig<'_>| {
            use egui_kittest::kittest::NodeT;
            for node in rig.harness.root().children_recursive() {
                let node = node.accesskit_node();
                let words = [node.label(), node.value(), node.description()];
                words.into_iter().flatten().for_each(|word| {
                    read.push_str(&word);
                    read.push('\n');
                });
            }
        };
        look(&rig);
        for keys in [
            &[eframe::egui::Key::Slash, eframe::egui::Key::Num1][..],
            &[eframe::egui::Key::Escape, eframe::egui::Key::Enter],
        ] {
            keys.iter().for_each(|key| rig.press(*key));
            look(&rig);
        }
        texts.push((format!("the screen in {lang:?}"), read));
    }
    texts
}
