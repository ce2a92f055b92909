//! What an operator is about to say to an alarm, of a station or of himself: one line, and for work
//! at a station how long.

use std::time::Duration;

use super::note::one_line;
use crate::health::alarms::AlarmId;
use crate::model::StationId;

/// How long work at a station may be said to take; the last is until somebody ends it.
pub const SPANS: [Option<Duration>; 3] =
    [Some(Duration::from_secs(15 * 60)), Some(Duration::from_secs(60 * 60)), None];

/// What is being said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// The operator takes this alarm on.
    Acknowledge(AlarmId),
    /// Work is being done at this station.
    Maintain {
        /// Where.
        station: StationId,
        /// Which of [`SPANS`].
        span: usize,
    },
    /// Somebody else is at the desk; who, is what is written.
    Operator,
}

/// An answer that is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// To what.
    pub to: To,
    /// What has been written so far; may stay empty.
    pub typed: String,
}

/// The one that is open, and those that are finished.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    open: Option<Answer>,
    finished: Vec<Answer>,
}

impl Answers {
    pub(super) fn open(&self) -> Option<&Answer> {
        self.open.as_ref()
    }

    pub(super) fn begin(&mut self, to: To) {
        self.open = Some(Answer { to, typed: String::new() });
    }

    pub(super) fn write(&mut self, typed: &str) {
        if let Some(open) = &mut self.open {
            open.typed = one_line(typed);
        }
    }

    /// Another of [`SPANS`], that many further on.
    pub(super) fn step_span(&mut self, by: i32) {
        if let Some(Answer { to: To::Maintain { span, .. }, .. }) = &mut self.open {
            *span = span.saturating_add_signed(by as isize).min(SPANS.len() - 1);
        }
    }

    pub(super) fn set_span(&mut self, at: usize) {
        if let Some(Answer { to: To::Maintain { span, .. }, .. }) = &mut self.open {
            *span = at.min(SPANS.len() - 1);
        }
    }

    pub(super) fn leave(&mut self) {
        self.open = None;
    }

    /// Closes it; it stands, with or without words.
    pub(super) fn finish(&mut self) -> Option<To> {
        let mut answer = self.open.take()?;
        answer.typed = answer.typed.trim().to_owned();
        let to = answer.to;
        self.finished.push(answer);
        Some(to)
    }

    pub(super) fn take_finished(&mut self) -> Vec<Answer> {
        std::mem::take(&mut self.finished)
    }
}
