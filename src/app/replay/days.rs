//! What is known of the recording, read beside whoever writes it: which files there are, and the
//! ledger of the day. On a thread of its own, for the screen may not wait for a disk.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};
use jiff::civil::Date;

use crate::app::ledger::gather::{self, Wanted};
use crate::clock::{Clock, lock};
use crate::config::data::DataDir;
use crate::model::StationId;
use crate::model::day::ElectionDay;
use crate::record::index::{IndexError, Reader};
use crate::record::ledger::{Scope, Span, StationLedger};
use crate::replay::footage::Footage;
use crate::replay::group::Waker;
use crate::text::Text;

/// While the day goes on it is read again this often.
const AGAIN_EVERY: Duration = Duration::from_secs(5);

/// What was read.
pub(super) struct Read {
    pub(super) footage: Footage,
    pub(super) ledgers: Vec<Arc<StationLedger>>,
    /// Why there is no ledger.
    pub(super) trouble: Option<String>,
}

/// Which day of which stations.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) data: DataDir,
    pub(super) day: Arc<ElectionDay>,
    pub(super) date: Date,
    pub(super) stations: HashSet<StationId>,
    pub(super) text: Arc<Text>,
}

/// Reads the files of the stations that are asked for, of the day and what belongs to it.
pub(super) fn footage(asked: &Asked) -> Result<Footage, IndexError> {
    let (from, to) = asked.day.civil_hours(asked.date);
    // Stages may run past midnight.
    let span = Span::between(from, to).grown(Duration::from_secs(12 * 3600));
    let reader = Reader::open(&asked.data.footage_file())?;
    let mut footage =
        Footage::of_catalogue(&reader, span, |feed| asked.stations.contains(&feed.station))?;
    let feeds: Vec<_> = footage.feeds.keys().copied().collect();
    for feed in feeds {
        if let Err(error) = footage.follow(feed) {
            // It may have been closed, or not have its first picture yet: the next look tells.
            log::debug!("a file that is still being written: {error}");
        }
    }
    Ok(footage)
}

/// The ledger of the day, as far as it can be read.
fn ledgers(asked: &Asked, clock: &dyn Clock) -> Result<Vec<Arc<StationLedger>>, String> {
    let say = |error: gather::Unread| error.explain(&asked.text);
    let lists = gather::lists(&asked.data).map_err(|e| e.explain(&asked.text))?;
    let wanted = Wanted {
        day: &asked.day,
        date: asked.date,
        stage: None,
        scope: match asked.stations.iter().next() {
            Some(station) if asked.stations.len() == 1 => Scope::Station(*station),
            _ => Scope::Country,
        },
        lists: &lists,
        now: clock.wall(),
    };
    let gathered = gather::from_data(&asked.data, &wanted).map_err(say)?;
    let stations = gathered.country.stations.into_iter();
    let chosen = stations.filter(|ledger| asked.stations.contains(&ledger.station));
    Ok(chosen.map(Arc::new).collect())
}

/// Reads again and again until it is dropped.
pub(super) struct Days {
    newest: Arc<Mutex<Option<Read>>>,
    /// Nothing is sent.
    _end: Sender<()>,
}

impl Days {
    pub(super) fn start(
        asked: Asked,
        clock: Arc<dyn Clock>,
        waker: Waker,
    ) -> std::io::Result<Self> {
        let newest = Arc::<Mutex<Option<Read>>>::default();
        let to = Arc::clone(&newest);
        let (end, ended) = bounded::<()>(0);
        let read = move || {
            loop {
                let (ledgers, trouble) = match ledgers(&asked, &*clock) {
                    Ok(ledgers) => (ledgers, None),
                    Err(why) => (Vec::new(), Some(why)),
                };
                match footage(&asked) {
                    Ok(footage) => *lock(&to) = Some(Read { footage, ledgers, trouble }),
                    Err(error) => log::warn!("the catalogue cannot be read: {error}"),
                }
                waker();
                let today = asked.day.local(clock.wall()).date();
                let goes_on = (today.duration_until(asked.date).as_hours()).abs() <= 24;
                let pause = if goes_on { AGAIN_EVERY } else { Duration::from_secs(3600) };
                if ended.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected) {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("replay ledger".into()).spawn(read)?;
        Ok(Self { newest, _end: end })
    }

    /// What was read since the last call.
    pub(super) fn take(&self) -> Option<Read> {
        lock(&self.newest).take()
    }
}
