//! Removes known secrets from any text on its way out: log lines, errors, FFmpeg's messages.
//!
//! Values, not patterns: a pattern misses what a library prints in its own form. Every value is
//! looked for raw, percent-encoded in several ways, escaped as `Debug` prints text and bytes, and
//! as Basic authentication sends it; letter case does not matter. A value shorter than four characters
//! would blot out half of every line, so it is looked for only where a URL holds credentials.
//! It cannot know a secret that no list ever held, nor one that is split over two lines.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock, RwLock};

use aho_corasick::AhoCorasick;
use base64::Engine;
use percent_encoding::{
    AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode,
};

use super::ListSecrets;

/// What stands in place of a secret.
pub const HIDDEN: &str = "***";

/// Values shorter than this, in characters, are looked for inside URLs only.
const SHORT: usize = 4;

/// RFC 3986 "unreserved" stays, everything else is escaped.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What the URL standard escapes in user name and password.
const USERINFO: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'/')
    .add(b':')
    .add(b';')
    .add(b'=')
    .add(b'@')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'|');

/// What the URL standard escapes in a query: where a value stands once it is part of a URL.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');
/// The same of a scheme that the standard calls special (`http`).
const SPECIAL_QUERY: &AsciiSet = &QUERY.add(b'\'');
/// What it escapes in a path.
const PATH: &AsciiSet = &QUERY.add(b'?').add(b'^').add(b'`').add(b'{').add(b'}');
/// What forms do not escape (application/x-www-form-urlencoded); a space is a plus there.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');
/// What JavaScript's `encodeURIComponent` does not escape.
const COMPONENT: &AsciiSet =
    &UNRESERVED.remove(b'!').remove(b'*').remove(b'\'').remove(b'(').remove(b')');

/// Knows secrets and takes them out of texts. The program has one ([`Redactor::global`]).
#[derive(Default)]
pub struct Redactor {
    /// Replaced whole when secrets are learned, so that redacting never waits for a rebuild.
    known: RwLock<Arc<Known>>,
}

#[derive(Default)]
struct Known {
    long: BTreeSet<String>,
    /// In small ASCII letters.
    short: BTreeSet<String>,
    finder: Option<AhoCorasick>,
}

impl Redactor {
    /// One that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The one that the log and every error on its way out go through.
    pub fn global() -> &'static Redactor {
        static GLOBAL: OnceLock<Redactor> = OnceLock::new();
        GLOBAL.get_or_init(Redactor::new)
    }

    /// Learns the secrets of lists, beside those it knows: a connection that still uses an old
    /// password may still print it.
    pub fn learn<'a>(&self, lists: impl IntoIterator<Item = &'a ListSecrets>) {
        let old = self.known();
        let (mut long, mut short) = (old.long.clone(), old.short.clone());
        let all = lists.into_iter().flat_map(ListSecrets::iter).flat_map(|(_, s)| values(s));
        // Thousands of cameras share few user names and passwords.
        for value in all.collect::<BTreeSet<String>>() {
            for spelling in spellings(&value) {
                match spelling.chars().count() {
                    0 => {}
                    1..SHORT => drop(short.insert(spelling.to_ascii_lowercase())),
                    _ => drop(long.insert(spelling)),
                }
            }
        }
        if long == old.long && short == old.short {
            return;
        }
        // Building fails only beyond 2³¹ bytes of patterns; the list's size is bounded far below.
        let finder = AhoCorasick::builder().ascii_case_insensitive(true).build(&long).ok();
        let known = Arc::new(Known { long, short, finder });
        *self.known.write().unwrap_or_else(std::sync::PoisonError::into_inner) = known;
    }

    /// `text` with every known secret replaced by [`HIDDEN`].
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let known = self.known();
        let mut spans = known.short_in_urls(text);
        if let Some(finder) = &known.finder {
            // Overlapping: of two secrets that share letters, neither leaves a rest behind.
            spans.extend(finder.find_overlapping_iter(text).map(|m| (m.start(), m.end())));
        }
        if spans.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(replace(text, spans)) }
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

