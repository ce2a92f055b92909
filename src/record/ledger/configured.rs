//! When a station was on no list.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::span::{Span, joined, rest};
use super::witness::Witness;
use crate::model::StationId;
use crate::record::cause::Cause;

/// A station list, from the moment on at which it was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFrom {
    /// Its number.
    pub version: u32,
    /// When it was accepted.
    pub from_us: i64,
    /// Who is on it.
    pub stations: BTreeSet<StationId>,
}

/// When stations were on no list within these hours, told by the lists that are kept, in their order.
/// Of a time before the oldest one nothing is known unless it was the first ever: then there was none.
pub fn not_configured(lists: &[ListFrom], within: Span) -> impl Fn(StationId) -> Vec<Witness> {
    let mut on: BTreeMap<StationId, Vec<Span>> = BTreeMap::new();
    let mut ends: Vec<i64> = lists.iter().skip(1).map(|list| list.from_us).collect();
    ends.push(i64::MAX);
    for (list, to_us) in lists.iter().zip(&ends) {
        for station in &list.stations {
            on.entry(*station).or_default().push(Span::new(list.from_us, *to_us));
        }
    }
    let unknown = match lists.first() {
        Some(oldest) if oldest.version > 1 => Span::new(i64::MIN, oldest.from_us),
        _ => Span::default(),
    };
    let kept: Vec<(i64, u32)> = lists.iter().map(|list| (list.from_us, list.version)).collect();
    move |station| {
        let listed = on.get(&station).cloned().unwrap_or_default();
        let known = joined(listed.into_iter().chain([unknown]).collect());
        let version_at = |at_us: i64| {
            let before = kept.iter().take_while(|(from_us, _)| *from_us <= at_us);
            before.last().map(|(_, version)| *version)
        };
        let missing = rest(&known, within).into_iter().map(|span| Witness {
            cause: Cause::NotConfigured,
            span,
            evidence: json!({ "list_version": version_at(span.from_us) }),
        });
        missing.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_is_missing_while_no_list_has_it() {
        let (a, b) = (StationId::new(1, 1), StationId::new(1, 2));
        let list = |version, from_us, stations: &[StationId]| ListFrom {
            version,
            from_us,
            stations: stations.iter().copied().collect(),
        };
        let spans = |lists: &[ListFrom], station| -> Vec<(i64, i64)> {
            let missing = not_configured(lists, Span::new(0, 100))(station);
            missing.iter().map(|w| (w.span.from_us, w.span.to_us)).collect()
        };
        let lists = [list(1, 10, &[a]), list(2, 20, &[a, b]), list(3, 50, &[a])];
        assert_eq!(spans(&lists, a), [(0, 10)], "before the first list there was none");
        assert_eq!(spans(&lists, b), [(0, 20), (50, 100)]);
        assert_eq!(spans(&lists[1..], b), [(50, 100)], "what was before is not known");
        assert_eq!(spans(&[], a), [(0, 100)]);
        let told = not_configured(&lists, Span::new(0, 100))(b);
        assert_eq!(told[0].evidence, json!({ "list_version": null }));
        assert_eq!(told[1].evidence, json!({ "list_version": 3 }));
    }
}
