//! `pollwall footage lock`, `unlock` and `locks`: recordings that no rule deletes.
//!
//! Any process may lock, also while another one records: the lines are in a file of their own, and
//! whoever owns the journal puts them down there.

use std::io::Write;

use serde_json::json;

use super::super::args::Since;
use super::super::journal::moment;
use super::super::{Context, Exit, Explain as _, Failure, duty};
use super::{local, zone};
use crate::clock::{Clock as _, WallTime};
use crate::config::data::DataDir;
use crate::model::StationId;
use crate::record::index::{IndexError, Reader};
use crate::record::locks::{Act, Lock, LockFile, Locks, Wanted};
use crate::text::Text;
use crate::tr;

/// What a lock keeps.
#[derive(Clone, Debug, Default)]
struct Covered {
    segments: u64,
    bytes: u64,
    /// Of a lock of one station.
    files: Vec<String>,
}

/// What these locks keep, in their order.
fn covered(data: &DataDir, locks: &[&Lock]) -> Result<Vec<Covered>, IndexError> {
    let mut all = vec![Covered::default(); locks.len()];
    let reader = match Reader::open(&data.footage_file()) {
        Ok(reader) => reader,
        // Nothing was recorded yet: it can be locked all the same.
        Err(IndexError::None { .. }) => return Ok(all),
        Err(error) => return Err(error),
    };
    let deleted = reader.deleted()?;
    reader.each(|kept| {
        let segment = &kept.segment;
        if deleted.contains_key(&segment.path) {
            return;
        }
        let (station, from, to) = (segment.feed.station, segment.first.utc_us, segment.last.utc_us);
        for (lock, covered) in locks.iter().zip(&mut all) {
            if lock.covers(station, from, to) {
                covered.segments += 1;
                covered.bytes += segment.bytes;
                if lock.station.is_some() {
                    covered.files.push(kept.file().display().to_string());
                }
            }
        }
    })?;
    Ok(all)
}

pub(super) fn lock(
    context: &Context,
    station: Option<StationId>,
    (from, to): (Since, Since),
    reason: &str,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let data = context.open_data()?;
    let (zone, now) = (zone(context, &data), context.clock.wall());
    let (from, to) = (moment(from, now, &zone), moment(to, now, &zone));
    if from >= to {
        let (from, to) = (local(from, &zone), local(to, &zone));
        let said = tr!(text, "lock-order", from = from, to = to).into_owned();
        return Err(Failure { exit: Exit::Usage, said });
    }
    let (reason, who) = (reason.to_owned(), duty::operator(None));
    let wanted = Wanted { station, from, to, reason, who };
    let made = LockFile::new(data.locks_file()).lock(&wanted, now).say(text)?;
    let covered = covered(&data, &[&made]).say(text)?;
    let (number, said) = (made.number.to_string(), sentence(&made, &covered[0], &zone, text));
    writeln!(out, "{}\n{said}", tr!(text, "lock-made", number = number)).say(text)?;
    out.flush().say(text)?;
    Ok(Exit::Done)
}

pub(super) fn unlock(
    context: &Context,
    lock: u64,
    reason: &str,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let data = context.open_data()?;
    let (now, who) = (context.clock.wall(), duty::operator(None));
    LockFile::new(data.locks_file()).unlock(lock, reason, &who, now).say(text)?;
    writeln!(out, "{}", tr!(text, "lock-gone", number = lock.to_string())).say(text)?;
    out.flush().say(text)?;
    Ok(Exit::Done)
}

pub(super) fn list(context: &Context, json: bool, out: &mut dyn Write) -> Result<Exit, Failure> {
    let text = &context.text;
    let data = DataDir::look(context.data.clone()).say(text)?;
    let all = LockFile::new(data.locks_file()).read().say(text)?;
    let locks = all.in_force();
    let covered = covered(&data, &locks).say(text)?;
    if json {
        writeln!(out, "{}", in_json(&all, &covered)).say(text)?;
    } else {
        let zone = zone(context, &data);
        for (lock, covered) in locks.iter().zip(&covered) {
            writeln!(out, "{}", sentence(lock, covered, &zone, text)).say(text)?;
        }
        if locks.is_empty() {
            writeln!(out, "{}", tr!(text, "lock-no-locks")).say(text)?;
        }
    }
    out.flush().say(text)?;
    Ok(Exit::Done)
}

fn sentence(lock: &Lock, covered: &Covered, zone: &jiff::tz::TimeZone, text: &Text) -> String {
    let every = || tr!(text, "footage-every-station").into_owned();
    let at = |us| local(WallTime::from_micros(us), zone);
    let reason = if lock.is_election_day {
        tr!(text, "lock-election-day", name = lock.reason.clone()).into_owned()
    } else {
        lock.reason.clone()
    };
    tr!(
        text,
        "lock-line",
        number = lock.number.to_string(),
        station = lock.station.map_or_else(every, |station| station.to_string()),
        from = at(lock.from_utc_us),
        to = at(lock.to_utc_us),
        segments = covered.segments.to_string(),
        bytes = covered.bytes.to_string(),
        who = lock.who.clone(),
        at = at(lock.at_utc_us),
        reason = reason
    )
    .into_owned()
}

fn in_json(all: &Locks, covered: &[Covered]) -> serde_json::Value {
    let utc = |us| WallTime::from_micros(us).to_string();
    let locks = all.in_force();
    let locks = locks.iter().zip(covered).map(|(lock, covered)| {
        json!({
            "number": lock.number,
            "station": lock.station.map(|station| station.to_string()),
            "from_utc": utc(lock.from_utc_us),
            "to_utc": utc(lock.to_utc_us),
            "reason": lock.reason,
            "who": lock.who,
            "utc": utc(lock.at_utc_us),
            "election_day": lock.is_election_day,
            "segments": covered.segments,
            "bytes": covered.bytes,
            "files": lock.station.map(|_| &covered.files),
        })
    });
    let locks: Vec<_> = locks.collect();
    let unlocked = all.acts.iter().filter_map(|act| match act {
        Act::Lock(_) => None,
        Act::Unlock(unlock) => Some(json!({
            "lock": unlock.lock,
            "reason": unlock.reason,
            "who": unlock.who,
            "utc": utc(unlock.at_utc_us),
        })),
    });
    json!({ "locks": locks, "unlocked": unlocked.collect::<Vec<_>>() })
}
