//! The document to a [`RecordConfig`], collecting every mistake.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::problem::{RecordProblem, RecordProblemKind as Kind};
use super::{RecordConfig, SealConfig, VolumeLimits};
use crate::config::secrets::strip;
use crate::model::FeedKind;

/// A volume takes at least so much, or it is a mistake: a minute of a small country.
const LEAST: u64 = 100_000_000;

/// Of hours and of days: what is more is meant otherwise.
const MOST_HOURS: u32 = 1000;
const MOST_DAYS: u32 = 3650;

type Value<'i> = Spanned<DeValue<'i>>;

/// Reads a file's bytes.
pub(super) fn parse_bytes(bytes: &[u8]) -> Result<RecordConfig, Vec<RecordProblem>> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + bytes[..e.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
        vec![RecordProblem { line, key: String::new(), kind: Kind::NotUtf8 }]
    })?;
    parse(text)
}

/// Reads the text of a `record.toml`.
///
/// # Errors
/// Everything that is wrong in it, by line.
pub fn parse(text: &str) -> Result<RecordConfig, Vec<RecordProblem>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let document = DeTable::parse(text).map_err(|e| {
        let line = line_of(text, e.span().map_or(0, |s| s.start));
        vec![RecordProblem { line, key: String::new(), kind: Kind::Syntax(e.message().to_owned()) }]
    })?;
    let mut reader = Reader { text, problems: Vec::new() };
    let config = reader.config(document.get_ref());
    let mut problems = reader.problems;
    problems.sort_by_key(|p| p.line);
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|&&b| b == b'\n').count()
}

const KEYS: [&str; 7] = ["record", "volumes", "volume", "audio", "seal", "warn", "rehearsal"];

/// A number of bytes with its unit, as disks are sold (`TB`) and as systems count (`TiB`).
fn bytes(written: &str) -> Option<u64> {
    let (number, unit) = written.split_at(written.find(|c: char| c.is_ascii_alphabetic())?);
    let unit: u64 = match unit.to_ascii_uppercase().as_str() {
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "MIB" => 1 << 20,
        "GIB" => 1 << 30,
        "TIB" => 1 << 40,
        _ => return None,
    };
    let digits = |s: &str| (!s.is_empty() && s.bytes().all(|b| b.is_ascii_digit())).then_some(());
    let (whole, part) = number.trim().split_once('.').unwrap_or((number.trim(), "0"));
    digits(whole).and(digits(part)).filter(|()| part.len() <= 6)?;
    let of_part = part.parse::<u64>().ok()?.checked_mul(unit)? / 10_u64.pow(part.len() as u32);
    whole.parse::<u64>().ok()?.checked_mul(unit)?.checked_add(of_part)
}

struct Reader<'i> {
    text: &'i str,
    problems: Vec<RecordProblem>,
}

