//! The findings for people: a few rows of figures, then what they mean. No line is wider than
//! [`WIDTH`], so that it looks the same in every terminal.

mod remarks;
mod troubles;

use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

use super::advice::Remark;
use super::figures::Figures;
use super::study::{Findings, Verdict, Video};
use crate::ingest::AudioOffer;
use crate::media::Codec;
use crate::text::Text;
use crate::tr;

/// The widest line, in characters.
const WIDTH: usize = 78;

/// Clocks that differ by less than the time on the way may be the same.
const SAME_CLOCK: Duration = Duration::from_millis(100);

/// Writes it all.
pub(super) fn write(
    out: &mut dyn Write,
    found: &Findings,
    remarks: &[Remark],
    text: &Text,
) -> io::Result<()> {
    writeln!(out, "{}", found.url)?;
    match &found.verdict {
        Verdict::Delivers => writeln!(out, "● {}", tr!(text, "probe-delivers"))?,
        Verdict::Interrupted => writeln!(out, "✕ {}", tr!(text, "probe-interrupted"))?,
        Verdict::Fails(trouble) => {
            let is_file = found.url.starts_with("file:");
            wrap(out, "✕ ", &troubles::what(text, trouble, is_file))?;
            wrap(out, "→ ", &troubles::what_to_do(text, trouble, found.has_login, is_file))?;
        }
    }
    let rows = rows(found, text);
    if !rows.is_empty() {
        writeln!(out)?;
        let widest = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        for (label, value) in rows {
            wrap(out, &format!("  {label:widest$}  "), &tied(&value))?;
        }
    }
    if !remarks.is_empty() {
        writeln!(out)?;
        for remark in remarks {
            wrap(out, "• ", &remarks::words(text, remark, found))?;
        }
    }
    Ok(())
}

/// Between words that stay on one line.
const TIE: char = '\u{a0}';

/// A part of a row that is no longer than this stays on one line.
const SHORT: usize = 30;

/// Keeps numbers and their units together.
fn tied(row: &str) -> String {
    let tie = |part: &str| {
        if part.chars().count() <= SHORT {
            part.replace(' ', &TIE.to_string())
        } else {
            part.to_owned()
        }
    };
    row.split(" · ").map(tie).collect::<Vec<_>>().join(" · ")
}

/// A paragraph behind `lead`, its further lines under its first.
fn wrap(out: &mut dyn Write, lead: &str, words: &str) -> io::Result<()> {
    let indent = lead.chars().count();
    let mut line = lead.to_owned();
    let mut used = indent;
    for word in words.split(' ') {
        let width = word.chars().count();
        let is_first = used == indent;
        if !is_first && used + 1 + width > WIDTH {
            writeln!(out, "{}", line.trim_end())?;
            line = " ".repeat(indent);
            used = indent;
        } else if !is_first {
            line.push(' ');
            used += 1;
        }
        line.extend(word.chars().map(|c| if c == TIE { ' ' } else { c }));
        used += width;
    }
    writeln!(out, "{}", line.trim_end())
}

type Row<'a> = (Cow<'a, str>, String);

fn rows<'a>(found: &Findings, text: &'a Text) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    if let Some(offer) = &found.offer {
        let how = match &offer.server {
            Some(server) => format!("{} · {server}", offer.transport),
            None => offer.transport.clone(),
        };
        rows.push((tr!(text, "probe-transport"), how));
    }
    rows.extend(times(found, text).map(|times| (tr!(text, "probe-times"), times)));
    if let Some(video) = &found.video {
        rows.push((tr!(text, "probe-picture"), picture(text, video)));
    }
    if let Some(figures) = &found.figures {
        measured(figures, found, text, &mut rows);
    }
    if let Some(offer) = &found.offer {
        let sound = offer.audio.iter().map(|audio| sound(text, audio));
        let sound = sound.collect::<Vec<_>>().join(" · ");
        let none = || tr!(text, "probe-no-sound").into_owned();
        rows.push((tr!(text, "probe-sound"), if sound.is_empty() { none() } else { sound }));
    }
    if found.figures.is_some() {
        rows.push((tr!(text, "probe-clock"), clock(text, found.clock_us)));
    }
    rows
}

fn times(found: &Findings, text: &Text) -> Option<String> {
    let timing = &found.timing;
    let playing = timing.playing?;
    let mut said = vec![tr!(text, "probe-time-playing", span = span(text, playing))];
    if let Some(first) = timing.first_unit {
        said.push(tr!(text, "probe-time-unit", span = span(text, first)));
    }
    if let Some(first) = timing.first_picture {
        said.push(tr!(text, "probe-time-picture", span = span(text, first)));
    }
    Some(said.join(" · "))
}

fn picture(text: &Text, video: &Video) -> String {
    let traits = &video.traits;
    let mut said = codec(video.codec);
    if let Some(profile) = &traits.profile {
        said = format!("{said} {profile}");
    }
    let mut parts = vec![said];
    if let Some(level) = &traits.level {
        parts.push(tr!(text, "probe-level", level = level.as_str()).into_owned());
    }
    parts.push(format!("{}×{}", video.width, video.height));
    if let Some((width, height)) = video.sample_aspect.filter(|(width, height)| width != height) {
        let aspect = format!("{width}:{height}");
        parts.push(tr!(text, "probe-aspect", aspect = aspect).into_owned());
    }
    parts.extend(traits.chroma.map(str::to_owned));
    if let Some(bits) = traits.bits {
        parts.push(tr!(text, "probe-bits", bits = bits).into_owned());
    }
    if traits.interlaced {
        parts.push(tr!(text, "probe-interlaced").into_owned());
    }
    parts.join(" · ")
}

