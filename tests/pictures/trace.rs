//! What the program sees of an episode: the size of every unit, and the features of the pictures
//! that a sampler would have looked at. Kept in a file, so that nothing has to be coded again.

use std::io::{Read as _, Write as _};

use pollwall::clock::Mono;
use pollwall::health::picture::{Change, ClockSight, Decision, Eye, Features, Sample};

use super::camera::{Coded, Episode};

/// The sampler looks at a keyframe when the last look was so long ago, or at once at a suspect.
const SAMPLE_EVERY_US: i64 = 5_000_000;

/// An episode as the program sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Trace {
    /// Bytes of each unit, and whether it is a keyframe.
    pub(crate) units: Vec<(u32, bool)>,
    /// The units that begin a new session.
    pub(crate) sessions: Vec<u32>,
    /// The pictures that were looked at, each after the unit of this number.
    pub(crate) looks: Vec<(u32, Features)>,
}

/// When unit `number` of an episode arrives.
pub(crate) fn arrival(of: &Episode, number: usize) -> Mono {
    Mono::from_micros(number as i64 * 1_000_000 / i64::from(of.fps))
}

/// Plays the sampler. What it looks at depends on what the decision suspects, as in the program.
pub(crate) fn record(of: &Episode, coded: &[Coded]) -> Trace {
    let mut trace = Trace::default();
    let (mut eye, mut decision) = (Eye::default(), Decision::default());
    let mut last: Option<Mono> = None;
    for (number, unit) in coded.iter().enumerate() {
        let at = arrival(of, number);
        let is_key = unit.luma.is_some();
        if unit.is_new {
            trace.sessions.push(number as u32);
            eye.session();
            decision.session();
        }
        trace.units.push((unit.bytes as u32, is_key));
        decision.unit(unit.bytes, is_key);
        let Some(luma) = &unit.luma else { continue };
        let is_due = last.is_none_or(|l| at.as_micros() - l.as_micros() >= SAMPLE_EVERY_US);
        if !is_due && !decision.is_suspect() {
            continue;
        }
        last = Some(at);
        let sample = Sample { at, arrived_at: at, is_key: true, luma: luma.clone() };
        if let Some(features) = eye.look(sample, !decision.may_be_frozen()) {
            decision.look(&features);
            trace.looks.push((number as u32, features));
        }
    }
    trace
}

/// Calls `see` with the decision after each unit.
pub(crate) fn replay(of: &Episode, trace: &Trace, mut see: impl FnMut(Mono, &Decision)) {
    let mut decision = Decision::default();
    let mut looks = trace.looks.iter().peekable();
    for (number, (bytes, is_key)) in trace.units.iter().enumerate() {
        if trace.sessions.contains(&(number as u32)) {
            decision.session();
        }
        decision.unit(*bytes as usize, *is_key);
        let at = arrival(of, number);
        while let Some((_, features)) = looks.next_if(|(at, _)| *at as usize == number) {
            decision.look(&Features { at, arrived_at: at, ..*features });
        }
        see(at, &decision);
    }
}

/// Packs an archive.
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Unpacks an archive.
pub(crate) fn unpack(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

fn number(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read(bytes: &mut &[u8]) -> u32 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = take::<1>(bytes)[0];
        value |= u32::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            return value;
        }
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    let (head, rest) = bytes.split_first_chunk::<N>().expect("the file of traces is torn");
    *bytes = rest;
    *head
}

/// Appends a trace to a file's bytes.
pub(crate) fn write(trace: &Trace, out: &mut Vec<u8>) {
    number(out, trace.units.len() as u32);
    for (bytes, is_key) in &trace.units {
        number(out, bytes << 1 | u32::from(*is_key));
    }
    number(out, trace.sessions.len() as u32);
    for at in &trace.sessions {
        number(out, *at);
    }
    number(out, trace.looks.len() as u32);
    let mut before = 0;
    for (at, f) in &trace.looks {
        number(out, at - before);
        before = *at;
        out.extend(f.mean.to_le_bytes());
        let flags = u8::from(f.change.is_some()) | u8::from(f.least.is_some()) << 1;
        out.extend([f.low, f.high, f.clock as u8, flags]);
        out.extend(f.detail.to_le_bytes());
        if let Some(least) = f.least {
            number(out, least.into());
        }
        if let Some(change) = f.change {
            number(out, change.moved.into());
            number(out, change.flicker.into());
            out.push(change.greatest);
            out.extend(change.shift.to_le_bytes());
        }
    }
}

/// Takes the next trace from a file's bytes.
pub(crate) fn parse(of: &Episode, bytes: &mut &[u8]) -> Trace {
    let count = read(bytes);
    let units = (0..count).map(|_| read(bytes)).map(|v| (v >> 1, v & 1 == 1)).collect();
    let sessions = (0..read(bytes)).map(|_| read(bytes)).collect();
    let mut at = 0;
    let looks = (0..read(bytes))
        .map(|_| {
            at += read(bytes);
            let mean = f32::from_le_bytes(take(bytes));
            let [low, high, clock, flags] = take(bytes);
            let detail = f32::from_le_bytes(take(bytes));
            let least = (flags & 2 == 2).then(|| read(bytes) as u16);
            let change = (flags & 1 == 1).then(|| Change {
                moved: read(bytes) as u16,
                flicker: read(bytes) as u16,
                greatest: take::<1>(bytes)[0],
                shift: f32::from_le_bytes(take(bytes)),
            });
            let sights = [ClockSight::None, ClockSight::Ticks, ClockSight::Stands];
            let clock = sights[usize::from(clock)];
            let arrived_at = arrival(of, at as usize);
            let is_key = true;
            (
                at,
                Features {
                    at: arrived_at,
                    arrived_at,
                    is_key,
                    mean,
                    low,
                    high,
                    detail,
                    change,
                    clock,
                    least,
                },
            )
        })
        .collect();
    Trace { units, sessions, looks }
}
