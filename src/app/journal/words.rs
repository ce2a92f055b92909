//! A row of the journal as a sentence.

use jiff::tz::TimeZone;

use crate::clock::WallTime;
use crate::health::State;
use crate::journal::Event;
use crate::journal::read::Record;
use crate::model::day::Stage;
use crate::record::space::Level;
use crate::text::Text;
use crate::tr;
use crate::ui::words;

/// What happened. A row that this version does not know is shown as it stands.
pub(super) fn of(row: &Record, zone: &TimeZone, text: &Text) -> String {
    match row.event() {
        Some(event) => sentence(&event, zone, text),
        None => format!("{} {}", row.kind, row.body),
    }
}

fn state(code: &str, text: &Text) -> String {
    let known = State::ALL.into_iter().find(|state| state.code() == code);
    known.map_or_else(|| code.to_owned(), |state| words::state(text, state).into_owned())
}

/// A state and, where there is one, the trouble behind it by its code.
fn trouble(state_code: &str, trouble: Option<&String>, text: &Text) -> String {
    let state = state(state_code, text);
    trouble.map_or_else(|| state.clone(), |code| format!("{state} ({code})"))
}

fn time(utc_us: i64, zone: &TimeZone) -> String {
    let at = WallTime::from_micros(utc_us).timestamp();
    at.to_zoned(zone.clone()).strftime("%d.%m.%Y %H:%M:%S").to_string()
}

fn span(ms: u64) -> String {
    Text::counter(std::time::Duration::from_millis(ms))
}

/// ` · ` and what somebody said, if anything.
fn said(note: &str) -> String {
    if note.is_empty() { String::new() } else { format!(" · {note}") }
}

fn sentence(event: &Event, zone: &TimeZone, text: &Text) -> String {
    match event {
        Event::State { from, to, trouble: why, .. } => {
            format!("{} ← {}", trouble(to, why.as_ref(), text), state(from, text))
        }
        Event::Note { text: note, stage, state: then, .. } => {
            let stage = stage.as_deref().and_then(|code| stage_word(code, text));
            let stage = stage.map(|word| format!("{word}, ")).unwrap_or_default();
            tr!(text, "journal-note", note = note.clone(), stage = stage, state = state(then, text))
                .into_owned()
        }
        Event::Snapshot { file, state: then, .. } => {
            tr!(text, "journal-snapshot", file = file.clone(), state = state(then, text))
                .into_owned()
        }
        Event::Import { .. } | Event::Configuration { .. } => changed(event, zone, text),
        Event::Recording { .. } | Event::Shown { .. } => footage(event, zone, text),
        Event::Space { .. }
        | Event::FootageDeleted { .. }
        | Event::FootageLocked { .. }
        | Event::FootageUnlocked { .. }
        | Event::FootageQuarantined { .. } => kept(event, zone, text),
        Event::GuardBegan { .. }
        | Event::GuardYielded { .. }
        | Event::GuardEnded { .. }
        | Event::MaintenanceBegan { .. }
        | Event::MaintenanceEnded { .. } => held_back(event, zone, text),
        Event::AlarmRaised { .. }
        | Event::AlarmWorsened { .. }
        | Event::AlarmEnded { .. }
        | Event::AlarmAcknowledged { .. }
        | Event::AlarmEscalated { .. }
        | Event::AlarmsGrouped { .. }
        | Event::AlarmsUngrouped { .. }
        | Event::AlarmClosed { .. } => alarm(event, text),
        _ => own(event, zone, text),
    }
}

/// What was recorded, and what was on a screen.
fn footage(event: &Event, zone: &TimeZone, text: &Text) -> String {
    match event {
        Event::Recording { on: false, .. } => tr!(text, "journal-recording-off").into_owned(),
        Event::Recording { stations: None, feed, .. } => {
            tr!(text, "journal-recording-all", feed = feed.clone()).into_owned()
        }
        Event::Recording { stations: Some(stations), feed, .. } => {
            let stations = stations.join(", ");
            tr!(text, "journal-recording-some", feed = feed.clone(), stations = stations)
                .into_owned()
        }
        Event::Shown { from_utc_us, wall, width, height, stations } => tr!(
            text,
            "journal-shown",
            from = time(*from_utc_us, zone),
            wall = wall.clone(),
            size = format!("{width}×{height}"),
            stations = stations.join(", ")
        )
        .into_owned(),
        _ => String::new(),
    }
}

