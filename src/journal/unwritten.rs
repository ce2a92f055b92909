//! What is not on the disk when a journal is closed.

use std::collections::BTreeMap;
use std::fmt;

use super::entry::Row;
use crate::clock::WallTime;
use crate::config::database::Reason;

/// Rows that wait, summed up: how many of which kind, and from when to when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unwritten {
    /// How many rows of each kind.
    pub kinds: BTreeMap<&'static str, usize>,
    /// When the earliest and the latest of them happened, in microseconds of UTC.
    pub utc_us: Option<(i64, i64)>,
    /// Why nothing can be written, where that is known.
    pub reason: Option<Reason>,
}

impl Unwritten {
    pub(super) fn add(&mut self, row: &Row) {
        *self.kinds.entry(row.kind).or_default() += 1;
        let (first, last) = self.utc_us.unwrap_or((row.utc_us, row.utc_us));
        self.utc_us = Some((first.min(row.utc_us), last.max(row.utc_us)));
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.kinds.values().sum()
    }
}

impl fmt::Display for Unwritten {
    /// For the log, in English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows are lost", self.rows())?;
        for (at, (kind, count)) in self.kinds.iter().enumerate() {
            write!(f, "{}{count} {kind}", if at == 0 { " (" } else { ", " })?;
        }
        if !self.kinds.is_empty() {
            f.write_str(")")?;
        }
        if let Some((first, last)) = self.utc_us {
            let [first, last] = [first, last].map(WallTime::from_micros);
            write!(f, ", of {first} to {last}")?;
        }
        if let Some(reason) = self.reason {
            write!(f, ": {}", reason.code())?;
        }
        Ok(())
    }
}
