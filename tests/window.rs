//! The program as a whole, through its window: real RTSP in, real keys in, pixels out, in a
//! virtual screen with a window manager.
//!
//! What is on a tile is told by the colours of the test cameras. Every wait is for a condition,
//! with a time-out that only a broken machine reaches.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test's helpers fail the test and say what they measured"
)]

#[path = "window/alarm.rs"]
mod alarm;
#[path = "window/first_run.rs"]
mod first_run;
#[path = "window/flip.rs"]
mod flip;
#[path = "window/large.rs"]
mod large;
#[path = "window/memory.rs"]
mod memory;
#[path = "window/recording.rs"]
mod recording;
#[path = "window/shown.rs"]
mod shown;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use pollwall::clock::{Clock, SystemClock};
use support::GstServer;
use support::bus::Desktop;
use support::network::{
    BlackHole, HANGING, HANGING_NAME, Mute, Names, REFUSING_PORT, TellTale, UNKNOWN_NAME,
};
use support::picture::{Picture, Place};
use support::program::{Home, Running, failed};
use support::screen::{Screen, place};
use support::secrets::{Secret, Traces};

/// The districts of the server's list in the order in which it numbers its cameras: 0, 1, 2, 3 are
/// the first stations of these, 4, 5, 6, 7 the second ones.
const DISTRICTS: [u16; 4] = [23, 8, 57, 88];

/// The mount that is on no list at first. The stations before it have two mounts each.
const EXTRA: usize = 16;

/// The cameras of a district's stations 1 and 2.
fn cameras_of(district: u16) -> [usize; 2] {
    let at = DISTRICTS.iter().position(|d| *d == district).unwrap();
    [at, at + DISTRICTS.len()]
}

/// Waits until the screen shows the pictures of exactly these cameras, undimmed.
fn until_shown(screen: &Screen, cameras: &[usize]) -> BTreeMap<usize, Place> {
    screen
        .until(&format!("the cameras {cameras:?} on the screen"), |picture| shown(picture, cameras))
}

fn shown(picture: &Picture, cameras: &[usize]) -> Option<BTreeMap<usize, Place>> {
    let all: Vec<usize> = (0..2 * DISTRICTS.len()).chain([EXTRA]).collect();
    let found = picture.cameras(&all);
    let same = found.keys().eq(cameras);
    (same && found.values().all(Place::has_ball)).then_some(found)
}

/// Waits until one camera fills most of the screen.
fn until_large(screen: &Screen, camera: usize) {
    screen.until(&format!("camera {camera} large"), |picture| {
        let found = shown(picture, &[camera])?;
        // Beside it is the attention list.
        (picture.share(&found[&camera]) > 0.4).then_some(())
    });
}

/// Waits until every one of these pictures has changed, three times over.
fn until_moved(screen: &Screen, places: &BTreeMap<usize, Place>) {
    for _ in 0..3 {
        let before = screen.picture();
        screen.until("moving pictures", |now| {
            places.values().all(|place| before.changed(now, place) > 100).then_some(())
        });
    }
}

/// Waits until the wall does or does not reach the screen's edges. A window that is not full
/// screen has its manager's bar above it.
fn until_full_screen(screen: &Screen, wanted: bool) {
    screen.until(&format!("full screen: {wanted}"), |picture| {
        // Dark and nearly without colour: `ui::theme::PANEL`.
        let bar = |x| picture.at(x, 2).iter().all(|channel| *channel < 48);
        let full = bar(2) && bar(picture.width / 2) && bar(picture.width - 3);
        (full == wanted).then_some(())
    });
}

/// The wall's command in a window on this screen.
fn in_window(home: &Home, screen: &Screen, args: &[&str]) -> Command {
    let mut command = home.command(&["wall"]);
    command.args(args).env("DISPLAY", screen.display());
    command
}

/// Closes the window as its manager does and sees that all of the program ends, and how.
fn close(screen: &Screen, mut wall: Running<'_>, home: &Home) {
    let closed = SystemClock.mono();
    screen.close_window();
    let status = wall.until_ended();
    let took = SystemClock.mono().since(closed);
    eprintln!("from closing the window to the end of the process: {took:?}");
    assert_eq!(status.code(), Some(0), "{}\n{}", wall.said(), home.log());
    // The program measures for itself whether it kept its promise of 2 s.
    assert_eq!(home.logged(&["did not end within"]), Vec::<String>::new());
    assert!(!home.data().join("owner.json").exists(), "the data folder was not given back");
}

