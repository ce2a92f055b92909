//! What the screens of an import ask of the disk, each on a thread of its own: a folder on a dead
//! network drive holds up neither the screen nor the next folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::app::import::check::{self, Candidate, Examined};
use crate::app::wall::waker::ScreenWaker;
use crate::clock::SystemClock;
use crate::config::data::DataDir;
use crate::config::io_reason;
use crate::text::{Text, compare};
use crate::tr;
use crate::ui::import::{Entry, Listing, Sheet};

/// No more threads than that at once: beyond it the drives hang, and nothing is gained by more.
const MOST_THREADS: usize = 32;

/// Results that may wait for the next pass.
const WAITING: usize = 64;

/// A folder's entries beyond that are not listed: who has more finds his file by typing its path.
const MOST_ENTRIES: usize = 20_000;

/// What came of something that was asked for.
pub(super) enum Done {
    /// A folder was looked into.
    Listed(Listing),
    /// It was a folder.
    Folder(PathBuf),
    /// A file was read: the table, and the list that could be taken.
    Read(PathBuf, Result<(Sheet, Option<Box<Candidate>>), String>),
    /// A list was taken: its version; or why not.
    Accepted(Result<u32, String>),
}

/// Does things elsewhere and wakes the screen when they are done.
pub(super) struct Jobs {
    data: DataDir,
    waker: Arc<ScreenWaker>,
    running: Arc<AtomicUsize>,
    done: Receiver<Done>,
    results: Sender<Done>,
}

impl Jobs {
    pub(super) fn new(data: DataDir, waker: Arc<ScreenWaker>) -> Self {
        let (results, done) = bounded(WAITING);
        Self { data, waker, running: Arc::default(), done, results }
    }

    /// Whom to wake.
    pub(super) fn waker(&self) -> &Arc<ScreenWaker> {
        &self.waker
    }

    /// What has been done since the last call.
    pub(super) fn done(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }

    pub(super) fn look(&self, folder: PathBuf, text: &Arc<Text>) {
        let text = Arc::clone(text);
        self.start("import-folder", move || Done::Listed(look(folder, &text)));
    }

    pub(super) fn read(&self, file: PathBuf, text: &Arc<Text>) {
        let (text, data) = (Arc::clone(text), self.data.clone());
        self.start("import-file", move || {
            if file.is_dir() {
                return Done::Folder(file);
            }
            let result = read(&file, &data, &text);
            Done::Read(file, result)
        });
    }

    pub(super) fn accept(&self, candidate: Candidate, there: &Arc<Text>) {
        let (text, data) = (Arc::clone(there), self.data.clone());
        let began = self.start("import-accept", move || {
            let taken = candidate.accept(&data, &SystemClock);
            Done::Accepted(taken.map(|t| t.version).map_err(|e| e.explain(&text)))
        });
        if !began {
            let said = tr!(there, "import-not-begun").into_owned();
            let _ = self.results.try_send(Done::Accepted(Err(said)));
        }
    }

    /// Whether it was begun.
    fn start(&self, name: &str, work: impl FnOnce() -> Done + Send + 'static) -> bool {
        if self.running.fetch_add(1, Ordering::AcqRel) >= MOST_THREADS {
            self.running.fetch_sub(1, Ordering::AcqRel);
            log::warn!("{name}: {MOST_THREADS} others have not come back; nothing more is begun");
            return false;
        }
        let (running, results) = (Arc::clone(&self.running), self.results.clone());
        let waker = Arc::clone(&self.waker);
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let done = work();
            running.fetch_sub(1, Ordering::AcqRel);
            // Nobody is there any more when the wall has been closed.
            if results.send(done).is_ok() {
                waker.wake();
            }
        });
        if let Err(e) = thread {
            self.running.fetch_sub(1, Ordering::AcqRel);
            log::error!("{name}: no thread: {e}");
            return false;
        }
        true
    }
}

