//! `pollwall footage` and `pollwall heads`: the catalogue of recordings held against the files or
//! made again from them, and the signed heads in the journal.

mod locks;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde_json::json;

use super::args::{FootageArgs, HeadsArgs};
use super::{Context, Exit, Explain as _, Failure, not_owner};
use crate::clock::WallTime;
use crate::config::data::DataDir;
use crate::config::{day, record};
use crate::evidence::{Misfit, Order, SignedHead};
use crate::journal::chain::hex;
use crate::journal::read::{self, Filter};
use crate::journal::{Event, JournalError, Kind};
use crate::record::SegmentEnds;
use crate::record::index::{
    Checked, Deletion, Finding, IndexError, Reader, What, check, fill_hashes, rebuild,
};
use crate::text::Text;
use crate::tr;

pub(super) fn run(
    context: &Context,
    args: &FootageArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    match args {
        FootageArgs::Check { hash, json } => looked(context, *hash, *json, out),
        FootageArgs::Reindex { hash } => reindex(context, *hash, out),
        FootageArgs::Lock { station, from, to, reason } => {
            locks::lock(context, *station, (*from, *to), reason, out)
        }
        FootageArgs::Unlock { lock, reason } => locks::unlock(context, *lock, reason, out),
        FootageArgs::Locks { json } => locks::list(context, *json, out),
    }
}

/// Whatever is wrong with the day, recordings can be looked at.
fn zone(context: &Context, data: &DataDir) -> TimeZone {
    day::load(&data.day_file(), &context.clock).map_or_else(|_| TimeZone::system(), |day| day.zone)
}

fn local(at: WallTime, zone: &TimeZone) -> String {
    at.timestamp().to_zoned(zone.clone()).strftime("%d.%m.%Y %H:%M:%S").to_string()
}

fn looked(context: &Context, hash: bool, json: bool, out: &mut dyn Write) -> Result<Exit, Failure> {
    let text = &context.text;
    let data = DataDir::look(context.data.clone()).say(text)?;
    let reader = Reader::open(&data.footage_file()).say(text)?;
    let checked = check(&reader, hash, &|_| {}).say(text)?;
    let borne_out = borne_out(&data, &checked.deletions).say(text)?;
    if json {
        writeln!(out, "{}", in_json(&checked, &borne_out)).say(text)?;
    } else {
        let zone = zone(context, &data);
        deletions(&checked.deletions, &borne_out, &zone, text, out).say(text)?;
        print(&checked, hash, &zone, text, out).say(text)?;
    }
    out.flush().say(text)?;
    let known = borne_out.values().all(|known| *known != Some(false));
    let in_order = checked.findings.is_empty() && checked.absent.is_empty() && known;
    Ok(if in_order { Exit::Done } else { Exit::Trouble })
}

/// Whether the journal has put down of each deletion just what the catalogue says was deleted; `None`
/// where there is no journal to ask, beside a copy for example.
fn borne_out(
    data: &DataDir,
    deletions: &[Deletion],
) -> Result<BTreeMap<u64, Option<bool>>, JournalError> {
    let mut told = BTreeMap::new();
    let journal = match read::Reader::open(&data.journal_file()) {
        Ok(journal) => journal,
        Err(JournalError::None { .. }) => {
            return Ok(deletions.iter().map(|deletion| (deletion.number, None)).collect());
        }
        Err(error) => return Err(error),
    };
    let filter = Filter { kinds: vec![Kind::FootageDeleted], ..Filter::default() };
    journal.each(&filter, |row| {
        if let Some(Event::FootageDeleted { deletion, day, digest, .. }) = row.event() {
            told.insert(deletion, (day, digest));
        }
        Ok::<_, JournalError>(())
    })?;
    let of = |deletion: &Deletion| {
        let is = (deletion.day.clone(), hex(&deletion.digest));
        (deletion.number, Some(told.get(&deletion.number) == Some(&is)))
    };
    Ok(deletions.iter().map(of).collect())
}

/// What was deleted by rule, and whether the journal says so too.
fn deletions(
    deletions: &[Deletion],
    borne_out: &BTreeMap<u64, Option<bool>>,
    zone: &TimeZone,
    text: &Text,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    for deletion in deletions {
        let said = tr!(
            text,
            "footage-deleted",
            number = deletion.number.to_string(),
            day = deletion.day.clone(),
            at = local(deletion.at, zone),
            segments = deletion.segments.to_string(),
            bytes = deletion.bytes.to_string()
        );
        writeln!(out, "{said}")?;
        match borne_out.get(&deletion.number) {
            Some(Some(true)) => {}
            Some(Some(false)) => writeln!(out, "    {}", tr!(text, "footage-not-borne-out"))?,
            _ => writeln!(out, "    {}", tr!(text, "footage-no-journal"))?,
        }
    }
    Ok(())
}

