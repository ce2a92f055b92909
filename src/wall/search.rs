//! The search: by number (`57/12`, `57`), name of the station or its district, or address.
//!
//! Letters are compared as Azerbaijani does, first as they were typed and then without their
//! marks, for keyboards that have no ə or ş. All words must match.

mod index;
mod query;

pub(super) use index::Index;

use std::ops::Range;
use std::sync::Arc;

use query::Query;

/// An open search.
#[derive(Clone, Debug)]
pub struct Search {
    index: Arc<Index>,
    typed: String,
    /// Indices into the list's stations, best first.
    hits: Vec<usize>,
    /// Index into `hits`.
    chosen: usize,
    /// The first hit on screen, and how many there is room for.
    first: usize,
    rows: usize,
}

impl Search {
    pub(super) fn new(index: Arc<Index>) -> Self {
        Self { index, typed: String::new(), hits: Vec::new(), chosen: 0, first: 0, rows: 1 }
    }

    /// What has been typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// How many stations were found.
    pub fn found(&self) -> usize {
        self.hits.len()
    }

    /// The place of the chosen hit among all.
    pub fn chosen(&self) -> usize {
        self.chosen
    }

    /// The hits on screen, by their places among all.
    pub fn on_screen(&self) -> Range<usize> {
        self.first..(self.first + self.rows).min(self.hits.len())
    }

    pub(super) fn set_index(&mut self, index: Arc<Index>) {
        self.index = index;
        self.find(self.typed.clone());
    }

    pub(super) fn find(&mut self, typed: String) {
        self.hits = self.index.find(&Query::new(&typed));
        self.typed = typed;
        (self.chosen, self.first) = (0, 0);
    }

    /// Chooses the hit so many places further down.
    pub(super) fn step(&mut self, by: i64) {
        let last = self.hits.len().saturating_sub(1) as i64;
        let to = (self.chosen as i64).saturating_add(by).clamp(0, last);
        self.chosen = usize::try_from(to).unwrap_or(0);
        self.follow();
    }

    /// One screenful, down (1) or up (-1).
    pub(super) fn page(&mut self, direction: i64) {
        self.step(direction * self.rows as i64);
    }

    pub(super) fn set_rows(&mut self, rows: usize) {
        self.rows = rows.max(1);
        self.follow();
    }

    /// Keeps the chosen hit on screen.
    fn follow(&mut self) {
        let lowest = (self.chosen + 1).saturating_sub(self.rows);
        self.first = self.first.clamp(lowest, self.chosen);
    }

    /// The place in the list of the hit in this place.
    pub(super) fn hit(&self, at: usize) -> Option<usize> {
        self.hits.get(at).copied()
    }
}

#[cfg(test)]
mod tests;
