//! Making a head every minute, into the journal, and on to the second holders.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::delivery::{Delivery, Waiting};
use super::error::SealError;
use super::head::{Head, SignedHead};
use super::holder::{FileHolder, Holder, UrlHolder};
use super::key::SealKey;
use super::tree::Tree;
use crate::clock::{Clock, WallTime, lock};
use crate::config::data::DataDir;
use crate::config::record::SealConfig;
use crate::journal::{Entry, Journal, Kind, read};
use crate::record::index;

/// A head is made at the beginning of each of these.
const EVERY: Duration = Duration::from_secs(60);

/// So long a head waits for the journal; one that is not there by then was perhaps never, and
/// nothing may follow on it.
const DURABLE_WITHIN: Duration = Duration::from_secs(30);

/// A holder that has not taken everything is asked again so soon.
const AGAIN: Duration = Duration::from_secs(15);

/// So many heads are brought before it is looked whether the program ends.
const AT_ONCE: usize = 64;

/// The newest head of a journal; `None` where there is none, or no journal.
///
/// # Errors
/// The journal cannot be read.
pub fn newest_head(journal: &Path) -> Result<Option<Head>, SealError> {
    let reader = match read::Reader::open(journal) {
        Err(crate::journal::JournalError::None { .. }) => return Ok(None),
        reader => reader?,
    };
    let Some(row) = reader.newest(Kind::SealHead)? else { return Ok(None) };
    let signed = row.event().as_ref().and_then(SignedHead::of);
    if signed.is_none() {
        log::error!("row {} of the journal is no head of ours; heads begin anew", row.seq);
    }
    Ok(signed.map(|signed| signed.head))
}

/// Makes heads, each after the one before.
pub struct Sealer {
    key: SealKey,
    before: Option<Head>,
    /// A head that the journal has not answered for.
    open: Option<(crate::journal::Receipt, Head)>,
}

impl Sealer {
    /// With `key`, after the head `before`.
    pub fn new(key: SealKey, before: Option<Head>) -> Self {
        Self { key, before, open: None }
    }

    /// Makes a head over the chains in the catalogue `index` and puts it into `journal`, durably.
    /// `None` where nothing was ever recorded, or the journal does not take it now: then the next
    /// head has its number.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn seal(
        &mut self,
        index: &Path,
        journal: &Journal,
        clock: &dyn Clock,
    ) -> Result<Option<SignedHead>, SealError> {
        // The journal may have taken one that it was slow with.
        if let Some((receipt, head)) = self.open.take() {
            match receipt.wait_for(DURABLE_WITHIN) {
                Some(Ok(_)) => self.before = Some(head),
                Some(Err(e)) => log::warn!("head {} of the seal is not kept: {e}", head.number),
                None => {
                    self.open = Some((receipt, head));
                    return Ok(None);
                }
            }
        }
        let links = match index::Reader::open(index) {
            Err(index::IndexError::None { .. }) => return Ok(None),
            reader => reader?.links()?,
        };
        if links.is_empty() {
            return Ok(None);
        }
        let tree = Tree::over(links);
        let signed = SignedHead::sign(&self.key, &tree, self.before.as_ref(), clock.wall());
        let receipt = journal.record_durably(Entry::now(clock, signed.event()));
        match receipt.wait_for(DURABLE_WITHIN) {
            Some(Ok(_)) => {
                self.before = Some(signed.head);
                Ok(Some(signed))
            }
            Some(Err(e)) => {
                log::warn!("head {} of the seal is not kept: {e}", signed.head.number);
                Ok(None)
            }
            None => {
                self.open = Some((receipt, signed.head));
                Ok(None)
            }
        }
    }
}

/// The seal of a data folder at work: one thread makes heads, one for each second holder brings
/// them there. Ends when it is dropped or closed.
pub struct Seal {
    stop: Option<Sender<Infallible>>,
    ended: Receiver<Infallible>,
    waiting: Vec<(String, Arc<Mutex<Waiting>>)>,
    fingerprint: crate::record::chain::Hash,
}

