//! Bringing heads to a second holder: in order, each until it is taken, from where it stopped, also
//! after the program was ended. What waits stands in the journal and takes no memory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::{HolderError, SealError};
use super::head::SignedHead;
use super::holder::Holder;
use super::key::unhex;
use crate::config::data::create_private;
use crate::config::save::{Access, save};
use crate::journal::Kind;
use crate::journal::chain::hex;
use crate::journal::read::Reader;
use crate::record::chain::Hash;
use crate::record::index;

/// How a second holder stands.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Heads in the journal that it has not got.
    pub heads: u64,
    /// Why it has not, if it refused or could not be reached.
    pub why: Option<HolderError>,
}

/// What is remembered of a holder: the last head that it took.
#[derive(Serialize, Deserialize)]
struct State {
    number: u64,
    hash: String,
}

/// Brings heads from the journal to a holder.
pub struct Delivery {
    holder: Box<dyn Holder>,
    journal: PathBuf,
    index: PathBuf,
    state: PathBuf,
    /// The head that it took last.
    taken: Option<Hash>,
    /// The journal's row of it; `None` until it was looked for.
    row: Option<i64>,
}

impl Delivery {
    /// From `journal` to `holder`, the feeds' chains out of the catalogue `index`; what was taken is
    /// remembered in `state`, one file for each holder.
    ///
    /// # Errors
    /// `state` is there and cannot be read.
    pub fn new(
        holder: Box<dyn Holder>,
        journal: &Path,
        index: &Path,
        state: &Path,
    ) -> Result<Self, SealError> {
        let failed = |source| SealError::State { path: state.to_owned(), source };
        let taken = match fs::read(state) {
            // What is not readable there costs lines that the holder gets twice.
            Ok(bytes) => serde_json::from_slice(&bytes).ok().and_then(|s: State| unhex(&s.hash)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(failed(e)),
        };
        let (journal, index, state) = (journal.to_owned(), index.to_owned(), state.to_owned());
        Ok(Self { holder, journal, index, state, taken, row: None })
    }

    /// Gives the holder what it has not got, as far as it takes it, `most` heads at most.
    ///
    /// # Errors
    /// The journal cannot be read, or what was taken cannot be remembered.
    pub fn step(&mut self, most: usize) -> Result<Waiting, SealError> {
        let journal = Reader::open(&self.journal)?;
        let newest = journal.newest(Kind::SealHead)?.map_or(0, |row| row.seq);
        let mut row = match self.row {
            // A journal with fewer rows is another one.
            Some(row) if row <= newest => row,
            _ => self.find(&journal)?,
        };
        // Without the catalogue heads are still worth delivering.
        let index = index::Reader::open(&self.index).ok();
        let mut why = None;
        for _ in 0..most {
            let Some(next) = journal.next(Kind::SealHead, row)? else { break };
            if let Some(signed) = next.event().as_ref().and_then(SignedHead::of) {
                let chain = |feed, place| index.as_ref()?.chain_at(feed, place).ok()?;
                if let Err(e) = self.holder.take(&signed.line(chain)) {
                    log::warn!("a head of the seal is not delivered: {e}");
                    why = Some(e);
                    break;
                }
                self.remember(&signed)?;
            }
            row = next.seq;
            self.row = Some(row);
        }
        self.row = Some(row);
        Ok(Waiting { heads: journal.count_after(Kind::SealHead, row)?, why })
    }

    /// The row of the head that was taken last; where that is not in the journal, all of it waits.
    fn find(&self, journal: &Reader) -> Result<i64, SealError> {
        let Some(taken) = self.taken else { return Ok(0) };
        let mut row = 0;
        while let Some(next) = journal.next(Kind::SealHead, row)? {
            row = next.seq;
            let signed = next.event().as_ref().and_then(SignedHead::of);
            if signed.is_some_and(|signed| signed.head.hash() == taken) {
                return Ok(row);
            }
        }
        Ok(0)
    }

    fn remember(&mut self, signed: &SignedHead) -> Result<(), SealError> {
        let failed = |source| SealError::State { path: self.state.clone(), source };
        let hash = signed.head.hash();
        let state = State { number: signed.head.number, hash: hex(&hash) };
        let json = serde_json::to_vec(&state).map_err(|e| failed(e.into()))?;
        if let Some(folder) = self.state.parent()
            && !folder.is_dir()
        {
            create_private(folder).map_err(failed)?;
        }
        save(&self.state, &json, Access::Shared).map_err(failed)?;
        self.taken = Some(hash);
        Ok(())
    }
}
