//! What the findings mean for whoever wants to watch a thousand such cameras. Pure; the thresholds
//! are all here.

use std::time::Duration;

use super::figures::Figures;
use super::study::{Findings, Verdict};
use crate::health::limits::STALL_AFTER;

/// Keyframes further apart than this keep people waiting: usual are one to two seconds.
const LONG_GROUP: Duration = Duration::from_secs(4);

/// More than this is too much of a thousand cameras for one machine and its line: the whole would
/// be over 1 Gbit/s.
const HEAVY_BITS: f64 = 1_000_000.0;

/// More rows than this are not seen on a tile of a wall.
const TILE_ROWS: u32 = 720;

/// A tile's stream needs no more: 640×360, 15 pictures a second, 400 kbit/s (the simulator's
/// `full`, with which the wall is measured).
pub(super) const GOOD_SIZE: (u32, u32) = (640, 360);
pub(super) const GOOD_RATE: u32 = 15;
pub(super) const GOOD_KBITS: u32 = 400;

/// Fewer pictures a second are seen as single ones.
const LOW_RATE: f64 = 5.0;

/// A measured rate that differs from the declared one by more than this part is worth a word.
const RATE_TOLERANCE: f64 = 0.2;

/// A clock that is off by more than this makes times in the picture worthless as evidence.
const CLOCK_OFF_US: i64 = 2_000_000;

/// A clock that is off by more than this was never set: cameras without one begin in 1900 or 1970.
const CLOCK_UNSET_US: i64 = 365 * 86_400 * 1_000_000;

/// A first picture later than this is felt.
const LATE_START: Duration = Duration::from_secs(3);

/// Something to know about this camera.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Remark {
    /// Keyframes are far apart.
    LongGroup(Duration),
    /// No second keyframe was seen in this time.
    GroupUnseen(Duration),
    /// A group is larger than what is kept of a feed: bytes, and what is kept.
    GroupNotKept(usize, usize),
    /// Bits a second that are too many for a thousand.
    Heavy(f64),
    /// Rows that are not seen on a tile.
    UseSub(u32),
    /// Groups are open.
    OpenGroups,
    /// Pictures come out of order.
    Reordered,
    /// The longest gap would be called a stall.
    Irregular(Duration),
    /// The camera's clock is off by so many microseconds.
    ClockOff(i64),
    /// The camera's clock was never set.
    ClockUnset,
    /// Few pictures a second.
    LowRate(f64),
    /// Declared, measured.
    RateDiffers(f64, f64),
    /// Two fields a picture.
    Interlaced,
    /// Samples that must be converted to be shown.
    Converted,
    /// Pictures lost on the way.
    Losses(usize),
    /// Time stamps that jump.
    Jumps(usize),
    /// The first picture took long.
    LateStart(Duration),
    /// Anybody may watch.
    NoLogin,
    /// So much was not measured: this machine was too busy.
    Missed(u64),
}

impl Remark {
    /// Its name in what programs read; never changes.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::LongGroup(_) => "long-gop",
            Self::GroupUnseen(_) => "gop-unseen",
            Self::GroupNotKept(..) => "gop-not-kept",
            Self::Heavy(_) => "heavy",
            Self::UseSub(_) => "use-sub",
            Self::OpenGroups => "open-gop",
            Self::Reordered => "b-frames",
            Self::Irregular(_) => "irregular",
            Self::ClockOff(_) => "clock-off",
            Self::ClockUnset => "clock-unset",
            Self::LowRate(_) => "low-rate",
            Self::RateDiffers(..) => "rate-differs",
            Self::Interlaced => "interlaced",
            Self::Converted => "converted",
            Self::Losses(_) => "losses",
            Self::Jumps(_) => "time-jumps",
            Self::LateStart(_) => "late-start",
            Self::NoLogin => "no-login",
            Self::Missed(_) => "missed",
        }
    }
}