impl Seal {
    /// Begins to seal what is recorded in `data`, which the caller owns. The journal is open.
    ///
    /// # Errors
    /// There is no key, the journal cannot be read, or a thread cannot be started.
    pub fn start(
        data: &DataDir,
        config: &SealConfig,
        journal: Journal,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, SealError> {
        let folder = data.seal();
        let key = SealKey::load_or_make(&folder.join("key"))?;
        let fingerprint = key.fingerprint();
        let sealer = Sealer::new(key, newest_head(&data.journal_file())?);
        let (stop, stopped) = bounded(0);
        let (alive, ended) = bounded(0);
        let mut holders: Vec<(Box<dyn Holder>, PathBuf)> = Vec::new();
        if let Some(file) = &config.file {
            holders.push((Box::new(FileHolder::new(file)), folder.join("taken-by-file.json")));
        }
        if let Some(url) = &config.url {
            holders.push((Box::new(UrlHolder::new(url)), folder.join("taken-by-url.json")));
        }
        let (mut waiting, mut wakers) = (Vec::new(), Vec::new());
        for (holder, state) in holders {
            let name = holder.name();
            let (journal, index) = (data.journal_file(), data.footage_file());
            let delivery = Delivery::new(holder, &journal, &index, &state)?;
            let told = Arc::new(Mutex::new(Waiting::default()));
            // One place: a holder that is behind is woken once for all that has come.
            let (wake, woken) = bounded(1);
            wakers.push(wake);
            let (shared, alive) = (Arc::clone(&told), Sender::clone(&alive));
            start("seal-holder", move || bring(delivery, &woken, &shared), alive)?;
            waiting.push((name, told));
        }
        let index = data.footage_file();
        let work = move || every_minute(sealer, &index, &journal, &*clock, &stopped, &wakers);
        start("seal", work, alive)?;
        Ok(Self { stop: Some(stop), ended, waiting, fingerprint })
    }

    /// The fingerprint of the key that signs.
    pub fn fingerprint(&self) -> crate::record::chain::Hash {
        self.fingerprint
    }

    /// How each second holder stands: where it is, how many heads wait for it, and why, told to a
    /// person by [`HolderError::explain`](super::HolderError::explain).
    pub fn each_waiting(&self, mut take: impl FnMut(&str, &Waiting)) {
        for (name, waiting) in &self.waiting {
            take(name, &lock(waiting));
        }
    }

    /// Makes a last head over all that was recorded, brings it to the second holders, and ends, as
    /// far as that can be done `within` this time. Whether it has ended. What waits is brought at the
    /// next start.
    pub fn close(mut self, within: Duration) -> bool {
        self.stop = None;
        self.ended.recv_timeout(within) == Err(RecvTimeoutError::Disconnected)
    }
}

fn start(
    name: &str,
    work: impl FnOnce() + Send + 'static,
    alive: Sender<Infallible>,
) -> Result<(), SealError> {
    let builder = std::thread::Builder::new().name(name.to_owned());
    let thread = move || {
        work();
        drop(alive);
    };
    builder.spawn(thread).map(drop).map_err(SealError::Thread)
}

fn every_minute(
    mut sealer: Sealer,
    index: &Path,
    journal: &Journal,
    clock: &dyn Clock,
    stopped: &Receiver<Infallible>,
    wakers: &[Sender<()>],
) {
    loop {
        // Also right after the start, when there may be something to bring.
        for waker in wakers {
            // Full: it will look anyway.
            let _ = waker.try_send(());
        }
        let ends =
            stopped.recv_timeout(until_next(clock.wall())) == Err(RecvTimeoutError::Disconnected);
        if let Err(e) = sealer.seal(index, journal, clock) {
            log::error!("no head of the seal is made: {e}");
        }
        if ends {
            for waker in wakers {
                let _ = waker.try_send(());
            }
            return;
        }
    }
}

/// How long it is until the next head is due.
pub(super) fn until_next(now: WallTime) -> Duration {
    let every = i64::try_from(EVERY.as_micros()).unwrap_or(i64::MAX);
    let left = every - now.as_micros().rem_euclid(every);
    Duration::from_micros(left.unsigned_abs())
}

/// Brings heads until the sealing thread has ended and all that it wanted brought was tried.
fn bring(mut delivery: Delivery, woken: &Receiver<()>, told: &Mutex<Waiting>) {
    let mut again = EVERY;
    loop {
        let ends = woken.recv_timeout(again) == Err(RecvTimeoutError::Disconnected);
        loop {
            let step = delivery.step(AT_ONCE);
            let goes_on = match step {
                Ok(waiting) => {
                    let goes_on = waiting.heads > 0 && waiting.why.is_none();
                    again = if waiting.heads > 0 { AGAIN } else { EVERY };
                    *lock(told) = waiting;
                    goes_on
                }
                Err(e) => {
                    log::error!("heads of the seal are not delivered: {e}");
                    again = EVERY;
                    false
                }
            };
            if !goes_on || ends {
                break;
            }
        }
        if ends {
            return;
        }
    }
}