/// What can be chosen in a folder: folders, and files that may be lists by their names.
fn look(folder: PathBuf, text: &Text) -> Listing {
    match entries(&folder) {
        Ok((entries, left_out)) => Listing { folder, entries, left_out, trouble: None },
        Err(e) => {
            let (path, reason) = (check::shown(&folder), io_reason(text, &e));
            let said = tr!(text, "import-cannot-list", path = path, reason = reason).into_owned();
            Listing { folder, trouble: Some(said), ..Listing::default() }
        }
    }
}

fn entries(folder: &Path) -> io::Result<(Vec<Entry>, usize)> {
    let mut entries = Vec::new();
    let mut left_out = 0;
    for entry in fs::read_dir(folder)? {
        // One that has gone meanwhile, or may not be looked at, is none to choose.
        let Ok(entry) = entry else { continue };
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let is_folder = entry.path().is_dir();
        if !is_folder && !is_list(&name) {
            continue;
        }
        if entries.len() < MOST_ENTRIES {
            entries.push(Entry { name, is_folder });
        } else {
            left_out += 1;
        }
    }
    entries.sort_by(|a: &Entry, b: &Entry| {
        b.is_folder.cmp(&a.is_folder).then_with(|| compare(&a.name, &b.name))
    });
    Ok((entries, left_out))
}

fn is_list(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or_default();
    ["csv", "tsv", "txt"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn read(
    file: &Path,
    data: &DataDir,
    text: &Text,
) -> Result<(Sheet, Option<Box<Candidate>>), String> {
    let Examined { rows, result } = check::read(file, text).map_err(|failure| failure.said)?;
    let name = check::shown(Path::new(file.file_name().unwrap_or_default()));
    let parsed = match result {
        Ok(parsed) => parsed,
        Err(problems) => return Ok((Sheet::wrong(name, &rows, problems), None)),
    };
    let secrets = parsed.secrets.len();
    let candidate = Candidate::compare(parsed, file, data).map_err(|e| e.explain(text))?;
    let present = candidate.present().map(|p| (p.version, &p.list));
    let sheet = Sheet::right(name, &rows, candidate.list(), candidate.changes(), present)
        .with_secrets(secrets);
    Ok((sheet, Some(Box::new(candidate))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn a_folder_shows_folders_and_lists_in_order_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        for name in ["b.csv", "Ə.CSV", "e.txt", "picture.png", ".hidden.csv", "f.tsv"] {
            fs::write(home.path().join(name), "").unwrap();
        }
        fs::create_dir(home.path().join("Zal")).unwrap();
        let listing = look(home.path().to_owned(), &Text::of(Lang::En));
        let names: Vec<_> = listing.entries.iter().map(|e| e.name.as_str()).collect();
        assert_eq!(names, ["Zal", "b.csv", "e.txt", "Ə.CSV", "f.tsv"]);
        assert!(listing.entries[0].is_folder && listing.trouble.is_none());
        let gone = look(home.path().join("gone"), &Text::of(Lang::En));
        let said = gone.trouble.unwrap();
        assert!(said.contains("gone") && said.contains("no such file or folder"), "{said}");
    }

    #[test]
    fn a_file_becomes_a_table_and_what_can_be_taken_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(home.path().join("data"))).unwrap();
        let file = home.path().join("l.csv");
        let text = Text::of(Lang::En);
        fs::write(&file, "district,station,main\n1,1,rtsp://user:word@a/1\n1,2,nowhere\n").unwrap();
        let (sheet, candidate) = read(&file, &data, &text).unwrap();
        assert!(sheet.counts.problems == 1 && candidate.is_none());
        fs::write(&file, "district,station,main\n1,1,rtsp://user:word@a/1\n").unwrap();
        let (sheet, candidate) = read(&file, &data, &text).unwrap();
        assert!(sheet.can_be_taken() && sheet.counts.secrets == 1);
        assert!(!format!("{sheet:?}").contains("word"), "{sheet:?}");
        assert!(!data.stations().exists(), "nothing is changed before it is accepted");
        let taken = candidate.unwrap().accept(&data, &SystemClock).unwrap();
        assert_eq!((taken.version, taken.secrets), (1, 1));
        let (again, _) = read(&file, &data, &text).unwrap();
        assert!(again.is_same() && !again.can_be_taken());
        assert!(read(&home.path().join("gone.csv"), &data, &text).is_err());
    }
}