impl Reader<'_> {
    fn problem(&mut self, at: usize, key: &str, kind: Kind) {
        let line = line_of(self.text, at);
        self.problems.push(RecordProblem { line, key: key.to_owned(), kind });
    }

    fn config(&mut self, document: &DeTable<'_>) -> RecordConfig {
        self.only(document, "", &KEYS);
        let mut config = RecordConfig::default();
        if let Some(value) = document.get("record") {
            config.record = self.feed(value, "record").unwrap_or(config.record);
        }
        if let Some(value) = document.get("volumes") {
            config.volumes = self.volumes(value);
        }
        if let Some(value) = document.get("volume") {
            self.limited(value, &mut config);
        }
        if let Some(value) = document.get("audio") {
            config.audio = self.yes_or_no(value, "audio").unwrap_or(config.audio);
        }
        if let Some(value) = document.get("seal") {
            config.seal = self.seal(value);
        }
        let warn = self.in_table(document, "warn", "hours_left", MOST_HOURS);
        config.warn_hours_left = warn.unwrap_or(config.warn_hours_left);
        config.keep_days = self.in_table(document, "rehearsal", "keep_days", MOST_DAYS);
        config
    }

    /// The whole number `key`, the only one in the table `name`.
    fn in_table(
        &mut self,
        document: &DeTable<'_>,
        name: &str,
        key: &str,
        most: u32,
    ) -> Option<u32> {
        let value = document.get(name)?;
        let Some(table) = value.get_ref().as_table() else {
            self.problem(value.span().start, name, Kind::NotTable);
            return None;
        };
        self.only(table, &format!("{name}."), &[key]);
        let value = table.get(key)?;
        let whole = value.get_ref().as_integer();
        let number = whole.and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok());
        let number = number.filter(|number| (1..=most).contains(number));
        if number.is_none() {
            let within = Kind::NotWithin(1, most);
            self.problem(value.span().start, &format!("{name}.{key}"), within);
        }
        number
    }

    /// Volumes in tables of their own.
    fn limited(&mut self, value: &Value<'_>, config: &mut RecordConfig) {
        let Some(list) = value.get_ref().as_array() else {
            self.problem(value.span().start, "volume", Kind::NotTables);
            return;
        };
        for entry in list {
            let Some(table) = entry.get_ref().as_table() else {
                self.problem(entry.span().start, "volume", Kind::NotTables);
                continue;
            };
            self.only(table, "volume.", &["folder", "most", "keep_free"]);
            let most = table.get("most").and_then(|value| self.size(value, "volume.most", LEAST));
            let free = table.get("keep_free");
            let keep_free = free.and_then(|value| self.size(value, "volume.keep_free", 0));
            let Some(value) = table.get("folder") else {
                self.problem(entry.span().start, "volume", Kind::NoFolder);
                continue;
            };
            let Some(folder) = self.path(value, "volume.folder") else { continue };
            if config.volumes.contains(&folder) {
                let again = Kind::Again(folder.display().to_string());
                self.problem(value.span().start, "volume.folder", again);
                continue;
            }
            config.limits.insert(folder.clone(), VolumeLimits { most, keep_free });
            config.volumes.push(folder);
        }
    }

    /// `"500 GB"`, `"1.5 TiB"`.
    fn size(&mut self, value: &Value<'_>, key: &str, least: u64) -> Option<u64> {
        let written = self.string(value, key)?;
        let kind = match bytes(&written) {
            None => Kind::NotSize(written),
            Some(size) if size < least => Kind::TooSmall(written),
            size => return size,
        };
        self.problem(value.span().start, key, kind);
        None
    }

    fn seal(&mut self, value: &Value<'_>) -> SealConfig {
        let Some(table) = value.get_ref().as_table() else {
            self.problem(value.span().start, "seal", Kind::NotTable);
            return SealConfig::default();
        };
        self.only(table, "seal.", &["file", "url"]);
        let file = table.get("file").and_then(|value| self.path(value, "seal.file"));
        let url = table.get("url").and_then(|value| self.url(value, "seal.url"));
        SealConfig { file, url }
    }

    /// Reports every key of `table` that is not one of `known`.
    fn only(&mut self, table: &DeTable<'_>, within: &str, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            self.problem(key.span().start, &format!("{within}{}", key.get_ref()), Kind::UnknownKey);
        }
    }

    fn string(&mut self, value: &Value<'_>, key: &str) -> Option<String> {
        let string = value.get_ref().as_str().map(str::trim).filter(|s| !s.is_empty());
        if string.is_none() {
            self.problem(value.span().start, key, Kind::NotText);
        }
        string.map(str::to_owned)
    }

    fn feed(&mut self, value: &Value<'_>, key: &str) -> Option<FeedKind> {
        let written = self.string(value, key)?;
        let kind = [FeedKind::Main, FeedKind::Sub].into_iter().find(|k| k.as_str() == written);
        if kind.is_none() {
            self.problem(value.span().start, key, Kind::NotFeed(written));
        }
        kind
    }

    fn yes_or_no(&mut self, value: &Value<'_>, key: &str) -> Option<bool> {
        let said = value.get_ref().as_bool();
        if said.is_none() {
            self.problem(value.span().start, key, Kind::NotYesOrNo);
        }
        said
    }

    fn path(&mut self, value: &Value<'_>, key: &str) -> Option<PathBuf> {
        let written = self.string(value, key)?;
        let path = Path::new(&written);
        if !path.is_absolute() {
            self.problem(value.span().start, key, Kind::NotAbsolute(written));
            return None;
        }
        // Without `//`, `/./` and a slash at the end, so that a folder has one name.
        Some(path.components().collect())
    }

    fn volumes(&mut self, value: &Value<'_>) -> Vec<PathBuf> {
        let Some(list) = value.get_ref().as_array() else {
            self.problem(value.span().start, "volumes", Kind::NotList);
            return Vec::new();
        };
        let mut volumes = Vec::new();
        for entry in list {
            let Some(path) = self.path(entry, "volumes") else { continue };
            if volumes.contains(&path) {
                let again = Kind::Again(path.display().to_string());
                self.problem(entry.span().start, "volumes", again);
            } else {
                volumes.push(path);
            }
        }
        volumes
    }

    /// An address in the clear: what is sent there is public, and so nothing in it may be secret.
    fn url(&mut self, value: &Value<'_>, key: &str) -> Option<Url> {
        let written = self.string(value, key)?;
        let at = value.span().start;
        // What is no address may still hold a password: it is not quoted.
        let stripped = strip(&written).ok();
        let parsed = Url::parse(&written).ok().filter(Url::has_host);
        let (Some(stripped), Some(url)) = (stripped, parsed) else {
            self.problem(at, key, Kind::NotUrl);
            return None;
        };
        if !stripped.secrets.is_empty() || !url.username().is_empty() || url.password().is_some() {
            self.problem(at, key, Kind::Secret);
            return None;
        }
        if url.scheme() != "http" {
            self.problem(at, key, Kind::NotHttp(url.scheme().to_owned()));
            return None;
        }
        Some(url)
    }
}
