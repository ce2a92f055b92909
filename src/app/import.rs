//! `pollwall import`: check, show the difference, ask, take.

pub(super) mod check;

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::path::Path;

use self::check::{Candidate, Taken, read};
use super::args::{ImportArgs, ImportMode};
use super::{Context, Exit, Explain, Failure, table};
use crate::config::data::DataDir;
use crate::config::list::{Diff, Key, Parsed, Problem};
use crate::model::{FeedKind, StationId, StationList};
use crate::text::Text;
use crate::tr;

pub(super) fn run(
    context: &Context,
    args: &ImportArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    if args.mode == ImportMode::Ask && !io::stdin().is_terminal() {
        let said = tr!(text, "import-no-terminal").into_owned();
        return Err(Failure { exit: Exit::Usage, said });
    }
    let parsed = match read(&args.file, text)?.result {
        Ok(parsed) => parsed,
        Err(problems) => {
            show_problems(&problems, args.json, text, out).say(text)?;
            return Ok(Exit::Failed);
        }
    };
    if args.json {
        show_problems(&[], true, text, out).say(text)?;
    } else {
        writeln!(out, "{}", tr!(text, "import-fine", list = size(&parsed.list, text))).say(text)?;
    }
    if args.mode == ImportMode::Check {
        return Ok(Exit::Done);
    }
    let (data, _log) = context.open_logged("import")?;
    let mut silent = io::sink();
    let out: &mut dyn Write = if args.json { &mut silent } else { out };
    take(context, args, &data, parsed, out)
}

/// Takes a list for a command that begins its own log afterwards, of which a process has one.
/// Speaks only of problems, on standard error.
pub(super) fn unlogged(context: &Context, file: &Path) -> Result<Exit, Failure> {
    let text = &context.text;
    let parsed = match read(file, text)?.result {
        Ok(parsed) => parsed,
        Err(problems) => {
            show_problems(&problems, false, text, &mut io::stderr()).say(text)?;
            return Ok(Exit::Failed);
        }
    };
    let data = context.open_data()?;
    let args = ImportArgs { file: file.to_owned(), mode: ImportMode::Accept, json: false };
    take(context, &args, &data, parsed, &mut io::sink())
}

fn show_problems(
    problems: &[Problem],
    json: bool,
    text: &Text,
    out: &mut dyn Write,
) -> io::Result<()> {
    if json {
        let problems: Vec<_> = problems
            .iter()
            .map(|p| {
                serde_json::json!({
                    "row": p.row,
                    "column": p.column,
                    "found": p.found.to_string(),
                    "expected": p.expected.explain(text),
                })
            })
            .collect();
        return writeln!(out, "{:#}", serde_json::json!({ "problems": problems }));
    }
    let rows: Vec<Vec<String>> = problems
        .iter()
        .map(|p| {
            let found = p.found.to_string();
            vec![p.row.to_string(), p.column.clone(), found, p.expected.explain(text)]
        })
        .collect();
    let titles = [
        tr!(text, "problem-row"),
        tr!(text, "problem-column"),
        tr!(text, "problem-found"),
        tr!(text, "problem-expected"),
    ];
    table::write(out, &titles.each_ref().map(AsRef::as_ref), &rows)?;
    writeln!(out, "\n{}", tr!(text, "import-problems", count = problems.len()))
}

/// Shows what changes, asks if need be, and makes the list the current one.
fn take(
    context: &Context,
    args: &ImportArgs,
    data: &DataDir,
    parsed: Parsed,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let text = &context.text;
    let candidate = Candidate::compare(parsed, &args.file, data).say(text)?;
    if let Some(version) = candidate.same_as() {
        writeln!(out, "{}", tr!(text, "import-same", version = version.to_string())).say(text)?;
        return Ok(Exit::Done);
    }
    if let Some(present) = candidate.present() {
        show_diff(candidate.changes(), &present.list, candidate.list(), text, out).say(text)?;
    }
    if args.mode == ImportMode::Ask && !ask(&mut io::stdin().lock(), out, text).say(text)? {
        writeln!(out, "{}", tr!(text, "import-declined")).say(text)?;
        return Ok(Exit::Failed);
    }
    let Taken { version, secrets } = candidate.accept(data, &context.clock).say(text)?;
    writeln!(out, "{}", tr!(text, "import-accepted", version = version.to_string())).say(text)?;
    if secrets > 0 {
        let file = args.file.display().to_string();
        let kept = data.secrets_file().display().to_string();
        let said = tr!(text, "import-secrets", count = secrets, kept = kept, file = file);
        writeln!(out, "{said}").say(text)?;
    }
    Ok(Exit::Done)
}

