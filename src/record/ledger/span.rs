//! Stretches of time, from a microsecond up to another one that is not in it any more.

use std::time::Duration;

use crate::clock::WallTime;

/// From `from_us` up to `to_us`, in microseconds of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first microsecond of it.
    pub from_us: i64,
    /// The first one after it.
    pub to_us: i64,
}

impl Span {
    /// From one moment to another.
    pub const fn new(from_us: i64, to_us: i64) -> Self {
        Self { from_us, to_us }
    }

    /// From one moment to another.
    pub const fn between(from: WallTime, to: WallTime) -> Self {
        Self::new(from.as_micros(), to.as_micros())
    }

    /// How long it is; never negative.
    pub const fn len_us(self) -> i64 {
        let len = self.to_us.saturating_sub(self.from_us);
        if len > 0 { len } else { 0 }
    }

    /// Whether there is nothing in it.
    pub const fn is_empty(self) -> bool {
        self.from_us >= self.to_us
    }

    /// What it has in common with `other`; empty where that is nothing.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self::new(self.from_us.max(other.from_us), self.to_us.min(other.to_us))
    }

    /// The same with so much before and after it.
    #[must_use]
    pub fn grown(self, by: Duration) -> Self {
        let by = micros(by);
        Self::new(self.from_us.saturating_sub(by), self.to_us.saturating_add(by))
    }
}

pub(super) fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// The same time in order, with what overlaps or touches joined.
pub fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from_us <= last.to_us => last.to_us = last.to_us.max(span.to_us),
            _ => joined.push(span),
        }
    }
    joined
}

/// What two rows of [`joined`] spans have in common.
pub fn common(one: &[Span], other: &[Span]) -> Vec<Span> {
    let (mut at, mut found) = (0, Vec::new());
    for span in one {
        while other.get(at).is_some_and(|other| other.to_us <= span.from_us) {
            at += 1;
        }
        let reaching = other[at..].iter().take_while(|other| other.from_us < span.to_us);
        found.extend(reaching.map(|other| span.within(*other)).filter(|part| !part.is_empty()));
    }
    found
}

/// What of `within` is in none of these [`joined`] spans.
pub(super) fn rest(spans: &[Span], within: Span) -> Vec<Span> {
    let (mut from_us, mut left) = (within.from_us, Vec::new());
    for span in spans {
        left.push(Span::new(from_us, span.from_us.min(within.to_us)));
        from_us = from_us.max(span.to_us);
    }
    left.push(Span::new(from_us, within.to_us));
    left.retain(|span| !span.is_empty());
    left
}
