//! Damages bytes in the ways that reach deep: not noise alone, but words of the format put in,
//! pieces moved, doubled and cut, numbers moved to their edges.

use fastrand::Rng;

/// Bytes at the edges of numbers and of UTF-8.
const EDGES: &[u8] =
    &[0, 1, 0x7f, 0x80, 0xbf, 0xc0, 0xc3, 0xe2, 0xf0, 0xfe, 0xff, b'\n', b'"', b'%'];

/// Numbers at their edges, as text.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "00",
    "119",
    "65535",
    "65536",
    "999999",
    "2147483647",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "18446744073709551616",
    "1e308",
    "NaN",
    "0.5",
    "-0",
];

/// A changed copy of one of `seeds`, one to eight changes in it.
pub(crate) fn mutated<S: AsRef<[u8]>>(rng: &mut Rng, seeds: &[S], words: &[&str]) -> Vec<u8> {
    let mut bytes = pick(rng, seeds).as_ref().to_vec();
    for _ in 0..=rng.usize(..8) {
        change(rng, &mut bytes, seeds, words);
    }
    bytes
}

/// One of them.
pub(crate) fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(..from.len())]
}

/// A piece of `bytes`, its ends drawn.
fn piece(rng: &mut Rng, length: usize, most: usize) -> std::ops::Range<usize> {
    let from = rng.usize(..=length);
    let to = (from + rng.usize(..=most)).min(length);
    from..to
}

/// Changes `bytes` once.
pub(crate) fn change<S: AsRef<[u8]>>(
    rng: &mut Rng,
    bytes: &mut Vec<u8>,
    seeds: &[S],
    words: &[&str],
) {
    let at = rng.usize(..=bytes.len());
    match rng.u8(..12) {
        0 | 1 if !words.is_empty() => {
            let word = pick(rng, words).as_bytes();
            bytes.splice(at..at, word.iter().copied());
        }
        2 if !words.is_empty() => {
            let over = piece(rng, bytes.len(), 16);
            bytes.splice(over, pick(rng, words).bytes());
        }
        3 => {
            let over = piece(rng, bytes.len(), 64);
            bytes.drain(over);
        }
        4 => {
            let from = piece(rng, bytes.len(), 200);
            let copy = bytes[from].to_vec();
            bytes.splice(at..at, copy);
        }
        5 => {
            let other = pick(rng, seeds).as_ref();
            let from = piece(rng, other.len(), 400);
            bytes.splice(at..at, other[from].iter().copied());
        }
        6 => bytes.truncate(at),
        7 => number(rng, bytes),
        8 => bytes.insert(at, *pick(rng, EDGES)),
        9 if at < bytes.len() => bytes[at] = *pick(rng, EDGES),
        10 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
        _ if at < bytes.len() => bytes[at] = rng.u8(..),
        _ => {}
    }
}

/// Puts another number in the place of one, if there is one.
fn number(rng: &mut Rng, bytes: &mut Vec<u8>) {
    let from = rng.usize(..=bytes.len());
    let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit) else { return };
    let start = from + start;
    let end = bytes[start..].iter().position(|b| !b.is_ascii_digit());
    let end = end.map_or(bytes.len(), |end| start + end);
    bytes.splice(start..end, pick(rng, NUMBERS).bytes());
}