#[test]
fn a_wall_in_a_window() {
    let (screen, desktop, home) = (Screen::start(), Desktop::start(), Home::new());
    let list = home.path("list.csv");
    let server = GstServer::start(&[
        "--stations",
        "8",
        "--districts",
        "4",
        "--fps",
        "8",
        "--mount",
        "/extra=h264,320x180,8",
        "--list",
        list.to_str().unwrap(),
    ]);
    home.accept(&list);
    let mut command = in_window(&home, &screen, &[]);
    for bus in ["DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"] {
        command.env(bus, desktop.address());
    }
    let mut wall = home.start(command);
    screen.until_focused("Pollwall");

    let places = until_shown(&screen, &cameras_of(8));
    until_moved(&screen, &places);
    stays_awake(&desktop);
    the_keys_lead_about(&screen);
    the_keys_keep_their_places(&screen);
    the_search_and_the_tour_lead_about(&screen);
    the_folder_is_held(&home, &wall);
    readers_work_beside(&home, &list);
    a_new_list_takes_effect(&home, &mut wall, &screen, &list, &server.url("/extra"));

    assert_eq!(desktop.pending(), Vec::<String>::new(), "kept awake all the time");
    close(&screen, wall, &home);
    let mut released = [desktop.next(), desktop.next()];
    released.sort();
    assert_eq!(released, ["login1 release", "screen-saver release"]);
}

fn stays_awake(desktop: &Desktop) {
    let why = "polling stations are being watched";
    let mut asked = [desktop.next(), desktop.next()];
    asked.sort();
    assert_eq!(asked[0], format!("login1 inhibit idle Pollwall: {why}"));
    assert_eq!(asked[1], format!("screen-saver inhibit org.pollwall.Pollwall: {why}"));
}

/// Starts and ends in district 57.
fn the_keys_lead_about(screen: &Screen) {
    screen.press(&["5", "7", "Return"]);
    until_shown(screen, &cameras_of(57));
    screen.press(&["2", "3", "slash", "2", "Return"]);
    until_shown(screen, &cameras_of(23));
    screen.press(&["Return"]);
    until_large(screen, cameras_of(23)[1]);
    screen.press(&["Escape"]);
    until_shown(screen, &cameras_of(23));
    screen.press(&["Left", "Return"]);
    until_large(screen, cameras_of(23)[0]);
    screen.press(&["Return"]);
    until_shown(screen, &cameras_of(23));
    screen.press(&["Next"]);
    until_shown(screen, &cameras_of(57));
    screen.press(&["Next"]);
    until_shown(screen, &cameras_of(88));
    screen.press(&["Prior"]);
    until_shown(screen, &cameras_of(57));
    until_full_screen(screen, false);
    screen.press(&["f"]);
    until_full_screen(screen, true);
    until_shown(screen, &cameras_of(57));
    screen.press(&["f"]);
    until_full_screen(screen, false);
}

/// On a Russian keyboard there is no `f`, and the stroke's key writes a full stop.
fn the_keys_keep_their_places(screen: &Screen) {
    screen.set_layout("ru");
    screen.press(&[place::DIGIT_8, place::DIGIT_8, "Return"]);
    until_shown(screen, &cameras_of(88));
    screen.press(&[place::DIGIT_5, place::DIGIT_7, place::SLASH, place::DIGIT_2, "Return"]);
    until_shown(screen, &cameras_of(57));
    screen.press(&["Return"]);
    until_large(screen, cameras_of(57)[1]);
    screen.press(&[place::F]);
    until_full_screen(screen, true);
    screen.press(&[place::F]);
    until_full_screen(screen, false);
    screen.press(&["Escape"]);
    until_shown(screen, &cameras_of(57));
    screen.set_layout("us");
}

