//! What is known of the reasons why there may be no recorded picture, over time.

use serde_json::Value;

use super::span::Span;
use crate::record::catalogue::Incident;
use crate::record::cause::Cause;

/// Something that was written down at the time and explains why there is no picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// What it means.
    pub cause: Cause,
    /// When it was so.
    pub span: Span,
    /// Where it stands and what it says, in numbers and codes.
    pub evidence: Value,
}

impl From<&Incident> for Witness {
    fn from(incident: &Incident) -> Self {
        Self {
            cause: incident.cause,
            span: Span::new(incident.from_utc_us, incident.to_utc_us),
            evidence: serde_json::json!({ "recorder": incident.evidence }),
        }
    }
}

/// Some causes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Causes(u16);

impl Causes {
    pub(super) const fn and(self, cause: Cause) -> Self {
        Self(self.0 | 1 << cause as u16)
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Cause> {
        Cause::ALL.into_iter().filter(move |&cause| self.0 & 1 << cause as u16 != 0)
    }
}

/// A stretch in which the same is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) span: Span,
    /// The one that explains most.
    pub(super) cause: Cause,
    /// All that were at work.
    pub(super) all: Causes,
    /// Who says so, by its number.
    pub(super) witness: usize,
}

/// What is known at each moment, of one station.
#[derive(Debug)]
pub struct CauseMap<'a> {
    witnesses: Vec<&'a Witness>,
    known: Vec<Known>,
}

impl<'a> CauseMap<'a> {
    /// Of what all these say, in any order.
    pub fn new(witnesses: impl IntoIterator<Item = &'a Witness>) -> Self {
        let mut witnesses: Vec<_> =
            witnesses.into_iter().filter(|witness| !witness.span.is_empty()).collect();
        witnesses.sort_by_key(|witness| (witness.span, witness.cause));
        let mut edges: Vec<(i64, bool, usize)> = Vec::with_capacity(2 * witnesses.len());
        for (number, witness) in witnesses.iter().enumerate() {
            edges.push((witness.span.from_us, true, number));
            edges.push((witness.span.to_us, false, number));
        }
        edges.sort_unstable();
        let (mut at_work, mut known): (Vec<usize>, Vec<Known>) = (Vec::new(), Vec::new());
        let mut edges = edges.into_iter().peekable();
        while let Some((at_us, begins, number)) = edges.next() {
            if begins {
                at_work.push(number);
            } else {
                at_work.retain(|&other| other != number);
            }
            let Some(&(until_us, ..)) = edges.peek() else { break };
            if until_us == at_us {
                continue;
            }
            // Of several that say the same the one that has said so longest.
            let top = at_work.iter().max_by_key(|&&n| (witnesses[n].cause, std::cmp::Reverse(n)));
            let Some(&witness) = top else { continue };
            let all = at_work.iter().fold(Causes::default(), |all, &n| all.and(witnesses[n].cause));
            let (span, cause) = (Span::new(at_us, until_us), witnesses[witness].cause);
            let next = Known { span, cause, all, witness };
            match known.last_mut() {
                Some(last) if last.span.to_us == at_us && same(last, &next) => {
                    last.span.to_us = until_us;
                }
                _ => known.push(next),
            }
        }
        Self { witnesses, known }
    }

    pub(super) fn witness(&self, number: usize) -> &'a Witness {
        self.witnesses[number]
    }

    /// What is known from then on: the first that ends after `at_us`, no earlier than `hint`.
    pub(super) fn reaching(&self, at_us: i64, hint: usize) -> usize {
        hint + self.known[hint..].partition_point(|known| known.span.to_us <= at_us)
    }

    pub(super) fn from(&self, number: usize) -> &[Known] {
        &self.known[number..]
    }
}

fn same(one: &Known, other: &Known) -> bool {
    (one.cause, one.all, one.witness) == (other.cause, other.all, other.witness)
}
