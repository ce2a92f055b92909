//! Digest authentication as cameras ask for it (RFC 2617 without `qop`, the form of RFC 2069 that
//! RTSP took over).

use md5::{Digest, Md5};

use crate::config::Login;

/// What the login is for, in the words of the challenge.
const REALM: &str = "pollwall camera";

/// The challenge of an answer 401.
pub(super) fn challenge(nonce: &str) -> String {
    format!("WWW-Authenticate: Digest realm=\"{REALM}\", nonce=\"{nonce}\"\r\n")
}

/// Whether an `Authorization` header proves knowledge of `login` for a request with `method`.
pub(super) fn is_authorized(header: &str, method: &str, login: &Login, nonce: &str) -> bool {
    let Some(parameters) = strip_word(header, "digest") else { return false };
    let fields = fields(parameters);
    let field = |name: &str| {
        fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    };
    let (Some(user), Some(uri), Some(response)) =
        (field("username"), field("uri"), field("response"))
    else {
        return false;
    };
    if user != login.user || field("realm") != Some(REALM) || field("nonce") != Some(nonce) {
        return false;
    }
    let first = hex(&format!("{user}:{REALM}:{}", login.password));
    let second = hex(&format!("{method}:{uri}"));
    response.eq_ignore_ascii_case(&hex(&format!("{first}:{nonce}:{second}")))
}

fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let text = text.trim_start();
    let lead = text.get(..word.len())?;
    let rest = &text[word.len()..];
    (lead.eq_ignore_ascii_case(word) && rest.starts_with(' ')).then_some(rest)
}

/// `name=value` or `name="value"`, separated by commas.
fn fields(mut text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while let Some((name, rest)) = text.split_once('=') {
        let name = name.trim_matches([' ', ',', '\t']).to_owned();
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                (rest[..end].trim().to_owned(), &rest[end..])
            }
        };
        found.push((name, value));
        text = rest;
    }
    found
}

/// The value up to the closing quote, and what follows.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    (value, "")
}

fn hex(text: &str) -> String {
    Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> Login {
        Login { user: "seçki".into(), password: "gizli \"söz\"".into() }
    }

    fn header(user: &str, password: &str, uri: &str, method: &str) -> String {
        let first = hex(&format!("{user}:{REALM}:{password}"));
        let second = hex(&format!("{method}:{uri}"));
        let response = hex(&format!("{first}:n0:{second}"));
        format!(
            "Digest username=\"{user}\", realm=\"{REALM}\", nonce=\"n0\", uri=\"{uri}\", \
             response=\"{response}\""
        )
    }

    #[test]
    fn the_hash_is_the_one_of_the_standard() {
        // RFC 2617 3.5 without qop, from RFC 2069 2.4 as corrected by its errata (749).
        let first = hex("Mufasa:testrealm@host.com:CircleOfLife");
        let second = hex("GET:/dir/index.html");
        let all = hex(&format!("{first}:dcd98b7102dd2f0e8b11d0f600bfb0c093:{second}"));
        assert_eq!(all, "1949323746fe6a43ef61f9606e7febea");
    }

    #[test]
    fn the_right_login_is_let_in_and_no_other() {
        let (user, password) = (login().user, login().password);
        let good = header(&user, &password, "rtsp://h/main", "DESCRIBE");
        assert!(is_authorized(&good, "DESCRIBE", &login(), "n0"));
        assert!(is_authorized(&good.replace("Digest", "  digest"), "DESCRIBE", &login(), "n0"));
        assert!(!is_authorized(&good, "PLAY", &login(), "n0"), "the method is part of it");
        assert!(!is_authorized(&good, "DESCRIBE", &login(), "n1"), "an old challenge");
        let wrong = header(&user, "other", "rtsp://h/main", "DESCRIBE");
        assert!(!is_authorized(&wrong, "DESCRIBE", &login(), "n0"));
        for nonsense in
            ["", "Digest", "Digest ", "Basic abc", "Digest username", "Digest =,\"", "ə="]
        {
            assert!(!is_authorized(nonsense, "DESCRIBE", &login(), "n0"), "{nonsense}");
        }
    }
}
