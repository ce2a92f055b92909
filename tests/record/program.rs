//! `pollwall record` as people start it, on simulated cameras: what it tells, what is on the disk
//! when it has ended, and that a reader that is not ours can make something of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pollwall::record::index::{Kept, Reader, check};
use serde_json::Value;

use crate::support::metrics;
use crate::support::program::Home;
use crate::support::simulator::Simulator;

fn kept(home: &Home) -> Vec<Kept> {
    let mut all = Vec::new();
    let file = home.data().join("footage/footage.sqlite");
    Reader::open(&file).unwrap().each(|kept| all.push(kept)).unwrap();
    all
}

/// How recording went, as it was told last.
fn recorded(home: &Home) -> Option<Value> {
    let told = home.told();
    told.iter().rev().find_map(|line| line.get("recording").cloned())
}

/// How many pictures FFmpeg finds in a file.
fn frames(file: &Path) -> u64 {
    let mut probe = Command::new("ffprobe");
    probe.args(["-v", "error", "-count_packets", "-show_entries", "stream=nb_read_packets"]);
    let output = probe.args(["-of", "csv=p=0"]).arg(file).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

#[test]
fn every_station_is_recorded_and_closed_when_it_ends() {
    let home = Home::new();
    let simulator = Simulator::start(&["--stations", "6"], "");
    home.accept(&simulator.list());
    let command = home.command(&["record", "--metrics", "0", "--json"]);
    let mut program = home.start(command);
    let address = metrics::address(&mut program, || fs::read_to_string(home.path("err")).unwrap());
    let page = program.until("all six to be on the disk", || {
        let page = metrics::fetch(&address)?;
        // For how long there is room is known when it has gone on for a while.
        let told = page.names().any(|name| name == "pollwall_recording_room_left_seconds");
        (told && page.get("pollwall_recording_stations_safe") == 6.0).then_some(page)
    });
    assert_eq!(page.get("pollwall_recording_stations_wanted"), 6.0);
    assert_eq!(page.get("pollwall_recording_failing"), 0.0);
    assert!(page.get("pollwall_recording_written_bytes_total") > 0.0);
    assert!(page.get("pollwall_recording_room_left_seconds") > 0.0);
    program.until("the sums to tell it", || (recorded(&home)?["safe"] == 6).then_some(()));
    program.signal("TERM");
    assert_eq!(program.until_ended().code(), Some(0), "{}", home.log());
    assert_eq!(home.logged(&["recording has ended"]).len(), 1, "{}", home.log());

    let kept = kept(&home);
    let stations: BTreeSet<_> = kept.iter().map(|kept| kept.segment.path.feed().station).collect();
    assert_eq!((kept.len(), stations.len()), (6, 6), "one closed segment of each");
    let reader = Reader::open(&home.data().join("footage/footage.sqlite")).unwrap();
    let checked = check(&reader, true, &|_| {}).unwrap();
    assert_eq!((checked.findings, checked.hashed, checked.absent), (vec![], 6, vec![]));
    for kept in &kept {
        assert_eq!(frames(&kept.file()), kept.segment.frames, "{}", kept.file().display());
    }
    // What was sealed, and that it was recorded, is in the journal.
    let journal = home.ok(&["journal", "--json"]);
    let kinds: Vec<Value> =
        journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect();
    let of = |kind: &str| kinds.iter().filter(|row| row["kind"] == kind).count();
    assert_eq!(of("recording"), 1);
    assert!(of("seal_head") >= 1, "the last head is over all segments");
    assert!(home.ok(&["heads"]).contains('6'));

    // Another machine has the recordings and what a second holder has kept, and nothing else.
    let heads = home.ok(&["heads", "--json"]);
    fs::write(home.path("heads.jsonl"), &heads).unwrap();
    let (folder, held) = (home.data().join("recordings"), home.path("heads.jsonl"));
    let verify =
        ["verify", "--footage", folder.to_str().unwrap(), "--heads", held.to_str().unwrap()];
    let said = home.fails(5, &verify);
    assert_eq!(said, "", "no finding is no error");
    let head: Value = serde_json::from_str(heads.lines().next().unwrap()).unwrap();
    let by = ["--fingerprint", head["fingerprint"].as_str().unwrap(), "--json"];
    let held: Value = serde_json::from_str(&home.ok(&[&verify[..], &by].concat())).unwrap();
    assert_eq!((&held["verdict"], &held["covered"]), (&"intact".into(), &6.into()), "{held}");
    fs::remove_file(kept[3].file()).unwrap();
    let output = home.run(&[&verify[..], &by].concat());
    assert_eq!(output.status.code(), Some(4));
    let held: Value = serde_json::from_slice(&output.stdout).unwrap();
    let station = kept[3].segment.feed.station.to_string();
    let found = &held["findings"][0];
    assert_eq!((&found["what"], &found["station"]), (&"tail".into(), &station.into()), "{held}");
}

#[test]
fn a_list_that_changes_ends_one_recording_and_begins_another() {
    let home = Home::new();
    let simulator = Simulator::start(&["--stations", "3"], "");
    let list = fs::read_to_string(simulator.list()).unwrap();
    let lines: Vec<&str> = list.lines().collect();
    let write = |name: &str, rows: &[usize]| {
        let path = home.path(name);
        let rows = rows.iter().map(|n| lines[*n]);
        let text: Vec<&str> = std::iter::once(lines[0]).chain(rows).collect();
        fs::write(&path, text.join("\n") + "\n").unwrap();
        path
    };
    home.accept(&write("first.csv", &[1, 2]));
    let command = home.command(&["record", "--metrics", "0", "--json"]);
    let mut program = home.start(command);
    let address = metrics::address(&mut program, || fs::read_to_string(home.path("err")).unwrap());
    let folder = home.data().join("recordings");
    let until = |program: &mut crate::support::program::Running<'_>, files_at_least: usize| {
        program.until("two to be on the disk", || {
            let page = metrics::fetch(&address)?;
            let all = page.get("pollwall_recording_stations_safe") == 2.0;
            (all && files(&folder)
                .iter()
                .filter(|f| f.extension().is_some_and(|e| e == "mp4"))
                .count()
                >= files_at_least)
                .then_some(())
        });
    };
    until(&mut program, 2);
    home.accept(&write("second.csv", &[2, 3]));
    until(&mut program, 3);
    program.signal("INT");
    assert_eq!(program.until_ended().code(), Some(0), "{}", home.log());
    let stations: BTreeSet<_> =
        kept(&home).iter().map(|kept| kept.segment.path.feed().station).collect();
    assert_eq!(stations.len(), 3, "the one that left the list is closed as well");
}

