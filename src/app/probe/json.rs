//! The findings for programs. Names and codes never change; what is not known is `null`.

use std::time::Duration;

use serde_json::{Value, json};

use super::advice::Remark;
use super::figures::Figures;
use super::study::{Findings, Verdict, Video};

/// One object.
pub(super) fn json(found: &Findings, remarks: &[Remark]) -> Value {
    let trouble = match &found.verdict {
        Verdict::Delivers => None,
        Verdict::Fails(trouble) => Some(trouble.code()),
        Verdict::Interrupted => Some("interrupted"),
    };
    let timing = &found.timing;
    json!({
        "url": found.url,
        "delivers": found.verdict == Verdict::Delivers,
        "trouble": trouble,
        "playing_ms": timing.playing.map(millis),
        "first_picture_ms": timing.first_unit.map(millis),
        "first_keyframe_ms": timing.first_key.map(millis),
        "first_decoded_ms": timing.first_picture.map(millis),
        "transport": found.offer.as_ref().map(|offer| &offer.transport),
        "server": found.offer.as_ref().and_then(|offer| offer.server.as_ref()),
        "audio": found.offer.as_ref().map(|offer| offer.audio.iter().map(|audio| json!({
            "codec": audio.codec,
            "rate_hz": (audio.rate_hz > 0).then_some(audio.rate_hz),
            "channels": audio.channels,
        })).collect::<Vec<_>>()),
        "declared_fps": found.declared_rate(),
        "video": found.video.as_ref().map(video),
        "measured": found.figures.as_ref().map(measured),
        "clock_offset_ms": found.clock_us.map(|us| us / 1000),
        "left_out": found.missed,
        "remarks": remarks.iter().map(Remark::code).collect::<Vec<_>>(),
    })
}

fn video(video: &Video) -> Value {
    let traits = &video.traits;
    json!({
        "codec": format!("{:?}", video.codec).to_lowercase(),
        "profile": traits.profile,
        "level": traits.level,
        "width": video.width,
        "height": video.height,
        "sample_aspect": video.sample_aspect.map(|(width, height)| [width, height]),
        "chroma": traits.chroma,
        "bits": traits.bits,
        "interlaced": traits.interlaced,
    })
}

fn measured(figures: &Figures) -> Value {
    let group = figures.group.as_ref();
    json!({
        "listened_ms": millis(figures.listened),
        "pictures": figures.pictures,
        "keyframes": figures.keyframes,
        "fps": figures.rate,
        "gap_p95_ms": figures.gap_p95.map(millis),
        "gap_max_ms": figures.gap_max.map(millis),
        "gop_pictures": group.map(|group| group.pictures),
        "gop_ms": group.map(|group| millis(group.span)),
        "gop_bytes": group.map(|group| group.bytes),
        "gop_whole": group.map(|group| group.is_whole),
        "open_gop": figures.open_groups,
        "b_frames": figures.reordered,
        "bits_per_s": figures.bits.map(f64::round),
        "largest_keyframe_bytes": figures.largest_key,
        "losses": figures.losses,
        "time_jumps": figures.jumps,
    })
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
