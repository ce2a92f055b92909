//! The files in `packaging` for those who run the watch as a service: they are valid, and speak of
//! what the program really tells.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::figures_of;
use super::support::metrics;
use super::support::program::Home;
use super::support::promtool;
use super::support::simulator::Simulator;

fn packaging(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(packaging(name)).unwrap()
}

/// Every figure that the alerts name.
fn named_in_alerts() -> BTreeSet<String> {
    let rules = read("prometheus/alerts.yml");
    let text: String = rules.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let ours = |word: &&str| word.starts_with("pollwall_") || word.starts_with("process_");
    words.filter(ours).map(str::to_owned).collect()
}

#[test]
fn alerts_name_only_figures_that_a_running_recording_tells_and_promtool_accepts_both() {
    let home = Home::new();
    let simulator = Simulator::start(&["--stations", "1"], "");
    home.accept(&simulator.list());
    // A watch that also records tells everything that there is; for how long there is room only when
    // it has gone on for a while.
    let mut watch = home.start(home.command(&["record", "--metrics", "0"]));
    let address = figures_of(&home, &mut watch);
    let named = named_in_alerts();
    assert!(named.len() >= 10, "{named:?}");
    let page = watch.until(&format!("figures by all the names {named:?}"), || {
        let page = metrics::fetch(&address)?;
        let told: BTreeSet<&str> = page.names().collect();
        named.iter().all(|name| told.contains(name.as_str())).then_some(page)
    });

    let folder = packaging("prometheus");
    let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    promtool::check(&["check", "metrics"], &page.text);
    promtool::check(&["check", "config", &file("scrape.yml")], "");
    promtool::check(&["check", "rules", &file("alerts.yml")], "");
    promtool::check(&["test", "rules", &file("alerts_test.yml")], "");
}

#[test]
fn the_scraped_address_is_the_one_that_the_watch_uses() {
    let usual = pollwall::app::args::WatchArgs::default().metrics.unwrap();
    assert!(read("prometheus/scrape.yml").contains(&format!("\"{usual}\"")), "{usual}");
}

#[test]
fn the_service_is_one_that_systemd_accepts() {
    let unit = read("systemd/pollwall-watch.service");
    let watchdog = unit.lines().find_map(|line| line.strip_prefix("WatchdogSec=")).unwrap();
    assert!(watchdog.parse::<u32>().unwrap() >= 10, "a busy moment is no reason to be killed");
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("pollwall-watch.service");
    let here = unit.replace("/usr/bin/pollwall ", concat!(env!("CARGO_BIN_EXE_pollwall"), " "));
    assert_ne!(here, unit);
    fs::write(&copy, here).unwrap();
    let analyze = |args: &[&str]| {
        Command::new("systemd-analyze").args(args).arg(&copy).env("LC_ALL", "C").output()
    };
    let Ok(verified) = analyze(&["verify", "--man=no"]) else {
        eprintln!("left out, for there is no systemd-analyze: verify the service");
        return;
    };
    assert!(verified.status.success() && verified.stderr.is_empty(), "{verified:?}");
    // From 0 (shut in) to 100; a service without any of it has 96.
    let exposed = analyze(&["security", "--offline=yes", "--no-pager", "--threshold=20"]).unwrap();
    assert!(exposed.status.success(), "{}", String::from_utf8_lossy(&exposed.stdout));
}
