//! Sessions that end and begin again all the time: memory, descriptors and threads stay as they
//! were.

use std::fs;
use std::time::Duration;

use pollwall::clock::{Clock, SystemClock};

use super::setting;
use super::support::metrics::{self, Page};
use super::support::program::{Home, Running};
use super::support::simulator::Simulator;

/// In CI.
const STATIONS: u64 = 20;

/// In CI: sessions that end before it is enough.
const LOSSES: f64 = 60.0;

/// Every session is reset a second after it began, in the middle of a picture.
const RESETS: &str = "[[fault]]\nstations = ['*']\nkind = 'reset'\nafter = '1s'\n";

/// Between two lines of figures in the long form.
const TELL_EVERY: Duration = Duration::from_secs(30);

/// What may be there in the end beside what was there before: a name being looked up, a connection
/// that is still being ended.
const MORE_FDS: f64 = 8.0;
const MORE_THREADS: f64 = 2.0;

/// The heap's own play: what is free is not always given back.
const MORE_BYTES: f64 = 16.0 * 1024.0 * 1024.0;

#[derive(Clone, Copy, Debug)]
struct Use {
    losses: f64,
    bytes: f64,
    fds: f64,
    threads: f64,
}

impl Use {
    fn of(page: &Page) -> Self {
        Self {
            losses: page.get("pollwall_sessions_lost_total"),
            bytes: page.get("process_resident_memory_bytes"),
            fds: page.get("process_open_fds"),
            threads: page.get("process_threads"),
        }
    }

    fn tell(self, when: &str) {
        eprintln!(
            "{when}: {} sessions and attempts ended, {:.1} MiB, {} descriptors, {} threads",
            self.losses,
            self.bytes / 1024.0 / 1024.0,
            self.fds,
            self.threads
        );
    }
}

/// Waits until every station is live and has a session.
fn all_live(watch: &mut Running<'_>, address: &str, stations: u64) -> Use {
    watch.until("every station live", || {
        let page = metrics::fetch(address)?;
        let [live, open] = ["pollwall_stations{state=\"live\"}", "pollwall_sessions_open"]
            .map(|name| page.get(name) as u64);
        ([live, open] == [stations; 2]).then(|| Use::of(&page))
    })
}

#[test]
fn thousands_of_lost_sessions_leave_nothing_behind() {
    let stations = setting("POLLWALL_CHURN_STATIONS").unwrap_or(STATIONS);
    let seconds = setting("POLLWALL_CHURN_SECONDS");
    let home = Home::new();
    let mut simulator = Simulator::start(&["--stations", &stations.to_string()], "");
    home.accept(&simulator.list());
    let mut watch = home.start(home.command(&["watch", "--metrics", "0"]));
    let address = metrics::address(&mut watch, || fs::read_to_string(home.path("err")).unwrap());
    let before = all_live(&mut watch, &address, stations);
    before.tell("all live, before");

    simulator.set_script(RESETS);
    match seconds {
        None => watch.until("sessions to end", || {
            let now = Use::of(&metrics::fetch(&address)?);
            (now.losses >= before.losses + LOSSES).then_some(())
        }),
        Some(seconds) => {
            let began = SystemClock.mono();
            let mut warm = None;
            while SystemClock.mono().since(began) < Duration::from_secs(seconds) {
                let next = SystemClock.mono() + TELL_EVERY;
                watch.until("half a minute", || (SystemClock.mono() >= next).then_some(()));
                let now = Use::of(&metrics::fetch(&address).unwrap());
                now.tell(&format!("churn for {} s", SystemClock.mono().since(began).as_secs()));
                // A quarter of the time is enough to have done everything once.
                if SystemClock.mono().since(began) > Duration::from_secs(seconds / 4) {
                    let warm: &Use = warm.get_or_insert(now);
                    assert!(now.bytes <= warm.bytes * 1.1 + MORE_BYTES, "{warm:?} -> {now:?}");
                    assert!(now.threads <= warm.threads + MORE_THREADS, "{warm:?} -> {now:?}");
                }
            }
        }
    }
    simulator.set_script("");
    let after = all_live(&mut watch, &address, stations);
    after.tell("all live, after");
    let ended = after.losses - before.losses;
    assert!(ended >= LOSSES, "{ended}");
    assert!(after.fds <= before.fds + MORE_FDS, "{before:?} -> {after:?}");
    assert!(after.threads <= before.threads + MORE_THREADS, "{before:?} -> {after:?}");
    // Some room for each feed's own: its last group of pictures may be a longer one.
    let room = MORE_BYTES + 128.0 * 1024.0 * stations as f64;
    assert!(after.bytes <= before.bytes + room, "{before:?} -> {after:?}");

    watch.signal("TERM");
    assert!(watch.until_ended().success(), "{}", home.log());
    assert_eq!(home.logged(&["did not end within"]), Vec::<String>::new());
}
