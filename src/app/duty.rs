//! What is on duty whether or not anybody looks: makes alarms of every look at the country, has all
//! that happens written down, and keeps what a restart must not forget.
//!
//! The same for the wall and for `watch`. It holds no thread but the one that saves the alarms; a
//! look never waits for a disk.

pub(super) mod journalled;
mod kept;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use self::kept::{Found, Kept, Suspected};
use super::configuration::Configuration;
use super::ending::Ending;
use super::saver::Saver;
use super::watcher::Known;
use super::way_out::WayOut;
use crate::clock::{Clock, Mono, SystemClock, WallTime};
use crate::config::data::DataDir;
use crate::health::alarms::{
    AlarmId, Alarms, Attention, Change, Limits, Line, Machine, Member, Seen, Window,
};
use crate::health::{Assessment, State, Trouble};
use crate::ingest::{Ingest, Waker};
use crate::journal::read::Reader;
use crate::journal::{Entry, Journal, RunConfig, RunInfo, Status};
use crate::metrics::{self, Figures};
use crate::model::day::ElectionDay;
use crate::model::{FeedId, FeedKind, Station, StationId, StationList};
use crate::text::Text;

/// The open alarms are on the disk this late at most.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// Opens the journal of the data folder and begins a run in it: of `command`, on the list of that
/// version with so many feeds.
pub(super) fn begin(
    command: &str,
    data: &DataDir,
    day: &ElectionDay,
    (list_version, list): (u32, &StationList),
    feeds: usize,
    waker: Waker,
    text: &Text,
) -> anyhow::Result<Journal> {
    let config = RunConfig {
        list_version,
        stations: list.stations.len(),
        feeds,
        day: day.date.to_string(),
        zone: day.zone.iana_name().unwrap_or_default().to_owned(),
    };
    let run = RunInfo::this_process(command, config).taking_over(data.notes_file());
    Journal::open(&data.journal_file(), Arc::new(SystemClock), run, waker)
        .map_err(|e| anyhow::anyhow!(e.explain(text)))
}

/// Who answers at this machine: what the environment says, else who was `said` to be at the desk, else
/// the user's name, else the machine's.
pub(super) fn operator(said: Option<String>) -> String {
    let named = |name| std::env::var(name).ok().filter(|name| !name.trim().is_empty());
    let host = || gethostname::gethostname().to_string_lossy().into_owned();
    named("POLLWALL_OPERATOR").or(said).or_else(|| named("USER")).unwrap_or_else(host)
}

/// Alarms, maintenance, and the journal of all of it.
pub(super) struct Duty {
    clock: Arc<dyn Clock>,
    journal: Journal,
    alarms: Alarms,
    saver: Saver<Kept>,
    /// Whose picture is suspected of what a first look cannot see.
    suspected: BTreeMap<StationId, Suspected>,
    /// The list whose stations are watched.
    list: Option<Arc<StationList>>,
    /// As they were last written down.
    states: HashMap<StationId, (State, Option<Trouble>)>,
    attention: Arc<Attention>,
    way_out: WayOut,
    /// Who answers at this wall.
    operator: String,
    /// What the run is set to, as it was put down.
    configuration: Configuration,
    /// What is to be recorded is not.
    recording_fails: bool,
}

impl Duty {
    /// Goes on with the alarms that an earlier run has left in the data folder. What cannot be read
    /// there stops nobody from watching.
    pub(super) fn start(
        data: &DataDir,
        journal: Journal,
        operator: String,
        clock: Arc<dyn Clock>,
    ) -> io::Result<Self> {
        let file = data.alarms_file();
        let (now, wall) = (clock.mono(), clock.wall());
        let Found { kept, mut writer } = kept::open(&file, wall);
        let (alarms, suspected) = match kept {
            Some(Kept { alarms, suspected }) => {
                (Alarms::restore(Limits::default(), alarms, now, wall), suspected)
            }
            // Nothing else is left that would say which numbers were given away.
            None => {
                let used = used(&data.journal_file());
                (Alarms::new(Limits::default(), used), BTreeMap::new())
            }
        };
        let alarms_there = alarms.snapshot(now, wall);
        let there = Kept { alarms: alarms_there, suspected: suspected.clone() };
        let lost = "a restart would forget the open alarms";
        let write = move |kept: &Kept, file: &Path| writer.write(kept, file);
        let saver = Saver::start("alarms", file, there, SAVE_EVERY, write, lost)?;
        let attention = Arc::new(alarms.attention().clone());
        let configuration = Configuration::new(journal.clone(), Arc::clone(&clock));
        Ok(Self {
            configuration,
            clock,
            journal,
            alarms,
            saver,
            suspected,
            list: None,
            states: HashMap::new(),
            attention,
            way_out: WayOut::of_this_machine(),
            operator,
            recording_fails: false,
        })
    }

    /// What has to be attended to.
    pub(super) fn attention(&self) -> &Arc<Attention> {
        &self.attention
    }

