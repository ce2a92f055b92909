//! The watch without a window, through the whole program: what it prints, how it ends, what systemd
//! and Prometheus hear of it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test code")]

#[path = "watch/service.rs"]
mod service;
#[path = "watch/shipped.rs"]
mod shipped;
mod support;

use std::fs;
use std::net::TcpListener;
use std::process::Command;

use serde_json::Value;
use support::metrics;
use support::program::{Home, Running, failed};
use support::simulator::Simulator;

/// A watch on this home's list, its figures at any free port.
fn command(home: &Home, args: &[&str]) -> Command {
    let mut command = home.command(&["watch", "--metrics", "0"]);
    command.args(args);
    command
}

fn figures_of(home: &Home, watch: &mut Running<'_>) -> String {
    metrics::address(watch, || fs::read_to_string(home.path("err")).unwrap())
}

/// Waits until the figures say that so many stations are live.
fn until_live(watch: &mut Running<'_>, address: &str, count: usize) -> metrics::Page {
    watch.until(&format!("{count} live stations"), || {
        let page = metrics::fetch(address)?;
        (page.get("pollwall_stations{state=\"live\"}") == count as f64).then_some(page)
    })
}

#[test]
fn it_receives_everything_tells_what_changes_and_ends_when_asked() {
    let home = Home::new();
    let mut simulator = Simulator::start(&["--stations", "8"], "");
    home.accept(&simulator.list());
    let mut watch = home.start(command(&home, &["--json"]));
    let address = figures_of(&home, &mut watch);
    let page = until_live(&mut watch, &address, 8);
    assert_eq!(page.get("pollwall_sessions_open"), 8.0);
    assert_eq!(page.get("pollwall_sessions_started_total"), 8.0);
    assert_eq!(page.get("pollwall_pictures_decoded_total"), 0.0, "there is no screen");
    assert!(page.get("pollwall_units_received_total") > 0.0);
    let districts = page.text.lines().filter(|l| l.starts_with("pollwall_district_stations{"));
    let live = districts.filter(|l| l.contains("state=\"live\"") && !l.ends_with(" 0"));
    assert!(live.count() > 0);

    // One station is lost, and found again.
    let station = "[[fault]]\nstations = ['1/1']\nkind = 'refuse'\n";
    simulator.set_script(station);
    let gone = |line: &Value| line["station"] == "1/1" && line["state"] == "offline";
    watch.until("the lost one to be told", || home.told().iter().any(gone).then_some(()));
    watch.until("the figures to say so", || {
        let page = metrics::fetch(&address)?;
        let offline = "pollwall_district_stations{district=\"1\",state=\"offline\"}";
        (page.get(offline) == 1.0 && page.get("pollwall_sessions_open") == 7.0).then_some(())
    });
    simulator.set_script("");
    let page = until_live(&mut watch, &address, 8);
    assert_eq!(page.get("pollwall_sessions_started_total"), 9.0);
    assert!(page.get("pollwall_sessions_lost_total") >= 1.0);

    // A smaller list is taken while it runs, and no counter goes back.
    let list = fs::read_to_string(simulator.list()).unwrap();
    let shorter = home.path("shorter.csv");
    fs::write(&shorter, list.lines().take(6).map(|l| format!("{l}\n")).collect::<String>())
        .unwrap();
    home.accept(&shorter);
    let after = until_live(&mut watch, &address, 5);
    for name in ["pollwall_units_received_total", "pollwall_sessions_started_total"] {
        assert!(after.get(name) >= page.get(name), "{name} has gone back");
    }

    watch.signal("TERM");
    assert_eq!(watch.until_ended().code(), Some(0), "{}", home.log());
    assert_eq!(home.logged(&["did not end within"]), Vec::<String>::new());
    assert_eq!(home.logged(&["closed in"]).len(), 1, "{}", home.log());
}

#[test]
fn nothing_of_an_address_or_a_name_is_in_the_figures() {
    let home = Home::new();
    let list = home.path("list.csv");
    let row = "57,Gizli dairə,12,Gizli məktəb,rtsp://operator7:hush1word@127.0.0.1:9/secretpath";
    fs::write(&list, format!("district,district_name,station,name,main\n{row}\n")).unwrap();
    home.accept(&list);
    let mut watch = home.start(command(&home, &[]));
    let address = figures_of(&home, &mut watch);
    let page = watch.until("a failed attempt", || {
        let page = metrics::fetch(&address)?;
        (page.get("pollwall_sessions_lost_total") > 0.0).then_some(page)
    });
    for secret in ["operator7", "hush1word", "secretpath", "127.0.0.1", "Gizli"] {
        assert!(!page.text.contains(secret), "{secret} in\n{}", page.text);
    }
}

#[test]
fn with_once_the_exit_code_says_how_the_stations_do() {
    let home = Home::new();
    let said = home.fails(1, &["watch", "--once", "1s", "--metrics", "off"]);
    assert!(said.contains("pollwall import"), "{said}");

    let simulator = Simulator::start(&["--stations", "2"], "");
    home.accept(&simulator.list());
    let once =
        |seconds: u32| home.run(&["watch", "--once", &format!("{seconds}s"), "--metrics", "off"]);
    // However slow the machine: sooner or later there is time enough for two cameras.
    let well = [3, 10, 60].into_iter().map(once).find(|output| output.status.code() == Some(0));
    let told = String::from_utf8(well.expect("both are well").stdout).unwrap();
    assert!(told.contains("of 2 stations: 2 live"), "{told}");
    drop(simulator);
    let trouble = once(1);
    assert_eq!(trouble.status.code(), Some(4), "{trouble:?}");
}

#[test]
fn a_taken_port_and_a_held_folder_are_told() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = taken.local_addr().unwrap().to_string();
    let said = home.fails(1, &["watch", "--metrics", &at]);
    for part in [at.as_str(), "another program", "port 0", "--metrics off"] {
        assert!(said.contains(part), "{said}");
    }
    let said = home.fails(2, &["watch", "--metrics", "192.0.2.1:9464"]);
    assert!(said.contains("--metrics-anyone"), "{said}");

    let mut first = home.start(command(&home, &[]));
    let address = figures_of(&home, &mut first);
    let second = failed(3, &command(&home, &[]).output().unwrap());
    assert!(second.contains("watch") && second.contains(&first.pid().to_string()), "{second}");
    // Without a list it waits for one, and is well.
    let page = first.until("figures", || metrics::fetch(&address));
    assert_eq!(page.get("pollwall_stations{state=\"live\"}"), 0.0);
    first.signal("INT");
    assert!(first.until_ended().success());
}