/// Asks whether to take the list. Only a clear yes in one of the three languages is one.
fn ask(input: &mut dyn BufRead, out: &mut dyn Write, text: &Text) -> io::Result<bool> {
    write!(out, "{} ", tr!(text, "import-question"))?;
    out.flush()?;
    let mut answer = String::new();
    input.take(100).read_line(&mut answer)?;
    let answer = crate::text::fold(answer.trim());
    Ok(["y", "yes", "h", "hə", "he", "b", "bəli", "beli", "d", "д", "да", "da"]
        .contains(&answer.as_str()))
}

fn size(list: &StationList, text: &Text) -> String {
    let stations = tr!(text, "count-stations", count = list.stations.len());
    let districts = tr!(text, "count-districts", count = list.districts.len());
    tr!(text, "list-size", stations = stations.into_owned(), districts = districts.into_owned())
        .into_owned()
}

/// Every change, one a line, then how many of each kind.
fn show_diff(
    diff: &Diff,
    old: &StationList,
    new: &StationList,
    text: &Text,
    out: &mut dyn Write,
) -> io::Result<()> {
    for &id in &diff.removed {
        writeln!(out, "- {}", describe(old, id))?;
    }
    for &id in &diff.added {
        writeln!(out, "+ {}", describe(new, id))?;
    }
    for (from, to) in &diff.renumbered {
        let (from, to) = (from.to_string(), to.to_string());
        writeln!(out, "{}", tr!(text, "diff-renumbered", from = from, to = to))?;
    }
    for moved in &diff.moved {
        let columns: Vec<_> = moved.columns.iter().map(|c| c.name(text.lang())).collect();
        let (station, columns) = (moved.id.to_string(), columns.join(", "));
        writeln!(out, "{}", tr!(text, "diff-moved", station = station, columns = columns))?;
    }
    for change in &diff.urls {
        let station = change.feed.station.to_string();
        let kind = match change.feed.kind {
            FeedKind::Main => Key::Main.name(text.lang()),
            FeedKind::Sub => Key::Sub.name(text.lang()),
        };
        let line = if change.secret_only {
            tr!(text, "diff-login", station = station, kind = kind)
        } else {
            tr!(text, "diff-url", station = station, kind = kind)
        };
        writeln!(out, "{line}")?;
    }
    let summary = tr!(
        text,
        "diff-summary",
        added = diff.added.len(),
        removed = diff.removed.len(),
        renumbered = diff.renumbered.len(),
        moved = diff.moved.len(),
        urls = diff.urls.len()
    );
    writeln!(out, "{summary}")
}

fn describe(list: &StationList, id: StationId) -> String {
    let station = list.station(id);
    let words = station.map(|s| [s.name.as_str(), s.address.as_str()]).unwrap_or_default();
    let words = words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>();
    format!("{id}  {}", words.join(", ")).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    #[test]
    fn only_a_clear_yes_is_one() {
        let text = Text::of(Lang::Az);
        let answer = |typed: &str| {
            let mut out = Vec::new();
            let yes = ask(&mut typed.as_bytes(), &mut out, &text).unwrap();
            assert!(!out.is_empty());
            yes
        };
        for yes in ["y\n", "YES\n", "Hə\n", "BƏLİ\n", "да\n", " Д \n"] {
            assert!(answer(yes), "{yes}");
        }
        for no in ["", "\n", "n\n", "yox\n", "нет\n", "yesterday\n"] {
            assert!(!answer(no), "{no}");
        }
    }
}
