//! Brings together what the ledger is made of: the catalogue or the files, the journal, the lists.
//! For the command and for the page on the wall.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::clock::WallTime;
use crate::config::data::DataDir;
use crate::config::list::{ListStore, StoreError};
use crate::journal::{self, JournalError};
use crate::model::day::{ElectionDay, Stage};
use crate::record::SegmentEnds;
use crate::record::index::{IndexError, Reader};
use crate::record::ledger::{
    Ask, Country, Files, Hours, Journalled, LedgerSource, ListFrom, Look, Memory, Scope, Span,
    country,
};
use crate::text::Text;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Wanted<'a> {
    pub(in crate::app) day: &'a ElectionDay,
    pub(in crate::app) date: Date,
    pub(in crate::app) stage: Option<Stage>,
    pub(in crate::app) scope: Scope,
    /// The lists that are kept, in their order.
    pub(in crate::app) lists: &'a [ListFrom],
    pub(in crate::app) now: WallTime,
}

impl Wanted<'_> {
    fn ask(&self) -> Ask<'_> {
        let hours = Hours::new(self.day, self.date).only(self.stage);
        Ask { hours, scope: self.scope, lists: self.lists, now_us: self.now.as_micros() }
    }
}

/// The ledger, and from what it was made.
#[derive(Clone, Debug)]
pub(in crate::app) struct Gathered {
    pub(in crate::app) country: Country,
    /// There is a catalogue of recordings; without one nothing was ever recorded here.
    pub(in crate::app) catalogue: bool,
    /// There is a journal.
    pub(in crate::app) journal: bool,
    /// What was found of the files, where there was no catalogue to be asked.
    pub(in crate::app) files: Option<FilesSeen>,
}

/// What was found of the files.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct FilesSeen {
    pub(in crate::app) looked_into: u64,
    pub(in crate::app) unreadable: Vec<(PathBuf, String)>,
    pub(in crate::app) foreign: Vec<PathBuf>,
}

/// Why there is no ledger.
#[derive(Debug, thiserror::Error)]
pub(in crate::app) enum Unread {
    #[error(transparent)]
    Catalogue(#[from] IndexError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Lists(#[from] StoreError),
}

impl Unread {
    /// Told to a person.
    pub(in crate::app) fn explain(&self, text: &Text) -> String {
        match self {
            Self::Catalogue(e) => e.explain(text),
            Self::Journal(e) => e.explain(text),
            Self::Lists(e) => e.explain(text),
        }
    }
}

/// The lists that are kept, in their order.
pub(in crate::app) fn lists(data: &DataDir) -> Result<Vec<ListFrom>, StoreError> {
    let store = ListStore::new(data);
    let mut lists = Vec::new();
    for version in store.history()?.into_iter().rev() {
        match store.load(version.version) {
            Ok(kept) => lists.push(ListFrom {
                version: kept.version,
                from_us: WallTime::from(kept.accepted_at).as_micros(),
                stations: kept.list.stations.iter().map(|station| station.id).collect(),
            }),
            // It was given up between the two looks.
            Err(StoreError::NoVersion(_)) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(lists)
}

/// From catalogue and journal of the data folder, also while a recorder writes them.
pub(in crate::app) fn from_data(data: &DataDir, wanted: &Wanted<'_>) -> Result<Gathered, Unread> {
    let reader = match Reader::open(&data.footage_file()) {
        Ok(reader) => Some(reader),
        // Nothing was ever recorded: all of the hours is a gap, and the journal tells why.
        Err(IndexError::None { .. }) => None,
        Err(e) => return Err(e.into()),
    };
    let mut has_journal = true;
    let mut account = |source: &dyn LedgerSource| {
        country(&wanted.ask(), source, |look: &Look<'_>| {
            match journal::read::Reader::open(&data.journal_file()) {
                Ok(journal) => Ok(Journalled::read(&journal, look)?),
                Err(JournalError::None { .. }) => {
                    has_journal = false;
                    Ok::<_, Unread>(Journalled::without_journal(look))
                }
                Err(e) => Err(e.into()),
            }
        })
    };
    let country = match &reader {
        Some(reader) => reader.at_one_moment(|| account(reader)),
        None => account(&Memory::default()),
    }?;
    Ok(Gathered { country, catalogue: reader.is_some(), journal: has_journal, files: None })
}

/// From the files in a folder alone. No file says why something is missing.
pub(in crate::app) fn from_files(folder: &Path, wanted: &Wanted<'_>) -> Result<Gathered, Unread> {
    let (from, to) = wanted.day.civil_hours(wanted.date);
    // Stages may run past midnight.
    let within = Span::between(from, to).grown(std::time::Duration::from_secs(24 * 3600));
    let files = Files::scan(&[folder.to_owned()], within, wanted.scope, &SegmentEnds)?;
    let nothing = |_: &Look<'_>| Ok::<_, Unread>(Journalled::default());
    let country = country(&wanted.ask(), &files, nothing)?;
    let Files { looked_into, unreadable, foreign, .. } = files;
    let seen = FilesSeen { looked_into, unreadable, foreign };
    Ok(Gathered { country, catalogue: false, journal: false, files: Some(seen) })
}