    /// The work that is being done at stations.
    pub(super) fn work_at(&self, wall: WallTime) -> impl Iterator<Item = &Window> {
        let stands = move |w: &&Window| w.from <= wall && w.until.is_none_or(|u| wall < u);
        self.alarms.windows().iter().filter(stands)
    }

    /// Who answers at this wall.
    pub(super) fn operator(&self) -> &str {
        &self.operator
    }

    /// Puts down what the run is set to.
    pub(super) fn configuration(&mut self) -> &mut Configuration {
        &mut self.configuration
    }

    /// Puts down what holds for every run, and what an earlier one has left.
    pub(super) fn put_down_settings(&mut self, day: &ElectionDay) {
        self.configuration.common(day, &self.operator);
        let wall = self.clock.wall();
        let stands = |w: &&Window| w.from <= wall && w.until.is_none_or(|u| wall < u);
        self.configuration.work(self.alarms.windows().iter().filter(stands));
    }

    /// Somebody else answers from now on.
    pub(super) fn set_operator(&mut self, who: String) {
        self.configuration.operator(&who);
        self.operator = who;
    }

    /// How writing it all down is going.
    pub(super) fn journal_status(&self) -> Status {
        self.journal.status()
    }

    /// Adds what only this knows: how the journal and the alarms are doing.
    pub(super) fn figures(&self, figures: &mut Figures) {
        let (now, journal) = (self.clock.mono(), self.journal_status());
        figures.journal = Some(metrics::Journal {
            waiting: journal.waiting as u64,
            lost: journal.lost,
            lag: journal.oldest.map_or(Duration::ZERO, |oldest| now.since(oldest)),
            failing: journal.failing.is_some(),
        });
        let lines = &self.attention.lines;
        figures.alarms = Some(metrics::Alarms {
            open: lines.len() as u64,
            unacknowledged: lines.iter().filter(|line| line.acknowledged.is_none()).count() as u64,
            guarded: self.alarms.holds_back(),
        });
    }

    /// Whether this machine fails to write what is to be recorded.
    pub(super) fn recording_fails(&mut self, fails: bool) {
        self.recording_fails = fails;
    }

    /// Takes what is known at one moment: writes down which states have changed, makes alarms, and
    /// marks the stations at which work is being done.
    pub(super) fn look(&mut self, known: &mut Known, list: &Arc<StationList>, day: &ElectionDay) {
        self.take_list(list);
        for (station, assessment) in &known.stations {
            self.take_down(*station, assessment, known.now, known.wall);
        }
        let seen: Vec<_> = known
            .stations
            .iter()
            .map(|(station, assessment)| Seen { station: *station, assessment })
            .collect();
        let machine = Machine {
            late: known.machine_behind,
            disk: self.journal.status().failing.is_some(),
            recording: self.recording_fails,
            network_down: self.way_out.is_gone(known.now),
        };
        let stage = |station| day.stage_at(known.wall, Some(station));
        let changes = self.alarms.step(known.now, known.wall, &seen, &stage, machine);
        let changed = !changes.is_empty();
        for change in &changes {
            self.record(change);
        }
        let changed = self.mind_suspicions(known, list) || changed;
        self.publish(changed);
        let wall = known.wall;
        known.mark(|station| self.alarms.maintenance(station, wall).is_some());
    }

    /// Reminds receiving of what an earlier run has suspected of pictures: that stands until they are seen
    /// to be otherwise. To be called before the first look.
    pub(super) fn remind(&self, ingest: &Ingest, list: &StationList) {
        let (now, wall) = (self.clock.mono(), self.clock.wall());
        // Never in the future: the civil clock may have been set back.
        let mono = |then: WallTime| {
            let ago = wall.as_micros().saturating_sub(then.as_micros()).max(0);
            Mono::from_micros(now.as_micros().saturating_sub(ago))
        };
        for (id, was) in &self.suspected {
            let Some((kind, url)) = standing(list, *id).filter(|(_, url)| *url == was.url) else {
                continue;
            };
            let suspicion = was.suspicion(mono);
            log::info!("{id} {kind:?} {url}: before the start {suspicion:?}");
            if let Some(feed) = ingest.feed(FeedId { station: *id, kind }) {
                feed.remember(suspicion);
            }
        }
    }

    /// Takes note of what is suspected now; whether that is news.
    fn mind_suspicions(&mut self, known: &Known, list: &StationList) -> bool {
        let before = std::mem::take(&mut self.suspected);
        let civil = |then| WallTime::from_micros(journalled::civil(then, known.now, known.wall));
        for (id, seen) in &known.stations {
            let now = &seen.evidence.picture.suspicion;
            let Some((_, url)) = standing(list, *id).filter(|_| !now.is_none()) else { continue };
            // The civil time of a beginning is made once: clocks are set.
            let same = before.get(id).filter(|was| was.url == url && was.is(now)).cloned();
            let suspected = same.unwrap_or_else(|| Suspected::of(url, now, civil));
            self.suspected.insert(*id, suspected);
        }
        self.suspected != before
    }

