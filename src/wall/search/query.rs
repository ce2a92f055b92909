//! What was typed into the search, taken apart into words.

use super::index::Folded;
use crate::model::StationId;

/// One word of a query.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: Folded,
    pub(super) begins_with_digit: bool,
    /// `57` or `57/12`, `57/`: the digits before and after the stroke.
    number: Option<(String, Option<String>)>,
}

/// The words of a query: all of them must match.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) words: Vec<Word>,
}

impl Query {
    /// Takes `typed` apart. Empty when nothing but spaces was typed.
    pub(super) fn new(typed: &str) -> Self {
        Self { words: typed.split_whitespace().map(Word::new).collect() }
    }
}

impl Word {
    fn new(typed: &str) -> Self {
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let (district, station) = match typed.split_once('/') {
            Some((district, station)) => (district, Some(station)),
            None => (typed, None),
        };
        let is_number = !district.is_empty() && digits(district) && station.is_none_or(digits);
        Self {
            text: Folded::new(typed),
            begins_with_digit: typed.starts_with(|c: char| c.is_ascii_digit()),
            number: is_number.then(|| (district.to_owned(), station.map(str::to_owned))),
        }
    }

    /// Whether this is `id`'s number or the beginning of it, and in which group it belongs: the
    /// station or the district itself, then what only begins so, then stations of that number in
    /// other districts.
    pub(super) fn number(&self, id: StationId) -> Option<u32> {
        let (district, station) = self.number.as_ref()?;
        let same = |typed: &str, number: u32| typed.parse() == Ok(number);
        match station.as_deref() {
            None if same(district, id.district.into()) => Some(0),
            None => same(district, id.station).then_some(2),
            Some(_) if !same(district, id.district.into()) => None,
            Some("") => Some(0),
            Some(station) if same(station, id.station) => Some(0),
            Some(station) => id.station.to_string().starts_with(station).then_some(1),
        }
    }
}
