//! The station list through the real program: check, take, compare, restore, publish, and what it
//! refuses. Every run has its own data folder; nothing of the user's is touched.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "test code")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use pollwall::clock::SystemClock;
use pollwall::config::DataDir;

struct Run {
    code: i32,
    out: String,
    err: String,
}

struct Place {
    temp: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { temp: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.temp.path().join("data")
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.temp.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pollwall"));
        command.args(["--lang", "en", "--data"]).arg(self.data()).args(args);
        // Not even by mistake may a test meet the user's own folder.
        command.env("HOME", self.temp.path()).env_remove("XDG_DATA_HOME").stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        finished(&self.command(args).output().unwrap())
    }

    fn import(&self, file: &Path) -> Run {
        self.run(&["import", "--accept", file.to_str().unwrap()])
    }
}

fn finished(output: &Output) -> Run {
    Run {
        code: output.status.code().expect("killed"),
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

fn fixture(name: &str) -> String {
    format!("{}/tests/fixtures/lists/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `dir` with its bytes.
fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found
}

const HEADER: &str = "district,district_name,station,name,address,main,sub\n";

fn list(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

const FIRST: &str = "23,Nəsimi,4,School 3,Baku,rtsp://operator:tops3cret@10.23.4.1/main,\n\
                     23,Nəsimi,9,Garden 12,Baku,rtsp://10.23.9.1/main?token=t0kenvalue,\n";

#[test]
fn checking_changes_nothing_and_names_every_problem() {
    let place = Place::new();
    let checked = place.run(&["import", "--check", &fixture("en.csv")]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""));
    assert!(checked.out.contains("3 stations in 2 districts"), "{}", checked.out);
    let checked = place.run(&["import", "--check", &fixture("problems.csv")]);
    assert_eq!(checked.code, 1);
    for part in ["Pasword", "95.1", "rtsps://…", "gopher://…", "14 problems"] {
        assert!(checked.out.contains(part), "{part} in {}", checked.out);
    }
    assert!(!place.data().exists());
}

#[test]
fn problems_as_json_have_the_four_fields_and_no_secret() {
    let place = Place::new();
    let checked = place.run(&["import", "--check", "--json", &fixture("problems.csv")]);
    assert_eq!(checked.code, 1);
    let json: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    let problems = json["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 14);
    assert_eq!(problems[1]["row"], 2);
    assert_eq!(problems[1]["column"], "Latitude");
    assert_eq!(problems[1]["found"], "95.1");
    assert!(problems[1]["expected"].as_str().unwrap().contains("90"));
    assert!(!checked.out.contains("topsecret") && !checked.out.contains("secret/x"));
    let checked = place.run(&["import", "--check", "--json", &fixture("en.csv")]);
    assert_eq!(checked.code, 0);
    assert_eq!(checked.out.split_whitespace().collect::<String>(), r#"{"problems":[]}"#);
}

#[test]
fn every_reference_list_is_taken_in_its_language() {
    for (name, station) in [
        ("az-semicolons.csv", "Əsas məktəb № 3"),
        ("ru-tabs-utf16le.csv", "Школа № 3"),
        ("ru-tabs-utf16be.csv", "Спортзал"),
        ("en.csv", "Kindergarten 12"),
        ("en-sep-line.csv", "Kindergarten 12"),
    ] {
        let place = Place::new();
        let taken = place.import(Path::new(&fixture(name)));
        assert_eq!((taken.code, taken.err.as_str()), (0, ""), "{name}: {}", taken.out);
        let shown = place.run(&["list"]);
        assert!(shown.code == 0 && shown.out.contains(station), "{name}: {}", shown.out);
    }
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let place = Place::new();
    let asked = place.run(&["import", &fixture("en.csv")]);
    assert_eq!(asked.code, 2);
    assert!(asked.err.contains("--check") && asked.err.contains("--accept"), "{}", asked.err);
    assert!(!place.data().exists());
}

/// `script` gives the program a terminal; it is part of every Debian (bsdutils).
#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_the_answer_decides() {
    use std::io::Write;
    for (answer, taken) in [("no\n", false), ("да\n", true)] {
        let place = Place::new();
        let first = place.file("first.csv", &list(FIRST));
        place.import(&first);
        let second = place.file("second.csv", &list("1,A,1,New,,rtsp://10.1.1.1/a,\n"));
        let line = format!(
            "'{}' --lang en --data '{}' import '{}'",
            env!("CARGO_BIN_EXE_pollwall"),
            place.data().display(),
            second.display()
        );
        let mut script = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        script.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
        let run = finished(&script.wait_with_output().unwrap());
        assert_eq!(run.code, i32::from(!taken), "{}", run.out);
        for part in ["- 23/4  School 3, Baku", "+ 1/1  New", "Added: 1, removed: 2", "[yes/no]"] {
            assert!(run.out.contains(part), "{part} in {}", run.out);
        }
        assert_eq!(place.run(&["list"]).out.contains("1/1"), taken);
    }
}

#[test]
fn a_new_list_shows_what_it_changes_and_the_old_ones_can_come_back() {
    let place = Place::new();
    let first = place.file("first.csv", &list(FIRST));
    let taken = place.import(&first);
    assert_eq!((taken.code, taken.err.as_str()), (0, ""), "{}", taken.out);
    assert!(taken.out.contains("2 feeds") && taken.out.contains("secrets.json"), "{}", taken.out);

    let again = place.import(&first);
    assert!(again.code == 0 && again.out.contains("the same as the current version 1"));

    let second = place.file(
        "second.csv",
        &list("23,Nəsimi,5,School 3,Baku,rtsp://operator:0ther@10.23.4.1/main,\n57,,1,Hall,,rtsp://10.57.1.1/a,\n"),
    );
    let taken = place.import(&second);
    for part in [
        "- 23/9  Garden 12, Baku",
        "+ 57/1  Hall",
        "→ 23/4 is now 23/5",
        "~ 23/5 main: another user name or password",
        "Added: 1, removed: 1, renumbered: 1, moved: 0, feeds with another URL or password: 1.",
        "now version 2",
    ] {
        assert!(taken.out.contains(part), "{part} in {}", taken.out);
    }

    let history = place.run(&["list", "--history"]).out;
    assert!(history.contains("first.csv") && history.contains("second.csv"), "{history}");
    let back = place.run(&["list", "--restore", "1"]);
    assert!(back.code == 0 && back.out.contains("as version 3"), "{} {}", back.out, back.err);
    assert!(place.run(&["list"]).out.contains("Garden 12"));
    let history = place.run(&["list", "--history"]).out;
    let newest = history.lines().nth(2).unwrap();
    assert!(newest.starts_with('3') && newest.contains("current, same as version 1"), "{history}");
    let none = place.run(&["list", "--restore", "9"]);
    assert!(none.code == 1 && none.err.contains("no version 9"), "{}", none.err);
}

#[test]
fn secrets_are_in_their_own_file_and_nowhere_else() {
    let place = Place::new();
    let taken = place.import(&place.file("l.csv", &list(FIRST)));
    assert_eq!(taken.code, 0);
    let shown = place.run(&["list"]);
    let export = place.temp.path().join("out");
    let published = place.run(&["list", "--export", export.to_str().unwrap()]);
    assert_eq!((published.code, published.err.as_str()), (0, ""));
    for secret in ["operator", "tops3cret", "t0kenvalue"] {
        for said in [&taken, &shown, &published] {
            assert!(!said.out.contains(secret) && !said.err.contains(secret), "{}", said.out);
        }
        let holders: Vec<PathBuf> = files(&place.data())
            .into_iter()
            .chain(files(&export))
            .filter(|(_, bytes)| bytes.windows(secret.len()).any(|w| w == secret.as_bytes()))
            .map(|(path, _)| path)
            .collect();
        assert_eq!(holders, [place.data().join("secrets.json")]);
    }
    let csv = fs::read_to_string(export.join("stations.csv")).unwrap();
    assert!(
        csv.starts_with("\u{FEFF}district number,")
            && csv.contains("23,Nəsimi,9,Garden 12,Baku\r\n")
    );
    assert!(!csv.contains("rtsp"));
    let html = fs::read_to_string(export.join("stations.html")).unwrap();
    assert!(html.contains("Garden 12") && !html.contains("rtsp"));
}

#[cfg(unix)]
#[test]
fn a_secrets_file_that_others_can_read_stops_every_command() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let first = place.file("l.csv", &list(FIRST));
    place.import(&first);
    let secrets = place.data().join("secrets.json");
    let mode = || fs::metadata(&secrets).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    assert_eq!(fs::metadata(place.data()).unwrap().permissions().mode() & 0o777, 0o700);
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o644)).unwrap();
    let out = place.temp.path().join("out");
    for args in [
        vec!["wall"],
        vec!["list"],
        vec!["list", "--history"],
        vec!["list", "--restore", "1"],
        vec!["list", "--export", out.to_str().unwrap()],
        vec!["import", "--accept", first.to_str().unwrap()],
    ] {
        let refused = place.run(&args);
        assert_eq!(refused.code, 1, "{args:?}");
        assert!(refused.err.contains("chmod 600 /"), "{args:?}: {}", refused.err);
    }
    assert_eq!(mode(), 0o644);
}

#[test]
fn one_process_owns_the_folder_and_lists_go_on_beside_it() {
    let place = Place::new();
    let data = DataDir::open(Some(place.data())).unwrap();
    let _owner = data.own("wall", &SystemClock).unwrap();
    let refused = place.run(&["wall"]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    for part in ["pollwall wall", &std::process::id().to_string(), place.data().to_str().unwrap()] {
        assert!(refused.err.contains(part), "{part} in {}", refused.err);
    }
    let first = place.file("l.csv", &list(FIRST));
    assert_eq!(place.import(&first).code, 0);
    assert_eq!(place.run(&["list"]).code, 0);
}

#[test]
fn imports_at_the_same_moment_do_not_mix() {
    let place = Place::new();
    let running: Vec<_> = (1..=6)
        .map(|n| {
            let row = format!("{n},D{n},1,,,rtsp://user{n}:word{n}@10.{n}.0.1/a,\n");
            let file = place.file(&format!("{n}.csv"), &list(&row));
            let mut command = place.command(&["import", "--accept", file.to_str().unwrap()]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let taken = running
        .into_iter()
        .map(|child| finished(&child.wait_with_output().unwrap()))
        .filter(|run| {
            // The others were overtaken, and say so.
            assert!(run.code == 0 || run.err.contains("meanwhile"), "{} {}", run.code, run.err);
            run.code == 0
        })
        .count();
    let history = place.run(&["list", "--history"]).out;
    assert_eq!(history.lines().count() - 2, taken, "{history}");
    assert!(taken >= 1);
    assert_eq!(place.run(&["list"]).code, 0);
}

#[test]
fn wrong_command_lines_are_answered_in_the_language_and_leave_nothing() {
    let place = Place::new();
    let run = place.run(&["list", "--frobnicate"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("no option “--frobnicate”") && run.out.is_empty(), "{}", run.err);
    let ru = Command::new(env!("CARGO_BIN_EXE_pollwall")).args(["--lang", "ru", "liste"]).output();
    let ru = finished(&ru.unwrap());
    assert!(ru.code == 2 && ru.err.contains("Нет команды «liste»"), "{}", ru.err);
    let az = Command::new(env!("CARGO_BIN_EXE_pollwall")).env("LC_ALL", "C").arg("--help").output();
    let az = finished(&az.unwrap());
    assert!(az.code == 0 && az.out.contains("seçki məntəqələrinin"), "{}", az.out);
    let missing = place.run(&["import", "--check", "/nowhere/list.csv"]);
    assert!(missing.code == 1 && missing.err.contains("/nowhere/list.csv"), "{}", missing.err);
    let pasted = place.run(&["import", "--check", "rtsp://inspector:topsecret@10.0.0.1/main"]);
    assert!(pasted.code == 1 && pasted.err.contains("10.0.0.1/main"), "{}", pasted.err);
    assert!(!pasted.err.contains("topsecret") && !pasted.err.contains("inspector"));
    let none = place.run(&["list"]);
    assert!(none.code == 1 && none.err.contains("pollwall import LIST.csv"), "{}", none.err);
    assert!(!place.data().exists(), "reading makes no folder");
}

#[test]
fn a_wrong_election_day_keeps_the_wall_from_starting() {
    let place = Place::new();
    fs::create_dir_all(place.data()).unwrap();
    fs::write(place.data().join("day.toml"), "name = \"x\"\ndate = \"yesterday\"\n").unwrap();
    let refused = place.run(&["wall"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("line 2, date: “yesterday”"), "{}", refused.err);
    assert!(refused.err.contains("zone") && refused.err.contains("stages"), "{}", refused.err);
}