/// Starts and ends in district 57.
fn the_search_and_the_tour_lead_about(screen: &Screen) {
    screen.press(&["8", "Return"]);
    until_shown(screen, &cameras_of(8));
    // Şəki, on a keyboard that has neither ş nor ə; faster than the wall is painted.
    screen.press(&["slash", "s", "e", "k", "i", "Return"]);
    until_shown(screen, &cameras_of(57));
    let faster = ["bracketleft"; 12];
    screen.press(&faster);
    screen.press(&["space"]);
    until_shown(screen, &cameras_of(88));
    screen.press(&["Escape", "5", "7", "Return"]);
    until_shown(screen, &cameras_of(57));
}

fn the_folder_is_held(home: &Home, wall: &Running<'_>) {
    let picture = home.path("second.png");
    let off_screen = ["wall", "--screenshot", picture.to_str().unwrap(), "--after", "1ms"];
    for args in [&["wall"][..], &off_screen] {
        let said = home.fails(3, args);
        let holder = format!("held by pollwall wall, process {} on ", wall.pid());
        assert!(said.contains(&holder), "{said}");
    }
    assert!(!picture.exists());
}

fn readers_work_beside(home: &Home, list: &std::path::Path) {
    let printed = home.ok(&["list"]);
    for station in ["8/1", "8/2", "23/1", "23/2", "57/1", "57/2", "88/1", "88/2"] {
        assert!(printed.contains(station), "{station} in {printed}");
    }
    home.ok(&["import", "--check", list.to_str().unwrap()]);
    home.ok(&["list", "--history"]);
    let published = home.path("published");
    home.ok(&["list", "--export", published.to_str().unwrap()]);
    assert!(published.join("stations.csv").exists() && published.join("stations.html").exists());
}

/// The operator stays in district 57, where the new station is.
fn a_new_list_takes_effect(
    home: &Home,
    wall: &mut Running<'_>,
    screen: &Screen,
    list: &Path,
    url: &str,
) {
    let longer = home.path("longer.csv");
    let row = format!("57,Şəki şəhər,9,Yeni məktəb,,{url},,,,\n");
    fs::write(&longer, fs::read_to_string(list).unwrap() + &row).unwrap();
    let said = home.accept(&longer);
    assert!(said.contains("+ 57/9"), "{said}");
    wall.until_logged(&["station list 2 replaces 1"]);
    wall.until_logged(&["57/9 main Live"]);
    let [first, second] = cameras_of(57);
    let places = until_shown(screen, &[first, second, EXTRA]);
    until_moved(screen, &places);
    // Only what changed was touched: nobody else began again.
    let log = home.log();
    let (_, after) = log.split_once("station list 2 replaces 1").unwrap();
    let began: Vec<_> = after.lines().filter(|line| line.contains(" Connecting ")).collect();
    assert!(began.iter().all(|line| line.contains("57/9 main")), "{began:#?}");
}

/// Cameras that work, all with the same login.
const WORKING: usize = 8;

const RIGHT: Secret = Secret::new("inspector57", "gizli/söz@7:?#%41 \"ə&=+");
const WRONG: Secret = Secret::new("yoxlayan-3", "köhnə%20parol;[1]");
const TOLD: Secret = Secret::new("nəzarət-11", "çox gizli \"söz\" 11");
const UNHEARD: Secret = Secret::new("müşahidəçi", "пароль\\^`{|}");

/// Sixteen stations on one page: half of them work, the others fail each in its own way.
fn mixed_list(server: &GstServer, holes: &[BlackHole], mute: &Mute, tell: &TellTale) -> String {
    let local = |port: u16, secret: &Secret| format!("{}@127.0.0.1:{port}", secret.in_url());
    let mut hosts = vec![local(server.port(), &RIGHT); WORKING];
    hosts.push(local(server.port(), &WRONG));
    hosts.push(local(REFUSING_PORT, &UNHEARD));
    hosts.push(local(tell.port(), &TOLD));
    hosts.extend(holes.iter().map(|hole| local(hole.port(), &UNHEARD)));
    hosts.push(local(mute.port(), &UNHEARD));
    hosts.extend([HANGING_NAME, UNKNOWN_NAME].map(|n| format!("{}@{n}", UNHEARD.in_url())));
    let rows = hosts.iter().zip(1..).map(|(host, n)| format!("1,{n},rtsp://{host}/cam{n}\n"));
    format!("district,station,main\n{}", rows.collect::<String>())
}

