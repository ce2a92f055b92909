//! What systemd hears, at a socket of ours in its place.

use std::convert::Infallible;
use std::io::{BufRead as _, ErrorKind, Write as _};
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded};
use pollwall::app::args::WatchArgs;
use pollwall::app::watch::{self, Faults};
use pollwall::clock::{Clock as _, SystemClock};
use pollwall::config::DataDir;
use pollwall::model::day::ElectionDay;
use pollwall::text::{Lang, Text};

use super::support::program::Home;
use super::support::simulator::Simulator;
use super::support::{KillOnDrop, lines_of};

/// How long the program may take to say something on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The watchdog's span in these tests.
const WATCHDOG_US: &str = "1200000";

/// Three pings are due in this.
const SPAN: Duration = Duration::from_micros(1_200_000);

struct Manager {
    socket: UnixDatagram,
}

impl Manager {
    fn at(path: &Path) -> Self {
        Self { socket: UnixDatagram::bind(path).unwrap() }
    }

    fn next(&self, within: Duration) -> Option<String> {
        self.socket.set_read_timeout(Some(within)).unwrap();
        let mut bytes = [0; 4096];
        match self.socket.recv(&mut bytes) {
            Ok(count) => Some(String::from_utf8(bytes[..count].to_vec()).unwrap()),
            Err(e) if e.kind() == ErrorKind::WouldBlock => None,
            Err(e) => panic!("{e}"),
        }
    }

    /// Reads until somebody says `words`; gives everything up to there.
    fn until(&self, words: &str) -> String {
        let mut all = String::new();
        while !all.contains(words) {
            let more = self.next(PATIENCE);
            all += &more.unwrap_or_else(|| panic!("{words} was not said: {all}"));
        }
        all
    }

    /// Takes what is there already.
    fn drain(&self) {
        while self.next(Duration::from_millis(1)).is_some() {}
    }
}

#[test]
fn systemd_hears_that_it_is_ready_lives_and_stops() {
    let home = Home::new();
    let simulator = Simulator::start(&["--stations", "2"], "");
    home.accept(&simulator.list());
    let socket = home.path("notify");
    let manager = Manager::at(&socket);
    let mut command = home.command(&["watch", "--metrics", "off"]);
    command.env("NOTIFY_SOCKET", &socket).env("WATCHDOG_USEC", WATCHDOG_US);
    let mut watch = home.start(command);
    let first = manager.until("READY=1");
    assert!(!first.contains("STOPPING"), "{first}");
    for _ in 0..3 {
        manager.until("WATCHDOG=1");
    }
    manager.until("STATUS=of 2 stations: 2 live");
    watch.signal("TERM");
    manager.until("STOPPING=1");
    assert!(watch.until_ended().success());
}

const CHILD: &str = "POLLWALL_TEST_WATCH";

/// Runs in a process of its own, whose loop can be held; see below.
#[test]
#[ignore = "part of the next test"]
fn child_that_can_be_held() {
    let data = DataDir::open(Some(std::env::var_os(CHILD).expect("run by the next test").into()));
    let (hold, held) = bounded::<Receiver<Infallible>>(0);
    std::thread::Builder::new()
        .name("orders".into())
        .spawn(move || {
            let mut holding = None;
            for line in std::io::stdin().lock().lines() {
                match line.unwrap().as_str() {
                    "hold" => {
                        let (release, gate) = bounded(0);
                        // Waits until the loop has taken it, and so stands still.
                        hold.send(gate).unwrap();
                        holding = Some(release);
                        println!("held");
                    }
                    _ => drop(holding.take()),
                }
            }
        })
        .unwrap();
    let args = WatchArgs { metrics: None, ..WatchArgs::default() };
    let faults = Faults { hold: Some(held) };
    let zone = jiff::tz::TimeZone::UTC;
    let day = ElectionDay::unconfigured(zone, SystemClock.wall());
    watch::run(&args, &Text::of(Lang::En), &data.unwrap(), day, &faults).unwrap();
}

#[test]
fn a_loop_that_is_stuck_stops_the_pings_although_the_process_lives() {
    let home = Home::new();
    let socket = home.path("notify");
    let manager = Manager::at(&socket);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["service::child_that_can_be_held", "--exact", "--ignored", "--nocapture"])
        .env(CHILD, home.data())
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", WATCHDOG_US)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut orders, said) = (child.stdin.take().unwrap(), lines_of(child.stdout.take().unwrap()));
    let mut child = KillOnDrop(child);
    manager.until("READY=1");
    manager.until("WATCHDOG=1");

    orders.write_all(b"hold\n").unwrap();
    while !said.recv_timeout(PATIENCE).expect("the child stands still").ends_with("held") {}
    manager.drain();
    // Held, it cannot ping, however slow this machine is; a ping from any other thread would come.
    assert_eq!(manager.next(SPAN), None, "systemd would never notice");
    assert!(child.0.try_wait().unwrap().is_none(), "it lives all the same");

    orders.write_all(b"go\n").unwrap();
    manager.until("WATCHDOG=1");
}
