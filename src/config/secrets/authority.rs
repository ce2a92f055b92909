//! Where user name and password end and the host begins, in URLs as people really paste them.
//!
//! RFC 3986 wants `@ / ? # %` and spaces in a password escaped; cameras' web pages and people do
//! not. So every `@` is tried as the end of the password, and a reading counts only when a valid
//! host (and port) follows it. Among several readings the one whose host is an IP address wins, if
//! it is the only such one and its password does not look like path and query
//! (`u:p@nvr/x?mail=a@10.0.0.1`). Everything else is ambiguous and reported, not guessed: a wrong
//! guess would either show a part of a password or send it to the wrong host.

use std::net::{Ipv4Addr, Ipv6Addr};

use percent_encoding::percent_decode_str;

use super::Login;
use super::strip::UrlProblem;

/// A URL after `scheme://`, taken apart.
pub(super) struct Authority<'a> {
    pub(super) login: Option<Login>,
    /// Host in its normal form, with the port as it was given.
    pub(super) host: String,
    /// Path, query and fragment, as they were given.
    pub(super) tail: &'a str,
}

const TAIL: [char; 3] = ['/', '?', '#'];

pub(super) fn split(rest: &str) -> Result<Authority<'_>, UrlProblem> {
    let (slips, readings): (Vec<_>, Vec<_>) = readings(rest).partition(Reading::is_slip);
    let reading = choose(&readings).ok_or_else(|| why_none(rest, &readings))?;
    // `admin/pass@10.0.0.1`: hardly a host called `admin`.
    let names_a_host = reading.userinfo.is_none() && !reading.is_address;
    if names_a_host && slips.iter().any(Reading::may_be_meant) {
        return Err(UrlProblem::Ambiguous);
    }
    let login = reading.userinfo.map(login).transpose()?.flatten();
    Ok(Authority { login, host: reading.host.clone(), tail: reading.tail })
}

struct Reading<'a> {
    userinfo: Option<&'a str>,
    host: String,
    tail: &'a str,
    is_address: bool,
}

impl Reading<'_> {
    /// Its user name holds what no user name does; a password may, unescaped.
    fn is_slip(&self) -> bool {
        self.userinfo.is_some_and(|u| u.split(':').next().unwrap_or(u).contains(TAIL))
    }

    /// A slip that looks more like a login than like a path with an `@` in it.
    fn may_be_meant(&self) -> bool {
        self.is_address && self.userinfo.is_some_and(|u| !u.contains('='))
    }
}

/// Every way to read `rest`, from the shortest user information (none) to the longest.
fn readings(rest: &str) -> impl Iterator<Item = Reading<'_>> {
    let at_signs = rest.match_indices('@').map(|(at, _)| (Some(&rest[..at]), &rest[at + 1..]));
    std::iter::once((None, rest)).chain(at_signs).filter_map(|(userinfo, after)| {
        let (host, tail) = after.split_at(after.find(TAIL).unwrap_or(after.len()));
        let (host, is_address) = host_and_port(host).ok()?;
        Some(Reading { userinfo, host, tail, is_address })
    })
}

fn choose<'r, 'a>(readings: &'r [Reading<'a>]) -> Option<&'r Reading<'a>> {
    if let [only] = readings {
        return Some(only);
    }
    let mut addresses = readings.iter().filter(|r| r.is_address);
    let best = addresses.next().filter(|_| addresses.next().is_none())?;
    let (_, query) = best.userinfo.unwrap_or_default().split_once('?').unwrap_or_default();
    (!query.contains('=')).then_some(best)
}

fn why_none(rest: &str, readings: &[Reading<'_>]) -> UrlProblem {
    if !readings.is_empty() {
        return UrlProblem::Ambiguous;
    }
    let authority = &rest[..rest.find(TAIL).unwrap_or(rest.len())];
    let host = authority.rsplit('@').next().unwrap_or(authority);
    host_and_port(host).err().unwrap_or(UrlProblem::BadHost)
}

/// Checks `host[:port]` and brings it into its normal form; whether it is an IP address.
fn host_and_port(s: &str) -> Result<(String, bool), UrlProblem> {
    let (host, port) = match s.rfind(':') {
        Some(colon) if !s[colon..].contains(']') => (&s[..colon], Some(&s[colon + 1..])),
        _ => (s, None),
    };
    let is_address = is_address(host)?;
    let host = url::Host::parse(host).map_err(|_| UrlProblem::BadHost)?;
    match port {
        None => Ok((host.to_string(), is_address)),
        // `u16::from_str` would take a sign.
        Some(p) if p.bytes().all(|b| b.is_ascii_digit()) => match p.parse::<u16>() {
            Ok(port @ 1..) => Ok((format!("{host}:{port}"), is_address)),
            _ => Err(UrlProblem::BadPort),
        },
        Some(_) => Err(UrlProblem::BadPort),
    }
}

/// Whether it is an address rather than a name; neither is a problem.
fn is_address(host: &str) -> Result<bool, UrlProblem> {
    if let Some(v6) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return v6.parse::<Ipv6Addr>().map(|_| true).map_err(|_| UrlProblem::BadHost);
    }
    if host.parse::<Ipv4Addr>().is_ok() {
        return Ok(true);
    }
    let plausible = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    let empty_label = host.is_empty() || host.starts_with('.') || host.contains("..");
    if empty_label || !host.chars().all(plausible) {
        return Err(UrlProblem::BadHost);
    }
    Ok(false)
}

/// User name and password as plain text. `None` when both are empty.
fn login(userinfo: &str) -> Result<Option<Login>, UrlProblem> {
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    if user.is_empty() && password.is_empty() {
        return Ok(None);
    }
    let plain = match (escaped(userinfo), unescaped(userinfo)) {
        (true, true) => return Err(UrlProblem::HalfEscaped),
        (true, false) => decoded(user).zip(decoded(password)),
        (false, _) => None,
    };
    let (user, password) = plain.unwrap_or_else(|| (user.to_owned(), password.to_owned()));
    Ok(Some(Login { user, password }))
}

/// Whether it holds an escape such as `%40`.
fn escaped(s: &str) -> bool {
    s.match_indices('%').any(|(at, _)| is_escape(&s.as_bytes()[at..]))
}

/// Whether it holds what whoever escapes at all would have escaped.
fn unescaped(s: &str) -> bool {
    let stray = s.match_indices('%').any(|(at, _)| !is_escape(&s.as_bytes()[at..]));
    stray || s.contains(['@', '/', '?', '#', ' '])
}

fn is_escape(at: &[u8]) -> bool {
    matches!(at, [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}

/// Percent-decoded; `None` when that yields no printable text, so that it was no escape at all.
fn decoded(s: &str) -> Option<String> {
    let text = percent_decode_str(s).decode_utf8().ok()?;
    (!text.chars().any(char::is_control)).then(|| text.into_owned())
}