fn codec(codec: Codec) -> String {
    match codec {
        Codec::H264 => "H.264".to_owned(),
        Codec::H265 => "H.265".to_owned(),
        _ => format!("{codec:?}").to_uppercase(),
    }
}

fn measured<'a>(figures: &Figures, found: &Findings, text: &'a Text, rows: &mut Vec<Row<'a>>) {
    let unknown = || tr!(text, "probe-not-known").into_owned();
    let of_rate = |rate: f64| tr!(text, "probe-rate", rate = number(text, rate)).into_owned();
    let declared = match found.declared_rate() {
        Some(rate) => tr!(text, "probe-declared", rate = number(text, rate)),
        None => tr!(text, "probe-not-declared"),
    };
    let rate = figures.rate.map_or_else(unknown, of_rate);
    rows.push((tr!(text, "probe-pace"), format!("{rate} · {declared}")));
    if let Some((usual, longest)) = figures.gap_p95.zip(figures.gap_max) {
        let (usual, longest) = (span(text, usual), span(text, longest));
        let gaps = tr!(text, "probe-gaps", usual = usual, longest = longest).into_owned();
        rows.push((tr!(text, "probe-regularity"), gaps));
    }
    rows.push((tr!(text, "probe-keyframes"), keyframes(figures, text)));
    if let Some(bits) = figures.bits {
        let mut said = bit_rate(text, bits);
        if let Some(bytes) = figures.largest_key {
            let largest = size(text, bytes);
            said = format!("{said} · {}", tr!(text, "probe-largest", size = largest));
        }
        rows.push((tr!(text, "probe-bit-rate"), said));
    }
    let listened = span(text, figures.listened);
    let listened = tr!(text, "probe-count", count = figures.pictures, span = listened);
    rows.push((tr!(text, "probe-measured"), listened.into_owned()));
}

fn keyframes(figures: &Figures, text: &Text) -> String {
    let order = if figures.reordered {
        tr!(text, "probe-b-frames")
    } else {
        tr!(text, "probe-no-b-frames")
    };
    let Some(group) = figures.group else {
        return format!("{} · {order}", tr!(text, "probe-no-keyframes"));
    };
    let (count, span) = (group.pictures, span(text, group.span));
    let every = if group.is_whole {
        tr!(text, "probe-group", count = count, span = span)
    } else {
        tr!(text, "probe-group-more", count = count, span = span)
    };
    format!("{every} · {order}")
}

fn sound(text: &Text, audio: &AudioOffer) -> String {
    let (codec, rate) = (audio.codec.as_str(), audio.rate_hz.to_string());
    let said = match audio.rate_hz {
        0 => codec.to_owned(),
        _ => tr!(text, "probe-sound-of", codec = codec, rate = rate).into_owned(),
    };
    match audio.channels {
        Some(count) => format!("{said}, {}", tr!(text, "probe-channels", count = count)),
        None => said,
    }
}

fn clock(text: &Text, offset_us: Option<i64>) -> String {
    let Some(offset_us) = offset_us else {
        return tr!(text, "probe-clock-not-told").into_owned();
    };
    let off = Duration::from_micros(offset_us.unsigned_abs());
    if off < SAME_CLOCK {
        return tr!(text, "probe-clock-same").into_owned();
    }
    let span = span(text, off);
    if offset_us > 0 {
        tr!(text, "probe-clock-ahead", span = span).into_owned()
    } else {
        tr!(text, "probe-clock-behind", span = span).into_owned()
    }
}

/// With one decimal below 100, unless it is whole.
fn number(text: &Text, value: f64) -> String {
    let tenths = (value * 10.0).round().clamp(0.0, 1e15) as u64;
    match (tenths / 10, tenths % 10) {
        (whole @ 100.., _) | (whole, 0) => whole.to_string(),
        (whole, part) => {
            tr!(text, "decimal", whole = whole.to_string(), part = part.to_string()).into_owned()
        }
    }
}

/// `40 ms`, `2.4 s`, and from two minutes on `4:31`.
fn span(text: &Text, span: Duration) -> String {
    let milliseconds = span.as_millis();
    if milliseconds < 1000 {
        tr!(text, "probe-ms", number = milliseconds.to_string()).into_owned()
    } else if milliseconds < 120_000 {
        let seconds = number(text, span.as_secs_f64());
        tr!(text, "span-seconds", seconds = seconds).into_owned()
    } else {
        Text::counter(span)
    }
}

fn bit_rate(text: &Text, bits: f64) -> String {
    if bits < 1e6 {
        tr!(text, "probe-kbit", number = number(text, (bits / 1e3).round())).into_owned()
    } else {
        tr!(text, "probe-mbit", number = number(text, bits / 1e6)).into_owned()
    }
}

fn size(text: &Text, bytes: usize) -> String {
    let kib = bytes as f64 / 1024.0;
    if kib < 1024.0 {
        tr!(text, "probe-kib", number = number(text, kib)).into_owned()
    } else {
        tr!(text, "probe-mib", number = number(text, kib / 1024.0)).into_owned()
    }
}

#[cfg(test)]
mod tests;
