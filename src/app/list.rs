//! `pollwall list`: the current list, its history, taking a version back, publishing.

use std::fs;
use std::io::Write;
use std::path::Path;

use jiff::tz::TimeZone;

use super::args::ListArgs;
use super::{Context, Exit, Explain, Failure, table};
use crate::config::data::DataDir;
use crate::config::list::{ListStore, ListVersion, VersionInfo, export};
use crate::config::save::{Access, save};
use crate::config::{day, io_reason};
use crate::text::Text;
use crate::tr;

pub(super) fn run(
    context: &Context,
    args: &ListArgs,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    match args {
        ListArgs::Show => show(context, &context.look_at_data()?, out)?,
        ListArgs::History => history(context, &context.look_at_data()?, out)?,
        ListArgs::Restore(version) => restore(context, *version, out)?,
        ListArgs::Export(folder) => publish(context, folder, out)?,
    }
    Ok(Exit::Done)
}

fn current(data: &DataDir, text: &Text) -> Result<ListVersion, Failure> {
    let current = ListStore::new(data).current().say(text)?;
    current.ok_or_else(|| Failure::new(tr!(text, "list-none").into_owned()))
}

fn show(context: &Context, data: &DataDir, out: &mut dyn Write) -> Result<(), Failure> {
    let text = &context.text;
    let list = current(data, text)?.list;
    let rows: Vec<Vec<String>> = list
        .stations
        .iter()
        .map(|s| {
            let district = list.district(s.id.district).map(|d| d.name.clone());
            vec![
                s.id.to_string(),
                district.unwrap_or_default(),
                s.name.clone(),
                s.address.clone(),
                s.main.clone(),
                s.sub.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let titles = [
        tr!(text, "export-station"),
        tr!(text, "list-district"),
        tr!(text, "export-name"),
        tr!(text, "export-address"),
        tr!(text, "list-main"),
        tr!(text, "list-sub"),
    ];
    table::write(out, &titles.each_ref().map(AsRef::as_ref), &rows).say(text)
}

fn history(context: &Context, data: &DataDir, out: &mut dyn Write) -> Result<(), Failure> {
    let text = &context.text;
    let history = ListStore::new(data).history().say(text)?;
    if history.is_empty() {
        return Err(Failure::new(tr!(text, "list-none").into_owned()));
    }
    let zone = TimeZone::system();
    let rows: Vec<Vec<String>> = history
        .iter()
        .enumerate()
        .map(|(at, version)| {
            vec![
                version.version.to_string(),
                local(version.accepted_at, &zone),
                version.stations.to_string(),
                version.districts.to_string(),
                version.source.clone(),
                note(version, at == 0, text),
            ]
        })
        .collect();
    let titles = [
        tr!(text, "history-version"),
        tr!(text, "history-accepted"),
        tr!(text, "history-stations"),
        tr!(text, "history-districts"),
        tr!(text, "history-file"),
        tr!(text, "history-note"),
    ];
    table::write(out, &titles.each_ref().map(AsRef::as_ref), &rows).say(text)
}

fn local(at: jiff::Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%d.%m.%Y %H:%M:%S").to_string()
}

fn note(version: &VersionInfo, is_current: bool, text: &Text) -> String {
    let current = is_current.then(|| tr!(text, "history-current").into_owned());
    let restored = version
        .restored
        .map(|of| tr!(text, "history-restored", version = of.to_string()).into_owned());
    current.into_iter().chain(restored).collect::<Vec<_>>().join(", ")
}

fn restore(context: &Context, version: u32, out: &mut dyn Write) -> Result<(), Failure> {
    let text = &context.text;
    let (data, _log) = context.open_logged("import")?;
    let new = ListStore::new(&data).restore(version, &context.clock).say(text)?;
    log::info!("list version {version} restored as version {new}");
    let (old, new) = (version.to_string(), new.to_string());
    writeln!(out, "{}", tr!(text, "list-restored", old = old, new = new)).say(text)
}

fn publish(context: &Context, folder: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let text = &context.text;
    let data = context.look_at_data()?;
    let list = current(&data, text)?.list;
    let day = day::load(&data.day_file(), &context.clock).say(text)?;
    let files = [
        ("stations.csv", export::csv(&list, text)),
        ("stations.html", export::html(&list, Some(&day), text)),
    ];
    for (name, content) in files {
        let path = folder.join(name);
        fs::create_dir_all(folder)
            .and_then(|()| save(&path, content.as_bytes(), Access::Shared))
            .map_err(|e| {
            let (path, reason) = (path.display().to_string(), io_reason(text, &e));
            Failure::new(tr!(text, "store-io", path = path, reason = reason).into_owned())
        })?;
        writeln!(out, "{}", path.display()).say(text)?;
    }
    Ok(())
}
