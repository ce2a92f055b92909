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
use crate::record::ledger::{Ask, Hours, Journalled, Look, Scope, Span, StationLedger, country};
use crate::replay::footage::Footage;
use crate::replay::group::Waker;
use crate::replay::opening::Opening;
use crate::text::Text;

/// While the day goes on it is read again this often.
const AGAIN_EVERY: Duration = Duration::from_secs(5);

/// While a folder is opened, what was found so far is shown this often.
const OPENING_EVERY: Duration = Duration::from_millis(500);

/// What was read.
pub(super) struct Read {
    pub(super) footage: Footage,
    pub(super) ledgers: Vec<Arc<StationLedger>>,
    /// Why there is no ledger.
    pub(super) trouble: Option<String>,
}

/// Where it is read from.
#[derive(Clone)]
pub(super) enum From {
    /// A data folder: its catalogue, its journal and its lists.
    Data(DataDir),
    /// A folder of files that is being opened.
    Files(Arc<Opening>),
}

/// Which day of which stations.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) from: From,
    pub(super) day: Arc<ElectionDay>,
    pub(super) date: Date,
    pub(super) stations: HashSet<StationId>,
    pub(super) text: Arc<Text>,
}

/// Reads the files of the stations that are asked for, of the day and what belongs to it.
pub(super) fn footage(asked: &Asked) -> Result<Footage, IndexError> {
    let data = match &asked.from {
        From::Data(data) => data,
        From::Files(opening) => return Ok((*opening.footage()).clone()),
    };
    let (from, to) = asked.day.civil_hours(asked.date);
    // Stages may run past midnight.
    let span = Span::between(from, to).grown(Duration::from_secs(12 * 3600));
    let reader = Reader::open(&data.footage_file())?;
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
fn ledgers(
    asked: &Asked,
    footage: &Footage,
    clock: &dyn Clock,
) -> Result<Vec<Arc<StationLedger>>, String> {
    let scope = match asked.stations.iter().next() {
        Some(station) if asked.stations.len() == 1 => Scope::Station(*station),
        _ => Scope::Country,
    };
    let (day, date, now) = (&*asked.day, asked.date, clock.wall());
    let country = match &asked.from {
        From::Data(data) => {
            let lists = gather::lists(data).map_err(|e| e.explain(&asked.text))?;
            let wanted = Wanted { day, date, stage: None, scope, lists: &lists, now };
            let gathered = gather::from_data(data, &wanted);
            gathered.map_err(|e| e.explain(&asked.text))?.country
        }
        // No file says why something is missing.
        From::Files(_) => {
            let hours = Hours::new(day, date);
            let ask = Ask { hours, scope, lists: &[], now_us: now.as_micros() };
            let nothing = |_: &Look<'_>| Ok::<_, IndexError>(Journalled::default());
            let made = country(&ask, &footage.to_memory(), nothing);
            made.map_err(|e| e.explain(&asked.text))?
        }
    };
    let chosen = country.stations.into_iter();
    let chosen = chosen.filter(|ledger| asked.stations.contains(&ledger.station));
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
                let opens = match &asked.from {
                    From::Files(opening) => opening.progress().ended.is_none(),
                    From::Data(_) => false,
                };
                match footage(&asked) {
                    Ok(footage) => {
                        let (ledgers, trouble) = match ledgers(&asked, &footage, &*clock) {
                            Ok(ledgers) => (ledgers, None),
                            Err(why) => (Vec::new(), Some(why)),
                        };
                        *lock(&to) = Some(Read { footage, ledgers, trouble });
                    }
                    Err(error) => log::warn!("the catalogue cannot be read: {error}"),
                }
                waker();
                let today = asked.day.local(clock.wall()).date();
                let goes_on = (today.duration_until(asked.date).as_hours()).abs() <= 24;
                let pause = match (opens, goes_on) {
                    (true, _) => OPENING_EVERY,
                    (false, true) => AGAIN_EVERY,
                    (false, false) => Duration::from_secs(3600),
                };
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