#[test]
fn sixteen_feeds_end_with_the_window_and_keep_their_secrets() {
    let (screen, home, names) = (Screen::start(), Home::new(), Names::new());
    let login = home.path("login");
    fs::write(&login, format!("{}:{}", RIGHT.user, RIGHT.password)).unwrap();
    let mounts: Vec<_> = (1..=WORKING + 1).map(|n| format!("/cam{n}=h264,320x180,4")).collect();
    let mut arguments = vec!["--auth", "digest", "--auth-file", login.to_str().unwrap()];
    arguments.extend(mounts.iter().flat_map(|mount| ["--mount", mount]));
    let server = GstServer::start(&arguments);
    let holes = [BlackHole::new(), BlackHole::new()];
    let (mute, tell) = (Mute::new(), TellTale::new());
    let list = home.path("list.csv");
    fs::write(&list, mixed_list(&server, &holes, &mute, &tell)).unwrap();
    let mut traces = Traces::default();
    traces.text("what import said", &home.accept(&list));

    let mut command = in_window(&home, &screen, &[]);
    command
        .env("LD_PRELOAD", names.library())
        // All that the RTSP library and this program can say.
        .env("POLLWALL_LOG", "info, pollwall=trace, retina=trace, egui_wgpu=error");
    let mut wall = home.start(command);
    screen.until_focused("Pollwall");
    for station in 1..=WORKING {
        wall.until_logged(&[&format!(" 1/{station} main Live ")]);
    }
    for (station, trouble) in [
        (9, "AuthFailed (AuthRejected)"),
        (10, "Offline (Refused)"),
        (11, "Offline (Protocol)"),
        (12, "Offline (ConnectTimedOut)"),
        (13, "Offline (ConnectTimedOut)"),
        (14, "Offline (ConnectTimedOut)"),
        (15, "Offline (NameNotFound)"),
        (16, "Offline (NameNotFound)"),
    ] {
        wall.until_logged(&[&format!(" 1/{station} main {trouble} ")]);
    }
    wall.until("a look-up that hangs", || wall_said(&home, HANGING));
    until_shown(&screen, &(0..WORKING).collect::<Vec<_>>());
    complains_once_about_the_missing_bus(&home);
    for file in ["cmdline", "environ"] {
        traces.files(Path::new(&format!("/proc/{}/{file}", wall.pid())), "");
    }
    close(&screen, wall, &home);

    traces.text("the list", &home.ok(&["list"]));
    traces.text("the history", &home.ok(&["list", "--history"]));
    home.ok(&["list", "--export", home.path("published").to_str().unwrap()]);
    nothing_got_out(&home, traces);
    an_open_vault_is_refused(&home);
}

fn wall_said(home: &Home, words: &str) -> Option<()> {
    fs::read_to_string(home.path("err")).unwrap().contains(words).then_some(())
}

fn complains_once_about_the_missing_bus(home: &Home) {
    for what in ["display", "machine"] {
        let said = home.logged(&[" WARN ", &format!("keep the {what} awake")]);
        assert_eq!(said.len(), 1, "{said:#?}");
    }
}

fn nothing_got_out(home: &Home, mut traces: Traces) {
    for name in ["out", "err", "published", "data"] {
        traces.files(&home.path(name), "secrets.json");
    }
    // These were looked through indeed; the tell-tale's words are in the log, without the secrets.
    assert!(!home.logged(&["you are ***:*** (***) at rtsp://***:***@camera/"]).is_empty());
    for words in ["--data\n", "DISPLAY=:", "rtsp://127.0.0.1:9/cam10", "stations.html", "cam16"] {
        assert!(traces.have(words), "{words}");
    }
    let kept = fs::read_to_string(home.data().join("secrets.json")).unwrap();
    for secret in [&RIGHT, &WRONG, &TOLD, &UNHEARD] {
        assert!(kept.contains(&*secret.user), "the secrets are kept as they are written here");
        traces.assert_free_of(std::slice::from_ref(secret));
    }
}

