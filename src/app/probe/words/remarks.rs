//! Remarks in words: what was found, what follows from it, what to set.

use std::time::Duration;

use super::{bit_rate, number, size, span};
use crate::app::probe::advice::{GOOD_KBITS, GOOD_RATE, GOOD_SIZE, Remark};
use crate::app::probe::study::Findings;
use crate::text::Text;
use crate::tr;

/// How many cameras a country has, for sums.
const STATIONS: f64 = 1000.0;

/// One remark.
pub(super) fn words(text: &Text, remark: &Remark, found: &Findings) -> String {
    let said = match remark {
        Remark::LongGroup(long) => tr!(text, "remark-long-gop", span = span(text, *long)),
        Remark::GroupUnseen(seen) => tr!(text, "remark-gop-unseen", span = span(text, *seen)),
        Remark::GroupNotKept(bytes, kept) => {
            let long = found.figures.as_ref().and_then(|figures| figures.group);
            let long = span(text, long.map_or(Duration::ZERO, |group| group.span));
            let (found, kept) = (size(text, *bytes), size(text, *kept));
            tr!(text, "remark-gop-not-kept", size = found, kept = kept, span = long)
        }
        Remark::Heavy(bits) => tr!(
            text,
            "remark-heavy",
            bits = bit_rate(text, *bits),
            all = number(text, bits * STATIONS / 1e9),
            good = good(text)
        ),
        Remark::UseSub(rows) => {
            tr!(text, "remark-use-sub", rows = *rows, good = good(text))
        }
        Remark::OpenGroups => tr!(text, "remark-open-gop"),
        Remark::Reordered => tr!(text, "remark-b-frames"),
        Remark::Irregular(gap) => tr!(text, "remark-irregular", span = span(text, *gap)),
        Remark::ClockOff(us) => {
            let off = span(text, Duration::from_micros(us.unsigned_abs()));
            tr!(text, "remark-clock-off", span = off)
        }
        Remark::ClockUnset => tr!(text, "remark-clock-unset"),
        Remark::LowRate(rate) => tr!(text, "remark-low-rate", rate = number(text, *rate)),
        Remark::RateDiffers(told, measured) => tr!(
            text,
            "remark-rate-differs",
            declared = number(text, *told),
            measured = number(text, *measured)
        ),
        Remark::Interlaced => tr!(text, "remark-interlaced"),
        Remark::Converted => tr!(text, "remark-converted"),
        Remark::Losses(count) => tr!(text, "remark-losses", count = *count),
        Remark::Jumps(count) => tr!(text, "remark-time-jumps", count = *count),
        Remark::LateStart(took) => tr!(text, "remark-late-start", span = span(text, *took)),
        Remark::NoLogin => tr!(text, "remark-no-login"),
        Remark::Missed(count) => tr!(text, "remark-missed", count = count.to_string()),
    };
    said.into_owned()
}

/// What a stream for a tile needs.
fn good(text: &Text) -> String {
    let size = format!("{}×{}", GOOD_SIZE.0, GOOD_SIZE.1);
    let bits = bit_rate(text, f64::from(GOOD_KBITS) * 1e3);
    tr!(text, "remark-good", size = size, rate = GOOD_RATE, bits = bits).into_owned()
}