fn in_json(checked: &Checked, borne_out: &BTreeMap<u64, Option<bool>>) -> serde_json::Value {
    let finding = |f: &Finding| {
        let (expected, found) = match &f.what {
            What::Size { expected, found } => (Some(*expected), Some(*found)),
            _ => (None, None),
        };
        let reason = match &f.what {
            What::Unreadable(words) | What::Quarantined(words) => Some(words),
            _ => None,
        };
        json!({
            "station": f.feed.station.to_string(),
            "feed": f.feed.kind.as_str(),
            "utc": f.at.to_string(),
            "file": f.file,
            "what": f.what.code(),
            "expected_bytes": expected,
            "found_bytes": found,
            "reason": reason,
        })
    };
    let deletion = |deletion: &Deletion| {
        json!({
            "number": deletion.number,
            "day": deletion.day,
            "utc": deletion.at.to_string(),
            "segments": deletion.segments,
            "bytes": deletion.bytes,
            "in_journal": borne_out.get(&deletion.number).copied().flatten(),
        })
    };
    json!({
        "segments": checked.segments,
        "bytes": checked.bytes,
        "hashed": checked.hashed,
        "unhashed": checked.unhashed,
        "absent": checked.absent,
        "deleted_by_rule": checked.deletions.iter().map(deletion).collect::<Vec<_>>(),
        "findings": checked.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn print(
    checked: &Checked,
    hash: bool,
    zone: &TimeZone,
    text: &Text,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    for path in &checked.absent {
        writeln!(out, "{}", tr!(text, "footage-absent", path = path.display().to_string()))?;
    }
    for finding in &checked.findings {
        let what = match &finding.what {
            What::Missing => tr!(text, "footage-missing"),
            What::Size { expected, found } => tr!(
                text,
                "footage-size",
                expected = expected.to_string(),
                found = found.to_string()
            ),
            What::Hash => tr!(text, "footage-hash"),
            What::Unreadable(words) => tr!(text, "footage-unreadable", reason = words.clone()),
            What::Unlisted => tr!(text, "footage-unlisted"),
            What::Quarantined(why) => tr!(text, "footage-quarantined", reason = why.clone()),
            What::Chain => tr!(text, "footage-chain"),
        };
        let said = tr!(
            text,
            "footage-finding",
            station = finding.feed.station.to_string(),
            stream = finding.feed.kind.as_str(),
            at = local(finding.at, zone),
            what = what.into_owned()
        );
        writeln!(out, "{said}\n    {}", finding.file.display())?;
    }
    let (segments, count) = (checked.segments.to_string(), checked.findings.len());
    if count == 0 && checked.absent.is_empty() {
        writeln!(out, "{}", tr!(text, "footage-in-order", segments = segments))?;
    } else {
        let count = count.to_string();
        writeln!(out, "{}", tr!(text, "footage-findings", segments = segments, count = count))?;
    }
    if hash {
        writeln!(out, "{}", tr!(text, "footage-hashed", count = checked.hashed.to_string()))?;
    } else {
        writeln!(out, "{}", tr!(text, "footage-not-hashed"))?;
    }
    if checked.unhashed > 0 {
        writeln!(out, "{}", tr!(text, "footage-unhashed", count = checked.unhashed.to_string()))?;
    }
    Ok(())
}

fn reindex(context: &Context, hash: bool, out: &mut dyn Write) -> Result<Exit, Failure> {
    let text = &context.text;
    let data = context.open_data()?;
    let owned = data.own("footage reindex", &context.clock);
    let _owner = owned.map_err(|e| not_owner(&e, text))?;
    let file = data.footage_file();
    let volumes = volumes(&data, text)?;
    let made = rebuild(&file, &volumes, &SegmentEnds, &context.clock, &|_| {}).say(text)?;
    let said = |path: &PathBuf| path.display().to_string();
    let mut line = |said: std::borrow::Cow<'_, str>| writeln!(out, "{said}").say(text);
    for file in &made.missing {
        line(tr!(text, "footage-gone", file = said(file)))?;
    }
    for (file, why) in &made.unread {
        line(tr!(text, "footage-unread", file = said(file), reason = why.to_string()))?;
    }
    for file in &made.foreign {
        line(tr!(text, "footage-foreign", file = said(file)))?;
    }
    line(tr!(text, "footage-reindexed", segments = made.segments))?;
    if let Some(old) = &made.old {
        line(tr!(text, "footage-old", path = said(old)))?;
    }
    if made.unfinished > 0 {
        line(tr!(text, "footage-unfinished", count = made.unfinished.to_string()))?;
    }
    let mut unhashed = made.unhashed;
    if hash && unhashed > 0 {
        let (learnt, unread) = fill_hashes(&file, &|_| {}).say(text)?;
        for (file, why) in &unread {
            line(tr!(text, "footage-unread", file = said(file), reason = why.to_string()))?;
        }
        line(tr!(text, "footage-learnt", count = learnt.to_string()))?;
        unhashed = unread.len() as u64;
    }
    if unhashed > 0 {
        line(tr!(text, "footage-unhashed", count = unhashed.to_string()))?;
    }
    out.flush().say(text)?;
    let in_order = made.missing.is_empty() && made.unread.is_empty();
    Ok(if in_order { Exit::Done } else { Exit::Trouble })
}

/// The volumes that are configured, and those that the catalogue knows from before: one that was
/// taken out of the configuration still has its recordings.
fn volumes(data: &DataDir, text: &Text) -> Result<Vec<PathBuf>, Failure> {
    let mut volumes = record::load(&data.record_file()).say(text)?.volumes;
    if volumes.is_empty() {
        volumes.push(data.recordings());
    }
    match Reader::open(&data.footage_file()).and_then(|reader| reader.volumes()) {
        Ok(known) => volumes.extend(known),
        Err(IndexError::None { .. } | IndexError::Damaged { .. }) => {}
        Err(e) => return Err(e).say(text),
    }
    let mut seen = std::collections::BTreeSet::new();
    volumes.retain(|volume| seen.insert(volume.clone()));
    Ok(volumes)
}

/// What ends the printing of heads.
enum Stop {
    Journal(JournalError),
    Output(std::io::Error),
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

pub(super) fn heads(
    context: &Context,
    args: &HeadsArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let data = DataDir::look(context.data.clone()).say(text)?;
    let (file, zone) = match &args.file {
        Some(file) => (file.clone(), TimeZone::system()),
        None => (data.journal_file(), zone(context, &data)),
    };
    let journal = read::Reader::open(&file).say(text)?;
    // Beside the journal of a copy there is no catalogue: then lines come without chains.
    let index = if args.file.is_none() { Reader::open(&data.footage_file()).ok() } else { None };
    let (mut order, mut count, mut bad) = (Order::default(), 0_u64, 0_u64);
    let filter = Filter { kinds: vec![Kind::SealHead], ..Filter::default() };
    let printed = journal.each(&filter, |row| {
        count += 1;
        let signed = row.event().as_ref().and_then(SignedHead::of);
        let wrong = signed.as_ref().map(|signed| order.next(signed));
        let is_bad = !matches!(wrong, Some(None));
        bad += u64::from(is_bad);
        let printed = match (&signed, args.json) {
            (Some(signed), true) => {
                let chain = |feed, place| index.as_ref()?.chain_at(feed, place).ok()?;
                out.write_all(signed.line(chain).as_bytes())
            }
            (Some(signed), false) if !is_bad => writeln!(out, "{}", said(signed, &zone, text)),
            (None, true) => Ok(()),
            (_, false) => {
                let number = signed.as_ref().map_or(0, |signed| signed.head.number);
                let why = why(wrong.flatten(), text);
                let at = local(row.utc, &zone);
                let number = number.to_string();
                let bad = tr!(text, "seal-head-bad", number = number, at = at, why = why);
                writeln!(out, "{bad}")
            }
        };
        printed.map_err(Stop::Output)
    });
    match printed {
        Ok(()) => {}
        Err(Stop::Journal(e)) => Err(e).say(text)?,
        Err(Stop::Output(e)) => Err(e).say(text)?,
    }
    if count == 0 && !args.json {
        writeln!(out, "{}", tr!(text, "seal-no-heads")).say(text)?;
    }
    out.flush().say(text)?;
    if bad > 0 {
        return Err(Failure::new(tr!(text, "seal-bad", count = bad.to_string()).into_owned()));
    }
    Ok(Exit::Done)
}

fn said(signed: &SignedHead, zone: &TimeZone, text: &Text) -> String {
    tr!(
        text,
        "seal-head",
        number = signed.head.number.to_string(),
        at = local(signed.head.utc, zone),
        feeds = signed.head.feeds,
        root = hex(&signed.head.root),
        key = hex(&signed.head.key)
    )
    .into_owned()
}

/// What is wrong with a head; without a misfit it could not be read at all.
fn why(misfit: Option<Misfit>, text: &Text) -> String {
    match misfit {
        Some(Misfit::Signature) => tr!(text, "seal-bad-signature"),
        Some(Misfit::Previous) => tr!(text, "seal-bad-previous"),
        Some(Misfit::Number(expected)) => {
            tr!(text, "seal-bad-number", expected = expected.to_string())
        }
        None => tr!(text, "seal-bad-form"),
    }
    .into_owned()
}

#[cfg(test)]
mod tests;