    /// The stations of another list are watched from now on.
    fn take_list(&mut self, list: &Arc<StationList>) {
        if self.list.as_ref().is_some_and(|present| Arc::ptr_eq(present, list)) {
            return;
        }
        let host = |url: &str| {
            let url = url::Url::parse(url).ok();
            url.and_then(|url| url.host_str().map(str::to_ascii_lowercase)).unwrap_or_default()
        };
        let member = |station: &Station| Member {
            station: station.id,
            host: station.url(station.standing_feed()).map(host).unwrap_or_default(),
            network: station.network.clone(),
        };
        self.alarms.set_members(list.stations.iter().map(member).collect());
        self.states.retain(|station, _| list.station(*station).is_some());
        self.list = Some(Arc::clone(list));
    }

    /// Writes down that a station's state is another one.
    fn take_down(&mut self, id: StationId, now: &Assessment, at: Mono, wall: WallTime) {
        let is = (now.state, now.trouble.clone());
        let was = self.states.get(&id);
        // Every feed begins by connecting: that is no news.
        if was == Some(&is) || (was.is_none() && now.state == State::Connecting) {
            return;
        }
        let from = was.map_or(State::Connecting, |(state, _)| *state);
        let event = journalled::state(from, now, at, wall);
        self.journal.record(Entry { utc: wall, mono: at, station: Some(id), feed: None, event });
        self.states.insert(id, is);
    }

    fn record(&self, change: &Change) {
        let (now, wall) = (self.clock.mono(), self.clock.wall());
        for (station, event) in journalled::events(change, now, wall, &self.operator) {
            self.journal.record(Entry { utc: wall, mono: now, station, feed: None, event });
        }
    }

    /// Shows what has changed, and has it saved.
    fn publish(&mut self, changed: bool) {
        if *self.attention != *self.alarms.attention() {
            self.attention = Arc::new(self.alarms.attention().clone());
        }
        if changed {
            let alarms = self.alarms.snapshot(self.clock.mono(), self.clock.wall());
            self.saver.note(Kept { alarms, suspected: self.suspected.clone() });
        }
    }

    /// The operator takes an alarm on.
    pub(super) fn acknowledge(&mut self, alarm: AlarmId, note: &str) {
        let (now, wall) = (self.clock.mono(), self.clock.wall());
        if let Some(change) = self.alarms.acknowledge(alarm, &self.operator, note, now, wall) {
            self.record(&change);
            self.publish(true);
        }
    }

    /// The operator has seen every alarm that is over.
    pub(super) fn acknowledge_all_ended(&mut self) {
        let over = |line: &&Line| line.ended.is_some();
        let ids: Vec<_> = self.attention.lines.iter().filter(over).map(|line| line.id).collect();
        for id in ids {
            self.acknowledge(id, "");
        }
    }

    /// Work begins at a station: for so many minutes, or until somebody ends it.
    pub(super) fn maintain(&mut self, station: StationId, minutes: Option<u32>, reason: &str) {
        let (now, wall) = (self.clock.mono(), self.clock.wall());
        let span = minutes.map(|minutes| i64::from(minutes) * 60_000_000);
        let until = span.map(|us| WallTime::from_micros(wall.as_micros().saturating_add(us)));
        let (who, reason) = (self.operator.clone(), reason.to_owned());
        let change =
            self.alarms.maintain(Window { station, from: wall, until, who, reason }, now, wall);
        self.record(&change);
        self.publish(true);
    }

    /// The work at a station is over.
    pub(super) fn end_maintenance(&mut self, station: StationId) {
        if let Some(change) = self.alarms.end_maintenance(station) {
            self.record(&change);
            self.publish(true);
        }
    }

    /// Has the open alarms written down for the last time. The journal is its owner's to close.
    pub(super) fn end(self) -> Ending {
        self.saver.end("alarms")
    }

    /// The same, waited for; whether they are on the disk.
    #[cfg(test)]
    pub(super) fn close(self, within: Duration) -> bool {
        self.end().is_over(within)
    }
}

/// The feed of a station that is received all the time, and its address without secrets.
fn standing(list: &StationList, id: StationId) -> Option<(FeedKind, &str)> {
    let station = list.station(id)?;
    let kind = station.standing_feed();
    Some((kind, station.url(kind)?))
}

/// The highest number of an alarm in the journal, where nothing else is left that would say it: the
/// numbers of two alarms must not be the same. It takes reading all that was ever told of alarms.
fn used(journal: &Path) -> AlarmId {
    let highest = Reader::open(journal).and_then(|reader| reader.highest_alarm());
    AlarmId(highest.unwrap_or_else(|e| {
        log::error!("{e}; numbers of alarms begin anew, and may come twice in the journal");
        0
    }))
}

#[cfg(test)]
mod tests;
