//! The station list while something receives it: loaded at the start, looked at again each second, so
//! that a list that is accepted meanwhile takes effect by itself.

use std::convert::Infallible;
use std::time::Duration;

use anyhow::Context as _;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, never};

use super::ending::Ending;
use super::imports::Imports;
use crate::config::data::DataDir;
use crate::config::list::ListStore;
use crate::config::secrets::{FeedSource, Redactor, Vault, feed_sources};
use crate::ingest::Waker;
use crate::model::StationList;
use crate::text::Text;
use crate::tr;

/// How long a new list may go unnoticed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A list and everything needed to receive it.
pub(super) struct Loaded {
    /// 0 when no list was ever accepted.
    pub(super) version: u32,
    pub(super) list: StationList,
    pub(super) sources: Vec<FeedSource>,
}

fn load_version(store: &ListStore, data: &DataDir, text: &Text) -> anyhow::Result<Loaded> {
    let Some(current) = store.current().map_err(|e| anyhow::anyhow!(e.explain(text)))? else {
        return Ok(Loaded { version: 0, list: StationList::default(), sources: Vec::new() });
    };
    let vault = Vault::load(&data.secrets_file()).map_err(|e| anyhow::anyhow!(e.explain(text)))?;
    let secrets = vault.secrets(current.version).map_err(|e| anyhow::anyhow!(e.explain(text)))?;
    Redactor::global().learn([secrets]);
    let sources = feed_sources(&current.list, &vault, current.version)
        .map_err(|e| anyhow::anyhow!(e.explain(text)))?;
    Ok(Loaded { version: current.version, list: current.list, sources })
}

/// The list as it is now. An empty list is no error: the wall says how to import one.
pub(super) fn load(store: &ListStore, data: &DataDir, text: &Text) -> anyhow::Result<Loaded> {
    load_version(store, data, text).with_context(|| tr!(text, "wall-no-list").into_owned())
}

/// A thread that brings new lists.
pub(super) struct ListWatch {
    lists: Receiver<Loaded>,
    /// A message makes the thread look now; dropped with this, it ends the thread.
    nudge: Sender<()>,
    /// Disconnects at the thread's end.
    ended: Receiver<Infallible>,
}

impl ListWatch {
    /// Begins to look for versions other than `version`, and to put down which were accepted;
    /// `waker` tells of each that is there.
    pub(super) fn start(
        store: ListStore,
        data: DataDir,
        version: u32,
        imports: Imports,
        waker: Waker,
    ) -> anyhow::Result<Self> {
        let (found, lists) = bounded(1);
        let (nudge, nudged) = bounded(1);
        let (alive, ended) = bounded(0);
        std::thread::Builder::new()
            .name("list-watch".into())
            .spawn(move || {
                look(&store, &data, version, imports, &waker, &found, &nudged);
                drop::<Sender<Infallible>>(alive);
            })
            .context("cannot start a thread")?;
        Ok(Self { lists, nudge, ended })
    }

    /// Looks for a new list at once.
    pub(super) fn look_now(&self) {
        // Full: it is about to look anyway.
        let _ = self.nudge.try_send(());
    }

    /// One that never brings any.
    pub(super) fn idle() -> Self {
        Self { lists: never(), nudge: bounded(0).0, ended: bounded(0).1 }
    }

    /// Looks no more.
    pub(super) fn end(self) -> Ending {
        let Self { lists, nudge, ended } = self;
        drop((lists, nudge));
        let lost = "a list that was just accepted is put down at the next start";
        Ending::new("list-watch", lost, ended)
    }

    /// A list that was accepted since the last call.
    pub(super) fn fresh(&self) -> Option<Loaded> {
        self.lists.try_recv().ok()
    }
}

fn look(
    store: &ListStore,
    data: &DataDir,
    mut version: u32,
    mut imports: Imports,
    waker: &Waker,
    found: &Sender<Loaded>,
    nudged: &Receiver<()>,
) {
    // Only for the words of errors, which go to the log.
    let text = Text::of(crate::text::Lang::En);
    let mut complained = None;
    imports.catch_up(store);
    while nudged.recv_timeout(LOOK_EVERY) != Err(RecvTimeoutError::Disconnected) {
        let newest = match store.newest_version() {
            Ok(newest) => newest.unwrap_or(0),
            Err(e) => {
                complain(&mut complained, e.explain(&text));
                continue;
            }
        };
        if newest == version {
            continue;
        }
        match load_version(store, data, &text) {
            Ok(loaded) => {
                log::info!("station list {} replaces {version}", loaded.version);
                version = loaded.version;
                complained = None;
                imports.catch_up(store);
                // Blocks while the list before has not been taken, which the wall does with its
                // next paint; whoever ends disconnects.
                if found.send(loaded).is_err() {
                    return;
                }
                waker();
            }
            Err(e) => complain(&mut complained, format!("{e:#}")),
        }
    }
}

/// Logs a problem once, not every second.
fn complain(last: &mut Option<String>, problem: String) {
    if last.as_ref() != Some(&problem) {
        log::error!("the new station list cannot be taken: {problem}");
        *last = Some(problem);
    }
}
