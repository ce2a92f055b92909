//! A station's day from the rows of the journal.

use std::time::Duration;

use serde_json::Value;

use super::Ask;
use super::alarms::Alarms;
use crate::clock::WallTime;
use crate::health::{State, Trouble};
use crate::journal::read::{Filter, Reader, Record, Run};
use crate::journal::{Event, JournalError, Kind};
use crate::ui::{History, Span, Work};

/// Alarms that stand when the page begins were raised this long before it at most.
const ALARMS_BEFORE: Duration = Duration::from_secs(48 * 3600);

/// What ended a window within this was another window in its place.
const REPLACED_WITHIN: Duration = Duration::from_secs(2);

const ALARM_KINDS: [Kind; 7] = [
    Kind::AlarmRaised,
    Kind::AlarmWorsened,
    Kind::AlarmEnded,
    Kind::AlarmAcknowledged,
    Kind::AlarmsGrouped,
    Kind::AlarmsUngrouped,
    Kind::AlarmClosed,
];

/// Reads the day that was asked for.
pub(super) fn history(reader: &Reader, ask: &Ask) -> Result<History, JournalError> {
    let read = |station, kinds: &[Kind], since| {
        let mut rows = Vec::new();
        let filter = Filter { station, kinds: kinds.to_vec(), since };
        let take = |row| {
            rows.push(row);
            Ok::<_, JournalError>(())
        };
        reader.each(&filter, take)?;
        Ok::<_, JournalError>(rows)
    };
    let runs = watching(reader.runs()?, ask);
    // What stood when the page begins was written down earlier in the same run.
    let first = runs.first().map_or(ask.from, |run| run.from.min(ask.from));
    let own = Some(ask.station);
    let states = read(own, &[Kind::State], Some(first))?;
    let work = read(own, &[Kind::MaintenanceBegan, Kind::MaintenanceEnded], None)?;
    // What happens to a group names its stations once.
    let alarms = read(None, &ALARM_KINDS, Some(ask.from - ALARMS_BEFORE))?;

    let states: Vec<Change> = states.iter().filter_map(Change::of).collect();
    let mut history = History {
        station: own,
        from: ask.from,
        to: ask.to.max(ask.now),
        delivered: ask.delivered.clone(),
        thumbnails: ask.thumbnails.clone(),
        thumbnails_from: Some(ask.thumbnails_from.max(ask.from)),
        alarms: past_alarms(ask, &states, &alarms),
        ..History::default()
    };
    history.delivered.retain(|minute| minute.at >= ask.from);
    history.thumbnails.retain(|(at, _)| *at >= ask.from);
    for (at, run) in runs.iter().enumerate() {
        let is_last = at + 1 == runs.len();
        let known = states.iter().filter(|change| run.from <= change.at && change.at <= run.last);
        let known: Vec<&Change> = known.collect();
        if known.is_empty() && !is_last {
            // It may not have been on the list.
            continue;
        }
        let end = if is_last && !run.stopped { ask.now } else { run.last };
        spans(run.from, end, &known, &mut history.spans);
        history.reconnects.extend(reconnects(&known));
    }
    history.work = windows(&work, ask.now);
    history.work.retain(|work| work.to.is_none_or(|to| to > ask.from));
    for span in &mut history.spans {
        span.from = span.from.max(ask.from);
    }
    history.spans.retain(|span| span.from < span.to);
    history.reconnects.retain(|at| *at >= ask.from);
    let troubles = states.iter().rev().filter(|change| change.at >= ask.from);
    history.errors =
        troubles.filter_map(|change| Some((change.at, change.trouble.clone()?))).collect();
    Ok(history)
}

/// The runs that watched what is watched now, and end in the day. Streams that were opened by hand
/// are not those of the list, even where the numbers are the same.
fn watching(mut runs: Vec<Run>, ask: &Ask) -> Vec<Run> {
    let by_hand = |run: &Run| run.command == "open";
    let now_by_hand = runs.last().is_some_and(by_hand);
    let newest = runs.len().saturating_sub(1);
    let mut at = 0;
    runs.retain(|run| {
        at += 1;
        by_hand(run) == now_by_hand && (run.last >= ask.from || at > newest)
    });
    runs
}

/// A row that says that the state is another one.
struct Change {
    seq: i64,
    at: WallTime,
    since: WallTime,
    from: State,
    to: State,
    trouble: Option<Trouble>,
}