/// All that is worth a word, the gravest first. `gop_bytes`: what is kept of a feed.
pub(super) fn remarks(found: &Findings, gop_bytes: usize) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if let Some(figures) = &found.figures {
        flow(figures, &mut remarks);
        groups(figures, gop_bytes, &mut remarks);
        if let Some(bits) = figures.bits.filter(|bits| *bits > HEAVY_BITS) {
            remarks.push(Remark::Heavy(bits));
        }
    }
    coding(found, &mut remarks);
    match found.clock_us {
        Some(off) if off.unsigned_abs() > CLOCK_UNSET_US.unsigned_abs() => {
            remarks.push(Remark::ClockUnset);
        }
        Some(off) if off.unsigned_abs() > CLOCK_OFF_US.unsigned_abs() => {
            remarks.push(Remark::ClockOff(off));
        }
        _ => {}
    }
    if let Some(late) = found.timing.first_picture.filter(|took| *took > LATE_START) {
        remarks.push(Remark::LateStart(late));
    }
    if found.verdict == Verdict::Delivers && !found.has_login && is_watched_over_a_network(found) {
        remarks.push(Remark::NoLogin);
    }
    if found.missed > 0 {
        remarks.push(Remark::Missed(found.missed));
    }
    remarks
}

/// Only RTSP asks for logins in a way that is sure to be seen.
fn is_watched_over_a_network(found: &Findings) -> bool {
    found.url.starts_with("rtsp://")
}

fn flow(figures: &Figures, remarks: &mut Vec<Remark>) {
    if figures.losses > 0 {
        remarks.push(Remark::Losses(figures.losses));
    }
    if let Some(gap) = figures.gap_max.filter(|gap| *gap > STALL_AFTER) {
        remarks.push(Remark::Irregular(gap));
    }
    if figures.jumps > 0 {
        remarks.push(Remark::Jumps(figures.jumps));
    }
    if let Some(rate) = figures.rate.filter(|rate| *rate < LOW_RATE) {
        remarks.push(Remark::LowRate(rate));
    }
}

fn groups(figures: &Figures, gop_bytes: usize, remarks: &mut Vec<Remark>) {
    if let Some(group) = figures.group {
        if !group.is_whole && figures.keyframes == 1 {
            remarks.push(Remark::GroupUnseen(figures.listened));
        } else if group.span > LONG_GROUP {
            remarks.push(Remark::LongGroup(group.span));
        }
        if group.bytes > gop_bytes {
            remarks.push(Remark::GroupNotKept(group.bytes, gop_bytes));
        }
    }
    if figures.open_groups {
        remarks.push(Remark::OpenGroups);
    }
    if figures.reordered {
        remarks.push(Remark::Reordered);
    }
}

