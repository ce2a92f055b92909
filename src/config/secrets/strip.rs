//! Taking the secrets out of one URL, and showing a text that may be one.
//!
//! Besides user name and password before the host, a value is secret when its name says so
//! (`?user=`, `&token=`), also in a path of the form `/user=a_password=b_channel=1` that many
//! recorders use; see [`spans`](super::spans). Each such value becomes `…` in the stripped URL. What
//! it cannot see: a key that is a nameless part of the path (`/live/8f3c2a/`), and what stands behind
//! an unescaped `&name=` or, in a path, `/` of a password.

use std::ops::Range;

use super::spans::{merged, secret_spans};
use super::{UrlSecrets, authority};

/// Stands in a stripped URL for a value that was taken out.
pub(super) const MARK: char = '…';

/// A URL without its secrets, and the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stripped {
    /// Safe to show and to store.
    pub shown: String,
    /// To be kept in the vault.
    pub secrets: UrlSecrets,
}

/// Why a URL cannot be taken apart. Carries no part of the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlProblem {
    /// It does not begin with `scheme://`.
    #[error("no scheme")]
    NoScheme,
    /// Several `@`, `/`, `?` or `#` leave open where the password ends.
    #[error("ambiguous where the password ends")]
    Ambiguous,
    /// User name and password hold both escapes (`%40`) and signs that would need one.
    #[error("user name and password are escaped in part only")]
    HalfEscaped,
    /// A file's name holds `?` or `#` as they are.
    #[error("a file's name is not escaped")]
    UnescapedPath,
    /// There is no valid host name or address.
    #[error("no valid host")]
    BadHost,
    /// The port is not a number from 1 to 65535.
    #[error("no valid port")]
    BadPort,
    /// It holds `…`: its secrets were taken out before.
    #[error("its secrets are already taken out")]
    AlreadyStripped,
    /// The URL standard refuses it.
    #[error("not a URL")]
    Malformed,
}

/// Splits `scheme://rest`; the scheme in small letters. `None` when it does not begin like that.
pub fn scheme_of(raw: &str) -> Option<(String, &str)> {
    let (scheme, rest) = raw.split_once("://")?;
    let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let starts_well = scheme.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    (starts_well && scheme.bytes().all(legal)).then(|| (scheme.to_ascii_lowercase(), rest))
}

/// Takes the secrets out of `raw`.
pub fn strip(raw: &str) -> Result<Stripped, UrlProblem> {
    if raw.contains(MARK) {
        return Err(UrlProblem::AlreadyStripped);
    }
    let (scheme, rest) = scheme_of(raw).ok_or(UrlProblem::NoScheme)?;
    if scheme == "file" {
        return local_file(rest);
    }
    let parts = authority::split(rest)?;
    if matches!(scheme.as_str(), "srt" | "udp") && !has_port(&parts.host) {
        return Err(UrlProblem::BadPort);
    }
    let spans = secret_spans(parts.tail);
    let values = spans.iter().map(|s| parts.tail[s.clone()].to_owned()).collect();
    let shown = format!("{scheme}://{}{}", parts.host, hide(parts.tail, &spans));
    if scheme == "srt" && shown.contains('#') {
        // The standard's stream id begins with one; here it would be cut off, and nobody told.
        return Err(UrlProblem::Ambiguous);
    }
    // What is left must not read as if it held another login.
    if let Some((_, left)) = scheme_of(&shown).filter(|_| parts.login.is_some()) {
        authority::split(left)?;
    }
    url::Url::parse(&shown).map_err(|_| UrlProblem::Malformed)?;
    Ok(Stripped { shown, secrets: UrlSecrets { login: parts.login, values } })
}

/// A file of this machine: a whole path, and no secret in it.
fn local_file(rest: &str) -> Result<Stripped, UrlProblem> {
    // Behind these nothing would be looked at, and a name that has them would not be found.
    if rest.contains(['?', '#']) {
        return Err(UrlProblem::UnescapedPath);
    }
    let shown = format!("file://{rest}");
    let url = url::Url::parse(&shown).map_err(|_| UrlProblem::Malformed)?;
    // On Windows a host is a network share.
    if !rest.starts_with('/') || url.to_file_path().is_err() {
        return Err(UrlProblem::Malformed);
    }
    Ok(Stripped { shown, secrets: UrlSecrets::default() })
}

/// Whether `host` in its normal form has a port; these schemes have none by themselves.
fn has_port(host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'))
}

/// Puts `values` back where `shown` has its marks; `None` when their numbers differ. A `#` in a
/// value was meant as a character, as nothing addresses a part of a stream: it is escaped, or the
/// rest of the value would never be sent.
pub(super) fn complete(shown: &str, values: &[String]) -> Option<String> {
    let mut parts = shown.split(MARK);
    let mut whole = parts.next()?.to_owned();
    let mut values = values.iter();
    for part in parts {
        whole.push_str(&values.next()?.replace('#', "%23"));
        whole.push_str(part);
    }
    values.next().is_none().then_some(whole)
}

/// What two spellings of one stripped URL have in common: the default port is left out.
pub fn url_key(shown: &str) -> String {
    let Some((scheme, rest)) = shown.split_once("://") else { return shown.to_owned() };
    let (host, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let default = match scheme {
        "rtsp" => ":554",
        "http" => ":80",
        "https" | "rtmps" => ":443",
        "rtmp" => ":1935",
        _ => "",
    };
    let host = host.strip_suffix(default).unwrap_or(host);
    let tail = if tail == "/" { "" } else { tail };
    format!("{scheme}://{host}{tail}")
}

/// What tells one stream from all others; **may hold secrets**. With SRT the stream's name is a
/// secret of the URL. With other schemes two URLs that differ in secrets only are one stream, opened
/// with two logins.
pub fn stream_key(shown: &str, secrets: Option<&UrlSecrets>) -> String {
    let key = url_key(shown);
    match secrets.filter(|_| key.starts_with("srt://")) {
        Some(secrets) => format!("{key} {:?}", secrets.values),
        None => key,
    }
}

/// Any text that may be or hold a URL, fit to be shown: what could be a user name, a password or
/// a secret value is `…`. For showing what was found where something else was expected.
pub fn masked(text: &str) -> String {
    let (scheme, rest) = match scheme_of(text) {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), text),
    };
    // Nobody knows where a password ends in here, so every reading's secrets are hidden: all up to
    // the last `@`, and the values with telling names both in the whole and in what follows it.
    let after = rest.rfind('@').map_or(0, |at| at + 1);
    let mut spans = secret_spans(rest);
    spans.extend(secret_spans(&rest[after..]).iter().map(|s| after + s.start..after + s.end));
    let user_info = (after > 1).then(|| 0..after - 1);
    format!("{scheme}{}", hide(rest, &merged(spans, user_info)))
}

fn hide(s: &str, spans: &[Range<usize>]) -> String {
    let mut shown = String::with_capacity(s.len());
    let mut from = 0;
    for span in spans {
        shown.push_str(&s[from..span.start]);
        shown.push(MARK);
        from = span.end;
    }
    shown + &s[from..]
}
