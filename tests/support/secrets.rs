//! Looks for secrets in everything that a program leaves behind, in every form they may take.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A login that must not get out.
#[derive(Clone, Debug)]
pub(crate) struct Secret {
    pub(crate) user: Cow<'static, str>,
    pub(crate) password: Cow<'static, str>,
}

impl Secret {
    /// One that is written in a test.
    pub(crate) const fn new(user: &'static str, password: &'static str) -> Self {
        Self { user: Cow::Borrowed(user), password: Cow::Borrowed(password) }
    }

    /// As it stands in front of the host in a URL, every special character escaped.
    pub(crate) fn in_url(&self) -> String {
        format!("{}:{}", escaped(&self.user), escaped(&self.password))
    }

    /// Everything by which it would be given away.
    fn forms(&self) -> Vec<String> {
        let joined = format!("{}:{}", self.user, self.password);
        let mut forms = vec![
            STANDARD.encode(&joined),
            STANDARD_NO_PAD.encode(&joined),
            URL_SAFE_NO_PAD.encode(&joined),
        ];
        for word in [&*self.user, &*self.password] {
            let json = serde_json::to_string(word).unwrap();
            forms.extend([
                word.to_owned(),
                escaped(word),
                word.escape_debug().to_string(),
                json[1..json.len() - 1].to_owned(),
                word.as_bytes().escape_ascii().to_string(),
                word.as_bytes().escape_ascii().to_string().replace("\\\"", "\""),
                STANDARD.encode(word),
                utf8_percent_encode(word, UNRESERVED).to_string().replace("%20", "+"),
                url::form_urlencoded::byte_serialize(word.as_bytes()).collect(),
                word.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"),
                word.replace('\'', r"'\''"),
            ]);
        }
        forms.retain(|form| !form.is_empty());
        forms
    }
}

/// RFC 3986 "unreserved" stays, everything else is escaped.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The base64 of anything with `word` in it, whatever stands around: one form for each place
/// among the three bytes of a group.
fn base64_of_part(word: &str) -> impl Iterator<Item = String> {
    (0..3).map(move |before| {
        let coded = STANDARD_NO_PAD.encode([&vec![0; before], word.as_bytes()].concat());
        // What the neighbours have a part in goes.
        let from = (before * 8).div_ceil(6);
        let to = (before + word.len()) * 8 / 6;
        coded[from..to].to_owned()
    })
}

/// Every character escaped that is not a letter or digit of ASCII.
pub(crate) fn escaped(word: &str) -> String {
    utf8_percent_encode(word, NON_ALPHANUMERIC).to_string()
}

/// Everything that was left behind, with where.
#[derive(Default)]
pub(crate) struct Traces(Vec<(String, String)>);

impl Traces {
    /// Adds a text.
    pub(crate) fn text(&mut self, place: &str, text: &str) {
        self.0.push((place.to_owned(), text.to_owned()));
    }

    /// Adds a file, or every file in a folder but for `kept_apart`; file names count too.
    pub(crate) fn files(&mut self, path: &Path, kept_apart: &str) {
        let name = path.display().to_string();
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                self.files(&entry.unwrap().path(), kept_apart);
            }
        } else if path.file_name().is_none_or(|name| name != kept_apart) {
            let bytes = fs::read(path).unwrap_or_else(|e| panic!("{name}: {e}"));
            let text = format!("{name}\n{}", String::from_utf8_lossy(&bytes).replace('\0', "\n"));
            self.0.push((name, text));
        }
    }

    /// The same without files of these names.
    pub(crate) fn without(self, names: &[&str]) -> Self {
        let stays = |place: &str| !names.iter().any(|name| place.ends_with(&format!("/{name}")));
        Self(self.0.into_iter().filter(|(place, _)| stays(place)).collect())
    }

    /// Whether these words are anywhere.
    pub(crate) fn have(&self, words: &str) -> bool {
        self.0.iter().any(|(_, text)| text.contains(words))
    }

    /// Fails when a secret is anywhere, in whatever letter case.
    pub(crate) fn assert_free_of(&self, secrets: &[Secret]) {
        self.assert_free_of_forms(secrets.iter().flat_map(Secret::forms));
    }

    /// Fails when this word, which every secret has in it, is anywhere: raw, escaped or quoted in
    /// whatever way, as a part of something in base64.
    pub(crate) fn assert_free_of_mark(&self, mark: &str) {
        self.assert_free_of_forms(base64_of_part(mark).chain([mark.to_owned()]));
    }

    fn assert_free_of_forms(&self, forms: impl Iterator<Item = String>) {
        let forms: Vec<String> = forms.map(|form| form.to_lowercase()).collect();
        let finder = AhoCorasick::new(&forms).unwrap();
        let mut got_out = Vec::new();
        for (place, text) in &self.0 {
            for line in text.lines() {
                if let Some(found) = finder.find(&line.to_lowercase()) {
                    let form = &forms[found.pattern().as_usize()];
                    let line: String = line.chars().take(300).collect();
                    got_out.push(format!("{form:?} into {place}: {line:?}"));
                }
            }
        }
        let first = &got_out[..got_out.len().min(20)];
        assert!(got_out.is_empty(), "{} lines got out:\n{}", got_out.len(), first.join("\n"));
    }
}
