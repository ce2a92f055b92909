//! J: what was recorded of a station, seen again in a window of its own. A process of its own, too:
//! whatever happens to a replay, the wall goes on.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::WallTime;
use crate::config::data::DataDir;
use crate::model::StationId;
use crate::text::Lang;
use crate::ui::Tidings;

/// A replay begins so long before the present: what somebody wants to see again has just been.
const BEFORE: Duration = Duration::from_secs(10);

/// What is replayed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Station(StationId),
    Folder(PathBuf),
}

/// Opens replays and knows which are open.
#[derive(Default)]
pub(super) struct Replayer {
    data: PathBuf,
    open: Vec<(What, Child)>,
}

impl Replayer {
    pub(super) fn new(data: &DataDir) -> Self {
        Self { data: data.root().to_owned(), open: Vec::new() }
    }

    /// Opens a station's recording as of now.
    pub(super) fn open(&mut self, station: StationId, now: WallTime, lang: Lang) -> Tidings {
        let at = (now - BEFORE).timestamp().to_string();
        let spawned = self.command(lang).and_then(|mut command| {
            command.args(["--stations", &station.to_string(), "--at", &at]).spawn()
        });
        match spawned {
            Ok(child) => {
                self.open.push((What::Station(station), child));
                Tidings::ReplayOpens
            }
            Err(error) => {
                log::error!("no replay of {station}: {error}");
                Tidings::NoReplay(Some(Arc::new(error)))
            }
        }
    }

    /// Opens a folder of recordings.
    ///
    /// # Errors
    /// The program cannot be started.
    pub(super) fn folder(&mut self, folder: &Path, lang: Lang) -> std::io::Result<()> {
        let child = self.command(lang)?.arg(folder).spawn()?;
        self.open.push((What::Folder(folder.to_owned()), child));
        Ok(())
    }

    fn command(&self, lang: Lang) -> std::io::Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("replay").arg("--data").arg(&self.data).args(["--lang", lang.code()]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(command)
    }

    /// A replay that has ended without having been closed by somebody.
    pub(super) fn failed(&mut self) -> Option<(What, Tidings)> {
        let mut failed = None;
        self.open.retain_mut(|(what, child)| match child.try_wait() {
            Ok(None) => true,
            Ok(Some(status)) if status.success() => false,
            Ok(Some(status)) => {
                log::warn!("the replay of {what:?} ended: {status}");
                failed = Some((what.clone(), Tidings::NoReplay(None)));
                false
            }
            Err(error) => {
                log::warn!("the replay of {what:?}: {error}");
                false
            }
        });
        failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock as _, SystemClock};

    #[test]
    fn what_cannot_be_opened_or_fails_is_told_and_forgotten() {
        let mut replayer = Replayer::default();
        let station = StationId::new(23, 4);
        let fails = Command::new("false").spawn().unwrap();
        let lasts = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        replayer.open =
            vec![(What::Station(station), fails), (What::Folder("/media".into()), lasts)];
        let began = SystemClock.mono();
        let failed = loop {
            if let Some(failed) = replayer.failed() {
                break failed;
            }
            assert!(SystemClock.mono().since(began) < Duration::from_secs(60));
            std::thread::yield_now();
        };
        assert_eq!(failed.0, What::Station(station));
        assert!(matches!(failed.1, Tidings::NoReplay(None)));
        assert_eq!(replayer.open.len(), 1, "the other is open");
        let (_, mut other) = replayer.open.remove(0);
        drop(other.stdin.take());
        assert!(other.wait().unwrap().success());
    }
}
