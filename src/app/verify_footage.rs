//! `pollwall verify --footage`: recordings held against the heads that a second holder has kept, on
//! any machine, without a data folder.

use std::io::{self, IsTerminal as _, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::args::VerifyFootageArgs;
use super::{Context, Exit, Explain, Failure};
use crate::clock::{WallTime, lock};
use crate::evidence::SealError;
use crate::evidence::held::{Finding, Held, HeldHeads, Moment, Verdict, What, hold};
use crate::journal::chain::hex;
use crate::record::SegmentEnds;
use crate::record::index::read_whole;
use crate::text::Text;
use crate::tr;

impl<T> Explain<T> for Result<T, SealError> {
    fn say(self, text: &Text) -> Result<T, Failure> {
        self.map_err(|e| Failure::new(e.explain(text)))
    }
}

pub(super) fn run(
    context: &Context,
    args: &VerifyFootageArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let heads = HeldHeads::read(&args.heads).say(text)?;
    if heads.is_empty() {
        let file = args.heads.display().to_string();
        return Err(Failure::new(tr!(text, "held-no-heads", file = file).into_owned()));
    }
    let progress = Progress::default();
    let total = |files| progress.total.store(files, Ordering::Relaxed);
    let read = |files, bytes| progress.read(files, bytes, text);
    let files = read_whole(&args.folders, &SegmentEnds, &total, &read).say(text)?;
    progress.done();
    let held = hold(heads, &files, args.fingerprint.as_ref());
    if args.json {
        writeln!(out, "{}", in_json(&held)).say(text)?;
    } else {
        print(&held, text, out).say(text)?;
    }
    out.flush().say(text)?;
    Ok(match held.verdict() {
        Verdict::Intact => Exit::Done,
        Verdict::SignerNotVerified => Exit::SignerNotVerified,
        Verdict::Findings => Exit::Trouble,
    })
}

/// How far the reading is, for whoever waits: a line that is written over, on a screen only.
#[derive(Default)]
struct Progress {
    total: AtomicU64,
    files: AtomicU64,
    bytes: AtomicU64,
    /// The percentage that was told last.
    told: Mutex<Option<u64>>,
}

impl Progress {
    fn read(&self, files: u64, bytes: u64, text: &Text) {
        let files = self.files.fetch_add(files, Ordering::Relaxed) + files;
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let total = self.total.load(Ordering::Relaxed).max(1);
        let percent = files * 100 / total;
        let mut told = lock(&self.told);
        if told.is_some_and(|told| told >= percent) || !io::stderr().is_terminal() {
            return;
        }
        *told = Some(percent);
        let said = tr!(
            text,
            "held-progress",
            percent = percent.to_string(),
            files = files.to_string(),
            total = total.to_string(),
            megabytes = (bytes / 1_000_000).to_string()
        );
        // Nowhere left to report that stderr is closed.
        let _ = write!(io::stderr(), "\r{said}");
    }

    fn done(&self) {
        if lock(&self.told).is_some() {
            let _ = writeln!(io::stderr());
        }
    }
}

fn moment(moment: Moment) -> Value {
    json!({ "number": moment.number, "utc": moment.utc.to_string() })
}

fn in_json(held: &Held) -> Value {
    let pair = |pair: Option<(u64, u64)>| pair.map(|(from, to)| [from, to]);
    let time = |at: Option<WallTime>| at.map(|at| at.to_string());
    let finding = |f: &Finding| {
        json!({
            "what": f.what.code(),
            "station": f.feed.map(|feed| feed.station.to_string()),
            "feed": f.feed.map(|feed| feed.kind.as_str()),
            "segments": pair(f.places),
            "heads": pair(f.numbers),
            "after_head": f.after.map(moment),
            "by_head": f.by.map(moment),
            "line": f.line,
            "files": f.files,
            "pictures_from": time(f.from),
            "pictures_to": time(f.to),
            "reason": match &f.what {
                What::Unreadable(why) => Some(why),
                _ => None,
            },
        })
    };
    let verdict = match held.verdict() {
        Verdict::Intact => "intact",
        Verdict::SignerNotVerified => "signer_not_verified",
        Verdict::Findings => "findings",
    };
    json!({
        "verdict": verdict,
        "heads": held.heads,
        "first_head": held.first.map(moment),
        "newest_head": held.newest.map(moment),
        "fingerprints": held.keys.iter().map(|key| hex(key)).collect::<Vec<_>>(),
        "torn_lines": held.torn,
        "repeated_heads": held.repeated,
        "segments": held.segments,
        "covered": held.covered,
        "not_yet_covered": held.not_yet,
        "copies": held.copies,
        "unfinished": held.unfinished,
        "quarantined": held.quarantined,
        "foreign": held.foreign,
        "whole_up_to": held.whole_up_to.map(moment),
        "ends_at": held.ends_at.map(moment),
        "findings": held.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

/// In UTC, as in the names of the files: the machine may be anywhere.
fn utc(at: WallTime) -> String {
    at.timestamp().to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn print(held: &Held, text: &Text, out: &mut dyn Write) -> io::Result<()> {
    for finding in &held.findings {
        writeln!(out, "{}", headline(finding, text))?;
        for detail in details(finding, text) {
            writeln!(out, "    {detail}")?;
        }
    }
    for file in &held.unfinished {
        writeln!(out, "{}", tr!(text, "held-unfinished", file = file.display().to_string()))?;
    }
    for file in &held.quarantined {
        writeln!(out, "{}", tr!(text, "held-quarantined", file = file.display().to_string()))?;
    }
    for file in &held.foreign {
        writeln!(out, "{}", tr!(text, "footage-foreign", file = file.display().to_string()))?;
    }
    if let (Some(first), Some(newest)) = (held.first, held.newest) {
        let said = tr!(
            text,
            "held-heads",
            count = held.heads.to_string(),
            first = first.number.to_string(),
            from = utc(first.utc),
            newest = newest.number.to_string(),
            to = utc(newest.utc)
        );
        writeln!(out, "{said}")?;
    }
    for key in &held.keys {
        writeln!(out, "{}", tr!(text, "held-key", key = hex(key)))?;
    }
    if held.torn + held.repeated > 0 {
        let (torn, repeated) = (held.torn.to_string(), held.repeated.to_string());
        writeln!(out, "{}", tr!(text, "held-torn", torn = torn, repeated = repeated))?;
    }
    let (segments, covered) = (held.segments.to_string(), held.covered.to_string());
    writeln!(out, "{}", tr!(text, "held-covered", segments = segments, covered = covered))?;
    if held.not_yet > 0 {
        writeln!(out, "{}", tr!(text, "held-not-yet", count = held.not_yet.to_string()))?;
    }
    if held.copies > 0 {
        writeln!(out, "{}", tr!(text, "held-copies", count = held.copies.to_string()))?;
    }
    let is_gone = |f: &Finding| matches!(f.what, What::Missing | What::Tail | What::Broken);
    if held.findings.iter().any(is_gone) {
        writeln!(out, "{}", tr!(text, "held-perhaps-deleted"))?;
    }
    if let Some(Moment { number, utc: at }) = held.ends_at {
        let number = number.to_string();
        writeln!(out, "{}", tr!(text, "held-ends-at", number = number, at = utc(at)))?;
    }
    if let Some(Moment { number, utc: at }) = held.whole_up_to.filter(|_| held.covered > 0) {
        let number = number.to_string();
        writeln!(out, "{}", tr!(text, "held-whole", number = number, at = utc(at)))?;
    }
    let verdict = match held.verdict() {
        Verdict::Intact => tr!(text, "held-intact"),
        Verdict::SignerNotVerified => tr!(text, "held-signer-not-verified"),
        Verdict::Findings => {
            tr!(text, "held-findings", count = held.findings.len().to_string())
        }
    };
    writeln!(out, "{verdict}")
}

/// What is wrong, and with what.
fn headline(finding: &Finding, text: &Text) -> String {
    let head = finding.by.map_or_else(String::new, |by| by.number.to_string());
    let (from, to) = finding.numbers.unwrap_or_default();
    let (first, last) = (from.to_string(), to.to_string());
    let what = match &finding.what {
        What::Form => tr!(text, "held-form"),
        What::Signature => tr!(text, "held-signature", head = head),
        What::Key => tr!(text, "held-other-key", head = head),
        What::KeyChanged => tr!(text, "held-key-changed", head = head),
        What::HeadsMissing => tr!(text, "held-heads-missing", first = first, last = last),
        What::Previous => tr!(text, "held-previous", head = head),
        What::Twice => tr!(text, "held-twice", first = first, last = last),
        What::Root => tr!(text, "held-root", head = head),
        What::Unled => tr!(text, "held-unled", first = first, last = last),
        What::Rewritten => {
            let (is, was) = finding.places.unwrap_or_default();
            tr!(text, "held-rewritten", is = is.to_string(), was = was.to_string())
        }
        What::Missing => tr!(text, "held-missing"),
        What::Tail => tr!(text, "held-tail"),
        What::Changed => tr!(text, "held-changed"),
        What::Broken => tr!(text, "held-broken", files = finding.files.len().to_string()),
        What::Unsealed => tr!(text, "held-unsealed", files = finding.files.len().to_string()),
        What::Unreadable(why) => tr!(text, "footage-unreadable", reason = why.clone()),
    };
    let what = what.into_owned();
    let Some(feed) = finding.feed else {
        return match finding.line {
            Some(line) => tr!(text, "held-line", line = line.to_string(), what = what).into_owned(),
            None => what,
        };
    };
    let (station, stream) = (feed.station.to_string(), feed.kind.as_str());
    let said = match finding.places.filter(|_| finding.what != What::Rewritten) {
        None => tr!(text, "held-feed", station = station, stream = stream, what = what),
        Some((from, to)) if from == to => tr!(
            text,
            "held-segment",
            station = station,
            stream = stream,
            number = from.to_string(),
            what = what
        ),
        Some((from, to)) => tr!(
            text,
            "held-segments",
            station = station,
            stream = stream,
            first = from.to_string(),
            last = to.to_string(),
            what = what
        ),
    };
    said.into_owned()
}

/// When, and which files.
fn details(finding: &Finding, text: &Text) -> Vec<String> {
    let mut lines = Vec::new();
    let number = |at: Moment| at.number.to_string();
    let is_of_segments = finding.places.is_some() && finding.what != What::Rewritten;
    match (finding.after, finding.by) {
        (Some(after), Some(by)) => {
            let (first, from, last, to) = (number(after), utc(after.utc), number(by), utc(by.utc));
            lines.push(if is_of_segments {
                tr!(text, "held-sealed-between", first = first, from = from, last = last, to = to)
            } else {
                tr!(text, "held-between", first = first, from = from, last = last, to = to)
            });
        }
        (None, Some(by)) => {
            let (head, at) = (number(by), utc(by.utc));
            lines.push(if is_of_segments {
                tr!(text, "held-sealed-by", head = head, at = at)
            } else {
                tr!(text, "held-at", head = head, at = at)
            });
        }
        _ => {}
    }
    match (finding.from.map(utc), finding.to.map(utc)) {
        (Some(from), Some(to)) => lines.push(tr!(text, "held-pictures", from = from, to = to)),
        (Some(from), None) => lines.push(tr!(text, "held-pictures-from", from = from)),
        (None, Some(to)) => lines.push(tr!(text, "held-pictures-to", to = to)),
        (None, None) => {}
    }
    let mut lines: Vec<String> = lines.into_iter().map(Into::into).collect();
    lines.extend(finding.files.iter().map(|file| file.display().to_string()));
    lines
}

#[cfg(test)]
mod tests;
