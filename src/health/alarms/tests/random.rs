//! Random days: whatever feeds, machine and people do, the promises hold in every step.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Op {
    /// So many quarters of a second pass.
    Wait(u8),
    /// Some stations that follow one another are in a state from now on.
    Feeds {
        first: usize,
        count: usize,
        state: usize,
    },
    /// … or silent.
    Dark {
        first: usize,
        count: usize,
    },
    Late(bool),
    Disk(bool),
    Down(bool),
    Work {
        at: usize,
        seconds: u8,
    },
    EndWork(usize),
    Answer(usize),
    Stage(usize),
    /// The list is every station but some that follow one another.
    Without {
        first: usize,
        count: usize,
    },
    Restart,
}

const STATIONS: usize = 40;

fn everyone() -> Vec<Member> {
    (0..STATIONS)
        .map(|i| {
            let (district, station) = ((i / 8 + 1) as u16, (i % 8 + 1) as u32);
            let host = if i % 5 == 0 { "recorder".to_owned() } else { format!("cam-{i}") };
            member(district, station, &host, ["", "Delta", "Aztel"][i % 3])
        })
        .collect()
}

fn op() -> impl Strategy<Value = Op> {
    let at = || 0..STATIONS;
    prop_oneof![
        8 => (1..60u8).prop_map(Op::Wait),
        6 => (at(), 1..4usize, 0..State::ALL.len())
            .prop_map(|(first, count, state)| Op::Feeds { first, count, state }),
        3 => (at(), 1..STATIONS).prop_map(|(first, count)| Op::Dark { first, count }),
        3 => (at(), 1..STATIONS).prop_map(|(first, count)| Op::Feeds { first, count, state: 0 }),
        1 => any::<bool>().prop_map(Op::Late),
        1 => any::<bool>().prop_map(Op::Disk),
        1 => any::<bool>().prop_map(Op::Down),
        1 => (at(), 0..40u8).prop_map(|(at, seconds)| Op::Work { at, seconds }),
        1 => at().prop_map(Op::EndWork),
        4 => (0..6usize).prop_map(Op::Answer),
        1 => (0..6usize).prop_map(Op::Stage),
        1 => (at(), 0..12usize).prop_map(|(first, count)| Op::Without { first, count }),
        1 => Just(Op::Restart),
    ]
}

/// What must be true, with what it takes to know.
struct Judge {
    scene: Scene,
    /// All numbers that were ever used.
    ids: BTreeSet<AlarmId>,
    /// Alarms that have been escalated and not been answered or raised anew since.
    escalated: BTreeSet<AlarmId>,
    /// Since when a station has been in trouble, with nothing that excuses it or holds it back.
    due: BTreeMap<StationId, (State, Mono)>,
    /// When a station was last in trouble, or nothing was known of it.
    last: BTreeMap<StationId, Mono>,
    before: Vec<Line>,
}

impl Judge {
    fn new() -> Self {
        Self {
            scene: Scene::new(everyone()),
            ids: BTreeSet::new(),
            escalated: BTreeSet::new(),
            due: BTreeMap::new(),
            last: BTreeMap::new(),
            before: Vec::new(),
        }
    }

    fn does(&mut self, op: &Op) {
        let some = |first: usize, count: usize| {
            let ids: Vec<StationId> = everyone().iter().map(|m| m.station).collect();
            ids.into_iter().skip(first).take(count)
        };
        let (now, wall) = (self.scene.now, self.scene.wall());
        match *op {
            Op::Wait(quarters) => {
                for _ in 0..quarters {
                    self.scene.now = self.scene.now + STEP;
                    self.step();
                }
                return;
            }
            Op::Feeds { first, count, state } => {
                some(first, count).for_each(|id| self.scene.set(id, State::ALL[state]));
            }
            Op::Dark { first, count } => {
                for id in some(first, count) {
                    if let Some(feed) = self.scene.feeds.get_mut(&id) {
                        *feed = Feed::Dark(now);
                    }
                }
            }
            Op::Late(on) => self.scene.machine.late = on,
            Op::Disk(on) => self.scene.machine.disk = on,
            Op::Down(on) => self.scene.machine.network_down = on,
            Op::Work { at, seconds } => {
                let until =
                    WallTime::from_micros(wall.as_micros() + i64::from(seconds) * 1_000_000);
                let until = (seconds > 0).then_some(until);
                let station = everyone()[at].station;
                let (who, reason) = ("Murad".to_owned(), String::new());
                self.scene.alarms.maintain(
                    Window { station, from: wall, until, who, reason },
                    now,
                    wall,
                );
            }
            Op::EndWork(at) => drop(self.scene.alarms.end_maintenance(everyone()[at].station)),
            Op::Answer(nth) => self.answer(nth),
            Op::Stage(nth) => self.scene.stage = Stage::ALL.get(nth).copied(),
            Op::Without { first, count } => {
                let mut list = everyone();
                list.drain(first..(first + count).min(STATIONS));
                self.scene.list(list);
            }
            Op::Restart => {
                let before = self.scene.alarms.attention().lines.clone();
                self.scene.restart();
                // How long it had been patient, or calm, is forgotten.
                self.due.clear();
                self.last.extend(self.scene.feeds.keys().map(|&id| (id, now)));
                let after = self.scene.lines();
                let essence =
                    |l: &Line| (l.id, held(l), l.worst, l.ended.is_some(), l.acknowledged.clone());
                let all = |lines: &[Line]| lines.iter().map(essence).collect::<Vec<_>>();
                assert_eq!(
                    all(&before),
                    all(after),
                    "a restart forgets nothing, and keeps the order"
                );
            }
        }
        self.step();
    }