impl Change {
    fn of(row: &Record) -> Option<Self> {
        let Some(Event::State { from, to, trouble, since_utc_us, evidence }) = row.event() else {
            return None;
        };
        Some(Self {
            seq: row.seq,
            at: row.utc,
            since: since_utc_us.map_or(row.utc, WallTime::from_micros),
            from: State::of_code(&from)?,
            to: State::of_code(&to)?,
            trouble: trouble.and_then(|code| trouble_of(&code, &evidence)),
        })
    }
}

/// The trouble that was written down; `None` where it lacks what it needs to be told.
fn trouble_of(code: &str, evidence: &Value) -> Option<Trouble> {
    let number = |name: &str| evidence.get(name).and_then(Value::as_u64);
    match code {
        "status" => Some(Trouble::Status(u16::try_from(number("status")?).ok()?)),
        "unsupported-codec" => {
            let codec = evidence.get("codec")?.as_str()?;
            Some(Trouble::UnsupportedCodec(codec.to_owned()))
        }
        "too-large" => Some(Trouble::TooLarge {
            width: u32::try_from(number("width")?).ok()?,
            height: u32::try_from(number("height")?).ok()?,
        }),
        plain => Trouble::of_code(plain),
    }
}

/// The states of one run, which was from `began` to `end`.
fn spans(began: WallTime, end: WallTime, changes: &[&Change], spans: &mut Vec<Span>) {
    let (mut from, mut state) = (began, State::Connecting);
    for change in changes {
        // What was well until it was lost was lost with its last picture, not when that was noticed.
        let lost = change.to.is_trouble() && !state.is_trouble();
        let at = if lost { change.since.clamp(from, change.at) } else { change.at.max(from) };
        if change.to != state {
            spans.push(Span { from, to: at, state });
            (from, state) = (at, change.to);
        }
    }
    spans.push(Span { from, to: end.max(from), state });
}

/// When pictures came again. The first of a run open its sessions for the first time.
fn reconnects(changes: &[&Change]) -> impl Iterator<Item = WallTime> {
    let lost = |state| matches!(state, State::Offline | State::Stalled | State::Connecting);
    let again = move |change: &&&Change| lost(change.from) && change.to.is_arriving();
    let begun = changes.iter().position(|change| change.to.is_arriving()).map_or(0, |at| at + 1);
    changes.iter().skip(begun).filter(again).map(|change| change.at).collect::<Vec<_>>().into_iter()
}

/// When work was done.
fn windows(rows: &[Record], now: WallTime) -> Vec<Work> {
    let mut done: Vec<Work> = Vec::new();
    // The last is the one that stands, and whether it has taken another's place.
    let mut standing: Option<(Work, bool)> = None;
    for row in rows {
        match row.event() {
            Some(Event::MaintenanceBegan { until_utc_us, who, reason }) => {
                let until = until_utc_us.map(WallTime::from_micros);
                let work = Work { from: row.utc, to: None, until, who, reason };
                let replaces = standing.is_some();
                done.extend(standing.replace((work, replaces)).map(|(old, _)| old.ended(row.utc)));
            }
            Some(Event::MaintenanceEnded { .. }) => {
                let Some((work, replaced)) = &mut standing else { continue };
                if std::mem::take(replaced) && row.utc - REPLACED_WITHIN <= work.from {
                    // Of the one before, which is over already.
                    continue;
                }
                done.extend(standing.take().map(|(work, _)| work.ended(row.utc)));
            }
            _ => {}
        }
    }
    // A run that was killed has not written down the end of what has ended since.
    done.extend(standing.map(|(work, _)| match work.until {
        Some(until) if until <= now => work.ended(until),
        _ => work,
    }));
    done
}

fn past_alarms(ask: &Ask, states: &[Change], rows: &[Record]) -> Vec<crate::ui::PastAlarm> {
    let mut alarms = Alarms::new(ask.station);
    let mut states = states.iter().peekable();
    for row in rows {
        while let Some(change) = states.next_if(|change| change.seq < row.seq) {
            alarms.state(change.at, change.since, change.to);
        }
        if let Some(event) = row.event() {
            alarms.take(row.station.as_deref(), row.utc, &event);
        }
    }
    // The end of the trouble may come long after the last row about the alarm.
    for change in states {
        alarms.state(change.at, change.since, change.to);
    }
    alarms.since(ask.from)
}
