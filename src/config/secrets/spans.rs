//! Where the secrets of a path, query and fragment are.
//!
//! Nobody can be sure where an unescaped value ends, so a secret goes on until something begins that
//! has a name of its own: `&name=` does; `&x`, `?x` inside a query and all behind a `#` do not.

use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::names::{is_name_char, is_secret};

/// How often a value is unescaped to find an address with secrets in it.
const NESTED: u8 = 3;

/// The secrets of `tail`: ascending, none empty, none touching.
pub(super) fn secret_spans(tail: &str) -> Vec<Range<usize>> {
    spans(tail, NESTED)
}

fn spans(tail: &str, nested: u8) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    // The last of `found` may go on behind the delimiter.
    let mut is_open = false;
    let mut in_query = false;
    let mut start = 0;
    let mut delimiter = '/';
    loop {
        let was_in_query = in_query;
        in_query |= matches!(delimiter, '?' | '#');
        let delimiters: &[char] =
            if in_query { &['&', ';', '?', '#'] } else { &['/', '&', ';', '?', '#'] };
        let end = tail[start..].find(delimiters).map_or(tail.len(), |at| start + at);
        let token = &tail[start..end];
        match found.last_mut() {
            Some(last) if is_open && goes_on(token, delimiter, was_in_query) => {
                // Two delimiters in a row end nothing, and the last of all is no secret.
                if !token.is_empty() || matches!(delimiter, '#' | '?') {
                    last.end = end;
                }
            }
            _ => {
                let values = values(token, in_query, nested);
                found.extend(values.into_iter().map(|v| start + v.start..start + v.end));
                is_open = found.last().is_some_and(|last| last.end == end);
            }
        }
        let Some(next) = tail[end..].chars().next() else { break };
        delimiter = next;
        start = end + next.len_utf8();
    }
    merged(found, nested_logins(tail))
}

/// Whether `token` belongs to the secret value before its `delimiter`.
fn goes_on(token: &str, delimiter: char, was_in_query: bool) -> bool {
    match delimiter {
        // Nothing addresses a part of a stream.
        '#' => true,
        '?' if was_in_query => true,
        '&' | ';' | '?' => !is_pair(token),
        _ => false,
    }
}

/// Whether it is `name=value`, with a name that could be one.
fn is_pair(token: &str) -> bool {
    token
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(is_name_char))
}

/// The secret values in a token between two delimiters; the last may be empty.
fn values(token: &str, in_query: bool, nested: u8) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    loop {
        // In a path `_` may part one pair from the next: `user=a_password=b`.
        let first = token[from..].find('=').map(|at| from + at + 1);
        let next = first.filter(|_| !in_query).and_then(|value| next_pair(token, value));
        let end = next.unwrap_or(token.len());
        let piece = &token[from..end];
        found.extend(value(piece, nested).map(|at| from + at..end));
        let Some(underscore) = next else { return found };
        from = underscore + 1;
    }
}

/// Where the `_` of the next `_name=` at or after `from` is.
fn next_pair(token: &str, from: usize) -> Option<usize> {
    token[from..].match_indices('=').find_map(|(at, _)| {
        let equals = from + at;
        Some(from + token[from..equals].rfind('_')?)
    })
}

/// Where the secret value in `piece` begins; it is the rest of it. The telling name need not be the
/// first: SRT has `streamid=#!::r=live,u=admin`, others have lists in one value.
fn value(piece: &str, nested: u8) -> Option<usize> {
    let named = piece.match_indices('=').find_map(|(equals, _)| {
        let before = piece[..equals].char_indices().rev();
        let name = before.take_while(|(_, c)| is_name_char(*c)).last().map_or(equals, |(at, _)| at);
        is_secret(&piece[name..equals]).then_some(equals + 1)
    });
    named.or_else(|| {
        // An escaped address (`src=rtsp%3A%2F%2Fuser%3A…`) is one secret.
        let plain = percent_decode_str(piece).decode_utf8_lossy();
        let holds = nested > 0 && plain != piece && !spans(&plain, nested - 1).is_empty();
        holds.then(|| piece.find('=').map_or(0, |equals| equals + 1))
    })
}

/// User names and passwords of URLs inside this one (`?src=http://user:password@host/`).
fn nested_logins(tail: &str) -> Option<Range<usize>> {
    let start = tail.find("://")? + "://".len();
    let end = start + tail[start..].rfind('@')?;
    (end > start).then_some(start..end)
}

/// All of them and `extra`, those that touch as one, without the empty ones.
pub(super) fn merged(
    mut spans: Vec<Range<usize>>,
    extra: Option<Range<usize>>,
) -> Vec<Range<usize>> {
    spans.extend(extra);
    spans.retain(|span| !span.is_empty());
    spans.sort_by_key(|s| s.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}
