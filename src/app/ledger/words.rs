//! Causes, evidence, times and lengths as people read them.

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::clock::{Synchronised, WallTime};
use crate::health::{State, Trouble};
use crate::record::ledger::{Gap, Share};
use crate::text::Text;
use crate::tr;
use crate::ui::words;

/// `4:28.123`, `3:57:00.000`: to the millisecond, for lines that are added up.
pub(in crate::app) fn length(us: i64) -> String {
    let ms = us.max(0) / 1000;
    let (seconds, ms) = (ms / 1000, ms % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}.{ms:03}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}.{ms:03}"),
    }
}

/// Seconds with six places, as they are added up; the sign between as the language has it.
pub(in crate::app) fn seconds(us: i64, point: char) -> String {
    let (sign, us) = (if us < 0 { "-" } else { "" }, us.unsigned_abs());
    format!("{sign}{}{point}{:06}", us / 1_000_000, us % 1_000_000)
}

/// A moment on the clock of the election day's zone.
pub(in crate::app) fn local(us: i64, zone: &TimeZone) -> String {
    let at = WallTime::from_micros(us).timestamp().to_zoned(zone.clone());
    at.strftime("%d.%m.%Y %H:%M:%S%.3f").to_string()
}

/// The same where the day is known from above.
pub(in crate::app) fn time(us: i64, zone: &TimeZone) -> String {
    let at = WallTime::from_micros(us).timestamp().to_zoned(zone.clone());
    at.strftime("%H:%M:%S%.3f").to_string()
}

/// What is known of this machine's clock.
pub(in crate::app) fn clock(clock: Option<Synchronised>, text: &Text) -> String {
    match clock {
        Some(Synchronised { is_synchronised: true, estimated_error, .. }) => {
            let error = estimated_error.as_millis().to_string();
            tr!(text, "ledger-clock-right", error = error)
        }
        Some(_) => tr!(text, "ledger-clock-not-right"),
        None => tr!(text, "ledger-clock-unknown"),
    }
    .into_owned()
}

/// All that is said of a gap beside its cause.
pub(in crate::app) fn evidence(gap: &Gap, text: &Text) -> String {
    let mut said: Vec<String> = gap.evidence.iter().map(|share| of_share(share, text)).collect();
    said.dedup();
    if gap.evidence_left_out > 0 {
        let count = gap.evidence_left_out.to_string();
        said.push(tr!(text, "ledger-evidence-more", count = count).into_owned());
    }
    if !gap.also.is_empty() {
        let also: Vec<_> = gap.also.iter().map(|cause| words::cause(text, *cause)).collect();
        said.push(tr!(text, "ledger-also", causes = also.join(", ")).into_owned());
    }
    said.join("; ")
}

/// Where it stands and what it says.
fn of_share(share: &Share, text: &Text) -> String {
    let evidence = &share.evidence;
    let string = |name: &str| evidence.get(name).and_then(Value::as_str);
    let row = evidence.get("journal").map(Value::to_string);
    let said = if let (Some(row), Some(code)) = (&row, string("state")) {
        let state = State::of_code(code).map(|state| words::state(text, state).into_owned());
        let state = state.unwrap_or_else(|| code.to_owned());
        let why = string("trouble").map(|code| trouble(code, text));
        let what = why.map_or_else(|| state.clone(), |why| format!("{state} ({why})"));
        tr!(text, "ledger-evidence-row", row = row.clone(), what = what)
    } else if let (Some(row), Some(why)) = (&row, string("guard")) {
        let what = match why {
            "late" => tr!(text, "journal-own-late").into_owned(),
            "network" => tr!(text, "journal-own-network").into_owned(),
            other => other.to_owned(),
        };
        tr!(text, "ledger-evidence-row", row = row.clone(), what = what)
    } else if let (Some(row), Some(who)) = (&row, string("who")) {
        let said = [who, string("reason").unwrap_or_default()];
        let what = said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        tr!(text, "ledger-evidence-row", row = row.clone(), what = what.join(", "))
    } else if let Some(numbers) = evidence.get("recorder") {
        tr!(text, "ledger-evidence-recorder", what = numbers.to_string())
    } else if evidence.get("ended").is_some() {
        match (string("ended"), string("last_run")) {
            (Some("killed"), _) => tr!(text, "ledger-evidence-killed"),
            (Some(_), _) => tr!(text, "ledger-evidence-stopped"),
            (None, Some(_)) => tr!(text, "ledger-evidence-ended"),
            (None, None) => tr!(text, "ledger-evidence-not-begun"),
        }
    } else if let Some(command) = string("command") {
        match command {
            "" => tr!(text, "ledger-evidence-left-off"),
            _ => tr!(text, "ledger-evidence-not-asked", command = command.to_owned()),
        }
    } else if let Some(version) = evidence.get("list_version") {
        match version.as_u64() {
            Some(version) => {
                tr!(text, "ledger-evidence-not-listed", version = version.to_string())
            }
            None => tr!(text, "ledger-evidence-no-list"),
        }
    } else if let Some(file) = string("unfinished") {
        tr!(text, "ledger-evidence-unfinished", file = file.to_owned())
    } else {
        return evidence.to_string();
    };
    said.into_owned()
}

/// A trouble by its code; one that needs numbers to be told stands as it is.
fn trouble(code: &str, text: &Text) -> String {
    let known = Trouble::of_code(code);
    known.map_or_else(|| code.to_owned(), |known| words::trouble(text, &known).into_owned())
}
