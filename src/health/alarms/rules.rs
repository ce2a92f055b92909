//! What a state means for a person: its kind, whether the stage of the day excuses it, how much it
//! matters, how long it may go unanswered.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Limits;
use crate::health::State;
use crate::model::day::{Stage, StageAt};

/// How much an alarm matters, mildest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// There is a picture, less good than usual.
    #[default]
    Notice,
    /// There is a picture, and it may show nothing.
    Warning,
    /// There is no picture.
    Serious,
    /// There is nothing to be seen while votes are counted or the protocol is filled in.
    Incident,
}

impl Severity {
    /// How much `state` matters in `stage`; without an election day as while voting.
    pub fn of(state: State, stage: Option<Stage>) -> Self {
        let counting = matches!(stage, Some(Stage::Counting | Stage::Protocol));
        match Kind::of(state) {
            None | Some(Kind::Rate | Kind::Unseen) => Self::Notice,
            Some(_) if counting => Self::Incident,
            Some(Kind::Hidden | Kind::Frozen) => Self::Warning,
            Some(Kind::Loss | Kind::Refused | Kind::Unfit) => Self::Serious,
        }
    }

    /// How long an alarm may go unanswered.
    pub(super) fn answer_within(self, limits: &Limits) -> Duration {
        match self {
            Self::Notice => limits.answer_notice,
            Self::Warning => limits.answer_warning,
            Self::Serious => limits.answer_serious,
            Self::Incident => limits.answer_incident,
        }
    }
}

/// States that call for the same answer. Whoever has taken on one kind is told when another comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Fewer pictures than usual.
    Rate,
    /// Black or covered: somebody must look at the room.
    Hidden,
    /// The same picture again and again: the camera must be restarted.
    Frozen,
    /// No pictures: line, power, camera.
    Loss,
    /// The camera does not let us in.
    Refused,
    /// It sends what can't be shown.
    Unfit,
    /// Pictures come, and nobody has looked at them for long.
    Unseen,
}

impl Kind {
    pub(super) const fn of(state: State) -> Option<Self> {
        match state {
            State::Live | State::Connecting | State::Maintenance => None,
            State::NotChecked => Some(Self::Unseen),
            State::Degraded => Some(Self::Rate),
            State::Covered | State::Black => Some(Self::Hidden),
            State::Frozen => Some(Self::Frozen),
            State::Stalled | State::Offline => Some(Self::Loss),
            State::AuthFailed => Some(Self::Refused),
            State::Unsupported => Some(Self::Unfit),
        }
    }

    /// Whether it may have a cause outside the camera that takes others with it.
    pub(super) const fn is_loss(self) -> bool {
        matches!(self, Self::Loss | Self::Refused)
    }

    /// Whether it is known from pictures only, so that it stands until one has been looked at.
    pub(super) const fn is_of_picture(self) -> bool {
        matches!(self, Self::Hidden | Self::Frozen)
    }

    /// The kinds that are nothing new to whoever has taken on something else of the same station.
    pub(super) const MILD: u8 = Self::Rate.bit() | Self::Unseen.bit();

    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// How long a feed must have been in `state` before it is raised.
pub(super) fn patience(state: State, behind: bool, limits: &Limits) -> Duration {
    let own = match state {
        State::Stalled => limits.stalled_for,
        State::Degraded => limits.degraded_for,
        // Health has been patient already.
        _ => Duration::ZERO,
    };
    if behind { own.max(limits.behind_for) } else { own }
}

/// Whether `kind` is as it may be at this point of the day: a dark room before the doors open is
/// none of our business, and after closing nothing is.
pub(super) fn is_excused(kind: Kind, at: StageAt, limits: &Limits) -> bool {
    match at.stage {
        None | Some(Stage::Voting | Stage::Counting | Stage::Protocol) => false,
        Some(Stage::Closed) => true,
        Some(Stage::BeforeOpening) => {
            matches!(kind, Kind::Rate | Kind::Hidden | Kind::Unseen) || !opens_soon(at, limits)
        }
    }
}

/// Whether the doors open within the time in which cameras must be there.
fn opens_soon(at: StageAt, limits: &Limits) -> bool {
    // Nothing has elapsed before the day begins, and then the rest is not the time until opening.
    let begun = !at.elapsed.is_zero();
    begun && at.total.is_some_and(|t| t.saturating_sub(at.elapsed) <= limits.before_opening)
}
