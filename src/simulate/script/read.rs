//! The document to a [`Script`], collecting every mistake.

use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Fault, Pattern, Script, ScriptProblem, ScriptProblemKind as Problem};
use crate::simulate::fault::{Backlog, GarbageAt, Kind, Rate, Window};

type Value<'i> = Spanned<DeValue<'i>>;

/// Every kind of fault by its name in a script.
pub(super) const KINDS: [&str; 21] = [
    "mute",
    "drip",
    "rtcp-only",
    "half-open",
    "refuse",
    "black-hole",
    "unauthorized",
    "reset",
    "pause",
    "frozen",
    "black",
    "covered",
    "low-rate",
    "no-keyframe",
    "pts-jump",
    "clock-jump",
    "size-change",
    "codec-change",
    "garbage",
    "loss",
    "burst",
];

/// The keys of every `[[fault]]`.
const COMMON_KEYS: [&str; 6] = ["stations", "share", "kind", "from", "for", "every"];

/// The keys that a kind has besides.
fn keys_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "drip" => &["gap"],
        "reset" => &["after"],
        "pause" => &["backlog"],
        "low-rate" => &["frames_per_second"],
        "pts-jump" | "clock-jump" => &["by"],
        "size-change" => &["size"],
        "garbage" => &["at", "part"],
        "loss" => &["part"],
        _ => &[],
    }
}

/// Bounds of a time: as numbers and as they are told.
struct Bounds {
    least: Duration,
    most: Duration,
    told: (&'static str, &'static str),
}

const fn bounds(least_ms: u64, most_ms: u64, told: (&'static str, &'static str)) -> Bounds {
    Bounds { least: Duration::from_millis(least_ms), most: Duration::from_millis(most_ms), told }
}

const DAY_MS: u64 = 24 * 3_600_000;
const FROM: Bounds = bounds(0, DAY_MS, ("0s", "24h"));
const SPAN: Bounds = bounds(100, DAY_MS, ("100ms", "24h"));
const PAUSE: Bounds = bounds(100, 30_000, ("100ms", "30s"));
const GAP: Bounds = bounds(100, 60_000, ("100ms", "60s"));
const AFTER: Bounds = bounds(0, 600_000, ("0s", "10m"));
const JUMP: Bounds = bounds(1, DAY_MS, ("1ms", "24h"));

pub(super) fn parse_bytes(bytes: &[u8]) -> Result<Script, Vec<ScriptProblem>> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + bytes[..e.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
        vec![ScriptProblem { line, key: String::new(), kind: Problem::NotUtf8 }]
    })?;
    parse(text)
}

pub(super) fn parse(text: &str) -> Result<Script, Vec<ScriptProblem>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let document = DeTable::parse(text).map_err(|e| {
        let line = line_of(text, e.span().map_or(0, |s| s.start));
        let kind = Problem::Syntax(e.message().to_owned());
        vec![ScriptProblem { line, key: String::new(), kind }]
    })?;
    let mut reader = Reader { text, problems: Vec::new() };
    let script = reader.script(document.get_ref());
    let mut problems = reader.problems;
    problems.sort_by_key(|p| p.line);
    if problems.is_empty() { Ok(script) } else { Err(problems) }
}

fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|&&b| b == b'\n').count()
}

/// The most faults that are read: more are a mistake of whatever wrote the script, and each is
/// looked at for every station.
const MAX_FAULTS: usize = 1000;

/// Reads a value or says what is wrong with it.
type Read<T> = Result<T, Problem>;

struct Reader<'i> {
    text: &'i str,
    problems: Vec<ScriptProblem>,
}