    fn answer(&mut self, nth: usize) {
        let Some(line) = self.scene.lines().get(nth).cloned() else { return };
        let changed = self.scene.acknowledge(line.id);
        assert_eq!(changed.is_some(), line.acknowledged.is_none());
        let list = self.scene.alarms.attention().clone();
        assert_eq!(self.scene.acknowledge(line.id), None, "answered once is answered");
        assert_eq!(self.scene.alarms.attention(), &list);
        self.escalated.remove(&line.id);
        self.before = self.scene.lines().to_vec();
    }

    fn step(&mut self) {
        let changes = self.scene.step();
        self.note_feeds();
        self.held_back(&changes);
        self.one_line_each();
        self.nothing_is_lost(&changes);
        self.escalated_once(&changes);
        self.order_is_kept(&changes);
        self.before = self.scene.lines().to_vec();
    }

    /// Cameras' alarms are held back.
    fn is_held(&self) -> bool {
        let late = Limits::default().late_limit;
        self.scene.alarms.guards().iter().any(|g| match g.why {
            OwnTrouble::Late => self.scene.now.since(g.since) < late,
            OwnTrouble::Network => true,
            OwnTrouble::Unchecked | OwnTrouble::Recording | OwnTrouble::Disk => false,
        })
    }

    fn note_feeds(&mut self) {
        let held = self.is_held();
        let scene = &self.scene;
        let now = scene.now;
        let stage = scene.stage_at();
        self.due.retain(|id, _| scene.feeds.contains_key(id));
        for (&id, feed) in &scene.feeds {
            let state = feed.assess(now).state;
            if state.is_trouble() || matches!(state, State::Connecting | State::NotChecked) {
                self.last.insert(id, now);
            }
            let limits = Limits::default();
            let excused = super::super::rules::Kind::of(state)
                .is_some_and(|kind| super::super::rules::is_excused(kind, stage, &limits));
            let work = scene.alarms.maintenance(id, scene.wall()).is_some();
            if held || work || excused || !state.is_trouble() {
                self.due.remove(&id);
                continue;
            }
            match self.due.get_mut(&id) {
                Some((was, _)) if *was == state => {}
                // From stalled to offline is the same trouble.
                Some((was, _)) if *was == State::Stalled && state == State::Offline => *was = state,
                _ => {
                    self.due.insert(id, (state, now));
                }
            }
        }
    }

    /// While this machine is in trouble, no camera's alarm is raised.
    fn held_back(&self, changes: &[Change]) {
        if self.is_held() {
            let raised = |c: &Change| {
                matches!(
                    c,
                    Change::Raised(_)
                        | Change::Returned(_)
                        | Change::Worsened(_)
                        | Change::Grouped { .. }
                )
            };
            assert!(!changes.iter().any(raised), "{changes:?}");
        }
    }

    /// Whoever is in trouble is on one line, and whoever is on a line is in trouble.
    fn one_line_each(&self) {
        let now = self.scene.now;
        let limits = Limits::default();
        let mut on: BTreeMap<StationId, usize> = BTreeMap::new();
        for line in self.scene.lines() {
            let held = held(line);
            assert!(held.is_sorted() && !held.is_empty(), "{line:?}");
            if let About::Together { by, of, .. } = &line.about {
                assert!(held.len() <= *of || line.ended.is_some(), "{line:?}");
                let district = |d| held.iter().all(|s| s.district == d);
                assert!(
                    line.ended.is_some() || !matches!(by, Common::District(d) if !district(*d)),
                    "{line:?}"
                );
            }
            if line.ended.is_some() {
                continue;
            }
            let stands = line.state.is_trouble() || line.state == State::NotChecked;
            assert!(stands, "a line that stands is trouble: {line:?}");
            for id in held {
                *on.entry(id).or_default() += 1;
                let calm = limits.calm + STEP;
                let last = self.last.get(&id).copied().unwrap_or_default();
                assert!(now.since(last) <= calm, "{id} has long been well: {line:?}");
            }
        }
        assert!(on.values().all(|&n| n == 1), "on two lines: {on:?}");
        for (id, &(state, from)) in &self.due {
            let hold = limits.gather + limits.storm_hold + STEP * 2;
            let within = match state {
                State::Degraded => limits.degraded_for + hold,
                _ => limits.stalled_for + hold,
            };
            let told = on.contains_key(id);
            assert!(told || now.since(from) < within, "{id} is {state:?} and on no line");
        }
    }

