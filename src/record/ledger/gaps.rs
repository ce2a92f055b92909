//! One time without a picture to the gaps that are listed: it is divided where somebody else is
//! answerable for it, and only where both parts say more than one would (0115).

use super::span::{Span, micros};
use super::witness::{CauseMap, Causes};
use crate::record::cause::Cause;
use crate::record::limits::{AFTERMATH, GAP_ABOVE};

/// A gap before it is written out.
pub(super) struct Part {
    pub(super) span: Span,
    side: Side,
    /// How long each cause was the one that explains most.
    shares: [i64; Cause::ALL.len()],
    pub(super) all: Causes,
    /// Who says so, by their numbers, the first first.
    pub(super) witnesses: Vec<usize>,
}

/// Who is answerable. What lies at the camera or on the way to it is one matter, however it shows: a
/// camera without power is silent first and refused then.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Camera,
    Other(Cause),
}

impl Side {
    const fn of(cause: Cause) -> Self {
        match cause {
            Cause::CameraSilent | Cause::NetworkRefused | Cause::Authentication => Self::Camera,
            other => Self::Other(other),
        }
    }
}

impl Part {
    fn new(span: Span, cause: Cause, all: Causes, witness: Option<usize>) -> Self {
        let mut shares = [0; Cause::ALL.len()];
        shares[cause as usize] = span.len_us();
        Self { span, side: Side::of(cause), shares, all, witnesses: witness.into_iter().collect() }
    }

    /// The cause that it is listed under: of several on the camera's side the one of the longest part.
    pub(super) fn cause(&self) -> Cause {
        let ours = |cause: &Cause| Side::of(*cause) == self.side;
        let longest = |cause: &Cause| (self.shares[*cause as usize], *cause);
        Cause::ALL.into_iter().filter(ours).max_by_key(longest).unwrap_or(Cause::Unknown)
    }

    /// It says nothing by itself: too short to be a gap, or unexplained and short enough to be the
    /// tail of something.
    fn is_small(&self) -> bool {
        let enough = match self.side {
            Side::Other(Cause::Unknown) => AFTERMATH,
            _ => GAP_ABOVE,
        };
        self.span.len_us() <= micros(enough)
    }

    /// Whose the two together are, one of which says nothing by itself.
    fn side_with(&self, next: &Self) -> Side {
        match (self.is_small(), next.is_small()) {
            (true, false) => next.side,
            (false, _) => self.side,
            // What is known before what is not, and what is ours before what is not.
            (true, true) if next.cause() > self.cause() => next.side,
            (true, true) => self.side,
        }
    }

    /// Takes what follows; the side stays.
    fn take(&mut self, next: &Self) {
        self.span.to_us = next.span.to_us;
        self.shares.iter_mut().zip(next.shares).for_each(|(share, more)| *share += more);
        self.all = self.all.or(next.all);
        let new = next.witnesses.iter().filter(|&number| !self.witnesses.contains(number));
        let new: Vec<usize> = new.copied().collect();
        self.witnesses.extend(new);
    }
}

/// Divides `gap`; `hint` goes through the map with it, gap after gap.
pub(super) fn divide(gap: Span, map: &CauseMap<'_>, hint: &mut usize) -> Vec<Part> {
    *hint = map.reaching(gap.from_us, *hint);
    let mut raw = Vec::new();
    let unknown = |from_us, to_us| {
        Part::new(Span::new(from_us, to_us), Cause::Unknown, Causes::default(), None)
    };
    let mut at_us = gap.from_us;
    for known in map.from(*hint).iter().take_while(|known| known.span.from_us < gap.to_us) {
        let span = known.span.within(gap);
        if at_us < span.from_us {
            raw.push(unknown(at_us, span.from_us));
        }
        raw.push(Part::new(span, known.cause, known.all, Some(known.witness)));
        at_us = span.to_us;
    }
    if at_us < gap.to_us {
        raw.push(unknown(at_us, gap.to_us));
    }
    // What is of one side first, so that many short parts of it are one long one.
    let whole = raw.into_iter().fold(Vec::new(), |mut parts: Vec<Part>, part| {
        match parts.last_mut() {
            Some(last) if last.side == part.side => last.take(&part),
            _ => parts.push(part),
        }
        parts
    });
    whole.into_iter().fold(Vec::new(), |mut parts: Vec<Part>, part| {
        match parts.pop() {
            None => parts.push(part),
            Some(mut last) if last.side == part.side || last.is_small() || part.is_small() => {
                last.side = last.side_with(&part);
                last.take(&part);
                parts.push(last);
            }
            Some(last) => parts.extend([last, part]),
        }
        parts
    })
}