fn coding(found: &Findings, remarks: &mut Vec<Remark>) {
    let Some(video) = &found.video else { return };
    if video.height > TILE_ROWS {
        remarks.push(Remark::UseSub(video.height));
    }
    let measured = found.figures.as_ref().and_then(|figures| figures.rate);
    if let Some((told, measured)) = found.declared_rate().zip(measured)
        && (measured - told).abs() > told * RATE_TOLERANCE
    {
        remarks.push(Remark::RateDiffers(told, measured));
    }
    if video.traits.interlaced {
        remarks.push(Remark::Interlaced);
    }
    let plain = matches!(video.traits.chroma, None | Some("4:2:0" | "4:2:2" | "4:4:4" | "4:0:0"));
    if !plain || video.traits.bits.is_some_and(|bits| bits > 8) {
        remarks.push(Remark::Converted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::probe::figures::Group;
    use crate::app::probe::study::{Timing, Video};
    use crate::health::Trouble;
    use crate::media::{Codec, Traits};

    const KEPT: usize = 4 << 20;

    /// A camera that there is nothing to say about.
    fn good() -> Findings {
        let ms = Duration::from_millis;
        Findings {
            url: "rtsp://cam/".to_owned(),
            has_login: true,
            verdict: Verdict::Delivers,
            timing: Timing { first_picture: Some(ms(800)), ..Timing::default() },
            offer: None,
            video: Some(Video {
                codec: Codec::H264,
                width: 640,
                height: 360,
                sample_aspect: None,
                traits: Traits {
                    chroma: Some("4:2:0"),
                    bits: Some(8),
                    frame_rate: Some(15.0),
                    ..Traits::default()
                },
            }),
            figures: Some(Figures {
                pictures: 75,
                keyframes: 3,
                listened: ms(5000),
                rate: Some(15.0),
                gap_p95: Some(ms(70)),
                gap_max: Some(ms(90)),
                group: Some(Group { pictures: 30, span: ms(2000), bytes: 99_000, is_whole: true }),
                open_groups: false,
                bits: Some(400_000.0),
                largest_key: Some(20_000),
                reordered: false,
                losses: 0,
                jumps: 0,
            }),
            clock_us: Some(-40_000),
            missed: 0,
        }
    }

    fn said(change: impl FnOnce(&mut Findings, &mut Figures, &mut Video)) -> Vec<&'static str> {
        let mut found = good();
        let (mut figures, mut video) = (found.figures.take().unwrap(), found.video.take().unwrap());
        change(&mut found, &mut figures, &mut video);
        (found.figures, found.video) = (Some(figures), Some(video));
        remarks(&found, KEPT).iter().map(Remark::code).collect()
    }

    #[test]
    fn a_good_camera_is_left_alone() {
        assert_eq!(said(|_, _, _| {}), [""; 0]);
    }

    #[test]
    fn each_fault_is_told_and_no_other() {
        let s = Duration::from_secs;
        let group = |f: &mut Figures, span, bytes, is_whole| {
            f.group = Some(Group { pictures: 300, span, bytes, is_whole });
        };
        assert_eq!(said(|_, f, _| group(f, s(12), 9, true)), ["long-gop"]);
        assert_eq!(said(|_, f, _| group(f, s(4), KEPT + 1, true)), ["gop-not-kept"]);
        let unseen = said(|_, f, _| {
            group(f, s(5), 9, false);
            f.keyframes = 1;
        });
        assert_eq!(unseen, ["gop-unseen"]);
        assert_eq!(said(|_, f, _| f.bits = Some(6e6)), ["heavy"]);
        assert_eq!(said(|_, f, _| f.open_groups = true), ["open-gop"]);
        assert_eq!(said(|_, f, _| f.reordered = true), ["b-frames"]);
        assert_eq!(said(|_, f, _| f.gap_max = Some(s(3))), ["irregular"]);
        assert_eq!(said(|_, f, _| f.losses = 2), ["losses"]);
        assert_eq!(said(|_, f, _| f.jumps = 1), ["time-jumps"]);
        assert_eq!(said(|_, f, _| f.rate = Some(3.0)), ["low-rate", "rate-differs"]);
        assert_eq!(said(|_, f, _| f.rate = Some(25.0)), ["rate-differs"]);
        assert_eq!(said(|_, _, v| v.height = 1080), ["use-sub"]);
        assert_eq!(said(|_, _, v| v.traits.interlaced = true), ["interlaced"]);
        assert_eq!(said(|_, _, v| v.traits.bits = Some(10)), ["converted"]);
        assert_eq!(said(|_, _, v| v.traits.chroma = Some("RGB")), ["converted"]);
        assert_eq!(said(|f, _, _| f.clock_us = Some(300_000_000)), ["clock-off"]);
        assert_eq!(said(|f, _, _| f.clock_us = Some(-1_700_000_000_000_000)), ["clock-unset"]);
        assert_eq!(said(|f, _, _| f.timing.first_picture = Some(s(9))), ["late-start"]);
        assert_eq!(said(|f, _, _| f.missed = 1), ["missed"]);
        assert_eq!(said(|f, _, _| f.has_login = false), ["no-login"]);
        let fails = said(|f, _, _| {
            f.has_login = false;
            f.verdict = Verdict::Fails(Trouble::Closed);
        });
        assert_eq!(fails, [""; 0]);
    }
}
