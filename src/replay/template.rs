//! File names that say whose a recording is and when it began, as other programs write them.
//!
//! A template is a path with placeholders in braces, from the opened folder on. Pure: looks at no
//! disk; a hostile name costs no more than its length times the template's.

use std::collections::HashSet;
use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::clock::WallTime;
use crate::model::{FeedKind, StationId};

/// A longer template is none, and a longer path is not looked at.
const MOST_BYTES: usize = 4096;

/// So many parts at most.
const MOST_PARTS: usize = 64;

/// The endings of files that may hold pictures.
pub const ENDINGS: &[&str] = &["mp4", "m4v", "mov", "mkv", "webm", "ts", "mts", "m2ts", "flv"];

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Field {
    Year,
    ShortYear,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Milli,
    Micro,
    Unix,
    District,
    Station,
    Camera,
    Path,
    Kind,
}

/// The placeholders, and how many digits they have at least and at most.
const FIELDS: &[(&str, Field, usize, usize)] = &[
    ("YYYY", Field::Year, 4, 4),
    ("YY", Field::ShortYear, 2, 2),
    ("MM", Field::Month, 2, 2),
    ("DD", Field::Day, 2, 2),
    ("hh", Field::Hour, 2, 2),
    ("mm", Field::Minute, 2, 2),
    ("ss", Field::Second, 2, 2),
    ("ms", Field::Milli, 3, 3),
    ("us", Field::Micro, 6, 6),
    ("unix", Field::Unix, 1, 11),
    ("district", Field::District, 1, 5),
    ("station", Field::Station, 1, 10),
    ("camera", Field::Camera, 0, 0),
    ("path", Field::Path, 0, 0),
    ("kind", Field::Kind, 0, 0),
];

/// The names of all placeholders, for people.
pub fn placeholders() -> String {
    let names: Vec<String> = FIELDS.iter().map(|(name, ..)| format!("{{{name}}}")).collect();
    names.join(" ")
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    /// Anything within one name.
    Any,
    Digits(Field, usize, usize),
    /// At least one character, within one name or (a path) over several.
    Name(Field),
}

/// Why a template is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No placeholder has this name.
    #[error("{{{0}}} is no placeholder")]
    Unknown(String),
    /// A brace without its other one.
    #[error("a brace is not closed")]
    Brace,
    /// The same placeholder more than once.
    #[error("{{{0}}} stands there twice")]
    Twice(&'static str),
    /// It does not say when a recording began.
    #[error("{{{0}}} is missing")]
    Lacks(&'static str),
    /// It is too long.
    #[error("it is too long")]
    TooLong,
}

/// A template that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
    /// Only files with this ending; any known one without.
    ending: Option<String>,
}

/// Whose a recording is, by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// Of this station.
    Station(StationId),
    /// Of the camera of this name.
    Camera(String),
}

/// What a name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Whose it is; `None` where the template has nothing of it.
    pub whose: Option<Whose>,
    /// Which of a station's feeds, where it says.
    pub kind: Option<FeedKind>,
    /// When it began.
    pub at: WallTime,
}

impl Template {
    /// Reads a template as a person types it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, TemplateError> {
        if typed.len() > MOST_BYTES {
            return Err(TemplateError::TooLong);
        }
        let typed = typed.trim().replace('\\', "/");
        let typed = typed.trim_start_matches("./");
        let (stem, ending) = match split_ending(typed) {
            Some((stem, ending)) => (stem, Some(ending.to_ascii_lowercase())),
            None => (typed.strip_suffix(".*").unwrap_or(typed), None),
        };
        let mut parts = Vec::new();
        let mut rest = stem;
        while let Some(sign) = rest.find(['{', '}', '*']) {
            let (text, found) = rest.split_at(sign);
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
            rest = if let Some(after) = found.strip_prefix('*') {
                parts.push(Part::Any);
                after
            } else if let Some(after) = found.strip_prefix('{') {
                let (name, after) = after.split_once('}').ok_or(TemplateError::Brace)?;
                parts.push(placeholder(name)?);
                after
            } else {
                return Err(TemplateError::Brace);
            };
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if parts.len() > MOST_PARTS {
            return Err(TemplateError::TooLong);
        }
        let template = Self { parts, ending };
        template.is_whole()?;
        Ok(template)
    }

    fn has(&self, field: Field) -> bool {
        self.fields().any(|has| has == field)
    }

    fn fields(&self) -> impl Iterator<Item = Field> {
        self.parts.iter().filter_map(|part| match part {
            Part::Digits(field, ..) | Part::Name(field) => Some(*field),
            Part::Text(_) | Part::Any => None,
        })
    }

    /// Says of what it lacks or has twice.
    fn is_whole(&self) -> Result<(), TemplateError> {
        for (name, field, ..) in FIELDS {
            if self.fields().filter(|has| has == field).count() > 1 {
                return Err(TemplateError::Twice(name));
            }
        }
        if self.has(Field::Unix) {
            return Ok(());
        }
        if !self.has(Field::Year) && !self.has(Field::ShortYear) {
            return Err(TemplateError::Lacks("YYYY"));
        }
        let needed = [Field::Month, Field::Day, Field::Hour, Field::Minute];
        let lacks =
            FIELDS.iter().find(|(_, field, ..)| needed.contains(field) && !self.has(*field));
        lacks.map_or(Ok(()), |(name, ..)| Err(TemplateError::Lacks(name)))
    }

