//! Reading the values of options.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use lexopt::{Parser, ValueExt};

use super::UsageError;
use crate::config::secrets::masked;

const MAX_DURATION: Duration = Duration::from_secs(24 * 3600);

pub(super) fn value(parser: &mut Parser, option: &'static str) -> Result<OsString, UsageError> {
    let value = parser.value().map_err(lexopt_error)?;
    if value.is_empty() { Err(UsageError::NoValue(option.to_owned())) } else { Ok(value) }
}

pub(super) fn read<T>(
    parser: &mut Parser,
    option: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, UsageError> {
    let value = value(parser, option)?;
    let bad = || UsageError::BadValue { option, found: shown(&value) };
    let string = value.clone().string().map_err(|_| bad())?;
    read(&string).ok_or_else(bad)
}

pub(super) fn version(s: &str) -> Option<u32> {
    s.parse().ok().filter(|&v| v > 0)
}

pub(super) fn size(s: &str) -> Option<(u32, u32)> {
    let (width, height) = s.split_once(['x', 'X', '×'])?;
    let (width, height) = (width.parse().ok()?, height.parse().ok()?);
    ((320..=16384).contains(&width) && (200..=16384).contains(&height)).then_some((width, height))
}

/// `10s`, `500ms`, `2m`; a bare number is seconds.
pub(super) fn duration(s: &str) -> Option<Duration> {
    let digits = s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
    let number: u64 = s[..digits].parse().ok()?;
    let duration = match &s[digits..] {
        "" | "s" => Duration::from_secs(number),
        "ms" => Duration::from_millis(number),
        "m" => Duration::from_secs(number.checked_mul(60)?),
        _ => return None,
    };
    (duration <= MAX_DURATION).then_some(duration)
}

pub(super) fn shown(word: &OsStr) -> String {
    masked(&word.to_string_lossy())
}

pub(super) fn lexopt_error(error: lexopt::Error) -> UsageError {
    match error {
        lexopt::Error::MissingValue { option } => UsageError::NoValue(option.unwrap_or_default()),
        lexopt::Error::UnexpectedOption(option) => UsageError::UnknownOption(masked(&option)),
        lexopt::Error::UnexpectedValue { option, .. } => UsageError::NeedlessValue(option),
        lexopt::Error::UnexpectedArgument(word) => UsageError::TooMany(shown(&word)),
        // The other kinds come from lexopt's own parsing of values, which is not used here.
        other => UsageError::UnknownOption(masked(&other.to_string())),
    }
}
