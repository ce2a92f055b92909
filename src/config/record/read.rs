//! The document to a [`RecordConfig`], collecting every mistake.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::problem::{RecordProblem, RecordProblemKind as Kind};
use super::{RecordConfig, SealConfig};
use crate::config::secrets::strip;
use crate::model::FeedKind;

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
        self.only(document, "", &["record", "volumes", "audio", "seal"]);
        let mut config = RecordConfig::default();
        if let Some(value) = document.get("record") {
            config.record = self.feed(value, "record").unwrap_or(config.record);
        }
        if let Some(value) = document.get("volumes") {
            config.volumes = self.volumes(value);
        }
        if let Some(value) = document.get("audio") {
            config.audio = self.yes_or_no(value, "audio").unwrap_or(config.audio);
        }
        if let Some(value) = document.get("seal") {
            config.seal = self.seal(value);
        }
        config
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