#[test]
fn a_recording_that_cannot_begin_says_why() {
    let home = Home::new();
    let simulator = Simulator::start(&["--stations", "1"], "");
    home.accept(&simulator.list());
    fs::write(home.data().join("record.toml"), "record = 'both'\n").unwrap();
    let said = home.fails(1, &["record", "--metrics", "off"]);
    assert!(said.contains("record.toml") && said.contains("line 1"), "{said}");

    // A number that nobody knows is no silence.
    fs::write(home.data().join("record.toml"), "").unwrap();
    let said = home.fails(1, &["record", "--stations", "1/1,9/9", "--metrics", "off"]);
    assert!(said.contains("9/9") && !said.contains("1/1"), "{said}");

    // A file is where the volume should be: it is tried again, and told meanwhile.
    fs::write(home.path("not-a-folder"), "").unwrap();
    let volume = home.path("not-a-folder/volume");
    fs::write(home.data().join("record.toml"), format!("volumes = [{volume:?}]\n")).unwrap();
    let command = home.command(&["record", "--metrics", "0", "--json"]);
    let mut program = home.start(command);
    let address = metrics::address(&mut program, || fs::read_to_string(home.path("err")).unwrap());
    program.until("the figures to say so", || {
        (metrics::fetch(&address)?.get("pollwall_recording_failing") == 1.0).then_some(())
    });
    // Who is on duty is told as of any trouble of this machine's own.
    let guards = || home.ok(&["journal", "--json", "--kind", "guard_began"]);
    program
        .until("the guard to say so", || guards().contains("\"why\":\"recording\"").then_some(()));
    fs::remove_file(home.path("not-a-folder")).unwrap();
    program.until("it to begin all the same", || {
        let page = metrics::fetch(&address)?;
        (page.get("pollwall_recording_stations_safe") == 1.0).then_some(())
    });
    assert_eq!(home.logged(&["recording cannot begin"]).len(), 1, "told once: {}", home.log());
}
