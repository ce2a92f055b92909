//! Looks for a secret in everything that a program leaves behind, in every form it may take.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A login that must not get out.
pub(crate) struct Secret {
    pub(crate) user: &'static str,
    pub(crate) password: &'static str,
}

impl Secret {
    /// As it stands in front of the host in a URL, every special character escaped.
    pub(crate) fn in_url(&self) -> String {
        format!("{}:{}", escaped(self.user), escaped(self.password))
    }

    /// Everything by which it would be given away.
    fn forms(&self) -> Vec<String> {
        let joined = format!("{}:{}", self.user, self.password);
        let mut forms = vec![
            STANDARD.encode(&joined),
            STANDARD_NO_PAD.encode(&joined),
            URL_SAFE_NO_PAD.encode(&joined),
        ];
        for word in [self.user, self.password] {
            let json = serde_json::to_string(word).unwrap();
            forms.extend([
                word.to_owned(),
                escaped(word),
                word.escape_debug().to_string(),
                json[1..json.len() - 1].to_owned(),
                word.as_bytes().escape_ascii().to_string(),
                word.as_bytes().escape_ascii().to_string().replace("\\\"", "\""),
                STANDARD.encode(word),
            ]);
        }
        forms
    }
}

fn escaped(word: &str) -> String {
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

    /// Whether these words are anywhere.
    pub(crate) fn have(&self, words: &str) -> bool {
        self.0.iter().any(|(_, text)| text.contains(words))
    }

    /// Fails when the secret is anywhere, in whatever letter case.
    pub(crate) fn assert_free_of(&self, secret: &Secret) {
        for form in secret.forms() {
            for (place, text) in &self.0 {
                let found = text.lines().find(|l| l.to_lowercase().contains(&form.to_lowercase()));
                assert!(found.is_none(), "{form:?} got out into {place}: {found:?}");
            }
        }
    }
}
