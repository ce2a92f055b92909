//! The gap ledger: what of a station's day is recorded, and why the rest is not.
//!
//! A pure function of what the catalogue holds ([`LedgerSource`]), what the journal tells
//! ([`Journalled`]), which stations were on the list, and the legal hours; nothing of it is stored. For
//! each station the hours up to now are one row of [`Line`]s without a hole or an overlap, so that
//! recorded time, short breaks and gaps add up to them to the microsecond: [`account`].
//!
//! It opens no file and judges no picture. What it counts is arrival, as [`Segment`](super::Segment)
//! tells it; a feed's own clock makes or closes no gap. Called by `app` and `evidence`.

mod account;
mod catalogued;
mod causes;
mod configured;
mod country;
mod coverage;
mod files;
mod gaps;
mod journalled;
mod source;
mod span;
mod steps;
mod tape;
mod tracks;
mod witness;

pub use account::{Gap, Line, Share, StageHours, StationLedger, account};
pub use causes::{of_guard, of_state};
pub use configured::{ListFrom, not_configured};
pub use country::{Ask, Country, Hours, country};
pub use coverage::{Coverage, Sums};
pub use files::Files;
pub use journalled::{Journalled, Look};
pub use source::{Alive, LedgerSource, Memory, Scope, SourceError};
pub use span::{Span, common, joined};
pub use steps::clock_step;
pub use tape::{ClockSeen, Piece, Tape};
pub use tracks::{Shown, Tracks, Watched};
pub use witness::{CauseMap, Witness};

#[cfg(test)]
mod tests;