fn an_open_vault_is_refused(home: &Home) {
    let vault = home.data().join("secrets.json");
    let mode = |m: u32| fs::set_permissions(&vault, fs::Permissions::from_mode(m)).unwrap();
    assert_eq!(fs::metadata(&vault).unwrap().permissions().mode() & 0o777, 0o600);
    mode(0o644);
    let said = home.fails(1, &["wall"]);
    let mend = said.lines().find_map(|line| line.split_once(": chmod ")).expect(&said).1;
    let line = format!("chmod {mend}");
    assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success(), "{line}");
    assert_eq!(fs::metadata(&vault).unwrap().permissions().mode() & 0o777, 0o600);
    home.ok(&["list"]);
}

#[test]
fn a_picture_of_the_wall_needs_no_display() {
    let home = Home::new();
    let list = home.path("list.csv");
    let _server = GstServer::start(&[
        "--stations",
        "8",
        "--districts",
        "4",
        "--fps",
        "4",
        "--list",
        list.to_str().unwrap(),
    ]);
    home.accept(&list);
    // A slow machine needs longer for the first pictures; that is no failure.
    let shown_after = ["2s", "8s", "30s"].into_iter().find(|after| {
        let picture = off_screen(&home, &["--after", after, "--size", "1000x563"]);
        assert_eq!((picture.width, picture.height), (1000, 563));
        shown(&picture, &cameras_of(8)).is_some()
    });
    let after = shown_after.expect("the first district, live");
    let picture = off_screen(&home, &["--after", after, "--district", "57"]);
    assert_eq!((picture.width, picture.height), (1920, 1080), "the usual size");
    assert!(shown(&picture, &cameras_of(57)).is_some(), "district 57, live");

    let nowhere = home.path("no/such/folder.png");
    let nowhere = nowhere.to_str().unwrap();
    let said = home.fails(1, &["wall", "--screenshot", nowhere, "--after", "1ms"]);
    assert!(said.contains(nowhere), "{said}");
}

fn off_screen(home: &Home, args: &[&str]) -> Picture {
    let file = home.path("wall.png");
    let all = [&["wall", "--screenshot", file.to_str().unwrap()], args].concat();
    home.ok(&all);
    let picture = Picture::from_png(&file);
    fs::remove_file(&file).unwrap();
    picture
}

#[test]
fn without_an_adapter_the_wall_says_what_to_install() {
    let (screen, home) = (Screen::start(), Home::new());
    let file = home.path("wall.png");
    let off_screen = ["--screenshot", file.to_str().unwrap(), "--after", "1ms"];
    for (language, words) in [
        ("az", "Qrafik adapter tapılmadı"),
        ("en", "No graphics adapter was found"),
        ("ru", "Графический адаптер не найден"),
    ] {
        for args in [&off_screen[..], &[]] {
            let mut command = in_window(&home, &screen, args);
            let output = command
                .args(["--lang", language])
                .env("VK_DRIVER_FILES", "/nonexistent")
                .env("VK_ICD_FILENAMES", "/nonexistent")
                .output()
                .unwrap();
            let said = failed(1, &output);
            assert!(said.contains(words) && said.contains("mesa-vulkan-drivers"), "{said}");
            assert_eq!(said.lines().filter(|l| l.starts_with("pollwall: ")).count(), 1, "{said}");
        }
    }
    assert!(!file.exists());
}

#[test]
fn however_the_wall_ends_its_folder_is_free_again() {
    let home = Home::new();
    for signal in ["TERM", "INT", "KILL"] {
        // The next wall starts on what this one leaves behind, but for the screen: there the last
        // one's window may be seen a little longer.
        let screen = Screen::start();
        let mut wall = home.start(in_window(&home, &screen, &[]));
        screen.until_focused("Pollwall");
        let owner = fs::read_to_string(home.data().join("owner.json")).unwrap();
        assert!(owner.contains(&format!("\"pid\":{},", wall.pid())), "{owner}");
        wall.signal(signal);
        wall.until_ended();
    }
    off_screen(&home, &["--after", "1ms"]);
}

#[test]
fn a_signal_ends_the_wall_as_closing_it_does() {
    let home = Home::new();
    for signal in ["TERM", "INT"] {
        let screen = Screen::start();
        let mut wall = home.start(in_window(&home, &screen, &[]));
        screen.until_focused("Pollwall");
        wall.signal(signal);
        let status = wall.until_ended();
        assert_eq!(status.code(), Some(0), "SIG{signal}: {status}");
        assert!(!home.data().join("owner.json").exists(), "SIG{signal}: the folder is not free");
    }
}
