//! What the alarms know of one station: its trouble and since when, before anybody is told.

use std::time::Duration;

use super::AlarmId;
use super::limits::Limits;
use super::members::KeyNo;
use super::rules::{self, Kind};
use crate::clock::Mono;
use crate::health::{Assessment, State, Trouble};
use crate::model::StationId;
use crate::model::day::{Stage, StageAt};

/// How a station looks in this step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Pictures arrive, and they are good.
    Well,
    /// Pictures arrive, and nobody has looked at them.
    Unseen,
    /// Nothing is known: what was, is held.
    Unknown,
    /// In trouble, and that is nobody's business now: work, or the stage.
    Excused,
    /// In trouble.
    Trouble(Kind),
}

impl Look {
    pub(super) fn is_loss(self) -> bool {
        matches!(self, Self::Trouble(kind) if kind.is_loss())
    }
}

/// One station.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    pub(super) station: StationId,
    /// What it has in common with others: host, network, district.
    pub(super) keys: [Option<KeyNo>; 3],
    pub(super) look: Look,
    /// The last state that said something about the feed.
    pub(super) state: State,
    /// Since when the trouble is, or the last one was.
    pub(super) since: Mono,
    pub(super) trouble: Option<Trouble>,
    behind: bool,
    /// Its trouble has lasted long enough to be told.
    pub(super) due: bool,
    /// Something of the above is not what it was a step ago.
    pub(super) moved: bool,
    /// The kind of trouble it is in, and since when, excused or not.
    pub(super) kind: Option<(Kind, Mono)>,
    /// A maintenance window stands.
    pub(super) work: bool,
    stage: Option<(StageAt, Mono)>,

    /// The alarm of its own that is on the list, over or not.
    pub(super) own: Option<AlarmId>,
    /// The group in which it stands.
    pub(super) group: Option<AlarmId>,
    /// Since when the trouble that it stands in an alarm for has been away.
    pub(super) over_from: Option<Mono>,
    /// The worst it has been in this trouble.
    pub(super) worst: State,
    /// How often trouble has come, with no long calm in between.
    pub(super) times: u32,
    /// When it last ended.
    pub(super) last_over: Option<Mono>,
}

/// A stage changes on the minute; asking a calendar for 1000 stations four times a second costs
/// more than all the rest.
const STAGE_EVERY: Duration = Duration::from_secs(1);

impl Watch {
    pub(super) fn new(station: StationId, keys: [Option<KeyNo>; 3]) -> Self {
        Self {
            station,
            keys,
            look: Look::Unknown,
            state: State::Connecting,
            since: Mono::default(),
            trouble: None,
            behind: false,
            due: false,
            moved: false,
            kind: None,
            work: false,
            stage: None,
            own: None,
            group: None,
            over_from: None,
            worst: State::Live,
            times: 0,
            last_over: None,
        }
    }

    /// The stage of the day at this station when last asked.
    pub(super) fn stage(&self) -> Option<Stage> {
        self.stage.and_then(|(at, _)| at.stage)
    }

    /// Takes note of a verdict. The stage is asked for only where it matters.
    pub(super) fn observe(
        &mut self,
        seen: &Assessment,
        stage: &dyn Fn(StationId) -> StageAt,
        now: Mono,
        limits: &Limits,
    ) {
        let before = (self.state, self.look, self.due, self.stage());
        self.moved = self.trouble != seen.trouble;
        self.look_at(seen, stage, now, limits);
        self.due = self.due_at(limits).is_some_and(|due| due <= now);
        self.moved |= before != (self.state, self.look, self.due, self.stage());
    }

    fn look_at(
        &mut self,
        seen: &Assessment,
        stage: &dyn Fn(StationId) -> StageAt,
        now: Mono,
        limits: &Limits,
    ) {
        self.behind = seen.behind;
        // What nobody has looked at for a while only is no trouble yet.
        let young = seen.state == State::NotChecked && now.since(seen.since) < limits.unchecked_for;
        let Some(kind) = Kind::of(seen.state).filter(|_| !young) else {
            self.look = match seen.state {
                State::Connecting => Look::Unknown,
                State::Maintenance => Look::Excused,
                State::NotChecked => Look::Unseen,
                _ => Look::Well,
            };
            if self.look != Look::Unknown {
                (self.kind, self.trouble) = (None, None);
                self.state = seen.state;
            }
            return;
        };
        if self.kind.is_none_or(|(k, _)| k != kind) {
            self.kind = Some((kind, now));
        }
        (self.state, self.since) = (seen.state, seen.since);
        if self.trouble != seen.trouble {
            self.trouble.clone_from(&seen.trouble);
        }
        let at = match self.stage {
            Some((at, read)) if now.since(read) < STAGE_EVERY => at,
            _ => {
                let at = stage(self.station);
                self.stage = Some((at, now));
                at
            }
        };
        let excused = self.work || rules::is_excused(kind, at, limits);
        self.look = if excused { Look::Excused } else { Look::Trouble(kind) };
    }

    /// Since when its trouble has lasted long enough to be told; in the future while it has not.
    /// `None` when there is none.
    pub(super) fn due_at(&self, limits: &Limits) -> Option<Mono> {
        let (_, from) = self.kind?;
        matches!(self.look, Look::Trouble(_))
            .then(|| from + rules::patience(self.state, self.behind, limits))
    }

    /// A trouble of this station begins to be told.
    pub(super) fn begins(&mut self, now: Mono, limits: &Limits) {
        let again = self.last_over.is_some_and(|over| now.since(over) < limits.remembered);
        self.times = if again { self.times.saturating_add(1) } else { 1 };
        self.worst = self.state;
        self.over_from = None;
    }
}
