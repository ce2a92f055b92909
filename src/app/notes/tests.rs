use super::*;

fn note(station: &str, text: &str) -> Note {
    Note {
        utc: "2024-02-07T07:42:07.28Z".parse().unwrap(),
        mono_us: 7,
        run: "2024-02-07T02:00:00Z".parse().unwrap(),
        boot: "b".into(),
        station: station.into(),
        stage: Some("voting".into()),
        state: "stalled".into(),
        text: text.into(),
        program: "pollwall 0".into(),
    }
}

fn file() -> (tempfile::TempDir, NotesFile) {
    let dir = tempfile::tempdir().unwrap();
    let file = NotesFile::new(dir.path().join("notes.jsonl"));
    (dir, file)
}

#[test]
fn notes_are_lines_and_are_read_again() {
    let (_dir, file) = file();
    assert_eq!(file.read().unwrap(), []);
    let notes = [note("57/12", "qutu möhürləndi, «şahidlər» var"), note("8/1", "a\"b\\c")];
    for note in &notes {
        file.add(note).unwrap();
    }
    assert_eq!(file.read().unwrap(), notes);
    let text = fs::read_to_string(&file.path).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(text.starts_with(r#"{"utc":"2024-02-07T07:42:07.28Z","mono_us":7,"#), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file.path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_torn_last_line_is_never_lost_and_never_takes_the_next_note_with_it() {
    let whole = {
        let (_dir, file) = file();
        file.add(&note("57/12", "ə ikinci")).unwrap();
        fs::read(&file.path).unwrap()
    };
    for torn in 1..whole.len() {
        let (dir, file) = file();
        file.add(&note("57/12", "birinci")).unwrap();
        let mut end = OpenOptions::new().append(true).open(&file.path).unwrap();
        end.write_all(&whole[..torn]).unwrap();
        let readable = usize::from(torn == whole.len() - 1);
        assert_eq!(file.read().unwrap().len(), 1 + readable, "{torn}");
        file.add(&note("57/12", "üçüncü")).unwrap();
        let texts: Vec<_> = file.read().unwrap().into_iter().map(|n| n.text).collect();
        assert_eq!((texts.len(), texts.last().unwrap().as_str()), (2 + readable, "üçüncü"));
        let aside = fs::read(dir.path().join("notes.torn"));
        if readable == 1 {
            assert!(aside.is_err(), "only its end of line was missing");
        } else {
            assert_eq!(aside.unwrap(), [&whole[..torn], b"\n"].concat());
        }
        let all = fs::read(&file.path).unwrap();
        assert!(all.windows(torn).any(|w| w == &whole[..torn]), "it is where it was, too");
    }
}

#[test]
fn a_bad_line_in_the_middle_hides_no_other() {
    let (_dir, file) = file();
    file.add(&note("57/12", "bir")).unwrap();
    let mut end = OpenOptions::new().append(true).open(&file.path).unwrap();
    end.write_all(b"\xff\xfe{\n\n  \n{\"text\":1}\n").unwrap();
    file.add(&note("57/12", "iki")).unwrap();
    assert_eq!(file.read().unwrap().len(), 2);
}

#[test]
fn the_newest_notes_of_a_station_come_first() {
    let notes: Vec<_> = (1..=5).map(|n| note("57/12", &n.to_string())).collect();
    let found = newest(&notes, 3);
    let texts: Vec<_> = found[&StationId::new(57, 12)].iter().map(|n| n.text.as_str()).collect();
    assert_eq!(texts, ["5", "4", "3"]);
    assert!(newest(&[note("nowhere", "x")], 3).is_empty());
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = NotesFile::new(dir.path().join("no-such-folder/notes.jsonl"));
    assert_eq!(file.add(&note("1/1", "x")).unwrap_err().kind(), io::ErrorKind::NotFound);
}