    /// What nobody has answered leaves the list only into a group, with its stations, or by work.
    fn nothing_is_lost(&mut self, changes: &[Change]) {
        let lines = self.scene.lines();
        let now_on: BTreeSet<AlarmId> = lines.iter().map(|l| l.id).collect();
        for gone in self.before.iter().filter(|l| !now_on.contains(&l.id)) {
            let answered = |c: &Change| matches!(c, Change::Acknowledged(l) if l.id == gone.id);
            let grouped = changes.iter().find_map(|c| match c {
                Change::Grouped { line, from } if from.contains(&gone.id) => Some(line.id),
                _ => None,
            });
            // A group of which nobody had returned leaves with its last: that one stands alone.
            let opened = changes.iter().any(|c| match c {
                Change::Ungrouped { line, into } if line.id == gone.id => {
                    let into: Vec<StationId> = into.iter().flat_map(held).collect();
                    into == held(gone)
                }
                _ => false,
            });
            let scene = &self.scene;
            let excused = held(gone).iter().all(|&id| {
                !scene.feeds.contains_key(&id)
                    || scene.alarms.maintenance(id, scene.wall()).is_some()
            });
            assert!(
                gone.acknowledged.is_some()
                    || changes.iter().any(answered)
                    || grouped.is_some()
                    || opened
                    || excused,
                "lost: {gone:?}"
            );
            // It says so, once, in one way. (What the list or a person did was said before.)
            let closed =
                changes.iter().filter(|c| matches!(c, Change::Closed(id) if *id == gone.id));
            assert!(closed.count() + usize::from(grouped.is_some()) == 1, "{gone:?} {changes:?}");
        }
        for line in lines {
            let known = self.before.iter().any(|l| l.id == line.id);
            assert!(
                known || self.ids.insert(line.id),
                "{line:?} has a number that was used before"
            );
            self.ids.insert(line.id);
        }
    }

    fn escalated_once(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Escalated(line) => {
                    assert!(self.escalated.insert(line.id), "escalated twice: {line:?}");
                    assert!(line.acknowledged.is_none() && line.ended.is_none());
                }
                Change::Raised(line) => drop(self.escalated.remove(&line.id)),
                _ => {}
            }
        }
        for line in self.scene.lines() {
            assert!(!(line.escalated && line.acknowledged.is_some()));
        }
    }

    /// Two lines of which nothing has changed stand as they stood.
    fn order_is_kept(&self, changes: &[Change]) {
        let rank = |l: &Line| (l.acknowledged.is_some(), l.escalated, l.severity);
        let news: BTreeSet<AlarmId> = changes
            .iter()
            .filter_map(|c| match c {
                Change::Raised(line) | Change::Grouped { line, .. } => Some(line.id),
                _ => None,
            })
            .collect();
        let lines = self.scene.lines();
        let calm: Vec<AlarmId> = self
            .before
            .iter()
            .filter(|b| !news.contains(&b.id))
            .filter(|b| lines.iter().any(|l| l.id == b.id && rank(l) == rank(b)))
            .map(|b| b.id)
            .collect();
        let after: Vec<AlarmId> =
            lines.iter().map(|l| l.id).filter(|id| calm.contains(id)).collect();
        assert_eq!(calm, after);
        let sorted = lines.is_sorted_by_key(|l| {
            (l.acknowledged.is_some(), !l.escalated, std::cmp::Reverse(l.severity))
        });
        assert!(sorted, "{lines:?}");
    }

    /// Everything is well again and everything answered: nothing is left.
    fn ends_in_peace(mut self) {
        self.scene.machine = Machine::default();
        let all: Vec<StationId> = self.scene.feeds.keys().copied().collect();
        all.iter().for_each(|&id| self.scene.set(id, State::Live));
        for window in self.scene.alarms.windows().to_vec() {
            assert!(self.scene.alarms.end_maintenance(window.station).is_some());
        }
        self.does(&Op::Wait(60));
        assert!(self.scene.lines().iter().all(|l| l.ended.is_some()), "{:?}", self.scene.lines());
        while let Some(nth) = self.scene.lines().iter().position(|l| l.acknowledged.is_none()) {
            self.answer(nth);
        }
        (0..12).for_each(|_| self.does(&Op::Wait(60)));
        assert!(self.scene.lines().is_empty(), "{:?}", self.scene.lines());
        assert!(self.scene.alarms.guards().is_empty());
        assert!(self.scene.alarms.windows().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_promises_hold(ops in prop::collection::vec(op(), 1..80)) {
        let mut judge = Judge::new();
        ops.iter().for_each(|op| judge.does(op));
        judge.ends_in_peace();
    }
}
