//! The notes of earlier versions are taken over once, whatever happens in between.

use std::fs;
use std::path::{Path, PathBuf};

use pollwall::journal::read::Reader;
use pollwall::journal::verify::verify;
use pollwall::journal::{Limits, RunConfig, RunInfo};
use pollwall::model::StationId;

use crate::rig::{Rig, rows, text};

pub(crate) fn line(second: u32, station: &str, text: &str) -> String {
    format!(
        "{{\"utc\":\"2024-02-07T07:42:{second:02}.28Z\",\"mono_us\":{second},\
         \"run\":\"2024-02-07T02:00:00Z\",\"boot\":\"b\",\"station\":\"{station}\",\
         \"stage\":\"voting\",\"state\":\"stalled\",\"text\":\"{text}\",\"program\":\"pollwall 0\"}}\n"
    )
}

struct Folder {
    _temp: tempfile::TempDir,
    notes: PathBuf,
    journal: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let notes = temp.path().join("notes.jsonl");
        let journal = temp.path().join("journal/journal.sqlite");
        Self { _temp: temp, notes, journal }
    }

    /// A run of the program.
    fn run(&self) {
        let run = RunInfo::this_process("wall", RunConfig::default());
        let run = run.taking_over(self.notes.clone());
        Rig::of_run(&self.journal, Limits::default(), run).unwrap().close();
        verify(&self.journal).unwrap().unwrap();
    }

    fn notes(&self) -> Vec<String> {
        let rows = rows(&self.journal);
        rows.iter().filter_map(text).map(str::to_owned).collect()
    }

    fn taken(&self) -> Vec<PathBuf> {
        let folder = self.notes.parent().unwrap();
        let mut taken: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| is_taken(path))
            .collect();
        taken.sort();
        taken
    }
}

fn is_taken(path: &Path) -> bool {
    path.to_string_lossy().contains("notes.jsonl.taken")
}

#[test]
fn notes_are_taken_over_with_their_times_and_the_file_stays() {
    let folder = Folder::new();
    let kept = [line(7, "57/12", "qutu möhürləndi"), line(9, "8/1", "işıq söndü")].concat();
    let content = format!("{kept}not a note\n{}", &line(11, "8/1", "cırıq")[..40]);
    fs::write(&folder.notes, &content).unwrap();
    folder.run();
    assert!(!folder.notes.exists());
    assert_eq!(fs::read_to_string(&folder.taken()[0]).unwrap(), content, "never deleted");
    let rows = rows(&folder.journal);
    assert_eq!(rows[0].utc.to_string(), "2024-02-07T07:42:07.280000Z");
    assert_eq!((rows[0].mono.as_micros(), rows[0].run.as_str()), (7, "2024-02-07T02:00:00Z"));
    assert_eq!(rows[0].station.as_deref(), Some("57/12"));
    assert_eq!((&rows[0].body["taken_over"], &rows[0].body["boot"]), (&true.into(), &"b".into()));
    assert_eq!((rows[2].kind.as_str(), rows[3].kind.as_str()), ("notes_taken_over", "started"));
    assert_eq!((&rows[2].body["count"], &rows[2].body["unreadable"]), (&2.into(), &2.into()));
    let newest = Reader::open(&folder.journal).unwrap().newest_notes(3).unwrap();
    assert_eq!(newest.len(), 2);
    assert_eq!(text(&newest[&StationId::new(8, 1)][0]), Some("işıq söndü"));
    folder.run();
    assert_eq!(folder.notes(), ["qutu möhürləndi", "işıq söndü"]);
}

#[test]
fn a_crash_before_the_file_is_renamed_neither_doubles_nor_loses() {
    let folder = Folder::new();
    let kept = [line(7, "57/12", "bir"), line(9, "57/12", "iki")].concat();
    fs::write(&folder.notes, &kept).unwrap();
    folder.run();
    // As if the power had gone between the two steps.
    fs::rename(&folder.taken()[0], &folder.notes).unwrap();
    folder.run();
    assert_eq!(folder.notes(), ["bir", "iki"]);
    assert!(!folder.notes.exists());
    // And then somebody went back to the old version for a while.
    fs::rename(&folder.taken()[0], &folder.notes).unwrap();
    fs::write(&folder.notes, [&kept, &line(11, "57/12", "üç")].map(String::as_str).concat())
        .unwrap();
    folder.run();
    assert_eq!(folder.notes(), ["bir", "iki", "üç"]);
    fs::write(&folder.notes, line(13, "57/12", "dörd")).unwrap();
    folder.run();
    assert_eq!(folder.notes(), ["bir", "iki", "üç", "dörd"]);
    assert_eq!(folder.taken().len(), 2, "the earlier file is not overwritten");
}

#[test]
fn the_newest_notes_are_those_of_each_station() {
    let folder = Folder::new();
    let many: String = (1..=9).map(|n| line(n, "57/12", &n.to_string())).collect();
    fs::write(&folder.notes, many + &line(10, "8/1", "tək") + &line(11, "nowhere", "x")).unwrap();
    folder.run();
    let newest = Reader::open(&folder.journal).unwrap().newest_notes(3).unwrap();
    let of = |id| newest[&id].iter().filter_map(text).collect::<Vec<_>>();
    assert_eq!(of(StationId::new(57, 12)), ["9", "8", "7"]);
    assert_eq!(of(StationId::new(8, 1)), ["tək"]);
    assert_eq!(newest.len(), 2);
    assert_eq!(folder.notes().len(), 11, "also the one of no station");
}
