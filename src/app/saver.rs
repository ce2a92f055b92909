//! Writes the newest of something to a file, on a thread of its own: files may hang, whoever has
//! something to write may not.

use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::ending::Ending;
use crate::clock::lock;

/// Keeps one file up to date. What is noted meanwhile replaces what waits.
pub(super) struct Saver<T> {
    noted: T,
    /// What has not been written yet.
    fresh: Arc<Mutex<Option<T>>>,
    /// Dropped to end the thread, which then disconnects `ended`.
    end: Sender<()>,
    ended: Receiver<Infallible>,
    /// What it means that a change was not written.
    lost: &'static str,
}

impl<T: Clone + PartialEq + Send + 'static> Saver<T> {
    /// Begins with what is in the file `path` already. `name`: of the thread. A change is written
    /// after `every` at most; `lost` says in the log what it means that it could not be.
    pub(super) fn start(
        name: &str,
        path: PathBuf,
        there: T,
        every: Duration,
        save: impl FnMut(&T, &Path) -> io::Result<()> + Send + 'static,
        lost: &'static str,
    ) -> io::Result<Self> {
        let fresh = Arc::new(Mutex::new(None));
        let (end, over) = bounded(0);
        let (alive, ended) = bounded(0);
        let shared = Arc::clone(&fresh);
        std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            keep(&path, &shared, &over, every, save, lost);
            drop::<Sender<Infallible>>(alive);
        })?;
        Ok(Self { noted: there, fresh, end, ended, lost })
    }

    /// What is the same as before is not written again. Never waits.
    pub(super) fn note(&mut self, newest: T) {
        if newest != self.noted {
            *lock(&self.fresh) = Some(newest.clone());
            self.noted = newest;
        }
    }

    /// Has the last change written down. What ends is called `name`.
    pub(super) fn end(self, name: &'static str) -> Ending {
        drop(self.end);
        Ending::new(name, self.lost, self.ended)
    }

    /// The same, waited for; whether that was done in time.
    #[cfg(test)]
    pub(super) fn close(self, within: Duration) -> bool {
        self.end("saver").is_over(within)
    }
}

fn keep<T>(
    path: &Path,
    fresh: &Mutex<Option<T>>,
    over: &Receiver<()>,
    every: Duration,
    mut save: impl FnMut(&T, &Path) -> io::Result<()>,
    lost: &str,
) {
    let mut complained = false;
    loop {
        let last = over.recv_timeout(every) == Err(RecvTimeoutError::Disconnected);
        let newest = lock(fresh).take();
        if let Some(newest) = newest {
            match save(&newest, path) {
                Ok(()) => complained = false,
                Err(e) => {
                    if !std::mem::replace(&mut complained, true) {
                        log::warn!("{}: {e}; {lost}", path.display());
                    }
                    // It is tried again, unless there is something newer meanwhile.
                    lock(fresh).get_or_insert(newest);
                }
            }
        }
        if last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn saver(path: PathBuf) -> Saver<u32> {
        let save = |n: &u32, path: &Path| std::fs::write(path, n.to_string());
        Saver::start("saver", path, 0, LONG, save, "nothing is remembered").unwrap()
    }

    #[test]
    fn the_last_change_is_written_at_the_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("n");
        let mut saver = saver(path.clone());
        for n in 1..=9 {
            saver.note(n);
        }
        assert!(saver.close(LONG));
        assert_eq!(std::fs::read_to_string(path).unwrap(), "9");
    }

    #[test]
    fn nothing_is_written_when_nothing_changed_and_a_bad_folder_is_survived() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("no-such-folder/n");
        let mut lost = saver(path.clone());
        lost.note(1);
        assert!(lost.close(LONG) && !path.exists());
        let path = dir.path().join("n");
        let mut same = saver(path.clone());
        same.note(0);
        assert!(same.close(LONG) && !path.exists());
    }
}
