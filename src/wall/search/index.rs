//! What a search looks through: every station's texts, folded once for each list.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::query::{Query, Word};
use crate::model::{StationId, StationList};
use crate::text;

/// A text as it is compared: its letters as they are, and without their marks.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    pub(super) exact: String,
    pub(super) base: String,
}

impl Folded {
    pub(super) fn new(s: &str) -> Self {
        Self { exact: text::fold_composed(s), base: text::base_letters(s) }
    }
}

/// How well a word matches; less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Quality {
    /// The letters as typed, at the beginning of a word, or a number.
    Begins,
    /// The letters as typed, inside a word.
    Inside,
    /// Without marks, at the beginning of a word.
    BaseBegins,
    /// Without marks, inside a word.
    BaseInside,
}

/// What it was that matched, and its place in alphabetical order among its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Number(u32),
    Name(u32),
    District(u32),
    Address(u32),
}

/// A text with its place in Azerbaijani order.
#[derive(Clone, Debug, Default)]
struct Ranked {
    text: Folded,
    rank: u32,
}

struct Entry {
    id: StationId,
    name: Ranked,
    /// Index into `districts`.
    district: usize,
    address: Ranked,
}

/// The folded texts of one list.
pub(in crate::wall) struct Index {
    stations: Vec<Entry>,
    districts: Vec<Ranked>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index({} stations)", self.stations.len())
    }
}

/// Folds and ranks texts that stand in one column.
fn ranked<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Ranked> {
    let texts: Vec<&str> = texts.collect();
    let mut order: Vec<&str> = texts.clone();
    order.sort_by(|a, b| text::compare(a, b));
    order.dedup();
    let ranks: HashMap<&str, u32> = order.into_iter().zip(0..).collect();
    let rank = |t: &str| ranks.get(t).copied().unwrap_or(u32::MAX);
    texts.into_iter().map(|t| Ranked { text: Folded::new(t), rank: rank(t) }).collect()
}

impl Index {
    /// Of this list.
    pub(in crate::wall) fn new(list: &StationList) -> Self {
        let names = ranked(list.stations.iter().map(|s| s.name.as_str()));
        let addresses = ranked(list.stations.iter().map(|s| s.address.as_str()));
        let districts = ranked(list.districts.iter().map(|d| d.name.as_str()));
        let of = |id: StationId| list.districts.partition_point(|d| d.number < id.district);
        let texts = names.into_iter().zip(addresses);
        let entry = |(s, (name, address)): (&crate::model::Station, (Ranked, Ranked))| Entry {
            id: s.id,
            name,
            district: of(s.id),
            address,
        };
        Self { stations: list.stations.iter().zip(texts).map(entry).collect(), districts }
    }

    /// The stations that every word of `query` matches, as indices into the list: exact matches
    /// first, then by what was found (number, name, district, address) in Azerbaijani order.
    pub(super) fn find(&self, query: &Query) -> Vec<usize> {
        let found = |(at, entry): (usize, &Entry)| {
            let mut matches = query.words.iter().map(|word| self.matches(word, entry));
            let first = matches.next()??;
            let rest = matches.collect::<Option<Vec<_>>>()?;
            let worst = rest.iter().map(|(quality, _)| *quality).fold(first.0, Ord::max);
            Some((worst, first.1, at))
        };
        let mut hits: Vec<_> = self.stations.iter().enumerate().filter_map(found).collect();
        hits.sort_unstable();
        hits.into_iter().map(|(_, _, at)| at).collect()
    }

    fn matches(&self, word: &Word, entry: &Entry) -> Option<(Quality, Found)> {
        let by_number = word.number(entry.id).map(|order| (Quality::Begins, Found::Number(order)));
        let district = self.districts.get(entry.district);
        let by_text = |column: &Ranked| Some((quality(word, &column.text)?, column.rank));
        let by_name = by_text(&entry.name).map(|(q, rank)| (q, Found::Name(rank)));
        let by_district = district.and_then(by_text).map(|(q, rank)| (q, Found::District(rank)));
        let by_address = by_text(&entry.address).map(|(q, rank)| (q, Found::Address(rank)));
        [by_number, by_name, by_district, by_address].into_iter().flatten().min_by(better)
    }
}

fn better(a: &(Quality, Found), b: &(Quality, Found)) -> Ordering {
    a.cmp(b)
}

fn quality(word: &Word, text: &Folded) -> Option<Quality> {
    let Word { text: wanted, begins_with_digit, .. } = word;
    match place(&wanted.exact, &text.exact) {
        Some(true) => Some(Quality::Begins),
        // 57 is not found in 157.
        Some(false) if !begins_with_digit => Some(Quality::Inside),
        _ => match place(&wanted.base, &text.base)? {
            true => Some(Quality::BaseBegins),
            false => (!begins_with_digit).then_some(Quality::BaseInside),
        },
    }
}

/// Whether `wanted` is in `text`, and then whether at the beginning of a word.
fn place(wanted: &str, text: &str) -> Option<bool> {
    let mut inside = None;
    for (at, _) in text.match_indices(wanted) {
        let before = text[..at].chars().next_back();
        if before.is_none_or(|c| !c.is_alphanumeric()) {
            return Some(true);
        }
        inside = Some(false);
    }
    inside
}
