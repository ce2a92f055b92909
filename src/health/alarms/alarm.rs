//! One alarm of the list.

use super::limits::Limits;
use super::members::{Key, KeyNo};
use super::rules::{Kind, Severity};
use super::watch::Watch;
use super::{About, AlarmId, Common, Line};
use crate::clock::Mono;
use crate::health::State;
use crate::model::StationId;

/// An alarm: what is shown of it, and what it takes to keep that up to date.
#[derive(Clone, Debug)]
pub(super) struct Alarm {
    /// As shown; made by [`Alarm::refresh`] where it depends on the stations.
    pub(super) line: Line,
    /// What its members have in common; `None` for a single station.
    pub(super) by: Option<Common>,
    /// The number of `by` in the present list.
    pub(super) key: Option<KeyNo>,
    /// Who is in trouble, ascending.
    pub(super) standing: Vec<StationId>,
    /// Who was, ascending.
    pub(super) returned: Vec<StationId>,
    /// Its place among equals: when it was raised.
    pub(super) began: Mono,
    /// When the last new trouble came that somebody must hear of.
    pub(super) raised_at: Mono,
    /// The kinds of trouble since it was raised: [`Kind::bit`].
    pub(super) kinds: u8,
    /// When its first and its last member were lost.
    pub(super) reach: (Mono, Mono),
    /// Since when it is a group with too few members, none of whom is recovering.
    pub(super) few_from: Option<Mono>,
    /// That it is over has been told.
    pub(super) told_over: bool,
    /// What is shown is not what is.
    pub(super) dirty: bool,
}

/// The watch of a station that is on the list.
pub(super) fn find(watches: &[Watch], station: StationId) -> Option<usize> {
    watches.binary_search_by_key(&station, |w| w.station).ok()
}

/// Puts a station into an ascending list.
pub(super) fn insert(list: &mut Vec<StationId>, station: StationId) {
    if let Err(at) = list.binary_search(&station) {
        list.insert(at, station);
    }
}

/// Takes a station out of an ascending list.
pub(super) fn remove(list: &mut Vec<StationId>, station: StationId) -> bool {
    list.binary_search(&station).map(|at| list.remove(at)).is_ok()
}

impl Alarm {
    /// An alarm that is raised now, with nobody in it yet.
    pub(super) fn new(id: AlarmId, by: Option<(KeyNo, &Key)>, now: Mono) -> Self {
        let nobody = StationId::new(0, 0);
        Self {
            line: Line {
                id,
                about: About::Station(nobody),
                state: State::Live,
                worst: State::Live,
                trouble: None,
                since: now,
                ended: None,
                unanswered_from: now,
                escalated: false,
                acknowledged: None,
                severity: Severity::Notice,
                times: 1,
            },
            by: by.map(|(_, key)| key.common.clone()),
            key: by.map(|(no, _)| no),
            standing: Vec::new(),
            returned: Vec::new(),
            began: now,
            raised_at: now,
            kinds: 0,
            reach: (now, now),
            few_from: None,
            told_over: false,
            dirty: true,
        }
    }

    pub(super) fn is_acknowledged(&self) -> bool {
        self.line.acknowledged.is_some()
    }

    pub(super) fn is_over(&self) -> bool {
        self.line.ended.is_some()
    }

    /// Takes a station in, as one that is in trouble.
    pub(super) fn admit(&mut self, watch: &Watch) {
        let first = self.standing.is_empty();
        insert(&mut self.standing, watch.station);
        remove(&mut self.returned, watch.station);
        let (from, to) = if first { (watch.since, watch.since) } else { self.reach };
        self.reach = (from.min(watch.since), to.max(watch.since));
        if first || self.by.is_none() {
            self.line.since = watch.since;
        }
        self.line.since = self.line.since.min(watch.since);
        self.line.ended = None;
        self.told_over = false;
        self.dirty = true;
    }

    /// A station's trouble is over.
    pub(super) fn release(&mut self, station: StationId, over: Mono) {
        if remove(&mut self.standing, station) {
            insert(&mut self.returned, station);
            self.dirty = true;
            if self.standing.is_empty() {
                self.line.ended = Some(over);
            }
        }
    }

    /// Makes what is shown again. Says whether it has become worse than it ever was; while this
    /// machine is in trouble (`held`) nothing does.
    pub(super) fn refresh(&mut self, watches: &[Watch], keys: &[Key], held: bool) -> bool {
        self.dirty = false;
        let of = match self.key {
            Some(key) => keys.get(key as usize).map_or(0, |k| k.of),
            None => 1,
        };
        let shown = if self.is_over() { &self.returned } else { &self.standing };
        self.line.about = match (&self.by, shown.first()) {
            (None, Some(&station)) => About::Station(station),
            (None, None) => return false,
            (Some(by), _) => About::Together { by: by.clone(), stations: shown.clone(), of },
        };
        let before = (self.line.worst, self.line.severity, self.kinds);
        if self.is_over() {
            self.line.state = match (&self.by, shown.first().and_then(|&s| find(watches, s))) {
                (None, Some(at)) if watches[at].state.is_trouble() => watches[at].state,
                _ => State::Live,
            };
            self.line.trouble = None;
            return false;
        }
        let standing = || self.standing.iter().filter_map(|&s| Some(&watches[find(watches, s)?]));
        // A feed that is just connecting again, or of which no picture was looked at, is as it was.
        let of_picture = Kind::of(self.line.state).is_some_and(Kind::is_of_picture);
        let as_it_was = |kind| kind == Kind::Unseen && of_picture;
        let told = || standing().filter(|w| w.kind.is_some_and(|(kind, _)| !as_it_was(kind)));
        if let Some(state) = told().map(|w| w.state).max() {
            self.line.state = state;
            let cause = told().find(|w| w.state == state && w.trouble.is_some());
            self.line.trouble = cause.and_then(|w| w.trouble.clone());
        }
        for watch in standing().filter(|w| w.due && !held) {
            let severity = Severity::of(watch.state, watch.stage());
            self.line.worst = self.line.worst.max(watch.state);
            self.line.severity = self.line.severity.max(severity);
            self.kinds |= watch.kind.map_or(0, |(kind, _)| kind.bit());
        }
        let new = self.kinds & !before.2 & !Kind::MILD;
        self.line.worst > before.0 || self.line.severity > before.1 || new != 0
    }

    /// Somebody has taken it on and something has come that they have not been told of.
    pub(super) fn raise_anew(&mut self, now: Mono) {
        self.line.acknowledged = None;
        self.line.escalated = false;
        (self.began, self.raised_at, self.line.unanswered_from) = (now, now, now);
    }

    /// Whether it has nothing left to say: taken on, over, and not about to come again.
    pub(super) fn is_done(&self, now: Mono, limits: &Limits) -> bool {
        let Some(ended) = self.line.ended else { return false };
        let flapping = self.line.times >= limits.flapping_from;
        self.is_acknowledged() && !(flapping && now.since(ended) < limits.flapping_calm)
    }

    /// The order of the list; stable, because nothing in it changes with time alone.
    pub(super) fn place(&self) -> impl Ord + use<> {
        use std::cmp::Reverse;
        (
            self.is_acknowledged(),
            !self.line.escalated,
            Reverse(self.line.severity),
            self.by.is_none(),
            self.began,
            self.line.id,
        )
    }
}
