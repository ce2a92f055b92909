//! What went on beside the recording: what was received, how it looked, who could see it.

use super::span::{Span, common, joined};
use crate::health::State;

/// A state of a station and how long it was so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// When.
    pub span: Span,
    /// What.
    pub state: State,
}

/// A station was on a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// When.
    pub span: Span,
    /// On which wall: the machine's name.
    pub wall: String,
    /// How large its tile was, in pixels.
    pub size: (u32, u32),
}

/// What went on beside the recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracks {
    /// Pictures were received, whether or not they were recorded.
    pub received: Vec<Span>,
    /// The picture was suspected to be frozen or covered, or was black.
    pub pictures: Vec<Watched>,
    /// It was on a screen while pictures were received.
    pub shown: Vec<Shown>,
}

impl Tracks {
    /// From what was written down, and what is recorded: that was received, whatever a state says.
    /// All of it `within` these hours.
    pub(super) fn new(
        states: &[Watched],
        shown: &[Shown],
        recorded: &[Span],
        within: Span,
    ) -> Self {
        let arriving = states.iter().filter(|watched| watched.state.is_arriving());
        let spans = arriving.map(|watched| watched.span).chain(recorded.iter().copied());
        let received = joined(spans.map(|span| span.within(within)).collect());
        let suspicious = |state| matches!(state, State::Frozen | State::Black | State::Covered);
        let pictures = states.iter().filter(|watched| suspicious(watched.state));
        let pictures =
            pictures.map(|watched| Watched { span: watched.span.within(within), ..*watched });
        let seen = shown.iter().flat_map(|shown| {
            let parts = common(&[shown.span], &received);
            parts.into_iter().map(|span| Shown { span, ..shown.clone() })
        });
        let mut joined: Vec<Shown> = Vec::new();
        for next in seen {
            match joined.last_mut() {
                Some(last)
                    if last.span.to_us == next.span.from_us
                        && (&last.wall, last.size) == (&next.wall, next.size) =>
                {
                    last.span.to_us = next.span.to_us;
                }
                _ => joined.push(next),
            }
        }
        Self {
            pictures: pictures.filter(|watched| !watched.span.is_empty()).collect(),
            shown: joined,
            received,
        }
    }
}
