//! Every station of a country recorded while cameras fail, and the ledger held against the faults: each
//! is listed, and nothing else is.
//!
//! A short look here; `packaging/soak recording` makes it 1000 stations and five minutes
//! (`POLLWALL_RECORD_STATIONS`, `POLLWALL_RECORD_SECONDS`).

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use jiff::Timestamp;
use pollwall::clock::{Clock as _, SystemClock};
use serde_json::Value;

use crate::support::metrics;
use crate::support::program::{Home, Running};
use crate::support::simulator::Simulator;

/// Kinds of faults that bring no pictures, and what the ledger may call each: a camera that is silent is
/// called anew, and may then be out of reach.
const FAULTS: [(&str, &[&str]); 3] = [
    ("refuse", &["network_refused", "camera_silent"]),
    ("mute", &["camera_silent", "network_refused"]),
    ("half-open", &["camera_silent", "network_refused"]),
];

/// So long a fault lasts.
const LASTS: Duration = Duration::from_secs(8);

fn now() -> Timestamp {
    SystemClock.wall().timestamp()
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

/// An election day that is in its middle now, wherever the clocks of the world stand.
fn day() -> String {
    let hour = now().to_zoned(jiff::tz::TimeZone::UTC).hour();
    let zone = format!("Etc/GMT{:+}", i32::from(hour) - 12);
    let zone = if zone == "Etc/GMT+0" { "Etc/GMT".to_owned() } else { zone };
    let local = now().in_tz(&zone).unwrap();
    assert_eq!(local.hour(), 12, "{zone}");
    format!(
        "name = 'test'\ndate = {}\nzone = '{zone}'\n[stages]\nbefore_opening = '07:00'\n\
         voting = '08:00'\ncounting = '19:00'\nprotocol = '22:00'\nclosed = '23:30'\n",
        local.date()
    )
}

/// What struck a station.
struct Fault {
    kind: usize,
    from: Timestamp,
    /// Everybody was safe again.
    to: Timestamp,
}

/// Waits until so many stations are safe on the disk.
fn until_safe(program: &mut Running<'_>, address: &str, count: usize) -> metrics::Page {
    program.until(&format!("{count} stations on the disk"), || {
        let page = metrics::fetch(address)?;
        (page.get("pollwall_recording_stations_safe") == count as f64).then_some(page)
    })
}

/// One strike of each kind against some stations, felt and over; from when to when.
fn strike(
    simulator: &mut Simulator,
    program: &mut Running<'_>,
    address: &str,
    struck: &[Vec<String>],
    count: usize,
) -> (Timestamp, Timestamp) {
    let from = now();
    let script = struck.iter().zip(FAULTS).map(|(stations, (kind, _))| {
        let named: Vec<String> = stations.iter().map(|id| format!("'{id}'")).collect();
        let (named, lasts) = (named.join(", "), LASTS.as_secs());
        format!("[[fault]]\nstations = [{named}]\nkind = '{kind}'\nfor = '{lasts}s'\n")
    });
    simulator.set_script(&script.collect::<String>());
    program.until("faults to be felt", || {
        let page = metrics::fetch(address)?;
        (page.get("pollwall_stations{state=\"live\"}") < count as f64).then_some(())
    });
    program.until("faults to be over", || {
        let page = metrics::fetch(address)?;
        let live = page.get("pollwall_stations{state=\"live\"}") == count as f64;
        // What begins later than another is not over before it has begun.
        (live && now().duration_since(from).as_secs() > LASTS.as_secs() as i64).then_some(())
    });
    let back = now();
    // What came at `back` is on the disk when everybody is safe at a moment later than that.
    program.until("pictures of after them to be on the disk", || {
        let page = metrics::fetch(address)?;
        let safe = page.get("pollwall_recording_stations_safe") == count as f64;
        let later = now().duration_since(back).as_secs() >= 11;
        (safe && later).then_some(())
    });
    (from, now())
}

fn when(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn every_fault_is_a_gap_and_every_gap_a_fault() {
    let count = usize::try_from(number("POLLWALL_RECORD_STATIONS", 24)).unwrap();
    let seconds = number("POLLWALL_RECORD_SECONDS", 0);
    let home = Home::new();
    let mut simulator = Simulator::start(&["--stations", &count.to_string()], "");
    home.accept(&simulator.list());
    fs::write(home.data().join("day.toml"), day()).unwrap();
    let mut program = home.start(home.command(&["record", "--metrics", "0", "--json"]));
    let address = metrics::address(&mut program, || fs::read_to_string(home.path("err")).unwrap());
    until_safe(&mut program, &address, count);
    // A gap begins with the last picture before it.
    let begin = now() - jiff::SignedDuration::from_secs(2);

    let all: Vec<String> = simulator.stations();
    assert_eq!(all.len(), count);
    let mut faults: BTreeMap<String, Vec<Fault>> = BTreeMap::new();
    let (mut round, mut injected) = (0, 0);
    while round == 0 || now().duration_since(begin).as_secs() < seconds as i64 {
        // Others each time, and not so many at once that it would seem to be this machine's network.
        let of_kind = |kind: usize| {
            let first = (round * FAULTS.len() + kind) % 60;
            all.iter().skip(first).step_by(60).cloned().collect::<Vec<_>>()
        };
        let struck: Vec<Vec<String>> = (0..FAULTS.len()).map(of_kind).collect();
        let (from, to) = strike(&mut simulator, &mut program, &address, &struck, count);
        for (kind, stations) in struck.into_iter().enumerate() {
            injected += stations.len();
            for id in stations {
                faults.entry(id).or_default().push(Fault { kind, from, to });
            }
        }
        round += 1;
    }
    let page = metrics::fetch(&address).unwrap();
    let lasted = now().duration_since(begin).as_secs_f64();
    let end = now();
    program.signal("TERM");
    assert_eq!(program.until_ended().code(), Some(0), "{}", home.log());

    let ledger: Value = serde_json::from_str(&home.ok(&["ledger", "--json"])).unwrap();
    let stations = ledger["stations"].as_array().unwrap();
    assert_eq!(stations.len(), count);
    let (mut listed, mut missed, mut phantom) = (0, Vec::new(), Vec::new());
    for station in stations {
        let sums = &station["sums"];
        let of = |name: &str| sums[name].as_i64().unwrap();
        let whole = of("recorded_us") + of("short_us") + of("gap_us");
        assert!((whole - of("hours_us")).abs() <= 1_000_000, "{station}");
        let id = station["station"].as_str().unwrap();
        let own = faults.get(id).map_or(&[][..], Vec::as_slice);
        let gaps: Vec<&Value> = station["lines"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["what"] == "gap")
            .filter(|gap| when(&gap["from_utc"]) >= begin && when(&gap["to_utc"]) <= end)
            .collect();
        let overlaps = |fault: &Fault, gap: &Value| {
            when(&gap["from_utc"]) < fault.to
                && when(&gap["to_utc"]) > fault.from
                && FAULTS[fault.kind].1.iter().any(|cause| gap["cause"] == *cause)
        };
        for fault in own {
            let found: i64 = gaps
                .iter()
                .filter(|gap| overlaps(fault, gap))
                .map(|gap| gap["us"].as_i64().unwrap())
                .sum();
            // The simulator begins a little later than it is told; a picture may have been on its way.
            if found < i64::try_from(LASTS.as_micros()).unwrap() - 3_000_000 {
                missed.push(format!("{id} {} {}: {gaps:?}", FAULTS[fault.kind].0, fault.from));
            }
        }
        let strange = gaps.iter().filter(|gap| !own.iter().any(|fault| overlaps(fault, gap)));
        phantom.extend(strange.map(|gap| format!("{id}: {gap}")));
        listed += gaps.len();
    }
    println!(
        "{count} stations for {lasted:.0} s: {:.2} of a core, {:.1} MB/s, {:.0} MiB, worst sync \
         {:.3} s, {} units dropped; {injected} faults, {listed} gaps, {} missed, {} phantom",
        page.get("process_cpu_seconds_total") / lasted,
        page.get("pollwall_recording_written_bytes_total") / lasted / 1e6,
        page.get("process_resident_memory_bytes") / f64::from(1 << 20),
        page.get("pollwall_recording_worst_sync_seconds"),
        page.get("pollwall_recording_dropped_units_total"),
        missed.len(),
        phantom.len(),
    );
    assert!(missed.is_empty(), "faults without their gap:\n{}", missed.join("\n"));
    assert!(phantom.is_empty(), "gaps without a fault:\n{}", phantom.join("\n"));
    assert_eq!(page.get("pollwall_recording_dropped_units_total"), 0.0);
    let checked = home.ok(&["footage", "check", "--hash"]);
    assert!(checked.contains("all in order"), "{checked}");
}
