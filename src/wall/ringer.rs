//! When an alarm is heard, and with which sound (decision 0120). The samples and the loudspeaker are
//! `app`'s.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::clock::Mono;
use crate::health::alarms::{AlarmId, Attention, Guard};

/// No two sounds are closer than this: what comes in between is heard once, at its end. A district
/// that goes dark station by station is one thing to be told.
pub const QUIET: Duration = Duration::from_secs(10);

/// What an alarm sounds like; a control room with several walls tells them apart by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Two notes, the second lower.
    #[default]
    Chime,
    /// One note that dies away.
    Bell,
    /// Three short ones.
    Pulses,
}

impl Tone {
    /// All of them, in the order in which a key goes through them.
    pub const ALL: [Self; 3] = [Self::Chime, Self::Bell, Self::Pulses];

    /// Its name on disk; never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chime => "chime",
            Self::Bell => "bell",
            Self::Pulses => "pulses",
        }
    }

    /// The tone of that name.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tone| tone.code() == code)
    }

    /// The one after it; after the last, the first.
    pub(super) fn next(self) -> Self {
        let at = Self::ALL.iter().position(|tone| *tone == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

/// Whether alarms are heard at this wall. They are not, until somebody says so: many walls of one
/// room would ring at once, and which of them speaks is the room's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sounding {
    /// Alarms are heard.
    pub on: bool,
    /// As this.
    pub tone: Tone,
}

/// Listens for what is new, whether or not alarms are heard: what came while they were not is not
/// made up for.
#[derive(Debug, Default)]
pub struct Ringer {
    /// What was there at the last look; `None` before the first.
    known: Option<Known>,
    /// Came within [`QUIET`] of the last sound.
    waiting: BTreeSet<AlarmId>,
    last: Option<Mono>,
}

/// What there was.
#[derive(Debug, Default)]
struct Known {
    /// Alarms that nobody had answered, over or not.
    unanswered: BTreeSet<AlarmId>,
    /// Those of them that had waited for too long.
    late: BTreeSet<AlarmId>,
    guard: Option<Guard>,
}

impl Known {
    fn of(attention: &Attention) -> Self {
        let waits = || attention.lines.iter().filter(|line| line.acknowledged.is_none());
        Self {
            unanswered: waits().map(|line| line.id).collect(),
            late: waits().filter(|line| line.escalated).map(|line| line.id).collect(),
            guard: attention.guard,
        }
    }
}

impl Ringer {
    /// Whether to make a sound now: there is an alarm that nobody has answered and that was not
    /// there before, or one that has waited for too long since, or this machine's own trouble has
    /// begun. A feed that comes and goes while its alarm waits is heard once; what an earlier run
    /// has left is not heard again.
    pub fn look(&mut self, now: Mono, attention: &Attention) -> bool {
        let present = Known::of(attention);
        let Some(before) = self.known.replace(present) else { return false };
        let Some(present) = &self.known else { return false };
        let lasting = |id: &AlarmId| {
            let line = attention.lines.iter().find(|line| line.id == *id);
            line.is_some_and(|line| line.acknowledged.is_none() && line.ended.is_none())
        };
        self.waiting.extend(present.unanswered.difference(&before.unanswered));
        self.waiting.extend(present.late.difference(&before.late));
        // What was answered or is over before its sound needs none.
        self.waiting.retain(lasting);
        let own = present.guard.is_some() && before.guard.is_none();
        let quiet = self.last.is_some_and(|last| now.since(last) < QUIET);
        if !own && (self.waiting.is_empty() || quiet) {
            return false;
        }
        self.waiting.clear();
        self.last = Some(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, FakeClock, WallTime};
    use crate::health::State;
    use crate::health::alarms::{About, Acknowledged, Line, OwnTrouble, Severity};
    use crate::model::StationId;

    fn line(alarm: u64) -> Line {
        Line {
            id: AlarmId(alarm),
            about: About::Station(StationId::new(57, 12)),
            state: State::Stalled,
            worst: State::Stalled,
            trouble: None,
            since: Mono::default(),
            unanswered_from: Mono::default(),
            ended: None,
            escalated: false,
            acknowledged: None,
            severity: Severity::of(State::Stalled, None),
            times: 1,
        }
    }

    fn answered(line: Line) -> Line {
        let by = Acknowledged { who: "Aysel".into(), at: WallTime::default(), note: String::new() };
        Line { acknowledged: Some(by), ..line }
    }

    struct Rig {
        clock: FakeClock,
        ringer: Ringer,
    }

    impl Rig {
        /// A room in which one alarm stands already.
        fn new() -> Self {
            let mut rig =
                Self { clock: FakeClock::at(WallTime::default()), ringer: Ringer::default() };
            assert!(!rig.after(0, vec![line(1)]), "an earlier run's is not heard again");
            rig
        }

        fn after(&mut self, ms: u64, lines: Vec<Line>) -> bool {
            self.clock.advance(Duration::from_millis(ms));
            self.ringer.look(self.clock.mono(), &Attention { lines, ..Attention::default() })
        }
    }

    #[test]
    fn a_new_alarm_is_heard_once_and_a_burst_of_them_twice() {
        let mut r = Rig::new();
        assert!(r.after(1000, vec![line(1), line(2)]));
        assert!(!r.after(250, vec![line(1), line(2)]));
        assert!(!r.after(250, vec![line(1), line(2), line(3)]), "too close");
        assert!(!r.after(9249, vec![line(1), line(2), line(3), line(4)]));
        assert!(r.after(251, vec![line(1), line(2), line(3), line(4)]), "never left out");
        assert!(!r.after(60_000, vec![line(1), line(2), line(3), line(4)]));
    }

    #[test]
    fn what_is_answered_or_over_before_its_sound_needs_none() {
        let mut r = Rig::new();
        assert!(r.after(1000, vec![line(2)]));
        assert!(!r.after(1000, vec![line(2), line(3), line(4)]));
        let over = Line { ended: Some(r.clock.mono()), ..line(4) };
        assert!(!r.after(9000, vec![line(2), answered(line(3)), over]));
        assert!(!r.after(60_000, vec![line(2), answered(line(3))]));
    }

    #[test]
    fn a_loose_plug_is_heard_once_until_somebody_has_answered() {
        let mut r = Rig::new();
        assert!(r.after(1000, vec![line(2)]));
        for _ in 0..5 {
            let over = Line { ended: Some(r.clock.mono()), ..line(2) };
            assert!(!r.after(60_000, vec![over]));
            assert!(!r.after(60_000, vec![line(2)]));
        }
        assert!(!r.after(60_000, vec![answered(line(2))]));
        assert!(r.after(60_000, vec![line(2)]), "raised anew");
    }

    #[test]
    fn waiting_for_too_long_and_this_machines_own_trouble_are_heard() {
        let mut r = Rig::new();
        let late = Line { escalated: true, ..line(1) };
        assert!(r.after(60_000, vec![late.clone()]));
        assert!(!r.after(60_000, vec![late.clone()]));
        let guard = Some(Guard { why: OwnTrouble::Network, since: r.clock.mono(), holds: true });
        let guarded = Attention { lines: vec![late], guard, ..Attention::default() };
        assert!(r.ringer.look(r.clock.mono(), &guarded), "nobody else would say so");
        assert!(!r.ringer.look(r.clock.mono() + QUIET * 3, &guarded));
    }

    #[test]
    fn tones_keep_their_names() {
        for tone in Tone::ALL {
            assert_eq!(Tone::of_code(tone.code()), Some(tone));
            assert_ne!(tone.next(), tone);
        }
        assert_eq!(Tone::of_code("siren"), None);
    }
}