impl Reader<'_> {
    fn problem(&mut self, at: usize, key: &str, kind: Problem) {
        let line = line_of(self.text, at);
        self.problems.push(ScriptProblem { line, key: key.to_owned(), kind });
    }

    fn only(&mut self, table: &DeTable<'_>, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let kind = Problem::UnknownKey { known: known.join(", ") };
            self.problem(key.span().start, key.get_ref(), kind);
        }
    }

    /// The value of `key`; `None` when there is none or it is wrong (and reported).
    fn get<T>(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        read: impl FnOnce(&DeValue<'_>) -> Read<T>,
    ) -> Option<T> {
        let value = table.get(key)?;
        match read(value.get_ref()) {
            Ok(value) => Some(value),
            Err(kind) => {
                self.problem(value.span().start, key, kind);
                None
            }
        }
    }

    fn script(&mut self, document: &DeTable<'_>) -> Script {
        self.only(document, &["seed", "fault"]);
        let seed = self.get(document, "seed", seed).unwrap_or_default();
        let mut faults = Vec::new();
        if let Some(list) = document.get("fault") {
            match list.get_ref().as_array() {
                Some(list) if list.len() > MAX_FAULTS => {
                    let kind = Problem::TooMany { found: list.len(), most: MAX_FAULTS };
                    self.problem(list.get(MAX_FAULTS).map_or(0, |f| f.span().start), "fault", kind);
                }
                Some(list) => faults.extend(list.iter().filter_map(|fault| self.fault(fault))),
                None => self.problem(list.span().start, "fault", Problem::NotSections),
            }
        }
        Script { seed, faults }
    }

    fn fault(&mut self, value: &Value<'_>) -> Option<Fault> {
        let at = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            self.problem(at, "fault", Problem::NotSections);
            return None;
        };
        if !table.contains_key("kind") {
            self.problem(at, "kind", Problem::Missing);
        }
        let name = self.get(table, "kind", kind_name)?;
        self.only(table, &[&COMMON_KEYS, keys_of(name)].concat());
        let stations = self.get(table, "stations", patterns);
        let share = self.get(table, "share", share);
        if !table.contains_key("stations") && !table.contains_key("share") {
            self.problem(at, "stations", Problem::NoStations);
        }
        let window = self.window(table, name, at);
        let kind = self.kind(table, name, at);
        let stations = stations.unwrap_or_default();
        Some(Fault { line: line_of(self.text, at), stations, share, kind, window: window? })
    }

    fn window(&mut self, table: &DeTable<'_>, kind: &str, at: usize) -> Option<Window> {
        let before = self.problems.len();
        let from = self.get(table, "from", |v| time(v, &FROM)).unwrap_or_default();
        let pause = kind == "pause";
        let span = if pause { &PAUSE } else { &SPAN };
        let lasts = self.get(table, "for", |v| time(v, span));
        let every = self.get(table, "every", |v| time(v, &SPAN));
        if pause && !table.contains_key("for") {
            self.problem(at, "for", Problem::Missing);
        }
        match (lasts, every) {
            (Some(lasts), Some(every)) if every <= lasts => {
                self.problem(at, "every", Problem::EveryTooShort);
            }
            (None, Some(_)) if !table.contains_key("for") => {
                self.problem(at, "every", Problem::EveryWithoutFor);
            }
            _ => {}
        }
        (self.problems.len() == before).then_some(Window { from, lasts, every })
    }

    /// The kind with its parameters; a mistake in them is reported and stands for the default.
    fn kind(&mut self, table: &DeTable<'_>, name: &str, at: usize) -> Kind {
        let seconds = Duration::from_secs;
        match name {
            "mute" => Kind::Mute,
            "drip" => {
                let every = self.get(table, "gap", |v| time(v, &GAP));
                Kind::Drip { every: every.unwrap_or(seconds(2)) }
            }
            "rtcp-only" => Kind::RtcpOnly,
            "half-open" => Kind::HalfOpen,
            "refuse" => Kind::Refuse,
            "black-hole" => Kind::BlackHole,
            "unauthorized" => Kind::Unauthorized,
            "reset" => {
                let after = self.get(table, "after", |v| time(v, &AFTER));
                Kind::Reset { after: after.unwrap_or(seconds(1)) }
            }
            "pause" => Kind::Pause(self.get(table, "backlog", backlog).unwrap_or(Backlog::Send)),
            "frozen" => Kind::Frozen,
            "black" => Kind::Black,
            "covered" => Kind::Covered,
            "low-rate" => Kind::LowRate(
                self.needed(table, "frames_per_second", at, rate).unwrap_or(Rate::PerSecond(1)),
            ),
            "no-keyframe" => Kind::NoKeyframe,
            "pts-jump" => Kind::PtsJump { by_ms: self.jump(table) },
            "clock-jump" => Kind::ClockJump { by_ms: self.jump(table) },
            "size-change" => {
                let (width, height) = self.get(table, "size", size).unwrap_or((320, 180));
                Kind::SizeChange { width, height }
            }
            "codec-change" => Kind::CodecChange,
            "garbage" => {
                let at = self.get(table, "at", garbage_at).unwrap_or(GarbageAt::Stream);
                Kind::Garbage { at, share: self.get(table, "part", share).unwrap_or(1.0) }
            }
            "loss" => {
                Kind::Loss { share: self.needed(table, "part", at, share).unwrap_or_default() }
            }
            // The last of KINDS.
            _ => Kind::Burst,
        }
    }

    fn needed<T>(
        &mut self,
        table: &DeTable<'_>,
        key: &str,
        at: usize,
        read: impl FnOnce(&DeValue<'_>) -> Read<T>,
    ) -> Option<T> {
        if !table.contains_key(key) {
            self.problem(at, key, Problem::Missing);
        }
        self.get(table, key, read)
    }

    fn jump(&mut self, table: &DeTable<'_>) -> i64 {
        self.get(table, "by", signed_time).unwrap_or(10_000)
    }
}

/// A value as it was written, for messages.
fn written(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(s) => s.trim().to_owned(),
        DeValue::Integer(n) => n.to_string(),
        DeValue::Float(n) => n.to_string(),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(d) => d.to_string(),
        DeValue::Array(_) => "[…]".to_owned(),
        DeValue::Table(_) => "{…}".to_owned(),
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(n) if n.radix() == 10 => n.as_str().parse().ok(),
        DeValue::Float(n) => n.as_str().parse().ok().filter(|n: &f64| n.is_finite()),
        _ => None,
    }
}