    /// What `path`, with `/` between its names, says by this template; times of day are those of
    /// `zone`. `None`: it is not built like that, or says a time that there is not.
    pub fn read(&self, path: &str, zone: &TimeZone) -> Option<Said> {
        let (stem, ending) = split_ending(path).filter(|_| path.len() <= MOST_BYTES)?;
        if self.ending.as_ref().is_some_and(|wanted| !wanted.eq_ignore_ascii_case(ending)) {
            return None;
        }
        let mut found = vec![""; self.parts.len()];
        let mut failed = HashSet::new();
        self.fit(stem, 0, 0, &mut found, &mut failed).then_some(())?;
        self.said(&found, zone)
    }

    /// Whether the parts from `part` on fit what stands from `at` on; puts into `found` what each
    /// stands for. What has failed once is not tried again.
    fn fit<'a>(
        &self,
        stem: &'a str,
        part: usize,
        at: usize,
        found: &mut [&'a str],
        failed: &mut HashSet<(usize, usize)>,
    ) -> bool {
        let (Some(rest), Some(wanted)) = (stem.get(at..), self.parts.get(part)) else {
            return part == self.parts.len() && at == stem.len();
        };
        if failed.contains(&(part, at)) {
            return false;
        }
        // The lengths that it may take, the likeliest first.
        let lengths: Vec<usize> = match wanted {
            Part::Text(text) => {
                rest.starts_with(text.as_str()).then_some(text.len()).into_iter().collect()
            }
            Part::Any => borders(rest, within_name(rest)).collect(),
            Part::Name(Field::Kind) => ["main", "sub"]
                .into_iter()
                .filter(|kind| rest.starts_with(kind))
                .map(str::len)
                .collect(),
            Part::Name(field) => {
                let most = if *field == Field::Path { rest.len() } else { within_name(rest) };
                let mut lengths: Vec<usize> = borders(rest, most).filter(|len| *len > 0).collect();
                lengths.reverse();
                lengths
            }
            Part::Digits(_, least, most) => {
                let digits = rest.bytes().take(*most).take_while(u8::is_ascii_digit).count();
                (*least..=digits).rev().collect()
            }
        };
        for length in lengths {
            if let Some(slot) = found.get_mut(part) {
                *slot = &rest[..length];
            }
            if self.fit(stem, part + 1, at + length, found, failed) {
                return true;
            }
        }
        failed.insert((part, at));
        false
    }

    fn said(&self, found: &[&str], zone: &TimeZone) -> Option<Said> {
        let text = |field: Field| {
            let at = self.parts.iter().position(|part| match part {
                Part::Digits(has, ..) | Part::Name(has) => *has == field,
                Part::Text(_) | Part::Any => false,
            })?;
            found.get(at).copied()
        };
        let number = |field: Field| text(field).map(str::parse::<i64>).transpose().ok();
        let small =
            |field: Field| number(field).and_then(|number| i8::try_from(number.unwrap_or(0)).ok());
        let micros = number(Field::Milli)?.unwrap_or(0) * 1000 + number(Field::Micro)?.unwrap_or(0);
        let at_us = if let Some(seconds) = number(Field::Unix)? {
            seconds.checked_mul(1_000_000)?.checked_add(micros)?
        } else {
            let short = number(Field::ShortYear)?.map(|year| year + 2000);
            let year = i16::try_from(number(Field::Year)?.or(short)?).ok()?;
            let (month, day) = (small(Field::Month)?, small(Field::Day)?);
            let (hour, minute) = (small(Field::Hour)?, small(Field::Minute)?);
            let second = small(Field::Second)?;
            let civil = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
            civil.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond().checked_add(micros)?
        };
        // A time that the calendar does not have is none.
        jiff::Timestamp::from_microsecond(at_us).ok()?;
        let whose = match (text(Field::District), text(Field::Station)) {
            (Some(district), Some(station)) => {
                Some(Whose::Station(format!("{district}/{station}").parse().ok()?))
            }
            (_, alone) => {
                let name = text(Field::Camera).or(text(Field::Path)).or(alone);
                name.map(|name| Whose::Camera(name.to_owned()))
            }
        };
        let kind = match text(Field::Kind) {
            Some("sub") => Some(FeedKind::Sub),
            Some(_) => Some(FeedKind::Main),
            None => None,
        };
        Some(Said { whose, kind, at: WallTime::from_micros(at_us) })
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Any => f.write_str("*")?,
                Part::Digits(field, ..) | Part::Name(field) => {
                    let name = FIELDS.iter().find(|(_, has, ..)| has == field);
                    write!(f, "{{{}}}", name.map_or("", |(name, ..)| name))?;
                }
            }
        }
        self.ending.as_ref().map_or(Ok(()), |ending| write!(f, ".{ending}"))
    }
}

fn placeholder(name: &str) -> Result<Part, TemplateError> {
    let known = FIELDS.iter().find(|(known, ..)| *known == name);
    let Some((_, field, least, most)) = known else {
        let named: String = name.chars().take(40).collect();
        return Err(TemplateError::Unknown(named));
    };
    Ok(if *most == 0 { Part::Name(*field) } else { Part::Digits(*field, *least, *most) })
}

/// How far a name goes.
fn within_name(rest: &str) -> usize {
    rest.find('/').unwrap_or(rest.len())
}

/// Where characters begin, up to and with `most`.
fn borders(rest: &str, most: usize) -> impl Iterator<Item = usize> {
    (0..=most).filter(|at| rest.is_char_boundary(*at))
}

/// A path without its ending, and that, where it is one of a file with pictures.
pub fn split_ending(path: &str) -> Option<(&str, &str)> {
    let (stem, ending) = path.rsplit_once('.')?;
    ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)).then_some((stem, ending))
}

#[cfg(test)]
mod tests;
