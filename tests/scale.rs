//! Many stations at once through the whole program: every one is received, none is called stalled
//! that is not, and the district on screen is shown.
//!
//! In CI with a tenth of the country and for some seconds; `packaging/soak` runs the same test with
//! all of it for minutes: `POLLWALL_SCALE_STATIONS` and `POLLWALL_SCALE_SUMMARIES` (ten seconds
//! each). What it cost is printed, not asserted: machines differ.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test's helpers fail the test and say what they measured"
)]

mod support;

use std::fs;

use serde_json::Value;
use support::program::Home;
use support::screen::Screen;
use support::simulator::Simulator;

/// A tenth of the country.
const STATIONS: usize = 100;

/// Twenty seconds of watching.
const SUMMARIES: usize = 2;

/// Linux counts a process's time in these (`getconf CLK_TCK`).
const TICKS_PER_S: f64 = 100.0;

fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |value| {
        value.parse().unwrap_or_else(|_| panic!("{name}={value}: expected a number"))
    })
}

fn summaries(told: &[Value]) -> Vec<&Value> {
    told.iter().filter(|line| line["states"].is_object()).collect()
}

/// Seconds of processor time in a `stat` of /proc.
fn seconds(stat: &str) -> f64 {
    // After the name in brackets, which may hold blanks: the 12th and 13th fields (proc(5)).
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().map(|&i| fields[i].parse::<f64>().unwrap()).sum();
    ticks / TICKS_PER_S
}

/// Seconds of processor time of the thread that looks at all feeds.
fn sampler_cost(pid: u32) -> f64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let stats = threads.filter_map(|t| fs::read_to_string(t.unwrap().path().join("stat")).ok());
    let mut of_sampler = stats.filter(|stat| stat.contains("(sampler)"));
    seconds(&of_sampler.next().expect("a thread that looks at all feeds"))
}

/// Seconds of processor time, and resident memory in MiB.
fn cost(pid: u32) -> (f64, u64) {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kib: u64 = memory.trim().trim_end_matches("kB").trim().parse().unwrap();
    (seconds(&stat), kib / 1024)
}

#[test]
fn every_station_is_received_and_none_is_falsely_stalled() {
    let stations = setting("POLLWALL_SCALE_STATIONS", STATIONS);
    let wanted = setting("POLLWALL_SCALE_SUMMARIES", SUMMARIES);
    let (screen, home) = (Screen::start(), Home::new());
    let simulator = Simulator::start(&["--stations", &stations.to_string()], "");
    home.accept(&simulator.list());
    let mut command = home.command(&["wall", "--print-states", "json"]);
    command.env("DISPLAY", screen.display());
    let mut wall = home.start(command);

    let from = wall.until("every station live", || {
        let told = home.told();
        let live = summaries(&told).last()?["states"]["live"].as_u64()?;
        (live == stations as u64).then_some(told.len())
    });
    let pids = (wall.pid(), simulator.pid());
    let costs = || (cost(pids.0), cost(pids.1));
    let (before, looks_before) = (costs(), sampler_cost(pids.0));
    let told = {
        let mut seen = from;
        for _ in 0..wanted {
            seen = wall.until("another summary", || {
                let told = home.told();
                (!summaries(&told[seen..]).is_empty()).then_some(told.len())
            });
        }
        home.told()
    };
    let (after, looks_after) = (costs(), sampler_cost(pids.0));

    let (first, last) = (&told[from - 1], summaries(&told).pop().unwrap().clone());
    let seconds = (last["t_ms"].as_f64().unwrap() - first["t_ms"].as_f64().unwrap()) / 1000.0;
    for (name, (before, after)) in
        [("pollwall", (before.0, after.0)), ("simulator", (before.1, after.1))]
    {
        let share = (after.0 - before.0) / seconds;
        eprintln!("{name}: {share:.2} of a core over {seconds:.0} s, {} MiB", after.1);
    }
    let looks = (looks_after - looks_before) / seconds;
    eprintln!("of which looking at every feed: {looks:.2} of a core");
    // What it may take, and what two clocks of hundredths are off.
    assert!(looks <= 0.65, "the looks at all feeds cost {looks:.2} of a core");
    for count in ["passes", "decoded", "replaced", "skipped", "damaged", "losses"] {
        eprintln!("{count}: {} -> {}", first[count], last[count]);
    }

    let late: u64 = simulator.stats().last().map_or(0, |line| line["late"].as_u64().unwrap());
    eprintln!("pictures that the simulator was too late for: {late}");
    let changes: Vec<&Value> = told[from..].iter().filter(|l| l["state"].is_string()).collect();
    assert_eq!(
        changes,
        Vec::<&Value>::new(),
        "healthy stations changed their state; {late} pictures late"
    );
    assert_eq!(last["states"]["live"], stations);
    assert_eq!(last["lost_lines"], 0);
    assert!(!last["tiles"].as_array().unwrap().is_empty());
    for tile in last["tiles"].as_array().unwrap() {
        let station = &tile["station"];
        let rate = tile["rate"].as_f64().unwrap();
        assert!((13.5..16.5).contains(&rate), "{station} arrives at {rate} units a second");
        let earlier = first["tiles"].as_array().unwrap();
        let earlier = earlier.iter().find(|t| t["station"] == *station).unwrap();
        let painted = tile["painted"].as_f64().unwrap() - earlier["painted"].as_f64().unwrap();
        eprintln!("{station}: {:.1} pictures a second painted", painted / seconds);
        assert!(painted > 0.0, "{station} stands still");
    }

    wall.signal("TERM");
    wall.until_ended();
    let closed = home.logged(&["closed in"]);
    eprintln!("{}", closed.last().expect("the wall says how long closing took"));
    assert_eq!(home.logged(&["did not end within"]), Vec::<String>::new());
}