fn seed(value: &DeValue<'_>) -> Read<u64> {
    let seed = match value {
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok(),
        _ => None,
    };
    seed.and_then(|n| u64::try_from(n).ok()).ok_or_else(|| Problem::NotNumber {
        found: written(value),
        least: "0",
        most: "9223372036854775807",
    })
}

fn kind_name(value: &DeValue<'_>) -> Read<&'static str> {
    let found = value.as_str().unwrap_or_default().trim();
    let known = KINDS.into_iter().find(|name| *name == found);
    known.ok_or_else(|| Problem::NotKind(written(value)))
}

fn patterns(value: &DeValue<'_>) -> Read<Vec<Pattern>> {
    let list = value.as_array().filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| Problem::NotStations(written(value)))?;
    list.iter().map(|entry| pattern(entry.get_ref())).collect()
}

fn pattern(value: &DeValue<'_>) -> Read<Pattern> {
    let read = || {
        let text = value.as_str()?.trim();
        if text == "*" || text == "*/*" {
            return Some(Pattern::All);
        }
        match text.strip_suffix("/*") {
            Some(district) => district.parse().ok().filter(|d| *d > 0).map(Pattern::District),
            None => text.parse().ok().map(Pattern::One),
        }
    };
    read().ok_or_else(|| Problem::NotStations(written(value)))
}

fn share(value: &DeValue<'_>) -> Read<f64> {
    let in_bounds = number(value).filter(|n| (0.001..=1.0).contains(n));
    in_bounds.ok_or_else(|| Problem::NotNumber { found: written(value), least: "0.001", most: "1" })
}

/// A whole number of pictures, or one picture in two seconds or more.
fn rate(value: &DeValue<'_>) -> Read<Rate> {
    let rate = number(value).and_then(|n| match n {
        n if (0.01..=0.5).contains(&n) => {
            Some(Rate::KeyframeEvery(Duration::from_secs_f64(1.0 / n)))
        }
        n if (1.0..=30.0).contains(&n) && n.fract() == 0.0 => Some(Rate::PerSecond(n as u32)),
        _ => None,
    });
    rate.ok_or_else(|| Problem::NotRate(written(value)))
}

fn backlog(value: &DeValue<'_>) -> Read<Backlog> {
    match value.as_str() {
        Some("send") => Ok(Backlog::Send),
        Some("skip") => Ok(Backlog::Skip),
        _ => Err(Problem::NotWord { found: written(value), known: "send, skip" }),
    }
}

fn garbage_at(value: &DeValue<'_>) -> Read<GarbageAt> {
    match value.as_str() {
        Some("stream") => Ok(GarbageAt::Stream),
        Some("answer") => Ok(GarbageAt::Answer),
        _ => Err(Problem::NotWord { found: written(value), known: "stream, answer" }),
    }
}

/// Even sides: codecs share colours among four pixels.
fn size(value: &DeValue<'_>) -> Read<(u32, u32)> {
    let read = || {
        let (width, height) = value.as_str()?.trim().split_once(['x', '×'])?;
        let size: (u32, u32) = (width.parse().ok()?, height.parse().ok()?);
        let fits = (160..=1920).contains(&size.0) && (90..=1080).contains(&size.1);
        (fits && size.0.is_multiple_of(2) && size.1.is_multiple_of(2)).then_some(size)
    };
    read().ok_or_else(|| Problem::NotSize(written(value)))
}

fn time(value: &DeValue<'_>, bounds: &Bounds) -> Read<Duration> {
    let time = value.as_str().and_then(|s| duration(s.trim()));
    let in_bounds = time.filter(|t| (bounds.least..=bounds.most).contains(t));
    in_bounds.ok_or_else(|| Problem::NotTime {
        found: written(value),
        least: bounds.told.0,
        most: bounds.told.1,
    })
}

/// `10s` or `-10s`, in milliseconds.
fn signed_time(value: &DeValue<'_>) -> Read<i64> {
    let not = || Problem::NotTime { found: written(value), least: "-24h", most: "24h" };
    let text = value.as_str().map(str::trim).ok_or_else(not)?;
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let time = duration(text).filter(|t| (JUMP.least..=JUMP.most).contains(t)).ok_or_else(not)?;
    Ok(sign * i64::try_from(time.as_millis()).map_err(|_| not())?)
}

/// `500ms`, `30s`, `1.5s`, `2m`, `1h`.
fn duration(s: &str) -> Option<Duration> {
    let digits = s.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(s.len());
    let number: f64 = s[..digits].parse().ok()?;
    let seconds = match &s[digits..] {
        "ms" => number / 1000.0,
        "s" => number,
        "m" => number * 60.0,
        "h" => number * 3600.0,
        _ => return None,
    };
    // Whole milliseconds: the serving thread's clock knows nothing finer than a microsecond.
    let ms = (seconds * 1000.0).round();
    (0.0..=1e12).contains(&ms).then(|| Duration::from_millis(ms as u64))
}