/// What became of recordings, and how much room there is for more.
fn kept(event: &Event, zone: &TimeZone, text: &Text) -> String {
    match event {
        Event::Space { level, hours_left, .. } => match Level::of(level) {
            Some(level) => return level.explain(hours_left.map(|hours| hours as f32), text),
            None => return level.clone(),
        },
        Event::FootageDeleted { deletion, day, keep_days, stations, segments, bytes, .. } => tr!(
            text,
            "journal-footage-deleted",
            number = deletion.to_string(),
            day = day.clone(),
            days = keep_days.to_string(),
            segments = segments.to_string(),
            bytes = bytes.to_string(),
            stations = stations.join(", ")
        ),
        Event::FootageLocked { number, of, from_utc_us, to_utc_us, reason, who, .. } => {
            let every = || tr!(text, "footage-every-station").into_owned();
            tr!(
                text,
                "journal-footage-locked",
                number = number.to_string(),
                station = of.clone().unwrap_or_else(every),
                from = time(*from_utc_us, zone),
                to = time(*to_utc_us, zone),
                who = who.clone(),
                reason = said(reason)
            )
        }
        Event::FootageUnlocked { lock, who, reason, .. } => tr!(
            text,
            "journal-footage-unlocked",
            lock = lock.to_string(),
            who = who.clone(),
            reason = said(reason)
        ),
        Event::FootageQuarantined { file, why, .. } => {
            tr!(text, "journal-footage-quarantined", file = file.clone(), why = why.clone())
        }
        _ => return String::new(),
    }
    .into_owned()
}

fn stage_word(code: &str, text: &Text) -> Option<String> {
    let stage = Stage::ALL.into_iter().find(|stage| stage.as_str() == code)?;
    Some(words::stage(text, stage).into_owned())
}

fn alarm(event: &Event, text: &Text) -> String {
    let number = |alarm: &u64| alarm.to_string();
    match event {
        Event::AlarmRaised { alarm, state, trouble: why, .. } => {
            let what = trouble(state, why.as_ref(), text);
            tr!(text, "journal-alarm-raised", alarm = number(alarm), what = what)
        }
        Event::AlarmWorsened { alarm, to, trouble: why, .. } => {
            let what = trouble(to, why.as_ref(), text);
            tr!(text, "journal-alarm-worsened", alarm = number(alarm), what = what)
        }
        Event::AlarmEnded { alarm, lasted_ms } => {
            tr!(text, "journal-alarm-ended", alarm = number(alarm), span = span(*lasted_ms))
        }
        Event::AlarmAcknowledged { alarm, who, note } => tr!(
            text,
            "journal-alarm-acknowledged",
            alarm = number(alarm),
            who = who.clone(),
            note = said(note)
        ),
        Event::AlarmEscalated { alarm, after_ms } => {
            tr!(text, "journal-alarm-escalated", alarm = number(alarm), span = span(*after_ms))
        }
        Event::AlarmsGrouped { alarm, which, stations, of, .. } => tr!(
            text,
            "journal-alarms-grouped",
            alarm = number(alarm),
            which = which.clone(),
            count = stations.len().to_string(),
            of = of.to_string(),
            stations = stations.join(", ")
        ),
        Event::AlarmClosed { alarm } => {
            tr!(text, "journal-alarm-closed", alarm = number(alarm))
        }
        Event::AlarmsUngrouped { alarm, stations, .. } if stations.is_empty() => {
            tr!(text, "journal-alarms-returned", alarm = number(alarm))
        }
        Event::AlarmsUngrouped { alarm, stations, .. } => tr!(
            text,
            "journal-alarms-ungrouped",
            alarm = number(alarm),
            stations = stations.join(", ")
        ),
        _ => return String::new(),
    }
    .into_owned()
}

/// What ails this machine.
fn own_word(why: &str, text: &Text) -> String {
    match why {
        "late" => tr!(text, "journal-own-late").into_owned(),
        "network" => tr!(text, "journal-own-network").into_owned(),
        "unchecked" => tr!(text, "journal-own-unchecked").into_owned(),
        "disk" => tr!(text, "journal-own-disk").into_owned(),
        "recording" => tr!(text, "journal-own-recording").into_owned(),
        other => other.to_owned(),
    }
}