/// The secret values of one URL, with user and password as Basic authentication joins them.
fn values(secrets: &super::UrlSecrets) -> impl Iterator<Item = String> {
    let login = secrets.login.iter().flat_map(|login| {
        let joined = format!("{}:{}", login.user, login.password);
        let basic = base64::engine::general_purpose::STANDARD.encode(joined);
        [login.user.clone(), login.password.clone(), basic]
    });
    login.chain(secrets.values.iter().cloned())
}

/// How a value may be written.
fn spellings(value: &str) -> impl Iterator<Item = String> {
    let decoded = percent_decode_str(value).decode_utf8_lossy().into_owned();
    [value.to_owned(), decoded].into_iter().flat_map(|v| {
        [
            utf8_percent_encode(&v, USERINFO).to_string(),
            utf8_percent_encode(&v, UNRESERVED).to_string(),
            utf8_percent_encode(&v, NON_ALPHANUMERIC).to_string(),
            utf8_percent_encode(&v, UNRESERVED).to_string().replace("%20", "+"),
            utf8_percent_encode(&v, QUERY).to_string(),
            utf8_percent_encode(&v, SPECIAL_QUERY).to_string(),
            utf8_percent_encode(&v, PATH).to_string(),
            utf8_percent_encode(&v, FORM).to_string().replace("%20", "+"),
            utf8_percent_encode(&v, COMPONENT).to_string(),
            v.escape_debug().to_string(),
            quoted(&format!("{v:?}")),
            quoted(&serde_json::Value::from(v.as_str()).to_string()),
            v.as_bytes().escape_ascii().to_string(),
            bytes_escaped(&v),
            v,
        ]
    })
}

/// Without the quotes around it: what stands between them may stand elsewhere.
fn quoted(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text).to_owned()
}

/// As the protocol library prints what it could not read: bytes beyond ASCII as `\xC9`, the rest
/// as it is.
fn bytes_escaped(value: &str) -> String {
    value.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii() {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("\\x{byte:02X}"));
        }
        escaped
    })
}

impl Known {
    /// Where short values are, as whole parts of the credentials of URLs in `text`.
    fn short_in_urls(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if self.short.is_empty() {
            return found;
        }
        for (at, mark) in text.match_indices("://") {
            let start = at + mark.len();
            let length = text[start..].find(|c: char| c.is_whitespace() || "\"'<>".contains(c));
            let url = &text[start..length.map_or(text.len(), |l| start + l)];
            let tail = url.rfind('@').map_or(0, |end| {
                self.short_parts(&url[..end], start, &[':', '@'], &mut found);
                end + 1
            });
            self.short_parts(
                &url[tail..],
                start + tail,
                &['=', '&', ';', '?', '#', '_', '/'],
                &mut found,
            );
        }
        found
    }

    fn short_parts(&self, s: &str, at: usize, between: &[char], found: &mut Vec<(usize, usize)>) {
        let mut start = 0;
        for part in s.split(between) {
            let in_place = at + start;
            let is_value = between[0] == ':' || s[..start].ends_with('=');
            if is_value && self.short.contains(&part.to_ascii_lowercase()) {
                found.push((in_place, in_place + part.len()));
            }
            start += part.len() + 1; // every separator is one byte
        }
    }
}

/// Replaces the spans, which may overlap and come in any order.
fn replace(text: &str, mut spans: Vec<(usize, usize)>) -> String {
    spans.sort_unstable();
    let mut clean = String::with_capacity(text.len());
    let mut shown_to = 0;
    for (start, end) in spans {
        if start >= shown_to {
            clean.push_str(&text[shown_to..start]);
            clean.push_str(HIDDEN);
        }
        shown_to = shown_to.max(end);
    }
    clean + &text[shown_to..]
}
