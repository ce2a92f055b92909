//! Bytes to text: UTF-8 with or without a byte order mark, UTF-16 as Excel's "Unicode text".

use std::borrow::Cow;

use super::problem::{Expected, Found, Problem};

/// The text of a file.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Problem> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Problem> {
    let not_text = match std::str::from_utf8(bytes) {
        // A zero byte: UTF-16 without its mark, or no text at all.
        Ok(text) => text.find('\0'),
        Err(e) => Some(e.valid_up_to()),
    };
    let Some(at) = not_text else { return Ok(String::from_utf8_lossy(bytes)) };
    let row = 1 + bytes[..at].iter().filter(|&&b| b == b'\n').count();
    let found = Found::plain(format!("0x{:02X}", bytes[at]));
    Err(Problem { row, column: String::new(), found, expected: Expected::Utf8 })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, Problem> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    let broken = |row, found: String| Problem {
        row,
        column: String::new(),
        found: Found::plain(found),
        expected: Expected::Utf8,
    };
    let mut row = 1;
    for c in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        let c = c.map_err(|e| broken(row, format!("0x{:04X}", e.unpaired_surrogate())))?;
        row += usize::from(c == '\n');
        text.push(c);
    }
    match rest {
        [] => Ok(Cow::Owned(text)),
        _ => Err(broken(row, format!("0x{:02X}", rest[0]))),
    }
}