fn held_back(event: &Event, zone: &TimeZone, text: &Text) -> String {
    match event {
        Event::GuardBegan { why } => {
            let holds = matches!(why.as_str(), "late" | "network");
            let why = own_word(why, text);
            if holds {
                tr!(text, "journal-guard-began", why = why)
            } else {
                tr!(text, "journal-guard-began-raising", why = why)
            }
        }
        Event::GuardYielded { why, after_ms } => {
            let (why, span) = (own_word(why, text), span(*after_ms));
            tr!(text, "journal-guard-yielded", why = why, span = span)
        }
        Event::GuardEnded { why, lasted_ms, gave_up, lost } => {
            let (why, span) = (own_word(why, text), span(*lasted_ms));
            let count = lost.unwrap_or_default().to_string();
            match (gave_up, lost) {
                (true, _) => {
                    tr!(text, "journal-guard-given-up", why = why, span = span, count = count)
                }
                (false, None) => tr!(text, "journal-guard-over", why = why, span = span),
                (false, Some(0)) => tr!(text, "journal-guard-ended", why = why, span = span),
                (false, Some(_)) => {
                    tr!(text, "journal-guard-ended-lost", why = why, span = span, count = count)
                }
            }
        }
        Event::MaintenanceBegan { until_utc_us, who, reason } => {
            let (who, reason) = (who.clone(), said(reason));
            match until_utc_us {
                Some(until) => {
                    let until = time(*until, zone);
                    tr!(
                        text,
                        "journal-maintenance-until",
                        until = until,
                        who = who,
                        reason = reason
                    )
                }
                None => tr!(text, "journal-maintenance-began", who = who, reason = reason),
            }
        }
        Event::MaintenanceEnded { who } => match who {
            Some(who) => tr!(text, "journal-maintenance-ended-by", who = who.clone()),
            None => tr!(text, "journal-maintenance-ended"),
        },
        _ => return String::new(),
    }
    .into_owned()
}

fn changed(event: &Event, zone: &TimeZone, text: &Text) -> String {
    match event {
        Event::Import { version, accepted_utc_us, source, restored, .. } => {
            let (version, at) = (version.to_string(), time(*accepted_utc_us, zone));
            let Event::Import { stations, added, removed, changed, unseen, .. } = event else {
                return String::new();
            };
            let head = match restored {
                Some(of) => {
                    let of = of.to_string();
                    tr!(text, "journal-restored", version = version, of = of, at = at)
                }
                None => {
                    let source = source.clone();
                    tr!(text, "journal-import", version = version, source = source, at = at)
                }
            };
            let counts = tr!(
                text,
                "journal-import-counts",
                stations = stations.to_string(),
                added = added.to_string(),
                removed = removed.to_string(),
                changed = changed.to_string()
            );
            let unseen = match unseen {
                0 => String::new(),
                n => tr!(text, "journal-import-unseen", count = n.to_string()).into_owned(),
            };
            format!("{head}: {counts}{unseen}")
        }
        Event::Configuration { what, now } => {
            tr!(text, "journal-configuration", what = what.clone(), now = now.to_string())
                .into_owned()
        }
        _ => String::new(),
    }
}

/// What concerns the program and the journal itself.
fn own(event: &Event, zone: &TimeZone, text: &Text) -> String {
    match event {
        Event::Started { version, command, host, pid, .. } => tr!(
            text,
            "journal-started",
            version = version.clone(),
            command = command.clone(),
            host = host.clone(),
            pid = pid.to_string()
        ),
        Event::Stopped {} => tr!(text, "journal-stopped"),
        Event::Lost { count, first_utc_us, last_utc_us } => tr!(
            text,
            "journal-lost",
            count = count.to_string(),
            first = time(*first_utc_us, zone),
            last = time(*last_utc_us, zone)
        ),
        Event::NotesTakenOver { count, unreadable, file } => tr!(
            text,
            "journal-notes-taken-over",
            count = count.to_string(),
            unreadable = unreadable.to_string(),
            file = file.clone()
        ),
        Event::WritingFailed { reason } => {
            tr!(text, "journal-writing-failed", reason = reason.clone())
        }
        Event::WritingResumed { after_ms } => {
            tr!(text, "journal-writing-resumed", span = span(*after_ms))
        }
        Event::BeganAnew { damaged } => {
            tr!(text, "journal-began-anew", damaged = damaged.clone())
        }
        Event::FileGone {} => tr!(text, "journal-file-gone"),
        Event::SealHead { number, feeds, root, .. } => tr!(
            text,
            "journal-seal-head",
            number = number.to_string(),
            feeds = *feeds,
            hash = root.clone()
        ),
        Event::ChainBroken { row } => tr!(text, "journal-chain-broken", row = row.to_string()),
        _ => return String::new(),
    }
    .into_owned()
}
